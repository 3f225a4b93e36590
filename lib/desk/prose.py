"""What is no prose: HTML and CSV tables, which would be misread as sentences."""

from __future__ import annotations

import re

from bluebook.edition.edition import EditionError

_MARKUP = re.compile(r"<!doctype html|<html|<body|</(?:p|div|td|tr|table|span|li|h[1-6]|a)>", re.IGNORECASE)


def must_be_prose(text: str) -> None:
    """Raise `EditionError` that says what to do, for HTML or a CSV table: read as prose, it would be misread."""
    tags = len(_MARKUP.findall(text))
    if tags > 2 or re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        raise EditionError(
            "the text is HTML: its tags would be read as words; open the page in a browser, copy its text and save "
            "that as UTF-8"
        )
    line = _csv_line(text)
    if line:
        raise EditionError(
            f"line {line} is a row of a CSV table, where commas part cells: open it in a spreadsheet and paste its "
            "cells into the text (they are then parted by tabs), or write its numbers into figures.csv"
        )


def _csv_line(text: str) -> int:
    """The first of three lines in a row with the same three cells or more parted by commas, most of them numbers."""
    same, commas = 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split(",")
        numbers = sum(bool(re.fullmatch(r'\s*"?[-+]?\d[\d.]*%?"?\s*', part)) for part in parts[1:])
        is_parted = "\t" in line or "  " in line  # a pasted table, whose commas group digits
        is_row = len(parts) > 2 and numbers * 2 >= len(parts) - 1 and "。" not in line and not is_parted
        same = same + 1 if is_row and len(parts) == commas else int(is_row)
        commas = len(parts)
        if same == 3:
            return number - 2
    return 0

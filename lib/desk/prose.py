"""What is no prose: HTML and CSV tables, which would be misread as sentences."""

from __future__ import annotations

import csv
import re

from bluebook.edition.edition import EditionError

_MARKUP = re.compile(r"<!doctype html|<html|<body|</(?:p|div|td|tr|table|span|li|h[1-6]|a)>", re.IGNORECASE)
FEWEST_ROWS = 3
FEWEST_CELLS = 3
APART = re.compile(r"\t| {2}|, |[。，；]")  # what a line of a CSV table does not have
GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
UNDIVIDED = "1"
NUMBER = re.compile(r"[-+]?\d[\d.]*%?")


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
            "cells into the text (they are then parted by tabs), or save it with the ending .csv"
        )


def _csv_line(text: str) -> int:
    """The first line of a text that is a CSV table from end to end, as surely as commas can tell; else 0.

    In every line commas that group no digits part the same three cells or more, and of those behind the first most
    are numbers. What may be prose, or numbers whose digits commas group, is none.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < FEWEST_ROWS or any(APART.search(line) for _, line in lines):
        return 0
    rows = list(csv.reader(GROUPED.sub(UNDIVIDED, line) for _, line in lines))
    widths = {len(row) for row in rows}
    if len(widths) != 1 or min(widths) < FEWEST_CELLS:
        return 0
    cells = [cell for row in rows[1:] for cell in row[1:]]
    numbers = [cell for cell in cells if NUMBER.fullmatch(cell.strip())]
    return lines[0][0] if len(numbers) * 2 >= len(cells) else 0

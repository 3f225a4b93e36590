"""The values that a report is printed for, one page each: what a page's address and title call them.

In `suite.toml` they are plain, or each a table, or the rows of a CSV file beside the suite (docs/suite.md). In the
title of the report, `{district}` stands for the title of the value.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from press.suite.keys import keys_of

FIELD = re.compile(r"\{(\w+)\}")  # of a template


class MatrixError(ValueError):
    """What is wrong with the values of a matrix: found and wanted, without the place in the suite."""


@dataclass(frozen=True)
class Value:
    """One value of a matrix: its part of the page's address and its title by language, where it has them."""

    value: Any
    slug: str = ""
    title: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, lang: str) -> str:
        """Its title in a language, else the value as text.

        >>> Value("ny", title={"en": "New York"}).title_in("en"), Value(2024).title_in("en")
        ('New York', '2024')
        """
        return self.title.get(lang) or str(self.value)


def read_values(written: Any, folder: Path, languages: Sequence[str]) -> tuple[Value, ...]:
    """The values that `matrix.NAME` gives; paths are from `folder`. Raises `MatrixError`.

    >>> [value.slug for value in read_values([1, {"value": "New York", "slug": "new-york"}], Path(), ["en"])]
    ['', 'new-york']
    """
    if isinstance(written, Mapping):
        return _from_rows(written, folder, languages)
    if not (isinstance(written, list) and written):
        raise MatrixError(
            f'found {written!r}, expected a list of values, the rows of a file, or "*" for all allowed ones'
        )
    return tuple(_from_list(one, languages) for one in written)


def _from_list(one: Any, languages: Sequence[str]) -> Value:
    """A value as a list gives it. A table without the key `value` is itself the value."""
    if not isinstance(one, Mapping) or "value" not in one:
        return Value(one)
    _check_keys(one, keys_of("values"))
    slug = _text(one["slug"], "slug") if "slug" in one else ""
    return Value(one["value"], slug, _in_languages(one.get("title", ""), languages))


def slug_of(value: Any) -> str:
    """A value as a part of an address; a slash, which would begin a folder, is no part of one."""
    return str(value).replace("/", "\\")


def _from_rows(written: Mapping[str, Any], folder: Path, languages: Sequence[str]) -> tuple[Value, ...]:
    """A value for each row of a CSV file, whose columns are named by the keys."""
    _check_keys(written, keys_of("rows"))
    for key in ("rows", "value"):
        if key not in written:
            raise MatrixError(f'no "{key}": expected the file (rows) and its column of values (value)')
    rows = _read_rows(folder / _text(written["rows"], "rows"), written["rows"])
    titles = _in_languages(written.get("title", ""), languages)
    value_column = _text(written["value"], "value")
    slug_column = _text(written.get("slug", value_column), "slug")
    values = []
    for number, row in enumerate(rows, 2):
        where = f"{written['rows']}, row {number}"
        title = {lang: _cell(row, column, where) for lang, column in titles.items() if column}
        values.append(Value(_cell(row, value_column, where), slug_of(_cell(row, slug_column, where)), title))
    return tuple(values)


def _read_rows(file: Path, shown: str) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except OSError as error:
        raise MatrixError(f"{shown}: cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise MatrixError(f"{shown}: cannot be read as CSV in UTF-8: {error}") from None
    if not rows:
        raise MatrixError(f"{shown}: found no rows, expected one at least")
    return rows


def _cell(row: Mapping[str, Any], column: str, where: str) -> str:
    if column not in row:
        known = ", ".join(str(name) for name in row)
        raise MatrixError(f'{where}: no column "{column}": expected one of {known}')
    if not row[column]:
        raise MatrixError(f'{where}, column "{column}": found nothing, expected some text')
    return str(row[column])


def _check_keys(table: Mapping[str, Any], known: Collection[str]) -> None:
    for key in table:
        if key not in known:
            raise MatrixError(f'unknown key "{key}": expected one of {", ".join(known)}')


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise MatrixError(f"{key}: found {value!r}, expected text")
    return value


def _in_languages(words: Any, languages: Sequence[str]) -> dict[str, str]:
    """Words by language: one text for all of them, or a table."""
    if isinstance(words, str):
        return dict.fromkeys(languages, words)
    if not isinstance(words, Mapping) or not all(isinstance(text, str) for text in words.values()):
        raise MatrixError(f"title: found {words!r}, expected a text, or a table of a language and its text")
    return dict(words)


def filled(template: str, words: Mapping[str, str]) -> str:
    """A template with `{name}` replaced; a name that is not known stays as it is written.

    >>> filled("{district}: {unknown}", {"district": "Futian"})
    'Futian: {unknown}'
    """
    return FIELD.sub(lambda name: words.get(name[1], name[0]), template)

"""The tables of an edition: CSV read strictly, and each cell held to what its column allows.

What a column allows is said as JSON Schema, whose `description` is what an error says was wanted. The columns that this
package needs are described in its code; a table of an edition may be described in its `datapackage.json`, too, with the
types and constraints of Frictionless' Table Schema (https://specs.frictionlessdata.io/table-schema/).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from bluebook.edition.package import EditionError, unshowable
from bluebook.numbers.printed import PrintedError, parse

FORMATS = FormatChecker()
UNIQUE = "a value that no other row has"


@FORMATS.checks("printed-number", raises=PrintedError)
def _is_printed_number(cell: object) -> bool:
    parse(str(cell))
    return True


@dataclass(frozen=True)
class Column:
    """What the cells of a column may hold: JSON Schema of one cell, and whether no two may be alike.

    A column that is not `is_needed` may be missing from the file.
    """

    cell: Mapping[str, Any]
    is_unique: bool = False
    is_needed: bool = True

    @cached_property
    def validator(self) -> Draft202012Validator:
        return Draft202012Validator(dict(self.cell), format_checker=FORMATS)

    @property
    def wanted(self) -> str:
        return str(self.cell.get("description", "text"))

    def allows(self, cell: str) -> bool:
        kind = self.cell.get("type", "string")
        value = _typed(cell, kind)
        return bool(self.validator.is_valid(value))


@dataclass(frozen=True)
class Problem:
    """A cell that its column does not allow; rows count from 2, as 1 is the header."""

    row: int
    column: str
    found: str
    wanted: str


def text(*, is_needed: bool = True) -> Column:
    """Any text, also none."""
    return Column({"description": "text"}, is_needed=is_needed)


def filled(*, is_unique: bool = False) -> Column:
    """Some text."""
    return matching(r"\S", "some text", is_unique=is_unique, is_whole=False)


def matching(
    pattern: str, wanted: str, *, is_unique: bool = False, is_needed: bool = True, is_whole: bool = True
) -> Column:
    """Text in which a pattern is found, or, as usual, that is of this pattern from end to end."""
    if is_whole:
        pattern = rf"^(?:{pattern})\Z"
    return Column({"pattern": pattern, "description": wanted}, is_unique, is_needed)


def one_of(values: Sequence[str], wanted: str = "", *, is_needed: bool = True) -> Column:
    listed = ", ".join(values)
    description = wanted or f"one of {listed}"
    return Column({"enum": list(values), "description": description}, is_needed=is_needed)


def printed() -> Column:
    """A number as it may be printed."""
    return Column({"format": "printed-number", "description": "a printed number"})


def printed_or_nothing() -> Column:
    allowed = [{"const": ""}, {"format": "printed-number"}]
    return Column({"anyOf": allowed, "description": "a printed number or nothing"}, is_needed=False)


def problems(rows: Sequence[Mapping[str, str]], columns: Mapping[str, Column]) -> Iterator[Problem]:
    """The cells that their columns do not allow, row by row.

    >>> rows = [{"id": "a", "n": "1"}, {"id": "a", "n": "x"}]
    >>> columns = {"id": filled(is_unique=True), "n": matching("[0-9]+", "a whole number")}
    >>> [(one.row, one.column, one.found, one.wanted) for one in problems(rows, columns)]
    [(3, 'id', 'a', 'a value that no other row has'), (3, 'n', 'x', 'a whole number')]
    """
    unique = [name for name, column in columns.items() if column.is_unique]
    seen: dict[str, set[str]] = {name: set() for name in unique}
    for number, row in enumerate(rows, 2):
        for name, column in columns.items():
            if name not in row:
                continue
            cell = row[name]
            if not column.allows(cell):
                yield Problem(number, name, cell, column.wanted)
            elif name in seen and cell in seen[name]:
                yield Problem(number, name, cell, UNIQUE)
            elif name in seen:
                seen[name].add(cell)


def missing_columns(header: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
    missing = []
    for name, column in columns.items():
        if column.is_needed and name not in header:
            missing.append(name)
    return missing


# tables that a descriptor describes

TYPES: dict[str, tuple[dict[str, Any], str]] = {
    "string": ({"type": "string"}, "text"),
    "integer": ({"type": "integer"}, "a whole number"),
    "number": ({"type": "number"}, "a number"),
    "boolean": ({"enum": ["true", "false", "True", "False", "1", "0"]}, "true or false"),
    "year": ({"pattern": "^[0-9]{4}$"}, "a year"),
    "date": ({"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "a date like 2021-12-31"),
}
SAME = ("enum", "minimum", "maximum", "minLength", "maxLength")  # constraints that JSON Schema calls the same


def columns_of(schema: Mapping[str, Any]) -> dict[str, Column]:
    """The columns that a Table Schema describes. A cell that is empty is missing: only `required` refuses it.

    Raises `EditionError` for a type that is not checked here.

    >>> describes = {"fields": [{"name": "n", "type": "integer", "constraints": {"minimum": 1}}]}
    >>> columns = columns_of(describes)
    >>> [columns["n"].allows(cell) for cell in ("1", "0", "x", "")]
    [True, False, False, True]
    """
    return {field["name"]: _column_of(field) for field in schema.get("fields", [])}


def _column_of(field: Mapping[str, Any]) -> Column:
    kind = field.get("type", "any")
    if kind not in (*TYPES, "any"):
        known = ", ".join(TYPES)
        raise EditionError(f'column {field["name"]}: found the type "{kind}", expected one of {known}')
    constraints = field.get("constraints", {})
    schema_of_type, name_of_type = TYPES.get(kind, ({}, "text"))
    cell = dict(schema_of_type)
    for key in SAME:
        if key in constraints:
            cell[key] = constraints[key]
    if "pattern" in constraints:
        cell["allOf"] = [{"pattern": rf"^(?:{constraints['pattern']})\Z"}]
    if not constraints.get("required"):
        cell = _or_nothing(cell)
    elif cell.get("type", "string") == "string":
        cell["minLength"] = max(1, cell.get("minLength", 0))
    cell["description"] = field.get("description") or name_of_type
    return Column(cell, is_unique=bool(constraints.get("unique")))


def _or_nothing(cell: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of a cell that may also be empty."""
    kind = cell.get("type", "string")
    kinds = kind if kind == "string" else [kind, "string"]
    return {"anyOf": [{"const": ""}, cell], "type": kinds}


def _typed(cell: str, kind: str | list[str]) -> str | int | float:
    """A cell as the type that its column is of; as the text it is where it cannot be one."""
    kinds = [kind] if isinstance(kind, str) else kind
    if "integer" in kinds and re.fullmatch(r"[-+]?[0-9]{1,18}", cell):
        return int(cell)
    if "number" in kinds and re.fullmatch(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,18})?", cell):
        return float(cell)
    return cell


# reading


def read_rows(path: Path, *, optional: bool = False) -> list[dict[str, str]]:
    """The rows of a CSV file as `read_cells` reads it. A file that is `optional` and not there has none."""
    if optional and not path.exists():
        return []
    header, rows = read_cells(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file, strictly: UTF-8, one header, as many cells in each row as it has columns.

    Raises `EditionError` naming the file and the row (1 is the header, as in a spreadsheet).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise EditionError(f"{path}: no such file") from None
    except OSError as error:
        raise EditionError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        row = before.count(b"\n") + 1
        byte = error.object[error.start]
        raise EditionError(f"{path}, row {row}: byte {byte:#x} is not UTF-8; save the file as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise EditionError(f"{path}, row {reader.line_num}: {error}") from None
    if not rows:
        raise EditionError(f"{path}: empty; expected a header row")
    header = rows[0]
    if len(set(header)) < len(header):
        raise EditionError(f"{path}, row 1: a column is named twice: {', '.join(header)}")
    for number, cells in enumerate(rows[1:], 2):
        if len(cells) != len(header):
            first = cells[0] if cells else ""
            raise EditionError(f"{path}, row {number} ({first}): found {len(cells)} cells, expected {len(header)}")
        for name, cell in zip(header, cells, strict=True):
            if character := unshowable(cell):
                wanted = "expected text that can be shown"
                raise EditionError(f"{path}, row {number}, column {name}: found the character {character}, {wanted}")
    return header, rows[1:]

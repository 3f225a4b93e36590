"""The rows of an edition's tables, held to what their columns allow and to what must agree within a row.

Every error names the file, the row (1 is the header, as in a spreadsheet), the column, what was found and what was
wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bluebook.edition import table
from bluebook.edition.measures import A_PERIOD, PERIOD, Breach, breaches
from bluebook.edition.package import EditionError
from bluebook.edition.table import Column, read_rows
from bluebook.numbers.printed import PrintedError
from bluebook.numbers.quantity import ID

NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+"  # an id whose parts are attributes
CONTEXT_COLUMNS = "id indicator period area printed label_zh label_en source_title source_url confidence note".split()
CONFIDENCE = ("official", "press", "secondary")


def read_figures(path: Path, chapters: list[str]) -> list[dict[str, str]]:
    """The validated rows of a `figures.csv`. Raises `EditionError` for the first thing that is wrong.

    A figure stands at a place of the edition's one text or, in an edition without one, in a publication of its own.
    """
    rows = read_rows(path)
    is_cited = bool(rows) and "source_title" in rows[0]
    validated(path, rows, _figure_columns(chapters, is_cited))
    chapters_with_figures = {row["chapter"] for row in rows}
    for chapter in chapters:
        if chapter not in chapters_with_figures:
            raise EditionError(
                f'{path}: chapter "{chapter}" has no figures; datapackage.json names it, so expected at least one row'
            )
    unbroken(path, rows, breaches)
    return rows


def unbroken(path: Path, rows: list[dict[str, str]], rule: Callable[[dict[str, str]], Iterator[Breach]]) -> None:
    """Raises `EditionError` for the first cell that cannot stand beside the others of its row."""
    for number, row in enumerate(rows, 2):
        for breach in rule(row):
            where = f"{path}, row {number} ({row['id']}), column {breach.column}"
            raise EditionError(f'{where}: found "{breach.found}", expected {breach.wanted}')


def validated(path: Path, rows: list[dict[str, str]], columns: Mapping[str, Column]) -> list[dict[str, str]]:
    """`rows` if their columns allow them; else `EditionError` for the first cell that they do not, in words."""
    if not rows:
        return rows
    complete(path, list(rows[0]), columns)
    for problem in table.problems(rows, columns):
        row = rows[problem.row - 2]
        where = f"{path}, row {problem.row} ({row.get('id', '')}), column {problem.column}"
        raise EditionError(f"{where}: {_complaint(problem)}")
    _check_no_id_begins_another(path, [row["id"] for row in rows if "id" in row])
    return rows


def _check_no_id_begins_another(path: Path, ids: list[str]) -> None:
    """Raises `EditionError` for an id that is also the beginning of another: it would be a figure and a topic."""
    for number, id in enumerate(ids, 2):
        for other in ids:
            if other.startswith(f"{id}."):
                raise EditionError(
                    f"{path}, row {number}, column id: {id} is also the beginning of {other}; rename one of them"
                )


def complete(path: Path, header: list[str], columns: Mapping[str, Column]) -> None:
    """Raises `EditionError` for the first column that a header lacks."""
    missing = table.missing_columns(header, columns)
    if missing:
        present = ", ".join(header)
        raise EditionError(f"{path}: column {missing[0]} is missing; found {present}")


def _complaint(problem: table.Problem) -> str:
    is_of_number = problem.column in ("printed", "low", "high", "reads_as")
    if is_of_number and problem.wanted != table.UNIQUE:
        return str(PrintedError(problem.found))
    return f'found "{problem.found}", expected {problem.wanted}'


ADDRESS = "https?://.*"


def _place_columns(cited: bool) -> dict[str, Column]:
    """Where a figure stands: in a publication of its own, or in the edition's text."""
    if cited:
        return {
            "source_title": table.filled(),
            "source_url": table.matching(ADDRESS, "an http(s) address"),
            "confidence": table.one_of(CONFIDENCE),
        }
    return {
        "paragraph": table.matching("0{0,8}[1-9][0-9]{0,8}", "a line number of the source, from 1"),
        "offset": table.matching("[0-9]{1,9}", "a number of characters, from 0"),
    }


def _figure_columns(chapters: list[str], cited: bool) -> dict[str, Column]:
    columns = {
        "id": table.matching(NAME, "a dotted slug like volunteers.total", is_unique=True),
        "chapter": table.one_of(chapters),
        "printed": table.printed(),
    }
    columns.update(_place_columns(cited))
    for name in ("measure", "label_zh", "label_en"):
        columns[name] = table.filled()
    for name in ("period", "base", "area", "note"):
        columns[name] = table.text()
    for name in ("low", "high", "reads_as"):
        columns[name] = table.printed_or_nothing()
    return columns


def context_columns() -> dict[str, Column]:
    columns = {name: table.filled() for name in CONTEXT_COLUMNS}
    columns["id"] = table.matching(ID, "a dotted slug like population.resident.2019", is_unique=True)
    columns["period"] = table.matching(f"(?:{PERIOD.pattern})?", f"{A_PERIOD}, or nothing")
    columns["printed"] = table.text()  # whether it can be read depends on `reads_as`: see `cited_breaches`
    columns["measure"] = table.text(is_needed=False)
    columns["reads_as"] = table.printed_or_nothing()
    columns["confidence"] = table.one_of(("", *CONFIDENCE), "official, press, secondary or nothing")
    columns["source_url"] = table.matching(f"(?:{ADDRESS})?", "an http(s) address or nothing")
    columns["note"] = table.text()
    return columns


_AREA_COLUMNS = {
    "id": table.matching("[a-z][a-z0-9_]*", "a slug like nanshan", is_unique=True),
    "name_zh": table.filled(is_unique=True),
    "name_en": table.filled(),
    "row": table.matching("[0-9]{0,2}", "0 to 99 or nothing", is_needed=False),
    "col": table.matching("[0-9]{0,2}", "0 to 99 or nothing", is_needed=False),
}
_EXCLUDED_COLUMNS = {name: table.filled() for name in ("printed", "reason_zh", "reason_en")}
LISTS = {"areas": _AREA_COLUMNS, "excluded": _EXCLUDED_COLUMNS}  # that pages draw from, with what they need of them

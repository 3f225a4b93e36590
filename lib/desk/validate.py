"""What an edition still lacks: everything at once, each with its file, row, column, and what to decide.

Held against are the schema in its `datapackage.json`, the rules of printed numbers, and the marks a draft carries
(`todo`, Chinese words where English ones belong). What the text says to it is in `desk.coverage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bluebook.edition import table
from bluebook.edition.audit import audit
from bluebook.edition.edition import LISTS, EditionError, open_edition
from bluebook.edition.measures import breaches
from bluebook.edition.package import package_problems, read_package
from bluebook.edition.table import read_cells, read_rows
from bluebook.numbers.printed import PrintedError, parse
from desk.undecided import Decision, undecided, unknown_areas


def faults(folder: Path, more: Iterable[str] = ()) -> list[str]:
    """What is wrong with an edition's folder, worst first: what keeps it from being opened, then `more` that is known
    of its text, each cell once."""
    broken = package_problems(folder / "datapackage.json")
    if broken:
        return [_named(problem, folder) for problem in broken]
    package = read_package(folder / "datapackage.json")
    found = list(_schema(folder, package))
    _add(found, _figures(folder, package))
    _add(found, _opened(folder))
    _add(found, more)
    _add(found, unknown_areas(folder, package, _rows(folder / "figures.csv")))
    return list(dict.fromkeys(found))


def decisions(folder: Path) -> list[Decision]:
    """What is left to decide in an edition's folder, what changes numbers first."""
    if package_problems(folder / "datapackage.json"):
        return []
    package = read_package(folder / "datapackage.json")
    return undecided(folder, package)


def _add(found: list[str], problems: Iterable[str]) -> None:
    """Add what is said of cells of which nothing is said yet: each is one problem."""
    places = set(map(_place, found)) - {""}
    found += [problem for problem in problems if _place(problem) not in places]


def _named(problem: str, folder: Path) -> str:
    """A problem with its file as all are named here: by the edition."""
    return problem.replace(f"{folder}/", f"{folder.name}/")


def _opened(folder: Path) -> Iterator[str]:
    """The first thing that keeps an edition from being opened and audited."""
    try:
        book = open_edition(folder.name, root=folder.parent.parent)
        list(book.context)  # read when asked for
        for verdict in audit(book):
            if verdict.error:
                yield _named(verdict.error, folder)
        for name in filter(book.has_table, LISTS):
            book.table(name)
    except EditionError as error:
        yield _named(str(error), folder)


def sizes(folder: Path) -> str:
    """How large an edition is, in words."""
    rows = _rows(folder / "figures.csv")
    checks = len(_rows(folder / "checks.csv"))
    return f"{len(rows)} figures in {len({row.get('chapter') for row in rows})} chapters, {checks} checks"


def _place(problem: str) -> str:
    where = re.match(r"(\S+, row \d+)[^:]*(, columns? \w+)", problem)
    return where[1] + where[2] if where else ""


def _schema(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """What in its tables does not meet the schema that the descriptor gives: file, row, column, found, wanted."""
    tables: dict[str, list[dict[str, str]]] = {}
    described = [one for one in package.get("resources", []) if one["path"].endswith(".csv")]
    for resource in described:
        path = folder / resource["path"]
        try:
            header, cells = read_cells(path)
        except EditionError as unread:
            yield _named(str(unread), folder)
            continue
        rows = tables[resource["name"]] = [dict(zip(header, row, strict=True)) for row in cells]
        yield from _cells(f"{folder.name}/{resource['path']}", header, rows, resource.get("schema", {}))
    for resource in described:
        if resource["name"] in tables:
            yield from _keys(f"{folder.name}/{resource['path']}", resource, tables)


def _cells(
    where: str, header: Sequence[str], rows: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
) -> Iterator[str]:
    """The columns that a table lacks or has beyond those described, and the cells that they do not allow."""
    try:
        columns = table.columns_of(schema)
    except EditionError as unknown:
        yield f"{where}: {unknown}"
        return
    match = schema.get("fieldsMatch", "exact")
    for name in columns:
        if name not in header and match in ("exact", "equal", "subset"):
            yield f"{where}, row 1: column {name} is missing; found {', '.join(header)}"
    for name in header if columns and match in ("exact", "equal", "superset") else ():
        if name not in columns:
            yield f"{where}, row 1: found the column {name}, which the descriptor does not describe"
    for problem in table.problems(rows, columns):
        yield f"{where}, row {problem.row}, column {problem.column}: found “{problem.found}”, wanted: {problem.wanted}"


def _keys(where: str, resource: Mapping[str, Any], tables: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
    """Rows with the primary key of another, and those whose foreign key is no row of the table that it names."""
    schema, rows = resource.get("schema", {}), tables[resource["name"]]
    key = _as_list(schema.get("primaryKey", []))
    if key:
        yield from _repeated_keys(where, key, rows)
    for foreign in schema.get("foreignKeys", []):
        reference = foreign["reference"]
        name = reference.get("resource") or resource["name"]
        if name not in tables:
            yield f"{where}: its foreign key names the table {name}, which the descriptor does not describe"
            continue
        names = _as_list(foreign["fields"])
        others = _as_list(reference["fields"])
        known = {_key_of(row, others) for row in tables[name]}
        for number, row in enumerate(rows, 2):
            value = _key_of(row, names)
            if any(value) and value not in known:
                yield f"{where}, row {number}, column {names[0]}: found “{', '.join(value)}”, wanted: a row of {name}"


def _repeated_keys(where: str, key: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, 2):
        value = _key_of(row, key)
        first = seen.setdefault(value, number)
        if first != number:
            yield f"{where}, row {number}: the key {', '.join(value)} is that of row {first} too"


def _key_of(row: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in columns)


def _as_list(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return read_rows(path)
    except EditionError:
        return []  # told by the schema and by opening the edition


def _figures(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """Rules a schema cannot say: a number that can be read, a chapter that exists, labels that differ."""
    rows = _rows(folder / "figures.csv")
    chapters = [chapter["id"] for chapter in package["chapters"]]
    labels: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, 2):
        where = f"{folder.name}/figures.csv, row {number}, column"
        yield from _unreadable(where, row)
        for breach in breaches(row):
            yield f"{where} {breach.column}: found “{breach.found}”, wanted {breach.wanted}"
        if row.get("chapter") not in chapters:
            yield f"{where} chapter: found “{row.get('chapter')}”, wanted one of {', '.join(chapters)}"
        for column in ("label_zh", "label_en"):
            told_apart = _key_of(row, (column, "area", "period", "status"))
            same = labels.setdefault((column, *told_apart), number)
            if same != number and row.get(column):
                yield f"{where} {column}: found “{row[column]}” as in row {same}, wanted labels that differ"


def _unreadable(where: str, row: Mapping[str, str]) -> Iterator[str]:
    """The cells of a row that should be printed numbers and are none."""
    for column in ("printed", "reads_as", "low", "high"):
        try:
            parse(row.get(column) or "1")
        except PrintedError as error:
            yield f"{where} {column}: {error}"

"""What an edition still lacks: everything at once, each with its file, row, column, and what to decide.

Held against are the schema in its `datapackage.json`, the rules of printed numbers, the marks a
draft carries (`todo`, Chinese words where English ones belong), and with the text at hand, the place of each row and
the account of each numeral.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from bluebook.edition import table
from bluebook.edition.audit import audit
from bluebook.edition.edition import LISTS, EditionError, open_edition, whole
from bluebook.edition.measures import breaches
from bluebook.edition.package import package_problems, read_package
from bluebook.edition.table import read_cells, read_rows
from bluebook.numbers.printed import SHAPE, SIGNS, PrintedError, normal, parse
from desk.scan import Span, findings, numerals
from desk.undecided import undecided, unknown_areas

AROUND = 12  # characters of context shown around a numeral that nothing covers
REACH = 9  # characters before a number in which words that belong to it may begin: 负增长了不超过
SIGNED = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(SIGNS, key=len, reverse=True)))})了?$")
HYPHEN = re.compile("[0-9A-Za-z][-−]")  # which is no sign: 2019-5.2%


@dataclass(frozen=True)
class Coverage:
    """How far an edition accounts for the numerals of its source."""

    numerals: int
    covered: int
    problems: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.covered / self.numerals if self.numerals else 1.0


def problems(folder: Path) -> list[str]:
    """Everything that is wrong with an edition's folder, then all that is still to be decided in it; each once.

    Raises nothing for bad data.
    """
    return [*faults(folder), *decisions(folder)]


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


def decisions(folder: Path) -> list[str]:
    """What is left to decide in an edition's folder, what changes numbers first."""
    if package_problems(folder / "datapackage.json"):
        return []
    package = read_package(folder / "datapackage.json")
    return [decision.says for decision in undecided(folder, package)]


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
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, 2):
        value = tuple(row.get(name, "") for name in key)
        if key and value in seen:
            yield f"{where}, row {number}: the key {', '.join(value)} is that of row {seen[value]} too"
        seen.setdefault(value, number)
    for foreign in schema.get("foreignKeys", []):
        reference = foreign["reference"]
        name = reference.get("resource") or resource["name"]
        if name not in tables:
            yield f"{where}: its foreign key names the table {name}, which the descriptor does not describe"
            continue
        names, others = _as_list(foreign["fields"]), _as_list(reference["fields"])
        known = {tuple(row.get(one, "") for one in others) for row in tables[name]}
        for number, row in enumerate(rows, 2):
            value = tuple(row.get(one, "") for one in names)
            if any(value) and value not in known:
                yield f"{where}, row {number}, column {names[0]}: found “{', '.join(value)}”, wanted: a row of {name}"


def _as_list(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return read_rows(path)
    except EditionError:
        return []  # told by the schema and by opening the edition


def _figures(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """Rules a schema cannot say: a number that can be read, a chapter that exists, labels that differ."""
    rows, chapters = _rows(folder / "figures.csv"), [c["id"] for c in package["chapters"]]
    labels: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, 2):
        where = f"{folder.name}/figures.csv, row {number}, column"
        for column in ("printed", "reads_as", "low", "high"):
            try:
                parse(row.get(column) or "1")
            except PrintedError as error:
                yield f"{where} {column}: {error}"
        for breach in breaches(row):
            yield f"{where} {breach.column}: found “{breach.found}”, wanted {breach.wanted}"
        if row.get("chapter") not in chapters:
            yield f"{where} chapter: found “{row.get('chapter')}”, wanted one of {', '.join(chapters)}"
        for column in ("label_zh", "label_en"):
            told_apart = [row.get(name, "") for name in (column, "area", "period", "status")]
            same = labels.setdefault((column, *told_apart), number)
            if same != number and row.get(column):
                yield f"{where} {column}: found “{row[column]}” as in row {same}, wanted labels that differ"


def coverage(folder: Path, text: str) -> Coverage:
    """Hold an edition against the text it was taken from: each row at its locator, each numeral covered once."""
    if not (folder / "excluded.csv").is_file():
        raise EditionError(f"{folder / 'figures.csv'}: its figures are cited one by one; no one text has them all")
    lines = text.splitlines()
    listed = [(file, row, span) for file in ("figures.csv", "excluded.csv") for row, span in _listed(folder / file)]
    problems = [*_changed(folder, text), *_misplaced(folder, listed, lines), *_cut_short(folder, text)]
    spans = [span for _, _, span in listed]
    covered, found = 0, numerals(text)
    for numeral in found:
        times = sum(span.holds(numeral) for span in spans)
        covered += times == 1
        if times != 1:
            line = lines[numeral.paragraph - 1]
            around = line[max(0, numeral.offset - AROUND) : numeral.end + AROUND]
            how = "is neither a figure nor excluded" if not times else f"is covered {times} times"
            problems.append(
                f"paragraph {numeral.paragraph}, offset {numeral.offset}: {numeral.printed} {how}: …{around}…"
            )
    return Coverage(len(found), covered, tuple(problems))


def _cut_short(folder: Path, text: str) -> Iterator[str]:
    """Figures whose printed form leaves out what the source has around it: a unit, a hedge, a sign.

    A row that says in `reads_as` how it is to be read has been decided by a person.
    """
    lines = text.splitlines()
    rows = read_rows(folder / "figures.csv")
    readings = [finding.span for finding in findings(text) if finding.number]
    for (number, span), row in zip(_listed(folder / "figures.csv"), rows, strict=True):
        line = lines[span.paragraph - 1] if 0 < span.paragraph <= len(lines) else ""
        if row.get("reads_as") or line[span.offset : span.end] != span.printed:
            continue
        whole_reading = _whole_reading(line, span, readings)
        if whole_reading != span:
            yield (
                f"{folder.name}/figures.csv, row {number}, column printed: found “{span.printed}”, "
                f"wanted “{whole_reading.printed}”, as the source has it at paragraph {whole_reading.paragraph}, "
                f"offset {whole_reading.offset}"
            )


def _whole_reading(line: str, span: Span, readings: list[Span]) -> Span:
    """The longest printed number of a line that holds what a row says is printed there."""
    plain = normal(line)
    ends = [SHAPE.match(plain, start) for start in range(max(0, span.offset - REACH), span.offset + 1)]
    spans = [Span(span.paragraph, match.start(), line[match.start() : match.end()]) for match in ends if match]
    signed = SIGNED.search(plain[: span.offset])
    if signed:
        spans.append(Span(span.paragraph, signed.start(), line[signed.start() : span.end]))
    spans = [other for other in (*readings, *spans) if not HYPHEN.match(plain, max(0, other.offset - 1))]
    longer = [other for other in spans if other.holds(span) and _is_number(other.printed)]
    return max(longer, key=lambda other: len(other.printed), default=span)


def _is_number(printed: str) -> bool:
    try:
        parse(printed)
    except PrintedError:
        return False
    return True


def _listed(path: Path) -> Iterator[tuple[int, Span]]:
    for number, row in enumerate(read_rows(path), 2):
        if not (whole(row.get("paragraph", "")) and whole(row.get("offset", "")) and row.get("printed")):
            raise EditionError(
                f"{path}, row {number}: found {row}, expected printed, paragraph (from 1) and offset (from 0)"
            )
        yield number, Span(int(row["paragraph"]), int(row["offset"]), row["printed"])


def _changed(folder: Path, text: str) -> Iterator[str]:
    wanted = str(read_package(folder / "datapackage.json")["sources"][0].get("sha256", ""))
    found = hashlib.sha256(text.encode()).hexdigest()
    if wanted and found != wanted:
        said = f"{folder.name}/datapackage.json says {wanted[:12]}…"
        yield f"the source has SHA-256 {found[:12]}…, {said}: another text, or another version of it"


def _same_number(line: str, span: Span) -> str:
    """What stands at a place in another form of the same number: 15.5% where the row has 15.50%."""
    there = SHAPE.match(normal(line), span.offset)
    try:
        same = there is not None and _value_and_unit(there[0]) == _value_and_unit(span.printed)
    except PrintedError:
        return ""
    return line[there.start() : there.end()] if same and there else ""


def _value_and_unit(printed: str) -> tuple[Fraction, str]:
    number = parse(printed)
    return number.value, number.unit


def _misplaced(folder: Path, listed: list[tuple[str, int, Span]], lines: list[str]) -> Iterator[str]:
    for file, row, span in listed:
        line = lines[span.paragraph - 1] if 0 < span.paragraph <= len(lines) else ""
        there = line[span.offset : span.end]
        if there != span.printed:
            elsewhere = [
                f"paragraph {n}, offset {t.index(span.printed)}" for n, t in enumerate(lines, 1) if span.printed in t
            ]
            stands = _same_number(line, span)
            hint = f"; it stands at {elsewhere[0]}" if elsewhere else "; it stands nowhere in the source"
            if stands:
                hint = f"; the source prints “{stands}”: a spreadsheet may have rewritten it"
            yield (
                f"{folder.name}/{file}, row {row}, column printed: found “{there}” at paragraph {span.paragraph}, "
                f"offset {span.offset}, wanted “{span.printed}”{hint}"
            )

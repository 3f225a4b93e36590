"""What an edition still lacks: everything at once, each with its file, row, column, and what to decide.

Held against are the schema in its `datapackage.json`, the rules of printed numbers, the marks a
draft carries (`todo`, Chinese words where English ones belong), and with the text at hand, the place of each row and
the account of each numeral.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .checks import audit
from .edition import EditionError, open_edition, read_package, read_rows
from .printed import SHAPE, PrintedError, normal, parse
from .scan import Span, numerals

AROUND = 12  # characters of context shown around a numeral that nothing covers
HAN = re.compile("[一-鿿]")
DECIDE = {
    "titles.zh": "the first line of the text; is it the title?",
    "chapters": "drafted from the text's headings; are they the chapters, and are their names right?",
    "sources": "who published the text, when, and where it can be read",
    "licenses": "the licence of your labels, notes and translations; the draft says CC BY 4.0",
}


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
    """Everything that is wrong with an edition's folder or still to be decided in it. Raises nothing for bad data."""
    try:
        package = read_package(folder / "datapackage.json")
    except EditionError as error:
        return [str(error)]
    found = [*_package(folder, package), *_schema(folder), *_figures(folder, package), *_drafted(folder, package)]
    try:
        book = open_edition(folder.name, root=folder.parent.parent)
        list(book.context)  # read when asked for
        found += [verdict.error.replace(f"{folder}/", f"{folder.name}/") for verdict in audit(book) if verdict.error]
    except EditionError as error:
        said = str(error).replace(f"{folder}/", f"{folder.name}/")
        if not any(_place(said) and _place(said) == _place(other) for other in found):
            found.append(said)
    return list(dict.fromkeys(found))


def sizes(folder: Path) -> str:
    """How large an edition is, in words."""
    rows = _rows(folder / "figures.csv")
    checks = len(_rows(folder / "checks.csv"))
    return f"{len(rows)} figures in {len({row.get('chapter') for row in rows})} chapters, {checks} checks"


def _place(problem: str) -> str:
    where = re.match(r"(\S+, row \d+)[^:]*(, columns? \w+)", problem)
    return where[1] + where[2] if where else ""


def _package(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    where = f"{folder.name}/datapackage.json"
    for mark in package.get("todo", []):
        yield f'{where}, "todo", {mark}: {DECIDE.get(mark, "to be decided")}; then delete "{mark}" from "todo"'
    titles = [("titles.en", package["titles"].get("en", ""), package["titles"].get("zh", ""))]
    titles += [
        (f"chapters, {c.get('id')}, title_en", c.get("title_en", ""), c.get("title_zh", ""))
        for c in package["chapters"]
    ]
    for key, english, chinese in titles:
        if not english or HAN.search(english):
            yield f"{where}, {key}: found “{english}”, wanted the English for “{chinese}”"


def _schema(folder: Path) -> Iterator[str]:
    """What `frictionless` finds wrong, as: file, row, column, found, wanted."""
    import frictionless

    report = frictionless.validate(str(folder / "datapackage.json"))
    yield from (f"{folder.name}/datapackage.json: {error.message}" for error in report.errors)
    for task in report.tasks:
        for error in task.errors:
            told = error.to_dict()
            if "fieldName" not in told or "rowNumber" not in told:
                row = f", row {told['rowNumber']}" if "rowNumber" in told else ""
                yield f"{folder.name}/{task.name}.csv{row}: {error.message}"
                continue
            wanted = _described(folder, task.name, told["fieldName"]) or error.note
            yield (
                f"{folder.name}/{task.name}.csv, row {told['rowNumber']}, column {told['fieldName']}: "
                f"found “{told.get('cell', '')}”, wanted: {wanted}"
            )


def _described(folder: Path, table: str, column: str) -> str:
    resources = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    fields: list[dict[str, str]] = next(
        (r.get("schema", {}).get("fields", []) for r in resources if r.get("name") == table), []
    )
    return next((f.get("description", "") for f in fields if f["name"] == column), "")


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return read_rows(path)
    except EditionError:
        return []  # told by the schema and by opening the edition


def _figures(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """Rules a schema cannot say: a number that can be read, a chapter that exists, labels that differ."""
    rows, chapters = _rows(folder / "figures.csv"), [c.get("id") for c in package["chapters"]]
    labels: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 2):
        where = f"{folder.name}/figures.csv, row {number}, column"
        for column in ("printed", "reads_as", "low", "high"):
            try:
                parse(row.get(column) or "1")
            except PrintedError as error:
                yield f"{where} {column}: {error}"
        if row.get("chapter") not in chapters:
            yield f"{where} chapter: found “{row.get('chapter')}”, wanted one of {', '.join(map(str, chapters))}"
        for column in ("label_zh", "label_en"):
            same = labels.setdefault((column, row.get(column, "") + row.get("area", "")), number)
            if same != number and row.get(column):
                yield f"{where} {column}: found “{row[column]}” as in row {same}, wanted labels that differ"


def _drafted(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    """What a draft left to a person: columns named in `todo`, and English that is still Chinese."""
    for resource in package.get("resources", []):
        path = folder / str(resource.get("path"))
        for number, row in enumerate(_rows(path) if path.suffix == ".csv" else [], 2):
            columns = row.get("todo", "").split()
            guessed = ", ".join(f"{column} “{row.get(column, '')}”" for column in columns)
            left = [f"confirm or change {guessed}, then empty todo"] if columns else []
            for column in (c for c in row if c.endswith("_en") and c != "reason_en" and HAN.search(row[c])):
                columns.append(column)
                left.append(f"{column}: write the English for “{row.get(column.removesuffix('_en') + '_zh', '')}”")
            if left:
                shown = f"column{'s' * (len(columns) > 1)} {', '.join(columns)} ({row.get('printed', '')})"
                yield f"{folder.name}/{path.name}, row {number}, {shown}: {'; '.join(left)}"


def coverage(folder: Path, text: str) -> Coverage:
    """Hold an edition against the text it was taken from: each row at its locator, each numeral covered once."""
    if not (folder / "excluded.csv").is_file():
        raise EditionError(f"{folder / 'figures.csv'}: its figures are cited one by one; no one text has them all")
    lines = text.splitlines()
    listed = [(file, row, span) for file in ("figures.csv", "excluded.csv") for row, span in _listed(folder / file)]
    problems = [*_changed(folder, text), *_misplaced(folder, listed, lines)]
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


def _listed(path: Path) -> Iterator[tuple[int, Span]]:
    for number, row in enumerate(read_rows(path), 2):
        if not (row.get("paragraph", "").isdecimal() and row.get("offset", "").isdecimal() and row.get("printed")):
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
        same = there is not None and _meant(there[0]) == _meant(span.printed)
    except PrintedError:
        return ""
    return line[there.start() : there.end()] if same and there else ""


def _meant(printed: str) -> tuple[Fraction, str]:
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

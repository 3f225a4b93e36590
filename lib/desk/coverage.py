"""An edition against the text it was taken from: each row where it says, each numeral of the text covered once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from bluebook.edition.edition import EditionError, whole
from bluebook.edition.package import read_package
from bluebook.edition.table import read_rows
from bluebook.numbers.printed import SHAPE, SIGNS, PrintedError, normal, parse
from desk.scan import Span, findings, numerals

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


@dataclass(frozen=True)
class Listed:
    """A row of a table and the piece of the text that it says it is; `reads_as` where it says how that is read."""

    where: str
    span: Span
    reads_as: str


def coverage(folder: Path, text: str) -> Coverage:
    """Hold an edition against the text it was taken from: each row at its locator, each numeral covered once."""
    if not (folder / "excluded.csv").is_file():
        raise EditionError(f"{folder / 'figures.csv'}: its figures are cited one by one; no one text has them all")
    lines = text.splitlines()
    figures = list(_listed(folder / "figures.csv"))
    listed = [*figures, *_listed(folder / "excluded.csv")]
    problems = [*_changed(folder, text), *_misplaced(listed, lines), *_cut_short(figures, text)]
    covered = 0
    found = numerals(text)
    for numeral in found:
        times = sum(one.span.holds(numeral) for one in listed)
        if times == 1:
            covered += 1
        else:
            problems.append(_not_covered(numeral, times, lines[numeral.paragraph - 1]))
    return Coverage(len(found), covered, tuple(problems))


def _not_covered(numeral: Span, times: int, line: str) -> str:
    start = max(0, numeral.offset - AROUND)
    around = line[start : numeral.end + AROUND]
    how = f"is covered {times} times" if times else "is neither a figure nor excluded"
    place = f"paragraph {numeral.paragraph}, offset {numeral.offset}"
    return f"{place}: {numeral.printed} {how}: …{around}…"


def _listed(path: Path) -> Iterator[Listed]:
    """The rows of a table, each with its place in the text. Raises `EditionError` for one without."""
    for number, row in enumerate(read_rows(path), 2):
        paragraph, offset, printed = (row.get(name, "") for name in ("paragraph", "offset", "printed"))
        if not (whole(paragraph) and whole(offset) and printed):
            raise EditionError(
                f"{path}, row {number}: found {row}, expected printed, paragraph (from 1) and offset (from 0)"
            )
        span = Span(int(paragraph), int(offset), printed)
        where = f"{path.parent.name}/{path.name}, row {number}, column printed"
        yield Listed(where, span, row.get("reads_as", ""))


def _line_of(span: Span, lines: Sequence[str]) -> str:
    return lines[span.paragraph - 1] if 0 < span.paragraph <= len(lines) else ""


def _changed(folder: Path, text: str) -> Iterator[str]:
    """Says so where the text is not the one that the edition was taken from."""
    source = read_package(folder / "datapackage.json")["sources"][0]
    wanted = str(source.get("sha256", ""))
    found = hashlib.sha256(text.encode()).hexdigest()
    if wanted and found != wanted:
        said = f"{folder.name}/datapackage.json says {wanted[:12]}…"
        yield f"the source has SHA-256 {found[:12]}…, {said}: another text, or another version of it"


# where a row says its number stands


def _misplaced(listed: Sequence[Listed], lines: Sequence[str]) -> Iterator[str]:
    """Rows whose number stands elsewhere in the text, or nowhere."""
    for one in listed:
        span = one.span
        line = _line_of(span, lines)
        there = line[span.offset : span.end]
        if there != span.printed:
            found = f"found “{there}” at paragraph {span.paragraph}, offset {span.offset}"
            yield f"{one.where}: {found}, wanted “{span.printed}”; {_hint(line, span, lines)}"


def _hint(line: str, span: Span, lines: Sequence[str]) -> str:
    """What may have happened to a number that is not where its row says."""
    stands = _same_number(line, span)
    if stands:
        return f"the source prints “{stands}”: a spreadsheet may have rewritten it"
    for number, other in enumerate(lines, 1):
        if span.printed in other:
            return f"it stands at paragraph {number}, offset {other.index(span.printed)}"
    return "it stands nowhere in the source"


def _same_number(line: str, span: Span) -> str:
    """What stands at a place in another form of the same number: 15.5% where the row has 15.50%."""
    there = SHAPE.match(normal(line), span.offset)
    if there is None:
        return ""
    try:
        is_same = _value_and_unit(there[0]) == _value_and_unit(span.printed)
    except PrintedError:
        return ""
    return line[there.start() : there.end()] if is_same else ""


def _value_and_unit(printed: str) -> tuple[Fraction, str]:
    number = parse(printed)
    return number.value, number.unit


# how much of a number a row has


def _cut_short(figures: Sequence[Listed], text: str) -> Iterator[str]:
    """Figures whose printed form leaves out what the source has around it: a unit, a hedge, a sign.

    A row that says in `reads_as` how it is to be read has been decided by a person.
    """
    lines = text.splitlines()
    readings = [finding.span for finding in findings(text) if finding.number]
    for one in figures:
        span = one.span
        line = _line_of(span, lines)
        if one.reads_as or line[span.offset : span.end] != span.printed:
            continue
        known = _whole_reading(line, span, readings)
        if known != span:
            wanted = f"wanted “{known.printed}”, as the source has it"
            place = f"paragraph {known.paragraph}, offset {known.offset}"
            yield f"{one.where}: found “{span.printed}”, {wanted} at {place}"


def _whole_reading(line: str, span: Span, readings: Sequence[Span]) -> Span:
    """The longest printed number of a line that holds what a row says is printed there."""
    plain = normal(line)
    longest = span
    for other in (*readings, *_forms_around(line, plain, span)):
        is_after_hyphen = HYPHEN.match(plain, max(0, other.offset - 1)) is not None
        if is_after_hyphen or not other.holds(span) or not _is_number(other.printed):
            continue
        if len(other.printed) > len(longest.printed):
            longest = other
    return longest


def _forms_around(line: str, plain: str, span: Span) -> Iterator[Span]:
    """What reads as a number and begins at a number's place or right before it."""
    for start in range(max(0, span.offset - REACH), span.offset + 1):
        match = SHAPE.match(plain, start)
        if match is not None:
            yield Span(span.paragraph, match.start(), line[match.start() : match.end()])
    signed = SIGNED.search(plain[: span.offset])
    if signed:
        yield Span(span.paragraph, signed.start(), line[signed.start() : span.end])


def _is_number(printed: str) -> bool:
    try:
        parse(printed)
    except PrintedError:
        return False
    return True

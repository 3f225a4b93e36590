"""The numerals of a text, and whether an edition accounts for each of them.

A numeral is a run of digits (with its decimals and 万/亿) or of Chinese numerals. Every one in an edition's source is
either part of a published figure or listed in `excluded.csv` with the reason why it is none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .edition import Edition, EditionError, read_rows
from .printed import ARABIC, normal

_NUMERAL = re.compile(rf"(?:{ARABIC})[十百千万亿]*|[零〇一二两三四五六七八九十百千万亿半]+")
AROUND = 12  # characters of context shown around a numeral that nothing covers


@dataclass(frozen=True)
class Span:
    """A piece of a text: its line (from 1), its offset in it (characters, from 0) and its characters."""

    paragraph: int
    offset: int
    printed: str

    @property
    def end(self) -> int:
        return self.offset + len(self.printed)

    def holds(self, other: Span) -> bool:
        return self.paragraph == other.paragraph and self.offset <= other.offset and other.end <= self.end


@dataclass(frozen=True)
class Coverage:
    """How far an edition accounts for the numerals of its source."""

    numerals: int
    covered: int
    problems: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.covered / self.numerals if self.numerals else 1.0


def numerals(text: str) -> list[Span]:
    """The numerals of a text, line by line, in order.

    >>> [(n.paragraph, n.offset, n.printed) for n in numerals("全市208万名志愿者,\\n占15.5%,分两批")]
    [(1, 2, '208万'), (2, 1, '15.5'), (2, 8, '两')]
    """
    lines = enumerate(map(normal, text.splitlines()), 1)
    return [Span(number, m.start(), m[0]) for number, line in lines for m in _NUMERAL.finditer(line)]


def read_source(path: Path) -> str:
    """The text of a source. Raises `EditionError` when there is no such file or it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise EditionError(f"{path}: no such file; give the source's text with --source") from None
    except UnicodeDecodeError as error:
        raise EditionError(f"{path}: byte {error.start} is not UTF-8; save the text as UTF-8") from None


def coverage(book: Edition, text: str) -> Coverage:
    """Hold an edition against the text it was taken from: each row at its locator, each numeral covered once."""
    if book.figures["paragraph"].isna().any():
        raise EditionError(f"{book.folder / 'figures.csv'}: its figures are cited one by one; no one text has them all")
    lines = text.splitlines()
    listed = [
        (file, row, span) for file in ("figures.csv", "excluded.csv") for row, span in _listed(book.folder / file)
    ]
    problems = [*_changed(book, text), *_misplaced(book, listed, lines)]
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


def _changed(book: Edition, text: str) -> Iterator[str]:
    wanted = str(book.source.get("sha256", ""))
    found = hashlib.sha256(text.encode()).hexdigest()
    if wanted and found != wanted:
        said = f"{book.name}/datapackage.json says {wanted[:12]}…"
        yield f"the source has SHA-256 {found[:12]}…, {said}: another text, or another version of it"


def _misplaced(book: Edition, listed: list[tuple[str, int, Span]], lines: list[str]) -> Iterator[str]:
    for file, row, span in listed:
        line = lines[span.paragraph - 1] if 0 < span.paragraph <= len(lines) else ""
        there = line[span.offset : span.end]
        if there != span.printed:
            elsewhere = [
                f"paragraph {n}, offset {t.index(span.printed)}" for n, t in enumerate(lines, 1) if span.printed in t
            ]
            hint = f"; it stands at {elsewhere[0]}" if elsewhere else "; it stands nowhere in the source"
            yield (
                f"{book.name}/{file}, row {row}, column printed: found “{there}” at paragraph {span.paragraph}, "
                f"offset {span.offset}, wanted “{span.printed}”{hint}"
            )

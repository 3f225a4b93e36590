"""The numerals of a text: which are figures, what they probably measure, and why the others are none.

A numeral is a run of digits (with its decimals and 万/亿) or of Chinese numerals. What is not a figure is known by the
words around it, which `numerals.toml` lists by kind; the rest is read as `printed` reads it, with hedge and unit. All
of it is a draft: a person decides.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from . import guess
from .edition import EditionError
from .printed import ARABIC, LONGEST, SHAPE, UNITS, Printed, PrintedError, normal, parse

_NUMERAL = re.compile(rf"(?:{ARABIC})[十百千万亿]*|[零〇一二两三四五六七八九十百千万亿半]+")
_CHINESE = "零〇一二两三四五六七八九十百千万亿半"
_ENDLESS = re.compile(rf"[\d{_CHINESE}]{{{LONGEST},}}")  # no number: left out before any pattern is tried on it
_BEFORE = 9  # characters before a numeral in which a figure that holds it may begin: 负增长了不超过
_SMALL = ("级", "类", "大类", "层", "方面")  # what a text counts once and then names again: 四级


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
class Finding:
    """A numeral of a text: a figure, or with `reason` (Chinese, English) none; the rest is a guess from a sentence."""

    span: Span
    reason: tuple[str, str] | None = None
    number: Printed | None = None
    measure: str = ""
    label: str = ""
    period: str = ""
    base: str = ""
    sentence: str = field(default="", repr=False)


def numerals(text: str) -> list[Span]:
    """The numerals of a text, line by line, in order.

    >>> [(n.paragraph, n.offset, n.printed) for n in numerals("全市208万名志愿者,\\n占15.5%,分两批")]
    [(1, 2, '208万'), (2, 1, '15.5'), (2, 8, '两')]
    """
    lines = enumerate(map(normal, text.splitlines()), 1)
    return [Span(number, m.start(), m[0]) for number, line in lines for m in _NUMERAL.finditer(line)]


def read_source(path: Path) -> str:
    """The text of a source. Raises `EditionError` when there is no such file or it is not UTF-8 text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise EditionError(f"{path}: no such file; give the source's text with --source") from None
    except UnicodeDecodeError as error:
        raise EditionError(f"{path}: byte {error.start} is not UTF-8; save the text as UTF-8") from None
    if "\0" in text:
        raise EditionError(f"{path}: character {text.index(chr(0))} is NUL: not a text; save the text as UTF-8")
    return text


COLUMNS = "printed unit hedge measure period base paragraph offset label_zh reason_zh reason_en".split()
COLUMNS += "value low high sentence".split()


def record(finding: Finding) -> dict[str, object]:
    """A finding as a row of the draft; value and bounds as numbers."""
    number = finding.number
    told = {"unit": number.unit, "hedge": number.hedge} if number else {}
    ends = {end: float(getattr(number, end)) for end in ("value", "low", "high")} if number else {}
    reason = dict(zip(("reason_zh", "reason_en"), finding.reason or ("", ""), strict=True))
    place = {"paragraph": finding.span.paragraph, "offset": finding.span.offset, "sentence": finding.sentence}
    guesses = {"measure": finding.measure, "period": finding.period, "base": finding.base, "label_zh": finding.label}
    return {"printed": finding.span.printed, **told, **guesses, **place, **reason, **ends}


def findings(text: str) -> list[Finding]:
    """Every numeral of a text as a finding, in order: figures whole (近七成), others as the bare numeral.

    >>> for found in findings("2020年,全市208万名志愿者占常住人口的15.5%,是“1336”体系的一部分。"):
    ...     print(found.span.printed, found.measure or found.reason[1])
    2020 calendar year: 2020
    208万名 count
    15.5% share
    1336 name of a system: “1336”
    一 idiom or word: 一
    """
    found: list[Finding] = []
    year = guess.title_year(text)
    for number, raw in enumerate(text.splitlines(), 1):
        found += _line(number, raw, year)
    return list(_without_repeats(found))


def _line(number: int, raw: str, year: str) -> Iterator[Finding]:
    line = normal(raw)
    spans = [(m.start(), m.end()) for m in _NUMERAL.finditer(line)]
    line = _ENDLESS.sub(lambda run: "…" * len(run[0]), line)
    reasons = _reasons(line, spans)
    excluded, done = sorted(start for start, _ in reasons), 0
    for start, end in spans:
        if start < done:
            continue
        until = [*excluded[bisect_left(excluded, start) :][:1], len(line)][0]
        match = None if (start, end) in reasons else _figure(line, max(done, start - _BEFORE), start, end, until)
        done = match[1] if match else end
        left, right = match[:2] if match else (start, end)
        span, sentence = Span(number, left, raw[left:right]), line[slice(*guess.sentence(line, left))]
        if match is None:
            yield Finding(span, reasons.get((start, end)) or _word(line, start, end), sentence=sentence)
            continue
        kind, about = guess.measure(line, left, right, match[2]), guess.period(line, left, year)
        name, base = guess.label(line, left, right, kind), guess.base(line, left, kind, about)
        yield Finding(span, None, match[2], kind, name, about, base, sentence)


def _figure(line: str, first: int, start: int, end: int, until: int) -> tuple[int, int, Printed] | None:
    """The longest printed number that holds the numeral at `start` and ends before `until`."""
    for left in range(first, start + 1):
        if line[left] in "-−" and line[max(0, left - 1) : left].isalnum() and line[left - 1] < "一":
            continue  # a hyphen, not a sign
        match = SHAPE.match(line, left, until)
        while match and match.end() >= end:
            right, number = _range(line, left, match.end(), until)
            if number and not _vague(line[left:right], number):
                return left, right, number
            match = SHAPE.match(line, left, match.end() - 1)
    return None


def _range(line: str, left: int, right: int, until: int) -> tuple[int, Printed | None]:
    """The number at left:right, or the range that begins with it."""
    joint = re.compile(r"[-—–~～至到]+").match(line, right, until)
    other = SHAPE.match(line, joint.end(), until) if joint else None
    for end in ([other.end()] if other else []) + [right]:
        try:
            return end, parse(line[left:end])
        except PrintedError:
            continue
    return right, None


def _vague(printed: str, number: Printed) -> bool:
    """Whether a number in Chinese words alone is more likely a word: no unit, no hedge, no power."""
    bare = not (number.unit or number.hedge or number.scale != 1)
    return bare and printed[-1] in _CHINESE


@cache
def _kinds() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    kinds = tomllib.loads(Path(__file__).with_name("numerals.toml").read_text(encoding="utf-8"))["kind"]
    units = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
    words = {"{N}": rf"[\d{_CHINESE}]", "{C0}": _CHINESE, "{C}": f"[{_CHINESE}]", "{U}": f"(?:{units})"}

    def spelled(pattern: str) -> str:
        for name, meant in words.items():
            pattern = pattern.replace(name, meant)
        return pattern

    return tuple((k["zh"], k["en"], re.compile("|".join(map(spelled, k["patterns"])))) for k in kinds)


def _reasons(line: str, spans: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """Why numerals of a line are no figures, by their spans: the first kind with a pattern that holds them."""
    reasons = {span: ("号码：过长", "code or telephone number: too long") for span in spans if line[span[0]] == "…"}
    starts = [start for start, _ in spans]
    for zh, en, pattern in _kinds():
        for match in pattern.finditer(line):
            if _quoted_figure(match[0]):
                continue
            for span in spans[bisect_left(starts, match.start()) : bisect_left(starts, match.end())]:
                if span[1] <= match.end():
                    reasons.setdefault(span, (f"{zh}：{match[0].strip()}", f"{en}: {match[0].strip()}"))
    return reasons


def _quoted_figure(words: str) -> bool:
    """Whether what stands in quotation marks is a number after all: “超2000万”."""
    try:
        number = parse(words.strip('"“”‘’「」『』'))
    except PrintedError:
        return False
    return words[0] in '"“‘「『' and (number.scale != 1 or bool(number.hedge))


def _word(line: str, start: int, end: int) -> tuple[str, str]:
    around = re.sub(r"[^\w]", "", line[max(0, start - 1) : end + 2])
    return f"惯用语或词语：{around}", f"idiom or word: {around}"


def _within(span: Span) -> Iterator[Span]:
    for found in _NUMERAL.finditer(normal(span.printed)):
        yield Span(span.paragraph, span.offset + found.start(), span.printed[found.start() : found.end()])


def _without_repeats(found: Iterable[Finding]) -> Iterator[Finding]:
    """A number of three digits or more that is printed again, or a 四级 that is, repeats its figure."""
    known: set[str] = set()
    for finding in found:
        printed = normal(finding.span.printed)
        digits = re.sub(r"\D", "", printed).strip("0")
        counted = finding.number and finding.number.unit in _SMALL and printed[0] in _CHINESE
        if finding.number and printed in known and (len(digits) > 2 or counted):
            reason = f"重复已列数据：{printed}", f"repeats a figure: {printed}"
            yield from (Finding(span, reason, sentence=finding.sentence) for span in _within(finding.span))
            continue
        known.add(printed)
        yield finding

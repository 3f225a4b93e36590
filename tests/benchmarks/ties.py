"""Texts whose numbers are tied by hand: which of them cannot be changed without a contradiction.

This reads numbers and ranges on its own, so that what is observable does not depend on the code that is measured:
a decimal, a percentage, or a number with 万, 亿 or million is half a unit of its last digit wide on either side, a
whole count is exact, and an amount or an average that is printed whole is rounded. Ranges that touch may be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bluebook.numbers.intervals import Interval, point

SCALES = {
    "亿": Fraction(10**8),
    "万": Fraction(10**4),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "m": Fraction(10**6),
    " million": Fraction(10**6),
    " percentage points": Fraction(1, 100),
    "million": Fraction(10**6),
    "thousand": Fraction(1000),
    "个百分点": Fraction(1, 100),
    "percentage points": Fraction(1, 100),
    "percentage point": Fraction(1, 100),
}
MEASURED = re.compile(r"^ ?(?:元|米|公里|千米|小时|吨|平方|亩|tonnes|km|hours)")
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?:\((?P<inner>亿|万|%|m)\)"
    r"|(?P<scale>亿|万|%|‰|个百分点|percentage points?|million|thousand))?(?:倍)?|(?P<sign>[=≤+−×÷()-]))"
)
CONSTANTS = {"1", "2", "100", "1000", "1,000", "10000"}

Ranges = Mapping[str, Interval]


@dataclass(frozen=True)
class Slot:
    """The digits of a number in a text: lines count from 0. Its value is the digits by `scale`, with a sign."""

    line: int
    start: int
    digits: str
    scale: Fraction = Fraction(1)
    is_exact: bool = False
    is_negative: bool = False
    is_in_table: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.digits)

    @property
    def range(self) -> Interval:
        """What it can be, as printed."""
        decimals = len(self.digits.partition(".")[2])
        value = Fraction(self.digits.replace(",", ""))
        half = Fraction(0) if self.is_exact else Fraction(1, 2 * 10**decimals)
        known = Interval((value - half) * self.scale, (value + half) * self.scale)
        return -known if self.is_negative else known


@dataclass(frozen=True)
class Tie:
    """What must hold between numbers, by their names; `read_as_percent` where points are printed as %."""

    names: tuple[str, ...]
    holds: Callable[[Ranges], bool]
    read_as_percent: Callable[[Ranges], bool] | None = None


@dataclass
class Text:
    """Lines with their numbers by name, what ties them, lists told with 分别, stale values and totals."""

    name: str
    lines: list[str] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    lists: list[tuple[str, ...]] = field(default_factory=list)
    stale: dict[str, str] = field(default_factory=dict)
    totals: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def ranges(self) -> dict[str, Interval]:
        """The range of each number."""
        return {name: slot.range for name, slot in self.slots.items()}

    def broken(self, ranges: Ranges, names: Sequence[str], *, as_percent: bool = False) -> list[Tie]:
        """The ties of some numbers that cannot hold."""
        mine = [tie for tie in self.ties if set(names) & set(tie.names)]
        if as_percent:
            return [tie for tie in mine if tie.read_as_percent is not None and not tie.read_as_percent(ranges)]
        return [tie for tie in mine if not tie.holds(ranges)]


def may_be(one: Interval, other: Interval) -> bool:
    """Whether two ranges meet or touch.

    >>> may_be(Interval(Fraction(1), Fraction(2)), Interval(Fraction(2), Fraction(3)))
    True
    """
    return one.low <= other.high and other.low <= one.high


# relations written as formulas: 3864.27亿 = 231.46亿 + 1612.85亿 + 2019.96亿


def tie_by_formula(text: Text, lines: Sequence[int], formula: str, kind: str) -> bool:
    """Tie the numbers of some lines by a formula; False where it names what does not stand there, or cannot be read."""
    tokens, at = [], 0
    while at < len(formula.rstrip()):
        match = TOKEN.match(formula, at)
        if match is None:
            return False
        tokens.append(match)
        at = match.end()
    names: list[str] = []
    parts: list[str] = []
    for match in tokens:
        if match["sign"]:
            parts.append(match["sign"])
            continue
        if match["number"] in CONSTANTS and not (match["inner"] or match["scale"]):
            parts.append(match["number"])
            continue
        is_average = "average" in kind and "=" not in parts
        name = _slot_for(text, lines, match, names, is_average=is_average)
        if name is None:
            return False
        names.append(name)
        parts.append(name)
    as_percent = None
    if "point" in kind and len(names) == 3:
        level, before, points = names

        def as_percent(ranges: Ranges) -> bool:
            return may_be(ranges[level], ranges[before] * (point(Fraction(1)) + ranges[points]))

    text.ties.append(Tie(tuple(names), lambda ranges: _holds(parts, ranges), as_percent))
    return True


def _slot_for(
    text: Text, lines: Sequence[int], match: re.Match[str], taken: Sequence[str], *, is_average: bool
) -> str | None:
    """The name of the number of a formula, in the first of the lines where it is not yet taken."""
    digits, scale = match["number"], match["inner"] or match["scale"] or ""
    for line in lines:
        for place in re.finditer(rf"(?<![\d.,]){re.escape(digits)}(?![\d,]*\.?\d)", text.lines[line]):
            name = f"n{line}_{place.start()}"
            if name in taken:
                continue
            if name not in text.slots:
                behind = text.lines[line][place.end() :]
                is_exact = "." not in digits and not scale and not MEASURED.match(behind) and not is_average
                is_in_table = bool(re.search(r"[|\t]", text.lines[line]))
                factor = SCALES.get(scale, Fraction(1))
                text.slots[name] = Slot(line, place.start(), digits, factor, is_exact, is_in_table=is_in_table)
            return name
    return None


def _holds(parts: Sequence[str], ranges: Ranges) -> bool:
    """Whether a formula can hold."""
    at = next(place for place, part in enumerate(parts) if part in ("=", "≤"))
    left, right = _value(list(parts[:at]), ranges), _value(list(parts[at + 1 :]), ranges)
    return left.low <= right.high if parts[at] == "≤" else may_be(left, right)


def _value(parts: list[str], ranges: Ranges) -> Interval:
    """The range of a sum of products."""
    total = _product(parts, ranges)
    while parts and parts[0] in "+-−":
        sign = parts.pop(0)
        other = _product(parts, ranges)
        total = total + other if sign == "+" else total - other
    return total


def _product(parts: list[str], ranges: Ranges) -> Interval:
    known = _single(parts, ranges)
    while parts and parts[0] in "×÷":
        sign = parts.pop(0)
        other = _single(parts, ranges)
        known = known * other if sign == "×" else known / other
    return known


def _single(parts: list[str], ranges: Ranges) -> Interval:
    part = parts.pop(0)
    if part == "(":
        inner = _value(parts, ranges)
        parts.pop(0)
        return inner
    if part in ranges:
        return ranges[part]
    return point(Fraction(part.replace(",", "")))

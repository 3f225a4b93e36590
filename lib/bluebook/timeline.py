"""Series over time on a sheet: where each number stands, which of them a line joins, and which words find room.

Room is sought as on a phone; a wider sheet has more of it. A number that finds none is told when its mark is pointed
at, and in the chart's table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from itertools import pairwise

from . import draw
from .draw import BLUE, EM, GOLD, LINE, NARROW, RULE, SKY, SLATE, VERMILION
from .quantity import Quantity

HIGH, PHONE = 210, 1.06 * NARROW * EM  # pixels: from zero to the largest number, and across a phone
COLOURS = (BLUE, VERMILION, SLATE, GOLD, SKY)  # thin lines: first those that stand out on white and on dark
REACH = 6  # pixels from the middle of a mark to its rim
Box = tuple[float, float, float, float]  # left, right, top and bottom, in pixels of a phone
Place = Callable[[Fraction], float]


@dataclass(frozen=True)
class Point:
    """A number of a series, or None where none was found; `further`: another source has told this period already."""

    series: str
    period: str
    q: Quantity | None
    further: bool = False

    @property
    def at(self) -> Fraction:
        return moment(self.period)


def moment(period: str) -> Fraction:
    """When a period ends, in years. Raises `ValueError` for what is no year, month or day.

    >>> moment("2019"), moment("2019-06")
    (Fraction(2019, 1), Fraction(4037, 2))
    """
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-\d\d)?)?", period)
    if not match:
        raise ValueError(f'period "{period}": wanted a year or a month, like 2019 or 2019-08')
    return int(match[1]) - Fraction(12 - int(match[2] or 12), 12)


def points(series: str, told: Iterable[tuple[str, Quantity | None]]) -> list[Point]:
    """The points of a series in the order of time; those of one period in the order given."""
    found: list[Point] = []
    for period, q in told:
        found.append(Point(series, period, q, any(p.period == period for p in found)))
    return sorted(found, key=lambda p: p.at)


def drawn(found: Sequence[Point], breaks: Mapping[Fraction, str]) -> draw.Sheet:
    """The sheet: each series in its colour, under its name if there are several, and `breaks` under their words."""
    known, names = [p.q for p in found if p.q is not None], list(dict.fromkeys(p.series for p in found))
    low, high = min(Fraction(0), *(q.low for q in known)), max(Fraction(0), *(q.high for q in known))
    moments = sorted([*(p.at for p in found), *breaks])
    across = lambda at: 0.04 + 0.92 * float((at - moments[0]) / (moments[-1] - moments[0] or 1))  # noqa: E731
    head = max((len(draw.wrap(words, 12)) for words in breaks.values()), default=0) + (len(names) > 1)
    top = LINE * (head + 1) + 12
    down = lambda value: top + HIGH * float((high - value) / (high - low or 1))  # noqa: E731
    stage = _Stage(across, down, draw.Sheet(height=down(low) + 6), down(low) - 2)
    stage.axis(moments[0], moments[-1])
    for at, words in breaks.items():
        stage.cut(at, draw.wrap(words, 12), down(low))
    series = [[p for p in found if p.series == name] for name in names]
    for mine, colour in zip(series, COLOURS * len(series), strict=False):
        stage.joined(mine, list(breaks), colour)
        stage.marked(mine, colour, len(series) > 1)
    named = [
        stage.name(mine, colour) for mine, colour in zip(series, COLOURS * len(series), strict=False) if series[1:]
    ]
    numbers = [(rank, p) for mine in series for rank, p in enumerate(_telling(mine)) if p not in named]
    for _, p in sorted(numbers, key=lambda number: number[0]):
        stage.beside(p, [_bold(p)])
    return stage.sheet


def label(point: Point, named: bool) -> str:
    """What a number is told under: its period, after the name of its series where there are several."""
    return f"{point.series} {point.period}" if named else point.period


def _telling(mine: Sequence[Point]) -> list[Point]:
    """The numbers of a series, the most telling first: the last, the first, the largest, the smallest, the others."""
    told = sorted((p for p in mine if p.q is not None), key=lambda p: p.q.value if p.q is not None else 0)
    order = sorted(told, key=lambda p: p.at)
    return list(dict.fromkeys([order[-1], order[0], told[-1], told[0], *order])) if told else []


def _bold(p: Point) -> str:
    return f"<b>{escape(p.q.text)}</b>" if p.q is not None else ""


@dataclass
class _Stage:
    """A sheet, the places of moments and of values on it, and what of it is taken."""

    across: Place
    down: Place
    sheet: draw.Sheet
    floor: float  # down to where words may stand
    taken: list[Box] = field(default_factory=list)

    def axis(self, first: Fraction, last: Fraction) -> None:
        """The line at zero, and under it the years there is room for, the last among them."""
        zero, year = self.down(Fraction(0)), (self.across(Fraction(1)) - self.across(Fraction(0))) * PHONE
        self.sheet.line([0, 1], [zero, zero], RULE, 1)
        self.write(REACH / PHONE, zero - 10, ["0"], size=11, muted=True)
        for at in range(math.floor(last), math.ceil(first) - 1, -math.ceil(3 * EM / year) if first < last else -1):
            self.sheet.say(self.across(Fraction(at)), self.sheet.height, str(at), at="center", size=11, muted=True)
        self.sheet.height += LINE

    def cut(self, at: Fraction, words: Sequence[str], bottom: float) -> None:
        x, high = self.across(at), LINE * len(words)
        self.sheet.line([x, x], [high + 4, bottom], RULE, 1)
        self.taken.append((x * PHONE - 2, x * PHONE + 2, high, bottom))
        if not self.write(x, high / 2, [escape(line) for line in words], muted=True):
            self.sheet.key([(" ".join(words), "", "")])

    def joined(self, mine: Sequence[Point], breaks: Sequence[Fraction], colour: str) -> None:
        """Lines between neighbours at most a year apart, with no break between them."""
        ends = [(p.at, self.across(p.at), self.down(p.q.value)) for p in mine if p.q is not None and not p.further]
        for (start, x, y), (end, x2, y2) in pairwise(ends):
            if end - start <= 1 and not any(start < at <= end for at in breaks):
                self.sheet.line([x, x2], [y, y2], colour, 2)
                steps = [(x + (x2 - x) * n / 12, y + (y2 - y) * n / 12) for n in range(13)]
                self.taken += [(a * PHONE - 1, a * PHONE + 1, b - 1, b + 1) for a, b in steps]

    def marked(self, mine: Sequence[Point], colour: str, named: bool) -> None:
        """Dots, open ones for further sources, with their bounds; a dash where nothing was found."""
        for further in (True, False):
            told = [
                (p, p.q, self.across(p.at), self.down(p.q.value))
                for p in mine
                if p.q is not None and p.further == further
            ]
            for _, q, x, y in told:
                low, high = self.down(q.low), self.down(q.high)
                if low - high > 2:
                    self.sheet.bounds(x - 0.007, x + 0.007, high, low, colour=draw.pale(colour))
                at, size = x * PHONE, 5 + 3 * further
                self.taken.append((at - size, at + size, min(y - size, high), max(y + size, low)))
            if told:
                hover = [draw.facts(label(p, named), q) for p, q, _, _ in told]
                spots = [(x, y) for _, _, x, y in told]
                self.sheet.dots(spots, colour, 9 + 5 * further, hover=hover, open=further)
        for p in mine:
            if p.q is None:
                self.write(self.across(p.at), self.down(Fraction(0)) - 12, ["—"], muted=True)

    def name(self, mine: Sequence[Point], colour: str) -> Point | None:
        """Name a series beside the last of its numbers that has room for both, and say which; else the name alone."""
        first, *more = draw.wrap(mine[0].series, 8)
        lines = [f'<span style="color:{colour}">■</span> {escape(first)}', *map(escape, more)]
        for p in reversed(mine):
            if self.beside(p, [*lines, _bold(p)]):
                return p
        if not any(self.beside(p, lines) for p in reversed(mine)):
            self.sheet.key([(mine[0].series, "", colour)])
        return None

    def beside(self, p: Point, lines: Sequence[str]) -> bool:
        """Words above a point, or below it, if there is room."""
        if p.q is None:
            return False
        y, low, high = (self.down(value) for value in (p.q.value, p.q.low, p.q.high))
        half = LINE * len(lines) / 2
        return any(
            self.write(self.across(p.at), middle, lines)
            for middle in (min(y - 9, high - 3) - half, max(y + 9, low + 3) + half)
            if middle - half >= 0 and middle + half <= self.floor
        )

    def write(self, x: float, middle: float, lines: Sequence[str], **look: object) -> bool:
        """Words around a place, else to its right or left, if there is room."""
        wide = max(draw.ems(re.sub("<[^>]*>", "", line)) for line in lines) * EM * 1.03
        for at, left, shift in (("center", wide / 2, 0), ("left", REACH, -REACH), ("right", wide - REACH, REACH)):
            start, half = x * PHONE - left, LINE * len(lines) / 2
            box = (start, start + wide, middle - half, middle + half)
            if start >= 0 and start + wide <= PHONE and not any(_overlap(box, other) for other in self.taken):
                self.taken.append(box)
                self.sheet.say(x, middle, lines, at=at, middle=True, shift=shift, **look)
                return True
        return False


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]

"""Axes that show values: a few round ticks, their words in the language and the unit of the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bluebook.charts.canvas import plain
from bluebook.charts.colours import AXIS
from bluebook.charts.lettering import pixels
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import POINTS, bare, magnitude, with_unit

TICK_SIZE = 12  # px


@dataclass(frozen=True)
class SubplotAxes:
    """What plotly calls the axes of one of several plots of a figure, by its place from 0.

    >>> SubplotAxes(0).x, SubplotAxes(2).of_trace, SubplotAxes(2).x_layout
    ('x', {'xaxis': 'x3', 'yaxis': 'y3'}, 'xaxis3')
    """

    place: int

    @property
    def _number(self) -> str:
        return "" if self.place == 0 else str(self.place + 1)

    @property
    def x(self) -> str:
        return f"x{self._number}"

    @property
    def y(self) -> str:
        return f"y{self._number}"

    @property
    def of_trace(self) -> dict[str, str]:
        """As a trace names them."""
        return {"xaxis": self.x, "yaxis": self.y}

    @property
    def x_layout(self) -> str:
        """As the layout names the axis of x."""
        return f"xaxis{self._number}"

    @property
    def y_layout(self) -> str:
        return f"yaxis{self._number}"


def ticks(low: Fraction, high: Fraction, most: int) -> list[Fraction]:
    """At most `most` + 1 round numbers from `low` to `high`, evenly apart.

    >>> [float(tick) for tick in ticks(Fraction(0), Fraction(379, 1000), 4)]
    [0.0, 0.1, 0.2, 0.3]
    """
    if high <= low:
        return [low]
    step = _round_step((high - low) / most)
    first = math.ceil(low / step)
    last = math.floor(high / step)
    return [step * n for n in range(first, last + 1)]


def _round_step(least: Fraction) -> Fraction:
    """The smallest of 1, 2, 5 times a power of ten that is no smaller."""
    size = Fraction(10) ** math.floor(math.log10(least))
    for times in (1, 2, 5, 10):
        if size * times >= least:
            return size * times
    return size * 10


def powers_of_ten(low: Fraction, high: Fraction) -> tuple[int, int]:
    """The exponents around positive numbers: 10 to the first is at most `low`, to the last at least `high`.

    >>> powers_of_ten(Fraction(11), Fraction(707))
    (1, 3)
    """
    first = math.floor(math.log10(low))
    last = math.ceil(math.log10(high))
    return first, max(last, first + 1)


def tick_words(values: Sequence[Fraction], like: Quantity, *, unit: bool = True) -> list[str]:
    """The words of ticks: of one size, and the last of them says the unit: 0, 10, 20, 30亿元.

    >>> like = Quantity(*[Fraction(3 * 10**9)] * 3, unit="元", lang="en")
    >>> tick_words([Fraction(n * 10**9) for n in range(4)], like)
    ['0', '1', '2', 'CNY 3 billion']
    """
    if like.as_percent:
        return [f"{_decimal(value * 100):f}%" for value in values]
    times = POINTS.get(like.unit, 1)
    numbers = [_decimal(value * times) for value in values]
    largest = max((abs(number) for number in numbers), default=Decimal(0))
    size = magnitude(largest, like.lang)
    words = [_written(number / size, like.lang) for number in numbers]
    if numbers and numbers[-1]:
        last = bare(numbers[-1], like.lang)
        count = 1 if last == "1" else None
        words[-1] = last
        if unit:
            words[-1] = with_unit(last, like.unit, like.lang, count=count)
    return words


def _written(number: Decimal, lang: str) -> str:
    if not number:
        return "0"
    sign = "−" if number < 0 else ""
    size = abs(number).normalize() + 0  # the zero takes away an exponent
    return sign + bare(size, lang)


def _decimal(value: Fraction) -> Decimal:
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return quotient.normalize() + Decimal(0)


def power_words(value: Fraction, like: Quantity) -> str:
    """A power of ten; a percentage where the numbers are some.

    >>> power_words(Fraction(1000), Quantity(*[Fraction(1)] * 3, lang="en"))
    '1,000'
    """
    if like.as_percent:
        return f"{_decimal(value * 100):,f}%"
    times = POINTS.get(like.unit, 1)
    return bare(_decimal(value * times), like.lang)


def value_axis(low: Fraction, high: Fraction, like: Quantity, *, most: int = 5) -> dict[str, Any]:
    """plotly's axis from `low` to `high`, in the unit of a number like `like`."""
    values = ticks(low, high, most)
    has_zero = low <= 0 <= high
    axis: dict[str, Any] = {"range": [plain(low), plain(high)]}
    axis["tickvals"] = [plain(value) for value in values]
    axis["ticktext"] = tick_words(values, like)
    axis["tickangle"] = 0
    axis["showgrid"] = True
    axis["zeroline"] = has_zero
    axis["zerolinecolor"] = AXIS
    axis["zerolinewidth"] = 1
    return axis


def log_axis(low: Fraction, high: Fraction, like: Quantity, *, most: int = 6) -> dict[str, Any]:
    """plotly's logarithmic axis from a little below one positive number to another, ticks at powers of ten."""
    start = math.log10(low)
    end = math.log10(high)
    left = start - 0.04 * (end - start) - 0.03
    values = _powers(low, high, most)
    axis: dict[str, Any] = {"type": "log", "range": [left, end]}
    axis["tickvals"] = [plain(value) for value in values]
    axis["ticktext"] = [power_words(value, like) for value in values]
    axis["tickangle"] = 0
    axis["showgrid"] = True
    return axis


def _powers(low: Fraction, high: Fraction, most: int) -> list[Fraction]:
    """At most so many powers of ten, evenly apart, around two positive numbers."""
    first, last = powers_of_ten(low, high)
    step = math.ceil((last - first + 1) / most)
    return [Fraction(10) ** exponent for exponent in range(first, last + 1, step)]


def narrow_ticks(axis: dict[str, Any], low: Fraction, high: Fraction, like: Quantity, room: float) -> dict[str, Any]:
    """Fewer ticks for a phone, if the words of all need more than `room` pixels: relayout's keys of an x axis."""
    words = axis["ticktext"]
    if _fits(words, room):
        return {}
    is_log = axis.get("type") == "log"
    for most in (4, 3, 2, 1):
        if is_log:
            values = _powers(low, high, most)
            words = [power_words(value, like) for value in values]
        else:
            values = ticks(low, high, most)
            words = tick_words(values, like)
        if _fits(words, room):
            break
    return {"xaxis.tickvals": [plain(value) for value in values], "xaxis.ticktext": words}


def _fits(words: Sequence[str], room: float) -> bool:
    needed = sum(pixels(word, TICK_SIZE) + 14 for word in words)
    return needed <= room

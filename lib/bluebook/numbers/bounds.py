"""What a printed number says: from its digits, its hedge and its unit to the interval it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.intervals import Interval
from bluebook.numbers.words import is_counted

ABOUT_AT_MOST = Fraction(1, 20)  # 约 is never wider than 5 % of its number
NEARLY_AT_MOST = Fraction(1, 10)  # 近 never reaches further below than 10 %


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printed number says.

    `value`, `low` and `high` are in plain units (元, not 亿元; 15.5% is 31/200); `scale` is what one of the printed
    number's units is worth (亿 → 10⁸, % → 1/100) and `step` what one unit of its last printed digit is worth. `lang`
    is the language it is printed in.
    """

    text: str
    value: Fraction
    low: Fraction
    high: Fraction
    low_open: bool
    high_open: bool
    unit: str
    scale: Fraction
    step: Fraction
    hedge: str
    lang: str = "zh"

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def is_empty(self) -> bool:
        """Whether no number can be meant: 近0, which is under 0 and nothing below it."""
        return self.exact and (self.low_open or self.high_open)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a number's words state: value and step without sign, in plain units; whether it is told to the last unit.

    `spoken` is what its last spoken unit is worth (三千二百 → 100); `high`, where it is two numbers in one (三五年).
    """

    value: Fraction
    step: Fraction
    scale: Fraction = Fraction(1)
    unit: str = ""
    hedge: str = ""
    is_negative: bool = False
    is_whole: bool = False
    is_halved: bool = False
    spoken: Fraction | None = None
    high: Fraction | None = None

    @property
    def is_ratio(self) -> bool:
        return not self.unit and self.scale < 1

    @property
    def signed(self) -> Fraction:
        return -self.value if self.is_negative else self.value


def printed(text: str, stated: Stated, lang: str = "zh") -> Printed:
    """The printed number with its bounds."""
    stated = _with_step(stated)
    if stated.high is not None:
        first = replace(stated, high=None)
        second = replace(first, value=stated.high)
        return between(text, first, second, lang=lang)
    bounds = _bounds(stated)
    if stated.is_negative:
        bounds = -bounds
    step = _writable_step(stated.step, stated.scale)
    return Printed(
        text,
        stated.signed,
        bounds.low,
        bounds.high,
        bounds.low_open,
        bounds.high_open,
        stated.unit,
        stated.scale,
        step,
        stated.hedge,
        lang,
    )


def between(
    text: str, first: Stated, second: Stated, *, low_open: bool = False, high_open: bool = False, lang: str = "zh"
) -> Printed:
    """The range from the one number to the other, whose value is halfway; both are included unless an end is open."""
    low, high = first.signed, second.signed
    if low > high:
        low, high = high, low
        low_open, high_open = high_open, low_open
    middle = (low + high) / 2
    step = _writable_step(min(first.step, second.step), second.scale)
    return Printed(text, middle, low, high, low_open, high_open, second.unit, second.scale, step, "between", lang)


def _writable_step(step: Fraction, scale: Fraction) -> Fraction:
    """The step that a number is written to: of thirds and the like, whose decimals never end, a hundredth."""
    has_decimals = 10**12 % scale.denominator == 0
    return step if has_decimals else Fraction(1, 100)


def leading_step(value: Fraction, step: Fraction) -> Fraction:
    """One unit of the last non-zero digit of a number printed to `step`: 90万 → 10万, 7.2万 → 0.1万."""
    steps = value / step
    if steps.denominator > 1:
        return step
    count = steps.numerator
    worth = 1
    while count and count % 10 == 0:
        count //= 10
        worth *= 10
    return step * worth


def about_reach(number: Fraction) -> Fraction:
    """How far 约 reaches to either side of a number: half a unit of its last non-zero digit, at most 5 % of it."""
    magnitude = abs(number)
    finest = Fraction(1)
    while (magnitude / finest).denominator != 1:
        finest /= 10
    half_unit = leading_step(magnitude, finest) / 2
    return min(half_unit, magnitude * ABOUT_AT_MOST)


def _with_step(stated: Stated) -> Stated:
    """A measured quantity told in words is told to its last spoken unit: 一千二百亩 to the hundred."""
    if stated.spoken is None or is_counted(stated.unit):
        return stated
    return replace(stated, step=max(stated.step, stated.spoken))


def _bounds(stated: Stated) -> Interval:
    """The bounds of a number without its sign, by its hedge."""
    value = stated.value
    hedge = stated.hedge
    is_exact = stated.is_whole and is_counted(stated.unit)
    half = Fraction(0) if is_exact else stated.step / 2
    if not hedge:
        return _around(value, half)
    unit_of_last = leading_step(value, stated.step)
    half_unit = unit_of_last / 2
    if hedge in ("over", "at least"):
        return Interval(value, value + unit_of_last, high_open=True)
    if hedge in ("under", "at most"):
        return Interval(value - half_unit, value, high_open=hedge == "under")
    if hedge == "nearly":
        reach = min(half_unit, value * NEARLY_AT_MOST)
        return Interval(value - reach, value, high_open=True)
    if hedge == "about":
        reach = min(half_unit, value * ABOUT_AT_MOST)
        return _around(value, max(half, reach))
    return _around(value, half)


def _around(value: Fraction, half: Fraction) -> Interval:
    return Interval(value - half, value + half, high_open=half > 0)

"""What a printed number says: from its digits, its hedge and its unit to the interval it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

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
        other = replace(stated, value=stated.high, high=None)
        return between(text, replace(stated, high=None), other, lang=lang)
    low, high, low_open, high_open = _bounds(stated)
    value = stated.value
    if stated.is_negative:
        value, low, high, low_open, high_open = -value, -high, -low, high_open, low_open
    unit, scale, step = stated.unit, stated.scale, stated.step
    if 10**12 % scale.denominator:  # thirds and the like: their bounds are theirs, but they are written in percent
        step = Fraction(1, 100)
    return Printed(text, value, low, high, low_open, high_open, unit, scale, step, stated.hedge, lang)


def between(
    text: str, first: Stated, second: Stated, *, low_open: bool = False, high_open: bool = False, lang: str = "zh"
) -> Printed:
    """The range from the one number to the other, whose value is halfway; both are included unless an end is open."""
    low, high = first.signed, second.signed
    if low > high:
        low, high, low_open, high_open = high, low, high_open, low_open
    step = min(first.step, second.step)
    scale = second.scale
    if 10**12 % scale.denominator:
        step = Fraction(1, 100)
    return Printed(text, (low + high) / 2, low, high, low_open, high_open, second.unit, scale, step, "between", lang)


def leading_step(value: Fraction, step: Fraction) -> Fraction:
    """One unit of the last non-zero digit of a number printed to `step`: 90万 → 10万, 7.2万 → 0.1万."""
    steps, worth = value / step, 1
    if steps.denominator > 1:
        return step
    count = steps.numerator
    while count and count % 10 == 0:
        count, worth = count // 10, worth * 10
    return step * worth


def _with_step(stated: Stated) -> Stated:
    """A measured quantity told in words is told to its last spoken unit: 一千二百亩 to the hundred."""
    if stated.spoken is None or is_counted(stated.unit):
        return stated
    return replace(stated, step=max(stated.step, stated.spoken))


def _bounds(stated: Stated) -> tuple[Fraction, Fraction, bool, bool]:
    value, step, hedge = stated.value, stated.step, stated.hedge
    is_exact = stated.is_whole and is_counted(stated.unit)
    half = Fraction(0) if is_exact else step / 2
    if not hedge:
        return value - half, value + half, False, half > 0
    unit_of_last = leading_step(value, step)
    if hedge in ("over", "at least"):
        return value, value + unit_of_last, False, True
    if hedge in ("under", "at most"):
        return value - unit_of_last / 2, value, False, hedge == "under"
    if hedge == "nearly":
        return value - min(unit_of_last / 2, value * NEARLY_AT_MOST), value, False, True
    if hedge == "about":
        half = max(half, min(unit_of_last / 2, value * ABOUT_AT_MOST))
    return value - half, value + half, False, half > 0

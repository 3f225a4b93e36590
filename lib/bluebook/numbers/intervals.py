"""Intervals with open and closed ends, in exact fractions: what a number can be, given what it was made from.

The rules are those of interval arithmetic (Moore, *Interval Analysis*, 1966). An end is open when the number there is
itself left out: 近七成 is [0.65, 0.7). The range of an operation is exact: it has every number that some choice from
the operands gives, and its ends are reached unless they are open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

End = tuple[Fraction, bool]  # a number, and whether it is left out


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; an open end is not itself included.

    >>> Interval(Fraction(1), Fraction(2)) + Interval(Fraction(3), Fraction(5))
    Interval(low=Fraction(4, 1), high=Fraction(7, 1), low_open=False, high_open=False)
    """

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    @property
    def width(self) -> Fraction:
        return self.high - self.low

    @property
    def has_zero(self) -> bool:
        """Whether zero lies within the ends, an open end included: what nothing may be divided by."""
        return self.low <= 0 <= self.high

    def holds(self, number: Fraction) -> bool:
        """Whether the number is one of the interval's.

        >>> Interval(Fraction(0), Fraction(1), high_open=True).holds(Fraction(1))
        False
        """
        above = number > self.low or (number == self.low and not self.low_open)
        below = number < self.high or (number == self.high and not self.high_open)
        return above and below

    def is_below(self, other: Interval) -> bool:
        """Whether every number of this interval is less than every number of the other."""
        touches = self.high == other.low
        return self.high < other.low or (touches and (self.high_open or other.low_open))

    def is_less(self, other: Interval) -> bool | None:
        """Whether a number here is less than one there; None where that depends on which numbers they are."""
        if self.is_below(other):
            return True
        if other.is_below(self) or other.high <= self.low:
            return False
        return None

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return not self.is_below(other) and not other.is_below(self)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __add__(self, other: Interval) -> Interval:
        low_open = self.low_open or other.low_open
        high_open = self.high_open or other.high_open
        return Interval(self.low + other.low, self.high + other.high, low_open, high_open)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        corners = [_corner(x, y) for x in self._ends() for y in other._ends()]
        return _spanned(corners)

    def __truediv__(self, other: Interval) -> Interval:
        """Raises `ZeroDivisionError` where the other interval holds zero."""
        if other.has_zero:
            raise ZeroDivisionError("an interval that holds zero")
        inverse = Interval(1 / other.high, 1 / other.low, other.high_open, other.low_open)
        return self * inverse

    def __pow__(self, exponent: int) -> Interval:
        """The range of x to a whole power; a negative one is one over the positive power."""
        if exponent < 0:
            return point(Fraction(1)) / self**-exponent
        if exponent == 0:
            return point(Fraction(1))
        ends = [(end**exponent, is_open) for end, is_open in self._ends()]
        if exponent % 2 == 0 and self.has_zero:
            ends.append((Fraction(0), not self.holds(Fraction(0))))
        return _spanned(ends)

    def absolute(self) -> Interval:
        """The range of the numbers without their sign."""
        ends = [(abs(end), is_open) for end, is_open in self._ends()]
        if self.has_zero:
            ends.append((Fraction(0), not self.holds(Fraction(0))))
        return _spanned(ends)

    def rounded(self, digits: int) -> Interval:
        """The range of the numbers rounded to so many decimals, halves away from zero."""
        return Interval(rounded(self.low, digits), rounded(self.high, digits))

    def _ends(self) -> tuple[End, End]:
        return (self.low, self.low_open), (self.high, self.high_open)


def point(number: Fraction) -> Interval:
    """The interval of one number."""
    return Interval(number, number)


def rounded(number: Fraction, digits: int) -> Fraction:
    """A number to so many decimals, a half away from zero, as statistics offices round.

    >>> rounded(Fraction(5, 2), 0), rounded(Fraction(-5, 2), 0), rounded(Fraction(1250), -2)
    (Fraction(3, 1), Fraction(-3, 1), Fraction(1300, 1))
    """
    scale = Fraction(10) ** digits
    whole = math.floor(abs(number) * scale + Fraction(1, 2))
    return (whole if number >= 0 else -whole) / scale


def _corner(x: End, y: End) -> End:
    """The product of two ends; a zero that is included makes zero whatever the other is, so that is included, too."""
    is_zero_reached = any(number == 0 and not is_open for number, is_open in (x, y))
    (first, first_open), (second, second_open) = x, y
    is_open = first_open or second_open
    return first * second, is_open and not is_zero_reached


def _spanned(ends: list[End]) -> Interval:
    """The interval from the least end to the greatest; where several are equal, one that is included decides."""
    low = min(number for number, _ in ends)
    high = max(number for number, _ in ends)
    low_open = (low, False) not in ends
    high_open = (high, False) not in ends
    return Interval(low, high, low_open, high_open)

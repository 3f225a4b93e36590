"""How a number with bounds is written: as a point where its bounds allow one, else as a range.

What is shown claims no more than the bounds. A point lies inside them, and its digits claim at least half their width,
if need be with 约 or "about".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from bluebook.messages import message
from bluebook.numbers.bounds import about_reach
from bluebook.numbers.intervals import Interval
from bluebook.numbers.text import HEDGES, Style, outward, power, power_above, to_step
from bluebook.numbers.words import is_counted

WIDER = Fraction(5, 4)  # a range is written to a digit that widens it by at most this much
SIGNIFICANT = 6  # digits that an exact number may need to be written in full; else it is rounded to three


@dataclass(frozen=True)
class Wording:
    """The words of one number; `step` is one unit of its last printed digit, None for a derived number."""

    value: Fraction
    bounds: Interval
    style: Style
    step: Fraction | None
    hedge: str

    @property
    def _is_exact(self) -> bool:
        return self.bounds.is_point

    @cached_property
    def _point(self) -> str:
        """The number as one; empty where a range must be shown."""
        if self.hedge == "between":
            return ""
        if self.step is not None:
            return self._printed_point(self.step)
        if self._is_exact:
            return self._exact_point()
        return self._derived_point()

    @property
    def is_range(self) -> bool:
        """Whether it is shown as a range, because no point says what its bounds allow."""
        return not self._point

    @cached_property
    def text(self) -> str:
        """The number in words: a point or a range."""
        if self._point:
            return self._point
        low, high = self._printed_ends() if self.hedge == "between" else self._range_ends()
        return self.style.range(low, high, self.least_step)

    @property
    def bounds_text(self) -> str:
        """The bounds in words, rounded outward, and which end is left out; `exact` where the number is one."""
        if self._is_exact:
            return message(self.style.lang, "quantity.exact")
        low, high = self._written_ends()
        is_open = (self.bounds.low_open, self.bounds.high_open)
        return self.style.range(low, high, self.least_step, is_open=is_open)

    @property
    def written_bounds(self) -> Interval:
        """The bounds as `bounds_text` has them."""
        if self._is_exact:
            return self.bounds
        low, high = self._written_ends()
        return Interval(Fraction(low), Fraction(high))

    # as one number

    def _printed_point(self, step: Fraction) -> str:
        """A printed number with its hedge; where that is 约, nothing if “about” would claim more: 约三成 is 25–35%."""
        number = to_step(self.value, step)
        if not self.hedge:
            return self._point_within_bounds(number, step)
        is_too_sharp = self.hedge == "about" and not self._point_within_bounds(number, step)
        return "" if is_too_sharp else self._hedged(number, step, self.hedge)

    def _derived_point(self) -> str:
        step = power_above(self.bounds.width / 2)
        number = to_step(self.value, step)
        is_within = self.bounds.holds(Fraction(number))
        return self._point_within_bounds(number, step) if is_within else ""

    def _point_within_bounds(self, number: Decimal, step: Fraction) -> str:
        """One number, with “about” where its digits alone would claim too much; nothing where they do even so."""
        needed = self.bounds.width / 2
        claimed = self._claimed(number, step)
        if claimed >= needed:
            return self._hedged(number, step, "")
        reach_of_about = 2 * about_reach(Fraction(number))
        if max(claimed, reach_of_about) >= needed:
            return self._hedged(number, step, "about")
        return ""

    def _exact_point(self) -> str:
        """A number without bounds: in full where that takes few digits, else to three, with “about” if they mislead."""
        number = to_step(self.value, self.least_step)
        error = abs(Fraction(number) - self.value)
        misleads = error > self._claimed(number, self.least_step) / 2
        hedge = "about" if misleads else ""
        return self._hedged(number, self.least_step, hedge)

    def _claimed(self, number: Decimal, step: Fraction) -> Fraction:
        """How wide a range the digits of a number claim."""
        return self.style.claims(number, step, is_counted=is_counted(self.style.unit))

    def _hedged(self, number: Decimal, step: Fraction, hedge: str) -> str:
        if not hedge:
            return self.style.number(number, step)
        size = self.style.number(number.copy_abs(), step)
        hedged = message(self.style.lang, HEDGES[hedge], number=size)
        return hedged if number >= 0 else self.style.fall(hedged)

    # as two

    def _printed_ends(self) -> tuple[Decimal, Decimal]:
        """The ends of a printed range, as they were printed."""
        return to_step(self.bounds.low, self.least_step), to_step(self.bounds.high, self.least_step)

    def _written_ends(self) -> tuple[Decimal, Decimal]:
        """The bounds rounded outward to a tenth of the last digit worth writing."""
        step = self.least_step
        if not self._is_exact:
            step = min(step, power(self.bounds.width))  # 约1个 is 0.95 to 1.05
        return outward(self.bounds.low, self.bounds.high, step / 10)

    def _range_ends(self) -> tuple[Decimal, Decimal]:
        """The bounds as a range shows them: outward to the first digit that does not widen them much."""
        step = power(self.bounds.width)
        low, high = outward(self.bounds.low, self.bounds.high, step)
        shown_width = Fraction(high) - Fraction(low)
        if shown_width > WIDER * self.bounds.width:
            return outward(self.bounds.low, self.bounds.high, step / 10)
        return low, high

    # to which digit

    @cached_property
    def least_step(self) -> Fraction:
        """One unit of the last digit worth writing."""
        if self.step is not None:
            return self.step
        if not self._is_exact:
            return power(self.bounds.width)
        full_step = self._full_step()
        if full_step is not None:
            return full_step
        return power(abs(self.value)) / 100

    def _full_step(self) -> Fraction | None:
        """The step to which an exact number is written in full, if few digits do."""
        step = Fraction(1, 100) if self.style.as_percent else Fraction(1)
        if self.value.denominator == 1 and not self.style.as_percent:
            return step
        first_digit = power(abs(self.value)) if self.value else step
        while step * 10 ** (SIGNIFICANT - 1) >= first_digit:
            steps = self.value / step
            if steps.denominator == 1:
                return step
            step /= 10
        return None

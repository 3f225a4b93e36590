"""Where words find room on a drawing of given size: beside a mark, above or below it, never over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bluebook.charts.lettering import LINE, SIZE, widest
from bluebook.numbers.quantity import Quantity

LINE_STEPS = 16  # boxes that a line is taken as
REACH = 6  # px from the middle of a mark to its rim


@dataclass(frozen=True)
class Box:
    """What is taken, in px from the left and the top of the plot."""

    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True)
class Place:
    """Where words stand: px from a point of the plot, and which of their ends is there."""

    anchor: str
    shift_x: float
    shift_y: float  # upwards


@dataclass
class Frame:
    """A plot of `width` and `height` px over ranges of two axes, and what of it is taken.

    >>> frame = Frame(100, 100, (Fraction(0), Fraction(10)), (Fraction(0), Fraction(1)))
    >>> frame.across(Fraction(5)), frame.down(Fraction(1))
    (50.0, 0.0)
    """

    width: float
    height: float
    x: tuple[Fraction, Fraction]
    y: tuple[Fraction, Fraction]
    taken: list[Box] = field(default_factory=list)

    def across(self, at: Fraction) -> float:
        start, end = self.x
        return self.width * float((at - start) / (end - start))

    def down(self, value: Fraction) -> float:
        low, high = self.y
        return self.height * float((high - value) / (high - low))

    def take(self, at: Fraction, low: Fraction, high: Fraction, size: float) -> None:
        """A mark at a moment, from one value to another."""
        x = self.across(at)
        top = self.down(high) - size
        bottom = self.down(low) + size
        self.taken.append(Box(x - size, x + size, top, bottom))

    def take_line(self, start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction]) -> None:
        """A line between two points, in steps."""
        (start_at, start_value), (end_at, end_value) = start, end
        for step in range(LINE_STEPS + 1):
            part = Fraction(step, LINE_STEPS)
            x = self.across(start_at + (end_at - start_at) * part)
            y = self.down(start_value + (end_value - start_value) * part)
            self.taken.append(Box(x - 2, x + 2, y - 2, y + 2))

    def beside(self, at: Fraction, q: Quantity, lines: Sequence[str]) -> Place | None:
        """Room for lines above the mark of a number, else below it."""
        half = LINE * len(lines) / 2
        mark = self.down(q.value)
        above = min(mark - 9, self.down(q.high) - 7) - half
        below = max(mark + 9, self.down(q.low) + 7) + half
        for middle in (above, below):
            place = self.around(at, middle, lines)
            if place:
                return Place(place.anchor, place.shift_x, mark - middle)
        return None

    def around(self, at: Fraction, middle: float, lines: Sequence[str]) -> Place | None:
        """Room for lines around a moment, else to its right or left, `middle` px from the top."""
        width = widest(lines, SIZE) * 1.03
        half = LINE * len(lines) / 2
        top = middle - half
        bottom = middle + half
        if top < 0 or bottom > self.height:
            return None
        x = self.across(at)
        places = (("center", width / 2, 0), ("left", REACH, -REACH), ("right", width - REACH, REACH))
        for anchor, before, shift in places:
            left = x - before
            box = Box(left, left + width, top, bottom)
            if self._is_free(box):
                self.taken.append(box)
                return Place(anchor, shift, 0)
        return None

    def _is_free(self, box: Box) -> bool:
        is_inside = box.left >= 0 and box.right <= self.width
        return is_inside and not any(box.meets(other) for other in self.taken)

"""Where words find room on a drawing of given size: beside a mark, above or below it, never over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bluebook.charts.lettering import LINE, SIZE, widest
from bluebook.numbers.quantity import Quantity

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
        self.taken.append(Box(x - size, x + size, self.down(high) - size, self.down(low) + size))

    def take_line(self, start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction]) -> None:
        """A line between two points, in steps."""
        steps = 16
        for step in range(steps + 1):
            part = Fraction(step, steps)
            x = self.across(start[0] + (end[0] - start[0]) * part)
            y = self.down(start[1] + (end[1] - start[1]) * part)
            self.taken.append(Box(x - 2, x + 2, y - 2, y + 2))

    def beside(self, at: Fraction, q: Quantity, lines: Sequence[str]) -> Place | None:
        """Room for lines above the mark of a number, else below it."""
        half = LINE * len(lines) / 2
        above = min(self.down(q.value) - 9, self.down(q.high) - 7) - half
        below = max(self.down(q.value) + 9, self.down(q.low) + 7) + half
        for middle in (above, below):
            place = self.around(at, middle, lines)
            if place:
                return Place(place.anchor, place.shift_x, self.down(q.value) - middle)
        return None

    def around(self, at: Fraction, middle: float, lines: Sequence[str]) -> Place | None:
        """Room for lines around a moment, else to its right or left, `middle` px from the top."""
        wide, x, half = widest(lines, SIZE) * 1.03, self.across(at), LINE * len(lines) / 2
        if middle - half < 0 or middle + half > self.height:
            return None
        places = (("center", wide / 2, 0), ("left", REACH, -REACH), ("right", wide - REACH, REACH))
        for anchor, before, shift in places:
            box = Box(x - before, x - before + wide, middle - half, middle + half)
            inside = box.left >= 0 and box.right <= self.width
            if inside and not any(box.meets(other) for other in self.taken):
                self.taken.append(box)
                return Place(anchor, shift, 0)
        return None

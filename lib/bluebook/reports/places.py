"""Where one number stands among others, as far as their bounds decide it, and how such things are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import power


@dataclass(frozen=True)
class Place:
    """The place of a number among `of` numbers, from 1 for the largest; `last` differs where bounds overlap."""

    first: int
    last: int
    of: int

    def text(self, lang: str) -> str:
        """In words.

        >>> Place(1, 1, 11).text("en"), Place(2, 3, 11).text("en"), Place(2, 4, 11).text("zh")
        ('1st', '2nd or 3rd', '第2至第4位')
        """
        ends = [self.first] if self.first == self.last else [self.first, self.last]
        adjacent = self.last - self.first == 1
        if lang == "zh":
            return ("或" if adjacent else "至").join(f"第{end}" for end in ends) + "位"
        return (" or " if adjacent else " to ").join(_ordinal(end) for end in ends)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def place_of(key: str, values: Mapping[str, Quantity]) -> Place:
    """Where one of several numbers stands, as far as the bounds decide it.

    >>> from bluebook import read
    >>> place_of("b", {"a": read("9个"), "b": read("7至8个"), "c": read("8个")})
    Place(first=2, last=3, of=3)
    """
    mine = values[key]
    apart = [other for other in values.values() if other is not mine and not other.bounds.meets(mine.bounds)]
    above = [other for other in apart if other.low >= mine.high]
    return Place(1 + len(above), len(values) - (len(apart) - len(above)), len(values))


@dataclass(frozen=True)
class Sentence:
    """Words and numbers in a row; the numbers lead to their rows, as they do elsewhere."""

    parts: tuple[str | Quantity, ...]

    def _repr_html_(self) -> str:
        return "".join(part._repr_html_() if isinstance(part, Quantity) else escape(part) for part in self.parts)

    def __repr__(self) -> str:
        return "".join(str(part) for part in self.parts)


def listed(lines: Iterable[Any], lang: str) -> Sentence:
    """Items as one line of prose: “a, b and c”, “a、b和c”.

    >>> listed(["a", "b", "c"], "en")
    a, b and c
    """
    items = list(lines)
    parts: list[str | Quantity] = []
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    for at, item in enumerate(items):
        if at:
            parts.append(last if at == len(items) - 1 else comma)
        parts.append(item if isinstance(item, Quantity) else str(item))
    return Sentence(tuple(parts))


def shortened(number: Quantity) -> Quantity:
    """A derived number in three digits, its bounds and its formula unchanged; a printed one as it is.

    >>> from bluebook import read
    >>> shortened(read("155.32万人") / read("78.66平方公里")).text
    '1.97万人/平方公里'
    >>> shortened((read("397.9万人") / read("188.44万人")).percent).text
    '211%'
    """
    if not number.derived or number.value == 0:
        return number
    step = power(abs(number.value)) / 100
    if number.bounds.width / 2 > step:
        return number  # it is not known to three digits
    return replace(number, step=step)

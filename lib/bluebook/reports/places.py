"""Where one number stands among others, as far as their bounds decide it, and how such things are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from bluebook.messages import message, message_parts
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import ordinal, power


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
        first = ordinal(self.first, lang)
        last = ordinal(self.last, lang)
        if self.first == self.last:
            return message(lang, "place.one", place=first)
        is_next = self.last - self.first == 1
        key = "place.either" if is_next else "place.between"
        return message(lang, key, first=first, last=last)


def place_of(key: str, values: Mapping[str, Quantity]) -> Place:
    """Where one of several numbers stands, as far as the bounds decide it.

    >>> from bluebook import read
    >>> place_of("b", {"a": read("9个"), "b": read("7至8个"), "c": read("8个")})
    Place(first=2, last=3, of=3)
    """
    own = values[key]
    above = 0
    below = 0
    for other in values.values():
        if other is own or other.bounds.meets(own.bounds):
            continue
        if other.low >= own.high:
            above += 1
        else:
            below += 1
    return Place(1 + above, len(values) - below, len(values))


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
    items = [item if isinstance(item, Quantity) else str(item) for item in lines]
    parts: list[str | Quantity] = []
    for at, item in enumerate(items):
        if at:
            is_last = at == len(items) - 1
            parts.append(message(lang, "join.last" if is_last else "join.items"))
        parts.append(item)
    return Sentence(tuple(parts))


def sentence(lang: str, key: str, **fields: str | Quantity) -> Sentence:
    """A message whose numbers lead to their rows.

    >>> sentence("en", "label.value", label="Beds", value="56,500")
    Beds: 56,500
    """
    return Sentence(tuple(message_parts(lang, key, **fields)))


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

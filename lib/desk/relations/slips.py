"""Whether a contradiction looks like one slip: a digit, two that changed places, 万 for 亿, a sign.

Where words say only loosely what a number is of, a contradiction counts as one if a slip in one of the numbers would
explain it. Numbers of two different things seldom differ so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from bluebook.numbers.intervals import Interval, point
from desk.numerals import Numeral
from desk.relations.model import Relation

SCALES = (Fraction(10), Fraction(100), Fraction(1000), Fraction(10**4))


def is_one_slip(one: Numeral, wanted: Interval) -> bool:
    """Whether a number with one slip set right may lie in a range.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [one] = read_numerals(from_text("605家。")).numerals
    >>> is_one_slip(one, Interval(Fraction(650), Fraction(650)))
    True
    >>> is_one_slip(one, Interval(Fraction(316), Fraction(316)))
    False
    """
    value = abs(one.number.value)
    if not value:
        return False
    low, high = (wanted.low, wanted.high) if wanted.high > 0 else (-wanted.high, -wanted.low)
    half = one.range.width / 2
    for other in _with_one_slip(one.printed):
        known = value * other
        is_of_smaller_scale = other <= Fraction(1, 10)
        room = half * other if is_of_smaller_scale else half
        if known - room <= high and low <= known + room:
            return True
    return False


def _with_one_slip(printed: str) -> Iterator[Fraction]:
    """What a printed number would be, as multiples of what it is, with another digit, two exchanged, another scale."""
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", printed)
    if digits is None:
        return
    text = re.sub(r"\D", "", digits[0])
    whole = int(text)
    if not whole:
        return
    for place, sign in enumerate(text):
        for digit in "0123456789":
            if digit != sign:
                yield Fraction(int(text[:place] + digit + text[place + 1 :]), whole)
    for first, second in combinations(range(len(text)), 2):
        between = text[first + 1 : second]
        exchanged = text[:first] + text[second] + between + text[first] + text[second + 1 :]
        yield Fraction(int(exchanged), whole)
    for scale in SCALES:
        yield scale
        yield 1 / scale


def is_near(relation: Relation) -> bool:
    """Whether what is stated, and what it is held against, are within a quarter of one another.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> from desk.relations.model import total
    >>> whole, *parts = read_numerals(from_text("605家，300家，316家，40家。")).numerals
    >>> is_near(total("parts", whole, parts[:2], ("", ""))), is_near(total("parts", whole, parts[2:], ("", "")))
    (True, False)
    """
    one, other = abs(relation.left.middle), abs(relation.right.middle)
    return min(one, other) * 5 >= max(one, other) * 4


def explains(relation: Relation) -> bool:
    """Whether a quotient, which does not hold, would with one slip in one of its three numbers set right."""
    stated, part, whole = relation.numerals
    if part.range.has_zero or stated.range.has_zero or relation.right.has_zero or relation.left.has_zero:
        return False
    off = relation.right / relation.left
    return (
        is_one_slip(stated, relation.right)
        or is_one_slip(part, part.range / off)
        or is_one_slip(whole, whole.range * off)
    )


def explains_quotient(relation: Relation) -> bool:
    """Whether a quotient, which does not hold, would with one slip set right, in whatever units the three are told.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> from desk.relations.model import quotient
    >>> stated, part, whole = read_numerals(from_text("A 82.3%, B 71.9, C 86.4.")).numerals
    >>> explains_quotient(quotient("share", stated, part, whole))
    True
    """
    stated, part, whole = relation.numerals
    if relation.left.has_zero or relation.right.has_zero:
        return False
    off = relation.right / relation.left
    return (
        is_one_slip(stated, point(stated.number.value) * off)
        or is_one_slip(part, point(part.number.value) / off)
        or is_one_slip(whole, point(whole.number.value) * off)
    )


def explains_sum(relation: Relation) -> bool:
    """Whether a sum, which does not hold, would with one slip in one of its numbers set right.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> from desk.relations.model import total
    >>> whole, *parts = read_numerals(from_text("A 605, B 316, C 298.")).numerals
    >>> explains_sum(total("parts", whole, parts, ("", "")))
    True
    """
    if is_one_slip(relation.stated, relation.right):
        return True
    gap = relation.left - relation.right
    return any(is_one_slip(one, one.range + gap) for one in relation.numerals if one is not relation.stated)


def explains_difference(relation: Relation) -> bool:
    """Whether a difference, which does not hold, would with one slip in one of its three numbers set right."""
    stated, first, second = relation.numerals
    gap = relation.left - relation.right
    return (
        is_one_slip(stated, relation.right)
        or is_one_slip(first, first.range + gap)
        or is_one_slip(second, second.range - gap)
    )

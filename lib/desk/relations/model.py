"""What a document states of some of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import Interval, point
from desk.numerals import Numeral

ONE = point(Fraction(1))
# words before a number that say what it is to the level before it
YEARS = r"(?:19|20)\d\d年?末?"
RATIO_SAYS = ("比例应与两数相符", "the ratio follows from the two numbers")


@dataclass(frozen=True)
class Relation:
    """What a document states of some of its numbers: `left` is `sign` ("=" or "<=") `right`.

    `stated` is the numeral that the calculation is held against, `arithmetic` the calculation in the document's own
    numbers, `says` the relation in words (Chinese, English). One that is not `is_proved` may be meant otherwise.
    """

    kind: str
    numerals: tuple[Numeral, ...]
    stated: Numeral
    left: Interval
    sign: str
    right: Interval
    arithmetic: str
    says: tuple[str, str]
    is_proved: bool = True


def may_be_equal(one: Interval, other: Interval) -> bool:
    """Whether a number may lie in both; ranges that only touch may be right."""
    return one.low <= other.high and other.low <= one.high


def added(numerals: Sequence[Numeral]) -> Interval:
    """The sum of several numerals."""
    known = numerals[0].range
    for one in numerals[1:]:
        known = known + one.range
    return known


def written_sum(numerals: Sequence[Numeral]) -> str:
    """The sum of several numerals, as they are printed."""
    return " + ".join(one.printed for one in numerals)


def total(kind: str, whole: Numeral, parts: Sequence[Numeral], says: tuple[str, str]) -> Relation:
    """A whole and the parts that make it up.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> whole, *parts = read_numerals(from_text("企业50家，国有20家，民营30家。")).numerals
    >>> total("parts", whole, parts, ("", "")).arithmetic
    '20家 + 30家'
    """
    return Relation(
        kind=kind,
        numerals=(whole, *parts),
        stated=whole,
        left=whole.range,
        sign="=",
        right=added(parts),
        arithmetic=written_sum(parts),
        says=says,
    )


# Here and below: one call with a value for each field of a relation.
def whole_of_shares(shares: Sequence[Numeral], says: tuple[str, str]) -> Relation:
    """Shares that make up 100 %; the last of them is held against the others."""
    return Relation(
        kind="share",
        numerals=tuple(shares),
        stated=shares[-1],
        left=ONE,
        sign="=",
        right=added(shares),
        arithmetic=written_sum(shares),
        says=says,
    )


def at_most(kind: str, part: Numeral, whole: Numeral, says: tuple[str, str], limit: Interval | None = None) -> Relation:
    """What cannot be more than another; `limit` is the other's range where its own is another."""
    return Relation(
        kind=kind,
        numerals=(whole, part),
        stated=part,
        left=part.range,
        sign="<=",
        right=whole.range if limit is None else limit,
        arithmetic=f"{part.printed} ≤ {whole.printed}",
        says=says,
    )


def quotient(
    kind: str,
    stated: Numeral,
    part: Numeral,
    whole: Numeral,
    says: tuple[str, str] = RATIO_SAYS,
    left: Interval | None = None,
) -> Relation:
    """One number divided by another, which may not be zero; `left` is what is stated where its own range is another."""
    return Relation(
        kind=kind,
        numerals=(stated, part, whole),
        stated=stated,
        left=stated.range if left is None else left,
        sign="=",
        right=ONE if part is whole else part.range / whole.range,
        arithmetic=f"{part.printed} ÷ {whole.printed}",
        says=says,
    )


def difference(stated: Numeral, first: Numeral, second: Numeral, says: tuple[str, str]) -> Relation:
    """What one number is more than another.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [more, new, old] = read_numerals(from_text("增加289家，605家，316家。")).numerals
    >>> difference(more, new, old, ("", "")).arithmetic
    '605家 − 316家'
    """
    return Relation(
        kind="change",
        numerals=(stated, first, second),
        stated=stated,
        left=stated.range,
        sign="=",
        right=first.range - second.range,
        arithmetic=f"{first.printed} − {second.printed}",
        says=says,
    )


def remainder(stated: Numeral, part: Numeral, whole: Numeral, says: tuple[str, str] = RATIO_SAYS) -> Relation:
    """A rate of what is left of a whole, which may not be zero, without a part: a margin, of income without costs."""
    return Relation(
        kind="share",
        numerals=(stated, part, whole),
        stated=stated,
        left=stated.range,
        sign="=",
        right=ONE - part.range / whole.range,
        arithmetic=f"1 − {part.printed} ÷ {whole.printed}",
        says=says,
    )


def growth_of(
    stated: Numeral,
    new: Numeral,
    old: Numeral,
    says: tuple[str, str],
    left: Interval,
    numerals: tuple[Numeral, ...] = (),
) -> Relation:
    """How much one number is above another, which may not be zero.

    `numerals` are the three where they stand in another order than stated, new, old.
    """
    return Relation(
        kind="growth",
        numerals=numerals or (stated, new, old),
        stated=stated,
        left=left,
        sign="=",
        right=new.range / old.range - ONE,
        arithmetic=f"{new.printed} ÷ {old.printed} − 1",
        says=says,
    )

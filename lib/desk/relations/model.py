"""What a document states of some of its numbers: a number, and the calculation that it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import Interval, point
from desk.numerals import Numeral

ONE = point(Fraction(1))
HUNDRED = point(Fraction(100))
# words before a number that say what it is to the level before it
YEARS = r"(?:19|20)\d\d年?末?"

Statement = tuple[str, str]  # in Chinese and in English
RATIO_FOLLOWS: Statement = ("比例应与两数相符", "the ratio follows from the two numbers")


@dataclass(frozen=True)
class Calculation:
    """What some numbers of a document come to, and how that is written in the document's own numbers.

    There is no `result` where it divides by what may be zero.
    """

    numerals: tuple[Numeral, ...]
    result: Interval | None
    written: str


@dataclass(frozen=True)
class Relation:
    """What a document states of some of its numbers: a stated number is `sign` ("=" or "<=") what others come to.

    `claimed` is what is stated, where it is not the numeral's own range: a fall of 3 % is -3 %. `listed` are all the
    numerals in the order in which they are shown, where that is not the stated one and then the others. `says` is the
    relation in words (Chinese, English). One that is not `is_proved` may be meant otherwise.
    """

    kind: str
    stated: Numeral
    calculation: Calculation
    says: Statement
    sign: str = "="
    claimed: Interval | None = None
    listed: tuple[Numeral, ...] = ()
    is_proved: bool = True

    @property
    def numerals(self) -> tuple[Numeral, ...]:
        """All its numerals, in the order in which they are shown."""
        return self.listed or (self.stated, *self.calculation.numerals)

    @property
    def left(self) -> Interval:
        """The range of what is stated."""
        return self.stated.range if self.claimed is None else self.claimed

    @property
    def is_defined(self) -> bool:
        """Whether the others come to anything: what divides by what may be zero says nothing."""
        return self.calculation.result is not None

    @property
    def right(self) -> Interval:
        """The range of what the others come to; what is stated, where they come to nothing."""
        return self.calculation.result or self.left

    @property
    def arithmetic(self) -> str:
        """The calculation in the document's own numbers."""
        return self.calculation.written

    @property
    def can_hold(self) -> bool:
        """Whether some numbers within what was printed satisfy it; ranges that only touch may."""
        if self.sign == "<=":
            return self.left.low <= self.right.high
        return may_be_equal(self.left, self.right)


def may_be_equal(one: Interval, other: Interval) -> bool:
    """Whether a number may lie in both; ranges that only touch may be right."""
    return one.low <= other.high and other.low <= one.high


# calculations


def as_printed(one: Numeral) -> Calculation:
    """A number by itself."""
    return Calculation((one,), one.range, one.printed)


def sum_of(numerals: Sequence[Numeral]) -> Calculation:
    """Several numbers added.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> sum_of(read_numerals(from_text("国有20家，民营30家。")).numerals).written
    '20家 + 30家'
    """
    result = numerals[0].range
    for one in numerals[1:]:
        result = result + one.range
    written = " + ".join(one.printed for one in numerals)
    return Calculation(tuple(numerals), result, written)


def difference_of(first: Numeral, second: Numeral) -> Calculation:
    """What one number is more than another.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> difference_of(*read_numerals(from_text("605家，316家。")).numerals).written
    '605家 − 316家'
    """
    result = first.range - second.range
    return Calculation((first, second), result, f"{first.printed} − {second.printed}")


def sum_of_signed(numerals: Sequence[Numeral], signs: Sequence[int]) -> Calculation:
    """Several numbers, some added and some subtracted; `signs` has 1 or -1 for each.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> sum_of_signed(read_numerals(from_text("支出50万元，收入30万元。")).numerals, [1, -1]).written
    '50万元 − 30万元'
    """
    result = point(Fraction(0))
    words: list[str] = []
    for one, sign in zip(numerals, signs, strict=True):
        result = result + one.range if sign > 0 else result - one.range
        words += ["+" if sign > 0 else "−", one.printed]
    return Calculation(tuple(numerals), result, " ".join(words).removeprefix("+ "))


def quotient_of(part: Numeral, whole: Numeral) -> Calculation:
    """One number divided by another.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> quotient_of(*read_numerals(from_text("3家，0家")).numerals).result is None
    True
    """
    return Calculation((part, whole), _divided(part, whole), f"{part.printed} ÷ {whole.printed}")


def rest_of(part: Numeral, whole: Numeral) -> Calculation:
    """What share of a whole is left without a part: a margin, of income without costs."""
    share = _divided(part, whole)
    result = ONE - share if share else None
    return Calculation((part, whole), result, f"1 − {part.printed} ÷ {whole.printed}")


def growth_between(new: Numeral, old: Numeral) -> Calculation:
    """How much one number is above another."""
    times = _divided(new, old)
    result = times - ONE if times else None
    return Calculation((new, old), result, f"{new.printed} ÷ {old.printed} − 1")


def _divided(one: Numeral, other: Numeral) -> Interval | None:
    """One number divided by another; None by one that may be zero."""
    if other.range.has_zero:
        return None
    return ONE if one is other else one.range / other.range


# relations of several kinds


def total(kind: str, whole: Numeral, parts: Sequence[Numeral], says: Statement) -> Relation:
    """A whole and the parts that make it up."""
    return Relation(kind, whole, sum_of(parts), says)


def whole_of_shares(shares: Sequence[Numeral], says: Statement) -> Relation:
    """Shares that make up 100 %; the last of them is held against the others."""
    return Relation("share", shares[-1], sum_of(shares), says, claimed=ONE, listed=tuple(shares))


def at_most(kind: str, part: Numeral, whole: Numeral, says: Statement, limit: Interval | None = None) -> Relation:
    """What cannot be more than another number; `limit` is the other's range where its own is another."""
    most = Calculation((whole,), limit or whole.range, f"{part.printed} ≤ {whole.printed}")
    return Relation(kind, part, most, says, sign="<=", listed=(whole, part))


def quotient(
    kind: str,
    stated: Numeral,
    part: Numeral,
    whole: Numeral,
    says: Statement = RATIO_FOLLOWS,
    left: Interval | None = None,
) -> Relation:
    """A share, a ratio or an average: one number divided by another."""
    return Relation(kind, stated, quotient_of(part, whole), says, claimed=left)


def remainder(stated: Numeral, part: Numeral, whole: Numeral, says: Statement = RATIO_FOLLOWS) -> Relation:
    """A rate of what is left of a whole without a part."""
    return Relation("share", stated, rest_of(part, whole), says)


def difference(stated: Numeral, first: Numeral, second: Numeral, says: Statement) -> Relation:
    """A change, or a balance: what one number is more than another."""
    return Relation("change", stated, difference_of(first, second), says)


def same_number(first: Numeral, second: Numeral, name: str, *, is_proved: bool = True) -> Relation:
    """One quantity, by its name, that is stated in two places; the second is held against the first."""
    says = f"同一数据“{name}”两处应一致", f"“{name}” is told twice and is one number"
    return Relation("twice", second, as_printed(first), says, listed=(first, second), is_proved=is_proved)

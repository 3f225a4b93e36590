"""What a document states of some of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import Interval, point
from desk.numerals import Numeral


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


ONE = point(Fraction(1))

# words before a number that say what it is to the level before it
YEARS = r"(?:19|20)\d\d年?末?"

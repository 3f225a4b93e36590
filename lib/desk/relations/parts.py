"""Parts that make up their whole, or cannot be more than it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from desk.numerals import Numeral, Reading
from desk.relations.divisions import Division, divisions
from desk.relations.model import Relation, at_most, total
from desk.relations.slips import explains_sum, is_near

EXACT = 5  # digits of such a whole, one less where a list ends with “and”; and
MOST_TIMES = 10  # as large as its whole a part may be by a slip
BALANCE = re.compile(
    r"利润|盈余|收益|净[额增值]|顺差|损失|亏损|profit|income|loss|earnings|surplus|balance", re.IGNORECASE
)
NARROW = 5000  # times it is as large as all that its and its parts' rounding leaves open


def parts(reading: Reading) -> Iterator[Relation]:
    """Parts that make up their whole; and a part told with 其中, which cannot be more than its whole."""
    for division in divisions(reading):
        whole = division.whole
        says = ("各部分之和应等于总数", "the parts make up the whole")
        relation = total("parts", whole, division.parts, says)
        is_list = division.is_closed and len(division.parts) > 1
        if is_list or _is_exact(division):
            is_told = is_list and division.is_told and is_near(relation)
            if is_told or relation.can_hold or explains_sum(relation):
                yield relation
        elif division.is_of_which and not _may_be_less_than_parts(whole):
            for part in _right_behind(division.parts):
                if part.number.value >= 0 and not _is_far_more(part, whole):
                    yield at_most("parts", part, whole, ("部分不应大于总数", "a part is not more than its whole"))


def _is_far_more(part: Numeral, whole: Numeral) -> bool:
    """Whether a number in English is so much larger that no slip but another whole explains it; 万 for 亿 does."""
    return part.number.lang == "en" and part.range.low > MOST_TIMES * whole.range.high


def _may_be_less_than_parts(whole: Numeral) -> bool:
    """Whether a number may be less than what it includes: an age, and a profit, which includes losses."""
    return whole.number.value < 0 or whole.unit == "岁" or BALANCE.search(whole.before) is not None


def _is_exact(division: Division) -> bool:
    """Whether a whole is told to the last of many, and so its parts, so that no open list comes near it by chance."""
    whole = division.whole
    width = whole.range.width
    for one in division.parts:
        width += one.range.width
    digits = len(whole.digits.rstrip("0"))
    is_closed_by_and = re.search(r"\band $", division.parts[-1].before) is not None and division.is_told
    is_narrow = width * NARROW <= abs(whole.number.value)
    return digits >= (EXACT - 1 if is_closed_by_and else EXACT) and len(division.parts) > 1 and is_narrow


def _right_behind(listed: Sequence[Numeral]) -> list[Numeral]:
    """The parts that surely are of one 其中: the first, and what is joined to it; what stands behind a comma may be
    something else: 新增铁路639公里,其中高铁370公里,新增公路2600公里."""
    kept: list[Numeral] = []
    for one in listed:
        if kept and not re.match("[、和与及]|以及| and ", one.before):
            break
        kept.append(one)
    return kept

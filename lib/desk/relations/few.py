"""Clauses with so few numbers that what each of them is follows: two levels, and what stands between them.

Exports rose to $71.3 billion and imports to $64.8 billion, so that the surplus widened to $6.5 billion.
Of 8,640 samples tested, 8,398 met the standard, a compliance rate of 97.2%.

One word says what a number is (a surplus, a rate, a total); that it is of the others is said by nothing but that there
are no more. So what does not fit counts where one slip in a number explains it, and where either the words say more, or
the numbers have so many digits that slips seldom do by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from bluebook.numbers.intervals import point
from desk.numerals import Numeral, Reading
from desk.relations.changes import GROWN, grown_by, is_real, same_base
from desk.relations.clauses import (
    MOVE,
    SEMICOLON,
    Clause,
    clauses,
    is_difference,
    is_earlier,
    is_growth,
    is_hedged,
    is_telling,
    is_timed,
    levels_in,
    year_beside,
)
from desk.relations.divisions import is_of_kind
from desk.relations.levels import MOVED_FROM, change_of, has_own_subject
from desk.relations.listings import REST
from desk.relations.model import Relation, difference, growth_between, may_be_equal, quotient, total, whole_of_shares
from desk.relations.slips import explains, explains_difference, explains_sum, is_near, is_one_slip

MOST = 7  # numbers of a clause: with more it is open what each is of
MANY_DIGITS = 2000  # for `is_telling`, where a whole stands before all that may be its parts
TOLD_IN_TOTAL = 100  # for `is_telling`, where a word says that it is a total

# differences
GAP_BEFORE = re.compile(
    r"\b(?:gap|difference|exceed\w*)\b[^,;.\d]*$"
    r"|\b(?:so|leaving|giving|leaves|gives)\b[^;.\d]*\b(?:surplus|deficit)\b[^,;.\d]*$"
    r"|(?:差距|相差|差额|顺差|逆差|净增|净减|净流[入出]|超收|短收)[^,，。\d]*$"
)
GAP_AFTER = re.compile(r"^ ?(?:[a-z]+ ){0,2}(?:higher|lower|wider|more|fewer|less)\b")
MOVED_IN_BRACKETS = re.compile(r"^ (?:[a-z]+ )?(?:more|fewer|less|higher|lower|up|down|above|below)\b")
LIFTING = re.compile(r", (?:lifting|raising|bringing|taking|reducing|cutting|increasing|pushing)\b[^,;\d]* from $")
TO = re.compile(r"^ to $")
CAUSE = re.compile(
    r"\b(?:due|driven|because|attribut\w+|reflect\w*|contribut\w*|owing|result\w*|caused|offset)\b"
    r"|由于|因为|主要是|带动|拉动"
)  # of what stands behind it is said how much it did
RESPECTIVELY = re.compile(r"\brespective(?:ly)?\b|分别|依次")

# shares
NO_SHARE = re.compile(rf"\b{MOVE}\b|\b(?:up|down|rose|fell|grew|by|than|from|more|fewer|less|higher|lower)\b")
OUT_OF = re.compile(r"^ (?:[a-z]+ )?(?:out )?of (?:the |a total of |all |our |its |these |some )*$|^/$")
OF_ALL = re.compile(r"\bOf (?:the |a |all |our |its |these |total (?:of )?|some )*$")
OF_BRACKETS = re.compile(r"^ of [A-Za-z][A-Za-z ,'’-]{2,40} \($")
OF_THIS = re.compile(r"^[^,;.\d]{0,20}\bof (?:this|these|that|them|the total)\b")
SHARE_IN_CHINESE = re.compile(r"(?:(?<!增长)率|占|占比|比重)(?:[^,，。;；\d]{0,14})(?:为|达到?|约|的)?$")
SHARE_WORDS = re.compile(r"\b(?:account\w*|ma[dk]e?s? up|represent\w*|shares?|compris\w*|consist\w*)\b|占|比重")

# totals
TOTAL_BEFORE = re.compile(
    r"\b(?:[Tt]otal(?:led|s|ling|ed|ing)?|altogether|[Ii]n (?:all|total)|combined)\b[^,;.\d]{0,30}$"
    r"|(?:合计|共计|总计|总共|一共|总额|总数|总量|总收入|总支出|全年(?:累计|共)?(?:完成|实现)?|[两三四五六七八九十]者共?)"
    r"(?:为|达到?|约|共)?$"
)
TOTAL_AFTER = re.compile(r"^ ?(?:[a-z]+ )?(?:in (?:all|total)|altogether|(?:for|over) the (?:whole |full )?year)\b")
NO_PARTS = re.compile(r"顺差|逆差|结余|净[额增减]|平均|差额|\b(?:surplus|deficit|net|average)\b")
OVERLAPPING = re.compile("重复|重叠|交叉|overlap|double[- ]count")

DIFFERENT_BY = ("应等于两数之差", "it is the difference of the two numbers")
POINTS = ("两个百分比相差的是百分点", "two percentages differ by percentage points")
PARTS = ("各部分之和应等于总数", "the parts make up the whole")
SUM = ("合计应等于各数之和", "the total is the sum of the others")
SHARES = ("各部分占比之和应为100%", "the shares make up 100 %")


def few(reading: Reading) -> Iterator[Relation]:
    """What the few numbers of a clause are to each other.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("There were 8,916 deaths and 7,712 births, a difference of 1,204."))
    >>> [one.arithmetic for one in few(reading)]
    ['8,916 − 7,712']
    """
    for clause in clauses(reading):
        if 3 <= len(clause.numerals) <= MOST:
            yield from _differences(clause)
            yield from _growth(clause)
            yield from _growth_of_change(clause)
            yield from _points_as_growth(clause)
            yield from _shares(clause)
            yield from _totals(clause)
            yield from _shares_to_the_rest(clause)
            yield from _divided(clause)


def _differences(clause: Clause) -> Iterator[Relation]:
    """Two levels, and by how much they differ."""
    for one in clause.numerals:
        if not is_difference(one) and not MOVED_IN_BRACKETS.match(clause.behind(one)):
            continue
        levels = (
            [other for other in clause.percentages if not is_growth(other)] if one.is_points else levels_in(clause, one)
        )
        if len(levels) != 2 or CAUSE.search(clause.text) or RESPECTIVELY.search(clause.text):
            continue
        larger, smaller = sorted(levels, key=lambda other: -other.number.value)
        relation = difference(one, larger, smaller, DIFFERENT_BY)
        if relation.can_hold or (_is_sure_difference(relation, levels) and explains_difference(relation)):
            yield relation


def _is_sure_difference(relation: Relation, levels: Sequence[Numeral]) -> bool:
    one = relation.stated
    first, second = levels
    is_swing = may_be_equal(one.range, first.range + second.range)  # from a loss of 5.3 to a profit of 3.2
    if is_swing or any(other.number.value < 0 or is_hedged(other) for other in relation.numerals):
        return False
    is_last = all(other.offset < one.offset or other.line != one.line for other in levels)
    is_gap = GAP_BEFORE.search(one.before) is not None or GAP_AFTER.match(one.after) is not None
    is_of_them = is_last and (is_gap or (is_timed(*levels) and not has_own_subject(one)))
    is_lifting = not is_last and LIFTING.search(levels[0].before) is not None and TO.match(levels[1].before) is not None
    return is_of_them or is_lifting or is_telling(relation)


def _growth(clause: Clause) -> Iterator[Relation]:
    """Two levels, and the growth from one to the other."""
    if len(clause.percentages) != 1 or not is_growth(clause.percentages[0]):
        return
    [growth] = clause.percentages
    levels = [one for one in clause.amounts if not is_difference(one)]
    if len(levels) != 2 or not is_of_kind(*levels) or any(_is_real(one, clause) for one in levels):
        return
    first, second = levels
    if is_earlier(first) or 0 < year_beside(first) < year_beside(second):
        first, second = second, first
    if second.range.has_zero or second.number.value < 0:
        return
    known = change_of(growth)
    grown = growth_between(first, second)
    relation = Relation("growth", growth, grown, GROWN, claimed=known, listed=(first, second, growth))
    if not same_base([second, growth]):
        return
    is_parted = any(SEMICOLON.search(one.before) for one in clause.numerals[1:]) and growth is clause.numerals[0]
    is_told = is_timed(*levels) and not is_parted and not has_own_subject(growth)
    is_sure = is_told and not any(map(is_hedged, levels))
    if relation.can_hold or (is_sure and _explains_growth(relation)):
        yield relation


def _is_real(one: Numeral, clause: Clause) -> bool:
    return is_real(one, clause.text)


def _explains_growth(relation: Relation) -> bool:
    """Whether a growth, which does not hold, would with one slip in it or in one of the two levels set right."""
    level, prior, growth = relation.numerals
    one = point(Fraction(1))
    if relation.right.low <= -1 or relation.left.low <= -1:
        return False
    off = (one + relation.left) / (one + relation.right)
    return (
        is_one_slip(growth, relation.right)
        or is_one_slip(level, level.range * off)
        or is_one_slip(prior, prior.range / off)
    )


def _growth_of_change(clause: Clause) -> Iterator[Relation]:
    """A level, by how much it moved, and the same in per cent."""
    if len(clause.percentages) != 1 or len(clause.amounts) != 2 or not is_growth(clause.percentages[0]):
        return
    [growth] = clause.percentages
    changes = [one for one in clause.amounts if is_difference(one)]
    if len(changes) != 1:
        return
    [change] = changes
    [level] = [one for one in clause.amounts if one is not change]
    if not is_of_kind(level, change) or _is_real(level, clause) or has_own_subject(growth):
        return
    for relation in grown_by(level, change, growth, change_of(growth)):
        if relation.can_hold:
            yield relation


def _points_as_growth(clause: Clause) -> Iterator[Relation]:
    """Two percentages, and the points between them told as a growth: 32.5%, a rise of 1.7% on last year's 30.8%."""
    growths = [one for one in clause.percentages if is_growth(one)]
    levels = [one for one in clause.percentages if one not in growths]
    if len(growths) != 1 or len(levels) != 2 or any(one.range.has_zero for one in levels):
        return
    [growth] = growths
    larger, smaller = sorted(levels, key=lambda one: -one.number.value)
    grown = growth_between(larger, smaller), growth_between(smaller, larger)
    known = change_of(growth)
    magnitude = -known if known.high < 0 else known
    if not may_be_equal(magnitude, larger.range - smaller.range) or not is_timed(*levels):
        return
    relations = [Relation("growth", growth, each, POINTS, claimed=known) for each in grown]
    if not any(one.can_hold for one in relations):
        yield relations[known.high < 0]


def _shares(clause: Clause) -> Iterator[Relation]:
    """A number, another that it is of, and its share."""
    if len(clause.percentages) != 1 or len(clause.amounts) != 2:
        return
    [share] = clause.percentages
    first, second = clause.amounts
    is_bare = not first.unit and OUT_OF.match(second.before) is not None  # 98,130 of 212,400 tonnes
    if not (is_of_kind(first, second) or is_bare) or is_growth(share):
        return
    pair = (
        _part_and_whole_in_english(first, second, share)
        if share.number.lang == "en"
        else _part_and_whole(first, second, share)
    )
    if pair is None or pair[1].range.has_zero:
        return
    relation = quotient("share", share, *pair)
    if relation.can_hold or explains(relation):
        yield relation


def _part_and_whole_in_english(first: Numeral, second: Numeral, share: Numeral) -> tuple[Numeral, Numeral] | None:
    if NO_SHARE.search(share.before[-20:]):
        return None
    if OF_ALL.search(first.before):
        return second, first
    if OUT_OF.match(second.before):
        return first, second
    if OF_THIS.match(second.after) and first.sentence != second.sentence:
        return second, first
    if (
        first.offset < share.offset < second.offset
        and OF_BRACKETS.match(second.before)
        and second.after.startswith(")")
    ):
        return first, second
    return None


def _part_and_whole(first: Numeral, second: Numeral, share: Numeral) -> tuple[Numeral, Numeral] | None:
    if share.number.scale < Fraction(1, 100):
        return None  # births of a thousand people
    if MOVED_FROM.search(first.before) or is_timed(first, second) or share.is_before(first):
        return None
    if not SHARE_IN_CHINESE.search(share.before) or any(is_hedged(one) for one in (share, first, second)):
        return None
    if not all(re.search(r"\d", one.printed) for one in (share, first, second)):
        return None
    part, whole = sorted((first, second), key=lambda one: one.number.value)
    return part, whole


def _totals(clause: Clause) -> Iterator[Relation]:
    """A number that is called a total, and all others of its kind."""
    for one in clause.amounts:
        if not (TOTAL_BEFORE.search(one.before) or TOTAL_AFTER.match(one.after)):
            continue
        parts = [other for other in levels_in(clause, one) if not is_earlier(other)]
        if (
            len(parts) < 2
            or OVERLAPPING.search(clause.text)
            or any(other.number.value >= one.number.value for other in parts)
        ):
            continue
        relation = total("parts", one, parts, SUM)
        if relation.can_hold or (_are_side_by_side(parts) and _is_sure_total(relation) and explains_sum(relation)):
            yield relation


def _divided(clause: Clause) -> Iterator[Relation]:
    """A whole that comes first, and all others of its kind: 资助9268名,高中生5142名、大学生2307名、中职生1819名."""
    amounts = clause.amounts
    whole = amounts[0] if amounts else None
    if (
        whole is None
        or OF_ALL.search(whole.before)
        or is_difference(whole)
        or OVERLAPPING.search(clause.text)
        or NO_PARTS.search(clause.text)
    ):
        return
    parts = [one for one in levels_in(clause, whole) if not is_earlier(one)]
    if len(parts) < 2 or parts != amounts[1:] or any(one.number.value >= whole.number.value for one in parts):
        return
    relation = total("parts", whole, parts, PARTS)
    is_sure = is_telling(relation, MANY_DIGITS) and is_near(relation) and _are_side_by_side(parts)
    if relation.can_hold or (is_sure and not any(map(is_hedged, amounts)) and explains_sum(relation)):
        yield relation


def _is_sure_total(relation: Relation) -> bool:
    """Whether a total is near what it should be the sum of, or has many digits."""
    if any(is_hedged(one) for one in relation.numerals):
        return False
    return is_telling(relation, TOLD_IN_TOTAL) and (is_near(relation) or is_telling(relation))


def _are_side_by_side(parts: Sequence[Numeral]) -> bool:
    """Whether none of some numbers is the sum of two others, or the same as another."""
    for place, first in enumerate(parts):
        for second in parts[place + 1 :]:
            both = first.range + second.range
            if first.number.value == second.number.value or any(may_be_equal(one.range, both) for one in parts):
                return False
    return True


def _shares_to_the_rest(clause: Clause) -> Iterator[Relation]:
    """Shares of which the last is of all others."""
    shares = clause.percentages
    if len(shares) < 3 or any(is_growth(one) for one in shares) or len({one.sentence for one in shares}) > 1:
        return
    if not SHARE_WORDS.search(clause.text):
        return
    last = shares[-1]
    are_in_brackets = any(one.after.startswith(")") for one in shares)
    if are_in_brackets or REST.search(last.before) is None or not all(re.search(r"\d", one.printed) for one in shares):
        return
    relation = whole_of_shares(shares, SHARES)
    if relation.can_hold or explains_sum_to_all(relation):
        yield relation


def explains_sum_to_all(relation: Relation) -> bool:
    gap = relation.left - relation.right
    return any(is_one_slip(one, one.range + gap) for one in relation.numerals)

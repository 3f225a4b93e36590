"""Percentages and numbers of times, against what they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.divisions import Division, divisions, is_move
from desk.relations.levels import is_prior
from desk.relations.lookup import SHARE_OF, SHORTEST_ABOVE, amounts_above, find_named, is_named
from desk.relations.model import Relation, quotient, whole_of_shares
from desk.relations.slips import explains, is_near

# shares and ratios

OF_IT = re.compile(r"^(?:左右|以上)?(?:\([^)]*\)|\))?的$")
SHARE_BARE = re.compile(r"(?:占比?|占比为|占全部|占总数的?|比重为|占比达)(?:为|达|约)?$")
SHARE_IN_APPOSITION = re.compile(r"^,? or $")  # 4.0 billion yuan, or 45%,
RATE = re.compile(r"([一-鿿]{2})率(?:为|达|达到|约)?$")
SUBJECT = re.compile(
    r"(?:^|[,，;；、。])(?!占)([一-鿿()]{2,12}?)所?(?:占比|占(?!比)[^,，。;；占]{2,16}的?(?:比重|比例)?|比重)(?:为|达|约)?$"
)
SHARES_LISTED = re.compile(r"(?:占比|比重|比例)(?:依次|分别)为?$|分别占[^,，。]{0,10}$")


DONE = {"结案": re.compile("[审办执][^,，]{0,2}结")}  # what a rate counts, in other words
BASES = re.compile(
    "毕业生|受理|申[报请]|应|计划|总|共|立案|[接承]|登记|检|抽|参加|报名|安排|投诉|上报|下达|征集|收到|转办|交办|摸排|发现"
)  # words for what a rate of those done is of
ACCOUNTS = re.compile(r"account|made up|contribut|of which|including|share")
PART_BEHIND = re.compile(r"^[,，](?:即|共|约)?(?:为|达|有|计)$")
PLAN_OF = re.compile(r"(?:完成|为|达)(?:年初|调整|年度|全年)?(?:预算|计划|目标)数?的$")
PLAN_BEHIND = re.compile(r"^\((?:年初|调整|年度|全年)?(?:预算|计划|目标)数?(?:为|是)?$")


def shares(reading: Reading) -> Iterator[Relation]:
    """A percentage or a number of times, against what it is of."""
    known = divisions(reading)
    for sentence in reading.sentences:
        carried: Numeral | None = None
        for place, one in enumerate(sentence.numerals):
            if not (one.is_percent or one.unit == "倍"):
                continue
            told = list(_share(one, sentence.numerals[:place], sentence, known, reading))
            if not told and carried is not None:
                told = list(_goes_on(one, sentence.numerals[:place], carried))
            elif told:
                carried = told[-1].numerals[2] if SHARE_OF.search(one.before) else None
            yield from told
        yield from _listed_shares(sentence, known)


def _share(
    one: Numeral, above: Sequence[Numeral], sentence: Sentence, known: Sequence[Division], reading: Reading
) -> Iterator[Relation]:
    subject = SUBJECT.search(one.before)
    if subject and not above and one.measure != "growth":
        yield from _share_of_subject(one, subject[1], sentence, known, reading)
    if not above:
        return
    last = above[-1]
    if OF_IT.match(one.before) and last.is_amount:
        part = _last_like(last, above[:-1])
        if part is not None and not is_move(part) and not last.range.has_zero:
            yield quotient("ratio" if one.unit else "share", one, part, last)
        return
    if one.measure == "growth" or SHARES_LISTED.search(one.before):
        return
    if subject:
        yield from _share_of_subject(one, subject[1], sentence, known, reading)
        return
    part = _last_amount(above)
    if part is None or _is_percent_between(part, above, one) or re.search(r"\d", one.before):
        return  # a number between that is none to us may be the part
    whole = _whole_of_share(one, part, above, sentence, known, reading)
    if whole is not None and whole is not part and not whole.range.has_zero:
        yield from _if_likely(quotient("share", one, part, whole))


def _goes_on(one: Numeral, above: Sequence[Numeral], whole: Numeral) -> Iterator[Relation]:
    """A bare share behind one that names its whole: 一般贸易1218亿元,占总值的65.4%;加工贸易386亿元,占20.7%."""
    part = _last_amount(above)
    if part is None or part is whole or not SHARE_BARE.search(one.before) or not part.is_like(whole):
        return
    if not _is_percent_between(part, above, one):
        relation = quotient("share", one, part, whole)
        if relation.can_hold or explains(relation):
            yield relation


def _if_likely(relation: Relation) -> Iterator[Relation]:
    """A share of a whole, where it holds, or one slip explains that it does not.

    In one sentence it need not be explained; in English it must be near.
    """
    share, part, whole = relation.numerals
    is_of_it = whole.sentence == share.sentence and part.range.low <= whole.range.high
    is_told = is_of_it and (share.number.lang == "zh" or is_near(relation))
    if is_told or relation.can_hold or explains(relation):
        yield relation


def _last_amount(above: Sequence[Numeral]) -> Numeral | None:
    """The last amount of some numbers that is no level of the year before: 2036.9亿元(2022年为1894.2亿元),占65.0%."""
    for other in reversed(above):
        if other.is_amount and not (is_prior(other) and "(" in other.before and other is not above[0]):
            return other
    return None


def _is_percent_between(part: Numeral, above: Sequence[Numeral], one: Numeral) -> bool:
    """Whether another percentage stands behind the part: then it is that one's, but for growth before 占…的."""
    between = [other for other in above if other.is_percent and other.offset > part.offset]
    if SHARE_OF.search(one.before) or SHARE_BARE.search(one.before):
        between = [other for other in between if other.measure != "growth"]
    return bool(between)


def _whole_of_share(
    one: Numeral,
    part: Numeral,
    above: Sequence[Numeral],
    sentence: Sentence,
    known: Sequence[Division],
    reading: Reading,
) -> Numeral | None:
    """What the words before a percentage say that the part is of."""
    is_in_apposition = SHARE_IN_APPOSITION.match(one.before) is not None and part is above[-1]
    if SHARE_BARE.search(one.before) or is_in_apposition:
        whole = _whole_in_division(part, known, is_of_which=True)
        if whole is not None and _is_of_something_else(whole, above):
            return None
        if whole is None and part is above[-1]:
            whole = _summed_up(part, above)
        return whole
    said = SHARE_OF.search(one.before)
    if said:
        return find_named(said[1], part, sentence, reading)
    rate = RATE.search(one.before)
    if rate and is_counted_by_rate(rate[1], part) and one.number.scale >= Fraction(1, 100):
        return None if _is_one_of_several(part, known) else _before_part(part, above, known)
    if rate and part is above[-1] and one.number.scale >= Fraction(1, 100):
        return _whole_of_one_part(part, one, known)
    if one.before.endswith("(") and one.after.startswith(")"):
        return _whole_in_brackets(part, above, known)
    return None


def is_counted_by_rate(name: str, part: Numeral) -> bool:
    """Whether a number is what a rate counts: 结案率, of 审结11件."""
    words = DONE.get(name)
    return name in part.before or (words is not None and words.search(part.before) is not None)


def _is_of_something_else(whole: Numeral, above: Sequence[Numeral]) -> bool:
    """Whether the whole itself is told as a share of another: 86.5万人,占户籍人口的21.4%;其中…62.9万人,占15.6%."""
    behind = [other for other in above if other.offset > whole.offset and other.is_percent]
    behind = [other for other in behind if SHARE_OF.search(other.before) or SHARE_BARE.search(other.before)]
    return bool(behind) and _last_amount_is(whole, behind[0], above)


def _last_amount_is(one: Numeral, until: Numeral, above: Sequence[Numeral]) -> bool:
    return _last_amount([other for other in above if other.offset < until.offset]) is one


def _whole_in_division(part: Numeral, known: Sequence[Division], *, is_of_which: bool = False) -> Numeral | None:
    """The whole that a part is told of; with `is_of_which` only by 其中."""
    for division in known:
        if part in division.parts and (division.is_of_which or not is_of_which):
            return division.whole
    return None


def _whole_of_one_part(part: Numeral, rate: Numeral, known: Sequence[Division]) -> Numeral | None:
    """The whole of the one part right before a rate of it: 审结36件,其中改判27件,采纳率75.0%."""
    for division in known:
        if division.parts[0] is part and division.is_of_which and not division.whole.range.has_zero:
            relation = quotient("share", rate, part, division.whole)
            fits = relation.can_hold or explains(relation)
            return division.whole if fits else None
    return None


def _is_one_of_several(part: Numeral, known: Sequence[Division]) -> bool:
    """Whether a number is one of the parts that are told of a whole, and not the whole of them."""
    return any(part in division.parts and len(division.parts) > 1 for division in known)


def _before_part(part: Numeral, above: Sequence[Numeral], known: Sequence[Division]) -> Numeral | None:
    """The amount in the part's unit right before it, which is no earlier level."""
    among = [other for other in above if other.is_like(part) and other.offset < part.offset and other.is_amount]
    among = [other for other in among if not is_prior(other)]
    among = [other for other in among if not any(other in division.parts for division in known)]
    if not among or not BASES.search(among[-1].before):
        return None
    return among[-1]


def _whole_in_brackets(part: Numeral, above: Sequence[Numeral], known: Sequence[Division]) -> Numeral | None:
    """What a part with its percentage in brackets accounts for: exports accounted for 45 billion yuan (60%)."""
    if not ACCOUNTS.search(part.before):
        return None
    for other in above:
        if other is not part and other.is_like(part):
            return other
    return _whole_in_division(part, known)


def _is_just_before(part: Numeral, share: Numeral) -> bool:
    """Whether a part stands before a share, in its sentence or the one before that."""
    return part.line == share.line and part.offset < share.offset and share.sentence - part.sentence < 2


def _share_of_subject(
    one: Numeral, subject: str, sentence: Sentence, known: Sequence[Division], reading: Reading
) -> Iterator[Relation]:
    """A percentage that says what it is of, against the numbers so named: 志愿者占常住人口的15.5%, 税收占比58.3%."""
    near = [other for other in reading.on_line(sentence.line) if other.is_amount and other.offset < one.offset]
    parts = [other for other in near if is_named(other, subject) and not is_prior(other)]
    parts = [other for other in parts if not is_move(other)]
    if not parts and len(subject) >= SHORTEST_ABOVE:
        above = list(amounts_above(sentence.line, one, reading))
        parts = [other for other in above if is_named(other, subject) and not is_prior(other)]
        parts = [other for other in parts if not is_move(other)]
    if len(parts) != 1:
        return
    part = parts[0]
    match = SHARE_OF.search(one.before)
    whole = find_named(match[1], part, sentence, reading) if match else _whole_in_division(part, known)
    if whole is not None and whole is not part and not whole.range.has_zero:
        yield from _if_likely(quotient("share", one, part, whole))


def _last_like(whole: Numeral, above: Sequence[Numeral]) -> Numeral | None:
    """The nearest number above that is told in the unit of what a percentage is of, and is no earlier level."""
    for other in reversed(above):
        if other.is_like(whole) and other.is_amount and not is_prior(other):
            return other
    return None


def _summed_up(part: Numeral, above: Sequence[Numeral]) -> Numeral | None:
    """The whole before a part in 支出386540万元,其中…三项支出合计188359万元,占48.7%."""
    is_sum_of_part = re.search("其中.*(?:合计|共计)", part.before) is not None
    near = re.split("[;；]", "".join(one.before for one in above[-3:]))[-1]
    if not is_sum_of_part and "其中" not in near:
        return None
    for other in above:
        if other is not part and other.is_like(part):
            return other
    return None


def _listed_shares(sentence: Sentence, known: Sequence[Division]) -> Iterator[Relation]:
    """占比分别为37.2%、60.2%和2.5%: each against its part, in the order of the parts."""
    run: list[Numeral] = []
    for one in sentence.numerals:
        if one.is_percent and SHARES_LISTED.search(one.before):
            run = [one]
        elif run and one.is_percent and re.fullmatch(r"[、,，和与及]+", one.before):
            run.append(one)
        elif run:
            break
    if len(run) < 2:
        return
    for division in known:
        mine = [part for part in division.parts if _is_just_before(part, run[0])]
        is_whole = all(part.range.low <= 2 * division.whole.range.high for part in mine)
        if len(mine) == len(run) and is_whole and not division.whole.range.has_zero:
            for share, part in zip(run, mine, strict=True):
                yield quotient("share", share, part, division.whole)
            if division.is_closed:
                yield whole_of_shares(run, ("各部分占比之和应为100%", "the shares make up 100 %"))
            return


def parts_of_shares(reading: Reading) -> Iterator[Relation]:
    """三级、四级手术占手术总例数的61.3%,为1.14万例: a part that stands right behind its share."""
    for sentence in reading.sentences:
        for share, part in pairwise(sentence.numerals):
            said = SHARE_OF.search(share.before)
            if not (said and share.is_percent and part.is_amount and PART_BEHIND.match(part.before)):
                continue
            whole = find_named(said[1], part, sentence, reading)
            if whole is not None and not whole.range.has_zero and not is_prior(whole):
                yield quotient("share", share, part, whole)


def performances(reading: Reading) -> Iterator[Relation]:
    """收入完成28.64亿元,为预算的102.3%(预算28.00亿元)."""
    for sentence in reading.sentences:
        for result, share, plan in zip(*(sentence.numerals[place:] for place in range(3)), strict=False):
            is_told = PLAN_OF.search(share.before) and PLAN_BEHIND.match(plan.before)
            if is_told and share.is_percent and result.is_like(plan) and not plan.range.has_zero:
                yield quotient("share", share, result, plan)

"""Levels with their changes, growth, points and the levels before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading, Sentence
from desk.relations.levels import (
    FEWER,
    IN_OTHER_WORDS,
    MORE,
    MOVED_FROM,
    MOVED_TO,
    Group,
    change_of,
    groups_of,
    is_prior,
    signed,
)
from desk.relations.model import ONE, YEARS, Calculation, Relation, at_most, growth_between, quotient

REAL = re.compile(r"不变价|可比价|实际增长|扣除价格|constant prices|in real terms|\b[Rr]eal\b")
REAL_LABELS = re.compile(r"生产总值|增加值|GDP|可支配收入|人均收入|产值", re.IGNORECASE)
NOMINAL = re.compile(r"现价|名义|当年价|nominal|current prices", re.IGNORECASE)
BASE_YEAR = re.compile(YEARS)


GOES_ON = re.compile(
    r"^\s*(?:This|That|It) (?:is|was|represent\w*|mark\w*|amount\w* to|equate\w* to|compare\w* (?:with|to))\b"
)
A_MOVE = re.compile(rf"[一-鿿](?:{MORE}|{FEWER})$")
HIGHER_THAN = re.compile(r"^ (?:[a-z]+ )?(?:higher|lower|more|fewer|less) than (?:the )?$")
REVISED = re.compile(r"\brevis(?:ed|ion)\b|\brestated\b")  # the change is of what was said, not of the thing
MOVED_BY_CHANGE = ("现值应等于原值加上增减", "the level is the earlier one and its change")
MOVED_BY_POINTS = ("两个百分比之差应等于百分点数", "the percentage is the earlier one and the points")
RISEN = re.compile(r"增加(?!值)|增长|提高|提升|上升|\b(?:rose|grew|climbed|increased|widened)\b|\bup,? from $")
NEAR = 40  # characters before a number in which its verb stands
EITHER_WAY = re.compile(r"\b(?:improvement|change|deterioration|worsening|improved|worsened)(?: of| by)? $")
RANKS = ("位", "名")
WITHOUT_DIRECTION = re.compile(r", (?:or|that is,?)(?: by)? $")  # fell from 21,340 to 18,907, or by 11.4 per cent
FALLEN = re.compile(
    r"下降|降低|减少|回落|下滑|缩短|\b(?:fell|dropped|declined|decreased|narrowed|shrank|slipped|contracted|eased)\b"
    r"|\bdown,? from $"
)
VERB_TO = re.compile(r"\b[a-z]+(?:ed|ew|ose|ell|ank) to $")  # narrowed to 2,564 from 4,885
ENDS_WITH_A_MOVE = re.compile(rf"(?:{MORE}|{FEWER})$")
BY_HOW_MUCH = re.compile(r"\bby (?:about |some )?$")
DIRECTION = ("升降应与两个时点的数相符", "it moved the way that is said")
GROWN_BY = ("增长率应与增量、现值相符", "growth follows from the level and its change")
GROWN = ("增长率应与两个时点的数相符", "growth follows from the two levels")
MONTH_AND_YEAR = r"(?:[A-Z][a-z]+ )?((?:19|20)\d\d)"
OWN_YEAR = re.compile(rf"^[^,;.()]{{0,12}}? (?:in|at the end of) (?:fiscal )?{MONTH_AND_YEAR}")  # 46,120 in 2022/23
YEAR_BEFORE = re.compile(rf"(?:the|in|on|its) {MONTH_AND_YEAR}[^\d]*$")
BASE_WORDS = "(?:from|on|since|than|compared with|compared to)(?: in)?(?: the)?(?: year)?"
BASE_BEHIND = re.compile(rf"^[^,;.()]{{0,24}}?{BASE_WORDS} {MONTH_AND_YEAR}")  # up 4.5 points from the 2008 estimate
BASE_BEFORE = re.compile(rf"{BASE_WORDS} {MONTH_AND_YEAR}[^\d]*$")
HELD_AGAINST = re.compile("上年|去年|同期|年初|" + YEARS)


def changes(reading: Reading) -> Iterator[Relation]:
    """A level with its change, its growth and the level before: 605个, 比上年增加289个, 增长91.5%, 上年为316个."""
    earlier: Sentence | None = None
    for sentence in reading.sentences:
        whole = _with_earlier(sentence, earlier)
        earlier = sentence
        if REVISED.search(whole.text):
            continue
        for group in groups_of(whole):
            yield from _of_group(group, whole)


def _with_earlier(sentence: Sentence, earlier: Sentence | None) -> Sentence:
    """A sentence that goes on about the one before (This represents an increase of 2,313), together with that."""
    if earlier is None or earlier.line != sentence.line or not GOES_ON.match(sentence.text):
        return sentence
    text = earlier.text + sentence.text
    return Sentence(earlier.line, earlier.start, text, earlier.numerals + sentence.numerals)


def _of_group(group: Group, sentence: Sentence) -> Iterator[Relation]:
    level, prior, change, growth, points = group.level, group.prior, group.change, group.growth, group.points
    is_move = prior is not None and prior.offset > level.offset and ENDS_WITH_A_MOVE.search(level.before)
    if is_move or BY_HOW_MUCH.search(level.before):
        return  # it is how much something moved
    if prior is None and is_prior(level):
        yield from _of_prior(group)
        return
    if not same_base([one for one in (prior, change, growth, points) if one is not None]):
        return
    if prior is not None and _is_how_much(level):
        if growth is not None and not prior.range.has_zero:
            grown = change_of(growth) if level.number.value < 0 else _unsigned(growth)
            yield quotient("growth", growth, level, prior, GROWN, left=grown)
        return
    if prior is not None and change is None and points is None:
        yield from _in_one_direction(prior, level)
    if prior is not None and change is not None:
        yield moved("change", level, prior, change, MOVED_BY_CHANGE, group.change_range)
    if prior is not None and points is not None:
        yield moved("points", level, prior, points, MOVED_BY_POINTS)
    if growth is None or is_real(level, sentence.text):
        return
    grown = _grown(growth, change)
    if level.is_percent and "成" in growth.printed:
        return  # 由43%提高到61%,提高近两成: it may be points
    if prior is not None and not prior.range.has_zero and prior.number.value > 0:
        numerals = level, prior, growth
        grew = growth_between(level, prior)
        if WITHOUT_DIRECTION.search(growth.before) and (grew.result or ONE).high < 0 < grown.low:
            grown = -grown
        yield Relation("growth", growth, grew, GROWN, claimed=grown, listed=numerals)
    elif change is not None and level.is_amount:
        yield from grown_by(level, change, growth, grown)


def _in_one_direction(prior: Numeral, level: Numeral) -> Iterator[Relation]:
    """A level that is said to have risen, or fallen, from another: 由316家增加到605家, rose from 316 to 605."""
    is_moved = MOVED_TO.match(level.before) is not None or VERB_TO.search(level.before) is not None
    if not MOVED_FROM.search(prior.before) or not is_moved or not level.is_like(prior):
        return
    if level.unit in RANKS or level.number.value < 0 or prior.number.value < 0:
        return  # 由369位上升到235位
    said = _last_words(level.before) + _last_words(prior.before)
    if RISEN.search(said) and not FALLEN.search(said):
        yield at_most("change", prior, level, DIRECTION)
    if FALLEN.search(said) and not RISEN.search(said):
        yield at_most("change", level, prior, DIRECTION)


def _last_words(words: str) -> str:
    """The end of some words, without the rest of one that is cut."""
    return words if len(words) <= NEAR else re.sub("^[a-z]*", "", words[-NEAR:])


def _of_prior(group: Group) -> Iterator[Relation]:
    """An earlier level whose own is not told, with what it moved by: 较年初657.9亿元增加26.3亿元,增幅4.0%."""
    before, change, growth = group.level, group.change, group.growth
    if group.prior is not None or change is None or growth is None or before.number.value <= 0 or before.range.has_zero:
        return
    is_in_order = before.offset < change.offset < growth.offset
    if is_in_order and same_base([change, growth]):
        yield quotient("growth", growth, change, before, GROWN, left=_unsigned(growth))


def _is_how_much(one: Numeral) -> bool:
    """Whether a number is how much something moved: 立案数减少84件, 882 higher than the 26,518 of last year."""
    return A_MOVE.search(signed(one)) is not None or HIGHER_THAN.match(one.after) is not None


def _unsigned(one: Numeral) -> Interval:
    return -one.range if one.number.value < 0 else one.range


def _grown(growth: Numeral, change: Numeral | None) -> Interval:
    """A growth with its sign; one that says a change in other words has its sign: fell by 312, or 2.1%."""
    grown = change_of(growth)
    if change is None or not IN_OTHER_WORDS.match(growth.before):
        return grown
    return -grown if grown.low > 0 and change_of(change).high < 0 else grown


def moved(
    kind: str,
    level: Numeral,
    prior: Numeral,
    change: Numeral,
    says: tuple[str, str],
    by: Interval | None = None,
) -> Relation:
    """A level, the one before it, and how it moved; `by` is that with its sign where its own words do not say it."""
    by = change_of(change) if by is None else by
    if EITHER_WAY.search(change.before) and level.number.value < prior.number.value:
        by = -by  # a rate of what is missed improves when it falls
    is_less = by.high < 0 or change.number.value < 0
    sign = "−" if is_less else "+"
    written = f"{prior.printed} {sign} {_amount(change)}"
    return Relation(kind, level, Calculation((prior, change), prior.range + by, written), says)


def grown_by(level: Numeral, change: Numeral, growth: Numeral, grown: Interval) -> Iterator[Relation]:
    """A growth that follows from a level and its change, where the level before it cannot have been zero."""
    moved = change_of(change)
    before = level.range - moved
    if level.range.has_zero or before.has_zero or (ONE - moved / level.range).has_zero:
        return
    amount = _amount(change)
    written = f"{amount} ÷ ({level.printed} − {amount})"
    calculation = Calculation((level, change), _one_less(level.range, moved), written)
    yield Relation("growth", growth, calculation, GROWN_BY, claimed=grown, listed=(level, change, growth))


def _one_less(level: Interval, change: Interval) -> Interval:
    """level ÷ (level − change) − 1, exactly: each of the two counts once in 1 ÷ (1 − change ÷ level)."""
    return ONE / (ONE - change / level) - ONE


def _amount(change: Numeral) -> str:
    """A change as it is printed, without the words of its sign: 9个 of 减少9个."""
    return re.sub(r"^[^\d一二三四五六七八九十]+(?=[\d一二三四五六七八九十])", "", change.printed)


def same_base(roles: Sequence[Numeral]) -> bool:
    """Whether nothing says that two of them are held against different times."""
    years = set()
    are_by_year = set()
    for one in roles:
        found = _base_years(one)
        if found:
            years.add(found)
        is_in_brackets = re.search(r"\((?:19|20)\d\d年[^()]*$", one.before) is not None
        if HELD_AGAINST.search(one.before) and one.number.lang == "zh" and not is_in_brackets:
            are_by_year.add(bool(found))
    return len(years) < 2 and len(are_by_year) < 2


def _base_years(one: Numeral) -> tuple[str, ...]:
    """The years that a change is held against, or that an earlier level is of; none where the words name none."""
    if one.number.lang == "zh":
        return tuple(BASE_YEAR.findall(one.before))
    if is_prior(one):
        own = OWN_YEAR.match(one.after) or YEAR_BEFORE.search(one.before)
    else:
        own = BASE_BEHIND.match(one.after) or BASE_BEFORE.search(one.before)
    return (own[1],) if own else ()


def is_real(level: Numeral, text: str) -> bool:
    """Whether growth may be at constant prices, where levels are at current ones."""
    if REAL.search(text):
        return True
    named = level.label + level.before
    return REAL_LABELS.search(named) is not None and NOMINAL.search(text) is None

"""What there is of each: an average, or a price, against a total and a count that its words name.

公益捐赠34927笔，合计2173.8万元，笔均622元。
Our 26 shops turned over £1.94 million, or about £74,615 per shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from bluebook.numbers.intervals import point
from desk.numerals import PEOPLE, Numeral, Reading
from desk.relations.averages import DIVIDED, as_average
from desk.relations.clauses import is_hedged
from desk.relations.divisions import is_of_kind
from desk.relations.levels import MOVED_FROM, is_prior
from desk.relations.model import Relation, quotient_of
from desk.relations.slips import explains

VISITS = PEOPLE | {"人次"}
OF_EACH = re.compile(
    r"(?:(?!平)([一-鿿])均[一-鿿]{0,6}?|(?:平均)?每一?([一-鿿]{1,12}?)|(?:平均)?(亩)产)(?:约|为|达|达到)?$"
)
PRICE = re.compile(r"(?:平均单价|单价|均价)(?:约|为|达)?$")
UNITS_OF = {"人": VISITS, "案": {"件"}, "单": {"笔", "单"}, "次": {"人次", "次", "台次"}, "班": {"个"}, "场": {"场"}}
OF_WHICH = re.compile("其中|of wh(?:ich|om)")
NO_COUNT = ("日", "年", "月", "平", "天", "均")
PER = re.compile(r"^ (?:[a-z]+ )?per ([a-z]+)")
EACH = re.compile(r"\b[Ee]ach ([a-z]+) [a-z ]{2,30}$")
TIMES = {("吨", "公斤"): 1000, ("吨", "千克"): 1000}  # units of a total and of what there is of each


def each(reading: Reading) -> Iterator[Relation]:
    """An average against a total and a count before it.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("个人捐赠34927笔，合计2173.8万元，笔均622元。"))
    >>> [one.arithmetic for one in each(reading)]
    ['2173.8万元 ÷ 34927笔']
    """
    for one in reading.numerals:
        if not one.is_amount or reading.sentences[one.sentence].is_row:
            continue
        near = _near(one, reading)
        counts = _counts(one, near)
        totals = [other for other in near if other not in counts and _times(other, one) and not is_prior(other)]
        relations = [_of_each(one, total, count) for total, count in product(totals, counts) if total is not count]
        holding = [relation for relation in relations if relation.can_hold]
        if holding:
            yield holding[0]
            continue
        totals = [other for other in totals if not _is_part(other, reading)]
        if counts and totals and counts[0] is max(counts, key=lambda other: other.number.value):
            relation = _of_each(one, totals[-1], counts[0])
            if not any(map(is_hedged, relation.calculation.numerals)) and explains(relation):
                yield relation


def _is_part(one: Numeral, reading: Reading) -> bool:
    """Whether a number is told as a part of another in its sentence, or of one in the sentence before."""
    sentence = reading.sentences[one.sentence]
    if OF_WHICH.match(sentence.text.lstrip()):
        return True
    for other in sentence.numerals:
        between = sentence.text[other.end - sentence.start : one.offset - sentence.start]
        if other.is_like(one) and OF_WHICH.search(between):
            return True
    return False


def _near(one: Numeral, reading: Reading) -> list[Numeral]:
    """The amounts before a number in its clause; where that has too few, in its sentence and the one before."""
    sentence = reading.sentences[one.sentence]
    before = [other for other in sentence.numerals if other.offset < one.offset and other.is_amount]
    start = max((place.end() for place in re.finditer("[;；]", sentence.text_before(one))), default=0)
    in_clause = [other for other in before if other.offset - sentence.start >= start]
    if len(in_clause) > 1:
        return in_clause
    earlier = [other for other in reading.on_line(one.line) if other.sentence == one.sentence - 1 and other.is_amount]
    return before if len(before) > 1 else [*earlier, *before]


def _counts(one: Numeral, near: Sequence[Numeral]) -> list[Numeral]:
    """The numbers that count what there is so much of each."""
    if one.number.lang == "en":
        named = PER.match(one.after) or EACH.search(one.before)
        noun = re.sub("(?:es|s)$", "", named[1]) if named else ""
        return [other for other in near if noun and _is_called(other, noun) and not is_prior(other)]
    if PRICE.search(one.before):
        return [other for other in near if other.unit in ("辆", "台", "套", "件", "架", "艘", "只")]
    named = OF_EACH.search(one.before)
    counter = (named[1] or named[2] or named[3]) if named else ""
    if not counter or counter.startswith(NO_COUNT):
        return []
    counted = [other for other in near if _is_counted(other, counter) and not is_prior(other)]
    return [other for other in counted if not MOVED_FROM.search(other.before)]


def _is_called(one: Numeral, noun: str) -> bool:
    return re.match(rf"^ (?:(?!(?:per|of|for|by|in|a|an) )[a-z-]+ ){{0,2}}{noun}(?:e?s)?\b", one.after) is not None


def _is_counted(one: Numeral, counter: str) -> bool:
    """Whether a number counts what a word counts: 人次 of 人均, 326个 图书角 of 每个图书角."""
    unit = one.unit.split("/")[0]
    if not unit or not (unit in UNITS_OF.get(counter, {counter}) or counter.startswith(unit)):
        return False
    name = counter.removeprefix(unit)[:2]
    return len(name) < 2 or name in one.before + one.after


def _times(total: Numeral, one: Numeral) -> int:
    """How many units of what there is of each a total's unit is; 0 where the two have nothing in common."""
    if total.number.value <= one.number.value:
        return 0
    if total.unit == one.unit and (total.unit or is_of_kind(total, one)):
        return 1
    if {total.unit, one.unit} <= VISITS or (one.number.lang == "en" and is_of_kind(total, one)):
        return 1
    return TIMES.get((total.unit, one.unit), 0)


def _of_each(one: Numeral, total: Numeral, count: Numeral) -> Relation:
    """How much of a total there is of each of a count."""
    calculation = quotient_of(total, count)
    times = _times(total, one)
    if times > 1 and calculation.result is not None:
        result = calculation.result * point(Fraction(times))
        calculation = replace(calculation, result=result, written=f"{calculation.written} × {times:,}")
    return Relation("average", one, calculation, DIVIDED, claimed=as_average(one))

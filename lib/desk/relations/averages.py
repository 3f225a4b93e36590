"""Averages, rates by population, and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from bluebook.numbers.intervals import Interval, point
from desk.numerals import PEOPLE, Numeral, Reading, Sentence
from desk.relations.model import Calculation, Relation, at_most, quotient
from desk.relations.slips import explains, is_one_slip

# averages

PER = re.compile(
    r"平均每(?:一)?([一-鿿]{1,2})(?:\(?[一-鿿]{0,6}\)?)?(?:新增|约|为|达|有|开展|服务|拥有|达到)?$|([户次人])均[一-鿿]{0,6}$"
)
PER_EN = re.compile(r"^ an? ([a-z]+)|^ per ([a-z]+)")
PER_THOUSAND = re.compile(r"每(百|千|万|十万|百万)(?:名)?(?:常住)?(?:人口?|居民)")
THOUSANDS = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6}


FROM_HUNDREDS = 100  # of which an average says something
EACH = re.compile(r"^ (?:an? [a-z]+|per [a-z]+|each)\b")
RIGHT_BEHIND = re.compile(r"^[^,;.]{0,30}(?:,|,? or|,? about| \()(?: about| or)? $")
AVERAGES_EN = re.compile(r"average of $|averaging $")
SAID_OF_EACH = re.compile(r"平均每[一-鿿]([一-鿿()]{1,8}?)(?:约|为|达|有|新增)?$")
DIVIDED = ("平均数应等于总数除以个数", "the average is the total divided by the count")
A_DAY_OF_YEAR = ("日均数应等于全年数除以天数", "the daily average is the year's total divided by its days")
BY_POPULATION = ("每千（万）人拥有量应与总量和人口相符", "the rate follows from the total and the population")
NOT_ABOVE = ("不应超过限额", "it is not above its limit")
DAILY = re.compile(r"日均[一-鿿]{0,8}$")
EVERY_DAY = re.compile(r"客运|客流|供水|污水|垃圾")  # what no day is without
OF_YEAR = re.compile(r"(?:全年|年度|(?:19|20)\d\d年)[一-鿿]{0,12}$")
COUNT_OF_DAYS = re.compile(r"(?<![\d月])([1-9]\d{0,2})(?:天|个[一-鿿]{1,2}日)[^,，。;；\d]{0,12}$")
DAYS = Interval(Fraction(365), Fraction(366))
A_DAY = re.compile(r"^[,，;；]?(?:日均|平均每[天日])[一-鿿]{0,4}$")  # right behind the year's total
LIMIT = re.compile(r"(?:控制在|未超过|不超过|低于)[^,，。;；]{0,6}(?:限额|上限|限值|预算)$")
LIMIT_ABOVE = re.compile(r"(?:债务)?限额(?:为|是)?$")
BALANCE = re.compile(r"^[^,，。;；]?[,，;；][^,，。;；]{0,12}余额(?:为|是)?$")
WITHIN = re.compile(
    r"^[^。;；\d]{0,12}(?:控制在[^,，。;；\d]{0,8}限额(?:以内|之内|内)|(?:低于|未超过?|没有超过|不超过?)[^,，。;；\d]{0,8}限额)"
)


def averages(reading: Reading) -> Iterator[Relation]:
    """An average against the total and the count of its sentence: 3.85万场, 1126万小时, 平均每场292小时."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            yield from _average(one, place, sentence)
            yield from _each(one, sentence.numerals[:place])


def _average(one: Numeral, place: int, sentence: Sentence) -> Iterator[Relation]:
    if not one.is_amount or "年" in one.unit:
        return
    above = sentence.numerals[:place]
    chinese, english = PER.search(one.before), PER_EN.match(one.after)
    if chinese:
        counts = _counted_by(chinese[1] or chinese[2], one, above)
        totals = _totals_of(one, counts, sentence, is_each=bool(chinese[2]))
    elif english and AVERAGES_EN.search(one.before):
        counter = english[1] or english[2]
        beside = [other for other in sentence.numerals if not _are_parted(one, other, sentence)]
        counts = [other for other in beside if _counts_in_english(other, counter)]
        larger = [other for other in above if other.is_like(one) and other.number.value > one.number.value]
        totals = [other for other in larger if other not in counts]
    else:
        return
    if not counts or not totals or counts[-1].range.has_zero:
        return
    count, total = counts[-1], totals[-1]
    if total is count:
        return
    relation = quotient("average", one, total, count, DIVIDED, left=as_average(one))
    is_said = not (chinese and chinese[2]) or "总" in total.before
    is_near = relation.left.low < 2 * relation.right.high and relation.right.low < 2 * relation.left.high
    if is_said or relation.can_hold or (is_near and explains(relation)):
        yield relation


def _are_parted(one: Numeral, other: Numeral, sentence: Sentence) -> bool:
    """Whether a semicolon stands between two numbers of a sentence."""
    first, second = sorted(each.offset - sentence.start for each in (one, other))
    return ";" in sentence.text[first:second]


def _each(one: Numeral, above: Sequence[Numeral]) -> Iterator[Relation]:
    """36 sessions and 1,872 people, 52 a session: the two numbers right before what there were of each."""
    amounts = [other for other in above if other.is_amount and "其中" not in other.before]
    are_right_before = len(amounts) >= 2 and amounts[-2:] == [*above[-2:]]
    if not are_right_before or not EACH.match(one.after) or not RIGHT_BEHIND.match(one.before):
        return
    count, total = sorted(amounts[-2:], key=lambda other: other.number.value)
    is_moved = one.printed[0].isalpha() or one.number.value >= total.number.value
    if is_moved or count.number.value < 2 or total.number.value < FROM_HUNDREDS:
        return
    relation = quotient("average", one, total, count, DIVIDED, left=as_average(one))
    if relation.can_hold or is_one_slip(one, relation.right):
        yield relation


def _counted_by(counter: str, one: Numeral, above: Sequence[Numeral]) -> list[Numeral]:
    """The numbers before an average that count what it is for each of: 平均每场, of 3.85万场."""
    counts = [other for other in above if other.unit and counter.startswith(other.unit.split("/")[0])]
    if counter == "人":
        counts = [other for other in above if other.unit in PEOPLE] or [
            other for other in above if other.unit == "人次"
        ]
    said = SAID_OF_EACH.search(one.before)
    if any(other.unit == counter for other in counts):
        return [other for other in counts if other.unit == counter]
    if said and counts and not said[1].startswith(("新增", "开展", "服务")):
        counts = [other for other in counts if other.after.startswith(said[1]) or _is_named(other, said[1])]
    return counts


def _totals_of(one: Numeral, counts: Sequence[Numeral], sentence: Sentence, *, is_each: bool) -> list[Numeral]:
    """The numbers of a sentence in the unit of an average that it may be taken of; with 户均 the one called 总."""
    unit = one.unit.split("/")[0]
    last_count = counts[-1:]
    totals = []
    for other in sentence.numerals:
        if other.unit == unit and other is not one and other not in last_count:
            totals.append(other)
    named = re.match(r"^[一-鿿]{2,6}", one.after)
    if named:
        totals = [other for other in totals if named[0] in other.before + other.after] or totals
    if is_each:
        called = [other for other in totals if "总" in other.before]
        right_before = [other for other in totals if other in _last_amounts(one, sentence)]
        totals = called or right_before
    return totals


def _last_amounts(one: Numeral, sentence: Sentence) -> list[Numeral]:
    """The two amounts right before a number in its sentence: the total and the count, in whichever order."""
    above = [other for other in sentence.numerals if other.offset < one.offset and other.is_amount]
    return above[-2:]


def _is_named(one: Numeral, name: str) -> bool:
    """Whether the words before a number end in a name: 老旧小区改造86个 are 小区."""
    return re.search(rf"{name}(?:改造|建设|新建|共|达|有|为)?$", one.before) is not None


def _counts_in_english(one: Numeral, counter: str) -> bool:
    """Whether a number counts what an average is for each of: 366 days, of an average a day."""
    return re.match(rf"^ {counter}s?\b", one.after) is not None or one.printed.endswith(f" {counter}s")


def as_average(one: Numeral) -> Interval:
    """An average that is printed whole is rounded, even where the things themselves are counted."""
    known = one.range
    half = Fraction(1, 2)
    return Interval(known.low - half, known.high + half, high_open=True) if known.is_point else known


def daily(reading: Reading) -> Iterator[Relation]:
    """日均客运量171.0万人次, against the year's in the same sentence: of 365 or 366 days."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            total = sentence.numerals[place - 1] if place else None
            if total and A_DAY.match(one.before) and OF_YEAR.search(total.before) and total.is_like(one):
                yield _daily(one, total)
                continue
            if DAILY.search(one.before):
                yield from _of_days(one, sentence.numerals[:place])
            if not DAILY.search(one.before) or not EVERY_DAY.search(one.before):
                continue
            years = [other for other in sentence.numerals[:place] if OF_YEAR.search(other.before)]
            totals = [other for other in years if other.unit == one.unit and EVERY_DAY.search(other.before)]
            if len(totals) == 1:
                yield _daily(one, totals[0])


def _of_days(one: Numeral, above: Sequence[Numeral]) -> Iterator[Relation]:
    """暑运62天发送3968.0万人,日均64.0万人: the total right before a daily average, whose words tell its days."""
    total = above[-1] if above else None
    days = COUNT_OF_DAYS.search(total.before) if total is not None else None
    if total is None or days is None or not total.is_like(one):
        return
    relation = _daily(one, total, days[1], point(Fraction(int(days[1]))))
    if relation.can_hold or is_one_slip(one, relation.right):
        yield relation


def _daily(one: Numeral, total: Numeral, said: str = "365", days: Interval = DAYS) -> Relation:
    """So many a day of the total of a year, or of the days that are said."""
    calculation = Calculation((total,), total.range / days, f"{total.printed} ÷ {said}")
    return Relation("average", one, calculation, A_DAY_OF_YEAR, claimed=as_average(one))


def rates(reading: Reading) -> Iterator[Relation]:
    """按常住人口468.3万人计算,每千人口床位数6.68张: against the number of beds in the paragraph."""
    for sentence in reading.sentences:
        for people, one in pairwise(sentence.numerals):
            each = PER_THOUSAND.search(one.before)
            if each is None or people.range.has_zero or not re.search("按[^,，。]*人口", people.before):
                continue
            counted = _counted_before(people, one, reading)
            if counted is not None:
                yield _rate(one, counted, people, THOUSANDS[each[1]])


def _counted_before(people: Numeral, rate: Numeral, reading: Reading) -> Numeral | None:
    """The number of what a rate counts, told on its line before the number of people."""
    unit = rate.unit.split("/")[0]
    if not unit:
        return None
    for one in reading.on_line(rate.line):
        if one.offset < people.offset and one.unit == unit and "其中" not in one.before:
            return one
    return None


def _rate(rate: Numeral, counted: Numeral, people: Numeral, each: int) -> Relation:
    """So many for each thousand people."""
    result = counted.range / people.range * point(Fraction(each))
    written = f"{counted.printed} ÷ {people.printed} × {each:,}"
    return Relation("rate", rate, Calculation((counted, people), result, written), BY_POPULATION)


# limits


def limits_before(reading: Reading) -> Iterator[Relation]:
    """限额98.5亿元,余额95.2亿元,控制在限额以内."""
    for sentence in reading.sentences:
        for before, one in pairwise(sentence.numerals):
            behind = sentence.text[one.end - sentence.start :]
            is_told = LIMIT_ABOVE.search(before.before) and BALANCE.match(one.before) and WITHIN.match(behind)
            if is_told and before.is_like(one):
                yield at_most("limit", one, before, NOT_ABOVE)


def limits(reading: Reading) -> Iterator[Relation]:
    """余额41.62亿元,控制在限额43.5亿元以内."""
    for sentence in reading.sentences:
        for before, one in pairwise(sentence.numerals):
            if LIMIT.search(one.before) and before.is_like(one):
                limit = Interval(one.range.low, one.number.high)
                calculation = Calculation((one,), limit, f"{before.printed} ≤ {one.printed}")
                yield Relation("limit", before, calculation, NOT_ABOVE, sign="<=")

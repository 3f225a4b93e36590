"""Numbers that are defined by two others: balances, margins, a day's average of a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading, Sentence
from desk.relations.changes import levels_of
from desk.relations.model import ONE, Relation, quotient

HEDGES = r"(?:分别|实现|为|达|达到|约|共)*$"


@dataclass(frozen=True)
class Definition:
    """A number and the two that define it, each by the words before it."""

    stated: re.Pattern[str]
    first: re.Pattern[str]
    second: re.Pattern[str]


def _definition(stated: str, first: str, second: str) -> Definition:
    patterns = [re.compile(f"(?:{words}){HEDGES}") for words in (stated, first, second)]
    return Definition(*patterns)


EXPORTS, IMPORTS = "(?<!进)出口(?:总?[值额])?(?:完成)?", "进口(?:总?[值额])?(?:完成)?"
BALANCES = (
    _definition("(?:贸易|外贸|进出口)顺差", EXPORTS, IMPORTS),
    _definition("(?:贸易|外贸|进出口)逆差", IMPORTS, EXPORTS),
    _definition("人口自然增长|自然增长|自然增加", "出生人口|出生", "死亡人口|死亡"),
    _definition("岁入岁出短绌|岁计短绌", "岁出(?:决算数)?", "岁入(?:决算数)?"),
    _definition("岁入岁出[赓剩]余|岁计[赓剩]余", "岁入(?:决算数)?", "岁出(?:决算数)?"),
)
QUOTIENTS = (
    _definition("存贷比", "贷款余额", "存款余额"),
    _definition("(?<!归母)(?<!净)毛利率", "毛利润?", "营业收入"),
)
REMAINDERS = (
    _definition("(?:综合|总体)?毛利率", "营业成本", "营业收入"),
    _definition("产销差率", "售水量", "供水总?量"),
)
BALANCE = ("差额应等于两数之差", "the balance is the difference of the two")
SHARE = ("比率应与两数相符", "the rate follows from the two numbers")


def defined(reading: Reading) -> Iterator[Relation]:
    """What is by definition the difference, or the quotient, of two other numbers of its line.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("出口874.1亿元，进口412.3亿元，贸易顺差461.8亿元。"))
    >>> [one.arithmetic for one in defined(reading)]
    ['874.1亿元 − 412.3亿元']
    """
    for one in reading.numerals:
        for definition in BALANCES:
            if definition.stated.search(one.before) and not one.is_percent:
                yield from _balance(one, definition, reading)
        for definition in QUOTIENTS:
            if definition.stated.search(one.before) and one.is_percent:
                yield from _quotient(one, definition, reading)
        for definition in REMAINDERS:
            if definition.stated.search(one.before) and one.is_percent:
                yield from _remainder(one, definition, reading)


def _operands(one: Numeral, definition: Definition, reading: Reading) -> tuple[Numeral, Numeral] | None:
    """The two numbers that define one: each the only level of its name before it in its paragraphs, in one unit."""
    levels = _levels_near(one, reading)
    found = []
    for words in (definition.first, definition.second):
        named = [other for other in levels if words.search(other.before)]
        if len(named) != 1:
            return None
        found += named
    first, second = found
    return (first, second) if first.is_like(second) and first is not second else None


LINES_ABOVE = 3  # of the paragraphs under one heading, in which what defines a number may stand


def _levels_near(one: Numeral, reading: Reading) -> list[Numeral]:
    """The amounts that stand before a number on its line and those right above, under one heading and of one year."""
    levels = []
    for line in range(max(1, one.line - LINES_ABOVE), one.line + 1):
        for sentence in reading.sentences_on(line):
            for level in levels_of(sentence):
                is_before = (level.line, level.offset) < (one.line, one.offset)
                is_of_same = level.heading == one.heading and level.period == one.period
                if is_before and is_of_same and level.is_amount and "\t" not in sentence.text:
                    levels.append(level)
    return levels


def _balance(one: Numeral, definition: Definition, reading: Reading) -> Iterator[Relation]:
    known = _operands(one, definition, reading)
    if known is None or not one.is_like(known[0]):
        return
    first, second = known
    yield Relation(
        kind="change",
        numerals=(one, first, second),
        stated=one,
        left=one.range,
        sign="=",
        right=first.range - second.range,
        arithmetic=f"{first.printed} − {second.printed}",
        says=BALANCE,
    )


def _quotient(one: Numeral, definition: Definition, reading: Reading) -> Iterator[Relation]:
    known = _operands(one, definition, reading)
    if known is not None and not known[1].range.has_zero:
        yield quotient("share", one, *known, SHARE)


def _remainder(one: Numeral, definition: Definition, reading: Reading) -> Iterator[Relation]:
    """A rate of what is left of a whole: 毛利率, of 营业收入 without 营业成本."""
    known = _operands(one, definition, reading)
    if known is None or known[1].range.has_zero:
        return
    part, whole = known
    yield Relation(
        kind="share",
        numerals=(one, part, whole),
        stated=one,
        left=one.range,
        sign="=",
        right=ONE - part.range / whole.range,
        arithmetic=f"1 − {part.printed} ÷ {whole.printed}",
        says=SHARE,
    )


# a year's total and its average a day

OF_YEAR = re.compile(r"(?:全年|年度|本年)[^,，。;；]{0,16}$|^(?:19|20)\d\d年[^,，。;；]{0,16}$")
A_DAY = re.compile(r"^[,，;；]?(?:日均|平均每[天日])[一-鿿]{0,4}$")
DAYS = Interval(Fraction(365), Fraction(366))
DAILY = ("日均数应等于全年数除以天数", "the average a day is the year's total divided by its days")


def daily(reading: Reading) -> Iterator[Relation]:
    """全年客运量6.12亿人次，日均167.2万人次: a year has 365 or 366 days."""
    for sentence in reading.sentences:
        levels = levels_of(sentence)
        for place, one in enumerate(levels[1:], 1):
            year = levels[place - 1]
            if A_DAY.match(one.before) and OF_YEAR.search(year.before) and year.is_like(one) and one.is_amount:
                yield _daily(one, year)


def _daily(one: Numeral, year: Numeral) -> Relation:
    return Relation(
        kind="average",
        numerals=(one, year),
        stated=one,
        left=one.range,
        sign="=",
        right=year.range / DAYS,
        arithmetic=f"{year.printed} ÷ 365–366",
        says=DAILY,
    )


# shares of ages

BAND = re.compile(r"(\d{1,2})(?:[—–~～-]|至)(\d{1,2})(?:周?岁)?(?:的)?(?:人口|人员|常住人口)?")
LAST_BAND = re.compile(r"(\d{2})周?岁(?:及|\(含\))?(?:以上|及以上)")
AGES = ("各年龄段占比之和应为100%", "the shares of the ages make up 100 %")


def ages(reading: Reading) -> Iterator[Relation]:
    """0—14岁人口占16.2%，15—59岁占60.5%，60岁及以上占23.3%: ages without a gap from 0 on make up 100 %."""
    for sentence in reading.sentences:
        shares = _shares_of_ages(sentence)
        if len(shares) > 2:
            yield Relation(
                kind="share",
                numerals=tuple(shares),
                stated=shares[-1],
                left=ONE,
                sign="=",
                right=_sum(shares),
                arithmetic=" + ".join(one.printed for one in shares),
                says=AGES,
            )


def _shares_of_ages(sentence: Sentence) -> list[Numeral]:
    """The shares of a sentence's ages, where they have no gap; else none."""
    shares: list[Numeral] = []
    begins = 0
    at = sentence.start
    for one in sentence.numerals:
        if not one.is_percent or not re.search("占(?:比|总人口的?)?(?:比重|比例)?为?$", one.before):
            continue
        words = sentence.text[at - sentence.start : one.offset - sentence.start]
        at = one.end
        last, band = LAST_BAND.search(words), BAND.search(words)
        if last and int(last[1]) == begins:
            return [*shares, one]
        if band is None or int(band[1]) != begins:
            return []
        begins = int(band[2]) + 1
        shares.append(one)
    return []


def _sum(numerals: Sequence[Numeral]) -> Interval:
    known = numerals[0].range
    for one in numerals[1:]:
        known = known + one.range
    return known

"""One quantity told in two places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from desk.numerals import AIMS, Numeral, Reading, Sentence
from desk.relations.changes import MOVED_BY_CHANGE, is_real, moved
from desk.relations.divisions import divisions
from desk.relations.levels import Group, change_of, groups_of, is_prior, levels_of
from desk.relations.model import Relation, growth_between, same_number
from desk.relations.names import (
    CUMULATIVE,
    bare_name,
    is_of_one_scope,
    is_same_place,
    is_same_time,
    name_of_group,
    names_of,
)
from desk.relations.slips import is_one_slip

SHORTEST, LONGEST = 3, 16  # characters of a name


FEWEST_DIGITS = 3  # with fewer, two numbers of different things are often one digit apart
ITEM = re.compile(r"(?P<brackets>[(][一二三四五六七八九十\d]+[)])|(?P<circle>[①-⑳])|(?P<number>\d{1,2}[、.]\s?(?=\D))")
NEIGHBOURS = 10  # lines between items of one list
SUMMARY = re.compile("^(?:综上|总之|总的来看|概括起来|一句话|综合来看)")
COMMON = {"全市", "全年", "全区", "全县", "提供", "服务", "达到", "共有", "实现", "完成", "总数", "人口"}
ON_LAST_YEAR = re.compile("比上年|较上年|比去年|较去年")
ON_GROWN = ("增长率应与上年数相符", "growth follows from the level of the year before")


def twice(reading: Reading) -> Iterator[Relation]:
    """One quantity told in two places: same name, same unit, same year; each is held against the first."""
    named: dict[str, list[Numeral]] = {}
    behind: list[tuple[Numeral, str]] = []
    priors: dict[int, Numeral] = {}
    for sentence in reading.sentences:
        if sentence.is_row:
            continue
        for group in groups_of(sentence):
            one = group.level
            if group.prior is not None:
                priors[id(one)] = group.prior
            if AIMS.search(sentence.text_before(one)):
                continue
            _, following = names_of(one)
            name = name_of_group(group)
            if name:
                named.setdefault(name, []).append(one)
            if following:
                behind.append((one, following))
    named = {name: told for name, told in named.items() if not _is_of_many(told)}
    pairs: list[tuple[Numeral, Numeral, str]] = []
    for name, told in named.items():
        for place, one in enumerate(told[1:], 1):
            pairs += _with_first(one, told[:place], name, reading.year)
    for one, words in behind:
        lengths = range(min(len(words), LONGEST), SHORTEST - 1, -1)
        name = next((words[:length] for length in lengths if words[:length] in named), "")
        pairs += _with_first(one, named.get(name, []), name, reading.year)
    listed = {id(part) for division in divisions(reading) for part in division.parts}
    for first, second, name in pairs:
        is_stale = any(_is_prior_of(one, other, priors) for one, other in ((first, second), (second, first)))
        is_listed = id(first) in listed or id(second) in listed
        is_one = is_stale or may_be_slip(first, second)
        if _have_one_subject(first, second, reading) and not _are_items_of_a_list(first, second, reading):
            yield same_number(first, second, name, is_proved=is_one and not is_listed)


def _with_first(one: Numeral, told: Sequence[Numeral], name: str, year: str) -> list[tuple[Numeral, Numeral, str]]:
    """A number with the first of those told before that may be the same, in the order of the text."""
    for other in told:
        if other is not one and one.is_like(other) and is_same_time(one, other, year) and is_same_place(one, other):
            first, second = sorted((one, other), key=lambda each: (each.line, each.offset))
            return [(first, second, name)]
    return []


def _have_one_subject(one: Numeral, other: Numeral, reading: Reading) -> bool:
    """Whether nothing before two numbers says that they are told of different things: 小学…平均班额, 初中…平均班额.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> text = "小学共有教学班58个，平均班额42.0人；初中共有教学班27个，平均班额45.0人。"
    >>> reading = read_numerals(from_text(text))
    >>> _have_one_subject(reading.numerals[1], reading.numerals[3], reading)
    False
    """
    subjects = _subject(one, reading), _subject(other, reading)
    are_alike = subjects[0] == subjects[1] or "" in subjects
    return are_alike and is_of_one_scope(one, other, reading)


def _subject(one: Numeral, reading: Reading) -> str:
    """The words that begin a number's clause between semicolons, where it is not the first number there; else ""."""
    sentence = reading.sentences[one.sentence]
    before = re.split("[;；]", sentence.text_before(one))[-1]
    names = re.split(r"\d", before)
    return re.sub(r"[,，、].*$", "", names[0]).strip() if len(names) > 1 else ""


def _are_items_of_a_list(one: Numeral, other: Numeral, reading: Reading) -> bool:
    """Whether two numbers stand in neighbouring items of a numbered list, which tell different things.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("（1）第一次增资，增资到1000万元。\\n（2）第二次增资，增资到1600万元。"))
    >>> _are_items_of_a_list(reading.numerals[0], reading.numerals[-1], reading)
    True
    """
    first, second = (ITEM.match(reading.lines[each.line - 1]) for each in (one, other))
    if first is None or second is None or abs(one.line - other.line) > NEIGHBOURS:
        return False
    return first.lastgroup == second.lastgroup and first[0] != second[0]


def _is_prior_of(one: Numeral, level: Numeral, priors: dict[int, Numeral]) -> bool:
    """Whether a number is the one of the year before that is told beside a level."""
    prior = priors.get(id(level))
    return prior is not None and prior.number.value == one.number.value


def may_be_slip(one: Numeral, other: Numeral) -> bool:
    """Whether two numbers differ as by one slip: a digit, two that changed places, 万 for 亿; no two of one digit.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> first, second, third = read_numerals(from_text("605家、650家、316家。")).numerals
    >>> may_be_slip(first, second), may_be_slip(first, third)
    (True, False)
    """
    if sorted(one.digits) == sorted(other.digits) and len(one.digits) > 1:
        return True
    if min(len(one.digits), len(other.digits)) < FEWEST_DIGITS:
        return False
    return is_one_slip(one, other.range) or is_one_slip(other, one.range)


def _is_of_many(told: Sequence[Numeral]) -> bool:
    """Whether one name has more than two different numbers of a unit: of parts, places or years, not of one thing."""
    numbers: dict[str, set[tuple[Fraction, Fraction]]] = {}
    for one in told:
        numbers.setdefault(one.unit, set()).add((one.range.low, one.range.high))
    return any(len(known) > 2 for known in numbers.values())


def summaries(reading: Reading) -> Iterator[Relation]:
    """What a sentence that sums up tells again: 综上,全市3.13万张床位, against the one number of beds above."""
    for sentence in reading.sentences:
        if not SUMMARY.match(sentence.text.strip()):
            continue
        above = [one for other in reading.sentences if other.line < sentence.line for one in levels_of(other)]
        for one in levels_of(sentence):
            words = _bigrams(one.before[-8:]) | _bigrams(re.split("[,，、。;；]", one.after)[0][:6])
            alike = [other for other in above if _may_be(one, other) and words & _bigrams(other.before[-8:])]
            if len(alike) == 1:
                yield same_number(alike[0], one, alike[0].label)


def _may_be(one: Numeral, other: Numeral) -> bool:
    if not other.is_amount or other.measure in ("average", "norm", "increase") or "其中" in other.before:
        return False
    if is_prior(other) or CUMULATIVE.search(other.before):
        return False
    return other.is_like(one)


def _bigrams(words: str) -> set[str]:
    """Each two characters that stand side by side, but for those that say nothing."""
    found = set()
    for first, second in pairwise(words):
        pair = first + second
        if re.fullmatch("[一-鿿]{2}", pair):
            found.add(pair)
    return found - COMMON


def onwards(reading: Reading) -> Iterator[Relation]:
    """A level with its change, or its growth, on the year before, whose level is told elsewhere under the same name."""
    named: dict[str, list[Numeral]] = {}
    for sentence in reading.sentences:
        for one in levels_of(sentence):
            name = bare_name(one)
            if one.is_amount and name and not sentence.is_row:
                named.setdefault(name, []).append(one)
    for sentence in reading.sentences:
        for group in groups_of(sentence):
            year = group.level.period or reading.year
            if group.prior is not None or not year or not group.level.is_amount:
                continue
            before = _of_year(str(int(year) - 1), named.get(bare_name(group.level), []), group.level)
            if before is not None:
                yield from _on(before, group, sentence)


def _of_year(year: str, told: Sequence[Numeral], like: Numeral) -> Numeral | None:
    """The one number of those that is of a year, in the unit of another."""
    found = [one for one in told if one.is_like(like) and one.period == year]
    return found[0] if len(found) == 1 else None


def _on(before: Numeral, group: Group, sentence: Sentence) -> Iterator[Relation]:
    """What a level is said to have moved by, against itself and the level of the year before."""
    level, change, growth = group.level, group.change, group.growth
    if change is not None and ON_LAST_YEAR.search(change.before):
        yield moved("change", level, before, change, MOVED_BY_CHANGE)
    if change is not None or growth is None or before.range.has_zero:
        return
    if not is_real(level, sentence.text) and ON_LAST_YEAR.search(growth.before):
        numerals = level, before, growth
        known = change_of(growth)
        grown = growth_between(level, before)
        yield Relation("growth", growth, grown, ON_GROWN, claimed=known, listed=numerals)

"""Numbers that follow by definition from two others of their paragraph: 城镇化率, 存贷比, 顺差, a trade surplus."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desk.numerals import Numeral, Reading
from desk.relations.averages import as_average
from desk.relations.levels import is_prior
from desk.relations.model import HUNDRED, Relation, difference, quotient, remainder
from desk.relations.slips import explains_difference

HAS = r"(?:为|是|达到?|约|有|共|完成|实现)*$"


LINES_ABOVE = 3  # of the paragraphs under one heading, in which what defines a number may stand
OF_A_PART = re.compile(r"\d月|季度|当月|上旬|下旬")  # of a year: its numbers are not those of the whole


IS_DIFFERENCE = ("应等于两数之差", "it is the difference of the two numbers")


@dataclass(frozen=True)
class Definition:
    """What stands before a number, and before each of the two that it follows from."""

    kind: str
    stated: re.Pattern[str]
    first: re.Pattern[str]
    second: re.Pattern[str]


def _read(table: str) -> list[Definition]:
    """The definitions of a table of definitions.toml."""
    file = Path(__file__).with_name("definitions.toml")
    content = tomllib.loads(file.read_text(encoding="utf-8"))

    def pattern(words: str) -> re.Pattern[str]:
        for name, meaning in content["words"].items():
            words = words.replace(f"{{{name}}}", meaning)
        return re.compile(words + HAS)

    definitions = []
    for row in content[table]:
        stated, first, second = pattern(row["stated"]), pattern(row["first"]), pattern(row["second"])
        definitions.append(Definition(row["kind"], stated, first, second))
    return definitions


QUOTIENTS = _read("quotient")
REMAINDERS = _read("remainder")
DIFFERENCES = _read("difference")


def definitions(reading: Reading) -> Iterator[Relation]:
    """What follows by its definition from two numbers before it, where its paragraph has each of them once.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("常住人口468.3万人，其中城镇人口331.9万人，城镇化率70.9%。"))
    >>> [one.arithmetic for one in definitions(reading)]
    ['331.9万人 ÷ 468.3万人']
    """
    for one in reading.numerals:
        if "\t" in reading.lines[one.line - 1]:
            continue
        for definition in QUOTIENTS:
            pair = _pair(one, definition, reading)
            if pair is not None and not pair[1].range.has_zero:
                yield _quotient(one, definition, *pair)
        for definition in REMAINDERS:
            pair = _pair(one, definition, reading)
            if pair is not None and one.is_percent and not pair[1].range.has_zero:
                yield remainder(one, *pair)
        for definition in DIFFERENCES:
            pair = _pair(one, definition, reading)
            if pair is not None and one.is_like(pair[0]):
                yield from _if_likely(difference(one, *pair, IS_DIFFERENCE))


def _if_likely(relation: Relation) -> Iterator[Relation]:
    """A difference that holds, or would with one slip in one of its numbers set right."""
    if relation.can_hold or explains_difference(relation):
        yield relation


def _pair(stated: Numeral, definition: Definition, reading: Reading) -> tuple[Numeral, Numeral] | None:
    """The two numbers that a number follows from."""
    if not definition.stated.search(stated.before) or OF_A_PART.search(stated.before):
        return None
    first = _only(stated, definition.first, reading)
    second = _only(stated, definition.second, reading)
    if first is None or second is None or first is second:
        return None
    are_alike = first.is_like(second) or definition.kind == "average"
    return (first, second) if are_alike else None


def _only(stated: Numeral, name: re.Pattern[str], reading: Reading) -> Numeral | None:
    """The one number that is called by a name: before another, in its sentence behind it, or in the lines above."""
    behind = []
    for one in reading.on_line(stated.line):
        if one.sentence == stated.sentence and stated.is_before(one) and _has_name(one, name, stated):
            behind.append(one)
    before = [one for one in reading.on_line(stated.line) if _is_called(one, name, stated)]
    if behind and not before:
        return behind[0] if len(behind) == 1 else None
    for line in range(stated.line, max(0, stated.line - LINES_ABOVE - 1), -1):
        called = [one for one in reading.on_line(line) if _is_called(one, name, stated)]
        if called:
            return called[0] if len(called) == 1 else None
        if "\t" in reading.lines[line - 1]:
            return None
    return None


def _is_called(one: Numeral, name: re.Pattern[str], stated: Numeral) -> bool:
    return one.is_before(stated) and _has_name(one, name, stated)


def _has_name(one: Numeral, name: re.Pattern[str], stated: Numeral) -> bool:
    is_of_same = one.heading == stated.heading and one.period == stated.period
    return is_of_same and name.search(one.before) is not None and not is_prior(one)


def _quotient(stated: Numeral, definition: Definition, part: Numeral, whole: Numeral) -> Relation:
    if definition.kind == "hundred":
        return quotient("ratio", stated, part, whole, left=stated.range / HUNDRED)
    left = as_average(stated) if definition.kind == "average" else None
    return quotient(definition.kind, stated, part, whole, left=left)

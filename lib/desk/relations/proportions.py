"""Proportions of two numbers, and the structure of the three industries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading
from desk.relations.levels import is_prior
from desk.relations.model import Relation, quotient, whole_of_shares

PROPORTION = re.compile(
    r"(?:(?<![一-鿿])|(?<=[全本我][省市区县校院])|(?<=其中))([一-鿿])([一-鿿])比(?:例)?(?:为|是|达到|达)?(\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)"
)
STRUCTURE = re.compile(
    r"三次产业(?:增加值)?(?:结构|比重|比例|占比)(?:(?:比例)?(?:由|从)[^。;；]{0,40}?(?:为|到|至|成)|(?![^,，。;；\d]{0,8}(?:由|从))[^,，。;；\d]{0,8})"
    r"(\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)"
)  # 由上年的10.8∶39.9∶49.3调整为10.5∶39.5∶50.0: what it is now
INDUSTRIES = ("第一产业", "第二产业", "第三产业")


def proportions(reading: Reading) -> Iterator[Relation]:
    """医护比为1∶1.19, against the two numbers before it that are named by 医 and 护."""
    for number, line in enumerate(reading.lines, 1):
        for match in PROPORTION.finditer(line):
            above = [one for one in reading.on_line(number) if one.end <= match.start() and one.is_amount]
            for first, second in reversed(list(pairwise(above))):
                told = list(_proportion(match, first, second))
                if told:
                    yield from told
                    break


def _proportion(match: re.Match[str], one: Numeral, other: Numeral) -> Iterator[Relation]:
    """A proportion against two numbers of one sentence that it names by their characters."""
    if not one.is_like(other) or one.sentence != other.sentence or other.range.has_zero:
        return
    if match[1] not in one.before or match[2] not in other.before:
        return
    first, second = _decimal(match[3]), _decimal(match[4])
    if second.has_zero:
        return
    told = replace(one, offset=match.start(3), end=match.end(4), printed=f"{match[3]}:{match[4]}")
    yield quotient("ratio", told, one, other, left=first / second)


def _decimal(words: str) -> Interval:
    """A bare decimal of a ratio, to half its last digit; a whole one is exact."""
    decimals = len(words.partition(".")[2])
    half = Fraction(1, 2 * 10**decimals) if decimals else Fraction(0)
    return Interval(Fraction(words) - half, Fraction(words) + half)


# structure of three industries and the like


def structures(reading: Reading) -> Iterator[Relation]:
    """三次产业结构为6.0∶41.7∶52.3: 100 % together, and each its industry's part of the total."""
    for number, line in enumerate(reading.lines, 1):
        match = STRUCTURE.search(line)
        if match is None:
            continue
        here = reading.on_line(number)
        if not here:
            continue
        shares_told = [_told_in_structure(here[0], match, group) for group in (1, 2, 3)]
        yield whole_of_shares(
            shares_told, ("三次产业占比之和应为100", "the shares of the three industries make up 100")
        )
        industries = [_industry(name, here, match.start()) for name in INDUSTRIES]
        first = industries[0]
        if first is None or None in industries:
            continue
        wholes = [one for one in here if _may_be_whole(one, first)]
        if wholes and not wholes[-1].range.has_zero:
            for share, part in zip(shares_told, industries, strict=True):
                assert part is not None
                yield quotient("share", share, part, wholes[-1])


def _told_in_structure(like: Numeral, match: re.Match[str], group: int) -> Numeral:
    """One of the three numbers of a structure, as a percentage to the whole of its last digit: one of the three is
    often set so that they make up 100."""
    words = match[group]
    decimals = len(words.partition(".")[2])
    value = Fraction(words) / 100
    step = Fraction(1, 10**decimals * 100)
    number = replace(
        like.number,
        text=words,
        value=value,
        low=value - step,
        high=value + step,
        step=step,
        low_open=False,
        high_open=True,
        unit="",
        scale=Fraction(1, 100),
    )
    start, end = match.span(group)
    return replace(like, offset=start, end=end, printed=words, number=number, label="三次产业结构")


def _industry(name: str, here: Sequence[Numeral], until: int) -> Numeral | None:
    """The amount of an industry that a line tells before a place."""
    for one in here:
        if one.is_amount and name in one.before and one.offset < until:
            return one
    return None


def _may_be_whole(one: Numeral, part: Numeral) -> bool:
    """Whether a number before a part may be what it is a part of."""
    return one.is_like(part) and one.offset < part.offset and not is_prior(one)

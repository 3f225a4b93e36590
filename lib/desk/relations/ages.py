"""Shares of ages that make up a population."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.model import Relation, whole_of_shares

BAND = re.compile(r"(\d{1,2})(?:[—–~～-]|至)(\d{1,2})(?:周?岁)?(?:的)?(?:人口|人员|常住人口)?")
LAST_BAND = re.compile(r"(\d{2})周?岁(?:及|\(含\))?(?:以上|及以上)")
AGES = ("各年龄段占比之和应为100%", "the shares of the ages make up 100 %")


def ages(reading: Reading) -> Iterator[Relation]:
    """0—14岁人口占16.2%，15—59岁占60.5%，60岁及以上占23.3%: ages without a gap from 0 on make up 100 %.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("0—14岁人口占16.2%，15—59岁占60.5%，60岁及以上占23.3%。"))
    >>> [one.arithmetic for one in ages(reading)]
    ['16.2% + 60.5% + 23.3%']
    """
    for sentence in reading.sentences:
        shares = _shares_of_ages(sentence)
        if len(shares) > 2:
            yield whole_of_shares(shares, AGES)


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

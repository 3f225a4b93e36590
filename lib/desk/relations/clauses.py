"""Clauses, and what each of their numbers is by the words beside it: a level, a difference, a growth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.changes import REVISED
from desk.relations.divisions import INDICES, is_of_kind
from desk.relations.levels import is_prior, is_small_word, signed
from desk.relations.model import Relation

TELLING = 3000  # times a number is as large as what rounding leaves open, where a slip seldom explains it by chance
SEMICOLON = re.compile("[;；]")
REFERS_BACK = re.compile(
    r"^\s*(?:This|That|These|Those|They|It|Of (?:these|this|those|them|which|the total)"
    r"|The (?:increase|rise|fall|decrease|drop|decline|reduction|difference|gap)"
    r"|Compared|By comparison|During the (?:year|same))\b"
    r"|\bof (?:this|these|that|them)\b"
    r"|^\s*(?:其中|与|比|较|同比|该|这|上年|去年)"
)
MOVE = (
    r"(?:increase|rise|gain|growth|improvement|decrease|fall|drop|decline|reduction|cut|saving|gap|difference|surplus"
    r"|deficit|shortfall|excess|margin|balance|change|underspend|overspend)"
)
DIFFERENCE_BEFORE = re.compile(
    rf"\b(?:gap|difference|surplus|deficit|balance)\b[^,;.\d]{{0,30}}$|\b{MOVE} (?:of|was|is|to) (?:about |some )?$"
    r"|\b(?:rose|fell|grew|increased|decreased|declined|dropped) $"
    r"|\b(?:by|exceed\w*[^,;.\d]{0,30}by|leaving|up|down|plus|minus) (?:about |some )?$"
    r"|(?:增加|增|多|减少|减|少|高|低|上升|下降|降低|提高|回落|顺差|逆差|结余|差额|相差|差距|净增|净减|净流[入出]|超收|短收"
    r"|盈余|赤字|缺口)(?:了|额|值|收入|支出)?(?:为|达到?|约|共)?$"
)
DIFFERENCE_AFTER = re.compile(
    r"^ ?(?:[a-z]+ ){0,2}(?:more|fewer|less|higher|lower|above|below|extra|additional|ahead|short)\b"
    r"|^ (?:net )?(?:increase|rise|gain|decrease|fall|drop|decline|reduction|surplus|deficit)\b"
)
GROWTH_BEFORE = re.compile(
    rf"\b{MOVE}\b[^,;.\d]{{0,24}}$"
    r"|\b(?:up|down|by|rose|fell|grew|increased|decreased|declined|dropped) (?:about |some )?$"
    r"|(?:增长|增幅|增速|上升|下降|降幅|降低|减少|增加|上涨|下跌|[涨跌]幅|提高|偏[多少高低])(?:了|为|达到?|约)?$"
)
GROWTH_AFTER = re.compile(
    r"^ ?(?:more|fewer|less|higher|lower|up|down|increase|rise|growth|drop|fall|decline|reduction)\b"
)
LAST_YEAR = re.compile(
    r"\b(?:last year|(?:the )?(?:previous|preceding|prior) (?:year|quarter|month)"
    r"|(?:a|the|one) (?:year|month|quarter) (?:before|earlier|ago)|twelve months (?:before|earlier|ago))\b"
    r"|上年|去年|同期",
    re.IGNORECASE,
)
YEAR_BEHIND = re.compile(r"^ ?(?:[a-z]+ )?(?:in|at the end of|during|for|at end|by) (?:[A-Z][a-z]+ )?((?:19|20)\d\d)")
YEAR_BEFORE = re.compile(r"((?:19|20)\d\d)\D*$")
HEDGED = re.compile(
    r"[超近约高低余多以过不几]"
    r"|\b(?:over|about|some|around|nearly|almost|up to|more|less|at least|approximately|circa)\b",
    re.IGNORECASE,
)
LETTER = re.compile("[A-Za-z]")  # Table 20a


@dataclass(frozen=True)
class Clause:
    """A clause, a sentence, or two that belong together: the text, and its numbers but for small words and ages."""

    text: str
    numerals: tuple[Numeral, ...]

    @property
    def amounts(self) -> list[Numeral]:
        return [one for one in self.numerals if one.is_amount]

    def behind(self, one: Numeral) -> str:
        """What stands behind a number, and behind a percentage in brackets that says it, too: 621 (4.1%) fewer."""
        place = self.numerals.index(one)
        following = self.numerals[place + 1] if place + 1 < len(self.numerals) else None
        is_in_brackets = following is not None and following.before == " (" and following.is_percent
        if is_in_brackets and following is not None and following.after.startswith(")"):
            return following.after[1:]
        return one.after

    @property
    def percentages(self) -> list[Numeral]:
        return [one for one in self.numerals if one.is_percent]


def clauses(reading: Reading, *, refers_back: bool = True) -> Iterator[Clause]:
    """The clauses between semicolons, the sentences, and each sentence that refers back with the one before.

    Without `refers_back` each sentence with the one before.
    """
    earlier: Sentence | None = None
    for sentence in reading.sentences:
        if sentence.is_row or "|" in sentence.text or REVISED.search(sentence.text):
            earlier = None
            continue
        yield from _clauses_of(sentence)
        goes_on = not refers_back or REFERS_BACK.search(sentence.text) is not None
        if earlier is not None and earlier.line == sentence.line and goes_on:
            yield Clause(earlier.text + sentence.text, _counted(earlier) + _counted(sentence))
        earlier = sentence


def _counted(sentence: Sentence) -> tuple[Numeral, ...]:
    found = []
    for one in sentence.numerals:
        is_counted = one.unit not in ("岁", *INDICES) and not one.is_span and not LETTER.match(one.after)
        if is_counted and not is_small_word(one):
            found.append(one)
    return tuple(found)


def _clauses_of(sentence: Sentence) -> Iterator[Clause]:
    numerals = _counted(sentence)
    starts = [place for place, one in enumerate(numerals) if place and SEMICOLON.search(one.before)]
    yield Clause(sentence.text, numerals)
    if starts:
        for start, end in zip([0, *starts], [*starts, len(numerals)], strict=True):
            yield Clause(sentence.text, numerals[start:end])


# what a number is, by the words beside it


def is_difference(one: Numeral) -> bool:
    if one.is_percent:
        return False
    return DIFFERENCE_BEFORE.search(signed(one)) is not None or DIFFERENCE_AFTER.match(one.after) is not None


def is_growth(one: Numeral) -> bool:
    if not one.is_percent or not re.search(r"\d", one.printed):
        return False
    return GROWTH_BEFORE.search(signed(one)) is not None or GROWTH_AFTER.match(one.after) is not None


def levels_in(clause: Clause, like: Numeral) -> list[Numeral]:
    """The numbers of a clause that are of a kind with another, and no differences."""
    found = []
    for one in clause.numerals:
        if one is not like and is_of_kind(one, like) and not is_difference(one) and not is_growth(one):
            found.append(one)
    return found


def is_timed(first: Numeral, second: Numeral) -> bool:
    """Whether words tell which of two levels is the earlier."""
    years = year_beside(first), year_beside(second)
    if all(years) and years[0] != years[1]:
        return True
    return is_earlier(first) != is_earlier(second)


def is_earlier(one: Numeral) -> bool:
    return (
        is_prior(one) or LAST_YEAR.search(one.before) is not None or LAST_YEAR.match(one.after.lstrip(" ,")) is not None
    )


def year_beside(one: Numeral) -> int:
    found = YEAR_BEHIND.match(one.after) or YEAR_BEFORE.search(one.before)
    return int(found[1]) if found else 0


def is_hedged(one: Numeral) -> bool:
    """Whether a number is only about so much: over $30 billion, 近五倍."""
    return HEDGED.search(one.printed) is not None


def is_telling(relation: Relation, times: int = TELLING) -> bool:
    """Whether numbers have so many digits that they seldom fit by chance."""
    open_ = sum(one.range.width for one in relation.numerals) or relation.stated.number.scale
    return open_ * times <= max(abs(one.number.value) for one in relation.numerals)

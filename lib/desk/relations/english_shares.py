"""Percentages that English sentences put beside what they are of.

42.6 TWh, or 37.8% of total generation of 112.7 TWh
£186.2m (46.3%) of the £402.1m net budget; business rates provide £98.4m (24.5%)
38% of our workforce of 12,450, or 4,731 people
1,102,400 visitors, 54.0% of the total
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.changes import levels_of
from desk.relations.model import Relation, quotient

OF_NUMBER = re.compile(r"^\)? of (?:(?:the|its|our|all|a|total) )?(?:[a-z]+ ){0,3}(?:of )?$")
IN_OTHER_WORDS = re.compile(r"^[^,;]{0,40}(?:, or | \(|, )$")
AS_NUMBER = re.compile(r"^[^,;()]{0,30}, or $")
OF_THE_TOTAL = re.compile(r"^\)? of (?:the|that) total\b|^\)? of (?:these|them)\b")
OF_THE = re.compile(r"^ ?Of (?:the|its|our|all) $")  # Of the 264 staff, 118 (44.7%)
RESPONSE = re.compile(r"^ responded, an? (?:overall )?response rate of $")
OF_THESE = re.compile(r" of (?:these|them) \($")
IS_TOTAL = re.compile(r"\btotal", re.IGNORECASE)


def english_shares(reading: Reading) -> Iterator[Relation]:
    """A percentage against the number that it is said to be of.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("Wind gave 42.6 TWh, or 37.8% of total generation of 112.7 TWh."))
    >>> [one.arithmetic for one in english_shares(reading)]
    ['42.6 TWh ÷ 112.7 TWh']
    """
    for place, sentence in enumerate(reading.sentences):
        if "\t" in sentence.text:
            continue
        earlier = reading.sentences[place - 1] if place else None
        if earlier is not None and earlier.line != sentence.line:
            earlier = None
        yield from _of_sentence(sentence, earlier)


def _of_sentence(sentence: Sentence, earlier: Sentence | None) -> Iterator[Relation]:
    numerals = sentence.numerals
    whole_in_brackets: Numeral | None = None
    for place, one in enumerate(numerals):
        if not one.is_percent or one.number.lang != "en":
            continue
        before = numerals[place - 1] if place else None
        following = numerals[place + 1 : place + 3]
        triple = _with_its_number(one, numerals[:place], following)
        if triple is not None:
            part, whole = triple
            if one.before == " (":
                whole_in_brackets = whole
        elif before is not None and whole_in_brackets is not None and _is_in_brackets(one):
            part, whole = before, whole_in_brackets
        elif before is not None and earlier is not None and _is_of_earlier(one):
            total = _only_total(earlier, before, needs_word=not OF_THESE.search(one.before))
            if total is None:
                continue
            part, whole = before, total
        else:
            continue
        if part.is_like(whole) and part.is_amount and not whole.range.has_zero:
            yield quotient("share", one, part, whole)


def _with_its_number(
    one: Numeral, earlier_ones: Sequence[Numeral], following: Sequence[Numeral]
) -> tuple[Numeral, Numeral] | None:
    """The part and the whole, where both stand before the percentage and the words between say so, or where the whole
    stands behind it, and the part before it or behind both."""
    before = earlier_ones[-1] if earlier_ones else None
    if before is not None and RESPONSE.match(one.before) and len(earlier_ones) > 1:
        return before, earlier_ones[-2]
    if before is not None and len(earlier_ones) > 1 and one.before == " (" and OF_THE.match(earlier_ones[-2].before):
        return before, earlier_ones[-2]
    if not following or not OF_NUMBER.match(following[0].before):
        return None
    whole = following[0]
    if before is not None and before.is_like(whole) and IN_OTHER_WORDS.match(one.before):
        return before, whole
    if len(following) > 1 and AS_NUMBER.match(following[1].before):
        return following[1], whole
    return None


def _is_in_brackets(one: Numeral) -> bool:
    return one.before == " (" and one.after.startswith(")") and not one.printed.startswith(("+", "-", "−"))


def _is_of_earlier(one: Numeral) -> bool:
    """Whether a percentage is of what the sentence before tells: 54.0% of the total, of these (45.0%)."""
    if OF_THESE.search(one.before):
        return True
    return bool(IN_OTHER_WORDS.match(one.before) and OF_THE_TOTAL.match(one.after))


def _only_total(earlier: Sentence, part: Numeral, *, needs_word: bool) -> Numeral | None:
    """The one level of a sentence in a part's unit; where only “the total” is said, one called so."""
    levels = [one for one in levels_of(earlier) if one.is_like(part) and one.is_amount]
    if len(levels) != 1:
        return None
    return None if needs_word and not IS_TOTAL.search(levels[0].before) else levels[0]

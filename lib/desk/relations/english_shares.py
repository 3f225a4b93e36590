"""Percentages in English sentences, against the number that the words say they are of.

42.6 TWh, or 37.8% of total generation of 112.7 TWh
18,642 employees, of whom 7,084 were women (38.0%)
theft offences made up 38.1 per cent (18,370) of the 48,216 recorded
Women made up 33.5 per cent of officers (717), where the paragraph tells the number of officers
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.levels import is_prior, levels_of
from desk.relations.model import Relation, may_be_equal, quotient
from desk.relations.slips import explains

IN_BRACKETS = re.compile(r"^[^,;()\d]{0,50} \((?:or |about |around )?$")
IN_OTHER_WORDS = re.compile(r"^[^;()\d]{0,40}(?:, or|,| or|, equivalent to|, that is,?) $")
ACCOUNTS = re.compile(
    r"\b(?:account\w*(?: for)?|represent\w*|ma[dk]\w+ up|equivalent to|constitut\w+|compris\w+|equal to|being) "
    r"(?:about |around |just over |just under |nearly |some )?$"
)
OF_NUMBER = re.compile(
    r"^\)? of (?:(?:the|its|our|all|a|total) )?(?:(?!and |or |to |for |in |from |with )[a-z]+ ){0,3}(?:of )?$"
)
NUMBER_BEHIND = re.compile(r"^[^,;()\d]{0,50}(?:, or | \()$")
OF_NAME = re.compile(r"^\)?,? of (?:the |its |our |their |all |total |these |those )*((?:[A-Za-z-]+ ?){1,5})")
OF_THESE = re.compile(r"^\)? of (?:these|them|those)\b")
OF_THESE_BEFORE = re.compile(r"\bOf (?:these|them|those)\b|\bof (?:these|them|those) \($")
OF_WHICH = re.compile(r"\bof (?:whom|which)\b")
OF_WHOM = re.compile(r",? of (?:whom|which|these|them)\b|\bOf (?:these|them|those)\b|\bincluding\b")
OF_THE = re.compile(r"\bOf (?:the|its|our|all)(?: the)? $")  # Of the 264 staff, 118 (44.7%)
AMONG = re.compile(r"^ of (?:the|its|our) $")  # 19,865 of the 48,216 offences
RESPONSE = re.compile(r"^ responded, an? (?:overall )?response rate of $")
RATE_FIRST = re.compile(r"^ ?(?::|;|,|\() ?$")
MOVED = re.compile(
    r"\b(?:(?<!made )(?<!make )(?<!makes )(?<!making )up|down|rose|fell|grew|increase\w*|decrease\w*|decline\w*"
    r"|rise|fall|growth|reduction|more|fewer|less|higher|lower"
    r"|gain|drop\w*|change\w*|than|compared|from|since|by)\b"
)
MOVED_BEHIND = re.compile(r"^\) (?:[a-z]+ )?(?:more|fewer|less|higher|lower|up|down|above|below)\b")  # 612 (4.1%) fewer
IS_TOTAL = re.compile(r"\btotal", re.IGNORECASE)
STOP = frozenset(
    "the a an all total its our their which that was were is are who at in by to for and or on with".split()
)
ROUGH = 20  # a part that is told to less than a twentieth, £0.4 billion, fits too many wholes
ROUND_DIGITS = 2  # of a percentage that one of several wholes fits by chance
LINES_ABOVE = 3  # of the paragraphs in which the whole may be named
NEAR = 7  # words on either side of a number, in which its name stands


SUBJECT = re.compile(
    r", (?:so|and|with|thus|hence) (?:the )?([a-z]+) (?:account\w*(?: for)?|represent\w*|ma[dk]e up) $"
)
CLOSED = re.compile(r"^(?: of [A-Za-z -]{2,40})?\)")
AS_NUMBER = re.compile(r"^[^,;()]{0,30}, or $")
AMONG_NAMED = re.compile(r"\bOf (?:the|all|its|our)(?: the)? ([A-Za-z -]{3,40}), $")
ACCOUNTS_FOR = re.compile(r"\b(?:account\w*(?: for)?|represent\w*|made up|makes up|make up|contribut\w+) $")
OF_THE_TOTAL_ALONE = re.compile(r"^\)? of (?:the|that|all|this) (?:total|whole)\b(?! [a-z])")
PARTICIPLE = re.compile("ed$|^(?:lost|born|made|sold|told|used)$")


@dataclass(frozen=True)
class Share:
    """A percentage, the amount that it is said of, and where that stands among the sentence's numerals."""

    percent: Numeral
    part: Numeral
    place: int


def english_shares(reading: Reading) -> Iterator[Relation]:
    """A percentage against the number that it is said to be of.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("Wind gave 42.6 TWh, or 37.8% of total generation of 112.7 TWh."))
    >>> [one.arithmetic for one in english_shares(reading)]
    ['42.6 TWh ÷ 112.7 TWh']
    """
    for place, sentence in enumerate(reading.sentences):
        if sentence.is_row:
            continue
        earlier = reading.sentences[place - 1] if place else None
        if earlier is not None and earlier.line != sentence.line:
            earlier = None
        carried: Numeral | None = None
        for share in shares_of(sentence):
            whole = _whole_told(share, sentence)
            is_told = whole is not None
            whole = whole or _whole_meant(share, sentence, earlier, reading)
            if whole is None and _is_bare(share):
                whole = carried or _only_before(share, sentence)
            carried = whole
            if whole is None or not _may_be_part(share.part, whole):
                continue
            relation = quotient("share", share.percent, share.part, whole)
            is_exact = share.part.range.width * ROUGH < share.part.range.high
            if is_told or relation.can_hold or (is_exact and explains(relation)):
                yield relation


def shares_of(sentence: Sentence) -> Iterator[Share]:
    """The percentages of a sentence that stand beside an amount as its share, and are no growth.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [sentence] = read_numerals(from_text("Of these, 40 (50%) were new, 12.0% up.")).sentences
    >>> [(one.percent.printed, one.part.printed) for one in shares_of(sentence)]
    [('50%', '40')]
    """
    numerals = sentence.numerals
    for place, one in enumerate(numerals):
        if not one.is_percent or one.number.lang != "en" or one.number.value < 0:
            continue
        part = _part_before(one, numerals, place) or _part_behind(one, numerals, place)
        if part is not None and part.is_amount and not _is_change(part):
            yield Share(one, part, place)


def _may_be_part(part: Numeral, whole: Numeral) -> bool:
    """Whether a number can be a part of another, even where one of them has a slip."""
    return part.is_like(whole) and not whole.range.has_zero and whole.range.high >= part.range.low / 2


def _is_bare(share: Share) -> bool:
    """Whether a share in brackets goes on with the list of the one before: industry for 168,300 (28.1%)."""
    second = max((share.part, share.percent), key=lambda one: one.offset)
    return second.before == " (" and second.after.startswith(")")


def _is_change(one: Numeral) -> bool:
    """Whether a number is how much something moved, which has no share of it: decreased by 103,000 (1.9%)."""
    before, after = one.before.split()[-3:], one.after.split()[:2]
    near = " ".join(before), one.printed, " ".join(after)
    return MOVED.search(" ".join(near)) is not None


def _part_before(one: Numeral, numerals: Sequence[Numeral], place: int) -> Numeral | None:
    """The amount right before a percentage that says it in other words: 118 (44.7%), or 45%, accounting for 26%."""
    if not place:
        return None
    before = numerals[place - 1]
    if IN_BRACKETS.match(one.before) and CLOSED.match(one.after) and not one.printed.startswith(("+", "-", "−")):
        return None if MOVED.search(one.before) or MOVED_BEHIND.match(one.after) else before
    if RESPONSE.match(one.before):
        return before
    if MOVED.search(one.before):
        return None
    subject = SUBJECT.search(one.before)
    if subject:
        called = [
            other for other in numerals[:place] if other.is_amount and _singular(subject[1]) in other.after.lower()
        ]
        return called[0] if len(called) == 1 else None
    if ACCOUNTS.search(one.before) and OF_NAME.match(one.after):
        return before if before.is_amount else None
    is_said_of = OF_NAME.match(one.after) or OF_WHOM.search(before.before) or ACCOUNTS_FOR.search(before.before)
    return before if IN_OTHER_WORDS.match(one.before) and is_said_of else None


def _part_behind(one: Numeral, numerals: Sequence[Numeral], place: int) -> Numeral | None:
    """The amount behind a percentage that says it in numbers: made up 38.1 per cent (18,370)."""
    if MOVED.search(one.before[-30:]) or place + 1 >= len(numerals):
        return None
    following = numerals[place + 1]
    if NUMBER_BEHIND.match(following.before) and not MOVED.search(following.before):
        is_closed = following.before.endswith(", or ") or following.after.startswith(")")
        return following if is_closed and following.is_amount else None
    if RATE_FIRST.match(following.before) and place + 2 < len(numerals) and AMONG.match(numerals[place + 2].before):
        return following
    number = OF_NUMBER.match(following.before)
    if number and place + 2 < len(numerals) and AS_NUMBER.match(numerals[place + 2].before):
        return numerals[place + 2]
    return None


def _whole_told(share: Share, sentence: Sentence) -> Numeral | None:
    """The number that the words of a sentence say a percentage is of: 37.8% of the 112.7 TWh, of whom 40 (50%)."""
    numerals, place, part = sentence.numerals, share.place, share.part
    following = numerals[place + 1] if place + 1 < len(numerals) else None
    if following is not None and following is not part and OF_NUMBER.match(following.before):
        return following
    behind_part = numerals[numerals.index(part) + 1 :]
    if behind_part and AMONG.match(behind_part[0].before):
        return behind_part[0]
    before = numerals[: numerals.index(part)]
    if before and RESPONSE.match(share.percent.before):
        return before[-1]
    of_the = [one for one in before if OF_THE.search(one.before) and one.is_like(part)]
    if of_the:
        return of_the[-1]
    if OF_WHICH.search(part.before):
        levels = [one for one in before if one.is_like(part) and one.is_amount and not _is_change(one)]
        levels = [one for one in levels if not is_prior(one) and one.range.high >= part.range.low / 2]
        return levels[-1] if len(levels) == 1 else None
    return None


def _whole_meant(share: Share, sentence: Sentence, earlier: Sentence | None, reading: Reading) -> Numeral | None:
    """The number in the text above that the words say less directly: of these, of the total, of all pupils."""
    numerals, percent, part = sentence.numerals, share.percent, share.part
    following = numerals[share.place + 1] if share.place + 1 < len(numerals) else None
    if OF_THE_TOTAL_ALONE.match(percent.after):
        return _total_before(share, sentence, earlier)
    if OF_THESE.match(percent.after) or OF_THESE_BEFORE.search(part.before) or OF_THESE_BEFORE.search(percent.before):
        return _only_level(earlier, part)
    named = OF_NAME.match(percent.after)
    if named is None and following is not None and following is part:
        named = OF_NAME.match(following.before) or OF_NAME.match(following.after)
    named = named or AMONG_NAMED.search(part.before)
    if named is not None:
        return _named(named[1], share, reading)
    if ACCOUNTS_FOR.search(part.before) and part.offset < percent.offset:
        return _total_of(earlier, part)
    return None


def _total_before(share: Share, sentence: Sentence, earlier: Sentence | None) -> Numeral | None:
    """The total that a sentence tells before a percentage of it, or the sentence before."""
    before = sentence.numerals[: sentence.numerals.index(share.part)]
    totals = [one for one in before if one.is_like(share.part) and IS_TOTAL.search(one.before)]
    if totals:
        return totals[-1]
    total = _total_of(earlier, share.part)
    if total is not None or earlier is None:
        return total
    levels = _levels_like(share.part, earlier)
    return levels[0] if levels else None


def _levels_like(part: Numeral, sentence: Sentence) -> list[Numeral]:
    """The levels of a sentence in a part's unit, and no changes."""
    levels = [one for one in levels_of(sentence) if one.is_like(part) and one.is_amount]
    return [one for one in levels if not _is_change(one) and not is_prior(one)]


def _only_level(earlier: Sentence | None, part: Numeral) -> Numeral | None:
    """The first level of a sentence, if it is the only one in a part's unit."""
    if earlier is None:
        return None
    levels = _levels_like(part, earlier)
    return levels[0] if len(levels) == 1 else None


def _only_before(share: Share, sentence: Sentence) -> Numeral | None:
    """The one amount before a share in its sentence: 1,486 applications; 1,337 (90%) were approved."""
    before = sentence.numerals[: sentence.numerals.index(share.part)]
    if len(before) != 1:
        return None
    [one] = before
    is_level = one.is_amount and not _is_change(one) and not is_prior(one)
    return one if is_level else None


def _total_of(earlier: Sentence | None, part: Numeral) -> Numeral | None:
    """The one level of a sentence in a part's unit that is called the total."""
    if earlier is None:
        return None
    levels = [one for one in levels_of(earlier) if one.is_like(part) and one.is_amount and IS_TOTAL.search(one.before)]
    return levels[0] if len(levels) == 1 else None


def _named(words: str, share: Share, reading: Reading) -> Numeral | None:
    """The level before the percentage that is called so, in its paragraph or those right above: of several one that
    fits, else the largest."""
    name = _head(words)
    if not name:
        return None
    found = []
    for line in range(share.percent.line, max(0, share.percent.line - LINES_ABOVE - 1), -1):
        for one in reading.on_line(line):
            is_before = one.is_before(share.part)
            if is_before and one.is_amount and _may_be_part(share.part, one) and _is_level_called(one, name):
                found.append(one)
        if line > 1 and "\t" in reading.lines[line - 2]:
            break
    for one in found:
        if may_be_equal(share.percent.range, share.part.range / one.range):
            return one
    called = [one for one in found if _has_all_words(one, words)]
    if len(share.percent.digits) <= ROUND_DIGITS:
        called = [one for one in called if one.line == share.percent.line]
    return max(called, key=lambda one: one.number.value) if called else None


def _has_all_words(one: Numeral, words: str) -> bool:
    """Whether all words of a name stand beside a number: the non-UK born population is not the population."""
    beside = {_singular(word) for word in re.findall("[A-Za-z-]+", one.before + " " + one.after)}
    wanted = {_singular(word) for word in re.findall("[A-Za-z-]+", words)} - STOP
    return all(word in beside or PARTICIPLE.search(word) for word in wanted)


def _head(words: str) -> str:
    """The last word of a name, in the singular: of all recorded crime, of the pupils."""
    found: list[str] = []
    for word in re.findall("[A-Za-z-]+", words):
        if word.lower() in STOP and found:
            break
        found.append(word.lower())
    found = [word for word in found if word not in STOP and not PARTICIPLE.search(word)]
    return _singular(found[-1]) if found else ""


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")


def _is_level_called(one: Numeral, name: str) -> bool:
    """Whether the words beside a number have a name, and it is neither a change, nor an earlier level, nor a part."""
    if _is_change(one) or is_prior(one) or OF_WHOM.search(one.before):
        return False
    clause_before = re.split(r"[,;:()]| and ", one.before)[-1].split()[-NEAR:]
    clause_after = re.split(r"[,;:().]| and ", one.after)[0].split()[:NEAR]
    words = {_singular(re.sub("[^A-Za-z-]", "", word)) for word in (*clause_before, *clause_after)}
    return name in words

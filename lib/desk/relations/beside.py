"""Amounts with their shares beside them: in brackets behind each, or in a column of their own.

That the shares are of one whole is said by the structure; that it is this whole, by all of them but at most one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desk.numerals import Numeral, Reading
from desk.relations.levels import is_prior
from desk.relations.lookup import whole_named
from desk.relations.model import Relation, quotient, total, whole_of_shares
from desk.relations.shares import SHARES_LISTED

FEWEST = 3  # amounts with shares: with fewer, one that is wrong cannot be told from another whole
SAYS = ("占比应与金额和总数相符", "the share follows from the amount and the total")
WHOLE = ("各部分占比之和应为100%", "the shares make up 100 %")
PARTS = ("各部分之和应等于总数", "the parts make up the whole")


@dataclass(frozen=True)
class Beside:
    """An amount and the share that stands beside it."""

    part: Numeral
    share: Numeral


def shares_in_brackets(reading: Reading) -> Iterator[Relation]:
    """Wind supplied 30.2 TWh (35.0%), solar 9.5 TWh (11.0%), … of the total that the paragraph told before.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> text = "Output was 80 t. A made 40 t (50%), B 20 t (25%), C 16 t (20%) and D 4 t (5%)."
    >>> [one.arithmetic for one in shares_in_brackets(read_numerals(from_text(text)))][:1]
    ['40 t ÷ 80 t']
    """
    for sentence in reading.sentences:
        if sentence.is_row:
            continue
        pairs = _pairs_in_brackets(sentence.numerals)
        if len(pairs) < FEWEST:
            continue
        whole = _whole_before(pairs[0].part, reading)
        if whole is not None:
            yield from _of_whole(pairs, whole)


def _pairs_in_brackets(numerals: Sequence[Numeral]) -> list[Beside]:
    """The amounts of a sentence that have a share in brackets right behind them, if they are in one unit."""
    pairs = []
    for part, share in pairwise(numerals):
        is_beside = re.fullmatch(r" ?\((?:占比?)?", share.before) and share.after.startswith(")")
        if is_beside and share.is_percent and share.measure != "growth" and part.is_amount:
            pairs.append(Beside(part, share))
    is_one_unit = all(one.part.is_like(pairs[0].part) for one in pairs)
    return pairs if is_one_unit else []


def _whole_before(first: Numeral, reading: Reading) -> Numeral | None:
    """The nearest amount before a list, on its line and in its unit, that is no earlier level."""
    whole = None
    for one in reading.on_line(first.line):
        if one.offset < first.offset and one.is_like(first) and one.is_amount and not is_prior(one):
            whole = one
    return whole


def _of_whole(pairs: Sequence[Beside], whole: Numeral) -> Iterator[Relation]:
    """Each share against its part and the whole, if all but at most one of them are of that whole."""
    if whole.range.has_zero:
        return
    shares = [quotient("share", one.share, one.part, whole, SAYS) for one in pairs]
    broken = [one for one in shares if not one.can_hold]
    if len(broken) > 1:
        return
    yield from shares
    if _make_up_all(pairs):
        yield total("parts", whole, [one.part for one in pairs], PARTS)


def _make_up_all(pairs: Sequence[Beside]) -> bool:
    """Whether the shares of a list make up 100 %."""
    all_of_it = whole_of_shares([one.share for one in pairs], WHOLE)
    return all_of_it.right.low <= 1 <= all_of_it.right.high


def shares_listed_of_named(reading: Reading) -> Iterator[Relation]:
    """分别占营业收入的50.5%、31.0%和18.5%: each against its part, of the whole so named."""
    for sentence in reading.sentences:
        run = _run_of_shares(sentence.numerals)
        if len(run) < FEWEST:
            continue
        above = [one for one in sentence.numerals if one.offset < run[0].offset]
        parts = above[-len(run) :]
        is_list = len(parts) == len(run) and all(one.is_amount and one.is_like(parts[0]) for one in parts)
        if not is_list:
            continue
        whole = whole_named(run[0], parts[0], sentence, reading)
        if whole is not None:
            yield from _of_whole([Beside(*pair) for pair in zip(parts, run, strict=True)], whole)


def _run_of_shares(numerals: Sequence[Numeral]) -> list[Numeral]:
    """The percentages that are told together behind 占比分别为 or 分别占…的."""
    run: list[Numeral] = []
    for one in numerals:
        if one.is_percent and (SHARES_LISTED.search(one.before) or re.search("分别占[^,，。]{0,10}的$", one.before)):
            run = [one]
        elif run and one.is_percent and re.fullmatch("[、,，和与及]+", one.before):
            run.append(one)
        elif run:
            break
    return run

"""Wholes whose parts are listed behind them in other words than 其中: 分品类看, or names that divide by themselves.

货物9214万吨。分品类看：煤炭4386万吨、粮食4333万吨、其余495万吨。
通航点112个。国内97个，国际15个。
We answered 1,284 calls: 518 by day and 766 by night.

Words say only loosely what such a list is of. So what does not fit counts where one slip in a number explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.divisions import A_MOVE, INDICES, is_of_kind, is_rate
from desk.relations.levels import is_prior, levels_of
from desk.relations.model import Relation, total
from desk.relations.slips import explains_sum

SAYS = ("各部分之和应等于总数", "the parts make up the whole")
CUE = re.compile(
    r"(?:^|[,，。;；:：])(?:其中|分[^,，:：]{1,8}看|(?:从|按|以)[^,，:：]{1,10}(?:看|分|统计|划分|计)|各[^,，:：]{1,10}(?:依次|分别)为?"
    r"|[^,，:：\d]{1,10}中)[:：,，]?"
    r"|[:：]"
)
CUE_EN = re.compile(
    r": $|\b(?:made up of|comprising|consisting of|split (?:into|between)|Of (?:these|them|the total)) ?,? ?$"
)
REST = re.compile(r"(?:其余|其他|其它)[^,，、;；\d]{0,10}$|\b(?:other|others|rest|remaining|remainder)\b[^,;\d]*$")
ITEM = re.compile(
    r"^[^,，、;；:：。\d]{0,6}[,，、;；和与及:：][^,，、;；:：。]{0,14}$|^[、和与及]$"
    r"|^[^,;.\d]{0,40}(?:, | and |, and |; )[^,;.\d]{0,30}$"
)
OPPOSITES = (
    ("国内", "国际"), ("境内", "境外"), ("本省", "外省"), ("本市", "外市"), ("首次", "重复"), ("首次", "再次"),
    ("男", "女"), ("大中型", "小型"), ("批准", "不批准"), ("城镇", "乡村"), ("城镇", "农村"), ("线上", "线下"),
    ("新", "老"),
    ("直接", "委托"), ("自营", "委托"), ("公办", "民办"), ("车险", "非车险"), ("中央", "地方"),
    ("进港", "出港"), ("到达", "发送"),
    ("机构", "个人"), ("法人", "自然人"), ("专职", "兼职"),
    ("women", "men"), ("domestic", "international"), ("day", "night"),
    ("adult", "child"), ("full-time", "part-time"), ("freight", "passenger"), ("urban", "rural"),
)  # fmt: skip
NO_PART = re.compile(r"其中|顺差|逆差|差额|结余|净|亏损|利润|平均|最|累计|合计|共")
CLOSED = re.compile(r"\s*(?:[。.;；]|$)|[,，](?:[两三四五六七八九]者|分别|依次)")
IN_ALL = re.compile(r"^ (?:in all|altogether)\b")
NEAR = 3  # lines above, in which the whole may stand
DIGITS = 4  # of a whole that fits a list by chance too seldom to be meant otherwise


def listings(reading: Reading) -> Iterator[Relation]:
    """A list of parts against the whole that stands before it in its paragraph or right above it.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("货物9214万吨。分品类看：煤炭4386万吨、粮食4333万吨、其余495万吨。"))
    >>> [one.arithmetic for one in listings(reading)]
    ['4386万吨 + 4333万吨 + 495万吨']
    """
    for sentence in reading.sentences:
        if "\t" in sentence.text or "|" in sentence.text:
            continue
        for listed in _lists(sentence):
            cut = _until_semicolon(listed)
            parts = cut if len(cut) > 1 else listed
            relation = _of_whole(parts, _wholes(parts[0], reading), sentence)
            if relation is None and len(parts) > 2:
                relation = _of_whole(parts[1:], parts[:1], sentence)
            if relation is not None:
                yield relation
        yield from _in_all(sentence)


def _in_all(sentence: Sentence) -> Iterator[Relation]:
    """31 roofs and 15 porches, 46 in all: the numbers right before it."""
    for place, one in enumerate(sentence.numerals):
        parts = [other for other in sentence.numerals[:place] if other.is_amount]
        if IN_ALL.match(one.after) and one.before.startswith(", ") and len(parts) == 2 == place:
            relation = total("parts", one, parts, SAYS)
            if relation.can_hold or explains_sum(relation):
                yield relation


def _lists(sentence: Sentence) -> Iterator[list[Numeral]]:
    """The runs of two amounts and more in one unit that stand right behind each other."""
    levels = {id(one) for one in levels_of(sentence)}
    counted = [one for one in sentence.numerals if one.unit not in ("岁", *INDICES) and not one.is_span]
    amounts = [one for one in counted if one.is_amount]
    run: list[Numeral] = []
    for one in amounts:
        is_level = id(one) in levels and not A_MOVE.search(one.before) and not is_rate(one)
        goes_on = bool(run) and is_of_kind(one, run[0]) and _is_next(one)
        if is_level and goes_on:
            run.append(one)
            continue
        if len(run) > 1:
            yield run
        run = [one] if is_level else []
    if len(run) > 1:
        yield run


def _is_next(one: Numeral) -> bool:
    """Whether the words before a number go on with a list: neither its head nor what the list comes to."""
    if CUE.search(one.before) or CUE_EN.search(one.before):
        return False
    is_part = REST.search(one.before) is not None or not NO_PART.search(one.before)
    return is_part and (ITEM.match(one.before) is not None or not one.before)


def _until_semicolon(parts: list[Numeral]) -> list[Numeral]:
    """A list up to where another begins: 大中型3,518台、小型6,246台；联合收割机1,286台."""
    for place, one in enumerate(parts[1:], 1):
        if one.before.lstrip()[:1] in ("；", ";"):
            return parts[:place]
    return []


def _wholes(first: Numeral, reading: Reading) -> list[Numeral]:
    """What stands before a list and may be its whole, the nearest sentence first."""
    found: list[Numeral] = []
    listed: set[int] = set()
    for line in range(first.line, max(0, first.line - NEAR - 1), -1):
        if line != first.line and "\t" in reading.lines[line - 1]:
            break
        for sentence in reversed(reading.sentences_on(line)):
            for run in _lists(sentence):
                listed |= {id(one) for one in run[1:]}
            for one in levels_of(sentence):
                is_before = (one.line, one.offset) < (first.line, first.offset)
                if is_before and one.heading == first.heading and id(one) not in listed and _may_be_whole(one, first):
                    found.append(one)
    return found


def _may_be_whole(one: Numeral, first: Numeral) -> bool:
    is_moved = A_MOVE.search(one.before) is not None or is_prior(one) or "其中" in one.before
    is_bare = first.number.lang == "en" and not first.unit  # 8,412 tonnes: herring 3,905
    return one.is_amount and (is_bare or is_of_kind(one, first)) and not is_rate(one) and not is_moved


def _of_whole(parts: Sequence[Numeral], wholes: Sequence[Numeral], sentence: Sentence) -> Relation | None:
    """The parts and the one whole that they make up, or would but for one slip."""
    near = [total("parts", one, parts, SAYS) for one in wholes]
    for relation in near:
        if relation.can_hold:
            return relation if _has_digits(relation.stated) else None
    if not _is_whole_list(parts, sentence):
        return None
    explained = [one for one in near if _is_exact(one, parts) and explains_sum(one)]
    told = {one.stated.number.value for one in explained}
    return explained[0] if len(told) == 1 else None


def _is_exact(relation: Relation, parts: Sequence[Numeral]) -> bool:
    """Whether a whole of many digits is more than each part and not far from their sum."""
    known = relation.stated.number.value
    is_near = 2 * relation.right.low < 3 * known and 2 * known < 3 * relation.right.high
    return _has_digits(relation.stated) and is_near and all(known > one.number.value for one in parts)


def _has_digits(one: Numeral) -> bool:
    return len(re.sub(r"\D", "", one.printed)) >= DIGITS


def _is_whole_list(parts: Sequence[Numeral], sentence: Sentence) -> bool:
    """Whether words say that a list leaves nothing out: it ends with the rest, or its two names are opposites."""
    if REST.search(parts[-1].before):
        return True
    for first, second in pairwise(parts):
        names = (first.before[-12:] + first.after[:12], second.before[-12:] + second.after[:12])
        if len(parts) == 2 and any(one in names[0] and other in names[1] for one, other in OPPOSITES):
            return True
    head = sentence.text[: parts[0].offset - sentence.start]
    is_closed = CLOSED.match(sentence.text[parts[-1].end - sentence.start :]) is not None
    cue = CUE.search(head[-24:]) if parts[0].number.lang == "zh" else CUE_EN.search(head)
    return cue is not None and is_closed and len(parts) > 2

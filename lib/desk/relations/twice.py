"""One quantity told in two places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.numerals import Numeral, Reading
from desk.relations.changes import change_of, groups_of, is_prior, is_real, levels_of
from desk.relations.model import ONE, Relation
from desk.relations.names import CUMULATIVE, bare_name, is_same_time, names_of, told_twice


def twice(reading: Reading) -> Iterator[Relation]:
    """One quantity told in two places: same name, same unit, same year; headline and body."""
    told: list[tuple[Numeral, str, str]] = []
    for sentence in reading.sentences:
        if "\t" not in sentence.text:
            told += [(one, *names_of(one)) for one in levels_of(sentence)]
    told = [entry for entry in told if entry[1] or entry[2]]
    for place, (one, name, behind) in enumerate(told):
        for other, its_name, its_behind in told[place + 1 :]:
            common = _common_name(name, behind, its_name, its_behind)
            if common and one.is_like(other) and is_same_time(one, other):
                yield told_twice(one, other, common)


def _common_name(name: str, behind: str, its_name: str, its_behind: str) -> str:
    """The name that two numbers share, one before or right behind each; nothing where they have none."""
    if name and name == its_name:
        return name
    if name and its_behind.startswith(name):
        return name
    if its_name and behind.startswith(its_name):
        return its_name
    return ""


SUMMARY = re.compile("^(?:综上|总之|总的来看|概括起来|一句话|综合来看)")


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
                yield told_twice(alike[0], one, alike[0].label)


def _may_be(one: Numeral, other: Numeral) -> bool:
    is_level = other.is_amount and other.measure not in ("average", "norm", "increase") and "其中" not in other.before
    return is_level and other.is_like(one) and not is_prior(other, other.before) and not CUMULATIVE.search(other.before)


def _bigrams(words: str) -> set[str]:
    return {
        words[at : at + 2] for at in range(len(words) - 1) if re.fullmatch("[一-鿿]{2}", words[at : at + 2])
    } - COMMON


COMMON = {"全市", "全年", "全区", "全县", "提供", "服务", "达到", "共有", "实现", "完成", "总数", "人口"}


def onwards(reading: Reading) -> Iterator[Relation]:
    """A level with its growth on the year before, whose level is told elsewhere under the same name."""
    named: dict[str, list[Numeral]] = {}
    for sentence in reading.sentences:
        for one in levels_of(sentence):
            name = bare_name(one)
            if one.is_amount and name and "\t" not in sentence.text:
                named.setdefault(name, []).append(one)
    for sentence in reading.sentences:
        for group in groups_of(sentence):
            level, growth = group.level, group.growth
            if growth is None or group.prior or group.change or not level.period or not level.is_amount:
                continue
            if is_real(level, sentence) or not re.search("比上年|较上年|比去年", growth.before):
                continue
            before = [
                one
                for one in named.get(bare_name(level), [])
                if one.is_like(level) and one.period == str(int(level.period) - 1)
            ]
            if len(before) == 1 and not before[0].range.has_zero:
                yield Relation(
                    "growth",
                    (level, before[0], growth),
                    growth,
                    change_of(growth),
                    "=",
                    level.range / before[0].range - ONE,
                    f"{level.printed} ÷ {before[0].printed} − 1",
                    ("增长率应与上年数相符", "growth follows from the level of the year before"),
                )

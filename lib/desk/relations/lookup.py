"""Numbers looked up by the name that other words give them: 常住人口, in 占常住人口的15.5%."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desk.numerals import Numeral, Reading, Sentence
from desk.relations.levels import is_prior
from desk.relations.names import SCOPE, VERBS

SHARE_OF = re.compile(
    r"占(?!比)([^,，。;；占\d]{2,16}?)(?:的(?:比重|比例)?|比重|比例)?(?:为|达|约)?(?:\([^()\d]*\)(?:为|达)?)?$"
)
LINES_ABOVE = 4  # of the paragraphs under one heading, in which the whole of a share may stand
SHORTEST_ABOVE = 3  # characters of a name that is looked for there
LONG_NAME = 4  # characters of a name of which others may be left out


def is_named(one: Numeral, words: str) -> bool:
    """Whether a number's name begins or ends with some words: 税收收入 is 税收, 非税收入 is not."""
    if len(words) < 2:
        return False
    name = SCOPE.sub("", VERBS.sub("", VERBS.sub("", one.before)))
    name = re.sub(r"^.*(?:其中|[:：])", "", name)
    if name.startswith(words):
        return True
    return len(words) > 2 and name.endswith(words)


def find_named(words: str, part: Numeral, sentence: Sentence, reading: Reading, *, in_full: str = "") -> Numeral | None:
    """The number in the same paragraph that has this name, told in the part's unit.

    Where the name is `in_full` a longer one, it is none that is told as a share of it: 老年人口，占总人口的21.8%.
    """
    near = [one for one in reading.on_line(sentence.line) if one.is_like(part) and one.is_amount and one is not part]
    near = [one for one in near if 2 * one.range.high >= part.range.low]
    exact = [one for one in near if _is_called(one, words) and not is_prior(one)]
    exact = [one for one in exact if not _is_of_another_time(one, part)]
    if in_full:
        exact = [one for one in exact if not one.after.endswith(f"占{in_full}的")]
    if not exact:
        above = _named_above(words, part, sentence.line, reading)
        if above is not None:
            return above
    shorter = re.sub("^(?:全部|总|同期|当年|本年|全市|全县|全区|全省)", "", words)
    if shorter == words:
        shorter = re.sub("(?:总数|总量|总额|总值|全部)$", "", words)
    if not exact and shorter != words and len(shorter) > 1:
        return find_named(shorter, part, sentence, reading, in_full=words)
    before = [one for one in exact if one.offset < part.offset]
    if before:
        return before[-1]
    return exact[0] if len(exact) == 1 else None


def _is_of_another_time(one: Numeral, part: Numeral) -> bool:
    """Whether two numbers are of one thing, at two times: 11月轿车销售92万辆;前11个月轿车销售767万辆."""
    names = sorted((_own_name(one), _own_name(part)), key=len)
    return len(names[0]) >= LONG_NAME and names[1].endswith(names[0])


def _named_above(words: str, part: Numeral, line: int, reading: Reading) -> Numeral | None:
    """The one number called so in the paragraphs right above, told in the part's unit."""
    if len(words) < SHORTEST_ABOVE:
        return None
    found = []
    for one in amounts_above(line, part, reading):
        if one.is_like(part) and _is_called(one, words) and not is_prior(one):
            found.append(one)
    return found[0] if len(found) == 1 else None


def amounts_above(line: int, like: Numeral, reading: Reading) -> Iterator[Numeral]:
    """The amounts of the paragraphs right above a line that stand under a number's heading and are of its year."""
    for above in range(max(1, line - LINES_ABOVE), line):
        if "\t" in reading.lines[above - 1]:
            continue
        for one in reading.on_line(above):
            is_of_year = not one.period or not like.period or one.period == like.period
            if one is not like and one.is_amount and one.heading == like.heading and is_of_year:
                yield one


def whole_named(share: Numeral, part: Numeral, sentence: Sentence, reading: Reading) -> Numeral | None:
    """What the words before a share say that it is of, told in the unit of a part: 分别占营业收入的50.5%."""
    said = SHARE_OF.search(share.before)
    return find_named(said[1], part, sentence, reading) if said else None


def _own_name(one: Numeral) -> str:
    """The words right before a number that name it."""
    return re.sub(
        r"(?:决算数|执行数|完成数)?(?:为|达到?|共|有|完成|约|实现)*$", "", re.sub(r"^.*[,，;；。:：]", "", one.before)
    )


def _is_called(one: Numeral, words: str) -> bool:
    name = _own_name(one)
    core = re.sub("(?:总数|总量|总额|总值|总人数)$", "", words)
    if len(words) > LONG_NAME and sorted(words.removesuffix("量")) == sorted(name[-len(words) + 1 :]):
        return True  # 旅客发送量 of 发送旅客
    if len(core) >= LONG_NAME and core != words and _is_within(core, name):
        return True  # 全日制在校生总数 of 全日制在校学生
    if len(words) >= 4 and name.startswith(words) and len(name) - len(words) <= 2:
        return True  # 年度计划投资 is 年度计划
    return name.endswith(words)


def _is_within(words: str, name: str) -> bool:
    """Whether the characters of a name stand in another in their order: 刑事立案, in 刑事案件立案."""
    place = 0
    for character in words:
        place = name.find(character, place) + 1
        if not place:
            return False
    return True

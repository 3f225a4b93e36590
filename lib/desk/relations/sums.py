"""Lists of numbers with their sum behind them: 甲12家、乙30家、丙8家,三项合计50家."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from desk.numerals import Numeral, Reading
from desk.relations.divisions import divisions, is_of_kind
from desk.relations.levels import levels_of
from desk.relations.model import Relation, total
from desk.relations.slips import explains_sum

SUM = re.compile(
    r"^[,，、]?(?:[两二三四五六七八九十]+[项者类种季地区个家]+)?(?:项目|支出|收入|机构|企业|人员)?(?:合计|共计|总计|合共|加起来)(?:为|达|共)?$"
    r"|^[,，](?:收入|支出)总量(?:为|达)?$|^[,，]共$"
)
SUM_OF_QUARTERS = re.compile("^[,，](前三季度|上半年|全年)(?:累计|合计|共)(?:完成|实现)?(?:为|达)?$")
QUARTERS = {"上半年": 2, "前三季度": 3, "全年": 4}
ADDED = re.compile(r"(?:^|[,，;；])加上?[一-鿿]+$")  # 加上级补助收入41.27亿元
COMMA_LISTED = re.compile(r"^[,，](?!.*(?:其中|上年(?!结转|结余|滚存)|去年|比|较|共))[一-鿿()]{1,12}$")
LISTED = re.compile(r"^[、和与及][一-鿿()]{0,12}$")
SUM_OF_LIST_EN = re.compile(
    r"^[^;:\d]*(?:,|;| \(| and)? (?:giving|making|for|bringing|with|in)?(?: us| it)? ?(?:an?|the|our) "
    r"(?:combined |grand |overall )?total(?: [a-z]+){0,2} (?:of|to) $"
)  # 2,140 police officers and 868 police staff, a total strength of 3,008
CHANGED = re.compile(r"\b(?:rose|fell|increased|decreased|up|down|from|than|compared)\b[^,;]*$")
SUM_EN = re.compile(r"^\) (?:totall?ed|came to a total of|added up to|together (?:made|came to)) $")
IN_BRACKETS = re.compile(r"^\),? (?:and )?[a-z -]+ \($")


def sums(reading: Reading) -> Iterator[Relation]:
    """甲12家、乙30家、丙8家,三项合计50家: the numbers of one list, and their sum right behind it."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            quarters = SUM_OF_QUARTERS.match(one.before)
            if not SUM.match(one.before) and not quarters:
                continue
            run = _list_before(sentence.numerals[:place], one)
            if quarters and (len(run) != QUARTERS[quarters[1]] or "季度" not in sentence.text):
                continue
            if run and ADDED.search(run[0].before):
                run = _with_what_it_is_added_to(run, reading)
            if len(run) > 1:
                yield total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))


def _with_what_it_is_added_to(run: list[Numeral], reading: Reading) -> list[Numeral]:
    """A list that is added to a number of its paragraph, with that; nothing where the paragraph has several."""
    parts = {id(part) for division in divisions(reading) if division.is_of_which for part in division.parts}
    levels: list[Numeral] = []
    for sentence in reading.sentences:
        if sentence.line == run[0].line:
            levels += levels_of(sentence)
    bases = []
    for one in levels:
        if one.offset < run[0].offset and one.is_like(run[0]) and one.is_amount and id(one) not in parts:
            bases.append(one)
    near = [one for one in bases if one.sentence == run[0].sentence]
    bases = near or bases
    return [bases[0], *run] if len(bases) == 1 else []


def sums_in_english(reading: Reading) -> Iterator[Relation]:
    """12,400 tonnes, 8,900 tonnes and 96,300 tonnes, giving a total of 117,600 tonnes: the numbers before it.

    That a list begins with the sentence is said by nothing; so what does not fit must be one slip.
    """
    for sentence in reading.sentences:
        levels = [one for one in sentence.numerals if one.is_amount]
        for place, one in enumerate(levels):
            if not SUM_OF_LIST_EN.match(one.before) or sentence.is_row:
                continue
            run: list[Numeral] = []
            for other in reversed(levels[:place]):
                if re.search(r"\btotal\b", other.before):
                    run = []
                if (
                    not is_of_kind(other, one)
                    or CHANGED.search(other.before)
                    or (not run and re.search(r"\btotal\b", other.before))
                ):
                    break
                run.insert(0, other)
            if len(run) < 2:
                continue
            relation = total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))
            if relation.can_hold or explains_sum(relation):
                yield relation


def sums_of_brackets(reading: Reading) -> Iterator[Relation]:
    """Schools ($14.2m), roads ($9.6m) and parks ($3.1m) totalled $26.9m."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            if not SUM_EN.match(one.before) or " and " not in sentence.numerals[place - 1].before:
                continue
            run: list[Numeral] = []
            for other in reversed(sentence.numerals[:place]):
                if not other.is_like(one) or not other.before.endswith("("):
                    break
                run.insert(0, other)
                if not IN_BRACKETS.match(other.before):
                    break
            if len(run) > 1:
                yield total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))


def _list_before(above: Sequence[Numeral], total: Numeral) -> list[Numeral]:
    """The list that ends right before its sum; 三项 in between says how many it has."""
    count = 0
    last = above[-1] if above else None
    if last and not last.is_like(total) and last.range.is_point and re.match("[两二三四五六七八九十]", last.printed):
        count = int(last.number.value)
        above = above[:-1]
    run: list[Numeral] = []
    for other in reversed(above):
        if not other.is_like(total):
            break
        run.insert(0, other)
        if COMMA_LISTED.match(other.before) and above[0].before == above[0].before.lstrip(",，"):
            continue
        if not LISTED.match(other.before):
            break
    if run and COMMA_LISTED.match(run[0].before) and not ADDED.search(run[0].before):
        return []  # it goes on to the left
    return run if not count or len(run) == count else []

"""Numbers that follow by definition from two others of their paragraph: 城镇化率, 存贷比, 顺差, a trade surplus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import point
from desk.numerals import Numeral, Reading
from desk.relations.averages import as_average
from desk.relations.changes import is_prior
from desk.relations.model import RATIO_SAYS, Relation, difference, may_be_equal, quotient, remainder
from desk.relations.slips import explains_difference

HAS = r"(?:为|是|达到?|约|有|共|完成|实现)*$"


LINES_ABOVE = 3  # of the paragraphs under one heading, in which what defines a number may stand
OF_A_PART = re.compile(r"\d月|季度|当月|上旬|下旬")  # of a year: its numbers are not those of the whole


ARE = "(?: (?:totall?ed|was|were|of|reached|at|came to|stood at|amounted to|to|rose to|fell to))"
INCOME = "居民人均可支配收入"
EXPORTS, IMPORTS = "(?<!进)出口(?:总?额|总?值)?", "进口(?:总?额|总?值)?"
INCOME_EN = rf"\b(?:[Ii]ncome|[Rr]evenues?){ARE} "
EXPENDITURE_EN = rf"\b(?:[Ee]xpenditures?|[Ee]xpenses|[Ss]pending){ARE}? "
HUNDRED = point(Fraction(100))
DIFFERENCE_SAYS = ("应等于两数之差", "it is the difference of the two numbers")


@dataclass(frozen=True)
class Definition:
    """What stands before a number, and before each of the two that it follows from."""

    kind: str
    stated: re.Pattern[str]
    first: re.Pattern[str]
    second: re.Pattern[str]


def _defined(kind: str, stated: str, first: str, second: str) -> Definition:
    patterns = [re.compile(words + HAS) for words in (stated, first, second)]
    return Definition(kind, *patterns)


QUOTIENTS = (
    _defined(
        "share",
        "(?<!户籍人口)(?<!户籍)城镇化率",
        "(?:城镇|市镇)[一-鿿]{0,4}人口",
        "(?<!城镇)(?<!乡村)(?<!农村)(?:常住人口|总人口)(?:总量|总数)?",
    ),
    _defined("share", "存贷比", "贷款余额", "存款余额"),
    _defined("share", "(?<!归母)(?<!净)毛利率", "毛利润?", "营业收入"),
    _defined("share", "资产负债率", "(?:负债总[额计]|总负债|负债合计)", "(?:资产总[额计]|总资产|资产合计)"),
    _defined("ratio", "城乡居民(?:人均可支配)?收入比", f"城镇(?:常住)?{INCOME}", f"农村(?:常住)?{INCOME}"),
    _defined("share", "不良贷款率", "不良贷款余额", "(?<!不良)贷款(?:和垫款)?(?:总额|余额)"),
    _defined("average", "平均每个?家庭户的?人口", "(?<!集体)家庭户人口", "(?<!集体)家庭户"),
    _defined("hundred", r"性别比(?:\([^()]*(?:\([^()]*\))?[^()]*\))?", "男性?(?:人口)?", "女性?(?:人口)?"),
    _defined("average", "平均班额", "在校(?:学)?生", "(?:教学班|班级)(?:数)?"),
)
REMAINDERS = (
    _defined("share", "(?:综合|总体)?毛利率", "营业成本", "营业收入"),
    _defined("share", "产销差率", "售水量", "供水总?量"),
)
DIFFERENCES = (
    _defined("change", "(?:当期|本年|当年|收支)结余", "(?<!上年)(?:总|业务|医疗)收入", "(?:总|业务|医疗)支出"),
    _defined(
        "change", "(?:当期|本年|当年|收支)结余", "(?<!上年)收入(?:总额|合计|决算数)?", "支出(?:总额|合计|决算数)?"
    ),
    _defined("change", "(?:所有者权益|股东权益)(?:合计|总额)?", "资产(?:总额|总计)|总资产", "负债(?:总额|合计)|总负债"),
    _defined("change", r"\boverspend of ", r"\b[Ss]pending (?:was|of|came to|totalled) ", r"\bbudget of "),
    _defined("change", r"\bunderspend of ", r"\bbudget of ", r"\b[Ss]pending (?:was|of|came to|totalled) "),
    _defined("change", "自然增长率", "出生率", "死亡率"),
    _defined("change", "(?:贸易|进出口)?顺差", EXPORTS, IMPORTS),
    _defined("change", "(?:贸易|进出口)?逆差", IMPORTS, EXPORTS),
    _defined("change", "(?:人口)?自然(?:增长|增加)(?:人口)?", "出生(?:人口)?", "死亡(?:人口)?"),
    _defined("change", "(?:人口)?自然减少(?:人口)?", "死亡(?:人口)?", "出生(?:人口)?"),
    _defined("change", "岁入岁出短绌|岁计短绌", "岁出(?:决算数)?", "岁入(?:决算数)?"),
    _defined("change", "岁入岁出[赓剩]余|岁计[赓剩]余", "岁入(?:决算数)?", "岁出(?:决算数)?"),
    _defined("change", r"(?<!trade )\bsurplus of ", INCOME_EN, EXPENDITURE_EN),
    _defined("change", r"(?<!trade )\bdeficit of ", EXPENDITURE_EN, INCOME_EN),
    _defined("change", "trade surplus of ", rf"\b[Ee]xports{ARE} ", rf"\b[Ii]mports{ARE}? "),
    _defined("change", "trade deficit of ", rf"\b[Ii]mports{ARE}? ", rf"\b[Ee]xports{ARE}? "),
)


def definitions(reading: Reading) -> Iterator[Relation]:
    """What follows by its definition from two numbers before it, where its paragraph has each of them once.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("常住人口468.3万人，其中城镇人口331.9万人，城镇化率70.9%。"))
    >>> [one.arithmetic for one in definitions(reading)]
    ['331.9万人 ÷ 468.3万人']
    """
    for one in reading.numerals:
        if "\t" in reading.lines[one.line - 1]:
            continue
        for definition in QUOTIENTS:
            pair = _pair(one, definition, reading)
            if pair is not None and not pair[1].range.has_zero:
                yield _quotient(one, definition, *pair)
        for definition in REMAINDERS:
            pair = _pair(one, definition, reading)
            if pair is not None and one.is_percent and not pair[1].range.has_zero:
                yield remainder(one, *pair)
        for definition in DIFFERENCES:
            pair = _pair(one, definition, reading)
            if pair is not None and one.is_like(pair[0]):
                yield from _if_likely(difference(one, *pair, DIFFERENCE_SAYS))


def _if_likely(relation: Relation) -> Iterator[Relation]:
    """A difference that holds, or would with one slip in one of its numbers set right."""
    if may_be_equal(relation.left, relation.right) or explains_difference(relation):
        yield relation


def _pair(stated: Numeral, definition: Definition, reading: Reading) -> tuple[Numeral, Numeral] | None:
    """The two numbers that a number follows from."""
    if not definition.stated.search(stated.before) or OF_A_PART.search(stated.before):
        return None
    first = _only(stated, definition.first, reading)
    second = _only(stated, definition.second, reading)
    if first is None or second is None or first is second:
        return None
    are_alike = first.is_like(second) or definition.kind == "average"
    return (first, second) if are_alike else None


def _only(stated: Numeral, name: re.Pattern[str], reading: Reading) -> Numeral | None:
    """The one number before another that is called by a name: on its line, else in the lines right above."""
    for line in range(stated.line, max(0, stated.line - LINES_ABOVE - 1), -1):
        called = [one for one in reading.on_line(line) if _is_called(one, name, stated)]
        if called:
            return called[0] if len(called) == 1 else None
        if "\t" in reading.lines[line - 1]:
            return None
    return None


def _is_called(one: Numeral, name: re.Pattern[str], stated: Numeral) -> bool:
    is_before = (one.line, one.offset) < (stated.line, stated.offset)
    is_of_same = one.heading == stated.heading and one.period == stated.period
    return is_before and is_of_same and name.search(one.before) is not None and not is_prior(one, one.before)


def _quotient(stated: Numeral, definition: Definition, part: Numeral, whole: Numeral) -> Relation:
    if definition.kind == "hundred":
        return quotient("ratio", stated, part, whole, RATIO_SAYS, left=stated.range / HUNDRED)
    left = as_average(stated) if definition.kind == "average" else None
    return quotient(definition.kind, stated, part, whole, RATIO_SAYS, left=left)

"""Which guesses about a figure its text bears out in so many words, so that nobody has to confirm them.

A guess is an opinion until the words right before the number say it: 占…的77.2% is a share and 比上年增长5.3% growth on
the year before. Where the words do not say it, or could say something else, the guess stays one to confirm.
How often these rules are right is measured on texts marked by hand (`tests/desk/test_evidence.py`).
"""

from __future__ import annotations

import re

from bluebook.edition.measures import COUNTED, MEASURED, POINTS, RATIO, TIMES, unit_kind
from bluebook.numbers.printed import SIGNS
from desk.scan import Finding

CLAUSE_ENDS = re.compile("[,，、:：;；(（]")
HEDGES = r"(?:了|约|大约|将|均|至|到|达|达到|为|是|仅为?|只有|超过|超|近)*"
GROWS = re.compile(
    rf"(?:增长|增加|上升|上涨|提高|提升|下降|下跌|降低|减少|回落|增速|增幅|降幅|涨幅|增长率|同比){HEDGES}$"
)
REACHED = re.compile(r"(?:提高|提升|上升|增加|增长|扩大|降|降低|下降|减少|压减|缩短)(?:到|至|为)$")
PER_YEAR = re.compile(r"年均|年平均|平均每年|每年平均")
SHARE = re.compile(
    rf"(?:^|[^市抢侵])占[^,，;；占]*(?:的|的比重|的比例|比|比重|比例)?{HEDGES}$|(?:占比|比重|份额){HEDGES}$"
)
PART = re.compile(r"^(?:其中|约|仅|各|合计|共)*占[^,，;；占]+的$")
RATE = re.compile(rf"(?:率|覆盖面|满意度|及格面){HEDGES}$")
ADDED = re.compile(r"新增|净增|新建|增加(?!值)|增长|提高|减少|下降|压|超收|多|少")
ADDED_HERE = re.compile(rf"(?:比|较)[^,，;；]*(?:增加|增长|净增|提高|减少|下降|回落|多|少){HEDGES}$")
NEW = re.compile(r"(?:新增|净增)")
EACH = re.compile(r"人均|户均|平均|均|每|单位")
PER_PERSON = re.compile("人均|户均")
PER_MANY = re.compile("^(?:平均)?每[百千万]")
SIGNED = tuple(sign for sign in SIGNS if sign not in "-−")


def clause_of(before: str) -> str:
    """What stands before a number in its own clause.

    >>> clause_of("全年民生支出318.4亿元,占一般公共预算支出的")
    '占一般公共预算支出的'
    """
    return CLAUSE_ENDS.split(before)[-1]


def stated_measure(finding: Finding) -> str:
    """The measure that the words before a number, or its unit, say it has; "" where they do not say it.

    >>> from desk.scan import findings
    >>> [stated_measure(one) for one in findings("民生支出318.4亿元,占预算支出的77.2%,任务量是91.5%。")]
    ['level', 'share', '']
    """
    number = finding.number
    if number is None or number.lang != "zh":
        return ""
    kind = unit_kind(number)
    if finding.cell is not None:
        is_plain = finding.measure in ("count", "level") and not EACH.search(finding.cell.heads)
        return finding.measure if kind in (COUNTED, MEASURED) and is_plain else ""
    clause = clause_of(finding.before)
    if kind == RATIO and 0 <= number.value <= 1 and PART.search(clause):
        return "share"
    return finding.measure if _is_said(finding, kind, clause) else ""


def _is_said(finding: Finding, kind: str, clause: str) -> bool:
    """Whether a clause says the measure that was guessed of its number."""
    match finding.measure:
        case "increase":
            return kind == POINTS or ADDED_HERE.search(clause) is not None or NEW.search(clause) is not None
        case "growth":
            return _says_growth(finding, clause)
        case "annual_growth":
            return PER_YEAR.search(clause) is not None
        case "ratio":
            return kind == TIMES and re.search("是[^,，;；]*的$", clause) is not None
        case "share":
            return kind == RATIO and SHARE.search(clause) is not None
        case "rate":
            return kind == RATIO and _says_rate(clause)
        case "average":
            return PER_PERSON.search(clause) is not None or PER_MANY.search(clause) is not None
        case "count" | "level":
            is_plain = not EACH.search(clause) and not ADDED.search(clause)
            return kind in (COUNTED, MEASURED) and is_plain
    return False


def _says_growth(finding: Finding, clause: str) -> bool:
    if PER_YEAR.search(clause) or REACHED.search(clause):
        return False
    return GROWS.search(clause) is not None or finding.span.printed.startswith(SIGNED)


def _says_rate(clause: str) -> bool:
    """Whether a clause names a rate: 按时办结率, 城镇化率由; not 增长率."""
    if re.search(rf"(?:增长|增加)率{HEDGES}$", clause):
        return False
    name = re.sub(r"(?:提高|提升|上升|下降|降低|降|由|从)+(?:到|至|为)?$", "", clause)
    return RATE.search(name) is not None

"""When the numbers of a draft are of: what a sentence says itself, else its paragraph, else the title.

A sentence that names one year, or says 全年 or 年末 of the year that the title names, says its period. What a sentence
leaves out is taken from those before it in its paragraph, and at last from the title of a report on one year; where
nothing there says a time, the period stays empty. Whether that is right everywhere is one question about the whole
edition, `periods` in its list of what is to be decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from bluebook.edition.measures import is_before
from bluebook.numbers.characters import normal
from desk.evidence import clause_of
from desk.rows import Row

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[、和至到—~-])")
COMPARED = re.compile(r"(?:比|较|与|同|是|自|从|由|相比|为)(?:19|20)\d\d年(?:末|底|同期)?")
SPAN_OF_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:至|到|—|~|-)+((?:19|20)\d\d)年")
WHOLE_YEAR = re.compile("全年|年末|年底|今年|当年|本年|初步核算")
LAST_YEAR = re.compile("比上年|较上年|同比|比去年|较去年|上年末|上年同期|比上一年")
OPEN = re.compile(
    r"累计|历年|以来|截至目前|截至\d+月|近[两二三四五六七八九十\d]+年|[一二三四五六七八九十\d]+年来|上半年|季度|\d月"
)
ABOUT_ONE_YEAR = re.compile(r"统计公报|统计年报|年度报告|年报|统计快报|年度|公报")
TIME = re.compile(
    r"(?:19|20)\d\d|[去今上当本]年|全年|年[初中末底]|[上下]半年|季度|\d月|日前|目前|截至|期末|期间|以来|近[\d两二三四五]+年|累计|历年|同比|环比"
)
FORECAST = re.compile("预计|预测|预期|有望|估计")
TARGET = re.compile("目标|力争|争取|确保|规划|计划到|计划新增|计划建设|将(?:达|新增|新建|建成|增|提)")
OF_OTHERS = re.compile(r"(?:比|较|与|低于|高于|快于|慢于|优于)(?!上年|去年|上一年|年|同期|上月|(?:19|20)\d\d)[^,，]*$")
ADDS = re.compile("新增|净增|新建")


def date_rows(rows: Sequence[Row], title: str, year: str, lines: Sequence[str]) -> bool:
    """Fill period, base and status of the rows; whether something of it was taken from elsewhere than its sentence.

    `year` is the one that the text is about, "" where its title names none; `lines` are those of the text.
    """
    is_report_on_year = bool(year) and ABOUT_ONE_YEAR.search(title) is not None
    inherited = False
    for _, paragraph in groupby(rows, key=lambda row: row.finding.span.paragraph):
        told = ""
        is_on_year = False
        for row in paragraph:
            _mark_status(row, year)
            if says_period(row, year):
                row.confirm("period")
                told = row.period
            elif _may_inherit(row):
                row.period = told or (year if is_report_on_year else row.period)
                is_filled = bool(row.period) and (bool(told) or is_report_on_year)
                if is_filled or _is_of_no_time(row, lines):
                    row.confirm("period")
                    inherited = True
            is_on_year = is_on_year or LAST_YEAR.search(row.finding.before) is not None
            inherited = _mark_base(row, is_on_year) or inherited
    return inherited


def says_period(row: Row, year: str) -> bool:
    """Whether the sentence of a number, or the head of its column, says the period that was guessed."""
    if not row.period:
        return False
    finding = row.finding
    if finding.cell is not None:
        return row.period in finding.cell.heads
    before = finding.before
    if row.measure == "annual_growth":
        span = SPAN_OF_YEARS.search(before)
        return span is not None and span[2] == row.period
    if OPEN.search(before) or _is_before_number(row):
        return False
    years = set(YEAR.findall(COMPARED.sub("", before)))
    if years:
        return years == {row.period}
    return bool(year) and row.period == year and WHOLE_YEAR.search(before) is not None


def _is_before_number(row: Row) -> bool:
    """Whether a number is what another moved from: 由82%提高到94.5%."""
    return re.search(r"(?:由|从)(?:上年的|去年的|原来的|此前的)?$", row.finding.before) is not None


def _may_inherit(row: Row) -> bool:
    """Whether the period of a number may be that of the sentences before it."""
    finding = row.finding
    if finding.cell is not None or row.status or _is_before_number(row) or OPEN.search(finding.before):
        return False
    return not YEAR.search(COMPARED.sub("", finding.before)) and row.measure != "annual_growth"


def _is_of_no_time(row: Row, lines: Sequence[str]) -> bool:
    """Whether nothing before a number in its paragraph says a time, and the number itself is no change over one."""
    if row.period or row.measure in ("growth", "increase", "annual_growth", "ratio"):
        return False
    line, offset = row.place
    return TIME.search(normal(lines[line - 1][:offset])) is None


def _mark_status(row: Row, year: str) -> None:
    """Say of what is still to come that it is a forecast or a target."""
    before = row.finding.before
    is_ahead = bool(year) and row.period > year
    if FORECAST.search(before):
        row.status = "forecast"
    elif is_ahead or TARGET.search(clause_of(before)):
        row.status = "target"
    else:
        return
    if not is_ahead:
        row.todo.add("status")


def _mark_base(row: Row, is_on_year: bool) -> bool:
    """Fill the base of what grew or was added; whether it was taken from another sentence."""
    if "base" not in row.todo:
        return False
    before = row.finding.before
    if row.measure == "annual_growth":
        if SPAN_OF_YEARS.search(before) and "period" not in row.todo:
            row.confirm("base")
        return False
    if row.measure == "ratio":
        if row.base and f"{row.base}年" in clause_of(before):
            row.confirm("base")
        return False
    clause = clause_of(before)
    is_of_year = row.measure == "increase" and ADDS.search(clause) and not re.search("比|较", clause)
    if is_of_year:
        row.base = ""
        row.confirm("base")
        return False
    is_of_others = OF_OTHERS.search(clause) is not None
    if not row.period.isdecimal() or "period" in row.todo or is_of_others:
        row.base = "" if is_of_others else row.base
        return False
    years = YEAR.findall(clause)
    if years and row.base == years[-1] and is_before(row.base, row.period):
        row.confirm("base")
        return False
    says_last_year = LAST_YEAR.search(before) is not None
    if (says_last_year or is_on_year) and not row.status:
        row.base = str(int(row.period) - 1)
        row.confirm("base")
        return not says_last_year
    return False


def pairs(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Numbers of one thing before and after: 由82%提高到94.5%."""
    for first, second in pairwise(rows):
        if first.place[0] != second.place[0] or not _is_before_number(first):
            continue
        number, other = first.finding.number, second.finding.number
        between = second.finding.before.removeprefix(first.finding.before)
        is_move = re.search(r"(?:提高|提升|上升|增加|增长|扩大|降|降低|下降|减少|压减|缩短|增)(?:到|至|为)$", between)
        if is_move and number is not None and other is not None and number.unit == other.unit:
            yield first, second

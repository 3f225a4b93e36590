"""Columns of a table that follow from others: differences, growth, shares, what all of them come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from desk.numerals import Numeral, Reading
from desk.relations.changes import REAL
from desk.relations.model import (
    ONE,
    Relation,
    difference,
    growth_between,
    may_be_equal,
    quotient,
    remainder,
    total,
)
from desk.relations.partitions import PARTITIONS
from desk.relations.slips import explains_sum
from desk.relations.tables import NO_SUM, TOTAL, Row, Table, are_parts, tables

DIFFERENCE = re.compile(
    r"^(?:增减额?|增减数|增加额?|增量|变动|变化|净增|差额|Change|Difference|Increase)", re.IGNORECASE
)
GROWTH_HEAD = re.compile(
    r"^(?:增长率?|增速|同比|增幅|增减率|变动率|变化率|(?:增减|变动|变化)\(?[±%]"
    r"|Growth|% change|(?:Change|Increase),? ?\(?%)",
    re.IGNORECASE,
)
PLANNED = re.compile(r"^(?!完成|为|占)(?:[一-鿿]{0,4}预算数?|年?初?预算|计划数?|目标数?)$")
DONE = re.compile(r"^(?:决算数?|执行数?|完成数?|实际数?|实际完成)$")
DONE_SHARE = re.compile(r"^(?:完成|为|占)(?:年初|年度|调整)?(?:预算|计划|目标)(?:的)?(?:%|比例|进度)?$")
PERFORMED = ("完成比例应与两列相符", "the share follows from the two columns")
SHARE = re.compile(
    r"^(?:所?占比重?|比重|构成|占(?:总数|总量|合计|全部)(?:的)?比[重例]|Shares?|% of total|Proportion)$", re.IGNORECASE
)
STOCK = re.compile(
    r"期末|年末|期初|年初|库存|结存|余额|存栏|保有|在校|在职|人数|人口|户数|职工|价|率|均"
    r"|stock|balance|staff|employees|price|rate|end of",
    re.IGNORECASE,
)  # rows whose number of a year is no sum of its quarters
MARGIN = (re.compile("^毛利率$"), re.compile("^(?:主营业务|营业)收入$"), re.compile("^(?:主营业务|营业)成本$"))
TEACHERS = (re.compile("^生师比$"), re.compile("^在校(?:学)?生数?$"), re.compile("^专任教师数?$"))
NATURAL = (
    re.compile("^(?:自然增长|自然增加|Natural (?:change|increase))(?:人数|人口)?$", re.IGNORECASE),
    re.compile("^(?:出生(?:人数|人口)?|(?:Live )?births)$", re.IGNORECASE),
    re.compile("^(?:死亡(?:人数|人口)?|Deaths)$", re.IGNORECASE),
)
SEVERAL = 3  # rows of which half hold, if their column is what its head seems to say
GROWN = ("增长率应与两列相符", "growth follows from the two columns")
BETWEEN_COLUMNS = ("增减应等于两列之差", "the change is the difference of the two columns")
FROM_COLUMNS = ("应与两列相符", "it follows from the two columns")
QUARTERS = [("一季度", "三季度", "二季度", "四季度"), ("Q1", "Q2", "Q3", "Q4")]
NEAR = 4  # lines above and below a table in which its title and its notes stand
CONFIRMED = 2  # rows in which columns make up another, so that they are known to


def columns(reading: Reading) -> Iterator[Relation]:
    """What each row of a table must hold by the heads of its columns.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("项目\\t2023年\\t2022年\\t增减额\\n增值税\\t24\\t22\\t2"))
    >>> [one.arithmetic for one in columns(reading)]
    ['24 − 22']
    """
    for table in tables(reading):
        yield from _differences(table, may_be_real=_tells_of_constant_prices(table, reading))
        yield from _performances(table)
        yield from _shares(table)
        yield from _across(table)
        yield from _by_definition(table)


# differences and growth


def _tells_of_constant_prices(table: Table, reading: Reading) -> bool:
    """Whether the lines around a table, or its head, say that growth is at constant prices."""
    lines: list[int] = []
    for row in table.rows:
        lines += [one.line for one in row.cells.values()]
    if any(REAL.search(title) for title in table.head):
        return True
    first = max(0, min(lines, default=0) - NEAR)
    last = max(lines, default=0) + NEAR
    return any(REAL.search(line) for line in reading.lines[first:last])


def _differences(table: Table, *, may_be_real: bool) -> Iterator[Relation]:
    for column, title in enumerate(table.head):
        pair = _two_before(table, column) if _compares(title) else None
        if pair is None:
            continue
        rows = [row for row in table.rows if {*pair, column} <= row.cells.keys()]
        if not GROWTH_HEAD.match(title):
            yield from _changes(rows, column, pair)
        elif not may_be_real:
            yield from _growth(rows, column, pair)


def _compares(title: str) -> bool:
    is_difference = DIFFERENCE.match(title) is not None and "%" not in title
    return is_difference or GROWTH_HEAD.match(title) is not None


def _changes(rows: Sequence[Row], column: int, pair: tuple[int, int]) -> Iterator[Relation]:
    """A column of changes; none where some of them are percentages."""
    new, old = pair
    if any(row.cells[column].is_percent for row in rows):
        return
    relations = []
    for row in rows:
        change, level, before = row.cells[column], row.cells[new], row.cells[old]
        relations.append(difference(change, level, before, BETWEEN_COLUMNS))
    yield from _if_most_hold(relations)


def _growth(rows: Sequence[Row], column: int, pair: tuple[int, int]) -> Iterator[Relation]:
    """A column of growth, of levels above zero."""
    new, old = pair
    relations = []
    for row in rows:
        change, level, before = row.cells[column], row.cells[new], row.cells[old]
        if change.is_percent and before.range.low > 0 and level.is_amount:
            relations.append(Relation("growth", change, growth_between(level, before), GROWN))
    yield from _if_most_hold(relations)


def _if_most_hold(relations: Sequence[Relation]) -> Iterator[Relation]:
    """What heads say of several rows, where most of them bear it out; else it is meant otherwise."""
    held = [one for one in relations if one.can_hold]
    if len(relations) < SEVERAL or len(held) * 2 >= len(relations):
        yield from relations
    else:
        yield from held


def _two_before(table: Table, column: int) -> tuple[int, int] | None:
    """The columns of the later and the earlier year that stand before one that compares them."""
    levels: list[int] = []
    for place in range(column - 1, 0, -1):
        title = table.head[place]
        if not (DIFFERENCE.match(title) or GROWTH_HEAD.match(title)):
            levels.insert(0, place)
        elif levels:
            break
        if len(levels) == 2:
            break
    if len(levels) < 2:
        return None
    first, second = levels
    later = _later(table.head[first], table.head[second])
    if later is None:
        return None
    return (first, second) if later == 0 else (second, first)


def _later(first: str, second: str) -> int | None:
    """Which of two heads is the later year: 0, 1, or nothing where they name none."""
    years = [re.search(r"(?:19|20)\d\d", head) for head in (first, second)]
    if years[0] and years[1] and years[0][0] != years[1][0]:
        return 0 if years[0][0] > years[1][0] else 1
    if re.search("上年|去年|Previous|Last", second):
        return 0
    if re.search("上年|去年|Previous|Last", first):
        return 1
    return None


# shares


def _performances(table: Table) -> Iterator[Relation]:
    """预算数, 决算数 and 完成预算(%): where each head stands once."""
    relations = []
    for told, result, plan in _cells_of(table, (DONE_SHARE, DONE, PLANNED)):
        if told.is_percent and plan.is_like(result) and not plan.range.has_zero:
            relations.append(quotient("share", told, result, plan, PERFORMED))
    yield from _if_most_hold(relations)


def _shares(table: Table) -> Iterator[Relation]:
    """A column of shares beside the amounts, where the row of the total says that it is 100 %."""
    sums = [row for row in table.rows if TOTAL.match(row.label)]
    if len(sums) != 1:
        return
    [whole] = sums
    for column, title in enumerate(table.head):
        amounts = column - 1
        if SHARE.match(_without_unit(title)) and _is_hundred(whole, column) and amounts in whole.cells:
            rows = [row for row in table.rows if row is not whole]
            yield from _shares_of(rows, column, whole.cells[amounts], table.title(amounts))


def _is_hundred(row: Row, column: int) -> bool:
    return column in row.cells and may_be_equal(row.cells[column].range, ONE)


def _shares_of(rows: Sequence[Row], column: int, whole: Numeral, title: str) -> Iterator[Relation]:
    """The shares of rows in a whole, which stand in the column behind the amounts."""
    if NO_SUM.search(title):
        return
    relations: list[Relation] = []
    for row in rows:
        if {column - 1, column} <= row.cells.keys():
            relations += _share(row.cells[column], row.cells[column - 1], whole)
    yield from _if_most_hold(relations)


def _share(told: Numeral, part: Numeral, whole: Numeral) -> Iterator[Relation]:
    if told.is_percent and part.is_like(whole) and part.is_amount and not whole.range.has_zero:
        yield quotient("share", told, part, whole)


def _without_unit(title: str) -> str:
    return re.sub(r" ?\([^()]*\)$", "", title)


def _only_column(table: Table, kind: re.Pattern[str]) -> int | None:
    """The one column whose head is of a kind; none where there are several."""
    found = []
    for column, title in enumerate(table.head):
        if kind.match(_without_unit(title)):
            found.append(column)
    return found[0] if len(found) == 1 else None


# columns that make up another


def _across(table: Table) -> Iterator[Relation]:
    """The column that says it is the sum of the others: of a division known to be whole (男, 女 and 合计), or where
    other rows show that it is."""
    columns = list(enumerate(table.head))[1:]
    wholes = [column for column, title in columns if TOTAL.match(_whole_title(title))]
    parts = [column for column, _ in columns if column not in wholes]
    titles = [table.head[column] for column in parts]
    if len(wholes) != 1 or len(parts) < 2 or any(NO_SUM.search(title) for title in titles):
        return
    sums = []
    for row in table.rows:
        relation = _sum_of_row(row, wholes[0], parts)
        if relation is not None:
            sums.append(relation)
    if _is_partition(titles):
        yield from sums
    else:
        yield from _if_shown(sums)


def _is_partition(titles: Sequence[str]) -> bool:
    """Whether heads are those of a division that is known to be whole."""
    names = sorted(_without_unit(title) for title in titles)
    known = [partition.parts for partition in PARTITIONS] + QUARTERS
    return any(sorted(parts) == names for parts in known)


def _if_shown(sums: Sequence[Relation]) -> Iterator[Relation]:
    """Sums of rows, where enough of them hold, and what does not is one row, or a slip in each."""
    held = [one for one in sums if one.can_hold]
    broken = [one for one in sums if not one.can_hold]
    if len(held) < CONFIRMED or len(broken) >= len(held):
        return
    yield from held
    if len(broken) == 1 or all(explains_sum(one) for one in broken):
        yield from broken


def _whole_title(title: str) -> str:
    return re.sub("^全年(?=合计|总计)", "", _without_unit(title))


def _sum_of_row(row: Row, whole: int, parts: Sequence[int]) -> Relation | None:
    if not {whole, *parts} <= row.cells.keys() or STOCK.search(row.label):
        return None
    cells = [row.cells[column] for column in parts]
    if not are_parts(cells, row.cells[whole]):
        return None
    return total("total", row.cells[whole], cells, ("合计应等于各列之和", "the total is the sum of its columns"))


# columns that follow by definition


def _by_definition(table: Table) -> Iterator[Relation]:
    """毛利率 from 营业收入 and 营业成本, 生师比, natural change from births and deaths."""
    for margin, income, cost in _cells_of(table, MARGIN):
        if margin.is_percent and income.is_like(cost) and not income.range.has_zero:
            yield remainder(margin, cost, income, FROM_COLUMNS)
    for ratio, pupils, teachers in _cells_of(table, TEACHERS):
        if not teachers.range.has_zero and ratio.is_amount:
            yield quotient("ratio", ratio, pupils, teachers, FROM_COLUMNS)
    for change, births, deaths in _cells_of(table, NATURAL):
        if change.is_like(births) and births.is_like(deaths):
            yield difference(change, births, deaths, BETWEEN_COLUMNS)


def _cells_of(table: Table, heads: Sequence[re.Pattern[str]]) -> Iterator[tuple[Numeral, Numeral, Numeral]]:
    """For each row its cells under three heads that stand once each."""
    places = [_only_column(table, head) for head in heads]
    for row in table.rows:
        cells = []
        for place in places:
            if place is not None and place in row.cells:
                cells.append(row.cells[place])
        if len(cells) == 3:
            yield cells[0], cells[1], cells[2]

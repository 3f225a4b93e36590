"""Columns of a table that follow from others, as its rows themselves show.

Where a column is the sum, the difference, the share, the growth or the quotient of others in every row but one, that
row has a number that cannot be right; no words over the columns are needed. How many rows must agree depends on how
seldom they would by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading
from desk.relations.model import (
    HUNDRED,
    ONE,
    Relation,
    difference,
    growth_between,
    may_be_equal,
    quotient,
    total,
)
from desk.relations.slips import explains_difference, explains_sum
from desk.relations.tables import NO_SUM, TOTAL, Row, Table, may_be_total, sum_above, tables

MOST_COLUMNS = 12  # of a table that is looked at in this way
AGREE_FOR_SUM = 2  # rows that agree, besides one that does not
AGREE_FOR_QUOTIENT = 3
DIGITS = 2  # that a number has at least, so that it does not agree by chance
SUM = ("合计应等于各列之和", "the total is the sum of its columns")
GROWN = ("增长率应与两列相符", "growth follows from the two columns")
SHARE = ("应与两列相符", "it follows from the two columns")
SHARE_OF_TOTAL = ("占比应与金额和总数相符", "the share follows from the amount and the total")
STOCK = re.compile(
    r"期末|年末|期初|年初|库存|结存|余额|存栏|保有|在校|在职|人数|人口|户数|职工|价|率|均|比|[%％]"
    r"|stock|balance|staff|employees|price|rate|end of|average|ratio|per ",
    re.IGNORECASE,
)


Maker = Callable[[Numeral, Numeral, Numeral, Interval], Relation]
LONG = 4  # digits of a number that is no difference of two others by chance
DIFFERENCE = ("应等于两行之差", "it is the difference of the two rows")


def confirmed(reading: Reading) -> Iterator[Relation]:
    """What all rows of a table but one show of its columns.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> text = "Site\\tA\\tB\\tC\\nNorth\\t120\\t135\\t255\\nSouth\\t210\\t118\\t328\\nWest\\t143\\t127\\t207"
    >>> shown = list(confirmed(read_numerals(from_text(text))))
    >>> [one.arithmetic for one in shown if not one.can_hold]
    ['143 + 127']
    """
    for table in tables(reading):
        columns = table.columns
        if len(columns) > MOST_COLUMNS:
            continue
        yield from _sums(table, columns)
        yield from _rates(table, columns)
        yield from _shares_of_total(table, columns)
        yield from _quotients(table, columns)
        yield from _totals_below(table, columns)
        yield from _differences_of_rows(table, columns)


def _shown(relations: Sequence[Relation], agree: int) -> list[Relation]:
    """Relations of one kind, a row each, if all but at most one hold; none where too few do."""
    relations = [one for one in relations if one.can_hold or not _is_rounding(one)]
    held = [one for one in relations if one.can_hold]
    broken = [one for one in relations if not one.can_hold]
    if len(held) < agree or len(broken) > 1:
        return []
    is_sure = len(held) > agree or all(_is_slip(one) for one in broken)
    return list(relations) if is_sure else []


def _is_slip(relation: Relation) -> bool:
    """Whether one slip explains that a sum, or a difference of rows, does not hold."""
    if relation.kind == "total":
        return explains_sum(relation)
    return relation.kind != "change" or explains_difference(relation)


def _is_rounding(relation: Relation) -> bool:
    """Whether a sum of whole numbers is off by no more than each may have been rounded by: 1,175 + 1,685 = 2,859."""
    gap = max(relation.left.low - relation.right.high, relation.right.low - relation.left.high)
    return relation.kind == "total" and 0 < gap <= Fraction(len(relation.numerals), 2)


def _cells(row: Row, columns: Sequence[int]) -> list[Numeral] | None:
    """The cells of a row under some columns, if all are numbers of several digits."""
    cells = row.under(columns)
    has_short = any(_is_short(one) for one in cells)
    return None if has_short or not cells else cells


def _is_short(one: Numeral) -> bool:
    return len(one.digits.strip("0")) < DIGITS


# sums


def _sums(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A column that two others make up, or all that stand in one run before or behind it."""
    taken: set[frozenset[int]] = set()
    for whole in columns:
        others = [column for column in columns if column != whole]
        runs = [list(pair) for pair in combinations(others, 2)]
        for length in range(3, len(others) + 1):
            runs += [others[start : start + length] for start in range(len(others) - length + 1)]
        for parts in runs:
            key = frozenset((whole, *parts))
            relations = list(_sums_of_rows(table, whole, parts))
            shown = _shown(relations, AGREE_FOR_SUM)
            if shown and key not in taken:
                taken.add(key)
                yield from shown


def _sums_of_rows(table: Table, whole: int, parts: Sequence[int]) -> Iterator[Relation]:
    is_of_levels = len(parts) > 2
    for row in table.rows:
        cells = _cells(row, [whole, *parts])
        if cells is None or (is_of_levels and STOCK.search(row.label)):
            continue
        if all(one.is_like(cells[0]) and one.is_percent == cells[0].is_percent for one in cells):
            yield total("total", cells[0], cells[1:], SUM)


# growth, shares and quotients


def _rates(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A column of percentages that is the growth of one on another, or one as a share of another."""
    for told, first, second in permutations(columns, 3):
        for make in (_growth, _share):
            relations = list(_of_rows(table, (told, first, second), make))
            yield from _shown(relations, AGREE_FOR_QUOTIENT)


def _of_rows(table: Table, columns: Sequence[int], make: Maker) -> Iterator[Relation]:
    for stated, first, second in table.rows_under(columns):
        are_amounts = first.is_amount and second.is_amount and first.is_like(second)
        if stated.unit or not are_amounts or second.range.has_zero:
            continue
        if not _is_short(first) and not _is_short(second):
            yield make(stated, first, second, _percent(stated))


def _growth(told: Numeral, new: Numeral, old: Numeral, percent: Interval) -> Relation:
    return Relation("growth", told, growth_between(new, old), GROWN, claimed=percent)


def _share(told: Numeral, part: Numeral, whole: Numeral, percent: Interval) -> Relation:
    return quotient("share", told, part, whole, SHARE, left=percent)


def _quotients(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A column that is one divided by another: 户均人口, of 人口 and 户数; pupils per teacher."""
    for told, first, second in permutations(columns, 3):
        relations = []
        for stated, one, other in table.rows_under((told, first, second)):
            are_amounts = stated.is_amount and one.is_amount and other.is_amount
            has_short = _is_short(stated) or _is_short(one) or _is_short(other)
            if are_amounts and not has_short and not other.range.has_zero:
                claimed = Interval(stated.number.low, stated.number.high)
                relations.append(quotient("ratio", stated, one, other, SHARE, left=claimed))
        yield from _shown(relations, AGREE_FOR_QUOTIENT)


def _shares_of_total(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A column of shares of the row that says 100 %."""
    for told, amounts in permutations(columns, 2):
        wholes = [row for row in table.rows if told in row.cells and amounts in row.cells]
        wholes = [row for row in wholes if may_be_equal(_percent(row.cells[told]), ONE)]
        if len(wholes) != 1 or NO_SUM.search(table.title(amounts)):
            continue
        [whole] = wholes
        relations = []
        for row in table.rows:
            cells = None if row is whole else _cells(row, [told, amounts])
            if cells is not None and cells[1].is_like(whole.cells[amounts]) and cells[1].is_amount:
                share, part = cells
                relations.append(
                    quotient("share", share, part, whole.cells[amounts], SHARE_OF_TOTAL, left=_percent(share))
                )
        yield from _shown(relations, AGREE_FOR_SUM)


def _percent(one: Numeral) -> Interval:
    return one.range if one.is_percent else one.range / HUNDRED


# totals of rows


def _totals_below(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A row that may be a total by its name, where it is in all columns but one: All airports, Total revenues."""
    for place, row in enumerate(table.rows):
        if TOTAL.match(row.label) or not may_be_total(row.label):
            continue
        relations = []
        for column in columns:
            relation = sum_above(table, place, column)
            if relation is not None and not NO_SUM.search(table.title(column)):
                relations.append(relation)
        yield from _shown(relations, 1)


def _differences_of_rows(table: Table, columns: Sequence[int]) -> Iterator[Relation]:
    """A row that is the one two above it without the one above it, in all columns but one: 净额 of 流入 and 流出."""
    for first, second, told in zip(table.rows, table.rows[1:], table.rows[2:], strict=False):
        relations = []
        for column in columns:
            if not all(column in row.cells for row in (first, second, told)):
                continue
            cells = [row.cells[column] for row in (told, first, second)]
            if all(_is_long(one) and one.is_like(cells[0]) and one.is_amount for one in cells):
                relations.append(difference(cells[0], cells[1], cells[2], DIFFERENCE))
        yield from _shown(relations, 1)


def _is_long(one: Numeral) -> bool:
    return len(one.digits) >= LONG

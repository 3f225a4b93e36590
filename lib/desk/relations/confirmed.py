"""Columns of a table that follow from others, as its rows themselves show.

Where a column is the sum, the difference, the share, the growth or the quotient of others in every row but one, that
row has a number that cannot be right; no words over the columns are needed. How many rows must agree depends on how
seldom they would by chance; a row where a share is 100 %, or two columns are the same, agrees with anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations
from math import log10

from bluebook.numbers.intervals import Interval, point
from desk.numerals import Numeral, Reading
from desk.relations.model import (
    HUNDRED,
    ONE,
    Calculation,
    Relation,
    difference,
    growth_between,
    may_be_equal,
    quotient,
    total,
)
from desk.relations.slips import explains_difference, explains_quotient, explains_sum
from desk.relations.tables import NO_SUM, Row, Table, tables

MOST_COLUMNS = 12  # of a table that is looked at in this way
AGREE_FOR_SUM = 2  # rows that agree, besides one that does not
AGREE_FOR_QUOTIENT = 3
AGREE_FOR_RATE = 2  # where the head says that a column is a rate, of numbers of three digits
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
MOST_TIMES = Fraction(10)  # that growth and a share are told as percentages of, so that one is not the other


Maker = Callable[[Numeral, Numeral, Numeral, Interval], Relation]
LONG = 4  # digits of a number that is no difference of two others by chance
THREE = 3  # digits of a number that agrees with a quotient seldom
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
        if len(columns) <= MOST_COLUMNS:
            same = _same_cells(table, columns)
            yield from _best_explained(list(_of_columns(table, columns, same)))
            yield from _differences_of_rows(table, columns, same)


def _of_columns(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[list[Relation]]:
    yield from _sums(table, columns, same)
    yield from _rates(table, columns, same)
    yield from _shares_of_total(table, columns, same)
    yield from _quotients(table, columns, same)


# what rows show


def _same_cells(table: Table, columns: Sequence[int]) -> set[int]:
    """The cells, by identity, that are the same as that of another column which is so in half of the rows or more."""
    same: set[int] = set()
    for one, other in combinations(columns, 2):
        rows = [row for row in table.rows if one in row.cells and other in row.cells]
        equal = [row for row in rows if _is_same(row.cells[one], row.cells[other])]
        if len(equal) * 2 < len(rows):
            continue
        for row in equal:
            same |= {id(row.cells[one]), id(row.cells[other])}
    return same


def _is_same(one: Numeral, other: Numeral) -> bool:
    return one.number.value == other.number.value


def _shown(relations: Sequence[Relation], agree: int, same: set[int]) -> list[Relation]:
    """Relations of one kind, a row each, if all but at most one hold; none where too few do tellingly."""
    held = [one for one in relations if one.is_defined and one.can_hold]
    telling = [one for one in held if _is_telling(one, same)]
    broken = [one for one in relations if not one.can_hold and not _is_near(one)]
    if len(telling) < agree or len(broken) > 1:
        return []
    is_sure = len(telling) > agree or all(_is_slip(one) for one in broken)
    return [*held, *broken] if is_sure else []


def _is_telling(relation: Relation, same: set[int]) -> bool:
    """Whether a relation that holds is none by chance: no cells that are the same anyway, no share of 0 or 100 %."""
    if any(id(one) in same for one in relation.numerals):
        return False
    if relation.kind in ("total", "change"):
        return True
    is_trivial = relation.left.has_zero or may_be_equal(relation.left, ONE)
    is_many_times = relation.kind in ("growth", "share") and relation.left.high > MOST_TIMES
    return not is_trivial and not is_many_times


def _is_near(relation: Relation) -> bool:
    """Whether a relation fails by what is left out when printed: a rounded sum, a share that is no more than 100 %."""
    if relation.kind == "share" and may_be_equal(relation.left, ONE):
        return relation.right.low > 1
    return _is_rounding(relation)


def _is_rounding(relation: Relation) -> bool:
    """Whether a sum of whole numbers is off by no more than each may have been rounded by: 1,175 + 1,685 = 2,859."""
    gap = max(relation.left.low - relation.right.high, relation.right.low - relation.left.high)
    return relation.kind == "total" and 0 < gap <= Fraction(len(relation.numerals), 2)


def _is_slip(relation: Relation) -> bool:
    """Whether one slip explains that a relation does not hold."""
    if relation.kind == "total":
        return explains_sum(relation)
    if relation.kind == "change":
        return explains_difference(relation)
    return relation.kind == "growth" or explains_quotient(relation)


def _best_explained(shown: Sequence[list[Relation]]) -> Iterator[Relation]:
    """What rows show, but for what fails where the same with one other column holds in every row."""
    sound: set[tuple[str, frozenset[int]]] = set()
    for relations in shown:
        if all(one.can_hold for one in relations):
            for one in relations:
                sound |= _all_but_one(one)
    for relations in shown:
        for one in relations:
            if one.can_hold or not _all_but_one(one) & sound:
                yield one


def _all_but_one(relation: Relation) -> set[tuple[str, frozenset[int]]]:
    """The numerals of a relation, by identity, without one of them, for each of them; with its kind."""
    numerals = frozenset(id(one) for one in relation.numerals)
    return {(relation.kind, numerals - {one}) for one in numerals}


def _cells(row: Row, columns: Sequence[int]) -> list[Numeral] | None:
    """The cells of a row under some columns, if all are numbers of several digits."""
    cells = [row.cells[column] for column in columns if column in row.cells]
    if len(cells) < len(columns) or any(_is_short(one) for one in cells):
        return None
    return cells


def _is_short(one: Numeral) -> bool:
    return _digits(one) < DIGITS


def _digits(one: Numeral) -> int:
    return len(re.sub(r"\D", "", one.printed).strip("0"))


# sums


def _sums(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[list[Relation]]:
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
            shown = _shown(relations, AGREE_FOR_SUM, same)
            if shown and key not in taken:
                taken.add(key)
                yield shown


def _sums_of_rows(table: Table, whole: int, parts: Sequence[int]) -> Iterator[Relation]:
    is_of_levels = len(parts) > 2
    for row in table.rows:
        cells = _cells(row, [whole, *parts])
        if cells is None or (is_of_levels and STOCK.search(row.label)):
            continue
        if all(one.is_like(cells[0]) and one.is_percent == cells[0].is_percent for one in cells):
            yield total("total", cells[0], cells[1:], SUM)


# growth, shares and quotients


def _agree(table: Table, told: int) -> int:
    """How many rows must agree with a quotient: fewer where the head says that it is one, of numbers long enough."""
    if not NO_SUM.search(table.title(told)):
        return AGREE_FOR_QUOTIENT
    for row in table.rows:
        cell = row.cells.get(told)
        if cell is not None and len(re.sub(r"\D", "", cell.printed)) < THREE:
            return AGREE_FOR_QUOTIENT
    return AGREE_FOR_RATE


def _rates(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[list[Relation]]:
    """A column of percentages that is the growth of one on another, or one as a share of another."""
    for told, first, second in permutations(columns, 3):
        for make in (_growth, _share):
            relations = list(_of_rows(table, (told, first, second), make))
            yield _shown(relations, _agree(table, told), same)


def _of_rows(table: Table, columns: Sequence[int], make: Maker) -> Iterator[Relation]:
    for row in table.rows:
        if not set(columns) <= row.cells.keys():
            continue
        told, first, second = (row.cells[column] for column in columns)
        is_usual = first.is_amount and second.is_amount and not told.unit and first.is_like(second)
        if not is_usual or _is_short(first) or _is_short(second) or second.range.low <= 0:
            continue
        yield make(told, first, second, _percent(told))


def _growth(told: Numeral, new: Numeral, old: Numeral, percent: Interval) -> Relation:
    return Relation("growth", told, growth_between(new, old), GROWN, claimed=percent)


def _share(told: Numeral, part: Numeral, whole: Numeral, percent: Interval) -> Relation:
    return quotient("share", told, part, whole, SHARE, left=percent)


def _quotients(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[list[Relation]]:
    """A column that is one divided by another: 户均人口, of 人口 and 户数; £ a tonne, of £m and thousand tonnes."""
    for told, first, second in permutations(columns, 3):
        relations = list(_quotients_of_rows(table, told, first, second))
        yield _shown(_in_one_scale(relations), _agree(table, told), same)


def _quotients_of_rows(table: Table, told: int, first: int, second: int) -> Iterator[Relation]:
    for row in table.rows:
        if not {told, first, second} <= row.cells.keys():
            continue
        cells = [row.cells[column] for column in (told, first, second)]
        if all(one.is_amount and not _is_short(one) and one.number.value > 0 for one in cells):
            stated, one, other = cells
            left = Interval(stated.number.low, stated.number.high)
            yield quotient("ratio", stated, one, other, SHARE, left=left)


def _in_one_scale(relations: Sequence[Relation]) -> list[Relation]:
    """Quotients with the power of ten that the units of the columns make most of them differ by."""
    if not relations:
        return []
    powers = Counter(_power(one) for one in relations)
    [(power, _)] = powers.most_common(1)
    if power == 0:
        return list(relations)
    return [_scaled(one, power) for one in relations]


def _power(relation: Relation) -> int:
    return round(log10(relation.left.middle / relation.right.middle))


def _scaled(relation: Relation, power: int) -> Relation:
    factor = Fraction(10) ** power
    words = f"× {factor.numerator:,}" if power > 0 else f"÷ {factor.denominator:,}"
    right = relation.right * point(factor)
    scaled = Calculation(relation.calculation.numerals, right, f"{relation.arithmetic} {words}")
    return replace(relation, calculation=scaled)


def _shares_of_total(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[list[Relation]]:
    """A column of shares of the row that says 100 %."""
    for told, amounts in permutations(columns, 2):
        if NO_SUM.search(table.title(amounts)):
            continue
        wholes = _rows_of_hundred(table, told, amounts)
        if len(wholes) == 1:
            relations = list(_shares_of(table, told, amounts, wholes[0]))
            yield _shown(relations, AGREE_FOR_SUM, same)


def _rows_of_hundred(table: Table, told: int, amounts: int) -> list[Row]:
    """The rows that have an amount and say that it is 100 %."""
    rows = []
    for row in table.rows:
        if amounts in row.cells and told in row.cells and may_be_equal(_percent(row.cells[told]), ONE):
            rows.append(row)
    return rows


def _shares_of(table: Table, told: int, amounts: int, of: Row) -> Iterator[Relation]:
    whole = of.cells[amounts]
    for row in table.rows:
        cells = None if row is of else _cells(row, [told, amounts])
        if cells is None:
            continue
        share, part = cells
        if part.is_like(whole) and part.is_amount:
            yield quotient("share", share, part, whole, SHARE_OF_TOTAL, left=_percent(share))


def _percent(one: Numeral) -> Interval:
    return one.range if one.is_percent else one.range / HUNDRED


# differences of rows


def _differences_of_rows(table: Table, columns: Sequence[int], same: set[int]) -> Iterator[Relation]:
    """A row that is the one two above it without the one above it, in all columns but one: 净额 of 流入 and 流出."""
    for first, second, told in zip(table.rows, table.rows[1:], table.rows[2:], strict=False):
        relations = list(_differences_in(columns, told, first, second))
        yield from _shown(relations, 1, same)


def _differences_in(columns: Sequence[int], told: Row, first: Row, second: Row) -> Iterator[Relation]:
    for column in columns:
        cells = [row.cells[column] for row in (told, first, second) if column in row.cells]
        if len(cells) < 3:
            continue
        stated, one, other = cells
        if all(_is_long(each) and each.is_like(stated) and each.is_amount for each in cells):
            yield difference(stated, one, other, DIFFERENCE)


def _is_long(one: Numeral) -> bool:
    return len(re.sub(r"\D", "", one.printed)) >= LONG

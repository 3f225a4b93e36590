"""Rows of a table that make up the row that says so.

Which rows a total sums up its name does not say: those since the last total, or the smaller totals above it, some of
them to be subtracted. Each such reading is held against all columns. The one that fits most of them is taken, and a
column that it does not fit then has a number that cannot be right. Where none fits, only a plain table of one column
of amounts can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading
from desk.relations.model import Relation, may_be_equal, sum_of_signed
from desk.relations.slips import explains_sum
from desk.relations.tables import NO_SUM, TOTAL, Row, Table, are_parts, may_be_total, tables

SUBTOTAL = re.compile(r"小计$|^Sub-?total", re.IGNORECASE)
GRAND_TOTAL = re.compile(r"总计$|^Grand total", re.IGNORECASE)
INNER = re.compile(r"^\s*(?:[(]?其中|#|－|—|-|of which|including|thereof)", re.IGNORECASE)
MINUS = re.compile(r"^\s*(?:减[:：]|less\b[:：]?)", re.IGNORECASE)
OUTLINE = (  # levels of numbered rows, the outermost first
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[(][一二三四五六七八九十]+[)]"),
    re.compile(r"^\d+[.、]\s?\D"),
)
RESULT = re.compile(r"profit|surplus|deficit|balance|\bnet\b|gross|before|after|利润|净[额增]|差额", re.IGNORECASE)
LONGEST = 80  # rows that a total is of, where its table does not say where they begin
SHORT = 2  # digits of a number that no others make up by chance
LONG = 4  # digits of a number that a slip in another explains by chance seldom


@dataclass(frozen=True)
class Addends:
    """The rows that may make up a total; `is_told` where words and order alone say that they do."""

    rows: tuple[Row, ...]
    is_signed: bool = False
    is_told: bool = False

    def sign(self, row: Row) -> int:
        """Whether a row is added (1) or subtracted (-1)."""
        return -1 if self.is_signed and MINUS.match(row.label) else 1


@dataclass(frozen=True)
class Fit:
    """What a reading of a total comes to in each column: the sums that hold and those that do not."""

    row: Row
    addends: Addends
    held: tuple[Relation, ...]
    broken: tuple[Relation, ...]

    @property
    def is_aligned(self) -> bool:
        """Whether the total and its rows have as many cells, so that each stands in its column."""
        return all(one.width == self.row.width for one in self.addends.rows)

    @property
    def strength(self) -> int:
        """In how many columns it holds with numbers that do so seldom by chance."""
        digits = 1 if self.addends.is_told else SHORT
        return sum(1 for one in self.held if _is_telling(one, digits))


def totals(reading: Reading) -> Iterator[Relation]:
    """Rows of a table that make up the row that says so.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("地区\\t人口\\n东区\\t250\\n西区\\t218\\n合计\\t468"))
    >>> [one.arithmetic for one in totals(reading)]
    ['250 + 218']
    """
    for table in tables(reading):
        yield from _totals_of(table)


def _totals_of(table: Table) -> Iterator[Relation]:
    columns = {column: table.title(column) for column in table.columns if not NO_SUM.search(table.title(column))}
    level: list[Row] = []  # the rows above, each sum for those that it sums up
    for place, row in enumerate(table.rows):
        is_sum = bool(row.cells) and (TOTAL.match(row.label) is not None or may_be_total(row.label))
        if not is_sum:
            level.append(row)
            continue
        fit = _best_fit(table, place, level, columns)
        if fit is not None:
            yield from fit.held
            yield from _errors(table, fit)
            summed = {id(one) for one in fit.addends.rows}
            level = [one for one in level if id(one) not in summed]
        elif TOTAL.match(row.label):
            yield from _error_of_plain(table, place, columns)
        level.append(row)


# readings of a total


def _best_fit(table: Table, place: int, level: Sequence[Row], columns: Mapping[int, str]) -> Fit | None:
    """The reading of a total that holds in most columns; None where none does in any."""
    row = table.rows[place]
    best: Fit | None = None
    for addends in _readings(table, place, level):
        fit = _fit(row, addends, columns)
        if fit.strength and (best is None or fit.strength > best.strength):
            best = fit
    return best


def _readings(table: Table, place: int, level: Sequence[Row]) -> Iterator[Addends]:
    """What a total may sum up: what words and order say, then ever more of the rows above, then those below."""
    told = _addends_by_words(table, place)
    yield from _with_signs(told)
    outer = [one for one in level if not INNER.match(one.label) and (one.cells or one.nil)]
    for count in range(2, min(len(outer), LONGEST) + 1):
        yield from _with_signs(Addends(tuple(outer[-count:])))
    yield from _with_signs(Addends(tuple(_below(table, place))))


def _with_signs(addends: Addends) -> Iterator[Addends]:
    yield addends
    if any(MINUS.match(row.label) for row in addends.rows):
        yield Addends(addends.rows, is_signed=True, is_told=addends.is_told)


def _addends_by_words(table: Table, place: int) -> Addends:
    """The rows above a total, or below it where it comes first, as far as words and order tell.

    A sum takes what smaller sums above it come to (小计 in 合计, 合计 in 总计) and not their rows; of numbered rows it
    takes the outermost (一、 and not what stands below it).
    """
    rows = _below(table, place) if place == 0 else _above(table, place)
    outer = [one for one in rows if not INNER.match(one.label)]
    return Addends(tuple(_outermost(outer)), is_told=True)


def _rank(row: Row) -> int:
    """How much a row sums up: 0 小计, 1 合计, 2 总计."""
    if SUBTOTAL.search(row.label):
        return 0
    return 2 if GRAND_TOTAL.search(row.label) else 1


def _below(table: Table, place: int) -> list[Row]:
    """The rows below a total, until the next."""
    rows: list[Row] = []
    for row in table.rows[place + 1 :]:
        if TOTAL.match(row.label):
            break
        rows.append(row)
    return rows


def _above(table: Table, place: int) -> list[Row]:
    """The rows above a sum back to one that sums up as much, the smaller sums among them for their own rows."""
    rank = _rank(table.rows[place])
    rows: list[Row] = []
    is_summed_up = False
    for row in reversed(table.rows[:place]):
        is_sum = TOTAL.match(row.label) is not None
        if is_sum and _rank(row) >= rank:
            break
        if is_sum or not is_summed_up:
            rows.insert(0, row)
        is_summed_up = is_summed_up or is_sum
    return rows


def _outermost(rows: list[Row]) -> list[Row]:
    """Of numbered rows those of the outermost level that there is; all where none is numbered."""
    for level in OUTLINE:
        numbered = [one for one in rows if level.match(one.label)]
        if len(numbered) > 1:
            return numbered
    return rows


# what a reading comes to


def _fit(row: Row, addends: Addends, columns: Mapping[int, str]) -> Fit:
    held: list[Relation] = []
    broken: list[Relation] = []
    for column, title in columns.items():
        relation = _sum_in(row, addends, column, title)
        if relation is not None:
            (held if relation.can_hold else broken).append(relation)
    return Fit(row, addends, tuple(held), tuple(broken))


def _sum_in(row: Row, addends: Addends, column: int, title: str) -> Relation | None:
    """A total in one column; None where it, or what it sums up, is no number there."""
    whole = row.cells.get(column)
    if whole is None:
        return None
    parts: list[Numeral] = []
    signs: list[int] = []
    for one in addends.rows:
        cell = one.cells.get(column)
        if cell is not None:
            parts.append(cell)
            signs.append(addends.sign(one))
        elif column not in one.nil and column < one.width:
            return None
    if len(parts) < 2 or not are_parts(parts, whole):
        return None
    label = row.label
    says = f"“{label}”应等于各行之和（{title}）", f"“{label}” is the sum of its rows ({title})"
    return Relation("total", whole, sum_of_signed(parts, signs), says)


def _is_telling(relation: Relation, digits: int) -> bool:
    """Whether a sum that holds is none by chance: two parts at least are not nothing, and the whole has digits."""
    parts = [one for one in relation.numerals[1:] if one.number.value]
    return len(parts) > 1 and _digits(relation.stated) >= digits


def _digits(one: Numeral) -> int:
    return len(re.sub(r"\D", "", one.printed))


# what cannot be right


def _errors(table: Table, fit: Fit) -> Iterator[Relation]:
    """The sums that do not hold of a reading that holds in as many columns or more.

    What no slip explains is an error where the reading holds in more columns, and no row may be missing.
    """
    broken = [one for one in fit.broken if fit.addends.is_signed or _is_sum(one)]
    unexplained = [one for one in broken if not explains_sum(one)]
    is_shown = fit.is_aligned and len(broken) < fit.strength
    are_whole = is_shown and all(_is_whole(one, fit.addends) for one in unexplained)
    is_plain = fit.addends.is_told and not unexplained and _is_plain(table, fit.addends)
    are_sure = are_whole or not unexplained
    if are_sure and (is_plain or len(broken) <= fit.strength):
        yield from broken


def _is_whole(relation: Relation, addends: Addends) -> bool:
    """Whether each of the rows has a number in the sum."""
    return len(relation.numerals) == len(addends.rows) + 1


def _is_sum(relation: Relation) -> bool:
    """Whether a total that is not the sum of its rows is no average of them either, nor has one of them to subtract."""
    return not _may_be_mean(relation) and not _subtracts_one(relation)


def _subtracts_one(relation: Relation) -> bool:
    """Whether the sum holds with one of the parts subtracted, which no word says: 报废 of 原值."""
    gap = relation.right - relation.left
    return any(may_be_equal(gap, one.range + one.range) for one in relation.numerals[1:])


def _may_be_mean(relation: Relation) -> bool:
    """Whether a row that sums up others may be their average in this column: it lies between the parts."""
    parts = relation.numerals[1:]
    lowest = min(one.range.low for one in parts)
    highest = max(one.range.high for one in parts)
    is_between = lowest <= relation.left.high and relation.left.low <= highest
    is_counted = all("." not in one.printed for one in relation.numerals)
    return is_between and lowest >= 0 and not (is_counted and explains_sum(relation))


def _error_of_plain(table: Table, place: int, columns: Mapping[int, str]) -> Iterator[Relation]:
    """The sum of a total that holds in no column, where there is one column, no doubt what it sums up, and one slip."""
    fit = _fit(table.rows[place], _addends_by_words(table, place), columns)
    broken = [one for one in fit.broken if _is_sum(one)]
    if len(broken) != 1 or not fit.is_aligned:
        return
    [relation] = broken
    is_sure = _digits(relation.stated) >= LONG or _is_plain(table, fit.addends)
    is_whole = _is_whole(relation, fit.addends)
    if not is_sure or not explains_sum(relation):
        return
    if is_whole and not _has_totals_of_its_own(relation.numerals[1:]):
        yield relation


def _is_plain(table: Table, addends: Addends) -> bool:
    """Whether rows stand under a head, and none is the result of others."""
    return bool(table.head) and not any(_is_of_others(row.label) for row in addends.rows)


def _is_of_others(label: str) -> bool:
    """Whether a row may be the result of others by its name, or is to be subtracted."""
    if MINUS.match(label):
        return True
    return not TOTAL.match(label) and (may_be_total(label) or RESULT.search(label) is not None)


def _has_totals_of_its_own(cells: Sequence[Numeral]) -> bool:
    """Whether a cell is the sum of those right below or above it: a part of the whole that no word sets apart."""
    for place, cell in enumerate(cells):
        if _begin_with_parts_of(cell, cells[place + 1 :]) or _begin_with_parts_of(cell, cells[:place][::-1]):
            return True
    return False


def _begin_with_parts_of(whole: Numeral, cells: Sequence[Numeral]) -> bool:
    """Whether the first two cells, or more, may make up a whole."""
    known: Interval | None = None
    for count, other in enumerate(cells, 1):
        known = other.range if known is None else known + other.range
        if count > 1 and may_be_equal(whole.range, known):
            return True
    return False

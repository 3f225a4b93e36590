"""Tables: rows that make up others, and totals that the text tells too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Reading
from desk.relations.levels import is_prior, levels_of
from desk.relations.model import Relation, may_be_equal, same_number, total
from desk.relations.names import GENERIC, SCOPE, names_of
from desk.tables import parted_by_tabs

# tables

TOTAL = re.compile(
    r"^(?:.*(?:合计|总计|小计)|全市|全省|全国|全区|全县|总数|All|Sum|(?:Grand |Sub-?)?Totals?"
    r"|Total (?:income|expenditure|spending|revenues?|receipts|payments|staff|costs?))$",
    re.IGNORECASE,
)
SUBTOTAL = re.compile(r"小计$|^Sub-?total", re.IGNORECASE)
GRAND_TOTAL = re.compile(r"总计$|^Grand total", re.IGNORECASE)
NO_SUM = re.compile(
    r"率|%|％|人均|均|增长|增速|比重|占比|指数|密度|单价|价格|单产|浓度"
    r"|rate|density|ratio|mean|median|intensity|yield|share|average|per |index|growth",
    re.IGNORECASE,
)
INNER = re.compile(r"^\s*(?:其中|#|－|—|-|of which|including|thereof)", re.IGNORECASE)
OUTLINE = (  # levels of numbered rows, the outermost first
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[(][一二三四五六七八九十]+[)]"),
    re.compile(r"^\d+[.、]\s?\D"),
)
RESULT = re.compile(r"profit|surplus|deficit|balance|\bnet\b|gross|before|after|利润|净额|差额|结余$", re.IGNORECASE)


MAY_BE_TOTAL = re.compile(r"^(?:Total|All|Overall|Sum of)\b|\btotal$|总[计额数量]|合计", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is called, and its numbers by column."""

    label: str
    cells: dict[int, Numeral]

    def under(self, columns: Sequence[int]) -> list[Numeral]:
        """Its numbers under some columns; none where one of them is missing."""
        cells = [self.cells[column] for column in columns if column in self.cells]
        return cells if len(cells) == len(columns) else []


@dataclass(frozen=True)
class Table:
    """A table: the titles of its columns, and its rows."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[int]:
        """The columns that have a number in some row."""
        return sorted({column for row in self.rows for column in row.cells})

    def title(self, column: int) -> str:
        """What stands over a column, or nothing."""
        return self.head[column] if column < len(self.head) else ""

    def rows_under(self, columns: Sequence[int]) -> Iterator[list[Numeral]]:
        """For each row that has a number under all of some columns, those."""
        for row in self.rows:
            cells = row.under(columns)
            if cells:
                yield cells


def tables(reading: Reading) -> Iterator[Table]:
    """The tables of a document: rows of cells parted by tabs or two spaces, under a head."""
    head: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(reading.lines, 1):
        cells = _cells(line)
        numbers = reading.on_line(number)
        if len(cells) < 2:
            if line.strip() and (rows or head):
                if rows:
                    yield Table(head, tuple(rows))
                head, rows = (), []
            continue
        by_column = {}
        for column, (start, text) in enumerate(cells):
            inside = [one for one in numbers if start <= one.offset < start + len(text)]
            if column and inside and re.fullmatch(r"[-−+]?[\d,]+(?:\.\d+)?%?", text):
                by_column[column] = inside[0]
        if not by_column or (
            not head and not rows and all(re.fullmatch(r"(?:19|20)\d\d年?.*", text) for _, text in cells[1:])
        ):
            if rows:
                yield Table(head, tuple(rows))
                rows = []
            head = tuple(text for _, text in cells)
            continue
        rows.append(Row(_label(cells[0][1]), by_column))
    if rows:
        yield Table(head, tuple(rows))


def _label(text: str) -> str:
    """What a row is called, without the spaces that set it apart: 合  计."""
    return re.sub(r"(?<=[一-鿿]) +(?=[一-鿿])", "", text)


def _cells(line: str) -> list[tuple[int, str]]:
    """Where each cell of a row begins, and its text; an empty one keeps its column where tabs part them."""
    if "\t" in line:
        return parted_by_tabs(line)
    if not re.search(r"\S {2,}\S", line):
        return []
    return [(match.start(), match[0]) for match in re.finditer(r"\S+(?: \S+)*", line)]


def totals(reading: Reading) -> Iterator[Relation]:
    """Rows of a table that make up the row that says so."""
    for table in tables(reading):
        for column in table.columns:
            title = table.title(column)
            if not NO_SUM.search(title):
                yield from _column(table, column, title)


def _column(table: Table, column: int, title: str) -> Iterator[Relation]:
    for place, row in enumerate(table.rows):
        if not TOTAL.match(row.label):
            continue
        addends = _addends(table, place)
        if column not in row.cells or len(addends) < 2 or any(column not in one.cells for one in addends):
            continue
        whole = row.cells[column]
        cells = [one.cells[column] for one in addends]
        if not are_parts(cells, whole):
            continue
        says = f"“{row.label}”应等于各行之和（{title}）", f"“{row.label}” is the sum of its rows ({title})"
        relation = total("total", whole, cells, says)
        if relation.can_hold or not _has_totals_of_its_own(cells):
            yield relation


def may_be_total(label: str) -> bool:
    """Whether a row may sum up others by its name, though others are called so that do not: total assets.

    >>> may_be_total("All airports"), may_be_total("Airports")
    (True, False)
    """
    return MAY_BE_TOTAL.search(label) is not None


def sum_above(table: Table, place: int, column: int) -> Relation | None:
    """A row's cell as the sum of those above it, back to the row that sums up others; None where cells are missing."""
    rows: list[Row] = []
    for row in reversed(table.rows[:place]):
        if may_be_total(row.label):
            break
        rows.insert(0, row)
    addends = _outermost([one for one in rows if not INNER.match(one.label)])
    whole = table.rows[place].cells.get(column)
    cells = [one.cells[column] for one in addends if column in one.cells]
    if whole is None or len(cells) < max(2, len(addends)) or not are_parts(cells, whole):
        return None
    label = table.rows[place].label
    return total("total", whole, cells, (f"“{label}”应等于各行之和", f"“{label}” is the sum of its rows"))


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


def _addends(table: Table, place: int) -> list[Row]:
    """The rows that make up the row at a place: those above it, or below where the total comes first.

    A sum takes what smaller sums above it come to (小计 in 合计, 合计 in 总计) and not their rows; of numbered rows it
    takes the outermost (一、 and not what stands below it). None where a row is the result of others.
    """
    rows = _below(table) if place == 0 else _above(table, place)
    rows = [one for one in rows if not INNER.match(one.label)]
    if any(RESULT.search(one.label) for one in rows if not TOTAL.match(one.label)) and _is_english(rows):
        return []
    return _outermost(rows)


def _is_english(rows: Sequence[Row]) -> bool:
    return all(one.label.isascii() for one in rows)


def _rank(row: Row) -> int:
    """How much a row sums up: 0 小计, 1 合计, 2 总计."""
    if SUBTOTAL.search(row.label):
        return 0
    return 2 if GRAND_TOTAL.search(row.label) else 1


def _below(table: Table) -> list[Row]:
    """The rows below a total that comes first, until the next."""
    rows: list[Row] = []
    for row in table.rows[1:]:
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
        if is_sum:
            is_summed_up = True
            rows.insert(0, row)
        elif not is_summed_up:
            rows.insert(0, row)
    return rows


def _outermost(rows: list[Row]) -> list[Row]:
    """Of numbered rows those of the outermost level that there is; all where none is numbered."""
    for level in OUTLINE:
        numbered = [one for one in rows if level.match(one.label)]
        if len(numbered) > 1:
            return numbered
    return rows


def are_parts(cells: Sequence[Numeral], whole: Numeral) -> bool:
    """Whether cells are amounts in the unit of what they may make up."""
    return all(cell.is_like(whole) and not cell.is_percent for cell in cells)


def repeated_in_tables(reading: Reading) -> Iterator[Relation]:
    """A row of totals against the text: 全市 under 年末常住人口, and 年末全市常住人口468.3万人."""
    prose: list[tuple[str, Numeral]] = []
    for sentence in reading.sentences:
        if not sentence.is_row:
            prose += [(name, one) for one in levels_of(sentence) for name in names_of(one) if name]
    for table in tables(reading):
        for row in table.rows:
            if not TOTAL.match(row.label):
                continue
            for column, cell in row.cells.items():
                title = table.title(column)
                name = re.sub(r"\([^)]*\)$", "", title)
                if re.fullmatch(r"(?:19|20)\d\d年?(?:完成|实际|合计)?", name) and len(row.label) > 4:
                    year, name = name[:4], re.sub("(?:合计|总计|小计)$", "", row.label)
                else:
                    year = ""
                name = SCOPE.sub("", name)
                if len(name) < 3 or name in GENERIC:
                    continue
                for said, one in prose:
                    alike = said == name and one.is_like(cell) and not is_prior(one)
                    if alike and (not year or not one.period or one.period == year):
                        yield same_number(one, cell, name)

"""Tables: their heads, rows and cells, and totals that the text tells too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from desk.numerals import Numeral, Reading
from desk.relations.levels import is_prior, levels_of
from desk.relations.model import Relation, same_number
from desk.relations.names import GENERIC, PART_OF_YEAR, SCOPE, names_of
from desk.tables import parted_by_tabs

TOTAL = re.compile(
    r"^(?:.*(?:合计|总计|小计)|全市|全省|全国|全区|全县|全年|总数|All|Sum|(?:Grand |Sub-?)?Totals?"
    r"|Total (?:income|expenditure|spending|revenues?|receipts|payments|staff|costs?))$",
    re.IGNORECASE,
)
MAY_BE_TOTAL = re.compile(r"^(?:Total|All|Overall|Sum of)\b|\btotal$|总[计额数量]|合计", re.IGNORECASE)
NO_SUM = re.compile(
    r"率|%|％|人均|均|增长|增速|比重|占比|指数|密度|单价|价格|单产|浓度"
    r"|rate|density|ratio|mean|median|intensity|yield|share|average|per |index|growth",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[-−+]?(?:US|HK)?[$£€¥]? ?(?!00)[\d,]+(?:\.\d+)?%?")
NIL = re.compile(r"[-－–—−―/\s]*|\.{2,}|…+")  # what stands in a cell that has no number
YEARS = re.compile(r"(?:19|20)\d\d年?.*")
PAGE = re.compile(r"\W*(?:第 ?)?\d{1,4}(?: ?页)?\W*")  # a line that only numbers a page
YEAR_TITLE = re.compile(r"(?:19|20)\d\d年?(?:完成|实际|合计)?")


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is called, its numbers by column, its columns that have nothing, how many it has."""

    label: str
    cells: dict[int, Numeral]
    nil: frozenset[int] = field(default_factory=frozenset)
    width: int = 0


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[Row, ...]

    def title(self, column: int) -> str:
        """What stands over a column; nothing where the head does not reach it."""
        return self.head[column] if column < len(self.head) else ""

    @property
    def columns(self) -> list[int]:
        """The columns that have numbers."""
        return sorted({column for row in self.rows for column in row.cells})


def tables(reading: Reading) -> Iterator[Table]:
    """The tables of a document: rows of cells parted by tabs or two spaces, under a head.

    A row of dashes or blanks, a head that is repeated and the number of a page stand inside a table.
    """
    head: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(reading.lines, 1):
        cells = _cells(line)
        if len(cells) < 2:
            if line.strip() and not PAGE.fullmatch(line):
                if rows:
                    yield Table(head, tuple(rows))
                head, rows = (), []
            continue
        texts = tuple(text for _, text in cells)
        row = _row(cells, reading.on_line(number))
        if texts == head:
            continue
        if _belongs(row, texts, is_first=not head and not rows):
            rows.append(row)
            continue
        if rows:
            yield Table(head, tuple(rows))
        head, rows = texts, []
    if rows:
        yield Table(head, tuple(rows))


def _belongs(row: Row, texts: Sequence[str], *, is_first: bool) -> bool:
    """Whether a line of cells is a row under the head so far, and no head of its own."""
    if is_first:
        return bool(row.cells) and not _has_only_years(texts)
    return bool(row.cells) or len(row.nil) == len(texts) - 1


def _row(cells: Sequence[tuple[int, str]], numbers: Sequence[Numeral]) -> Row:
    by_column: dict[int, Numeral] = {}
    nil: set[int] = set()
    for column, (start, text) in enumerate(cells[1:], 1):
        if NIL.fullmatch(text):
            nil.add(column)
            continue
        inside = [one for one in numbers if start <= one.offset < start + len(text)]
        if inside and NUMBER.fullmatch(text) and _digits(inside[0].printed) == _digits(text):
            by_column[column] = inside[0]
    return Row(_label(cells[0][1]), by_column, frozenset(nil), len(cells))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _has_only_years(texts: Sequence[str]) -> bool:
    return all(YEARS.fullmatch(text) for text in texts[1:])


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


def may_be_total(label: str) -> bool:
    """Whether a row may sum up others by its name, though others are called so that do not: total assets.

    >>> may_be_total("All airports"), may_be_total("Airports")
    (True, False)
    """
    return MAY_BE_TOTAL.search(label) is not None


def are_parts(cells: Sequence[Numeral], whole: Numeral) -> bool:
    """Whether cells are amounts in the unit of what they may make up; a currency may stand in some rows alone."""
    return all(_is_part(cell, whole) for cell in cells)


def _is_part(cell: Numeral, whole: Numeral) -> bool:
    if cell.is_percent or whole.is_percent:
        return False
    is_bare = not cell.unit or not whole.unit
    return cell.is_like(whole) or (is_bare and cell.is_amount and whole.is_amount)


# totals that the text tells too


def repeated_in_tables(reading: Reading) -> Iterator[Relation]:
    """A row of totals against the text: 全市 under 年末常住人口, and 年末全市常住人口468.3万人."""
    prose: list[tuple[str, Numeral]] = []
    for sentence in reading.sentences:
        if sentence.is_row:
            continue
        for one in levels_of(sentence):
            is_of_part = PART_OF_YEAR.search(sentence.text_before(one)) is not None  # 12月当月,进出口372.2亿元
            prose += [(name, one) for name in names_of(one) if name and not is_of_part]
    told: dict[str, list[tuple[Numeral, Numeral]]] = {}
    for table in tables(reading):
        for row in table.rows:
            if TOTAL.match(row.label):
                for name, one, cell in _told_of(row, table, prose):
                    told.setdefault(name, []).append((one, cell))
    for name, pairs in told.items():
        is_one_thing = all(len({number.number.value for number in side}) == 1 for side in zip(*pairs, strict=True))
        for one, cell in pairs:
            relation = same_number(one, cell, name)
            if relation.can_hold or is_one_thing:
                yield relation


def _told_of(row: Row, table: Table, prose: Sequence[tuple[str, Numeral]]) -> Iterator[tuple[str, Numeral, Numeral]]:
    """The cells of a row of totals, each with its name and a number of the text that is called so."""
    for column, cell in row.cells.items():
        name, year = _name_of_cell(row.label, table.title(column))
        if len(name) < 3 or name in GENERIC:
            continue
        for said, one in prose:
            is_alike = said == name and _is_told_as(one, cell) and not is_prior(one)
            if is_alike and (not year or not one.period or one.period == year):
                yield name, one, cell


def _is_told_as(one: Numeral, cell: Numeral) -> bool:
    """Whether a number of the text is in the unit of a cell; one in 万 is not, where a table says no unit.

    A total of 100 is that of shares.
    """
    if cell.number.value in (1, 100):
        return False
    is_bare = not cell.unit and cell.number.scale == 1
    is_larger = one.number.scale > 1
    return one.is_like(cell) and not (is_bare and is_larger)


def _name_of_cell(label: str, title: str) -> tuple[str, str]:
    """What a cell of a row of totals is called, and its year where its column's head is one."""
    name = re.sub(r"\([^)]*\)$", "", title)
    year = ""
    if YEAR_TITLE.fullmatch(name) and len(label) > 4:
        year = name[:4]
        name = re.sub("(?:合计|总计|小计)$", "", label)
    return SCOPE.sub("", name), year

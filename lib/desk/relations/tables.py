"""Tables: rows that make up others, columns of differences, totals that the text tells too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desk.numerals import Numeral, Reading
from desk.relations.beside import Beside, shares_in_columns
from desk.relations.changes import is_prior, levels_of
from desk.relations.model import Relation, growth_of, quotient, total
from desk.relations.names import GENERIC, SCOPE, names_of, told_twice
from desk.relations.parts import PARTITIONS
from desk.tables import parted_by_tabs

# tables

TOTAL = re.compile(
    r"^(?:.*(?:合计|总计|小计)|全市|全省|全国|全区|全县|总数|Totals?|Grand total|All(?: [a-z]+)?|Sum)$", re.IGNORECASE
)
NO_SUM = re.compile(
    r"率|%|％|人均|均|增长|增速|比重|占比|指数|密度|rate|share|average|per |index|growth", re.IGNORECASE
)
DIFFERENCE = re.compile(
    r"^(?:增减额?|增减数|增加额?|增量|变动|变化|净增|差额|Change|Difference|Increase)", re.IGNORECASE
)
GROWTH_HEAD = re.compile(r"^(?:增长率?|增速|同比|增幅|增减率|变动率|Growth|% change|Change,? %)", re.IGNORECASE)
NUMBERED = re.compile("[一二三四五六七八九十]+、")  # rows of a first level: those between are parts of them
SHARES = re.compile(
    r"^(?:占比|比重|构成|占总[数量额]?的?(?:比重|比例)?|份额|Share|% of total|Per ?cent of total)", re.IGNORECASE
)
INNER = re.compile(r"^\s*(?:其中|#|－|—|-)|of which", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    label: str
    cells: dict[int, Numeral]  # by column


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[Row, ...]


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
        rows.append(Row(cells[0][1], by_column))
    if rows:
        yield Table(head, tuple(rows))


def _cells(line: str) -> list[tuple[int, str]]:
    """Where each cell of a row begins, and its text; an empty one keeps its column where tabs part them."""
    if "\t" in line:
        return parted_by_tabs(line)
    if not re.search(r"\S {2,}\S", line):
        return []
    return [(match.start(), match[0]) for match in re.finditer(r"\S+(?: \S+)*", line)]


def totals(reading: Reading) -> Iterator[Relation]:
    """Rows of a table that make up the row that says so, and columns of which one is the difference of two."""
    for table in tables(reading):
        shift = 0
        columns = sorted({column for row in table.rows for column in row.cells})
        for column in columns:
            title = table.head[column - shift] if column - shift < len(table.head) else ""
            if not NO_SUM.search(title):
                yield from _column(table, column, title)
        yield from _differences(table)
        yield from _performances(table)
        yield from _shares_beside(table)
        yield from _balances(table)
        yield from _across(table)


def _column(table: Table, column: int, title: str) -> Iterator[Relation]:
    marks = [place for place, row in enumerate(table.rows) if TOTAL.match(row.label)]
    since = 0
    for place in marks:
        row = table.rows[place]
        addends = _addends(table, place, since, marks)
        since = place + 1
        if column not in row.cells or len(addends) < 2 or any(column not in one.cells for one in addends):
            continue
        whole = row.cells[column]
        cells = [one.cells[column] for one in addends]
        if _are_parts(cells, whole):
            says = f"“{row.label}”应等于各行之和（{title}）", f"“{row.label}” is the sum of its rows ({title})"
            yield total("total", whole, cells, says)


def _addends(table: Table, place: int, since: int, marks: Sequence[int]) -> list[Row]:
    """The rows that make up the row at a place: those above it, or below where the total comes first."""
    is_first = place == marks[0] and place == since
    if place == 0 or is_first:
        end = next((mark for mark in marks if mark > place), len(table.rows))
        rows = table.rows[place + 1 : end]
    else:
        rows = table.rows[since:place]
    outer = [one for one in rows if not INNER.match(one.label)]
    numbered = [one for one in outer if NUMBERED.match(one.label)]
    return numbered or outer


def _are_parts(cells: Sequence[Numeral], whole: Numeral) -> bool:
    """Whether cells are amounts in the unit of what they may make up."""
    return all(cell.is_like(whole) and not cell.is_percent for cell in cells)


def _differences(table: Table) -> Iterator[Relation]:
    for column, title in enumerate(table.head):
        is_difference = DIFFERENCE.match(title) is not None and "%" not in title
        is_growth = GROWTH_HEAD.match(title) is not None
        if not (is_difference or is_growth) or column < 3:
            continue
        first, second = table.head[column - 2], table.head[column - 1]
        later = _later(first, second)
        if later is None:
            continue
        new, old = (column - 2, column - 1) if later == 0 else (column - 1, column - 2)
        for row in table.rows:
            if {new, old, column} <= row.cells.keys():
                one, before, change = row.cells[new], row.cells[old], row.cells[column]
                if is_growth and change.is_percent and not before.range.has_zero:
                    says = "增长率应与两列相符", "growth follows from the two columns"
                    yield growth_of(change, one, before, says, change.range)
                elif is_difference and not change.is_percent:
                    yield _difference(change, one, before)


def _difference(change: Numeral, new: Numeral, old: Numeral) -> Relation:
    """A cell that says how much more one is than another."""
    return Relation(
        kind="change",
        numerals=(change, new, old),
        stated=change,
        left=change.range,
        sign="=",
        right=new.range - old.range,
        arithmetic=f"{new.printed} − {old.printed}",
        says=("增减应等于两列之差", "the change is the difference of the two columns"),
    )


PLANNED = re.compile(r"^(?!完成|为|占)(?:[一-鿿]{0,4}预算数?|年?初?预算|计划数?|目标数?)$")
DONE = re.compile(r"^(?:决算数?|执行数?|完成数?|实际数?|实际完成)$")
DONE_SHARE = re.compile(r"^(?:完成|为|占)(?:年初|年度|调整)?(?:预算|计划|目标)(?:的)?(?:%|比例|进度)?$")


def _performances(table: Table) -> Iterator[Relation]:
    """预算数, 决算数 and 完成预算(%): where each head stands once."""
    planned, done, share = (_only_column(table, kind) for kind in (PLANNED, DONE, DONE_SHARE))
    if planned is None or done is None or share is None:
        return
    for row in table.rows:
        if not {planned, done, share} <= row.cells.keys():
            continue
        plan, result, told = row.cells[planned], row.cells[done], row.cells[share]
        if told.is_percent and plan.is_like(result) and not plan.range.has_zero:
            yield quotient("share", told, result, plan, PERFORMED)


def _shares_beside(table: Table) -> Iterator[Relation]:
    """A column of shares right behind one of amounts, in a table with a row of totals."""
    wholes = [row for row in table.rows if TOTAL.match(row.label)]
    for column, title in enumerate(table.head):
        if column < 2 or len(wholes) != 1 or not SHARES.match(title):
            continue
        beside = {}
        amounts = _amounts_left_of(table, column)
        for row in table.rows:
            part, share = row.cells.get(amounts), row.cells.get(column)
            if part is not None and share is not None and share.is_percent and part.is_amount:
                beside[row.label] = Beside(part, share)
        whole = beside.pop(wholes[0].label, None)
        if whole is not None:
            yield from shares_in_columns(list(beside.values()), whole)


def _amounts_left_of(table: Table, column: int) -> int:
    """The column that a column of shares is of: that of the year it names, else the nearest of amounts."""
    year = re.search(r"(?:19|20)\d\d", table.head[column])
    for left in range(column - 1, 0, -1):
        cells = [row.cells[left] for row in table.rows if left in row.cells]
        is_amounts = bool(cells) and all(cell.is_amount for cell in cells)
        if is_amounts and (year is None or year[0] in table.head[left]):
            return left
    return 0


INCOME = re.compile("^[一-鿿]{0,4}收入$")
SPENDING = re.compile("^[一-鿿]{0,4}支出$")
LEFT = re.compile("^(?:当[期年]|本[期年])(?:收支)?结余$|^收支差额$")
BALANCE = ("结余应等于收入减支出", "the balance is income less spending")


def _balances(table: Table) -> Iterator[Relation]:
    """收入, 支出 and 当期结余: where each head stands once."""
    income, spending, left = (_only_column(table, kind) for kind in (INCOME, SPENDING, LEFT))
    if income is None or spending is None or left is None:
        return
    for row in table.rows:
        if not {income, spending, left} <= row.cells.keys():
            continue
        first, second, rest = row.cells[income], row.cells[spending], row.cells[left]
        if first.is_like(second) and first.is_like(rest):
            yield replace(_difference(rest, first, second), says=BALANCE)


PERFORMED = ("完成比例应与两列相符", "the share follows from the two columns")


def _only_column(table: Table, kind: re.Pattern[str]) -> int | None:
    """The one column whose head is of a kind; none where there are several."""
    columns = []
    for column, title in enumerate(table.head):
        if kind.match(re.sub(r"\([^()]*\)$", "", title)):
            columns.append(column)
    return columns[0] if len(columns) == 1 else None


def _across(table: Table) -> Iterator[Relation]:
    """男, 女 and 合计: the columns of a division known to be whole, and the one that says it is their sum."""
    wholes = [column for column, title in enumerate(table.head) if column and TOTAL.match(title)]
    parts = [column for column, title in enumerate(table.head) if column and column not in wholes]
    titles = sorted(table.head[column] for column in parts)
    if len(wholes) != 1 or not any(sorted(partition) == titles for partition in PARTITIONS):
        return
    for row in table.rows:
        if not {*wholes, *parts} <= row.cells.keys():
            continue
        whole, cells = row.cells[wholes[0]], [row.cells[column] for column in parts]
        if _are_parts(cells, whole):
            yield total("total", whole, cells, ("合计应等于各列之和", "the total is the sum of its columns"))


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


def repeated_in_tables(reading: Reading) -> Iterator[Relation]:
    """A row of totals against the text: 全市 under 年末常住人口, and 年末全市常住人口468.3万人."""
    prose: list[tuple[str, Numeral]] = []
    for sentence in reading.sentences:
        if "\t" not in sentence.text:
            prose += [(name, one) for one in levels_of(sentence) for name in names_of(one) if name]
    for table in tables(reading):
        for row in table.rows:
            if not TOTAL.match(row.label):
                continue
            for column, cell in row.cells.items():
                title = table.head[column] if column < len(table.head) else ""
                name = re.sub(r"\([^)]*\)$", "", title)
                if re.fullmatch(r"(?:19|20)\d\d年?(?:完成|实际|合计)?", name) and len(row.label) > 4:
                    year, name = name[:4], re.sub("(?:合计|总计|小计)$", "", row.label)
                else:
                    year = ""
                name = SCOPE.sub("", name)
                if len(name) < 3 or name in GENERIC:
                    continue
                for said, one in prose:
                    alike = said == name and one.is_like(cell) and not is_prior(one, one.before)
                    if alike and (not year or not one.period or one.period == year):
                        yield told_twice(one, cell, name)

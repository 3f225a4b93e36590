"""Tables pasted into a text: which unit a number has from its column's head, its row's label or the line above.

A row is a line of cells parted by tabs, by two spaces or more, or by single spaces where only numbers follow a label.
The head of a column wins with %, else the label of the row or its cell under 单位, the head, and 单位：万元 above the
table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bluebook.numbers.bounds import Printed
from bluebook.numbers.characters import normal
from bluebook.numbers.printed import PrintedError, parse

_EMPHASIS = " *_"  # around a cell of Markdown
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?%?")
_SPACED = re.compile(r"[^\s\d][^\s]*(?: [-−+]?\d[\d,]*(?:\.\d+)?%?)+|[^\s\d][^\s]*(?: (?:19|20)\d\d年){2,}")
_OF_YEARS = re.compile(r"年份|年度|成立|建[成于院校]|[Yy]ear|[Ff]ounded|[Bb]uilt|[Oo]pened")
_YEARS = re.compile(r"(?:19|20)\d\d年?(?:度|末)?")
_IN_BRACKETS = re.compile(r"\(([^()]{1,12})\)\s*$")
_FOR_ALL = re.compile(r"单位[::]\s*([^\s,、;()]{1,8})\s*[)]?$")
_CHANGE = re.compile("增长|增速|增幅|比重|占比|升降|涨跌|同比")
_UNIT_COLUMNS = ("单位", "计量单位", "单 位")
_LABEL_COLUMNS = ("指标", "指标名称", "项目", "名称", "Indicator", "Measure")
_FOLLOWING = 3  # lines without cells after which a table is over


@dataclass(frozen=True)
class Cell:
    """What a table says of a number in it: its unit, and the words of its row and of its column.

    `is_count` is whether a number that looks like a year (1940) is none: its column has a unit, or a number that is no
    year.
    """

    start: int
    unit: str
    label: str
    title: str
    is_count: bool = False

    @property
    def heads(self) -> str:
        """What stands before its row and over its column."""
        return self.label + self.title


@dataclass(frozen=True)
class _Piece:
    start: int
    text: str

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch(self.text) is not None


def cells(text: str) -> dict[tuple[int, int], Cell]:
    """The cells of a text's tables that have a number, by line (from 1) and offset (from 0).

    >>> found = cells("地区生产总值(亿元) 617.50 5.2")
    >>> [(cell.start, cell.unit) for cell in found.values()]
    [(11, '亿元'), (18, '')]
    """
    found: dict[tuple[int, int], Cell] = {}
    columns: dict[tuple[int, int], list[tuple[tuple[int, int], bool]]] = {}
    head: list[_Piece] = []
    for_all, since, table = "", 0, 0
    for number, line in enumerate(map(normal, text.splitlines()), 1):
        pieces = _pieces(line)
        above = _FOR_ALL.search(line.strip())
        if above:
            for_all, since = _unit(above[1]), 0
            if len(pieces) < 2:
                head = []
                continue
        values = [piece for piece in pieces[1:] if piece.is_number]
        has_only_years = all(_YEARS.fullmatch(piece.text) for piece in values)
        is_head = not head and has_only_years and any(not piece.is_number and piece.text for piece in pieces[1:])
        if not values or is_head or (pieces[0].is_number and len(values) + 1 == len(pieces) and not head):
            since += 1
            if len(pieces) > 1:
                head, since, table = pieces, 0, table + 1
            elif since > _FOLLOWING:
                head, for_all = [], ""
            continue
        since = 0
        starts = [piece.start for piece in pieces]
        for cell in _row(pieces, head, for_all):
            place = number, cell.start
            column = starts.index(cell.start)
            found[place] = cell
            looks_like_year = _YEARS.fullmatch(pieces[column].text) is not None and not cell.unit
            if len(values) > 1 and has_only_years:
                continue  # a head that no words stand in
            columns.setdefault((table, column), []).append((place, looks_like_year))
    for column_cells in columns.values():
        if not all(looks_like_year for _, looks_like_year in column_cells):
            _mark_as_counts(found, [place for place, _ in column_cells])
    return found


def _mark_as_counts(found: dict[tuple[int, int], Cell], places: list[tuple[int, int]]) -> None:
    """Say of the cells of a column that they are no years, but for those whose head or label says so."""
    for place in places:
        cell = found[place]
        if not _OF_YEARS.search(cell.heads):
            found[place] = replace(cell, is_count=True)


def _pieces(line: str) -> list[_Piece]:
    """The cells of a line, if it has any; else the line as one."""
    if "\t" in line:
        return [_Piece(left, text) for left, text in parted_by_tabs(line)]
    if re.search(r"\S {2,}\S", line):
        parting = r"\S+(?: \S+)*"
    elif _SPACED.fullmatch(line.strip()):
        parting = r"\S+"
    else:
        return []
    pieces = []
    for match in re.finditer(parting, line):
        left = match.start() + len(match[0]) - len(match[0].lstrip())
        pieces.append(_Piece(left, match[0].strip()))
    return pieces


def parted_by_tabs(line: str) -> list[tuple[int, str]]:
    """Where each cell of a row begins, and its text; an empty one keeps its column. None where all are empty.

    >>> parted_by_tabs("全市\\t\\t4684")
    [(0, '全市'), (3, ''), (4, '4684')]
    """
    outer = 1 if line.startswith("\t") and line.rstrip(" ").endswith("\t") else 0  # the bars of Markdown
    cells, at = [], 0
    for cell in line.split("\t"):
        inside = cell.strip(_EMPHASIS)
        cells.append((at + len(cell) - len(cell.lstrip(_EMPHASIS)) if inside else at, inside))
        at += len(cell) + 1
    cells = cells[outer : len(cells) - outer]
    return cells if any(text for _, text in cells) else []


def _row(pieces: list[_Piece], head: list[_Piece], for_all: str) -> Iterator[Cell]:
    """The cells of a row that are numbers."""
    label = _label_of(pieces, head)
    own = _unit_of(label.text)
    shift = 1 if len(head) == len(pieces) - 1 else 0  # a head without a word over the labels
    corner = _unit_of(head[0].text) if head and not shift else ""
    own = own or _unit_beside(pieces, head)
    is_first = True
    for column, piece in enumerate(pieces[1:], 1):
        if not piece.is_number:
            continue
        place = column - shift
        title = head[place].text if 0 <= place < len(head) else ""
        of_label = own if is_first or (title and not _CHANGE.search(title)) else ""
        unit = _cell_unit(title, of_label, corner or for_all)
        is_first = False
        yield Cell(
            start=piece.start,
            unit="" if piece.text.endswith("%") else unit,
            label=_IN_BRACKETS.sub("", label.text),
            title=_IN_BRACKETS.sub("", title).replace("%", ""),
        )


def _label_of(pieces: list[_Piece], head: list[_Piece]) -> _Piece:
    """The cell that names a row: under the head 指标 where there is one, else the first."""
    for column, title in enumerate(head):
        if title.text in _LABEL_COLUMNS and len(pieces) == len(head) and not pieces[column].is_number:
            return pieces[column]
    return pieces[0]


def _unit_beside(pieces: list[_Piece], head: list[_Piece]) -> str:
    """The unit in a row's cell under the head 计量单位, of a table that has one row a measure."""
    for column, title in enumerate(head):
        if title.text in _UNIT_COLUMNS and column < len(pieces) == len(head):
            return _unit(pieces[column].text)
    return ""


def _cell_unit(title: str, of_label: str, of_table: str) -> str:
    """The unit of a number under a column's title, in a row whose label may have one, in a table that may."""
    of_title = _unit_of(title)
    if of_title == "%":
        return of_title
    if of_label or of_title:
        return of_label or of_title
    return "" if _CHANGE.search(title) else of_table


def _unit_of(title: str) -> str:
    """The unit a label or a head ends with: 增加值(亿元), 比上年增长(±%), 为预算%."""
    inside = _IN_BRACKETS.search(title)
    if inside:
        return _unit(inside[1])
    return "%" if title.endswith("%") and not title[:1].isdigit() else ""


def _unit(words: str) -> str:
    unit = words.strip().removeprefix("单位:").removeprefix("±").removeprefix("+-").strip()
    return unit if _readable(unit) is not None else ""


def _readable(unit: str) -> Printed | None:
    try:
        number = parse("1" + unit) if unit else None
    except PrintedError:
        return None
    return number if number and (number.unit or number.scale != 1) else None

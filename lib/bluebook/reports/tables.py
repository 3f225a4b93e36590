"""Tables of quantities and words as plain HTML, with their data to take away.

Numbers show themselves as everywhere else, each with its provenance; all other text is escaped; what the source does
not say is a dash that reads "not published".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from math import log10
from typing import Any

import pandas as pd

from bluebook.charts.lettering import ems
from bluebook.charts.record import CELL_COLUMNS, cells
from bluebook.messages import FALLBACK, message, messages
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import HEDGES, in_full, power, to_step
from bluebook.reports.markup import element

Rows = pd.DataFrame | Iterable[Mapping[str, Any] | Sequence[Any]]
NARROW = 25.0  # ems across a phone
PHONE = 1.1 * NARROW  # ems that the cells of a row have on a phone; its words may break a little
HAN_WORD = 4.0  # ems of a Chinese word
PADDING = 1.2  # ems between two cells of a row
NUMBER = "num"  # the class of a cell that holds a number
LINK = re.compile(r"https?://[^\s\"'<>]+|[\w-]+[.]html(#[\w.-]+)?")  # an address, or a page beside this one
EXPLANATION = re.compile(r'(<data\b[^>]*?) title="[^"]*"')  # what a number says when it is pointed at


class ShowError(ValueError):
    """Cards or a table without id, title or content."""


@dataclass(frozen=True)
class Shown:
    """HTML, the same as plain text, and a record for the page's furniture."""

    html: str
    plain: str
    record: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> tuple[dict[str, str], dict[str, Any]]:
        bundle = {"text/html": self.html, "text/plain": self.plain}
        metadata = {"press": self.record} if self.record else {}
        return bundle, metadata


@dataclass(frozen=True)
class Scaled:
    """A number in a column whose head says the unit: so many times `worth`, to a `step`, else to three digits.

    It is written no finer than it was printed. A download has the number itself.

    >>> from bluebook.numbers.quantity import published
    >>> str(Scaled(published("155.32万人", figure="a.b"), 10**4, 10**3))
    '155.3'
    """

    number: Quantity
    worth: Fraction | int
    step: Fraction | int | None = None

    def __str__(self) -> str:
        q = self.number
        step = self._step
        in_unit = to_step(q.value / self.worth, step / self.worth)
        if q.hedge in HEDGES:
            return message(q.lang, HEDGES[q.hedge], number=in_full(in_unit, q.lang))
        if q.hedge:
            return in_full(in_unit, q.lang)
        places = round(log10(self.worth / power(step)))
        return f"{in_unit:,.{max(0, places)}f}"

    @property
    def _step(self) -> Fraction:
        """The step asked for, else three digits; no finer than the number was printed."""
        q = self.number
        three_digits = power(abs(q.value)) / 100 if q.value else Fraction(1)
        wanted = Fraction(self.step or three_digits)
        printed = q.step or Fraction(0)
        return max(wanted, printed)


def table(
    rows: Rows,
    *,
    id: str,
    title: str,
    columns: Mapping[str, str] | Sequence[str] | None = None,
    explained: bool = False,
) -> Shown:
    """A table of quantities and words, in the language of its title.

    `rows` is a frame, or rows that are mappings or sequences. `columns` chooses and names: {"name_zh": "名称"}; for
    sequences it is the headers. A cell that is empty shows as not published. One that is an http(s) address or a page
    beside this one (`figures.html`), or a pair of words and such an address, is a link. The first column heads its
    row. Where rows say bounds and place themselves, their numbers are `explained`, and only lead to the table of all
    figures.
    Raises `ShowError` for a table without id, title, columns or rows, and for a column or cell that is not there.

    >>> print(table([["Rail", ""]], id="parts", title="Parts", columns=["Part", "Role"]).plain)
    Part | Role
    Rail | —
    """
    head, body = _grid(rows, columns, id)
    if not title.strip() or not head or not body:
        raise ShowError(f'table "{id}": title "{title}", {len(head)} columns, {len(body)} rows; wanted all three')
    lang = _language_of(title, body)
    holds_numbers = [any(_is_number(cell) for cell in column) for column in zip(*body, strict=True)]
    is_stacked = _is_stacked(head, body, holds_numbers)
    labels = head if is_stacked else ()
    rows_html = [_row(row, holds_numbers, lang, labels) for row in body]
    html = table_html(id, title, head, holds_numbers, ["<tbody>", *rows_html, "</tbody>"], is_stacked=is_stacked)
    if explained:
        html = EXPLANATION.sub(r"\1", html)
    lines = [_plain_row(row) for row in [head, *body]]
    record = table_record(id, title, head, body, lang)
    return Shown(html, "\n".join(lines), {"table": record})


def _plain_row(row: Sequence[Any]) -> str:
    return " | ".join(_cell_text(cell) or "—" for cell in row)


def _language_of(title: str, body: Sequence[Sequence[Any]]) -> str:
    """The language of a table: that of its title where this is Chinese, else of its numbers, else English."""
    if _is_chinese(title):
        return "zh"
    for row in body:
        for cell in row:
            number = cell.number if isinstance(cell, Scaled) else cell
            if isinstance(number, Quantity) and number.lang != "zh":
                return number.lang
    return FALLBACK


def table_record(id: str, title: str, head: Sequence[str], body: Sequence[Sequence[Any]], lang: str) -> dict[str, Any]:
    """What a page is told of a table: its id, its title and its data to take away."""
    return {"id": id, "title": title, "data": _data(head, body, lang)}


def _data(head: Sequence[str], body: Sequence[Sequence[Any]], lang: str) -> dict[str, Any]:
    """The table to take away: beside each number as written its value, bounds and unit."""
    parts = messages(lang, CELL_COLUMNS)
    has_quantities = []
    names: list[str] = []
    for place, name in enumerate(head):
        has_quantity = any(isinstance(row[place], Quantity | Scaled) for row in body)
        has_quantities.append(has_quantity)
        names.append(name)
        if has_quantity:
            names += [f"{name} / {part}" for part in parts]
    rows = []
    for row in body:
        cells_of_row: list[Any] = []
        for cell, has_quantity in zip(row, has_quantities, strict=True):
            cells_of_row += _data_cells(cell, has_quantity)
        rows.append(cells_of_row)
    return {"columns": names, "rows": rows}


def _data_cells(cell: Any, beside_quantities: bool) -> list[Any]:
    if isinstance(cell, Scaled):
        return cells(cell.number)
    if isinstance(cell, Quantity):
        return cells(cell)
    value = cell if _is_number(cell) else _cell_text(cell)
    if not beside_quantities:
        return [value]
    return [value, *[None] * len(CELL_COLUMNS)]


# what is shown


def _grid(
    rows: Rows, columns: Mapping[str, str] | Sequence[str] | None, id: str
) -> tuple[list[str], list[Sequence[Any]]]:
    """The headers, and the rows with their cells in that order."""
    listed = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else list(rows)
    names = _names(listed, columns)
    body: list[Sequence[Any]] = []
    for number, row in enumerate(listed, 1):
        lacking = _lacking(row, list(names))
        if lacking:
            cells_of_row = ", ".join(map(_cell_text, row))
            raise ShowError(f'table "{id}", row {number}: wanted {lacking}, found {cells_of_row}')
        body.append([row[name] for name in names] if isinstance(row, Mapping) else row)
    return list(names.values()), body


def _names(rows: Sequence[Any], columns: Mapping[str, str] | Sequence[str] | None) -> dict[str, str]:
    """What each column is called, by the key of its cells; without `columns`, as the keys of the first row."""
    if isinstance(columns, Mapping):
        return dict(columns)
    if columns is None and rows and isinstance(rows[0], Mapping):
        columns = [str(name) for name in rows[0]]
    return {name: name for name in columns or []}


def _lacking(row: Mapping[Any, Any] | Sequence[Any], names: Sequence[str]) -> str:
    """What a row should have and has not: a column, or as many cells as there are columns; "" for nothing."""
    if isinstance(row, Mapping):
        return next((name for name in names if name not in row), "")
    if len(row) == len(names):
        return ""
    return f"{len(names)} cells"


def table_html(
    id: str, title: str, head: Sequence[str], number: Sequence[bool], body: Sequence[str], *, is_stacked: bool = False
) -> str:
    """A table of rows that are HTML; `number` says which columns hold numbers."""
    kind = "data-table stacked" if is_stacked else "data-table"
    caption = element("caption", escape(title))
    heads = ""
    for name, is_number in zip(head, number, strict=True):
        heads += element("th", escape(name), scope="col", class_=_class(is_number))
    head_row = element("thead", element("tr", heads))
    return element("table", f"{caption}{head_row}{''.join(body)}", class_=kind, id=slug_checked(id))


def _class(is_number: bool) -> str | None:
    return NUMBER if is_number else None


def _is_stacked(head: Sequence[str], body: Sequence[Sequence[Any]], holds_numbers: Sequence[bool]) -> bool:
    """Whether the cells of a row stand one under the other on a phone: where side by side they would be slivers.

    Or where its numbers and the words of their heads, which do not break, would not fit beside each other.
    """
    if len(head) < 3:
        return False
    width = 0.0
    unbroken = PADDING * len(head)
    for name, column, is_number in zip(head, zip(*body, strict=True), holds_numbers, strict=True):
        widest = max(ems(_cell_text(cell)) for cell in column)
        width += widest
        if is_number:
            unbroken += max(widest, _longest_word(name))
    return width > PHONE or unbroken > NARROW


def _longest_word(name: str) -> float:
    """Ems of the longest word of a head, which does not break; a Chinese one breaks after a few characters."""
    widths = [min(ems(word), HAN_WORD) if _is_chinese(word) else ems(word) for word in name.split()]
    return max(widths, default=0.0)


def _row(row: Sequence[Any], holds_numbers: Sequence[bool], lang: str, labels: Sequence[str]) -> str:
    """A row of a table; `labels` are what the cells are called where they stand one under the other."""
    first, *others = row
    cells_html = element("th", cell_html(first, lang), scope="row", class_=_class(holds_numbers[0]))
    for place, cell in enumerate(others, 1):
        label = labels[place] if labels else None
        cells_html += element("td", cell_html(cell, lang), class_=_class(holds_numbers[place]), data_label=label)
    return element("tr", cells_html)


def cell_html(cell: Any, lang: str) -> str:
    """What stands in a cell: a number, a link, words, or a dash for nothing."""
    if isinstance(cell, Scaled):
        full = escape(cell.number.text)
        scaled = escape(str(cell))
        return number_html(cell.number).replace(f">{full}</data>", f">{scaled}</data>")
    if isinstance(cell, Quantity):
        return number_html(cell)
    words = _cell_text(cell)
    if not words:
        name = message(lang, "cell.not_published")
        return element("span", "—", class_="unpublished", role="img", aria_label=name, title=name)
    address = str(cell[1] if isinstance(cell, tuple) else cell)
    if not LINK.fullmatch(address):
        return escape(words)
    return element("a", escape(words), href=address)


def number_html(q: Quantity) -> str:
    """A number in a cell, with the unit that a column is sorted by: percentages are not mixed with counts."""
    unit = "%" if q.as_percent else q.unit
    return q._repr_html_().replace("<data ", f'<data data-unit="{escape(unit)}" ', 1)


def _cell_text(cell: Any) -> str:
    """A cell as text; nothing where there is nothing."""
    if isinstance(cell, tuple):
        return str(cell[0])
    is_not_a_number = isinstance(cell, float) and cell != cell
    return "" if cell is None or is_not_a_number else str(cell)


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool) or not isinstance(cell, Quantity | Scaled | int | float):
        return False
    return _cell_text(cell) != ""


def _is_chinese(words: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", words))


def slug_checked(id: str) -> str:
    """An id, if it is one that a page can be linked by. Raises `ShowError` for any other."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ShowError(f'id "{id}": wanted a slug like headline-numbers')
    return id

"""What a notebook shows besides charts and prose: headline cards and tables, plain HTML that any page can dress.

Numbers show themselves as everywhere else, each with its provenance; all other text is escaped; what the source does
not say is a dash that reads "not published".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from math import log10
from typing import Any

import pandas as pd

from bluebook.charts.lettering import ems
from bluebook.charts.record import CELL_COLUMNS, COLUMNS, cells
from bluebook.edition.edition import Edition
from bluebook.edition.glossary import read_terms
from bluebook.messages import FALLBACK, in_language, message, messages
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import HEDGES, in_full, power, span, to_step

Rows = pd.DataFrame | Iterable[Mapping[str, Any] | Sequence[Any]]
NARROW = 25.0  # ems across a phone
PHONE = 1.1 * NARROW  # ems that the cells of a row have on a phone; its words may break a little
HAN_WORD = 4.0  # ems of a Chinese word
PADDING = 1.2  # ems between two cells of a row
TAGGED = ("zh", "en")  # the languages that cells of prose are in
NUMBER = ' class="num"'
LINK = re.compile(r"https?://[^\s\"'<>]+|[\w-]+[.]html(#[\w.-]+)?")  # an address, or a page beside this one
NAMED_ELSEWHERE = re.compile(' (class|data-figure|title)="[^"]*"')  # attributes of a number that leads to its row
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
        metadata = {"press": self.record} if self.record else {}
        return {"text/html": self.html, "text/plain": self.plain}, metadata


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
        three_digits = power(abs(q.value)) / 100 if q.value else Fraction(1)
        step = max(Fraction(self.step or three_digits), q.step or Fraction(0))
        written = to_step(q.value / self.worth, step / self.worth)
        if q.hedge in HEDGES:
            return message(q.lang, HEDGES[q.hedge], number=in_full(written, q.lang))
        if q.hedge:
            return in_full(written, q.lang)
        places = max(0, round(log10(self.worth / power(step))))
        return f"{written:,.{places}f}"


def cards(
    quantities: Iterable[Quantity],
    *,
    id: str,
    title: str = "",
    labels: Sequence[str] | None = None,
    notes: Sequence[str] | None = None,
) -> Shown:
    """Headline numbers, each with its label and a note: where it stands and, unless it is exact, its bounds.

    `labels` and `notes` replace those of the quantities, one each. Raises `ShowError` when there is nothing to show.

    >>> from bluebook.numbers.quantity import published
    >>> cards([published("605个", figure="liaison.points", lang="en", label="Liaison points")], id="headline").plain
    'Liaison points: 605'
    """
    numbers = list(quantities)
    labels = [q.label for q in numbers] if labels is None else labels
    notes = [_note(q) for q in numbers] if notes is None else notes
    if not numbers or len(labels) != len(numbers) or len(notes) != len(numbers):
        wanted = "wanted one or more, with as many labels and notes if any"
        raise ShowError(f'cards "{id}": {len(numbers)} numbers; {wanted}')
    items = []
    lines = []
    for q, label, note in zip(numbers, labels, notes, strict=True):
        items.append(_card(q, label, note))
        lines.append(f"{label}: {q.text}")
    look = f'class="cards" id="{slug_checked(id)}" aria-label="{escape(title or id)}"'
    return Shown(f"<ul {look}>{''.join(items)}</ul>", "\n".join(lines))


def _card(q: Quantity, label: str, note: str) -> str:
    value = f'<div class="card-value"><strong>{q._repr_html_()}</strong></div>'
    words = f'<div class="card-label">{escape(label)}</div><div class="card-note">{escape(note)}</div>'
    return f'<li class="card">{value}{words}</li>'


def _note(q: Quantity) -> str:
    if q.exact:
        return q.where
    return message(q.lang, "join.clauses").join([q.bounds_text, q.where])


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
    columns_of_cells = list(zip(*body, strict=True))
    number = [any(_is_number(cell) for cell in column) for column in columns_of_cells]
    is_stacked = _is_stacked(head, body, number)
    rows_html = [_row(row, number, lang, head if is_stacked else ()) for row in body]
    html = table_html(id, title, head, number, ["<tbody>", *rows_html, "</tbody>"], is_stacked=is_stacked)
    if explained:
        html = EXPLANATION.sub(r"\1", html)
    lines = []
    for row in [head, *body]:
        lines.append(" | ".join(_cell_text(cell) or "—" for cell in row))
    return Shown(html, "\n".join(lines), {"table": table_record(id, title, head, body, lang)})


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


def only(lang: str) -> Shown:
    """Hides the cells that are tagged with another language of the book, in JupyterLab and in nbconvert's pages.

    A language that no cells are in shows the English ones.

    In JupyterLab it takes jupyterlab_celltagsclasses, which names a cell's tags in its class.

    >>> only("zh").html
    '<style>.jp-Notebook .cell-tag-en, .celltag_en { display: none; }</style>'
    """
    spoken = lang if lang in TAGGED else FALLBACK
    others = [f".jp-Notebook .cell-tag-{other}, .celltag_{other}" for other in TAGGED if other != spoken]
    return Shown(f"<style>{', '.join(others)} {{ display: none; }}</style>", "", {})


def watch(words: Mapping[str, str]) -> Shown:
    """Words by name whose change an unattended run reports: `{"shenzhen-2021 beds": "agrees"}`. Shows nothing.

    >>> watch({"beds": "agrees"}).record
    {'watch': {'beds': 'agrees'}}
    """
    return Shown("", "", {"watch": dict(words)})


def table_record(id: str, title: str, head: Sequence[str], body: Sequence[Sequence[Any]], lang: str) -> dict[str, Any]:
    """What a page is told of a table: its id, its title and its data to take away."""
    return {"id": id, "title": title, "data": _data(head, body, lang)}


def _data(head: Sequence[str], body: Sequence[Sequence[Any]], lang: str) -> dict[str, Any]:
    """The table to take away: beside each number as written its value, bounds and unit."""
    wide = []
    names: list[str] = []
    for place, name in enumerate(head):
        has_quantities = any(isinstance(row[place], Quantity | Scaled) for row in body)
        wide.append(has_quantities)
        names.append(name)
        if has_quantities:
            names += [f"{name} / {part}" for part in messages(lang, CELL_COLUMNS)]
    rows = []
    for row in body:
        cells_of_row: list[Any] = []
        for cell, is_wide in zip(row, wide, strict=True):
            cells_of_row += _data_cells(cell, is_wide)
        rows.append(cells_of_row)
    return {"columns": names, "rows": rows}


def _data_cells(cell: Any, wide: bool) -> list[Any]:
    if isinstance(cell, Scaled):
        return cells(cell.number)
    if isinstance(cell, Quantity):
        return cells(cell)
    others = [None] * len(CELL_COLUMNS) if wide else []
    return [cell if _is_number(cell) else _cell_text(cell), *others]


def figures_table(book: Edition) -> Shown:
    """Every figure of an edition by chapter; each row's id is the figure's.

    The area is given where it is one of `areas`, else the figure is about the whole.

    >>> from bluebook import open_edition
    >>> '<tr id="volunteers.total">' in figures_table(open_edition("shenzhen-2021", lang="en")).html
    True
    """
    title, place = book.messages("figures.all", "column.source")
    groups = [(name, book.chapter(chapter)) for chapter, name in book.chapters]
    shown = _figures(book, "figures", title, place, groups)
    shown.record["table"]["folder"] = book.name
    return shown


def cited_table(book: Edition, cited: pd.DataFrame) -> Shown:
    """Figures that an edition cites, as `Edition.cited` gives them, with how far their publications can be trusted.

    Each row's id is the figure's. On paper the address of a publication stands once.

    >>> from bluebook import open_edition
    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> '<tr id="context.spending.total.2015">' in cited_table(book, book.cited("spending.total")[:1]).html
    True
    """
    title, place = book.messages("figures.cited", "column.source_and_confidence")
    shown = _figures(book, "cited", title, place, [("", cited)])
    return replace(shown, html=_once(shown.html))


def glossary(book: Edition) -> Shown:
    """The terms of an edition's glossary, each with its meaning. Raises `ShowError` where there are none.

    >>> from bluebook import open_edition
    >>> '<dt id="sharp-eyes">Sharp Eyes</dt>' in glossary(open_edition("shenzhen-2021", lang="en")).html
    True
    """
    terms = read_terms(book).values()
    if not terms:
        raise ShowError(f"{book.name} has no glossary: wanted glossary.csv with a row a term")
    items = [f'<dt id="{term.anchor}">{escape(term.words)}</dt><dd>{escape(term.meaning)}</dd>' for term in terms]
    plain = "\n".join(f"{term.words}: {term.meaning}" for term in terms)
    return Shown(f'<dl class="glossary">{"".join(items)}</dl>', plain, {})


FIGURE_COLUMNS = (  # of the table to take away
    "column.id",
    "column.chapter",
    *COLUMNS[:-1],
    "column.printed",
    "column.period",
    "column.base",
    "column.area",
    "column.provenance",
    "column.address",
    "column.note",
)
TRUST = {"official": "trust.official", "press": "trust.press", "secondary": "trust.secondary"}


def _figures(book: Edition, id: str, title: str, place: str, groups: Sequence[tuple[str, pd.DataFrame]]) -> Shown:
    """A table of figures in groups, which have a heading each unless their name is empty; `place` heads their sources.

    The rows name their area where they are about more than one; those to take away always do.
    """
    areas = area_names(book)
    head = [*book.messages("column.number", "column.value", "column.range", "column.period"), place]
    shown_areas = areas if _count_areas(groups) > 1 else {}
    body: list[str] = []
    rows: list[list[Any]] = []
    lines = []
    columns = book.messages(*FIGURE_COLUMNS)
    for name, frame in groups:
        body.append("<tbody>")
        if name:
            body.append(_group_row(name, len(head)))
        for figure, row in frame.iterrows():
            trust = _trust(row, book.lang)
            body.append(_figure_row(str(figure), row, shown_areas, trust))
            data = _figure_data(str(figure), name, row, areas)
            rows.append([*data, trust] if trust else data)
            lines.append(f"{row['quantity'].figure}: {row['quantity'].text}")
        body.append("</tbody>")
    if len(rows[0]) > len(columns):
        columns.append(book.message("column.confidence"))
    record = {"id": id, "title": title, "source": book.title, "data": {"columns": columns, "rows": rows}}
    html = table_html(id, title, head, [False] * len(head), body)
    return Shown(html, "\n".join(lines), {"table": record})


def _count_areas(groups: Sequence[tuple[str, pd.DataFrame]]) -> int:
    areas: set[str] = set()
    for _, frame in groups:
        areas.update(frame["area"])
    return len(areas)


def _group_row(name: str, columns: int) -> str:
    heading = f'<th colspan="{columns}" scope="rowgroup"><strong>{escape(name)}</strong></th>'
    return f'<tr class="group">{heading}</tr>'


def _trust(row: pd.Series, lang: str) -> str:
    """How far the publication of a cited figure can be trusted, in words; "" for one of the edition's own."""
    confidence = row.get("confidence", "")
    return message(lang, TRUST[confidence]) if confidence else ""


def _figure_data(figure: str, chapter: str, row: pd.Series, areas: Mapping[str, str]) -> list[Any]:
    """A figure's row to take away, as `FIGURE_COLUMNS` names its cells."""
    q = row["quantity"]
    data = [figure, chapter, q.label, *cells(q)]
    data += [q.printed, row["period"], row.get("base", ""), areas.get(row["area"], "")]
    data += [q.where, q.source.url if q.source else "", row["note"]]
    return data


def _figure_row(figure: str, row: pd.Series, areas: Mapping[str, str], trust: str) -> str:
    q = row["quantity"]
    value = NAMED_ELSEWHERE.sub("", _number(q))  # the row says it all, and leads nowhere
    if q.text != q.printed:
        value += f'<small lang="{_language(q.printed)}">{escape(q.printed)}</small>'
    time = _cell(period(row), q.lang)
    area = areas.get(row["area"], "")
    if area:
        time += f"<br>{escape(area)}"
    address = q.source.url if q.source else ""
    place = _cell((q.source.cited if trust else q.where, address), q.lang)
    if trust:
        place += f"<small>{escape(trust)}</small>"
    name = escape(q.label)
    if row["note"]:
        name += f"<small>{escape(row['note'])}</small>"
    name += f"<code>{escape(figure)}</code>"
    written = "".join(f"<td>{cell}</td>" for cell in (value, escape(q.bounds_text), time, place))
    return f'<tr id="{escape(figure)}"><th scope="row">{name}</th>{written}</tr>'


def _language(printed: str) -> str:
    """The language that a number is printed in, as pages name it; of German and the like nobody asks.

    >>> _language("92のコミュニティ"), _language("92 communities"), _language("92个")
    ('ja', 'en', 'zh-Hans')
    """
    if re.search("[\u3040-\u30ff]", printed):
        return "ja"
    return "en" if printed.isascii() else "zh-Hans"


def _once(html: str) -> str:
    """A table whose links to a publication that a row above links to are marked."""
    seen = set[str]()

    def marked(link: re.Match[str]) -> str:
        again = link[1] in seen
        seen.add(link[1])
        return '<a class="again" ' if again else link[0]

    return re.sub(r'<a (?=href="([^"]*)")', marked, html)


def period(row: pd.Series) -> str:
    """The years of a figure: what it is about and, for a change, on what."""
    return span(row["period"], row.get("base", ""), row["quantity"].lang)


def area_names(book: Edition) -> dict[str, str]:
    """The areas of the edition in its language, by their Chinese names."""
    if not book.has_table("areas"):
        return {}
    rows = book.table("areas").to_dict("records")
    return {row["name_zh"]: in_language(row, "name", book.lang) for row in rows}


def _grid(
    rows: Rows, columns: Mapping[str, str] | Sequence[str] | None, id: str
) -> tuple[list[str], list[Sequence[Any]]]:
    """The headers, and the rows with their cells in that order."""
    given = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else list(rows)
    if columns is None and given and isinstance(given[0], Mapping):
        columns = [str(name) for name in given[0]]
    names = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns or []}
    body: list[Sequence[Any]] = []
    for number, row in enumerate(given, 1):
        lacking = _lacking(row, list(names))
        if lacking:
            cells_of_row = ", ".join(map(_cell_text, row))
            raise ShowError(f'table "{id}", row {number}: wanted {lacking}, found {cells_of_row}')
        body.append([row[name] for name in names] if isinstance(row, Mapping) else row)
    return list(names.values()), body


def _lacking(row: Mapping[Any, Any] | Sequence[Any], names: Sequence[str]) -> str:
    """What a row should have and has not: a column, or as many cells as there are columns; "" for nothing."""
    if isinstance(row, Mapping):
        return next((name for name in names if name not in row), "")
    return "" if len(row) == len(names) else f"{len(names)} cells"


def table_html(
    id: str, title: str, head: Sequence[str], number: Sequence[bool], body: Sequence[str], *, is_stacked: bool = False
) -> str:
    """A table of rows that are HTML; `number` says which columns hold numbers."""
    kind = "data-table stacked" if is_stacked else "data-table"
    top = f'<table class="{kind}" id="{slug_checked(id)}"><caption>{escape(title)}</caption>'
    heads = []
    for name, is_number in zip(head, number, strict=True):
        heads.append(f'<th scope="col"{_look(is_number)}>{escape(name)}</th>')
    return f"{top}<thead><tr>{''.join(heads)}</tr></thead>{''.join(body)}</table>"


def _look(is_number: bool) -> str:
    """The attribute of a cell that holds a number; "" of another."""
    return NUMBER if is_number else ""


def _is_stacked(head: Sequence[str], body: Sequence[Sequence[Any]], number: Sequence[bool]) -> bool:
    """Whether the cells of a row stand one under the other on a phone: where side by side they would be slivers.

    Or where its numbers and the words of their heads, which do not break, would not fit beside each other.
    """
    if len(head) < 3:
        return False
    columns = zip(*body, strict=True)
    widths = [max(ems(_cell_text(cell)) for cell in column) for column in columns]
    named = zip(widths, head, number, strict=True)
    unbroken = sum(max(width, _longest_word(name)) for width, name, is_number in named if is_number)
    return sum(widths) > PHONE or unbroken + PADDING * len(head) > NARROW


def _longest_word(name: str) -> float:
    """Ems of the longest word of a head, which does not break; a Chinese one breaks after a few characters."""
    widths = [min(ems(word), HAN_WORD) if _is_chinese(word) else ems(word) for word in name.split()]
    return max(widths, default=0.0)


def _row(row: Sequence[Any], number: Sequence[bool], lang: str, heads: Sequence[str] = ()) -> str:
    """A row of a table; `heads` are what the cells are called where they stand one under the other."""
    first = f'<th scope="row"{_look(number[0])}>{_cell(row[0], lang)}</th>'
    others = []
    for place in range(1, len(row)):
        label = f' data-label="{escape(heads[place])}"' if heads else ""
        others.append(f"<td{_look(number[place])}{label}>{_cell(row[place], lang)}</td>")
    return f"<tr>{first}{''.join(others)}</tr>"


def _cell(cell: Any, lang: str) -> str:
    if isinstance(cell, Scaled):
        written = _number(cell.number)
        return written.replace(f">{escape(cell.number.text)}</data>", f">{escape(str(cell))}</data>")
    if isinstance(cell, Quantity):
        return _number(cell)
    words = _cell_text(cell)
    if not words:
        name = message(lang, "cell.not_published")
        return f'<span class="unpublished" role="img" aria-label="{name}" title="{name}">—</span>'
    address = str(cell[1] if isinstance(cell, tuple) else cell)
    if not LINK.fullmatch(address):
        return escape(words)
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _number(q: Quantity) -> str:
    """A number in a cell, with the unit that a column is sorted by: percentages are not mixed with counts."""
    unit = "%" if q.as_percent else q.unit
    return q._repr_html_().replace("<data ", f'<data data-unit="{escape(unit)}" ', 1)


def _cell_text(cell: Any) -> str:
    """A cell as text; nothing where there is nothing."""
    if isinstance(cell, tuple):
        return str(cell[0])
    return "" if cell is None or (isinstance(cell, float) and cell != cell) else str(cell)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, Quantity | Scaled | int | float) and not isinstance(cell, bool) and bool(_cell_text(cell))


def _is_chinese(words: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", words))


def slug_checked(id: str) -> str:
    """An id, if it is one that a page can be linked by. Raises `ShowError` for any other."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ShowError(f'id "{id}": wanted a slug like headline-numbers')
    return id

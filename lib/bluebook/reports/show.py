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
from itertools import chain
from math import log10
from typing import Any

import pandas as pd

from bluebook.charts.lettering import ems
from bluebook.charts.record import COLUMNS, NUMBERS, cells
from bluebook.edition.edition import LANGUAGES, Edition
from bluebook.edition.glossary import read_terms
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import HEDGES, in_full, power, span, to_step

Rows = pd.DataFrame | Iterable[Mapping[str, Any] | Sequence[Any]]
NARROW = 25.0  # ems across a phone
PHONE = 1.1 * NARROW  # ems that the cells of a row have on a phone; its words may break a little
HAN_WORD = 4.0  # ems of a Chinese word
PADDING = 1.2  # ems between two cells of a row
NUMBER = ' class="num"'
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
        if q.hedge:
            return HEDGES[q.lang].get(q.hedge, "") + in_full(written, q.lang)
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
    found = list(quantities)
    if not found or any(len(words) != len(found) for words in (labels, notes) if words is not None):
        raise ShowError(f'cards "{id}": {len(found)} numbers; wanted one or more, with as many labels and notes if any')
    labels, notes = labels or [q.label for q in found], notes or [_note(q) for q in found]
    items = "".join(
        f'<li class="card"><div class="card-value"><strong>{q._repr_html_()}</strong></div>'
        f'<div class="card-label">{escape(label)}</div><div class="card-note">{escape(note)}</div></li>'
        for q, label, note in zip(found, labels, notes, strict=True)
    )
    html = f'<ul class="cards" id="{slug_checked(id)}" aria-label="{escape(title or id)}">{items}</ul>'
    plain = "\n".join(f"{label}: {q.text}" for q, label in zip(found, labels, strict=True))
    return Shown(html, plain)


def _note(q: Quantity) -> str:
    return q.where if q.exact else f"{q.bounds_text}{'；' if q.lang == 'zh' else '; '}{q.where}"


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
    zh, number = _is_chinese(title), [any(_is_number(row[i]) for row in body) for i in range(len(head))]
    is_stacked = _is_stacked(head, body, number)
    rows_html = [_row(row, number, zh, head if is_stacked else ()) for row in body]
    html = table_html(id, title, head, number, ["<tbody>", *rows_html, "</tbody>"], is_stacked=is_stacked)
    html = EXPLANATION.sub(r"\1", html) if explained else html
    plain = "\n".join(" | ".join(_cell_text(cell) or "—" for cell in row) for row in [head, *body])
    return Shown(html, plain, {"table": table_record(id, title, head, body, "zh" if zh else "en")})


def only(lang: str) -> Shown:
    """Hides the cells that are tagged with another language of the book, in JupyterLab and in nbconvert's pages.

    In JupyterLab it takes jupyterlab_celltagsclasses, which names a cell's tags in its class.

    >>> only("zh").html
    '<style>.jp-Notebook .cell-tag-en, .celltag_en { display: none; }</style>'
    """
    others = [f".jp-Notebook .cell-tag-{other}, .celltag_{other}" for other in LANGUAGES if other != lang]
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
    wide = [any(isinstance(row[i], Quantity | Scaled) for row in body) for i in range(len(head))]
    told = zip(head, wide, strict=True)
    names = [[name, *(f"{name} / {part}" for part in COLUMNS[lang][NUMBERS] if w)] for name, w in told]
    rows = [[_data_cells(cell, w) for cell, w in zip(row, wide, strict=True)] for row in body]
    return {"columns": [*chain(*names)], "rows": [[*chain(*row)] for row in rows]}


def _data_cells(cell: Any, wide: bool) -> list[Any]:
    if isinstance(cell, Scaled):
        return cells(cell.number)
    if isinstance(cell, Quantity):
        return cells(cell)
    others = [None] * len(COLUMNS["zh"][NUMBERS]) if wide else []
    return [cell if _is_number(cell) else _cell_text(cell), *others]


def figures_table(book: Edition) -> Shown:
    """Every figure of an edition by chapter; each row's id is the figure's.

    The area is given where it is one of `areas`, else the figure is about the whole.

    >>> from bluebook import open_edition
    >>> '<tr id="volunteers.total">' in figures_table(open_edition("shenzhen-2021", lang="en")).html
    True
    """
    words = book.say("全部数字|出处", "All numbers|Source").split("|")
    shown = _figures(book, "figures", words, [(name, book.chapter(chapter)) for chapter, name in book.chapters])
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
    words = book.say("引自他处的数字|出处与可信程度", "Numbers cited from elsewhere|Source and confidence").split("|")
    shown = _figures(book, "cited", words, [("", cited)])
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


FIGURE_COLUMNS = {
    "zh": ["编号", "篇章", *COLUMNS["zh"][:-1], "原文写法", "时期", "基期", "地区", "出处", "网址", "说明"],
    "en": ["Id", "Chapter", *COLUMNS["en"][:-1], "Printed", "Period", "Base", "Area", "Provenance", "Address", "Note"],
}
TRUST = {"official": "官方", "press": "报刊", "secondary": "转引"}


def _figures(book: Edition, id: str, words: Sequence[str], groups: Sequence[tuple[str, pd.DataFrame]]) -> Shown:
    """A table of figures in groups, which have a heading each unless their name is empty.

    The rows name their area where they are about more than one; those to take away always do.
    """
    areas, (title, place) = area_names(book), words
    head = [*book.say("数字 写法 范围 时期", "Number Value Range Period").split(), place]
    told = areas if len({area for _, frame in groups for area in frame["area"]}) > 1 else {}
    body, rows = list[str](), list[list[Any]]()
    for name, frame in groups:
        group = f'<th colspan="{len(head)}" scope="rowgroup"><strong>{escape(name)}</strong></th>'
        body.append("<tbody>" + f'<tr class="group">{group}</tr>' * bool(name))
        for figure, row in frame.iterrows():
            trust = row.get("confidence", "")
            trust = TRUST[trust] if trust and book.lang == "zh" else trust.capitalize()
            body.append(_figure_row(str(figure), row, told, trust))
            rows.append([*_figure_data(str(figure), name, row, areas), *([trust] if trust else [])])
        body.append("</tbody>")
    columns = FIGURE_COLUMNS[book.lang] + [book.say("可信程度", "Confidence")] * (
        len(rows[0]) > len(FIGURE_COLUMNS["en"])
    )
    plain = "\n".join(f"{q.figure}: {q.text}" for _, frame in groups for q in frame["quantity"])
    record = {"id": id, "title": title, "source": book.title, "data": {"columns": columns, "rows": rows}}
    return Shown(table_html(id, title, head, [False] * len(head), body), plain, {"table": record})


def _figure_data(figure: str, chapter: str, row: pd.Series, areas: Mapping[str, str]) -> list[Any]:
    """A figure's row to take away, as `FIGURE_COLUMNS` names its cells."""
    q = row["quantity"]
    about = [q.printed, row["period"], row.get("base", ""), areas.get(row["area"], ""), q.where]
    return [figure, chapter, q.label, *cells(q), *about, q.source.url if q.source else "", row["note"]]


def _figure_row(figure: str, row: pd.Series, areas: Mapping[str, str], trust: str) -> str:
    q, area = row["quantity"], areas.get(row["area"], "")
    zh = q.lang == "zh"
    lines = f"<small>{escape(row['note'])}</small>" * bool(row["note"]) + f"<code>{escape(figure)}</code>"
    value = re.sub(' (class|data-figure|title)="[^"]*"', "", _number(q))  # the row says it all, and leads nowhere
    printed = "" if q.text == q.printed else f'<small lang="{_language(q.printed)}">{escape(q.printed)}</small>'
    place = _cell((q.source.cited if trust else q.where, q.source.url if q.source else ""), zh)
    cells = [
        value + printed,
        escape(q.bounds_text),
        _cell(period(row), zh) + (f"<br>{escape(area)}" if area else ""),
        place + f"<small>{escape(trust)}</small>" * bool(trust),
    ]
    written = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{escape(figure)}"><th scope="row">{escape(q.label)}{lines}</th>{written}</tr>'


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
    areas = book.table("areas")
    return dict(zip(areas["name_zh"], areas[f"name_{book.lang}"], strict=True))


def _grid(
    rows: Rows, columns: Mapping[str, str] | Sequence[str] | None, id: str
) -> tuple[list[str], list[Sequence[Any]]]:
    """The headers, and the rows with their cells in that order."""
    found = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else list(rows)
    if columns is None and found and isinstance(found[0], Mapping):
        columns = [str(name) for name in found[0]]
    names = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns or []}
    body: list[Sequence[Any]] = []
    for row in found:
        lacking = [name for name in names if name not in row] if isinstance(row, Mapping) else []
        if lacking or len(row) < len(names) or (len(row) > len(names) and not isinstance(row, Mapping)):
            wanted = lacking[0] if lacking else f"{len(names)} cells"
            raise ShowError(
                f'table "{id}", row {len(body) + 1}: wanted {wanted}, found {", ".join(map(_cell_text, row))}'
            )
        body.append([row[name] for name in names] if isinstance(row, Mapping) else row)
    return list(names.values()), body


def table_html(
    id: str, title: str, head: Sequence[str], number: Sequence[bool], body: Sequence[str], *, is_stacked: bool = False
) -> str:
    """A table of rows that are HTML; `number` says which columns hold numbers."""
    kind = "data-table stacked" if is_stacked else "data-table"
    top = f'<table class="{kind}" id="{slug_checked(id)}"><caption>{escape(title)}</caption>'
    cells = [f'<th scope="col"{NUMBER * n}>{escape(name)}</th>' for name, n in zip(head, number, strict=True)]
    return f"{top}<thead><tr>{''.join(cells)}</tr></thead>{''.join(body)}</table>"


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


def _row(row: Sequence[Any], number: Sequence[bool], zh: bool, heads: Sequence[str] = ()) -> str:
    """A row of a table; `heads` are what the cells are called where they stand one under the other."""
    labels = [f' data-label="{escape(head)}"' for head in heads] or [""] * len(row)
    cells = [
        f"<td{NUMBER * n}{label}>{_cell(cell, zh)}</td>" for cell, n, label in zip(row, number, labels, strict=True)
    ]
    return f'<tr><th scope="row"{NUMBER * number[0]}>{_cell(row[0], zh)}</th>{"".join(cells[1:])}</tr>'


def _cell(cell: Any, zh: bool) -> str:
    if isinstance(cell, Scaled):
        written = _number(cell.number)
        return written.replace(f">{escape(cell.number.text)}</data>", f">{escape(str(cell))}</data>")
    if isinstance(cell, Quantity):
        return _number(cell)
    words, address = _cell_text(cell), str(cell[1] if isinstance(cell, tuple) else cell)
    if not words:
        name = "未公布" if zh else "not published"
        return f'<span class="unpublished" role="img" aria-label="{name}" title="{name}">—</span>'
    link = LINK.fullmatch(address)
    return f'<a href="{escape(address)}">{escape(words)}</a>' if link else escape(words)


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

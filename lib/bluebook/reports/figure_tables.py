"""The tables of an edition's figures: all of its own, and those that it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from bluebook.charts.record import COLUMNS, cells
from bluebook.edition.edition import Edition
from bluebook.messages import in_language, message
from bluebook.numbers.text import span
from bluebook.reports.markup import element
from bluebook.reports.tables import Shown, cell_html, number_html, table_html

NAMED_ELSEWHERE = re.compile(' (class|data-figure|title)="[^"]*"')  # attributes of a number that leads to its row
Groups = Sequence[tuple[str, pd.DataFrame]]  # each under its name

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


def figures_table(book: Edition) -> Shown:
    """Every figure of an edition by chapter; each row's id is the figure's.

    The area is given where it is one of `areas`, else the figure is about the whole.

    >>> from bluebook import open_edition
    >>> '<tr id="volunteers.total">' in figures_table(open_edition("shenzhen-2021", lang="en")).html
    True
    """
    title, head_of_sources = book.messages("figures.all", "column.source")
    groups = [(name, book.chapter(chapter)) for chapter, name in book.chapters]
    shown = _figures(book, "figures", title, head_of_sources, groups)
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
    title, head_of_sources = book.messages("figures.cited", "column.source_and_confidence")
    shown = _figures(book, "cited", title, head_of_sources, [("", cited)])
    return replace(shown, html=_once(shown.html))


def _figures(book: Edition, id: str, title: str, head_of_sources: str, groups: Groups) -> Shown:
    """A table of figures in groups, which have a heading each unless their name is empty.

    The rows name their area where they are about more than one; those to take away always do.
    """
    areas = area_names(book)
    shown_areas = areas if _count_areas(groups) > 1 else {}
    head = [*book.messages("column.number", "column.value", "column.range", "column.period"), head_of_sources]
    columns = book.messages(*FIGURE_COLUMNS)
    body: list[str] = []
    rows: list[list[Any]] = []
    lines = []
    for name, frame in groups:
        body.append("<tbody>")
        if name:
            body.append(_group_row(name, len(head)))
        for figure, row in frame.iterrows():
            trust = _trust(row, book.lang)
            body.append(_figure_row(str(figure), row, shown_areas, trust))
            data = _figure_data(str(figure), name, row, areas)
            if trust:
                data.append(trust)
            rows.append(data)
            q = row["quantity"]
            lines.append(f"{q.figure}: {q.text}")
        body.append("</tbody>")
    if len(rows[0]) > len(columns):
        columns.append(book.message("column.confidence"))
    record = {"id": id, "title": title, "source": book.title, "data": {"columns": columns, "rows": rows}}
    html = table_html(id, title, head, [False] * len(head), body)
    return Shown(html, "\n".join(lines), {"table": record})


def _count_areas(groups: Groups) -> int:
    areas: set[str] = set()
    for _, frame in groups:
        areas.update(frame["area"])
    return len(areas)


def _group_row(name: str, columns: int) -> str:
    heading = element("th", element("strong", escape(name)), colspan=columns, scope="rowgroup")
    return element("tr", heading, class_="group")


def _trust(row: pd.Series, lang: str) -> str:
    """How far the publication of a cited figure can be trusted, in words; "" for one of the edition's own."""
    confidence = row.get("confidence", "")
    if not confidence:
        return ""
    return message(lang, TRUST[confidence])


def _figure_data(figure: str, chapter: str, row: pd.Series, areas: Mapping[str, str]) -> list[Any]:
    """A figure's row to take away, as `FIGURE_COLUMNS` names its cells."""
    q = row["quantity"]
    area = areas.get(row["area"], "")
    data = [figure, chapter, q.label, *cells(q)]
    data += [q.printed, row["period"], row.get("base", ""), area]
    data += [q.where, _address(row), row["note"]]
    return data


def _address(row: pd.Series) -> str:
    source = row["quantity"].source
    return source.url if source else ""


def _figure_row(figure: str, row: pd.Series, areas: Mapping[str, str], trust: str) -> str:
    q = row["quantity"]
    name = element("th", _name_cell(figure, row), scope="row")
    value = element("td", _value_cell(row))
    bounds = element("td", escape(q.bounds_text))
    time = element("td", _time_cell(row, areas))
    place = element("td", _place_cell(row, trust))
    return element("tr", f"{name}{value}{bounds}{time}{place}", id=figure)


def _name_cell(figure: str, row: pd.Series) -> str:
    name = escape(row["quantity"].label)
    if row["note"]:
        name += element("small", escape(row["note"]))
    return name + element("code", escape(figure))


def _value_cell(row: pd.Series) -> str:
    q = row["quantity"]
    value = NAMED_ELSEWHERE.sub("", number_html(q))  # the row says it all, and leads nowhere
    if q.text == q.printed:
        return value
    return value + element("small", escape(q.printed), lang=_language(q.printed))


def _time_cell(row: pd.Series, areas: Mapping[str, str]) -> str:
    time = cell_html(period(row), row["quantity"].lang)
    area = areas.get(row["area"], "")
    return f"{time}<br>{escape(area)}" if area else time


def _place_cell(row: pd.Series, trust: str) -> str:
    q = row["quantity"]
    words = q.source.cited if trust else q.where
    place = cell_html((words, _address(row)), q.lang)
    return place + element("small", escape(trust)) if trust else place


def _language(printed: str) -> str:
    """The language that a number is printed in, as pages name it; of German and the like nobody asks.

    >>> _language("92のコミュニティ"), _language("92 communities"), _language("92个")
    ('ja', 'en', 'zh-Hans')
    """
    if re.search("[\u3040-\u30ff]", printed):
        return "ja"
    if printed.isascii():
        return "en"
    return "zh-Hans"


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

"""An edition explored in JupyterLab: filter its figures, see where each comes from, draw a choice, take the code along.

book = open_edition("shenzhen-2021")
book.explore()
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd

from bluebook import charts
from bluebook.charts import Chart, ChartError
from bluebook.charts.record import unit_word
from bluebook.edition.edition import Edition
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.reports import sections, show

KINDS = {
    "bars": "explore.bars",
    "dots": "explore.dots",
    "intervals": "explore.intervals",
    "share": "explore.share",
    "waffle": "explore.waffle",
}
COPY = "const t = this.nextElementSibling; t.select(); document.execCommand('copy')"  # without https too


def select(book: Edition, *, chapter: str = "", area: str = "", unit: str = "", text: str = "") -> pd.DataFrame:
    """The figures of a chapter, an area and a unit whose id, label, note or printed form hold a text; "" is any.

    >>> from bluebook import open_edition
    >>> list(select(open_edition("shenzhen-2021", lang="en"), text="volunteers", unit="%").index)
    ['volunteers.share']
    """
    frame = book.figures
    units = pd.Series([unit_of(q) for q in frame["quantity"]], frame.index, dtype=object)
    words = frame.index + " " + frame["label"] + " " + frame["note"] + " " + frame["printed"]
    chosen = words.str.contains(re.escape(text.strip()), case=False)
    for wanted, column in ((chapter, frame["chapter"]), (area, frame["area"]), (unit, units)):
        if wanted:
            chosen &= column == wanted
    return frame[chosen]


def unit_of(q: Quantity) -> str:
    """What a figure is counted in, as one chooses it: %, 元, 个; in English all that is counted goes together."""
    word = unit_word(q)
    return message(q.lang, "explore.counted") if q.unit and not word else word


def code(book: Edition, figures: Sequence[str], kind: str) -> str:
    """Python that draws the figures: it runs in any cell, and is what `explore` itself runs.

    >>> from bluebook import open_edition
    >>> print(code(open_edition("shenzhen-2021", lang="en"), ["volunteers.share"], "waffle"))
    from bluebook import charts, open_edition
    book = open_edition("shenzhen-2021", lang="en")
    chosen = [book["volunteers.share"]]
    rest = (1 - book["volunteers.share"]).named("其余", "The rest")
    charts.waffle([*chosen, rest], rest=True, id="volunteers-share", title="Volunteers as a share of residents: 15.5%")
    """
    chosen = [book[figure] for figure in figures]
    names = [f'book["{figure}"]' for figure in figures]
    lines = ["from bluebook import charts, open_edition", f'book = open_edition("{book.name}", lang="{book.lang}")']
    if len(names) < 3:
        lines.append(f"chosen = [{', '.join(names)}]")
    else:
        lines.append("chosen = [\n    " + ",\n    ".join(names) + ",\n]")
    arguments = ["chosen"]
    if kind in ("share", "waffle") and _leave_a_rest(chosen):
        whole = " - ".join(["1", *names])
        lines.append(f'rest = ({whole}).named("{message("zh", "chart.rest")}", "{message("en", "chart.rest")}")')
        arguments = ["[*chosen, rest]", "rest=True"]
    elif kind == "dots":
        arguments.append("log=True")
    arguments += [f"id={_quoted(sections.slug(figures[0]))}", f"title={_quoted(_title(book, chosen))}"]
    lines.append(f"charts.{kind}({', '.join(arguments)})")
    return "\n".join(lines)


def _leave_a_rest(shares: Sequence[Quantity]) -> bool:
    """Whether these are percentages that do not make the whole."""
    return all(q.as_percent for q in shares) and sum(q.high for q in shares) < 1


def _title(book: Edition, chosen: list[Quantity]) -> str:
    if len(chosen) > 1:
        return sections.finding(book, chosen, [q.label for q in chosen])
    return book.message("label.value", label=chosen[0].label, value=chosen[0])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def draw(book: Edition, figures: Sequence[str], kind: str) -> Chart:
    """The chart that `code` says. Raises `ChartError` when these figures cannot be drawn so."""
    *lines, last = code(book, figures, kind).splitlines()[2:]
    names: dict[str, Any] = {"book": book, "charts": charts}
    exec("\n".join(lines), names)  # our own words: ids of the edition, and its texts as string literals
    chart: Chart = eval(last, names)
    return chart


class Explorer(widgets.VBox):
    """The widgets, as `Edition.explore` shows them; all words in the edition's language."""

    def __init__(self, book: Edition) -> None:
        self.book = book
        self.chapter, self.area, self.unit = (self._choice(*one) for one in self._choices())
        self.text = widgets.Text(description=book.message("explore.text"), continuous_update=True)
        self.figures = widgets.SelectMultiple(rows=10, layout={"width": "99%"})
        self.kind = widgets.Dropdown(
            options=[(*book.messages(key), kind) for kind, key in KINDS.items()],
            description=book.message("explore.chart"),
        )
        self.told = widgets.HTML(layout={"max_height": "22em", "overflow": "auto"})
        self.told.add_class("jp-RenderedHTMLCommon")  # tables as Lab shows them
        self.chart, self.code = widgets.Output(), widgets.HTML()
        for widget in (self.chapter, self.area, self.unit, self.text):
            widget.observe(lambda _: self._filter(), "value")
        for widget in (self.figures, self.kind):
            widget.observe(lambda _: self._show(), "value")
        filters = widgets.HBox([self.chapter, self.area, self.unit, self.text], layout={"flex_flow": "row wrap"})
        super().__init__([filters, self.figures, self.told, self.kind, self.chart, self.code])
        self._filter()

    def _choices(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        book, frame = self.book, self.book.figures
        yield book.message("explore.chapter"), [(title, chapter) for chapter, title in book.chapters]
        names = show.area_names(book)
        areas = []
        for area in dict.fromkeys(frame["area"]):
            if area:
                areas.append((names.get(area) or self._unlisted(area, names), area))
        yield book.message("explore.area"), areas
        units = dict.fromkeys(unit_of(q) for q in frame["quantity"])
        yield book.message("explore.unit"), [(unit, unit) for unit in units if unit]

    def _unlisted(self, area: str, names: Mapping[str, str]) -> str:
        """What an area is called that is none of the list: in Chinese as the data has it."""
        return self.book.message("explore.whole") if names and self.book.lang != "zh" else area

    def _choice(self, name: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
        return widgets.Dropdown(options=[(self.book.message("explore.all"), ""), *options], description=name)

    def _filter(self) -> None:
        """What the filters leave, offered anew: nothing of it is chosen yet."""
        asked = {name: getattr(self, name).value for name in ("chapter", "area", "unit", "text")}
        self.found = select(self.book, **asked)
        with self.figures.hold_sync():
            self.figures.value = ()
            options = []
            for id, q in self.found["quantity"].items():
                options.append((self.book.message("label.value", label=q.label, value=q), id))
            self.figures.options = options
        self._show()

    def _show(self) -> None:
        """Table, chart and code of what is chosen; while nothing is, of all that was found."""
        chosen = list(self.figures.value) or list(self.found.index)
        self.told.value = self._table(chosen) if chosen else escape(self.book.message("explore.none"))
        self.chart.outputs, self.code.value = (), ""
        if not chosen:
            return
        if len(chosen) > sections.MOST:
            self.code.value = escape(self.book.message("explore.too_many", most=sections.MOST))
            return
        try:
            data, record = draw(self.book, chosen, self.kind.value)._repr_mimebundle_()
        except ChartError as error:
            self.code.value = f'<span title="{escape(str(error))}">{escape(self.book.message("explore.unlike"))}</span>'
            return
        self.chart.outputs = ({"output_type": "display_data", "data": data, "metadata": record},)
        self.code.value = self._copied(code(self.book, chosen, self.kind.value))

    def _copied(self, lines: str) -> str:
        rows, look = lines.count("\n") + 1, "width:99%;font-family:var(--jp-code-font-family, monospace)"
        button = f'<button type="button" onclick="{COPY}">{self.book.message("explore.copy")}</button>'
        return f'{button}<textarea readonly rows="{rows}" wrap="off" style="{look}">{escape(lines)}</textarea>'

    def _table(self, figures: list[str]) -> str:
        rows = []
        for _, row in self.found.loc[figures].iterrows():
            q = row["quantity"]
            rows.append((q.label, q, q.bounds_text, show.period(row), q.where, row["note"]))
        head = self.book.messages(
            "column.number", "column.value", "column.range", "column.period", "column.source", "column.note"
        )
        title = self.book.message("explore.count", count=len(rows))
        return show.table(rows, id="explored", title=title, columns=head).html

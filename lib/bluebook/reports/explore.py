"""An edition explored in JupyterLab: filter its figures, see where each comes from, draw a choice, take the code along.

book = open_edition("shenzhen-2021")
book.explore()
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
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
from bluebook.reports import section_charts, show
from bluebook.reports.markup import element

KINDS = {
    "bars": "explore.bars",
    "dots": "explore.dots",
    "intervals": "explore.intervals",
    "share": "explore.share",
    "waffle": "explore.waffle",
}
CODE_STYLE = "width:99%;font-family:var(--jp-code-font-family, monospace)"
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
    if q.unit and not word:
        return message(q.lang, "explore.counted")
    return word


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
    lines = ["from bluebook import charts, open_edition"]
    lines.append(f'book = open_edition("{book.name}", lang="{book.lang}")')
    if len(names) < 3:
        lines.append(f"chosen = [{', '.join(names)}]")
    else:
        lines.append("chosen = [\n    " + ",\n    ".join(names) + ",\n]")
    arguments = ["chosen"]
    if kind in ("share", "waffle") and _leave_a_rest(chosen):
        rest = " - ".join(["1", *names])
        zh = message("zh", "chart.rest")
        en = message("en", "chart.rest")
        lines.append(f'rest = ({rest}).named("{zh}", "{en}")')
        arguments = ["[*chosen, rest]", "rest=True"]
    elif kind == "dots":
        arguments.append("log=True")
    id = section_charts.slug(figures[0])
    title = _title(book, chosen)
    arguments.append(f"id={_quoted(id)}")
    arguments.append(f"title={_quoted(title)}")
    lines.append(f"charts.{kind}({', '.join(arguments)})")
    return "\n".join(lines)


def _leave_a_rest(shares: Sequence[Quantity]) -> bool:
    """Whether these are percentages that do not make the whole."""
    are_percentages = all(q.as_percent for q in shares)
    most = sum(q.high for q in shares)
    return are_percentages and most < 1


def _title(book: Edition, chosen: list[Quantity]) -> str:
    if len(chosen) > 1:
        return section_charts.finding(book, chosen, [q.label for q in chosen])
    (q,) = chosen
    return book.message("label.value", label=q.label, value=q)


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
        self.chapter = self._choice("explore.chapter", [(title, chapter) for chapter, title in book.chapters])
        self.area = self._choice("explore.area", self._areas())
        self.unit = self._choice("explore.unit", self._units())
        self.text = widgets.Text(description=book.message("explore.text"), continuous_update=True)
        self.figures = widgets.SelectMultiple(rows=10, layout={"width": "99%"})
        kinds = [(book.message(key), kind) for kind, key in KINDS.items()]
        self.kind = widgets.Dropdown(options=kinds, description=book.message("explore.chart"))
        self.table = widgets.HTML(layout={"max_height": "22em", "overflow": "auto"})
        self.table.add_class("jp-RenderedHTMLCommon")  # tables as Lab shows them
        self.chart = widgets.Output()
        self.code = widgets.HTML()
        choices = [self.chapter, self.area, self.unit, self.text]
        for widget in choices:
            widget.observe(lambda _: self._filter(), "value")
        for widget in (self.figures, self.kind):
            widget.observe(lambda _: self._show(), "value")
        filters = widgets.HBox(choices, layout={"flex_flow": "row wrap"})
        super().__init__([filters, self.figures, self.table, self.kind, self.chart, self.code])
        self._filter()

    def _areas(self) -> list[tuple[str, str]]:
        names = show.area_names(self.book)
        options = []
        for area in dict.fromkeys(self.book.figures["area"]):
            if area:
                name = names.get(area) or self._unlisted(area, names)
                options.append((name, area))
        return options

    def _units(self) -> list[tuple[str, str]]:
        units = dict.fromkeys(unit_of(q) for q in self.book.figures["quantity"])
        return [(unit, unit) for unit in units if unit]

    def _unlisted(self, area: str, names: Mapping[str, str]) -> str:
        """What an area is called that is none of the list: in Chinese as the data has it."""
        is_of_the_whole = names and self.book.lang != "zh"
        return self.book.message("explore.whole") if is_of_the_whole else area

    def _choice(self, key: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
        every = (self.book.message("explore.all"), "")
        return widgets.Dropdown(options=[every, *options], description=self.book.message(key))

    def _filter(self) -> None:
        """What the filters leave, offered anew: nothing of it is chosen yet."""
        self.selected = select(
            self.book,
            chapter=self.chapter.value,
            area=self.area.value,
            unit=self.unit.value,
            text=self.text.value,
        )
        options = []
        for id, q in self.selected["quantity"].items():
            name = self.book.message("label.value", label=q.label, value=q)
            options.append((name, id))
        with self.figures.hold_sync():
            self.figures.value = ()
            self.figures.options = options
        self._show()

    def _show(self) -> None:
        """Table, chart and code of what is chosen; while nothing is, of all that the filters leave."""
        chosen = list(self.figures.value) or list(self.selected.index)
        self.chart.outputs = ()
        self.code.value = ""
        if not chosen:
            self.table.value = escape(self.book.message("explore.none"))
            return
        self.table.value = self._table(chosen)
        if len(chosen) > section_charts.MOST:
            self.code.value = escape(self.book.message("explore.too_many", most=section_charts.MOST))
            return
        try:
            chart = draw(self.book, chosen, self.kind.value)
        except ChartError as error:
            unlike = escape(self.book.message("explore.unlike"))
            self.code.value = element("span", unlike, title=error)
            return
        data, metadata = chart._repr_mimebundle_()
        self.chart.outputs = ({"output_type": "display_data", "data": data, "metadata": metadata},)
        self.code.value = self._with_button(code(self.book, chosen, self.kind.value))

    def _with_button(self, lines: str) -> str:
        """The code in a box, under a button that copies it."""
        button = element("button", self.book.message("explore.copy"), type="button", onclick=COPY)
        rows = lines.count("\n") + 1
        box = element("textarea", escape(lines), readonly="", rows=rows, wrap="off", style=CODE_STYLE)
        return button + box

    def _table(self, figures: list[str]) -> str:
        rows = []
        for _, row in self.selected.loc[figures].iterrows():
            q = row["quantity"]
            rows.append((q.label, q, q.bounds_text, show.period(row), q.where, row["note"]))
        head = self.book.messages(
            "column.number", "column.value", "column.range", "column.period", "column.source", "column.note"
        )
        title = self.book.message("explore.count", count=len(rows))
        return show.table(rows, id="explored", title=title, columns=head).html

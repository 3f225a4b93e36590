"""An edition explored in JupyterLab: filter its figures, see where each comes from, draw a choice, take the code along.

book = open_edition("shenzhen-2021")
book.explore()
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd

from bluebook import charts
from bluebook.charts import Chart, ChartError
from bluebook.charts.record import unit_word
from bluebook.edition.edition import Edition
from bluebook.numbers.quantity import Quantity
from bluebook.reports import sections, show

KINDS = {
    "bars": ("条形图", "Bars"),
    "dots": ("点图，对数刻度", "Dots, logarithmic scale"),
    "intervals": ("区间图", "Intervals"),
    "share": ("分段条形图", "Parts of a whole"),
    "waffle": ("方块图", "Waffle"),
}
NONE = ("没有这样的数字：放宽一个条件再看。", "There is no such figure: widen one of the filters.")
MANY = (
    f"一张图最多{sections.MOST}个数字：请在列表里选几个。",
    f"A chart takes {sections.MOST} numbers: choose some from the list.",
)
UNLIKE = (
    "这些数字不能这样画在一起：单位不同，或者不是一个整体的各部分。请另选几个，或换一种图。",
    "These figures cannot be drawn together like this: their units differ, or they are not parts of one whole. "
    "Choose others, or another chart.",
)
COPY = "const t = this.nextElementSibling; t.select(); document.execCommand('copy')"  # without https too


def select(book: Edition, *, chapter: str = "", area: str = "", unit: str = "", text: str = "") -> pd.DataFrame:
    """The figures of a chapter, an area and a unit whose id, label, note or printed form hold a text; "" is any.

    >>> from bluebook import open_edition
    >>> list(select(open_edition("shenzhen-2021", lang="en"), text="volunteers", unit="%").index)
    ['volunteers.share']
    """
    frame = book.figures
    units = pd.Series([unit_of(q) for q in frame["quantity"]], frame.index, dtype=object)
    kept = pd.Series(True, frame.index)
    for wanted, column in ((chapter, frame["chapter"]), (area, frame["area"]), (unit, units)):
        kept &= (column == wanted) | (not wanted)
    words = frame.index + " " + frame["label"] + " " + frame["note"] + " " + frame["printed"]
    return frame[kept & words.str.contains(re.escape(text.strip()), case=False)]


def unit_of(q: Quantity) -> str:
    """What a figure is counted in, as one chooses it: %, 元, 个; in English all that is counted goes together."""
    return unit_word(q) or ("things counted" if q.unit else "")


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
    chosen, names = [book[figure] for figure in figures], [f'book["{figure}"]' for figure in figures]
    title = f"{chosen[0].label}{book.say('：', ': ')}{chosen[0]}"
    if len(chosen) > 1:
        title = sections.finding(book, chosen, [q.label for q in chosen])
    drawn, look = "chosen", {"dots": "log=True, "}.get(kind, "")
    lines = [
        "from bluebook import charts, open_edition",
        f'book = open_edition("{book.name}", lang="{book.lang}")',
        f"chosen = [{', '.join(names)}]" if len(names) < 3 else "chosen = [\n    " + ",\n    ".join(names) + ",\n]",
    ]
    if kind in ("share", "waffle") and sum(q.high for q in chosen) < 1 and all(q.as_percent for q in chosen):
        lines.append(f'rest = ({" - ".join(["1", *names])}).named("其余", "The rest")')
        drawn, look = "[*chosen, rest]", "rest=True, "
    words = f"id={_quoted(sections.slug(figures[0]))}, title={_quoted(title)}"
    return "\n".join([*lines, f"charts.{kind}({drawn}, {look}{words})"])


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
        self.text = widgets.Text(description=book.say("文字", "Text"), continuous_update=True)
        self.figures = widgets.SelectMultiple(rows=10, layout={"width": "99%"})
        self.kind = widgets.Dropdown(
            options=[(book.say(*words), kind) for kind, words in KINDS.items()], description=book.say("图", "Chart")
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
        book, known, frame = self.book, show.area_names(self.book), self.book.figures
        yield book.say("章", "Chapter"), [(title, chapter) for chapter, title in book.chapters]
        areas = dict.fromkeys(area for area in frame["area"] if area)
        whole = book.say("", "The whole") if known else ""  # an area that is none of the list
        yield book.say("区域", "Area"), [(known.get(area) or whole or area, area) for area in areas]
        yield book.say("单位", "Unit"), [(u, u) for u in dict.fromkeys(map(unit_of, frame["quantity"])) if u]

    def _choice(self, name: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
        return widgets.Dropdown(options=[(self.book.say("全部", "All"), ""), *options], description=name)

    def _filter(self) -> None:
        """What the filters leave, offered anew: nothing of it is chosen yet."""
        asked = {name: getattr(self, name).value for name in ("chapter", "area", "unit", "text")}
        self.found = select(self.book, **asked)
        with self.figures.hold_sync():
            self.figures.value = ()
            self.figures.options = [
                (f"{q.label}{self.book.say('：', ': ')}{q}", id) for id, q in self.found["quantity"].items()
            ]
        self._show()

    def _show(self) -> None:
        """Table, chart and code of what is chosen; while nothing is, of all that was found."""
        chosen = list(self.figures.value) or list(self.found.index)
        self.told.value = self._table(chosen) if chosen else escape(self.book.say(*NONE))
        self.chart.outputs, self.code.value = (), ""
        if not chosen:
            return
        if len(chosen) > sections.MOST:
            self.code.value = escape(self.book.say(*MANY))
            return
        try:
            data, record = draw(self.book, chosen, self.kind.value)._repr_mimebundle_()
        except ChartError as error:
            self.code.value = f'<span title="{escape(str(error))}">{escape(self.book.say(*UNLIKE))}</span>'
            return
        self.chart.outputs = ({"output_type": "display_data", "data": data, "metadata": record},)
        self.code.value = self._copied(code(self.book, chosen, self.kind.value))

    def _copied(self, lines: str) -> str:
        rows, look = lines.count("\n") + 1, "width:99%;font-family:var(--jp-code-font-family, monospace)"
        button = f'<button type="button" onclick="{COPY}">{self.book.say("复制代码", "Copy the code")}</button>'
        return f'{button}<textarea readonly rows="{rows}" wrap="off" style="{look}">{escape(lines)}</textarea>'

    def _table(self, figures: list[str]) -> str:
        rows = [
            (q.label, q, q.bounds_text, show.period(row), q.where, row["note"])
            for q, (_, row) in zip(self.found["quantity"][figures], self.found.loc[figures].iterrows(), strict=True)
        ]
        head = self.book.say("数字 写法 范围 时期 出处 说明", "Number Value Range Period Source Note").split()
        title = self.book.say(f"{len(rows)}个数字", f"{len(rows)} number{'s' * (len(rows) > 1)}")
        return show.table(rows, id="explored", title=title, columns=head).html

"""The figure a chart is: a plotly figure in the coordinates of its data, with its words in it and a record beside it.

A chart is laid out twice. The figure itself is for a wide page (JupyterLab, a printed page: about 960 px, and no less
than `WIDE`). What only a phone shows is named "narrow" and hidden; what a phone leaves out is named "wide"; and
`record["narrow"]` says what else of the layout differs there. Title, subtitle, note and source stand in the figure, so
that a picture of it says them; `record["room"]` says how many pixels they take above and below, for a page that says
them in its own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

import plotly.graph_objects as go
import plotly.io as pio

from bluebook.charts import record as records
from bluebook.charts.colours import AXIS, BLUE, GRID, INK, PALETTE
from bluebook.charts.lettering import HAN, SIZE, SMALL, bold, safe_lines, wrap
from bluebook.charts.record import Kind, Told
from bluebook.numbers.quantity import Quantity

FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'
WIDE, PHONE = 700, 340  # px: the narrowest drawing that each layout must fit
TITLE = 18  # px: of the title's words
TITLE_LINE, SUBTITLE_LINE, CAPTION_LINE = 24, 19, 16  # px: from one line to the next
CAPTION_WIDTH = 580 / SMALL  # ems
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Number = Fraction | float | int

_AXIS: dict[str, Any] = {
    "fixedrange": True,
    "zeroline": False,
    "showgrid": False,
    "ticks": "",
    "tickfont": {"size": 12, "color": "#5b6875"},
    "gridcolor": GRID,
    "linecolor": AXIS,
}
pio.templates["bluebook"] = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": SIZE, "color": INK},
        "colorway": PALETTE,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"t": 8, "b": 8, "l": 8, "r": 8},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {
            "align": "left",
            "bgcolor": "#ffffff",
            "bordercolor": BLUE,
            "font": {"family": FONT, "color": INK},
        },
        "barmode": "overlay",
        "hovermode": "closest",
        "showlegend": False,
        "dragmode": False,
    }
)


class ChartError(ValueError):
    """A chart that would not be honest: without words, without data, or of numbers that do not belong together."""


@dataclass(frozen=True)
class Words:
    """What a chart says besides its data; what is left empty is made from the data."""

    id: str
    title: str
    subtitle: str = ""
    source: str = ""
    note: str = ""
    alt: str = ""

    def refuse(self, problem: str) -> NoReturn:
        raise ChartError(f'chart "{self.id}": {problem}')

    def check(self) -> None:
        """Raises `ChartError` for an id that is no slug, and for a title without words."""
        if not isinstance(self.id, str) or not SLUG.fullmatch(self.id) or not str(self.title or "").strip():
            raise ChartError(
                f"no chart is shown without an id and a title: found id={self.id!r}, title={self.title!r}; "
                'wanted a slug and a finding, like id="growth-by-category", title="…"'
            )

    def language(self, quantities: Iterable[Quantity]) -> str:
        """The language of the quantities, or without any, of the title. Two languages are a `ChartError`."""
        spoken = {q.lang for q in quantities}
        if len(spoken) > 1:
            self.refuse(f"quantities in {' and '.join(sorted(spoken))}: wanted one language")
        if spoken:
            return spoken.pop()
        return "zh" if re.search(f"[{HAN}]", str(self.title)) else "en"


class Chart(go.Figure):
    """A plotly figure with a record, kept in `layout.meta` so that copies and changes of the figure keep it."""

    _ipython_display_ = None  # plotly's would show the figure without its record,
    _repr_html_ = None  # and this would put all of plotly.js into the notebook

    @property
    def record(self) -> dict[str, Any]:
        """id, title, subtitle, alt, note, source, figures (ids), data (columns, rows), narrow and room."""
        return dict(self.layout.meta["chart"])

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        drawing = json.loads(pio.to_json(self, validate=False))
        record = drawing["layout"].pop("meta")["chart"]
        drawing["config"] = {"displayModeBar": False, "responsive": True}
        bundle = {"application/vnd.plotly.v1+json": drawing, "text/plain": record["alt"]}
        return bundle, {"press": {"chart": record}}


@dataclass
class Canvas:
    """What is drawn, before it is a figure. Positions are values of the axes; `height` is that of the plot, in px."""

    words: Words
    lang: str
    height: float = 0
    narrow_height: float = 0
    margin: dict[str, float] = field(default_factory=lambda: {"t": 8, "b": 8, "l": 8, "r": 8})
    narrow_margin: dict[str, float] = field(default_factory=dict)
    layout: dict[str, Any] = field(default_factory=dict)
    narrow: dict[str, Any] = field(default_factory=dict)
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    indent: float = 0  # px that the labels take left of the plot
    pale: bool = False  # whether bounds were wide enough to be drawn
    remark: str = ""  # what the reader must know of the drawing; the note begins with it

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def trace(self, kind: str, *, tips: Sequence[str] = (), only: str = "", **look: Any) -> None:
        """A trace of plotly's; `tips` are what its marks say, one each. `only`: "wide" or "narrow"."""
        drawn: dict[str, Any] = {"type": kind, "hoverinfo": "skip"}
        drawn |= look
        if tips:
            drawn["hoverinfo"] = "text"
            drawn["hovertext"] = list(tips)
        self.traces.append(_named(drawn, only))

    def text(self, x: Any, y: Any, lines: Sequence[str] | str, *, only: str = "", **look: Any) -> None:
        """Safe lines at a place of the axes; `look` is plotly's."""
        words = lines if isinstance(lines, str) else "<br>".join(lines)
        note: dict[str, Any] = {"x": plain(x), "y": plain(y), "text": words, "showarrow": False, "borderpad": 0}
        note |= {"xanchor": "left", "align": look.get("xanchor", "left")}
        note |= look
        self.annotations.append(_named(note, only))

    def rectangle(self, x: tuple[Any, Any], y: tuple[Any, Any], fill: str, *, only: str = "", **look: Any) -> None:
        """A filled rectangle under the marks."""
        shape: dict[str, Any] = {"type": "rect", "x0": plain(x[0]), "x1": plain(x[1])}
        shape |= {"y0": plain(y[0]), "y1": plain(y[1]), "fillcolor": fill, "line": {"width": 0}, "layer": "below"}
        self.shapes.append(_named(shape | look, only))

    def line(
        self, x: tuple[Any, Any], y: tuple[Any, Any], colour: str, width: float, *, only: str = "", **look: Any
    ) -> None:
        """A straight line under the marks."""
        shape: dict[str, Any] = {"type": "line", "x0": plain(x[0]), "x1": plain(x[1])}
        shape |= {"y0": plain(y[0]), "y1": plain(y[1]), "line": {"color": colour, "width": width}, "layer": "below"}
        self.shapes.append(_named(shape | look, only))

    def chart(self, kind: Kind, told: Sequence[Told]) -> Chart:
        """The finished figure. Raises `ChartError` when it has no id or no title."""
        self.words.check()
        record = self._record(kind, told)
        top, bottom = _heading(record), _caption(record, self.lang)
        head, foot = self._heading_room(record), self._caption_room(record)
        margin = dict(self.margin)
        layout = {"template": "bluebook", **self.layout, "title": top}
        layout["height"] = round(self.height + margin["t"] + margin["b"] + head + foot)
        bottom |= {"xshift": -self.indent, "yshift": -margin["b"]}
        margin["t"] += head
        margin["b"] += foot
        layout |= {"margin": margin, "shapes": self.shapes, "annotations": [*self.annotations, bottom]}
        if not bottom["text"]:
            layout["annotations"] = self.annotations
        record["room"] = {"top": head, "bottom": foot}
        record["narrow"] = self._narrow()
        layout["meta"] = {"chart": record}
        return Chart({"data": self.traces, "layout": layout})

    def _narrow(self) -> dict[str, Any]:
        """What a phone's layout changes: its height and margins are without title and caption."""
        margin = self.margin | self.narrow_margin
        changed = {f"margin.{side}": round(px) for side, px in margin.items()}
        height = self.narrow_height or self.height
        return {"height": round(height + margin["t"] + margin["b"]), **changed, **self.narrow}

    def _record(self, kind: Kind, told: Sequence[Told]) -> dict[str, Any]:
        words, lang = self.words, self.lang
        quantities = [q for _, q in told if isinstance(q, Quantity)]
        return {
            "id": words.id,
            "title": words.title,
            "subtitle": words.subtitle or records.subtitle(quantities, lang),
            "alt": words.alt or records.alt(kind, words.title, told, lang),
            "note": words.note or records.note(quantities, lang, remark=self.remark, pale=self.pale),
            "source": words.source or records.source(quantities, lang),
            "figures": list(dict.fromkeys(figure for q in quantities for figure in q.inputs)),
            "data": records.data(told, lang),
        }

    def _heading_room(self, record: dict[str, Any]) -> int:
        title, subtitle = wrap(record["title"], WIDE / TITLE), wrap(record["subtitle"], WIDE / SIZE)
        lines = len(subtitle) if record["subtitle"] else 0
        raised = 12 if len(title) > 1 else 0
        return len(title) * TITLE_LINE + lines * SUBTITLE_LINE + 18 + raised

    def _caption_room(self, record: dict[str, Any]) -> int:
        lines = _caption_lines(record, self.lang)
        return len(lines) * CAPTION_LINE + 14 if lines else 0


def _named(element: dict[str, Any], only: str) -> dict[str, Any]:
    """An element that only one of the layouts shows, by its name: a phone's is hidden in the figure."""
    if only == "narrow":
        return element | {"name": only, "visible": False}
    return element | {"name": only} if only else element


def plain(place: Any) -> Any:
    """A place on an axis as JSON has it.

    >>> plain(Fraction(379, 1000)), plain(3)
    (0.379, 3)
    """
    return float(place) if isinstance(place, Fraction) else place


def _heading(record: dict[str, Any]) -> dict[str, Any]:
    lines = [bold(line) for line in wrap(record["title"], WIDE / TITLE)]
    heading: dict[str, Any] = {
        "text": "<br>".join(lines),
        "x": 0,
        "xref": "container",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"t": 12 if len(lines) == 1 else 24, "l": 8},  # plotly raises the first of several lines
        "font": {"size": TITLE, "color": INK},
    }
    if record["subtitle"]:
        heading["subtitle"] = {
            "text": "<br>".join(safe_lines(record["subtitle"], WIDE / SIZE)),
            "font": {"size": SIZE, "color": "#5b6875"},
        }
    return heading


def _caption_lines(record: dict[str, Any], lang: str) -> list[str]:
    said = []
    for name, zh, en in (("note", "注：", "Note: "), ("source", "来源：", "Source: ")):
        if record[name]:
            said += safe_lines((zh if lang == "zh" else en) + record[name], CAPTION_WIDTH)
    return said


def _caption(record: dict[str, Any], lang: str) -> dict[str, Any]:
    """Note and source under the drawing, as an annotation that a page with a caption of its own takes away."""
    return {
        "name": "caption",
        "text": "<br>".join(_caption_lines(record, lang)),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": SMALL, "color": "#5b6875"},
    }

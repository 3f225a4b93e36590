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
from bluebook.charts.colours import AXIS, BLUE, GRID, INK, PALETTE, QUIET
from bluebook.charts.lettering import HAN, SIZE, SMALL, bold, safe_lines, wrap
from bluebook.charts.record import Labelled
from bluebook.messages import message
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
    "tickfont": {"size": 12, "color": QUIET},
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
class Description:
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
        is_slug = isinstance(self.id, str) and SLUG.fullmatch(self.id)
        has_title = str(self.title or "").strip() != ""
        if not is_slug or not has_title:
            raise ChartError(
                f"no chart is shown without an id and a title: found id={self.id!r}, title={self.title!r}; "
                'wanted a slug and a finding, like id="growth-by-category", title="…"'
            )

    def language(self, quantities: Iterable[Quantity]) -> str:
        """The language of the quantities, or without any, of the title. Two languages are a `ChartError`."""
        languages = {q.lang for q in quantities}
        if len(languages) > 1:
            several = " and ".join(sorted(languages))
            self.refuse(f"quantities in {several}: wanted one language")
        if languages:
            return languages.pop()
        has_han = re.search(f"[{HAN}]", str(self.title))
        return "zh" if has_han else "en"


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
        meta = drawing["layout"].pop("meta")
        record = meta["chart"]
        drawing["config"] = {"displayModeBar": False, "responsive": True}
        bundle = {"application/vnd.plotly.v1+json": drawing, "text/plain": record["alt"]}
        metadata = {"press": {"chart": record}}
        return bundle, metadata


def canvas_for(description: Description, quantities: Iterable[Quantity]) -> Canvas:
    """An empty canvas in the language of the quantities that will be drawn on it."""
    return Canvas(description, description.language(quantities))


@dataclass
class Canvas:
    """What is drawn, before it is a figure. Positions are values of the axes; `height` is that of the plot, in px."""

    description: Description
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

    def message(self, key: str, **fields: object) -> str:
        """A message in the language of the chart."""
        return message(self.lang, key, **fields)

    def hide_axes(self, columns: float, rows: float) -> None:
        """Axes that only give places: columns 0, 1 … to the right and rows 0, 1 … downwards."""
        self.layout["xaxis"] = {"range": [-0.5, columns - 0.5], "visible": False}
        self.layout["yaxis"] = {"range": [rows - 0.5, -0.5], "visible": False}

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
        annotation: dict[str, Any] = {"x": plain(x), "y": plain(y)}
        annotation["text"] = lines if isinstance(lines, str) else "<br>".join(lines)
        annotation["showarrow"] = False
        annotation["borderpad"] = 0
        annotation["xanchor"] = "left"
        annotation["align"] = look.get("xanchor", "left")
        annotation.update(look)
        self.annotations.append(_named(annotation, only))

    def rectangle(self, x: tuple[Any, Any], y: tuple[Any, Any], fill: str, *, only: str = "", **look: Any) -> None:
        """A filled rectangle under the marks."""
        shape = _shape("rect", x, y)
        shape["fillcolor"] = fill
        shape["line"] = {"width": 0}
        shape["layer"] = "below"
        shape.update(look)
        self.shapes.append(_named(shape, only))

    def line(
        self, x: tuple[Any, Any], y: tuple[Any, Any], colour: str, width: float, *, only: str = "", **look: Any
    ) -> None:
        """A straight line under the marks."""
        shape = _shape("line", x, y)
        shape["line"] = {"color": colour, "width": width}
        shape["layer"] = "below"
        shape.update(look)
        self.shapes.append(_named(shape, only))

    def chart(self, kind: str, values: Sequence[Labelled]) -> Chart:
        """The finished figure; `kind` is the key of what it is called. Raises `ChartError` without an id or a title."""
        self.description.check()
        record = self._record(kind, values)
        head = _heading_room(record)
        foot = _caption_room(record, self.lang)
        record["room"] = {"top": head, "bottom": foot}
        record["narrow"] = self._narrow()
        margin = dict(self.margin)
        margin["t"] += head
        margin["b"] += foot
        layout: dict[str, Any] = {"template": "bluebook"}
        layout.update(self.layout)
        layout["title"] = _heading(record)
        layout["height"] = round(self.height + margin["t"] + margin["b"])
        layout["margin"] = margin
        layout["shapes"] = self.shapes
        layout["annotations"] = [*self.annotations, *self._captions(record)]
        layout["meta"] = {"chart": record}
        return Chart({"data": self.traces, "layout": layout})

    def _captions(self, record: dict[str, Any]) -> list[dict[str, Any]]:
        """Note and source under the drawing, as one annotation; none, where there is neither."""
        lines = _caption_lines(record, self.lang)
        if not lines:
            return []
        caption = _caption(lines)
        caption["xshift"] = -self.indent
        caption["yshift"] = -self.margin["b"]
        return [caption]

    def _narrow(self) -> dict[str, Any]:
        """What a phone's layout changes: its height and margins are without title and caption."""
        margin = self.margin | self.narrow_margin
        height = self.narrow_height or self.height
        changed: dict[str, Any] = {"height": round(height + margin["t"] + margin["b"])}
        for side, px in margin.items():
            changed[f"margin.{side}"] = round(px)
        changed.update(self.narrow)
        return changed

    def _record(self, kind: str, values: Sequence[Labelled]) -> dict[str, Any]:
        description = self.description
        lang = self.lang
        quantities = [value for _, value in values if isinstance(value, Quantity)]
        record: dict[str, Any] = {"id": description.id, "title": description.title}
        record["subtitle"] = description.subtitle or records.subtitle(quantities, lang)
        record["alt"] = description.alt or records.alt(kind, description.title, values, lang)
        record["note"] = description.note or records.note(quantities, lang, remark=self.remark, pale=self.pale)
        record["source"] = description.source or records.source(quantities, lang)
        record["figures"] = _inputs(quantities)
        record["data"] = records.data(values, lang)
        return record


def _inputs(quantities: Iterable[Quantity]) -> list[str]:
    """The ids of the published figures that quantities rest on, each once."""
    inputs: dict[str, None] = {}
    for q in quantities:
        inputs.update(dict.fromkeys(q.inputs))
    return list(inputs)


def _shape(kind: str, x: tuple[Any, Any], y: tuple[Any, Any]) -> dict[str, Any]:
    """plotly's shape between two places of each axis."""
    shape = {"type": kind, "x0": plain(x[0]), "x1": plain(x[1])}
    shape["y0"] = plain(y[0])
    shape["y1"] = plain(y[1])
    return shape


def _named(element: dict[str, Any], only: str) -> dict[str, Any]:
    """An element that only one of the layouts shows, by its name: a phone's is hidden in the figure."""
    if only == "narrow":
        return element | {"name": only, "visible": False}
    if only:
        return element | {"name": only}
    return element


def plain(place: Any) -> Any:
    """A place on an axis as JSON has it.

    >>> plain(Fraction(379, 1000)), plain(3)
    (0.379, 3)
    """
    return float(place) if isinstance(place, Fraction) else place


def _heading_room(record: dict[str, Any]) -> int:
    """The px that title and subtitle take."""
    title_lines = wrap(record["title"], WIDE / TITLE)
    room = len(title_lines) * TITLE_LINE + 18
    if len(title_lines) > 1:
        room += 12
    if record["subtitle"]:
        subtitle_lines = wrap(record["subtitle"], WIDE / SIZE)
        room += len(subtitle_lines) * SUBTITLE_LINE
    return room


def _heading(record: dict[str, Any]) -> dict[str, Any]:
    lines = [bold(line) for line in wrap(record["title"], WIDE / TITLE)]
    top = 12 if len(lines) == 1 else 24  # plotly raises the first of several lines
    heading: dict[str, Any] = {"text": "<br>".join(lines)}
    heading.update(x=0, xref="container", y=1, yref="container", yanchor="top")
    heading["pad"] = {"t": top, "l": 8}
    heading["font"] = {"size": TITLE, "color": INK}
    if record["subtitle"]:
        subtitle = "<br>".join(safe_lines(record["subtitle"], WIDE / SIZE))
        heading["subtitle"] = {"text": subtitle, "font": {"size": SIZE, "color": QUIET}}
    return heading


def _caption_room(record: dict[str, Any], lang: str) -> int:
    """The px that note and source take."""
    lines = _caption_lines(record, lang)
    return len(lines) * CAPTION_LINE + 14 if lines else 0


def _caption_lines(record: dict[str, Any], lang: str) -> list[str]:
    lines = []
    for name, key in (("note", "chart.note"), ("source", "chart.source")):
        if record[name]:
            caption = message(lang, key, text=record[name])
            lines += safe_lines(caption, CAPTION_WIDTH)
    return lines


def _caption(lines: Sequence[str]) -> dict[str, Any]:
    """Lines under the drawing, as an annotation that a page with a caption of its own takes away."""
    caption: dict[str, Any] = {"name": "caption", "text": "<br>".join(lines)}
    caption.update(x=0, xref="paper", xanchor="left")
    caption.update(y=0, yref="paper", yanchor="top")
    caption.update(align="left", showarrow=False, borderpad=0)
    caption["font"] = {"size": SMALL, "color": QUIET}
    return caption

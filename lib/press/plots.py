"""A plot: one plotly output as the page needs it, slim, captioned and ready to be drawn.

The layout's title goes (the caption says it), its template is kept once a page, and what a reader should know of the
chart comes from the output's metadata `press.chart`; a plotly chart without that is shown under its own title.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MIME = "application/vnd.plotly.v1+json"
WIDE, NARROW = 760, 358  # px: the measure of the page's text, and a phone's 390 less its margins
HEIGHT = 420  # px, where the layout says nothing
TITLE_ROOM = 44  # px of the top margin that a layout's title takes,
TITLE_LINE = 26  # and, where the title makes its own margin, px of height a line of it
PICTURES = ("wide.svg", "wide-dark.svg", "narrow.svg", "narrow-dark.svg", "share.svg", "share.png")
VARIANTS = (*PICTURES, "plot.js")  # the last is the chart itself, for when a reader wants it alive


@dataclass(frozen=True)
class Plot:
    """One chart of a page. `data` and `layout` are plotly's, without title and template; `rows` are what it shows."""

    id: str
    number: int
    title: str
    alt: str
    note: str
    source: str
    figures: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    data: Any
    layout: Mapping[str, Any]
    template: Mapping[str, Any]

    wide, narrow = WIDE, NARROW

    @property
    def height(self) -> int:
        """Pixels, the same for every width."""
        return int(self.layout.get("height") or HEIGHT)

    @cached_property
    def template_name(self) -> str:
        """A name for the template by its content."""
        return "template-" + digest(self.template)[:8]

    @cached_property
    def key(self) -> str:
        """The name its pictures have: its id, and a digest of all that is drawn."""
        drawn = [self.data, self.layout, self.template, self.title, self.source, _pen()]
        return f"{self.id}.{digest(drawn)[:10]}"

    @cached_property
    def spec(self) -> dict[str, Any]:
        """What the page keeps of the chart: with it and the template it can be drawn again."""
        template = self.template_name if self.template else None
        return {"data": self.data, "layout": self.layout, "template": template}

    @cached_property
    def drawing(self) -> dict[str, Any]:
        """All that its pictures are drawn from: their sizes, and the words on the one that travels."""
        figure = {"data": self.data, "layout": self.layout, "template": self.template}
        sizes = {"wide": WIDE, "narrow": NARROW, "height": self.height}
        return figure | sizes | {"title": self.title, "source": self.source}


def plot_of(output: Mapping[str, Any], number: int, taken: Collection[str] = ()) -> Plot:
    """The plot of an output that has plotly's MIME type.

    >>> bare = {"data": {MIME: {"data": [], "layout": {"title": {"text": "Two <b>lines</b>"}}}}, "metadata": {}}
    >>> plot = plot_of(bare, number=3)
    >>> plot.id, plot.title, "title" in plot.layout
    ('chart-3', 'Two lines', False)
    """
    figure = output["data"][MIME]
    said = output.get("metadata", {}).get("press", {}).get("chart", {})
    layout = dict(figure.get("layout", {}))
    template = layout.pop("template", {})
    heading = layout.pop("title", "")
    title = _title(heading)
    table = said.get("data") or {}
    return Plot(
        id=_free(_slug(said.get("id", "")) or f"chart-{number}", number, taken),
        number=number,
        title=said.get("title") or title,
        alt=said.get("alt") or said.get("title") or title,
        note=said.get("note", ""),
        source=said.get("source", ""),
        figures=tuple(said.get("figures", ())),
        columns=tuple(map(str, table.get("columns", ()))),
        rows=tuple(tuple(row) for row in table.get("rows", ())),
        data=figure.get("data", []),
        layout=_closed_up(layout, template, heading) if title else layout,
        template=template,
    )


@cache
def _pen() -> str:
    """Changes when the way of drawing does."""
    return digest([version("plotly"), *((HERE / name).read_text() for name in ("static/page.js", "templates/draw.js"))])


def digest(value: Any) -> str:
    """The sha256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _title(title: Any) -> str:
    text = str(_mapping(title).get("text") or "")
    return re.sub(r"\s+", " ", unescape(re.sub(r"</?\w[^>]*>", "", re.sub(r"<br\s*/?>", " ", text)))).strip()


def _slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.")


def _free(name: str, number: int, taken: Collection[str]) -> str:
    return f"{name}-{number}" if name in taken else name


def _closed_up(layout: dict[str, Any], template: Mapping[str, Any], title: Any) -> dict[str, Any]:
    """The layout with the room of its title taken away, from its height too, so that nothing else moves."""
    base = template.get("layout", {})
    height = layout.get("height")
    said = {**_mapping(base.get("title")), **_mapping(title)}
    if said.get("automargin"):
        return layout | ({"height": height - TITLE_LINE * (said.get("text", "").count("<br") + 1)} if height else {})
    top = {**base.get("margin", {}), **layout.get("margin", {})}.get("t", 100)
    room = min(TITLE_ROOM, max(top - 12, 0))
    margin = {**layout.get("margin", {}), "t": top - room}
    return layout | {"margin": margin} | ({"height": height - room} if height else {})


def _mapping(title: Any) -> Mapping[str, Any]:
    return title if isinstance(title, Mapping) else {"text": title or ""}

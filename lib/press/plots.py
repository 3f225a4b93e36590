"""What an output brings besides what it shows: a table's rows; and a plot, slim, captioned and ready to be drawn.

It is said in the output's metadata, `press.table` or `press.chart`. A plot's layout loses its title (the caption says
it), its template is kept once a page; a plotly chart without metadata is shown under its own title.
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
from itertools import chain, count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MIME = "application/vnd.plotly.v1+json"
WIDE, NARROW = 760, 358  # px: the measure of the page's text, and a phone's 390 less its margins
HEIGHT = 420  # px, where the layout says nothing
TITLE_ROOM = 44  # px of the top margin that a layout's title takes,
TITLE_LINE = 26  # and, where the title makes its own margin, px of height a line of it
CARD = "card.png"  # the preview of a link
PICTURES = ("wide.svg", "wide-dark.svg", "narrow.svg", "narrow-dark.svg", "share.svg", "share.png", CARD)
VARIANTS = (*PICTURES, "plot.js")  # the last is the chart itself, for when a reader wants it alive


@dataclass(frozen=True)
class Sheet:
    """The rows an output shows, and what they are; a table may name a folder of the suite's data it belongs to."""

    id: str
    title: str
    subtitle: str
    alt: str
    note: str
    source: str
    figures: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    folder: str

    @property
    def archive(self) -> str:
        """The name of the folder's zip."""
        return f"{Path(self.folder).name}.zip"


@dataclass(frozen=True)
class Plot(Sheet):
    """One chart of a page. `data` and `layout` are plotly's, without title and template."""

    number: int
    data: Any
    layout: Mapping[str, Any]
    template: Mapping[str, Any]

    wide, narrow = WIDE, NARROW

    @property
    def variants(self) -> tuple[str, ...]:
        """The files it is drawn to: the first of a page also previews the page."""
        return VARIANTS if self.number == 1 else tuple(name for name in VARIANTS if name != CARD)

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
        return figure | sizes | {"title": self.title, "source": self.source, "first": self.number == 1}


@dataclass(frozen=True)
class TitleCard:
    """What previews a link to a page without charts: its title, over the title of what it belongs to."""

    title: str
    source: str

    variants = (CARD,)

    @cached_property
    def key(self) -> str:
        """The name its picture has, by all that is drawn."""
        return f"title.{digest([self.title, self.source, _pen()])[:10]}"

    @property
    def drawing(self) -> dict[str, Any]:
        """All that it is drawn from."""
        return {"title": self.title, "source": self.source}


def plot_of(output: Mapping[str, Any], number: int, taken: Collection[str] = ()) -> Plot:
    """The plot of an output that has plotly's MIME type.

    >>> bare = {"data": {MIME: {"data": [], "layout": {"title": {"text": "Two <b>lines</b>"}}}}, "metadata": {}}
    >>> plot = plot_of(bare, number=3)
    >>> plot.id, plot.title, "title" in plot.layout
    ('chart-3', 'Two lines', False)
    """
    figure = output["data"][MIME]
    layout = dict(figure.get("layout", {}))
    template = layout.pop("template", {})
    heading = layout.pop("title", "")
    title = _title(heading)
    return Plot(
        **_sheet(_said(output, "chart"), f"chart-{number}", taken, title),
        number=number,
        data=figure.get("data", []),
        layout=_closed_up(layout, template, heading) if title else layout,
        template=template,
    )


def table_of(output: Mapping[str, Any], taken: Collection[str] = ()) -> Sheet | None:
    """The rows of an output that shows a table and brings them."""
    said = _said(output, "table")
    return Sheet(**_sheet(said, f"table-{len(taken) + 1}", taken)) if _mapping(said.get("data")).get("rows") else None


def _said(output: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    return _mapping(_mapping(output.get("metadata", {}).get("press")).get(kind))


def _sheet(said: Mapping[str, Any], name: str, taken: Collection[str], title: str = "") -> dict[str, Any]:
    """The fields of a `Sheet`, its id unlike those `taken`."""
    data = _mapping(said.get("data"))
    title = str(said.get("title") or title)
    id = _slug(str(said.get("id", ""))) or name
    return {
        "id": next(one for one in chain([id], (f"{id}-{n}" for n in count(2))) if one not in taken),
        "title": title,
        "alt": str(said.get("alt") or title),
        **{key: str(said.get(key, "")) for key in ("subtitle", "note", "source", "folder")},
        "figures": tuple(map(str, _list(said.get("figures")))),
        "columns": tuple(map(str, _list(data.get("columns")))),
        "rows": tuple(tuple(_list(row)) for row in _list(data.get("rows"))),
    }


@cache
def _pen() -> str:
    """Changes when the way of drawing does."""
    return digest(
        [version("plotly"), *((HERE / name).read_text() for name in ("static/drawing.js", "templates/draw.js"))]
    )


def digest(value: Any) -> str:
    """The sha256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _title(title: Any) -> str:
    text = str(_mapping(title).get("text") or "")
    return re.sub(r"\s+", " ", unescape(re.sub(r"</?\w[^>]*>", "", re.sub(r"<br\s*/?>", " ", text)))).strip()


def _slug(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.")


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


def _list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else ()


def _mapping(title: Any) -> Mapping[str, Any]:
    return title if isinstance(title, Mapping) else {"text": title or ""}

"""What an output brings besides what it shows: a table's rows; and a plot, slim, captioned and ready to be drawn.

It is said in the output's metadata, `press.table` or `press.chart`. A plot's layout loses its title and its annotation
"caption" (the page says them), its template is kept once a page; a plotly chart without metadata is shown under its own
title. A plot is one figure with two layouts, for a wide page and for a narrow one: docs/charts.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from press.site.assets import CARD, HERE, VARIANTS

MIME = "application/vnd.plotly.v1+json"
WIDE, NARROW = 920, 358  # px: the width of a chart beside the page's contents, and a phone's 390 less its margins
HEIGHT = 420  # px, where the layout says nothing
MOST_PIXELS = 10_000  # of a chart's height
TITLE_ROOM = 44  # px of the top margin that a layout's title takes,
TITLE_LINE = 26  # and, where the title makes its own margin, px of height a line of it
CAPTION = "caption"  # the name of an annotation that says what a page says beside the chart


@dataclass(frozen=True)
class Grid:
    """Columns and rows as a page shows them; `numbers` are the places of the columns that stand right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    numbers: frozenset[int]


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
    shown: Grid  # what of the rows a page's table has, in a reader's words

    @property
    def archive(self) -> str:
        """The name of the folder's zip."""
        return f"{Path(self.folder).name}.zip"


@dataclass(frozen=True)
class Travel:
    """What a picture that leaves its page says besides its title and subtitle, and the words for what was not drawn.

    `address` is where the page can be read, "" where that is not known; `source` is the word before a source.
    """

    address: str = ""
    source: str = ""
    undrawn: str = ""


@dataclass(frozen=True)
class DrawnLink:
    """Words of a drawing that lead somewhere: the href, what it is called, and its box in pixels of the drawing."""

    href: str
    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Marks:
    """What the browser found in a chart that it drew: its links at either width, and what could not be drawn."""

    wide: tuple[DrawnLink, ...] = ()
    narrow: tuple[DrawnLink, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plot(Sheet):
    """One chart of a page. `data` and `layout` are plotly's, without title and template.

    `changes` is what a narrow page changes of the layout, by dotted keys of plotly's: {"height": 640, "margin.l": 4}.
    """

    number: int
    data: Any
    layout: Mapping[str, Any]
    template: Mapping[str, Any]
    changes: Mapping[str, Any]
    travel: Travel = field(default_factory=Travel)

    @property
    def own_width(self) -> int:
        """Pixels that its author made it wide; 0 where nothing says, and it is as wide as its page."""
        base = _object(_object(self.template).get("layout"))
        return _pixels(self.layout.get("width", base.get("width")), 0)

    @property
    def wide(self) -> int:
        """Pixels on a wide page."""
        return self.own_width or WIDE

    @property
    def narrow(self) -> int:
        """Pixels on a narrow page."""
        return min(self.wide, NARROW)

    @property
    def has_card(self) -> bool:
        """Whether it previews its page: the first of a page does, where the page's address is known."""
        return self.number == 1 and bool(self.travel.address)

    @property
    def variants(self) -> tuple[str, ...]:
        """The files it is drawn to."""
        return VARIANTS if self.has_card else tuple(name for name in VARIANTS if name != CARD)

    @property
    def height(self) -> int:
        """Pixels on a wide page."""
        return _pixels(self.layout.get("height"), HEIGHT)

    @property
    def narrow_height(self) -> int:
        """Pixels on a narrow page."""
        return _pixels(self.changes.get("height"), self.height)

    @cached_property
    def template_name(self) -> str:
        """A name for the template by its content."""
        return "template-" + digest(self.template)[:8]

    @cached_property
    def key(self) -> str:
        """The name its pictures have: its id, and a digest of all that is drawn."""
        return f"{self.id}.{digest([self.drawing, _pen()])[:10]}"

    @cached_property
    def spec(self) -> dict[str, Any]:
        """What the page keeps of the chart: with it and the template it can be drawn again."""
        template = self.template_name if self.template else None
        drawn = {"data": self.data, "layout": self.layout, "narrow": self.changes, "template": template}
        own = {"width": self.own_width} if self.own_width else {}
        return drawn | own | {"heights": {"wide": self.height, "narrow": self.narrow_height}}

    # A value for each name that the drawing script reads.
    @cached_property
    def drawing(self) -> dict[str, Any]:
        """All that its pictures are drawn from: their sizes, and the words on the ones that travel."""
        sizes = {
            "wide": {"width": self.wide, "height": self.height},
            "narrow": {"width": self.narrow, "height": self.narrow_height},
        }
        source = f"{self.travel.source}{self.source}" if self.source else ""
        return {
            "data": self.data,
            "layout": self.layout,
            "narrow": self.changes,
            "template": self.template,
            "title": self.title,
            "subtitle": self.subtitle,
            "source": source,
            "address": self.travel.address,
            "undrawn": self.travel.undrawn,
            "sizes": sizes,
            "has_card": self.has_card,
        }


@dataclass(frozen=True)
class TitleCard:
    """What previews a link to a page without charts: its title, over the title of what it belongs to."""

    title: str
    source: str
    address: str = ""

    variants = (CARD,)

    @cached_property
    def key(self) -> str:
        """The name its picture has, by all that is drawn."""
        return f"title.{digest([self.drawing, _pen()])[:10]}"

    @property
    def drawing(self) -> dict[str, Any]:
        """All that it is drawn from."""
        return {"title": self.title, "source": self.source, "address": self.address}


def plot_of(output: Mapping[str, Any], number: int, taken: Collection[str] = ()) -> Plot:
    """The plot of an output that has plotly's MIME type.

    >>> bare = {"data": {MIME: {"data": [], "layout": {"title": {"text": "Two <b>lines</b>"}}}}, "metadata": {}}
    >>> plot = plot_of(bare, number=3)
    >>> plot.id, plot.title, "title" in plot.layout
    ('chart-3', 'Two lines', False)
    """
    figure = output["data"][MIME]
    said = _press_metadata(output, "chart")
    layout = dict(_object(figure.get("layout")))
    template = layout.pop("template", {})
    heading = layout.pop("title", "")
    title = _title(heading)
    room = said.get("room")
    if isinstance(room, Mapping):
        layout = _without_room(layout, template, room)
    elif title:
        layout = _closed_up(layout, template, heading)
    return Plot(
        **_sheet(said, f"chart-{number}", taken, title),
        number=number,
        data=_list(figure.get("data")),
        layout=_without_caption(layout),
        template=template,
        changes=_object(said.get("narrow")),
    )


def table_of(output: Mapping[str, Any], taken: Collection[str] = ()) -> Sheet | None:
    """The rows of an output that shows a table and brings them."""
    said = _press_metadata(output, "table")
    return Sheet(**_sheet(said, f"table-{len(taken) + 1}", taken)) if _mapping(said.get("data")).get("rows") else None


def _press_metadata(output: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """What an output says of itself to the press, as a chart or as a table."""
    ours = _mapping(output.get("metadata", {}).get("press"))
    return _mapping(ours.get(kind))


def _sheet(said: Mapping[str, Any], name: str, taken: Collection[str], title: str = "") -> dict[str, Any]:
    """The fields of a `Sheet`, its id unlike those `taken`."""
    data = _mapping(said.get("data"))
    title = str(said.get("title") or title)
    wanted = _slug(str(said.get("id", ""))) or name
    fields: dict[str, Any] = {
        "id": _untaken(wanted, taken),
        "title": title,
        "alt": str(said.get("alt") or title),
        "figures": _texts(said.get("figures")),
        "columns": _texts(data.get("columns")),
        "rows": _rows(data),
        "shown": _grid(data),
    }
    for key in ("subtitle", "note", "source", "folder"):
        fields[key] = str(said.get(key, ""))
    return fields


def _untaken(wanted: str, taken: Collection[str]) -> str:
    """An id that is not taken: the wanted one, or with the first number that is free.

    >>> _untaken("growth", {"growth", "growth-2"})
    'growth-3'
    """
    id = wanted
    number = 1
    while id in taken:
        number += 1
        id = f"{wanted}-{number}"
    return id


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in _list(values))


def _rows(data: Mapping[str, Any]) -> tuple[tuple[Any, ...], ...]:
    rows = _list(data.get("rows"))
    return tuple(tuple(_list(row)) for row in rows)


def _grid(data: Mapping[str, Any]) -> Grid:
    """What a page shows of the data: what `shown` says, else all of it."""
    chosen = _mapping(data.get("shown"))
    source = chosen if chosen.get("rows") else data
    rows = _rows(source)
    numbers = {place for place in _list(source.get("numbers")) if isinstance(place, int)}
    for row in rows:
        numbers |= {place for place, cell in enumerate(row) if isinstance(cell, int | float)}
    return Grid(_texts(source.get("columns")), rows, frozenset(numbers))


DRAWN_BY = ("static/drawing.js", "templates/marks.js", "templates/draw.js")


@cache
def _pen() -> str:
    """Changes when the way of drawing does."""
    return digest([version("plotly"), *((HERE / name).read_text(encoding="utf-8") for name in DRAWN_BY)])


def read_marks(script: bytes) -> Marks:
    """What the file `MARKS` of a chart says; nothing, where it is damaged.

    >>> found = '{"links": {"wide": [{"href": "#a", "label": "A", "box": [0, 0, 9, 9]}]}, "problems": ["odd"]}'
    >>> read_marks(f'(window.pressMarked ??= {{}})["x"] = {found};'.encode())
    Marks(wide=(DrawnLink(href='#a', label='A', box=(0, 0, 9, 9)),), narrow=(), problems=('odd',))
    """
    try:
        said = json.loads(script.decode().partition(" = ")[2].rstrip().removesuffix(";"))
        links = said.get("links", {})
        return Marks(_links(links.get("wide", ())), _links(links.get("narrow", ())), tuple(said.get("problems", ())))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Marks()


def _links(found: Any) -> tuple[DrawnLink, ...]:
    return tuple(DrawnLink(one["href"], one["label"], tuple(one["box"])) for one in found)


def digest(value: Any) -> str:
    """The sha256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _title(title: Any) -> str:
    text = str(_mapping(title).get("text") or "")
    text = re.sub(r"<br\s*/?>", " ", text)
    text = re.sub(r"</?\w[^>]*>", "", text)
    return " ".join(unescape(text).split())


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


def _without_room(layout: dict[str, Any], template: Any, room: Mapping[str, Any]) -> dict[str, Any]:
    """The layout without the pixels that title and caption take above and below, as the record says them."""
    top, bottom = _pixels(room.get("top"), 0), _pixels(room.get("bottom"), 0)
    own = _object(layout.get("margin"))
    said = {"t": 100, "b": 80, **_object(_object(_object(template).get("layout")).get("margin")), **own}
    margin = {"t": max(said["t"] - top, 0), "b": max(said["b"] - bottom, 0)}
    height = _pixels(layout.get("height"), 0)
    closed = {**layout, "margin": {**own, **margin}}
    if height:
        closed["height"] = max(height - top - bottom, 1)
    return closed


def _without_caption(layout: dict[str, Any]) -> dict[str, Any]:
    annotations = _list(layout.get("annotations"))
    others = [one for one in annotations if _object(one).get("name") != CAPTION]
    if len(others) == len(annotations):
        return layout
    return layout | {"annotations": others}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _pixels(said: Any, otherwise: int) -> int:
    """A length as a figure says it, in whole pixels.

    >>> _pixels(640.4, 1), _pixels("tall", 1), _pixels(None, 1), _pixels(-5, 1), _pixels(10**9, 1)
    (640, 1, 1, 1, 10000)
    """
    if isinstance(said, bool) or not isinstance(said, int | float) or not said > 0:
        return otherwise
    return int(min(round(min(said, MOST_PIXELS)), MOST_PIXELS))


def _list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else ()


def _mapping(title: Any) -> Mapping[str, Any]:
    return title if isinstance(title, Mapping) else {"text": title or ""}

"""A tile for each area, roughly where it lies: coloured by a number or a category, with its words inside."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Description, canvas_for
from bluebook.charts.colours import BLUE, EMPTY, INK, PARTS, blend, ink
from bluebook.charts.items import Item, one_kind, quantities_of
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import LINE, SIZE, SMALL, TIP_WIDTH, bold, ems, safe, safe_lines, tip
from bluebook.charts.record import Labelled
from bluebook.messages import in_language
from bluebook.numbers.quantity import Quantity

HEIGHT, NARROW_HEIGHT = 86, 58  # px of a row of tiles
NARROW_WIDTH = PHONE - 8  # px of a row of tiles on a phone
PALE = "#d6e6f5"  # of the smallest number
HREF = re.compile(r"(https?://|[\w./-]*#|[\w./-]+\.html)[^\s\"'<>]*")
Values = Mapping[str, Quantity | str]


@dataclass(frozen=True)
class _Area:
    """A district and its place: a row and a column of the grid."""

    name: str
    short: str
    row: int
    column: int


@dataclass(frozen=True)
class _Tile:
    """An area with what its tile says; without a `fill` it stays empty."""

    area: _Area
    value: Quantity | str
    text: str
    link: str
    fill: str


@dataclass(frozen=True)
class _Grid:
    """How many tiles there are each way, how high a row is, and how large a phone's words are; all in px."""

    rows: int
    columns: int
    row_height: float
    narrow_row_height: float
    narrow_size: float


def tiles(
    areas: pd.DataFrame,
    values: Values,
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    texts: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> Chart:
    """A tile for each area at its `row` and `col`: not a map, borders and distances mean nothing.

    `areas` has columns id, name_zh, name_en, short_zh, short_en, row, col; x is the column and y the row. `values`, by
    area id, colour the tiles: quantities by size, words by category; a tile without one stays empty. `texts`, by area
    id, stand in the tiles, on a phone below them; `links` are where the names of areas lead. An area without a row has
    no tile.
    """
    description = Description(id, title, subtitle, source, note, alt)
    texts = texts or {}
    links = links or {}
    items = [Item(key, q) for key, q in values.items() if isinstance(q, Quantity)]
    one_kind(items, description)
    canvas = canvas_for(description, quantities_of(items))
    areas_by_id = _areas_with_a_place(areas, canvas.lang)
    for key in (*values, *texts, *links):
        if key not in areas_by_id:
            wanted = ", ".join(areas_by_id)
            description.refuse(f'no area "{key}": wanted one of {wanted}')
    fills = _fills(values, description)
    drawn = []
    for key, area in areas_by_id.items():
        fill = fills.get(key, "")
        drawn.append(_Tile(area, values.get(key, ""), texts.get(key, ""), links.get(key, ""), fill))
    grid = _grid_of(drawn)
    _write_axes(canvas, grid)
    _draw(canvas, drawn)
    for tile in drawn:
        _write_words(canvas, tile, grid)
    _write_keys(canvas, drawn)
    canvas.remark = canvas.message("tiles.roughly")
    labelled: list[Labelled] = []
    for key, value in [*values.items(), *texts.items()]:
        labelled.append((areas_by_id[key].name, value))
    return canvas.chart("kind.tiles", labelled)


def _areas_with_a_place(areas: pd.DataFrame, lang: str) -> dict[str, _Area]:
    """The areas that have a row, by their id."""
    by_id = {}
    for area in areas.to_dict("records"):
        if str(area["row"]) == "":
            continue
        name = str(in_language(area, "name", lang))
        short = str(in_language(area, "short", lang))
        by_id[str(area["id"])] = _Area(name, short, int(area["row"]), int(area["col"]))
    return by_id


def _grid_of(tiles: Sequence[_Tile]) -> _Grid:
    rows = 1 + max(tile.area.row for tile in tiles)
    columns = 1 + max(tile.area.column for tile in tiles)
    narrow_size = _narrow_size(tiles, columns)
    narrow_room = NARROW_WIDTH / columns / narrow_size
    text_lines = max(len(safe_lines(tile.text, _room_for_text(columns))) for tile in tiles)
    number_lines = max(len(_number(tile.value, narrow_room)) for tile in tiles)
    row_height = max(HEIGHT, LINE * (text_lines + 2))
    narrow_row_height = max(NARROW_HEIGHT, 1.35 * narrow_size * (1 + number_lines) + 8)
    return _Grid(rows, columns, row_height, narrow_row_height, narrow_size)


def _narrow_size(tiles: Sequence[_Tile], columns: int) -> float:
    """The px of words in a phone's tiles: as large as the longest name allows, and no smaller than 8.5."""
    longest = max(ems(tile.area.short) for tile in tiles) * 1.08
    room = NARROW_WIDTH / columns - 4
    largest = math.floor(2 * room / longest) / 2
    return max(8.5, min(12.0, largest))


def _write_axes(canvas: Canvas, grid: _Grid) -> None:
    canvas.height = grid.row_height * grid.rows
    canvas.narrow_height = grid.narrow_row_height * grid.rows
    canvas.hide_axes(grid.columns, grid.rows)
    canvas.narrow_margin.update(l=4, r=4)


def _room_for_text(columns: float) -> float:
    """How many ems of small words stand on a line of a wide page's tile."""
    return (WIDE / columns - 14) / SMALL


def _draw(canvas: Canvas, tiles: Sequence[_Tile]) -> None:
    rows = [tile.area.row for tile in tiles]
    left_edges = [tile.area.column - 0.485 for tile in tiles]
    widths = [0.97] * len(tiles)
    colours = [tile.fill or EMPTY for tile in tiles]
    links = [tile.link for tile in tiles]
    tips = [_tip(tile) for tile in tiles]
    look: dict[str, Any] = {"orientation": "h", "width": 0.95, "marker": {"color": colours}}
    canvas.trace("bar", base=left_edges, x=widths, y=rows, customdata=links, tips=tips, **look)


def _tip(tile: _Tile) -> str:
    """What a tile says when pointed at."""
    lines = tip(tile.area.name, tile.value)
    if tile.text:
        lines += "<br>" + safe(tile.text, TIP_WIDTH)
    return lines


def _write_words(canvas: Canvas, tile: _Tile, grid: _Grid) -> None:
    """A tile's name and number, and on a wide page its text."""
    name = _linked_name(canvas, tile)
    colour = ink(tile.fill) if tile.fill else INK
    wide_lines = [name, *_number(tile.value, WIDE / grid.columns / SIZE)]
    if tile.text:
        small = f'<span style="font-size:{SMALL}px">'
        for line in safe_lines(tile.text, _room_for_text(grid.columns)):
            wide_lines.append(f"{small}{line}</span>")
    narrow_lines = [name, *_number(tile.value, NARROW_WIDTH / grid.columns / grid.narrow_size)]
    for only, lines, size in (("wide", wide_lines, SIZE), ("narrow", narrow_lines, grid.narrow_size)):
        font = {"color": colour, "size": size}
        canvas.text(tile.area.column, tile.area.row, lines, only=only, xanchor="center", yanchor="middle", font=font)


def _linked_name(canvas: Canvas, tile: _Tile) -> str:
    name = bold(tile.area.short)
    if not tile.link:
        return name
    if not HREF.fullmatch(tile.link):
        canvas.description.refuse(f'link "{tile.link}": wanted a page or an address')
    return f'<a href="{escape(tile.link)}">{name}</a>'


def _number(value: Quantity | str, width: float) -> list[str]:
    """A number as a tile has it: on one line, else on several."""
    if isinstance(value, str):
        return []
    return safe_lines(value.text, width - 0.4)


def _fills(values: Values, description: Description) -> dict[str, str]:
    """The colour of each area: by size from pale to blue, or by category."""
    sizes = {key: value.value for key, value in values.items() if isinstance(value, Quantity)}
    category_of = {key: value for key, value in values.items() if isinstance(value, str)}
    categories = list(dict.fromkeys(category_of.values()))
    if (sizes and categories) or len(categories) > len(PARTS):
        description.refuse(
            f"{len(categories)} categories and {len(sizes)} quantities: wanted quantities, or few categories"
        )
    if categories:
        colour_of = dict(zip(categories, PARTS, strict=False))
        return {key: colour_of[category] for key, category in category_of.items()}
    return _fills_by_size(sizes)


def _fills_by_size(sizes: Mapping[str, Fraction]) -> dict[str, str]:
    smallest = min(sizes.values(), default=Fraction(0))
    largest = max(sizes.values(), default=Fraction(0))
    span = (largest - smallest) or 1
    fills = {}
    for key, size in sizes.items():
        part = float((size - smallest) / span)
        fills[key] = blend(PALE, BLUE, part)
    return fills


def _write_keys(canvas: Canvas, tiles: Sequence[_Tile]) -> None:
    """A key of the categories, and on a phone the texts of the areas."""
    colour_of_category = {tile.value: tile.fill for tile in tiles if isinstance(tile.value, str) and tile.value}
    entries = [Entry(category, colour=colour) for category, colour in colour_of_category.items()]
    texts = []
    for tile in tiles:
        if tile.text:
            label = canvas.message("label.value", label=tile.area.short, value=tile.text)
            texts.append(Entry(label))
    write_key(canvas, entries, "wide")
    write_key(canvas, [*entries, *texts], "narrow")

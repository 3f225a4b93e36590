"""A tile for each area, roughly where it lies: coloured by a number or a category, with its words inside."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd

from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Words
from bluebook.charts.colours import BLUE, EMPTY, INK, PARTS, blend, ink
from bluebook.charts.items import Item, one_kind
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import LINE, SIZE, SMALL, bold, ems, safe, safe_lines, tip
from bluebook.charts.record import Told
from bluebook.messages import in_language
from bluebook.numbers.quantity import Quantity

HEIGHT, NARROW_HEIGHT = 86, 58  # px of a row of tiles
PALE = "#d6e6f5"
HREF = re.compile(r"(https?://|[\w./-]*#|[\w./-]+\.html)[^\s\"'<>]*")
Values = Mapping[str, Quantity | str]


@dataclass(frozen=True)
class _Tile:
    key: str
    name: str
    short: str
    row: int
    column: int
    value: Quantity | str = ""
    text: str = ""
    link: str = ""


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
    words = Words(id, title, subtitle, source, note, alt)
    texts, links = texts or {}, links or {}
    quantities = [Item(key, q) for key, q in values.items() if isinstance(q, Quantity)]
    one_kind(quantities, words)
    canvas = Canvas(words, words.language(item.q for item in quantities))
    places = _places(areas, canvas.lang)
    for key in (*values, *texts, *links):
        if key not in places:
            words.refuse(f'no area "{key}": wanted one of {", ".join(places)}')
    found = [replace(tile, text=texts.get(key, ""), link=links.get(key, "")) for key, tile in places.items()]
    found = [replace(tile, value=values.get(tile.key, "")) for tile in found]
    fills = _fills(values, words)
    _stage(canvas, found)
    _draw(canvas, found, fills)
    for tile in found:
        _write(canvas, tile, fills, _narrow_size(found))
    _below(canvas, found, fills)
    canvas.remark = canvas.message("tiles.roughly")
    labelled: list[Told] = [(places[key].name, value) for key, value in [*values.items(), *texts.items()]]
    return canvas.chart("kind.tiles", labelled)


def _places(areas: pd.DataFrame, lang: str) -> dict[str, _Tile]:
    found = {}
    for area in areas.to_dict("records"):
        if str(area["row"]) != "":
            key = str(area["id"])
            name = str(in_language(area, "name", lang))
            short = str(in_language(area, "short", lang))
            found[key] = _Tile(key, name, short, int(area["row"]), int(area["col"]))
    return found


def _stage(canvas: Canvas, tiles: Sequence[_Tile]) -> None:
    rows = 1 + max(tile.row for tile in tiles)
    columns = 1 + max(tile.column for tile in tiles)
    longest = max(len(safe_lines(tile.text, _room(columns))) for tile in tiles)
    canvas.height = max(HEIGHT, LINE * (longest + 2)) * rows
    size = _narrow_size(tiles)
    tallest = max(1 + len(_number(tile.value, (PHONE - 8) / columns / size)) for tile in tiles)
    canvas.narrow_height = max(NARROW_HEIGHT, 1.35 * size * tallest + 8) * rows
    canvas.layout["xaxis"] = {"range": [-0.5, columns - 0.5], "visible": False}
    canvas.layout["yaxis"] = {"range": [rows - 0.5, -0.5], "visible": False}
    canvas.narrow_margin |= {"l": 4, "r": 4}


def _room(columns: float) -> float:
    """How many ems of small words stand on a line of a wide page's tile."""
    return (WIDE / columns - 14) / SMALL


def _draw(canvas: Canvas, tiles: Sequence[_Tile], fills: Mapping[str, str]) -> None:
    tips = []
    for tile in tiles:
        lines = [tip(tile.name, tile.value), safe(tile.text, 26)]
        tips.append("<br>".join(line for line in lines if line))
    look: dict[str, Any] = {"orientation": "h"}
    look["base"] = [tile.column - 0.485 for tile in tiles]
    look["x"] = [0.97] * len(tiles)
    look["y"] = [tile.row for tile in tiles]
    look["width"] = 0.95
    look["marker"] = {"color": [fills.get(tile.key, EMPTY) for tile in tiles]}
    look["customdata"] = [tile.link for tile in tiles]
    canvas.trace("bar", tips=tips, **look)


def _write(canvas: Canvas, tile: _Tile, fills: Mapping[str, str], narrow_size: float) -> None:
    """A tile's name and number, and on a wide page its text."""
    columns = canvas.layout["xaxis"]["range"][1] + 0.5
    colour = ink(fills[tile.key]) if tile.key in fills else INK
    name = bold(tile.short)
    if tile.link:
        if not HREF.fullmatch(tile.link):
            canvas.words.refuse(f'link "{tile.link}": wanted a page or an address')
        name = f'<a href="{escape(tile.link)}">{name}</a>'
    for only, width, size in (("wide", WIDE / columns, SIZE), ("narrow", (PHONE - 8) / columns, narrow_size)):
        lines = [name, *_number(tile.value, width / size)]
        if only == "wide" and tile.text:
            small = f'<span style="font-size:{SMALL}px">'
            lines += [f"{small}{line}</span>" for line in safe_lines(tile.text, _room(columns))]
        font = {"color": colour, "size": size}
        canvas.text(tile.column, tile.row, lines, only=only, xanchor="center", yanchor="middle", font=font)


def _narrow_size(tiles: Sequence[_Tile]) -> float:
    """The px of words in a phone's tiles: as large as the longest name allows, and no smaller than 8.5."""
    columns = 1 + max(tile.column for tile in tiles)
    longest = max(ems(tile.short) for tile in tiles) * 1.08
    room = (PHONE - 8) / columns - 4
    return max(8.5, min(12.0, math.floor(2 * room / longest) / 2))


def _number(value: Quantity | str, width: float) -> list[str]:
    """A number as a tile has it: on one line, else on several."""
    if isinstance(value, str):
        return []
    return safe_lines(value.text, width - 0.4)


def _fills(values: Values, words: Words) -> dict[str, str]:
    """The colour of each area: by size from pale to blue, or by category."""
    sizes = {key: value.value for key, value in values.items() if isinstance(value, Quantity)}
    categories = list(dict.fromkeys(value for value in values.values() if isinstance(value, str)))
    if (sizes and categories) or len(categories) > len(PARTS):
        words.refuse(f"{len(categories)} categories and {len(sizes)} quantities: wanted quantities, or few categories")
    if categories:
        return {key: PARTS[categories.index(str(value))] for key, value in values.items()}
    low = min(sizes.values(), default=Fraction(0))
    span = max(sizes.values(), default=Fraction(0)) - low
    return {key: blend(PALE, BLUE, float((size - low) / (span or 1))) for key, size in sizes.items()}


def _below(canvas: Canvas, tiles: Sequence[_Tile], fills: Mapping[str, str]) -> None:
    """A key of the categories, and on a phone the texts of the areas."""
    categories = {tile.value: fills[tile.key] for tile in tiles if isinstance(tile.value, str) and tile.value}
    entries = [Entry(category, colour=colour) for category, colour in categories.items()]
    listed = []
    for tile in tiles:
        if tile.text:
            listed.append(Entry(canvas.message("label.value", label=tile.short, value=tile.text)))
    write_key(canvas, entries, "wide")
    write_key(canvas, [*entries, *listed], "narrow")

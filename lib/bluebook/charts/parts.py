"""Parts of a whole: one bar split into them, or a hundred cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Words, plain
from bluebook.charts.colours import EDGE, PARTS, REST, ink
from bluebook.charts.items import Columns, Item, Labels, Quantities, labelled, one_kind
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import bold, pixels, tip

BAR = 46  # px: the height of the bar
VISIBLE = Fraction(6, 1000)  # of the whole: bounds closer than this are not drawn
LOOSE = Fraction(3, 100)  # of the whole: a part less sure than this is called by its range


def share(
    data: Quantities,
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    x: str = "",
    y: str = "",
    low: str = "",
    high: str = "",
    unit: str = "",
    labels: Labels = None,
    rest: bool = False,
) -> Chart:
    """One bar split into the parts of a whole, in the order given, over a key with their values; frames as in `bars`.

    The x axis runs from 0 to the whole. With `rest`, the last part is drawn as what remains. Percentages must be able
    to add up to 100 % within their bounds; counts make their own whole. Where one part ends and the next begins is
    pale as far as the bounds leave it open, and such a part is called by its range.
    """
    words = Words(id, title, subtitle, source, note, alt)
    items = one_kind(labelled(data, labels, words, Columns(x, y, low, high, unit)), words)
    parts = whole(items, words, rest=rest)
    canvas = Canvas(words, words.language(item.q for item in items))
    total = Fraction(1) if items[0].q.as_percent else sum((item.q.value for item in items), Fraction(0))
    _stage(canvas, items, total)
    colours = part_colours(len(items), rest=rest)
    _segments(canvas, items, [part * total for part in parts], total, colours)
    _key(canvas, items, colours)
    return canvas.chart("kind.share", [item.labelled for item in items])


def waffle(
    data: Quantities,
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    x: str = "",
    y: str = "",
    low: str = "",
    high: str = "",
    unit: str = "",
    labels: Labels = None,
    rest: bool = False,
    cells: int = 100,
    columns: int = 20,
) -> Chart:
    """A whole as `cells` equal cells, filled part by part in the order given; a cell may be split between two.

    Cells stand at x = 0, 1 … `columns` - 1 and y = 0, 1 … downwards. Parts and `rest` as in `share`.
    """
    words = Words(id, title, subtitle, source, note, alt)
    items = one_kind(labelled(data, labels, words, Columns(x, y, low, high, unit)), words)
    parts = whole(items, words, rest=rest)
    canvas = Canvas(words, words.language(item.q for item in items))
    rows = math.ceil(cells / columns)
    canvas.height, canvas.narrow_height = rows * 26, rows * 18
    canvas.layout["xaxis"] = {"range": [-0.5, columns - 0.5], "visible": False}
    canvas.layout["yaxis"] = {"range": [rows - 0.5, -0.5], "visible": False}
    colours = part_colours(len(items), rest=rest)
    filled = Fraction(0)
    for item, part, colour in zip(items, parts, colours, strict=True):
        blocks = list(_cells(filled, filled + part * cells, columns))
        filled += part * cells
        if blocks:
            _blocks(canvas, blocks, colour, tip(item.label, item.q))
    _key(canvas, items, colours)
    if cells == 100:
        canvas.remark = canvas.message("waffle.cell")
    return canvas.chart("kind.waffle", [item.labelled for item in items])


def whole(items: list[Item], words: Words, *, rest: bool) -> list[Fraction]:
    """The share that each part has of the whole; with `rest` the last is what the others leave of 100 %.

    Raises `ChartError` for parts below zero, and for percentages that cannot add up to 100 %.
    """
    listed = ", ".join(f"{item.label} {item.q.text}" for item in items)
    values = [item.q.value for item in items]
    if any(value < 0 for value in values) or not sum(values):
        words.refuse(f"parts {listed}: wanted parts of a whole, none below zero")
    if items[0].q.as_percent:
        low, high = sum(item.q.low for item in items), sum(item.q.high for item in items)
        if not low <= 1 <= high:
            words.refuse(f"parts {listed}: wanted parts that can add up to 100%")
        first = sum(values[:-1], Fraction(0))
        if rest and first <= 1:
            return [*values[:-1], 1 - first]
    total = sum(values, Fraction(0))
    return [value / total for value in values]


def part_colours(number: int, *, rest: bool) -> list[str]:
    """A colour for each part; after the last they come round. With `rest` the last is that of what remains."""
    colours = [PARTS[place % len(PARTS)] for place in range(number)]
    return [*colours[:-1], REST] if rest else colours


def _stage(canvas: Canvas, items: Sequence[Item], total: Fraction) -> None:
    canvas.height = BAR + 8
    canvas.margin |= {"t": 26, "l": 14, "r": 24}
    axis = value_axis(Fraction(0), total, items[0].q)
    canvas.layout["xaxis"] = axis | {"side": "top", "zeroline": False}
    canvas.layout["yaxis"] = {"range": [0.5, -0.5], "visible": False}
    canvas.layout["bargap"] = 0.1
    canvas.narrow |= narrow_ticks(axis, Fraction(0), total, items[0].q, PHONE - 40)


def _segments(
    canvas: Canvas, items: Sequence[Item], parts: Sequence[Fraction], total: Fraction, colours: Sequence[str]
) -> None:
    ends = [sum(parts[:place], Fraction(0)) for place in range(len(parts) + 1)]
    outline: dict[str, Any] = {"color": list(colours)}
    outline["line"] = {"color": "#ffffff", "width": 1}
    look = _lying([(start, start + part) for start, part in zip(ends[:-1], parts, strict=True)], outline)
    canvas.trace("bar", tips=[tip(item.label, item.q) for item in items], **look)
    edges = list(_edges(items, parts, ends, total))
    if edges:
        canvas.pale = True
        canvas.trace("bar", name="bounds", **_lying(edges, {"color": EDGE}))
    _label_segments(canvas, items, parts, ends, total, colours)


def _lying(stretches: Sequence[tuple[Fraction, Fraction]], marker: dict[str, Any]) -> dict[str, Any]:
    """plotly's bars from one value to another, all in one row."""
    look: dict[str, Any] = {"base": [plain(low) for low, _ in stretches]}
    look["x"] = [plain(high - low) for low, high in stretches]
    look["marker"] = marker
    look["orientation"] = "h"
    look["y"] = [0] * len(stretches)
    return look


def _edges(
    items: Sequence[Item], parts: Sequence[Fraction], ends: Sequence[Fraction], total: Fraction
) -> Iterator[tuple[Fraction, Fraction]]:
    """Where one part ends and the next begins, as far as the bounds of the part before leave it open."""
    for place, item in enumerate(items[:-1]):
        if not item.q.value:
            continue
        low = ends[place] + parts[place] * item.q.low / item.q.value
        high = ends[place] + parts[place] * item.q.high / item.q.value
        if high - low > total * VISIBLE:
            yield max(low, Fraction(0)), min(high, total)


def _label_segments(
    canvas: Canvas,
    items: Sequence[Item],
    parts: Sequence[Fraction],
    ends: Sequence[Fraction],
    total: Fraction,
    colours: Sequence[str],
) -> None:
    """The value inside each part that is wide enough for it."""
    for place, item in enumerate(items):
        words = bold(part_words(item, total))
        look: dict[str, Any] = {"xanchor": "center", "yanchor": "middle", "font": {"color": ink(colours[place])}}
        middle = (ends[place] + ends[place + 1]) / 2
        for only, width in (("wide", WIDE), ("narrow", PHONE - 40)):
            if pixels(words) + 12 < float(parts[place] / total) * width:
                canvas.text(middle, 0, words, only=only, **look)


def part_words(item: Item, total: Fraction) -> str:
    """A part's value; its range where that is wide."""
    q = item.q
    if total and (q.high - q.low) / total > LOOSE:
        return q.bounds_text
    return q.text


@dataclass(frozen=True)
class _Block:
    """A cell or a part of one: from x to x, and the row."""

    left: Fraction
    right: Fraction
    row: int


def _cells(start: Fraction, end: Fraction, columns: int) -> Iterator[_Block]:
    """The cells, or parts of cells, between two positions along the rows."""
    if end <= start:
        return
    edge, wide = Fraction(6, 100), Fraction(88, 100)
    for cell in range(math.floor(start), math.ceil(end)):
        row, column = divmod(cell, columns)
        low = max(start - cell, Fraction(0))
        high = min(end - cell, Fraction(1))
        left = column - Fraction(1, 2) + edge
        yield _Block(left + wide * low, left + wide * high, row)


def _blocks(canvas: Canvas, blocks: Sequence[_Block], colour: str, words: str) -> None:
    look: dict[str, Any] = {"orientation": "h"}
    look["base"] = [plain(block.left) for block in blocks]
    look["x"] = [plain(block.right - block.left) for block in blocks]
    look["y"] = [block.row for block in blocks]
    look["width"] = 0.86
    look["marker"] = {"color": colour}
    canvas.trace("bar", tips=[words] * len(blocks), **look)


def _key(canvas: Canvas, items: Sequence[Item], colours: Sequence[str]) -> None:
    """A line for each part under the drawing."""
    entries = [Entry(item.label, item.q.text, colour) for item, colour in zip(items, colours, strict=True)]
    for only in ("wide", "narrow"):
        write_key(canvas, entries, only)

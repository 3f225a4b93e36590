"""Parts of a whole: one bar split into them, or a hundred cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import EDGE, PARTS, REST, ink
from bluebook.charts.items import Columns, Item, Labels, Quantities, comparable, quantities_of
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import bold, pixels

BAR = 46  # px: the height of the bar
VISIBLE = Fraction(6, 1000)  # of the whole: bounds closer than this are not drawn
LOOSE = Fraction(3, 100)  # of the whole: a part less sure than this is called by its range
CELL_EDGE = Fraction(6, 100)  # of a cell: free at each side
CELL_WIDTH = Fraction(88, 100)


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
    description = Description(id, title, subtitle, source, note, alt)
    items = comparable(data, labels, description, Columns(x, y, low, high, unit))
    parts = whole(items, description, rest=rest)
    canvas = canvas_for(description, quantities_of(items))
    total = Fraction(1)
    if not items[0].q.as_percent:
        total = sum((item.q.value for item in items), Fraction(0))
    _write_axes(canvas, items, total)
    segments = list(_segments(items, parts, total, part_colours(len(items), rest=rest)))
    _draw_segments(canvas, segments, total)
    _write_key(canvas, segments)
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
    description = Description(id, title, subtitle, source, note, alt)
    items = comparable(data, labels, description, Columns(x, y, low, high, unit))
    parts = whole(items, description, rest=rest)
    canvas = canvas_for(description, quantities_of(items))
    rows = math.ceil(cells / columns)
    canvas.height = rows * 26
    canvas.narrow_height = rows * 18
    canvas.hide_axes(columns, rows)
    segments = list(_segments(items, parts, Fraction(cells), part_colours(len(items), rest=rest)))
    for segment in segments:
        blocks = list(_blocks(segment, columns))
        if blocks:
            _draw_blocks(canvas, blocks, segment)
    _write_key(canvas, segments)
    if cells == 100:
        canvas.remark = canvas.message("waffle.cell")
    return canvas.chart("kind.waffle", [item.labelled for item in items])


def whole(items: list[Item], description: Description, *, rest: bool) -> list[Fraction]:
    """The share that each part has of the whole; with `rest` the last is what the others leave of 100 %.

    Raises `ChartError` for parts below zero, and for percentages that cannot add up to 100 %.
    """
    listed = ", ".join(f"{item.label} {item.q.text}" for item in items)
    values = [item.q.value for item in items]
    if any(value < 0 for value in values) or not sum(values):
        description.refuse(f"parts {listed}: wanted parts of a whole, none below zero")
    if items[0].q.as_percent:
        low = sum(item.q.low for item in items)
        high = sum(item.q.high for item in items)
        if not low <= 1 <= high:
            description.refuse(f"parts {listed}: wanted parts that can add up to 100%")
        others = values[:-1]
        sum_of_others = sum(others, Fraction(0))
        if rest and sum_of_others <= 1:
            return [*others, 1 - sum_of_others]
    total = sum(values, Fraction(0))
    return [value / total for value in values]


def part_colours(number: int, *, rest: bool) -> list[str]:
    """A colour for each part; after the last they come round. With `rest` the last is that of what remains."""
    colours = [PARTS[place % len(PARTS)] for place in range(number)]
    return [*colours[:-1], REST] if rest else colours


def _write_axes(canvas: Canvas, items: Sequence[Item], total: Fraction) -> None:
    canvas.height = BAR + 8
    canvas.margin.update(t=26, l=14, r=24)
    like = items[0].q
    axis = value_axis(Fraction(0), total, like)
    axis.update(side="top", zeroline=False)
    canvas.layout["xaxis"] = axis
    canvas.layout["yaxis"] = {"range": [0.5, -0.5], "visible": False}
    canvas.layout["bargap"] = 0.1
    canvas.narrow.update(narrow_ticks(axis, Fraction(0), total, like, PHONE - 40))


@dataclass(frozen=True)
class _Segment:
    """A part and where it lies along the whole."""

    item: Item
    start: Fraction
    end: Fraction
    colour: str

    @property
    def length(self) -> Fraction:
        return self.end - self.start


def _segments(
    items: Sequence[Item], parts: Sequence[Fraction], total: Fraction, colours: Sequence[str]
) -> Iterator[_Segment]:
    """The parts one after the other."""
    start = Fraction(0)
    for item, part, colour in zip(items, parts, colours, strict=True):
        end = start + part * total
        yield _Segment(item, start, end, colour)
        start = end


def _draw_segments(canvas: Canvas, segments: Sequence[_Segment], total: Fraction) -> None:
    colours = [segment.colour for segment in segments]
    stretches = [(segment.start, segment.end) for segment in segments]
    marker = {"color": colours, "line": {"color": "#ffffff", "width": 1}}
    tips = [segment.item.tip for segment in segments]
    _draw_lying(canvas, stretches, marker, tips=tips)
    edges = list(_edges(segments, total))
    if edges:
        canvas.pale = True
        _draw_lying(canvas, edges, {"color": EDGE}, name="bounds")
    for segment in segments:
        _write_value_inside(canvas, segment, total)


def _draw_lying(
    canvas: Canvas, stretches: Sequence[tuple[Fraction, Fraction]], marker: dict[str, Any], **look: Any
) -> None:
    """Bars from one value to another, all in one row."""
    bases = [plain(low) for low, _ in stretches]
    lengths = [plain(high - low) for low, high in stretches]
    row = [0] * len(stretches)
    canvas.trace("bar", base=bases, x=lengths, y=row, orientation="h", marker=marker, **look)


def _edges(segments: Sequence[_Segment], total: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """Where one part ends and the next begins, as far as the bounds of the part before leave it open."""
    for segment in segments[:-1]:
        q = segment.item.q
        if not q.value:
            continue
        low = segment.start + segment.length * q.low / q.value
        high = segment.start + segment.length * q.high / q.value
        if high - low > total * VISIBLE:
            yield max(low, Fraction(0)), min(high, total)


def _write_value_inside(canvas: Canvas, segment: _Segment, total: Fraction) -> None:
    """The value of a part inside it, if it is wide enough."""
    words = bold(part_words(segment.item, total))
    needed = pixels(words) + 12
    share = float(segment.length / total)
    middle = (segment.start + segment.end) / 2
    font = {"color": ink(segment.colour)}
    for only, width in (("wide", WIDE), ("narrow", PHONE - 40)):
        if needed < share * width:
            canvas.text(middle, 0, words, only=only, xanchor="center", yanchor="middle", font=font)


def part_words(item: Item, total: Fraction) -> str:
    """A part's value; its range where that is wide."""
    q = item.q
    is_loose = q.high - q.low > total * LOOSE
    return q.bounds_text if total and is_loose else q.text


@dataclass(frozen=True)
class _Block:
    """A cell or a part of one: from x to x, and the row."""

    left: Fraction
    right: Fraction
    row: int


def _blocks(segment: _Segment, columns: int) -> Iterator[_Block]:
    """The cells, or parts of cells, that a part takes along the rows."""
    if segment.length <= 0:
        return
    for cell in range(math.floor(segment.start), math.ceil(segment.end)):
        row, column = divmod(cell, columns)
        filled_from = max(segment.start - cell, Fraction(0))
        filled_to = min(segment.end - cell, Fraction(1))
        left = column - Fraction(1, 2) + CELL_EDGE
        yield _Block(left + CELL_WIDTH * filled_from, left + CELL_WIDTH * filled_to, row)


def _draw_blocks(canvas: Canvas, blocks: Sequence[_Block], segment: _Segment) -> None:
    left_edges = [plain(block.left) for block in blocks]
    widths = [plain(block.right - block.left) for block in blocks]
    rows = [block.row for block in blocks]
    tips = [segment.item.tip] * len(blocks)
    look: dict[str, Any] = {"orientation": "h", "width": 0.86, "marker": {"color": segment.colour}}
    canvas.trace("bar", base=left_edges, x=widths, y=rows, tips=tips, **look)


def _write_key(canvas: Canvas, segments: Sequence[_Segment]) -> None:
    """A line for each part under the drawing."""
    entries = [Entry(segment.item.label, segment.item.q.text, segment.colour) for segment in segments]
    for only in ("wide", "narrow"):
        write_key(canvas, entries, only)

"""Ranges: where numbers can be between their bounds, and whether they meet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from bluebook.charts.axes import value_axis
from bluebook.charts.canvas import Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import BLUE, GAP, SHARED, VERMILION, pale
from bluebook.charts.items import (
    Columns,
    Item,
    Labels,
    Quantities,
    are_exact,
    comparable,
    ends_of,
    labels_of,
    quantities_of,
)
from bluebook.charts.lettering import bold, pixels
from bluebook.charts.rows import MARK, Rows, beside, narrow_grid, row_axis, write_top_axis
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.numbers.text import Style, power

FOOT = 26  # px: under the last row, for what is said of the shaded part


def intervals(
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
) -> Chart:
    """A bar from each number's low to its high, in the order given, and a dot at the value; arguments as in `bars`.

    What lies within the bounds of all is shaded blue; where they leave a gap it is shaded red, and its size written.

    >>> from bluebook.numbers.quantity import published
    >>> sides = [published("30多项", figure="a", lang="en"), published("50项", figure="b", lang="en")]
    >>> chart = intervals(sides, labels=["Named", "Counted"], id="sides", title="They part")
    >>> chart.layout.shapes[0].fillcolor == GAP
    True
    """
    description = Description(id, title, subtitle, source, note, alt)
    items = comparable(data, labels, description, Columns(x, y, low, high, unit))
    quantities = quantities_of(items)
    canvas = canvas_for(description, quantities)
    ranges = [bold(q.text if q.exact else q.bounds_text) for q in quantities]
    are_compared = len(items) > 1
    foot = FOOT if are_compared else 0
    rows = row_axis(canvas, labels_of(items), details=[[text] for text in ranges], foot=foot)
    canvas.margin["r"] = max(map(pixels, ranges)) + 30
    canvas.narrow_margin["r"] = 16
    start, end = _padded_ends(quantities)
    like = quantities[0]
    axis = value_axis(start, end, like, most=5)
    write_top_axis(canvas, axis, start, end, like, zeroline=False)
    if are_compared:
        _shade(canvas, items, rows)
    narrow_grid(canvas, rows, len(items))
    _draw(canvas, items)
    for place, text in enumerate(ranges):
        canvas.text(1, place, [text], only="wide", xref="paper", yanchor="middle", xshift=18)
    return canvas.chart("kind.intervals", [item.labelled for item in items])


def _padded_ends(quantities: Sequence[Quantity]) -> tuple[Fraction, Fraction]:
    low, high = ends_of(quantities)
    pad = (high - low) / 12 or abs(high) / 12 or Fraction(1)
    return low - pad, high + pad


def _draw(canvas: Canvas, items: Sequence[Item]) -> None:
    quantities = quantities_of(items)
    tips = [item.tip for item in items]
    rows = list(range(len(items)))
    lows = [plain(q.low) for q in quantities]
    widths = [plain(q.high - q.low) for q in quantities]
    values = [plain(q.value) for q in quantities]
    boxes: dict[str, Any] = {"orientation": "h", "marker": {"color": pale(BLUE)}}
    canvas.trace("bar", base=lows, x=widths, y=rows, tips=tips, name="bounds", **boxes)
    dots: dict[str, Any] = {"mode": "markers", "cliponaxis": False, "marker": {"color": BLUE, "size": 12}}
    canvas.trace("scatter", x=values, y=rows, tips=tips, **dots)
    canvas.remark = canvas.message("intervals.dots")
    canvas.pale = not are_exact(quantities)


def _shade(canvas: Canvas, items: Sequence[Item], rows: Rows) -> None:
    """What all ranges share, or the gap between those furthest apart, and its size under the rows.

    On a phone only beside the marks: the labels stand between them.
    """
    highest = max(quantities_of(items), key=lambda q: q.low)
    lowest = min(quantities_of(items), key=lambda q: q.high)
    meet = all(one.bounds.meets(other.bounds) for one, other in combinations(quantities_of(items), 2))
    if meet:
        fill = SHARED
        colour = BLUE
        remark = canvas.message("intervals.shared")
    else:
        fill = GAP
        colour = VERMILION
        remark = bold(canvas.message("intervals.gap", gap=gap_words(lowest, highest)))
    start = lowest.high
    end = highest.low
    last_row = len(items) - 1
    canvas.rectangle((start, end), (-0.5, last_row + 0.5), fill, only="wide")
    for row in range(len(items)):
        canvas.rectangle((start, end), beside(row, rows.narrow_pitch), fill, only="narrow")
    if start == end:
        return
    look: dict[str, Any] = {"yanchor": "top", "yshift": -(MARK / 2 + 8), "font": {"color": colour}}
    canvas.text((start + end) / 2, last_row, remark, only="wide", xanchor="center", **look)
    canvas.text(0, last_row, remark, only="narrow", xref="paper", xshift=4, **look)


def gap_words(one: Quantity, other: Quantity) -> str:
    """How far two ranges lie apart, rounded down to four digits: at least CNY 381 million.

    >>> from bluebook.numbers.quantity import published
    >>> gap_words(published("30多项", figure="a", lang="en"), published("50项", figure="b", lang="en"))
    'at least 10'
    """
    distance = one.gap(other)
    step = power(distance) / 1000 if distance else Fraction(1)
    rounded_down = distance // step * step
    number = Decimal(rounded_down.numerator) / Decimal(rounded_down.denominator)
    unit = "百分点" if one.as_percent else one.unit
    style = Style(one.lang, unit, as_percent=False)
    gap = style.number(number, step)
    if one.exact and other.exact:
        return gap
    return message(one.lang, "gap.at_least", gap=gap)

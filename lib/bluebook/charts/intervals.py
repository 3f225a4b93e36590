"""Ranges: where numbers can be between their bounds, and whether they meet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from bluebook.charts.axes import narrow_ticks, value_axis
from bluebook.charts.canvas import Canvas, Chart, Words, plain
from bluebook.charts.colours import BLUE, GAP, SHARED, VERMILION, pale
from bluebook.charts.items import Columns, Item, Labels, Quantities, labelled, one_kind
from bluebook.charts.lettering import bold, pixels, tip
from bluebook.charts.rows import MARK, Rows, beside, narrow_grid, plot_width, row_axis
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
    words = Words(id, title, subtitle, source, note, alt)
    items = one_kind(labelled(data, labels, words, Columns(x, y, low, high, unit)), words)
    canvas = Canvas(words, words.language(item.q for item in items))
    start, end = min(item.q.low for item in items), max(item.q.high for item in items)
    pad = (end - start) / 12 or abs(end) / 12 or Fraction(1)
    several = len(items) > 1
    ranges = [bold(item.q.text if item.q.exact else item.q.bounds_text) for item in items]
    details = [[written] for written in ranges]
    rows = row_axis(canvas, [item.label for item in items], details=details, foot=FOOT if several else 0)
    canvas.margin["r"] = max(map(pixels, ranges)) + 30
    canvas.narrow_margin["r"] = 16
    axis = value_axis(start - pad, end + pad, items[0].q, most=5)
    canvas.layout["xaxis"] = axis | {"side": "top", "zeroline": False}
    canvas.narrow |= narrow_ticks(axis, start - pad, end + pad, items[0].q, plot_width(canvas, 0, narrow=True))
    if several:
        _shade(canvas, items, rows)
    narrow_grid(canvas, rows, len(items))
    _draw(canvas, items)
    for place, written in enumerate(ranges):
        canvas.text(1, place, [written], only="wide", xref="paper", yanchor="middle", xshift=18)
    return canvas.chart("kind.intervals", [item.labelled for item in items])


def _draw(canvas: Canvas, items: Sequence[Item]) -> None:
    tips = [tip(item.label, item.q) for item in items]
    rows = list(range(len(items)))
    boxes: dict[str, Any] = {"orientation": "h"}
    boxes["base"] = [plain(item.q.low) for item in items]
    boxes["y"] = rows
    boxes["marker"] = {"color": pale(BLUE)}
    boxes["x"] = [plain(item.q.high - item.q.low) for item in items]
    canvas.trace("bar", tips=tips, name="bounds", **boxes)
    dots: dict[str, Any] = {"marker": {"color": BLUE, "size": 12}, "mode": "markers", "cliponaxis": False}
    values = [plain(item.q.value) for item in items]
    canvas.trace("scatter", x=values, y=rows, tips=tips, **dots)
    canvas.remark = canvas.message("intervals.dots")
    canvas.pale = not all(item.q.exact for item in items)


def _shade(canvas: Canvas, items: Sequence[Item], rows: Rows) -> None:
    """What all ranges share, or the gap between those furthest apart, and its size under the rows.

    On a phone only beside the marks: the labels stand between them.
    """
    count = len(items)
    upper = max(items, key=lambda item: item.q.low)
    lower = min(items, key=lambda item: item.q.high)
    meet = all(one.q.bounds.meets(other.q.bounds) for one, other in combinations(items, 2))
    between = (lower.q.high, upper.q.low)
    fill = SHARED if meet else GAP
    canvas.rectangle(between, (-0.5, count - 0.5), fill, only="wide")
    for row in range(count):
        canvas.rectangle(between, beside(row, rows.narrow_pitch), fill, only="narrow")
    middle = (between[0] + between[1]) / 2
    look: dict[str, Any] = {"yanchor": "top", "yshift": -(MARK / 2 + 8), "font": {"color": BLUE if meet else VERMILION}}
    remark = canvas.message("intervals.shared")
    if not meet:
        remark = bold(canvas.message("intervals.gap", gap=gap_words(lower.q, upper.q)))
    if between[0] != between[1]:
        canvas.text(middle, count - 1, remark, only="wide", xanchor="center", **look)
        canvas.text(0, count - 1, remark, only="narrow", xref="paper", xshift=4, **look)


def gap_words(one: Quantity, other: Quantity) -> str:
    """How far two ranges lie apart, rounded down to four digits: at least CNY 381 million.

    >>> from bluebook.numbers.quantity import published
    >>> gap_words(published("30多项", figure="a", lang="en"), published("50项", figure="b", lang="en"))
    'at least 10'
    """
    apart = one.gap(other)
    step = power(apart) / 1000 if apart else Fraction(1)
    apart = apart // step * step
    unit = "百分点" if one.as_percent else one.unit
    number = Decimal(apart.numerator) / Decimal(apart.denominator)
    gap = Style(one.lang, unit, as_percent=False).number(number, step)
    if one.exact and other.exact:
        return gap
    return message(one.lang, "gap.at_least", gap=gap)

"""Lengths and places that are compared: bars from zero, and dots where zero is too far away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import log_axis, value_axis
from bluebook.charts.canvas import Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import BLUE, GREY, pale
from bluebook.charts.items import (
    Columns,
    Item,
    Labels,
    Quantities,
    are_exact,
    comparable,
    ends_from_zero,
    ends_of,
    labels_of,
    largest_first,
    quantities_of,
    whiskers,
)
from bluebook.charts.lettering import bold, pixels
from bluebook.charts.rows import narrow_grid, plot_width, row_axis, write_top_axis

GAP = "\N{NO-BREAK SPACE}"  # between a mark and its number: a plain space would be lost where a text begins
PAPER = "#ffffff"  # what fills a hollow bar
EDGE_WIDTH = 1.5  # px: of its edge
VISIBLE = Fraction(6, 1000)  # of the axis: bounds closer than this are not drawn


def bars(
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
    sort: bool = True,
    marked: Collection[str] = (),
    expected: Collection[str] = (),
) -> Chart:
    """Horizontal bars from zero, largest first unless `sort` is false, each with its number at its end.

    The x axis holds the values in their unit, a percentage as a fraction; y is 0, 1, 2 … downwards. The pale end of a
    bar lies between the number's bounds. With `marked`, the bars of these labels are blue and the others grey; those
    of `expected`, forecasts and targets, are hollow.

    `data` is quantities, or a frame: `x` names its column of quantities, or of plain numbers in `unit` ("%" for
    fractions), `low` and `high` those of their bounds, `y` that of the labels.

    >>> from bluebook.numbers.quantity import published
    >>> growth = [published("18.8%", figure="growth.education", lang="en", label="Education")]
    >>> chart = bars(growth, id="growth-by-category", title="Spending grew")
    >>> chart.data[0].x, chart.record["alt"]
    ((0.188,), 'Bar chart. Spending grew. Education: 18.8%.')
    """
    description = Description(id, title, subtitle, source, note, alt)
    items = comparable(data, labels, description, Columns(x, y, low, high, unit))
    if sort:
        items = largest_first(items)
    quantities = quantities_of(items)
    canvas = canvas_for(description, quantities)
    start, end = ends_from_zero(quantities)
    _write_axes(canvas, items, start, end)
    colours = _colours(items, marked, description)
    hollow = _known_labels(items, expected, description, "expected")
    _draw_bars(canvas, items, end - start, colours, hollow)
    write_values(canvas, items, [max(Fraction(0), q.high) for q in quantities])
    return canvas.chart("kind.bars", [item.labelled for item in items])


def dots(
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
    sort: bool = True,
    log: bool = False,
    marked: Collection[str] = (),
) -> Chart:
    """A dot for each number, with a pale whisker between its bounds; arguments as those of `bars`.

    The axis begins where the numbers do. With `log` it is logarithmic, and refuses numbers that may not be above zero.
    """
    description = Description(id, title, subtitle, source, note, alt)
    items = comparable(data, labels, description, Columns(x, y, low, high, unit))
    if sort:
        items = largest_first(items)
    quantities = quantities_of(items)
    canvas = canvas_for(description, quantities)
    start, end = ends_of(quantities)
    if log:
        _write_log_axes(canvas, items, start, end)
    else:
        pad = (end - start) / 12 or abs(end) / 12 or Fraction(1)
        _write_axes(canvas, items, start - pad, end + pad / 2)
    _draw_dots(canvas, items, _colours(items, marked, description))
    write_values(canvas, items, [q.high for q in quantities], gap=3 * GAP)
    kind = "kind.log_dots" if log else "kind.dots"
    return canvas.chart(kind, [item.labelled for item in items])


def _write_axes(canvas: Canvas, items: Sequence[Item], start: Fraction, end: Fraction) -> None:
    """Rows, an axis of values, and at its right the room that the longest mark's number needs."""
    rows = row_axis(canvas, labels_of(items))
    wide_plot = plot_width(canvas, rows.labels)
    canvas.margin["r"] = _beyond(items, start, end, wide_plot)
    narrow_plot = plot_width(canvas, 0, narrow=True) * 0.8
    canvas.narrow_margin["r"] = _beyond(items, start, end, narrow_plot)
    like = items[0].q
    write_top_axis(canvas, value_axis(start, end, like), start, end, like)
    narrow_grid(canvas, rows, len(items))


def _beyond(items: Sequence[Item], start: Fraction, end: Fraction, width: float) -> float:
    """Pixels that the numbers at the marks' ends reach beyond an axis of `width` pixels; no less than 16."""
    room = 16.0
    for item in items:
        mark_end = max(item.q.high, Fraction(0), start)
        free_share = (end - mark_end) / (end - start)
        free = float(free_share) * width
        room = max(room, pixels(bold(item.q.text)) + 18 - free)
    return room


def _write_log_axes(canvas: Canvas, items: Sequence[Item], start: Fraction, end: Fraction) -> None:
    for item in items:
        if item.q.low <= 0:
            canvas.description.refuse(f"{item.label} is {item.q.text}: a logarithmic scale wants numbers above zero")
    rows = row_axis(canvas, labels_of(items))
    canvas.margin["r"] = max(pixels(bold(item.q.text)) for item in items) + 20
    like = items[0].q
    write_top_axis(canvas, log_axis(start, end, like), start, end, like)
    narrow_grid(canvas, rows, len(items))
    canvas.remark = canvas.message("remark.log_scale")


def _draw_bars(
    canvas: Canvas, items: Sequence[Item], span: Fraction, colours: Sequence[str], hollow: Collection[str]
) -> None:
    """A bar to each value and, where the bounds can be seen at this `span` of the axis, a pale one between them."""
    tips = [item.tip for item in items]
    rows = list(range(len(items)))
    values = [plain(item.q.value) for item in items]
    marker = _bar_marker(items, colours, hollow)
    if hollow:
        canvas.remark = canvas.message("remark.hollow")
    canvas.trace("bar", x=values, y=rows, orientation="h", cliponaxis=False, marker=marker, tips=tips)
    bases: list[Any] = []
    widths: list[Any] = []
    for item in items:
        width = item.q.high - item.q.low
        is_visible = width > span * VISIBLE
        base = item.q.low if is_visible else item.q.value
        bases.append(plain(base))
        widths.append(plain(width) if is_visible else 0)
    if not any(widths):
        return
    canvas.pale = True
    bounds_marker = {"color": [pale(colour) for colour in colours]}
    canvas.trace(
        "bar",
        x=widths,
        y=rows,
        base=bases,
        orientation="h",
        cliponaxis=False,
        marker=bounds_marker,
        tips=tips,
        name="bounds",
    )


def _bar_marker(items: Sequence[Item], colours: Sequence[str], hollow: Collection[str]) -> dict[str, Any]:
    if not hollow:
        return {"color": colours}
    fills = []
    for item, colour in zip(items, colours, strict=True):
        fills.append(PAPER if item.label in hollow else colour)
    return {"color": fills, "line": {"color": colours, "width": EDGE_WIDTH}}


def _draw_dots(canvas: Canvas, items: Sequence[Item], colours: Sequence[str]) -> None:
    for colour in dict.fromkeys(colours):
        rows = [row for row, own in enumerate(colours) if own == colour]
        coloured = [items[row] for row in rows]
        quantities = quantities_of(coloured)
        if not are_exact(quantities):
            canvas.pale = True
        values = [plain(q.value) for q in quantities]
        tips = [item.tip for item in coloured]
        look: dict[str, Any] = {"mode": "markers", "cliponaxis": False}
        look["marker"] = {"color": colour, "size": 12}
        look["error_x"] = whiskers(quantities, colour, 7)
        canvas.trace("scatter", x=values, y=rows, tips=tips, **look)


def write_values(canvas: Canvas, items: Sequence[Item], ends: Sequence[Fraction], *, gap: str = GAP) -> None:
    """Each number right of the end of its mark."""
    places = [plain(end) for end in ends]
    rows = list(range(len(items)))
    numbers = [gap + bold(item.q.text) for item in items]
    look: dict[str, Any] = {"mode": "text", "textposition": "middle right", "cliponaxis": False}
    canvas.trace("scatter", x=places, y=rows, text=numbers, name="values", **look)


def _colours(items: Sequence[Item], marked: Collection[str], description: Description) -> list[str]:
    """Blue for what is marked and grey beside it; all blue where nothing is."""
    marked_labels = _known_labels(items, marked, description, "marked")
    if not marked_labels:
        return [BLUE] * len(items)
    return [BLUE if item.label in marked_labels else GREY for item in items]


def _known_labels(
    items: Sequence[Item], labels: Collection[str], description: Description, keyword: str
) -> Collection[str]:
    """Labels, if the items have them; else the chart is refused."""
    listed = [labels] if isinstance(labels, str) else labels
    known = set(labels_of(items))
    for label in listed:
        if label not in known:
            wanted = ", ".join(known)
            description.refuse(f'{keyword} "{label}": wanted one of {wanted}')
    return listed

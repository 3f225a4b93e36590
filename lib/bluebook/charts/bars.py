"""Lengths and places that are compared: bars from zero, and dots where zero is too far away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import log_axis, narrow_ticks, value_axis
from bluebook.charts.canvas import Canvas, Chart, Words, plain
from bluebook.charts.colours import BLUE, GREY, pale
from bluebook.charts.items import Columns, Item, Labels, Quantities, labelled, one_kind, whiskers
from bluebook.charts.lettering import bold, pixels, tip
from bluebook.charts.rows import narrow_grid, plot_width, row_axis

GAP = "\N{NO-BREAK SPACE}"  # between a mark and its number: a plain space would be lost where a text begins
PAPER, EDGE_WIDTH = "#ffffff", 1.5  # of a hollow bar
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
    words = Words(id, title, subtitle, source, note, alt)
    items = one_kind(labelled(data, labels, words, Columns(x, y, low, high, unit)), words)
    if sort:
        items = sorted(items, key=lambda item: -item.q.value)
    start = min(Fraction(0), *(item.q.low for item in items))
    end = max(Fraction(0), *(item.q.high for item in items))
    if start == end:
        end = Fraction(1)
    canvas = Canvas(words, words.language(item.q for item in items))
    _axis(canvas, items, start, end)
    _draw_bars(canvas, items, end - start, _colours(items, marked, words), _known(items, expected, words, "expected"))
    write_values(canvas, items, [max(Fraction(0), item.q.high) for item in items])
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
    words = Words(id, title, subtitle, source, note, alt)
    items = one_kind(labelled(data, labels, words, Columns(x, y, low, high, unit)), words)
    if sort:
        items = sorted(items, key=lambda item: -item.q.value)
    canvas = Canvas(words, words.language(item.q for item in items))
    start, end = min(item.q.low for item in items), max(item.q.high for item in items)
    if log:
        _log(canvas, items, start, end)
    else:
        pad = (end - start) / 12 or abs(end) / 12 or Fraction(1)
        start, end = start - pad, end + pad / 2
        _axis(canvas, items, start, end)
    _draw_dots(canvas, items, _colours(items, marked, words))
    write_values(canvas, items, [item.q.high for item in items], gap=3 * GAP)
    return canvas.chart("kind.log_dots" if log else "kind.dots", [item.labelled for item in items])


def _axis(canvas: Canvas, items: Sequence[Item], start: Fraction, end: Fraction) -> None:
    """Rows, an axis of values, and at its right the room that the longest mark's number needs."""
    rows = row_axis(canvas, [item.label for item in items])
    room = _beyond(items, start, end, plot_width(canvas, rows.labels))
    canvas.margin["r"] = room
    canvas.narrow_margin["r"] = _beyond(items, start, end, plot_width(canvas, 0, narrow=True) * 0.8)
    axis = value_axis(start, end, items[0].q)
    canvas.layout["xaxis"] = axis | {"side": "top"}
    canvas.narrow |= narrow_ticks(axis, start, end, items[0].q, plot_width(canvas, 0, narrow=True))
    narrow_grid(canvas, rows, len(items))


def _beyond(items: Sequence[Item], start: Fraction, end: Fraction, width: float) -> float:
    """Pixels that the numbers at the marks' ends reach beyond an axis of `width` pixels; no less than 16."""
    room = 16.0
    for item in items:
        left = float((end - max(item.q.high, Fraction(0), start)) / (end - start)) * width
        room = max(room, pixels(bold(item.q.text)) + 18 - left)
    return room


def _log(canvas: Canvas, items: Sequence[Item], start: Fraction, end: Fraction) -> None:
    for item in items:
        if item.q.low <= 0:
            canvas.words.refuse(f"{item.label} is {item.q.text}: a logarithmic scale wants numbers above zero")
    rows = row_axis(canvas, [item.label for item in items])
    canvas.margin["r"] = max(pixels(bold(item.q.text)) for item in items) + 20
    axis = log_axis(start, end, items[0].q)
    canvas.layout["xaxis"] = axis | {"side": "top"}
    canvas.narrow |= narrow_ticks(axis, start, end, items[0].q, plot_width(canvas, 0, narrow=True))
    narrow_grid(canvas, rows, len(items))
    canvas.remark = canvas.message("remark.log_scale")


def _draw_bars(
    canvas: Canvas, items: Sequence[Item], span: Fraction, colours: Sequence[str], hollow: Collection[str]
) -> None:
    """A bar to each value and, where the bounds can be seen at this `span` of the axis, a pale one between them."""
    tips = [tip(item.label, item.q) for item in items]
    look: dict[str, Any] = {"orientation": "h", "y": list(range(len(items))), "cliponaxis": False}
    marker: dict[str, Any] = {"color": colours}
    if hollow:
        fills = [PAPER if item.label in hollow else colour for item, colour in zip(items, colours, strict=True)]
        marker = {"color": fills, "line": {"color": colours, "width": EDGE_WIDTH}}
        canvas.remark = canvas.message("remark.hollow")
    canvas.trace("bar", x=[plain(item.q.value) for item in items], marker=marker, tips=tips, **look)
    starts: list[Any] = []
    widths: list[Any] = []
    for item in items:
        width = item.q.high - item.q.low
        is_visible = width > span * VISIBLE
        starts.append(plain(item.q.low if is_visible else item.q.value))
        widths.append(plain(width) if is_visible else 0)
    if not any(widths):
        return
    canvas.pale = True
    fills = [pale(colour) for colour in colours]
    canvas.trace("bar", base=starts, x=widths, marker={"color": fills}, tips=tips, name="bounds", **look)


def _draw_dots(canvas: Canvas, items: Sequence[Item], colours: Sequence[str]) -> None:
    for colour in dict.fromkeys(colours):
        rows = [row for row, own in enumerate(colours) if own == colour]
        coloured = [items[row] for row in rows]
        quantities = [item.q for item in coloured]
        if not all(q.exact for q in quantities):
            canvas.pale = True
        look: dict[str, Any] = {"mode": "markers"}
        look["x"] = [plain(q.value) for q in quantities]
        look["y"] = rows
        look["marker"] = {"color": colour, "size": 12}
        look["error_x"] = whiskers(quantities, colour, 7)
        look["cliponaxis"] = False
        canvas.trace("scatter", tips=[tip(item.label, item.q) for item in coloured], **look)


def write_values(canvas: Canvas, items: Sequence[Item], ends: Sequence[Fraction], *, gap: str = GAP) -> None:
    """Each number right of the end of its mark."""
    look: dict[str, Any] = {"mode": "text"}
    look["x"] = [plain(end) for end in ends]
    look["y"] = list(range(len(items)))
    look["text"] = [gap + bold(item.q.text) for item in items]
    look["textposition"] = "middle right"
    look["cliponaxis"] = False
    canvas.trace("scatter", name="values", **look)


def _colours(items: Sequence[Item], marked: Collection[str], words: Words) -> list[str]:
    """Blue for what is marked and grey beside it; all blue where nothing is."""
    marked = _known(items, marked, words, "marked")
    return [BLUE if not marked or item.label in marked else GREY for item in items]


def _known(items: Sequence[Item], labels: Collection[str], words: Words, keyword: str) -> Collection[str]:
    """Labels, if the items have them; else the chart is refused."""
    listed = [labels] if isinstance(labels, str) else labels
    known = {item.label for item in items}
    for label in listed:
        if label not in known:
            words.refuse(f'{keyword} "{label}": wanted one of {", ".join(known)}')
    return listed

"""Rows one under the other, at 0, 1, 2 … downwards: each label beside its mark, on a phone above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import narrow_ticks
from bluebook.charts.canvas import PHONE, WIDE, Canvas
from bluebook.charts.colours import AXIS, GRID, INK
from bluebook.charts.lettering import LINE, SIZE, safe_lines, widest
from bluebook.numbers.quantity import Quantity

MARK = 20  # px: the thickness of a mark
AIR = 14  # px: between rows
TICKS = 26  # px: of the words of the axis, above the rows
LABEL = 24.0  # ems: how wide a label may be beside its mark
PHONE_LABEL = (PHONE - 30) / 13  # ems: how wide above it


@dataclass(frozen=True)
class Rows:
    """How many pixels the labels take on a wide page, and from one row to the next on each."""

    labels: float
    pitch: float
    narrow_pitch: float


def row_axis(
    canvas: Canvas,
    labels: Sequence[str],
    *,
    width: float = LABEL,
    details: Sequence[Sequence[str]] = (),
    least: float = MARK,
    foot: float = 0,
) -> Rows:
    """Makes a row for each label.

    `details` are safe lines that only a phone adds to a label; `least` is the px that the marks of a row need, `foot`
    those that are kept free under the last.
    """
    lines_of_labels = [safe_lines(label, width) for label in labels]
    most_lines = max(len(lines) for lines in lines_of_labels)
    pitch = max(least, LINE * most_lines) + AIR
    canvas.height = pitch * len(labels) + foot
    axis: dict[str, Any] = {"range": [len(labels) - 0.5 + foot / pitch, -0.5]}
    axis["tickvals"] = list(range(len(labels)))
    axis["ticktext"] = ["<br>".join(lines) for lines in lines_of_labels]
    axis["ticklabelstandoff"] = 6
    axis["tickfont"] = {"size": SIZE, "color": INK}
    axis["automargin"] = "left"
    canvas.layout["yaxis"] = axis
    canvas.layout["bargap"] = 1 - MARK / pitch
    canvas.margin.update(t=TICKS, b=4)
    canvas.narrow_margin.update(l=14, b=6)
    narrow_pitch = _narrow_rows(canvas, labels, details, foot)
    labels_width = max(widest(lines) for lines in lines_of_labels)
    canvas.indent = 0.8 * labels_width  # an estimate may be too wide, and a caption must not be cut
    return Rows(labels_width + 12, pitch, narrow_pitch)


def _narrow_rows(canvas: Canvas, labels: Sequence[str], details: Sequence[Sequence[str]], foot: float) -> float:
    """Each label above its mark, in the room between it and the mark before; returns pixels from row to row."""
    tallest = 1
    for row, label in enumerate(labels):
        lines = safe_lines(label, PHONE_LABEL)
        if details:
            lines += details[row]
        tallest = max(tallest, len(lines))
        canvas.text(0, row, lines, only="narrow", xref="paper", xshift=4, yanchor="bottom", yshift=MARK / 2 + 3)
    head = LINE * tallest + MARK / 2 + 8
    pitch = LINE * tallest + MARK + 16
    foot += MARK / 2 + 6
    canvas.narrow_height = head + pitch * (len(labels) - 1) + foot
    last_row = len(labels) - 1
    canvas.narrow["yaxis.range"] = [last_row + foot / pitch, -head / pitch]
    canvas.narrow["yaxis.showticklabels"] = False
    canvas.narrow["bargap"] = 1 - MARK / pitch
    return pitch


def write_top_axis(
    canvas: Canvas, axis: dict[str, Any], low: Fraction, high: Fraction, like: Quantity, **changes: Any
) -> None:
    """The axis of values over the rows, on a phone with as many ticks as find room."""
    canvas.layout["xaxis"] = {**axis, "side": "top", **changes}
    room = plot_width(canvas, 0, narrow=True)
    canvas.narrow.update(narrow_ticks(axis, low, high, like, room))


def narrow_grid(canvas: Canvas, rows: Rows, count: int) -> None:
    """The gridlines of a phone: short ones beside each mark, so that none runs through a label above it.

    To be called when the axis of values has its ticks; a line at the very start of the axis stays whole.
    """
    axis = canvas.layout["xaxis"]
    ticks = canvas.narrow.get("xaxis.tickvals", axis["tickvals"])
    starts_at_zero = axis.get("type") != "log" and axis["range"][0] == 0
    has_zero_line = axis.get("zeroline", False)
    canvas.narrow["xaxis.showgrid"] = False
    canvas.narrow["xaxis.zeroline"] = has_zero_line and starts_at_zero
    for tick in ticks:
        if tick == 0 and starts_at_zero:
            continue
        colour = AXIS if tick == 0 else GRID
        for row in range(count):
            canvas.line((tick, tick), beside(row, rows.narrow_pitch), colour, 1, only="narrow")


def beside(row: float, pitch: float) -> tuple[float, float]:
    """From where to where on the axis of rows the mark of a row and a little air reach, at so many px a row."""
    half = (MARK / 2 + 2) / pitch
    return row - half, row + half


def plot_width(canvas: Canvas, labels: float, *, narrow: bool = False) -> float:
    """About how many pixels the narrowest plot of a layout has across, beside `labels` pixels of labels."""
    if narrow:
        return PHONE - 14 - canvas.narrow_margin.get("r", canvas.margin["r"])
    return WIDE - labels - canvas.margin["r"]

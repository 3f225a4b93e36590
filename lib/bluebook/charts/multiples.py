"""Small multiples: one panel a series, side by side, each on an axis of its own from zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from bluebook.charts.axes import SubplotAxes
from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import AXIS, BLUE
from bluebook.charts.items import Item, ends_from_zero, one_kind
from bluebook.charts.lettering import LINE, SIZE, bold, safe_lines
from bluebook.charts.lines import draw_joins, draw_marks, take_points, write_at
from bluebook.charts.placing import Frame
from bluebook.charts.series import Known, Periods, Point, joins, known, labelled_value, most_telling, points

PLOT = 84  # px: the height of a panel's plot
GAP = 22  # px between panels
HEAD = 24  # px over a panel's plot, for numbers
PADDING = 6  # px of a panel left and right of its plot
NARROW_COLUMNS = 2
WRITTEN = 4  # numbers of a series that are written, where there is room


def multiples(
    series: Mapping[str, Periods],
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    columns: int = 3,
) -> Chart:
    """A panel for each series, in the order given; units may differ from panel to panel.

    `series` as those of `trend`. The x axes hold years, the same in all panels; the y axes the values, from zero. The
    first and the last number are written. A line is dotted where the bounds of its ends overlap.

    >>> from bluebook.numbers.quantity import published
    >>> nine, ten = published("9个", figure="places.a", lang="en"), published("10个", figure="places.b", lang="en")
    >>> chart = multiples({"Places": [("2019", nine), ("2020", ten)]}, id="places", title="One more")
    >>> chart.data[0].y, chart.record["alt"]
    ((9.0, 10.0), 'Small multiples. One more. Places: 2019: 9; 2020: 10.')
    """
    description = Description(id, title, subtitle, source, note, alt)
    try:
        points_of = {name: points(name, data) for name, data in series.items()}
    except ValueError as error:
        description.refuse(str(error))
    if not points_of:
        description.refuse("no series: wanted at least one")
    for name, own_points in points_of.items():
        if not known(own_points):
            description.refuse(f'"{name}" has no quantities: wanted at least one')
        one_kind([Item(point.period, point.q) for point in known(own_points)], description)
    everything = list(chain.from_iterable(points_of.values()))
    canvas = canvas_for(description, (point.q for point in known(everything)))
    names = list(points_of)
    wide = Grid(names, columns, WIDE, "wide")
    narrow = Grid(names, NARROW_COLUMNS, PHONE, "narrow")
    canvas.height = wide.height
    canvas.narrow_height = narrow.height
    canvas.margin.update(l=8, r=8, t=4, b=6)
    first = min(point.at for point in everything)
    last = max(point.at for point in everything)
    for place, own_points in enumerate(points_of.values()):
        _draw_panel(canvas, _Panel(place, own_points, first, last), wide, narrow)
    all_joins = [join for own_points in points_of.values() for join in joins(own_points, {})]
    if any(not join.sure for join in all_joins):
        canvas.remark = canvas.message("trend.dotted")
    labelled = [labelled_value(point, named=True, lang=canvas.lang) for point in everything]
    return canvas.chart("kind.multiples", labelled)


class Grid:
    """Where panels stand on a page of some width: shares of the whole drawing, the first at the top left."""

    def __init__(self, names: Sequence[str], columns: int, width: float, only: str) -> None:
        self.only = only
        self.columns = max(1, min(columns, len(names)))
        self.width = width - 16
        gaps = GAP * (self.columns - 1)
        self.panel = (self.width - gaps) / self.columns
        self.names = [safe_lines(name, self.panel / SIZE - 1) for name in names]
        most_lines = max(len(lines) for lines in self.names)
        self.head = LINE * most_lines + HEAD + 2
        self.rows = math.ceil(len(names) / self.columns)
        self.pitch = self.head + PLOT + 18 + GAP
        self.height = self.rows * self.pitch

    def domain(self, place: int) -> tuple[list[float], list[float]]:
        """The shares across and upwards that the plot of a panel takes."""
        row, column = divmod(place, self.columns)
        left = column * (self.panel + GAP) + PADDING
        right = left + self.panel - 2 * PADDING
        top = row * self.pitch + self.head
        bottom = top + PLOT
        across = [round(left / self.width, 6), round(right / self.width, 6)]
        upwards = [round(1 - bottom / self.height, 6), round(1 - top / self.height, 6)]
        return across, upwards

    def corner(self, place: int) -> tuple[float, float]:
        """Where a panel's name begins."""
        row, column = divmod(place, self.columns)
        left = column * (self.panel + GAP)
        top = row * self.pitch
        return left / self.width, 1 - top / self.height


@dataclass(frozen=True)
class _Panel:
    """A series at its place, over the time of all of them."""

    place: int
    points: Sequence[Point]
    first: Fraction
    last: Fraction

    @property
    def known(self) -> list[Known]:
        return known(self.points)

    @property
    def axes(self) -> SubplotAxes:
        return SubplotAxes(self.place)

    @property
    def times(self) -> tuple[Fraction, Fraction]:
        """The ends of the axis of years, a little beyond the first and the last number."""
        pad = (self.last - self.first) / 20 or Fraction(1, 2)
        return self.first - pad, self.last + pad

    @property
    def values(self) -> tuple[Fraction, Fraction]:
        """The ends of the axis of values."""
        low, high = ends_from_zero([point.q for point in self.known])
        return low, high + (high - low) / 12


def _draw_panel(canvas: Canvas, panel: _Panel, wide: Grid, narrow: Grid) -> None:
    draw_marks(canvas, panel.points, BLUE, named=False, **panel.axes.of_trace)
    draw_joins(canvas, panel.points, BLUE, {}, **panel.axes.of_trace)
    _write_axes(canvas, panel, wide, narrow)
    for grid in (wide, narrow):
        x, y = grid.corner(panel.place)
        name = [f"<b>{line}</b>" for line in grid.names[panel.place]]
        canvas.text(x, y, name, only=grid.only, xref="paper", yref="paper", yanchor="top")
        _write_numbers(canvas, panel, grid)


def _write_axes(canvas: Canvas, panel: _Panel, wide: Grid, narrow: Grid) -> None:
    x_name = panel.axes.x_layout
    y_name = panel.axes.y_layout
    across, upwards = wide.domain(panel.place)
    years = sorted({math.floor(panel.first), math.floor(panel.last)})
    x: dict[str, Any] = {"domain": across, "anchor": panel.axes.y}
    x["range"] = [plain(end) for end in panel.times]
    x["tickvals"] = years
    x["ticktext"] = list(map(str, years))
    canvas.layout[x_name] = x
    y: dict[str, Any] = {"domain": upwards, "anchor": panel.axes.x}
    y["range"] = [plain(end) for end in panel.values]
    y.update(showticklabels=False, zeroline=True, zerolinecolor=AXIS)
    canvas.layout[y_name] = y
    across, upwards = narrow.domain(panel.place)
    canvas.narrow[f"{x_name}.domain"] = across
    canvas.narrow[f"{y_name}.domain"] = upwards


def _write_numbers(canvas: Canvas, panel: _Panel, grid: Grid) -> None:
    """The last number and the first, and those of the largest and the smallest where there is room."""
    low, top = panel.values
    top_of_head = top + (top - low) * Fraction(HEAD, PLOT)
    frame = Frame(grid.panel - 2 * PADDING, PLOT + HEAD, panel.times, (low, top_of_head))
    take_points(frame, panel.known, {})
    for point in most_telling(panel.known)[:WRITTEN]:
        lines = [bold(point.q.text)]
        place = frame.beside(point.at, point.q, lines)
        if place:
            axes = {"xref": panel.axes.x, "yref": panel.axes.y}
            write_at(canvas, point.at, point.q.value, place, lines, grid.only, **axes)

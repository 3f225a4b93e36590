"""Small multiples: one panel a series, side by side, each on an axis of its own from zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Words, plain
from bluebook.charts.colours import AXIS, BLUE
from bluebook.charts.items import Item, one_kind
from bluebook.charts.lettering import LINE, SIZE, bold, safe_lines
from bluebook.charts.lines import draw_joins, draw_marks
from bluebook.charts.placing import Frame
from bluebook.charts.series import Periods, Point, joins, known, labelled_value, most_telling, points

PLOT = 84  # px: the height of a panel's plot
GAP = 22  # px between panels
HEAD = 24  # px over a panel's plot, for numbers


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
    words = Words(id, title, subtitle, source, note, alt)
    try:
        found = {name: points(name, data) for name, data in series.items()}
    except ValueError as error:
        words.refuse(str(error))
    for name, mine in found.items():
        if not known(mine):
            words.refuse(f'"{name}" has no quantities: wanted at least one')
        one_kind([Item(point.period, point.q) for point in known(mine)], words)
    if not found:
        words.refuse("no series: wanted at least one")
    everything = [point for mine in found.values() for point in mine]
    canvas = Canvas(words, words.language(point.q for point in known(everything)))
    grids = [Grid(list(found), columns, WIDE, "wide"), Grid(list(found), 2 if len(found) > 1 else 1, PHONE, "narrow")]
    canvas.height, canvas.narrow_height = (grid.height for grid in grids)
    canvas.margin |= {"l": 8, "r": 8, "t": 4, "b": 6}
    span = _years(everything)
    for place, mine in enumerate(found.values()):
        _panel(canvas, mine, place, grids, span)
    if any(not join.sure for mine in found.values() for join in joins(mine, {})):
        canvas.remark = canvas.message("trend.dotted")
    return canvas.chart("kind.multiples", [labelled_value(point, named=True, lang=canvas.lang) for point in everything])


class Grid:
    """Where panels stand on a page of some width: shares of the whole drawing, the first at the top left."""

    def __init__(self, names: Sequence[str], columns: int, width: float, only: str) -> None:
        self.only = only
        self.columns = max(1, min(columns, len(names)))
        self.width = width - 16
        self.panel = (self.width - GAP * (self.columns - 1)) / self.columns
        self.names = [safe_lines(name, self.panel / SIZE - 1) for name in names]
        self.head = LINE * max(len(lines) for lines in self.names) + HEAD + 2
        self.rows = math.ceil(len(names) / self.columns)
        self.pitch = self.head + PLOT + 18 + GAP
        self.height = self.rows * self.pitch

    def domain(self, place: int) -> tuple[list[float], list[float]]:
        """The shares across and upwards that the plot of a panel takes."""
        row, column = divmod(place, self.columns)
        left = column * (self.panel + GAP)
        top = row * self.pitch + self.head
        across = [(left + 6) / self.width, (left + self.panel - 6) / self.width]
        upwards = [1 - (top + PLOT) / self.height, 1 - top / self.height]
        return [round(share, 6) for share in across], [round(share, 6) for share in upwards]

    def corner(self, place: int) -> tuple[float, float]:
        """Where a panel's name begins."""
        row, column = divmod(place, self.columns)
        return column * (self.panel + GAP) / self.width, 1 - row * self.pitch / self.height


def _years(found: Sequence[Point]) -> tuple[Fraction, Fraction]:
    moments = [point.at for point in found]
    return min(moments), max(moments)


def _panel(
    canvas: Canvas, mine: Sequence[Point], place: int, grids: Sequence[Grid], span: tuple[Fraction, Fraction]
) -> None:
    number = "" if place == 0 else str(place + 1)
    axes = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    draw_marks(canvas, mine, BLUE, named=False, **axes)
    draw_joins(canvas, mine, BLUE, {}, **axes)
    low = min(Fraction(0), *(point.q.low for point in known(mine)))
    high = max(Fraction(0), *(point.q.high for point in known(mine)))
    high = high if high > low else low + 1
    top = high + (high - low) / 12
    _axes(canvas, number, grids, place, span, (low, top))
    for grid in grids:
        x, y = grid.corner(place)
        look: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "top"}
        canvas.text(x, y, [f"<b>{line}</b>" for line in grid.names[place]], only=grid.only, **look)
        _numbers(canvas, mine, number, grid, (low, top), span)


def _axes(
    canvas: Canvas,
    number: str,
    grids: Sequence[Grid],
    place: int,
    span: tuple[Fraction, Fraction],
    values: tuple[Fraction, Fraction],
) -> None:
    wide, narrow = grids
    across, upwards = wide.domain(place)
    years = list(dict.fromkeys(math.floor(end) for end in span))
    x: dict[str, Any] = {"domain": across, "anchor": f"y{number}"}
    x["range"] = [plain(end) for end in _padded(span)]
    x["tickvals"] = years
    x["ticktext"] = list(map(str, years))
    canvas.layout[f"xaxis{number}"] = x
    y: dict[str, Any] = {"domain": upwards, "anchor": f"x{number}"}
    y["range"] = [plain(end) for end in values]
    y.update(showticklabels=False, zeroline=True, zerolinecolor=AXIS)
    canvas.layout[f"yaxis{number}"] = y
    across, upwards = narrow.domain(place)
    canvas.narrow[f"xaxis{number}.domain"] = across
    canvas.narrow[f"yaxis{number}.domain"] = upwards


def _numbers(
    canvas: Canvas,
    mine: Sequence[Point],
    number: str,
    grid: Grid,
    values: tuple[Fraction, Fraction],
    span: tuple[Fraction, Fraction],
) -> None:
    """The last number and the first, and those of the largest and the smallest where there is room."""
    frame = Frame(grid.panel - 12, PLOT + HEAD, _padded(span), (values[0], _raised(values)))
    for point in known(mine):
        frame.take(point.at, point.q.low, point.q.high, 5)
    for join in joins(mine, {}):
        frame.take_line((join.start.at, join.start.q.value), (join.end.at, join.end.q.value))
    for point in most_telling(known(mine))[:4]:
        lines = [bold(point.q.text)]
        place = frame.beside(point.at, point.q, lines)
        if place:
            look: dict[str, Any] = {"xref": f"x{number}", "yref": f"y{number}", "yanchor": "middle"}
            look |= {"xanchor": place.anchor, "xshift": place.shift_x, "yshift": place.shift_y}
            canvas.text(point.at, point.q.value, lines, only=grid.only, **look)


def _padded(span: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    first, last = span
    pad = (last - first) / 20 or Fraction(1, 2)
    return first - pad, last + pad


def _raised(values: tuple[Fraction, Fraction]) -> Fraction:
    """The value at the top of the room over a panel's plot, where numbers may stand."""
    low, top = values
    return top + (top - low) * Fraction(HEAD, PLOT)

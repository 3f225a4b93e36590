"""Series over time on one axis: a dot a number, a line between neighbours, words where they find room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, cycle
from typing import Any

from bluebook.charts.axes import value_axis
from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import AXIS, BLUE, GRID, LINES, SLATE, pale
from bluebook.charts.items import Item, are_exact, ends_from_zero, one_kind, whiskers
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import LINE, bold, muted, safe_lines, tip
from bluebook.charts.placing import Box, Frame, Place
from bluebook.charts.record import sentences_joined
from bluebook.charts.series import Known, Periods, Point, joins, known, labelled_value, moment, most_telling, points
from bluebook.numbers.quantity import Quantity

HEIGHT, NARROW_HEIGHT = 290, 250  # px of the plot
GREYS = ("#7b8794", "#4d5966", "#a3adb8", "#39434d")  # of series beside the one that is marked
BREAK_WIDTH = 12  # ems: of the words over a break
ROOM_FOR_YEAR = 44  # px
LEVEL_PLACES = (Fraction(1, 100), Fraction(99, 100), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


@dataclass(frozen=True)
class _Layout:
    """One of the two layouts, "wide" or "narrow", and what is taken there."""

    only: str
    frame: Frame


@dataclass(frozen=True)
class _Series:
    """A series as it is drawn; `named` where its name must be said, because there are several."""

    name: str
    points: Sequence[Point]
    colour: str
    named: bool

    @property
    def known(self) -> list[Known]:
        return known(self.points)


def trend(
    series: Mapping[str, Periods],
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    breaks: Mapping[str, str] | None = None,
    reference: Mapping[str, Quantity] | None = None,
    marked: str = "",
) -> Chart:
    """Series over time, from zero: a dot a number, a pale whisker for its bounds, a line between neighbours.

    `series`, by name: pairs of a period (2019, 2019-08) and a quantity, or a frame with these two columns; None where
    no number was found. The x axis holds years, each at its end; y the values. A period's first quantity is on the
    line, the others, from further sources, are open rings. Lines join only numbers at most a year apart, and are
    dotted where their bounds leave open which is higher; none crosses a break: {"2020-11": "Census"}. `reference` are
    levels by name, drawn across. With `marked`, that series is blue and the others grey.

    >>> from bluebook.numbers.quantity import published
    >>> nine, ten = published("9个", figure="places.a", lang="en"), published("10个", figure="places.b", lang="en")
    >>> chart = trend({"Places": [("2019", nine), ("2020", ten)]}, id="places", title="One more")
    >>> chart.data[0].x, chart.data[0].y, chart.record["alt"]
    ((2019.0, 2020.0), (9.0, 10.0), 'Line chart. One more. 2019: 9; 2020: 10.')
    """
    description = Description(id, title, subtitle, source, note, alt)
    try:
        points_of = {name: points(name, data) for name, data in series.items()}
        cuts = {moment(period): reason for period, reason in (breaks or {}).items()}
    except ValueError as error:
        description.refuse(str(error))
    levels = dict(reference or {})
    everything = list(chain.from_iterable(points_of.values()))
    items = [Item(point.series, point.q) for point in known(everything)]
    if not items:
        description.refuse("no quantities: wanted at least one")
    items += [Item(name, q) for name, q in levels.items()]
    one_kind(items, description)
    canvas = canvas_for(description, (item.q for item in items))
    colours = _colours(list(series), marked, description)
    is_one_of_several = len(series) > 1
    drawn = []
    for (name, own_points), colour in zip(points_of.items(), colours, strict=True):
        drawn.append(_Series(name, own_points, colour, is_one_of_several))
    layouts = _write_axes(canvas, [item.q for item in items], [point.at for point in everything], cuts)
    _draw(canvas, drawn, cuts, layouts)
    _draw_levels(canvas, levels, layouts)
    _draw_breaks(canvas, cuts, layouts)
    _write_words(canvas, drawn, layouts)
    canvas.remark = _remark(canvas, drawn, cuts)
    listed = [labelled_value(point, named=is_one_of_several, lang=canvas.lang) for point in everything]
    return canvas.chart("kind.trend", [*listed, *levels.items()])


def _colours(names: Sequence[str], marked: str, description: Description) -> list[str]:
    if not marked:
        return [LINES[place % len(LINES)] for place in range(len(names))]
    if marked not in names:
        wanted = ", ".join(names)
        description.refuse(f'marked "{marked}": wanted one of {wanted}')
    greys = cycle(GREYS)
    return [BLUE if name == marked else next(greys) for name in names]


def _write_axes(
    canvas: Canvas, quantities: Sequence[Quantity], times: Sequence[Fraction], cuts: Mapping[Fraction, str]
) -> list[_Layout]:
    """The axes, and what of the plot is taken on a wide page and on a phone: nothing as yet."""
    canvas.height = HEIGHT
    canvas.narrow_height = NARROW_HEIGHT
    canvas.margin.update(t=10, b=26, l=8, r=16)
    canvas.narrow_margin.update(l=4, r=8)
    y = _write_value_axis(canvas, quantities, cuts)
    moments = sorted([*times, *cuts])
    first, last = moments[0], moments[-1]
    pad = (last - first) / 24 or Fraction(1, 2)
    x = (first - pad, last + pad)
    wide = Frame(WIDE - 80, HEIGHT, x, y)
    narrow = Frame(PHONE - 60, NARROW_HEIGHT, x, y)
    years = _years(first, last, wide)
    axis: dict[str, Any] = {"range": [plain(end) for end in x]}
    axis.update(tickvals=years, ticktext=list(map(str, years)), tickformat="d")
    axis.update(ticks="outside", tickcolor=GRID)
    canvas.layout["xaxis"] = axis
    narrow_years = _years(first, last, narrow)
    canvas.narrow["xaxis.tickvals"] = narrow_years
    canvas.narrow["xaxis.ticktext"] = list(map(str, narrow_years))
    return [_Layout("wide", wide), _Layout("narrow", narrow)]


def _write_value_axis(
    canvas: Canvas, quantities: Sequence[Quantity], cuts: Mapping[Fraction, str]
) -> tuple[Fraction, Fraction]:
    """The axis of values, from zero and with room over the largest for the words of breaks; returns its ends."""
    low, high = ends_from_zero(quantities)
    most_lines = max((len(safe_lines(reason, BREAK_WIDTH)) for reason in cuts.values()), default=0)
    head = LINE * (2 + most_lines) + 10
    top = high + (high - low) * Fraction(head, HEIGHT - head)
    axis = value_axis(low, high, quantities[0], most=5)
    axis.update(range=[plain(low), plain(top)], automargin="left")
    canvas.layout["yaxis"] = axis
    return low, top


def _years(first: Fraction, last: Fraction, frame: Frame) -> list[int]:
    """The years that there is room to write, the last among them."""
    year_width = frame.across(Fraction(1)) - frame.across(Fraction(0))
    step = max(1, math.ceil(ROOM_FOR_YEAR / year_width))
    backwards = range(math.floor(last), math.ceil(first) - 1, -step)
    return list(reversed(backwards))


def _draw(canvas: Canvas, drawn: Sequence[_Series], cuts: Mapping[Fraction, str], layouts: Sequence[_Layout]) -> None:
    for series in drawn:
        draw_marks(canvas, series.points, series.colour, named=series.named)
    for series in drawn:
        draw_joins(canvas, series.points, series.colour, cuts)
        for layout in layouts:
            take_points(layout.frame, series.points, cuts)
            _write_dashes(canvas, series, layout)


def draw_marks(canvas: Canvas, points: Sequence[Point], colour: str, *, named: bool, **axes: Any) -> None:
    """Dots, open ones for further sources, with whiskers between their bounds."""
    for further in (False, True):
        drawn = [point for point in known(points) if point.further == further]
        if drawn:
            _draw_points(canvas, drawn, _marker(colour, is_open=further), named=named, **axes)


def _marker(colour: str, *, is_open: bool) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": colour, "size": 8, "opacity": 1}
    if is_open:
        marker.update(symbol="circle-open", size=12, line={"width": 2})
    return marker


def _draw_points(canvas: Canvas, drawn: Sequence[Known], marker: dict[str, Any], *, named: bool, **axes: Any) -> None:
    quantities = [point.q for point in drawn]
    if not are_exact(quantities):
        canvas.pale = True
    times = [plain(point.at) for point in drawn]
    values = [plain(q.value) for q in quantities]
    tips = [tip(_label(point, named), point.q) for point in drawn]
    look: dict[str, Any] = {"mode": "markers", "cliponaxis": False, "zorder": 1}
    look["marker"] = marker
    look["error_y"] = whiskers(quantities, marker["color"], 6)
    canvas.trace("scatter", x=times, y=values, tips=tips, **look, **axes)


def _label(point: Point, named: bool) -> str:
    return f"{point.series} {point.period}" if named else point.period


def draw_joins(canvas: Canvas, points: Sequence[Point], colour: str, cuts: Mapping[Fraction, str], **axes: Any) -> None:
    """The lines between neighbours, dotted where it is not sure which is higher."""
    lines = list(joins(points, cuts))
    for sure, dash in ((True, "solid"), (False, "dot")):
        xs: list[Any] = []
        ys: list[Any] = []
        for join in lines:
            if join.sure != sure:
                continue
            for point in (join.start, join.end):
                xs.append(plain(point.at))
                ys.append(plain(point.q.value))
            xs.append(None)  # the pen is lifted
            ys.append(None)
        if xs:
            look: dict[str, Any] = {"color": colour, "width": 2.5, "dash": dash}
            canvas.trace("scatter", mode="lines", x=xs[:-1], y=ys[:-1], line=look, cliponaxis=False, **axes)


def take_points(frame: Frame, points: Sequence[Point], cuts: Mapping[Fraction, str]) -> None:
    """Takes the places of the dots of a series and of the lines between them."""
    for point in known(points):
        size = 7 if point.further else 5
        frame.take(point.at, point.q.low, point.q.high, size)
    for join in joins(points, cuts):
        start = (join.start.at, join.start.q.value)
        end = (join.end.at, join.end.q.value)
        frame.take_line(start, end)


def _write_dashes(canvas: Canvas, series: _Series, layout: _Layout) -> None:
    """A dash at zero where nothing was found."""
    frame = layout.frame
    for point in series.points:
        if isinstance(point, Known):
            continue
        middle = frame.down(Fraction(0)) - 12
        place = frame.around(point.at, middle, ["—"])
        if place:
            over_zero = Place(place.anchor, place.shift_x, 12)
            write_at(canvas, point.at, Fraction(0), over_zero, [muted("—")], layout.only)


def _draw_levels(canvas: Canvas, levels: Mapping[str, Quantity], layouts: Sequence[_Layout]) -> None:
    """A line across at each level, over its bounds, and its name at one of its ends."""
    start, end = layouts[0].frame.x
    dashed = {"color": SLATE, "width": 1.5, "dash": "dash"}
    for name, q in levels.items():
        if not q.exact:
            canvas.pale = True
            canvas.rectangle((start, end), (q.low, q.high), pale(SLATE))
        canvas.line((start, end), (q.value, q.value), SLATE, 1.5, line=dashed)
        for layout in layouts:
            layout.frame.take_line((start, q.value), (end, q.value))
            _write_level(canvas, name, q, layout)


def _write_level(canvas: Canvas, name: str, q: Quantity, layout: _Layout) -> None:
    """A level's name and number at the place along its line that has room; else under the drawing."""
    lines = [*safe_lines(name, 20), bold(q.text)]
    start, end = layout.frame.x
    for part in LEVEL_PLACES:
        at = start + (end - start) * part
        place = layout.frame.beside(at, q, lines)
        if place:
            write_at(canvas, at, q.value, place, lines, layout.only)
            return
    write_key(canvas, [Entry(name, q.text, SLATE)], layout.only)


def _draw_breaks(canvas: Canvas, cuts: Mapping[Fraction, str], layouts: Sequence[_Layout]) -> None:
    """A line down at each break, under its words."""
    bottom, top = layouts[0].frame.y
    dotted = {"color": AXIS, "width": 1, "dash": "dot"}
    for at, reason in cuts.items():
        lines = [muted(line) for line in safe_lines(reason, BREAK_WIDTH)]
        canvas.line((at, at), (bottom, top), AXIS, 1, line=dotted)
        for layout in layouts:
            _write_break(canvas, at, top, lines, layout)


def _write_break(canvas: Canvas, at: Fraction, top: Fraction, lines: Sequence[str], layout: _Layout) -> None:
    frame = layout.frame
    height = LINE * len(lines)
    place = frame.around(at, height / 2, lines) or Place("center", 0, 0)
    x = frame.across(at)
    frame.taken.append(Box(x - 2, x + 2, height, frame.height))
    look: dict[str, Any] = {"xanchor": place.anchor, "xshift": place.shift_x, "bgcolor": "#ffffff"}
    canvas.text(at, top, lines, only=layout.only, yanchor="top", **look)


def _write_words(canvas: Canvas, drawn: Sequence[_Series], layouts: Sequence[_Layout]) -> None:
    """The names of the series, if there are several, then the numbers, the most telling first."""
    for layout in layouts:
        written: list[Known] = []
        for series in drawn:
            if series.named:
                written += _write_name(canvas, series, layout)
        ranked: list[tuple[int, Known]] = []
        for series in drawn:
            ranked += enumerate(most_telling(series.known))
        ranked.sort(key=lambda pair: pair[0])
        for _, point in ranked:
            if point not in written:
                _write_number(canvas, point, [bold(point.q.text)], layout)


def _write_name(canvas: Canvas, series: _Series, layout: _Layout) -> list[Known]:
    """Names a series beside the last of its numbers that has room for both, and returns it; else the name alone.

    Where there is no room for that either, it stands under the drawing.
    """
    if not series.known:
        return []
    lines = [f'<span style="color:{series.colour}"><b>{line}</b></span>' for line in safe_lines(series.name, 14)]
    latest_first = series.known[::-1]
    for point in latest_first:
        if _write_number(canvas, point, [*lines, bold(point.q.text)], layout):
            return [point]
    for point in latest_first:
        if _write_number(canvas, point, lines, layout):
            return []
    write_key(canvas, [Entry(series.name, colour=series.colour)], layout.only)
    return []


def _write_number(canvas: Canvas, point: Known, lines: Sequence[str], layout: _Layout) -> bool:
    """Description above a point, or below it, if there is room; whether there is."""
    place = layout.frame.beside(point.at, point.q, lines)
    if place is None:
        return False
    write_at(canvas, point.at, point.q.value, place, lines, layout.only)
    return True


def write_at(
    canvas: Canvas, at: Fraction, value: Fraction, place: Place, lines: Sequence[str], only: str, **axes: Any
) -> None:
    """Lines at their place beside a point."""
    canvas.text(
        at,
        value,
        lines,
        only=only,
        xanchor=place.anchor,
        xshift=place.shift_x,
        yanchor="middle",
        yshift=place.shift_y,
        **axes,
    )


def _remark(canvas: Canvas, drawn: Sequence[_Series], cuts: Mapping[Fraction, str]) -> str:
    """What the reader must know of the marks, as far as they are there."""
    everything = [point for series in drawn for point in series.points]
    lines = [join for series in drawn for join in joins(series.points, cuts)]
    sentences: list[str] = []
    if any("-" in point.period for point in everything):
        sentences.append(canvas.message("trend.year_end"))
    if any(point.further for point in everything):
        sentences.append(canvas.message("trend.open_ring"))
    if any(point.q is None for point in everything):
        sentences.append(canvas.message("trend.not_found"))
    if any(not line.sure for line in lines):
        sentences.append(canvas.message("trend.dotted"))
    return sentences_joined(sentences, canvas.lang)

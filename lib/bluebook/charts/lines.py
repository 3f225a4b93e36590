"""Series over time on one axis: a dot a number, a line between neighbours, words where they find room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import value_axis
from bluebook.charts.canvas import PHONE, WIDE, Canvas, Chart, Words, plain
from bluebook.charts.colours import AXIS, BLUE, GRID, LINES, SLATE, pale
from bluebook.charts.items import Item, one_kind, whiskers
from bluebook.charts.key import Entry, write_key
from bluebook.charts.lettering import LINE, bold, muted, safe_lines, tip
from bluebook.charts.placing import Box, Frame, Place
from bluebook.charts.record import sentences_joined
from bluebook.charts.series import Known, Periods, Point, joins, known, labelled_value, moment, most_telling, points
from bluebook.numbers.quantity import Quantity

HEIGHT, NARROW_HEIGHT = 290, 250  # px of the plot
GREYS = ("#7b8794", "#4d5966", "#a3adb8", "#39434d")  # of series beside the one that is marked
Layout = tuple[str, Frame]  # "wide" or "narrow", and what is taken there


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
    words = Words(id, title, subtitle, source, note, alt)
    try:
        found = [points(name, data) for name, data in series.items()]
        cuts = {moment(period): said for period, said in (breaks or {}).items()}
    except ValueError as error:
        words.refuse(str(error))
    levels = dict(reference or {})
    everything = [point for mine in found for point in mine]
    shown = [Item(point.series, point.q) for point in known(everything)]
    if not shown:
        words.refuse("no quantities: wanted at least one")
    one_kind([*shown, *(Item(name, q) for name, q in levels.items())], words)
    canvas = Canvas(words, words.language([*(item.q for item in shown), *levels.values()]))
    colours = _colours(list(series), marked, words)
    layouts = _stage(canvas, everything, cuts, levels)
    _draw(canvas, found, colours, cuts, layouts, named=len(series) > 1)
    _levels(canvas, levels, layouts)
    _breaks(canvas, cuts, layouts)
    _letter(canvas, found, colours, layouts)
    canvas.remark = _remark(canvas, found, cuts)
    listed = [labelled_value(point, named=len(series) > 1, lang=canvas.lang) for point in everything]
    return canvas.chart("kind.trend", [*listed, *levels.items()])


def _colours(names: Sequence[str], marked: str, words: Words) -> list[str]:
    if not marked:
        return [LINES[place % len(LINES)] for place in range(len(names))]
    if marked not in names:
        words.refuse(f'marked "{marked}": wanted one of {", ".join(names)}')
    others = [name for name in names if name != marked]
    return [BLUE if name == marked else GREYS[others.index(name) % len(GREYS)] for name in names]


def _stage(
    canvas: Canvas, found: Sequence[Point], cuts: Mapping[Fraction, str], levels: Mapping[str, Quantity]
) -> list[Layout]:
    """The axes, and what of the plot is taken on a wide page and on a phone: nothing as yet."""
    canvas.height = HEIGHT
    canvas.narrow_height = NARROW_HEIGHT
    canvas.margin.update(t=10, b=26, l=8, r=16)
    canvas.narrow_margin.update(l=4, r=8)
    y = _value_axis(canvas, [*(point.q for point in known(found)), *levels.values()], cuts)
    moments = sorted([*(point.at for point in found), *cuts])
    pad = (moments[-1] - moments[0]) / 24 or Fraction(1, 2)
    x = (moments[0] - pad, moments[-1] + pad)
    wide = Frame(WIDE - 80, HEIGHT, x, y)
    narrow = Frame(PHONE - 60, NARROW_HEIGHT, x, y)
    years = _years(moments, wide)
    axis: dict[str, Any] = {"range": [plain(end) for end in x], "tickvals": years, "tickformat": "d"}
    axis.update(ticktext=list(map(str, years)), ticks="outside", tickcolor=GRID)
    canvas.layout["xaxis"] = axis
    years = _years(moments, narrow)
    canvas.narrow["xaxis.tickvals"] = years
    canvas.narrow["xaxis.ticktext"] = list(map(str, years))
    return [("wide", wide), ("narrow", narrow)]


def _value_axis(canvas: Canvas, numbers: Sequence[Quantity], cuts: Mapping[Fraction, str]) -> tuple[Fraction, Fraction]:
    """The axis of values, from zero and with room over the largest for the words of breaks; returns its ends."""
    low = min(Fraction(0), *(q.low for q in numbers))
    high = max(Fraction(0), *(q.high for q in numbers))
    if high <= low:
        high = low + 1
    lines = max((len(safe_lines(text, 12)) for text in cuts.values()), default=0)
    head = LINE * (2 + lines) + 10
    top = high + (high - low) * Fraction(head, HEIGHT - head)
    axis = value_axis(low, high, numbers[0], most=5)
    canvas.layout["yaxis"] = axis | {"range": [plain(low), plain(top)], "automargin": "left"}
    return low, top


def _years(moments: Sequence[Fraction], frame: Frame) -> list[int]:
    """The years that there is room to write, the last among them."""
    year = frame.across(Fraction(1)) - frame.across(Fraction(0))
    step = max(1, math.ceil(44 / year))
    last = math.floor(moments[-1])
    return list(range(last, math.ceil(moments[0]) - 1, -step))[::-1]


def _draw(
    canvas: Canvas,
    found: Sequence[Sequence[Point]],
    colours: Sequence[str],
    cuts: Mapping[Fraction, str],
    layouts: Sequence[Layout],
    *,
    named: bool,
) -> None:
    for mine, colour in zip(found, colours, strict=True):
        draw_marks(canvas, mine, colour, named=named)
    for mine, colour in zip(found, colours, strict=True):
        draw_joins(canvas, mine, colour, cuts)
        for only, frame in layouts:
            _take(frame, mine, cuts)
            _dashes(canvas, mine, only, frame)


def draw_marks(canvas: Canvas, mine: Sequence[Point], colour: str, *, named: bool, **axes: Any) -> None:
    """Dots, open ones for further sources, with whiskers between their bounds."""
    for further in (False, True):
        drawn = [point for point in known(mine) if point.further == further]
        if drawn:
            _draw_points(canvas, drawn, _marker(colour, is_open=further), named=named, **axes)


def _marker(colour: str, *, is_open: bool) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": colour, "size": 8, "opacity": 1}
    if is_open:
        marker.update(symbol="circle-open", size=12, line={"width": 2})
    return marker


def _draw_points(canvas: Canvas, drawn: Sequence[Known], marker: dict[str, Any], *, named: bool, **axes: Any) -> None:
    if not all(point.q.exact for point in drawn):
        canvas.pale = True
    look: dict[str, Any] = {"mode": "markers"}
    look["x"] = [plain(point.at) for point in drawn]
    look["y"] = [plain(point.q.value) for point in drawn]
    look["error_y"] = whiskers([point.q for point in drawn], marker["color"], 6)
    look["marker"] = marker
    look["cliponaxis"] = False
    look["zorder"] = 1
    canvas.trace("scatter", tips=[tip(_label(point, named), point.q) for point in drawn], **look, **axes)


def _label(point: Point, named: bool) -> str:
    return f"{point.series} {point.period}" if named else point.period


def draw_joins(canvas: Canvas, mine: Sequence[Point], colour: str, cuts: Mapping[Fraction, str], **axes: Any) -> None:
    """The lines between neighbours, dotted where it is not sure which is higher."""
    found = list(joins(mine, cuts))
    for sure, dash in ((True, "solid"), (False, "dot")):
        xs: list[Any] = []
        ys: list[Any] = []
        for join in found:
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


def _take(frame: Frame, mine: Sequence[Point], cuts: Mapping[Fraction, str]) -> None:
    for point in known(mine):
        frame.take(point.at, point.q.low, point.q.high, 7 if point.further else 5)
    for join in joins(mine, cuts):
        frame.take_line((join.start.at, join.start.q.value), (join.end.at, join.end.q.value))


def _dashes(canvas: Canvas, mine: Sequence[Point], only: str, frame: Frame) -> None:
    """A dash at zero where nothing was found."""
    for point in mine:
        if not isinstance(point, Known):
            place = frame.around(point.at, frame.down(Fraction(0)) - 12, ["—"])
            if place:
                _write(canvas, point.at, Fraction(0), Place(place.anchor, place.shift_x, 12), [muted("—")], only)


def _levels(canvas: Canvas, levels: Mapping[str, Quantity], layouts: Sequence[Layout]) -> None:
    """A line across at each level, over its bounds, and its name at one of its ends."""
    start, end = layouts[0][1].x
    for name, q in levels.items():
        if not q.exact:
            canvas.pale = True
            canvas.rectangle((start, end), (q.low, q.high), pale(SLATE))
        canvas.line((start, end), (q.value, q.value), SLATE, 1.5, line={"color": SLATE, "width": 1.5, "dash": "dash"})
        for only, frame in layouts:
            frame.take_line((start, q.value), (end, q.value))
            _write_level(canvas, name, q, only, frame)


def _write_level(canvas: Canvas, name: str, q: Quantity, only: str, frame: Frame) -> None:
    """A level's name and number at the place along its line that has room; else under the drawing."""
    lines = [*safe_lines(name, 20), bold(q.text)]
    start, end = frame.x
    for part in (Fraction(1, 100), Fraction(99, 100), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
        at = start + (end - start) * part
        place = frame.beside(at, q, lines)
        if place:
            _write(canvas, at, q.value, place, lines, only)
            return
    write_key(canvas, [Entry(name, q.text, SLATE)], only)


def _breaks(canvas: Canvas, cuts: Mapping[Fraction, str], layouts: Sequence[Layout]) -> None:
    """A line down at each break, under its words."""
    for at, said in cuts.items():
        low, high = layouts[0][1].y
        lines = [muted(line) for line in safe_lines(said, 12)]
        canvas.line((at, at), (low, high), AXIS, 1, line={"color": AXIS, "width": 1, "dash": "dot"})
        for only, frame in layouts:
            x, half = frame.across(at), LINE * len(lines) / 2
            place = frame.around(at, half, lines) or Place("center", 0, 0)
            frame.taken.append(Box(x - 2, x + 2, LINE * len(lines), frame.height))
            look: dict[str, Any] = {"xanchor": place.anchor, "xshift": place.shift_x, "bgcolor": "#ffffff"}
            canvas.text(at, high, lines, only=only, yanchor="top", **look)


def _letter(
    canvas: Canvas, found: Sequence[Sequence[Point]], colours: Sequence[str], layouts: Sequence[Layout]
) -> None:
    """The names of the series, if there are several, then the numbers, the most telling first."""
    for only, frame in layouts:
        named: list[Known] = []
        for mine, colour in zip(found, colours, strict=True):
            if len(found) > 1:
                named += _name(canvas, known(mine), colour, only, frame)
        ranked: list[tuple[int, Known]] = []
        for mine in found:
            ranked += list(enumerate(most_telling(known(mine))))
        for _, point in sorted(ranked, key=lambda pair: pair[0]):
            if point not in named:
                _number(canvas, point, [bold(point.q.text)], only, frame)


def _name(canvas: Canvas, mine: Sequence[Known], colour: str, only: str, frame: Frame) -> list[Known]:
    """Names a series beside the last of its numbers that has room for both, and returns it; else the name alone.

    Where there is no room for that either, it stands under the drawing.
    """
    if not mine:
        return []
    lines = [f'<span style="color:{colour}"><b>{line}</b></span>' for line in safe_lines(mine[0].series, 14)]
    for point in reversed(mine):
        if _number(canvas, point, [*lines, bold(point.q.text)], only, frame):
            return [point]
    for point in reversed(mine):
        if _number(canvas, point, lines, only, frame):
            return []
    write_key(canvas, [Entry(mine[0].series, colour=colour)], only)
    return []


def _number(canvas: Canvas, point: Known, lines: Sequence[str], only: str, frame: Frame) -> bool:
    """Words above a point, or below it, if there is room."""
    q = point.q
    place = frame.beside(point.at, q, lines)
    if place:
        _write(canvas, point.at, q.value, place, lines, only)
    return place is not None


def _write(canvas: Canvas, at: Fraction, value: Fraction, place: Place, lines: Sequence[str], only: str) -> None:
    look: dict[str, Any] = {"xanchor": place.anchor, "xshift": place.shift_x}
    look["yanchor"] = "middle"
    look["yshift"] = place.shift_y
    canvas.text(at, value, lines, only=only, **look)


def _remark(canvas: Canvas, found: Sequence[Sequence[Point]], cuts: Mapping[Fraction, str]) -> str:
    everything = [point for mine in found for point in mine]
    unsure = [join for mine in found for join in joins(mine, cuts) if not join.sure]
    sentences: list[str] = []
    if any("-" in point.period for point in everything):
        sentences.append(canvas.message("trend.year_end"))
    if any(point.further for point in everything):
        sentences.append(canvas.message("trend.open_ring"))
    if any(point.q is None for point in everything):
        sentences.append(canvas.message("trend.not_found"))
    if unsure:
        sentences.append(canvas.message("trend.dotted"))
    return sentences_joined(sentences, canvas.lang)

"""Where one thing stands among others: a strip a measure, a dot a thing, and the one that is meant blue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import SubplotAxes, narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import BLUE, GREY
from bluebook.charts.items import Item, are_exact, ends_from_zero, one_kind, whiskers
from bluebook.charts.lettering import bold, tip
from bluebook.charts.record import Labelled
from bluebook.numbers.quantity import Quantity

NAME, LABEL, PLOT, TICKS, GAP = 20, 20, 22, 22, 12  # px of a strip, from its name downwards
PITCH = NAME + LABEL + PLOT + TICKS + GAP


@dataclass(frozen=True)
class _Strip:
    """A measure with its numbers, at a place among so many."""

    name: str
    numbers: Mapping[str, Quantity]
    place: int
    count: int

    @property
    def axes(self) -> SubplotAxes:
        return SubplotAxes(self.place)

    @property
    def domain(self) -> list[float]:
        """The share of the drawing's height that the plot takes."""
        height = PITCH * self.count
        top = 1 - (PITCH * self.place + NAME + LABEL) / height
        bottom = top - PLOT / height
        return [round(bottom, 6), round(top, 6)]


def strips(
    measures: Mapping[str, Mapping[str, Quantity]],
    *,
    id: str,
    title: str,
    marked: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
) -> Chart:
    """A strip for each measure, in the order given, each on an axis of its own from zero; units may differ.

    `measures` holds the numbers of things by their names. The thing that is `marked` is blue and has its number
    written over it, the others are grey; a strip in which it has no number has none in blue.

    >>> from bluebook.numbers.quantity import published
    >>> sizes = {name: published(size, figure=name, lang="en") for name, size in {"A": "9个", "B": "10个"}.items()}
    >>> chart = strips({"Size": sizes}, marked="B", id="sizes", title="B is largest")
    >>> chart.data[0].x, chart.data[1].x, chart.record["alt"]
    ((9.0,), (10.0,), 'Strips of dots. B is largest. Size, A: 9; Size, B: 10.')
    """
    description = Description(id, title, subtitle, source, note, alt)
    numbers_of = {name: dict(numbers) for name, numbers in measures.items() if numbers}
    if not any(marked in numbers for numbers in numbers_of.values()):
        listed = ", ".join(numbers_of) or "any measure"
        description.refuse(f'marked "{marked}" has no number in {listed}')
    canvas = canvas_for(description, (q for numbers in numbers_of.values() for q in numbers.values()))
    canvas.height = canvas.narrow_height = PITCH * len(numbers_of)
    canvas.margin.update(l=12, r=24, t=4, b=4)
    comma = canvas.message("join.comma")
    labelled: list[Labelled] = []
    for place, (name, numbers) in enumerate(numbers_of.items()):
        one_kind([Item(thing, q) for thing, q in numbers.items()], description)
        _draw_strip(canvas, _Strip(name, numbers, place, len(numbers_of)), marked)
        for thing, q in numbers.items():
            labelled.append((f"{name}{comma}{thing}", q))
    return canvas.chart("kind.strips", labelled)


def _draw_strip(canvas: Canvas, strip: _Strip, marked: str) -> None:
    start, end = _write_axes(canvas, strip)
    others = {thing: q for thing, q in strip.numbers.items() if thing != marked}
    _draw_dots(canvas, others, GREY, 11, strip.axes.of_trace)
    if marked in strip.numbers:
        _draw_dots(canvas, {marked: strip.numbers[marked]}, BLUE, 14, strip.axes.of_trace)
    top = 1 - Fraction(strip.place, strip.count)
    canvas.text(0, top, [bold(strip.name)], xref="paper", yref="paper", yanchor="top")
    if marked in strip.numbers:
        q = strip.numbers[marked]
        share = (q.value - start) / (end - start)
        words = [bold(f"{marked} {q.text}")]
        look: dict[str, Any] = {"xref": strip.axes.x, "yref": strip.axes.y, "font": {"color": BLUE}}
        canvas.text(q.value, 0, words, xanchor=_side(share), yanchor="bottom", yshift=9, **look)


def _side(share: Fraction) -> str:
    """Which end of a number stands over its dot, so that it stays within the strip."""
    if share < Fraction(1, 4):
        return "left"
    if share > Fraction(3, 4):
        return "right"
    return "center"


def _write_axes(canvas: Canvas, strip: _Strip) -> tuple[Fraction, Fraction]:
    """The axes of a strip; returns the ends of that of values."""
    quantities = list(strip.numbers.values())
    like = quantities[0]
    start, end = ends_from_zero(quantities)
    x_name = strip.axes.x_layout
    x = value_axis(start, end, like)
    x.update(domain=[0, 1], anchor=strip.axes.y)
    canvas.layout[x_name] = x
    y: dict[str, Any] = {"domain": strip.domain, "anchor": strip.axes.x}
    y.update(range=[-1, 1], showticklabels=False)
    canvas.layout[strip.axes.y_layout] = y
    for key, value in narrow_ticks(x, start, end, like, PHONE - 36).items():
        own_key = key.replace("xaxis", x_name, 1)
        canvas.narrow[own_key] = value
    return start, end


def _draw_dots(
    canvas: Canvas, numbers: Mapping[str, Quantity], colour: str, size: int, axes: Mapping[str, str]
) -> None:
    if not numbers:
        return
    quantities = list(numbers.values())
    if not are_exact(quantities):
        canvas.pale = True
    values = [plain(q.value) for q in quantities]
    middle = [0] * len(quantities)
    tips = [tip(thing, q) for thing, q in numbers.items()]
    rim = {"color": "#ffffff", "width": 1}
    look: dict[str, Any] = {"mode": "markers", "cliponaxis": False}
    look["marker"] = {"color": colour, "size": size, "line": rim}
    look["error_x"] = whiskers(quantities, colour, 6)
    canvas.trace("scatter", x=values, y=middle, tips=tips, **look, **axes)

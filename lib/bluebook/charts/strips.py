"""Where one thing stands among others: a strip a measure, a dot a thing, and the one that is meant blue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from bluebook.charts.axes import narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, Canvas, Chart, Words, plain
from bluebook.charts.colours import BLUE, GREY
from bluebook.charts.items import Item, one_kind, whiskers
from bluebook.charts.lettering import bold, tip
from bluebook.charts.record import Told
from bluebook.numbers.quantity import Quantity

NAME, LABEL, PLOT, TICKS, GAP = 20, 20, 22, 22, 12  # px of a strip, from its name downwards
PITCH = NAME + LABEL + PLOT + TICKS + GAP


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
    words = Words(id, title, subtitle, source, note, alt)
    found = {name: dict(numbers) for name, numbers in measures.items() if numbers}
    if not any(marked in numbers for numbers in found.values()):
        words.refuse(f'marked "{marked}" has no number in {", ".join(found) or "any measure"}')
    canvas = Canvas(words, words.language(q for numbers in found.values() for q in numbers.values()))
    canvas.height = canvas.narrow_height = PITCH * len(found)
    canvas.margin |= {"l": 12, "r": 24, "t": 4, "b": 4}
    comma = canvas.message("join.comma")
    labelled: list[Told] = []
    for place, (name, numbers) in enumerate(found.items()):
        one_kind([Item(thing, q) for thing, q in numbers.items()], words)
        _strip(canvas, place, len(found), name, numbers, marked)
        labelled += [(f"{name}{comma}{thing}", q) for thing, q in numbers.items()]
    return canvas.chart("kind.strips", labelled)


def _strip(canvas: Canvas, place: int, count: int, name: str, numbers: Mapping[str, Quantity], marked: str) -> None:
    suffix = "" if place == 0 else str(place + 1)
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    start, end = _axes(canvas, suffix, place, count, list(numbers.values()))
    others = {thing: q for thing, q in numbers.items() if thing != marked}
    _dots(canvas, others, GREY, 11, axes)
    if marked in numbers:
        _dots(canvas, {marked: numbers[marked]}, BLUE, 14, axes)
    canvas.text(0, 1 - Fraction(place, count), [bold(name)], xref="paper", yref="paper", yanchor="top")
    if marked in numbers:
        q = numbers[marked]
        look: dict[str, Any] = {"xref": axes["xaxis"], "yref": axes["yaxis"], "yanchor": "bottom", "yshift": 9}
        look["xanchor"] = _side((q.value - start) / (end - start))
        look["font"] = {"color": BLUE}
        canvas.text(q.value, 0, [bold(f"{marked} {q.text}")], **look)


def _side(share: Fraction) -> str:
    """Which end of a number stands over its dot, so that it stays within the strip."""
    if share < Fraction(1, 4):
        return "left"
    return "right" if share > Fraction(3, 4) else "center"


def _axes(
    canvas: Canvas, suffix: str, place: int, count: int, numbers: Sequence[Quantity]
) -> tuple[Fraction, Fraction]:
    """The axes of a strip; returns the ends of that of values."""
    start = min(Fraction(0), *(q.low for q in numbers))
    end = max(Fraction(0), *(q.high for q in numbers))
    if end <= start:
        end = start + 1
    height = PITCH * count
    top = 1 - (PITCH * place + NAME + LABEL) / height
    x = value_axis(start, end, numbers[0])
    canvas.layout[f"xaxis{suffix}"] = x | {"domain": [0, 1], "anchor": f"y{suffix}"}
    y: dict[str, Any] = {"domain": [round(top - PLOT / height, 6), round(top, 6)]}
    y.update(anchor=f"x{suffix}", range=[-1, 1], showticklabels=False)
    canvas.layout[f"yaxis{suffix}"] = y
    for key, value in narrow_ticks(x, start, end, numbers[0], PHONE - 36).items():
        canvas.narrow[key.replace("xaxis", f"xaxis{suffix}", 1)] = value
    return start, end


def _dots(canvas: Canvas, numbers: Mapping[str, Quantity], colour: str, size: int, axes: Mapping[str, str]) -> None:
    if not numbers:
        return
    quantities = list(numbers.values())
    if not all(q.exact for q in quantities):
        canvas.pale = True
    look: dict[str, Any] = {"mode": "markers"}
    look["x"] = [plain(q.value) for q in quantities]
    look["y"] = [0] * len(quantities)
    look["marker"] = {"color": colour, "size": size, "line": {"color": "#ffffff", "width": 1}}
    look["error_x"] = whiskers(quantities, colour, 6)
    look["cliponaxis"] = False
    canvas.trace("scatter", tips=[tip(thing, q) for thing, q in numbers.items()], **look, **axes)

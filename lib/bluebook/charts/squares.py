"""A square for each of many things, in the colour of its category, in a row for each group."""

from __future__ import annotations

from collections.abc import Mapping

from .canvas import Canvas, Chart, Words
from .key import Entry, write_key
from .lettering import bold, safe
from .record import Kind
from .rows import row_axis

SQUARES = Kind("方块图", "Squares")
SIDE = 15  # px
WIDEST = 30  # squares that would fit beside the labels of a wide page
MOST = 17  # squares in a row, so that a phone has room


def marks(
    groups: Mapping[str, Mapping[str, str]],
    colours: Mapping[str, str],
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
    links: Mapping[str, str] | None = None,
) -> Chart:
    """A row of squares for each group: one for each thing, in the colour of its category.

    `groups` holds the category of each thing, by group; `colours` a colour for each category, in their order. `links`
    are where things lead, by their names. A group of more than seventeen goes on in the next row.

    >>> marks({"Money": {"Total": "agrees"}}, {"agrees": "#6f7b88"}, id="verdicts", title="It agrees").record["alt"]
    'Squares. It agrees. Money, Total: agrees.'
    """
    words = Words(id, title, subtitle, source, note, alt)
    order = list(colours)
    kinds = [kind for things in groups.values() for kind in things.values()]
    if not groups or not all(groups.values()) or not {*kinds} <= {*order}:
        words.refuse(f"{len(groups)} groups of {', '.join({*kinds})}: wanted things, each {' or '.join(order)}")
    canvas = Canvas(words, words.language([]))
    labels: list[str] = []
    placed: dict[str, list[tuple[int, int, str]]] = {kind: [] for kind in order}
    told: list[tuple[str, str]] = []
    for group, things in groups.items():
        ordered = sorted(things.items(), key=lambda thing: order.index(thing[1]))
        first = len(labels)
        for place, (thing, kind) in enumerate(ordered):
            row, column = divmod(place, MOST)
            placed[kind].append((column, first + row, thing))
            told.append((group + canvas.say("，", ", ") + thing, kind))
        labels += [group, *[""] * ((len(ordered) - 1) // MOST)]
    row_axis(canvas, labels)
    canvas.layout["xaxis"] = {"range": [-0.5, WIDEST - 0.5], "visible": False}
    canvas.narrow["xaxis.range"] = [-0.5, MOST - 0.5]
    canvas.margin["t"] = 4
    for kind, squares in placed.items():
        _draw(canvas, squares, kind, colours[kind], dict(links or {}))
    entries = [Entry(kind, str(kinds.count(kind)), colours[kind]) for kind in order]
    for only in ("wide", "narrow"):
        write_key(canvas, entries, only)
    return canvas.chart(SQUARES, told)


def _draw(
    canvas: Canvas, squares: list[tuple[int, int, str]], kind: str, colour: str, links: Mapping[str, str]
) -> None:
    if not squares:
        return
    canvas.trace(
        "scatter",
        mode="markers",
        x=[column for column, _, _ in squares],
        y=[row for _, row, _ in squares],
        marker={"symbol": "square", "size": SIDE, "color": colour},
        customdata=[links.get(thing, "") for _, _, thing in squares],
        cliponaxis=False,
        tips=[f"{safe(thing, 26)}<br>{bold(kind)}" for _, _, thing in squares],
    )

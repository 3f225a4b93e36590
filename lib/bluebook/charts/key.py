"""Words under a drawing: what its colours mean, and what found no room in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bluebook.charts.canvas import PHONE, WIDE, Canvas
from bluebook.charts.lettering import LINE, SIZE, bold, pixels, wrap

AIR = 5  # px between entries


@dataclass(frozen=True)
class Entry:
    """A line of a key: a square of the colour, if there is one, a label, and a value in bold."""

    label: str
    value: str = ""
    colour: str = ""


def write_key(canvas: Canvas, entries: Sequence[Entry], only: str) -> None:
    """Writes the entries under what already stands below the plot of one layout, "wide" or "narrow"."""
    if not entries:
        return
    width = WIDE if only == "wide" else PHONE
    margin = canvas.margin if only == "wide" else canvas.narrow_margin
    down = margin.get("b", canvas.margin["b"]) + 4
    for entry in entries:
        lines = _lines(entry, (width - 30) / SIZE)
        look: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "top", "yshift": -down}
        if entry.colour:
            square = f'<span style="color:{entry.colour}">■</span>'
            canvas.text(0, 0, square, only=only, **look)
            look["xshift"] = SIZE + 6
        canvas.text(0, 0, lines, only=only, **look)
        down += LINE * len(lines) + AIR
    margin["b"] = down + 2


def _lines(entry: Entry, width: float) -> list[str]:
    """A label and its value, on as many lines as they need."""
    lines = [escape(line) for line in wrap(entry.label, width)]
    if not entry.value:
        return lines
    value = bold(entry.value)
    *others, last = lines
    together = f"{last} {value}"
    if pixels(together) <= width * SIZE:
        return [*others, together]
    return [*lines, value]

"""A forest plot of claims: a row a check, its left side against its right, and a line where both are equal.

Amounts are divided: the axis has percentages, the line is at 100 %. Of percentages a percentage says nothing, so where
all checks compare percentages one is taken from the other: the axis has percentage points, the line is at 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Any, Protocol

from bluebook.charts.axes import log_axis, narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, Canvas, Chart, Words, plain
from bluebook.charts.colours import ALLOWED, BLUE, INK, SLATE, VERMILION, pale
from bluebook.charts.items import Item, one_kind
from bluebook.charts.lettering import LINE, bold, pixels, tip
from bluebook.charts.record import sentences_joined
from bluebook.charts.rows import Rows, beside, narrow_grid, plot_width, row_axis
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity, QuantityError

COLOURS = {"disagrees": VERMILION, "changed": BLUE}  # of checks that do not hold, by their verdict
POINTS = "百分点"
STATEMENT = 27.0  # ems: how wide a claim may be beside its mark
LONG = 5  # from here on, how many times the largest is of the smallest, the axis is logarithmic


class Check(Protocol):
    """A claim that two numbers stand in a relation, decided: what `bluebook.audit` returns."""

    @property
    def statement(self) -> str: ...
    @property
    def relation(self) -> str: ...
    @property
    def left(self) -> Quantity | None: ...
    @property
    def right(self) -> Quantity | None: ...
    @property
    def verdict(self) -> str: ...


@dataclass(frozen=True)
class _Row:
    """A check with both sides, and what the one is against the other: its share of it, or their difference."""

    statement: str
    relation: str
    left: Quantity
    right: Quantity
    against: Quantity
    verdict: str

    @property
    def fails(self) -> bool:
        return self.verdict in COLOURS

    @property
    def colour(self) -> str:
        return COLOURS.get(self.verdict, SLATE)

    @property
    def even(self) -> int:
        """Where on the axis both sides are equal."""
        return 0 if self.against.unit == POINTS else 1

    @property
    def off(self) -> float:
        """How far from the line the nearest end of the range is: as a factor, or as a difference."""
        if self.against.low <= self.even <= self.against.high:
            return 0.0
        nearest = self.against.low if self.against.low > self.even else self.against.high
        if not self.even:
            return abs(float(nearest))
        return abs(math.log(nearest)) if nearest > 0 else math.inf


def forest(
    checks: Iterable[Check],
    *,
    id: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    note: str = "",
    alt: str = "",
) -> Chart:
    """Checks on one axis of percentages: left ÷ right with its range, those that do not hold first.

    A check that disagrees is red, one that shows a change blue.

    At 100 % both sides are equal; for a claim like "at least" the side on which it holds is shaded. Both numbers stand
    at the right, the left side in bold. The axis is logarithmic where the ratios are of different sizes. Where all
    sides are percentages it has their difference instead, in percentage points. A check without both numbers, or whose
    right side may be zero where it is divided by, is a `ChartError` that names it.

    >>> from bluebook import audit, open_edition
    >>> decided = [one for one in audit(open_edition("shenzhen-2021", lang="en")) if one.id.startswith("views-")]
    >>> chart = forest(decided, id="views", title="More viewers than residents")
    >>> round(chart.data[0].x[0], 3)
    1.116
    """
    words = Words(id, title, subtitle, source, note, alt)
    given = list(checks)
    if not given:
        words.refuse("no checks: wanted at least one")
    in_points = all(side is not None and side.as_percent for check in given for side in (check.left, check.right))
    found = [_row(check, words, in_points) for check in given]
    found.sort(key=_order)
    lang = words.language(side for row in found for side in (row.left, row.right))
    canvas = Canvas(words, lang)
    if not subtitle:
        canvas.words = replace(words, subtitle=_measured(canvas, in_points))
    numbers = [(bold(row.left.text), _against(canvas, row)) for row in found]
    details = [_one_line(first, second) for first, second in numbers]
    rows = row_axis(canvas, [row.statement for row in found], width=STATEMENT, details=details, least=2 * LINE)
    canvas.margin["r"] = max(pixels(line) for pair in numbers for line in pair) + 30
    canvas.narrow_margin["r"] = 14
    _axis(canvas, found, rows)
    _shade(canvas, found, rows)
    _draw(canvas, found)
    _write(canvas, found, numbers)
    canvas.remark = _remark(canvas, found)
    return canvas.chart("kind.forest", [side for row in found for side in _labelled_sides(row, canvas.lang)])


def _against(canvas: Canvas, row: _Row) -> str:
    return escape(canvas.message("forest.against", number=row.right.text))


def _order(row: _Row) -> tuple[int, float]:
    """Those that disagree first, then changes, of each the furthest from the line; then the others, nearest first."""
    if row.fails:
        return list(COLOURS).index(row.verdict), -row.off
    return len(COLOURS), row.off


def _measured(canvas: Canvas, in_points: bool) -> str:
    """What the axis has."""
    if in_points:
        return canvas.message("forest.difference")
    return canvas.message("forest.percentage")


def _remark(canvas: Canvas, found: Sequence[_Row]) -> str:
    """What line, shade and colours mean, as far as they are there."""
    sentences = [canvas.message("forest.equal", place="100%" if found[0].even else "0")]
    if any(row.relation != "=" for row in found):
        sentences.append(canvas.message("forest.shaded"))
    verdicts = {row.verdict for row in found}
    if "disagrees" in verdicts:
        sentences.append(canvas.message("forest.disagrees"))
    if "changed" in verdicts:
        sentences.append(canvas.message("forest.changed"))
    return sentences_joined(sentences, canvas.lang)


def _one_line(first: str, second: str) -> list[str]:
    """Both numbers on a line of a phone, else on two."""
    together = f"{first} {second}"
    return [together] if pixels(together) <= PHONE - 36 else [first, second]


def _row(check: Check, words: Words, in_points: bool) -> _Row:
    left, right = check.left, check.right
    if left is None or right is None:
        words.refuse(f'"{check.statement}" has no number on one side: wanted checks that are decided')
    one_kind([Item(check.statement, left), Item(check.statement, right)], words)
    if in_points:
        return _Row(check.statement, check.relation, left, right, (left - right).points, check.verdict)
    try:
        ratio = replace(left / right, unit="", per="", as_percent=True)  # the audit has compared what they are per
    except (QuantityError, ZeroDivisionError) as error:
        words.refuse(f'"{check.statement}": {left.text} ÷ {right.text}: {error}')
    return _Row(check.statement, check.relation, left, right, ratio, check.verdict)


def _labelled_sides(row: _Row, lang: str) -> list[tuple[str, Quantity]]:
    """What the record says of a check: both numbers, under the claim."""
    sides = []
    for key, side in (("forest.left", row.left), ("forest.right", row.right)):
        name = side.label or message(lang, key)
        label = message(lang, "label.value", label=row.statement, value=name)
        sides.append((label, side))
    return sides


def _span(found: Sequence[_Row]) -> tuple[Fraction, Fraction, bool]:
    """The axis: from where to where, and whether it is logarithmic."""
    even = Fraction(found[0].even)
    low = min(even, *(row.against.low for row in found))
    high = max(even, *(row.against.high for row in found))
    if even and low > 0 and high / low > LONG:
        return low, high, True
    pad = (high - low) / 12 or Fraction(1, 10)
    return (Fraction(0) if even and 0 <= low < pad else low - pad), high + pad, False


def _axis(canvas: Canvas, found: Sequence[_Row], rows: Rows) -> None:
    low, high, log = _span(found)
    like, even = found[0].against, found[0].even
    axis = value_axis(low, high, like, most=6)
    if log:
        axis = log_axis(low * Fraction(3, 4), high * Fraction(4, 3), like)
    canvas.narrow |= narrow_ticks(axis, low, high, like, plot_width(canvas, 0, narrow=True))
    canvas.layout["xaxis"] = axis | {"side": "top", "zeroline": False}
    narrow_grid(canvas, rows, len(found))
    canvas.line((even, even), (-0.5, len(found) - 0.5), INK, 1.5, only="wide")
    for place in range(len(found)):
        canvas.line((even, even), beside(place, rows.narrow_pitch), INK, 1.5, only="narrow")


def _shade(canvas: Canvas, found: Sequence[_Row], rows: Rows) -> None:
    """The side of the line on which each claim holds."""
    ends = canvas.layout["xaxis"]["range"]
    if canvas.layout["xaxis"].get("type") == "log":
        ends = [10**end for end in ends]
    for place, row in enumerate(found):
        if row.relation == "=":
            continue
        side = (row.even, ends[1]) if row.relation.startswith(">") else (ends[0], row.even)
        canvas.rectangle(side, beside(place, rows.pitch), ALLOWED, only="wide")
        canvas.rectangle(side, beside(place, rows.narrow_pitch), ALLOWED, only="narrow")


def _draw(canvas: Canvas, found: Sequence[_Row]) -> None:
    numbers = [row.against for row in found]
    tips = [_tip(row) for row in found]
    colours = [row.colour for row in found]
    rows = list(range(len(found)))
    canvas.pale = not all(q.exact for q in numbers)
    canvas.trace(
        "scatter", mode="markers", x=[plain(q.value) for q in numbers], y=rows, cliponaxis=False, tips=tips,
        marker={"color": colours, "size": 11},
    )  # fmt: skip
    marks = canvas.traces.pop()  # drawn over the ranges, and yet the first trace
    for place, q in enumerate(numbers):
        colour = pale(colours[place])
        look: dict[str, Any] = {"line": {"color": colour, "width": 8}, "cliponaxis": False, "name": "bounds"}
        canvas.trace("scatter", mode="lines", x=[plain(q.low), plain(q.high)], y=[place, place], **look)
    canvas.traces.insert(0, marks | {"zorder": 1})


def _tip(row: _Row) -> str:
    """All that both numbers would say, after the claim and what the one is against the other."""
    lines = [tip(row.statement, ""), bold(row.against.text), _facts(row.left)]
    lines += ["÷" if row.even else "−", _facts(row.right)]
    return "<br>".join(lines)


def _facts(q: Quantity) -> str:
    return tip("", q).removeprefix("<b></b><br>")


def _write(canvas: Canvas, found: Sequence[_Row], numbers: Sequence[tuple[str, str]]) -> None:
    """Both numbers at the right of a wide page."""
    for place, (row, (first, second)) in enumerate(zip(found, numbers, strict=True)):
        colour = row.colour if row.fails else INK
        look: dict[str, Any] = {"xref": "paper", "yanchor": "middle", "xshift": 18, "font": {"color": colour}}
        canvas.text(1, place, [first, second], only="wide", **look)

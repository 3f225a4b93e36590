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

from bluebook.charts.axes import log_axis, value_axis
from bluebook.charts.canvas import PHONE, Canvas, Chart, Description, canvas_for, plain
from bluebook.charts.colours import ALLOWED, BLUE, INK, SLATE, VERMILION, pale
from bluebook.charts.items import Item, are_exact, one_kind
from bluebook.charts.lettering import LINE, bold, pixels, tip
from bluebook.charts.record import sentences_joined
from bluebook.charts.rows import Rows, beside, narrow_grid, row_axis, write_top_axis
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
        low = self.against.low
        high = self.against.high
        if low <= self.even <= high:
            return 0.0
        nearest = low if low > self.even else high
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
    description = Description(id, title, subtitle, source, note, alt)
    given = list(checks)
    if not given:
        description.refuse("no checks: wanted at least one")
    sides = [side for check in given for side in (check.left, check.right)]
    in_points = all(side is not None and side.as_percent for side in sides)
    drawn = [_row(check, description, in_points) for check in given]
    drawn.sort(key=_order)
    canvas = canvas_for(description, (side for row in drawn for side in (row.left, row.right)))
    if not subtitle:
        canvas.description = replace(description, subtitle=_measured(canvas, in_points))
    numbers = [(bold(row.left.text), _against(canvas, row)) for row in drawn]
    details = [_one_line(first, second) for first, second in numbers]
    rows = row_axis(canvas, [row.statement for row in drawn], width=STATEMENT, details=details, least=2 * LINE)
    canvas.margin["r"] = max(pixels(line) for pair in numbers for line in pair) + 30
    canvas.narrow_margin["r"] = 14
    _write_axis(canvas, drawn, rows)
    _shade(canvas, drawn, rows)
    _draw(canvas, drawn)
    _write_numbers(canvas, drawn, numbers)
    canvas.remark = _remark(canvas, drawn)
    labelled = [side for row in drawn for side in _labelled_sides(row, canvas.lang)]
    return canvas.chart("kind.forest", labelled)


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


def _remark(canvas: Canvas, drawn: Sequence[_Row]) -> str:
    """What line, shade and colours mean, as far as they are there."""
    even = "100%" if drawn[0].even else "0"
    sentences = [canvas.message("forest.equal", place=even)]
    if any(row.relation != "=" for row in drawn):
        sentences.append(canvas.message("forest.shaded"))
    verdicts = {row.verdict for row in drawn}
    if "disagrees" in verdicts:
        sentences.append(canvas.message("forest.disagrees"))
    if "changed" in verdicts:
        sentences.append(canvas.message("forest.changed"))
    return sentences_joined(sentences, canvas.lang)


def _one_line(first: str, second: str) -> list[str]:
    """Both numbers on a line of a phone, else on two."""
    together = f"{first} {second}"
    return [together] if pixels(together) <= PHONE - 36 else [first, second]


def _row(check: Check, description: Description, in_points: bool) -> _Row:
    left, right = check.left, check.right
    if left is None or right is None:
        description.refuse(f'"{check.statement}" has no number on one side: wanted checks that are decided')
    one_kind([Item(check.statement, left), Item(check.statement, right)], description)
    if in_points:
        difference = left - right
        return _Row(check.statement, check.relation, left, right, difference.points, check.verdict)
    try:
        ratio = left / right
    except (QuantityError, ZeroDivisionError) as error:
        description.refuse(f'"{check.statement}": {left.text} ÷ {right.text}: {error}')
    percentage = replace(ratio, unit="", per="", as_percent=True)  # the audit has compared what they are per
    return _Row(check.statement, check.relation, left, right, percentage, check.verdict)


def _labelled_sides(row: _Row, lang: str) -> list[tuple[str, Quantity]]:
    """What the record says of a check: both numbers, under the claim."""
    sides = []
    for key, side in (("forest.left", row.left), ("forest.right", row.right)):
        name = side.label or message(lang, key)
        label = message(lang, "label.value", label=row.statement, value=name)
        sides.append((label, side))
    return sides


@dataclass(frozen=True)
class _Span:
    """From where to where the axis goes, and whether it is logarithmic."""

    low: Fraction
    high: Fraction
    is_log: bool


def _span(rows: Sequence[_Row]) -> _Span:
    even = Fraction(rows[0].even)
    low = min(even, *(row.against.low for row in rows))
    high = max(even, *(row.against.high for row in rows))
    if even and low > 0 and high / low > LONG:
        return _Span(low, high, is_log=True)
    pad = (high - low) / 12 or Fraction(1, 10)
    begins_at_zero = even and 0 <= low < pad
    start = Fraction(0) if begins_at_zero else low - pad
    return _Span(start, high + pad, is_log=False)


def _write_axis(canvas: Canvas, drawn: Sequence[_Row], rows: Rows) -> None:
    span = _span(drawn)
    like = drawn[0].against
    even = drawn[0].even
    if span.is_log:
        axis = log_axis(span.low * Fraction(3, 4), span.high * Fraction(4, 3), like)
    else:
        axis = value_axis(span.low, span.high, like, most=6)
    write_top_axis(canvas, axis, span.low, span.high, like, zeroline=False)
    narrow_grid(canvas, rows, len(drawn))
    canvas.line((even, even), (-0.5, len(drawn) - 0.5), INK, 1.5, only="wide")
    for place in range(len(drawn)):
        canvas.line((even, even), beside(place, rows.narrow_pitch), INK, 1.5, only="narrow")


def _shade(canvas: Canvas, drawn: Sequence[_Row], rows: Rows) -> None:
    """The side of the line on which each claim holds."""
    axis = canvas.layout["xaxis"]
    start, end = axis["range"]
    if axis.get("type") == "log":
        start = 10**start
        end = 10**end
    for place, row in enumerate(drawn):
        if row.relation == "=":
            continue
        side = (row.even, end) if row.relation.startswith(">") else (start, row.even)
        canvas.rectangle(side, beside(place, rows.pitch), ALLOWED, only="wide")
        canvas.rectangle(side, beside(place, rows.narrow_pitch), ALLOWED, only="narrow")


def _draw(canvas: Canvas, drawn: Sequence[_Row]) -> None:
    numbers = [row.against for row in drawn]
    canvas.pale = not are_exact(numbers)
    values = [plain(q.value) for q in numbers]
    places = list(range(len(drawn)))
    colours = [row.colour for row in drawn]
    tips = [_tip(row) for row in drawn]
    look: dict[str, Any] = {"mode": "markers", "cliponaxis": False, "marker": {"color": colours, "size": 11}}
    look["zorder"] = 1  # over the ranges, and yet the first trace
    canvas.trace("scatter", x=values, y=places, tips=tips, **look)
    for place, row in enumerate(drawn):
        ends = [plain(row.against.low), plain(row.against.high)]
        line = {"color": pale(row.colour), "width": 8}
        canvas.trace("scatter", mode="lines", x=ends, y=[place, place], line=line, cliponaxis=False, name="bounds")


def _tip(row: _Row) -> str:
    """All that both numbers would say, after the claim and what the one is against the other."""
    operator = "÷" if row.even else "−"
    lines = [tip(row.statement, ""), bold(row.against.text), _facts(row.left), operator, _facts(row.right)]
    return "<br>".join(lines)


def _facts(q: Quantity) -> str:
    return tip("", q).removeprefix("<b></b><br>")


def _write_numbers(canvas: Canvas, drawn: Sequence[_Row], numbers: Sequence[tuple[str, str]]) -> None:
    """Both numbers at the right of a wide page."""
    for place, (row, lines) in enumerate(zip(drawn, numbers, strict=True)):
        font = {"color": row.colour if row.fails else INK}
        canvas.text(1, place, lines, only="wide", xref="paper", xshift=18, yanchor="middle", font=font)

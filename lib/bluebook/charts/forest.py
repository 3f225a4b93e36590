"""A forest plot of claims: a row a check, its left side as a percentage of its right, against the line at 100 %."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Any, Protocol

from bluebook.charts.axes import log_axis, narrow_ticks, value_axis
from bluebook.charts.canvas import PHONE, Canvas, Chart, Words, plain
from bluebook.charts.colours import ALLOWED, INK, SLATE, VERMILION, pale
from bluebook.charts.items import Item, one_kind
from bluebook.charts.lettering import LINE, bold, pixels, tip
from bluebook.charts.record import Kind
from bluebook.charts.rows import MARK, Rows, plot_width, row_axis
from bluebook.numbers.quantity import Quantity, QuantityError

FOREST = Kind("森林图", "Forest plot")
SUBTITLE = {
    "zh": "每个论断的左边占右边的百分比",
    "en": "The left side of each claim as a percentage of its right side",
}
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
    """A check with both sides, and the one as a share of the other."""

    statement: str
    relation: str
    left: Quantity
    right: Quantity
    ratio: Quantity
    fails: bool

    @property
    def colour(self) -> str:
        return VERMILION if self.fails else SLATE

    @property
    def off(self) -> float:
        """How far from 100 % the nearest end of the range is, as a factor."""
        if self.ratio.low <= 1 <= self.ratio.high:
            return 0.0
        nearest = self.ratio.low if self.ratio.low > 1 else self.ratio.high
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
    """Checks on one axis of percentages: left ÷ right with its range, those that fail first and in red.

    At 100 % both sides are equal; for a claim like "at least" the side on which it holds is shaded. Both numbers stand
    at the right. The axis is logarithmic where the ratios are of different sizes. A check without both numbers, or
    whose right side may be zero, is a `ChartError` that names it.

    >>> from bluebook import audit, open_edition
    >>> decided = [one for one in audit(open_edition("shenzhen-2021", lang="en")) if one.id.startswith("views-")]
    >>> chart = forest(decided, id="views", title="More viewers than residents")
    >>> round(chart.data[0].x[0], 3)
    1.116
    """
    words = Words(id, title, subtitle, source, note, alt)
    found = [_row(check, words) for check in checks]
    if not found:
        words.refuse("no checks: wanted at least one")
    found.sort(key=lambda row: (not row.fails, -row.off if row.fails else row.off))
    lang = words.language(side for row in found for side in (row.left, row.right))
    if not subtitle:
        words = replace(words, subtitle=SUBTITLE[lang])
    canvas = Canvas(words, lang)
    against = canvas.say("对照", "against ")
    numbers = [(bold(row.left.text), escape(against + row.right.text)) for row in found]
    details = [_one_line(first, second) for first, second in numbers]
    rows = row_axis(canvas, [row.statement for row in found], width=STATEMENT, details=details, least=2 * LINE)
    canvas.margin["r"] = max(pixels(line) for pair in numbers for line in pair) + 30
    canvas.narrow_margin["r"] = 14
    _axis(canvas, found)
    _shade(canvas, found, rows)
    _draw(canvas, found)
    _write(canvas, found, numbers)
    canvas.remark = canvas.say(
        "在100%的线上，两边相等。浅蓝底：论断成立的一侧；红色：无论取哪个数都不成立。",
        "At 100% both sides are equal. Shaded: the claim holds on this side. Red: it cannot hold for any numbers "
        "within the ranges.",
    )
    return canvas.chart(FOREST, [side for row in found for side in _labelled_sides(row, canvas.lang)])


def _one_line(first: str, second: str) -> list[str]:
    """Both numbers on a line of a phone, else on two."""
    together = f"{first} {second}"
    return [together] if pixels(together) <= PHONE - 36 else [first, second]


def _row(check: Check, words: Words) -> _Row:
    left, right = check.left, check.right
    if left is None or right is None:
        words.refuse(f'"{check.statement}" has no number on one side: wanted checks that are decided')
    one_kind([Item(check.statement, left), Item(check.statement, right)], words)
    try:
        ratio = replace(left / right, unit="", per="", as_percent=True)  # the audit has compared what they are per
    except (QuantityError, ZeroDivisionError) as error:
        words.refuse(f'"{check.statement}": {left.text} ÷ {right.text}: {error}')
    return _Row(check.statement, check.relation, left, right, ratio, check.verdict in ("disagrees", "changed"))


def _labelled_sides(row: _Row, lang: str) -> list[tuple[str, Quantity]]:
    """What the record says of a check: both numbers, under the claim."""
    colon = "：" if lang == "zh" else ": "
    names = ("左边", "右边") if lang == "zh" else ("left", "right")
    sides = (row.left, row.right)
    return [(f"{row.statement}{colon}{side.label or name}", side) for name, side in zip(names, sides, strict=True)]


def _span(found: Sequence[_Row]) -> tuple[Fraction, Fraction, bool]:
    """The axis: from where to where, and whether it is logarithmic."""
    low = min(Fraction(1), *(row.ratio.low for row in found))
    high = max(Fraction(1), *(row.ratio.high for row in found))
    if low > 0 and high / low > LONG:
        return low, high, True
    pad = (high - low) / 12 or Fraction(1, 10)
    return (Fraction(0) if 0 <= low < pad else low - pad), high + pad, False


def _axis(canvas: Canvas, found: Sequence[_Row]) -> None:
    low, high, log = _span(found)
    like = found[0].ratio
    axis = value_axis(low, high, like, most=6)
    if log:
        axis = log_axis(low * Fraction(3, 4), high * Fraction(4, 3), like)
    canvas.narrow |= narrow_ticks(axis, low, high, like, plot_width(canvas, 0, narrow=True))
    canvas.layout["xaxis"] = axis | {"side": "top", "zeroline": False}
    bottom = len(found) - 0.5
    canvas.line((1, 1), (-0.5, bottom), INK, 1.5)


def _shade(canvas: Canvas, found: Sequence[_Row], rows: Rows) -> None:
    """The side of 100 % on which each claim holds."""
    ends = canvas.layout["xaxis"]["range"]
    if canvas.layout["xaxis"].get("type") == "log":
        ends = [10**end for end in ends]
    for place, row in enumerate(found):
        if row.relation == "=":
            continue
        side = (1, ends[1]) if row.relation.startswith(">") else (ends[0], 1)
        for only, pitch in (("wide", rows.pitch), ("narrow", rows.narrow_pitch)):
            half = (MARK / 2 + 4) / pitch
            canvas.rectangle(side, (place - half, place + half), ALLOWED, only=only)


def _draw(canvas: Canvas, found: Sequence[_Row]) -> None:
    ratios = [row.ratio for row in found]
    tips = [_tip(row) for row in found]
    colours = [row.colour for row in found]
    rows = list(range(len(found)))
    canvas.pale = not all(q.exact for q in ratios)
    canvas.trace(
        "scatter", mode="markers", x=[plain(q.value) for q in ratios], y=rows, cliponaxis=False, tips=tips,
        marker={"color": colours, "size": 11},
    )  # fmt: skip
    marks = canvas.traces.pop()  # drawn over the ranges, and yet the first trace
    for place, q in enumerate(ratios):
        colour = pale(colours[place])
        look: dict[str, Any] = {"line": {"color": colour, "width": 8}, "cliponaxis": False, "name": "bounds"}
        canvas.trace("scatter", mode="lines", x=[plain(q.low), plain(q.high)], y=[place, place], **look)
    canvas.traces.insert(0, marks | {"zorder": 1})


def _tip(row: _Row) -> str:
    """All that both numbers would say, after the claim and the share."""
    head = f"{bold(row.ratio.text)}<br>"
    return (
        tip(row.statement, "")
        + "<br>"
        + head
        + tip("", row.left).removeprefix("<b></b><br>")
        + "<br>÷<br>"
        + (tip("", row.right).removeprefix("<b></b><br>"))
    )


def _write(canvas: Canvas, found: Sequence[_Row], numbers: Sequence[tuple[str, str]]) -> None:
    """Both numbers at the right of a wide page."""
    for place, (row, (first, second)) in enumerate(zip(found, numbers, strict=True)):
        colour = VERMILION if row.fails else INK
        look: dict[str, Any] = {"xref": "paper", "yanchor": "middle", "xshift": 18, "font": {"color": colour}}
        canvas.text(1, place, [first, second], only="wide", **look)

"""Charts of quantities: one function per kind of chart, and nothing drawn without its words and its data.

Every function takes quantities, an `id` (a slug that stays) and a `title` (the finding), and returns a plotly figure
with a record: alt text in the quantities' language, a note on the bounds, the source, the figures behind it and their
data. `alt`, `note` and `source` replace what is made from the data; `labels` the quantities' own. What cannot be drawn
honestly (nothing to draw, numbers of different kinds on one axis, no words) raises `ChartError`.

>>> from bluebook.quantity import published
>>> growth = [published("18.8%", figure="growth.education", lang="en", label="Education")]
>>> chart = bars(growth, id="growth-by-category", title="Spending grew")
>>> chart.record["alt"], chart.record["figures"]
('Bar chart. Spending grew. Education: 18.8%.', ['growth.education'])
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import combinations, pairwise
from typing import Unpack

import pandas as pd
from babel.numbers import format_compact_decimal

from . import draw, timeline
from .draw import BLUE, EM, FAINT, GOLD, LINE, NARROW, PALETTE, RULE, SLATE, VERMILION, Chart, Words, ems, facts, refuse
from .quantity import Quantity
from .text import LOCALES, bare

Quantities = Iterable[Quantity] | pd.DataFrame
Labels = Sequence[str] | None
Rates = Sequence[Quantity] | None
Values = Mapping[str, Quantity | str]
Labelled = tuple[str, Quantity]
Periods = Iterable[tuple[str, Quantity | None]] | pd.DataFrame
Scale = Callable[[Fraction], float]
BAR, GAP = 22, 16  # pixels: the thickness of a bar, the space under it
DOTS = ("圆点：印出或算出的数值。", "Dots: the values as printed or computed.")


def bars(
    quantities: Quantities, *, labels: Labels = None, sort: bool = True, log: bool = False, **words: Unpack[Words]
) -> Chart:
    """Horizontal bars, largest first unless `sort` is false; with `log`, dots on a logarithmic scale.

    The pale end of a bar lies between the number's bounds. A logarithmic scale refuses numbers not above zero.
    """
    items = _one_kind(_labelled(quantities, labels, words), words)
    if sort:
        items = sorted(items, key=lambda item: -item[1].value)
    kind = ("点图，对数刻度", "Dot plot, logarithmic scale") if log else ("条形图", "Bar chart")
    return _ladder(items, [], log, words).chart(kind, items, words)


def funnel(
    stages: Quantities, *, rates: Rates = None, labels: Labels = None, log: bool = False, **words: Unpack[Words]
) -> Chart:
    """What is left after each stage, in the order given, with the rate between each two.

    `rates` are calculated from the stages when not given.

    >>> from bluebook.quantity import published
    >>> checked, filed = published("400间次", figure="a", lang="en"), published("10宗", figure="b", lang="en")
    >>> funnel([checked, filed], labels=["Inspections", "Cases"], id="cases", title="One in forty").record["alt"]
    'Funnel. One in forty. Inspections: 400; Cases: 10; Cases ÷ Inspections: 2.5%.'
    """
    items = _one_kind(_labelled(stages, labels, words), words)
    between = _rates(items, rates, words, percent=True)
    kind = ("漏斗图，对数刻度", "Funnel, logarithmic scale") if log else ("漏斗图", "Funnel")
    return _ladder(items, between, log, words).chart(kind, [*items, *between], words)


def _ladder(items: list[Labelled], rates: list[Labelled], log: bool, words: Words) -> draw.Sheet:
    """Bars, or dots on a logarithmic scale, one under the other, each under its label."""
    across, ticks = _log_scale(items, words) if log else (_linear_scale(items), [])
    sheet, ys = draw.Sheet(), list[float | None]()
    for i, (label, q) in enumerate(items):
        lines = draw.wrap(label, NARROW)
        sheet.say(0, sheet.height, list(map(escape, lines)))
        top = sheet.height + LINE * len(lines) + 4
        (_dot if log else _bar)(sheet, across, top, (label, q))
        ys += [top - 2, top + BAR + 2, None]
        sheet.height = top + BAR + GAP
        if i < len(rates):
            sheet.rate(*rates[i])
    if ticks:
        _log_axis(sheet, across, ticks, ys, items[0][1].lang)
    return sheet


def _bar(sheet: draw.Sheet, across: Scale, top: float, item: Labelled) -> None:
    q, zero, low, high = item[1], across(Fraction(0)), across(item[1].low), across(item[1].high)
    if high - low <= draw.VISIBLE:
        low = high = across(q.value)
    sure = max(zero, low) if q.value >= 0 else min(zero, high)
    sheet.blocks([(min(zero, sure), max(zero, sure), top, top + BAR, BLUE)], hover=[facts(*item)])
    sheet.bounds(low, high, top, top + BAR, hover=facts(*item))
    tip, side, shift = (high, "left", 6) if q.value >= 0 else (low, "right", -6)
    sheet.say(tip, top + BAR / 2, f"<b>{escape(q.text)}</b>", at=side, middle=True, shift=shift)


def _dot(sheet: draw.Sheet, across: Scale, top: float, item: Labelled) -> None:
    q, y = item[1], top + BAR / 2
    sheet.bounds(across(q.low), across(q.high), y - 5, y + 5)
    sheet.dots([(across(q.value), y)], BLUE, 13, hover=facts(*item))
    sheet.say(max(across(q.value), across(q.high)), y, f"<b>{escape(q.text)}</b>", middle=True, shift=11)


def _room(q: Quantity) -> float:
    """The share of a phone's width that a number beside its mark takes."""
    return (ems(q.text) * 1.08 + 1) / NARROW


def _linear_scale(items: list[Labelled]) -> Scale:
    """From values to the width: zero included, with room for each number beyond its bar."""
    low, high = min(Fraction(0), *(q.low for _, q in items)), max(Fraction(0), *(q.high for _, q in items))
    span = high - low or Fraction(1)
    start = max((_room(q) for _, q in items if q.value < 0), default=0.0)
    reach = [(1 - start - _room(q)) / float((q.high - low) / span) for _, q in items if q.value >= 0 and q.high > low]
    stretch = min(1 - start, *reach) if reach else 1 - start
    return lambda value: start + stretch * float((value - low) / span)


def _log_scale(items: list[Labelled], words: Words) -> tuple[Scale, list[Fraction]]:
    """The same by powers of ten, and those powers."""
    for label, q in items:
        if q.low <= 0:
            refuse(words, f"{label} is {q.text}: a logarithmic scale wants numbers above zero")
    first = math.floor(math.log10(min(q.low for _, q in items)))
    last = max(first + 1, math.ceil(math.log10(max(q.high for _, q in items))))
    reach = [(0.97 - _room(q)) * (last - first) / max(math.log10(q.high) - first, 0.01) for _, q in items]
    stretch = min(0.96, *reach)
    across = lambda value: 0.03 + stretch * (math.log10(value) - first) / (last - first)  # noqa: E731
    return across, [Fraction(10) ** n for n in range(first, last + 1)]


def _log_axis(sheet: draw.Sheet, across: Scale, ticks: list[Fraction], ys: list[float | None], lang: str) -> None:
    for value in ticks:
        x = across(value)
        sheet.line([x] * len(ys), ys, RULE, 1)
        at, shift = ("left", -6) if x < 0.04 else ("center", 0)
        sheet.say(x, sheet.height, draw.plain(_power(value, lang)), at=at, shift=shift, size=11, muted=True)
    zh = lang == "zh"
    scale = "对数刻度：每过一条竖线，数值为十倍。" if zh else "Log scale: each line is ten times the last."
    sheet.say(0, sheet.height + LINE + 2, draw.wrap(scale, NARROW * EM / 11), size=11, muted=True)
    sheet.height += 2 * LINE + (2 if zh else LINE)


def _power(value: Fraction, lang: str) -> str:
    """A power of ten, short: 10万, 100K."""
    number = Decimal(value.numerator) / value.denominator
    if lang == "zh" or value < 1000:
        return bare(number, lang)
    return str(format_compact_decimal(number, format_type="short", locale=LOCALES[lang]))


def share(parts: Quantities, *, labels: Labels = None, rest: bool = False, **words: Unpack[Words]) -> Chart:
    """One bar split into the parts of a whole, in the order given, over a key that lists their values.

    With `rest`, the last part is drawn as what remains. Percentages must be able to add up to 100 % within their
    bounds; counts make their own whole.
    """
    items, parts_drawn = _whole(_labelled(parts, labels, words), words, rest=rest)
    sheet, start = draw.Sheet(44), 0.0
    for (label, q), part, colour in zip(items, parts_drawn, _colours(items, rest), strict=True):
        width = float(part)
        sheet.blocks([(start, start + max(width - 0.002, 0), 0, 44, colour)], hover=[facts(label, q)])
        if width > _room(q):
            written = f"<b>{escape(q.text)}</b>"
            sheet.say(start + width / 2, 22, written, at="center", middle=True, colour=draw.ink(colour))
        start += width
        if start < 0.999:  # where one part ends and the next begins is known only between the bounds
            edges = (
                [start + float(part * (end - q.value) / q.value) for end in (q.low, q.high)] if q.value else [start] * 2
            )
            sheet.bounds(edges[0], edges[1], 0, 44, colour="rgba(255,255,255,0.5)")
    _key(sheet, items, _colours(items, rest))
    return sheet.chart(("分段条形图", "Stacked bar"), items, words)


def waffle(
    parts: Quantities,
    *,
    cells: int = 100,
    columns: int = 20,
    rest: bool = False,
    labels: Labels = None,
    **words: Unpack[Words],
) -> Chart:
    """A whole as `cells` equal cells, filled part by part in the order given; a cell may be split between two.

    Parts and `rest` as in `share`.
    """
    items, parts_drawn = _whole(_labelled(parts, labels, words), words, rest=rest)
    high = 36 if cells <= columns else 18
    sheet, filled = draw.Sheet(math.ceil(cells / columns) * (high + 3)), Fraction(0)
    for (label, q), part, colour in zip(items, parts_drawn, _colours(items, rest), strict=True):
        blocks = list(_cells(filled, filled + part * cells, columns, high, colour))
        if blocks:
            sheet.blocks(blocks, hover=[facts(label, q)] * len(blocks))
        filled += part * cells
    _key(sheet, items, _colours(items, rest))
    if cells == 100:
        sheet.remark = (
            "每格是整体的百分之一。" if items[0][1].lang == "zh" else "Each cell is one hundredth of the whole."
        )
    return sheet.chart(("方块图", "Waffle chart"), items, words)


def _cells(start: Fraction, end: Fraction, columns: int, high: int, colour: str) -> Iterator[draw.Block]:
    """The cells, or parts of cells, between two positions along the rows."""
    for cell in range(math.floor(start), math.ceil(end)) if end > start else []:
        row, column = divmod(cell, columns)
        x, wide, top = column / columns, 1 / columns - 0.006, row * (high + 3.0)
        low, until = max(start - cell, Fraction(0)), min(end - cell, Fraction(1))
        yield x + wide * float(low), x + wide * float(until), top, top + high, colour


def slopes(
    ends: Quantities, *, periods: tuple[str, str], start: int = 100, labels: Labels = None, **words: Unpack[Words]
) -> Chart:
    """Lines from a common `start` at the first of two `periods` to where each quantity stands at the second.

    `ends` are in the unit of the start: with 100, growth of 50 % ends at `100 * (1 + growth)`.
    """
    items = _one_kind(_labelled(ends, labels, words), words)
    low, high = min(Fraction(start), *(q.low for _, q in items)), max(Fraction(start), *(q.high for _, q in items))
    down = lambda value: 36 + float(190 * (high - value) / (high - low or 1))  # noqa: E731
    texts = [draw.rich(label, q.text, 0.36 * NARROW) for label, q in items]
    places = _apart([down(q.value) for _, q in items], [LINE * len(lines) + 6 for lines in texts])
    sheet, edge, base = draw.Sheet(down(Fraction(start)) + 26), 0.6, down(Fraction(start))
    sheet.line([0, edge], [base, base], RULE, 1)
    sheet.say(0, 0, draw.plain(periods[0]), muted=True)
    sheet.say(edge, 0, draw.plain(periods[1]), muted=True, at="right")
    sheet.say(0, base + 6, f"<b>{start}</b>")
    for (label, q), lines, place, colour in zip(items, texts, places, _colours(items), strict=True):
        if down(q.low) - down(q.high) > 2:
            sheet.bounds(edge - 0.007, edge + 0.007, down(q.high), down(q.low), colour=draw.pale(colour))
        sheet.line([0, edge], [base, down(q.value)], colour, 3)
        sheet.dots([(edge, down(q.value))], colour, 9, hover=facts(label, q))
        sheet.say(edge, place, lines, shift=12, middle=True)
        sheet.height = max(sheet.height, place + LINE * len(lines) / 2 + 4)
    return sheet.chart(("斜线图", "Slope chart"), items, words)


def _apart(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """The same middles, pushed down where what stands at them would overlap.

    >>> _apart([10, 12, 100], [20, 20, 20])
    [10, 30.0, 100]
    """
    result, floor = list(places), -math.inf
    for i in sorted(range(len(places)), key=places.__getitem__):
        result[i] = max(places[i], floor + heights[i] / 2)
        floor = result[i] + heights[i] / 2
    return result


def trend(series: Mapping[str, Periods], *, breaks: Mapping[str, str] | None = None, **words: Unpack[Words]) -> Chart:
    """Series over time, from zero: a dot a number, a pale whisker for its bounds, a line between neighbours.

    `series`, by name: pairs of a period (2019, 2019-08) and a quantity, or a frame with these two columns; None where
    no number was found. A period's first quantity is on the line, the others, from further sources, are open rings.
    Lines join only numbers at most a year apart, so a gap stays one; none crosses a break: {"2020-11": "Census"}.

    >>> from bluebook.quantity import published
    >>> nine, ten = published("9个", figure="places.a", lang="en"), published("10个", figure="places.b", lang="en")
    >>> trend({"Places": [("2019", nine), ("2020", ten)]}, id="places", title="One more").record["alt"]
    'Line chart. One more. 2019: 9; 2020: 10.'
    """
    try:
        found = [point for name in series for point in timeline.points(name, _pairs(series[name]))]
        cuts = {timeline.moment(period): label for period, label in (breaks or {}).items()}
    except ValueError as error:
        refuse(words, str(error))
    known = _one_kind(_labelled([p.q for p in found if p.q is not None], None, words), words)
    sheet, zh = timeline.drawn(found, cuts), known[0][1].lang == "zh"
    keys = [
        (any("-" in p.period for p in found), "年份的刻度指年末。", "A year’s tick is its end."),
        (any(p.further for p in found), "空心圆：另一来源。", "Open ring: a further source."),
        (any(p.q is None for p in found), "横线：未查到。", "Dash: not found."),
    ]
    sheet.remark = ("" if zh else " ").join(said[0 if zh else 1] for there, *said in keys if there)
    missing = "未查到" if zh else "not found"
    return sheet.chart(
        ("折线图", "Line chart"),
        [(timeline.label(p, len(series) > 1), missing if p.q is None else p.q) for p in found],
        words,
    )


def _pairs(periods: Periods) -> Iterable[tuple[str, Quantity | None]]:
    return zip(periods["period"], periods["quantity"], strict=True) if isinstance(periods, pd.DataFrame) else periods


def levels(
    counts: Quantities, *, top: str = "", rates: Rates = None, labels: Labels = None, **words: Unpack[Words]
) -> Chart:
    """The levels of a hierarchy under one `top`: a dot for each unit, and the branching ratio between each two levels.

    `rates` are calculated from the counts when not given. Counts must be exact, at most 2 000.
    """
    items = _labelled(counts, labels, words)
    between = _rates(items, rates, words, percent=False)
    sheet = draw.Sheet()
    if top:
        sheet.say(0, 0, f"<b>{draw.plain(top)}</b>")
        sheet.dots([(0.5, LINE + 14)], BLUE, 15)
        sheet.height = LINE + 32
    for i, (label, q) in enumerate(items):
        number, lines = _count(label, q, words), draw.rich(label, q.text, NARROW)
        columns = math.ceil(number / math.ceil(number / 80))
        size = min(14.0, max(3.2, 230 / columns))
        sheet.say(0, sheet.height, lines)
        first = sheet.height + LINE * len(lines) + 6 + size / 2
        spots = [((n % columns + 0.5) / columns, first + n // columns * 7) for n in range(number)]
        sheet.dots(spots, BLUE, size, hover=facts(label, q))
        sheet.height = spots[-1][1] + size / 2 + 10
        if i < len(between):
            sheet.rate(*between[i])
    return sheet.chart(("层级图", "Level diagram"), [*items, *between], words)


def tiles(
    areas: pd.DataFrame, values: Values, *, texts: Mapping[str, str] | None = None, **words: Unpack[Words]
) -> Chart:
    """A tile for each area at its `row` and `col`: not a map, borders and distances mean nothing.

    `areas` has columns id, name_zh, name_en, short_zh, short_en, row, col. `values`, by area id, colour the tiles:
    quantities by size, words by category; a tile without one stays empty. `texts`, by area id, are listed below.
    An area without a row has no tile.
    """
    quantities, texts = [(key, q) for key, q in values.items() if isinstance(q, Quantity)], texts or {}
    lang = draw.language([q for _, q in _one_kind(quantities, words)], words)
    places = {area["id"]: area for area in areas.to_dict("records") if area["row"]}
    for key in (*values, *texts):
        if key not in places:
            refuse(words, f'no area "{key}": wanted one of {", ".join(places)}')
    fills, wide, high = _fills(values, words), 1 / (1 + max(int(area["col"]) for area in places.values())), 64
    sheet = draw.Sheet((1 + max(int(area["row"]) for area in places.values())) * (high + 4))
    blocks, hover, written = list[draw.Block](), list[str](), list[str]()
    for key, area in places.items():
        x, y, value = int(area["col"]) * wide, int(area["row"]) * (high + 4), values.get(key, "")
        blocks.append((x + 0.003, x + wide - 0.003, y, y + high, fills.get(key, FAINT)))
        hover.append(facts(area[f"name_{lang}"], value) + f"<br>{draw.plain(texts.get(key, ''))}")
        number = "".join(f"<br><b>{escape(line)}</b>" for line in _stacked(value, wide * NARROW))
        written.append(escape(area[f"short_{lang}"]) + number)
    sheet.blocks(blocks, hover=hover, texts=written)
    categories = {value: fills[key] for key, value in values.items() if isinstance(value, str)}
    told: list[draw.Told] = [(places[key][f"name_{lang}"], told) for key, told in [*values.items(), *texts.items()]]
    listed = [(f"{name}{'：' if lang == 'zh' else ': '}{text}", "", "") for name, text in told[len(values) :]]
    sheet.key([*((category, "", colour) for category, colour in categories.items()), *listed])
    sheet.remark = "方格只示各区大致方位。" if lang == "zh" else "Tiles show only roughly where the districts lie."
    return sheet.chart(("方格地图", "Tile map"), told, words)


def _stacked(value: Quantity | str, width: float) -> list[str]:
    """A number as a tile has it: on one line, else its unit on the next."""
    if isinstance(value, str):
        return []
    return [value.text] if draw.ems(value.text) <= width else re.split(r"(?<=\d)\s*(?=[^\d.,%]+$)", value.text)


def _fills(values: Values, words: Words) -> dict[str, str]:
    """The colour of each area: by size from pale to blue, or by category."""
    sizes = [q.value for q in values.values() if isinstance(q, Quantity)]
    categories = list(dict.fromkeys(value for value in values.values() if isinstance(value, str)))
    if (sizes and categories) or len(categories) > len(PALETTE):
        refuse(words, f"{len(categories)} categories and {len(sizes)} quantities: wanted quantities, or few categories")
    if categories:
        return {key: PALETTE[categories.index(str(value))] for key, value in values.items()}
    low, span = min(sizes, default=Fraction(0)), max(sizes, default=Fraction(0)) - min(sizes, default=Fraction(0))
    return {key: _blend(float((size - low) / (span or 1))) for key, size in zip(values, sizes, strict=True)}


def _blend(part: float) -> str:
    """From pale (0) to the book's blue (1)."""
    pale, full = (0xD6, 0xE6, 0xF5), [int(BLUE[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (f - p) * part):02x}" for p, f in zip(pale, full, strict=True))


def plan(tasks: Quantity, years: Quantity, *, periods: Sequence[str] | None = None, **words: Unpack[Words]) -> Chart:
    """A line for each task across all the years of a plan: for when nobody has published which task falls when."""
    items = _labelled([tasks, years], None, words)
    number, span = (_count(label, q, words) for label, q in items)
    names = periods or [f"第{n}年" if tasks.lang == "zh" else f"Year {n}" for n in range(1, span + 1)]
    if len(names) != span:
        refuse(words, f"{len(names)} periods for {years.text}: wanted {span}")
    sheet = draw.Sheet(height=34 + number * 5)
    for n, name in enumerate(names):
        sheet.blocks([(n / span + 0.003, (n + 1) / span - 0.003, 22, sheet.height, FAINT)])
        sheet.say((n + 0.5) / span, 0, draw.plain(name), at="center", muted=True)
    ys = [y for n in range(number) for y in (30 + n * 5, 30 + n * 5, None)]
    sheet.line([0.015, 0.985, None] * number, ys, BLUE, 1.6, hover=facts(*items[0]))
    _key(sheet, items, [BLUE, draw.REST])
    zh = tasks.lang == "zh"
    sheet.remark = (
        "未公布各项任务属于哪一年，故每条线横贯全期。" if zh else "Which task falls into which year is not published."
    )
    return sheet.chart(("计划图", "Plan"), items, words)


def pairs(left: Quantity, right: Quantity, *, each: Quantity | None = None, **words: Unpack[Words]) -> Chart:
    """Two equal sets of things matched one to one, with `each` small dots between every two: what the pair shares."""
    items = _labelled([left, right, *([] if each is None else [each])], None, words)
    number, other, *rest = (_count(label, q, words) for label, q in items)
    if number != other:
        refuse(words, f"pairs of {left.text} and {right.text}: wanted two equal counts")
    columns, high = math.ceil(number / math.ceil(number / 40)), 22 + 8 * sum(rest)
    spots = [((n % columns + 0.5) / columns, 5.0 + n // columns * (high + 22)) for n in range(number)]
    sheet = draw.Sheet(height=spots[-1][1] + high + 6)
    sheet.line([c for x, _ in spots for c in (x, x, None)], [c for _, y in spots for c in (y, y + high, None)], RULE, 1)
    sheet.dots(spots, BLUE, 7, hover=facts(*items[0]))
    sheet.dots([(x, y + high) for x, y in spots], GOLD, 7, hover=facts(*items[1]))
    if rest:
        sheet.dots([(x, y + 15 + 8 * n) for x, y in spots for n in range(rest[0])], SLATE, 4, hover=facts(*items[2]))
    _key(sheet, items, [BLUE, GOLD, SLATE])
    return sheet.chart(("配对点图", "Paired dots"), items, words)


def intervals(quantities: Quantities, *, labels: Labels = None, **words: Unpack[Words]) -> Chart:
    """The bounds of quantities on one axis: a bar from low to high, a dot at the value.

    What lies within the bounds of all is shaded blue; where they leave a gap, the gap is shaded red.
    """
    items, sheet = _one_kind(_labelled(quantities, labels, words), words), draw.Sheet()
    _axis(sheet, items, apart=True)
    zh = items[0][1].lang == "zh"
    common = "蓝底：各范围共有的部分。" if zh else "Shaded blue: what all the ranges share."
    gap = "红底：各范围之间的空隙。" if zh else "Shaded red: the gap between the ranges."
    shades = [common if _meet(items) else gap] if len(items) > 1 else []
    sheet.remark = ("" if zh else " ").join([DOTS[0 if zh else 1], *shades])
    return sheet.chart(("区间图", "Interval chart"), items, words)


def panels(groups: Mapping[str, Quantities], *, apart: Collection[str] = (), **words: Unpack[Words]) -> Chart:
    """Intervals on an axis for each group, one under the other, each under its heading: groups need no common unit.

    What the ranges of a group share is shaded blue; the gap between those of a group in `apart` red.
    """
    sheet, told = draw.Sheet(), list[Labelled]()
    for heading, quantities in groups.items():
        items = _one_kind(_labelled(quantities, None, words), words)
        lines = [
            f"<b>{escape(line)}</b>" for line in draw.wrap(("✗ " if heading in apart else "") + heading, NARROW - 4)
        ]
        sheet.say(0, sheet.height, lines, colour=VERMILION if heading in apart else BLUE)
        sheet.height += LINE * len(lines) + 6
        _axis(sheet, items, apart=heading in apart, brief=True)
        sheet.height += GAP
        told += [(f"{heading}{'：' if q.lang == 'zh' else ': '}{label}", q) for label, q in items]
    if not told:
        refuse(words, "no groups: wanted at least one")
    remarks = (
        f"每一组各有自己的轴。{DOTS[0]}蓝底：两个范围共有的部分；红底：两个范围之间的空隙。",
        f"Each heading has its own axis. {DOTS[1]} Shaded blue: what both ranges share; red: the gap between them.",
    )
    sheet.remark = remarks[0 if told[0][1].lang == "zh" else 1]
    return sheet.chart(("区间图", "Interval charts"), told, words)


def _meet(items: list[Labelled]) -> bool:
    return all(one.bounds.meets(other.bounds) for (_, one), (_, other) in combinations(items, 2))


def _axis(sheet: draw.Sheet, items: list[Labelled], *, apart: bool, brief: bool = False) -> None:
    """Bounds on one axis; what all share is shaded, and the gap where `apart`. `brief` leaves out the best value."""
    low, high = min(q.low for _, q in items), max(q.high for _, q in items)
    pad = (high - low) / 12 or Fraction(1)
    across = lambda value: float((value - low + pad) / (high - low + 2 * pad))  # noqa: E731
    inner = sorted((across(max(q.low for _, q in items)), across(min(q.high for _, q in items))))
    shade = "rgba(31,94,168,0.14)" if _meet(items) else "rgba(184,69,42,0.22)" if apart else ""
    for label, q in items:
        bounds = [] if q.exact else draw.wrap(q.bounds_text, NARROW)
        lines = draw.rich(label, q.text, NARROW) + [escape(line) for line in bounds]
        if brief:
            lines = draw.rich(label, q.text if q.exact else q.bounds_text, NARROW)
        sheet.say(0, sheet.height, lines)
        y = sheet.height + LINE * len(lines) + 16
        sheet.blocks([(0, 1, y - 11, y + 11, FAINT)])
        if len(items) > 1 and shade:
            sheet.blocks([(*inner, y - 11, y + 11, shade)])  # type: ignore[list-item]
        sheet.bounds(across(q.low), across(q.high), y - 5, y + 5, hover=facts(label, q))
        sheet.dots([(across(q.value), y)], BLUE, 10, hover=facts(label, q))
        sheet.height = y + 11 + GAP


def marks(groups: Mapping[str, Mapping[str, str]], colours: Mapping[str, str], **words: Unpack[Words]) -> Chart:
    """A row of squares for each group: one for each thing, in the colour of its category.

    `groups` holds the category of each thing, by group; `colours` a colour for each category, in their order.

    >>> marks({"Money": {"Total": "agrees"}}, {"agrees": BLUE}, id="verdicts", title="It agrees").record["alt"]
    'Squares. It agrees. Money, Total: agrees.'
    """
    sheet, told, order = draw.Sheet(), list[tuple[str, str]](), list(colours)
    comma = "，" if draw.language([], words) == "zh" else ", "
    kinds = [kind for things in groups.values() for kind in things.values()]
    if not groups or not all(groups.values()) or not {*kinds} <= {*order}:
        refuse(words, f"{len(groups)} groups of {', '.join({*kinds})}: wanted things, each {' or '.join(order)}")
    for group, things in groups.items():
        sheet.say(0, sheet.height, draw.plain(group))
        ordered = sorted(things.items(), key=lambda thing: order.index(thing[1]))
        places = [(n % 18 / 18, sheet.height + LINE + 6 + n // 18 * 25) for n in range(len(ordered))]
        blocks = [(x, x + 0.049, y, y + 22, colours[kind]) for (x, y), (_, kind) in zip(places, ordered, strict=True)]
        sheet.blocks(blocks, hover=[f"{draw.plain(thing)}<br><b>{escape(kind)}</b>" for thing, kind in ordered])
        told += [(f"{group}{comma}{thing}", kind) for thing, kind in ordered]
        sheet.height = places[-1][1] + 22 + GAP
    sheet.key((kind, str(kinds.count(kind)), colour) for kind, colour in colours.items())
    return sheet.chart(("方块图", "Squares"), told, words)


def arcs(links: Iterable[tuple[Quantity, Quantity, bool]], **words: Unpack[Words]) -> Chart:
    """Quantities one under the other, and an arc between each two that are linked: red where the link is marked."""
    joined, items = dict[tuple[str, str], bool](), dict[str, Quantity]()
    for one, other, marked in links:
        items |= {q.label: q for q in (one, other)}
        joined[one.label, other.label] = joined.get((one.label, other.label), False) or marked
    _labelled(items.values(), None, words)
    sheet, ys = draw.Sheet(), dict[str, float]()
    for label, q in items.items():
        lines = draw.wrap(label, 0.6 * NARROW)
        sheet.say(0.6, sheet.height, [escape(line) for line in lines], at="right")
        ys[label] = sheet.height + LINE * len(lines) / 2
        sheet.height += LINE * len(lines) + 8
        sheet.dots([(0.63, ys[label])], SLATE, 7, hover=facts(label, q))
    longest = max(abs(ys[a] - ys[b]) for a, b in joined)
    turns = [math.pi * n / 24 for n in range(25)]
    for (a, b), marked in joined.items():
        middle, half = (ys[a] + ys[b]) / 2, (ys[b] - ys[a]) / 2
        reach = 0.06 + 0.3 * abs(half) * 2 / longest
        xs, down = [0.63 + reach * math.sin(t) for t in turns], [middle - half * math.cos(t) for t in turns]
        hover = f"{draw.plain(a)}<br>{draw.plain(b)}"
        sheet.line(xs, down, VERMILION if marked else BLUE, 2.4 if marked else 1.4, hover=hover)
    return sheet.chart(("弧线图", "Arc diagram"), [*items.items(), *((a, f"↔ {b}") for a, b in joined)], words)


def cycle(steps: Sequence[str], **words: Unpack[Words]) -> Chart:
    """Three or more steps that lead round to the first, clockwise.

    >>> cycle(["Plan", "Do", "Check"], id="loop", title="Round and round").record["alt"]
    'Cycle. Round and round. 1: Plan; 2: Do; 3: Check.'
    """
    if len(steps) < 3:
        refuse(words, f"a cycle of {len(steps)}: wanted three or more steps")
    lines = [[f"<b>{n}</b>", *map(escape, draw.wrap(step, 0.42 * NARROW - 1))] for n, step in enumerate(steps, 1)]
    high = LINE * max(map(len, lines)) + 22
    centres = [(x, high / 2 + row * (high + 38)) for x, row in _ring(len(steps))]
    sheet = draw.Sheet(height=max(y for _, y in centres) + high / 2)
    boxes = [(x - 0.21, x + 0.21, y - high / 2, y + high / 2, FAINT) for x, y in centres]
    sheet.blocks(boxes, hover=[draw.plain(step) for step in steps])
    for (x, y), told, (to_x, to_y) in zip(centres, lines, [*centres[1:], centres[0]], strict=True):
        sheet.say(x, y, told, at="center", middle=True)
        way = ARROWS[(to_x > x) - (to_x < x), (to_y > y) - (to_y < y)]
        sheet.say((x + to_x) / 2, (y + to_y) / 2, way, at="center", middle=True, size=20, colour=BLUE)
    return sheet.chart(("循环图", "Cycle"), [(str(n), step) for n, step in enumerate(steps, 1)], words)


ARROWS = {(1, 0): "→", (-1, 0): "←", (0, 1): "↓", (0, -1): "↑", (-1, 1): "↙", (-1, -1): "↖"}


def _ring(number: int) -> list[tuple[float, int]]:
    """Places clockwise in two columns; an odd one stands in the middle of the last row."""
    right = [(0.785, row) for row in range(number // 2)]
    left = [(0.215, row) for row in reversed(range(number // 2))]
    return [left.pop(), *right, *([(0.5, number // 2)] if number % 2 else []), *left]


# what the kinds share


def _labelled(quantities: Quantities, labels: Labels, words: Words) -> list[Labelled]:
    """The quantities with their labels: those given, else their own."""
    found = list(quantities["quantity"] if isinstance(quantities, pd.DataFrame) else quantities)
    if not found:
        refuse(words, "no quantities: wanted at least one")
    for q in found:
        if not isinstance(q, Quantity):
            refuse(words, f"found {q!r}: wanted quantities of an edition")
    if labels is not None and len(labels) != len(found):
        refuse(words, f"{len(labels)} labels for {len(found)} quantities")
    draw.language(found, words)
    return list(zip(labels or [q.label or q.figure or q.working for q in found], found, strict=True))


def _one_kind(items: list[Labelled], words: Words) -> list[Labelled]:
    kinds = {kind(q): f"{label} ({q.text})" for label, q in items}
    if len(kinds) > 1:
        refuse(words, f"{' and '.join(kinds.values())} on one axis: wanted numbers of one kind")
    return items


def kind(q: Quantity) -> str:
    """What numbers must share to stand on one axis: the unit, where all things that are counted are alike."""
    return "%" if q.as_percent else q.kind


def _whole(items: list[Labelled], words: Words, *, rest: bool) -> tuple[list[Labelled], list[Fraction]]:
    """Parts that can make a whole, none below zero and percentages that may add up to 100 %; and the share of each.

    With `rest` the last part is what the others leave of 100 %, or of the sum.
    """
    listed = ", ".join(f"{label} {q.text}" for label, q in _one_kind(items, words))
    values = [q.value for _, q in items]
    is_percent = items[0][1].as_percent
    if any(value < 0 for value in values) or not sum(values):
        refuse(words, f"parts {listed}: wanted parts of a whole, none below zero")
    if is_percent and not sum(q.low for _, q in items) <= 1 <= sum(q.high for _, q in items):
        refuse(words, f"parts {listed}: wanted parts that can add up to 100%")
    if is_percent and rest and sum(values[:-1]) <= 1:
        return items, [*values[:-1], 1 - sum(values[:-1], Fraction(0))]
    total = sum(values, Fraction(0))
    return items, [value / total for value in values]


def _colours(items: Sequence[Labelled], rest: bool = False) -> list[str]:
    """A colour each; the sixth comes round to the first."""
    colours = [PALETTE[i % len(PALETTE)] for i in range(len(items))]
    return [*colours[:-1], draw.REST] if rest else colours


def _key(sheet: draw.Sheet, items: Sequence[Labelled], colours: Sequence[str]) -> None:
    sheet.key((label, q.text, colour) for (label, q), colour in zip(items, colours, strict=False))


def _count(label: str, q: Quantity, words: Words) -> int:
    if not q.exact or q.value.denominator != 1 or not 0 < q.value <= 2000:
        refuse(words, f"{label} is {q.text}: wanted an exact count from 1 to 2000")
    return int(q.value)


def _rates(items: list[Labelled], rates: Rates, words: Words, *, percent: bool) -> list[Labelled]:
    """The rates given, else each stage over the one before (`percent`), or each level over the one above."""
    if rates is not None and len(rates) != len(items) - 1:
        refuse(words, f"{len(rates)} rates between {len(items)} numbers: wanted {len(items) - 1}")
    if rates is not None:
        return _labelled(rates, None, words)
    between = []
    for (a, under), (b, over) in pairwise(items):
        rate = over / under
        between.append((f"{b} ÷ {a}", rate.percent if percent else rate.ratio))
    return between

"""The charts that groups of an edition's figures ask for, by what they measure.

Figures of one topic (their ids but for the last part) that share measure, unit and period stand in one chart. Units
that differ never share an axis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from bluebook import charts
from bluebook.charts import Chart
from bluebook.edition.edition import Edition
from bluebook.numbers.printed import canonical
from bluebook.numbers.quantity import Quantity
from bluebook.reports.figure_tables import area_names

CARD_MEASURES = ("norm", "duration")  # numbers that say something of one thing each: a card rather than a bar
MOST = 20  # bars in a chart, or cards in a row; the table has the rest
ITEMS = dict.fromkeys("个项件宗起", "个")  # measure words that a source uses for the same things
APART = 100  # times: from here on bars would hide the smaller numbers, and dots on a logarithmic scale do not
YEAR = re.compile("[0-9]{4}")


def slug(id: str) -> str:
    """An id as an anchor or a chart may have it.

    >>> slug("livelihood.growth"), slug("第一章")
    ('livelihood-growth', 'e7acace4b880e7aba0')
    """
    words = re.sub(r"[^a-z0-9]+", "-", id.lower())
    return words.strip("-") or id.encode().hex()


def sort_out(frame: pd.DataFrame) -> tuple[list[pd.DataFrame], list[Quantity]]:
    """Groups of figures to draw, each on one axis, and the figures that stand alone; both in the order of the frame."""
    drawn = [group for group in groups(frame) if _is_drawn(group)]
    drawn_figures: set[Any] = set()
    for group in drawn:
        drawn_figures.update(group.index)
    others = [q for figure, q in frame["quantity"].items() if figure not in drawn_figures]
    return drawn, others


def groups(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The figures that can be compared: of one topic, measured alike, of one time; or one thing at several times.

    What is expected is compared with what is only where both are one thing.
    """
    if frame.empty:
        return []
    topics = pd.Index([_topic(str(figure)) for figure in frame.index])
    axes = [axis(q) for q in frame["quantity"]]
    kinds = frame["measure"] + " " + axes
    things = frame["label"] + " " + frame["area"]
    times = frame["period"] + " " + frame["base"] + " " + frame["status"]
    sizes = frame.groupby([topics, kinds, things])["label"].transform("size")
    is_series = sizes > 1  # one thing, many times
    together = times.where(~is_series, things)
    return [group for _, group in frame.groupby([topics, kinds, together], sort=False)]


def _topic(figure: str) -> str:
    """The topic of a figure: its id but for the last part; all of an id that only says a place in the text."""
    topic, _, last = figure.rpartition(".")
    is_place_in_text = re.fullmatch(r"p\d+_\d+", last)
    return figure if is_place_in_text else topic


def axis(quantity: Quantity) -> str:
    """What numbers must share to be compared in one picture: stricter than a chart, which lets all counts together."""
    unit = ITEMS.get(quantity.unit, canonical(quantity.unit))
    return unit or charts.kind(quantity)


def _is_drawn(group: pd.DataFrame) -> bool:
    first = group.iloc[0]
    if len(group) > 1:
        return first["measure"] not in CARD_MEASURES
    return bool(first["measure"] == "share" and 0 < first["value"] < 1)


def chart_of(book: Edition, group: pd.DataFrame) -> Chart:
    """The chart that a group asks for: parts of a whole, tiles for areas, bars or dots for the rest."""
    id = slug(str(group.index[0]))
    if len(group) == 1:
        return _waffle(book, group["quantity"].iloc[0], id)
    if group["label"].nunique() == 1 and group["area"].nunique() == 1:
        return _series_chart(book, group, id)
    areas = _areas_of_tiles(book, group)
    shown = group.assign(label=_labels(book, group))
    shown = shown.sort_values(["period", "value"], ascending=[True, False], kind="stable")[:MOST]
    items = list(shown["quantity"])
    labels = list(shown["label"])
    title = finding(book, items, labels)
    if areas is not None:
        values = dict(zip(areas["id"], group["quantity"], strict=True))
        return charts.tiles(areas, values, title=title, id=id)
    if group["measure"].iloc[0] == "share" and _may_add_up(items):
        return charts.share(items, labels=labels, title=title, id=id)
    if _are_far_apart(items):
        return charts.dots(items, labels=labels, sort=False, log=True, title=title, id=id)
    return charts.bars(items, labels=labels, sort=False, title=title, id=id, expected=_expected(shown))


def _expected(shown: pd.DataFrame) -> list[str]:
    """The labels of forecasts and targets."""
    is_expected = shown["status"] != ""
    return list(shown["label"][is_expected])


def _are_far_apart(quantities: Sequence[Quantity]) -> bool:
    least = min(q.low for q in quantities)
    largest = max(q.high for q in quantities)
    return 0 < least * APART < largest


def _series_chart(book: Edition, group: pd.DataFrame, id: str) -> Chart:
    """One thing at several times: a line where each has its year and has come, else bars in the order of time."""
    shown = group.sort_values("period", kind="stable")
    items = list(shown["quantity"])
    thing = str(shown["label"].iloc[0])
    last = book.with_status(str(items[-1]), shown["status"].iloc[-1])
    title = book.message("label.value", label=thing, value=f"{items[0]} → {last}")
    if len(items) > 2 and _have_come_in_years(shown):
        periods = list(zip(shown["period"], items, strict=True))
        return charts.trend({thing: periods}, title=title, id=id)
    shown = shown.assign(label=_times(book, shown))[:MOST]
    labels = list(shown["label"])
    return charts.bars(items[:MOST], labels=labels, sort=False, title=title, id=id, expected=_expected(shown))


def _have_come_in_years(shown: pd.DataFrame) -> bool:
    """Whether each figure is of a year of its own, and none is expected."""
    are_years = all(YEAR.fullmatch(period) for period in shown["period"])
    has_expected = (shown["status"] != "").any()
    return bool(are_years and shown["period"].is_unique and not has_expected)


def _times(book: Edition, shown: pd.DataFrame) -> list[str]:
    """The times of figures, which tell them apart."""
    before = book.message("period.before")
    labels = []
    for period, status in zip(shown["period"], shown["status"], strict=True):
        labels.append(book.with_status(period or before, status))
    if len(set(labels)) == len(labels):
        return labels
    return [book.message("label.in_brackets", label=label, remark=number) for number, label in enumerate(labels, 1)]


def _waffle(book: Edition, share: Quantity, id: str) -> Chart:
    rest = (1 - share).labelled(book.message("chart.rest"))
    title = book.message("label.value", label=share.label, value=share)
    return charts.waffle([share, rest], rest=True, title=title, id=id)


def _may_add_up(shares: Sequence[Quantity]) -> bool:
    """Whether shares can be the parts of one whole."""
    least = sum(q.low for q in shares)
    most = sum(q.high for q in shares)
    return least <= 1 <= most


def _labels(book: Edition, group: pd.DataFrame) -> list[str]:
    """The labels; where several figures share one, the area and the period that tell them apart."""
    own = [q.label for q in group["quantity"]]
    if len(set(own)) == len(own):
        return own
    areas = area_names(book)
    by_area = group["area"].nunique() > 1
    by_period = group["period"].nunique() > 1
    labels = []
    for figure, row in group.iterrows():
        last_part = str(figure).rpartition(".")[2]
        words = []
        if by_area:
            words.append(areas.get(row["area"]) or book.say(row["area"], last_part))
        if by_period:
            words.append(row["period"])
        if not by_area and not by_period:
            words.append(last_part)
        label = " ".join(word for word in words if word)
        labels.append(label or row["quantity"].label)
    return labels


def _areas_of_tiles(book: Edition, group: pd.DataFrame) -> pd.DataFrame | None:
    """The edition's tiles for the areas of a group, in its order, if each figure is about another of them."""
    areas = book.table("areas") if book.has_table("areas") else pd.DataFrame()
    if "row" not in areas or len(group) < 3:
        return None
    areas = areas.set_index("name_zh", drop=False)
    has_tile = areas["row"] != ""
    have_all_tiles = set(group["area"]) <= set(areas.index[has_tile])
    if not have_all_tiles or not group["area"].is_unique:
        return None
    chosen = areas.loc[list(group["area"])]
    return chosen.assign(row=_from_zero(chosen["row"]), col=_from_zero(chosen["col"]))


def _from_zero(places: pd.Series) -> pd.Series:
    """Places of tiles, the first of them 0."""
    numbers = places.astype(int)
    return (numbers - numbers.min()).astype(str)


def finding(book: Edition, items: list[Quantity], labels: list[str]) -> str:
    """Which is the largest, if the bounds let that be said."""
    labelled = sorted(zip(labels, items, strict=True), key=lambda pair: -pair[1].value)
    (first, largest), (second, next_largest) = labelled[:2]
    if largest.low > next_largest.high:
        return book.message("finding.highest", label=first, number=largest)
    return book.message("finding.undecided", first=first, second=second)

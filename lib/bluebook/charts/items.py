"""What a chart is drawn from: labelled quantities, from a list or a frame, that may stand on one axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import pandas as pd

from bluebook.charts.canvas import Description
from bluebook.charts.colours import pale
from bluebook.charts.lettering import HAN, tip
from bluebook.numbers.quantity import Quantity

Quantities = Iterable[Quantity] | pd.DataFrame
Labels = Sequence[str] | None


@dataclass(frozen=True)
class Item:
    """A quantity and what it is called in this chart."""

    label: str
    q: Quantity

    @property
    def labelled(self) -> tuple[str, Quantity]:
        return self.label, self.q

    @property
    def tip(self) -> str:
        """What its mark says when pointed at."""
        return tip(self.label, self.q)


@dataclass(frozen=True)
class Columns:
    """Which columns of a frame hold what; "" is none.

    `x` holds quantities, or numbers in `unit` ("%" for fractions that are shown as percentages), with their bounds in
    `low` and `high`; `y` holds the labels. Without `x` the column `quantity` of an edition's frames is read.
    """

    x: str = ""
    y: str = ""
    low: str = ""
    high: str = ""
    unit: str = ""


def labelled(data: Quantities, labels: Labels, description: Description, columns: Columns | None = None) -> list[Item]:
    """The quantities with their labels: those given, else their own.

    Raises `ChartError` for no quantities, for what is none, for two languages and for labels that are not one each.
    """
    if isinstance(data, pd.DataFrame):
        items = from_frame(data, columns or Columns(), description)
    else:
        items = [_item(q, description) for q in data]
    if not items:
        description.refuse("no quantities: wanted at least one")
    description.language(quantities_of(items))
    if labels is None:
        return items
    if len(labels) != len(items):
        description.refuse(f"{len(labels)} labels for {len(items)} quantities")
    return [Item(label, item.q) for label, item in zip(labels, items, strict=True)]


def comparable(data: Quantities, labels: Labels, description: Description, columns: Columns) -> list[Item]:
    """The labelled quantities, if they may stand on one axis; else a `ChartError`."""
    items = labelled(data, labels, description, columns)
    return one_kind(items, description)


def quantities_of(items: Iterable[Item]) -> list[Quantity]:
    return [item.q for item in items]


def labels_of(items: Iterable[Item]) -> list[str]:
    return [item.label for item in items]


def largest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: -item.q.value)


def ends_of(quantities: Sequence[Quantity]) -> tuple[Fraction, Fraction]:
    """The least and the greatest that any of the numbers can be."""
    low = min(q.low for q in quantities)
    high = max(q.high for q in quantities)
    return low, high


def ends_from_zero(quantities: Sequence[Quantity]) -> tuple[Fraction, Fraction]:
    """The ends of an axis that has zero and all numbers within their bounds; from 0 to 1 where all are zero."""
    low, high = ends_of(quantities)
    start = min(Fraction(0), low)
    end = max(Fraction(0), high)
    return start, end if end > start else start + 1


def are_exact(quantities: Iterable[Quantity]) -> bool:
    return all(q.exact for q in quantities)


def _item(q: Any, description: Description) -> Item:
    if not isinstance(q, Quantity):
        description.refuse(f"found {q!r}: wanted quantities of an edition")
    return Item(q.label or q.figure or q.working, q)


def from_frame(frame: pd.DataFrame, columns: Columns, description: Description) -> list[Item]:
    """The rows of a frame as labelled quantities; a number that is missing is a `ChartError` that names its row."""
    named = {"x": columns.x or "quantity", "y": columns.y, "low": columns.low, "high": columns.high}
    for name, column in named.items():
        if column and column not in frame.columns:
            wanted = ", ".join(map(str, frame.columns))
            description.refuse(f'{name}="{column}": no such column: wanted one of {wanted}')
    items = []
    for place, (_, row) in enumerate(frame.iterrows(), 1):
        q = row[named["x"]]
        if not isinstance(q, Quantity):
            q = _measured(row, named, columns.unit, place, description)
        label = str(row[columns.y]) if columns.y else _item(q, description).label
        items.append(Item(label, q))
    return items


def _measured(row: pd.Series, named: dict[str, str], unit: str, place: int, description: Description) -> Quantity:
    """A quantity from plain numbers, in the language of the chart's title and labels."""
    value = _number(row, named["x"], place, description)
    low = _number(row, named["low"], place, description) if named["low"] else value
    high = _number(row, named["high"], place, description) if named["high"] else value
    if not low <= value <= high:
        description.refuse(f"row {place}: {float(value):g} outside its bounds {float(low):g} to {float(high):g}")
    text = description.title
    if named["y"]:
        text += str(row[named["y"]])
    lang = "zh" if any(_is_han(character) for character in text) else "en"
    if unit == "%":
        return Quantity(value, low, high, as_percent=True, lang=lang)
    return Quantity(value, low, high, unit=unit, lang=lang)


def _is_han(character: str) -> bool:
    return HAN[0] <= character <= HAN[2]


def _number(row: pd.Series, column: str, place: int, description: Description) -> Fraction:
    cell = row[column]
    try:
        number = Decimal(str(cell))
        if number.is_finite():
            return Fraction(number)
    except InvalidOperation:
        pass
    description.refuse(f"row {place}, column {column}: found {cell!r}: wanted a number")


def one_kind(items: list[Item], description: Description) -> list[Item]:
    """The items, if they may stand on one axis; else a `ChartError` that names those that differ."""
    examples = {kind(item.q): f"{item.label} ({item.q.text})" for item in items}
    if len(examples) > 1:
        differing = " and ".join(examples.values())
        description.refuse(f"{differing} on one axis: wanted numbers of one kind")
    return items


def kind(q: Quantity) -> str:
    """What numbers must share to stand on one axis: the unit, where all things that are counted are alike."""
    return "%" if q.as_percent else q.kind


def whiskers(quantities: Sequence[Quantity], colour: str, thickness: float) -> dict[str, Any]:
    """plotly's error bars from low to high of each number, in the pale of a colour."""
    above: list[float] = []
    below: list[float] = []
    for q in quantities:
        above.append(float(q.high - q.value))
        below.append(float(q.value - q.low))
    return {
        "type": "data",
        "symmetric": False,
        "array": above,
        "arrayminus": below,
        "color": pale(colour),
        "thickness": thickness,
        "width": 0,
    }

"""Numbers over time: when each of them was, which of them a line joins, and whether that line is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from bluebook.messages import message
from bluebook.numbers.quantity import Quantity

Periods = Iterable[tuple[str, Quantity | None]] | pd.DataFrame


@dataclass(frozen=True)
class Point:
    """A number of a series, or None where none was found; `further`: another source has said this period already."""

    series: str
    period: str
    q: Quantity | None
    further: bool = False

    @property
    def at(self) -> Fraction:
        return moment(self.period)


@dataclass(frozen=True)
class Known(Point):
    """A point with its number."""

    q: Quantity


@dataclass(frozen=True)
class Join:
    """A line between two neighbours; `sure` where their bounds leave no doubt which is higher."""

    start: Known
    end: Known

    @property
    def sure(self) -> bool:
        start = self.start.q
        end = self.end.q
        return not start.overlaps(end) or start.bounds == end.bounds


def moment(period: str) -> Fraction:
    """When a period ends, in years: 2019 is its end. Raises `ValueError` for what is no year, month or day.

    >>> moment("2019"), moment("2019-06")
    (Fraction(2019, 1), Fraction(4037, 2))
    """
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-\d\d)?)?", period)
    if not match:
        raise ValueError(f'period "{period}": wanted a year or a month, like 2019 or 2019-08')
    year = int(match[1])
    month = int(match[2] or 12)
    return year - Fraction(12 - month, 12)


def points(series: str, data: Periods) -> list[Point]:
    """The points of a series in the order of time; those of one period in the order given."""
    if isinstance(data, pd.DataFrame):
        data = zip(data["period"], data["quantity"], strict=True)
    read: list[Point] = []
    for period, q in data:
        further = any(other.period == period for other in read)
        if q is None:
            read.append(Point(series, period, q, further))
        else:
            read.append(Known(series, period, q, further))
    return sorted(read, key=lambda point: point.at)


def known(points: Iterable[Point]) -> list[Known]:
    return [point for point in points if isinstance(point, Known)]


def joins(points: Sequence[Point], breaks: Mapping[Fraction, str]) -> Iterator[Join]:
    """Lines between neighbours at most a year apart, with no break between them."""
    on_line = [point for point in known(points) if not point.further]
    for start, end in pairwise(on_line):
        is_broken = any(start.at < at <= end.at for at in breaks)
        if end.at - start.at <= 1 and not is_broken:
            yield Join(start, end)


def labelled_value(point: Point, *, named: bool, lang: str) -> tuple[str, Quantity | str]:
    """What the record says of a point, after the name of its series where there are several."""
    label = point.period
    if named:
        label = message(lang, "label.value", label=point.series, value=point.period)
    if point.q is None:
        return label, message(lang, "number.not_found")
    return label, point.q


def most_telling(points: Sequence[Known]) -> list[Known]:
    """The numbers of a series, the most telling first: the last, the first, the largest, the smallest, the others."""
    if not points:
        return []
    by_size = sorted(points, key=lambda point: point.q.value)
    by_time = sorted(points, key=lambda point: point.at)
    ranked = [by_time[-1], by_time[0], by_size[-1], by_size[0], *by_time]
    return list(dict.fromkeys(ranked))

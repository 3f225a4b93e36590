"""What a row of `figures.csv` must keep that no single cell shows: a unit its measure can have, bounds that hold the
number, and a base before its period.

Bounds that do not hold the number, or a share in 张, would be carried into charts and verdicts without a sign. So an
edition with such a row does not open, and `bluebook check` lists each.

Which units each measure can have is in the codebook's table (`data/README.md`) and in `ALLOWED`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.printed import MEASURES, Printed, PrintedError, canonical, parse

A_SIZE = "0 or a number from 10^-24 to under 10^24"
LARGEST = 10**24  # in plain units: more than anybody counts, and well inside what a float holds
TIME = frozenset(
    "小时 个小时 天 日 个工作日 工作日 分钟 秒 周 个星期 个月 月 个季度 年 学时 课时".split()
)  # 岁 is an age, 周年 an anniversary
RATIO, POINTS, TIMES, PER_UNIT, BARE = "a percentage", "percentage points", "a multiple", "an amount by unit", "no unit"
MEASURED, COUNTED, DURATION = "money or a measured quantity", "things counted", "a length of time"
ABSOLUTE = frozenset({COUNTED, MEASURED, DURATION, PER_UNIT, BARE})
ALLOWED: dict[str, frozenset[str]] = {  # the kinds of unit a measure can have
    "count": frozenset({COUNTED, BARE}),
    "level": frozenset({MEASURED, PER_UNIT, TIMES, BARE}),
    "share": frozenset({RATIO}),  # from 0 to 100 %
    "rate": frozenset({RATIO, PER_UNIT}),
    "growth": frozenset({RATIO, TIMES}),
    "annual_growth": frozenset({RATIO}),
    "ratio": frozenset({TIMES, RATIO}),
    "increase": ABSOLUTE | {POINTS},
    "average": ABSOLUTE,
    "norm": ABSOLUTE | {RATIO},
    "duration": frozenset({DURATION}),
}
ALSO = {"count": ("天", "日"), "level": ("分", "点", "级", "标准箱")}  # units beside those of the measure's kinds
USUAL = {  # the measure of a number of which no more is known than its unit
    RATIO: "share",
    POINTS: "increase",
    TIMES: "growth",
    PER_UNIT: "average",
    BARE: "count",
    MEASURED: "level",
    COUNTED: "count",
    DURATION: "duration",
}
STATUSES = ("", "forecast", "target")
_MOMENT = "[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
PERIOD = re.compile(rf"{_MOMENT}(?:/{_MOMENT})?")
A_PERIOD = "a year, month, date or two of them, like 2020, 2020-06 or 2016/2020"


@dataclass(frozen=True)
class Breach:
    """A cell of a row that cannot stand beside the others: its column, what is in it, what could be."""

    column: str
    found: str
    wanted: str


def unit_kind(number: Printed) -> str:
    """What kind of unit a printed number has.

    >>> unit_kind(parse("15.5%")), unit_kind(parse("2838.5亿元")), unit_kind(parse("605个"))
    ('a percentage', 'money or a measured quantity', 'things counted')
    """
    unit = number.unit
    if unit.endswith("分点"):
        return POINTS
    if unit in ("倍", "番"):
        return TIMES
    if "/" in unit:
        return PER_UNIT
    if not unit:
        return RATIO if number.scale < 1 else BARE
    if unit in TIME:
        return DURATION
    return MEASURED if unit in MEASURES else COUNTED


def fits(measure: str, number: Printed) -> bool:
    """Whether a number of this measure can have this number's unit, and as a part of a whole its size.

    >>> fits("share", parse("15.5%")), fits("share", parse("500张")), fits("duration", parse("38亿元"))
    (True, False, False)
    """
    if measure == "share" and not 0 <= number.value <= 1:
        return False
    return unit_kind(number) in ALLOWED.get(measure, ()) or number.unit in ALSO.get(measure, ())


def fitting(measure: str, number: Printed) -> str:
    """The measure if the number can have it, else the usual one of its unit: what a draft says for a person to confirm.

    >>> fitting("count", parse("48.2件/万人")), fitting("share", parse("125%"))
    ('average', 'rate')
    """
    if fits(measure, number):
        return measure
    candidates = [USUAL[unit_kind(number)], *ALLOWED]
    return next(name for name in candidates if fits(name, number))


def breaches(row: Mapping[str, str]) -> Iterator[Breach]:
    """What is wrong between the cells of one row of `figures.csv`; cells that cannot be read at all are left out.

    >>> row = {"printed": "605个", "measure": "share", "low": "700个", "period": "2019", "base": "2020"}
    >>> [breach.column for breach in breaches(row)]
    ['measure', 'low', 'base']
    """
    number = _read(reading(row))
    if number is not None:
        yield from _size(number, row)
        yield from _measure(number, row)
        yield from _bounds(number, row)
    yield from _times(row)
    if row.get("status", "") not in STATUSES:
        yield Breach("status", row["status"], "forecast, target or nothing")


def cited_breaches(row: Mapping[str, str]) -> Iterator[Breach]:
    """What is wrong between the cells of one row of `context.csv`, where an empty `printed` means: not found.

    A `measure`, which a file may leave out, is kept as in `figures.csv`: a share stays within 0 and 100 %.
    """
    number = _read(reading(row)) if row["printed"] else None
    if number is not None:
        yield from _size(number, row)
        if "measure" in row:
            yield from _measure(number, row)
    elif row["printed"]:
        yield Breach("printed", row["printed"], "a number with its unit, or in reads_as the number it says")
    if bool(row["printed"]) != bool(row["confidence"]):
        wanted = "official, press or secondary" if row["printed"] else "nothing, as no number was found"
        yield Breach("confidence", row["confidence"], wanted)


def area_breaches(row: Mapping[str, str]) -> Iterator[Breach]:
    """What is wrong between the cells of one row of `areas.csv`: a tile has a row, a column and a short name."""
    if not (row.get("row") or row.get("col")):
        return
    for column in ("row", "col", "short_zh", "short_en"):
        if not row.get(column):
            yield Breach(column, "", "something, as the area has a tile")


def reading(row: Mapping[str, str]) -> str:
    """The form a row's number is read from: what its list or heading says of it, else what is printed."""
    return row.get("reads_as") or row.get("printed", "")


def _read(cell: str) -> Printed | None:
    try:
        return parse(cell)
    except PrintedError:
        return None


def _size(number: Printed, row: Mapping[str, str]) -> Iterator[Breach]:
    if not is_sized(number):
        yield Breach("printed", row["printed"], A_SIZE)


def is_sized(number: Printed) -> bool:
    """Whether a printed number and its bounds are such that anything could be counted or measured by them."""
    return all(map(is_sizeable, (number.value, number.low, number.high)))


def is_sizeable(value: Fraction) -> bool:
    """Whether a value is one that anything could be counted or measured by: a float holds it, and a page can show it.

    >>> is_sizeable(Fraction(0)), is_sizeable(Fraction(10**290)), is_sizeable(Fraction(1, 10**290))
    (True, False, False)
    """
    if value == 0:
        return True
    size = abs(value)
    return 1 <= size * LARGEST < LARGEST**2


def _measure(number: Printed, row: Mapping[str, str]) -> Iterator[Breach]:
    measure = row.get("measure", "")
    if measure not in ALLOWED:
        yield Breach("measure", measure, f"one of {', '.join(ALLOWED)}")
        return
    if fits(measure, number):
        return
    if measure == "share" and unit_kind(number) == RATIO:
        yield Breach("printed", reading(row), "a share between nothing and the whole, 0% to 100%")
        return
    possible = ", ".join(name for name in ALLOWED if fits(name, number))
    yield Breach("measure", measure, f"a measure that {reading(row)} can have: {possible}")


def _bounds(number: Printed, row: Mapping[str, str]) -> Iterator[Breach]:
    """Bounds in the number's unit, in order, with the number between them; what cannot be read is the schema's."""
    for column in ("low", "high"):
        cell = row.get(column, "")
        bound = _read(cell) if cell else None
        if bound is None:
            continue
        is_same_unit = canonical(bound.unit) == canonical(number.unit)
        if not is_same_unit or unit_kind(bound) != unit_kind(number):
            yield Breach(column, cell, f"a number in the unit of {reading(row)}")
        elif bound.hedge:
            yield Breach(column, cell, "a plain number, without a hedge or a range")
        elif column == "low" and bound.value > number.value:
            yield Breach(column, cell, f"a lower bound that is not above {reading(row)}")
        elif column == "high" and bound.value < number.value:
            yield Breach(column, cell, f"an upper bound that is not below {reading(row)}")


def _times(row: Mapping[str, str]) -> Iterator[Breach]:
    period, base = row.get("period", ""), row.get("base", "")
    readable = True
    for column, cell in (("period", period), ("base", base)):
        if cell and not PERIOD.fullmatch(cell):
            readable = False
            yield Breach(column, cell, f"{A_PERIOD}, or nothing")
    if readable and not is_before(base, period):
        yield Breach("base", base, f"a time before the period, {period}")


def is_before(base: str, period: str) -> bool:
    """Whether a base comes before its period; an empty one of the two says nothing against it.

    >>> is_before("2019", "2020"), is_before("2020", "2020"), is_before("2020", "2020-06"), is_before("", "2020")
    (True, False, False, True)
    """
    return not base or not period or _end(base) < _end(period)


def _end(period: str) -> tuple[int, ...]:
    """When a period ends, so that periods can be put in order: a year after its months, a month after its days."""
    _, _, last = period.rpartition("/")
    parts = [int(part) for part in last.split("-")]
    return (*parts, 99, 99)[:3]

"""When a schedule is due: five fields, read as Debian's cron reads them, in a time zone of their own.

cronsim does the reading. What cron does not know (`L`, `1#2`, `?`), and what is read differently by different versions
of cron (`5/15`), is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim, CronSimError

FIELDS = {  # the five fields, and what each may be
    "minute": "0-59",
    "hour": "0-23",
    "day of the month": "1-31",
    "month": "1-12 or jan-dec",
    "weekday": "0-7 or sun-sat, where Sunday, 0 or 7, comes before Monday",
}
UNKNOWN = re.compile(r"[^0-9A-Za-z*,/-]")
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class CronError(ValueError):
    """A cron expression or a time zone that cannot be read; the message says why."""


@dataclass(frozen=True)
class Cron(BaseTrigger):
    """A trigger of APScheduler: the times of a cron expression in a time zone.

    Where summer time begins, a time that the clock leaves out is due as soon as it goes on; where it ends, a time that
    the clock shows twice is due once, unless every hour or minute is.

    >>> Cron("30 6 1 */3 *", "Asia/Shanghai").after(datetime(2026, 2, 1, tzinfo=UTC)).isoformat()
    '2026-04-01T06:30:00+08:00'
    """

    text: str
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        """Check both. Raises CronError."""
        fields = self.text.split()
        if len(fields) != len(FIELDS):
            raise CronError(f"found {len(fields)} fields")
        for number, field in enumerate(fields):
            _check_field(number, field)
        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise CronError("there is no such time zone") from None
        try:
            coming = self.after(datetime.now(UTC))
        except CronSimError:
            coming = None
        if coming is None:
            raise CronError("no year has such a day")

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment, in the time zone; None if there is none."""
        for time in self._read(moment):
            if time.timestamp() > moment.timestamp():
                return time
        return None

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """What APScheduler asks for: the time after the one before, or after now."""
        return self.after(previous_fire_time or now)

    def _read(self, moment: datetime) -> CronSim:
        return CronSim(self.text, moment.astimezone(ZoneInfo(self.timezone)))

    @property
    def minutes(self) -> list[int]:
        """The minutes of an hour at which it may be due."""
        return sorted(self._read(datetime.now(UTC)).minutes)

    def calendar(self) -> list[str]:
        """The times as systemd writes them. Two lines: where either a day of the month or a weekday will do.

        >>> Cron("30 6 1 1,4,7,10 *", "Asia/Shanghai").calendar()
        ['*-1,4,7,10-1 6:30:00 Asia/Shanghai']
        >>> Cron("0 6 13 * fri").calendar()
        ['*-*-13 6:0:00 UTC', 'Fri *-*-* 6:0:00 UTC']
        """
        times = self._read(datetime.now(UTC))
        month = _listed(times.months, 12)
        clock = f"{_listed(times.hours, 24)}:{_listed(times.minutes, 60)}:00 {self.timezone}"
        day = _listed(times.days, 31)
        numbers = {number % 7 for number in times.weekdays if isinstance(number, int)}
        names = ",".join(WEEKDAYS[number] for number in sorted(numbers))
        weekday = "" if len(numbers) == 7 else f"{names} "
        if times.day_and:
            return [f"{weekday}*-{month}-{day} {clock}"]
        return [f"*-{month}-{day} {clock}", f"{weekday}*-{month}-* {clock}"]


def _check_field(number: int, field: str) -> None:
    """Refuse what is not cron's: cronsim knows more. Raises CronError."""
    name, wanted = list(FIELDS.items())[number]
    where = f'{name} "{field}"'
    unknown = UNKNOWN.search(field)
    if unknown:
        raise CronError(f'{where}: cron knows no "{unknown[0]}"')
    if "day" in name and "L" in field.upper():
        raise CronError(f'{where}: cron knows no "L"')
    try:
        _values(number, field)
        for term in field.split(","):
            values, slash, _ = term.partition("/")
            if slash and len(_values(number, values)) == 1:
                raise CronError(f'{where}: a step follows a range or "*", not a single "{values}"')
    except CronSimError:
        raise CronError(f"{where}: expected numbers, ranges, lists and steps of {wanted}") from None


def _values(number: int, field: str) -> Collection[Any]:
    """The values of one field, the other four being "*". Raises CronSimError."""
    fields = ["*"] * len(FIELDS)
    fields[number] = field
    read = CronSim(" ".join(fields), datetime.now(UTC))
    values: Collection[Any] = (read.minutes, read.hours, read.days, read.months, read.weekdays)[number]
    return values


def _listed(values: Collection[int], all_of_them: int) -> str:
    """
    >>> _listed({3, 1}, 12), _listed(range(1, 13), 12)
    ('1,3', '*')
    """
    if len(values) == all_of_them:
        return "*"
    return ",".join(str(value) for value in sorted(values))

"""When a schedule is due: five fields, read as Debian's cron reads them, in a time zone of their own.

cronsim does the reading. What cron does not know (`L`, `1#2`, `?`), and what is read differently by different versions
of cron (`5/15`), is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

FIELDS = {  # the five fields, and what each may be
    "minute": "0-59",
    "hour": "0-23",
    "day of the month": "1-31",
    "month": "1-12 or jan-dec",
    "weekday": "0-7 or sun-sat, where Sunday, 0 or 7, comes before Monday",
}
VALUE = "(?:[0-9]+|[A-Za-z]{3})"
TERM = rf"(?:\*|{VALUE}(?:-{VALUE})?)(?:/[0-9]+)?"
FIELD = re.compile(f"{TERM}(?:,{TERM})*")
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class CronError(ValueError):
    """A cron expression or a time zone that cannot be read; the message says why."""


@dataclass(frozen=True)
class Cron:
    """The times of a cron expression in a time zone.

    Where summer time begins, a time that the clock leaves out is due as soon as it goes on; where it ends, a time that
    the clock shows twice is due once, unless every hour or minute is.

    >>> Cron("30 6 1 */3 *", "Asia/Shanghai").after(datetime(2026, 2, 1, tzinfo=UTC)).isoformat()
    '2026-04-01T06:30:00+08:00'
    """

    expression: str
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        """Check both. Raises CronError."""
        fields = self.expression.split()
        if len(fields) != len(FIELDS):
            raise CronError(f"found {len(fields)} fields")
        for number, field in enumerate(fields):
            _check_field(number, field)
        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise CronError("there is no such time zone") from None
        self.after(datetime.now(UTC))

    def after(self, moment: datetime) -> datetime:
        """The first time after a moment, in the time zone. Raises CronError where there is none."""
        try:
            for time in self._read(moment):
                if time.timestamp() > moment.timestamp():
                    return time
        except CronSimError:
            pass
        raise CronError("no year has such a day")

    def _read(self, moment: datetime) -> CronSim:
        return CronSim(self.expression, moment.astimezone(ZoneInfo(self.timezone)))

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
    if not FIELD.fullmatch(field) or not _values(number, field):
        raise CronError(f"{where}: expected numbers, ranges, lists and steps of {wanted}")
    for term in field.split(","):
        values, slash, _ = term.partition("/")
        if slash and len(_values(number, values)) == 1:  # cronsim reads 5-5/15 as 5-59/15
            raise CronError(f'{where}: a step follows a range or "*", not a single "{values}"')


def _values(number: int, field: str) -> Collection[object]:
    """The values of one field, the other four being "*"; none where it cannot be read."""
    fields = ["*"] * len(FIELDS)
    fields[number] = field
    try:
        read = CronSim(" ".join(fields), datetime.now(UTC))
    except CronSimError:
        return ()
    return (read.minutes, read.hours, read.days, read.months, read.weekdays)[number]


def _listed(values: Collection[int], all_of_them: int) -> str:
    """
    >>> _listed({3, 1}, 12), _listed(range(1, 13), 12)
    ('1,3', '*')
    """
    if len(values) == all_of_them:
        return "*"
    return ",".join(str(value) for value in sorted(values))

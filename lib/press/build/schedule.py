"""What a suite says of its unattended runs: each `[[schedule]]`, checked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from press.build.cron import Cron, CronError
from press.suite import Suite, SuiteError, shortened

UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
LONGEST_S = 366 * 86400.0  # of any duration
CATCH_UP = ("skip", "once", "all")
LATE_S = 15 * 60  # until a run that is not to be caught up counts as missed: cron may ask a quarter of an hour later


@dataclass(frozen=True)
class Schedule:
    """One `[[schedule]]` of a suite; durations in seconds."""

    name: str
    times: Cron
    only: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # KEY=VALUE
    dask: str = ""
    target: str = ""
    partial: bool = False
    timeout: float = math.inf
    retries: int = 0
    backoff: float = 60.0
    catch_up: str = "once"
    within: float = 7 * 86400.0

    @property
    def grace(self) -> int:
        """Seconds after its time until a run that was missed is let go."""
        return LATE_S if self.catch_up == "skip" else int(self.within)

    def build_command(self) -> list[str]:
        """`build` with its options; where from and where to is the keeper's."""
        words = ["build"]
        for name in self.only:
            words += ["--only", name]
        if self.dask:
            words += ["--dask", self.dask]
        return words + self._parameter_options()

    def publish_command(self) -> list[str]:
        """`publish` with its options."""
        words = ["publish", self.target]
        if self.partial:
            words.append("--partial")
        return words + self._parameter_options()

    def _parameter_options(self) -> list[str]:
        return [word for pair in self.parameters for word in ("-p", pair)]


def schedules(suite: Suite) -> list[Schedule]:
    """The suite's schedules, checked. Raises SuiteError."""
    found: dict[str, Schedule] = {}
    for number, table in enumerate(suite.schedules, 1):
        schedule = _read_schedule(table, number, suite)
        if schedule.name in found:
            raise SuiteError(f'{suite.file}: two schedules are named "{schedule.name}": a name is given once')
        found[schedule.name] = schedule
    if not found:
        raise SuiteError(f"{suite.file}: no [[schedule]]: a suite that is printed unattended has at least one")
    return list(found.values())


def _read_schedule(table: Mapping[str, Any], number: int, suite: Suite) -> Schedule:
    for key in ("name", "cron"):
        if not table.get(key):
            raise SuiteError(f"{suite.file}, schedule {number}: no {key}: expected name and cron")
    name = table["name"]
    if not name.isprintable():
        raise SuiteError(f"{suite.file}, schedule {number}, name: found {name!r}, expected characters that can be seen")
    where = f'{suite.file}, schedule "{name}"'
    reports = [report.name for report in suite.reports]
    for report in table.get("only", ()):
        if report not in reports:
            known = ", ".join(reports)
            raise SuiteError(f'{where}, only: no report "{shortened(report)}": expected one of {known}')
    catch_up = table.get("catch_up", "once")
    if catch_up not in CATCH_UP:
        raise SuiteError(f'{where}, catch_up: found "{shortened(catch_up)}", expected one of {", ".join(CATCH_UP)}')
    retries = table.get("retries", 0)
    if retries < 0:
        raise SuiteError(f"{where}, retries: found {retries}, expected 0 or more")
    return Schedule(
        name=name,
        times=_read_times(table["cron"], table.get("timezone", "UTC"), where),
        only=tuple(table.get("only", ())),
        parameters=tuple(f"{key}={value}" for key, value in table.get("parameters", {}).items()),
        dask=table.get("dask", ""),
        target=table.get("target", ""),
        partial=table.get("partial", False),
        timeout=_seconds(table["timeout"], f"{where}, timeout") if "timeout" in table else math.inf,
        retries=retries,
        backoff=_seconds(table.get("backoff", "1 min"), f"{where}, backoff"),
        catch_up=catch_up,
        within=_seconds(table.get("within", "7 d"), f"{where}, within"),
    )


def _read_times(cron: str, timezone: str, where: str) -> Cron:
    try:
        return Cron(cron, timezone)
    except CronError as error:
        found = f'cron "{shortened(cron)}" in timezone "{shortened(timezone)}"'
        raise SuiteError(
            f"{where}: cannot read {found}: {shortened(str(error))}; expected minute, hour, "
            'day, month and weekday, like "30 6 1 1,4,7,10 *" in "Asia/Shanghai"'
        ) from None


def _seconds(text: str, where: str) -> float:
    """
    >>> _seconds("90 s", ""), _seconds("2 h", "")
    (90.0, 7200.0)
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *(s|min|h|d)", text)
    seconds = float(found[1]) * UNIT_SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST_S:
        shown = shortened(text)
        raise SuiteError(
            f'{where}: found "{shown}", expected a duration like "90 s", "5 min", "2 h" or "3 d", a year at most'
        )
    return seconds

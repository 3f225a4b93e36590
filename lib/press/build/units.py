"""For those who keep time with what their system has: units of systemd, and a line of crontab."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

from press.build.schedule import schedules
from press.suite import Suite, SuiteError

QUARTERS = (0, 15, 30, 45)  # minutes by which the clocks of two places may differ, besides hours
LONGEST_NAME = 255  # bytes of a unit's name
UNSAFE_WORD = re.compile(r'[\x00-\x1f"\\\x7f\ud800-\udfff]')
UNSAFE_NAME = re.compile(r"[^0-9A-Za-z:_.-]")

# systemd does the rest: runs missed while the machine was off (Persistent), and starting again what crashed (Restart).
SERVICE = """\
# {heading}
[Unit]
Description={title}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=:{command}
KillMode=mixed
TimeoutStopSec=60
"""
KEPT = """\
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""
ONCE = "Type=oneshot\n"
TIMER = """\
# {unit}.timer: systemd leaves out a time that the clock leaves out when summer time begins; press.service does not
[Unit]
Description={title}

[Timer]
{times}
Persistent={persistent}

[Install]
WantedBy=timers.target
"""
CRONTAB = """\
# {title}
# Does what is due, {names}, each in its own time zone, and what was missed as its catch_up says.
# cron knows no time zones, so it only asks, every quarter of an hour at least: there is nothing to change in the line.
{minutes} * * * * {command}
"""


def systemd(suite: Suite, out: Path) -> str:
    """A unit for `press schedule`, and for each schedule a service and a timer that do without it.

    Raises SuiteError where a schedule's name is too long for a unit.
    """
    title = systemd_text(_title(suite))
    keeper = systemd_command(command(suite, out))
    heading = "press.service: keeps all schedules, with the status page"
    parts = [SERVICE.format(heading=heading, title=title, command=keeper) + KEPT]
    for one in schedules(suite):
        unit, name = unit_name(one.name), f"{title}: {systemd_text(one.name)}"
        run = systemd_command([*command(suite, out), f"--run={one.name}"])
        times = "\n".join(f"OnCalendar={line}" for line in one.times.calendar())
        persistent = "false" if one.catch_up == "skip" else "true"
        parts.append(SERVICE.format(heading=f"or, without it: {unit}.service", title=name, command=run) + ONCE)
        parts.append(TIMER.format(unit=unit, title=name, times=times, persistent=persistent))
    return "\n".join(parts)


def crontab(suite: Suite, out: Path) -> str:
    """A line that does what is due, at every minute at which a schedule may be, whatever the machine's time zone is.

    Raises SuiteError where a path cannot be said in a crontab.
    """
    known = schedules(suite)
    minutes = {(minute + quarter) % 60 for one in known for minute in one.times.minutes for quarter in QUARTERS}
    return CRONTAB.format(
        title=_title(suite),
        names=", ".join(one.name for one in known),
        minutes=",".join(map(str, sorted(minutes))),
        command=crontab_command([*command(suite, out), "--due"]),
    )


def command(suite: Suite, out: Path) -> list[str]:
    """The words that keep a suite's schedules, from whatever folder they are said."""
    return [sys.executable, "-m", "press.cli", "schedule", "--suite", str(suite.file), "--out", str(out)]


def systemd_command(words: list[str]) -> str:
    r"""Words as `ExecStart=:` takes them: a colon before them has `$` mean itself.

    >>> print(systemd_command(["/a b/python", '100% "$x"']))
    "/a b/python" "100%% \x22$x\x22"
    """
    return " ".join(f'"{_escaped(word, UNSAFE_WORD)}"'.replace("%", "%%") for word in words)


def systemd_text(text: str) -> str:
    """Text as a unit's description: `%` means itself, and a backslash at the end goes on to the next line."""
    return text.replace("%", "%%").rstrip("\\")


def unit_name(schedule: str) -> str:
    r"""The name of a schedule's unit, escaped as systemd-escape does. Raises SuiteError where it is too long.

    >>> print(unit_name("every night"), unit_name("a/b"))
    press-every\x20night press-a\x2fb
    """
    name = "press-" + _escaped(schedule, UNSAFE_NAME)
    if len(name) > LONGEST_NAME - len(".service"):
        raise SuiteError(f'schedule "{schedule}": its name is too long for a unit of systemd: give it a shorter one')
    return name


def _escaped(text: str, unsafe: re.Pattern[str]) -> str:
    """Text with the bytes of a character that is not safe as `\\x…`."""

    def escape(found: re.Match[str]) -> str:
        return "".join(f"\\x{byte:02x}" for byte in os.fsencode(found[0]))

    return unsafe.sub(escape, text)


def crontab_command(words: list[str]) -> str:
    r"""Words as cron takes them, which ends a command at a `%` without a backslash. Raises SuiteError.

    >>> print(crontab_command(["/a b/python", "100%"]))
    '/a b/python' 100\%
    """
    for word in words:
        if "\\" in word or not word.isprintable():
            raise SuiteError(f"{word!r}: a crontab has no way to write a backslash or a line break: rename the folder")
    return shlex.join(words).replace("%", "\\%")


def _title(suite: Suite) -> str:
    """The title of a suite, on one line."""
    title = next(iter(suite.title.values()))
    return " ".join(title.split())

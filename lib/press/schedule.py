"""Unattended: builds and publishes when the suite's schedules say, catches up, tries again, and tells when it fails.

APScheduler keeps the times, in a database beside the book, so that runs missed while it was down are known; what is
done with them is the schedule's policy. Each run is the commands `press build` and `press publish` in a process of its
own. `log.jsonl` is the record of everything, and what the status page shows.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jinja2
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from filelock import FileLock, Timeout
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from press.build import RECORD
from press.suite import Suite, SuiteError

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
WEEKDAYS = "sun mon tue wed thu fri sat sun".split()
CATCH_UP = ("skip", "once", "all")
LATE = 60  # seconds after its time until a run that is not to be caught up counts as missed
POLL = 0.5  # seconds between two looks at a running command
PATIENCE = 30  # seconds for a command that was told to stop
BEAT = 15  # seconds between two looks at the clock, which may have jumped, or the machine slept
SHOWN = 20  # past runs on the status page


@dataclass(frozen=True)
class Schedule:
    """One `[[schedule]]` of a suite. Durations are seconds; a run missed by more than `grace` is let go."""

    name: str
    cron: str
    timezone: str
    only: tuple[str, ...] = ()  # words for `press build`,
    dask: tuple[str, ...] = ()  # these too, and these for `press publish` as well:
    parameters: tuple[str, ...] = ()
    target: str = ""
    partial: bool = False
    timeout: float | None = None
    retries: int = 0
    backoff: float = 60.0
    catch_up: str = "once"
    grace: float = LATE

    @property
    def trigger(self) -> CronTrigger:
        return _trigger(self.cron, self.timezone)


def schedules(suite: Suite) -> list[Schedule]:
    """The suite's schedules, checked. Raises SuiteError."""
    found = [_schedule(table, f"{suite.file}, schedule {n}", suite) for n, table in enumerate(suite.schedules, 1)]
    for schedule in found:
        if [other.name for other in found].count(schedule.name) > 1:
            raise SuiteError(f'{suite.file}: two schedules are named "{schedule.name}": a name is given once')
    if not found:
        raise SuiteError(f"{suite.file}: no [[schedule]]: a suite that is printed unattended has at least one")
    return found


def _schedule(table: Mapping[str, Any], where: str, suite: Suite) -> Schedule:
    for key in ("name", "cron"):
        if not table.get(key):
            raise SuiteError(f"{where}: no {key}: expected name and cron")
    where = f'{suite.file}, schedule "{table["name"]}"'
    known = [report.name for report in suite.reports]
    for name in table.get("only", ()):
        if name not in known:
            raise SuiteError(f'{where}, only: no report "{name}": expected one of {", ".join(known)}')
    catch_up = table.get("catch_up", "once")
    if catch_up not in CATCH_UP:
        raise SuiteError(f'{where}, catch_up: found "{catch_up}", expected one of {", ".join(CATCH_UP)}')
    if table.get("retries", 0) < 0:
        raise SuiteError(f"{where}, retries: found {table['retries']}, expected 0 or more")
    within = _seconds(table.get("within", "7 d"), f"{where}, within")
    made = Schedule(
        name=table["name"],
        cron=table["cron"],
        timezone=table.get("timezone", "UTC"),
        only=tuple(word for name in table.get("only", ()) for word in ("--only", name)),
        dask=("--dask", table["dask"]) if "dask" in table else (),
        parameters=tuple(
            word for key, value in table.get("parameters", {}).items() for word in ("-p", f"{key}={value}")
        ),
        target=table.get("target", ""),
        partial=table.get("partial", False),
        timeout=_seconds(table["timeout"], f"{where}, timeout") if "timeout" in table else None,
        retries=table.get("retries", 0),
        backoff=_seconds(table.get("backoff", "1 min"), f"{where}, backoff"),
        catch_up=catch_up,
        grace=LATE if catch_up == "skip" else within,
    )
    try:
        _ = made.trigger
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise SuiteError(
            f'{where}: cannot read cron "{made.cron}" in timezone "{made.timezone}": {error}; expected minute, hour, '
            'day, month and weekday, like "30 6 1 1,4,7,10 *" in "Asia/Shanghai"'
        ) from None
    return made


def _seconds(text: str, where: str) -> float:
    """
    >>> _seconds("90 s", ""), _seconds("2 h", "")
    (90.0, 7200.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(s|min|h|d)", text)
    if not found or not float(found[1]):
        raise SuiteError(f'{where}: found "{text}", expected a duration like "90 s", "5 min", "2 h" or "3 d"')
    return float(found[1]) * UNITS[found[2]]


class Cron(CronTrigger):
    """APScheduler's, but an hour that comes twice, when summer time ends, counts once unless every hour is due."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        found = super().get_next_fire_time(previous_fire_time, now)
        hours = str(self.fields[self.FIELD_NAMES.index("hour")])
        while found and found.fold and "*" not in hours:
            found = super().get_next_fire_time(found, found)
        return found


def _trigger(cron: str, timezone: str) -> CronTrigger:
    """As cron reads it: 0 and 7 are Sunday, which APScheduler numbers otherwise."""
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"found {len(fields)} fields")
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise ValueError("both a day of the month and a weekday")
    named = re.sub(r"(?<![/\w])\d+", lambda found: WEEKDAYS[int(found[0]) % 8], weekday)
    if wrapped := re.fullmatch(r"sun-(\w{3})", named):
        named = f"sun,mon-{wrapped[1]}" if wrapped[1] != "sun" else "*"
    zone = ZoneInfo(timezone)
    return Cron(minute=minute, hour=hour, day=day, month=month, day_of_week=named, timezone=zone)


class Clock(BackgroundScheduler):
    """APScheduler's, but it looks at the clock at least every `BEAT` seconds."""

    def _process_jobs(self) -> float:
        return min(super()._process_jobs() or BEAT, BEAT)


class Json(logging.Formatter):
    """A line of JSON for each thing that happened."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        return json.dumps({"at": at, "level": record.levelname.lower(), **vars(record).get("what", {})}, sort_keys=True)


@dataclass
class Keeper:
    """Does the runs of a suite's schedules, one at a time, and knows how they went."""

    suite: Suite
    out: Path
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.schedules = {schedule.name: schedule for schedule in schedules(self.suite)}
        self.folder = self.out / ".schedule"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = logging.getLogger(f"press.schedule.{self.out}")
        self.log.setLevel(logging.INFO)
        self.log.propagate = False
        if not self.log.handlers:
            file = RotatingFileHandler(self.folder / "log.jsonl", maxBytes=2_000_000, backupCount=5, encoding="utf-8")
            for handler in (file, logging.StreamHandler()):
                handler.setFormatter(Json())
                self.log.addHandler(handler)
        self._unkept: dict[str, Any] | None = None  # told.json, where it could not be written
        for name in self.suite.alerts:
            if not os.environ.get(name):
                raise SuiteError(f"{self.suite.file}, [alerts] to: the environment has no {name}, the address to tell")

    def say(self, event: str, level: int = logging.INFO, **what: Any) -> None:
        self.log.log(level, event, extra={"what": {"event": event, **what}})

    # one run

    def run(self, name: str) -> bool:
        """Build and publish as the schedule says, again after a failure; whether that succeeded."""
        schedule = self.schedules[name]
        with self._alone():
            if self.stop.is_set():
                return False
            started, before = time.time(), self._watched()
            self._write("running.json", {"schedule": name, "at": started})
            for attempt in range(1, schedule.retries + 2):
                cause = self._attempt(schedule)
                if cause is None or self.stop.is_set():
                    break
                self.say("attempt failed", logging.WARNING, schedule=name, attempt=attempt, cause=cause)
                if attempt <= schedule.retries and self.stop.wait(schedule.backoff * 2 ** (attempt - 1)):
                    break
            status = "stopped" if self.stop.is_set() else "failed" if cause else "done"
            told = {"schedule": name, "status": status, "attempts": attempt, "cause": cause or ""}
            self.say("run", logging.ERROR if cause else logging.INFO, seconds=round(time.time() - started, 1), **told)
            if status == "stopped":
                return False  # running.json stays: the next start does it again
            self._alert(name, cause, before)
            (self.folder / "running.json").unlink(missing_ok=True)
        return cause is None

    def _attempt(self, schedule: Schedule) -> str | None:
        """Why the schedule's commands failed; None where they did not."""
        deadline = time.monotonic() + schedule.timeout if schedule.timeout else None
        where = (*schedule.parameters, "--suite", str(self.suite.file), "--out", str(self.out))
        if (
            cause := self._command(("build", *schedule.only, *schedule.dask, *where), deadline, schedule)
            or self._warned()
        ):
            if not schedule.partial:
                return cause
            self.say("published in part", logging.WARNING, schedule=schedule.name, cause=cause)
        if not schedule.target:
            return cause
        part = ("--partial",) if schedule.partial else ()
        return self._command(("publish", schedule.target, *part, *where), deadline, schedule) or cause

    def _warned(self) -> str | None:
        """What the build could not print as it was asked to."""
        runs = _read(self.out / RECORD).get("runs", ())
        return "; ".join(dict.fromkeys(run["warning"] for run in runs if "warning" in run)) or None

    def _command(self, words: tuple[str, ...], deadline: float | None, schedule: Schedule) -> str | None:
        """Why `press …` failed, or None. It is told to stop when we are, and ended when its time is over."""
        command = [sys.executable, "-m", "press.cli", *words]
        quiet, over = subprocess.DEVNULL, ""
        with subprocess.Popen(
            command,
            cwd=self.suite.root,
            stdin=quiet,
            stdout=quiet,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            while True:
                try:
                    _, said = process.communicate(timeout=POLL)
                    break
                except subprocess.TimeoutExpired:
                    if deadline and time.monotonic() > deadline:
                        over = f"press {words[0]} was over the time limit of {schedule.timeout:g} s"
                        os.killpg(process.pid, signal.SIGKILL)
                    elif self.stop.is_set():
                        deadline = deadline or time.monotonic() + PATIENCE
                        process.send_signal(signal.SIGINT)
        if over or process.returncode == 0:
            return over or None
        lines = [line for line in said.splitlines() if line.startswith(("failed ", "press: "))] or said.splitlines()[
            -1:
        ]
        return "; ".join(lines)[:2000] or f"press {words[0]} ended with {process.returncode}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One run at a time, in whichever process; the lock of one that was killed is free."""
        lock = FileLock(self.folder / "run.lock")
        while not lock.is_locked and not self.stop.is_set():
            with suppress(Timeout):
                lock.acquire(timeout=POLL)
        try:
            yield
        finally:
            lock.release()

    def missed(self, event: Any) -> None:
        """APScheduler let a run go: it was too late, or the one before was still running."""
        times = getattr(event, "scheduled_run_times", None) or [event.scheduled_run_time]
        why = "too late" if event.code == EVENT_JOB_MISSED else "the run before was not over"
        self.say("missed", logging.WARNING, schedule=event.job_id, due=[str(one) for one in times], why=why)

    # telling

    def _alert(self, name: str, cause: str | None, before: Mapping[str, str]) -> None:
        """Tell of a new cause of failure, of the recovery from one, and of watched words that changed; each once."""
        told = self._failing()
        if cause and told.get(name) != cause:
            self.tell(f"{name} failed", f"{cause}\nReaders still have the last good book. Log: {self.folder}/log.jsonl")
        if not cause and name in told:
            self.tell(f"{name} recovered", "The last run was published.")
        told = {**told, name: cause} if cause else {key: told[key] for key in told if key != name}
        self._unkept = None if self._write("told.json", told) else told
        now = self._watched()
        changed = [f"{key}: {before[key]} → {now[key]}" for key in now if before.get(key, now[key]) != now[key]]
        if changed:
            self.tell(f"{name}: {len(changed)} verdicts changed", "\n".join(changed))

    def tell(self, title: str, body: str) -> None:
        """Send a message to every address of the suite's alerts, and to the log."""
        self.say("alert", logging.WARNING, title=title, body=body)
        if not self.suite.alerts:
            return
        import apprise

        post = apprise.Apprise()
        for name in self.suite.alerts:
            if not post.add(os.environ[name]):
                self.say("alert not sent", logging.ERROR, to=name, cause="not an address that apprise knows")
        if len(post) and not post.notify(title=f"{next(iter(self.suite.title.values()))}: {title}", body=body):
            self.say("alert not sent", logging.ERROR, title=title)

    def _watched(self) -> dict[str, str]:
        """What the built notebooks ask to be watched: `metadata.press.watch` of their outputs."""
        found: dict[str, str] = {}
        for file in sorted((self.out / "site").rglob("*.ipynb")):
            with suppress(OSError, ValueError, KeyError):
                cells = json.loads(file.read_bytes())["cells"]
                for output in (output for cell in cells for output in cell.get("outputs", ())):
                    found |= output.get("metadata", {}).get("press", {}).get("watch", {})
        return found

    # state

    def _failing(self) -> dict[str, Any]:
        """The cause that was last told of each schedule that fails."""
        return _read(self.folder / "told.json") if self._unkept is None else self._unkept

    def _write(self, name: str, content: Mapping[str, Any]) -> bool:
        """Keep some state; whether that could be done, for the disk may be full."""
        try:
            half = self.folder / f"{name}.half"
            half.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            half.replace(self.folder / name)
        except OSError as error:
            self.say("state not kept", logging.ERROR, file=name, cause=str(error))
            return False
        return True

    def database(self) -> str:
        """The address of the scheduler's database; a damaged one is put aside."""
        file = self.folder / "times.sqlite"
        try:
            with sqlite3.connect(file) as base:
                base.execute("pragma quick_check").fetchall()
            base.close()
        except sqlite3.DatabaseError as error:
            file.replace(file.with_suffix(".damaged"))
            self.tell("the scheduler's database was damaged", f"{error}. Begun anew: runs missed before now are lost.")
        return f"sqlite:///{file}"

    def status(self, clock: Clock) -> dict[str, Any]:
        """Each schedule with its next run, what runs now, and the last runs and alerts."""
        coming = {job.id: str(job.next_run_time) for job in clock.get_jobs()}
        failing = self._failing()
        return {
            "suite": next(iter(self.suite.title.values())),
            "now": datetime.now(UTC).isoformat(timespec="seconds"),
            "running": _read(self.folder / "running.json"),
            "schedules": [
                {"name": name, "cron": one.cron, "timezone": one.timezone}
                | {"next": coming.get(name, ""), "failing": failing.get(name, "")}
                for name, one in self.schedules.items()
            ],
            "last": list(self._history())[-SHOWN:][::-1],
        }

    def _history(self) -> Iterator[dict[str, Any]]:
        with suppress(OSError):
            for line in (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):
                    if (entry := json.loads(line)).get("event") in ("run", "alert", "missed"):
                        yield entry


KEEPERS: dict[str, Keeper] = {}  # by their folder: the scheduler's database holds names, not objects


def due(out: str, name: str) -> None:
    """What APScheduler calls when a schedule's time has come."""
    KEEPERS[out].run(name)


def set_clock(keeper: Keeper) -> Clock:
    """A running clock with the suite's schedules; one that is as it was goes on from when it was due next."""
    clock = Clock(timezone=UTC)
    clock.add_jobstore(SQLAlchemyJobStore(keeper.database()))
    clock.add_jobstore("memory", "memory")
    clock.add_executor(ThreadPoolExecutor(len(keeper.schedules) + 1))
    clock.add_listener(keeper.missed, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    KEEPERS[str(keeper.out)] = keeper
    clock.start(paused=True)
    known = {job.id: job for job in clock.get_jobs("default")}
    for name, one in keeper.schedules.items():
        old = known.pop(name, None)
        same = old is not None and repr(old.trigger) == repr(one.trigger)
        policy = {"coalesce": one.catch_up != "all", "misfire_grace_time": int(one.grace), "replace_existing": True}
        when = {"next_run_time": old.next_run_time} if same and old else {}
        clock.add_job("press.schedule:due", one.trigger, args=[str(keeper.out), name], id=name, **policy, **when)
    for name in known:
        clock.remove_job(name, "default")
    name = _read(keeper.folder / "running.json").get("schedule", "")
    if name in keeper.schedules and keeper.schedules[name].catch_up != "skip":
        keeper.say("interrupted", logging.WARNING, schedule=name)
        clock.add_job(due, args=[str(keeper.out), name], id=f"{name}, interrupted", jobstore="memory")
    clock.resume()
    return clock


def keep(suite: Suite, out: Path, port: int, say: Callable[[str], None]) -> None:
    """Keep the suite's schedules until told to stop; `say` is told where the status page is."""
    keeper = Keeper(suite, out)
    lock = FileLock(keeper.folder / "keeper.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SuiteError(f"{out}: another `press schedule` keeps the schedules of this folder") from None
    with lock:
        asyncio.run(_keep(keeper, port, say))


async def _keep(keeper: Keeper, port: int, say: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = set_clock(keeper)
    server = HTTPServer(Application([(r"/(status.json)?", Status, {"look": lambda: keeper.status(clock)})]))
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except OSError as error:
        raise SuiteError(f"--port {port}: {error.strerror}; name another, or 0 for any that is free") from None
    server.add_sockets(sockets)
    keeper.say("started", schedules=list(keeper.schedules))
    say(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/")
    await stop.wait()
    keeper.stop.set()
    await asyncio.to_thread(clock.shutdown)
    keeper.say("stopped")


class Status(RequestHandler):
    """The status as a page, and as `status.json`."""

    def initialize(self, look: Callable[[], dict[str, Any]]) -> None:
        self.look = look

    def get(self, json: str | None) -> None:
        if json:
            self.finish(self.look())
        else:
            self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
            self.finish(
                jinja2.Environment(loader=loader, autoescape=True).get_template("status.html.j2").render(self.look())
            )


# for those who keep time with what their system has


def systemd(suite: Suite, out: Path) -> str:
    """A unit for `press schedule`, and for each schedule a service and a timer that do without it."""
    command = f"{shlex.quote(sys.executable)} -m press.cli schedule --suite {suite.file} --out {out}"
    unit = f"[Unit]\nDescription={next(iter(suite.title.values()))}%s\nAfter=network-online.target\n\n"
    service = "[Service]\nWorkingDirectory={}\nExecStart={}\n".format(suite.root, "{}")
    parts = [
        "# press.service: keeps all schedules, with the status page and catching up\n"
        + unit % ""
        + service.format(command)
        + "Restart=on-failure\nTimeoutStopSec=60\n\n[Install]\nWantedBy=multi-user.target\n"
    ]
    for one in schedules(suite):
        times = f"[Timer]\nOnCalendar={calendar(one)}\nPersistent={str(one.catch_up != 'skip').lower()}\n"
        parts += [
            f"# or, without it: press-{one.name}.service\n{unit % f': {one.name}'}"
            + service.format(f"{command} --run {shlex.quote(one.name)}")
            + "Type=oneshot\n",
            f"# press-{one.name}.timer\n{unit % f': {one.name}'}{times}\n[Install]\nWantedBy=timers.target\n",
        ]
    return "\n".join(parts)


def crontab(suite: Suite, out: Path) -> str:
    """A line for each schedule. cron does not catch up; a run that fails tries again as the schedule says."""
    command = f"{shlex.quote(sys.executable)} -m press.cli schedule --suite {suite.file} --out {out} --run"
    return "".join(
        f"CRON_TZ={one.timezone}\n{one.cron} {command} {shlex.quote(one.name)}\n" for one in schedules(suite)
    )


def calendar(one: Schedule) -> str:
    """A schedule's times as systemd writes them.

    >>> calendar(Schedule("q", "30 6 1 1,4,7,10 *", "Asia/Shanghai"))
    '*-1,4,7,10-1 6:30:00 Asia/Shanghai'
    >>> calendar(Schedule("n", "*/15 2-4 * * 1-5", "UTC"))
    'mon..fri *-*-* 2..4:0/15:00 UTC'
    """
    minute, hour, day, month, _ = (part.replace("-", "..").replace("*/", "0/") for part in one.cron.split())
    days = str(one.trigger.fields[CronTrigger.FIELD_NAMES.index("day_of_week")]).replace("-", "..")
    return f"{'' if days == '*' else days + ' '}*-{month}-{day} {hour}:{minute}:00 {one.timezone}"


def _read(file: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        return dict(json.loads(file.read_bytes()))
    return {}

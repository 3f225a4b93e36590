"""APScheduler keeps the times of a suite's schedules: what runs when, and what becomes of a run that was missed."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout
from tornado.web import RequestHandler

from press import serve
from press.cron import Cron
from press.keeper import Keeper
from press.schedule import Schedule
from press.suite import Suite, SuiteError

LOOK_EVERY_S = 15  # between two looks at the clock, which may have jumped, or the machine slept
JUST_NOW = timedelta(minutes=1)  # within which cron starts what it is to start
CLOCK_SET_BACK = timedelta(days=1)  # at most, as people and summer time do: then nothing is done twice
TIMES = "times.json"  # when each schedule is due next, so that what is missed meanwhile is known
KEEPER_LOCK = "keeper.lock"  # held by who keeps the schedules


class Clock(BackgroundScheduler):
    """APScheduler's, but it looks at least every `LOOK_EVERY_S`, and writes down when each schedule is due next."""

    def __init__(self, keeper: Keeper) -> None:
        super().__init__(timezone=UTC)
        self.keeper = keeper
        self.kept = keeper.read(TIMES)
        self.looked = threading.Event()
        self.add_executor(ThreadPoolExecutor(len(keeper.schedules) + 1))
        self.add_listener(self._tell, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)

    def _process_jobs(self) -> float:
        wait: float | None = super()._process_jobs()
        self.keep_times()
        self.looked.set()
        return LOOK_EVERY_S if wait is None else min(wait, LOOK_EVERY_S)

    def _tell(self, event: Any) -> None:
        """A run was let go, or could not even begin."""
        if event.code == EVENT_JOB_ERROR:
            self.keeper.failed = True
            self.keeper.tell(f"{event.job_id} failed", str(event.exception))
            return
        late = event.code == EVENT_JOB_MISSED
        times = [event.scheduled_run_time] if late else event.scheduled_run_times
        why = "too late" if late else "the run before was not over"
        self.keeper.say("missed", logging.WARNING, schedule=event.job_id, due=[str(one) for one in times], why=why)

    def keep_times(self) -> None:
        """Write down when each schedule is due next, where that has changed."""
        times = {}
        for job in self.get_jobs():
            if isinstance(job.trigger, Cron):
                times[job.id] = {**asdict(job.trigger), "next": job.next_run_time.isoformat()}
        if self.running and times != self.kept:  # once it was shut down it knows none
            self.keeper.write(TIMES, times)
            self.kept = times

    def coming(self) -> dict[str, str]:
        """When each schedule is due next."""
        return {job.id: str(job.next_run_time) for job in self.get_jobs()}

    def next_time(self, schedule: Schedule, since: datetime) -> datetime | None:
        """When a schedule is due next: as it was kept, if the schedule is as it was then.

        A time that was kept while the clock was far ahead is let go.
        """
        coming = schedule.times.after(since)
        kept = self.kept.get(schedule.name)
        if coming and isinstance(kept, dict) and kept.items() >= asdict(schedule.times).items():
            with suppress(KeyError, TypeError, ValueError, OverflowError):
                following = datetime.fromisoformat(kept["next"]).astimezone(UTC)
                return following if following < coming + CLOCK_SET_BACK else coming
        return coming


def start_clock(keeper: Keeper, since: timedelta = timedelta()) -> Clock:
    """A running clock with the suite's schedules.

    A schedule that is as it was goes on from when it was due next; one that is new begins now, or `since` before.
    """
    clock = Clock(keeper)
    for name, schedule in keeper.schedules.items():
        clock.add_job(
            keeper.run,
            schedule.times,
            args=[name],
            id=name,
            coalesce=schedule.catch_up != "all",
            misfire_grace_time=schedule.grace,
            next_run_time=clock.next_time(schedule, datetime.now(UTC) - since),
        )
    again = keeper.interrupted()
    if again:
        keeper.say("interrupted", logging.WARNING, schedule=again)
        clock.add_job(keeper.run, args=[again], id=f"{again}, interrupted", misfire_grace_time=None)
    clock.start()
    clock.keep_times()
    return clock


@contextmanager
def _stopped_by_signals(keeper: Keeper) -> Iterator[None]:
    """SIGTERM and SIGINT stop the keeper, and it its build, instead of ending us and leaving that alone."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, lambda *_: keeper.stop.set())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_now(suite: Suite, out: Path, name: str) -> bool:
    """Do one schedule's run now; whether that succeeded. Raises SuiteError where there is no such schedule."""
    keeper = Keeper(suite, out)
    if name not in keeper.schedules:
        raise SuiteError(f"--run {name}: no such schedule: expected one of {', '.join(keeper.schedules)}")
    with _stopped_by_signals(keeper):
        return keeper.run(name)


def run_due(suite: Suite, out: Path) -> bool:
    """Do what is due or was missed, if nobody else keeps the schedules; whether that succeeded."""
    keeper = Keeper(suite, out)
    with suppress(Timeout), FileLock(keeper.folder / KEEPER_LOCK, timeout=0), _stopped_by_signals(keeper):
        clock = start_clock(keeper, JUST_NOW)
        clock.looked.wait()
        clock.shutdown()
    return not keeper.failed


def keep(suite: Suite, out: Path, port: int, say: Callable[[str], None]) -> None:
    """Keep the suite's schedules until told to stop; `say` is told where the status page is."""
    keeper = Keeper(suite, out)
    lock = FileLock(keeper.folder / KEEPER_LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SuiteError(f"{out}: another `press schedule` keeps the schedules of this folder") from None
    with lock:
        asyncio.run(_keep(keeper, port, say))


async def _keep(keeper: Keeper, port: int, say: Callable[[str], None]) -> None:
    def look() -> dict[str, Any]:
        return keeper.status(clock.coming())

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pages = serve.local_application([(r"/(status\.json)?", Status, {"look": look})])
    _, address = serve.listen(pages, port)  # before anything runs: the port may be taken
    clock = start_clock(keeper)
    keeper.say("started", schedules=list(keeper.schedules))
    say(address)
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
            return
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
        page = jinja2.Environment(loader=loader, autoescape=True).get_template("status.html.j2")
        self.finish(page.render(self.look()))

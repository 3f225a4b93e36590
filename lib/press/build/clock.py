"""A suite's schedules kept: what is due is done, once or as often as the policy says, and nothing missed is forgotten.

A schedule's next time moves on when its run is over: whatever ends this process, the next one finds what is still due.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2
from filelock import FileLock, Timeout
from tornado.web import RequestHandler

from press.build.keeper import Keeper
from press.build.schedule import Schedule
from press.site import assets, server
from press.suite import Suite, SuiteError

LOOK_EVERY_S = 15  # between two looks at the clock, which may have jumped, or the machine slept
JUST_NOW = timedelta(minutes=1)  # within which cron starts what it is to start
CLOCK_SET_BACK = timedelta(days=1)  # at most, as people and summer time do: then nothing is done twice
TIMES = "times.json"  # when each schedule is due next
KEEPER_LOCK = "keeper.lock"  # held by who keeps the schedules


class Clock:
    """When each schedule is due next; does what is due by now.

    A schedule that is as it was goes on from when it was due next; one that is new begins now, or `since` before.
    """

    def __init__(self, keeper: Keeper, since: timedelta = timedelta()) -> None:
        self.keeper = keeper
        kept = keeper.read(TIMES)
        begin = datetime.now(UTC) - since
        self.coming = {name: _next_time(one, kept.get(name), begin) for name, one in keeper.schedules.items()}
        self._keep_times()

    def resume(self) -> None:
        """Do again what was cut short, as `--run` by hand may have been; a run that was due still is."""
        name = self.keeper.interrupted()
        if name and self.coming[name] > datetime.now(UTC):
            self.keeper.say("interrupted", "warning", schedule=name)
            self._run(name)

    def work(self) -> None:
        """Do what is due, what is due longest first, until nothing is or the keeper is told to stop."""
        began = datetime.now(UTC)
        while not self.keeper.stop.is_set():
            name = min(self.coming, key=self.coming.__getitem__)
            if self.coming[name] > datetime.now(UTC):
                return
            self._run_schedule(self.keeper.schedules[name], began)

    def go_on(self) -> None:
        """Do what is due whenever it is, until the keeper is told to stop."""
        self.resume()
        self.work()
        while not self.keeper.stop.wait(LOOK_EVERY_S):
            self.work()

    def _run_schedule(self, schedule: Schedule, began: datetime) -> None:
        """The runs of a schedule that are due; what falls due meanwhile is let go."""
        for time in self._due(schedule, began):
            self._run(schedule.name)
            if self.keeper.stop.is_set():  # it is still due at the next start
                return
            self._move_on(schedule, time)
        self._let_go(schedule, datetime.now(UTC), "the run before was not over")

    def _due(self, schedule: Schedule, began: datetime) -> list[datetime]:
        """The times for which runs are to be done; those before we began to work that are too late are let go."""
        now = datetime.now(UTC)
        self._let_go(schedule, min(began, now - timedelta(seconds=schedule.grace + 1)), "too late")
        times = []
        time = self.coming[schedule.name]
        while time <= now:
            times.append(time)
            time = schedule.times.after(time)
        return times if schedule.catch_up == "all" else times[-1:]

    def _run(self, name: str) -> None:
        try:
            self.keeper.run(name)
        except Exception as error:  # one that cannot even begin ends no other
            self.keeper.failed = True
            self.keeper.tell(f"{name} failed", str(error))

    def _let_go(self, schedule: Schedule, until: datetime, why: str) -> None:
        """Miss what is due by a time."""
        due = self.coming[schedule.name]
        if due <= until:
            self.keeper.say("missed", "warning", schedule=schedule.name, due=str(due), why=why)
            self._move_on(schedule, until)

    def _move_on(self, schedule: Schedule, time: datetime) -> None:
        """Have a schedule be due after a time."""
        self.coming[schedule.name] = schedule.times.after(time)
        self._keep_times()

    def _keep_times(self) -> None:
        kept = {}
        for name, schedule in self.keeper.schedules.items():
            kept[name] = {**asdict(schedule.times), "next": self.coming[name].isoformat()}
        self.keeper.write(TIMES, kept)


def _next_time(schedule: Schedule, kept: Any, begin: datetime) -> datetime:
    """When a schedule is due next: as it was kept, if the schedule is as it was then.

    A time that was kept while the clock was far ahead is let go.
    """
    coming = schedule.times.after(begin)
    if not isinstance(kept, dict) or not kept.items() >= asdict(schedule.times).items():
        return coming
    with suppress(KeyError, TypeError, ValueError, OverflowError):
        following = datetime.fromisoformat(kept["next"]).astimezone(UTC)
        if following < coming + CLOCK_SET_BACK:
            return following
    return coming


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
        clock = Clock(keeper, JUST_NOW)
        clock.resume()
        clock.work()
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
        return keeper.status(clock.coming)

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    pages = server.local_application([(r"/(status\.json)?", Status, {"look": look})])
    _, address = server.listen(pages, port)  # before anything runs: the port may be taken
    clock = Clock(keeper)
    keeper.say("started", schedules=list(keeper.schedules))
    say(address)
    work = asyncio.create_task(asyncio.to_thread(clock.go_on))
    work.add_done_callback(lambda _: stop.set())
    await stop.wait()
    keeper.stop.set()
    await work
    keeper.say("stopped")


class Status(RequestHandler):
    """The status as a page, and as `status.json`."""

    def initialize(self, look: Callable[[], dict[str, Any]]) -> None:
        self.look = look

    def get(self, wanted: str | None) -> None:
        if wanted:
            self.finish(self.look())
            return
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        loader = jinja2.FileSystemLoader(assets.TEMPLATES)
        page = jinja2.Environment(loader=loader, autoescape=True).get_template("status.html.j2")
        self.finish(page.render(self.look()))

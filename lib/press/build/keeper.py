"""One unattended run: build and publish, try again, and tell who is to know of a failure, once.

A run is the commands `press build` and `press publish`, in processes of their own. What the next run is to know lies in
`.schedule`, beside the book; `log.jsonl` there is the record of everything.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from msgspec import MsgspecError

from press.build.report import read_report
from press.build.schedule import Schedule, schedules
from press.files import replace_file
from press.suite import Suite, SuiteError

POLL_S = 0.5  # between two looks at a running command
STOP_TIMEOUT_S = 30  # for a command that was told to stop
LONGEST_BACKOFF_S = 86400.0
LOG_BYTES = 2_000_000
RUNS_SHOWN = 20  # on the status page

LOG = "log.jsonl"
RUNNING = "running.json"  # the run that is going on, so that one that is cut short is done again
TOLD = "told.json"  # the causes of failure that were told
RUN_LOCK = "run.lock"  # held while a run is done


class Keeper:
    """Does the runs of a suite's schedules, one at a time, and knows how they went."""

    command: Sequence[str] = (sys.executable, "-m", "press.cli")

    def __init__(self, suite: Suite, out: Path) -> None:
        self.suite, self.out = suite, out
        self.schedules = {schedule.name: schedule for schedule in schedules(suite)}
        for name in suite.alerts:
            if not isinstance(name, str) or not os.environ.get(name):
                raise SuiteError(f"{suite.file}, [alerts] to: the environment has no {name}, the address to tell")
        self.stop = threading.Event()
        self.failed = False  # whether any run was not done
        self.folder = out / ".schedule"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._unwritten: dict[str, dict[str, Any]] = {}  # state that the disk had no room for

    def say(self, event: str, level: str = "info", **what: Any) -> None:
        """Put something that happened into the log, and on the standard errors; a full disk stops nothing."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        entry = {"at": at, "level": level, "event": event, **what}
        line = json.dumps(entry, sort_keys=True)
        print(line, file=sys.stderr)
        try:
            _append(self.folder / LOG, line)
        except OSError as error:
            print(f"press: {self.folder / LOG}: {error}", file=sys.stderr)

    # one run

    def run(self, name: str) -> bool:
        """Build and publish as the schedule says, again after a failure; whether that succeeded."""
        schedule = self.schedules[name]
        with self._turn():
            if self.stop.is_set():
                return False
            started, before = time.time(), self._watched()
            self.write(RUNNING, {"schedule": name, "at": started})
            attempts, cause = self._attempts(schedule)
            status = "done" if cause is None else "stopped" if self.stop.is_set() else "failed"
            self.failed |= status != "done"
            self.say(
                "run",
                "info" if status == "done" else "error",
                schedule=name,
                status=status,
                attempts=attempts,
                cause=cause or "",
                seconds=round(time.time() - started, 1),
            )
            if status != "stopped":  # one that was stopped is done again at the next start
                self._alert(name, cause, before)
                self.write(RUNNING, {})
        return cause is None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One run at a time, in whichever process; the lock of one that was killed is free. Ends early when we stop."""
        lock = FileLock(self.folder / RUN_LOCK)
        with suppress(Timeout):
            lock.acquire(poll_interval=POLL_S, cancel_check=self.stop.is_set)
        try:
            yield
        finally:
            lock.release()

    def _attempts(self, schedule: Schedule) -> tuple[int, str | None]:
        """How often a run was tried, and why the last attempt failed; None where it did not."""
        wait = schedule.backoff
        attempt = 1
        while True:
            cause = self._attempt(schedule)
            if cause is None or self.stop.is_set():
                return attempt, cause
            self.say("attempt failed", "warning", schedule=schedule.name, attempt=attempt, cause=cause)
            if attempt > schedule.retries or self.stop.wait(min(wait, LONGEST_BACKOFF_S)):
                return attempt, cause
            wait = min(wait * 2, LONGEST_BACKOFF_S)
            attempt += 1

    def _attempt(self, schedule: Schedule) -> str | None:
        """Why the schedule's commands failed; None where they did not."""
        deadline = time.monotonic() + schedule.timeout
        cause = self._press(schedule.build_command(), deadline) or self._not_printed()
        if not schedule.target or self.stop.is_set():
            return cause
        if cause and not schedule.partial:
            return cause
        if cause:
            self.say("published in part", "warning", schedule=schedule.name, cause=cause)
        return self._press(schedule.publish_command(), deadline) or cause

    def _not_printed(self) -> str | None:
        """What the build could not print as it was asked to."""
        try:
            runs = read_report(self.out).runs
        except (OSError, MsgspecError):
            return None
        warnings = dict.fromkeys(run.warning for run in runs if run.warning)
        return "; ".join(warnings) or None

    def _press(self, words: list[str], deadline: float) -> str | None:
        """Why `press …` failed, or None. It is told to stop when we are, and ended when its time is over."""
        where = ["--suite", str(self.suite.file), "--out", str(self.out)]
        process = subprocess.Popen(
            [*self.command, *words, *where],
            cwd=self.suite.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        with process:
            errors, killed = self._wait(process, deadline)
        if killed:
            return f"press {words[0]} {killed}"
        if process.returncode == 0:
            return None
        return _failures(errors) or f"press {words[0]} ended with {process.returncode}"

    def _wait(self, process: subprocess.Popen[str], deadline: float) -> tuple[str, str]:
        """What a process wrote to its standard errors; and why it had to be killed, if it had."""
        killed = ""
        told_to_stop = False
        while True:
            with suppress(subprocess.TimeoutExpired):
                _, errors = process.communicate(timeout=POLL_S)
                return errors, killed
            if time.monotonic() > deadline:
                killed = "did not stop" if told_to_stop else "was over the time limit of its schedule"
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            elif self.stop.is_set() and not told_to_stop:
                told_to_stop = True
                deadline = min(deadline, time.monotonic() + STOP_TIMEOUT_S)
                process.send_signal(signal.SIGINT)

    # telling

    def _alert(self, name: str, cause: str | None, before: Mapping[str, str]) -> None:
        """Tell of a new cause of failure, of the recovery from one, and of watched words that changed; each once."""
        told = self.read(TOLD)
        if cause and told.get(name) != cause:
            self.tell(f"{name} failed", f"{cause}\nReaders still have the last good book. Log: {self.folder / LOG}")
        if not cause and name in told:
            self.tell(f"{name} recovered", "The last run was published.")
        told.pop(name, None)
        if cause:
            told[name] = cause
        self.write(TOLD, told)
        now = self._watched()
        changed = [f"{key}: {before[key]} → {now[key]}" for key in now if before.get(key, now[key]) != now[key]]
        if changed:
            self.tell(f"{name}: {len(changed)} verdicts changed", "\n".join(changed))

    def tell(self, title: str, body: str) -> None:
        """Send a message to every address of the suite's alerts, and to the log."""
        self.say("alert", "warning", title=title, body=body)
        if not self.suite.alerts:
            return
        import apprise

        post = apprise.Apprise()
        for name in self.suite.alerts:
            if not post.add(os.environ[name]):
                self.say("alert not sent", "error", to=name, cause="not an address that apprise knows")
        if len(post) and not post.notify(title=f"{_title(self.suite)}: {title}", body=body):
            self.say("alert not sent", "error", title=title)

    def _watched(self) -> dict[str, str]:
        """What the built notebooks ask to be watched: `metadata.press.watch` of their outputs."""
        found: dict[str, str] = {}
        for file in sorted((self.out / "site").rglob("*.ipynb")):
            with suppress(OSError, ValueError, KeyError):
                for cell in json.loads(file.read_bytes())["cells"]:
                    for output in cell.get("outputs", ()):
                        found |= output.get("metadata", {}).get("press", {}).get("watch", {})
        return found

    # state

    def read(self, name: str) -> dict[str, Any]:
        """Some state that was kept; empty where there is none, or where it cannot be read."""
        if name in self._unwritten:
            return dict(self._unwritten[name])
        return read_state(self.folder / name)

    def write(self, name: str, state: dict[str, Any]) -> None:
        """Keep some state; where the disk does not take it, as long as we live."""
        content = json.dumps(state).encode()
        try:
            replace_file(self.folder / name, content, self.folder)
            self._unwritten.pop(name, None)
        except OSError as error:
            self._unwritten[name] = dict(state)
            self.say("state not kept", "error", file=name, cause=str(error))

    def interrupted(self) -> str:
        """The schedule whose run was stopped or killed, and is to be done again; or nothing."""
        name = self.read(RUNNING).get("schedule")
        if not isinstance(name, str):
            return ""
        with suppress(Timeout), FileLock(self.folder / RUN_LOCK, timeout=0):  # or it is running in another process
            if name in self.schedules and self.schedules[name].catch_up != "skip":
                return name
            self.write(RUNNING, {})
        return ""

    def status(self, coming: Mapping[str, datetime]) -> dict[str, Any]:
        """Each schedule with its next run, by `coming`; what runs now; and the last runs, misses and alerts."""
        failing = self.read(TOLD)
        rows = []
        for name, schedule in self.schedules.items():
            times = schedule.times
            row = {"name": name, "cron": times.expression, "timezone": times.timezone}
            row["next"] = str(coming[name])
            row["failing"] = failing.get(name, "")
            rows.append(row)
        return {
            "suite": _title(self.suite),
            "now": datetime.now(UTC).isoformat(timespec="seconds"),
            "running": self.read(RUNNING),
            "schedules": rows,
            "last": self._history()[-RUNS_SHOWN:][::-1],
        }

    def _history(self) -> list[dict[str, Any]]:
        """The runs, misses and alerts of the log; a line of it that cannot be read is passed over."""
        try:
            lines = (self.folder / LOG).read_bytes().splitlines()
        except OSError:
            return []
        entries = [_read_table(line) for line in lines]
        return [entry for entry in entries if entry.get("event") in ("run", "alert", "missed")]


def _append(file: Path, line: str) -> None:
    """Add a line to a log; one that is full is put aside, in the place of the one before."""
    if file.is_file() and file.stat().st_size > LOG_BYTES:
        file.replace(file.with_name(f"{file.name}.1"))
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def _failures(errors: str) -> str:
    """What a command that failed said of it, as far as an alert has room."""
    lines = errors.splitlines()
    failures = [line for line in lines if line.startswith(("failed ", "press: "))]
    return "; ".join(failures or lines[-1:])[:2000]


def _title(suite: Suite) -> str:
    return next(iter(suite.title.values()))


def read_state(file: Path) -> dict[str, Any]:
    """A file's JSON table; empty where there is none, or where it is damaged."""
    try:
        return _read_table(file.read_bytes())
    except OSError:
        return {}


def _read_table(text: bytes) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}

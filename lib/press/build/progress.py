"""What a build says while it works and when it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, get_args

from press.build.report import FAILED, RECORD, BuildReport, Entry, Status
from press.logs import without_controls
from press.records import Result
from press.run.freshness import reason

FIRST, LAST = 12, 6  # lines of a traceback in the log
TOLD = 20  # lines of a run's stderr in the log


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Progress:
    """A bar with the time left on a terminal, a line for each run elsewhere; failures are told as they happen."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.bar: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread: workers are forked from this process
            self.bar = tqdm(total=self.total, unit="report", dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, result: Result, left: int = 0) -> None:
        """Tell what came of a run; `left` runs have not begun."""
        self.done += 1
        self.total = max(self.total, self.done + left)
        if self.bar is not None:
            self.bar.set_postfix_str(result.path, refresh=False)
            self.bar.update()
        tell = partial(self.bar.write, file=sys.stderr) if self.bar is not None else say
        for line in _abridged(result.stderr):
            tell(f"{result.path}, {line}")
        if result.error is not None:
            _tell_failure(result, tell)
        elif self.bar is None:
            tell(f"[{self.done}/{self.total}] {result.path} {result.seconds:.2f} s")
        if result.warning:
            tell(f"{result.path}: {result.warning}")


def _tell_failure(result: Result, tell: Callable[[str], None]) -> None:
    cell = f", cell {result.cell}" if result.cell else ""
    tell(f"failed {result.path}{cell}: {result.error}")
    if result.detail:
        detail = _shortened(result.detail)
        tell(detail if sys.stderr.isatty() else without_controls(detail))


def _shortened(traceback: str) -> str:
    """A traceback as the log has it: where the cell failed, and of what; all of it is kept with the failed notebook."""
    lines = traceback.split("\n")
    left = len(lines) - FIRST - LAST
    if left < LAST:
        return traceback
    return "\n".join([*lines[:FIRST], f"    … {left} more lines, kept in {FAILED}", *lines[-LAST:]])


def _abridged(lines: Sequence[str]) -> Iterator[str]:
    """The first lines of what was written to stderr, and how many more there are in the record of the build."""
    yield from lines[:TOLD]
    if len(lines) > TOLD:
        yield f"{len(lines) - TOLD} more lines of stderr: see {RECORD}"


def sum_up(report: BuildReport, out: Path) -> None:
    """Say how many runs there were and what became of them, and all that somebody should look at."""
    states = [entry.status for entry in report.runs]
    told: list[Status] = [state for state in get_args(Status) if state != "printed" or state in states]
    counts = ", ".join(f"{states.count(state)} {state}" for state in told)
    reports = "report" if len(states) == 1 else "reports"
    say(f"{len(states)} {reports} in {report.seconds:.1f} s: {counts}")
    for entry in report.runs:
        for line in _remarks(entry, out):
            say(line)
    for address in report.unfetched:
        say(f'warning: [theme] stylesheet: "{address}" is not fetched: pages ask nothing of other sites')
    for line in report.untranslated:
        say(f"untranslated: {line}")


def _remarks(entry: Entry, out: Path) -> Iterator[str]:
    run = f"{entry.report} ({entry.lang})"
    if entry.volatile:
        reasons = ", ".join(reason(word) for word in entry.volatile)
        yield f"volatile: {run} {reasons}: it runs in every build"
    if entry.failed:
        kept = " and ".join(str(out / name) for name in entry.failed)
        yield f"failed: {run}: see {kept}"
    for sentence in entry.warnings:
        yield f"warning: {run}, {sentence}"

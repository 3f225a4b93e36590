"""`press preview`: a site while it is being written. What is saved is built, and open pages show themselves anew.

The server of kernels stays warm between builds. It is renewed when a module or the suite's settings change, for it may
have imported what changed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from watchfiles import watch

from press.build.build import build
from press.build.order import Order
from press.build.tasks import preloads
from press.build.workers import Crew
from press.choosing import Plan
from press.run.inputs import path_of
from press.run.record import Records
from press.site.server import check_port
from press.suite import SuiteError

SKIPPED = {"__pycache__", "node_modules"}
QUIET = 50  # ms without a change after which what changed is built
MODULES = (".py", ".toml", ".lock")  # a change of these is more than one notebook's


def preview(plan: Callable[[], Plan], order: Order, port: int, say: Callable[[str], None]) -> None:
    """Build, serve, and build again whatever is saved, until interrupted.

    `plan` reads the suite anew; a mistake in it is told, and the site stays as it was until it is mended.
    Raises SuiteError where the port is taken, or the suite cannot be read at the start.
    """
    check_port(port)  # before anything runs
    first = plan()
    crew = _crew(first, order)
    try:
        _build(first, replace(order, crew=crew))
        with _served(order.out / "site", port):
            for changed in _changes(first.suite.root, order.out):
                if any(path.suffix in MODULES for path in changed):
                    crew.__exit__(None, None, None)
                    crew = _crew(first, order)
                say(f"changed: {', '.join(path.name for path in changed)}")
                started = time.monotonic()
                try:
                    _build(plan(), replace(order, crew=crew, patient=True))
                except SuiteError as error:
                    say(f"press: {error}")
                say(f"{time.monotonic() - started:.2f} s")
    except KeyboardInterrupt:
        say("stopped")
    finally:
        crew.__exit__(None, None, None)


def _build(found: Plan, order: Order) -> None:
    build(found.suite, found.planned, found.chosen, order)


def _crew(found: Plan, order: Order) -> Crew:
    modules = preloads(found.suite, (run.report.notebook for run in found.planned))
    return Crew(order.workers, modules).__enter__()


@contextmanager
def _served(site: Path, port: int) -> Iterator[None]:
    """Meanwhile another process serves the site: this one forks, and must have no thread."""
    words = [sys.executable, "-m", "press.site.live", str(site), str(port)]
    server = subprocess.Popen(words, stdin=subprocess.PIPE)  # it ends when nobody holds the other end
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def _changes(root: Path, out: Path) -> Iterator[list[Path]]:
    """The files that changed, each time some did; not those that builds and runs write."""
    for found in watch(root, debounce=1600, step=QUIET, watch_filter=None, raise_interrupt=True):
        written = _written(root, out)
        paths = sorted({Path(path) for _, path in found})
        changed = [path for path in paths if _is_source(path, root, out) and path not in written]
        if changed:
            yield changed


def _is_source(path: Path, root: Path, out: Path) -> bool:
    parts = path.relative_to(root).parts
    if path.is_relative_to(out) or path.is_dir():
        return False
    return not any(part.startswith((".", "~")) or part in SKIPPED for part in parts)


def _written(root: Path, out: Path) -> set[Path]:
    """The files that runs write, which are no news."""
    records = Records(out / ".cache").all().values()
    return {path_of(name, root) for record in records for name in record.written}

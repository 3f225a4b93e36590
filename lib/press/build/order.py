"""How a build is asked for, where what it makes lies, and the lock that lets one build at a time work there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press.build.progress import say

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from press.build.workers import Crew

SHARED = "assets/"  # in the site: what several pages may show


@dataclass(frozen=True)
class Order:
    """How to build: where to, with how many processes or on which Dask cluster, and whether to run what is fresh.

    `crew` are workers that stay when the build is done. Where it is `patient`, what is volatile runs again only when an
    input of it has changed.
    """

    out: Path
    workers: int = 1
    dask: str | None = None
    force: bool = False
    crew: Crew | None = None
    patient: bool = False

    @property
    def cache(self) -> Path:
        """The folder of the records, which is nobody else's."""
        return self.out / ".cache"

    @property
    def site(self) -> Path:
        """The folder of what is published."""
        return self.out / "site"


@contextmanager
def lock_output(out: Path) -> Iterator[None]:
    """One build at a time for each folder."""
    from filelock import FileLock

    out.mkdir(parents=True, exist_ok=True)
    with held(FileLock(out / ".lock"), str(out)):
        yield


@contextmanager
def held(lock: BaseFileLock, place: str) -> Iterator[None]:
    """A file lock on a place, waited for with a word."""
    from filelock import Timeout

    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        say(f"another build is writing to {place}: waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()

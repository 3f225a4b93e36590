"""What is opened below the suite's folders while a run lasts, by whomever: seen from outside, through inotify.

Libraries of compiled code open files without telling Python. inotify reports every opening, but not whose it was: it
counts for each run that lasts meanwhile and has such a library. Only Linux has inotify; and where the system refuses
more watches, or its queue runs over, what was seen is not complete, and says so.
"""

# ruff: noqa: PTH110, PTH112, PTH118, PTH120

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_FOLDERS = 50_000
SKIPPED = {"__pycache__", "node_modules"}


@dataclass
class Seen:
    """Files and folders that were opened to be read, and files that were written; `complete` unless some may lack."""

    opened: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    complete: bool = True
    unwritten: set[str] = field(default_factory=set)  # closed by one who could not have written to it

    @property
    def read(self) -> set[str]:
        """The files that were opened by one who did not write them, as far as can be told."""
        return self.opened - (self.written - self.unwritten)


class Watch:
    """A watch of folders and all below them, but for hidden ones, environments of Python, and those to `leave_out`."""

    def __init__(self, leave_out: Iterable[Path] = ()) -> None:
        self.leave_out = {os.path.realpath(path) for path in leave_out}
        self.folders: dict[int, str] = {}  # of a watch: its folder, by the name it was asked for
        self.names: set[str] = set()  # those names
        self.watched: set[str] = set()  # real paths
        self.alone: set[str] = set()  # folders that are watched without what is below them
        self.seen = Seen()
        self.whole = True  # whether all that was to be watched is
        self.inotify: Any = None
        if sys.platform.startswith("linux"):
            from inotify_simple import INotify

            with suppress(OSError):  # the system has no more of them for this user
                self.inotify = INotify(nonblocking=True)

    def add(self, folder: Path) -> None:
        """Watch a folder and all below it, too."""
        for path in self._below(str(folder)):
            self._add(path)

    def add_one(self, folder: Path) -> None:
        """Watch a folder alone."""
        if str(folder) not in self.alone and folder.is_dir():
            self.alone.add(str(folder))
            self._add(str(folder))

    def begin(self) -> None:
        """Forget what has been seen."""
        self.drain()
        self.seen = Seen(complete=self.whole and self.inotify is not None)

    def drain(self) -> None:
        """Take in what has happened; often enough that the system's queue does not run over."""
        if self.inotify is None:
            return
        for event in self.inotify.read(timeout=0):
            self._take(event)

    def end(self) -> Seen:
        """What has been seen since `begin`."""
        self.drain()
        return self.seen

    def close(self) -> None:
        """Give the watch back to the system."""
        if self.inotify is not None:
            self.inotify.close()

    def _below(self, folder: str) -> Iterator[str]:
        waiting = [folder]
        while waiting:
            path = waiting.pop()
            real = os.path.realpath(path)
            if real in self.watched or real in self.leave_out or not os.path.isdir(path):
                continue
            self.watched.add(real)
            yield path
            try:
                entries = list(os.scandir(path))
            except OSError:
                continue
            if not any(entry.name == "conda-meta" for entry in entries):
                waiting += [entry.path for entry in entries if entry.is_dir() and _is_looked_into(entry)]
            for entry in entries:
                if entry.is_symlink() and entry.is_file():  # opening it is seen where the file is
                    self._add(os.path.dirname(os.path.realpath(entry.path)))

    def _add(self, path: str) -> None:
        if self.inotify is None or len(self.folders) >= MOST_FOLDERS:
            self.whole = self.seen.complete = False
            return
        from inotify_simple import flags

        wanted = flags.OPEN | flags.CLOSE_WRITE | flags.CLOSE_NOWRITE | flags.MODIFY | flags.CREATE | flags.MOVED_TO
        try:
            self.folders[self.inotify.add_watch(path, wanted | flags.ONLYDIR)] = path
            self.names.add(path)
        except FileNotFoundError:
            return  # it has gone since
        except OSError:
            self.whole = self.seen.complete = False

    def _take(self, event: Any) -> None:
        from inotify_simple import flags

        if event.mask & flags.Q_OVERFLOW:
            self.seen.complete = False
        if event.wd not in self.folders:
            return
        if event.mask & flags.IGNORED:
            gone = self.folders.pop(event.wd)
            self.names.discard(gone)
            self.watched.discard(os.path.realpath(gone))
            return
        path = os.path.join(self.folders[event.wd], event.name) if event.name else self.folders[event.wd]
        if event.mask & flags.ISDIR:
            if event.mask & (flags.CREATE | flags.MOVED_TO):
                self.add(Path(path))
            elif event.mask & flags.OPEN and path in self.names:
                self.seen.listed.add(path)
        elif event.mask & (flags.MODIFY | flags.CREATE | flags.MOVED_TO):
            self.seen.written.add(path)
        elif event.mask & flags.OPEN:
            self.seen.opened.add(path)
        elif event.mask & flags.CLOSE_NOWRITE:
            self.seen.unwritten.add(path)


def _is_looked_into(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in SKIPPED:
        return False
    return not os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))

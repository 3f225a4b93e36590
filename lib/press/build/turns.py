"""Which run goes after which: a report that reads what another one writes.

What a run writes and reads is known from its record once it has run. So runs go in turns: whoever reads what a run
that is still waiting will write waits for it; and after each turn, whoever has read a file that was written since runs
again. Two reports that each wait for the other's file, or two that write one file differently, have no right order:
whoever reads is refused, with the names of all. Where compiled libraries read and write, whose doing it was is not
known for sure: then runs are done again, and none is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from press.records import Result, Task
from press.run.inputs import STATES, Inputs, fingerprint, forget
from press.run.record import Record

MOST_RUNS = 3  # of one report in one build
MOST_NAMED = 3  # runs in one sentence
SOMEBODY = "another report"


class Turns:
    """The runs of a build in their order. `records` are those of all the pages, as they stand before the build."""

    def __init__(
        self,
        tasks: Mapping[str, Task],
        jobs: Mapping[str, Task],
        records: Mapping[str, Record],
        say: Callable[[str], None] = print,
    ) -> None:
        self.tasks, self.say = dict(tasks), say
        self.inputs: dict[str, Inputs] = {path: record.inputs for path, record in records.items()}
        self.written: dict[str, Inputs] = {path: record.written for path, record in records.items() if record.written}
        self.refused: dict[str, str] = {}
        self.runs: Counter[str] = Counter()
        self.moved: set[str] = set()
        self.unsure: set[str] = set()  # runs that may not have read all that their inputs name
        self.stirred: set[str] = set()  # files that somebody has written in this turn
        self.current: dict[str, Task] = {}  # as handed out
        self.waiting: dict[str, Task] = dict(jobs)
        for path in self._lost():
            self.waiting[path] = self.tasks[path]

    def __iter__(self) -> Iterator[dict[str, Task]]:
        """The runs of each turn. The results of one are to be `done` before the next is asked for."""
        while self.waiting:
            turn = self._next()
            self.runs.update(list(turn))
            self.stirred.clear()
            if turn:
                yield turn
            again = [*self._overtaken(turn), *self._muddled(turn)]
            self.waiting |= {path: self.tasks[path] for path in again}
            self._refuse_quarrels()

    def done(self, path: str, result: Result) -> None:
        """Take in what a run, also one that failed, has read and written."""
        self.inputs[path] = result.inputs or self.inputs.get(path, {})
        if result.error is None and result.inputs:  # it has been run, and not only printed again
            self.written[path] = result.written
            self.stirred.update(result.perhaps)
            self.moved.discard(path)
            self.unsure.discard(path)
            if result.unseen:
                self.unsure.add(path)
            if any(word.startswith("moved") for word in result.volatile):
                self.moved.add(path)

    def _next(self) -> dict[str, Task]:
        """Those that wait for nobody; where all wait for each other, those whose records may be out of date."""
        free = [path for path in self.waiting if not self._writers(path) & self.waiting.keys()]
        if not free:
            free = [path for path in self.waiting if not self.runs[path]]
        if not free and self.waiting.keys() & self.unsure:
            free = list(self.waiting)
        if not free:
            self._refuse_circle(*sorted(self.waiting))
        turn: dict[str, Task] = {}
        taken: set[str] = set()
        for path in free:
            files = self.written.get(path, {}).keys()
            if not taken & files:  # of those that write one file, one at a time
                turn[path] = self.waiting.pop(path)
                taken |= files
        self.current |= turn
        return turn

    def _writers(self, path: str) -> set[str]:
        """The other runs that write what this one reads."""
        own = self.written.get(path, {})
        found = set()
        for other, files in self.written.items():
            if other != path and any(self._reads(path, file) for file in files if file not in own):
                found.add(other)
        return found

    def _reads(self, path: str, file: str) -> str | None:
        """The input of a run that a file is, or is part of."""
        inputs = self.inputs.get(path, {})
        return next((name for name in inputs if touches(name, file)), None)

    def _lost(self) -> Iterator[str]:
        """Runs whose files are no longer as they wrote them, where another run reads them."""
        for path in self.tasks.keys() & self.written.keys():
            root = Path(self.tasks[path].root)
            for file, then in self.written[path].items():
                others = [other for other in self.inputs if other != path and file in self.inputs[other]]
                if others and fingerprint(file, root) != then:
                    yield path
                    break

    def _overtaken(self, turn: Mapping[str, Task]) -> Iterator[str]:
        """Runs that read a file before it was written in this turn."""
        files = dict.fromkeys(self.stirred, SOMEBODY)
        files |= {file: path for path in turn for file in self.written.get(path, {})}
        if not files:
            return
        forget()
        for path in sorted(self.tasks.keys() - self.waiting.keys() - self.refused.keys()):
            file = self._overtaking(path, files)
            if file is None:
                continue
            if self.runs[path] < MOST_RUNS:
                self.say(f"{path} is run again: {files[file]} has written {file}, which it reads")
                yield path
            elif files[file] != SOMEBODY and not {path, files[file]} & self.unsure:
                self._refuse_circle(path, files[file])

    def _overtaking(self, path: str, files: Mapping[str, str]) -> str | None:
        """A file that is no longer as this run read it."""
        own, root = self.written.get(path, {}), Path(self.tasks[path].root)
        inputs = self.inputs.get(path, {})
        for file, writer in files.items():
            if writer == path or file in own:
                continue
            for name in inputs:
                if touches(name, file) and (path in self.moved or fingerprint(name, root) != inputs[name]):
                    return file
        return None

    def _muddled(self, turn: Mapping[str, Task]) -> Iterator[str]:
        """Runs that wrote one file at one time, where another run reads it: what each of them wrote is not known."""
        for file, writers in self._writers_of(turn).items():
            if len(writers) > 1 and any(file in self.inputs.get(path, {}) for path in self.tasks.keys() - writers):
                again = [path for path in sorted(writers) if self.runs[path] < MOST_RUNS]
                if again:
                    self.say(f"run again: {_some(writers)} wrote {file} at one time")
                yield from again

    def _writers_of(self, paths: Iterable[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in paths:
            for file in self.written.get(path, {}):
                found.setdefault(file, set()).add(path)
        return found

    def _refuse_circle(self, *paths: str) -> None:
        """Refuse runs that wait for each other."""
        parts = []
        for path in sorted(paths):
            for writer in sorted(self._writers(path).intersection(paths)):
                file = next(file for file in self.written[writer] if self._reads(path, file))
                parts.append(f"{path} reads {file}, which {writer} writes")
        for path in paths:
            self.refused[path] = f"no order is right: {'; '.join(parts)}"
            self.waiting.pop(path, None)

    def _refuse_quarrels(self) -> None:
        """Refuse whoever reads a file that two others write, each with a content of its own."""
        if self.waiting:
            return
        for file, writers in self._writers_of(self.written).items():
            if len({self.written[path][file] for path in writers}) < 2:
                continue
            for path in self.tasks:
                if file in self.inputs.get(path, {}) and path not in writers:
                    self.refused[path] = f"it reads {file}, which {_some(writers)} write differently"


def _some(paths: Iterable[str]) -> str:
    """Some of these runs, by their paths.

    >>> _some("cab"), _some("abcdef")
    ('a and b and c', 'a and b and c and 3 others')
    """
    names = sorted(paths)
    shown = names if len(names) <= MOST_NAMED + 1 else [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} others"]
    return " and ".join(shown)


def touches(name: str, file: str) -> bool:
    """Whether an input depends on a file.

    >>> [touches(name, "out/a.csv") for name in ("out/a.csv", "out/", "out/**", "kind of out/a.csv", "out/a.csv#id=x")]
    [True, True, True, True, True]
    >>> [touches(name, "out/a.csv") for name in ("out/b.csv", "out/in/", "a.csv", "press")]
    [False, False, False, False]
    """
    for state in STATES:
        name = name.removeprefix(state)
    if name.endswith("/**"):
        return file.startswith(name.removesuffix("**"))
    if name.endswith("/"):
        return f"{PurePosixPath(file).parent}/" == name.removeprefix("./") or (name == "./" and "/" not in file)
    return name.partition("#")[0] == file

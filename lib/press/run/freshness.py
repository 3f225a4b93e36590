"""What is up to date, and why not: a run is fresh as long as every input it has, or had, is what it was.

`inputs` says what an input is, `collected` how a run's are found, `record` how they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from press.records import Page, Task
from press.run import own_code
from press.run.collected import known_inputs
from press.run.hashing import digest, hash_of_file
from press.run.inputs import Fingerprints
from press.run.record import Record

WORDS = {
    "clock": "reads the clock",
    "environment": "reads the environment",
    "network": "reads the network",
    "random": "draws random numbers without a seed",
    "program": "starts another program, which may read anything",
    "kernel": "runs in a kernel that does not say what it reads",
    "moved": "an input changed while it was read",
}


def reason(volatile: str) -> str:
    """Why a run is volatile, in words.

    >>> reason("clock: time.time")
    'reads the clock (time.time)'
    """
    word, _, call = volatile.partition(": ")
    return f"{WORDS[word]} ({call})" if call else WORDS[word]


def changes(record: Record | None, task: Task, now: Fingerprints) -> Iterator[tuple[str, str]]:
    """Each input of a run with its state: same, changed, new or gone."""
    then = record.inputs if record else {}
    found = known_inputs(task, now)
    for name in sorted(found.keys() | then.keys()):
        yield name, compared(then.get(name), found[name] if name in found else now[name])


def compared(then: str | None, now: str | None) -> str:
    """What has become of an input: same, changed, new or gone.

    >>> compared("a", "a"), compared("a", "b"), compared(None, "b"), compared("a", None)
    ('same', 'changed', 'new', 'gone')
    """
    if then == now:
        return "same"
    if then is None:
        return "new"
    return "gone" if now is None else "changed"


def page_key(page: Page, executed: str) -> str:
    """The key of a page: its executed notebook's hash, its place in the site, and all that prints it."""
    place = msgspec.json.encode(page, order="deterministic")
    return digest(b" ".join([executed.encode(), own_code.page_code().encode(), place]))


def is_fresh(record: Record | None, task: Task, site: Path, now: Fingerprints, *, patient: bool = False) -> bool:
    """Whether the executed notebook in the site is what a run would make now.

    Where it is `patient`, a volatile run whose inputs are the same counts as fresh.
    """
    executed = f"{task.path}.ipynb"
    if record is None or (record.volatile and not patient) or executed not in record.files:
        return False
    if hash_of_file(site / executed) != record.files[executed]:
        return False
    return all(state == "same" for _, state in changes(record, task, now))


def is_printed(record: Record, task: Task, site: Path, now: Fingerprints) -> bool:
    """Whether the page's files in the site are what printing it would make now."""
    path = task.path
    if not {f"{path}.{suffix}" for suffix in ("ipynb", *task.page.formats)} <= set(record.files):
        return False
    if record.page != page_key(task.page, record.files[f"{path}.ipynb"]):
        return False
    if any(now[name] != found for name, found in record.beside.items()):
        return False
    return is_intact(record, site)


def is_intact(record: Record, site: Path) -> bool:
    """Whether the files in the site are as they were built."""
    return all(hash_of_file(site / name) == found for name, found in record.files.items())

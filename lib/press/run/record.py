"""What is kept of the runs of a suite, beside its site: a file a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from press.records import PageRecord
from press.run.hashing import digest
from press.run.inputs import Inputs

SITE = ".site"


@dataclass
class Record:
    """What is kept of a run that succeeded: its inputs, and the files of the site made from it, with their hashes.

    `page` is the key of its page, `printed` what that says, `beside` what it takes along from beside its notebook,
    `theme` the files of the theme that it was printed with. `written` are the other files the run wrote, and `unseen`
    says what in it opens files unseen (see `watch`).
    """

    inputs: Inputs = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    page: str = ""
    files: dict[str, str] = field(default_factory=dict)
    report: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    printed: PageRecord = field(default_factory=PageRecord)
    beside: Inputs = field(default_factory=dict)
    written: Inputs = field(default_factory=dict)
    unseen: str = ""
    theme: Inputs = field(default_factory=dict)


class _Kept(msgspec.Struct):
    """A record as it lies on the disk, with a digest of its bytes."""

    check: str
    record: msgspec.Raw


class Records:
    """The records of a suite's runs by the path of their page: read once, and each change kept at once.

    A damaged one counts as none. The record of the pages around the reports is called `SITE`.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._folder = cache / "runs"
        self._known: dict[str, Record] = {}
        for file in sorted(self._folder.rglob("*.json")):
            path = file.relative_to(self._folder).as_posix().removesuffix(".json")
            if record := _read(file):
                self._known[path] = record

    def get(self, path: str) -> Record | None:
        return self._known.get(path)

    def all(self) -> dict[str, Record]:
        """The records of the reports' pages as they are now."""
        return {path: record for path, record in self._known.items() if path != SITE}

    def put(self, path: str, record: Record) -> None:
        """Keep a record; whole or not at all."""
        content = msgspec.json.encode(record)
        kept = _Kept(check=digest(content), record=msgspec.Raw(content))
        replace(self._file(path), msgspec.json.encode(kept), self._cache)
        self._known[path] = record

    def remove(self, path: str) -> None:
        self._file(path).unlink(missing_ok=True)
        self._known.pop(path, None)

    def _file(self, path: str) -> Path:
        return self._folder / f"{path}.json"


def _read(file: Path) -> Record | None:
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
        if kept.check != digest(bytes(kept.record)):
            return None
        return msgspec.json.decode(kept.record, type=Record)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def replace(file: Path, content: bytes, cache: Path) -> None:
    """Write a file so that nobody ever sees half of it."""
    scratch = cache / "writing"
    scratch.mkdir(parents=True, exist_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = scratch / digest(str(file))
    half.write_bytes(content)
    half.replace(file)

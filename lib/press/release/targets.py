"""Targets: where releases lie. Both kinds take files first and then become another release in one step.

    folder    the root's entries are links through `current`, which is renamed; unchanged files are hard links
    store     no link there: pages of a release lead to files named by content, `versions.json` says which is current,
              and the addresses at the root lead to it

Addresses are relative to the target. `there` has the size of every file that a release, or its remains, can have. What
lies at an address is believed by its hash alone: it is read back before it is linked to, skipped or made current.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from press.build.order import SHARED

VERSIONS, ARCHIVE = "versions.json", "archive/"
OWNED = (SHARED, "releases/", "files/")  # below these, what no release needs is swept away
NO_FILE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)

Files = Mapping[str, Path]


class TargetError(Exception):
    """A target that cannot be published to."""


class Target(Protocol):
    """What publishing needs of a target.

    `look` fills `there`. `hashes` reads files back: None for what is no readable file. `is_hidden` says
    that who serves the target may not read a file. `add` puts each file at its
    address unless its content lies there, as a link to its twin if that has it, and returns the addresses at which
    other content lay. `front` is what stands at the root beside the archive; `switch` makes a release current;
    `broken` names what at the root does not lead to it.
    """

    there: dict[str, int]
    desk: Path  # a folder to work in, empty at first

    def hold_lock(self) -> Any: ...
    def look(self) -> None: ...
    def is_public(self) -> bool: ...
    def read(self, address: str) -> bytes | None: ...
    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]: ...
    def hashes(self, addresses: Sequence[str]) -> dict[str, str | None]: ...
    def is_hidden(self, address: str) -> bool: ...
    def addresses(self, files: Files, release: str, url: str) -> dict[str, tuple[str, Path]]: ...
    def add(self, files: Files, twins: Mapping[str, str] = {}) -> list[str]: ...
    def front(self, release: str, places: Mapping[str, str]) -> dict[str, bytes]: ...
    def switch(self, release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None: ...
    def broken(self, release: str, places: Mapping[str, str]) -> list[str]: ...
    def remove(self, addresses: Iterable[str]) -> None: ...

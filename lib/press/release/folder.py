"""A folder as a target: its root has links through `current`, which is renamed; unchanged files are hard links."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from press.build.order import SHARED, lock_output
from press.files import make_room, remove, replace_file
from press.release.links import moved_page, place_of
from press.release.targets import ARCHIVE, NO_FILE, OWNED, VERSIONS, Files, TargetError
from press.run.hashing import digest

READERS = 0o444


class Folder:
    """A folder of a file system that has links, served as it is by any web server."""

    def __init__(self, root: Path) -> None:
        self.root, self.own = root, root / ".press"
        self.desk = self.own / "desk"
        self.there: dict[str, int] = {}
        self._hashes: dict[tuple[int, ...], str] = {}
        self._readers = 0  # the bits of a mode by which readers may read

    @contextmanager
    def hold_lock(self) -> Iterator[None]:
        if not self.own.is_dir() and self.root.exists() and (found := sorted(self.root.iterdir())):
            name = found[0].name
            raise TargetError(f"{self.root}: found {name}: expected an empty folder, or one published to before")
        if self.is_public() and not (self.root / "current").is_symlink():
            raise TargetError(f"{self.root}: found current, which is not of the press: it has to go first")
        with lock_output(self.own), _cleared(self.desk):
            self.look()
            probe = self.desk / "probe"
            probe.touch()
            self._readers = probe.stat().st_mode & READERS
            yield

    def look(self) -> None:
        with suppress(FileNotFoundError):
            self._readers = (self.own / ".lock").stat().st_mode & READERS
        found = (file for owned in OWNED for file in _files(self.root / owned))
        self.there = {file.relative_to(self.root).as_posix(): file.stat().st_size for file in found}

    def is_public(self) -> bool:
        return os.path.lexists(self.root / "current")

    def read(self, address: str) -> bytes | None:
        try:
            return (self.root / address).read_bytes()
        except NO_FILE:
            return None

    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]:
        return [self.read(address) for address in addresses]

    def hashes(self, addresses: Sequence[str]) -> dict[str, str | None]:
        return {address: self._hash(self.root / address) for address in addresses}

    def is_hidden(self, address: str) -> bool:
        """Whether a file is there, and a web server may not read it."""
        try:
            state = (self.root / address).stat()
        except OSError:
            return False
        return state.st_mode & self._readers != self._readers

    def _hash(self, file: Path) -> str | None:
        """The hash of a file that a web server may read, each content read once however many links it has."""
        try:
            state = file.lstat()
            if not stat.S_ISREG(state.st_mode) or state.st_mode & self._readers != self._readers:
                return None
            key = (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size)
            if key not in self._hashes:
                self._hashes[key] = digest(file.read_bytes())
        except OSError:
            return None
        return self._hashes[key]

    def addresses(self, files: Files, release: str, _url: str) -> dict[str, tuple[str, Path]]:
        placed = {}
        for path, file in files.items():
            placed[path] = (place_of(path, release), file)
        return placed

    def add(self, files: Files, twins: Mapping[str, str] = {}) -> list[str]:
        mended = []
        for address, source in files.items():
            content = digest(source.read_bytes())
            if self._hash(self.root / address) != content:
                if os.path.lexists(self.root / address):
                    mended.append(address)
                self._put(address, source, content, twins.get(address))
            self.there[address] = source.stat().st_size
        return mended

    def _put(self, address: str, source: Path, content: str, twin: str | None) -> None:
        """Put a file in its place: as a link to its twin if that is what it should be, and can be linked to."""
        make_room(self.root / address, self.root)
        half = self.desk / "half"
        half.unlink(missing_ok=True)
        linked = False
        if twin and self._hash(self.root / twin) == content:
            with suppress(OSError):  # it has as many links as there can be, or belongs to somebody else
                half.hardlink_to(self.root / twin)
                linked = True
        if not linked:
            shutil.copyfile(source, half)
        half.replace(self.root / address)

    def front(self, _release: str, _places: Mapping[str, str]) -> dict[str, bytes]:
        return {}

    def switch(self, release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None:
        states = sorted((int(path.name) for path in self.own.iterdir() if path.name.isdecimal()), reverse=True)
        mine = self.own / str(max([0, *states]) + 1)
        for name, content in state.items():
            (mine / name).parent.mkdir(parents=True, exist_ok=True)
            (mine / name).write_bytes(content)
        (mine / "site").symlink_to(Path("../../releases", release))
        for name in (name for name in state if name.startswith(ARCHIVE) and name.endswith(".html")):
            replace_file(self.own / name, moved_page(f"../../../{name}", refresh=True), self.own)
        for name in (".press/archive", "assets"):  # what a release's pages link to as if it were in it
            self._link(self.root / "releases" / release / name.split("/")[-1], Path("../..", name))
        links = self._links(places)
        ours = self._own_links()
        for name in links:
            if name not in ours and os.path.lexists(self.root / name):
                raise TargetError(f"{self.root}: found {name}, which is not of the press: it has to go first")
        for name, goal in links.items():
            self._link(self.root / name, Path(goal))
        os.sync()  # so that not even a power cut makes it point at what is not written yet
        self._link(self.root / "current", Path(".press", mine.name))
        for name in ours - links.keys():
            (self.root / name).unlink()
        for old in states[1:]:  # but for the last one, through which a reader may be on the way
            remove(self.own / str(old))

    def _link(self, place: Path, goal: Path) -> None:
        """Make a link, or make it lead there, in one step."""
        if place.is_symlink() and place.readlink() == goal:
            return
        if not place.is_symlink():
            remove(place)
        half = self.desk / "half"
        half.unlink(missing_ok=True)
        half.symlink_to(goal)
        half.replace(place)

    def _links(self, places: Mapping[str, str]) -> dict[str, str]:
        """What stands at the root, and where it leads."""
        links = {name: f"current/{name}" for name in ("archive", VERSIONS)}
        for path in places:
            name = path.split("/")[0]
            if f"{name}/" != SHARED:
                links[name] = f"current/site/{name}"
        return links

    def _own_links(self) -> set[str]:
        links = (path for path in self.root.iterdir() if path.is_symlink())
        return {path.name for path in links if path.readlink().parts[0] == "current"}

    def broken(self, release: str, places: Mapping[str, str]) -> list[str]:
        links = self._links(places) | {"current/site": f"../../releases/{release}"}
        links[f"releases/{release}/assets"] = "../../assets"
        links[f"releases/{release}/archive"] = "../../.press/archive"
        return [name for name, goal in links.items() if not _leads(self.root / name, Path(goal))]

    def remove(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            remove(self.root / address)
            self.there.pop(address, None)
        alive = {Path(*Path(address).parts[:2]) for address in self.there}
        for release in (self.root / "releases").glob("*/"):
            if release.relative_to(self.root) not in alive:
                remove(release)
        for folder, _, _ in sorted(os.walk(self.root / "releases"), reverse=True):
            with suppress(OSError):  # it is not empty
                Path(folder).rmdir()


def _leads(place: Path, goal: Path) -> bool:
    return place.is_symlink() and place.readlink() == goal


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    """The folder, empty: what one who was killed has left there goes, and what we leave."""
    remove(folder)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> Iterator[Path]:
    found = (Path(here, name) for here, _, names in os.walk(folder) for name in names)
    return (file for file in found if not file.is_symlink())

"""Targets: where releases lie. Both kinds take files first and then become another release in one step.

    folder    the root's entries are links through `current`, which is renamed; unchanged files are hard links
    store     no link there: pages of a release lead to files named by content, `versions.json` says which is current,
              and the addresses at the root lead to it

Addresses are relative to the target. `there` has the size of every file that a release, or its remains, can have.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import dirname, normpath, relpath
from typing import Any, Protocol

from press import fresh, site
from press.build import SHARED, alone

VERSIONS, ARCHIVE = "versions.json", "archive/"
OWNED = (SHARED, "releases/", "files/")  # below these, what no release needs is swept away
QUOTED = re.compile(r'"([^"<>\s?#]+)([?#][^"\s]*)?"')
LEASED, FOLLOW = ".press-lease", "follow.js"
LEASE = 60  # seconds without a sign of life after which another machine's publish counts as dead


Files = Mapping[str, Path]


class TargetError(Exception):
    """A target that cannot be published to."""


class Target(Protocol):
    """What publishing needs of a target."""

    there: dict[str, int]
    desk: Path  # a folder to work in, empty at first

    def alone(self) -> Any: ...
    def read(self, address: str) -> bytes | None: ...
    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]: ...
    def addresses(self, files: Files, release: str, url: str) -> dict[str, tuple[str, Path]]: ...
    def add(self, files: Files, twins: Mapping[str, str]) -> None: ...
    def switch(self, release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None: ...
    def remove(self, addresses: Iterable[str]) -> None: ...


def open_target(where: str) -> Target:
    """The target at a path or URL."""
    return Store(where) if "://" in where else Folder(Path(where).absolute())


class Folder:
    """A folder of a file system that has links, served as it is by any web server."""

    def __init__(self, root: Path) -> None:
        self.root, self.own = root, root / ".press"
        self.desk = self.own / "desk"
        self.there: dict[str, int] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        if not self.own.is_dir() and self.root.exists() and (found := sorted(self.root.iterdir())):
            name = found[0].name
            raise TargetError(f"{self.root}: found {name}: expected an empty folder, or one published to before")
        with alone(self.own), _cleared(self.desk):
            files = (file for owned in OWNED for file in _files(self.root / owned))
            self.there = {file.relative_to(self.root).as_posix(): file.stat().st_size for file in files}
            yield

    def read(self, address: str) -> bytes | None:
        try:
            return (self.root / address).read_bytes()
        except FileNotFoundError:
            return None

    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]:
        return [self.read(address) for address in addresses]

    def addresses(self, files: Files, release: str, _url: str) -> dict[str, tuple[str, Path]]:
        return {path: (_place(path, release), file) for path, file in files.items()}

    def add(self, files: Files, twins: Mapping[str, str]) -> None:
        half = self.desk / "half"
        for address, source in files.items():
            if not (address.startswith(SHARED) and address in self.there):
                (self.root / address).parent.mkdir(parents=True, exist_ok=True)
                half.unlink(missing_ok=True)
                try:
                    half.hardlink_to(self.root / twins[address])
                except (KeyError, OSError):  # new, or the file has as many links as there can be
                    shutil.copyfile(source, half)
                half.replace(self.root / address)
                self.there[address] = source.stat().st_size

    def switch(self, release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None:
        states = sorted((int(path.name) for path in self.own.iterdir() if path.name.isdecimal()), reverse=True)
        mine = self.own / str(max([0, *states]) + 1)
        for name, content in state.items():
            (mine / name).parent.mkdir(parents=True, exist_ok=True)
            (mine / name).write_bytes(content)
        (mine / "site").symlink_to(Path("../../releases", release))
        half = self.desk / "half"
        for name in (name for name in state if name.startswith(ARCHIVE) and name.endswith(".html")):
            (self.own / name).parent.mkdir(exist_ok=True)
            half.unlink(missing_ok=True)
            half.write_bytes(moved_page(f"../../../{name}", refresh=True))
            half.replace(self.own / name)
        for name in (".press/archive", "assets"):  # what a release's pages link to as if it were in it
            with suppress(FileExistsError):
                (self.root / "releases" / release / name.split("/")[-1]).symlink_to(Path("../..", name))
        links = {name: f"current/{name}" for name in ("archive", VERSIONS)}
        links |= {name: f"current/site/{name}" for path in places if (name := path.split("/")[0]) + "/" != SHARED}
        ours = {path.name for path in self.root.iterdir() if path.is_symlink() and "current/" in str(path.readlink())}
        for name, goal in links.items():
            if name not in ours:
                if os.path.lexists(self.root / name):
                    raise TargetError(f"{self.root}: found {name}, which is not of the press: it has to go first")
                (self.root / name).symlink_to(goal)
        half.unlink(missing_ok=True)
        half.symlink_to(Path(".press", mine.name))
        os.sync()  # so that not even a power cut makes it point at what is not written yet
        half.replace(self.root / "current")
        for name in ours - links.keys():
            (self.root / name).unlink()
        for old in states[1:]:  # but for the last one, through which a reader may be on the way
            shutil.rmtree(self.own / str(old))

    def remove(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            (self.root / address).unlink(missing_ok=True)
            self.there.pop(address, None)
        alive = {Path(*Path(address).parts[:2]) for address in self.there}
        for release in (self.root / "releases").glob("*"):
            if release.relative_to(self.root) not in alive:
                shutil.rmtree(release)
        for folder, _, _ in sorted(os.walk(self.root / "releases"), reverse=True):
            with suppress(OSError):  # it is not empty
                Path(folder).rmdir()


class Store:
    """An object store, or anything else fsspec writes to. Each object is replaced whole."""

    def __init__(self, url: str) -> None:
        import fsspec

        try:
            self.fs, self.root = fsspec.url_to_fs(url)
        except Exception as error:  # each driver has its own
            raise TargetError(f"{url}: {error or type(error).__name__}") from None
        self.fs.dircache.use_listings_cache = False  # others write there too; not every driver takes it as an option
        self.url, self.root = url, self.root.rstrip("/")
        self.own = Path(tempfile.gettempdir(), f"press-{fresh.digest(url)[:16]}")
        self.desk = self.own / "desk"
        self.there: dict[str, int] = {}
        self._lease = {"machine": f"{platform.node()} {tempfile.gettempdir()}", "publish": uuid.uuid4().hex}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """By a lock for this machine, which a crash releases, and a lease for others, which a crash lets run out."""
        with alone(self.own), _cleared(self.desk):
            if not self._objects:
                self.fs.makedirs(self.root, exist_ok=True)
            self._take_lease()
            over = threading.Event()
            beat = threading.Thread(target=self._renew_lease, args=(over,), daemon=True)
            beat.start()
            try:
                found = self.fs.find(self.root, detail=True)
                self.there = {path[len(self.root) + 1 :]: entry["size"] for path, entry in found.items()}
                self._refuse_strangers()
                yield
            finally:
                over.set()
                beat.join()
                if self._leaseholder() == self._lease["publish"]:
                    self.fs.rm_file(self._at(LEASED))

    def _refuse_strangers(self) -> None:
        strange = [name for name in sorted(self.there) if not name.startswith((*OWNED, LEASED))]
        if strange and not self.there.keys() & {VERSIONS, FOLLOW}:
            raise TargetError(f"{self.url}: found {strange[0]}: expected an empty place, or one published to before")

    def _take_lease(self) -> None:
        seen, since = None, time.monotonic()
        while True:
            try:
                self.fs.pipe_file(self._at(LEASED), json.dumps(self._lease).encode(), mode="create")
            except FileExistsError:
                found = self.read(LEASED)
                if found != seen:
                    seen, since = found, time.monotonic()
                dead = time.monotonic() - since > LEASE
                if found and (dead or json.loads(found)["machine"] == self._lease["machine"]):
                    self.fs.rm_file(self._at(LEASED))
                elif found:
                    time.sleep(1)
            else:
                return

    def _renew_lease(self, over: threading.Event) -> None:
        while not over.wait(LEASE / 4):
            with suppress(Exception):  # the one who publishes will see that it is lost
                self._hold()
                self.fs.pipe_file(self._at(LEASED), json.dumps(self._lease | {"beat": time.time()}).encode())

    def _hold(self) -> None:
        if self._leaseholder() != self._lease["publish"]:
            raise TargetError(f"{self.url}: another publish has taken over, this one has not switched")

    def _leaseholder(self) -> str:
        return str(json.loads(self.read(LEASED) or b"{}").get("publish"))

    @property
    def _objects(self) -> bool:
        """Whether it is an object store, without folders, rather than a file system of some server."""
        return bool(getattr(self.fs, "async_impl", False))

    def _at(self, address: str) -> str:
        return f"{self.root}/{address}"

    def read(self, address: str) -> bytes | None:
        try:
            content: bytes = self.fs.cat_file(self._at(address))
        except FileNotFoundError:
            return None
        return content

    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]:
        found = self.fs.cat([self._at(address) for address in addresses], on_error="return")
        for answer in found.values():
            if isinstance(answer, Exception) and not isinstance(answer, FileNotFoundError):
                raise answer
        return [None if isinstance(one := found[self._at(a)], FileNotFoundError) else one for a in addresses]

    def addresses(self, files: Files, release: str, url: str) -> dict[str, tuple[str, Path]]:
        """Pages below the release, all else by content; the links of pages lead there."""
        pages = {path for path in files if path.endswith((".html", "search.js")) and not path.startswith(SHARED)}
        moved = {path: _place(path, "") for path in files.keys() - pages if path.startswith(SHARED)}
        for path in files.keys() - pages - moved.keys():
            moved[path] = f"files/{fresh.digest(files[path].read_bytes())[:16]}/{path.rpartition('/')[2]}"
        found = {path: (moved.get(path) or _place(path, release), file) for path, file in files.items()}
        for path in pages:
            text = linked(files[path].read_text(encoding="utf-8"), path, moved, url)
            found[path] = (found[path][0], self.desk / "pages" / path)
            found[path][1].parent.mkdir(parents=True, exist_ok=True)
            found[path][1].write_text(text, encoding="utf-8")
        return found

    def add(self, files: Files, _twins: Mapping[str, str] = {}) -> None:
        new = {self._at(name): str(file) for name, file in files.items() if self.there.get(name) != file.stat().st_size}
        if self._objects:  # many at once, each whole or not at all
            self.fs.put(list(new.values()), list(new))
        else:
            for path, file in new.items():
                self.fs.makedirs(dirname(path), exist_ok=True)
                self.fs.put_file(file, f"{path}.half")
                self.fs.mv(f"{path}.half", path)
        self.there |= {name: file.stat().st_size for name, file in files.items()}

    def switch(self, release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None:
        told = {path: self.read(address) or b"" for path, address in places.items() if "/" not in path}
        pages = [path for path in places if path.endswith(".html") and not path.startswith(SHARED)]
        stubs = {path: moved_page(path, follow=True) for path in pages if "/" in path}
        script = (site.TEMPLATES / FOLLOW).read_bytes()
        self._put({FOLLOW: script} | {path: page for path, page in stubs.items() if self.there.get(path) != len(page)})
        self._hold()
        self._put({VERSIONS: state[VERSIONS]})
        pointer = {"index.html": moved_page(f"releases/{release}/index.html", refresh=True)}
        self._put({**told, **pointer, **{name: content for name, content in state.items() if name != VERSIONS}})

    def _put(self, contents: Mapping[str, bytes]) -> None:
        for name, content in contents.items():
            file = self.desk / "put" / name  # the name says its type
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            self.there.pop(name, None)
            self.add({name: file})

    def remove(self, addresses: Iterable[str]) -> None:
        gone = [address for address in addresses if self.there.pop(address, None) is not None]
        if gone:
            self._hold()
            self.fs.rm([self._at(address) for address in gone])


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    """The folder, empty: what one who was killed has left there goes, and what we leave."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(path: str, release: str) -> str:
    return path if path.startswith(SHARED) else f"releases/{release}/{path}"


def _files(folder: Path) -> Iterator[Path]:
    found = (Path(here, name) for here, _, names in os.walk(folder) for name in names)
    return (file for file in found if not file.is_symlink())


def linked(text: str, path: str, moved: Mapping[str, str], url: str = "") -> str:
    """A page's text with the links to what has moved out of its release, or is shared by all, leading there.

    >>> linked('<a href="a/x.csv"><img src="../assets/y.svg">', "en/a.html", {"en/a/x.csv": "files/0/x.csv"})
    '<a href="../../../files/0/x.csv"><img src="../../../assets/y.svg">'
    """

    def address(found: re.Match[str]) -> str:
        if url and found[1].startswith(f"{url}/") and (there := moved.get(found[1][len(url) + 1 :])):
            return f'"{url}/{there}{found[2] or ""}"'
        goal = normpath(f"{dirname(path)}/{found[1]}".lstrip("/"))
        shared = goal if goal.startswith((SHARED, ARCHIVE)) else None
        there = moved.get(goal, shared)
        return f'"{relpath(there, f"releases/x/{dirname(path)}")}{found[2] or ""}"' if there else found[0]

    return QUOTED.sub(address, text)


def moved_page(path: str, *, follow: bool = False, refresh: bool = False, root: str = "") -> bytes:
    """A small page that leads to another: by itself, by the script that knows the current release, or by a link."""
    root = root or "../" * path.count("/")
    told = [(site.HTML_LANG.get(lang, lang), site.words(lang)) for lang in ("zh", "en")]
    template = site.templates().get_template("moved.html.j2")
    return str(
        template.render(path=path, root="" if refresh else root, follow=follow, refresh=refresh, told=told)
    ).encode()

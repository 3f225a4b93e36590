"""Targets: where releases lie. Both kinds take files first and then become another release in one step.

    folder    the root's entries are links through `current`, which is renamed; unchanged files are hard links
    store     no link there: pages of a release lead to files named by content, `versions.json` says which is current,
              and the addresses at the root lead to it

Addresses are relative to the target. `there` has the size of every file that a release, or its remains, can have. What
lies at an address is believed by its hash alone: it is read back before it is linked to, skipped or made current.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import stat
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import dirname, normpath, relpath
from typing import Any, Protocol

from press.build.order import SHARED, held, lock_output
from press.files import make_room, remove, replace_file
from press.run.hashing import digest
from press.site import assets

VERSIONS, ARCHIVE = "versions.json", "archive/"
OWNED = (SHARED, "releases/", "files/")  # below these, what no release needs is swept away
QUOTED = re.compile(r'"([^"<>\s?#]+)([?#][^"\s]*)?"')
LEASED, FOLLOW = ".press-lease", "follow.js"
AS_IT_IS = (assets.LOST, assets.MAP)  # files at the root of a site that lead to nothing in their own release
LEASE = 60  # seconds without a sign of life after which another machine's publish counts as dead
READ_AT_ONCE = 32  # objects
READ_BYTES_AT_ONCE = 64 * 2**20
READERS = 0o444
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


def open_target(where: str) -> Target:
    """The target at a path or URL."""
    return Store(where) if "://" in where else Folder(Path(where).absolute())


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
        return {path: (_place(path, release), file) for path, file in files.items()}

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
        self.desk = _private_folder(url)
        self.there: dict[str, int] = {}
        self._hashes: dict[str, str] = {}
        machine = f"{platform.node()} {self.desk}"
        self._lease = {"machine": machine, "publish": uuid.uuid4().hex}

    @contextmanager
    def hold_lock(self) -> Iterator[None]:
        """By a lock for this user of this machine, which a crash releases, and a lease for others, which a crash lets
        run out."""
        with _locked(self.desk):
            if not self._objects:
                self.fs.makedirs(self.root, exist_ok=True)
            self._take_lease()
            over = threading.Event()
            beat = threading.Thread(target=self._renew_lease, args=(over,), daemon=True)
            beat.start()
            try:
                self.look()
                self._refuse_strangers()
                yield
            finally:
                over.set()
                beat.join()
                if self._leaseholder() == self._lease["publish"]:
                    self.fs.rm_file(self._at(LEASED))

    def is_public(self) -> bool:
        return "index.html" in self.there

    def look(self) -> None:
        found = self.fs.find(self.root, detail=True)
        self.there = {path[len(self.root) + 1 :]: entry["size"] for path, entry in found.items()}

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
                if found is not None and (dead or _read_lease(found).get("machine") == self._lease["machine"]):
                    self.fs.rm_file(self._at(LEASED))
                elif found is not None:
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
        return str(_read_lease(self.read(LEASED) or b"").get("publish"))

    @property
    def _objects(self) -> bool:
        """Whether it is an object store, without folders, rather than a file system of some server."""
        return bool(getattr(self.fs, "async_impl", False))

    def _at(self, address: str) -> str:
        return f"{self.root}/{address}"

    def is_hidden(self, address: str) -> bool:  # noqa: ARG002
        return False  # a store has no such modes

    def read(self, address: str) -> bytes | None:
        try:
            content: bytes = self.fs.cat_file(self._at(address))
        except NO_FILE:
            return None
        return content

    def read_all(self, addresses: Sequence[str]) -> list[bytes | None]:
        if not addresses:
            return []
        found = self.fs.cat([self._at(address) for address in addresses], on_error="return")
        contents: list[bytes | None] = []
        for address in addresses:
            answer = found[self._at(address)]
            if isinstance(answer, Exception) and not isinstance(answer, NO_FILE):
                raise answer
            contents.append(None if isinstance(answer, Exception) else answer)
        return contents

    def hashes(self, addresses: Sequence[str]) -> dict[str, str | None]:
        """By reading them: what a store says of an object (its size, its ETag) is not the hash of its content."""
        due = [address for address in addresses if address in self.there and address not in self._hashes]
        while due:
            some, size = [due.pop()], 0
            while due and len(some) < READ_AT_ONCE and size < READ_BYTES_AT_ONCE:
                some.append(due.pop())
                size += self.there[some[-1]]
            self._hashes |= self._read_back(some)
        return {address: self._hashes.get(address) for address in addresses}

    def _read_back(self, addresses: Sequence[str]) -> dict[str, str]:
        """The hash of each of these that is there; asked for with its size, which saves a request."""
        sizes = {address: self.there[address] for address in addresses}
        filled = [address for address in addresses if sizes[address]]
        ends = [sizes[address] for address in filled]
        answers = self.fs.cat_ranges([self._at(one) for one in filled], [0] * len(filled), ends, on_error="return")
        hashes = {address: digest(b"") for address in addresses if not sizes[address]}
        for address, answer in zip(filled, answers, strict=True):
            if isinstance(answer, bytes):
                hashes[address] = digest(answer)
            elif not isinstance(answer, NO_FILE):
                raise answer
        return hashes

    def addresses(self, files: Files, release: str, url: str) -> dict[str, tuple[str, Path]]:
        """Pages below the release, all else by content; the links of pages lead there."""
        pages = {path for path in files if path.endswith((".html", "search.js")) and not path.startswith(SHARED)}
        moved = {path: _place(path, "") for path in files.keys() - pages if path.startswith(SHARED)}
        for path in files.keys() - pages - moved.keys():
            moved[path] = f"files/{digest(files[path].read_bytes())[:16]}/{path.rpartition('/')[2]}"
        found = {path: (moved.get(path) or _place(path, release), file) for path, file in files.items()}
        for path in pages:
            text = linked(files[path].read_text(encoding="utf-8"), path, moved, url)
            found[path] = (found[path][0], self.desk / "pages" / path)
            found[path][1].parent.mkdir(parents=True, exist_ok=True)
            found[path][1].write_text(text, encoding="utf-8")
        return found

    def add(self, files: Files, _twins: Mapping[str, str] = {}) -> list[str]:
        contents = {address: digest(file.read_bytes()) for address, file in files.items()}
        lying = self.hashes([address for address in files if address in self.there])
        new = {address: file for address, file in files.items() if lying.get(address) != contents[address]}
        for address in new:
            self._hashes.pop(address, None)
        self._upload({self._at(address): str(file) for address, file in new.items()})
        for address, file in files.items():
            self.there[address] = file.stat().st_size
            self._hashes[address] = contents[address]
        return [address for address in new if address in lying]

    def _upload(self, new: Mapping[str, str]) -> None:
        if self._objects:  # many at once, each whole or not at all
            self.fs.put(list(new.values()), list(new))
            return
        for path, file in new.items():
            self.fs.makedirs(dirname(path), exist_ok=True)
            if self.fs.isdir(path):
                self.fs.rm(path, recursive=True)
            self.fs.put_file(file, f"{path}.half")
            self.fs.mv(f"{path}.half", path)

    def front(self, release: str, places: Mapping[str, str]) -> dict[str, bytes]:
        """A stub for each page, and what stands at the root of any site as it is in the release."""
        front = {FOLLOW: (assets.TEMPLATES / FOLLOW).read_bytes()}
        for path, address in places.items():
            if path in AS_IT_IS:
                front[path] = self.read(address) or b""
            elif path.endswith(".html") and not path.startswith(SHARED):
                front[path] = moved_page(path, follow=True)
        return front | {"index.html": moved_page(f"releases/{release}/index.html", refresh=True)}

    def switch(self, _release: str, places: Mapping[str, str], state: Mapping[str, bytes]) -> None:
        """Stubs lead to any release: they go first, then the list of releases, then what belongs to this one."""
        stubs = {path for path in places if path not in (*AS_IT_IS, "index.html")} | {FOLLOW}
        self._put({name: content for name, content in state.items() if name in stubs})
        self._hold()
        self._put({VERSIONS: state[VERSIONS]})
        self._put({name: content for name, content in state.items() if name not in stubs and name != VERSIONS})

    def broken(self, _release: str, _places: Mapping[str, str]) -> list[str]:
        return []

    def _put(self, contents: Mapping[str, bytes]) -> None:
        new = {}
        for name, content in contents.items():
            new[name] = self.desk / "put" / name  # the name says its type
            new[name].parent.mkdir(parents=True, exist_ok=True)
            new[name].write_bytes(content)
        self.add(new)

    def remove(self, addresses: Iterable[str]) -> None:
        gone = [address for address in addresses if self.there.pop(address, None) is not None]
        if gone:
            self._hold()
            self.fs.rm([self._at(address) for address in gone])


def _read_lease(content: bytes) -> dict[str, Any]:
    """What a lease says; nothing if it is damaged: then it is waited for as for another machine's."""
    try:
        lease = json.loads(content)
    except ValueError:
        return {}
    return lease if isinstance(lease, dict) else {}


# Folders to work in


def _private_folder(url: str) -> Path:
    """Where this user works for a store; a store's users on one machine do not meet there."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    return Path(tempfile.gettempdir(), f"press-{user}-{digest(url)[:16]}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder, ours alone: no link and nobody else's, closed to others, and gone afterwards, as its lock is.

    Its name can be foreseen, so that what a killed publish left there is found.
    """
    from filelock import FileLock

    lock = folder.with_name(f"{folder.name}.lock")
    _refuse_others(lock)
    with held(FileLock(lock, mode=0o600), str(folder)):
        _refuse_others(folder)
        remove(folder)
        try:
            folder.mkdir(mode=0o700)
            yield
        finally:
            remove(folder)
            lock.unlink(missing_ok=True)  # whoever waits for it makes a new one


def _refuse_others(place: Path) -> None:
    """Refuse what somebody else has put in a place of ours. Raises TargetError."""
    try:
        state = place.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(state.st_mode) or (hasattr(os, "getuid") and state.st_uid != os.getuid()):
        raise TargetError(
            f"{place}: a link, or somebody else's: expected a place of your own: remove it, or set TMPDIR"
        )


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    """The folder, empty: what one who was killed has left there goes, and what we leave."""
    remove(folder)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(path: str, release: str) -> str:
    return path if path.startswith(SHARED) else f"releases/{release}/{path}"


def is_inside(address: str) -> bool:
    """Whether an address stays in its target.

    >>> [is_inside(one) for one in ("releases/x/a.html", "../x", "/etc/x", "a//b", "")]
    [True, False, False, False, False]
    """
    return all(part not in ("", ".", "..") for part in address.split("/"))


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
    told = [(assets.HTML_LANG.get(lang, lang), assets.words(lang)) for lang in ("zh", "en")]
    template = assets.templates().get_template("moved.html.j2")
    return str(
        template.render(path=path, root="" if refresh else root, follow=follow, refresh=refresh, told=told)
    ).encode()

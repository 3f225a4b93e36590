"""An object store as a target: pages lead to files named by content, `versions.json` names the current release."""

from __future__ import annotations

import json
import os
import platform
import stat
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from posixpath import dirname
from typing import Any

from press.build.order import SHARED, held
from press.files import remove
from press.release.links import linked, moved_page, place_of
from press.release.targets import NO_FILE, OWNED, VERSIONS, Files, TargetError
from press.run.hashing import digest
from press.site import assets

LEASED, FOLLOW = ".press-lease", "follow.js"


AS_IT_IS = (assets.LOST, assets.MAP)  # files at the root of a site that lead to nothing in their own release


LEASE = 60  # seconds without a sign of life after which another machine's publish counts as dead


READ_AT_ONCE = 32  # objects


READ_BYTES_AT_ONCE = 64 * 2**20


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
        moved = {path: place_of(path, "") for path in files.keys() - pages if path.startswith(SHARED)}
        for path in files.keys() - pages - moved.keys():
            moved[path] = f"files/{digest(files[path].read_bytes())[:16]}/{path.rpartition('/')[2]}"
        found = {path: (moved.get(path) or place_of(path, release), file) for path, file in files.items()}
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

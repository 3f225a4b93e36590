"""What a target says of its releases: `versions.json`, kept twice, and a manifest for each; none is believed damaged.

`versions.json` names the current release, all others, and what was current before; it has the hash of each release's
records and of what stands at the root, and a hash of itself. A manifest has the hash of each file of its release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from press.release.links import is_inside
from press.release.targets import VERSIONS, Target, TargetError
from press.run.hashing import canonical, digest

COPY = "releases/versions.json"
MANIFEST, CONTENTS, CHANGES = "manifest.json", "contents.json", "changes.json"
AT_ONCE = 32  # manifests
KEPT_HISTORY = 100  # releases
SHA256 = re.compile(r"[0-9a-f]{64}")
MISSING, CHANGED = "missing", "not as it was published"
NO_MANIFEST = "not the manifest of a release"
NEEDED = {"release", "published", "kept", "pages", "files", "frozen"}  # of a manifest


class DamageError(Exception):
    """A record that cannot be believed, with its address and the reason."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address, self.reason = address, reason


@dataclass
class Release:
    """A release as `versions.json` lists it.

    `changed` counts what changed, by language and kind; `kept` are the pages kept from before; `records` has the hash
    of the manifest and of the other records beside the pages, by name (those of old releases are not known).
    """

    name: str
    published: str
    hash: str
    by: str
    previous: str | None
    changed: dict[str, dict[str, int]]
    kept: list[str]
    retired: bool
    records: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        return f"releases/{self.name}/{name}"


@dataclass
class Versions:
    """The releases of a target, oldest first, and which is current.

    `history` are the releases that readers had, the current one last: `rollback` goes back in it. `front` has the hash
    of what stands at the root and in the archive. `serial` grows by one each time.
    """

    current: str | None = None
    releases: list[Release] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    front: dict[str, str] = field(default_factory=dict)
    serial: int = 0

    def find(self, name: str | None) -> Release | None:
        """The release of this name, unless it is retired."""
        return next((one for one in self.releases if one.name == name and not one.retired), None)

    def make_current(self, name: str) -> None:
        """Readers have this release now."""
        if name != self.current or not self.history:
            self.history = [*self.history, name][-KEPT_HISTORY:]
        self.current = name

    def go_back(self, name: str) -> None:
        """Readers have an earlier release again: what came after it is no longer part of what they had."""
        while self.history and self.history[-1] != name:
            self.history.pop()
        self.current = name

    def before(self) -> str | None:
        """The release that readers had before the current one, unless it is retired."""
        for name in reversed(self.history[:-1]):
            if name != self.current and self.find(name):
                return name
        return None

    def to_json(self) -> bytes:
        content = asdict(self)
        return json.dumps({**content, "check": _check(content)}, ensure_ascii=False, indent=1).encode()


class FileEntry(msgspec.Struct, frozen=True):
    """Where a file of a release lies in the target, and its hash."""

    at: str
    sha256: str


class Manifest(msgspec.Struct):
    """What a release holds, and what made it.

    `files` are by their path in the site; `pages` are the files of each page's run; `kept` the pages kept from before,
    with their dates; `frozen` the addresses of embeds and of what they show. `hash` is that of the whole site, `by` who
    published it, `versions` are those of the tools, `build` is the record of the build.
    """

    release: str = ""
    published: str = ""
    hash: str = ""
    by: str = ""
    previous: str | None = None
    versions: dict[str, str] = {}
    build: Any = None
    kept: dict[str, str] = {}
    pages: dict[str, list[str]] = {}
    files: dict[str, FileEntry] = {}
    frozen: list[str] = []

    def hashes(self) -> dict[str, str]:
        """The hash of each file, by address."""
        return {entry.at: entry.sha256 for entry in self.files.values()}

    def places(self) -> dict[str, str]:
        """The address of each file, by its path in the site."""
        return {path: entry.at for path, entry in self.files.items()}

    def to_json(self) -> bytes:
        return json.dumps(msgspec.to_builtins(self), ensure_ascii=False, indent=1).encode()


# versions.json


def read_versions(target: Target) -> tuple[Versions, list[str]]:
    """The releases there are, and a sentence for what was damaged and is mended from the copy.

    Raises TargetError where neither `versions.json` nor its copy can be believed. What lies there of a first publish
    that was killed is no release.
    """
    notes = []
    try:
        versions = parse_versions(VERSIONS, target.read(VERSIONS))
    except DamageError as damage:
        versions = _from_copy(target, damage)
        if versions.serial or versions.releases:
            notes.append(f"{damage}: mended from {COPY}")
    else:
        copy = _copy(target)
        if copy and copy.serial > versions.serial:
            versions = copy
            notes.append(f"{VERSIONS}: older than {COPY}: mended from it")
    return versions, notes


def _from_copy(target: Target, damage: DamageError) -> Versions:
    lying = sorted({name.split("/")[1] for name in target.there if re.match("releases/[^/]+/", name)})
    copy = _copy(target)
    if copy is None:
        if not lying or (damage.reason == MISSING and len(lying) == 1 and not target.is_public()):
            return Versions()
        where = f"and no copy of it in {COPY}" if COPY not in target.there else f"and {COPY} is damaged too"
        raise TargetError(f"{damage}, {where}: put it back, or take releases/{', releases/'.join(lying)} away")
    known = {one.name for one in copy.releases}
    unknown = [name for name in lying if name not in known and f"releases/{name}/{MANIFEST}" in target.there]
    if unknown:
        raise TargetError(f"{damage}, and {COPY} does not know {', '.join(unknown)}: put it back, or take these away")
    return copy


def _copy(target: Target) -> Versions | None:
    try:
        return parse_versions(COPY, target.read(COPY))
    except DamageError:
        return None


def parse_versions(address: str, content: bytes | None) -> Versions:
    """`versions.json` as it was written. Raises DamageError for any other."""
    record = _parse(address, content)
    check = record.pop("check", None)
    if check is not None and check != _check(record):
        raise DamageError(address, CHANGED)
    try:
        releases = [Release(**entry) for entry in record.pop("releases")]
        versions = Versions(**record, releases=releases)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise DamageError(address, "no list of releases") from None
    names = [one.name for one in versions.releases]
    if not _is_list_of(releases) or (versions.current is None) != (not names) or versions.current not in [*names, None]:
        raise DamageError(address, "no list of releases with the current one")
    if not versions.history and versions.current:  # of an older press: what was published up to the current one
        earlier = names[: names.index(versions.current) + 1]
        versions.history = earlier
    return versions


def _is_list_of(releases: Sequence[Release]) -> bool:
    """Whether each release is well-formed."""
    for one in releases:
        texts = (one.name, one.published, one.hash, one.by)
        if not all(isinstance(text, str) for text in texts) or not isinstance(one.records, dict):
            return False
        if not is_inside(one.name) or "/" in one.name or not isinstance(one.changed, dict):
            return False
    return True


def _check(content: Mapping[str, Any]) -> str:
    return digest(canonical(content))


def _parse(address: str, content: bytes | None) -> dict[str, Any]:
    if content is None:
        raise DamageError(address, MISSING)
    if not content.strip():
        raise DamageError(address, "empty")
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise DamageError(address, "not JSON") from None
    if not isinstance(record, dict):
        raise DamageError(address, "not a record")
    return record


# Manifests


def read_manifest(target: Target, release: Release) -> Manifest:
    """The manifest of a release as it was written. Raises DamageError for any other."""
    return parse_manifest(release, target.read(release.address(MANIFEST)))


def manifests(target: Target, releases: Sequence[Release]) -> Iterator[tuple[Release, Manifest | DamageError]]:
    """Each release with its manifest, asked for some at once: there may be years of them."""
    for start in range(0, len(releases), AT_ONCE):
        some = releases[start : start + AT_ONCE]
        contents = target.read_all([one.address(MANIFEST) for one in some])
        for one, content in zip(some, contents, strict=True):
            try:
                yield one, parse_manifest(one, content)
            except DamageError as damage:
                yield one, damage


def parse_manifest(release: Release, content: bytes | None) -> Manifest:
    """A manifest as it was written. Raises DamageError for any other."""
    address = release.address(MANIFEST)
    record = _parse(address, content)
    written = release.records.get(MANIFEST)
    if written and written != digest(content or b""):
        raise DamageError(address, CHANGED)
    try:
        manifest = msgspec.convert(record, Manifest)
    except msgspec.ValidationError:
        raise DamageError(address, NO_MANIFEST) from None
    if not record.keys() >= NEEDED:
        raise DamageError(address, NO_MANIFEST)
    if manifest.release != release.name or not _is_whole(manifest):
        raise DamageError(address, NO_MANIFEST)
    return manifest


def _is_whole(manifest: Manifest) -> bool:
    """Whether it names a whole site: hashed files at addresses of this target, an index, and nothing unknown."""
    for entry in manifest.files.values():
        if not SHA256.fullmatch(entry.sha256) or not is_inside(entry.at):
            return False
    paged = {name for names in manifest.pages.values() for name in names}
    embedded = set(manifest.frozen) <= set(manifest.places().values())
    return "index.html" in manifest.files and paged <= manifest.files.keys() and embedded


# Files


def damaged(target: Target, wanted: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each address that does not hold the content with the hash that is wanted there."""
    hashes = target.hashes(list(wanted))
    return {
        address: CHANGED if hashes[address] else MISSING
        for address, content in wanted.items()
        if hashes[address] != content
    }


def wanted(release: Release, manifest: Manifest) -> dict[str, str]:
    """The hash of each file of a release and of its records, by address."""
    records = {release.address(name): content for name, content in release.records.items()}
    return manifest.hashes() | records

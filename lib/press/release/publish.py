"""Publishing: a built site becomes a release of a target, a folder or any address fsspec knows, whole or not at all.

A release never changes and has its own address, `releases/NAME/`; pictures, scripts and frozen embeds lie beside all
releases in `assets/`, each named by its content. Files go first, then the target switches. What a publish that was
killed has left behind, the next one sweeps away.

What is inherited from earlier releases is read back first. Damage is mended from what is there and told; where it
cannot be, nothing that needs the damaged file becomes current.
"""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from posixpath import dirname, normpath

import msgspec

from press.build.order import SHARED, lock_output
from press.release import changes, ledger
from press.release.changes import Changed
from press.release.gather import Book, Built, PublishError, gather, read_build
from press.release.ledger import CHANGES, COPY, MANIFEST, VERSIONS, DamageError, FileEntry, Manifest, Release, Versions
from press.release.links import QUOTED
from press.release.mend import compared, listed, mend_files, mend_records, on_desk, records_of
from press.release.notices import archive_page, feed
from press.release.opening import opened, sweep
from press.release.portable import portable
from press.release.targets import ARCHIVE, Target, TargetError
from press.run import redact
from press.run.hashing import canonical, digest
from press.site import assets
from press.suite import Run, Suite

EMBEDDED = b' class="embed">'
SHOWN = (".css", ".js", ".svg", ".png")
TOOLS = ("papermill", "nbconvert", "plotly")
IN_FEED = 20  # releases


def publish(
    suite: Suite, planned: Sequence[Run], out: Path, where: str, *, partial: bool = False, by: str = ""
) -> tuple[str, bool, Book]:
    """Make the built site the current release of a target: its name, whether it is a new one, and what it holds.

    Raises PublishError for a build that is not whole (unless `partial`), for a page that contains a secret, and for a
    target that fails or is damaged beyond mending; nothing is switched then.
    """
    secrets = redact.read(suite.secrets)
    with lock_output(out), opened(where) as target:
        versions, notes = ledger.read_versions(target)
        built = Built(suite, planned, read_build(out), secrets)
        last, note = _last_manifest(target, versions)
        notes += note
        damage = ledger.damaged(target, last.hashes())
        book = gather(built, out, target, last, partial)
        content = digest(canonical({name: _digest(file) for name, file in book.files.items()}))
        was = versions.current
        release = _published_before(built, book, content, target, versions, notes)
        is_new = release is None
        if release is None:
            release = _new_release(content, by, versions)
            notes += _add(built, book, release, target, versions, last)
            versions.releases.append(release)
        before = versions.find(was)
        if before and before is not release and last.files:
            notes += mend_files(target, before, last, _sources(target, book, release.name, suite))
            notes += mend_records(built.suite, target, versions, before, last)
        still = ledger.damaged(target, {address: last.hashes()[address] for address in damage})
        notes += [f"{address}: {reason}: mended" for address, reason in damage.items() if address not in still]
        versions.make_current(release.name)
        _retire(versions, was, suite.keep, suite.days, datetime.now(UTC))
        notes += _switch(built, target, versions)
        book.notes = list(dict.fromkeys(notes))
        return release.name, is_new, book


def rollback(suite: Suite, where: str, release: str | None = None) -> tuple[str, list[str]]:
    """Make an earlier release current again: the one named, or the one that readers had before the current one.

    Returns its name, and what was damaged and is mended. Raises PublishError for a release that is not whole.
    """
    secrets = redact.read(suite.secrets)
    with opened(where) as target:
        versions, notes = ledger.read_versions(target)
        names = [one.name for one in versions.releases if not one.retired]
        goal = versions.find(release or versions.before())
        if goal is None:
            missing = f"no release {release}" if release else "no release before the current one"
            raise PublishError(f"{where}: {missing}: expected one of {', '.join(names)}")
        try:
            manifest = ledger.read_manifest(target, goal)
        except DamageError as damage:
            raise PublishError(f"{where}: {damage}: release {goal.name} cannot be made current") from None
        notes += mend_files(target, goal, manifest, {})
        if lost := ledger.damaged(target, manifest.hashes()):
            raise PublishError(f"{where}: {listed(lost)}: release {goal.name} cannot be made current")
        built = Built(suite, (), None, secrets)
        notes += mend_records(built.suite, target, versions, goal, manifest)
        if release:
            versions.make_current(goal.name)
        else:
            versions.go_back(goal.name)
        notes += _switch(built, target, versions)
        return goal.name, list(dict.fromkeys(notes))


def _user() -> str:
    """The name of who publishes; its number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _digest(file: Path) -> str:
    return digest(file.read_bytes())


def _last_manifest(target: Target, versions: Versions) -> tuple[Manifest, list[str]]:
    """The manifest of the current release; one that is damaged has nothing to inherit."""
    current = versions.find(versions.current)
    if current is None:
        return Manifest(), []
    try:
        return ledger.read_manifest(target, current), []
    except DamageError as damage:
        return Manifest(), [f"{damage}: nothing of release {current.name} is taken over"]


def _new_release(content: str, by: str, versions: Versions) -> Release:
    now = datetime.now(UTC)
    name = f"{now:%Y%m%d-%H%M%S}-{content[:8]}"
    taken = {one.name for one in versions.releases}
    while name in taken:  # within a second, with the same content
        name += "-2"
    published = now.isoformat(timespec="seconds")
    return Release(name, published, content, by or _user(), versions.current, {}, [], retired=False)


def _published_before(
    built: Built, book: Book, content: str, target: Target, versions: Versions, notes: list[str]
) -> Release | None:
    """The release that has just this content, whole, mended where it was damaged; None if there is none."""
    same = [one for one in versions.releases if one.hash == content and not one.retired]
    for release in reversed(same):
        try:
            manifest = ledger.read_manifest(target, release)
        except DamageError as damage:
            at = versions.releases.index(release)
            earlier = Versions(release.previous, versions.releases[:at])
            notes += [f"{damage}: written anew", *_add(built, book, release, target, earlier, Manifest())]
            return release
        notes += mend_files(target, release, manifest, _sources(target, book, release.name, built.suite))
        if not ledger.damaged(target, manifest.hashes()):
            notes += mend_records(built.suite, target, versions, release, manifest)
            return release
    return None


def _sources(target: Target, book: Book, release: str, suite: Suite) -> dict[str, Path]:
    """The files of a book as they are in a release of the target, by their hash."""
    places = target.addresses(book.files, release, suite.url.rstrip("/"))
    return {_digest(file): file for _, file in places.values()}


def _add(built: Built, book: Book, release: Release, target: Target, versions: Versions, last: Manifest) -> list[str]:
    """Put a release's files in their places, its manifest last, and complete what `versions.json` says of it.

    A file whose content the release `last` has is linked to it. Says which files lay there damaged.
    """
    suite = built.suite
    places = target.addresses(book.files, release.name, suite.url.rstrip("/"))
    files = {path: FileEntry(at, _digest(file)) for path, (at, file) in places.items()}
    contents = {path: changes.contents_of(path, book.printed[path], book.files) for path in book.pages}
    changed, notes = compared(target, versions, release, contents)
    release.changed = {lang: changes.counted(changed, lang) for lang in suite.languages}
    release.kept = sorted(book.kept)
    records = records_of(suite, release, contents, changed, book.kept)
    records[MANIFEST] = _manifest(built, book, release, files).to_json()
    release.records = {name: digest(content) for name, content in records.items()}
    new = dict(places.values())
    extras = on_desk(target, {release.address(name): content for name, content in records.items()})
    _refuse_secrets(new | extras, built.secrets)
    mended = target.add(new, _twins(files, last))
    target.add(extras)
    return notes + [f"{address}: {ledger.CHANGED}: mended" for address in mended]


# One call with a value for each field.
def _manifest(built: Built, book: Book, release: Release, files: dict[str, FileEntry]) -> Manifest:
    return Manifest(
        release=release.name,
        published=release.published,
        hash=release.hash,
        by=release.by,
        previous=release.previous,
        versions={"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS},
        build=portable(msgspec.to_builtins(built.report)),
        kept=book.kept,
        pages=book.pages,
        files=files,
        frozen=_frozen(book, files),
    )


def _twins(files: Mapping[str, FileEntry], last: Manifest) -> dict[str, str]:
    """For the address of each new file whose content the last release has, the address that it has there."""
    there = {entry.sha256: entry.at for entry in last.files.values()}
    return {entry.at: there[entry.sha256] for entry in files.values() if entry.sha256 in there}


def _frozen(book: Book, files: Mapping[str, FileEntry]) -> list[str]:
    """The addresses of the charts that can be embedded, and of all that they show."""
    found = set()
    for path, file in book.files.items():
        if path.endswith(".html") and EMBEDDED in (content := file.read_bytes())[:200]:
            shown = (normpath(f"{dirname(path)}/{link[0]}") for link in QUOTED.findall(content.decode()))
            found |= {files[name].at for name in (path, *shown) if name.endswith((path, *SHOWN)) and name in files}
    return sorted(found)


def _refuse_secrets(files: Mapping[str, Path], secrets: redact.Secrets) -> None:
    if not secrets:
        return
    ours = {f"{SHARED}{name}" for name in assets.asset_names().values()}  # the press's own, as it was installed
    for address, file in files.items():
        if address not in ours and (names := redact.secrets_in(file.read_bytes(), secrets)):
            listed = ", ".join(sorted(names))
            raise PublishError(f"{address}: contains the value of {listed}: remove it there, or `press build --force`")


def _retire(versions: Versions, was: str | None, keep: int | None, days: int | None, now: datetime) -> None:
    """Mark the releases that are beyond the count and past the age.

    Never the current one, the one before it, or the one that `was` current: after a rollback that is an older one.
    """
    names = [one.name for one in versions.releases]
    safe = {was, versions.before(), *names[-(keep or 1) :]}
    if versions.current in names:
        safe |= set(names[max(0, names.index(versions.current) - 1) :])
    for one in versions.releases if keep or days else ():
        old = not days or datetime.fromisoformat(one.published) < now - timedelta(days=days)
        if old and one.name not in safe:
            one.retired = True


def _switch(built: Built, target: Target, versions: Versions) -> list[str]:
    """Make the current release of `versions` the target's, with the archive that lists them all; then tidy up.

    Says what was damaged.
    """
    suite = built.suite
    ours = assets.published_assets(suite.theme, suite.root)
    shared = {f"{SHARED}{name}": content for name, content in ours.items()}
    notes = [f"{address}: {ledger.CHANGED}: mended" for address in target.add(on_desk(target, shared))]
    current = versions.find(versions.current)
    if current is None:
        raise TargetError(f"{versions.current}: no such release")
    manifest = _whole_manifest(target, current)
    shown = versions.releases[::-1]
    entries = []
    for one in shown[:IN_FEED]:
        changed, note = _changes_of(built, target, versions, one)
        entries.append(asdict(one) | {"changes": changed})
        notes += note
    state: dict[str, bytes] = target.front(current.name, manifest.places())
    for lang in suite.languages:
        state[f"{ARCHIVE}{lang}.html"] = archive_page(suite, shown, current.name, lang).encode()
        state[f"{ARCHIVE}{lang}.xml"] = feed(suite, entries, versions.releases, lang).encode()
    if built.secrets:
        _refuse_secrets(on_desk(target, state), built.secrets)
    was = {name: content for name, content in versions.front.items() if name in state}
    changed_since = ledger.damaged(target, was)
    notes += [f"{name}: {reason}: written anew" for name, reason in changed_since.items()]
    versions.front = {name: digest(content) for name, content in state.items()}
    versions.serial += 1
    state[VERSIONS] = versions.to_json()
    target.switch(current.name, manifest.places(), state)
    target.add(on_desk(target, {COPY: state[VERSIONS]}))
    return notes + sweep(target, versions, shared)


def _whole_manifest(target: Target, release: Release) -> Manifest:
    """The manifest of a release that is about to be current. Raises TargetError unless all of it is there."""
    try:
        manifest = ledger.read_manifest(target, release)
    except DamageError as damage:
        raise TargetError(str(damage)) from None
    if lost := ledger.damaged(target, manifest.hashes()):
        raise TargetError(f"{listed(lost)}: release {release.name} is not whole")
    return manifest


def _changes_of(built: Built, target: Target, versions: Versions, release: Release) -> tuple[Changed, list[str]]:
    """What changed in a release, for the feed; read from the pages where its record is damaged."""
    content = target.read(release.address(CHANGES))
    written = release.records.get(CHANGES)
    with suppress(msgspec.MsgspecError):
        if content and written in (None, digest(content)):
            return msgspec.json.decode(content, type=Changed), []
    try:
        manifest = ledger.read_manifest(target, release)
    except DamageError as damage:
        return [], [f"{damage}: the feed does not say what changed in release {release.name}"]
    notes = mend_records(built.suite, target, versions, release, manifest)
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(target.read(release.address(CHANGES)) or b"[]", type=Changed), notes
    return [], notes

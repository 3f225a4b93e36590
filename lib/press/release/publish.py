"""Publishing: a built site becomes a release of a target, a folder or any address fsspec knows, whole or not at all.

A release never changes and has its own address, `releases/NAME/`; pictures, scripts and frozen embeds lie beside all
releases in `assets/`, each named by its content. Files go first, then the target switches. What a publish that was
killed has left behind, the next one sweeps away.

What is inherited from earlier releases is read back first. Damage is mended from what is there and told; where it
cannot be, nothing that needs the damaged file becomes current.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from press.build.order import SHARED, lock_output
from press.build.report import RECORD, BuildReport, read_report
from press.build.tasks import make_tasks
from press.page.downloads import UNPRINTABLE
from press.page.record import read_page
from press.records import PageRecord, Task
from press.release import changes, ledger
from press.release.ledger import CHANGES, CONTENTS, COPY, MANIFEST, VERSIONS, DamageError, Manifest, Release, Versions
from press.release.targets import ARCHIVE, OWNED, QUOTED, Target, TargetError, moved_page, open_target
from press.run import freshness, redact
from press.run.freshness import is_intact
from press.run.hashing import canonical, digest
from press.run.inputs import Fingerprints, forget
from press.run.record import SITE, Record, Records
from press.site import assets, index, navigation
from press.suite import Run, Suite

ARTICLE = "<article>\n"
INDEX = re.compile(r"(?:^|/)index(?:[.][\w-]+)?[.]html$")  # a folder's index page, or the front page in a language
ARCHIVE_LINK = re.compile(r'<p class="archive">.*?</p>\n')
NOTE = re.compile(r'<p class="kept" role="note">.*?</p>\n')
EMBEDDED = b' class="embed">'
SHOWN = (".css", ".js", ".svg", ".png")
FOLDERS = re.compile(
    r"(?:(?<=file://)|(?<![\w/.<…])(?!//))(?:[A-Za-z]:(?=[\\/]))?(?:[\\/][^\\/\s\"'<>:]+)*(?=[\\/]\w)"
)  # of a path from a root
TOOLS = ("papermill", "nbconvert", "plotly")
IN_FEED = 20  # releases
NAMED = 5  # damaged files in a message
BARE = "printed without its "
Changed = list[dict[str, Any]] | None  # None: what changed is not known


class PublishError(Exception):
    """What kept a release from becoming public; what was current before is current still."""


@dataclass
class Book:
    """What is published: every file by its path in the site, the files of each run, the runs kept as they were when.

    `printed` is what each page says; `notes` say what was damaged in the target, and what became of it.
    """

    files: dict[str, Path]
    pages: dict[str, list[str]] = field(default_factory=dict)
    printed: dict[str, PageRecord] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def publish(
    suite: Suite, planned: Sequence[Run], out: Path, where: str, *, partial: bool = False, by: str = ""
) -> tuple[str, bool, Book]:
    """Make the built site the current release of a target: its name, whether it is a new one, and what it holds.

    Raises PublishError for a build that is not whole (unless `partial`), for a page that contains a secret, and for a
    target that fails or is damaged beyond mending; nothing is switched then.
    """
    secrets = redact.read(suite.secrets)
    with lock_output(out), _at(where) as target:
        versions, notes = ledger.read_versions(target)
        built = Built(suite, planned, _build_report(out), secrets)
        last, note = _last_manifest(target, versions)
        notes += note
        damage = ledger.damaged(target, last.hashes())
        book = _gather(built, out, target, last, partial)
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
            notes += _mend(target, before, last, _sources(target, book, release.name, suite))
            notes += _mend_records(built, target, versions, before, last)
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
    with _at(where) as target:
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
        notes += _mend(target, goal, manifest, {})
        if lost := ledger.damaged(target, manifest.hashes()):
            raise PublishError(f"{where}: {_list(lost)}: release {goal.name} cannot be made current")
        built = Built(suite, (), None, secrets)
        notes += _mend_records(built, target, versions, goal, manifest)
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


def releases(where: str, *, every: bool = False) -> tuple[Versions, list[str]]:
    """What a target's `versions.json` says, and what is damaged: of its records, of the current release, and of all
    others too if asked for `every` file.

    A publish that is under way may look like damage: then it is waited for.
    """
    with _failing(where):
        target = open_target(where)
        found = None
        with suppress(OSError, TargetError):
            found = _looked_through(target, every)
        if found and not found[1]:
            return found
        try:
            with target.alone():
                return _looked_through(target, every)
        except (OSError, TargetError):
            if found is None:
                raise
            return found  # to one who may only read


def _looked_through(target: Target, every: bool) -> tuple[Versions, list[str]]:
    target.look()
    versions, damage = ledger.read_versions(target)
    damage += _hidden(target, VERSIONS)
    for one, manifest in ledger.manifests(target, versions.releases):
        if isinstance(manifest, DamageError):
            damage.append(str(manifest))
            continue
        damage += _hidden(target, one.address(MANIFEST))
        current = one.name == versions.current
        if current:
            damage += [
                f"{name}: does not lead to the current release" for name in target.broken(one.name, manifest.places())
            ]
            damage += _sentences(ledger.damaged(target, versions.front))
        if (current or every) and not one.retired:
            damage += _sentences(ledger.damaged(target, ledger.wanted(one, manifest)))
    return versions, damage


def _hidden(target: Target, address: str) -> list[str]:
    """A sentence for a record that who serves the target may not read."""
    return [f"{address}: may not be read by others"] if target.is_hidden(address) else []


@dataclass(frozen=True)
class Built:
    """What is built: the suite, its runs, the record of the last build, and the secrets that must not be in it.

    There is no record where a release is only made current again.
    """

    suite: Suite
    planned: Sequence[Run]
    report: BuildReport | None
    secrets: redact.Secrets


@contextmanager
def _at(where: str) -> Iterator[Target]:
    """The target, alone; the leavings of a failure removed."""
    with _failing(where), (target := open_target(where)).alone():
        try:
            yield target
        except Exception:
            with suppress(Exception):
                _sweep(target, ledger.read_versions(target)[0])
            raise


@contextmanager
def _failing(where: str) -> Iterator[None]:
    """Any failure of a target in a sentence."""
    try:
        yield
    except (PublishError, redact.SuiteError):
        raise
    except Exception as error:
        if not isinstance(error, OSError | TargetError) and type(error).__module__.startswith(("press", "builtins")):
            raise
        if isinstance(error, TargetError):
            raise PublishError(f"{error}; nothing is switched: readers have what they had before") from error
        reason = f"{where}: {error or type(error).__name__}"
        raise PublishError(
            f"{reason}; readers have one whole release, as before: publish again when that is mended"
        ) from error


def _build_report(out: Path) -> BuildReport:
    """The record of the last build. Raises PublishError."""
    try:
        return read_report(out)
    except FileNotFoundError:
        raise PublishError(f"{out}: found no {RECORD}: the last build has not ended, run `press build` first") from None
    except (OSError, msgspec.MsgspecError, RecursionError):
        raise PublishError(f"{out / RECORD}: not the record of a build: run `press build` first") from None


def _digest(file: Path) -> str:
    return digest(file.read_bytes())


def _list(damage: Mapping[str, str]) -> str:
    """The first of the damaged files, and how many more there are."""
    named = [f"{address} is {reason}" for address, reason in list(damage.items())[:NAMED]]
    more = f" and {len(damage) - NAMED} more" if len(damage) > NAMED else ""
    return f"{', '.join(named)}{more}"


def _sentences(damage: Mapping[str, str]) -> list[str]:
    return [f"{address}: {reason}" for address, reason in damage.items()]


# What lies in the target already


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
        notes += _mend(target, release, manifest, _sources(target, book, release.name, built.suite))
        if not ledger.damaged(target, manifest.hashes()):
            notes += _mend_records(built, target, versions, release, manifest)
            return release
    return None


def _sources(target: Target, book: Book, release: str, suite: Suite) -> dict[str, Path]:
    """The files of a book as they are in a release of the target, by their hash."""
    places = target.addresses(book.files, release, suite.url.rstrip("/"))
    return {_digest(file): file for _, file in places.values()}


def _mend(target: Target, release: Release, manifest: Manifest, sources: Mapping[str, Path]) -> list[str]:
    """Mend the damaged files of a release, each from a source with the hash of its content or from another address;
    says what was mended, and what could not be.
    """
    hashes = manifest.hashes()
    damage = ledger.damaged(target, hashes)
    if not damage:
        return []
    own = _closed(target, {address: hashes[address] for address in damage})
    others = _elsewhere(target, {hashes[address] for address in damage} - sources.keys() - own.keys())
    known = {**others, **own, **sources}
    mended = {address: known[hashes[address]] for address in damage if hashes[address] in known}
    target.add(mended)
    notes = [f"{address}: {damage[address]}: mended" for address in mended]
    lost = {address: reason for address, reason in damage.items() if address not in mended}
    if lost:
        notes.append(f"{_list(lost)}, and there is nothing to mend it from: release {release.name} is damaged")
    return notes


def _closed(target: Target, wanted: Mapping[str, str]) -> dict[str, Path]:
    """By hash, the files that lie in their places with the content that is wanted, but closed to readers."""
    contents = {}
    for address, content in wanted.items():
        with suppress(OSError):
            found = target.read(address)
            if found is not None and digest(found) == content:
                contents[content] = found
    return _on_desk(target, contents)


def _elsewhere(target: Target, contents: set[str]) -> dict[str, Path]:
    """Files with these hashes that lie somewhere in a release of the target."""
    versions, _ = ledger.read_versions(target)
    found: dict[str, Path] = {}
    for _, manifest in ledger.manifests(target, versions.releases if contents else ()):
        if isinstance(manifest, DamageError):
            continue
        places = {address: content for address, content in manifest.hashes().items() if content in contents}
        for address, content in places.items():
            if content not in found and target.hashes([address])[address] == content:
                found[content] = target.desk / "found" / content
                found[content].parent.mkdir(parents=True, exist_ok=True)
                found[content].write_bytes(target.read(address) or b"")
    return found


# What is published


def _gather(built: Built, out: Path, target: Target, last: Manifest, partial: bool) -> Book:
    """The files on record; for a run that the last build did not make, those of its last good page, which says so."""
    suite, made_in = built.suite, out / "site"
    late = _late(built, out)
    if late and not partial:
        why = "".join(f"\n  {path}: {reason}" for path, reason in late.items())
        raise PublishError(f"the last build is not whole (--partial publishes it with the last good pages):{why}")
    records = Records(out / ".cache")
    shared = records.get(SITE)
    if shared is None or not is_intact(shared, made_in):
        raise PublishError(f"{made_in}: its indexes are not as they were built: run `press build` first")
    book = Book({name: made_in / name for name in shared.files})
    for run in built.planned:
        record = records.get(run.path)
        mine = {name: made_in / name for name in record.files} if record and is_intact(record, made_in) else {}
        if record and mine and not (_lacks(run, record) and run.path in last.pages):
            files = mine
            book.printed[run.path] = record.printed
            made = f"{datetime.fromtimestamp((made_in / f'{run.path}.html').stat().st_mtime, UTC):%Y-%m-%d}"
        else:
            files = _fetched(target, last, run.path)
            made = last.kept.get(run.path) or last.published[:10]
        if not files:
            book.left_out.append(run.path)
            continue
        book.pages[run.path] = sorted(files)
        if run.path not in book.printed:
            text = files[f"{run.path}.html"].read_text(encoding="utf-8")
            book.printed[run.path] = read_page(NOTE.sub("", text))
        if run.path in late and not (files is mine and late[run.path].startswith(BARE)):
            book.kept[run.path] = made
            _edit(
                files,
                f"{run.path}.html",
                target.desk,
                lambda text, run=run, made=made: _noted(text, suite, run.lang, made),
            )
        book.files |= files
    if late:
        _write_indexes(suite, built.planned, book, target.desk)
    for name in [name for name in book.files if INDEX.search(name)]:
        _edit(book.files, name, target.desk, lambda text: _with_archive(text, suite))
    if "index.html" not in book.files:
        raise PublishError(f"{made_in}: found no index.html: run `press build` first")
    return book


def _late(built: Built, out: Path) -> dict[str, str]:
    """The pages that failed in the last build, or that it left aside and that are not up to date, with the reason."""
    done = {canonical([one.report, one.lang, one.params]): one for one in built.report.runs} if built.report else {}
    records = Records(out / ".cache")
    now = Fingerprints(built.suite.root)
    late = {}
    forget()
    for run, task in zip(built.planned, make_tasks(built.suite, built.planned, built.planned), strict=True):
        entry = done.get(canonical([run.report.name, run.lang, dict(run.params)]))
        record = records.get(run.path)
        if entry and entry.status == "failed":
            late[run.path] = entry.error
        elif record is None or not is_intact(record, out / "site"):
            late[run.path] = "its files are not as they were built" if entry else "not built"
        elif lacking := _lacks(run, record):
            late[run.path] = f"{BARE}{lacking}: {(entry and entry.warning) or 'run `press build` again'}"
        elif not entry and not _up_to_date(record, task, out / "site", now):
            late[run.path] = "not in the last build, and not up to date (see `press explain`)"
    return late


def _lacks(run: Run, record: Record | None) -> str:
    """The formats that the suite asks for and the build could not print."""
    have = record.files if record else ()
    return ", ".join(one.upper() for one in run.report.formats if f"{run.path}.{one}" not in have)


def _up_to_date(record: Record, task: Task, built: Path, now: Fingerprints) -> bool:
    same = all(state == "same" for _, state in freshness.changes(record, task, now))
    return same and freshness.is_printed(record, task, built, now)


def _fetched(target: Target, last: Manifest, path: str) -> dict[str, Path]:
    """The files that a run had in the last release. Raises PublishError for one that is damaged."""
    files = {}
    for name in last.pages.get(path, ()):
        address, content = last.files[name]["at"], last.files[name]["sha256"]
        if damage := ledger.damaged(target, {address: content}):
            raise PublishError(f"{_list(damage)}: {path} cannot be kept as it was: build it, or roll back")
        files[name] = target.desk / "last" / name
        files[name].parent.mkdir(parents=True, exist_ok=True)
        files[name].write_bytes(target.read(address) or b"")
    return files


def _edit(files: dict[str, Path], name: str, desk: Path, change: Any) -> None:
    edited = desk / "edited" / name
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text(change(files[name].read_text(encoding="utf-8")), encoding="utf-8")
    files[name] = edited


def _noted(text: str, suite: Suite, lang: str, made: str) -> str:
    note = f'<p class="kept" role="note">{assets.words(lang, suite.theme)["publish"]["kept"].format(made)}</p>\n'
    return NOTE.sub("", text).replace(ARTICLE, ARTICLE + note, 1)


def _with_archive(text: str, suite: Suite) -> str:
    """An index page with a link to the archive, and to its feed where its address is known."""
    found = re.search(r'<html lang="([a-z]+)', text)
    root = re.search(r'href="((?:\.\./)*)assets/', text)
    lang, up = found[1] if found else "en", root[1] if root else ""
    said, url = assets.words(lang, suite.theme)["publish"], suite.url
    feed = f'<link rel="alternate" type="application/atom+xml" href="{url.rstrip("/")}/archive/{lang}.xml">\n'
    text = ARCHIVE_LINK.sub("", text)  # of the release that the page is kept from
    words = f'<p class="archive"><a href="{up}archive/{lang}.html">{said["archive"]}</a></p>\n'
    return text.replace("</head>", f"{feed if url else ''}</head>", 1).replace("</main>", f"{words}</main>", 1)


def _write_indexes(suite: Suite, planned: Sequence[Run], book: Book, desk: Path) -> None:
    """The indexes of exactly the pages there are."""
    stage = desk / "site"
    for name, file in book.files.items():
        if not name.startswith(SHARED):
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, stage / name)
    for file in index.write_index(stage, suite, planned, book.printed, suite.url):
        book.files[file.relative_to(stage).as_posix()] = file


# A release


def _add(built: Built, book: Book, release: Release, target: Target, versions: Versions, last: Manifest) -> list[str]:
    """Put a release's files in their places, its manifest last, and complete what `versions.json` says of it.

    A file whose content the release `last` has is linked to it. Says which files lay there damaged.
    """
    suite = built.suite
    places = target.addresses(book.files, release.name, suite.url.rstrip("/"))
    files = {path: {"at": at, "sha256": _digest(file)} for path, (at, file) in places.items()}
    contents = {path: changes.contents_of(path, book.printed[path], book.files) for path in book.pages}
    changed, notes = _compared(target, versions, release, contents)
    release.changed = {lang: changes.counted(changed, lang) for lang in suite.languages}
    release.kept = sorted(book.kept)
    tools = {"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS}
    manifest = {
        "release": release.name,
        "published": release.published,
        "hash": release.hash,
        "by": release.by,
        "previous": release.previous,
        "versions": tools,
        "build": _portable(msgspec.to_builtins(built.report)),
        "kept": book.kept,
        "pages": book.pages,
        "files": files,
        "frozen": _frozen(book, files),
    }
    records = _records(suite, release, contents, changed, book.kept)
    records[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    release.records = {name: digest(content) for name, content in records.items()}
    new = dict(places.values())
    extras = _on_desk(target, {release.address(name): content for name, content in records.items()})
    _refuse_secrets(new | extras, built.secrets)
    there = {entry["sha256"]: entry["at"] for entry in last.files.values()}
    twins = {entry["at"]: there[entry["sha256"]] for entry in files.values() if entry["sha256"] in there}
    mended = target.add(new, twins)
    target.add(extras)
    return notes + [f"{address}: {ledger.CHANGED}: mended" for address in mended]


def _records(
    suite: Suite, release: Release, contents: Any, changed: Changed, kept: Mapping[str, str]
) -> dict[str, bytes]:
    """What lies beside the pages of a release, its manifest apart."""
    records = {
        CONTENTS: json.dumps(contents, ensure_ascii=False, indent=1).encode(),
        CHANGES: json.dumps(changed, ensure_ascii=False, indent=1).encode(),
    }
    for lang in suite.languages:
        records[f"changes.{lang}.html"] = _changes_page(suite, release, changed, kept, lang).encode()
    return records


def _on_desk(target: Target, contents: Mapping[str, bytes]) -> dict[str, Path]:
    """Contents as files to work with, by their address."""
    files = {}
    for address, content in contents.items():
        files[address] = target.desk / "extras" / address
        files[address].parent.mkdir(parents=True, exist_ok=True)
        files[address].write_bytes(content)
    return files


def _compared(target: Target, versions: Versions, release: Release, contents: Any) -> tuple[Changed, list[str]]:
    """What changed in a release since the one before it; None, and a word of it, where that can no longer be read."""
    previous = next((one for one in versions.releases if one.name == release.previous), None)
    if previous is None:
        return [], []
    try:
        return changes.compare(_contents(target, previous), contents), []
    except DamageError as damage:
        return None, [f"{damage}: what changed since release {previous.name} is not known"]


def _contents(target: Target, release: Release) -> Any:
    """The contents of a release, read from its pages where their record is damaged. Raises DamageError."""
    address = release.address(CONTENTS)
    content = target.read(address)
    written = release.records.get(CONTENTS)
    with suppress(ValueError):
        if content and written in (None, digest(content)):
            return json.loads(content)
    manifest = ledger.read_manifest(target, release)
    pages = {name: entry for name, entry in manifest.files.items() if name.endswith((".html", ".json"))}
    if release.retired or ledger.damaged(target, {entry["at"]: entry["sha256"] for entry in pages.values()}):
        raise DamageError(address, ledger.CHANGED)
    files = _on_desk(target, {f"{release.name}/{name}": target.read(pages[name]["at"]) or b"" for name in pages})
    by_path = {name: files[f"{release.name}/{name}"] for name in pages}
    contents = {}
    for path in manifest.pages:
        record = read_page(by_path[f"{path}.html"].read_text(encoding="utf-8"))
        contents[path] = changes.contents_of(path, record, by_path)
    return contents


def _mend_records(built: Built, target: Target, versions: Versions, release: Release, manifest: Manifest) -> list[str]:
    """Write the damaged records of a release anew; says which, and which could not be."""
    addresses = {release.address(name): content for name, content in release.records.items()}
    damage = ledger.damaged(target, addresses)
    if not damage:
        return []
    own = _closed(target, {address: addresses[address] for address in damage})
    target.add({address: own[addresses[address]] for address in damage if addresses[address] in own})
    notes = [f"{address}: closed to readers: opened" for address in damage if addresses[address] in own]
    lost = {address: reason for address, reason in damage.items() if addresses[address] not in own}
    if not lost:
        return notes
    try:
        contents = _contents(target, release)
    except DamageError:
        return [*notes, f"{_list(lost)}, and there is nothing to mend it from"]
    changed, unknown = _compared(target, versions, release, contents)
    if unknown:
        return [*notes, f"{_list(lost)}, and there is nothing to mend it from", *unknown]
    anew = _records(built.suite, release, contents, changed, manifest.kept)
    mended = {name: content for name, content in anew.items() if release.address(name) in lost}
    target.add(_on_desk(target, {release.address(name): content for name, content in mended.items()}))
    release.records |= {name: digest(content) for name, content in mended.items()}
    for name in mended:
        notes.append(f"{release.address(name)}: {lost.pop(release.address(name))}: written anew")
    return [*notes, f"{_list(lost)}, and there is nothing to mend it from"] if lost else notes


def _portable(record: Any) -> Any:
    """A build's record without places of this machine: of a path outside the suite the last part is left."""
    if isinstance(record, str):
        return f"…/{Path(record).name}" if record.startswith("/") else FOLDERS.sub("…", record)
    if isinstance(record, list):
        return [_portable(one) for one in record]
    if not isinstance(record, dict):
        return record
    portable: dict[str, Any] = {}
    for name, value in record.items():
        plain, count = _portable(name), 1
        while plain in portable:
            count += 1
            plain = f"{_portable(name)} ({count})"
        portable[plain] = _portable(value)
    return portable


def _frozen(book: Book, files: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The addresses of the charts that can be embedded, and of all that they show."""
    found = set()
    for path, file in book.files.items():
        if path.endswith(".html") and EMBEDDED in (content := file.read_bytes())[:200]:
            shown = (normpath(f"{dirname(path)}/{link[0]}") for link in QUOTED.findall(content.decode()))
            found |= {files[name]["at"] for name in (path, *shown) if name.endswith((path, *SHOWN)) and name in files}
    return sorted(found)


def _refuse_secrets(files: Mapping[str, Path], secrets: redact.Secrets) -> None:
    if not secrets:
        return
    ours = {f"{SHARED}{name}" for name in assets.asset_names().values()}  # the press's own, as it was installed
    for address, file in files.items():
        if address not in ours and (names := redact.found(file.read_bytes(), secrets)):
            listed = ", ".join(sorted(names))
            raise PublishError(f"{address}: contains the value of {listed}: remove it there, or `press build --force`")


# Which releases there are


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
    notes = [f"{address}: {ledger.CHANGED}: mended" for address in target.add(_on_desk(target, shared))]
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
        state[f"{ARCHIVE}{lang}.html"] = _archive_page(suite, shown, current.name, lang).encode()
        state[f"{ARCHIVE}{lang}.xml"] = _feed(suite, entries, versions.releases, lang).encode()
    if built.secrets:
        _refuse_secrets(_on_desk(target, state), built.secrets)
    was = {name: content for name, content in versions.front.items() if name in state}
    changed_since = ledger.damaged(target, was)
    notes += [f"{name}: {reason}: written anew" for name, reason in changed_since.items()]
    versions.front = {name: digest(content) for name, content in state.items()}
    versions.serial += 1
    state[VERSIONS] = versions.to_json()
    target.switch(current.name, manifest.places(), state)
    target.add(_on_desk(target, {COPY: state[VERSIONS]}))
    return notes + _sweep(target, versions, shared)


def _whole_manifest(target: Target, release: Release) -> Manifest:
    """The manifest of a release that is about to be current. Raises TargetError unless all of it is there."""
    try:
        manifest = ledger.read_manifest(target, release)
    except DamageError as damage:
        raise TargetError(str(damage)) from None
    if lost := ledger.damaged(target, manifest.hashes()):
        raise TargetError(f"{_list(lost)}: release {release.name} is not whole")
    return manifest


def _changes_of(built: Built, target: Target, versions: Versions, release: Release) -> tuple[Any, list[str]]:
    """What changed in a release, for the feed; read from the pages where its record is damaged."""
    content = target.read(release.address(CHANGES))
    written = release.records.get(CHANGES)
    with suppress(ValueError):
        if content and written in (None, digest(content)):
            return json.loads(content), []
    try:
        manifest = ledger.read_manifest(target, release)
    except DamageError as damage:
        return [], [f"{damage}: the feed does not say what changed in release {release.name}"]
    notes = _mend_records(built, target, versions, release, manifest)
    with suppress(ValueError):
        return json.loads(target.read(release.address(CHANGES)) or b"[]"), notes
    return [], notes


def _sweep(target: Target, versions: Versions, shared: Collection[str] = ()) -> list[str]:
    """Remove what no release needs; of a retired one its embeds and records stay, and notes for pages.

    Where a manifest is damaged, nothing that its release may need goes; says so.
    """
    wanted = {COPY, *shared} | {f"{SHARED}{name}" for name in assets.asset_names().values()}
    moved: dict[str, bytes] = {}
    unknown = []
    for one, manifest in ledger.manifests(target, versions.releases):
        if isinstance(manifest, DamageError):
            unknown.append(manifest)
            mine = (one.address(""), "files/", SHARED)
            wanted |= {name for name in target.there if name.startswith(mine)}
            continue
        records = {MANIFEST, CONTENTS, CHANGES, *(f"changes.{lang}.html" for lang in one.changed)}
        wanted |= {one.address(name) for name in records}
        places = manifest.places()
        wanted |= set(manifest.frozen if one.retired else places.values())
        if one.retired:
            pages = {at: path for path, at in places.items() if at.endswith(".html") and at not in wanted}
            moved |= {at: moved_page(path, root="../" * at.count("/")) for at, path in pages.items()}
    notes = {at: note for at, note in moved.items() if target.there.get(at) != len(note) and at not in wanted}
    target.add(_on_desk(target, notes))
    needed = wanted | moved.keys()
    target.remove([at for at in target.there if at.startswith(OWNED) and at not in needed])
    return [f"{damage}: nothing that its release may need is removed" for damage in unknown]


# What is said about them


def _page(suite: Suite, lang: str, template: str, **context: Any) -> str:
    title = suite.title_in(lang)
    return str(assets.templates(suite.theme).get_template(template).render(lang=lang, title=title, **context))


def _place(suite: Suite, lang: str, root: str) -> navigation.Place:
    """The place of a page that belongs to no edition; `root` leads from there to the root of the site."""
    return navigation.Place(
        lang,
        suite_title=suite.title_in(lang),
        front=f"{root}{navigation.front_page(suite, lang)}",
        author=suite.author.get(lang, ""),
        licence=navigation.licence(suite, lang),
        corrections=suite.corrections,
    )


def _changes_page(suite: Suite, release: Release, changed: Changed, kept: Mapping[str, str], lang: str) -> str:
    mine = [change for change in changed or () if change["lang"] == lang]
    record = {"release": release.name, "published": release.published, "by": release.by, "previous": release.previous}
    context = {
        "press": assets.page_context(lang, "../../assets", suite.theme),
        "record": record,
        "changes": mine,
        "kept": kept,
    }
    context["alternates"] = [(other, f"changes.{other}.html") for other in suite.languages]
    place = _place(suite, lang, "")
    return _page(suite, lang, "changes.html.j2", place=place, is_known=changed is not None, **context)


def _archive_page(suite: Suite, shown: Sequence[Release], current: str, lang: str) -> str:
    context = {"press": assets.page_context(lang, "../assets", suite.theme), "releases": shown, "current": current}
    context["alternates"] = [(other, f"{other}.html") for other in suite.languages]
    return _page(suite, lang, "archive.html.j2", place=_place(suite, lang, "../"), **context)


def _feed(suite: Suite, shown: Sequence[Mapping[str, Any]], every: Sequence[Release], lang: str) -> str:
    def urn(*words: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join((every[0].name, lang, *words)))}"

    base = f"{suite.url.rstrip('/')}/" if suite.url else "../"
    words, html_lang = assets.words(lang, suite.theme), assets.HTML_LANG.get(lang, lang)
    context = {"releases": shown, "urn": urn, "base": base, "words": words, "html_lang": html_lang}
    author = suite.author.get(lang) or suite.title.get(lang) or "press"
    return UNPRINTABLE.sub("\ufffd", _page(suite, lang, "feed.xml.j2", url=suite.url, author=author, **context))

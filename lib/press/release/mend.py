"""Damage in a target, mended from what is there: a release's files, and its records."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from press.page.record import read_page
from press.release import changes, ledger
from press.release.changes import Changed, Contents
from press.release.ledger import CHANGES, CONTENTS, DamageError, Manifest, Release, Versions
from press.release.notices import changes_page
from press.release.targets import Target
from press.run.hashing import digest
from press.suite import Suite

NAMED = 5  # damaged files in a message


def listed(damage: Mapping[str, str]) -> str:
    """The first of the damaged files, and how many more there are."""
    named = [f"{address} is {reason}" for address, reason in list(damage.items())[:NAMED]]
    more = f" and {len(damage) - NAMED} more" if len(damage) > NAMED else ""
    return f"{', '.join(named)}{more}"


def mend_files(target: Target, release: Release, manifest: Manifest, sources: Mapping[str, Path]) -> list[str]:
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
        notes.append(f"{listed(lost)}, and there is nothing to mend it from: release {release.name} is damaged")
    return notes


def _closed(target: Target, wanted: Mapping[str, str]) -> dict[str, Path]:
    """By hash, the files that lie in their places with the content that is wanted, but closed to readers."""
    contents = {}
    for address, content in wanted.items():
        with suppress(OSError):
            found = target.read(address)
            if found is not None and digest(found) == content:
                contents[content] = found
    return on_desk(target, contents)


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


def records_of(
    suite: Suite, release: Release, contents: Contents, changed: Changed, kept: Mapping[str, str]
) -> dict[str, bytes]:
    """What lies beside the pages of a release, its manifest apart."""
    records = {
        CONTENTS: changes.to_json(contents),
        CHANGES: changes.to_json(changed),
    }
    for lang in suite.languages:
        records[f"changes.{lang}.html"] = changes_page(suite, release, changed, kept, lang).encode()
    return records


def on_desk(target: Target, contents: Mapping[str, bytes]) -> dict[str, Path]:
    """Contents as files to work with, by their address."""
    files = {}
    for address, content in contents.items():
        files[address] = target.desk / "extras" / address
        files[address].parent.mkdir(parents=True, exist_ok=True)
        files[address].write_bytes(content)
    return files


def compared(target: Target, versions: Versions, release: Release, contents: Contents) -> tuple[Changed, list[str]]:
    """What changed in a release since the one before it; None, and a word of it, where that can no longer be read."""
    previous = next((one for one in versions.releases if one.name == release.previous), None)
    if previous is None:
        return [], []
    try:
        return changes.compare(_read_contents(target, previous), contents), []
    except DamageError as damage:
        return None, [f"{damage}: what changed since release {previous.name} is not known"]


def _read_contents(target: Target, release: Release) -> Contents:
    """The contents of a release, read from its pages where their record is damaged. Raises DamageError."""
    address = release.address(CONTENTS)
    content = target.read(address)
    written = release.records.get(CONTENTS)
    with suppress(msgspec.MsgspecError):
        if content and written in (None, digest(content)):
            return msgspec.json.decode(content, type=Contents)
    manifest = ledger.read_manifest(target, release)
    pages = {name: entry for name, entry in manifest.files.items() if name.endswith((".html", ".json"))}
    if release.retired or ledger.damaged(target, {entry.at: entry.sha256 for entry in pages.values()}):
        raise DamageError(address, ledger.CHANGED)
    files = on_desk(target, {f"{release.name}/{name}": target.read(pages[name].at) or b"" for name in pages})
    by_path = {name: files[f"{release.name}/{name}"] for name in pages}
    contents = {}
    for path in manifest.pages:
        record = read_page(by_path[f"{path}.html"].read_text(encoding="utf-8"))
        contents[path] = changes.contents_of(path, record, by_path)
    return contents


def mend_records(suite: Suite, target: Target, versions: Versions, release: Release, manifest: Manifest) -> list[str]:
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
        contents = _read_contents(target, release)
    except DamageError:
        return [*notes, f"{listed(lost)}, and there is nothing to mend it from"]
    changed, unknown = compared(target, versions, release, contents)
    if unknown:
        return [*notes, f"{listed(lost)}, and there is nothing to mend it from", *unknown]
    anew = records_of(suite, release, contents, changed, manifest.kept)
    mended = {name: content for name, content in anew.items() if release.address(name) in lost}
    target.add(on_desk(target, {release.address(name): content for name, content in mended.items()}))
    release.records |= {name: digest(content) for name, content in mended.items()}
    for name in mended:
        notes.append(f"{release.address(name)}: {lost.pop(release.address(name))}: written anew")
    return [*notes, f"{listed(lost)}, and there is nothing to mend it from"] if lost else notes

"""A target opened to be changed by one at a time, swept after a failure, and every failure of it in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from press.build.order import SHARED
from press.release import ledger
from press.release.folder import Folder
from press.release.gather import PublishError
from press.release.ledger import CHANGES, CONTENTS, COPY, MANIFEST, DamageError, Versions
from press.release.links import moved_page
from press.release.mend import on_desk
from press.release.store import Store
from press.release.targets import OWNED, Target, TargetError
from press.run import redact
from press.site import assets


@contextmanager
def opened(where: str) -> Iterator[Target]:
    """The target, alone; the leavings of a failure removed."""
    with told_failures(where), (target := open_target(where)).hold_lock():
        try:
            yield target
        except Exception:
            with suppress(Exception):
                sweep(target, ledger.read_versions(target)[0])
            raise


@contextmanager
def told_failures(where: str) -> Iterator[None]:
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


def sweep(target: Target, versions: Versions, shared: Collection[str] = ()) -> list[str]:
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
    target.add(on_desk(target, notes))
    needed = wanted | moved.keys()
    target.remove([at for at in target.there if at.startswith(OWNED) and at not in needed])
    return [f"{damage}: nothing that its release may need is removed" for damage in unknown]


def open_target(where: str) -> Target:
    """The target at a path or URL."""
    return Store(where) if "://" in where else Folder(Path(where).absolute())

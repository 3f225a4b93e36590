"""What a run depends on: what is known before it has run, and what its kernel's account of it turned up.

A notebook's own account of finer inputs is believed for a file that nobody but the package which gives it has opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from press.records import Task
from press.run import hints
from press.run.hashing import canonical, digest, hash_of_file
from press.run.inputs import (
    STATES,
    Fingerprints,
    Inputs,
    environment_hash,
    fingerprint,
    kernel_name,
    link_fingerprint,
    relative,
    state_fingerprint,
)
from press.run.recorder import state_of
from press.run.watch import Seen

LOCKS = ("requirements.lock", "uv.lock", "poetry.lock", "pdm.lock", "conda-lock.yml", "pixi.lock")
PLAIN_KERNELS = ("python3", "python", "")  # those that the press starts itself, from its own Python


def known_inputs(task: Task, fingerprints: Fingerprints | None = None) -> Inputs:
    """The inputs of a run that are known before it has run: as they are now, or when `fingerprints` were taken."""
    root = Path(task.root)
    fingerprints = fingerprints or Fingerprints(root)
    if not task.execute:  # its outputs, too, are what it is made from
        whole = relative(Path(task.notebook), root)
        return {whole: fingerprints[whole], "execute": digest("no")}
    names = [f"cells of {relative(Path(task.notebook), root)}", "Python", "press", "packages"]
    names += [name for name in LOCKS if (root / name).is_file()]
    kernel = task.kernel or kernel_name(Path(task.notebook))
    if kernel not in PLAIN_KERNELS:
        names.append(f"kernel {kernel}")
    known: Inputs = {"parameters": digest(canonical(dict(task.params))), "language": digest(task.lang)}
    settings: list[Any] = [task.page.languages, task.page.outputs, task.page.errors]
    if task.folder:
        settings.append(relative(Path(task.folder), root))
    known["settings"] = digest(canonical(settings))
    if task.kernel:
        known["kernel"] = digest(task.kernel)
    return known | {name: fingerprints[name] for name in names}


def folder_of(task: Task) -> Path:
    """The folder that a task's notebook runs in."""
    return Path(task.folder) if task.folder else Path(task.notebook).parent


class Collected(NamedTuple):
    """What a run turned up: its inputs, what makes it volatile, the files it wrote, what opens files unseen, and the
    files that were written meanwhile, perhaps by it.
    """

    inputs: Inputs
    volatile: list[str]
    written: Inputs
    unseen: str = ""
    perhaps: tuple[str, ...] = ()


def collect_inputs(account: Mapping[str, Any], task: Task, executed: Any, seen: Seen | None = None) -> Collected:
    """The inputs that a run turned up, from its kernel's account, and what makes it volatile.

    The account is what `recorder.Account` shows, with the finer inputs found in the notebook's outputs as `finer`;
    `seen` is what was opened meanwhile. An account that is empty is none: the kernel does not tell.
    """
    root = Path(task.root)
    cells = [cell.source for cell in executed.cells if cell.cell_type == "code"]
    if not account:
        return Collected({}, [f"kernel: {task.kernel or kernel_name(Path(task.notebook)) or 'ended early'}"], {})
    shown = canonical([cell.get("outputs") for cell in executed.cells])
    notes = dict(account.get("notes", {}))
    unseen = notes.pop("native", "")
    native = unseen != ""
    inputs = _files(account, root)
    inputs |= _states(account, root, inputs)
    for path, names_hash in account.get("folders", {}).items():
        inputs[f"{relative(Path(path), root)}/"] = names_hash or None
    inputs |= _code(account, root)
    inputs |= _environment(account)
    written = {Path(path) for path in account.get("written", ())}
    perhaps: set[str] = set()
    if native:
        inputs |= _unseen(cells, task, seen)
        perhaps = {relative(Path(path), root) for path in (seen.written if seen else ())}
        for address in hints.addresses(cells):
            notes.setdefault("network", address)
    for found in (hints.of_cells(cells), *map(_module_hints, account.get("modules", ()))):
        for word, call in found.items():
            notes.setdefault(word, call)
    for name in account.get("scratch", ()):
        if name in shown:
            notes.setdefault("random", f"tempfile: {name}")
    products = {relative(path, root): hash_of_file(path) for path in sorted(written) if path.is_file()}
    moved = [path for path, state in account.get("reads", {}).items() if state != _state(path)]
    if moved:
        notes.setdefault("moved", relative(Path(moved[0]), root))
    return Collected(
        inputs, [f"{word}: {notes[word]}" for word in sorted(notes)], products, unseen, tuple(sorted(perhaps))
    )


def _files(account: Mapping[str, Any], root: Path) -> Inputs:
    """The files that were read, whole or as finely as an account that can be believed says."""
    names = set()
    finer = _finer(account, root)
    for path in account.get("reads", {}):
        name = relative(Path(path), root)
        if path in finer:
            names |= {f"{name}#", *(f"{name}#{rows}" for rows in finer[path])}
        else:
            names.add(name)
    names |= {relative(Path(path), root) for path in account.get("modules", ())}
    return {name: fingerprint(name, root) for name in sorted(names)}


def _states(account: Mapping[str, Any], root: Path, files: Inputs) -> Inputs:
    """What was asked of files without opening them; of those outside the suite only what its own code asked."""
    found: Inputs = {}
    for path, (level, kind, size, time, by_cell) in account.get("states", {}).items():
        place = Path(path)
        name = relative(place, root)
        inside = place.is_relative_to(root)
        if root.is_relative_to(place) or not (inside or by_cell) or (level < 2 and name in files and kind == "file"):
            continue
        if kind == "folder" and level == 1:
            level = 0
        found[f"{STATES[level]}{name}"] = state_fingerprint(level, [kind, size, time])
    for path, goal in account.get("links", {}).items():
        if Path(path).is_relative_to(root):
            found[f"link of {relative(Path(path), root)}"] = link_fingerprint(goal)
    return found


def _code(account: Mapping[str, Any], root: Path) -> Inputs:
    """Where modules came from or did not: what could be imported there, and from which packages."""
    names = [f"modules in {relative(Path(path), root)}" for path in account.get("path", ())]
    for module, folders in account.get("missing", {}).items():
        places = os.pathsep.join(relative(Path(folder), root) for folder in folders)
        names.append(f"import {module} from {places}")
    if account.get("prefix", sys.prefix) != sys.prefix:
        names += [f"packages in {relative(Path(path), root)}" for path in account.get("packages", ())]
    return {name: fingerprint(name, root) for name in names}


def _environment(account: Mapping[str, Any]) -> Inputs:
    """The variables that were read and have the value which the press was given, and not one of the kernel's own."""
    found: Inputs = {}
    for name, value in account.get("environment", {}).items():
        if value == environment_hash(name):
            found[f"environment {name}"] = value
    return found


def _unseen(cells: list[str], task: Task, seen: Seen | None) -> Inputs:
    """What a compiled library may have read: the files that were opened meanwhile; without a watch, whole folders."""
    root, folder = Path(task.root), folder_of(task)
    names = {f"{STATES[0]}{relative(path, root)}" for path in hints.paths(cells, folder) if not _exists(path)}
    if seen is None or not seen.complete:
        names |= {f"{relative(place, root)}/**" for place in (folder, Path(task.data))}
    else:
        names |= {relative(Path(path), root) for path in seen.read - {task.notebook}}
        names |= {f"{relative(Path(path), root)}/" for path in seen.listed}
    return {name: fingerprint(name, root) for name in sorted(names)}


def _exists(path: Path) -> bool:
    return state_of(str(path))[0] != ""


def _finer(account: Mapping[str, Any], root: Path) -> dict[str, set[str]]:
    """The files that need not be compared whole, each with what of it counts: `column=value` (rows), or `column`.

    An account is believed for files that the package which gives it, and nobody else, has opened.
    """
    rows: dict[str, set[str]] = {}
    whole: set[str] = set()
    givers: dict[str, set[str]] = {}
    for entry in account.get("finer", ()):
        path = os.path.normpath(root / str(entry.get("file", "")))
        givers.setdefault(path, set()).add(str(entry.get("reader", "")).partition(".")[0])
        if entry.get("whole") or "key" not in entry:
            whole.add(path)
            continue
        mark = next((mark for word, mark in MARKS.items() if word in entry), "")
        value = entry[next(word for word in MARKS if word in entry)] if mark else ""
        rows.setdefault(path, set()).add(f"{entry['key']}{mark}{value}")
    readers = {path: set(names) for path, names in account.get("readers", {}).items()}
    return {path: found for path, found in rows.items() if path not in whole and readers.get(path) == givers[path]}


def _state(path: str) -> list[int] | None:
    try:
        state = Path(path).stat()
    except OSError:
        return None
    return [state.st_mtime_ns, state.st_size]


def _module_hints(path: str) -> dict[str, str]:
    return hints.of_module(path, hash_of_file(Path(path))) if path.endswith(".py") else {}


MARKS = {"value": "=", "prefix": "^", "any": "?"}

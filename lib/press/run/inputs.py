"""The inputs of a run by their names, and what each is now: its fingerprint.

Names: `path` (a file's content), `path/` (the names in a folder), `path/**` (all files below it), `path#key=value` (the
rows of a CSV file with that value in that column), `path#key` (the column), `path#key^start` (its values that begin
so), `path#key?start` (whether there is one), `path#` (the header); `kind of`, `size of` and `times of path`, `link of
path`, `cells of path`, `modules in path`, `import NAME from path`, `packages in path`, `environment NAME`,
`kernel NAME`; and `parameters`, `language`, `Python`, `press`, `packages`. Paths are relative to the suite's root where
they can be. docs/freshness.md says what is seen and what is not.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from press.run import own_code
from press.run.hashing import canonical, digest, forget_files, hash_of_file
from press.run.recorder import folder_hash, link_of, state_of

SKIPPED = {"skip-execution", "skip_execution"}  # tags of cells that are not run
SEEN_LATER = ("papermill", "execution")  # metadata that a run leaves
SUFFIXES = (".py", ".pyd", ".so", ".pyc")
Inputs = dict[str, str | None]


def forget() -> None:
    """Look at every file anew; a long-lived process does so before each build."""
    forget_files()
    for remembered in (_packages, _notebook, _kernel):
        remembered.cache_clear()


def fingerprint(name: str, root: Path) -> str | None:
    """The fingerprint of an input as it is now; None when it is not there."""
    if name in WHOLE:
        return WHOLE[name]()
    if kind := KIND.match(name):
        return KINDS[kind[0]](name[kind.end() :], root)
    path, mark, rows = name.partition("#")
    if mark:
        return _rows(path_of(path, root), rows)
    if name.endswith("/**"):
        return _tree(path_of(name.removesuffix("/**"), root))
    return folder_hash(str(path_of(name, root))) if name.endswith("/") else hash_of_file(path_of(name, root))


class Fingerprints:
    """The fingerprints of inputs at one time: each is taken once, however many runs have it.

    >>> import sys
    >>> taken = Fingerprints(Path())
    >>> taken["Python"] == digest(sys.version), taken["no such file"]
    (True, None)
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._taken: Inputs = {}

    def __getitem__(self, name: str) -> str | None:
        if name not in self._taken:
            self._taken[name] = fingerprint(name, self._root)
        return self._taken[name]


def state_fingerprint(level: int, state: list[Any]) -> str | None:
    """Of what a file is (0), how large (1) and of what time (2), as much as was asked for; None: it is not there."""
    kind, size, time = state
    return digest(canonical([kind, size, time][: level + 1])) if kind else None


def _cells(path: Path) -> str | None:
    """A notebook as it goes into a run: all but its outputs, and what the last run left."""
    state = hash_of_file(path)
    return _notebook(path, state)[0] if state else None


def kernel_name(path: Path) -> str:
    """The kernel that a notebook asks for; "" where it names none."""
    state = hash_of_file(path)
    return _notebook(path, state)[1] if state else ""


@lru_cache(4096)
def _notebook(path: Path, state: str) -> tuple[str, str]:
    try:
        notebook = json.loads(path.read_bytes())
        cells = [_cell(cell) for cell in notebook["cells"]]
        metadata = dict(notebook.get("metadata", {}))
        kernel = str(metadata.get("kernelspec", {}).get("name", ""))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return state, ""
    for key in (*SEEN_LATER, "language_info"):
        metadata.pop(key, None)
    return digest(canonical([cells, metadata, notebook.get("nbformat"), notebook.get("nbformat_minor")])), kernel


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    content = {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")}
    content["source"] = "".join(cell["source"])
    if SKIPPED & set(cell.get("metadata", {}).get("tags", ())):  # what is not run is shown as it was stored
        content["outputs"] = cell.get("outputs")
    content["metadata"] = {key: value for key, value in cell.get("metadata", {}).items() if key not in SEEN_LATER}
    return content


def _whether(level: int) -> Callable[[str, Path], str | None]:
    return lambda name, root: state_fingerprint(level, state_of(str(path_of(name, root))))


def _modules_in(name: str, root: Path) -> str | None:
    """The modules that could be imported from a folder, or from the file (a zip) that a search path names."""
    folder = path_of(name, root)
    if folder.is_file():
        return hash_of_file(folder)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return None
    return digest(canonical([entry.name for entry in entries if _is_module(entry)]))


def _is_module(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith((".", "__pycache__")):
        return False
    if not entry.is_dir():
        return entry.name.endswith(SUFFIXES)
    return any(path.name.endswith(SUFFIXES) for path in Path(entry.path).iterdir())


def _import(name: str, root: Path) -> str | None:
    """Where a module would be found that was sought in some folders: `NAME from FOLDER:FOLDER`."""
    module, _, folders = name.partition(" from ")
    places = [str(path_of(folder, root)) for folder in folders.split(os.pathsep)]
    PathFinder.invalidate_caches()
    found = PathFinder.find_spec(module, places)
    return None if found is None else digest(str(found.origin))


def _packages_in(name: str, root: Path) -> str | None:
    try:
        names = [path.name for path in path_of(name, root).iterdir()]
    except OSError:
        return None
    return digest(canonical(sorted(name for name in names if name.endswith((".dist-info", ".egg-info", ".pth")))))


@lru_cache
def _packages() -> str:
    """The packages that are installed, and their versions, by the names of the folders that describe them."""
    folders = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return digest(canonical([_packages_in(folder, Path(folder)) for folder in folders]))


def _environment(name: str, _root: Path) -> str | None:
    return environment_hash(name)


def environment_hash(name: str) -> str | None:
    """The hash of what a variable of the environment has; None where it is not set."""
    value = os.environ.get(name)
    return None if value is None else digest(value)


@lru_cache
def _kernel(name: str, _root: Path) -> str | None:
    """How a kernel is started, and what lies beside the description of that; None if there is no such kernel."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return None
    program = shutil.which(spec.argv[0]) if spec.argv else None
    return digest(canonical([spec.to_dict(), _tree(Path(spec.resource_dir)), program and hash_of_file(Path(program))]))


def _tree(folder: Path) -> str | None:
    if not folder.is_dir():
        return None
    return digest(canonical([[str(path.relative_to(folder)), hash_of_file(path)] for path in files_below(folder)]))


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and its folders, in order, without hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if "/." not in str(path.relative_to(folder.parent))]


def _rows(path: Path, wanted: str) -> str | None:
    """A part of a CSV file: `key=value` the rows with that value, `key` the column, `key^start` its values that begin
    so, `key?start` whether there is one, and "" the header.
    """
    state = hash_of_file(path)
    table = _table(path, state) if state else None
    if table is None:
        return state  # not a CSV file: as a whole
    header, rows = table
    if not wanted:
        return digest(canonical(header))
    key, mark, value = re.fullmatch(r"([^=^?]*)([=^?]?)(.*)", wanted, re.S).groups()  # type: ignore[union-attr]
    if key not in header:
        return None
    at = header.index(key)
    if mark == "=":
        found: list[Any] = [row for row in rows if at < len(row) and row[at] == value]
    else:
        found = [row[at] for row in rows if at < len(row) and row[at].startswith(value)]
    if mark == "?":
        found = found and [True]
    return digest(canonical(found)) if found or not mark else None


@lru_cache(256)
def _table(path: Path, _state: str) -> tuple[list[str], list[list[str]]] | None:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except (ValueError, csv.Error):
        return None
    return header, rows


def relative(path: Path, root: Path) -> str:
    """The name of a file as an input: relative to the root where it can be, `#` and `%` as in an address."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    name = name.replace("%", "%25").replace("#", "%23")
    return f"./{name}" if name in WHOLE or KIND.match(name) else name


def path_of(name: str, root: Path) -> Path:
    """The file that an input is named after."""
    return root / unquote(name)


def link_fingerprint(link: str | None) -> str | None:
    """The fingerprint of where a symbolic link leads."""
    return None if link is None else digest(link)


STATES = ("kind of ", "size of ", "times of ")
WHOLE: dict[str, Callable[[], str]] = {
    "Python": lambda: digest(sys.version),
    "press": lambda: own_code.run_code(),
    "packages": lambda: _packages(),
}
KINDS: dict[str, Callable[[str, Path], str | None]] = {
    "kind of ": _whether(0),
    "size of ": _whether(1),
    "times of ": _whether(2),
    "link of ": lambda name, root: link_fingerprint(link_of(str(path_of(name, root)))),
    "cells of ": lambda name, root: _cells(path_of(name, root)),
    "modules in ": _modules_in,
    "packages in ": _packages_in,
    "import ": _import,
    "environment ": _environment,
    "kernel ": _kernel,
}
KIND = re.compile("|".join(KINDS))

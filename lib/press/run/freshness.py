"""What is up to date, and why not: a run is fresh as long as every input it has, or had, is what it was.

An input has a name and a fingerprint. Names: `path` (a file's content), `path/` (the names in a folder), `path/**` (all
files below it), `path#key=value` (the rows of a CSV file with that value in that column), `path#key` (the column),
`path#key^start` (its values that begin so), `path#key?start` (whether there is one), `path#` (the header); `kind of`,
`size of` and `times of path`, `cells of path`, `modules in path`, `import NAME from path`, `packages in path`,
`environment NAME`, `kernel NAME`; and `parameters`, `language`, `Python`, `press`, `packages`. Paths are relative to
the suite's root where they can be. docs/freshness.md says what is seen and what is not.

A notebook's own account of finer inputs is believed for a file that nobody but the package which gives it has opened.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from press.records import Page, PageRecord, Task
from press.run import hints
from press.run.recorder import folder_hash, link_of, state_of
from press.run.watch import Seen

HERE = Path(__file__).parents[1]  # the folder of the press
LOCKS = ("requirements.lock", "uv.lock", "poetry.lock", "pdm.lock", "conda-lock.yml", "pixi.lock")
RUNS, PAGES = "press.run.execute", "press.build.build"  # the modules that run notebooks, and that do all of a build
PRINTERS = (  # libraries that make pages
    "jinja2",
    "latex2mathml",
    "markdown-it-py",
    "mdit-py-plugins",
    "nbconvert",
    "plotly",
    "pybtex",
    "pygments",
    "rcssmin",
    "rjsmin",
)
PLAIN_KERNELS = ("python3", "python", "")  # those that the press starts itself, from its own Python
WORDS = {
    "clock": "reads the clock",
    "environment": "reads the environment",
    "network": "reads the network",
    "random": "draws random numbers without a seed",
    "program": "starts another program, which may read anything",
    "kernel": "runs in a kernel that does not say what it reads",
    "moved": "an input changed while it was read",
}
IMPORT = re.compile(
    r"""^([ \t]*)(?:
        from[ \t]+(press(?:\.[\w.]+)?|\.+[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n\#]+)
        | import[ \t]+(press\b[\w., ]*)
    )""",
    re.M | re.X,
)
SKIPPED = {"skip-execution", "skip_execution"}  # tags of cells that are not run
SEEN_LATER = ("papermill", "execution")  # metadata that a run leaves
SUFFIXES = (".py", ".pyd", ".so", ".pyc")

Inputs = dict[str, str | None]


def forget() -> None:
    """Look at every file anew; a long-lived process does so before each build."""
    for remembered in (_content, _packages, _notebook, _kernel):
        remembered.cache_clear()


def digest(content: bytes | str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def known_inputs(task: Task) -> Inputs:
    """The inputs of a run that are known before it has run."""
    root = Path(task.root)
    if not task.execute:  # its outputs, too, are what it is made from
        whole = relative(Path(task.notebook), root)
        return {whole: fingerprint(whole, root), "execute": digest("no")}
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
    return known | {name: fingerprint(name, root) for name in names}


def folder_of(task: Task) -> Path:
    """The folder that a task's notebook runs in."""
    return Path(task.folder) if task.folder else Path(task.notebook).parent


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
    return folder_hash(str(path_of(name, root))) if name.endswith("/") else _file(path_of(name, root))


def state_fingerprint(level: int, state: list[Any]) -> str | None:
    """Of what a file is (0), how large (1) and of what time (2), as much as was asked for; None: it is not there."""
    kind, size, time = state
    return digest(canonical([kind, size, time][: level + 1])) if kind else None


def _file(path: Path) -> str | None:
    try:
        state = path.stat()
        return _content(path, state.st_mtime_ns, state.st_size, state.st_ino)
    except OSError:
        return None


@lru_cache(4096)
def _content(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cells(path: Path) -> str | None:
    """A notebook as it goes into a run: all but its outputs, and what the last run left."""
    state = _file(path)
    return _notebook(path, state)[0] if state else None


def kernel_name(path: Path) -> str:
    """The kernel that a notebook asks for; "" where it names none."""
    state = _file(path)
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
        return _file(folder)
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
    return digest(canonical([_packages_in(folder, HERE) for folder in folders]))


def _variable(name: str, _root: Path) -> str | None:
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
    return digest(canonical([spec.to_dict(), _tree(Path(spec.resource_dir)), program and _file(Path(program))]))


def _tree(folder: Path) -> str | None:
    if not folder.is_dir():
        return None
    return digest(canonical([[str(path.relative_to(folder)), _file(path)] for path in files_below(folder)]))


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and its folders, in order, without hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if "/." not in str(path.relative_to(folder.parent))]


def _rows(path: Path, wanted: str) -> str | None:
    """A part of a CSV file: `key=value` the rows with that value, `key` the column, `key^start` its values that begin
    so, `key?start` whether there is one, and "" the header.
    """
    state = _file(path)
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


@lru_cache
def run_code() -> str:
    """The press's own code that runs notebooks: what its modules import when they are themselves imported."""
    return digest(canonical([[name, _file(file)] for name, file in sorted(imported(RUNS, deferred=False).items())]))


@lru_cache
def page_code() -> str:
    """All that makes a page of an executed notebook: our own code that a build may import, whatever else lies in
    its folder (templates, scripts), and the versions of the libraries that print.
    """
    files = set(imported(PAGES, deferred=True).values())
    files |= {path for path in HERE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    ours = [[str(file.relative_to(HERE)), _file(file)] for file in sorted(files)]
    return digest(canonical([ours, [[name, version(name)] for name in PRINTERS]]))


def imported(module: str, *, deferred: bool) -> dict[str, Path]:
    """The press's modules that one imports, and these in turn: with their files.

    With `deferred` those count, too, that are imported within functions.
    """
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = _module_file(name)
        if file is None or name in found:
            continue
        found[name] = file
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        waiting += [name.rpartition(".")[0], *_imports(file.read_text(encoding="utf-8"), package, deferred)]
    return found


def _module_file(name: str) -> Path | None:
    place = HERE.joinpath(*name.split(".")[1:])
    for file in (place / "__init__.py", place.with_suffix(".py")):
        if name and file.is_file():
            return file
    return None


def _imports(code: str, package: str, deferred: bool) -> Iterator[str]:
    """The names that may be modules of the press in the import statements of some code."""
    for indent, source, names, plain in IMPORT.findall(code):
        if indent and not deferred:
            continue
        if plain:
            yield from re.findall(r"press[\w.]*", plain)
            continue
        if source.startswith("."):
            level = len(source) - len(source.lstrip("."))
            parents = package.split(".")
            start = ".".join(parents[: len(parents) - level + 1])
            source = ".".join(part for part in (start, source.lstrip(".")) if part)
        yield source
        for name in re.findall(r"\w+", names):
            yield f"{source}.{name}"


def relative(path: Path, root: Path) -> str:
    """The name of a file as an input: relative to the root where it can be, `#` and `%` as in an address."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    name = name.replace("%", "%25").replace("#", "%23")
    return f"./{name}" if name in WHOLE or KIND.match(name) else name


def path_of(name: str, root: Path) -> Path:
    """The file that an input is named after."""
    return root / unquote(name)


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
    products = {relative(path, root): _file(path) for path in sorted(written) if path.is_file()}
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
            found[f"link of {relative(Path(path), root)}"] = _goal(goal)
    return found


def _goal(link: str | None) -> str | None:
    """The fingerprint of where a symbolic link leads."""
    return None if link is None else digest(link)


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
        if value == _variable(name, HERE):
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
    return hints.of_module(path, _file(Path(path))) if path.endswith(".py") else {}


def reason(volatile: str) -> str:
    """Why a run is volatile, in words.

    >>> reason("clock: time.time")
    'reads the clock (time.time)'
    """
    word, _, call = volatile.partition(": ")
    return f"{WORDS[word]} ({call})" if call else WORDS[word]


STATES = ("kind of ", "size of ", "times of ")
MARKS = {"value": "=", "prefix": "^", "any": "?"}
WHOLE: dict[str, Callable[[], str]] = {
    "Python": lambda: digest(sys.version),
    "press": lambda: run_code(),
    "packages": lambda: _packages(),
}
KINDS: dict[str, Callable[[str, Path], str | None]] = {
    "kind of ": _whether(0),
    "size of ": _whether(1),
    "times of ": _whether(2),
    "link of ": lambda name, root: _goal(link_of(str(path_of(name, root)))),
    "cells of ": lambda name, root: _cells(path_of(name, root)),
    "modules in ": _modules_in,
    "packages in ": _packages_in,
    "import ": _import,
    "environment ": _variable,
    "kernel ": _kernel,
}
KIND = re.compile("|".join(KINDS))


@dataclass
class Record:
    """What is kept of a run that succeeded: its inputs, and the files of the site made from it, with their hashes.

    `page` is the key of its page, `printed` what that says, `beside` what it takes along from beside its notebook,
    `theme` the files of the theme that it was printed with. `written` are the other files the run wrote, and `unseen`
    says what in it opens files unseen (see `watch`).
    """

    inputs: Inputs = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    page: str = ""
    files: dict[str, str] = field(default_factory=dict)
    report: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    printed: PageRecord = field(default_factory=PageRecord)
    beside: Inputs = field(default_factory=dict)
    written: Inputs = field(default_factory=dict)
    unseen: str = ""
    theme: Inputs = field(default_factory=dict)


class _Kept(msgspec.Struct):
    """A record as it lies on the disk, with a digest of its bytes."""

    check: str
    record: msgspec.Raw


def records(cache: Path) -> Iterator[tuple[str, Record]]:
    """All records, by the path of their page."""
    folder = cache / "runs"
    for file in sorted(folder.rglob("*.json")):
        path = file.relative_to(folder).as_posix().removesuffix(".json")
        if record := read_record(cache, path):
            yield path, record


def record_file(cache: Path, path: str) -> Path:
    return cache / "runs" / f"{path}.json"


def write_record(cache: Path, path: str, record: Record) -> None:
    """Keep a record; whole or not at all."""
    content = msgspec.json.encode(record)
    kept = _Kept(check=digest(content), record=msgspec.Raw(content))
    replace(record_file(cache, path), msgspec.json.encode(kept), cache)


def read_record(cache: Path, path: str) -> Record | None:
    """The record of a run; None if there is none or it is damaged."""
    try:
        kept = msgspec.json.decode(record_file(cache, path).read_bytes(), type=_Kept)
        if kept.check != digest(bytes(kept.record)):
            return None
        return msgspec.json.decode(kept.record, type=Record)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def replace(file: Path, content: bytes, cache: Path) -> None:
    """Write a file so that nobody ever sees half of it."""
    scratch = cache / "writing"
    scratch.mkdir(parents=True, exist_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = scratch / digest(str(file))
    half.write_bytes(content)
    half.replace(file)


def changes(record: Record | None, task: Task) -> Iterable[tuple[str, str]]:
    """Each input of a run with its state: same, changed, new or gone."""
    then = record.inputs if record else {}
    root = Path(task.root)
    now = known_inputs(task)
    now |= {name: fingerprint(name, root) for name in then if name not in now}
    for name in sorted(now | then):
        yield name, compared(then.get(name), now[name])


def compared(then: str | None, now: str | None) -> str:
    if then == now:
        return "same"
    return "new" if then is None else "gone" if now is None else "changed"


def page_key(page: Page, executed: str) -> str:
    """The key of a page: its executed notebook's hash, its place in the site, and all that prints it."""
    return digest(canonical([asdict(page), executed, page_code()]))


def is_fresh(record: Record | None, task: Task, site: Path, *, patient: bool = False) -> bool:
    """Whether the executed notebook in the site is what a run would make now.

    Where it is `patient`, a volatile run whose inputs are the same counts as fresh.
    """
    executed = f"{task.path}.ipynb"
    if record is None or (record.volatile and not patient) or executed not in record.files:
        return False
    made = _file(site / executed) == record.files[executed]
    return made and all(state == "same" for _, state in changes(record, task))


def is_printed(record: Record, task: Task, site: Path) -> bool:
    """Whether the page's files in the site are what printing it would make now."""
    path = task.path
    key = page_key(task.page, record.files[f"{path}.ipynb"])
    wanted = {f"{path}.{suffix}" for suffix in ("ipynb", *task.page.formats)}
    there = all(_file(site / name) == found for name, found in record.files.items())
    same = all(fingerprint(name, Path(task.root)) == found for name, found in record.beside.items())
    return wanted <= set(record.files) and record.page == key and there and same

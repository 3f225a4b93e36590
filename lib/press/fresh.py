"""What is up to date, and why not: a run is fresh as long as every input it has, or had, is what it was.

An input has a name and a fingerprint. Names: `path` (a file's content), `path/` (the names in a folder), `path/**` (all
files below it), `path#key=value` (the rows of a CSV file with that value in that column), `path#key` (the column),
`path#` (the header), and `cells of path`, `parameters`, `language`, `Python`, `press`, `packages`. Paths are relative
to the suite's root where they can be.

A notebook's own account of finer inputs is believed for a file that only libraries, and no cell, have opened.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from press.recorder import folder_hash

HERE = Path(__file__).parent
LOCKS = ("requirements.lock", "uv.lock", "poetry.lock", "pdm.lock", "conda-lock.yml", "pixi.lock")
MACHINE = ("kernels.py", "recorder.py", "run.py", "fresh.py", "suite.py", "redact.py", "tags.py")
PRINTED_BY = "pages tags unshown plots site browser paper downloads search book translations"
PRINTER = tuple(f"{name}.py" for name in PRINTED_BY.split())
CLOCK = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "monotonic", "perf_counter", "asctime"},
    "datetime": set(),
    "os": set(),
}
CLOCK_METHODS = {"now", "utcnow", "today"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
MAGIC = re.compile(r"^\s*[%!].*$", re.M)
WORDS = {"clock": "reads the clock", "environment": "reads the environment", "network": "reads the network"}
WORDS["moved"] = "an input changed while it was read"

Inputs = dict[str, str | None]


def forget() -> None:
    """Look at every file anew; a long-lived process does so before each build."""
    _content.cache_clear()


def digest(content: bytes | str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def known_inputs(task: Any) -> Inputs:
    """The inputs of a run that are known before it has run."""
    root = Path(task.root)
    names = [f"cells of {relative(Path(task.notebook), root)}", "Python", "press"]
    locks = [name for name in LOCKS if (root / name).is_file()]
    known: Inputs = {"parameters": digest(canonical(dict(task.params))), "language": digest(task.lang)}
    known["settings"] = digest(canonical([task.page.get(name) for name in ("languages", "outputs", "errors")]))
    return known | {name: fingerprint(name, root) for name in [*names, *(locks or ["packages"])]}


def fingerprint(name: str, root: Path) -> str | None:
    """The fingerprint of an input as it is now; None when it is not there."""
    if name.startswith("cells of "):
        return _cells(root / name.removeprefix("cells of "))
    if name == "Python":
        return digest(platform.python_version())
    if name == "press":
        return sources(MACHINE)
    if name == "packages":
        return _packages()
    path, mark, rows = name.partition("#")
    if mark:
        key, equals, value = rows.partition("=")
        return _rows(root / path, key, value if equals else None)
    if name.endswith("/**"):
        return _tree(root / name.removesuffix("/**"))
    return folder_hash(str(root / name)) if name.endswith("/") else _file(root / name)


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
    """A notebook's code, text and tags, and the outputs of what is not run: not how else it was last seen."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        said = [[c["cell_type"], "".join(c["source"]), c.get("metadata", {}).get("tags", [])] for c in cells]
        skipped = {"skip-execution", "skip_execution"}
        said += [c.get("outputs") for c in cells if skipped & set(c.get("metadata", {}).get("tags", []))]
    except (OSError, ValueError, LookupError, TypeError):
        return _file(path)
    return digest(canonical(said))


def _tree(folder: Path) -> str | None:
    if not folder.is_dir():
        return None
    return digest(canonical([[str(path.relative_to(folder)), _file(path)] for path in files_below(folder)]))


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and its folders, in order, without hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if "/." not in str(path.relative_to(folder.parent))]


def _rows(path: Path, key: str, value: str | None) -> str | None:
    """The rows of a CSV file with `value` in the column `key`; without a value the column, without a key the header."""
    state = _file(path)
    table = _table(path, state) if state else None
    if table is None:
        return state  # not a CSV file: as a whole
    header, rows = table
    if not key:
        return digest(canonical(header))
    at = header.index(key) if key in header else -1
    if value is None:
        return digest(canonical([row[at : at + 1] for row in rows])) if at >= 0 else None
    found = [row for row in rows if 0 <= at < len(row) and row[at] == value]
    return digest(canonical(found)) if found else None


@lru_cache(256)
def _table(path: Path, _state: str) -> tuple[list[str], list[list[str]]] | None:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except (ValueError, csv.Error):
        return None
    return header, rows


@lru_cache
def sources(names: tuple[str, ...]) -> str:
    """The press's own modules of these names; with those that print, its templates."""
    files = [HERE / name for name in names]
    if names is PRINTER:
        files += sorted(
            path for folder in ("templates", "static") for path in (HERE / folder).rglob("*") if path.is_file()
        )
    return digest(canonical([[file.name, _file(file)] for file in files]))


@lru_cache
def _packages() -> str:
    """The packages installed, where no lock file says."""
    from importlib.metadata import distributions

    return digest(canonical(sorted({f"{one.metadata['Name']} {one.version}" for one in distributions()})))


def relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def settle(account: Mapping[str, Any], task: Any, executed: Any) -> tuple[Inputs, list[str]]:
    """The inputs that a run turned up, from its kernel's account, and what makes it volatile.

    The account is what `recorder.Account` shows, with the finer inputs found in the notebook's outputs as `finer`.
    """
    root = Path(task.root)
    names, moved = set(), False
    finer = _finer(account, root)
    for path, state in account.get("reads", {}).items():
        name = relative(Path(path), root)
        if path in finer:
            names |= {f"{name}#", *(f"{name}#{rows}" for rows in finer[path])}
        else:
            names.add(name)
        moved |= state != _state(path)
    names |= {relative(Path(path), root) for path in account.get("modules", ())}
    notes = set(account.get("notes", ()))
    if "native" in notes or not account:
        names.add(relative(Path(task.data), root) + "/**")
    inputs = {name: fingerprint(name, root) for name in sorted(names)}
    for path, names_hash in account.get("folders", {}).items():
        inputs[relative(Path(path), root) + "/"] = names_hash or None
    cells = "\n".join(cell.source for cell in executed.cells if cell.cell_type == "code")
    found = volatile_words(cells).union(*(_volatile_module(path) for path in account.get("modules", ())))
    return inputs, sorted(found | notes & {"network", "moved"} | ({"moved"} if moved else set()))


def _finer(account: Mapping[str, Any], root: Path) -> dict[str, set[str]]:
    """The files that need not be compared whole, each with what of it counts: `column=value` (rows), or `column`."""
    rows: dict[str, set[str]] = {}
    whole = set(account.get("direct", ()))
    for entry in account.get("finer", ()):
        path = os.path.normpath(root / str(entry.get("file", "")))
        if entry.get("whole") or "key" not in entry:
            whole.add(path)
        else:
            value = f"={entry['value']}" if "value" in entry else ""
            rows.setdefault(path, set()).add(f"{entry['key']}{value}")
    return {path: found for path, found in rows.items() if path not in whole}


def _state(path: str) -> list[int] | None:
    try:
        state = Path(path).stat()
    except OSError:
        return None
    return [state.st_mtime_ns, state.st_size]


@lru_cache(1024)
def _volatile_source(path: str, _state: str | None) -> frozenset[str]:
    try:
        return frozenset(volatile_words(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return frozenset()


def _volatile_module(path: str) -> frozenset[str]:
    return _volatile_source(path, _file(Path(path)))


def volatile_words(code: str) -> set[str]:
    """What in this code may differ from one run to the next: "clock", "environment".

    >>> sorted(volatile_words("import os, time as t\\nt.time(); os.environ['HOME']"))
    ['clock', 'environment']
    >>> volatile_words("from datetime import date\\ndate(2020, 1, 1); station.time()")
    set()
    """
    found = set()
    if re.search(r"^\s*%+(env|set_env)\b", code, re.M):
        found.add("environment")
    if re.search(r"^\s*%+(time|timeit)\b", code, re.M):
        found.add("clock")
    try:
        tree = ast.parse(MAGIC.sub(lambda line: re.sub(r"[%!].*", "pass", line[0]), code))
    except SyntaxError:
        return found
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {name.name for name in node.names}
            if node.module == "os" and names & ENVIRONMENT:
                found.add("environment")
            if names & CLOCK.get(node.module or "", set()):
                found.add("clock")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            module = modules.get(node.value.id, "") if isinstance(node.value, ast.Name) else ""
            if node.attr in CLOCK.get(module, set()):
                found.add("clock")
            if module == "os" and node.attr in ENVIRONMENT:
                found.add("environment")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_METHODS:
            found.add("clock")
    return found


@dataclass
class Record:
    """What is kept of a run that succeeded: its inputs, the files of the site made from it with their hashes, and what
    its page says (see `translations`), cannot show, and refers to (see `unshown`).
    """

    inputs: Inputs = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    page: str = ""
    files: dict[str, str] = field(default_factory=dict)
    report: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    outline: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    references: list[list[Any]] = field(default_factory=list)


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
    content = asdict(record)
    replace(record_file(cache, path), canonical({**content, "check": digest(canonical(content))}).encode(), cache)


def read_record(cache: Path, path: str) -> Record | None:
    """The record of a run; None if there is none or it is damaged."""
    try:
        content = json.loads(record_file(cache, path).read_bytes())
        check = content.pop("check")
        return Record(**content) if check == digest(canonical(content)) else None
    except (OSError, ValueError, TypeError, AttributeError, LookupError):
        return None


def replace(file: Path, content: bytes, cache: Path) -> None:
    """Write a file so that nobody ever sees half of it."""
    scratch = cache / "writing"
    scratch.mkdir(parents=True, exist_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = scratch / digest(str(file))
    half.write_bytes(content)
    half.replace(file)


def changes(record: Record | None, task: Any) -> Iterable[tuple[str, str]]:
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


def page_key(page: Mapping[str, Any], executed: str) -> str:
    """The key of a page: its executed notebook's hash, its place in the site, and all that prints it."""
    return digest(canonical([page, executed, sources(PRINTER)]))


def is_fresh(record: Record | None, task: Any, site: Path) -> bool:
    """Whether the executed notebook in the site is what a run would make now."""
    executed = f"{task.page['path']}.ipynb"
    if record is None or record.volatile or executed not in record.files:
        return False
    made = _file(site / executed) == record.files[executed]
    return made and all(state == "same" for _, state in changes(record, task))


def is_printed(record: Record, task: Any, site: Path) -> bool:
    """Whether the page's files in the site are what printing it would make now."""
    path = task.page["path"]
    key = page_key(task.page, record.files[f"{path}.ipynb"])
    wanted = {f"{path}.{suffix}" for suffix in ("ipynb", *task.page["formats"])}
    there = all(_file(site / name) == found for name, found in record.files.items())
    return wanted <= set(record.files) and record.page == key and there

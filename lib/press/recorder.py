"""What a notebook reads, recorded inside its kernel through Python's audit hook.

Files, folders, the network, other programs. Nothing here may raise, be slow, or import what a kernel has not.
"""
# ruff: noqa: PTH100, PTH116, PTH120, PTH208

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

INPUTS = "application/vnd.press.inputs+json"
# Readers in native code raise no audit event.
NATIVE = {f"pyarrow.{name}" for name in ("parquet", "dataset", "csv", "json", "orc", "feather", "fs")}
NATIVE |= {"duckdb", "polars", "h5py", "tables", "netCDF4", "rasterio", "fiona", "pyogrio", "lxml.etree", "osgeo"}
PYTHON = tuple({os.path.realpath(path) + os.sep for path in (sys.prefix, sys.base_prefix)} | {sys.prefix + os.sep})
SYSTEM = ("/proc/", "/sys/", "/dev/")
IMPORTING = re.compile(
    r"^<frozen importlib|[/\\]importlib[/\\]|[/\\]pkgutil\.py$"
)  # modules count by name, not by where they are sought

reads: dict[str, list[int] | None] = {}  # path: [mtime in ns, size] when it was opened; None: it was not there
folders: dict[str, str] = {}  # path: hash of its names when it was listed
direct: set[str] = set()  # files that a cell itself opened, not a library
written: set[str] = set()
notes: set[str] = set()
_started = 0.0
_busy = False


def start() -> None:
    """Record from now on: what is read while libraries are imported counts for every notebook."""
    global _started
    _started = time.time()
    sys.addaudithook(_hook)


def pause(stop: bool = True) -> None:
    """Stop recording, or go on with it."""
    global _busy
    _busy = stop


def attach() -> None:
    """In a kernel: record from now on, and ask the libraries for their own account of what they read."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    shell.display_formatter.active_types = [*shell.display_formatter.active_types, INPUTS]
    pause(stop=False)
    if not _started:
        start()


def folder_hash(path: str) -> str | None:
    """A hash of the names in a folder, hidden ones and caches left out; None if there is no such folder."""
    try:
        names = sorted(name for name in os.listdir(path) if not name.startswith((".", "__pycache__")))
    except OSError:
        return None
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def _open(path: Any, _mode: Any = None, flags: int = 0) -> None:
    name = _outside(path)
    if name is None or name in written:
        return
    if flags & os.O_ACCMODE == os.O_WRONLY or flags & (os.O_TRUNC | os.O_EXCL):
        written.add(name)
        return
    if _from_cell():
        direct.add(name)
    if name not in reads:
        try:
            state = os.stat(name)
            reads[name] = [state.st_mtime_ns, state.st_size]
        except OSError:
            reads[name] = None


def _list(path: Any = None) -> None:
    name = _outside("." if path is None else path)
    if name is not None and name not in folders:
        folders[name] = folder_hash(name) or ""


def _sqlite(path: Any) -> None:
    if path != ":memory:" and path != b":memory:":
        _open(path)
        notes.add("native")


def _connect(_socket: Any, address: Any) -> None:
    if isinstance(address, tuple):
        notes.add("network")


def _note(word: str) -> Callable[..., None]:
    return lambda *_: notes.add(word)


EVENTS: dict[str, Callable[..., None]] = {
    "open": _open,
    "os.listdir": _list,
    "os.scandir": _list,
    "sqlite3.connect": _sqlite,
    "socket.connect": _connect,
    "socket.getaddrinfo": _note("network"),
    "urllib.Request": _note("network"),
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"), _note("native")),
    **dict.fromkeys(("os.fork", "os.forkpty", "pty.spawn"), _note("native")),
}


def _hook(event: str, args: tuple[Any, ...]) -> None:
    global _busy
    record = EVENTS.get(event)
    if record is None or _busy:
        return
    _busy = True
    try:
        if not IMPORTING.search(sys._getframe(1).f_code.co_filename):
            record(*args)
    except Exception:  # an audit hook that raises would change what the notebook does
        notes.add("native")
    finally:
        _busy = False


def _outside(path: Any) -> str | None:
    """The absolute path, if it is a path and belongs to neither Python nor the system."""
    if isinstance(path, int):
        return None
    name = os.path.abspath(os.fsdecode(path))
    return None if (name + os.sep).startswith(PYTHON + SYSTEM) else name


def _from_cell() -> bool:
    """Whether the nearest code that is not Python's own is a cell's."""
    frame: Any = sys._getframe(3)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith((*PYTHON, "<frozen")):
            return "ipykernel_" in name or name.startswith("<")
        frame = frame.f_back
    return False


def modules() -> list[str]:
    """The files of the modules imported that are neither Python's own nor the press's."""
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    own = os.path.dirname(__file__) + os.sep
    found = {os.path.abspath(file) for file in files if isinstance(file, str) and file.endswith(".py")}
    return sorted(file for file in found if not file.startswith((*PYTHON, own)) and os.access(file, os.R_OK))


def main() -> None:
    """Be an ordinary IPython kernel that records: what runs where kernels cannot be forked."""
    from ipykernel.kernelapp import IPKernelApp

    from press import recorder  # not __main__: the notebook's own module takes that name

    app: Any = IPKernelApp.instance()
    app.initialize()
    recorder.attach()
    app.start()


class Account:
    """Everything recorded so far, as a display."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        found = modules()
        native = {"native"} if NATIVE & sys.modules.keys() else set()
        moved = {"moved"} if any(os.stat(file).st_mtime > _started for file in found) else set()
        account = {
            "reads": reads,
            "folders": folders,
            "direct": sorted(direct),
            "notes": sorted(notes | native | moved),
            "modules": found,
        }
        return {"application/json": account}


if __name__ == "__main__":
    main()

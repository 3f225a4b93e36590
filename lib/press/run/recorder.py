"""What a notebook reads and calls, recorded inside its kernel.

Files, folders, modules and variables of the environment are inputs, each with the state it had when it was looked at.
What may differ though no input did (the clock, randomness, the network, other programs) is a note.

Python's audit hook reports files, folders, programs and sockets. Of a file's state, the clock, randomness and the
environment it does not tell: these few functions are wrapped. A call counts by who made it: a cell, a module of the
suite, or a library that one of them called; not the kernel's own machinery, and not a library that is being imported.

This is one file, however long, and needs nothing but the standard library of Python 3.8: the press sends it, as text,
to kernels of other environments.
Nothing here may raise, be slow, or import what a kernel has not.
"""
# ruff: noqa: PTH100, PTH111, PTH112, PTH113, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import functools
import gc
import hashlib
import os
import random
import re
import sys
import sysconfig
import time
from typing import Any

INPUTS = "application/vnd.press.inputs+json"
NAME = "press_recorder"  # in sys.modules, whichever way this came into the kernel
# Packages, or their modules, whose compiled code is known to open files through Python; any other may open files that
# Python does not see.
OPEN_THROUGH_PYTHON = set(
    "numpy pandas scipy sklearn statsmodels patsy numexpr bottleneck numba llvmlite shapely matplotlib kiwisolver"
    " contourpy zmq tornado msgpack msgspec pydantic_core rpds markupsafe yaml _yaml ruamel_yaml simplejson orjson"
    " ujson regex charset_normalizer wrapt greenlet sqlalchemy multidict frozenlist propcache yarl aiohttp"
    " _cffi_backend cryptography xxhash lz4 zstandard brotli psutil debugpy _pydevd_bundle _pydevd_frame_eval"
    " _cyutility hypothesis coverage PIL._imaging PIL._webp PIL._avif PIL._imagingmath PIL._imagingmorph".split()
)
SCRATCH = ("tempfile.py", "<frozen tempfile>")
NUMPY_ENTROPY = 16  # bytes that NumPy draws for a generator
# Modules of libraries that give what they show a name at random: they are given the same ones in each run.
NAMING = (
    "altair.utils.display. bokeh.io.notebook. bokeh.util.serialization. branca.element. folium.utilities."
    " great_tables._helpers. holoviews. itables. lets_plot.frontend_context. matplotlib.animation."
    " matplotlib.backends.backend_svg. pandas.io.formats.style_render. panel. plotly.io._html. pygal. pyviz_comms."
    " xarray.core.formatting_html."
)
NAMING_MODULES = tuple(NAMING.split())
# Modules of libraries that look at the clock, or draw at random, for what no output shows.
FOR_THEMSELVES = {"clock": ("joblib.", "matplotlib.category.", "tqdm."), "random": ("duckdb.",)}
THROUGH = ("dateutil.",)  # modules that look at the clock for those who call them
PREFIXES = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)} | {sys.prefix, sys.base_prefix}
PYTHON = tuple(path.rstrip(os.sep) + os.sep for path in PREFIXES)
STDLIB = tuple(
    os.path.join(path, "") for path in {os.path.realpath(sysconfig.get_path("stdlib")), sysconfig.get_path("stdlib")}
)
SYSTEM = ("/proc/", "/sys/", "/dev/")
MACHINE = ("/proc/", "/sys/")
OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep if os.path.basename(__file__) == "recorder.py" else ""
FONTS = re.compile(r"[/\\]matplotlib[/\\]fontlist-[^/\\]*\.json$")  # what matplotlib found, and finds again by itself
# Where libraries keep what they find again by themselves.
CACHES = tuple(
    os.path.join(os.path.expanduser(path), "")
    for path in (os.environ.get("XDG_CACHE_HOME") or "~/.cache", "~/Library/Caches", "~/AppData/Local")
)
SKIPPED_NAMES = ("__pycache__", ".ipynb_checkpoints")
CELL = re.compile(r"[/\\]ipykernel_\d+[/\\]|^<ipython-input|^<stdin>")
IMPORTING = re.compile(r"^<frozen importlib|^<frozen zipimport|[/\\]importlib[/\\]|[/\\]pkgutil\.py$")
MACHINE_PACKAGES = re.compile(
    r"site-packages[/\\](IPython|ipykernel|jupyter_client|jupyter_core|tornado|zmq|traitlets|comm|debugpy|nest_asyncio"
    r"|matplotlib_inline|decorator|stack_data|executing|asttokens|pure_eval|jedi|parso)\b"
)
MACHINE_MODULES = re.compile(
    r"[/\\](threading|queue|logging[/\\]__init__|asyncio[/\\]\w+|selectors|concurrent[/\\]\w+[/\\]\w+"
    r"|multiprocessing[/\\]\w+|socket)\.py$"
)
SHOWING = re.compile(r"IPython[/\\]core[/\\](formatters|displayhook|display_functions)\.py$")
WHETHER = set(
    "exists lexists isfile isdir islink ismount is_file is_dir is_symlink is_mount samefile _exists _lexists _isdir"
    " glob rglob iglob _iglob _glob0 _glob1 walk which access_check makedirs mkdir".split()
)
WHETHER_LINK = {"islink", "is_symlink", "ismount", "is_mount"}
PLACE = {"realpath", "_joinrealpath", "resolve"}  # where a file is, which its content makes plain
TIMES = {"getmtime", "getctime", "getatime"}
# Differ from one session to the next; what a library makes of them is about terminals.
OF_SESSIONS = re.compile(r"^(PWD|OLDPWD|SHLVL|_|COLUMNS|LINES|TERM|SSH_\w+|XDG_SESSION_\w+|WINDOWID|MAKE\w+|MFLAGS)$")

reads: dict[str, list[int] | None] = {}  # path: [mtime in ns, size] when it was opened; None: it was not there
readers: dict[str, set[str]] = {}  # path: the packages that opened it; "__main__" is a cell
folders: dict[str, str] = {}  # path: hash of its names when it was listed
states: dict[str, list[Any]] = {}  # path: [how finely it was asked for, kind, size, mtime in ns, whether by a cell]
links: dict[str, str | None] = {}  # path: where it led, for a link that was followed by name; None: it was no link
environment: dict[str, str | None] = {}  # name: hash of the value that a program outside gave it
missing: dict[str, list[str]] = {}  # module that was not found: the suite's folders it was sought in
written: set[str] = set()
appended: set[str] = set()
scratch: list[str] = []  # names that the module tempfile made up
notes: dict[str, str] = {}  # what makes a run differ from the next: by which call
_given: dict[str, str] = {}
_started = 0.0
_busy = False
_hooked = False
_names = random.Random(0)  # what names are drawn from


def start() -> None:
    """Record from now on: what is read while libraries are imported counts for every notebook."""
    global _started, _hooked
    _started = time.time()
    _given.update(os.environ)
    if not _hooked:
        _hooked = True
        _wrap()
        sys.addaudithook(_hook)


def pause(stop: bool = True) -> None:
    """Stop recording, or go on with it."""
    global _busy
    _busy = stop


def attach() -> None:
    """In a kernel: record from now on, and ask the libraries for their own account of what they read."""
    from IPython.core.getipython import get_ipython

    pause()
    shell: Any = get_ipython()
    shell.display_formatter.active_types = [*shell.display_formatter.active_types, INPUTS]
    sys.modules[NAME] = sys.modules.get(__name__) or sys.modules[NAME]
    _given.clear()
    if not _hooked:
        start()
    _names.seed(0)
    _given.update(os.environ)
    _startup_files(shell)
    shell.events.register("pre_execute", _first_cell)
    pause(stop=False)


def _first_cell() -> None:
    """What the kernel itself draws at random, such as its tip of the day, it has drawn by now."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    shell.events.unregister("pre_execute", _first_cell)
    for generator in _GENERATORS:
        generator.begin()


def folder_hash(path: str) -> str | None:
    """A hash of the names in a folder, without caches; None if there is no such folder."""
    try:
        names = sorted(name for name in os.listdir(path) if not name.startswith(SKIPPED_NAMES))
    except OSError:
        return None
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()


# who asked


@functools.lru_cache(4096)
def _kind(file: str) -> str:
    """Whose code a file is: own, import, cell, machine (the kernel's), stdlib, library, generated or suite."""
    if file == __file__ or (OWN and file == OWN + "recorder.py"):
        return "own"
    if IMPORTING.search(file):
        return "import"
    if CELL.search(file):
        return "cell"
    if file.startswith("<frozen"):
        return "stdlib"
    if file.startswith("<"):
        return "generated"
    if MACHINE_PACKAGES.search(file) or (OWN and file.startswith(OWN)):
        return "machine"
    if file.startswith(STDLIB) and "site-packages" not in file:
        return "machine" if MACHINE_MODULES.search(file) else "stdlib"
    return "library" if file.startswith(PYTHON) else "suite"


def _frame_kind(frame: Any) -> str:
    kind = _kind(frame.f_code.co_filename)
    if kind == "generated" and frame.f_globals.get("__name__") == "__main__":
        return "cell"  # what a cell gave to exec or eval, and an expression of the prose
    return kind


def _asker() -> str:
    """Who made a call: "cell" (or a module of the suite), "library" if one of them called it, "import" or ""."""
    frame: Any = sys._getframe(2)
    found = ""
    while frame is not None:
        kind = _frame_kind(frame)
        file = frame.f_code.co_filename
        if kind in ("cell", "suite"):
            return found or "cell"
        if kind == "import":
            return "import"
        if kind == "machine":
            return found if found and SHOWING.search(file) else ""
        if kind == "library":
            found = "library"
        if file.endswith(SCRATCH):
            return ""  # the name of a scratch file counts where it is shown
        frame = frame.f_back
    return ""


def _is_importing() -> bool:
    """Whether a library is being imported, and not by its own doing a cell or module of the suite at work."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        kind = _frame_kind(frame)
        if kind in ("cell", "suite"):
            return False
        if kind == "import":
            return True
        frame = frame.f_back
    return False


def _is_at_work() -> bool:
    """Whether a cell or a module of the suite is at work, and not a library being imported, nor the kernel itself."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        kind = _frame_kind(frame)
        if kind in ("cell", "suite", "import"):
            return kind != "import"
        frame = frame.f_back
    return False


def _is_for_itself() -> bool:
    """Whether a cell or a module of the suite asks by itself, or through psutil; libraries ask for their own ends."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        kind = _frame_kind(frame)
        through = frame.f_globals.get("__name__", "").startswith("psutil")
        if kind in ("cell", "suite", "import") or (kind == "library" and not through):
            return kind in ("cell", "suite")
        frame = frame.f_back
    return False


def _package() -> str:
    """The package whose code, other than Python's own, is the nearest; "__main__" is a cell."""
    return _module().partition(".")[0]


def _module(passing: tuple[str, ...] = ()) -> str:
    """The module whose code, other than Python's own, is the nearest, and none of those passed; with a dot behind."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        kind = _frame_kind(frame)
        if kind == "cell":
            return "__main__."
        if kind in ("suite", "library", "machine"):
            module = f"{frame.f_globals.get('__name__', '')}."
            if not (passing and module.startswith(passing)):
                return module
        frame = frame.f_back
    return ""


def _is_for_nothing_shown(word: str) -> bool:
    """Whether a library is known to ask this for its own ends: what it shows does not depend on it."""
    return _module(THROUGH).startswith(FOR_THEMSELVES.get(word, ()))


def _note(word: str, call: str) -> None:
    notes.setdefault(word, call)


# files and folders


def _outside(path: Any) -> str | None:
    """The absolute path, if it is a path and belongs to neither Python nor the system nor the kernel itself.

    What a library keeps in a cache of its own is its own, too, when it is imported: not what it is later asked for.
    """
    if isinstance(path, int):
        return None
    name = os.path.abspath(os.fsdecode(path))
    if (name + os.sep).startswith(PYTHON + SYSTEM) or CELL.search(name) or FONTS.search(name):
        return None
    return None if name.startswith(CACHES) and _is_importing() else name


def _open(path: Any, _mode: Any = None, flags: int = 0) -> None:
    name = _outside(path)
    if name is None and not isinstance(path, int):
        _note_machine(os.path.abspath(os.fsdecode(path)))
    if name is None or name in written:
        return
    if flags & os.O_ACCMODE == os.O_WRONLY or flags & (os.O_TRUNC | os.O_EXCL):
        (appended if flags & os.O_APPEND and not flags & os.O_TRUNC else written).add(name)
        return
    if name in appended:
        _note("moved", os.path.basename(name))
    readers.setdefault(name, set()).add(_package())
    if name not in reads:
        try:
            state = _stat(name)
            reads[name] = [state.st_mtime_ns, state.st_size]
        except OSError:
            reads[name] = None


def _note_machine(path: str) -> None:
    """What the system says of itself, and of its processes, differs from one moment to the next."""
    if path.startswith(MACHINE) and _is_for_itself():
        _note("environment", path)


def _rename(_source: Any, target: Any, *_folders: Any) -> None:
    name = _outside(target)
    if name is not None:
        written.add(name)


def _scratch(path: Any) -> None:
    scratch.append(os.path.basename(os.fsdecode(path)))


def _list(path: Any = None) -> None:
    name = _outside("." if path is None else path)
    if name is None:
        return
    if name not in folders:
        folders[name] = folder_hash(name) or ""


def _scan(path: Any = None) -> None:
    """A cell that lists a folder itself sees what its entries are, too."""
    _list(path)
    name = _outside("." if path is None else path)
    if name is not None and _frame_kind(sys._getframe(2)) in ("cell", "suite"):
        for entry in os.listdir(name):
            _keep_state(os.path.join(name, entry), 1, by_cell=True)


def _looked_at(path: Any, function: str) -> None:
    """A look at a file's state: whether and what it is (0), how large (1) and of what time (2)."""
    name = _outside(path)
    if name is None or name in written:
        return
    asker = _asker()
    if asker not in ("cell", "library"):
        return
    level = 0 if function == "access" else 2 if asker == "cell" else 1
    frame: Any = sys._getframe(2)
    while frame is not None and _frame_kind(frame) in ("stdlib", "own"):
        caller = frame.f_code.co_name
        if caller in PLACE:
            return
        if caller in WHETHER_LINK:
            links.setdefault(name, link_of(name))
        if caller in TIMES:
            level = 2
            break
        if caller in WHETHER:
            level = 0
            break
        if caller == "getsize":
            level = 1
        frame = frame.f_back
    _keep_state(name, level, by_cell=asker == "cell")


def _followed(path: Any) -> None:
    """A link whose goal was asked for, as `resolve` and `realpath` do."""
    name = _outside(path)
    if name is not None and name not in written and _is_at_work():
        links.setdefault(name, link_of(name))


def link_of(path: str) -> str | None:
    """Where a symbolic link leads; None where there is none."""
    try:
        return os.fsdecode(_readlink(path))
    except (OSError, ValueError):
        return None


def _keep_state(name: str, level: int, by_cell: bool) -> None:
    if name in states:
        states[name][0] = max(level, states[name][0])
        states[name][4] = by_cell or states[name][4]
        return
    states[name] = [level, *state_of(name), by_cell]


def state_of(path: str) -> list[Any]:
    """What a path is ("file", "folder", "other" or ""), its size in bytes and its time in ns."""
    try:
        state = _stat(path)
    except (OSError, ValueError):
        return ["", 0, 0]
    kind = {0o100000: "file", 0o040000: "folder"}.get(state.st_mode & 0o170000, "other")
    return [kind, state.st_size if kind == "file" else 0, state.st_mtime_ns]


# the audit hook


def _sqlite(path: Any) -> None:
    text = os.fsdecode(path)
    if _asker() == "":
        return
    _note("native", "sqlite3")  # which can attach other files
    if text in ("", ":memory:"):
        return
    if text.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        text = unquote(urlsplit(text).path)
    _open(text)


def _connect(_socket: Any, address: Any) -> None:
    if isinstance(address, tuple):
        _note("network", "socket.connect")


def _resolve(*_address: Any) -> None:
    _note("network", "socket.getaddrinfo")


def _request(*_address: Any) -> None:
    _note("network", "urllib")


def _program(program: Any = "", *_more: Any) -> None:
    if not _is_importing():
        name = os.fsdecode(program).split() if isinstance(program, (str, bytes, os.PathLike)) else []
        _note("program", os.path.basename(name[0]) if name else "fork")


def _host(*_nothing: Any) -> None:
    if _asker() == "cell":
        _note("environment", "socket.gethostname")


def _library(*_name: Any) -> None:
    if _asker() == "cell":
        _note("native", "ctypes")


EVENTS = {
    "open": _open,
    "os.rename": _rename,
    "tempfile.mkstemp": _scratch,
    "tempfile.mkdtemp": _scratch,
    "os.listdir": _list,
    "os.scandir": _scan,
    "sqlite3.connect": _sqlite,
    "socket.connect": _connect,
    "socket.getaddrinfo": _resolve,
    "socket.gethostbyname": _resolve,
    "socket.gethostname": _host,
    "urllib.Request": _request,
    "ctypes.dlopen": _library,
}
for _event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec", "os.fork", "os.forkpty"):
    EVENTS[_event] = _program
EVENTS["pty.spawn"] = _program


def _hook(event: str, args: tuple[Any, ...]) -> None:
    global _busy
    record: Any = EVENTS.get(event)
    if record is None or _busy:
        return
    _busy = True
    try:
        if not IMPORTING.search(sys._getframe(1).f_code.co_filename):
            record(*args)
    except Exception:  # an audit hook that raises would change what the notebook does
        _note("native", event)
    finally:
        _busy = False


# functions that are wrapped

_stat = os.stat
_readlink = os.readlink
_monotonic: tuple[str, ...] = (
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
)
_monotonic += ("thread_time", "thread_time_ns")
_formatters = {"localtime": 0, "gmtime": 0, "ctime": 0, "asctime": 0, "strftime": 1}  # how many arguments need no clock


def _wrap() -> None:
    """Wrap what no audit event reports."""
    for name in ("time", "time_ns", "clock_gettime", "clock_gettime_ns"):
        _wrap_call(time, name, "clock", ("cell", "library"))
    for name in _monotonic:
        _wrap_call(time, name, "clock", ("cell",))
    for name, enough in _formatters.items():
        _wrap_call(time, name, "clock", ("cell", "library"), enough)
    _wrap_call(os, "times", "clock", ("cell",))
    _wrap_dates()
    for module, name in ((os, "urandom"), (os, "getrandom"), (random, "_urandom")):
        _wrap_entropy(module, name)
    _wrap_seed()
    for name in ("choice", "choices"):
        _wrap_choice(name)
    for name in ("getpid", "getppid", "getlogin", "uname", "getloadavg", "statvfs"):
        _wrap_call(os, name, "environment", ("cell",))
    _wrap_spawn()
    for name in ("stat", "lstat", "access", "readlink"):
        _wrap_state(name)
    _wrap_environment()
    sys.meta_path.append(_Missing())
    sys.meta_path.insert(0, _AfterImport())
    for name in ("uuid", "timeit", "resource"):
        if name in sys.modules:
            _after(name)


def _wrap_call(module: Any, name: str, word: str, askers: tuple[str, ...], enough: int | None = None) -> None:
    """Note a call of a module's function by these askers; none with more than `enough` arguments."""
    function = getattr(module, name, None)
    if function is None:
        return
    call = f"{module.__name__}.{name}"

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        given = [] if enough is None else [*args[enough:], *kwargs.values()]
        needless = any(one is not None for one in given)
        if word not in notes and not _busy and not needless and _asker() in askers and not _is_for_nothing_shown(word):
            _note(word, call)
        return function(*args, **kwargs)

    setattr(module, name, wrapper)


def _wrap_spawn() -> None:
    """Note the processes that multiprocessing starts anew: it does so past the audit events of `subprocess`."""
    try:
        import _posixsubprocess
    except ImportError:
        return
    function = _posixsubprocess.fork_exec

    @functools.wraps(function)
    def fork_exec(*args: Any) -> Any:
        if not _busy:
            _program(args[0][0] if args and args[0] else "")
        return function(*args)

    setattr(_posixsubprocess, "fork_exec", fork_exec)  # noqa: B010  (typeshed has it final)


def _wrap_entropy(module: Any, name: str) -> None:
    """Note that randomness is drawn from the system; for names, draw it from a generator of their own.

    NumPy draws some for each generator, also for one that is then given a seed: it is wrapped by itself.
    """
    function = getattr(module, name, None)
    if function is None:
        return

    @functools.wraps(function)
    def wrapper(size: int, *args: Any) -> bytes:
        if not _busy and _module().startswith(NAMING_MODULES):
            return _names.getrandbits(8 * size).to_bytes(size, "big")
        wanted = "random" not in notes and not _busy and not _is_numpys(size)
        if wanted and _draws_numbers():
            _note("random", _caller())
        return bytes(function(size, *args))

    setattr(module, name, wrapper)


def _draws_numbers() -> bool:
    """Whether bytes are drawn to compute with: a library that asks for a uuid names something, a cell may show it."""
    asker = _asker()
    if asker == "library":
        return not _is_for_nothing_shown("random") and not _caller().startswith("uuid.")
    return asker == "cell"


def _is_numpys(size: int) -> bool:
    return size == NUMPY_ENTROPY and "numpy" in sys.modules and sys._getframe(2).f_code.co_name == "getrandbits"


def _caller() -> str:
    """The function of Python's own that was called for what is happening: "uuid.uuid4"."""
    frame: Any = sys._getframe(2)
    call = ""
    while frame is not None and _frame_kind(frame) in ("stdlib", "own"):
        if _frame_kind(frame) == "stdlib":
            call = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return call or "os.urandom"


def _wrap_dates() -> None:
    """`datetime.now` and its like belong to types of C, whose dictionaries alone can be changed."""
    import ctypes
    import datetime

    for kind, name in ((datetime.datetime, "now"), (datetime.datetime, "utcnow"), (datetime.date, "today")):
        attributes = gc.get_referents(kind.__dict__)[0]
        attributes[name] = classmethod(_dated(kind.__dict__[name], f"{kind.__name__}.{name}"))
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _dated(method: Any, call: str) -> Any:
    @functools.wraps(method)
    def wrapper(kind: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = "clock" not in notes and not _busy and _asker() in ("cell", "library")
        if wanted and not _is_for_nothing_shown("clock"):
            _note("clock", call)
        return method.__get__(None, kind)(*args, **kwargs)

    return wrapper


def _wrap_seed() -> None:
    """A generator that is made without a seed takes one from the system."""
    seed = random.Random.seed

    @functools.wraps(seed)
    def wrapper(self: Any, a: Any = None, *args: Any, **kwargs: Any) -> None:
        if a is None and not _busy and _asker() in ("cell", "library"):
            _note("random", "random.Random")
        seed(self, a, *args, **kwargs)

    setattr(random.Random, "seed", wrapper)  # noqa: B010


def _wrap_choice(name: str) -> None:
    """Draw the letters of names from a generator of their own: that of the cells stays as it is."""
    function, for_names = getattr(random, name), getattr(_names, name)

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        caller = f"{sys._getframe(1).f_globals.get('__name__', '')}."
        draw = for_names if caller.startswith(NAMING_MODULES) else function
        return draw(*args, **kwargs)

    setattr(random, name, wrapper)


def _wrap_state(name: str) -> None:
    function = getattr(os, name)

    def record(path: Any) -> None:
        if name == "readlink":
            _followed(path)
        else:
            _looked_at(path, name)

    @functools.wraps(function)
    def wrapper(path: Any, *args: Any, **kwargs: Any) -> Any:
        global _busy
        if not _busy and kwargs.get("dir_fd") is None:
            _busy = True
            try:
                record(path)
            except Exception:  # whatever path it is: the call itself will say so
                _note("native", f"os.{name}")
            finally:
                _busy = False
        return function(path, *args, **kwargs)

    setattr(os, name, wrapper)
    for supported in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        if function in supported:
            supported.add(wrapper)


def _wrap_environment() -> None:
    kind: Any = type(os.environ)
    get, names = kind.__getitem__, kind.__iter__
    whole: list[int] = [0]  # readings still to come of a copy that a library makes

    @functools.wraps(get)
    def read(self: Any, key: Any) -> Any:
        if self is os.environ and not _busy and isinstance(key, str):
            asker = _asker()
            if whole[0] and asker != "cell":
                whole[0] -= 1
            elif asker in ("cell", "library"):
                _read_variable(key, asker)
        return get(self, key)

    @functools.wraps(names)
    def listed(self: Any) -> Any:
        if self is os.environ and not _busy:
            asker = _asker()
            if asker == "cell":
                _note("environment", "os.environ")
            whole[0] = len(self)
        return names(self)

    kind.__getitem__ = read
    kind.__iter__ = listed


def _read_variable(name: str, asker: str) -> None:
    outer: Any = os.environ
    value = outer._data.get(outer.encodekey(name))  # not through what is wrapped
    now = None if value is None else outer.decodevalue(value)
    if now != _given.get(name) or (asker != "cell" and OF_SESSIONS.match(name)):
        return  # the run itself gave it that value
    if asker == "cell" and name.startswith("JPY_"):
        _note("environment", name)
    environment[name] = None if now is None else hashlib.sha256(now.encode("utf-8", "surrogatepass")).hexdigest()


class _Missing:
    """The last finder: what comes here was not found."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG004
        if _busy:
            return
        places = sys.path if path is None else list(path)
        folders_outside = [place for place in map(_outside, places) if place is not None]
        if folders_outside and path is not None:
            missing.setdefault(name, folders_outside)


class _AfterImport:
    """The first finder: it sees that some modules are wrapped, or watched, as soon as they have been imported."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name not in ("numpy.random", "uuid", "timeit", "resource"):
            return None
        from importlib.machinery import PathFinder

        spec: Any = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                execute(module)
                _after(name)

            spec.loader.exec_module = exec_module
        return spec


def _after(name: str) -> None:
    module: Any = sys.modules[name]
    if name == "uuid":
        _wrap_call(module, "uuid1", "random", ("cell", "library"))
    elif name == "timeit":
        _wrap_call(module.Timer, "timeit", "clock", ("cell", "library"))
    elif name == "resource":
        _wrap_call(module, "getrusage", "environment", ("cell", "library"))
    else:
        _wrap_call(module, "default_rng", "random", ("cell", "library"), 0)
        _NUMPY.begin()


class _Generator:
    """The global generator of a module: who uses it before it is given a seed draws numbers nobody else will."""

    module = "random"
    setters = ("seed", "setstate")

    def __init__(self) -> None:
        self.before: Any = None
        self.sown = False

    def state(self) -> Any:
        return random.getstate()

    def begin(self) -> None:
        """In a kernel, once the module is there: remember its state, and note what changes it."""
        module = sys.modules.get(self.module)
        if module is None:
            return
        self.sown = False
        self.before = self.state()
        for name in self.setters:
            if not hasattr(getattr(module, name), "__wrapped__"):
                setattr(module, name, self._watched(getattr(module, name)))

    def _watched(self, function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self.end()
            given = args[0] if args else next(iter(kwargs.values()), None)
            if given is None and not _busy and _asker() in ("cell", "library"):
                _note("random", f"{self.module}.seed")
            self.sown = given is not None
            result = function(*args, **kwargs)
            self.before = self.state()
            return result

        return wrapper

    def end(self) -> None:
        """Note whether it has been used without a seed."""
        if self.before is not None and not self.sown and self.state() != self.before:
            _note("random", self.module)


class _NumPy(_Generator):
    module = "numpy.random"
    setters = ("seed", "set_state")

    def state(self) -> Any:
        found = sys.modules[self.module].get_state(legacy=False)
        return (found["state"]["key"].tobytes(), found["state"]["pos"], found["has_gauss"])


_NUMPY = _NumPy()
_GENERATORS = (_Generator(), _NUMPY)


# the account


def _startup_files(shell: Any) -> None:
    """What IPython runs when a kernel starts."""
    profile = getattr(getattr(shell, "profile_dir", None), "location", None)
    if not profile:
        return
    folder = os.path.join(profile, "startup")
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []
    folders[folder] = folder_hash(folder) or ""
    files.append(os.path.join(profile, "ipython_kernel_config.py"))
    for file in files:
        if not file.endswith("README"):
            state = state_of(file)
            reads[file] = [state[2], state[1]] if state[0] else None


def modules() -> list[str]:
    """The files of the modules imported that are neither Python's own nor the press's."""
    files = {getattr(module, "__file__", None) for _, module in _imported_since()}
    found = {os.path.abspath(file) for file in files if isinstance(file, str)}
    outside = [file for file in found if not file.startswith(PYTHON) and not (OWN and file.startswith(OWN))]
    outside = [file for file in outside if os.path.basename(file) != "press_recorder.py"]
    return sorted(file for file in {*_before.files, *outside} if os.path.isfile(file))


def compiled() -> list[str]:
    """The packages with compiled modules that may open files unseen."""
    from importlib.machinery import EXTENSION_SUFFIXES

    found = set()
    for name, module in _imported_since():
        file = getattr(module, "__file__", None) or ""
        is_compiled = file.endswith(tuple(EXTENSION_SUFFIXES)) and (
            not file.startswith(STDLIB) or "site-packages" in file
        )
        package = name.partition(".")[0]
        if is_compiled and not {name, package} & OPEN_THROUGH_PYTHON and not package.endswith("__mypyc"):
            found.add(package)
    return sorted(found | set(_before.compiled))


class _Before:
    """What had been imported before kernels were forked: `last`, and what of all that counts.

    A kernel that looked through a thousand modules again would be given a copy of every page of memory they lie in.
    """

    last = ""
    files: tuple[str, ...] = ()
    compiled: tuple[str, ...] = ()


_before = _Before()


def remember_modules() -> None:
    """What is imported now is the same in every kernel that is forked from this process."""
    _before.files = tuple(modules())
    _before.compiled = tuple(compiled())
    _before.last = next(reversed(sys.modules))


def _imported_since() -> list[tuple[str, Any]]:
    """The modules imported since `remember_modules`, which come last; all of them where it was not called."""
    try:
        names = []
        for name in reversed(sys.modules):
            if name == _before.last:
                break
            names.append(name)
    except RuntimeError:  # a thread has imported something meanwhile
        names = list(sys.modules)
    return [(name, sys.modules.get(name)) for name in names]


def search_path() -> tuple[list[str], list[str]]:
    """Where modules are sought: folders of the suite, and folders of installed packages."""
    absolute = [os.path.abspath(path) for path in dict.fromkeys(sys.path) if isinstance(path, str)]
    outside = [path for path in absolute if not (path + os.sep).startswith(PYTHON)]
    return outside, [path for path in absolute if path.endswith(("site-packages", "dist-packages"))]


def main() -> None:
    """Be an ordinary IPython kernel that records: what runs where kernels cannot be forked."""
    from ipykernel.kernelapp import IPKernelApp

    from press.run import recorder

    app: Any = IPKernelApp.instance(log_level="ERROR")  # else each run warns that loopback is not encrypted
    app.initialize()
    recorder.attach()
    app.start()


class Account:
    """Everything recorded so far, as a display."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        pause()
        for generator in _GENERATORS:
            generator.end()
        found = modules()
        if any(_stat(file).st_mtime > _started for file in found):
            _note("moved", "a module")
        unseen = compiled()
        if unseen:
            _note("native", ", ".join(unseen))
        outside, packages = search_path()
        account = {
            "reads": reads,
            "readers": {path: sorted(names) for path, names in readers.items()},
            "folders": folders,
            "states": states,
            "links": links,
            "environment": environment,
            "missing": {name: found for name, found in missing.items() if sys.modules.get(name) is None},
            "written": sorted(written),
            "scratch": scratch,
            "notes": notes,
            "modules": found,
            "path": outside,
            "packages": packages,
            "prefix": sys.prefix,
            "python": sys.version,
        }
        return {"application/json": account}


if __name__ == "__main__":
    main()

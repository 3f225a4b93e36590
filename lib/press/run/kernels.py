"""A fork server: one process imports what notebooks need, then forks a ready kernel whenever one is asked for.

The server (`python -m press.run.kernels`) is single-threaded and holds no socket of zmq. A client opens one Unix
connection per kernel: the kernel lives as long as the connection does, and when it ends the server says how. Kernels
talk over IPC sockets in the server's private folder. The server ends, with all it has started, when its standard
input closes, and that is when the press ends. `ForkProvisioner` is the client: a Jupyter kernel provisioner.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib.util
import json
import os
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from press.run.later import imported_later
from press.run.processes import (
    _control,
    all_processes,
    children,
    end_with_parent,
    family,
    is_over,
    kill_family,
    kill_group,
    mentioning,
)

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
# What a kernel imports when it starts, and what plotly does when it first shows a figure (psutil).
OF_KERNELS = ["ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.debugger", "sqlite3"]
OF_KERNELS += ["IPython.extensions.storemagic", "IPython.core.logger", "tornado.platform.asyncio"]
OF_KERNELS += ["ipykernel_launcher", "faulthandler", "psutil"]
# What a library does only once, done before the fork. Each runs if its module is preloaded.
WARM_UP = {
    "pandas": "import pandas as p; f = p.DataFrame({'a': [1.5], 'b': ['c']}); repr(f); f._repr_html_()",
    "plotly": "import plotly.graph_objects as g; g.Figure([g.Bar(x=[1]), g.Scatter(x=[1])])._repr_mimebundle_()",
    "plotly.express": "import pandas as p, plotly.express as e; f = p.DataFrame({'x': [1, 2], 'y': [3, 4]})\n"
    "for draw in (e.bar, e.line, e.area): draw(f, x='x', y='y', title='t')._repr_mimebundle_()",
}
MEMORY_EVERY = 0.05  # seconds between two looks at a limited kernel's memory


def can_fork() -> bool:
    """Whether forked kernels work here. `PRESS_FORK=0` says no; so does any system but Linux."""
    return sys.platform.startswith("linux") and os.environ.get("PRESS_FORK") != "0"


@dataclass
class Kernel:
    """A forked kernel, as the server knows it."""

    pid: int
    orders: socket.socket
    connection: dict[str, Any]
    client: socket.socket | None = None
    memory: int | None = None
    ended: str = ""


@dataclass
class Server:
    """Forks kernels, keeps `standby` of them ready, watches those in use, and cleans up."""

    folder: Path
    preload: Sequence[str]
    standby: int
    kernels: dict[int, Kernel] = field(default_factory=dict)
    ready: list[Kernel] = field(default_factory=list)
    events: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    count: int = 0
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def run(self) -> None:
        """Serve until standard input closes."""
        _control(36, 1)  # PR_SET_CHILD_SUBREAPER: what a kernel leaves behind becomes our child
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / "server"))
        listener.listen(64)
        try:
            _preload(self.preload)
        except SystemExit:  # by ipykernel, where the user's profile has a mistake
            self._end()
            return
        woken, wake = socket.socketpair()
        for end in (woken, wake):
            end.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.events.register(listener, selectors.EVENT_READ, self._accept)
        self.events.register(woken, selectors.EVENT_READ, lambda end: end.recv(4096) and None)
        self.events.register(0, selectors.EVENT_READ, self._stop)
        try:
            while True:
                limited = any(kernel.memory for kernel in self.kernels.values())
                wanting = len(self.ready) < self.standby
                for key, _ in self.events.select(0 if wanting else MEMORY_EVERY if limited else None):
                    key.data(key.fileobj)
                self._reap()
                self._watch_memory()
                if wanting and len(self.ready) < self.standby:
                    self.ready.append(self._fork())
        except SystemExit:
            self._end()
            _leave()

    def _stop(self, _stdin: int) -> None:
        raise SystemExit

    def _accept(self, listener: socket.socket) -> None:
        client, _ = listener.accept()
        self.events.register(client, selectors.EVENT_READ, self._launch)

    def _launch(self, client: socket.socket) -> None:
        """A client's order: hand it the first ready kernel, told where to work and in what environment."""
        self.events.unregister(client)
        with contextlib.suppress(ValueError, OSError), client.makefile("rb") as lines:
            order = json.loads(lines.readline())
            kernel = self.ready.pop(0) if self.ready else self._fork()
            kernel.client, kernel.memory = client, order.pop("memory", None)
            kernel.orders.recv(1)  # its sockets are bound
            kernel.orders.sendall(json.dumps(order).encode() + b"\n")
            client.sendall(json.dumps({"pid": kernel.pid, "connection": kernel.connection}).encode() + b"\n")
            self.events.register(client, selectors.EVENT_READ, lambda _: self._kill(kernel))
            return
        client.close()

    def _fork(self) -> Kernel:
        self.count += 1
        connection = {
            "transport": "ipc",
            "ip": str(self.folder / f"k{self.count}"),
            "key": secrets.token_hex(),
            "signature_scheme": "hmac-sha256",
            **{f"{channel}_port": number for number, channel in enumerate(CHANNELS, 1)},
        }
        ours, theirs = socket.socketpair()
        server = os.getpid()
        pid = os.fork()
        if pid:
            theirs.close()
            kernel = self.kernels[pid] = Kernel(pid, ours, connection)
            return kernel
        try:
            end_with_parent(server)
            ours.close()
            self.events.close()
            signal.set_wakeup_fd(-1)
            _be_kernel(theirs, connection, self.environment)
        finally:
            os._exit(70)

    def _kill(self, kernel: Kernel) -> None:
        kill_family(family(kernel.pid))

    def _reap(self) -> None:
        while self.kernels:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if kernel := self.kernels.pop(pid, None):
                self._bury(kernel, os.waitstatus_to_exitcode(status))

    def _bury(self, kernel: Kernel, code: int) -> None:
        """Tell the client how its kernel ended; leave nothing of it."""
        kill_group(kernel.pid)
        if kernel in self.ready:
            self.ready.remove(kernel)
        kernel.orders.close()
        for number in range(1, len(CHANNELS) + 1):
            Path(f"{kernel.connection['ip']}-{number}").unlink(missing_ok=True)
        if kernel.client:
            self.events.unregister(kernel.client)
            with contextlib.suppress(OSError):
                kernel.client.sendall(json.dumps({"code": code, "why": kernel.ended}).encode() + b"\n")
            kernel.client.close()

    def _watch_memory(self) -> None:
        limited = [kernel for kernel in self.kernels.values() if kernel.memory and not kernel.ended]
        stats = all_processes() if limited else {}  # looked at once for all kernels
        for kernel in limited:
            processes = family(kernel.pid, stats)
            if kernel.memory and is_over(kernel.memory, processes):
                kernel.ended = "memory"
                kill_family(processes)

    def _end(self) -> None:
        """Kill every kernel, whatever kernels have left behind, which we have adopted, and who works in our folder."""
        while left := {*children(os.getpid()), *mentioning(str(self.folder))}:
            for pid in left:
                kill_group(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            time.sleep(0.005)  # for those that become ours now
        shutil.rmtree(self.folder, ignore_errors=True)


def _preload(modules: Sequence[str]) -> None:
    """Import the modules, and do what they do only once; what fails here fails again, and is reported, in a cell.

    Some libraries ask, when they are imported, whether they are in a notebook: meanwhile there is a shell as in one.
    """
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in OF_KERNELS:
        importlib.import_module(name)
    from press.run import recorder
    from press.run.ready_kernel import ReadyApp

    ReadyApp.instance().prepare()
    recorder.start()
    with imported_later():
        for name in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        for name, code in WARM_UP.items():
            if name in sys.modules:
                with contextlib.suppress(Exception):
                    exec(code, {})
    recorder.pause()
    recorder.remember_modules()
    gc.collect()
    gc.freeze()


def _be_kernel(orders: socket.socket, connection: dict[str, Any], inherited: dict[str, str]) -> None:
    """In the child: make a kernel, wait for its orders, serve; never returns to the server's loop."""
    import ipykernel_launcher

    from press.run import recorder
    from press.run.ready_kernel import ReadyApp

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = [ipykernel_launcher.__file__, "-f", connection["ip"] + ".json"]  # as an ordinary kernel has it
    app = ReadyApp.instance()
    app.connect(connection)
    orders.send(b"+")
    with orders.makefile("rb") as lines:
        order = json.loads(lines.readline() or "null")
    if order is None:
        os._exit(0)
    orders.close()
    _obey(order, inherited)
    recorder.attach()
    app.start()
    atexit.unregister(app.close)  # it joins threads that wait for each other, and its sockets end with the process
    _leave()


def _obey(order: dict[str, Any], inherited: dict[str, str]) -> None:
    """Work where, and in the environment, that we are told; be as random as a new process."""
    _move(order["cwd"])
    wanted = order["env"]
    for name in set(inherited) - set(wanted):
        os.environ.pop(name, None)
    os.environ.update({name: value for name, value in wanted.items() if inherited.get(name) != value})
    sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _move(folder: str) -> None:
    """Work in a folder as if we had been started there: so that processes we start find the notebook's modules."""
    if not sys.flags.safe_path:
        sys.path.insert(0, folder)  # as `python -m` does, started there
    os.chdir(folder)
    imported: Any = sys.modules.get("multiprocessing.process")
    if imported:
        imported.ORIGINAL_DIR = folder


def _leave() -> None:
    """End as an interpreter does, without the cost of taking a large heap apart: threads, exit functions, gone."""
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    os._exit(0)


class KernelServer:
    """A running server: `address` is where a `ForkProvisioner` finds it. Ends with its `with` block or its process."""

    def __init__(self, preload: Sequence[str], standby: int = 1) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix="press-"))
        self.address = str(self.folder / "server")
        # Without a fixed seed for hashes the order of a printed set would differ from one build to the next.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "press.run.kernels", str(self.folder), str(standby), *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"PYTHONHASHSEED": "0", **os.environ},
        )

    @property
    def line(self) -> int:
        """The descriptor that keeps the server alive: a forked process that is not to do so closes it."""
        assert self.process.stdin
        return self.process.stdin.fileno()

    def __enter__(self) -> KernelServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _sweep() -> None:
    """Remove what servers that were killed have left; one that lives takes our call."""
    for address in Path(tempfile.gettempdir()).glob("press-*/server"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(address))
            except ConnectionRefusedError:
                shutil.rmtree(address.parent, ignore_errors=True)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # where the press was started: no notebook is to find modules there
    Server(Path(sys.argv[1]), sys.argv[3:], int(sys.argv[2])).run()

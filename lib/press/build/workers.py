"""Who does the runs: processes of this machine, or workers of a Dask cluster; each has a server of kernels to ask."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing.connection import wait
from typing import Any

from press.records import Result, Task
from press.run import kernels, processes
from press.run.later import imported_later

GRACE = 3  # seconds for a worker that is told to stop


class Crew:
    """Processes forked from this one when it has imported all they need, and one server of kernels for all of them.

    So many notebooks as `count` says run at one time. There is a process more: while the others wait for their kernels,
    it prints. `paper` says that some print PDFs, too.
    """

    def __init__(self, count: int, modules: Sequence[str], *, paper: bool = False) -> None:
        self.count = count
        self.paper = paper
        # The server imports what notebooks need while we import what the press needs.
        self.server = kernels.KernelServer(modules, standby=count) if kernels.can_fork() else None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        with imported_later():
            from press.run import execute

            execute.warm_up(self.paper)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._pool:
            if kind is not None:
                _stop(list((self._pool._processes or {}).values()))
            self._pool.shutdown(cancel_futures=True)
        if self.server:
            self.server.__exit__(kind, error, trace)

    def executor(self) -> Executor:
        if self._pool is None:
            method = "fork" if kernels.can_fork() else "spawn"
            context: Any = multiprocessing.get_context(method)
            line = self.server.line if self.server else None
            initial = (line, os.getpid(), context.Semaphore(self.count))
            self._pool = ProcessPoolExecutor(self.count + 1, context, initializer=_begin, initargs=initial)
        return self._pool

    def renew(self) -> None:
        """After a worker was lost: the pool is broken, and is made anew."""
        if self._pool:
            self._pool.shutdown()
        self._pool = None

    @property
    def run_task(self) -> Local:
        """What a worker does with a task."""
        return Local(self.server.address if self.server else None)


@contextmanager
def processes_for(count: int) -> Iterator[Executor]:
    """So many processes forked from this one, which end with it; they are stopped where their work is broken off."""
    context: Any = multiprocessing.get_context("fork" if kernels.can_fork() else "spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_end_with, initargs=(os.getpid(),))
    try:
        yield pool
    except BaseException:
        _stop(list((pool._processes or {}).values()))
        raise
    finally:
        pool.shutdown()  # what waits is not cancelled: a pool whose processes were stopped would say that it failed


def _end_with(press: int) -> None:
    """A process ends with the press, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if kernels.can_fork():
        processes.end_with_parent(press)


def _stop(processes: Sequence[Any]) -> None:
    """End processes: asked first, then made to, for nbclient takes SIGTERM as a wish to shut down in peace."""
    for process in processes:
        process.terminate()
    left, deadline = {process.sentinel for process in processes}, time.monotonic() + GRACE
    while left and (now := time.monotonic()) < deadline:
        left -= set(wait(left, deadline - now))
    for process in processes:
        process.kill()


class Local:
    """The work of a process of this machine."""

    def __init__(self, server: str | None) -> None:
        self.server = server

    def __call__(self, task: Task) -> Result:
        from press.run import execute

        return execute.run_task(task, self.server, _turn)


_turn: AbstractContextManager[Any] = nullcontext()  # of this process to run a notebook


def _begin(line: int | None, press: int, turn: AbstractContextManager[Any]) -> None:
    """A worker ends with the press, leaves Ctrl-C to it, and does not keep its server of kernels alive."""
    global _turn
    _turn = turn
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if line is not None:
        processes.end_with_parent(press)
        os.close(line)


_SERVERS: dict[tuple[str, ...], kernels.KernelServer] = {}
_STARTING = threading.Lock()


class Remote:
    """The work of a Dask worker: the first run starts a server of kernels there, which ends with the worker."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.modules = modules

    def __call__(self, task: Task) -> Result:
        from press.run import execute

        with _STARTING:
            if kernels.can_fork() and self.modules not in _SERVERS:
                _SERVERS[self.modules] = kernels.KernelServer(self.modules)
        return execute.run_task(task, _SERVERS[self.modules].address if kernels.can_fork() else None)

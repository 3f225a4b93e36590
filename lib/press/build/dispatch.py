"""Runs handed out to workers, on this machine or on a Dask cluster, and what comes of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from press.build.progress import Progress
from press.build.tasks import preloads
from press.build.turns import Turns
from press.records import Result, Task
from press.suite import Suite, SuiteError

if TYPE_CHECKING:
    from press.build.order import Order
    from press.build.workers import Crew

LOST = ("KilledWorker", "CommClosedError")  # what Dask says when a worker is gone
PATIENCE = 10  # seconds for a scheduler to answer
ATTEMPTS = 3  # of a run whose worker was lost
AHEAD = 3  # tasks handed out for each worker: none waits for us, and memory stays flat


def finished(turns: Turns, suite: Suite, order: Order) -> Iterator[Result]:
    """The results of all runs as they come, from whichever workers there are."""
    if not turns.waiting:
        return
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(len(turns.waiting)))
        for result in _on_cluster(turns, suite, order, stack) if order.dask else _here(turns, suite, order):
            progress.step(result, left=len(turns.waiting))
            yield result


def _here(turns: Turns, suite: Suite, order: Order) -> Iterator[Result]:
    """On this machine: processes forked from this one once it has imported everything, and one server of kernels."""
    from press.build import workers

    if order.crew:
        yield from _with_crew(turns, order.crew)
        return
    jobs = turns.waiting
    count = max(1, min(order.workers, len(jobs)))
    modules = preloads(suite, (Path(task.notebook) for task in jobs.values() if task.executed is None and task.execute))
    paper = any("pdf" in task.page.formats for task in jobs.values())
    with workers.Crew(count, modules, paper=paper) as crew:
        yield from _with_crew(turns, crew)


def _with_crew(turns: Turns, crew: Crew) -> Iterator[Result]:
    for turn in turns:
        yield from drive(turn, crew.executor, crew.run_task, crew.count * AHEAD, renew=crew.renew)


def _on_cluster(turns: Turns, suite: Suite, order: Order, stack: ExitStack) -> Iterator[Result]:
    """On a Dask cluster whose workers see the suite's files at the same path."""
    from distributed import Client

    from press.build import workers

    modules = tuple(preloads(suite, (Path(task.notebook) for task in turns.waiting.values())))
    try:
        client = stack.enter_context(Client(order.dask, timeout=PATIENCE))
    except (OSError, ValueError) as error:
        raise SuiteError(f"--dask {order.dask}: no scheduler answers: {error}") from None
    executor = stack.enter_context(client.get_executor(pure=False))
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    for turn in turns:
        yield from drive(turn, lambda: executor, workers.Remote(modules), ahead)


def drive(
    jobs: Mapping[str, Task],
    executor: Callable[[], Executor],
    run_task: Callable[[Task], Result],
    ahead: int,
    renew: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """Hand out the jobs, never more than `ahead` at once.

    When a worker is lost, the jobs it may have had are done again one by one, so that the one that kills its worker
    is found and the others are not blamed.
    """
    waiting, suspects = deque(jobs.values()), deque[Task]()
    lost: Counter[str] = Counter()
    running: dict[Future[Result], Task] = {}
    while waiting or suspects or running:
        queue, room = (suspects, 1) if suspects else (waiting, ahead)
        while queue and len(running) < room:
            task = queue.popleft()
            running[executor().submit(run_task, task)] = task
        alone = len(running) == 1
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        broken = False
        for future in done:
            task = running.pop(future)
            path, error = task.path, future.exception()
            if error is None:
                yield future.result()
            elif not isinstance(error, BrokenExecutor) and type(error).__name__ not in LOST:
                yield Result(path, error=f"{type(error).__name__}: {error}")
            else:
                broken = True
                lost[path] += alone
                if lost[path] < ATTEMPTS:
                    suspects.append(task)
                else:
                    yield Result(path, error=f"its worker was lost {ATTEMPTS} times: {error}")
        if broken:
            renew()

"""Workers end when they are told to, whatever they are doing."""

import multiprocessing
import signal
import time

import pytest

from press.build import workers


def stubborn(ready):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.set()
    time.sleep(600)


def obedient(ready):
    ready.set()
    time.sleep(600)


@pytest.mark.parametrize("kinds", [(obedient, obedient), (obedient, stubborn), (stubborn,), ()])
def test_a_worker_that_will_not_stop_is_made_to(kinds, monkeypatch):
    monkeypatch.setattr(workers, "GRACE", 0.2)
    context = multiprocessing.get_context("fork")
    events = [context.Event() for _ in kinds]
    processes = [context.Process(target=kind, args=(event,)) for kind, event in zip(kinds, events, strict=True)]
    for process, event in zip(processes, events, strict=True):
        process.start()
        assert event.wait(30)
    workers._stop(processes)
    for process, kind in zip(processes, kinds, strict=True):
        process.join(30)
        assert process.exitcode == (-signal.SIGTERM if kind is obedient else -signal.SIGKILL)

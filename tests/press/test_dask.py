"""The same build on a Dask cluster: the same bytes, also when a worker is killed in mid-build."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from press.build import dispatch

pytestmark = pytest.mark.slow

ENVIRONMENT = {**os.environ, "DASK_DISTRIBUTED__DASHBOARD__LINK": "", "PYTHONWARNINGS": "ignore"}


def start(*words, until, folder):
    """A `dask …` process that has said what it says when it is ready, and the words it said."""
    log = folder / f"{words[0]}-{len(list(folder.glob('*.log')))}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            cwd=folder,
            stdout=out,
            stderr=out,
            env=ENVIRONMENT,
        )
    deadline = time.monotonic() + 60
    while not (found := re.search(until, log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    return process, found


@pytest.fixture
def cluster(tmp_path_factory):
    """The address of a scheduler with two worker processes, and those."""
    folder = tmp_path_factory.mktemp("dask")
    processes = []
    try:
        scheduler, found = start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            until=r"(tcp://127\.0\.0\.1:\d+)",
            folder=folder,
        )
        processes.append(scheduler)
        limits = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        for _ in range(2):
            worker, _ = start("worker", found[1], *limits, until="Registered to", folder=folder)
            processes.append(worker)
        yield found[1], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_build_on_a_cluster_is_that_of_one_machine_though_a_worker_is_killed(project, cluster):
    address, workers = cluster
    started = project.root / "started"
    started.mkdir()
    slow = (
        f"import pathlib, time, os\npathlib.Path({str(started)!r}, f'{{n}}-{{os.getpid()}}').touch(); time.sleep(0.3);"
    )
    project.add(
        "a", ('lang = "en"\nn = 0', "parameters"), slow, "# {eval}`n`", "n, {'x', 'y'}", matrix={"n": list(range(8))}
    )
    project.add("b", "# B", "undefined")
    here = ["build", "--workers", "1", "--out", project.root / "here"]
    assert project.press(*here)[0] == 1
    for file in started.iterdir():
        file.unlink()

    press = subprocess.Popen(
        [Path(sys.executable).with_name("press"), "build", "--dask", address],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=ENVIRONMENT,
    )
    while len(list(started.iterdir())) < 3:
        assert press.poll() is None, press.stdout.read()
        time.sleep(0.02)
    workers[0].kill()
    out, _ = press.communicate(timeout=120)
    assert press.returncode == 1, out
    assert "failed en/b, cell 3: NameError" in out
    assert {run["status"] for run in project.report()["runs"][:8]} == {"ran"}
    assert project.site() == project.site("here")
    kernels = {int(file.name.split("-")[1]) for file in started.iterdir()}
    deadline = time.monotonic() + 10
    while any(Path("/proc", str(pid)).exists() for pid in kernels) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path("/proc", str(pid)).exists() for pid in kernels)


def test_no_cluster_is_told(project, monkeypatch):
    monkeypatch.setattr(dispatch, "PATIENCE", 0.5)
    project.add("a", "1")
    code, _, err = project.press("build", "--dask", "tcp://127.0.0.1:9")
    assert code == 2
    assert "--dask tcp://127.0.0.1:9: no scheduler answers" in err
    assert "Traceback" not in err

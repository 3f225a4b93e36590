"""A notebook job of JupyterLab that is stopped leaves nothing running."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from press.build import lab

pytestmark = pytest.mark.slow

WAITS = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(600)"


def until(ask):
    deadline = time.monotonic() + 60
    while not (found := ask()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process of its parent's end")
def test_a_job_that_is_killed_stops_its_build_and_kernel(project):
    project.add("a", WAITS)
    code = f"from pathlib import Path; from press.build import lab; lab.build(['--workers', '1'], Path({str(project.root)!r}))"
    job = subprocess.Popen([sys.executable, "-c", code])
    pid = project.root / "notebooks" / "pid"
    kernel = until(lambda: pid.exists() and pid.read_text())
    build = Path(f"/proc/{job.pid}/task/{job.pid}/children").read_text().split()
    assert build
    job.kill()
    job.wait()
    for one in [kernel, *build]:
        until(lambda one=one: not Path("/proc", one).exists())


def test_a_build_that_fails_is_an_error_with_its_reason(project):
    project.add("a", "1 / 0")
    with pytest.raises(RuntimeError, match=r"^failed en/a, cell 2: ZeroDivisionError: division by zero"):
        lab.build(["--workers", "1"], project.root)

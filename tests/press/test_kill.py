"""`kill -9` at any moment of a build: the next one succeeds, gives what a clean one gives, and nothing is left running.

`PRESS_KILLS=200 pytest tests/press/test_kill.py` does it 200 times, with a browser too.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PRESS_KILLS", "4"))
PRESS = Path(sys.executable).with_name("press")


@pytest.fixture
def temporary():
    """A folder for temporary files with a short name: it is part of the names of sockets."""
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    yield folder
    shutil.rmtree(folder)


def alive(temporary):
    """The processes whose environment names the folder, but for those that are dead already and wait to be buried."""
    mark = f"TMPDIR={temporary}".encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid():
            try:
                ours = mark in (process / "environ").read_bytes()
                name = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:80]
            except OSError:
                continue
            if ours and name:
                found.append(f"{process.name} {name}")
    return found


def settle(temporary):
    """Wait for all to end; what has not is an orphan."""
    deadline = time.monotonic() + 20
    while (alive(temporary) or list(temporary.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive(temporary) + [str(path) for path in temporary.rglob("*")]


def test_the_build_after_a_kill_is_as_good_as_any(project, temporary):
    leave = (
        "import subprocess\np = subprocess.Popen(['sleep', '600'])\nq = subprocess.Popen(['setsid', 'sleep', '600']);"
    )
    for name in "abc":
        project.add(name, f"# {name} {{eval}}`lang`", "print('x' * 100_000)", "import time; time.sleep(0.1)")
    project.add("d", leave)
    if KILLS > 20:
        project.add("e", "# Printed", formats=["html", "pdf"])
    environment = {**os.environ, "TMPDIR": str(temporary)}

    def build(*words):
        return subprocess.Popen([PRESS, "build", *words], cwd=project.root, env=environment, stderr=subprocess.DEVNULL)

    start = time.monotonic()
    clean = build("--out", "clean")
    assert clean.wait() == 0
    whole = time.monotonic() - start
    assert settle(temporary) == []
    for number in range(KILLS):
        rng = random.Random(number)
        press = build(*(["--force"] if number % 2 else []))
        time.sleep(rng.uniform(0, whole))
        press.send_signal(signal.SIGKILL)
        press.wait()
        if number % 3 == 0:
            assert settle(temporary) == [], f"after kill {number}"
        after = build()
        assert after.wait(timeout=120) == 0, number
        assert project.site() == project.site("clean"), number
        if number % 4 == 0:
            shutil.rmtree(project.root / "reports" / rng.choice(["site", ".cache"]))
    assert settle(temporary) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_ended_while_its_books_are_bound_leaves_nothing_and_the_next_one_binds_them(sign, project, temporary):
    project.head = 'title = "Book"\nlanguages = ["en", "zh"]\n[press]\npreload = []\n'
    for name in "abc":
        project.add(name, f"# {name} {{eval}}`lang`", formats=["html", "pdf"])
    environment = {**os.environ, "TMPDIR": str(temporary)}
    words = [PRESS, "build", "--workers", "2"]
    subprocess.run(words, cwd=project.root, env=environment, check=True, capture_output=True)
    before = project.site()
    books = [project.root / "reports/site" / lang / "book.pdf" for lang in ("en", "zh")]
    books[0].unlink()
    desk = project.root / "reports/.cache/desk"
    press = subprocess.Popen(
        words, cwd=project.root, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not desk.exists():
        assert press.poll() is None
        time.sleep(0.01)
    while not list(temporary.rglob("playwright*")):  # a browser has its profile
        assert press.poll() is None
        time.sleep(0.01)
    os.killpg(press.pid, sign)
    said = press.communicate(timeout=60)[1]
    assert press.returncode != 0
    assert "Traceback" not in said
    assert settle(temporary) == []
    assert books[1].read_bytes() == before["zh/book.pdf"]
    subprocess.run(words, cwd=project.root, env=environment, check=True, capture_output=True)
    assert project.site() == before
    assert not desk.exists()
    assert settle(temporary) == []

"""`press preview`: what is saved is on the open page soon after; mistakes are told, and nothing is left when it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
from tests.press.conftest import notebook

PATIENCE = 60


def fetched(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def until(there):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := there():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.fixture
def previewed(tmp_path):
    """A folder of a notebook, a helper and data, being previewed: the folder, its address, the process and its log."""
    (tmp_path / "a.ipynb").write_text(
        json.dumps(notebook("# First", "import helper\nprint(helper.word, open('x.txt').read())"))
    )
    (tmp_path / "helper.py").write_text("word = 'one'\n")
    (tmp_path / "x.txt").write_text("data")
    log = tmp_path.parent / "log.txt"
    words = [sys.executable, "-m", "press.cli", "preview", str(tmp_path), "--port", "0", "--workers", "1"]
    with log.open("w") as written:
        process = subprocess.Popen(words, stdout=written, stderr=written, start_new_session=True)
    found = until(lambda: re.search(r"http://127\S+", log.read_text()))
    yield tmp_path, found[0], process, log
    process.kill()
    process.wait()


def test_what_is_saved_is_shown_and_a_mistake_costs_nothing(previewed):
    folder, address, process, log = previewed
    page = f"{address}a.html"
    assert "First" in fetched(page)
    assert "/-/live.js" in fetched(page)
    assert "location.reload" in fetched(f"{address}-/live.js")
    built = fetched(f"{address}-/built")
    (folder / "x.txt").write_text("changed")
    until(lambda: "one changed" in fetched(page))
    assert until(lambda: fetched(f"{address}-/built")) != built
    (folder / "helper.py").write_text("word = 'two'\n")
    until(lambda: "two changed" in fetched(page))
    (folder / "a.ipynb").write_text(json.dumps(notebook("# Second", "1/0")))
    until(lambda: "ZeroDivisionError" in log.read_text())
    assert "First" in fetched(page)
    (folder / "suite.toml").write_text("title = 3\n")
    until(lambda: "press: " in log.read_text())
    assert "First" in fetched(page)
    (folder / "suite.toml").unlink()
    (folder / "a.ipynb").write_text(json.dumps(notebook("# Third", "print('fine')")))
    until(lambda: "Third" in fetched(page))
    (folder / "b.ipynb").write_text(json.dumps(notebook("# Another")))
    until(lambda: "Another" in fetched(f"{address}b.html"))
    family = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 0
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]


def test_a_port_that_is_taken_is_told_before_anything_runs(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook("# First")))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ["preview", str(tmp_path), "--port", str(taken.getsockname()[1])]
        done = subprocess.run(
            [sys.executable, "-m", "press.cli", *words], capture_output=True, text=True, timeout=PATIENCE
        )
    assert done.returncode == 2
    assert "name another" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_when_it_is_killed_its_server_ends_too(previewed):
    _, address, process, _ = previewed
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    assert not psutil.wait_procs(family, timeout=PATIENCE)[1]
    assert not fetched(address)


def test_a_stylesheet_and_a_bibliography_that_are_saved_are_shown(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook("# First\n\n[@doe]", "print('ran')")))
    (tmp_path / "own.css").write_text("h1 { color: red }")
    (tmp_path / "refs.bib").write_text("@misc{doe, author={Doe, J.}, title={A}, year=2001}")
    (tmp_path / "suite.toml").write_text(
        'path = "{name}"\nbibliography = "refs.bib"\n[theme]\nstylesheet = "own.css"\n[[report]]\nname = "a"\n'
    )
    log = tmp_path.parent / "log-theme.txt"
    words = [sys.executable, "-m", "press.cli", "preview", "--port", "0", "--workers", "1"]
    with log.open("w") as written:
        process = subprocess.Popen(words, cwd=tmp_path, stdout=written, stderr=written, start_new_session=True)
    try:
        page = until(lambda: re.search(r"http://127\S+", log.read_text()))[0] + "a.html"
        first = re.search(r"own\.\w+\.css", until(lambda: fetched(page)))[0]
        (tmp_path / "own.css").write_text("h1 { color: blue }")
        until(lambda: (found := re.search(r"own\.\w+\.css", fetched(page))) and found[0] != first)
        (tmp_path / "refs.bib").write_text("@misc{doe, author={Roe, J.}, title={A}, year=2001}")
        until(lambda: "Roe, 2001" in fetched(page))
        (tmp_path / "own.css").unlink()
        until(lambda: "[theme] stylesheet: found no file" in log.read_text())
        assert "Roe, 2001" in fetched(page)
    finally:
        process.kill()
        process.wait()
    assert len(re.findall(r"\d+ printed", log.read_text())) == 2  # and not run

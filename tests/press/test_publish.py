"""Publishing to a folder and to an S3-compatible server: whole or not at all, whatever happens meanwhile.

`PRESS_KILLS=300 pytest tests/press/test_publish.py -k kill` kills 300 publishes of each kind.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from press import changes, secrets, targets

KILLS = int(os.environ.get("PRESS_KILLS", "3"))
PRESS = Path(sys.executable).with_name("press")
CHART = """
import json
from IPython.display import display
rows = json.load(open("{data}"))
figure = {{"data": [{{"type": "bar", "x": [r[0] for r in rows], "y": [r[1] for r in rows]}}], "layout": {{}}}}
said = {{"id": "growth", "title": "Growth", "alt": "Bars", "source": "a list", "data": {{"columns": ["kind", "value"], "rows": rows}}}}
if {drawn}:
    display({{"application/vnd.plotly.v1+json": figure, "text/plain": ""}}, raw=True, metadata={{"press": {{"chart": said}}}})
"""
TABLE = """
from IPython.display import HTML
HTML("<table><tr id='tasks'><th>Tasks</th><td>" + open("tasks.txt").read() + "</td></tr></table>")
"""


@pytest.fixture
def book(project):
    """A small site whose one table, one chart and prose come from files, with the archive in two languages."""
    project.head = 'title = { zh = "书", en = "Book" }\nlanguages = ["zh", "en"]\n[press]\npreload = []\n'
    (project.root / "notebooks" / "tasks.txt").write_text("49 tasks")
    project.add("a", "# One {eval}`open('tasks.txt').read()`", TABLE)
    project.add("b", "# Two")
    return project


def change(book, text):
    (book.root / "notebooks" / "tasks.txt").write_text(text)
    book.build()


def versions(target):
    return json.loads((target / "versions.json").read_text())


def published(book, target, *words, code=0):
    done, out, err = book.press("publish", target, *words)
    assert done == code, out + err
    return out + err


# A target, as its readers see it


@contextlib.contextmanager
def served(folder):
    """The address of a folder on a plain static server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def s3():
    """The address of a bucket on a real S3-compatible server, which anybody may read."""
    from moto.server import ThreadedMotoServer

    given = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**given, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(name, value)
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3, request):
    """A bucket of the test's own: its name, and the address it is read at."""
    name = re.sub(r"[^a-z]+", "-", request.node.name.lower())[:40].strip("-")
    anybody = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    for path, content in ((name, b""), (f"{name}?policy", json.dumps(anybody).encode())):
        put = urllib.request.Request(f"{s3}/{path}", content, {"Content-Type": "application/json"}, method="PUT")
        urllib.request.urlopen(put).close()
    return f"s3://{name}", f"{s3}/{name}/"


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def current(address):
    return json.loads(fetch(f"{address}versions.json"))["current"]


def check_release(address, name):
    """Every file of a release is there, and is what its manifest says."""
    manifest = json.loads(fetch(f"{address}releases/{name}/manifest.json"))
    for entry in manifest["files"].values():
        assert hashlib.sha256(fetch(address + entry["at"])).hexdigest() == entry["sha256"], entry
    return manifest


class Reader(threading.Thread):
    """Reads the current release again and again; `faults` has what it found missing, mixed or truncated."""

    def __init__(self, address, root_pages):
        super().__init__()
        self.address, self.root_pages = address, root_pages
        self.faults, self.rounds, self.over = [], 0, threading.Event()

    def run(self):
        while not self.over.is_set():
            try:
                self._look()
            except (urllib.error.URLError, AssertionError, ValueError, OSError) as fault:
                self.faults.append(repr(fault))
            self.rounds += 1

    def _look(self):
        name = current(self.address)
        manifest = check_release(self.address, name)
        front = fetch(f"{self.address}index.html").decode()
        assert front.rstrip().endswith("</html>"), "truncated"
        if self.root_pages:  # the pages at the root are those of one release, before or after
            after = json.loads(fetch(f"{self.address}versions.json"))
            shown = fetch(f"{self.address}en/a.html")
            if after["current"] == name == current(self.address):
                assert hashlib.sha256(shown).hexdigest() == manifest["files"]["en/a.html"]["sha256"], "mixed"
        else:
            goal = re.search(r'url=(releases/[^"]+)"', front)[1]
            assert fetch(self.address + goal)
            assert b"follow.js" in fetch(f"{self.address}en/a.html")


@contextlib.contextmanager
def reading(address, root_pages):
    reader = Reader(address, root_pages)
    reader.start()
    try:
        yield reader
    finally:
        reader.over.set()
        reader.join()
    assert reader.rounds
    assert reader.faults == []


def unneeded(listing, versions, manifests):
    """The addresses of a listing that belong to no release."""
    wanted = {entry["at"] for manifest in manifests for entry in manifest["files"].values()}
    wanted |= {f"releases/{one['name']}/{extra}" for one in versions["releases"] for extra in ("manifest.json", "contents.json", "changes.json", "changes.zh.html", "changes.en.html")}
    return {name for name in listing if name.startswith(targets.OWNED) and name not in wanted}


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_publish_killed_at_any_moment_shows_readers_nothing_and_the_next_one_completes(book, tmp_path, request, kind):
    book.build()
    if kind == "folder":
        target, address = tmp_path / "www", None
        target.mkdir()
    else:
        target, address = request.getfixturevalue("bucket")
    with served(target) if kind == "folder" else contextlib.nullcontext(address) as address:

        def publish():
            return subprocess.Popen([PRESS, "publish", str(target)], cwd=book.root, stdout=subprocess.DEVNULL)

        start = time.monotonic()
        assert publish().wait() == 0
        whole = time.monotonic() - start
        with reading(address, kind == "folder"):
            for number in range(KILLS):
                change(book, f"{number + 50} tasks")
                before = current(address)
                press = publish()
                time.sleep(random.Random(number).uniform(whole / 3, whole * 1.1))
                press.send_signal(signal.SIGKILL)
                press.wait()
                check_release(address, before)
                after = publish()
                assert after.wait(timeout=120) == 0, number
                assert f"{number + 50} tasks" in fetch(f"{address}releases/{current(address)}/en/a.html").decode()
        said = json.loads(fetch(f"{address}versions.json"))
        assert len(said["releases"]) == KILLS + 1
        manifests = [check_release(address, one["name"]) for one in said["releases"]]
        store = targets.open_target(str(target))
        with store.alone():
            assert unneeded(store.there, said, manifests) == set()
        if kind == "folder":
            assert sorted(path.name for path in (target / ".press").iterdir())[0] == ".lock"
            assert len(list((target / ".press").iterdir())) <= 3  # its lock, this state and the last



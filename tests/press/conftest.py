import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press import cli
from press.suite import read_suite

PRESS = Path(sys.executable).with_name("press")


def notebook(*cells):
    """A notebook of cells: text starting with "#" or "" is Markdown, `(text, tag)` has a tag, the rest is code."""
    made = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for number, cell in enumerate(cells):
        text, *tags = (cell,) if isinstance(cell, str) else cell
        new = new_markdown_cell if text.startswith(("# ", "> ")) else new_code_cell
        made.cells.append(new(text, metadata={"tags": tags}, id=f"c{number}"))
    return made


class Project:
    """A folder with a suite in it, and `press` at hand."""

    def __init__(self, root: Path, capture) -> None:
        self.root, self.capture = root, capture
        (root / "notebooks").mkdir(exist_ok=True)
        (root / "requirements.lock").write_text("none==1\n")
        self.head = 'title = "Book"\nlanguages = ["en"]\n[press]\npreload = []\n'
        self.reports = {}

    def add(self, name, *cells, **settings):
        """Add a report, its parameters cell first unless the cells bring one."""
        if not any(not isinstance(cell, str) and "parameters" in cell for cell in cells):
            cells = ('lang = "en"  # language', *cells)
            cells = ((cells[0], "parameters"), *cells[1:])
        (self.root / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook(*cells)))
        self.reports[name] = settings
        self.write()

    def write(self):
        lines = [self.head]
        for name, settings in self.reports.items():
            lines += ["[[report]]", f'name = "{name}"', *(f"{key} = {toml(value)}" for key, value in settings.items())]
        (self.root / "notebooks" / "suite.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def press(self, *words):
        """The exit code, output and errors of `press …`, in this process."""
        old = sys.argv
        sys.argv = ["press", *map(str, words)]
        code = 0
        try:
            with contextlib.chdir(self.root):
                cli.main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            sys.argv = old
        out, err = self.capture.readouterr()
        return code, out, err

    def build(self, *words, code=0):
        """Build with one worker; returns `{page: status}` and asserts the exit code."""
        done, out, err = self.press("build", "--workers", 1, *words)
        assert done == code, out + err
        self.err = err
        return {Path(run["page"]).as_posix(): run["status"] for run in self.report()["runs"]}

    def report(self, out="reports"):
        report = json.loads((self.root / out / "build.json").read_text())
        for run in report["runs"]:
            run["page"] = next((o[5:].rpartition(".")[0] for o in run["outputs"]), run["report"])
        return report

    def executed(self, page, out="reports"):
        return json.loads((self.root / out / "site" / f"{page}.ipynb").read_text())

    def outputs(self, page, cell=-1):
        return [c for c in self.executed(page)["cells"] if c["cell_type"] == "code"][cell]["outputs"]

    def site(self, out="reports"):
        """Every file of the site, with its bytes."""
        site = self.root / out / "site"
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def scheduled(project, *tables, alerts=()):
    """The suite of a project, with these schedules."""
    project.write()
    file = project.root / "notebooks" / "suite.toml"
    text = file.read_text()
    for table in tables:
        text += "[[schedule]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    if alerts:
        text += f"[alerts]\nto = {json.dumps(list(alerts))}\n"
    file.write_text(text)
    return read_suite(file)


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="session")
def projects():
    """The kind of project, for fixtures that outlive a test."""
    return Project


@pytest.fixture
def project(tmp_path, capfd):
    return Project(tmp_path, capfd)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, of the size given; where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(*words):
        return subprocess.run(["mount", *words, folder], capture_output=True, check=False).returncode == 0

    if not mount("-t", "tmpfs", "-o", "size=16m", "tmpfs"):
        pytest.skip("no file system may be mounted here")
    yield folder, mount
    subprocess.run(["umount", "-l", folder], check=True)


# A book in three states of its data, and a store to publish it to

CHART = """
import json
from IPython.display import display
rows = json.load(open("rows.json"))
figure = {"data": [{"type": "bar", "x": [r[0] for r in rows], "y": [r[1] for r in rows]}], "layout": {}}
said = {"id": "growth", "title": "Growth", "alt": "Bars", "source": "a list", "data": {"columns": ["kind", "value"], "rows": rows}}
display({"application/vnd.plotly.v1+json": figure, "text/plain": ""}, raw=True, metadata={"press": {"chart": said}})
"""
TABLE = """
from IPython.display import HTML
HTML("<table><tr id='tasks'><th>Tasks</th><td>" + open("tasks.txt").read() + "</td></tr></table>")
"""


HEAD = 'title = { zh = "书", en = "Book" }\nlanguages = ["zh", "en"]\n[press]\npreload = []\n[publish]\nkeep = 2\n'
EDITIONS = [("49 tasks", 8.5), ("50 tasks & <b>", 7.25), ("51 tasks", 6)]


@pytest.fixture(scope="session")
def editions(projects, tmp_path_factory):
    """A small book, built as its data moved on: a folder for each state of them. Its charts are not drawn beforehand."""
    desk = projects(tmp_path_factory.mktemp("book"), None)
    desk.head = HEAD
    undrawn = {**os.environ, "PRESS_CHROMIUM": "none"}
    desk.add("a", "# One {eval}`open('tasks.txt').read()`", TABLE)
    desk.add("b", "# Two")
    desk.add("c", "# Chart", CHART)
    folders = []
    for tasks, value in EDITIONS:
        (desk.root / "notebooks" / "tasks.txt").write_text(tasks)
        (desk.root / "notebooks" / "rows.json").write_text(json.dumps([["roads", value], ["schools", 9]]))
        subprocess.run([PRESS, "build", "--workers", "1"], cwd=desk.root, env=undrawn, check=True, capture_output=True)
        folders.append(shutil.copytree(desk.root, tmp_path_factory.mktemp("edition") / "0"))
    return folders


@pytest.fixture
def book(project, editions, monkeypatch):
    """The book in its first state, built."""
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    project.head, project.reports = HEAD, {"a": {}, "b": {}, "c": {}}
    project.turn = partial(turn, project, editions)
    project.turn(0)
    return project


def turn(book, editions, number):
    """The book in another state of its data, built."""
    for name in ("notebooks", "reports"):
        shutil.rmtree(book.root / name, ignore_errors=True)
        shutil.copytree(editions[number % len(editions)] / name, book.root / name)


@pytest.fixture(scope="session")
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

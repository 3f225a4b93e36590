import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press import cli
from press.suite import read_suite


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
        (self.root / "notebooks" / "suite.toml").write_text("\n".join(lines) + "\n")

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
    return json.dumps(value)


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

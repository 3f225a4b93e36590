"""Nothing stale is served, and nothing fresh is run again: a change of any input is seen, a touch of any file is not."""

import json
import os
import shutil
import subprocess
import sys

import papermill  # noqa: F401  (it loads our engine)
import pytest

from press.run import engine, inputs, own_code, recorder, watch
from press.run.record import Record, Records

from ..conftest import Project

FIGURES = "id,chapter,printed\na.x,a,1\na.y,a,2\nb.x,b,3\n"


HELPER = f"""
import csv, pathlib
from IPython.display import display
import words
FILE = pathlib.Path(__file__).parents[1] / "data" / "figures.csv"
def book(key):
    rows = {{row["id"]: row for row in csv.DictReader(FILE.open(newline=""))}}
    entry = {{"file": "data/figures.csv", "reader": "helper", "key": "id", "value": key}}
    display({{{recorder.INPUTS!r}: [entry]}}, raw=True)
    return rows[key]["printed"] + words.MARK
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def book(built, tmp_path, capfd, monkeypatch):
    """A suite with a helper package that gives a finer account of what it reads, and two runs: a copy of one built once."""
    before = os.environ.get("PYTHONPATH", "")
    if not any(built.iterdir()):
        (built / "lib").mkdir()
        (built / "data").mkdir()
        (built / "data" / "figures.csv").write_text(FIGURES)
        (built / "data" / "other.txt").write_text("other")
        (built / "lib" / "helper.py").write_text(HELPER)
        (built / "lib" / "words.py").write_text("MARK = '!'\n")
        monkeypatch.setenv("PYTHONPATH", str(built / "lib"), prepend=os.pathsep)
        first = Project(built, capfd)
        first.add("fine", ('lang = "en"\nn = 1', "parameters"), "from helper import book\nbook('a.x')", "# {eval}`n`")
        first.add("whole", "open('../data/figures.csv').read()")
        assert first.build() == {"en/fine": "ran", "en/whole": "ran"}
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "lib"), before]))
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    copy = Project(tmp_path, capfd)
    copy.reports = {"fine": {}, "whole": {}}
    return copy


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_nothing_changed_nothing_runs(book):
    assert set(book.build().values()) == {"reused"}


def test_a_touched_file_reruns_nothing(book):
    for file in book.root.rglob("*"):
        if "reports" not in file.parts:
            os.utime(file)
    notebook = book.root / "notebooks" / "fine.ipynb"
    notebook.write_text(json.dumps(json.loads(notebook.read_text()), indent=4))
    assert set(book.build().values()) == {"reused"}


@pytest.mark.parametrize(
    ("file", "old", "new", "reruns"),
    [
        ("lib/helper.py", "import csv", "import  csv", ["fine"]),
        ("lib/words.py", "'!'", "'?'", ["fine"]),
        ("data/figures.csv", "a.x,a,1", "a.x,a,9", ["fine", "whole"]),
        ("data/figures.csv", "a.y,a,2", "a.y,a,9", ["whole"]),
        ("data/figures.csv", "id,chapter,printed", "id,chapter,printed,note", ["fine", "whole"]),
        ("data/other.txt", "other", "another", []),
        ("requirements.lock", "none==1", "none==2", ["fine", "whole"]),
        ("notebooks/fine.ipynb", "n = 1", "n = 2", ["fine"]),
        ("notebooks/fine.ipynb", "# {eval}`n`", "# {eval}`n` more", ["fine"]),
        ("notebooks/suite.toml", 'title = "Book"', 'title = "Tome"', []),
    ],
)
def test_a_change_is_never_missed_and_reruns_only_its_readers(book, file, old, new, reruns):
    change(book.root / file, old, new)
    built = book.build()
    assert {name for name, status in built.items() if status == "ran"} == {f"en/{name}" for name in reruns}
    both_name_them = "title" in old or "eval" in old  # in their navigation
    assert set(built.values()) <= {"ran", "printed" if both_name_them else "reused"}
    assert set(book.build().values()) == {"reused"}


def test_the_new_value_is_on_the_page(book):
    change(book.root / "data" / "figures.csv", "a.x,a,1", "a.x,a,7")
    book.build()
    assert book.outputs("en/fine") == [
        {"data": {"text/plain": "'7!'"}, "execution_count": 3, "metadata": {}, "output_type": "execute_result"}
    ]
    assert recorder.INPUTS not in str(book.executed("en/fine"))


def test_rows_that_come_or_go_or_move(book):
    file = book.root / "data" / "figures.csv"
    file.write_text("id,chapter,printed\nb.x,b,3\nnew,c,4\na.x,a,1\n")
    assert book.build() == {"en/fine": "reused", "en/whole": "ran"}
    file.write_text("id,chapter,printed\nb.x,b,3\n")
    assert book.build(code=1) == {"fine": "failed", "en/whole": "ran"}


def test_a_parameter_is_an_input(book):
    assert book.build("--only", "fine", "-p", "n=5") == {"en/fine": "ran"}
    assert book.build("--only", "fine", "-p", "n=5") == {"en/fine": "reused"}
    assert book.build("--only", "fine") == {"en/fine": "ran"}


def test_the_template_is_an_input_of_pages_not_of_runs(book, monkeypatch):
    executed = book.root / "reports" / "site" / "en" / "fine.ipynb"
    monkeypatch.setattr(own_code, "page_code", lambda: "changed")
    out = book.press("explain", "fine")[1]
    assert out.startswith("en/fine: to be printed again\n")
    assert "  changed   template and place in the site\n" in out
    monkeypatch.setattr(engine.Engine, "execute_notebook", None)
    before = executed.stat().st_ino
    assert set(book.build().values()) == {"printed"}
    assert executed.stat().st_ino != before
    assert set(book.build().values()) == {"reused"}


@pytest.fixture
def press_copy(monkeypatch, tmp_path):
    """A copy of the press's own folder, to be edited."""
    copy = tmp_path / "press"
    shutil.copytree(own_code.HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(own_code, "HERE", copy)
    return copy


def loaded(code):
    """The press's modules that are there once some code has run in a Python of its own."""
    say = "import sys; print(*[name for name in sys.modules if name.partition('.')[0] == 'press'])"
    done = subprocess.run([sys.executable, "-c", f"{code}; {say}"], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_every_module_that_runs_notebooks_is_an_input_of_runs(press_copy):
    modules = loaded("import press.run.execute, press.run.recorder, press.run.kernels")
    assert {"press.run.engine", "press.run.recorder", "press.run.watch"} <= modules
    for name in modules:
        place = press_copy.joinpath(*name.split(".")[1:])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        before = own_code.run_code.__wrapped__()
        file.write_bytes(file.read_bytes() + b"\n# edited")
        assert own_code.run_code.__wrapped__() != before, name


def test_every_file_that_prints_is_an_input_of_pages(press_copy):
    for module in (
        "page.render",
        "page.outputs",
        "page.downloads",
        "page.translations",
        "paper.bound_book",
        "paper.browser",
        "paper.fonts",
        "paper.pdf",
        "site.assets",
        "site.index",
        "site.search",
    ):
        assert f"press.{module}" in own_code.imported(own_code.PAGES, deferred=True), module
    seen = {own_code.page_code.__wrapped__()}
    files = [path for path in press_copy.rglob("*") if path.suffix not in (".py", ".pyc") and path.is_file()]
    files += own_code.imported(own_code.PAGES, deferred=True).values()
    assert len(files) > 20
    for file in files:
        file.write_bytes(file.read_bytes() + b" ")
        seen.add(own_code.page_code.__wrapped__())
    assert len(seen) == len(files) + 1


def test_what_is_printed_by_is_no_input_of_runs():
    assert (
        not {"press.page.render", "press.site.assets", "press.paper.browser"}
        & own_code.imported(own_code.RUNS, deferred=False).keys()
    )


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from press import fresh, run", {"press", "press.fresh", "press.run"}),
        (
            "from press import (\n    fresh,\n    run as other,\n)",
            {"press", "press.fresh", "press.run", "press.as", "press.other"},
        ),
        ("from press.fresh import digest", {"press.fresh", "press.fresh.digest"}),
        ("from .fresh import digest", {"press.page.fresh", "press.page.fresh.digest"}),
        ("from .. import fresh", {"press", "press.fresh"}),
        ("import press.fresh as f, press.run", {"press.fresh", "press.run"}),
        ("    from press import fresh", set()),
        ("import json\nfrom presser import x", set()),
    ],
)
def test_the_imports_of_a_module_are_read_from_its_text(code, found):
    assert set(own_code._imports(code, "press.page", deferred=False)) == found


def test_a_file_in_a_listed_folder(book):
    book.add("list", "import glob, os; sorted(glob.glob('../data/*.txt')), sorted(os.listdir('../data'))")
    book.build()
    (book.root / "data" / "more.txt").write_text("")
    assert book.build() == {"en/fine": "reused", "en/whole": "reused", "en/list": "ran"}


def test_a_file_that_was_not_there(book):
    book.add(
        "maybe", "try:\n    print(open('../data/later.txt').read())\nexcept FileNotFoundError:\n    print('not yet')"
    )
    book.build()
    assert "later.txt" in str(book.report()["runs"][2]["inputs"])
    assert book.build()["en/maybe"] == "reused"
    (book.root / "data" / "later.txt").write_text("now")
    assert book.build()["en/maybe"] == "ran"
    assert book.outputs("en/maybe")[0]["text"] == "now\n"


def test_files_a_run_writes_are_no_inputs(book, tmp_path):
    file = tmp_path / "made.txt"
    book.add("writes", f"import time\nopen({str(file)!r}, 'w').write('x'); open({str(file)!r}).read()")
    book.build()
    file.write_text("changed")
    assert book.build()["en/writes"] == "reused"


def test_a_native_reader_depends_on_what_it_opened(book):
    (book.root / "data" / "rows.csv").write_text("a\n1\n")
    (book.root / "notebooks" / "beside.csv").write_text("a\n1\n")
    book.add("rows", "import duckdb\nduckdb.sql(\"select sum(a) from '../data/rows.csv'\").fetchall()")
    book.add("near", "import duckdb\nduckdb.sql(\"select sum(a) from 'beside.csv'\").fetchall()")
    book.build()
    assert "data/rows.csv" in book.report()["runs"][2]["inputs"]
    assert "watched   whatever was opened meanwhile: _duckdb may open files unseen" in book.press("explain", "rows")[1]
    change(book.root / "notebooks" / "beside.csv", "1", "2")
    rest = {"en/fine": "reused", "en/whole": "reused"}
    assert book.build() == {**rest, "en/rows": "reused", "en/near": "ran"}
    assert "2" in str(book.outputs("en/near"))
    change(book.root / "data" / "rows.csv", "1", "3")
    assert book.build() == {**rest, "en/rows": "ran", "en/near": "reused"}


def test_without_a_watch_a_native_reader_depends_on_whole_folders(book, monkeypatch):
    monkeypatch.setattr(watch, "MOST_FOLDERS", 1)
    book.add("near", "import duckdb\nduckdb.sql(\"select sum(a) from 'beside.csv'\").fetchall()")
    (book.root / "notebooks" / "beside.csv").write_text("a\n1\n")
    book.build()
    assert {"notebooks/**", "data/**"} <= set(book.report()["runs"][2]["inputs"])
    change(book.root / "notebooks" / "beside.csv", "1", "2")
    assert book.build()["en/near"] == "ran"


@pytest.mark.parametrize(
    "reader",
    [
        "open(path).read()",
        "__import__('pandas').read_csv(path).to_csv()",
        "__import__('peek').peek(path)",
        "__import__('helper').FILE.read_text()",
        "exec('open(path).read()')",
        "__import__('os').close(__import__('os').open(path, 0))",
    ],
)
def test_rows_are_believed_only_where_nobody_else_opened_the_file(book, reader):
    (book.root / "lib" / "peek.py").write_text("def peek(path):\n    return open(path).read()\n")
    book.add("both", "from helper import book\nbook('a.x')", f"path = '../data/figures.csv'\n{reader}")
    book.build()
    inputs = book.report()["runs"][2]["inputs"]
    assert "data/figures.csv" in inputs
    assert "data/figures.csv#id=a.x" not in inputs
    change(book.root / "data" / "figures.csv", "a.y,a,2", "a.y,a,9")
    assert book.build()["en/both"] == "ran"


def test_rows_are_not_believed_where_compiled_code_opened_the_file_too(book):
    duck = "import duckdb\nduckdb.sql(\"select count(*) from '../data/figures.csv'\").fetchall()"
    book.add("both", "from helper import book\nbook('a.x')", duck)
    book.build()
    assert "data/figures.csv" in book.report()["runs"][2]["inputs"]
    change(book.root / "data" / "figures.csv", "a.y,a,2", "a.y,a,9")
    assert book.build()["en/both"] == "ran"


def test_rows_are_not_believed_of_a_file_that_is_said_to_be_read_whole(book):
    change(
        book.root / "lib" / "helper.py",
        "[entry]",
        "[entry, {'file': entry['file'], 'reader': 'helper', 'whole': True}]",
    )
    book.build()
    inputs = book.report()["runs"][0]["inputs"]
    assert "data/figures.csv" in inputs
    assert "data/figures.csv#id=a.x" not in inputs


@pytest.mark.parametrize("entry", ['"reader": "another"', '"x": 1'])
def test_rows_are_believed_only_of_the_package_that_opened_the_file(book, entry):
    change(book.root / "lib" / "helper.py", '"reader": "helper"', entry)
    book.build()
    assert "data/figures.csv" in book.report()["runs"][0]["inputs"]


def test_a_variable_of_the_environment_is_an_input(project, monkeypatch):
    monkeypatch.setenv("PROBE", "secret")
    project.add("a", "import os\nprint(os.environ['PROBE'])")
    assert project.build() == {"en/a": "ran"}
    assert project.build() == {"en/a": "reused"}
    assert project.report()["runs"][0]["inputs"]["environment PROBE"] == "set"  # a hash of it could be guessed from
    monkeypatch.setenv("PROBE", "another")
    assert "  changed   environment PROBE\n" in project.press("explain", "a")[1]
    assert project.build() == {"en/a": "ran"}
    monkeypatch.delenv("PROBE")
    assert "  gone      environment PROBE\n" in project.press("explain", "a")[1]


@pytest.mark.parametrize("name", ["a#b.csv", "100%.csv", "50%25.csv", "kind of a.csv", "press", "a b#c=d.csv"])
def test_a_file_of_any_name_is_itself(project, name):
    file = project.root / "notebooks" / name
    file.write_text("1")
    shutil.copy(file, project.root / name)
    project.add("a", f"open({name!r}).read(), open({'../' + name!r}).read()")
    project.build()
    assert project.build() == {"en/a": "reused"}
    file.write_text("2")
    assert project.build() == {"en/a": "ran"}
    (project.root / name).write_text("2")
    assert project.build() == {"en/a": "ran"}


@pytest.mark.parametrize(
    ("part", "new"),
    [
        (("cells", 1, "attachments"), {"a.png": {"image/png": "AAAA"}}),
        (("cells", 1, "metadata", "slideshow"), {"slide_type": "skip"}),
        (("metadata", "title"), "Another"),
        (("metadata", "kernelspec", "display_name"), "Another"),
    ],
)
def test_whatever_of_a_notebook_goes_into_a_run_is_an_input(project, part, new):
    project.add("a", "1", "# text")
    file = project.root / "notebooks" / "a.ipynb"
    content = json.loads(file.read_text())
    content["cells"][1], content["cells"][2] = content["cells"][2], content["cells"][1]
    file.write_text(json.dumps(content))
    project.build()
    place = content
    for key in part[:-1]:
        place = place[key]
    place[part[-1]] = new
    file.write_text(json.dumps(content))
    assert project.build() == {"en/a": "ran"}
    project.build("--force", "--out", "forced")
    assert project.site() == project.site("forced")


def test_outputs_of_a_notebook_are_no_input(project):
    project.add("a", "1")
    project.build()
    file = project.root / "notebooks" / "a.ipynb"
    content = json.loads(file.read_text())
    content["cells"][1] |= {"execution_count": 7, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
    file.write_text(json.dumps(content))
    assert project.build() == {"en/a": "reused"}


def test_a_package_that_is_installed_is_seen(book, monkeypatch, tmp_path):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    inputs.forget()
    before = inputs.fingerprint("packages", book.root)
    (folder / "newer-2.0.dist-info").mkdir()
    inputs.forget()
    assert inputs.fingerprint("packages", book.root) != before


def test_a_helper_that_reads_the_clock_makes_its_readers_volatile(book):
    change(book.root / "lib" / "words.py", "MARK", "import time\nNOW = time.time()\nMARK")
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}


def test_an_input_that_changes_while_it_is_read_is_not_believed(book):
    book.add("racy", "f = '../data/other.txt'\nx = open(f).read()\nopen(f, 'a').write('!');")
    book.build()
    assert book.report()["runs"][2]["volatile"][0].startswith("moved: ")


def test_what_a_preloaded_helper_reads_when_it_is_imported_counts(book):
    change(book.root / "lib" / "words.py", "MARK", "TEXT = open(__file__[:-12] + 'data/other.txt').read()\nMARK")
    book.head = book.head.replace("[]", '["helper"]')
    book.write()
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}
    assert "data/other.txt" in book.report()["runs"][0]["inputs"]
    change(book.root / "data" / "other.txt", "other", "another")
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}


def test_a_helper_edited_during_a_run_is_not_believed(book):
    edit = "import pathlib, helper\nf = pathlib.Path(helper.__file__)\nf.write_text(f.read_text() + '\\n');"
    book.add("edits", edit)
    book.build()
    assert book.report()["runs"][2]["volatile"][0].startswith("moved: ")


def test_explain_says_what_changed(book):
    code, out, _ = book.press("explain", "fine")
    assert code == 0
    assert out.startswith("en/fine: fresh\n")
    assert {"same", "en/fine:"} == {line.split()[0] for line in out.splitlines()}
    assert "  same      data/figures.csv#id=a.x\n" in out
    change(book.root / "data" / "figures.csv", "a.x,a,1", "a.x,a,9")
    (book.root / "lib" / "words.py").unlink()
    (book.root / "uv.lock").write_text("")
    out = book.press("explain", "fine")[1]
    assert out.startswith("en/fine: to be run\n")
    assert "  changed   data/figures.csv#id=a.x\n" in out
    assert "  same      data/figures.csv#\n" in out
    assert "  gone      lib/words.py\n" in out
    assert "  new       uv.lock\n" in out


def test_explain_of_what_never_ran(project):
    project.add("a", "1")
    assert "en/a: to be run: there is no record of a run" in project.press("explain", "a")[1]
    assert project.press("explain", "b")[0] == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"check": 1}', b"\xff\xfe", None])
def test_a_damaged_record_is_ignored_and_rebuilt(book, damage):
    file = book.root / "reports/.cache/runs/en/whole.json"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert book.build() == {"en/fine": "reused", "en/whole": "ran"}
    assert set(book.build().values()) == {"reused"}


@pytest.mark.parametrize("suffix", ["html", "ipynb"])
def test_a_page_that_was_changed_or_lost_is_made_again(book, suffix):
    file = book.root / "reports" / "site" / f"en/whole.{suffix}"
    good = file.read_bytes()
    file.write_bytes(good + b" ")
    again = "ran" if suffix == "ipynb" else "printed"
    assert book.build() == {"en/fine": "reused", "en/whole": again}
    assert file.read_bytes() == good
    file.unlink()
    assert book.build() == {"en/fine": "reused", "en/whole": again}
    assert file.read_bytes() == good


def test_a_record_read_back_is_the_record(tmp_path):
    record = Record({"a": "1", "b": None}, ["clock: time.time"], "page", {"html": "2"}, written={"x": None})
    Records(tmp_path).put("x/y", record)
    assert Records(tmp_path).get("x/y") == record
    assert Records(tmp_path).get("x/z") is None

"""Nothing stale is served, and nothing fresh is run again: a change of any input is seen, a touch of any file is not."""

import json
import os
import shutil
import sqlite3

import papermill  # noqa: F401  (it loads our engine)
import pytest

from press import engine, fresh, recorder
from press.fresh import Record

from .conftest import Project

FIGURES = "id,chapter,printed\na.x,a,1\na.y,a,2\nb.x,b,3\n"


HELPER = f"""
import csv, pathlib
from IPython.display import display
import words
FILE = pathlib.Path(__file__).parents[1] / "data" / "figures.csv"
def book(key):
    rows = {{row["id"]: row for row in csv.DictReader(FILE.open(newline=""))}}
    entry = {{"file": "data/figures.csv", "key": "id", "value": key, "hash": "not believed"}}
    display({{{recorder.INPUTS!r}: [entry]}}, raw=True)
    return rows[key]["printed"] + words.MARK
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def book(built, tmp_path, capfd, monkeypatch):
    """A suite with a helper package that gives a finer account of what it reads, and two runs: a copy of one built once."""
    if not any(built.iterdir()):
        (built / "lib").mkdir()
        (built / "data").mkdir()
        (built / "data" / "figures.csv").write_text(FIGURES)
        (built / "data" / "other.txt").write_text("other")
        (built / "lib" / "helper.py").write_text(HELPER)
        (built / "lib" / "words.py").write_text("MARK = '!'\n")
        monkeypatch.setenv("PYTHONPATH", str(built / "lib"))
        first = Project(built, capfd)
        first.add("fine", ('lang = "en"\nn = 1', "parameters"), "from helper import book\nbook('a.x')", "# {eval}`n`")
        first.add("whole", "open('../data/figures.csv').read()")
        assert first.build() == {"en/fine": "ran", "en/whole": "ran"}
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
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
        ("notebooks/suite.toml", 'title = "Book"', 'title = "Tome"', ["fine", "whole"]),
    ],
)
def test_a_change_is_never_missed_and_reruns_only_its_readers(book, file, old, new, reruns):
    change(book.root / file, old, new)
    assert book.build() == {f"en/{name}": "ran" if name in reruns else "reused" for name in ("fine", "whole")}
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
    sources = fresh.sources
    monkeypatch.setattr(fresh, "sources", lambda names: "changed" if names is fresh.PRINTER else sources(names))
    out = book.press("explain", "fine")[1]
    assert out.startswith("en/fine: to be printed again\n")
    assert "  changed   template and place in the site\n" in out
    monkeypatch.setattr(engine.Engine, "execute_notebook", None)
    before = executed.stat().st_ino
    assert set(book.build().values()) == {"ran"}
    assert executed.stat().st_ino != before
    assert set(book.build().values()) == {"reused"}


def test_every_file_that_prints_is_a_source_of_pages(monkeypatch, tmp_path):
    copy = tmp_path / "press"
    shutil.copytree(fresh.HERE, copy)
    monkeypatch.setattr(fresh, "HERE", copy)
    seen = {fresh.sources.__wrapped__(fresh.PRINTER)}
    files = [*(copy / "templates").rglob("*.j2"), *(copy / "static").iterdir(), copy / "pages.py"]
    for file in files:
        file.write_bytes(file.read_bytes() + b" ")
        seen.add(fresh.sources.__wrapped__(fresh.PRINTER))
    assert len(seen) == len(files) + 1


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


def test_native_readers_depend_on_the_whole_data_folder(book):
    with sqlite3.connect(book.root / "data" / "base.sqlite") as base:
        base.execute("create table t (a)")
    book.add(
        "base", "import sqlite3\nsqlite3.connect('../data/base.sqlite').execute('select count(*) from t').fetchone()"
    )
    book.add("child", "!cat ../data/other.txt")
    (book.root / "data" / "rows.csv").write_text("a\n1\n")
    book.add("rows", "import duckdb\nduckdb.sql(\"select sum(a) from '../data/rows.csv'\").fetchall()")
    book.build()
    natives = ("en/base", "en/child", "en/rows")
    assert all("data/**" in run["inputs"] for run in book.report()["runs"] if run["page"] in natives)
    change(book.root / "data" / "rows.csv", "1", "2")
    assert book.build() == {"en/fine": "reused", "en/whole": "reused", **dict.fromkeys(natives, "ran")}
    assert "2" in str(book.outputs("en/rows"))


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("import time as t\nt.time()", "clock"),
        ("import datetime as dt\ndt.datetime.now()", "clock"),
        ("import pandas as pd\npd.Timestamp.today()", "clock"),
        ("from os import environ as e\ne['HOME']", "environment"),
        ("import os\nos.getenv('HOME')", "environment"),
        ("%env HOME", "environment"),
        ("import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 0.1)\nexcept OSError: pass", "network"),
    ],
)
def test_what_differs_from_run_to_run_is_volatile(project, code, word):
    project.add("a", code)
    assert project.build() == {"en/a": "ran"}
    assert project.report()["runs"][0]["volatile"] == [word]
    assert f"volatile: a (en) reads the {word}: it runs in every build" in project.err
    assert project.build() == {"en/a": "ran"}


def test_a_helper_that_reads_the_clock_makes_its_readers_volatile(book):
    change(book.root / "lib" / "words.py", "MARK", "import time\nNOW = time.time()\nMARK")
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}
    assert book.build() == {"en/fine": "ran", "en/whole": "reused"}


def test_an_input_that_changes_while_it_is_read_is_not_believed(book):
    book.add("racy", "f = '../data/other.txt'\nx = open(f).read()\nopen(f, 'a').write('!');")
    book.build()
    assert book.report()["runs"][2]["volatile"] == ["moved"]


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
    assert book.report()["runs"][2]["volatile"] == ["moved"]


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
    file = fresh.record_file(book.root / "reports" / ".cache", "en/whole")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage is None else damage)
    assert book.build() == {"en/fine": "reused", "en/whole": "ran"}
    assert set(book.build().values()) == {"reused"}


@pytest.mark.parametrize("suffix", ["html", "ipynb"])
def test_a_page_that_was_changed_or_lost_is_made_again(book, suffix):
    file = book.root / "reports" / "site" / f"en/whole.{suffix}"
    good = file.read_bytes()
    file.write_bytes(good + b" ")
    assert book.build() == {"en/fine": "reused", "en/whole": "ran"}
    assert file.read_bytes() == good
    file.unlink()
    assert book.build() == {"en/fine": "reused", "en/whole": "ran"}
    assert file.read_bytes() == good


def test_a_record_read_back_is_the_record(tmp_path):
    record = Record({"a": "1", "b": None}, ["clock"], "page", {"html": "2"})
    fresh.write_record(tmp_path, "x/y", record)
    assert fresh.read_record(tmp_path, "x/y") == record
    assert fresh.read_record(tmp_path, "x/z") is None

"""A report that reads what another writes comes after it, whatever their order in the suite; or both are named."""

import json

import pytest

WRITER = "open('out.csv', 'w').write(open('in.csv').read() * 2);"
READERS = {
    "open": "open('out.csv').read()",
    "exists": "import os\nos.path.exists('out.csv')",
    "glob": "import glob\nsorted(glob.glob('*.csv'))",
    "duckdb": "import duckdb\nduckdb.sql(\"select * from 'out.csv'\").fetchall()",
    "caught": "try:\n    x = open('out.csv').read()\nexcept OSError:\n    x = 'none'\nprint(x)",
}


def put(project, text="a\n"):
    (project.root / "notebooks" / "in.csv").write_text(text)


def built(project, *words, code=0):
    """Build with two workers; the status of each report, and what was said."""
    done, out, err = project.press("build", "--workers", 2, *words)
    assert done == code, out + err
    out = words[-1] if "--out" in words else "reports"
    report = json.loads((project.root / out / "build.json").read_text())
    return {run["report"]: run["status"] for run in report["runs"]}, err


def same_as_forced(project):
    built(project, "--force", "--out", "forced")
    return project.site() == project.site("forced")


def test_whoever_reads_what_another_writes_has_it_as_it_is_now(project):
    """The readers stand before the writer in the suite; at first none of them can know of it."""
    for name, code in READERS.items():
        project.add(name, code)
    project.add("writer", WRITER)
    put(project)
    assert set(built(project)[0].values()) == {"ran"}
    assert same_as_forced(project)
    assert set(built(project)[0].values()) == {"reused"}
    put(project, "b\n")
    states, said = built(project)
    assert states["writer"] == states["open"] == states["duckdb"] == states["caught"] == "ran"
    assert states["exists"] == states["glob"] == "reused"
    assert "en/open is run again: en/writer has written notebooks/out.csv, which it reads" in said
    assert same_as_forced(project)
    assert "  written   notebooks/out.csv\n" in project.press("explain", "writer")[1]


def test_a_chain_is_done_in_one_build(project):
    project.add("c", "open('two.csv').read()")
    project.add("b", "open('two.csv', 'w').write(open('one.csv').read() + '!');")
    project.add("a", "open('one.csv', 'w').write(open('in.csv').read());")
    put(project)
    assert built(project)[0] == dict.fromkeys("cba", "ran")
    put(project, "other\n")
    assert built(project)[0] == dict.fromkeys("cba", "ran")
    assert "other" in str(project.outputs("en/c"))
    assert built(project)[0] == dict.fromkeys("cba", "reused")


def test_a_file_that_another_reads_is_written_again_when_it_is_lost(project):
    project.add("reader", "open('out.csv').read()")
    project.add("writer", WRITER)
    put(project)
    built(project)
    file = project.root / "notebooks" / "out.csv"
    for damage in (file.unlink, lambda: file.write_text("by hand")):
        damage()
        assert built(project)[0]["writer"] == "ran"
        assert file.read_text() == "a\na\n"
        assert same_as_forced(project)


def test_a_file_that_nobody_reads_is_its_writers_own_affair(project):
    project.add("writer", WRITER)
    put(project)
    built(project)
    (project.root / "notebooks" / "out.csv").unlink()
    assert built(project)[0] == {"writer": "reused"}


def test_two_that_wait_for_each_other_are_refused_with_both_names(project):
    read = "try:\n    x = open({!r}).read()\nexcept OSError:\n    x = ''\nopen({!r}, 'w').write(x + '!');"
    project.add("one", read.format("a.csv", "b.csv"))
    project.add("two", read.format("b.csv", "a.csv"))
    project.add("other", "1")
    states, said = built(project, code=1)
    assert states == {"one": "failed", "two": "failed", "other": "ran"}
    assert (
        "en/one reads notebooks/a.csv, which en/two writes; en/two reads notebooks/b.csv, which en/one writes" in said
    )
    project.add("two", "1")
    assert set(built(project)[0].values()) == {"ran", "reused"}


@pytest.mark.parametrize("names", [("a", "b", "reader"), ("reader", "a", "b")])
def test_a_file_that_two_write_differently_is_no_input(project, names):
    cells = {
        "a": "open('out.csv', 'w').write('1');",
        "b": "open('out.csv', 'w').write('2');",
        "reader": READERS["open"],
    }
    for name in names:
        project.add(name, cells[name])
    states, said = built(project, code=1)
    assert states == {"a": "ran", "b": "ran", "reader": "failed"}
    assert "failed en/reader: it reads notebooks/out.csv, which en/a and en/b write differently" in said
    project.add("b", "open('out.csv', 'w').write('1');")
    assert built(project)[0]["reader"] == "ran"


def test_a_file_that_two_write_alike_is_one(project):
    project.add("reader", READERS["caught"])
    for name in "ab":
        project.add(name, WRITER)
    put(project)
    assert set(built(project)[0].values()) == {"ran"}
    assert same_as_forced(project)
    assert set(built(project)[0].values()) == {"reused"}

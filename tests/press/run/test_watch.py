"""Whatever is opened below the watched folders is seen, by whomever it is opened; and what may be lacking is said."""

import contextlib
import subprocess

import pytest

from press.run import watch
from press.run.watch import Watch


@pytest.fixture
def folder(tmp_path):
    for name in ("data/in", "data/.hidden", "data/node_modules", "reports/site", "venv"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    (tmp_path / "data" / "in" / "a.csv").write_text("1")
    return tmp_path


@pytest.fixture
def made(folder):
    """A watch of the folder."""
    made = Watch([folder / "reports"])
    made.add(folder)
    yield made
    made.close()


@pytest.fixture
def seen(made):
    """What is seen of something that is done."""

    def seen(do):
        made.begin()
        do()
        return made.end()

    return seen


def test_a_file_that_another_program_opens_is_seen(seen, folder):
    file = folder / "data" / "in" / "a.csv"
    found = seen(lambda: subprocess.run(["cat", file], check=True, stdout=subprocess.DEVNULL))
    assert found.read == {str(file)}
    assert found.complete
    assert seen(lambda: None).read == set()


def test_a_folder_that_is_listed_is_seen(seen, folder):
    assert str(folder / "data" / "in") in seen(lambda: list((folder / "data" / "in").iterdir())).listed


def test_what_is_written_is_no_reading(seen, folder):
    file = folder / "data" / "new.csv"
    found = seen(lambda: file.write_text("1"))
    assert found.read == set()
    assert found.written == {str(file)}


def test_what_is_written_and_read_is_both(seen, folder):
    file = folder / "data" / "new.csv"
    found = seen(lambda: (file.write_text("1"), file.read_text()))
    assert found.read == found.written == {str(file)}


def test_a_folder_that_is_made_later_is_watched_from_then_on(seen, folder):
    later = folder / "data" / "later" / "deep"
    seen(lambda: later.mkdir(parents=True))
    (later / "a.csv").write_text("1")
    assert str(later / "a.csv") in seen(lambda: (later / "a.csv").read_text()).read


def test_a_folder_that_is_made_again_is_watched_again(seen, folder):
    again = folder / "data" / "in"
    (again / "a.csv").unlink()
    seen(again.rmdir)
    seen(again.mkdir)
    (again / "a.csv").write_text("1")
    assert str(again / "a.csv") in seen(lambda: (again / "a.csv").read_text()).read


@pytest.mark.parametrize("name", ["reports/site", "data/.hidden", "data/node_modules", "venv"])
def test_what_is_left_out_is_not_watched(seen, folder, name):
    (folder / name / "x").write_text("1")
    found = seen(lambda: (list((folder / name).iterdir()), (folder / name / "x").read_text()))
    assert not found.read
    assert not found.listed


def test_links_lead_to_what_is_watched(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("folder/b.csv", "c.csv"):
        (elsewhere / name).parent.mkdir(exist_ok=True)
        (elsewhere / name).write_text("1")
    (folder / "data" / "link").symlink_to(elsewhere / "folder")
    (folder / "data" / "c.csv").symlink_to(elsewhere / "c.csv")
    (folder / "data" / "round").symlink_to(folder)
    with contextlib.closing(Watch()) as made:
        made.add(folder)
        made.begin()
        (folder / "data" / "link" / "b.csv").read_text()
        (folder / "data" / "c.csv").read_text()
        assert made.end().read == {str(folder / "data" / "link" / "b.csv"), str(elsewhere / "c.csv")}


def test_a_watch_that_cannot_see_all_says_so(folder, monkeypatch):
    monkeypatch.setattr(watch, "MOST_FOLDERS", 1)
    with contextlib.closing(Watch()) as made:
        made.add(folder)
        made.begin()
        assert not made.end().complete


def test_a_queue_that_runs_over_says_so(seen, folder):
    files = [folder / "data" / f"{number}.csv" for number in range(200)]
    for file in files:
        file.write_text("1")

    def read_on_and_on():
        for _ in range(60):
            for file in files:
                file.read_text()

    assert not seen(read_on_and_on).complete
    assert seen(lambda: None).complete  # the next is

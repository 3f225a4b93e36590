"""What is printed for systemd and cron is read by them as it is meant, whatever paths and names are."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.build import units
from press.suite import SuiteError, read_suite

from ..conftest import toml

SYSTEMD = shutil.which("systemd-analyze")
systemd = pytest.mark.skipif(not SYSTEMD, reason="no systemd here: systemd-analyze is what reads its units")
ODD = ["a b", "100%", 'say "x"', "it's", "$HOME", "%h", "书", "a;b #c", "tab\tend", "(x) & y", "~", "-x", "*"]
CRONS = ["30 6 1 */3 *", "0 6 * * 1-5", "*/15 2-4 * * *", "0 0 13 * fri", "59 23 31 12 7", "0 0 29 2 *"]


def suite_in(project, folder, *tables, title="Book"):
    """A suite in a folder of this name, with these schedules; and where it is to be built."""
    root = project.root / folder
    (root / "notebooks").mkdir(parents=True)
    project.add("a", "1")
    for name in ("a.ipynb", "suite.toml"):
        shutil.copy(project.root / "notebooks" / name, root / "notebooks")
    file = root / "notebooks" / "suite.toml"
    text = file.read_text().replace('title = "Book"', f"title = {toml(title)}")
    for table in tables:
        text += "[[schedule]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    file.write_text(text)
    return read_suite(file), root / "reports"


def unit_files(printed, folder):
    """What was printed, as the files that it says."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for part in re.split(r"^(?=# (?:or, without it: )?press)", printed, flags=re.M):
        if part:
            name = part.partition(": ")[2] if part.startswith("# or") else part[2:]
            name = re.match(r"\S+\.(?:service|timer)", name)[0]
            files[name] = folder / name
            files[name].write_text(part)
    return files


def verify(files):
    command = [SYSTEMD, "verify", "--man=no", *files.values()]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@systemd
@pytest.mark.parametrize("odd", ODD)
def test_systemd_takes_its_units_whatever_paths_and_names_are(project, odd):
    table = {"cron": "0 2 * * *", "timezone": "Asia/Shanghai"}
    name = odd.replace("\t", " ")
    suite, out = suite_in(project, odd, {"name": name, **table}, {"name": f"{name}/2", **table}, title=odd + "\\")
    files = unit_files(units.systemd(suite, out), project.root / "units")
    assert len(files) == 5
    done = verify(files)
    assert (done.returncode, done.stderr) == (0, "")


@systemd
def test_systemd_takes_every_time(project):
    tables = [{"name": f"n{number}", "cron": cron} for number, cron in enumerate(CRONS)]
    suite, out = suite_in(project, "book", *tables)
    done = verify(unit_files(units.systemd(suite, out), project.root / "units"))
    assert (done.returncode, done.stderr) == (0, "")


@systemd
def test_verifying_sees_what_is_wrong(project):
    suite, out = suite_in(project, "book", {"name": "n", "cron": "0 2 * * *"})
    printed = units.systemd(suite, out)
    for right, wrong in (("*-*-* 2:0:00", "*-*-* 25:0:00"), (sys.executable, "/no/python")):
        assert right in printed
        assert verify(unit_files(printed.replace(right, wrong), project.root / "units")).stderr


def words_of_systemd(line):
    """The words of an `ExecStart=:`, as systemd.syntax(7) says: quotes, C escapes, and `%%` for a per cent sign."""
    found = re.findall(r'"([^"]*)"', line)
    assert line == "ExecStart=:" + " ".join(f'"{word}"' for word in found)
    assert not re.search(r"(?<!%)%(?:%%)*(?!%)", line)
    return [word.replace("%%", "%").encode("latin-1", "backslashreplace").decode("unicode_escape") for word in found]


@pytest.mark.parametrize("odd", ODD)
def test_the_units_say_the_words_that_were_meant(project, odd):
    suite, out = suite_in(project, odd, {"name": "n", "cron": "0 2 * * *", "catch_up": "skip"})
    printed = units.systemd(suite, out)
    lines = [line for line in printed.splitlines() if line.startswith("ExecStart")]
    command = [sys.executable, "-m", "press.cli", "schedule", "--suite", str(suite.file), "--out", str(out)]
    assert [words_of_systemd(line) for line in lines] == [command, [*command, "--run=n"]]
    assert "Persistent=false" in printed


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=14), st.text(min_size=1, max_size=5))
def test_units_of_two_schedules_have_two_names(one, other):
    names = {units.unit_name(one), units.unit_name(other)}
    assert len(names) == len({one, other})
    assert all(re.fullmatch(r"press-[0-9A-Za-z:_.\\-]+", name) for name in names)


def test_a_name_that_is_too_long_for_a_unit_is_told(project):
    suite, out = suite_in(project, "book", {"name": "夜" * 30, "cron": "0 2 * * *"})
    with pytest.raises(SuiteError, match="its name is too long for a unit of systemd"):
        units.systemd(suite, out)


def cron_runs(line):
    """What cron hands to the shell, by crontab(5): the sixth field, to the first `%` that has no backslash."""
    command = line.split(" ", 5)[5]
    return re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")


@pytest.mark.parametrize("odd", [odd for odd in ODD if "\t" not in odd])
def test_a_shell_is_told_the_words_that_were_meant(project, odd):
    suite, out = suite_in(project, odd, {"name": odd, "cron": "0 2 * * *"})
    line = units.crontab(suite, out).splitlines()[-1]
    shell = "printf '%s\\0' " + cron_runs(line)
    words = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True).stdout.split("\0")[:-1]
    command = [sys.executable, "-m", "press.cli", "schedule", "--suite", str(suite.file), "--out", str(out)]
    assert words == [*command, "--due"]
    assert shlex.split(cron_runs(line)) == words


@pytest.mark.parametrize("odd", ["back\\slash", "tab\tend", "two\nlines"])
def test_a_path_that_a_crontab_cannot_say_is_told(project, odd):
    suite, out = suite_in(project, odd, {"name": "n", "cron": "0 2 * * *"})
    with pytest.raises(SuiteError, match="a crontab has no way to write"):
        units.crontab(suite, out)


def test_a_crontab_asks_at_every_minute_at_which_a_schedule_may_be_due(project):
    tables = [{"name": "q", "cron": "30 6 1 */3 *", "timezone": "Asia/Kathmandu"}, {"name": "n", "cron": "7 2 * * *"}]
    suite, out = suite_in(project, "book", *tables)
    printed = units.crontab(suite, out)
    assert printed.splitlines()[-1].startswith("0,7,15,22,30,37,45,52 * * * * ")
    assert "CRON_TZ" not in printed
    assert "q, n" in printed

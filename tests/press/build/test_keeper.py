"""A run does what its schedule says, what goes wrong is told once, and readers keep the book they have."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from press.build import keeper

from ..conftest import scheduled

NIGHT = {"name": "night", "cron": "0 2 * * *"}
# What stands in for `press` where only its end matters: it does what a file says, and writes down what it was asked.
STUB = """
import json, pathlib, sys
here = pathlib.Path(__file__).parent
with open(here / "asked.jsonl", "a") as asked:
    asked.write(json.dumps(sys.argv[1:]) + chr(10))
exec((here / sys.argv[1]).read_text())
"""

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise looks for it


@pytest.fixture
def inbox():
    """The address of a webhook, and the titles it was told."""
    told = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}", told
    server.shutdown()
    server.server_close()


@pytest.fixture
def stubbed(project, tmp_path_factory, inbox, monkeypatch):
    """A keeper whose commands are stubs; what they do is code, and what they were asked is known."""
    address, _ = inbox
    monkeypatch.setenv("PRESS_ALERT", address)
    project.add("a", "1")

    def stubbed(build="", publish="", **table):
        return Stubbed(
            project, tmp_path_factory.mktemp("stub"), {**NIGHT, **table}, {"build": build, "publish": publish}
        )

    return stubbed


class Stubbed:
    def __init__(self, project, folder, table, code):
        self.folder = folder
        (folder / "stub.py").write_text(STUB)
        self.does(**code)
        self.keeper = keeper.Keeper(scheduled(project, table, alerts=["PRESS_ALERT"]), project.root / "reports")
        self.keeper.command = (sys.executable, str(folder / "stub.py"))
        self.state = self.keeper.folder

    def does(self, **code):
        for command, text in code.items():
            (self.folder / command).write_text(text)

    def asked(self):
        lines = (self.folder / "asked.jsonl").read_text().splitlines()
        return [json.loads(line)[0] for line in lines]

    def run(self):
        return self.keeper.run("night")

    def log(self, event="run"):
        entries = map(json.loads, (self.state / "log.jsonl").read_text().splitlines())
        return [entry for entry in entries if entry["event"] == event]


def fails(words):
    return f"print({words!r}, file=sys.stderr); sys.exit(1)"


def test_a_failure_is_told_once_again_when_its_cause_changes_and_when_it_is_over(stubbed, inbox):
    night = stubbed(fails("failed en/b, cell 2: NameError"))
    assert [night.run(), night.run()] == [False, False]
    night.does(build=fails("press: disk full"))
    assert not night.run()
    night.does(build="")
    assert [night.run(), night.run()] == [True, True]
    titles = [(one["title"], one["message"].partition("\n")[0]) for one in inbox[1]]
    assert titles == [
        ("Book: night failed", "failed en/b, cell 2: NameError"),
        ("Book: night failed", "press: disk full"),
        ("Book: night recovered", "The last run was published."),
    ]


def test_a_run_that_fails_is_tried_again(stubbed):
    night = stubbed(fails("press: no"), retries=2, backoff="0.01 s")
    assert not night.run()
    assert night.asked() == ["build"] * 3
    assert night.log()[-1]["attempts"] == 3
    night.does(build="(here / 'build').write_text(''); sys.exit(1)")
    assert night.run()
    assert night.log()[-1]["attempts"] == 2


@pytest.mark.parametrize(
    ("build", "publish", "partial", "asked", "cause"),
    [
        ("", "", False, ["build", "publish"], None),
        (fails("press: no"), "", False, ["build"], "press: no"),
        (fails("press: no"), "", True, ["build", "publish"], "press: no"),
        ("", fails("press: there"), False, ["build", "publish"], "press: there"),
        ("sys.exit(3)", "", False, ["build"], "press build ended with 3"),
        ("import os; os.kill(os.getpid(), 9)", "", False, ["build"], "press build ended with -9"),
        ("sys.stderr.buffer.write(b'\\xff\\n'); sys.exit(1)", "", False, ["build"], "\ufffd"),
    ],
)
def test_what_was_built_is_published_and_what_failed_only_in_part(stubbed, build, publish, partial, asked, cause):
    night = stubbed(build, publish, target="somewhere", partial=partial)
    assert night.run() is (cause is None)
    assert night.asked() == asked
    assert night.log()[-1]["cause"] == (cause or "")


def test_a_page_that_could_not_be_printed_is_a_failure(stubbed):
    run = {"report": "a", "params": {}, "lang": "en", "status": "ran", "seconds": 0.1, "inputs": {}, "outputs": []}
    runs = [run | {"warning": "no Chromium"}, run]
    record = json.dumps({"started": "2026-01-01T00:00:00+00:00", "seconds": 0.2, "runs": runs, "untranslated": []})
    night = stubbed(f"pathlib.Path(sys.argv[-1], 'build.json').write_text({record!r})", target="somewhere")
    assert not night.run()
    assert (night.asked(), night.log()[-1]["cause"]) == (["build"], "no Chromium")


def test_a_run_over_its_time_is_ended_with_what_it_started(stubbed):
    started = "import subprocess, time; (here / 'pid').write_text(str(subprocess.Popen(['sleep', '600']).pid)); time.sleep(600)"
    night = stubbed(started, timeout="3 s")
    assert not night.run()
    assert night.log()[-1]["cause"] == "press build was over the time limit of its schedule"
    assert gone((night.folder / "pid").read_text())


def gone(pid):
    deadline = time.monotonic() + 10
    while Path("/proc", pid).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path("/proc", pid).exists()


@pytest.mark.parametrize(
    ("build", "cause"),
    [
        ("import time; (here / 'on').touch(); time.sleep(600)", ""),
        (
            "import signal, time; signal.signal(2, lambda *_: 0); (here / 'on').touch()\nwhile True: time.sleep(1)",
            "did not stop",
        ),
    ],
)
def test_a_run_that_is_told_to_stop_is_stopped_and_done_again_later(stubbed, monkeypatch, inbox, build, cause):
    monkeypatch.setattr(keeper, "STOP_TIMEOUT_S", 1)
    night = stubbed(build, target="somewhere", partial=True, retries=5)
    done = []
    thread = threading.Thread(target=lambda: done.append(night.run()))
    thread.start()
    while not (night.folder / "on").exists():
        time.sleep(0.05)
    night.keeper.stop.set()
    thread.join(60)
    assert done == [False]
    assert night.asked() == ["build"]
    assert (night.log()[-1]["status"], inbox[1]) == ("stopped", [])
    assert cause in night.log()[-1]["cause"]
    assert night.keeper.interrupted() == "night"


def test_a_run_that_goes_on_elsewhere_was_not_interrupted(stubbed):
    night = stubbed("import time; (here / 'on').touch(); time.sleep(600)")
    thread = threading.Thread(target=night.run)
    thread.start()
    while not (night.folder / "on").exists():
        time.sleep(0.05)
    assert night.keeper.read(keeper.RUNNING)["schedule"] == "night"
    assert night.keeper.interrupted() == ""
    night.keeper.stop.set()
    thread.join(60)
    assert night.keeper.interrupted() == "night"


@pytest.mark.parametrize(("table", "again"), [({}, "night"), ({"catch_up": "skip"}, ""), ({"name": "day"}, "")])
def test_a_run_that_was_cut_short_is_done_again_if_it_is_to_be_caught_up(stubbed, table, again):
    night = stubbed(**table)
    night.keeper.write(keeper.RUNNING, {"schedule": "night", "at": 1})
    assert night.keeper.interrupted() == again
    assert night.keeper.read(keeper.RUNNING).get("schedule", "") == again


def test_a_verdict_that_changed_is_told(project, stubbed, inbox):
    night = stubbed("(pathlib.Path(sys.argv[-1]) / 'site/a.ipynb').write_text((here / 'notebook').read_text())")
    (project.root / "reports/site").mkdir()
    for verdict in ("agrees", "disagrees", "disagrees"):
        output = {"metadata": {"press": {"watch": {"beds": verdict}}}}
        (night.folder / "notebook").write_text(json.dumps({"cells": [{}, {"outputs": [output, {}]}]}))
        assert night.run()
    assert [(one["title"], one["message"]) for one in inbox[1]] == [
        ("Book: night: 1 verdicts changed", "beds: agrees → disagrees")
    ]


def test_on_a_full_disk_failures_are_still_told_once(stubbed, small_disk, inbox, capfd):
    disk, _ = small_disk
    night = stubbed(fails("press: No space left on device"))
    full = keeper.Keeper(night.keeper.suite, disk)
    full.command = night.keeper.command
    (disk / "hog").write_bytes(bytes(shutil.disk_usage(disk).free))
    assert [full.run("night"), full.run("night")] == [False, False]
    (disk / "hog").unlink()
    night.does(build="")
    assert full.run("night")
    assert [one["title"] for one in inbox[1]] == ["Book: night failed", "Book: night recovered"]
    assert "Traceback" not in capfd.readouterr().err


def test_an_alert_without_its_address_is_told_at_once(project, monkeypatch):
    monkeypatch.delenv("PRESS_ALERT", raising=False)
    project.add("a", "1")
    for name in ("PRESS_ALERT", "1"):
        scheduled(project, NIGHT, alerts=[name])
        code, _, err = project.press("schedule", "--run", "night")
        assert code == 2
        assert f"[alerts] to: the environment has no {name}" in err


# real commands


def test_what_goes_wrong_is_told_readers_keep_their_book_and_the_next_run_recovers(
    project, small_disk, inbox, monkeypatch
):
    disk, _ = small_disk
    address, told = inbox
    monkeypatch.setenv("PRESS_ALERT", address)

    def night(text, cell, out=project.root / "reports"):
        project.add("a", f"# {text}", formats=["html", "pdf"])
        project.add("b", "# Two", cell)
        suite = scheduled(project, {**NIGHT, "target": str(disk / "www")}, alerts=["PRESS_ALERT"])
        return keeper.Keeper(suite, out).run("night")

    def public():
        there = (path for path in (disk / "www").rglob("*") if ".press" not in path.parts)
        return {path: path.read_bytes() for path in there if path.is_file()}

    assert night("First", "1")
    book = public()
    assert not night("Second", "undefined")
    assert "failed en/b, cell 3: NameError: name 'undefined' is not defined" in told[-1]["message"]
    assert public() == book
    hog = disk / "hog"
    hog.write_bytes(bytes(shutil.disk_usage(disk).free))
    assert not night("Second", "1")
    assert "No space left on device" in told[-1]["message"]
    assert public() == book
    hog.unlink()
    assert night("Second", "1")
    assert [one["title"] for one in told] == ["Book: night failed", "Book: night failed", "Book: night recovered"]
    assert "Second" in (disk / "www/en/a.html").read_text()
    assert (disk / "www/en/a.pdf").read_bytes().startswith(b"%PDF")


def test_run_knows_its_schedules(project):
    project.add("a", "1")
    scheduled(project, NIGHT)
    code, _, err = project.press("schedule", "--run", "day")
    assert (code, "--run day: no such schedule: expected one of night" in err) == (2, True)


@pytest.mark.parametrize("words", [(), ("--run", "night"), ("--due",)])
def test_a_folder_that_can_only_be_read_is_told_in_a_sentence(project, small_disk, words):
    disk, mount = small_disk
    project.add("a", "1")
    scheduled(project, NIGHT)
    assert mount("-o", "remount,ro")
    code, _, err = project.press("schedule", "--out", disk / "reports", *words)
    assert (code, err) == (1, f"press: {disk}/reports: Read-only file system\n")


NOBODY = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]  # a user whom the system does not know
may = shutil.which("unshare") and subprocess.run([*NOBODY, "true"], capture_output=True, check=False).returncode == 0
namespaces = pytest.mark.skipif(not may, reason="unshare may not make a user here whom the system does not know")


@namespaces
@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}])
def test_a_user_without_name_and_home_builds_and_publishes(project, home):
    formats = ["html", "pdf"] if home else ["html"]  # a PDF costs the start of a browser
    project.add("a", "# One", "import getpass; 1", formats=formats)
    scheduled(project, {**NIGHT, "target": str(project.root / "www")})
    command = [*NOBODY, sys.executable, "-m", "press.cli", "schedule", "--run", "night"]
    env = {key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH")} | home
    done = subprocess.run(command, cwd=project.root, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert (project.root / "www/en/a.html").is_file()
    assert (project.root / "www/en/a.pdf").is_file() is ("pdf" in formats)
    assert json.loads((project.root / "www/versions.json").read_text())["releases"][0]["by"] == "user 54321"

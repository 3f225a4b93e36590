"""Unattended runs: every due run happens as the policy says, failures are told once, and nothing is lost by a stop."""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from apscheduler.executors.debug import DebugExecutor

from press import schedule
from press.suite import SuiteError, read_suite

from .conftest import toml

PRESS = Path(sys.executable).with_name("press")
SHANGHAI = ZoneInfo("Asia/Shanghai")


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


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"cron": "0 2 * * *"}, "schedule 1: no name"),
        ({"name": "n"}, "schedule 1: no cron"),
        ({"name": "n", "cron": "0 2 * *"}, 'cannot read cron "0 2 * *" in timezone "UTC": found 4 fields'),
        ({"name": "n", "cron": "0 25 * * *"}, 'cannot read cron "0 25 * * *"'),
        ({"name": "n", "cron": "0 2 1 * 1"}, "both a day of the month and a weekday"),
        ({"name": "n", "cron": "0 2 * * *", "timezone": "Mars/Base"}, 'in timezone "Mars/Base"'),
        ({"name": "n", "cron": "0 2 * * *", "timezone": "../../etc/passwd"}, "in timezone"),
        ({"name": "n", "cron": "0 2 * * *", "only": ["z"]}, 'only: no report "z": expected one of a'),
        (
            {"name": "n", "cron": "0 2 * * *", "catch_up": "twice"},
            'catch_up: found "twice", expected one of skip, once',
        ),
        (
            {"name": "n", "cron": "0 2 * * *", "timeout": "2 hours"},
            'timeout: found "2 hours", expected a duration like',
        ),
        ({"name": "n", "cron": "0 2 * * *", "timeout": "0 h"}, 'timeout: found "0 h"'),
        ({"name": "n", "cron": "0 2 * * *", "retries": -1}, "retries: found -1, expected 0 or more"),
        ({"name": "n", "cron": "0 2 * * *", "retry": 1}, 'unknown key "retry"'),
        ({"name": "n", "cron": 2}, "cron: found 2, expected text"),
    ],
)
def test_a_wrong_schedule_is_told(project, table, told):
    project.add("a", "1")
    with pytest.raises(SuiteError, match=re.escape(told)):
        schedule.schedules(scheduled(project, table))


def test_two_schedules_of_one_name_and_none_at_all_are_told(project):
    project.add("a", "1")
    one = {"name": "n", "cron": "0 2 * * *"}
    with pytest.raises(SuiteError, match="two schedules are named"):
        schedule.schedules(scheduled(project, one, one))
    with pytest.raises(SuiteError, match=r"no \[\[schedule\]\]"):
        schedule.schedules(scheduled(project))


@pytest.mark.parametrize(
    ("cron", "days"),
    [("0 6 * * 0", [6]), ("0 6 * * 7", [6]), ("0 6 * * 1-5", [0, 1, 2, 3, 4]), ("0 6 * * 0-2", [6, 0, 1])],
)
def test_weekdays_are_numbered_as_cron_does(cron, days):
    trigger, at, found = schedule._trigger(cron, "UTC"), datetime(2026, 1, 1, tzinfo=UTC), set()
    for _ in range(14):
        at = trigger.get_next_fire_time(at, at + timedelta(seconds=1))
        found.add(at.weekday())
    assert found == set(days)


class Paced(schedule.Clock):
    """A clock that looks when the test says so."""

    def _main_loop(self):
        pass

    def look(self):
        self._process_jobs()


@pytest.fixture
def pace(monkeypatch):
    """Runs are only noted, in the order they are done."""
    done = []
    monkeypatch.setattr(schedule, "Clock", Paced)
    monkeypatch.setattr(schedule, "ThreadPoolExecutor", lambda _: DebugExecutor())
    monkeypatch.setattr(schedule.Keeper, "run", lambda _, name: done.append((name, datetime.now(UTC))))
    return done


def due_times(start, end):
    """By hand: every night at half past two, and at six on the first day of each quarter, in Shanghai."""
    day = start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0)
    while day < end:
        yield "nightly", day.replace(hour=2, minute=30)
        if day.day == 1 and day.month in (1, 4, 7, 10):
            yield "quarterly", day.replace(hour=6)
        day += timedelta(days=1)


@pytest.mark.parametrize("policy", ["skip", "once", "all"])
def test_in_two_years_with_random_downtime_every_due_run_is_done_as_the_policy_says(project, pace, policy):
    rng = random.Random(policy)
    within = timedelta(days=3)
    project.add("a", "1")
    zone = {"timezone": "Asia/Shanghai", "catch_up": policy, "within": "3 d"}
    suite = scheduled(
        project,
        {"name": "nightly", "cron": "30 2 * * *", **zone},
        {"name": "quarterly", "cron": "0 6 1 1,4,7,10 *", **zone},
    )
    start = datetime(2025, 11, 23, tzinfo=UTC)
    end = start + timedelta(days=730)
    dues = [(name, at.astimezone(UTC)) for name, at in due_times(start, end) if start < at.astimezone(UTC) < end]
    gone, moment = [], start
    while (moment := moment + timedelta(hours=rng.expovariate(1 / 300))) < end:
        gone.append((moment, moment + timedelta(hours=rng.expovariate(1 / 40)), rng.random() < 0.5))
        moment = gone[-1][1]
    gone = [one for one in gone if one[1] < end]
    wanted = []
    events = {at for _, at in dues if not any(off <= at < on for off, on, _ in gone)}
    for name, at in dues:
        away = next((one for one in gone if one[0] <= at < one[1]), None)
        if away is None:
            wanted.append((name, at))
        elif policy != "skip" and away[1] - at <= within:
            later = [other for other in dues if other[0] == name and at < other[1] < away[1]]
            if policy == "all" or not later:
                wanted.append((name, away[1]))
    with time_machine.travel(start, tick=False) as clock_of_the_machine:
        keeper = schedule.Keeper(suite, project.root / "reports")
        clock = schedule.set_clock(keeper)
        for at, kind in sorted([(at, "due") for at in events] + [(on, stop) for _, on, stop in gone]):
            clock_of_the_machine.move_to(at)
            if kind is True:  # it was off; else it was asleep
                clock.shutdown()
                clock = schedule.set_clock(keeper)
            clock.look()
        clock.shutdown()
    assert len(wanted) > 500
    assert any(on > at for (_, at), (_, on, _) in zip(dues, gone, strict=False))
    assert sorted(pace) == sorted(wanted)


def test_a_clock_that_jumps_back_repeats_nothing_and_one_that_jumps_on_misses_nothing(project, pace):
    project.add("a", "1")
    suite = scheduled(project, {"name": "n", "cron": "0 2 * * *", "within": "1 d"})
    day = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(day, tick=False) as now:
        clock = schedule.set_clock(schedule.Keeper(suite, project.root / "reports"))
        for hours in (1, 2, 1.5, 2.1, 0.5, 2.5, 27, 25, 26.5):
            now.move_to(day + timedelta(hours=hours))
            clock.look()
        clock.shutdown()
    assert pace == [("n", day + timedelta(hours=2)), ("n", day + timedelta(hours=27))]


def test_when_summer_time_begins_and_ends_there_is_one_run_a_night(project, pace):
    project.add("a", "1")
    suite = scheduled(project, {"name": "n", "cron": "30 2 * * *", "timezone": "Europe/Berlin"})
    for first in (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)):
        del pace[:]
        with time_machine.travel(first, tick=False) as now:
            clock = schedule.set_clock(schedule.Keeper(suite, project.root / "reports" / str(first.month)))
            for quarter in range(4 * 24 * 4):
                now.move_to(first + timedelta(minutes=15 * quarter))
                clock.look()
            clock.shutdown()
        nights = [at.astimezone(ZoneInfo("Europe/Berlin")).date() for _, at in pace]
        assert nights == [(first + timedelta(days=n)).date() for n in range(4)]


def test_a_schedule_that_changed_begins_anew_and_one_that_is_gone_is_forgotten(project, pace):
    project.add("a", "1")
    day = datetime(2026, 3, 1, tzinfo=UTC)
    out = project.root / "reports"
    with time_machine.travel(day, tick=False) as now:
        first = [{"name": name, "cron": "0 2 * * *"} for name in ("kept", "moved", "gone")]
        schedule.set_clock(schedule.Keeper(scheduled(project, *first), out)).shutdown()
        now.move_to(day + timedelta(hours=3))
        then = [{"name": "kept", "cron": "0 2 * * *"}, {"name": "moved", "cron": "0 1 * * *"}]
        clock = schedule.set_clock(schedule.Keeper(scheduled(project, *then), out))
        clock.look()
        assert [job.id for job in clock.get_jobs("default")] == ["moved", "kept"]
        clock.shutdown()
    assert [name for name, _ in pace] == ["kept"]


# real runs


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


NIGHT = {"name": "night", "cron": "0 2 * * *"}


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise looks whether it is there
def test_a_failure_its_recovery_and_a_changed_verdict_are_told_once(project, inbox, monkeypatch):
    address, told = inbox
    monkeypatch.setenv("PRESS_ALERT", address)
    watch = "from IPython.display import display\ndisplay({'text/plain': 'x'}, raw=True, metadata={'press': {'watch': {'beds': %r}}})"
    project.add("a", watch % "agrees")
    project.add("b", "undefined")
    suite = scheduled(project, {**NIGHT, "retries": 1, "backoff": "1 s"}, alerts=["PRESS_ALERT"])
    keeper = schedule.Keeper(suite, project.root / "reports")
    assert [keeper.run("night"), keeper.run("night")] == [False, False]
    assert [one["title"] for one in told] == ["Book: night failed"]
    assert "failed en/b, cell 2: NameError: name 'undefined' is not defined" in told[0]["message"]
    project.add("b", "1")
    project.add("a", watch % "disagrees")
    suite = scheduled(project, NIGHT, alerts=["PRESS_ALERT"])
    keeper = schedule.Keeper(suite, project.root / "reports")
    assert [keeper.run("night"), keeper.run("night")] == [True, True]
    assert [one["title"] for one in told[1:]] == ["Book: night recovered", "Book: night: 1 verdicts changed"]
    assert "beds: agrees → disagrees" in told[2]["message"]
    log = [json.loads(line) for line in (project.root / "reports/.schedule/log.jsonl").read_text().splitlines()]
    assert [(one["status"], one["attempts"]) for one in log if one["event"] == "run"] == [
        ("failed", 2),
        ("failed", 2),
        ("done", 1),
        ("done", 1),
    ]


def test_an_alert_without_its_address_is_told_at_once(project, monkeypatch):
    monkeypatch.delenv("PRESS_ALERT", raising=False)
    project.add("a", "1")
    scheduled(project, NIGHT, alerts=["PRESS_ALERT"])
    code, _, err = project.press("schedule", "--run", "night")
    assert code == 2
    assert "[alerts] to: the environment has no PRESS_ALERT" in err


def test_a_run_over_its_time_is_ended_and_leaves_nothing(project):
    project.add("a", "import time, pathlib, os\npathlib.Path('pid').write_text(str(os.getpid())); time.sleep(600)")
    scheduled(project, {**NIGHT, "timeout": "6 s"})
    code, _, err = project.press("schedule", "--run", "night")
    assert code == 1
    assert "press build was over the time limit of 6 s" in err
    pid = (project.root / "notebooks" / "pid").read_text()
    deadline = time.monotonic() + 10
    while Path("/proc", pid).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path("/proc", pid).exists()


def test_a_run_publishes_what_it_has_built_and_nothing_that_failed(project, tmp_path_factory):
    target = tmp_path_factory.mktemp("public")
    project.add("a", ('lang = "en"\nn = 1', "parameters"), "# {eval}`n`")
    scheduled(project, {**NIGHT, "target": str(target), "parameters": {"n": 2}})
    assert project.press("schedule", "--run", "night")[0] == 0
    page = (target / "en/a.html").read_text()
    assert ">2<" in page
    project.add("a", ('lang = "en"\nn = 1', "parameters"), "undefined")
    scheduled(project, {**NIGHT, "target": str(target), "parameters": {"n": 2}})
    assert project.press("schedule", "--run", "night")[0] == 1
    assert (target / "en/a.html").read_text() == page


@pytest.fixture
def public(project, small_disk, inbox, monkeypatch):
    """A book of two reports on a disk of its own, published there every night; whoever is told of failures is there."""
    disk, mount = small_disk
    address, told = inbox
    monkeypatch.setenv("PRESS_ALERT", address)
    project.add("a", "# One", formats=["html", "pdf"])
    project.add("b", "# Two", "1")
    return Public(project, disk, mount, told)


class Public:
    def __init__(self, project, disk, mount, told):
        self.project, self.disk, self.mount, self.told = project, disk, mount, told
        self.limits = {"memory": "300 MB", "timeout": 3}
        self.out, self.keeper = project.root / "reports", None

    def night(self, text, *cells):
        """A night with this text in one report and these cells in the other; whether its run went well."""
        self.project.add("a", f"# {text}", formats=["html", "pdf"])
        self.project.add("b", "# Two", *cells, **self.limits)
        suite = scheduled(self.project, {**NIGHT, "target": str(self.disk / "www")}, alerts=["PRESS_ALERT"])
        self.keeper = self.keeper or schedule.Keeper(suite, self.out)
        return self.keeper.run("night")

    def files(self):
        """What readers can ask for."""
        there = (path for path in (self.disk / "www").rglob("*") if ".press" not in path.parts)
        return {path: path.read_bytes() for path in there if path.is_file()}

    def fill(self):
        hog = self.disk / "hog"
        hog.write_bytes(bytes(shutil.disk_usage(self.disk).free))
        return hog.unlink

    def only_read(self):
        self.mount("-o", "remount,ro")
        return lambda: self.mount("-o", "remount,rw")

    def vanish(self):
        away = (self.disk / "www").rename(self.disk / "elsewhere")
        (self.disk / "www").touch()

        def back():
            (self.disk / "www").unlink()
            away.rename(self.disk / "www")

        return back

    def lose_chromium(self):
        os.environ["PRESS_CHROMIUM"] = "/bin/false"
        return lambda: os.environ.pop("PRESS_CHROMIUM")


TROUBLES = {
    "hangs": ("import time; time.sleep(600)", "failed en/b, cell 3: over its time limit of 3 s"),
    "eats memory": ("x = bytearray(10**9)", "failed en/b, cell 3: over its memory limit of 300 MB"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "failed en/b, cell 3: the kernel was killed by signal 9"),
    "a full disk": (Public.fill, "No space left on device"),
    "a disk that only reads": (Public.only_read, "Read-only file system"),
    "a target that vanishes": (Public.vanish, "www: "),
    "no Chromium": (Public.lose_chromium, "/bin/false does not start"),
}


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_goes_wrong_is_told_readers_keep_their_book_and_the_next_run_recovers(public, monkeypatch, trouble):
    cause, words = TROUBLES[trouble]
    monkeypatch.delenv("PRESS_CHROMIUM", raising=False)
    if trouble == "a full disk":
        public.out = public.disk / "reports"  # it has no room for anything then
    assert public.night("First", "1")
    book = public.files()
    if callable(cause):
        mend = cause(public)
        assert not public.night("Second", "1")
        mend()
    else:
        assert not public.night("Second", cause)
    assert [one["title"] for one in public.told] == ["Book: night failed"]
    assert words in public.told[0]["message"]
    assert public.files() == book
    assert public.night("Second", "1")
    assert [one["title"] for one in public.told[1:]] == ["Book: night recovered"]
    assert "Second" in (public.disk / "www" / "en" / "a.html").read_text()
    assert (public.disk / "www" / "en" / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_damaged_cache_is_built_anew(public):
    assert public.night("First", "1")
    book = public.files()
    for record in (public.out / ".cache").rglob("*.json"):
        record.write_bytes(record.read_bytes()[:100])
    (public.out / "build.json").write_text("{")
    assert public.night("First", "1")
    assert public.files() == book
    assert public.told == []


def test_a_build_on_a_cluster_that_is_not_there_is_told(project):
    project.add("a", "1")
    scheduled(project, {**NIGHT, "dask": "tcp://127.0.0.1:9"})
    code, _, err = project.press("schedule", "--run", "night")
    assert (code, "--dask tcp://127.0.0.1:9: no scheduler answers" in err) == (1, True)


def test_run_knows_its_schedules(project):
    project.add("a", "1")
    scheduled(project, NIGHT)
    code, _, err = project.press("schedule", "--run", "day")
    assert (code, "--run day: no such schedule: expected one of night" in err) == (2, True)


class Kept:
    """`press schedule` as a process."""

    def __init__(self, project):
        words = [PRESS, "schedule", "--port", "0"]
        self.process = subprocess.Popen(
            words, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        said = self.process.stdout.readline().split()
        assert said, self.process.communicate()
        self.address = said[0]

    def status(self):
        with urllib.request.urlopen(f"{self.address}status.json") as answer:
            return json.load(answer)

    def page(self):
        with urllib.request.urlopen(self.address) as answer:
            return answer.read().decode()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


def until(ask):
    deadline = time.monotonic() + 60
    while not (found := ask()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
    return found


@pytest.fixture
def kept(project):
    started = []

    def keep():
        started.append(Kept(project))
        return started[-1]

    yield keep
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def test_a_run_that_was_stopped_or_killed_is_done_again_at_the_next_start(project, kept):
    state = project.root / "reports" / ".schedule"
    project.add("a", "import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)")
    scheduled(project, NIGHT)
    state.mkdir(parents=True)
    (state / "running.json").write_text('{"schedule": "night", "at": 1}')
    for number, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -9)):
        keeper = kept()
        until(lambda keeper=keeper: keeper.status()["running"].get("at", 1) > 1)
        assert keeper.end(number) == code
        assert json.loads((state / "running.json").read_text())["schedule"] == "night"
    (project.root / "notebooks" / "go").touch()
    keeper = kept()
    until(lambda: any(one.get("status") == "done" for one in keeper.status()["last"]))
    assert not keeper.status()["running"]
    assert "en/a.html" in project.site()
    assert "night" in keeper.page()
    assert keeper.end() == 0


def test_two_cannot_keep_one_folder(project, kept):
    project.add("a", "1")
    scheduled(project, NIGHT)
    keeper = kept()
    code, _, err = project.press("schedule", "--port", "0")
    assert (code, "another `press schedule` keeps the schedules of this folder" in err) == (2, True)
    assert keeper.end() == 0


@pytest.mark.usefixtures("pace")
def test_a_damaged_database_is_put_aside_and_told(project):
    project.add("a", "1")
    keeper = schedule.Keeper(scheduled(project, NIGHT), project.root / "reports")
    schedule.set_clock(keeper).shutdown()
    (keeper.folder / "times.sqlite").write_bytes(b"no database" * 1000)
    clock = schedule.set_clock(keeper)
    assert [job.id for job in clock.get_jobs("default")] == ["night"]
    clock.shutdown()
    assert (keeper.folder / "times.damaged").is_file()
    assert "the scheduler's database was damaged" in (keeper.folder / "log.jsonl").read_text()
    with sqlite3.connect(keeper.folder / "times.sqlite") as base:
        assert base.execute("select count(*) from apscheduler_jobs").fetchone() == (1,)
    base.close()


def test_units_and_crontab_say_when_and_what(project):
    project.add("a", "1")
    scheduled(project, {"name": "q", "cron": "30 6 1 1,4,7,10 *", "timezone": "Asia/Shanghai"}, NIGHT)
    code, out, _ = project.press("schedule", "--print", "cron")
    assert code == 0
    assert "CRON_TZ=Asia/Shanghai\n30 6 1 1,4,7,10 * " in out
    assert f"--suite {project.root}/notebooks/suite.toml --out {project.root}/reports --run q\n" in out
    code, out, _ = project.press("schedule", "--print", "systemd")
    assert "OnCalendar=*-1,4,7,10-1 6:30:00 Asia/Shanghai\nPersistent=true" in out
    assert os.linesep + "ExecStart=" in out

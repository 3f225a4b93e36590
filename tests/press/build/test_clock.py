"""Every due run is done as the policy says, whatever the clock and the machine do, and nothing is lost by a stop."""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from press.build import clock, keeper, schedule

from ..conftest import scheduled

PRESS = Path(sys.executable).with_name("press")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = {"name": "night", "cron": "0 2 * * *"}


def tick(ticking):
    """Look at the clock, and do what is due."""
    ticking.resume()
    ticking.work()


@pytest.fixture
def pace(monkeypatch):
    """Runs are only noted, in the order they are done."""
    done = []
    monkeypatch.setattr(keeper.Keeper, "run", lambda _, name: done.append((name, datetime.now(UTC))))
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
    reach = timedelta(seconds=schedule.LATE_S) if policy == "skip" else timedelta(days=3)
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
        elif away[1] - at <= reach:
            later = [other for other in dues if other[0] == name and at < other[1] < away[1]]
            if policy == "all" or not later:
                wanted.append((name, away[1]))
    with time_machine.travel(start, tick=False) as clock_of_the_machine:
        mine = keeper.Keeper(suite, project.root / "reports")
        ticking = clock.Clock(mine)
        for at, kind in sorted([(at, "due") for at in events] + [(on, stop) for _, on, stop in gone]):
            clock_of_the_machine.move_to(at)
            if kind is True:  # it was off; else it was asleep
                ticking = clock.Clock(mine)
            tick(ticking)
    assert len(wanted) > 500
    assert any(on > at for (_, at), (_, on, _) in zip(dues, gone, strict=False))
    assert sorted(pace) == sorted(wanted)


def test_a_clock_that_jumps_back_repeats_nothing_and_one_that_jumps_on_misses_nothing(project, pace):
    project.add("a", "1")
    suite = scheduled(project, {"name": "n", "cron": "0 2 * * *", "within": "1 d"})
    day = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(day, tick=False) as now:
        ticking = clock.Clock(keeper.Keeper(suite, project.root / "reports"))
        for hours in (1, 2, 1.5, 2.1, 0.5, 2.5, 27, 25, 26.5):
            now.move_to(day + timedelta(hours=hours))
            tick(ticking)
    assert pace == [("n", day + timedelta(hours=2)), ("n", day + timedelta(hours=27))]


def test_when_summer_time_begins_and_ends_there_is_one_run_a_night(project, pace):
    project.add("a", "1")
    suite = scheduled(project, {"name": "n", "cron": "30 2 * * *", "timezone": "Europe/Berlin"})
    for first in (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)):
        del pace[:]
        with time_machine.travel(first, tick=False) as now:
            ticking = clock.Clock(keeper.Keeper(suite, project.root / "reports" / str(first.month)))
            for quarter in range(4 * 24 * 4):
                now.move_to(first + timedelta(minutes=15 * quarter))
                tick(ticking)
        nights = [at.astimezone(ZoneInfo("Europe/Berlin")).date() for _, at in pace]
        assert nights == [(first + timedelta(days=n)).date() for n in range(4)]


def test_a_schedule_that_changed_begins_anew_and_one_that_is_gone_is_forgotten(project, pace):
    project.add("a", "1")
    day = datetime(2026, 3, 1, tzinfo=UTC)
    out = project.root / "reports"
    with time_machine.travel(day, tick=False) as now:
        first = [{"name": name, "cron": "0 2 * * *"} for name in ("kept", "moved", "gone")]
        clock.Clock(keeper.Keeper(scheduled(project, *first), out))
        now.move_to(day + timedelta(hours=3))
        then = [{"name": "kept", "cron": "0 2 * * *"}, {"name": "moved", "cron": "0 1 * * *"}]
        ticking = clock.Clock(keeper.Keeper(scheduled(project, *then), out))
        tick(ticking)
        assert sorted(json.loads((out / ".schedule" / clock.TIMES).read_text())) == ["kept", "moved"]
    assert [name for name, _ in pace] == ["kept"]


def test_what_was_kept_of_the_times_may_be_damaged(project, pace):
    project.add("a", "1")
    suite = scheduled(project, NIGHT)
    day = datetime(2026, 3, 1, tzinfo=UTC)
    times = {"expression": "0 2 * * *", "timezone": "UTC"}
    for kept in ("", "[1]", "null", '{"night": [1]}', {**times}, {**times, "next": 5}, {**times, "next": "9999-12-31"}):
        mine = keeper.Keeper(suite, project.root / "reports")
        text = kept if isinstance(kept, str) else json.dumps({"night": kept})
        (mine.folder / clock.TIMES).write_text(text)
        with time_machine.travel(day, tick=False) as now:
            ticking = clock.Clock(mine)
            now.move_to(day + timedelta(hours=3))
            tick(ticking)
        assert len(pace) == 1, kept
        pace.clear()


def test_a_disk_without_room_stops_no_schedule(project, pace, small_disk):
    disk, _ = small_disk
    project.add("a", "1")
    mine = keeper.Keeper(scheduled(project, NIGHT), disk)
    (disk / "hog").write_bytes(bytes(shutil.disk_usage(disk).free))
    day = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(day, tick=False) as now:
        ticking = clock.Clock(mine)
        for number in range(1, 4):
            now.move_to(day + timedelta(days=number))
            tick(ticking)
    assert [name for name, _ in pace] == ["night"] * 3


def test_a_run_that_cannot_begin_is_told_and_stops_no_other(project, monkeypatch):
    project.add("a", "1")
    mine = keeper.Keeper(scheduled(project, NIGHT), project.root / "reports")
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as now:
        ticking = clock.Clock(mine)
        monkeypatch.setattr(mine, "_turn", lambda: Path("/no/such/folder").iterdir())
        for day in (2, 3):
            now.move_to(datetime(2026, 3, day, 3, tzinfo=UTC))
            tick(ticking)
    log = (mine.folder / keeper.LOG).read_text()
    assert mine.failed
    assert log.count("night failed") == 2


def test_a_run_waits_for_another_schedules_and_what_falls_due_during_its_own_is_let_go(project, monkeypatch):
    project.add("a", "1")
    skip = {"catch_up": "skip"}
    suite = scheduled(
        project, {"name": "long", "cron": "0 * * * *", **skip}, {"name": "n", "cron": "30 2 * * *", **skip}
    )
    mine = keeper.Keeper(suite, project.root / "reports")
    day = datetime(2026, 3, 1, 1, 59, tzinfo=UTC)
    done = []
    with time_machine.travel(day, tick=False) as now:
        ticking = clock.Clock(mine)

        def run(name):
            done.append((name, datetime.now(UTC).hour))
            if name == "long":
                now.shift(timedelta(hours=5))

        monkeypatch.setattr(mine, "run", run)
        now.move_to(day + timedelta(minutes=1))
        tick(ticking)
        assert done == [("long", 2), ("n", 7)]
        assert ticking.coming == {
            "long": datetime(2026, 3, 1, 8, tzinfo=UTC),
            "n": datetime(2026, 3, 2, 2, 30, tzinfo=UTC),
        }
    assert "the run before was not over" in (mine.folder / keeper.LOG).read_text()


def test_runs_that_wait_when_it_is_stopped_are_done_at_the_next_start(project, monkeypatch):
    project.add("a", "1")
    suite = scheduled(project, NIGHT, {"name": "n", "cron": "0 3 * * *", "catch_up": "all"})
    starts = []

    def run(mine, name):
        starts[-1].append(name)
        if len(starts[-1]) == 2:  # stopped in the middle of its second run
            mine.stop.set()

    monkeypatch.setattr(keeper.Keeper, "run", run)
    day = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(day, tick=False) as now:
        clock.Clock(keeper.Keeper(suite, project.root / "reports"))
        now.move_to(day + timedelta(days=3, hours=1))
        for _ in range(5):
            starts.append([])
            tick(clock.Clock(keeper.Keeper(suite, project.root / "reports")))
    assert starts == [["night", "n"], ["n", "n"], ["n", "n"], ["n"], []]


# processes


class Kept:
    """`press schedule` as a process, and what it said where it ended at once."""

    def __init__(self, project, *words):
        command = [PRESS, "schedule", "--port", "0", *words]
        self.process = subprocess.Popen(
            command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        said = self.process.stdout.readline().split()
        assert said, self.process.communicate()
        self.address = said[0]

    def get(self, path=""):
        with urllib.request.urlopen(self.address + path) as answer:
            return answer.read().decode()

    def status(self):
        return json.loads(self.get("status.json"))

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


WAITS = "import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)"


def test_a_run_that_was_stopped_or_killed_is_done_again_at_the_next_start(project, kept):
    state = project.root / "reports" / ".schedule"
    project.add("a", WAITS)
    scheduled(project, NIGHT)
    state.mkdir(parents=True)
    (state / "running.json").write_text('{"schedule": "night", "at": 1}')
    for number, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -9)):
        keeping = kept()
        until(lambda keeping=keeping: keeping.status()["running"].get("at", 1) > 1)
        assert keeping.end(number) == code
        assert json.loads((state / "running.json").read_text())["schedule"] == "night"
    (project.root / "notebooks" / "go").touch()
    keeping = kept()
    until(lambda: any(one.get("status") == "done" for one in keeping.status()["last"]))
    assert not keeping.status()["running"]
    assert "en/a.html" in project.site()
    assert "night" in keeping.get()
    assert keeping.end() == 0


def test_two_cannot_keep_one_folder_and_cron_asks_in_vain(project, kept):
    project.add("a", "1")
    scheduled(project, NIGHT)
    keeping = kept()
    code, _, err = project.press("schedule", "--port", "0")
    assert (code, "another `press schedule` keeps the schedules of this folder" in err) == (2, True)
    assert project.press("schedule", "--due") == (0, "", "")
    assert keeping.end() == 0


def test_a_port_that_is_taken_is_told_before_anything_runs(project):
    project.add("a", "1")
    scheduled(project, NIGHT)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [PRESS, "schedule", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Address already in use; name another, or 0 for any that is free" in done.stderr
    assert not (project.root / "reports/.schedule/times.json").exists()


JUNK = [
    "",
    "[1]",
    "3",
    "null",
    "{",
    '{"schedule": [1]}',
    '{"schedule": "gone"}',
    '{"event": ["run"]}',
    "[" * 99999,
    "\0",
]


def test_whatever_lies_in_its_folder_it_starts_and_tells_its_state(project, kept):
    project.add("a", "1")
    scheduled(project, NIGHT)
    state = project.root / "reports" / ".schedule"
    state.mkdir(parents=True)
    (state / "log.jsonl").write_bytes("\n".join(JUNK).encode() + b'\n\xff\xfe\n{"event": "run"}\n')
    (state / "running.json").write_text("[1]")
    (state / "told.json").write_bytes(b"\xff")
    (state / "times.json").write_text("7")
    keeping = kept()
    status = keeping.status()
    assert [one["name"] for one in status["schedules"]] == ["night"]
    assert status["last"] == [{"event": "run"}]
    assert "<th>night</th><td><code>0 2 * * *</code> UTC</td>" in keeping.get()
    assert keeping.end() == 0


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_what_is_known_of_a_run_may_be_damaged(project, junk):
    project.add("a", "1")
    mine = keeper.Keeper(scheduled(project, NIGHT), project.root / "reports")
    for name in (keeper.RUNNING, keeper.TOLD, clock.TIMES, keeper.LOG):
        (mine.folder / name).write_text(junk)
    assert mine.interrupted() == ""
    assert mine.status(clock.Clock(mine).coming)["schedules"][0]["name"] == "night"


@pytest.mark.parametrize("path", ["/", "/status.json"])
def test_the_status_is_for_this_machine_only(project, kept, path):
    project.add("a", "1")
    scheduled(project, NIGHT)
    keeping = kept()

    def ask(host):
        line = http.client.HTTPConnection(keeping.address.split("/")[2])
        line.request("GET", path, headers={"Host": host})
        answer = line.getresponse()
        found = answer.status, b"night" in answer.read()
        line.close()
        return found

    for host in ("localhost:8001", "LOCALHOST", "127.0.0.1:1", "127.0.0.1", "[::1]:8001", "[::1]"):
        assert ask(host) == (200, True), host
    for host in ("evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"):
        assert ask(host) == (403, False), host
    assert keeping.end() == 0


def due(project, *words, **env):
    command = [PRESS, "schedule", *words]
    return subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | env
    )


def test_asked_by_cron_it_does_what_is_due_and_what_was_missed_once(project):
    project.add("a", "1")
    scheduled(project, {"name": "yearly", "cron": "0 0 1 1 *"}, {"name": "often", "cron": "* * * * *"})
    state = project.root / "reports" / ".schedule"

    def ask():
        code, _, err = project.press("schedule", "--due")
        return code, [line["schedule"] for line in map(json.loads, err.splitlines()) if line["event"] == "run"]

    assert ask() == (0, ["often"])
    times = json.loads((state / "times.json").read_text())
    assert set(times) == {"yearly", "often"}
    times["yearly"]["next"] = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    times["often"]["next"] = (datetime.now(UTC) + timedelta(hours=12)).isoformat()
    (state / "times.json").write_text(json.dumps(times))
    assert ask() == (0, ["yearly"])
    assert ask() == (0, [])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("words", [("--run", "night"), ("--due",)])
def test_a_run_that_is_told_to_stop_stops_its_build_and_waits_for_it(project, words, number):
    project.add(
        "a",
        f"pathlib.Path('pid').write_text(str(os.getpid()))\n{WAITS}".replace(
            "pathlib", "__import__('pathlib')", 1
        ).replace("os.", "__import__('os').", 1),
    )
    scheduled(project, {"name": "night", "cron": "* * * * *"})
    pid = project.root / "notebooks" / "pid"
    with due(project, *words) as process:
        kernel = until(lambda: pid.exists() and pid.read_text())
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert '"status": "stopped"' in err
    assert "Traceback" not in err
    assert not Path("/proc", kernel).exists()
    assert not (project.root / "reports" / "build.json").exists()

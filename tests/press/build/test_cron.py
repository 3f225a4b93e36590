"""A schedule's times are those of Debian's cron, by two other readers: croniter, and systemd for what is printed for it."""

import contextlib
import itertools
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from croniter import CroniterBadDateError, croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from press.build.cron import Cron, CronError

START = datetime(2026, 11, 26, 1, 23, tzinfo=UTC)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
SYSTEMD = shutil.which("systemd-analyze")
systemd = pytest.mark.skipif(not SYSTEMD, reason="no systemd here: systemd-analyze is what reads its calendars")


def times(cron, timezone="UTC", start=START, count=50):
    """The next times of a schedule, in UTC."""
    trigger, found = Cron(cron, timezone), []
    while len(found) < count:
        start = trigger.after(start)
        found.append(start.astimezone(UTC))
    return found


@st.composite
def fields(draw, low, high, names=()):
    """A field as people write it: a star, numbers or names, ranges, steps, lists."""

    def number(value):
        named = names and value - low < len(names) and draw(st.booleans())
        return draw(st.sampled_from([str.lower, str.upper]))(names[value - low]) if named else str(value)

    def term():
        kind = draw(st.sampled_from(["number", "range", "star"]))
        step = draw(st.sampled_from(["", "", f"/{draw(st.integers(1, high))}"]))
        if kind == "star":
            return f"*{step}"
        first, last = sorted(draw(st.tuples(st.integers(low, high), st.integers(low, high))))
        if kind == "number":
            return number(first)
        return f"{number(first)}-{number(last)}{step if last > first else ''}"

    star = draw(st.booleans())
    return "*" if star else ",".join(term() for _ in range(draw(st.integers(1, 3))))


CRONS = st.tuples(
    fields(0, 59), fields(0, 23), fields(1, 31), fields(1, 12, MONTHS), fields(0, 6, DAYS) | fields(0, 7)
).map(" ".join)


def readable(cron):
    try:
        return Cron(cron)
    except CronError:
        day = cron.split()[2]
        if not {"30", "31"} & set(re.findall(r"[0-9]+", day)):
            raise
        return None  # 31 February


def others(cron, count=50):
    """The next times by croniter, without its own reading of two restricted days: one field at a time."""
    minute, hour, day, month, weekday = cron.split()
    if day.startswith("*") or weekday.startswith("*"):  # both must match, for Debian's cron
        asked = [cron]
    else:
        asked = [f"{minute} {hour} {day} {month} *", f"{minute} {hour} * {month} {weekday}"]
    found = set()
    for one in asked:
        with contextlib.suppress(CroniterBadDateError):
            found.update(itertools.islice(croniter(one, START, day_or=False, ret_type=datetime), count))
    return sorted(found)[:count]


@settings(max_examples=100, deadline=None)
@given(CRONS)
def test_the_times_are_those_of_cron(cron):
    if readable(cron):
        assert times(cron) == others(cron)


def elapses(lines, start, count=50):
    """The next times of calendars of systemd, by systemd."""
    found = set()
    for line in lines:
        command = [SYSTEMD, "calendar", f"--base-time={start:%Y-%m-%d %H:%M:%S} UTC", f"--iterations={count}", line]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, env={"TZ": "UTC"}).stdout
        stamps = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ ([\d-]+ [\d:]+) UTC", answer)
        found |= {datetime.fromisoformat(stamp).replace(tzinfo=UTC) for stamp in stamps}
    return sorted(found)[:count]


@systemd
@settings(max_examples=50, deadline=None)
@given(CRONS)
def test_systemd_reads_the_same_times(cron):
    trigger = readable(cron)
    if trigger:
        found = elapses(trigger.calendar(), START)
        assert found == times(cron, count=len(found))
        assert len(found) > 1


@systemd
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Nairobi"])
def test_systemd_reads_the_same_times_in_other_zones(zone):
    cron = "30 6,23 1,31 */3 *"
    assert elapses(Cron(cron, zone).calendar(), START) == times(cron, zone)


@pytest.mark.parametrize(
    ("cron", "told"),
    [
        ("0 2 * *", "found 4 fields"),
        ("0 0 2 * * *", "found 6 fields"),
        ("@daily", "found 1 fields"),
        ("", "found 0 fields"),
        ("60 * * * *", 'minute "60": expected numbers, ranges, lists and steps of 0-59'),
        ("0 24 * * *", 'hour "24"'),
        ("0 0 0 * *", 'day of the month "0"'),
        ("0 0 32 * *", 'day of the month "32"'),
        ("0 0 * 13 *", 'month "13"'),
        ("0 0 * * 8", 'weekday "8"'),
        ("0 0 * * 1#2", 'weekday "1#2": expected numbers, ranges, lists and steps of 0-7'),
        ("0 0 * * 5L", 'weekday "5L": expected numbers, ranges, lists and steps of 0-7'),
        ("0 0 L * *", 'day of the month "L"'),
        ("0 0 LW * *", 'day of the month "LW"'),
        ("0 0 15W * *", 'day of the month "15W"'),
        ("0 0 ? * *", 'day of the month "?"'),
        ("0 0 * * sat-sun", "Sunday, 0 or 7, comes before Monday"),
        ("0 0 * * 5-2", 'weekday "5-2"'),
        ("5/15 * * * *", 'a step follows a range or "*", not a single "5"'),
        ("1-1/2 * * * *", 'not a single "1-1"'),
        ("0 0 * * sun-0/2", 'not a single "sun-0"'),
        ("*/0 * * * *", 'minute "*/0"'),
        ("*/2/2 * * * *", 'minute "*/2/2"'),
        ("1,,2 * * * *", 'minute "1,,2"'),
        ("1- * * * *", 'minute "1-"'),
        ("-1 * * * *", 'minute "-1"'),
        ("*5 * * * *", 'minute "*5"'),
        ("0.5 * * * *", 'minute "0.5"'),
        ("\uff10 0 * * *", 'minute "\uff10"'),
        ("0 0 * monday *", 'month "monday"'),
        ("0 0 * * monday", 'weekday "monday"'),
        ("0 0 31 2 *", "no year has such a day"),
        ("0 0 31 4,6,9,11 *", "no year has such a day"),
    ],
)
def test_what_cron_would_not_take_is_refused(cron, told):
    with pytest.raises(CronError, match=re.escape(told)):
        Cron(cron)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("0123456789*/,-LW#?@ajnmo", min_size=1, max_size=6), min_size=5, max_size=5).map(" ".join))
def test_whatever_is_written_is_read_or_refused(cron):
    with contextlib.suppress(CronError):
        assert Cron(cron).calendar()


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Asia", "UTC\0", "z" * 5000])
def test_a_time_zone_that_is_none_is_refused(zone):
    with pytest.raises(CronError, match="there is no such time zone"):
        Cron("0 2 * * *", zone)


@systemd
def test_systemd_knows_every_time_zone_that_we_do():
    calendars = [Cron("0 6 * * *", zone).calendar()[0] for zone in sorted(available_timezones())]
    subprocess.run([SYSTEMD, "calendar", *calendars], capture_output=True, check=True)


ZONES = st.sampled_from("Europe/Berlin America/New_York Australia/Lord_Howe Pacific/Chatham Asia/Beirut UTC".split())


@settings(max_examples=50, deadline=None)
@given(ZONES, st.integers(0, 23), st.integers(0, 59))
def test_a_nightly_run_is_once_a_night_when_clocks_are_changed_too(zone, hour, minute):
    days = [time.astimezone(ZoneInfo(zone)).date() for time in times(f"{minute} {hour} * * *", zone, count=400)]
    assert days == [days[0] + timedelta(days=number) for number in range(400)]


@settings(max_examples=10, deadline=None)
@given(ZONES, st.integers(0, 59))
def test_an_hourly_run_is_once_an_hour_when_clocks_are_changed_too(zone, minute):
    due = times(f"{minute} * * * *", zone, count=24 * 366)
    waits = {later - earlier for earlier, later in itertools.pairwise(due)}
    half = {timedelta(minutes=30), timedelta(minutes=90)}  # Lord Howe's clocks are changed by half an hour
    assert waits <= {timedelta(hours=1)} | (half if "Lord_Howe" in zone else set())


@settings(max_examples=50, deadline=None)
@given(ZONES, CRONS, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_the_next_time_is_always_later(zone, cron, moment):
    if readable(cron):
        coming = Cron(cron, zone).after(moment)
        assert coming.timestamp() > moment.timestamp()

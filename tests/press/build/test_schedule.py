"""What a suite says of its unattended runs is read, or told what is wrong with it."""

import re

import pytest

from press.build import schedule
from press.suite import SuiteError

from ..conftest import scheduled


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"cron": "0 2 * * *"}, "schedule 1: no name"),
        ({"name": "n"}, "schedule 1: no cron"),
        ({"name": "n", "cron": "0 2 * *"}, 'cannot read cron "0 2 * *" in timezone "UTC": found 4 fields'),
        ({"name": "n", "cron": "0 25 * * *"}, 'cannot read cron "0 25 * * *"'),
        ({"name": "n", "cron": "0 2 * * *\n* * * * *"}, "found 10 fields"),
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
        (
            {"name": "a\nb", "cron": "0 2 * * *"},
            "schedule 1, name: found 'a\\nb', expected characters that can be seen",
        ),
        ({"name": "n", "cron": "0 2 * * *", "within": "900 d"}, 'within: found "900 d"'),
        ({"name": "n", "cron": "0 2 * * *", "backoff": "99999999999999999999 d"}, "a year at most"),
        ({"name": "n", "cron": "0 2 * * *", "timeout": "\uff12 h"}, "expected a duration like"),
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


def test_a_schedule_says_what_its_commands_are_given(project):
    project.add("a", "1")
    table = {"name": "n", "cron": "0 2 * * *", "only": ["a"], "parameters": {"n": 2}, "dask": "tcp://h:1"}
    (one,) = schedule.schedules(scheduled(project, {**table, "target": "s3://b", "partial": True}))
    assert one.build_command() == ["build", "--only", "a", "--dask", "tcp://h:1", "-p", "n=2"]
    assert one.publish_command() == ["publish", "s3://b", "--partial", "-p", "n=2"]


@pytest.mark.parametrize(("text", "seconds"), [("90 s", 90), ("5min", 300), ("1.5 h", 5400), ("366 d", 366 * 86400)])
def test_a_duration_is_read(text, seconds):
    assert schedule._seconds(text, "") == seconds

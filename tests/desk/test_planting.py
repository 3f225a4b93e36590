"""The benchmark of planted errors holds what it must on a few reports, the same each time, and its clean ones agree."""

import subprocess
import sys

import pytest

CHECK = """
import sys
from tests.benchmarks.{module} import {name} as made
for seed in range(24):
    text = made(seed)
    ranges = text.ranges()
    assert all(tie.holds(ranges) for tie in text.ties), seed
    assert all(text.lines[one.line][one.start : one.end] == one.digits for one in text.slots.values()), seed
    assert made(seed).text == text.text, seed
"""


def run(root, *words):
    return subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("module", "name"), [("grammar", "report"), ("second", "second_report")])
def test_an_invented_report_agrees_with_itself_and_is_the_same_each_time(root, module, name):
    done = run(root, "-c", CHECK.format(module=module, name=name))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_planted_errors_are_found_and_clean_reports_left_alone(root):
    words = ["-m", "tests.benchmarks.planting", "--reports", "8", "--first", "500"]
    first, again = run(root, *words), run(root, *words)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout == again.stdout
    assert "clean reports flagged: 0 of 8" in first.stdout

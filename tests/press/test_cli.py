"""A user's mistake is a sentence and exit code 2, and touches nothing; help is quick and has an example."""

import re
import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-p", "edtion=x"], 'no notebook has a parameter "edtion": expected one of lang, n'),
        (["-p", "n=x"], 'found "x", expected a whole number'),
        (["-p", "n"], "expected KEY=VALUE"),
        (["-p", "n=1", "-p", "n=2"], "n is given twice"),
        (["-p", "lang=fr"], "--lang fr"),
        (["--only", "b"], 'no report "b": expected one of a'),
        (["--format", "docx"], 'found "docx", expected one of html, pdf'),
        (["--workers", "0"], "--workers"),
        (["--suite", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--nonsense"], "--nonsense"),
        (["--out", "requirements.lock"], "this is a file, expected a folder"),
    ],
)
def test_a_mistake_is_told_and_touches_nothing(project, words, told):
    project.add("a", ('lang = "en"\nn = 1', "parameters"))
    code, out, err = project.press("build", *words)
    assert code == 2
    assert told in err
    assert "Traceback" not in out + err
    assert not (project.root / "reports").exists()


def test_no_suite_is_told(project):
    code, _, err = project.press("build")
    assert code == 2
    assert "no suite.toml in" in err


@pytest.mark.parametrize("command", [[], ["build"], ["explain"]])
def test_help_has_an_example(project, command):
    code, out, _ = project.press(*command, "--help")
    assert code == 0
    assert re.search(r"Examples?:\s+press ", out)


def test_help_starts_quickly():
    def seconds(*words):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        return time.perf_counter() - start

    bare = min(seconds("-c", "") for _ in range(3))
    helped = min(seconds("-m", "press.cli", "--help") for _ in range(3))
    assert helped - bare <= 0.3

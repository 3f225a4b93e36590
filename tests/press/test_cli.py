"""A user's mistake is a sentence and exit code 2, and touches nothing; help imports little and has an example."""

import re
import subprocess
import sys

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


def test_help_imports_nothing_but_the_command_line():
    asked = (
        "import sys; from press import cli\nsys.argv = ['press', '--help']\ntry: cli.main()\nexcept SystemExit: pass\n"
    )
    told = "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"

    def imported(code):
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        return set(done.stderr.split()) - sys.stdlib_module_names

    assert imported(asked + told) - imported("import sys\n" + told) == {"click", "press"}

"""A build publishes what ran, keeps what a failed run had published, and says what it did."""

import io
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from press.run.hashing import digest
from press.run.record import Records

CHART = {"data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}], "layout": {"title": {"text": "Bars"}}}
SAID = {"press": {"chart": {"id": "bars", "title": "Bars", "alt": "Two bars.", "figures": []}}}
BARS = f"display({{'application/vnd.plotly.v1+json': {CHART}, 'text/plain': ''}}, metadata={SAID}, raw=True)"


@pytest.fixture
def three(project):
    project.add("a", "# A {eval}`1 + 1`", "1")
    project.add("b", "# B", "undefined")
    project.add("c", "# C", "3")
    return project


def test_a_failed_run_does_not_stop_the_others(three):
    assert three.build(code=1) == {"en/a": "ran", "b": "failed", "en/c": "ran"}
    assert "failed en/b, cell 3: NameError: name 'undefined' is not defined" in three.err
    assert {"en/a.html", "en/a.ipynb", "en/c.html", "en/c.ipynb"} <= set(three.site())
    assert not any("/b." in name for name in three.site())


def test_what_a_failed_run_had_published_stays(three):
    three.add("b", "# B", "2")
    three.build()
    before = {name: content for name, content in three.site().items() if "/b." in name}
    three.add("b", "# B", "undefined")
    assert three.build(code=1) == {"en/a": "reused", "b": "failed", "en/c": "reused"}
    assert {name: content for name, content in three.site().items() if "/b." in name} == before
    assert three.build(code=1)["b"] == "failed"


def test_a_run_that_fails_is_tried_again_as_often_as_the_suite_says(project):
    flaky = "import pathlib\ntries = pathlib.Path('tries')\nn = int(tries.read_text()) if tries.exists() else 0\n"
    project.add("flaky", flaky + "tries.write_text(str(n + 1)); assert n == 2", retries=2)
    project.add("bad", flaky.replace("tries'", "bad'") + "tries.write_text(str(n + 1)); undefined", retries=1)
    assert project.build(code=1) == {"en/flaky": "ran", "bad": "failed"}
    assert (project.root / "notebooks" / "bad").read_text() == "2"


def test_the_report_says_what_was_done(three):
    three.build(code=1)
    done, failed, _ = three.report()["runs"]
    assert done["outputs"] == ["site/en/a.html", "site/en/a.ipynb"]
    assert done["params"] == {"lang": "en"}
    assert {"cells of notebooks/a.ipynb", "requirements.lock", "Python", "parameters"} <= set(done["inputs"])
    assert all(found for name, found in done["inputs"].items() if not name.endswith("ipython_kernel_config.py"))
    assert (failed["cell"], failed["error"]) == (3, "NameError: name 'undefined' is not defined")
    assert (failed["inputs"], failed["outputs"]) == ({}, [])


def test_every_language_has_its_page_and_its_expressions(project):
    project.head = project.head.replace('["en"]', '["zh", "en", "fr"]')
    cells = [("# 中 {eval}`lang`", "zh"), ("# En {eval}`lang`", "en"), "# Both {eval}`lang`", ("# x {eval}`no`", "fr")]
    project.add("a", *cells, languages=["zh", "en"])
    assert project.build() == {"zh/a": "ran", "en/a": "ran"}
    answers = [cell["metadata"].get("user_expressions") for cell in project.executed("zh/a")["cells"][2:]]
    assert [bool(found) for found in answers] == [True, False, True, False]
    assert answers[0][0]["expression"] == "lang"
    assert answers[0][0]["result"]["data"] == {"text/plain": "'zh'"}
    assert "Both zh" in project.site()["zh/a.html"].decode()


def test_only_the_chosen_are_built_and_the_others_stay(three):
    three.add("b", "# B", "2")
    three.build()
    whole = three.site()
    assert three.build("--only", "b", "--force") == {"en/b": "ran"}
    assert three.site() == whole


def test_the_pages_of_a_report_that_leaves_the_suite_leave_the_site(three):
    three.build(code=1)
    assert "en/c.html" in three.site()
    del three.reports["c"]
    three.write()
    assert three.build(code=1) == {"en/a": "printed", "b": "failed"}
    site = three.site()
    assert not [name for name in site if name.startswith("en/c.")]
    assert b"c.html" not in site["en/a.html"] + site["en/index.html"]


def test_the_pages_of_a_value_that_a_report_is_no_longer_for_leave_the_site(project):
    project.add("a", ('lang = "en"\nn = 0', "parameters"), "# A", matrix={"n": [1, 2]})
    assert set(project.build()) == {"en/a-1", "en/a-2"}
    project.reports["a"]["for"] = {"n": ["!1"]}
    project.write()
    assert set(project.build()) == {"en/a-2"}
    assert not [name for name in project.site() if name.startswith("en/a-1")]


def test_pages_of_values_that_a_matrix_no_longer_has_go(project):
    project.add("a", ('lang = "en"\nn = 0', "parameters"), "# {eval}`n`", "n", matrix={"n": [1, 2]})
    project.build()
    assert {"en/a-1.html", "en/a-2.html"} <= project.site().keys()
    project.reports["a"]["matrix"] = {"n": [1]}
    project.write()
    project.build()
    assert not [name for name in project.site() if name.startswith("en/a-2")]
    project.build("-p", "n=7")  # what is asked for by hand stays until the next build does not ask for it
    assert {"en/a-1.html", "en/a-7.html"} <= project.site().keys()
    project.build()
    assert "en/a-7.html" not in project.site()


def test_a_page_of_a_matrix_for_each_value(project):
    project.add("a", ('lang = "en"\nn = 0', "parameters"), "# {eval}`n`", "n", matrix={"n": [1, 2]})
    assert project.build() == {"en/a-1": "ran", "en/a-2": "ran"}
    assert project.outputs("en/a-2")[0]["data"] == {"text/plain": "2"}
    assert project.build("-p", "n=3") == {"en/a-3": "ran"}


def test_progress_is_a_line_for_each_run_where_there_is_no_terminal(three):
    three.build(code=1)
    assert "[1/3] en/a " in three.err
    assert "3 reports in " in three.err


def _build(root, queue):
    import contextlib

    from press import suite
    from press.build.build import build
    from press.build.order import Order

    with contextlib.chdir(root):
        book = suite.read_suite(root / "notebooks" / "suite.toml")
        runs = suite.plan(book)
        queue.put(build(book, runs, runs, Order(root / "reports")))


def test_two_builds_of_one_folder_wait_for_each_other(project):
    project.add("a", "# A", "import time; time.sleep(1)")
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    builds = [fork.Process(target=_build, args=(project.root, queue)) for _ in range(2)]
    for one in builds:
        one.start()
    assert [queue.get(timeout=60) for _ in builds] == [0, 0]
    for one in builds:
        one.join()
    assert [run["status"] for run in project.report()["runs"]] == ["reused"]


NOTHING_TO_DO = """
import json, sys
begun = []
sys.addaudithook(lambda event, _: begun.append(event) if event in ("subprocess.Popen", "os.fork", "os.posix_spawn") else None)
from press import cli
sys.argv = ["press", "build", "--workers", "1"]
try:
    cli.main()
except SystemExit as end:
    code = end.code
print(json.dumps({"code": code, "begun": begun, "imported": sorted({name.partition(".")[0] for name in sys.modules})}))
"""
TO_RUN = {"papermill", "nbclient", "ipykernel", "zmq", "IPython"}
TO_PRINT = {"jinja2", "nbconvert", "plotly", "playwright", "pandas", "matplotlib"}


def test_a_build_with_nothing_to_do_imports_nothing_that_runs_or_prints_and_starts_no_process(three):
    three.add("b", "# B", "2")
    three.build()

    def again():
        done = subprocess.run([sys.executable, "-c", NOTHING_TO_DO], cwd=three.root, capture_output=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    said = again()
    assert {run["status"] for run in three.report()["runs"]} == {"reused"}
    assert (said["code"] or 0, said["begun"]) == (0, [])
    assert (TO_RUN | TO_PRINT) & set(said["imported"]) == set()
    three.add("b", "# B", "3")
    said = again()
    assert [run["page"] for run in three.report()["runs"] if run["status"] == "ran"] == ["en/b"]
    assert said["begun"]  # so the question can be answered otherwise


def test_two_forced_builds_give_the_same_bytes(project, tmp_path):
    noisy = "import matplotlib.pyplot as plt, warnings; warnings.warn('old'); print({'a', 'b', 'c'}, object())"
    widget = "import ipywidgets; ipywidgets.IntSlider(3)"
    project.add(
        "a", "# A {eval}`object()`", noisy, "plt.plot([1, 2])", widget, "{w for w in 'some words here'.split()}"
    )
    project.add("b", "# B", BARS, formats=["html", "pdf"])
    project.build()
    first = project.site()
    assert {"en/b.pdf", "en/b.html"} < set(first)
    assert any(name.endswith(".svg") and "/bars" in name for name in first)
    code, _, err = project.press("build", "--force", "--workers", 2, "--out", tmp_path / "else" / "where")
    assert code == 0, err
    assert project.site("else/where") == first
    assert str(tmp_path).encode() not in b"".join(first.values())
    assert json.loads(first["en/a.ipynb"])["metadata"].keys() == {"kernelspec", "language_info", "widgets"}


def test_a_chart_that_did_not_change_is_not_drawn_again(project):
    project.add("a", "# A", BARS)
    project.build()
    (picture,) = (project.root / "reports/site/assets/charts").glob("bars.*-wide.svg")
    picture.write_text(picture.read_text() + "<!-- drawn before -->")
    cache, name = project.root / "reports/.cache", picture.relative_to(project.root / "reports/site").as_posix()
    records = Records(cache)
    record = records.get("en/a")
    record.files[name] = digest(picture.read_bytes())
    records.put("en/a", record)
    project.add("a", "# A", "> Another sentence", BARS)
    project.build()
    assert [run["status"] for run in project.report()["runs"]] == ["ran"]
    assert picture.read_text().endswith("<!-- drawn before -->")


@pytest.mark.parametrize("where", ["prose", "chart"])
def test_a_character_without_a_font_costs_the_pdf_and_never_the_page(project, where):
    char = "\U00016a40"
    odd = {"prose": (f"# A {char}", BARS), "chart": ("# A", BARS.replace("'a'", f"'{char}'"))}.get(where, ("# A", BARS))
    project.add("a", "# A", BARS, formats=["html", "pdf"])
    project.build()
    assert "en/a.pdf" in project.site()
    project.add("a", *odd, formats=["html", "pdf"])
    project.add("b", f"# B {char}")
    project.build()
    assert [run["status"] for run in project.report()["runs"]] == ["ran", "ran"]
    site = project.site()
    assert "en/a.pdf" not in site
    assert b'href="a.pdf"' not in site["en/a.html"]
    assert char in site["en/b.html"].decode()
    warning = project.report()["runs"][0]["warning"]
    assert f"no font here has {char} " in warning
    assert warning in project.err
    assert "/tmp" not in warning
    assert (b"<picture>" in site["en/a.html"]) == (where != "chart")


def test_what_a_failed_run_had_executed_is_kept_until_it_succeeds(project):
    project.add("a", "# A", "print('until here')", "1 / 0", "print('never')")
    project.add("b", "# B")
    project.build(code=1)
    folder = project.root / "reports" / "failed" / "en"
    assert sorted(path.name for path in folder.iterdir()) == ["a.ipynb", "a.txt"]
    kept = json.loads((folder / "a.ipynb").read_text())["cells"]
    assert [bool(cell.get("outputs")) for cell in kept[-3:]] == [True, True, False]
    trace = (folder / "a.txt").read_text()
    assert trace.startswith("cell 4: ZeroDivisionError: division by zero\n")
    assert "1 / 0" in trace
    entry = project.report()["runs"][0]
    assert entry["failed"] == ["failed/en/a.ipynb", "failed/en/a.txt"]
    assert f"failed: a (en): see {folder / 'a.ipynb'} and {folder / 'a.txt'}" in project.err
    assert "\x1b" not in project.err + trace + json.dumps(entry)
    assert not [name for name in project.site() if "failed" in name]
    project.add("a", "# A", "print('until here')")
    project.build()
    assert not folder.parent.exists()


def test_what_is_kept_of_a_report_goes_with_it(project):
    project.add("a", "1 / 0")
    project.add("b", "# B")
    project.build(code=1)
    del project.reports["a"]
    project.write()
    project.build()
    assert not (project.root / "reports" / "failed").exists()


def test_a_traceback_keeps_its_colours_on_a_terminal_alone(project, monkeypatch):
    project.add("a", "1 / 0")
    project.build(code=1)
    assert "\x1b" not in project.err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    project.build(code=1)
    assert "\x1b[" in project.err


def test_what_a_terminal_would_obey_is_in_no_log(project):
    project.add("a", r"raise ValueError('\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b')")
    project.build(code=1)
    entry = project.report()["runs"][0]
    assert entry["error"] == "ValueError: red"
    trace = (project.root / "reports" / "failed" / "en" / "a.txt").read_text()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", project.err + trace)


def test_parameters_of_any_name_go_through_every_command(project):
    names = "name path report params self title items lang print".split()
    cell = ("\n".join(f'{name} = "x"' for name in names), "parameters")
    project.add(
        "a",
        cell,
        "# A {eval}`name` {eval}`items`",
        parameters={name: f"own {name}" for name in names if name != "lang"},
    )
    project.build()
    page = project.site()["en/a.html"].decode()
    assert "A own name own items" in page
    assert "name = own name" in page
    for words in (("explain", "a"), ("explain", "a", "-p", "name=y"), ("build", "-p", "name=y", "-p", "self=z")):
        code, out, err = project.press(*words)
        assert code == 0, out + err
    assert "A y own items" in project.site()["en/a.html"].decode()


def test_warnings_and_logs_of_a_notebook_are_in_the_log(project):
    noisy = "import logging, sys, warnings\nwarnings.warn('old way')\nlogging.warning('logged')"
    red = "print('\\x1b[31mred\\x1b[0m', file=sys.stderr); print('10 %\\r90 %', file=sys.stderr)"
    many = "for n in range(100): print('line', n, file=sys.stderr)"
    project.add(
        "a", "# A", noisy, (red, "remove-stderr"), ("print('of a removed cell', file=sys.stderr)", "remove-cell")
    )
    project.add("b", "# B", "import sys", many)
    project.add("c", "# C", noisy, "1 / 0")
    project.build(code=1)
    for line in ("old way", "WARNING:root:logged", "red", "90 %", "of a removed cell"):
        assert line in project.err
    assert "en/a, cell 4: red\n" in project.err
    assert "en/b, 80 more lines of stderr: see build.json" in project.err
    assert "en/c, cell 3: WARNING:root:logged" in project.err
    told = {run["report"]: run.get("stderr") for run in project.report()["runs"]}
    assert "cell 3: WARNING:root:logged" in told["a"]
    assert len(told["b"]) == 100
    assert "red" not in json.dumps([cell.get("outputs") for cell in project.executed("en/a")["cells"]])
    assert b"logged" not in project.site()["en/a.html"]
    project.reports["a"]["stderr"] = True
    project.write()
    project.build(code=1)
    page = project.site()["en/a.html"]
    assert b"WARNING:root:logged" in page
    assert b"red" not in page


def test_a_setting_that_changes_what_runs_or_is_published_runs_it_again(project):
    project.add("a", "# A", "print('said')", "1 / 0", "print('later')")
    project.build(code=1)
    for settings, said in (
        ({"errors": True}, True),
        ({"errors": True, "outputs": "remove"}, False),
        ({"errors": True}, True),
    ):
        project.reports["a"] = settings
        project.write()
        assert project.build() == {"en/a": "ran"}
        assert (b"later" in project.site()["en/a.html"]) == said
        assert ("division by zero" in json.dumps(project.executed("en/a"))) == said
        assert project.build() == {"en/a": "reused"}


def test_a_skipped_cell_shows_what_the_notebook_stores_and_runs_again_when_that_changes(project):
    project.add("a", "# A", ("1 / 0", "skip-execution"))
    file = project.root / "notebooks" / "a.ipynb"
    for text in ("stored once", "stored anew"):
        made = json.loads(file.read_text())
        made["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        file.write_text(json.dumps(made))
        assert project.build() == {"en/a": "ran"}
        assert text in project.site()["en/a.html"].decode()
        assert project.build() == {"en/a": "reused"}


def test_what_is_removed_is_in_nothing_that_is_published(project):
    secret = "print('hush-' + 'hush'); display({'text/html': '<h2 id=\"x\">hush-hush</h2>'}, raw=True)"
    chart = BARS.replace("Bars", "hush-hush").replace("Two bars", "hush-hush")
    project.add(
        "a",
        "# A",
        (secret, "remove-output"),
        (chart, "remove-output"),
        (f"{chart}\n{secret}", "remove-cell"),
        ("word = 'hush-hush'", "remove-input"),
        ("# hush-hush {eval}`1 / 0`", "remove-cell"),
        f"#| include: false\n{secret}",
        f"#| output: false\n{chart}",
        "import ipywidgets\nipywidgets.HTML('shown')",
        ("ipywidgets.HTML('hush-' + 'hush')", "remove-output"),
        "1 + 1",
    )
    project.build()
    whole = project.site()
    source = json.dumps([cell["source"] for cell in project.executed("en/a")["cells"]])
    shown = {
        name: content.replace(b"hush-hush", b"") if name.endswith(".ipynb") else content
        for name, content in whole.items()
    }
    assert not [name for name, content in shown.items() if b"hush-hush" in content]
    assert not [name for name in whole if "bars" in name]
    assert "word =" not in source
    published = json.dumps([cell.get("outputs") for cell in project.executed("en/a")["cells"]])
    assert "hush" not in published + json.dumps(project.executed("en/a")["metadata"])
    assert project.outputs("en/a")[0]["data"] == {"text/plain": "2"}


UNSHOWN = {
    "display({'application/javascript': '1'}, raw=True)": "a script does not run on a page; frames = true in [site]",
    "display({'application/x-odd': '1', 'text/plain': 'odd'}, raw=True)": "an output of the type application/x-odd is shown as its text only",
    "import ipywidgets; ipywidgets.IntSlider(3)": "a widget is shown as it stood",
    "from IPython.display import JSON; JSON({'a': 1})": "an output of the type application/json is shown as its text only",
    "from IPython.display import HTML; HTML('<div id=p></div><script>draw()</script>')": "a script in HTML does not run on a page",
    "from IPython.display import IFrame; IFrame('https://example.org/map', 9, 9)": 'the frame "https://example.org/map" is not fetched',
    "from IPython.display import Image; Image(url='https://example.org/a.png')": 'the image "https://example.org/a.png" is not fetched',
    "HTML('<video src=film.mp4></video>')": 'the video "film.mp4" leads nowhere: the site has no en/film.mp4',
    "HTML('<object data=x></object>')": "the element <object> is not shown on a page",
    "# ![a](chart.png)": 'the image "chart.png" leads nowhere: the site has no en/chart.png',
    "# ![a](attachment:a.png)": 'the attachment "a.png" is not in the cell',
    "# [a](data.csv)": 'the link "data.csv" leads nowhere: the site has no en/data.csv',
    "# [a](b.html#nowhere)": 'the link "b.html#nowhere" leads nowhere: no such place on that page',
    "# [a](#nowhere)": 'the link "#nowhere" leads nowhere: no such place on that page',
    "# [a](javascript:alert)": 'the link or image "javascript:alert" leads nowhere: expected',
    "# <a href='../../../x.html'>x</a>": 'the link "../../../x.html" leads nowhere',
    "#| echo false\n1": '"#| echo false" is no option: expected "#| name: value"',
}
SHOWN = [
    "# [b](b.html), [b](b.html#two), [c](#c), [here](c.html), [pdf](c.ipynb), [out](https://example.org), [m](mailto:a@b.c)",
    "# C",
    "import pandas; pandas.DataFrame({'a': [1]})",
    "import matplotlib.pyplot as plt; plt.plot([1]); plt.show()",
    "display({'image/png': 'iVBORw0KGgo=', 'application/x-more': '', 'text/plain': ''}, raw=True)",
    "display({'application/pdf': 'JVBERi0=', 'image/png': 'iVBORw0KGgo=', 'text/plain': ''}, raw=True)",
    "display({'image/gif': 'R0lGODlhAQABAAAAACw=', 'text/plain': ''}, raw=True)",
    "print('x'); 1",
    BARS,
    "# <img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt='x'> <!-- <script src=a></script> -->",
    "# `<script>alert()</script>` and ``<img src='nowhere.png'>``",
]


def test_what_a_page_cannot_show_is_a_warning_that_names_report_and_cell(project):
    project.add("b", "# B", "> x\n\n## Two")
    project.add("a", *UNSHOWN)
    project.add("c", *SHOWN)
    project.build()
    runs = {run["report"]: run for run in project.report()["runs"]}
    for number, words in enumerate(UNSHOWN.values(), 2):
        (found,) = [line for line in runs["a"]["warnings"] if line.startswith(f"cell {number}: ")]
        assert words in found
        assert f"warning: a (en), {found}" in project.err
    assert len(runs["a"]["warnings"]) == len(UNSHOWN)
    assert "warnings" not in runs["b"] | runs["c"]
    assert project.site()["en/c.html"].count(b"data:image/png") == 3
    first = runs["a"]["warnings"]
    assert set(project.build().values()) == {"reused"}
    assert project.report()["runs"][1]["warnings"] == first
    assert f"warning: a (en), {first[0]}" in project.err
    (project.root / "reports/site/en/film.mp4").touch()
    project.build()
    assert len(project.report()["runs"][1]["warnings"]) == len(first) - 1


def test_warnings_name_the_cell_as_its_author_counts(project):
    project.add("a", "# A", ("1", "remove-cell"), ("2", "remove-cell"), "# [x](nowhere.html)")
    project.build()
    (line,) = project.report()["runs"][0]["warnings"]
    assert line.startswith("cell 5: ")


def test_a_page_that_is_planned_is_no_dead_link(project):
    project.add("a", "# [b](b.html#two), [b](b.ipynb) and [c](c.ipynb)")
    project.add("b", "# B")
    project.build("--only", "a")
    (line,) = project.report()["runs"][0]["warnings"]
    assert "c.ipynb" in line
    assert "b.ipynb" not in line


def test_without_forks_the_site_is_the_same(project):
    project.add("a", "# A {eval}`lang`", "print({'a', 'b', 'c'})", "open('../requirements.lock').read()")
    project.add("b", "# B", "1 / 0")
    project.build(code=1)
    environment = {**os.environ, "PRESS_FORK": "0"}
    words = [Path(sys.executable).with_name("press"), "build", "--workers", "2", "--out", "other"]
    done = subprocess.run(words, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "failed en/b, cell 3: ZeroDivisionError: division by zero" in done.stderr
    assert project.site("other") == project.site()
    inputs = [[run["inputs"] for run in project.report(out)["runs"]] for out in ("reports", "other")]
    assert inputs[0] == inputs[1]


def test_an_interrupted_build_ends_quietly(project):
    project.add("a", "import time; time.sleep(60)")
    words = [Path(sys.executable).with_name("press"), "build"]
    press = subprocess.Popen(words, cwd=project.root, stderr=subprocess.PIPE, text=True, start_new_session=True)
    time.sleep(4)
    press.send_signal(signal.SIGINT)
    _, err = press.communicate(timeout=30)
    assert press.returncode == 130
    assert "Traceback" not in err


def test_on_a_terminal_there_is_a_bar_with_the_time_left(three, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    three.build(code=1)
    assert "3/3 [" in three.err
    assert "report" in three.err
    assert "failed en/b, cell 3" in three.err


TABLE = """from IPython.display import display
record = {"id": "all", "title": "All", "folder": "FOLDER", "data": {"columns": ["k"], "rows": [["a"]]}}
display({"text/html": "<table></table>"}, raw=True, metadata={"press": {"table": record}})"""


def test_a_tables_folder_of_data_is_offered_as_a_zip_and_watched(project):
    folder = project.root / "data" / "city"
    (folder / "more").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "more/c.csv", ".hidden"):
        (folder / name).write_text(name)
    project.add("a", "# A", TABLE.replace("FOLDER", "city"))
    assert project.build() == {"en/a": "ran"}
    packed = project.site()["en/a/city.zip"]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            f"city/{name}": name for name in ("a.csv", "b.csv", "more/c.csv")
        }
    assert project.build() == {"en/a": "reused"}
    (folder / "more" / "c.csv").write_text("changed")
    assert project.build() == {"en/a": "ran"}
    assert project.site()["en/a/city.zip"] != packed
    (folder / "more" / "c.csv").write_text("more/c.csv")
    project.build("--force")
    assert project.site()["en/a/city.zip"] == packed


@pytest.mark.parametrize("folder", ["..", "/etc", "city/../..", ".", "nowhere", "city/a.csv"])
def test_no_other_folder_is_offered(project, folder):
    (project.root / "data" / "city").mkdir(parents=True)
    (project.root / "data" / "city" / "a.csv").touch()
    project.add("a", "# A", TABLE.replace("FOLDER", folder))
    assert project.build(code=1) == {"a": "failed"}
    assert f'a table belongs to the folder "{folder}": expected a folder in {project.root / "data"}' in project.err


def test_building_one_value_of_a_parameter_keeps_the_others_in_the_site(project):
    for name in ("a", "b"):
        (project.root / "data" / name).mkdir(parents=True)
        (project.root / "data" / name / "d.json").write_text(json.dumps({"titles": {"en": f"Book {name}"}}))
    folders = '[parameters.edition]\ndefault = "*"\nfolders = "../data/*/d.json"\nabout = { title = "titles" }\n'
    project.head = 'path = "{edition}/{name}"\n' + project.head + folders
    project.add("one", ('edition = "a"', "parameters"), "# One {eval}`edition`")
    project.add("two", ('edition = "a"', "parameters"), "# Two", matrix={"edition": ["a", "b"]})
    assert project.build() == {"a/one": "ran", "b/one": "ran", "a/two": "ran", "b/two": "ran"}
    page = project.site()["b/one.html"].decode()
    assert re.search(r'<a [^>]*href="index.html"[^>]*>Book b</a>', page)
    assert 'href="two.html"' in page  # a page of its own in this folder, though a matrix made it
    before = project.site()
    assert project.build("-p", "edition=b") == {"b/one": "reused", "b/two": "reused"}
    assert project.site() == before
    assert b"Book a" in before["index.html"]
    shutil.rmtree(project.root / "data" / "b")
    project.reports["two"]["matrix"] = {"edition": ["a"]}
    project.write()
    project.build()
    assert not [name for name in project.site() if name.startswith("b/one")]
    assert b"Book b" not in project.site()["index.html"]


@pytest.mark.parametrize("line", ["x = = 3", "x = (", 'x = "', "  x = 3"])
def test_a_parameters_cell_that_is_not_python_fails_its_report_by_name_and_no_other(project, line):
    project.head += "[parameters.year]\nchoices = [2019, 2020]\n"
    cell = 'lang = "en"\nyear = 2020'
    project.add("broken", (cell, "parameters"), matrix={"year": [2019, 2020]})
    project.add("well", "1")
    project.build()
    pages = project.site()
    project.add("broken", (f"{cell}\n{line}", "parameters"), matrix={"year": [2019, 2020]})
    project.build(code=1)
    assert [run["status"] for run in project.report()["runs"]] == ["failed", "failed", "reused"]
    assert re.search(r"failed en/broken-2019, cell 1: (Syntax|Indentation)Error: .*\(line 3\)\n", project.err)
    assert project.site() == pages
    assert project.press("build", "--only", "well", "-p", "x=1")[0] == 0
    assert project.press("build", "-p", "x=1")[0] == 1

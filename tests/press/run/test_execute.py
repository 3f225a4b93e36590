"""No notebook behaves otherwise than under stock papermill; a kernel that dies, hangs or eats memory is reported as that."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from hypothesis import given
from hypothesis import strategies as st
from papermill.exceptions import PapermillExecutionError

from press.records import Page, Task
from press.run import execute, kernels, normal
from press.run.client import Settings
from press.tags import WIDGETS

from ..conftest import notebook

PARAMETERS = ("lang = 'en'\nn = 1", "parameters")
ZOO = {
    "matplotlib": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
        "plt.bar([1], [2]); plt.show(); print('after')",
        "fig, ax = plt.subplots(); ax.set_title('标题'); fig",
        "plt.get_backend()",
    ],
    "widgets": [
        "import ipywidgets as w\nslider = w.IntSlider(3)\nslider",
        "out = w.Output()\nwith out:\n    print('inside')\nout",
        "slider.value = 4",
        "from tqdm.auto import tqdm\ntqdm.__module__",
    ],
    "errors": ["print('before')", "1 / 0", "print('never')"],
    "allowed error": [("raise ValueError('told')", "raises-exception"), "print('after')"],
    "display": [
        "from IPython.display import HTML, JSON, Markdown, clear_output, display, update_display",
        "h = display(HTML('<b>1</b>'), display_id='x'); h.update(HTML('<b>2</b>')); print('x')",
        "print('gone'); clear_output(); print('stays')",
        "print('gone'); clear_output(wait=True); display(Markdown('# a'), JSON({'a': [1]}))",
        "update_display(HTML('<b>3</b>'), display_id='x')",
        "class Two:\n    def _repr_html_(self): return '<i>é</i>'\n    def __repr__(self): return 'two'\nTwo()",
        "_, __, In[1], len(Out)",
        "1;",
        "%who_ls",
        "!echo from the shell; echo err >&2",
        "%%writefile made.txt\nhello",
        "%cd ..\nget_ipython().run_cell('2 + 2').result",
    ],
    "stdin": ["input('name? ')"],
    "getpass": ["import getpass; getpass.getpass()"],
    "threads": [
        "import threading, time, sys\n"
        "def work():\n    for i in range(3):\n        print('thread', i); time.sleep(0.01)\n"
        "t = threading.Thread(target=work); t.start(); t.join(); print('done', file=sys.stderr)",
        "d = threading.Thread(target=time.sleep, args=(60,), daemon=True); d.start(); threading.active_count() > 1",
        "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(abs, [-1, -2]))",
        "import asyncio\nawait asyncio.sleep(0.01, 'awaited')",
    ],
    "subprocess": [
        "import subprocess, sys, os\nsubprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True).stdout",
        "_ = subprocess.run('echo straight; echo err >&2', shell=True); import time; time.sleep(1)",
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as p:\n    print(p.map(abs, [-1, -2]))",
        "os.getpgid(0) == os.getpid(), os.path.basename(os.getcwd()), sys.argv[0].endswith('.py'), __name__",
        "background = subprocess.Popen(['sleep', '600'])",
    ],
    "large": ["print('x' * 50_000_000)", "'y' * 1_000_000"],
    "exit": ["print('before')", "import sys; sys.exit()", "print('never')"],
    "exit code": ["import sys; sys.exit(3)"],
    "unicode": [
        "print('深圳 é 🎉 \\u202e rtl \\x1b[31mred\\x1b[0m \\ud83d'.encode('utf-8', 'replace').decode())",
        "变量 = {'键': '值'}\n变量",
        "raise ValueError('错误 🎉')",
    ],
    "lines": [
        "for i in range(10_000):\n    print(i)",
        "import sys\nfor i in range(100):\n    print(i, file=sys.stderr)",
    ],
    "parameters": [
        "n, lang",
        "import random, os\nos.environ['SET'] = '1'; os.environ['SET'], 'PYTEST_VERSION' in os.environ",
    ],
    "warnings": ["import warnings\nwarnings.warn('old')", "import logging; logging.warning('logged')"],
    "rich": ["import pandas as pd\npd.DataFrame({'a': [1.5, None], 'b': ['x', '值']})", "pd.Series([1, 2]).describe()"],
    "plotly": [
        "import plotly.express as px\npx.bar(x=[1, 2], y=[3, 4], title='t')",
        "fig = px.line(x=[1], y=[2])\nfig.show()",
    ],
    "exit by itself": ["print('x')", "exit()", "print('after exit')"],
    "script": ["%%bash\necho in bash", "%%html\n<p>x</p>", "%matplotlib inline\n%config InlineBackend.figure_format"],
}


# What goes on to the end goes into one notebook: a stock kernel takes seconds to start.
TOGETHER = (
    "matplotlib",
    "display",
    "widgets",
    "threads",
    "lines",
    "parameters",
    "warnings",
    "rich",
    "plotly",
    "script",
)
ZOO["together"] = [cell for name in (*TOGETHER, "subprocess") for cell in ZOO.pop(name)]


def write(folder, name, *cells):
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.ipynb"
    file.write_text(json.dumps(notebook(PARAMETERS, *cells)))
    return file


@pytest.fixture(scope="module")
def server():
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # with it, kernels do not capture what other programs print
    modules = ["matplotlib.pyplot", "ipywidgets", "tqdm.auto", "pandas", "plotly.express"]
    with kernels.KernelServer(modules) as running:
        yield running


def executed(file, **options):
    """The cells of the notebook as papermill leaves them, and the error it raises."""
    target, error = file.with_suffix(".out.ipynb"), None
    try:
        papermill.execute_notebook(file, target, {"lang": "en", "n": 2}, progress_bar=False, **options)
    except PapermillExecutionError as raised:
        error = (raised.ename, raised.evalue)
    except Exception as raised:
        error = type(raised).__name__
    made = normal.normalise(nbformat.read(target, as_version=4), file.parent)
    cells = [cell for cell in made.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    seen = [(cell.source, cell.get("execution_count"), str(cell.get("outputs"))) for cell in cells]
    models = made.metadata.pop("widgets", {}).get(WIDGETS, {}).get("state", {})
    named = [(*said, re.sub(r"'model_id': '\w+'", "", outputs)) for *said, outputs in seen]
    return named, made.metadata, sorted(model["model_name"] for model in models.values()), error


@pytest.mark.slow
@pytest.mark.parametrize("name", ZOO)
def test_outputs_are_those_of_stock_papermill(tmp_path, server, name, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    theirs, *their_rest = executed(write(tmp_path / "theirs", "zoo", *ZOO[name]), cwd=tmp_path / "theirs")
    settings = Settings("en", server.address, str(tmp_path / "ours"))
    ours, *our_rest = executed(write(tmp_path / "ours", "zoo", *ZOO[name]), engine_name="press", press=settings)
    for mine, stock in zip(ours, theirs, strict=True):
        if mine != stock:  # and let nobody compare 50 MB for a diff
            pytest.fail(f"{str(mine)[:2000]}\n\n{str(stock)[:2000]}")
    assert our_rest == their_rest


ROOTS = ("/", "/app", "/srv/data/book", "/tmp/a b", "/home/李")
# What is no path of the suite's, or no object: not one character of it changes.
PROSE = [
    "https://example.org//a",
    "https://example.org/app/a.csv",
    "http://srv/data/book/x",
    "a // b",
    '<a href="/app/page.html">x</a>',
    "<img src='/app/pic.png'>",
    "crash at 0xdeadbeef in prose",
    "a < b at 0xdeadbeef, c > d",
    "<p>look at 0xdeadbeef in <b>memory</b></p>",
    "x -> y at 0xdeadbeef -> z",
    "see ./app/x, ../app/x, ~/app/x, my/app/x and /apple/x",
    "0x7f00aa00bb00",
    "/app",
]
OBJECTS = [
    "<object object at 0x7f00aa00bb00>",
    "<function <lambda> at 0x7f00aa00bb00>",
    "<bound method A.f of <__main__.A object at 0x7f00aa00bb00>>",
    "functools.partial(<function f at 0x7f00aa00bb00>)",
    "<functools.partial <bound method A.f of <A object at 0x7f00aa00bb00>> at 0x7f00aa00bb00>",
    "<weakref at 0x7f00aa00bb00; to 'A' at 0x7f00aa00bb00>",
    "[<A object at 0x7f00aa00bb00>, <A object at 0x7F00AA00BB00>]",
    '<code object f at 0x7f00aa00bb00, file "a.py", line 1>',
    "&lt;object object at 0x7f00aa00bb00&gt;",
    "<td>&lt;map object at 0x7f00aa00bb00&gt;</td>",
    "<Signature (a) -> int at 0x7f00aa00bb00>",
    "<generator object <genexpr> at 0x7f00aa00bb00>",
]


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("text", PROSE)
def test_what_is_no_path_and_no_object_is_left_alone(root, text):
    assert normal.without_addresses(normal.without_root(text, Path(root))) == text


@pytest.mark.parametrize("text", OBJECTS)
def test_every_address_of_an_object_is_nowhere(text):
    assert normal.without_addresses(text) == re.sub("0x[0-9a-fA-F]{6,}", "0x0", text)


@given(st.lists(st.sampled_from([*OBJECTS, *PROSE, "<", ">", "&lt;", "&gt;", "\n", " at 0x7f00aa00bb00"])))
def test_addresses_once_gone_stay_gone(parts):
    once = normal.without_addresses("".join(parts))
    assert normal.without_addresses(once) == once
    assert len(once) <= len("".join(parts))


@pytest.mark.parametrize("root", ROOTS[1:])
def test_a_path_of_the_suite_is_seen_from_its_root(root):
    paths = "{0}/a.csv, '{0}/data/b.csv': [{0}/c] --out={0}/d file://{0}/e"
    seen = "a.csv, 'data/b.csv': [c] --out=d file://e"
    assert normal.without_root(paths.format(root), Path(root)) == seen


def test_long_outputs_are_made_plain_in_linear_time():
    text = "<td>&lt;A at 0x7f00aa00bb00&gt;</td>" * 30_000 + "<" * 100_000
    assert "0x7f" not in normal.without_addresses(text)


@pytest.mark.parametrize(
    "words",
    [
        "import press.engine",
        "import papermill, press.engine",
        "import press.engine, papermill; papermill.engines.papermill_engines.get_engine('press')",
        "from papermill.engines import papermill_engines as e; assert e.get_engine('press').execute_notebook",
        "import press.run.execute",
    ],
)
def test_papermill_and_its_engine_may_be_imported_in_any_order(words):
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_papermills_command_runs_our_engine(tmp_path):
    made = notebook(PARAMETERS, "n + 1", ("# {eval}`lang`", "qa"))
    del made.metadata["kernelspec"]
    (tmp_path / "in.ipynb").write_text(json.dumps(made))
    words = ["in.ipynb", "out.ipynb", "--engine", "press", "-p", "n", "41", "-k", "python3", "--language", "python"]
    done = subprocess.run(
        [sys.executable, "-m", "papermill", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    executed = json.loads((tmp_path / "out.ipynb").read_text())
    assert executed["cells"][2]["outputs"][0]["data"]["text/plain"] == ["42"]


ODD = {
    "name": "x",
    "none": None,
    "big": 10**40,
    "less": -3,
    "deep": [1, [None, {"a b": ["y"]}]],
    "lines": 'a\nb\t"c" \\d',
}
ODD |= {"path": "{x}", "self": 1.5, "print_": True, "年": "深圳", "params": {"": []}, "large": 1e22, "zero": -0.0}


def test_a_notebook_gets_the_values_that_it_is_given(tmp_path):
    cells = (
        ("\n".join(f"{name} = None" for name in ODD), "parameters"),
        f"print(repr({{n: globals()[n] for n in {list(ODD)}}}))",
    )
    (tmp_path / "{a}.ipynb").write_text(json.dumps(notebook(*cells)))
    page = Page("a", "en", "A", "en/a")
    task = Task(str(tmp_path / "{a}.ipynb"), str(tmp_path), str(tmp_path), ODD, "en", page)
    executed, _ = execute.execute(task)
    assert executed.cells[-1].outputs[0].text.strip() == repr(ODD)


@pytest.mark.parametrize("minor", [0, 4, 5])
def test_a_notebook_whose_cells_have_no_names_or_the_same_is_executed_the_same_each_time(tmp_path, server, minor):
    made = json.loads(json.dumps(notebook(PARAMETERS, "1", "2")))
    made["nbformat_minor"] = minor
    for cell in made["cells"]:
        del cell["id"]
        if minor == 5:
            cell["id"] = "same"
    (tmp_path / "a.ipynb").write_text(json.dumps(made))
    page = Page("a", "en", "A", "en/a")
    task = Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {"lang": "en"}, "en", page)
    first, again = (execute.to_bytes(execute.execute(task, server.address)[0]) for _ in range(2))
    assert first == again
    ids = [cell["id"] for cell in json.loads(first)["cells"]]
    assert len(set(ids)) == len(ids) == 4


def test_options_may_stand_above_a_magic_of_the_whole_cell(tmp_path, server):
    cells = ["#| label: a\n%%html\n<b>x</b>", "#| label: b\n%time 1", "#| label: c\n2"]
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook(PARAMETERS, *cells)))
    page = Page("a", "en", "A", "en/a")
    task = Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {"lang": "en"}, "en", page)
    executed, _ = execute.execute(task, server.address)
    assert [cell.source for cell in executed.cells[2:]] == cells
    assert executed.cells[2].outputs[0].data["text/html"] == "<b>x</b>\n"
    assert executed.cells[4].outputs[0].data["text/plain"] == "2"


FAILING = {
    "plain": (["1", "1 / 0"], 3, "ZeroDivisionError: division by zero"),
    "after one that may": (
        [("1 / 0", "raises-exception"), "1", "undefined"],
        4,
        "NameError: name 'undefined' is not defined",
    ),
    "by an option": (["#| error: true\n1 / 0", "1", "undefined"], 4, "NameError: name 'undefined' is not defined"),
    "after a skipped one": ([("1 / 0", "skip-execution"), "#| eval: false\n1 / 0", "undefined"], 4, "NameError"),
    "no magic": (["%nosuch"], 2, "UsageError: Line magic function `%nosuch` not found"),
    "no cell magic": (["1", "%%nosuch\n1"], 3, "UsageError: Cell magic `%%nosuch` not found"),
    "no code": (["x = = 1"], 2, "SyntaxError: invalid syntax"),
    "inside": (["1", "get_ipython().run_cell('1 / 0'); 2", "3"], 3, "ZeroDivisionError: division by zero"),
    "exit with a code": (["import sys; sys.exit(3)"], 2, "SystemExit: 3"),
    "no answer": (["1", "# {eval}`undefined`"], 3, "{eval}`undefined`: NameError: name 'undefined' is not defined"),
    "an option": (["1", "#| output: fales\n1"], 3, 'option output: found "fales", expected true, false or asis'),
    "twice the same": ([("1 / 0", "raises-exception"), "1 / 0"], 3, "ZeroDivisionError: division by zero"),
    "no traceback": (["class E(Exception):\n    def _render_traceback_(self): return []\nraise E('odd')"], 2, "E: odd"),
}


@pytest.mark.parametrize("name", FAILING)
def test_an_error_names_the_cell_that_failed(tmp_path, server, name):
    cells, number, words = FAILING[name]
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook(PARAMETERS, *cells)))
    page = Page("a", "en", "A", "en/a")
    task = Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {"lang": "en"}, "en", page)
    result = execute.run_task(task, server.address)
    assert result.error is not None
    assert result.error.startswith(words)
    assert result.cell == number
    assert result.failed or name == "an option"


@pytest.mark.parametrize("end", ["import sys; sys.exit()", "import sys; sys.exit(0)", "raise SystemExit"])
def test_a_notebook_may_end_itself(tmp_path, server, end):
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook(PARAMETERS, ("1 / 0", "raises-exception"), end, "1 / 0")))
    page = Page("a", "en", "A", "en/a")
    task = Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {"lang": "en"}, "en", page)
    assert execute.run_task(task, server.address).error is None


def test_a_kernel_that_is_not_there_is_told(tmp_path):
    made = notebook(PARAMETERS, "1")
    made.metadata["kernelspec"]["name"] = "fortran-77"
    (tmp_path / "a.ipynb").write_text(json.dumps(made))
    page = Page("a", "en", "A", "en/a")
    result = execute.run_task(Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {"lang": "en"}, "en", page))
    assert result.error is not None
    assert 'no kernel is named "fortran-77": expected one of ' in result.error


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
)


@given(VALUES)
def test_a_notebook_is_written_as_python_writes_it(value):
    plain = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert execute.to_bytes(value) == plain.encode("utf-8", "surrogatepass")


def test_half_a_surrogate_in_an_output_is_printed_as_a_mark():
    outputs = [nbformat.v4.new_output("stream", text="a\ud800b")]
    executed = execute.to_bytes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)]))
    page = Page("a", "en", "A", "en/a")
    result = execute.run_task(Task("a.ipynb", ".", ".", {}, "en", page, executed=executed))
    assert result.error is None
    assert "a\ufffd" in result.files["en/a.html"].decode()

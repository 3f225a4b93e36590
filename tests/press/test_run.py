"""No notebook behaves otherwise than under stock papermill; a kernel that dies, hangs or eats memory is reported as that."""

import json
import logging
import os
import re

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from press import kernels, run
from press.engine import Settings
from press.task import Task

from .conftest import notebook

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
    made = run.normalise(nbformat.read(target, as_version=4), file.parent)
    cells = [cell for cell in made.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    seen = [(cell.source, cell.get("execution_count"), str(cell.get("outputs"))) for cell in cells]
    models = made.metadata.pop("widgets", {}).get(run.WIDGETS, {}).get("state", {})
    named = [(*said, re.sub(r"'model_id': '\w+'", "", outputs)) for *said, outputs in seen]
    return named, made.metadata, sorted(model["model_name"] for model in models.values()), error


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


def test_half_a_surrogate_in_an_output_is_printed_as_a_mark():
    outputs = [nbformat.v4.new_output("stream", text="a\ud800b")]
    executed = run.to_bytes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)]))
    page = {"name": "a", "lang": "en", "title": "A", "path": "en/a"}
    result = run.do(Task("a.ipynb", ".", ".", {}, "en", page, executed=executed))
    assert result.error is None
    assert "a\ufffd" in result.files["en/a.html"].decode()

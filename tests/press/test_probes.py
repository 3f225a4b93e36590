"""Whatever a notebook can look at, a change of it is seen: a plain build gives, byte for byte, what a forced one does.

Each probe is a report of its own with files of its own. All are built, all their files changed at once, and built again
twice: plainly, and by force into another folder. A probe whose change is missed shows the old value, and differs.
"""

import json
import os
import sqlite3
from dataclasses import dataclass, field

import pytest

from press.run.freshness import WORDS

pytestmark = pytest.mark.slow

NOTHING = "try:\n    shown = {}\nexcept Exception as error:\n    shown = type(error).__name__\nprint(shown)"

# How a cell looks at a file: an expression of its path.
READERS = {
    "open": "open({!r}).read()",
    "path": "__import__('pathlib').Path({!r}).read_bytes()",
    "os-open": "__import__('os').read(__import__('os').open({!r}, 0), 100)",
    "pandas": "__import__('pandas').read_csv({!r}).to_csv()",
    "numpy": "__import__('numpy').loadtxt({!r}, skiprows=1).tolist()",
    "fromfile": "__import__('numpy').fromfile({!r}, 'u1').tolist()",
    "mmap": "bytes(__import__('mmap').mmap(open({!r}, 'rb').fileno(), 0, prot=1))",
    "csv": "list(__import__('csv').reader(open({!r}, newline='')))",
    "duckdb": "__import__('duckdb').sql(\"select * from '{}'\").fetchall()",
    "duckdb-glob": "__import__('duckdb').sql(\"select * from '{}'\".replace('x.csv', '*.csv')).fetchall()",
    "lxml": "__import__('lxml.etree').etree.HTMLParser() and __import__('lxml.etree').etree.parse({!r}, __import__('lxml.etree').etree.HTMLParser()).getroot().findtext('.//p')",
    "linecache": "__import__('linecache').getlines({!r})",
    "thread": "__import__('concurrent.futures').futures.ThreadPoolExecutor().submit(lambda: open({!r}).read()).result()",
    "magic": "get_ipython().run_line_magic('pycat', {!r}) or open({!r}).read()",
}
LOOKS = {
    "exists": "__import__('os').path.exists({!r})",
    "isfile": "__import__('os').path.isfile({!r})",
    "lexists": "__import__('os').path.lexists({!r})",
    "access": "__import__('os').access({!r}, 4)",
    "path-exists": "__import__('pathlib').Path({!r}).exists()",
    "path-is-file": "__import__('pathlib').Path({!r}).is_file()",
    "glob": "sorted(__import__('glob').glob({!r}.replace('x.csv', '*.csv')))",
    "glob-above": "sorted(__import__('glob').glob({!r}.replace('/x.csv', '*/x.csv')))",
    "path-glob": "sorted(map(str, __import__('pathlib').Path({!r}).parent.glob('*.csv')))",
    "listdir": "sorted(__import__('os').listdir({!r}[:-6]))",
    "scandir": "sorted(entry.name for entry in __import__('os').scandir({!r}[:-6]))",
    "walk": "sorted(map(str, __import__('os').walk({!r}[:-6])))",
}
SIZES = {
    "getsize": "__import__('os').path.getsize({!r})",
    "stat": "__import__('os').stat({!r}).st_size",
    "path-stat": "__import__('pathlib').Path({!r}).stat().st_size",
    "scandir-size": "sorted((entry.name, entry.stat().st_size) for entry in __import__('os').scandir({!r}[:-6]))",
}
PLACES = ("{}/x.csv", "../data/{}/x.csv", "{{root}}/{}#1 50%/x.csv")
BEFORE, AFTER, LONGER = "<p>a</p>\n1\n", "<p>b</p>\n2\n", "<p>a</p>\n1\n22\n"
CHANGES = {"changes": (BEFORE, AFTER), "appears": (None, BEFORE), "goes": (BEFORE, None), "grows": (BEFORE, LONGER)}


@dataclass
class Probe:
    """A report and the files that are its own, before and after; None is a file that is not there."""

    cells: list[str]
    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)


def file_probes(root):
    """Each way to look at a file with each change that it can see, the places taken in turn."""
    ways = [(READERS, ("changes", "appears", "goes")), (LOOKS, ("appears", "goes")), (SIZES, ("grows", "appears"))]
    number = 0
    for looks, changes in ways:
        for look, code in looks.items():
            for change in changes:
                name = f"{look}-{change}"
                place = PLACES[number % len(PLACES)].format(name)
                number += 1
                path = place.format(root=root / "in") if "{root}" in place else place
                file = str((root / "notebooks" / path).resolve().relative_to(root))
                before, after = CHANGES[change]
                cell = NOTHING.replace("{}", code.replace("{!r}", repr(path)).replace("{}", path))
                yield name, Probe([cell], {file: before}, {file: after})


OTHERS = {
    "module-appears": Probe(
        ["try:\n    import later_module\n    print(later_module.A)\nexcept ImportError:\n    print('none')"],
        {"notebooks/later_module.py": None},
        {"notebooks/later_module.py": "A = 1\n"},
    ),
    "submodule-appears": Probe(
        ["try:\n    import kit.extra\n    print(kit.extra.A)\nexcept ImportError:\n    print('none')"],
        {"notebooks/kit/__init__.py": "", "notebooks/kit/extra.py": None},
        {"notebooks/kit/extra.py": "A = 1\n"},
    ),
    "found-module-appears": Probe(
        ["import importlib.util\nprint(importlib.util.find_spec('another_module') is None)"],
        {"notebooks/another_module.py": None},
        {"notebooks/another_module.py": ""},
    ),
    "module-changes": Probe(
        ["import own_module\nprint(own_module.A)"],
        {"notebooks/own_module.py": "A = 1\n"},
        {"notebooks/own_module.py": "A = 200\n"},
    ),
    "module-shadowed": Probe(
        ["import this_is_shadowed\nprint(this_is_shadowed.A)"],
        {"lib/this_is_shadowed.py": "A = 1\n", "notebooks/this_is_shadowed.py": None},
        {"notebooks/this_is_shadowed.py": "A = 2\n"},
    ),
    "sqlite": Probe(
        ["import sqlite3\nprint(sqlite3.connect('../data/base.db').execute('select * from t').fetchall())"]
    ),
    "sqlite-uri": Probe(
        [
            "import sqlite3\nbase = sqlite3.connect('file:../data/base.db?mode=ro', uri=True)\n"
            "print(base.execute('select * from t').fetchall())"
        ]
    ),
    "sqlite-attached": Probe(
        [
            "import sqlite3\nbase = sqlite3.connect(':memory:')\nbase.execute(\"attach '../data/base.db' as other\")\n"
            "print(base.execute('select * from other.t').fetchall())"
        ]
    ),
    "duckdb-of-two-pieces": Probe(
        ["import duckdb\nname = 'pie' + 'ces.csv'\nprint(duckdb.sql(f\"select * from '{name}'\").fetchall())"],
        {"notebooks/pieces.csv": "a\n1\n"},
        {"notebooks/pieces.csv": "a\n2\n"},
    ),
    "getenv": Probe(["import os\nprint(os.getenv('PROBE'))"]),
    "environ": Probe(["from os import environ as e\nprint(e['PROBE'])"]),
    "expandvars": Probe(["import os\nprint(os.path.expandvars('$PROBE'))"]),
    "environ-new": Probe(["import os\nprint('PROBE_NEW' in os.environ)"]),
    "expression": Probe(["import os", "# {eval}`os.path.exists('said.txt')`"], {}, {"notebooks/said.txt": ""}),
}
LINKS = {  # how a cell looks at a symbolic link, which leads elsewhere afterwards, is gone, or is a file
    "readlink": "os.readlink({!r})",
    "resolve": "pathlib.Path({!r}).resolve().name",
    "resolve-read": "open(pathlib.Path({!r}).resolve()).read()",
    "realpath": "os.path.basename(os.path.realpath({!r}))",
    "islink": "os.path.islink({!r})",
    "is-symlink": "pathlib.Path({!r}).is_symlink()",
    "above": "pathlib.Path({!r}, 'x', '..').resolve().name",
}
STILL = {
    "touched": Probe(["print(open('touched.txt').read())"], {"notebooks/touched.txt": "1"}),
    "seeded": Probe(
        ["import random, numpy\nrandom.seed(1)\nnumpy.random.seed(1)\nprint(random.random(), numpy.random.rand())"]
    ),
    "generators": Probe(
        [
            "import random, numpy, pandas\nprint(random.Random(1).random(), numpy.random.default_rng(1).random())\n"
            "print(pandas.Series(range(9)).sample(1, random_state=1).tolist(), numpy.random.RandomState(1).rand())"
        ]
    ),
    "dates": Probe(
        ["import datetime, time\nprint(datetime.date(2020, 1, 1), time.gmtime(0), time.strftime('%Y', time.gmtime(0)))"]
    ),
    "plotly": Probe(["import plotly.graph_objects as go\ngo.Figure([go.Bar(y=[1, 2])])"]),
    "frame": Probe(["import pandas\npandas.DataFrame({'a': [1, 2]})"]),
    "styled": Probe(["import pandas\npandas.DataFrame({'a': [1, 2]}).style.format('{:.1f}')"]),
    "named-by-letters": Probe(
        [
            "import random\nfrom great_tables._helpers import random_id\nrandom_id()",
            "random.seed(1)\nrandom.choice('abc')",
        ],
        {
            "notebooks/great_tables/__init__.py": "",
            "notebooks/great_tables/_helpers.py": (
                "import random\ndef random_id(): return ''.join(random.choices('abcdef', k=9)) + random.choice('xyz')"
            ),
        },
    ),
    "named-by-uuid": Probe(
        [
            "import plotly.graph_objects as go, plotly.io\nfrom IPython.display import HTML\n"
            "HTML(plotly.io.to_html(go.Figure(), include_plotlyjs=False, full_html=False))"
        ]
    ),
    "svg": Probe(
        [
            "import matplotlib.pyplot as plt\n%config InlineBackend.figure_formats = ['svg']",
            "fig, ax = plt.subplots()\nax.bar(['2023-01', 'b'], [1, 2])\nax.set_title('t');",
        ]
    ),
    "bar": Probe(["import tqdm, time\nfor i in tqdm.tqdm(range(30)): time.sleep(0.01)"]),
    "bar-of-widgets": Probe(["import tqdm.notebook\nfor i in tqdm.notebook.tqdm(range(3)): pass"]),
    "widget": Probe(["import ipywidgets\nipywidgets.IntSlider(3)"]),
    "scratch": Probe(
        [
            "import tempfile\nwith tempfile.TemporaryFile() as file:\n    print(file.write(b'x'))\nprint(len(tempfile.mkdtemp()) > 1)"
        ]
    ),
    "threads": Probe(["import threading\nt = threading.Thread(target=print, args=[1])\nt.start()\nt.join(9)"]),
    "loop": Probe(["import asyncio\nawait asyncio.sleep(0)\nprint(1)"]),
    "logging": Probe(["import logging\nlogging.getLogger('a').warning('b')"]),
    "help": Probe(["%%html\n<b>x</b>", "x = 1"]),
    "own-variable": Probe(["import os\nos.environ['OWN'] = '1'\nprint(os.environ['OWN'])"]),
}
VOLATILE = {
    "clock": [
        "import time as t\nprint(t.time())",
        "from time import time\nprint(time())",
        "import time\nprint(time.perf_counter())",
        "import time\nprint(time.strftime('%s'), time.localtime())",
        "import datetime as dt\nprint(dt.datetime.now())",
        "from datetime import date\nprint(date.today())",
        "import pandas as pd\nprint(pd.Timestamp.today())",
        "import pandas as pd\nprint(pd.to_datetime('today'))",
        "import numpy as np\nprint(np.datetime64('now'))",
        "from email.utils import formatdate\nprint(formatdate())",
        "import duckdb\nprint(duckdb.sql('select current_date').fetchall())",
        "import sqlite3\nprint(sqlite3.connect(':memory:').execute(\"select datetime('now')\").fetchall())",
        "%%html\n<b>x</b>|from datetime import date\nprint(date.today())",
        "len?|from datetime import date\nprint(date.today())",
        "%time 1 + 1",
        "%%time\nimport numpy\nnumpy.datetime64('now')",
        "import timeit\nprint(timeit.timeit('1', number=1))",
        "import time|# {eval}`time.time()`",
        "eval('__import__(\"time\").time()')",
        "import threading, time\nt = threading.Thread(target=lambda: print(time.time()))\nt.start()\nt.join()",
    ],
    "random": [
        "import random\nprint(random.random())",
        "from random import choice\nprint(choice([1, 2, 3]))",
        "import random\nprint(random.choices([1, 2, 3]))",
        "import random\nprint(random.Random().random())",
        "import random\nx = random.random()\nrandom.seed(1)\nprint(x)",
        "import random\nprint(random.SystemRandom().random())",
        "import numpy\nprint(numpy.random.rand())",
        "import numpy\nprint(numpy.random.default_rng().random())",
        "import numpy\nprint(numpy.random.RandomState().rand())",
        "import pandas\nprint(pandas.Series(range(999)).sample(1))",
        "import uuid\nprint(uuid.uuid4())",
        "import secrets\nprint(secrets.token_hex())",
        "import os\nprint(os.urandom(4))",
        "import tempfile\nprint(tempfile.mkdtemp())",
        "import duckdb\nprint(duckdb.sql('select random()').fetchall())",
    ],
    "environment": [
        "import os\nprint(dict(os.environ))",
        "import os\nprint(os.getpid())",
        "%env HOME",
        "import os\nprint(os.getloadavg())",
        "import shutil\nprint(shutil.disk_usage('/').free)",
        "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)",
        "print(open('/proc/uptime').read())",
        "import pathlib\nprint(pathlib.Path('/proc/meminfo').read_text())",
        "import psutil\nprint(psutil.virtual_memory().available)",
    ],
    "network": [
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9), 0.1)\nexcept OSError: pass",
        "import duckdb\ntry:\n    duckdb.sql(\"select * from 'http://127.0.0.1:9/a.csv'\")\nexcept Exception: pass",
    ],
    "program": [
        "!date",
        "x = !ls",
        "%%bash\necho 1",
        "import subprocess\nprint(subprocess.run(['echo', '1'], capture_output=True))",
        "import os\nprint(os.system('true'))",
        "import os\npid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0);",
        "import multiprocessing as m\nwith m.get_context('spawn').Pool(1) as pool: print(pool.map(len, ['ab']))",
        "import multiprocessing as m\nwith m.get_context('forkserver').Pool(1) as pool: print(pool.map(len, ['ab']))",
        "import multiprocessing as m\np = m.get_context('spawn').Process(target=print)\np.start()\np.join()",
    ],
    "moved": [
        "f = '../data/other.txt'\nx = open(f).read()\nopen(f, 'a').write('!');",
        "f = '../data/log.txt'\nopen(f, 'a').write('!')\nprint(open(f).read())",
    ],
}


def write(root, files):
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(content)


def base(root, value):
    file = root / "data" / "base.db"
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as made:
        made.execute("create table t (a)")
        made.execute("insert into t values (?)", [value])
    made.close()


def states(project):
    """What the last build did with each report."""
    runs = json.loads((project.root / "reports" / "build.json").read_text())["runs"]
    return {run["report"]: run["status"] for run in runs}


@pytest.mark.parametrize("goal", ["two.txt", None, ""])
def test_a_link_that_leads_elsewhere_is_seen(project, goal):
    folder = project.root / "data"
    folder.mkdir()
    (folder / "one.txt").write_text("1")
    (folder / "two.txt").write_text("2")
    shown = (
        {"readlink", "islink", "is-symlink"} if goal is None or goal == "" else LINKS.keys() - {"islink", "is-symlink"}
    )
    for name, look in LINKS.items():
        (folder / name).symlink_to("one.txt")
        project.add(name, "import os, pathlib\n" + NOTHING.replace("{}", look.replace("{!r}", repr(f"../data/{name}"))))
    project.build()
    assert set(project.build().values()) == {"reused"}
    for name in LINKS:
        (folder / name).unlink()
        if goal:
            (folder / name).symlink_to(goal)
        elif goal == "":
            (folder / name).write_text("1")
    states = project.build()
    assert {states[f"en/{name}"] for name in shown} == {"ran"}
    project.build("--force", "--out", "forced")
    assert project.site() == project.site("forced")


MODULES = {name: OTHERS.pop(name) for name in list(OTHERS) if "module-" in name and name != "submodule-appears"}


def test_a_module_that_comes_is_seen_whatever_imports_it(project, monkeypatch):
    lib = project.root / "lib"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(lib), os.environ.get("PYTHONPATH", "")]))
    for name, probe in MODULES.items():
        write(project.root, probe.before)
        project.add(name, *probe.cells)
    assert set(project.build().values()) == {"ran"}
    for name, probe in MODULES.items():
        assert set(project.build().values()) == {"reused"}
        write(project.root, probe.after)
        assert project.build()[f"en/{name}"] == "ran"
        assert project.build("--force", "--out", "forced")
        assert project.site() == project.site("forced")


@pytest.mark.parametrize("forked", [True, False])
def test_a_plain_build_gives_what_a_forced_one_does(project, monkeypatch, forked):
    root = project.root
    monkeypatch.setenv("PROBE", "one")
    if not forked:
        monkeypatch.setenv("PRESS_FORK", "0")
    probes = dict(file_probes(root)) | OTHERS
    if not forked:  # each costs the start of a kernel
        names = ["open-changes", "duckdb-changes", "exists-appears", "getsize-grows", "getenv", "submodule-appears"]
        probes = {name: probes[name] for name in names}
    still = STILL if forked else {name: STILL[name] for name in ("touched", "seeded", "frame")}
    for name, probe in (probes | still).items():
        write(root, probe.before)
        project.add(name, *probe.cells)
    base(root, 1)
    code, out, err = project.press("build", "--workers", 2)
    assert code == 0, out + err
    assert all(not run.get("volatile") for run in project.report()["runs"]), project.report()["runs"]
    assert project.press("build", "--workers", 2)[0] == 0
    assert set(states(project).values()) == {"reused"}

    for probe in probes.values():
        write(root, probe.after)
    base(root, 2)
    (root / "notebooks" / "touched.txt").touch()
    monkeypatch.setenv("PROBE", "two")
    monkeypatch.setenv("PROBE_NEW", "")
    assert project.press("build", "--workers", 2)[0] == 0
    ran = {name for name, state in states(project).items() if state == "ran"}
    assert (sorted(probes.keys() - ran), sorted(ran - probes.keys())) == ([], [])
    assert project.press("build", "--workers", 2, "--force", "--out", "forced")[0] == 0
    plain, forced = project.site(), project.site("forced")
    assert sorted(name for name in forced if plain.get(name) != forced[name]) == []


def test_what_may_differ_from_run_to_run_runs_in_every_build_and_says_why(project):
    write(project.root, {"data/other.txt": "1", "data/log.txt": "1"})
    reports = [(word, cells) for word, all_cells in VOLATILE.items() for cells in all_cells]
    for number, (_, cells) in enumerate(reports):
        project.add(f"probe{number}", *cells.split("|"))
    code, _, err = project.press("build", "--workers", 2)
    assert code == 0, err
    found = [run.get("volatile", []) for run in project.report()["runs"]]
    missed = [cells for (word, cells), why in zip(reports, found, strict=True) if word not in " ".join(why)]
    assert missed == []
    for number, (word, _) in enumerate(reports):
        assert f"volatile: probe{number} (en)" in err
        said = project.press("explain", f"probe{number}")[1]
        assert said.startswith(f"en/probe{number}: to be run\n")
        assert f"  volatile  {WORDS[word]}" in said

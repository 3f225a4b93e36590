"""Suites broken in any way are refused in one sentence, before anything runs.

`PRESS_MUTATIONS=1500` (how many suites; 150 without it) asks for more; every mutation is named by its seed.
"""

import json
import os
import random
import shutil
import tomllib
from pathlib import Path

import pytest

from press.build.schedule import schedules
from press.suite import SuiteError, imports, is_for, plan, read_suite, select

MANY = int(os.environ.get("PRESS_MUTATIONS", "150"))
ROOT = Path(__file__).parents[3]
MORE = """
[[schedule]]
name = "quarterly"
cron = "30 6 1 1,4,7,10 *"
timezone = "Asia/Shanghai"
timeout = "2 h"
retries = 3
backoff = "5 min"
catch_up = "once"
within = "7 d"
only = ["figures"]
parameters = { edition = "shenzhen-2021" }
[alerts]
to = ["BOOK_ALERTS"]
[secrets]
env = ["NAME"]
[publish]
keep = 12
days = 400
"""
VALUES = [
    True, 0, -1, 3, 1.5, float("inf"), float("nan"), 10**400, "", " ", "*", "x", "\x00", "\u202e", "a/b", "..", "../..", "/etc/passwd", "/", "**x", "[",
    "x" * 5000, "{", "{}", "{0}", "{x}", "{name!r}", "{name!z}", "{name[0]}", "{name[a]}", "{name.real}", "{name.__class__}", "{lang:>9999999999}",
    "{name}", "{lang}/{name}", "{edition}/{lang}/{name}/{name}", "9" * 400 + " GB", "2 GB", "99999999999 d", "1 s", "con", "index", "en", "zh-Hans", "zz",
    "figures", "figures.ipynb", "suite.toml", ".", "notebooks", "!a", "!shenzhen-2021", "* * * * *", "Mars/Olympus", "titles", "http://x", "ftp://x",
    [], ["x"], ["*"], [[]], [{}], [1, "a"], [None], {}, {"x": 1}, {"zh": "x"}, {"zh": 1, "en": []}, {"x": {"y": {}}}, {"edition": ["*"]}, {"edition": "*"},
    {"edition": [["a"]]}, {"edition": {}}, {"name": "x"}, {"lang": ["en"]},
]  # fmt: skip
TOKENS = [
    "[[",
    "]]",
    "{",
    "}",
    '"',
    "=",
    "\n",
    "\0",
    "'''",
    "#",
    "é",
    "[" * 5000,
    "1979-05-27T07:32:00Z",
    "0xFF",
    "inf",
    "\ufeff",
]


def toml(value):
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items() if item is not None)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value if item is not None) + "]"
    if isinstance(value, float) and value != value:
        return "nan"
    return json.dumps(value).replace("Infinity", "inf")


def places(value, keys=()):
    yield keys
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*keys, key))


def mutated(content, chance):
    *keys, last = chance.choice([keys for keys in places(content) if keys])
    parent = content
    for key in keys:
        parent = parent[key]
    kind = chance.choice(["put", "put", "put", "drop", "wrap", "double", "rename", "add"])
    if kind == "drop":
        del parent[last]
    elif kind == "wrap":
        parent[last] = chance.choice([[parent[last]], {"x": parent[last]}])
    elif kind == "double" and isinstance(parent, list):
        parent.append(parent[last])
    elif kind == "rename" and isinstance(parent, dict):
        parent[
            chance.choice(["x", "name", "path", "notebook", "matrix", "memory", "timeout", "data", "root", "preload"])
        ] = parent.pop(last)
    elif kind == "add" and isinstance(parent, dict):
        new = [
            "matrix",
            "parameters",
            "memory",
            "timeout",
            "cell_timeout",
            "retries",
            "for",
            "root",
            "data",
            "preload",
            "choices",
            "author",
            "date",
            "based_on",
            "url",
        ]
        parent[chance.choice(new)] = chance.choice(VALUES)
    else:
        parent[last] = chance.choice(VALUES)


def mutated_text(text, chance):
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at] + chance.choice(TOKENS) + text[at:],
            text[:at],
            text[at:],
            text[:at] + text[at + chance.randrange(9) :],
        ]
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "notebooks", desk / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for path in (ROOT / "data").glob("*/*.*"):
        (desk / "data" / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, desk / "data" / path.parent.name)
    return desk


def written(desk, seed):
    """Write a suite with the mutations of a seed; its file."""
    chance, file = random.Random(seed), desk / "notebooks" / "suite.toml"
    text = (ROOT / "notebooks" / "suite.toml").read_text(encoding="utf-8") + MORE
    if chance.random() < 0.2:
        text = mutated_text(text, chance)
    else:
        content = tomllib.loads(text)
        for _ in range(chance.choice([1, 1, 2, 3])):
            mutated(content, chance)
        text = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in content.items())
    file.write_bytes(text.encode("utf-8"))
    return file


def read(file):
    """All that `press build` and `press explain` read of a suite before they run anything; why not, if it is refused."""
    try:
        suite = read_suite(file)
        runs = plan(suite)
        select(suite, runs, langs=suite.languages[:1])
        for run in runs:
            assert set(suite.about(run)) >= {"title", "author"}
            assert is_for(suite, run.report, run.params)
            imports(run.report.notebook)
        schedules(suite)
    except SuiteError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("start", range(0, MANY, 50))
def test_a_broken_suite_is_refused_in_one_sentence(desk, start):
    for seed in range(start, min(start + 50, MANY)):
        why = read(written(desk, seed))
        assert len(why) < 3000, seed
        assert "Traceback" not in why


def test_what_is_mutated_here_is_a_good_suite(desk):
    file = desk / "notebooks" / "suite.toml"
    file.write_text((ROOT / "notebooks" / "suite.toml").read_text(encoding="utf-8") + MORE, encoding="utf-8")
    assert read(file) == ""


NOTEBOOKS = [
    b"", b"[]", b"{}", b'{"cells": {}}', b'{"cells": [1]}', b'{"cells": ["x"]}', b'{"cells": [{}]}', b'{"cells": [{"source": 1}]}', b"[" * 100_000,
    b'{"cells": [{"source": ["a = 1"], "metadata": [], "cell_type": "code"}]}', b'{"cells": [{"source": ["a", 1], "metadata": {}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = 1", "metadata": {"tags": "parameters"}}]}', b'{"cells": [{"source": "a = 1", "metadata": {"tags": 3}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = {[]: 1}", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = 1 + x", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = \\u0000", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = ' + b"(" * 400 + b'", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = ' + b"-" * 20_000 + b'1", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}',
    b'{"cells": [{"source": "a = ' + b"9" * 5000 + b'", "metadata": {"tags": ["parameters"]}, "cell_type": "code"}]}', b"\xff\xfe", b"\0",
]  # fmt: skip


@pytest.mark.parametrize("content", NOTEBOOKS)
def test_a_broken_notebook_is_refused_in_one_sentence(tmp_path, content):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "one.ipynb").write_bytes(content)
    (tmp_path / "notebooks" / "suite.toml").write_text(
        '[[report]]\nname = "one"\n[parameters.edition]\n', encoding="utf-8"
    )
    assert "notebooks" in read(tmp_path / "notebooks" / "suite.toml")

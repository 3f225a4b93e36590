"""What the text of a notebook says about what cannot be seen while it runs.

A compiled library reads the clock, the network and files without telling Python. What it is asked for stands in the
strings it is given: a date that is "now", SQL that asks for one, an address, the name of a file.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

CLOCK_MAGICS = {"time", "timeit", "prun", "lprun"}
ENVIRONMENT_MAGICS = {"env", "set_env", "dotenv"}
DATES = {"datetime64", "array", "asarray", "astype", "full", "arange", "is_busday", "busday_count", "busday_offset"}
GENERATORS = {"RandomState", "SeedSequence", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}  # NumPy's
SQL = re.compile(r"\b(select|insert\s+into|create\s+table|update)\b", re.I)
SQL_CLOCK = re.compile(
    r"\bcurrent_(date|time|timestamp)\b|'(now|today)'"
    r"|\b(now|today|localtime|localtimestamp|transaction_timestamp|get_current_time\w*|age)\s*\(",
    re.I,
)
SQL_RANDOM = re.compile(
    r"\b(random|rand|uuid|gen_random_uuid|randomblob|newid)\s*\(|\btablesample\b|\busing sample\b", re.I
)
ADDRESS = re.compile(r"\b[a-z][a-z0-9+]{1,15}://[^\s'\"]", re.I)
LONGEST_PATH = 400  # characters


def of_cells(cells: Iterable[str]) -> dict[str, str]:
    """What makes these cells differ from run to run, by what stands in them: {"clock": "…"}.

    A cell that is no Python for itself takes nothing away from what the others say.

    >>> of_cells(["len?", "import numpy as np\\nnp.datetime64('now')"])
    {'clock': "datetime64('now')"}
    >>> of_cells(["%%time\\n1 + 1"])
    {'clock': '%time'}
    >>> of_cells(["{'now': 1}"])
    {}
    """
    found: dict[str, str] = {}
    for tree in map(_parsed, cells):
        for word, call in _of_tree(tree):
            found.setdefault(word, call)
    return found


@lru_cache(1024)
def of_module(path: str, _state: str | None) -> dict[str, str]:
    """The same of a module; `_state` is its fingerprint."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, ValueError, SyntaxError):
        return {}
    return dict(_of_tree(tree))


def addresses(cells: Iterable[str]) -> list[str]:
    """The addresses of a network that stand in these cells.

    >>> addresses(["pl.read_csv('s3://bucket/a.csv'); 'see file.csv'"])
    ['s3://bucket/a.csv']
    """
    found = [text for text in strings(cells) if ADDRESS.search(text) and not text.startswith("file:")]
    return list(dict.fromkeys(found))


def paths(cells: Iterable[str], folder: Path) -> list[Path]:
    """What may be paths among the strings of these cells, as seen from the folder they run in.

    >>> [path.as_posix() for path in paths(["f('../data/x.csv'); 'a sentence. With more'"], Path("/suite/notebooks"))]
    ['/suite/data/x.csv']
    """
    found = []
    for text in strings(cells):
        for word in (text, *re.findall(r"'([^']+)'", text)):  # the second: names within SQL
            if _is_like_a_path(word):
                found.append(_normal(folder, word))
    return list(dict.fromkeys(found))


def strings(cells: Iterable[str]) -> Iterator[str]:
    """All strings that stand in these cells."""
    for tree in map(_parsed, cells):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _is_like_a_path(text: str) -> bool:
    if len(text) > LONGEST_PATH or "\n" in text or "\0" in text or ADDRESS.match(text):
        return False
    return "/" in text.strip("/") or text.startswith("/") or re.fullmatch(r"[\w\-. ]*\w\.\w{1,8}", text) is not None


def _normal(folder: Path, text: str) -> Path:
    return Path(os.path.normpath(folder / Path(text).expanduser()))


@lru_cache(1024)
def _parsed(cell: str) -> ast.Module:
    """A cell as IPython understands it; nothing of one that it does not."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(cell))
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _of_tree(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            if SQL_CLOCK.search(node.value):
                yield "clock", "SQL"
            if SQL_RANDOM.search(node.value):
                yield "random", "SQL"


def _of_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in ("run_line_magic", "run_cell_magic") and texts:
        if texts[0] in CLOCK_MAGICS:
            yield "clock", f"%{texts[0]}"
        if texts[0] in ENVIRONMENT_MAGICS:
            yield "environment", f"%{texts[0]}"
        if texts[2:]:
            yield from _of_tree(_parsed(texts[2]))  # the body of a cell magic, where it is Python
    elif name == "randbits" or (name in GENERATORS and not node.args and not node.keywords):
        yield "random", name
    elif name in DATES:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and inner.value in ("now", "today"):
                yield "clock", f"{name}('{inner.value}')"

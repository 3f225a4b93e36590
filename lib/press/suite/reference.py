"""docs/suite.md: every key of suite.toml, written from the keys that a suite is checked by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from press.suite.keys import Key, Table, tables

HEAD = """\
# suite.toml: every key

A suite is a file `suite.toml` beside notebooks. It says which of them are printed, with which parameters, in which
languages, to which pages. It is checked before anything runs. Paths start at its folder. `press init` drafts one.

This page is written by `press keys` from the table that suites are checked by: `lib/press/suite/keys.toml`.
"""
COLUMNS = ("Key", "What it says, and an example", "Takes; where it is not given")


def reference() -> str:
    """All tables of a suite and their keys, as Markdown."""
    parts = [HEAD, *(section(name, table) for name, table in tables().items())]
    return "\n".join(parts)


def section(name: str, table: Table) -> str:
    """One table of a suite, as Markdown."""
    heading = f"`{table.heading}`" if table.opening else table.heading
    lines = [f"## {name}", "", f"{heading}: {table.words}", ""]
    if table.shares:
        others = " and ".join(f"[{other}](#{other})" for other in table.shares)
        lines += [f"All keys of {others}, and these:", ""]
    lines += _rows(table)
    return "\n".join([*lines, ""])


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---" * len(COLUMNS) + "|"
    for name, key in table.keys.items():
        kinds = " or ".join(key.kinds)
        cells = [f"`{name}`", f"{key.words}<br>{_example(key)}", f"{kinds}; else {_default(key)}"]
        yield f"| {' | '.join(map(_in_cell, cells))} |"


def _default(key: Key) -> str:
    return key.otherwise or f"`{_toml(key.default)}`"


def _example(key: Key) -> str:
    """The lines of an example, each as code."""
    lines = key.example.strip().splitlines()
    return "<br>".join(f"`{line}`" for line in lines if line)


def _toml(value: Any) -> str:
    """A value as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)


def _in_cell(text: str) -> str:
    """A text as a cell of a Markdown table can hold it."""
    return text.replace("|", r"\|")

"""A suite drafted from a folder of notebooks, for those who have none yet: `press init`, and `press build FOLDER`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from press.suite import SuiteError
from press.titles import own_notebooks, prose_of, title_of, words_of

HAN = re.compile("[一-鿿]")
UNFIT = re.compile(r"[^\w.-]+")
MOST_HAN = 0.15  # of the letters of prose: from there on it is Chinese


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks of a folder and those below it, in the order of their names; `2-b` comes before `10-a`."""
    return own_notebooks(folder.rglob("*.ipynb"), folder)


def draft(folder: Path, notebooks: Iterable[Path]) -> str:
    """A suite.toml for these notebooks, which lie in `folder` or below: titles from their first headings, a section for
    each folder, the language that most of their prose is in.

    Raises SuiteError where there is no notebook.
    """
    listed = list(notebooks)
    if not listed:
        raise SuiteError(f"{folder}: no notebooks here: expected files that end in .ipynb")
    prose = {path: prose_of(path) for path in listed}
    lang = "zh" if _is_chinese("".join(prose.values())) else "en"
    lines = [
        "# The suite: which notebook goes to which page. `press build` prints it into reports/site.",
        "# What else can stand here: `press keys`.",
        f"title = {_toml(words_of(folder.resolve().name) or 'Reports')}",
        f'languages = ["{lang}"]',
        'formats = ["html"]  # and "pdf", for which Chromium is needed',
        'path = "{name}"  # of a page; with several languages "{lang}/{name}"',
        "",
        "[press]",
        'root = "."  # what the notebooks read lies below it',
        'code = "show"  # or "fold", or "hide"',
        "# timeout = 600  # seconds for a whole notebook",
        "",
    ]
    sections = list(dict.fromkeys(_section(folder, path) for path in listed))
    for section in filter(None, sections):
        lines += ["[[section]]", f"name = {_toml(section)}", f"title = {_toml(words_of(section))}", ""]
    names: set[str] = set()
    for path in listed:
        lines += _entry(folder, path, prose[path], names)
    return "\n".join(lines)


def _entry(folder: Path, path: Path, prose: str, names: set[str]) -> Iterator[str]:
    relative = path.relative_to(folder)
    name = _unique(UNFIT.sub("-", path.stem).strip("-._") or "report", names)
    yield "[[report]]"
    yield f"name = {_toml(name)}"
    yield f"notebook = {_toml(relative.as_posix())}"
    yield f"title = {_toml(title_of(prose) or words_of(path.stem))}"
    if section := _section(folder, path):
        yield f"section = {_toml(section)}"
    yield ""


def _unique(name: str, names: set[str]) -> str:
    """The name, numbered where another report has it, in whatever case."""
    number, found = 1, name
    while found.casefold() in names | {"index", "search", "assets", "404"}:
        number += 1
        found = f"{name}-{number}"
    names.add(found.casefold())
    return found


def _section(folder: Path, path: Path) -> str:
    """The folder below the suite's own that a notebook lies in; "" for none."""
    parents = path.relative_to(folder).parts[:-1]
    return UNFIT.sub("-", parents[0]).strip("-._") if parents else ""


def _is_chinese(prose: str) -> bool:
    letters = sum(character.isalpha() for character in prose)
    return bool(letters) and len(HAN.findall(prose)) >= letters * MOST_HAN


def _toml(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

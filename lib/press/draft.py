"""A suite drafted from a folder of notebooks, for those who have none yet: `press init`, and `press build FOLDER`."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from press.suite import SuiteError
from press.titles import own_notebooks, prose_of, title_of, words_of

HAN = re.compile("[一-鿿]")
UNFIT = re.compile(r"[^\w.]+")
MOST_HAN = 0.15  # of the letters of prose: from there on it is Chinese
HOMES = {"index", "readme"}  # what a notebook is called that leads to the others
RESERVED = {"index", "search", "assets", "404"}  # pages and folders of the press's own


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks of a folder and those below it, in the order of their names; `2-b` comes before `10-a`."""
    return own_notebooks(folder.rglob("*.ipynb"), folder)


def draft(folder: Path, notebooks: Iterable[Path]) -> str:
    """A suite.toml for these notebooks, which lie in `folder` or below.

    Titles are their first headings, the language is that of most of their prose; sections are the folders where their
    tree first branches; `index.ipynb` or `README.ipynb` above them is the home. Raises SuiteError where there is no
    notebook.
    """
    listed = list(notebooks)
    if not listed:
        raise SuiteError(f"{folder}: no notebooks here: expected files that end in .ipynb")
    prose = {path: prose_of(path) for path in listed}
    relative = [path.relative_to(folder) for path in listed]
    names = dict(zip(listed, _names(relative), strict=True))
    home = _home(listed)
    sections = _sections([path for path in listed if path != home])
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
    if home:
        lines += ["[site]", f"home = {_toml(names[home])}  # the page that lists the others", ""]
    for section in dict.fromkeys(sections.values()):
        lines += ["[[section]]", f"name = {_toml(section)}", f"title = {_toml(words_of(section))}", ""]
    for path in listed:
        lines += [
            "[[report]]",
            f"name = {_toml(names[path])}",
            f"notebook = {_toml(path.relative_to(folder).as_posix())}",
            f"title = {_toml(title_of(prose[path]) or words_of(path.stem))}",
        ]
        if path in sections:
            lines.append(f"section = {_toml(sections[path])}")
        lines.append("")
    return "\n".join(lines)


def _home(notebooks: Sequence[Path]) -> Path | None:
    """The notebook that leads to the others, in the folder that all of them lie in or below; None where there is none.

    >>> _home([Path("book/README.ipynb"), Path("book/part/a.ipynb")]).as_posix()
    'book/README.ipynb'
    """
    top = _shared_folder(notebooks)
    for path in notebooks:
        if path.parent == top and path.stem.casefold() in HOMES:
            return path
    return None


def _sections(notebooks: Sequence[Path]) -> dict[Path, str]:
    """The folder that each notebook's section is called by, where their tree first branches; above it there is none.

    >>> list(_sections([Path("book/1/a.ipynb"), Path("book/2/b.ipynb"), Path("book/c.ipynb")]).values())
    ['1', '2']
    """
    if not notebooks:
        return {}
    top = _shared_folder(notebooks)
    below = {path: path.parent.relative_to(top).parts for path in notebooks}
    return {path: folders[0] for path, folders in below.items() if folders}


def _shared_folder(notebooks: Sequence[Path]) -> Path:
    return Path(os.path.commonpath([path.parent for path in notebooks]))


def _names(notebooks: Sequence[Path]) -> Iterator[str]:
    """A name for each report: its notebook's, behind as many of its folders as tell it from the others.

    >>> list(_names([Path("1/a.ipynb"), Path("2/a.ipynb"), Path("2/b - c.ipynb")]))
    ['1-a', '2-a', 'b-c']
    """
    choices = [list(_possible_names(path)) for path in notebooks]
    shared_by = Counter(name.casefold() for names in choices for name in set(names))
    taken = set(RESERVED)
    for names in choices:
        name = next((name for name in names if shared_by[name.casefold()] == 1 and name.casefold() not in taken), None)
        name = name or _numbered(names[-1], taken)
        taken.add(name.casefold())
        yield name


def _possible_names(notebook: Path) -> Iterator[str]:
    """The names that a report may have, the shortest first."""
    parts = notebook.with_suffix("").parts
    for start in reversed(range(len(parts))):
        yield UNFIT.sub("-", "-".join(parts[start:])).strip("-._") or "report"


def _numbered(name: str, taken: set[str]) -> str:
    """The name with the first number from 2 that none has, in whatever case; without one where it is free."""
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def _is_chinese(prose: str) -> bool:
    letters = sum(character.isalpha() for character in prose)
    return bool(letters) and len(HAN.findall(prose)) >= letters * MOST_HAN


def _toml(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

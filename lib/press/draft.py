"""A suite drafted from a folder of notebooks, for those who have none yet: `press init`, and `press build FOLDER`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from press.suite import SuiteError

SKIPPED = {"node_modules", "__pycache__", "site-packages"}  # folders that hold no notebooks of one's own
HEADING = re.compile(r"^\s{0,3}#{1,2}\s+(.+?)\s*#*\s*$", re.M)
SETEXT = re.compile(r"^(\S.*)\n=+\s*$", re.M)
MARKS = re.compile(r"[*_`$]|!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|\{[^}]*\}")
HAN = re.compile("[一-鿿]")
UNFIT = re.compile(r"[^\w.-]+")
MOST_HAN = 0.15  # of the letters of prose: from there on it is Chinese


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks of a folder and those below it, in the order of their names; `2-b` comes before `10-a`."""
    found = [path for path in folder.rglob("*.ipynb") if _is_own(path.relative_to(folder))]
    return sorted(found, key=lambda path: _natural(path.relative_to(folder).as_posix()))


def _is_own(path: Path) -> bool:
    """Whether it lies in no hidden folder, and in none that a build or an installation made."""
    parents = path.parts[:-1]
    return not any(part.startswith(".") or part in SKIPPED or part == "reports" for part in (*parents, path.name[:1]))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part.casefold()) for part in re.split(r"(\d+)", name)]


def draft(folder: Path, notebooks: Iterable[Path]) -> str:
    """A suite.toml for these notebooks, which lie in `folder` or below: titles from their first headings, a section for
    each folder, the language that most of their prose is in.

    Raises SuiteError where there is no notebook.
    """
    listed = list(notebooks)
    if not listed:
        raise SuiteError(f"{folder}: no notebooks here: expected files that end in .ipynb")
    prose = {path: _prose(path) for path in listed}
    lang = "zh" if _is_chinese("".join(prose.values())) else "en"
    lines = [
        "# The suite: which notebook goes to which page. `press build` prints it into reports/site.",
        f"title = {_toml(_words_of(folder.resolve().name) or 'Reports')}",
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
        lines += ["[[section]]", f"name = {_toml(section)}", f"title = {_toml(_words_of(section))}", ""]
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
    yield f"title = {_toml(title_of(prose) or _words_of(path.stem))}"
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


def title_of(prose: str) -> str:
    """The first heading of a notebook's Markdown, without its marks.

    >>> title_of("Some words\\n\\n# *Spending* in [2021](a.html)\\n"), title_of("None")
    ('Spending in 2021', '')
    """
    found = [match for match in (HEADING.search(prose), SETEXT.search(prose)) if match]
    first = min(found, key=lambda match: match.start(), default=None)
    return " ".join(MARKS.sub(r"\1", first[1]).split()) if first else ""


def _prose(notebook: Path) -> str:
    """The Markdown of a notebook; none of a file that is no notebook: its report fails when it runs, and says so."""
    try:
        content: Any = json.loads(notebook.read_bytes())
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "markdown"]
        return "\n\n".join("".join(cell["source"]) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _is_chinese(prose: str) -> bool:
    letters = sum(character.isalpha() for character in prose)
    return bool(letters) and len(HAN.findall(prose)) >= letters * MOST_HAN


def _words_of(name: str) -> str:
    """A file's name as a title: `02_water-levels` is Water levels."""
    words = re.sub(r"^[\d._-]+(?=\D)|[_-]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else name


def _toml(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

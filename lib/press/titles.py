"""What a notebook is called where nobody says it, and which of a folder's notebooks are one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SKIPPED = {"node_modules", "__pycache__", "site-packages"}  # folders that hold no notebooks of one's own
HEADING = re.compile(r"^\s{0,3}#{1,2}\s+(.+?)\s*#*\s*$", re.M)
SETEXT = re.compile(r"^(\S.*)\n=+\s*$", re.M)
MARKS = re.compile(r"\s\[-?@[^\]]*\]|[*`$]|!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|\{[^}]*\}|(?<!\w)_|_(?!\w)")


def own_notebooks(paths: Iterable[Path], folder: Path) -> list[Path]:
    """Those of the paths below a folder that are notebooks of one's own, in natural order: `2-b` before `10-a`."""
    found = [path for path in paths if path.suffix == ".ipynb" and _is_own(path.relative_to(folder))]
    return sorted(found, key=lambda path: _natural(path.relative_to(folder).as_posix()))


def _is_own(path: Path) -> bool:
    """Whether it lies in no hidden folder, and in none that a build or an installation made."""
    parents = path.parts[:-1]
    return not any(part.startswith(".") or part in SKIPPED or part == "reports" for part in (*parents, path.name[:1]))


def _natural(name: str) -> list[tuple[int, str]]:
    """A key to sort names by, their numbers as numbers."""
    parts = []
    for part in re.split(r"(\d+)", name):
        is_number = part.isdigit()
        parts.append((int(part), "") if is_number else (0, part.casefold()))
    return parts


def title_of(prose: str) -> str:
    """The first heading of a notebook's Markdown, without its marks and citations.

    >>> title_of("Some words\\n\\n# *Spending* in [2021](a.html) [@doe2022, p. 3]\\n"), title_of("None")
    ('Spending in 2021', '')
    """
    found = [match for match in (HEADING.search(prose), SETEXT.search(prose)) if match]
    first = min(found, key=lambda match: match.start(), default=None)
    return " ".join(MARKS.sub(r"\1", first[1]).split()) if first else ""


def prose_of(notebook: Path) -> str:
    """The Markdown of a notebook; none of a file that is no notebook: its report fails when it runs, and says so."""
    try:
        content: Any = json.loads(notebook.read_bytes())
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "markdown"]
        return "\n\n".join("".join(cell["source"]) for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def words_of(name: str) -> str:
    """A file's name as a title.

    >>> words_of("02_water-levels"), words_of("2021")
    ('Water levels', '2021')
    """
    words = re.sub(r"^[\d._-]+(?=\D)|[_-]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else name

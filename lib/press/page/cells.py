"""The cells of a notebook that a page of one language shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from press.tags import CellRules, is_on_page


def markdown_of(notebook: Any, lang: str, rules: CellRules) -> list[str]:
    """The Markdown of each cell of a language's page."""
    return [as_text(cell.source) for cell in cells_of(notebook, lang, rules) if cell.cell_type == "markdown"]


def cells_of(notebook: Any, lang: str, rules: CellRules) -> Iterator[Any]:
    """The cells a page of this language shows: its own and those of no language, without the silent ones."""
    return (cell for cell in notebook.cells if is_on_page(cell, rules, lang))


def as_text(source: str | Iterable[str]) -> str:
    """A text that notebooks may keep as a list of lines."""
    return source if isinstance(source, str) else "".join(source)

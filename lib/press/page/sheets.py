"""The charts and tables of a page, with the outputs that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from press.page.cells import cells_of
from press.page.outputs import (
    MIME,
    Plot,
    Sheet,
    Travel,
    plot_of,
    table_of,
)
from press.records import Page
from press.site.assets import (
    words,
)
from press.tags import (
    CellRules,
    Treatment,
    is_kept,
    treatment,
)


def sheets_of(notebook: Any, lang: str, rules: CellRules) -> dict[int, Sheet]:
    """The charts of a page in its language, and the tables that bring their data, by the `id()` of their outputs.

    Charts are numbered from 1; ids are unique on the page.
    """
    sheets: dict[int, Sheet] = {}
    cells = cells_of(notebook, lang, rules)
    for output in (output for cell in cells for output in shown_outputs(cell, treatment(cell, rules))):
        taken = {sheet.id for sheet in sheets.values()}
        number = 1 + sum(isinstance(sheet, Plot) for sheet in sheets.values())
        drawn = MIME in output.get("data", {})
        if sheet := plot_of(output, number, taken) if drawn else table_of(output, taken):
            sheets[id(output)] = sheet
    return sheets


def sheets_on(notebook: Any, page: Page) -> dict[int, Sheet]:
    """The sheets of `sheets_of` with what the pictures that leave this page say."""
    sheets = sheets_of(notebook, page.lang, page.rules)
    said = words(page.lang, page.theme)
    for key, sheet in sheets.items():
        if isinstance(sheet, Plot):
            address = page.absolute(f"{page.stem}.html#{sheet.id}")
            sheets[key] = replace(sheet, travel=Travel(address, said["source"], said["undrawn"]))
    return sheets


def plots_of(notebook: Any, lang: str, rules: CellRules) -> list[Plot]:
    """The charts of a page, in order."""
    return [sheet for sheet in sheets_of(notebook, lang, rules).values() if isinstance(sheet, Plot)]


def shown_outputs(cell: Any, asked: Treatment) -> Iterator[Any]:
    """The outputs of a cell that the page shows, folded or not."""
    for output in cell.get("outputs", ()):
        is_stderr = output.output_type == "stream" and output.name == "stderr"
        if is_kept(output, asked) and (asked.shows_stderr or not is_stderr):
            yield output

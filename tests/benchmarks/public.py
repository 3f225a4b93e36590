"""Public notebooks, printed from the outputs that they come with, beside nbconvert's page of them, cell by cell.

    python -m tests.benchmarks.public FOLDER... [--most 15]

Nothing is run. What nbconvert shows of a cell (words, pictures, tables, formulas, code) and our page does not is a
loss, unless a warning names the cell. A line for each notebook; exit code 1 where something is lost or an error is raised.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import click
import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from press.page.beside import Beside
from press.page.formulas import HELD, Formulas
from press.page.render import print_page
from press.records import Page
from press.tags import numbers

WORD = re.compile(r"[^\W\d_]{3,}")
SKIPPED = "script, style, .jp-InputPrompt, .jp-OutputPrompt, .anchor-link, .anchor, .prompt, svg, math, annotation"


def seen(html: str) -> tuple[Counter[str], dict[str, int]]:
    """The words of a cell's HTML, and how many pictures, tables, cells of tables and formulas it has."""
    soup = BeautifulSoup(html, "html.parser")
    counts = {"pictures": len(soup.select("img, svg")), "tables": len(soup.select("table"))}
    counts["table cells"] = len(soup.select("td, th"))
    for one in soup.select(SKIPPED):
        one.replace_with(" ")
    text = soup.get_text(" ")
    return Counter(word.lower() for word in WORD.findall(HELD.sub(" ", Formulas().hold(text)))), counts


def is_left_out(cell) -> bool:
    """Whether a cell is not on a page on purpose: parameters, and what its tags remove."""
    tags = cell.metadata.get("tags", [])
    return any(tag.endswith("parameters") or tag.replace("_", "-").startswith("remove") for tag in tags)


def _directives(source: str) -> set[str]:
    """The words of lines that open a directive or are its options, which nbconvert shows as they are written."""
    lines = re.findall(r"^[ \t]*(?:`{3,}|:::|:\w+:).*$|\{\w+\}", source, re.M)
    return {word.lower() for word in WORD.findall(" ".join(lines))}


def losses(notebook, path: Path, root: Path):
    """(cell, what is lost) of a notebook, and the warnings of its page."""
    exporter = HTMLExporter(template_name="basic")
    page = Page("a", "en", "A", "en/a", code="show", stderr=True)
    whole = print_page(notebook, page, beside=Beside(page, path, root))
    warned = {int(found[1]) for line in whole.lost if (found := re.match(r"cell (\d+):", line))}
    lost = []
    for number, cell in zip(numbers(notebook), notebook.cells, strict=True):
        if number in warned or is_left_out(cell):
            continue
        single = nbformat.v4.new_notebook(cells=[cell], metadata=notebook.metadata)
        theirs, their_counts = seen(exporter.from_notebook_node(single)[0])
        printed = print_page(single, page, beside=Beside(page, path, root))
        found = BeautifulSoup(printed.html, "html.parser").article
        our_words, our_counts = seen(str(found))
        missing = set(theirs) - set(our_words) - {"text"} - _directives(cell.source)  # \\text of a formula
        if missing:
            lost.append((number, f"words {sorted(missing)[:6]}"))
        for kind, count in their_counts.items():
            if our_counts[kind] < count and not (kind == "pictures" and found.select("figure.chart")):
                lost.append((number, f"{count - our_counts[kind]} {kind}"))
    return lost, list(whole.lost)


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--most", default=15, help="Notebooks of one folder.")
@click.option("--details", is_flag=True, help="Each loss and each warning.")
def main(folders: tuple[Path, ...], most: int, details: bool) -> None:
    """Compare the pages of notebooks below FOLDERS with nbconvert's."""
    failed = False
    total: Counter[str] = Counter()
    for folder in folders:
        paths = [path for path in sorted(folder.rglob("*.ipynb")) if not any(p.startswith(".") for p in path.parts)]
        for path in paths[:: max(1, len(paths) // most)][:most]:
            try:
                notebook = nbformat.read(path, as_version=4)
                found, warnings = losses(notebook, path, folder)
            except Exception as error:  # of a notebook that is none, or of ours
                click.echo(f"{path.name}: {type(error).__name__}: {str(error)[:160]}")
                failed = failed or not isinstance(error, nbformat.reader.NotJSONError)
                continue
            total.update(notebooks=1, cells=len(notebook.cells), losses=len(found), warnings=len(warnings))
            click.echo(
                f"{path.relative_to(folder)}: {len(notebook.cells)} cells, {len(found)} lost, {len(warnings)} warnings"
            )
            for number, what in found if details else ():
                click.echo(f"    cell {number}: {what}")
            for line in warnings if details else ():
                click.echo(f"    warned: {line[:150]}")
            failed = failed or bool(found)
    click.echo(", ".join(f"{count} {name}" for name, count in total.items()))
    sys.exit(failed)


if __name__ == "__main__":
    main()

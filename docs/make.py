"""The docs as a site of their own, printed by the press, and their two pages that are written from code.

    .venv/bin/python docs/make.py            print the docs into reports/docs/site (`make docs`)
    .venv/bin/python docs/make.py --write    write docs/suite.md and docs/bluebook.md anew from the code

Each Markdown file becomes a notebook of one cell in reports/docs/pages, where it lies as in the repository, with the
files beside it that it shows or leads to. docs/suite.toml says which files are pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LINK = re.compile(r"(?P<text>\]\()(?P<path>[^()\s#:]+)(?P<place>#[^()\s]*)?\)")  # to a file of the repository
CHINESE = re.compile(r"\.zh(-CN)?\.md$")
FENCE = re.compile(r"^(```.*?^```|~~~.*?^~~~)", re.M | re.S)


def pages() -> list[Path]:
    """The Markdown files that docs/suite.toml makes pages of."""
    content = tomllib.loads((DOCS / "suite.toml").read_text(encoding="utf-8"))
    notebooks = [DOCS / report.get("notebook", f"{report['name']}.ipynb") for report in content["report"]]
    return [path.resolve().with_suffix(".md") for path in notebooks]


def links(text: str) -> Iterator[re.Match[str]]:
    """The links of a page to files of the repository; none of those in blocks of code."""
    blocks = [block.span() for block in FENCE.finditer(text)]
    for link in LINK.finditer(text):
        if not any(start <= link.start() < end for start, end in blocks):
            yield link


def target_of(page: Path, link: re.Match[str]) -> Path:
    """The file that a link of a page leads to."""
    return Path(normpath(page.parent / unquote(link["path"])))


def as_notebook(page: Path, all_pages: list[Path], folder: Path) -> None:
    """Write a page as a notebook of one cell, where links to other pages lead to their notebooks."""
    text = page.read_text(encoding="utf-8")
    parts: list[str] = []
    end = 0
    for link in links(text):
        target = target_of(page, link)
        parts.append(text[end : link.start()])
        end = link.end()
        if target in all_pages:
            path = link["path"].removesuffix(".md") + ".ipynb"
            parts.append(f"{link['text']}{path}{link['place'] or ''})")
        else:
            copy_beside(target, folder)
            parts.append(link[0])
    prose = "".join([*parts, text[end:]])
    if CHINESE.search(page.name):
        prose = f'<div lang="zh-Hans">\n\n{prose}\n\n</div>'
    notebook = new_notebook(cells=[new_markdown_cell(prose, id="page")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    place = (folder / page.relative_to(ROOT)).with_suffix(".ipynb")
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place)


def copy_beside(file: Path, folder: Path) -> None:
    """Copy a file that a page shows or leads to, to where it lies in the repository."""
    place = folder / file.relative_to(ROOT)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)


def print_docs(out: Path) -> int:
    """Print the docs into a folder; the exit code of `press build`."""
    folder = out / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    all_pages = pages()
    for page in all_pages:
        as_notebook(page, all_pages, folder)
    suite = folder / "docs" / "suite.toml"
    shutil.copyfile(DOCS / "suite.toml", suite)
    press = Path(sys.executable).with_name("press")
    return subprocess.run([press, "build", "--suite", suite, "--out", out], check=False).returncode


def written() -> dict[Path, str]:
    """The pages that are written from code, by file."""
    from press.suite.reference import reference

    sys.path.insert(0, str(DOCS))
    from api import api

    return {DOCS / "suite.md": reference(), DOCS / "bluebook.md": api()}


def main() -> int:
    """Write the pages that come from code, or print all of them."""
    if "--help" in sys.argv[1:]:
        print(__doc__)
        return 0
    if "--write" in sys.argv[1:]:
        for file, text in written().items():
            file.write_text(text, encoding="utf-8")
        return 0
    out = ROOT / "reports" / "docs"
    code = print_docs(out)
    if code == 0:
        print(f"The docs are in {out / 'site'}: open index.html")
    return code


if __name__ == "__main__":
    sys.exit(main())

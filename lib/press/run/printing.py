"""The page of an executed notebook, printed with all that belongs to it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import nbformat

from press.page.beside import Beside
from press.page.companions import companions
from press.page.downloads import zipped
from press.page.frames import framed_html
from press.page.linked_data import credit_line
from press.page.prose import page_title
from press.page.record import read_page
from press.page.render import Printed, print_page
from press.page.sheets import plots_of, sheets_of
from press.page.translations import outline
from press.paper.browser import Browser, BrowserError
from press.records import Page, PageRecord, Result, Task
from press.run.errors import RunError
from press.run.hashing import digest
from press.run.inputs import files_below, fingerprint, relative
from press.site import assets


def print_run(result: Result, task: Task, server: str | None) -> PageRecord:
    """Add the HTML page of the executed notebook with all that belongs to it, and its PDF where that is asked for.

    Without a browser there is a warning in place of the PDF, and charts are drawn by their reader; so they are where no
    font has a character of theirs. A PDF that would lack a character is not made, and the warning names it.
    Returns what the page says.
    """

    notebook = nbformat.reads(result.files[f"{result.path}.ipynb"].decode("utf-8", "replace"), as_version=4)
    page = task.page
    beside = Beside(page, Path(task.notebook), Path(task.root))
    for sheet in sheets_of(notebook, page.lang, page.rules).values():
        if sheet.folder:
            result.files[f"{page.path}/{sheet.archive}"] = _packed(sheet.folder, result, task)
    printed = None
    if "pdf" in page.formats or (not page.undrawn and _has_pictures(notebook, page)):
        try:
            printed = _print_with_browser(result, notebook, replace(page, drawn=True), beside, server, task)
        except BrowserError as error:
            result.warning = str(error)
            page = replace(page, formats=("html",))
    if printed is None:
        result.files |= companions(notebook, page)
        printed = _add_html(result, notebook, page, beside)
    _note_beside(result, beside, task)
    return replace(
        read_page(printed.html),
        lang=page.lang,
        outline=outline(notebook, page.lang, page.rules),
        references=printed.references,
        warnings=printed.lost,
    )


def _note_beside(result: Result, beside: Beside, task: Task) -> None:
    """The files that the page takes along or looked for in vain: it is printed again when one changes."""
    root = Path(task.root).resolve()
    for path, content in beside.looked_at.items():
        name = relative(path, root)
        result.beside[name] = None if content is None else digest(content)


def _add_html(result: Result, notebook: Any, page: Page, beside: Beside) -> Printed:

    printed = print_page(notebook, page, result.files, beside)
    result.files |= beside.files
    result.files[f"{page.path}.html"] = printed.html.encode()
    return printed


def _packed(name: str, result: Result, task: Task) -> bytes:
    """A folder of the suite's data as a zip; what is in it is an input of the run. RunError for any other."""

    data = Path(task.data).resolve()
    folder = (data / name).resolve()
    if not folder.is_dir() or data not in folder.parents:
        raise RunError(f'a table belongs to the folder "{name}": expected a folder in {data}')
    tree = f"{relative(folder, Path(task.root))}/**"
    result.inputs[tree] = fingerprint(tree, Path(task.root))
    return zipped({path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in files_below(folder)})


def _has_pictures(notebook: Any, page: Page) -> bool:
    """Whether there is a chart of plotly's, or a frame, which a page shows as a picture where no script runs."""

    return bool(plots_of(notebook, page.lang, page.rules) or framed_html(notebook, page))


def _print_with_browser(
    result: Result, notebook: Any, page: Page, beside: Beside, server: str | None, task: Task
) -> Printed:
    """Add the page and its companions with the pictures that this process's browser draws, and its PDF.

    Raises BrowserError where the pictures cannot be drawn; a PDF that cannot be printed is only warned of.
    """

    scratch, browser = own_browser(Path(server).parent if server else None)
    files = companions(notebook, page, browser, (scratch, Path(task.site or scratch)))
    result.files |= files
    printed = _add_html(result, notebook, page, beside)
    if not assets.are_there(scratch, page.theme):
        assets.write_assets(scratch, page.theme, Path(task.root))
    for name, content in {**files, **beside.files, f"{page.path}.html": printed.html.encode()}.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_bytes(content)
    if "pdf" not in page.formats:
        return printed
    file = scratch / f"{page.path}.html"
    said = {
        "title": page_title(notebook, page),
        "lang": page.lang,
        "running": page.site_title,
        "author": page.author,
    }
    said["subject"] = credit_line(page)
    try:
        result.files[f"{page.path}.pdf"] = browser.pdf(file, **said)
    except BrowserError as error:
        result.warning = str(error).replace(str(file), f"{page.path}.html")
        return _add_html(result, notebook, replace(page, formats=("html",)), beside)
    return printed


_OPEN: list[Any] = []


def own_browser(folder: Path | None = None) -> tuple[Path, Any]:
    """This process's scratch folder and browser, opened once and closed when the process ends.

    They and all they leave are in a folder of the caller's, who sees to it that it is removed however the press ends.
    """
    if not _OPEN:
        own = tempfile.TemporaryDirectory(prefix="press-", dir=folder)
        with _temporary_files_in(own.name):
            browser = Browser().__enter__()
        Finalize(None, browser.__exit__, (None, None, None), exitpriority=20)
        Finalize(None, own.cleanup, exitpriority=10)
        _OPEN.extend((Path(own.name) / "site", browser))
    return _OPEN[0], _OPEN[1]


@contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """Programs that are started meanwhile put their temporary files there."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before

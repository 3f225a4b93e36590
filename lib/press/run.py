"""One run: a notebook executed by papermill through our engine, made the same every time, and its page printed.

`do` is what a worker does: it takes a `Task`, returns a `Result`, and writes nothing but its own scratch folder, so it
can run anywhere.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from press import fresh, redact
from press.engine import ExpressionError, Settings
from press.kernels import KernelDiedError
from press.task import Result, Task

ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}")
CELL_FILE = re.compile(re.escape(tempfile.gettempdir()) + r"/ipykernel_\d+/\d+\.py")
WIDGETS = "application/vnd.jupyter.widget-state+json"


class RunError(Exception):
    """A run that did not come to its end: `cell` is its number in the notebook (from 1), if it was a cell's fault."""

    def __init__(self, error: str, cell: int | None = None, detail: str = "") -> None:
        super().__init__(error, cell, detail)
        self.error, self.cell, self.detail = error, cell, detail


def do(task: Task, server: str | None = None) -> Result:
    """Execute a task's notebook (unless it brings one executed) and print its page; an error is in the result."""
    started = time.monotonic()
    result = Result(task.page["path"])
    masks = redact.read(task.secrets)
    try:
        if task.executed is None:
            known = fresh.known_inputs(task)  # before it runs: what changes meanwhile is seen by the next build
            executed, account = _patiently(task, server)
            found, result.volatile = fresh.settle(account, task, executed)
            result.inputs = known | found
            result.files[f"{result.path}.ipynb"] = redact.mask(to_bytes(executed), masks)
        else:
            result.files[f"{result.path}.ipynb"] = task.executed
        _print_page(result, task, server)
    except RunError as failure:
        words = (failure.error, failure.detail)
        result.error, result.detail = (redact.mask(text.encode(errors="replace"), masks).decode() for text in words)
        result.cell = failure.cell
    result.warning = redact.mask(result.warning.encode(errors="replace"), masks).decode()
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _patiently(task: Task, server: str | None) -> tuple[Any, dict[str, Any]]:
    """`execute`, again as often as the task allows when it fails."""
    for _ in range(task.retries):
        try:
            return execute(task, server)
        except RunError:
            continue
    return execute(task, server)


def warm_up() -> None:
    """Import and do once what every run needs, before processes are forked from this one."""
    import nbformat

    from press import pages

    pages.render(nbformat.v4.new_notebook(), pages.Page("warm-up", "en", "", "en/warm-up"))


def _print_page(result: Result, task: Task, server: str | None) -> None:
    """Add the HTML page of the executed notebook with all that belongs to it, and its PDF where that is asked for.

    Without a browser there is a warning in place of the PDF, and charts are drawn by their reader; so they are where no
    font has a character of theirs. But a PDF that would lack a character is an error.
    """
    import nbformat

    from press import pages
    from press.browser import BrowserError, GlyphError
    from press.translations import outline

    notebook = nbformat.reads(result.files[f"{result.path}.ipynb"].decode("utf-8", "replace"), as_version=4)
    page = pages.Page(**task.page)
    result.outline = outline(notebook, page.lang)
    for sheet in pages.sheets_of(notebook, page.lang).values():
        if sheet.folder:
            result.files[f"{page.path}/{sheet.archive}"] = _packed(sheet.folder, result, task)
    if "pdf" in page.formats or _has_own_charts(notebook):
        try:
            result.files |= _with_browser(notebook, replace(page, drawn=True), server, task.site)
            return
        except BrowserError as error:
            if isinstance(error, GlyphError) and "pdf" in page.formats:
                raise RunError(str(error)) from None
            result.warning = str(error)
            page = replace(page, formats=("html",))
    result.files |= pages.companions(notebook, page)
    result.files[f"{page.path}.html"] = pages.render(notebook, page).encode()


def _packed(name: str, result: Result, task: Task) -> bytes:
    """A folder of the suite's data as a zip; what is in it is an input of the run. RunError for any other."""
    from press.downloads import zipped

    data = Path(task.data).resolve()
    folder = (data / name).resolve()
    if not folder.is_dir() or data not in folder.parents:
        raise RunError(f'a table belongs to the folder "{name}": expected a folder in {data}')
    tree = f"{fresh.relative(folder, Path(task.root))}/**"
    result.inputs[tree] = fresh.fingerprint(tree, Path(task.root))
    return zipped({path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in fresh.files_below(folder)})


def _has_own_charts(notebook: Any) -> bool:
    """Whether there is a chart that says what a picture of it needs; any other is left to its reader's plotly.js."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any("chart" in output.get("metadata", {}).get("press", {}) for output in outputs)


def _with_browser(notebook: Any, page: Any, server: str | None, published: str) -> dict[str, bytes]:
    """The page, its companions and its PDF, with the pictures that this process's browser draws."""
    from press import pages, site

    scratch, browser = _browser(server)
    files = pages.companions(notebook, page, browser.draw, (scratch, Path(published or scratch)))
    files[f"{page.path}.html"] = pages.render(notebook, page).encode()
    if not (scratch / "assets").exists():
        site.write_assets(scratch)
    for name, content in files.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_bytes(content)
    if "pdf" in page.formats:
        file = scratch / f"{page.path}.html"
        said = {"title": page.title, "lang": page.lang, "running": page.site_title, "author": page.author}
        files[f"{page.path}.pdf"] = browser.pdf(file, **said)
    return files


_OPEN: list[Any] = []


def _browser(server: str | None) -> tuple[Path, Any]:
    """This process's scratch folder and browser, opened once and closed when the process ends.

    They and all they leave are in the folder of the server of kernels, which removes it however the press ends.
    """
    if not _OPEN:
        from multiprocessing.util import Finalize
        from unittest.mock import patch

        from press.browser import Browser

        folder = tempfile.TemporaryDirectory(prefix="press-", dir=Path(server).parent if server else None)
        with patch.dict(os.environ, TMPDIR=folder.name):
            browser = Browser().__enter__()
        Finalize(None, browser.__exit__, (None, None, None), exitpriority=20)
        Finalize(None, folder.cleanup, exitpriority=10)
        _OPEN.extend((Path(folder.name) / "site", browser))
    return _OPEN[0], _OPEN[1]


def execute(task: Task, server: str | None = None) -> tuple[Any, dict[str, Any]]:
    """The executed notebook, made the same for every run of the same inputs, and the kernel's account of what it read.

    `server` is the address of a `kernels.KernelServer`; without one, kernels are started the ordinary way.
    Raises RunError.
    """
    folder = str(Path(task.notebook).parent)
    settings = Settings(task.lang, server, folder, task.timeout, task.cell_timeout, task.memory)
    state = settings.state
    try:
        executed = papermill.execute_notebook(
            task.notebook,
            None,
            dict(task.params),
            engine_name="press",
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            press=settings,
        )
    except PapermillExecutionError as error:
        detail = "\n".join(error.traceback)
        raise RunError(f"{error.ename}: {error.evalue}", state.get("cell"), detail) from None
    except (CellTimeoutError, DeadKernelError, KernelDiedError, ExpressionError) as error:
        raise RunError(str(error), state.get("cell")) from None
    account = state.get("account", {})
    account["finer"] = [entry for bundle in state.get("finer", ()) for entry in bundle]
    return normalise(executed, Path(task.root)), account


def normalise(executed: Any, root: Path) -> Any:
    """The notebook without what differs from run to run: timings, this machine's paths, addresses, random ids."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", ()) or "id" not in cell:
            cell["id"] = f"cell-{number}"
        if "outputs" in cell:
            cell.outputs = list(_whole_streams(cell.outputs))
        for output in cell.get("outputs", ()):
            _plain_output(output, root)
        for answer in cell.metadata.get("user_expressions", ()):
            _plain_output(answer["result"], root)
    return _stable_models(executed)


def _whole_streams(outputs: list[Any]) -> Iterator[Any]:
    """The outputs with neighbouring streams joined, stdout first: how they were cut up was a matter of time."""
    for streams, some in groupby(outputs, lambda output: output.output_type == "stream"):
        if not streams:
            yield from some
            continue
        for _, parts in groupby(sorted(some, key=lambda part: part.name != "stdout"), lambda part: part.name):
            first, *rest = parts
            first.text += "".join(part.text for part in rest)
            yield first


def _plain_output(output: Any, root: Path) -> None:
    def plain(text: str) -> str:
        return ADDRESS.sub("0x0", CELL_FILE.sub("cell.py", text.replace(f"{root}/", "")))

    for key in ("text", "evalue"):
        if isinstance(output.get(key), str):
            output[key] = plain(output[key])
    if "traceback" in output:
        output["traceback"] = [plain(line) for line in output["traceback"]]
    for kind, content in output.get("data", {}).items():
        if kind.startswith("text/") and isinstance(content, str):
            output["data"][kind] = plain(content)


def _stable_models(notebook: Any) -> Any:
    """Widgets' models are named at random: number them in their order."""
    import nbformat

    models = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    if not models:
        return notebook
    text = nbformat.writes(notebook)
    for number, model in enumerate(models, 1):
        text = text.replace(model, f"{number:032x}")
    return nbformat.reads(text, as_version=4)


def to_bytes(notebook: Any) -> bytes:
    """A notebook as the bytes of its file, the same for the same notebook.

    >>> from nbformat.v4 import new_notebook
    >>> to_bytes(new_notebook()).splitlines()[0]
    b'{'
    """
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "surrogatepass")

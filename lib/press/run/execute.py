"""One run: a notebook executed by papermill through our engine, made the same every time, and its page printed.

`run_task` is what a worker does: it takes a `Task`, returns a `Result`, and writes nothing but its own scratch
folder, so it can run anywhere.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import papermill
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillException

from press.logs import without_controls
from press.records import Page, PageRecord, Result, Task
from press.run import hints, redact
from press.run.client import ExpressionError, Settings, is_exit
from press.run.collected import collect_inputs, folder_of, known_inputs
from press.run.engine import Engine
from press.run.errors import RunError
from press.run.inputs import STATES, Inputs, fingerprint, relative, state_fingerprint
from press.run.normal import normalise
from press.run.provisioner import KernelDiedError
from press.run.watch import Watch
from press.tags import OptionError, numbers, published, treatment

# It warns of every parameter of a language whose cells it cannot read; the suite knows them by name.
logging.getLogger("papermill").setLevel(logging.ERROR)

CURRENT = (4, 5)  # the format of notebooks: from it on cells have names
CELL_LINE = re.compile(r"\(\d+\.py, (line \d+)\)")  # how a SyntaxError names a cell


def run_task(task: Task, server: str | None = None, turn: AbstractContextManager[Any] | None = None) -> Result:
    """Execute a task's notebook (unless it brings one executed) and print its page; an error is in the result.

    `turn` is held while the notebook runs, where others are to wait for it meanwhile.
    """
    from press.run.printing import print_run

    started = time.monotonic()
    result = Result(task.path)
    masks = redact.read(task.secrets)
    rules = task.page.rules
    executed = None
    try:
        if not task.execute and task.executed is None:
            result.inputs = known_inputs(task)
            executed = normalise(_readable(task), Path(task.root))
            result.files[f"{result.path}.ipynb"] = redact.mask(to_bytes(published(executed, rules)), masks)
        elif task.executed is None:
            with turn or nullcontext():
                known = known_inputs(task)  # before it runs: what changes meanwhile is seen by the next build
                executed, account = _patiently(task, server)
            collected = collect_inputs(account, task, executed, account.get("seen"))
            result.volatile, result.written = collected.volatile, collected.written
            result.unseen, result.perhaps = collected.unseen, collected.perhaps
            result.inputs = known | collected.inputs
            result.files[f"{result.path}.ipynb"] = redact.mask(to_bytes(published(executed, rules)), masks)
        else:
            result.files[f"{result.path}.ipynb"] = task.executed
        with _told_of_templates():
            result.printed = print_run(result, task, server)
        if not task.execute and executed is not None:
            result.printed = _with_warnings(result.printed, _never_run(executed))
    except RunError as failure:
        executed = failure.notebook or executed
        result.error = _masked(without_controls(failure.error), masks)
        result.detail = _masked(failure.detail, masks)
        result.cell = failure.cell
        result.inputs = _looked_for(failure.account, task)
        result.failed = redact.mask(to_bytes(executed), masks) if executed else b""
    if executed:
        result.stderr = [_masked(line, masks) for line in stderr_lines(executed)]
    result.warning = _masked(result.warning, masks)
    masked = tuple(_masked(warning, masks) for warning in result.printed.warnings)
    result.printed = replace(result.printed, warnings=masked)
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _with_warnings(record: PageRecord, sentences: Iterable[str]) -> PageRecord:
    return replace(record, warnings=(*record.warnings, *sentences))


@contextmanager
def _told_of_templates() -> Iterator[None]:
    """A template of the suite's own that cannot be filled in fails its page, in a sentence."""
    from jinja2 import TemplateError

    try:
        yield
    except TemplateError as error:
        raise RunError(f"a template of the theme cannot be filled in: {error}") from error


def _masked(text: str, masks: tuple[redact.Secret, ...]) -> str:
    return redact.mask(text.encode(errors="replace"), masks).decode()


def stderr_lines(notebook: Any) -> list[str]:
    """What a notebook's cells wrote to stderr, warnings and logs, a line each with its cell."""
    told = []
    for number, cell in zip(numbers(notebook), notebook.cells, strict=True):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                last = [line.rpartition("\r")[2] for line in output.text.split("\n")]
                told += [f"cell {number}: {without_controls(line)}" for line in last if line.strip()]
    return told


def _patiently(task: Task, server: str | None) -> tuple[Any, dict[str, Any]]:
    """`execute`, again as often as the task allows when it fails."""
    for _ in range(task.retries):
        try:
            return execute(task, server)
        except RunError:
            continue
    return execute(task, server)


def _looked_for(account: Mapping[str, Any], task: Task) -> Inputs:
    """The files that a failed run read, as it found them: another run may write them yet."""
    root = Path(task.root)
    found = {}
    for path, state in account.get("reads", {}).items():
        name = relative(Path(path), root)
        found[name] = None if state is None else fingerprint(name, root)
    for path, (_, *state, _) in account.get("states", {}).items():
        found[f"{STATES[0]}{relative(Path(path), root)}"] = state_fingerprint(0, state)
    for path, names in account.get("folders", {}).items():
        found[f"{relative(Path(path), root)}/"] = names or None
    if "native" in account.get("notes", {}):  # it may have missed any file that it names
        for place in hints.paths(_code_of(task), folder_of(task)):
            found[f"{STATES[0]}{relative(place, root)}"] = None
    return found


_WATCHES: dict[tuple[str, ...], Watch] = {}


def _watch(task: Task) -> Watch:
    """This process's watch of the suite's folders, and of those outside that the notebook names."""
    root, folder, data = Path(task.root), folder_of(task), Path(task.data)
    left_out = [Path(task.site).parent] if task.site else []
    key = (task.root, task.site)
    if key not in _WATCHES:
        while _WATCHES:
            _WATCHES.popitem()[1].close()
        _WATCHES[key] = Watch(left_out)
        _WATCHES[key].add(root)
    watch = _WATCHES[key]
    for place in (folder, Path(task.notebook).parent, data):
        watch.add(place)
    for path in hints.paths(_code_of(task), folder):
        if not path.is_relative_to(root):
            watch.add_one(path if path.is_dir() else path.parent)
    watch.begin()
    return watch


def _code_of(task: Task) -> list[str]:
    """The code of a run, and the texts among its parameters as if they were code."""
    texts = [repr(value) for value in task.params.values() if isinstance(value, str)]
    with suppress(OSError, ValueError, LookupError, TypeError):
        cells = json.loads(Path(task.notebook).read_bytes())["cells"]
        texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return texts


def warm_up(paper: bool = False) -> None:
    """Import and do once what every run needs, with `paper` also what a PDF does, before processes are forked from us.

    The press has time for it: the server of kernels, which is started first, takes longer to import what notebooks do.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    from press.run.printing import print_run

    notebook = new_notebook(cells=[new_markdown_cell("# Title", id="title"), new_code_cell("1", id="code")])
    page = Page("warm-up", "en", "", "en/warm-up", undrawn=True)
    task = Task("warm-up.ipynb", ".", ".", {}, "en", page)
    hints.of_cells(["1"])
    print_run(Result(page.path, files={f"{page.path}.ipynb": to_bytes(notebook)}), task, None)
    if paper:
        from press.paper import browser

        browser.warm_up()


def execute(task: Task, server: str | None = None) -> tuple[Any, dict[str, Any]]:
    """The executed notebook, made the same for every run of the same inputs, and the kernel's account of what it read.

    `server` is the address of a `kernels.KernelServer`; without one, kernels are started the ordinary way.
    Raises RunError.
    """
    rules = task.page.rules
    notebook = _prepared(task)
    for number, cell in zip(numbers(notebook), notebook.cells, strict=True):
        try:
            treatment(cell, rules)
        except OptionError as error:
            raise RunError(f"option {error}", number) from None
    folder, root = str(folder_of(task)), Path(task.root)
    settings = Settings(task.lang, server, folder, task.timeout, task.cell_timeout, task.memory, rules=rules)
    state = settings.state
    settings.watch = _watch(task)
    try:
        kernel = Engine.nb_kernel_name(notebook)
        Engine.execute_notebook(notebook, kernel, settings, progress_bar=False, autosave_cell_every=0)
    except (CellTimeoutError, DeadKernelError, KernelDiedError, ExpressionError) as error:
        raise RunError(str(error), state.get("cell"), notebook=normalise(notebook, root)) from None
    except NoSuchKernel as error:
        raise RunError(_no_kernel(error.name)) from None
    notebook = normalise(notebook, root)
    failure = _failure(state["error"], state["cell"], notebook) if "error" in state else None
    if failure is not None:
        failure.account = state.get("account", {})
        raise failure
    account = state.get("account", {})
    if account:
        account["finer"] = [entry for bundle in state.get("finer", ()) for entry in bundle]
        account["seen"] = settings.watch.end()
    return notebook, account


def _prepared(task: Task) -> Any:
    """The task's notebook with its parameters put in by papermill."""
    notebook = _readable(task)  # by us: papermill would take braces in a path for parameters
    if task.kernel:
        notebook.metadata["kernelspec"] = _spec_of(task.kernel)
    try:
        return papermill.execute_notebook(notebook, None, dict(task.params), engine_name="press", prepare_only=True)
    except (PapermillException, ValueError, OSError) as error:
        raise RunError(f"{type(error).__name__}: {error}") from None


def _readable(task: Task) -> Any:
    """The task's notebook as it is. RunError for a file that is none."""
    try:
        return _read(Path(task.notebook))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise RunError(f"not a notebook of format 4 ({error}): open and save it in JupyterLab") from None
    except OSError as error:
        raise RunError(f"{type(error).__name__}: {error}") from None


def _never_run(notebook: Any) -> list[str]:
    """A warning where a notebook that is not run comes with cells that never were."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    never = [cell for cell in code if not cell.outputs and cell.get("execution_count") is None]
    return [f"{len(never)} of {len(code)} cells of code have not been run, and nothing runs them"] if never else []


def _spec_of(kernel: str) -> dict[str, str]:
    """How a notebook names the kernel that runs it. RunError for one that is not there."""
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        raise RunError(_no_kernel(kernel)) from None
    return {"name": kernel, "display_name": spec.display_name, "language": spec.language}


def _no_kernel(name: str) -> str:
    known = ", ".join(sorted(KernelSpecManager().find_kernel_specs()))
    return f'no kernel is named "{name}": expected one of {known}; -k python3 runs it in this Python'


def _read(file: Path) -> Any:
    """A notebook in today's format; a cell without a name of its own, which nbformat would draw, has its number."""
    import nbformat

    content = json.loads(file.read_bytes())
    if content.get("nbformat") == CURRENT[0]:
        content["nbformat_minor"] = max(CURRENT[1], content.get("nbformat_minor", 0))
        taken = set()
        for number, cell in enumerate(content["cells"]):
            if "id" not in cell or cell["id"] in taken:
                cell["id"] = f"unnamed-{number}"
            taken.add(cell["id"])
    return nbformat.reads(json.dumps(content), as_version=CURRENT[0])


def _failure(error: Any, cell: int, notebook: Any) -> RunError | None:
    """What a cell failed of, with its traceback; None where the notebook ended itself in peace."""
    shown = [output for one in notebook.cells for output in one.get("outputs", ()) if output.output_type == "error"]
    if error.ename == "SystemExit" and shown and is_exit(shown[-1]):
        return None
    same = [output for output in shown if (output.ename, output.evalue) == (error.ename, error.evalue)]
    words = CELL_LINE.sub(r"(\1)", f"{error.ename or 'Error'}: {error.evalue}")
    return RunError(words, cell, "\n".join(same[-1].traceback) if same else "", notebook)


def to_bytes(notebook: Any) -> bytes:
    """A notebook as the bytes of its file, the same for the same notebook.

    >>> from nbformat.v4 import new_notebook
    >>> to_bytes(new_notebook()).splitlines()[0]
    b'{'
    """
    try:
        text = json.dumps(notebook, ensure_ascii=False, sort_keys=True)
        return msgspec.json.format(text.encode("utf-8", "surrogatepass"), indent=1) + b"\n"
    except msgspec.DecodeError:  # a NaN, which Python writes and JSON does not have: the same, four times slower
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        return (text + "\n").encode("utf-8", "surrogatepass")

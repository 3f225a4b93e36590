"""What is kept of runs that failed, beside the site: the notebook as far as it was executed, and the traceback."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from press.build.order import Order
from press.build.report import FAILED
from press.logs import without_controls
from press.records import Result
from press.run.record import replace
from press.suite import Run


def keep_failure(result: Result, order: Order) -> None:
    """Keep what a failed run had executed, and its traceback; nothing of one that succeeded."""
    folder = order.out / FAILED
    notebook = folder / f"{result.path}.ipynb"
    trace = notebook.with_name(f"{notebook.stem}.txt")
    if result.failed:
        replace(notebook, result.failed, order.cache)
    else:
        _remove(notebook, folder)
    if result.error is None:
        _remove(trace, folder)
        return
    place = f"cell {result.cell}: " if result.cell else ""
    text = without_controls(f"{place}{result.error}\n\n{result.detail}\n")
    replace(trace, text.encode(errors="replace"), order.cache)


def forget_failures(planned: Sequence[Run], out: Path) -> None:
    """Remove what is kept of runs that no report of the suite makes any more."""
    folder = out / FAILED
    expected = {folder / f"{run.path}.{suffix}" for run in planned for suffix in ("ipynb", "txt")}
    for file in [*folder.rglob("*.ipynb"), *folder.rglob("*.txt")]:
        if file not in expected:
            _remove(file, folder)


def _remove(file: Path, top: Path) -> None:
    """Remove a file, and the folders up to `top` that it leaves empty."""
    file.unlink(missing_ok=True)
    folder = file.parent
    while folder.is_relative_to(top) and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent

"""What JupyterLab must be told of a notebook's prose: when the numbers in it are those of an earlier run.

JupyterLab keeps what `{eval}` said until its Markdown cell runs again. So where a cell fails, or where the parameters
are no longer those that the edition was opened with, the numbers below are marked as out of date, by a style sheet
among the outputs of that cell. Outside a notebook that somebody looks at, nothing happens.
"""

from __future__ import annotations

import sys
from typing import Any

from bluebook.messages import FALLBACK, MessageError, message

PARAMETERS = ("edition", "lang")  # the names that a chapter's parameters have
MARK = """<style>
.jp-Cell:has(.bluebook-outdated) ~ .jp-Cell .myst-RenderedExpression {{ opacity: 0.4; text-decoration: line-through; }}
</style><p class="bluebook-outdated">{}</p>"""


def watch_cells(lang: str) -> None:
    """From now on mark numbers that are out of date, in the notebook of this kernel; `lang` is the mark's language.

    Called again, as each time an edition is opened, it takes the parameters as they are then, and takes back a mark
    that said they had changed.
    """
    shell = _notebook_shell()
    if shell is None:
        return
    watchers = [call for call in shell.events.callbacks["post_run_cell"] if isinstance(call, _AfterCell)]
    watcher = watchers[0] if watchers else _AfterCell(shell)
    if not watchers:
        shell.events.register("post_run_cell", watcher)
    watcher.opened(lang)


class _AfterCell:
    """Called by IPython after each cell that it ran."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.lang = ""
        self.parameters: dict[str, Any] = {}
        self.mark: Any = None  # the display that says the parameters have changed

    def opened(self, lang: str) -> None:
        from IPython.display import HTML

        self.lang = lang
        self.parameters = self._parameters()
        if self.mark is not None:
            self.mark.update(HTML(""))
            self.mark = None

    def __call__(self, result: Any) -> None:
        if not self._is_cell_of_a_notebook():
            return
        if not result.success:
            self._show_mark()
        elif self.mark is None and self._parameters() != self.parameters:
            self.mark = self._show_mark()

    def _parameters(self) -> dict[str, Any]:
        return {name: self.shell.user_ns.get(name) for name in PARAMETERS}

    def _is_cell_of_a_notebook(self) -> bool:
        """Whether somebody looks at the cell: a frontend names it, a program that runs notebooks does not."""
        parent = self.shell.kernel.get_parent("shell")
        return "cellId" in parent.get("metadata", {})

    def _show_mark(self) -> Any:
        from IPython.display import HTML, display

        try:
            words = message(self.lang, "lab.out_of_date")
        except MessageError:  # an unknown language is what the cell failed of
            words = message(FALLBACK, "lab.out_of_date")
        return display(HTML(MARK.format(words)), display_id=True)


def _notebook_shell() -> Any:
    """The IPython shell of a notebook's kernel; None in a terminal, a script or a test."""
    if "IPython" not in sys.modules:
        return None
    shell = sys.modules["IPython"].get_ipython()
    return shell if hasattr(shell, "kernel") else None

"""The papermill engine "press": nbclient runs the code cells, and the kernel answers the expressions in Markdown cells.

It is asked, in cell order, for the `{eval}` roles of the Markdown cells of the run's language; answers stay with their
cell. Kernels come from the server of `press.run.kernels` where there is one. papermill loads `Engine` while it is
itself half imported: so that is made before anything of papermill is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from press.run.collected import PLAIN_KERNELS
from press.tags import LANGUAGE, CellRules

log = logging.getLogger(__name__)
log.addHandler(logging.NullHandler())
log.propagate = False


class Engine:
    """papermill's engine "press": `papermill IN OUT --engine press -p lang en`."""

    @classmethod
    def execute_notebook(
        cls, nb: Any, kernel_name: str, press: Settings | None = None, log_output: bool = False, **options: Any
    ) -> Any:
        """The notebook, executed in place as far as it goes. A notebook that names no kernel gets Python's."""
        settings = press or Settings(timeout=options.get("execution_timeout"), rules=_rules_without_suite(nb))
        if settings.lang is None:
            settings.lang = nb.metadata.get("papermill", {}).get("parameters", {}).get("lang")
        stored = {id(cell): cell.outputs for cell in nb.cells if cell.cell_type == "code"}
        manager = NotebookExecutionManager(
            nb,
            output_path=options.get("output_path"),
            log_output=log_output,
            progress_bar=options.get("progress_bar", True),
            autosave_cell_every=options.get("autosave_cell_every", 30),
        )
        manager.notebook_start()  # which takes the outputs away
        client = Client(
            manager,
            settings=settings,
            stored=stored,
            kernel_name=kernel_name,
            startup_timeout=options.get("start_timeout", 60),
            record_timing=False,
            log=log,
            log_output=log_output,
            stdout_file=options.get("stdout_file"),
            stderr_file=options.get("stderr_file"),
        )
        try:
            asyncio.run(client.run())
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        return name or nb.metadata.get("kernelspec", {}).get("name") or PLAIN_KERNELS[0]

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        told = nb.metadata.get("kernelspec", {}).get("language") or nb.metadata.get("language_info", {}).get("name")
        return language or told or "python"


def _rules_without_suite(notebook: Any) -> CellRules:
    """Where no suite says which languages there are, each tag of a Markdown cell that may be one is."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    tags = {tag for cell in cells for tag in cell.metadata.get("tags", ()) if LANGUAGE.fullmatch(tag)}
    return CellRules(languages=tuple(sorted(tags)))


from papermill.engines import NotebookExecutionManager  # noqa: E402

from press.run.client import Client, Settings  # noqa: E402

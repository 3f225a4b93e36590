"""What stock `jupyter nbconvert` and JupyterLab need to know of a suite's notebooks.

`jupyter_config.json` beside this file names these classes. `make` copies it to where Jupyter looks in its environment;
elsewhere `jupyter nbconvert --config` takes it. A page of nbconvert then has the answers of `{eval}` roles and charts.
"""

from __future__ import annotations

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client import AsyncKernelClient
from jupyter_core.utils import run_sync
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbconvert.preprocessors import ExecutePreprocessor, Preprocessor
from plotly.io import to_html

from press.page.markdown import expressions
from press.page.outputs import MIME


class ExecuteAndAnswer(ExecutePreprocessor):
    """Runs the code cells, and asks the kernel for the `{eval}` roles of the Markdown cells between them.

    The answers stay in the cell's metadata, where jupyterlab_myst keeps them.
    """

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if cell.cell_type == "markdown":
            self._answer(cell)
            return cell, resources
        ran: tuple[Any, Any] = super().preprocess_cell(cell, resources, index)
        return ran

    def _answer(self, cell: Any) -> None:
        asked = expressions(cell.source)
        if not asked:
            return
        wanted = {str(number): expression for number, expression in enumerate(asked)}
        assert isinstance(self.kc, AsyncKernelClient)
        ask = run_sync(self.kc.execute_interactive)
        reply = ask("", silent=True, store_history=False, user_expressions=wanted, output_hook=lambda _: None)
        results = reply["content"].get("user_expressions", {})
        cell.metadata["user_expressions"] = [
            {"expression": expression, "result": results[number]} for number, expression in wanted.items()
        ]


class ShowAnswers(Preprocessor):
    """Puts the answers that are kept with a Markdown cell in place of its `{eval}` roles."""

    enabled = True

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:  # noqa: ARG002
        if cell.cell_type == "markdown":
            for answer in cell.metadata.get("user_expressions", []):
                role = f"{{eval}}`{answer['expression']}`"
                cell.source = cell.source.replace(role, _text(answer["result"]))
        return cell, resources


class ShowCharts(Preprocessor):
    """Gives plotly's charts an HTML form, which nbconvert shows; the first of a page brings plotly.js."""

    enabled = True

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        is_first = True
        for cell in nb.cells:
            for output in cell.get("outputs", ()):
                chart = output.get("data", {}).get(MIME)
                if chart is not None and "text/html" not in output.data:
                    config = chart.get("config")
                    figure = {"data": chart["data"], "layout": chart["layout"]}
                    output.data["text/html"] = to_html(
                        figure, config=config, full_html=False, include_plotlyjs=is_first, validate=False
                    )
                    is_first = False
        return nb, resources


class Notebooks(AsyncLargeFileManager):
    """Hands out notebooks of Python as their kernel describes itself, so that to open one does not change it."""

    async def get(self, path: str, *args: Any, **options: Any) -> dict[str, Any]:
        model: dict[str, Any] = await super().get(path, *args, **options)
        if model["type"] == "notebook" and model["content"]:
            metadata = model["content"]["metadata"]
            if metadata.get("kernelspec", {}).get("name") == "python3":
                metadata["language_info"] = dict(IPythonKernel.language_info)
        return model


def _text(result: Any) -> str:
    """An answer as Markdown may have it."""
    if result["status"] != "ok":
        return f"`{result['ename']}: {result['evalue']}`"
    data = result["data"]
    for kind in ("text/html", "text/markdown", "text/plain"):
        if kind in data:
            text = str(data[kind])
            return text.strip("'\"") if kind == "text/plain" else text
    return ""

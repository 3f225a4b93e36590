"""What a notebook declares and imports, read from its file without running it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from press.errors import SuiteError
from press.suite.values import unfit

FOREIGN_ASSIGNMENT = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?:=(?!=)|<-)", re.M)  # in R, Julia, a shell
MAGIC = re.compile(r"^[%!].*$", re.M)
UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)  # what Python's parser raises
OTHERWISE_SHAPED = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Unknown:
    """The default of a parameter that is known only when its notebook runs."""


COMPUTED = Unknown()  # or a value that JSON cannot hold
OF_ANOTHER_LANGUAGE = Unknown()


class Cell(NamedTuple):
    """A cell of a notebook, its source as one text."""

    source: str
    kind: str
    tags: list[str]


class Content(NamedTuple):
    """The cells of a notebook and the language of its kernel."""

    cells: list[Cell]
    language: str


def declared(notebook: Path) -> dict[str, Any]:
    """The parameters a notebook declares in its `parameters` cell, with their literal defaults, or Unknown.

    Those of a kernel that is not Python's are all OF_ANOTHER_LANGUAGE. A cell that is not Python declares what single
    lines of it say, and None for other names: its report is planned as it was, and fails by name when it runs.
    Raises SuiteError for a file that is no notebook.
    """
    found: dict[str, Any] = {}
    content = _content(notebook)
    for cell in content.cells:
        if "parameters" not in cell.tags:
            continue
        if content.language == "python":
            found |= _declared_in_python(cell.source)
        else:
            found |= dict.fromkeys(FOREIGN_ASSIGNMENT.findall(cell.source), OF_ANOTHER_LANGUAGE)
    return found


def is_notebook(file: Path) -> bool:
    """Whether a file is a notebook that can be read."""
    try:
        _content(file)
    except SuiteError:
        return False
    return True


def declared_or_none(file: Path) -> dict[str, Any]:
    """What a notebook declares; nothing for a file that is none."""
    return declared(file) if is_notebook(file) else {}


def imports(notebook: Path) -> set[str]:
    """The modules a notebook imports, as far as its code says so."""
    try:
        cells = _content(notebook).cells
    except SuiteError:
        return set()
    found: set[str] = set()
    for cell in cells:
        if cell.kind != "code":
            continue
        with suppress(*UNREADABLE):
            found |= _imported(ast.parse(MAGIC.sub("", cell.source)))
    return found


def _content(notebook: Path) -> Content:
    try:
        content: dict[str, Any] = json.loads(notebook.read_bytes())
        metadata = content.get("metadata") or {}
        kernel = metadata.get("kernelspec") or {}
        language = str(kernel.get("language", "python"))
        return Content([_cell(cell) for cell in content["cells"]], language)
    except OTHERWISE_SHAPED:
        raise SuiteError(f"{notebook}: not a notebook of format 4: open and save it in JupyterLab") from None


def _cell(cell: dict[str, Any]) -> Cell:
    """A cell as JSON has it. Raises what a cell of another shape brings."""
    tags = cell.get("metadata", {}).get("tags", [])
    if not isinstance(tags, list):
        raise TypeError("a cell of another shape")
    source = "".join(cell["source"])
    return Cell(source, str(cell["cell_type"]), tags)


def _declared_in_python(source: str) -> dict[str, Any]:
    """What a parameters cell declares; what cannot be parsed as a whole, line by line."""
    found: dict[str, Any] = {}
    try:
        statements = _statements(source)
    except UNREADABLE:
        statements = _readable_lines(source)
        found |= dict.fromkeys(FOREIGN_ASSIGNMENT.findall(source))
    for statement in statements:
        found |= _assigned(statement)
    return found


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a parameters cell, which may hold IPython's magics. Raises what ast.parse does."""
    try:
        return ast.parse(source).body
    except UNREADABLE:
        from IPython.core.inputtransformer2 import TransformerManager
    return ast.parse(TransformerManager().transform_cell(source)).body


def _readable_lines(source: str) -> list[ast.stmt]:
    """The lines of a cell that are statements by themselves."""
    found: list[ast.stmt] = []
    for line in source.splitlines():
        with suppress(*UNREADABLE):
            found += ast.parse(line).body
    return found


def _assigned(statement: ast.stmt) -> dict[str, Any]:
    """The names a statement assigns to, with the value where it is a literal that JSON can hold."""
    targets: Iterable[ast.expr] = ()
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    value = getattr(statement, "value", None)
    if value is None:
        return {}
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return dict.fromkeys(names, _literal(value)) if names else {}


def _literal(value: ast.expr) -> Any:
    """The value of an expression that is a literal, else COMPUTED."""
    try:
        literal = ast.literal_eval(value)
    except (*UNREADABLE, TypeError):
        return COMPUTED
    return COMPUTED if unfit(literal) else literal


def _imported(tree: ast.Module) -> set[str]:
    """The modules that the import statements of some code name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found

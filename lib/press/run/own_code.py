"""The press's own code as an input: a run depends on the modules that run notebooks, a page on all that print it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from press.run.hashing import canonical, digest, hash_of_file

HERE = Path(__file__).parents[1]  # the folder of the press
RUNS = ("press.run.execute", "press.run.kernels")  # the modules that run notebooks
PAGES = ("press.build.build",)  # and the one that does all of a build
PRINTERS = (  # libraries that make pages
    "jinja2",
    "latex2mathml",
    "markdown-it-py",
    "mdit-py-plugins",
    "nbconvert",
    "plotly",
    "pybtex",
    "pygments",
    "rcssmin",
    "rjsmin",
)
IMPORT = re.compile(
    r"""^([ \t]*)(?:
        from[ \t]+(press(?:\.[\w.]+)?|\.+[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n\#]+)
        | import[ \t]+(press\b[\w., ]*)
    )""",
    re.M | re.X,
)


@lru_cache
def run_code() -> str:
    """The press's own code that runs notebooks: what its modules import when they are themselves imported."""
    modules = imported(RUNS, deferred=False)
    return digest(canonical([[name, hash_of_file(file)] for name, file in sorted(modules.items())]))


@lru_cache
def page_code() -> str:
    """All that makes a page of an executed notebook: our own code that a build may import, whatever else lies in
    its folder (templates, scripts), and the versions of the libraries that print.
    """
    files = set(imported(PAGES, deferred=True).values())
    files |= {path for path in HERE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    ours = [[str(file.relative_to(HERE)), hash_of_file(file)] for file in sorted(files)]
    return digest(canonical([ours, [[name, version(name)] for name in PRINTERS]]))


def imported(modules: Iterable[str], *, deferred: bool) -> dict[str, Path]:
    """Modules of the press, those of it that they import, and these in turn: with their files.

    With `deferred` those count, too, that are imported within functions.
    """
    found: dict[str, Path] = {}
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = _module_file(name)
        if file is None:
            continue
        found[name] = file
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        waiting += [name.rpartition(".")[0], *_imports(file.read_text(encoding="utf-8"), package, deferred)]
    return found


def _module_file(name: str) -> Path | None:
    place = HERE.joinpath(*name.split(".")[1:])
    for file in (place / "__init__.py", place.with_suffix(".py")):
        if name and file.is_file():
            return file
    return None


def _imports(code: str, package: str, deferred: bool) -> Iterator[str]:
    """The names that may be modules of the press in the import statements of some code."""
    for indent, source, names, plain in IMPORT.findall(code):
        if indent and not deferred:
            continue
        if plain:
            yield from re.findall(r"press[\w.]*", plain)
            continue
        if source.startswith("."):
            level = len(source) - len(source.lstrip("."))
            parents = package.split(".")
            start = ".".join(parents[: len(parents) - level + 1])
            source = ".".join(part for part in (start, source.lstrip(".")) if part)
        yield source
        for name in re.findall(r"\w+", names):
            yield f"{source}.{name}"

"""docs/bluebook.md: what a notebook's author needs of `bluebook`, from its docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import bluebook
from bluebook import blocks, charts, diff, sections, show
from bluebook.edition.edition import Edition
from bluebook.numbers.quantity import Quantity

EXPRESSION = re.compile(r"\{eval\}`[^`]+`")
HEAD = """\
# bluebook: what notebooks call

All that a notebook needs to say numbers, with their bounds and where they come from, to draw them and to list them. In
JupyterLab, `charts.bars?` says the same, and figures complete with Tab.

```python
from bluebook import audit, blocks, charts, diff, open_edition, read, sections, show

book = open_edition("shenzhen-2021", lang="en")
```

A figure is `book.volunteers.total`, or by its id `book["volunteers.total"]`. In prose, MyST's inline expression says
it: ``{eval}`book.volunteers.total` ``. Numbers are compared by their bounds: `<`, `max` and `sorted` decide, or say
that they cannot. `+ - * /` carry the bounds and the unit; `sum` and `mean` of a frame's column `quantity` do, too.

This page is written from docstrings by `docs/make.py --write`.
"""


@dataclass(frozen=True)
class Group:
    """Things that belong together: a heading, a sentence, and what is told under it by name."""

    heading: str
    words: str
    members: dict[str, Any]


def named(prefix: str, module: Any, names: str) -> dict[str, Any]:
    """Functions of a module by the names that notebooks call them by."""
    return {f"{prefix}{name}": getattr(module, name) for name in names.split()}


GROUPS = [
    Group("An edition", "Its figures, tables and words.", {"open_edition": bluebook.open_edition, "Edition": Edition}),
    Group(
        "Numbers",
        "A number with its bounds, its unit and where it comes from.",
        {"read": bluebook.read, "Quantity": Quantity, "total": bluebook.total, "mean": bluebook.mean},
    ),
    Group(
        "Charts",
        "Each takes quantities, an `id` (a slug that stays) and a `title` (the finding), and returns a plotly figure "
        "in the coordinates of its data. `subtitle`, `source`, `note` and `alt` replace what is made from the data. "
        "What the press does with a figure: [charts](charts.md).",
        named("charts.", charts, "bars dots forest intervals trend multiples share waffle strips tiles"),
    ),
    Group(
        "Cards and tables",
        "What stands in the text of a page.",
        named("show.", show, "cards table only watch figures_table cited_table glossary Scaled"),
    ),
    Group(
        "Blocks of a front page",
        "How they look: [front](front.md).",
        named("blocks.", blocks, "finding findings stories squares checks_table links menu"),
    ),
    Group(
        "Whole sections",
        "For an edition that has no chapters of its own.",
        named(
            "sections.",
            sections,
            "headlines chapters audited notes missing readings exceptions excluded excluded_kinds taken_from",
        ),
    ),
    Group("The audit", "Whether figures agree, by the ranges that they were printed with.", {"audit": bluebook.audit}),
    Group(
        "Edition by edition",
        "What changed between two editions, and over the years.",
        named("diff.", diff, "compare nearest editions trends tables lines"),
    ),
    Group(
        "Errors",
        "Each says what was found, what was wanted, and where.",
        {
            "EditionError": bluebook.EditionError,
            "PrintedError": bluebook.PrintedError,
            "QuantityError": bluebook.QuantityError,
            "charts.ChartError": charts.ChartError,
            "show.ShowError": show.ShowError,
        },
    ),
]


def api() -> str:
    """All groups, as Markdown."""
    return "\n".join([HEAD, *(group_text(group) for group in GROUPS)])


def group_text(group: Group) -> str:
    """A group of functions and classes, as Markdown."""
    parts = [f"## {group.heading}", "", group.words, ""]
    for name, thing in group.members.items():
        parts += [f"### {name}", "", *_entry(name, thing)]
    return "\n".join(parts)


def _entry(name: str, thing: Any) -> Iterator[str]:
    if not inspect.isclass(thing):
        yield from ["```python", _signature(name, thing), "```", ""]
    yield from [_prose(inspect.getdoc(thing) or ""), ""]
    if thing in (Edition, Quantity):
        yield from _members(thing)


def _signature(name: str, function: Callable[..., Any]) -> str:
    """How a function is called: its parameters and their defaults, without types."""
    signature = inspect.signature(function)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    text = str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    return f"{name}{text}"


def _prose(docstring: str) -> str:
    """A docstring as Markdown, its examples and expressions of MyST as code."""
    parts = []
    for paragraph in re.split(r"\n\n+", EXPRESSION.sub(r"``\g<0> ``", docstring)):
        is_example = paragraph.startswith(">>>")
        parts.append(f"```python\n{paragraph}\n```" if is_example else paragraph)
    return "\n\n".join(parts)


def _members(kind: type) -> Iterator[str]:
    """The methods and properties of a class, a line each."""
    yield from ["| name | what it is |", "|---|---|"]
    for name, member in vars(kind).items():
        is_told = isinstance(member, property) or inspect.isfunction(member)
        words = inspect.getdoc(member) if is_told else ""
        if name.startswith("_") or not words:
            continue
        shown = f"{name}{_arguments(member)}" if inspect.isfunction(member) else name
        first = _prose(" ".join(words.partition("\n\n")[0].split())).replace("|", r"\|")
        yield f"| `{shown}` | {first} |"
    yield ""


def _arguments(function: Callable[..., Any]) -> str:
    names = list(inspect.signature(function).parameters)[1:]
    return f"({', '.join(names)})"

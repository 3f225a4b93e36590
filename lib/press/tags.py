"""What the tags and Quarto options of a cell ask for: whether it runs, whether it may fail, what of it is published.

Tags mean what they mean to Jupyter Book, nbclient and nbconvert's TagRemovePreprocessor; options (`#| output: false`)
what they mean to Quarto. A cell's own word beats its report's setting, and that the suite's; where a cell says two
things, the stricter holds. What is removed is in nothing that is published; what is hidden is folded.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]+)?")  # a code
PARAMETERS = frozenset({"parameters", "injected-parameters"})  # papermill's own: never on a page
INJECTED = "injected-parameters"
OPTION_LINE = re.compile(r"\s*(?:#|//|--)\s*\| ?(.*)")
OPTIONS = ("eval", "echo", "output", "include", "error", "warning", "code-fold", "tags")
KNOWN_LINE = re.compile(rf"\s*({'|'.join(OPTIONS)})\s*:\s*(.*)")
MISSPELT_LINE = re.compile(rf"\s*({'|'.join(OPTIONS)})(\s*=|\s+\S)")
TRUTH = "true or false"
WIDGETS = "application/vnd.jupyter.widget-state+json"


class Visibility(StrEnum):
    """What is published of something: all of it, all of it in a fold, or nothing."""

    SHOW = "show"
    HIDE = "hide"
    REMOVE = "remove"


class OptionError(ValueError):
    """A Quarto option of a cell with a value it cannot have."""


class CodeDisplay(StrEnum):
    """How a page shows the code of a cell."""

    SHOW = "show"
    FOLD = "fold"
    HIDE = "hide"


@dataclass(frozen=True)
class CellRules:
    """What a suite and its report say of all cells.

    `languages` are the tags that give a cell to one language only, `silent` those whose cells no page shows. `outputs`
    is the visibility of outputs, `code` how a page shows code, `stderr` says whether warnings and logs are shown,
    `errors` whether any cell may fail.
    """

    languages: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    outputs: str = Visibility.SHOW
    code: str = CodeDisplay.HIDE
    stderr: bool = False
    errors: bool = False


@dataclass(frozen=True)
class Treatment:
    """What is done with one cell: see `treatment`.

    `removed_streams` are those of stdout and stderr that are not published, `shows_stderr` says whether the page shows
    what is published of stderr, `as_markdown` that what the cell prints is Markdown.
    """

    runs: bool
    may_fail: bool
    is_removed: bool
    source: Visibility
    code: CodeDisplay
    outputs: Visibility
    removed_streams: frozenset[str]
    shows_stderr: bool
    as_markdown: bool


def tags_of(cell: Any) -> set[str]:
    """The tags of a cell, those in its options too, with "-" for "_".

    >>> from nbformat.v4 import new_code_cell
    >>> sorted(tags_of(new_code_cell("#| tags: [a]", metadata={"tags": ["remove_cell"]})))
    ['a', 'remove-cell']
    """
    more = options_of(cell).get("tags", ())
    listed = [more] if isinstance(more, str) else more or ()
    return {str(tag).replace("_", "-") for tag in (*cell.get("metadata", {}).get("tags", ()), *listed)}


def option_lines(source: str) -> list[str]:
    """The lines at the head of a cell that hold its options, whole."""
    lines = []
    for line in source.splitlines():
        if not OPTION_LINE.match(line):
            break
        lines.append(line)
    return lines


def options_of(cell: Any) -> Mapping[str, Any]:
    """The options of a code cell: what its lines `#| key: value` say, as YAML.

    Where they are no YAML mapping, because another tool's directives stand among them, each line counts for itself.
    """
    if cell.cell_type != "code":
        return {}
    lines = [OPTION_LINE.sub(r"\1", line) for line in option_lines(_text(cell.source))]
    return _mapping(lines)


def _mapping(lines: list[str]) -> Mapping[str, Any]:
    if not lines:
        return {}
    import yaml

    try:
        options = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError:
        options = None
    if isinstance(options, dict):
        return options
    single = [line for line in lines if KNOWN_LINE.fullmatch(line)]
    if len(single) == len(lines) == 1:
        raise OptionError(f'found "#| {lines[0]}", expected YAML')
    options = {}
    for line in single:
        options |= _mapping([line])
    return options


def misspelt_options(cell: Any) -> list[str]:
    """The option lines that name an option of ours without giving it a value: `#| echo false`, `#| eval=FALSE`."""
    if cell.cell_type != "code":
        return []
    return [line for line in option_lines(_text(cell.source)) if MISSPELT_LINE.match(OPTION_LINE.sub(r"\1", line))]


def treatment(cell: Any, rules: CellRules) -> Treatment:
    """What is to be done with a cell. Raises OptionError for an option with a value it cannot have."""
    tags, options = tags_of(cell), options_of(cell)
    included = _truth(options, "include")
    evaluated = _truth(options, "eval")
    fails = _truth(options, "error")
    warned = _truth(options, "warning")
    output = options.get("output")
    if output not in (True, False, None, "asis"):
        raise OptionError(f"output: found {_show(output)}, expected true, false or asis")
    outputs = _strictest(
        remove=included is False or output is False or "remove-output" in tags,
        hide=bool(tags & {"hide-output", "hide-cell"}),
        default=Visibility.SHOW if output else Visibility(rules.outputs),
    )
    source = _source(tags, options, included)
    return Treatment(
        runs=evaluated is not False and "skip-execution" not in tags,
        may_fail="raises-exception" in tags or (rules.errors if fails is None else fails),
        is_removed=_is_removed(cell, tags),
        source=source,
        code=_code(source, options, rules),
        outputs=outputs,
        removed_streams=_removed_streams(tags, warned),
        shows_stderr=rules.stderr if warned is None else warned,
        as_markdown=output == "asis",
    )


def _is_removed(cell: Any, tags: set[str]) -> bool:
    """Whether nothing is left of a cell; of one without outputs, its source is all there is."""
    return "remove-cell" in tags or (cell.cell_type != "code" and "remove-input" in tags)


def _removed_streams(tags: set[str], warned: bool | None) -> frozenset[str]:
    removed = {stream for stream in ("stdout", "stderr") if f"remove-{stream}" in tags}
    if warned is False:
        removed.add("stderr")
    return frozenset(removed)


def _source(tags: set[str], options: Mapping[str, Any], included: bool | None) -> Visibility:
    echo, fold = options.get("echo"), options.get("code-fold")
    if echo not in (True, False, None, "fenced") and not isinstance(echo, list):
        raise OptionError(f"echo: found {_show(echo)}, expected true, false, fenced or a list of lines")
    if fold not in (True, False, None, "show"):
        raise OptionError(f"code-fold: found {_show(fold)}, expected true, false or show")
    is_removed = included is False or echo is False or "remove-input" in tags
    is_hidden = fold is True or bool(tags & {"hide-input", "hide-cell"})
    return _strictest(remove=is_removed, hide=is_hidden, default=Visibility.SHOW)


def _code(source: Visibility, options: Mapping[str, Any], rules: CellRules) -> CodeDisplay:
    """How a page shows a cell's code: what the cell says counts before the suite."""
    display = CodeDisplay(rules.code)
    if source is Visibility.REMOVE:
        return CodeDisplay.HIDE
    if options.get("code-fold") is True:
        return CodeDisplay.FOLD
    if options.get("echo") or options.get("code-fold") in (False, "show"):
        return CodeDisplay.SHOW
    if source is Visibility.HIDE and display is CodeDisplay.SHOW:
        return CodeDisplay.FOLD
    return display


def _strictest(*, remove: bool, hide: bool, default: Visibility) -> Visibility:
    if remove:
        return Visibility.REMOVE
    return Visibility.HIDE if hide else default


def _truth(options: Mapping[str, Any], name: str) -> bool | None:
    value = options.get(name)
    if value is not None and not isinstance(value, bool):
        raise OptionError(f"{name}: found {_show(value)}, expected {TRUTH}")
    return value


def _show(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def is_in_language(cell: Any, rules: CellRules, lang: str | None) -> bool:
    """Whether a cell is of this language, or of none; `lang` may be None for any."""
    own = tags_of(cell).intersection(rules.languages)
    return lang is None or not own or lang in own


def is_on_page(cell: Any, rules: CellRules, lang: str) -> bool:
    """Whether a page of this language shows the cell at all."""
    silent = PARAMETERS.union(tag.replace("_", "-") for tag in rules.silent)
    if tags_of(cell) & silent or treatment(cell, rules).is_removed:
        return False
    return is_in_language(cell, rules, lang)


def numbers(notebook: Any) -> list[int]:
    """The number of each cell in the notebook its author wrote, from 1; that of the cell before for an injected one."""
    kept = notebook.metadata.get("press", {}).get("cells")
    if kept is not None:
        return list(kept)
    found, number = [], 0
    for cell in notebook.cells:
        if INJECTED not in cell.metadata.get("tags", ()):
            number += 1
        found.append(number)
    return found


def published(notebook: Any, rules: CellRules) -> Any:
    """A copy of an executed notebook without what its cells' tags, or the suite, remove.

    Where whole cells are gone, the numbers of the others are kept in its metadata.
    """
    made = copy.copy(notebook)
    made.cells, kept = [], []
    for number, cell in zip(numbers(notebook), notebook.cells, strict=True):
        asked = treatment(cell, rules)
        if not asked.is_removed:
            made.cells.append(_published_cell(cell, asked))
            kept.append(number)
    if len(kept) < len(notebook.cells):
        made.metadata = copy.copy(notebook.metadata)
        made.metadata["press"] = {"cells": kept}
    return _without_lost_widgets(made)


def _published_cell(cell: Any, asked: Treatment) -> Any:
    made = copy.copy(cell)
    if cell.cell_type != "code":
        return made
    if asked.source is Visibility.REMOVE:
        made.source = "\n".join(option_lines(_text(cell.source)))
    if asked.outputs is Visibility.REMOVE:
        made.execution_count = None
    made.outputs = [output for output in cell.get("outputs", ()) if is_kept(output, asked)]
    return made


def is_kept(output: Any, asked: Treatment) -> bool:
    """Whether an output is published: its cell's tags may remove all of them or its stream, its own tags itself."""
    if asked.outputs is Visibility.REMOVE:
        return False
    if output.output_type == "stream" and output.name in asked.removed_streams:
        return False
    own = {str(tag).replace("_", "-") for tag in output.get("metadata", {}).get("tags", ())}
    return not own & {"remove-output", "remove-single-output"}


def _without_lost_widgets(notebook: Any) -> Any:
    """The notebook without the state of widgets that none of its outputs shows."""
    widgets = notebook.metadata.get("widgets", {}).get(WIDGETS, {})
    models = widgets.get("state", {})
    if not models:
        return notebook
    shown = {model for model in models if any(model in str(cell.get("outputs", "")) for cell in notebook.cells)}
    waiting = list(shown)
    while waiting:
        said = str(models[waiting.pop()])
        more = {model for model in models if model not in shown and model in said}
        shown |= more
        waiting += more
    if len(shown) < len(models):
        notebook.metadata = copy.deepcopy(notebook.metadata)
        kept = {model: state for model, state in models.items() if model in shown}
        notebook.metadata["widgets"][WIDGETS]["state"] = kept
    return notebook


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)

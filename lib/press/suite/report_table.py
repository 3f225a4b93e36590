"""What a `[[report]]` says, with what `[press]` says for all of them: read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from press.errors import SuiteError, listed, shortened, shown
from press.suite.applies import AppliesTo, applies_to
from press.suite.checks import (
    check_seconds,
    check_segment,
    files_matching,
    in_each,
    is_file,
    path_at,
    read_bytes,
    read_formats,
    read_languages,
)
from press.suite.keys import check_table, with_defaults
from press.suite.matrix import MatrixError, Value, read_values
from press.suite.types import Report
from press.suite.values import check_fit
from press.tags import CellRules, CodeDisplay, Visibility
from press.titles import own_notebooks, prose_of, title_of, words_of

PATTERN = re.compile(r"[*?\[]")  # what tells a pattern of notebooks from a name


@dataclass(frozen=True)
class Context:
    """What a suite says that its reports stand in: its folder, languages and formats, `[press]`, and the sections."""

    folder: Path
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    press: Mapping[str, Any]
    sections: Mapping[str, Any]


def read_reports(content: Mapping[str, Any], context: Context, where: str) -> list[Report]:
    """The reports of a suite, in the order of the file."""
    reports = []
    for number, table in enumerate(content.get("report", []), 1):
        place = f"{where}, report {number}"
        for one in _each_notebook(table, context.folder, place):
            own = _with_bibliography(one, content)
            check_table(own, "report", place)
            reports.append(_report(own, context, where, place))
    if not reports:
        raise SuiteError(f"{where}: no [[report]]: a suite has at least one, with name and notebook")
    names = [report.name for report in reports]
    for name in names:
        if names.count(name) > 1:
            raise SuiteError(f'{where}: two reports are named "{name}": a name is given once')
    return reports


def check_bibliographies(reports: Sequence[Report], root: Path, where: str) -> None:
    """Refuse a bibliography that lies outside the suite."""
    for report in reports:
        for path in report.bibliography:
            if not path.is_relative_to(root):
                place = f'{where}, report "{report.name}", bibliography'
                raise SuiteError(f'{place}: "{path.name}" lies outside the suite: expected a file below {root}')


def _each_notebook(table: Any, folder: Path, where: str) -> list[Any]:
    """The table of a report; where its notebook is a pattern, one for each notebook that fits."""
    pattern = table.get("notebook") if isinstance(table, dict) else None
    if not isinstance(pattern, str) or not PATTERN.search(pattern) or is_file(folder / pattern):
        return [table]
    for key in ("name", "title"):
        if key in table:
            raise SuiteError(f"{where}, {key}: its notebook is a pattern: each that fits is called by its own heading")
    matching = files_matching(folder, pattern, f"{where}, notebook")
    found = own_notebooks(matching, folder)
    if not found:
        raise SuiteError(f'{where}, notebook: nothing is found at "{pattern}"')
    return [{**table, "notebook": path.relative_to(folder).as_posix()} for path in found]


def _with_bibliography(table: Any, content: Mapping[str, Any]) -> Any:
    """The table of a report with the bibliography of the suite, where it has none of its own."""
    if isinstance(table, dict) and "bibliography" in content:
        return {"bibliography": content["bibliography"], **table}
    return table


def _report(given: dict[str, Any], context: Context, file: str, place: str) -> Report:
    name = _name(given, place)
    where = f'{file}, report "{shortened(name)}"'
    check_segment(name, f"{where}, name")
    table = with_defaults(given, "report")
    for kind in ("parameters", "matrix", "for"):
        for key, value in table[kind].items():
            check_fit(value, f"{where}, {kind}.{key}")
    notebook = path_at(context.folder, table["notebook"] or f"{name}.ipynb", f"{where}, notebook")
    if not is_file(notebook):
        raise SuiteError(f"{where}: no notebook at {shortened(str(notebook))}")
    languages = _own_languages(table["languages"], context, where)
    title = _called(notebook) if table["title"] is None else table["title"]
    formats = context.formats if table["formats"] is None else table["formats"]
    report = Report(
        name=name,
        notebook=notebook,
        title=in_each(title, languages, f"{where}, title"),
        parameters=dict(table["parameters"]),
        matrix=_matrices(table["matrix"], context.folder, languages, where),
        applies_to=_rules(table["for"], where),
        languages=languages,
        formats=read_formats(formats, where),
        section=_section(table["section"], context, where),
        hidden=table["hidden"],
    )
    return _with_run(report, given, context, where)


def _with_run(report: Report, given: Mapping[str, Any], context: Context, where: str) -> Report:
    """A report with what it says of its runs, else what `[press]` says."""
    run = with_defaults({**context.press, **given}, "run")
    for key in ("timeout", "cell_timeout"):
        check_seconds(run[key], f"{where}, {key}")
    memory = read_bytes(run["memory"], f"{where}, memory")
    folder = _run_folder(run["cwd"], context.folder, f"{where}, cwd")
    cells = _cell_rules(run, context.languages, where)
    bibliography = _bibliography(given.get("bibliography", []), context.folder, f"{where}, bibliography")
    return replace(
        report,
        timeout=run["timeout"],
        cell_timeout=run["cell_timeout"],
        memory=memory,
        retries=max(0, run["retries"]),
        kernel=run["kernel"],
        folder=folder,
        execute=run["execute"],
        cells=cells,
        bibliography=bibliography,
    )


def _name(table: Mapping[str, Any], where: str) -> str:
    """The name of a report: its own, else its notebook's."""
    if "name" not in table and "notebook" not in table:
        raise SuiteError(f"{where}: neither name nor notebook: expected at least a name")
    name: str = table.get("name", "")
    return name or Path(table["notebook"]).stem


def _called(notebook: Path) -> str:
    """What a notebook calls itself, else its file's name in words."""
    return title_of(prose_of(notebook)) or words_of(notebook.stem)


def _own_languages(given: Sequence[Any] | None, context: Context, where: str) -> tuple[str, ...]:
    own = read_languages(context.languages if given is None else given, where)
    extra = sorted(set(own) - set(context.languages))
    if extra:
        raise SuiteError(f"{where}, languages: found {listed(extra)}, the suite has {listed(context.languages)}")
    return own


def _section(section: str, context: Context, where: str) -> str:
    if section and section not in context.sections:
        wanted = f"expected one of {listed(context.sections)}" if context.sections else "there is no [[section]]"
        raise SuiteError(f'{where}, section: found "{shortened(section)}", {wanted}')
    return section


def _run_folder(path: str | None, folder: Path, where: str) -> Path | None:
    """The folder that a notebook runs in, where the suite names one."""
    if path is None:
        return None
    found = path_at(folder, path, where)
    if not found.is_dir():
        raise SuiteError(f'{where}: found "{shortened(path)}", expected a folder')
    return found


def _cell_rules(run: Mapping[str, Any], languages: tuple[str, ...], where: str) -> CellRules:
    """What is said of all cells."""
    outputs = run["outputs"]
    if outputs not in list(Visibility):
        raise SuiteError(f'{where}, outputs: found "{outputs}", expected one of {listed(Visibility)}')
    code = run["code"]
    if code not in list(CodeDisplay):
        raise SuiteError(f'{where}, code: found "{code}", expected one of {listed(CodeDisplay)}')
    silent = run["silent"]
    for tag in silent:
        if not isinstance(tag, str):
            raise SuiteError(f"{where}, silent: found {shown(tag)}, expected the tag of a cell")
    return CellRules(
        languages=languages,
        silent=tuple(silent),
        outputs=outputs,
        code=code,
        stderr=run["stderr"],
        errors=run["errors"],
    )


def _bibliography(given: str | list[str], folder: Path, where: str) -> tuple[Path, ...]:
    """The .bib files that a report names."""
    names = [given] if isinstance(given, str) else given
    found = []
    for name in names:
        path = path_at(folder, name, where)
        if not is_file(path):
            raise SuiteError(f'{where}: found no file at "{shortened(name)}"')
        found.append(path)
    return tuple(found)


def _matrices(
    tables: Mapping[str, Any], folder: Path, languages: Sequence[str], where: str
) -> dict[str, tuple[Value, ...] | str]:
    """The values of each parameter of a matrix; "*" stays as it is, for all that the parameter's rule allows."""
    found: dict[str, tuple[Value, ...] | str] = {}
    for name, written in tables.items():
        if written in ("*", ["*"]):
            found[name] = "*"
            continue
        try:
            found[name] = read_values(written, folder, languages)
        except MatrixError as error:
            raise SuiteError(f"{where}, matrix.{name}: {error}") from None
    return found


def _rules(tables: Mapping[str, Any], where: str) -> dict[str, AppliesTo]:
    """For which values of each parameter a report is."""
    found = {}
    for name, rule in tables.items():
        try:
            found[name] = applies_to(rule)
        except ValueError as wanted:
            raise SuiteError(f"{where}, for.{name}: found {shown(rule)}, expected {wanted}") from None
    return found

"""The runs of a suite: reports x matrix x languages, each with its parameters and a page of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import PurePosixPath
from typing import Any

from press.errors import SuiteError, listed, shortened, shown
from press.suite.applies import AppliesTo
from press.suite.checks import as_file_systems_see, check_segment, read_formats
from press.suite.matrix import FIELD, slug_of
from press.suite.notebooks import OF_ANOTHER_LANGUAGE, Unknown, declared_or_none, is_notebook
from press.suite.types import Given, Parameter, Report, Run, Suite
from press.suite.values import as_default, guessed_value, read_value

OWN_FIELDS = ("name", "lang")  # of a path's template
LITERAL = "a literal as its default, or the value in suite.toml"

Parameters = Mapping[str, str | Given]  # as a command line or a file of parameters gives them


def plan(
    suite: Suite,
    parameters: Parameters | None = None,
    *,
    only: Collection[str] = (),
    formats: Sequence[str] | None = None,
    kernel: str = "",
    execute: bool = True,
) -> list[Run]:
    """Every run of the suite: reports x matrix x languages, in that order, each with a page of its own.

    `parameters` are a command line's words (-p), or values of a file (-f): they take the place of the suite's values
    and of a matrix's, in `only` these reports, or in all. `kernel` takes the place of the suite's and the notebooks'
    own; where nothing is to be `execute`d, notebooks are printed with the outputs that they come with.
    """
    given = dict(parameters or {})
    changes: dict[str, Any] = {}
    if kernel:
        changes["kernel"] = kernel
    if not execute:
        changes["execute"] = False
    if formats:
        changes["formats"] = read_formats(formats, "--format")
    suite = replace(suite, reports=tuple(replace(report, **changes) for report in suite.reports))
    _check_names(suite, given)
    runs: list[Run] = []
    for report in suite.reports:
        runs += _runs(suite, report, given if not only or report.name in only else {})
    _check_pages(suite, runs)
    return runs


def select(suite: Suite, runs: Sequence[Run], only: Sequence[str] = (), langs: Sequence[str] = ()) -> list[Run]:
    """The runs a command asks for by report and language; all of them where it names none."""
    for name in only:
        _check_asked(suite, runs, name)
    for lang in langs:
        if lang not in suite.languages:
            wanted = f"expected one of {listed(suite.languages)}"
            raise SuiteError(f"--lang {lang}: {suite.file} has no such language: {wanted}")
    chosen = list(runs)
    if only:
        chosen = [run for run in chosen if run.report.name in only]
    if langs:
        chosen = [run for run in chosen if run.lang in langs]
    return chosen


def is_for(suite: Suite, report: Report, params: Mapping[str, Any]) -> bool:
    """Whether a report is to be printed for these parameters, by what its `for` says."""
    return all(_holds(rule, suite.parameter(name), params.get(name)) for name, rule in report.applies_to.items())


def front_path(report: Report, lang: str) -> str:
    """The page, without suffix, that a report makes as the front page of the site: the index, or that of a language."""
    return "index" if lang == report.languages[0] else f"index.{lang}"


def index_beside(path: str) -> str:
    """The index page of the folder that a page is in.

    >>> index_beside("shenzhen-2021/en/00-overview"), index_beside("a")
    ('shenzhen-2021/en/index', 'index')
    """
    return PurePosixPath(path).with_name("index").as_posix()


def _check_names(suite: Suite, given: Parameters) -> None:
    """Refuse parameters that no notebook has."""
    known: set[str] = set()
    for report in suite.reports:
        known.update(declared_or_none(report.notebook))
    if suite.strict:
        for name, value in given.items():
            if name not in known:
                where = value.where if isinstance(value, Given) else f"-p {name}={value}"
                some = f"one of {listed(sorted(known))}" if known else "none, for none is declared"
                wanted = f"expected {some}, or strict = false in [press]"
                raise SuiteError(f'{where}: no notebook has a parameter "{name}": {wanted}')
    for name in suite.parameters:
        if name not in known:
            raise SuiteError(f'{suite.file}, [parameters.{name}]: no notebook has a parameter "{name}"')


def _check_pages(suite: Suite, runs: Sequence[Run]) -> None:
    """Refuse two runs that would be written to one page."""
    taken: dict[str, Run] = {}
    for run in runs:
        other = taken.setdefault(as_file_systems_see(run.path), run)
        if other is run:
            continue
        name = run.report.name
        if other.report is run.report and name in (suite.front, suite.home):
            role = "front" if name == suite.front else "home"
            raise SuiteError(
                f'{suite.file}, [site] {role}: report "{name}" has several pages for "{run.path}": '
                f"expected one in each language and folder: say in its `for` or `parameters` for which values it is"
            )
        both = run.path if other.path == run.path else f'{other.path}" and "{run.path}'
        raise SuiteError(
            f'{suite.file}: reports "{other.report.name}" and "{name}" would both be '
            f'written to "{both}": name their parameters in path, and tell names apart by more than their case'
        )


def _runs(suite: Suite, report: Report, given: Parameters) -> Iterator[Run]:
    """The runs of one report."""
    declares = _declares(suite, report, given)
    choices: dict[str, list[Any]] = {}
    for name, default in declares.items():
        if name != "lang":
            choices[name] = _values(suite, report, name, default, given)
    _check_rules(suite, report, choices)
    for values in product(*choices.values()):
        params = dict(zip(choices, values, strict=True))
        params = {name: value for name, value in params.items() if not isinstance(value, Unknown)}
        if not is_for(suite, report, params):
            continue
        for lang in report.languages:
            yield _run(suite, report, params, lang, declares)


def _run(suite: Suite, report: Report, params: dict[str, Any], lang: str, declares: Collection[str]) -> Run:
    """A run, with the parameters that the press gives to each notebook that declares them."""
    path = _path(suite, report, params, lang)
    own = dict(params)
    if "lang" in declares:
        own["lang"] = lang
    if "figure_rows" in declares:
        own["figure_rows"] = _figure_rows(suite, {report.name, PurePosixPath(path).name})
    return Run(report, lang, own, path)


def _declares(suite: Suite, report: Report, given: Parameters) -> dict[str, Any]:
    """The parameters that a report's notebook takes, with their defaults.

    The pages of a file that is no notebook are planned as they may have been, and fail when they run.
    """
    named = (*report.parameters, *report.matrix)
    declares = declared_or_none(report.notebook)
    if not is_notebook(report.notebook):
        declares = dict.fromkeys((*named, *report.applies_to))
        for name, rule in suite.parameters.items():
            declares[name] = next(iter(rule.allowed or ()), None)
    if not suite.strict:
        for name in (*named, *given):
            declares.setdefault(name, None)
    return declares


def _check_rules(suite: Suite, report: Report, choices: Collection[str]) -> None:
    """Refuse what a report says of parameters that its notebook does not have, and files of values without folders."""
    where = f'{suite.file}, report "{report.name}"'
    tables = {"parameters": report.parameters, "matrix": report.matrix, "for": report.applies_to}
    for kind, table in tables.items():
        for name in table:
            if name not in choices:
                wanted = f"expected one of {listed(sorted(choices))}"
                raise SuiteError(f'{where}, {kind}.{name}: {report.notebook.name} has no parameter "{name}": {wanted}')
    for name, rule in report.applies_to.items():
        if rule.file and not suite.parameter(name).folders:
            raise SuiteError(
                f'{where}, for.{name}: found "{rule.file}", but [parameters.{name}] names no folders to have a file'
            )


def _figure_rows(suite: Suite, names: Collection[str]) -> dict[str, list[str]]:
    """How the ids of the figures begin whose rows a page of these names has, and how those that another has instead."""
    own = [start for start, name in suite.figures.items() if name in names]
    others = [start for start, name in suite.figures.items() if name not in names]
    return {"of": own, "but": [start for start in others if start.startswith(tuple(own))]}


def _holds(rule: AppliesTo, parameter: Parameter, value: Any) -> bool:
    return rule.holds(value, parameter.allowed, parameter.folders, parameter.series())


def _values(suite: Suite, report: Report, name: str, default: Any, given: Parameters) -> list[Any]:
    """The values of one parameter in one report, checked for type and against what the suite allows."""
    rule = suite.parameter(name)
    where = f'{suite.file}, report "{report.name}", parameter "{name}"'
    if name in given:
        word = given[name]
        start = word.where if isinstance(word, Given) else f"-p {name}={word}"
        where = f"{start} ({report.notebook.name})"
        values = [_given_value(word, rule, default, where)]
    elif name in report.matrix:
        values = _matrix_values(report, rule, where)
    elif name in report.parameters:
        values = [report.parameters[name]]
    else:
        values = _default_values(rule, default)
    if not isinstance(default, Unknown):
        values = [as_default(value, default, where) for value in values]
    _check_allowed(values, report.titled(name) or rule.allowed, where)
    return values


def _given_value(word: str | Given, rule: Parameter, default: Any, where: str) -> Any:
    """The value of a parameter that a command line or a file of parameters gives."""
    if isinstance(word, Given):
        return word.value
    if not isinstance(default, Unknown):
        return read_value(word, default, where)
    if rule.default in (None, "*"):
        if default is OF_ANOTHER_LANGUAGE:
            return guessed_value(word)
        unknown = "but its default is computed, its type unknown"
        raise SuiteError(f'{where}: found "{word}", {unknown}: expected {LITERAL}')
    return read_value(word, rule.default, where)


def _matrix_values(report: Report, rule: Parameter, where: str) -> list[Any]:
    """The values that a matrix gives a parameter."""
    if report.matrix[rule.name] != "*":
        return [one.value for one in report.listed(rule.name)]
    if rule.allowed is None:
        raise SuiteError(f'{where}: matrix "*", but [parameters.{rule.name}] has neither folders nor choices')
    return list(rule.allowed)


def _default_values(rule: Parameter, default: Any) -> list[Any]:
    """The values of a parameter that nobody gives one: the suite's default, else the notebook's."""
    if rule.default is None:
        return [default]
    if rule.default == "*" and rule.allowed is not None:
        return list(rule.allowed)
    return [rule.default]


def _check_allowed(values: Sequence[Any], allowed: Collection[Any] | None, where: str) -> None:
    if allowed is None:
        return
    for value in values:
        if not isinstance(value, Unknown) and value not in allowed:
            raise SuiteError(f"{where}: found {shown(value)}, allowed: {listed(allowed)}")


def _path(suite: Suite, report: Report, params: Mapping[str, Any], lang: str) -> str:
    """The page of a run: the suite's template, and after the name the matrix's values the template does not name.

    In the template {name} is the report's name, and {lang} its language, whatever parameters are called so. The front
    page of the site is its index page, in languages but the first index.LANG; a home is the index page of its folder.
    """
    if report.name == suite.front:
        return front_path(report, lang)
    fields = _fields(suite, report, params, lang)
    for name in FIELD.findall(suite.path):
        if name not in fields:
            where = f"{suite.file}, path {shown(suite.path)}"
            raise SuiteError(f'{where}: report "{report.name}" has no {shortened(name)!r}, only {listed(fields)}')
    path = FIELD.sub(lambda field: fields[field[1]], suite.path)
    where = f'{suite.file}, report "{report.name}", page "{shortened(path)}"'
    cure = ', or a slug for the value: { value = …, slug = "…" }' if report.matrix else ""
    for segment in path.split("/"):
        check_segment(segment, where, cure)
    return index_beside(path) if report.name == suite.home else path


def _fields(suite: Suite, report: Report, params: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What stands for each name in the template of paths, one segment each."""
    fields = {"name": ""}
    for name, value in params.items():
        is_of_matrix = name in report.matrix
        fields[name] = report.matrix_value(name, value).slug if is_of_matrix else slug_of(value)
    rest = []
    for name in report.matrix:
        if name in OWN_FIELDS or f"{{{name}}}" not in suite.path:
            rest.append(fields[name])
    fields["lang"] = lang
    fields["name"] = "-".join([report.name, *rest])
    return fields


def _check_asked(suite: Suite, runs: Sequence[Run], name: str) -> None:
    """Refuse a report that the suite does not have, or has no run of."""
    reports = {report.name: report for report in suite.reports}
    if name not in reports:
        raise SuiteError(f'{suite.file} has no report "{name}": expected one of {listed(reports)}')
    if all(run.report.name != name for run in runs):
        rules = [rule.in_words(key) for key, rule in reports[name].applies_to.items()]
        raise SuiteError(f"report {name}: nothing to print: it is for {listed(rules)}")

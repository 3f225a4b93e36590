"""Which runs a command is about: the suite, its reports, and the values and languages that were asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from press.suite import Run, Suite

Command = TypeVar("Command", bound=Callable[..., Any])


class Plan(NamedTuple):
    """What is to be built: the suite, all its runs, and those that were asked for."""

    suite: Suite
    planned: Sequence[Run]
    chosen: Sequence[Run]


@dataclass(frozen=True)
class Choice:
    """What a user has asked for; see the options below."""

    suite_file: Path | None = None
    paths: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    value_files: tuple[Path, ...] = ()
    kernel: str = ""
    stored: bool = False
    langs: tuple[str, ...] = ()

    def plan(self, formats: Sequence[str] | None = None) -> Plan:
        """The runs, printed as `formats` where the suite is not to say. Raises SuiteError for what there is not."""
        from press.suite import plan, select

        suite, named = self.suite()
        given = values_of(self.value_files) | typed_values(self.parameters)
        langs = self.langs
        if "lang" in given:
            lang = given.pop("lang")
            langs = (*langs, lang if isinstance(lang, str) else str(lang.value))
        names = (*self.only, *named)
        asked = plan(suite, given, only=names, formats=formats, kernel=self.kernel, execute=not self.stored)
        chosen = select(suite, asked, names, langs)
        others = plan(suite) if given else []  # the site has more than was asked for
        planned = {run.path: run for run in [*others, *asked]}
        return Plan(suite, list(planned.values()), chosen)

    def suite(self) -> tuple[Suite, tuple[str, ...]]:
        """The suite, and the names of its reports that the paths name; none for all."""
        from press.suite import find_suite, read_suite

        if self.paths and self.suite_file is None:
            return suite_of(self.paths)
        return read_suite(self.suite_file or find_suite(Path.cwd())), ()


SUITE = click.option(
    "--suite",
    "suite_file",
    type=click.Path(path_type=Path),
    help="The suite [default: suite.toml or notebooks/suite.toml, here or in a folder above].",
)
PARAMETERS = click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="Set a parameter; repeatable.")
LANGUAGES = click.option("--lang", "langs", multiple=True, metavar="LANG", help="Only this language; repeatable.")
CHOOSING = (
    click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
    click.option("--only", multiple=True, metavar="NAME", help="Only this report; repeatable."),
    PARAMETERS,
    click.option(
        "-f",
        "value_files",
        multiple=True,
        metavar="FILE.yaml",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Set the parameters that a YAML or JSON file holds; -p counts before it.",
    ),
    click.option("-k", "--kernel", default="", metavar="NAME", help="Run with this kernel, whatever a notebook says."),
    click.option("--no-execute", "stored", is_flag=True, help="Run nothing: print the outputs that are there."),
    LANGUAGES,
    SUITE,
)
NAMES = ("suite_file", "paths", "only", "parameters", "value_files", "kernel", "stored", "langs")


def chooses(command: Command) -> Command:
    """A command with the options that say which runs it is about; it is given them as one `Choice`."""

    @wraps(command)
    def choosing(**options: Any) -> Any:
        choice = Choice(**{name: options.pop(name) for name in NAMES})
        return command(choice, **options)

    chosen: Any = choosing
    for option in reversed(CHOOSING):
        chosen = option(chosen)
    return chosen


def suite_of(paths: Sequence[Path]) -> tuple[Suite, tuple[str, ...]]:
    """The suite that some notebooks or folders belong to, and the names of their reports in it; none for all.

    It is the suite in a folder or above its notebooks, if it knows them; else one drafted for all that lie there.
    """
    from press.draft import draft, notebooks_in
    from press.suite import SuiteError, find_suite, parse_suite, read_suite

    for path in paths:
        if not path.exists():
            raise SuiteError(f"{path}: no such file or folder")
        if path.is_file() and path.suffix != ".ipynb":
            raise SuiteError(f"{path}: found a file that is no notebook, expected one that ends in .ipynb, or a folder")
    if len(paths) == 1 and paths[0].is_dir():
        for name in ("suite.toml", "notebooks/suite.toml"):
            if (paths[0] / name).is_file():
                return read_suite(paths[0] / name), ()
    absolute = [path.resolve() for path in paths]
    folder = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))
    named = [one for path in absolute for one in (notebooks_in(path) if path.is_dir() else [path])]
    with suppress(SuiteError):
        suite = read_suite(find_suite(folder))
        known = {report.notebook: report.name for report in suite.reports}
        if all(path in known for path in named):
            return suite, tuple(known[path] for path in named)
    suite = parse_suite(draft(folder, dict.fromkeys([*notebooks_in(folder), *named])), folder / "suite.toml")
    chosen = [report.name for report in suite.reports if report.notebook in named]
    return suite, tuple(chosen) if len(chosen) < len(suite.reports) else ()


def values_of(files: Sequence[Path]) -> dict[str, Any]:
    """What files of parameters hold: the later file counts. Raises SuiteError for one that holds anything else."""
    import yaml

    from press.suite import Given, SuiteError, dates_as_text, unfit

    found: dict[str, Any] = {}
    for file in files:
        try:
            values = dates_as_text(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise SuiteError(f"-f {file}: cannot be read as YAML: {' '.join(str(error).split())}") from None
        if not isinstance(values, dict):
            raise SuiteError(f"-f {file}: expected names and values, such as year: 2024")
        for name, value in values.items():
            where = f"-f {file}, {name}"
            if problem := unfit(value):
                raise SuiteError(f"{where}: {problem}")
            found[str(name)] = Given(value, where)
    return found


def typed_values(words: Sequence[str]) -> dict[str, Any]:
    """The parameters that were typed as KEY=VALUE, each once. Raises SuiteError."""
    from press.suite import SuiteError

    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise SuiteError(f'-p {word}: found no "=", expected KEY=VALUE')
        if key in found:
            raise SuiteError(f"-p {word}: {key} is given twice")
        found[key] = value
    return found

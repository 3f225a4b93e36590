"""`bluebook …`: the data of an edition, checked and audited."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from .checks import Verdict
    from .edition import Edition

EXAMPLE = "\b\nExample:\n  bluebook check shenzhen-2021 --source shenzhen-2021.txt"


@click.group(epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="blue-book")
def main() -> None:
    """The data of a blue book: every figure valid, where the source has it, and none forgotten."""


@main.command(epilog=EXAMPLE)
@click.argument("edition")
@click.option(
    "--source", type=click.Path(path_type=Path), help="The source's text: check locators and coverage of numerals."
)
@click.option(
    "--root", type=click.Path(path_type=Path), help="The folder that holds data/; by default found from here upwards."
)
def check(edition: str, source: Path | None, root: Path | None) -> None:
    """Check EDITION: its data package, its figures, lists and checks; with --source, every locator and every numeral.

    Exit code 0: all is well; 1: something in the edition is not; 2: no such edition or source.
    """
    from .edition import EditionError

    book, verdicts = _audited(edition, root)
    problems = _package_problems(book.folder)
    if source:
        from .scan import coverage, read_source

        try:
            found = coverage(book, read_source(source))
        except EditionError as error:
            _fail(str(error), 1 if source.is_file() else 2)
        problems += found.problems
        click.echo(
            f"{found.covered} of {found.numerals} numerals of the source covered exactly once: {found.share:.1%}"
        )
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(
        f"{edition}: {len(book.figures)} figures in {len(book.chapters)} chapters, {len(verdicts)} checks, "
        f"{len(problems) or 'no'} problems"
    )
    raise SystemExit(1 if problems else 0)


@main.command(epilog="\b\nExample:\n  bluebook audit shenzhen-2021 --json > audit.json")
@click.argument("edition")
@click.option("--json", "for_machine", is_flag=True, help="For a machine: all verdicts, both intervals, the gap.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="The report's language.")
@click.option(
    "--root", type=click.Path(path_type=Path), help="The folder that holds data/; by default found from here upwards."
)
def audit(edition: str, for_machine: bool, lang: str, root: Path | None) -> None:
    """Audit EDITION: decide every row of its checks.csv, from the bounds of the figures it names.

    Exit code 0: decided, whatever the verdicts; 1: the data are broken; 2: no such edition.
    """
    from .checks import as_json

    verdicts = {lang: _audited(edition, root, lang)[1] for lang in ("zh", "en")}
    counts = Counter({"agrees": 0, "disagrees": 0, "cannot tell": 0})
    counts.update(verdict.verdict for verdict in verdicts[lang])
    if for_machine:
        checks = [as_json(zh, en) for zh, en in zip(verdicts["zh"], verdicts["en"], strict=True)]
        click.echo(json.dumps({"edition": edition, "verdicts": counts, "checks": checks}, ensure_ascii=False, indent=2))
        return
    for verdict in verdicts[lang]:
        click.echo(f"{verdict.id}: {verdict.word}\n  {verdict.statement}\n  {verdict.sentence}")
    click.echo(f"{edition}: {counts.total()} checks, " + ", ".join(f"{n} {word}" for word, n in counts.items()))


def _audited(edition: str, root: Path | None, lang: str = "en") -> tuple[Edition, list[Verdict]]:
    """The edition and its verdicts; says what is wrong and ends the program when there are none to have."""
    from .checks import audit
    from .edition import EditionError, open_edition

    try:
        book = open_edition(edition, lang, root=root)
        list(book.context)  # read when asked for
        return book, audit(book)
    except EditionError as error:
        _fail(str(error), 2 if "unknown edition" in str(error) else 1)


@main.command(epilog="\b\nExample:\n  bluebook diff shenzhen-2019 shenzhen-2021")
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="For a machine.")
@click.option(
    "--root", type=click.Path(path_type=Path), help="The folder that holds data/; by default found from here upwards."
)
def diff(old: str, new: str, as_json: bool, root: Path | None) -> None:
    """Compare two editions, or two releases of one: figures added (+), gone (-), changed (~) and redefined (!).

    OLD and NEW are names of editions or folders. Exit code 0: compared; 1: an edition is not valid; 2: no such edition.
    """
    from . import diff as differences
    from .edition import EditionError

    try:
        found = differences.compare(*(differences.read(name, root) for name in (old, new)))
    except EditionError as error:
        _fail(str(error), 2 if "unknown edition" in str(error) else 1)
    if as_json:
        click.echo(json.dumps(differences.as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(differences.lines(found)))


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"bluebook: {message}", err=True)
    raise SystemExit(code)


def _package_problems(folder: Path) -> list[str]:
    """What `frictionless` finds wrong with the data package, in its own words."""
    import frictionless

    report = frictionless.validate(str(folder / "datapackage.json"))
    errors = [(task.name, error) for task in report.tasks for error in task.errors] + [
        ("datapackage.json", e) for e in report.errors
    ]
    return [
        f"{folder.name}/{name}.csv: {error.message}"
        if name != "datapackage.json"
        else f"{folder.name}/{name}: {error.message}"
        for name, error in errors
    ]

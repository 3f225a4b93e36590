"""`bluebook …`: the data of an edition, checked."""

from __future__ import annotations

from pathlib import Path

import click

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
    """Check EDITION: its data package, its figures and lists; with --source, every locator and every numeral.

    Exit code 0: all is well; 1: something in the edition is not; 2: no such edition or source.
    """
    from .edition import EditionError, open_edition

    try:
        book = open_edition(edition, root=root)
    except EditionError as error:
        _fail(str(error), 2 if "unknown edition" in str(error) else 1)
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
        f"{edition}: {len(book.figures)} figures in {len(book.chapters)} chapters, {len(problems) or 'no'} problems"
    )
    raise SystemExit(1 if problems else 0)


def _fail(message: str, code: int) -> None:
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

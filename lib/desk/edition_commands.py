"""`bluebook new` and `bluebook check`: an edition drafted from a document, and what it still lacks."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

EXAMPLE = "\b\nExample:\n  bluebook check shenzhen-2021 --source shenzhen-2021.txt"
NEW = """\b
Examples:
  bluebook new qinghe-2022 report.docx
  bluebook new shenzhen-2022 report.pdf --like shenzhen-2021
  bluebook check qinghe-2022 --source report.docx
  press build -p edition=qinghe-2022"""
ROOT = click.option(
    "--root", type=click.Path(path_type=Path), help="The folder that holds data/; by default found from here upwards."
)


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong and end the program."""
    click.echo(f"bluebook: {message}", err=True)
    raise SystemExit(code)


@click.command(epilog=EXAMPLE)
@click.argument("edition")
@click.option(
    "--source", type=click.Path(path_type=Path), help="The source's text: check locators and coverage of numerals."
)
@ROOT
def check(edition: str, source: Path | None, root: Path | None) -> None:
    """List all that is wrong with EDITION, worst first, and what is still to be decided in it: its data package,
    figures, lists and checks; with --source, every locator and every numeral.

    Exit code 0: all is well; 1: something in the edition is not; 2: no such edition or source.
    """
    from bluebook.edition.edition import EditionError, edition_folder
    from bluebook.edition.package import UnknownEditionError
    from desk.coverage import coverage
    from desk.documents import read_document
    from desk.validate import decisions, faults, sizes

    try:
        folder = edition_folder(edition, root)
        text = read_document(source).text if source else ""
    except UnknownEditionError as error:
        fail(str(error), 2)
    except EditionError as error:
        fail(str(error), 1 if source and source.is_file() else 2)
    of_text: list[str] = []
    if source:
        try:
            covered = coverage(folder, text)
        except EditionError as error:
            of_text.append(str(error))
        else:
            of_text += covered.problems
            times = f"{covered.covered} of {covered.numerals} numerals of the source covered exactly once"
            click.echo(f"{times}: {covered.share:.1%}")
    wrong, open_rows = faults(folder, of_text), decisions(folder)
    for problem in (*wrong, *(one.says for one in open_rows)):
        click.echo(problem, err=True)
    counted = _counted(len(wrong), len(open_rows), sum(one.cells for one in open_rows))
    click.echo(f"{edition}: {sizes(folder)}, {counted}")
    raise SystemExit(1 if wrong or open_rows else 0)


def _counted(wrong: int, places: int, cells: int) -> str:
    """How much is wrong and how much to be decided, in words."""
    if not wrong and not places:
        return "no problems"
    counts = []
    if wrong:
        counts.append(_number(wrong, "problem"))
    if places:
        counts.append(f"{_number(cells, 'decision')} left in {_number(places, 'place')}")
    return ", ".join(counts)


def _number(count: int, noun: str) -> str:
    """A count in words.

    >>> _number(1, "place"), _number(2, "place")
    ('1 place', '2 places')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@click.command(epilog=NEW)
@click.argument("edition")
@click.argument("document", type=click.Path(path_type=Path), required=False)
@click.option(
    "--like",
    metavar="EDITION",
    help="An earlier edition: figures that are the same take over its ids, labels and English; those of one place "
    "its chapters, too.",
)
@click.option("--source", type=click.Path(path_type=Path), hidden=True, help="DOCUMENT, as it was given before.")
@ROOT
def new(edition: str, document: Path | None, like: str | None, source: Path | None, root: Path | None) -> None:
    """Draft EDITION, a new folder of data/, from DOCUMENT.

    EDITION is its name: place and year, like qinghe-2022. DOCUMENT is the report: Word, PDF, Excel, HTML, Markdown or
    plain text. Each of its numbers gets a row in figures.csv, with the sentence beside it; what the text does not say
    outright is named in the column todo, for you to confirm. `bluebook check` lists what is left to decide.

    Exit code 0: written; 1: the document gives no edition; 2: no such document, or a name that cannot be.
    Nothing is overwritten.
    """
    from bluebook.edition.edition import EditionError, data_folder, edition_folder
    from desk.documents import read_document
    from desk.draft import NoFiguresError, create
    from desk.validate import decisions

    path = document or source
    if path is None:
        raise click.UsageError("no DOCUMENT: name the report that the edition is taken from, like report.docx")
    try:
        earlier = edition_folder(like, root) if like else None
        made = create(edition, read_document(path), data_folder(root), earlier)
    except NoFiguresError as error:
        fail(str(error), 1)
    except EditionError as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", 2)
    folder = data_folder(root) / edition
    left = decisions(folder)
    click.echo(f"{folder}: {_number(made.figures, 'figure')} in {_number(made.chapters, 'chapter')}")
    if like:
        click.echo(f"  {made.carried} taken over from {like}; the column carried says which")
    counted = _counted(0, len(left), sum(one.cells for one in left))
    click.echo(f"  {counted}; to see each: bluebook check {edition} --source {path}")
    click.echo(f"  to print it as it is: press build -p edition={edition}")

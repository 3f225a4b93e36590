"""`bluebook …`: the data of an edition, found in a text, drafted, checked, audited and compared."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluebook import __version__
from desk.edition_commands import EXAMPLE, ROOT, check, fail, new

if TYPE_CHECKING:
    from bluebook.edition.audit import Verdict
    from bluebook.edition.edition import Edition
    from desk.results import Against, Change, Finding, Proof

SCAN = "\b\nExample:\n  bluebook scan report.txt > numerals.csv"
PROOF = """\b
Examples:
  bluebook proof report.docx
  bluebook proof report.docx --marked checked.docx
  bluebook proof report.docx --accept 2,3
  bluebook proof report-2023.docx --against report-2022.docx
  bluebook proof --serve"""


class Numbers(click.ParamType[tuple[int, ...]]):
    """Numbers of a list: 2,3."""

    name = "numbers"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """The numbers, from 1. A text that has other things is refused."""
        if isinstance(value, tuple):
            return value
        words = str(value).replace("，", ",").split(",")
        if not all(word.strip().isdecimal() for word in words):
            self.fail(f"{value!r}: expected numbers of the list, like 2 or 2,3", param, ctx)
        return tuple(int(word) for word in words)


NUMBERS = Numbers()


@click.group(epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bluebook")
def main() -> None:
    """The data of a blue book: every figure valid, where the source has it, and none forgotten."""


@main.command(epilog="\b\nExample:\n  bluebook audit shenzhen-2021 --json > audit.json")
@click.argument("edition")
@click.option("--json", "for_machine", is_flag=True, help="For a machine: all verdicts, both intervals, the gap.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="The report's language.")
@ROOT
def audit(edition: str, for_machine: bool, lang: str, root: Path | None) -> None:
    """Audit EDITION: decide every row of its checks.csv, from the bounds of the figures it names.

    Exit code 0: decided, whatever the verdicts; 1: the data, or a check itself, are broken; 2: no such edition.
    """
    from bluebook.edition.audit import VERDICTS, as_json

    verdicts = {lang: _audited(edition, root, lang)[1] for lang in ("zh", "en")}
    counts = Counter(dict.fromkeys(reversed(VERDICTS), 0))
    counts.update(verdict.verdict for verdict in verdicts[lang])
    if for_machine:
        checks = [as_json(zh, en) for zh, en in zip(verdicts["zh"], verdicts["en"], strict=True)]
        report = {"edition": edition, "verdicts": counts, "checks": checks}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts[lang]:
            click.echo(f"{verdict.id}: {verdict.word}\n  {verdict.statement}\n  {verdict.sentence}")
        counted = ", ".join(f"{count} {word}" for word, count in counts.items())
        click.echo(f"{edition}: {counts.total()} checks, {counted}")
    wrong = [verdict.error for verdict in verdicts[lang] if verdict.error]
    for error in wrong:
        click.echo(f"bluebook: {error}", err=True)
    raise SystemExit(1 if wrong else 0)


def _audited(edition: str, root: Path | None, lang: str = "en") -> tuple[Edition, list[Verdict]]:
    """The edition and its verdicts; says what is wrong and ends the program when there are none to have."""
    from bluebook.edition.audit import audit
    from bluebook.edition.edition import EditionError, open_edition
    from bluebook.edition.package import UnknownEditionError

    try:
        book = open_edition(edition, lang, root=root)
        list(book.context)  # read when asked for
        return book, audit(book)
    except EditionError as error:
        fail(str(error), 2 if isinstance(error, UnknownEditionError) else 1)


@main.command(epilog="\b\nExample:\n  bluebook diff shenzhen-2019 shenzhen-2021")
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="For a machine.")
@ROOT
def diff(old: str, new: str, as_json: bool, root: Path | None) -> None:
    """Compare two editions, or two releases of one: figures added (+), gone (-), changed (~) and redefined (!).

    OLD and NEW are names of editions or folders. Exit code 0: compared; 1: an edition is not valid; 2: no such edition.
    """
    from bluebook.edition.edition import EditionError
    from bluebook.edition.package import UnknownEditionError
    from bluebook.reports import diff as differences

    try:
        found = differences.compare(*(differences.read(name, root) for name in (old, new)))
    except EditionError as error:
        fail(str(error), 2 if isinstance(error, UnknownEditionError) else 1)
    if as_json:
        click.echo(json.dumps(differences.as_json(found), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(differences.lines(found)))


@main.command(epilog=SCAN)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a machine, with value and bounds of each number.")
def scan(file: Path, as_json: bool) -> None:
    """Find every numeral of FILE, a text in Chinese or English: as a draft of figures.csv, and why others are none.

    The CSV begins with a byte order mark when it goes into a file or a pipe, so that Excel reads it as UTF-8.
    """
    from bluebook.edition.edition import EditionError
    from desk.documents import read_document
    from desk.draft import to_csv
    from desk.scan import COLUMNS, findings, record

    try:
        records = [record(finding) for finding in findings(read_document(file).text)]
    except EditionError as error:
        fail(str(error).replace("; give the source's text with --source", ""), 2)
    written = json.dumps(records, ensure_ascii=False, indent=1) + "\n" if as_json else to_csv(COLUMNS, records)
    click.echo((written.lstrip("\ufeff") if sys.stdout.isatty() else written).encode(), nl=False)


@main.command(epilog=PROOF)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "for_machine", is_flag=True, help="Everything as JSON, what agrees included.")
@click.option(
    "--serve",
    "port",
    type=int,
    is_flag=False,
    flag_value=8765,
    metavar="[PORT]",
    help="As a page on this machine [8765].",
)
@click.option(
    "--marked",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write the document with its findings: .docx and .xlsx with comments, or .html.",
)
@click.option(
    "--against",
    metavar="OLD",
    type=click.Path(path_type=Path),
    help="Also compare with an earlier draft, or with the report of an earlier period.",
)
@click.option(
    "--accept",
    type=NUMBERS,
    metavar="N[,M]",
    default=(),
    help="Set aside findings of the list: not the same thing. Remembered in FILE.proof.toml by their passages.",
)
@click.option("--unaccept", type=int, metavar="N", help="Take back what was set aside, by its number in that list.")
def proof(
    file: Path | None,
    for_machine: bool,
    port: int | None,
    marked: Path | None,
    against: Path | None,
    accept: tuple[int, ...],
    unaccept: int | None,
) -> None:
    """Find the numbers of FILE that cannot both be right as they are printed.

    With --against, also those that changed, are new or vanished; and where OLD is the report of an earlier period, what
    FILE says of that period and OLD does not.

    Exit code 0: none, or all set aside; 1: there are some; 2: FILE, OLD, or what was decided of FILE, cannot be read.
    """
    from bluebook.edition.package import EditionError

    if port is not None:
        _serve(port)
        return
    if file is None:
        raise click.UsageError("no FILE: name a document, or give --serve for a page that takes one")
    if accept and unaccept is not None:
        raise click.UsageError("--accept and --unaccept: one at a time, for each changes the other's list")
    from desk.decisions import decisions_file, take_back
    from desk.marking import write_marked
    from desk.proving import proof as prove

    try:
        if unaccept is not None:
            take_back(decisions_file(file), unaccept)
        found = prove(file, against)
        if accept:
            found = _accept(file, found, accept)
        if marked is not None:
            write_marked(file, found, marked)
    except EditionError as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", 2)
    if for_machine:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        _show_proof(found)
    raise SystemExit(0 if found.is_clean else 1)


def _accept(file: Path, found: Proof, numbers: tuple[int, ...]) -> Proof:
    """Remember that findings, by their numbers in the list, are set aside; the proof without them.

    Raises `EditionError` for a number that is not in the list; then nothing is written.
    """
    from bluebook.edition.package import EditionError
    from desk.decisions import accept, decisions_file, read_decisions
    from desk.proving import decision_on, set_aside

    count = len(found.listed)
    for number in numbers:
        if not 1 <= number <= count:
            listed = f"findings 1 to {count}" if count else "no findings"
            raise EditionError(f"--accept {number}: the list of {file.name} has {listed}")
    today = date.today()
    new = [decision_on(found.listed[number - 1], today) for number in sorted(set(numbers))]
    path = decisions_file(file)
    accept(path, new)
    before = tuple(one.finding for one in found.accepted if one.finding)
    return set_aside(replace(found, findings=before + found.findings), read_decisions(path))


def _serve(port: int) -> None:
    try:
        from desk.serving import serve
    except ModuleNotFoundError as error:
        fail(f"--serve needs {error.name}: pip install 'blue-book[proof]'", 2)
    try:
        serve(port, lambda address: click.echo(f"Open {address} in a browser; stop with Ctrl+C"))
    except (OSError, OverflowError) as error:
        fail(f"--serve {port}: {getattr(error, 'strerror', None) or error}", 2)


def _show_proof(found: Proof) -> None:
    """The findings, worst first, each with its places; then how much was looked at."""
    for number, one in enumerate(found.listed, 1):
        _show_finding(number, one)
    if found.against:
        _show_against(found.against, found.file)
    _show_accepted(found)
    wrong = sum(one.tier == 1 for one in found.listed)
    click.echo(
        f"{found.file}: {wrong} that cannot be right as printed, {len(found.listed) - wrong} to look at, ", nl=False
    )
    aside = sum(one.finding is not None for one in found.accepted)
    click.echo(f"{aside} set aside, " if aside else "", nl=False)
    rest = found.numerals - found.checked
    click.echo(f"{len(found.agreements)} agree; {found.numerals} numerals: {found.checked} in a check, {rest} in none")


def _show_finding(number: int, one: Finding) -> None:
    sign = "✗" if one.tier == 1 else "?"
    chinese, english = one.says
    click.echo(f"{number} {sign} {english} · {chinese}")
    click.echo(f"  {one.arithmetic}")
    for place in one.places:
        side = f"{place.side}, " if place.side else ""
        text = _shortened(place.text, 60)
        click.echo(f"  {side}{place.block}: {place.printed}  {text}")
    if one.repair:
        wanted = f" → {one.repair['wanted']}" if one.repair["wanted"] else ""
        click.echo(f"  likely: {one.repair['printed']}{wanted}")
    click.echo()


def _show_against(against: Against, file: str) -> None:
    """What changed, is new and vanished, a line each."""
    new, old = against.years
    if not against.are_drafts:
        periods = f"two periods, {new} and {old}"
    elif new == old and new is not None:
        periods = f"two drafts on {new}"
    else:
        periods = "taken as two drafts, for one of them names no year"
    click.echo(f"{file} against {against.old_file}: {periods}; {against.same} the same")
    if not against.are_of_one_place:
        click.echo("  their titles name different places or subjects: nothing here is sure")
    for title, changes in (("changed", against.changed), ("new", against.added), ("vanished", against.vanished)):
        click.echo(f"  {title}: {len(changes)}")
        for change in changes:
            click.echo(f"    {_words_of(change)}")
    click.echo()


def _words_of(change: Change) -> str:
    """A change in a line: its name, the numbers, and where they stand."""
    sides = [place for place in (change.old, change.new) if place]
    numbers = " → ".join(place.printed for place in sides)
    places = ", ".join(f"{place.side} {place.block}" for place in sides)
    return f"{_shortened(change.name, 40)}: {numbers}  ({places})"


def _show_accepted(found: Proof) -> None:
    """What was set aside, one line each, and how to take it back."""
    if not found.accepted:
        return
    click.echo(f"Set aside in {found.file}.proof.toml; take back with --unaccept N, or delete the entry there:")
    for one in found.accepted:
        since = f" ({one.decision.on})" if one.decision.on else ""
        if one.finding:
            said = f"{one.finding.arithmetic}{since}"
        else:
            numbers = ", ".join(passage.number for passage in one.decision.passages)
            said = f"{numbers}{since}: holds no more, no such finding as these passages were printed"
        click.echo(f"  {one.number} {one.decision.kind}: {said}")
    click.echo()


def _shortened(text: str, most: int) -> str:
    """A text cut to a number of characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


main.add_command(check)
main.add_command(new)

if __name__ == "__main__":
    main()

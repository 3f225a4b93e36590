"""`press …`: the commands. Each imports what it needs when it is called.

Exit codes: 0 done, 1 something in the book failed, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from press import __version__
from press.choosing import LANGUAGES, PARAMETERS, SUITE, Choice, chooses

EXTRAS = {  # of the distribution, by the module that only some commands need
    "apprise": "schedule",
    "cronsim": "schedule",
    "distributed": "dask",
    "jupyter_scheduler": "lab",
    "s3fs": "s3",
}

OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder of what is built [default: reports, in the suite's root].",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="press")
def press() -> None:
    """Print a suite of notebooks as a site.

    Example: press build --only 01-livelihood --lang en
    """


@press.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def init(folder: Path) -> None:
    """Write a suite.toml for the notebooks of FOLDER and below it: titles, sections, language, to be edited.

    Example: press init analysis
    """
    from press.draft import draft, notebooks_in
    from press.suite import SuiteError

    file = folder / "suite.toml"
    if file.exists():
        raise SuiteError(f"{file}: there is one already: edit it, or remove it first")
    if not folder.is_dir():
        raise SuiteError(f"{folder}: no such folder")
    found = notebooks_in(folder)
    text = draft(folder, found)
    file.write_text(text, encoding="utf-8")
    many = "s" if len(found) > 1 else ""
    click.echo(f"{file}: {len(found)} notebook{many}. Next: press preview {folder}, and press build {folder}")


@press.command()
@click.argument("table", required=False)
def keys(table: str | None) -> None:
    """Say what suite.toml can hold, as Markdown: every key of every table, or of TABLE.

    \b
    Examples:
      press keys schedule
      press keys > docs/suite.md
    """
    from press.errors import SuiteError, listed
    from press.suite import reference
    from press.suite.keys import tables

    if table is None:
        click.echo(reference.reference(), nl=False)
        return
    known = tables()
    name = table.strip("[]")
    if name not in known:
        raise SuiteError(f'no table is named "{table}": expected one of {listed(known)}')
    click.echo(reference.section(name, known[name]), nl=False)


@press.command()
@chooses
@click.option("--format", "formats", metavar="html,pdf", help="What to print [default: what the suite says].")
@click.option("--workers", type=click.IntRange(1), help="Notebooks that run at one time [default: one for each core].")
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster whose scheduler is at ADDRESS.")
@click.option("--force", is_flag=True, help="Run everything, fresh or not.")
@OUT
def build(
    choice: Choice, formats: str | None, workers: int | None, dask: str | None, force: bool, out: Path | None
) -> None:
    """Run what is not fresh, and print its pages: of the suite, or of PATHS, notebooks or a folder without a suite.

    \b
    Examples:
      press build --only 01-livelihood -p edition=shenzhen-2021 --format html,pdf
      press build analysis
      press build first.ipynb second.ipynb -f values.yaml -k python3
    """
    from press.build.build import build as build_runs
    from press.build.order import Order

    suite, planned, chosen = choice.plan(formats.split(",") if formats else None)
    order = Order(_out(suite, out), workers or _cores(), dask, force)
    code = build_runs(suite, planned, chosen, order)
    if (order.site / "index.html").is_file():
        click.echo(f"The pages are in {order.site}: open index.html")
    sys.exit(code)


@press.command()
@chooses
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--workers", type=click.IntRange(1), help="Notebooks that run at one time [default: one for each core].")
@OUT
def preview(choice: Choice, port: int, workers: int | None, out: Path | None) -> None:
    """Build and serve the suite, or PATHS, and build again whatever is saved: open pages show themselves anew.

    \b
    Examples:
      press preview analysis
      press preview --only 01-livelihood --lang en
    """
    from press.build import preview as previews
    from press.build.order import Order

    suite, _ = choice.suite()
    order = Order(_out(suite, out), workers or _cores())
    previews.preview(lambda: choice.plan(["html"]), order, port, click.echo)


@press.command()
@click.argument("name")
@PARAMETERS
@LANGUAGES
@OUT
@SUITE
def explain(
    name: str, parameters: tuple[str, ...], langs: tuple[str, ...], out: Path | None, suite_file: Path | None
) -> None:
    """Say why the report NAME, or that of a notebook, is fresh or not, input by input: same, changed, new or gone.

    \b
    Examples:
      press explain 01-livelihood --lang en
      press explain analysis/first.ipynb
    """
    from press.build.explain import explain as explanations

    asked = {"paths": (Path(name),)} if name.endswith(".ipynb") else {"only": (name,)}
    suite, planned, chosen = Choice(suite_file, parameters=parameters, langs=langs, **asked).plan()
    for line in explanations(suite, planned, chosen, _out(suite, out)):
        click.echo(line)


@press.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@OUT
@SUITE
def serve(port: int, out: Path | None, suite_file: Path | None) -> None:
    """Serve the built site on this machine's loopback address, until interrupted.

    Example: press serve --port 8080
    """
    from press.suite import SuiteError

    site = (out or _suite(suite_file).root / "reports").absolute() / "site"
    if not (site / "index.html").is_file():
        raise SuiteError(f"{site}: found no built site, expected an index.html: run `press build` first")
    from press.site import server

    server.serve(site, port, lambda address: click.echo(f"{site}\n  {address}   (Ctrl+C stops)"))


@press.command()
@click.option("--run", "name", metavar="NAME", help="Do this schedule's run now, and end.")
@click.option("--due", is_flag=True, help="Do what is due or was missed, and end: for cron.")
@click.option("--print", "form", type=click.Choice(["systemd", "cron"]), help="Print units or a crontab, and end.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Of the status page.")
@OUT
@SUITE
def schedule(
    name: str | None, due: bool, form: str | None, port: int, out: Path | None, suite_file: Path | None
) -> None:
    """Build and publish when the suite's schedules say, until told to stop; the status page is on loopback.

    Example: press schedule --print systemd
    """
    from press.build import clock, units
    from press.suite import find_suite, read_suite

    suite = read_suite((suite_file or find_suite(Path.cwd())).absolute())
    folder = _out(suite, out)
    if form == "systemd":
        click.echo(units.systemd(suite, folder), nl=False)
    elif form == "cron":
        click.echo(units.crontab(suite, folder), nl=False)
    elif name:
        sys.exit(0 if clock.run_now(suite, folder, name) else 1)
    elif due:
        sys.exit(0 if clock.run_due(suite, folder) else 1)
    else:
        clock.keep(suite, folder, port, lambda address: click.echo(f"{address}   (Ctrl+C stops)"))


@press.command()
@click.argument("target")
@click.option("--partial", is_flag=True, help="Publish although reports are missing: their last good pages stay.")
@click.option("--by", help="Who publishes, for the record [default: the user's name].")
@PARAMETERS
@OUT
@SUITE
def publish(
    target: str, partial: bool, by: str | None, parameters: tuple[str, ...], out: Path | None, suite_file: Path | None
) -> None:
    """Make the built site the current release of TARGET, a folder or a URL that fsspec knows (s3://, gcs://, sftp://).

    What lies in TARGET is believed by its content alone: all files of the release that was current, and those that the
    new one shares with earlier ones, are read back and hashed. A store sends them over the network for that: about as
    much as one release holds. Damage is named, and mended from this build or from another place in TARGET.

    Example: press publish /srv/www/bluebook
    """
    from press.release import publish as publishing

    suite, planned, _ = Choice(suite_file, parameters=parameters).plan()
    with _exit_on_publish_error():
        name, new, book = publishing.publish(suite, planned, _out(suite, out), target, partial=partial, by=by or "")
    for path, made in book.kept.items():
        click.echo(f"kept as it was on {made}: {path}")
    for path in book.left_out:
        click.echo(f"left out, never built: {path}")
    _tell(book.notes)
    click.echo(f"{name} {'is public' if new else 'has just this content already: it is current'}")


@press.command()
@click.argument("target")
@click.option("--all", "every", is_flag=True, help="Read back the files of all releases, not of the current one alone.")
def releases(target: str, every: bool) -> None:
    """List the releases of TARGET, newest first; the current one is marked.

    The records of all releases and the files of the current one are read back: one that is not as it was published is
    named, and the exit code is 1.

    Example: press releases /srv/www/bluebook
    """
    from press.release.releases import list_releases

    with _exit_on_publish_error():
        versions, damage = list_releases(target, every=every)
    for one in reversed(versions.releases):
        notes = [f"{len(one.kept)} kept"] if one.kept else []
        if one.retired:
            notes.append("retired")
        mark = "*" if one.name == versions.current else " "
        click.echo("  ".join([f"{mark} {one.name}", one.published, f"by {one.by}", *notes]))
    _tell(damage)
    if damage:
        sys.exit(1)


@press.command()
@click.argument("target")
@click.argument("release", required=False)
@SUITE
def rollback(target: str, release: str | None, suite_file: Path | None) -> None:
    """Make an earlier RELEASE of TARGET current again [default: the one that readers had before the current one].

    All its files are read back first: it becomes current only if each is as it was published, or can be mended.

    Example: press rollback /srv/www/bluebook 20261123-220049-1a2b3c4d
    """
    from press.release import publish as publishing

    with _exit_on_publish_error():
        name, notes = publishing.rollback(_suite(suite_file), target, release)
    _tell(notes)
    click.echo(f"{name} is current")


def _tell(notes: list[str]) -> None:
    """What was found damaged, each on a line."""
    for note in notes:
        click.echo(f"press: {note}", err=True)


@contextmanager
def _exit_on_publish_error() -> Iterator[None]:
    """What keeps a release from becoming public is told in a sentence."""
    from press.release.publish import PublishError

    try:
        yield
    except PublishError as error:
        click.echo(f"press: {error}", err=True)
        sys.exit(1)


def _suite(file: Path | None) -> Any:
    from press.suite import find_suite, read_suite

    return read_suite(file or find_suite(Path.cwd()))


def _out(suite: Any, out: Path | None) -> Path:
    folder = (out or suite.root / "reports").absolute()
    if folder.exists() and not folder.is_dir():
        from press.suite import SuiteError

        raise SuiteError(f"--out {folder}: this is a file, expected a folder")
    return folder


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _have_a_home() -> None:
    """Name a home for a user whom the system does not know: Jupyter's libraries ask for one, and can do without it."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = "/nonexistent"


def main() -> None:
    """Run the command; a user's mistake is told in a sentence."""
    _have_a_home()
    try:
        press(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name or "")
        if extra is None:
            raise
        click.echo(f"press: this needs {error.name}: pip install 'blue-book-press[{extra}]'", err=True)
        sys.exit(2)
    except ValueError as error:
        from press.suite import SuiteError

        if not isinstance(error, SuiteError):
            raise
        click.echo(f"press: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        if not error.strerror:
            raise
        click.echo(f"press: {f'{error.filename}: ' if error.filename else ''}{error.strerror}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

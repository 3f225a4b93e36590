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

EXTRAS = {  # of the distribution, by the module that only some commands need
    "apprise": "schedule",
    "cronsim": "schedule",
    "distributed": "dask",
    "jupyter_scheduler": "lab",
    "s3fs": "s3",
}

SUITE = click.option(
    "--suite",
    "suite_file",
    type=click.Path(path_type=Path),
    help="The suite [default: notebooks/suite.toml, here or in a folder above].",
)
PARAMETERS = click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="Set a parameter; repeatable.")
LANGUAGES = click.option("--lang", "langs", multiple=True, metavar="LANG", help="Only this language; repeatable.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Where to [default: reports, beside the notebooks].")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="press")
def press() -> None:
    """Print a suite of notebooks as a site.

    Example: press build --only 01-livelihood --lang en
    """


@press.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only this report; repeatable.")
@PARAMETERS
@LANGUAGES
@click.option("--format", "formats", metavar="html,pdf", help="What to print [default: what the suite says].")
@click.option("--workers", type=click.IntRange(1), help="Processes [default: one for each core].")
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster whose scheduler is at ADDRESS.")
@click.option("--force", is_flag=True, help="Run everything, fresh or not.")
@OUT
@SUITE
def build(
    only: tuple[str, ...],
    parameters: tuple[str, ...],
    langs: tuple[str, ...],
    formats: str | None,
    workers: int | None,
    dask: str | None,
    force: bool,
    out: Path | None,
    suite_file: Path | None,
) -> None:
    """Run what is not fresh, and print its pages.

    Example: press build --only 01-livelihood -p edition=shenzhen-2021 --format html,pdf
    """
    from press.build import build as builds

    suite, planned, chosen = _plan(suite_file, only, parameters, langs, formats.split(",") if formats else None)
    order = builds.Order(_out(suite, out), workers or _cores(), dask, force)
    sys.exit(builds.build(suite, planned, chosen, order))


@press.command()
@click.argument("name")
@PARAMETERS
@LANGUAGES
@OUT
@SUITE
def explain(
    name: str, parameters: tuple[str, ...], langs: tuple[str, ...], out: Path | None, suite_file: Path | None
) -> None:
    """Say why the report NAME is fresh or not, input by input: same, changed, new or gone.

    Example: press explain 01-livelihood --lang en
    """
    from press.build import build as builds

    suite, planned, chosen = _plan(suite_file, (name,), parameters, langs, None)
    for line in builds.explain(suite, planned, chosen, _out(suite, out)):
        click.echo(line)


@press.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@OUT
@SUITE
def serve(port: int, out: Path | None, suite_file: Path | None) -> None:
    """Serve the built site on this machine's loopback address, until interrupted.

    Example: press serve --port 8080
    """
    from press.suite import SuiteError, find_suite, read_suite

    site = (out or read_suite(suite_file or find_suite(Path.cwd())).root / "reports").absolute() / "site"
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

    suite, planned, _ = _plan(suite_file, (), parameters, (), None)
    with _told():
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
    from press.release import publish as publishing

    with _told():
        versions, damage = publishing.releases(target, every=every)
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
    from press.suite import find_suite, read_suite

    with _told():
        name, notes = publishing.rollback(read_suite(suite_file or find_suite(Path.cwd())), target, release)
    _tell(notes)
    click.echo(f"{name} is current")


def _tell(notes: list[str]) -> None:
    """What was found damaged, each on a line."""
    for note in notes:
        click.echo(f"press: {note}", err=True)


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a release from becoming public is told in a sentence."""
    from press.release.publish import PublishError

    try:
        yield
    except PublishError as error:
        click.echo(f"press: {error}", err=True)
        sys.exit(1)


def _plan(suite_file: Path | None, only: Any, parameters: Any, langs: Any, formats: Any) -> tuple[Any, Any, Any]:
    from press.suite import SuiteError, find_suite, plan, read_suite, select

    given = {}
    for word in parameters:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise SuiteError(f'-p {word}: found no "=", expected KEY=VALUE')
        if key in given:
            raise SuiteError(f"-p {word}: {key} is given twice")
        given[key] = value
    if "lang" in given:
        langs = (*langs, given.pop("lang"))
    suite = read_suite(suite_file or find_suite(Path.cwd()))
    asked = plan(suite, given, formats=formats)
    chosen = select(suite, asked, only, langs)
    planned = {
        run.path: run for run in [*(plan(suite) if given else ()), *asked]
    }  # the site has more than was asked for
    return suite, list(planned.values()), chosen


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

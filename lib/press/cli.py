"""`press …`: the commands. Each imports what it needs when it is called.

Exit codes: 0 done, 1 something in the book failed, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    help="The suite [default: suite.toml or notebooks/suite.toml, here or in a folder above].",
)
PARAMETERS = click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="Set a parameter; repeatable.")
VALUES = click.option(
    "-f",
    "value_files",
    multiple=True,
    metavar="FILE.yaml",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Set the parameters that a YAML or JSON file holds; -p counts before it.",
)
KERNEL = click.option(
    "-k", "--kernel", default="", metavar="NAME", help="Run with this kernel, whatever a notebook says."
)
STORED = click.option(
    "--no-execute", "stored", is_flag=True, help="Run nothing: print the outputs that notebooks come with."
)
LANGUAGES = click.option("--lang", "langs", multiple=True, metavar="LANG", help="Only this language; repeatable.")
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
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--only", multiple=True, metavar="NAME", help="Only this report; repeatable.")
@PARAMETERS
@VALUES
@KERNEL
@STORED
@LANGUAGES
@click.option("--format", "formats", metavar="html,pdf", help="What to print [default: what the suite says].")
@click.option("--workers", type=click.IntRange(1), help="Processes [default: one for each core].")
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster whose scheduler is at ADDRESS.")
@click.option("--force", is_flag=True, help="Run everything, fresh or not.")
@OUT
@SUITE
def build(
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    parameters: tuple[str, ...],
    value_files: tuple[Path, ...],
    kernel: str,
    stored: bool,
    langs: tuple[str, ...],
    formats: str | None,
    workers: int | None,
    dask: str | None,
    force: bool,
    out: Path | None,
    suite_file: Path | None,
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

    if paths and suite_file is None:
        suite, named = _suite_of(paths)
        only = (*only, *named)
    else:
        suite = _suite(suite_file)
    asked = formats.split(",") if formats else None
    planned, chosen = _plan(suite, only, parameters, langs, asked, _values_of(value_files), kernel, stored)
    order = Order(_out(suite, out), workers or _cores(), dask, force)
    code = build_runs(suite, planned, chosen, order)
    if paths:
        click.echo(f"The pages are in {order.out / 'site'}: open index.html")
    sys.exit(code)


@press.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--only", multiple=True, metavar="NAME", help="Only this report; repeatable.")
@PARAMETERS
@VALUES
@KERNEL
@STORED
@LANGUAGES
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--workers", type=click.IntRange(1), help="Processes [default: one for each core].")
@OUT
@SUITE
def preview(
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    parameters: tuple[str, ...],
    value_files: tuple[Path, ...],
    kernel: str,
    stored: bool,
    langs: tuple[str, ...],
    port: int,
    workers: int | None,
    out: Path | None,
    suite_file: Path | None,
) -> None:
    """Build and serve the suite, or PATHS, and build again whatever is saved: open pages show themselves anew.

    \b
    Examples:
      press preview analysis
      press preview --only 01-livelihood --lang en
    """
    from press.build import preview as previews
    from press.build.order import Order

    def plan() -> previews.Plan:
        suite, named = _suite_of(paths) if paths and suite_file is None else (_suite(suite_file), ())
        values = _values_of(value_files)
        return previews.Plan(suite, *_plan(suite, (*only, *named), parameters, langs, ["html"], values, kernel, stored))

    order = Order(_out(plan().suite, out), workers or _cores())
    previews.preview(plan, order, port, click.echo)


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
    from press.build.explain import explain as explanations

    suite = _suite(suite_file)
    planned, chosen = _plan(suite, (name,), parameters, langs, None)
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

    suite = _suite(suite_file)
    planned, _ = _plan(suite, (), parameters, (), None)
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
    from press.release import publish as publishing

    with _exit_on_publish_error():
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

    with _exit_on_publish_error():
        name, notes = publishing.rollback(read_suite(suite_file or find_suite(Path.cwd())), target, release)
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


def _suite_of(paths: tuple[Path, ...]) -> tuple[Any, tuple[str, ...]]:
    """The suite that paths belong to, and the reports of it that they name; none for all of a folder.

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


def _values_of(files: tuple[Path, ...]) -> dict[str, Any]:
    """What files of parameters hold: the later file counts."""
    import yaml

    from press.suite import Given, SuiteError, unfit

    found: dict[str, Any] = {}
    for file in files:
        try:
            values = yaml.safe_load(file.read_text(encoding="utf-8"))
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


def _plan(
    suite: Any,
    only: Any,
    parameters: Any,
    langs: Any,
    formats: Any,
    values: dict[str, Any] | None = None,
    kernel: str = "",
    stored: bool = False,
) -> tuple[Any, Any]:
    from press.suite import SuiteError, plan, select

    given = dict(values or {})
    typed = set()
    for word in parameters:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise SuiteError(f'-p {word}: found no "=", expected KEY=VALUE')
        if key in typed:
            raise SuiteError(f"-p {word}: {key} is given twice")
        typed.add(key)
        given[key] = value
    if "lang" in given:
        lang = given.pop("lang")
        langs = (*langs, lang if isinstance(lang, str) else str(lang.value))
    asked = plan(suite, given, formats=formats, kernel=kernel, execute=not stored)
    chosen = select(suite, asked, only, langs)
    planned = {
        run.path: run for run in [*(plan(suite) if given else ()), *asked]
    }  # the site has more than was asked for
    return list(planned.values()), chosen


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

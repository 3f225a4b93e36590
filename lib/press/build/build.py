"""A build: the runs that are not fresh, done by any `concurrent.futures.Executor`, published one by one, all on record.

Only this process writes below `--out`; each file is replaced whole, a run's record last, so a build that is killed at
any moment leaves the next one a site it can trust.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from press import files
from press.build.turns import Turns
from press.logs import without_controls
from press.page.unshown import dead
from press.records import Page, PageRecord, Result, Task
from press.run import freshness, redact
from press.site import navigation
from press.suite import Report, Run, Suite, SuiteError, is_for

if TYPE_CHECKING:
    from press.build.workers import Crew

LOST = ("KilledWorker", "CommClosedError")  # what Dask says when a worker is gone
RECORD = "build.json"
FAILED = "failed"  # beside the site: what runs that failed had executed
FIRST, LAST = 12, 6  # lines of a traceback in the log
TOLD = 20  # lines of a run's stderr in the log
STATES = ("ran", "printed", "reused", "failed")  # what became of a run; "printed": its page alone was made anew
SHARED = "assets/"  # in the site: what several pages may show
PATIENCE = 10  # seconds for a scheduler to answer
ATTEMPTS = 3  # of a run whose worker was lost
AHEAD = 3  # tasks handed out for each worker: none waits for us, and memory stays flat


@dataclass(frozen=True)
class Order:
    """How to build: where to, with how many processes or on which Dask cluster, and whether to run what is fresh.

    `crew` are workers that stay when the build is done. Where it is `patient`, what is volatile runs again only when an
    input of it has changed.
    """

    out: Path
    workers: int = 1
    dask: str | None = None
    force: bool = False
    crew: Crew | None = None
    patient: bool = False


def build(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run], order: Order) -> int:
    """Build the chosen runs of the planned ones; returns the exit code: 0, or 1 if a run failed.

    Raises SuiteError before anything is written.
    """
    started = time.time()
    cache, site = order.out / ".cache", order.out / "site"
    redact.read(suite.secrets)  # refused here, before anything runs
    freshness.forget()
    freshness.page_code()  # as they are now, when this process is about to import them
    with lock_output(order.out):
        shutil.rmtree(cache / "writing", ignore_errors=True)
        files.sweep_halves(site)
        _remove_unknown_pictures(cache, site)
        (order.out / RECORD).unlink(missing_ok=True)  # a build that does not end leaves none
        tasks = [replace(task, site=str(site.resolve())) for task in make_tasks(suite, planned, chosen)]
        before = dict(freshness.records(cache))
        jobs = {}
        entries = {}
        for task in tasks:
            path = task.path
            record = before.get(path)
            if order.force or not freshness.is_fresh(record, task, site, patient=order.patient):
                jobs[path] = task
            elif record and not freshness.is_printed(record, task, site):
                jobs[path] = replace(task, executed=(site / f"{path}.ipynb").read_bytes())
            else:
                entries[path] = _entry(task, "reused", 0.0, record)
        turns = Turns({task.path: task for task in tasks}, jobs, before, _say)
        for result in _finished(turns, suite, order):
            task = turns.current[result.path]
            _keep_failed(result, order.out, cache)
            entries[result.path] = _publish(result, task, cache, site)
            turns.done(result.path, result)
        for path, error in turns.refused.items():
            entries[path] = _refuse(turns.tasks[path], error, cache)
        _remove_gone(suite, planned, cache, site)
        _forget_failures(planned, order.out)
        records = [(run, record) for run in planned if (record := freshness.read_record(cache, run.path))]
        with _told_of_templates(suite):
            _finish_site(suite, planned, {run.path: record for run, record in records}, cache, site)
        warned = _warnings(entries, planned, records, site)
        for path, sentences in warned.items():
            entries[path]["warnings"] = sentences
        report = {
            "started": datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
            "seconds": round(time.time() - started, 3),
            "runs": [entries[task.path] for task in tasks],
            "untranslated": _untranslated(suite, records),
            **({"unfetched": list(suite.theme.fetched)} if suite.theme.fetched else {}),
        }
        text = json.dumps(report, ensure_ascii=False, indent=1)
        freshness.replace(order.out / RECORD, text.encode(), cache)
    return _sum_up(report, order.out)


@contextmanager
def _told_of_templates(suite: Suite) -> Iterator[None]:
    """A template of the suite's own that cannot be filled in is a user's mistake."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith("jinja2"):  # which is not imported where nothing is to do
            raise
        raise SuiteError(f"{suite.file}, [theme] folder: a template cannot be filled in: {error}") from error


@contextmanager
def lock_output(out: Path) -> Iterator[None]:
    """One build at a time for each folder."""
    from filelock import FileLock

    out.mkdir(parents=True, exist_ok=True)
    with held(FileLock(out / ".lock"), str(out)):
        yield


@contextmanager
def held(lock: Any, place: str) -> Iterator[None]:
    """A file lock on a place, waited for with a word."""
    from filelock import Timeout

    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        _say(f"another build is writing to {place}: waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def make_tasks(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run]) -> list[Task]:
    """A task for each chosen run, with the place of its page among all the planned ones."""
    homes: dict[tuple[str, str], list[Run]] = {}
    names: dict[tuple[str, str], set[str]] = {}
    twins: dict[str, list[Run]] = {}
    for run in planned:
        names.setdefault((run.lang, run.folder), set()).update((run.report.name, run.name))
        if not run.is_spread and run.report.name != suite.front:
            homes.setdefault((run.lang, run.folder), []).append(run)
        twins.setdefault(_twin_key(run), []).append(run)
    return [
        Task(
            notebook=str(run.report.notebook),
            root=str(suite.root),
            data=str(suite.data),
            params=run.params,
            lang=run.lang,
            page=_page(
                suite,
                run,
                folder=homes.get((run.lang, run.folder), []),
                twins=twins[_twin_key(run)],
                figures=_figures(suite, names[run.lang, run.folder]),
            ),
            timeout=run.report.timeout,
            cell_timeout=run.report.cell_timeout,
            memory=run.report.memory,
            retries=run.report.retries,
            kernel=run.report.kernel,
            folder=str(run.report.folder or ""),
            execute=run.report.execute,
            secrets=suite.secrets,
        )
        for run in chosen
    ]


def _twin_key(run: Run) -> str:
    return freshness.canonical([run.report.name, {key: value for key, value in run.params.items() if key != "lang"}])


def _page(suite: Suite, run: Run, folder: Sequence[Run], twins: Sequence[Run], figures: Mapping[str, str]) -> Page:
    """The place of a run's page; `folder` are the pages beside it, `twins` it in each language."""
    place = navigation.place(suite, run, folder)
    cells = run.report.cells
    return Page(
        name=place.name,
        lang=place.lang,
        title=run.title,
        path=run.path,
        params=dict(run.params),
        role=place.role,
        site_title=place.site_title,
        suite_title=place.suite_title,
        front=place.front,
        home=place.home,
        sections=place.sections,
        alternates=tuple((other.lang, navigation.href(other, run.folder)) for other in twins),
        assets=os.path.relpath("assets", run.folder),
        figures=figures,
        formats=run.report.formats,
        url=suite.url,
        author=place.author,
        based_on=suite.based_on_of(run),
        date=place.date,
        licence=place.licence,
        corrections=place.corrections,
        trusted=suite.trusted,
        undrawn=not suite.draw,
        frames=suite.frames,
        languages=cells.languages,
        silent=cells.silent,
        outputs=cells.outputs,
        code=cells.code,
        stderr=cells.stderr,
        errors=cells.errors,
        theme=suite.theme,
        bibliography=tuple(path.relative_to(suite.root).as_posix() for path in run.report.bibliography),
    )


def _figures(suite: Suite, pages: Collection[str]) -> dict[str, str]:
    """Which of these pages has the rows of figures, by the beginning of their ids."""
    return {start: name for start, name in suite.figures.items() if name in pages}


def preloads(suite: Suite, notebooks: Iterable[Path]) -> list[str]:
    """What the server of kernels imports: what the suite says, else what the notebooks import of installed packages."""
    if suite.preload is not None:
        return list(suite.preload)
    from press.suite import imports

    return sorted({name for notebook in set(notebooks) for name in imports(notebook)})


def _finished(turns: Turns, suite: Suite, order: Order) -> Iterator[Result]:
    """The results of all runs as they come, from whichever workers there are."""
    if not turns.waiting:
        return
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(len(turns.waiting)))
        for result in _on_cluster(turns, suite, order, stack) if order.dask else _here(turns, suite, order):
            progress.step(result, left=len(turns.waiting))
            yield result


def _here(turns: Turns, suite: Suite, order: Order) -> Iterator[Result]:
    """On this machine: processes forked from this one once it has imported everything, and one server of kernels."""
    from press.build import workers

    if order.crew:
        yield from _with_crew(turns, order.crew)
        return
    jobs = turns.waiting
    count = max(1, min(order.workers, len(jobs)))
    modules = preloads(suite, (Path(task.notebook) for task in jobs.values() if task.executed is None and task.execute))
    with workers.Crew(count, modules) as crew:
        yield from _with_crew(turns, crew)


def _with_crew(turns: Turns, crew: Crew) -> Iterator[Result]:
    for turn in turns:
        yield from drive(turn, crew.executor, crew.run_task, crew.count * AHEAD, renew=crew.renew)


def _on_cluster(turns: Turns, suite: Suite, order: Order, stack: ExitStack) -> Iterator[Result]:
    """On a Dask cluster whose workers see the suite's files at the same path."""
    from distributed import Client

    from press.build import workers

    modules = tuple(preloads(suite, (Path(task.notebook) for task in turns.waiting.values())))
    try:
        client = stack.enter_context(Client(order.dask, timeout=PATIENCE))
    except (OSError, ValueError) as error:
        raise SuiteError(f"--dask {order.dask}: no scheduler answers: {error}") from None
    executor = stack.enter_context(client.get_executor(pure=False))
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    for turn in turns:
        yield from drive(turn, lambda: executor, workers.Remote(modules), ahead)


def drive(
    jobs: Mapping[str, Task],
    executor: Callable[[], Executor],
    run_task: Callable[[Task], Result],
    ahead: int,
    renew: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """Hand out the jobs, never more than `ahead` at once.

    When a worker is lost, the jobs it may have had are done again one by one, so that the one that kills its worker
    is found and the others are not blamed.
    """
    waiting, suspects = deque(jobs.values()), deque[Task]()
    lost: Counter[str] = Counter()
    running: dict[Future[Result], Task] = {}
    while waiting or suspects or running:
        queue, room = (suspects, 1) if suspects else (waiting, ahead)
        while queue and len(running) < room:
            task = queue.popleft()
            running[executor().submit(run_task, task)] = task
        alone = len(running) == 1
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        broken = False
        for future in done:
            task = running.pop(future)
            path, error = task.path, future.exception()
            if error is None:
                yield future.result()
            elif not isinstance(error, BrokenExecutor) and type(error).__name__ not in LOST:
                yield Result(path, error=f"{type(error).__name__}: {error}")
            else:
                broken = True
                lost[path] += alone
                if lost[path] < ATTEMPTS:
                    suspects.append(task)
                else:
                    yield Result(path, error=f"its worker was lost {ATTEMPTS} times: {error}")
        if broken:
            renew()


def _keep_failed(result: Result, out: Path, cache: Path) -> None:
    """Keep what a failed run had executed, and its traceback, beside the site; nothing of one that succeeded."""
    notebook = out / FAILED / f"{result.path}.ipynb"
    trace = notebook.with_name(f"{notebook.stem}.txt")
    if result.failed:
        freshness.replace(notebook, result.failed, cache)
    else:
        _remove(notebook, out / FAILED)
    if result.error is None:
        _remove(trace, out / FAILED)
        return
    place = f"cell {result.cell}: " if result.cell else ""
    freshness.replace(
        trace, without_controls(f"{place}{result.error}\n\n{result.detail}\n").encode(errors="replace"), cache
    )


def _forget_failures(planned: Sequence[Run], out: Path) -> None:
    """Remove what is kept of failed runs that no report of the suite makes any more."""
    expected = {out / FAILED / f"{run.path}.{suffix}" for run in planned for suffix in ("ipynb", "txt")}
    for file in [*(out / FAILED).rglob("*.ipynb"), *(out / FAILED).rglob("*.txt")]:
        if file not in expected:
            _remove(file, out / FAILED)


def _remove(file: Path, top: Path) -> None:
    """Remove a file, and the folders up to `top` that it leaves empty."""
    file.unlink(missing_ok=True)
    folder = file.parent
    while folder.is_relative_to(top) and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _warnings(
    entries: Mapping[str, Any], planned: Sequence[Run], records: Sequence[tuple[Run, freshness.Record]], site: Path
) -> dict[str, list[str]]:
    """What each page that was asked for cannot show, and where it leads nowhere; also if it was printed before."""
    expected = [run.path for run in planned]
    found = {}
    for run, record in records:
        if run.path in entries and entries[run.path]["status"] != "failed":
            printed = record.printed
            if sentences := [*printed.warnings, *dead(printed.references, site, expected)]:
                found[run.path] = sentences
    return found


def _publish(result: Result, task: Task, cache: Path, site: Path) -> dict[str, Any]:
    """Put a run's files in their places, then its record; what a failed run had published stays."""
    if result.error is not None:
        entry = _entry(task, "failed", result.seconds, None)
        entry["error"] = result.error
        if result.cell:
            entry["cell"] = result.cell
        kept = ["ipynb", "txt"] if result.failed else ["txt"]
        entry["failed"] = [f"{FAILED}/{result.path}.{suffix}" for suffix in kept]
        return entry
    then = freshness.read_record(cache, result.path)
    known = then if task.executed is not None else None
    for name, content in result.files.items():
        files.replace_file(site / name, content, site)
    hashes = {name: freshness.digest(content) for name, content in result.files.items()}
    for name in set(then.files if then else ()) - set(hashes):
        if not name.startswith(SHARED):
            files.remove(site / name)
    record = freshness.Record(
        inputs=known.inputs if known else result.inputs,
        volatile=known.volatile if known else result.volatile,
        page=freshness.page_key(task.page, hashes[f"{result.path}.ipynb"]),
        files=hashes,
        report=task.page.name,
        params=dict(task.params),
        printed=result.printed,
        beside=result.beside,
        written=known.written if known else result.written,
        unseen=known.unseen if known else result.unseen,
        theme=dict(task.page.theme.sources),
    )
    freshness.write_record(cache, result.path, record)
    entry = _entry(task, "ran" if task.executed is None else "printed", result.seconds, record)
    if result.warning:
        entry["warning"] = result.warning
    if result.stderr:
        entry["stderr"] = result.stderr
    return entry


def _refuse(task: Task, error: str, cache: Path) -> dict[str, Any]:
    """A run whose page cannot be right, whatever the order: it is run again by the next build."""
    path = task.path
    freshness.record_file(cache, path).unlink(missing_ok=True)
    _say(f"failed {path}: {error}")
    return {**_entry(task, "failed", 0.0, None), "error": error}


def _entry(task: Task, status: str, seconds: float, record: freshness.Record | None) -> dict[str, Any]:
    """What the record of the build says of a run."""
    entry: dict[str, Any] = {
        "report": task.page.name,
        "params": dict(task.params),
        "lang": task.lang,
        "status": status,
        "seconds": seconds,
        "inputs": {},
        "outputs": [],
    }
    if record is None:
        return entry
    entry["inputs"] = {name: _public(name, found) for name, found in record.inputs.items()}
    entry["outputs"] = [f"site/{name}" for name in sorted(record.files)]
    if record.volatile:
        entry["volatile"] = record.volatile
    return entry


def _public(name: str, fingerprint: str | None) -> str | None:
    """A fingerprint as it may be published: that of a secret could be guessed from."""
    return "set" if name.startswith("environment ") and fingerprint else fingerprint


def _remove_gone(suite: Suite, planned: Sequence[Run], cache: Path, site: Path) -> None:
    """Remove the pages of reports that are no longer in the suite, and of values it no longer allows or prints for.

    A value that no matrix has goes with the build that does not ask for it.
    """
    wanted = {run.path for run in planned}
    reports = {report.name: report for report in suite.reports}
    rules = {name: rule.allowed for name, rule in suite.parameters.items() if rule.allowed is not None}
    for path, record in freshness.records(cache):
        allowed = all(value in rules.get(name, (value,)) for name, value in record.params.items())
        report = reports.get(record.report)
        is_printed = (
            report is not None
            and allowed
            and is_for(suite, report, record.params)
            and (path in wanted or _is_in_matrix(report, record.params))
        )
        if record.report and not is_printed:
            for name in record.files:
                if not name.startswith(SHARED):
                    files.remove(site / name)
            freshness.record_file(cache, path).unlink()


def _is_in_matrix(report: Report, params: Mapping[str, Any]) -> bool:
    """Whether the values of a page are those of its report's matrix, as far as that lists any."""
    listed = {name: [one.value for one in report.listed(name)] for name in report.matrix}
    return all(params.get(name) in values for name, values in listed.items() if values)


def _remove_unknown_pictures(cache: Path, site: Path) -> None:
    """Remove the pictures that no record vouches for: a damaged one would be taken for good, as its name says so."""
    known: dict[str, set[str]] = {}
    for _, record in freshness.records(cache):
        for name, content in record.files.items():
            known.setdefault(name, set()).add(content)
    for file in [*(site / SHARED).glob("charts/*"), *(site / SHARED).glob("embeds/*")]:
        name = file.relative_to(site).as_posix()
        if freshness.fingerprint(name, site) not in known.get(name, ()):
            files.remove(file)


def _untranslated(suite: Suite, records: Sequence[tuple[Run, freshness.Record]]) -> list[str]:
    """What is said in one language and not in another, on the pages as they are now."""
    from press.page.translations import missing

    twins: dict[str, list[tuple[Run, dict[str, list[str]]]]] = {}
    for run, record in records:
        twins.setdefault(_twin_key(run), []).append((run, record.printed.outline))
    return missing(suite, list(twins.values()))


def _finish_site(
    suite: Suite, planned: Sequence[Run], records: Mapping[str, freshness.Record], cache: Path, site: Path
) -> None:
    """The shared assets and the index pages, where they are not what they would be made now."""
    damaged = _damaged(records, site)
    pages = {path: record.page for path, record in records.items()}
    for name in sorted({name for names in damaged.values() for name in names}):
        _say(f"{site / name}: not as it was built: the index shows what is there, build its report again")
    key = freshness.digest(
        freshness.canonical([pages, damaged, dict(suite.title), suite.url, suite.theme, freshness.page_code()])
    )
    made = freshness.read_record(cache, ".site")
    if (
        made
        and made.page == key
        and all(freshness.fingerprint(name, site) == found for name, found in made.files.items())
    ):
        return
    from press.site import assets, index

    whole = [run for run in planned if run.path not in damaged]
    printed = {path: record.printed for path, record in records.items()}
    written = [
        *assets.write_assets(site, suite.theme, suite.root),
        *_bind(suite, planned, whole, printed, cache, site),
        *index.write_index(site, suite, planned, printed, suite.url),
    ]
    assets.sweep_charts(site, suite.theme)  # now that no index shows what was there before
    made_files = {file.relative_to(site).as_posix(): freshness.digest(file.read_bytes()) for file in written}
    _note_filled(pages, made_files, cache)
    freshness.write_record(cache, ".site", freshness.Record(page=key, files=made_files))


def _note_filled(pages: Iterable[str], made: Mapping[str, str], cache: Path) -> None:
    """Keep on record what the pages of reports are now that index pages were filled in."""
    for path in pages:
        name = f"{path}.html"
        record = freshness.read_record(cache, path) if name in made else None
        if record and record.files[name] != made[name]:
            freshness.write_record(cache, path, replace(record, files=record.files | {name: made[name]}))


def _damaged(records: Mapping[str, freshness.Record], site: Path) -> dict[str, list[str]]:
    """The files of pages that are not as they were built."""
    damaged: dict[str, list[str]] = {}
    for path, record in records.items():
        for name, then in record.files.items():
            if freshness.fingerprint(name, site) != then:
                damaged.setdefault(path, []).append(name)
    return damaged


def _bind(
    suite: Suite,
    planned: Sequence[Run],
    whole: Sequence[Run],
    printed: Mapping[str, PageRecord],
    cache: Path,
    site: Path,
) -> list[Path]:
    """For each folder whose reports are all printed as PDF, and `whole`, the whole book; returns their paths."""
    folders: dict[str, list[Run]] = {}
    for run in planned:
        if not run.is_spread and run.report.name != suite.front:
            folders.setdefault(run.folder, []).append(run)
    from press.site.assets import BOOK

    bound = {}
    for folder, runs in folders.items():
        if all(run in whole and (site / f"{run.path}.pdf").is_file() for run in runs):
            bound[folder] = runs
        else:
            files.remove(site / folder / BOOK)
    if not bound:
        return []
    from press.paper.bound_book import bind, cover
    from press.paper.browser import Browser, BrowserError

    desk = cache / "desk"
    files.remove(desk)
    desk.mkdir(parents=True)
    (desk / "assets").symlink_to(site / "assets", target_is_directory=True)
    written = []
    with Browser() as browser:
        for folder, runs in bound.items():
            (desk / folder).mkdir(parents=True, exist_ok=True)  # "." where pages lie at the root
            pages = [(site / f"{run.path}.html", printed[run.path]) for run in runs]
            assets = os.path.relpath("assets", folder)
            try:
                pdf = bind(pages, desk / folder, cover(suite, runs, printed), assets=assets, browser=browser)
            except BrowserError as error:
                _say(f"{folder}: no {BOOK}: {str(error).replace(f'{desk}/', '')}")
                (site / folder / BOOK).unlink(missing_ok=True)
                continue
            written.append(site / folder / BOOK)
            files.replace_file(written[-1], pdf, site)
    shutil.rmtree(desk)
    return written


def explain(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run], out: Path) -> Iterator[str]:
    """Why each chosen run is fresh or not, a line for each of its inputs."""
    freshness.forget()
    for task in make_tasks(suite, planned, chosen):
        path = task.path
        record = freshness.read_record(out / ".cache", path)
        ready = freshness.is_fresh(record, task, out / "site")
        printed = ready and record is not None and freshness.is_printed(record, task, out / "site")
        never = "" if record else ": there is no record of a run"
        yield f"{path}: {'fresh' if printed else 'to be printed again' if ready else 'to be run'}{never}"
        for word in record.volatile if record else ():
            yield f"  volatile  {freshness.reason(word)}"
        if record and record.unseen:
            yield f"  watched   whatever was opened meanwhile: {record.unseen} may open files unseen"
        for name in record.written if record else ():
            yield f"  written   {name}"
        for name, state in freshness.changes(record, task):
            yield f"  {state:8}  {name}"
        for name, then in sorted(record.beside.items()) if record else ():
            yield f"  {freshness.compared(then, freshness.fingerprint(name, suite.root)):8}  {name} (beside)"
        now = dict(suite.theme.sources)
        for name in sorted({*now, *(record.theme if record else ())}):
            yield f"  {freshness.compared(record.theme.get(name) if record else None, now.get(name)):8}  {name} (theme)"
        if record:
            same = record.page == freshness.page_key(task.page, record.files.get(f"{path}.ipynb", ""))
            yield f"  {'same' if same else 'changed':8}  template and place in the site"
            for name, then in sorted(record.files.items()):
                yield f"  {freshness.compared(then, freshness.fingerprint(name, out / 'site')):8}  site/{name}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Progress:
    """A bar with the time left on a terminal, a line for each run elsewhere; failures are told as they happen."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.bar: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread: workers are forked from this process
            self.bar = tqdm(total=self.total, unit="report", dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, result: Result, left: int = 0) -> None:
        self.done += 1
        self.total = max(self.total, self.done + left)
        if self.bar is not None:
            self.bar.set_postfix_str(result.path, refresh=False)
            self.bar.update()
        tell = partial(self.bar.write, file=sys.stderr) if self.bar is not None else _say
        for line in _abridged(result.stderr):
            tell(f"{result.path}, {line}")
        if result.error is not None:
            cell = f", cell {result.cell}" if result.cell else ""
            tell(f"failed {result.path}{cell}: {result.error}")
            if result.detail:
                detail = _shortened(result.detail)
                tell(detail if sys.stderr.isatty() else without_controls(detail))
        elif self.bar is None:
            tell(f"[{self.done}/{self.total}] {result.path} {result.seconds:.2f} s")
        if result.warning:
            tell(f"{result.path}: {result.warning}")


def _shortened(traceback: str) -> str:
    """A traceback as the log has it: where the cell failed, and of what; all of it is kept with the failed notebook."""
    lines = traceback.split("\n")
    left = len(lines) - FIRST - LAST
    if left < LAST:
        return traceback
    return "\n".join([*lines[:FIRST], f"    … {left} more lines, kept in {FAILED}", *lines[-LAST:]])


def _abridged(lines: Sequence[str]) -> Iterator[str]:
    """The first lines of what was written to stderr, and how many more there are in the record of the build."""
    yield from lines[:TOLD]
    if len(lines) > TOLD:
        yield f"{len(lines) - TOLD} more lines of stderr: see {RECORD}"


def _sum_up(report: Mapping[str, Any], out: Path) -> int:
    states = [entry["status"] for entry in report["runs"]]
    told = [state for state in STATES if state != "printed" or state in states]
    counts = ", ".join(f"{states.count(state)} {state}" for state in told)
    _say(f"{len(states)} report{'s' if len(states) != 1 else ''} in {report['seconds']:.1f} s: {counts}")
    for entry in report["runs"]:
        if words := [freshness.reason(word) for word in entry.get("volatile", ())]:
            _say(f"volatile: {entry['report']} ({entry['lang']}) {', '.join(words)}: it runs in every build")
        if kept := [str(out / name) for name in entry.get("failed", ())]:
            _say(f"failed: {entry['report']} ({entry['lang']}): see {' and '.join(kept)}")
        for sentence in entry.get("warnings", ()):
            _say(f"warning: {entry['report']} ({entry['lang']}), {sentence}")
    for address in report.get("unfetched", ()):
        _say(f'warning: [theme] stylesheet: "{address}" is not fetched: pages ask nothing of other sites')
    for line in report["untranslated"]:
        _say(f"untranslated: {line}")
    return int("failed" in states)

"""A build: the runs that are not fresh, done by any `concurrent.futures.Executor`, published one by one, all on record.

Only this process writes below `--out`; each file is replaced whole, a run's record last, so a build that is killed at
any moment leaves the next one a site it can trust.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from press import files
from press.build.dispatch import finished
from press.build.failures import forget_failures, keep_failure
from press.build.order import SHARED, Order, lock_output
from press.build.progress import say, sum_up
from press.build.report import FAILED, RECORD, BuildReport, Entry, entry
from press.build.site import finish_site, remove_gone, remove_unknown_pictures
from press.build.tasks import make_tasks, twin_key
from press.build.turns import Turns
from press.page.unshown import dead
from press.records import PageRecord, Result, Task
from press.run import freshness, own_code, record, redact
from press.run.hashing import digest
from press.run.inputs import Fingerprints, forget
from press.run.record import Record, Records
from press.suite import Run, Suite, SuiteError


def build(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run], order: Order) -> int:
    """Build the chosen runs of the planned ones; returns the exit code: 0, or 1 if a run failed.

    Raises SuiteError before anything is written.
    """
    started = time.time()
    redact.read(suite.secrets)  # refused here, before anything runs
    forget()
    own_code.page_code()  # as it is now, when this process is about to import it
    with lock_output(order.out):
        shutil.rmtree(order.cache / "writing", ignore_errors=True)
        files.sweep_halves(order.site)
        (order.out / RECORD).unlink(missing_ok=True)  # a build that does not end leaves none
        records = Records(order.cache)
        remove_unknown_pictures(records, order.site)
        site = str(order.site.resolve())
        tasks = {task.path: replace(task, site=site) for task in make_tasks(suite, planned, chosen)}
        entries = _build_tasks(suite, tasks, records, order)
        remove_gone(suite, planned, records, order.site)
        forget_failures(planned, order.out)
        with _told_of_templates(suite):
            finish_site(suite, planned, records, order)
        printed = [(run, known.printed) for run in planned if (known := records.get(run.path))]
        _add_warnings(entries, printed, order.site, expected=[run.path for run in planned])
        report = BuildReport(
            started=datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
            seconds=round(time.time() - started, 3),
            runs=[entries[path] for path in tasks],
            untranslated=_untranslated(suite, printed),
            unfetched=list(suite.theme.fetched),
        )
        record.replace(order.out / RECORD, report.to_json(), order.cache)
    sum_up(report, order.out)
    return int(any(one.status == "failed" for one in report.runs))


def _build_tasks(suite: Suite, tasks: Mapping[str, Task], records: Records, order: Order) -> dict[str, Entry]:
    """Do what is not fresh of the tasks, in turns; what became of each, by its path."""
    jobs: dict[str, Task] = {}
    entries: dict[str, Entry] = {}
    now = Fingerprints(suite.root)
    for path, task in tasks.items():
        known = records.get(path)
        if order.force or known is None or not freshness.is_fresh(known, task, order.site, now, patient=order.patient):
            jobs[path] = task
        elif not freshness.is_printed(known, task, order.site, now):
            jobs[path] = replace(task, executed=(order.site / f"{path}.ipynb").read_bytes())
        else:
            entries[path] = entry(task, "reused", 0.0, known)
    turns = Turns(tasks, jobs, records.all(), say)
    for result in finished(turns, suite, order):
        task = turns.current[result.path]
        keep_failure(result, order)
        if result.error is None:
            entries[result.path] = _publish(result, task, records, order.site)
        else:
            entries[result.path] = _failed(result, task)
        turns.done(result.path, result)
    for path, error in turns.refused.items():
        records.remove(path)  # its page cannot be right, whatever the order: the next build runs it again
        say(f"failed {path}: {error}")
        entries[path] = entry(tasks[path], "failed", 0.0, None)
        entries[path].error = error
    return entries


def _publish(result: Result, task: Task, records: Records, site: Path) -> Entry:
    """Put a run's files in their places, then its record."""
    then = records.get(result.path)
    for name, content in result.files.items():
        files.replace_file(site / name, content, site)
    hashes = {name: digest(content) for name, content in result.files.items()}
    for name in set(then.files if then else ()) - set(hashes):
        if not name.startswith(SHARED):
            files.remove(site / name)
    now = Record(
        inputs=result.inputs,
        volatile=result.volatile,
        page=freshness.page_key(task.page, hashes[f"{result.path}.ipynb"]),
        files=hashes,
        report=task.page.name,
        params=dict(task.params),
        printed=result.printed,
        beside=result.beside,
        written=result.written,
        unseen=result.unseen,
        theme=dict(task.page.theme.sources),
    )
    if then and task.executed is not None:  # only its page was printed: of the run, what was known holds
        now = replace(now, inputs=then.inputs, volatile=then.volatile, written=then.written, unseen=then.unseen)
    records.put(result.path, now)
    made = entry(task, "ran" if task.executed is None else "printed", result.seconds, now)
    made.warning = result.warning
    made.stderr = result.stderr
    return made


def _failed(result: Result, task: Task) -> Entry:
    """What the record of the build says of a run that failed; what it had published before stays."""
    kept = ["ipynb", "txt"] if result.failed else ["txt"]
    made = entry(task, "failed", result.seconds, None)
    made.error = result.error or ""
    made.cell = result.cell or 0
    made.failed = [f"{FAILED}/{result.path}.{suffix}" for suffix in kept]
    return made


@contextmanager
def _told_of_templates(suite: Suite) -> Iterator[None]:
    """A template of the suite's own that cannot be filled in is a user's mistake."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith("jinja2"):  # which is not imported where nothing is to do
            raise
        raise SuiteError(f"{suite.file}, [theme] folder: a template cannot be filled in: {error}") from error


def _add_warnings(
    entries: Mapping[str, Entry], printed: Sequence[tuple[Run, PageRecord]], site: Path, expected: Sequence[str]
) -> None:
    """Add what each page that was asked for cannot show, and where it leads nowhere; also if it was printed before."""
    for run, page in printed:
        if run.path in entries and entries[run.path].status != "failed":
            entries[run.path].warnings = [*page.warnings, *dead(page.references, site, expected)]


def _untranslated(suite: Suite, printed: Sequence[tuple[Run, PageRecord]]) -> list[str]:
    """What is said in one language and not in another, on the pages as they are now."""
    from press.page.translations import missing

    twins: dict[str, list[tuple[Run, dict[str, list[str]]]]] = {}
    for run, page in printed:
        twins.setdefault(twin_key(run), []).append((run, page.outline))
    return missing(suite, list(twins.values()))

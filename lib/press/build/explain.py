"""Why a run is fresh or not, input by input: `press explain`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from press.build.tasks import make_tasks
from press.records import Task
from press.run import freshness
from press.run.freshness import changes, compared, page_key
from press.run.hashing import hash_of_file
from press.run.inputs import Fingerprints, Inputs, forget
from press.run.record import Record, Records
from press.suite import Run, Suite


def explain(suite: Suite, planned: Sequence[Run], chosen: Sequence[Run], out: Path) -> Iterator[str]:
    """Why each chosen run is fresh or not, a line for each of its inputs."""
    forget()
    site = out / "site"
    records = Records(out / ".cache")
    now = Fingerprints(suite.root)
    for task in make_tasks(suite, planned, chosen):
        record = records.get(task.path)
        yield f"{task.path}: {_state(record, task, site, now)}"
        if record:
            yield from _remarks(record)
        for name, state in changes(record, task, now):
            yield f"  {state:8}  {name}"
        if record:
            for name, then in sorted(record.beside.items()):
                yield f"  {compared(then, now[name]):8}  {name} (beside)"
        yield from _theme(record.theme if record else {}, dict(suite.theme.sources))
        if record:
            yield from _page(record, task, site)


def _state(record: Record | None, task: Task, site: Path, now: Fingerprints) -> str:
    if record is None:
        return "to be run: there is no record of a run"
    if not freshness.is_fresh(record, task, site, now):
        return "to be run"
    return "fresh" if freshness.is_printed(record, task, site, now) else "to be printed again"


def _remarks(record: Record) -> Iterator[str]:
    for word in record.volatile:
        yield f"  volatile  {freshness.reason(word)}"
    if record.unseen:
        yield f"  watched   whatever was opened meanwhile: {record.unseen} may open files unseen"
    for name in record.written:
        yield f"  written   {name}"


def _theme(then: Inputs, now: Inputs) -> Iterator[str]:
    for name in sorted({*now, *then}):
        verdict = compared(then.get(name), now.get(name))
        yield f"  {verdict:8}  {name} (theme)"


def _page(record: Record, task: Task, site: Path) -> Iterator[str]:
    notebook = record.files.get(f"{task.path}.ipynb", "")
    key = page_key(task.page, notebook)
    verdict = "same" if record.page == key else "changed"
    yield f"  {verdict:8}  template and place in the site"
    for name, then in sorted(record.files.items()):
        verdict = compared(then, hash_of_file(site / name))
        yield f"  {verdict:8}  site/{name}"

"""The site as a whole: pages that no report makes any more go, and indexes, assets and whole books are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from press import files
from press.build.order import SHARED, Order
from press.build.progress import say
from press.run import own_code
from press.run.freshness import is_intact
from press.run.hashing import canonical, digest, hash_of_file
from press.run.record import SITE, Record, Records
from press.suite import Report, Run, Suite, is_for


def remove_gone(suite: Suite, planned: Sequence[Run], records: Records, site: Path) -> None:
    """Remove the pages of reports that are no longer in the suite, and of values it no longer allows or prints for.

    A value that no matrix has goes with the build that does not ask for it.
    """
    wanted = {run.path for run in planned}
    for path, record in records.all().items():
        if _is_made(suite, record, is_wanted=path in wanted):
            continue
        for name in record.files:
            if not name.startswith(SHARED):
                files.remove(site / name)
        records.remove(path)


def _is_made(suite: Suite, record: Record, *, is_wanted: bool) -> bool:
    """Whether the suite still makes the page of a record."""
    reports = [report for report in suite.reports if report.name == record.report]
    if not reports or not is_for(suite, reports[0], record.params):
        return False
    for name, value in record.params.items():
        rule = suite.parameters.get(name)
        if rule and rule.allowed is not None and value not in rule.allowed:
            return False
    return is_wanted or _is_in_matrix(reports[0], record.params)


def _is_in_matrix(report: Report, params: Mapping[str, Any]) -> bool:
    """Whether the values of a page are those of its report's matrix, as far as that lists any."""
    for name in report.matrix:
        values = [one.value for one in report.listed(name)]
        if values and params.get(name) not in values:
            return False
    return True


def remove_unknown_pictures(records: Records, site: Path) -> None:
    """Remove the pictures that no record vouches for: a damaged one would be taken for good, as its name says so."""
    known: dict[str, set[str]] = {}
    for record in records.all().values():
        for name, content in record.files.items():
            if name.startswith(SHARED):
                known.setdefault(name, set()).add(content)
    for file in [*(site / SHARED).glob("charts/*"), *(site / SHARED).glob("embeds/*")]:
        name = file.relative_to(site).as_posix()
        if hash_of_file(file) not in known.get(name, ()):
            files.remove(file)


def finish_site(suite: Suite, planned: Sequence[Run], records: Records, order: Order) -> None:
    """The shared assets and the index pages, where they are not what they would be made now."""
    site = order.site
    printed = {run.path: record for run in planned if (record := records.get(run.path))}
    damaged = _damaged(printed, site)
    for name in sorted({name for names in damaged.values() for name in names}):
        say(f"{site / name}: not as it was built: the index shows what is there, build its report again")
    pages = {path: record.page for path, record in printed.items()}
    key = digest(canonical([pages, damaged, dict(suite.title), suite.url, suite.theme, own_code.page_code()]))
    made = records.get(SITE)
    if made and made.page == key and is_intact(made, site):
        return
    from press.build.books import bind_books
    from press.site import assets, index

    said = {path: record.printed for path, record in printed.items()}
    written = [
        *assets.write_assets(site, suite.theme, suite.root),
        *bind_books(suite, planned, damaged, said, order),
        *index.write_index(site, suite, planned, said, suite.url),
    ]
    assets.sweep_charts(site, suite.theme)  # now that no index shows what was there before
    made_files = {file.relative_to(site).as_posix(): digest(file.read_bytes()) for file in written}
    _note_filled(printed, made_files, records)
    records.put(SITE, Record(page=key, files=made_files))


def _note_filled(printed: Mapping[str, Record], made: Mapping[str, str], records: Records) -> None:
    """Keep on record what the pages of reports are now that index pages were filled in."""
    for path, record in printed.items():
        name = f"{path}.html"
        if name in made and record.files[name] != made[name]:
            records.put(path, replace(record, files=record.files | {name: made[name]}))


def _damaged(printed: Mapping[str, Record], site: Path) -> dict[str, list[str]]:
    """The files of pages that are not as they were built."""
    damaged: dict[str, list[str]] = {}
    for path, record in printed.items():
        for name, then in record.files.items():
            if hash_of_file(site / name) != then:
                damaged.setdefault(path, []).append(name)
    return damaged

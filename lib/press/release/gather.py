"""What is published: the files of a built site, and for a run that failed those of its last good page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from press.build.order import SHARED
from press.build.report import RECORD, BuildReport, read_report
from press.build.tasks import make_tasks
from press.page.record import read_page
from press.records import PageRecord, Task
from press.release import ledger
from press.release.ledger import Manifest
from press.release.mend import listed
from press.release.targets import Target
from press.run import freshness, redact
from press.run.freshness import is_intact
from press.run.hashing import canonical
from press.run.inputs import Fingerprints, forget
from press.run.record import SITE, Record, Records
from press.site import assets, index
from press.suite import Run, Suite

ARTICLE = "<article>\n"
INDEX = re.compile(r"(?:^|/)index(?:[.][\w-]+)?[.]html$")  # a folder's index page, or the front page in a language
ARCHIVE_LINK = re.compile(r'<p class="archive">.*?</p>\n')
NOTE = re.compile(r'<p class="kept" role="note">.*?</p>\n')
BARE = "printed without its "


class PublishError(Exception):
    """What kept a release from becoming public; what was current before is current still."""


@dataclass
class Book:
    """What is published: every file by its path in the site, the files of each run, the runs kept as they were when.

    `printed` is what each page says; `notes` say what was damaged in the target, and what became of it.
    """

    files: dict[str, Path]
    pages: dict[str, list[str]] = field(default_factory=dict)
    printed: dict[str, PageRecord] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Built:
    """What is built: the suite, its runs, the record of the last build, and the secrets that must not be in it.

    There is no record where a release is only made current again.
    """

    suite: Suite
    planned: Sequence[Run]
    report: BuildReport | None
    secrets: redact.Secrets


def read_build(out: Path) -> BuildReport:
    """The record of the last build. Raises PublishError."""
    try:
        return read_report(out)
    except FileNotFoundError:
        raise PublishError(f"{out}: found no {RECORD}: the last build has not ended, run `press build` first") from None
    except (OSError, msgspec.MsgspecError, RecursionError):
        raise PublishError(f"{out / RECORD}: not the record of a build: run `press build` first") from None


def gather(built: Built, out: Path, target: Target, last: Manifest, partial: bool) -> Book:
    """The files on record; for a run that the last build did not make, those of its last good page, which says so."""
    suite, made_in = built.suite, out / "site"
    late = _late(built, out)
    if late and not partial:
        why = "".join(f"\n  {path}: {reason}" for path, reason in late.items())
        raise PublishError(f"the last build is not whole (--partial publishes it with the last good pages):{why}")
    records = Records(out / ".cache")
    shared = records.get(SITE)
    if shared is None or not is_intact(shared, made_in):
        raise PublishError(f"{made_in}: its indexes are not as they were built: run `press build` first")
    book = Book({name: made_in / name for name in shared.files})
    for run in built.planned:
        record = records.get(run.path)
        mine = {name: made_in / name for name in record.files} if record and is_intact(record, made_in) else {}
        if record and mine and not (_lacks(run, record) and run.path in last.pages):
            files = mine
            book.printed[run.path] = record.printed
            made = f"{datetime.fromtimestamp((made_in / f'{run.path}.html').stat().st_mtime, UTC):%Y-%m-%d}"
        else:
            files = _fetched(target, last, run.path)
            made = last.kept.get(run.path) or last.published[:10]
        if not files:
            book.left_out.append(run.path)
            continue
        book.pages[run.path] = sorted(files)
        if run.path not in book.printed:
            text = files[f"{run.path}.html"].read_text(encoding="utf-8")
            book.printed[run.path] = read_page(NOTE.sub("", text))
        if run.path in late and not (files is mine and late[run.path].startswith(BARE)):
            book.kept[run.path] = made
            _edit(
                files,
                f"{run.path}.html",
                target.desk,
                lambda text, run=run, made=made: _noted(text, suite, run.lang, made),
            )
        book.files |= files
    if late:
        _write_indexes(suite, built.planned, book, target.desk)
    for name in [name for name in book.files if INDEX.search(name)]:
        _edit(book.files, name, target.desk, lambda text: _with_archive(text, suite))
    if "index.html" not in book.files:
        raise PublishError(f"{made_in}: found no index.html: run `press build` first")
    return book


def _late(built: Built, out: Path) -> dict[str, str]:
    """The pages that failed in the last build, or that it left aside and that are not up to date, with the reason."""
    done = {canonical([one.report, one.lang, one.params]): one for one in built.report.runs} if built.report else {}
    records = Records(out / ".cache")
    now = Fingerprints(built.suite.root)
    late = {}
    forget()
    for run, task in zip(built.planned, make_tasks(built.suite, built.planned, built.planned), strict=True):
        entry = done.get(canonical([run.report.name, run.lang, dict(run.params)]))
        record = records.get(run.path)
        if entry and entry.status == "failed":
            late[run.path] = entry.error
        elif record is None or not is_intact(record, out / "site"):
            late[run.path] = "its files are not as they were built" if entry else "not built"
        elif lacking := _lacks(run, record):
            late[run.path] = f"{BARE}{lacking}: {(entry and entry.warning) or 'run `press build` again'}"
        elif not entry and not _up_to_date(record, task, out / "site", now):
            late[run.path] = "not in the last build, and not up to date (see `press explain`)"
    return late


def _lacks(run: Run, record: Record | None) -> str:
    """The formats that the suite asks for and the build could not print."""
    have = record.files if record else ()
    return ", ".join(one.upper() for one in run.report.formats if f"{run.path}.{one}" not in have)


def _up_to_date(record: Record, task: Task, built: Path, now: Fingerprints) -> bool:
    same = all(state == "same" for _, state in freshness.changes(record, task, now))
    return same and freshness.is_printed(record, task, built, now)


def _fetched(target: Target, last: Manifest, path: str) -> dict[str, Path]:
    """The files that a run had in the last release. Raises PublishError for one that is damaged."""
    files = {}
    for name in last.pages.get(path, ()):
        entry = last.files[name]
        if damage := ledger.damaged(target, {entry.at: entry.sha256}):
            raise PublishError(f"{listed(damage)}: {path} cannot be kept as it was: build it, or roll back")
        files[name] = target.desk / "last" / name
        files[name].parent.mkdir(parents=True, exist_ok=True)
        files[name].write_bytes(target.read(entry.at) or b"")
    return files


def _edit(files: dict[str, Path], name: str, desk: Path, change: Any) -> None:
    edited = desk / "edited" / name
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text(change(files[name].read_text(encoding="utf-8")), encoding="utf-8")
    files[name] = edited


def _noted(text: str, suite: Suite, lang: str, made: str) -> str:
    note = f'<p class="kept" role="note">{assets.words(lang, suite.theme)["publish"]["kept"].format(made)}</p>\n'
    return NOTE.sub("", text).replace(ARTICLE, ARTICLE + note, 1)


def _with_archive(text: str, suite: Suite) -> str:
    """An index page with a link to the archive, and to its feed where its address is known."""
    found = re.search(r'<html lang="([a-z]+)', text)
    root = re.search(r'href="((?:\.\./)*)assets/', text)
    lang, up = found[1] if found else "en", root[1] if root else ""
    said, url = assets.words(lang, suite.theme)["publish"], suite.url
    feed = f'<link rel="alternate" type="application/atom+xml" href="{url.rstrip("/")}/archive/{lang}.xml">\n'
    text = ARCHIVE_LINK.sub("", text)  # of the release that the page is kept from
    words = f'<p class="archive"><a href="{up}archive/{lang}.html">{said["archive"]}</a></p>\n'
    return text.replace("</head>", f"{feed if url else ''}</head>", 1).replace("</main>", f"{words}</main>", 1)


def _write_indexes(suite: Suite, planned: Sequence[Run], book: Book, desk: Path) -> None:
    """The indexes of exactly the pages there are."""
    stage = desk / "site"
    for name, file in book.files.items():
        if not name.startswith(SHARED):
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, stage / name)
    for file in index.write_index(stage, suite, planned, book.printed, suite.url):
        book.files[file.relative_to(stage).as_posix()] = file

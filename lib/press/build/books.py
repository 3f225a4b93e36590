"""Whole books: for each folder whose reports are all printed as PDF, their pages bound into one.

Books know nothing of each other: processes of their own bind them, as many at one time as notebooks run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from press import files
from press.build.order import Order
from press.build.progress import say
from press.paper.bound_book import Cover, bind, cover
from press.records import PageRecord
from press.run.scratch import scratch_folder
from press.site.assets import BOOK
from press.suite import Run, Suite


@dataclass(frozen=True)
class Draft:
    """A book to be bound: its pages in order; the folder to work in, and the way from there to what pages share.

    What its browser leaves is in the folder `scratch`.
    """

    pages: tuple[tuple[Path, PageRecord], ...]
    desk: Path
    scratch: Path
    cover: Cover
    assets: str


def bind_books(
    suite: Suite, planned: Sequence[Run], damaged: Collection[str], printed: Mapping[str, PageRecord], order: Order
) -> list[Path]:
    """Bind the book of each folder whose reports are all printed as PDF, and not damaged; returns the books' paths."""
    whole = {}
    for folder, runs in _folders(suite, planned).items():
        good = [run for run in runs if run.path in printed and run.path not in damaged]
        if len(good) == len(runs) and all((order.site / f"{run.path}.pdf").is_file() for run in runs):
            whole[folder] = runs
        else:
            files.remove(order.site / folder / BOOK)
    return _bind_folders(suite, whole, printed, order) if whole else []


def _folders(suite: Suite, planned: Sequence[Run]) -> dict[str, list[Run]]:
    """The runs by the folder of their page, without the front page and those that a matrix makes of one report."""
    folders: dict[str, list[Run]] = {}
    for run in planned:
        if not run.is_spread and run.report.name != suite.front:
            folders.setdefault(run.folder, []).append(run)
    return folders


def _bind_folders(
    suite: Suite, folders: Mapping[str, Sequence[Run]], printed: Mapping[str, PageRecord], order: Order
) -> list[Path]:
    from press.build.workers import processes_for

    site = order.site
    desk = order.cache / "desk"  # where the pages are put together, with links as in the site
    files.remove(desk)
    desk.mkdir(parents=True)
    (desk / "assets").symlink_to(site / "assets", target_is_directory=True)
    written = []
    with scratch_folder() as scratch, processes_for(min(order.workers, len(folders))) as pool:
        binding = {}
        for folder, runs in folders.items():
            place = desk / folder  # "." where pages lie at the root
            place.mkdir(parents=True, exist_ok=True)
            pages = tuple((site / f"{run.path}.html", printed[run.path]) for run in runs)
            assets = os.path.relpath("assets", folder)
            binding[folder] = pool.submit(_bound, Draft(pages, place, scratch, cover(suite, runs, printed), assets))
        for folder, bound in binding.items():
            pdf, error = bound.result()
            book = site / folder / BOOK
            if error:
                reason = error.replace(f"{desk}/", "")
                say(f"{folder}: no {BOOK}: {reason}")
                book.unlink(missing_ok=True)
                continue
            files.replace_file(book, pdf, site)
            written.append(book)
    shutil.rmtree(desk)
    return written


def _bound(draft: Draft) -> tuple[bytes, str]:
    """The PDF of a book, or why there is none."""
    from press.paper.browser import BrowserError
    from press.run.printing import own_browser

    try:
        _, browser = own_browser(draft.scratch)
        return bind(draft.pages, draft.desk, draft.cover, assets=draft.assets, browser=browser), ""
    except BrowserError as error:
        return b"", str(error)

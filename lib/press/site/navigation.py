"""How a reader gets from page to page: the sections of a folder's pages, and the links that lead to them.

A suite names its sections in `[[section]]`, in order, and each report names its own. Pages of no section stand on
their own before them. A folder's home stands in none, and so does the front page of the site.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from press.records import Link, Section
from press.suite import Run, Suite, front_path


@dataclass(frozen=True)
class Place:
    """Where a page stands in its site, and who answers for it: what its head, its navigation and its foot say.

    `name` is its report's, "" for a page of the press's own; `role` is "front", "home" or "". `site_title` is the title
    of the pages around it, `suite_title` that of the whole site, `front` the address of the front page, `home` the
    title of the folder's home ("" where no report is that). `licence` is a name and the address of its text,
    `corrections` where mistakes are to be sent to; "" where the suite does not say.
    """

    lang: str
    name: str = ""
    role: str = ""
    site_title: str = ""
    suite_title: str = ""
    front: str = ""
    home: str = ""
    sections: tuple[Section, ...] = ()
    author: str = ""
    date: str = ""
    licence: tuple[str, str] = ("", "")
    corrections: str = ""


def href(run: Run, folder: str) -> str:
    """The address of a run's page from a folder.

    >>> from pathlib import Path
    >>> from press.suite import Report
    >>> href(Run(Report("a", Path(), {}), "zh", {}, "2021/zh/a"), "2021/en")
    '../zh/a.html'
    """
    return f"{os.path.relpath(run.path, folder)}.html"


def by_section(suite: Suite, runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The runs of one folder, without its home, by the name of their section, in the order of the suite."""
    sections: dict[str, list[Run]] = {name: [] for name in ("", *suite.sections)}
    for run in runs:
        if run.report.name != suite.home and not run.report.hidden:
            sections[run.report.section].append(run)
    return {name: inside for name, inside in sections.items() if inside}


def section_title(suite: Suite, name: str, lang: str) -> str:
    """The title of a section in a language, else in the first that it has; "" for the pages of none."""
    titles = suite.sections.get(name, {"": ""})
    return titles.get(lang) or next(iter(titles.values()))


@dataclass(frozen=True)
class Neighbours:
    """The pages of one folder in one language, as each of them shows the others: worked out once for all of them.

    `home` is the title of the folder's home, "" where it has none; `sections` are by the name that the suite gives
    them, as they are seen from a page of none of them.
    """

    home: str
    sections: Mapping[str, Section]


def neighbours(suite: Suite, runs: Sequence[Run], folder: str, lang: str) -> Neighbours:
    """The pages that a folder has in a language."""
    home = ""
    for run in runs:
        if run.report.name == suite.home:
            home = run.title
            break
    sections = {}
    for name, inside in by_section(suite, runs).items():
        links = tuple(_link(suite, run, folder) for run in inside)
        sections[name] = Section(section_title(suite, name, lang), links)
    return Neighbours(home, sections)


def _link(suite: Suite, run: Run, folder: str) -> Link:
    notebook = os.path.relpath(run.report.notebook, suite.root).replace(os.sep, "/")
    return Link(run.report.name, run.title, href(run, folder), notebook)


def place(suite: Suite, run: Run, around: Neighbours) -> Place:
    """The place of a run's page among its neighbours."""
    about = suite.about(run)
    name = run.report.name
    suite_title = suite.title_in(run.lang)
    own_section = None if name == suite.home else run.report.section
    sections = []
    for title, section in around.sections.items():
        sections.append(section._replace(is_here=title == own_section))
    return Place(
        lang=run.lang,
        name=name,
        role=role(suite, run),
        site_title=suite_title if name == suite.front else about["title"],
        suite_title=suite_title,
        front=os.path.relpath(front_page(suite, run.lang), run.folder),
        home=around.home,
        sections=tuple(sections),
        author=about["author"],
        date=about["date"],
        licence=licence(suite, run.lang),
        corrections=suite.corrections,
    )


def index_place(suite: Suite, runs: Sequence[Run], role: str = "") -> Place:
    """The place of a page of the press's own that is about all the runs of a folder: its index, its search."""
    first = runs[0]
    around = neighbours(suite, runs, first.folder, first.lang)
    return replace(place(suite, first, around), name="", role=role, sections=tuple(around.sections.values()))


def licence(suite: Suite, lang: str) -> tuple[str, str]:
    """The name of the pages' licence in a language and the address of its text; "" where there is none."""
    return (suite.licence.title_in(lang), suite.licence.url) if suite.licence else ("", "")


def role(suite: Suite, run: Run) -> str:
    """What a run's page is to the site: "front", "home", or "" for any other page."""
    roles = {suite.front: "front", suite.home: "home"}
    return roles.get(run.report.name, "")


def front_page(suite: Suite, lang: str) -> str:
    """The address in the site of its front page: in a language, or where it does not speak that one, in its first."""
    for report in suite.reports:
        if report.name == suite.front and lang in report.languages:
            return f"{front_path(report, lang)}.html"
    return "index.html"

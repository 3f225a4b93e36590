"""The index pages of a site: front, homes, map, search and the page for lost readers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import relpath
from typing import TYPE_CHECKING, Any

from press import credits
from press.files import read_text, replace_file
from press.records import PageRecord, Picture, as_url
from press.site import navigation, search

if TYPE_CHECKING:
    from press.suite import Run, Suite
from press.site.assets import (
    BOOK,
    HTML_LANG,
    LOST,
    MAP,
    ROOT,
    first_sentence,
    page_context,
    templates,
    words,
    words_of_theme,
)

LISTING, LISTING_END = "<!--index-->", "<!--/index-->"  # where the page of a report has what an index page lists
LISTED_FORMATS = ("pdf",)  # beside its page; the page itself leads to all that it has
FEW = 3  # editions: of more, the front page lists no pages


# Index pages: made from the pages that are there, whichever run made them. A report may be the index page of its
# folder (its home) or of the site (its front page); then what an index page lists is filled in below what it says.


@dataclass(frozen=True)
class Entry:
    """A page as an index lists it: its title, its first sentence, its address, and its other formats with theirs."""

    title: str
    lead: str
    href: str
    formats: tuple[tuple[str, str], ...]
    picture: Picture | None


@dataclass(frozen=True)
class Group:
    """A section of an index: its title, "" for pages of none, and the pages in it."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Listed:
    """An edition as the front page lists it.

    `titles` and `hrefs` are those of its home in each language; `based_on` is what it is based on, in that of the list.
    """

    titles: Mapping[str, str]
    hrefs: Mapping[str, str]
    based_on: str
    groups: tuple[Group, ...] = ()


def write_index(
    site: Path, suite: Suite, runs: Sequence[Run], records: Mapping[str, PageRecord], url: str = ""
) -> list[Path]:
    """Write the site's front page, and for each folder of reports its home page and search; returns their paths.

    A folder is an edition in a language ("shenzhen-2021/zh"); `records` are what the pages say, by their path. Runs
    whose page is not there (yet) are left out. With the site's address there is a map of it for search engines too.
    """
    there = [run for run in runs if run.path in records and (site / f"{run.path}.html").is_file()]
    return _Index(site, suite, there, records, url).write()


class _Index:
    """The index pages of a site, made of the pages that are there.

    `folders` are the runs of each folder but for the front page's, which are the `fronts`, one for each language.
    """

    def __init__(
        self, site: Path, suite: Suite, there: Sequence[Run], records: Mapping[str, PageRecord], url: str
    ) -> None:
        self.site, self.suite, self.records, self.url = site, suite, records, url
        self.pages = [f"{run.path}.html" for run in there]
        self.fronts: list[Run] = []
        self.folders: dict[str, list[Run]] = {}
        for run in there:
            if run.report.name == suite.front:
                self.fronts.append(run)
            else:
                self.folders.setdefault(run.folder, []).append(run)

    def write(self) -> list[Path]:
        """Write all of them; returns their paths."""
        written = [self._lost()]
        for folder in self.folders:
            if folder == ROOT and self.fronts:  # where the front page is the folder's index, too
                written += self._fill_fronts(self._listing(folder))
            else:
                written.append(self._home(folder))
            written += self._search(folder)
        if ROOT not in self.folders:
            written += self._front()
        if self.url:
            written.append(self._map())
        return written

    def _lost(self) -> Path:
        """The page for an address that is none: it stands alone, since it is shown at any depth."""
        told = []
        for lang, title in self.suite.title.items():
            told.append((HTML_LANG.get(lang, lang), words(lang, self.suite.theme), title))
        colour = page_context("en", "", self.suite.theme)["colour"]
        home = self._absolute("") or "index.html"
        return self._write(LOST, "lost.html.j2", absolute=bool(self.url), home=home, told=told, colour=colour)

    def _map(self) -> Path:
        pages = {f"{folder}/index.html" for folder in self.folders} | {*self.pages}
        pages -= {"index.html", "./index.html"}
        places = [self._absolute(page) for page in ["index.html", *sorted(pages)]]
        return self._write(MAP, "sitemap.xml.j2", places=places)

    def _absolute(self, path: str) -> str:
        """The address of a page on the web, "" where that of the site is not known."""
        return as_url(f"{self.url.rstrip('/')}/{path}") if self.url else ""

    def _home(self, folder: str) -> Path:
        """The index page of a folder: what its home says, if it has one, and all its pages by section."""
        runs = self.folders[folder]
        for run in runs:
            if run.report.name == self.suite.home:
                return _fill(self.site, f"{run.path}.html", self._listing(folder))
        name = f"{folder}/index.html"
        groups = self._groups(runs, folder)
        entries = [entry for group in groups for entry in group.entries]
        pictures = [entry.picture for entry in entries if entry.picture]
        located = []
        for lang, twin in self._twins(folder).items():
            located.append((lang, self._absolute(f"{twin}/index.html")))
        return self._write(
            name,
            "home.html.j2",
            press=self._context(folder),
            place=navigation.index_place(self.suite, runs, role="home"),
            based_on=self._credit(runs[0]),
            groups=groups,
            lead=self.suite.description_of(runs[0]) or entries[0].lead,
            canonical=self._absolute(name),
            located=located,
            picture=pictures[0] if pictures else None,
            book=self._book(folder),
            alternates=self._alternates(folder, "index.html"),
        )

    def _context(self, folder: str) -> dict[str, Any]:
        """What a template needs for a page of a folder."""
        lang = self.folders[folder][0].lang
        return page_context(lang, relpath("assets", folder), self.suite.theme)

    def _alternates(self, folder: str, name: str) -> list[tuple[str, str]]:
        """A page of the press's own in each language, from the same page of a folder."""
        return [(lang, relpath(f"{twin}/{name}", folder)) for lang, twin in self._twins(folder).items()]

    def _listing(self, folder: str) -> str:
        """The list of a folder's pages by section, to be filled into a page of it."""
        groups = self._groups(self.folders[folder], folder)
        return str(self._macros().pages(self._context(folder), groups, self._book(folder)))

    def _macros(self) -> Any:
        return templates(self.suite.theme).get_template("listing.html.j2").module

    def _book(self, folder: str) -> str:
        """The name of a folder's whole book, "" where there is none."""
        return BOOK if (self.site / folder / BOOK).is_file() else ""

    def _credit(self, run: Run) -> str:
        """What a run's pages are based on, in one line of its language."""
        return credits.named(self.suite.based_on_of(run), words(run.lang, self.suite.theme)["credit"])

    def _groups(self, runs: Sequence[Run], folder: str) -> tuple[Group, ...]:
        """The pages of runs by section, as they are listed in one of the folders of the site."""
        found = []
        for name, inside in navigation.by_section(self.suite, runs).items():
            entries = tuple(self._entry(run, folder) for run in inside)
            found.append(Group(navigation.section_title(self.suite, name, runs[0].lang), entries))
        return tuple(found)

    def _entry(self, run: Run, folder: str) -> Entry:
        """A run's page as it is listed in a folder."""
        record = self.records[run.path]
        address = relpath(run.path, folder)
        formats = []
        for suffix in LISTED_FORMATS:
            if (self.site / f"{run.path}.{suffix}").is_file():
                formats.append((suffix, f"{address}.{suffix}"))
        return Entry(
            title=record.title or run.title,
            lead=first_sentence(record.lead),
            href=f"{address}.html",
            formats=tuple(formats),
            picture=record.picture,
        )

    def _search(self, folder: str) -> tuple[Path, Path]:
        """The search of a folder, and the script that has its index."""
        runs = self.folders[folder]
        listed: list[search.Entry] = []
        for run in runs:
            has_pdf = (self.site / f"{run.path}.pdf").is_file()
            listed += search.entries(relpath(run.path, folder), self.records[run.path], has_pdf=has_pdf)
        content = search.script(listed, self.suite.synonyms_of(runs[0])).encode()
        script = self.site / folder / "search.js"
        replace_file(script, content, self.site)
        version = hashlib.sha256(content).hexdigest()[:8]
        page = self._write(
            f"{folder}/search.html",
            "search.html.j2",
            press=self._context(folder),
            place=navigation.index_place(self.suite, runs),
            index=f"search.js?{version}",
            alternates=self._alternates(folder, "search.html"),
        )
        return page, script

    def _twins(self, folder: str) -> dict[str, str]:
        """The same folder in each language that has it, by language, in the order of the folders."""
        own = _without_language(folder, self.folders[folder][0].lang)
        found = {}
        for other, runs in self.folders.items():
            lang = runs[0].lang
            if _without_language(other, lang) == own:
                found[lang] = other
        return found

    def _front(self) -> list[Path]:
        """The front page: what its report says in each of its languages, or the suite's title; and every edition."""
        suite = self.suite
        if self.fronts:
            return [_fill(self.site, f"{run.path}.html", self._editions_listing(run.lang)) for run in self.fronts]
        first = next(iter(self.folders.values()), None)
        lang = first[0].lang if first else suite.languages[0]
        place = navigation.Place(
            lang,
            role="front",
            suite_title=suite.title_in(lang),
            front="index.html",
            author=suite.author.get(lang, ""),
            date=suite.date,
            licence=navigation.licence(suite, lang),
            corrections=suite.corrections,
        )
        written = self._write(
            "index.html",
            "front.html.j2",
            press=page_context(lang, "assets", suite.theme),
            place=place,
            canonical=self._absolute("index.html"),
            titles={one: suite.title[one] for one in suite.languages if one in suite.title},
            editions=self._editions(lang, has_pages=True),
        )
        return [written]

    def _fill_fronts(self, listing: str) -> list[Path]:
        return [_fill(self.site, f"{run.path}.html", listing) for run in self.fronts]

    def _editions_listing(self, lang: str) -> str:
        """The list of editions, to be filled into the front page of a language."""
        context = page_context(lang, "assets", self.suite.theme)
        return str(self._macros().editions(context, lang, self._editions(lang)))

    def _editions(self, lang: str, *, has_pages: bool = False) -> list[Listed]:
        """Every edition as the front page of a language lists it; with its pages, if asked for and there are few."""
        found: dict[str, Listed] = {}
        for folder in self.folders:
            twins = self._twins(folder)
            first = next(iter(twins.values()))
            runs = self.folders[twins.get(lang, first)]
            titles, hrefs = {}, {}
            for other, twin in twins.items():
                titles[other] = _edition_title(self.suite, self.folders[twin][0])
                hrefs[other] = f"{twin}/index.html"
            groups = self._groups(runs, ROOT) if has_pages else ()
            found[first] = Listed(titles, hrefs, self._credit(runs[0]), groups)
        if len(found) <= FEW:
            return list(found.values())
        return [replace(one, groups=()) for one in found.values()]

    def _write(self, name: str, template: str, **context: Any) -> Path:
        path = self.site / name
        text = templates(self.suite.theme).get_template(template).render(**context)
        replace_file(path, text.encode(), self.site)
        return path


def _without_language(folder: str, lang: str) -> list[str]:
    """The parts of a folder's path, that of its language left open."""
    return ["*" if part == lang else part for part in folder.split("/")]


def _fill(site: Path, name: str, listing: str) -> Path:
    """Put what an index page lists into the page of the report that is that index page."""
    page = read_text(site / name)
    start, end = page.rfind(LISTING), page.rfind(LISTING_END)
    filled = page[: start + len(LISTING)] + listing + page[end:] if 0 <= start < end else page
    replace_file(site / name, filled.encode(), site)
    return site / name


def without_listing(page: str) -> str:
    """The page of a report without what an index page lists in it."""
    start, end = page.rfind(LISTING), page.rfind(LISTING_END)
    return page[:start] + page[end:] if 0 <= start < end else page


def _edition_title(suite: Suite, run: Run) -> str:
    """What an edition is called: its own title, or where it has none, what tells its folder from the others."""
    title = suite.about(run)["title"]
    return title if title not in suite.title.values() else _edition_name(run.folder, suite) or title


def _edition_name(folder: str, suite: Suite) -> str:
    spoken = words_of_theme(suite.theme)
    return " / ".join(part for part in folder.split("/") if part not in spoken)

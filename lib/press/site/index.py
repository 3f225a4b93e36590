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
    fronts = [run for run in there if run.report.name == suite.front]
    folders: dict[str, list[Run]] = {}
    for run in there:
        if run not in fronts:
            folders.setdefault(run.folder, []).append(run)
    written = [_write_lost(site, suite, url)]
    for folder, mine in folders.items():
        if folder == ROOT and fronts:  # where the front page is the folder's index, too
            listing = _pages(site, folder, mine, suite, records)
            written += [_fill(site, f"{run.path}.html", listing) for run in fronts]
        else:
            written.append(_write_home(site, folder, mine, suite, folders, records, url))
        written += _write_search(site, folder, mine, suite, folders, records)
    if ROOT not in folders:
        written += _write_front(site, suite, fronts, folders, records, url)
    if url:
        pages = {f"{folder}/index.html" for folder in folders} | {f"{run.path}.html" for run in there}
        places = [_place(url, page) for page in ["index.html", *sorted(pages - {"index.html", "./index.html"})]]
        written.append(_write(site, suite, MAP, "sitemap.xml.j2", places=places))
    return written


def _write_lost(site: Path, suite: Suite, url: str) -> Path:
    """The page for an address that is none: it stands alone, since it is shown at any depth."""
    told = [(HTML_LANG.get(lang, lang), words(lang, suite.theme), title) for lang, title in suite.title.items()]
    colour = page_context("en", "", suite.theme)["colour"]
    return _write(
        site,
        suite,
        LOST,
        "lost.html.j2",
        absolute=bool(url),
        home=_place(url, "") or "index.html",
        told=told,
        colour=colour,
    )


def _place(url: str, path: str) -> str:
    return as_url(f"{url.rstrip('/')}/{path}") if url else ""


def _write_home(
    site: Path,
    folder: str,
    runs: Sequence[Run],
    suite: Suite,
    folders: Mapping[str, Sequence[Run]],
    records: Mapping[str, PageRecord],
    url: str,
) -> Path:
    """The index page of a folder: what its home says, if it has one, and all its pages by section."""
    home = [run for run in runs if run.report.name == suite.home]
    if home:
        return _fill(site, f"{home[0].path}.html", _pages(site, folder, runs, suite, records))
    lang = runs[0].lang
    context = page_context(lang, relpath("assets", folder), suite.theme)
    groups = _groups(site, suite, runs, folder, records)
    book = _book(site, folder)
    twins = _twins(folder, lang, folders)
    entries = [entry for group in groups for entry in group.entries]
    return _write(
        site,
        suite,
        f"{folder}/index.html",
        "home.html.j2",
        press=context,
        place=navigation.index_place(suite, runs, role="home"),
        based_on=_credit(suite, runs[0]),
        groups=groups,
        lead=suite.description_of(runs[0]) or entries[0].lead,
        canonical=_place(url, f"{folder}/index.html"),
        located=[(other, _place(url, f"{twin}/index.html")) for other, twin in twins.items()],
        picture=next((entry.picture for entry in entries if entry.picture), None),
        book=book,
        alternates=[(other, relpath(f"{twin}/index.html", folder)) for other, twin in twins.items()],
    )


def _pages(site: Path, folder: str, runs: Sequence[Run], suite: Suite, records: Mapping[str, PageRecord]) -> str:
    """The list of a folder's pages by section, to be filled into a page of it."""
    context = page_context(runs[0].lang, relpath("assets", folder), suite.theme)
    groups = _groups(site, suite, runs, folder, records)
    return str(_macros(suite).pages(context, groups, _book(site, folder)))


def _book(site: Path, folder: str) -> str:
    """The name of a folder's whole book, "" where there is none."""
    return BOOK if (site / folder / BOOK).is_file() else ""


def _credit(suite: Suite, run: Run) -> str:
    """What a run's pages are based on, in one line of its language."""
    return credits.named(suite.based_on_of(run), words(run.lang, suite.theme)["credit"])


def _groups(
    site: Path, suite: Suite, runs: Sequence[Run], folder: str, records: Mapping[str, PageRecord]
) -> tuple[Group, ...]:
    """The pages of a folder by section, as they are listed in one of the folders of the site."""
    found = []
    for name, inside in navigation.by_section(suite, runs).items():
        entries = tuple(_entry(site, run, folder, records[run.path]) for run in inside)
        found.append(Group(navigation.section_title(suite, name, runs[0].lang), entries))
    return tuple(found)


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


def _macros(suite: Suite) -> Any:
    return templates(suite.theme).get_template("listing.html.j2").module


def _write_search(
    site: Path,
    folder: str,
    runs: Sequence[Run],
    suite: Suite,
    folders: Mapping[str, Any],
    records: Mapping[str, PageRecord],
) -> tuple[Path, Path]:
    lang = runs[0].lang
    listed: list[search.Entry] = []
    for run in runs:
        name = relpath(run.path, folder)
        listed += search.entries(name, records[run.path], has_pdf=(site / f"{run.path}.pdf").is_file())
    content = search.script(listed, suite.synonyms_of(runs[0])).encode()
    script = site / folder / "search.js"
    replace_file(script, content, site)
    page = _write(
        site,
        suite,
        f"{folder}/search.html",
        "search.html.j2",
        press=page_context(lang, relpath("assets", folder), suite.theme),
        place=navigation.index_place(suite, runs),
        index=f"search.js?{hashlib.sha256(content).hexdigest()[:8]}",
        alternates=[
            (other, relpath(f"{twin}/search.html", folder)) for other, twin in _twins(folder, lang, folders).items()
        ],
    )
    return page, script


def _twins(folder: str, lang: str, folders: Mapping[str, Sequence[Run]]) -> dict[str, str]:
    """The same folder in each language that has it, by language, in the order of the folders."""
    parts = folder.split("/")
    found = {}
    for other, runs in folders.items():
        twin = ["*" if part == runs[0].lang else part for part in other.split("/")]
        if twin == ["*" if part == lang else part for part in parts]:
            found[runs[0].lang] = other
    return found


def _write_front(
    site: Path,
    suite: Suite,
    fronts: Sequence[Run],
    folders: Mapping[str, Sequence[Run]],
    records: Mapping[str, PageRecord],
    url: str,
) -> list[Path]:
    """The front page: what its report says in each of its languages, or the suite's title; and every edition."""
    if fronts:
        return [_fill(site, f"{run.path}.html", _editions_of(suite, run.lang, folders)) for run in fronts]
    lang = next((runs[0].lang for runs in folders.values()), suite.languages[0])
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
    written = _write(
        site,
        suite,
        "index.html",
        "front.html.j2",
        press=page_context(lang, "assets", suite.theme),
        place=place,
        canonical=_place(url, "index.html"),
        titles={one: suite.title[one] for one in suite.languages if one in suite.title},
        editions=_listed(suite, lang, folders, site, records),
    )
    return [written]


def _editions_of(suite: Suite, lang: str, folders: Mapping[str, Sequence[Run]]) -> str:
    return str(_macros(suite).editions(page_context(lang, "assets", suite.theme), lang, _listed(suite, lang, folders)))


def _listed(
    suite: Suite,
    lang: str,
    folders: Mapping[str, Sequence[Run]],
    site: Path | None = None,
    records: Mapping[str, PageRecord] | None = None,
) -> list[Listed]:
    """Every edition as the front page of a language lists it; with the pages of a site, if there are few editions."""
    found: dict[str, Listed] = {}
    for folder, runs in folders.items():
        twins = _twins(folder, runs[0].lang, folders)
        first = next(iter(twins.values()))
        mine = twins.get(lang, first)
        found[first] = Listed(
            titles={other: _edition_title(suite, folders[twin][0]) for other, twin in twins.items()},
            hrefs={other: f"{twin}/index.html" for other, twin in twins.items()},
            based_on=_credit(suite, folders[mine][0]),
            groups=_groups(site, suite, folders[mine], ROOT, records) if site and records else (),
        )
    if len(found) <= FEW:
        return list(found.values())
    return [replace(one, groups=()) for one in found.values()]


def _edition_title(suite: Suite, run: Run) -> str:
    """What an edition is called: its own title, or where it has none, what tells its folder from the others."""
    title = suite.about(run)["title"]
    return title if title not in suite.title.values() else _edition_name(run.folder, suite) or title


def _edition_name(folder: str, suite: Suite) -> str:
    spoken = words_of_theme(suite.theme)
    return " / ".join(part for part in folder.split("/") if part not in spoken)


def _entry(site: Path, run: Run, folder: str, record: PageRecord) -> Entry:
    """A run's page as it is listed in a folder."""
    address = relpath(run.path, folder)
    beside = [suffix for suffix in LISTED_FORMATS if (site / f"{run.path}.{suffix}").is_file()]
    return Entry(
        title=record.title or run.title,
        lead=first_sentence(record.lead),
        href=f"{address}.html",
        formats=tuple((suffix, f"{address}.{suffix}") for suffix in beside),
        picture=record.picture,
    )


def _write(site: Path, suite: Suite, name: str, template: str, **context: Any) -> Path:
    path = site / name
    replace_file(path, templates(suite.theme).get_template(template).render(**context).encode(), site)
    return path

"""A book: the pages of an edition in one language bound into one PDF, with cover, contents and running heads.

It is made from the published pages, so it says what they say and counts its figures as they do. It is printed twice:
the first time to learn on which page each chapter begins.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from press import credits
from press.paper.browser import Browser, css_string
from press.records import PageRecord
from press.site import navigation
from press.site.assets import page_context, templates, words
from press.suite import Run, Suite
from press.theme.theme import PLAIN, Theme

ARTICLE = re.compile(r"<article>(.*)</article>", re.S)
CONTENTS = re.compile(r'<nav class="contents".*?</nav>', re.S)
OWN_ID = re.compile(r'(\s(?:id|for|aria-labelledby)=")([^"]*)"')
REFERENCE = re.compile(r'<a href="#(c\d+[^"]*)"')
LINK = re.compile(r'(\shref=")(?:([^":/#]+)\.html)?(?:#([^"]*))?"')
DRAFT = "book.html"
SECTION_LEVEL = 2  # of the headings that the contents list below a chapter
COVER = """
@page { @top-right { content: none; } }
@page cover { margin: 0; @top-left { content: none; } @bottom-right { content: none; } }
"""


@dataclass(frozen=True)
class Chapter:
    """A page in the book: its name among the pages, its id in the book, its HTML, and its headings by id."""

    name: str
    id: str
    html: str
    title: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cover:
    """What the cover of a book says: what it is, in one paragraph, what it is based on, by whom, when, how to use it.

    `sections` are the titles of the parts it has, each with the names of its pages in order.
    """

    title: str
    lang: str
    site_title: str = ""
    summary: str = ""
    author: str = ""
    based_on: str = ""
    date: str = ""
    licence: str = ""
    address: str = ""
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    theme: Theme = PLAIN


def cover(suite: Suite, runs: Sequence[Run], records: Mapping[str, PageRecord]) -> Cover:
    """The cover of the book of a folder's runs; its summary is what the folder says, else its home's first words."""
    first = runs[0]
    about = suite.about(first)
    lang = first.lang
    summary = suite.description_of(first)
    for run in runs:
        if run.report.name == suite.home:
            summary = summary or records[run.path].lead
    parts = []
    for section, inside in navigation.by_section(suite, runs).items():
        title = navigation.section_title(suite, section, lang)
        names = tuple(Path(run.path).name for run in inside)
        parts.append((title, names))
    credit_words = words(lang, suite.theme)["credit"]
    licence, _ = navigation.licence(suite, lang)
    return Cover(
        title=about["title"],
        lang=lang,
        site_title=suite.title_in(lang),
        summary=summary,
        author=about["author"],
        based_on=credits.named(suite.based_on_of(first), credit_words),
        date=about["date"],
        licence=licence,
        address=suite.url,
        parts=tuple(parts),
        theme=suite.theme,
    )


@dataclass(frozen=True)
class Part:
    """Chapters that belong together, under a title of their own, or "" for none."""

    title: str
    chapters: tuple[Chapter, ...]


def bind(pages: Sequence[tuple[Path, PageRecord]], desk: Path, cover: Cover, *, assets: str, browser: Browser) -> bytes:
    """The PDF of a book of pages that lie in one folder, in the order given; the same bytes for the same pages.

    `desk` is a folder to work in, from which `assets` leads to what the pages share. Where a page refers to another
    place of the book, the number of its page is printed beside.
    """
    chapters = _chapters(pages)
    css = COVER + "".join(
        f"@page {one.id} {{ @top-right {{ content: {css_string(one.title)}; }} }}" for one in chapters
    )
    draft = desk / DRAFT
    context = {"press": page_context(cover.lang, assets, cover.theme), "cover": cover, "parts": _parts(chapters, cover)}
    places = sorted({place for one in chapters for place in REFERENCE.findall(one.html)})

    def write(numbers: Mapping[str, int]) -> str:
        """Write the book with these numbers of pages; returns the stylesheet of its print."""
        html = templates(cover.theme).get_template("book.html.j2").render(numbers=numbers, **context)
        draft.write_text(html, encoding="utf-8")
        said = [reference(cover.lang, place, numbers.get(place, 0), cover.theme) for place in places]
        return css + "".join(said)

    try:
        sheet = write({})
        proof = browser.proof(draft, title=cover.title, running=cover.title, css=sheet)
        sheet = write(page_numbers(proof))
        return browser.pdf(
            draft,
            title=cover.title,
            lang=cover.lang,
            running=cover.title,
            author=cover.author,
            subject=cover.based_on,
            css=sheet,
        )
    finally:
        draft.unlink(missing_ok=True)


def reference(lang: str, place: str, number: int, theme: Theme = PLAIN) -> str:
    """The rule that prints the page of a place beside what refers to it.

    >>> print(reference("en", "c2--growth", 7))
    article a[href="#c2--growth"]:not([class])::after { content: "\\20 \\28 page\\20 7\\29 " }
    """
    said = css_string(words(lang, theme)["on_page"].format(number))
    return f'article a[href="#{place}"]:not([class])::after {{ content: {said} }}'


def _parts(chapters: Sequence[Chapter], cover: Cover) -> list[Part]:
    """The chapters in the parts that the cover names; what stands in none comes first."""
    inside = {name for _, names in cover.parts for name in names}
    parts = [Part("", tuple(one for one in chapters if one.name not in inside))]
    for title, names in cover.parts:
        parts.append(Part(title, tuple(one for one in chapters if one.name in names)))
    return [part for part in parts if part.chapters]


def _chapters(pages: Sequence[tuple[Path, PageRecord]]) -> list[Chapter]:
    ids = {}
    for number, (path, _) in enumerate(pages, 1):
        ids[path.stem] = f"c{number}"
    return [_chapter(path, record, ids) for path, record in pages]


def _chapter(path: Path, record: PageRecord, ids: Mapping[str, str]) -> Chapter:
    """The article of a page, its ids made the chapter's own, its links to other chapters made links in the book."""
    own = ids[path.stem]

    def link(found: re.Match[str]) -> str:
        before, page, anchor = found.groups()
        chapter = ids.get(page, "") if page else own
        if not chapter or (page is None and anchor is None):
            return found[0]
        place = f"{chapter}--{anchor}" if anchor else chapter
        return f'{before}#{place}"'

    article = ARTICLE.search(path.read_text(encoding="utf-8"))
    html = CONTENTS.sub("", article[1] if article else "")
    html = LINK.sub(link, OWN_ID.sub(rf'\g<1>{own}--\g<2>"', html))
    sections = []
    for passage in record.passages:
        if passage.level == SECTION_LEVEL:
            sections.append((f"{own}--{passage.anchor}", passage.title))
    return Chapter(path.stem, own, html, record.title or path.stem, tuple(sections))


def page_numbers(pdf: bytes) -> dict[str, int]:
    """The page, counted from 1, on which each place that is linked to stands."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        places: Any = document.Root.get("/Dests", {})
        return {name.removeprefix("/"): numbers[place[0].objgen] for name, place in places.items()}

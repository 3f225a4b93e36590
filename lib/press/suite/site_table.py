"""What `[site]`, `[[section]]` and `[theme]` say: read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from press.errors import SuiteError, listed, shortened, shown
from press.suite.checks import check_web_address, in_each
from press.suite.keys import check_table, with_defaults
from press.suite.matrix import FIELD, filled, slug_of
from press.suite.types import Licence, Report, Suite, Synonyms, well_formed_synonyms
from press.theme.files import ThemeError
from press.theme.theme import PLAIN, Theme, read_theme

IDS_FROM = re.compile(r"[^*]*\*")  # the beginning of an id and "*"
WORK_TEXTS = ("title", "author", "publisher", "date", "url")
SYNONYMS = 'words and what else they mean, like { doctors = ["physicians"] }'


def with_site(suite: Suite, given: Mapping[str, Any], where: str) -> Suite:
    """A suite with what `[site]` says."""
    site = with_defaults(given, "site")
    languages = suite.languages
    _check_roles(suite, site["front"], site["home"], where)
    check_web_address(site["url"], f"{where} url", "the http(s) address the site is published at")
    licence = _licence(site["licence"], languages, f"{where} licence")
    corrections = _corrections(site["corrections"], f"{where} corrections")
    figures = _pages_of_figures(site["figures"], suite.reports, f"{where} figures")
    author = in_each(site["author"], languages, f"{where} author")
    works = [_work(table, number, where) for number, table in enumerate(site["based_on"], 1)]
    synonyms = _synonyms(site["synonyms"], languages, f"{where} synonyms")
    return replace(
        suite,
        front=site["front"],
        home=site["home"],
        licence=licence,
        corrections=corrections,
        figures=figures,
        url=site["url"],
        author=author,
        based_on=tuple(works),
        synonyms=synonyms,
        date=site["date"],
        trusted=site["trusted"],
        frames=site["frames"],
    )


def _check_roles(suite: Suite, front: str, home: str, where: str) -> None:
    """Refuse a front page or a home that is no report, or that are both one."""
    names = [report.name for report in suite.reports]
    for role, name in (("front", front), ("home", home)):
        if name and name not in names:
            wanted = f"expected one of {listed(names)}"
            raise SuiteError(f'{where} {role}: no report is named "{shortened(name)}": {wanted}')
    if front and front == home:
        raise SuiteError(f'{where}: front and home are both "{front}": expected two reports')


def read_sections(tables: Sequence[Any], languages: tuple[str, ...], where: str) -> dict[str, dict[str, str]]:
    """The titles of the site's sections, by name, in the order of the file."""
    sections: dict[str, dict[str, str]] = {}
    for number, table in enumerate(tables, 1):
        place = f"{where}, section {number}"
        check_table(table, "section", place)
        name = table.get("name", "")
        if not name:
            raise SuiteError(f"{place}: no name: expected a name that reports can give as their section")
        if name in sections:
            raise SuiteError(f'{where}: two sections are named "{shortened(name)}": a name is given once')
        sections[name] = in_each(table.get("title", name), languages, f"{place}, title")
    return sections


def read_look(table: Any, folder: Path, root: Path, where: str) -> Theme:
    """The theme of a suite, whose paths are from `folder`; the plain one where nothing is said of it."""
    if not table:
        return PLAIN
    check_table(table, "theme", where)
    try:
        return read_theme(table, folder, root)
    except ThemeError as error:
        raise SuiteError(f"{where} {error}") from None


def _licence(given: Any, languages: tuple[str, ...], where: str) -> Licence | None:
    if given is None:
        return None
    check_table(given, "licence", where)
    licence = with_defaults(given, "licence")
    if not licence["title"]:
        raise SuiteError(f"{where}: no title: expected the name of the licence")
    check_web_address(licence["url"], f"{where}, url", "the http(s) address of its text")
    title = in_each(licence["title"], languages, f"{where}, title")
    return Licence(title, licence["url"])


def _corrections(address: str, where: str) -> str:
    """The address that mistakes are to be sent to, as a link."""
    if not address.startswith("mailto:"):
        check_web_address(address, where, "an http(s) address, or mailto: and an e-mail address")
    return address


def _work(table: Any, number: int, where: str) -> dict[str, Any]:
    """A work that the pages are based on, checked; what it reports on is one, too."""
    place = f"{where} based_on {number}"
    check_table(table, "based_on", place)
    if not table.get("title"):
        raise SuiteError(f"{place}: no title: expected at least the title of the work")
    for key in WORK_TEXTS:
        in_each(table.get(key, "-"), ("en",), f"{place}, {key}")
    if "reports_on" in table:
        _work(table["reports_on"], number, f"{where}, reports_on")
    return dict(table)


def _synonyms(tables: Mapping[str, Any], languages: Sequence[str], where: str) -> dict[str, Synonyms]:
    found: dict[str, Synonyms] = {}
    for lang, words in tables.items():
        if lang not in languages:
            raise SuiteError(f"{where}: found {shown(lang)}, expected one of {listed(languages)}")
        found[lang] = well_formed_synonyms(words)
        if not isinstance(words, dict) or len(found[lang]) < len(words):
            raise SuiteError(f"{where}.{lang}: expected {SYNONYMS}")
    return found


def _pages_of_figures(given: str | Mapping[str, Any], reports: Sequence[Report], where: str) -> dict[str, str]:
    """The page that has a figure's row, by the beginning of the figure's id."""
    known = {report.name: report for report in reports}
    tables = {given: "*"} if isinstance(given, str) else given
    found: dict[str, str] = {}
    for name, patterns in tables.items():
        if name not in known:
            wanted = f"expected one of {listed(known)}"
            raise SuiteError(f'{where}: no report is named "{shortened(name)}": {wanted}')
        for pattern in patterns if isinstance(patterns, list) else [patterns]:
            start = _beginning(pattern, f"{where}.{name}")
            _add_pages(found, known[name], start, where)
    return dict(sorted(found.items()))


def _beginning(pattern: Any, where: str) -> str:
    """The beginning of ids that a pattern names."""
    if not IDS_FROM.fullmatch(str(pattern)):
        wanted = 'the beginning of an id and "*", like "context.*"'
        raise SuiteError(f"{where}: found {shown(pattern)}, expected {wanted}")
    return str(pattern).removesuffix("*")


def _add_pages(found: dict[str, str], report: Report, start: str, where: str) -> None:
    for beginning, page in _pages_of(report, start):
        if other := found.get(beginning):
            raise SuiteError(f'{where}: "{other}" and "{page}" both have the rows of "{beginning}*"')
        found[beginning] = page


def _pages_of(report: Report, start: str) -> Iterator[tuple[str, str]]:
    """The beginning of ids and the page that has their rows: a page for each value that the beginning names."""
    named = [name for name in FIELD.findall(start) if report.listed(name)]
    if not named:
        yield start, report.name
        return
    for values in product(*(report.listed(name) for name in named)):
        slugs = [value.slug or slug_of(value.value) for value in values]
        beginning = filled(start, dict(zip(named, slugs, strict=True)))
        yield beginning, "-".join([report.name, *slugs])

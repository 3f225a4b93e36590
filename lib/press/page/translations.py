"""What is said in one of a suite's languages and not in another, told after each build.

A page's outline is what it says by kind, in order; outlines of the same page in two languages are laid side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from press.credits import Work
from press.tags import CellRules

Outline = Mapping[str, Sequence[str]]
# What cannot be in two languages at once: Chinese, or words in a row. "GDP" may be.
HAN = re.compile("[\u2e80-\u9fff]")  # in English, a name is written in letters
LONGEST = 60  # characters of a text that is told
NATURAL = re.compile(r"[\u2e80-\u9fff]|[A-Za-z]{3,},? [A-Za-z]{2,}")


def outline(notebook: Any, lang: str, rules: CellRules) -> dict[str, list[str]]:
    """What a page says in its language: {"headings": […], "chart growth": [title], "columns of chart growth": […]}."""
    from press.page.cells import markdown_of
    from press.page.outline import headings
    from press.page.outputs import Plot
    from press.page.sheets import sheets_of

    said = {"cells of prose": markdown_of(notebook, lang, rules)}
    for level, text in headings(notebook, lang, rules):
        said.setdefault(f"headings of level {level}", []).append(text)
    for sheet in sheets_of(notebook, lang, rules).values():
        name = f"{'chart' if isinstance(sheet, Plot) else 'table'} {sheet.id}"
        labels = [row[0] for row in sheet.rows if row and isinstance(row[0], str)]
        said |= {name: [sheet.title], f"notes of {name}": [sheet.note] * bool(sheet.note)}
        said |= {f"columns of {name}": list(sheet.columns), f"labels of {name}": labels}
    return said


def missing(suite: Any, twins: Sequence[Sequence[tuple[Any, Outline]]]) -> list[str]:
    """A sentence for each thing that is not in every language: the suite's words, its pages, and what they say.

    Each of `twins` is one page: its runs, one for each language, with what they say.
    """
    of_works: dict[str, None] = {}  # pages of one report are based on the same works: each thing is said once
    of_pages: list[str] = []
    for pages in twins:
        for pair in combinations(pages, 2):
            of_works |= dict.fromkeys(_works_apart(suite, pair))
            of_pages += _apart(*pair)
    return [*_unsaid(suite), *of_works, *of_pages]


def _unsaid(suite: Any) -> Iterator[str]:
    """What suite.toml says in some of the languages only."""
    reports = [(f'report "{report.name}", title', report.title, report.languages) for report in suite.reports]
    told = [("title", suite.title, suite.languages), ("[site] author", suite.author, suite.languages), *reports]
    told += [(f'section "{name}", title', title, suite.languages) for name, title in suite.sections.items()]
    for where, words, languages in told:
        yield from (f"{suite.file.name}, {where}: none in {lang}" for lang in languages if lang not in words)
    for report in suite.reports:
        yield from (f"{report.name}: no page in {lang}" for lang in suite.languages if lang not in report.languages)


def _works_apart(suite: Any, pages: Sequence[tuple[Any, Outline]]) -> Iterator[str]:
    """What is said of the works that a page is based on in one of two languages only."""
    (run, _), (twin, _) = pages
    for work, other in zip(suite.based_on_of(run), suite.based_on_of(twin), strict=False):
        yield from _work_apart(work, other, run.lang, twin.lang)


def _work_apart(work: Work, other: Work, lang: str, other_lang: str) -> Iterator[str]:
    for field in ("title", "author", "publisher"):
        ours, theirs = getattr(work, field), getattr(other, field)
        where = f"based on “{work.title}”, {field}"
        if bool(ours) != bool(theirs):
            yield f"{where}: none in {other_lang if ours else lang}"
        elif ours == theirs and HAN.search(ours):
            yield f"{where}: “{ours}” in both {lang} and {other_lang}"
    if work.reports_on and other.reports_on:
        yield from _work_apart(work.reports_on, other.reports_on, lang, other_lang)


def _apart(one: tuple[Any, Outline], other: tuple[Any, Outline]) -> Iterator[str]:
    """What two pages that should say the same do not both say.

    >>> from types import SimpleNamespace as Run
    >>> zh, en = Run(path="zh/a", lang="zh"), Run(path="en/a", lang="en")
    >>> list(_apart((zh, {"chart a": ["增长"], "chart b": ["x"]}), (en, {"chart a": ["增长"]})))
    ['zh/a and en/a: chart a: “增长” in both zh and en', 'zh/a and en/a: chart b: in zh, not in en']
    """
    (run, ours), (twin, theirs) = one, other
    in_one_only = {*ours} ^ {*theirs}
    for what in dict.fromkeys([*ours, *theirs]):
        if what.partition(" of ")[2] in in_one_only:
            continue  # that the chart itself is missing is said
        where = f"{run.path} and {twin.path}: {what}"
        mine, yours = ours.get(what), theirs.get(what)
        if yours is None:
            yield f"{where}: in {run.lang}, not in {twin.lang}"
        elif mine is None:
            yield f"{where}: in {twin.lang}, not in {run.lang}"
        elif len(mine) != len(yours):
            yield f"{where}: {len(mine)} in {run.lang}, {len(yours)} in {twin.lang}"
        elif text := _untranslated(mine, yours):
            yield f"{where}: “{text}” in both {run.lang} and {twin.lang}"


def _untranslated(mine: Sequence[str], yours: Sequence[str]) -> str:
    """The first text in words of a language that two languages have alike, cut short; "" where there is none."""
    for text, again in zip(mine, yours, strict=True):
        if text == again and NATURAL.search(text):
            return text if len(text) < LONGEST else f"{text[:LONGEST]}…"
    return ""

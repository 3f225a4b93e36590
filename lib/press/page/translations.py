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
NATURAL = re.compile(r"[\u2e80-\u9fff]|[A-Za-z]{3,},? [A-Za-z]{2,}")


def outline(notebook: Any, lang: str, rules: CellRules) -> dict[str, list[str]]:
    """What a page says in its language: {"headings": […], "chart growth": [title], "columns of chart growth": […]}."""
    from press.page.outputs import Plot
    from press.page.prose import headings, prose
    from press.page.render import sheets_of

    said = {"cells of prose": prose(notebook, lang, rules)}
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
    return [
        *_unsaid(suite),
        *dict.fromkeys(line for pages in twins for one in combinations(pages, 2) for line in _works_apart(suite, one)),
        *(line for pages in twins for one in combinations(pages, 2) for line in _apart(*one)),
    ]


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
    for what in dict.fromkeys([*ours, *theirs]):
        mine, yours = ours.get(what), theirs.get(what)
        same = [text for text, again in zip(mine or (), yours or (), strict=False) if text == again]
        if what.partition(" of ")[2] in {*ours} ^ {*theirs}:
            continue  # that the chart itself is missing is said
        if mine is None or yours is None:
            has, lacks = (twin, run) if mine is None else (run, twin)
            yield f"{run.path} and {twin.path}: {what}: in {has.lang}, not in {lacks.lang}"
        elif len(mine) != len(yours):
            yield f"{run.path} and {twin.path}: {what}: {len(mine)} in {run.lang}, {len(yours)} in {twin.lang}"
        elif spoken := [text for text in same if NATURAL.search(text)]:
            first = spoken[0] if len(spoken[0]) < 60 else f"{spoken[0][:60]}…"
            yield f"{run.path} and {twin.path}: {what}: “{first}” in both {run.lang} and {twin.lang}"

"""What a suite is once it is read: the suite, its reports and parameters, and the runs that are planned from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from press.credits import Work, works
from press.suite.applies import AppliesTo
from press.suite.matrix import Value, filled, slug_of
from press.tags import CellRules
from press.theme.theme import PLAIN, Theme

DATED = re.compile(r"\d{4}-\d\d-\d\dT")  # a day and a time
DAY = len("2026-01-01")

Synonyms = Mapping[str, tuple[str, ...]]  # a reader's word, and what else it may stand for


class Given(NamedTuple):
    """The value of a parameter as a file of parameters gives it, and where that is."""

    value: Any
    where: str


@dataclass(frozen=True)
class Parameter:
    """What a suite says of a parameter: its value where none is given ("*": each allowed), and the values allowed.

    `allowed` is None where any is. `about` is what the folder of a value says about its pages (title, description,
    author, date, the works they are based on, and the series that the value belongs to);
    `folders` are where those folders are.
    """

    name: str
    default: Any = None
    allowed: tuple[Any, ...] | None = None
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)

    def about_value(self, value: Any) -> Mapping[str, Any]:
        """What the folder of a value says about its pages; nothing where it says nothing or is none."""
        if not isinstance(value, str):
            return {}
        return self.about.get(value, {})

    def series(self) -> dict[str, str]:
        """The series that values belong to, for those whose folders say it."""
        return {value: about["series"] for value, about in self.about.items() if about.get("series")}


@dataclass(frozen=True)
class Report:
    """One notebook of the suite. Limits are seconds (whole notebook, one cell) and bytes; None is no limit.

    `matrix` are the values of parameters that it has a page each for, or "*" for all allowed ones.
    A run that fails is tried `retries` times more. `applies_to` says for which values of a parameter the report is.
    `section` names the section of the site that its pages stand in, "" for none; `hidden` pages are in no navigation
    and no index.
    `kernel` is the name of the kernel that runs it, "" for the notebook's own; `folder` is where it runs, None for the
    notebook's own folder. One that is not to be `execute`d is printed with the outputs that it comes with.
    `bibliography` are the .bib files of the works that it may cite.
    """

    name: str
    notebook: Path
    title: Mapping[str, str]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    matrix: Mapping[str, tuple[Value, ...] | str] = field(default_factory=dict)
    applies_to: Mapping[str, AppliesTo] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("html",)
    timeout: float | None = None
    cell_timeout: float | None = None
    memory: int | None = None
    retries: int = 0
    section: str = ""
    hidden: bool = False
    kernel: str = ""
    folder: Path | None = None
    execute: bool = True
    cells: CellRules = field(default_factory=CellRules)
    bibliography: tuple[Path, ...] = ()

    def listed(self, name: str) -> tuple[Value, ...]:
        """The values that the matrix lists for a parameter; none where it takes all allowed ones."""
        values = self.matrix.get(name, ())
        return () if isinstance(values, str) else values

    def titled(self, name: str) -> tuple[Any, ...]:
        """The values of a matrix if they have titles: no other value could be named."""
        values = self.listed(name)
        if any(value.title for value in values):
            return tuple(one.value for one in values)
        return ()

    def matrix_value(self, name: str, value: Any) -> Value:
        """A value as the matrix has it; one without a slug or title of its own is called by what it is."""
        found = Value(value)
        for one in self.listed(name):
            if one.value == value:
                found = one
                break
        return Value(value, found.slug or slug_of(value), found.title)


class Licence(NamedTuple):
    """The licence of a site's pages: its name by language, and where its text is ("" where that is not said)."""

    title: Mapping[str, str]
    url: str = ""

    def title_in(self, lang: str) -> str:
        """Its name in a language, else in the first that it has."""
        return self.title.get(lang) or next(iter(self.title.values()))


@dataclass(frozen=True)
class Suite:
    """A checked `suite.toml`. Inputs are named relative to `root`; `data` is what a native reader may have read.

    `sections` are the titles, by language, of the sections of the site, by name and in order. `front` names the report
    that is the front page of the site, `home` the one that is the index page of each folder it is printed into.
    `corrections` is the address that mistakes are to be sent to. Where it is `strict`, a parameter that no
    notebook declares is a mistake; else notebooks are given it all the same. `frames` lets the scripts of
    outputs run, each in a frame of its own. `theme` is the look of its pages.
    """

    file: Path
    root: Path
    data: Path
    title: Mapping[str, str]
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    path: str
    parameters: Mapping[str, Parameter]
    reports: tuple[Report, ...]
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    front: str = ""
    home: str = ""
    licence: Licence | None = None
    corrections: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    author: Mapping[str, str] = field(default_factory=dict)
    based_on: tuple[Mapping[str, Any], ...] = ()
    synonyms: Mapping[str, Synonyms] = field(default_factory=dict)
    date: str = ""
    trusted: bool = True
    frames: bool = False
    preload: tuple[str, ...] | None = None
    draw: bool = True  # charts beforehand, as pictures
    strict: bool = True
    schedules: tuple[Mapping[str, Any], ...] = ()
    alerts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    keep: int | None = None
    days: int | None = None
    theme: Theme = PLAIN

    def title_in(self, lang: str) -> str:
        """The title of the suite in a language, else in the first that it has."""
        return self.title.get(lang) or next(iter(self.title.values()))

    def parameter(self, name: str) -> Parameter:
        """What the suite says of a parameter; a rule that says nothing where it does not."""
        return self.parameters.get(name, Parameter(name))

    def about(self, run: Run) -> dict[str, str]:
        """Title, author and date of a run's pages, in its language: each what its folder tells, else the suite."""
        suite = {"title": self.title, "author": self.author, "date": self.date}
        own: Mapping[str, Any] = next(filter(None, self._abouts(run)), {})
        words = {}
        for key, others in suite.items():
            words[key] = in_language(own.get(key), run.lang) or in_language(others, run.lang)
        words["title"] = words["title"] or self.title_in(run.lang)
        if DATED.match(words["date"]):
            words["date"] = words["date"][:DAY]
        return words

    def based_on_of(self, run: Run) -> tuple[Work, ...]:
        """The works that the pages of a run are based on, in its language: its folder's, else the suite's."""
        for about in self._abouts(run):
            if about.get("based_on"):
                return works(about["based_on"], run.lang)
        return works(list(self.based_on), run.lang)

    def description_of(self, run: Run) -> str:
        """What a run's pages are about, in one paragraph of its language; "" where its folder does not say."""
        for about in self._abouts(run):
            if about.get("description"):
                return in_language(about["description"], run.lang)
        return ""

    def synonyms_of(self, run: Run) -> Synonyms:
        """What search looks for besides a reader's word, in a run's language: the suite's words, and its folder's."""
        found = dict(self.synonyms.get(run.lang, {}))
        for about in self._abouts(run):
            found |= well_formed_synonyms(about.get("synonyms", {}).get(run.lang, {}))
        return found

    def _abouts(self, run: Run) -> Iterator[Mapping[str, Any]]:
        """What the folders of a run's values say about its pages."""
        for name, parameter in self.parameters.items():
            yield parameter.about_value(run.params.get(name))


@dataclass(frozen=True)
class Run:
    """One report with one set of parameters in one language. `path` is its page's, without suffix."""

    report: Report
    lang: str
    params: Mapping[str, Any]
    path: str

    @property
    def title(self) -> str:
        """The report's title, with the titles of the values that it names: "{district}"."""
        titles = {}
        for name in self.report.matrix:
            value = self.report.matrix_value(name, self.params.get(name))
            titles[name] = value.title_in(self.lang)
        template = self.report.title.get(self.lang, self.report.name)
        return filled(template, titles)

    @property
    def folder(self) -> str:
        """The folder of its page, "." at the root of the site."""
        return PurePosixPath(self.path).parent.as_posix()

    @property
    def name(self) -> str:
        """The last part of its page's path: the report's name, and after it the values of its matrix."""
        return PurePosixPath(self.path).name

    @property
    def is_spread(self) -> bool:
        """Whether its page is one of several that a matrix makes of the report in one folder."""
        return bool(self.report.matrix) and self.name != self.report.name


def well_formed_synonyms(words: Any) -> dict[str, tuple[str, ...]]:
    """The entries of a table of synonyms that are a word and a list of words."""
    if not isinstance(words, Mapping):
        return {}
    return {str(word): tuple(others) for word, others in words.items() if _are_words(others)}


def _are_words(others: Any) -> bool:
    if not isinstance(others, list) or not others:
        return False
    return all(isinstance(other, str) and other.strip() for other in others)


def in_language(words: Any, lang: str) -> str:
    """A text, or that of a table by language in one of them; "" where there is none."""
    if isinstance(words, Mapping):
        return str(words.get(lang, ""))
    return str(words or "")

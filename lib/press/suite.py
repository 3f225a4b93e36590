"""A suite: which notebooks, with which parameters, in which languages, go to which pages; read from `suite.toml`.

Everything is checked before anything runs. A mistake is a `SuiteError`: one sentence that says where, what was found
and what was wanted.
"""

from __future__ import annotations

import ast
import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from press.applies import AppliesTo, applies_to
from press.credits import Work, works
from press.matrix import MatrixError, Value, filled, read_values, slug_of
from press.tags import CellRules, CodeDisplay, Visibility
from press.theme.files import ThemeError
from press.theme.theme import PLAIN, Theme, read_theme
from press.titles import own_notebooks, prose_of, title_of, words_of

FORMATS = ("html", "pdf")
OWN_FIELDS = ("name", "lang")  # of a path's template
DIGITS = 4000  # of a whole number that Python reads
FOREIGN_ASSIGNMENT = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?:=(?!=)|<-)", re.M)  # in R, Julia, a shell
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]+)?")
# One segment of a published path: letters of any script, digits, and - _ . inside; nothing that climbs or hides.
SEGMENT = re.compile(r"(?!\.)[\w.\-]+(?<![.])")
LONGEST = 120  # bytes of a segment: with what the press adds, every file system takes it
# Names of the site's own, and of devices.
RESERVED = set("index search book 404 assets archive releases files current con prn aux nul".split()) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}
LONGEST_RUN = 10**7  # seconds: a third of a year
SIZES = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "a table"}
# The keys of each table, with the kinds of value they take.
KEYS: dict[str, dict[str, Any]] = {
    "": {
        "title": (str, dict),
        **dict.fromkeys(("languages", "formats", "report", "section", "schedule"), (list,)),
        "path": (str,),
        "bibliography": (str, list),
    }
    | dict.fromkeys(("parameters", "site", "press", "alerts", "secrets", "publish", "theme"), (dict,)),
    "schedule": {"name": (str,), "cron": (str,), "timezone": (str,), "only": (list,), "parameters": (dict,)}
    | dict.fromkeys(("target", "timeout", "backoff", "catch_up", "within", "dask"), (str,))
    | {"retries": (int,), "partial": (bool,)},
    "alerts": {"to": (list,)},
    "parameters": {"default": (object,), "folders": (str,), "choices": (list,), "about": (dict,)},
    "about": dict.fromkeys(("title", "author", "date", "based_on", "synonyms", "description", "series"), (str,)),
    "based_on": dict.fromkeys(("title", "author", "publisher", "date", "url"), (str, dict)) | {"reports_on": (dict,)},
    "section": {"name": (str,), "title": (str, dict)},
    "report": {"name": (str,), "notebook": (str,), "title": (str, dict), "parameters": (dict,), "matrix": (dict,)}
    | {"languages": (list,), "formats": (list,), "for": (dict,), "section": (str,), "hidden": (bool,)}
    | {"bibliography": (str, list)},
    "site": {"figures": (str, dict), "url": (str,), "author": (str, dict), "date": (str,)}
    | {"trusted": (bool,), "frames": (bool,)}
    | {"based_on": (list,), "synonyms": (dict,), "front": (str,), "home": (str,), "licence": (dict,)}
    | {"corrections": (str,)},
    "licence": {"title": (str, dict), "url": (str,)},
    "theme": dict.fromkeys(("colour", "logo", "dark_logo", "stylesheet", "folder"), (str,)) | {"fonts": (dict,)},
    "secrets": {"env": (list,)},
    "publish": {"keep": (int,), "days": (int,)},
    "press": {"root": (str,), "data": (str,), "preload": (list,), "draw": (bool,), "strict": (bool,)},
}
LIMITS: dict[str, tuple[type, ...]] = {"timeout": (int, float), "cell_timeout": (int, float), "memory": (str,)}
LIMITS["retries"] = (int,)
CELLS: dict[str, tuple[type, ...]] = {
    "silent": (list,),
    "outputs": (str,),
    "code": (str,),
    "stderr": (bool,),
    "errors": (bool,),
}
KERNELS: dict[str, tuple[type, ...]] = {"kernel": (str,), "cwd": (str,), "execute": (bool,)}
KEYS["report"] |= LIMITS | CELLS | KERNELS
KEYS["press"] |= LIMITS | CELLS | KERNELS


TEXTS = {"preload", "env", "to", "only", "bibliography"}  # lists whose items are texts
DATED = re.compile(r"\d{4}-\d\d-\d\dT")  # a day and a time
DAY = len("2026-01-01")
SHOWN = 200  # characters of a value that an error shows
DEEPEST = 16  # levels of lists and tables
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
PATTERN = re.compile(r"[*?\[]")  # what tells a pattern of notebooks from a name
FIELD = re.compile(r"\{(\w+)\}")  # of the template of a page's path


class Given(NamedTuple):
    """The value of a parameter as a file of parameters gives it, and where that is."""

    value: Any
    where: str


class SuiteError(ValueError):
    """A user's mistake in suite.toml, a notebook's parameters or a command's words."""


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

    def matrix_value(self, name: str, value: Any) -> Value:
        """A value as the matrix has it; one without a slug or title of its own is called by what it is."""
        same = [one for one in self.listed(name) if one.value == value]
        named = same[0] if same else Value(value)
        return Value(value, named.slug or slug_of(value), named.title)


Synonyms = Mapping[str, tuple[str, ...]]  # a reader's word, and what else it may stand for


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

    def about(self, run: Run) -> dict[str, str]:
        """Title, author and date of a run's pages, in its language: each what its folder tells, else the suite."""
        values = ((rule, run.params.get(name)) for name, rule in self.parameters.items())
        own = (rule.about.get(value) for rule, value in values if isinstance(value, str))
        suite = {"title": self.title, "author": self.author, "date": self.date}
        told = next(filter(None, own), suite)
        said = {key: _in_language(told.get(key), run.lang) or _in_language(suite[key], run.lang) for key in suite}
        said["title"] = said["title"] or next(iter(self.title.values()))
        said["date"] = said["date"][:DAY] if DATED.match(said["date"]) else said["date"]
        return said

    def based_on_of(self, run: Run) -> tuple[Work, ...]:
        """The works that the pages of a run are based on, in its language: its folder's, else the suite's."""
        values = ((rule, run.params.get(name)) for name, rule in self.parameters.items())
        own = (rule.about.get(value, {}).get("based_on") for rule, value in values if isinstance(value, str))
        return works(next(filter(None, own), list(self.based_on)), run.lang)

    def description_of(self, run: Run) -> str:
        """What a run's pages are about, in one paragraph of its language; "" where its folder does not say."""
        for name, rule in self.parameters.items():
            told = rule.about.get(str(run.params.get(name)), {}).get("description")
            if told:
                return _in_language(told, run.lang)
        return ""

    def synonyms_of(self, run: Run) -> Synonyms:
        """What search looks for besides a reader's word, in a run's language: the suite's words, and its folder's."""
        found = dict(self.synonyms.get(run.lang, {}))
        for name, rule in self.parameters.items():
            told = rule.about.get(str(run.params.get(name)), {}).get("synonyms", {})
            found |= _synonyms(told.get(run.lang, {}))
        return found


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
        words = {name: self.report.matrix_value(name, self.params.get(name)) for name in self.report.matrix}
        titles = {name: value.title_in(self.lang) for name, value in words.items()}
        return filled(self.report.title.get(self.lang, self.report.name), titles)

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


def find_suite(start: Path) -> Path:
    """`notebooks/suite.toml` (or `suite.toml`) in `start` or the nearest folder above it."""
    for folder in (start, *start.parents):
        for name in ("notebooks/suite.toml", "suite.toml"):
            if (folder / name).is_file():
                return folder / name
    raise SuiteError(
        f"no suite.toml in {start} or a folder above it: `press init` writes one, `press build FOLDER` does without, "
        "--suite names one elsewhere"
    )


def read_suite(file: Path) -> Suite:
    """Read and check a suite. Raises SuiteError for anything it does not understand."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SuiteError(f"{file}: not TOML: {error}") from None
    return parse_suite(text, file)


def parse_suite(text: str, file: Path) -> Suite:
    """The suite that a text says; `file` is where it stands, or would. Raises SuiteError."""
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        raise SuiteError(f"{file}: not TOML: {error}") from None
    except RecursionError:
        raise SuiteError(f"{file}: not TOML: lists in lists without end") from None
    where = str(file)
    _check_texts(content, where)
    _check_table(content, "", where)
    site, press, kept = content.get("site", {}), content.get("press", {}), content.get("publish", {})
    _check_table(site, "site", f"{where}, [site]")
    _check_table(press, "press", f"{where}, [press]")
    _check_table(content.get("alerts", {}), "alerts", f"{where}, [alerts]")
    for number, table in enumerate(content.get("schedule", []), 1):
        _check_table(table, "schedule", f"{where}, schedule {number}")
        _check_fit(table.get("parameters"), f"{where}, schedule {number}, parameters")
    _check_table(kept, "publish", f"{where}, [publish]")
    _check_table(content.get("secrets", {}), "secrets", f"{where}, [secrets]")
    for key, value in kept.items():
        if value < 1:
            raise SuiteError(f"{where}, [publish] {key}: found {value}, expected at least 1")
    languages = _languages(content.get("languages", ["en"]), where)
    sections = _sections(content.get("section", []), languages, where)
    formats = _formats(content.get("formats", ["html"]), where)
    parameters = {name: _parameter(name, table, file) for name, table in content.get("parameters", {}).items()}
    reports = [
        _report(_with_bibliography(one, content), number, file, languages, formats, press, sections)
        for number, table in enumerate(content.get("report", []), 1)
        for one in _each_notebook(table, file, f"{where}, report {number}")
    ]
    if not reports:
        raise SuiteError(f"{where}: no [[report]]: a suite has at least one, with name and notebook")
    names = [report.name for report in reports]
    for name in names:
        if names.count(name) > 1:
            raise SuiteError(f'{where}: two reports are named "{name}": a name is given once')
    for role in ("front", "home"):
        if (name := site.get(role, "")) and name not in names:
            wanted = f"expected one of {_list(names)}"
            raise SuiteError(f'{where}, [site] {role}: no report is named "{shortened(name)}": {wanted}')
    if site.get("front", "") and site.get("front") == site.get("home"):
        raise SuiteError(f'{where}, [site]: front and home are both "{site["front"]}": expected two reports')
    figures = _tables(site.get("figures", {}), reports, f"{where}, [site] figures")
    if (url := site.get("url", "")) and not url.startswith(("http://", "https://")):
        raise SuiteError(f'{where}, [site] url: found "{url}", expected the http(s) address the site is published at')
    beside = ".." if file.absolute().parent.name == "notebooks" else "."
    root = _path_at(file, press.get("root", beside), f"{where}, [press] root")
    for report in reports:
        for path in report.bibliography:
            if not path.is_relative_to(root):
                place = f'{where}, report "{report.name}", bibliography'
                raise SuiteError(f'{place}: "{path.name}" lies outside the suite: expected a file below {root}')
    return Suite(
        file=file,
        root=root,
        data=_path_at(file, press["data"], f"{where}, [press] data") if "data" in press else root / "data",
        title=_in_each(content.get("title", "Reports"), languages, f"{where}, title"),
        languages=languages,
        formats=formats,
        path=content.get("path", "{lang}/{name}"),
        parameters=parameters,
        reports=tuple(reports),
        sections=sections,
        front=site.get("front", ""),
        home=site.get("home", ""),
        licence=_licence(site["licence"], languages, where) if "licence" in site else None,
        corrections=_corrections(site.get("corrections", ""), where),
        figures=figures,
        url=url,
        author=_in_each(site.get("author", ""), languages, f"{where}, [site] author"),
        based_on=tuple(_work(table, number, where) for number, table in enumerate(site.get("based_on", []), 1)),
        synonyms=_checked_synonyms(site.get("synonyms", {}), languages, f"{where}, [site] synonyms"),
        date=site.get("date", ""),
        trusted=site.get("trusted", True),
        frames=site.get("frames", False),
        preload=tuple(press["preload"]) if "preload" in press else None,
        draw=press.get("draw", True),
        strict=press.get("strict", True),
        schedules=tuple(content.get("schedule", [])),
        alerts=tuple(content.get("alerts", {}).get("to", [])),
        secrets=tuple(map(str, content.get("secrets", {}).get("env", ()))),
        keep=kept.get("keep"),
        days=kept.get("days"),
        theme=_theme(content["theme"], file, root, where) if "theme" in content else PLAIN,
    )


def _theme(table: Any, file: Path, root: Path, where: str) -> Theme:
    _check_table(table, "theme", f"{where}, [theme]")
    try:
        return read_theme(table, file.parent, root)
    except ThemeError as error:
        raise SuiteError(f"{where}, [theme] {error}") from None


def _sections(tables: Sequence[Any], languages: tuple[str, ...], where: str) -> dict[str, dict[str, str]]:
    """The titles of the site's sections, by name, in the order of the file."""
    sections: dict[str, dict[str, str]] = {}
    for number, table in enumerate(tables, 1):
        place = f"{where}, section {number}"
        _check_table(table, "section", place)
        name = table.get("name", "")
        if not name:
            raise SuiteError(f"{place}: no name: expected a name that reports can give as their section")
        if name in sections:
            raise SuiteError(f'{where}: two sections are named "{shortened(name)}": a name is given once')
        sections[name] = _in_each(table.get("title", name), languages, f"{place}, title")
    return sections


def _licence(table: Any, languages: tuple[str, ...], where: str) -> Licence:
    place = f"{where}, [site] licence"
    _check_table(table, "licence", place)
    if not table.get("title"):
        raise SuiteError(f"{place}: no title: expected the name of the licence")
    url = table.get("url", "")
    if url and not url.startswith(("http://", "https://")):
        raise SuiteError(f'{place}, url: found "{shortened(url)}", expected the http(s) address of its text')
    return Licence(_in_each(table["title"], languages, f"{place}, title"), url)


def _corrections(address: str, where: str) -> str:
    """The address that mistakes are to be sent to, as a link."""
    if not address or address.startswith(("http://", "https://", "mailto:")):
        return address
    wanted = "expected an http(s) address, or mailto: and an e-mail address"
    raise SuiteError(f'{where}, [site] corrections: found "{shortened(address)}", {wanted}')


def _work(table: Any, number: int, where: str) -> dict[str, Any]:
    """A work that the pages are based on, checked; what it reports on is one, too."""
    place = f"{where}, [site] based_on {number}"
    _check_table(table, "based_on", place)
    if not table.get("title"):
        raise SuiteError(f"{place}: no title: expected at least the title of the work")
    for key in ("title", "author", "publisher", "date", "url"):
        _in_each(table.get(key, "-"), ("en",), f"{place}, {key}")
    if "reports_on" in table:
        _work(table["reports_on"], number, f"{where}, reports_on")
    return dict(table)


def _checked_synonyms(table: Mapping[str, Any], languages: Sequence[str], where: str) -> dict[str, Synonyms]:
    for lang, words in table.items():
        if lang not in languages:
            raise SuiteError(f"{where}: found {_show(lang)}, expected one of {_list(languages)}")
        if not isinstance(words, dict) or len(_synonyms(words)) < len(words):
            raise SuiteError(
                f'{where}.{lang}: expected words and what else they mean, like {{ doctors = ["physicians"] }}'
            )
    return {lang: _synonyms(words) for lang, words in table.items()}


def _synonyms(words: Any) -> dict[str, tuple[str, ...]]:
    """The entries of a table of synonyms that are a word and a list of words."""
    if not isinstance(words, Mapping):
        return {}
    return {
        str(word): tuple(others)
        for word, others in words.items()
        if isinstance(others, list) and others and all(isinstance(other, str) and other.strip() for other in others)
    }


def _in_language(words: Any, lang: str) -> str:
    return str(words.get(lang, "")) if isinstance(words, Mapping) else str(words or "")


def _path_at(file: Path, path: str, where: str) -> Path:
    """A path that a suite names, from the suite's own folder."""
    try:
        return (file.parent / path).resolve()
    except (OSError, ValueError, RuntimeError):  # too long for the file system, or a circle of links
        raise SuiteError(f'{where}: found "{path[:40]}", expected a path') from None


def _tables(said: str | Mapping[str, Any], reports: Sequence[Report], where: str) -> dict[str, str]:
    """The page that has a figure's row, by the beginning of the figure's id."""
    known = {report.name: report for report in reports}
    found: dict[str, str] = {}
    for name, patterns in ({said: "*"} if isinstance(said, str) else said).items():
        if name not in known:
            raise SuiteError(f'{where}: no report is named "{shortened(name)}": expected one of {_list(known)}')
        for pattern in patterns if isinstance(patterns, list) else [patterns]:
            if not re.fullmatch(r"[^*]*\*", str(pattern)):
                wanted = 'the beginning of an id and "*", like "context.*"'
                raise SuiteError(f"{where}.{name}: found {_show(pattern)}, expected {wanted}")
            for start, page in _pages_of(known[name], pattern[:-1]):
                if other := found.get(start):
                    raise SuiteError(f'{where}: "{other}" and "{page}" both have the rows of "{start}*"')
                found[start] = page
    return dict(sorted(found.items()))


def _pages_of(report: Report, start: str) -> Iterator[tuple[str, str]]:
    """The beginning of ids and the page that has their rows: a page for each value that the beginning names."""
    named = [name for name in FIELD.findall(start) if report.listed(name)]
    if not named:
        yield start, report.name
        return
    for values in product(*(report.listed(name) for name in named)):
        slugs = {name: one.slug or slug_of(one.value) for name, one in zip(named, values, strict=True)}
        yield filled(start, slugs), "-".join([report.name, *slugs.values()])


def _check_table(table: Any, kind: str, where: str) -> None:
    known = KEYS[kind]
    if not isinstance(table, dict):
        raise SuiteError(f"{where}: found {_show(table)}, expected a table")
    for key, value in table.items():
        if key not in known:
            raise SuiteError(f'{where}: unknown key "{key}": expected one of {_list(known)}')
        wanted = known[key]
        if object not in wanted and type(value) not in wanted:
            words = " or ".join(WORDS[one] for one in wanted)
            raise SuiteError(f"{where}, {key}: found {_show(value)}, expected {words}")
        if key in TEXTS and type(value) is list and not all(isinstance(item, str) for item in value):
            raise SuiteError(f"{where}, {key}: found {_show(value)}, expected a list of texts")


def _check_texts(content: Any, where: str) -> None:
    """Refuse what neither a page nor a path can hold: control characters, and texts and nesting beyond all use."""
    left: list[tuple[Any, int]] = [(content, 0)]
    while left:
        value, depth = left.pop()
        if depth > DEEPEST:
            raise SuiteError(f"{where}: found lists in lists, expected at most {DEEPEST} levels")
        if isinstance(value, dict):
            left += [(item, depth + 1) for item in (*value, *value.values())]
        elif isinstance(value, list):
            left += [(item, depth + 1) for item in value]
        elif isinstance(value, str) and CONTROLS.search(value):
            raise SuiteError(f"{where}: found {value[:40]!a}, expected text without control characters")


def _parameter(name: str, table: Any, file: Path) -> Parameter:
    where = f"{file}, [parameters.{name}]"
    _check_table(table, "parameters", where)
    for key in ("default", "choices"):
        _check_fit(table.get(key), f"{where}, {key}")
    if "folders" in table and "choices" in table:
        raise SuiteError(f"{where}: both folders and choices: expected one of them")
    allowed: tuple[Any, ...] | None = None
    if "choices" in table:
        allowed = tuple(table["choices"])
    found: dict[str, Path] = {}
    if "folders" in table:
        found = {path.parent.name: path for path in _matching(file.parent, table["folders"], f"{where}, folders")}
        allowed = tuple(found)
        if not allowed:
            raise SuiteError(f'{where}, folders: nothing is found at "{table["folders"]}"')
    if allowed is not None and "default" in table and table["default"] not in (*allowed, "*"):
        raise SuiteError(f"{where}, default: found {_show(table['default'])}, allowed: {_list(allowed)}")
    _check_table(keys := table.get("about", {}), "about", f"{where}, about")
    about = {value: _about(path, keys) for value, path in found.items()}
    return Parameter(name, table.get("default"), allowed, about, {value: path.parent for value, path in found.items()})


def _matching(folder: Path, pattern: str, where: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError, OSError, RecursionError):
        wanted = 'a pattern of files from here, like "../data/*/datapackage.json"'
        raise SuiteError(f'{where}: found "{pattern[:40]}", expected {wanted}') from None


def _about(file: Path, keys: Mapping[str, str]) -> dict[str, Any]:
    """What a folder's JSON file tells under the keys; nothing where it is broken: then its runs fail, and say so."""
    try:
        told = json.loads(file.read_bytes()) if keys else {}
    except (OSError, ValueError, RecursionError):
        return {}
    words = {name: told.get(key) for name, key in keys.items()} if isinstance(told, dict) else {}
    kinds = {"based_on": list, "synonyms": dict, "series": str}
    return {name: said for name, said in words.items() if isinstance(said, kinds.get(name, str | dict))}


def _each_notebook(table: Any, file: Path, where: str) -> list[Any]:
    """The table of a report; where its notebook is a pattern, one for each notebook that fits."""
    pattern = table.get("notebook") if isinstance(table, dict) else None
    if not isinstance(pattern, str) or not PATTERN.search(pattern) or _is_file(file.parent / pattern):
        return [table]
    for key in ("name", "title"):
        if key in table:
            raise SuiteError(f"{where}, {key}: its notebook is a pattern: each that fits is called by its own heading")
    found = own_notebooks(_matching(file.parent, pattern, f"{where}, notebook"), file.parent)
    if not found:
        raise SuiteError(f'{where}, notebook: nothing is found at "{pattern}"')
    return [{**table, "notebook": path.relative_to(file.parent).as_posix()} for path in found]


def _report(
    table: Any,
    number: int,
    file: Path,
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    press: Mapping[str, Any],
    sections: Mapping[str, Any],
) -> Report:
    where = f"{file}, report {number}"
    _check_table(table, "report", where)
    if "name" not in table and "notebook" not in table:
        raise SuiteError(f"{where}: neither name nor notebook: expected at least a name")
    name = table.get("name") or Path(table["notebook"]).stem
    where = f'{file}, report "{shortened(name)}"'
    _check_segment(name, f"{where}, name")
    for kind in ("parameters", "matrix", "for"):
        for key, value in table.get(kind, {}).items():
            _check_fit(value, f"{where}, {kind}.{key}")
    notebook = _path_at(file, table.get("notebook", f"{name}.ipynb"), f"{where}, notebook")
    if not _is_file(notebook):
        raise SuiteError(f"{where}: no notebook at {shortened(str(notebook))}")
    own = _languages(table.get("languages", languages), where)
    if extra := set(own) - set(languages):
        raise SuiteError(f"{where}, languages: found {_list(sorted(extra))}, the suite has {_list(languages)}")
    section = table.get("section", "")
    if section and section not in sections:
        wanted = f"expected one of {_list(sections)}" if sections else "there is no [[section]]"
        raise SuiteError(f'{where}, section: found "{shortened(section)}", {wanted}')
    matrix = table.get("matrix", {})
    return Report(
        name=name,
        notebook=notebook,
        title=_in_each(table["title"] if "title" in table else _called(notebook), own, f"{where}, title"),
        parameters=table.get("parameters", {}),
        matrix={key: _matrix(values, file, own, f"{where}, matrix.{key}") for key, values in matrix.items()},
        applies_to={key: _applies_to(said, f"{where}, for.{key}") for key, said in table.get("for", {}).items()},
        languages=own,
        formats=_formats(table.get("formats", formats), where),
        timeout=_seconds(table, press, "timeout", where),
        cell_timeout=_seconds(table, press, "cell_timeout", where),
        memory=_bytes(table.get("memory", press.get("memory")), where),
        retries=max(0, table.get("retries", press.get("retries", 0))),
        section=section,
        hidden=table.get("hidden", False),
        kernel=table.get("kernel", press.get("kernel", "")),
        folder=_folder(table.get("cwd", press.get("cwd")), file, where),
        execute=table.get("execute", press.get("execute", True)),
        cells=_cell_rules(table, press, languages, where),
        bibliography=_bibliography(table.get("bibliography", []), file, where),
    )


def _with_bibliography(table: Any, content: Mapping[str, Any]) -> Any:
    """The table of a report with the bibliography of the suite, where it has none of its own."""
    if isinstance(table, dict) and "bibliography" in content:
        return {"bibliography": content["bibliography"], **table}
    return table


def _bibliography(said: str | list[str], file: Path, where: str) -> tuple[Path, ...]:
    """The .bib files that a report names."""
    names = [said] if isinstance(said, str) else said
    found = [_path_at(file, name, f"{where}, bibliography") for name in names]
    for name, path in zip(names, found, strict=True):
        if not _is_file(path):
            raise SuiteError(f'{where}, bibliography: found no file at "{shortened(name)}"')
    return tuple(found)


def _called(notebook: Path) -> str:
    """What a notebook calls itself, else its file's name in words."""
    return title_of(prose_of(notebook)) or words_of(notebook.stem)


def _folder(path: str | None, file: Path, where: str) -> Path | None:
    """The folder that a notebook runs in, where the suite names one."""
    if path is None:
        return None
    folder = _path_at(file, path, f"{where}, cwd")
    if not folder.is_dir():
        raise SuiteError(f'{where}, cwd: found "{shortened(path)}", expected a folder')
    return folder


def _cell_rules(
    table: Mapping[str, Any], press: Mapping[str, Any], languages: tuple[str, ...], where: str
) -> CellRules:
    """What a report says of its cells, else the suite in [press]."""
    said = {key: value for key, value in {**press, **table}.items() if key in CELLS}
    outputs = said.get("outputs", Visibility.SHOW)
    if outputs not in list(Visibility):
        raise SuiteError(f'{where}, outputs: found "{outputs}", expected one of {_list(Visibility)}')
    code = said.get("code", CodeDisplay.HIDE)
    if code not in list(CodeDisplay):
        raise SuiteError(f'{where}, code: found "{code}", expected one of {_list(CodeDisplay)}')
    silent = said.get("silent", [])
    for tag in silent:
        if not isinstance(tag, str):
            raise SuiteError(f"{where}, silent: found {_show(tag)}, expected the tag of a cell")
    return CellRules(
        languages=languages,
        silent=tuple(silent),
        outputs=outputs,
        code=code,
        stderr=said.get("stderr", False),
        errors=said.get("errors", False),
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


def _matrix(written: Any, file: Path, languages: Sequence[str], where: str) -> tuple[Value, ...] | str:
    """The values of a matrix; "*" stays as it is, for all that the parameter's rule allows."""
    if written in ("*", ["*"]):
        return "*"
    try:
        return read_values(written, file.parent, languages)
    except MatrixError as error:
        raise SuiteError(f"{where}: {error}") from None


def _applies_to(said: Any, where: str) -> AppliesTo:
    try:
        return applies_to(said)
    except ValueError as wanted:
        raise SuiteError(f"{where}: found {_show(said)}, expected {wanted}") from None


def _in_each(words: Any, languages: Sequence[str], where: str) -> dict[str, str]:
    texts = words if isinstance(words, dict) else dict.fromkeys(languages, words)
    if not texts:
        raise SuiteError(f"{where}: found no text, expected one, or a table of a language and its text")
    for lang, text in texts.items():
        if not LANGUAGE.fullmatch(lang) or not isinstance(text, str):
            raise SuiteError(f"{where}: found {lang} = {_show(text)}, expected a language and its text")
    return texts


def _languages(languages: Sequence[Any], where: str) -> tuple[str, ...]:
    for lang in languages:
        if not (isinstance(lang, str) and LANGUAGE.fullmatch(lang)):
            raise SuiteError(f'{where}, languages: found {_show(lang)}, expected a language code like "en"')
    if not languages:
        raise SuiteError(f"{where}, languages: found none, expected one at least")
    return tuple(dict.fromkeys(languages))


def _formats(formats: Sequence[Any], where: str) -> tuple[str, ...]:
    for name in formats:
        if name not in FORMATS:
            raise SuiteError(f"{where}, formats: found {_show(name)}, expected one of {_list(FORMATS)}")
    return tuple(name for name in FORMATS if name in formats or name == "html")


def _seconds(table: Mapping[str, Any], press: Mapping[str, Any], key: str, where: str) -> float | None:
    seconds = table.get(key, press.get(key))
    if seconds is not None and not 0 < seconds < LONGEST_RUN:
        raise SuiteError(f"{where}, {key}: found {seconds}, expected seconds above 0, under {LONGEST_RUN}")
    return seconds


def _bytes(size: str | None, where: str) -> int | None:
    if size is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(MB|GB|MiB|GiB)", size)
    if not found:
        raise SuiteError(f'{where}, memory: found "{size}", expected a size like "2 GB" ({_list(SIZES)})')
    return int(float(found[1]) * SIZES[found[2]])


def _check_segment(text: str, where: str) -> None:
    if not SEGMENT.fullmatch(text):
        raise SuiteError(
            f'{where}: "{shortened(text)}" cannot name a page: expected letters, digits, "-", "_" and inner "."'
        )
    if len(text.encode()) > LONGEST:
        raise SuiteError(f'{where}: "{text[:20]}…" cannot name a page: expected at most {LONGEST} bytes')
    if text.lower().partition(".")[0] in RESERVED:
        raise SuiteError(f'{where}: "{text}" cannot name a page: the site or an operating system uses this name')


def _alike(path: str) -> str:
    """The path as a file system sees it that tells neither case nor ways to write a letter apart.

    >>> _alike("en/Caf\u00e9") == _alike("en/cafe\u0301")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


class Computed:
    """The default of a parameter that is known when its notebook runs: computed, or a value that JSON cannot hold."""


COMPUTED = Computed()


def _cells(notebook: Path) -> list[dict[str, Any]]:
    """The cells of a notebook, each with its source as one text and its tags as a list; none of what is no notebook."""
    try:
        return _content(notebook)[0]
    except SuiteError:
        return []


def _content(notebook: Path) -> tuple[list[dict[str, Any]], str]:
    """The cells of a notebook and the language of its kernel."""
    try:
        content: dict[str, Any] = json.loads(notebook.read_bytes())
        cells = [_cell(cell) for cell in content["cells"]]
        spec = (content.get("metadata") or {}).get("kernelspec") or {}
        language = str(spec.get("language", "python"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SuiteError(f"{notebook}: not a notebook of format 4: open and save it in JupyterLab") from None
    return cells, language


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell with its source as one text and its tags as a list. Raises what a cell of another shape brings."""
    metadata = cell.get("metadata", {}) if isinstance(cell, dict) else None
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not isinstance(tags, list):
        raise TypeError("a cell of another shape")
    return {"source": "".join(cell["source"]), "cell_type": str(cell["cell_type"]), "tags": tags}


def declared(notebook: Path) -> dict[str, Any]:
    """The parameters a notebook declares in its `parameters` cell, with their literal defaults, or COMPUTED.

    Those of a kernel that is not Python's are all COMPUTED. A cell that is not Python declares what single lines of it
    say, and None for other names: its report is planned as it was, and fails by name when it runs.
    Raises SuiteError for a file that is no notebook.
    """
    found: dict[str, Any] = {}
    cells, language = _content(notebook)
    for cell in cells:
        if "parameters" not in cell["tags"]:
            continue
        if language != "python":
            found |= dict.fromkeys(FOREIGN_ASSIGNMENT.findall(cell["source"]), COMPUTED)
            continue
        try:
            statements = _statements(cell["source"])
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            statements = _readable_lines(cell["source"])
            found |= dict.fromkeys(FOREIGN_ASSIGNMENT.findall(cell["source"]))
        for line in statements:
            found |= _assigned(line)
    return found


def _is_notebook(file: Path) -> bool:
    try:
        _content(file)
    except SuiteError:
        return False
    return True


def _declared_or_none(file: Path) -> dict[str, Any]:
    """What a notebook declares; nothing for a file that is none."""
    return declared(file) if _is_notebook(file) else {}


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a parameters cell, which may hold IPython's magics. Raises what ast.parse does."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        from IPython.core.inputtransformer2 import TransformerManager
    return ast.parse(TransformerManager().transform_cell(source)).body


def _readable_lines(source: str) -> list[ast.stmt]:
    """The lines of a cell that are statements by themselves."""
    found: list[ast.stmt] = []
    for line in source.splitlines():
        with suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            found += ast.parse(line).body
    return found


def imports(notebook: Path) -> set[str]:
    """The modules a notebook imports, as far as its code says so."""
    found = set()
    for cell in _cells(notebook):
        code = re.sub(r"^[%!].*$", "", cell["source"], flags=re.M) if cell["cell_type"] == "code" else ""
        try:
            nodes = list(ast.walk(ast.parse(code)))
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        found |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return found


def _assigned(line: ast.stmt) -> dict[str, Any]:
    """The names a statement assigns to, with the value where it is a literal that JSON can hold."""
    targets: list[ast.expr] = []
    if isinstance(line, ast.Assign):
        targets = line.targets
    elif isinstance(line, ast.AnnAssign):
        targets = [line.target]
    value = getattr(line, "value", None)
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    if value is None or not names:
        return {}
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        literal = COMPUTED
    return dict.fromkeys(names, COMPUTED if unfit(literal) else literal)


def unfit(value: Any) -> str:
    """Why a value cannot be a parameter's, "" where it can: it must be what JSON can hold.

    >>> unfit({"a": [1, None, "b"]}), unfit([float("nan")]), unfit(date(2024, 5, 1))
    ('', 'found nan, expected a finite number', 'found the date 2024-05-01, expected text: write "2024-05-01"')
    """
    if isinstance(value, date | time):
        return f'found the date {value.isoformat()}, expected text: write "{value.isoformat()}"'
    if isinstance(value, float) and not math.isfinite(value):
        return f"found {value}, expected a finite number"
    if isinstance(value, list):
        return next(filter(None, map(unfit, value)), "")
    if isinstance(value, dict):
        names = [name for name in value if not isinstance(name, str)]
        return f"found the key {names[0]!r}, expected text" if names else unfit(list(value.values()))
    known = value is None or isinstance(value, bool | int | float | str)
    return "" if known else f"found {value!r}, expected text, a number, a list or a table"


def _check_fit(value: Any, where: str) -> None:
    if problem := unfit(value):
        raise SuiteError(f"{where}: {problem}")


def read_value(text: str, default: Any, where: str) -> Any:
    """A value typed on a command line, read by the type of the parameter's default.

    >>> read_value("0755", "x", ""), read_value("12", 1, ""), read_value("12", 1.5, "")
    ('0755', 12, 12.0)
    >>> read_value("１２", 1, "-p n=１２")
    Traceback (most recent call last):
    press.suite.SuiteError: -p n=１２: found "１２", expected a whole number
    """
    kind = type(default)
    if not text.isascii() and text != text.encode("utf-8", "replace").decode():
        raise SuiteError(f"{where}: not UTF-8")
    if default is COMPUTED:
        wanted = "a literal as its default, or the value in suite.toml"
        raise SuiteError(f'{where}: found "{text}", but its default is computed, its type unknown: expected {wanted}')
    if isinstance(default, str) or default is None:
        return text
    if isinstance(default, bool) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind is int and re.fullmatch(r"[+-]?(0|[1-9][0-9]*)", text) and len(text) <= DIGITS:
        return int(text)
    if kind is float and re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        _check_fit(float(text), where)
        return float(text)
    if kind in (list, dict):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if type(value) is kind:
            _check_fit(value, where)
            return value
        raise SuiteError(f'{where}: found "{text}", expected {WORDS[kind]} as JSON')
    raise SuiteError(f'{where}: found "{text}", expected {WORDS.get(kind, kind.__name__)}')


def _checked(value: Any, default: Any, where: str) -> Any:
    """A value from suite.toml, of its default's type; a whole number does for a number."""
    if type(default) is float and type(value) is int:
        return float(value)
    if default is not None and default is not COMPUTED and type(value) is not type(default):
        wanted = WORDS.get(type(default), type(default).__name__)
        raise SuiteError(f"{where}: found {_show(value)}, expected {wanted}")
    return value


def plan(
    suite: Suite,
    parameters: Mapping[str, str | Given] | None = None,
    *,
    formats: Sequence[str] | None = None,
    kernel: str = "",
    execute: bool = True,
) -> list[Run]:
    """Every run of the suite: reports x matrix x languages, in that order, each with a page of its own.

    `parameters` are a command line's words (-p), or values of a file (-f): they take the place of the suite's values
    and of a matrix's. `kernel` takes the place of the suite's and the notebooks' own; where nothing is to be
    `execute`d, notebooks are printed with the outputs that they come with.
    """
    given = dict(parameters or {})
    if kernel:
        suite = replace(suite, reports=tuple(replace(report, kernel=kernel) for report in suite.reports))
    if not execute:
        suite = replace(suite, reports=tuple(replace(report, execute=False) for report in suite.reports))
    known = {name for report in suite.reports for name in _declared_or_none(report.notebook)}
    for name, value in given.items():
        if name not in known and suite.strict:
            where = value.where if isinstance(value, Given) else f"-p {name}={value}"
            some = f"one of {_list(sorted(known))}" if known else "none, for none is declared"
            wanted = f"expected {some}, or strict = false in [press]"
            raise SuiteError(f'{where}: no notebook has a parameter "{name}": {wanted}')
    for name in suite.parameters:
        if name not in known:
            raise SuiteError(f'{suite.file}, [parameters.{name}]: no notebook has a parameter "{name}"')
    runs = [run for report in suite.reports for run in _runs(suite, report, given, formats)]
    taken: dict[str, Run] = {}
    for run in runs:
        other = taken.setdefault(_alike(run.path), run)
        if other is not run and other.report is run.report and run.report.name in (suite.front, suite.home):
            role = "front" if run.report.name == suite.front else "home"
            raise SuiteError(
                f'{suite.file}, [site] {role}: report "{run.report.name}" has several pages for "{run.path}": '
                f"expected one in each language and folder: say in its `for` or `parameters` for which values it is"
            )
        if other is not run:
            both = run.path if other.path == run.path else f'{other.path}" and "{run.path}'
            raise SuiteError(
                f'{suite.file}: reports "{other.report.name}" and "{run.report.name}" would both be '
                f'written to "{both}": name their parameters in path, and tell names apart by more than their case'
            )
    return runs


def _runs(
    suite: Suite, report: Report, given: Mapping[str, str | Given], formats: Sequence[str] | None
) -> Iterator[Run]:
    declares = _declared_or_none(report.notebook)
    if not _is_notebook(report.notebook):  # its pages are planned as they may have been, and fail when they run
        declares = dict.fromkeys((*report.parameters, *report.matrix, *report.applies_to))
        declares |= {name: next(iter(one.allowed or ()), None) for name, one in suite.parameters.items()}
    if not suite.strict:
        declares |= {name: None for name in (*report.parameters, *report.matrix, *given) if name not in declares}
    choices = {
        name: _values(suite, report, name, default, given) for name, default in declares.items() if name != "lang"
    }
    for table, kind in ((report.parameters, "parameters"), (report.matrix, "matrix"), (report.applies_to, "for")):
        for name in table:
            if name not in choices:
                raise SuiteError(
                    f'{suite.file}, report "{report.name}", {kind}.{name}: {report.notebook.name} has no parameter '
                    f'"{name}": expected one of {_list(sorted(choices))}'
                )
    for name, rule in report.applies_to.items():
        if rule.file and not suite.parameters.get(name, Parameter(name)).folders:
            raise SuiteError(
                f'{suite.file}, report "{report.name}", for.{name}: found "{rule.file}", but [parameters.{name}] '
                "names no folders to have a file"
            )
    chosen = tuple(_formats(formats, "--format")) if formats else report.formats
    report = replace(report, formats=chosen)
    for values in product(*choices.values()):
        params = {name: value for name, value in zip(choices, values, strict=True) if value is not COMPUTED}
        if not is_for(suite, report, params):
            continue
        for lang in report.languages:
            path = _path(suite, report, params, lang)
            told = {"lang": lang, "figure_rows": _rows(suite, {report.name, PurePosixPath(path).name})}
            yield Run(report, lang, params | {name: told[name] for name in told if name in declares}, path)


def _rows(suite: Suite, names: Collection[str]) -> dict[str, list[str]]:
    """How the ids of the figures begin whose rows a page of these names has, and how those that another has instead."""
    of = [start for start, name in suite.figures.items() if name in names]
    others = [start for start, name in suite.figures.items() if name not in names]
    return {"of": of, "but": [start for start in others if start.startswith(tuple(of))]}


def is_for(suite: Suite, report: Report, params: Mapping[str, Any]) -> bool:
    """Whether a report is to be printed for these parameters, by what its `for` says."""
    return all(_applies(suite, name, rule, params.get(name)) for name, rule in report.applies_to.items())


def _applies(suite: Suite, name: str, rule: AppliesTo, value: Any) -> bool:
    parameter = suite.parameters.get(name, Parameter(name))
    series = {one: about["series"] for one, about in parameter.about.items() if about.get("series")}
    return rule.holds(value, parameter.allowed, parameter.folders, series)


def _values(suite: Suite, report: Report, name: str, default: Any, given: Mapping[str, str | Given]) -> list[Any]:
    """The values of one parameter in one report, checked for type and against what the suite allows."""
    rule = suite.parameters.get(name, Parameter(name))
    where = f'{suite.file}, report "{report.name}", parameter "{name}"'
    typed = given.get(name)
    if isinstance(typed, Given):
        where = f"{typed.where} ({report.notebook.name})"
        values = [typed.value]
    elif typed is not None:
        where = f"-p {name}={typed} ({report.notebook.name})"
        kind = rule.default if default is COMPUTED and rule.default not in (None, "*") else default
        values = [read_value(typed, kind, where)]
    elif name in report.matrix:
        values = [one.value for one in report.listed(name)]
        if report.matrix[name] == "*":
            if rule.allowed is None:
                raise SuiteError(f'{where}: matrix "*", but [parameters.{name}] has neither folders nor choices')
            values = list(rule.allowed)
    elif name in report.parameters:
        values = [report.parameters[name]]
    else:
        values = [default if rule.default is None else rule.default]
        if values == ["*"] and rule.allowed is not None:
            values = list(rule.allowed)
    values = [_checked(value, default, where) for value in values]
    allowed = _titled(report, name) or rule.allowed
    for value in values:
        if allowed is not None and value is not COMPUTED and value not in allowed:
            raise SuiteError(f"{where}: found {_show(value)}, allowed: {_list(allowed)}")
    return values


def _titled(report: Report, name: str) -> list[Any]:
    """The values of a matrix if they have titles: no other value could be named."""
    values = report.listed(name)
    return [one.value for one in values] if any(one.title for one in values) else []


def _path(suite: Suite, report: Report, params: Mapping[str, Any], lang: str) -> str:
    """The page of a run: the suite's template, and after the name the matrix's values the template does not name.

    In the template {name} is the report's name, and {lang} its language, whatever parameters are called so. The front
    page of the site is its index page, in languages but the first index.LANG; a home is the index page of its folder.
    """
    if report.name == suite.front:
        return front_path(report, lang)
    fields = {"name": ""} | {key: slug_of(value) for key, value in params.items()}  # one segment each
    fields |= {key: report.matrix_value(key, params.get(key)).slug for key in report.matrix if key in params}
    rest = [fields[key] for key in report.matrix if key in OWN_FIELDS or f"{{{key}}}" not in suite.path]
    fields |= {"lang": lang, "name": "-".join([report.name, *rest])}
    for name in FIELD.findall(suite.path):
        if name not in fields:
            where = f"{suite.file}, path {_show(suite.path)}"
            raise SuiteError(f'{where}: report "{report.name}" has no {shortened(name)!r}, only {_list(fields)}')
    path = FIELD.sub(lambda field: fields[field[1]], suite.path)
    for segment in path.split("/"):
        _check_segment(segment, f'{suite.file}, report "{report.name}", page "{shortened(path)}"')
    return index_beside(path) if report.name == suite.home else path


def front_path(report: Report, lang: str) -> str:
    """The page, without suffix, that a report makes as the front page of the site: the index, or that of a language."""
    return "index" if lang == report.languages[0] else f"index.{lang}"


def index_beside(path: str) -> str:
    """The index page of the folder that a page is in.

    >>> index_beside("shenzhen-2021/en/00-overview"), index_beside("a")
    ('shenzhen-2021/en/index', 'index')
    """
    return PurePosixPath(path).with_name("index").as_posix()


def select(suite: Suite, runs: Sequence[Run], only: Sequence[str] = (), langs: Sequence[str] = ()) -> list[Run]:
    """The runs a command asks for by report and language; all of them where it names none."""
    names = [report.name for report in suite.reports]
    for name in only:
        if name not in names:
            raise SuiteError(f'--only {name}: {suite.file} has no report "{name}": expected one of {_list(names)}')
        if all(run.report.name != name for run in runs):
            rules = suite.reports[names.index(name)].applies_to
            wanted = _list([rule.words(key) for key, rule in rules.items()])
            raise SuiteError(f"--only {name}: nothing to print: the report is for {wanted}")
    for lang in langs:
        if lang not in suite.languages:
            raise SuiteError(
                f"--lang {lang}: {suite.file} has no such language: expected one of {_list(suite.languages)}"
            )
    return [run for run in runs if (not only or run.report.name in only) and (not langs or run.lang in langs)]


def _show(value: Any) -> str:
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else shortened(repr(value))


def shortened(text: str) -> str:
    """A text as an error shows it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _list(values: Iterable[Any]) -> str:
    return ", ".join(shortened(str(value)) for value in values)

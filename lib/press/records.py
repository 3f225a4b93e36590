"""What travels through the press, each with its type: a page's place, a run to do, what came of it, what a page says.

    Page         where a page stands in its site, and what its suite wants of it
    Task         a run that a worker is given, with its page
    Result       what came of it: files, inputs, what the page says; or an error
    PageRecord   what a printed page says; whoever needs to know a page reads this, never its HTML

All of it is plain data, so that it can go to another process or machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin

from press.credits import Work
from press.tags import CellRules, CodeDisplay, Visibility
from press.theme.theme import PLAIN, Theme


class Link(NamedTuple):
    """A page as another one leads to it: the name of its report, its title, and its address from there.

    `notebook` is what the page is printed from, named from the root of the suite; "" where that does not matter.
    """

    name: str
    title: str
    href: str
    notebook: str = ""


class Section(NamedTuple):
    """Pages that belong together; `is_here` says that the page they are seen from is one of them.

    The section of the pages that stand on their own has no title.
    """

    title: str
    links: tuple[Link, ...]
    is_here: bool = False


@dataclass(frozen=True)
class Page:
    """Where a report stands in its site: everything on its page that is not in its notebook.

    `path` has no suffix ("shenzhen-2021/zh/01-livelihood"). Every href is relative to the page; `url` is where the
    site is published, if that is known. `role` is "front", "home" or "", see `navigation.role`; `site_title` is the
    title of the pages around it, `suite_title` that of the whole site, `front` the address of its front page, `home`
    the title of the folder's home ("" where no report is that). `sections` are the pages around it.
    `figures` says which page has the row of a figure, by the beginning of its id.
    `author` says what is on the page, `based_on` are the works of others that it is based on. `licence` is a name and
    the address of its text, `corrections` where mistakes are to be sent to; "" where a suite does not say.
    `drawn` says that the charts' pictures are in the assets: see `companions`; `undrawn`, that the suite wants none and
    leaves charts to their reader's plotly.js, which a PDF overrules. `frames` says that outputs whose HTML needs
    scripts are shown in frames where these run, without the page or the site in their reach. `languages`, `silent`,
    `outputs`, `stderr` and `errors` are those of `tags.CellRules`. `theme` is the look of the suite's pages,
    `bibliography` the .bib files of the works that it may cite, from the suite's root.
    """

    name: str
    lang: str
    title: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    site_title: str = ""
    suite_title: str = ""
    front: str = ""
    home: str = ""
    sections: tuple[Section, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    assets: str = "../../assets"
    figures: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)
    url: str = ""
    author: str = ""
    based_on: tuple[Work, ...] = ()
    date: str = ""
    licence: tuple[str, str] = ("", "")
    corrections: str = ""
    trusted: bool = True
    drawn: bool = False
    undrawn: bool = False
    frames: bool = False
    languages: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    outputs: str = Visibility.SHOW
    code: str = CodeDisplay.HIDE
    stderr: bool = False
    errors: bool = False
    theme: Theme = PLAIN
    bibliography: tuple[str, ...] = ()

    @property
    def rules(self) -> CellRules:
        """What the suite and the report say of all cells."""
        return CellRules(
            languages=tuple(self.languages),
            silent=tuple(self.silent),
            outputs=self.outputs,
            code=self.code,
            stderr=self.stderr,
            errors=self.errors,
        )

    @property
    def neighbours(self) -> tuple[Link | None, Link | None]:
        """The pages before and after this one, or None at either end."""
        links = [link for section in self.sections for link in section.links]
        names = [link.name for link in links]
        if self.name not in names:
            return None, None
        at = names.index(self.name)
        before = links[at - 1] if at > 0 else None
        after = links[at + 1] if at + 1 < len(links) else None
        return before, after

    def absolute(self, href: str) -> str:
        """An href of the page as a URL; "" where the site's is not known.

        >>> Page("a", "en", "A", "book/en/a", url="https://example.org/").absolute("../zh/a.html")
        'https://example.org/book/zh/a.html'
        """
        return as_url(urljoin(f"{self.url.rstrip('/')}/{self.path}", href)) if self.url else ""

    def table_of(self, figure: str) -> str:
        """The page that has a figure's row; "" where there is none.

        >>> Page("a", "en", "A", "x/en/a", figures={"": "figures", "context.": "cited"}).table_of("context.a")
        'cited'
        """
        fitting = [start for start in self.figures if figure.startswith(start)]
        return self.figures[max(fitting, key=len)] if fitting else ""

    @property
    def stem(self) -> str:
        """The file's name without its suffix; the folder of what belongs to the page has the same name."""
        return self.path.rpartition("/")[2]


def as_url(text: str) -> str:
    """An address as the web writes it.

    >>> as_url("https://example.org/年/a.html#b")
    'https://example.org/%E5%B9%B4/a.html#b'
    """
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~")


@dataclass(frozen=True)
class Reference:
    """What a cell refers to in the site: the href as it is written, the file's path in the site, the place in it."""

    cell: int
    kind: str
    href: str
    path: str
    place: str


@dataclass(frozen=True)
class Passage:
    """What can be found on a page under an anchor: a "section", a "chart" or a "row", with its title and its words.

    `level` is that of a section's heading, from 1; 0 for a chart or a row.
    """

    kind: str
    anchor: str
    title: str
    text: str
    level: int = 0


@dataclass(frozen=True)
class Picture:
    """The picture that stands for a page where a link to it is shown, and what it shows in words."""

    url: str
    alt: str


@dataclass(frozen=True)
class PageRecord:
    """What a printed page says, written once, where it is rendered.

    `title` is its first heading, `lead` its first paragraph; `passages` are what can be found on it, in order.
    `outline` is what it says by kind (see `translations`), `references` are what its cells refer to in the site,
    `warnings` what the page cannot show, each with its cell.
    """

    lang: str = ""
    title: str = ""
    lead: str = ""
    picture: Picture | None = None
    passages: tuple[Passage, ...] = ()
    outline: dict[str, list[str]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """Everything a worker needs to know of a run, its page among it. Limits are seconds and bytes.

    `kernel` names the kernel where it is not the notebook's own, `folder` where it runs where that is not beside it.
    One that is not to be `execute`d is printed with the outputs that it comes with. `site` is where pages are
    published: what is drawn there need not be drawn again. `executed` is the executed notebook where only its page is
    to be printed again.
    """

    notebook: str
    root: str
    data: str
    params: Mapping[str, Any]
    lang: str
    page: Page
    site: str = ""
    timeout: float | None = None
    cell_timeout: float | None = None
    memory: int | None = None
    retries: int = 0
    kernel: str = ""
    folder: str = ""
    execute: bool = True
    executed: bytes | None = None
    secrets: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of its page in the site, without a suffix."""
        return self.page.path


@dataclass
class Result:
    """What came of a task: files by their path in the site, the inputs they depend on; or an error and its cell.

    `warning` is why it is not printed as it was asked to be, `stderr` what its cells wrote there, `beside` the files
    beside the notebook that the page takes along, or looked for in vain. Of a run that failed, `detail` is the
    traceback and `failed` the notebook as far as it was executed.
    `printed` is what its page says; `written` are the files it wrote, with their fingerprints, and `unseen` says what
    in it opens files that only a watch sees; `perhaps` are files that were written meanwhile.
    """

    path: str
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    inputs: dict[str, str | None] = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    printed: PageRecord = field(default_factory=PageRecord)
    beside: dict[str, str | None] = field(default_factory=dict)
    written: dict[str, str | None] = field(default_factory=dict)
    unseen: str = ""
    perhaps: tuple[str, ...] = ()
    error: str | None = None
    cell: int | None = None
    detail: str = ""
    warning: str = ""
    stderr: list[str] = field(default_factory=list)
    failed: bytes = b""

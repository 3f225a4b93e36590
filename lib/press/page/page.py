"""Where a page stands in its site, and what its suite wants of it: all that is on it and not in its notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from press.credits import Work
from press.site.assets import as_url
from press.site.navigation import Link, Section
from press.tags import CellRules, CodeDisplay, Visibility
from press.theme.theme import PLAIN, Theme


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
    `outputs`, `stderr` and `errors` are those of `tags.CellRules`. `theme` is the look of the suite's pages.
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

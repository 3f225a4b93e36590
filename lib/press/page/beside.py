"""The files beside a notebook that its page shows or leads to: pictures, films, data, attachments of its cells.

A page takes them along: each is copied into the site, beside the page, under its name and a digest of its content. They
are inputs of the page, and so is a file that is not there yet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, unquote

from press.records import Page

ELEMENT = re.compile(r"""<(a|img|source|video|audio|track)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.I)
ADDRESS = re.compile(r"""(?<=\s)(href|src|poster)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
OURS = re.compile(r"""class=["'](?:figure|anchor)["']""")  # links that the press itself makes
SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//|/)")
UNFIT = re.compile(r"[^\w.-]+")
NOTEBOOK = ".ipynb"
LONGEST = 60  # characters of a file's name in the site


class Beside:
    """What lies beside one notebook, as far as its page needs it.

    `files` are the copies by their path in the site; `looked_at` what was looked for on the disk, with the content that
    was found, None for none.
    """

    def __init__(self, page: Page, notebook: Path | None = None, root: Path | None = None) -> None:
        """`notebook` is the file that the page is printed from, `root` the folder that files may be taken from."""
        self.files: dict[str, bytes] = {}
        self.looked_at: dict[Path, bytes | None] = {}
        self.outside: dict[str, None] = {}
        self._page = page
        self._folder = notebook.parent.resolve() if notebook else None
        self._root = (root or notebook.parent).resolve() if notebook else None

    def keep(self, name: str, content: bytes) -> str:
        """The address, from the page, of a file that the page takes along.

        >>> Beside(Page("a", "en", "A", "x/en/a")).keep("my plot.png", b"")
        'a/e3b0c44298-my-plot.png'
        """
        stem, dot, suffix = name.rpartition(".")
        fit = f"{UNFIT.sub('-', stem)[:LONGEST]}{dot}{UNFIT.sub('-', suffix)[:LONGEST]}".strip("-")
        file = f"{hashlib.sha256(content).hexdigest()[:10]}-{fit}"
        self.files[f"{self._page.path}/{file}"] = content
        return quote(f"{self._page.stem}/{file}")

    def read(self, path: str, *, is_from_root: bool = False) -> str | None:
        """The text of a file that the page is made from, named from the notebook's folder or the root; None if none."""
        folder = self._root if is_from_root else self._folder
        if folder is None or self._root is None:
            return None
        try:
            file = (folder / path).resolve()
            content = file.read_bytes() if file.is_relative_to(self._root) and file.is_file() else None
        except (OSError, ValueError):  # too long, not to be read, or no path at all
            return None
        if file.is_relative_to(self._root):
            self.looked_at[file] = content
        return None if content is None else content.decode("utf-8-sig", "replace")

    def in_html(self, html: str, places: Mapping[str, str]) -> str:
        """The HTML with what it shows or leads to as addresses in the site; what is not found stays as it is written.

        `places` are the anchors of the page's headings, by what Jupyter calls them.
        """

        def element(found: re.Match[str]) -> str:
            if OURS.search(found[2]):
                return found[0]
            return f"<{found[1]}{ADDRESS.sub(address, found[2])}>"

        def address(found: re.Match[str]) -> str:
            written = unescape(found[3].strip("\"'"))
            leads = self._address(written, places)
            return found[0] if leads == written else f'{found[1]}{found[2]}"{escape(leads)}"'

        return ELEMENT.sub(element, html)

    def _address(self, written: str, places: Mapping[str, str]) -> str:
        path, mark, place = written.partition("#")
        if not path:
            return f"#{places[unquote(place)]}" if unquote(place) in places else written
        if SCHEME.match(path):
            return written
        path = unquote(path.partition("?")[0])
        if path.endswith(NOTEBOOK) and (page := self._page_of(path)):
            return f"{page}{mark}{slug(unquote(place)) or place}"
        if any(page == path for page in self._pages()):
            return written
        copied = self._copied(path)
        return f"{copied}{mark}{place}" if copied else written

    def _pages(self) -> list[str]:
        return [link.href for section in self._page.sections for link in section.links]

    def _page_of(self, path: str) -> str:
        """The page that is printed from another notebook of the suite; "" where there is none, or several."""
        links = [link for section in self._page.sections for link in section.links]
        if self._folder and self._root:
            file = (self._folder / path).resolve()
            same = [link.href for link in links if link.notebook and self._root / link.notebook == file]
        else:
            same = []
        named = [link.href for link in links if link.name == Path(path).stem]
        found = list(dict.fromkeys(same or named))
        return found[0] if len(found) == 1 else ""

    def _copied(self, path: str) -> str:
        """The address of the copy of a file; "" where it is none, or lies outside the suite, or is hidden."""
        if self._folder is None or self._root is None:
            return ""
        try:
            file = (self._folder / path).resolve()
            if not file.is_relative_to(self._root):
                if file.is_file():
                    self.outside[path] = None
                return ""
            if any(part.startswith(".") for part in file.relative_to(self._root).parts):
                return ""
            content = file.read_bytes() if file.is_file() else None
        except (OSError, ValueError):  # too long, not to be read, or no path at all
            return ""
        self.looked_at[file] = content
        return "" if content is None else self.keep(file.name, content)


def slug(heading: str) -> str:
    """A heading's words as its anchor: Latin ones without what else they have.

    >>> slug("3.2 Spending, in CNY")
    '3-2-spending-in-cny'
    """
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))[:60].strip("-")

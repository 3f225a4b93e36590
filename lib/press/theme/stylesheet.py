"""A stylesheet of a suite's own, made fit to travel: the files that it names go with it, each under its digest.

What it fetches from elsewhere, no page lets in: it is told. A stylesheet that it imports is one of its files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from press.theme.files import ThemeError, check_svg, file_of, published_name

# Comments and texts are passed over; an address in url(…), or the text behind @import, is looked at.
PART = re.compile(
    r"/\*.*?\*/"
    r"|(?P<open>url\(\s*)(?P<address>\"[^\"]*\"|'[^']*'|[^)\s\"']*)(?P<close>\s*\))"
    r"|(?P<import>@import\s+)(?P<text>\"[^\"]*\"|'[^']*')"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'",
    re.S | re.I,
)
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.I)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
SUFFIX = ".css"


@dataclass
class Stylesheets:
    """Stylesheets as they are published, and what goes with them.

    `sheets` are texts and `copies` files, by the name that they are published under; `fetched` are the addresses
    elsewhere that they name, `read` all files that were looked at.
    """

    folder: Path
    root: Path
    sheets: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    _open: list[Path] = field(default_factory=list)  # those that import the one that is being read

    def add(self, name: str, key: str) -> str:
        """Take a stylesheet and what it names; returns its published name. Raises ThemeError."""
        return self._sheet(file_of(self.folder, self.root, name, key), key)

    def _sheet(self, file: Path, key: str) -> str:
        if file in self._open:
            raise ThemeError(f'{key}: "{file.name}" imports itself')
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            raise ThemeError(f'{key}: "{file.name}" cannot be read: expected a stylesheet in UTF-8') from None
        self.read.append(file)
        self._open.append(file)
        css = PART.sub(lambda found: self._part(found, file, key), text)
        self._open.pop()
        name = published_name(file.name, css.encode())
        self.sheets[name] = css
        return name

    def _part(self, found: re.Match[str], sheet: Path, key: str) -> str:
        written = found["address"] if found["open"] else found["text"]
        if written is None:
            return found[0]
        address = written.strip("\"'")
        moved = self._moved(address, sheet, key)
        if found["open"]:
            return f'{found["open"]}"{moved}"{found["close"]}'
        return f'{found["import"]}"{moved}"'

    def _moved(self, address: str, sheet: Path, key: str) -> str:
        """The address in the site of what a stylesheet names; what is no file of the suite's stays as it is."""
        if ELSEWHERE.match(address):
            self.fetched.append(address)
            return address
        if not address or address.startswith("#") or SCHEME.match(address):
            return address
        path, mark, place = re.fullmatch(r"([^?#]*)([?#]?)(.*)", address, re.S).groups()  # type: ignore[union-attr]
        file = file_of(sheet.parent, self.root, unquote(path), f"{key}: {sheet.name}")
        if file.suffix.lower() == SUFFIX:
            return self._sheet(file, key)
        content = file.read_bytes()
        if file.suffix.lower() == ".svg":
            check_svg(file, content, f"{key}: {sheet.name}")
        name = published_name(file.name, content)
        self.copies[name] = file
        self.read.append(file)
        return f"{name}{mark}{place}"

"""Search without a server: what an edition says in a language, as one script that a page can read from any folder.

Words are found anywhere in the text, so a Chinese word of two characters, a number or half an English word is found as
a reader types it. There is an entry for each section, each chart and each row that has an anchor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from press.site import script_json

ENTRY = {"h1": "section", "h2": "section", "h3": "section", "figure": "chart", "tr": "row"}
BLOCKS = {"p", "li", "td", "th", "figcaption", "h1", "h2", "h3", "h4", "tr", "div", "br", "pre", "dt", "dd"}
SILENT = {"script", "style", "nav", "details"}
HEADS = {"h1", "h2", "h3", "figcaption", "th"}


class Sections(HTMLParser):
    """The entries of a page's article: [kind, anchor, title, text] each, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.entries: list[list[str]] = []
        self._open: list[str] = []
        self._titled = True
        article = re.search(r"<article>(.*)</article>", html, re.S)
        self.feed(article[1] if article else "")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag in ENTRY and said.get("id"):
            self.entries.append([ENTRY[tag], said["id"] or "", "", ""])
            self._titled = False
        if tag == "img" and said.get("alt"):
            self._add(f" {said['alt']} ")
        if tag in BLOCKS:
            self._add(" ")
        anchor = tag == "a" and said.get("class") == "anchor"
        if tag in SILENT or anchor or (tag in HEADS and not self._titled):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            self._titled = self._titled or tag in HEADS
        if tag in ("figure", "table") and self.entries:  # what follows is the section's again
            heading = next((entry for entry in reversed(self.entries) if entry[0] == "section"), None)
            if heading:
                self.entries.append(["section", heading[1], heading[2], ""])
        if tag in BLOCKS:
            self._add(" ")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str) -> None:
        if self.entries and not any(tag in SILENT or tag == "a" for tag in self._open):
            self.entries[-1][2 if self._open else 3] += text


def entries(page: Path) -> list[tuple[str, str, str, str]]:
    """(kind, href, title, text) of everything that can be found on a page; its PDF, if there is one, last."""
    found = Sections(page.read_text(encoding="utf-8")).entries
    merged: dict[str, list[str]] = {}
    for kind, anchor, title, text in found:
        merged.setdefault(anchor, [kind, title, ""])[2] += f" {text}"
    listed = [
        (kind, f"{page.name}#{anchor}", " ".join(title.split()), " ".join(text.split()))
        for anchor, (kind, title, text) in merged.items()
    ]
    if listed and page.with_suffix(".pdf").is_file():
        listed.append(("pdf", f"{page.stem}.pdf", listed[0][2], ""))
    return listed


def index(pages: Iterable[Path]) -> str:
    """The script that hands a search page all entries: `pressIndex = [[kind, href, title, text, page], …]`."""
    listed = []
    for page in pages:
        found = entries(page)
        listed += [[*entry, found[0][2]] for entry in found]
    return f"window.pressIndex = {script_json(listed)};\n"

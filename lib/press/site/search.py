"""Search without a server: what an edition says in a language, as one script that a page can read from any folder.

Words are found anywhere in the text, so a Chinese word of two characters, a number or half an English word is found as
a reader types it; so is the id of a row, which its address ends in. There is an entry for each section, each chart and
each row that has an anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from press.files import read_text
from press.site.assets import script_json

ENTRY = {"h1": "section", "h2": "section", "h3": "section", "figure": "chart", "tr": "row"}
BLOCKS = {"p", "li", "td", "th", "figcaption", "h1", "h2", "h3", "h4", "tr", "div", "br", "pre", "dt", "dd", "small"}
SILENT = "script, style, nav, details, a.anchor, a.permalink, th > code"
SMALL = ["small", "code"]
HEADS = ["h1", "h2", "h3", "figcaption", "th"]


def entries(page: Path) -> list[tuple[str, str, str, str]]:
    """(kind, href, title, text) of everything that can be found on a page; its PDF, if there is one, last.

    Words between two entries belong to the section they stand in.
    """
    article = BeautifulSoup(read_text(page), "html.parser").find("article")
    if not isinstance(article, Tag):
        return []
    for silent in article.select(SILENT):
        silent.decompose()
    found: dict[str, list[str]] = {}
    section = ""
    for node in article.descendants:
        tag = node if isinstance(node, Tag) else node.parent or article
        own = tag if tag.name in ENTRY and tag.get("id") else tag.find_parent(list(ENTRY), id=True)
        anchor, kind = (str(own["id"]), ENTRY[own.name]) if own else (section, "section")
        section = anchor if kind == "section" else section
        titled = own and (tag.name in HEADS or tag.find_parent(HEADS)) and not (kind == "row" and _is_small(tag))
        found.setdefault(anchor, [kind, "", ""])[1 if titled else 2] += _words(node)
    found.pop("", None)
    listed = [
        (kind, f"{page.name}#{anchor}", " ".join(title.split()), " ".join(text.split()))
        for anchor, (kind, title, text) in found.items()
    ]
    if listed and page.with_suffix(".pdf").is_file():
        listed.append(("pdf", f"{page.stem}.pdf", listed[0][2], ""))
    return listed


def _is_small(tag: Tag) -> bool:
    """Whether it is the small print in a row's head: its note, which can be found, but is no title."""
    return tag.name in SMALL or tag.find_parent(SMALL) is not None


def _words(node: Any) -> str:
    if not isinstance(node, Tag):
        return str(node)
    return " " if node.name in BLOCKS else f" {node.get('alt', '')} " if node.name == "img" else ""


def index(pages: Iterable[Path], synonyms: Mapping[str, Sequence[str]]) -> str:
    """The script that hands a search page all that it needs: entries (kind, href, title, text, page), and synonyms."""
    listed = []
    for page in pages:
        found = entries(page)
        listed += [[*entry, found[0][2]] for entry in found]
    return f"window.pressIndex = {script_json({'entries': listed, 'synonyms': dict(synonyms)})};\n"

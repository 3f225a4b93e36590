"""What a printed page says, read from its HTML once: by whoever prints it, and of a release whose record is damaged.

Words are kept by passage: a section, a chart or a row that has an anchor; what stands between two of them belongs to
the section around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from press.records import PageRecord, Passage, Picture
from press.site.assets import HTML_LANG
from press.site.index import without_listing

KINDS = {"h1": "section", "h2": "section", "h3": "section", "figure": "chart", "tr": "row"}  # of what has an anchor
HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
TITLES = ["h1", "h2", "h3", "figcaption", "th"]  # whose words are the title of their passage
SMALL_PRINT = ["small", "code"]  # in a row's head: its note, which can be found, but is no title
NOT_READ = {"script", "style", "nav", "details"}
LINKS_TO_ITSELF = {"anchor", "permalink"}  # classes of links that say nothing
# What ends a word.
BLOCKS = {"p", "li", "td", "th", "figcaption", "h1", "h2", "h3", "h4", "tr", "div", "br", "pre", "dt", "dd", "small"}


def read_page(html: str) -> PageRecord:
    """What a page says; without what only its notebook knows (outline, references, warnings).

    >>> record = read_page('<html lang="en"><article><h1 id="a">Roads</h1><p>They are long.</p></article></html>')
    >>> record.lang, record.title, [(one.anchor, one.text) for one in record.passages]
    ('en', 'Roads', [('a', 'They are long.')])
    """
    soup = BeautifulSoup(without_listing(html), "html.parser")
    article = soup.find("article")
    passages = tuple(_passages(article)) if isinstance(article, Tag) else ()
    title = next((one.title for one in passages if one.level == 1), "")
    lead = _meta(soup, "name", "description")
    address = _meta(soup, "property", "og:image")
    picture = Picture(address, _meta(soup, "property", "og:image:alt")) if address else None
    return PageRecord(lang=_language(soup), title=title, lead=lead, picture=picture, passages=passages)


def _language(soup: BeautifulSoup) -> str:
    """The language of a page, as suites name it."""
    root = soup.find("html")
    named = str(root.get("lang", "")) if isinstance(root, Tag) else ""
    suite_names = {html: lang for lang, html in HTML_LANG.items()}
    return suite_names.get(named, named)


def _meta(soup: BeautifulSoup, attribute: str, name: str) -> str:
    """What a page says of itself to machines under a name; "" where it says nothing."""
    tag = soup.find("meta", attrs={attribute: name})
    return str(tag.get("content", "")) if isinstance(tag, Tag) else ""


@dataclass
class _Draft:
    """A passage while its words are collected."""

    kind: str
    level: int
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Around:
    """What words stand in: the nearest element with an anchor, what titles a passage, small print."""

    owner: Tag | None = None
    is_title: bool = False
    is_small: bool = False

    def inside(self, tag: Tag) -> _Around:
        """What the words of a tag stand in that stands in this."""
        owns = tag.name in KINDS and tag.get("id")
        is_title = self.is_title or tag.name in TITLES
        is_small = self.is_small or tag.name in SMALL_PRINT
        return _Around(tag if owns else self.owner, is_title, is_small)


class _Collector:
    """The passages of an article, by their anchors, as its elements are gone through in order."""

    def __init__(self) -> None:
        self.drafts: dict[str, _Draft] = {}
        self._section = ""

    def read(self, article: Tag) -> None:
        """Take in what stands in an article, however deeply."""
        open_elements = [(iter(article.children), _Around())]
        while open_elements:
            children, around = open_elements[-1]
            node = next(children, None)
            if node is None:
                open_elements.pop()
            elif isinstance(node, Tag):
                if _is_unread(node):
                    continue
                inner = around.inside(node)
                self._add(_own_text(node), inner)
                open_elements.append((iter(node.children), inner))
            else:
                self._add(str(node), around)

    def _add(self, words: str, around: _Around) -> None:
        owner = around.owner
        if owner is None:
            anchor, kind, level = self._section, "section", 0
        else:
            anchor, kind, level = str(owner["id"]), KINDS[owner.name], HEADINGS.get(owner.name, 0)
        if kind == "section":
            self._section = anchor
        draft = self.drafts.setdefault(anchor, _Draft(kind, level))
        titles = owner is not None and around.is_title and not (kind == "row" and around.is_small)
        (draft.title if titles else draft.text).append(words)


def _passages(article: Tag) -> Iterator[Passage]:
    collector = _Collector()
    collector.read(article)
    for anchor, draft in collector.drafts.items():
        if anchor:
            yield Passage(draft.kind, anchor, _joined(draft.title), _joined(draft.text), draft.level)


def _is_unread(tag: Tag) -> bool:
    """Whether what a tag holds is no part of what its page says. (A selector for it takes 0.1 s to be compiled.)"""
    if tag.name == "a":
        return not LINKS_TO_ITSELF.isdisjoint(tag.get_attribute_list("class"))
    if tag.name == "code":
        return tag.parent is not None and tag.parent.name == "th"
    return tag.name in NOT_READ


def _own_text(tag: Tag) -> str:
    """What a tag itself says: that a word ends, or what a picture shows."""
    if tag.name in BLOCKS:
        return " "
    return f" {tag.get('alt', '')} " if tag.name == "img" else ""


def _joined(words: list[str]) -> str:
    return " ".join("".join(words).split())

"""HTML of a notebook as a site shows it."""

from __future__ import annotations

import re
from html import escape, unescape

from press.records import Page

FIGURE = re.compile(r'<data\b(?=[^>]*\bdata-figure="([^"]*)")[^>]*>.*?</data>', re.S)


DATA_TABLE = re.compile(r"<table\b.*?</table>", re.S)


CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.S)


TAG = re.compile(r"<[^>]*>")


def finish_html(html: str, page: Page) -> str:
    """HTML of a notebook as this site shows it: figures linked to their table, tables in a frame that scrolls.

    >>> page = Page("a", "en", "A", "x/en/a", figures={"": "figures"})
    >>> finish_html('<data class="figure" value="3" data-figure="tasks">3</data>', page)
    '<a class="figure" href="figures.html#tasks"><data class="figure" value="3" data-figure="tasks">3</data></a>'
    """
    if page.figures:
        html = FIGURE.sub(lambda found: _figure_link(found, page), html)
    return DATA_TABLE.sub(_scrolling, html)


def _scrolling(table: re.Match[str]) -> str:
    caption = CAPTION.search(table[0])
    label = f' role="region" aria-label="{escape(words_of(caption[1]))}"' if caption else ""
    return f'<div class="scroll" tabindex="0"{label}>{table[0]}</div>'


def words_of(html: str) -> str:
    """The text of HTML."""
    return unescape(TAG.sub("", html)).strip()


def _figure_link(found: re.Match[str], page: Page) -> str:
    figure = unescape(found[1])
    table = page.table_of(figure)
    if table in ("", page.name):
        return found[0]
    return f'<a class="figure" href="{table}.html#{escape(figure)}">{found[0]}</a>'


def is_safe_url(url: str) -> bool:
    """Whether a url is relative, http(s), mailto, tel or a picture itself: a page links to nothing that runs.

    >>> [is_safe_url(url) for url in ("figures.html#a", "JavaScript:alert(1)", "data:text/html,x", "data:image/png;x")]
    [True, False, False, True]
    """
    bare = re.sub(r"[\x00-\x20]", "", unescape(url)).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
    if not scheme or scheme[0] in ("http:", "https:", "mailto:", "tel:"):
        return True
    return re.match(r"data:image/(png|gif|jpeg|webp);", bare) is not None


# Left-to-right overrides and their kin can turn a neighbour's text around; neither language needs them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")

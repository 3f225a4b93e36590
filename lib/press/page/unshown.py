"""What a page cannot show of its notebook, a sentence each; and what its cells refer to, to be sought in the site.

A page runs no script of a notebook's, and fetches nothing from elsewhere (see the policy in `shell.html.j2`); it shows
pictures, HTML, Markdown and text. Whatever else an output brings is lost, and is told.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from press.records import Reference

# The types a page shows, the best first: of a bundle it shows the first it has.
SHOWN = (
    "text/html",
    "text/latex",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/markdown",
    "text/plain",
)
SCRIPT = "application/javascript"
WIDGET = "application/vnd.jupyter.widget-view+json"
OUTPUT_TYPES = ("stream", "display_data", "execute_result", "error")
# Where a comment, an element that refers to something or runs it, or a stylesheet may begin; and such an element.
BEGINNING = re.compile(r"<(?:!--|(?:a|img|script|iframe|video|audio|source|track|embed|object|link|style)\b)", re.I)
ELEMENT = re.compile(r"""<(\w+)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
TEXT_ONLY = {name: re.compile(f"</{name}", re.I) for name in ("script", "style")}  # what is in them is no HTML
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
MEDIA = ("video", "audio", "source", "track")
SCHEMES = ("", "http", "https", "mailto", "tel")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
PLACE = re.compile(r"""\s(?:id|name)=["']([^"']*)["']""")
OURS = ("figure", "anchor")  # classes of the links that the press itself makes
ELSEWHERE = ("http", "https")


def shown_type(bundle: Mapping[str, Any]) -> str:
    """The type of a bundle that a page shows, "" where it shows none."""
    return next((kind for kind in SHOWN if kind in bundle), "")


def of_output(output: Any) -> Iterator[str]:
    """What of an output the page does not show, by its type; charts of plotly are none of them."""
    if output.output_type not in OUTPUT_TYPES:
        yield f'an output of the unknown kind "{output.output_type}" is not shown'
    bundle = output.get("data", {})
    kind = shown_type(bundle)
    lost = sorted(other for other in bundle if other not in SHOWN)
    if not lost:
        return
    name = "a widget" if WIDGET in lost else f"an output of the type {', '.join(lost)}"
    if not kind and SCRIPT in lost:
        yield "a script does not run on a page; frames = true in [site] runs it in a frame, with the HTML before it"
    elif not kind:
        yield f"{name} is not shown: it brings nothing that a page can show instead"
    elif kind == "text/plain":
        yield f"{name} is shown as its text only"
    elif kind == "text/html" and WIDGET in lost:
        yield "a widget is shown as it stood when the notebook had run: it needs a kernel to do more"
    elif kind == "text/html" and SCRIPT in lost:
        yield "an output needs a script, which does not run on a page"


def of_html(html: str) -> Iterator[str]:
    """What of a cell's HTML the page's policy keeps from running or from being fetched."""
    for tag, attributes in elements(html):
        source = _source(tag, attributes)
        scheme = _scheme(source)
        if tag == "script":
            if "json" not in attributes.get("type", ""):
                yield "a script in HTML does not run on a page; frames = true in [site] runs it in a frame of its own"
        elif tag in ("embed", "object"):
            yield f"the element <{tag}> is not shown on a page"
        elif tag == "iframe" and "<script" in attributes.get("srcdoc", "").lower():
            yield "a script in a frame does not run on a page; frames = true in [site] lets it run there"
        elif tag == "a":
            if scheme not in SCHEMES:
                yield f'the link "{short(source)}" leads nowhere: expected a relative one, http, https, mailto or tel'
        elif scheme in ELSEWHERE:
            if tag != "link" or "stylesheet" in attributes.get("rel", ""):
                yield f'the {_named(tag)} "{short(source)}" is not fetched: a page shows nothing from elsewhere'
        elif tag in MEDIA and scheme:
            yield f"the {_named(tag)} inside HTML is not played: a page plays only files of its site"


def references(html: str, cell: int, page: str) -> Iterator[Reference]:
    """What a cell's HTML refers to in the site; `page` is the path of its page, without suffix."""
    here = f"{page}.html"
    for tag, attributes in elements(html):
        href = _source(tag, attributes)
        if tag in ("link", "script") or attributes.get("class") in OURS or href in ("", "#") or _scheme(href):
            continue
        file, _, place = href.partition("#")
        file = unquote(file.partition("?")[0])
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here), file)) if file else here
        yield Reference(cell, _named(tag), href, path, unquote(place))


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements of HTML that refer to something, or run it, with their attributes."""
    at = 0
    while found := BEGINNING.search(html, at):
        if found[0] == "<!--":
            at = _after(html.find("-->", found.end()), html)
            continue
        at = found.end()
        if element := ELEMENT.match(html, found.start()):
            name = element[1].lower()
            yield name, _attributes(element[2])
            at = element.end()
            if name in TEXT_ONLY:
                end = TEXT_ONLY[name].search(html, at)
                at = _after(end.start() if end else -1, html)


def _after(place: int, html: str) -> int:
    """Where to read on: at a place that was found, or not at all."""
    return place if place >= 0 else len(html)


def _attributes(text: str) -> dict[str, str]:
    found = {}
    for name, *values in ATTRIBUTE.findall(text):
        found[name.lower()] = unescape("".join(values))
    return found


def _source(tag: str, attributes: Mapping[str, str]) -> str:
    return attributes.get("href" if tag in ("a", "link") else "src", "").strip()


def _scheme(href: str) -> str:
    """The scheme of an address, "" for one in the site; an address without one, of another machine, has ours."""
    if href.startswith("//"):
        return ELSEWHERE[1]
    found = SCHEME.match(href)
    return found[1].lower() if found else ""


def _named(tag: str) -> str:
    return {"a": "link", "img": "image", "link": "stylesheet", "iframe": "frame", "track": "subtitle"}.get(tag, tag)


def short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


def dead(found: Iterable[Reference], site: Path, planned: Iterable[str]) -> Iterator[str]:
    """A sentence for each reference that leads nowhere; pages that are planned, but not built yet, are let be."""
    expected = {f"{path}.html" for path in planned}
    for one in found:
        where = f'cell {one.cell}: the {one.kind} "{short(one.href)}" leads nowhere'
        file = _file(site, one.path)
        if file is None and one.path not in expected:
            yield f"{where}: the site has no {short(one.path)}"
        elif file and not _has_place(file, one.place):
            yield f"{where}: no such place on that page"


def _file(site: Path, path: str) -> Path | None:
    """The file that a path leads to; None where there is none, or it leads out of the site."""
    if path.startswith(("/", "../")):
        return None
    file = site / path
    try:
        if file.is_dir():
            file /= "index.html"
        return file if file.is_file() else None
    except (OSError, ValueError):  # too long, or no path at all
        return None


def _has_place(file: Path, place: str) -> bool:
    """Whether a page has a place that can be linked to; of other files, and of words on a page, nothing is known."""
    if place in ("", "top") or file.suffix != ".html" or place.startswith(":~:"):
        return True
    return place in _places(file, file.stat().st_mtime_ns)


@lru_cache(256)
def _places(file: Path, _changed: int) -> set[str]:
    return {unescape(name) for name in PLACE.findall(file.read_text(encoding="utf-8", errors="replace"))}

"""The Markdown of one page as HTML: answers in place of `{eval}` roles, headings with anchors both languages share.

What is understood is in `markdown`, and formulas in `formulas`. Whatever is not, is shown as it was written, and told.
"""

from __future__ import annotations

import ast
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from press.page import unshown
from press.page.beside import Beside
from press.page.bibliography import Publication, own_bibliography, read_bibliography, said_by
from press.page.cells import as_text, cells_of, markdown_of
from press.page.citations import PLACE, ROLES, Citations, Cited, Form, looks_like_a_work, parse_role
from press.page.code import is_language, language_of
from press.page.formulas import CLOSE, HELD, OPEN, Formulas
from press.page.html import finish_html, is_safe_url, words_of
from press.page.markdown import (
    ADMONITIONS,
    Directive,
    parser,
)
from press.page.outline import anchors_of, headings, jupyter_names, read_outline
from press.page.renderer import Renderer, admonition, code_block
from press.records import Page
from press.site.assets import (
    words,
)

FRAME = re.compile(r"<iframe\b([^>]*)>(?:\s*</iframe\s*>)?", re.I)
FRAME_SOURCE = re.compile(r"""\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
# Roles that are an element of HTML.
ROLE_ELEMENTS = {"sub": "sub", "subscript": "sub", "sup": "sup", "superscript": "sup", "kbd": "kbd", "del": "s"}
ROLE_ELEMENTS |= {"u": "u", "underline": "u", "dfn": "dfn", "term": "em", "abbr": "abbr", "code": "code"}
ROLE_ELEMENTS |= dict.fromkeys(("func", "class", "meth", "attr", "mod", "exc", "data", "obj", "const", "file"), "code")
ROLE_ELEMENTS |= dict.fromkeys(("command", "program", "option", "envvar", "guilabel", "samp"), "code")
REFERENCES = ("ref", "numref", "eq", "eqref")
TITLED = re.compile(r"(.+?)\s*<([^<>]+)>")  # a role's text and what it leads to
PLAIN_BLOCKS = (
    "div",
    "aside",
    "margin",
    "sidebar",
    "topic",
    "epigraph",
    "table",
    "card",
    "grid",
    "tab-set",
    "tab-item",
)
ENCODED_MARKS = {"%EE%80%80": OPEN, "%EE%80%81": CLOSE}


class Prose:
    """The Markdown of one page, to be turned into HTML in the order of its cells."""

    def __init__(self, notebook: Any, page: Page, beside: Beside | None = None) -> None:
        sources = markdown_of(notebook, page.lang, page.rules)
        self.page = page
        self.beside = beside or Beside(page)
        self.title = ""
        self.contents: list[tuple[str, str]] = []
        self.language = language_of(notebook)
        self.words = words(page.lang, page.theme)
        self.formulas = Formulas(sources)
        self._outline = read_outline(sources)
        self._complaints: list[str] = []
        self._unknown: set[str] = set()  # keys of works that the cell's complaints have named
        self.citations = Citations(self._works(notebook), said_by(notebook), self.words)
        anchors = anchors_of(self._outline, headings(notebook, "en", page.rules))
        self._places = jupyter_names(self._outline, anchors)
        self._anchors = iter(anchors)
        self._lead = ""
        self._before = ""  # the first paragraph, where it comes before the title
        self._answers: dict[str, Mapping[str, Any]] = {}
        self._attachments: Mapping[str, Any] = {}
        self._figures = 0
        self._texts = 0
        self._depth = 0

    @property
    def lead(self) -> str:
        """The page's description: its first paragraph, the first under its title where it has one."""
        return self._lead or self._before

    def html(self, cell: Any) -> str:
        """A Markdown cell as HTML."""
        self._answers = {one["expression"]: one["result"] for one in cell.metadata.get("user_expressions", ())}
        self._attachments = cell.get("attachments", {})
        return self.markdown(cell.source)

    def markdown(self, source: str | Iterable[str]) -> str:
        """Markdown that a cell displayed, as HTML."""
        self._texts += 1
        held = self.formulas.hold(as_text(source))
        html = parser(Renderer, trusted=self.page.trusted).render(held, self._environment())
        return self.finished(html)

    def finished(self, html: str) -> str:
        """HTML of a notebook as this site shows it: see `finish_html`; its addresses lead into the site."""
        for tex in self.formulas.unread:
            self.complain(f"the formula “{unshown.short(tex)}” cannot be read")
        self.formulas.unread.clear()
        html = FRAME.sub(self._frame, finish_html(html, self.page))
        return self.beside.in_html(html, self._places)

    def _frame(self, found: re.Match[str]) -> str:
        """A link in the place of what a frame would fetch from elsewhere, which no page does."""
        source = FRAME_SOURCE.search(found[1])
        address = unescape(source[1] or source[2] or source[3]) if source else ""
        if not re.match(r"(?:https?:)?//", address):
            return found[0]
        self.complain(f'the frame "{unshown.short(address)}" is not fetched: a link stands in its place')
        return f'<p><a href="{escape(address)}">{escape(address)}</a></p>'

    def output(self, html: str) -> str:
        """The HTML of a trusted output as the page shows it: its headings and formulas are those of the prose."""
        return self.finished(self.formulas.in_html(html))

    def nested(self, source: str) -> str:
        """Markdown inside a directive; its headings have no anchors."""
        self._depth += 1
        held = source if HELD.search(source) else self.formulas.hold(source)
        html = parser(Renderer, trusted=self.page.trusted).render(held, self._environment())
        self._depth -= 1
        return str(html)

    def _environment(self) -> dict[str, Any]:
        """What the parser hands to the renderer; footnotes of each text have names of their own."""
        self._texts += self._depth > 0
        return {"prose": self, "docId": str(self._texts)}

    @property
    def is_nested(self) -> bool:
        """Whether what is shown stands inside a directive."""
        return self._depth > 0

    def answer(self, expression: str) -> str:
        """The stored answer to an expression, as HTML; the expression itself, marked, where there is none."""
        bundle = self._answers.get(expression, {}).get("data")
        if bundle is None:
            self.complain(f"{{eval}}`{expression}` has no answer")
            return f'<code class="unanswered">{escape(expression)}</code>'
        if "text/html" in bundle and self.page.trusted:
            return as_text(bundle["text/html"])
        if "text/plain" not in bundle:
            self.complain(f"{{eval}}`{expression}` is answered by {', '.join(bundle)}, not by text")
        return escape(_spoken(as_text(bundle.get("text/plain", ""))))

    def role(self, name: str, content: str) -> str:
        """MyST's `{name}`content``; one that is not known is shown as it was written, and told."""
        if name == "eval":
            return self.answer(content)
        element = ROLE_ELEMENTS.get(name.rpartition(":")[2])  # {py:func} is {func}
        if element:
            return f"<{element}>{escape(content)}</{element}>"
        titled = TITLED.fullmatch(content)
        text, target = (titled[1], titled[2]) if titled else ("", content)
        if name.partition(":")[0].startswith("cite"):
            return self._cited_by_role(name, content)
        if name == "doc":
            return f'<a href="{escape(target.removesuffix(".ipynb"))}.ipynb">{escape(text or target)}</a>'
        if name in REFERENCES:
            called = text or self.name_of(target)
            if called:
                return f'<a href="#{escape(target)}">{escape(called)}</a>'
            self.complain(f'{{{name}}}`{content}` leads nowhere: nothing on the page is called "{target}"')
            return escape(content)
        self.complain(f"the role {{{name}}} is not known: its text is shown as it is written")
        return f"<code>{escape(content)}</code>"

    def _works(self, notebook: Any) -> dict[str, Publication]:
        """The works that the page may cite; what of their files cannot be read is told."""
        works: dict[str, Publication] = {}
        files = [(path, True) for path in self.page.bibliography]
        files += [(path, False) for path in own_bibliography(notebook)]
        for path, is_from_root in files:
            text = self.beside.read(path, is_from_root=is_from_root)
            if text is None:
                self.complain(f'the bibliography "{unshown.short(path)}" is not found in the suite')
                continue
            found, problems = read_bibliography(text)
            for problem in problems:
                self.complain(f"{unshown.short(path)}: {problem}")
            works = found | works
        return works

    def can_cite(self, cited: Sequence[Cited], written: str, form: Form) -> bool:
        """Whether the works of a citation are known; where they are meant and are not, that is told."""
        unknown = self.citations.unknown(cited)
        is_meant = form is Form.GROUP or (not self.citations.is_empty and any(map(looks_like_a_work, unknown)))
        if is_meant and not self._unknown.issuperset(unknown):
            self.complain(self._not_known(written, unknown))
            self._unknown.update(unknown)
        return not unknown

    def _not_known(self, written: str, keys: Sequence[str]) -> str:
        if self.citations.is_empty:
            return f"{unshown.short(written)} is shown as it is written: there is no bibliography"
        named = ", ".join(f'"{unshown.short(key)}"' for key in keys)
        return f"{unshown.short(written)} is shown as it is written: no work in the bibliography is called {named}"

    def _cited_by_role(self, name: str, content: str) -> str:
        """A `{cite}` role as HTML; where it names no work, as it was written."""
        cited, form = parse_role(content), ROLES.get(name)
        if cited and form and self.can_cite(cited, f"{{{name}}}`{content}`", Form.GROUP):
            return self.cited(self.citations.placed(cited), form)
        if not cited or form is None:
            self.complain(f"{{{name}}}`{content}` is shown as it is written: this form of citing is not known")
        return escape(f"[{content}]")

    def cited(self, cited: Sequence[Cited], form: Form) -> str:
        """A citation of known works as HTML."""
        return self.citations.html(cited, form, self.formulas.shown)

    def references(self) -> str:
        """The list of what the page cites, to stand at its end, under a heading of its author's if that is there."""
        titles = [text.casefold() for _, text in self._outline.headings[-1:]]
        has_heading = self.citations.title.casefold() in titles or PLACE in self._places.values()
        html = self.citations.references(has_heading=has_heading)
        if html and not has_heading:
            self.contents.append((PLACE, self.citations.title))
        return html

    def name_of(self, target: str) -> str:
        """What is said of a place that is referred to: Figure 2, (3), or a heading's words; "" for an unknown one."""
        if number := self.formulas.number_of(target):
            return f"({number})"
        if target in self._outline.figures:
            return str(self.words["picture"]).format(self._outline.figures.index(target) + 1)
        return self._outline.labels.get(target, "")

    def directive(self, asked: Directive) -> str:
        """A directive as HTML; one that is not known is shown as it was written, and told."""
        if asked.name in ADMONITIONS:
            return self._admonition(asked)
        if asked.name in ("figure", "image"):
            return self._figure(asked)
        if asked.name == "dropdown":
            summary = f"<summary>{self.formulas.shown(asked.argument)}</summary>"
            return f'<details class="fold">{summary}\n{self.nested(asked.body)}</details>\n'
        if asked.name in PLAIN_BLOCKS:
            title = f"<p><strong>{escape(self.formulas.plain(asked.argument))}</strong></p>\n" if asked.argument else ""
            return f'<div class="aside">{title}{self.nested(asked.body)}</div>\n'
        if asked.name == "bibliography":
            return ""  # it stands at the page's end
        if asked.name in ("code", "code-block", "code-cell", "sourcecode"):
            return code_block(self.formulas.written(asked.body), asked.argument)
        written = self.formulas.written(asked.body)
        if not is_language(asked.name):
            self.complain(f"the directive {{{asked.name}}} is not known: its text is shown as it is written")
        return code_block(written, asked.name)

    def _admonition(self, asked: Directive) -> str:
        kind = ADMONITIONS[asked.name]
        title = self.formulas.shown(asked.argument) if asked.argument else escape(self.words["admonitions"][kind])
        return admonition(kind, title, self.nested(asked.body))

    def _figure(self, asked: Directive) -> str:
        options = asked.options
        alt = self.formulas.plain(options.get("alt", ""))
        size = {name: options[name] for name in ("width", "height") if options.get(name)}
        picture = self.image(self.url(self.formulas.written(asked.argument)), alt, size, has_caption=bool(asked.body))
        if asked.name == "image":
            return f"<p>{picture}</p>\n"
        self._figures += 1
        name = options.get("name") or options.get("label", "")
        place = f' id="{escape(name)}"' if name else ""
        number = escape(str(self.words["picture"]).format(self._figures))
        caption = self.nested(asked.body)
        return f'<figure class="picture"{place}>{picture}<figcaption><b>{number}</b> {caption}</figcaption></figure>\n'

    def image(self, source: str, alt: str, size: Mapping[str, str], *, has_caption: bool = False) -> str:
        """A picture; one without a text that stands for it is told."""
        if not alt and not has_caption:
            self.complain(f'the image "{unshown.short(source)}" has no alternative text')
        sizes = "".join(f' {name}="{escape(value.removesuffix("px"))}"' for name, value in size.items())
        return f'<img src="{escape(source)}" alt="{escape(alt)}"{sizes}>'

    def url(self, url: str) -> str:
        """The url where it may stand on a page, else "#"; see `is_safe_url`. That of an attachment is its file's."""
        for encoded, mark in ENCODED_MARKS.items():
            url = url.replace(encoded, mark)
        url = self.formulas.written(url)
        if url.startswith("attachment:"):
            return self._attached(unquote(url.partition(":")[2]))
        if is_safe_url(url):
            return url
        wanted = "expected a relative one, http, https, mailto or tel"
        self.complain(f'the link or image "{unshown.short(url)}" leads nowhere: {wanted}')
        return "#"

    def _attached(self, name: str) -> str:
        """The address of a file that is attached to the cell."""
        bundle = self._attachments.get(name, {})
        for content in bundle.values():
            try:
                return self.beside.keep(name, b64decode(as_text(content)))
            except ValueError:
                break
        self.complain(f'the attachment "{unshown.short(name)}" is not in the cell')
        return "#"

    def complain(self, sentence: str) -> None:
        """Keep what could not be shown."""
        self._complaints.append(sentence)

    def complaints(self) -> list[str]:
        """What could not be shown since this was last asked."""
        told, self._complaints = self._complaints, []
        self._unknown.clear()
        return told

    def heading(self, html: str, level: int, name: str = "") -> str:
        """A heading with its anchor; the first of level 1 is the page's title, those of level 2 its contents."""
        if self.is_nested:
            return f'<p class="heading">{html}</p>\n'
        text = words_of(self.formulas.without_mathml(html))
        anchor = next(self._anchors, f"s{len(self.contents)}")
        own = f'<span id="{escape(name)}"></span>' if name and name != anchor else ""
        if level == 1 and not self.title:
            self.title = text
            return f'<h1 id="{anchor}">{own}{html}</h1>\n'
        if level == 2:
            self.contents.append((anchor, text))
        return _heading(level, anchor, own + html, text)

    def section(self, found: re.Match[str]) -> str:
        """A section that a cell's HTML opens, `<h2 id="…">`, as the headings of the prose."""
        self.contents.append((found[1], words_of(found[2])))
        return _heading(2, found[1], found[2], words_of(found[2]))

    def offer_lead(self, html: str) -> None:
        """A paragraph that may be the page's description."""
        text = words_of(self.formulas.without_mathml(html))
        if self.title:
            self._lead = self._lead or text
        else:
            self._before = self._before or text


def _heading(level: int, anchor: str, html: str, text: str) -> str:
    mark = f'<a class="anchor" href="#{anchor}" aria-label="{escape(text)}">#</a>'
    return f'<h{level} id="{anchor}">{html}{mark}</h{level}>\n'


def _spoken(plain: str) -> str:
    """The words of an answer that is a text: Python shows them in quotes, prose does not."""
    try:
        text = ast.literal_eval(plain) if plain[:1] in "'\"" else plain
    except (SyntaxError, ValueError):
        text = plain
    return text if isinstance(text, str) else plain


def page_title(notebook: Any, page: Page) -> str:
    """What a page calls itself: its first heading, with the numbers in it spoken, else its report's title."""
    prose = Prose(notebook, page)
    for cell in cells_of(notebook, page.lang, page.rules):
        if cell.cell_type == "markdown" and not prose.title:
            prose.html(cell)
    return prose.title or page.title

"""The tokens of Markdown as HTML, where a page wants other than the parser's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML

from press.page.code import colored
from press.page.markdown import (
    ADMONITIONS,
    HEADING_ATTRIBUTES,
    LABEL,
    SIZE,
    SIZES,
    Directive,
    directive,
)

ALIGNED = re.compile(r"text-align:(right|center)")


INLINE_ENDS = {"em_open": "em_close", "strong_open": "strong_close", "link_open": "link_close"}


class Renderer(RendererHTML):
    """HTML of the parser's tokens, where a page wants other than the parser's own."""

    def text(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        return str(env["prose"].formulas.shown(tokens[idx].content))

    def code_inline(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        return f"<code>{escape(env['prose'].formulas.written(tokens[idx].content))}</code>"

    def code_block(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        return code_block(env["prose"].formulas.written(tokens[idx].content), "")

    def fence(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        prose, token = env["prose"], tokens[idx]
        if asked := directive(token.info, token.content):
            return str(prose.directive(asked))
        return code_block(prose.formulas.written(token.content), token.info.strip().partition(" ")[0].strip("{.}"))

    def colon_fence(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        token = tokens[idx]
        name = token.info.strip().strip("{}").removeprefix(".")
        asked = directive(token.info, token.content)
        if asked is None:
            asked = Directive(name if name in ADMONITIONS else "div", body=token.content)
        return str(env["prose"].directive(asked))

    def html_block(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        return str(env["prose"].formulas.in_tags(tokens[idx].content))

    def html_inline(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        return str(env["prose"].formulas.in_tags(tokens[idx].content))

    def myst_role(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        prose, token = env["prose"], tokens[idx]
        if "html" not in token.meta:  # a first paragraph is asked for twice
            token.meta["html"] = prose.role(token.meta["name"], prose.formulas.written(token.content))
        return str(token.meta["html"])

    def citation(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        meta = tokens[idx].meta
        return str(env["prose"].cited(meta["cited"], meta["form"]))

    def image(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        prose, token = env["prose"], tokens[idx]
        alt = prose.formulas.plain(self.renderInlineAsText(token.children, options, env))
        following = tokens[idx + 1] if idx + 1 < len(tokens) else None
        braces = SIZE.match(following.content) if following else None
        if following and braces:  # {width=50%}
            token.attrs |= dict(SIZES.findall(braces[1]))
            following.content = following.content[braces.end() :]
        size = {name: str(token.attrs[name]) for name in ("width", "height") if name in token.attrs}
        source = prose.url(str(token.attrs["src"]))
        return str(prose.image(source, alt, size))

    def link_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        prose, token = env["prose"], tokens[idx]
        url = prose.url(str(token.attrs["href"]))
        token.attrSet("href", url)
        called = ""
        if tokens[idx + 1].type == "link_close" and url.startswith("#"):
            called = escape(prose.name_of(unquote(url[1:])) or url)
        return self.renderToken(tokens, idx, options, env) + called

    def heading_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        inline = tokens[idx + 1]
        name = ""
        last = inline.children[-1] if inline.children else None
        if last is not None and last.type == "text" and (found := HEADING_ATTRIBUTES.search(last.content)):
            name = found[1] or ""
            last.content = last.content[: found.start()]
        html = self.renderInline(inline.children, options, env)
        inline.children = []
        return str(env["prose"].heading(html, int(tokens[idx].tag[1:]), name))

    def heading_close(self, _tokens: Any, _idx: int, _options: Any, _env: Any) -> str:
        return ""

    def paragraph_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        prose, token, inline = env["prose"], tokens[idx], tokens[idx + 1]
        label = LABEL.fullmatch(inline.content.strip())
        if label and token.level == 0:
            inline.children = []
            token.tag = tokens[idx + 2].tag = "span"
            token.attrSet("id", label[1])
        elif prose.formulas.is_alone(inline.content):
            token.tag = tokens[idx + 2].tag = "div"
            token.attrSet("class", "equation")
        elif token.level == 0 and not prose.is_nested and not _is_notice(inline.children):
            prose.offer_lead(self.renderInline(inline.children, options, env))
        return self.renderToken(tokens, idx, options, env)

    def th_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        return self._cell(tokens, idx, options, env)

    def td_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        return self._cell(tokens, idx, options, env)

    def _cell(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        """A cell of a table, with a class in place of a style, which a page's policy does not let in."""
        aligned = ALIGNED.search(str(tokens[idx].attrs.pop("style", "")))
        if aligned:
            tokens[idx].attrSet("class", aligned[1])
        return self.renderToken(tokens, idx, options, env)

    def alert_open(self, tokens: Any, idx: int, _options: Any, env: Any) -> str:
        kind = tokens[idx].meta["kind"].lower()
        title = tokens[idx + 2]
        if title.content == kind.capitalize():
            title.children[0].content = env["prose"].words["admonitions"][kind]
        return f'<div class="admonition {kind}" role="note">\n'

    def alert_title_open(self, _tokens: Any, _idx: int, _options: Any, _env: Any) -> str:
        return '<p class="admonition-title">'

    def list_item_open(self, tokens: Any, idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        if "checked" not in token.meta:
            return self.renderToken(tokens, idx, options, env)
        mark, name = ("☑", "done") if token.meta["checked"] else ("☐", "to_do")
        return f'<li class="task"><span role="img" aria-label="{escape(env["prose"].words[name])}">{mark}</span> '


def code_block(text: str, language: str) -> str:
    """Code in prose, highlighted where its language is known."""
    return f'<pre class="code" tabindex="0"><code>{colored(text.strip(chr(10)), language)}</code></pre>\n'


def admonition(kind: str, title: str, inside: str) -> str:
    """A box beside the text's flow; `title` and `inside` are HTML."""
    return f'<div class="admonition {kind}" role="note">\n<p class="admonition-title">{title}</p>\n{inside}</div>\n'


def _is_notice(children: Iterable[Any]) -> bool:
    """Whether a paragraph is all emphasis, link or picture, as licence notes and banners are: it is no description."""
    ends: list[str] = []
    for child in children:
        if ends:
            if child.type == ends[-1]:
                ends.pop()
            elif child.type in INLINE_ENDS:
                ends.append(INLINE_ENDS[child.type])
        elif child.type in INLINE_ENDS:
            ends.append(INLINE_ENDS[child.type])
        elif child.type not in ("image", "html_inline", "softbreak", "hardbreak") and re.search(r"\w", child.content):
            return False
    return True

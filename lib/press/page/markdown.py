"""Markdown as people write it in JupyterLab, MyST, Quarto and at GitHub: CommonMark, and what they add to it.

Tables, bare addresses, task lists, footnotes, definition lists, admonitions, attributes, roles (`{sub}`) and directives
(figures, admonitions). What a page makes of it is `prose.Prose`; here are the parser, and the parts of a directive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from press.page.citations import citation_rule

DIRECTIVE = re.compile(r"\s*\{([\w:-]+)\}\s*(.*)")
CALLOUT = re.compile(r"\s*\{?\s*\.callout-(\w+)(.*)\}\s*$")
TITLE = re.compile(r"""title\s*=\s*"([^"]*)\"""")
OPTION = re.compile(r"\s*:([\w-]+):[ \t]*(.*)")
LABEL = re.compile(r"\(([\w:.-]+)\)=")  # MyST's name of what comes next, in a line of its own
HEADING_ATTRIBUTES = re.compile(r"\s*\{\s*(?:#([\w:.-]+))?[^{}]*\}\s*$")  # Quarto's and pandoc's, behind a heading
SIZE = re.compile(r"\{((?:\s*(?:width|height)\s*=\s*\"?[\d.]+(?:px|%|em|in|cm)?\"?)+)\s*\}")
SIZES = re.compile(r"(width|height)\s*=\s*\"?([\d.]+(?:px|%|em|in|cm)?)\"?")
ATTRIBUTES = ["id", "class", "width", "height", "alt", "title", "align"]  # that prose may give its elements

# What each kind of admonition is shown as.
ADMONITIONS = {
    "note": "note",
    "seealso": "note",
    "admonition": "note",
    "tip": "tip",
    "hint": "tip",
    "important": "important",
    "warning": "warning",
    "attention": "warning",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
}


@dataclass(frozen=True)
class Directive:
    """A block that is more than code: `{figure} a.png`, its options, and what is in it."""

    name: str
    argument: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


def directive(info: str, content: str) -> Directive | None:
    """The directive that a fence opens, None for one that only holds code.

    >>> directive("{figure} a.png", ":width: 50%\\n\\nHow it fell.")
    Directive(name='figure', argument='a.png', options={'width': '50%'}, body='How it fell.')
    >>> directive("{.callout-note title=\\"Mind\\"}", "x").argument
    'Mind'
    """
    if callout := CALLOUT.match(info):
        title = TITLE.search(callout[2])
        return Directive(callout[1], title[1] if title else "", {}, content)
    found = DIRECTIVE.match(info)
    if not found:
        return None
    lines = content.split("\n")
    options = {}
    while lines and (option := OPTION.fullmatch(lines[0])):
        options[option[1]] = option[2].strip()
        lines.pop(0)
    return Directive(found[1].lower(), found[2].strip(), options, "\n".join(lines).strip("\n"))


@lru_cache
def parser(renderer: Any = RendererHTML, *, trusted: bool = True) -> Any:
    """The parser with what makes HTML of its tokens; HTML in what it reads is text where that is not trusted."""
    from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.gfm import gfm_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    made = MarkdownIt("commonmark", renderer_cls=renderer)
    rules: dict[str, Any] = vars(made.renderer)["rules"]
    own = dict(rules)
    gfm_plugin(made)
    for plugin in (myst_role_plugin, deflist_plugin, colon_fence_plugin):
        made.use(plugin)
    made.inline.ruler.before("link", "citation", citation_rule)
    made.use(attrs_plugin, allowed=ATTRIBUTES)
    made.use(attrs_block_plugin, allowed=ATTRIBUTES)
    rules.update(own)  # plugins bring rules of their own
    made.options["html"] = trusted
    vars(made)["validateLink"] = lambda _url: True  # what may be linked to is `html.is_safe_url`'s to say, and told
    return made


def expressions(source: str) -> list[str]:
    """The expressions of a text's `{eval}` roles, each once; those in code are none.

    >>> expressions("{eval}`a + b` and ``{eval}`c` ``")
    ['a + b']
    """
    if "{eval}" not in source:
        return []
    found: dict[str, None] = {}
    for token in parser().parse(source, {}):
        for child in token.children or ():
            if child.type == "myst_role" and child.meta["name"] == "eval":
                found[child.content] = None
        inside = directive(token.info, token.content) if token.type in ("fence", "colon_fence") else None
        if inside:
            found |= dict.fromkeys(expressions(inside.body))
    return list(found)

"""What a page's prose consists of: its headings with their anchors, and what can be referred to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from press.page.beside import slug
from press.page.cells import markdown_of
from press.page.formulas import Formulas
from press.page.markdown import (
    HEADING_ATTRIBUTES,
    LABEL,
    directive,
    parser,
)
from press.tags import CellRules


@dataclass
class Outline:
    """What a page's prose consists of: (level, text) of its headings, and what can be referred to, in order.

    `figures` are the names of its numbered pictures, "" for one without; `labels` the headings that have a name.
    """

    headings: list[tuple[int, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def read_outline(sources: Iterable[str]) -> Outline:
    """The outline of prose; found by the parser, so `# ` in a code block is no heading."""
    outline = Outline()
    for source in sources:
        formulas = Formulas()
        label = ""
        tokens = parser().parse(formulas.hold(source), {})
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                text = formulas.plain(_plain(tokens[at + 1].children))
                named = HEADING_ATTRIBUTES.search(text)
                text = HEADING_ATTRIBUTES.sub("", text).strip()
                outline.headings.append((int(token.tag[1:]), text))
                outline.labels |= dict.fromkeys(filter(None, (label, named[1] if named else "")), text)
                label = ""
            elif token.type == "inline" and (found := LABEL.fullmatch(token.content.strip())):
                label = found[1]
            elif token.type in ("fence", "colon_fence"):
                inside = directive(token.info, token.content)
                if inside and inside.name == "figure":
                    outline.figures.append(inside.options.get("name") or inside.options.get("label", ""))
    return outline


def _plain(children: Iterable[Any]) -> str:
    """The words of a line; an answer's place is a space."""
    parts = []
    for child in children:
        if child.type == "myst_role" or child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts).strip()


def headings(notebook: Any, lang: str, rules: CellRules) -> list[tuple[int, str]]:
    """(level, text) of each heading on a language's page."""
    return read_outline(markdown_of(notebook, lang, rules)).headings


def anchors_of(outline: Outline, english: list[tuple[int, str]]) -> list[str]:
    """An anchor for each heading of a language: the English heading's words where both have the same headings."""
    ours = outline.headings
    paired = [level for level, _ in ours] == [level for level, _ in english]
    slugs: list[str] = []
    for at in range(len(ours)):
        words = slug(english[at][1]) if paired else ""
        anchor = words or f"s{at + 1}"
        slugs.append(anchor if anchor not in slugs else f"{anchor}-{at + 1}")
    return slugs


def jupyter_names(outline: Outline, slugs: list[str]) -> dict[str, str]:
    """The anchors of headings by what Jupyter and GitHub call them in links."""
    names: dict[str, str] = {}
    for (_, text), anchor in zip(outline.headings, slugs, strict=True):
        dashed = re.sub(r"\s+", "-", text)
        github = re.sub(r"[^\w-]", "", dashed.lower())
        for name in (dashed, github):
            if name and name not in slugs:
                names.setdefault(name, anchor)
    return names

"""A document as a page of HTML with its numbers marked: what contradicts, what agrees, what is in no check."""

from __future__ import annotations

from html import escape

from desk.documents import Document
from desk.results import Finding, Place, Proof

STYLE = """body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}mark,i.bad{background:#f4b8ae;color:inherit}.look:is(mark,i){background:#fff2cc}
.good:is(mark,i){background:#d5ecd4}.none{background:none;border-bottom:1px dotted #777}
section{border-left:4px solid #c0392b;padding-left:1rem;margin:1.5rem 0}
section.look{border-color:#b8860b}p{margin:.4rem 0;overflow-wrap:anywhere}code{font:inherit;font-weight:600}
details{margin:0 0 .6rem 1rem;font-size:.9em}summary{cursor:pointer;padding:.2rem 0;color:#555}
details ul{margin:.2rem 0;padding-left:1.2rem;list-style:none;overflow-wrap:anywhere}
:focus-visible{outline:2px solid #1a5fb4;outline-offset:2px}
.legend i{font-style:normal;margin-right:.3rem;padding:0 .3rem}
.legend span{display:inline-block;margin-right:1rem}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}mark,i.bad{background:#7a2a20}
.look:is(mark,i){background:#5c4a10}.good:is(mark,i){background:#1f4a24}.none{border-color:#999}summary{color:#aaa}a{color:#8ab4f8}}
textarea,input{width:100%;box-sizing:border-box}textarea,input,button{font:inherit;padding:.5rem}"""
LEGEND = (
    ("bad", "不可能同时正确 · cannot be right as printed"),
    ("look", "请核对 · please look"),
    ("good", "相符 · agrees"),
    ("none", "没有核对 · in no check"),
)
SIGNS = {"bad": "✗", "look": "?", "good": "✓"}


def as_page(document: Document, found: Proof) -> str:
    """The document as one page of HTML: what contradicts first, then the text with its numerals marked."""
    return page_of(found.file, body_of(document, found))


def page_of(title: str, body: str) -> str:
    """A page of HTML without scripts, for a phone and by night too."""
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def body_of(document: Document, found: Proof) -> str:
    """What such a page says below its title: how much was checked, the findings, the text with each line's checks."""
    marks = _marks(found)
    checks = _checks(found)
    lines = []
    for number, block in enumerate(document.blocks, 1):
        lines.append(_line(number, block.text, marks.get(number, {})))
        lines.append(_checks_of_line(checks.get(number, [])))
    sections = "".join(_section(finding) for finding in found.listed)
    return f"{_coverage(found)}{sections}<h2>全文 · Text</h2>{_legend()}{''.join(lines)}"


def _coverage(found: Proof) -> str:
    """How many numerals are in a check, and what came of them."""
    wrong = sum(one.tier == 1 for one in found.listed)
    rest = found.numerals - found.checked
    agree = len(found.agreements)
    chinese = (
        f"{wrong} 处不可能同时正确，{agree} 处相符；共 {found.numerals} 个数，{found.checked} 个核对过，{rest} 个没有。"
    )
    english = (
        f"{wrong} cannot be right as printed; {agree} agree; "
        f"{found.numerals} numerals: {found.checked} in a check, {rest} in none"
    )
    return f"<p>{escape(chinese)}<br>{escape(english)}</p>"


def _legend() -> str:
    """What the marks of the text mean."""
    entries = [f'<span><i class="{name}">12</i>{escape(words)}</span>' for name, words in LEGEND]
    return f'<p class="legend">{"".join(entries)}</p>'


def _kind(finding: Finding) -> str:
    return "bad" if finding.tier == 1 else "look"


def _marks(found: Proof) -> dict[int, dict[tuple[int, int], str]]:
    """How numerals are marked, by line and by where they begin and end: what contradicts wins over what agrees."""
    marks: dict[int, dict[tuple[int, int], str]] = {}
    for spot in found.unchecked:
        marks.setdefault(spot.line, {})[spot.start, spot.end] = "none"
    for finding in found.agreements:
        _mark(marks, finding, "good")
    for finding in reversed(found.listed):
        _mark(marks, finding, _kind(finding))
    return marks


def _mark(marks: dict[int, dict[tuple[int, int], str]], finding: Finding, name: str) -> None:
    for place in finding.places:
        if place.side == "old":
            continue
        end = place.offset + len(place.printed)
        marks_of_line = marks.setdefault(place.line, {})
        marks_of_line[place.offset, end] = name


def _checks(found: Proof) -> dict[int, list[tuple[str, Finding]]]:
    """The checks that numerals of each line are in, those that fail first."""
    checks: dict[int, list[tuple[str, Finding]]] = {}
    named = [(_kind(one), one) for one in found.listed] + [("good", one) for one in found.agreements]
    for name, finding in named:
        for line in sorted({place.line for place in finding.places if place.side != "old"}):
            checks.setdefault(line, []).append((name, finding))
    return checks


def _checks_of_line(checks: list[tuple[str, Finding]]) -> str:
    """The checks of a line, to unfold: the arithmetic of each, and what it was checked against."""
    if not checks:
        return ""
    items = [_check(name, finding) for name, finding in checks]
    return f"<details><summary>核对 · Checks: {len(checks)}</summary><ul>{''.join(items)}</ul></details>"


def _check(name: str, finding: Finding) -> str:
    places = ", ".join(_link(place) for place in finding.places)
    arithmetic = f"{SIGNS[name]} {escape(finding.arithmetic)}"
    return f'<li class="{name}">{arithmetic}<br>{_statement(finding)}<br>{places}</li>'


def _statement(finding: Finding) -> str:
    """What a finding says, in both languages."""
    chinese, english = finding.says
    return f"{escape(chinese)} · {escape(english)}"


def _link(place: Place) -> str:
    """A number of a check, with a link to its line; one of another document has none."""
    if place.side == "old":
        return f"{escape(place.block)} (old): {escape(place.printed)}"
    return f'<a href="#l{place.line}">{escape(place.block)}</a>: {escape(place.printed)}'


def _section(finding: Finding) -> str:
    places = "".join(f"<p>{_link(place)}</p>" for place in finding.places)
    kind = "" if finding.tier == 1 else ' class="look"'
    arithmetic = escape(finding.arithmetic)
    return f"<section{kind}><p><strong>{_statement(finding)}</strong></p><p>{arithmetic}</p>{places}</section>"


def _line(number: int, text: str, marks: dict[tuple[int, int], str]) -> str:
    parts, at = [], 0
    for (start, end), kind in sorted(marks.items()):
        if start < at:
            continue
        marked = escape(text[start:end])
        parts.append(escape(text[at:start]))
        parts.append(f'<mark class="{kind}">{marked}</mark>')
        at = end
    parts.append(escape(text[at:]))
    content = "".join(parts)
    return f'<p id="l{number}">{content}</p>'

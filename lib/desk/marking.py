"""A document given back with its findings: Word comments at the numerals, marked cells of Excel, or a page of HTML."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from bluebook.edition.package import EditionError
from desk.documents import Document, W, read_document
from desk.results import Finding, Place, Proof

AUTHOR = "bluebook proof"
RED, YELLOW = "FFF4B8AE", "FFFFF2CC"  # of cells: cannot be right as printed; to be looked at
STYLE = """body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}mark,.key-bad{background:#f4b8ae;color:inherit}mark.look,.key-look{background:#fff2cc}
mark.good,.key-good{background:#d5ecd4}
.none{border-bottom:1px dotted #888}a.sum{color:inherit;text-decoration:none}
a.sum:focus,li:target{outline:2px solid #1a5fb4}
section{border-left:4px solid #c0392b;padding-left:1rem;margin:1.5rem 0}
section.look{border-color:#b8860b}p{margin:.4rem 0;overflow-wrap:anywhere}code{font:inherit;font-weight:600}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}mark,.key-bad{background:#7a2a20}mark.look,.key-look{background:#5c4a10}
mark.good,.key-good{background:#1f4a24}a{color:#8ab4f8}}
textarea,input{width:100%;box-sizing:border-box}textarea,input,button{font:inherit;padding:.5rem}"""


def write_marked(source: Path, found: Proof, out: Path) -> None:
    """Write `source`, marked, to `out`: a .docx of a .docx, an .xlsx of an .xlsx, or an .html of anything.

    Raises `EditionError` for another kind of file.
    """
    kinds = {(".docx", ".docx"): _marked_word, (".xlsx", ".xlsx"): _marked_excel}
    mark = kinds.get((source.suffix.lower(), out.suffix.lower()))
    if mark is not None:
        content = mark(source, found)
    elif out.suffix.lower() in (".html", ".htm"):
        content = as_page(read_document(source), found).encode()
    else:
        same = f"{source.suffix} or " if source.suffix.lower() in (".docx", ".xlsx") else ""
        raise EditionError(f"--marked {out}: expected a file that ends in {same}.html")
    out.write_bytes(content)


def words_of(finding: Finding) -> str:
    """What a comment says of a finding, in both languages."""
    tier = "不可能同时正确 · cannot be right as printed" if finding.tier == 1 else "请核对 · please look"
    lines = [f"{tier}", f"{finding.says[0]} · {finding.says[1]}", finding.arithmetic]
    lines += [f"{place.block}: {place.printed}" for place in finding.places]
    return "\n".join(lines)


# Word


def _marked_word(source: Path, found: Proof) -> bytes:
    import docx
    from docx.text.run import Run

    document = docx.Document(str(source))
    paragraphs = list(_paragraphs(document))
    for finding in found.listed:
        first = True
        for place in own_places(finding):
            at = _spot(paragraphs, place)
            if at is None:
                continue
            runs = _runs_of(*at)
            if runs:
                text = words_of(finding) if first else f"{finding.arithmetic}"
                ends = [Run(runs[0], document), Run(runs[-1], document)]
                document.add_comment(runs=ends, text=text, author=AUTHOR, initials="bp")
                first = False
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _paragraphs(document: Any) -> Iterator[list[tuple[int, Any]]]:
    """For each block of the document, its paragraphs with where each begins in the block's text."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if not isinstance(part, Table):
            yield [(0, part._p)]
            continue
        for row in part._tbl.iter(f"{W}tr"):
            begins, at = [], 0
            for cell in (one for one in row.iter(f"{W}tc") if next(one.iterancestors(f"{W}tr")) is row):
                filled = [one for one in cell.iter(f"{W}p") if _length(one)]
                for paragraph in filled:
                    begins.append((at, paragraph))
                    at += _length(paragraph) + 1
                at += 0 if filled else 1
            yield begins


def _spot(blocks: Sequence[list[tuple[int, Any]]], place: Place) -> tuple[Any, int, int] | None:
    """The paragraph of a numeral, and where it begins and ends in it."""
    if place.line > len(blocks):
        return None  # a footnote: Word takes no comments there
    for begin, paragraph in reversed(blocks[place.line - 1]):
        if begin <= place.offset:
            start = place.offset - begin
            return paragraph, start, start + len(place.printed)
    return None


def _pieces(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """What a paragraph's text consists of: its nodes that stand for characters, without deletions."""
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if not any(above.tag in (f"{W}del", f"{W}moveFrom") for above in node.iterancestors()):
            yield node, (node.text or "") if node.tag == f"{W}t" else " "


def _length(paragraph: Any) -> int:
    return sum(len(text) for _, text in _pieces(paragraph))


def _runs_of(paragraph: Any, start: int, end: int) -> list[Any]:
    """The runs that hold the characters from `start` to `end`, cut so that they hold no others."""
    for cut in (start, end):
        _cut_at(paragraph, cut)
    runs: list[Any] = []
    at = 0
    for node, text in _pieces(paragraph):
        if at < end and at + len(text) > start and node.getparent() not in runs:
            runs.append(node.getparent())
        at += len(text)
    return runs


def _cut_at(paragraph: Any, place: int) -> None:
    """Divide the run that holds a place of the text; one that holds more than a piece of text stays whole."""
    at = 0
    for node, text in list(_pieces(paragraph)):
        if at < place < at + len(text):
            run = node.getparent()
            others = [child for child in run if child.tag != f"{W}rPr"]
            if len(others) != 1:
                return
            rest = copy.deepcopy(run)
            for run_part, words in ((run, text[: place - at]), (rest, text[place - at :])):
                piece = next(run_part.iter(f"{W}t"))
                piece.text = words
                piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.addnext(rest)
            return
        at += len(text)


# Excel


def _marked_excel(source: Path, found: Proof) -> bytes:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(source)
    told: dict[tuple[str, str], list[str]] = {}  # by sheet and cell, worst first
    for finding in found.listed:
        for place in own_places(finding):
            name, _, row = place.block.rpartition(", row ")
            column = place.row_text[: place.offset].count("\t") + 1
            cell = book[name].cell(int(row), column)
            words = told.setdefault((name, cell.coordinate), [])
            if not words:
                cell.fill = PatternFill("solid", fgColor=RED if finding.tier == 1 else YELLOW)
            words.append(words_of(finding))
            cell.comment = Comment("\n\n".join(words), AUTHOR)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# a page


def as_page(document: Document, found: Proof) -> str:
    """The document as one page of HTML: what contradicts first, then the text with its numerals marked."""
    return page_of(found.file, body_of(document, found))


def body_of(document: Document, found: Proof) -> str:
    """What such a page says below its title."""
    wrong = sum(one.tier == 1 for one in found.findings)
    rest = found.numerals - found.checked
    head = (
        f"{wrong} 处不可能同时正确 · {wrong} cannot be right as printed; {len(found.agreements)} agree; "
        f"{found.numerals} numerals: {found.checked} in a check, {rest} in none"
    )
    marks = _marks(found)
    sections = "".join(_section(finding) for finding in found.listed)
    agreements = _agreements(found)
    lines = "".join(_line(n, block.text, marks.get(n, {})) for n, block in enumerate(document.blocks, 1))
    return f"<p>{escape(head)}</p>{sections}{agreements}{LEGEND}<h2>全文 · Text</h2>{lines}"


@dataclass(frozen=True)
class Mark:
    """How a numeral of the text is marked: its class, and for one that agrees, the number of its arithmetic below."""

    kind: str
    agreement: int = 0
    arithmetic: str = ""


Marks = dict[int, dict[tuple[int, int], Mark]]
LEGEND = (
    '<p>图例 · Legend: <span class="key-bad">不可能同时正确 · cannot be right</span> '
    '<span class="key-look">请核对 · please look</span> <span class="key-good">相符 · agrees</span> '
    '<span class="none">未核对 · in no check</span></p>'
)


def _marks(found: Proof) -> Marks:
    """The marks of each line, by the place of each numeral; the worst that is found of one counts."""
    marks: Marks = {}
    for spot in found.unchecked:
        marks.setdefault(spot.line, {})[spot.offset, spot.end] = Mark("none")
    for number, agreement in enumerate(found.agreements, 1):
        for place in own_places(agreement):
            marks.setdefault(place.line, {})[_span(place)] = Mark("good", number, agreement.arithmetic)
    for finding in reversed(found.listed):
        kind = "bad" if finding.tier == 1 else "look"
        for place in own_places(finding):
            marks.setdefault(place.line, {})[_span(place)] = Mark(kind)
    return marks


def _span(place: Place) -> tuple[int, int]:
    return place.offset, place.offset + len(place.printed)


def own_places(finding: Finding) -> list[Place]:
    """The places of a finding that stand in the document itself, and not in one it is held against."""
    return [place for place in finding.places if place.side != "old"]


def _agreements(found: Proof) -> str:
    """What agrees, each with its arithmetic and its numbers; folded, and opened by a link to one of them."""
    if not found.agreements:
        return ""
    items = "".join(_agreement(number, one) for number, one in enumerate(found.agreements, 1))
    count = len(found.agreements)
    return f"<details><summary>{count} 处相符 · {count} agree</summary><ol>{items}</ol></details>"


def _agreement(number: int, finding: Finding) -> str:
    places = ", ".join(
        f'<a href="#l{place.line}">{escape(place.block)}: {escape(place.printed)}</a>' for place in finding.places
    )
    says = " · ".join(map(escape, finding.says))
    return f'<li id="a{number}">{escape(finding.arithmetic)}<br><small>{says}; {places}</small></li>'


def page_of(title: str, body: str) -> str:
    """A page of HTML without scripts, for a phone and by night too."""
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def _section(finding: Finding) -> str:
    places = "".join(
        f'<p><a href="#l{place.line}">{escape(place.block)}</a>: <code>{escape(place.printed)}</code></p>'
        for place in finding.places
    )
    kind = "" if finding.tier == 1 else ' class="look"'
    says = " · ".join(map(escape, finding.says))
    return f"<section{kind}><p><strong>{says}</strong></p><p>{escape(finding.arithmetic)}</p>{places}</section>"


def _line(number: int, text: str, marks: dict[tuple[int, int], Mark]) -> str:
    parts, at = [], 0
    for start, end in sorted(marks):
        if start < at:
            continue
        parts += [escape(text[at:start]), _marked(escape(text[start:end]), marks[start, end])]
        at = end
    return f'<p id="l{number}">{"".join(parts)}{escape(text[at:])}</p>'


def _marked(words: str, mark: Mark) -> str:
    """A numeral with its mark; one that agrees leads to its arithmetic, by mouse, touch or keys."""
    if mark.kind == "none":
        return f'<span class="none">{words}</span>'
    marked = f'<mark class="{mark.kind}">{words}</mark>'
    if not mark.agreement:
        return marked
    return f'<a class="sum" href="#a{mark.agreement}" title="{escape(mark.arithmetic)}">{marked}</a>'

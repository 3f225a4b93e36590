"""A document given back with its findings: Word comments at the numerals, marked cells of Excel, or a page of HTML."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bluebook.edition.package import EditionError
from desk.documents import W, footnotes, is_deleted, read_document
from desk.page import as_page
from desk.results import Finding, Place, Proof

AUTHOR = "bluebook proof"
RED, YELLOW = "FFF4B8AE", "FFFFF2CC"  # of cells: cannot be right as printed; to be looked at


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
    for place in finding.places:
        side = f"{place.side}, " if place.side else ""
        lines.append(f"{side}{place.block}: {place.printed}")
    return "\n".join(lines)


# Word


def _marked_word(source: Path, found: Proof) -> bytes:
    import docx
    from docx.text.run import Run

    document = docx.Document(str(source))
    blocks = list(_paragraphs(document))
    references = _references(document)
    for finding in found.listed:
        first = True
        for place in finding.places:
            if place.side == "old":
                continue
            note = place.line - len(blocks) - 1
            if note < 0:
                runs = _runs_at(blocks, place)
            else:
                runs = [run for run in references[note : note + 1] if run is not None]
            if not runs:
                continue
            text = words_of(finding) if first else finding.arithmetic
            if note >= 0 and not first:
                text = f"{place.block}: {place.printed}\n{text}"
            ends = [Run(runs[0], document), Run(runs[-1], document)]
            document.add_comment(runs=ends, text=text, author=AUTHOR, initials="bp")
            first = False
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _references(document: Any) -> list[Any]:
    """For each footnote the run of the text that refers to it: Word takes no comments in a footnote."""
    runs = {}
    for reference in document.element.body.iter(f"{W}footnoteReference"):
        runs[reference.get(f"{W}id")] = reference.getparent()
    return [runs.get(number) for number, _ in footnotes(document)]


def _runs_at(blocks: Sequence[list[tuple[int, Any]]], place: Place) -> list[Any]:
    """The runs of a numeral, cut so that they hold nothing else."""
    at = _spot(blocks, place)
    return _runs_of(*at) if at is not None else []


def _paragraphs(document: Any) -> Iterator[list[tuple[int, Any]]]:
    """For each block of the document, its paragraphs with where each begins in the block's text."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if not isinstance(part, Table):
            yield [(0, part._p)]
            continue
        for row in part._tbl.iter(f"{W}tr"):
            begins, at = [], 0
            for cell in row.iter(f"{W}tc"):
                if next(cell.iterancestors(f"{W}tr")) is not row:
                    continue  # of a table in a cell
                filled = [one for one in cell.iter(f"{W}p") if _length(one)]
                for paragraph in filled:
                    begins.append((at, paragraph))
                    at += _length(paragraph) + 1
                at += 0 if filled else 1
            yield begins


def _spot(blocks: Sequence[list[tuple[int, Any]]], place: Place) -> tuple[Any, int, int] | None:
    """The paragraph of a numeral, and where it begins and ends in it."""
    for begin, paragraph in reversed(blocks[place.line - 1]):
        if begin <= place.offset:
            start = place.offset - begin
            return paragraph, start, start + len(place.printed)
    return None


def _pieces(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """What a paragraph's text consists of: its nodes that stand for characters, without deletions."""
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if is_deleted(node):
            continue
        is_text = node.tag == f"{W}t"
        yield node, (node.text or "") if is_text else " "


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
    for (name, row, column), findings in _by_cell(found).items():
        cell = book[name].cell(row, column)
        cell.comment = Comment("\n\n".join(words_of(one) for one in findings), AUTHOR)
        is_wrong = any(one.tier == 1 for one in findings)
        cell.fill = PatternFill("solid", fgColor=RED if is_wrong else YELLOW)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _by_cell(found: Proof) -> dict[tuple[str, int, int], list[Finding]]:
    """The findings of each cell, worst first, by its sheet, row and column."""
    cells: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in found.listed:
        for place in finding.places:
            if place.side == "old":
                continue
            name, _, row = place.block.rpartition(", row ")
            column = place.row_text[: place.offset].count("\t") + 1
            findings = cells.setdefault((name, int(row), column), [])
            if finding not in findings:
                findings.append(finding)
    return cells

"""What changed between two releases: the text of pages, the rows that have an anchor, the data of charts.

A release is compared by its contents, which are taken from what the printed pages say: so this holds for any suite.
`contents.json` and `changes.json` of a release are these types as they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

import msgspec

from press.records import PageRecord

TOKEN = re.compile(r"\d[\d.,]*\d|\w(?:(?<=[a-zA-Z])[a-zA-Z]*)|\s+|.", re.S)
LONG = 6000  # words of two texts beyond which frequent ones are not compared, for speed
CELLS = " | "
CONTEXT = 24  # characters of unchanged text beside what changed
KINDS = ("row", "chart", "section", "page")
Line = list[list[str]]  # pieces [mark, text]; the mark is "" for what is the same, "del" or "ins"


class Part(msgspec.Struct, frozen=True):
    """A section, a chart or a row of a page."""

    kind: str
    title: str
    lines: list[str]


class PageContents(msgspec.Struct, frozen=True):
    """What one page of a release says: its parts by their anchors."""

    lang: str
    title: str
    parts: dict[str, Part]


class Change(msgspec.Struct, frozen=True):
    """What is new, gone or changed: a part of a page, or with no anchor the page."""

    page: str
    lang: str
    page_title: str
    anchor: str
    kind: str
    title: str
    state: str
    lines: list[Line]


Contents = dict[str, PageContents]  # by the path of the page, without suffix
Changed = list[Change] | None  # None: what changed is not known


def contents_of(path: str, record: PageRecord, files: Mapping[str, Path]) -> PageContents:
    """The contents of one printed page, with the data of its charts; `path` has no suffix, as in the site."""
    parts = {}
    for one in record.passages:
        rows = _rows(files.get(f"{path}/{one.anchor}.json")) if one.kind == "chart" else []
        parts[one.anchor] = Part(one.kind, one.title, rows or [one.text])
    title = next((one.title for one in record.passages if one.title), path.rpartition("/")[2])
    return PageContents(record.lang, title, parts)


def _rows(file: Path | None) -> list[str]:
    """The rows of a chart's data, each as a line."""
    table = json.loads(file.read_bytes()) if file else {}
    return [CELLS.join("" if cell is None else str(cell) for cell in row) for row in table.get("rows", ())]


def compare(before: Contents, after: Contents) -> list[Change]:
    """The changes from one release's contents to another's, page by page in the order of the later one.

    >>> one, two = ({"a": PageContents("en", "A", {"x": Part("row", "X", [line])})} for line in ("X 208", "X 209"))
    >>> [(change.state, change.kind, change.lines) for change in compare(one, two)]
    [('changed', 'row', [[['', 'X '], ['del', '208'], ['ins', '209']]])]
    """
    changes: list[Change] = []
    for page in [*after, *(before.keys() - after)]:
        changes += _changes_of_page(page, before.get(page), after.get(page))
    return changes


def _changes_of_page(page: str, then: PageContents | None, now: PageContents | None) -> Iterator[Change]:
    here = now or then
    assert here is not None  # it is a page of one of them
    if then is None or now is None:
        state = "new" if now else "gone"
        yield Change(page, here.lang, here.title, "", "page", here.title, state, [])
        return
    gone = [anchor for anchor in then.parts if anchor not in now.parts]
    for anchor in [*now.parts, *gone]:
        old, new = then.parts.get(anchor), now.parts.get(anchor)
        part = new or old
        if part is None or old == new:
            continue
        state, lines = _changes_of_part(old, new)
        yield Change(page, here.lang, here.title, anchor, part.kind, part.title, state, lines)


def _changes_of_part(old: Part | None, new: Part | None) -> tuple[str, list[Line]]:
    """What became of a part, and the lines that differ."""
    if old is None or new is None:
        state = "new" if new else "gone"
        return state, list(marked(old.lines if old else [], new.lines if new else []))
    lines = list(marked(old.lines, new.lines))
    if old.title != new.title:
        lines.insert(0, compare_texts(old.title, new.title))
    return "changed", lines


def marked(old: list[str], new: list[str]) -> Iterator[Line]:
    """The lines that differ, with what went and what came."""
    for same, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same != "equal":
            for line, other in zip_longest(old[a:b], new[c:d], fillvalue=""):
                yield (
                    compare_rows(line.split(CELLS), other.split(CELLS))
                    if CELLS in f"{line}{other}"
                    else compare_texts(line, other)
                )


def compare_rows(old: list[str], new: list[str]) -> Line:
    """Two rows of a chart's data as one: its first cell, and those that differ, whole.

    >>> compare_rows(["roads", "8%", "8", ""], ["roads", "9%", "9", ""])
    [['', 'roads | '], ['del', '8%'], ['ins', '9%'], ['', ' | '], ['del', '8'], ['ins', '9']]
    """
    if len(old) != len(new) or old[0] != new[0]:
        return [[mark, CELLS.join(row)] for mark, row in (("del", old), ("ins", new)) if any(row)]
    pieces = [["", f"{new[0]}{CELLS}"]]
    for then, now in zip(old[1:], new[1:], strict=True):
        if then != now:
            pieces += [["", CELLS]] * (len(pieces) > 1) + [[mark, x] for mark, x in (("del", then), ("ins", now)) if x]
    return pieces


def compare_texts(old: str, new: str) -> Line:
    """Two texts as one, in pieces; numbers and words are whole, Han stand alone, what is the same is shortened.

    >>> compare_texts("208万名志愿者", "209万名志愿者")
    [['del', '208'], ['ins', '209'], ['', '万名志愿者']]
    """
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    pieces: Line = []
    steps = SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > LONG).get_opcodes()
    for same, i, j, k, m in steps:
        if same == "equal":
            pieces.append(["", _shortened("".join(a[i:j]), first=not pieces, last=j == len(a))])
        else:
            pieces += [[mark, "".join(text)] for mark, text in (("del", a[i:j]), ("ins", b[k:m])) if text]
    return pieces


def _shortened(text: str, *, first: bool, last: bool) -> str:
    head = "" if first else text[:CONTEXT]
    tail = "" if last else text[-CONTEXT:]
    return text if len(text) <= len(head + tail) + CONTEXT // 2 else f"{head}…{tail}"


def counted(changes: Iterable[Change] | None, lang: str) -> dict[str, int]:
    """How many figures, charts, passages and pages changed in a language, by kind; `unknown` where nobody can tell.

    >>> counted(None, "en"), counted([Change("a", "en", "A", "x", "row", "X", "new", [])], "en")
    ({'unknown': 1}, {'row': 1})
    """
    if changes is None:
        return {"unknown": 1}
    kinds = [change.kind for change in changes if change.lang == lang]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def to_json(record: Contents | Changed) -> bytes:
    """A record as it lies beside the pages of a release."""
    return json.dumps(msgspec.to_builtins(record), ensure_ascii=False, indent=1).encode()

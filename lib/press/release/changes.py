"""What changed between two releases: the text of pages, the rows that have an anchor, the data of charts.

A release is compared by its contents, `{page: {lang, title, parts}}`; a part is a section, a chart or a row under its
anchor, `{kind, title, lines}`. They are taken from what the printed pages say, so this holds for any suite.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any

from press.records import PageRecord

TOKEN = re.compile(r"\d[\d.,]*\d|\w(?:(?<=[a-zA-Z])[a-zA-Z]*)|\s+|.", re.S)
LONG = 6000  # words of two texts beyond which frequent ones are not compared, for speed
CELLS = " | "
CONTEXT = 24  # characters of unchanged text beside what changed
Contents = dict[str, dict[str, Any]]
Changed = list[dict[str, Any]] | None  # None: what changed is not known


def contents_of(path: str, record: PageRecord, files: Mapping[str, Path]) -> dict[str, Any]:
    """The contents of one printed page, with the data of its charts; `path` has no suffix, as in the site."""
    parts: dict[str, dict[str, Any]] = {}
    for one in record.passages:
        rows = _rows(files.get(f"{path}/{one.anchor}.json")) if one.kind == "chart" else []
        parts[one.anchor] = {"kind": one.kind, "title": one.title, "lines": rows or [one.text]}
    title = next((one.title for one in record.passages if one.title), path.rpartition("/")[2])
    return {"lang": record.lang, "title": title, "parts": parts}


def _rows(file: Path | None) -> list[str]:
    """The rows of a chart's data, each as a line."""
    table = json.loads(file.read_bytes()) if file else {}
    return [CELLS.join("" if cell is None else str(cell) for cell in row) for row in table.get("rows", ())]


def compare(before: Contents, after: Contents) -> list[dict[str, Any]]:
    """The changes from one release's contents to another's, page by page in the order of the later one.

    >>> one, two = ({"a": {"lang": "en", "title": "A", "parts": {"x": {"kind": "row", "title": "X", "lines": [line]}}}}
    ...             for line in ("X 208", "X 209"))
    >>> [(change["state"], change["kind"], change["lines"]) for change in compare(one, two)]
    [('changed', 'row', [[['', 'X '], ['del', '208'], ['ins', '209']]])]
    """
    return [change for page in [*after, *(before.keys() - after)] for change in _of_page(page, before, after)]


def _of_page(page: str, before: Contents, after: Contents) -> Iterator[dict[str, Any]]:
    then, now = before.get(page), after.get(page)
    here = {"page": page, "lang": (now or then or {})["lang"], "page_title": (now or then or {})["title"]}
    if then is None or now is None:
        state = "new" if now else "gone"
        yield here | {"anchor": "", "kind": "page", "title": here["page_title"], "state": state, "lines": []}
        return
    was, parts = then["parts"], now["parts"]
    for anchor in [*parts, *(anchor for anchor in was if anchor not in parts)]:
        old, new = was.get(anchor), parts.get(anchor)
        if old != new:
            state = "changed" if old and new else "new" if new else "gone"
            lines = list(marked(old["lines"] if old else [], new["lines"] if new else []))
            told = {"anchor": anchor, "kind": (new or old)["kind"], "title": (new or old)["title"]}
            if old and new and old["title"] != new["title"]:
                lines.insert(0, compare_texts(old["title"], new["title"]))
            yield here | told | {"state": state, "lines": lines}


def marked(old: list[str], new: list[str]) -> Iterator[list[list[str]]]:
    """The lines that differ, each as pieces [mark, text]; the mark is "" for what is the same, "del" or "ins"."""
    for same, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same != "equal":
            for line, other in zip_longest(old[a:b], new[c:d], fillvalue=""):
                yield (
                    compare_rows(line.split(CELLS), other.split(CELLS))
                    if CELLS in f"{line}{other}"
                    else compare_texts(line, other)
                )


def compare_rows(old: list[str], new: list[str]) -> list[list[str]]:
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


def compare_texts(old: str, new: str) -> list[list[str]]:
    """Two texts as one, in pieces; numbers and words are whole, Han stand alone, what is the same is shortened.

    >>> compare_texts("208万名志愿者", "209万名志愿者")
    [['del', '208'], ['ins', '209'], ['', '万名志愿者']]
    """
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    pieces: list[list[str]] = []
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


def counted(changes: Iterable[Mapping[str, Any]] | None, lang: str) -> dict[str, int]:
    """How many figures, charts, passages and pages changed in a language, by kind; `unknown` where nobody can tell.

    >>> counted(None, "en"), counted([{"kind": "row", "lang": "en"}], "en")
    ({'unknown': 1}, {'row': 1})
    """
    if changes is None:
        return {"unknown": 1}
    kinds = [change["kind"] for change in changes if change["lang"] == lang]
    return {kind: kinds.count(kind) for kind in ("row", "chart", "section", "page") if kind in kinds}

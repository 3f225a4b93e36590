"""What an editor decided of a document's findings, in a small file beside it: `report.docx.proof.toml`.

A decision says that a finding compares what is not the same thing. It holds for these passages as they are printed,
wherever they stand: a sentence or row that moves keeps it, one whose words or numbers change loses it. The file is
written by `bluebook proof FILE --accept N`, and may be read and edited by hand; what stands in it is never rewritten.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bluebook.edition.package import EditionError

ENDING = ".proof.toml"
ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*accepted[ \t]*\]\]", re.MULTILINE)
REMARKS = re.compile(r"(?:^[ \t\r]*(?:#[^\n]*)?\n)+\Z", re.MULTILINE)  # that stand above the next entry
LINE_OF_ERROR = re.compile(r"\(at line (\d+), column \d+\)$")
HEAD = """\
# Findings of `bluebook proof` that an editor set aside: the numbers are not of the same thing.
# Each holds for its passages as printed. To take one back, delete it here, or use --unaccept N.
"""


@dataclass(frozen=True, order=True)
class Passage:
    """A number as printed, in its sentence or its row of a table; `occurrence` counts equal ones in it, from 1."""

    text: str
    number: str
    occurrence: int = 1


@dataclass(frozen=True)
class Decision:
    """That a finding of a kind, about these passages, is set aside; since when, where the file says that."""

    kind: str
    passages: tuple[Passage, ...]
    on: date | None = None

    @property
    def key(self) -> tuple[str, tuple[Passage, ...]]:
        """What it is about, whatever the order of its passages.

        >>> one, other = Passage("社会组织605家。", "605家"), Passage("社会组织596家。", "596家")
        >>> Decision("twice", (one, other)).key == Decision("twice", (other, one)).key
        True
        """
        return key_of(self.kind, self.passages)


def key_of(kind: str, passages: Sequence[Passage]) -> tuple[str, tuple[Passage, ...]]:
    """What a decision or a finding is about.

    >>> key_of("twice", [Passage("b", "2"), Passage("a", "1")])[1][0].text
    'a'
    """
    return kind, tuple(sorted(passages))


def passage_of(sentence: str, offset: int, printed: str) -> Passage:
    """The passage of a number that stands at an offset, from 0, of its sentence or row; cells are parted by bars.

    >>> passage_of("全市\\t605\\t605", 7, "605")
    Passage(text='全市 | 605 | 605', number='605', occurrence=2)
    """
    cells = [" ".join(cell.split()) for cell in sentence.split("\t")]
    return Passage(" | ".join(cells).strip(), printed, sentence[:offset].count(printed) + 1)


def decisions_file(document: Path) -> Path:
    """Where the decisions on a document stand, whether or not there are any.

    >>> decisions_file(Path("work", "report.docx")).name
    'report.docx.proof.toml'
    """
    return document.with_name(document.name + ENDING)


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file, in its order; none where there is no file.

    Raises `EditionError`, with file and line, for a file that cannot be read as decisions.

    >>> read_decisions(Path("no-such-report.txt.proof.toml"))
    ()
    """
    return _parsed(_content(path), path)


def accept(path: Path, new: Sequence[Decision]) -> None:
    """Add decisions at the end of a file, which is made where there is none; what stands in it stays.

    Raises `EditionError` where the file is damaged, and `OSError` where it cannot be written; then nothing is changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "report.txt.proof.toml")
    ...     accept(path, [Decision("limit", (Passage("余额41亿元。", "41亿元"),), date(2024, 1, 31))])
    ...     print(read_decisions(path)[0].on)
    2024-01-31
    """
    content = _content(path)
    known = _parsed(content, path)
    start = content.rstrip("\r\n") + "\n" if content.strip() else HEAD
    written = start + "".join(_as_toml(one) for one in new)
    _check_is(written, (*known, *new), path)
    _write(path, written)


def take_back(path: Path, number: int) -> None:
    """Remove the decision of that number, from 1 in the file's order; all others, and what is written between, stay.

    Raises `EditionError` where there is none of that number or the file is damaged; then nothing is changed.

    >>> take_back(Path("no-such-report.txt.proof.toml"), 1)
    Traceback (most recent call last):
        ...
    bluebook.edition.package.EditionError: --unaccept 1: no-such-report.txt.proof.toml has no decisions
    """
    content = _content(path)
    known = _parsed(content, path)
    if not 1 <= number <= len(known):
        count = f"decisions 1 to {len(known)}" if known else "no decisions"
        raise EditionError(f"--unaccept {number}: {path} has {count}")
    starts = [match.start() for match in ENTRY.finditer(content)] + [len(content)]
    rest = known[: number - 1] + known[number:]
    left = content
    if number < len(starts):
        start, end = starts[number - 1 : number + 1]
        remarks = REMARKS.search(content, start, end)
        left = content[:start] + (remarks[0] if remarks else "") + content[end:]
    _check_is(left, rest, path)
    _write(path, left)


def _content(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise EditionError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _damaged(path, line, "not UTF-8") from None


def _damaged(path: Path, line: int, found: str) -> EditionError:
    return EditionError(f"{path}, line {line}: {found}; repair that line, or move the file away to start anew")


def _parsed(content: str, path: Path) -> tuple[Decision, ...]:
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        at = LINE_OF_ERROR.search(str(error))
        line = int(at[1]) if at else content.count("\n") + 1
        raise _damaged(path, line, f"not TOML: {str(error).partition(' (at ')[0]}") from None
    unknown = sorted(table.keys() - {"accepted"})
    if unknown:
        line = _line_of(content, re.search(rf"^[ \t\[]*\"?{re.escape(unknown[0])}", content, re.MULTILINE))
        raise _damaged(path, line, f"{unknown[0]!r} is not known: expected [[accepted]]")
    entries = table.get("accepted", [])
    if not isinstance(entries, list):
        raise _damaged(path, 1, "'accepted' is not a list: expected [[accepted]]")
    starts = list(ENTRY.finditer(content))
    decisions = []
    for place, entry in enumerate(entries):
        line = _line_of(content, starts[place] if place < len(starts) else None)
        decisions.append(_decision(entry, path, line))
    return tuple(decisions)


def _line_of(content: str, match: re.Match[str] | None) -> int:
    """The line of a match, from 1; the first where there is none."""
    return content.count("\n", 0, match.start()) + 1 if match else 1


def _decision(entry: Any, path: Path, line: int) -> Decision:
    """The decision of an entry that begins in a line."""
    if not isinstance(entry, dict):
        raise _damaged(path, line, "an entry is no table: expected kind and passages")
    kind, listed, on = entry.get("kind"), entry.get("passages"), entry.get("on")
    if not isinstance(kind, str):
        raise _damaged(path, line, 'the entry has no kind: expected, for example, kind = "twice"')
    if not isinstance(listed, list) or not listed:
        raise _damaged(path, line, "the entry has no passages: expected a list of them")
    if on is not None and type(on) is not date:
        raise _damaged(path, line, f"the entry has on = {on}: expected a day, like 2024-01-31")
    return Decision(kind, tuple(_passage(one, path, line) for one in listed), on)


def _passage(told: Any, path: Path, line: int) -> Passage:
    wanted = 'expected { number = "605家", text = "…" }'
    if not isinstance(told, dict):
        raise _damaged(path, line, f"a passage of the entry is no table: {wanted}")
    text, number, occurrence = told.get("text"), told.get("number"), told.get("occurrence", 1)
    if not isinstance(text, str) or not isinstance(number, str) or type(occurrence) is not int:
        raise _damaged(path, line, f"a passage of the entry cannot be read: {wanted}")
    return Passage(text, number, occurrence)


def _as_toml(one: Decision) -> str:
    lines = ["", "[[accepted]]"]
    if one.on is not None:
        lines.append(f"on = {one.on.isoformat()}")
    lines += [f"kind = {_quoted(one.kind)}", "passages = ["]
    for passage in one.passages:
        place = f", occurrence = {passage.occurrence}" if passage.occurrence > 1 else ""
        lines.append(f"  {{ number = {_quoted(passage.number)}{place}, text = {_quoted(passage.text)} }},")
    lines += ["]", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A basic string of TOML: as in JSON, and DEL, which JSON lets be."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check_is(content: str, wanted: Sequence[Decision], path: Path) -> None:
    """Raises `EditionError` where a file that is about to be written would not say what it should."""
    try:
        is_wanted = _parsed(content, path) == tuple(wanted)
    except EditionError:
        is_wanted = False
    if not is_wanted:
        raise EditionError(f"{path}: its entries were written in another way than [[accepted]]; edit it by hand")


def _write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(content.encode())
    new.replace(path)

"""What a draft leaves to a person: the marks in its package and its rows, and Chinese words where English belongs.

Each row is said once, with all that is to be decided in it and the sentence it stands in. What changes numbers comes
before what changes words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bluebook.edition.package import EditionError
from bluebook.edition.table import read_rows

HAN = re.compile("[一-鿿]")
DECIDE = {
    "titles.zh": "the first line of the text; is it the title?",
    "area": "the title names no place: write it into the column area of figures.csv",
    "periods": "years that a sentence leaves out are those of its paragraph or of the title, and empty where these say "
    "none; look through the columns period and base of figures.csv for exceptions",
    "chapters": "drafted from the text's headings; are they the chapters, and are their names right?",
    "sources": "who published the text, when, and where it can be read",
    "sentences": "figures.csv has the text's own sentences and what was taken over, for you to work with: delete the "
    "columns sentence and carried before you publish",
    "licenses": "the licence of your labels, notes and translations; the draft says CC BY 4.0",
}
UNKNOWN_AREA = "待定"
WORDS = ("label_zh", "label_en")
AROUND = 40  # characters of a sentence that are shown


@dataclass(frozen=True)
class Decision:
    """Something to be decided, in words; `weight` is 0 for what changes numbers, 1 for the edition, 2 for words."""

    weight: int
    says: str
    cells: int = 1


def undecided(folder: Path, package: Mapping[str, Any]) -> list[Decision]:
    """What is left to decide in an edition, what weighs most first."""
    found = [*_of_package(folder, package)]
    for resource in package.get("resources", []):
        path = folder / resource["path"]
        if path.suffix == ".csv":
            found += _of_table(folder, path)
    return sorted(found, key=lambda decision: decision.weight)


def decisions_left(folder: Path, package: Mapping[str, Any]) -> int:
    """How many cells and entries of an edition a person must still fill or confirm."""
    return sum(decision.cells for decision in undecided(folder, package))


def _of_package(folder: Path, package: Mapping[str, Any]) -> Iterator[Decision]:
    where = f"{folder.name}/datapackage.json"
    for mark in package.get("todo", []):
        weight = 0 if mark in ("periods", "area") else 1
        said = DECIDE.get(mark, "to be decided")
        yield Decision(weight, f'{where}, "todo", {mark}: {said}; then delete "{mark}" from "todo"')
    titles = package["titles"]
    yield from _english(f"{where}, titles.en", titles.get("en", ""), titles.get("zh", ""))
    for chapter in package["chapters"]:
        place = f"{where}, chapters, {chapter.get('id')}, title_en"
        yield from _english(place, chapter.get("title_en", ""), chapter.get("title_zh", ""))


def _english(place: str, english: str, chinese: str) -> Iterator[Decision]:
    if not english or HAN.search(english):
        yield Decision(1, f"{place}: found “{english}”, wanted the English for “{chinese}”")


def _of_table(folder: Path, path: Path) -> Iterator[Decision]:
    try:
        rows = read_rows(path)
    except EditionError:
        return  # told by the schema and by opening the edition
    for number, row in enumerate(rows, 2):
        decision = _of_row(f"{folder.name}/{path.name}, row {number}", row)
        if decision is not None:
            yield decision


def _of_row(where: str, row: Mapping[str, str]) -> Decision | None:
    """All that is to be decided in a row; None where nothing is."""
    untranslated = _untranslated(row)
    guessed = [column for column in row.get("todo", "").split() if column not in untranslated]
    named = [*guessed, *untranslated]
    if not named:
        return None
    left = []
    if guessed:
        shown = ", ".join(f"{column} “{row.get(column, '')}”" for column in guessed)
        left.append(f"confirm or change {shown}, then empty todo")
    for column in untranslated:
        chinese = row.get(column.removesuffix("_en") + "_zh", "")
        left.append(f"{column}: write the English for “{chinese}”")
    noun = "columns" if len(named) > 1 else "column"
    says = f"{where}, {noun} {', '.join(named)} ({row.get('printed', '')}): {'; '.join(left)}"
    weight = 2 if set(named) <= set(WORDS) else 0
    return Decision(weight, says + _shown_sentence(row), len(named))


def _untranslated(row: Mapping[str, str]) -> list[str]:
    """The columns of a row in English that still have Chinese words; reasons quote them."""
    found = []
    for column, cell in row.items():
        if column.endswith("_en") and column != "reason_en" and HAN.search(cell):
            found.append(column)
    return found


def _shown_sentence(row: Mapping[str, str]) -> str:
    """The words around a row's number, if the draft still has its sentence."""
    sentence = row.get("sentence", "")
    if not sentence:
        return ""
    at = max(0, sentence.find(row.get("printed", "")))
    start, end = max(0, at - AROUND), at + AROUND
    before = "…" if start else ""
    behind = "…" if end < len(sentence) else ""
    taken = f"; taken from {row['carried']}" if row.get("carried") else ""
    return f"{taken}; in: {before}{sentence[start:end]}{behind}"


def unknown_areas(folder: Path, package: Mapping[str, Any], rows: list[dict[str, str]]) -> Iterator[str]:
    """Rows whose area is still unknown although that is no more among what is to be decided; told once."""
    open_rows = []
    for number, row in enumerate(rows, 2):
        if row.get("area") == UNKNOWN_AREA:
            open_rows.append(number)
    if not open_rows or "area" in package.get("todo", []):
        return
    more = len(open_rows) - 1
    others = f" and {more} more rows" if more else ""
    where = f"{folder.name}/figures.csv, row {open_rows[0]}{others}"
    yield f"{where}, column area: found “{UNKNOWN_AREA}”, wanted a place"

"""The proof of a document: which of its numbers cannot both be right as they are printed.

>>> found = proof("全市社会组织605家,比上年增加280家,上年为316家。")
>>> [(one.tier, one.kind, one.arithmetic) for one in found.findings]
[(1, 'change', '316家 + 280家 = 596家; printed: 605家')]
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from bluebook.numbers.intervals import Interval
from desk.documents import Document, from_text, read_document
from desk.numerals import Numeral, read_numerals
from desk.relations import Relation, relations


@dataclass(frozen=True)
class Place:
    """A numeral of a finding, and where it stands: lines count from 1, `offset` from 0 in the line's own text."""

    block: str
    line: int
    text: str
    printed: str
    offset: int = 0
    row_text: str = ""


@dataclass(frozen=True)
class Finding:
    """Numbers that cannot all be right as printed (tier 1), or that are worth a look (tier 2).

    `gap` is how far apart the two sides are, in widths of what was printed; `repair` the one number whose change would
    set it right, and what it would have to be, where there is only one.
    """

    tier: int
    kind: str
    places: tuple[Place, ...]
    says: tuple[str, str]
    arithmetic: str
    gap: float
    repair: dict[str, str] | None = None


@dataclass(frozen=True)
class Proof:
    """What was found of a document: contradictions, worst first, what agrees, and how much of it was looked at."""

    file: str
    numerals: int
    checked: int
    findings: tuple[Finding, ...]
    agreements: tuple[Finding, ...]

    @property
    def is_clean(self) -> bool:
        return not any(one.tier == 1 for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "numerals": self.numerals,
            "checked": self.checked,
            "findings": [_as_json(one) for one in self.findings],
            "agreements": [_as_json(one) for one in self.agreements],
        }


SAID = ("block", "line", "text", "printed", "offset")


def _as_json(one: Finding) -> dict[str, Any]:
    return {
        "tier": one.tier,
        "kind": one.kind,
        "places": [{key: getattr(place, key) for key in SAID} for place in one.places],
        "says": {"zh": one.says[0], "en": one.says[1]},
        "arithmetic": one.arithmetic,
        "gap": round(one.gap, 3),
        "repair": one.repair,
    }


def proof(source: str | Path | Document) -> Proof:
    """The proof of a text, a file or a document. Raises `EditionError` for a file that cannot be read."""
    if isinstance(source, str):
        source = from_text(source)
    document = read_document(source) if isinstance(source, Path) else source
    reading = read_numerals(document)
    held: list[Relation] = []
    broken: list[Relation] = []
    checked: set[int] = set()
    seen: set[tuple[object, ...]] = set()
    for relation in relations(reading):
        key = (relation.kind, *sorted((one.line, one.offset) for one in relation.numerals))
        if key in seen:
            continue
        seen.add(key)
        checked |= {id(one) for one in relation.numerals}
        (held if can_hold(relation) else broken).append(relation)
    trusted = {id(one) for relation in held for one in relation.numerals}
    findings = [_finding(relation, document, trusted) for relation in broken]
    findings.sort(key=lambda one: (one.tier, -one.gap))
    agreements = tuple(_finding(relation, document, trusted, is_held=True) for relation in held)
    count = len(reading.numerals)
    return Proof(document.name, count, min(len(checked), count), tuple(findings), agreements)


def can_hold(relation: Relation) -> bool:
    """Whether some numbers within what was printed satisfy a relation; ranges that only touch may."""
    left, right = relation.left, relation.right
    if relation.sign == "<=":
        return left.low <= right.high
    return left.low <= right.high and right.low <= left.high


def _finding(relation: Relation, document: Document, trusted: set[int], *, is_held: bool = False) -> Finding:
    places = tuple(_place(one, document) for one in relation.numerals)
    gap = 0.0 if is_held else _gap(relation)
    said = relation.arithmetic
    if relation.sign == "=" and relation.kind != "twice":
        said = f"{relation.arithmetic} = {_range(relation.right, relation.stated)}; printed: {relation.stated.printed}"
    elif relation.kind == "twice":
        said = f"{relation.arithmetic} / {relation.stated.printed}"
    repair = None if is_held else _repair(relation, trusted)
    return Finding(1 if relation.is_proved else 2, relation.kind, places, relation.says, said, gap, repair)


def _place(one: Numeral, document: Document) -> Place:
    block = document.blocks[one.line - 1]
    return Place(block.place, one.line, block.text.strip(), one.printed, one.offset, block.text)


def _gap(relation: Relation) -> float:
    """How far the two sides are apart, in widths of the wider; relative where both are exact."""
    left, right = relation.left, relation.right
    apart = max(left.low - right.high, right.low - left.high, Fraction(0))
    width = max(left.width, right.width)
    if not width:
        width = max(abs(left.middle), abs(right.middle), Fraction(1)) / 1000
    return float(apart / width)


def _repair(relation: Relation, trusted: set[int]) -> dict[str, str] | None:
    """The one numeral that no other relation confirms; what it would have to be, where the other side says that."""
    doubtful = [one for one in relation.numerals if id(one) not in trusted]
    if len(doubtful) != 1:
        return None
    [one] = doubtful
    wanted = _range(relation.right, one) if one is relation.stated and relation.sign == "=" else ""
    return {"printed": one.printed, "line": str(one.line), "wanted": wanted}


def _range(known: Interval, like: Numeral) -> str:
    """An interval in the words of a numeral: its scale and unit, ends rounded outward to a tenth of its step."""
    number = like.number
    scale = number.scale if number.scale else Fraction(1)
    step = number.step / scale / 10 if number.step else Fraction(1, 10)
    low, high = known.low / scale, known.high / scale
    unit = like.printed[len(like.printed.rstrip("万亿%‰元个家人张件项所名户篇场小时天TEUmilontusah吨千百分点 倍")) :]
    if low == high and low.denominator == 1:
        return f"{_plain(low)}{unit}"
    down = (low / step).__floor__() * step
    up = -((-high / step).__floor__()) * step
    return f"{_plain(down)}–{_plain(up)}{unit}" if down != up else f"{_plain(down)}{unit}"


def _plain(number: Fraction) -> str:
    text = f"{float(number):,.6f}".rstrip("0").rstrip(".")
    return text or "0"

"""The proof of a document: which of its numbers cannot both be right as they are printed.

>>> found = proof("全市社会组织605家,比上年增加280家,上年为316家。")
>>> [(one.tier, one.kind, one.arithmetic) for one in found.findings]
[(1, 'change', '316家 + 280家 = 596家; printed: 605家')]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from bluebook.numbers.intervals import Interval
from desk.decisions import Decision, Passage, decisions_file, passage_of, read_decisions
from desk.documents import Document, from_text, read_document
from desk.numerals import Numeral, Reading, read_numerals
from desk.relations import Relation, relations


@dataclass(frozen=True)
class Place:
    """A numeral of a finding, and where it stands: lines count from 1, `offset` from 0 in the line's own text.

    `passage` is the sentence or the row of a table that it is printed in, by which a decision about it is remembered.
    """

    block: str
    line: int
    text: str
    printed: str
    offset: int
    row_text: str
    passage: Passage


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
class SetAside:
    """An editor's decision, with its number in the file, from 1; `finding` is None where it is about none any more."""

    number: int
    decision: Decision
    finding: Finding | None


@dataclass(frozen=True)
class Proof:
    """What was found of a document: contradictions, worst first, what agrees, and how much of it was looked at.

    `findings` has those that still count; `accepted` what an editor set aside, in the order of the decisions.
    """

    file: str
    numerals: int
    checked: int
    findings: tuple[Finding, ...]
    agreements: tuple[Finding, ...]
    accepted: tuple[SetAside, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing contradicts, but what an editor set aside.

        >>> proof("社会组织605家，比上年增加280家，上年为316家。").is_clean
        False
        """
        return not any(one.tier == 1 for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """All of it in lists, dicts and text.

        >>> proof("社会组织605家。").as_json()["numerals"]
        1
        """
        return {
            "file": self.file,
            "numerals": self.numerals,
            "checked": self.checked,
            "findings": [_as_json(one) for one in self.findings],
            "agreements": [_as_json(one) for one in self.agreements],
            "accepted": [_accepted_as_json(one) for one in self.accepted],
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


def _accepted_as_json(one: SetAside) -> dict[str, Any]:
    """A decision: what it is about as it was then, and the finding it holds for, or null."""
    decision = one.decision
    passages = [{"number": each.number, "text": each.text} for each in decision.passages]
    return {
        "number": one.number,
        "on": decision.on.isoformat() if decision.on else None,
        "kind": decision.kind,
        "passages": passages,
        "finding": _as_json(one.finding) if one.finding else None,
    }


def proof(source: str | Path | Document) -> Proof:
    """The proof of a text, a file or a document; of a file with the decisions that stand beside it.

    Raises `EditionError` for a file, or decisions, that cannot be read.

    >>> proof("社会组织605家，比上年增加289家，上年为316家。").checked
    3
    """
    if isinstance(source, str):
        return _proof_of(from_text(source))
    if isinstance(source, Path):
        return set_aside(_proof_of(read_document(source)), read_decisions(decisions_file(source)))
    return _proof_of(source)


def set_aside(found: Proof, decisions: Sequence[Decision]) -> Proof:
    """A proof without the findings that were decided to compare what is not the same: each decision takes one.

    >>> found = proof("社会组织605家，比上年增加280家，上年为316家。")
    >>> [finding] = found.findings
    >>> set_aside(found, [decision_on(finding)]).findings
    ()
    """
    left = list(found.findings)
    accepted = []
    for number, decision in enumerate(decisions, 1):
        alike = next((one for one in left if decision_on(one).key == decision.key), None)
        if alike is not None:
            left.remove(alike)
        accepted.append(SetAside(number, decision, alike))
    return replace(found, findings=tuple(left), accepted=tuple(accepted))


def decision_on(finding: Finding, on: date | None = None) -> Decision:
    """The decision that sets a finding aside, from that day on.

    >>> [finding] = proof("债务余额46亿元，控制在限额43亿元以内。").findings
    >>> [passage.number for passage in decision_on(finding).passages]
    ['46亿元', '43亿元以内']
    """
    return Decision(finding.kind, tuple(place.passage for place in finding.places), on)


def _proof_of(document: Document) -> Proof:
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
    findings = [_finding(relation, reading, trusted) for relation in broken]
    findings.sort(key=lambda one: (one.tier, -one.gap))
    agreements = tuple(_finding(relation, reading, trusted, is_held=True) for relation in held)
    count = len(reading.numerals)
    return Proof(document.name, count, min(len(checked), count), tuple(findings), agreements)


def can_hold(relation: Relation) -> bool:
    """Whether some numbers within what was printed satisfy a relation; ranges that only touch may."""
    left, right = relation.left, relation.right
    if relation.sign == "<=":
        return left.low <= right.high
    return left.low <= right.high and right.low <= left.high


def _finding(relation: Relation, reading: Reading, trusted: set[int], *, is_held: bool = False) -> Finding:
    places = tuple(place_of(one, reading) for one in relation.numerals)
    gap = 0.0 if is_held else _gap(relation)
    said = relation.arithmetic
    if relation.sign == "=" and relation.kind != "twice":
        said = f"{relation.arithmetic} = {_range(relation.right, relation.stated)}; printed: {relation.stated.printed}"
    elif relation.kind == "twice":
        said = f"{relation.arithmetic} / {relation.stated.printed}"
    repair = None if is_held else _repair(relation, trusted)
    return Finding(1 if relation.is_proved else 2, relation.kind, places, relation.says, said, gap, repair)


def place_of(one: Numeral, reading: Reading) -> Place:
    """Where a numeral stands.

    >>> reading = read_numerals(from_text("目标已完成。社会组织605家。"))
    >>> place_of(reading.numerals[0], reading).passage
    Passage(text='社会组织605家。', number='605家', occurrence=1)
    """
    block = reading.document.blocks[one.line - 1]
    start, end = reading.sentence_around(one.line, one.offset)
    passage = passage_of(block.text[start:end], one.offset - start, one.printed)
    return Place(block.place, one.line, block.text.strip(), one.printed, one.offset, block.text, passage)


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

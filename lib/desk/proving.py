"""The proof of a document: which of its numbers cannot both be right as they are printed.

>>> found = proof("全市社会组织605家,比上年增加280家,上年为316家。")
>>> [(one.tier, one.kind, one.arithmetic) for one in found.findings]
[(1, 'change', '316家 + 280家 = 596家; printed: 605家')]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from desk.comparing import compare
from desk.decisions import Decision, decisions_file, read_decisions
from desk.documents import Document, from_text, read_document
from desk.numerals import Reading, read_numerals
from desk.relations import Relation, relations
from desk.results import Finding, Proof, SetAside, Spot, place_of, range_like

COMPARED = ("restated", "slip")  # kinds of findings between two documents


def proof(source: str | Path | Document, against: str | Path | Document | None = None) -> Proof:
    """The proof of a text, a file or a document; of a file with the decisions that stand beside it.

    With `against`, an earlier draft or the report of an earlier period, what it says otherwise than that one, too.
    Raises `EditionError` for a file, or decisions, that cannot be read.

    >>> proof("社会组织605家，比上年增加289家，上年为316家。").checked
    3
    >>> proof("2023年社会组织605家。", against="2023年社会组织316家。").against.changed[0].name
    '社会组织'
    """
    document = _document(source)
    found = _proof_of(document)
    if against is not None:
        found = replace(found, against=compare(document, _document(against)))
    decisions = read_decisions(decisions_file(source)) if isinstance(source, Path) else ()
    return set_aside(found, decisions)


def _document(source: str | Path | Document) -> Document:
    if isinstance(source, str):
        return from_text(source)
    return read_document(source) if isinstance(source, Path) else source


def set_aside(found: Proof, decisions: Sequence[Decision]) -> Proof:
    """A proof without the findings that were decided to compare what is not the same: each decision takes one.

    >>> found = proof("社会组织605家，比上年增加280家，上年为316家。")
    >>> [finding] = found.findings
    >>> set_aside(found, [decision_on(finding)]).findings
    ()
    """
    left = list(found.listed)
    accepted = []
    for number, decision in enumerate(decisions, 1):
        alike = next((one for one in left if decision_on(one).key == decision.key), None)
        if alike is not None:
            left.remove(alike)
        elif decision.kind in COMPARED and found.against is None:
            continue  # it is about another document, which is not held against this one now
        accepted.append(SetAside(number, decision, alike))
    own = tuple(one for one in left if one.kind not in COMPARED)
    against = found.against
    if against is not None:
        against = replace(against, findings=tuple(one for one in left if one.kind in COMPARED))
    return replace(found, findings=own, accepted=tuple(accepted), against=against)


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
        sorted_into = held if relation.can_hold else broken
        sorted_into.append(relation)
    trusted = {id(one) for relation in held for one in relation.numerals}
    findings = [_finding(relation, reading, trusted) for relation in broken]
    findings.sort(key=lambda one: (one.tier, -one.gap))
    agreements = tuple(_finding(relation, reading, trusted, is_held=True) for relation in held)
    count = len(reading.numerals)
    unchecked = tuple(Spot(one.line, one.offset, one.end) for one in reading.numerals if id(one) not in checked)
    return Proof(
        file=document.name,
        numerals=count,
        checked=min(len(checked), count),
        findings=tuple(findings),
        agreements=agreements,
        unchecked=unchecked,
    )


def _finding(relation: Relation, reading: Reading, trusted: set[int], *, is_held: bool = False) -> Finding:
    places = tuple(place_of(one, reading) for one in relation.numerals)
    gap = 0.0 if is_held else _gap(relation)
    said = relation.arithmetic
    if relation.sign == "=" and relation.kind != "twice":
        computed = range_like(relation.right, relation.stated)
        said = f"{relation.arithmetic} = {computed}; printed: {relation.stated.printed}"
    elif relation.kind == "twice":
        said = f"{relation.arithmetic} / {relation.stated.printed}"
    repair = None if is_held else _repair(relation, trusted)
    return Finding(1 if relation.is_proved else 2, relation.kind, places, relation.says, said, gap, repair)


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
    wanted = range_like(relation.right, one) if one is relation.stated and relation.sign == "=" else ""
    return {"printed": one.printed, "line": str(one.line), "wanted": wanted}

"""What a proof says of a document: findings, each with the places of its numerals, and what was set aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.numbers.intervals import Interval
from desk.decisions import Decision, Passage, passage_of
from desk.numerals import Numeral, Reading

SAID = ("block", "line", "text", "printed", "offset")
BEHIND_DIGITS = re.compile(r"(?<=\d)\D+$")
HEDGES = re.compile("以内|以上|以下|左右|[余多]")


@dataclass(frozen=True)
class Place:
    """A numeral of a finding, and where it stands: lines count from 1, `offset` from 0 in the line's own text.

    `passage` is the sentence or the row of a table that it is printed in, by which a decision about it is remembered;
    `side` says in which of two documents that are held against each other: "new", "old".
    """

    block: str
    line: int
    text: str
    printed: str
    offset: int
    row_text: str
    passage: Passage
    side: str = ""


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
class Spot:
    """Where a numeral is printed: its line from 1, where it begins and ends in the line from 0."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class SetAside:
    """An editor's decision, with its number in the file, from 1; `finding` is None where it is about none any more."""

    number: int
    decision: Decision
    finding: Finding | None


@dataclass(frozen=True)
class Change:
    """A quantity of two documents: what it is called, and where each has it; None where one has it not."""

    name: str
    new: Place | None
    old: Place | None


@dataclass(frozen=True)
class Against:
    """What a document says otherwise than an earlier one.

    `are_drafts` is whether both are about one period, `are_of_one_place` whether their titles do not name two places;
    `years` are their years, the new one's first, None where their texts name none. `findings` has what is said of the
    old one's period and is not what that says itself.
    """

    old_file: str
    are_drafts: bool
    are_of_one_place: bool
    years: tuple[int | None, int | None]
    findings: tuple[Finding, ...]
    changed: tuple[Change, ...]
    added: tuple[Change, ...]
    vanished: tuple[Change, ...]
    same: int


@dataclass(frozen=True)
class Proof:
    """What was found of a document: contradictions, worst first, what agrees, and how much of it was looked at.

    `findings` has those that still count; `accepted` what an editor set aside, in the order of the decisions;
    `unchecked` where the numerals stand that are in no check.
    """

    file: str
    numerals: int
    checked: int
    findings: tuple[Finding, ...]
    agreements: tuple[Finding, ...]
    accepted: tuple[SetAside, ...] = ()
    against: Against | None = None
    unchecked: tuple[Spot, ...] = ()

    @property
    def listed(self) -> tuple[Finding, ...]:
        """The findings in the order of the printed list: its own, then those against another document.

        >>> from desk.proving import proof
        >>> len(proof("社会组织605家，比上年增加280家，上年为316家。").listed)
        1
        """
        return self.findings + (self.against.findings if self.against else ())

    @property
    def is_clean(self) -> bool:
        """Whether nothing contradicts, but what an editor set aside.

        >>> from desk.proving import proof
        >>> proof("社会组织605家，比上年增加280家，上年为316家。").is_clean
        False
        """
        return not any(one.tier == 1 for one in self.listed)

    def as_json(self) -> dict[str, Any]:
        """All of it in lists, dicts and text.

        >>> from desk.proving import proof
        >>> proof("社会组织605家。").as_json()["numerals"]
        1
        """
        told: dict[str, Any] = {}
        told["file"] = self.file
        told["numerals"] = self.numerals
        told["checked"] = self.checked
        told["findings"] = [_as_json(one) for one in self.findings]
        told["agreements"] = [_as_json(one) for one in self.agreements]
        told["accepted"] = [_accepted_as_json(one) for one in self.accepted]
        if self.against:
            told["against"] = _against_as_json(self.against)
        return told


def _as_json(one: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {}
    told["tier"] = one.tier
    told["kind"] = one.kind
    told["places"] = [_place_as_json(place) for place in one.places]
    told["says"] = _in_both_languages(one.says)
    told["arithmetic"] = one.arithmetic
    told["gap"] = round(one.gap, 3)
    told["repair"] = one.repair
    return told


def _in_both_languages(says: tuple[str, str]) -> dict[str, str]:
    chinese, english = says
    return {"zh": chinese, "en": english}


def _place_as_json(place: Place) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if place.side:
        told["side"] = place.side
    for key in SAID:
        told[key] = getattr(place, key)
    return told


def _against_as_json(one: Against) -> dict[str, Any]:
    new_year, old_year = one.years
    told: dict[str, Any] = {}
    told["file"] = one.old_file
    told["drafts"] = one.are_drafts
    told["one_place"] = one.are_of_one_place
    told["years"] = {"new": new_year, "old": old_year}
    told["findings"] = [_as_json(finding) for finding in one.findings]
    told["changed"] = [_change_as_json(change) for change in one.changed]
    told["new"] = [_change_as_json(change) for change in one.added]
    told["vanished"] = [_change_as_json(change) for change in one.vanished]
    told["same"] = one.same
    return told


def _change_as_json(one: Change) -> dict[str, Any]:
    told: dict[str, Any] = {}
    told["name"] = one.name
    told["new"] = _place_as_json(one.new) if one.new else None
    told["old"] = _place_as_json(one.old) if one.old else None
    return told


def _accepted_as_json(one: SetAside) -> dict[str, Any]:
    """A decision: what it is about as it was then, and the finding it holds for, or null."""
    decision = one.decision
    told: dict[str, Any] = {}
    told["number"] = one.number
    told["on"] = decision.on.isoformat() if decision.on else None
    told["kind"] = decision.kind
    told["passages"] = [_passage_as_json(each) for each in decision.passages]
    told["finding"] = _as_json(one.finding) if one.finding else None
    return told


def _passage_as_json(passage: Passage) -> dict[str, str]:
    return {"number": passage.number, "text": passage.text}


def place_of(one: Numeral, reading: Reading, side: str = "") -> Place:
    """Where a numeral stands; in which of two documents, where there are two.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("目标已完成。社会组织605家。"))
    >>> place_of(reading.numerals[0], reading).passage
    Passage(text='社会组织605家。', number='605家', occurrence=1)
    """
    block = reading.document.blocks[one.line - 1]
    start, end = reading.sentence_around(one.line, one.offset)
    passage = passage_of(block.text[start:end], one.offset - start, one.printed)
    return Place(
        block=block.place,
        line=one.line,
        text=block.text.strip(),
        printed=one.printed,
        offset=one.offset,
        row_text=block.text,
        passage=passage,
        side=side,
    )


def range_like(known: Interval, like: Numeral) -> str:
    """An interval in the words of a numeral: its scale and unit, ends rounded outward to a tenth of its step.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [one] = read_numerals(from_text("收入3.2万元。")).numerals
    >>> range_like(Interval(Fraction(28000), Fraction(29000)), one)
    '2.8–2.9万元'
    """
    number = like.number
    scale = number.scale if number.scale else Fraction(1)
    step = number.step / scale / 10 if number.step else Fraction(1, 10)
    low, high = known.low / scale, known.high / scale
    behind = BEHIND_DIGITS.search(like.printed)
    unit = HEDGES.sub("", behind[0]) if behind else ""
    if low == high and low.denominator == 1:
        return f"{_plain(low)}{unit}"
    down = (low / step).__floor__() * step
    up = -((-high / step).__floor__()) * step
    return f"{_plain(down)}–{_plain(up)}{unit}" if down != up else f"{_plain(down)}{unit}"


def _plain(number: Fraction) -> str:
    text = f"{float(number):,.6f}".rstrip("0").rstrip(".")
    return text or "0"

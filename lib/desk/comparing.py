"""Two reports held against each other: drafts of one, or this year's beside last year's.

Where both are about one period, a number that differs is a change, and no error. Where they are about two, what the
new one says of the old one's period must be what the old one says itself: 上年为316家, where that report has 361家.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.characters import normal
from bluebook.numbers.intervals import Interval
from desk.documents import Document
from desk.numerals import AIMS, Numeral
from desk.pairing import Pair, Reports, are_apart, matched, pairs_of, place_named
from desk.quantities import LAST_YEAR, Quantity, Report, read_report
from desk.relations.changes import is_real
from desk.relations.levels import change_of
from desk.relations.model import ONE
from desk.relations.names import CUMULATIVE
from desk.results import Against, Change, Finding, range_like

REVISED = re.compile(r"修订|调整后|调整数|可比口径|同口径|经济普查|revised|restated|comparable|adjusted", re.IGNORECASE)
SAYS = ("对上期的说法应与上期自己的数一致", "what is said of the earlier period is what its own report says")
LOOKS = ("增减或增长率应与上期自己的数相符", "the change or growth follows from the earlier report's own number")
ROLES = {
    "prior": "上期 · earlier",
    "change": "增减 · change",
    "growth": "增长 · growth",
    "points": "百分点 · points",
}
SLIP = 1000  # times as much: looks like 万 for 亿
TOO_FAR = ("两期相差千倍以上", "the two periods differ a thousandfold")


def compare(new: Document, old: Document) -> Against:
    """What a document says otherwise than an earlier one.

    Where their titles name different places, no finding is sure; what has no year is taken as a draft.

    >>> from desk.documents import from_text
    >>> old = from_text("2022年末，全市社会组织361家。")
    >>> against = compare(from_text("2023年末，全市社会组织605家，上年末为316家。"), old)
    >>> against.are_drafts, [(one.tier, one.arithmetic) for one in against.findings]
    (False, [(1, 'new: 316家; old: 361家')])
    >>> [change.name for change in against.changed]
    ['社会组织']
    """
    reports = Reports(read_report(new), read_report(old))
    pairs = pairs_of(reports)
    # a level before that is stated beside a new one is no number of the new period
    compared = [pair for pair in pairs if reports.are_drafts or pair.new.role != "prior"]
    changed = [pair for pair in compared if pair.has_changed]
    return Against(
        old_file=old.name,
        are_drafts=reports.are_drafts,
        are_of_one_place=reports.are_of_one_place,
        years=reports.years,
        findings=() if reports.are_drafts else tuple(_findings(pairs, reports)),
        changed=tuple(_change(pair, reports) for pair in changed),
        added=tuple(_only_in_new(pairs, reports)),
        vanished=tuple(_only_in_old(pairs, reports)),
        same=len(compared) - len(changed),
    )


def _findings(pairs: Sequence[Pair], reports: Reports) -> list[Finding]:
    """What the new report says of the earlier period and that period's own report does not, the surest first."""
    found = [*_restated(pairs, reports), *_of_same_year(reports), *_slips(pairs, reports)]
    findings = _once(found)
    if not reports.are_of_one_place:
        findings = [replace(one, tier=2) for one in findings]
    findings.sort(key=lambda one: (one.tier, -one.gap))
    return findings


# what the new one says of the old one's period


@dataclass(frozen=True)
class Claim:
    """What the new report says of the earlier period: the range of a quantity, directly, or `implied_by` a change or
    a growth of it."""

    quantity: Quantity
    range: Interval
    implied_by: Numeral | None = None


def _restated(pairs: Iterable[Pair], reports: Reports) -> Iterator[Finding]:
    """Levels of the year before, said or implied by a change or a growth, against the old report's level."""
    for pair in pairs:
        if pair.new.role != "level" or pair.new.group is None or pair.old.year is None:
            continue
        claim = _claim_of(pair, reports)
        if claim is not None:
            yield from _contradicted(claim, pair.old, reports)


def _claim_of(pair: Pair, reports: Reports) -> Claim | None:
    """What the new report says of the level before that of a pair, if it is of the old report's year."""
    group = pair.new.group
    assert group is not None  # of a level in prose
    prior = reports.new.of(group.prior) if group.prior else None
    if prior is not None:
        is_of_old = prior.year == pair.old.year
        return Claim(prior, prior.numeral.range) if is_of_old else None
    if pair.new.year is None or pair.new.year - 1 != pair.old.year:
        return None
    return _implied(pair.new, reports.new)


def _implied(quantity: Quantity, report: Report) -> Claim | None:
    """The level of the year before that a change, or a growth, on it implies."""
    group = quantity.group
    assert group is not None  # of a level in prose
    level, change, growth = group.level, group.change or group.points, group.growth
    if change is not None and LAST_YEAR.search(change.before):
        return Claim(quantity, level.range - change_of(change), change)
    if growth is None or not LAST_YEAR.search(growth.before) or not level.is_amount:
        return None
    times = change_of(growth) + ONE
    if times.has_zero or is_real(level, report.reading.sentences[level.sentence].text):
        return None
    return Claim(quantity, level.range / times, growth)


def _contradicted(claim: Claim, own: Quantity, reports: Reports) -> Iterator[Finding]:
    """A finding where what is said of a quantity is not what the old report has; to be looked at where it is only
    implied, for what changes and growth are held against may have been revised."""
    old, new = own.numeral, claim.quantity.numeral
    if not are_apart(claim.range, old.range) or _is_another_thing(old):
        return
    sentence = reports.new.reading.sentences[new.sentence].text
    is_revised = REVISED.search(sentence) is not None
    places = [reports.in_new(new), reports.in_old(old)]
    said, says = new.printed, SAYS
    if claim.implied_by is not None:
        places.insert(1, reports.in_new(claim.implied_by))
        said = f"{new.printed} and {claim.implied_by.printed}, that is {range_like(claim.range, old)} before"
        says = LOOKS
    tier = 2 if is_revised or claim.implied_by is not None else 1
    arithmetic = f"new: {said}; old: {old.printed}"
    yield Finding(tier, "restated", tuple(places), says, arithmetic, _gap(claim.range, old.range))


def _is_another_thing(own: Numeral) -> bool:
    """Whether the old report's number is cumulative, or an aim, and not what its year came to."""
    return any(CUMULATIVE.search(text) or AIMS.search(text) for text in (own.before, own.heading))


def _of_same_year(reports: Reports) -> Iterator[Finding]:
    """What both reports state under one name for one year: columns of a table, 2020年为."""
    stated = [one for one in reports.new.quantities if one.role in ("level", "prior")]
    own = [one for one in reports.old.quantities if one.role == "level"]
    for pair in matched(stated, own, _name_and_year):
        claim = Claim(pair.new, pair.new.numeral.range)
        yield from _contradicted(claim, pair.old, reports)


def _name_and_year(one: Quantity) -> Hashable:
    """Its name, unit, place and year; none for one without a name or a year."""
    if not one.name or one.year is None:
        return None
    numeral = one.numeral
    return one.name, numeral.unit, numeral.is_percent, one.year, one.span, place_named(one)


def _slips(pairs: Iterable[Pair], reports: Reports) -> Iterator[Finding]:
    """Levels that are a thousand times those of the other period: 万 for 亿, perhaps."""
    for pair in pairs:
        if pair.new.role != "level":
            continue
        new, old = pair.new.numeral, pair.old.numeral
        small, large = sorted((new.range, old.range), key=lambda one: one.low)
        if small.low > 0 and large.low >= SLIP * small.high:
            places = reports.in_new(new), reports.in_old(old)
            arithmetic = f"new: {new.printed}; old: {old.printed}"
            yield Finding(2, "slip", places, TOO_FAR, arithmetic, _gap(small, large))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Each pair of a number of the new and one of the old report once, in the surest of its findings."""
    known: dict[tuple[tuple[int, int], tuple[int, int]], Finding] = {}
    for one in sorted(findings, key=lambda each: each.tier):
        first, last = one.places[0], one.places[-1]
        known.setdefault(((first.line, first.offset), (last.line, last.offset)), one)
    return list(known.values())


def _gap(one: Interval, other: Interval) -> float:
    """How far two ranges are apart, in widths of the wider; relative where both are exact."""
    apart = max(one.low - other.high, other.low - one.high, Fraction(0))
    width = max(one.width, other.width)
    if not width:
        width = max(abs(one.middle), abs(other.middle), Fraction(1)) / 1000
    return float(apart / width)


# what one has and the other has not


def _change(pair: Pair, reports: Reports) -> Change:
    new, old = pair.new, pair.old
    return Change(_title(new), reports.in_new(new.numeral), reports.in_old(old.numeral))


def _title(one: Quantity) -> str:
    """What a quantity is called in a list."""
    numeral = one.numeral
    is_english = numeral.number.lang == "en"
    name = one.name if one.name and not is_english else numeral.label
    if not name:
        before = re.split(r"[,，;；:：、。]", numeral.before)[-1].strip()
        after = re.split(r"[,，;；:：、。.]", numeral.after)[0].strip()
        name = f"{before} … {after}".strip(" …")
    return f"{name} ({ROLES[one.role]})" if one.role in ROLES else name


def _only_in_new(pairs: Iterable[Pair], reports: Reports) -> Iterator[Change]:
    """What the new report has and the earlier one does not mention."""
    paired = {id(pair.new) for pair in pairs}
    left = [one for one in reports.new.quantities if id(one) not in paired]
    for one in _unmentioned(left, reports.new, reports.old, are_drafts=reports.are_drafts):
        yield Change(_title(one), reports.in_new(one.numeral), None)


def _only_in_old(pairs: Iterable[Pair], reports: Reports) -> Iterator[Change]:
    """What the earlier report has and the new one does not mention."""
    paired = {id(pair.old) for pair in pairs}
    left = [one for one in reports.old.quantities if id(one) not in paired]
    for one in _unmentioned(left, reports.old, reports.new, are_drafts=reports.are_drafts):
        yield Change(_title(one), None, reports.in_old(one.numeral))


def _unmentioned(quantities: Iterable[Quantity], own: Report, other: Report, *, are_drafts: bool) -> Iterator[Quantity]:
    """Those of a report that another does not mention, by number (drafts) or by name (periods)."""
    is_mentioned = _by_number(other) if are_drafts else _by_name(other)
    for one in quantities:
        is_own = are_drafts or (one.name and one.role == "level" and one.year == own.year)
        if is_own and not is_mentioned(one):
            yield one


def _by_number(other: Report) -> Callable[[Quantity], bool]:
    """Whether a report has a number, whatever it is called there."""
    known = {(one.unit, one.range.low, one.range.high) for one in other.reading.numerals}

    def is_mentioned(one: Quantity) -> bool:
        numeral = one.numeral
        return (numeral.unit, numeral.range.low, numeral.range.high) in known

    return is_mentioned


def _by_name(other: Report) -> Callable[[Quantity], bool]:
    """Whether the words of a name stand in a report: then it may say it in another way."""
    text = normal(other.reading.document.text)
    sentences = [one.text.lower() for one in other.reading.sentences]

    def is_mentioned(one: Quantity) -> bool:
        if one.numeral.number.lang == "en" and one.name.isascii() and "·" not in one.name:
            words = one.name.split()
            return any(all(word in sentence for word in words) for sentence in sentences)
        return any(piece in text for piece in one.name.split("·"))

    return is_mentioned

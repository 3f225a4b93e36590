"""Two reports held against each other: drafts of one, or this year's beside last year's.

Where both are about one period, a number that differs is a change, and no error. Where they are about two, what the
new one says of the old one's period must be what the old one says itself: 上年为316家, where that report has 361家.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction

from bluebook.numbers.characters import normal
from bluebook.numbers.intervals import Interval
from desk.documents import Document
from desk.numerals import AIMS, Numeral
from desk.quantities import LAST_YEAR, Quantity, Report, read_report
from desk.relations.changes import change_of, is_real
from desk.relations.model import ONE
from desk.relations.names import CUMULATIVE, PLACE
from desk.results import Against, Change, Finding, Place, place_of, range_like

REVISED = re.compile(r"修订|调整后|调整数|可比口径|同口径|经济普查|revised|restated|comparable|adjusted", re.IGNORECASE)
SAYS = ("对上期的说法应与上期自己的数一致", "what is said of the earlier period is what its own report says")
LOOKS = ("增减或增长率应与上期自己的数相符", "the change or growth follows from the earlier report's own number")
ROLES = {
    "prior": "上期 · earlier",
    "change": "增减 · change",
    "growth": "增长 · growth",
    "points": "百分点 · points",
}
ALIKE = 0.75  # of the characters of two sentences, numbers left out
LONGEST_REWORDED = 300  # characters of a sentence
MOST_REWORDED = 1_000_000  # pairs of sentences: beyond, these are two documents
SLIP = 1000  # times as much: looks like 万 for 亿


@dataclass(frozen=True)
class Pair:
    """One quantity in both reports."""

    new: Quantity
    old: Quantity


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
    reports = read_report(new), read_report(old)
    years = reports[0].year, reports[1].year
    are_drafts = None in years or years[0] == years[1]
    pairs = _pairs(*reports)
    if are_drafts:
        pairs += _reworded(pairs, *reports)
        pairs.sort(key=lambda pair: (pair.new.numeral.line, pair.new.numeral.offset))
    findings: list[Finding] = []
    if not are_drafts:
        findings = _once([*_restated(pairs, *reports), *_of_same_year(*reports), *_slips(pairs, *reports)])
        if not _are_of_one_place(*reports):
            findings = [replace(one, tier=2) for one in findings]
        findings.sort(key=lambda one: (one.tier, -one.gap))
    compared = [pair for pair in pairs if are_drafts or pair.new.role != "prior"]
    changed = [pair for pair in compared if _are_apart(_known(pair.new), _known(pair.old))]
    return Against(
        old_file=old.name,
        are_drafts=are_drafts,
        are_of_one_place=_are_of_one_place(*reports),
        years=years,
        findings=tuple(findings),
        changed=tuple(_change(pair, *reports) for pair in changed),
        added=tuple(_unpaired(pairs, reports, "new", are_drafts=are_drafts)),
        vanished=tuple(_unpaired(pairs, reports, "old", are_drafts=are_drafts)),
        same=len(compared) - len(changed),
    )


def _are_of_one_place(new: Report, old: Report) -> bool:
    """Whether the titles name a place or subject in common, or one of them names none."""
    return not new.places or not old.places or not new.places.isdisjoint(old.places)


# one quantity in both


def _pairs(new: Report, old: Report) -> list[Pair]:
    """The quantities that both reports have, by wording, by wording under one heading, and by name."""
    pairs: list[Pair] = []
    keys: Sequence[Callable[[Quantity], Hashable]] = (
        lambda one: (one.wording, one.heading),
        lambda one: one.wording,
        lambda one: _named(one, new, old),
    )
    left_new, left_old = list(new.quantities), list(old.quantities)
    for key in keys:
        for pair in _matched(left_new, left_old, key):
            if _is_one_kind(pair):
                pairs.append(pair)
        paired = {id(pair.new) for pair in pairs} | {id(pair.old) for pair in pairs}
        left_new = [one for one in left_new if id(one) not in paired]
        left_old = [one for one in left_old if id(one) not in paired]
    return pairs


def _reworded(pairs: Sequence[Pair], new: Report, old: Report) -> list[Pair]:
    """Numbers of sentences that were reworded between two drafts: alike in most characters, numbers in one order."""
    paired = {id(pair.new) for pair in pairs} | {id(pair.old) for pair in pairs}
    ones, others = _whole_sentences(new, paired), _whole_sentences(old, paired)
    found: list[Pair] = []
    if len(ones) * len(others) > MOST_REWORDED:
        return found
    for one in ones:
        alike = [other for other in others if _have_one_shape(one, other)]
        if not alike:
            continue
        other = max(alike, key=lambda each: (_likeness(one, each), _have_one_number(one, each), -_apart(one, each)))
        if _likeness(one, other) >= ALIKE:
            others = [each for each in others if each is not other]
            found += [Pair(first, second) for first, second in zip(one, other, strict=True)]
    return found


def _whole_sentences(report: Report, paired: set[int]) -> list[list[Quantity]]:
    """The quantities of each sentence of prose of which none is paired."""
    by_sentence: dict[int, list[Quantity]] = defaultdict(list)
    for one in report.quantities:
        if one.group is not None:
            by_sentence[one.numeral.sentence].append(one)
    return [ones for ones in by_sentence.values() if not any(id(one) in paired for one in ones)]


def _have_one_shape(ones: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    if len(ones) != len(others):
        return False
    return all(_is_one_kind(Pair(one, other)) for one, other in zip(ones, others, strict=True))


def _have_one_number(ones: Sequence[Quantity], others: Sequence[Quantity]) -> int:
    """How many of the numbers of two sentences are the same."""
    ranges = [(_known(one), _known(other)) for one, other in zip(ones, others, strict=True)]
    return sum(one == other for one, other in ranges)


def _apart(ones: Sequence[Quantity], others: Sequence[Quantity]) -> int:
    """How many lines lie between two sentences of two drafts."""
    return abs(ones[0].numeral.line - others[0].numeral.line)


def _likeness(ones: Sequence[Quantity], others: Sequence[Quantity]) -> float:
    """How much of their sentences' wording is the same, from 0 to 1; nothing of sentences that are too long to say."""
    one, other = ones[0].wording[0], others[0].wording[0]
    if max(len(one), len(other)) > LONGEST_REWORDED:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _named(one: Quantity, new: Report, old: Report) -> Hashable:
    """Its name, with what else must be alike; none for one without a name or a year."""
    report = new if new.of(one.numeral) is one else old
    if not one.name or one.year is None or report.year is None:
        return None
    if CUMULATIVE.search(one.numeral.before):
        return None
    place = PLACE.search(one.heading)
    numeral = one.numeral
    return one.name, one.role, numeral.measure, one.year - report.year, one.span, place[0] if place else ""


def _matched(new: Sequence[Quantity], old: Sequence[Quantity], key: Callable[[Quantity], Hashable]) -> Iterator[Pair]:
    """Those that alone have a key, in both; one that is told again with the same number counts once."""
    by_key: dict[Hashable, tuple[list[Quantity], list[Quantity]]] = defaultdict(lambda: ([], []))
    for side, quantities in enumerate((new, old)):
        for one in quantities:
            by_key[key(one)][side].append(one)
    for known, (ones, others) in by_key.items():
        if known is not None and _is_single(ones) and _is_single(others):
            yield Pair(ones[0], others[0])


def _is_single(ones: Sequence[Quantity]) -> bool:
    """Whether there is one number: once, or the same again."""
    return len({(one.numeral.range.low, one.numeral.range.high, one.numeral.unit) for one in ones}) == 1


def _is_one_kind(pair: Pair) -> bool:
    """Whether both are told in one unit, have one role, and are of one span of months."""
    new, old = pair.new, pair.old
    return new.numeral.is_like(old.numeral) and new.role == old.role and new.span == old.span


def _known(one: Quantity) -> Interval:
    """The range of a number; that of a change with its sign."""
    return one.numeral.range if one.role in ("level", "prior") else change_of(one.numeral)


def _are_apart(one: Interval, other: Interval) -> bool:
    """Whether no number lies in both, nor do they touch."""
    return one.high < other.low or other.high < one.low


# what the new one says of the old one's period


def _restated(pairs: Iterable[Pair], new: Report, old: Report) -> Iterator[Finding]:
    """Levels of the year before, said or implied by a change or a growth, against the old report's level."""
    for pair in pairs:
        if pair.new.role != "level" or pair.new.group is None or pair.old.year is None:
            continue
        group = pair.new.group
        prior = new.of(group.prior) if group.prior else None
        if prior is not None:
            if prior.year == pair.old.year:
                yield from _against(prior, pair.old, prior.numeral.range, (), new, old)
            continue
        if pair.new.year is None or pair.new.year - 1 != pair.old.year:
            continue
        yield from _implied(pair, new, old)


def _implied(pair: Pair, new: Report, old: Report) -> Iterator[Finding]:
    """The level of the year before that a change, or a growth, on it implies."""
    group = pair.new.group
    assert group is not None  # of a level in prose
    level = group.level
    change, growth = group.change or group.points, group.growth
    if change is not None and LAST_YEAR.search(change.before):
        yield from _against(pair.new, pair.old, level.range - change_of(change), (change,), new, old)
    elif growth is not None and LAST_YEAR.search(growth.before) and level.is_amount:
        sentence = new.reading.sentences[level.sentence]
        times = change_of(growth) + ONE
        if is_real(level, sentence) or times.has_zero:
            return
        yield from _against(pair.new, pair.old, level.range / times, (growth,), new, old)


def _against(
    told: Quantity, own: Quantity, known: Interval, others: Sequence[Numeral], new: Report, old: Report
) -> Iterator[Finding]:
    """A finding where what is said of a quantity is not what the old report has; to be looked at where `others`, a
    change or a growth, only imply it, for what they are held against may have been revised."""
    if not _are_apart(known, own.numeral.range) or _is_another_thing(own.numeral):
        return
    sentence = new.reading.sentences[told.numeral.sentence].text
    is_certain = not others and not REVISED.search(sentence)
    numerals = (told.numeral, *others)
    places = [place_of(one, new.reading, "new") for one in numerals]
    places.append(place_of(own.numeral, old.reading, "old"))
    said = " and ".join(one.printed for one in numerals)
    implied = f", that is {range_like(known, own.numeral)} before" if others else ""
    arithmetic = f"new: {said}{implied}; old: {own.numeral.printed}"
    gap = _gap(known, own.numeral.range)
    yield Finding(1 if is_certain else 2, "restated", tuple(places), LOOKS if others else SAYS, arithmetic, gap)


def _is_another_thing(own: Numeral) -> bool:
    """Whether the old report's number is cumulative, or an aim, and not what its year came to."""
    return any(words.search(text) for words in (CUMULATIVE, AIMS) for text in (own.before, own.heading))


def _of_same_year(new: Report, old: Report) -> Iterator[Finding]:
    """What both reports tell under one name for one year: columns of a table, 2020年为."""
    told = [one for one in new.quantities if one.role in ("level", "prior")]
    own = [one for one in old.quantities if one.role == "level"]
    for pair in _matched(told, own, _of_its_year):
        yield from _against(pair.new, pair.old, pair.new.numeral.range, (), new, old)


def _of_its_year(one: Quantity) -> Hashable:
    """Its name, unit, place and year; none for one without a name or a year."""
    if not one.name or one.year is None:
        return None
    place = PLACE.search(one.heading)
    numeral = one.numeral
    return one.name, numeral.unit, numeral.is_percent, one.year, one.span, place[0] if place else ""


def _slips(pairs: Iterable[Pair], new: Report, old: Report) -> Iterator[Finding]:
    """Levels that are a thousand times those of the other period: 万 for 亿, perhaps."""
    for pair in pairs:
        ranges = sorted((_known(pair.new), _known(pair.old)), key=lambda one: one.low)
        if pair.new.role == "level" and ranges[0].low > 0 and ranges[1].low >= SLIP * ranges[0].high:
            places = place_of(pair.new.numeral, new.reading, "new"), place_of(pair.old.numeral, old.reading, "old")
            says = ("两期相差千倍以上", "the two periods differ a thousandfold")
            arithmetic = f"new: {pair.new.numeral.printed}; old: {pair.old.numeral.printed}"
            yield Finding(2, "slip", places, says, arithmetic, _gap(*ranges))


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


def _change(pair: Pair, new: Report, old: Report) -> Change:
    name = _title(pair.new)
    return Change(name, place_of(pair.new.numeral, new.reading, "new"), place_of(pair.old.numeral, old.reading, "old"))


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


def _unpaired(
    pairs: Iterable[Pair], reports: tuple[Report, Report], side: str, *, are_drafts: bool
) -> Iterator[Change]:
    """The quantities that one report has and the other says nothing of, by number (drafts) or by name (periods)."""
    mine, other = reports if side == "new" else reversed(reports)
    paired = {id(getattr(pair, side)) for pair in pairs}
    left = [one for one in mine.quantities if id(one) not in paired]
    is_told = _teller_of_numbers(other) if are_drafts else _teller_of_names(other)
    for one in left:
        is_own = are_drafts or (one.name and one.role == "level" and one.year == mine.year)
        if not is_own or is_told(one):
            continue
        place: Place = place_of(one.numeral, mine.reading, side)
        change = Change(_title(one), place, None)
        yield change if side == "new" else replace(change, new=None, old=place)


def _teller_of_numbers(other: Report) -> Callable[[Quantity], bool]:
    """Whether a report has a number, whatever it is called there."""
    known = {(one.unit, one.range.low, one.range.high) for one in other.reading.numerals}

    def is_told(one: Quantity) -> bool:
        numeral = one.numeral
        return (numeral.unit, numeral.range.low, numeral.range.high) in known

    return is_told


def _teller_of_names(other: Report) -> Callable[[Quantity], bool]:
    """Whether the words of a name stand in a report: then it may say it in another way."""
    text = normal(other.reading.document.text)
    sentences = [one.text.lower() for one in other.reading.sentences]

    def is_told(one: Quantity) -> bool:
        if one.numeral.number.lang == "en" and one.name.isascii() and "·" not in one.name:
            words = one.name.split()
            return any(all(word in sentence for word in words) for sentence in sentences)
        return any(piece in text for piece in one.name.split("·"))

    return is_told

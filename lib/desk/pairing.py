"""The quantities that two reports have in common: drafts of one, or this year's and last year's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral
from desk.quantities import Quantity, Report
from desk.relations.levels import change_of
from desk.relations.names import CUMULATIVE, PLACE
from desk.results import Place, place_of

ALIKE = 0.75  # of the characters of two sentences, numbers left out
LONGEST_REWORDED = 300  # characters of a sentence
MOST_REWORDED = 1_000_000  # pairs of sentences: beyond, these are two documents

Key = Callable[[Quantity], Hashable]


@dataclass(frozen=True)
class Reports:
    """The two reports: the new one and the earlier one."""

    new: Report
    old: Report

    @property
    def years(self) -> tuple[int | None, int | None]:
        """The years that they are about, where they say so."""
        return self.new.year, self.old.year

    @property
    def are_drafts(self) -> bool:
        """Whether they are about one period, or one of them names none."""
        return None in self.years or self.new.year == self.old.year

    @property
    def are_of_one_place(self) -> bool:
        """Whether their titles name a place or subject in common, or one of them names none."""
        new, old = self.new.places, self.old.places
        return not new or not old or not new.isdisjoint(old)

    def in_new(self, numeral: Numeral) -> Place:
        """Where a numeral of the new report stands."""
        return place_of(numeral, self.new.reading, "new")

    def in_old(self, numeral: Numeral) -> Place:
        """Where a numeral of the earlier report stands."""
        return place_of(numeral, self.old.reading, "old")


@dataclass(frozen=True)
class Pair:
    """One quantity in both reports."""

    new: Quantity
    old: Quantity

    @property
    def is_of_one_kind(self) -> bool:
        """Whether both have one unit and one role, and are of one span of months."""
        new, old = self.new, self.old
        return new.numeral.is_like(old.numeral) and new.role == old.role and new.span == old.span

    @property
    def has_changed(self) -> bool:
        """Whether the two numbers differ by more than their rounding."""
        return are_apart(signed_range(self.new), signed_range(self.old))


def signed_range(one: Quantity) -> Interval:
    """The range of a number; that of a change with its sign."""
    is_level = one.role in ("level", "prior")
    return one.numeral.range if is_level else change_of(one.numeral)


def are_apart(one: Interval, other: Interval) -> bool:
    """Whether no number lies in both, nor do they touch."""
    return one.high < other.low or other.high < one.low


def pairs_of(reports: Reports) -> list[Pair]:
    """The quantities that both reports have, in the order of the new one where they are drafts."""
    pairs = _pairs_by_key(reports)
    if reports.are_drafts:
        pairs += _reworded(pairs, reports)
        pairs.sort(key=lambda pair: (pair.new.numeral.line, pair.new.numeral.offset))
    return pairs


def _pairs_by_key(reports: Reports) -> list[Pair]:
    """Those that both reports have by wording under one heading, by wording, and by name."""

    def wording_under_heading(one: Quantity) -> Hashable:
        return one.wording, one.heading

    def wording(one: Quantity) -> Hashable:
        return one.wording

    def name(one: Quantity) -> Hashable:
        return _name_and_period(one, reports)

    pairs: list[Pair] = []
    new, old = list(reports.new.quantities), list(reports.old.quantities)
    for key in (wording_under_heading, wording, name):
        pairs += [pair for pair in matched(new, old, key) if pair.is_of_one_kind]
        paired = _ids_of(pairs)
        new = [one for one in new if id(one) not in paired]
        old = [one for one in old if id(one) not in paired]
    return pairs


def _ids_of(pairs: Iterable[Pair]) -> set[int]:
    ids = set()
    for pair in pairs:
        ids.add(id(pair.new))
        ids.add(id(pair.old))
    return ids


def _name_and_period(one: Quantity, reports: Reports) -> Hashable:
    """Its name, with what else must be alike; none for one without a name or a year."""
    is_new = reports.new.of(one.numeral) is one
    report = reports.new if is_new else reports.old
    if not one.name or one.year is None or report.year is None:
        return None
    if CUMULATIVE.search(one.numeral.before):
        return None
    years_before = one.year - report.year
    return one.name, one.role, one.numeral.measure, years_before, one.span, place_named(one)


def place_named(one: Quantity) -> str:
    """The place that the heading above a quantity names, or nothing."""
    place = PLACE.search(one.heading)
    return place[0] if place else ""


def matched(new: Sequence[Quantity], old: Sequence[Quantity], key: Key) -> Iterator[Pair]:
    """Those that alone have a key, in both; one that is stated again with the same number counts once."""
    new_by_key, old_by_key = _by_key(new, key), _by_key(old, key)
    for known, ones in new_by_key.items():
        others = old_by_key.get(known, [])
        if known is not None and _is_single(ones) and _is_single(others):
            yield Pair(ones[0], others[0])


def _by_key(quantities: Sequence[Quantity], key: Key) -> dict[Hashable, list[Quantity]]:
    by_key: dict[Hashable, list[Quantity]] = defaultdict(list)
    for one in quantities:
        by_key[key(one)].append(one)
    return by_key


def _is_single(ones: Sequence[Quantity]) -> bool:
    """Whether there is one number: once, or the same again."""
    numbers = set()
    for one in ones:
        known = one.numeral.range
        numbers.add((known.low, known.high, one.numeral.unit))
    return len(numbers) == 1


# sentences that were reworded


def _reworded(pairs: Sequence[Pair], reports: Reports) -> list[Pair]:
    """Numbers of sentences that were reworded between two drafts: alike in most characters, numbers in one order."""
    paired = _ids_of(pairs)
    ones, others = _whole_sentences(reports.new, paired), _whole_sentences(reports.old, paired)
    if len(ones) * len(others) > MOST_REWORDED:
        return []
    found: list[Pair] = []
    changed = []
    for one in ones:
        same = [place for place, other in enumerate(others) if _are_the_same(one, other)]
        if same:
            found += _in_order(one, others.pop(same[0]))
        else:
            changed.append(one)
    for one in changed:
        place = _most_alike(one, others)
        if place is not None:
            found += _in_order(one, others.pop(place))
    return found


def _whole_sentences(report: Report, paired: set[int]) -> list[list[Quantity]]:
    """The quantities of each sentence of prose of which none is paired."""
    by_sentence: dict[int, list[Quantity]] = defaultdict(list)
    for one in report.quantities:
        if one.group is not None:
            by_sentence[one.numeral.sentence].append(one)
    return [ones for ones in by_sentence.values() if not any(id(one) in paired for one in ones)]


def _in_order(ones: Sequence[Quantity], others: Sequence[Quantity]) -> list[Pair]:
    return [Pair(one, other) for one, other in zip(ones, others, strict=True)]


def _are_the_same(ones: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether two sentences have one wording and the same numbers."""
    if not _have_one_shape(ones, others) or _text_of(ones) != _text_of(others):
        return False
    return all(signed_range(pair.new) == signed_range(pair.old) for pair in _in_order(ones, others))


def _have_one_shape(ones: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    if len(ones) != len(others):
        return False
    return all(pair.is_of_one_kind for pair in _in_order(ones, others))


def _text_of(ones: Sequence[Quantity]) -> str:
    """The text of a sentence by its quantities, numbers left out."""
    text, _ = ones[0].wording
    return text


def _most_alike(one: Sequence[Quantity], others: Sequence[Sequence[Quantity]]) -> int | None:
    """The place of the first sentence that is most alike, if one is alike enough."""
    best, at = ALIKE, None
    for place, other in enumerate(others):
        likeness = _likeness(one, other) if _have_one_shape(one, other) else 0.0
        if likeness > best or (at is None and likeness >= best):
            best, at = likeness, place
    return at


def _likeness(ones: Sequence[Quantity], others: Sequence[Quantity]) -> float:
    """How much of two sentences' text is the same, from 0 to 1; nothing of sentences that are too long to say."""
    one, other = _text_of(ones), _text_of(others)
    if max(len(one), len(other)) > LONGEST_REWORDED:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()

"""The audit: an edition's own arithmetic, checked in public.

A row of `checks.csv` claims that two expressions over figures stand in a relation. `audit(book)` decides every row:

    from bluebook import audit
    for verdict in audit(book):           # a list of Verdict in the order of the file; [] without a checks.csv
        verdict.statement                 # what is checked, in the edition's language
        verdict.verdict, verdict.word     # one of VERDICTS, "disagrees"; the same in the language
        verdict.sentence                  # why: both ranges and the gap, in one sentence
        verdict.left, verdict.right       # the sides as quantities; None where something they name is missing
        verdict.gap                       # how far apart they are, a Quantity, where the claim does not hold
        verdict.missing                   # what was looked for and not found: label, period, place, url, note
        verdict.note, verdict.chapter     # what it means; the chapter of the first figure the check names
        verdict.story                     # the id of the story it belongs to (`bluebook.reports.stories`); "" for none
        verdict.inputs                    # the ids of the figures it rests on
    verdict.error                     # why the check itself cannot be decided: it is wrong, and a "cannot tell"

A printed number may be anything within its bounds. So a relation **agrees** when it holds for some pair of numbers
within the bounds of the two sides, and **disagrees** when it holds for none; ends that touch count only when both are
included. `always` says whether it holds for every pair. A row that compares one thing at two times (`over_time` is
"yes") contradicts nothing where it does not hold: the level has **changed**. Where a number was not found, or the check
itself is wrong (it divides by what may be zero, compares 元 with 家, names no figure of the edition), it is **cannot
tell**.

Expressions are figure ids (those of `context.csv` after `context.`), numbers, + - * / and parentheses. Anything else is
refused before it is evaluated. Units multiply and cancel; things that are counted compare, 家 with 个, and an average
that is printed without what it is per (600张) with a rate of the same things (张/家).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from bluebook.edition import table
from bluebook.edition.check_expressions import CheckError, Figures, evaluated, figures_of
from bluebook.edition.edition import Edition, Unfound
from bluebook.edition.rows import validated
from bluebook.edition.table import read_rows
from bluebook.messages import in_language, message, of_bilingual
from bluebook.numbers import units
from bluebook.numbers.quantity import Quantity, as_quantity
from bluebook.numbers.text import power

SIDES = ("left", "right")
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"

CAN: dict[str, Callable[[Quantity, Quantity], bool]] = {  # whether the relation holds for some pair within the bounds
    "=": lambda a, b: a.overlaps(b),
    "<": lambda a, b: a.low < b.high,
    ">": lambda a, b: a.high > b.low,
    "<=": lambda a, b: a.low < b.high or a.overlaps(b),
    ">=": lambda a, b: a.high > b.low or a.overlaps(b),
}
VERDICTS = ("disagrees", "changed", "cannot tell", "agrees")  # what is news first
OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
VERDICT_WORDS = {
    "disagrees": "verdict.disagrees",
    "changed": "verdict.changed",
    "cannot tell": "verdict.cannot_tell",
    "agrees": "verdict.agrees",
}
RELATION_WORDS = {"<": "relation.less", ">": "relation.more", "<=": "relation.at_most", ">=": "relation.at_least"}


@dataclass(frozen=True)
class Verdict:
    """One check, decided; see the module for what it says.

    >>> from bluebook.numbers.quantity import published
    >>> units, streets = (published(printed, figure="count", lang="en") for printed in ("78家", "74个"))
    >>> verdict = Verdict("pairing", "A unit for each street", "", "=", units, streets, lang="en")
    >>> print(verdict.verdict, "|", verdict.sentence)
    disagrees | 78 and 74 differ: the gap is 4.
    """

    id: str
    statement: str
    note: str
    relation: str
    left: Quantity | None
    right: Quantity | None
    missing: tuple[Unfound, ...] = ()
    chapter: str = ""
    claim: str = ""
    error: str = ""
    lang: str = "zh"
    story: str = ""
    over_time: bool = False

    @property
    def sides(self) -> list[Quantity]:
        """The sides that are known."""
        return [side for side in (self.left, self.right) if side is not None]

    @property
    def inputs(self) -> tuple[str, ...]:
        inputs = dict.fromkeys(figure for side in self.sides for figure in side.inputs)
        return tuple(inputs)

    @property
    def _pair(self) -> list[Quantity]:
        """Both sides as plain numbers, when both are known: their units have been compared."""
        if len(self.sides) < 2:
            return []
        return [_plain_number(side) for side in self.sides]

    @property
    def holds(self) -> bool | None:
        """Whether the claim holds for some numbers within the bounds; None where it cannot be told."""
        if not self._pair:
            return None
        can_hold = CAN[self.relation]
        return can_hold(*self._pair)

    @property
    def verdict(self) -> str:
        if self.holds is None:
            return "cannot tell"
        if self.holds:
            return "agrees"
        return "changed" if self.over_time else "disagrees"

    @property
    def always(self) -> bool:
        """Whether the relation holds wherever within their bounds the two sides lie."""
        if self.relation == "=" or not self._pair:
            return self.verdict == "agrees" and self._are_exact
        opposite = CAN[OPPOSITE[self.relation]]
        return not opposite(*self._pair)

    @property
    def gap(self) -> Quantity | None:
        """What lies between the nearest ends, as written, of two sides that part, rounded down to four digits."""
        if self.holds is not False:
            return None
        left, right = self._pair
        distance = left.gap(right)
        step = power(distance) / 1000 if distance else Fraction(1)
        gap = distance // step * step
        _, unit = units.plain(self.sides[0].unit)
        if left.as_percent:
            unit = "百分点"
        difference = left - right
        exact = replace(difference, value=gap, low=gap, high=gap, low_open=False, high_open=False)
        return replace(exact, unit=unit, as_percent=False, step=step)

    @property
    def word(self) -> str:
        return message(self.lang, VERDICT_WORDS[self.verdict])

    @property
    def sentence(self) -> str:
        """The verdict's reason, with the range of each side and the gap."""
        if self.error:
            return message(self.lang, "audit.error", error=self.error)
        ranges = [side.text if side.exact else side.bounds_text for side in self.sides]
        if not self._pair:
            return self._not_found(ranges)
        left, right = ranges
        fields = {"left": left, "right": right, "apart": self._apart()}
        if self.relation != "=":
            fields["relation"] = message(self.lang, RELATION_WORDS[self.relation])
            fields["opposite"] = message(self.lang, RELATION_WORDS[OPPOSITE[self.relation]])
        sentence = message(self.lang, self._reason(), **fields)
        return sentence[:1].upper() + sentence[1:]  # a number may begin with a word: over CNY 405 billion

    def _reason(self) -> str:
        """The key of what is said of two sides that are known."""
        if self.relation == "=":
            return self._reason_of_equality()
        if not self.holds:
            return "reason.fails"
        return "reason.holds" if self.always else "reason.can_hold"

    def _reason_of_equality(self) -> str:
        if self.holds:
            return "reason.equal" if self.always else "reason.overlap"
        return "reason.differ" if self._are_exact else "reason.apart"

    @property
    def _are_exact(self) -> bool:
        return all(side.exact for side in self.sides)

    def _not_found(self, known: list[str]) -> str:
        """Of a check that names what was not found; one of its sides may be known."""
        missing = message(self.lang, "join.names").join(number.label for number in self.missing)
        if not known:
            return message(self.lang, "audit.not_found", missing=missing)
        return message(self.lang, "audit.not_found_beside", missing=missing, side=known[0])

    def _apart(self) -> str:
        if self.gap is None or not self.gap.value:
            return message(self.lang, "gap.touching")
        key = "gap.apart" if self._are_exact else "gap.apart_at_least"
        return message(self.lang, key, gap=self.gap)


def audit(book: Edition) -> list[Verdict]:
    """A verdict for each row of the edition's `checks.csv`, in its order; none where it has no such file.

    A check that is wrong (an expression or an id that does not exist, a division by bounds that hold zero, units that
    do not match) is a verdict that says so, with its `error`. Raises `EditionError` for a table that is not one of
    checks: `bluebook check` says where.

    >>> from bluebook import open_edition
    >>> {verdict.verdict for verdict in audit(open_edition("shenzhen-2021"))} <= set(VERDICTS)
    True
    """
    path = book.folder / "checks.csv"
    rows = read_rows(path, optional=True)
    checks = validated(path, rows, COLUMNS) if rows else []
    verdicts = []
    for number, row in enumerate(checks, 2):
        where = f"{path}, row {number} ({row['id']})"
        verdicts.append(_decided(book, row, where))
    return verdicts


def as_json(zh: Verdict, en: Verdict) -> dict[str, Any]:
    """One check, decided in both languages, for a machine: numbers in plain units, to double precision."""
    record: dict[str, Any] = {}
    for name in ("id", "chapter", "story", "claim", "verdict", "holds", "always"):
        record[name] = getattr(en, name)
    for name in ("statement", "sentence", "note"):
        record[name] = {"zh": getattr(zh, name), "en": getattr(en, name)}
    for name in ("left", "right", "gap"):
        record[name] = _interval(getattr(en, name))
    record["error"] = en.error
    record["figures"] = en.inputs
    record["missing"] = [number.figure for number in en.missing]
    return record


def _interval(q: Quantity | None) -> dict[str, Any] | None:
    if q is None:
        return None
    record = q.record()
    return {name: record[name] for name in ("value", "low", "high", "low_included", "high_included", "unit")}


COLUMNS = {
    "id": table.matching(SLUG, "a slug like funds", is_unique=True),
    "left": table.text(),
    "relation": table.text(),
    "right": table.text(),
    "statement_zh": table.text(),
    "statement_en": table.text(),
    "note": table.text(),
    "story": table.matching(f"({SLUG})?", "a slug like funds, or nothing", is_needed=False),
    "over_time": table.one_of(("", "yes"), "yes, or nothing", is_needed=False),
}


def _decided(book: Edition, row: dict[str, str], where: str) -> Verdict:
    named = _Named()
    left = right = None
    error = ""
    try:
        named = _named(book, row, where)
        left, right = _evaluated_sides(row, named, where)
    except CheckError as problem:
        error = str(problem)
    claim = f"{row['left']} {row['relation']} {row['right']}"
    statement = in_language(row, "statement", book.lang)
    note = of_bilingual(row["note"], book.lang)
    return Verdict(
        id=row["id"],
        statement=statement,
        note=note,
        relation=row["relation"],
        left=left,
        right=right,
        missing=named.missing,
        chapter=named.chapter,
        claim=claim,
        error=error,
        lang=book.lang,
        story=row.get("story", ""),
        over_time=row.get("over_time") == "yes",
    )


@dataclass(frozen=True)
class _Named:
    """What a check names: the figures of each side by id, those that were not found, and the first one's chapter."""

    by_side: dict[str, Figures] = field(default_factory=dict)
    missing: tuple[Unfound, ...] = ()
    chapter: str = ""


def _named(book: Edition, row: dict[str, str], where: str) -> _Named:
    """What a check names. Raises `CheckError` where it names what does not exist, or nothing of the edition."""
    _refuse_gaps(row, where)
    by_side = {side: figures_of(book, row[side], f"{where}, column {side}") for side in SIDES}
    ids: list[str] = []
    missing: dict[Unfound, None] = {}
    for figures in by_side.values():
        ids += figures
        for figure in figures.values():
            if isinstance(figure, Unfound):
                missing[figure] = None
    if not ids:
        raise CheckError(f"{where}: found {row['left']} and {row['right']}, expected a figure on one side at least")
    own = [id for id in ids if not id.startswith("context.")]
    chapter = book.chapter_of(own[0]) if own else ""
    return _Named(by_side, tuple(missing), chapter)


def _evaluated_sides(row: dict[str, str], named: _Named, where: str) -> tuple[Quantity | None, Quantity | None]:
    sides = []
    for side in SIDES:
        figures = named.by_side[side]
        sides.append(evaluated(row[side], figures, f"{where}, column {side}"))
    left, right = sides
    return _alike(left, right, where)


def _refuse_gaps(row: dict[str, str], where: str) -> None:
    """Raises `CheckError` for a relation that does not exist and for a side or a statement that is not there."""
    if row["relation"] not in CAN:
        known = " ".join(CAN)
        raise CheckError(f'{where}, column relation: found "{row["relation"]}", expected one of {known}')
    wanted = {
        "left": "an expression",
        "right": "an expression",
        "statement_zh": "some text",
        "statement_en": "some text",
    }
    for column, kind in wanted.items():
        cell = row[column]
        if not cell.strip():
            raise CheckError(f'{where}, column {column}: found "{cell}", expected {kind}')


def _alike(
    left: Quantity | Fraction | None, right: Quantity | Fraction | None, where: str
) -> tuple[Quantity | None, Quantity | None]:
    """Both sides as they can stand on one axis: a plain number is read as the other side is, ratios both in percent."""
    if isinstance(left, Fraction):
        left = as_quantity(left, right, "+") if isinstance(right, Quantity) else None
    if isinstance(right, Fraction):
        right = as_quantity(right, left, "+") if isinstance(left, Quantity) else None
    if left is None or right is None:
        return left, right
    is_average = any(_is_average(side) for side in (left, right))
    if not units.comparable(left.full_unit, right.full_unit, average=is_average):
        sides = f"{_in_unit(left)} and {_in_unit(right)}"
        raise CheckError(f"{where}: units do not match: found {sides}, expected one unit")
    if left.as_percent or right.as_percent:
        left, right = left.percent, right.percent
    return left, right


def _in_unit(side: Quantity) -> str:
    return f"{side.working or side.figure} in {side.full_unit or 'no unit'}"


def _is_average(side: Quantity) -> bool:
    """Whether a side is an average printed without what it is per, or may be one: its kind is not told."""
    return not side.derived and not side.per and side.measure in ("average", "norm", "")


def _plain_number(side: Quantity) -> Quantity:
    """A side without its unit, in which both were compared; 件/万人 as 件/人."""
    worth, _ = units.plain(side.full_unit)
    in_plain_unit = side if worth == 1 else side * 1
    return replace(in_plain_unit, unit="", per="")

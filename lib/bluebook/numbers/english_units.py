"""Units behind a number in English, named as in Chinese: % and points, km², µg/m³, yuan, per 10,000 people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers import english_patterns as patterns
from bluebook.numbers.english_words import CURRENCIES, FACTORS, LONGEST_UNIT, MONEY, PER, RATIOS, SCALED, named, tens

EXPONENTS = "²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit at a place of a text: its name, empty where there is none; where it ends; what one of it is worth."""

    name: str
    end: int
    worth: Fraction = Fraction(1)


def ratio_or_unit_at(text: str, at: int, money: str, *, whole: bool) -> Unit:
    """%, percentage points, or a unit; behind an amount of `money`, only what that is per."""
    ratio = patterns.RATIO.match(text, at) if not money else None
    if ratio:
        word = re.sub("^[ -]", "", ratio[0]).lower()
        worth, name = RATIOS[word]
        return Unit(name, ratio.end(), worth)
    above = _above_at(text, at, money, whole=whole)
    per_count = patterns.PER_COUNT.match(text, above.end)
    if per_count:
        return _with_count_below(text, above, per_count, whole=whole)
    names, end = _below_at(text, above.end, whole=whole)
    if not names:
        return Unit(above.name, end, above.worth)
    below = "·".join(names)
    return Unit(f"{above.name}/{below}", end, above.worth)


def _above_at(text: str, at: int, money: str, *, whole: bool) -> Unit:
    """The unit itself, without what it is per."""
    if money:
        return Unit(money, at)
    money_behind = patterns.MONEY_BEHIND.match(text, at)
    if money_behind:
        word = money_behind[0].strip()
        return Unit(MONEY[word], money_behind.end())
    compound = patterns.COMPOUND.match(text, at) if whole else None
    if compound:
        return Unit(_product(compound[1]), compound.end())
    return _word_at(text, at)


def _with_count_below(text: str, above: Unit, per_count: re.Match[str], *, whole: bool) -> Unit:
    """A unit per so many of something: per 10,000 people."""
    count = tens(per_count["count"] or per_count["slashed"])
    counted = _word_at(text, per_count.end()) if whole else Unit("", per_count.end())
    below = counted.name or "人"
    return Unit(f"{above.name}/{count}{below}", counted.end, above.worth)


def _below_at(text: str, at: int, *, whole: bool) -> tuple[list[str], int]:
    """What a unit is per: /m³, and for a whole text also “a year”, “each”, “per m²”, one after the other."""
    names: list[str] = []
    end = at
    while True:
        unit = _next_below(text, end, whole=whole, is_first=not names)
        if unit is None:
            return names, end
        names.append(unit.name)
        end = unit.end


def _next_below(text: str, at: int, *, whole: bool, is_first: bool) -> Unit | None:
    if not whole:
        has_slash = is_first and text[at : at + 1] == "/" and patterns.SLASH.match(text, at) is not None
        return _named_at(text, at + 1) if has_slash else None
    per_each = patterns.PER_EACH.match(text, at)
    if per_each:
        word = per_each[0].strip()
        return Unit(PER[word], per_each.end())
    joint = patterns.SLASH.match(text, at)
    if joint is None:
        return None
    factor = patterns.FACTOR_BELOW.match(text, joint.end()) if joint[0] != "/" else None
    if factor:
        return Unit(_product(factor[0]), factor.end())
    return _named_at(text, joint.end())


def _named_at(text: str, at: int) -> Unit | None:
    unit = _word_at(text, at)
    return unit if unit.name else None


def _product(words: str) -> str:
    """A product of units as it is named in Chinese: person-years is 人·年."""
    factors = []
    for word in words.split("-"):
        name = word.rstrip(EXPONENTS)
        exponent = word[len(name) :]
        unit = FACTORS.get(name) or CURRENCIES.get(name) or named(name) or name
        factors.append(unit + exponent)
    return "·".join(factors)


def _word_at(text: str, at: int) -> Unit:
    """The longest unit at a place, behind a space or a hyphen."""
    has_gap = text[at : at + 1] in (" ", "-")
    start = at + 1 if has_gap else at
    for size in range(LONGEST_UNIT, 0, -1):
        end = start + size
        word = text[start:end]
        after = text[end : end + 1]
        if len(word) < size or after.isalnum():
            continue
        if word in SCALED:
            worth, name = SCALED[word]
            return Unit(name, end, Fraction(worth))
        name = named(word)
        if name:
            return Unit(name, end)
    return Unit("", at)

"""Units behind a number in Chinese: 元, 件/万人, 元/个·年, 升/人·日."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.words import ALIASES, NOT_BEFORE, SCALED, UNITS, unit_name

_BELOW = re.compile(r"/(?P<open>\(?)(?P<power>(?:10+)?[十百千万]*)")  # 升/人·日, L/(人·d)
_LONGEST_UNIT = max(map(len, (*UNITS, *ALIASES, *SCALED)))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit at a place of a text: its name, empty where there is none; where it ends; what one of it is worth."""

    name: str
    end: int
    worth: Fraction = Fraction(1)


def unit_at(text: str, at: int, until: int) -> Unit:
    """The unit at a place, with what it is per."""
    above = _factors_at(text, at, until)
    slash = _BELOW.match(text, above.end, until)
    if slash is None:
        return above
    below = _factors_at(text, slash.end(), until, below=True)
    end = below.end
    if slash["open"]:
        is_closed = text[end : end + 1] == ")"
        end += 1
    else:
        is_closed = True
    if not below.name or not is_closed:
        return above
    return Unit(f"{above.name}/{slash['power']}{below.name}", end, above.worth)


def _factors_at(text: str, at: int, until: int, *, below: bool = False) -> Unit:
    """A unit with the powers and further factors behind it: 公里², 人·日."""
    unit = _word_at(text, at, until, below=below)
    while unit.name and unit.end < until:
        sign = text[unit.end : unit.end + 1]
        if sign in ("²", "³"):
            unit = replace(unit, name=unit.name + sign, end=unit.end + 1)
            continue
        factor = _word_at(text, unit.end + 1, until, below=below) if sign == "·" else None
        if factor is None or not factor.name:
            break
        unit = replace(unit, name=f"{unit.name}·{factor.name}", end=factor.end)
    return unit


def _word_at(text: str, at: int, until: int, *, below: bool) -> Unit:
    """The longest word for a unit that is not the beginning of another word."""
    longest = min(_LONGEST_UNIT, until - at)
    for size in range(longest, 0, -1):
        end = at + size
        word = text[at:end]
        if _goes_on(word, text[end : end + 1]):
            continue
        if word in SCALED:
            worth, name = SCALED[word]
            return Unit(name, end, Fraction(worth))
        name = unit_name(word, below=below)
        if name:
            return Unit(name, end)
    return Unit("", at)


def _goes_on(word: str, after: str) -> bool:
    """Whether a word is the beginning of another, by the character behind it: 82%升至, 5家庭."""
    if not after:
        return False
    if _is_latin(word[-1]) and _is_latin(after):
        return True
    key = "次" if word.endswith("次") else word
    return after in NOT_BEFORE.get(key, "")


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()

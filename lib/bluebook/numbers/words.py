"""The words of printed numbers in Chinese: digits, powers, hedges, signs, currencies and units; most in words.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def tables_of(name: str) -> dict[str, Any]:
    """The tables of words of a file in this folder."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def by_word(words_of: dict[str, list[str]]) -> dict[str, str]:
    """What each word stands for.

    >>> by_word({"over": ["余", "多"], "under": ["不足"]})
    {'余': 'over', '多': 'over', '不足': 'under'}
    """
    meaning_of = {}
    for meaning, words in words_of.items():
        for word in words:
            meaning_of[word] = meaning
    return meaning_of


def pattern_of(words: Iterable[str]) -> str:
    """A regular expression of any of these words, the longest first."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


def scaled_units(table: dict[str, dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """Units that are so many of another: how many, and of which."""
    scaled = {}
    for word, entry in table.items():
        scaled[word] = (entry["worth"], entry["unit"])
    return scaled


MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
DIGITS = {character: digit for digit, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"廿": 20, "卅": 30}
PERCENT = Fraction(1, 100)
PER_MILLE = Fraction(1, 1000)
BASIS_POINT = Fraction(1, 10**4)
RATIOS = {
    "%": PERCENT,
    "‰": PER_MILLE,
    "‱": BASIS_POINT,
    "成": Fraction(1, 10),
    "个百分点": PERCENT,
    "个千分点": PER_MILLE,
    "个基点": BASIS_POINT,
}

_TABLES = tables_of("words.toml")
SIGNS: list[str] = _TABLES["signs"].split()
HEDGES: dict[str, list[str]] = _TABLES["hedges"]
MEASURES: tuple[str, ...] = tuple(_TABLES["measures"].split())
CLASSIFIERS: tuple[str, ...] = tuple(_TABLES["classifiers"].split())
UNITS = (*MEASURES, *CLASSIFIERS)  # words that a number is counted in
TIME: tuple[str, ...] = tuple(_TABLES["time"].split())
ALIASES: dict[str, str] = _TABLES["aliases"]
SCALED = scaled_units(_TABLES["scaled"])
CURRENCIES: dict[str, str] = _TABLES["currencies"]
PREFIXES: dict[str, str] = _TABLES["prefixes"]
SYMBOLS: dict[str, str] = _TABLES["symbols"]
NOT_BEFORE: dict[str, str] = _TABLES["not_before"]
_SAME: dict[str, str] = _TABLES["same"]
_ONLY_BELOW: list[str] = _TABLES["only_below"].split()
_NOT_COUNTED = ("倍", "百分点", "千分点")  # words of numbers, which count nothing


def _is_latin_unit(word: str) -> bool:
    if word.startswith("μ"):
        return True
    return word[0].isascii() and word not in _ONLY_BELOW and word != "RMB"


def _is_code(word: str) -> bool:
    return word.isascii() and word.isalpha()


LATIN_UNITS = tuple(filter(_is_latin_unit, (*ALIASES, *SCALED, "BP", "BPs", "bp", "bps")))
CODES = tuple(filter(_is_code, CURRENCIES))  # RMB, USD


def canonical(unit: str) -> str:
    """The unit under which equal units compare equal: 名 and 位 are 人, 日 is 天."""
    return re.sub("[^/·]+", lambda word: _SAME.get(word[0], word[0]), unit)


def unit_name(word: str, *, below: bool = False) -> str:
    """What a word names as a unit, or nothing; some words name one only after a `/`.

    >>> unit_name("TEU"), unit_name("μg"), unit_name("家"), unit_name("的"), unit_name("a", below=True)
    ('标准箱', '微克', '家', '', '年')
    """
    counts_times = word.endswith("次") and word[:-1] in CLASSIFIERS
    if word in UNITS or counts_times:
        return word
    if word in _ONLY_BELOW and not below:
        return ""
    return ALIASES.get(word, "")


def is_counted(unit: str) -> bool:
    """Whether whole numbers of this unit are exact: things that are counted, whole years, months, days and hours.

    >>> is_counted("家"), is_counted("元"), is_counted("年"), is_counted("张/家"), is_counted("")
    (True, False, True, False, True)
    """
    if unit in TIME:
        return True
    is_compound = "/" in unit or "·" in unit
    return unit not in MEASURES and unit not in _NOT_COUNTED and not is_compound

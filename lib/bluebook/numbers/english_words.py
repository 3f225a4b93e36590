"""The words of printed numbers in English, as english.toml has them; units are named as in Chinese."""

from __future__ import annotations

from fractions import Fraction

from bluebook.numbers.words import ALIASES, BASIS_POINT, PER_MILLE, PERCENT, by_word, scaled_units, tables_of, unit_name

_TABLES = tables_of("english.toml")
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = {word: number for number, word in enumerate(ONES)}
DIGITS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
MAGNITUDES: dict[str, int] = _TABLES["magnitudes"]
PARTS: dict[str, int] = _TABLES["parts"]
SIGNS: list[str] = _TABLES["signs"]
HEDGES: dict[str, list[str]] = _TABLES["hedges"]
HEDGES_BEHIND: dict[str, str] = _TABLES["hedges_behind"]
CURRENCIES: dict[str, str] = _TABLES["currencies"]
MONEY: dict[str, str] = _TABLES["money"]  # behind an amount
UNITS: dict[str, str] = _TABLES["units"]
SYMBOLS: tuple[str, ...] = tuple(_TABLES["symbols"].split())
SCALED = scaled_units(_TABLES["scaled"])
FACTORS: dict[str, str] = _TABLES["factors"]
PER: dict[str, str] = _TABLES["per"]
RATIOS: dict[str, tuple[Fraction, str]] = {  # what one of them is worth, and its unit
    **dict.fromkeys(("%", "percent", "per cent", "pct"), (PERCENT, "")),
    **dict.fromkeys(("‰", "per mille", "per thousand"), (PER_MILLE, "")),
    **dict.fromkeys(("percentage point", "percentage points", "pp"), (PERCENT, "百分点")),
    **dict.fromkeys(("per-mille point", "per-mille points"), (PER_MILLE, "千分点")),
    **dict.fromkeys(("basis point", "basis points", "bp", "bps"), (BASIS_POINT, "百分点")),
}
SMALLER_IN_LARGER = {  # how many of the smaller unit of a length of time make the larger
    ("year", "month"): 12,
    ("day", "hour"): 24,
    ("hour", "minute"): 60,
    ("minute", "second"): 60,
}
TENS_IN_CHINESE = {10**6: "百万", 10**5: "10万", 10**4: "万", 1000: "千", 100: "百"}
LONGEST_UNIT = max(map(len, (*UNITS, *SYMBOLS))) + 2


HEDGE_OF = by_word(HEDGES)


def named(word: str) -> str:
    """The unit that an English word or a symbol names; empty where it names none.

    >>> named("tonnes"), named("µg"), named("households")
    ('吨', '微克', '')
    """
    if word in SYMBOLS:
        return ALIASES.get(word.replace("µ", "μ"), "") or unit_name(word)
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"), "")


def tens(count: str) -> str:
    """A power of ten in Chinese, as it stands before what a number is per: 10,000 is 万."""
    word = count.removeprefix("1 ")
    number = MAGNITUDES.get(word) or int(count.replace(",", ""))
    return TENS_IN_CHINESE.get(number, str(number))

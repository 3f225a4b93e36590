"""Numerals in Chinese and in digits: their value, and what their last unit is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from bluebook.numbers.words import DIGITS, MAGNITUDES, TENS

ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.(?!(?:19|20)\d\d[年/])\d+)?"
NUMERALS = "零〇一二两三四五六七八九十廿卅百千万亿"
CHINESE = rf"[{NUMERALS}]+兆?"
POWERS = "".join(MAGNITUDES)
_POWERS_FOR_SHORT = "百千万亿"  # 三千五 is 3500


def chinese(word: str) -> Fraction:
    """The value of a Chinese numeral, positional (二〇二〇) or with powers (三百二十, 一亿二千万).

    >>> int(chinese("一百零五")), int(chinese("十")), int(chinese("二〇二〇")), int(chinese("两亿三千万"))
    (105, 10, 2020, 230000000)
    >>> float(chinese("七点二")), int(chinese("一点五亿")), int(chinese("廿八")), int(chinese("三千五"))
    (7.2, 150000000, 28, 3500)
    """
    whole, point, behind = word.partition("点")
    if point:
        return _with_decimals(whole, behind)
    if len(word) > 1 and all(character in DIGITS for character in word):
        digits = "".join(str(DIGITS[character]) for character in word)
        return Fraction(int(digits))
    return Fraction(_with_powers(word))


def _with_decimals(whole: str, behind: str) -> Fraction:
    """一点五亿: digits behind the point, and the powers behind those."""
    digits = behind.rstrip(POWERS)
    powers = behind[len(digits) :]
    fraction = chinese("零" + digits) / 10 ** len(digits)
    return (chinese(whole) + fraction) * power_of(powers)


def _with_powers(word: str) -> int:
    """三百二十, 一亿二千万: each digit times the power behind it."""
    total = section = digit = 0  # a section is what stands before 万 or 亿
    for character in word:
        if character in DIGITS:
            digit = DIGITS[character]
            continue
        if character in TENS:
            section += TENS[character]
            digit = 0
            continue
        power = MAGNITUDES[character]
        if power < 10**4:
            section += (digit or 1) * power
        elif total < power:
            total = (total + section + digit or 1) * power
            section = 0
        else:
            total += (section + digit) * power
            section = 0
        digit = 0
    if _ends_short(word):
        digit = digit * MAGNITUDES[word[-2]] // 10  # 三千五 is 3500, 三千零五 is 3005
    return total + section + digit


def _ends_short(word: str) -> bool:
    """Whether the last digit stands for tens, hundreds …, because its power is left out: 三千五."""
    return len(word) > 2 and word[-1] in DIGITS and word[-2] in _POWERS_FOR_SHORT


def spoken_step(word: str) -> Fraction:
    """What the last unit of a numeral that is spoken is worth.

    >>> [int(spoken_step(word)) for word in ("五亿二千九百万", "十二万三千", "三千四百亿", "一百零五", "一点五亿")]
    [1000000, 1000, 10000000000, 1, 10000000]
    """
    _, point, behind = word.partition("点")
    if point:
        digits = behind.rstrip(POWERS)
        powers = behind[len(digits) :]
        return power_of(powers) / 10 ** len(digits)
    without_powers = word.rstrip(POWERS)
    if without_powers == word and _ends_short(word):
        return Fraction(MAGNITUDES[word[-2]], 10)
    return power_of(word[len(without_powers) :])


@cache
def power_of(characters: str) -> Fraction:
    """The product of powers: 百万 is a million; of none, 1."""
    factors = [MAGNITUDES[character] for character in characters]
    return Fraction(math.prod(factors))


@dataclass(frozen=True, slots=True)
class Digits:
    """A number in digits, and how many of them are decimals."""

    value: Fraction
    decimals: int

    @property
    def step(self) -> Fraction:
        """One unit of the last digit."""
        return Fraction(1, 10**self.decimals)


def digits(text: str) -> Digits:
    """The number that digits are, with their commas: 2,184.60 has two decimals."""
    whole, _, decimals = text.replace(",", "").partition(".")
    denominator = 10 ** len(decimals)
    return Digits(Fraction(int(whole + decimals), denominator), len(decimals))


def value_of(word: str) -> Fraction:
    """The value of digits or of a Chinese numeral."""
    return digits(word).value if word[0].isdigit() else chinese(word)


def step_of(word: str) -> Fraction:
    """What one unit of the last digit is worth; of a Chinese numeral, at most one."""
    if word[0].isdigit():
        return digits(word).step
    return min(spoken_step(word), Fraction(1))

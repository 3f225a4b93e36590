"""The core of a printed number in Chinese: digits, words, and what a number is said with instead of either.

    core = digits [万|亿 …] {digits 万 …} | words | 三五 | 五成二 | 三分之一 | 1/10 | 一半 | 翻一番

Each form has a reader, which says what stands at a place of a text and where it ends, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.chinese_units import unit_at
from bluebook.numbers.numerals import (
    ARABIC,
    CHINESE,
    NUMERALS,
    chinese,
    digits,
    power_of,
    spoken_step,
    step_of,
    value_of,
)
from bluebook.numbers.words import DIGITS, MAGNITUDES

ONE_HALF = Fraction(1, 2)
ONE_TENTH = Fraction(1, 10)
ONE_HUNDREDTH = Fraction(1, 100)
SOME = (2, 9)  # 几 is two to nine
UNITS_WITH_KILO = ("瓦", "米", "克", "伏", "卡")  # 千 before them is theirs: 一千瓦
POINT = re.compile("个?百分点|个?千分点|个?基点")
_TAIL_POWERS = r"(?:[百千万亿]|兆(?![瓦赫字比欧帕焦]))"
_SPOKEN = re.compile(rf"{CHINESE}(?:点[零〇一二三四五六七八九]+{_TAIL_POWERS}*)?")
_POWERS = re.compile(r"(?:[十百万亿]|千(?![瓦米克伏卡])|兆(?![瓦赫字比欧帕焦]))*")
_DIGITS = re.compile(ARABIC)
_HALF = re.compile(r"一半|半数|半")
_DOUBLED = re.compile(r"翻了?([一两二三四])?番")
_PARTS = re.compile(rf"(几|[{NUMERALS}]+|\d+)分之(几|{ARABIC}|{_SPOKEN.pattern})")
_SLASHED = re.compile(r"(\d+(?:\.\d+)?)/((?:10{0,2})?[百千万]+|10+|[1-9]\d{0,2})(?![\d.年月日/])")
_PAIR = re.compile(
    r"(?P<tens>[二三四五六七八九]?十|[一二两三四五六七八九][百千])?(?P<first>[一二两三四五六七八])(?P<second>[二两三四五六七八九])"
    rf"(?P<power>[十百千]?[万亿]?)(?![{NUMERALS}])"
)
_TIMES = re.compile(
    rf"(?P<first>\d{{1,3}}|[{NUMERALS}]{{1,3}})(?P<large>年|天|个?小时|分钟?)零?(?P<second>\d{{1,2}}|[{NUMERALS}]{{1,3}})"
    r"(?=(?P<small>个月|月(?!\d|底|初|末|份)|小时|分钟|分|秒)(?![钟时之]))"
)
_SMALLER_IN_LARGER = {  # how many of a smaller unit of time make a larger
    ("年", "个月"): 12,
    ("年", "月"): 12,
    ("天", "小时"): 24,
    ("小时", "分钟"): 60,
    ("小时", "分"): 60,
    ("分钟", "秒"): 60,
    ("分", "秒"): 60,
}


@dataclass(frozen=True, slots=True)
class Core:
    """The number itself, read from its digits or words, in plain units."""

    end: int
    value: Fraction
    step: Fraction = Fraction(1)
    scale: Fraction = Fraction(1)
    is_whole: bool = False
    spoken: Fraction | None = None
    high: Fraction | None = None
    kind: str = "digits"  # or words, pair, parts, half, half unit, doubled, time


def core_at(text: str, at: int, until: int, *, is_hedged: bool) -> Core | None:
    """The core at a place; 半 alone is a word rather than a number, unless it is hedged."""
    readers = _FROM_DIGITS if text[at : at + 1].isdigit() else _FROM_WORDS
    for reader in readers:
        core = reader(text, at, until)
        if core is None:
            continue
        is_half_alone = core.kind == "half" and text[at : core.end] == "半"
        if is_hedged or not is_half_alone:
            return core
    return None


# digits


def _in_digits(text: str, at: int, until: int) -> Core | None:
    """Digits with their powers, also several (2万7,470, 4亿1千万)."""
    match = _DIGITS.match(text, at, until)
    if match is None:
        return None
    number = digits(match[0])
    powers = _POWERS.match(text, match.end(), until)
    assert powers is not None  # it may be empty
    is_integer = number.decimals == 0
    if not powers[0]:
        return Core(match.end(), number.value, number.step, is_whole=is_integer)
    scale = power_of(powers[0])
    core = Core(powers.end(), number.value * scale, scale / 10**number.decimals, scale)
    return _with_lower_digits(text, until, core) if is_integer else core


def _with_lower_digits(text: str, until: int, core: Core) -> Core:
    """A number with the further digits behind its power, each worth less than the power before: 2万7,470."""
    below = core.scale
    while below > 1:
        match = _DIGITS.match(text, core.end, until)
        powers = _POWERS.match(text, match.end(), until) if match else None
        if match is None or powers is None:
            return core
        number = digits(match[0])
        scale = power_of(powers[0])
        further = number.value * scale
        is_short = scale == 1 and len(match[0]) < 3
        if further >= below or is_short:
            return core
        step = number.step * scale
        core = replace(core, end=powers.end(), value=core.value + further, step=step, is_whole=step == 1)
        if number.decimals or not powers[0]:
            return core
        below = scale
    return core


def _slashed(text: str, at: int, until: int) -> Core | None:
    """1/10, 15.1/10万."""
    match = _SLASHED.match(text, at, until)
    if match is None:
        return None
    part = digits(match[1])
    whole = _whole_below_slash(match[2])
    is_large = whole >= 10**4
    is_usual = whole < 10 or whole in (10, 100, 1000) or is_large
    is_part = is_usual or part.value == 1
    is_above_whole = part.value >= whole and not is_large
    if whole <= 1 or not is_part or is_above_whole:
        return None
    end = match.end()
    is_of_people = match[2][-1] == "万" and text[end : end + 1] in ("人", "名")
    if is_of_people and end < until:
        end += 1  # of people to people: 15.1/10万人
    return Core(end, part.value / whole, part.step / whole, 1 / whole, kind="parts")


def _whole_below_slash(word: str) -> Fraction:
    number = word.rstrip("百千万")
    powers = word[len(number) :]
    return int(number or 1) * power_of(powers)


# words


def _in_words(text: str, at: int, until: int) -> Core | None:
    """A number in Chinese words; of 万 and 亿 it is told to its last spoken unit."""
    match = _SPOKEN.match(text, at, until)
    if match is None:
        return None
    word = match[0]
    end = match.end()
    is_kilo_of_unit = word[-1] == "千" and text[end : end + 1] in UNITS_WITH_KILO
    if is_kilo_of_unit and len(word) > 1:
        word = word[:-1]
        end -= 1
    spoken = spoken_step(word)
    large_powers = [Fraction(MAGNITUDES[character]) for character in word if character in "万亿兆"]
    scale = max(large_powers, default=Fraction(1))
    is_rounded = scale > 1 and spoken > 1
    step = spoken if spoken < 1 or is_rounded else Fraction(1)
    is_whole = spoken >= 1 and not is_rounded
    return Core(end, chinese(word), step, scale, is_whole, spoken, kind="words")


def _pair(text: str, at: int, until: int) -> Core | None:
    """Two digits in a row for a range: 三五年, 七八十, 十五六, 三四百万."""
    match = _PAIR.match(text, at, until)
    if match is None:
        return None
    first = DIGITS[match["first"]]
    second = DIGITS[match["second"]]
    are_neighbours = second == first + 1
    if not are_neighbours and (first, second) != (3, 5):
        return None
    power = match["power"]
    before = chinese(match["tens"]) if match["tens"] else Fraction(0)
    if before and not _is_power_below(match["tens"], power):
        return None
    if before >= 100:  # 一百三四十万: the digits have a power of their own before that of the whole
        inner = power_of(power[:1])
        outer = power_of(power[1:])
    else:
        inner = power_of(power)
        outer = Fraction(1)
        before *= inner
    low = (before + first * inner) * outer
    high = (before + second * inner) * outer
    scale = max(power_of(power), Fraction(1))
    return Core(match.end(), low, inner * outer, scale, high=high, kind="pair")


def _is_power_below(before: str, power: str) -> bool:
    """Whether the power behind two digits fits what stands before them: 十五六万, 一百三四十, not 十五六百."""
    if chinese(before) < 100:
        return power[:1] not in ("十", "百", "千")
    if not power or power[0] not in "十百":
        return False
    return MAGNITUDES[power[0]] < MAGNITUDES[before[-1]]


def _time(text: str, at: int, until: int) -> Core | None:
    """A length of time told in two units, in the smaller of them: 3年6个月 is 42, before 个月."""
    match = _TIMES.match(text, at, until)
    if match is None:
        return None
    large_unit = match["large"].removeprefix("个")
    smaller_in_larger = _SMALLER_IN_LARGER[large_unit, match["small"]]
    large = value_of(match["first"])
    small = value_of(match["second"])
    if small >= smaller_in_larger:
        return None
    value = large * smaller_in_larger + small
    return Core(match.end(), value, is_whole=True, kind="time")


# parts and multiples


def _parts(text: str, at: int, until: int) -> Core | None:
    """三分之一, 百分之四点一, 几分之一: told to one part, or to the last digit of their hundredths."""
    match = _PARTS.match(text, at, until)
    if match is None:
        return None
    if "几" in (match[1], match[2]):
        return _some_parts(match)
    whole = value_of(match[1])
    if not whole:
        return None
    part = value_of(match[2])
    step = step_of(match[2])
    return Core(match.end(), part / whole, step / whole, 1 / whole, kind="parts")


def _some_parts(match: re.Match[str]) -> Core | None:
    """几分之一 is from a ninth to a half, 百分之几 from 2 % to 9 %."""
    if match[1] == match[2]:
        return None
    fewest, most = SOME
    if match[1] == "几":
        part = value_of(match[2])
        return Core(match.end(), part / most, ONE_HUNDREDTH, ONE_HUNDREDTH, high=part / fewest, kind="parts")
    whole = value_of(match[1])
    return Core(match.end(), fewest / whole, 1 / whole, 1 / whole, high=most / whole, kind="parts")


def _half(text: str, at: int, until: int) -> Core | None:
    """一半 and 半数 are five tenths; 半 before a unit is exactly half of one."""
    match = _HALF.match(text, at, until)
    if match is None:
        return None
    end = match.end()
    is_of_all = match[0] != "半" or text[max(0, at - 1) : at] == "过"
    if is_of_all or not _is_unit_at(text, end, until):
        return Core(end, ONE_HALF, ONE_TENTH, ONE_TENTH, kind="half")
    return Core(end, ONE_HALF, ONE_HALF, is_whole=True, kind="half unit")


def _is_unit_at(text: str, at: int, until: int) -> bool:
    if POINT.match(text, at, until):
        return True
    return unit_at(text, at, until).name != ""


def _doubled(text: str, at: int, until: int) -> Core | None:
    """翻一番 is growth of 100 %, 翻两番 of 300 %, each to half of its 倍."""
    match = _DOUBLED.match(text, at, until)
    if match is None:
        return None
    times = int(chinese(match[1] or "一"))
    growth = 2**times - 1
    return Core(match.end(), Fraction(growth), Fraction(1), ONE_HUNDREDTH, kind="doubled")


_Reader = Callable[[str, int, int], Core | None]
_FROM_DIGITS: tuple[_Reader, ...] = (_parts, _slashed, _time, _in_digits)
_FROM_WORDS: tuple[_Reader, ...] = (_doubled, _parts, _half, _pair, _time, _in_words)

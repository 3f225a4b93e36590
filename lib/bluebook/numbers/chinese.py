"""The grammar of a printed number in Chinese, read from left to right without going back.

    number  = [sign] [hedge] [currency] core [over] [ratio | unit] [rest] [hedge]
    core    = digits [万|亿 …] {digits 万 …} | words | 三五 | 五成二 | 三分之一 | 1/10 | 一半 | 翻一番

`form_at` finds the longest such form at a place of a text; `stated` is what it says. Texts are those of
`characters.tight`.

The module is long because a grammar is one thing: each form of the core is a function of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from bluebook.numbers.bounds import Stated
from bluebook.numbers.words import (
    ALIASES,
    CURRENCIES,
    DIGITS,
    HEDGES,
    MAGNITUDES,
    NOT_BEFORE,
    RATIOS,
    SCALED,
    SIGNS,
    TENS,
    UNITS,
    unit_name,
)

ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.(?!(?:19|20)\d\d[年/])\d+)?"
NUMERALS = "零〇一二两三四五六七八九十廿卅百千万亿"
CHINESE = rf"[{NUMERALS}]+兆?"
_TAIL_POWERS = r"(?:[百千万亿]|兆(?![瓦赫字比欧帕焦]))"
_SPOKEN = re.compile(rf"{CHINESE}(?:点[零〇一二三四五六七八九]+{_TAIL_POWERS}*)?")
_POWERS = re.compile(r"(?:[十百万亿]|千(?![瓦米克伏卡])|兆(?![瓦赫字比欧帕焦]))*")
_DIGITS = re.compile(ARABIC)


def _one_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


HEDGE_OF = {word: hedge for hedge, words in HEDGES.items() for word in words}
_ABOVE = {"over", "at least"}
_SIDES = (_ABOVE, {"under", "at most"}, {"nearly"})  # words that say the same side of a number
_LATER = ("以上", "以下", "以内", "左右", "上下")
_GUARDED = (*"余多来几上过破+", *_LATER)
_SIGN = re.compile(rf"(?:{_one_of(SIGNS)})了?")
_BEFORE = re.compile(
    rf"(?:{_one_of([word for word in HEDGE_OF if word not in _GUARDED])})了?"
    r"|上(?=[百千万亿])|过(?=[百千万亿]|[一二两三四五六七八九]成|半(?!年|天|小时|个))|破(?=[百千万亿]|\d+(?:\.\d+)?[万亿%成])"
)
_AFTER = re.compile(_one_of(list(_LATER)))
_CURRENCY = re.compile(_one_of(list(CURRENCIES)))
_RATIO = re.compile(r"%|‰|‱|个?百分点|个?千分点|个?基点|[Bb][Pp]s?(?![A-Za-z])|成(?![立为员果本功绩长交品套才熟都就])")
_POINT = re.compile("个?百分点|个?千分点|个?基点")
_OVER = re.compile(r"[余多](?!数|样|少)|来(?=[万亿%]|个|{0})|\+(?!\d)".replace("{0}", _one_of(list(UNITS))))
_SOME = re.compile(r"几(?!乎|率|何|年|天)")
_LATE = re.compile(r"[百千]?[万亿]|兆(?![瓦赫字比欧帕焦])")
_HALF = re.compile(r"一半|半数|半")
_DOUBLED = re.compile(r"翻了?([一两二三四])?番")
_PARTS = re.compile(rf"(几|[{NUMERALS}]+|\d+)分之(几|{ARABIC}|{_SPOKEN.pattern})")
_SLASHED = re.compile(r"(\d+(?:\.\d+)?)/((?:10{0,2})?[百千万]+|10+|[1-9]\d{0,2})(?![\d.年月日/])")
_PAIR = re.compile(
    r"(?P<tens>[二三四五六七八九]?十|[一二两三四五六七八九][百千])?(?P<first>[一二两三四五六七八])(?P<second>[二两三四五六七八九])"
    rf"(?P<power>[十百千]?[万亿]?)(?![{NUMERALS}])"
)
_IN_TIME = {  # how many of a smaller unit make a larger
    ("年", "个月"): 12, ("年", "月"): 12, ("天", "小时"): 24, ("小时", "分钟"): 60, ("小时", "分"): 60,
    ("分钟", "秒"): 60, ("分", "秒"): 60,
}  # fmt: skip
_TIMES = re.compile(
    rf"(?P<first>\d{{1,3}}|[{NUMERALS}]{{1,3}})(?P<large>年|天|个?小时|分钟?)零?(?P<second>\d{{1,2}}|[{NUMERALS}]{{1,3}})"
    r"(?=(?P<small>个月|月(?!\d|底|初|末|份)|小时|分钟|分|秒)(?![钟时之]))"
)
_REST = re.compile(r"半(?:小时|个?月|钟头)|[余多](?:小时|月|星期|百分点)|半|[余多](?!数|样|少)")
_BELOW = re.compile(r"/(?P<open>\(?)(?P<power>(?:10+)?[十百千万]*)")  # 升/人·日, L/(人·d)
BEGINNING = re.compile("|".join(map(re.escape, (*SIGNS, *HEDGE_OF, *CURRENCIES, "翻", "几", "半"))))  # of a number
_POINTS = {"百分点": "百分点", "千分点": "千分点", "基点": "百分点"}  # basis points are told as percentage points
_LONGEST_UNIT = max(map(len, (*UNITS, *ALIASES, *SCALED)))


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
    kind: str = "digits"  # or words, pair, parts, half, doubled, time


@dataclass(frozen=True, slots=True)
class Form:
    """A printed number as it stands in a text: where it begins and ends, and its parts.

    `digits_end` is where its digits or words end, `tail` where its 万, %, unit begin: what a list says once.
    """

    string: str
    begin: int
    stop: int
    sign: str
    hedges: tuple[str, ...]
    core: Core
    core_begin: int
    digits_end: int
    tail_end: int
    ratio: str
    tenths: str
    unit: str
    unit_scale: Fraction
    rest: str
    currency: str

    def start(self) -> int:
        return self.begin

    def end(self) -> int:
        return self.stop

    def __getitem__(self, group: int) -> str:
        return self.string[self.begin : self.stop]

    @property
    def is_bare(self) -> bool:
        """Whether neither 万 nor % nor a unit says what the number is of."""
        return self.tail_end == self.digits_end and not self.currency

    @property
    def tail(self) -> str:
        return self.string[self.digits_end : self.tail_end]


def chinese(word: str) -> Fraction:
    """The value of a Chinese numeral, positional (二〇二〇) or with powers (三百二十, 一亿二千万).

    >>> int(chinese("一百零五")), int(chinese("十")), int(chinese("二〇二〇")), int(chinese("两亿三千万"))
    (105, 10, 2020, 230000000)
    >>> float(chinese("七点二")), int(chinese("一点五亿")), int(chinese("廿八")), int(chinese("三千五"))
    (7.2, 150000000, 28, 3500)
    """
    whole, point, tail = word.partition("点")
    if point:
        digits = tail.rstrip("".join(MAGNITUDES))
        return (chinese(whole) + chinese("零" + digits) / 10 ** len(digits)) * _power(tail[len(digits) :])
    if len(word) > 1 and all(character in DIGITS for character in word):
        return Fraction(int("".join(str(DIGITS[character]) for character in word)))
    total = section = digit = 0
    for character in word:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in TENS:
            section, digit = section + TENS[character], 0
        elif MAGNITUDES[character] < 10**4:
            section, digit = section + (digit or 1) * MAGNITUDES[character], 0
        elif total < MAGNITUDES[character]:
            total, section, digit = (total + section + digit or 1) * MAGNITUDES[character], 0, 0
        else:
            total, section, digit = total + (section + digit) * MAGNITUDES[character], 0, 0
    if len(word) > 2 and word[-1] in DIGITS and word[-2] in "百千万亿":
        digit = digit * MAGNITUDES[word[-2]] // 10  # 三千五 is 3500, 三千零五 is 3005
    return Fraction(total + section + digit)


def spoken_step(word: str) -> Fraction:
    """What the last unit of a numeral that is spoken is worth.

    >>> [int(spoken_step(word)) for word in ("五亿二千九百万", "十二万三千", "三千四百亿", "一百零五", "一点五亿")]
    [1000000, 1000, 10000000000, 1, 10000000]
    """
    _, point, tail = word.partition("点")
    if point:
        digits = tail.rstrip("".join(MAGNITUDES))
        return _power(tail[len(digits) :]) / 10 ** len(digits)
    bare = word.rstrip("".join(MAGNITUDES))
    if bare == word and len(word) > 2 and word[-1] in DIGITS and word[-2] in "百千万亿":
        return Fraction(MAGNITUDES[word[-2]], 10)
    return _power(word[len(bare) :])


@cache
def _power(words: str) -> Fraction:
    return Fraction(math.prod(map(MAGNITUDES.__getitem__, words)))


# the parts of a number, each read at a place: what it is and where it ends, or nothing


def _digits(text: str, at: int, until: int) -> Core | None:
    """Digits with their powers, also several (2万7,470, 4亿1千万)."""
    first = _DIGITS.match(text, at, until)
    if first is None:
        return None
    number, decimals = _plain(first[0])
    powers = _POWERS.match(text, first.end(), until)
    assert powers is not None  # it may be empty
    if not powers[0]:
        return Core(first.end(), number, Fraction(1, 10**decimals), is_whole=not decimals)
    scale = _power(powers[0])
    core = Core(powers.end(), number * scale, scale / 10**decimals, scale, is_whole=scale == 1 and not decimals)
    below = scale
    while not decimals and powers[0] and below > 1:
        more = _DIGITS.match(text, powers.end(), until)
        powers = _POWERS.match(text, more.end(), until) if more else None
        if more is None or powers is None:
            break
        number, decimals = _plain(more[0])
        scale = _power(powers[0])
        if not number * scale < below or (scale == 1 and len(more[0]) < 3):
            break
        step = scale / 10**decimals
        core = Core(powers.end(), core.value + number * scale, step, core.scale, is_whole=step == 1)
        below = scale
    return core


def _plain(digits: str) -> tuple[Fraction, int]:
    whole, _, decimals = digits.replace(",", "").partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals)), len(decimals)


def _number_in_words(text: str, at: int, until: int) -> Core | None:
    """A number in Chinese words; of 万 and 亿 it is told to its last spoken unit."""
    match = _SPOKEN.match(text, at, until)
    if match is None:
        return None
    word = match[0]
    end = match.end()
    if word[-1] == "千" and text[end : end + 1] in ("瓦", "米", "克", "伏", "卡") and len(word) > 1:
        word, end = word[:-1], end - 1
    value = chinese(word)
    spoken = spoken_step(word)
    scale = max((Fraction(MAGNITUDES[character]) for character in word if character in "万亿兆"), default=Fraction(1))
    is_rounded = scale > 1 and spoken > 1
    step = spoken if spoken < 1 or is_rounded else Fraction(1)
    return Core(end, value, step, scale, is_whole=spoken >= 1 and not is_rounded, spoken=spoken, kind="words")


def _pair(text: str, at: int, until: int) -> Core | None:
    """Two digits in a row for a range: 三五年, 七八十, 十五六, 三四百万; and 几 is two to nine."""
    match = _PAIR.match(text, at, until)
    if match is None:
        return None
    first, second = DIGITS[match["first"]], DIGITS[match["second"]]
    if not (second == first + 1 or (first, second) == (3, 5)):
        return None
    power = match["power"]
    tens = chinese(match["tens"]) if match["tens"] else Fraction(0)
    if tens >= 100 and (not power or power[0] not in "十百" or MAGNITUDES[power[0]] >= MAGNITUDES[match["tens"][-1]]):
        return None
    if tens and tens < 100 and power[:1] in ("十", "百", "千"):
        return None
    inner = _power(power[:1]) if tens >= 100 else _power(power)
    outer = _power(power[1:]) if tens >= 100 else Fraction(1)
    if tens < 100:
        tens = tens * inner
        low, high = tens + first * inner, tens + second * inner
    else:
        low, high = (tens + first * inner) * outer, (tens + second * inner) * outer
    scale = max(_power(power), Fraction(1))
    return Core(match.end(), low, inner * outer, scale, high=high, kind="pair")


def _parts(text: str, at: int, until: int) -> Core | None:
    """三分之一, 百分之四点一, 几分之一: told to one part, or to the last digit of their hundredths."""
    match = _PARTS.match(text, at, until)
    if match is None:
        return None
    if match[1] == "几" or match[2] == "几":
        return _some_parts(match)
    whole = _worded(match[1])
    part, step = _worded(match[2]), _worded_step(match[2])
    if not whole:
        return None
    return Core(match.end(), part / whole, step / whole, 1 / whole, kind="parts")


def _some_parts(match: re.Match[str]) -> Core | None:
    """几分之一 is from a ninth to a half, 百分之几 from 2 % to 9 %: 几 is two to nine."""
    if match[1] == match[2]:
        return None
    if match[1] == "几":
        part = _worded(match[2])
        return Core(match.end(), part / 9, Fraction(1, 100), Fraction(1, 100), high=part / 2, kind="parts")
    whole = _worded(match[1])
    return Core(match.end(), 2 / whole, 1 / whole, 1 / whole, high=9 / whole, kind="parts")


def _worded(word: str) -> Fraction:
    return _plain(word)[0] if word[0].isdigit() else chinese(word)


def _worded_step(word: str) -> Fraction:
    if word[0].isdigit():
        return Fraction(1, 10 ** _plain(word)[1])
    return min(spoken_step(word), Fraction(1))


def _slashed(text: str, at: int, until: int) -> Core | None:
    """1/10, 15.1/10万."""
    match = _SLASHED.match(text, at, until)
    if match is None:
        return None
    part, decimals = _plain(match[1])
    digits = match[2].rstrip("百千万")
    whole = Fraction(int(digits or 1)) * _power(match[2][len(digits) :])
    is_part = whole in (10, 100, 1000) or whole < 10 or whole >= 10**4 or part == 1
    if whole <= 1 or not is_part or (part >= whole and whole < 10**4):
        return None
    end = match.end()
    if match[2][-1] == "万" and text[end : end + 1] in ("人", "名") and end < until:
        end += 1  # of people to people: 15.1/10万人
    return Core(end, part / whole, Fraction(1, 10**decimals) / whole, 1 / whole, kind="parts")


def _time(text: str, at: int, until: int) -> Core | None:
    """A length of time told in two units, in the smaller of them: 3年6个月 is 42, before 个月."""
    match = _TIMES.match(text, at, until)
    if match is None:
        return None
    many = _IN_TIME[match["large"].removeprefix("个"), match["small"]]
    large, small = _worded(match["first"]), _worded(match["second"])
    if small >= many:
        return None
    return Core(match.end(), large * many + small, is_whole=True, kind="time")


def _half(text: str, at: int, until: int) -> Core | None:
    """一半 and 半数 are five tenths; 半 before a unit is exactly half of one."""
    match = _HALF.match(text, at, until)
    if match is None:
        return None
    is_of_all = match[0] != "半" or text[max(0, at - 1) : at] == "过"
    is_of_unit = _POINT.match(text, match.end(), until) is not None or _unit_at(text, match.end(), until)[0] != ""
    if is_of_all or not is_of_unit:
        return Core(match.end(), Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), kind="half")
    return Core(match.end(), Fraction(1, 2), Fraction(1, 2), is_whole=True, kind="half unit")


def _doubled(text: str, at: int, until: int) -> Core | None:
    """翻一番 is growth of 100 %, 翻两番 of 300 %, each to half of its 倍."""
    match = _DOUBLED.match(text, at, until)
    if match is None:
        return None
    growth = 2 ** int(chinese(match[1] or "一")) - 1
    return Core(match.end(), Fraction(growth), Fraction(1), Fraction(1, 100), kind="doubled")


_Reader = Callable[[str, int, int], Core | None]
_FROM_DIGITS: tuple[_Reader, ...] = (_parts, _slashed, _time, _digits)
_FROM_WORDS: tuple[_Reader, ...] = (_doubled, _parts, _half, _pair, _time, _number_in_words)


def _unit_at(text: str, at: int, until: int) -> tuple[str, int, Fraction]:
    """The unit at a place (元, 件/万人, 元/个·年), where it ends, and what one of it is worth."""
    above, end, scale = _factors_at(text, at, until)
    below = _BELOW.match(text, end, until)
    if below is None:
        return above, end, scale
    per, per_end, _ = _factors_at(text, below.end(), until, below=True)
    if per and below["open"]:
        per_end += 1
        per = per if text[per_end - 1 : per_end] == ")" else ""
    return (f"{above}/{below['power']}{per}", per_end, scale) if per else (above, end, scale)


def _factors_at(text: str, at: int, until: int, *, below: bool = False) -> tuple[str, int, Fraction]:
    unit, end, scale = _word_at(text, at, until, below=below)
    while unit and text[end : end + 1] in ("²", "³", "·") and end < until:
        if text[end] != "·":
            unit, end = unit + text[end], end + 1
            continue
        word, word_end, _ = _word_at(text, end + 1, until, below=below)
        if not word:
            break
        unit, end = f"{unit}·{word}", word_end
    return unit, end, scale


def _word_at(text: str, at: int, until: int, *, below: bool) -> tuple[str, int, Fraction]:
    """The longest word for a unit that is not the beginning of another word."""
    for size in range(min(_LONGEST_UNIT, until - at), 0, -1):
        word, end = text[at : at + size], at + size
        after = text[end : end + 1]
        if word[-1].isascii() and word[-1].isalpha() and after.isascii() and after.isalpha():
            continue
        if after and after in NOT_BEFORE.get("次" if word.endswith("次") else word, ""):
            continue
        if word in SCALED:
            worth, name = SCALED[word]
            return name, end, Fraction(worth)
        name = unit_name(word, below=below)
        if name:
            return name, end, Fraction(1)
    return "", at, Fraction(1)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the digits: sign, hedges and currency."""

    sign: str
    hedges: tuple[str, ...]
    currency: str
    end: int


def form_at(text: str, at: int = 0, until: int | None = None) -> Form | None:
    """The longest printed number that begins at a place of a text and ends before `until`."""
    until = len(text) if until is None else until
    head = _head_at(text, at, until)
    core = _core_at(text, head.end, until, is_hedged=bool(head.hedges))
    if core is None:
        return None
    end, over, late = _over_at(text, core, until)
    if core.scale > late > 1:
        core, late = _late_below(core, late), Fraction(1)
    ratio, tenths, end = _ratio_at(text, end, until, core)
    unit, worth = "", Fraction(1)
    if not ratio and core.kind not in ("parts", "half", "doubled"):
        unit, end, worth = _unit_at(text, end, until)
    if core.kind == "time" and unit == "分":
        unit = "分钟"
    tail_end = end
    rest = _rest_at(text, end, until, unit, ratio)
    more = [rest[0]] if rest[:1] in ("余", "多") else []
    end += len(rest)
    after = _AFTER.match(text, end, until)
    if after:
        more.append(after[0])
        end = after.end()
    return Form(
        string=text,
        begin=at,
        stop=end,
        sign=head.sign,
        hedges=(*head.hedges, *over, *more),
        core=core,
        core_begin=head.end,
        digits_end=_digits_end(text, head.end, core),
        tail_end=tail_end,
        ratio=ratio,
        tenths=tenths,
        unit=unit,
        unit_scale=worth if late == 1 else worth * late,
        rest=rest,
        currency=head.currency,
    )


def _head_at(text: str, at: int, until: int) -> _Head:
    """Sign, hedge and currency at a place, each if it is there; a hedge may also follow the currency."""
    hedges = []
    sign = _SIGN.match(text, at, until)
    end = sign.end() if sign else at
    before = _BEFORE.match(text, end, until)
    if before:
        hedges.append(before[0].removesuffix("了"))
        end = before.end()
    currency = _CURRENCY.match(text, end, until)
    if currency:
        inner = _BEFORE.match(text, currency.end(), until)
        end = inner.end() if inner else currency.end()
        hedges += [inner[0].removesuffix("了")] if inner else []
    said = sign[0].removesuffix("了") if sign else ""
    return _Head(said, tuple(hedges), currency[0] if currency else "", end)


def _core_at(text: str, at: int, until: int, *, is_hedged: bool) -> Core | None:
    for read in _FROM_DIGITS if text[at : at + 1].isdigit() else _FROM_WORDS:
        core = read(text, at, until)
        if core is None:
            continue
        is_word = core.kind == "half" and text[at : core.end] == "半" and not is_hedged
        if not is_word:
            return core
    return None


def _digits_end(text: str, at: int, core: Core) -> int:
    """Where the digits end and 万 or 亿 begins."""
    if core.kind not in ("digits", "words"):
        return core.end
    return at + len(text[at : core.end].rstrip("十百千万亿兆")) or core.end


def _over_at(text: str, core: Core, until: int) -> tuple[int, list[str], Fraction]:
    """余, 多, 来, 几 or + behind a number, with the 万 or 亿 that may follow (三百多万)."""
    if core.kind not in ("digits", "words", "half"):
        return core.end, [], Fraction(1)
    over = _OVER.match(text, core.end, until)
    if over is None and core.end and text[core.end - 1] in "十百千":
        over = _SOME.match(text, core.end, until)
    if over is None:
        return core.end, [], Fraction(1)
    late = _LATE.match(text, over.end(), until)
    if late is None:
        return over.end(), [over[0]], Fraction(1)
    return late.end(), [over[0]], _power(late[0])


def _late_below(core: Core, late: Fraction) -> Core:
    """The number whose last part is told in 万 behind 多: 二亿零四百多万."""
    below = core.value % core.scale
    spoken = core.spoken * late if core.spoken is not None else None
    return replace(core, value=core.value - below + below * late, step=core.step * late, spoken=spoken)


def _ratio_at(text: str, at: int, until: int, core: Core) -> tuple[str, str, int]:
    """%, 成 (with a digit behind: 五成二), 个百分点: its word, the digit, and where it ends."""
    if core.kind in ("parts", "half", "doubled"):
        return "", "", at
    ratio = (_POINT if core.kind == "half unit" else _RATIO).match(text, at, until)
    if ratio is None:
        return "", "", at
    end = ratio.end()
    if ratio[0] != "成":
        return ratio[0], "", end
    if core.value >= 10:
        return "", "", at
    digit = text[end : end + 1] if end < until else ""
    is_digit = digit != "" and digit in "一二三四五六七八九1234567899"
    follows = text[end + 1 : end + 2]
    if is_digit and not (follows and (follows in NUMERALS or follows.isdigit() or follows in ".%个家名")):
        return "成", digit, end + 1
    return "成", "", end


def _rest_at(text: str, at: int, until: int, unit: str, ratio: str) -> str:
    """What may follow a unit: 四年半, 一个半小时, 两个多月, 三成多, 八倍多."""
    if not unit and ratio != "成":
        return ""
    match = _REST.match(text, at, until)
    if match is None:
        return ""
    rest = match[0]
    if rest == "半":
        return rest if unit in ("年", "天", "岁", "小时") or ratio == "成" else ""
    if len(rest) > 1:
        return rest if unit == "个" else ""
    is_open = unit in ("年", "岁", "天", "里", "小时", "倍", "公里", "米", "吨", "元", "亩", "千克") or ratio == "成"
    return rest if is_open else ""


def stated(form: Form) -> Stated | None:
    """What a form says; nothing, where its words contradict each other or a bare 百, 万 or 半 is not said to be one."""
    hedge = _hedge(form.hedges)
    if hedge is None or _is_no_number(form):
        return None
    core = form.core
    worth, unit = _worth_and_unit(form)
    value, step = core.value, core.step
    if form.tenths:
        value, step = value + Fraction(_worded(form.tenths), 10), Fraction(1, 10)
    if form.rest.startswith("半"):
        value, step = value + Fraction(1, 2), step / 2
    if worth == 1 and not form.ratio:
        return Stated(
            value, step, core.scale, unit, hedge, bool(form.sign), core.is_whole, spoken=core.spoken, high=core.high
        )
    is_spoken = core.spoken is not None and not form.ratio and worth >= 1
    return Stated(
        value=value * worth,
        step=step * worth,
        scale=(Fraction(1) if form.ratio else core.scale) * worth,
        unit=unit,
        hedge=hedge,
        is_negative=bool(form.sign),
        is_whole=core.is_whole and worth == 1,
        spoken=core.spoken * worth if is_spoken and core.spoken is not None else None,
        high=core.high * worth if core.high is not None else None,
    )


def _hedge(words: tuple[str, ...]) -> str | None:
    """What the words around a number say together (约200余家, 超过50%以上); nothing, where they contradict each other.

    >>> _hedge(("约", "余")), _hedge(("超过", "以上")), _hedge(()), _hedge(("超过", "以下"))
    ('over', 'over', '', None)
    """
    said = [HEDGE_OF[word] for word in words]
    sharper = [hedge for hedge in said if hedge != "about"]
    if not sharper:
        return said[0] if said else ""
    is_one_way = any(set(sharper) <= side for side in _SIDES)
    is_about_fitting = len(sharper) == len(said) or set(sharper) <= _ABOVE
    return sharper[0] if is_one_way and is_about_fitting else None


def _is_no_number(form: Form) -> bool:
    """Whether a form is a word rather than a number: 万, 半, 三五 alone, or an amount in two currencies."""
    core = form.core
    words = form.string[form.core_begin : core.end]
    is_bare_power = core.kind == "words" and words[0] in "百千万亿"
    if (is_bare_power or words == "半") and core.kind != "half unit" and not form.hedges:
        return True
    if core.kind == "pair" and core.scale == 1 and form.is_bare:
        return True
    return bool(form.currency and form.unit) and form.unit not in ("元", CURRENCIES[form.currency])


def _worth_and_unit(form: Form) -> tuple[Fraction, str]:
    """What one of a form's number is worth in plain units, and its unit."""
    if form.rest.endswith("百分点"):
        return RATIOS["个百分点"], "百分点"
    if form.rest[1:]:
        return form.unit_scale, {"月": "个月", "钟头": "小时"}.get(form.rest[1:], form.rest[1:])
    if form.ratio:
        name = form.ratio.removeprefix("个")
        name = "基点" if name[0] in "Bb" else name
        worth = RATIOS.get(name) or RATIOS["个" + name]
        return form.unit_scale * worth if form.unit_scale != 1 else worth, _POINTS.get(name, "")
    return form.unit_scale, CURRENCIES[form.currency] if form.currency else form.unit

"""The words of a number in a language: 2838.5亿元 and CNY 283.85 billion, through Babel."""

from __future__ import annotations

import math
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from babel.numbers import format_compact_decimal, format_decimal

from bluebook.numbers import units

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
COMPACT_FROM = {"zh": 10**4, "en": 10**6}  # below, all digits are written: 72,000 rather than 72 thousand
COMPACT = {"zh": (10**12, 10**8, 10**4), "en": (10**12, 10**9, 10**6)}  # 万亿, 亿, 万; trillion, billion and million

HEDGES = {
    "zh": {
        "over": "超过", "at least": "不少于", "nearly": "近", "under": "不足", "at most": "不超过", "about": "约",
    },
    "en": {
        "over": "over ", "at least": "at least ", "nearly": "nearly ", "under": "under ", "at most": "at most ",
        "about": "about ",
    },
}  # fmt: skip
PREFIXES = {
    "元": "CNY ", "美元": "USD ", "港元": "HKD ", "欧元": "EUR ", "日元": "JPY ", "英镑": "GBP ", "澳元": "AUD ",
    "加元": "CAD ", "韩元": "KRW ", "瑞士法郎": "CHF ", "新加坡元": "SGD ", "卢布": "RUB ",
    "澳门元": "MOP ", "泰铢": "THB ", "林吉特": "MYR ", "越南盾": "VND ",
}  # fmt: skip
_SYMBOLS = {
    "分贝": "dB", "纳克": "ng", "毫升": "mL", "吉瓦": "GW", "千伏": "kV", "千伏安": "kVA", "兆赫": "MHz", "焦耳": "J",
    "千卡": "kcal",
    "帕": "Pa", "百帕": "hPa", "吨公里": "t·km", "平方英尺": "ft²", "英尺": "ft", "英寸": "inch",
    "坪": "ping", "度": "du",
    "平方公里": "km²", "平方千米": "km²", "平方米": "m²", "㎡": "m²", "公里": "km", "千米": "km", "米": "m",
    "厘米": "cm", "毫米": "mm", "公顷": "ha", "亩": "mu", "千克": "kg", "公斤": "kg",
    "斤": "jin", "克": "g", "毫克": "mg",
    "微克": "µg", "升": "L", "立方米": "m³", "千瓦时": "kWh", "千瓦": "kW", "兆瓦": "MW", "℃": "°C", "摄氏度": "°C",
    "标准箱": "TEU", "瓦": "W", "伏": "V", "千帕": "kPa", "兆帕": "MPa", "兆焦": "MJ", "吉焦": "GJ",
}  # fmt: skip
_WORDS = {
    "延米": "running metre", "车公里": "vehicle-kilometre", "英亩": "acre", "平方英里": "square mile", "加仑": "gallon",
    "磅": "pound", "港仙": "Hong Kong cent", "美分": "US cent",
    "英里": "mile", "盎司": "ounce", "桶": "barrel", "人公里": "passenger-kilometre",
    "吨": "tonne", "海里": "nautical mile", "年": "year", "岁": "year", "个月": "month", "月": "month", "周": "week",
    "个星期": "week", "个季度": "quarter", "天": "day", "日": "day", "个工作日": "working day", "工作日": "working day",
    "小时": "hour", "个小时": "hour", "分钟": "minute", "秒": "second", "百分点": "percentage point",
    "千分点": "per-mille point",
}  # fmt: skip
_EVERY = {"年": " a year", "月": " a month", "个月": " a month", "周": " a week", "日": " a day", "天": " a day"}
_EVERY |= {"小时": " an hour", "人": " a person", "名": " a person", "户": " a household"}
_POWER = re.compile("[²³⁴-⁹][⁰¹²³⁴-⁹]*$|[¹][⁰¹²³⁴-⁹]+$")  # of a factor: 名²
_COUNTED = {"人": "person", "名": "person", "户": "household"}  # of a compound unit; any other is a unit
SUFFIXES = {
    **{unit: (f" {symbol}", f" {symbol}") for unit, symbol in _SYMBOLS.items()},
    **{unit: (f" {word}", f" {word}s") for unit, word in _WORDS.items()},
    "吨标准煤": (" tonne of coal equivalent", " tonnes of coal equivalent"),
    "周年": (" years", " years"),
    "倍": (" times", " times"),
}
MILLIONTHS = 4  # decimals of a million that are still read at a glance
POINTS = {"百分点": 100, "千分点": 1000}  # units whose numbers are ratios, written so many times larger


def to_step(value: Fraction, step: Fraction, rounding: str = ROUND_HALF_UP) -> Decimal:
    """`value` to a whole number of `step`s, exactly; a half goes up, to the number whose bounds hold it.

    >>> to_step(Fraction(86364), Fraction(1000)), to_step(Fraction(2, 3), Fraction(1, 100))
    (Decimal('86000'), Decimal('0.67'))
    """
    ratio = value / step
    with localcontext() as context:
        context.prec = 60 + len(str(abs(ratio.numerator) // ratio.denominator))
        steps = (Decimal(ratio.numerator) / ratio.denominator).quantize(Decimal(1), rounding)
        # adding a zero of plain exponent keeps 86000 from being written 8.6E+4
        return (steps * Decimal(step.numerator) / step.denominator).normalize() + Decimal(0)


def power(value: Fraction) -> Fraction:
    """The power of ten at or below a positive value.

    >>> power(Fraction(4236)), power(Fraction(2, 100))
    (Fraction(1000, 1), Fraction(1, 100))
    """
    exponent = math.floor(math.log10(value.numerator) - math.log10(value.denominator) + 1e-12)
    return Fraction(10) ** exponent


def power_above(value: Fraction) -> Fraction:
    """The power of ten at or above a positive value.

    >>> power_above(Fraction(4236)), power_above(Fraction(1, 100))
    (Fraction(10000, 1), Fraction(1, 100))
    """
    below = power(value)
    return below if below >= value else below * 10


def bare(value: Decimal, lang: str) -> str:
    """A number without its unit: grouped digits, or 万/亿 and million/billion for large ones.

    Millions in English that would take more than four decimals are written in full, as they were counted.

    >>> bare(Decimal(17633800), "en"), bare(Decimal(17560061), "en"), bare(Decimal(17560061), "zh")
    ('17.6338 million', '17,560,061', '1756.0061万')
    """
    scale = _magnitude(value, lang)
    if scale == 1 or (scale == 10**6 and lang == "en" and decimals(value / scale) > MILLIONTHS):
        return in_full(value, lang)
    style: Literal["short", "long"] = "short" if lang == "zh" else "long"  # 万 and million: what each language has
    with _exact(value):
        digits = decimals(value / scale)
        return str(format_compact_decimal(value, format_type=style, locale=LOCALES[lang], fraction_digits=digits))


def in_full(value: Decimal, lang: str) -> str:
    """A number without its unit, with all its digits: 5,000,000."""
    with _exact(value):
        digits = decimals(value)
        return str(format_decimal(value, format="#,##0." + "#" * digits if digits else "#,##0", locale=LOCALES[lang]))


def _exact(value: Decimal) -> AbstractContextManager[Context]:
    """A context in which no digit of a number is lost."""
    return localcontext(prec=60 + len(value.as_tuple().digits) + abs(value.adjusted()))


def _magnitude(value: Decimal, lang: str) -> int:
    """What the word behind a number is worth: 万, million; 1 where there is none."""
    if abs(value) < COMPACT_FROM[lang]:
        return 1
    return next(power for power in COMPACT[lang] if abs(value) >= power)


def decimals(value: Decimal) -> int:
    """How many decimals a number has, without closing zeros."""
    return max(0, -int(value.normalize().as_tuple().exponent)) if value else 0


def last_digit(value: Decimal, lang: str) -> Fraction:
    """What one unit of the last digit of `bare` is worth.

    >>> [int(last_digit(Decimal(13_400_000), lang)) for lang in ("zh", "en")], last_digit(Decimal("2.5"), "en")
    ([10000, 100000], Fraction(1, 10))
    """
    scale = _magnitude(value, lang)
    with _exact(value):
        return Fraction(scale) / 10 ** decimals(value / scale)


def percent(value: Decimal, step: Fraction) -> str:
    """A share or rate as a percentage, with as many decimals as one `step` asks for, or more where it has more."""
    with _exact(value):
        return f"{value * 100:,.{percent_decimals(value, step)}f}%"


def percent_decimals(value: Decimal, step: Fraction) -> int:
    """How many decimals a percentage is written with."""
    wanted = max(0, -math.floor(math.log10(step * 100) + 1e-9))
    with _exact(value):
        return max(wanted, decimals(value * 100))


def with_unit(number: str, unit: str, lang: str, *, one: bool = False) -> str:
    """A number and its unit: 8.6万元/个, CNY 86,000 each.

    In English a count has no measure word: what is counted stands in the number's label.

    >>> with_unit("48.2", "件/万人", "en"), with_unit("600", "张/家", "en"), with_unit("2,121", "个·年", "en")
    ('48.2 per 10,000 people', '600 each', '2,121 unit-years')
    """
    prefix, suffix = affixes(unit, lang, one=one)
    return f"{prefix}{number}{suffix}"


def affixes(unit: str, lang: str, *, one: bool = False) -> tuple[str, str]:
    """What stands before and after a number of this unit."""
    if lang == "zh":
        return "", {"百分点": "个百分点", "千分点": "个千分点"}.get(unit, unit)
    above, _, below = unit.partition("/")
    each = _per(below, "元" in above) if below else ""
    if "·" in above or _POWER.search(above):
        return "", f" {_compound(above)}{each}"
    return PREFIXES.get(above, ""), SUFFIXES.get(above, ("", ""))[0 if one else 1] + each


def _per(below: str, is_money: bool) -> str:
    """What a number is per, in English: " each", " a year", "/m³", " per tonne", " per 10,000 people"."""
    words = below.split("·")
    if len(words) > 1:
        things = [word for word in words if _is_each(word)]
        rest = [_per(word, is_money) for word in words if word not in things]
        return (" each" if things else "") + "".join(rest)
    if below in _SYMBOLS and not is_money:
        return f"/{_SYMBOLS[below]}"
    if below in _EVERY:
        return _EVERY[below]
    worth, word = units.power_of_ten(below)
    if worth > 1:
        return f" per {PREFIXES.get(word, '')}{worth:,}{_people(word)}"
    return " each" if _is_each(below) else f" per {_factor(below)}"


def _is_each(factor: str) -> bool:
    """Whether a factor below the line counts things, which English calls each: 家, not 家² or 吨."""
    return units.is_thing(factor) and factor not in _EVERY and factor not in _SYMBOLS and not _POWER.search(factor)


def _people(word: str) -> str:
    return {"人": " people", "名": " people", "户": " households"}.get(word) or SUFFIXES.get(word, ("", ""))[1]


def _compound(above: str) -> str:
    """The factors of a product in English: person-years, CNY-units."""
    names = [_factor(factor) for factor in above.split("·")]
    is_symbol = names[-1] in _SYMBOLS.values() or names[-1].isupper() or _POWER.search(names[-1])
    return "-".join(names) + ("" if is_symbol else "s")


def _factor(factor: str) -> str:
    """One factor of a unit in English: CNY, µg, person².

    >>> _factor("吨"), _factor("元²"), _factor("家")
    ('tonne', 'CNY²', 'unit')
    """
    word = _POWER.sub("", factor)
    name = PREFIXES.get(word, "").strip() or _SYMBOLS.get(word) or _WORDS.get(word) or _COUNTED.get(word, "unit")
    return name + factor[len(word) :]


def outward(low: Fraction, high: Fraction, step: Fraction) -> tuple[Decimal, Decimal]:
    """Bounds to whole `step`s, never narrower than they were.

    >>> outward(Fraction(12781, 10000), Fraction(13768, 10000), Fraction(1, 100))
    (Decimal('1.27'), Decimal('1.38'))
    """
    return to_step(low, step, ROUND_FLOOR), to_step(high, step, ROUND_CEILING)


@dataclass(frozen=True)
class Style:
    """How the numbers of a quantity are written: in which language and unit, as percentages or not."""

    lang: str
    unit: str
    as_percent: bool

    def number(self, value: Decimal, step: Fraction) -> str:
        """A number with its unit."""
        if self.as_percent:
            return percent(value, step)
        value = self._in_points(value)
        size = value.copy_abs()  # abs() would round to 28 digits
        words = with_unit(bare(size, self.lang), self.unit, self.lang, one=size == 1)
        return f"-{words}" if value < 0 else words

    def _in_points(self, value: Decimal) -> Decimal:
        with _exact(value):
            return value * POINTS.get(self.unit, 1)

    def claims(self, value: Decimal, step: Fraction, *, is_counted: bool) -> Fraction:
        """How wide a range the digits of a written number claim: a unit of the last one; none, where they count."""
        if self.as_percent:
            return Fraction(1, 100 * 10 ** percent_decimals(value, step))
        last = last_digit(self._in_points(value), self.lang)
        is_whole = last == 1 and self.unit not in POINTS
        return Fraction(0) if is_whole and is_counted else last / POINTS.get(self.unit, 1)

    def range(self, low: Decimal, high: Decimal, step: Fraction, *, is_open: tuple[bool, bool] | None = None) -> str:
        """Two numbers with what they share once: CNY 1.768–1.816 million, 8.4万至8.9万元; below zero, down 1–3%.

        `is_open` says which of the ends are left out, and that it be said: over 30% to 35%.
        """
        if low < 0 and high <= 0:
            turned = (is_open[1], is_open[0]) if is_open else None
            return self.falling + self.range(high.copy_abs(), low.copy_abs(), step, is_open=turned)
        prefix, suffix = ("", "") if self.as_percent else affixes(self.unit, self.lang)
        before, between = self._joints(is_open, is_short=low >= 0)
        first, second = self._shared(low, high, step, is_short=between == "–")
        return f"{before}{prefix}{first}{between}{second}{suffix}"

    @property
    def falling(self) -> str:
        """What stands before the size of a fall."""
        if self.lang == "en":
            return "down "
        return "下降" if self.as_percent or self.unit in POINTS else "减少"

    def _joints(self, is_open: tuple[bool, bool] | None, *, is_short: bool) -> tuple[str, str]:
        low_open, high_open = is_open or (False, False)
        if self.lang == "zh":
            return "超过" if low_open else "", "至不足" if high_open else "至"
        if is_open is None and is_short:
            return "", "–"
        return "over " if low_open else "", " to under " if high_open else " to "

    def _shared(self, low: Decimal, high: Decimal, step: Fraction, *, is_short: bool) -> tuple[str, str]:
        """Both numbers as written; % or million at the first only where the second has another."""
        if self.as_percent:
            first, second = percent(low, step), percent(high, step)
            return first.removesuffix("%") if is_short else first, second
        low, high = self._in_points(low), self._in_points(high)
        if self._would_share_a_word(low, high):
            return in_full(low, self.lang), in_full(high, self.lang)
        first, second = bare(low, self.lang), bare(high, self.lang)
        word = re.search(r" (?:million|billion|trillion)$", second)
        return first.removesuffix(word[0]) if word else first, second

    def _would_share_a_word(self, low: Decimal, high: Decimal) -> bool:
        """Whether a first number without 万 or million could be read with that of the second: 7至500万."""
        word = _magnitude(high, self.lang)
        return _magnitude(low, self.lang) == 1 < word and 0 < abs(low) < max(Decimal(1000), high / word)


def span(period: str, base: str, lang: str) -> str:
    """A period and, for a change, what it is measured from.

    >>> span("2020", "2019", "zh"), span("2016/2020", "", "en")
    ('2020（比2019）', '2016–2020')
    """
    return period.replace("/", "–") + ((f"（比{base}）" if lang == "zh" else f", on {base}") if base else "")

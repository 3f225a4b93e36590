"""The words of a number in a language: 2838.5亿元 and CNY 283.85 billion, through Babel."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from babel.numbers import format_compact_decimal, format_decimal

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
COMPACT_FROM = {"zh": 10**4, "en": 10**6}  # below, all digits are written: 72,000 rather than 72 thousand

HEDGES = {
    "zh": {"over": "超过", "at least": "不少于", "nearly": "近", "at most": "不超过", "about": "约"},
    "en": {"over": "over ", "at least": "at least ", "nearly": "nearly ", "at most": "at most ", "about": "about "},
}
PREFIXES = {"元": "CNY ", "美元": "USD ", "港元": "HKD ", "欧元": "EUR ", "日元": "JPY ", "英镑": "GBP "}
_SYMBOLS = {
    "平方公里": "km²", "平方千米": "km²", "平方米": "m²", "㎡": "m²", "公里": "km", "千米": "km", "米": "m",
    "厘米": "cm", "毫米": "mm", "公顷": "ha", "亩": "mu", "千克": "kg", "公斤": "kg",
    "斤": "jin", "克": "g", "毫克": "mg",
    "微克": "µg", "升": "L", "立方米": "m³", "千瓦时": "kWh", "千瓦": "kW", "兆瓦": "MW", "℃": "°C", "摄氏度": "°C",
    "标准箱": "TEU",
}  # fmt: skip
_WORDS = {
    "吨": "tonne", "海里": "nautical mile", "年": "year", "岁": "year", "个月": "month", "月": "month", "周": "week",
    "个星期": "week", "个季度": "quarter", "天": "day", "日": "day", "个工作日": "working day", "工作日": "working day",
    "小时": "hour", "个小时": "hour", "分钟": "minute", "秒": "second", "百分点": "percentage point",
}  # fmt: skip
_EVERY = {"年": " a year", "月": " a month", "日": " a day", "天": " a day", "小时": " an hour"}
SUFFIXES = {
    **{unit: (f" {symbol}", f" {symbol}") for unit, symbol in _SYMBOLS.items()},
    **{unit: (f" {word}", f" {word}s") for unit, word in _WORDS.items()},
    "吨标准煤": (" tonne of coal equivalent", " tonnes of coal equivalent"),
    "周年": (" years", " years"),
    "倍": (" times", " times"),
}


def rounded(value: Fraction, step: Fraction, rounding: str = ROUND_HALF_UP) -> Decimal:
    """`value` to a whole number of `step`s, exactly; a half goes up, to the number whose bounds hold it.

    >>> rounded(Fraction(86364), Fraction(1000)), rounded(Fraction(2, 3), Fraction(1, 100))
    (Decimal('86000'), Decimal('0.67'))
    """
    with localcontext() as context:
        context.prec = 60
        steps = (Decimal((value / step).numerator) / (value / step).denominator).quantize(Decimal(1), rounding)
        # adding a zero of plain exponent keeps 86000 from being written 8.6E+4
        return (steps * Decimal(step.numerator) / step.denominator).normalize() + Decimal(0)


def power(value: Fraction) -> Fraction:
    """The power of ten at or below a positive value.

    >>> power(Fraction(4236)), power(Fraction(2, 100))
    (Fraction(1000, 1), Fraction(1, 100))
    """
    exponent = math.floor(math.log10(value.numerator) - math.log10(value.denominator) + 1e-12)
    return Fraction(10) ** exponent


def bare(value: Decimal, lang: str) -> str:
    """A number without its unit: grouped digits, or 万/亿 and million/billion for large ones."""
    digits = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    if abs(value) < COMPACT_FROM[lang]:
        return str(format_decimal(value, format="#,##0." + "#" * digits if digits else "#,##0", locale=LOCALES[lang]))
    style: Literal["short", "long"] = "short" if lang == "zh" else "long"  # 万 and million: what each language has
    return str(format_compact_decimal(value, format_type=style, locale=LOCALES[lang], fraction_digits=12))


def percent(value: Decimal, step: Fraction, *, finer: bool = False) -> str:
    """A share or rate as a percentage, with as many decimals as one `step` asks for; `finer`, as many as it has."""
    exponent = (
        int((value * 100).normalize().as_tuple().exponent) if finer else math.floor(math.log10(step * 100) + 1e-9)
    )
    decimals = max(0, -exponent)
    return f"{value * 100:,.{decimals}f}%"


def with_unit(number: str, unit: str, lang: str, *, one: bool = False) -> str:
    """A number and its unit: 8.6万元/个, CNY 86,000 each.

    In English a count has no measure word: what is counted stands in the figure's label.
    """
    unit, _, per = unit.partition("/")
    if lang == "zh":
        word = "个百分点" if unit == "百分点" else unit
        return f"{number}{word}{'/' + per if per else ''}"
    tail = SUFFIXES.get(unit, ("", ""))[0 if one else 1]
    each = f"/{_SYMBOLS[per]}" if per in _SYMBOLS else _EVERY.get(per, "")
    if unit in PREFIXES and not each:
        each = _EVERY.get(per, " each" if per else "")
    return f"{PREFIXES.get(unit, '')}{number}{tail}{each}"


def outward(low: Fraction, high: Fraction, step: Fraction) -> tuple[Decimal, Decimal]:
    """Bounds to whole `step`s, never narrower than they were."""
    return rounded(low, step, ROUND_FLOOR), rounded(high, step, ROUND_CEILING)


def span(period: str, base: str, lang: str) -> str:
    """A period and, for a change, what it is measured from.

    >>> span("2020", "2019", "zh"), span("2016/2020", "", "en")
    ('2020（比2019）', '2016–2020')
    """
    return period.replace("/", "–") + ((f"（比{base}）" if lang == "zh" else f", on {base}") if base else "")

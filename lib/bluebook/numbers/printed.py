"""A printed number (`7.2万余辆`, `近七成`, `nearly 20`): its value, its bounds and its unit.

A publication rounds and hedges. What it prints therefore names an interval, and the rules for it are these, in Chinese
and in English:

counts written out (605个, 十个), whole years, months, weeks, days, hours, 半
    exact
whole numbers of what is measured (31公里, 600元, 20分钟)
    ± half a unit
decimals and 万/亿 (208万名, 38亿元)
    ± half a unit of the last printed digit
万 and 亿 in words, measured numbers in words (五亿二千九百万元, 一千二百亩)
    ± half of the last unit that is spoken
percent, ‰, 成, 倍, parts (15.5%, 五成二, 三分之一, 1/10, 15.1/10万)
    ± half a unit of the last printed digit; of a third, half a third; 一半 is 五成
余 多 来 超 逾 突破 过 > (7.2万余辆, 三百多万元, 过半), 以上 至少 不少于 上 ≥ + (上万人, 500+个)
    from the number to under one unit of its last non-zero digit more
近 将近 接近 (近七成)
    from half such a unit below, but at most 10 % of the number, to under the number
不足 不到 低于 <, 以下 以内 至多 不超过 ≤
    from half such a unit below; to under the number, or with 以下 … to the number itself
约 大约 左右 上下 (约80亿元, 约1000人)
    ± half such a unit, but at most 5 % of the number; never narrower than the number without the word
two numbers (3—5年, 30万至35万人次), two in one (三五年, 七八十人)
    from the one to the other, both included; the value is halfway; 几分之一 from 1/9 to 1/2
翻一番, 翻两番
    growth of 100 %, 300 %, ± half of 倍
下降 降 跌 减少 削减 收窄 负 - … before (下降0.7%)
    the same below zero

The unit is named as it is printed, in simplified characters; symbols and English words have their Chinese name (µg/m³
is 微克/立方米, TEU 标准箱). 百分点 and 千分点 are ratios with a unit: 0.1个百分点 is 0.001, and so is
1个千分点; basis points are read as 百分点. Values are `fractions.Fraction`, so no digit is lost to floating point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bluebook.numbers import english
from bluebook.numbers.bounds import Printed, Stated, between, printed
from bluebook.numbers.characters import normal, tight
from bluebook.numbers.chinese import Form, form_at, stated
from bluebook.numbers.numerals import ARABIC, CHINESE, chinese
from bluebook.numbers.words import CLASSIFIERS, HEDGES, MAGNITUDES, MEASURES, SIGNS, UNITS, canonical, is_counted

__all__ = [
    "ARABIC", "CHINESE", "CLASSIFIERS", "HEDGES", "LONGEST", "MAGNITUDES", "MEASURES", "SHAPE", "SIGNS", "UNITS",
    "Form", "Printed", "PrintedError", "canonical", "chinese", "is_counted", "normal", "parse",
]  # fmt: skip
_TENS = ("百", "千", "万", "亿")  # that a number ends with
_TO = re.compile(r"[-—–~～]+|至|到")
_SPACED = re.compile(r"\d{1,2}(?: \d{3})+(?:\.\d+)?")
_UNDER = ("不足", "不到")
_NEGATIVE = ("-", "−")  # signs that are no words
LONGEST = 60  # characters; what is longer is no number a publication prints


class PrintedError(ValueError):
    """A text that cannot be read as a printed number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'cannot read "{text}" as a printed number: expected a number with its unit, like 208万名, 15.5% or 近七成'
        )


class Shape:
    """The form of a single printed number in Chinese, sought at a place as a regular expression would be."""

    def match(self, text: str, at: int = 0, until: int | None = None) -> Form | None:
        """The longest form that begins at `at`, or nothing. The text is one of `normal` or `tight`."""
        end = len(text) if until is None else until
        return form_at(text, at, min(end, at + LONGEST))

    def fullmatch(self, text: str) -> Form | None:
        """The form that is the whole text, or nothing."""
        form = self.match(text)
        return form if form is not None and form.end() == len(text) else None


SHAPE = Shape()


def parse(text: str) -> Printed:
    """Read one printed number, in Chinese or English; the whole of `text` must be it.

    Raises `PrintedError` when it is not: no number, an unknown unit, or words that do not belong to it.

    >>> n = parse("7.2万余辆")
    >>> int(n.low), int(n.high), n.high_open, n.unit, n.hedge
    (72000, 73000, True, '辆', 'over')
    >>> n = parse("近七成")
    >>> float(n.low), float(n.high), n.unit
    (0.65, 0.7, '')
    >>> parse("605个").exact
    True
    >>> n = parse("over CNY 2.3 billion")
    >>> int(n.low), int(n.high), n.unit
    (2300000000, 2400000000, '元')
    """
    stripped = text.strip()
    if len(stripped) > LONGEST:
        raise PrintedError(text)
    plain = tight(stripped).text
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    number = _one(text, plain) or _between(text, plain) or english.read(text, normal(stripped))
    if number is None or number.is_empty:
        raise PrintedError(text)
    return number


def _one(text: str, plain: str) -> Printed | None:
    """A single number."""
    form = SHAPE.fullmatch(plain)
    if form is None:
        return None
    number = stated(form)
    return printed(text, number) if number else None


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range: its form, and what that says."""

    form: Form
    stated: Stated


def _between(text: str, plain: str) -> Printed | None:
    """Two numbers and what they share: 3—5年, 1.2至1.5亿元, 10%—15%, 超过30%至不足35%."""
    for joint in _TO.finditer(plain):
        first = plain[: joint.start()]
        second = plain[joint.end() :]
        is_over_fall = first.startswith(("超过-", "超过−"))
        if is_over_fall:
            first = first.removeprefix("超过")
        ends = _ends(first, second)
        if ends is not None:
            low, high = ends
            low_open = low.hedge == "over" or is_over_fall
            high_open = high.hedge == "under"
            return between(text, low, high, low_open=low_open, high_open=high_open)
    return None


def _ends(first: str, second: str) -> tuple[Stated, Stated] | None:
    """The two numbers of a range, the first read with what only the second has."""
    high = _upper_end(second)
    if not first or high is None:
        return None
    form = high.form
    shared_from = [form.digits_end, form.core.end, form.tail_end, len(second)]
    if first.endswith(_TENS):  # 5000万至2.6亿 is no range from 5000万亿
        shared_from.remove(form.digits_end)
    for start in shared_from:
        low = _lower_end(first + second[start:])
        if low is None:
            continue
        upper = high.stated
        if _is_fall_in_words(low.form):
            upper = replace(upper, is_negative=True)
        if not upper.unit and low.form.currency:
            upper = replace(upper, unit=low.stated.unit)
        if _fit(low, upper):
            return low.stated, upper
    return None


def _end(text: str) -> _End | None:
    form = SHAPE.fullmatch(text)
    if form is None:
        return None
    number = stated(form)
    return _End(form, number) if number else None


def _upper_end(text: str) -> _End | None:
    """A number that can end a range: without a hedge, or with 不足 or 不到."""
    end = _end(text)
    if end is None or end.form.sign not in ("", *_NEGATIVE):
        return None
    is_under = end.stated.hedge == "under" and end.form.hedges[0] in _UNDER
    return end if is_under or not end.stated.hedge else None


def _lower_end(text: str) -> _End | None:
    """A number that can begin a range: without a hedge, or with 超过 and the like before it."""
    end = _end(text)
    if end is None or end.stated.hedge not in ("", "over"):
        return None
    is_over_behind = "余" in end.form.hedges or "多" in end.form.hedges
    return None if is_over_behind else end


def _fit(low: _End, high: Stated) -> bool:
    """Whether two numbers are the ends of one range: of one unit, and in order."""
    if low.stated.unit != high.unit or low.stated.is_ratio != high.is_ratio:
        return False
    if _is_fall_in_words(low.form):
        return low.stated.value < high.value
    return low.stated.signed < high.signed


def _is_fall_in_words(form: Form) -> bool:
    """Whether a word like 下降 makes a number negative: it is said once for both ends of a range."""
    return form.sign not in ("", "负", *_NEGATIVE)

"""The words of a number in a language: 2838.5亿元 and CNY 283.85 billion, through Babel."""

from __future__ import annotations

import math
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from babel.numbers import format_compact_decimal, format_decimal

from bluebook.messages import language, message
from bluebook.numbers import units
from bluebook.numbers.words import PREFIXES, SYMBOLS

HEDGES = {  # how each hedge is said before a number
    "over": "hedge.over",
    "at least": "hedge.at_least",
    "nearly": "hedge.nearly",
    "under": "hedge.under",
    "at most": "hedge.at_most",
    "about": "hedge.about",
}
_EVERY = {  # what a number is per, where a language has words of its own for it
    "年": "unit.every_year",
    "月": "unit.every_month",
    "个月": "unit.every_month",
    "周": "unit.every_week",
    "日": "unit.every_day",
    "天": "unit.every_day",
    "小时": "unit.every_hour",
    "人": "unit.every_person",
    "名": "unit.every_person",
    "户": "unit.every_household",
}
_WORD_BEHIND = re.compile(r"\s[^\W\d]+$")  # million, billion
_POWER = re.compile("[²³⁴-⁹][⁰¹²³⁴-⁹]*$|[¹][⁰¹²³⁴-⁹]+$")  # of a factor: 名²
_COUNTED = {"人": "unit.person", "名": "unit.person", "户": "unit.household"}  # of a compound unit; any other: a unit
_MANY = {"人": "unit.people", "名": "unit.people", "户": "unit.households"}  # behind a power of ten
POINTS = {"百分点": 100, "千分点": 1000}  # units whose numbers are ratios, written so many times larger


def to_step(value: Fraction, step: Fraction, rounding: str = ROUND_HALF_UP) -> Decimal:
    """`value` to a whole number of `step`s, exactly; a half goes up, to the number whose bounds hold it.

    >>> to_step(Fraction(86364), Fraction(1000)), to_step(Fraction(2, 3), Fraction(1, 100))
    (Decimal('86000'), Decimal('0.67'))
    """
    ratio = value / step
    whole_steps = abs(ratio.numerator) // ratio.denominator
    with localcontext(prec=60 + len(str(whole_steps))):
        exact_steps = Decimal(ratio.numerator) / ratio.denominator
        steps = exact_steps.quantize(Decimal(1), rounding)
        rounded = steps * Decimal(step.numerator) / step.denominator
        return rounded.normalize() + Decimal(0)  # adding a plain zero keeps 86000 from being written 8.6E+4


def power(value: Fraction) -> Fraction:
    """The power of ten at or below a positive value.

    >>> power(Fraction(4236)), power(Fraction(2, 100))
    (Fraction(1000, 1), Fraction(1, 100))
    """
    digits = math.log10(value.numerator) - math.log10(value.denominator)
    exponent = math.floor(digits + 1e-12)
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
    forms = language(lang).numbers
    scale = magnitude(value, lang)
    if scale == 1:
        return in_full(value, lang)
    with _exact(value):
        digits = decimals(value / scale)
        is_smallest = scale == forms.compact_powers[-1]
        if is_smallest and forms.most_decimals is not None and digits > forms.most_decimals:
            return in_full(value, lang)
        words = format_compact_decimal(
            value, format_type=forms.compact_style, locale=forms.locale, fraction_digits=digits
        )
        return str(words)


def in_full(value: Decimal, lang: str) -> str:
    """A number without its unit, with all its digits: 5,000,000."""
    with _exact(value):
        pattern = _pattern(decimals(value), "#")
        return str(format_decimal(value, format=pattern, locale=language(lang).numbers.locale))


def _pattern(digits: int, digit: str) -> str:
    """Babel's pattern of a number with so many decimals, each shown as `digit` says: "0" always, "#" if it is not 0."""
    return "#,##0." + digit * digits if digits else "#,##0"


def _exact(value: Decimal) -> AbstractContextManager[Context]:
    """A context in which no digit of a number is lost."""
    return localcontext(prec=60 + len(value.as_tuple().digits) + abs(value.adjusted()))


def magnitude(value: Decimal, lang: str) -> int:
    """What the word behind a number is worth: 万, million; 1 where there is none.

    >>> magnitude(Decimal(72000), "en"), magnitude(Decimal(72000), "zh")
    (1, 10000)
    """
    forms = language(lang).numbers
    size = abs(value)
    if size < forms.compact_from:
        return 1
    return next(power for power in forms.compact_powers if size >= power)


def decimals(value: Decimal) -> int:
    """How many decimals a number has, without closing zeros."""
    if not value:
        return 0
    exponent = value.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def last_digit(value: Decimal, lang: str) -> Fraction:
    """What one unit of the last digit of `bare` is worth.

    >>> [int(last_digit(Decimal(13_400_000), lang)) for lang in ("zh", "en")], last_digit(Decimal("2.5"), "en")
    ([10000, 100000], Fraction(1, 10))
    """
    scale = magnitude(value, lang)
    with _exact(value):
        return Fraction(scale) / 10 ** decimals(value / scale)


def percent(value: Decimal, step: Fraction, lang: str) -> str:
    """A share or rate as a percentage, with as many decimals as one `step` asks for, or more where it has more."""
    with _exact(value):
        pattern = _pattern(percent_decimals(value, step), "0")
        locale = language(lang).numbers.locale
        number = format_decimal(value * 100, format=pattern, locale=locale)
        return f"{number}%"


def percent_decimals(value: Decimal, step: Fraction) -> int:
    """How many decimals a percentage is written with."""
    exponent = math.floor(math.log10(step * 100) + 1e-9)
    of_step = max(0, -exponent)
    with _exact(value):
        return max(of_step, decimals(value * 100))


def with_unit(number: str, unit: str, lang: str, *, count: Decimal | int | None = None) -> str:
    """A number and its unit: 8.6万元/个, CNY 86,000 each. `count` is the number, where the unit's form depends on it.

    In English a count has no measure word: what is counted stands in the number's label.

    >>> with_unit("48.2", "件/万人", "en"), with_unit("600", "张/家", "en"), with_unit("2,121", "个·年", "en")
    ('48.2 per 10,000 people', '600 each', '2,121 unit-years')
    """
    speech = language(lang)
    if speech.numbers.as_printed:
        return number + (speech.unit(unit) or unit)
    above, _, below = unit.partition("/")
    amount = _with_word(number, above, lang, count)
    if not below:
        return amount
    return _with_per(amount, below, lang, is_money="元" in above)


def _with_word(number: str, word: str, lang: str, count: Decimal | int | None = None) -> str:
    """A number and the word, symbol or product that it is counted in; alone where that is no unit that measures."""
    if "·" in word or _POWER.search(word):
        return f"{number} {_compound(word, lang)}"
    if word in PREFIXES:
        return f"{PREFIXES[word]} {number}"
    if word in SYMBOLS:
        return f"{number} {SYMBOLS[word]}"
    name = language(lang).unit(word, count)
    return f"{number} {name}" if name else number


def _with_per(amount: str, below: str, lang: str, *, is_money: bool) -> str:
    """An amount and what it is per: 600 each, 18 µg/m³, 48.2 per 10,000 people, CNY 2 million each a year."""
    factors = below.split("·")
    things: list[str] = []
    if len(factors) > 1:
        things = [factor for factor in factors if _is_each(factor)]
    if things:
        amount = message(lang, "unit.each", amount=amount)
    for factor in factors:
        if factor not in things:
            amount = _with_factor_below(amount, factor, lang, is_money=is_money)
    return amount


def _with_factor_below(amount: str, factor: str, lang: str, *, is_money: bool) -> str:
    if factor in SYMBOLS and not is_money:
        return message(lang, "unit.per_symbol", amount=amount, unit=SYMBOLS[factor])
    if factor in _EVERY:
        return message(lang, _EVERY[factor], amount=amount)
    worth, word = units.power_of_ten(factor)
    if worth > 1:
        return message(lang, "unit.per", amount=amount, unit=_so_many(worth, word, lang))
    if _is_each(factor):
        return message(lang, "unit.each", amount=amount)
    return message(lang, "unit.per", amount=amount, unit=_factor(factor, lang))


def _is_each(factor: str) -> bool:
    """Whether a factor below the line counts things, which English calls each: 家, not 家² or 吨."""
    has_words = factor in _EVERY or factor in SYMBOLS or _POWER.search(factor) is not None
    return units.is_thing(factor) and not has_words


def _so_many(worth: int, word: str, lang: str) -> str:
    """A power of ten of something: 10,000 people."""
    number = in_full(Decimal(worth), lang)
    if word in _MANY:
        return f"{number} {message(lang, _MANY[word])}"
    return _with_word(number, word, lang)


def _compound(above: str, lang: str) -> str:
    """The factors of a product in words: person-years, CNY-units."""
    *factors, last = above.split("·")
    names = [_factor(factor, lang) for factor in factors]
    return "-".join([*names, _factor(last, lang, count=None)])


def _factor(factor: str, lang: str, count: int | None = 1) -> str:
    """One factor of a unit in words, for one or (`count` None) for many: CNY, µg, person².

    >>> _factor("吨", "en"), _factor("元²", "en"), _factor("家", "en", None)
    ('tonne', 'CNY²', 'units')
    """
    word = _POWER.sub("", factor)
    exponent = factor[len(word) :]
    if word in PREFIXES:
        return PREFIXES[word] + exponent
    if word in SYMBOLS:
        return SYMBOLS[word] + exponent
    number = 1 if exponent else count
    name = language(lang).unit(word, number)
    if not name:
        name = message(lang, _COUNTED.get(word, "unit.unit"), count=number)
    return name + exponent


def ordinal(number: int, lang: str) -> str:
    """A place in an order: 1st, 2nd, 11th; as a sentence of the language has it.

    >>> ordinal(2, "en"), ordinal(112, "en"), ordinal(2, "zh")
    ('2nd', '112th', '第2')
    """
    return language(lang).ordinal_template("number.ordinal", number).format(number=number)


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
            return percent(value, step, self.lang)
        value = self._in_points(value)
        size = value.copy_abs()  # abs() would round to 28 digits
        digits = bare(size, self.lang)
        amount = with_unit(digits, self.unit, self.lang, count=size.normalize())
        return f"-{amount}" if value < 0 else amount

    def _in_points(self, value: Decimal) -> Decimal:
        with _exact(value):
            return value * POINTS.get(self.unit, 1)

    def claims(self, value: Decimal, step: Fraction, *, is_counted: bool) -> Fraction:
        """How wide a range the digits of a written number claim: a unit of the last one; none, where they count."""
        if self.as_percent:
            decimals = percent_decimals(value, step)
            return Fraction(1, 100 * 10**decimals)
        last = last_digit(self._in_points(value), self.lang)
        is_whole = last == 1 and self.unit not in POINTS
        if is_whole and is_counted:
            return Fraction(0)
        return last / POINTS.get(self.unit, 1)

    def range(self, low: Decimal, high: Decimal, step: Fraction, *, is_open: tuple[bool, bool] | None = None) -> str:
        """Two numbers with what they share once: CNY 1.768–1.816 million, 8.4万至8.9万元; below zero, down 1–3%.

        `is_open` says which of the ends are left out, and that it be said: over 30% to 35%.
        """
        if low < 0 and high <= 0:
            return self._range_of_falls(low, high, step, is_open)
        low_open, high_open = is_open or (False, False)
        is_short = is_open is None and low >= 0
        first, second = self._shared(low, high, step, is_short=is_short)
        if high_open:
            ends = message(self.lang, "range.under", low=first, high=second)
        elif is_short:
            ends = message(self.lang, "range.short", low=first, high=second)
        else:
            ends = message(self.lang, "range.long", low=first, high=second)
        amount = ends if self.as_percent else with_unit(ends, self.unit, self.lang)
        return message(self.lang, "range.over", range=amount) if low_open else amount

    def _range_of_falls(self, low: Decimal, high: Decimal, step: Fraction, is_open: tuple[bool, bool] | None) -> str:
        """A range below zero, from its smaller fall to its larger."""
        if is_open is not None:
            low_open, high_open = is_open
            is_open = (high_open, low_open)
        sizes = self.range(high.copy_abs(), low.copy_abs(), step, is_open=is_open)
        return self.fall(sizes)

    def fall(self, size: str) -> str:
        """A number below zero in words, by its size in words: down 8.5%."""
        if self.as_percent or self.unit in POINTS:
            return message(self.lang, "number.fall_of_ratio", size=size)
        return message(self.lang, "number.fall", size=size)

    def _shared(self, low: Decimal, high: Decimal, step: Fraction, *, is_short: bool) -> tuple[str, str]:
        """Both numbers as written; % or million at the first only where the second has another."""
        if self.as_percent:
            return self._shared_percent(low, high, step, is_short=is_short)
        low = self._in_points(low)
        high = self._in_points(high)
        if self._would_share_a_word(low, high):
            return in_full(low, self.lang), in_full(high, self.lang)
        first = bare(low, self.lang)
        second = bare(high, self.lang)
        word = _WORD_BEHIND.search(second)
        if word:
            first = first.removesuffix(word[0])
        return first, second

    def _shared_percent(self, low: Decimal, high: Decimal, step: Fraction, *, is_short: bool) -> tuple[str, str]:
        first = percent(low, step, self.lang)
        second = percent(high, step, self.lang)
        repeats_percent = language(self.lang).numbers.repeats_percent
        if is_short and not repeats_percent:
            first = first.removesuffix("%")
        return first, second

    def _would_share_a_word(self, low: Decimal, high: Decimal) -> bool:
        """Whether a first number without 万 or million could be read with that of the second: 7至500万."""
        worth = magnitude(high, self.lang)
        has_word_alone = worth > 1 and magnitude(low, self.lang) == 1
        could_have_word = max(Decimal(1000), high / worth)
        return has_word_alone and 0 < abs(low) < could_have_word


def span(period: str, base: str, lang: str) -> str:
    """A period and, for a change, what it is measured from.

    >>> span("2020", "2019", "zh"), span("2016/2020", "", "en")
    ('2020（比2019）', '2016–2020')
    """
    years = period.replace("/", "–")
    return message(lang, "period.with_base", period=years, base=base) if base else years

"""The grammar of a printed number in English: `CNY 2.3 billion`, `over 900,000`, `one third`, `down 8.5%`.

    number = [sign] [hedge] [currency] core [magnitude] [percent | unit] [per] [hedge]

The rules of bounds are those of Chinese. What is counted is no part of the number (20 households is 20); a unit that
measures is, and is named as in Chinese (km² is 平方公里). Texts are those of `characters.narrow`. Units are read in
`english_units`; the words are in `english_words`, the regular expressions of each part in `english_patterns`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers import english_patterns as patterns
from bluebook.numbers.bounds import Printed, Stated, between, printed
from bluebook.numbers.english_patterns import JOINT, WORDS
from bluebook.numbers.english_units import ratio_or_unit_at
from bluebook.numbers.english_words import (
    CURRENCIES,
    DIGITS,
    HEDGE_OF,
    HEDGES_BEHIND,
    MAGNITUDES,
    PARTS,
    SMALLER_IN_LARGER,
    UNITS,
)

__all__ = ["JOINT", "WORDS", "Form", "beginnings", "form_at", "read"]

ONE_HALF = Fraction(1, 2)
ONE_TENTH = Fraction(1, 10)  # what half is told to


@dataclass(frozen=True, slots=True)
class Form:
    """A printed number in English as it stands in a text, and what it says but for its bounds."""

    string: str
    begin: int
    stop: int
    core_begin: int
    sign: str
    hedge: str
    number_end: int
    digits_end: int
    stated: Stated
    is_word: bool

    @property
    def is_bare(self) -> bool:
        """Whether neither a magnitude nor % nor a unit says what the number is of."""
        return not self.stated.unit and self.stated.scale == 1

    @property
    def tail(self) -> str:
        """The magnitude, % or unit, which a list says once."""
        return self.string[self.number_end : self.stop]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the digits: sign, hedge and the unit of a currency."""

    sign: str
    hedge: str
    unit: str
    end: int


@dataclass(frozen=True, slots=True)
class _Range:
    """The two ends of a range, and which of them is left out."""

    low: Stated
    high: Stated
    low_open: bool
    high_open: bool


def _is_latin_before(text: str, at: int) -> bool:
    """Whether a letter or digit, but no Chinese character, stands before a place."""
    before = text[max(0, at - 1) : at]
    return before.isalnum() and before < "一"


def beginnings(line: str, first: int, start: int) -> list[int]:
    """The places from `first` to `start` where a number that holds what stands at `start` may begin, in order."""
    places = []
    for match in patterns.BEGINNING.finditer(line, first, start):
        if not _is_latin_before(line, match.start()):
            places.append(match.start())
    return [*places, start]


def form_at(text: str, at: int = 0, *, whole: bool = False) -> Form | None:
    """The longest printed number in English at a place; with `whole`, also “each”, “a year” behind it belong to it."""
    head = _head_at(text, at)
    if _is_latin_before(text, head.end) and not head.unit:
        return None
    return _part_form(text, at, head) or _time_form(text, at, head) or _digits_form(text, at, head, whole=whole)


# what stands before the digits


def _head_at(text: str, at: int) -> _Head:
    """Sign, hedge and currency at a place, each if it is there; a minus may also follow the hedge or “CNY ”."""
    sign, end = _matched(patterns.SIGN, text, at)
    hedge, end = _matched(patterns.HEDGE_BEFORE, text, end)
    if hedge and not sign:
        sign, end = _matched(patterns.MINUS, text, end)
    currency, end = _matched(patterns.CURRENCY, text, end)
    if currency.endswith(" ") and not sign:
        sign, end = _matched(patterns.MINUS, text, end)
    hedge_kind = HEDGE_OF[hedge.strip().lower()] if hedge else ""
    unit = CURRENCIES[currency.strip()] if currency else ""
    return _Head(sign, hedge_kind, unit, end)


def _matched(pattern: re.Pattern[str], text: str, at: int) -> tuple[str, int]:
    """What a pattern matches at a place, and where that ends; nothing, and the place itself."""
    match = pattern.match(text, at)
    if match is None:
        return "", at
    return match[0], match.end()


# the three kinds of number: a part, a length of time in two units, digits or number words


def _part_form(text: str, at: int, head: _Head) -> Form | None:
    """one third, two-thirds, half, 1/10, one in ten: told to one of its parts."""
    match = patterns.PART.match(text, head.end)
    if match is None:
        return None
    if match["half"]:
        value, step = ONE_HALF, ONE_TENTH
    else:
        top, bottom = _top_and_bottom(match)
        if top >= bottom:
            return None
        value, step = Fraction(top, bottom), Fraction(1, bottom)
    end = match.end()
    stated = Stated(value, step, step, hedge=head.hedge, is_negative=bool(head.sign))
    return Form(text, at, end, head.end, head.sign, head.hedge, end, end, stated, is_word=True)


def _top_and_bottom(match: re.Match[str]) -> tuple[int, int]:
    """The two numbers of a part; the lower is 0 where it is no number."""
    if match["top"]:
        return int(match["top"]), int(match["bottom"])
    if match["one"]:
        bottom = match["ten"].lower()
        return DIGITS[match["one"].lower()], DIGITS.get(bottom, 0)
    how_many = match["of"].lower()
    part = match["part"].lower()
    top = 1 if how_many in ("a", "an") else DIGITS[how_many]
    bottom_number = PARTS.get(part) or PARTS[part.removesuffix("s")]
    return top, bottom_number


def _time_form(text: str, at: int, head: _Head) -> Form | None:
    """A length of time told in two units, in the smaller of them: 1 hour 20 minutes is 80."""
    if head.unit:
        return None
    match = patterns.TIME.match(text, head.end)
    if match is None:
        return None
    smaller_in_larger = SMALLER_IN_LARGER.get((match["large"], match["small"]))
    first, _ = _number(match["first"])
    second, _ = _number(match["second"])
    if smaller_in_larger is None or second >= smaller_in_larger:
        return None
    hedge, end = _hedge_behind(text, match.end(), head.hedge)
    stated = Stated(
        first * smaller_in_larger + second,
        Fraction(1),
        unit=UNITS[match["small"]],
        hedge=hedge,
        is_negative=bool(head.sign),
        is_whole=True,
    )
    return Form(text, at, end, head.end, head.sign, hedge, end, end, stated, is_word=False)


def _digits_form(text: str, at: int, head: _Head, *, whole: bool) -> Form | None:
    """Digits or number words, with the magnitude, unit and hedge behind them."""
    digits = patterns.DIGITS_OR_DECIMALS.match(text, head.end) or patterns.WORDED.match(text, head.end)
    if digits is None:
        return None
    number, step = _number(digits[0])
    magnitude, digits_end = _magnitude_at(text, digits.end(), is_money=bool(head.unit))
    hedge, end = _hedge_behind(text, digits_end, head.hedge, "+-")  # 500+ tonnes, 30-odd households
    unit = ratio_or_unit_at(text, end, head.unit, whole=whole)
    hedge, end = _hedge_behind(text, unit.end, hedge)
    scale = magnitude * unit.worth
    stated = Stated(
        number * scale,
        step * scale,
        scale,
        unit.name,
        hedge,
        is_negative=bool(head.sign),
        is_whole=step * magnitude == 1 and unit.worth == 1,
    )
    is_word = not digits[0][0].isdigit()
    return Form(text, at, end, digits.start(), head.sign, hedge, digits.end(), digits_end, stated, is_word)


def _number(word: str) -> tuple[Fraction, Fraction]:
    """The value of digits or words, and one unit of the last digit."""
    if word[0].isdigit():
        digits = word.replace(",", "")
        _, _, decimals = digits.partition(".")
        return Fraction(digits), Fraction(1, 10 ** len(decimals))
    lowered = word.lower()
    if lowered.startswith("half"):
        return ONE_HALF, ONE_TENTH
    if lowered in ("a", "an"):
        return Fraction(1), Fraction(1)
    parts = re.split("[- ]", lowered)
    value = sum(DIGITS[part] for part in parts)
    return Fraction(value), Fraction(1)


# what stands behind the digits


def _magnitude_at(text: str, at: int, *, is_money: bool) -> tuple[Fraction, int]:
    """What the magnitudes at a place are worth, and where they end; k, m and b are some only of money."""
    scale = Fraction(1)
    end = at
    while match := patterns.MAGNITUDE.match(text, end):
        word = (match[1] or match[2]).lower()
        scale *= 12 if word == "dozen" else MAGNITUDES[word]
        end = match.end()
    if is_money and scale == 1:
        short = patterns.SHORT_MAGNITUDE.match(text, end)
        if short:
            return Fraction(MAGNITUDES[short[1]]), short.end()
    return scale, end


def _hedge_behind(text: str, at: int, hedge: str, beginning_with: str = "") -> tuple[str, int]:
    """A hedge behind a number (or more, or so, -odd, +), if it has none yet."""
    match = patterns.HEDGE_BEHIND.match(text, at)
    if match is None or hedge:
        return hedge, at
    if beginning_with and match[0][0] not in beginning_with:
        return hedge, at
    return HEDGES_BEHIND[match[0].strip()], match.end()


# whole texts


def read(text: str, plain: str) -> Printed | None:
    """The printed number that the whole of a text is, a single one or a range; else nothing."""
    form = form_at(plain, whole=True)
    if form is None:
        return _range(text, plain)
    if form.is_word and form.is_bare and not form.hedge:
        return None  # “five” alone is a word as often as a number
    if form.stop == len(plain):
        return printed(text, form.stated, "en")
    return _range(text, plain)


def _range(text: str, plain: str) -> Printed | None:
    """30–35%, CNY 1.768–1.816 million, 13.34 million to under 13.5 million, between 3 and 5 years."""
    ends = re.sub("^(?:between|from) ", "", plain)
    for joint in JOINT.finditer(ends):
        both = _range_at(ends, joint)
        if both is not None:
            return between(text, both.low, both.high, low_open=both.low_open, high_open=both.high_open, lang="en")
    return None


def _range_at(plain: str, joint: re.Match[str]) -> _Range | None:
    """The range whose ends stand before and behind a joint, the first read with what only the second has."""
    first = plain[: joint.start()]
    second = plain[joint.end() :]
    high = _whole_form(second, ("", "under"))
    if not first or high is None:
        return None
    for tail in _tails(second, high):
        low = _whole_form(first + tail, ("", "over"))
        if low is None:
            continue
        both = _alike(low, high)
        if both is not None:
            return _Range(*both, low.hedge == "over", high.hedge == "under")
    return None


def _whole_form(text: str, hedges: tuple[str, ...]) -> Form | None:
    """The number that the whole of a text is, if it has one of these hedges."""
    form = form_at(text, whole=True)
    if form is None or form.stop != len(text) or form.hedge not in hedges:
        return None
    return form


def _tails(second: str, high: Form) -> list[str]:
    """What the second number may say for both, the longest first: all behind its digits, its unit, nothing."""
    digits = patterns.DIGITS_OR_DECIMALS.search(second)
    behind_digits = second[digits.end() :] if digits else ""
    behind_magnitude = second[high.digits_end :]
    return [behind_digits, behind_magnitude, ""]


def _alike(low: Form, high: Form) -> tuple[Stated, Stated] | None:
    """The two ends in one unit and in order, the unit and the sign said once being both's."""
    first, second = low.stated, high.stated
    is_unit_said_once = first.unit and not second.unit and not second.is_ratio  # CNY 1.2 million to 1.5 million
    is_per_said_once = second.unit.startswith("/") and first.unit.endswith(second.unit)  # CNY 84,000–89,000 each
    if is_unit_said_once or is_per_said_once:
        second = replace(second, unit=first.unit)
    if low.sign and not high.sign and low.sign not in "-−":
        second = replace(second, is_negative=True)
    if first.unit != second.unit or first.is_ratio != second.is_ratio:
        return None
    is_fall_in_words = second.is_negative and low.sign not in ("-", "−")
    if is_fall_in_words:
        return (first, second) if abs(first.signed) < abs(second.signed) else None
    return (first, second) if first.signed < second.signed else None

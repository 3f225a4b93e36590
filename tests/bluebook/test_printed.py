"""Printed numbers: what they say, and what is not one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.printed import MAGNITUDES, PrintedError, chinese, normal, parse

WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")
UNITS = st.sampled_from(["", "元", "名", "个", "家", "间次", "条"])


@pytest.mark.parametrize(
    ("printed", "low", "high", "open_", "unit"),
    [
        ("605个", 605, 605, False, "个"),
        ("十个", 10, 10, False, "个"),
        ("32009间次", 32009, 32009, False, "间次"),
        ("2838.5亿元", 283_845_000_000, 283_855_000_000, True, "元"),
        ("208万名", 2_075_000, 2_085_000, True, "名"),
        ("38亿元", 3_750_000_000, 3_850_000_000, True, "元"),
        ("15.5%", Fraction(1545, 10**4), Fraction(1555, 10**4), True, ""),
        ("50%", Fraction(495, 1000), Fraction(505, 1000), True, ""),
        ("7.2万余辆", 72_000, 73_000, True, "辆"),
        ("30多项", 30, 40, True, "项"),
        ("11000多名", 11_000, 12_000, True, "名"),
        ("90万余名", 900_000, 1_000_000, True, "名"),
        ("30余万名", 300_000, 400_000, True, "名"),
        ("近七成", Fraction(65, 100), Fraction(7, 10), True, ""),
        ("七成", Fraction(65, 100), Fraction(75, 100), True, ""),
        ("约80亿元", 7_500_000_000, 8_500_000_000, True, "元"),
        ("逾3.3万个", 33_000, 34_000, True, "个"),
        ("两亿三千万元", 180_000_000, 280_000_000, True, "元"),  # spoken out: rounded to its largest power
        ("3.35张/千人", Fraction(3345, 1000), Fraction(3355, 1000), True, "张/千人"),
        ("５个百分点", Fraction(45, 1000), Fraction(55, 1000), True, "百分点"),
        ("1,234个", 1234, 1234, False, "个"),
    ],
)
def test_bounds_follow_the_table(printed, low, high, open_, unit):
    number = parse(printed)
    assert (number.low, number.high, number.high_open, number.unit) == (low, high, open_, unit)
    assert not number.low_open


@pytest.mark.parametrize(
    "text",
    [
        "",
        "个",
        "万个",
        "208万名志愿",
        "abc",
        "1.2.3个",
        "12,34个",
        "1，23个",
        "近约5个",
        "近5余个",
        "几十个",
        "15.5 % 多",
        "-5个",
        "5个5个",
    ],
)
def test_what_is_not_a_printed_number_is_refused_in_words(text):
    with pytest.raises(PrintedError, match="as a printed number: expected a number with its unit"):
        parse(text)


@given(st.integers(0, 10**9), UNITS)
def test_a_written_out_count_is_exact(count, unit):
    for form in (f"{count}{unit}", f"{count:,}{unit}", f"{count}{unit}".translate(WIDE)):
        number = parse(form)
        assert number.low == number.value == number.high == count
        assert number.unit == unit


@given(st.integers(1, 10**6), st.integers(0, 3), st.sampled_from(["万", "亿"]), UNITS)
def test_a_rounded_number_holds_everything_that_rounds_to_it(digits, decimals, power, unit):
    number = parse(f"{Decimal(digits).scaleb(-decimals):f}{power}{unit}")
    worth = MAGNITUDES[power] * Fraction(1, 10**decimals)
    assert number.step == worth
    assert (number.low, number.high) == (number.value - worth / 2, number.value + worth / 2)
    for exact in (number.low, number.value, number.high - Fraction(1, 10**9)):
        assert abs(exact / worth - digits) <= Fraction(1, 2)


@given(st.integers(1, 10**7), st.sampled_from(["余", "多"]))
def test_a_hedged_number_starts_at_what_is_printed(count, hedge):
    number = parse(f"{count}{hedge}名")
    leading = 10 ** (len(str(count)) - len(str(count).rstrip("0")))
    assert (number.low, number.high, number.high_open) == (count, count + leading, True)


@given(st.integers(1, 99))
def test_nearly_stays_below(tenths):
    number = parse(f"近{tenths}%")
    assert number.high == number.value == Fraction(tenths, 100)
    assert number.high_open
    assert number.low < number.high


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_read_back(number):
    assert chinese(_spoken(number)) == number


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        number = parse(text)
    except PrintedError:
        return
    assert number.low <= number.value <= number.high


@given(st.text())
def test_narrowing_moves_nothing(text):
    assert len(normal(text)) == len(text)


def _spoken(number: int) -> str:
    """A number in Chinese, by the grammar of schoolbooks: written here independently of the reader."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for power, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= power:
            head, rest = divmod(number, power)
            gap = "零" if rest and rest < power // 10 else ""
            return _spoken(head) + word + (gap + _spoken(rest) if rest else "")
    raise AssertionError

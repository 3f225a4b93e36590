"""Printed numbers: what they say, and what is not one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.messages import language
from bluebook.numbers.printed import MAGNITUDES, MEASURES, PrintedError, chinese, normal, parse
from bluebook.numbers.words import PREFIXES, SYMBOLS

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
        ("约80亿元", 7_600_000_000, 8_400_000_000, True, "元"),
        ("逾3.3万个", 33_000, 34_000, True, "个"),
        ("两亿三千万元", 225_000_000, 235_000_000, True, "元"),  # spoken out: to the last unit that is spoken
        ("五亿二千九百万元", 528_500_000, 529_500_000, True, "元"),
        ("一千二百亩", 1150, 1250, True, "亩"),
        ("十二万三千亩", 122_500, 123_500, True, "亩"),
        ("一万二千三百四十五人", 12_345, 12_345, False, "人"),
        ("三千五百名", 3500, 3500, False, "名"),
        ("2万7,470元", Fraction(54939, 2), Fraction(54941, 2), True, "元"),
        ("4亿1千万千瓦时", 405_000_000, 415_000_000, True, "千瓦时"),
        ("31微克/立方米", Fraction(61, 2), Fraction(63, 2), True, "微克/立方米"),
        ("31μg/m³", Fraction(61, 2), Fraction(63, 2), True, "微克/立方米"),
        ("600元", Fraction(1199, 2), Fraction(1201, 2), True, "元"),
        ("54.1分贝", Fraction(5405, 100), Fraction(5415, 100), True, "分贝"),
        ("67.3dB(A)", Fraction(6725, 100), Fraction(6735, 100), True, "分贝"),
        ("20分钟", Fraction(39, 2), Fraction(41, 2), True, "分钟"),
        ("48小时", 48, 48, False, "小时"),
        ("3张/家", Fraction(5, 2), Fraction(7, 2), True, "张/家"),
        ("约1000人", 950, 1050, True, "人"),
        ("约900人", 855, 945, True, "人"),
        ("约8亿元", 750_000_000, 850_000_000, True, "元"),
        ("约三分之一", Fraction(1, 6), Fraction(1, 2), True, ""),
        ("近万人", 9000, 10_000, True, "人"),
        ("近2000人", 1800, 2000, True, "人"),
        ("近两成", Fraction(18, 100), Fraction(2, 10), True, ""),
        ("不足千件", 500, 1000, True, "件"),
        ("低于5%", Fraction(45, 1000), Fraction(5, 100), True, ""),
        ("20来个", 20, 30, True, "个"),
        ("三百多万元", 3_000_000, 4_000_000, True, "元"),
        ("十多万人", 100_000, 200_000, True, "人"),
        ("二十几万元", 200_000, 300_000, True, "元"),
        ("过万户", 10_000, 20_000, True, "户"),
        ("500+个", 500, 600, True, "个"),
        ("≥90%", Fraction(9, 10), 1, True, ""),
        ("≤4.5毫克/升", Fraction(445, 100), Fraction(45, 10), False, "毫克/升"),
        (">30家", 30, 40, True, "家"),
        ("五成二", Fraction(515, 1000), Fraction(525, 1000), True, ""),
        ("三成多", Fraction(3, 10), Fraction(4, 10), True, ""),
        ("1/10", Fraction(5, 100), Fraction(15, 100), True, ""),
        ("1/50", Fraction(1, 100), Fraction(3, 100), True, ""),
        ("15.1/10万", Fraction(1505, 10**7), Fraction(1515, 10**7), True, ""),
        ("几分之一", Fraction(1, 9), Fraction(1, 2), False, ""),
        ("百分之四点一", Fraction(405, 10**4), Fraction(415, 10**4), True, ""),
        ("1个千分点", Fraction(5, 10**4), Fraction(15, 10**4), True, "千分点"),
        ("21个基点", Fraction(205, 10**5), Fraction(215, 10**5), True, "百分点"),
        ("三五年", 3, 5, False, "年"),
        ("七八十人", 70, 80, False, "人"),
        ("十五六个", 15, 16, False, "个"),
        ("三四百万元", 3_000_000, 4_000_000, False, "元"),
        ("一百二三十家", 120, 130, False, "家"),
        ("US$6.3亿", 625_000_000, 635_000_000, True, "美元"),
        ("¥86亿", 8_550_000_000, 8_650_000_000, True, "元"),
        ("RMB 2.9亿", 285_000_000, 295_000_000, True, "元"),
        ("HK$8,800万", 87_995_000, 88_005_000, True, "港元"),
        ("人民币23.6亿元", 2_355_000_000, 2_365_000_000, True, "元"),
        ("2,660万TEU", 26_595_000, 26_605_000, True, "标准箱"),
        ("1.4 %", Fraction(135, 10**4), Fraction(145, 10**4), True, ""),
        ("12.3 亿元", 1_225_000_000, 1_235_000_000, True, "元"),
        ("12.3\u00a0亿元", 1_225_000_000, 1_235_000_000, True, "元"),
        ("12.3\u2009亿元", 1_225_000_000, 1_235_000_000, True, "元"),
        ("29.48萬所", 294_750, 294_850, True, "所"),
        ("30兆元", 29_500_000_000_000, 30_500_000_000_000, True, "元"),
        ("廿八萬人", 275_000, 285_000, True, "人"),
        ("318兆瓦", Fraction(635, 2), Fraction(637, 2), True, "兆瓦"),
        ("8.6万元/个·年", 85_500, 86_500, True, "元/个·年"),
        ("3.35张/千人", Fraction(3345, 1000), Fraction(3355, 1000), True, "张/千人"),
        ("５个百分点", Fraction(45, 1000), Fraction(55, 1000), True, "百分点"),
        ("1,234个", 1234, 1234, False, "个"),
        ("2 184.6平方千米", Fraction(218455, 100), Fraction(218465, 100), True, "平方千米"),
        ("超3000亿元", 300_000_000_000, 400_000_000_000, True, "元"),
        ("不足50分钟", 45, 50, True, "分钟"),
        ("上万人次", 10_000, 20_000, True, "人次"),
        ("百余家", 100, 200, True, "家"),
        ("98%以上", Fraction(98, 100), Fraction(99, 100), True, ""),
        ("4公里以内", Fraction(7, 2), 4, False, "公里"),
        ("过半", Fraction(1, 2), Fraction(6, 10), True, ""),
        ("一半", Fraction(45, 100), Fraction(55, 100), True, ""),
        ("逾八成半", Fraction(85, 100), Fraction(9, 10), True, ""),
        ("四年半", Fraction(9, 2), Fraction(9, 2), False, "年"),
        ("一个半小时", Fraction(3, 2), Fraction(3, 2), False, "小时"),
        ("两个多月", 2, 3, True, "个月"),
        ("百分之七点二", Fraction(715, 10**4), Fraction(725, 10**4), True, ""),
        ("三分之二", Fraction(1, 2), Fraction(5, 6), True, ""),
        ("7.12‰", Fraction(7115, 10**6), Fraction(7125, 10**6), True, ""),
        ("翻一番", Fraction(1, 2), Fraction(3, 2), True, ""),
        ("翻了两番", Fraction(5, 2), Fraction(7, 2), True, ""),
        ("3—5年", 3, 5, False, "年"),
        ("三至五年", 3, 5, False, "年"),
        ("1.2至1.5亿元", 120_000_000, 150_000_000, False, "元"),
        ("30万至35万人次", 300_000, 350_000, False, "人次"),
        ("-5000万至2.6亿元", -50_000_000, 260_000_000, False, "元"),
        ("-3.2%至-1.1%", Fraction(-32, 1000), Fraction(-11, 1000), False, ""),
        ("下降3%至5%", Fraction(-5, 100), Fraction(-3, 100), False, ""),
        ("-3至5℃", -3, 5, False, "℃"),
        ("10%—15%", Fraction(1, 10), Fraction(15, 100), False, ""),
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
        "1，234个",
        "120 135",
        "120 135 150",
        "十四五",
        "-",
        "下降",
        "约",
        "1/0",
        "5/3",
        "分之一",
        "0分之1",
        "US$",
        "12 34 56个",
        "近约5个",
        "近5余个",
        "几十个",
        "15.5 % 多",
        "5-个",
        "百个",
        "半",
        "近5个以上",
        "5至3年",
        "3年至5个",
        "9" * 99,
        "5个5个",
    ],
)
def test_what_is_not_a_printed_number_is_refused_in_words(text):
    with pytest.raises(PrintedError, match="as a printed number: expected a number with its unit"):
        parse(text)


@given(st.integers(0, 10**9), UNITS.filter(lambda unit: unit != "元"))
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


@given(st.integers(1, 10**7), st.sampled_from(["超", "超过", "逾", "突破", "至少", "不少于"]))
def test_over_and_at_least_start_at_what_is_printed(count, hedge):
    """From the number up to, not including, one unit of its last non-zero digit more: as 余."""
    leading = 10 ** (len(str(count)) - len(str(count).rstrip("0")))
    for form in (f"{hedge}{count}名", f"{count}名以上"):
        number = parse(form)
        assert (number.low, number.value, number.high) == (count, count, count + leading)
        assert (number.low_open, number.high_open) == (False, True)


@given(st.integers(1, 10**7), st.sampled_from(["不足", "不到", "低于", "至多", "不超过"]))
def test_under_and_at_most_end_at_what_is_printed(count, hedge):
    """From half a unit of the last non-zero digit below; 至多 and 以内 include the number, 不足 does not."""
    leading = 10 ** (len(str(count)) - len(str(count).rstrip("0")))
    for form in (f"{hedge}{count}名", f"{count}名以内"):
        number = parse(form)
        assert (number.low, number.high) == (count - Fraction(leading, 2), count)
        assert number.high_open == (hedge in ("不足", "不到", "低于") and "以内" not in form)


@given(st.integers(1, 10**7), st.sampled_from(["近", "将近", "接近"]))
def test_nearly_is_never_further_below_than_a_tenth(count, hedge):
    number = parse(f"{hedge}{count}名")
    leading = 10 ** (len(str(count)) - len(str(count).rstrip("0")))
    assert (number.low, number.high, number.high_open) == (
        count - min(Fraction(leading, 2), Fraction(count, 10)),
        count,
        True,
    )


@given(
    st.integers(1, 10**7),
    st.sampled_from(["约{}{}", "大约{}{}", "{}{}左右", "{}{}上下"]),
    st.sampled_from(["名", "%", "公里", "万元", "‰"]),
)
def test_about_is_half_a_unit_but_at_most_five_percent_and_never_narrower_than_the_number(count, form, unit):
    number, plain = parse(form.format(count, unit)), parse(f"{count}{unit}")
    leading = 10 ** (len(str(count)) - len(str(count).rstrip("0"))) * plain.scale
    half = max(min(Fraction(leading, 2), plain.value / 20), plain.high - plain.value)
    assert (number.low, number.value, number.high) == (plain.value - half, plain.value, plain.value + half)
    assert number.low <= plain.low
    assert plain.high <= number.high


@given(
    st.integers(0, 9999),
    st.integers(1, 9999),
    st.sampled_from(["—", "-", "~", "至", "到"]),
    st.sampled_from(["年", "万元", "%", "个"]),
)
def test_a_range_goes_from_the_one_to_the_other(start, more, joint, unit):
    number = parse(f"{start}{joint}{start + more}{unit}")
    first, last = (parse(f"{n}{unit}").value for n in (start, start + more))
    assert (number.low, number.high, number.value) == (first, last, (first + last) / 2)
    assert (number.low_open, number.high_open) == (False, False)


@given(
    st.integers(1, 999),
    st.sampled_from(["下降", "减少", "-", "下降超过", "回落约"]),
    st.sampled_from(["%", "个百分点", "万元"]),
)
def test_what_falls_is_the_same_below_zero(count, sign, unit):
    plain = parse(
        f"{sign.removeprefix('下降').removeprefix('减少').removeprefix('-').removeprefix('回落')}{count}{unit}"
    )
    falls = parse(f"{sign}{count}{unit}")
    assert (falls.low, falls.value, falls.high) == (-plain.high, -plain.value, -plain.low)
    assert (falls.low_open, falls.high_open) == (plain.high_open, plain.low_open)


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


def test_every_unit_has_a_word_in_english():
    known = {*language("en").units, *PREFIXES, *SYMBOLS}
    assert [unit for unit in MEASURES if unit not in known] == []


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

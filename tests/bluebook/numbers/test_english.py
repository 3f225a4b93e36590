"""Numbers printed in English: the same rules as in Chinese."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.numbers.printed import PrintedError, parse
from desk.scan import findings


@pytest.mark.parametrize(
    ("printed", "low", "high", "low_open", "high_open", "unit"),
    [
        ("CNY 2.3 billion", 2_250_000_000, 2_350_000_000, False, True, "元"),
        ("2.3 billion yuan", 2_250_000_000, 2_350_000_000, False, True, "元"),
        ("US$41.2 million", 41_150_000, 41_250_000, False, True, "美元"),
        ("$1.2bn", 1_150_000_000, 1_250_000_000, False, True, "美元"),
        ("4.5 percent", Fraction(445, 10**4), Fraction(455, 10**4), False, True, ""),
        ("9.6 per cent", Fraction(955, 10**4), Fraction(965, 10**4), False, True, ""),
        ("1.2 percentage points", Fraction(115, 10**4), Fraction(125, 10**4), False, True, "百分点"),
        ("25 basis points", Fraction(245, 10**5), Fraction(255, 10**5), False, True, "百分点"),
        ("nearly 20", 18, 20, False, True, ""),
        ("nearly 70%", Fraction(65, 100), Fraction(7, 10), False, True, ""),
        ("over 900,000", 900_000, 1_000_000, False, True, ""),
        ("more than 11,000", 11_000, 12_000, False, True, ""),
        ("at least 98%", Fraction(98, 100), Fraction(99, 100), False, True, ""),
        ("under 50", 45, 50, False, True, ""),
        ("at most 4 km", Fraction(7, 2), 4, False, False, "公里"),
        ("about 1,000", 950, 1050, False, True, ""),
        ("1,234", 1234, 1234, False, False, ""),
        ("one third", Fraction(1, 6), Fraction(1, 2), False, True, ""),
        ("two-thirds", Fraction(1, 2), Fraction(5, 6), False, True, ""),
        ("half a million", 450_000, 550_000, False, True, ""),
        ("three in ten", Fraction(25, 100), Fraction(35, 100), False, True, ""),
        ("fell 3.1%", Fraction(-315, 10**4), Fraction(-305, 10**4), True, False, ""),
        ("declined by 2.8%", Fraction(-285, 10**4), Fraction(-275, 10**4), True, False, ""),
        ("down over 3%", Fraction(-4, 100), Fraction(-3, 100), True, False, ""),
        ("-0.7%", Fraction(-75, 10**4), Fraction(-65, 10**4), True, False, ""),
        ("31 µg/m³", Fraction(61, 2), Fraction(63, 2), False, True, "微克/立方米"),
        ("54 km²", Fraction(107, 2), Fraction(109, 2), False, True, "平方公里"),
        ("3 tonnes of coal equivalent", Fraction(5, 2), Fraction(7, 2), False, True, "吨标准煤"),
        ("16 hours", 16, 16, False, False, "小时"),
        ("1 year", 1, 1, False, False, "年"),
        ("86.4 GWh", 86_350_000, 86_450_000, False, True, "千瓦时"),
        ("48.2 per 10,000 people", Fraction(4815, 100), Fraction(4825, 100), False, True, "/万人"),
        ("CNY -500 to under 500", -500, 500, False, True, "元"),
        ("over CNY -18 to 2 a person", -18, 2, True, False, "元/人"),
        ("CNY -2.5 billion", -2_550_000_000, -2_450_000_000, True, False, "元"),
        ("0.5 per CNY", Fraction(45, 100), Fraction(55, 100), False, True, "/元"),
        ("0.5 tonnes per CNY²", Fraction(45, 100), Fraction(55, 100), False, True, "吨/元²"),
        ("0.5 per unit²", Fraction(45, 100), Fraction(55, 100), False, True, "/个²"),
        ("CNY 3,000 each per year²", Fraction(5999, 2), Fraction(6001, 2), False, True, "元/个·年²"),
        ("CNY 3,000 per tonne", Fraction(5999, 2), Fraction(6001, 2), False, True, "元/吨"),
        ("CNY 86,000 each", Fraction(171999, 2), Fraction(172001, 2), False, True, "元/个"),
        ("30–35%", Fraction(3, 10), Fraction(35, 100), False, False, ""),
        ("30% to under 35%", Fraction(3, 10), Fraction(35, 100), False, True, ""),
        ("over 30% to 35%", Fraction(3, 10), Fraction(35, 100), True, False, ""),
        ("CNY 1.768–1.816 million", 1_768_000, 1_816_000, False, False, "元"),
        ("13.34 million to under 13.5 million", 13_340_000, 13_500_000, False, True, ""),
        ("CNY 84,000–89,000 each", 84_000, 89_000, False, False, "元/个"),
        ("3.1 per 100 km²", Fraction(305, 100), Fraction(315, 100), False, True, "/百平方公里"),
        ("6–11 million person-years", 6_000_000, 11_000_000, False, False, "人·年"),
        ("4.3 trillion person²", 4_250_000_000_000, 4_350_000_000_000, False, True, "人²"),
        ("170,000/km", Fraction(339999, 2), Fraction(340001, 2), False, True, "/公里"),
        ("2 µg/m³ a year", Fraction(3, 2), Fraction(5, 2), False, True, "微克/立方米·年"),
        ("-CNY 2 billion", -2_500_000_000, -1_500_000_000, True, False, "元"),
        ("between 3 and 5 years", 3, 5, False, False, "年"),
        ("down 3–5%", Fraction(-5, 100), Fraction(-3, 100), False, False, ""),
        ("−5% to −3%", Fraction(-5, 100), Fraction(-3, 100), False, False, ""),
    ],
)
def test_bounds_follow_the_table(printed, low, high, low_open, high_open, unit):
    number = parse(printed)
    assert (number.low, number.high, number.low_open, number.high_open, number.unit) == (
        low,
        high,
        low_open,
        high_open,
        unit,
    )


@pytest.mark.parametrize(
    "text",
    [
        "million",
        "five",
        "nearly",
        "CNY",
        "over over 5",
        "12 million people",
        "3 to",
        "5 to 3 years",
        "1,23",
        "5 km to 7 kg",
        "%",
        "half past",
        "fell",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(PrintedError):
        parse(text)


HEDGES = [
    ("nearly ", "近"),
    ("over ", "超过"),
    ("at least ", "至少"),
    ("under ", "不足"),
    ("at most ", "至多"),
    ("about ", "约"),
    ("", ""),
]


@given(
    st.integers(1, 9999),
    st.sampled_from(HEDGES),
    st.sampled_from(
        [(" million", "百万"), ("%", "%"), (" km", "公里"), (" years", "年"), (" percentage points", "个百分点")]
    ),
)
def test_the_rules_are_those_of_chinese(count, hedge, unit):
    english, chinese = parse(f"{hedge[0]}{count}{unit[0]}"), parse(f"{hedge[1]}{count}{unit[1]}")
    for end in ("value", "low", "high", "low_open", "high_open", "unit", "hedge"):
        assert getattr(english, end) == getattr(chinese, end)


@given(st.text(alphabet="0123456789.,%$ abdehilmnoprtuvy–-", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        number = parse(text)
    except PrintedError:
        return
    assert number.low <= number.value <= number.high


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        (
            "Revenue rose 4.5 percent to CNY 2.3 billion in 2023, while costs fell 3.1%.",
            ["4.5 percent", "CNY 2.3 billion", "fell 3.1%"],
        ),
        (
            "Nearly 20 schools and over 900,000 residents gained; one third were children.",
            ["Nearly 20", "over 900,000", "one third"],
        ),
        ("It fell by 1.2 percentage points to 5.6% between 2019 and 2021.", ["fell by 1.2 percentage points", "5.6%"]),
        ("On 3 March 2024 the 14th congress met, with 2,977 deputies.", ["2,977"]),
        ("There were 3.35 beds per 1,000 people, open 24/7 within 48 hours.", ["3.35"]),
        ("See Chapter 3, Table 2.1 and page 15 for the 11 districts.", ["11"]),
        ("The index stood at 102.3 (2015 = 100) and PM2.5 at 28 µg/m³.", ["102.3", "28 µg/m³"]),
        ("Tuition rose 3, 5 and 7 percent in three years.", ["3", "5", "7 percent"]),
        ("It employs 15-year-olds and people aged 65 and over on COVID-19 wards.", []),
    ],
)
def test_a_line_in_english_is_read_as_english(line, figures):
    assert [f.span.printed for f in findings(line) if f.number] == figures


def test_a_list_in_english_shares_its_unit():
    found = [f for f in findings("Tuition rose 3, 5 and 7 percent in three years.") if f.number]
    assert [f.reads_as for f in found] == ["3 percent", "5 percent", ""]

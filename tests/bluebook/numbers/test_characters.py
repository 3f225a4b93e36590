"""Characters: narrow, simplified and without the spaces in numbers, and each still at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.numbers.characters import is_traditional, narrow, normal, tight


@given(st.text())
def test_each_character_stays_one(text):
    assert len(narrow(text)) == len(normal(text)) == len(text)


@given(st.text(alphabet="0123456789 .,，%亿元万 a约\t（"))
def test_what_is_left_stands_where_it_stood(text):
    line = tight(text)
    plain = normal(text)
    assert len(line.places) == len(line.text) + 1
    assert [plain[place] for place in line.places[:-1]] == list(line.text)
    assert {plain[i] for i in range(len(plain)) if i not in line.places} <= {" "}
    assert list(line.places) == sorted(set(line.places))


@given(st.text(alphabet="0123456789.,%亿元万约（"))
def test_without_spaces_nothing_is_left_out(text):
    assert tight(text).text == normal(text)


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u3000"])
def test_any_one_space_before_a_unit_is_part_of_the_number(space):
    assert tight(f"产值12.3{space}亿元").text == "产值12.3亿元"
    assert tight(f"增长1.4{space}%").text == "增长1.4%"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("120 135", "120 135"),
        ("120 135 150", "120 135 150"),
        ("2022 184个", "2022 184个"),
        ("2 184.6平方千米", "2184.6平方千米"),
        ("男性197 312人", "男性197312人"),
        ("1 204、1 391和1 530件", "1204、1391和1530件"),
        ("工业\t431.07\t6.6", "工业\t431.07\t6.6"),
        ("12  亿元", "12  亿元"),
        ("9.6万 m²", "9.6万m²"),
    ],
)
def test_spaces_group_digits_only_where_they_can(text, wanted):
    assert tight(text).text == wanted


def test_a_full_width_comma_between_narrow_digits_stays():
    assert narrow("120，135，150") == "120，135，150"
    assert narrow("１２，３４５") == "12,345"


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("預算規模30兆元", True),
        ("失業率", True),
        ("装机30兆瓦", False),
        ("", False),
        ("30", False),
        ("深圳於" + "市" * 99, False),
    ],
)
def test_the_script_of_a_text(text, traditional):
    assert is_traditional(text) is traditional

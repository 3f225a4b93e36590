"""Units: they multiply and cancel like numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.numbers import units

WORDS = ["元", "个", "家", "名", "张", "年", "平方公里", "吨", "人次"]
names = st.lists(st.sampled_from(WORDS), max_size=3).map("·".join)
any_unit = st.tuples(names, names).map(
    lambda pair: units.written(units.powers("/".join(filter(None, pair)) if pair[0] else ""))
)


@given(any_unit, any_unit)
def test_products_and_quotients_undo_each_other(one, other):
    assert units.same(units.quotient(units.product(one, other), other), one)
    assert units.same(units.product(one, other), units.product(other, one))
    assert units.quotient(one, one) == ""


@given(any_unit, st.integers(-2, 3))
def test_a_power_is_a_repeated_product(unit, exponent):
    repeated = ""
    for _ in range(abs(exponent)):
        repeated = units.product(repeated, unit) if exponent > 0 else units.quotient(repeated, unit)
    assert units.same(units.power(unit, exponent), repeated)


@given(any_unit)
def test_a_unit_reads_as_it_is_written(unit):
    assert units.written(units.powers(unit)) == unit


@pytest.mark.parametrize(
    ("left", "right", "average", "can"),
    [
        ("家", "个", False, True),  # things that are counted
        ("名", "人", False, True),
        ("元", "家", False, False),
        ("元", "美元", False, False),
        ("张/家", "张", True, True),  # an average that is printed without what it is per
        ("张/家", "张", False, False),
        ("张/家", "人", True, False),
        ("张/家", "元", True, False),
        ("张/家", "张/个", False, True),
        ("张/家", "本/家", False, False),
        ("元/个", "元/件", False, True),
        ("元/个·年", "元/个", False, False),
        ("元/个·年", "元", True, True),
        ("件/万人", "件/千人", False, True),
        ("", "倍", False, True),
        ("", "个", False, False),
        ("年", "个", False, False),
        ("微克/立方米", "微克/立方米", False, True),
        ("微克/立方米", "毫克/立方米", False, False),
    ],
)
def test_what_a_check_may_compare(left, right, average, can):
    assert units.comparable(left, right, average=average) == can
    assert units.comparable(right, left, average=average) == can


@pytest.mark.parametrize(
    ("unit", "worth", "plain"),
    [
        ("件/万人", 10_000, "件/人"),
        ("人/千人", 1000, "人/人"),
        ("例/10万人", 100_000, "例/人"),
        ("千瓦时/户", 1, "千瓦时/户"),
    ],
)
def test_a_power_of_ten_below_is_a_factor(unit, worth, plain):
    found, name = units.plain(unit)
    assert (1 / found, name) == (worth, plain)

"""Quantities: bounds enclose, units cancel or clash, provenance stays."""

import operator
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bluebook.printed import parse
from bluebook.quantity import Quantity, QuantityError, published

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)


@st.composite
def quantities(draw, figure="a.b"):
    low, value, high = sorted(draw(st.tuples(fractions, fractions, fractions)))
    open_ends = draw(st.tuples(st.booleans(), st.booleans())) if low < high else (False, False)
    return Quantity(value, low, high, *open_ends, figure=figure)


def inside(quantity, share):
    """A number within the bounds of a quantity, `share` of the way up."""
    return quantity.low + (quantity.high - quantity.low) * share


def holds(quantity, number):
    above = number > quantity.low or (number == quantity.low and not quantity.low_open)
    below = number < quantity.high or (number == quantity.high and not quantity.high_open)
    return above and below


shares = st.fractions(min_value=0, max_value=1, max_denominator=7)


@given(quantities(), quantities("c.d"), st.sampled_from("+-*/"), shares, shares)
def test_arithmetic_encloses_every_pointwise_result(left, right, op, x, y):
    assume(op != "/" or not right.low <= 0 <= right.high)
    a, b = inside(left, x), inside(right, y)
    assume(holds(left, a) and holds(right, b))
    assert holds(OPERATIONS[op](left, right), OPERATIONS[op](a, b))


@given(quantities(), quantities("c.d"), st.sampled_from("+-*/"))
def test_bounds_are_reached_exactly_unless_left_out(left, right, op):
    """The result is no wider than it must be: a closed end is the result of two included ends."""
    assume(op != "/" or not right.low <= 0 <= right.high)
    result = OPERATIONS[op](left, right)
    ends = {OPERATIONS[op](a, b) for a in (left.low, left.high) for b in (right.low, right.high)}
    assert {result.low, result.high} <= ends | {Fraction(0)}
    assert result.low == min(ends)
    assert result.high == max(ends)


@given(st.lists(st.tuples(quantities(), st.sampled_from("+-*")), min_size=1, max_size=6))
def test_provenance_is_never_lost(chain):
    result, names = Quantity(Fraction(1), Fraction(1), Fraction(1), figure="first.one"), ["first.one"]
    for number, (quantity, op) in enumerate(chain):
        named = Quantity(quantity.value, quantity.low, quantity.high, figure=f"figure.n{number}")
        names.append(named.figure)
        result = OPERATIONS[op](result, named)
    assert set(result.inputs) == set(names)
    assert all(name in result.formula for name in names)


@example(41475, "名", "近七成")
@given(st.integers(0, 10**9), st.sampled_from(["名", "个", "元"]), st.sampled_from(["3", "7.13", "15.5%", "近七成"]))
def test_what_is_written_holds_what_was_meant(count, unit, divisor):
    """parse(format(x)) contains x: the text of a derived number, read back, encloses it."""
    derived = published(f"{count}{unit}", figure="x.y") / published(divisor, figure="x.z")
    again = parse(derived.text)
    assert again.low <= derived.value < again.high or again.value == derived.value
    assert again.unit == derived.unit


@given(st.integers(1, 10**7), st.integers(0, 2), st.sampled_from(["万名", "亿元", "%", "万余辆", "多项"]))
def test_published_numbers_read_back_from_their_bounds(digits, decimals, tail):
    printed = f"{digits}{tail}" if not decimals else f"{digits / 10**decimals:.{decimals}f}{tail}"
    q = published(printed, figure="a.b")
    assert q.text == printed
    assert parse(q.text).low == q.low


def test_text_in_both_languages():
    for printed, english in {
        "2838.5亿元": "CNY 283.85 billion",
        "208万名": "2.08 million",
        "7.2万余辆": "over 72,000",
        "近七成": "nearly 70%",
        "32009间次": "32,009",
        "十个": "10",
        "4.21亿元": "CNY 421 million",
        "3年": "3 years",
        "1年": "1 year",
        "50.85%": "50.85%",
    }.items():
        assert published(printed, figure="a.b").text == printed
        assert published(printed, figure="a.b", lang="en").text == english


def test_derived_numbers_are_written_to_the_digits_their_bounds_support():
    funds, projects = (published(p, figure=f"micro.{n}") for p, n in (("38亿元", "funds"), ("4.4万个", "projects")))
    each = funds / projects
    assert (each.text, each.unit) == ("8.6万元/个", "元/个")
    assert each.low <= 86364 <= each.high
    assert (published("759宗", figure="a.b") / published("32009间次", figure="a.c")).percent.text == "2.37%"
    assert (published("605个", figure="a.b") - published("289个", figure="a.c")).text == "316个"
    assert (1 - published("86.41%", figure="a.b")).text == "13.59%"
    assert (published("30多项", figure="a.b") - 9).text == "21项"  # never outside its own bounds


def test_a_number_with_no_unit_of_its_own_takes_part():
    share = published("15.5%", figure="a.b")
    assert (2 * share / 2).value == share.value
    assert (100 + published("5个", figure="a.b")).text == "105个"
    assert (published("5个", figure="a.b") * 1.5).value == Fraction(15, 2)


@pytest.mark.parametrize(
    ("left", "right", "op", "said"),
    [
        ("5家", "5元", "+", "units do not match: a.b in 家 and c.d in 元"),
        ("5元", "5美元", "-", "units do not match"),
        ("5元", "5美元", "*", "cannot multiply a.b in 元 by c.d in 美元"),
        ("5个", "0个", "/", "cannot divide by c.d: its bounds 确数 hold zero"),
    ],
)
def test_meaningless_arithmetic_is_refused_in_words(left, right, op, said):
    with pytest.raises(QuantityError, match=re.escape(said)):
        OPERATIONS[op](published(left, figure="a.b"), published(right, figure="c.d"))


def test_words_for_people_are_one_unit():
    assert (published("5名", figure="a.b") + published("5人", figure="c.d")).value == 10


def test_touching_bounds_overlap_only_when_both_ends_are_included():
    below, above = published("近7个", figure="a.b"), published("7个", figure="c.d")
    assert not below.overlaps(above)
    assert below.gap(above) == 0
    assert published("7个", figure="a.b").overlaps(above)
    assert published("5个", figure="a.b").gap(above) == 2


def test_where_bounds_meet_only_as_they_are_written_the_gap_is_their_own():
    wide = replace(published("3.8万元", figure="a.b"), low=Fraction(37_501), high=Fraction(38_499))
    near = replace(wide, low=Fraction(38_499) + Fraction(1, 2), high=Fraction(39_500))
    assert wide.gap(near) == Fraction(1, 2)


def test_html_is_a_machine_readable_number_and_escapes_its_words():
    q = published("208万名", figure="volunteers.total", label='<b>"志愿者"')
    html = q._repr_html_()
    assert 'value="2080000"' in html
    assert 'data-figure="volunteers.total"' in html
    assert "<b>" not in html
    derived = q / published("15.5%", figure="volunteers.share")
    assert 'data-inputs="volunteers.total volunteers.share"' in derived._repr_html_()


def test_nothing_is_changed_by_arithmetic(book):
    before = book.volunteers.total
    _ = before / book.volunteers.share + 1
    assert book.volunteers.total == before

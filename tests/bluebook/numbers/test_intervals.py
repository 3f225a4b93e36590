"""Interval arithmetic: every pointwise result lies within, every end that is included is reached."""

import operator
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bluebook.numbers.intervals import Interval, point, rounded

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
numbers = st.fractions(min_value=-50, max_value=50, max_denominator=20)
shares = st.fractions(min_value=0, max_value=1, max_denominator=7)


@st.composite
def intervals(draw):
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    open_ends = draw(st.tuples(st.booleans(), st.booleans())) if low < high else (False, False)
    return Interval(low, high, *open_ends)


def inside(interval, share):
    """A number within an interval, `share` of the way up, if that is not an end left out."""
    number = interval.low + interval.width * share
    assume(interval.holds(number))
    return number


@given(intervals(), intervals(), st.sampled_from("+-*/"), shares, shares)
def test_every_pointwise_result_lies_within(left, right, op, x, y):
    assume(op != "/" or not right.has_zero)
    a, b = inside(left, x), inside(right, y)
    assert OPERATIONS[op](left, right).holds(OPERATIONS[op](a, b))


@example(Interval(Fraction(0), Fraction(1), False, True), Interval(Fraction(2), Fraction(3), True, True), "*")
@given(intervals(), intervals(), st.sampled_from("+-*/"))
def test_an_end_is_included_only_where_two_included_numbers_reach_it(left, right, op):
    """A zero that is included makes zero with anything: then the end is closed although the other end is open."""
    assume(op != "/" or not right.has_zero)
    result = OPERATIONS[op](left, right)
    for end, is_open in ((result.low, result.low_open), (result.high, result.high_open)):
        reached = [
            OPERATIONS[op](a, b) == end
            for a in (left.low, left.high, left.middle)
            for b in (right.low, right.high, right.middle)
            if left.holds(a) and right.holds(b)
        ]
        if op in "+-" or any(reached):
            assert is_open != any(reached)


@given(intervals(), st.integers(-3, 4), shares)
def test_powers_and_absolute_values_enclose_and_are_reached(interval, exponent, share):
    number = inside(interval, share)
    assert interval.absolute().holds(abs(number))
    assert (-interval).holds(-number)
    if exponent < 0 and interval.has_zero:
        with pytest.raises(ZeroDivisionError):
            interval**exponent
        return
    powered = interval**exponent
    assert powered.holds(number**exponent)
    ends = (
        {interval.low**exponent, interval.high**exponent, Fraction(0)}
        if exponent >= 0 or not interval.has_zero
        else set()
    )
    assert {powered.low, powered.high} <= ends


@given(intervals(), intervals())
def test_meeting_is_having_a_number_in_common(left, right):
    common_low, common_high = max(left.low, right.low), min(left.high, right.high)
    candidates = [common_low, common_high, (common_low + common_high) / 2]
    assert left.meets(right) == any(left.holds(n) and right.holds(n) for n in candidates)
    assert left.meets(right) == right.meets(left) == (not left.is_below(right) and not right.is_below(left))


@given(intervals(), st.integers(-1, 2), shares)
def test_rounding_encloses(interval, digits, share):
    assert interval.rounded(digits).holds(rounded(inside(interval, share), digits))


def test_nothing_is_divided_by_what_may_be_zero():
    for low, high in ((-1, 1), (0, 1), (-1, 0), (0, 0)):
        with pytest.raises(ZeroDivisionError):
            point(Fraction(1)) / Interval(Fraction(low), Fraction(high), low < high, low < high)

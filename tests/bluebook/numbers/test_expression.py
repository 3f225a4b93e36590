"""Formulas: their exact range where a number occurs more than once, and their written form."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bluebook.numbers.expression import Chain, Constant, Function, Variable, formula, joined, negated
from bluebook.numbers.intervals import Interval, point
from bluebook.numbers.ranges import exact_range

BOUNDS = {
    "a": Interval(Fraction(1), Fraction(5), False, True),
    "b": Interval(Fraction(2), Fraction(3)),
    "c": Interval(Fraction(-1), Fraction(2), True, False),
    "d": Interval(Fraction("2.075"), Fraction("2.085"), False, True),
    "e": Interval(Fraction("0.9"), Fraction(1), False, True),
}
A, B, C, V, S = (Variable(name, name, bounds) for name, bounds in BOUNDS.items())
ONE = Constant(Fraction(1))


def ratio(value):
    return Fraction(value)


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        (joined(V, "/", V), 1, 1),
        (joined(V, "-", V), 0, 0),
        (joined(joined(V, "-", S), "/", V), ratio("1.075") / ratio("2.075"), ratio("1.185") / ratio("2.085")),
        (joined(A, "/", joined(A, "+", B)), Fraction(1, 4), Fraction(5, 7)),
        (joined(joined(A, "-", B), "/", joined(A, "+", B)), Fraction(-2, 4), Fraction(3, 7)),
        (joined(C, "*", C), 0, 4),
        (joined(A, "*", joined(A, "-", B)), Fraction(-9, 4), 15),
        (joined(joined(A, "/", B), "-", joined(C, "/", B)), Fraction(-1, 2), 3),
        (joined(joined(A, "*", B), "-", A), 1, 10),
        (Function("power", joined(A, "/", A), 3), 1, 1),
    ],
)
def test_a_number_that_occurs_twice_is_one_number(expression, low, high):
    found = exact_range(expression)
    assert float(found.low) == pytest.approx(float(low), abs=1e-5)
    assert float(found.high) == pytest.approx(float(high), abs=1e-5)
    assert found.low <= low
    assert high <= found.high


def test_where_it_is_known_the_range_is_exact():
    assert exact_range(joined(V, "/", V)) == point(Fraction(1))
    growth = exact_range(joined(joined(V, "-", S), "/", V))
    assert (growth.low, growth.high) == (ratio("1.075") / ratio("2.075"), ratio("1.185") / ratio("2.085"))
    assert growth.low_open
    assert growth.high_open


terms = st.recursive(
    st.sampled_from([A, B, C, V, S, ONE, Constant(Fraction(7, 2))]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: joined(*parts)),
        st.tuples(inner, st.integers(0, 3)).map(lambda parts: Function("power", *parts)),
        inner.map(lambda part: Function("abs", part)),
        inner.map(negated),
    ),
    max_leaves=7,
)
shares = st.fixed_dictionaries({name: st.fractions(min_value=0, max_value=1, max_denominator=9) for name in BOUNDS})


def evaluated(expression, numbers):
    if isinstance(expression, Variable):
        return numbers[expression.key]
    if isinstance(expression, Constant):
        return expression.number
    if isinstance(expression, Function):
        inner = evaluated(expression.of, numbers)
        return inner**expression.number if expression.name == "power" else abs(inner)
    result = Fraction(0 if expression.is_sum else 1)
    for op, term in expression.terms:
        other = evaluated(term, numbers)
        assume(op != "/" or other != 0)
        result = {"+": result + other, "-": result - other, "*": result * other}[op] if op != "/" else result / other
    return result


@given(terms, shares)
def test_every_choice_of_the_numbers_gives_a_value_within(expression, where):
    numbers = {name: BOUNDS[name].low + BOUNDS[name].width * share for name, share in where.items()}
    assume(all(BOUNDS[name].holds(number) for name, number in numbers.items()))
    try:
        found = exact_range(expression)
    except ZeroDivisionError:
        assume(False)
    assert found.holds(evaluated(expression, numbers))


@given(terms)
def test_the_formula_says_what_is_reckoned(expression):
    """The written form, evaluated by Python, gives what the expression does."""
    numbers = {name: bounds.middle for name, bounds in BOUNDS.items()}
    written = formula(expression).replace("^", "**")
    try:
        found = eval(written, {"abs": abs}, {name: Number(number) for name, number in numbers.items()})
    except ZeroDivisionError:
        assume(False)
    assert float(found if isinstance(found, int | float) else found.number) == pytest.approx(
        float(evaluated(expression, numbers)), rel=1e-9, abs=1e-9
    )


class Number:
    """A fraction that takes floats for the decimals of a formula."""

    def __init__(self, number):
        self.number = Fraction(number) if not isinstance(number, Number) else number.number

    def _with(self, other, do):
        return Number(do(self.number, Number(other).number))

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __radd__(self, other):
        return Number(other) + self

    def __rsub__(self, other):
        return Number(other) - self

    def __rmul__(self, other):
        return Number(other) * self

    def __rtruediv__(self, other):
        return Number(other) / self

    def __neg__(self):
        return Number(-self.number)

    def __abs__(self):
        return Number(abs(self.number))

    def __pow__(self, exponent):
        return Number(self.number**exponent)


def test_a_long_sum_stays_flat():
    summed = A
    for _ in range(2000):
        summed = joined(summed, "+", B)
    assert isinstance(summed, Chain)
    assert len(summed.terms) == 2001
    assert formula(summed).count("+") == 2000

"""Arithmetic on numbers with bounds and units: values and bounds exactly, units multiplied and cancelled.

A `Term` is what arithmetic knows of a number; languages, labels and sources are those of `Quantity`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from bluebook.numbers import units
from bluebook.numbers.expression import Constant, Expression, Function, joined, negated
from bluebook.numbers.intervals import Interval, point, rounded
from bluebook.numbers.ranges import exact_range

Operator = Literal["+", "-", "*", "/"]
_OPERATIONS: dict[str, Any] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A number as a part of a formula: its value and bounds, the unit they are in, and the expression it stands for."""

    value: Fraction
    bounds: Interval
    unit: str
    expression: Expression

    def in_plain_unit(self) -> Term:
        """The number without a power of ten in its unit: one 件/万人 is 1/10 000 件/人."""
        worth, unit = units.plain(self.unit)
        if worth == 1:
            return replace(self, unit=unit)
        expression = joined(self.expression, "*", Constant(worth))
        return Term(self.value * worth, self.bounds * point(worth), unit, expression)

    def negative(self) -> Term:
        return Term(-self.value, -self.bounds, self.unit, negated(self.expression))

    def absolute(self) -> Term:
        expression = Function("abs", self.expression)
        return Term(abs(self.value), self.bounds.absolute(), self.unit, expression)

    def power(self, exponent: int) -> Term:
        base = self.in_plain_unit()
        expression = Function("power", base.expression, exponent)
        unit = units.power(base.unit, exponent)
        return Term(base.value**exponent, exact_range(expression), unit, expression)

    def rounded(self, digits: int) -> Term:
        expression = Function("round", self.expression, digits)
        return Term(rounded(self.value, digits), self.bounds.rounded(digits), self.unit, expression)


def can_be_added(left_unit: str, right_unit: str) -> bool:
    """Whether numbers in these units have a sum: in equal units, also where one has a power of ten below.

    >>> can_be_added("件/万人", "件/人"), can_be_added("元", "人")
    (True, False)
    """
    if units.same(left_unit, right_unit):
        return True
    _, left = units.plain(left_unit)
    _, right = units.plain(right_unit)
    return units.same(left, right)


def combined(left: Term, op: Operator, right: Term, *, are_independent: bool) -> Term:
    """The result of an operation; the bounds of terms that share a printed number come from the whole formula.

    The units of a sum must fit, see `can_be_added`; a divisor must not hold zero.
    """
    if op in "+-":
        left, right, unit = _in_unit_of_sum(left, right)
    else:
        left = left.in_plain_unit()
        right = right.in_plain_unit()
        unit = units.product(left.unit, right.unit) if op == "*" else units.quotient(left.unit, right.unit)
    operation = _OPERATIONS[op]
    expression = joined(left.expression, op, right.expression)
    bounds = operation(left.bounds, right.bounds) if are_independent else exact_range(expression)
    return Term(operation(left.value, right.value), bounds, unit, expression)


def _in_unit_of_sum(left: Term, right: Term) -> tuple[Term, Term, str]:
    """Both sides of a sum in one unit, and that unit; a plain number takes the unit of the other side."""
    if units.same(left.unit, right.unit):
        unit = right.unit if left.unit in units.NUMBERS else left.unit
        return left, right, unit
    left = left.in_plain_unit()
    return left, right.in_plain_unit(), left.unit

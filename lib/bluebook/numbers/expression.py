"""How a number was derived: a formula over printed numbers, and its written form. Its exact range is in `ranges`."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from bluebook.numbers.intervals import Interval


@dataclass(frozen=True)
class Variable:
    """A printed number in a formula: what tells it from others, its name, and its bounds."""

    key: Hashable
    name: str
    bounds: Interval


@dataclass(frozen=True)
class Constant:
    """A plain number."""

    number: Fraction


@dataclass(frozen=True)
class Chain:
    """Terms added and subtracted, or factors multiplied and divided, from left to right."""

    terms: tuple[tuple[str, Expression], ...]  # each with + or -, or each with * or /

    @property
    def is_sum(self) -> bool:
        return self.terms[0][0] in "+-"


@dataclass(frozen=True)
class Function:
    """A function of one expression: power, abs or round, with the exponent or the decimals."""

    name: str
    of: Expression
    number: int = 0


Expression = Variable | Constant | Chain | Function


def joined(left: Expression, op: str, right: Expression) -> Expression:
    """`left op right`; a chain of the same kind on the left goes on, so that a long sum stays flat.

    A number times itself is its square, which is never below zero.
    """
    is_sum = op in "+-"
    if op == "*" and left == right:
        return Function("power", left, 2)
    last = (op, right)
    if isinstance(left, Chain) and left.is_sum == is_sum:
        return Chain((*left.terms, last))
    first = ("+" if is_sum else "*", left)
    return Chain((first, last))


def negated(expression: Expression) -> Expression:
    return Chain((("-", expression),))


def variables(expression: Expression) -> Iterator[Variable]:
    """The printed numbers of an expression, in order, each as often as it occurs."""
    if isinstance(expression, Variable):
        yield expression
    elif isinstance(expression, Chain):
        for _, term in expression.terms:
            yield from variables(term)
    elif isinstance(expression, Function):
        yield from variables(expression.of)


# written form


def formula(expression: Expression) -> str:
    """The expression with the names of its numbers: `(a.x - a.y) / a.x`."""
    if isinstance(expression, Variable):
        return expression.name
    if isinstance(expression, Constant):
        return plain(expression.number)
    if isinstance(expression, Function):
        return _function_formula(expression)
    return _chain_formula(expression)


def _function_formula(function: Function) -> str:
    if function.name == "power":
        base = _grouped(function.of, "^")
        return f"{base}^{function.number}"
    inner = formula(function.of)
    if function.name == "round":
        return f"round({inner}, {function.number})"
    return f"{function.name}({inner})"


def _chain_formula(chain: Chain) -> str:
    (first_op, first), *others = chain.terms
    text = _grouped(first, first_op, right=True)
    if first_op == "-":
        text = f"-{text}"
    for op, term in others:
        operand = _grouped(term, op, right=True)
        text += f" {op} {operand}"
    return text


def _grouped(expression: Expression, op: str, *, right: bool = False) -> str:
    """An operand as it stands beside `op`: in parentheses where it would be read otherwise without."""
    text = formula(expression)
    return f"({text})" if _needs_parentheses(expression, op, right=right) else text


def _needs_parentheses(expression: Expression, op: str, *, right: bool) -> bool:
    if isinstance(expression, Chain):
        if op == "-":
            return right and expression.is_sum
        return op != "+"
    if op != "^":
        return False
    if isinstance(expression, Function):
        return expression.name == "power"
    return isinstance(expression, Constant) and expression.number < 0


def plain(number: Fraction) -> str:
    """A fraction for a machine to read: all its digits where they end, else fifteen."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.15g}"

"""The expressions of checks: figure ids, numbers, + - * / and parentheses; anything else is refused unevaluated."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping
from fractions import Fraction

from simpleeval import SimpleEval

from bluebook.edition.edition import Edition, Unfound
from bluebook.edition.measures import A_SIZE, is_sizeable
from bluebook.numbers.quantity import ID, Quantity, QuantityError

LONGEST = 300  # characters of an expression
LONGEST_SHOWN = 40  # characters of a longer one that an error shows
DIGITS = 24  # before or after the point of a number in an expression
NUMBER = rf"[0-9]{{1,{DIGITS}}}(?:\.[0-9]{{1,{DIGITS}}})?(?![0-9])"
TOKEN = re.compile(rf"(?P<id>{ID})|(?P<number>{NUMBER})|\*(?!\*)|/(?!/)|[-+() ]")
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
GRAMMAR = (ast.Expr, ast.BinOp, ast.Name, ast.Load, *OPERATORS)

Figures = Mapping[str, Quantity | Unfound]  # by id


class CheckError(ValueError):
    """A check that cannot be decided because it is wrong: the row, what was found, what was wanted."""


def figures_of(book: Edition, expression: str, where: str) -> Figures:
    """The figures an expression names; refused when there is anything in it but its grammar's words."""
    if len(expression) > LONGEST or TOKEN.sub("", expression):
        raise _refused(expression, where)
    ids = [token["id"] for token in TOKEN.finditer(expression) if token["id"]]
    try:
        return {id: book.find(id) for id in ids}
    except KeyError as error:
        raise CheckError(f'{where}: found "{expression}", but {error.args[0]}') from None


def _refused(expression: str, where: str) -> CheckError:
    shown = expression
    if len(expression) > LONGEST:
        shown = f"{expression[:LONGEST_SHOWN]}…, {len(expression)} characters"
    wanted = f"figure ids, numbers, + - * / and parentheses, at most {LONGEST} characters"
    return CheckError(f'{where}: found "{shown}", expected {wanted}')


def evaluated(expression: str, figures: Figures, where: str) -> Quantity | Fraction | None:
    """The value of an expression; None where it names what was not found."""
    values: dict[str, Quantity | Unfound | Fraction] = {}

    def name_of(token: re.Match[str]) -> str:
        """A name in place of a figure or a number, so that no float is read; an operator as it stands."""
        if not token["id"] and not token["number"]:
            return token[0]
        name = f"n{len(values)}"
        values[name] = figures[token["id"]] if token["id"] else Fraction(token["number"])
        return f" {name} "

    parsed = _parsed(TOKEN.sub(name_of, expression))
    if parsed is None:
        raise _refused(expression, where)
    if any(isinstance(value, Unfound) for value in values.values()):
        return None
    evaluator = SimpleEval(operators=OPERATORS, functions={}, names=values)
    try:
        value = evaluator.eval(expression, previously_parsed=parsed)
    except (QuantityError, ZeroDivisionError) as error:
        raise CheckError(f'{where}: found "{expression}": {error}') from None
    ends = (value.low, value.high) if isinstance(value, Quantity) else (value,)
    if not all(map(is_sizeable, ends)):
        raise CheckError(f'{where}: found "{expression}", expected {A_SIZE}')
    return value


def _parsed(expression: str) -> ast.AST | None:
    """The syntax of an expression; None where it is not that of arithmetic."""
    try:
        parsed: ast.AST = SimpleEval.parse(expression)
    except SyntaxError:
        return None
    is_arithmetic = all(isinstance(node, GRAMMAR) for node in ast.walk(parsed))
    return parsed if is_arithmetic else None

"""How a number was derived: a formula over printed numbers, its exact range and its written form.

Where each printed number occurs once, interval arithmetic gives the range exactly. Where one occurs more than once, as
in (v - s) / v, its two places cannot differ, and the range is found by asking how the formula moves with that number:
always up or always down, and an end of the range lies at an end of the number; a fraction with the number at most once
above and below, and both ends are tried; else the number's bounds are cut until the range is fixed to one part in a
million, rounded outward.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, product

from bluebook.numbers.intervals import Interval, point

REPEATED = 8  # numbers that occur more than once, up to which their exact range is sought
CUTS = 400  # pieces that bounds are cut into at most
FINE = Fraction(1, 10**6)  # of the range's width: where cutting stops


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
Box = Mapping[Hashable, Interval]


def joined(left: Expression, op: str, right: Expression) -> Expression:
    """`left op right`; a chain of the same kind on the left goes on, so that a long sum stays flat.

    A number times itself is its square, which is never below zero.
    """
    is_sum = op in "+-"
    if op == "*" and left == right:
        return Function("power", left, 2)
    if isinstance(left, Chain) and left.is_sum == is_sum:
        return Chain((*left.terms, (op, right)))
    return Chain((("+" if is_sum else "*", left), (op, right)))


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
        inner = formula(expression.of)
        if expression.name == "power":
            return f"{_grouped(expression.of, '^')}^{expression.number}"
        digits = f", {expression.number}" if expression.name == "round" else ""
        return f"{expression.name}({inner}{digits})"
    first, *others = expression.terms
    start = _grouped(first[1], first[0], right=True)
    text = f"-{start}" if first[0] == "-" else start
    return text + "".join(f" {op} {_grouped(term, op, right=True)}" for op, term in others)


def _grouped(expression: Expression, op: str, *, right: bool = False) -> str:
    """An operand as it stands beside `op`: in parentheses where it would be read otherwise without."""
    needed = {"+": False, "-": right, "*": True, "/": True, "^": True}[op]
    is_compound = isinstance(expression, Chain) and (op != "-" or expression.is_sum)
    is_power = isinstance(expression, Function) and expression.name == "power"
    is_negative = isinstance(expression, Constant) and expression.number < 0
    if op == "^" and (is_power or is_negative):
        is_compound = True
    return f"({formula(expression)})" if needed and is_compound else formula(expression)


def plain(number: Fraction) -> str:
    """A fraction for a machine to read: all its digits where they end, else fifteen."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.15g}"


# ranges


def exact_range(expression: Expression) -> Interval:
    """All values of the expression while each printed number is anywhere within its bounds.

    Raises `ZeroDivisionError` where a divisor can be zero.
    """
    if isinstance(expression, Function):
        return _applied(expression, exact_range(expression.of))
    counted = Counter(variable for variable in variables(expression) if not variable.bounds.is_point)
    repeated = [variable for variable, times in counted.items() if times > 1]
    if not repeated or len(repeated) > REPEATED:
        return _evaluated(expression, {})
    high = _highest(expression, repeated, {})
    low = _highest(negated(expression), repeated, {})
    if low[0] == -high[0]:  # a formula that does not depend on its numbers: v / v
        return point(high[0])
    return Interval(-low[0], high[0], low[1], high[1])


def _evaluated(expression: Expression, box: Box) -> Interval:
    """The range by interval arithmetic, as if every occurrence were a number of its own."""
    if isinstance(expression, Variable):
        return box.get(expression.key, expression.bounds)
    if isinstance(expression, Constant):
        return point(expression.number)
    if isinstance(expression, Function):
        return _applied(expression, _evaluated(expression.of, box))
    result = point(Fraction(0 if expression.is_sum else 1))
    for op, term in expression.terms:
        result = _OPERATIONS[op](result, _evaluated(term, box))
    return result


_OPERATIONS = {
    "+": Interval.__add__,
    "-": Interval.__sub__,
    "*": Interval.__mul__,
    "/": Interval.__truediv__,
}


def _applied(function: Function, inner: Interval) -> Interval:
    if function.name == "power":
        return inner**function.number
    return inner.absolute() if function.name == "abs" else inner.rounded(function.number)


def _highest(expression: Expression, repeated: list[Variable], box: dict[Hashable, Interval]) -> tuple[Fraction, bool]:
    """The upper end of the range, and whether it is left out."""
    undecided, box = _pinned(expression, repeated, box)
    if not undecided:
        high = _evaluated(expression, box)
        return high.high, high.high_open
    if all(_is_fraction_of(expression, variable) for variable in undecided):
        return _highest_corner(expression, undecided, box)
    return _highest_piece(expression, undecided, box)


def _pinned(
    expression: Expression, repeated: list[Variable], box: dict[Hashable, Interval]
) -> tuple[list[Variable], dict[Hashable, Interval]]:
    """Numbers with which the expression only rises or only falls go to the end where it is highest; the rest."""
    box, undecided, is_moving = dict(box), list(repeated), True
    while undecided and is_moving:
        is_moving = False
        for variable in list(undecided):
            slope = _with_slope(expression, variable, box)[1]
            bounds = box.get(variable.key, variable.bounds)
            if slope.low >= 0 or slope.high <= 0:
                box[variable.key] = _end(bounds, top=slope.low >= 0)
                undecided.remove(variable)
                is_moving = True
    return undecided, box


def _end(bounds: Interval, *, top: bool) -> Interval:
    """One end of some bounds, as an interval that remembers whether the end is left out."""
    end, is_open = (bounds.high, bounds.high_open) if top else (bounds.low, bounds.low_open)
    return Interval(end, end, is_open, is_open)


def _with_slope(expression: Expression, variable: Variable, box: Box) -> tuple[Interval, Interval]:
    """The range of an expression and that of its derivative by a number (forward differentiation)."""
    zero = point(Fraction(0))
    if isinstance(expression, Variable):
        slope = point(Fraction(1)) if expression.key == variable.key else zero
        return _evaluated(expression, box), slope
    if isinstance(expression, Constant):
        return point(expression.number), zero
    if isinstance(expression, Function):
        inner, slope = _with_slope(expression.of, variable, box)
        return _applied(expression, inner), _function_slope(expression, inner, slope)
    value, slope = point(Fraction(0 if expression.is_sum else 1)), zero
    for op, term in expression.terms:
        other, moving = _with_slope(term, variable, box)
        if op in "+-":
            value, slope = _OPERATIONS[op](value, other), _OPERATIONS[op](slope, moving)
        elif op == "*":
            value, slope = value * other, slope * other + value * moving
        else:
            value, slope = value / other, (slope * other - value * moving) / other**2
    return value, slope


def _function_slope(function: Function, inner: Interval, slope: Interval) -> Interval:
    if function.name == "power":
        steepness = inner ** (function.number - 1) if function.number else point(Fraction(0))
        return steepness * point(Fraction(function.number)) * slope
    if function.name == "abs" and (inner.low >= 0 or inner.high <= 0):
        return slope if inner.low >= 0 else -slope
    if slope.is_point and slope.low == 0:
        return slope
    return Interval(Fraction(-1), Fraction(1))  # a corner or a step: neither up nor down can be told


def _is_fraction_of(expression: Expression, variable: Variable) -> bool:
    """Whether the expression is (a·x + b) / (c·x + d) of a number x: then its highest value lies at an end of x."""
    above, below = _degrees(expression, variable)
    return above <= 1 and sum(below.values()) <= 1


def _degrees(expression: Expression, variable: Variable) -> tuple[int, Counter[Expression]]:
    """How often a number stands above the line, and in which divisors below it; very often where it cannot be told."""
    if isinstance(expression, Variable | Constant):
        return int(expression == variable), Counter()
    if isinstance(expression, Function):
        above, below = _degrees(expression.of, variable)
        if not above and not below:
            return 0, Counter()
        times = expression.number if expression.name == "power" and expression.number > 0 else 99
        return above * times, Counter({divisor: n * times for divisor, n in below.items()})
    parts = [(op, *_degrees(term, variable), term) for op, term in expression.terms]
    if expression.is_sum:
        shared: Counter[Expression] = Counter()
        for _, _, below, _ in parts:
            shared |= below
        return max(above + sum((shared - below).values()) for _, above, below, _ in parts), shared
    numerator, divisors = 0, Counter[Expression]()
    for op, above, below, term in parts:
        if op == "*":
            numerator, divisors = numerator + above, divisors + below
        else:
            numerator += sum(below.values())
            divisors[term] += above
    return numerator, +divisors


def _highest_corner(expression: Expression, undecided: list[Variable], box: Box) -> tuple[Fraction, bool]:
    """By trying each number at both of its ends."""
    keys = [variable.key for variable in undecided]
    ends = []
    for variable in undecided:
        bounds = box.get(variable.key, variable.bounds)
        ends.append((_end(bounds, top=False), _end(bounds, top=True)))
    tried = []
    for corner in product(*ends):
        pinned = dict(box)
        pinned.update(zip(keys, corner, strict=True))
        tried.append(_evaluated(expression, pinned))
    best = max(corner.high for corner in tried)
    return best, all(corner.high_open for corner in tried if corner.high == best)


def _highest_piece(expression: Expression, undecided: list[Variable], box: Box) -> tuple[Fraction, bool]:
    """By cutting the bounds: the piece that can reach highest is cut again until it is hardly higher than the rest."""
    number = count()
    first = dict(box) | {variable.key: box.get(variable.key, variable.bounds) for variable in undecided}
    pieces = [(-_piece_high(expression, undecided, first), next(number), first)]
    reached = _evaluated(expression, _middles(undecided, first)).high
    while len(pieces) < CUTS:
        high, _, piece = heapq.heappop(pieces)
        if -high - reached <= FINE * max(abs(high), Fraction(1, 10**9)):
            return -high, False
        widest = max(undecided, key=lambda variable: piece[variable.key].width)
        bounds = piece[widest.key]
        for half in (replace(bounds, high=bounds.middle), replace(bounds, low=bounds.middle)):
            cut = {**piece, widest.key: half}
            reached = max(reached, _evaluated(expression, _middles(undecided, cut)).high)
            heapq.heappush(pieces, (-_piece_high(expression, undecided, cut), next(number), cut))
    return -pieces[0][0], False


def _piece_high(expression: Expression, undecided: list[Variable], piece: dict[Hashable, Interval]) -> Fraction:
    """How high the expression can reach on a piece: by interval arithmetic, and from its middle by its slopes."""
    _, pinned = _pinned(expression, undecided, piece)
    reach = _evaluated(expression, _middles(undecided, piece)).high
    for variable in undecided:
        slope = _with_slope(expression, variable, piece)[1].absolute().high
        reach += slope * piece[variable.key].width / 2
    return min(_evaluated(expression, pinned).high, reach)


def _middles(undecided: list[Variable], piece: Mapping[Hashable, Interval]) -> dict[Hashable, Interval]:
    pinned = dict(piece)
    for variable in undecided:
        middle = piece[variable.key].middle
        pinned[variable.key] = point(middle)
    return pinned

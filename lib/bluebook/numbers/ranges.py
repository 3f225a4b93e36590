"""The exact range of a formula over printed numbers, each of which may be anywhere within its bounds.

Where each printed number occurs once, interval arithmetic gives the range exactly. Where one occurs more than once, as
in (v - s) / v, its two places cannot differ, and the range is found by asking how the formula moves with that number:
always up or always down, and an end of the range lies at an end of the number; a fraction with the number at most once
above and below, and both ends are tried; else the number's bounds are cut until the range is fixed to one part in a
million, rounded outward.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count, product

from bluebook.numbers.expression import Chain, Constant, Expression, Function, Variable, negated, variables
from bluebook.numbers.intervals import Interval, point

REPEATED = 8  # numbers that occur more than once, up to which their exact range is sought
CUTS = 400  # pieces that bounds are cut into at most
FINE = Fraction(1, 10**6)  # of the height that is sought: where cutting stops
LEAST_HEIGHT = Fraction(1, 10**9)  # a height below it counts as this
VERY_OFTEN = 99  # the degree of a function that is no power

Box = Mapping[Hashable, Interval]
_Piece = tuple[Fraction, int, dict[Hashable, Interval]]  # the negative of its height, a serial number, its bounds


def exact_range(expression: Expression) -> Interval:
    """All values of the expression while each printed number is anywhere within its bounds.

    Raises `ZeroDivisionError` where a divisor can be zero.
    """
    if isinstance(expression, Function):
        return _applied(expression, exact_range(expression.of))
    repeated = _repeated(expression)
    if not repeated or len(repeated) > REPEATED:
        return _evaluated(expression, {})
    high, high_open = _highest(expression, repeated, {})
    negative_low, low_open = _highest(negated(expression), repeated, {})
    low = -negative_low
    if low == high:  # a formula that does not depend on its numbers: v / v
        return point(high)
    return Interval(low, high, low_open, high_open)


def _repeated(expression: Expression) -> list[Variable]:
    """The printed numbers that are a range and occur more than once."""
    occurrences = Counter(variables(expression))
    return [variable for variable, times in occurrences.items() if times > 1 and not variable.bounds.is_point]


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
    if function.name == "abs":
        return inner.absolute()
    return inner.rounded(function.number)


def _highest(expression: Expression, repeated: list[Variable], box: dict[Hashable, Interval]) -> tuple[Fraction, bool]:
    """The upper end of the range, and whether it is left out."""
    undecided, box = _pinned(expression, repeated, box)
    if not undecided:
        values = _evaluated(expression, box)
        return values.high, values.high_open
    if all(_is_fraction_of(expression, variable) for variable in undecided):
        return _highest_corner(expression, undecided, box)
    return _highest_piece(expression, undecided, box)


def _pinned(
    expression: Expression, repeated: list[Variable], box: dict[Hashable, Interval]
) -> tuple[list[Variable], dict[Hashable, Interval]]:
    """Numbers with which the expression only rises or only falls go to the end where it is highest; the rest."""
    pinned = dict(box)
    undecided = list(repeated)
    has_moved = True
    while undecided and has_moved:
        has_moved = False
        for variable in list(undecided):
            _, slope = _with_slope(expression, variable, pinned)
            is_rising = slope.low >= 0
            if is_rising or slope.high <= 0:
                bounds = pinned.get(variable.key, variable.bounds)
                pinned[variable.key] = _end(bounds, top=is_rising)
                undecided.remove(variable)
                has_moved = True
    return undecided, pinned


def _end(bounds: Interval, *, top: bool) -> Interval:
    """One end of some bounds, as an interval that remembers whether the end is left out."""
    if top:
        return Interval(bounds.high, bounds.high, bounds.high_open, bounds.high_open)
    return Interval(bounds.low, bounds.low, bounds.low_open, bounds.low_open)


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
    value = point(Fraction(0 if expression.is_sum else 1))
    slope = zero
    for op, term in expression.terms:
        other, other_slope = _with_slope(term, variable, box)
        if op in "+-":
            slope = _OPERATIONS[op](slope, other_slope)
        elif op == "*":
            slope = slope * other + value * other_slope
        else:
            slope = (slope * other - value * other_slope) / other**2
        value = _OPERATIONS[op](value, other)
    return value, slope


def _function_slope(function: Function, inner: Interval, slope: Interval) -> Interval:
    if function.name == "power":
        return _power_slope(inner, function.number) * slope
    if function.name == "abs" and inner.low >= 0:
        return slope
    if function.name == "abs" and inner.high <= 0:
        return -slope
    is_constant = slope.is_point and slope.low == 0
    if is_constant:
        return slope
    return Interval(Fraction(-1), Fraction(1))  # a corner or a step: neither up nor down can be told


def _power_slope(base: Interval, exponent: int) -> Interval:
    if exponent == 0:
        return point(Fraction(0))
    return base ** (exponent - 1) * point(Fraction(exponent))


def _is_fraction_of(expression: Expression, variable: Variable) -> bool:
    """Whether the expression is (a·x + b) / (c·x + d) of a number x: then its highest value lies at an end of x."""
    above, below = _degrees(expression, variable)
    return above <= 1 and sum(below.values()) <= 1


def _degrees(expression: Expression, variable: Variable) -> tuple[int, Counter[Expression]]:
    """How often a number stands above the line, and in which divisors below it; very often where it cannot be told."""
    if isinstance(expression, Variable | Constant):
        return int(expression == variable), Counter()
    if isinstance(expression, Function):
        return _function_degrees(expression, variable)
    if expression.is_sum:
        return _sum_degrees(expression, variable)
    return _product_degrees(expression, variable)


def _function_degrees(function: Function, variable: Variable) -> tuple[int, Counter[Expression]]:
    above, below = _degrees(function.of, variable)
    if not above and not below:
        return 0, Counter()
    is_power = function.name == "power" and function.number > 0
    times = function.number if is_power else VERY_OFTEN
    multiplied = {divisor: count * times for divisor, count in below.items()}
    return above * times, Counter(multiplied)


def _sum_degrees(chain: Chain, variable: Variable) -> tuple[int, Counter[Expression]]:
    """Of a sum over the divisors that its terms share; what a term lacks of them stands above the line."""
    degrees = [_degrees(term, variable) for _, term in chain.terms]
    shared: Counter[Expression] = Counter()
    for _, below in degrees:
        shared |= below
    numerators = []
    for above, below in degrees:
        lacking = shared - below
        numerators.append(above + lacking.total())
    return max(numerators), shared


def _product_degrees(chain: Chain, variable: Variable) -> tuple[int, Counter[Expression]]:
    numerator = 0
    divisors: Counter[Expression] = Counter()
    for op, term in chain.terms:
        above, below = _degrees(term, variable)
        if op == "*":
            numerator += above
            divisors += below
        else:
            numerator += below.total()
            divisors[term] += above
    return numerator, +divisors


def _highest_corner(expression: Expression, undecided: list[Variable], box: Box) -> tuple[Fraction, bool]:
    """By trying each number at both of its ends."""
    keys = [variable.key for variable in undecided]
    ends = []
    for variable in undecided:
        bounds = box.get(variable.key, variable.bounds)
        ends.append((_end(bounds, top=False), _end(bounds, top=True)))
    corners = []
    for corner in product(*ends):
        pinned = dict(box)
        pinned.update(zip(keys, corner, strict=True))
        corners.append(_evaluated(expression, pinned))
    highest = max(corner.high for corner in corners)
    is_open = all(corner.high_open for corner in corners if corner.high == highest)
    return highest, is_open


def _highest_piece(expression: Expression, undecided: list[Variable], box: Box) -> tuple[Fraction, bool]:
    """By cutting the bounds: the piece that can reach highest is cut again until it is hardly higher than the rest."""
    pieces: list[_Piece] = []
    serial = count()  # keeps pieces of equal height in order

    def add(piece: dict[Hashable, Interval]) -> Fraction:
        """Add a piece; what the expression reaches in its middle."""
        height = _piece_high(expression, undecided, piece)
        heapq.heappush(pieces, (-height, next(serial), piece))
        return _evaluated(expression, _middles(undecided, piece)).high

    whole = dict(box)
    for variable in undecided:
        whole[variable.key] = box.get(variable.key, variable.bounds)
    reached = add(whole)
    while len(pieces) < CUTS:
        negative_height, _, piece = heapq.heappop(pieces)
        height = -negative_height
        if height - reached <= FINE * max(abs(height), LEAST_HEIGHT):
            return height, False
        for half in _halves(piece, undecided):
            reached = max(reached, add(half))
    return -pieces[0][0], False


def _halves(piece: dict[Hashable, Interval], undecided: list[Variable]) -> list[dict[Hashable, Interval]]:
    """A piece cut in two through the middle of its widest number."""
    widest = max(undecided, key=lambda variable: piece[variable.key].width)
    bounds = piece[widest.key]
    lower = replace(bounds, high=bounds.middle)
    upper = replace(bounds, low=bounds.middle)
    return [{**piece, widest.key: lower}, {**piece, widest.key: upper}]


def _piece_high(expression: Expression, undecided: list[Variable], piece: dict[Hashable, Interval]) -> Fraction:
    """How high the expression can reach on a piece: by interval arithmetic, and from its middle by its slopes."""
    _, pinned = _pinned(expression, undecided, piece)
    reach = _evaluated(expression, _middles(undecided, piece)).high
    for variable in undecided:
        _, slope = _with_slope(expression, variable, piece)
        steepest = slope.absolute().high
        reach += steepest * piece[variable.key].width / 2
    return min(_evaluated(expression, pinned).high, reach)


def _middles(undecided: list[Variable], piece: Mapping[Hashable, Interval]) -> dict[Hashable, Interval]:
    pinned = dict(piece)
    for variable in undecided:
        middle = piece[variable.key].middle
        pinned[variable.key] = point(middle)
    return pinned

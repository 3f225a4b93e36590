"""A number that knows how precisely it was printed and where it came from.

A `Quantity` is an interval with a best value, a unit and a provenance. Arithmetic carries all four along: bounds by
interval arithmetic in exact fractions (Moore, *Interval Analysis*, 1966), so that the result encloses every pointwise
result; units by cancelling; provenance by keeping the published figures a number was derived from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from . import text
from .printed import MEASURES, Printed, canonical, parse

Number = int | float | Fraction
ID = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"  # a figure's id: a dotted slug; a cited one's ends with its year
End = tuple[Fraction, bool]  # an end of an interval, and whether it is left out


class QuantityError(ValueError):
    """Arithmetic that has no meaning: mixed units, or a division by an interval that holds zero."""


@dataclass(frozen=True)
class Source:
    """Where a published figure stands: in the edition's own source, or cited from elsewhere; and the years it is of."""

    paragraph: int | None = None
    offset: int | None = None
    cited: str = ""
    url: str = ""
    period: str = ""
    base: str = ""

    def text(self, lang: str) -> str:
        if self.cited:
            return f"引自{self.cited}" if lang == "zh" else f"cited from {self.cited}"
        return f"原文第{self.paragraph}段" if lang == "zh" else f"source, paragraph {self.paragraph}"


@dataclass(frozen=True)
class Quantity:
    """A number with bounds, unit and provenance.

    `value`, `low` and `high` are exact and in plain units (元, people; 15.5 % is 31/200); an open end is not itself
    included. `step` is one unit of the last digit worth printing. A published figure has `figure`, `printed` and
    `source`; a derived one has `formula` and `sources`, the published figures it came from.

    >>> volunteers = published("208万名", figure="volunteers.total", lang="en")
    >>> share = published("15.5%", figure="volunteers.share", lang="en")
    >>> residents = volunteers / share
    >>> residents.text, residents.formula, residents.inputs
    ('about 13.4 million', 'volunteers.total / volunteers.share', ('volunteers.total', 'volunteers.share'))
    >>> int(residents.low), int(residents.high)
    (13344051, 13495145)
    """

    value: Fraction
    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False
    unit: str = ""
    lang: str = "zh"
    label: str = ""
    figure: str | None = None
    printed: str = ""
    hedge: str = ""
    source: Source | None = None
    step: Fraction | None = None
    as_percent: bool = False
    formula: str = ""
    sources: tuple[Quantity, ...] = field(default=(), repr=False)

    # what it says

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def derived(self) -> bool:
        return self.figure is None

    @property
    def kind(self) -> str:
        """What numbers must share to stand on one axis: the unit, where all things that are counted are alike."""
        parts = canonical(self.unit).split("/")
        return "/".join(part if not part or part in MEASURES else "things" for part in parts)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids of the published figures this number rests on; for a published figure, its own."""
        return tuple(leaf.figure for leaf in self.leaves if leaf.figure)

    @property
    def leaves(self) -> tuple[Quantity, ...]:
        return self.sources if self.derived else (self,)

    @property
    def text(self) -> str:
        """The number in its language: as printed where the language is the source's, else in words of its own.

        Derived numbers are written to the digits their bounds support, with 约 or "about" where those digits alone
        would be read as more than they are.
        """
        if self.printed and self.lang == "zh":
            return self.printed
        if self.hedge == "between":
            ends = [text.rounded(end, self._step()) for end in (self.low, self.high)]
            return self._written(ends[1], since=ends[0])
        number = text.rounded(self.value, self._step())
        if self.hedge and number < 0:
            return "down " + text.HEDGES[self.lang][self.hedge] + self._written(-number)
        hedge = self.hedge or ("about" if self.derived and self._looks_sharper(number) else "")
        return text.HEDGES[self.lang].get(hedge, "") + self._written(number)

    def _looks_sharper(self, number: Decimal) -> bool:
        """Whether `number`, read as printed, would exclude the value it stands for: 100 for 100⅓."""
        if self.as_percent:
            return False
        read = parse(text.bare(abs(number), "zh"))
        return not (read.value == abs(self.value) or read.low <= abs(self.value) < read.high)

    @property
    def bounds_text(self) -> str:
        """The bounds in words; `exact` where the number is one."""
        zh = self.lang == "zh"
        if self.exact:
            return "确数" if zh else "exact"
        low, high = self._ends
        joint = ("至不足" if self.high_open else "至") if zh else (" to under " if self.high_open else " to ")
        return f"{self._written(low, finer=True)}{joint}{self._written(high, finer=True)}"

    @property
    def _ends(self) -> tuple[Decimal, Decimal]:
        """The bounds as they are written: rounded outward to a tenth of the last digit worth writing."""
        return text.outward(self.low, self.high, self._step() / 10)

    @property
    def where(self) -> str:
        """Where the number comes from, in words: its paragraph, its citation, or how it was derived."""
        if self.source:
            return self.source.text(self.lang)
        return ("推算：" if self.lang == "zh" else "derived: ") + self.working

    @property
    def working(self) -> str:
        """The formula of a derived number, its inputs by their labels: 志愿者 ÷ 志愿者占常住人口."""
        labels = {leaf.figure: leaf.label or leaf.figure for leaf in self.sources} | {"*": "×", "/": "÷", "-": "−"}
        return re.sub(rf"{ID}|(?<= )[-*/](?= )", lambda m: str(labels.get(m[0], m[0])), self.formula)

    def _step(self) -> Fraction:
        """One unit of the last digit worth writing."""
        if self.step is not None:
            return self.step
        if not self.exact:
            step = text.power(self.high - self.low)
            return step if self.low <= Fraction(text.rounded(self.value, step)) <= self.high else step / 10
        if self.value.denominator == 1 and not self.as_percent:
            return Fraction(1)
        return text.power(abs(self.value)) / 100 if self.value else Fraction(1)

    def _written(self, number: Any, *, finer: bool = False, since: Any = None) -> str:
        """A number in words; with `since`, a range that begins there."""
        if self.as_percent:
            start = "" if since is None else text.percent(since, self._step()) + "–"
            return start + text.percent(number, self._step(), finer=finer)
        start = "" if since is None else text.bare(since, self.lang) + "–"
        return text.with_unit(start + text.bare(number, self.lang), self.unit, self.lang, one=number == 1)

    # arithmetic

    def __add__(self, other: Quantity | Number) -> Quantity:
        return self._with(other, "+", _added)

    def __sub__(self, other: Quantity | Number) -> Quantity:
        return self._with(other, "-", _subtracted)

    def __mul__(self, other: Quantity | Number) -> Quantity:
        return self._with(other, "*", _multiplied)

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        return self._with(other, "/", _divided)

    def __radd__(self, other: Number) -> Quantity:
        return self._lifted(other, "+") + self

    def __rsub__(self, other: Number) -> Quantity:
        return self._lifted(other, "-") - self

    def __rmul__(self, other: Number) -> Quantity:
        return self._lifted(other, "*") * self

    def __rtruediv__(self, other: Number) -> Quantity:
        return self._lifted(other, "/") / self

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return self.text

    def _lifted(self, other: Quantity | Number, op: str) -> Quantity:
        """A plain number as an exact quantity; in a sum it is read in the unit of the other side."""
        if isinstance(other, Quantity):
            return other
        exact = Fraction(str(other)) if isinstance(other, float) else Fraction(other)
        unit = self.unit if op in "+-" else ""
        return Quantity(exact, exact, exact, unit=unit, lang=self.lang, formula=_plain(exact))

    def _with(self, other: Quantity | Number, op: str, ends: Ends) -> Quantity:
        if not isinstance(other, Quantity | int | float | Fraction):
            return NotImplemented
        other = self._lifted(other, op)
        unit = (_same_unit if op in "+-" else _product_unit if op == "*" else _quotient_unit)(self, other)
        if op == "/" and other.low <= 0 <= other.high:
            raise QuantityError(f"cannot divide by {other._name}: its bounds {other.bounds_text} hold zero")
        low, high = ends(self, other)
        value = _OPERATIONS[op](self.value, other.value)
        return Quantity(
            value,
            low[0],
            high[0],
            low[1],
            high[1],
            unit=unit,
            lang=self.lang,
            as_percent=self._stays_percent(other, op),
            formula=f"{_operand(self, op)} {op} {_operand(other, op, right=True)}",
            sources=tuple(dict.fromkeys((*self.leaves, *other.leaves))),
        )

    def _stays_percent(self, other: Quantity, op: str) -> bool:
        return (
            (self.as_percent or other.as_percent)
            if op in "+-"
            else (op == "*" and self.as_percent and other.as_percent)
        )

    @property
    def _name(self) -> str:
        return self.figure or self.formula

    # other views of the same number

    @property
    def percent(self) -> Quantity:
        """The same ratio, written as a percentage. Raises `QuantityError` for a number with a unit."""
        if self.unit:
            raise QuantityError(f"{self._name} is in {self.unit}: only a pure ratio is written in percent")
        return replace(self, as_percent=True)

    def named(self, zh: str, en: str) -> Quantity:
        """The same number with a label of its own; what derived numbers are shown under."""
        return replace(self, label=zh if self.lang == "zh" else en)

    def overlaps(self, other: Quantity) -> bool:
        """Whether some number lies within the bounds of both. Ends that touch count when both are included."""
        _same_unit(self, other)
        return not (_below(self, other) or _below(other, self))

    def gap(self, other: Quantity) -> Fraction:
        """How far the bounds lie apart, in plain units; 0 where they overlap or touch.

        It is what is left between the bounds as they are written, so that a reader finds the same; only where those
        meet it is taken between the bounds themselves.
        """
        _same_unit(self, other)
        written = [(q.low, q.high) if q.exact else tuple(map(Fraction, q._ends)) for q in (self, other)]
        return _between(*written) or _between((self.low, self.high), (other.low, other.high))

    # how notebooks and pages show it

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        links = {"data-formula": self.formula, "data-inputs": " ".join(self.inputs)} if self.derived else {}
        attributes = {
            "value": _plain(self.value),
            "data-figure": self.figure,
            **links,
            "title": "\n".join(self._facts()),
        }
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
        return f'<data class="figure"{written}>{escape(self.text)}</data>'

    def _facts(self) -> Iterator[str]:
        zh = self.lang == "zh"
        if self.label:
            yield self.label
        yield (f"原文“{self.printed}”" if zh else f"printed “{self.printed}”") if self.printed else f"= {self.working}"
        yield ("范围：" if zh else "bounds: ") + self.bounds_text
        if self.source:
            yield self.where
        shape = "{}：{}（{}）" if zh else "{}: {} ({})"
        yield from (shape.format(leaf.label or leaf.figure, leaf.text, leaf.where) for leaf in self.sources)


def published(
    printed: str,
    *,
    figure: str,
    lang: str = "zh",
    label: str = "",
    source: Source | None = None,
    low: str = "",
    high: str = "",
) -> Quantity:
    """The quantity a printed number says; `low` and `high`, in printed form, override its bounds.

    Raises `PrintedError` when one of the three cannot be read.

    >>> published("100%", figure="safety.rate", high="100%").bounds_text
    '99.5%至100%'
    """
    number = parse(printed)
    override: dict[str, Any] = {}
    if low:
        override |= {"low": parse(low).value, "low_open": False}
    if high:
        override |= {"high": parse(high).value, "high_open": False}
    return replace(_quantity(number), figure=figure, lang=lang, label=label, source=source, **override)


def _quantity(number: Printed) -> Quantity:
    ratio = not number.unit and number.scale < 1
    return Quantity(
        number.value,
        number.low,
        number.high,
        number.low_open,
        number.high_open,
        unit=number.unit,
        printed=number.text,
        hedge=number.hedge,
        step=number.step,
        as_percent=ratio,
    )


def _plain(value: Fraction) -> str:
    """A fraction for a machine to read: all its digits where they end, else fifteen."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.15g}"


def _operand(quantity: Quantity, op: str, *, right: bool = False) -> str:
    name = quantity._name
    compound = quantity.derived and " " in name
    needs = compound and (op in "*/" or (right and op == "-"))
    return f"({name})" if needs else name


# units


def _same_unit(left: Quantity, right: Quantity) -> str:
    if canonical(left.unit) != canonical(right.unit):
        names = " and ".join(f"{q._name} in {q.unit or 'no unit'}" for q in (left, right))
        raise QuantityError(f"units do not match: {names}")
    return left.unit


def _dimension(unit: str) -> str:
    """A unit without the words that only count: 个 and 家 vanish, 元 stays."""
    return unit if unit.partition("/")[0] in MEASURES and unit not in ("年", "个月", "天") else ""


def _product_unit(left: Quantity, right: Quantity) -> str:
    for one, other in ((left.unit, right.unit), (right.unit, left.unit)):
        top, _, per = one.partition("/")
        if per and canonical(per) == canonical(other):
            return top
    units = [u for u in (left.unit, right.unit) if u]
    if len(units) < 2:
        return units[0] if units else ""
    kept = [u for u in units if _dimension(u)]
    if len(kept) == 2:
        raise QuantityError(f"cannot multiply {left._name} in {left.unit} by {right._name} in {right.unit}")
    return kept[0] if kept else left.unit


def _quotient_unit(left: Quantity, right: Quantity) -> str:
    if canonical(left.unit) == canonical(right.unit):
        return ""
    if not right.unit:
        return left.unit
    if not _dimension(left.unit) and not _dimension(right.unit):
        return ""  # so many streets a district: a pure number
    if "/" in left.unit or "/" in right.unit:
        raise QuantityError(f"cannot divide {left._name} in {left.unit} by {right._name} in {right.unit}")
    return f"{left.unit}/{right.unit}" if left.unit else ""


# interval arithmetic: each end is a number and whether it is left out

Ends = Callable[["Quantity", "Quantity"], tuple[End, End]]
_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _ends(q: Quantity) -> tuple[End, End]:
    return (q.low, q.low_open), (q.high, q.high_open)


def _between(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> Fraction:
    """How far two ranges lie apart; 0 where they meet."""
    return max(Fraction(0), other[0] - one[1], one[0] - other[1])


def _below(left: Quantity, right: Quantity) -> bool:
    return left.high < right.low or (left.high == right.low and (left.high_open or right.low_open))


def _added(left: Quantity, right: Quantity) -> tuple[End, End]:
    a, b = _ends(left), _ends(right)
    return tuple((x[0] + y[0], x[1] or y[1]) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def _subtracted(left: Quantity, right: Quantity) -> tuple[End, End]:
    a, b = _ends(left), _ends(right)
    return tuple((x[0] - y[0], x[1] or y[1]) for x, y in zip(a, reversed(b), strict=True))  # type: ignore[return-value]


def _multiplied(left: Quantity, right: Quantity) -> tuple[End, End]:
    return _product(_ends(left), _ends(right))


def _divided(left: Quantity, right: Quantity) -> tuple[End, End]:
    low, high = _ends(right)
    return _product(_ends(left), ((1 / high[0], high[1]), (1 / low[0], low[1])))


def _product(left: tuple[End, End], right: tuple[End, End]) -> tuple[End, End]:
    """The range of x·y: its ends are among the corners; a zero that is included reaches zero whatever the other is."""
    corners = []
    for x, x_open in left:
        for y, y_open in right:
            reached = (x == 0 and not x_open) or (y == 0 and not y_open)
            corners.append((x * y, not reached and (x_open or y_open)))
    low = min(value for value, _ in corners)
    high = max(value for value, _ in corners)
    return (low, (low, False) not in corners), (high, (high, False) not in corners)

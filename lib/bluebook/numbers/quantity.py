"""A number that knows how precisely it was printed and where it came from.

A `Quantity` is an interval with a value, a unit and a provenance. Arithmetic carries all four along: bounds exactly
(see `intervals` and `expression`: a number that occurs twice in a formula does not widen its range), units by
multiplying and cancelling (`units`), provenance by keeping the formula and the printed numbers in it.

**The value** of a printed number is the number printed (90万余 is 900 000, 3—5年 is 4). The value of a derived one is
what its formula gives for these; where one of its numbers is printed one-sided (余, 近, 不足, 以上 …), so that what is
printed is an end of its range, it is the middle of the derived bounds.

**What is shown** claims no more than the bounds. A derived number is shown as a point where the point lies inside its
bounds and its digits claim at least half their width, if need be with 约 or "about"; else as a range.

The module is long because one class has all that notebooks ask of a number. How its arithmetic is done is in
`arithmetic`, how it is written in `wording`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from html import escape
from typing import Any

from bluebook.messages import language, message
from bluebook.numbers import units
from bluebook.numbers.arithmetic import Operator, Term, can_be_added, combined
from bluebook.numbers.expression import Constant, Expression, Variable, formula, plain
from bluebook.numbers.intervals import Interval
from bluebook.numbers.printed import Printed, parse
from bluebook.numbers.text import Style
from bluebook.numbers.wording import Wording

Number = int | float | Fraction | Decimal
ID = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"  # a figure's id: a dotted slug; a cited one's ends with its year
ONE_SIDED = ("over", "at least", "nearly", "under", "at most")  # hedges whose number is an end of its range
PART_OF_WHOLE = ("share", "rate")  # measures that cannot pass 0 and 100 %
LARGEST = Fraction(10) ** 300  # what a number may come to, and one over it the least: what JSON and pandas can hold
LARGEST_POWER = 100
DECIMALS = 28  # of a value that is formatted: as many digits behind the point are right
OPERATORS = {"*": "×", "/": "÷", "-": "−"}  # as a reader has them
_NAME_OR_OPERATOR = re.compile(rf"{ID}|(?<= )[-*/](?= )")  # of a formula


class QuantityError(ValueError):
    """Arithmetic that has no meaning, or an order that the bounds do not decide."""


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
        """Where it stands, in words.

        >>> Source(paragraph=18).text("en"), Source(cited="Shenzhen Daily").text("zh")
        ('source, paragraph 18', '引自Shenzhen Daily')
        """
        if self.cited:
            return message(lang, "source.cited", cited=self.cited)
        return message(lang, "source.paragraph", paragraph=self.paragraph)


@dataclass(frozen=True)
class Origin:
    """The printed numbers that another rests on, and whether one of them is an end of its range."""

    leaves: dict[Hashable, Quantity]
    one_sided: bool

    def __or__(self, other: Origin) -> Origin:
        return Origin(self.leaves | other.leaves, self.one_sided or other.one_sided)


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number with bounds, unit and provenance.

    `value`, `low` and `high` are exact and in plain units (元, people; 15.5 % is 31/200); an open end is not itself
    included. A published figure has `figure`, `printed` and `source`, and `step`, one unit of its last printed digit;
    `per` is what an average is for each of (个·年), and `measure` the kind of number, as in `figures.csv`. A derived
    one has `expression`, and in `made_from` the printed numbers in it.
    Raises `QuantityError` for bounds that cross or leave out the value, and for numbers beyond 10^300 or 10^-300.

    >>> volunteers = published("208万名", figure="volunteers.total", lang="en")
    >>> share = published("15.5%", figure="volunteers.share", lang="en")
    >>> residents = volunteers / share
    >>> residents.text, residents.formula, residents.inputs
    ('13.4 million', 'volunteers.total / volunteers.share', ('volunteers.total', 'volunteers.share'))
    >>> int(residents.low), int(residents.high)
    (13344051, 13495145)
    >>> (volunteers / volunteers).exact
    True
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
    reads_as: str = ""
    hedge: str = ""
    source: Source | None = None
    step: Fraction | None = None
    as_percent: bool = False
    per: str = ""
    measure: str = ""
    expression: Expression | None = field(default=None, repr=False)
    made_from: Origin | None = field(default=None, repr=False)
    token: object = field(default_factory=object, repr=False)  # tells two readings of the same text apart

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            number = Fraction(getattr(self, name))
            object.__setattr__(self, name, _within_limits(number))
        if not self.low <= self.value <= self.high:
            ends = f"{plain(self.low)} to {plain(self.high)}"
            raise QuantityError(f"value {plain(self.value)} with bounds {ends}: expected bounds around the value")
        if self.exact and (self.low_open or self.high_open):
            raise QuantityError(f"{plain(self.value)} with an open end: expected a number within its bounds")

    # what it says

    @property
    def bounds(self) -> Interval:
        """Its range: both ends in plain units, and which of them is left out."""
        return Interval(self.low, self.high, self.low_open, self.high_open)

    @property
    def exact(self) -> bool:
        """Whether its range is one number."""
        return self.low == self.high

    @property
    def derived(self) -> bool:
        """Whether it was made from printed numbers, and not printed itself."""
        return self.expression is not None

    @property
    def full_unit(self) -> str:
        """The unit with what the number is per: 元/个·年 for an average of 200万元 a community and year."""
        return f"{self.unit}/{self.per}" if self.per else self.unit

    @property
    def kind(self) -> str:
        """What numbers must share to stand on one axis: the unit, where all things that are counted are alike."""
        return units.kind(self.unit)

    @property
    def formula(self) -> str:
        """The formula of a derived number over the ids of its inputs; empty for a published one."""
        return formula(self.expression) if self.expression is not None else ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids of the published figures this number rests on; for a published figure, its own."""
        return tuple(leaf.figure for leaf in self.leaves if leaf.figure)

    @property
    def leaves(self) -> tuple[Quantity, ...]:
        """The printed numbers this one rests on, each once; for a printed one, itself."""
        return tuple(self._origin.leaves.values())

    @property
    def sources(self) -> tuple[Quantity, ...]:
        """The printed numbers a derived one was made from; none for a printed one."""
        return self.leaves if self.derived else ()

    @property
    def one_sided(self) -> bool:
        """Whether a printed number this one rests on is an end of its range."""
        return self._origin.one_sided

    @cached_property
    def _origin(self) -> Origin:
        return self.made_from or Origin({self._key: self}, self.hedge in ONE_SIDED)

    @property
    def text(self) -> str:
        """The number in its language: as printed where the language is the source's, else in words of its own."""
        if self._stands_as_printed:
            return self.reads_as or self.printed
        return self._wording.text

    @property
    def is_range(self) -> bool:
        """Whether it is shown as a range, because no point says what its bounds allow."""
        if self._stands_as_printed:
            return self.hedge == "between"
        return self._wording.is_range

    @property
    def bounds_text(self) -> str:
        """The bounds in words, rounded outward, and which end is left out; `exact` where the number is one."""
        return self._wording.bounds_text

    @property
    def _stands_as_printed(self) -> bool:
        return self.printed != "" and language(self.lang).numbers.as_printed

    @cached_property
    def _wording(self) -> Wording:
        style = Style(self.lang, self.unit, self.as_percent)
        return Wording(self.value, self.bounds, style, self.step, self.hedge)

    @property
    def where(self) -> str:
        """Where the number comes from, in words: its paragraph, its citation, or how it was derived."""
        if self.source:
            return self.source.text(self.lang)
        if not self.derived:
            return ""
        return message(self.lang, "quantity.derived", working=self.working)

    @property
    def working(self) -> str:
        """The formula of a derived number, its inputs by their labels: 志愿者 ÷ 志愿者占常住人口."""
        written = dict(OPERATORS)
        for leaf in self.sources:
            if leaf.figure:
                written[leaf.figure] = leaf.label or leaf.figure
        return _NAME_OR_OPERATOR.sub(lambda part: written.get(part[0], part[0]), self.formula)

    def record(self) -> dict[str, Any]:
        """The number for a machine, as JSON has it: value and bounds in plain units to double precision.

        `low_included` and `high_included` say whether an end is itself one of the possible values.

        >>> published("近七成", figure="livelihood.share").record()["high_included"]
        False
        """
        record: dict[str, Any] = {"text": self.text}
        record["value"] = float(self.value)
        record["low"] = float(self.low)
        record["high"] = float(self.high)
        record["low_included"] = not self.low_open
        record["high_included"] = not self.high_open
        record["unit"] = self.unit
        record["per"] = self.per
        record["label"] = self.label
        record["figure"] = self.figure
        record["printed"] = self.printed
        record["formula"] = self.formula
        record["inputs"] = list(self.inputs)
        return record

    # arithmetic

    def __add__(self, other: Quantity | Number) -> Quantity:
        return self._combined(other, "+")

    def __sub__(self, other: Quantity | Number) -> Quantity:
        return self._combined(other, "-")

    def __mul__(self, other: Quantity | Number) -> Quantity:
        return self._combined(other, "*")

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        return self._combined(other, "/")

    def __radd__(self, other: Number) -> Quantity:
        return self._after(other, "+")

    def __rsub__(self, other: Number) -> Quantity:
        return self._after(other, "-")

    def __rmul__(self, other: Number) -> Quantity:
        return self._after(other, "*")

    def __rtruediv__(self, other: Number) -> Quantity:
        return self._after(other, "/")

    def __neg__(self) -> Quantity:
        return self._derived(self._term.negative(), self._origin)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        if self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        return self._derived(self._term.absolute(), self._origin)

    def __pow__(self, exponent: int) -> Quantity:
        """A whole power. Raises `QuantityError` for a negative one of bounds that hold zero, and beyond 100."""
        if not isinstance(exponent, int) or isinstance(exponent, bool):
            return NotImplemented
        if abs(exponent) > LARGEST_POWER:
            raise QuantityError(f"{self._name}: found a power of {exponent}, expected one up to {LARGEST_POWER}")
        if exponent < 0:
            return 1 / self**-exponent
        return self._derived(self._term.power(exponent), self._origin)

    def __round__(self, digits: int = 0) -> Quantity:
        """The number rounded to so many decimals of its plain unit, halves away from zero; bounds likewise.

        Raises `QuantityError` for decimals that are no whole number from -100 to 100.
        """
        if not isinstance(digits, int) or abs(digits) > LARGEST_POWER:
            wanted = f"a whole number up to {LARGEST_POWER}"
            raise QuantityError(f"{self._name}: found {digits!r} decimals, expected {wanted}")
        return self._derived(self._term.rounded(digits), self._origin)

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        raise QuantityError(f"{self._name} is neither true nor false: compare it, or ask whether it is None")

    def __str__(self) -> str:
        return self.text

    def __format__(self, spec: str) -> str:
        """The text, or with a format like `.1f` the value alone: its digits are then yours to answer for."""
        if not spec:
            return self.text
        if spec[-1] in "feEFgGn%" or "," in spec or "." in spec:
            whole_digits = len(str(abs(self.value) // 1))
            with localcontext(prec=whole_digits + DECIMALS, rounding=ROUND_HALF_UP):
                value = Decimal(self.value.numerator) / self.value.denominator
                return format(value, spec)
        return format(self.text, spec)

    # order

    def __eq__(self, other: object) -> bool:
        """A plain number equals an exact quantity of that value; a quantity, one that says the same."""
        if isinstance(other, Quantity):
            return self._identity == other._identity
        if is_number(other):
            return self.exact and self.value == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def _identity(self) -> tuple[Any, ...]:
        number = (self.value, self.bounds, self.unit, self.per, self.as_percent)
        words = (self.label, self.lang)
        origin = (self.figure, self.printed, self.formula, self.source)
        return number + words + origin

    def __lt__(self, other: Quantity | Number) -> bool:
        return self._decided("<", other)

    def __gt__(self, other: Quantity | Number) -> bool:
        return self._decided(">", other)

    def __le__(self, other: Quantity | Number) -> bool:
        return self._decided("<=", other)

    def __ge__(self, other: Quantity | Number) -> bool:
        return self._decided(">=", other)

    def _decided(self, relation: str, other: Quantity | Number) -> bool:
        """Whether the relation holds. Raises `QuantityError` where the bounds leave it open."""
        if not is_number(other):
            return NotImplemented
        other = as_quantity(other, self, "-")
        _check_units(self, other)
        lesser, greater = (self, other) if relation in ("<", ">=") else (other, self)
        is_less = lesser.bounds.is_less(greater.bounds)
        if is_less is None:
            raise QuantityError(
                f"{self._name} ({self.bounds_text}) {relation} {other._name} ({other.bounds_text}): "
                "the bounds leave it open; compare .low, .high or .value"
            )
        return is_less if relation in ("<", ">") else not is_less

    # how arithmetic is done

    def _combined(self, other: Quantity | Number, op: Operator) -> Quantity:
        """This number and another behind an operator."""
        if not is_number(other):
            return NotImplemented
        other = as_quantity(other, self, op)
        if op in "+-" and not can_be_added(self.full_unit, other.full_unit):
            _check_units(self, other)
        if op == "/" and other.bounds.has_zero:
            why = "it is zero" if other.exact else f"its bounds {other.bounds_text} hold zero"
            raise QuantityError(f"cannot divide by {other._name}: {why}")
        shared = self._origin.leaves.keys() & other._origin.leaves.keys()
        term = combined(self._term, op, other._term, are_independent=not shared)
        return self._derived(term, self._origin | other._origin, as_percent=self._stays_percent(other, op))

    def _after(self, other: Number, op: Operator) -> Quantity:
        """A plain number and this one behind an operator."""
        if not is_number(other):
            return NotImplemented
        return as_quantity(other, self, op)._combined(self, op)

    def _derived(self, term: Term, origin: Origin, *, as_percent: bool | None = None) -> Quantity:
        """A quantity made from printed ones, in this one's language."""
        bounds = term.bounds
        is_within = bounds.low <= term.value <= bounds.high
        value = bounds.middle if origin.one_sided or not is_within else term.value
        return Quantity(
            value,
            bounds.low,
            bounds.high,
            bounds.low_open,
            bounds.high_open,
            unit=units.derived(term.unit),
            lang=self.lang,
            as_percent=self.as_percent if as_percent is None else as_percent,
            expression=term.expression,
            made_from=origin,
        )

    @property
    def _term(self) -> Term:
        """The number as a part of a formula."""
        expression = self.expression
        if expression is None:
            expression = Variable(self._key, self._name, self.bounds)
        return Term(self.value, self.bounds, self.full_unit, expression)

    @cached_property
    def _key(self) -> Hashable:
        """What tells a printed number from others: its figure and what it says, or that it was read here."""
        if not self.figure:
            return self.token
        return f"{self.figure} {self.printed} {self.bounds} {self.source}"

    def _stays_percent(self, other: Quantity, op: str) -> bool:
        if op in "+-":
            return self.as_percent or other.as_percent
        return op == "*" and self.as_percent and other.as_percent

    @property
    def _name(self) -> str:
        return self.figure or self.formula or self.printed or plain(self.value)

    # other views of the same number

    @property
    def percent(self) -> Quantity:
        """The same ratio, written as a percentage. Raises `QuantityError` for a number that measures something.

        A ratio of counts is one: 759宗 ÷ 32009间次 is 2.37 %.
        """
        return replace(self.ratio, as_percent=True)

    @property
    def ratio(self) -> Quantity:
        """The same ratio of counts without their words: 42.2 for 42.2间次/宗.

        Raises `QuantityError` for a number that measures something, as one in 元 does.
        """
        if not units.is_rate_of_counts(self.full_unit):
            raise QuantityError(f"{self._name} is in {self.full_unit}: only a ratio of counts is a plain number")
        worth, _ = units.plain(self.full_unit)
        in_plain_unit = self if worth == 1 else self * 1
        return in_plain_unit._unprinted("")

    @property
    def points(self) -> Quantity:
        """A difference of percentages, in percentage points. Raises `QuantityError` as `ratio`."""
        return replace(self.ratio._unprinted("百分点"), as_percent=False)

    @property
    def amount(self) -> Quantity:
        """The same number without what it is per, for a sentence that says so itself: 16.3项 a year for 16.3项/年."""
        return self._unprinted(self.unit.partition("/")[0])

    def _unprinted(self, unit: str) -> Quantity:
        """A copy in another unit; a printed number becomes one derived from itself, so that its words fit the unit."""
        if unit == self.unit:
            return replace(self, per="")
        if self.derived:
            return replace(self, unit=unit, per="", step=None)
        term = replace(self._term, unit=unit)
        return replace(self._derived(term, self._origin), label=self.label)

    def named(self, zh: str, en: str) -> Quantity:
        """The same number with a label of its own; what derived numbers are shown under."""
        return self.labelled(zh if self.lang == "zh" else en)

    def labelled(self, label: str) -> Quantity:
        """The same number with a label that is in its language already."""
        return replace(self, label=label)

    def overlaps(self, other: Quantity | Number) -> bool:
        """Whether some number lies within the bounds of both. Ends that touch count when both are included."""
        other = as_quantity(_checked_number(other), self, "-")
        _check_units(self, other)
        return self.bounds.meets(other.bounds)

    def gap(self, other: Quantity | Number) -> Fraction:
        """How far the bounds lie apart, in plain units; 0 where they overlap or touch.

        It is what is left between the bounds as they are written, so that a reader finds the same; only where those
        meet it is taken between the bounds themselves.
        """
        other = as_quantity(_checked_number(other), self, "-")
        _check_units(self, other)
        written = _distance(self._wording.written_bounds, other._wording.written_bounds)
        return written or _distance(self.bounds, other.bounds)

    # how notebooks and pages show it

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        attributes = {"value": plain(self.value), "data-figure": self.figure}
        if self.derived:
            attributes["data-formula"] = self.formula
            attributes["data-inputs"] = " ".join(self.inputs)
        attributes["title"] = "\n".join(self.facts())
        written = ""
        for name, value in attributes.items():
            if value:
                written += f' {name}="{escape(value)}"'
        return f'<data class="figure"{written}>{escape(self.text)}</data>'

    def facts(self) -> Iterator[str]:
        """What a reader may know of it, a line each: its label, how it was printed or derived, bounds and places."""
        if self.label:
            yield self.label
        if self.printed:
            yield message(self.lang, "quantity.printed", printed=self.printed)
        elif self.derived:
            yield f"= {self.working}"
        yield message(self.lang, "quantity.bounds", bounds=self.bounds_text)
        if self.source:
            yield self.where
        for leaf in self.sources:
            name = leaf.label or leaf.figure
            yield message(self.lang, "quantity.input", label=name, number=leaf.text, place=leaf.where)


# where quantities come from


def published(
    printed: str,
    *,
    figure: str | None,
    lang: str = "zh",
    label: str = "",
    source: Source | None = None,
    low: str = "",
    high: str = "",
    measure: str = "",
    per: str = "",
    reads_as: str = "",
) -> Quantity:
    """The quantity a printed number says.

    `reads_as` is what is read instead of `printed`, where a list or the head of a table gives the number its sign or
    unit. `low` and `high`, in printed form, override its bounds. A `measure` of share or rate keeps them within 0 and
    100 %; `per` is what an average is for each of.
    Raises `PrintedError` when one of them cannot be read, `QuantityError` when the bounds leave out the number.

    >>> published("100%", figure="safety.rate", measure="rate").bounds_text
    '99.5%至100%'
    """
    number = _of_printed(parse(reads_as or printed))
    bounds = _within_whole(number) if measure in PART_OF_WHOLE else number.bounds
    if low:
        bounds = replace(bounds, low=parse(low).value, low_open=False)
    if high:
        bounds = replace(bounds, high=parse(high).value, high_open=False)
    return replace(
        number,
        low=bounds.low,
        high=bounds.high,
        low_open=bounds.low_open,
        high_open=bounds.high_open,
        figure=figure,
        lang=lang,
        label=label,
        source=source,
        printed=printed,
        reads_as=reads_as,
        measure=measure,
        per=per,
    )


def _of_printed(number: Printed) -> Quantity:
    is_ratio = not number.unit and number.scale < 1
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
        as_percent=is_ratio,
    )


def _within_whole(share: Quantity) -> Interval:
    """The bounds of a share, which cannot pass 0 and 100 %; those of a number beyond are left as they are."""
    bounds = share.bounds
    if not 0 <= share.value <= 1:
        return bounds
    if bounds.high > 1:
        bounds = replace(bounds, high=Fraction(1), high_open=False)
    if bounds.low < 0:
        bounds = replace(bounds, low=Fraction(0), low_open=False)
    return bounds


def total(quantities: Iterable[Quantity]) -> Quantity:
    """The sum of quantities of one unit, with its bounds. Raises `QuantityError` for none, or for mixed units.

    >>> total(published(printed, figure=f"a.{n}") for n, printed in enumerate(["30多项", "9项"])).bounds_text
    '39至不足49项'
    """
    terms = [_checked_number(quantity) for quantity in quantities]
    if not terms:
        raise QuantityError("the sum of no quantities: expected one or more")
    running_sum = terms[0]
    for term in terms[1:]:
        running_sum = running_sum + term
    return running_sum


def mean(quantities: Iterable[Quantity]) -> Quantity:
    """The arithmetic mean of quantities of one unit, with its bounds; errors as `total`.

    >>> mean([published("3个", figure="a.b"), published("4个", figure="a.c")]).text
    '3.5个'
    """
    terms = list(quantities)
    summed = total(terms)
    return summed / len(terms)


def as_quantity(number: Quantity | Number, beside: Quantity, op: str) -> Quantity:
    """A plain number as an exact quantity; in a sum it is read in the unit of the number beside it."""
    if isinstance(number, Quantity):
        return number
    if not math.isfinite(number):
        raise QuantityError(f"found {number} beside {beside._name}: expected a finite number")
    exact = Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    is_of_sum = op in "+-"
    return Quantity(
        exact,
        exact,
        exact,
        unit=beside.unit if is_of_sum else "",
        per=beside.per if is_of_sum else "",
        lang=beside.lang,
        expression=Constant(exact),
        made_from=Origin({}, one_sided=False),
    )


def is_number(candidate: object) -> bool:
    """Whether something is a number to calculate with: no text, and no truth value."""
    return isinstance(candidate, Quantity | int | float | Fraction | Decimal) and not isinstance(candidate, bool)


def _checked_number(candidate: Any) -> Any:
    """The same, where it is a number. Raises `QuantityError` where it is not."""
    if not is_number(candidate):
        raise QuantityError(f"found {candidate!r}, expected a quantity or a number")
    return candidate


def _within_limits(number: Fraction) -> Fraction:
    if number and not 1 / LARGEST <= abs(number) <= LARGEST:
        raise QuantityError("found a number beyond 10^300 or 10^-300: expected one that a machine can hold")
    return number


def _check_units(left: Quantity, right: Quantity) -> None:
    """Raises `QuantityError` where the units of two numbers differ."""
    if units.same(left.full_unit, right.full_unit):
        return
    first = f"{left._name} in {left.full_unit or 'no unit'}"
    second = f"{right._name} in {right.full_unit or 'no unit'}"
    raise QuantityError(f"units do not match: {first} and {second}")


def _distance(one: Interval, other: Interval) -> Fraction:
    """How far two ranges lie apart; 0 where they meet."""
    return max(Fraction(0), other.low - one.high, one.low - other.high)

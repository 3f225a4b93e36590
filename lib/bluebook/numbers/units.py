"""Units as products of powers: 元, 元/个·年, 名². What is multiplied multiplies, what is equal above and below cancels.

A unit is written as it is in Chinese: factors joined by `·`, a power as `²`, what it is *per* after a `/`. A counted
word (个, 家, 名) is a factor like any other, so 1.2万张 ÷ 20家 is 600 张/家. 倍 and 百分点 count nothing: in a product
they are plain numbers. A power of ten before a word below (件/万人) is a factor of the number, see `plain`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from bluebook.numbers.printed import MAGNITUDES, MEASURES, canonical

NUMBERS = ("倍", "番", "百分点", "千分点")  # units of plain numbers
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PER = {"天": "日", "个月": "月"}  # what a number is per has a name of its own
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FACTOR = re.compile(r"(.+?)([⁰¹²³⁴⁵⁶⁷⁸⁹]*)")
_SCALED = re.compile(rf"((?:10)*[{''.join(MAGNITUDES)}]+)(?![分米克瓦])(.+)")

Powers = Counter[str]


def powers(unit: str) -> Powers:
    """The factors of a unit with their powers, those it is per below zero.

    >>> sorted(powers("元/个·年").items())
    [('个', -1), ('元', 1), ('年', -1)]
    """
    top, *below = unit.split("/")
    result: Powers = Counter()
    _add_powers(result, top, 1)
    for part in below:
        _add_powers(result, part, -1)
    return result


def _add_powers(result: Powers, product: str, sign: int) -> None:
    for factor in filter(None, product.split("·")):
        word, exponent = _factor(factor)
        if word not in NUMBERS:
            result[canonical(word)] += sign * exponent


def _factor(written: str) -> tuple[str, int]:
    match = _FACTOR.fullmatch(written)
    assert match is not None  # the pattern takes any text
    return match[1], int(match[2].translate(_DIGITS) or 1)


def written(factors: Powers) -> str:
    """The unit of these powers.

    >>> written(Counter({"元": 1, "个": -1, "年": -1})), written(Counter({"名": 2}))
    ('元/个·年', '名²')
    """
    above = []
    below = []
    for word, power in factors.items():
        if power > 0:
            above.append(_raised(word, power))
        elif power < 0:
            name = _PER.get(word, word)
            below.append(_raised(name, -power))
    unit = "·".join(above)
    return f"{unit}/{'·'.join(below)}" if below else unit


def _raised(word: str, power: int) -> str:
    return word if power == 1 else word + str(power).translate(_SUPERSCRIPTS)


def product(left: str, right: str) -> str:
    """The unit of a product.

    >>> product("元/个·年", "个"), product("名", "名"), product("倍", "元")
    ('元/年', '人²', '元')
    """
    return _combined(left, right, 1)


def quotient(left: str, right: str) -> str:
    """The unit of a quotient.

    >>> quotient("张", "家"), quotient("", "名"), quotient("元", "元")
    ('张/家', '/人', '')
    """
    return _combined(left, right, -1)


def power(unit: str, exponent: int) -> str:
    """The unit of a whole power."""
    if not exponent:
        return ""
    raised = {word: count * exponent for word, count in powers(unit).items()}
    return written(Counter(raised))


def derived(unit: str) -> str:
    """The unit of a derived number: people, printed as 名 or 位, are 人; any other word stays as it is printed.

    >>> derived("名"), derived("元/位"), derived("名²"), derived("间次")
    ('人', '元/人', '人²', '间次')
    """
    return re.sub("[^/·]+", lambda factor: _people(factor[0]), unit)


def _people(factor: str) -> str:
    word = factor.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")
    exponent = factor[len(word) :]
    return f"人{exponent}" if word in ("名", "位") else factor


def _combined(left: str, right: str, sign: int) -> str:
    if not powers(right):
        return left if powers(left) else ""
    factors = powers(left)
    for word, count in powers(right).items():
        factors[word] += sign * count
    return written(factors)


def plain(unit: str) -> tuple[Fraction, str]:
    """What one of a unit is worth in a unit without powers of ten, and that unit.

    >>> plain("件/万人"), plain("元/个")
    ((Fraction(1, 10000), '件/人'), (Fraction(1, 1), '元/个'))
    """
    above, *below = unit.split("/")
    worth = Fraction(1)
    parts = [above]
    for part in below:
        words = []
        for factor in part.split("·"):
            times, word = power_of_ten(factor)
            worth /= times
            words.append(word)
        parts.append("·".join(words))
    return worth, "/".join(parts)


def power_of_ten(factor: str) -> tuple[int, str]:
    """The power of ten that stands before a word, and the word: 万人 is 10 000 and 人.

    >>> power_of_ten("10万人"), power_of_ten("千瓦"), power_of_ten("个")
    ((100000, '人'), (1, '千瓦'), (1, '个'))
    """
    scaled = _SCALED.fullmatch(factor)
    if not scaled:
        return 1, factor
    digits = scaled[1].rstrip("".join(MAGNITUDES))
    worth = int(digits or 1)
    for character in scaled[1][len(digits) :]:
        worth *= MAGNITUDES[character]
    return worth, scaled[2]


def same(left: str, right: str) -> bool:
    """Whether numbers in these units can be added: the same factors, 名 for 人 and percentage points for ratios."""
    return left == right or powers(left) == powers(right)


def is_thing(word: str) -> bool:
    """Whether a factor of a unit counts things: 个, 家, 人."""
    return word not in MEASURES


def are_things(words: Iterable[str]) -> bool:
    return all(is_thing(word) for word in words)


def is_rate_of_counts(unit: str) -> bool:
    """Whether a unit has only words that count things: a plain ratio, whose words a sentence may leave out."""
    return are_things(powers(unit))


def kind(unit: str) -> str:
    """What numbers must share to stand on one axis: the unit, where all things that are counted are alike.

    >>> kind("家") == kind("个"), kind("元/个") == kind("元/家"), kind("元") == kind("家")
    (True, True, False)
    """
    if unit in ("百分点", "千分点"):
        return unit
    alike = Counter[str]()
    for word, count in powers(unit).items():
        alike["things" if is_thing(word) else word] += count
    return written(alike)


def comparable(left: str, right: str, *, average: bool = False) -> bool:
    """Whether a check may hold numbers in these units against each other.

    Things that are counted compare, 家 with 个; so does what they are per. Rates of counts must count the same above:
    张/家 with 张/个, never with 元 or 人/家. With `average`, one of the two is printed without what it is per (600张).
    """
    if same(left, right):
        return True
    above_left, below_left = _halves(left)
    above_right, below_right = _halves(right)
    if not below_left and not below_right:
        return kind(left) == kind(right)
    if above_left != above_right:
        return False
    if not below_left or not below_right:
        return average
    return kind(written(below_left)) == kind(written(below_right))


def _halves(unit: str) -> tuple[Powers, Powers]:
    """The powers above the line, and those below it without their sign; each in a unit of its own."""
    above: Powers = Counter()
    below: Powers = Counter()
    for word, power in powers(unit).items():
        if power > 0:
            above[word] = power
        elif power < 0:
            below[word] = -power
    return above, below

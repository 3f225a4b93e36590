"""The grammar of a printed number in Chinese, read from left to right without going back.

    number = [sign] [hedge] [currency] core [over] [ratio | unit] [rest] [hedge]

`form_at` finds the longest such form at a place of a text; `stated` is what it says. Texts are those of
`characters.tight`. The core is read in `chinese_cores`, the unit in `chinese_units`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.bounds import Stated
from bluebook.numbers.chinese_cores import ONE_HALF, ONE_TENTH, POINT, Core, core_at
from bluebook.numbers.chinese_units import Unit, unit_at
from bluebook.numbers.numerals import NUMERALS, power_of, value_of
from bluebook.numbers.words import CURRENCIES, HEDGES, RATIOS, SIGNS, UNITS, by_word, pattern_of

HEDGE_OF = by_word(HEDGES)
_ABOVE = {"over", "at least"}
_SIDES = (_ABOVE, {"under", "at most"}, {"nearly"})  # words that say the same side of a number
_BEHIND = ("以上", "以下", "以内", "左右", "上下")
_NEVER_BEFORE = (*"余多来几上过破+", *_BEHIND)  # or only in front of some words
_BEFORE_WORDS = pattern_of(word for word in HEDGE_OF if word not in _NEVER_BEFORE)
_SIGN = re.compile(rf"(?:{pattern_of(SIGNS)})了?")
_HEDGE_BEFORE = re.compile(
    rf"(?:{_BEFORE_WORDS})了?"
    r"|上(?=[百千万亿])|过(?=[百千万亿]|[一二两三四五六七八九]成|半(?!年|天|小时|个))|破(?=[百千万亿]|\d+(?:\.\d+)?[万亿%成])"
)
_HEDGE_BEHIND = re.compile(pattern_of(_BEHIND))
_CURRENCY = re.compile(pattern_of(CURRENCIES))
_RATIO = re.compile(r"%|‰|‱|个?百分点|个?千分点|个?基点|[Bb][Pp]s?(?![A-Za-z])|成(?![立为员果本功绩长交品套才熟都就])")
_OVER = re.compile(rf"[余多](?!数|样|少)|来(?=[万亿%]|个|{pattern_of(UNITS)})|\+(?!\d)")
_SOME = re.compile(r"几(?!乎|率|何|年|天)")
_LATE_POWER = re.compile(r"[百千]?[万亿]|兆(?![瓦赫字比欧帕焦])")
_REST = re.compile(r"半(?:小时|个?月|钟头)|[余多](?:小时|月|星期|百分点)|半|[余多](?!数|样|少)")
_UNITS_WITH_HALF = ("年", "天", "岁", "小时")
_UNITS_WITH_OVER = ("年", "岁", "天", "里", "小时", "倍", "公里", "米", "吨", "元", "亩", "千克")
_UNIT_OF_REST = {"月": "个月", "钟头": "小时"}
_POINTS = {"百分点": "百分点", "千分点": "千分点", "基点": "百分点"}  # basis points are told as percentage points
_KINDS_WITHOUT_UNIT = ("parts", "half", "doubled")
_KINDS_WITH_OVER = ("digits", "words", "half")

BEGINNING = re.compile("|".join(map(re.escape, (*SIGNS, *HEDGE_OF, *CURRENCIES, "翻", "几", "半"))))  # of a number


@dataclass(frozen=True, slots=True)
class Form:
    """A printed number as it stands in a text: where it begins and ends, and its parts.

    `digits_end` is where its digits or words end, `tail` where its 万, %, unit begin: what a list says once.
    """

    string: str
    begin: int
    stop: int
    sign: str
    hedges: tuple[str, ...]
    core: Core
    core_begin: int
    digits_end: int
    tail_end: int
    ratio: str
    tenths: str
    unit: str
    unit_scale: Fraction
    rest: str
    currency: str

    def start(self) -> int:
        return self.begin

    def end(self) -> int:
        return self.stop

    def __getitem__(self, group: int) -> str:
        return self.string[self.begin : self.stop]

    @property
    def is_bare(self) -> bool:
        """Whether neither 万 nor % nor a unit says what the number is of."""
        return self.tail_end == self.digits_end and not self.currency

    @property
    def tail(self) -> str:
        return self.string[self.digits_end : self.tail_end]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the digits: sign, hedges and currency."""

    sign: str
    hedges: tuple[str, ...]
    currency: str
    end: int


@dataclass(frozen=True, slots=True)
class _Over:
    """余, 多, 来, 几 or + behind a number, empty where none is; what the 万 or 亿 behind it is worth (三百多万)."""

    word: str
    end: int
    late_power: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class _Ratio:
    """%, 成, 个百分点, empty where none is; the digit behind 成 (五成二)."""

    word: str
    end: int
    tenths: str = ""


def form_at(text: str, at: int = 0, until: int | None = None) -> Form | None:
    """The longest printed number that begins at a place of a text and ends before `until`."""
    if until is None:
        until = len(text)
    head = _head_at(text, at, until)
    core = core_at(text, head.end, until, is_hedged=bool(head.hedges))
    if core is None:
        return None
    over = _over_at(text, core, until)
    late_power = over.late_power
    if core.scale > late_power > 1:
        core = _with_last_part_times(core, late_power)
        late_power = Fraction(1)
    ratio = _ratio_at(text, over.end, until, core)
    has_unit = not ratio.word and core.kind not in _KINDS_WITHOUT_UNIT
    unit = unit_at(text, ratio.end, until) if has_unit else Unit("", ratio.end)
    unit_name = unit.name
    if core.kind == "time" and unit_name == "分":
        unit_name = "分钟"
    rest = _rest_at(text, unit.end, until, unit_name, ratio.word)
    hedge_behind = _HEDGE_BEHIND.match(text, unit.end + len(rest), until)
    hedges = [*head.hedges]
    if over.word:
        hedges.append(over.word)
    if rest.startswith(("余", "多")):
        hedges.append(rest[0])
    if hedge_behind:
        hedges.append(hedge_behind[0])
    return Form(
        string=text,
        begin=at,
        stop=hedge_behind.end() if hedge_behind else unit.end + len(rest),
        sign=head.sign,
        hedges=tuple(hedges),
        core=core,
        core_begin=head.end,
        digits_end=_digits_end(text, head.end, core),
        tail_end=unit.end,
        ratio=ratio.word,
        tenths=ratio.tenths,
        unit=unit_name,
        unit_scale=unit.worth if late_power == 1 else unit.worth * late_power,
        rest=rest,
        currency=head.currency,
    )


# the parts of a form


def _head_at(text: str, at: int, until: int) -> _Head:
    """Sign, hedge and currency at a place, each if it is there; a hedge may also follow the currency."""
    sign, end = _matched(_SIGN, text, at, until)
    hedge, end = _matched(_HEDGE_BEFORE, text, end, until)
    currency, end = _matched(_CURRENCY, text, end, until)
    hedge_behind = ""
    if currency:
        hedge_behind, end = _matched(_HEDGE_BEFORE, text, end, until)
    hedges = [word.removesuffix("了") for word in (hedge, hedge_behind) if word]
    return _Head(sign.removesuffix("了"), tuple(hedges), currency, end)


def _matched(pattern: re.Pattern[str], text: str, at: int, until: int) -> tuple[str, int]:
    """What a pattern matches at a place, and where that ends; nothing, and the place itself."""
    match = pattern.match(text, at, until)
    if match is None:
        return "", at
    return match[0], match.end()


def _digits_end(text: str, at: int, core: Core) -> int:
    """Where the digits end and 万 or 亿 begins."""
    if core.kind not in ("digits", "words"):
        return core.end
    digits = text[at : core.end].rstrip("十百千万亿兆")
    return at + len(digits) or core.end


def _over_at(text: str, core: Core, until: int) -> _Over:
    if core.kind not in _KINDS_WITH_OVER:
        return _Over("", core.end)
    over = _OVER.match(text, core.end, until)
    ends_with_power = core.end > 0 and text[core.end - 1] in "十百千"
    if over is None and ends_with_power:
        over = _SOME.match(text, core.end, until)
    if over is None:
        return _Over("", core.end)
    power = _LATE_POWER.match(text, over.end(), until)
    if power is None:
        return _Over(over[0], over.end())
    return _Over(over[0], power.end(), power_of(power[0]))


def _with_last_part_times(core: Core, power: Fraction) -> Core:
    """The number whose last part is told in 万 behind 多: 二亿零四百多万."""
    last_part = core.value % core.scale
    value = core.value - last_part + last_part * power
    spoken = core.spoken * power if core.spoken is not None else None
    return replace(core, value=value, step=core.step * power, spoken=spoken)


def _ratio_at(text: str, at: int, until: int, core: Core) -> _Ratio:
    if core.kind in _KINDS_WITHOUT_UNIT:
        return _Ratio("", at)
    pattern = POINT if core.kind == "half unit" else _RATIO
    ratio = pattern.match(text, at, until)
    if ratio is None:
        return _Ratio("", at)
    end = ratio.end()
    if ratio[0] != "成":
        return _Ratio(ratio[0], end)
    if core.value >= 10:
        return _Ratio("", at)
    tenths = _tenths_at(text, end, until)
    return _Ratio("成", end + len(tenths), tenths)


def _tenths_at(text: str, at: int, until: int) -> str:
    """The digit behind 成 (五成二), unless it begins a number of its own (五成20家); empty where there is none."""
    digit = text[at : at + 1] if at < until else ""
    if not digit or digit not in "一二三四五六七八九123456789":
        return ""
    after = text[at + 1 : at + 2]
    is_of_a_number = after in NUMERALS or after.isdigit() or after in ".%个家名"
    return "" if after and is_of_a_number else digit


def _rest_at(text: str, at: int, until: int, unit: str, ratio: str) -> str:
    """What may follow a unit: 四年半, 一个半小时, 两个多月, 三成多, 八倍多."""
    is_tenths = ratio == "成"
    if not unit and not is_tenths:
        return ""
    rest, _ = _matched(_REST, text, at, until)
    if rest == "半":
        may_follow = is_tenths or unit in _UNITS_WITH_HALF
    elif len(rest) > 1:
        may_follow = unit == "个"
    else:
        may_follow = is_tenths or unit in _UNITS_WITH_OVER
    return rest if may_follow else ""


# what a form says


def stated(form: Form) -> Stated | None:
    """What a form says; nothing, where its words contradict each other or a bare 百, 万 or 半 is not said to be one."""
    hedge = _hedge(form.hedges)
    if hedge is None or _is_no_number(form):
        return None
    core = form.core
    value = core.value
    step = core.step
    if form.tenths:
        value += value_of(form.tenths) / 10
        step = ONE_TENTH
    if form.rest.startswith("半"):
        value += ONE_HALF
        step /= 2
    in_its_unit = Stated(
        value,
        step,
        scale=Fraction(1) if form.ratio else core.scale,
        unit=_unit(form),
        hedge=hedge,
        is_negative=bool(form.sign),
        is_whole=core.is_whole,
        spoken=None if form.ratio else core.spoken,
        high=core.high,
    )
    worth = _worth(form)
    return in_its_unit if worth == 1 else _times(in_its_unit, worth)


def _times(stated: Stated, worth: Fraction) -> Stated:
    """What a number in a unit of some worth says in plain units; in a smaller unit it is told to all its digits."""
    spoken = stated.spoken * worth if stated.spoken is not None and worth >= 1 else None
    return replace(
        stated,
        value=stated.value * worth,
        step=stated.step * worth,
        scale=stated.scale * worth,
        is_whole=False,
        spoken=spoken,
        high=None if stated.high is None else stated.high * worth,
    )


def _hedge(words: tuple[str, ...]) -> str | None:
    """What the words around a number say together (约200余家, 超过50%以上); nothing, where they contradict each other.

    >>> _hedge(("约", "余")), _hedge(("超过", "以上")), _hedge(()), _hedge(("超过", "以下"))
    ('over', 'over', '', None)
    """
    if not words:
        return ""
    hedges = [HEDGE_OF[word] for word in words]
    sharper = [hedge for hedge in hedges if hedge != "about"]
    if not sharper:
        return hedges[0]
    is_one_way = any(set(sharper) <= side for side in _SIDES)
    has_about = len(sharper) < len(hedges)
    is_about_fitting = not has_about or set(sharper) <= _ABOVE
    return sharper[0] if is_one_way and is_about_fitting else None


def _is_no_number(form: Form) -> bool:
    """Whether a form is a word rather than a number: 万, 半, 三五 alone, or an amount in two currencies."""
    core = form.core
    words = form.string[form.core_begin : core.end]
    is_bare_power = core.kind == "words" and words[0] in "百千万亿"
    is_bare_half = words == "半" and core.kind != "half unit"
    if (is_bare_power or is_bare_half) and not form.hedges:
        return True
    if core.kind == "pair" and core.scale == 1 and form.is_bare:
        return True
    has_two_units = form.currency != "" and form.unit != ""
    return has_two_units and form.unit not in ("元", CURRENCIES[form.currency])


def _worth(form: Form) -> Fraction:
    """What one of a form's number is worth in plain units."""
    if form.rest.endswith("百分点"):
        return RATIOS["个百分点"]
    if form.rest[1:] or not form.ratio:
        return form.unit_scale
    name = _ratio_name(form)
    worth = RATIOS.get(name) or RATIOS["个" + name]
    return worth if form.unit_scale == 1 else form.unit_scale * worth


def _unit(form: Form) -> str:
    if form.rest.endswith("百分点"):
        return "百分点"
    unit_of_rest = form.rest[1:]  # of 一个半小时
    if unit_of_rest:
        return _UNIT_OF_REST.get(unit_of_rest, unit_of_rest)
    if form.ratio:
        return _POINTS.get(_ratio_name(form), "")
    return CURRENCIES[form.currency] if form.currency else form.unit


def _ratio_name(form: Form) -> str:
    """The word of a ratio without its measure word: 百分点 for 个百分点, 基点 for bp."""
    name = form.ratio.removeprefix("个")
    return "基点" if name[0] in "Bb" else name

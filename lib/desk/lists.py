"""What a number takes from its list, its lead word or its table's head, and would be read wrongly without.

    分别为11、24、59、35微克/立方米      each is in 微克/立方米: the last says it for all
    分别下降18.6%和22.0%                 both fall: the first says it for all
    平均降幅为4.2%                       the lead word says that it falls
    地区生产总值(亿元) 617.50            the table says the unit

The printed form stays as it is; what is parsed instead is `reads_as`: 下降22.0%, 617.50亿元.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bluebook.numbers import english
from bluebook.numbers.bounds import Printed
from bluebook.numbers.chinese import Form
from bluebook.numbers.printed import PrintedError, parse
from desk.tables import Cell

_STRONG = re.compile(r" ?(?:[、和与及或]|以及|、?和| and|, and) ?")
_WEAK = re.compile(r" ?[,，;/] ?")
_MOVES = re.compile(
    r" to |(?:上升|升|下降|降|提高|提升|增加|增长|扩大|缩小|减少|降低|压缩|压减|调整|上调|下调)?(?:至|到|为)"
)  # 由2.05提高到2.31%, from 1.2 to 1.6 trillion
_FROM = ("由", "从", "自", "from ")
_RESPECTIVELY = re.compile(r"(?:分别|依次|各为|respectively)[^。;]{0,40}$")
_FALLS = re.compile(
    r"(?:降幅|跌幅|减幅|下降幅度|下降率|降低率|减少率)(?:[^,，。;、\d]{0,4}(?:为|达到?|是|至|到|在|约|有)|分别|均|仅)?(?:为|达到?)?$"
    r"|偏[少低慢]$|(?:[比较][^,，。;]{1,14}|同比|环比|按年)(?<![最至缩减])[低慢少](?!数|年|儿|先|女|将)(?:了|[一-鿿]{1,2})?$"
)
_BELOW = re.compile(r"(?:低于|慢于|少于|落后于?)[^,，。;、\d]{1,16}$")  # 低于全省平均水平0.6个百分点
_ABOUT = re.compile(
    r"(?<![签节契预违制])(?<!(?<!折)合)约(?:有|占|达|为|合|计|需|在|是|增|增长|提高|上升|多|少)?$|约占[^,，。;、\d]{0,12}$"
)
_POWERS = "十百千万亿兆"
_POINTS = ("个百分点", "个千分点", "个基点")
_SPENDS = "查收支付缴交花跑走用发开办建报招录产卖买售耗排投进出征减批审接"  # 少查1200起, 少花3.2亿元
_LESS = re.compile(rf"(?<![减至最不很较多稀青缺])少[{_SPENDS}]了?$")
_LOWER = re.compile(
    r" (?:[a-z]+ )?(?:lower|less|fewer|shorter|slower|smaller|cheaper)(?![a-z-])"
    r"|,? below (?:the|its|their|last|that|those|a year|average|target|trend)\b"
)
_FEWER = re.compile(r" (?:[a-z]+ )?(?:fewer|less than)(?![a-z-])")
_CASUALTIES = re.compile(r"(?:[重轻]?伤|死|亡|失踪)(?![率案])")
_UNDER_ITS = re.compile(r"(不足|不到|未达|超过|超|逾|接近|近)([^,，。;、\d]{2,14})的$")  # 不足年初预算的六成
_LEVELS = re.compile("平均|水平|目标|标准|预期|上年|去年")
_LABELLED = re.compile(r"\(([^()\d]{1,8})\)[::]$")  # 受理申请(件):1250
_FAR = 24  # characters before a number in which its lead word stands
_MOST_ALIKE = 50  # times as large as the last of a list, from where 万 is not shared


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure of a line: where it stands (in the tight line), its form, what it says."""

    left: int
    right: int
    form: Form | english.Form
    number: Printed
    reads_as: str = ""


def complete(line: str, readings: list[Reading], in_tables: dict[int, Cell], dollar: str = "") -> list[Reading]:
    """The readings, each with what it takes from around it. `in_tables` has cells by the place of the reading, `dollar`
    what a bare $ stands for in the text, where that is not US$."""
    found = [_from_table(line, reading, in_tables.get(reading.left)) for reading in readings]
    found = [_from_neighbours(line, reading, dollar) for reading in found]
    found = _units(line, found)
    found = [_from_lead(line, reading) for reading in found]
    return _signs(line, found)


def _read_as(reading: Reading, words: str) -> Reading:
    """The reading with other words, if they can be read."""
    try:
        return replace(reading, reads_as=words, number=parse(words))
    except PrintedError:
        return reading


def _printed(line: str, reading: Reading) -> str:
    return reading.reads_as or line[reading.left : reading.right]


def _from_table(line: str, reading: Reading, cell: Cell | None) -> Reading:
    if cell is None or not cell.unit or not reading.form.is_bare:
        return reading
    return _read_as(reading, _printed(line, reading) + cell.unit)


def _from_neighbours(line: str, reading: Reading, dollar: str) -> Reading:
    """A bare number with the unit beside it (3死12伤, 受理申请(件):1250), a $ with its country."""
    words = _printed(line, reading)
    if dollar and "$" in words and not re.search(r"[A-Z]\$", words):
        return _read_as(reading, words.replace("$", dollar))
    if not reading.form.is_bare or reading.number.lang == "en":
        return reading
    if _CASUALTIES.match(line, reading.right):
        return _read_as(reading, words + "人")
    label = _LABELLED.search(line[max(0, reading.left - _FAR) : reading.left])
    return _read_as(reading, words + label[1]) if label else reading


def _from_lead(line: str, reading: Reading) -> Reading:
    if reading.number.lang == "en":
        return _from_english(line, reading)
    before = line[max(0, reading.left - _FAR) : reading.left]
    is_below = reading.number.unit in ("百分点", "千分点") and _BELOW.search(before) is not None
    if (is_below or _FALLS.search(before) or _LESS.search(before)) and not reading.form.sign:
        return _read_as(reading, "下降" + _printed(line, reading))
    if _ABOUT.search(before) and not reading.number.hedge:
        words, sign = _printed(line, reading), reading.form.sign
        return _read_as(reading, sign + "约" + words.removeprefix(sign))
    hedge = _UNDER_ITS.search(before)
    if hedge and _is_part(reading) and not reading.number.hedge:
        is_level = "%" in reading.form.tail and _LEVELS.search(hedge[2]) and hedge[1] not in ("不足", "不到", "未达")
        return reading if is_level else _read_as(reading, hedge[1] + _printed(line, reading))
    return reading


def _is_part(reading: Reading) -> bool:
    """Whether a number says how much of something it is: 六成, 五分之一, 1.5倍."""
    return reading.number.unit == "倍" or (not reading.number.unit and reading.number.scale < 1)


def _from_english(line: str, reading: Reading) -> Reading:
    """A number that what stands behind it puts below zero: 0.3 percentage points lower, 12 fewer."""
    number = reading.number
    lower = _LOWER if number.unit or number.scale < 1 else _FEWER
    if number.value > 0 and not reading.form.sign and lower.match(line, reading.right):
        return _read_as(reading, "down " + _printed(line, reading))
    return reading


def _units(line: str, readings: list[Reading]) -> list[Reading]:
    """Lists whose last member has the unit: each member gets it."""
    found = list(readings)
    for group in _lists(line, readings):
        last: Reading | None = None
        for place in reversed(group):
            reading = found[place]
            if last is not None and last.number.unit and _has_only_powers(reading):
                found[place] = _read_as(reading, _printed(line, reading) + last.form.tail.lstrip(_POWERS))
            elif last is not None and reading.number.unit == "个" and last.form.tail in _POINTS:
                found[place] = _read_as(reading, _printed(line, reading) + last.form.tail.removeprefix("个"))
            elif not reading.form.is_bare:
                last = reading if reading.form.tail else None
            elif last is not None and not reading.reads_as:
                found[place] = _read_as(reading, _printed(line, reading) + _fitting(reading, last))
    return found


def _has_only_powers(reading: Reading) -> bool:
    """Whether a number has its 万 or 亿 and no unit: 3.2万、3.5万和3.8万人."""
    tail = reading.form.tail
    return reading.number.lang == "zh" and tail != "" and not tail.strip(_POWERS) and not reading.number.unit


def _fitting(member: Reading, last: Reading) -> str:
    """The tail of the last, without its 万 where the member is far too large to be told in it."""
    tail = last.form.tail
    powers = len(tail) - len(tail.lstrip(_POWERS))
    shown = abs(last.number.value) / last.number.scale if last.number.scale >= 1 else abs(last.number.value)
    if powers and shown and abs(member.number.value) > shown * _MOST_ALIKE:
        return tail[powers:]
    return tail


def _signs(line: str, readings: list[Reading]) -> list[Reading]:
    """Lists whose first member has a sign in words: each member of the same unit gets it."""
    found = list(readings)
    for group in _lists(line, readings):
        sign, first = "", found[group[0]]
        for place in group:
            reading = found[place]
            own = _sign(reading)
            if own or reading.number.value < 0:
                sign, first = own, reading
            elif sign and _alike(first.number, reading.number):
                found[place] = _read_as(reading, sign + _printed(line, reading))
    return found


def _sign(reading: Reading) -> str:
    """The sign in words that a reading has or was given."""
    if reading.form.sign:
        return "" if reading.form.sign in "-−" else reading.form.sign
    return "下降" if reading.reads_as.startswith("下降") else ""


def _alike(one: Printed, other: Printed) -> bool:
    return one.unit == other.unit and (one.scale < 1) == (other.scale < 1)


def _lists(line: str, readings: list[Reading]) -> list[list[int]]:
    """Runs of readings with nothing between them but 、, 和 or, after 分别 or in threes, commas."""
    runs: list[list[int]] = []
    weak: list[bool] = []
    for place, reading in enumerate(readings):
        gap = line[readings[place - 1].right : reading.left] if place else "."
        is_move = place > 0 and line.endswith(_FROM, 0, readings[place - 1].left) and _MOVES.fullmatch(gap) is not None
        is_strong = is_move or _STRONG.fullmatch(gap) is not None
        if is_strong or _WEAK.fullmatch(gap):
            runs[-1].append(place)
            weak[-1] = weak[-1] or not is_strong
        else:
            runs.append([place])
            weak.append(False)
    kept = []
    for run, is_weak in zip(runs, weak, strict=True):
        start = readings[run[0]].left
        is_said = _RESPECTIVELY.search(line[max(0, start - 50) : start]) is not None
        if len(run) > 1 and (not is_weak or is_said or len(run) > 2):
            kept.append(run)
    return kept

"""A printed number (`7.2万余辆`, `近七成`, `32009间次`): its value, its bounds and its unit.

A publication rounds and hedges. What it prints therefore names an interval, and the rules for it are these:

| printed                                     | bounds                                                               |
|---------------------------------------------|----------------------------------------------------------------------|
| counts written out (`605个`, `十个`)        | exact                                                                |
| decimals and 万/亿 (`208万名`, `38亿元`)    | ± half a unit of the last printed digit                              |
| percent, 成, 倍 (`15.5%`, `七成`)           | ± half a unit of the last printed digit                              |
| `余` `多` `超` `逾` (`7.2万余辆`)           | from the number to under one unit of its last non-zero digit more    |
| `近` `不足` (`近七成`)                      | from half such a unit below to under the number                      |
| `约` `左右` (`约80亿元`)                    | ± half a unit of its last non-zero digit                             |
| `以上` `至少` · `以下` `至多`               | as `余`, as `近`, the number itself included                         |

Values are `fractions.Fraction`, so no digit is lost to floating point.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
RATIOS = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "成": Fraction(1, 10), "个百分点": Fraction(1, 100)}
HEDGES = {
    "over": ("余", "多", "超过", "超", "逾", "突破"),
    "at least": ("以上", "至少", "不少于"),
    "nearly": ("近", "不足", "不到"),
    "at most": ("以下", "至多", "不超过"),
    "about": ("约", "大约", "左右"),
}

# Words a number is counted in. A classifier (个, 家, 名 …) counts things and has no dimension of its own.
MEASURES = tuple(
    "元 美元 港元 平方公里 平方千米 平方米 公里 千米 米 公顷 亩 吨 千克 公斤 升 立方米 千瓦时 "
    "小时 天 日 分钟 个月 月 年 周年 岁".split()
)
CLASSIFIERS = tuple(
    "个 名 人 人次 位 家 户 户次 项 件 宗 起 条 场 场次 次 间 间次 支 辆 批 批次 届 级 类 大类 方面 所 座 栋 套 张 "
    "幅 片 块 处 台 部 本 篇 份 册 种 款 只 艘 架 列 班 门 支队 支队伍 对 双 组 队 群 期 轮 步 点 倍 番 笔 单 票 例 "
    "床 家次 车次 航次 标段 网格 社区 街道 镇 乡 村 区 县 市 省 国 号 线 站 环 层 词 字 页".split()
)
UNITS = (*MEASURES, *CLASSIFIERS)
_SAME = {"名": "人", "位": "人", "平方千米": "平方公里", "千米": "公里", "公斤": "千克"}


class PrintedError(ValueError):
    """A text that cannot be read as a printed number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'cannot read "{text}" as a printed number: expected a number with its unit, like 208万名, 15.5% or 近七成'
        )


@dataclass(frozen=True)
class Printed:
    """What a printed number says.

    `value`, `low` and `high` are in plain units (元, not 亿元; 15.5% is 31/200); `scale` is what one of the printed
    number's units is worth (亿 → 10⁸, % → 1/100) and `step` what one unit of its last printed digit is worth.
    """

    text: str
    value: Fraction
    low: Fraction
    high: Fraction
    low_open: bool
    high_open: bool
    unit: str
    scale: Fraction
    step: Fraction
    hedge: str

    @property
    def exact(self) -> bool:
        return self.low == self.high


def _alternatives(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_HEDGE_OF = {word: hedge for hedge, words in HEDGES.items() for word in words}
_BEFORE = _alternatives([w for w in _HEDGE_OF if w not in "余多" and w not in ("以上", "以下", "左右")])
_AFTER = _alternatives(["以上", "以下", "左右"])
_UNIT = f"(?:{_alternatives(UNITS)})(?:/(?:[千万]?)(?:{_alternatives(UNITS)}))?"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*"
_SHAPE = re.compile(
    rf"(?P<before>{_BEFORE})?"
    rf"(?:百分之(?P<per>{CHINESE})|(?P<number>{ARABIC})(?P<scale>[十百千万亿]*)|(?P<words>{CHINESE}))"
    rf"(?P<over>[余多](?P<late>[万亿]?))?(?P<ratio>{_alternatives(list(RATIOS))})?(?P<unit>{_UNIT})?(?P<after>{_AFTER})?"
)


def normal(text: str) -> str:
    """`text` with full-width digits, letters and signs made narrow; each character stays one character.

    >>> normal("１２，３４５．６％")
    '12,345.6%'
    """
    return "".join(n if len(n := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def chinese(word: str) -> Fraction:
    """The value of a Chinese numeral, positional (二〇二〇) or with powers (三百二十, 一亿二千万).

    >>> int(chinese("一百零五")), int(chinese("十")), int(chinese("二〇二〇")), int(chinese("两亿三千万"))
    (105, 10, 2020, 230000000)
    """
    if len(word) > 1 and all(c in DIGITS for c in word):
        return Fraction(int("".join(str(DIGITS[c]) for c in word)))
    total = section = digit = 0
    for c in word:
        if c in DIGITS:
            digit = DIGITS[c]
        elif MAGNITUDES[c] < 10**4:
            section += (digit or 1) * MAGNITUDES[c]
            digit = 0
        elif total < MAGNITUDES[c]:
            total, section, digit = (total + section + digit) * MAGNITUDES[c], 0, 0
        else:
            total, section, digit = total + (section + digit) * MAGNITUDES[c], 0, 0
    return Fraction(total + section + digit)


def canonical(unit: str) -> str:
    """The unit under which equal units compare equal: 名 and 位 are 人."""
    return "/".join(_SAME.get(word, word) for word in unit.split("/"))


def parse(text: str) -> Printed:
    """Read one printed number; the whole of `text` must be it.

    Raises `PrintedError` when it is not: no number, an unknown unit, or words that do not belong to it.

    >>> n = parse("7.2万余辆")
    >>> int(n.low), int(n.high), n.high_open, n.unit, n.hedge
    (72000, 73000, True, '辆', 'over')
    >>> n = parse("近七成")
    >>> float(n.low), float(n.high), n.unit
    (0.65, 0.7, '')
    >>> parse("605个").exact
    True
    """
    match = _SHAPE.fullmatch(normal(text.strip()))
    if match is None or (match["before"] and (match["after"] or match["over"])):
        raise PrintedError(text)
    hedge = _HEDGE_OF.get(match["before"] or match["after"] or ("余" if match["over"] else ""), "")
    number, decimals, scale = _magnitude(match)
    if match["ratio"] in RATIOS:
        scale *= RATIOS[match["ratio"]]
    unit = (match["unit"] or "") or ("百分点" if match["ratio"] == "个百分点" else "")
    value, step = number * scale, scale / 10**decimals
    counted = scale == 1 and not decimals and not match["ratio"] and unit != "倍"
    low, high, low_open, high_open = _bounds(value, step, hedge, counted)
    return Printed(text, value, low, high, low_open, high_open, unit, scale, step, hedge)


def _magnitude(match: re.Match[str]) -> tuple[Fraction, int, Fraction]:
    """The number as printed, how many decimals it has, and the power it is printed in."""
    late = MAGNITUDES.get(match["late"] or "", 1)
    if match["per"]:
        return chinese(match["per"]), 0, Fraction(1, 100)
    if match["words"]:
        power = Fraction(max((MAGNITUDES[c] for c in match["words"] if c in "万亿"), default=1))
        return chinese(match["words"]) / power, 0, power * late
    number = match["number"].replace(",", "")
    scale = Fraction(late)
    for word in match["scale"]:
        scale *= MAGNITUDES[word]
    return Fraction(number), len(number.partition(".")[2]), scale


def _leading_step(value: Fraction, step: Fraction) -> Fraction:
    """One unit of the last non-zero digit of a number printed to `step`: 90万 → 10万, 7.2万 → 0.1万."""
    while value and (value / (step * 10)).denominator == 1:
        step *= 10
    return step


def _bounds(value: Fraction, step: Fraction, hedge: str, counted: bool) -> tuple[Fraction, Fraction, bool, bool]:
    if hedge in ("over", "at least"):
        return value, value + _leading_step(value, step), False, True
    if hedge in ("nearly", "at most"):
        return value - _leading_step(value, step) / 2, value, False, hedge == "nearly"
    if hedge == "about":
        step = _leading_step(value, step)
    elif counted:
        return value, value, False, False
    return value - step / 2, value + step / 2, False, True

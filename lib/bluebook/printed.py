"""A printed number (`7.2万余辆`, `近七成`, `32009间次`): its value, its bounds and its unit.

A publication rounds and hedges. What it prints therefore names an interval, and the rules for it are these:

| printed                                          | bounds                                                         |
|--------------------------------------------------|----------------------------------------------------------------|
| counts written out (`605个`, `十个`), `半`       | exact                                                          |
| decimals and 万/亿 (`208万名`, `38亿元`)         | ± half a unit of the last printed digit                        |
| percent, ‰, 成, 倍, 几分之几 (`15.5%`, `七成`)   | ± half a unit of the last printed digit; `一半` is `五成`      |
| `余` `多` `超` `逾` `突破` `过半` (`7.2万余辆`)  | from the number to under one unit of its last non-zero digit more |
| `近` `将近` `不足` `不到` (`近七成`)             | from half such a unit below to under the number                |
| `约` `大约` `左右` `上下` (`约80亿元`)           | ± half a unit of its last non-zero digit                       |
| `以上` `至少` `不少于` `上` (`上万人`)           | as `余`                                                        |
| `以下` `以内` `至多` `不超过`                    | as `近`, the number itself included                            |
| two numbers (`3—5年`, `30万至35万人次`)          | from the one to the other, both included; the value is halfway |
| `翻一番`, `翻两番`                               | growth of 100 %, 300 %, ± half of 倍                           |
| `下降` `减少` `负` `-` before (`下降0.7%`)       | the same below zero                                            |

Values are `fractions.Fraction`, so no digit is lost to floating point.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction

MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
RATIOS = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "成": Fraction(1, 10), "个百分点": Fraction(1, 100)}
SIGNS = "下降 下滑 下跌 回落 降低 减少 减产 缩减 压减 负增长 负 - −".split()
HEDGES = {
    "over": ("余", "多", "超过", "超", "逾", "突破", "过"),
    "at least": ("以上", "至少", "不少于", "不低于", "上"),
    "nearly": ("近", "将近", "接近", "不足", "不到"),
    "at most": ("以下", "以内", "至多", "不超过", "不高于"),
    "about": ("约", "大约", "左右", "上下"),
}

# Words a number is counted in. A classifier (个, 家, 名 …) counts things and has no dimension of its own.
MEASURES = tuple(
    "元 美元 港元 欧元 日元 英镑 平方公里 平方千米 平方米 ㎡ 公里 千米 米 厘米 毫米 海里 公顷 亩 吨 吨标准煤 千克 "
    "公斤 斤 克 毫克 微克 升 立方米 千瓦时 千瓦 兆瓦 ℃ 摄氏度 标准箱 小时 个小时 天 日 个工作日 工作日 分钟 秒 周 "
    "个星期 个月 月 个季度 年 周年 岁".split()
)
CLASSIFIERS = tuple(
    "个 名 人 人次 位 家 户 户次 项 项次 件 件次 宗 起 条 场 场次 次 间 间次 支 辆 辆次 批 批次 届 级 类 大类 方面 "
    "所 座 栋 幢 套 台套 张 幅 片 块 处 台 部 本 篇 份 册 卷 种 款 只 头 羽 匹 尾 株 棵 枚 颗 根 艘 艘次 架 "
    "架次 列 班 班次 趟 节 门 支队 支队伍 对 双 组 队 群 期 轮 步 点 倍 番 笔 单 票 例 例次 剂 剂次 盒 瓶 箱 "
    "袋 首 口 眼 床 家次 车次 航次 标段 网格 社区 街道 镇 乡 村 区 县 市 省 国 号 线 站 环 层 词 字 页 分 学时 "
    "课时".split()
)
UNITS = (*MEASURES, *CLASSIFIERS)
_SAME = {
    "名": "人",
    "位": "人",
    "平方千米": "平方公里",
    "千米": "公里",
    "公斤": "千克",
    "个小时": "小时",
    "㎡": "平方米",
}


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
_LATER = ("以上", "以下", "以内", "左右", "上下")
_BEFORE = (
    _alternatives([w for w in _HEDGE_OF if w not in (*_LATER, *"余多上过")])
    + "|上(?=[百千万亿])|过(?=半(?!年|天|小时|个))"
)
_AFTER = _alternatives(_LATER)
_COUNTED = _alternatives(UNITS)
_UNIT = f"(?:{_COUNTED})(?:/(?:[千万]?)(?:{_COUNTED}))?"
ARABIC = r"\d{1,3}(?:[, ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿]+"
_SPOKEN = rf"{CHINESE}(?:点[零〇一二三四五六七八九]+[百千万亿]*)?"
SHAPE = re.compile(
    rf"(?:(?P<sign>{_alternatives(SIGNS)})了?)?(?P<before>{_BEFORE})?"
    rf"(?:翻了?(?P<doubled>[一两二三四])?番|(?P<half>一半|半数|(?<=过)半|半(?={_COUNTED}))"
    rf"|(?P<parts>{CHINESE}|\d+)分之(?P<part>{ARABIC}|{_SPOKEN})"
    rf"|(?P<number>{ARABIC})(?P<scale>(?:[十百万亿]|千(?![瓦米克]))*)|(?P<words>{_SPOKEN}))"
    rf"(?P<over>[余多](?P<late>[万亿]?))?(?P<ratio>{_alternatives(list(RATIOS))})?(?:(?<!一半)(?<!半数)(?<!过半)(?P<unit>{_UNIT}))?"
    rf"(?P<rest>(?<=[年成])半|(?<=天)半|(?<=个)半(?:小时|月)|(?<=个)[余多](?:小时|月|星期|百分点)|(?<=[年岁里天])[余多])?"
    rf"(?P<after>{_AFTER})?"
)
_TO = re.compile(r"[-—–~～至到]+")
LONGEST = 60  # characters; what is longer is no number a publication prints


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
    >>> float(chinese("七点二")), int(chinese("一点五亿")), int(chinese("万"))
    (7.2, 150000000, 10000)
    """
    whole, point, tail = word.partition("点")
    if point:
        digits = tail.rstrip("".join(MAGNITUDES))
        power = math.prod(MAGNITUDES[c] for c in tail[len(digits) :])
        return (chinese(whole) + chinese("零" + digits) / 10 ** len(digits)) * power
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
            total, section, digit = (total + section + digit or 1) * MAGNITUDES[c], 0, 0
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
    plain = normal(text.strip())
    number = None if len(plain) > LONGEST else _one(text, plain) or _between(text, plain)
    if number is None:
        raise PrintedError(text)
    return number


def _one(text: str, plain: str) -> Printed | None:
    match = SHAPE.fullmatch(plain)
    if match is None or _contradicts(match):
        return None
    rest = match["rest"] or ""
    hedged = match["over"] or rest[:1] in ("余", "多")
    hedge = _HEDGE_OF.get(match["before"] or match["after"] or ("余" if hedged and rest != "半" else ""), "")
    number, decimals, scale = _magnitude(match)
    scale *= RATIOS.get(match["ratio"], 1)
    unit = match["unit"] or ""
    if rest[1:]:  # 一个半小时, 两个多月
        unit = {"月": "个月"}.get(rest[1:], rest[1:])
    if "个百分点" in (match["ratio"], unit := "个百分点" if unit == "百分点" else unit):
        scale, unit = Fraction(1, 100), "百分点"
    value, step = number * scale, scale / Fraction(10) ** decimals
    if "半" in (rest[:1], match["half"]) and not (match["half"] and not unit):
        step = scale / 2
    counted = scale == 1 and not decimals and not match["ratio"] and unit != "倍"
    low, high, low_open, high_open = _bounds(value, step, hedge, counted)
    if 10**12 % scale.denominator:  # thirds and the like: their bounds are theirs, but they are written in percent
        step = Fraction(1, 100)
    if match["sign"]:
        value, low, high, low_open, high_open = -value, -high, -low, high_open, low_open
    return Printed(text, value, low, high, low_open, high_open, unit, scale, step, hedge)


def _contradicts(match: re.Match[str]) -> bool:
    """Whether the words around a number contradict each other, or a bare 百, 万 or 半 is not said to be a number."""
    hedges = [match["before"], match["after"], match["over"], (match["rest"] or "")[:1] in ("余", "多")]
    bare = (match["words"] or "十")[0] in "百千万亿" or (match["half"] == "半" and not match["unit"])
    return sum(map(bool, hedges)) > 1 or (bare and not any(hedges))


def _between(text: str, plain: str) -> Printed | None:
    """Two numbers and what they share: 3—5年, 1.2至1.5亿元, 10%—15%."""
    for joint in _TO.finditer(plain):
        first, second = plain[: joint.start()], plain[joint.end() :]
        match = SHAPE.fullmatch(second)
        high = _one(text, second)
        if not match or not high or high.hedge or match["sign"]:
            continue
        shared = [match.end("number" if match["number"] else "words"), match.start("ratio"), match.start("unit")]
        for start in [place for place in shared if place >= 0] + [len(second)]:
            low = _one(text, first + second[start:])
            if low and not low.hedge and _alike(low, high) and low.value < high.value:
                middle, step = (low.value + high.value) / 2, min(low.step, high.step)
                whole = replace(high, text=text, value=middle, step=step, hedge="between")
                return replace(whole, low=low.value, high=high.value, high_open=False)
    return None


def _alike(one: Printed, other: Printed) -> bool:
    return one.unit == other.unit and (one.scale < 1) == (other.scale < 1)


def _magnitude(match: re.Match[str]) -> tuple[Fraction, int, Fraction]:
    """The number as printed, how many decimals it has, and the power it is printed in."""
    if match["half"]:
        return (Fraction(1, 2), 0, Fraction(1)) if match["unit"] else (Fraction(5), 0, Fraction(1, 10))
    if match["number"] is None and match["words"] is None and match["parts"] is None:
        return Fraction(2 ** int(chinese(match["doubled"] or "一")) - 1) * 100, -2, Fraction(1, 100)
    late = MAGNITUDES.get(match["late"] or "", 1)
    if match["parts"]:
        number, decimals, scale = _number(match["part"])
        return number * scale, decimals, 1 / Fraction(_number(match["parts"])[0] * _number(match["parts"])[2])
    number, decimals, scale = _number(match["number"] or match["words"])
    for word in match["scale"] or "":
        scale *= MAGNITUDES[word]
    return number + Fraction("半" in (match["rest"] or "")) / 2, decimals, scale * late


def _number(word: str) -> tuple[Fraction, int, Fraction]:
    """A number in digits or in words, its decimals, and the 万 or 亿 it is told in."""
    if word[0] in MAGNITUDES or word[0] in DIGITS:
        power = Fraction(max((MAGNITUDES[c] for c in word if c in "万亿"), default=1))
        return chinese(word) / power, len(word.partition("点")[2].rstrip("百千万亿")), power
    digits = re.sub("[, ]", "", word)
    return Fraction(digits), len(digits.partition(".")[2]), Fraction(1)


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

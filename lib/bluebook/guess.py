"""What a printed number probably measures, guessed from the words around it: measure, label, period, base.

The nearest word decides. Every guess is a draft for a person to confirm.
"""

from __future__ import annotations

import re

from .printed import MEASURES, UNITS, Printed, normal

STOPS = "。;!?"
_YEAR = r"(?<!\d)((?:19|20)\d\d)年"
_NOT_TO = r"(?!到|至|为|达)"  # 提高到 tells where a number arrived, 提高 by how much it moved
_MEASURES = {
    "growth": rf"(?:增长|增加|上升|提高|上涨|高出|多出|增速|增幅|降幅|涨幅|下降|减少|降低|下滑|回落){_NOT_TO}"
    rf"|(?:压减|缩减|压缩){_NOT_TO}|翻了?{_NOT_TO}|增长(?:率|速度)|同比|环比",
    "share": r"占|比重|份额|系数",
    "rate": r"(?<!增长)率|达标|满意度|覆盖面|合格|完成\w*事项",
}
_ADDED = rf"新增|净增|增加{_NOT_TO}|提高{_NOT_TO}|增长{_NOT_TO}|多了"
_TIME = (
    "小时",
    "个小时",
    "天",
    "日",
    "个工作日",
    "工作日",
    "分钟",
    "秒",
    "周",
    "个星期",
    "个月",
    "月",
    "个季度",
    "年",
    "学时",
    "课时",
)
_TAIL = re.compile(
    r"(?:[达为至到降升是有占约共超比较上年期末同分别累计也均又了各]|突破|实现|完成|投入|新增|增加|增长|提高|上升|下降|减少|降低|上涨|回落|拥有|建成|改造|全部|"
    r"惠及|引进|新建|安排|辖|设|其中|仅|就|高出|环比|减产|预计|接近|不足|不到|将近)+$"
)
_HEAD = re.compile(
    r"^(?:其中|全市|全县|全区|全省|全国|全年|年末|目前|截至|据\w{1,3}|今年|去年|初步核算|我们|已|将|对|把|在|从|[,、:的和与及共]|\d+年末?|\d+月)+"
)
_NUMBER = re.compile(rf"\d[\d., ]*[余多]?[万亿]*[余多]?(?:%|‰|{'|'.join(sorted(UNITS, key=len, reverse=True))})?")
FAR = 300  # characters around a number that are looked at, however long the sentence
LABEL = 14  # characters of a Chinese label


def sentence(line: str, left: int) -> tuple[int, int]:
    """Where the sentence that holds `left` begins and ends."""
    start = max(line.rfind(stop, 0, left) for stop in STOPS) + 1
    ends = [end for stop in STOPS if (end := line.find(stop, left)) >= 0]
    return max(start, left - FAR), min([left + FAR, len(line), *ends])


def measure(line: str, left: int, right: int, number: Printed) -> str:
    """The kind of number, as in `figures.csv`.

    >>> from bluebook.printed import parse
    >>> line = "教育支出增长18.8%,占财政支出的15.5%"
    >>> measure(line, 6, 11, parse("18.8%")), measure(line, 18, 23, parse("15.5%"))
    ('growth', 'share')
    """
    start, _ = sentence(line, left)
    told = re.sub(r"\([^()]*\)", "", line[start:left])
    clause = re.split("[,、:(]", told)[-1]
    if number.unit == "百分点":
        return "increase"
    if number.unit == "倍" or (not number.unit and number.scale < 1) or "番" in line[left:right]:
        return _ratio(told, line[left:right])
    if number.unit in _TIME:
        return "duration"
    mean = re.search("人均|户均|(?<!年)平均|(?<!年)均|每[十百千万]|每(?![年月天日次])", clause[-16:])
    if number.unit.partition("/")[0] in MEASURES:
        return "increase" if re.search(f"(?:{_ADDED})$", clause) else "average" if mean else "level"
    if re.search(f"(?:{_ADDED})", clause):
        return "increase"
    if re.search("每[千万百]|平均|人均", clause):
        return "average"
    if re.search(r"每[家个名户位]", told) and number.value < 10:
        return "norm"
    return "count" if number.unit or number.step >= 1 else "level"


def _ratio(told: str, printed: str) -> str:
    if re.match("下|减|降|回|压|缩|翻|负", printed):
        return "growth"
    nearest = {name: max((m.end() for m in re.finditer(words, told)), default=-1) for name, words in _MEASURES.items()}
    best = max(nearest, key=lambda name: nearest[name])
    return best if nearest[best] >= 0 else "growth" if "倍" in printed else "share"


def label(line: str, left: int, right: int, kind: str) -> str:
    """A short name from the words around: what is counted stands after the number, what is measured before it."""
    start, _ = sentence(line, left)
    after = re.match(r"[一-鿿]*", line[right:])
    counted = re.split(
        "的|等|和|在|参与|全部|实行|达到|以上|左右|已|均|为|是|将|占|比|增|减", after[0] if after else ""
    )[0]
    if kind in ("count", "norm", "increase", "average") and len(counted) > 1:
        return counted[:LABEL]
    for clause in reversed(re.split(r"[,、:;(]", line[start:left])):
        words = _HEAD.sub("", _NUMBER.sub("", re.sub(r"\(.*\)?", "", clause)))
        words = re.sub(r"[^一-鿿A-Za-z]", "", _TAIL.sub("", words))
        words = _TAIL.sub("", re.sub("^(?:其中|占|比|的|分别)+", "", words))
        if len(words) > 1:
            suffix = {"growth": "增长", "share": "占比"}.get(kind, "")
            suffix = "" if words.endswith(("率", "增长", "占比", "比重")) else suffix
            return words[-(LABEL - len(suffix)) :] + suffix
    return counted[:LABEL]


def period(line: str, left: int, year: str = "") -> str:
    """The year the number is about: the last one its sentence names before it, not as a comparison; else, for the
    whole year or its end, `year`, the one the text is about."""
    start, _ = sentence(line, left)
    told = line[start:left]
    years = [m[1] for m in re.finditer(_YEAR, told) if not re.search("[比较自从由于]$", told[: m.start()])]
    return years[-1] if years else year if re.search("全年|年末|今年|当年|本年|初步核算", told) else ""


def base(line: str, left: int, kind: str, about: str) -> str:
    """The year it is compared with, for what grew or was added."""
    if kind not in ("growth", "increase"):
        return ""
    start, _ = sentence(line, left)
    named = re.findall("[比较]" + _YEAR, line[start:left])
    last_year = about and re.search("上年|去年|同比", line[start:left])
    return named[-1] if named else str(int(about) - 1) if last_year else ""


def title_year(text: str) -> str:
    """The year a text is about: the first it names in its first line, or nothing."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    found = re.search(r"(?:19|20)\d\d", normal(first))
    return found[0] if found else ""

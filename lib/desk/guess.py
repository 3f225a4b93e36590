"""What a printed number probably measures, guessed from the words around it: measure, label, period, base.

The nearest word decides. In a list after 分别 each number has the name and the year at its place in the list before.
Every guess is a draft for a person to confirm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bluebook.numbers.numerals import chinese
from bluebook.numbers.printed import MEASURES, SIGNS, UNITS, Printed
from desk.lists import Reading
from desk.tables import Cell

STOPS = "。;!?"
_YEAR = r"((?:19|20)(?<!\d\d\d)\d\d)(?:年|(?=(?:[、和及至到—~～-](?:19|20)\d\d)+年))"  # the look back is quick there
_YEARS = re.compile(_YEAR)
_BRACKETS = re.compile(r"\([^()]*\)")
_CLAUSE_ENDS = re.compile("[,，、:(]")
_MEAN = re.compile("人均|户均|(?<!年)平均|(?<![年平])均|每[十百千万]|每(?![年月天日次])")
_AVERAGE = re.compile("每[千万百]|平均|人均")
_NORM = re.compile("每[家个名户位]")
_OF_LAST_YEAR = re.compile("(?:上年|去年|前一年)(?:末|底|同期)?的?$")
_WHOLE_YEAR = re.compile("全年|年末|今年|当年|本年|初步核算")
_HAN_RUN = re.compile("[一-鿿]*")
_NO_LETTERS = re.compile("[^一-鿿A-Za-z]")
_NAME_ENDS = re.compile("的|等|和|在|参与|全部|实行|达到|以上|左右|已|均|为|是|将|占|比|增|减")
_VITAL_RATE = re.compile("(?:自然增长|出生|死亡)率为?$")
_LIST_GAP = re.compile(" ?(?:[、,，和与及或;]|以及)+ ?")
_MINGUO = r"(?<!\d)((?:1[0-2]|[89])\d)年"
_NOT_TO = r"(?!到|至|为|达)"  # 提高到 tells where a number arrived, 提高 by how much it moved
_MEASURES = {
    "growth": rf"(?:增长|增加|上升|提高|上涨|高出|多出|成长|年增|年减|下降|减少|降低|下滑|回落|增产|增收){_NOT_TO}"
    rf"|(?:压减|缩减|压缩|削减|提升|扩大|收窄){_NOT_TO}|翻了?{_NOT_TO}|增长(?:率|速度)|增速|增幅|降幅|涨幅|跌幅|减幅|同比|环比|减碳|超收|短收",
    "share": r"占|比重|份额|系数|比例",
    "rate": r"(?<!增长)率|达标|满意度|覆盖面|合格|完成\w*(?:事项|预算)|预算",
}
_ADDED = rf"新增|净增|增加{_NOT_TO}|提高{_NOT_TO}|增长{_NOT_TO}|多了|增收|减少{_NOT_TO}|压减"
_NAMED = {name: re.compile(words) for name, words in _MEASURES.items()}
_ADDED_HERE = re.compile(f"(?:{_ADDED})$")
_ADDED_SOMEWHERE = re.compile(_ADDED)
_ANNUAL = re.compile(r"(?:年均|年平均|平均每年|每年平均)(?!浓度|气温|值|降水|日照)")
_TIMES_AS_MUCH = re.compile(r"(?:是|为|相当于|达到?|到|至)[^,，;]{0,24}(?:的|平均)?$")
_GROWS = re.compile("(?:增长|增加|提高|提升|扩大|上升|成长|上涨|高出|多)了?$")
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
    r"(?:[达为至到降升是有占约共超比较上年期末同分别累计也均又了各由微略仅均]|突破|实现|完成|投入|新增|增加|增长|提高|提升|上升|下降|减少|降低|上涨|回落|拥有|建成|改造|全部|"
    r"惠及|引进|新建|安排|辖|设|其中|仅|就|高出|环比|减产|预计|接近|不足|不到|将近|分别)+$"
)
_HEAD = re.compile(
    r"^(?:其中|全市|全县|全区|全省|全国|全年|年末|目前|截至|据\w{1,3}|今年|去年|初步核算|我们|已|将|对|把|在|从|[,，、:的和与及共]|\d+年末?|\d+月)+"
)
_LETTER = re.compile("[一-鿿A-Za-z]")
_NUMBER = re.compile(rf"\d[\d., ]*[余多]?[万亿]*[余多]?(?:%|‰|{'|'.join(sorted(UNITS, key=len, reverse=True))})?")
_ITEMS = re.compile(
    r"((?:[^,，、;。:和与及]{1,16}[、和与及]+)+[^,，、;。:和与及]{1,16}?)(?:同比|比上年|较上年)?(?:分别|依次)"
)
_NOUNS = re.compile(
    r"(?:支出|收入|增加值|面积|产量|浓度|排放量|人数|案件|投资|贷款|存款|余额|企业|装机|人口|数量|金额|消费|出口|进口|价格|学校|学生|次数|率|数|量)$"
)
_SIGNS = tuple(sign for sign in SIGNS if sign not in "-−")
FAR = 160  # characters around a number that are looked at, however long the sentence
LABEL = 14  # characters of a Chinese label
_COMPARED = re.compile(r"[比较自从由于与同]$")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A number's place in a list of several: which it is, of how many, and where the list begins."""

    index: int
    count: int
    start: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What a number probably is."""

    measure: str
    label: str
    period: str
    base: str


@dataclass(frozen=True, slots=True)
class Context:
    """A line, the year its text is about, and whether its years may be those of the Republic (112年)."""

    line: str
    year: str
    traditional: bool = False

    def sentence(self, left: int) -> str:
        start, end = sentence(self.line, left)
        return self.line[start:end]

    def before(self, left: int) -> str:
        """The sentence that holds `left`, up to it."""
        return self.line[sentence(self.line, left)[0] : left]


@lru_cache(maxsize=16)
def sentence(line: str, left: int) -> tuple[int, int]:
    """Where the sentence that holds `left` begins and ends, at most `FAR` characters away."""
    first, last = max(0, left - FAR), min(len(line), left + FAR)
    start, end = first, last
    for stop in STOPS:
        before, after = line.rfind(stop, first, left), line.find(stop, left, last)
        start = max(start, before + 1)
        if after >= 0:
            end = min(end, after)
    return start, end


def lists(readings: list[Reading], line: str) -> dict[int, ListPlace]:
    """The places of numbers in lists, by where each begins: A、B和C."""
    places: dict[int, ListPlace] = {}
    run: list[Reading] = []
    for reading in [*readings, None]:
        gap = line[run[-1].right : reading.left] if run and reading else ""
        if run and reading and _LIST_GAP.fullmatch(gap):
            run.append(reading)
            continue
        if len(run) > 1:
            places.update({one.left: ListPlace(i, len(run), run[0].left) for i, one in enumerate(run)})
        run = [reading] if reading else []
    return places


def guess(context: Context, reading: Reading, place: ListPlace | None, cell: Cell | None) -> Guess:
    """All that is guessed of a figure of a line."""
    if cell is not None:
        return _of_cell(context, reading, cell)
    line, left, right, number = context.line, reading.left, reading.right, reading.number
    kind = measure(line, place.start if place else left, right, number)
    is_english = number.lang == "en"  # its Chinese label is for a person to write
    name = "" if is_english else _name(line, left, right, kind, place)
    about = (_listed_year(line, place) if place else "") or period(line, left, context.year, kind, context.traditional)
    since = base(line, left, kind, about)
    if since and about and about <= since:
        about = ""  # the year of the text, where the number is compared with that or a later one
    return Guess(kind, name[:LABEL], about, since)


def _name(line: str, left: int, right: int, kind: str, place: ListPlace | None) -> str:
    """The name at a number's place in a list, or the one from the words around it."""
    listed = _listed_label(line, place) if place else ""
    return listed + _suffix(listed, kind) if listed else label(line, left, right, kind)


def _of_cell(context: Context, reading: Reading, cell: Cell) -> Guess:
    """A number in a table, from the words of its row and column."""
    words = cell.heads
    kind = measure(words, len(words), len(words), reading.number)
    years = _YEARS.findall(words)
    about = years[-1] if years else context.year
    name = _NO_LETTERS.sub("", _YEARS.sub("", words))
    return Guess(kind, name[:LABEL], about, str(int(about) - 1) if about and re.search("上年|同比|增长", words) else "")


def measure(line: str, left: int, right: int, number: Printed) -> str:
    """The kind of number, as in `figures.csv`.

    >>> from bluebook.numbers.printed import parse
    >>> line = "教育支出增长18.8%,占财政支出的15.5%"
    >>> measure(line, 6, 11, parse("18.8%")), measure(line, 18, 23, parse("15.5%"))
    ('growth', 'share')
    >>> line = "结案数是2012年的2.86倍"
    >>> measure(line, 10, 15, parse("2.86倍"))
    'ratio'
    """
    start, _ = sentence(line, left)
    told = _BRACKETS.sub("", line[start:left])
    clause = _CLAUSE_ENDS.split(told)[-1]
    if number.lang == "en":
        return _english_measure(told, number)
    if number.unit in ("百分点", "千分点"):
        return "increase"
    if number.unit == "倍" or (not number.unit and number.scale < 1) or "番" in line[left:right]:
        return _ratio(told, clause, line[left:right], number)
    if number.unit in _TIME:
        return "increase" if number.value < 0 else "duration"
    if number.unit.partition("/")[0] in MEASURES:
        return _measured(clause, line[left:right])
    if _ADDED_SOMEWHERE.search(clause) or _falls(line[left:right]) or number.value < 0:
        return "increase"
    if _AVERAGE.search(clause):
        return "average"
    if number.value < 10 and _NORM.search(told):
        return "norm"
    return "count" if number.unit or number.step >= 1 else "level"


def _measured(clause: str, printed: str) -> str:
    """The kind of an amount of money, or of what else is measured."""
    if _ADDED_HERE.search(clause) or _falls(printed):
        return "increase"
    return "average" if _MEAN.search(clause[-16:]) else "level"


def _english_measure(told: str, number: Printed) -> str:
    """The kind of a number in English."""
    if number.unit in ("百分点", "千分点"):
        return "increase"
    if number.unit in _TIME:
        return "increase" if number.value < 0 else "duration"
    if number.unit == "倍":
        return "ratio"
    if not number.unit and number.scale < 1:
        near = told[-60:].lower()
        if number.value < 0 or re.search(r"\b(?:up|rose|grew|growth|increas\w+|gain\w*|rise|by)\s*$|growth", near):
            return "growth"
        return "rate" if re.search(r"\brate\b|margin|turnover", near) else "share"
    if number.unit.partition("/")[0] in MEASURES:
        return "level"
    return "increase" if number.value < 0 else "count"


def _ratio(told: str, clause: str, printed: str, number: Printed) -> str:
    if _ANNUAL.search(clause):
        return "annual_growth"
    if number.unit == "倍" and _TIMES_AS_MUCH.search(clause) and not _GROWS.search(clause):
        return "ratio"
    if _VITAL_RATE.search(told):
        return "rate"
    if _falls(printed) or printed[:1] == "翻" or number.value < 0:
        return "growth"
    best, nearest = "growth" if "倍" in printed else "share", -1
    for name, words in _NAMED.items():
        for match in words.finditer(told):
            if match.end() > nearest:
                best, nearest = name, match.end()
    return best


def _falls(printed: str) -> bool:
    """Whether a number has a sign in words."""
    return printed.startswith(_SIGNS)


def label(line: str, left: int, right: int, kind: str) -> str:
    """A short name from the words around: what is counted stands after the number, what is measured before it."""
    start, _ = sentence(line, left)
    after = _HAN_RUN.match(line, right, right + FAR)
    counted = _NAME_ENDS.split(after[0] if after else "")[0]
    if kind in ("count", "norm", "increase", "average") and len(counted) > 1:
        return counted[:LABEL]
    for clause in reversed(re.split(r"[,，、:;(]", line[start:left])):
        if not _LETTER.search(clause):
            continue
        words = _HEAD.sub("", _NUMBER.sub("", re.sub(r"\(.*\)?", "", clause)))
        words = _NO_LETTERS.sub("", _TAIL.sub("", words))
        words = _TAIL.sub("", re.sub("^(?:其中|占|比|的|分别)+", "", words))
        if len(words) > 1:
            suffix = _suffix(words, kind)
            return words[-(LABEL - len(suffix)) :] + suffix
    return counted[:LABEL]


def _suffix(words: str, kind: str) -> str:
    """What a name has behind it that only says its measure."""
    if words.endswith(("率", "增长", "占比", "比重")):
        return ""
    return {"growth": "增长", "share": "占比", "annual_growth": "年均增长"}.get(kind, "")


def _listed_label(line: str, place: ListPlace) -> str:
    """The name at a number's place in the list before 分别: 教育、卫生支出分别增长9.7%和6.2%."""
    start, _ = sentence(line, place.start)
    told = line[start : place.start]
    if "分别" not in told[-40:] and "依次" not in told[-40:]:
        return ""
    for match in reversed(list(_ITEMS.finditer(told))):
        items = re.split("[、和与及]+", match[1])
        if len(items) != place.count or any(re.search(r"\d{4}年?", item) for item in items):
            continue
        noun = _NOUNS.search(items[-1])
        name = _HEAD.sub("", items[place.index])
        if noun and not _NOUNS.search(name):
            name += noun[0]
        name = _NO_LETTERS.sub("", name)
        if len(name) > 1:
            return name
    return ""


def _listed_year(line: str, place: ListPlace) -> str:
    """The year at a number's place: 2021年、2022年、2023年新增专利分别为…"""
    start, _ = sentence(line, place.start)
    told = line[start : place.start]
    if "分别" not in told[-40:]:
        return ""
    run = re.search(r"((?:(?:19|20)\d\d年?[、和及,，]+)+(?:19|20)\d\d)年(?!.*(?:19|20)\d\d年)", told)
    years = re.findall(r"\d{4}", run[1]) if run else []
    return str(years[place.index]) if len(years) == place.count else ""


def period(line: str, left: int, year: str = "", kind: str = "", traditional: bool = False) -> str:
    """The year the number is about: the last one its sentence names before it, not as a comparison; else, for the
    whole year or its end, `year`, the one the text is about.

    >>> line = "总量由2011年的1091亿元增加到2016年的1650亿元"
    >>> period(line, 9), period(line, 24)
    ('2011', '2016')
    """
    start, _ = sentence(line, left)
    told = line[start:left]
    if year and _OF_LAST_YEAR.search(told):
        return str(int(year) - 1)
    years = [found for _, found, before, after in _years(told, traditional) if not _is_compared(before, after, kind)]
    if years:
        return years[-1]
    return year if year and _WHOLE_YEAR.search(told) else ""


def _years(told: str, traditional: bool) -> list[tuple[int, str, str, str]]:
    """The years a text names: where, which, and what stands before and after each."""
    named = [(match, match[1]) for match in _YEARS.finditer(told)]
    if traditional:
        for match in re.finditer(_MINGUO, told):
            named.append((match, str(int(match[1]) + 1911)))
    found = []
    for match, year in named:
        start, end = match.span()
        before = told[:start]
        found.append((start, year, before[-2:], told[end:]))
    return sorted(found)


def _is_compared(before: str, after: str, kind: str) -> bool:
    """Whether a year is what a number is compared with: 比2020年末, 是2012年的2.86倍, 自2015年以来."""
    if kind == "ratio" and re.fullmatch(r"末?(?:底|同期)?的?(?:近|约)?", after):
        return True
    if before.endswith(("由", "从")):  # 由2011年的1091亿元: the number right behind it is that year's
        return not re.fullmatch(r"末?底?的?约?", after)
    return _COMPARED.search(before) is not None


def base(line: str, left: int, kind: str, about: str) -> str:
    """The year it is compared with, for what grew, was added or is so many times as much.

    >>> base("比2020年末增加30家", 9, "increase", ""), base("结案数是2012年的2.86倍", 10, "ratio", "2020")
    ('2020', '2012')
    """
    if kind not in ("growth", "increase", "annual_growth", "ratio"):
        return ""
    start, _ = sentence(line, left)
    told = line[start:left]
    years = [found for _, found, _, _ in _years(told, False)]
    if kind == "annual_growth":
        return _annual_base(told, years, about)
    if kind == "ratio":
        return years[-1] if years and years[-1] != about else ""
    named = re.findall("[比较与同]" + _YEAR, told) or re.findall("[自从]" + _YEAR + "(?:末|底)?以来", told)
    if named:
        return named[-1]
    is_on_last_year = about and re.search("上年|去年|同比|(?<![全近])年[增减]|前一年", told)
    return str(int(about) - 1) if is_on_last_year else ""


def _annual_base(told: str, years: list[str], about: str) -> str:
    """Where growth a year is counted from: 由2011年…到2016年, or so many years before."""
    span = re.search(r"([\d一二两三四五六七八九十]{1,2})年(?:来|间)?[^,，;]{0,6}?年均", told)
    if span and about:
        count = int(span[1]) if span[1].isdigit() else int(chinese(span[1]))
        return str(int(about) - count)
    earlier = [year for year in years if about and year < about]
    return earlier[-1] if earlier else ""

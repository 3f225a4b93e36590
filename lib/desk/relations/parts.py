"""Parts and wholes, and sums of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.numerals import PEOPLE, Numeral, Reading, Sentence
from desk.relations.changes import is_prior, levels_of
from desk.relations.model import Relation, at_most, may_be_equal, total
from desk.relations.slips import explains_sum

# parts and wholes

OF_WHICH = re.compile(r"其中[:：,，]?|of which|of whom|including|\bOf (?:these|them|those|the total|which)\b")
COMPRISING = re.compile(r"(?:包括|分为|组成|构成|分别是|分别为|即)[:：,，]?|[:：]$")
ENGLISH_LIST = re.compile(
    r"(?:: ?|\b(?:comprising|comprised|comprises|consisting of|made up of|namely|broken down into|divided into) )$"
)
OTHERS = re.compile(r"其他|其它|其余|另外|\bothers?\b|\brest\b|remaind|\bremaining\b")
PARTITIONS: tuple[tuple[str, ...], ...] = (
    ("第一产业", "第二产业", "第三产业", "居民"),
    ("第一产业", "第二产业", "第三产业"),
    ("门诊", "急诊"),
    ("过夜游客", "一日游"),
    ("资金", "物资"),
    ("城镇", "乡村"),
    ("城镇", "农村"),
    ("城市", "农村"),
    ("公立", "民营"),
    ("公办", "民办"),
    ("男", "女"),
    ("税收", "非税"),
    ("进口", "出口"),
    ("社会团体", "社会服务机构", "基金会"),
    ("社会团体", "民办非企业", "基金会"),
    ("总报告", "分报告", "专题"),
    ("夏粮", "早稻", "秋粮"),
    ("国内游客", "入境游客"),
    ("企业", "个体工商户", "农民专业合作社"),
    ("参保职工", "离退休"),
    ("家庭户", "集体户"),
    ("一般债务", "专项债务"),
    ("普通高中", "中等职业"),
    ("小学", "初中"),
    ("范围一", "范围二"),
    ("线上", "线下"),
    ("发明专利", "实用新型", "外观设计"),
    ("城镇职工", "城乡居民"),
    ("户籍", "非户籍"),
    ("内资", "外资"),
    ("新建", "续建"),
    ("福利彩票", "体育彩票"),
    ("本科生", "硕士", "博士"),
    ("门诊", "急诊"),
    ("中文", "外文"),
    ("优", "良"),
    ("职工", "居民"),
    ("境内", "境外"),
    ("省内", "省外"),
    ("基本支出", "项目支出"),
    ("人员经费", "公用经费"),
    ("公路", "铁路", "水路", "民航"),
    ("boys", "girls"),
    ("full", "empty"),
    ("foreign", "domestic"),
    ("urban", "rural"),
    ("public", "private"),
    ("men", "women"),
    ("boys", "girls"),
    ("girls", "boys"),
    ("male", "female"),
    ("males", "females"),
    ("international", "domestic"),
    ("scope 1", "scope 2"),
    ("elective", "emergency"),
    ("full-time", "part-time"),
    ("imports", "exports"),
)
INDUSTRIES = ("第一产业", "第二产业", "第三产业")
NOT_CLOSED = {("新建", "续建")}
WHOLES: dict[tuple[str, ...], str] = {  # what the whole must be called
    ("进口", "出口"): "进出口",
    ("imports", "exports"): "trade",
    ("门诊", "急诊"): "门急诊",
    ("普通高中", "中等职业"): "高中阶段",
    ("小学", "初中"): "义务教育",
    ("一般债务", "专项债务"): "债务",
    ("线上", "线下"): "零售",
    ("优", "良"): "优良天数",
    ("第一产业", "第二产业", "第三产业", "居民"): "用电",
    ("职工", "居民"): "医疗保险",
    ("人员经费", "公用经费"): "基本支出",
}


USES = re.compile("用电|用水|用气|能耗|能源消费")  # which households have a part in, too


EXACT = 5  # digits of such a whole, one less where a list ends with “and”; and
NARROW = 5000  # times it is as large as all that its and its parts' rounding leaves open
SMALL = 1000
MOVED_BY = re.compile(r"\b(?:rose|fell|increased|decreased|grew|declined|dropped)\b[^,;]*$")
AGES = re.compile(r"years?$|months?$|weeks?$|岁$")
LINES_ABOVE = 4  # of the paragraphs in which the whole of 常住人口中 may stand
AMONG = re.compile(r"([一-鿿()]{2,8})中[,，]")
WORDS = 4  # on either side of a number in English, in which its name stands
REST_EN = re.compile(
    r"\b(?:the|all|and|our|their) (?:others?|rest|remain\w*)(?: [a-z-]+){0,3} $|(?:^|[,;] |\band )others? [^,;]{0,30}$"
)
COMPRISING_EN = re.compile(r"\b(?:comprising|consisting of|made up of) $")  # which leaves nothing out
GOES_ON = re.compile(
    r"^(?:[、和与及]|以及|,(?!.*(?:[差余缺]|控制|限额|净|平均|每|上年|去年|同期|筹集|上缴|收取|实现|完成|投入)))[一-鿿()、]{2,14}$"
)
NO_FIGURE = re.compile(r"\d{3}|\d,\d")  # a number between that is none to us may be the whole
SUM = re.compile(
    r"^[,，、]?(?:[两二三四五六七八九十]+[项者类地区个家]+)?(?:项目|支出|收入|机构|企业|人员)?(?:合计|共计|总计|合共|加起来)(?:为|达|共)?$"
    r"|^[,，](?:收入|支出)总量(?:为|达)?$|^[,，]共$"
)
SUM_OF_QUARTERS = re.compile("^[,，](前三季度|上半年|全年)(?:累计|合计|共)(?:完成|实现)?(?:为|达)?$")
QUARTERS = {"上半年": 2, "前三季度": 3, "全年": 4}
ADDED = re.compile(r"(?:^|[,，;；])加上?[一-鿿]+$")  # 加上级补助收入41.27亿元
COMMA_LISTED = re.compile(r"^[,，](?!.*(?:其中|上年(?!结转|结余|滚存)|去年|比|较|共))[一-鿿()]{1,12}$")
LISTED = re.compile(r"^[、和与及][一-鿿()]{0,12}$")
SUM_OF_LIST_EN = re.compile(
    r"^[^;:\d]*(?:,|;| \(| and)? (?:giving|making|for|bringing|with|in)?(?: us| it)? ?(?:an?|the|our) "
    r"(?:combined |grand |overall )?total(?: [a-z]+){0,2} (?:of|to) $"
)  # 2,140 police officers and 868 police staff, a total strength of 3,008
CHANGED = re.compile(r"\b(?:rose|fell|increased|decreased|up|down|from|than|compared)\b[^,;]*$")
SUM_EN = re.compile(r"^\) (?:totall?ed|came to a total of|added up to|together (?:made|came to)) $")
IN_BRACKETS = re.compile(r"^\),? (?:and )?[a-z -]+ \($")


@dataclass(frozen=True)
class Division:
    """A whole and the numbers told as its parts."""

    whole: Numeral
    parts: tuple[Numeral, ...]
    is_closed: bool
    is_of_which: bool
    is_told: bool = True  # by words; else only by what its parts are called


def parts(reading: Reading) -> Iterator[Relation]:
    """Parts that make up their whole; and a part told with 其中, which cannot be more than its whole."""
    for division in divisions(reading):
        whole = division.whole
        says = ("各部分之和应等于总数", "the parts make up the whole")
        relation = total("parts", whole, division.parts, says)
        if division.is_closed and len(division.parts) > 1:
            is_loose = not division.is_told and whole.number.lang == "en"
            if not is_loose or may_be_equal(relation.left, relation.right) or explains_sum(relation):
                yield relation
        elif _is_exact(division) and (may_be_equal(relation.left, relation.right) or explains_sum(relation)):
            yield relation
        elif division.is_of_which and whole.number.value >= 0:
            for part in _right_behind(division.parts):
                if part.number.value >= 0:
                    yield at_most("parts", part, whole, ("部分不应大于总数", "a part is not more than its whole"))


def _is_exact(division: Division) -> bool:
    """Whether a whole is told to the last of many, and so its parts, so that no open list comes near it by chance."""
    whole = division.whole
    width = whole.range.width
    for one in division.parts:
        width += one.range.width
    digits = len(re.sub(r"\D", "", whole.printed).rstrip("0"))
    is_closed_by_and = re.search(r"\band $", division.parts[-1].before) is not None and division.is_told
    is_narrow = width * NARROW <= abs(whole.number.value)
    return digits >= (EXACT - 1 if is_closed_by_and else EXACT) and len(division.parts) > 1 and is_narrow


def _right_behind(listed: Sequence[Numeral]) -> list[Numeral]:
    """The parts that surely are of one 其中: the first, and what is joined to it; what stands behind a comma may be
    something else: 新增铁路639公里,其中高铁370公里,新增公路2600公里."""
    kept: list[Numeral] = []
    for one in listed:
        if kept and not re.match("[、和与及]|以及| and ", one.before):
            break
        kept.append(one)
    return kept


def divisions(reading: Reading) -> list[Division]:
    found: list[Division] = []
    for number, sentence in enumerate(reading.sentences):
        if "\t" in sentence.text:
            continue
        earlier = [one for one in reading.sentences[max(0, number - 1) : number] if one.line == sentence.line]
        found += _divisions_of(sentence, earlier, reading)
    return found


def _divisions_of(sentence: Sentence, earlier: Sequence[Sentence], reading: Reading) -> Iterator[Division]:
    levels = [one for one in levels_of(sentence) if one.is_amount]
    for place, one in enumerate(levels):
        whole = _whole_before(one, levels[:place], levels[place + 1 :], earlier, reading)
        if whole is None:
            continue
        listed = _run(levels[place:], whole)
        if not listed:
            continue
        is_of_which = OF_WHICH.search(one.before) is not None or AMONG.search(one.before) is not None
        closed = _is_closed(listed, sentence, whole, is_of_which=is_of_which)
        yield Division(whole, tuple(listed), closed, is_of_which, is_told=_says_that_it_divides(one))


def _whole_before(
    one: Numeral,
    levels: Sequence[Numeral],
    following: Sequence[Numeral],
    earlier: Sequence[Sentence],
    reading: Reading,
) -> Numeral | None:
    """The whole that the list beginning with a numeral divides, if the words before it say that it does."""
    before = one.before
    among = AMONG.search(before)
    if among and not OF_WHICH.search(before):
        return _named_above(one, among[1], reading)
    is_told = _says_that_it_divides(one)
    is_others = not levels and _ends_with_others(one, following)
    if not (is_told or is_others or _partition_begun(one)):
        return None
    nearest = levels if is_told else levels[-1:]
    candidates = [other for other in nearest if is_of_kind(one, other) and not is_rate(other)]
    if not candidates and earlier and not levels and not NO_FIGURE.search(before):
        amounts = [other for other in levels_of(earlier[-1]) if other.is_amount and not is_rate(other)]
        candidates = [other for other in (amounts if is_told else amounts[:1]) if is_of_kind(one, other)][:1]
    if not is_told:
        candidates = [other for other in candidates if _may_have_parts(other, one)]
        candidates = [other for other in candidates if is_others or _is_whole_of_begun(other, one)]
    if one.number.lang == "en":
        candidates = [other for other in candidates if not _is_too_small(other, one)]
    return candidates[-1] if candidates else None


def _is_too_small(whole: Numeral, part: Numeral) -> bool:
    """Whether a small number beside is not what a large one is a part of: 18,642 employees in 24 countries."""
    return whole.number.value < SMALL and part.range.low > 2 * whole.range.high


def _says_that_it_divides(one: Numeral) -> bool:
    """Whether the words before a number say that a list of parts begins with it."""
    before = one.before
    if OF_WHICH.search(before) or COMPRISING.search(before) or ENGLISH_LIST.search(before):
        return True
    return re.search(r"按[^,，。]{1,6}分[,，:：]?", before) is not None


def _ends_with_others(one: Numeral, following: Sequence[Numeral]) -> bool:
    """Whether an English sentence that begins with a number of a list ends it with the others: and other users 3.1."""
    listed = [other for other in following if other.is_like(one)]
    if one.number.lang != "en" or len(listed) < 2 or any(ENGLISH_LIST.search(other.before) for other in listed):
        return False
    return REST_EN.search(listed[-1].before) is not None or _is_last_of_others(listed, len(listed) - 1)


def _may_have_parts(whole: Numeral, first: Numeral) -> bool:
    """Whether a number may be the whole of a known division that begins with another, which is no age and no change."""
    if whole.number.lang == "en" and any(_is_part(word, _name(whole)) for pair in PARTITIONS for word in pair):
        return False  # it is a part itself
    is_change = MOVED_BY.search(first.before + first.printed) is not None
    is_age = AGES.search(first.printed) or AGES.search(whole.printed)
    return not is_change and not is_age and first.range.low <= 2 * whole.range.high


def is_rate(one: Numeral) -> bool:
    """Whether a number is one of each thousand, hectare or person, which has no parts: 每百平方公里106.8公里."""
    return re.search("每[^,，;；。]*$|[人户亩日]均[^,，;；。]*$|密度[^,，;；。]*$", one.before) is not None


def _named_above(one: Numeral, name: str, reading: Reading) -> Numeral | None:
    """The last amount before a numeral that is called by a name, on its line, else in those right above: 企业中."""
    for line in range(one.line, max(0, one.line - LINES_ABOVE - 1), -1):
        named = None
        for other in reading.on_line(line):
            is_above = line < one.line or other.offset < one.offset
            if not is_above or not other.is_amount or not other.is_like(one) or is_prior(other, other.before):
                continue
            is_called = other.before.endswith(name[-len(other.before) or 0 :])
            if is_called and _ends_alike(other.before, name):
                named = other if line == one.line or named is None else named
        if named is not None:
            return named
    return None


def _ends_alike(before: str, name: str) -> bool:
    return before.rstrip("为共有达").endswith(name)


def _partition_begun(one: Numeral) -> bool:
    words = _name(one)
    return any(_is_part(partition[0], words) for partition in PARTITIONS)


def _is_whole_of_begun(whole: Numeral, first: Numeral) -> bool:
    """Whether a whole is called as that of a division that a number begins must be: 小学 and 初中 of 义务教育."""
    words = _name(first)
    begun = [partition for partition in PARTITIONS if _is_part(partition[0], words)]
    return any(WHOLES.get(partition, "") in whole.before for partition in begun)


def _name(one: Numeral) -> str:
    """The words that name a part: before it in Chinese, behind it or before it in English."""
    if re.search("[一-鿿]", one.before):
        return re.sub(r"^.*[,，、;；:：和]", "", one.before.rstrip(",，、")) or one.before
    behind = re.split(r"[,;.]| and ", one.after)[0]
    return f"{' '.join(one.before.split()[-WORDS:])} {' '.join(behind.split()[:WORDS])}".lower()


def _run(levels: Sequence[Numeral], whole: Numeral) -> list[Numeral]:
    """The numerals from the first on that are told in the whole's unit, until another whole or list begins."""
    listed: list[Numeral] = []
    for one in levels:
        if listed and re.search(r"其中|按[^,，。]{1,6}分|[一-鿿]中[,，]|合计|共计|总计|of which", one.before):
            break
        if not is_of_kind(one, whole):
            continue
        listed.append(one)
    return listed


def is_of_kind(one: Numeral, whole: Numeral) -> bool:
    """Whether a number can be a part of a whole by its unit; staff in English are counted with any word.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> people, doctors = read_numerals(from_text("We employ 8,940 people: 1,216 doctors.")).numerals
    >>> is_of_kind(doctors, people)
    True
    """
    is_english = one.number.lang == "en" and whole.number.lang == "en"
    are_counted = is_english and {one.unit, whole.unit} <= {"", *PEOPLE} and one.is_amount and whole.is_amount
    return one.is_like(whole) or are_counted


def _is_closed(listed: list[Numeral], sentence: Sentence, whole: Numeral, *, is_of_which: bool) -> bool:
    """Whether the words say that nothing is missing from a list of parts; the list is cut to those that do."""
    names = [_name(one) for one in listed]
    for place, name in enumerate(names):
        is_rest = REST_EN.search(listed[place].before) if listed[place].number.lang == "en" else OTHERS.search(name)
        if place and (is_rest or _is_last_of_others(listed, place)):
            del listed[place + 1 :]
            return True
    for partition in PARTITIONS:
        is_named = WHOLES.get(partition, "") in whole.before
        is_left_out = partition in NOT_CLOSED or (partition == INDUSTRIES and USES.search(whole.before) is not None)
        if is_left_out or len(listed) < len(partition) or not is_named:
            continue
        first = names[: len(partition)]
        if all(any(_is_part(word, name) for name in first) for word in partition):
            if _goes_on(listed[len(partition) :]):
                continue
            del listed[len(partition) :]
            return True
    head = sentence.text[: listed[0].offset - sentence.start]
    if ENGLISH_LIST.search(head) and re.search(r"\band $", listed[-1].before):
        has_others = any(re.search(r"\d", one.before) for one in listed[1:])  # 1985 flats, which was read as a year
        is_list = len(listed) > 2 or COMPRISING_EN.search(head) is not None
        relation = total("parts", whole, listed, ("", ""))
        return not has_others and (is_list or may_be_equal(relation.left, relation.right) or explains_sum(relation))
    return re.search(r"由[^,，。]*(?:组成|构成)", head) is not None and not is_of_which


def _is_last_of_others(listed: Sequence[Numeral], place: int) -> bool:
    """Whether the last of a list in English is of others: and 2,175 other staff, services and other users 3.1."""
    one = listed[place]
    if one.number.lang != "en" or place + 1 < len(listed) or not re.search(r"(?:\band|;)[^,;\d]*$", one.before):
        return False
    behind = " ".join(re.split("[,;.]", one.after)[0].split()[:WORDS])
    return re.search(r"\bothers?\b", one.before[-40:] + " " + behind) is not None


def _goes_on(further: Sequence[Numeral]) -> bool:
    """Whether a list has more parts than a known division: 第三产业18.9亿千瓦时,居民生活14.9亿千瓦时."""
    return bool(further) and GOES_ON.match(further[0].before) is not None


def _is_part(word: str, name: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{word}\b", name) is not None
    if word == "税收" and "非税" in name:
        return False
    return word in name


def sums(reading: Reading) -> Iterator[Relation]:
    """甲12家、乙30家、丙8家,三项合计50家: the numbers of one list, and their sum right behind it."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            quarters = SUM_OF_QUARTERS.match(one.before)
            if not SUM.match(one.before) and not quarters:
                continue
            run = _list_before(sentence.numerals[:place], one)
            if quarters and (len(run) != QUARTERS[quarters[1]] or "季度" not in sentence.text):
                continue
            if run and ADDED.search(run[0].before):
                run = _with_what_it_is_added_to(run, reading)
            if len(run) > 1:
                yield total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))


def _with_what_it_is_added_to(run: list[Numeral], reading: Reading) -> list[Numeral]:
    """A list that is added to a number of its paragraph, with that; nothing where the paragraph has several."""
    parts = {id(part) for division in divisions(reading) if division.is_of_which for part in division.parts}
    levels: list[Numeral] = []
    for sentence in reading.sentences:
        if sentence.line == run[0].line:
            levels += levels_of(sentence)
    bases = []
    for one in levels:
        if one.offset < run[0].offset and one.is_like(run[0]) and one.is_amount and id(one) not in parts:
            bases.append(one)
    near = [one for one in bases if one.sentence == run[0].sentence]
    bases = near or bases
    return [bases[0], *run] if len(bases) == 1 else []


def sums_in_english(reading: Reading) -> Iterator[Relation]:
    """12,400 tonnes, 8,900 tonnes and 96,300 tonnes, giving a total of 117,600 tonnes: the numbers before it.

    That a list begins with the sentence is said by nothing; so what does not fit must be one slip.
    """
    for sentence in reading.sentences:
        levels = [one for one in sentence.numerals if one.is_amount]
        for place, one in enumerate(levels):
            if not SUM_OF_LIST_EN.match(one.before) or "\t" in sentence.text:
                continue
            run: list[Numeral] = []
            for other in reversed(levels[:place]):
                if not is_of_kind(other, one) or CHANGED.search(other.before):
                    break
                run.insert(0, other)
            if len(run) < 2:
                continue
            relation = total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))
            if may_be_equal(relation.left, relation.right) or explains_sum(relation):
                yield relation


def sums_of_brackets(reading: Reading) -> Iterator[Relation]:
    """Schools ($14.2m), roads ($9.6m) and parks ($3.1m) totalled $26.9m."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            if not SUM_EN.match(one.before) or " and " not in sentence.numerals[place - 1].before:
                continue
            run: list[Numeral] = []
            for other in reversed(sentence.numerals[:place]):
                if not other.is_like(one) or not other.before.endswith("("):
                    break
                run.insert(0, other)
                if not IN_BRACKETS.match(other.before):
                    break
            if len(run) > 1:
                yield total("parts", one, run, ("合计应等于各数之和", "the sum is that of the list"))


def _list_before(above: Sequence[Numeral], total: Numeral) -> list[Numeral]:
    """The list that ends right before its sum; 三项 in between says how many it has."""
    count = 0
    last = above[-1] if above else None
    if last and not last.is_like(total) and last.range.is_point and re.match("[两二三四五六七八九十]", last.printed):
        count = int(last.number.value)
        above = above[:-1]
    run: list[Numeral] = []
    for other in reversed(above):
        if not other.is_like(total):
            break
        run.insert(0, other)
        if COMMA_LISTED.match(other.before) and above[0].before == above[0].before.lstrip(",，"):
            continue
        if not LISTED.match(other.before):
            break
    if run and COMMA_LISTED.match(run[0].before) and not ADDED.search(run[0].before):
        return []  # it goes on to the left
    return run if not count or len(run) == count else []

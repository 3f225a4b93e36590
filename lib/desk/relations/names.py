"""What numbers of a document are called, as far as their words tell them apart."""

from __future__ import annotations

import re
from dataclasses import replace

from desk.numerals import AIMS, Numeral, Reading
from desk.relations.levels import FEWER, MORE, MOVED_FROM, Group, is_prior

CUMULATIVE = re.compile(r"累计|以来|cumulative|since ", re.IGNORECASE)


# the same thing twice

VERBS = re.compile(
    r"^(?:.*[,，;；:：。]|截至[^,，]*|到[^,，]*末)|(?:已经?|共有|共|达到|达|为|有|是|约|超过|超|完成|实现|增至|升至|降至|提供|累计达|等|收获|新增至)+$"
)
SCOPE = re.compile(
    r"全市|全区|全县|全省|全国|全年|年末|本市|我市|我区|登记|目前|现有|期末|今年|当年|总数|合计|共计|总量|(?:19|20)\d\d年末?|[一二三四五六七八九十\d]+至[一二三四五六七八九十\d]+月"
)
GENERIC = frozenset(
    "人 个 企业 项目 收入 支出 人口 面积 总数 活动 "
    "机构 单位 项 家 其中 总投资 投资额 总面积 占地面积 建筑面积 "
    "总建筑面积 总长度 总里程 总收入 总产值 年产值 总人口 总金额 总户数 出口额 "
    "进口额 工作人员 参与人数".split()
)


SHORT = 3  # characters of a name that, behind another number, is of the sentence's subject: 研究生…人,毕业生…人


BEHIND = re.compile(r"^的?(?!以及|[和与及])([一-鿿]{3,16})(?=[^一-鿿])|^的([一-鿿]{3,16})")
ONLY_VERBS = re.compile(
    rf"(?:稳步|迅速|大幅|进一步|分别|平均|同比)*(?:{MORE}|{FEWER}|变|变化|调整|发展|跃升)(?:到|至|为)?"
)
PART_OF_YEAR = re.compile(
    r"前?[\d一二三四五六七八九十]+个?月|前?[一二三四]个?季度|[上下]半年|当月|当日|[\d一二三四五六七八九十]+日"
    r"|累计|以来|最高|最低|首日|预计|预测"
)
ENTITY = re.compile(
    r"《[^》]+》|[一-鿿]{2,8}中(?=[,，])|“[^”]+”|[一-鿿]{1,4}(?:省|市|区|县|镇|乡|街道|村)|[一-鿿]{2}(?:公司|集团|银行|先生|女士)|第[^,，。;；\d]{0,4}\d+号"
)
PLACE = re.compile(r"[一-鿿]{1,6}(?:省|市|区|县|镇|乡|街道|村)")


def bare_name(one: Numeral) -> str:
    before = re.sub(r"(?:安排|预计|力争|达到|完成|实现|为|达)+$", "", one.before)
    before = SCOPE.sub("", VERBS.sub("", before))
    return before if re.fullmatch(r"[一-鿿()]{4,16}", before) else ""


def names_of(one: Numeral) -> tuple[str, str]:
    """The name of a number before it, and the words right behind it; none where they are too general to tell it."""
    if not _is_told(one) or _is_aim(one) or CUMULATIVE.search(one.before) or "其中" in one.before:
        return "", ""
    before = SCOPE.sub("", VERBS.sub("", VERBS.sub("", one.before)))
    before = re.sub("^(?:以及|[和与及])", "", before)
    name = before if _is_name(before, one) else ""
    if name and not one.after.startswith("的"):
        return name, ""
    behind = BEHIND.match(one.after)
    return name, (behind[1] or behind[2]) if behind else ""


def _is_told(one: Numeral) -> bool:
    """Whether a number is one that may have a name of its own: an amount, or a rate or share by its own name."""
    if one.is_amount:
        return True
    is_of_another = "占" in one.before or one.before.endswith("的")
    return one.is_percent and one.measure in ("rate", "share") and not is_of_another


def _is_aim(one: Numeral) -> bool:
    return AIMS.search(one.heading) is not None or AIMS.search(one.before) is not None


def _is_name(before: str, one: Numeral) -> bool:
    """Whether the words before a number name it, and do not only go on with the subject of another."""
    if not re.fullmatch(r"[一-鿿()]{3,16}", before) or before in GENERIC or ONLY_VERBS.fullmatch(before):
        return False
    is_of_subject = len(before) <= SHORT and re.match(" ?[,，、;；]", one.before) is not None
    return not is_of_subject


def name_of_group(group: Group) -> str:
    """What a level is called; where it is what another became, the name stands before that: 社会组织由316家增加到605家.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> from desk.relations.levels import groups_of
    >>> [sentence] = read_numerals(from_text("社会组织由316家增加到605家。")).sentences
    >>> [name_of_group(one) for one in groups_of(sentence)]
    ['社会组织']
    """
    prior = group.prior
    moved = MOVED_FROM.search(prior.before) if prior is not None else None
    if prior is None or moved is None or prior.offset > group.level.offset:
        return names_of(group.level)[0]
    return names_of(replace(prior, before=prior.before[: moved.start()]))[0]


def is_same_place(one: Numeral, other: Numeral) -> bool:
    """Whether they stand under one heading, or under headings that name no place of their own."""
    return one.heading == other.heading or not (PLACE.search(one.heading) or PLACE.search(other.heading))


def is_of_one_scope(one: Numeral, other: Numeral, reading: Reading) -> bool:
    """Whether the words before two numbers name no different months, places, works or companies.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("11月实际使用外资649亿元。前11个月实际使用外资7043亿元。"))
    >>> is_of_one_scope(reading.numerals[0], reading.numerals[-1], reading)
    False
    """
    (spans, scopes), (other_spans, other_scopes) = _scope(one, reading), _scope(other, reading)
    if spans != other_spans and (spans or other_spans):
        return False
    return scopes <= other_scopes or other_scopes <= scopes


def _scope(one: Numeral, reading: Reading) -> tuple[set[str], set[str]]:
    """The part of a year, and the places or things, that a sentence names before a number."""
    sentence = reading.sentences[one.sentence]
    told = sentence.text[: one.offset - sentence.start]
    spans = PART_OF_YEAR.findall(told)
    scopes = {re.sub("^[本我]", "全", name) for name in ENTITY.findall(told)}
    return set(spans[-1:]), scopes


def is_same_time(one: Numeral, other: Numeral, year: str) -> bool:
    """Whether two numbers can be of one time; what names no year is of the document's, as its title has it."""
    times = {one.period or year, other.period or year} - {""}
    if len(times) > 1:
        return False
    return not any(is_prior(each) or re.search("到(?:19|20)\\d\\d年", each.before) for each in (one, other))

"""The relations that a document itself states between its numbers, one small function a kind.

Evidence is wording or structure (其中, 比上年增加, 占…的, a row that says 合计), never a search for sums that happen to
fit. A relation says what must be equal, or which side must not be larger; whether that can be so is decided by the
ranges of what was printed, in exact interval arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from bluebook.numbers.intervals import Interval, point
from desk.numerals import AIMS, Numeral, Reading, Sentence


@dataclass(frozen=True)
class Relation:
    """What a document states of some of its numbers: `left` is `sign` ("=" or "<=") `right`.

    `stated` is the numeral that the calculation is held against, `arithmetic` the calculation in the document's own
    numbers, `says` the relation in words (Chinese, English). One that is not `is_proved` may be meant otherwise.
    """

    kind: str
    numerals: tuple[Numeral, ...]
    stated: Numeral
    left: Interval
    sign: str
    right: Interval
    arithmetic: str
    says: tuple[str, str]
    is_proved: bool = True


ONE = point(Fraction(1))

# words before a number that say what it is to the level before it
YEARS = r"(?:19|20)\d\d年?末?"
PRIOR = re.compile(
    rf"(?<![比较])(?:上年末?|去年末?|上年同期|去年同期|上年完成|上月末?|年初|期初|前一年|上期|{YEARS})(?:的|分别|当时)?(?:为|是|完成|有|达|仅为?|只有|实现)?$"
)
THAN = re.compile(rf"(?:比|较)(?:上年末?|去年末?|上年同期|去年同期|上月末?|年初|{YEARS})?的?$")
PRIOR_EN = re.compile(
    r"(?:\bfrom|compared with|against|when there were|than the|up on(?: the)?|down on(?: the)?) (?:only )?$"
)
PRIOR_AFTER_EN = re.compile(r"^,? ?(?:of )?(?:a year (?:earlier|before)|in the (?:previous|preceding) year|last year)")
MORE = r"(?:净?增加|净增|增长|增|多|提高|上升|提升|扩大)了?"
FEWER = r"(?:净?减少|减|少|下降|降低|降|缩小|回落)了?"
CHANGE = re.compile(rf"(?:比|较|同比|一年间|一年来)[^,，。;；]{{0,14}}?(?:{MORE}|{FEWER})$|^[,，]?(?:{MORE}|{FEWER})$")
CHANGE_AFTER_EN = re.compile(r"^ ?(?:more|fewer|less|higher|lower)\b")
CHANGE_EN = re.compile(
    r"(?:an? (?:increase|rise|decrease|fall|drop) of|\bup|\bdown|(?:rose|fell|increased|decreased|grew) by) $"
)
GROWTH = re.compile(rf"(?:{MORE}|{FEWER}|上涨|下跌)$|\b(?:up|down|by|of|rose|fell|grew) $")
IS_LESS = re.compile(rf"{FEWER}$|\b(?:down|decrease of|fall of|drop of|fell by|decreased by) $")
IS_LESS_AFTER = re.compile(r"^ ?(?:percentage points )?(?:fewer|less|lower)\b")
REAL = re.compile(r"不变价|可比价|实际增长|扣除价格|constant prices|in real terms|\breal\b")
REAL_LABELS = re.compile(r"生产总值|增加值|GDP|可支配收入|人均收入|产值", re.IGNORECASE)
NOMINAL = re.compile(r"现价|名义|当年价|nominal|current prices", re.IGNORECASE)
CUMULATIVE = re.compile(r"累计|以来|cumulative|since ", re.IGNORECASE)
BASE_YEAR = re.compile(YEARS)


def changes(reading: Reading) -> Iterator[Relation]:
    """A level with its change, its growth and the level before: 605个, 比上年增加289个, 增长91.5%, 上年为316个."""
    for sentence in reading.sentences:
        for group in _groups(sentence):
            yield from _of_group(group, sentence)


@dataclass
class Group:
    """A level of a sentence, and what stands behind it as its change, its growth, its points or the level before."""

    level: Numeral
    prior: Numeral | None = None
    change: Numeral | None = None
    growth: Numeral | None = None
    points: Numeral | None = None


def _groups(sentence: Sentence) -> list[Group]:
    groups: list[Group] = []
    for one in sentence.numerals:
        group = groups[-1] if groups else None
        role = _role(one, group)
        if group is not None and _is_moved_to(one, group):
            groups[-1] = Group(one, prior=group.level)
        elif group is None or not role:
            groups.append(Group(one))
        elif getattr(group, role) is None:
            setattr(group, role, one)
    return groups


MOVED_FROM = re.compile(r"(?:由|从)[^,，。;；\d]{0,8}$|(?:由|从)(?:19|20)\d\d年末?的?$|\bfrom $")
MOVED_TO = re.compile(
    r"^(?:稳步|迅速|大幅|进一步)?(?:增加|增长|增|提高|提升|上升|升|扩大|下降|降低|降|减少|缩小|回落|压减|调整)(?:到|至|为)(?:19|20)?(?:\d\d年末?的)?$"
    r"|^ (?:in (?:19|20)\d\d )?to $"
)


def _is_moved_to(one: Numeral, group: Group) -> bool:
    """Whether a number is what the level before it became: 由316个增加到605个, from 43 to 34."""
    was = group.level
    is_first = group.prior is None and group.change is None
    return is_first and one.is_like(was) and bool(MOVED_TO.match(one.before) and MOVED_FROM.search(was.before))


def _role(one: Numeral, group: Group | None) -> str:
    """What a numeral is to the level before it in its sentence; nothing where it is a level of its own."""
    if group is None:
        return ""
    before = one.before
    if re.search(r"其中|新增|of which|including", before):
        return ""
    if one.is_points:
        return "points" if group.level.is_percent else ""
    if one.is_like(group.level) and _is_prior(one, before):
        return "prior"
    if one.is_percent and one.measure == "growth" and GROWTH.search(_signed(one)):
        return "growth"
    if one.is_percent and group.level.is_percent and CHANGE_AFTER_EN.match(one.after):
        return "growth"
    is_change = CHANGE.search(_signed(one)) or CHANGE_EN.search(_signed(one)) or CHANGE_AFTER_EN.match(one.after)
    if one.is_like(group.level) and one.is_amount and is_change:
        return "change"
    return ""


def _signed(one: Numeral) -> str:
    """What stands before a number, with the sign in words that its printed form begins with."""
    sign = re.match(r"[^\d一二三四五六七八九十百千万亿零两几约近超]+", one.printed)
    return one.before + (sign[0] if sign else "")


def _is_prior(one: Numeral, before: str) -> bool:
    if PRIOR.search(before) or PRIOR_EN.search(before) or PRIOR_AFTER_EN.match(one.after):
        return True
    return THAN.search(before) is not None and re.match(rf"^(?:{MORE}|{FEWER})", one.following) is not None


def _change_of(one: Numeral) -> Interval:
    """A change with its sign: 减少9个 is -9, whether or not the sign was read as part of the number."""
    known = one.range
    is_less = IS_LESS.search(_signed(one)) or IS_LESS_AFTER.match(one.after)
    if one.number.value > 0 and is_less:
        return -known
    return known


def _of_group(group: Group, sentence: Sentence) -> Iterator[Relation]:
    level, prior, change, growth, points = group.level, group.prior, group.change, group.growth, group.points
    if not _same_base([one for one in (prior, change, growth, points) if one is not None]):
        return
    if prior is not None and change is not None:
        sign, amount = _sign(change)
        yield Relation(
            "change",
            (level, prior, change),
            level,
            level.range,
            "=",
            prior.range + _change_of(change),
            f"{prior.printed} {sign} {amount}",
            ("现值应等于原值加上增减", "the level is the earlier one and its change"),
        )
    if prior is not None and points is not None:
        sign, amount = _sign(points)
        yield Relation(
            "points",
            (level, prior, points),
            level,
            level.range,
            "=",
            prior.range + _change_of(points),
            f"{prior.printed} {sign} {amount}",
            ("两个百分比之差应等于百分点数", "the percentage is the earlier one and the points"),
        )
    if growth is None or _is_real(level, sentence):
        return
    if prior is not None and not prior.range.has_zero:
        yield Relation(
            "growth",
            (level, prior, growth),
            growth,
            _change_of(growth),
            "=",
            level.range / prior.range - ONE,
            f"{level.printed} ÷ {prior.printed} − 1",
            ("增长率应与两个时点的数相符", "growth follows from the two levels"),
        )
    elif change is not None and level.is_amount:
        base = level.range - _change_of(change)
        if not base.has_zero:
            yield Relation(
                "growth",
                (level, change, growth),
                growth,
                _change_of(growth),
                "=",
                _one_less(level.range, _change_of(change)),
                f"{_sign(change)[1]} ÷ ({level.printed} − {_sign(change)[1]})",
                ("增长率应与增量、现值相符", "growth follows from the level and its change"),
            )


def _one_less(level: Interval, change: Interval) -> Interval:
    """level ÷ (level − change) − 1, exactly: each of the two counts once in 1 ÷ (1 − change ÷ level)."""
    return ONE / (ONE - change / level) - ONE


def _sign(one: Numeral) -> tuple[str, str]:
    is_less = _change_of(one).high < 0 or one.number.value < 0
    amount = re.sub(r"^[^\d一二三四五六七八九十]+(?=[\d一二三四五六七八九十])", "", one.printed)
    return ("−" if is_less else "+", amount)


def _same_base(roles: Sequence[Numeral]) -> bool:
    """Whether nothing says that two of them are held against different times."""
    years = {tuple(BASE_YEAR.findall(one.before)) for one in roles if BASE_YEAR.search(one.before)}
    said = {
        bool(BASE_YEAR.search(one.before)) for one in roles if re.search("上年|去年|同期|年初|" + YEARS, one.before)
    }
    return len(years) < 2 and len(said) < 2


def _is_real(level: Numeral, sentence: Sentence) -> bool:
    """Whether growth may be at constant prices, where levels are at current ones."""
    if REAL.search(sentence.text):
        return True
    named = level.label + level.before
    return REAL_LABELS.search(named) is not None and NOMINAL.search(sentence.text) is None


# parts and wholes

OF_WHICH = re.compile(r"其中[:：,，]?|of which|including")
COMPRISING = re.compile(r"(?:包括|分为|组成|构成|分别是|分别为|即)[:：,，]?|[:：]$")
OTHERS = re.compile(r"其他|其它|其余|另外|\bothers?\b|\brest\b|remaind")
PARTITIONS: tuple[tuple[str, ...], ...] = (
    ("第一产业", "第二产业", "第三产业"),
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
    ("户籍", "非户籍"),
    ("内资", "外资"),
    ("新建", "续建"),
    ("full", "empty"),
    ("foreign", "domestic"),
    ("urban", "rural"),
    ("public", "private"),
    ("men", "women"),
    ("male", "female"),
    ("imports", "exports"),
)
NOT_CLOSED = {("新建", "续建"), ("进口", "出口")}


@dataclass(frozen=True)
class Division:
    """A whole and the numbers told as its parts."""

    whole: Numeral
    parts: tuple[Numeral, ...]
    is_closed: bool
    is_of_which: bool


def parts(reading: Reading) -> Iterator[Relation]:
    """Parts that make up their whole; and a part told with 其中, which cannot be more than its whole."""
    for division in divisions(reading):
        if division.is_closed and len(division.parts) > 1:
            total = reduce(lambda one, other: one + other, (part.range for part in division.parts))
            yield Relation(
                "parts",
                (division.whole, *division.parts),
                division.whole,
                division.whole.range,
                "=",
                total,
                " + ".join(part.printed for part in division.parts),
                ("各部分之和应等于总数", "the parts make up the whole"),
            )
        elif division.is_of_which:
            for part in _until_semicolon(division.parts):
                if part.number.value < 0 or division.whole.number.value < 0:
                    continue
                yield Relation(
                    "parts",
                    (division.whole, part),
                    part,
                    part.range,
                    "<=",
                    division.whole.range,
                    f"{part.printed} ≤ {division.whole.printed}",
                    ("部分不应大于总数", "a part is not more than its whole"),
                )


def _until_semicolon(listed: Sequence[Numeral]) -> list[Numeral]:
    """The parts of one 其中: what stands behind a semicolon may be something else."""
    kept: list[Numeral] = []
    for one in listed:
        if kept and ";" in one.before:
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


def _levels(sentence: Sentence) -> list[Numeral]:
    """The numerals of a sentence that are no change, no growth and no earlier level of another."""
    return [group.level for group in _groups(sentence)]


def _divisions_of(sentence: Sentence, earlier: Sequence[Sentence], reading: Reading) -> Iterator[Division]:
    levels = [one for one in _levels(sentence) if one.is_amount]
    for place, one in enumerate(levels):
        whole = _whole_before(one, levels[:place], earlier, reading)
        if whole is None:
            continue
        listed = _run(levels[place:], whole)
        if not listed:
            continue
        is_of_which = OF_WHICH.search(one.before) is not None
        closed = _is_closed(listed, sentence, is_of_which=is_of_which)
        yield Division(whole, tuple(listed), closed, is_of_which)


def _whole_before(
    one: Numeral, levels: Sequence[Numeral], earlier: Sequence[Sentence], reading: Reading
) -> Numeral | None:
    """The whole that the list beginning with a numeral divides, if the words before it say that it does."""
    before = one.before
    among = re.search(r"([一-鿿()]{2,8})中[,，]", before)
    if among and not OF_WHICH.search(before):
        name = among[1]
        above = [
            other
            for other in reading.numerals
            if other.line == one.line and other.offset < one.offset and other.is_like(one) and other.is_amount
        ]
        named = [
            other
            for other in above
            if other.before.endswith(name[-len(other.before) or 0 :]) and _ends_alike(other.before, name)
        ]
        return named[-1] if named else None
    says = OF_WHICH.search(before) or COMPRISING.search(before) or re.search(r"按[^,，。]{1,6}分[,，:：]?", before)
    is_english_list = re.search(r": $", before) is not None
    partition = _partition_begun(one)
    if not (says or is_english_list or partition):
        return None
    candidates = [other for other in levels if other.is_like(one)]
    if not candidates and earlier:
        candidates = [other for other in _levels(earlier[-1]) if other.is_like(one) and other.is_amount][:1]
    return candidates[-1] if candidates else None


def _ends_alike(before: str, name: str) -> bool:
    return before.rstrip("为共有达").endswith(name)


def _partition_begun(one: Numeral) -> bool:
    words = _name(one)
    return any(partition[0] in words for partition in PARTITIONS)


def _name(one: Numeral) -> str:
    """The words that name a part: before it in Chinese, behind it or before it in English."""
    if re.search("[一-鿿]", one.before):
        return re.sub(r"^.*[,，、;；:：和]", "", one.before.rstrip(",，、")) or one.before
    return f"{one.before} {re.split(r'[,;.]', one.after)[0]}".lower()


def _run(levels: Sequence[Numeral], whole: Numeral) -> list[Numeral]:
    """The numerals from the first on that are told in the whole's unit, until another whole or list begins."""
    listed: list[Numeral] = []
    for one in levels:
        if listed and re.search(r"其中|按[^,，。]{1,6}分|[一-鿿]中[,，]|合计|共计|总计|of which", one.before):
            break
        if not one.is_like(whole):
            continue
        listed.append(one)
    return listed


def _is_closed(listed: list[Numeral], sentence: Sentence, *, is_of_which: bool) -> bool:
    """Whether the words say that nothing is missing from a list of parts; the list is cut to those that do."""
    names = [_name(one) for one in listed]
    for place, name in enumerate(names):
        if OTHERS.search(name) and place:
            del listed[place + 1 :]
            return True
    for partition in PARTITIONS:
        if partition in NOT_CLOSED or len(listed) < len(partition):
            continue
        first = names[: len(partition)]
        if all(any(_is_part(word, name) for name in first) for word in partition):
            del listed[len(partition) :]
            return True
    head = sentence.text[: listed[0].offset - sentence.start]
    if re.search(r": ?$", head) and len(listed) > 2 and re.search(r"\band $", listed[-1].before):
        return True
    return re.search(r"由[^,，。]*(?:组成|构成)", head) is not None and not is_of_which


def _is_part(word: str, name: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{word}\b", name) is not None
    if word == "税收" and "非税" in name:
        return False
    return word in name


# shares and ratios

OF_IT = re.compile(r"^(?:左右|以上)?(?:\([^)]*\))?的$")
SHARE_BARE = re.compile(r"(?:占比?|占比为|占全部|占总数的?|比重为|占比达)(?:为|达|约)?$")
SHARE_OF = re.compile(r"占([^,，。;；占]{2,16}?)的(?:比重|比例)?(?:为|达|约)?$")
RATE = re.compile(r"([一-鿿]{2})率(?:为|达|达到|约)?$")
SHARES_LISTED = re.compile(r"(?:占比|比重|比例)(?:依次|分别)为?$|分别占[^,，。]{0,10}$")


def shares(reading: Reading) -> Iterator[Relation]:
    """A percentage or a number of times, against what it is of."""
    known = divisions(reading)
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            if not (one.is_percent or one.unit == "倍"):
                continue
            yield from _share(one, sentence.numerals[:place], sentence, known, reading)
        yield from _listed_shares(sentence, known)


def _share(
    one: Numeral, above: Sequence[Numeral], sentence: Sentence, known: Sequence[Division], reading: Reading
) -> Iterator[Relation]:
    if not above:
        return
    last = above[-1]
    if OF_IT.match(one.before) and last.is_amount:
        part = _last_like(last, above[:-1])
        if part is not None:
            yield _ratio("ratio" if one.unit else "share", one, part, last)
        return
    if one.measure == "growth":
        return
    part = next((other for other in reversed(above) if other.is_amount), None)
    if part is None or any(other.is_percent and other is not one for other in above if other.offset > part.offset):
        return
    whole = None
    if SHARE_BARE.search(one.before):
        whole = next((division.whole for division in known if part in division.parts and division.is_of_which), None)
        if whole is None and part is last:
            whole = _summed_up(part, above)
    elif match := SHARE_OF.search(one.before):
        whole = _named(match[1], part, sentence, reading)
    elif (match := RATE.search(one.before)) and match[1] in part.before and not one.number.scale < Fraction(1, 100):
        among = [other for other in above if other.is_like(part) and other.offset < part.offset and other.is_amount]
        whole = among[-1] if among and not _is_prior(among[-1], among[-1].before) else None
    elif re.search(r"\($", one.before) and re.match(r"^\)", one.after):
        whole = next((other for other in above if other.is_like(part) and other is not part), None)
        accounts = re.search(r"account|made up|contribut|of which|including|share", part.before)
        whole = whole if accounts else None
    if whole is not None and whole is not part and not whole.range.has_zero:
        yield _ratio("share", one, part, whole)


def _ratio(kind: str, one: Numeral, part: Numeral, whole: Numeral) -> Relation:
    quotient = ONE if part is whole else part.range / whole.range
    return Relation(
        kind,
        (one, part, whole),
        one,
        one.range,
        "=",
        quotient,
        f"{part.printed} ÷ {whole.printed}",
        ("比例应与两数相符", "the ratio follows from the two numbers"),
    )


def _last_like(whole: Numeral, above: Sequence[Numeral]) -> Numeral | None:
    """The nearest number above that is told in the unit of what a percentage is of, and is no earlier level."""
    for other in reversed(above):
        if other.is_like(whole) and other.is_amount and not _is_prior(other, other.before):
            return other
    return None


def _summed_up(part: Numeral, above: Sequence[Numeral]) -> Numeral | None:
    """The whole before a part in 支出386540万元,其中…三项支出合计188359万元,占48.7%."""
    if not re.search("其中.*(?:合计|共计)", part.before) and not re.search(
        "其中", "".join(one.before for one in above[-3:])
    ):
        return None
    larger = [other for other in above if other.is_like(part) and other is not part]
    return larger[0] if larger else None


def _named(words: str, part: Numeral, sentence: Sentence, reading: Reading) -> Numeral | None:
    """The number in the same paragraph that has this name, told in the part's unit."""
    near = [
        one
        for one in reading.numerals
        if one.line == sentence.line and one.is_like(part) and one.is_amount and one is not part
    ]
    exact = [one for one in near if _is_called(one, words) and not _is_prior(one, one.before)]
    shorter = re.sub("(?:总数|总量|总额|全部)$|^全部", "", words)
    if not exact and shorter != words and len(shorter) > 1:
        return _named(shorter, part, sentence, reading)
    before = [one for one in exact if one.offset < part.offset]
    if before:
        return before[-1]
    return exact[0] if len(exact) == 1 else None


def _is_called(one: Numeral, words: str) -> bool:
    name = re.sub(r"(?:为|达到?|共|有|完成|约|实现)+$", "", re.sub(r"^.*[,，;；。:：]", "", one.before))
    return name.endswith(words)


def _listed_shares(sentence: Sentence, known: Sequence[Division]) -> Iterator[Relation]:
    """占比分别为37.2%、60.2%和2.5%: each against its part, in the order of the parts."""
    run: list[Numeral] = []
    for one in sentence.numerals:
        if one.is_percent and SHARES_LISTED.search(one.before):
            run = [one]
        elif run and one.is_percent and re.fullmatch(r"[、,，和与及]+", one.before):
            run.append(one)
        elif run:
            break
    if len(run) < 2:
        return
    for division in known:
        mine = [part for part in division.parts if part.sentence == run[0].sentence and part.offset < run[0].offset]
        if len(mine) == len(run):
            for share, part in zip(run, mine, strict=True):
                yield _ratio("share", share, part, division.whole)
            if division.is_closed:
                total = reduce(lambda one, other: one + other, (share.range for share in run))
                yield Relation(
                    "share",
                    tuple(run),
                    run[-1],
                    ONE,
                    "=",
                    total,
                    " + ".join(share.printed for share in run),
                    ("各部分占比之和应为100%", "the shares make up 100 %"),
                )
            return


# averages

PER = re.compile(
    r"平均每(?:一)?([一-鿿]{1,2})(?:\(?[一-鿿]{0,6}\)?)?(?:新增|约|为|达|有|开展|服务|拥有|达到)?$|([户次人])均[一-鿿]{0,6}$"
)
PER_EN = re.compile(r"^ an? ([a-z]+)|^ per ([a-z]+)")
PER_THOUSAND = re.compile(r"每(百|千|万|十万|百万)(?:名)?(?:常住)?(?:人口?|居民)")
THOUSANDS = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6}


def averages(reading: Reading) -> Iterator[Relation]:
    """An average against the total and the count of its sentence: 3.85万场, 1126万小时, 平均每场292小时."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            yield from _average(one, place, sentence)


def _average(one: Numeral, place: int, sentence: Sentence) -> Iterator[Relation]:
    above = sentence.numerals[:place]
    chinese, english = PER.search(one.before), PER_EN.match(one.after)
    if not one.is_amount or "年" in one.unit:
        return
    if chinese:
        counter = chinese[1] or chinese[2]
        counts = [other for other in above if other.unit and counter.startswith(other.unit.split("/")[0])]
        said = re.search(r"平均每[一-鿿]([一-鿿()]{1,8}?)(?:约|为|达|有|新增)?$", one.before)
        if said and counts and not said[1].startswith(("新增", "开展", "服务")):
            counts = [other for other in counts if other.after.startswith(said[1])] or []
        unit = one.unit.split("/")[0]
        totals = [
            other for other in sentence.numerals if other.unit == unit and other is not one and other not in counts[-1:]
        ]
        named = re.match(r"^[一-鿿]{2,6}", one.after)
        if named:
            totals = [other for other in totals if named[0] in other.before + other.after] or totals
        if chinese[2]:
            totals = [other for other in totals if re.search("总", other.before)]
    elif english and re.search(r"average of $|averaging $", one.before):
        counter = english[1] or english[2]
        counts = [other for other in above if re.match(rf"^ {counter}s?\b", other.after)]
        totals = [
            other
            for other in above
            if other not in counts and other.is_like(one) and other.number.value > one.number.value
        ]
    else:
        return
    if not counts or not totals or counts[-1].range.has_zero:
        return
    count, total = counts[-1], totals[-1]
    if total is count:
        return
    yield Relation(
        "average",
        (one, total, count),
        one,
        _as_average(one),
        "=",
        total.range / count.range,
        f"{total.printed} ÷ {count.printed}",
        ("平均数应等于总数除以个数", "the average is the total divided by the count"),
    )


def _as_average(one: Numeral) -> Interval:
    """An average that is printed whole is rounded, even where the things themselves are counted."""
    known = one.range
    half = Fraction(1, 2)
    return Interval(known.low - half, known.high + half, high_open=True) if known.is_point else known


def rates(reading: Reading) -> Iterator[Relation]:
    """按常住人口468.3万人计算,每千人口床位数6.68张: against the number of beds in the paragraph."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            each = PER_THOUSAND.search(one.before)
            if not each or place == 0 or not re.search("按[^,，。]*人口", sentence.numerals[place - 1].before):
                continue
            people = sentence.numerals[place - 1]
            unit = one.unit.split("/")[0]
            totals = [
                other
                for other in reading.numerals
                if other.line == one.line
                and other.offset < people.offset
                and other.unit == unit
                and "其中" not in other.before
            ]
            if unit and totals and not people.range.has_zero:
                yield Relation(
                    "rate",
                    (one, totals[0], people),
                    one,
                    one.range,
                    "=",
                    totals[0].range / people.range * point(Fraction(THOUSANDS[each[1]])),
                    f"{totals[0].printed} ÷ {people.printed} × {THOUSANDS[each[1]]:,}",
                    ("每千（万）人拥有量应与总量和人口相符", "the rate follows from the total and the population"),
                )


# limits

LIMIT = re.compile(r"(?:控制在|未超过|不超过|低于)[^,，。;；]{0,6}(?:限额|上限|限值|预算)$")


def limits(reading: Reading) -> Iterator[Relation]:
    """余额41.62亿元,控制在限额43.5亿元以内."""
    for sentence in reading.sentences:
        for before, one in zip(sentence.numerals, sentence.numerals[1:], strict=False):
            if LIMIT.search(one.before) and before.is_like(one):
                value = one.number.high
                yield Relation(
                    "limit",
                    (before, one),
                    before,
                    before.range,
                    "<=",
                    Interval(one.range.low, value),
                    f"{before.printed} ≤ {one.printed}",
                    ("不应超过限额", "it is not above its limit"),
                )


# the same thing twice

VERBS = re.compile(
    r"^(?:.*[,，;；:：。]|截至[^,，]*|到[^,，]*末)|(?:已经?|共有|共|达到|达|为|有|是|约|超过|超|完成|实现|增至|升至|降至|提供|累计达|等|收获|新增至)+$"
)
SCOPE = re.compile(
    r"全市|全区|全县|全省|全国|全年|年末|本市|我市|我区|登记|目前|现有|期末|今年|当年|总数|合计|共计|总量|(?:19|20)\d\d年末?|[一二三四五六七八九十\d]+至[一二三四五六七八九十\d]+月"
)
CONNECT = re.compile(r"^[个名家座张件万亿人次项所的]*的?")
GENERIC = {
    "人",
    "个",
    "企业",
    "项目",
    "收入",
    "支出",
    "人口",
    "面积",
    "总数",
    "活动",
    "机构",
    "单位",
    "项",
    "家",
    "其中",
}


def twice(reading: Reading) -> Iterator[Relation]:
    """One quantity told in two places: same name, same unit, same year; headline and body."""
    told: list[tuple[Numeral, str, str]] = []
    for sentence in reading.sentences:
        if "\t" not in sentence.text:
            told += [(one, *_names_of(one)) for one in _levels(sentence)]
    told = [entry for entry in told if entry[1] or entry[2]]
    for place, (one, name, behind) in enumerate(told):
        for other, its_name, its_behind in told[place + 1 :]:
            common = _common_name(name, behind, its_name, its_behind)
            if common and one.is_like(other) and _is_same_time(one, other):
                yield _same(one, other, common)


def _common_name(name: str, behind: str, its_name: str, its_behind: str) -> str:
    """The name that two numbers share, one before or right behind each; nothing where they have none."""
    if name and name == its_name:
        return name
    if name and its_behind.startswith(name):
        return name
    if its_name and behind.startswith(its_name):
        return its_name
    return ""


SUMMARY = re.compile("^(?:综上|总之|总的来看|概括起来|一句话|综合来看)")


def summaries(reading: Reading) -> Iterator[Relation]:
    """What a sentence that sums up tells again: 综上,全市3.13万张床位, against the one number of beds above."""
    for sentence in reading.sentences:
        if not SUMMARY.match(sentence.text.strip()):
            continue
        above = [one for other in reading.sentences if other.line < sentence.line for one in _levels(other)]
        for one in _levels(sentence):
            words = _bigrams(one.before[-8:]) | _bigrams(re.split("[,，、。;；]", one.after)[0][:6])
            alike = [other for other in above if _may_be(one, other) and words & _bigrams(other.before[-8:])]
            if len(alike) == 1:
                yield _same(alike[0], one, alike[0].label)


def _may_be(one: Numeral, other: Numeral) -> bool:
    is_level = other.is_amount and other.measure not in ("average", "norm", "increase") and "其中" not in other.before
    return (
        is_level and other.is_like(one) and not _is_prior(other, other.before) and not CUMULATIVE.search(other.before)
    )


def _bigrams(words: str) -> set[str]:
    return {
        words[at : at + 2] for at in range(len(words) - 1) if re.fullmatch("[一-鿿]{2}", words[at : at + 2])
    } - COMMON


COMMON = {"全市", "全年", "全区", "全县", "提供", "服务", "达到", "共有", "实现", "完成", "总数", "人口"}


def proportions(reading: Reading) -> Iterator[Relation]:
    """医护比为1∶1.19, against the two numbers before it that are named by 医 and 护."""
    for number, line in enumerate(reading.lines, 1):
        for match in PROPORTION.finditer(line):
            pair = [
                one for one in reading.numerals if one.line == number and one.end <= match.start() and one.is_amount
            ][-2:]
            if len(pair) < 2 or not pair[0].is_like(pair[1]) or pair[0].sentence != pair[1].sentence:
                continue
            if match[1] not in pair[0].before or match[2] not in pair[1].before:
                continue
            first, second = _decimal(match[3]), _decimal(match[4])
            if second.has_zero or pair[1].range.has_zero:
                continue
            told = replace(pair[0], offset=match.start(3), end=match.end(4), printed=f"{match[3]}:{match[4]}")
            yield Relation(
                "ratio",
                (told, *pair),
                told,
                first / second,
                "=",
                pair[0].range / pair[1].range,
                f"{pair[0].printed} ÷ {pair[1].printed}",
                ("比例应与两数相符", "the ratio follows from the two numbers"),
            )


PROPORTION = re.compile(r"([一-鿿])([一-鿿])比(?:例)?(?:为|是|达到|达)?(\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)")


def _decimal(words: str) -> Interval:
    """A bare decimal of a ratio, to half its last digit; a whole one is exact."""
    decimals = len(words.partition(".")[2])
    half = Fraction(1, 2 * 10**decimals) if decimals else Fraction(0)
    return Interval(Fraction(words) - half, Fraction(words) + half)


def onwards(reading: Reading) -> Iterator[Relation]:
    """A level with its growth on the year before, whose level is told elsewhere under the same name."""
    named: dict[str, list[Numeral]] = {}
    for sentence in reading.sentences:
        for one in _levels(sentence):
            name = _bare_name(one)
            if one.is_amount and name and "\t" not in sentence.text:
                named.setdefault(name, []).append(one)
    for sentence in reading.sentences:
        for group in _groups(sentence):
            level, growth = group.level, group.growth
            if growth is None or group.prior or group.change or not level.period or not level.is_amount:
                continue
            if _is_real(level, sentence) or not re.search("比上年|较上年|比去年", growth.before):
                continue
            before = [
                one
                for one in named.get(_bare_name(level), [])
                if one.is_like(level) and one.period == str(int(level.period) - 1)
            ]
            if len(before) == 1 and not before[0].range.has_zero:
                yield Relation(
                    "growth",
                    (level, before[0], growth),
                    growth,
                    _change_of(growth),
                    "=",
                    level.range / before[0].range - ONE,
                    f"{level.printed} ÷ {before[0].printed} − 1",
                    ("增长率应与上年数相符", "growth follows from the level of the year before"),
                )


def _bare_name(one: Numeral) -> str:
    before = re.sub(r"(?:安排|预计|力争|达到|完成|实现|为|达)+$", "", one.before)
    before = SCOPE.sub("", VERBS.sub("", before))
    return before if re.fullmatch(r"[一-鿿()]{4,16}", before) else ""


SUM = re.compile(r"^[,，、]?(?:[两二三四五六七八九十]+[项者类地区个家]+)?(?:合计|共计|总计|合共|加起来)(?:为|达|共)?$")
LISTED = re.compile(r"^[、和与及][一-鿿()]{0,12}$")


def sums(reading: Reading) -> Iterator[Relation]:
    """甲12家、乙30家、丙8家,三项合计50家: the numbers of one list, and their sum right behind it."""
    for sentence in reading.sentences:
        for place, one in enumerate(sentence.numerals):
            if not SUM.match(one.before):
                continue
            run = _list_before(sentence.numerals[:place], one)
            if len(run) < 2:
                continue
            yield Relation(
                "parts",
                (one, *run),
                one,
                one.range,
                "=",
                reduce(lambda first, second: first + second, (other.range for other in run)),
                " + ".join(other.printed for other in run),
                ("合计应等于各数之和", "the sum is that of the list"),
            )


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
        if not LISTED.match(other.before):
            break
    return run if not count or len(run) == count else []


def _same(one: Numeral, other: Numeral, name: str, *, is_proved: bool = True) -> Relation:
    return Relation(
        "twice",
        (one, other),
        other,
        other.range,
        "=",
        one.range,
        one.printed,
        (f"同一数据“{name}”两处应一致", f"“{name}” is told twice and is one number"),
        is_proved,
    )


def _names_of(one: Numeral) -> tuple[str, str]:
    """The name of a number before it, and the words right behind it; none where they are too general to tell it."""
    is_aim = AIMS.search(one.heading) or AIMS.search(one.before)
    is_told = one.is_amount or (one.is_percent and one.measure in ("rate", "share") and "占" not in one.before)
    if not is_told or is_aim or CUMULATIVE.search(one.before) or "其中" in one.before:
        return "", ""
    before = SCOPE.sub("", VERBS.sub("", VERBS.sub("", one.before)))
    is_name = re.fullmatch(r"[一-鿿()]{3,16}", before) is not None and before not in GENERIC
    behind = re.match(r"^的?([一-鿿]{3,16})", one.after) if not is_name or one.after.startswith("的") else None
    return (before if is_name else ""), (behind[1] if behind else "")


def _is_same_time(one: Numeral, other: Numeral) -> bool:
    if one.period and other.period and one.period != other.period:
        return False
    return not any(
        _is_prior(each, each.before) or re.search("到(?:19|20)\\d\\d年", each.before) for each in (one, other)
    )


# structure of three industries and the like

STRUCTURE = re.compile(
    r"三次产业(?:结构|比重|比例|增加值比重)[^,，。;；\d]{0,8}(\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)[∶:：](\d+(?:\.\d+)?)"
)
INDUSTRIES = ("第一产业", "第二产业", "第三产业")


def structures(reading: Reading) -> Iterator[Relation]:
    """三次产业结构为6.0∶41.7∶52.3: 100 % together, and each its industry's part of the total."""
    for number, line in enumerate(reading.lines, 1):
        match = STRUCTURE.search(line)
        if match is None:
            continue
        here = [one for one in reading.numerals if one.line == number]
        if not here:
            continue
        shares_told = []
        for group in (1, 2, 3):
            words = match[group]
            decimals = len(words.partition(".")[2])
            value, half = Fraction(words) / 100, Fraction(1, 2 * 10**decimals * 100)
            told = replace(
                here[0].number,
                text=words,
                value=value,
                low=value - half,
                high=value + half,
                low_open=False,
                high_open=True,
                unit="",
                scale=Fraction(1, 100),
            )
            shares_told.append(
                replace(
                    here[0],
                    offset=match.start(group),
                    end=match.end(group),
                    printed=words,
                    number=told,
                    label="三次产业结构",
                )
            )
        total = shares_told[0].range + shares_told[1].range + shares_told[2].range
        yield Relation(
            "share",
            tuple(shares_told),
            shares_told[2],
            ONE,
            "=",
            total,
            " + ".join(one.printed for one in shares_told),
            ("三次产业占比之和应为100", "the shares of the three industries make up 100"),
        )
        industries = [
            next((one for one in here if one.is_amount and name in one.before and one.offset < match.start()), None)
            for name in INDUSTRIES
        ]
        if any(one is None for one in industries):
            continue
        first = industries[0]
        assert first is not None
        wholes = [
            one for one in here if one.is_like(first) and one.offset < first.offset and not _is_prior(one, one.before)
        ]
        if wholes:
            for share, part in zip(shares_told, industries, strict=True):
                assert part is not None
                yield _ratio("share", share, part, wholes[-1])


# tables

TOTAL = re.compile(r"^(?:.*(?:合计|总计|小计)|全市|全省|全国|全区|全县|总数|Totals?|All|Sum)$", re.IGNORECASE)
NO_SUM = re.compile(
    r"率|%|％|人均|均|增长|增速|比重|占比|指数|密度|rate|share|average|per |index|growth", re.IGNORECASE
)
DIFFERENCE = re.compile(
    r"^(?:增减额?|增减数|增加额?|增量|变动|变化|净增|差额|Change|Difference|Increase)", re.IGNORECASE
)
GROWTH_HEAD = re.compile(r"^(?:增长率?|增速|同比|增幅|增减率|变动率|Growth|% change|Change,? %)", re.IGNORECASE)
INNER = re.compile(r"^\s*(?:其中|#|－|—|-)|of which", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    label: str
    cells: dict[int, Numeral]  # by column


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(reading: Reading) -> Iterator[Table]:
    """The tables of a document: rows of cells parted by tabs or two spaces, under a head."""
    head: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(reading.lines, 1):
        cells = _cells(line)
        numbers = [one for one in reading.numerals if one.line == number]
        if len(cells) < 2:
            if line.strip() and (rows or head):
                if rows:
                    yield Table(head, tuple(rows))
                head, rows = (), []
            continue
        by_column = {}
        for column, (start, text) in enumerate(cells):
            inside = [one for one in numbers if start <= one.offset < start + len(text)]
            if column and inside and re.fullmatch(r"[-−+]?[\d,]+(?:\.\d+)?%?", text):
                by_column[column] = inside[0]
        if not by_column or (
            not head and not rows and all(re.fullmatch(r"(?:19|20)\d\d年?.*", text) for _, text in cells[1:])
        ):
            if rows:
                yield Table(head, tuple(rows))
                rows = []
            head = tuple(text for _, text in cells)
            continue
        rows.append(Row(cells[0][1], by_column))
    if rows:
        yield Table(head, tuple(rows))


def _cells(line: str) -> list[tuple[int, str]]:
    parting = r"[^\t]+" if "\t" in line else r"\S+(?: \S+)*"
    if "\t" not in line and not re.search(r"\S {2,}\S", line):
        return []
    cells = []
    for match in re.finditer(parting, line):
        text = match[0].strip()
        if text:
            cells.append((match.start() + len(match[0]) - len(match[0].lstrip()), text))
    return cells


def totals(reading: Reading) -> Iterator[Relation]:
    """Rows of a table that make up the row that says so, and columns of which one is the difference of two."""
    for table in tables(reading):
        shift = 0
        columns = sorted({column for row in table.rows for column in row.cells})
        for column in columns:
            title = table.head[column - shift] if column - shift < len(table.head) else ""
            if not NO_SUM.search(title):
                yield from _column(table, column, title)
        yield from _differences(table)


def _column(table: Table, column: int, title: str) -> Iterator[Relation]:
    marks = [place for place, row in enumerate(table.rows) if TOTAL.match(row.label)]
    since = 0
    for place in marks:
        row = table.rows[place]
        if place == 0 or (place == marks[0] and place == since):
            below = table.rows[place + 1 : next((mark for mark in marks if mark > place), len(table.rows))]
            addends = [one for one in below if not INNER.match(one.label)]
        else:
            addends = [one for one in table.rows[since:place] if not INNER.match(one.label)]
        since = place + 1
        if column not in row.cells or len(addends) < 2 or any(column not in one.cells for one in addends):
            continue
        cells = [one.cells[column] for one in addends]
        if any(cell.is_percent for cell in cells) or not all(cell.is_like(row.cells[column]) for cell in cells):
            continue
        whole = row.cells[column]
        yield Relation(
            "total",
            (whole, *cells),
            whole,
            whole.range,
            "=",
            reduce(lambda one, other: one + other, (cell.range for cell in cells)),
            " + ".join(cell.printed for cell in cells),
            (f"“{row.label}”应等于各行之和（{title}）", f"“{row.label}” is the sum of its rows ({title})"),
        )


def _differences(table: Table) -> Iterator[Relation]:
    for column, title in enumerate(table.head):
        is_difference, is_growth = DIFFERENCE.match(title) and "%" not in title, GROWTH_HEAD.match(title)
        if not (is_difference or is_growth) or column < 3:
            continue
        first, second = table.head[column - 2], table.head[column - 1]
        later = _later(first, second)
        if later is None:
            continue
        new, old = (column - 2, column - 1) if later == 0 else (column - 1, column - 2)
        for row in table.rows:
            if not {new, old, column} <= row.cells.keys():
                continue
            one, before, change = row.cells[new], row.cells[old], row.cells[column]
            if is_growth and change.is_percent and not before.range.has_zero:
                yield Relation(
                    "growth",
                    (change, one, before),
                    change,
                    change.range,
                    "=",
                    one.range / before.range - ONE,
                    f"{one.printed} ÷ {before.printed} − 1",
                    ("增长率应与两列相符", "growth follows from the two columns"),
                )
            elif is_difference and not change.is_percent:
                yield Relation(
                    "change",
                    (change, one, before),
                    change,
                    change.range,
                    "=",
                    one.range - before.range,
                    f"{one.printed} − {before.printed}",
                    ("增减应等于两列之差", "the change is the difference of the two columns"),
                )


def _later(first: str, second: str) -> int | None:
    """Which of two heads is the later year: 0, 1, or nothing where they name none."""
    years = [re.search(r"(?:19|20)\d\d", head) for head in (first, second)]
    if years[0] and years[1] and years[0][0] != years[1][0]:
        return 0 if years[0][0] > years[1][0] else 1
    if re.search("上年|去年|Previous|Last", second):
        return 0
    if re.search("上年|去年|Previous|Last", first):
        return 1
    return None


def repeated_in_tables(reading: Reading) -> Iterator[Relation]:
    """A row of totals against the text: 全市 under 年末常住人口, and 年末全市常住人口468.3万人."""
    prose: list[tuple[str, Numeral]] = []
    for sentence in reading.sentences:
        if "\t" not in sentence.text:
            prose += [(name, one) for one in _levels(sentence) for name in _names_of(one) if name]
    for table in tables(reading):
        for row in table.rows:
            if not TOTAL.match(row.label):
                continue
            for column, cell in row.cells.items():
                title = table.head[column] if column < len(table.head) else ""
                name = re.sub(r"\([^)]*\)$", "", title)
                if re.fullmatch(r"(?:19|20)\d\d年?(?:完成|实际|合计)?", name) and len(row.label) > 4:
                    year, name = name[:4], re.sub("(?:合计|总计|小计)$", "", row.label)
                else:
                    year = ""
                name = SCOPE.sub("", name)
                if len(name) < 3 or name in GENERIC:
                    continue
                for said, one in prose:
                    alike = said == name and one.is_like(cell) and not _is_prior(one, one.before)
                    if alike and (not year or not one.period or one.period == year):
                        yield _same(one, cell, name)


KINDS = (
    changes,
    parts,
    sums,
    shares,
    proportions,
    averages,
    rates,
    limits,
    onwards,
    twice,
    summaries,
    structures,
    totals,
    repeated_in_tables,
)


def relations(reading: Reading) -> Iterable[Relation]:
    """All that a document states between its numbers."""
    for kind in KINDS:
        yield from kind(reading)

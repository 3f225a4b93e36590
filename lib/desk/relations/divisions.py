"""Wholes that a document divides, and the numbers that it lists as their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desk.numerals import PEOPLE, Numeral, Reading, Sentence
from desk.relations.levels import FEWER, MORE, is_prior, levels_of
from desk.relations.model import total
from desk.relations.partitions import PARTITIONS
from desk.relations.slips import explains_sum

# parts and wholes

OF_WHICH = re.compile(
    r"其中[:：,，]?|(?:of which|of whom|including|\bOf (?:these|them|those|the total|which)\b)(?=,?[^,;:)]*$)"
)
COMPRISING = re.compile(r"(?:包括|分为|组成|构成|分别是|分别为|即)[:：,，]?|[:：]$")
ENGLISH_LIST = re.compile(
    r"(?:: ?|\b(?:comprising|comprised|comprises|consisting of|made up of|namely|broken down into|divided into) )$"
)
REST_ZH = re.compile(r"^[;；](?:其他|其它|其余|另外)")
OTHERS = re.compile(r"其他|其它|其余|另外|\bothers?\b|\brest\b|remaind|\bremaining\b")
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
A_MOVE = re.compile(rf"(?:比|较|同比|环比)[^,，。;；]*(?:{MORE}|{FEWER})$|(?:^|[,，])(?:{MORE}|{FEWER})$")
INDICES = ("点", "米")  # of which there are no parts
NO_FIGURE = re.compile(r"\d{3}|\d,\d")  # a number between that is none to us may be the whole


@dataclass(frozen=True)
class Division:
    """A whole and the numbers told as its parts."""

    whole: Numeral
    parts: tuple[Numeral, ...]
    is_closed: bool
    is_of_which: bool
    is_told: bool = True  # by words; else only by what its parts are called

    @property
    def holds(self) -> bool:
        """Whether the parts make up the whole."""
        return len(self.parts) > 1 and total("parts", self.whole, self.parts, ("", "")).can_hold


def divisions(reading: Reading) -> list[Division]:
    found: list[Division] = []
    for number, sentence in enumerate(reading.sentences):
        if sentence.is_row:
            continue
        earlier = [one for one in reading.sentences[max(0, number - 1) : number] if one.line == sentence.line]
        found += _divisions_of(sentence, earlier, reading)
    return found


def _divisions_of(sentence: Sentence, earlier: Sequence[Sentence], reading: Reading) -> Iterator[Division]:
    levels = [one for one in levels_of(sentence) if one.is_amount and not one.is_span]
    for place, one in enumerate(levels):
        wholes = _wholes_before(one, levels[:place], levels[place + 1 :], earlier, reading)
        divided = [_division(whole, levels[place:], sentence) for whole in reversed(wholes)]
        found = [each for each in divided if each is not None]
        if found:
            yield next((each for each in found if each.holds), _of_line(found[0], reading))


def _division(whole: Numeral, levels: Sequence[Numeral], sentence: Sentence) -> Division | None:
    """A whole with the list that begins with the first of some levels."""
    listed = _run(levels, whole)
    if not listed:
        return None
    one = levels[0]
    is_of_which = OF_WHICH.search(one.before) is not None or AMONG.search(one.before) is not None
    closed = _is_closed(listed, sentence, whole, is_of_which=is_of_which)
    return Division(whole, tuple(listed), closed, is_of_which, is_told=_says_that_it_divides(one))


def _of_line(division: Division, reading: Reading) -> Division:
    """A division that does not hold, with the one whole before it on its line that makes it hold, if there is one."""
    first = division.parts[0]
    if not division.is_closed or division.holds:
        return division
    for one in reading.on_line(first.line):
        other = replace(division, whole=one)
        if one.is_before(first) and one.is_amount and is_of_kind(one, first) and other.holds:
            return other
    return division


def _wholes_before(
    one: Numeral,
    levels: Sequence[Numeral],
    following: Sequence[Numeral],
    earlier: Sequence[Sentence],
    reading: Reading,
) -> list[Numeral]:
    """What the list beginning with a numeral may divide, if words before it say that it does; the likeliest last."""
    before = one.before
    among = AMONG.search(before)
    if among and not OF_WHICH.search(before):
        named = _named_above(one, among[1], reading)
        return [] if named is None else [named]
    is_told = _says_that_it_divides(one)
    is_others = not levels and _ends_with_others(one, following)
    if not (is_told or is_others or _partition_begun(one)):
        return []
    nearest = levels if is_told else levels[-1:]
    nearest = [other for other in nearest if is_move(other) == is_move(one)]
    candidates = [other for other in nearest if is_of_kind(one, other) and not is_rate(other)]
    if not candidates and earlier and not levels and not NO_FIGURE.search(before):
        amounts = [other for other in levels_of(earlier[-1]) if other.is_amount and not is_rate(other)]
        candidates = [other for other in (amounts if is_told else amounts[:1]) if is_of_kind(one, other)][:1]
    if not is_told:
        candidates = [other for other in candidates if _may_have_parts(other, one)]
        candidates = [other for other in candidates if is_others or _is_whole_of_begun(other, one)]
    candidates = [other for other in candidates if is_move(other) == is_move(one) and other.unit not in INDICES]
    if one.number.lang == "en":
        candidates = [other for other in candidates if not _is_too_small(other, one)]
    return candidates


def is_move(one: Numeral) -> bool:
    """Whether a number is how much something moved: 较上年末增加2,822亿元 has no part of 17,599亿元."""
    sign = re.match("[一-鿿]*", one.printed)
    return A_MOVE.search(one.before + (sign[0] if sign else "")) is not None


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
    if whole.number.lang == "en" and _is_part_of_known(whole):
        return False
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
            if not is_above or not other.is_amount or not other.is_like(one) or is_prior(other):
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
    return any(partition.begins_with(words) for partition in PARTITIONS)


def _is_part_of_known(one: Numeral) -> bool:
    """Whether a number is called as a part of any known division."""
    name = _name(one)
    return any(partition.has_part(name) for partition in PARTITIONS)


def _is_whole_of_begun(whole: Numeral, first: Numeral) -> bool:
    """Whether a whole is called as that of a division that a number begins must be: 小学 and 初中 of 义务教育."""
    words = _name(first)
    begun = [partition for partition in PARTITIONS if partition.begins_with(words)]
    return any(partition.may_divide(whole.before) for partition in begun)


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
        is_list = len(listed) > 1 and all(not one.before.startswith((";", "；")) for one in listed)
        if is_list and one.before.startswith((";", "；")) and not REST_ZH.search(one.before):
            break  # 其中省外141.3万人次、省内171.3万人次;本地居民221.8万人次
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
        before = listed[place].before
        is_named_behind = before.endswith((",", "，", "、"))  # 15人在其他单位参保,3人已离职
        is_rest = REST_EN.search(before) if listed[place].number.lang == "en" else OTHERS.search(name)
        is_rest = None if is_named_behind else is_rest
        if place and (is_rest or _is_last_of_others(listed, place)):
            del listed[place + 1 :]
            return True
    for partition in PARTITIONS:
        count = len(partition.parts)
        if len(listed) < count or not partition.is_all_of(whole.before) or not partition.are_named(names[:count]):
            continue
        if not _goes_on(listed[count:]):
            del listed[count:]
            return True
    head = sentence.text_before(listed[0])
    if ENGLISH_LIST.search(head) and re.search(r"\band $", listed[-1].before):
        has_others = any(re.search(r"\d", one.before) for one in listed[1:])  # 1985 flats, which was read as a year
        is_list = len(listed) > 2 or COMPRISING_EN.search(head) is not None
        relation = total("parts", whole, listed, ("", ""))
        return not has_others and (is_list or relation.can_hold or explains_sum(relation))
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

"""The levels of a sentence, and what is said of each: its change, its growth, its points, the level before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bluebook.numbers.intervals import Interval
from desk.numerals import Numeral, Sentence
from desk.relations.model import YEARS

LAST_YEAR = (
    r"上年[末底]?|去年[末底]?|(?:上年|去年)同[期月日]|上年完成|上月末?|年初|月初|季初|期初|前一年|上期|上一?[届季]末?|常年值?"
    r"|(?:19|20)\d\d年?(?:末|第?[一二三四]季度|[上下]半年|\d{1,2}月)?"
)
WAS = "为|是|完成|有|达|仅为?|只有|实现|接待|受理|审结|立案|起诉|累计"
MOVE = "(?:increase|rise|gain|improvement|decrease|fall|drop|decline|reduction)"
MONTHS = "january february march april may june july august september october november december"
PRIOR = re.compile(
    rf"(?<![比较])(?:{LAST_YEAR})(?:的|分别|当时)?(?:{WAS})?\(?$"
    rf"|(?:比|较)(?:{LAST_YEAR})\($|^[,，](?:高于|低于|多于|少于)(?:{LAST_YEAR})(?:的|同期的?)?$"
    r"|\((?:上年|去年)(?:同期)?[::]$"
)
COMPARED_WITH = re.compile(r"(?:与|同|和)[^,，。;；]{2,24}$")  # 与2010年普查的502634人相比
THAN = re.compile(rf"(?:比|较)(?:(?:{LAST_YEAR}|{YEARS})?的?|[^,，。;；]{{1,14}}的)$")
PRIOR_EN = re.compile(
    r"(?:\bfrom(?: the)?|compared (?:with|to)(?: the)?|against|when there were|than the|(?:up|down) on(?: the)?) "
    r"(?:only )?$"
    r"|^ (?:above|below) the $|^ on the $|\bthan in (?:19|20)\d\d,? when (?:it|they|there|we) \w+ $"
    r"|\bthan (?:in|at the end of) (?:[A-Z][a-z]+ )?(?:19|20)\d\d(?:[/–-]\d\d)? \($"
    r"|\bthan (?:a year (?:earlier|before)|in the (?:previous|preceding|same) [a-z ]+|last year) \($"
    r"|\((?:(?:in )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d(?:[/–-]\d\d)?|last year|previous year): $"
    r"|\b(?:unchanged|increase|decrease|rise|fall|drop|reduction|more|fewer|lower|higher) (?:on|than|over|from) the $"
    r"|\b(?:on|than) (?:the )?(?:previous|preceding|last|prior) (?:year|quarter|month)'s $"
    r"|\bwhen (?:it|there|they|the [a-z]+) (?:was|were|had been|had|numbered|stood at) $"
    r"|\bthe (?:previous|preceding|prior) year,? (?:it|there|the (?:figure|number|total)) (?:had|was|were|stood at) $"
    r"|\b(?:the|a) year (?:before|earlier),? (?:(?:it|there|the (?:figure|number|total)) )?(?:had|was|were|stood at) $"
)
OF_OTHERS_EN = re.compile(
    r"^ (?:for|among|of|by|in) (?!the (?:same|previous|preceding|prior|year|quarter|three|six|nine|twelve|12)\b"
    r"|(?:fiscal )?(?:19|20)\d\d|[A-Z][a-z]+ (?:to [A-Z][a-z]+ )?(?:19|20)\d\d|GDP|a year|last year)"
)  # £459 for women is no earlier level of what men earn
IN_BRACKETS_EN = re.compile(r"\b(?:than|from|on) [^,;()\d]*(?:(?:19|20)\d\d[^,;()\d]*)?\($")
PRIOR_AFTER_EN = re.compile(
    r"^ ?(?:at the end of|in) (?:[A-Z][a-z]+ )?(?:19|20)\d\d(?:[/–-]\d\d)?\)"
    r"|^,? ?(?:of )?(?:a year (?:earlier|before)|in the (?:previous|preceding) year|last year)"
)
COMPARED_EN = re.compile(r"(?:compared (?:with|to)(?: the)?|against) $")
MORE = r"(?:净?增加|净增|增长|增产|增收|增|多[销收支产征发运出]?|[偏提]高|高出|超出|上升|上涨|提升|扩大|延长)了?"
FEWER = r"(?:净?减少|减产|减收|减|偏?少[销收支产征发运]?|偏低|下跌|下降|降低|降|缩小|缩短|回落)了?"
CHANGE = re.compile(
    rf"(?:比|较|同比|一年间|一年来)[^,，。;；]{{0,14}}?(?:{MORE}|{FEWER})$"
    rf"|^[^,，。;；]{{0,4}}相比[,，][^,，。;；]{{0,8}}?(?:{MORE}|{FEWER})$|^\)?[,，]?(?:{MORE}|{FEWER})$"
)
CHANGE_AFTER_EN = re.compile(
    r"^ ?(?:more|fewer|less|higher|lower|up on|down on)\b(?! than (?:half|a third))"
    r"|^ (?:increase|rise|growth|reduction|decrease|fall|drop|decline)\b"
)
CHANGE_EN = re.compile(rf"(?:\ban? {MOVE} of|\bup|\bdown|(?:rose|fell|increased|decreased|grew) by) $")
GROWTH = re.compile(
    rf"(?:{MORE}|{FEWER}|上涨|下跌)$|(?:[增涨降跌减]幅)(?:为|达到?)?$|\b(?:up|down|by|of|rose|fell|grew) $"
)
GROWTH_EN = re.compile(rf"(?:, up|, down|\ban? {MOVE} of) $")
SIGNED_IN_BRACKETS = re.compile(r"\([-+−]$")
MORE_THAN_THE = re.compile(r"^ (?:(?:more|fewer|less|higher|lower) than|below|above) the $")
IN_OTHER_WORDS = re.compile(r"^(?: [a-z]+)?(?:,? or| \(| \(or) ?$")  # an increase of 0.6 billion (5.1%)
IS_LESS = re.compile(
    rf"{FEWER}$|[降跌减]幅(?:为|达到?)?$"
    r"|\b(?:down|fell|dropped|declined|(?:decrease|fall|drop|decline|reduction) of) $"
    r"|\b(?:fell|dropped|declined|decreased) by $"
    r"|\([-−]$"
)
IS_LESS_AFTER = re.compile(
    r"^ ?(?:percentage points )?(?:fewer|less|lower|down on|below)\b|^ (?:reduction|decrease|fall|drop|decline)\b"
)
MORE_BEHIND = re.compile(r"^(?: [a-z]+)?\)? (?:more|fewer|less|higher|lower) than\b")
SMALL_WORD = 12
AGED = re.compile(r"\baged (?:from |between |over |under )?$")
BASE = re.compile(r"(?:为|占|相当于|达到|完成)[^,，。;；]{0,16}$")
OF_PLAN = re.compile(r"^[,，(](?:为|占|完成|达到?)[^,，。;；\d]{0,12}(?:预算|计划|目标|任务)数?的?$")
MOVED_FROM = re.compile(r"(?:由|从)[^,，。;；\d]{0,8}$|(?:由|从)(?:19|20)\d\d年末?的?$|\bfrom $")
MOVED_TO = re.compile(
    r"^[^,，。;；\d]{0,8}?[,，]?(?:稳步|迅速|快速|大幅|进一步)?(?:增加|增长|增|提高|提升|上升|升|扩大|下降|降低|降|减少|缩小|缩短|延长|压缩|回落|下滑|压减|调整|变|变化|发展|跃升)(?:到|至|为)(?:(?:19|20)?\d\d年末?的?)?$"
    r"|^ (?:of [A-Za-z]+ )?(?:in (?:[A-Z][a-z]+ )?(?:19|20)\d\d(?:[/–-]\d\d)? )?to $"
)
MOVED_BY = re.compile(
    r"\b(?:rose|fell|grew|climbed|(?:increase|decrease|decline)[ds]|rises|falls|grows|dropped|drops)(?: by)? $"
)
TO = (" to ", ", to ", ") to ")
REACHING = re.compile(r"^[^,;\d]{0,30}, (?:reaching|to reach|to stand at) $")
FROM = (" from ", ", from ", ") from ")
FAR = re.compile(r"^[,，](?:[高低多少]出)$")
FORMER = re.compile("前者|后者")
FOLLOWED = re.compile(r"\bfollowed by (?:an? )?$")
OF_ANOTHER = re.compile(
    r"^ (?:increase|rise|growth|reduction|decrease|fall|drop|decline) (?:in|of) "
    r"(?!the (?:year|quarter)|(?:19|20)\d\d)[A-Za-z]"
)  # due to a 32.5% increase in energy from waste
AGAINST_OTHERS = re.compile("(?:优于|高于|低于|快于|慢于|高出|低出|领先|好于|落后)[^,，;；。]*$")
OF_A_MOVE = re.compile(
    rf"{MORE}|{FEWER}|上涨|下跌|[增涨降跌减]幅|(?:比|较|同|与)?(?:{LAST_YEAR})(?:的|相比)?|比|较|同比|环比|同口径|可比口径|可比价格?"
    r"|分别|名义|实际|累计|年均|平均|约|近|超|为|达到?|的|了|又|再|均|共|一年间|一年来|五年间|[一二三四五六七八九十两]+年[间来]?|期间"
    r"|按[^,，]*计算|(?:扣除|剔除)[^,，]*|其中|\(|\)|相比|稳步|大幅|小幅|略|有所|再|同期|全年|完成|实现|净|自然|比重|占比|增速|由|从"
)
NEXT_CLAUSE = re.compile(r"[,;()]| and | while | whereas | but ")
WORDS_OF_A_MOVE = frozenset(
    "a an the this that it which there but of by to in on from for over since at or and also was is were "
    "are be been being has have had representing represents represented equivalent up down rose risen "
    "rising fell fallen falling grew grown growing increased increasing decreased decreasing declined "
    "declining dropped gained climbed improved narrowed rise fall increase decrease growth decline drop "
    "reduction gain improvement change year years quarter month months same period previous preceding "
    "prior last earlier ago before than with compared relative more fewer less higher lower some about "
    "around nearly almost just only further percent per cent percentage points point nominal cash terms "
    "adjusted seasonally annual annually yearly net total overall mid end fiscal financial one two three "
    "six nine twelve first second third fourth q respectively however corresponding showing marking i e "
    f"now when reaching reached they it we he she these those numbers figure figures total {MONTHS}".split()
)


@dataclass
class Group:
    """A level of a sentence, and what stands behind it as its change, its growth, its points or the level before."""

    level: Numeral
    prior: Numeral | None = None
    change: Numeral | None = None
    growth: Numeral | None = None
    points: Numeral | None = None

    @property
    def change_range(self) -> Interval | None:
        """The change with its sign, which its growth may say for both: 4,092 or 7.0% fewer."""
        if self.change is None:
            return None
        known = change_of(self.change)
        is_said_behind = self.growth is not None and self.change.after in (" or ", ", or ")
        if is_said_behind and self.growth is not None and IS_LESS_AFTER.match(self.growth.after) and known.low > 0:
            return -known
        return known


def groups_of(sentence: Sentence) -> list[Group]:
    """The levels of a sentence, each with what is told of it; what a level is held against (预算95500万元的103.1%) and
    how much of it that is stand between a level and its change, and are levels of their own.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [sentence] = read_numerals(from_text("收入984万元，为预算955万元的103.1%，增长6.1%。")).sentences
    >>> [one.level.printed for one in groups_of(sentence) if one.growth]
    ['984万元']
    """
    groups: list[Group] = []
    main: Group | None = None
    aside: Group | None = None
    begun: list[Numeral] = []
    for place, one in enumerate(sentence.numerals):
        if is_small_word(one) or _is_age(one, sentence.numerals[place - 1] if place else None):
            continue
        following = sentence.numerals[place + 1] if place + 1 < len(sentence.numerals) else None
        if begun and _is_reached(one):
            main, aside = _moved_by(begun, one), None
            begun = []
            groups.append(main)
            continue
        if begun or _begins_with_its_change(one, sentence.numerals[place + 1 :]):
            begun.append(one)
            continue
        if main is not None and _is_base(one, following):
            groups.append(Group(one))
            continue
        is_of_base = groups and groups[-1].level.after == "的" and one.before == "的"
        if main is not None and one.is_percent and (is_of_base or OF_PLAN.search(one.before)):
            aside = Group(one)
            groups.append(aside)
            continue
        of_aside = _role(one, aside) if aside is not None else ""
        if of_aside in ("points", "prior") or (of_aside == "growth" and _is_prior_percent(following)):
            main, role = aside, of_aside
        elif main is not None and _is_change_with(one, following, main):
            role = "growth" if one.is_percent else "change"
        else:
            role = _role(one, main)
        if main is not None and _is_moved_to(one, main):
            moved = Group(one, prior=main.level)
            groups[groups.index(main)] = moved
            main = moved
        elif main is None or not role:
            main, aside = Group(one), None
            groups.append(main)
        elif getattr(main, role) is None:
            setattr(main, role, one)
            if role == "prior" and IN_BRACKETS_EN.search(one.before):
                _take_what_it_is_of(main, sentence.numerals[place - 1])
    return groups


def _is_change_with(one: Numeral, following: Numeral | None, group: Group) -> bool:
    """Whether a number and the one behind it say one change: 4,092 or 7.0% fewer, 12.4% (2,401 homes) more."""
    beside = (" (",) if one.is_percent else (" or ", ", or ")
    if following is None or following.before not in beside or not MORE_BEHIND.match(following.after):
        return False
    if has_own_subject(one):
        return False
    first, second = (following, one) if one.is_percent else (one, following)
    return second.is_percent and first.is_like(group.level) and first.is_amount


def _take_what_it_is_of(group: Group, change: Numeral) -> None:
    """Of two changes the one right before an earlier level in brackets: 0.3 points higher than in 2022 (74.9%)."""
    role = "" if change is group.level else _role(change, group)
    if role in ("points", "change", "growth"):
        setattr(group, role, change)


def is_small_word(one: Numeral) -> bool:
    """Whether a number is a small one in an English word, beside which levels stand in digits: our two departments."""
    return one.printed.isascii() and one.printed.isalpha() and one.number.value <= SMALL_WORD


def _is_age(one: Numeral, before: Numeral | None) -> bool:
    """Whether a number is one of the ages between which people are: women aged from 25 to 49."""
    if AGED.search(one.before):
        return True
    return before is not None and AGED.search(before.before) is not None and one.before in (" to ", " and ")


def _is_prior_percent(one: Numeral | None) -> bool:
    """Whether a number is a percentage of the year before: then what stands before it is of a percentage, too."""
    return one is not None and one.is_percent and is_prior(one)


def _is_base(one: Numeral, following: Numeral | None) -> bool:
    """Whether a number is only what a percentage behind it is of: 为预算95500万元的103.1%."""
    is_of_it = following is not None and following.before == "的" and following.is_percent
    return is_of_it and one.is_amount and BASE.search(one.before) is not None


def _is_reached(one: Numeral) -> bool:
    """Whether a number is the level that a change before it led to: to 605, reaching 16.9 GW."""
    return one.before in TO or REACHING.match(one.before) is not None


def _begins_with_its_change(one: Numeral, following: Sequence[Numeral]) -> bool:
    """Whether a number is the change of the level behind it: rose by 280 to 605, fell by 312, or 2.1%, to 14,548."""
    if not following or not MOVED_BY.search(signed(one)):
        return False
    if _is_reached(following[0]):
        return True
    if len(following) > 1 and following[0].before in FROM and _is_reached(following[1]):
        return True
    in_other_words = IN_OTHER_WORDS.match(following[0].before) and following[0].is_percent
    return len(following) > 1 and bool(in_other_words) and _is_reached(following[1])


def _moved_by(begun: Sequence[Numeral], level: Numeral) -> Group:
    """A level with the change, the growth or the points that stand before it."""
    group = Group(level)
    for one in begun:
        if one.before in FROM and one.is_like(level):
            group.prior = one
        elif one.is_points and level.is_percent:
            group.points = one
        elif one.is_percent and not level.is_percent:
            group.growth = one
        elif one.is_like(level):
            group.change = one
    return group


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
    if group.prior is not None and one.is_like(group.level) and re.match("[,，]净?新增$", before):
        return "change"
    if re.search(r"其中|新增|of which|including", before) or FORMER.search(before):
        return ""
    if one.is_like(group.level) and is_prior(one):
        return "prior"
    is_beside = group.prior is not None and FAR.match(before)
    if has_own_subject(one) and not is_beside:
        return ""
    if one.is_points:
        return "points" if group.level.is_percent else ""
    if one.is_percent and one.measure == "growth" and GROWTH.search(signed(one)):
        return "growth"
    if one.is_percent and group.level.is_amount and _is_growth_in_english(one, group):
        return "growth"
    if one.is_percent and CHANGE_AFTER_EN.match(one.after):
        return "growth"
    growth = group.growth
    if growth is not None and one.is_like(group.level) and one.is_amount and IN_OTHER_WORDS.match(one.before):
        return "change" if growth.end + len(one.before) == one.offset else ""
    is_change = CHANGE.search(signed(one)) or CHANGE_EN.search(signed(one)) or CHANGE_AFTER_EN.match(one.after)
    if one.is_like(group.level) and one.is_amount and is_change:
        return "change"
    return ""


def has_own_subject(one: Numeral) -> bool:
    """Whether the words before a change say of something else that it moved, or what it is held against.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> [_, rate, area] = read_numerals(from_text("参保率由91%提高到95%,建成区面积提高8.3%。")).numerals
    >>> has_own_subject(rate), has_own_subject(area)
    (False, True)
    """
    if AGAINST_OTHERS.search(one.before) or OF_ANOTHER.match(one.after) or FOLLOWED.search(one.before):
        return True
    if one.number.lang == "zh":
        clauses = re.split("[,，;；]", one.before)
        left = OF_A_MOVE.sub("", clauses[-1]) if len(clauses) > 1 else ""
        return len(re.findall("[一-鿿]", left)) > 1
    parts = NEXT_CLAUSE.split(one.before, maxsplit=1)
    words = re.findall("[A-Za-z&]+", parts[1]) if len(parts) > 1 else []
    return any(word.lower() not in WORDS_OF_A_MOVE and not word.endswith("ly") for word in words)


def _is_growth_in_english(one: Numeral, group: Group) -> bool:
    """Whether a percentage is the growth of an amount: a rise of 4.7%, (+8.8%), an increase of 0.6 billion (5.1%)."""
    told = signed(one)
    if GROWTH_EN.search(told) or SIGNED_IN_BRACKETS.search(told) or MORE_THAN_THE.match(one.after):
        return True
    change = group.change
    return change is not None and change.end + len(one.before) == one.offset and bool(IN_OTHER_WORDS.match(one.before))


def signed(one: Numeral) -> str:
    """What stands before a number, with the sign in words that its printed form begins with.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> signed(read_numerals(from_text("事故减少9起。")).numerals[0])
    '事故减少'
    """
    sign = re.match(r"[^\d一二三四五六七八九十百千万亿零两几约近超$€£¥]+", one.printed)
    return one.before + (sign[0] if sign else "")


def is_prior(one: Numeral) -> bool:
    """Whether words say of a number that it is the level before: 上年为316个, 316个的上年."""
    before = one.before
    if COMPARED_WITH.search(before) and one.following.startswith("相比"):
        return True
    if PRIOR.search(before) or _is_prior_behind(one, before):
        return True
    if PRIOR_EN.search(before):
        return not (COMPARED_EN.search(before) and OF_OTHERS_EN.match(one.after))
    if not THAN.search(before):
        return False
    return re.match(rf"^(?:{MORE}|{FEWER})", one.following) is not None


def _is_prior_behind(one: Numeral, before: str) -> bool:
    """Whether the words behind a number say that it is the level before: (15.3 GW at the end of 2022)."""
    match = PRIOR_AFTER_EN.match(one.after)
    return match is not None and (not match[0].endswith(")") or before.endswith("("))


def change_of(one: Numeral) -> Interval:
    """A change with its sign: 减少9个 is -9, whether or not the sign was read as part of the number."""
    known = one.range
    is_less = IS_LESS.search(signed(one)) or IS_LESS_AFTER.match(one.after)
    if one.number.value > 0 and is_less:
        return -known
    return known


def levels_of(sentence: Sentence) -> list[Numeral]:
    """The numerals of a sentence that are no change, no growth and no earlier level of another."""
    return [group.level for group in groups_of(sentence)]

"""The grammar of a printed number in English: `CNY 2.3 billion`, `over 900,000`, `one third`, `down 8.5%`.

    number = [sign] [hedge] [currency] core [magnitude] [percent | unit] [per] [hedge]

The rules of bounds are those of Chinese. What is counted is no part of the number (20 households is 20); a unit that
measures is, and is named as in Chinese (km² is 平方公里). Texts are those of `characters.narrow`.

The module is long because a grammar is one thing, and a third of it is the words it knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from bluebook.numbers.bounds import Printed, Stated, between, printed
from bluebook.numbers.words import ALIASES, unit_name

MAGNITUDES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "bn": 10**9, "tn": 10**12, "k": 1000, "m": 10**6, "b": 10**9,
}  # fmt: skip
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = {word: number for number, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
HEDGES = {
    "over": "over|more than|above|exceeding|exceeded|exceeds|in excess of|upwards of|just over|well over"
    "|slightly more than"
    "|greater than|surpassing|>",
    "at least": "at least|no fewer than|no less than|not less than|not fewer than|a minimum of|≥",
    "nearly": "nearly|almost|close to|approaching",
    "under": "under|less than|fewer than|below|just under|short of|<",
    "at most": "at most|up to|no more than|not more than|a maximum of|≤",
    "about": "about|around|approximately|approx.|roughly|some|circa|c.|an estimated|~",
}
_LATER = {
    "or more": "at least", "or so": "about", "or less": "at most", "or fewer": "at most", "-odd": "over",
    "-plus": "at least", "+": "at least",
}  # fmt: skip
SIGNS = (
    "down|fell|falling|falls|fallen|dropped|dropping|a drop of|a fall of|declined|declining|a decline "
    "of|decreased|decreasing|a decrease of|shrank|shrinking|slid|slipped|"
    "reduced|a reduction of|contracted|narrowed|narrowing|minus|negative|a cut of"
)
CURRENCIES = {
    "CNY": "元", "RMB": "元", "yuan": "元", "¥": "元", "US$": "美元", "USD": "美元", "$": "美元", "HK$": "港元",
    "HKD": "港元", "NT$": "元",
    "EUR": "欧元", "€": "欧元", "GBP": "英镑", "£": "英镑", "JPY": "日元", "A$": "澳元", "C$": "加元",
    "S$": "新加坡元", "AUD": "澳元", "CAD": "加元",
    "KRW": "韩元", "CHF": "瑞士法郎", "SGD": "新加坡元", "RUB": "卢布",
    "MOP": "澳门元", "THB": "泰铢", "MYR": "林吉特", "VND": "越南盾",
}  # fmt: skip
_MONEY_WORDS = {
    "yuan": "元", "renminbi": "元", "RMB": "元", "dollars": "美元", "US dollars": "美元", "Hong Kong dollars": "港元",
    "euros": "欧元", "pounds": "英镑", "yen": "日元",
}  # fmt: skip
_PERCENT, _PER_MILLE, _BASIS_POINT = Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10**4)
_RATIOS = {
    **dict.fromkeys(("%", "percent", "per cent", "pct"), (_PERCENT, "")),
    **dict.fromkeys(("‰", "per mille", "per thousand"), (_PER_MILLE, "")),
    **dict.fromkeys(("percentage point", "percentage points", "pp"), (_PERCENT, "百分点")),
    **dict.fromkeys(("per-mille point", "per-mille points"), (_PER_MILLE, "千分点")),
    **dict.fromkeys(("basis point", "basis points", "bp", "bps"), (_BASIS_POINT, "百分点")),
}
_WORDS = {
    "km²": "公里²", "hectare": "公顷", "acre-foot": "", "mu": "亩", "jin": "斤", "tonne": "吨", "ton": "吨",
    "metric ton": "吨",
    "tonne of coal equivalent": "吨标准煤", "tonnes of coal equivalent": "吨标准煤", "kilogram": "千克", "gram": "克",
    "kilometre": "公里",
    "kilometer": "公里", "metre": "米", "meter": "米", "square kilometre": "平方公里",
    "square kilometres": "平方公里", "square metre": "平方米",
    "square metres": "平方米", "square kilometer": "平方公里", "square kilometers": "平方公里",
    "square meter": "平方米", "square meters": "平方米",
    "cubic metre": "立方米", "cubic metres": "立方米", "cubic meter": "立方米", "cubic meters": "立方米",
    "nautical mile": "海里", "mile": "英里",
    "litre": "升", "liter": "升", "decibel": "分贝", "kilowatt-hour": "千瓦时", "kilowatt hour": "千瓦时",
    "kilowatt": "千瓦", "megawatt": "兆瓦",
    "gigawatt": "吉瓦", "year": "年", "month": "个月", "week": "周", "quarter": "个季度", "day": "天",
    "working day": "个工作日", "hour": "小时",
    "minute": "分钟", "second": "秒", "time": "倍", "du": "度", "foot": "英尺", "feet": "英尺", "inch": "英寸",
    "inches": "英寸", "barrel": "桶",
    "ounce": "盎司",
    "degrees Celsius": "℃", "ping": "坪", "J": "焦耳", "t·km": "吨公里", "passenger-kilometre": "人公里",
    "running metre": "延米", "vehicle-kilometre": "车公里",
    "acre": "英亩",
    "square mile": "平方英里",
    "gallon": "加仑", "pound": "磅", "Hong Kong cent": "港仙", "US cent": "美分", "year old": "岁",
}  # fmt: skip
_SYMBOLS = tuple(
    "km² m² km2 m2 km m cm mm ha kg mg g t µg μg ng L mL m³ kWh kW MW GW kV MHz dB °C ℃ TEU ft ft² kVA Pa hPa "
    "kcal kPa MPa MJ GJ W V".split()
)
_SCALED = {"MWh": (10**3, "千瓦时"), "GWh": (10**6, "千瓦时"), "TWh": (10**9, "千瓦时")}
_EVERY = {
    "a year": "年", "per year": "年", "a month": "月", "per month": "月", "a week": "周", "a day": "日",
    "per day": "日",
    "an hour": "小时",
    "per hour": "小时", "each": "个", "a person": "人", "a household": "户",
}  # fmt: skip


def _one_of(words: list[str] | tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_HEDGE_OF = {word: hedge for hedge, words in HEDGES.items() for word in words.split("|")}
_HEDGE_WORDS = [word for word in _HEDGE_OF if word[-1].isalpha()]
_NUMBER_WORD = "|".join(sorted(DIGITS, key=len, reverse=True))
_LARGE = "thousand|million|billion|trillion|dozen"
_COUNT = rf"(?:{_NUMBER_WORD})(?:[- ](?:{'|'.join(_ONES[1:10])}))?"
_SIGN = re.compile(rf"(?:{SIGNS})\b(?: (?:by|of))? |[-−](?=\d|{_one_of(list(CURRENCIES))})", re.IGNORECASE)
_MINUS = re.compile(rf"[-−](?=\d|{_one_of(list(CURRENCIES))})")
_BEFORE = re.compile(
    rf"(?:{_one_of([w for w in _HEDGE_OF if w[-1].isalpha()])}) |(?:approx\.|c\.) ?|[≥≤<>~] ?", re.IGNORECASE
)
_CURRENCY = re.compile(rf"(?:{_one_of(list(CURRENCIES))}) ?")
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?|\d+(?:\.\d+)?(?!,\d{3}(?!\d))")
_PART = re.compile(
    rf"(?:(?P<of>(?:an?|{_NUMBER_WORD}))[- ])(?P<part>{_one_of(list(PARTS) + [word + 's' for word in PARTS])})\b"
    r"|(?P<half>half)\b(?! an?\b| past| year| day| hour)|(?P<top>\d{1,2})/(?P<bottom>10+|[2-9])(?![\d/])"
    r"|(?P<one>one|two|three|four|five|six|seven|eight|nine) in (?P<ten>\w+)\b",
    re.IGNORECASE,
)  # fmt: skip
_TIME = re.compile(
    rf"(?P<first>\d{{1,3}}|{_COUNT}) (?P<large>year|day|hour|minute)s?(?:,| and|, and)? (?P<second>\d{{1,2}}|{_COUNT}) "
    r"(?P<small>month|hour|minute|second)s?\b"
)
_IN_TIME = {("year", "month"): 12, ("day", "hour"): 24, ("hour", "minute"): 60, ("minute", "second"): 60}
_WORDED = re.compile(
    rf"(?:{_COUNT}|an?(?= (?:hundred|{_LARGE})\b)|half an?(?= (?:{_LARGE})\b))",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"[ -]?(hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z])|[ ]?(mn|bn|tn)(?![A-Za-z])", re.IGNORECASE
)
_SHORT = re.compile(r"([kmb])(?![A-Za-z²³/])")
_RATIO = re.compile(rf"[ -]?(?:{_one_of([w for w in _RATIOS if w[0].isalpha()])})(?![A-Za-z])| ?[%‰]", re.IGNORECASE)
_MONEY = re.compile(rf"[ ](?:{_one_of(list(_MONEY_WORDS))})\b")
_PER = re.compile(
    r"[ ](?:per|for every) (?P<count>1 million|\d[\d,]*|million|thousand|hundred)"
    r"(?: (?:people|persons|residents|inhabitants|households|live births))?"
    r"|/(?P<slashed>10,?0+|1 million)(?: people| households)?"
)
_AFTER = re.compile(rf"[ ]?(?:{_one_of(list(_LATER))})(?![A-Za-z0-9])")
JOINT = re.compile(r"[ ]?(?:-|–|—|−|to|and|~)[ ]?")
_FACTORS = {"person": "人", "household": "户", "unit": "个"}
_FACTOR = (
    rf"(?:{_one_of([*_FACTORS, *_SYMBOLS, *_WORDS, *(word for word in CURRENCIES if word.isupper())])})[²³⁴⁵⁶⁷⁸⁹]*"
)
_SQUARED = rf"(?:{_one_of([*_FACTORS, *_WORDS, '°C', 'µg'])}|[A-Z]{{3}})[²³⁴⁵⁶⁷⁸⁹]+"
_COMPOUND = re.compile(rf"[ ]((?:{_FACTOR}-)+{_FACTOR}|{_SQUARED})s?(?![A-Za-z])")
_BELOW = re.compile(rf"(?:{_SQUARED}|[A-Z]{{3}})(?![A-Za-z])")  # per CNY, per person²
_EACH = re.compile(rf" (?:{_one_of(list(_EVERY))})\b")
_SLASH = re.compile(r"/(?=[^ \d])| per (?=\S)")
_LONGEST = max(map(len, (*_WORDS, *_SYMBOLS))) + 2

_BEHIND_A_PART = "of|in|over|since|from|to|more|less|fewer|higher|lower|and|or|compared|on|were|was|are|is|by|had|have"
_NO_NOUN = "is|was|has|as|its|this|us|plus|less|does|times|others|sides|hundreds|thousands|millions|billions"
_NOUN = rf"(?!(?:{_NO_NOUN})\b)(?:[a-z-]{{1,20}}s|people|children|women|men)\b"
_PLURAL = rf"(?:(?!(?:of|or|to|and|in|on|at|for|is|was|has|by|from|with|than|as)\b)[A-Za-z-]{{1,20}} ){{0,2}}{_NOUN}"

# Numbers in words that are found in running text: parts, what has a magnitude, and what counts a noun in the plural.
WORDS = re.compile(
    rf"\b(?:(?:{_NUMBER_WORD})[- ](?:thirds?|quarters?|fifths?|tenths?|half)"
    rf"|an? (?:third|quarter|fifth|tenth)(?= (?:{_BEHIND_A_PART})\b|[,.;:)]|$)"
    r"|(?<!first )(?<!second )(?<!latter )(?<!other )half(?= of (?!the (?:year|month|century|decade)|\d))"
    rf"|(?:{_COUNT}|half an?|an?) (?:hundred|{_LARGE})"
    r"|(?:(?<=nearly )|(?<=almost )|(?<=over )|(?<=than )|(?<=about ))half"
    r"(?! an?\b| past| the (?:year|month)| year| day)"
    rf"|{_COUNT}(?= (?:more|fewer) than )"
    rf"|(?<!the )(?<!these )(?<!those )(?<!its )(?<!their )(?!one\b|zero\b){_COUNT}(?= (?:{_PLURAL}))"
    r"|(?:one|two|three|four|five|six|seven|eight|nine) in (?:ten|five|four|three))\b",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"(?:{_one_of(_HEDGE_WORDS)}|{SIGNS}) |[-−≥≤<>~$¥€£]|{_one_of(list(CURRENCIES))}", re.IGNORECASE)


def _is_latin_before(text: str, at: int) -> bool:
    """Whether a letter or digit, but no Chinese character, stands before a place."""
    before = text[max(0, at - 1) : at]
    return before.isalnum() and before < "一"


def beginnings(line: str, first: int, start: int) -> list[int]:
    """The places from `first` to `start` where a number that holds what stands at `start` may begin, in order."""
    found = [
        match.start() for match in _FIRST.finditer(line, first, start) if not _is_latin_before(line, match.start())
    ]
    return [*found, start]


@dataclass(frozen=True, slots=True)
class Form:
    """A printed number in English as it stands in a text, and what it says but for its bounds."""

    string: str
    begin: int
    stop: int
    core_begin: int
    sign: str
    hedge: str
    number_end: int
    digits_end: int
    stated: Stated
    is_word: bool

    @property
    def is_bare(self) -> bool:
        """Whether neither a magnitude nor % nor a unit says what the number is of."""
        return not self.stated.unit and self.stated.scale == 1

    @property
    def tail(self) -> str:
        """The magnitude, % or unit, which a list says once."""
        return self.string[self.number_end : self.stop]


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the digits: sign, hedge and the unit of a currency."""

    sign: str
    hedge: str
    unit: str
    end: int


def form_at(text: str, at: int = 0, *, whole: bool = False) -> Form | None:
    """The longest printed number in English at a place; with `whole`, also “each”, “a year” behind it belong to it."""
    head = _head_at(text, at)
    if _is_latin_before(text, head.end) and not head.unit:
        return None
    part = _part_at(text, head.end)
    if part is not None:
        value, step, end = part
        stated = Stated(value, step, step, hedge=head.hedge, is_negative=bool(head.sign))
        return Form(text, at, end, head.end, head.sign, head.hedge, end, end, stated, True)
    time = _time_at(text, head)
    if time is not None:
        end, stated = time
        hedge, end = _hedge_at(text, end, head.hedge)
        said = replace(stated, hedge=hedge, is_negative=bool(head.sign))
        return Form(text, at, end, head.end, head.sign, hedge, end, end, said, False)
    digits = _DIGITS.match(text, head.end) or _WORDED.match(text, head.end)
    if digits is None:
        return None
    value, step = _number(digits[0])
    digits_end, scale = _magnitude_at(text, digits.end(), is_money=bool(head.unit))
    hedge, end = _hedge_at(text, digits_end, head.hedge, "+-")  # 500+ tonnes, 30-odd households
    unit, worth, end = _ratio_or_unit_at(text, end, head.unit, whole=whole)
    hedge, end = _hedge_at(text, end, hedge)
    stated = Stated(
        value * scale * worth,
        step * scale * worth,
        scale * worth,
        unit,
        hedge,
        is_negative=bool(head.sign),
        is_whole=step * scale == 1 and worth == 1,
    )
    is_word = not digits[0][0].isdigit()
    return Form(text, at, end, digits.start(), head.sign, hedge, digits.end(), digits_end, stated, is_word)


def _head_at(text: str, at: int) -> _Head:
    """Sign, hedge and currency at a place, each if it is there; a minus may also follow the hedge or “CNY ”."""
    sign = _SIGN.match(text, at)
    end = sign.end() if sign else at
    before = _BEFORE.match(text, end)
    end = before.end() if before else end
    if before and not sign:
        sign = _MINUS.match(text, end)
        end = sign.end() if sign else end
    currency = _CURRENCY.match(text, end)
    end = currency.end() if currency else end
    if currency and currency[0].endswith(" ") and not sign:
        sign = _MINUS.match(text, end)
        end = sign.end() if sign else end
    hedge = _HEDGE_OF[before[0].strip().lower()] if before else ""
    unit = CURRENCIES[currency[0].strip()] if currency else ""
    return _Head(sign[0] if sign else "", hedge, unit, end)


def _hedge_at(text: str, at: int, hedge: str, begins: str = "") -> tuple[str, int]:
    """A hedge behind a number (or more, or so, -odd, +), if it has none yet."""
    after = _AFTER.match(text, at)
    if after is None or hedge or (begins and after[0][0] not in begins):
        return hedge, at
    return _LATER[after[0].strip()], after.end()


def _ratio_or_unit_at(text: str, at: int, money: str, *, whole: bool) -> tuple[str, Fraction, int]:
    """%, percentage points, or a unit: its name, what one of it is worth, and where it ends."""
    ratio = _RATIO.match(text, at) if not money else None
    if ratio:
        worth, unit = _RATIOS[re.sub("^[ -]", "", ratio[0]).lower()]
        return unit, worth, ratio.end()
    unit, end, worth = _unit_at(text, at, money, whole=whole)
    return unit or money, worth, end


def _part_at(text: str, at: int) -> tuple[Fraction, Fraction, int] | None:
    """one third, two-thirds, half, 1/10, one in ten: its value, one of its parts, and where it ends."""
    match = _PART.match(text, at)
    if match is None:
        return None
    if match["half"]:
        return Fraction(1, 2), Fraction(1, 10), match.end()
    if match["top"]:
        top, bottom = int(match["top"]), int(match["bottom"])
    elif match["one"]:
        top, bottom = DIGITS[match["one"].lower()], DIGITS.get(match["ten"].lower(), 0)
    else:
        of, part = match["of"].lower(), match["part"].lower()
        top = 1 if of in ("a", "an") else DIGITS[of]
        bottom = PARTS.get(part) or PARTS[part.removesuffix("s")]
    if not top < bottom:
        return None
    return Fraction(top, bottom), Fraction(1, bottom), match.end()


def _time_at(text: str, head: _Head) -> tuple[int, Stated] | None:
    """A length of time told in two units, in the smaller of them: 1 hour 20 minutes is 80; and where it ends."""
    match = None if head.unit else _TIME.match(text, head.end)
    if match is None:
        return None
    many = _IN_TIME.get((match["large"], match["small"]))
    first, second = _number(match["first"])[0], _number(match["second"])[0]
    if many is None or second >= many:
        return None
    return match.end(), Stated(first * many + second, Fraction(1), unit=_WORDS[match["small"]], is_whole=True)


def _number(word: str) -> tuple[Fraction, Fraction]:
    """The value of digits or words, and one unit of the last digit."""
    if word[0].isdigit():
        plain = word.replace(",", "")
        return Fraction(plain), Fraction(1, 10 ** len(plain.partition(".")[2]))
    lowered = word.lower()
    if lowered.startswith("half"):
        return Fraction(1, 2), Fraction(1, 10)
    if lowered in ("a", "an"):
        return Fraction(1), Fraction(1)
    return Fraction(sum(DIGITS[part] for part in re.split("[- ]", lowered))), Fraction(1)


def _magnitude_at(text: str, at: int, *, is_money: bool) -> tuple[int, Fraction]:
    scale = Fraction(1)
    while match := _MAGNITUDE.match(text, at):
        word = (match[1] or match[2]).lower()
        scale *= 12 if word == "dozen" else MAGNITUDES[word]
        at = match.end()
    short = _SHORT.match(text, at) if is_money and scale == 1 else None
    if short:
        return short.end(), Fraction(MAGNITUDES[short[1]])
    return at, scale


def _unit_at(text: str, at: int, money: str, *, whole: bool) -> tuple[str, int, Fraction]:
    """A unit that measures, and what it is per: km², µg/m³, yuan, per 10,000 people."""
    named = _MONEY.match(text, at) if not money else None
    compound = _COMPOUND.match(text, at) if whole and not money else None
    unit, end, worth = money, at, Fraction(1)
    if named:
        unit, end = _MONEY_WORDS[named[0].strip()], named.end()
    elif compound:
        unit, end = _product(compound[1]), compound.end()
    elif not money:
        unit, end, worth = _word_at(text, at)
    per = _PER.match(text, end)
    if per:
        below, below_end, _ = _word_at(text, per.end()) if whole else ("", per.end(), Fraction(1))
        return f"{unit}/{_tens(per['count'] or per['slashed'])}{below or '人'}", below_end, worth
    parts, end = _below_at(text, end, whole=whole)
    return (f"{unit}/{'·'.join(parts)}" if parts else unit), end, worth


def _below_at(text: str, at: int, *, whole: bool) -> tuple[list[str], int]:
    """What a unit is per: /m³, and for a whole text also “a year”, “each”, “per m²”, one after the other."""
    parts: list[str] = []
    while True:
        every = _EACH.match(text, at) if whole else None
        if every:
            parts.append(_EVERY[every[0].strip()])
            at = every.end()
            continue
        joint = _SLASH.match(text, at) if whole or not parts else None
        if joint is None or (joint[0] != "/" and not whole):
            return parts, at
        factor = _BELOW.match(text, joint.end()) if whole and joint[0] != "/" else None
        if factor:
            below, end = _product(factor[0]), factor.end()
        else:
            below, end, _ = _word_at(text, joint.end())
        if not below:
            return parts, at
        parts.append(below)
        at = end


def _product(words: str) -> str:
    """A product of units as it is named in Chinese: person-years is 人·年."""
    factors = []
    for word in words.split("-"):
        name = word.rstrip("²³⁴⁵⁶⁷⁸⁹")
        unit = _FACTORS.get(name) or CURRENCIES.get(name) or _named(name) or name
        factors.append(unit + word[len(name) :])
    return "·".join(factors)


def _tens(count: str) -> str:
    """A power of ten in Chinese, as it stands before what a number is per: 10,000 is 万."""
    words = {"hundred": 100, "thousand": 1000, "million": 10**6, "1 million": 10**6}
    number = words.get(count) or int(count.replace(",", ""))
    chinese = {10**6: "百万", 10**5: "10万", 10**4: "万", 1000: "千", 100: "百"}
    return chinese.get(number, str(number))


def _word_at(text: str, at: int) -> tuple[str, int, Fraction]:
    """The longest unit at a place, behind a space or a hyphen."""
    start = at + (text[at : at + 1] in (" ", "-"))
    for size in range(_LONGEST, 0, -1):
        word = text[start : start + size]
        after = text[start + size : start + size + 1]
        if len(word) < size or after.isalnum():
            continue
        if word in _SCALED:
            worth, name = _SCALED[word]
            return name, start + size, Fraction(worth)
        name = _named(word)
        if name:
            return name, start + size, Fraction(1)
    return "", at, Fraction(1)


def _named(word: str) -> str:
    if word in _SYMBOLS:
        return ALIASES.get(word.replace("µ", "μ"), "") or unit_name(word)
    return _WORDS.get(word) or _WORDS.get(word.removesuffix("s"), "")


def read(text: str, plain: str) -> Printed | None:
    """The printed number that the whole of a text is, a single one or a range; else nothing."""
    form = form_at(plain, whole=True)
    if form is not None and form.is_word and form.is_bare and not form.hedge:
        return None  # “five” alone is a word as often as a number
    if form is not None and form.stop == len(plain):
        return printed(text, form.stated, "en")
    return _range(text, plain)


def _range(text: str, plain: str) -> Printed | None:
    """30–35%, CNY 1.768–1.816 million, 13.34 million to under 13.5 million, between 3 and 5 years."""
    plain = re.sub("^(?:between|from) ", "", plain)
    for joint in JOINT.finditer(plain):
        found = _ends(plain, joint)
        if found is not None:
            low, high, low_open, high_open = found
            return between(text, low, high, low_open=low_open, high_open=high_open, lang="en")
    return None


def _ends(plain: str, joint: re.Match[str]) -> tuple[Stated, Stated, bool, bool] | None:
    first, second = plain[: joint.start()], plain[joint.end() :]
    high = form_at(second, whole=True)
    if not first or high is None or high.stop != len(second) or high.hedge not in ("", "under"):
        return None
    digits = _DIGITS.search(second)
    tails = [
        second[match_end:] for match_end in (digits.end() if digits else len(second), high.digits_end, len(second))
    ]
    for tail in tails:
        low = form_at(first + tail, whole=True)
        if low is None or low.stop != len(first + tail) or low.hedge not in ("", "over"):
            continue
        both = _alike(low, high)
        if both is not None:
            return (*both, low.hedge == "over", high.hedge == "under")
    return None


def _alike(low: Form, high: Form) -> tuple[Stated, Stated] | None:
    """The two ends in one unit and in order, the unit and the sign said once being both's."""
    one, other = low.stated, high.stated
    if not other.unit and one.unit and not other.is_ratio:  # CNY 1.2 million to 1.5 million
        other = replace(other, unit=one.unit)
    if other.unit.startswith("/") and one.unit.endswith(other.unit):  # CNY 84,000–89,000 each
        other = replace(other, unit=one.unit)
    if low.sign and not high.sign and low.sign not in "-−":
        other = replace(other, is_negative=True)
    if one.unit != other.unit or one.is_ratio != other.is_ratio:
        return None
    ascends = (
        abs(one.signed) < abs(other.signed)
        if other.is_negative and low.sign not in ("-", "−")
        else one.signed < other.signed
    )
    return (one, other) if ascends else None

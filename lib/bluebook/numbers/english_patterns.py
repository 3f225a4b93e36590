"""The regular expressions of a printed number in English: one for each part of the grammar in `english`."""

from __future__ import annotations

import re

from bluebook.numbers.english_words import (
    CURRENCIES,
    DIGITS,
    FACTORS,
    HEDGE_OF,
    HEDGES_BEHIND,
    MONEY,
    ONES,
    PARTS,
    PER,
    RATIOS,
    SIGNS,
    SYMBOLS,
    UNITS,
)
from bluebook.numbers.words import pattern_of

# words that several patterns have
_HEDGE_WORD = pattern_of(word for word in HEDGE_OF if word[-1].isalpha())
_CURRENCY = pattern_of(CURRENCIES)
_CODES = [word for word in CURRENCIES if word.isupper()]
_SIGN_WORD = "|".join(SIGNS)
_DIGIT_WORD = pattern_of(DIGITS)
_ONE_TO_NINE = "|".join(ONES[1:10])
_LARGE = "thousand|million|billion|trillion|dozen"
_WORDED_COUNT = rf"(?:{_DIGIT_WORD})(?:[- ](?:{_ONE_TO_NINE}))?"
_PART_WORD = pattern_of([*PARTS, *(f"{word}s" for word in PARTS)])
_RATIO_WORD = pattern_of(word for word in RATIOS if word[0].isalpha())
_EXPONENT = "[²³⁴⁵⁶⁷⁸⁹]"

# before the digits
SIGN = re.compile(rf"(?:{_SIGN_WORD})\b(?: (?:by|of))? |[-−](?=\d|{_CURRENCY})", re.IGNORECASE)
MINUS = re.compile(rf"[-−](?=\d|{_CURRENCY})")
HEDGE_BEFORE = re.compile(rf"(?:{_HEDGE_WORD}) |(?:approx\.|c\.) ?|[≥≤<>~] ?", re.IGNORECASE)
CURRENCY = re.compile(rf"(?:{_CURRENCY}) ?")
BEGINNING = re.compile(rf"(?:{_HEDGE_WORD}|{_SIGN_WORD}) |[-−≥≤<>~$¥€£]|{_CURRENCY}", re.IGNORECASE)

# digits and number words
DIGITS_OR_DECIMALS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|,\d)(?:\.\d+)?|\d+(?:\.\d+)?(?!,\d{3}(?!\d))")
WORDED = re.compile(
    rf"(?:{_WORDED_COUNT}|an?(?= (?:hundred|{_LARGE})\b)|half an?(?= (?:{_LARGE})\b))",
    re.IGNORECASE,
)
PART = re.compile(
    rf"(?:(?P<of>(?:an?|{_DIGIT_WORD}))[- ])(?P<part>{_PART_WORD})\b"
    r"|(?P<half>half)\b(?! an?\b| past| year| day| hour)|(?P<top>\d{1,2})/(?P<bottom>10+|[2-9])(?![\d/])"
    rf"|(?P<one>{_ONE_TO_NINE}) in (?P<ten>\w+)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    rf"(?P<first>\d{{1,3}}|{_WORDED_COUNT}) (?P<large>year|day|hour|minute)s?(?:,| and|, and)? "
    rf"(?P<second>\d{{1,2}}|{_WORDED_COUNT}) (?P<small>month|hour|minute|second)s?\b"
)

# behind the digits
MAGNITUDE = re.compile(
    r"[ -]?(hundred|thousand|million|billion|trillion|dozen)(?![A-Za-z])|[ ]?(mn|bn|tn)(?![A-Za-z])", re.IGNORECASE
)
SHORT_MAGNITUDE = re.compile(r"([kmb])(?![A-Za-z²³/])")
RATIO = re.compile(rf"[ -]?(?:{_RATIO_WORD})(?![A-Za-z])| ?[%‰]", re.IGNORECASE)
MONEY_BEHIND = re.compile(rf"[ ](?:{pattern_of(MONEY)})\b")
PER_COUNT = re.compile(
    r"[ ](?:per|for every) (?P<count>1 million|\d[\d,]*|million|thousand|hundred)"
    r"(?: (?:people|persons|residents|inhabitants|households|live births))?"
    r"|/(?P<slashed>10,?0+|1 million)(?: people| households)?"
)
HEDGE_BEHIND = re.compile(rf"[ ]?(?:{pattern_of(HEDGES_BEHIND)})(?![A-Za-z0-9])")
JOINT = re.compile(r"[ ]?(?:-|–|—|−|to|and|~)[ ]?")
PER_EACH = re.compile(rf" (?:{pattern_of(PER)})\b")
SLASH = re.compile(r"/(?=[^ \d])| per (?=\S)")

# products and powers of units
_FACTOR_WORD = pattern_of([*FACTORS, *SYMBOLS, *UNITS, *_CODES])
_FACTOR = rf"(?:{_FACTOR_WORD}){_EXPONENT}*"
_POWER_WORD = pattern_of([*FACTORS, *UNITS, "°C", "µg"])
_POWER = rf"(?:{_POWER_WORD}|[A-Z]{{3}}){_EXPONENT}+"
COMPOUND = re.compile(rf"[ ]((?:{_FACTOR}-)+{_FACTOR}|{_POWER})s?(?![A-Za-z])")
FACTOR_BELOW = re.compile(rf"(?:{_POWER}|[A-Z]{{3}})(?![A-Za-z])")  # per CNY, per person²

# numbers in words in running text: parts, what has a magnitude, and what counts a noun in the plural
_BEHIND_A_PART = "of|in|over|since|from|to|more|less|fewer|higher|lower|and|or|compared|on|were|was|are|is|by|had|have"
_NO_NOUN = "is|was|has|as|its|this|us|plus|less|does|times|others|sides|hundreds|thousands|millions|billions"
_NOUN = rf"(?!(?:{_NO_NOUN})\b)(?:[a-z-]{{1,20}}s|people|children|women|men)\b"
_NO_ADJECTIVE = "of|or|to|and|in|on|at|for|is|was|has|by|from|with|than|as"
_PLURAL = rf"(?:(?!(?:{_NO_ADJECTIVE})\b)[A-Za-z-]{{1,20}} ){{0,2}}{_NOUN}"
WORDS = re.compile(
    rf"\b(?:(?:{_DIGIT_WORD})[- ](?:thirds?|quarters?|fifths?|tenths?|half)"
    rf"|an? (?:third|quarter|fifth|tenth)(?= (?:{_BEHIND_A_PART})\b|[,.;:)]|$)"
    r"|(?<!first )(?<!second )(?<!latter )(?<!other )half(?= of (?!the (?:year|month|century|decade)|\d))"
    rf"|(?:{_WORDED_COUNT}|half an?|an?) (?:hundred|{_LARGE})"
    r"|(?:(?<=nearly )|(?<=almost )|(?<=over )|(?<=than )|(?<=about ))half"
    r"(?! an?\b| past| the (?:year|month)| year| day)"
    rf"|{_WORDED_COUNT}(?= (?:more|fewer) than )"
    rf"|(?<!the )(?<!these )(?<!those )(?<!its )(?<!their )(?!one\b|zero\b){_WORDED_COUNT}(?= (?:{_PLURAL}))"
    rf"|(?:{_ONE_TO_NINE}) in (?:ten|five|four|three))\b",
    re.IGNORECASE,
)

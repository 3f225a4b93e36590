"""The numerals of a document with the words around them, as the relations between them need it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from bluebook.numbers.bounds import Printed
from bluebook.numbers.characters import normal
from bluebook.numbers.intervals import Interval
from desk.documents import Document
from desk.scan import Finding, findings

SENTENCE_END = re.compile(
    r"[。!?！？]|(?:(?<=[a-z0-9)%”\"’])|(?<=[A-Z]{2}))\.(?=\s+[*_“\"]*[A-Z(]|\s*$)|(?<=[a-z]{4})(?<!pprox)\.(?=\s+\d)"
)
YEAR = re.compile(r"((?:19|20)\d\d)年?")
HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|\d+(?:\.\d+)*[.、]\s?\D"
    r"|第[一二三四五六七八九十]+[章节部])"
)
LONGEST_TITLE = 40  # characters
FOLLOWING = 8  # characters that are known of what follows a numeral
PEOPLE = {"人", "名", "位"}
AIMS = re.compile(r"目标|预期|安排|草案|计划|力争|预计到|规划|展望|建议|targets?\b|outlook|plans? for", re.IGNORECASE)


SMALL_SUM = re.compile("[^\\d]*[一二三四五六七八九]元")  # 三元正极材料
DOZENS = re.compile("(?:million|billion) dozen$")
WHOLE_NUMBER = re.compile(r"\d{1,3}")
NOTE_BEFORE = re.compile(r"[a-z)%\d\"'”’][.,!?][\"'”’]? (?:\d{1,3} )*$")
NOTE_AFTER = re.compile(r"(?: \d{1,3})*(?: [A-Z]|\s*$)")
MODEL_AFTER = re.compile("[-－—~～]\\d+[A-Za-z]{2}")  # 1-10KVA
HAN = re.compile("[一-鿿]")
PARAGRAPH_AFTER = re.compile(r"\.\s?[A-Z]")
PARAGRAPH_BEFORE = re.compile(r"(?:^|[.!?”\"]) *$")
MOVED_BY = re.compile(r"\b(?:rose|fell|grew|(?:increase|decrease|decline)[ds]?|dropped)(?: by)? $")
THOUSANDS_AFTER = re.compile(r" \d{2,3}(?![\d%]|[.,]\d)")
THOUSANDS_BEFORE = re.compile(r"(?<![\d.,])\d{1,3} $")
MAGNITUDE = re.compile(r"(?:thousand|million|billion|trillion|万|亿)$")
NOUN = re.compile(r"[一-鿿]| (?!(?:from|went|was|were|is|are|to|for|on|in|came|by|through|and)\b)[A-Za-z]")  # its unit
OF_IT = re.compile(r"其中|of which|including")
SPAN = re.compile(r"\d ?(?:[-–—~～]|至|到| to ) ?\d")
ROUNDED = re.compile(r"\d{1,3}(?:,\d{3})*,?[\d]00\b")  # 27,000, which may be told to the hundred
FROM = 10_000  # where a number that ends in two zeros is a large one


@dataclass(frozen=True, eq=False)
class Numeral:
    """A figure of a document.

    `before` is what stands between it and the numeral before it in its sentence, `after` what stands between it and the
    next, `following` the next characters of the line. `line` counts from 1, `offset` and `end` from 0; `heading` is the
    last heading above it.
    """

    line: int
    offset: int
    end: int
    printed: str
    number: Printed
    measure: str
    label: str
    before: str
    after: str
    following: str
    sentence: int
    heading: str
    period: str
    place: str = ""

    @property
    def range(self) -> Interval:
        number = self.number
        return Interval(number.low, number.high, number.low_open, number.high_open)

    @property
    def unit(self) -> str:
        return self.number.unit

    @property
    def is_percent(self) -> bool:
        return not self.unit and self.number.scale < 1

    @property
    def is_points(self) -> bool:
        return self.unit == "百分点"

    @property
    def is_amount(self) -> bool:
        """Whether it is a number of things or an amount, and no percentage, points or times."""
        return not self.is_percent and not self.is_points and self.unit != "倍"

    @property
    def digits(self) -> str:
        """Its digits, as they are printed.

        >>> from desk.documents import from_text
        >>> [one] = read_numerals(from_text("收入1,984.5万元。")).numerals
        >>> one.digits
        '19845'
        """
        return re.sub(r"\D", "", self.printed)

    @property
    def is_span(self) -> bool:
        """Whether it is printed as a span of two numbers: aged 40-44."""
        return SPAN.search(self.printed) is not None

    def is_before(self, other: Numeral) -> bool:
        """Whether it stands before another in the document."""
        return (self.line, self.offset) < (other.line, other.offset)

    def is_like(self, other: Numeral) -> bool:
        """Whether it is told in the same unit; people are counted with several words."""
        same = self.unit == other.unit or {self.unit, other.unit} <= PEOPLE
        return same and self.is_percent == other.is_percent


@dataclass(frozen=True)
class Sentence:
    """A sentence: its text, its numerals in order, and where its line stands."""

    line: int
    start: int
    text: str
    numerals: tuple[Numeral, ...]

    @property
    def is_row(self) -> bool:
        """Whether it is the row of a table."""
        return "\t" in self.text

    def text_before(self, numeral: Numeral) -> str:
        """What stands before one of its numerals."""
        return self.text[: numeral.offset - self.start]


@dataclass(frozen=True)
class Reading:
    """A document with its numerals: by sentence in prose, and all of them."""

    document: Document
    sentences: tuple[Sentence, ...]
    numerals: tuple[Numeral, ...]
    others: int = 0  # numerals that are no figures
    lines: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def year(self) -> str:
        """The one year that the document's first line names; "" where it names none, or several."""
        years = set(YEAR.findall(self.lines[0])) if self.lines and len(self.lines[0]) < LONGEST_TITLE else set()
        return years.pop() if len(years) == 1 else ""

    def on_line(self, line: int) -> Sequence[Numeral]:
        """The numerals of a line, in order."""
        return self._by_line.get(line, [])

    def sentences_on(self, line: int) -> Sequence[Sentence]:
        """The sentences of a line, in order."""
        return self._sentences_by_line.get(line, [])

    def sentence_around(self, line: int, offset: int) -> tuple[int, int]:
        """Where the sentence, or the row of a table, that holds an offset of a line begins and ends.

        >>> from desk.documents import from_text
        >>> read_numerals(from_text("一共3家。全市5家。")).sentence_around(1, 7)
        (5, 10)
        """
        text = self.lines[line - 1]
        if "\t" in text:
            return 0, len(text)
        spans = [(start, end) for start, end in self._spans.get(line, ()) if start <= offset < end]
        return spans[0] if spans else (0, len(text))

    @cached_property
    def _spans(self) -> dict[int, list[tuple[int, int]]]:
        spans: dict[int, list[tuple[int, int]]] = {}
        for one in self.sentences:
            spans.setdefault(one.line, []).append((one.start, one.start + len(one.text)))
        return spans

    @cached_property
    def _sentences_by_line(self) -> dict[int, list[Sentence]]:
        found: dict[int, list[Sentence]] = {}
        for one in self.sentences:
            found.setdefault(one.line, []).append(one)
        return found

    @cached_property
    def _by_line(self) -> dict[int, list[Numeral]]:
        found: dict[int, list[Numeral]] = {}
        for one in self.numerals:
            found.setdefault(one.line, []).append(one)
        return found


def read_numerals(document: Document) -> Reading:
    """The numerals of a document, each with the words around it."""
    found: dict[int, list[Finding]] = {}
    others = 0
    plain = [normal(block.text) for block in document.blocks]
    for one in findings(document.text, repeats=True):
        if one.number is None or is_no_count(plain[one.span.paragraph - 1], one):
            others += 1
        else:
            found.setdefault(one.span.paragraph, []).append(one)
    lines = tuple(plain)
    sentences: list[Sentence] = []
    numerals: list[Numeral] = []
    heading = ""
    for number, line in enumerate(lines, 1):
        if HEADING.match(line) and len(line) < 40:
            heading = line
        for start, end in _sentences(line):
            inside = [one for one in found.get(number, ()) if start <= one.span.offset < end]
            mine = _in_sentence(document, number, line, (start, end), inside, heading, len(sentences))
            mine = _as_rounded(_with_units_left_out(mine)) if "\t" not in line else mine
            sentences.append(Sentence(number, start, line[start:end], mine))
            numerals += mine
    return Reading(document, tuple(sentences), tuple(numerals), others, lines)


def is_no_count(line: str, one: Finding) -> bool:
    """Whether a number in prose is that of a note or paragraph, half of one with a space in it, or a word: 三元材料.

    >>> [is_no_count(line, findings(line)[0]) for line in ("The list is kept. 29 Publicly funded.", "三元材料")]
    [True, True]
    """
    before, after = line[: one.span.offset], line[one.span.end :]
    if "\t" in line or "|" in line:
        return False
    if SMALL_SUM.fullmatch(one.span.printed) or DOZENS.search(one.span.printed):
        return True
    if " to " in one.span.printed and MOVED_BY.search(before):
        return True  # increased $63 million to $987 million
    if not WHOLE_NUMBER.fullmatch(re.sub("^[A-Za-z ]*", "", one.span.printed)):
        return False
    if MODEL_AFTER.match(after):
        return True
    if HAN.search(line):
        return False
    is_note = NOTE_BEFORE.search(before) is not None and NOTE_AFTER.match(after) is not None
    is_paragraph = PARAGRAPH_BEFORE.search(before) is not None and PARAGRAPH_AFTER.match(after) is not None
    is_half = THOUSANDS_AFTER.match(after) is not None or THOUSANDS_BEFORE.search(before) is not None
    return is_note or is_paragraph or is_half


def _with_units_left_out(numerals: tuple[Numeral, ...]) -> tuple[Numeral, ...]:
    """A part in millions or 亿 without a unit is told in its whole's: 10.0 billion yuan, of which 4.0 billion."""
    found: list[Numeral] = []
    for one in numerals:
        whole = found[-1] if found else None
        is_bare = not one.unit and MAGNITUDE.search(one.printed) is not None and not NOUN.match(one.after)
        if whole is not None and is_bare and whole.unit and whole.is_amount and OF_IT.search(one.before):
            one = replace(one, number=replace(one.number, unit=whole.unit))
        found.append(one)
    return tuple(found)


def _as_rounded(numerals: tuple[Numeral, ...]) -> tuple[Numeral, ...]:
    """Large numbers in English that all end in 00 are rounded to what they all end in: £27,000 and £26,500."""
    large = [one for one in numerals if _is_large(one)]
    if not large or not all(_may_be_rounded(one) for one in large):
        return numerals
    step = min(_step(one) for one in large)
    widened = {id(one): _widened(one, step) for one in large}
    return tuple(widened.get(id(one), one) for one in numerals)


def _is_large(one: Numeral) -> bool:
    number = one.number
    return one.is_amount and number.scale == 1 and abs(number.value) >= FROM


def _may_be_rounded(one: Numeral) -> bool:
    return one.number.lang == "en" and ROUNDED.search(one.printed) is not None


def _step(one: Numeral) -> int:
    zeros = len(one.digits) - len(one.digits.rstrip("0"))
    return 10 ** min(3, zeros)


def _widened(one: Numeral, step: int) -> Numeral:
    number = one.number
    half = Fraction(step, 2)
    return replace(one, number=replace(number, low=number.low - half, high=number.high + half))


def _sentences(line: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in SENTENCE_END.finditer(line):
        spans.append((start, match.end()))
        start = match.end()
    if line[start:].strip():
        spans.append((start, len(line)))
    return spans


def _in_sentence(
    document: Document,
    number: int,
    line: str,
    ends: tuple[int, int],
    inside: list[Finding],
    heading: str,
    sentence: int,
) -> tuple[Numeral, ...]:
    """The numerals of one sentence of a line, each with what stands around it."""
    start, end = ends
    block = document.blocks[number - 1]
    made = []
    for place, one in enumerate(inside):
        assert one.number is not None  # of figures alone
        first, last = one.span.offset, one.span.end
        left = inside[place - 1].span.end if place else start
        right = inside[place + 1].span.offset if place + 1 < len(inside) else end
        years = YEAR.findall(line[start:first]) or YEAR.findall(heading)
        # one call with a value for each field
        made.append(
            Numeral(
                line=number,
                offset=first,
                end=last,
                printed=block.text[first:last],
                number=one.number,
                measure=one.measure,
                label=one.label,
                before=line[left:first],
                after=line[last:right],
                following=line[last : last + FOLLOWING],
                sentence=sentence,
                heading=heading,
                period=years[-1] if years else "",
                place=block.place,
            )
        )
    return tuple(made)

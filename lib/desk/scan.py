"""The numerals of a text: which are figures, what they probably measure, and why the others are none.

A numeral is a run of digits (with its decimals and 万/亿) or of Chinese numerals. What is not a figure is known by the
words around it, which `numerals.toml` lists by kind; the rest is read as `printed` reads it, with hedge and unit, and
as `shared` completes it from its list, its lead word or its table's head. Words in English are read as English.
All of it is a draft: a person decides.

A line of any length is read in time that grows with its length: patterns see a window of it at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bluebook.edition.measures import fitting, is_before, is_sized
from bluebook.numbers import english
from bluebook.numbers.bounds import printed
from bluebook.numbers.characters import Tight, is_traditional, normal, tight
from bluebook.numbers.chinese import BEGINNING, stated
from bluebook.numbers.printed import ARABIC, LONGEST, SHAPE, Form, Printed, PrintedError, parse
from desk import guess
from desk.lists import Reading, complete
from desk.prose import must_be_prose
from desk.reasons import CHINESE_NUMERALS, LETTER, is_chinese, is_year, reasons_of, word_reason
from desk.squashed import REASON, squashed
from desk.tables import Cell, cells
from desk.titles import title_year

_NUMERAL = re.compile(rf"(?:{ARABIC})[十百千万亿兆]*|[{CHINESE_NUMERALS}]+兆?")
# no number: left out before any pattern is tried on it
_ENDLESS = re.compile(rf"[\d,.{CHINESE_NUMERALS}]{{{LONGEST},}}")
_BEFORE = 9  # characters before a numeral in which a figure that holds it may begin: 负增长了不超过
_SMALL = ("级", "类", "大类", "层", "方面")  # what a text counts once and then names again: 四级
_JOINT = re.compile(r"[-—–~～]+|至|到")
_ENDS_OF_WORDS = {  # characters that make another word with a hedge or sign behind them
    "超": "出入赶反", "过": "通经超不越度路", "破": "跌打侦告爆突攻", "上": "以网线加地路马街",
    "约": "签节契预履违制合", "近": "附最靠",
    "减": "加裁增精连", "降": "投空沉霜连起升乘", "跌": "连", "负": "减降增担抱欠承背肩胜自",
}  # fmt: skip
_HONG_KONG = re.compile(r"香港|港元|港币|港铁|港府|港股|公屋|区域法院|HK\$|\.HK(?![A-Za-z])")


COLUMNS = "printed reads_as unit hedge measure period base paragraph offset label_zh reason_zh reason_en".split()
LONG_CODE = "号码"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: its line (from 1), its offset in it (characters, from 0) and its characters."""

    paragraph: int
    offset: int
    printed: str

    @property
    def end(self) -> int:
        return self.offset + len(self.printed)

    def holds(self, other: Span) -> bool:
        return self.paragraph == other.paragraph and self.offset <= other.offset and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Finding:
    """A numeral of a text: a figure, or with `reason` (Chinese, English) none; the rest is a guess from a sentence.

    `reads_as` is what is parsed instead of what is printed, where a number takes its sign or unit from around it.
    `before` is its sentence up to it, as the reader sees it (half-width, simplified); `cell` its cell, in a table.
    """

    span: Span
    reason: tuple[str, str] | None = None
    number: Printed | None = None
    measure: str = ""
    label: str = ""
    period: str = ""
    base: str = ""
    reads_as: str = ""
    sentence: str = field(default="", repr=False)
    before: str = field(default="", repr=False)
    cell: Cell | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Document:
    """What is known of a text as a whole: the year it is about, its tables, whether it is in traditional characters."""

    year: str
    in_tables: dict[tuple[int, int], Cell]
    traditional: bool
    dollar: str  # what a bare $ stands for, where it is not US$


def numerals(text: str) -> list[Span]:
    """The numerals of a text, line by line, in order.

    >>> [(n.paragraph, n.offset, n.printed) for n in numerals("全市208万名志愿者,\\n占15.5%,分两批")]
    [(1, 2, '208万'), (2, 1, '15.5'), (2, 8, '两')]
    """
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        line, plain = tight(raw), normal(raw)
        for match in _NUMERAL.finditer(line.text):
            found.append(_span(number, plain, line, match.start(), match.end()))
    return found


def _span(number: int, raw: str, line: Tight, start: int, end: int) -> Span:
    left, right = line.original(start, end)
    return Span(number, left, raw[left:right])


COLUMNS += "value low high low_included high_included sentence".split()


def record(finding: Finding) -> dict[str, object]:
    """A finding as a row of the draft; value and bounds as numbers."""
    number = finding.number
    told = {"unit": number.unit, "hedge": number.hedge} if number else {}
    ends: dict[str, object] = {}
    if number:
        ends = {end: float(getattr(number, end)) for end in ("value", "low", "high")}
        ends |= {"low_included": not number.low_open, "high_included": not number.high_open}
    reason = dict(zip(("reason_zh", "reason_en"), finding.reason or ("", ""), strict=True))
    place = {"paragraph": finding.span.paragraph, "offset": finding.span.offset, "sentence": finding.sentence}
    guesses = {"measure": finding.measure, "period": finding.period, "base": finding.base, "label_zh": finding.label}
    form = {"printed": finding.span.printed, "reads_as": finding.reads_as}
    return {**form, **told, **guesses, **place, **reason, **ends}


def findings(text: str, *, repeats: bool = False) -> list[Finding]:
    """Every numeral of a text as a finding, in order: figures whole (近七成), others as the bare numeral.

    Raises `EditionError` for a text that is HTML or a CSV table.

    >>> for found in findings("2020年,全市208万名志愿者占常住人口的15.5%,是“1336”体系的一部分。"):
    ...     print(found.span.printed, found.measure or found.reason[1])
    2020 calendar year: 2020
    208万名 count
    15.5% share
    1336 name of a system: “1336”
    一 idiom or word: 一
    >>> [(f.span.printed, f.reads_as) for f in findings("分别下降18.6%和22.0%。") if f.number]
    [('下降18.6%', ''), ('22.0%', '下降22.0%')]
    """
    must_be_prose(text)
    document = _Document(title_year(text), cells(text), is_traditional(text), _dollar(text))
    found: list[Finding] = []
    for number, raw in enumerate(text.splitlines(), 1):
        found += _line(number, raw, document)
    return found if repeats else list(_without_repeats(found))


def _dollar(text: str) -> str:
    """HK$ in a text of traditional characters that names Hong Kong or its currency."""
    return "HK$" if is_traditional(text) and _HONG_KONG.search(normal(text)) else ""


def _line(number: int, raw: str, document: _Document) -> Iterator[Finding]:
    line = tight(raw)
    spans = [(match.start(), match.end()) for match in _NUMERAL.finditer(line.text)]
    spans = _with_words(line.text, spans)
    if not spans:
        return
    plain = _ENDLESS.sub(lambda run: "…" * len(run[0]), line.text)
    reasons = reasons_of(plain, spans, is_traditional=document.traditional)
    for start, end in spans:
        cell = document.in_tables.get((number, line.places[start]))
        if cell is not None and _is_number_of_table(cell, reasons.get((start, end))):
            del reasons[start, end]
    together = list(squashed(raw))
    for start, end in spans if together else ():
        place = line.places[start]
        if any(first <= place < last for first, last in together):
            reasons[start, end] = REASON
    readings = _readings(plain, spans, reasons)
    in_tables: dict[int, Cell] = {}
    for reading in readings:
        cell = document.in_tables.get((number, line.places[reading.left]))
        if cell is not None:
            in_tables[reading.left] = cell
    readings = complete(plain, readings, in_tables, document.dollar)
    context = guess.Context(plain, document.year, document.traditional)
    by_place = {reading.left: reading for reading in readings}
    lists = guess.lists(readings, plain)
    done = 0
    starts = sorted({*by_place, *(start for start, _ in spans)})
    ends = dict(spans)
    for start in starts:
        if start < done:
            continue
        figure = by_place.get(start)
        if figure is None:
            done = ends[start]
            if _is_word_only(plain, start):
                continue
            reason = reasons.get((start, done)) or word_reason(plain, start, done)
            span = _span(number, raw, line, start, done)
            yield Finding(span, reason, sentence=context.sentence(start))
            continue
        done = figure.right
        left, right = line.original(figure.left, figure.right)
        guessed = guess.guess(context, figure, lists.get(start), in_tables.get(start))
        yield Finding(
            span=Span(number, left, raw[left:right]),
            number=figure.number,
            measure=fitting(guessed.measure, figure.number),
            label=guessed.label,
            period=guessed.period,
            base=guessed.base if is_before(guessed.base, guessed.period) else "",
            reads_as=figure.reads_as.replace(plain[figure.left : figure.right], raw[left:right], 1),
            sentence=context.sentence(start),
            before=context.before(start),
            cell=in_tables.get(start),
        )


def _is_number_of_table(cell: Cell, reason: tuple[str, str] | None) -> bool:
    """Whether a number of a table's cell, which elsewhere would be a year or a long code, is one of its column."""
    if reason is None:
        return False
    return (cell.is_count and is_year(reason)) or (bool(cell.unit) and reason[0].startswith(LONG_CODE))


def _with_words(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The numerals and, where a line has English, numbers in its words: two-thirds, half a million."""
    if not LETTER.search(line):
        return spans
    words = [(m.start(), m.end()) for m in english.WORDS.finditer(line) if not is_chinese(line, m.start(), m.end())]
    inside: set[int] = set()
    for start, end in words:
        inside.update(range(start, end))
    return sorted([*words, *(span for span in spans if span[0] not in inside)])


def _is_word_only(line: str, start: int) -> bool:
    """Whether a place was looked at for its English words alone, and is no numeral."""
    return line[start].isascii() and line[start].isalpha()


def _readings(
    line: str, spans: list[tuple[int, int]], reasons: dict[tuple[int, int], tuple[str, str]]
) -> list[Reading]:
    """The figures of a line, each the longest printed number that holds a numeral without a reason."""
    excluded = sorted(start for start, _ in reasons)
    has_letters = LETTER.search(line) is not None
    readings: list[Reading] = []
    done = 0
    for start, end in spans:
        if start < done or (start, end) in reasons:
            done = max(done, end) if (start, end) in reasons else done
            continue
        after = bisect_left(excluded, start)
        until = excluded[after] if after < len(excluded) else len(line)
        first = max(done, start - _BEFORE)
        if has_letters and not is_chinese(line, start, end):
            reading = _english(line, max(done, start - 30), start, end, until)
        else:
            reading = _chinese(line, first, start, end, until)
        done = reading.right if reading else end
        if reading:
            readings.append(reading)
    return readings


def _chinese(line: str, first: int, start: int, end: int, until: int) -> Reading | None:
    """The longest printed number that holds the numeral at `start` and ends before `until`."""
    for left in range(first, start + 1):
        if left < start and not BEGINNING.match(line, left, start):
            continue
        if line[left] in "-−" and line[max(0, left - 1) : left].isalnum() and line[left - 1] < "一":
            continue  # a hyphen, not a sign
        form = SHAPE.match(line, left, until)
        if form is None or form.core_begin > start or form.end() < end:
            continue
        said = stated(form)
        if said is None or _is_inside_a_word(line, form):
            continue
        right, number = _range(line, form, until)
        number = number or printed(line[left:right], said)
        if is_sized(number) and not number.is_empty and not _vague(line[left:right], number):
            return Reading(left, right, form, number)
    return None


def _is_inside_a_word(line: str, form: Form) -> bool:
    """Whether a hedge or sign of one character is the end of another word: 通过3项, 打破12项, 侦破."""
    if form.core_begin == form.begin or not form.begin:
        return False
    if line.endswith("折合", 0, form.begin):
        return False
    return line[form.begin - 1] in _ENDS_OF_WORDS.get(line[form.begin], "")


def _range(line: str, form: Form, until: int) -> tuple[int, Printed | None]:
    """Where the range that begins with a form ends, and the range; else where the form does."""
    joint = _JOINT.match(line, form.end(), until)
    if joint is None or (joint[0] in "到至" and line[max(0, form.begin - 1) : form.begin] in ("由", "从", "自")):
        return form.end(), None
    other = SHAPE.match(line, joint.end(), until)
    if other is None or other.end() - form.begin > LONGEST:
        return form.end(), None
    try:
        return other.end(), parse(line[form.begin : other.end()])
    except PrintedError:
        return form.end(), None


def _english(line: str, first: int, start: int, end: int, until: int) -> Reading | None:
    """The longest printed number in English that holds what stands at `start`."""
    begin = max(0, first - 1)  # a number is not long: what stands around it is enough
    window = line[begin : min(until, end + LONGEST)]
    for left in english.beginnings(window, first - begin, start - begin):
        form = english.form_at(window, left)
        if form is None or form.core_begin > start - begin or form.stop < min(end, until) - begin:
            continue
        right, number = _english_range(window, left, form)
        number = number or printed(window[left:right], form.stated, "en")
        if number.is_empty:
            return None
        return Reading(begin + left, begin + right, form, number)
    return None


def _english_range(line: str, left: int, form: english.Form) -> tuple[int, Printed | None]:
    """Where the range that begins with a form ends, and the range; what fell or rose from one to another is none."""
    joint = english.JOINT.match(line, form.stop)
    if joint is None:
        return form.stop, None
    is_change = form.sign[:1].isalpha() or line.endswith(("from ", "by "), 0, left)
    if ("to" in joint[0] and is_change) or ("and" in joint[0] and not line.endswith("between ", 0, left)):
        return form.stop, None
    other = english.form_at(line, joint.end())
    if other is None:
        return form.stop, None
    number = english.read(line[left : other.stop], line[left : other.stop])
    return (other.stop, number) if number else (form.stop, None)


def _vague(words: str, number: Printed) -> bool:
    """Whether a number in Chinese words alone is more likely a word: no unit, no hedge, no power."""
    bare = not (number.unit or number.hedge or number.scale != 1)
    return bare and words[-1] in CHINESE_NUMERALS


def _within(span: Span) -> Iterator[Span]:
    for found in numerals(span.printed):
        yield Span(span.paragraph, span.offset + found.offset, span.printed[found.offset : found.end])


def _is_repeat(words: str, number: Printed) -> bool:
    """Whether a number printed before is the same figure again: one of three digits, or a small one in words (四级)."""
    digits = re.sub(r"\D", "", words).strip("0")
    return len(digits) > 2 or (number.unit in _SMALL and words[0] in CHINESE_NUMERALS)


def _without_repeats(found: Iterable[Finding]) -> Iterator[Finding]:
    """A number of three digits or more that is printed again, or a 四级 that is, repeats its figure."""
    known: set[str] = set()
    for finding in found:
        words = normal(finding.span.printed)
        if finding.number is None:
            known.add(words)
            yield finding
            continue
        if words in known and _is_repeat(words, finding.number):
            reason = f"重复已列数据：{words}", f"repeats a number: {words}"
            yield from (Finding(span, reason, sentence=finding.sentence) for span in _within(finding.span))
            continue
        known.add(words)
        yield finding

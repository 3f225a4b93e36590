"""The numbers of a report as what they are numbers of: named, in a sentence with its own wording, of a year.

Two reports of one office say the same thing in the same words. A quantity is known again by the wording of its
sentence, with numbers left out and years counted from the report's own, or by its name, unit, year and place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bluebook.numbers.characters import normal
from desk.documents import Document
from desk.numerals import Numeral, Reading, Sentence, read_numerals
from desk.relations.divisions import divisions
from desk.relations.levels import FEWER, MORE, MOVED_FROM, Group, groups_of, is_prior
from desk.relations.names import PLACE, name_of_group, names_of
from desk.relations.tables import Row, Table, tables

TITLES = 5  # lines from the top in which a report's own title may stand
LONGEST_TITLE = 80  # characters
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)年?")
DATED = re.compile(r"(?:19|20)\d\d年\d{1,2}月")
HELD_AGAINST = re.compile(
    r"(?:比|较|与|同|和|自|从|由|相比|于|since|than|from|against|with|to|by|over|on)\s*$", re.IGNORECASE
)
SPAN = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]+)(?:月)?(?:至|-|—|到)(?:\d{1,2}|[一二三四五六七八九十]+)月|[上下]半年"
    r"|前[一二三四五六七八九十]+个?(?:季度|月)|第?[一二三四]季度|\d{1,2}月(?:末|底|份)"
    r"|first (?:half|quarter)|(?:six|nine) months"
)
LAST_YEAR = re.compile(r"上年|去年|前一年|上期|a year (?:earlier|before)|(?:last|previous|preceding) year")
SAID_BEHIND = re.compile(r"^[^.;()\d]{0,40}?\bin ((?:19|20)\d\d)\b")
SAID_IN = re.compile(r"\bin ((?:19|20)\d\d)\b")
GROWING = re.compile(rf"(?:比|较)?(?:上年|去年|上年同期|去年同期|同比)?(?:{MORE}|{FEWER}|上涨|下跌)?$")
NUMBERING = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|\d+(?:\.\d+)*[.、]\s?)")
ENGLISH_WORD = re.compile(r"[A-Za-z][A-Za-z-]+")
COMMON = frozenset(
    "the a an of in at and or to from was were is are it its by for with on as had has have this that there "
    "year end about over more than some nearly almost only all total altogether up down number numbered "
    "annual statistical bulletin report yearbook communique review statistics accounts text invented testing".split()
)
TABLE_YEAR = re.compile(r"((?:19|20)\d\d)年?(?:度|末)?")


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number, and what is known of what it is a number of.

    `role` says what it is in its sentence: a level, or the prior, change, growth or points of `level`. `wording` is
    its sentence without numbers and its place in it; `year` the year it is of, where the text says that.
    """

    numeral: Numeral
    name: str
    role: str
    wording: tuple[str, int]
    heading: str
    year: int | None
    span: str
    group: Group | None = None


@dataclass(frozen=True)
class Report:
    """A document with its quantities, the year it is about and the words of its title that tell its place."""

    reading: Reading
    year: int | None
    span: str
    places: frozenset[str]
    quantities: tuple[Quantity, ...]
    by_numeral: dict[int, Quantity] = field(repr=False)

    def of(self, numeral: Numeral) -> Quantity | None:
        """The quantity that a numeral of the report is.

        >>> from desk.documents import from_text
        >>> report = read_report(from_text("2023年社会组织605家。"))
        >>> quantity = report.of(report.reading.numerals[0])
        >>> quantity.name, quantity.year
        ('社会组织', 2023)
        """
        return self.by_numeral.get(id(numeral))


def read_report(document: Document) -> Report:
    """The quantities of a document. A number whose year cannot be told from the text has none.

    >>> from desk.documents import from_text
    >>> report = read_report(from_text("海州市2023年统计公报\\n年末社会组织605家，上年末为316家。"))
    >>> [(one.name, one.role, one.year) for one in report.quantities]
    [('社会组织', 'level', 2023), ('社会组织', 'prior', 2022)]
    """
    reading = read_numerals(document)
    titles = _titles(reading)
    year = _year_of(titles, reading)
    span = next((match[0] for match in map(SPAN.search, titles) if match), "")
    found = [*_in_prose(reading, year, span), *_in_tables(reading, year, span)]
    return Report(reading, year, span, _places(titles), tuple(found), {id(one.numeral): one for one in found})


def _titles(reading: Reading) -> list[str]:
    """The first lines that are no sentences, nor a remark in brackets."""
    filled = [line.strip() for line in reading.lines if line.strip()][:TITLES]
    return [
        line
        for line in filled
        if len(line) <= LONGEST_TITLE and not re.search(r"[。;；]|\.$", line) and not line.startswith("(")
    ]


def _year_of(titles: Sequence[str], reading: Reading) -> int | None:
    """The year a report is about: of its title, else the one its sentences begin with."""
    for line in titles:
        if "\t" not in line and (years := YEAR.findall(DATED.sub("", line))):
            return int(years[0])
    dates = [int(date[:4]) for line in titles for date in DATED.findall(line)]
    if dates:
        return dates[0]
    begun = [YEAR.match(re.sub(r"^\s*(?:截至|到|In |At the end of )", "", one.text)) for one in reading.sentences]
    told = {int(match[1]) for match in begun if match}
    if not told:
        told = {int(match) for one in reading.sentences for match in SAID_IN.findall(one.text)}
    return max(told) if told else None


def _places(titles: Sequence[str]) -> frozenset[str]:
    """Names of places in the titles, in Chinese their last three characters; and the words of an English one."""
    chinese = {match[0][-3:] for line in titles for match in PLACE.finditer(line)}
    english = {word for line in titles for word in ENGLISH_WORD.findall(line) if word[0].isupper()}
    return frozenset(chinese | {word.lower() for word in english if word.lower() not in COMMON})


# prose


def _in_prose(reading: Reading, year: int | None, span: str) -> Iterator[Quantity]:
    parts = _part_names(reading)
    for sentence in reading.sentences:
        if sentence.is_row or not sentence.numerals:
            continue
        template = _template(sentence, year)
        places = {id(one): place for place, one in enumerate(sentence.numerals)}
        own_span = SPAN.search(sentence.text)
        for group in groups_of(sentence):
            told_year = _year(group.level, sentence, year)
            name = parts.get(id(group.level)) or _name_of_group(group)
            for role in ("level", "prior", "change", "growth", "points"):
                one = getattr(group, role)
                if one is None:
                    continue
                yield Quantity(
                    numeral=one,
                    name=name,
                    role=role,
                    wording=(template, places[id(one)]),
                    heading=_heading(one, year),
                    year=_prior_year(one, told_year) if role == "prior" else told_year,
                    span=own_span[0] if own_span else span,
                    group=group,
                )


def _part_names(reading: Reading) -> dict[int, str]:
    """Parts are called by their whole, too: 医院 of 医疗卫生机构总数."""
    names = {}
    for division in divisions(reading):
        whole = name_of(division.whole)
        for part in division.parts:
            name = re.sub(r"^.*[,，、:：;；]|其中|有$|为$|达$", "", part.before).strip()
            if whole and re.fullmatch(r"[一-鿿()]{2,16}", name):
                names[id(part)] = f"{whole}·{name}"
    return names


def _name_of_group(group: Group) -> str:
    """The name of a level; where it is what another became, 社会组织由316家增加到605家, it stands before that one."""
    prior = group.prior
    moved = MOVED_FROM.search(prior.before) if prior is not None else None
    if prior is None or moved is None or prior.offset > group.level.offset:
        return name_of(group.level)
    return name_of(prior) if prior.number.lang == "en" else name_of_group(group)


def name_of(one: Numeral) -> str:
    """What a number is called by the words around it; nothing where they do not say.

    >>> from desk.documents import from_text
    >>> [one] = read_numerals(from_text("The port had 134 berths at the end of the year.")).numerals
    >>> name_of(one)
    'berths port'
    """
    if one.number.lang == "en":
        return _english_name(one)
    name, _ = names_of(one)
    if not name and one.is_percent and one.measure == "growth":
        name = re.sub(r"^.*[,，、:：;；]", "", GROWING.sub("", one.before)) + "增长"
        name = re.sub(r"^(?:全年|全市|其中)+", "", name)
    return name if re.fullmatch(r"[一-鿿()]{3,20}", name) else ""


def _english_name(one: Numeral) -> str:
    """The words of its clause, in alphabetical order."""
    before = re.split(r"[,;:()]", one.before)[-1]
    after = re.split(r"[,;:().]| and | up | down | an? (?:increase|decrease) | in (?:19|20)", one.after)[0]
    words = {word.lower() for word in ENGLISH_WORD.findall(f"{before} {after}")} - COMMON
    return " ".join(sorted(words))


def _template(sentence: Sentence, year: int | None) -> str:
    """The wording of a sentence: numbers left out, years counted from the report's own, spaces as one."""
    parts = []
    at = sentence.start
    for one in sentence.numerals:
        parts += [sentence.text[at - sentence.start : one.offset - sentence.start], "#"]
        at = one.end
    parts.append(sentence.text[at - sentence.start :])
    return _with_years_counted("".join(parts), year)


def _with_years_counted(text: str, year: int | None) -> str:
    if year is not None:
        text = YEAR.sub(lambda match: f"<{int(match[1]) - year:+}>", text)
    return " ".join(text.split())


def _heading(one: Numeral, year: int | None) -> str:
    """The heading above a number, without its numbering."""
    return _with_years_counted(NUMBERING.sub("", one.heading), year)


def _year(level: Numeral, sentence: Sentence, year: int | None) -> int | None:
    """The year a level is of: what its sentence says, not as a comparison; the heading's; the report's."""
    behind = SAID_BEHIND.match(level.after) if level.number.lang == "en" else None
    if behind:
        return int(behind[1])
    told = sentence.text_before(level)
    own = [match for match in YEAR.finditer(told) if not HELD_AGAINST.search(told[: match.start()])]
    if own:
        return int(own[-1][1])
    if LAST_YEAR.search(level.before) or is_prior(level):
        return None
    heading = YEAR.findall(level.heading)
    return int(heading[-1]) if heading else year


def _prior_year(one: Numeral, of_level: int | None) -> int | None:
    """The year of an earlier level beside a level: 上年为, 2022年为, from 43 in 2022; unknown after 年初 and 由."""
    behind = SAID_BEHIND.match(one.after) if one.number.lang == "en" else None
    if behind:
        return int(behind[1])
    named = YEAR.findall(one.before)
    if named:
        return int(named[-1])
    is_last = LAST_YEAR.search(one.before) or LAST_YEAR.search(one.after[:24])
    return of_level - 1 if is_last and of_level is not None else None


# tables


def _in_tables(reading: Reading, year: int | None, span: str) -> Iterator[Quantity]:
    for table in tables(reading):
        for row in table.rows:
            yield from _in_row(row, table, year, span)


def _in_row(row: Row, table: Table, year: int | None, span: str) -> Iterator[Quantity]:
    for column, one in row.cells.items():
        title = table.title(column)
        named = TABLE_YEAR.search(title)
        bare = TABLE_YEAR.sub("", title)
        of_last = re.match(r"上年|去年|Previous|Last", bare) is not None
        told_year = int(named[1]) if named else year
        if of_last and not named:
            told_year = year - 1 if year is not None else None
        bare = re.sub(r"^(?:上年|去年|本年|今年|Previous year|Last year)(?:同期|数|末)?", "", bare)
        label = re.sub(r"\s+", " ", normal(row.label))
        yield Quantity(
            numeral=one,
            name=f"{label}·{bare}".rstrip("·"),
            role="level",
            wording=(f"{label}|{_with_years_counted(title, year)}", 0),
            heading=_heading(one, year),
            year=told_year,
            span=span,
        )

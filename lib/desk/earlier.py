"""What a new edition takes over from an earlier one: ids, labels, English and chapters of figures that are the same.

Two figures are the same when label, measure and unit are the same and no other row of either has them; then nothing is
to be confirmed. One whose label only holds the other's, 注册志愿者 and 志愿者, is taken over to be confirmed. Of an
edition of another place names and English are taken over, and nothing that names its place.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bluebook.edition.measures import reading
from bluebook.edition.package import read_package
from bluebook.edition.table import read_rows
from bluebook.numbers.printed import PrintedError, canonical, parse
from desk.rows import Row
from desk.terms import Terms

ITEMS = dict.fromkeys("个项件宗起", "个")  # measure words that a source uses for the same things
PEOPLE = dict.fromkeys("人名位", "人")
SHORTEST = 3  # characters that a label has at least, to be looked for in another
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class OldFigure:
    """A figure of the earlier edition, as far as another can take it over."""

    id: str
    chapter: str
    label_zh: str
    label_en: str
    measure: str
    unit: str
    per: str
    area: str

    @property
    def kind(self) -> tuple[str, str]:
        """What must be the same beside the label."""
        return self.measure, self.unit


@dataclass(frozen=True)
class Earlier:
    """An earlier edition: its figures, chapters, terms, and what its package says of its text."""

    name: str
    place: str
    figures: tuple[OldFigure, ...]
    chapters: Mapping[str, tuple[str, str]]  # by the Chinese title: id and English title
    titles: Mapping[str, str]
    terms: Mapping[str, str]
    excluded: frozenset[tuple[str, str]]  # numeral and reason
    package: Mapping[str, object]

    def title_en(self, title: str) -> str:
        """The English of a title that differs from the earlier one in the year alone; "" for another title."""
        old_years, new_years = set(YEAR.findall(self.titles["zh"])), set(YEAR.findall(title))
        is_same = YEAR.sub("", self.titles["zh"]) == YEAR.sub("", title)
        if not is_same or len(old_years) != 1 or len(new_years) != 1:
            return ""
        return self.titles["en"].replace(old_years.pop(), new_years.pop())


def read_earlier(folder: Path) -> Earlier:
    """The edition in a folder. Raises `EditionError` for one that cannot be read."""
    package = read_package(folder / "datapackage.json")
    chapters = {}
    for chapter in package["chapters"]:
        chapters[chapter["title_zh"]] = (chapter["id"], chapter["title_en"])
    terms = {}
    for row in read_rows(folder / "glossary.csv", optional=True):
        terms[row["term_zh"]] = row["term_en"]
    return Earlier(
        name=folder.name,
        place=place_of(package, folder.name),
        figures=tuple(_figures(read_rows(folder / "figures.csv"))),
        chapters=chapters,
        titles=package["titles"],
        terms=terms,
        excluded=_settled(folder / "excluded.csv"),
        package=package,
    )


def _settled(path: Path) -> frozenset[tuple[str, str]]:
    """The numerals that somebody decided are no figures, each with its reason."""
    found = set()
    for row in read_rows(path, optional=True):
        if not row.get("todo"):
            found.add((row["printed"], row["reason_zh"]))
    return frozenset(found)


def place_of(package: Mapping[str, object], name: str) -> str:
    """The place that an edition is about: what its package says, else its name without the year."""
    return str(package.get("place") or re.sub(r"-?\d{4}$", "", name))


def _figures(rows: Sequence[Mapping[str, str]]) -> list[OldFigure]:
    figures = []
    for row in rows:
        try:
            unit = unit_of(reading(row))
        except PrintedError:
            continue
        if re.search("[一-鿿]", row["label_en"]) or row.get("status") or "id" in row.get("todo", "").split():
            continue
        known = {
            name: row.get(name, "") for name in ("id", "chapter", "label_zh", "label_en", "measure", "per", "area")
        }
        figures.append(OldFigure(unit=unit, **known))
    return figures


def unit_of(printed: str) -> str:
    """What figures must share to be the same: 名 and 人 count the same things.

    >>> unit_of("208万名") == unit_of("175万人"), unit_of("15.5%"), unit_of("605个") == unit_of("9项")
    (True, '%', True)
    """
    number = parse(printed)
    if not number.unit:
        return "%" if number.scale < 1 else ""
    return PEOPLE.get(number.unit) or ITEMS.get(number.unit) or canonical(number.unit)


def earlier_terms(earlier: Earlier, terms: Terms) -> Terms:
    """The terms, with the earlier edition's labels as names and its glossary as words."""
    names = {one.label_zh: one.label_en for one in earlier.figures if not _names_place(one, earlier)}
    return terms.with_names(names).with_words(earlier.terms)


def carry_over(rows: Sequence[Row], earlier: Earlier, place: str) -> int:
    """Give rows the id, labels and measure of the earlier edition's figures that they are; how many."""
    is_same_place = place == earlier.place
    old = [one for one in earlier.figures if is_same_place or not _names_place(one, earlier)]
    new = [row for row in rows if not row.status]
    taken: set[str] = set()
    count = 0
    for row, one in _same(new, old, is_same_place=is_same_place):
        _take(row, one, earlier, is_certain=True, with_chapter=is_same_place)
        taken.add(one.id)
        count += 1
    left = [one for one in old if one.id not in taken]
    for row, one in _alike([row for row in new if not row.carried], left):
        _take(row, one, earlier, is_certain=False, with_chapter=is_same_place)
        count += 1
    return count


def _same(rows: Sequence[Row], old: Sequence[OldFigure], *, is_same_place: bool) -> list[tuple[Row, OldFigure]]:
    """Rows and figures with one label, measure and unit, which are alone in that; the latest of a series counts."""
    by_key: dict[tuple[str, ...], list[OldFigure]] = defaultdict(list)
    for one in old:
        by_key[(plain_label(one.label_zh), *one.kind, one.area if is_same_place else "")].append(one)
    rows_by_key: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_key[plain_label(row.label_zh), *_kind(row), row.area if is_same_place else ""].append(row)
    found = []
    for key, mine in rows_by_key.items():
        theirs = by_key.get(key, [])
        latest = [row for row in mine if row.period == max(one.period for one in mine)]
        if len(theirs) == 1 and len(latest) == 1:
            found.append((latest[0], theirs[0]))
    return found


def _alike(rows: Sequence[Row], old: Sequence[OldFigure]) -> list[tuple[Row, OldFigure]]:
    """Rows whose label holds that of one figure of their kind, or is held by it, and by no other."""
    found: list[tuple[Row, OldFigure]] = []
    for row in rows:
        label = plain_label(row.label_zh)
        near = [one for one in old if one.kind == _kind(row) and _holds(label, plain_label(one.label_zh))]
        if len(near) == 1:
            found.append((row, near[0]))
    times = [one.id for _, one in found]
    return [(row, one) for row, one in found if times.count(one.id) == 1]


def _holds(one: str, other: str) -> bool:
    """Whether one of two labels holds the other, which is long enough to mean something."""
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST and short in long and len(long) - len(short) <= len(short)


def plain_label(label: str) -> str:
    """A label without what does not change what it names.

    >>> plain_label("全市常住人口总数") == plain_label("常住人口")
    True
    """
    numbered = re.sub("之[零一二三四五六七八九十]+$", "", label)
    return re.sub(r"^(?:全市|全省|全区|全县|年末)|(?:总数|总量|数量)$|[的（）()]", "", numbered)


def _kind(row: Row) -> tuple[str, str]:
    reads = row.finding.reads_as or row.finding.span.printed
    return row.measure, unit_of(reads)


def _names_place(one: OldFigure, earlier: Earlier) -> bool:
    """Whether a label names the place of its edition: its city, or the name in its English."""
    stem = re.sub("(?:省|市|区|县|州)$", "", one.area)
    english = earlier.place.capitalize()
    return (len(stem) > 1 and stem[:2] in one.label_zh) or english in one.label_en


def _take(row: Row, one: OldFigure, earlier: Earlier, *, is_certain: bool, with_chapter: bool) -> None:
    row.id = one.id
    row.label_zh, row.label_en, row.per = one.label_zh, one.label_en, one.per
    row.confirm("label_zh", "label_en", "measure", "per")
    if with_chapter:
        row.chapter = one.chapter
    row.carried = f"{one.id} of {earlier.name}"
    if not is_certain:
        row.carried += ": perhaps"
        row.todo |= {"id", "label_zh"}


def copied_json(package: Mapping[str, object], *keys: str) -> dict[str, object]:
    """A deep copy of some keys of a package."""
    kept = {key: package[key] for key in keys if key in package}
    copied: dict[str, object] = json.loads(json.dumps(kept))
    return copied

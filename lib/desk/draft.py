"""A new edition from a document: its folder drafted from what a scan finds, what a person must decide marked `todo`.

What the text says in so many words is not marked; what an earlier edition of the same thing had is taken over from it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bluebook.edition.edition import EditionError
from bluebook.numbers.printed import normal
from desk.chapters import Chapter, chapters_of
from desk.documents import Document
from desk.earlier import Earlier, carry_over, copied_json, earlier_terms, read_earlier
from desk.evidence import stated_measure
from desk.ids import identify_rows
from desk.naming import name_rows, take_repeats, tell_apart
from desk.rows import Row, row_of
from desk.scan import Finding, Span, findings, numerals
from desk.terms import UNTRANSLATED, usual_terms
from desk.times import date_rows
from desk.titles import first_line, title_year
from desk.undecided import UNKNOWN_AREA

SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
LONGEST = 40
RESERVED = {"assets", "pagefind", "index", "context", "con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
_LOOKALIKES = str.maketrans({"l": "1", "i": "1", "o": "0", "-": None})
# Kinds of numerals that a scan may well take for no figure although they are one.
_UNSURE = ("重复已列数据", "比例", "本文的结构", "统计口径", "体系名称", "名称中的数字", "年龄段")
_PLACE = r"[一-鿿]{2,6}?(?:自治区|自治州|特别行政区|新区|[省市区县州])"
LONGEST_TITLE = 60


class NoFiguresError(EditionError):
    """A text has nothing to make an edition of."""


@dataclass(frozen=True)
class Draft:
    """The files of a new edition, by name, and how much was found and taken over."""

    files: Mapping[str, str]
    figures: int
    chapters: int
    carried: int


def valid_name(name: str, taken: list[str]) -> str:
    """`name` if a new edition may have it; raises `EditionError` that says why not.

    >>> valid_name("qinghe-2022", ["shenzhen-2021"])
    'qinghe-2022'
    """
    if not re.fullmatch(SLUG, name) or len(name) > LONGEST:
        wanted = f"small letters, digits and single hyphens, at most {LONGEST}, a letter first, like shenzhen-2021"
        raise EditionError(
            f"edition {name[:LONGEST]!a}: cannot be the name of a folder and of a page: expected {wanted}"
        )
    if name in RESERVED:
        raise EditionError(f'edition "{name}": the site or an operating system uses this name; choose another')
    for other in taken:
        if name.translate(_LOOKALIKES) == other.translate(_LOOKALIKES):
            how = "exists already; nothing was changed" if name == other else f"looks like {other}; choose another name"
            raise EditionError(f'edition "{name}": {how}')
    return name


def create(name: str, document: Document, data: Path, like: Path | None = None) -> Draft:
    """Write the folder `data/NAME`, whole or not at all; `like` is the folder of an earlier edition to take over from.

    Raises `EditionError` for a bad name or an earlier edition that cannot be read, `NoFiguresError` for no figures.
    """
    valid_name(name, [entry.name for entry in data.iterdir()])
    made = draft(name, document, read_earlier(like) if like else None)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=data) as desk:
        folder = Path(desk) / name
        folder.mkdir()
        for file, content in made.files.items():
            (folder / file).write_text(content, encoding="utf-8", newline="")
        folder.rename(data / name)
    return made


def draft(name: str, document: Document, earlier: Earlier | None = None) -> Draft:
    """The files of a new edition.

    >>> from desk.documents import from_text
    >>> made = draft("qinghe-2022", from_text("青禾区2022年统计公报\\n年末常住人口82.9万人。"))
    >>> made.figures, sorted(made.files)
    (1, ['checks.csv', 'context.csv', 'datapackage.json', 'excluded.csv', 'figures.csv'])
    """
    found = findings(document.text)
    figures = [finding for finding in found if finding.reason is None]
    if not figures:
        raise NoFiguresError(
            f"the text has {len(found)} numerals, and none that reads like a figure: nothing to make an edition of"
        )
    title = _title(document)
    rows = [row_of(finding) for finding in figures]
    are_inherited = _fill(rows, document, title, earlier)
    repeats = take_repeats(rows)
    tell_apart(rows)
    chapters = chapters_of(document, rows, earlier.chapters if earlier else None)
    carried = carry_over(rows, earlier, _place(name, title, earlier)) if earlier else 0
    _gather(rows)
    _keep_chapters(rows, chapters, earlier)
    identify_rows(rows)
    package = _package(name, document, title, chapters, earlier)
    if are_inherited:
        package["todo"].insert(1, "periods")
    if any(row.area == UNKNOWN_AREA for row in rows):
        package["todo"].insert(1, "area")
    excluded = [_excluded(finding, earlier) for finding in found if finding.reason]
    for row in repeats:
        excluded += [_excluded(one, None) | {"todo": ""} for one in _as_repeats(row.finding)]
    excluded.sort(key=lambda cells: (int(cells["paragraph"]), int(cells["offset"])))
    tables: dict[str, Sequence[Mapping[str, str]]] = {
        "figures": [row.record() for row in rows],
        "excluded": excluded,
        "context": [],
        "checks": [],
    }
    files = {"datapackage.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n"}
    for resource in package["resources"]:
        columns = [field["name"] for field in resource["schema"]["fields"]]
        files[f"{resource['name']}.csv"] = to_csv(columns, tables[resource["name"]])
    return Draft(files, len(rows), len(package["chapters"]), carried)


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV that Excel, too, reads as UTF-8: a byte order mark comes first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def _fill(rows: Sequence[Row], document: Document, title: str, earlier: Earlier | None) -> bool:
    """Fill what the text says of its figures; whether a period or base was taken from elsewhere than its sentence."""
    place = re.match(_PLACE, title) or re.search(_PLACE, title)
    terms = earlier_terms(earlier, usual_terms()) if earlier else usual_terms()
    lines = document.text.splitlines()
    are_inherited = date_rows(rows, title, title_year(document.text), lines)
    for row in rows:
        row.area = place[0] if place else UNKNOWN_AREA
        measure = stated_measure(row.finding)
        if measure:
            row.measure = measure
            row.confirm("measure")
        if row.finding.cell is not None and row.finding.cell.unit:
            row.confirm("reads_as")
    name_rows(rows, terms, lines)
    return are_inherited


def _title(document: Document) -> str:
    """The first line of a text, without the number of a footnote behind it or the mark of a heading."""
    first = first_line(block.text for block in document.blocks)
    return re.sub(r"^#+\s*|(?<!\d)\d{1,2}$", "", first)[:LONGEST_TITLE]


def _place(name: str, title: str, earlier: Earlier | None) -> str:
    """The place that a new edition is about: the earlier one's where the names or titles are of one place."""
    stem = re.sub(r"-?\d{4}$", "", name)
    if earlier is None or stem == earlier.place:
        return stem
    return earlier.place if earlier.title_en(title) else stem


def _gather(rows: Sequence[Row]) -> None:
    """What is drawn together stands in one chapter: that of the first that was carried over, else of the first."""
    chapters: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: not row.carried):
        chapters.setdefault(row.group, row.chapter)
    for row in rows:
        row.chapter = chapters[row.group]


def _keep_chapters(rows: Sequence[Row], chapters: list[Chapter], earlier: Earlier | None) -> None:
    """The chapters that have figures, those of carried-over figures among them."""
    used = {row.chapter for row in rows}
    known = {chapter.id for chapter in chapters}
    chapters[:] = [chapter for chapter in chapters if chapter.id in used]
    if earlier is None:
        return
    for title, (id, english) in earlier.chapters.items():
        if id in used and id not in known:
            chapters.append(Chapter(id, title, english))


def _as_repeats(finding: Finding) -> list[Finding]:
    """The numerals of a number that stands in the text before, as what they are in `excluded.csv`."""
    span = finding.span
    reason = f"重复已列数据：{span.printed}", f"repeats a number: {span.printed}"
    return [
        Finding(Span(span.paragraph, span.offset + one.offset, one.printed), reason, sentence=finding.sentence)
        for one in numerals(span.printed)
    ]


def _excluded(finding: Finding, earlier: Earlier | None) -> dict[str, str]:
    """A numeral that is no figure, as a row; to confirm where its kind is one that a scan may be wrong about."""
    zh, en = finding.reason or ("", "")
    span = finding.span
    cells = {"printed": span.printed, "reason_zh": zh, "reason_en": en}
    cells["paragraph"] = str(span.paragraph)
    cells["offset"] = str(span.offset)
    is_known = earlier is not None and (span.printed, zh) in earlier.excluded
    cells["todo"] = "reason_zh" if _is_unsure(zh, span.printed) and not is_known else ""
    return cells


def _is_unsure(reason: str, printed: str) -> bool:
    """Whether a scan may well have taken a figure for none."""
    if reason.startswith("惯用语"):
        return normal(printed)[0].isdigit()
    return reason.split("：")[0] in _UNSURE


def _package(
    name: str, document: Document, title: str, chapters: Sequence[Chapter], earlier: Earlier | None
) -> dict[str, Any]:
    """The descriptor of a draft: its titles, its source, its chapters, and the schema of its tables."""
    package: dict[str, Any] = json.loads(Path(__file__).with_name("template.json").read_text(encoding="utf-8"))
    english = earlier.title_en(title) if earlier else ""
    package["name"] = name
    package["title"] = title
    package["titles"] = {"zh": title, "en": english or title + UNTRANSLATED}
    package["description"] = f"The figures of {name}, each with the form it was printed in and its place in the text."
    package["todo"] = ["titles.zh", "chapters", "sources", "sentences", "licenses"]
    package["place"] = _place(name, title, earlier)
    package["sources"] = [_source(document, title)]
    package["chapters"] = [chapter.record() for chapter in chapters]
    if earlier is not None:
        package.update(copied_json(earlier.package, "licenses", "contributors"))
        package["todo"].remove("licenses")
        if english:
            package["todo"].remove("titles.zh")
    return package


def _source(document: Document, title: str) -> dict[str, Any]:
    text = document.text
    source: dict[str, Any] = dict.fromkeys(("title", "author", "publisher", "date", "url"), "")
    source["title"] = title
    source["encoding"] = "utf-8"
    source["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    source["paragraphs"] = len(document.blocks)
    return source

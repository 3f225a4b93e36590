"""The sections of a page about any edition: what its figures ask to be shown as, by chapter and by what they measure.

What has nothing to be compared with becomes a card, the rest are drawn (`section_charts`), and all stands in a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from bluebook import charts
from bluebook.charts import Chart
from bluebook.edition.audit import Verdict, audit
from bluebook.edition.edition import Edition
from bluebook.messages import in_language
from bluebook.numbers.quantity import PART_OF_WHOLE, Quantity
from bluebook.reports import show
from bluebook.reports.markup import element
from bluebook.reports.section_charts import MOST, chart_of, slug, sort_out
from bluebook.reports.show import Shown

LISTED = 8  # names in a cell
LISTS = {"areas": "list.areas", "context": "list.context", "checks": "list.checks"}  # that an edition may have
RANK = (
    "level",
    "count",
    "share",
    "increase",
    "growth",
    "annual_growth",
    "ratio",
    "rate",
    "average",
)  # what is worth a headline, best first


def heading(id: str, words: str) -> Shown:
    """A heading for what follows, with its anchor."""
    return Shown(element("h2", escape(words), id=slug(id)), words)


def headlines(book: Edition) -> Shown:
    """The figure of each chapter that is most worth a headline, as cards."""
    best = [_headline(book.chapter(chapter)) for chapter, _ in book.chapters]
    return show.cards(best[:MOST], id="headlines", title=book.message("sections.headlines"))


def _headline(frame: pd.DataFrame) -> Quantity:
    has_come = frame["status"] == ""
    rows = frame[has_come] if has_come.any() else frame
    best = min(rows.to_dict("records"), key=_headline_order)
    quantity: Quantity = best["quantity"]
    return quantity


def _headline_order(row: Mapping[Hashable, Any]) -> tuple[int, float]:
    """What is worth more comes first: by its measure, then by its size."""
    measure = row["measure"]
    rank = RANK.index(measure) if measure in RANK else len(RANK)
    return rank, -abs(row["value"])


def chapters(book: Edition) -> Iterator[Shown | Chart]:
    """Every chapter: its heading, cards, charts and the table of its figures.

    >>> from bluebook import open_edition
    >>> next(chapters(open_edition("shenzhen-2021", lang="en"))).plain
    'Livelihood'
    """
    for chapter, title in book.chapters:
        frame = book.chapter(chapter)
        drawn, cards = sort_out(frame)
        yield heading(chapter, title)
        if cards:
            yield show.cards(cards[:MOST], id=f"{slug(chapter)}-cards", title=title)
        for group in drawn:
            yield chart_of(book, group)
        if len(frame) > 1:
            yield _table(book, slug(chapter), title, frame)


def _table(book: Edition, id: str, title: str, frame: pd.DataFrame) -> Shown:
    areas = show.area_names(book)
    rows = []
    for _, row in frame.iterrows():
        q = row["quantity"]
        area = areas.get(row["area"], "")
        time = f"{show.period(row)} {area}".strip()
        rows.append((q.label, q, q.bounds_text, time, q.where))
    head = book.messages("column.number", "column.value", "column.range", "column.period", "column.source")
    name = book.message("sections.all_numbers", chapter=title)
    return show.table(rows, id=f"{id}-table", title=name, columns=head, explained=True)


def audited(book: Edition) -> Iterator[Shown | Chart]:
    """The edition's own checks, decided, and what each disagreement looks like; nothing for an edition without any."""
    verdicts = audit(book)
    if verdicts:
        yield heading("audit", book.message("sections.audit"))
        yield _audit_table(book, verdicts)
    disagreements = [verdict for verdict in verdicts if verdict.verdict == "disagrees"]
    yield from _disagreements(book, disagreements[:MOST])


def _audit_table(book: Edition, verdicts: Sequence[Verdict]) -> Shown:
    rows = [(verdict.statement, verdict.word, verdict.sentence) for verdict in verdicts]
    name = book.message("sections.audit")
    title = book.message("label.value", label=name, value=_counted(book, verdicts))
    head = book.messages("column.check", "column.verdict", "column.why")
    return show.table(rows, id="audit-table", title=title, columns=head)


def _counted(book: Edition, verdicts: Sequence[Verdict]) -> str:
    """How many checks there are of each verdict: agrees 33, disagrees 6."""
    counts = Counter(verdict.word for verdict in verdicts)
    parts = [book.message("sections.verdicts", verdict=word, number=number) for word, number in counts.items()]
    return book.message("join.comma").join(parts)


def _disagreements(book: Edition, verdicts: Sequence[Verdict]) -> Iterator[Chart]:
    """What does not fit: percentages on one axis, amounts on another, each alone where a right side may be zero."""
    percentages = []
    amounts = []
    others = []
    for verdict in verdicts:
        if all(side.as_percent for side in verdict.sides):
            percentages.append(verdict)
        elif not _may_be_zero(verdict.right):
            amounts.append(verdict)
        else:
            others.append(verdict)
    for id, checks in (("audit-disagreements", amounts), ("audit-disagreements-of-percentages", percentages)):
        if checks:
            title = book.message("sections.disagreements", count=len(checks))
            yield charts.forest(checks, id=id, title=title)
    for verdict in others:
        labels = [side.label or side.working for side in verdict.sides]
        title = book.message("label.value", label=verdict.statement, value=verdict.word)
        yield charts.intervals(verdict.sides, labels=labels, id=f"audit-{slug(verdict.id)}", title=title)


def _may_be_zero(q: Quantity | None) -> bool:
    return q is None or q.low <= 0 <= q.high


def notes(book: Edition) -> Iterator[Shown]:
    """What the edition says must be known to read its figures; nothing where it says nothing."""
    has_note = book.figures["note"] != ""
    rows = []
    for _, row in book.figures[has_note].iterrows():
        q = row["quantity"]
        rows.append((q.label, q, row["note"]))
    if rows:
        head = book.messages("column.number", "column.value", "column.note")
        title = book.message("sections.notes_on", count=len(rows))
        yield heading("notes", book.message("sections.notes"))
        yield show.table(rows, id="notes-table", title=title, columns=head)


def missing(book: Edition) -> Iterator[Shown]:
    """What the source, or the edition, leaves open: how much, and what."""
    rows = []
    for key, names in _gaps(book).items():
        if names:
            rows.append((book.message(key), len(names), _listed(book, names)))
    if rows:
        head = book.messages("column.matter", "column.count", "column.names")
        title = book.message("sections.missing_how_many")
        yield heading("missing", book.message("sections.missing"))
        yield show.table(rows, id="missing-table", title=title, columns=head)


def _gaps(book: Edition) -> dict[str, list[str]]:
    """What is missing of what kind, under the key of the kind's name."""
    frame = book.figures
    has_no_period = frame["period"] == ""
    is_loose = [not q.exact for q in frame["quantity"]]
    areas_with_figures = set(frame["area"])
    areas = show.area_names(book)
    lists = [book.message(key) for name, key in LISTS.items() if not book.has_table(name)]
    return {
        "missing.period": list(frame["label"][has_no_period]),
        "missing.exact": list(frame["label"][is_loose]),
        "missing.areas": [name for area, name in areas.items() if area not in areas_with_figures],
        "missing.lists": lists,
    }


def _listed(book: Edition, names: list[str]) -> str:
    first = book.message("join.names").join(names[:LISTED])
    others = len(names) - LISTED
    if others <= 0:
        return first
    return book.message("list.more", items=first, count=others)


# for the table of all figures


@dataclass(frozen=True)
class _Form:
    """How a number may be printed and how that is read, each as the key of a message."""

    fits: Callable[[Quantity], bool]
    name: str
    reading: str


FORMS = (  # the first that fits counts
    _Form(lambda q: q.hedge == "over", "form.over", "reading.over"),
    _Form(lambda q: q.hedge == "nearly", "form.nearly", "reading.nearly"),
    _Form(lambda q: q.hedge == "under", "form.under", "reading.under"),
    _Form(lambda q: q.hedge == "about", "form.about", "reading.about"),
    _Form(lambda q: q.exact, "form.count", "reading.count"),
    _Form(lambda q: not q.hedge and q.high == 1 and q.measure in PART_OF_WHOLE, "form.of_whole", "reading.of_whole"),
    _Form(lambda q: q.as_percent, "form.percentage", "reading.half_a_unit"),
    _Form(lambda q: not q.hedge, "form.decimal", "reading.half_a_unit"),
)


def _form_of(q: Quantity) -> _Form | None:
    for form in FORMS:
        if form.fits(q):
            return form
    return None


def readings(book: Edition) -> Shown:
    """How the forms that an edition's numbers are printed in are read, each with its first number as an example."""
    frame = book.table("figures")
    examples: dict[_Form, Quantity] = {}
    for id in frame["id"][~_overridden(frame)]:
        q = book[id]
        form = _form_of(q)
        if form is not None:
            examples.setdefault(form, q)
    rows = []
    for form in FORMS:
        if form in examples:
            q = examples[form]
            name, reading = book.messages(form.name, form.reading)
            rows.append((name, reading, q.printed, q.bounds_text))
    head = book.messages("column.form", "column.reading", "column.example", "column.range")
    title = book.message("sections.readings")
    return show.table(rows, id="rules-for-bounds", title=title, columns=head)


def exceptions(book: Edition) -> str:
    """The figures whose bounds are not those of their form, with those bounds."""
    frame = book.table("figures")
    exceptions = []
    for id in frame["id"][_overridden(frame)]:
        q = book[id]
        exceptions.append(book.message("label.in_brackets", label=q.label, remark=q.bounds_text))
    return book.message("join.names").join(exceptions) or book.message("list.none")


def _overridden(frame: pd.DataFrame) -> pd.Series:
    overridden = pd.Series(False, frame.index)
    for column in ("low", "high"):
        if column in frame:
            overridden |= frame[column] != ""
    return overridden


def excluded(book: Edition) -> pd.DataFrame:
    """The numerals of the source that are no figures; an empty frame where the edition does not list them."""
    return book.table("excluded") if book.has_table("excluded") else pd.DataFrame()


def excluded_kinds(book: Edition) -> Iterator[Shown]:
    """How many there are of each kind: what stands before the colon of their reason."""
    frame = excluded(book)
    if len(frame):
        reasons = [in_language(row, "reason", book.lang) for row in frame.to_dict("records")]
        kinds = pd.Series(reasons).str.split("[：:]").str[0]
        counts = kinds.value_counts()
        head = book.messages("column.kind_of_numeral", "column.numerals")
        title = book.message("sections.excluded")
        yield show.table(list(counts.items()), id="numerals-not-figures", title=title, columns=head)


def taken_from(book: Edition) -> str:
    """The publication the figures were taken from, and what it reports on, as far as the edition says."""
    source = book.source
    publication = _publication(book, source)
    if "reports_on" not in source:
        return publication
    subject = _publication(book, source["reports_on"])
    return book.message("sections.reports_on", publication=publication, subject=subject)


def _publication(book: Edition, work: dict[str, Any]) -> str:
    words = []
    for key in ("title", "author", "publisher", "date"):
        word = work.get(f"{key}_en") if book.lang != "zh" else ""
        words.append(word or work.get(key) or "")
    return book.message("join.comma").join(word for word in words if word)

"""The sections of a page about any edition: what its figures ask to be shown as, by chapter and by what they measure.

Figures of one topic (their ids but for the last part) that share measure, unit and period stand in one chart; what has
nothing to be compared with becomes a card, and all of it stands in a table. Units that differ never share an axis.
"""

from __future__ import annotations

import re
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
from bluebook.numbers.printed import canonical
from bluebook.numbers.quantity import PART_OF_WHOLE, Quantity
from bluebook.reports import show
from bluebook.reports.show import Shown

CARD_MEASURES = ("norm", "duration")  # numbers that say something of one thing each: a card rather than a bar
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
MOST = 20  # bars in a chart, or cards in a row; the table has the rest
LISTED = 8  # names in a cell
ITEMS = dict.fromkeys("个项件宗起", "个")  # measure words that a source uses for the same things
LISTS = {"areas": "list.areas", "context": "list.context", "checks": "list.checks"}  # that an edition may have
APART = 100  # times: from here on bars would hide the smaller numbers, and dots on a logarithmic scale do not


def heading(id: str, words: str) -> Shown:
    """A heading for what follows, with its anchor."""
    return Shown(f'<h2 id="{slug(id)}">{escape(words)}</h2>', words)


def slug(id: str) -> str:
    """An id as an anchor or a chart may have it.

    >>> slug("livelihood.growth"), slug("第一章")
    ('livelihood-growth', 'e7acace4b880e7aba0')
    """
    return re.sub(r"[^a-z0-9]+", "-", id.lower()).strip("-") or id.encode().hex()


def headlines(book: Edition) -> Shown:
    """The figure of each chapter that is most worth a headline, as cards."""
    best = [_headline(book.chapter(chapter)) for chapter, _ in book.chapters]
    return show.cards(best[:MOST], id="headlines", title=book.message("sections.headlines"))


def _headline(frame: pd.DataFrame) -> Quantity:
    rows = frame[frame["status"] == ""] if (frame["status"] == "").any() else frame
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
        yield from (_chart(book, group) for group in drawn)
        if len(frame) > 1:
            yield _table(book, slug(chapter), title, frame)


def sort_out(frame: pd.DataFrame) -> tuple[list[pd.DataFrame], list[Quantity]]:
    """Groups of figures to draw, each on one axis, and the figures that stand alone; both in the order of the frame."""
    drawn = [group for group in groups(frame) if _is_drawn(group)]
    taken = {figure for group in drawn for figure in group.index}
    return drawn, [q for figure, q in frame["quantity"].items() if figure not in taken]


def groups(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The figures that can be compared: of one topic, measured alike, of one time; or one thing at several times.

    What is expected is compared with what is only where both are one thing.
    """
    if frame.empty:
        return []
    topics = pd.Index([_topic(str(figure)) for figure in frame.index])
    kinds = frame["measure"] + " " + [axis(q) for q in frame["quantity"]]
    things = frame["label"] + " " + frame["area"]
    series = frame.groupby([topics, kinds, things])["label"].transform("size") > 1  # one thing, many times
    times = (frame["period"] + " " + frame["base"] + " " + frame["status"]).where(~series, things)
    return [group for _, group in frame.groupby([topics, kinds, times], sort=False)]


def _topic(figure: str) -> str:
    """The topic of a figure: its id but for the last part; all of an id that only says a place in the text."""
    topic, _, last = figure.rpartition(".")
    return figure if re.fullmatch(r"p\d+_\d+", last) else topic


def axis(quantity: Quantity) -> str:
    """What numbers must share to be compared in one picture: stricter than a chart, which lets all counts together."""
    return ITEMS.get(quantity.unit, canonical(quantity.unit)) or charts.kind(quantity)


def _is_drawn(group: pd.DataFrame) -> bool:
    first = group.iloc[0]
    if len(group) == 1:
        return bool(first["measure"] == "share" and 0 < first["value"] < 1)
    return first["measure"] not in CARD_MEASURES


def _chart(book: Edition, group: pd.DataFrame) -> Chart:
    """The chart that a group asks for: parts of a whole, tiles for areas, bars or dots for the rest."""
    id = slug(str(group.index[0]))
    if len(group) == 1:
        return _waffle(book, group["quantity"].iloc[0], id)
    if group["label"].nunique() == 1 and group["area"].nunique() == 1:
        return _series_chart(book, group, id)
    places = _places(book, group)
    shown = group.assign(label=_labels(book, group))
    shown = shown.sort_values(["period", "value"], ascending=[True, False], kind="stable")[:MOST]
    items, labels = list(shown["quantity"]), list(shown["label"])
    title = finding(book, items, labels)
    if places is not None:
        return charts.tiles(places, dict(zip(places["id"], group["quantity"], strict=True)), title=title, id=id)
    if group["measure"].iloc[0] == "share" and _may_add_up(items):
        return charts.share(items, labels=labels, title=title, id=id)
    least = min(q.low for q in items)
    if 0 < least * APART < max(q.high for q in items):
        return charts.dots(items, labels=labels, sort=False, log=True, title=title, id=id)
    return charts.bars(items, labels=labels, sort=False, title=title, id=id, expected=_expected(shown))


def _expected(shown: pd.DataFrame) -> list[str]:
    """The labels of forecasts and targets."""
    return list(shown["label"][shown["status"] != ""])


def _series_chart(book: Edition, group: pd.DataFrame, id: str) -> Chart:
    """One thing at several times: a line where each has its year and has come, else bars in the order of time."""
    shown = group.sort_values("period", kind="stable")
    items = list(shown["quantity"])
    periods = list(shown["period"])
    thing = str(shown["label"].iloc[0])
    last = book.with_status(str(items[-1]), shown["status"].iloc[-1])
    title = book.message("label.value", label=thing, value=f"{items[0]} → {last}")
    are_years = all(re.fullmatch("[0-9]{4}", period) for period in periods) and len(set(periods)) == len(periods)
    if len(items) > 2 and are_years and not (shown["status"] != "").any():
        return charts.trend({thing: list(zip(periods, items, strict=True))}, title=title, id=id)
    shown = shown.assign(label=_times(book, shown))[:MOST]
    items = items[:MOST]
    return charts.bars(items, labels=list(shown["label"]), sort=False, title=title, id=id, expected=_expected(shown))


def _times(book: Edition, shown: pd.DataFrame) -> list[str]:
    """The times of figures, which tell them apart."""
    labels = []
    for period, status in zip(shown["period"], shown["status"], strict=True):
        labels.append(book.with_status(period or book.message("period.before"), status))
    if len(set(labels)) == len(labels):
        return labels
    return [book.message("label.in_brackets", label=label, remark=number) for number, label in enumerate(labels, 1)]


def _waffle(book: Edition, share: Quantity, id: str) -> Chart:
    rest = (1 - share).labelled(book.message("chart.rest"))
    title = book.message("label.value", label=share.label, value=share)
    return charts.waffle([share, rest], rest=True, title=title, id=id)


def _may_add_up(shares: Sequence[Quantity]) -> bool:
    """Whether shares can be the parts of one whole."""
    least = sum(q.low for q in shares)
    most = sum(q.high for q in shares)
    return least <= 1 <= most


def _labels(book: Edition, group: pd.DataFrame) -> list[str]:
    """The labels; where several figures share one, the area and the period that tell them apart."""
    own = [q.label for q in group["quantity"]]
    if len(set(own)) == len(own):
        return own
    areas = show.area_names(book)
    by_area = group["area"].nunique() > 1
    by_period = group["period"].nunique() > 1
    labels = []
    for figure, row in group.iterrows():
        tail = str(figure).rpartition(".")[2]
        words = []
        if by_area:
            words.append(areas.get(row["area"]) or book.say(row["area"], tail))
        if by_period:
            words.append(row["period"])
        if not by_area and not by_period:
            words.append(tail)
        labels.append(" ".join(word for word in words if word) or row["quantity"].label)
    return labels


def _places(book: Edition, group: pd.DataFrame) -> pd.DataFrame | None:
    """The edition's tiles for the areas of a group, in its order, if each figure is about another of them."""
    areas = book.table("areas") if book.has_table("areas") else pd.DataFrame()
    if "row" not in areas:
        return None
    areas = areas.set_index("name_zh", drop=False)
    known = set(group["area"]) <= set(areas.index[areas["row"] != ""]) and group["area"].is_unique
    if not known or len(group) < 3:
        return None
    places = areas.loc[list(group["area"])]
    for side in ("row", "col"):
        numbers = places[side].astype(int)
        places = places.assign(**{side: (numbers - numbers.min()).astype(str)})
    return places


def finding(book: Edition, items: list[Quantity], labels: list[str]) -> str:
    """Which is the largest, if the bounds let that be said."""
    labelled = sorted(zip(labels, items, strict=True), key=lambda pair: -pair[1].value)
    (first, largest), (second, next_largest) = labelled[:2]
    if largest.low > next_largest.high:
        return book.message("finding.highest", label=first, number=largest)
    return book.message("finding.undecided", first=first, second=second)


def _table(book: Edition, id: str, title: str, frame: pd.DataFrame) -> Shown:
    areas = show.area_names(book)
    rows = []
    for _, row in frame.iterrows():
        q, area = row["quantity"], areas.get(row["area"], "")
        time = f"{show.period(row)} {area}".strip()
        rows.append((q.label, q, q.bounds_text, time, q.where))
    head = book.messages("column.number", "column.value", "column.range", "column.period", "column.source")
    name = book.message("sections.all_numbers", chapter=title)
    return show.table(rows, id=f"{id}-table", title=name, columns=head, explained=True)


def audited(book: Edition) -> Iterator[Shown | Chart]:
    """The edition's own checks, decided, and what each disagreement looks like; nothing for an edition without any."""
    verdicts = audit(book)
    if verdicts:
        title = book.message("sections.audit")
        yield heading("audit", title)
        yield show.table(
            [(one.statement, one.word, one.sentence) for one in verdicts],
            id="audit-table",
            title=book.message("label.value", label=title, value=_counted(book, verdicts)),
            columns=book.messages("column.check", "column.verdict", "column.why"),
        )
    yield from _disagreements(book, [one for one in verdicts if one.verdict == "disagrees"][:MOST])


def _counted(book: Edition, verdicts: Sequence[Verdict]) -> str:
    """How many checks there are of each verdict: agrees 33, disagrees 6."""
    counts = Counter(one.word for one in verdicts)
    parts = [book.message("sections.verdicts", verdict=word, number=number) for word, number in counts.items()]
    return book.message("join.comma").join(parts)


def _disagreements(book: Edition, found: list[Verdict]) -> Iterator[Chart]:
    """What does not fit: percentages on one axis, amounts on another, each alone where a right side may be zero."""
    percentages = [one for one in found if all(side.as_percent for side in one.sides)]
    amounts = [one for one in found if one not in percentages and not _may_be_zero(one.right)]
    for which, checks in (("", amounts), ("-of-percentages", percentages)):
        if checks:
            title = book.message("sections.disagreements", count=len(checks))
            yield charts.forest(checks, id=f"audit-disagreements{which}", title=title)
    for one in found:
        if one not in amounts + percentages:
            labels = [side.label or side.working for side in one.sides]
            about = book.message("label.value", label=one.statement, value=one.word)
            yield charts.intervals(one.sides, labels=labels, id=f"audit-{slug(one.id)}", title=about)


def _may_be_zero(q: Quantity | None) -> bool:
    return q is None or q.low <= 0 <= q.high


def notes(book: Edition) -> Iterator[Shown]:
    """What the edition says must be known to read its figures; nothing where it says nothing."""
    frame = book.figures[book.figures["note"] != ""]
    if len(frame):
        rows = [(row["quantity"].label, row["quantity"], row["note"]) for _, row in frame.iterrows()]
        head = book.messages("column.number", "column.value", "column.note")
        title = book.message("sections.notes_on", count=len(rows))
        yield heading("notes", book.message("sections.notes"))
        yield show.table(rows, id="notes-table", title=title, columns=head)


def missing(book: Edition) -> Iterator[Shown]:
    """What the source, or the edition, leaves open: how much, and what."""
    frame = book.figures
    areas = show.area_names(book)
    loose = [not q.exact for q in frame["quantity"]]
    gaps = {
        "missing.period": list(frame["label"][frame["period"] == ""]),
        "missing.exact": list(frame["label"][loose]),
        "missing.areas": [name for area, name in areas.items() if area not in set(frame["area"])],
        "missing.lists": book.messages(*(key for name, key in LISTS.items() if not book.has_table(name))),
    }
    rows = []
    for key, names in gaps.items():
        if names:
            rows.append((*book.messages(key), len(names), _listed(book, names)))
    if rows:
        head = book.messages("column.matter", "column.count", "column.names")
        yield heading("missing", book.message("sections.missing"))
        yield show.table(rows, id="missing-table", title=book.message("sections.missing_how_many"), columns=head)


def _listed(book: Edition, names: list[str]) -> str:
    listed = book.message("join.names").join(names[:LISTED])
    more = len(names) - LISTED
    return book.message("list.more", items=listed, count=more) if more > 0 else listed


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


def readings(book: Edition) -> Shown:
    """How the forms that an edition's numbers are printed in are read, each with its first number as an example."""
    frame = book.table("figures")
    examples: dict[_Form, Quantity] = {}
    for id in frame["id"][~_overridden(frame)]:
        q = book[id]
        form = next((form for form in FORMS if form.fits(q)), None)
        if form is not None:
            examples.setdefault(form, q)
    rows = []
    for form in FORMS:
        if form in examples:
            q = examples[form]
            rows.append((*book.messages(form.name, form.reading), q.printed, q.bounds_text))
    head = book.messages("column.form", "column.reading", "column.example", "column.range")
    return show.table(rows, id="rules-for-bounds", title=book.message("sections.readings"), columns=head)


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
        reasons = pd.Series([in_language(row, "reason", book.lang) for row in frame.to_dict("records")])
        kinds = reasons.str.split("[：:]").str[0].value_counts()
        head = book.messages("column.kind_of_numeral", "column.numerals")
        title = book.message("sections.excluded")
        yield show.table(list(kinds.items()), id="numerals-not-figures", title=title, columns=head)


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

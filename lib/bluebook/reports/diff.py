"""Two editions compared, or two releases of one: which figures are new, gone, changed, or no longer mean the same.

An id is a promise: what has the same id in two editions is the same thing at two times. Where measure, unit, label or
area differ the promise is broken and the figure counts as redefined; so it does when two releases of one edition
give it another period. Whether a number changed is told from its bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from bluebook import charts
from bluebook.charts import Chart
from bluebook.charts.series import moment
from bluebook.edition.edition import Edition, EditionError, open_edition
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.reports import sections, show
from bluebook.reports.show import Shown


@dataclass(frozen=True)
class Shared:
    """A figure that both have. `redefined` says what about it differs: {"measure": ("count", "share")}."""

    id: str
    old: Quantity
    new: Quantity
    periods: tuple[str, str]
    redefined: dict[str, tuple[str, str]]

    @property
    def changed(self) -> bool:
        """Whether it reads differently now."""
        return (self.old.printed, self.old.low, self.old.high) != (self.new.printed, self.new.low, self.new.high)

    @property
    def certain(self) -> bool:
        """Whether the bounds exclude that the number stayed what it was."""
        return not self.redefined and not self.old.overlaps(self.new)

    @property
    def change(self) -> str:
        """The change in words: relative, or in percentage points; nothing where the figure was redefined.

        >>> from bluebook.numbers.quantity import published
        >>> old, new = (published(printed, figure="a.b", lang="en") for printed in ("200个", "210个"))
        >>> Shared("a.b", old, new, ("2019", "2020"), {}).change
        'up 5%'
        """
        lang = self.new.lang
        if self.redefined:
            return ""
        if not self.certain:
            return message(lang, "change.uncertain")
        is_fall = self.new.value < self.old.value
        size = (self.old - self.new) if is_fall else (self.new - self.old)
        if self.new.as_percent:
            size = size.points
        elif self.old.low > 0:
            size = (size / self.old).percent
        return message(lang, "change.down" if is_fall else "change.up", size=size)


@dataclass(frozen=True)
class Difference:
    """What `compare` found; figures in the order of the edition that has them."""

    old: Edition
    new: Edition
    gone: list[Quantity]
    added: list[Quantity]
    shared: list[Shared]

    @property
    def redefined(self) -> list[Shared]:
        return [one for one in self.shared if one.redefined]

    @property
    def changed(self) -> list[Shared]:
        return [one for one in self.shared if one.changed and not one.redefined]

    @property
    def same(self) -> list[Shared]:
        return [one for one in self.shared if not one.changed and not one.redefined]


def compare(old: Edition, new: Edition) -> Difference:
    """Every figure of two editions in one language, put together by id.

    >>> from bluebook import open_edition
    >>> book = open_edition("shenzhen-2021")
    >>> found = compare(book, book)
    >>> len(found.same) == len(book.figures), found.added, found.gone, found.changed, found.redefined
    (True, [], [], [], [])
    """
    before = old.figures
    after = new.figures
    are_releases = _package(old) == _package(new)
    shared = []
    for id in after.index:
        if id in before.index:
            shared.append(_shared(pd.Series(before.loc[id]), pd.Series(after.loc[id]), are_releases))
    gone = before["quantity"][~before.index.isin(after.index)]
    added = after["quantity"][~after.index.isin(before.index)]
    return Difference(old, new, gone=list(gone), added=list(added), shared=shared)


def _package(book: Edition) -> str:
    """The name of the data package: two releases of one edition share it, whatever their folders are called."""
    return str(book._package.get("name", book.name))


def _shared(old: pd.Series, new: pd.Series, releases: bool) -> Shared:
    columns = ["measure", "label", "area"]
    if releases:
        columns += ["period", "base"]
    pairs = {column: (str(old[column]), str(new[column])) for column in columns}
    pairs["unit"] = (_unit(old["quantity"]), _unit(new["quantity"]))
    if not releases:
        pairs["span"] = (_span(old), _span(new))
    redefined = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Shared(str(new.name), old["quantity"], new["quantity"], (old["period"], new["period"]), redefined)


def _unit(q: Quantity) -> str:
    return sections.axis(q).removesuffix("/")


def _span(row: pd.Series) -> str:
    """How many years a change is over: 1 for 2020 on 2019."""
    years = [row["period"], row["base"]]
    return str(int(years[0]) - int(years[1])) if all(map(str.isdecimal, years)) else ""


# in words and for machines


OUTCOMES = ("added", "gone", "changed", "redefined", "same")


def lines(found: Difference) -> Iterator[str]:
    """The difference as lines of text: + added, - gone, ~ changed, ! redefined, and how many of each."""
    for sign, quantities in (("+", found.added), ("-", found.gone)):
        for q in quantities:
            yield f"{sign} {q.figure}  {q.printed}  {q.label}"
    for one in found.changed:
        yield f"~ {one.id}  {one.old.printed} -> {one.new.printed}  {one.new.label}: {one.change}"
    for one in found.redefined:
        yield f"! {one.id}  {one.old.printed} -> {one.new.printed}  {_differences(one)}"
    counts = ", ".join(f"{len(getattr(found, name))} {name}" for name in OUTCOMES)
    yield f"{_package(found.old)} -> {_package(found.new)}: {counts}"


def _differences(one: Shared) -> str:
    """What of a redefined figure differs, by the names of its columns."""
    differences = []
    for name, (old, new) in one.redefined.items():
        differences.append(f"{name} {old or '(none)'} -> {new or '(none)'}")
    return "; ".join(differences)


def as_json(found: Difference) -> dict[str, Any]:
    """The difference for a machine: values and bounds in plain units, to double precision."""
    record: dict[str, Any] = {}
    record["old"] = {"name": _package(found.old), "title": found.old.title}
    record["new"] = {"name": _package(found.new), "title": found.new.title}
    record["added"] = [_facts(q) for q in found.added]
    record["gone"] = [_facts(q) for q in found.gone]
    record["changed"] = [_pair(one) for one in found.changed]
    record["redefined"] = [_pair(one) for one in found.redefined]
    record["same"] = [one.id for one in found.same]
    return record


def _facts(q: Quantity) -> dict[str, Any]:
    record = q.record()
    names = ("label", "printed", "unit", "value", "low", "high", "low_included", "high_included")
    return {"id": q.figure, **{name: record[name] for name in names}}


def _pair(one: Shared) -> dict[str, Any]:
    old_period, new_period = one.periods
    record: dict[str, Any] = {"id": one.id}
    record["old"] = _facts(one.old) | {"period": old_period}
    record["new"] = _facts(one.new) | {"period": new_period}
    if one.redefined:
        record["redefined"] = one.redefined
    else:
        record["change"] = one.change
        record["certain"] = one.certain
    return record


def read(name: str, root: Path | None = None, lang: str = "en") -> Edition:
    """An edition by its name, or by its folder: so that two releases of one can be compared."""
    folder = Path(name).resolve()
    return Edition(folder, lang) if (folder / "datapackage.json").is_file() else open_edition(name, lang, root)


# a page of all editions


def place_of(book: Edition) -> str:
    """The place that an edition is about: what its package says, else its name without the year.

    >>> from bluebook import open_edition
    >>> place_of(open_edition("shenzhen-2021"))
    'shenzhen'
    """
    return str(book._package.get("place") or re.sub(r"-?\d{4}$", "", _package(book)))


def editions(book: Edition) -> list[Edition]:
    """The editions of one place, this one included, in its language and in the order of their years.

    One that cannot be opened is left out: what is wrong with it is said where it is checked or printed.
    """
    found = []
    for path in sorted(book.folder.parent.glob("*/datapackage.json")):
        try:
            found.append(Edition(path.parent, book.lang))
        except EditionError:
            continue
    place = place_of(book)
    found = [one for one in found if place_of(one) == place]
    return sorted(found, key=lambda one: (_year(one), one.name))


def _year(book: Edition) -> str:
    told = book._package.get("issued") or book.source.get("date") or " ".join(re.findall(r"\d{4}", _package(book))[-1:])
    return str(told)


def nearest(book: Edition) -> Difference:
    """The edition compared with the one before it, the first with the one after. A lone one is an `EditionError`."""
    books = editions(book)
    at = [one.name for one in books].index(book.name)
    if len(books) == 1:
        raise EditionError(
            f"{book.name}: there is no other edition of its place beside it, wanted one to compare it with"
        )
    return compare(*books[max(at - 1, 0) : max(at - 1, 0) + 2])


def history(book: Edition, books: Sequence[Edition]) -> dict[str, dict[str, pd.Series]]:
    """The figures of an edition that mean the same in another of the books: by id, their rows by edition."""
    frames = {one.name: one.figures for one in books}
    found = {str(id): _history(str(id), frames) for id in book.figures.index}
    return {id: rows for id, rows in found.items() if len(rows) > 1}


def trends(book: Edition) -> Iterator[Shown | Chart]:
    """What means the same in several editions: a table of all, and one chart with a panel for each that moved.

    What reads the same in all editions is not drawn. Without a year for every number, the editions stand side by
    side instead, a chart a figure.
    """
    books = editions(book)
    titles = {one.name: one.title for one in books}
    histories = history(book, books)
    if histories:
        yield _side_by_side(book, histories, {one.name: _edition(one) for one in books})
    moving = {id: rows for id, rows in histories.items() if _has_moved(rows)}
    dated = {id: rows for id, rows in moving.items() if all(map(_dated, rows.values()))}
    if dated:
        yield _over_time(book, dated, titles)
    for id, rows in moving.items():
        if id not in dated:
            yield _bars(book, id, rows, titles)


def _has_moved(rows: dict[str, pd.Series]) -> bool:
    return len({(q.low, q.high) for q in _quantities(rows)}) > 1


def _bars(book: Edition, id: str, rows: dict[str, pd.Series], titles: dict[str, str]) -> Chart:
    """A figure in each edition that has it."""
    quantities = _quantities(rows)
    labels = [titles[name] for name in rows]
    finding = sections.finding(book, quantities, labels)
    title = book.message("label.value", label=book[id].label, value=finding)
    return charts.bars(quantities, labels=labels, sort=False, id=f"editions-{sections.slug(id)}", title=title)


def _quantities(rows: dict[str, pd.Series]) -> list[Quantity]:
    return [row["quantity"] for row in rows.values()]


def _side_by_side(book: Edition, histories: dict[str, dict[str, pd.Series]], years: dict[str, str]) -> Shown:
    rows = []
    for id, mine in histories.items():
        row: list[Quantity | str] = [book[id].label]
        for name in years:
            row.append(_looked_up(book, name, mine[name]["quantity"]) if name in mine else "")
        rows.append(row)
    head = [book.message("column.number"), *years.values()]
    return show.table(rows, id="trends", title=book.message("editions.same_meaning"), columns=head)


def _looked_up(book: Edition, name: str, q: Quantity) -> Quantity:
    """Only a number of the page's own edition leads to a row of its table of figures."""
    return q if name == book.name else replace(q, figure=None)


def _edition(book: Edition) -> str:
    """What a column calls an edition: its year, if it has one."""
    year = _year(book)
    return book.message("editions.of_year", year=year) if year else book.title


def _history(id: str, frames: dict[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The rows of a figure by edition, as far as they mean what the last one means."""
    rows = {}
    for name, frame in frames.items():
        if id in frame.index:
            rows[name] = pd.Series(frame.loc[id])
    *_, last = rows.values()
    return {name: row for name, row in rows.items() if not _shared(row, last, releases=False).redefined}


def _dated(row: pd.Series) -> bool:
    try:
        moment(row["period"])
    except ValueError:
        return False
    return True


def _over_time(book: Edition, rows: dict[str, dict[str, pd.Series]], titles: dict[str, str]) -> Chart:
    """A panel for each figure; those that share a label are told apart by their ids."""
    series: dict[str, list[tuple[str, Quantity]]] = {}
    for id, mine in rows.items():
        label = book[id].label
        name = f"{label} ({id})" if label in series else label
        series[name] = [(row["period"], row["quantity"]) for row in mine.values()]
    names = dict.fromkeys(name for mine in rows.values() for name in mine)
    source = book.message("join.titles").join(book.message("editions.title", title=titles[name]) for name in names)
    return charts.multiples(series, id="editions-over-time", title=_moved(book, list(rows.values())), source=source)


def _moved(book: Edition, rows: Sequence[dict[str, pd.Series]]) -> str:
    """How many figures rose and how many fell from the first edition to the last, as far as their bounds decide it."""
    up = down = 0
    for mine in rows:
        first, *_, last = sorted(mine.values(), key=lambda row: moment(row["period"]))
        if last["quantity"].low > first["quantity"].high:
            up += 1
        elif last["quantity"].high < first["quantity"].low:
            down += 1
    undecided = len(rows) - up - down
    if undecided:
        return book.message("editions.moved_or_undecided", up=up, down=down, undecided=undecided, number=len(rows))
    return book.message("editions.moved", up=up, down=down, number=len(rows))


def tables(book: Edition, found: Difference) -> Iterator[Shown]:
    """What is changed, redefined, new and gone, each under its heading; nothing for what there is none of."""
    ends = [_edition(found.old), _edition(found.new)]
    number, change, differs = book.messages("column.number", "column.change", "column.differs_in")
    changed = [_compared(book, found, one) for one in found.changed]
    yield from _listed(book, "changed", book.message("diff.changed"), changed, [number, *ends, change])
    redefined = [_compared(book, found, one) for one in found.redefined]
    yield from _listed(book, "redefined", book.message("diff.redefined"), redefined, [number, *ends, differs])
    head = book.messages("column.number", "column.value", "column.range")
    for name, side, quantities in (("added", found.new, found.added), ("gone", found.old, found.gone)):
        edition = _edition(side)
        title = book.message("diff.only_in", edition=edition[0].lower() + edition[1:])
        rows = [(q.label, _looked_up(book, side.name, q), q.bounds_text) for q in quantities]
        yield from _listed(book, name, title, rows, head)


def _compared(book: Edition, found: Difference, one: Shared) -> tuple[Any, ...]:
    old = _looked_up(book, found.old.name, one.old)
    new = _looked_up(book, found.new.name, one.new)
    change = one.change or _reason(one)
    return one.new.label, old, new, change


def _listed(book: Edition, id: str, title: str, rows: list[Any], head: Sequence[str]) -> Iterator[Shown]:
    if not rows:
        return
    yield sections.heading(id, title)
    caption = book.message("diff.counted", title=title, count=len(rows))
    yield show.table(rows, id=f"{id}-figures", title=caption, columns=head)


ASPECTS = {  # in which two figures of one id may differ
    "measure": "aspect.measure",
    "label": "aspect.label",
    "area": "aspect.area",
    "unit": "aspect.unit",
    "period": "aspect.period",
    "base": "aspect.base",
    "span": "aspect.span",
}


def _reason(one: Shared) -> str:
    """In what a figure was redefined, each with what it was and is; in English without Chinese measure words."""
    lang = one.new.lang
    reasons = []
    for name, (old, new) in one.redefined.items():
        aspect = message(lang, ASPECTS[name])
        if lang == "zh" or (old + new).isascii():
            aspect = message(lang, "label.value", label=aspect, value=f"{old or '—'} → {new or '—'}")
        reasons.append(aspect)
    return message(lang, "join.clauses").join(reasons)

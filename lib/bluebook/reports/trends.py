"""The editions of one place beside each other: what means the same in several of them, and how it moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from bluebook import charts
from bluebook.charts import Chart
from bluebook.charts.series import moment
from bluebook.edition.edition import Edition, EditionError
from bluebook.numbers.quantity import Quantity
from bluebook.reports import section_charts, show
from bluebook.reports.compare import Difference, compare, package_name, shared_figure
from bluebook.reports.show import Shown

Rows = Mapping[str, pd.Series]  # of one figure, by edition


def place_of(book: Edition) -> str:
    """The place that an edition is about: what its package says, else its name without the year.

    >>> from bluebook import open_edition
    >>> place_of(open_edition("shenzhen-2021"))
    'shenzhen'
    """
    place = book._package.get("place")
    return str(place or re.sub(r"-?\d{4}$", "", package_name(book)))


def editions(book: Edition) -> list[Edition]:
    """The editions of one place, this one included, in its language and in the order of their years.

    One that cannot be opened is left out: what is wrong with it is said where it is checked or printed.
    """
    place = place_of(book)
    of_place = []
    for path in sorted(book.folder.parent.glob("*/datapackage.json")):
        try:
            other = Edition(path.parent, book.lang)
        except EditionError:
            continue
        if place_of(other) == place:
            of_place.append(other)
    return sorted(of_place, key=lambda edition: (year_of(edition), edition.name))


def year_of(book: Edition) -> str:
    """The year, or the day, that an edition is of: as its package says, else as its name ends."""
    issued = book._package.get("issued") or book.source.get("date")
    if issued:
        return str(issued)
    years = re.findall(r"\d{4}", package_name(book))
    return years[-1] if years else ""


def nearest(book: Edition) -> Difference:
    """The edition compared with the one before it, the first with the one after. A lone one is an `EditionError`."""
    books = editions(book)
    if len(books) == 1:
        raise EditionError(
            f"{book.name}: there is no other edition of its place beside it, wanted one to compare it with"
        )
    at = [edition.name for edition in books].index(book.name)
    first = max(at - 1, 0)
    return compare(books[first], books[first + 1])


def history(book: Edition, books: Sequence[Edition]) -> dict[str, Rows]:
    """The figures of an edition that mean the same in another of the books: by id, their rows by edition."""
    frames = {edition.name: edition.figures for edition in books}
    histories = {}
    for id in map(str, book.figures.index):
        rows = _history(id, frames)
        if len(rows) > 1:
            histories[id] = rows
    return histories


def trends(book: Edition) -> Iterator[Shown | Chart]:
    """What means the same in several editions: a table of all, and one chart with a panel for each that moved.

    What reads the same in all editions is not drawn. Without a year for every number, the editions stand side by
    side instead, a chart a figure.
    """
    books = editions(book)
    titles = {edition.name: edition.title for edition in books}
    histories = history(book, books)
    if histories:
        columns = {edition.name: column_name(edition) for edition in books}
        yield _side_by_side(book, histories, columns)
    moving = {id: rows for id, rows in histories.items() if _has_moved(rows)}
    dated = {id: rows for id, rows in moving.items() if all(map(_is_dated, rows.values()))}
    if dated:
        yield _over_time(book, dated, titles)
    for id, rows in moving.items():
        if id not in dated:
            yield _bars(book, id, rows, titles)


def _has_moved(rows: Rows) -> bool:
    different = {(q.low, q.high) for q in _quantities(rows)}
    return len(different) > 1


def _bars(book: Edition, id: str, rows: Rows, titles: dict[str, str]) -> Chart:
    """A figure in each edition that has it."""
    quantities = _quantities(rows)
    labels = [titles[name] for name in rows]
    finding = section_charts.finding(book, quantities, labels)
    title = book.message("label.value", label=book[id].label, value=finding)
    chart_id = f"editions-{section_charts.slug(id)}"
    return charts.bars(quantities, labels=labels, sort=False, id=chart_id, title=title)


def _quantities(rows: Rows) -> list[Quantity]:
    return [row["quantity"] for row in rows.values()]


def _side_by_side(book: Edition, histories: dict[str, Rows], columns: dict[str, str]) -> Shown:
    rows = []
    for id, rows_of_figure in histories.items():
        cells: list[Quantity | str] = [book[id].label]
        for name in columns:
            if name in rows_of_figure:
                cells.append(linked_if_own(book, name, rows_of_figure[name]["quantity"]))
            else:
                cells.append("")
        rows.append(cells)
    head = [book.message("column.number"), *columns.values()]
    return show.table(rows, id="trends", title=book.message("editions.same_meaning"), columns=head)


def linked_if_own(book: Edition, name: str, q: Quantity) -> Quantity:
    """Only a number of the page's own edition leads to a row of its table of figures."""
    return q if name == book.name else replace(q, figure=None)


def column_name(book: Edition) -> str:
    """What a column calls an edition: its year, if it has one."""
    year = year_of(book)
    return book.message("editions.of_year", year=year) if year else book.title


def _history(id: str, frames: dict[str, pd.DataFrame]) -> Rows:
    """The rows of a figure by edition, as far as they mean what the last one means."""
    rows = {}
    for name, frame in frames.items():
        if id in frame.index:
            rows[name] = pd.Series(frame.loc[id])
    *_, last = rows.values()
    alike = {}
    for name, row in rows.items():
        if not shared_figure(row, last, are_releases=False).redefined:
            alike[name] = row
    return alike


def _is_dated(row: pd.Series) -> bool:
    try:
        moment(row["period"])
    except ValueError:
        return False
    return True


def _over_time(book: Edition, histories: dict[str, Rows], titles: dict[str, str]) -> Chart:
    """A panel for each figure; those that share a label are told apart by their ids."""
    series: dict[str, list[tuple[str, Quantity]]] = {}
    names: dict[str, None] = {}  # of the editions, in order
    for id, rows in histories.items():
        label = book[id].label
        name = f"{label} ({id})" if label in series else label
        series[name] = [(row["period"], row["quantity"]) for row in rows.values()]
        names.update(dict.fromkeys(rows))
    sources = [book.message("editions.title", title=titles[name]) for name in names]
    source = book.message("join.titles").join(sources)
    title = _moved(book, list(histories.values()))
    return charts.multiples(series, id="editions-over-time", title=title, source=source)


def _moved(book: Edition, histories: Sequence[Rows]) -> str:
    """How many figures rose and how many fell from the first edition to the last, as far as their bounds decide it."""
    up = 0
    down = 0
    for rows in histories:
        first, *_, last = sorted(rows.values(), key=lambda row: moment(row["period"]))
        old = first["quantity"]
        new = last["quantity"]
        if new.low > old.high:
            up += 1
        elif new.high < old.low:
            down += 1
    number = len(histories)
    undecided = number - up - down
    if undecided:
        return book.message("editions.moved_or_undecided", up=up, down=down, undecided=undecided, number=number)
    return book.message("editions.moved", up=up, down=down, number=number)

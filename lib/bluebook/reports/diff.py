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
        zh, less = self.new.lang == "zh", self.new.value < self.old.value
        if self.redefined or not self.certain:
            told = ("", "") if self.redefined else ("范围重合，未必有变", "bounds overlap: perhaps none")
            return told[not zh]
        step = (self.old - self.new) if less else (self.new - self.old)
        if self.new.as_percent:
            step = step.points
        elif self.old.low > 0:
            step = (step / self.old).percent
        return f"{('减少' if less else '增加') if zh else ('down ' if less else 'up ')}{step}"


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
    before, after, releases = old.figures, new.figures, _package(old) == _package(new)
    both = [str(id) for id in after.index if id in before.index]
    return Difference(
        old,
        new,
        gone=list(before["quantity"][~before.index.isin(after.index)]),
        added=list(after["quantity"][~after.index.isin(before.index)]),
        shared=[_shared(pd.Series(before.loc[id]), pd.Series(after.loc[id]), releases) for id in both],
    )


def _package(book: Edition) -> str:
    """The name of the data package: two releases of one edition share it, whatever their folders are called."""
    return str(book._package.get("name", book.name))


def _shared(old: pd.Series, new: pd.Series, releases: bool) -> Shared:
    columns = ["measure", "label", "area", *(["period", "base"] if releases else [])]
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


def lines(found: Difference) -> Iterator[str]:
    """The difference as lines of text: + added, - gone, ~ changed, ! redefined, and how many of each."""
    for sign, quantities in (("+", found.added), ("-", found.gone)):
        yield from (f"{sign} {q.figure}  {q.printed}  {q.label}" for q in quantities)
    for one in found.changed:
        yield f"~ {one.id}  {one.old.printed} -> {one.new.printed}  {one.new.label}: {one.change}"
    for one in found.redefined:
        what = "; ".join(f"{name} {a or '(none)'} -> {b or '(none)'}" for name, (a, b) in one.redefined.items())
        yield f"! {one.id}  {one.old.printed} -> {one.new.printed}  {what}"
    counts = {name: len(getattr(found, name)) for name in ("added", "gone", "changed", "redefined", "same")}
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    yield f"{_package(found.old)} -> {_package(found.new)}: {told}"


def as_json(found: Difference) -> dict[str, Any]:
    """The difference for a machine: values and bounds in plain units, to double precision."""
    pairs = {name: [_pair(one) for one in getattr(found, name)] for name in ("changed", "redefined")}
    return {
        "old": {"name": _package(found.old), "title": found.old.title},
        "new": {"name": _package(found.new), "title": found.new.title},
        **{name: [_facts(q) for q in getattr(found, name)] for name in ("added", "gone")},
        **pairs,
        "same": [one.id for one in found.same],
    }  # fmt: skip


def _facts(q: Quantity) -> dict[str, Any]:
    record = q.record()
    names = ("label", "printed", "unit", "value", "low", "high", "low_included", "high_included")
    return {"id": q.figure, **{name: record[name] for name in names}}


def _pair(one: Shared) -> dict[str, Any]:
    sides = {
        name: _facts(q) | {"period": period}
        for name, q, period in zip(("old", "new"), (one.old, one.new), one.periods, strict=True)
    }
    told = {"redefined": one.redefined} if one.redefined else {"change": one.change, "certain": one.certain}
    return {"id": one.id, **sides, **told}


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
    kept, titles = history(book, books), {one.name: one.title for one in books}
    if kept:
        yield _side_by_side(book, kept, {one.name: _edition(one) for one in books})
    moving = [id for id, rows in kept.items() if len({(q.low, q.high) for q in _quantities(rows)}) > 1]
    dated = [id for id in moving if all(map(_dated, kept[id].values()))]
    if dated:
        yield _over_time(book, {id: kept[id] for id in dated}, titles)
    for id in moving:
        if id not in dated:
            quantities, labels = _quantities(kept[id]), [titles[name] for name in kept[id]]
            title = f"{book[id].label}{book.say('：', ': ')}{sections.finding(book, quantities, labels)}"
            yield charts.bars(quantities, labels=labels, sort=False, id=f"editions-{sections.slug(id)}", title=title)


def _quantities(rows: dict[str, pd.Series]) -> list[Quantity]:
    return [row["quantity"] for row in rows.values()]


def _side_by_side(book: Edition, kept: dict[str, dict[str, pd.Series]], years: dict[str, str]) -> Shown:
    rows = [
        [book[id].label, *(_looked_up(book, name, mine[name]["quantity"]) if name in mine else "" for name in years)]
        for id, mine in kept.items()
    ]
    title = book.say("含义相同的数字，逐版列出", "Numbers that mean the same, edition by edition")
    return show.table(rows, id="trends", title=title, columns=[book.say("数字", "Number"), *years.values()])


def _looked_up(book: Edition, name: str, q: Quantity) -> Quantity:
    """Only a number of the page's own edition leads to a row of its table of figures."""
    return q if name == book.name else replace(q, figure=None)


def _edition(book: Edition) -> str:
    """What a column calls an edition: its year, if it has one."""
    return book.say(f"{_year(book)}年版", f"Edition {_year(book)}") if _year(book) else book.title


def _history(id: str, frames: dict[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The rows of a figure by edition, as far as they mean what the last one means."""
    rows = {name: pd.Series(frame.loc[id]) for name, frame in frames.items() if id in frame.index}
    last = list(rows.values())[-1]
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
    source = book.say("", "; ").join(book.say(f"《{titles[name]}》", titles[name]) for name in names)
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
    zh = [f"{up}个数字增加", f"{down}个减少"]
    en = [f"{up} rose", f"{down} fell"]
    if undecided:
        zh.append(f"{undecided}个说不准")
        en.append(f"{undecided} undecided")
    return book.say("，".join(zh), f"Of {len(rows)} numbers that changed, {', '.join(en)}")


def tables(book: Edition, found: Difference) -> Iterator[Shown]:
    """What is changed, redefined, new and gone, each under its heading; nothing for what there is none of."""
    pairs = (
        ("changed", book.say("有变化的", "Changed"), book.say("变化", "Change"), found.changed),
        ("redefined", book.say("含义不同的", "Redefined"), book.say("不同在", "Differs in"), found.redefined),
    )
    for name, title, last, shared in pairs:
        head = [book.say("数字", "Number"), _edition(found.old), _edition(found.new), last]
        yield from _listed(book, name, title, [_compared(book, found, one) for one in shared], head)
    for name, side, quantities in (("added", found.new, found.added), ("gone", found.old, found.gone)):
        title = book.say(f"只见于{_edition(side)}的", f"Only in {_edition(side)[0].lower()}{_edition(side)[1:]}")
        rows = [(q.label, _looked_up(book, side.name, q), q.bounds_text) for q in quantities]
        yield from _listed(book, name, title, rows, book.say("数字 写法 范围", "Number Value Range").split())


def _compared(book: Edition, found: Difference, one: Shared) -> tuple[Any, ...]:
    old, new = _looked_up(book, found.old.name, one.old), _looked_up(book, found.new.name, one.new)
    return one.new.label, old, new, one.change or _reason(one)


def _listed(book: Edition, id: str, title: str, rows: list[Any], head: Sequence[str]) -> Iterator[Shown]:
    if not rows:
        return
    yield sections.heading(id, title)
    more = book.say(f"{title}数字，共{len(rows)}个", f"{title}: {len(rows)}")
    yield show.table(rows, id=f"{id}-figures", title=more, columns=head)


COLUMNS = {
    "measure": ("计法", "measure"), "label": ("名称", "label"), "area": ("区域", "area"), "unit": ("单位", "unit"),
    "period": ("时期", "period"), "base": ("基期", "base"), "span": ("跨越年数", "years compared"),
}  # fmt: skip


def _reason(one: Shared) -> str:
    zh = one.new.lang == "zh"
    told = {
        COLUMNS[name][not zh]: f"{a or '—'} → {b or '—'}" if zh or (a + b).isascii() else ""  # a Chinese measure word
        for name, (a, b) in one.redefined.items()
    }
    joint, colon = ("；", "：") if zh else ("; ", ": ")
    return joint.join(name + (colon + pair if pair else "") for name, pair in told.items())

"""Two editions put together figure by figure: which are new, gone, changed, or no longer mean the same.

An id is a promise: what has the same id in two editions is the same thing at two times. Where measure, unit, label or
area differ the promise is broken and the figure counts as redefined; so it does when two releases of one edition
give it another period. Whether a number changed is told from its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bluebook.edition.edition import Edition
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.reports.section_charts import axis


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
        old = (self.old.printed, self.old.low, self.old.high)
        new = (self.new.printed, self.new.low, self.new.high)
        return old != new

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
        size = self.old - self.new if is_fall else self.new - self.old
        if self.new.as_percent:
            size = size.points
        elif self.old.low > 0:
            size = (size / self.old).percent
        key = "change.down" if is_fall else "change.up"
        return message(lang, key, size=size)


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
        return [figure for figure in self.shared if figure.redefined]

    @property
    def changed(self) -> list[Shared]:
        return [figure for figure in self.shared if figure.changed and not figure.redefined]

    @property
    def same(self) -> list[Shared]:
        return [figure for figure in self.shared if not figure.changed and not figure.redefined]


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
    are_releases = package_name(old) == package_name(new)
    shared = []
    for id in after.index:
        if id in before.index:
            old_row = pd.Series(before.loc[id])
            new_row = pd.Series(after.loc[id])
            shared.append(shared_figure(old_row, new_row, are_releases=are_releases))
    is_gone = ~before.index.isin(after.index)
    is_added = ~after.index.isin(before.index)
    gone = list(before["quantity"][is_gone])
    added = list(after["quantity"][is_added])
    return Difference(old, new, gone, added, shared)


def package_name(book: Edition) -> str:
    """The name of the data package: two releases of one edition share it, whatever their folders are called."""
    return str(book._package.get("name", book.name))


def shared_figure(old: pd.Series, new: pd.Series, *, are_releases: bool) -> Shared:
    """A figure of two editions, or of two releases of one, with what of it differs."""
    columns = ["measure", "label", "area"]
    if are_releases:
        columns += ["period", "base"]
    pairs = {column: (str(old[column]), str(new[column])) for column in columns}
    pairs["unit"] = (_unit(old["quantity"]), _unit(new["quantity"]))
    if not are_releases:
        pairs["span"] = (_span(old), _span(new))
    redefined = {}
    for name, (before, after) in pairs.items():
        if before != after:
            redefined[name] = (before, after)
    periods = (old["period"], new["period"])
    return Shared(str(new.name), old["quantity"], new["quantity"], periods, redefined)


def _unit(q: Quantity) -> str:
    return axis(q).removesuffix("/")


def _span(row: pd.Series) -> str:
    """How many years a change is over: 1 for 2020 on 2019; nothing where it does not say both."""
    period = str(row["period"])
    base = str(row["base"])
    if not period.isdecimal() or not base.isdecimal():
        return ""
    return str(int(period) - int(base))

"""Two editions compared, or two releases of one: which figures are new, gone, changed, or no longer mean the same.

Figures are put together in `compare`, the editions of one place in `trends`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bluebook.edition.edition import Edition, open_edition
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.reports import sections, show
from bluebook.reports.compare import Difference, Shared, compare, package_name
from bluebook.reports.show import Shown
from bluebook.reports.trends import (
    column_name,
    editions,
    history,
    linked_if_own,
    nearest,
    place_of,
    trends,
)

__all__ = [
    "Difference", "Shared", "as_json", "compare", "editions", "history", "lines", "nearest", "place_of", "read",
    "tables", "trends",
]  # fmt: skip

# in words and for machines

OUTCOMES = ("added", "gone", "changed", "redefined", "same")


def lines(difference: Difference) -> Iterator[str]:
    """The difference as lines of text: + added, - gone, ~ changed, ! redefined, and how many of each."""
    for q in difference.added:
        yield f"+ {q.figure}  {q.printed}  {q.label}"
    for q in difference.gone:
        yield f"- {q.figure}  {q.printed}  {q.label}"
    for figure in difference.changed:
        yield f"~ {_old_and_new(figure)}  {figure.new.label}: {figure.change}"
    for figure in difference.redefined:
        yield f"! {_old_and_new(figure)}  {_differences(figure)}"
    counts = ", ".join(f"{len(getattr(difference, name))} {name}" for name in OUTCOMES)
    yield f"{package_name(difference.old)} -> {package_name(difference.new)}: {counts}"


def _old_and_new(figure: Shared) -> str:
    return f"{figure.id}  {figure.old.printed} -> {figure.new.printed}"


def _differences(figure: Shared) -> str:
    """What of a redefined figure differs, by the names of its columns."""
    differences = []
    for name, (old, new) in figure.redefined.items():
        differences.append(f"{name} {old or '(none)'} -> {new or '(none)'}")
    return "; ".join(differences)


def as_json(difference: Difference) -> dict[str, Any]:
    """The difference for a machine: values and bounds in plain units, to double precision."""
    record: dict[str, Any] = {}
    record["old"] = _edition_record(difference.old)
    record["new"] = _edition_record(difference.new)
    record["added"] = [_figure_record(q) for q in difference.added]
    record["gone"] = [_figure_record(q) for q in difference.gone]
    record["changed"] = [_pair(figure) for figure in difference.changed]
    record["redefined"] = [_pair(figure) for figure in difference.redefined]
    record["same"] = [figure.id for figure in difference.same]
    return record


def _edition_record(book: Edition) -> dict[str, str]:
    return {"name": package_name(book), "title": book.title}


def _figure_record(q: Quantity) -> dict[str, Any]:
    record = q.record()
    names = ("label", "printed", "unit", "value", "low", "high", "low_included", "high_included")
    return {"id": q.figure, **{name: record[name] for name in names}}


def _pair(figure: Shared) -> dict[str, Any]:
    old_period, new_period = figure.periods
    record: dict[str, Any] = {"id": figure.id}
    record["old"] = _figure_record(figure.old) | {"period": old_period}
    record["new"] = _figure_record(figure.new) | {"period": new_period}
    if figure.redefined:
        record["redefined"] = figure.redefined
    else:
        record["change"] = figure.change
        record["certain"] = figure.certain
    return record


def read(name: str, root: Path | None = None, lang: str = "en") -> Edition:
    """An edition by its name, or by its folder: so that two releases of one can be compared."""
    folder = Path(name).resolve()
    if (folder / "datapackage.json").is_file():
        return Edition(folder, lang)
    return open_edition(name, lang, root)


# on a page


def tables(book: Edition, difference: Difference) -> Iterator[Shown]:
    """What is changed, redefined, new and gone, each under its heading; nothing for what there is none of."""
    ends = [column_name(difference.old), column_name(difference.new)]
    number, change, differs = book.messages("column.number", "column.change", "column.differs_in")
    changed = [_compared(book, difference, figure) for figure in difference.changed]
    yield from _listed(book, "changed", book.message("diff.changed"), changed, [number, *ends, change])
    redefined = [_compared(book, difference, figure) for figure in difference.redefined]
    yield from _listed(book, "redefined", book.message("diff.redefined"), redefined, [number, *ends, differs])
    yield from _only_in(book, "added", difference.new, difference.added)
    yield from _only_in(book, "gone", difference.old, difference.gone)


def _only_in(book: Edition, id: str, side: Edition, quantities: Sequence[Quantity]) -> Iterator[Shown]:
    """The figures that only one of the two editions has."""
    name = column_name(side)
    name_in_sentence = name[0].lower() + name[1:]
    title = book.message("diff.only_in", edition=name_in_sentence)
    rows = [(q.label, linked_if_own(book, side.name, q), q.bounds_text) for q in quantities]
    head = book.messages("column.number", "column.value", "column.range")
    yield from _listed(book, id, title, rows, head)


def _compared(book: Edition, difference: Difference, figure: Shared) -> tuple[Any, ...]:
    old = linked_if_own(book, difference.old.name, figure.old)
    new = linked_if_own(book, difference.new.name, figure.new)
    change = figure.change or _reason(figure)
    return figure.new.label, old, new, change


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


def _reason(figure: Shared) -> str:
    """In what a figure was redefined, each with what it was and is; in English without Chinese measure words."""
    lang = figure.new.lang
    reasons = []
    for name, (old, new) in figure.redefined.items():
        aspect = message(lang, ASPECTS[name])
        is_readable = lang == "zh" or (old + new).isascii()
        if is_readable:
            aspect = message(lang, "label.value", label=aspect, value=f"{old or '—'} → {new or '—'}")
        reasons.append(aspect)
    return message(lang, "join.clauses").join(reasons)

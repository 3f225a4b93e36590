"""What leaves with a chart besides the drawing: alternative text, note, source, the figures behind it, their data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from bluebook.messages import language, message, messages
from bluebook.numbers.quantity import Quantity, Source
from bluebook.numbers.text import POINTS, span, with_unit

Told = tuple[str, Quantity | str]  # a label and what the chart says of it
_YEAR_AT_AN_END = re.compile(r"\d{4}(?=[（）]|$)")
SPOKEN = 10  # things that an alternative text says
NUMBER_COLUMNS = ("column.number_value", "column.low", "column.high", "column.low_included", "column.high_included")
CELL_COLUMNS = (*NUMBER_COLUMNS, "column.unit")  # those that `cells` gives after the number as written
COLUMNS = ("column.item", "column.as_written", *CELL_COLUMNS, "column.provenance")
SHOWN_COLUMNS = ("column.item", "column.as_written", "column.range", "column.provenance")


def data(told: Sequence[Told], lang: str) -> dict[str, Any]:
    """The numbers of a chart as a table: all that is known, for a download, and what the page shows of it."""
    shown_rows = []
    rows = []
    for label, value in told:
        shown_rows.append(_shown(label, value))
        rows.append(_row(label, value))
    shown = {"columns": messages(lang, SHOWN_COLUMNS), "rows": shown_rows, "numbers": [1, 2]}
    return {"columns": messages(lang, COLUMNS), "rows": rows, "shown": shown}


def _shown(label: str, told: Quantity | str) -> list[str]:
    if isinstance(told, str):
        return [label, told, "", ""]
    return [label, told.text, told.bounds_text, told.where]


def _row(label: str, told: Quantity | str) -> list[Any]:
    if isinstance(told, str):
        no_numbers = [None] * len(NUMBER_COLUMNS)
        return [label, told, *no_numbers, "", ""]
    return [label, *cells(told), told.where]


def cells(q: Quantity) -> list[Any]:
    """A number as a table has it: as written, value, bounds, whether they are included, unit: see `CELL_COLUMNS`."""
    times = 100 if q.as_percent else POINTS.get(q.unit, 1)
    numbers = [_number(number * times) for number in (q.value, q.low, q.high)]
    low_included = _yes_or_no(not q.low_open, q.lang)
    high_included = _yes_or_no(not q.high_open, q.lang)
    return [q.text, *numbers, low_included, high_included, unit_word(q)]


def _yes_or_no(answer: bool, lang: str) -> str:
    return message(lang, "answer.yes") if answer else message(lang, "answer.no")


def _number(value: Fraction) -> int | float:
    """For a table: whole numbers whole, the others to nine significant digits."""
    return value.numerator if value.denominator == 1 else float(f"{float(value):.9g}")


def unit_word(q: Quantity) -> str:
    """The unit of a number in words of its own; nothing in English for what is only counted."""
    if q.as_percent:
        return "%"
    if language(q.lang).numbers.as_printed:
        return q.unit
    return with_unit("", q.unit, q.lang).strip()


def alt(kind: str, title: str, told: Sequence[Told], lang: str) -> str:
    """What is drawn, for who cannot see it; of much, the first, for the data table has all.

    `kind` is the key of what this kind of chart is called.
    """
    shown = told if len(told) <= SPOKEN + 2 else told[:SPOKEN]
    items = message(lang, "join.clauses").join(_spoken(shown, lang))
    if len(told) > len(shown):
        items = message(lang, "alt.more", items=items, count=len(told) - len(shown))
    finding = title.rstrip(message(lang, "punctuation.full_stop"))
    return message(lang, "alt.chart", kind=message(lang, kind), title=finding, items=items)


def _spoken(told: Sequence[Told], lang: str) -> Iterator[str]:
    """Each number after its label, and after its group's name if that was not the last one's."""
    colon = message(lang, "label.value", label="", value="")
    last = ""
    for label, value in told:
        group, _, own = label.rpartition(colon)
        name = own if group and group == last else label
        yield message(lang, "label.value", label=name, value=value)
        last = group


def note(quantities: Sequence[Quantity], lang: str, *, remark: str = "", pale: bool = False) -> str:
    """What the drawing leaves unsaid, and what the bounds are, with the least certain number as the example.

    `pale` says that bounds were drawn.
    """
    loose = [q for q in quantities if not q.exact]
    if not loose:
        return remark
    example = max(loose, key=_looseness)
    key = "note.derived_range" if example.derived else "note.printed_range"
    sentences = [remark, message(lang, key, number=example.text, bounds=example.bounds_text)]
    if pale:
        sentences.append(message(lang, "note.pale"))
    return sentences_joined(sentences, lang)


def sentences_joined(sentences: Sequence[str], lang: str) -> str:
    """Sentences one after the other, those left out that are empty."""
    return message(lang, "join.sentences").join(sentence for sentence in sentences if sentence)


def _looseness(q: Quantity) -> tuple[bool, Fraction]:
    """How good an example a number is: a printed one first, then the widest for its size."""
    return not q.derived, (q.high - q.low) / (abs(q.value) or 1)


def subtitle(quantities: Sequence[Quantity], lang: str) -> str:
    """What time the numbers are of: one period, and for changes its base, or the first and the last of several.

    Nothing, where there is a number that does not say its own.
    """
    times = set[tuple[str, str]]()
    for q in quantities:
        times |= {(leaf.source.period, leaf.source.base) for leaf in q.leaves if leaf.source}
    if any(not period for period, _ in times):
        return ""
    if len(times) == 1:
        told = span(*times.pop(), lang)
    else:
        years = sorted(year for pair in times for year in re.findall(r"\d{4}", " ".join(pair)))
        told = "–".join(dict.fromkeys([*years[:1], *years[-1:]]))
    return _YEAR_AT_AN_END.sub(lambda year: message(lang, "period.year", year=year[0]), told)


def source(quantities: Sequence[Quantity], lang: str) -> str:
    """Where the numbers come from: the paragraphs of the source and what is cited from elsewhere, each once."""
    sources = [leaf.source for q in quantities for leaf in q.leaves if leaf.source]
    paragraphs = sorted({one.paragraph for one in sources if one.paragraph})
    citations = list(dict.fromkeys(one.cited for one in sources if one.cited))
    places = []
    if paragraphs:
        listed = message(lang, "join.items").join(map(str, paragraphs))
        places.append(message(lang, "source.paragraphs", paragraphs=listed, count=len(paragraphs)))
    clauses = message(lang, "join.clauses")
    if citations:
        places.append(Source(cited=clauses.join(citations)).text(lang))
    if not places:
        return ""
    is_derived = any(q.derived for q in quantities)
    whole = clauses.join(places)
    return message(lang, "source.with_arithmetic", places=whole) if is_derived else whole

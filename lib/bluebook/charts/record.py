"""What leaves with a chart besides the drawing: alternative text, note, source, the figures behind it, their data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from bluebook.messages import language, message, messages
from bluebook.numbers.quantity import Quantity, Source
from bluebook.numbers.text import POINTS, span, with_unit

Labelled = tuple[str, Quantity | str]  # a label and the value that the chart gives for it
_YEAR_AT_AN_END = re.compile(r"\d{4}(?=[（）]|$)")
SPOKEN = 10  # things that an alternative text says
NUMBER_COLUMNS = ("column.number_value", "column.low", "column.high", "column.low_included", "column.high_included")
CELL_COLUMNS = (*NUMBER_COLUMNS, "column.unit")  # those that `cells` gives after the number as written
COLUMNS = ("column.item", "column.as_written", *CELL_COLUMNS, "column.provenance")
SHOWN_COLUMNS = ("column.item", "column.as_written", "column.range", "column.provenance")


def data(values: Sequence[Labelled], lang: str) -> dict[str, Any]:
    """The numbers of a chart as a table: all that is known, for a download, and what the page shows of it."""
    shown_rows = []
    rows = []
    for label, value in values:
        shown_rows.append(_shown(label, value))
        rows.append(_row(label, value))
    shown = {"columns": messages(lang, SHOWN_COLUMNS), "rows": shown_rows, "numbers": [1, 2]}
    return {"columns": messages(lang, COLUMNS), "rows": rows, "shown": shown}


def _shown(label: str, value: Quantity | str) -> list[str]:
    if isinstance(value, str):
        return [label, value, "", ""]
    return [label, value.text, value.bounds_text, value.where]


def _row(label: str, value: Quantity | str) -> list[Any]:
    if isinstance(value, str):
        no_numbers = [None] * len(NUMBER_COLUMNS)
        return [label, value, *no_numbers, "", ""]
    return [label, *cells(value), value.where]


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
    if value.denominator == 1:
        return value.numerator
    nine_digits = f"{float(value):.9g}"
    return float(nine_digits)


def unit_word(q: Quantity) -> str:
    """The unit of a number in words of its own; nothing in English for what is only counted."""
    if q.as_percent:
        return "%"
    if language(q.lang).numbers.as_printed:
        return q.unit
    return with_unit("", q.unit, q.lang).strip()


def alt(kind: str, title: str, values: Sequence[Labelled], lang: str) -> str:
    """What is drawn, for who cannot see it; of much, the first, for the data table has all.

    `kind` is the key of what this kind of chart is called.
    """
    spoken = values if len(values) <= SPOKEN + 2 else values[:SPOKEN]
    items = message(lang, "join.clauses").join(_spoken(spoken, lang))
    others = len(values) - len(spoken)
    if others:
        items = message(lang, "alt.more", items=items, count=others)
    full_stop = message(lang, "punctuation.full_stop")
    kind_name = message(lang, kind)
    return message(lang, "alt.chart", kind=kind_name, title=title.rstrip(full_stop), items=items)


def _spoken(values: Sequence[Labelled], lang: str) -> Iterator[str]:
    """Each number after its label, and after its group's name if that was not the last one's."""
    colon = message(lang, "label.value", label="", value="")
    last_group = ""
    for label, value in values:
        group, _, own = label.rpartition(colon)
        is_of_last_group = group != "" and group == last_group
        name = own if is_of_last_group else label
        yield message(lang, "label.value", label=name, value=value)
        last_group = group


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
    size = abs(q.value) or 1
    return not q.derived, (q.high - q.low) / size


def subtitle(quantities: Sequence[Quantity], lang: str) -> str:
    """What time the numbers are of: one period, and for changes its base, or the first and the last of several.

    Nothing, where there is a number that does not say its own.
    """
    times = _times(quantities)
    if any(not period for period, _ in times):
        return ""
    if len(times) == 1:
        period, base = times.pop()
        text = span(period, base, lang)
    else:
        text = _first_and_last_year(times)
    return _YEAR_AT_AN_END.sub(lambda year: message(lang, "period.year", year=year[0]), text)


def _times(quantities: Sequence[Quantity]) -> set[tuple[str, str]]:
    """The periods that numbers are of, each with the base of changes."""
    times = set()
    for q in quantities:
        for leaf in q.leaves:
            if leaf.source:
                times.add((leaf.source.period, leaf.source.base))
    return times


def _first_and_last_year(times: set[tuple[str, str]]) -> str:
    years = set()
    for period, base in times:
        years.update(re.findall(r"\d{4}", f"{period} {base}"))
    if not years:
        return ""
    first = min(years)
    last = max(years)
    return first if first == last else f"{first}–{last}"


def source(quantities: Sequence[Quantity], lang: str) -> str:
    """Where the numbers come from: the paragraphs of the source and what is cited from elsewhere, each once."""
    sources = [leaf.source for q in quantities for leaf in q.leaves if leaf.source]
    paragraphs = sorted({source.paragraph for source in sources if source.paragraph})
    citations = list(dict.fromkeys(source.cited for source in sources if source.cited))
    places = []
    if paragraphs:
        listed = message(lang, "join.items").join(map(str, paragraphs))
        places.append(message(lang, "source.paragraphs", paragraphs=listed, count=len(paragraphs)))
    clauses = message(lang, "join.clauses")
    if citations:
        places.append(Source(cited=clauses.join(citations)).text(lang))
    if not places:
        return ""
    listed_places = clauses.join(places)
    if any(q.derived for q in quantities):
        return message(lang, "source.with_arithmetic", places=listed_places)
    return listed_places

"""What leaves with a chart besides the drawing: alternative text, note, source, the figures behind it, their data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bluebook.numbers.quantity import Quantity, Source
from bluebook.numbers.text import POINTS, affixes, span

Told = tuple[str, Quantity | str]  # a label and what the chart says of it
SPOKEN = 10  # things that an alternative text says
COLUMNS = {
    "zh": ["项目", "写法", "数值", "下界", "上界", "含下界", "含上界", "单位", "出处"],
    "en": ["Item", "As written", "Value", "Low", "High", "Low included", "High included", "Unit", "Provenance"],
}
SHOWN = {"zh": ["项目", "写法", "范围", "出处"], "en": ["Item", "As written", "Range", "Provenance"]}
NUMBERS = slice(2, -1)  # of them, those that `cells` gives after the number as written
INCLUDED = {"zh": ("是", "否"), "en": ("yes", "no")}


@dataclass(frozen=True)
class Kind:
    """What a kind of chart is called."""

    zh: str
    en: str

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


def data(told: Sequence[Told], lang: str) -> dict[str, Any]:
    """The numbers of a chart as a table: all that is known, for a download, and what the page shows of it."""
    shown = {"columns": SHOWN[lang], "rows": [_shown(label, value) for label, value in told], "numbers": [1, 2]}
    return {"columns": COLUMNS[lang], "rows": [_row(label, value) for label, value in told], "shown": shown}


def _shown(label: str, told: Quantity | str) -> list[str]:
    if isinstance(told, str):
        return [label, told, "", ""]
    return [label, told.text, told.bounds_text, told.where]


def _row(label: str, told: Quantity | str) -> list[Any]:
    if isinstance(told, str):
        return [label, told, *[None] * 5, "", ""]
    return [label, *cells(told), told.where]


def cells(q: Quantity) -> list[Any]:
    """A number as a table has it: as written, value, bounds, whether they are included, unit: see `COLUMNS`."""
    times = 100 if q.as_percent else POINTS.get(q.unit, 1)
    numbers = [_number(number * times) for number in (q.value, q.low, q.high)]
    yes, no = INCLUDED[q.lang]
    return [q.text, *numbers, no if q.low_open else yes, no if q.high_open else yes, unit_word(q)]


def _number(value: Fraction) -> int | float:
    """For a table: whole numbers whole, the others to nine significant digits."""
    return value.numerator if value.denominator == 1 else float(f"{float(value):.9g}")


def unit_word(q: Quantity) -> str:
    """The unit of a number in words of its own; nothing in English for what is only counted."""
    if q.as_percent:
        return "%"
    if q.lang == "zh":
        return q.unit
    prefix, suffix = affixes(q.unit, "en")
    return (prefix + suffix).strip()


def alt(kind: Kind, title: str, told: Sequence[Told], lang: str) -> str:
    """What is drawn, for who cannot see it; of much, the first, for the data table has all."""
    shown = told if len(told) <= SPOKEN + 2 else told[:SPOKEN]
    more = len(told) - len(shown)
    if lang == "zh":
        rest = f"；另有{more}项，见数据表" if more else ""
        return f"{kind.zh}。{title.rstrip('。')}。{'；'.join(_spoken(shown, '：'))}{rest}。"
    rest = f"; and {more} more, in the data table" if more else ""
    return f"{kind.en}. {title.rstrip('.')}. {'; '.join(_spoken(shown, ': '))}{rest}."


def _spoken(told: Sequence[Told], colon: str) -> Iterator[str]:
    """Each number after its label, and after its group's name if that was not the last one's."""
    last = ""
    for label, value in told:
        group, _, own = label.rpartition(colon)
        yield f"{own if group and group == last else label}{colon}{value}"
        last = group


def note(quantities: Sequence[Quantity], lang: str, *, remark: str = "", pale: bool = False) -> str:
    """What the drawing leaves unsaid, and what the bounds are, with the least certain number as the example.

    `pale` says that bounds were drawn.
    """
    loose = [q for q in quantities if not q.exact]
    if not loose:
        return remark
    q = max(loose, key=_looseness)
    if lang == "zh":
        what = "推算的结果也是一个范围" if q.derived else "数字的写法只确定一个范围"
        tail = "淡色部分表示范围。" if pale else ""
        return f"{remark}{what}：“{q.text}”指{q.bounds_text}。{tail}"
    what = "A derived number is also a range" if q.derived else "A printed number stands for a range"
    tail = " Faint parts show such ranges." if pale else ""
    return f"{remark} {what}: “{q.text}” means {q.bounds_text}.{tail}".strip()


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
    return re.sub(r"(\d{4})(?=[（）]|$)", r"\1年", told) if lang == "zh" else told


def source(quantities: Sequence[Quantity], lang: str) -> str:
    """Where the numbers come from: the paragraphs of the source and what is cited from elsewhere, each once."""
    sources = [leaf.source for q in quantities for leaf in q.leaves if leaf.source]
    paragraphs = sorted({one.paragraph for one in sources if one.paragraph})
    cited = ("；" if lang == "zh" else "; ").join(dict.fromkeys(one.cited for one in sources if one.cited))
    places = []
    if paragraphs:
        places.append(_paragraphs(paragraphs, lang))
    if cited:
        places.append(Source(cited=cited).text(lang))
    if not places:
        return ""
    derived = any(q.derived for q in quantities)
    if lang == "zh":
        return "；".join(places) + ("，经推算" if derived else "")
    return "; ".join(places) + (", with our arithmetic" if derived else "")


def _paragraphs(found: Sequence[int], lang: str) -> str:
    if lang == "zh":
        return f"原文第{'、'.join(map(str, found))}段"
    return f"source text, paragraph{'s' if len(found) > 1 else ''} {', '.join(map(str, found))}"

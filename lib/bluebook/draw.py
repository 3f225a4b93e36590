"""The sheet a chart is drawn on, and the words and data that leave with it.

Positions are pixels downwards (`y`) and shares of the width across (`x`, 0 to 1), with every label above or beside its
mark and wrapped to the width of a phone: so one figure serves every width. `Sheet.chart` makes it a plotly figure with
its record, from which a page takes caption, note, source line and data table.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any, NoReturn, TypedDict

import plotly.graph_objects as go
import plotly.io as pio

from .quantity import Quantity, Source
from .text import POINTS, affixes, span

FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'
BLUE, SKY, GOLD, VERMILION, SLATE = "#1f5ea8", "#86bbea", "#e6a117", "#b8452a", "#6f7b88"
PALETTE = (BLUE, SKY, GOLD, VERMILION, SLATE)  # apart in the usual colour blindnesses: they differ in lightness too
REST = "#d9dfe6"  # what remains
PALE = "rgba(31,94,168,0.35)"  # blue, between the bounds: the number may be anywhere here
FAINT, RULE, INK = "rgba(128,140,155,0.13)", "rgba(128,140,155,0.40)", "#1b2733"
EM, LINE = 13, 17  # pixels: the font size, and from one line of words to the next
NARROW = 25.0  # ems across a phone
SPOKEN = 10  # things that an alternative text tells
VISIBLE = 0.006  # of the width: bounds closer than this are not drawn
MARGIN = {
    "t": 56,
    "b": 6,
    "l": 2,
    "r": 4,
}  # the top is the title's; a page that takes the title away takes 44 of it too

pio.templates["bluebook"] = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": EM, "color": INK},
        "colorway": PALETTE,
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": MARGIN,
        "title": {"x": 0, "xref": "paper", "y": 1, "yanchor": "top", "font": {"size": 16}},
        "xaxis": {"fixedrange": True, "visible": False},
        "yaxis": {"fixedrange": True, "visible": False},
        "hoverlabel": {
            "align": "left",
            "bgcolor": "#ffffff",
            "bordercolor": BLUE,
            "font": {"family": FONT, "color": INK},
        },
        "barmode": "overlay",
        "uniformtext": {"mode": "show", "minsize": 9},
        "showlegend": False,
        "dragmode": False,
    }
)

Told = tuple[str, Quantity | str]  # a label and what the chart says of it
Block = tuple[float, float, float, float, str]  # x from, x to, y from, y to, colour


class ChartError(ValueError):
    """A chart that would not be honest: without words, without data, or of numbers that do not belong together."""


class Words(TypedDict, total=False):
    """What a chart says besides its data: `id` and `title` always; the rest is made from the data when not given."""

    id: str
    title: str
    alt: str | None
    note: str | None
    source: str | None


class Chart(go.Figure):
    """A plotly figure with a record, kept in `layout.meta` so that copies and changes of the figure keep it."""

    _ipython_display_ = None  # plotly's would show the figure without its record,
    _repr_html_ = None  # and this would put all of plotly.js into the notebook

    @property
    def record(self) -> dict[str, Any]:
        """id, title, subtitle, alt, note, source, figures (ids) and data (columns, rows)."""
        return dict(self.layout.meta["chart"])

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        drawing = json.loads(pio.to_json(self, validate=False))
        record = drawing["layout"].pop("meta")["chart"]
        drawing["config"] = {"displayModeBar": False, "responsive": True}
        bundle = {"application/vnd.plotly.v1+json": drawing, "text/plain": record["alt"]}
        return bundle, {"press": {"chart": record}}


@dataclass
class Sheet:
    """What has been drawn so far, and down to where."""

    height: float = 0
    traces: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    pale: bool = False  # whether bounds were wide enough to be drawn
    remark: str = ""  # what the reader must know of the drawing; the note begins with it

    def say(
        self, x: float, y: float, lines: Sequence[str] | str, *, at: str = "left", middle: bool = False, **look: Any
    ) -> None:
        """Escaped lines with their top, or middle, at `y`. `look`: size, colour, muted, shift (pixels to the right)."""
        text = lines if isinstance(lines, str) else "<br>".join(lines)
        font = {"size": look.get("size", EM)} | ({"color": look["colour"]} if look.get("colour") else {})
        place = {"x": x, "y": y, "xref": "x", "yref": "y", "xanchor": at, "yanchor": "middle" if middle else "top"}
        plain = {"showarrow": False, "borderpad": 0, "opacity": 0.72 if look.get("muted") else 1}
        self.notes.append(place | plain | {"text": text, "align": at, "font": font, "xshift": look.get("shift", 0)})

    def blocks(self, blocks: Sequence[Block], *, hover: Sequence[str] = (), texts: Sequence[str] = ()) -> None:
        """Filled rectangles; `texts` stand inside, all in one size, smaller where a block is narrow."""
        x0, x1, y0, y1, colours = (list(column) for column in zip(*blocks, strict=True))
        trace: dict[str, Any] = {
            "type": "bar",
            "orientation": "h",
            "base": x0,
            "x": [b - a for a, b in zip(x0, x1, strict=True)],
        }
        trace |= {
            "y": [(a + b) / 2 for a, b in zip(y0, y1, strict=True)],
            "marker": {"color": colours, "line": {"width": 0}},
        }
        trace |= {"width": [b - a for a, b in zip(y0, y1, strict=True)]}
        if texts:
            trace |= {"text": list(texts), "textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
            trace |= {"constraintext": "inside", "textfont": {"color": [ink(c) for c in colours]}}
        self._trace(trace, hover)

    def bounds(
        self, low: float, high: float, top: float, bottom: float, *, colour: str = PALE, hover: str = ""
    ) -> None:
        """The part of a mark that lies between the bounds, if it is wide enough to be seen."""
        if abs(high - low) > VISIBLE:
            self.pale = True
            self.blocks([(min(low, high), max(low, high), top, bottom, colour)], hover=[hover] if hover else [])

    def dots(
        self,
        spots: Sequence[tuple[float, float]],
        colour: str,
        size: float,
        *,
        hover: str | Sequence[str] = "",
        open: bool = False,
    ) -> None:
        """Dots, or open rings, that tell one thing together or one each."""
        xy = {"x": [round(x, 5) for x, _ in spots], "y": [y for _, y in spots]}
        mark = {"color": colour, "size": size, "opacity": 1, "line": {"width": 2 * open}}
        mark |= {"symbol": "circle-open"} if open else {}
        told = [hover] * bool(hover) if isinstance(hover, str) else hover
        self._trace({"type": "scatter", "mode": "markers", "marker": mark, "cliponaxis": False} | xy, told)

    def line(
        self, xs: Sequence[float | None], ys: Sequence[float | None], colour: str, width: float, *, hover: str = ""
    ) -> None:
        """A line through the points; None breaks it."""
        look = {"line": {"color": colour, "width": width}, "cliponaxis": False}
        self._trace({"type": "scatter", "mode": "lines", "x": list(xs), "y": list(ys)} | look, [hover] * bool(hover))

    def _trace(self, trace: dict[str, Any], hover: Sequence[str]) -> None:
        told = {"hoverinfo": "text", "hovertext": hover[0] if len(hover) == 1 else list(hover)}
        self.traces.append(trace | (told if hover else {"hoverinfo": "skip"}))

    def key(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """A list under what has been drawn: a square of the colour, if there is one, a label and a value each."""
        entries = list(entries)
        self.height += 12 * bool(entries)
        for label, value, colour in entries:
            lines = rich(label, value, NARROW - 2)
            if colour:
                self.say(0, self.height, "■", colour=colour)
            self.say(0, self.height, lines, shift=EM + 7)
            self.height += LINE * len(lines) + 5

    def rate(self, label: str, rate: Quantity) -> None:
        """A rate on the way down to what comes next."""
        lines = rich(f"↓ {label}", rate.text, NARROW)
        self.say(0, self.height, lines, muted=True)
        self.height += LINE * len(lines) + 14

    def chart(self, kind: tuple[str, str], told: Sequence[Told], words: Words) -> Chart:
        """The finished figure; `kind` in both languages. Raises `ChartError` when it has no id or no title."""
        record = _record(kind, told, words, self)
        title = wrap(record["title"], 44)
        layout = {
            "template": "bluebook",
            "title": {"text": f"<b>{'<br>'.join(map(escape, title))}</b>", "pad": {"t": 21 * len(title) - 12}},
            "height": round(self.height) + MARGIN["t"] + MARGIN["b"],
            "xaxis": {"range": [0, 1]},
            "yaxis": {"range": [round(self.height), 0]},
            "annotations": self.notes,
            "meta": {"chart": record},
        }
        return Chart({"data": self.traces, "layout": layout})


# the record

COLUMNS = {
    "zh": ["项目", "写法", "数值", "下界", "上界", "含下界", "含上界", "单位", "出处"],
    "en": ["Item", "As written", "Value", "Low", "High", "Low included", "High included", "Unit", "Provenance"],
}
NUMBERS = slice(2, -1)  # of them, those that `cells` gives after the number as written
INCLUDED = {"zh": ("是", "否"), "en": ("yes", "no")}


def refuse(words: Words, problem: str) -> NoReturn:
    raise ChartError(f'chart "{words.get("id", "")}": {problem}')


def language(quantities: Iterable[Quantity], words: Words) -> str:
    """The language of the quantities, or without any, of the title."""
    spoken = {q.lang for q in quantities} or {"zh" if re.search(f"[{HAN}]", words.get("title", "")) else "en"}
    if len(spoken) > 1:
        refuse(words, f"quantities in {' and '.join(sorted(spoken))}: wanted one language")
    return spoken.pop()


def _record(kind: tuple[str, str], told: Sequence[Told], words: Words, sheet: Sheet) -> dict[str, Any]:
    name, title = words.get("id"), words.get("title")
    if not name or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or not title or not title.strip():
        raise ChartError(
            f"no chart is shown without an id and a title: found id={name!r}, title={title!r}; "
            'wanted a slug and a finding, like id="growth-by-category", title="…"'
        )
    quantities = [q for _, q in told if isinstance(q, Quantity)]
    lang = language(quantities, words)
    return {
        "id": name,
        "title": title,
        "subtitle": _subtitle(quantities, lang),
        "alt": words.get("alt") or _alt(kind, title, told, lang),
        "note": words.get("note") or _note(quantities, lang, sheet),
        "source": words.get("source") or _source(quantities, lang),
        "figures": list(dict.fromkeys(figure for q in quantities for figure in q.inputs)),
        "data": {"columns": COLUMNS[lang], "rows": [_row(label, value) for label, value in told]},
    }


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
    if q.as_percent or q.lang == "zh":
        return "%" if q.as_percent else q.unit
    prefix, suffix = affixes(q.unit, "en")
    return (prefix + suffix).strip()


def _alt(kind: tuple[str, str], title: str, told: Sequence[Told], lang: str) -> str:
    """What is drawn, for who cannot see it; of much, the first, for the data table has all."""
    more, shown = len(told) - SPOKEN, told if len(told) <= SPOKEN + 2 else told[:SPOKEN]
    if lang == "zh":
        rest = f"；另有{more}项，见数据表" if len(shown) < len(told) else ""
        return f"{kind[0]}。{title.rstrip('。')}。{'；'.join(_spoken(shown, '：'))}{rest}。"
    rest = f"; and {more} more, in the data table" if len(shown) < len(told) else ""
    return f"{kind[1]}. {title.rstrip('.')}. {'; '.join(_spoken(shown, ': '))}{rest}."


def _spoken(told: Sequence[Told], colon: str) -> Iterator[str]:
    """Each number after its label, and after its group's name if that was not the last one's."""
    last = ""
    for label, value in told:
        group, _, own = label.rpartition(colon)
        yield f"{own if group and group == last else label}{colon}{value}"
        last = group


def _note(quantities: Sequence[Quantity], lang: str, sheet: Sheet) -> str:
    """What the drawing leaves unsaid, and what the bounds are, with the least certain number as the example."""
    loose = [q for q in quantities if not q.exact]
    if not loose:
        return sheet.remark
    q = max(loose, key=lambda q: (not q.derived, (q.high - q.low) / (abs(q.value) or 1)))
    if lang == "zh":
        what = "推算的数字也只有一个范围" if q.derived else "数字的写法只确定一个范围"
        pale = "浅色部分是这样的范围。" if sheet.pale else ""
        return f"{sheet.remark}{what}：“{q.text}”指{q.bounds_text}。{pale}"
    what = "A derived number, too, is a range" if q.derived else "A number as printed fixes a range"
    pale = " The pale part of a mark is such a range." if sheet.pale else ""
    return f"{sheet.remark} {what}: “{q.text}” means {q.bounds_text}.{pale}".strip()


def _subtitle(quantities: Sequence[Quantity], lang: str) -> str:
    """What time the numbers are of: one period, and for changes its base, or the first and the last of several.

    Nothing, where there is a number that does not say its own.
    """
    times = {(s.period, s.base) for q in quantities for leaf in q.leaves if (s := leaf.source)}
    if any(not period for period, _ in times):
        return ""
    years = sorted(year for pair in times for year in re.findall(r"\d{4}", " ".join(pair)))
    told = span(*times.pop(), lang) if len(times) == 1 else "–".join(dict.fromkeys([*years[:1], *years[-1:]]))
    return re.sub(r"(\d{4})(?=[（）]|$)", r"\1年", told) if lang == "zh" else told


def _source(quantities: Sequence[Quantity], lang: str) -> str:
    """Where the numbers come from: the paragraphs of the source and what is cited from elsewhere, each once."""
    sources = [leaf.source for q in quantities for leaf in q.leaves if leaf.source]
    found = sorted({s.paragraph for s in sources if s.paragraph})
    paragraphs = ("、" if lang == "zh" else ", ").join(map(str, found))
    own = f"原文第{paragraphs}段" if lang == "zh" else f"source text, paragraph{'s' if found[1:] else ''} {paragraphs}"
    cited = ("；" if lang == "zh" else "; ").join(dict.fromkeys(s.cited for s in sources if s.cited))
    places = [own] * bool(found) + [Source(cited=cited).text(lang)] * bool(cited)
    if not places:
        return ""
    derived = ("，经推算" if lang == "zh" else ", with our arithmetic") if any(q.derived for q in quantities) else ""
    return ("；" if lang == "zh" else "; ").join(places) + derived


# words on a drawing

HAN = "\u2e80-\u9fff\uff00-\uffef"
PIECE = re.compile(rf"[{HAN}][，。、；：）》”！？]*|[^\s{HAN}]+?[-/]+|[^\s{HAN}]+\s*|\s+")


def ems(words: str) -> float:
    """About how wide words are: a Chinese character is one em.

    >>> ems("志愿者"), ems("abcd")
    (3.0, 2.24)
    """
    return round(sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in words), 2)


def wrap(words: str, width: float) -> list[str]:
    """Words in lines of at most `width` ems: broken at spaces, and between Chinese characters; at most eight lines.

    >>> wrap("Legal advice sessions", 8)
    ['Legal advice', 'sessions']
    >>> wrap("社区志愿服务队", 4)
    ['社区志愿', '服务队']
    """
    lines = [""]
    for piece in _pieces(words, width):
        if lines[-1] and ems((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines = [line.rstrip() for line in lines]
    return lines if len(lines) <= 8 else [*lines[:7], "…"]


def _pieces(words: str, width: float) -> Iterator[str]:
    """Where a line may break: after spaces, hyphens and slashes, and around Chinese characters and their marks."""
    for piece in PIECE.findall(words):
        cut = max(1, int(width / 0.56))
        yield from [piece[i : i + cut] for i in range(0, len(piece), cut)] if ems(piece) > width else [piece]


def plain(words: str) -> str:
    """Words of data, safe and wrapped, for a drawing."""
    return "<br>".join(map(escape, wrap(words, NARROW)))


def rich(label: str, value: str, width: float) -> list[str]:
    """A label and its value in bold, on as many lines as they need."""
    lines, values = wrap(label, width), wrap(value, width)
    bold = [f"<b>{escape(v)}</b>" for v in values if v]
    if len(values) == 1 and ems(f"{lines[-1]} {value}") <= width:
        return [*map(escape, lines[:-1]), " ".join(filter(None, [escape(lines[-1]), *bold]))]
    return [*map(escape, lines), *bold]


def facts(label: str, told: Quantity | str) -> str:
    """What a mark tells when pointed at: all that the number itself would tell."""
    lines = [told] if isinstance(told, str) else [told.text, *(fact for fact in told._facts() if fact != told.label)]
    return "<br>".join([f"<b>{plain(label)}</b>", *(plain(line) for line in lines if line)])


def pale(colour: str) -> str:
    """A colour as it is between the bounds.

    >>> pale(BLUE) == PALE
    True
    """
    return f"rgba({','.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))},0.35)"


def ink(fill: str) -> str:
    """White on a dark fill given as #rrggbb, else black."""
    if not fill.startswith("#"):
        return INK
    red, green, blue = ((int(fill[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.3 else INK

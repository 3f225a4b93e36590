"""Bounds and units of the figures of six texts of unlike genres, against marks set by hand."""

import re
from pathlib import Path

import pytest

from bluebook.numbers.printed import canonical, normal
from desk.scan import findings, numerals

TEXTS = sorted((Path(__file__).with_name("texts") / "bounds").glob("*.txt"))
MARK = re.compile(r"⟦([^⟧]*)⟧|⟨([^⟩]*)⟩")
HARDER = (
    "traditional mixed hongkong customs taiwan results macau hospital finance_hk airport county_tw university"
).split()


def unmarked(marked):
    """A text without its marks, and by (paragraph, offset) of each: what is printed and what is said of it."""
    plain, truth = [], {}
    for number, line in enumerate(marked.splitlines(), 1):
        text, last = "", 0
        for mark in MARK.finditer(line):
            text += line[last : mark.start()]
            printed, *said = (mark[1] or mark[2]).split("|")
            truth[number, len(text)] = (printed, said)
            text, last = text + printed, mark.end()
        plain.append(text + line[last:])
    return "\n".join(plain), truth


def number(words):
    """A number as the marks write it: 1.05亿, 5.25%."""
    for power, worth in (("%", 0.01), ("万", 1e4), ("亿", 1e8), ("兆", 1e12)):
        if normal(words).endswith(power):
            return float(words[:-1]) * worth
    return float(words)


def as_marked(found, said):
    """Whether a figure has the bounds and the unit of its mark, and the form that is parsed."""
    bounds, unit, reads_as = [*said[1:], "", ""][:3]
    low, high = (number(end) for end in (bounds.split("..") * 2)[:2])
    close = [
        abs(float(a) - b) <= 1e-5 * max(1e-9, abs(b)) for a, b in ((found.number.low, low), (found.number.high, high))
    ]
    is_unit = canonical(found.number.unit) == canonical(normal(unit))
    return all(close) and is_unit and (not reads_as or normal(found.reads_as) == normal(reads_as))


def measured(path):
    """How many figures are right in place, bounds and unit, and how many marks are of the right class; and which are not."""
    text, truth = unmarked(path.read_text(encoding="utf-8"))
    found = {(f.span.paragraph, f.span.offset): f for f in findings(text)}
    figures = {place: mark for place, mark in truth.items() if mark[1]}
    wrong, misjudged = [], []
    for place, (printed, said) in figures.items():
        one = found.get(place)
        if one is None or one.number is None or one.span.printed != printed or not as_marked(one, said):
            wrong.append(
                (
                    place,
                    printed,
                    said,
                    one
                    and (
                        one.span.printed,
                        one.reads_as,
                        one.number and (float(one.number.low), float(one.number.high), one.number.unit),
                        one.reason,
                    ),
                )
            )
    for place, (printed, said) in truth.items():
        covering = [
            f
            for f in found.values()
            if f.span.paragraph == place[0] and f.span.offset < place[1] + len(printed) and f.span.end > place[1]
        ]
        if not covering or any(bool(f.number) != bool(said) for f in covering):
            misjudged.append((place, printed, [(f.span.printed, f.reason) for f in covering]))
    invented = [
        f.span
        for f in found.values()
        if f.number
        and not any(
            p == f.span.paragraph and o < f.span.end and f.span.offset < o + len(m[0]) for (p, o), m in truth.items()
        )
    ]
    return {
        "figures": 1 - len(wrong) / len(figures),
        "class": 1 - (len(misjudged) + len(invented)) / len(truth),
        "wrong": wrong,
        "misjudged": misjudged + invented,
    }


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_figures_have_the_bounds_and_units_of_their_marks(path):
    scores = measured(path)
    assert scores["figures"] >= (0.92 if path.stem in HARDER else 0.97), scores["wrong"]
    assert scores["class"] >= 0.97, scores["misjudged"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_marks_hold_every_numeral_once(path):
    text, truth = unmarked(path.read_text(encoding="utf-8"))
    places = [(line, at) for (line, start), mark in truth.items() for at in range(start, start + len(mark[0]))]
    assert len(set(places)) == len(places)
    assert [n for n in numerals(text) if (n.paragraph, n.offset) not in places] == []


def test_wrong_bounds_would_be_noticed(tmp_path):
    [budget] = [path for path in TEXTS if path.stem == "budget"]
    marked = budget.read_text(encoding="utf-8")
    (tmp_path / "text.txt").write_text(re.sub(r"\.\.(\d)", r"..9\1", marked), encoding="utf-8")
    assert measured(tmp_path / "text.txt")["figures"] < 0.2

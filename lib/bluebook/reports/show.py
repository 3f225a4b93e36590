"""What a notebook shows besides charts and prose: headline cards, tables, a glossary, as HTML that any page can dress.

Tables are made in `tables`, those of all figures in `figure_tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from bluebook.edition.edition import Edition
from bluebook.edition.glossary import read_terms
from bluebook.messages import FALLBACK, message
from bluebook.numbers.quantity import Quantity
from bluebook.reports.figure_tables import area_names, cited_table, figures_table, period
from bluebook.reports.markup import element
from bluebook.reports.tables import Scaled, ShowError, Shown, slug_checked, table

__all__ = [
    "Scaled", "ShowError", "Shown", "area_names", "cards", "cited_table", "figures_table", "glossary", "only", "period",
    "table", "watch",
]  # fmt: skip
TAGGED = ("zh", "en")  # the languages that cells of prose are in


def cards(
    quantities: Iterable[Quantity],
    *,
    id: str,
    title: str = "",
    labels: Sequence[str] | None = None,
    notes: Sequence[str] | None = None,
) -> Shown:
    """Headline numbers, each with its label and a note: where it stands and, unless it is exact, its bounds.

    `labels` and `notes` replace those of the quantities, one each. Raises `ShowError` when there is nothing to show.

    >>> from bluebook.numbers.quantity import published
    >>> cards([published("605个", figure="liaison.points", lang="en", label="Liaison points")], id="headline").plain
    'Liaison points: 605'
    """
    numbers = list(quantities)
    if labels is None:
        labels = [q.label for q in numbers]
    if notes is None:
        notes = [_note(q) for q in numbers]
    if not numbers or len(labels) != len(numbers) or len(notes) != len(numbers):
        wanted = "wanted one or more, with as many labels and notes if any"
        raise ShowError(f'cards "{id}": {len(numbers)} numbers; {wanted}')
    items = []
    lines = []
    for q, label, note in zip(numbers, labels, notes, strict=True):
        items.append(_card(q, label, note))
        lines.append(f"{label}: {q.text}")
    html = element("ul", "".join(items), class_="cards", id=slug_checked(id), aria_label=title or id)
    return Shown(html, "\n".join(lines))


def _card(q: Quantity, label: str, note: str) -> str:
    value = element("div", element("strong", q._repr_html_()), class_="card-value")
    name = element("div", escape(label), class_="card-label")
    remark = element("div", escape(note), class_="card-note")
    return element("li", f"{value}{name}{remark}", class_="card")


def _note(q: Quantity) -> str:
    if q.exact:
        return q.where
    return message(q.lang, "join.clauses").join([q.bounds_text, q.where])


def only(lang: str) -> Shown:
    """Hides the cells that are tagged with another language of the book, in JupyterLab and in nbconvert's pages.

    A language that no cells are in shows the English ones.

    In JupyterLab it takes jupyterlab_celltagsclasses, which names a cell's tags in its class.

    >>> only("zh").html
    '<style>.jp-Notebook .cell-tag-en, .celltag_en { display: none; }</style>'
    """
    language = lang if lang in TAGGED else FALLBACK
    selectors = [f".jp-Notebook .cell-tag-{other}, .celltag_{other}" for other in TAGGED if other != language]
    rule = f"{', '.join(selectors)} {{ display: none; }}"
    return Shown(element("style", rule), "")


def watch(words: Mapping[str, str]) -> Shown:
    """Words by name whose change an unattended run reports: `{"shenzhen-2021 beds": "agrees"}`. Shows nothing.

    >>> watch({"beds": "agrees"}).record
    {'watch': {'beds': 'agrees'}}
    """
    return Shown("", "", {"watch": dict(words)})


def glossary(book: Edition) -> Shown:
    """The terms of an edition's glossary, each with its meaning. Raises `ShowError` where there are none.

    >>> from bluebook import open_edition
    >>> '<dt id="sharp-eyes">Sharp Eyes</dt>' in glossary(open_edition("shenzhen-2021", lang="en")).html
    True
    """
    terms = read_terms(book).values()
    if not terms:
        raise ShowError(f"{book.name} has no glossary: wanted glossary.csv with a row a term")
    items = ""
    for term in terms:
        items += element("dt", escape(term.words), id=term.anchor)
        items += element("dd", escape(term.meaning))
    plain = "\n".join(f"{term.words}: {term.meaning}" for term in terms)
    return Shown(element("dl", items, class_="glossary"), plain)

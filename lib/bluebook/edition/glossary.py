"""Terms that a reader from elsewhere may not know: `glossary.csv` of an edition, and how prose and a page show it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bluebook.messages import in_language

if TYPE_CHECKING:
    from bluebook.edition.edition import Edition


class UnknownTermError(KeyError):
    """A term that the edition's glossary does not have."""


@dataclass(frozen=True)
class Term:
    """A term as running text has it, what it means, and the anchor it has on the glossary's page."""

    id: str
    words: str
    meaning: str

    @property
    def anchor(self) -> str:
        return self.id.replace("_", "-")

    def _repr_html_(self) -> str:
        meaning, words = escape(self.meaning), escape(self.words)
        return f'<a class="term" href="glossary.ipynb#{self.anchor}" title="{meaning}">{words}</a>'

    def __repr__(self) -> str:
        return self.words


def read_terms(book: Edition) -> dict[str, Term]:
    """The terms of an edition by id, in its language and the file's order; none where it has no glossary."""
    if not book.has_table("glossary"):
        return {}
    rows = book.table("glossary").to_dict("records")
    terms = {}
    for row in rows:
        id, words, meaning = row["id"], in_language(row, "term", book.lang), in_language(row, "text", book.lang)
        terms[id] = Term(id, words, meaning)
    return terms


def find_term(book: Edition, id: str) -> Term:
    """The term with this id. Raises `UnknownTermError` with those there are.

    >>> from bluebook import open_edition
    >>> find_term(open_edition("shenzhen-2021", lang="en"), "subdistrict")
    subdistricts
    """
    terms = read_terms(book)
    if id not in terms:
        raise UnknownTermError(f"{book.name}/glossary.csv has no term {id}: it has {', '.join(terms) or 'none'}")
    return terms[id]

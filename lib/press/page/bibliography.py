"""Works from a .bib file: read by pybtex, and as a list of references names them.

Fields of BibTeX and of biblatex are understood. What a file has that cannot be read is told, and the rest is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import yaml

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*$", re.S)
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
YEAR = re.compile(r"\d{4}")
COMMAND = re.compile(r"\\(?:emph|text\w+|mathrm|mkbibquote|mkbibemph)\s*(?=\{)")
CONTAINERS = ("journal", "journaltitle", "booktitle", "maintitle", "howpublished")
PUBLISHERS = ("publisher", "institution", "school", "organization")
SAFE = ("http://", "https://")
DOI = "https://doi.org/"
DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.I)


@dataclass(frozen=True)
class Name:
    """A name of a person, or with `family` alone that of an institution."""

    family: str
    given: str = ""

    @property
    def short(self) -> str:
        """The name in a sentence: the family's; all of it where names are not written apart.

        >>> Name("Smith", "Anna").short, Name("李", "明").short
        ('Smith', '李明')
        """
        return f"{self.family}{self.given}" if HAN.search(self.family) else self.family

    @property
    def full(self) -> str:
        """The name as a list sorts it."""
        if HAN.search(self.family) or not self.given:
            return f"{self.family}{self.given}"
        return f"{self.family}, {self.given}"


@dataclass(frozen=True)
class Publication:
    """A work: by whom, of which year ("" for none), what, in what, and where it can be read."""

    key: str
    names: tuple[Name, ...]
    year: str
    title: str
    container: str = ""
    place: str = ""
    publisher: str = ""
    address: str = ""

    @property
    def by(self) -> str:
        """The names that it is sorted under; its title where it has none."""
        return "; ".join(name.full for name in self.names) or self.title

    def html(self, year: str) -> str:
        """It as an entry of a list; `year` is as citations have it, with a letter where two are alike."""
        head = f"{escape(self.by)} ({escape(year)})."
        title = f" {_sentence(escape(self.title))}" if self.names else ""
        inside = ", ".join(part for part in (_emphasised(self.container), escape(self.place)) if part)
        parts = [part for part in (inside, escape(self.publisher)) if part]
        tail = "".join(f" {_sentence(part)}" for part in parts)
        link = f' <a class="again" href="{escape(self.address)}">{escape(self.address)}</a>' if self.address else ""
        return f"{head}{title}{tail}{link}"


def _emphasised(text: str) -> str:
    return f"<em>{escape(text)}</em>" if text else ""


def _sentence(html: str) -> str:
    """Words that end as a sentence does."""
    return html if html.endswith((".", "?", "!", "。", "？", "！")) else f"{html}."


def read_bibliography(text: str) -> tuple[dict[str, Publication], list[str]]:
    """The works of a .bib file by key, and what in it cannot be read.

    >>> works, problems = read_bibliography("@book{doe1999, author={Doe, Jane}, title={A {B}ook}, year=1999}")
    >>> works["doe1999"].title, works["doe1999"].names[0].full, problems
    ('A Book', 'Doe, Jane', [])
    """
    from pybtex import errors
    from pybtex.database.input.bibtex import Parser

    with errors.capture() as problems:
        found = Parser().parse_string(text)
    works = {key: _publication(key, entry) for key, entry in found.entries.items()}
    return works, [str(problem) for problem in problems]


def own_bibliography(notebook: Any) -> list[str]:
    """The .bib files that a notebook names itself: in its metadata, or in Quarto's lines at its head."""
    said = notebook.metadata.get("bibliography") or _front_matter(notebook).get("bibliography") or []
    paths = [said] if isinstance(said, str) else said
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []


def _front_matter(notebook: Any) -> Mapping[str, Any]:
    """What the first cell says in YAML between lines of `---`; nothing where it is no such cell."""
    source = "".join(notebook.cells[0].source).strip() if notebook.cells else ""
    if notebook.cells[:1] and notebook.cells[0].cell_type == "raw" and (found := FRONT_MATTER.match(source)):
        try:
            said = yaml.safe_load(found[1])
        except yaml.YAMLError:
            return {}
        return said if isinstance(said, Mapping) else {}
    return {}


def said_by(notebook: Any) -> str:
    """All that a notebook says in Markdown, in its cells and in their outputs."""
    texts = ["".join(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        bundles = [output.get("data", {}) for output in cell.get("outputs", ())]
        texts += ["".join(bundle.get("text/markdown", "")) for bundle in bundles]
    return "\n".join(texts)


def _publication(key: str, entry: Any) -> Publication:
    fields = {name.lower(): plain(value) for name, value in entry.fields.items()}
    people = entry.persons.get("author") or entry.persons.get("editor") or ()
    names = tuple(_name(person) for person in people)
    date = fields.get("year") or fields.get("date", "")
    year = YEAR.search(date)
    return Publication(
        key=key,
        names=names,
        year=year[0] if year else "",
        title=fields.get("title", key),
        container=_first(fields, CONTAINERS),
        place=_place(fields),
        publisher=_first(fields, PUBLISHERS),
        address=_address(entry.fields),
    )


def _name(person: Any) -> Name:
    family = [*person.prelast_names, *person.last_names, *person.lineage_names]
    given = [*person.first_names, *person.middle_names]
    return Name(plain(" ".join(family)), plain(" ".join(given)))


def _first(fields: Mapping[str, str], names: Sequence[str]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _place(fields: Mapping[str, str]) -> str:
    """Where in its container a work stands: volume, number, pages."""
    number = fields.get("number") or fields.get("issue", "")
    volume = fields.get("volume", "")
    if number:
        volume = f"{volume}({number})"
    return ", ".join(part for part in (volume, fields.get("pages", "")) if part)


def _address(fields: Mapping[str, str]) -> str:
    """Where it can be read: its DOI, else its URL; "" for an address that a page does not lead to."""
    doi = DOI_PREFIX.sub("", str(fields.get("doi", "")).strip())
    if doi:
        return f"{DOI}{doi.replace(chr(92), '')}"
    url = str(fields.get("url", "")).strip().replace("\\", "")
    return url if url.startswith(SAFE) else ""


def plain(latex: str) -> str:
    r"""A field as text, without LaTeX's commands.

    >>> plain(r"M{\"u}ller \& {DNA}, 1--10"), plain("{unbalanced")
    ('Müller & DNA, 1–10', '{unbalanced')
    """
    from pybtex.richtext import Text
    from pybtex.scanner import PybtexSyntaxError

    try:
        text = str(Text.from_latex(COMMAND.sub("", latex)))
    except (PybtexSyntaxError, ValueError):
        return latex
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()

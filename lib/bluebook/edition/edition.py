"""An edition: one folder of data, opened as figures by id, chapters as frames, and lists as published.

    book = open_edition("shenzhen-2021", lang="en")
    book.volunteers.total                 # a Quantity
    book.chapter("society")               # a DataFrame
    book.table("areas")                   # a list behind the text

Everything is read and validated anew at each opening, so an edited row shows at the next run of a cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from bluebook.edition import reads
from bluebook.edition.glossary import Term, find_term
from bluebook.edition.lab import watch_cells
from bluebook.edition.measures import area_breaches, cited_breaches
from bluebook.edition.package import EditionError, UnknownEditionError, read_package
from bluebook.edition.rows import LISTS, complete, context_columns, read_figures, unbroken, validated
from bluebook.edition.table import read_cells, read_rows
from bluebook.edition.topic import Topic
from bluebook.messages import FALLBACK, MessageError, in_language, language, message, messages, of_bilingual
from bluebook.numbers import frames
from bluebook.numbers.quantity import Quantity, Source, published

FRAME_COLUMNS = "chapter label quantity printed reads_as value low high unit per measure status period base".split()
FRAME_COLUMNS += ["area", "paragraph", "note"]
EXPECTED = {"forecast": "label.forecast", "target": "label.target"}  # what is said of numbers that are expected
CITED_COLUMNS = "indicator period area confidence label quantity source url note".split()


@dataclass(frozen=True)
class Unfound:
    """A number that was looked for and not found: a row of `context.csv` without one.

    `place` is where it was looked for and `note` what it would tell; both, and `label`, in the edition's language.
    """

    figure: str
    label: str
    period: str
    place: str
    url: str
    note: str


def open_edition(name: str, lang: str = "zh", root: str | Path | None = None) -> Edition:
    """Open the edition in `data/NAME`, its words in `lang`: "zh", "en" or another that `bluebook/languages` has.

    What the data does not say in that language it says in English.

    `root` is the folder that holds `data/`; without it, the nearest one upwards from the working directory, else
    the one beside `lib/`. Raises `EditionError` for an unknown edition or language and for data that is not valid.

    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> book.volunteers.total.text
    '2.08 million'
    """
    watch_cells(lang)
    try:
        language(lang)
    except MessageError as error:
        raise UnknownEditionError(str(error)) from None
    return Edition(edition_folder(name, root), lang)


def edition_folder(name: str, root: str | Path | None = None) -> Path:
    """Where the edition lies; see `open_edition`. Raises `EditionError` for an unknown one."""
    data = data_folder(root)
    known = sorted(p.parent.name for p in data.glob("*/datapackage.json"))
    if name not in known:
        raise UnknownEditionError(f'unknown edition "{name}": {data} has {", ".join(known) or "none"}')
    return data / name


def data_folder(root: str | Path | None = None) -> Path:
    """The folder of editions; see `open_edition`."""
    if root:
        return Path(root) / "data"
    here = Path.cwd()
    for folder in (here, *here.parents):
        if any((folder / "data").glob("*/datapackage.json")):
            return folder / "data"
    return Path(__file__).parents[3] / "data"


class Edition:
    """One edition in one language. Figures are attributes by the parts of their id; see `open_edition`."""

    def __init__(self, folder: Path, lang: str) -> None:
        self.folder = folder
        self.lang = lang
        self.name = folder.name
        self._package = read_package(folder / "datapackage.json")
        chapters = self._package["chapters"]
        self.chapters = tuple((chapter["id"], in_language(chapter, "title", lang)) for chapter in chapters)
        self._rows = read_figures(folder / "figures.csv", [chapter["id"] for chapter in chapters])
        self._figures = {row["id"]: self._figure(row) for row in self._rows}

    @property
    def title(self) -> str:
        """The title of the edition in its language, in English where it has none."""
        titles = self._package["titles"]
        return str(titles.get(self.lang, titles[FALLBACK]))

    @property
    def source(self) -> dict[str, Any]:
        """The publication the figures were taken from: title, publisher, date, sha256 of its text."""
        return dict(self._package["sources"][0])

    def say(self, zh: str, en: str) -> str:
        """The one of two texts that is in the edition's language; the English one in a further language."""
        return zh if self.lang == "zh" else en

    def message(self, key: str, **fields: object) -> str:
        """A message of the book in the edition's language: see `bluebook.messages`.

        >>> open_edition("shenzhen-2021", lang="en").message("label.value", label="Beds", value="56,500")
        'Beds: 56,500'
        """
        return message(self.lang, key, **fields)

    def messages(self, *keys: str) -> list[str]:
        """Messages without fields: the heads of a table."""
        return messages(self.lang, keys)

    def with_status(self, words: str, status: str) -> str:
        """Words about a number that is a "forecast" or a "target", saying so; as they are for the status "".

        >>> open_edition("shenzhen-2021", lang="en").with_status("Beds", "target")
        'Beds (target)'
        """
        if not status:
            return words
        return self.message(EXPECTED[status], label=words)

    def explore(self) -> Any:
        """Widgets for JupyterLab that filter the figures, show where each comes from, draw a choice and its code."""
        from bluebook.reports.explore import Explorer

        return Explorer(self)

    def term(self, id: str) -> Term:
        """A term of the edition's glossary, which explains itself where prose says it: {eval}`book.term("pilot")`."""
        return find_term(self, id)

    # figures

    def __getitem__(self, figure: str) -> Quantity:
        """The figure with this id; ids that begin with `context.` are figures cited from elsewhere."""
        number = self.find(figure)
        if isinstance(number, Unfound):
            raise KeyError(f"{figure} was looked for and not found: context.csv has no number for it")
        return number

    def find(self, figure: str) -> Quantity | Unfound:
        """As `book[figure]`, and no error where a number was looked for and not found. `KeyError` for an unknown id."""
        number = self._known(figure).get(figure)
        if number is None:
            self._note_ids(figure)
            close = ", ".join(self._near(figure)) or "none"
            raise KeyError(f"{self.name} has no figure {figure}; close ids: {close}")
        reads.note(self._file(figure), self._row(figure))
        return number

    def _known(self, figure: str) -> Mapping[str, Quantity | Unfound]:
        """The figures among which one is: those cited, or those of the edition itself."""
        return self._cited if figure.startswith("context.") else self._figures

    def _file(self, figure: str) -> Path:
        """The file that has the figures whose ids begin so."""
        return self.folder / ("context.csv" if figure.startswith("context.") else "figures.csv")

    def _note_ids(self, start: str) -> None:
        """Note that it was looked at which figures there are; cited ones are there when they have a number."""
        reads.note(self._file(start), key="id")
        if start.startswith("context."):
            reads.note(self._file(start), key="printed")

    def _note_some(self, start: str) -> None:
        """Note that there are figures whose ids begin so: as one cited figure that has a number shows."""
        if not start.startswith("context."):
            reads.note(self._file(start), key="id", start=start)
            return
        numbers = [id for id, figure in self._cited.items() if isinstance(figure, Quantity)]
        shown = next(id for id in numbers if id.startswith(start))
        reads.note(self._file(start), self._row(shown))

    def __getattr__(self, name: str) -> Topic | Quantity:
        if name.startswith("_"):
            raise AttributeError(name)
        return Topic(self, "").reach(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *dir(Topic(self, ""))]

    @property
    def figures(self) -> pd.DataFrame:
        """All figures of the edition, one row each, indexed by id, in the order of the source's chapters.

        `quantity` holds the Quantity (its sum and mean keep their bounds, see `frames`); `value`, `low`, `high` are
        floats in plain units (元, people; 0.155 for 15.5 %); `note` is in the edition's language.
        """
        reads.note(self.folder / "figures.csv")
        return self._frame(self._rows)

    def chapter(self, chapter: str) -> pd.DataFrame:
        """The figures of one chapter, as `figures` gives them. Raises `EditionError` for an unknown chapter."""
        ids = [id for id, _ in self.chapters]
        if chapter not in ids:
            raise EditionError(f'{self.name} has no chapter "{chapter}": expected one of {", ".join(ids)}')
        reads.note(self.folder / "figures.csv", key="chapter", value=chapter)
        return self._frame([row for row in self._rows if row["chapter"] == chapter])

    def chapter_of(self, figure: str) -> str:
        """The id of the chapter that has this figure of the edition's own. `KeyError` for an unknown id."""
        self.find(figure)
        return self._row(figure)["chapter"]

    def table(self, name: str) -> pd.DataFrame:
        """A list behind the text as published: all columns strings, "" where the source says nothing.

        Raises `EditionError` when the edition has no such list, or when one that pages draw from (`areas`, `excluded`)
        is not as they need it.
        """
        path = self.folder / f"{name}.csv"
        if not self.has_table(name):
            known = sorted(p.stem for p in self.folder.glob("*.csv"))
            raise EditionError(f'{self.name} has no table "{name}": it has {", ".join(known)}')
        reads.note(path)
        header, rows = read_cells(path)
        records = [dict(zip(header, row, strict=True)) for row in rows]
        if name in LISTS:
            complete(path, header, LISTS[name])
            validated(path, records, LISTS[name])
        if name == "areas":
            unbroken(path, records, area_breaches)
        return pd.DataFrame(records, columns=header)

    def has_table(self, name: str) -> bool:
        """Whether the edition has such a list."""
        path = self.folder / f"{name}.csv"
        return path.parent == self.folder and path.is_file()

    @property
    def context(self) -> Topic:
        """Figures cited from other publications, by the parts of their id."""
        return Topic(self, "context.")

    def cited(self, *indicators: str) -> pd.DataFrame:
        """The cited figures of these series, or all, one row each, in the file's order, which is that of preference.

        Columns: indicator, period, area, label, quantity, source, url, confidence, note; index: the figures' ids.
        Raises `EditionError` for a series without a row.
        """
        rows = [row for row in self._context_rows if row["indicator"] in indicators or not indicators]
        if not indicators:
            reads.note(self.folder / "context.csv")
        for indicator in indicators:
            reads.note(self.folder / "context.csv", key="indicator", value=indicator)
            if not any(row["indicator"] == indicator for row in rows):
                raise EditionError(f'{self.folder / "context.csv"}: no row has the indicator "{indicator}"')
        records = [self._cited_record(row) for row in rows]
        index = pd.Index([f"context.{row['id']}" for row in rows], name="id")
        frame = pd.DataFrame(records, index=index, columns=CITED_COLUMNS, dtype=object)
        return frame.astype({"quantity": frames.QuantityDtype()})

    def _cited_record(self, row: dict[str, str]) -> dict[str, Any]:
        record: dict[str, Any] = {column: row[column] for column in ("indicator", "period", "area", "confidence")}
        number = self._cited[f"context.{row['id']}"]
        record["quantity"] = number if isinstance(number, Quantity) else None
        record["label"] = self._label(row)
        record["source"] = self._in_language(row["source_title"])
        record["url"] = row["source_url"]
        record["note"] = self._in_language(row["note"])
        return record

    @cached_property
    def _context_rows(self) -> list[dict[str, str]]:
        """Read when first asked for, so that what asks for no context does not depend on it."""
        path = self.folder / "context.csv"
        rows = read_rows(path, optional=True)
        unbroken(path, validated(path, rows, context_columns()), cited_breaches)
        return rows

    @cached_property
    def _cited(self) -> dict[str, Quantity | Unfound]:
        return {f"context.{row['id']}": self._citation(row) for row in self._context_rows}

    def _label(self, row: dict[str, str]) -> str:
        return str(in_language(row, "label", self.lang))

    def _in_language(self, cell: str) -> str:
        """The edition's language of a cell that is "Chinese / English", or the same in both."""
        return of_bilingual(cell, self.lang)

    def _figure(self, row: dict[str, str]) -> Quantity:
        figure = row["id"]
        label = self.with_status(self._label(row), row.get("status", ""))
        source = self._place(row)
        measure = row["measure"]
        optional = {column: row.get(column, "") for column in ("low", "high", "per", "reads_as")}
        return published(
            row["printed"], figure=figure, lang=self.lang, label=label, source=source, measure=measure, **optional
        )

    def _place(self, row: dict[str, str]) -> Source:
        """Where a figure stands: in the edition's one text or, without one, in a publication of its own."""
        if "paragraph" not in row:
            return self._publication(row)
        paragraph = int(row["paragraph"])
        offset = int(row["offset"])
        return Source(paragraph, offset, period=row["period"], base=row["base"])

    def _publication(self, row: dict[str, str]) -> Source:
        cited = self._in_language(row["source_title"])
        return Source(cited=cited, url=row["source_url"], period=row["period"], base=row.get("base", ""))

    def _citation(self, row: dict[str, str]) -> Quantity | Unfound:
        figure = f"context.{row['id']}"
        label = self._label(row)
        source = self._publication(row)
        if not row["printed"]:
            note = self._in_language(row["note"])
            return Unfound(figure, label, row["period"], source.cited, source.url, note)
        return published(
            row["printed"],
            figure=figure,
            lang=self.lang,
            label=label,
            source=source,
            measure=row.get("measure", ""),
            reads_as=row.get("reads_as", ""),
        )

    def _frame(self, rows: list[dict[str, str]]) -> pd.DataFrame:
        index = pd.Index([row["id"] for row in rows], name="id")
        records = [self._record(row) for row in rows]
        frame = pd.DataFrame(records, index=index, columns=FRAME_COLUMNS)
        return frame.astype({"quantity": frames.QuantityDtype()})

    def _record(self, row: dict[str, str]) -> dict[str, Any]:
        q = self._figures[row["id"]]
        record: dict[str, Any] = dict(row)
        record["label"] = self._label(row)
        record["note"] = self._in_language(row["note"])
        record["reads_as"] = row.get("reads_as", "")
        record["status"] = row.get("status", "")
        record["quantity"] = q
        for name in ("value", "low", "high"):
            record[name] = float(getattr(q, name))
        record["unit"] = q.unit
        record["per"] = q.per
        record["paragraph"] = q.source.paragraph if q.source else None
        return record

    def _row(self, figure: str) -> dict[str, str]:
        id = figure.removeprefix("context.")
        rows = self._rows if id == figure else self._context_rows
        return next(row for row in rows if row["id"] == id)

    def _near(self, figure: str) -> list[str]:
        topic = _topic(figure)
        near = [id for id in self._known(figure) if _topic(id) == topic or figure in id]
        return near[:6]

    def _repr_html_(self) -> str:
        reads.note(self.folder / "figures.csv", key="chapter")
        counts = Counter(row["chapter"] for row in self._rows)
        rows = ""
        for id, title in self.chapters:
            rows += f"<tr><th>{escape(title)}</th><td>{counts[id]}</td></tr>"
        return f"<table><caption>{escape(self.title)}</caption>{rows}</table>"

    def __repr__(self) -> str:
        self._note_ids("")
        return f"<Edition {self.name} ({self.lang}): {len(self._figures)} figures>"


def _topic(figure: str) -> str:
    """The first part of an id, but for `context.`."""
    head, _, _ = figure.removeprefix("context.").partition(".")
    return head


def whole(cell: str) -> bool:
    """Whether a cell is a whole number as a place in a text is one: plain digits, and not many."""
    return re.fullmatch("[0-9]{1,9}", cell) is not None

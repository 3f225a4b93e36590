"""An edition: one folder of data, opened as figures by id, chapters as frames, and lists as published.

    book = open_edition("shenzhen-2021", lang="en")
    book.volunteers.total                 # a Quantity
    book.chapter("society")               # a DataFrame
    book.table("areas")                   # a list behind the text

Everything is read and validated anew at each opening, so an edited row shows at the next run of a cell.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from bluebook.edition import reads
from bluebook.edition.glossary import Term, find_term
from bluebook.edition.lab import watch_cells
from bluebook.edition.measures import A_PERIOD, PERIOD, Breach, area_breaches, breaches, cited_breaches
from bluebook.edition.package import EditionError, UnknownEditionError, read_package, unshowable
from bluebook.numbers import frames
from bluebook.numbers.printed import PrintedError, parse
from bluebook.numbers.quantity import ID, Quantity, Source, published

LANGUAGES = ("zh", "en")
NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+"  # an id whose parts are attributes
CONTEXT_COLUMNS = "id indicator period area printed label_zh label_en source_title source_url confidence note".split()
CONFIDENCE = ("official", "press", "secondary")
FRAME_COLUMNS = "chapter label quantity printed reads_as value low high unit per measure period base area".split()
FRAME_COLUMNS += ["paragraph", "note"]
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
    """Open the edition in `data/NAME`, its words in `lang` ("zh" or "en").

    `root` is the folder that holds `data/`; without it, the nearest one upwards from the working directory, else
    the one beside `lib/`. Raises `EditionError` for an unknown edition or language and for data that is not valid.

    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> book.volunteers.total.text
    '2.08 million'
    """
    watch_cells(lang)
    if lang not in LANGUAGES:
        raise UnknownEditionError(f'unknown language "{lang}": expected one of {", ".join(LANGUAGES)}')
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
        self.folder, self.lang, self.name = folder, lang, folder.name
        self._package = read_package(folder / "datapackage.json")
        self.chapters = tuple((c["id"], c[f"title_{lang}"]) for c in self._package["chapters"])
        self._rows = read_figures(folder / "figures.csv", [chapter for chapter, _ in self.chapters])
        self._figures = {row["id"]: self._figure(row) for row in self._rows}

    @property
    def title(self) -> str:
        return str(self._package["titles"][self.lang])

    @property
    def source(self) -> dict[str, Any]:
        """The publication the figures were taken from: title, publisher, date, sha256 of its text."""
        return dict(self._package["sources"][0])

    def say(self, zh: str, en: str) -> str:
        """The one of two texts that is in the edition's language."""
        return zh if self.lang == "zh" else en

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
        found = self.find(figure)
        if isinstance(found, Unfound):
            raise KeyError(f"{figure} was looked for and not found: context.csv has no number for it")
        return found

    def find(self, figure: str) -> Quantity | Unfound:
        """As `book[figure]`, and no error where a number was looked for and not found. `KeyError` for an unknown id."""
        cited = figure.startswith("context.")
        found = (self._cited if cited else self._figures).get(figure)
        if found is None:
            self._note_ids(figure)
            raise KeyError(f"{self.name} has no figure {figure}; close ids: {', '.join(self._near(figure)) or 'none'}")
        reads.note(self._file(figure), self._row(figure))
        return found

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
        if start.startswith("context."):
            shown = next(
                one for one, found in self._cited.items() if one.startswith(start) and isinstance(found, Quantity)
            )
            reads.note(self._file(start), self._row(shown))
        else:
            reads.note(self._file(start), key="id", start=start)

    def __getattr__(self, name: str) -> Topic | Quantity:
        if name.startswith("_"):
            raise AttributeError(name)
        return Topic(self, "")._reach(name)

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
        if chapter not in dict(self.chapters):
            raise EditionError(
                f'{self.name} has no chapter "{chapter}": expected one of {", ".join(dict(self.chapters))}'
            )
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
            _complete(path, header, LISTS[name])
            validated(path, records, LISTS[name])
        if name == "areas":
            _unbroken(path, records, area_breaches)
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
        records = [
            {
                **{column: row[column] for column in ("indicator", "period", "area", "confidence")},
                "label": self._label(row),
                "quantity": q if isinstance(q := self._cited.get(f"context.{row['id']}"), Quantity) else None,
                "source": self._spoken(row["source_title"]),
                "url": row["source_url"],
                "note": self._spoken(row["note"]),
            }
            for row in rows
        ]
        index = pd.Index([f"context.{row['id']}" for row in rows], name="id")
        frame = pd.DataFrame(records, index=index, columns=CITED_COLUMNS, dtype=object)
        return frame.astype({"quantity": frames.QuantityDtype()})

    @cached_property
    def _context_rows(self) -> list[dict[str, str]]:
        """Read when first asked for, so that what asks for no context does not depend on it."""
        path = self.folder / "context.csv"
        rows = read_rows(path, optional=True)
        _unbroken(path, validated(path, rows, _context_schema()), cited_breaches)
        return rows

    @cached_property
    def _cited(self) -> dict[str, Quantity | Unfound]:
        return {f"context.{row['id']}": self._citation(row) for row in self._context_rows}

    def _label(self, row: dict[str, str]) -> str:
        return row[f"label_{self.lang}"]

    def _spoken(self, cell: str) -> str:
        """The edition's language of a cell that is "Chinese / English", or the same in both."""
        return cell.split(" / ")[-1 if self.lang == "en" else 0]

    def _figure(self, row: dict[str, str]) -> Quantity:
        times = {"period": row["period"], "base": row["base"]}
        located = "paragraph" in row
        source = Source(int(row["paragraph"]), int(row["offset"]), **times) if located else self._publication(row)
        optional = {column: row.get(column, "") for column in ("low", "high", "per", "reads_as")}
        return published(
            row["printed"],
            figure=row["id"],
            lang=self.lang,
            label=self._label(row),
            source=source,
            measure=row["measure"],
            **optional,
        )

    def _publication(self, row: dict[str, str]) -> Source:
        cited = self._spoken(row["source_title"])
        return Source(cited=cited, url=row["source_url"], period=row["period"], base=row.get("base", ""))

    def _citation(self, row: dict[str, str]) -> Quantity | Unfound:
        figure, label, source = f"context.{row['id']}", self._label(row), self._publication(row)
        if not row["printed"]:
            return Unfound(figure, label, row["period"], source.cited, source.url, self._spoken(row["note"]))
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
        frame = pd.DataFrame([self._record(row) for row in rows], index=index, columns=FRAME_COLUMNS)
        return frame.astype({"quantity": frames.QuantityDtype()})

    def _record(self, row: dict[str, str]) -> dict[str, Any]:
        q = self._figures[row["id"]]
        numbers = {"value": float(q.value), "low": float(q.low), "high": float(q.high), "unit": q.unit, "per": q.per}
        words = {"label": q.label, "note": self._spoken(row["note"])}
        words["reads_as"] = row.get("reads_as", "")
        return {**row, **words, "quantity": q, **numbers, "paragraph": q.source.paragraph if q.source else None}

    def _row(self, figure: str) -> dict[str, str]:
        rows = self._context_rows if figure.startswith("context.") else self._rows
        return next(row for row in rows if row["id"] == figure.removeprefix("context."))

    def _near(self, figure: str) -> list[str]:
        head = figure.removeprefix("context.").split(".")[0]
        known = self._cited if figure.startswith("context.") else self._figures
        return [i for i in known if i.removeprefix("context.").split(".")[0] == head or figure in i][:6]

    def _repr_html_(self) -> str:
        reads.note(self.folder / "figures.csv", key="chapter")
        counts = pd.Series([row["chapter"] for row in self._rows]).value_counts()
        rows = "".join(f"<tr><th>{escape(title)}</th><td>{counts[id_]}</td></tr>" for id_, title in self.chapters)
        return f"<table><caption>{escape(self.title)}</caption>{rows}</table>"

    def __repr__(self) -> str:
        self._note_ids("")
        return f"<Edition {self.name} ({self.lang}): {len(self._figures)} figures>"


class Topic:
    """The figures whose ids begin alike: `book.volunteers`. Complete with Tab; shows itself as a table."""

    def __init__(self, book: Edition, prefix: str) -> None:
        self._book, self._prefix = book, prefix

    def _ids(self) -> list[str]:
        if not self._prefix.startswith("context."):
            return [i for i in self._book._figures if i.startswith(self._prefix)]
        cited = self._book._cited.items()
        return [i for i, found in cited if i.startswith(self._prefix) and isinstance(found, Quantity)]

    def _parts(self) -> list[str]:
        return list(dict.fromkeys(i[len(self._prefix) :].split(".")[0] for i in self._ids()))

    def _reach(self, name: str) -> Topic | Quantity:
        path = self._prefix + name
        if path in self._ids():
            return self._book[path]
        if name in self._parts():
            self._book._note_some(path + ".")
            return Topic(self._book, path + ".")
        self._book._note_ids(self._prefix)
        where = self._prefix.rstrip(".") or self._book.name
        raise AttributeError(f"{where} has no figure {name}: it has {', '.join(self._parts())}")

    def __getattr__(self, name: str) -> Topic | Quantity:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._reach(name)

    def __dir__(self) -> list[str]:
        self._book._note_ids(self._prefix)
        return self._parts()

    def __iter__(self) -> Iterator[Quantity]:
        """The figures of the topic, in the order of the file."""
        self._book._note_ids(self._prefix)
        return (self._book[i] for i in self._ids())

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td><code>{escape(q.figure or '')}</code></td><td>{escape(q.label)}</td><td>{q._repr_html_()}</td>"
            f"<td>{escape(q.bounds_text)}</td><td>{escape(q.where)}</td></tr>"
            for q in self
        )
        return f"<table>{cells}</table>"

    def __repr__(self) -> str:
        return "\n".join(f"{q.figure}: {q.text} ({q.label}; {q.bounds_text}; {q.where})" for q in self)


# reading


def read_rows(path: Path, *, optional: bool = False) -> list[dict[str, str]]:
    """The rows of a CSV file as `read_cells` reads it. A file that is `optional` and not there has none."""
    if optional and not path.exists():
        return []
    header, rows = read_cells(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file, strictly: UTF-8, one header, as many cells in each row as it has columns.

    Raises `EditionError` naming the file and the row (1 is the header, as in a spreadsheet).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise EditionError(f"{path}: no such file") from None
    except OSError as error:
        raise EditionError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise EditionError(
            f"{path}, row {row}: byte {error.object[error.start]:#x} is not UTF-8; save the file as UTF-8"
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise EditionError(f"{path}, row {reader.line_num}: {error}") from None
    if not rows:
        raise EditionError(f"{path}: empty; expected a header row")
    header = rows[0]
    if len(set(header)) < len(header):
        raise EditionError(f"{path}, row 1: a column is named twice: {', '.join(header)}")
    for number, cells in enumerate(rows[1:], 2):
        if len(cells) != len(header):
            raise EditionError(
                f"{path}, row {number} ({cells[0] if cells else ''}): found {len(cells)} cells, expected {len(header)}"
            )
        for name, cell in zip(header, cells, strict=True):
            if character := unshowable(cell):
                wanted = "expected text that can be shown"
                raise EditionError(f"{path}, row {number}, column {name}: found the character {character}, {wanted}")
    return header, rows[1:]


def read_figures(path: Path, chapters: list[str]) -> list[dict[str, str]]:
    """The validated rows of a `figures.csv`. Raises `EditionError` for the first thing that is wrong.

    A figure stands at a place of the edition's one text or, in an edition without one, in a publication of its own.
    """
    rows = read_rows(path)
    validated(path, rows, _figures_schema(chapters, cited=bool(rows) and "source_title" in rows[0]))
    for chapter in chapters:
        if not any(row["chapter"] == chapter for row in rows):
            raise EditionError(
                f'{path}: chapter "{chapter}" has no figures; datapackage.json names it, so expected at least one row'
            )
    _unbroken(path, rows, breaches)
    return rows


def _unbroken(path: Path, rows: list[dict[str, str]], rule: Callable[[dict[str, str]], Iterator[Breach]]) -> None:
    """Raises `EditionError` for the first cell that cannot stand beside the others of its row."""
    for number, row in enumerate(rows, 2):
        for breach in rule(row):
            where = f"{path}, row {number} ({row['id']}), column {breach.column}"
            raise EditionError(f'{where}: found "{breach.found}", expected {breach.wanted}')


def validated(path: Path, rows: list[dict[str, str]], schema: pa.DataFrameSchema) -> list[dict[str, str]]:
    """`rows` if the schema accepts them; else `EditionError` for the first failure, in words."""
    if not rows:
        return rows
    _complete(path, list(rows[0]), schema)
    try:
        schema.validate(pd.DataFrame(rows, dtype=str), lazy=True)
    except pa.errors.SchemaErrors as failure:
        first = failure.failure_cases.sort_values("index", kind="stable").iloc[0]
        row = int(first["index"])
        raise EditionError(
            f"{path}, row {row + 2} ({rows[row].get('id', '')}), column {first['column']}: {_complaint(first)}"
        ) from None
    ids = [row["id"] for row in rows if "id" in row]
    for number, figure in enumerate(ids, 2):
        inside = next((other for other in ids if other.startswith(figure + ".")), None)
        if inside:
            raise EditionError(
                f"{path}, row {number}, column id: {figure} is also the beginning of {inside}; rename one of them"
            )
    return rows


def _complete(path: Path, header: list[str], schema: pa.DataFrameSchema) -> None:
    """Raises `EditionError` for the first column that a header lacks."""
    missing = [column for column in schema.columns if schema.columns[column].required and column not in header]
    if missing:
        raise EditionError(f"{path}: column {missing[0]} is missing; found {', '.join(header)}")


def _complaint(failure: pd.Series) -> str:
    if failure["column"] in ("printed", "low", "high", "reads_as"):
        return str(PrintedError(str(failure["failure_case"])))
    wanted = "a value that no other row has" if failure["check"] == "field_uniqueness" else failure["check"]
    return f'found "{failure["failure_case"]}", expected {wanted}'


def _readable(cell: str) -> bool:
    try:
        parse(cell)
    except PrintedError:
        return False
    return True


def whole(cell: str) -> bool:
    """Whether a cell is a whole number as a place in a text is one: plain digits, and not many."""
    return re.fullmatch("[0-9]{1,9}", cell) is not None


def column(test: Callable[[str], bool], wanted: str, *, unique: bool = False, required: bool = True) -> pa.Column:
    return pa.Column(str, pa.Check(test, element_wise=True, error=wanted), unique=unique, required=required)


def filled(*, unique: bool = False) -> pa.Column:
    return column(lambda cell: bool(cell.strip()), "some text", unique=unique)


def _place_columns(cited: bool) -> dict[str, pa.Column]:
    """Where a figure stands: in a publication of its own, or in the edition's text."""
    if cited:
        return {
            "source_title": filled(),
            "source_url": column(lambda cell: cell.startswith(("http://", "https://")), "an http(s) address"),
            "confidence": column(lambda cell: cell in CONFIDENCE, f"one of {', '.join(CONFIDENCE)}"),
        }
    return {
        "paragraph": column(lambda cell: whole(cell) and int(cell) > 0, "a line number of the source, from 1"),
        "offset": column(whole, "a number of characters, from 0"),
    }


def _figures_schema(chapters: list[str], cited: bool) -> pa.DataFrameSchema:
    words = {c: filled() for c in ("measure", "label_zh", "label_en")}
    free = {c: pa.Column(str) for c in ("period", "base", "area", "note")}
    bounds = {
        c: column(lambda cell: not cell or _readable(cell), "a printed number or nothing", required=False)
        for c in ("low", "high", "reads_as")
    }
    return pa.DataFrameSchema(
        {
            "id": column(
                lambda cell: bool(re.fullmatch(NAME, cell)), "a dotted slug like volunteers.total", unique=True
            ),
            "chapter": column(lambda cell: cell in chapters, f"one of {', '.join(chapters)}"),
            "printed": column(_readable, "a printed number"),
            **_place_columns(cited),
            **words,
            **free,
            **bounds,
        }
    )


def _context_schema() -> pa.DataFrameSchema:
    free = ("id", "period", "printed", "source_url", "confidence", "note")
    words = {c: filled() for c in CONTEXT_COLUMNS if c not in free}
    return pa.DataFrameSchema(
        {
            "id": column(
                lambda cell: bool(re.fullmatch(ID, cell)), "a dotted slug like population.resident.2019", unique=True
            ),
            "period": column(lambda cell: not cell or bool(PERIOD.fullmatch(cell)), f"{A_PERIOD}, or nothing"),
            "printed": pa.Column(str),  # whether it can be read depends on `reads_as`: see `cited_breaches`
            "measure": pa.Column(str, required=False),
            "reads_as": column(lambda cell: not cell or _readable(cell), "a printed number or nothing", required=False),
            "confidence": column(lambda cell: cell in ("", *CONFIDENCE), "official, press, secondary or nothing"),
            "source_url": column(
                lambda cell: not cell or cell.startswith(("http://", "https://")), "an http(s) address or nothing"
            ),
            "note": pa.Column(str),
            **words,
        }
    )


LISTS = {  # the lists that pages draw from, with what they need of them
    "areas": pa.DataFrameSchema(
        {
            "id": column(lambda cell: bool(re.fullmatch("[a-z][a-z0-9_]*", cell)), "a slug like nanshan", unique=True),
            "name_zh": filled(unique=True),
            "name_en": filled(),
            **{
                side: column(lambda cell: bool(re.fullmatch("[0-9]{0,2}", cell)), "0 to 99 or nothing", required=False)
                for side in ("row", "col")
            },
        }
    ),
    "excluded": pa.DataFrameSchema({name: filled() for name in ("printed", "reason_zh", "reason_en")}),
}

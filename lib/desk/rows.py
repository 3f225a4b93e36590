"""A row of a drafted `figures.csv`, and which of its cells a person must still confirm."""

from __future__ import annotations

from dataclasses import dataclass, field

from bluebook.edition.measures import POINTS, RATIO, unit_kind
from desk.scan import Finding

COLUMNS = (
    "id",
    "chapter",
    "printed",
    "reads_as",
    "measure",
    "per",
    "status",
    "period",
    "base",
    "area",
    "paragraph",
    "offset",
    "label_zh",
    "label_en",
    "carried",
    "sentence",
)
TODO_ORDER = ("id", "printed", "reads_as", *COLUMNS[4:10], "label_zh", "label_en")
UNSAFE = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take a cell that begins so for a formula


@dataclass
class Row:
    """A figure of a draft. `todo` has the columns that were guessed; `name` its name without what its measure adds.

    `group` is what it shares with the numbers that it may be compared with: one list, one row of a table, one thing
    before and after. `carried` says which figure of an earlier edition it was taken to be.
    """

    finding: Finding
    measure: str
    period: str
    base: str
    name: str = ""
    label_zh: str = ""
    label_en: str = ""
    id: str = ""
    chapter: str = ""
    per: str = ""
    area: str = ""
    status: str = ""
    group: str = ""
    carried: str = ""
    todo: set[str] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, int]:
        """Its line, from 1, and its offset in it, from 0."""
        return self.finding.span.paragraph, self.finding.span.offset

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage, or a number of percentage points."""
        number = self.finding.number
        return number is not None and unit_kind(number) in (RATIO, POINTS)

    def confirm(self, *columns: str) -> None:
        """Take columns off the list of those to confirm."""
        self.todo.difference_update(columns)

    def record(self) -> dict[str, str]:
        """The row as `figures.csv` has it."""
        cells = {column: str(getattr(self, column, "")) for column in COLUMNS}
        span = self.finding.span
        cells["printed"] = span.printed
        cells["reads_as"] = self.finding.reads_as
        cells["paragraph"] = str(span.paragraph)
        cells["offset"] = str(span.offset)
        cells["sentence"] = sentence_of(self.finding)
        cells["todo"] = " ".join(column for column in TODO_ORDER if column in self.todo)
        return cells


def row_of(finding: Finding) -> Row:
    """The row of a figure, as far as its sentence alone says it, all of it to confirm."""
    number = finding.number
    row = Row(finding, finding.measure, finding.period, finding.base)
    row.todo = {"label_zh", "label_en", "measure", "period"}
    if number is not None and not number.unit and number.scale >= 1 and not finding.reads_as:
        row.todo.add("printed")
    if finding.reads_as:
        row.todo.add("reads_as")
    if finding.measure in ("growth", "increase", "annual_growth", "ratio"):
        row.todo.add("base")
    return row


def sentence_of(finding: Finding) -> str:
    """The words that a number stands in, for the person who looks at its row; safe in a spreadsheet."""
    cell = finding.cell
    if cell is not None:
        words = " · ".join(filter(None, (cell.label, cell.title)))
    else:
        words = " ".join(finding.sentence.split())
    return f"…{words}" if words.startswith(UNSAFE) else words

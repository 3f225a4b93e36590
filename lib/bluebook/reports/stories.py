"""The stories of an audit: what several checks say together. `stories.csv` names them, `checks.csv` says whose each is.

verdicts = audit(book)
for story in stories(book, verdicts):    # those with a check that does not hold, in the order of the file
    story.title                          # the finding, with the numbers of its leading check
    story.lead, story.checks             # the first of its checks that does not hold; all of them
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bluebook.edition import table
from bluebook.edition.audit import SLUG, Verdict
from bluebook.edition.edition import Edition, EditionError
from bluebook.edition.rows import validated
from bluebook.edition.table import read_rows
from bluebook.messages import in_language

SPOKEN = re.compile(r"\{(\w+)\}")  # in a title: what its leading check says
WORDS = ("title_zh", "title_en", "left_zh", "left_en", "right_zh", "right_en")
COLUMNS = {
    "id": table.matching(SLUG, "a slug like spending", is_unique=True),
    **{name: table.filled() for name in WORDS},
}


@dataclass(frozen=True)
class Story:
    """What several checks say together: the finding, what the two sides of its leading check are called, the checks."""

    id: str
    title: str
    labels: tuple[str, str]
    lead: Verdict
    checks: tuple[Verdict, ...]


def stories(book: Edition, verdicts: Sequence[Verdict]) -> list[Story]:
    """The stories that have a check that does not hold, in the order of `stories.csv`; none without that file.

    Raises `EditionError` for a check of a story that the file does not have, and for a title that speaks of anything
    but {gap}, {left} and {right}.

    >>> from bluebook import audit, open_edition
    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> told = {story.id: story for story in stories(book, audit(book))}
    >>> told["micro-projects"].title
    'Micro-project sums differ by at least CNY 381 million'
    """
    path = book.folder / "stories.csv"
    rows = read_rows(path, optional=True)
    known = validated(path, rows, COLUMNS) if rows else []
    _check_stories_of(book, verdicts, [row["id"] for row in known])
    result = []
    for number, row in enumerate(known, 2):
        own = tuple(verdict for verdict in verdicts if verdict.story == row["id"])
        not_holding = [verdict for verdict in own if verdict.holds is False]
        if not_holding:
            where = f"{path}, row {number} ({row['id']})"
            result.append(_story(book, row, not_holding[0], own, where))
    return result


def _check_stories_of(book: Edition, verdicts: Sequence[Verdict], ids: Sequence[str]) -> None:
    """Raises `EditionError` for a check whose story is none of these."""
    wanted = f"one of {', '.join(ids)}" if ids else "no story without stories.csv"
    for verdict in verdicts:
        if verdict.story and verdict.story not in ids:
            where = f"{book.folder / 'checks.csv'}, check {verdict.id}, column story"
            raise EditionError(f'{where}: found "{verdict.story}", expected {wanted}')


def _story(book: Edition, row: dict[str, str], lead: Verdict, own: tuple[Verdict, ...], where: str) -> Story:
    numbers = {"gap": lead.gap, "left": lead.left, "right": lead.right}
    title = str(in_language(row, "title", book.lang))
    for name in SPOKEN.findall(title):
        if name not in numbers:
            raise EditionError(
                f"{where}, column title_{book.lang}: found {{{name}}}, expected {{gap}}, {{left}} or {{right}}"
            )
    title = SPOKEN.sub(lambda field: str(numbers[field[1]]), title)
    left = in_language(row, "left", book.lang)
    right = in_language(row, "right", book.lang)
    return Story(row["id"], title, (left, right), lead, own)


def count_stories(verdicts: Sequence[Verdict]) -> int:
    """How many stories the checks that do not hold tell: those of one story count once, one without a story by itself.

    >>> from bluebook import audit, open_edition
    >>> verdicts = audit(open_edition("shenzhen-2021"))
    >>> count_stories(verdicts) < sum(one.holds is False for one in verdicts)
    True
    """
    not_holding = [verdict for verdict in verdicts if verdict.holds is False]
    return len({verdict.story or verdict.id for verdict in not_holding})

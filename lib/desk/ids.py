"""Ids for the rows of a draft: what is drawn together shares a topic, and no topic is shared by unlike things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desk.rows import Row


def identify_rows(rows: Sequence[Row]) -> None:
    """Give each row without an id one: its chapter, its line and group there, and its number in the group.

    Where one of a group was carried over, the others of the same thing are called after it: `volunteers.total_target`.
    """
    used = {row.id for row in rows if row.id}
    topics: dict[str, str] = {}
    carried = {(row.group, row.name): row.id for row in rows if row.id}
    for row in rows:
        if row.id:
            continue
        like = carried.get((row.group, row.name))
        if like:
            row.id = _free(f"{like}_{_time(row)}", used)
        else:
            topic = topics.get(row.group) or _new_topic(row, {*topics.values(), *map(_topic, used)})
            topics[row.group] = topic
            number = sum(_topic(id) == topic for id in used) + 1
            row.id = f"{topic}.n{number}"
        used.add(row.id)


def _topic(id: str) -> str:
    return id.rpartition(".")[0]


def _new_topic(row: Row, taken: set[str]) -> str:
    """A topic for a group that begins at a row."""
    number = 1
    while f"{row.chapter}.p{row.place[0]}_{number}" in taken:
        number += 1
    return f"{row.chapter}.p{row.place[0]}_{number}"


def _time(row: Row) -> str:
    """What tells a number from another of the same thing."""
    if row.status:
        return row.status
    return f"y{row.period}" if re.fullmatch("[0-9]{4}", row.period) else "before"


def _free(id: str, used: set[str]) -> str:
    """An id that is not in use, made from one that may be."""
    number = 1
    found = id
    while found in used:
        number += 1
        found = f"{id}_{number}"
    return found

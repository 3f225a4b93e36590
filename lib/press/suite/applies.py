"""For which values of a parameter a report is: what a suite's `for` says of it.

For values by name, by how many there are, by the files in their folders, by their series: docs/suite.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from press.errors import listed
from press.suite.keys import keys_of

WANTED = "a list of values, the least number of them, or a file of their folders; or a table of these, with "


@dataclass(frozen=True)
class AppliesTo:
    """The values that a report is for; what is not said leaves it for all."""

    values: tuple[Any, ...] = ()
    file: str = ""
    rows: tuple[str, ...] = ()
    least: int = 0
    alike: bool = False

    def holds(
        self,
        value: Any,
        allowed: Sequence[Any] | None,
        folders: Mapping[str, Path],
        series: Mapping[str, str],
    ) -> bool:
        """Whether a value is one of them; `series` is what the values' folders say that they belong to."""
        if self.values and not self._names(value):
            return False
        if self.file and not self._has_file(value, folders):
            return False
        others = list(allowed or ())
        if self.alike:
            own = series.get(value)
            others = [other for other in others if own and series.get(other) == own] or [value]
        return len(others) >= self.least

    def _names(self, value: Any) -> bool:
        named = [one for one in self.values if not str(one).startswith("!")]
        return f"!{value}" not in self.values and (value in named or not named)

    def _has_file(self, value: Any, folders: Mapping[str, Path]) -> bool:
        if not isinstance(value, str) or value not in folders:
            return False
        return has_rows(folders[value] / self.file, self.rows)

    def in_words(self, name: str) -> str:
        """In words, for an error: `edition = a`, `2 or more values of edition`."""
        said = []
        if self.values:
            said.append(f"{name} = {', '.join(map(str, self.values))}")
        if self.file:
            rows = f" with rows {', '.join(self.rows)}" if self.rows else ""
            said.append(f"each {name} that has {self.file}{rows}")
        if self.least:
            series = " in one series" if self.alike else ""
            said.append(f"{self.least} or more values of {name}{series}")
        return "; ".join(said)


def applies_to(said: Any) -> AppliesTo:
    """What a suite says under `for`. Raises `ValueError` for what cannot be meant."""
    if type(said) is int and said > 0:
        return AppliesTo(least=said)
    if isinstance(said, list) and said:
        return AppliesTo(values=tuple(said))
    if isinstance(said, str) and said:
        return AppliesTo(file=said)
    if isinstance(said, dict) and said and _has_keys(said):
        if not all(isinstance(row, str) for row in said.get("rows", ())):
            raise ValueError("rows as a list of patterns of ids")
        lists = {key: tuple(value) for key, value in said.items() if isinstance(value, list)}
        return AppliesTo(**{**said, **lists})
    raise ValueError(WANTED + listed(keys_of("for")))


def _has_keys(table: Mapping[str, Any]) -> bool:
    """Whether all keys of a table are known, and their values of their kinds."""
    known = keys_of("for")
    return all(key in known and known[key].takes(value) for key, value in table.items())


def has_rows(path: Path, patterns: Sequence[str] = ()) -> bool:
    """Whether there is such a file; a CSV file has more than its head, and with patterns a row whose first column
    fits one of them and none of those after "!"."""
    try:
        if path.suffix.lower() != ".csv":
            return path.is_file()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(row)][1:]
    except (OSError, ValueError, csv.Error):
        return path.is_file()  # what is wrong with it is told where it is read
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")] or ["*"]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(_fits(row[0], wanted) and not _fits(row[0], unwanted) for row in rows)


def _fits(id: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(id, pattern) for pattern in patterns)

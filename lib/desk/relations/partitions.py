"""Divisions that are known to leave nothing out, by the names of their parts: 城镇 and 乡村, imports and exports."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Partition:
    """Words of the names of parts that make up a whole together.

    `whole` is what that must be called; a whole called `never` has other parts, too. Where it is not `is_closed`, a
    list of these parts alone does not say that they are all.
    """

    parts: tuple[str, ...]
    whole: str = ""
    never: str = ""
    is_closed: bool = True

    def may_divide(self, words: str) -> bool:
        """Whether what is called by some words may have these parts.

        >>> imports, exports = Partition(("进口", "出口"), whole="进出口"), Partition(("内资", "外资"))
        >>> imports.may_divide("进出口总额"), imports.may_divide("总额"), exports.may_divide("总额")
        (True, False, True)
        """
        return self.whole in words

    def is_all_of(self, words: str) -> bool:
        """Whether these parts are all that what is called by some words has."""
        has_others = self.never and re.search(self.never, words) is not None
        return self.is_closed and not has_others and self.may_divide(words)

    def begins_with(self, name: str) -> bool:
        """Whether a name is that of the first of the parts."""
        return is_part(self.parts[0], name)

    def has_part(self, name: str) -> bool:
        """Whether a name is that of any of the parts."""
        return any(is_part(word, name) for word in self.parts)

    def are_named(self, names: list[str]) -> bool:
        """Whether each of the parts is among some names."""
        return all(any(is_part(word, name) for name in names) for word in self.parts)


def is_part(word: str, name: str) -> bool:
    """Whether a name has the word for a part; 非税 is no 税收."""
    if word.isascii():
        return re.search(rf"\b{word}\b", name) is not None
    if word == "税收" and "非税" in name:
        return False
    return word in name


def _read() -> list[Partition]:
    content = Path(__file__).with_name("partitions.toml").read_text(encoding="utf-8")
    partitions = []
    for row in tomllib.loads(content)["partition"]:
        row["parts"] = tuple(row["parts"])
        partitions.append(Partition(**row))
    return partitions


PARTITIONS = _read()

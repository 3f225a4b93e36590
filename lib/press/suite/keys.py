"""The keys of suite.toml: what each takes, its default, what it says, an example. All of it stands in keys.toml.

What reads a suite checks its tables by these keys and takes defaults from them; docs/suite.md is written from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from press.errors import SuiteError, listed, shown

FILE = Path(__file__).with_name("keys.toml")


class Kind(StrEnum):
    """The kinds of value that a key takes, in the words of errors and of docs/suite.md."""

    TEXT = "text"
    WHOLE_NUMBER = "a whole number"
    NUMBER = "a number"
    TRUTH = "true or false"
    LIST = "a list"
    TEXTS = "a list of texts"
    TABLE = "a table"
    ANY = "any value"


TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.WHOLE_NUMBER: (int,),
    Kind.NUMBER: (int, float),
    Kind.TRUTH: (bool,),
    Kind.LIST: (list,),
    Kind.TEXTS: (list,),
    Kind.TABLE: (dict,),
}


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key of a table.

    `words` say in a sentence or two what it says, `example` is TOML that can stand in its table. `default` is its value
    where it is not given; `otherwise` says what holds then, where a value does not say it.
    """

    kinds: tuple[Kind, ...]
    words: str
    example: str
    default: Any = None
    otherwise: str = ""

    def takes(self, value: Any) -> bool:
        """Whether a value is of one of its kinds.

        >>> Key((Kind.NUMBER,), "", "").takes(1.5), Key((Kind.WHOLE_NUMBER,), "", "").takes(True)
        (True, False)
        """
        return any(_is_of(value, kind) for kind in self.kinds)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a suite: how it begins, what it is for, its keys, and the tables whose keys it shares."""

    heading: str
    words: str
    keys: dict[str, Key]
    opening: str = ""
    shares: tuple[str, ...] = ()


@cache
def tables() -> dict[str, Table]:
    """All tables of a suite by name, in the order of the file.

    >>> tables()["licence"].heading, list(tables()["licence"].keys)
    ('[site.licence]', ['title', 'url'])
    """
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), dict[str, Table])


@cache
def keys_of(name: str) -> dict[str, Key]:
    """The keys that may stand in a table, those that it shares with others too."""
    table = tables()[name]
    found = dict(table.keys)
    for other in table.shares:
        found |= tables()[other].keys
    return found


def with_defaults(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A table with the defaults of the keys that it does not give; None for those that have none.

    >>> with_defaults({"days": 400}, "publish"), with_defaults({}, "run")["outputs"]
    ({'keep': None, 'days': 400}, 'show')
    """
    defaults = {key: told.default for key, told in keys_of(name).items()}
    return {**defaults, **given}


def check_table(given: Any, name: str, where: str) -> None:
    """Refuse what is no table, a key that the table does not have, and a value of another kind. Raises SuiteError.

    >>> check_table({"kep": 3}, "publish", "suite.toml, [publish]")
    Traceback (most recent call last):
    press.errors.SuiteError: suite.toml, [publish]: unknown key "kep": expected one of keep, days
    """
    known = keys_of(name)
    if not isinstance(given, dict):
        raise SuiteError(f"{where}: found {shown(given)}, expected a table")
    for key, value in given.items():
        if key not in known:
            raise SuiteError(f'{where}: unknown key "{key}": expected one of {listed(known)}')
        if not known[key].takes(value):
            wanted = " or ".join(known[key].kinds)
            raise SuiteError(f"{where}, {key}: found {shown(value)}, expected {wanted}")


def _is_of(value: Any, kind: Kind) -> bool:
    """Whether a value is of a kind; true and false are no numbers."""
    if kind is Kind.ANY:
        return True
    if type(value) not in TYPES[kind]:
        return False
    if kind is Kind.TEXTS:
        return all(isinstance(item, str) for item in value)
    return True

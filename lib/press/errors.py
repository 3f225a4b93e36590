"""A user's mistake, and how the sentence that names it shows what was found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

SHOWN = 200  # characters of a value that an error shows


class SuiteError(ValueError):
    """A user's mistake in suite.toml, a notebook's parameters or a command's words."""


def shortened(text: str) -> str:
    """A text as an error shows it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def shown(value: Any) -> str:
    """A value as an error shows it, the way TOML writes it.

    >>> shown("a"), shown(True), shown(3)
    ('"a"', 'true', '3')
    """
    if isinstance(value, str):
        return f'"{shortened(value)}"'
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return shortened(repr(value))


def listed(values: Iterable[Any]) -> str:
    """Values as an error lists them.

    >>> listed(["a", 2])
    'a, 2'
    """
    return ", ".join(shortened(str(value)) for value in values)

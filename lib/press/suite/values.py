"""The values of parameters: what can be one, and what a word of a command line says."""

from __future__ import annotations

import json
import math
import re
from datetime import date, time
from typing import Any

from press.errors import SuiteError, shown

DIGITS = 4000  # of a whole number that Python reads
WHOLE_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
TRUTH = {"true": True, "false": False}
KINDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "a table"}


def kind_of(value: Any) -> str:
    """The kind of a value, in words."""
    return KINDS.get(type(value), type(value).__name__)


def dates_as_text(value: Any) -> Any:
    """A value of TOML or YAML with its dates and times as ISO 8601 writes them: JSON, which notebooks keep, has none.

    >>> dates_as_text({"days": [date(2024, 5, 1), 3], "at": time(12, 30)})
    {'days': ['2024-05-01', 3], 'at': '12:30:00'}
    """
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [dates_as_text(one) for one in value]
    if isinstance(value, dict):
        return {key: dates_as_text(one) for key, one in value.items()}
    return value


def unfit(value: Any) -> str:
    """Why a value cannot be a parameter's, "" where it can: it must be what JSON can hold.

    >>> unfit({"a": [1, None, "b"]}), unfit([float("nan")])
    ('', 'found nan, expected a finite number')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return f"found {value}, expected a finite number"
    if isinstance(value, list):
        return next(filter(None, map(unfit, value)), "")
    if isinstance(value, dict):
        return _unfit_table(value)
    if value is None or isinstance(value, bool | int | float | str):
        return ""
    return f"found {value!r}, expected text, a number, a list or a table"


def _unfit_table(table: dict[Any, Any]) -> str:
    for name in table:
        if not isinstance(name, str):
            return f"found the key {name!r}, expected text"
    return unfit(list(table.values()))


def check_fit(value: Any, where: str) -> None:
    """Refuse what cannot be a parameter's value. Raises SuiteError."""
    if problem := unfit(value):
        raise SuiteError(f"{where}: {problem}")


def read_value(text: str, default: Any, where: str) -> Any:
    """A value typed on a command line, read by the type of the parameter's default.

    >>> read_value("0755", "x", ""), read_value("12", 1, ""), read_value("12", 1.5, "")
    ('0755', 12, 12.0)
    >>> read_value("１２", 1, "-p n=１２")
    Traceback (most recent call last):
    press.errors.SuiteError: -p n=１２: found "１２", expected a whole number
    """
    kind = type(default)
    if not text.isascii() and text != text.encode("utf-8", "replace").decode():
        raise SuiteError(f"{where}: not UTF-8")
    if isinstance(default, str) or default is None:
        return text
    if kind is bool and text.lower() in TRUTH:
        return TRUTH[text.lower()]
    if kind is int and WHOLE_NUMBER.fullmatch(text) and len(text) <= DIGITS:
        return int(text)
    if kind is float and NUMBER.fullmatch(text):
        check_fit(float(text), where)
        return float(text)
    if kind in (list, dict):
        return _read_json(text, default, where)
    raise SuiteError(f'{where}: found "{text}", expected {kind_of(default)}')


def guessed_value(text: str) -> bool | int | float | str:
    """A value typed on a command line for a parameter whose type is not known, as papermill takes it.

    >>> guessed_value("2"), guessed_value("0.5"), guessed_value("true"), guessed_value("x")
    (2, 0.5, True, 'x')
    """
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if WHOLE_NUMBER.fullmatch(text) and len(text) <= DIGITS:
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text


def _read_json(text: str, default: Any, where: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if type(value) is not type(default):
        raise SuiteError(f'{where}: found "{text}", expected {kind_of(default)} as JSON')
    check_fit(value, where)
    return value


def as_default(value: Any, default: Any, where: str) -> Any:
    """A value from suite.toml, of its default's type; a whole number does for a number. None takes any."""
    if type(default) is float and type(value) is int:
        return float(value)
    if default is not None and type(value) is not type(default):
        raise SuiteError(f"{where}: found {shown(value)}, expected {kind_of(default)}")
    return value

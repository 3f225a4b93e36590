"""The descriptor of an edition, `datapackage.json`: read strictly, and its shape checked here and nowhere else.

Its shape is `datapackage.schema.json`, beside this module; each description there is what an error says was wanted.
What is read here may be relied on: every key that the edition, its check or its pages ask for has the type they expect.
Keys that are not named here are Frictionless' own, or the author's; they are only held to be text that can be shown.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

SCHEMA = Path(__file__).parent / "datapackage.schema.json"
DEEPEST = 16  # levels of lists and objects in a descriptor
SHOWN = 60  # characters of a value that an error shows
UNIQUE_KEYS = (("chapters", "id"), ("resources", "name"), ("resources", "path"))  # of the items of a list


class EditionError(ValueError):
    """Something in an edition's folder is not as it must be: the file, the row, what was found, what was wanted."""


class UnknownEditionError(EditionError):
    """There is no edition of that name, or no language."""


def read_package(path: Path) -> dict[str, Any]:
    """The descriptor of an edition. Raises `EditionError` for the first thing that is wrong with it.

    >>> read_package(Path("data/shenzhen-2021/datapackage.json"))["titles"]["en"]
    'Shenzhen Social Governance and Development Report (2021)'
    """
    package = _parsed(path)
    for problem in shape_problems(package):
        raise EditionError(f"{path}{problem}")
    return package


def package_problems(path: Path) -> list[str]:
    """All that is wrong with a descriptor, so that it cannot be read as one; nothing where it can."""
    try:
        package = _parsed(path)
    except EditionError as error:
        return [str(error)]
    return [f"{path}{problem}" for problem in shape_problems(package)]


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (OSError, ValueError) as error:
        raise EditionError(f"{path}: cannot be read as JSON: {error}") from None
    except RecursionError:
        raise EditionError(f"{path}: cannot be read as JSON: lists in lists without end") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) == len(pairs):
        return unique
    counts = Counter(key for key, _ in pairs)
    twice = next(key for key, times in counts.items() if times > 1)
    raise ValueError(f"the key {_shown(twice)} stands twice in one object")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def shape_problems(package: Any) -> list[str]:
    """What is wrong with a descriptor, each as place, found and wanted."""
    strange = list(_strange(package))
    if strange:
        return strange
    errors = sorted(_validator().iter_errors(package), key=lambda error: list(map(str, error.path)))
    problems = [problem for error in errors for problem in _problems_of(error)]
    if not errors:
        problems += _repeated(package)
    return list(dict.fromkeys(problems))


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    definitions = schema.pop("$defs")
    return Draft202012Validator(_with_definitions(schema, definitions), format_checker=FormatChecker(["regex"]))


def _with_definitions(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema with its definitions where they are referred to: so it is checked in half the time."""
    if isinstance(schema, list):
        return [_with_definitions(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return _with_definitions(definitions[name], definitions)
    return {key: _with_definitions(value, definitions) for key, value in schema.items()}


def _problems_of(error: ValidationError) -> Iterator[str]:
    place = _place(error.absolute_path)
    wanted = error.schema["description"]
    if error.validator != "required":
        yield f"{place}: found {_shown(error.instance)}, expected {wanted}"
        return
    for key in error.validator_value:
        if key not in error.instance:
            yield f'{place}: found no "{key}"; expected {wanted}'


def _place(keys: Iterable[str | int]) -> str:
    """Where something stands, in words: `, chapters, item 2, id`."""
    place = ""
    for key in keys:
        place += f", item {key + 1}" if isinstance(key, int) else f", {_printable(key)}"
    return place


def _printable(text: str) -> str:
    """Text that any terminal and file can take: what it cannot is escaped."""
    if text.isprintable() and len(text) <= SHOWN:
        return text
    return ascii(text[:SHOWN])


def _shown(value: Any) -> str:
    if isinstance(value, list) and value:
        return f"a list of {len(value)}"
    if isinstance(value, dict) and value:
        return "an object"
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > SHOWN:
        text = f"{text[:SHOWN]}…"
    return _printable(text)


def _repeated(package: dict[str, Any]) -> Iterator[str]:
    for key, name in UNIQUE_KEYS:
        items = package.get(key, [])
        counts = Counter(item[name] for item in items)
        for value, times in counts.items():
            if times > 1:
                yield f", {key}: {name} {_shown(value)} is given {times} times, expected once"


def _strange(package: Any) -> Iterator[str]:
    """Values that no page and no terminal can show, and nesting that no reader expects."""
    left: list[tuple[tuple[str | int, ...], Any]] = [((), package)]
    while left:
        keys, value = left.pop()
        if len(keys) > DEEPEST:
            yield f"{_place(keys[:3])}: found lists in lists, expected at most {DEEPEST} levels"
            return
        if isinstance(value, dict):
            left += [((*keys, key), item) for key, item in value.items()]
            left += [(keys, key) for key in value]
        elif isinstance(value, list):
            left += [((*keys, number), item) for number, item in enumerate(value)]
        elif isinstance(value, float) and not math.isfinite(value):
            yield f"{_place(keys)}: found a number beyond all bounds, expected one that can be written"
        elif isinstance(value, str) and (character := unshowable(value)):
            yield f"{_place(keys)}: found the character {character}, expected text that can be shown"


def unshowable(text: str) -> str:
    """The first character of a text that is none to show (NUL, a control, half of a pair), as `U+0000`; else "".

    >>> unshowable("名\\n"), unshowable("a\\x00")
    ('', 'U+0000')
    """
    for character in text:
        if character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cs"):
            return f"U+{ord(character):04X}"
    return ""

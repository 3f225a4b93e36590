"""The descriptor of an edition, `datapackage.json`: read strictly, and its shape checked here and nowhere else.

What is read here may be relied on: every key that the edition, its check or its pages ask for has the type they expect.
Keys that are not named here are Frictionless' own, or the author's; they are only held to be text that can be shown.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

DEEPEST = 16  # levels of lists and objects in a descriptor
FORMATS = FormatChecker(["regex"])
SHOWN = 60  # characters of a value that an error shows


class EditionError(ValueError):
    """Something in an edition's folder is not as it must be: the file, the row, what was found, what was wanted."""


class UnknownEditionError(EditionError):
    """There is no edition of that name, or no language."""


def _object(properties: dict[str, Any], *required: str, wanted: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "description": wanted}


def _list(items: dict[str, Any], wanted: str, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "description": wanted}


WORDS = {"type": "string", "description": "text"}
FILLED = {"type": "string", "pattern": r"\S", "description": "some text"}
FILE = {"type": "string", "pattern": r"^\w[\w.-]*$", "description": "the name of a file in the edition's folder"}
SPOKEN = "title title_en author author_en publisher publisher_en date url path".split()
WORK = _object(dict.fromkeys(SPOKEN, WORDS) | {"title": FILLED}, "title", wanted="a publication with its title")
SOURCE = WORK | {"properties": WORK["properties"] | {"sha256": WORDS, "reports_on": WORK}}
CHAPTER = _object(
    {"id": FILLED, "title_zh": FILLED, "title_en": FILLED},
    "id",
    "title_zh",
    "title_en",
    wanted="a chapter with id, title_zh and title_en",
)
CONSTRAINTS = _object(
    {
        "required": {"type": "boolean", "description": "true or false"},
        "unique": {"type": "boolean", "description": "true or false"},
        "pattern": {"type": "string", "format": "regex", "description": "a regular expression"},
        "enum": _list(WORDS, "a list of the texts that may stand there", least=1),
        "minLength": {"type": "integer", "description": "a whole number"},
        "maxLength": {"type": "integer", "description": "a whole number"},
        "minimum": {"type": "number", "description": "a number"},
        "maximum": {"type": "number", "description": "a number"},
    },
    wanted="the constraints of a column",
)
FIELD = _object(
    {"name": FILLED, "type": WORDS, "description": WORDS, "constraints": CONSTRAINTS},
    "name",
    wanted="a column with its name",
)
NAMES = {
    "anyOf": [FILLED, _list(FILLED, "a list of columns", least=1)],
    "description": "the name of a column, or a list of them",
}
REFERENCE = _object({"resource": WORDS, "fields": NAMES}, "fields", wanted="a reference with its fields")
FOREIGN = _object({"fields": NAMES, "reference": REFERENCE}, "fields", "reference", wanted="fields and reference")
SCHEMA = _object(
    {
        "fields": _list(FIELD, "a list of columns"),
        "primaryKey": NAMES,
        "foreignKeys": _list(FOREIGN, "a list of foreign keys"),
        "fieldsMatch": {
            "enum": ["exact", "equal", "subset", "superset", "partial"],
            "description": "exact, equal, subset, superset or partial",
        },
    },
    wanted="a schema with its fields",
)
RESOURCE = _object(
    {"name": FILLED, "path": FILE, "schema": SCHEMA}, "name", "path", wanted="a table with name and path"
)
DESCRIPTOR = _object(
    {
        "name": FILLED,
        "titles": _object({"zh": FILLED, "en": FILLED}, "zh", "en", wanted="the edition's title in zh and en"),
        "place": WORDS,
        "issued": WORDS,
        "created": WORDS,
        "todo": _list(WORDS, "a list of what is still to be decided"),
        "sources": _list(SOURCE, "a list of publications", least=1),
        "chapters": _list(CHAPTER, "a list of chapters", least=1),
        "resources": _list(RESOURCE, "a list of tables"),
    },
    "titles",
    "sources",
    "chapters",
    wanted="an object with titles, sources and chapters",
)


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
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (OSError, ValueError) as error:
        raise EditionError(f"{path}: cannot be read as JSON: {error}") from None
    except RecursionError:
        raise EditionError(f"{path}: cannot be read as JSON: lists in lists without end") from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise ValueError(f"the key {_shown(key)} stands twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def shape_problems(package: Any) -> list[str]:
    """What is wrong with a descriptor, each as place, found and wanted."""
    strange = list(_strange(package))
    if strange:
        return strange
    errors = sorted(
        Draft202012Validator(DESCRIPTOR, format_checker=FORMATS).iter_errors(package),
        key=lambda error: list(map(str, error.path)),
    )
    found = [problem for error in errors for problem in _problems_of(error)]
    if not errors:
        found += _repeated(package)
    return list(dict.fromkeys(found))


def _problems_of(error: ValidationError) -> Iterator[str]:
    place = _place(error.absolute_path)
    if error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield f'{place}: found no "{key}"; expected {error.schema["description"]}'
        return
    yield f"{place}: found {_shown(error.instance)}, expected {error.schema['description']}"


def _place(keys: Any) -> str:
    """Where something stands, in words: `, chapters, item 2, id`."""
    words = [f", item {key + 1}" if isinstance(key, int) else f", {_plain(key)}" for key in keys]
    return "".join(words)


def _plain(text: str) -> str:
    """Text that any terminal and file can take: what it cannot is escaped."""
    return text if text.isprintable() and len(text) <= SHOWN else ascii(text[:SHOWN])


def _shown(value: Any) -> str:
    if isinstance(value, dict | list) and value:
        return f"a list of {len(value)}" if isinstance(value, list) else "an object"
    written = json.dumps(value, ensure_ascii=False)
    return _plain(written if len(written) <= SHOWN else f"{written[:SHOWN]}…")


def _repeated(package: dict[str, Any]) -> Iterator[str]:
    for key, name in (("chapters", "id"), ("resources", "name"), ("resources", "path")):
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

"""What the book says in its own words: a file a language, looked up by key.

`languages/CODE.json` has the messages of a language, its words for units, and how its numbers are written. A further
language is a further file, and what it lacks is said in English:

    message("en", "audit.gap", gap="4")     # 'the gap is 4'

A message has named fields in braces. Where its form depends on a number it is an object of plural categories, {"one":
…, "other": …}, and the field `count` chooses among them, by the rules of CLDR.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from babel import Locale

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"  # the language that says what another lacks
Template = str | Mapping[str, str]  # a message, or its forms by plural category


class MessageError(LookupError):
    """A language or a message that there is not."""


@dataclass(frozen=True)
class NumberForms:
    """How a language writes numbers.

    From `compact_from` on, a number is written with a word for one of `compact_powers`, in Babel's `compact_style`; in
    full where the smallest of these would take more than `most_decimals`. `as_printed`: published numbers and units
    stand as the data has them. `repeats_percent`: both ends of a range have their %.
    """

    locale: str
    compact_from: int
    compact_powers: tuple[int, ...]
    compact_style: Literal["short", "long"]
    most_decimals: int | None
    as_printed: bool
    repeats_percent: bool


@dataclass(frozen=True)
class Language:
    """One language: its code, how it writes numbers, its messages by key, and its words for units."""

    code: str
    numbers: NumberForms
    messages: Mapping[str, Template]
    units: Mapping[str, Template]

    def template(self, key: str, count: Any = None) -> str:
        """A message with its fields still in braces. Raises `MessageError` for a key that no language has."""
        if key in self.messages:
            return self.form(self.messages[key], count)
        if self.code == FALLBACK:
            raise MessageError(f'no message "{key}": wanted a key of {FOLDER.name}/{FALLBACK}.json')
        return language(FALLBACK).template(key, count)

    def ordinal_template(self, key: str, number: int) -> str:
        """A message whose forms are those of ordinals, as English has them: 1st, 2nd, 3rd, 4th."""
        if key not in self.messages:
            return language(FALLBACK).ordinal_template(key, number)
        return _form(self.messages[key], self._locale.ordinal_form(number))

    def unit(self, word: str, count: Any = None) -> str:
        """The word for a unit, which data names in Chinese; "" where the language has none."""
        if word in self.units:
            return self.form(self.units[word], count)
        if self.code == FALLBACK or self.numbers.as_printed:
            return ""
        return language(FALLBACK).unit(word, count)

    def form(self, template: Template, count: Any) -> str:
        """The form for so many, None for many: of a template without forms, itself."""
        category = "other" if count is None else self._locale.plural_form(count)
        return _form(template, category)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.numbers.locale)


def _form(template: Template, category: str) -> str:
    if isinstance(template, str):
        return template
    return template.get(category, template["other"])


def languages() -> tuple[str, ...]:
    """The codes of the languages that there are.

    >>> languages()
    ('en', 'zh')
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def language(code: str) -> Language:
    """A language by its code. Raises `MessageError` for one without a file.

    >>> language("zh").numbers.locale
    'zh_Hans_CN'
    """
    path = FOLDER / f"{code}.json"
    if not re.fullmatch("[A-Za-z_]+", code) or not path.is_file():
        raise MessageError(f'unknown language "{code}": expected one of {", ".join(languages())}')
    content = json.loads(path.read_text(encoding="utf-8"))
    numbers = dict(content["numbers"])
    numbers["compact_powers"] = tuple(numbers["compact_powers"])
    return Language(code, NumberForms(**numbers), content.get("messages", {}), content.get("units", {}))


def message(lang: str, key: str, **fields: object) -> str:
    """The message with this key in a language, its fields filled in.

    Raises `MessageError` for an unknown language or key, `KeyError` for a field that is not given.

    >>> message("en", "label.value", label="Beds", value="56,500"), message("zh", "quantity.exact")
    ('Beds: 56,500', '确数')
    """
    return language(lang).template(key, fields.get("count")).format_map(fields)


def messages(lang: str, keys: Iterable[str]) -> list[str]:
    """The messages with these keys, which have no fields: the heads of a table.

    >>> messages("en", ["column.number", "column.value"])
    ['Number', 'Value']
    """
    return [message(lang, key) for key in keys]


def message_parts(lang: str, key: str, **fields: Any) -> list[Any]:
    """The message as its pieces of text and the very objects given for its fields, in order.

    >>> message_parts("en", "label.value", label="Beds", value=3)
    ['Beds', ': ', 3]
    """
    parts: list[Any] = []
    for text, field, _, _ in Formatter().parse(language(lang).template(key, fields.get("count"))):
        if text:
            parts.append(text)
        if field is not None:
            parts.append(fields[field])
    return parts


def in_language(row: Mapping[Any, Any], name: str, lang: str) -> Any:
    """A cell that data has in several languages, `name_zh` and `name_en`: in this one, else in English.

    >>> in_language({"title_zh": "民生", "title_en": "Livelihood"}, "title", "fr")
    'Livelihood'
    """
    column = f"{name}_{lang}"
    return row[column] if column in row else row[f"{name}_{FALLBACK}"]


def of_bilingual(cell: str, lang: str) -> str:
    """The language's part of a cell that is "Chinese / English", or the same in both.

    >>> of_bilingual("深圳特区报 / Shenzhen Special Zone Daily", "en"), of_bilingual("2020", "zh")
    ('Shenzhen Special Zone Daily', '2020')
    """
    parts = cell.split(" / ")
    return parts[0] if lang == "zh" else parts[-1]

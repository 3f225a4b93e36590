"""Who says what the pages say, and what it is based on: two things, and the press never takes one for the other.

The author is whoever makes the pages; `suite.toml` names them under `[site] author`. What the pages are based on are
the works of others, which `[[site.based_on]]` names, or the folder of a parameter's value under the key that
`about.based_on` names. A suite that names neither prints neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

MOST = 3  # works that a line names; machines are told all


class Work(NamedTuple):
    """A work that pages are based on, in one language; "" where a word is not known. `reports_on` is its subject."""

    title: str
    author: str = ""
    publisher: str = ""
    date: str = ""
    url: str = ""
    reports_on: Work | None = None


def works(told: Any, lang: str) -> tuple[Work, ...]:
    """The works that a list of tables names, in a language: a word stands under its key, or under `KEY_LANG`, or in a
    table by language. What has no title is left out.

    >>> works([{"title": "报告", "title_en": "A report", "author": {"zh": "某", "en": "Somebody"}}], "en")
    (Work(title='A report', author='Somebody', publisher='', date='', url='', reports_on=None),)
    """
    tables = told if isinstance(told, list) else []
    found = [_work(table, lang) for table in tables if isinstance(table, Mapping)]
    return tuple(work for work in found if work.title)


def _work(table: Mapping[str, Any], lang: str) -> Work:
    words = {}
    for key in ("title", "author", "publisher", "date"):
        words[key] = _word(table, key, lang)
    address = _word(table, "url", lang) or _word(table, "path", lang)
    about = table.get("reports_on")
    subject = None
    if isinstance(about, Mapping) and _word(about, "title", lang):
        subject = _work(about, lang)
    return Work(**words, url=address, reports_on=subject)


def _word(table: Mapping[str, Any], key: str, lang: str) -> str:
    word = table.get(f"{key}_{lang}") or table.get(key)
    if isinstance(word, Mapping):
        word = word.get(lang) or next(iter(word.values()), "")
    return word if isinstance(word, str) else ""


def named(based_on: Sequence[Work], words: Mapping[str, str]) -> str:
    """The works in one line, in the words of a language (`credit` in words/*.json); "" where there are none."""
    line = words["works"].join(_named(work, words) for work in based_on[:MOST])
    more = len(based_on) - MOST
    return line + words["more"].format(more) if more > 0 else line


def _named(work: Work, words: Mapping[str, str]) -> str:
    head = words["title"].format(work.title)
    if work.author:
        head = words["by"].format(work.author, head)
    parts = [part for part in (head, work.publisher, work.date) if part]
    line = words["joint"].join(parts)
    if work.reports_on:
        line += words["reports_on"].format(_named(work.reports_on, words))
    return line


def linked(based_on: Iterable[Work]) -> list[dict[str, Any]]:
    """The works in schema.org's words."""
    return [_linked(work) for work in based_on]


def _linked(work: Work) -> dict[str, Any]:
    words = {"name": work.title, "author": work.author, "publisher": work.publisher}
    words |= {"datePublished": work.date, "url": work.url}
    linked_work: dict[str, Any] = {"@type": "CreativeWork"}
    linked_work |= {key: word for key, word in words.items() if word}
    if work.reports_on:
        linked_work["about"] = _linked(work.reports_on)
    return linked_work

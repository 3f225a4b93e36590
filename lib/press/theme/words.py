"""Words of pages in a suite's own way: other words in a language that the press speaks, or a language of its own.

`theme/words/pt.json` has the keys of `lib/press/site/templates/words/en.json`, all or some of them; what a language
lacks is said in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from press.theme.files import ThemeError

SPOKEN = Path(__file__).parents[1] / "site" / "templates" / "words"  # the languages of the press
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]+)?")


def read_words(folder: Path) -> dict[str, dict[str, Any]]:
    """The words of each language that has a file in a folder. Raises ThemeError for keys that pages do not have."""
    english = json.loads((SPOKEN / "en.json").read_text(encoding="utf-8"))
    found = {}
    for file in sorted(folder.iterdir()):
        if file.name.startswith((".", "~")):
            continue
        if file.suffix != ".json" or not LANGUAGE.fullmatch(file.stem):
            raise ThemeError(f'folder: found "{file.name}" among the words, expected a language, like pt.json')
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ThemeError(f"folder: words of {file.name}: not JSON: {error}") from None
        for problem in _problems(told, english, ""):
            raise ThemeError(f"folder: {file.name}: {problem}")
        found[file.stem] = told
    return found


def _problems(told: Any, english: Mapping[str, Any], above: str) -> Iterator[str]:
    """What of some words no page could say."""
    if not isinstance(told, Mapping):
        yield f"{above or 'found a list or a text'}: expected a table of words"
        return
    for key, word in told.items():
        known = english.get(key)
        place = f"{above}{key}"
        if known is None:
            yield f'unknown word "{place}": expected one of {", ".join(english)}'
        elif isinstance(known, Mapping):
            yield from _problems(word, known, f"{place}.")
        elif not isinstance(word, str):
            yield f'"{place}": found {json.dumps(word)[:40]}, expected text'
        elif _gaps(word) != _gaps(known):
            yield f'"{place}": found "{word}", expected as many gaps {{}} as in "{known}"'


def _gaps(word: str) -> int:
    """The gaps of a text that is filled in; -1 where its braces are no gaps."""
    gaps = word.count("{}")
    return gaps if word.replace("{}", "").count("{") == word.replace("{}", "").count("}") == 0 else -1

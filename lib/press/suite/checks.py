"""What a suite's texts must be: languages, formats, durations, sizes, paths, addresses and the names of pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from press.errors import SuiteError, listed, shortened, shown
from press.tags import LANGUAGE

FORMATS = ("html", "pdf")
# One segment of a published path: letters of any script, digits, and - _ . inside; nothing that climbs or hides.
SEGMENT = re.compile(r"(?!\.)[\w.\-]+(?<![.])")
LONGEST = 120  # bytes of a segment: with what the press adds, every file system takes it
PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
# Names of the site's own, and of devices.
RESERVED = PORTS | set("index search book 404 assets archive releases files current con prn aux nul".split())
LONGEST_RUN = 10**7  # seconds: a third of a year
SIZES = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(MB|GB|MiB|GiB)")
DEEPEST = 16  # levels of lists and tables
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
WEB = ("http://", "https://")


def check_texts(content: Any, where: str) -> None:
    """Refuse what neither a page nor a path can hold: control characters, and texts and nesting beyond all use."""
    left: list[tuple[Any, int]] = [(content, 0)]
    while left:
        value, depth = left.pop()
        if depth > DEEPEST:
            raise SuiteError(f"{where}: found lists in lists, expected at most {DEEPEST} levels")
        if isinstance(value, str) and CONTROLS.search(value):
            raise SuiteError(f"{where}: found {value[:40]!a}, expected text without control characters")
        if isinstance(value, dict):
            left += [(key, depth + 1) for key in value]
            left += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            left += [(item, depth + 1) for item in value]


def in_each(words: Any, languages: Sequence[str], where: str) -> dict[str, str]:
    """A text by language: one text for all of them, or a table."""
    texts = words if isinstance(words, dict) else dict.fromkeys(languages, words)
    if not texts:
        raise SuiteError(f"{where}: found no text, expected one, or a table of a language and its text")
    for lang, text in texts.items():
        if not LANGUAGE.fullmatch(lang) or not isinstance(text, str):
            raise SuiteError(f"{where}: found {lang} = {shown(text)}, expected a language and its text")
    return texts


def read_languages(languages: Sequence[Any], where: str) -> tuple[str, ...]:
    """Language codes, each once."""
    for lang in languages:
        if not isinstance(lang, str) or not LANGUAGE.fullmatch(lang):
            raise SuiteError(f'{where}, languages: found {shown(lang)}, expected a language code like "en"')
    if not languages:
        raise SuiteError(f"{where}, languages: found none, expected one at least")
    return tuple(dict.fromkeys(languages))


def read_formats(formats: Sequence[Any], where: str) -> tuple[str, ...]:
    """The formats that are printed, HTML always."""
    for name in formats:
        if name not in FORMATS:
            raise SuiteError(f"{where}, formats: found {shown(name)}, expected one of {listed(FORMATS)}")
    return tuple(name for name in FORMATS if name == "html" or name in formats)


def check_seconds(seconds: float | None, where: str) -> None:
    """Refuse a limit that no run can keep."""
    if seconds is not None and not 0 < seconds < LONGEST_RUN:
        raise SuiteError(f"{where}: found {seconds}, expected seconds above 0, under {LONGEST_RUN}")


def read_bytes(size: str | None, where: str) -> int | None:
    """A size in bytes.

    >>> read_bytes("1.5 GB", "")
    1500000000
    """
    if size is None:
        return None
    found = SIZE.fullmatch(size)
    if not found:
        raise SuiteError(f'{where}: found "{size}", expected a size like "2 GB" ({listed(SIZES)})')
    number, unit = found.groups()
    return int(float(number) * SIZES[unit])


def check_web_address(address: str, where: str, wanted: str) -> None:
    """Refuse an address that is given and not one of the web."""
    if address and not address.startswith(WEB):
        raise SuiteError(f'{where}: found "{shortened(address)}", expected {wanted}')


def path_at(folder: Path, path: str, where: str) -> Path:
    """A path that a suite names, from the suite's own folder."""
    try:
        return (folder / path).resolve()
    except (OSError, ValueError, RuntimeError):  # too long for the file system, or a circle of links
        raise SuiteError(f'{where}: found "{path[:40]}", expected a path') from None


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that is too long is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def files_matching(folder: Path, pattern: str, where: str) -> list[Path]:
    """The files below a folder that fit a pattern, in order."""
    try:
        return sorted(folder.glob(pattern))
    except (ValueError, NotImplementedError, OSError, RecursionError):
        wanted = 'a pattern of files from here, like "../data/*/datapackage.json"'
        raise SuiteError(f'{where}: found "{pattern[:40]}", expected {wanted}') from None


def check_segment(text: str, where: str, cure: str = "") -> None:
    """Refuse what cannot be a segment of a page's address; `cure` is what else the user may do."""
    if not SEGMENT.fullmatch(text):
        wanted = f'expected letters, digits, "-", "_" and inner "."{cure}'
        raise SuiteError(f'{where}: "{shortened(text)}" cannot name a page: {wanted}')
    if len(text.encode()) > LONGEST:
        raise SuiteError(f'{where}: "{text[:20]}…" cannot name a page: expected at most {LONGEST} bytes')
    if text.lower().partition(".")[0] in RESERVED:
        raise SuiteError(f'{where}: "{text}" cannot name a page: the site or an operating system uses this name')


def as_file_systems_see(path: str) -> str:
    """A path as a file system sees it that tells neither case nor ways to write a letter apart.

    >>> as_file_systems_see("en/Caf\u00e9") == as_file_systems_see("en/cafe\u0301")
    True
    """
    folded = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFKC", folded)

"""Redaction: the values of environment variables that a suite names as secrets are masked in all that a run leaves.

A value is sought as it is and in the forms that it takes on its way: escaped as in HTML, JSON, Python and addresses;
in base64, wherever it begins in what was encoded; in hexadecimal; and each of them with line breaks or tags inside.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import zipfile
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from typing import Any

from press.errors import SuiteError

SHORTEST = 8  # characters: anything shorter would be found where it is no secret
DISTINCT = 4  # characters that differ: a row of dashes is found in many texts
LONGEST_NUMBER = 11  # digits and signs of numbers and dates that may stand in a text
FEW_WORDS = 3
CHUNK = 100  # characters sought at once: a long value (a key of many lines) is sought piece by piece
WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"[\d.,:/+ -]+")
YEAR = re.compile(r"(19|20)\d\d")
JSON_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
LINE_BREAK = r'[ \t]*(?:[\r\n]|\\+[rn])(?:[\r\n \t]|\\+[rn])*|=\r?\n|\\*"\s*,\s*\\*"|&shy;|[\u00ad\u200b\u2060]'
TAG = r"<[A-Za-z/!][^<>]*>"
COLOUR = r"(?:\x1b|\\+u001b|\\+x1b|\\+033)\[[0-9;]*m"
BREAKS = (re.compile(f"{LINE_BREAK}|{COLOUR}"), re.compile(f"{LINE_BREAK}|{COLOUR}|{TAG}"))
ENTITY_OF_SPACE = r"&(?:amp;)*(?:nbsp|#0*(?:9|10|13|32|160)|#[xX](?:9|[aAdD]|20|[aA]0));"
SPACE = rf"(?:\s|\+|%(?:25)*(?:20|0[aAdD])|\\+(?:[rnt]|(?:u00|x)(?:20|0[9aAdD]))|{ENTITY_OF_SPACE})*"
CONTROL = {"\b": "b", "\f": "f"}


@dataclass(frozen=True)
class Secret:
    """An environment variable whose value is a secret, and what finds the value in a text."""

    name: str
    patterns: tuple[re.Pattern[str], ...]


Secrets = tuple[Secret, ...]


def read(names: Iterable[str]) -> Secrets:
    """The secrets of these environment variables; one that is not set, or is empty, has none.

    Raises SuiteError for a value that is too short or too common to be told from other text.

    >>> os.environ["TOKEN_OF_A_TEST"] = "p&ss word"
    >>> mask(b"p%26ss+word, p&#38;ss word, cCZzcyB3b3Jk", read(["TOKEN_OF_A_TEST"]))
    b'[TOKEN_OF_A_TEST], [TOKEN_OF_A_TEST], [TOKEN_OF_A_TEST]'
    """
    secrets = []
    for name in names:
        value = os.environ.get(name, "").strip()
        if not value:
            continue
        if reason := _unfit(value):
            raise SuiteError(f"[secrets] env: the value of {name} {reason}")
        secrets.append(Secret(name, _patterns(value)))
    return tuple(secrets)


def _unfit(value: str) -> str:
    """Why a value cannot be told from other text; empty if it can."""
    if len(value) < SHORTEST:
        return (
            f"has {len(value)} characters, expected at least {SHORTEST}: a shorter one is found where it is no secret"
        )
    if len(set(value)) < DISTINCT:
        return f"has {len(set(value))} different characters, expected at least {DISTINCT}"
    if NUMBER.fullmatch(value) and len(value) <= LONGEST_NUMBER:
        return "is a number or a date, which a text may contain: expected a value with letters, or a longer one"
    parts = re.split(r"[\s_-]+", value)
    if len(parts) <= FEW_WORDS and all(_is_common(part) for part in parts):
        return "is a common word or name, which a text may contain: expected a value with digits or signs"
    return ""


def _is_common(part: str) -> bool:
    """Whether it is written as a word, a name or a year is."""
    if YEAR.fullmatch(part):
        return True
    one_case = part in (part.lower(), part.upper(), part.capitalize())
    return one_case and WORD.fullmatch(part) is not None


# The forms of a value


@lru_cache(64)
def _patterns(value: str) -> tuple[re.Pattern[str], ...]:
    """What finds each form of a value in a text from which breaks were taken."""
    forms = [_escaped(chunk) for chunk in _chunks(value)]
    for encoded in _encodings(value):
        forms += [_hexadecimal(encoded), *_base64(encoded)]
    return tuple(re.compile(form) for form in dict.fromkeys(forms))


def _chunks(value: str) -> Iterator[str]:
    """The value in pieces of about the same length, none of them short."""
    count = -(-len(value) // CHUNK)
    size = -(-len(value) // count)
    for start in range(0, len(value), size):
        yield value[start : start + size]


def _encodings(value: str) -> list[bytes]:
    encoded = [value.encode("utf-8", "surrogateescape")]
    for name in ("utf-16-le", "latin-1"):
        with suppress(UnicodeEncodeError):
            encoded.append(value.encode(name))
    return list(dict.fromkeys(encoded))


def _escaped(text: str) -> str:
    """The pattern of a text each of whose characters may be escaped in a way of its own."""
    words = text.split()
    return SPACE.join("".join(f"(?:{_character(char)})" for char in word) for word in words)


def _character(char: str) -> str:
    """The pattern of a character: itself, or what stands for it in HTML, JSON, JavaScript, Python and addresses."""
    code = ord(char)
    forms = [re.escape(char)]
    if not char.isalnum():
        forms.append(rf"\\\\*{re.escape(char)}")
    if char in CONTROL:
        forms.append(rf"\\\\*{CONTROL[char]}")
    entities = [f"#0*{code}", f"#[xX]0*{_any_case(f'{code:x}')}"]
    entities += sorted({re.escape(name.rstrip(";")) for name, meaning in html5.items() if meaning == char})
    forms.append(f"&(?:amp;)*(?:{'|'.join(entities)});?")
    if not char.isalnum():
        forms.append(rf"\\\\*{forms[-1]}")
    forms.append(rf"\\\\*u\{{0*{_any_case(f'{code:x}')}\}}")
    forms.append(rf"\\\\*U{_any_case(f'{code:08x}')}")
    units = char.encode("utf-16-be", "surrogatepass").hex()
    forms.append("".join(rf"\\\\*u{_any_case(units[at : at + 4])}" for at in range(0, len(units), 4)))
    for encoded in _encodings(char):
        if len(encoded) == 1 or encoded == char.encode("utf-8", "surrogateescape"):
            forms.append("".join(rf"[%=](?:25)*{_any_case(f'{byte:02x}')}" for byte in encoded))
            forms.append("".join(rf"\\\\*x{_any_case(f'{byte:02x}')}" for byte in encoded))
    return "|".join(forms)


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _hexadecimal(content: bytes) -> str:
    """The pattern of bytes in hexadecimal, with or without signs between them."""
    between = r"[\s:,-]{0,2}(?:0[xX])?"
    return between.join(_any_case(f"{byte:02x}") for byte in content)


def _base64(content: bytes) -> Iterator[str]:
    """The patterns of what bytes are in base64 after any others: the digits that they alone determine."""
    for before, mixed in ((0, 0), (1, 2), (2, 3)):
        whole = (before + len(content)) * 8 // 6
        digits = b64encode(bytes(before) + content).decode()[mixed:whole]
        rest = "" if (before + len(content)) % 3 == 0 else "(?:[A-Za-z0-9+/_-]={0,2})?"
        yield "".join(_digit(digit) for digit in digits) + rest


def _digit(digit: str) -> str:
    """A digit of base64; two of them have another form in addresses, and may be escaped."""
    safe = {"+": "-", "/": "_"}.get(digit)
    return f"(?:{safe}|{_character(digit)})" if safe else digit


# In a text


def mask(content: bytes, secrets: Secrets) -> bytes:
    """The content with the names of the secrets in place of their values; JSON stays JSON.

    >>> os.environ["TOKEN_OF_A_TEST"] = "hunter22!"
    >>> mask(b"sent with hunter22!", read(["TOKEN_OF_A_TEST"]))
    b'sent with [TOKEN_OF_A_TEST]'
    """
    if not secrets:
        return content
    text = content.decode("utf-8", "surrogateescape")
    if not _is_json(text):
        return _masked(text, secrets).encode("utf-8", "surrogateescape")
    masked = _map_strings(text, lambda part: _masked(part, secrets))
    across = _masked(masked, secrets)  # a value may begin in one line of a list and end in the next
    return (across if _is_json(across) else masked).encode("utf-8", "surrogateescape")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _map_strings(text: str, change: Callable[[str], str]) -> str:
    """A text of JSON with each of its strings changed; one that stays the same keeps its bytes."""

    def changed(found: re.Match[str]) -> str:
        string = json.loads(found[0], strict=False)
        new = change(string)
        return found[0] if new == string else json.dumps(new, ensure_ascii=False)

    return JSON_STRING.sub(changed, text)


def _masked(text: str, secrets: Secrets) -> str:
    for secret in secrets:
        spans = sorted(_spans(text, secret))
        if not spans:
            continue
        parts, at = [], 0
        for start, end in spans:
            if start >= at:
                tags = re.findall(TAG, text[start:end]) if _is_split_by_tags(text[start:end], secret) else []
                parts += [text[at:start], f"[{secret.name}]", *tags]
            at = max(at, end)
        text = "".join([*parts, text[at:]])
    return text


def _is_split_by_tags(text: str, secret: Secret) -> bool:
    """Whether tags stand inside a value, rather than being part of it."""
    return "<" in text and not any(pattern.search(text) for pattern in secret.patterns)


def _spans(text: str, secret: Secret) -> Iterator[tuple[int, int]]:
    """Where the value stands, in any form: as the text is, without line breaks, and without tags and colours too."""
    for pattern in secret.patterns:
        yield from (found.span() for found in pattern.finditer(text))
    for breaks in BREAKS:
        joined, places = _without(text, breaks)
        if places:
            for pattern in secret.patterns:
                for found in pattern.finditer(joined):
                    yield _place(found.start(), places), _place(found.end() - 1, places) + 1


def _without(text: str, breaks: re.Pattern[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text without its breaks, and for each of these its place there and how much was taken up to it."""
    parts, places = [], []
    at = length = taken = 0
    for found in breaks.finditer(text):
        parts.append(text[at : found.start()])
        length += found.start() - at
        taken += found.end() - found.start()
        places.append((length, taken))
        at = found.end()
    return "".join([*parts, text[at:]]), places


def _place(position: int, places: Sequence[tuple[int, int]]) -> int:
    """Where a character of a text without breaks stands in the text with them."""
    before = bisect_right(places, position, key=lambda place: place[0])
    return position + (places[before - 1][1] if before else 0)


# In a file


def secrets_in(content: bytes, secrets: Secrets) -> set[str]:
    """The names of the secrets whose values are in the content of a file.

    Archives (zip, Excel, gzip) are unpacked, of a PDF all text that it draws or holds is read.
    """
    if not secrets:
        return set()
    return {secret.name for text in _texts(content) for secret in secrets if any(_spans(text, secret))}


def _texts(content: bytes) -> Iterator[str]:
    """All that can be read in a file."""
    yield content.decode("utf-8", "surrogateescape")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
    if content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError):
            yield from _texts(gzip.decompress(content))
    if content.startswith(b"PK"):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield entry.filename
                yield from _texts(archive.read(entry))
    if content.startswith(b"%PDF"):
        yield from _pdf_texts(content)


def _pdf_texts(content: bytes) -> Iterator[str]:
    import pikepdf
    from pypdfium2 import PdfiumError

    from press.paper.pdf import read_back

    with suppress(PdfiumError):
        yield read_back(content)
    with suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                with suppress(pikepdf.PdfError):
                    yield thing.read_bytes().decode("utf-8", "surrogateescape")
            yield "\n".join(_strings(thing))


def _strings(thing: Any) -> Iterator[str]:
    """The strings directly in an object of a PDF: of those it refers to each is looked at by itself."""
    import pikepdf

    parts: list[Any] = []
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        parts = [part for _, part in thing.items()]
    for part in parts:
        if not getattr(part, "is_indirect", False):
            yield from _strings(part)

"""Secrets: values of the environment that a suite names; they are masked in all that a run leaves."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from press.suite import SuiteError

SHORTEST = 6  # characters: anything shorter would be found where it is no secret


def read(names: Iterable[str]) -> dict[str, str]:
    """The secret's name for each form its value may take, longest first; one that is not set has none.

    >>> os.environ["TOKEN_OF_A_TEST"] = "p&ss word"
    >>> sorted(read(["TOKEN_OF_A_TEST"]))
    ['cCZzcyB3b3Jk', 'p%26ss%20word', 'p&amp;ss word', 'p&ss word']
    """
    masks: dict[str, str] = {}
    for name in names:
        value = os.environ.get(name, "")
        if 0 < len(value) < SHORTEST:
            raise SuiteError(f"[secrets] env: {name} has {len(value)} characters, expected at least {SHORTEST}")
        forms = [value, escape(value), quote(value, safe=""), b64encode(value.encode()).decode()] if value else []
        forms += [json.dumps(value, ensure_ascii=ascii)[1:-1] for ascii in (True, False) if value]
        masks |= dict.fromkeys(forms, name)
    return dict(sorted(masks.items(), key=lambda item: -len(item[0])))


def mask(content: bytes, masks: dict[str, str]) -> bytes:
    """The content with the names of the secrets in place of their values.

    >>> mask(b"sent with hunter22!", {"hunter22": "PASSWORD"})
    b'sent with [PASSWORD]!'
    """
    for form, name in masks.items():
        content = content.replace(form.encode(), f"[{name}]".encode())
    return content


def found(content: bytes, masks: dict[str, str]) -> set[str]:
    """The names of the secrets whose values are in the content."""
    return {name for form, name in masks.items() if form.encode() in content}

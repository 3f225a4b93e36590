"""Hashes of texts, values and files, by which is told whether something is what it was."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any


def digest(content: bytes | str) -> str:
    """The SHA-256 of bytes, or of a text as UTF-8, in hexadecimal digits."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def canonical(value: Any) -> str:
    """A value as JSON, the same for the same value: keys in order, no spaces.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(4096)
def _content(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of_file(path: Path) -> str | None:
    """The hash of what a file holds; None where there is none. It is read again once its time or size has changed."""
    try:
        state = path.stat()
        return _content(path, state.st_mtime_ns, state.st_size, state.st_ino)
    except OSError:
        return None


def forget_files() -> None:
    """Read every file anew: a time is not so fine that each change shows in it."""
    _content.cache_clear()

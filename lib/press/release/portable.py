"""The record of a build as it may be published: without places of this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FOLDERS = re.compile(
    r"(?:(?<=file://)|(?<![\w/.<…])(?!//))(?:[A-Za-z]:(?=[\\/]))?(?:[\\/][^\\/\s\"'<>:]+)*(?=[\\/]\w)"
)  # of a path from a root


def portable(record: Any) -> Any:
    """A build's record without places of this machine: of a path outside the suite the last part is left.

    >>> portable({"inputs": {"/home/me/secret.csv": "1"}})
    {'inputs': {'…/secret.csv': '1'}}
    """
    if isinstance(record, str):
        return f"…/{Path(record).name}" if record.startswith("/") else FOLDERS.sub("…", record)
    if isinstance(record, list):
        return [portable(one) for one in record]
    if not isinstance(record, dict):
        return record
    shown: dict[str, Any] = {}
    for name, value in record.items():
        plain, count = portable(name), 1
        while plain in shown:
            count += 1
            plain = f"{portable(name)} ({count})"
        shown[plain] = portable(value)
    return shown

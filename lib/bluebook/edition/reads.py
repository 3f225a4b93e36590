"""What a notebook has read of the data, row by row, for whoever runs it and wants to know.

Reading one figure depends on one row of a CSV file; taking a whole frame depends on all of it. Every read is noted.
When the front end says that it understands `application/vnd.press.inputs+json`, the new ones are published after each
execution as a display of that type alone; in any other front end nothing is shown.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

MIME = "application/vnd.press.inputs+json"
READER = "bluebook"  # the package whose reading of a file needs no watching: every row it reads is noted
_noted: dict[tuple[str, ...], dict[str, Any]] = {}
_published: set[tuple[str, ...]] = set()


def note(path: Path, row: dict[str, str] | None = None, key: str = "", value: str = "", start: str = "") -> None:
    """Note what of the CSV file at `path` was read.

    `row`, found by its id; else the rows with `value` in the column `key`; else whether that column has a value that
    begins with `start`; else the column; else the whole file.
    """
    entry: dict[str, Any] = {"file": str(path.resolve()), "reader": READER}
    if row:
        entry |= {"key": "id", "value": row["id"]}
    elif value:
        entry |= {"key": key, "value": value}
    elif start:
        entry |= {"key": key, "any": start}
    elif key:
        entry |= {"key": key}
    else:
        entry |= {"whole": True}
    _noted[_mark(entry)] = entry
    shell = _shell()
    if shell is not None and _publish not in shell.events.callbacks["post_execute"]:
        shell.events.register("post_execute", _publish)


def _publish() -> None:
    shell = _shell()
    fresh = [e for e in _noted.values() if _mark(e) not in _published]
    formatter = shell.display_formatter if shell is not None else None
    if fresh and shell is not None and formatter is not None and MIME in formatter.active_types:
        shell.display_pub.publish({MIME: fresh})
        _published.update(map(_mark, fresh))


def _mark(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(entry.get(part, "") for part in ("file", "key", "value", "any"))


def _shell() -> Any:
    """The IPython shell that runs this code; None in a script, which has no need of IPython."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None

"""Files replaced whole: a reader sees the old content or the new, and what stands in a file's place gives way.

What was killed while it wrote leaves a hidden file beside, which `sweep_halves` removes.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

HALF = ".half"  # the ending of what is being written


def replace_file(path: Path, content: bytes, root: Path) -> None:
    """Write a file beside its place and move it there: a damaged file, a folder or a link in its place goes.

    `root` is the folder that is ours: nothing outside it gives way.
    """
    make_room(path, root)
    half = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}{HALF}")
    remove(half)
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def make_room(path: Path, root: Path) -> None:
    """Make the folders above a file; a folder in its place, or a file in the place of a folder below `root`, goes."""
    for folder in reversed(path.relative_to(root).parents[:-1]):
        if not (root / folder).is_dir():
            remove(root / folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        remove(path)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def sweep_halves(folder: Path) -> None:
    """Remove what a killed process was writing in a folder and those below."""
    for half in folder.rglob(f".*{HALF}"):
        remove(half)


def read_text(path: Path) -> str:
    """The text of a file that may be damaged: unreadable bytes are replaced; empty if there is no file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

"""The files of a theme: where they lie, how they are published, and what none of them may carry.

Each is published under its name and a digest of its content, `logo.0a1b2c3d.svg`, so that a page never shows a file of
another time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

PICTURES = ("svg", "png", "jpg", "jpeg", "webp", "gif")
UNFIT = re.compile(r"[^A-Za-z0-9_]+")
DIGEST = 8  # hexadecimal digits of a file's digest in its name
LONGEST = 40  # characters of a file's name
LARGEST = 10_000_000  # bytes: more is a mistake, not a logo or a font
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)[^>]*(?:ENTITY|\[)", re.I)
ACTIVE = ("script", "foreignobject", "iframe", "embed", "object", "handler", "listener")


class ThemeError(ValueError):
    """What is wrong with a theme: the key, what was found and what was wanted, without the place in the suite."""


def file_of(folder: Path, root: Path, name: str, key: str) -> Path:
    """The file of a theme that `key` names, from a folder. Raises ThemeError where it is none, or outside the root."""
    file = _place(folder, root, name, key)
    if not file.is_file():
        raise ThemeError(f'{key}: found no file at "{name[:LONGEST]}"')
    if file.stat().st_size > LARGEST:
        raise ThemeError(f'{key}: "{name}" has more than {LARGEST // 1_000_000} MB')
    return file


def folder_of(folder: Path, root: Path, name: str, key: str) -> Path:
    """The folder of a theme that `key` names. Raises ThemeError like `file_of`."""
    found = _place(folder, root, name, key)
    if not found.is_dir():
        raise ThemeError(f'{key}: found no folder at "{name[:LONGEST]}"')
    return found


def _place(folder: Path, root: Path, name: str, key: str) -> Path:
    try:
        place = (folder / name).resolve()
        is_inside = place.is_relative_to(root.resolve())
        place.exists()
    except (OSError, ValueError, RuntimeError):  # too long for the file system, or a circle of links
        raise ThemeError(f'{key}: found "{name[:LONGEST]}", expected a path') from None
    if not is_inside:
        raise ThemeError(f'{key}: "{name}" lies outside the suite: expected a file below {root}')
    return place


def published_name(name: str, content: bytes) -> str:
    """The name that a file is published under.

    >>> published_name("My logo.svg", b"")
    'My_logo.e3b0c442.svg'
    """
    stem, _, suffix = name.rpartition(".")
    fit = UNFIT.sub("_", stem)[:LONGEST].strip("_") or "file"
    digest = hashlib.sha256(content).hexdigest()[:DIGEST]
    return f"{fit}.{digest}.{UNFIT.sub('', suffix).lower()}"


def check_picture(file: Path, content: bytes, key: str) -> None:
    """Raise ThemeError for a picture that browsers do not show, or that could do more than to be seen."""
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in PICTURES:
        raise ThemeError(f'{key}: found "{file.name}", expected a picture: {", ".join(PICTURES)}')
    if suffix == "svg":
        check_svg(file, content, key)


def check_svg(file: Path, content: bytes, key: str) -> None:
    """Raise ThemeError for an SVG that cannot be read, that has a script, or that fetches something."""
    if ENTITY.search(content):
        raise ThemeError(f'{key}: "{file.name}" declares entities: expected a plain SVG')
    try:
        drawing = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise ThemeError(f'{key}: "{file.name}" is no SVG: {error}') from None
    if _bare(drawing.tag) != "svg":
        raise ThemeError(f'{key}: "{file.name}" is no SVG: its first element is <{_bare(drawing.tag)}>')
    for active in _active_parts(drawing):
        raise ThemeError(f'{key}: "{file.name}" has {active}: expected a drawing without scripts and addresses')


def _active_parts(drawing: ElementTree.Element) -> Iterator[str]:
    """What in a drawing runs or fetches."""
    for element in drawing.iter():
        name = _bare(element.tag)
        if name in ACTIVE:
            yield f"<{name}>"
        for attribute, value in element.attrib.items():
            bare = _bare(attribute)
            is_address = bare in ("href", "src")
            if bare.startswith("on"):
                yield f"{bare}=…"
            elif is_address and not value.strip().startswith(("#", "data:image/")):
                yield f'the address "{value[:LONGEST]}"'


def _bare(name: object) -> str:
    """The name of an element or attribute without its namespace; "" for a comment."""
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""

"""The look that a suite gives its pages, as `[theme]` in suite.toml says it:

    [theme]
    colour = "#0f6cbd"
    logo = "theme/logo.svg"
    stylesheet = "theme/own.css"
    folder = "theme"
    fonts = { text = "Open Sans", headings = "Merriweather" }

A `Theme` is plain data, texts and the names of files, so that it can go to any worker; a suite without one has `PLAIN`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from press.theme import colours
from press.theme.files import ThemeError, check_picture, file_of, folder_of, published_name
from press.theme.sheet import theme_sheet
from press.theme.stylesheet import Stylesheets
from press.theme.templates import read_templates
from press.theme.words import read_words

FONT = re.compile(r"[\w .-]{1,60}")
ROLES = ("text", "headings")
SHEET = "theme.css"
Pairs = tuple[tuple[str, str], ...]


class Theme(NamedTuple):
    """A suite's own look.

    `logo` and `dark_logo` are the published names of pictures, `linked` those of the stylesheets that pages load, in
    order. `sheets` are the texts of all stylesheets, and `copies` the paths from the suite's root of all other files,
    by published name. `templates` are texts by name, `words` are JSON by language. `sources` are the digests of the
    files that it was read from, by their paths from the root; `fetched` what its stylesheets name elsewhere.
    """

    colour: str = ""
    logo: str = ""
    dark_logo: str = ""
    linked: tuple[str, ...] = ()
    sheets: Pairs = ()
    copies: Pairs = ()
    templates: Pairs = ()
    words: Pairs = ()
    sources: Pairs = ()
    fetched: tuple[str, ...] = ()

    @property
    def words_by_language(self) -> dict[str, Any]:
        """Its words, by language."""
        return {lang: json.loads(text) for lang, text in self.words}

    @property
    def is_plain(self) -> bool:
        """Whether it is none."""
        return self == PLAIN


PLAIN = Theme()


def read_theme(table: Mapping[str, Any], folder: Path, root: Path) -> Theme:
    """The theme that a table of suite.toml describes; its paths are from `folder`. Raises ThemeError."""
    colour = _colour(table.get("colour", ""))
    fonts = _fonts(table.get("fonts", {}))
    files = Files(folder, root)
    logo = files.picture(table, "logo")
    dark_logo = files.picture(table, "dark_logo")
    if dark_logo and not logo:
        raise ThemeError("dark_logo: there is no logo: expected one, which this takes the place of in the dark")
    linked = []
    if made := theme_sheet(colour, fonts, logo, dark_logo):
        name = published_name(SHEET, made.encode())
        files.styles.sheets[name] = made
        linked.append(name)
    if "stylesheet" in table:
        linked.append(files.styles.add(table["stylesheet"], "stylesheet"))
    templates, words = files.folder(table["folder"]) if "folder" in table else ({}, {})
    return Theme(
        colour=colour,
        logo=logo,
        dark_logo=dark_logo,
        linked=tuple(linked),
        sheets=tuple(files.styles.sheets.items()),
        copies=tuple((name, files.relative(file)) for name, file in files.styles.copies.items()),
        templates=tuple(templates.items()),
        words=tuple((lang, json.dumps(told, ensure_ascii=False, sort_keys=True)) for lang, told in words.items()),
        sources=files.sources(),
        fetched=tuple(dict.fromkeys(files.styles.fetched)),
    )


class Files:
    """The files of a theme, as they are read."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder, self._root = folder.resolve(), root.resolve()
        self.styles = Stylesheets(self._folder, self._root)

    def picture(self, table: Mapping[str, Any], key: str) -> str:
        """The published name of the picture that a key names; "" where it names none."""
        if key not in table:
            return ""
        file = file_of(self._folder, self._root, table[key], key)
        content = file.read_bytes()
        check_picture(file, content, key)
        name = published_name(file.name, content)
        self.styles.copies[name] = file
        self.styles.read.append(file)
        return name

    def folder(self, name: str) -> tuple[dict[str, str], dict[str, Any]]:
        """The templates and the words in a theme's folder."""
        place = folder_of(self._folder, self._root, name, "folder")
        templates, words = place / "templates", place / "words"
        if not templates.is_dir() and not words.is_dir():
            raise ThemeError(f'folder: "{name}" has neither a folder templates nor a folder words')
        for inside in (templates, words):
            if inside.is_dir():
                names = [file.name for file in inside.iterdir() if file.is_file()]
                self.styles.read += [file_of(inside, self._root, one, "folder") for one in names]
        return (
            read_templates(templates) if templates.is_dir() else {},
            read_words(words) if words.is_dir() else {},
        )

    def relative(self, file: Path) -> str:
        """A file as it is named from the suite's root."""
        return file.relative_to(self._root).as_posix()

    def sources(self) -> Pairs:
        """The digests of all files that were read, by their paths from the root."""
        files = sorted(set(self.styles.read))
        return tuple((self.relative(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files)


def _colour(said: str) -> str:
    if said and not colours.is_colour(said):
        raise ThemeError(f'colour: found "{said[:40]}", expected a colour like "#0f6cbd"')
    return said.lower()


def _fonts(said: Mapping[str, Any]) -> dict[str, str]:
    """The families of fonts, by what they are for."""
    for role, family in said.items():
        if role not in ROLES:
            raise ThemeError(f'fonts: unknown key "{role}": expected one of {", ".join(ROLES)}')
        if not isinstance(family, str) or not FONT.fullmatch(family):
            raise ThemeError(f"fonts.{role}: found {str(family)[:40]!r}, expected the name of a family of fonts")
    return dict(said)

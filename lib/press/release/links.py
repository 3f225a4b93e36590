"""The addresses of a release in its target, and links between what lies in it and beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, normpath, relpath

from press.build.order import SHARED
from press.release.targets import ARCHIVE
from press.site import assets

QUOTED = re.compile(r'"([^"<>\s?#]+)([?#][^"\s]*)?"')


def place_of(path: str, release: str) -> str:
    return path if path.startswith(SHARED) else f"releases/{release}/{path}"


def is_inside(address: str) -> bool:
    """Whether an address stays in its target.

    >>> [is_inside(one) for one in ("releases/x/a.html", "../x", "/etc/x", "a//b", "")]
    [True, False, False, False, False]
    """
    return all(part not in ("", ".", "..") for part in address.split("/"))


def linked(text: str, path: str, moved: Mapping[str, str], url: str = "") -> str:
    """A page's text with the links to what has moved out of its release, or is shared by all, leading there.

    >>> linked('<a href="a/x.csv"><img src="../assets/y.svg">', "en/a.html", {"en/a/x.csv": "files/0/x.csv"})
    '<a href="../../../files/0/x.csv"><img src="../../../assets/y.svg">'
    """

    folder = dirname(path)

    def address(found: re.Match[str]) -> str:
        written = found[1]
        place = found[2] or ""
        if url and written.startswith(f"{url}/"):
            there = moved.get(written.removeprefix(f"{url}/"))
            if there:
                return f'"{url}/{there}{place}"'
        goal = normpath(f"{folder}/{written}".lstrip("/"))
        there = moved.get(goal, "")
        if not there and goal.startswith((SHARED, ARCHIVE)):
            there = goal
        if not there:
            return found[0]
        return f'"{relpath(there, f"releases/x/{folder}")}{place}"'

    return QUOTED.sub(address, text)


def moved_page(path: str, *, follow: bool = False, refresh: bool = False, root: str = "") -> bytes:
    """A small page that leads to another: by itself, by the script that knows the current release, or by a link."""
    root = root or "../" * path.count("/")
    told = [(assets.HTML_LANG.get(lang, lang), assets.words(lang)) for lang in ("zh", "en")]
    template = assets.templates().get_template("moved.html.j2")
    return str(
        template.render(path=path, root="" if refresh else root, follow=follow, refresh=refresh, told=told)
    ).encode()

"""HTML elements, with what stands in their attributes escaped."""

from __future__ import annotations

from html import escape


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element whose `content` is HTML and whose attributes are text; one that is None is left out.

    A name is written with hyphens for underscores, `class_` is class.

    >>> element("a", "Read <b>on</b>", href="a.html?b&c", aria_label=None, class_="link")
    '<a href="a.html?b&amp;c" class="link">Read <b>on</b></a>'
    """
    return f"<{name}{_written(attributes)}>{content}</{name}>"


def _written(attributes: dict[str, object]) -> str:
    written = ""
    for key, value in attributes.items():
        if value is not None:
            attribute = key.rstrip("_").replace("_", "-")
            written += f' {attribute}="{escape(str(value))}"'
    return written

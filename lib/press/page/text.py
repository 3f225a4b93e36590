"""Text that a cell printed, as a terminal would show it in the end, in its colours."""

from __future__ import annotations

import re

from markupsafe import Markup

OVERWRITTEN = re.compile(r"[^\r\n]*\r(?=[^\r\n])")  # what a line had before the last return that something follows
ERASED = re.compile(r"[^\b\n]\x08")


def settled(text: str) -> str:
    """The text that is left when a progress bar has written over itself to its end.

    >>> settled("10%\\r50%\\r100%\\r\\nwrong\\b\\b\\b\\b\\bright")
    '100%\\nright'
    """
    text = OVERWRITTEN.sub("", text.replace("\r\n", "\n")).replace("\r", "")
    while "\b" in text:
        shorter = ERASED.sub("", text)
        if shorter == text:
            return text.replace("\b", "")
        text = shorter
    return text


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return settled(text).rstrip("\n").count("\n") + 1


def colored(text: str) -> Markup:
    """The text as HTML, its colours as classes."""
    from nbconvert.filters.ansi import ansi2html

    return Markup(ansi2html(settled(text)))

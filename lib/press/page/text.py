"""Text that a cell printed, as a terminal would show it in the end, in its colours."""

from __future__ import annotations

from markupsafe import Markup


def settled(text: str) -> str:
    """The text that is left when a progress bar has written over itself to its end.

    >>> settled("10%\\r50%\\r100%\\r\\nwrong\\b\\b\\b\\b\\bright")
    '100%\\nright'
    """
    if "\r" in text:
        lines = text.replace("\r\n", "\n").split("\n")
        text = "\n".join(_overwritten(line) for line in lines)
    return _erased(text) if "\b" in text else text


def _overwritten(line: str) -> str:
    """What a line shows after its last return to its beginning that something follows."""
    _, _, last = line.rstrip("\r").rpartition("\r")
    return last


def _erased(text: str) -> str:
    """The text without the characters that a backspace takes back, each from its own line."""
    left: list[str] = []
    for char in text:
        if char != "\b":
            left.append(char)
        elif left and left[-1] != "\n":
            left.pop()
    return "".join(left)


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return settled(text).rstrip("\n").count("\n") + 1


def colored(text: str) -> Markup:
    """The text as HTML, its colours as classes."""
    from nbconvert.filters.ansi import ansi2html

    return Markup(ansi2html(settled(text)))

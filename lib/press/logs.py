"""Text as a log takes it: without colours, and without anything else that a terminal obeys."""

from __future__ import annotations

import re

# Colours and moves (CSI), titles and links (OSC), and control characters other than tabs and ends of lines.
CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    r"""The text without what a terminal would obey.

    >>> without_controls("\x1b[31mred\x1b[0m \x1b]0;title\x07and\tplain\n")
    'red and\tplain\n'
    """
    return CONTROLS.sub("", text)

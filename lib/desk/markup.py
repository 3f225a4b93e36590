"""Tags of HTML in Markdown."""

from __future__ import annotations

import re

MARK = re.compile(r"<(!--)|<(script|style|sup)\b[^<>]*>|</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
# What ends a comment, and an element whose words are no text or only a note's number.
CLOSING = {
    "!--": re.compile("-->"),
    "script": re.compile("</script>", re.IGNORECASE),
    "style": re.compile("</style>", re.IGNORECASE),
    "sup": re.compile("</sup>", re.IGNORECASE),
}
NO_LINE_END = re.compile(r"[^\r\n]")


def without_tags(text: str) -> str:
    """A text with blanks for its tags, comments and scripts, so that all else keeps its place.

    >>> without_tags("<b>605</b> births<sup>2</sup>.")
    '   605     births            .'
    >>> without_tags("3 < 5, 7 > 6, <!-- open")
    '3 < 5, 7 > 6,      open'
    """
    unclosed: set[str] = set()  # what never ends is looked for once
    pieces = []
    place = 0
    while match := MARK.search(text, place):
        kind = (match[1] or match[2] or "").lower()
        end = match.end()
        if kind and kind not in unclosed:
            closed = CLOSING[kind].search(text, end)
            if closed is None:
                unclosed.add(kind)
            else:
                end = closed.end()
        pieces += [text[place : match.start()], NO_LINE_END.sub(" ", text[match.start() : end])]
        place = end
    return "".join(pieces) + text[place:]

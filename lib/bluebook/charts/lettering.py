"""Words on a drawing: how wide they are, where their lines break, and how they are made safe for plotly's markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape

from bluebook.charts.colours import QUIET
from bluebook.numbers.quantity import Quantity

SIZE = 13  # px: of a label
SMALL = 11  # px: of a caption
LINE = 17  # px: from one line of labels to the next
MOST_LINES = 8
TIP_WIDTH = 26.0  # ems: of what a mark says when pointed at
LATIN = 0.56  # ems: about the width of a Latin letter
HAN = "\u2e80-\u9fff\uff00-\uffef"
_PIECE = re.compile(rf"[{HAN}][，。、；：）》”！？]*|[^\s{HAN}]+?[-/]+|[^\s{HAN}]+\s*|\s+")
_TAG = re.compile("<[^>]*>")


def ems(words: str) -> float:
    """About how wide words are: a Chinese character is one em.

    >>> ems("志愿者"), ems("abcd")
    (3.0, 2.24)
    """
    width = 0.0
    for character in words:
        width += 1.0 if unicodedata.east_asian_width(character) in "WF" else LATIN
    return round(width, 2)


def pixels(words: str, size: float = SIZE) -> float:
    """About how wide words are drawn, their markup not counted; bold ones are a little wider.

    >>> pixels("<b>abcd</b>") > pixels("abcd") == 2.24 * SIZE
    True
    """
    width = ems(_TAG.sub("", words)) * size
    return width * 1.08 if "<b>" in words else width


def wrap(words: str, width: float) -> list[str]:
    """Words in lines of at most `width` ems: broken at spaces, and between Chinese characters; at most eight lines.

    >>> wrap("Legal advice sessions", 8)
    ['Legal advice', 'sessions']
    >>> wrap("社区志愿服务队", 4)
    ['社区志愿', '服务队']
    """
    lines = [""]
    for piece in _pieces(words, width):
        if lines[-1] and ems((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines = [line.rstrip() for line in lines]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], "…"]


def _pieces(words: str, width: float) -> list[str]:
    """Where a line may break: after spaces, hyphens and slashes, and around Chinese characters and their marks."""
    longest = max(1, int(width / LATIN))
    pieces: list[str] = []
    for piece in _PIECE.findall(words):
        if ems(piece) <= width:
            pieces.append(piece)
            continue
        for start in range(0, len(piece), longest):
            pieces.append(piece[start : start + longest])
    return pieces


def safe_lines(words: str, width: float) -> list[str]:
    """Words of data in lines that plotly shows as they are."""
    return [escape(line) for line in wrap(words, width)]


def safe(words: str, width: float) -> str:
    """The same as one text.

    >>> safe("<b>Two words", 6)
    '&lt;b&gt;Two<br>words'
    """
    return "<br>".join(safe_lines(words, width))


def bold(words: str) -> str:
    return f"<b>{escape(words)}</b>"


def muted(words: str, colour: str = QUIET) -> str:
    """Words of less weight than the others; already safe."""
    return f'<span style="color:{colour}">{words}</span>'


def widest(lines: Sequence[str], size: float = SIZE) -> float:
    """Pixels that the longest line takes; 0 for none."""
    return max((pixels(line, size) for line in lines), default=0)


def tip(label: str, value: Quantity | str) -> str:
    """What a mark says when pointed at: all that the number itself would say."""
    lines = [bold_lines(label)]
    lines += [safe(fact, TIP_WIDTH) for fact in _facts(value) if fact]
    return "<br>".join(lines)


def bold_lines(label: str) -> str:
    """A label in bold, in lines of a tip's width."""
    return f"<b>{safe(label, TIP_WIDTH)}</b>"


def _facts(value: Quantity | str) -> list[str]:
    if isinstance(value, str):
        return [value]
    facts = [fact for fact in value.facts() if fact != value.label]
    return [value.text, *facts]

"""The colours of charts: one strong, the rest grey, red where numbers part; apart in every kind of colour blindness."""

from __future__ import annotations

BLUE, SKY, GOLD, VERMILION, SLATE = "#1f5ea8", "#86bbea", "#e6a117", "#b8452a", "#6f7b88"
PALETTE = (BLUE, SKY, GOLD, VERMILION, SLATE)  # apart in the usual colour blindnesses: they differ in lightness too
PARTS = (BLUE, SKY, SLATE, "#c8b89a", "#26313c")  # of a whole, in their order: one strong colour, the others quieter
LINES = (BLUE, "#3f4b57", "#8a96a3", SKY, "#b9c2cc")  # of several series: one strong, the others quieter
REST = "#d9dfe6"  # what remains
GREY = "#aab4bf"  # what is beside the point
QUIET = "#5b6875"  # words of less weight than the others
GRID, AXIS, INK = "#e3e7ec", "#8a96a3", "#1b2733"
LEGIBLE = 4.5  # the contrast of text, WCAG 2.2 AA
EMPTY = "#eef1f4"  # a tile without a number
EDGE = "rgba(255,255,255,0.55)"  # laid over a fill where it is unsure whether it reaches so far
ALLOWED = "#e9f0f8"  # the side of an axis on which a claim holds
GAP = "#f6dcd5"  # between ranges that do not meet
SHARED = "#dce8f5"  # what all ranges share


def pale(colour: str) -> str:
    """A colour given as #rrggbb as it is between the bounds: opaque, so that what it covers does not shine through.

    >>> pale("#000000")
    '#a6a6a6'
    """
    return blend(colour, "#ffffff", 0.65)


def blend(colour: str, other: str, part: float) -> str:
    """A colour on the way to another: the first where `part` is 0, the other where it is 1.

    >>> blend("#000000", "#ffffff", 0.5)
    '#808080'
    """
    channels = []
    for at in (1, 3, 5):
        start = int(colour[at : at + 2], 16)
        end = int(other[at : at + 2], 16)
        channel = round(start + (end - start) * part)
        channels.append(f"{channel:02x}")
    return "#" + "".join(channels)


def ink(fill: str) -> str:
    """White or the ink on a fill given as #rrggbb, whichever stands out as text must; black where neither does.

    >>> ink(BLUE), ink(REST)
    ('#ffffff', '#1b2733')
    """
    for words in ("#ffffff", INK):
        if contrast(words, fill) >= LEGIBLE:
            return words
    return "#000000"


def contrast(one: str, other: str) -> float:
    """How far two colours given as #rrggbb stand apart in lightness, from 1 to 21, as WCAG defines it.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = []
    for at in (1, 3, 5):
        part = int(colour[at : at + 2], 16) / 255
        channels.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    red, green, blue = channels
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

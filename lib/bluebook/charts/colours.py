"""The colours of charts: one strong, the rest grey, red where numbers part; apart in every kind of colour blindness."""

from __future__ import annotations

BLUE, SKY, GOLD, VERMILION, SLATE = "#1f5ea8", "#86bbea", "#e6a117", "#b8452a", "#6f7b88"
PALETTE = (BLUE, SKY, GOLD, VERMILION, SLATE)  # apart in the usual colour blindnesses: they differ in lightness too
PARTS = (BLUE, SKY, SLATE, "#c8b89a", "#26313c")  # of a whole, in their order: one strong colour, the others quieter
LINES = (BLUE, "#3f4b57", "#8a96a3", SKY, "#b9c2cc")  # of several series: one strong, the others quieter
REST = "#d9dfe6"  # what remains
GREY = "#aab4bf"  # what is beside the point
GRID, AXIS, INK = "#e3e7ec", "#8a96a3", "#1b2733"
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
        start, end = int(colour[at : at + 2], 16), int(other[at : at + 2], 16)
        channels.append(f"{round(start + (end - start) * part):02x}")
    return "#" + "".join(channels)


def ink(fill: str) -> str:
    """White on a dark fill given as #rrggbb, else black.

    >>> ink(BLUE), ink(REST)
    ('#ffffff', '#1b2733')
    """
    red, green, blue = ((int(fill[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if luminance < 0.3 else INK

"""Shades of one colour that can be read: for links, rules and tints, on white paper and on a dark screen.

Lightness is moved until a shade stands out from its ground as WCAG 2 asks of text; its hue stays. What is moved is
lightness in OKLCH, where shades of one lightness look equally light, whatever their hue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
READABLE = 4.5  # the contrast that WCAG 2 asks of text
STEP = 0.005  # of lightness
WHITE, BLACK = "#ffffff", "#000000"
# Ours, whose lightness each theme's shades have; tests keep them in step with style.css.
LIGHT = {"paper": "#ffffff", "ink": "#1b2330", "soft": "#566273", "rule": "#d8dee6", "tint": "#f3f6fa"}
DARK = {"paper": "#12171e", "ink": "#e2e7ee", "soft": "#9fabba", "rule": "#323c49", "tint": "#1b222c"}
LIGHT_CODE = {"code-text": "#1c6b36", "code-number": "#84480a", "code-magenta": "#7b2a83", "code-cyan": "#0d5f6b"}
DARK_CODE = {"code-text": "#8fd19e", "code-number": "#e8b26b", "code-magenta": "#e0a3ea", "code-cyan": "#7fd3df"}
ALARMS = {"light": "#a3211d", "dark": "#ff9d94"}
TEXTS = ("ink", "soft")  # what is read on paper and on tint
LIGHTEST_LINK = 0.79  # of a dark screen: links are lighter there than rules


class Oklch(NamedTuple):
    """A colour as lightness (0 to 1), chroma (0 is grey) and hue (radians)."""

    lightness: float
    chroma: float
    hue: float


def is_colour(text: str) -> bool:
    """Whether a text is a colour as `#rgb` or `#rrggbb`."""
    return HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21.

    >>> contrast("#ffffff", "#000000"), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, grounds: Sequence[str], least: float = READABLE) -> str:
    """The colour, made darker or lighter as far as it must be to be read on all of these grounds.

    >>> readable("#0f6cbd", ["#ffffff"]), readable("#ffcc00", ["#ffffff"])
    ('#0f6cbd', '#8f720d')
    """
    shade = to_oklch(colour)
    darkens = _luminance(grounds[0]) > _luminance("#757575")
    step, end = (-STEP, 0.0) if darkens else (STEP, 1.0)
    found = to_hex(shade)
    while min(contrast(found, ground) for ground in grounds) < least and shade.lightness != end:
        lightness = min(1.0, max(0.0, shade.lightness + step))
        shade = shade._replace(lightness=lightness)
        found = to_hex(shade)
    return found


def on_colour(colour: str) -> str:
    """White or black, whichever is read better on a ground of this colour; one of them always can be.

    >>> on_colour("#0f6cbd"), on_colour("#ffcc00")
    ('#ffffff', '#000000')
    """
    is_white_better = contrast(WHITE, colour) >= READABLE
    return WHITE if is_white_better else BLACK


def light_shades(colour: str) -> dict[str, str]:
    """The colours of pages on white paper, by the names that style.css gives them."""
    shades = _neutrals(colour, LIGHT)
    grounds = [shades["paper"], shades["tint"]]
    main = readable(colour, grounds)
    return shades | {"blue": main, "link": main} | _signals(LIGHT_CODE, ALARMS["light"], grounds)


def dark_shades(colour: str) -> dict[str, str]:
    """The colours of pages on a dark screen, by the names that style.css gives them."""
    shades = _neutrals(colour, DARK)
    grounds = [shades["paper"], shades["tint"]]
    main = readable(colour, grounds)
    shade = to_oklch(main)
    lighter = to_hex(shade._replace(lightness=max(shade.lightness, LIGHTEST_LINK)))
    link = readable(lighter, grounds)
    return shades | {"blue": main, "link": link} | _signals(DARK_CODE, ALARMS["dark"], grounds)


def _neutrals(colour: str, ours: dict[str, str]) -> dict[str, str]:
    """Our greys with a touch of the colour's hue in the place of ours; none where the colour is itself a grey."""
    theirs = to_oklch(colour)
    shades = {}
    for name, grey in ours.items():
        own = to_oklch(grey)
        shades[name] = to_hex(Oklch(own.lightness, min(own.chroma, theirs.chroma), theirs.hue))
    grounds = [shades["paper"], shades["tint"]]
    return shades | {name: readable(shades[name], grounds) for name in TEXTS}


def _signals(code: dict[str, str], alarm: str, grounds: Sequence[str]) -> dict[str, str]:
    """The colours that mean something, which no theme changes but for what its grounds ask."""
    return {name: readable(shade, grounds) for name, shade in {**code, "alarm": alarm}.items()}


def _parts(colour: str) -> list[float]:
    """Red, green and blue, each from 0 to 1, in light and not in steps of a screen."""
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    steps = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return [step / 12.92 if step <= 0.04045 else ((step + 0.055) / 1.055) ** 2.4 for step in steps]


def _luminance(colour: str) -> float:
    red, green, blue = _parts(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def to_oklch(colour: str) -> Oklch:
    """A colour of the screen in OKLCH.

    >>> to_hex(to_oklch("#0f6cbd")), round(to_oklch("#fff").lightness, 3)
    ('#0f6cbd', 1.0)
    """
    red, green, blue = _parts(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short
    return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


def to_hex(shade: Oklch) -> str:
    """A shade as `#rrggbb`; one that no screen shows loses chroma until one does."""
    chroma = shade.chroma
    parts = _light_of(shade)
    while not all(-0.0001 <= part <= 1.0001 for part in parts) and chroma > 0:
        chroma = max(0.0, chroma - STEP)
        parts = _light_of(shade._replace(chroma=chroma))
    return "#" + "".join(f"{_step(part):02x}" for part in parts)


def _light_of(shade: Oklch) -> list[float]:
    a, b = shade.chroma * math.cos(shade.hue), shade.chroma * math.sin(shade.hue)
    long = (shade.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (shade.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (shade.lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short
    return [red, green, blue]


def _step(part: float) -> int:
    """A part of a colour as one of 256 steps of a screen."""
    part = min(1.0, max(0.0, part))
    curved = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return round(255 * curved)

"""The stylesheet that a theme's colour, fonts and logo make; it is loaded after style.css, and only by themed pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from press.theme import colours

STYLE = Path(__file__).parents[1] / "site" / "static" / "style.css"
STACK = re.compile(r"--(?P<role>sans|serif): (?P<faces>[^;]+);")
LOGO = """\
.site-title .logo { display: inline-block; vertical-align: middle; }
.site-title .logo + a::before { vertical-align: middle; }
.masthead .wide:has(.logo) { align-items: center; }
.logo img { display: block; height: 2.6rem; width: auto; max-width: min(18rem, 70vw); }
.logo img, .paper-logo, .cover-logo img { object-fit: contain; object-position: left; }
.cover-logo, .paper-logo { display: none; }
@media print {
  .paper-logo { display: block; height: 11mm; width: auto; max-width: 70mm; margin-bottom: 4mm; }
  .cover-logo { display: inline-block; background: #fff; padding: 4mm 6mm; margin-bottom: 14mm; }
  .cover-logo img { display: block; height: 16mm; width: auto; max-width: 90mm; }
}
"""
# A logo is made for paper: without one for the dark, it stands on a piece of it.
PLATE = """\
@media screen and (prefers-color-scheme: dark) {
  .logo img { background: #fff; padding: .35rem .55rem; border-radius: .2rem; }
}
"""


def theme_sheet(colour: str, fonts: Mapping[str, str], logo: str, dark_logo: str) -> str:
    """The rules of a theme; "" for one that has neither colour nor fonts nor logo."""
    rules = ""
    if colour:
        rules += "".join(_of_colour(colour))
    if fonts:
        rules += "".join(_of_fonts(fonts))
    if logo:
        rules += LOGO
    if logo and not dark_logo:
        rules += PLATE
    return rules


def _of_colour(colour: str) -> Iterator[str]:
    """The shades of a colour; what no one has to read, the bar above a page and a cover, is the colour itself."""
    yield f":root {{ {_properties(colours.light_shades(colour))} --brand: {colour}; }}\n"
    dark = _properties(colours.dark_shades(colour))
    yield f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    yield "body { border-top-color: var(--brand); }\n"
    text = colours.on_colour(colour)
    yield "@media print {\n"
    yield f"  .cover {{ background: {colour}; color: {text}; }}\n"
    yield f"  .cover-title, .cover-foot {{ border-color: {text}; }}\n"
    yield "}\n"


def _properties(shades: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {shade};" for name, shade in shades.items())


def _of_fonts(fonts: Mapping[str, str]) -> Iterator[str]:
    """The families that a suite names, before ours: those stand in where a family or a letter of it is missing."""
    style = STYLE.read_text(encoding="utf-8")
    for head, body in re.findall(r"^(:root(?::lang\(zh\))?) \{([^}]*--sans[^}]*)\}", style, re.M):
        ours = {found["role"]: found["faces"] for found in STACK.finditer(body)}
        yield f"{head} {{ {_families(fonts, ours)} }}\n"
    if "headings" in fonts:
        first = f'"{fonts["headings"]}"'
        yield f"@media print {{ body {{ --serif: {first}, var(--sans); }} }}\n"


def _families(fonts: Mapping[str, str], ours: Mapping[str, str]) -> str:
    roles = {"text": "sans", "headings": "serif"}
    stacks = []
    for role, family in fonts.items():
        name = roles[role]
        stacks.append(f'--{name}: "{family}", {ours[name]};')
    return " ".join(stacks)

"""Shades of a theme's colour: every one is read on its grounds, near what was asked for; ours are those of style.css."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from press.site.assets import BLUE, STATIC
from press.theme import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
READ = ("ink", "soft", "link", "blue", "alarm", "code-text", "code-number", "code-magenta", "code-cyan")
EXTREMES = ("#000000", "#fff", "#ffff00", "#00ff00", "#0000ff", "#808080", "#757575", "#767676")


@settings(max_examples=40)
@given(COLOURS)
@pytest.mark.parametrize("shades", [colours.light_shades, colours.dark_shades])
def test_every_text_can_be_read_on_every_ground_whatever_the_colour(shades, colour):
    made = shades(colour)
    for text in READ:
        for ground in ("paper", "tint"):
            assert colours.contrast(made[text], made[ground]) >= colours.READABLE, (text, ground)


@pytest.mark.parametrize("colour", EXTREMES)
def test_so_it_is_at_the_ends_of_the_scale(colour):
    for made in (colours.light_shades(colour), colours.dark_shades(colour)):
        assert min(colours.contrast(made[text], made["tint"]) for text in READ) >= colours.READABLE
    assert colours.contrast(colours.on_colour(colour), colour) >= colours.READABLE


@given(COLOURS)
def test_a_cover_of_any_colour_has_text_that_can_be_read(colour):
    assert colours.contrast(colours.on_colour(colour), colour) >= colours.READABLE


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_and_one_that_cannot_keeps_its_hue(colour):
    made = colours.readable(colour, ["#ffffff"])
    if colours.contrast(colour, "#ffffff") >= colours.READABLE:
        assert colours.contrast(made, colour) < 1.02
    then, now = colours.to_oklch(colour), colours.to_oklch(made)
    assert now.lightness <= then.lightness + 0.01
    if then.chroma > 0.05 and now.chroma > 0.05:
        turned = abs(then.hue - now.hue) % (2 * math.pi)
        assert min(turned, 2 * math.pi - turned) < 0.35


@given(COLOURS)
def test_a_colour_comes_back_from_oklch(colour):
    back = colours.to_hex(colours.to_oklch(colour))
    steps = [abs(int(colour[at : at + 2], 16) - int(back[at : at + 2], 16)) for at in (1, 3, 5)]
    assert max(steps) <= 1


def test_contrast_is_that_of_wcag():
    """The pairs that WCAG's own documents give: the greys on either side of 4.5 on white."""
    assert colours.contrast("#000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#767676", "#ffffff") >= 4.5 > colours.contrast("#777777", "#ffffff")
    assert colours.contrast("#123456", "#fedcba") == colours.contrast("#fedcba", "#123456")


def test_our_shades_are_those_of_the_stylesheet():
    style = (STATIC / "style.css").read_text(encoding="utf-8")
    light, dark = (
        re.search(r":root \{(.*?)\}", style, re.S)[1],
        re.search(r"dark\) \{\s*:root \{(.*?)\}", style, re.S)[1],
    )
    for rules, ours in (
        (light, colours.LIGHT | colours.LIGHT_CODE | {"alarm": colours.ALARMS["light"], "blue": BLUE}),
        (dark, colours.DARK | colours.DARK_CODE | {"alarm": colours.ALARMS["dark"]}),
    ):
        told = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", rules))
        told["paper"] = told["paper"].replace("#fff", "#ffffff") if told["paper"] == "#fff" else told["paper"]
        assert {name: told[name] for name in ours} == ours
        assert set(told) - set(ours) <= {"blue", "link"}  # all that a theme must set is here


@pytest.mark.parametrize("text", ["0f6cbd", "#0f6cb", "blue", "#12345g", "", "rgb(1,2,3)", "#fff; }"])
def test_what_is_no_colour_is_none(text):
    assert not colours.is_colour(text)

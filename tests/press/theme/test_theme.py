"""A theme as suite.toml says it: what is read, what travels, and what is refused before anything runs."""

import json

import pytest

from press.site import assets
from press.suite import SuiteError, parse_suite
from press.theme.templates import PARTS
from press.theme.theme import PLAIN

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def suite(tmp_path):
    """A function that reads a suite with these lines below [theme], in a folder of files by their paths."""
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    def read(*lines, **files):
        for name, content in files.pop("files", files).items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        text = '[[report]]\nname = "a"\n' + ("[theme]\n" + "\n".join(lines) if lines else "")
        return parse_suite(text, tmp_path / "suite.toml")

    return read


def refusal(suite, *lines, files=()):
    with pytest.raises(SuiteError) as refused:
        suite(*lines, files=dict(files))
    text = str(refused.value)
    assert "suite.toml, [theme] " in text
    assert "\n" not in text
    return text


def test_a_suite_without_a_theme_has_the_plain_one_and_its_own_assets(suite):
    theme = suite().theme
    assert theme is PLAIN
    assert theme.is_plain
    assert assets.page_context("en", "a", theme) == assets.page_context("en", "a")
    assert assets.theme_names(theme) == set()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('colour = "blue"', 'colour: found "blue"'),
        ('colour = "#fff; } body { display: none"', "colour: found"),
        ("colour = 3", "colour: found 3"),
        ('color = "#fff"', 'unknown key "color"'),
        ('logo = "none.svg"', 'logo: found no file at "none.svg"'),
        ('logo = "/etc/passwd"', "lies outside the suite"),
        ('logo = "../outside.svg"', "lies outside the suite"),
        ('logo = "a.ipynb"', "expected a picture"),
        ('logo = ""', "found no file"),
        (f'logo = "{"x" * 400}.svg"', "logo: found"),
        ('dark_logo = "logo.svg"', "dark_logo: there is no logo"),
        ('stylesheet = "none.css"', 'stylesheet: found no file at "none.css"'),
        ('folder = "none"', 'folder: found no folder at "none"'),
        ('folder = "empty"', "neither a folder templates nor a folder words"),
        ("fonts = { body = 'A' }", 'fonts: unknown key "body"'),
        ("fonts = { text = 'A\"; } x' }", "fonts.text: found"),
        ("fonts = { text = 3 }", "fonts.text: found"),
    ],
)
def test_what_a_theme_cannot_be_is_refused_by_its_key(suite, tmp_path, line, told):
    (tmp_path.parent / "outside.svg").write_text(SVG)
    files = {"logo.svg": SVG, "empty/readme.txt": ""}
    if line.startswith("color ="):
        with pytest.raises(SuiteError, match=told):
            suite(line, files=files)
    elif line == "colour = 3":
        with pytest.raises(SuiteError, match="colour: found 3, expected text"):
            suite(line, files=files)
    else:
        assert told in refusal(suite, line, files=files)


def test_a_link_that_leads_out_of_the_suite_is_refused(suite, tmp_path):
    (tmp_path.parent / "secret.svg").write_text(SVG)
    (tmp_path / "logo.svg").symlink_to(tmp_path.parent / "secret.svg")
    assert "lies outside the suite" in refusal(suite, 'logo = "logo.svg"')


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        (SVG.replace("<path", "<script>alert(1)</script><path"), "has <script>"),
        (SVG.replace("<path", '<path onload="alert(1)"'), "has onload=…"),
        (SVG.replace("<path", '<a href="javascript:alert(1)"/><path'), 'the address "javascript:alert(1)"'),
        (SVG.replace("<path", '<image href="https://example.org/a.png"/><path'), "the address"),
        (SVG.replace("<path", "<foreignObject/><path"), "has <foreignobject>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "declares entities"),
        ("<html/>", "is no SVG"),
        ("<svg", "is no SVG"),
        ("", "is no SVG"),
    ],
)
def test_a_drawing_that_could_do_more_than_be_seen_is_refused(suite, drawing, told):
    assert told in refusal(suite, 'logo = "logo.svg"', files={"logo.svg": drawing})


def test_a_plain_drawing_with_parts_it_refers_to_is_taken(suite):
    drawing = SVG.replace("<path", '<use href="#a"/><!-- a note --><path id="a"')
    theme = suite('logo = "logo.svg"', files={"logo.svg": drawing}).theme
    assert theme.logo.endswith(".svg")
    assert dict(theme.copies) == {theme.logo: "logo.svg"}


def test_the_files_of_a_stylesheet_travel_under_their_digests_and_those_of_others_stay_and_are_told(suite, tmp_path):
    files = {
        "look/own.css": '@import "more.css"; h1 { background: url( "a b.png" ) } i { background: url(https://x.org/y) }'
        " b { background: url(data:image/gif;base64,R0) } u { background: url(//y.org) } /* url(no.png) */"
        ' s::before { content: "url(no.png)" } q { fill: url(#q) }',
        "look/more.css": "@font-face { src: url('f.woff2?#iefix') }",
        "look/a b.png": PNG,
        "look/f.woff2": b"font",
    }
    found = suite('stylesheet = "look/own.css"', files=files)
    theme = found.theme
    sheets, copies = dict(theme.sheets), dict(theme.copies)
    own = sheets[theme.linked[-1]]
    more = next(name for name in sheets if name.startswith("more."))
    picture = next(name for name in copies if name.endswith(".png"))
    font = next(name for name in copies if name.endswith(".woff2"))
    assert f'@import "{more}"' in own
    assert f'url( "{picture}" )' in own
    assert f'url("{font}?#iefix")' in sheets[more]
    for kept in ("url(no.png)", '"url(no.png)"', '"data:image/gif;base64,R0"', "https://x.org/y", 'url("#q")'):
        assert kept in own
    assert theme.fetched == ("https://x.org/y", "//y.org")
    assert {name for name, _ in theme.sources} == set(files)
    written = {path.name: path.read_bytes() for path in assets.write_assets(tmp_path / "site", theme, found.root)}
    assert written[picture] == PNG
    assert written[font] == b"font"


def test_a_files_new_content_has_a_new_name(suite):
    one = suite('logo = "logo.svg"', files={"logo.svg": SVG}).theme
    other = suite('logo = "logo.svg"', files={"logo.svg": SVG.replace("9z", "8z")}).theme
    assert one.logo != other.logo
    assert one.sources != other.sources


@pytest.mark.parametrize(
    ("css", "told"),
    [
        ("b { background: url(no.png) }", 'own.css: found no file at "no.png"'),
        ("b { background: url(../../up.png) }", "lies outside the suite"),
        ("b { background: url(bad.svg) }", "has <script>"),
        ('@import "own.css";', "imports itself"),
        ('@import url("loop.css");', "imports itself"),
    ],
)
def test_a_stylesheet_that_names_what_cannot_travel_is_refused(suite, css, told):
    files = {"own.css": css, "loop.css": '@import "own.css";', "bad.svg": SVG.replace("<path", "<script/><path")}
    assert told in refusal(suite, 'stylesheet = "own.css"', files=files)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("page.html", "", 'unknown template "page.html": expected one of head.html'),
        ("foot.html", "{% block %}", "foot.html, line 1"),
        (
            "foot.html",
            '{% extends "press/foot.html" %}\n{% block bottom %}{% endblock %}',
            'line 2: unknown block "bottom"',
        ),
        ("foot.html", '{% extends "shell.html.j2" %}', 'expected "press/foot.html"'),
        ("foot.html", b"\xff", "cannot be read"),
    ],
)
def test_only_parts_and_blocks_that_are_documented_are_taken(suite, name, text, told):
    assert told in refusal(suite, 'folder = "look"', files={f"look/templates/{name}": text})


@pytest.mark.parametrize("part", PARTS)
def test_every_documented_block_is_one_of_ours(part):
    from jinja2 import Environment, nodes

    text = (assets.TEMPLATES / "parts" / part).read_text(encoding="utf-8")
    blocks = [block.name for block in Environment().parse(text).find_all(nodes.Block)]
    assert sorted(blocks) == sorted(PARTS[part])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("pt.json", '{"serch": "x"}', 'unknown word "serch"'),
        ("pt.json", '{"search": 3}', '"search": found 3, expected text'),
        ("pt.json", '{"figure": "Gráfico"}', '"figure": found "Gráfico", expected as many gaps'),
        ("pt.json", '{"figure": "{0} {}"}', '"figure"'),
        ("pt.json", '{"kinds": "x"}', "expected a table of words"),
        ("pt.json", '{"kinds": {"film": "x"}}', 'unknown word "kinds.film"'),
        ("pt.json", "[]", "expected a table"),
        ("pt.json", "{", "not JSON"),
        ("portuguese.json", "{}", "expected a language"),
        ("pt.txt", "{}", "expected a language"),
    ],
)
def test_words_that_no_page_could_say_are_refused(suite, name, content, told):
    assert told in refusal(suite, 'folder = "look"', files={f"look/words/{name}": content})


def test_words_come_before_ours_and_a_language_of_its_own_has_english_where_it_says_nothing(suite):
    files = {
        "look/words/en.json": '{"search": "Find"}',
        "look/words/pt.json": '{"name": "Português", "search": "Busca"}',
    }
    theme = suite('folder = "look"', files=files).theme
    assert assets.words("en", theme)["search"] == "Find"
    assert assets.words("en", theme)["contents"] == assets.words("en")["contents"]
    assert assets.words("pt", theme)["search"] == "Busca"
    assert assets.words("pt", theme)["contents"] == assets.words("en")["contents"]
    assert assets.words("zh", theme) == assets.words("zh")
    assert assets.page_context("pt", "a", theme)["names"]["pt"] == "Português"
    assert assets.words("en")["search"] != "Find"  # of all others

"""Outputs of any notebook on a page: text as a terminal leaves it, pictures in their size, documents in frames."""

import nbformat
import playwright.sync_api
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from press.page.render import print_page
from press.page.text import lines_of, settled
from press.paper import browser
from press.records import Page

WIDE = (  # a picture of 900 by 1 pixels
    "iVBORw0KGgoAAAANSUhEUgAAA4QAAAABAQAAAACuoF1gAAAADElEQVR4nGNgoDcAAAByAAE6v7y5AAAAAElFTkSuQmCC"
)


def article_of(*outputs):
    cell = nbformat.v4.new_code_cell("x", outputs=list(outputs))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    return BeautifulSoup(print_page(notebook, Page("a", "en", "A", "en/a")).html, "html.parser").article


def shown(data, **metadata):
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("0%\r50%\r100%", "100%"),
        ("0%\r100%\r\n", "100%\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("\r\r\n", "\n"),
        ("abc\b\bd", "ad"),
        ("\b\ba", "a"),
    ],
)
def test_a_progress_bar_ends_at_its_end(text, left):
    assert settled(text) == left


@given(st.text(alphabet="ab\r\n\b", max_size=30))
def test_no_control_is_left(text):
    assert not set(settled(text)) & {"\r", "\b"}


def test_colours_are_classes_and_many_lines_are_folded():
    article = article_of(printed("\x1b[31mred\x1b[0m"), printed("line\n" * 3000))
    assert article.select_one(".ansi-red-fg").get_text() == "red"
    assert article.select_one("details.long summary").get_text() == "3000 lines of output"
    assert article.select_one("details.long pre").get_text().count("line") == lines_of("line\n" * 3000) == 3000


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/gif"])
def test_a_picture_has_the_size_and_the_words_that_it_was_given(kind):
    article = article_of(
        shown({kind: "AAAA"}, **{kind: {"width": 60, "height": 20, "alt": "A rise"}}), shown({kind: "A"})
    )
    first, second = article.select("img")
    assert (first["width"], first["height"], first["alt"]) == ("60", "20", "A rise")
    assert "width" not in second.attrs


@pytest.mark.parametrize(
    ("html", "metadata"),
    [
        ("<style>h1 { display: none }</style>", {"text/html": {"isolated": True}}),
        ("<style>h1 { display: none }</style>", {"isolated": True}),
        ("<!DOCTYPE html><html><body>a</body></html>", {}),
        ("  <html><head><style>p { color: red }</style></head></html>", {}),
    ],
)
def test_what_is_a_world_of_its_own_stays_in_a_frame(html, metadata):
    article = article_of(shown({"text/html": html}, **metadata))
    assert not article.find("style")
    assert article.iframe["srcdoc"] == html
    assert "allow-scripts" not in article.iframe["sandbox"]


def test_a_frame_that_a_page_does_not_fetch_is_a_link():
    article = article_of(shown({"text/html": "<iframe width=3 src='https://example.org/?a=1&amp;b'></iframe>"}))
    assert not article.find("iframe")
    assert article.select_one("p a")["href"] == "https://example.org/?a=1&b"


def test_an_error_that_is_allowed_is_shown_with_its_traceback_where_code_is():
    error = nbformat.v4.new_output("error", ename="E", evalue="why", traceback=["\x1b[31mline 1\x1b[0m", "E: why"])
    cell = nbformat.v4.new_code_cell("x", outputs=[error])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    shown = {code: print_page(notebook, Page("a", "en", "A", "en/a", code=code)).html for code in ("show", "hide")}
    assert BeautifulSoup(shown["show"], "html.parser").select_one(".failed details pre").get_text() == "line 1\nE: why"
    assert "line 1" not in shown["hide"]
    assert "E: why" in shown["hide"]


def test_where_a_suite_allows_it_scripts_run_in_a_frame_that_reaches_nothing(project):
    drawn = (
        "from IPython.display import HTML\n"
        'HTML(\'<div id=d style="height: 500px"></div><script>document.getElementById("d").textContent = "ran";'
        'try { parent.document.title = "reached" } catch (error) {}</script>\')'
    )
    project.head += "[site]\nframes = true\n"
    picture = f"from IPython.display import Image\nimport base64\nImage(base64.b64decode('{WIDE}'))"
    project.add("a", "# A", drawn, picture)
    project.build()
    assert not project.report()["runs"][0].get("warnings")
    with playwright.sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        page.goto((project.root / "reports/site/en/a.html").as_uri())
        frame = page.frame_locator("iframe.external")
        assert frame.locator("#d").inner_text() == "ran"
        assert page.title().startswith("A")
        assert page.locator("iframe.external").bounding_box()["height"] > 480
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        chromium.close()
    project.head = project.head.replace("frames = true", "frames = false")
    project.write()
    project.build()
    assert "frames = true in [site]" in project.report()["runs"][0]["warnings"][0]
    assert not [name for name in project.site() if "frame" in name]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("x" * 10**6, 10**6),
        ("x" * 10**6 + "\r", 10**6),
        ("x" * 10**5 + "\b" * 10**5, 0),
        ("\r" * 10**6, 0),
        ("x\r" * 10**5, 1),
    ],
)
def test_a_long_line_is_shown_at_once(text, length):
    assert len(settled(text)) == length

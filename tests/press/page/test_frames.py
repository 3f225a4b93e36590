"""What needs its author's scripts: one document of its parts, drawn in a frame, and a picture where no script runs."""

import subprocess

import playwright.sync_api
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from press.page.frames import framed_html, join_scripts
from press.page.render import print_page
from press.paper import browser
from press.records import Page

PAGE = Page("a", "en", "A", "en/a", frames=True)
NOTICE = {"text/html": "<p>Loading …</p>"}
LIBRARY = {"application/javascript": "load(1)", "application/vnd.chartjs_load.v0+json": "library = 1"}
PLACE = {"text/html": "<div id=place></div>"}
SCRIPT = {"application/javascript": "draw('</script>')", "application/vnd.chartjs_exec.v0+json": ""}


def of(*cells):
    """A notebook of cells that have these bundles as outputs."""
    outputs = [[new_output("display_data", data=dict(bundle)) for bundle in cell] for cell in cells]
    return new_notebook(cells=[new_code_cell("x", outputs=made) for made in outputs])


def bundles(notebook):
    return [[dict(output.data) for output in cell.outputs] for cell in notebook.cells]


def test_a_chart_in_parts_is_one_document_with_the_library_that_a_cell_before_has_loaded():
    notebook = of([NOTICE, LIBRARY], [PLACE, SCRIPT])
    loading, drawing = bundles(join_scripts(notebook))
    assert loading == []
    library, script = "<script>library = 1</script>\n", "<script>draw('<\\/script>')</script>\n"
    assert drawing == [{"text/html": f"{library}<div id=place></div>{script}"}]
    assert framed_html(notebook, PAGE) == [drawing[0]["text/html"]]
    assert bundles(notebook) == [[NOTICE, LIBRARY], [PLACE, SCRIPT]]  # nothing of it is changed


@pytest.mark.parametrize(
    "outputs",
    [
        [SCRIPT],
        [{"text/plain": "x"}, SCRIPT],
        [PLACE, {"text/plain": "x"}, SCRIPT],
        [PLACE, PLACE],
        [{"image/png": "AA=="}],
    ],
)
def test_what_does_not_belong_together_stays_apart(outputs):
    assert bundles(join_scripts(of(outputs))) == [outputs]


def test_html_with_its_own_script_gets_the_library_it_is_marked_to_need():
    drawn = {"text/html": "<div></div><script>draw()</script>", "application/vnd.chartjs_exec.v0+json": ""}
    [[], [made]] = bundles(join_scripts(of([LIBRARY], [drawn])))
    assert made["text/html"] == f"<script>library = 1</script>\n{drawn['text/html']}"


def test_where_a_suite_does_not_allow_frames_the_script_is_told_of_with_the_cure():
    page = Page("a", "en", "A", "en/a")
    printed = print_page(of([PLACE, SCRIPT]), page)
    assert printed.lost == (
        "cell 1: a script does not run on a page; frames = true in [site] runs it in a frame, with the HTML before it",
    )
    assert framed_html(of([PLACE, SCRIPT]), page) == []


DRAWING = """
from IPython.display import display
display({"text/html": "<canvas id=c width=300 height=120></canvas>"}, raw=True)
display({"application/javascript": \"\"\"
  const pen = document.getElementById("c").getContext("2d");
  setTimeout(() => { pen.fillStyle = "rgb(200, 0, 0)"; pen.fillRect(0, 0, 300, 120); }, 200);
\"\"\"}, raw=True)
"""
FETCHING = """
from IPython.display import HTML
HTML('<p>map</p><script src="https://example.org/map.js"></script>')
"""


@pytest.mark.slow
def test_a_frame_is_as_high_as_what_it_shows_and_a_picture_on_paper_and_without_scripts(project):
    project.head += "[site]\nframes = true\n"
    project.add("a", "# A", DRAWING, formats=["html", "pdf"])
    project.add("b", "# B", FETCHING)
    project.build()
    drawn, fetching = project.report()["runs"]
    assert not drawn.get("warnings")
    assert fetching["warnings"] == [
        "cell 3: a frame asks the network, or shows nothing: on paper, and where no script runs, it is missing"
    ]
    site = project.root / "reports/site"
    assert BeautifulSoup((site / "en/b.html").read_text(), "html.parser").select("img.still") == []
    images = subprocess.run(
        ["pdfimages", "-list", site / "en/a.pdf"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(images) == 3  # two lines of heads, and the picture
    with playwright.sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        for has_scripts in (True, False):
            page = chromium.new_page(java_script_enabled=has_scripts)
            page.goto((site / "en/a.html").as_uri())
            frame, still = page.locator("iframe.external"), page.locator("img.still")
            assert frame.is_visible() is has_scripts
            assert still.is_visible() is not has_scripts
            if has_scripts:
                page.wait_for_function("document.querySelector('iframe.external').height < 200")
        chromium.close()

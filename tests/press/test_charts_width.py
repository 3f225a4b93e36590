"""The width that a chart's author gave it is kept: on a page, explored, on a phone as far as that goes, and on paper."""

import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_notebook
from tests.press.test_charts import output, page_of, written

from press.page.outputs import MIME, NARROW, WIDE, plot_of
from press.paper import browser
from press.paper.browser import for_paper
from press.site import assets

pytestmark = pytest.mark.slow

WIDTHS = (None, 300, 500, 1400)  # what authors say


def figure(width):
    return go.Figure(go.Bar(x=["a", "b"], y=[1, 2]), layout={"title": f"Bars {width}", "width": width, "height": 300})


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder of a page of these charts, drawn, with plotly.js at hand."""
    root = tmp_path_factory.mktemp("widths")
    assets.write_assets(root)
    with browser.Browser() as opened:
        written(root, page_of("en"), opened, new_notebook(cells=[output(figure(width)) for width in WIDTHS]))
    return root / "book" / "en" / "01.html"


def boxes(page, selector):
    return [
        (box["width"], box["height"])
        for box in page.locator(selector).evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    ]


def test_a_page_keeps_the_authors_width_as_far_as_it_is_wide(pages, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(pages.as_uri())
    full, *own, over = boxes(page, ".plot img")
    assert full[0] == pytest.approx(over[0])  # as wide as there is room
    assert full[0] > 700
    assert [round(width) for width, _ in own] == [300, 500]
    assert over[0] / over[1] == pytest.approx(1400 / 256, rel=0.02)  # nothing is distorted: 300 less the title's room
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.close()


def test_a_phone_shows_no_more_than_it_has_and_no_less_than_the_author_wanted(pages, chromium):
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    page.goto(pages.as_uri())
    widths = [round(width) for width, _ in boxes(page, ".plot img")]
    assert widths[1] == 300
    assert all(NARROW - 2 <= width <= 390 for width in (widths[0], *widths[2:]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_explored_it_is_as_wide_as_its_picture(pages, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(pages.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    before = boxes(page, ".plot img")
    page.locator("#chart-3 .explore").click()
    page.wait_for_selector("#chart-3 .plot.drawn")
    assert boxes(page, "#chart-3 .main-svg")[0][0] == pytest.approx(before[2][0], abs=1)
    page.close()


def test_paper_keeps_it_too(pages, chromium):
    page = chromium.new_page(viewport={"width": 760, "height": 1000}, java_script_enabled=False, bypass_csp=True)
    page.emulate_media(media="print")
    draft = pages.with_name("draft.html")
    draft.write_text(for_paper(pages, ""), encoding="utf-8")
    page.goto(draft.as_uri())
    full, small, middle, over = boxes(page, ".plot > svg:not(.links)")
    assert [round(small[0]), round(middle[0])] == [300, 500]
    assert full[0] == pytest.approx(over[0])
    assert over[0] <= 760
    page.close()


@pytest.mark.parametrize(
    ("said", "wide", "narrow"),
    [
        (None, WIDE, NARROW),
        (500, 500, NARROW),
        (200.4, 200, 200),
        ("wide", WIDE, NARROW),
        (-5, WIDE, NARROW),
        (True, WIDE, NARROW),
    ],
)
def test_what_is_no_width_is_none_and_a_chart_without_one_is_kept_as_before(said, wide, narrow):
    layout = {"title": {"text": "A"}} | ({} if said is None else {"width": said})
    plot = plot_of({"data": {MIME: {"data": [], "layout": layout}}, "metadata": {}}, number=1)
    assert (plot.wide, plot.narrow) == (wide, narrow)
    assert ("width" in plot.spec) == (wide != WIDE)
    assert plot.drawing["sizes"] == {
        "wide": {"width": wide, "height": plot.height},
        "narrow": {"width": narrow, "height": plot.narrow_height},
    }


def test_a_template_says_it_as_well():
    figure = {"data": [], "layout": {"template": {"layout": {"width": 640}}}}
    assert plot_of({"data": {MIME: figure}, "metadata": {}}, number=1).wide == 640


def test_drawn_by_its_reader_it_has_its_width_too(tmp_path, chromium):
    from press.page import render

    assets.write_assets(tmp_path)
    content = new_notebook(cells=[output(figure(500)), output(figure(None))])
    page_file = tmp_path / "book" / "en" / "01.html"
    page_file.parent.mkdir(parents=True)
    from dataclasses import replace

    page_file.write_text(render.render(content, replace(page_of("en"), drawn=False)), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    page.wait_for_selector("#chart-2 .plot.drawn")
    (own, _), (full, _) = boxes(page, "figure.chart .main-svg:first-child")[:2]
    assert round(own) == 500
    assert full > 700
    page.close()

"""Charts on a page, in a real Chromium: drawn for two widths, explained without plotly.js, taken away with their words."""

import functools
import json
import re
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import plotly.express as px
import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright
from plotly.subplots import make_subplots

from press.page import outputs, render, sheets
from press.page.companions import companions
from press.paper import browser
from press.site import assets

pytestmark = pytest.mark.slow

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = "https://example.org/book"
LIGHT = 150_000  # bytes: the most that a page fetches before its reader asks to explore
RECORD = {
    "id": "growth",
    "title": "Spending grew fastest on transport",
    "subtitle": "Growth of spending, per cent, 2020, on 2019",
    "alt": "Bars. Transport 37.9 %, education 18.8 %.",
    "note": "As printed.",
    "source": "source text, paragraph 5",
    "data": {"columns": ["Item", "Value"], "rows": [["Transport", 37.9], ["Education", 18.8]]},
}


def output(figure, record=None):
    bundle = json.loads(figure.to_json()) if isinstance(figure, go.Figure) else figure
    metadata = {"press": {"chart": record}} if record else {}
    return new_code_cell("", outputs=[new_output("display_data", {outputs.MIME: bundle}, metadata=metadata)])


def growth():
    """A chart as a layer of its own makes them: two layouts in one figure, its words in it, room for them said."""
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[0.379, 0.188],
            y=["Transport", "Education"],
            hovertext=["<b>Transport</b><br>37.9&nbsp;%", "<b>Education</b><br>18.8&nbsp;%"],
            hoverinfo="text",
        )
    )
    figure.update_layout(title={"text": "Spending grew"}, height=400, margin={"t": 90, "b": 60, "l": 8, "r": 8})
    figure.update_xaxes(tickformat=".0%")
    words = {"showarrow": False, "xanchor": "left"}
    for text, name, visible in (("on a phone", "narrow", False), ("on a desk", "wide", True)):
        figure.add_annotation(text=text, name=name, visible=visible, x=0.1, y=1, **words)
    figure.add_annotation(text="Source: in the picture", name="caption", x=0, y=0, xref="paper", yref="paper", **words)
    narrow = {"height": 260, "yaxis.showticklabels": False, "xaxis.title.text": "narrow axis"}
    return output(figure, RECORD | {"narrow": narrow, "room": {"top": 70, "bottom": 40}})


def of_another_author():
    """A figure without a word of ours; its labels are plotly's own."""
    return output(px.bar(x=["a", "b"], y=[3, 5], title="Somebody's bars"))


def linked():
    figure = go.Figure(go.Scatter(x=[1, 2], y=[1, 1], mode="markers", hovertext=["One", "Two"], hoverinfo="text"))
    for x, href in ((1, "../zh/01.html"), (2, "#growth")):
        figure.add_annotation(text=f'<a href="{href}">■</a>', x=x, y=1, showarrow=False)
    return output(figure, {"id": "squares", "title": "Squares", "alt": "Two squares.", "source": "s"})


def notebook():
    return new_notebook(cells=[new_markdown_cell("# Charts\n\nWords."), growth(), of_another_author(), linked()])


def page_of(lang="en", url="", **more):
    return render.Page("01", lang, "Charts", f"book/{lang}/01", drawn=True, site_title="Book", url=url, **more)


def written(root, page, one, content):
    files = companions(content, page, one)
    files[f"{page.path}.html"] = render.print_page(content, page, files).html.encode()
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return files


@pytest.fixture(scope="module")
def one():
    with browser.Browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def built(tmp_path_factory, one):
    root = tmp_path_factory.mktemp("site")
    assets.write_assets(root)
    for lang in ("en", "zh"):
        written(root, page_of(lang), one, notebook())
    return root


@pytest.fixture(scope="module")
def served(built):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def visit(chromium, served):
    """Open the page, with plotly.js out of reach unless it is wanted; what was fetched is in `page.fetched`."""
    opened = []

    def go(width=1280, path="book/en/01.html", plotly=False, **screen):
        page = chromium.new_page(viewport={"width": width, "height": 900}, **screen)
        opened.append(page)
        page.fetched, page.complaints = {}, []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("response", lambda answer: page.fetched.update({answer.url: len(answer.body())}))
        if not plotly:
            page.route("**/plotly.*.js", lambda route: route.abort())
        page.goto(f"{served}/{path}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield go
    for page in opened:
        assert not page.complaints
        page.close()


def texts(svg):
    """The words of a picture, a text each."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def picture(built, name, variant):
    page = (built / "book/en/01.html").read_text(encoding="utf-8")
    key = re.search(rf"charts/({name}\.\w+)-wide\.svg", page)[1]
    return (built / f"assets/charts/{key}-{variant}").read_bytes()


# Two layouts


def test_each_width_has_its_layout_and_no_words_that_the_page_says(built):
    wide, narrow = (texts(picture(built, "growth", f"{width}.svg")) for width in ("wide", "narrow"))
    assert ("on a desk" in wide, "on a phone" in wide, "narrow axis" in wide) == (True, False, False)
    assert ("on a desk" in narrow, "on a phone" in narrow, "narrow axis" in narrow) == (False, True, True)
    assert "Transport" in wide
    assert "Transport" not in narrow
    assert not [text for text in wide + narrow if "Spending grew" in text or "in the picture" in text]


def test_each_layout_has_the_height_that_it_says_without_the_room_of_title_and_caption(built):
    for variant, size in (("wide", "920 290"), ("narrow", "358 260")):
        assert f'viewBox="0 0 {size}"' in picture(built, "growth", f"{variant}.svg").decode()
        assert f'viewBox="0 0 {size}"' in picture(built, "growth", f"{variant}-dark.svg").decode()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_without_a_script_a_page_shows_the_layout_that_fits(chromium, served, width):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{served}/book/en/01.html")
    source = page.locator(".plot img").first.evaluate("image => image.decode().then(() => image.currentSrc)")
    assert ("-narrow" in source) == (width < 832)
    assert page.locator(".links.wide a").first.is_visible() == (width > 832)
    assert page.locator(".links.narrow a").first.is_visible() == (width < 832)
    assert not page.locator(".explore").first.is_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_explored_a_chart_has_the_layout_of_its_picture(visit, width):
    page = visit(width, plotly=True)
    chart = page.locator("figure#growth")
    chart.locator(".explore").click()
    chart.locator(".plot.drawn").wait_for()
    words = chart.locator(".stage text").all_text_contents()
    assert ("on a phone" in words, "on a desk" in words) == (width == 390, width == 1280)
    assert not [text for text in words if "in the picture" in text]


# Tips


def middle(page, chart, words):
    """Where in the window the middle of a mark is that says these words."""
    chart.scroll_into_view_if_needed()
    page.keyboard.press("Shift")  # a sign that the page is read
    return chart.evaluate(
        """async (figure, words) => {
            const image = figure.querySelector("img");
            await image.decode();
            const key = decodeURIComponent(image.getAttribute("src").match(/([^/]*)-wide.svg$/)[1]);
            while (!window.pressMarked?.[key]) await new Promise((go) => setTimeout(go, 20));
            const layout = image.currentSrc.includes("-narrow") ? "narrow" : "wide";
            const { tips } = window.pressMarked[key];
            const [x, y, width, height] = tips.find(({ lines }) => lines.join(" ").includes(words))[layout];
            const box = image.getBoundingClientRect();
            const scale = box.width / image.naturalWidth;
            return [box.left + (x + width / 2) * scale, box.top + (y + height / 2) * scale];
        }""",
        words,
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("id", "words", "lines"),
    [
        ("growth", "Transport", ["Transport", "37.9\u00a0%"]),
        ("growth", "Education", ["Education", "18.8\u00a0%"]),
        ("chart-2", "x=b", ["x=b", "y=5"]),
    ],
)
@pytest.mark.parametrize("how", ["point", "tap"])
def test_a_mark_says_what_it_is_without_plotly(visit, width, id, words, lines, how):
    page = visit(width, has_touch=True)
    x, y = middle(page, page.locator(f"figure#{id}"), words)
    (page.mouse.move if how == "point" else page.touchscreen.tap)(x, y)
    tip = page.locator("#figure-tip")
    tip.wait_for()
    assert tip.locator("> *").all_inner_texts() == lines
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    spot = page.locator(".spot").bounding_box()
    assert spot["x"] <= x <= spot["x"] + spot["width"]
    assert spot["y"] <= y <= spot["y"] + spot["height"]
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    assert page.locator(".spot").count() == 0
    assert not [url for url in page.fetched if "plotly" in url]


def test_where_there_is_no_mark_nothing_is_said(visit):
    page = visit()
    x, y = middle(page, page.locator("figure#growth"), "Transport")
    page.mouse.move(x, y)
    page.locator("#figure-tip").wait_for()
    box = page.locator("figure#growth .plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    page.locator("#figure-tip").wait_for(state="hidden")


@pytest.mark.parametrize("width", [390, 1280])
def test_with_the_keys_each_row_is_read_and_its_mark_explained(visit, width):
    page = visit(width)
    chart = page.locator("figure#growth")
    chart.locator(".plot").focus()
    tip = page.locator("#figure-tip")
    tip.wait_for()
    assert tip.locator("strong").inner_text() == "Transport"
    page.keyboard.press("End")
    assert chart.locator(".readout").text_content() == "Item: Education; Value: 18.8 (2/2)"
    page.wait_for_function("() => document.querySelector('#figure-tip strong').textContent === 'Education'")
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('#figure-tip strong').textContent === 'Transport'")


def test_a_chart_without_a_table_is_read_mark_by_mark(visit):
    page = visit()
    chart = page.locator("figure#chart-2")
    chart.locator(".plot").focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('#chart-2 .readout').textContent === 'x=b; y=5 (2/2)'")


def test_a_link_in_a_chart_is_one_on_the_page_and_a_finger_is_told_of_its_mark_first(visit):
    page = visit(390, has_touch=True)
    chart = page.locator("figure#squares")
    chart.scroll_into_view_if_needed()
    link = chart.locator(".links.narrow a").first
    assert (link.get_attribute("href"), link.get_attribute("aria-label")) == ("../zh/01.html", "One")
    middle(page, chart, "One")
    box = link.bounding_box()
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*spot)
    page.locator("#figure-tip").wait_for()
    assert page.locator("#figure-tip strong").inner_text() == "One"
    assert page.url.endswith("/en/01.html")
    page.touchscreen.tap(*spot)
    page.wait_for_url("**/zh/01.html")


# Nothing heavy before it is asked for


def test_what_marks_say_is_fetched_once_the_page_is_read(visit):
    page = visit()
    page.wait_for_load_state("networkidle")
    assert not [url for url in page.fetched if url.endswith("-marks.js")]
    page.mouse.move(5, 5)
    page.wait_for_function("() => Object.keys(window.pressMarked ?? {}).length > 0")


def use(page):
    """Scroll past, point at, tap and focus every chart."""
    for chart in page.locator("figure.chart").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".plot").hover()
        chart.locator(".plot").tap()
        chart.locator(".plot").focus()
        page.keyboard.press("ArrowRight")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [390, 1280])
def test_however_a_page_is_read_nothing_heavy_is_fetched_before_a_chart_is_explored(visit, width):
    page = visit(width, plotly=True, has_touch=True)
    use(page)
    assert sum(page.fetched.values()) < LIGHT
    assert not [url for url in page.fetched if "plotly" in url]
    page.locator(".explore").first.click()
    page.locator(".plot.drawn").wait_for()
    assert [url for url in page.fetched if "plotly" in url]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_chart_says_that_it_loads_and_can_be_put_away_again(visit, lang):
    page = visit(path=f"book/{lang}/01.html", plotly=True)
    said = assets.words(lang)["explore"]
    held = []
    page.route("**/plotly.*.js", lambda route: held.append(route))
    explore = page.locator("figure#growth .explore")
    assert explore.inner_text() == said["start"]
    explore.click()
    page.wait_for_function("() => document.querySelector('.explore').ariaBusy === 'true'")
    assert explore.inner_text() == said["loading"]
    assert page.locator("figure#growth .plot img").is_visible()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.locator("figure#growth .plot.drawn").wait_for()
    assert (explore.get_attribute("aria-busy"), explore.inner_text()) == ("false", said["back"])
    explore.click()
    assert explore.inner_text() == said["start"]
    assert page.locator("figure#growth .stage").count() == 0
    assert page.locator("figure#growth .plot img").is_visible()


def test_a_chart_that_cannot_be_loaded_says_so_and_can_be_tried_again(visit):
    page = visit()
    explore = page.locator("figure#growth .explore")
    explore.click()
    page.wait_for_function("() => document.querySelector('#growth .readout').textContent !== ''")
    assert page.locator("figure#growth .readout").inner_text() == assets.words("en")["explore"]["failed"]
    assert explore.inner_text() == assets.words("en")["explore"]["start"]
    assert page.locator("figure#growth .plot img").is_visible()
    page.unroute("**/plotly.*.js")
    explore.click()
    page.locator("figure#growth .plot.drawn").wait_for()
    assert page.locator("figure#growth .readout").text_content() == ""


# Pictures that travel


def flat(words):
    return re.sub(r"\s", "", "".join(words))


def test_a_picture_that_travels_says_what_the_page_says_and_where_it_is(one):
    page = page_of(url=ADDRESS)
    plot = sheets.plots_of(notebook(), "en", page.rules)[0]
    files = companions(new_notebook(cells=[growth()]), page, one)
    (svg,) = (data for name, data in files.items() if name.endswith("-share.svg"))
    said = flat(texts(svg))
    for words in (plot.title, plot.subtitle, f"Source: {plot.source}", f"{ADDRESS}/book/en/01.html#growth"):
        assert flat(words) in said
    (png,) = (data for name, data in files.items() if name.endswith("-share.png"))
    size = re.search(r'width="(\d+)" height="(\d+)"', svg.decode())
    assert [int.from_bytes(png[at : at + 4], "big") for at in (16, 20)] == [2 * int(length) for length in size.groups()]
    assert one.draw(plot.drawing | {"address": ""})["share.png"] != png


def test_a_picture_that_travels_from_nowhere_names_no_place(built):
    said = flat(texts(picture(built, "growth", "share.svg")))
    assert flat(RECORD["title"]) in said
    assert "http" not in said
    assert not list((built / "assets/charts").glob("*-card.png"))


def test_no_link_of_a_page_leaves_with_a_picture(built):
    assert b"<a " in picture(built, "squares", "wide.svg")
    assert b"<a " not in picture(built, "squares", "share.svg")


# Any figure of anybody

MAP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "a",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]]},
        }
    ],
}
FRAME = {"x": [0.1 * n for n in range(24)], "y": [n % 5 for n in range(24)], "kind": ["a", "b"] * 12}
TREE = {"names": ["a", "b", "c"], "parents": ["", "a", "a"], "values": [3, 1, 2]}


def subplots():
    figure = make_subplots(2, 2, specs=[[{}, {"type": "domain"}], [{"colspan": 2}, None]])
    figure.add_bar(y=[1, 2], row=1, col=1)
    figure.add_pie(labels=["left", "right"], values=[1, 2], row=1, col=2)
    figure.add_scatter(y=[1, 3, 2], row=2, col=1)
    figure.add_shape(type="rect", x0=0, x1=1, y0=1, y1=2, row=2, col=1)
    return figure


def cloud(**how):
    return px.scatter(x=[n % 97 for n in range(2000)], y=[n * n % 89 for n in range(2000)], **how)


GRID = [[(row * column) % 7 for column in range(10)] for row in range(8)]
KINDS = {  # each with the words of one of its marks, where marks have words
    "bar": (lambda: px.bar(FRAME, x="kind", y="y"), "kind=a"),
    "stacked": (lambda: px.bar(FRAME, x="x", y="y", color="kind"), "kind=b"),
    "line": (lambda: px.line(FRAME, x="x", y="y"), "x=0.1"),
    "area": (lambda: px.area(FRAME, x="x", y="y", color="kind"), "kind=b"),
    "scatter": (lambda: px.scatter(FRAME, x="x", y="y", color="kind"), "kind=b"),
    "bubbles": (lambda: px.scatter(FRAME, x="x", y="y", size="y", size_max=40), "y=4"),
    "many": (cloud, None),
    "many by webgl": (lambda: cloud(render_mode="webgl"), None),
    "heatmap": (lambda: go.Figure(go.Heatmap(z=GRID)), "z: 1"),
    "large heatmap": (lambda: go.Figure(go.Heatmap(z=[[n * m % 11 for n in range(60)] for m in range(60)])), None),
    "pie": (lambda: px.pie(names=["a", "b", "c"], values=[1, 2, 3]), "label=c"),
    "ring": (lambda: px.pie(names=["a", "b"], values=[1, 2], hole=0.5), "label=a"),
    "box": (lambda: px.box(FRAME, x="kind", y="y"), "median"),
    "violin": (lambda: px.violin(FRAME, x="kind", y="y"), "median"),
    "histogram": (lambda: px.histogram(FRAME, x="x", nbins=4), "count"),
    "two histograms": (lambda: px.density_heatmap(FRAME, x="x", y="y", nbinsx=4, nbinsy=4), "count"),
    "contour": (lambda: go.Figure(go.Contour(z=GRID)), "z: "),
    "errors": (lambda: go.Figure(go.Scatter(x=[1, 2], y=[1, 2], error_y={"array": [0.1, 0.2]})), "±"),
    "candles": (
        lambda: go.Figure(go.Candlestick(x=["a", "b"], open=[1, 2], close=[2, 1], high=[3, 3], low=[0, 0])),
        "open: 1",
    ),
    "waterfall": (lambda: go.Figure(go.Waterfall(x=["a", "b"], y=[3, -1])), "(a, 3)"),
    "funnel": (lambda: px.funnel(x=[3, 2], y=["a", "b"]), "x=3"),
    "funnel area": (lambda: px.funnel_area(names=["a", "b"], values=[3, 1]), "label=a"),
    "sunburst": (lambda: px.sunburst(**TREE), "label=b"),
    "treemap": (lambda: px.treemap(**TREE), "label=b"),
    "icicle": (lambda: px.icicle(**TREE), "label=b"),
    "sankey": (
        lambda: go.Figure(go.Sankey(node={"label": ["a", "b"]}, link={"source": [0], "target": [1], "value": [2]})),
        "source: a",
    ),
    "polar line": (lambda: px.line_polar(r=[1, 2, 3], theta=["a", "b", "c"]), "theta=a"),
    "polar bars": (lambda: px.bar_polar(r=[1, 2, 3], theta=["a", "b", "c"]), "theta=b"),
    "ternary": (lambda: px.scatter_ternary(a=[1, 2], b=[2, 1], c=[1, 1]), "a=0.25"),
    "subplots": (subplots, "left"),
    "table": (lambda: go.Figure(go.Table(header={"values": ["A"]}, cells={"values": [["cell"]]})), None),
    "indicator": (lambda: go.Figure(go.Indicator(mode="gauge+number", value=3)), None),
    "in space": (lambda: px.scatter_3d(FRAME, x="x", y="y", z="x"), None),
    "surface": (lambda: go.Figure(go.Surface(z=GRID)), None),
    "all pairs": (lambda: px.scatter_matrix({"x": FRAME["x"], "y": FRAME["y"]}), None),
    "parallel": (lambda: px.parallel_coordinates({"x": FRAME["x"], "y": FRAME["y"]}), None),
    "map of its own": (
        lambda: px.choropleth(geojson=MAP, locations=["a"], color=[1]).update_geos(visible=False),
        "locations=a",
    ),
    "image": (lambda: px.imshow([[[9, 9, 9], [200, 9, 9]]]), None),
    "animated": (lambda: px.scatter(FRAME, x="x", y="y", animation_frame="kind"), "kind=a"),
    "nothing": (go.Figure, None),
    "words": (
        lambda: go.Figure(go.Scatter(x=["一月"], y=[1], hovertemplate="%{x}：%{y:.1f}<extra>名</extra>")),
        "一月：1.0",
    ),
    "no tips wanted": (lambda: px.bar(FRAME, x="kind", y="y").update_layout(hovermode=False), None),
}


@pytest.fixture(scope="module")
def album(tmp_path_factory, one):
    """A page of all kinds of figures, as `(files, printed page)`."""
    cells = []
    for name, (figure, _) in KINDS.items():
        cells.append(output(figure().update_layout(title=name)))
    root = tmp_path_factory.mktemp("album")
    assets.write_assets(root)
    page = page_of("en")
    content = new_notebook(cells=cells)
    files = written(root, page, one, content)
    return root, files, render.print_page(content, page, files)


def files_of(album, name, variant):
    number = list(KINDS).index(name) + 1
    (found,) = (
        data for path, data in album[1].items() if re.search(rf"/chart-{number}\.\w+-{re.escape(variant)}$", path)
    )
    return found


@pytest.mark.parametrize("name", KINDS)
def test_a_figure_of_any_kind_is_drawn_at_either_width_and_says_its_words(album, name):
    words = KINDS[name][1]
    for variant in ("wide.svg", "narrow.svg", "wide-dark.svg", "narrow-dark.svg"):
        drawn = files_of(album, name, variant)
        tree = ElementTree.fromstring(drawn)
        marks = [one for one in tree.iter() if one.tag in (f"{SVG}path", f"{SVG}rect", f"{SVG}image", f"{SVG}text")]
        assert marks or name == "nothing"
        assert "".join(re.findall(r' id="(?!c\d+")', drawn.decode())) == ""
        assert assets.words("en")["undrawn"] not in "".join(texts(drawn))
    found = json.loads(files_of(album, name, "marks.js").decode().partition("] = ")[2].rstrip(";\n"))
    said = [" ".join(mark["lines"]) for mark in found["tips"]]
    assert [one for one in said if words in one] if words else not said
    for mark in found["tips"]:
        for width, limit in (("wide", 920), ("narrow", 358)):
            assert mark[width]
            assert len(mark[width]) % 4 == 0
            assert all(-40 <= left <= limit for left in mark[width][::4])


def test_a_page_of_all_kinds_of_figures_opens_and_says_which_weigh_much(album, chromium):
    root, _, printed = album
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto((root / "book/en/01.html").as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("() => Promise.all([...document.images].map((one) => (one.loading = 'eager', one.decode())))")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not complaints
    page.close()
    heavy = [line for line in printed.lost if "weighs" in line]
    assert len(heavy) == len(printed.lost)
    for number, name in enumerate(KINDS, start=1):
        sharp = len(files_of(album, name, "wide.svg"))
        assert sharp <= 100_000 or [line for line in heavy if line.startswith(f"cell {number}: ")]


# How much of a figure as plotly.js exports it and of our picture of it differs: the share of pixels that are far apart.
APART = """async ([spec, ours, { width, height }]) => {
  const stage = document.body.appendChild(document.createElement("div"));
  const { data, layout } = pressDrawing.prepared(spec, spec.template, { narrow: false });
  await Plotly.newPlot(stage, data, { ...layout, width, height }, { staticPlot: true });
  await pressDrawing.fitted(stage);
  const theirs = Plotly.Snapshot.toSVG(stage, "svg");
  Plotly.purge(stage);
  stage.remove();
  const pixels = async (svg) => {
    const image = new Image(width, height);
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    await image.decode();
    const pen = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    return pen.getImageData(0, 0, width, height).data;
  };
  const [one, other] = [await pixels(theirs), await pixels(ours)];
  let apart = 0;
  for (let at = 0; at < one.length; at += 4)
    if (Math.max(...[0, 1, 2].map((n) => Math.abs(one[at + n] - other[at + n]))) > 60) apart += 1;
  return apart / (width * height);
}"""
BY_WEBGL = ("many by webgl", "all pairs", "parallel", "in space", "surface")


@pytest.fixture(scope="module")
def easel(chromium):
    page = chromium.new_page()
    for script in ("plotly.js", "drawing.js"):
        page.add_script_tag(path=assets.asset_sources()[script])
    yield page
    page.close()


@pytest.mark.parametrize("name", [name for name in KINDS if name not in BY_WEBGL])
def test_a_picture_shows_what_plotly_shows(album, easel, name):
    content = new_notebook(cells=[output(KINDS[name][0]().update_layout(title=name))])
    drawing = sheets.plots_of(content, "en", page_of().rules)[0].drawing
    ours = files_of(album, name, "wide.svg").decode()
    assert easel.evaluate(APART, [drawing, ours, drawing["sizes"]["wide"]]) < 0.01


UNREACHED = {
    "tiles": (lambda: go.Figure(go.Scattermap(lon=[114], lat=[22])), "tiles from elsewhere", True),
    "places": (lambda: px.choropleth(locations=["CHN"], color=[1]), "shapes of its places", False),
    "coasts": (
        lambda: go.Figure(go.Scattergeo(lon=[114], lat=[22], hovertext=["Shenzhen"])),
        "coasts and borders",
        False,
    ),
}


@pytest.mark.parametrize("name", UNREACHED)
def test_a_map_from_elsewhere_is_told_and_never_a_blank(one, name):
    figure, problem, is_undrawn = UNREACHED[name]
    content = new_notebook(cells=[output(figure().update_layout(title="Where"))])
    files = companions(content, page_of(), one)
    (said,) = render.print_page(content, page_of(), files).lost
    assert said.startswith("cell 1: the chart “Where”: ")
    assert problem in said
    (wide,) = (data for path, data in files.items() if path.endswith("-wide.svg"))
    assert (flat(assets.words("en")["undrawn"]) in flat(texts(wide))) == is_undrawn


def test_a_figure_that_plotly_refuses_leaves_the_others_drawn(one):
    broken = {
        "data": [{"type": "bar", "x": [1], "y": [1]}],
        "layout": {"grid": {"rows": -1}, "xaxis": {"domain": 7}, "annotations": 5},
    }
    content = new_notebook(cells=[output({"data": [None, 3], "layout": {"shapes": 3}}), output(broken), growth()])
    files = companions(content, page_of(), one)
    (good,) = (data for path, data in files.items() if re.search(r"/growth\.\w+-wide\.svg$", path))
    assert "Transport" in texts(good)


def test_pictures_and_marks_are_the_same_each_time(one):
    plot = sheets.plots_of(notebook(), "en", page_of().rules)[0]
    assert one.draw(plot.drawing) == one.draw(plot.drawing)

"""Pages in a real Chromium: drawn, quiet, on any screen; and on paper, with every character and mark of their own."""

import contextlib
import functools
import io
import re
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from xml.etree import ElementTree

import pikepdf
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from press.page import render, sheets
from press.page.companions import companions
from press.page.outputs import MIME
from press.paper import browser
from press.site import assets

pytestmark = pytest.mark.slow

EVIL = "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">"


def bars(id, title):
    figure = {
        "data": [
            {"type": "bar", "orientation": "h", "x": [24.4, 15.5], "y": ["社会保障和就业", "教育"], "text": [EVIL, "b"]}
        ],
        "layout": {"title": {"text": title}, "height": 300},
    }
    said = {
        "id": id,
        "title": title,
        "alt": EVIL,
        "data": {"columns": ["类别", "增长"], "rows": [["教育", 15.5], [EVIL, 1]]},
    }
    return new_code_cell("", outputs=[new_output("display_data", {MIME: figure}, metadata={"press": {"chart": said}})])


def number(id, value, text):
    return f'<data class="figure" value="{value}" data-figure="{id}" title="志愿者&#10;原文“{text}”">{text}</data>'


def long_table():
    rows = "".join(
        f'<tr id="n.x{n}"><td>行{n}</td><td>{number(f"n.x{n}", 40 - 2 * n, f"{40 - 2 * n}个")}</td></tr>'
        for n in range(20)
    )
    return f'<table class="data-table"><thead><tr><th>名</th><th>数</th></tr></thead><tbody>{rows}</tbody></table>'


def spoken():
    derived = (
        '<data class="figure" value="2" data-formula="a / b" data-inputs="n.a n.b" title="比&#10;a / b">2倍</data>'
    )
    data = {"n": number("n.a", 2080000, "208万名"), "r": derived}
    answers = [{"expression": key, "result": {"data": {"text/html": html}}} for key, html in data.items()]
    return new_markdown_cell("有{eval}`n`，{eval}`r`。", metadata={"user_expressions": answers})


def notebook():
    wide = "<table>" + "<tr>" + "<td>一个很长的单元格</td>" * 30 + "</tr></table>"
    cells = [
        new_markdown_cell("# 民生支出\n\n四类支出都在增长。"),
        new_markdown_cell("## 社保最快\n\n" + "长" * 300 + " " + "w" * 2000),
        bars("growth", "社会保障和就业增长最快"),
        bars("evil", EVIL),
        new_markdown_cell(
            "## 学位\n\n{eval}`x`",
            metadata={"user_expressions": [{"expression": "x", "result": {"data": {"text/plain": EVIL}}}]},
        ),
        new_code_cell("", outputs=[new_output("display_data", {"text/html": wide})]),
        new_code_cell("", outputs=[new_output("display_data", {"text/html": long_table()})]),
        spoken(),
    ]
    return new_notebook(cells=cells)


def page_of(path, drawn=True):
    lang = path.split("/")[1]
    twins = (("zh", "../zh/01.html"), ("en", "../en/01.html"))
    title = {"site_title": "蓝皮书", "params": {EVIL: EVIL}}
    return render.Page("01", lang, "民生", path, alternates=twins, figures={"": "figures"}, drawn=drawn, **title)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small site: the page in two languages, its charts drawn; and once as it is where there was no Chromium."""
    root = tmp_path_factory.mktemp("site")
    assets.write_assets(root)
    with browser.Browser() as one:
        for page in (page_of("e/zh/01"), page_of("e/en/01"), page_of("e/zh/live", drawn=False)):
            files = companions(notebook(), page, one if page.drawn else None)
            files[f"{page.path}.html"] = render.render(notebook(), page).encode()
            for name, content in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(content)
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
        one = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture(scope="module")
def pdf(built):
    page = built / "e/zh/01.html"
    with browser.Browser() as one:
        return [one.pdf(page, title="民生支出", lang="zh", running="蓝皮书") for _ in range(3)]


@pytest.fixture
def visit(chromium, served):
    """Open a page; afterwards nothing may have been complained of, and nothing asked of another host."""
    opened, complaints, asked = [], [], []

    def go(path, **screen):
        page = chromium.new_page(**screen)
        opened.append(page)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path if "://" in path else f"{served}/{path}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield go
    for page in opened:
        page.close()
    assert not complaints
    assert not [url for url in asked if not url.startswith((served, "data:", "blob:", "file:"))]


SCREENS = [(390, "light"), (390, "dark"), (768, "light"), (1280, "dark")]
BREAK = 832  # px: up to there charts have their narrow layout


def screen(width, light):
    return {"viewport": {"width": width, "height": 900}, "color_scheme": light}


@pytest.mark.parametrize(("width", "light"), SCREENS)
def test_charts_are_there_before_anything_runs_and_nothing_hangs_over(visit, width, light):
    page = visit("e/zh/01.html", **screen(width, light))
    page.evaluate("() => { for (const image of document.images) image.loading = 'eager' }")
    for image in page.locator(".plot img").all():
        image.evaluate("image => image.decode()")
        name = image.evaluate("image => image.currentSrc")
        assert ("-narrow" in name, "-dark" in name) == (width <= BREAK, light == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_page_is_light_before_it_is_used(visit):
    page = visit("e/zh/01.html", viewport={"width": 1280, "height": 4000})
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [name for name in loaded if "plotly" in name]
    sizes = page.evaluate("performance.getEntries().map((one) => one.transferSize ?? 0).reduce((a, b) => a + b)")
    assert sizes < 150_000  # not even compressed


def test_a_chart_comes_alive_in_its_place_when_it_is_explored(visit):
    page = visit("e/zh/01.html", **screen(1280, "light"))
    heights = "() => [...document.querySelectorAll('.plot')].map((plot) => plot.getBoundingClientRect().height)"
    before = page.evaluate(heights)
    page.locator(".explore").first.click()
    page.wait_for_selector(".plot.drawn")
    assert page.evaluate(heights) == before
    assert page.locator(".plot .point path").count() == 2


def test_a_chart_is_read_point_by_point_with_the_arrow_keys(visit):
    page = visit("e/zh/01.html")
    page.locator(".plot").first.focus()
    said = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        said.append(page.locator(".readout").first.inner_text())
    assert said == ["类别: 教育; 增长: 15.5 (1/2)", f"类别: {EVIL}; 增长: 1 (2/2)", said[1], said[0]]


@pytest.mark.parametrize("how", ["hover", "focus", "tap"])
def test_a_number_explains_itself(visit, how):
    page = visit("e/zh/01.html", **screen(390, "light"), has_touch=True)
    getattr(page.locator("article > p a.figure"), how)()
    tip = page.locator("#figure-tip")
    tip.wait_for(state="visible")
    assert tip.locator("> *").all_inner_texts() == ["志愿者", "原文“208万名”"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.url.endswith("/e/zh/01.html")
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_a_derived_number_leads_to_what_it_came_from(visit):
    page = visit("e/zh/01.html")
    page.locator("data[data-formula]").focus()
    links = page.locator("#figure-tip a")
    assert [link.get_attribute("href") for link in links.all()] == ["figures.html#n.a", "figures.html#n.b"]


def test_a_long_table_is_sorted_and_filtered(visit):
    page = visit("e/zh/01.html")
    table = page.locator("article table.data-table", has_text="行19")
    rows = table.locator("tbody tr:visible td:last-child")
    head = table.locator("th button").last
    seen = []
    for _ in range(3):
        head.click()
        seen.append((table.locator("th").last.get_attribute("aria-sort"), rows.first.inner_text()))
    assert seen == [("ascending", "2个"), ("descending", "40个"), (None, "40个")]
    page.get_by_label("筛选").fill("行7")
    assert rows.all_inner_texts() == ["26个"]
    assert page.locator(".filter output").inner_text() == "1 / 20"


def test_without_scripts_everything_is_there(chromium, served):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/e/zh/01.html")
    assert page.locator(".plot img").first.is_visible()
    assert page.locator("figure .chart-data summary").first.is_visible()
    context.close()


@pytest.mark.parametrize(("width", "light"), SCREENS[:2])
def test_where_there_was_no_chromium_charts_are_drawn_on_opening(visit, width, light):
    page = visit("e/zh/live.html", **screen(width, light))
    assert [plot.locator(".point path").count() for plot in page.locator(".plot").all()] == [2, 2]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    over = page.evaluate("""() => [...document.querySelectorAll(".main-svg")].flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll(".yaxislayer-above text")].filter((text) => text.getBoundingClientRect().left < box.left - 1);
    }).length""")
    assert over == 0


def test_a_chart_stands_alone_in_a_frame(visit):
    page = visit("e/zh/01/growth.html", **screen(390, "light"))
    assert page.locator("figure img").evaluate("image => image.naturalWidth") == 358
    assert page.locator("figcaption").inner_text() == "社会保障和就业增长最快"
    page.locator(".explore").click()
    page.wait_for_selector(".plot.drawn")


def test_pictures_are_the_same_each_time_and_drawn_only_once(built):
    def never(_):
        raise AssertionError("drawn again")

    with browser.Browser() as one:
        again = companions(notebook(), page_of("e/zh/01"), one)
    assert {name: (built / name).read_bytes() for name in again} == again
    assert companions(notebook(), page_of("e/zh/01"), SimpleNamespace(draw=never), [built]) == again


def test_no_picture_turns_its_words_around():
    plot, *_ = sheets.plots_of(notebook(), "zh", page_of("e/zh/01").rules)
    with browser.Browser() as one:
        cards = [one.draw({"title": f"{mark}evil", "source": "Book"}) for mark in ("", "\u202e")]
        drawn = one.draw(plot.drawing | {"title": "\u202eevil"})
    assert cards[0] == cards[1]
    assert "evil" in drawn["share.svg"].decode()
    assert "\u202e" not in drawn["share.svg"].decode()


def test_no_picture_has_a_script_or_an_id_of_chance(built):
    for picture in (built / "assets" / "charts").glob("*.svg"):
        text = picture.read_text()
        assert re.fullmatch(r"(c\d+)*", "".join(re.findall(r' id="([^"]*)"', text)))
        for element in ElementTree.fromstring(text).iter():
            assert not element.tag.endswith(("script", "foreignObject"))
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"]


def test_a_hostile_string_is_only_text(visit):
    page = visit("e/zh/01.html")
    assert page.title() == "民生支出 · 蓝皮书"
    assert page.locator("figcaption").nth(1).inner_text().endswith(EVIL)
    assert page.locator("article img").count() == 2


@pytest.mark.parametrize("name", ["01", "live"])
def test_a_page_works_from_a_folder(visit, built, name):
    page = visit((built / f"e/zh/{name}.html").as_uri())
    for explore in page.locator(".explore").all()[:1]:
        explore.click()
    page.wait_for_selector(".plot.drawn")


def test_the_language_switch_stays_on_the_section(visit):
    page = visit("e/zh/01.html#s3")
    page.click(".languages a")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/e/en/01.html#s3")


def test_a_pdf_says_what_the_page_says(pdf, tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf[0])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    flat = re.sub(r"\s", "", text)
    for words in ("民生支出", "四类支出都在增长。", "社会保障和就业增长最快", "教育", "蓝皮书"):
        assert words in flat
    assert flat.count("社会保障和就业") == 3  # in the caption, and on the axes of two charts
    assert re.search(r"1\s*/\s*\d", text)


def test_a_story_or_card_is_not_cut_between_two_pages(built, tmp_path):
    page = built / "e/zh/cut.html"
    whole = (built / "e/zh/01.html").read_text()
    bars = "".join(f"<p style='margin:0'>{step}<br>&nbsp;</p>" for step in range(8))
    lists = (
        '<ul class="findings"><li class="finding">{}</li></ul>',
        '<div class="cards"><div class="card">{}</div></div>',
    )
    shown = 0
    with browser.Browser() as one:
        for item in lists:
            for height in (150, 180, 200, 215):
                inner = f"<div style='height:{height}mm'>above</div>" + item.format(f"FIRST{bars}LAST")
                page.write_text(re.sub("(<article.*?>).*</article>", rf"\g<1>{inner}</article>", whole, flags=re.S))
                path = tmp_path / "cut.pdf"
                path.write_bytes(one.pdf(page, title="民生支出", lang="zh", running="蓝皮书"))
                text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
                sheets_of = [sheet for sheet in text.split("\f") if "FIRST" in sheet or "LAST" in sheet]
                assert len(sheets_of) == 1, height
                shown += "above" not in sheets_of[0]
    page.unlink()
    assert shown  # some of them would have been cut


def test_a_pdf_has_bookmarks_tags_language_and_no_path_of_this_machine(pdf, built):
    with pikepdf.open(io.BytesIO(pdf[0])) as document:
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["民生支出"]
            assert [item.title for item in outline.root[0].children] == ["社保最快", "学位"]
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "zh-Hans"
        assert document.docinfo.Title == "民生支出"
    assert str(built).encode() not in pdf[0]


def test_a_pdf_is_the_same_each_time(pdf):
    assert pdf[0] == pdf[1] == pdf[2]


def chromiums():
    return {one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()}


def crash(processes):
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def test_a_chromium_that_crashes_is_started_again(built, pdf):
    page, others = built / "e/zh/01.html", chromiums()
    with browser.Browser() as one:
        for _ in range(2):
            assert chromiums() - others
            crash(chromiums() - others)
            assert one.pdf(page, title="民生支出", lang="zh", running="蓝皮书") == pdf[0]


def test_a_chromium_that_does_not_start_again_is_told(built, tmp_path, monkeypatch):
    once = tmp_path / "chromium"
    once.write_text(f'#!/bin/sh\n[ -e {once}.used ] && exit 1; touch {once}.used; exec {browser.find()} "$@"\n')
    once.chmod(0o755)
    monkeypatch.setenv("PRESS_CHROMIUM", str(once))
    others = chromiums()
    with browser.Browser() as one:
        crash(chromiums() - others)
        for _ in range(2):
            with pytest.raises(browser.BrowserError, match="does not start"):
                one.pdf(built / "e/zh/01.html", title="", lang="zh")


def test_without_a_chromium_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(browser.BrowserError, match="apt-get install chromium"):
        browser.Browser()


def test_a_chart_with_a_character_that_no_font_has_is_not_drawn():
    chart = new_notebook(cells=[bars("odd", "四\U00016a40类")])
    with browser.Browser() as one, pytest.raises(browser.GlyphError, match="a chart: no font here has \U00016a40 "):
        companions(chart, page_of("e/zh/odd"), one)

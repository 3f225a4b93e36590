"""Pages in a real Chromium: drawn, quiet, on any screen; and on paper, with every character and mark of their own."""

import functools
import io
import re
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from press import browser, pages, site
from press.plots import MIME

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
    ]
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    site.write_assets(root)
    for lang in ("zh", "en"):
        twins = (("zh", "../zh/01.html"), ("en", "../en/01.html"))
        page = pages.Page(
            "01", lang, "民生", f"e/{lang}/01", site_title="蓝皮书", alternates=twins, params={EVIL: EVIL}
        )
        path = root / f"{page.path}.html"
        path.parent.mkdir(parents=True)
        path.write_text(pages.render(notebook(), page), encoding="utf-8")
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
        return [one.pdf(page, title="民生支出", lang="zh", running="蓝皮书") for _ in range(2)]


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


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_charts_are_drawn_and_nothing_hangs_over(visit, width, light):
    page = visit("e/zh/01.html", viewport={"width": width, "height": 900}, color_scheme=light)
    assert [plot.locator(".point path").count() for plot in page.locator(".plot").all()] == [2, 2]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    over = page.evaluate("""() => [...document.querySelectorAll(".main-svg")].flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll(".yaxislayer-above text")].filter((text) => text.getBoundingClientRect().left < box.left - 1);
    }).length""")
    assert over == 0


def test_a_hostile_string_is_only_text(visit):
    page = visit("e/zh/01.html")
    assert page.title() == "民生支出 · 蓝皮书"
    assert page.locator("figcaption").nth(1).inner_text().endswith(EVIL)
    assert page.locator("img").count() == 0


def test_a_page_works_from_a_folder(visit, built):
    page = visit((built / "e/zh/01.html").as_uri())
    assert page.locator(".plot.drawn").count() == 2


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
    for words in ("民生支出", "四类支出都在增长。", "社会保障和就业增长最快", "教育", "24.4", "蓝皮书"):
        assert words.replace("24.4", "20") in flat
    assert re.search(r"1\s*/\s*\d", text)


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
    assert pdf[0] == pdf[1]


def test_without_a_chromium_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(browser.BrowserError, match="apt-get install chromium"):
        browser.Browser()


def test_without_a_chinese_font_nothing_is_printed(monkeypatch, built):
    with browser.Browser() as one:
        monkeypatch.setattr(one, "_draws_cjk", lambda: False)
        with pytest.raises(browser.BrowserError, match="fonts-noto-cjk"):
            one.pdf(built / "e/zh/01.html", title="x", lang="zh")

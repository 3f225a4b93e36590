"""What a page says can be found, in either language, and leads to where it says it."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import sync_playwright

from press.page import render
from press.page.outputs import MIME
from press.page.record import read_page
from press.paper import browser
from press.site import assets, index, search
from press.suite import Report, Run, Suite

pytestmark = pytest.mark.slow

EVIL = "</script><img src=x onerror=alert(1)>"
HEAD = '<th scope="row">志愿者<small>没有年份</small><code>volunteers.total</code></th>'
ROWS = f'<tr id="volunteers.total">{HEAD}<td>208万名<small>2080000</small></td></tr><tr><td>别的</td></tr>'


def notebook():
    chart = {"data": [], "layout": {"title": {"text": "四类支出"}}}
    said = {
        "id": "growth",
        "title": "四类支出",
        "alt": "横条图：教育18.8%",
        "data": {"columns": ["k"], "rows": [["表里的话"]]},
    }
    cells = [
        new_markdown_cell("# 社会协同\n\n全市志愿者很多。", metadata={"tags": ["zh"]}),
        new_markdown_cell("# Society\n\nMany volunteers help.", metadata={"tags": ["en"]}),
        new_markdown_cell(f"## ２０２０ (年)\n\n法律援助 `{EVIL}`"),
        new_code_cell("", outputs=[new_output("display_data", {MIME: chart}, metadata={"press": {"chart": said}})]),
        new_markdown_cell("图后面的话。"),
        new_code_cell("", outputs=[new_output("display_data", {"text/html": f"<table>{ROWS}</table>"})]),
    ]
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    assets.write_assets(root)
    report = Report("04-society", root, {"zh": "社会协同", "en": "Society"})
    runs = [Run(report, lang, {}, f"e/{lang}/04-society") for lang in ("zh", "en")]
    for run in runs:
        page = render.Page("04-society", run.lang, run.title, run.path, languages=("zh", "en"))
        (root / f"e/{run.lang}").mkdir(parents=True)
        (root / f"{run.path}.html").write_text(render.render(notebook(), page), encoding="utf-8")
        (root / f"{run.path}.pdf").touch()
    synonyms = {"zh": {"义工": ("志愿者",)}, "en": {"helpers": ("volunteers",)}}
    suite = Suite(root, root, root, {"zh": "书", "en": "Book"}, ("zh", "en"), ("html",), "", {}, (), synonyms=synonyms)
    records = {run.path: read_page((root / f"{run.path}.html").read_text(encoding="utf-8")) for run in runs}
    index.write_index(root, suite, runs, records)
    return root


def test_there_is_an_entry_for_sections_charts_rows_and_the_pdf(built):
    record = read_page((built / "e/zh/04-society.html").read_text(encoding="utf-8"))
    found = search.entries("04-society", record, has_pdf=True)
    assert [(kind, href.partition("#")[2], title) for kind, href, title, *_ in found] == [
        ("section", "society", "社会协同"),
        ("section", "2020" if found[1][1].endswith("2020") else "s2", "２０２０ (年)"),
        ("chart", "growth", "图1 四类支出"),
        ("row", "volunteers.total", "志愿者"),
        ("pdf", "", "社会协同"),
    ]
    assert found[3][3] == "没有年份 208万名 2080000"  # a reader of the results has no use for the id
    texts = [text for *_, text, _ in found]
    assert "全市志愿者很多。" in texts[0]
    assert "图后面的话。" in texts[1]
    assert "横条图：教育18.8%" in texts[2]
    assert "表里的话" not in "".join(texts)
    assert "208万名" in texts[3]


def test_an_index_is_a_script_that_holds_only_data(built):
    script = (built / "e/zh/search.js").read_text()
    assert "<" not in script
    told = json.loads(script.removeprefix("window.pressIndex = ").removesuffix(";\n"))
    assert len(told["entries"]) == 5
    assert told["synonyms"] == {"义工": ["志愿者"]}


@pytest.mark.parametrize(
    ("lang", "query", "href"),
    [
        ("zh", "志愿者", "04-society.html#volunteers.total"),
        ("zh", "208万", "04-society.html#volunteers.total"),
        ("zh", "2,080,000", "04-society.html#volunteers.total"),
        ("zh", "2，080000", "04-society.html#volunteers.total"),
        ("zh", "volunteers.total", "04-society.html#volunteers.total"),
        ("zh", "义工", "04-society.html#volunteers.total"),
        ("en", "Helpers", "04-society.html#society"),
        ("zh", "援助", "04-society.html#s2"),
        ("zh", "2020 (年", "04-society.html#s2"),
        ("zh", "横条图", "04-society.html#growth"),
        ("en", "VOLUNTEERS help", "04-society.html#society"),
        ("en", "onerror=", "04-society.html#s2"),
        ("en", "nowhere", None),
        ("en", "(.*", None),
    ],
)
def test_a_reader_finds_it(results, lang, query, href):
    assert results(lang, query) == href


@pytest.fixture(scope="module")
def results(built):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        complaints = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def first(lang, query):
            page.goto((built / f"e/{lang}/search.html").as_uri())
            page.wait_for_selector("html[data-ready]", state="attached")
            page.fill("#query", query)
            page.wait_for_selector("#found:not(:empty)")
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            assert page.locator("main img").count() == 0
            hits = page.locator("#hits a")
            return hits.first.get_attribute("href") if hits.count() else None

        yield first
        chromium.close()
        assert not complaints

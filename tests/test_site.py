"""The printed book, as its readers get it: every page, chart, link and PDF of the real edition, in a real browser."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import nbformat
import openpyxl
import pandas as pd
import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from bluebook import audit, open_edition
from press.page.sheets import sheets_of
from press.site.assets import first_sentence
from press.site.server import start
from press.tags import CellRules

pytestmark = pytest.mark.slow

EDITION = "shenzhen-2021"
CHAPTERS = (
    "01-livelihood",
    "02-party-leadership",
    "03-government",
    "04-society",
    "05-projects",
    "06-safeguards",
    "07-audit",
    "07-audit-agreements",
    "08-context",
    "09-services",
)
WITH_CHARTS = tuple(name for name in CHAPTERS if name != "07-audit-agreements")  # which says it in tables
CITED = ("people", "communities", "budgets", "services")
DISTRICTS = ("21-districts", "20-district-guangming", "20-district-shenshan")  # those of most and of fewest numbers
REPORTS = (*CHAPTERS, *DISTRICTS, "07-checks", "11-editions", "figures", *(f"cited-{what}" for what in CITED))
FRONT = {"zh": "../index", "en": "../index.en"}
PAGES = [f"{lang}/{name}" for lang in ("zh", "en") for name in (*REPORTS, "index")] + [*FRONT.values()]
HAN = re.compile(r"[\u4e00-\u9fff]")
MARKS = re.compile(r"<(?:path|rect|circle)\b")


@pytest.fixture
def open_page(chromium, site):
    """A function that opens a page of the edition and tells what went wrong on it."""
    opened = []

    def open_page(name, width=1280, **screen):
        page = chromium.new_page(viewport={"width": width, "height": 900}, **screen)
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else page.complaints.append(r.url),
        )
        name, mark, query = name.partition("?")
        page.goto((site / EDITION / f"{name}.html").as_uri() + mark + query)
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture(scope="module")
def served(site):
    """The address where `press serve` serves the site."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin():
        return start(site)

    server, address = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    yield address
    loop.call_soon_threadsafe(server.stop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


FORBIDDEN = """() => [...document.querySelectorAll("h1, h2, h3, figcaption")].flatMap((heading) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  let last, wrong = [];
  while (walker.nextNode()) {
    for (let at = 0; at < walker.currentNode.length; at++) {
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + 1);
      const [box] = range.getClientRects();
      if (!box || !box.width) continue;
      if (last && box.left < last.left && box.top > last.top && "，。：；？！、）》”’".includes(range.toString())) wrong.push(heading.textContent);
      last = box;
    }
  }
  return wrong;
})"""
TALLEST = 9000  # pixels, with every picture in its place


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_cleanly_fits_every_width_breaks_its_headings_well_and_is_no_scroll_without_end(open_page, name):
    page = open_page(name)
    chinese = name.startswith("zh") or name == FRONT["zh"]
    assert page.get_attribute("html", "lang") == ("zh-Hans" if chinese else "en")
    assert page.title()
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST
    for width in (1280, 768, 390, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if width >= 390:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        if chinese:  # no line begins with what closes the one before
            assert page.evaluate(FORBIDDEN) == [], width
    assert not page.complaints


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_tall_chart_is_printed_whole_below_its_title(site, lang):
    path = site / EDITION / lang / "07-audit.pdf"
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    soup = BeautifulSoup((site / EDITION / f"{lang}/07-audit.html").read_text(encoding="utf-8"), "html.parser")
    tall = next(figure for figure in soup.select("figure.chart") if figure["id"] == "audit-spending")
    words = [
        re.sub(r"\s", "", tall.figcaption.get_text()),
        re.sub(r"\s", "", tall.select_one(".chart-note").get_text()),
    ]
    sheets = [re.sub(r"\s", "", sheet) for sheet in text.split("\f")]
    assert [number for number, sheet in enumerate(sheets) if words[0] in sheet and words[1][:30] in sheet]


@pytest.mark.parametrize("name", [f"{lang}/{chapter}" for lang in ("zh", "en") for chapter in WITH_CHARTS])
def test_every_chart_is_drawn_says_what_its_marks_are_and_can_be_explored(open_page, name):
    page = open_page(name)
    charts = page.locator("figure.chart")
    assert charts.count() > 0
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        picture = chart.locator("picture img")
        assert picture.get_attribute("alt") or chart.get_attribute("aria-label")
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
        drawn = Path(unquote(picture.evaluate("image => image.currentSrc")).removeprefix("file://")).read_text(
            encoding="utf-8"
        )
        assert len(MARKS.findall(drawn)) > 1
        apostrophes = "a Han wide" if 'font-variant="proportional-width"' not in drawn else "of English"
        assert apostrophes == ("a Han wide" if HAN.search(drawn) else "of English")
        chart.locator(".plot").focus()
        page.locator("#figure-tip").wait_for()
        assert page.locator("#figure-tip strong").inner_text()
        chart.locator(".explore").click()
        chart.locator(".main-svg").first.wait_for()
        assert chart.locator(".main-svg").first.locator("path, rect").count() > 1
    assert not page.complaints


@pytest.fixture
def weigh(chromium, served):
    """A function that opens a page as `press serve` serves it, has all in sight or not, and weighs what was asked for."""

    def weigh(name, width, *, compressed, all_in_sight):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        if not compressed:
            page.set_extra_http_headers({"Accept-Encoding": "identity"})
        asked, answers = [], []
        page.on("request", lambda request: asked.append(request))
        page.on("response", lambda response: answers.append(response))
        page.goto(f"{served}{EDITION}/{name}.html")
        if all_in_sight:
            page.evaluate("() => { for (const image of document.images) image.loading = 'eager' }")
        page.wait_for_load_state("networkidle")
        if all_in_sight:
            page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth)")
        assert [request.url for request in asked if not request.url.startswith(served)] == []
        assert any("content-encoding" in answer.headers for answer in answers) == compressed
        sizes = [request.sizes() for request in asked]
        page.close()
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    return weigh


@pytest.fixture(scope="module")
def heaviest(site):
    """The pages with most bytes of HTML, of pictures and of both: in Chinese, in English and among the front pages."""
    html, pictures = {}, {}
    for name in PAGES:
        path = site / EDITION / f"{name}.html"
        text = path.read_text(encoding="utf-8")
        html[name] = path.stat().st_size
        drawn = set(re.findall(r'\b(?:src|srcset)="([^"]+\.svg)"', text))
        pictures[name] = sum((path.parent / unquote(one)).stat().st_size for one in drawn)
    assert max(pictures.values()) > 0
    both = {name: html[name] + pictures[name] for name in PAGES}
    chosen = set()
    for prefix in ("zh/", "en/", "../"):
        names = [name for name in PAGES if name.startswith(prefix)]
        for weight in (html, pictures, both):
            chosen.add(max(names, key=weight.get))
    return sorted(chosen)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_heaviest_pages_with_all_their_charts_in_sight_weigh_little_and_ask_nobody_else(weigh, heaviest, width):
    for name in heaviest:
        assert weigh(name, width, compressed=True, all_in_sight=True) <= 150_000, name


@pytest.mark.parametrize("width", [390, 1280])
def test_the_heaviest_pages_weigh_little_before_anything_is_done_even_where_nothing_is_compressed(
    weigh, heaviest, width
):
    for name in (*heaviest, "zh/search", "en/search"):
        assert weigh(name, width, compressed=False, all_in_sight=False) <= 150_000, name


def test_every_link_and_anchor_of_the_site_leads_somewhere(site):
    soups = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.rglob("*.html")}
    ids = {path: {tag["id"] for tag in soup.find_all(id=True)} for path, soup in soups.items()}
    broken = []
    for path, soup in soups.items():
        for tag in soup.find_all(["a", "link", "img", "script", "source"]):
            target = tag.get("href") or tag.get("src") or tag.get("srcset")
            if not target or re.match(r"(?:https?|mailto|data):", target):
                continue
            place, anchor = urldefrag(target)
            there = site / "index.html" if place == "/" else (path.parent / unquote(place)).resolve() if place else path
            if not there.is_file() or (anchor and there.suffix == ".html" and unquote(anchor) not in ids[there]):
                broken.append(f"{path.relative_to(site)}: {target}")
    assert len(soups) > len(PAGES)
    assert not broken


KINDS = ["../index", "../index.en", "../404", "en/07-checks"]
KINDS += [
    f"{lang}/{name}"
    for lang in ("zh", "en")
    for name in ("index", "04-society", "figures", "cited-people", "search?q=15")
]
KINDS += [f"{lang}/04-society/volunteers-share" for lang in ("zh", "en")]


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_page_is_accessible_with_all_of_it_open(open_page, name, light):
    page = open_page(name, color_scheme=light)
    if name != "../404":
        page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    if page.locator(".plot").count():
        page.locator(".explore").first.click()
        page.wait_for_selector(".plot.drawn")
    if page.locator("a.figure").count():
        page.locator("a.figure").first.focus()
        page.locator("#figure-tip").wait_for()
    assert not page.complaints
    found = Axe().run(page).response["violations"]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def test_dark_pages_are_dark_and_show_dark_pictures(open_page):
    page = open_page("zh/04-society", color_scheme="dark")
    red, green, blue = page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert max(red, green, blue) < 60
    assert "-dark" in page.locator(".plot img").first.evaluate("image => image.currentSrc")


def test_where_the_book_is_published_is_not_known_so_no_page_promises_a_preview(site):
    for name in PAGES:
        soup = BeautifulSoup((site / EDITION / f"{name}.html").read_bytes(), "html.parser")
        said = [meta.get("property") or meta.get("name") for meta in soup.select("meta[property], meta[name]")]
        assert not [one for one in said if "image" in one or one in ("og:url", "twitter:card")], name


@pytest.mark.parametrize("name", ["zh/04-society", "en/figures"])
def test_on_paper_only_what_is_read_remains(open_page, name):
    page = open_page(name, 760)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.emulate_media(media="print", color_scheme="dark")
    for furniture in (".masthead", ".sections", ".neighbours", ".chart-tools", ".filter", ".anchor"):
        assert not [one for one in page.locator(furniture).all() if one.is_visible()]
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 760
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")  # fmt: skip
    assert not [src for src in (one.evaluate("image => image.currentSrc") for one in page.locator(".plot img").all()) if "-dark" in src]  # fmt: skip


@pytest.mark.parametrize("name", ["zh/04-society", "en/figures", "zh/index", "../index"])
def test_without_javascript_everything_is_there(chromium, site, name):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto((site / EDITION / f"{name}.html").as_uri())
    soup = BeautifulSoup((site / EDITION / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    assert page.locator("figure.chart").count() == len(soup.select("figure.chart"))
    for chart in page.locator("figure.chart").all():
        assert chart.locator("img").is_visible()
        chart.locator(".chart-data summary").click()
        assert chart.locator(".chart-data table").is_visible()
    for row in page.locator("tr[id]").all()[:3]:
        assert row.is_visible()
    assert page.locator(".neighbours a, .listing a").first.is_visible()
    assert all(link.is_visible() for link in page.locator(".sections a, .squares a, .finding a").all())
    page.set_viewport_size({"width": 1280, "height": 900})
    assert all(link.is_visible() for link in page.locator(".contents a").all())
    context.close()


def test_a_page_works_on_a_machine_without_a_network(chromium, site):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto((site / EDITION / "zh/index.html").as_uri())
    page.get_by_role("link", name=re.compile("社会协同")).first.click()
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator(".explore").first.click()
    page.wait_for_selector(".plot.drawn")
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_are_read_point_by_point_from_the_keyboard(open_page, lang):
    page = open_page(f"{lang}/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    for chart in page.locator("figure.chart").all():
        rows = chart.locator(".chart-data tbody tr")
        chart.locator(".plot").focus()
        said = chart.locator(".readout")
        for number, key in ((1, "ArrowRight"), (rows.count(), "End"), (1, "Home")):
            page.keyboard.press(key)
            cells = [text for text in rows.nth(number - 1).locator("td").all_text_contents() if text]
            assert said.text_content().endswith(f"({number}/{rows.count()})")
            assert all(text in said.text_content() for text in cells)
        assert said.get_attribute("role") == "status"


def test_the_code_to_embed_a_chart_shows_it_whole_where_it_is_pasted(chromium, open_page, site, tmp_path):
    page = open_page("en/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    chart = page.locator("figure.chart").first
    codes = chart.locator(".embeds pre").all_text_contents()
    assert [link.get_attribute("href") for link in chart.locator(".embeds a").all()] == [
        code.split('src="')[1].split('"')[0].removeprefix((site / EDITION / "en").as_uri() + "/")
        if number == 0
        else "../../" + code.split('src="')[1].split('"')[0].removeprefix(site.as_uri() + "/")
        for number, code in enumerate(codes)
    ]
    for code in codes:
        host = tmp_path / "host.html"
        host.write_text(code, encoding="utf-8")
        other = chromium.new_page(viewport={"width": 760, "height": 900})
        other.goto(host.as_uri())
        frame = other.frames[1]
        frame.wait_for_selector("html[data-ready]", state="attached")
        assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert frame.locator("h1").text_content() == other.locator("iframe").get_attribute("title")
        other.close()


def test_the_code_to_embed_a_chart_says_any_title_and_runs_none(chromium, site, tmp_path):
    evil = '"><script>parent.hurt = 1</script>&quot; onload="parent.hurt = 1'
    copy = shutil.copytree(site, tmp_path / "site", copy_function=os.link)  # the book itself is not written into
    folder = copy / EDITION / "en"
    html = (folder / "04-society.html").read_text(encoding="utf-8")
    caption = re.search(r"(<figcaption>.*?</span>)[^<]*(</figcaption>)", html, re.S)
    hostile = folder / "hostile.html"
    hostile.write_text(html.replace(caption[0], f"{caption[1]} {escape(evil)}{caption[2]}", 1), encoding="utf-8")
    page = chromium.new_page()
    try:
        page.goto(hostile.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        codes = page.locator("figure.chart").first.locator(".embeds pre").all_text_contents()
        assert len(codes) == 2
        for code in codes:
            (tmp_path / "host.html").write_text(code, encoding="utf-8")
            page.goto((tmp_path / "host.html").as_uri())
            assert page.locator("iframe").get_attribute("title") == evil
            assert page.locator("iframe").get_attribute("onload") is None
            assert page.locator("script").count() == 0
            assert page.evaluate("window.hurt") is None
    finally:
        page.close()


def test_numbers_of_a_chart_s_table_stand_under_each_other(open_page):
    page = open_page("en/04-society")
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    cells = "cells => cells.map((cell) => [/^[0-9.]+$/.test(cell.textContent), getComputedStyle(cell).textAlign])"
    found = page.locator("figure.chart .data-table td:nth-child(2)").evaluate_all(cells)
    assert found
    assert {align for number, align in found if number} == {"right"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_chapter_by_chapter_is_printed_for_the_edition_without_chapters_alone(open_page, site, lang):
    assert not (site / EDITION / lang / "10-edition.html").exists()
    page = open_page(f"../shenzhen-2019/{lang}/10-edition")
    page.wait_for_selector("html[data-ready]", state="attached")
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".explore").first.click()
    page.wait_for_selector(".plot.drawn")
    assert not page.complaints
    assert not Axe().run(page).response["violations"]


@pytest.mark.parametrize("report", REPORTS)
def test_the_language_switch_stays_on_the_section(site, report):
    soups = [BeautifulSoup((site / EDITION / lang / f"{report}.html").read_text(encoding="utf-8"), "html.parser") for lang in ("zh", "en")]  # fmt: skip
    marks = [[tag["id"] for tag in soup.select("article :is(h1, h2, h3, figure, tr)[id]")] for soup in soups]
    assert marks[0] == marks[1]
    assert soups[0].select_one(".languages a")["href"] == f"../en/{report}.html"


def test_a_reader_who_switches_language_reads_on_where_they_were(open_page):
    page = open_page("zh/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("article h2 .anchor").nth(2).evaluate("link => link.click()")
    mark = page.evaluate("location.hash")
    page.click(".languages a")
    page.wait_for_selector("html[lang=en][data-ready]", state="attached")
    assert page.evaluate("location.hash") == mark
    assert len(mark) > 1


@pytest.mark.parametrize(
    ("lang", "query", "kind", "where"),
    [
        ("zh", "志愿者", "数字", "figures.html#volunteers.total"),
        ("zh", "志愿者", "图", "04-society.html#volunteers-share"),
        ("zh", "志愿", "数字", "figures.html#volunteers.total"),
        ("zh", "208万", "数字", "figures.html#volunteers.total"),
        ("zh", "208万", "正文", "04-society.html#volunteers-are-of-residents"),
        ("zh", "volunteers.total", "数字", "figures.html#volunteers.total"),
        ("zh", "社会协同", "PDF", "04-society.pdf"),
        ("en", "volunteers", "Number", "figures.html#volunteers.total"),
        ("en", "volunt", "Chart", "04-society.html#volunteers-share"),
        ("en", "Society", "PDF", "04-society.pdf"),
        ("en", "2.08 million", "Text", "04-society.html#volunteers-are-of-residents"),
        ("en", "10906", "Number", "figures.html#organisations.social"),
        ("en", "doctors", "Number", "figures.html#health.physicians"),
        ("en", "surveillance", "Number", "figures.html#sharpeyes.funds"),
        ("en", "volunteering", "Number", "figures.html#volunteers.total"),
        ("zh", "医生", "数字", "figures.html#health.physicians"),
        ("en", "Bao'an", "Text", "08-context.html#bao-an-longgang-and-longhua-have-of-residents"),
    ],
)
def test_what_is_searched_for_is_found(open_page, lang, query, kind, where):
    page = open_page(f"{lang}/search?q={query}")
    hits = page.locator("#hits li")
    hits.first.wait_for()
    found = [(hit.locator("small").inner_text().split(" · ")[0], hit.locator("a").get_attribute("href")) for hit in hits.all()]  # fmt: skip
    assert (kind, where) in found
    hits.first.locator("a").click()
    page.wait_for_selector("html[data-ready] :target", state="attached")
    assert not page.complaints


def test_what_is_said_is_fetched_for_the_first_word_that_is_searched_for(open_page):
    page = open_page("en/search")
    page.wait_for_selector("html[data-ready]")
    assert not page.evaluate("window.pressIndex")
    page.locator("#query").press_sequentially("volunteers")
    page.wait_for_selector("#hits li")
    assert page.evaluate("window.pressIndex.entries.length")


def test_what_is_searched_for_stands_in_the_address(open_page):
    page = open_page("en/search")
    page.fill("#query", "volunteers")
    page.locator("#hits a").first.click()
    page.wait_for_selector("article")
    page.go_back()
    page.wait_for_selector("#hits li")
    assert page.locator("#query").input_value() == "volunteers"


@pytest.mark.parametrize(("lang", "typed", "meant"), [("en", "voluntears", "volunteers"), ("zh", "志愿人", "志愿")])
def test_what_may_have_been_meant_is_offered(open_page, lang, typed, meant):
    page = open_page(f"{lang}/search?q={typed}")
    offered = page.locator("#instead a", has_text=meant).first
    offered.click()
    page.wait_for_selector("#hits li")
    assert meant in page.locator("#query").input_value()
    assert page.locator("#instead").is_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_snippet_shows_words_and_no_ids(open_page, lang, root):
    page = open_page(f"{lang}/search?q=2020")
    page.wait_for_selector("#hits li")
    with (root / "data" / EDITION / "figures.csv").open(encoding="utf-8") as rows:
        ids = [row["id"] for row in csv.DictReader(rows)]
    said = " ".join(page.locator("#hits p").all_inner_texts())
    assert [one for one in ids if one in said] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_column_is_sorted_under_each_heading_and_unit_by_unit(open_page, lang):
    page = open_page(f"{lang}/figures")
    page.wait_for_selector("html[data-ready]")
    read = """column => [...document.querySelectorAll("#figures tbody")].map(body => [...body.rows].map(row =>
        row.cells.length === 1 ? "heading" : [row.cells[column].querySelector("data").dataset.unit, Number(row.cells[column].querySelector("data").value)]))"""
    before = page.evaluate(read, 1)
    button = page.locator("#figures thead th").nth(1).locator("button")
    for sign in (1, -1):
        button.click()
        after = page.evaluate(read, 1)
        for was, now in zip(before, after, strict=True):
            assert now[0] == "heading"
            assert sorted(map(str, now)) == sorted(map(str, was))
            units = [unit for unit, _ in now[1:]]
            runs = [unit for n, unit in enumerate(units) if not n or units[n - 1] != unit]
            assert len(runs) == len(set(units))
            for unit in runs:
                values = [value for one, value in now[1:] if one == unit]
                assert values == sorted(values, reverse=sign < 0)
    button.click()
    assert page.evaluate(read, 1) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_table_is_cut_on_a_phone(chromium, site, lang):
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    cut = """() => [...document.querySelectorAll("article table")].filter(table => !table.closest("figure, details"))
        .filter(table => table.closest(".scroll").scrollWidth > table.closest(".scroll").clientWidth).map(table => table.id)"""
    for path in sorted(site.glob(f"*/{lang}/*.html")):
        page.goto(path.as_uri())
        assert page.evaluate(cut) == [], path
    page.close()


def test_a_word_that_is_nowhere_is_not_found(open_page):
    page = open_page("zh/search?q=火星")
    page.wait_for_selector("#found:not(:empty)")
    assert page.locator("#hits li").count() == 0


@pytest.mark.parametrize("name", [f"{lang}/{report}" for lang in ("zh", "en") for report in REPORTS])
def test_every_download_opens_and_equals_what_its_chart_or_table_says(site, name):
    path = site / EDITION / name
    sheets = sheets_of(
        nbformat.read(path.with_suffix(".ipynb"), as_version=4), name[:2], CellRules(languages=("zh", "en"))
    )
    page = BeautifulSoup(path.with_suffix(".html").read_text(encoding="utf-8"), "html.parser")
    offered = {link["href"] for link in page.select(".files a")}
    assert sheets
    for sheet in sheets.values():
        files = {suffix: path / f"{sheet.id}.{suffix}" for suffix in ("csv", "xlsx", "json")}
        assert {f"{path.name}/{file.name}" for file in files.values()} <= offered
        rows = [list(row) for row in sheet.rows]
        told = json.loads(files["json"].read_bytes())
        assert (told["title"], told["columns"], told["rows"]) == (sheet.title, list(sheet.columns), rows)
        head, *body = openpyxl.load_workbook(files["xlsx"]).active.iter_rows(values_only=True)
        assert [list(head), *map(list, body)] == [told["columns"], *([None if one == "" else one for one in row] for row in rows)]  # fmt: skip
        assert files["csv"].read_bytes().startswith(b"\xef\xbb\xbf")
        frame = pd.read_csv(files["csv"], encoding="utf-8-sig", dtype=str, keep_default_na=False)
        assert list(frame.columns) == told["columns"]
        assert frame.to_numpy().tolist() == [["" if one is None else str(one) for one in row] for row in rows]


AUTHOR = {"zh": "可以运行的蓝皮书项目贡献者", "en": "Contributors to A blue book you can run"}
INSTITUTIONS = {
    "zh": ("深圳市社会科学院", "社会科学文献出版社"),
    "en": ("Shenzhen Academy of Social Sciences", "Social Sciences Academic Press"),
}
REPORTED = {
    "zh": ("李萍", "深圳特区报", "好好范文网"),
    "en": ("Li Ping", "Shenzhen Special Zone Daily", "Haohao Fanwen"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("edition", [EDITION, "shenzhen-2019"])
def test_every_page_is_by_this_project_and_names_what_it_is_based_on_as_that(site, edition, lang):
    for path in sorted((site / edition / lang).glob("*.html")):
        if path.stem == "search":
            continue
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert page.select_one('meta[name="author"]')["content"] == AUTHOR[lang], path
        based_on = page.select_one('meta[name="dcterms.source"]')["content"]
        assert based_on in page.select_one(".byline").text, path
        for name in (*INSTITUTIONS[lang], *REPORTED[lang]) if edition == EDITION else ():
            assert name in based_on, path
        for citation in page.select(".citation"):
            words = citation.text
            assert words.startswith((f"{AUTHOR[lang]}. ", "@misc{")), words
            assert "author=" not in words or f"author={{{{{AUTHOR[lang]}}}}}" in words
            assert edition != EDITION or all(name in words for name in (*INSTITUTIONS[lang], *REPORTED[lang]))
        for script in page.select('script[type="application/ld+json"]'):
            linked = json.loads(script.text)
            assert linked["author"]["name"] == AUTHOR[lang]
            assert linked["isBasedOn"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_pdf_is_by_this_project_and_its_first_sheet_says_what_it_is_based_on(site, lang):
    for path in sorted((site / EDITION / lang).glob("*.pdf")):
        with pikepdf.open(path) as document:
            assert str(document.docinfo.Author) == AUTHOR[lang], path
            assert all(name in str(document.docinfo.Subject) for name in (*INSTITUTIONS[lang], *REPORTED[lang]))
        first = subprocess.run(["pdftotext", "-l", "1", path, "-"], capture_output=True, text=True, check=True).stdout
        bare = re.sub(r"\s", "", first)
        for name in (AUTHOR[lang], *INSTITUTIONS[lang], *REPORTED[lang]):
            assert name.replace(" ", "") in bare, path


@pytest.mark.parametrize("lang", FRONT)
def test_the_front_page_names_the_author_and_for_each_edition_what_it_is_based_on(site, lang):
    front = BeautifulSoup((site / EDITION / f"{FRONT[lang]}.html").read_text(encoding="utf-8"), "html.parser")
    assert any(AUTHOR[lang] in line.text for line in front.select(".colophon .byline"))
    told = [line.text for line in front.select(".listing .byline")]
    assert any(all(name in line for name in (*INSTITUTIONS[lang], *REPORTED[lang])) for line in told)
    assert len(told) == len(front.select(".listing > li")) == 2


@pytest.mark.parametrize("lang", FRONT)
def test_the_front_page_says_what_the_data_say_and_every_square_leads_to_its_check(site, lang):
    verdicts = audit(open_edition(EDITION, lang))
    front = BeautifulSoup((site / EDITION / f"{FRONT[lang]}.html").read_text(encoding="utf-8"), "html.parser")
    counts = [len(open_edition(EDITION).figures), len(verdicts), sum(one.verdict == "disagrees" for one in verdicts)]
    assert list(map(int, re.findall(r"\d+", front.h1.text))) == counts
    squares = {link["href"].partition("#")[2]: link for link in front.select("a.square")}
    assert set(squares) == {one.id for one in verdicts}
    for one in verdicts:
        assert one.statement in squares[one.id]["aria-label"]
        assert one.word in squares[one.id]["aria-label"]
        assert ("bad" in squares[one.id]["class"]) == (one.verdict == "disagrees")
    checks = BeautifulSoup((site / squares[verdicts[0].id]["href"].partition("#")[0]).read_text("utf-8"), "html.parser")
    rows = {row["id"]: row.text for row in checks.select("tr[id]")}
    assert all(one.sentence in rows[one.id] for one in verdicts)


CLICKS = {"zh": ("什么对不上", re.compile("全部核对")), "en": ("What does not add up", re.compile("all checks"))}


@pytest.mark.parametrize("lang", FRONT)
def test_a_journalist_finds_what_does_not_add_up_in_two_clicks(open_page, lang):
    page = open_page(FRONT[lang])
    way, every = CLICKS[lang]
    page.get_by_role("link", name=way, exact=True).click()
    gap = {one.id: one for one in audit(open_edition(EDITION, lang))}["micro-total"].gap
    assert str(gap) in page.locator("article").inner_text()
    page.locator("article").get_by_role("link", name=every).first.click()
    for one in audit(open_edition(EDITION, lang)):
        if one.holds is False:
            assert one.sentence in page.locator(f"[id='{one.id}']").inner_text()


CHECK_MINE = {"zh": "核对您自己的报告", "en": "Check your own report"}


@pytest.mark.parametrize("lang", FRONT)
def test_an_editor_finds_how_to_check_a_report_in_two_clicks(open_page, lang):
    page = open_page(FRONT[lang])
    page.get_by_role("link", name=CHECK_MINE[lang], exact=True).click()
    assert "bluebook proof --serve" in page.locator("article").inner_text()


MY_DISTRICT = {"zh": ("我所在的区", "南山"), "en": ("My district", "Nanshan")}


@pytest.mark.parametrize("lang", FRONT)
def test_a_citizen_finds_their_district_in_two_clicks(open_page, lang):
    page = open_page(FRONT[lang])
    way, district = MY_DISTRICT[lang]
    page.get_by_role("link", name=way, exact=True).click()
    page.locator("article").get_by_role("link", name=re.compile(district)).first.click()
    assert district in page.locator("h1").inner_text()


NEWS = {
    "index": ["livelihood.spending", "context.spending.livelihood.2019"],
    "01-livelihood": ["livelihood.spending", "context.spending.livelihood.2019"],
    "02-party-leadership": ["structure.districts", "structure.streets", "structure.communities"],
    "05-projects": ["innovations.first", "innovations.second"],
    "03-government": ["medical.inspections", "medical.cases"],
    "04-society": ["volunteers.share", "context.population.census.2020"],
    "06-safeguards": ["micro.allocation", "micro.funds"],
    "08-context": ["context.population.census.2020", "context.population.resident.2019"],
    "09-services": ["context.spending.livelihood.2019", "livelihood.spending"],
}


@pytest.mark.parametrize("lang", FRONT)
@pytest.mark.parametrize("report", NEWS)
def test_the_first_sentence_of_a_chapter_is_its_finding(site, lang, report):
    page = BeautifulSoup((site / EDITION / lang / f"{report}.html").read_text(encoding="utf-8"), "html.parser")
    lead = next(paragraph for paragraph in page.select("article > p") if not paragraph.get("class"))
    end = first_sentence(lead.text)
    spoken = {data.get("data-figure") for data in lead.select("data") if data.text in end}
    spoken |= {
        part for data in lead.select("data[data-inputs]") if data.text in end for part in data["data-inputs"].split()
    }
    assert set(NEWS[report]) <= spoken


def test_the_bar_is_there_at_every_width_and_at_twice_the_size(open_page):
    for width, scale in ((1280, 1), (640, 2), (390, 1), (320, 1)):
        page = open_page("en/04-society", width, device_scale_factor=scale)
        links = page.locator(".sections a")
        assert all(link.is_visible() for link in links.all())
        boxes = [link.bounding_box() for link in links.all()]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        assert all(box["height"] >= 24 for box in boxes)
        assert len({round(box["y"]) for box in boxes}) <= 5
        assert page.locator(".sections [aria-current=page]").inner_text() == "Society"


def test_every_page_of_the_edition_is_two_links_from_its_home_without_the_script(site):
    home = BeautifulSoup((site / EDITION / "en/index.html").read_text(encoding="utf-8"), "html.parser")
    linked = {link["href"].partition("#")[0] for link in home.select(".sections a, .contents-list a")}
    assert {f"{report}.html" for report in REPORTS} <= linked


def test_the_contents_follow_what_is_read(open_page):
    page = open_page("en/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    heading = page.locator("article h2[id]").nth(2)
    heading.evaluate("heading => scrollTo({ top: heading.offsetTop - 40, behavior: 'instant' })")
    page.wait_for_function(
        "id => document.querySelector('.contents [aria-current]')?.hash === `#${id}`", arg=heading.get_attribute("id")
    )


def test_a_switch_of_language_opens_the_heading_that_was_being_read(open_page):
    page = open_page("zh/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    heading = page.locator("article h2[id]").nth(3)
    mark = f"#{heading.get_attribute('id')}"
    down = "heading => scrollTo({ top: heading.getBoundingClientRect().top + scrollY + 60, behavior: 'instant' })"
    ended = "() => new Promise((done) => addEventListener('scrollend', done, { once: true }))"
    waiting = page.evaluate_handle(f"() => {{ window.ended = ({ended})(); }}")
    heading.evaluate(down)
    page.evaluate("() => window.ended")
    waiting.dispose()
    page.click(".languages a")  # at the top: the reader scrolls up to it
    page.wait_for_selector("html[lang=en][data-ready]", state="attached")
    assert page.evaluate("location.hash") == mark


def test_a_switch_of_language_at_the_top_opens_the_other_page_at_its_top(open_page):
    page = open_page("zh/04-society")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.click(".languages a")
    page.wait_for_selector("html[lang=en][data-ready]", state="attached")
    assert page.evaluate("[location.hash, scrollY]") == ["", 0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figures_can_be_taken_away_whole(site, root, lang):
    folder = site / EDITION / lang / "figures"
    frame = pd.read_csv(folder / "figures.csv", encoding="utf-8-sig", index_col=0)
    published = pd.read_csv(root / "data" / EDITION / "figures.csv", index_col="id")
    assert set(published.index) <= set(frame.index)
    with zipfile.ZipFile(folder / f"{EDITION}.zip") as archive:
        package = json.loads(archive.read(f"{EDITION}/datapackage.json"))
        for resource in package["resources"]:
            content = archive.read(f"{EDITION}/{resource['path']}")
            assert content == (root / "data" / EDITION / resource["path"]).read_bytes()
            assert len(pd.read_csv(io.BytesIO(content)))


def test_a_cited_number_leads_to_its_row_among_the_cited(open_page):
    page = open_page("en/09-services")
    link = page.locator("a.figure[href*='#context.']").first
    table, _, figure = link.get_attribute("href").partition("#")
    link.click()
    assert page.url.endswith(f"{table}#{figure}")
    row = page.locator("tr:target")
    assert row.locator("code").text_content() == figure
    assert row.locator("a").get_attribute("href").startswith("http")
    assert row.locator("td").last.text_content().endswith(("Official", "Press", "Secondary"))


@pytest.mark.parametrize("name", [f"{lang}/{report}" for lang in ("zh", "en") for report in REPORTS])
def test_a_pdf_has_all_characters_bookmarks_and_page_numbers(site, name):
    path = site / EDITION / f"{name}.pdf"
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    soup = BeautifulSoup((site / EDITION / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    for folded in soup.select("details"):
        folded.decompose()
    shown = "".join(tag.get_text() for tag in soup.select("main h1, main h2, main p, main figcaption"))
    assert set(HAN.findall(shown)) <= set(HAN.findall(text))
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        headings = [item.title for item in outline.root] + [
            child.title for item in outline.root for child in item.children
        ]
        assert len(headings) >= len(soup.select("main h2"))
        pages = len(pdf.pages)
        assert str(pdf.Root.Lang) == ("zh-Hans" if name.startswith("zh") else "en")
    for number in range(1, pages + 1):
        one = ["pdftotext", "-f", str(number), "-l", str(number), path, "-"]
        assert re.search(
            rf"\b{number} ?/ ?{pages}\b", subprocess.run(one, capture_output=True, text=True, check=True).stdout
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_book_is_one_pdf_with_every_chapter(site, lang):
    text = subprocess.run(
        ["pdftotext", site / EDITION / lang / "book.pdf", "-"], capture_output=True, text=True, check=True
    )
    printed = re.sub(r"\s", "", text.stdout)
    for name in (name for name in REPORTS if not name.startswith("20-")):  # of a matrix: they are not bound
        page = BeautifulSoup((site / EDITION / lang / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        captions = [caption.get_text() for caption in page.select("main figcaption")]
        assert re.sub(r"\s", "", page.h1.get_text()) in printed
        assert [c for c in captions if re.sub(r"\s", "", c) not in printed] == []


def test_a_changed_figure_reruns_its_readers_alone(root, tmp_path):
    for folder in ("notebooks", "data"):
        shutil.copytree(root / folder, tmp_path / folder)
    shutil.copy(root / "requirements.lock", tmp_path)
    figures = tmp_path / "data" / EDITION / "figures.csv"

    def build():
        chosen = [word for name in ("03-government", "05-projects", "06-safeguards") for word in ("--only", name)]
        press = [Path(sys.executable).with_name("press"), "build", "--format", "html", "--lang", "zh", *chosen]
        subprocess.run(press, cwd=tmp_path, capture_output=True, check=True)
        runs = json.loads((tmp_path / "reports" / "build.json").read_text(encoding="utf-8"))["runs"]
        return {run["report"] for run in runs if run["status"] == "ran"}

    assert build() == {"03-government", "05-projects", "06-safeguards"}
    assert build() == set()
    figures.write_text(figures.read_text(encoding="utf-8").replace("4.21亿元", "4.22亿元"), encoding="utf-8")
    assert build() == {"06-safeguards"}
    assert "4.22亿元" in (tmp_path / "reports" / "site" / EDITION / "zh" / "06-safeguards.html").read_text(
        encoding="utf-8"
    )
    figures.write_text(figures.read_text(encoding="utf-8").replace("306项", "307项"), encoding="utf-8")
    assert build() == {"03-government"}


def test_an_unattended_run_would_tell_of_a_changed_verdict(root, site):
    executed = nbformat.read(site / EDITION / "zh" / "07-audit.ipynb", as_version=4)
    records = [output.metadata.get("press", {}) for cell in executed.cells for output in cell.get("outputs", ())]
    watched = [record["watch"] for record in records if "watch" in record]
    checks = pd.read_csv(root / "data" / EDITION / "checks.csv")["id"]
    assert [set(words) for words in watched] == [{f"{EDITION} {check}" for check in checks}]

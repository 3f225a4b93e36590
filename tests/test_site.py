"""The printed book, as its readers get it: every page, chart, link and PDF of the real edition, in a real browser."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pikepdf
import pytest
from bs4 import BeautifulSoup

EDITION = "shenzhen-2021"
CHAPTERS = (
    "00-overview",
    "01-livelihood",
    "02-party-leadership",
    "03-government",
    "04-society",
    "05-projects",
    "06-safeguards",
    "08-context",
)
REPORTS = (*CHAPTERS, "10-edition", "11-editions", "figures")
PAGES = [f"{lang}/{name}" for lang in ("zh", "en") for name in (*REPORTS, "index")]
HAN = re.compile(r"[\u4e00-\u9fff]")
MARKS = re.compile(r"<(?:path|rect|circle)\b")


@pytest.fixture(scope="module")
def open_page(chromium, site):
    """A function that opens a page of the edition and tells what went wrong on it."""
    opened = []

    def open_page(name, width=1280):
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else page.complaints.append(r.url),
        )
        page.goto((site / EDITION / f"{name}.html").as_uri())
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_cleanly_and_fits_every_width(open_page, name):
    page = open_page(name)
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_attribute("html", "lang") == ("zh-Hans" if name.startswith("zh") else "en")
    assert page.title()
    assert not page.complaints


@pytest.mark.parametrize("name", [f"{lang}/{chapter}" for lang in ("zh", "en") for chapter in CHAPTERS])
def test_every_chart_is_drawn_and_comes_alive(open_page, name):
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
        chart.locator(".plot").hover()
        chart.locator(".main-svg").first.wait_for()
        assert chart.locator(".main-svg").first.locator("path, rect").count() > 1
    assert not page.complaints


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
    for name in REPORTS:
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

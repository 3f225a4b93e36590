"""The pages of the districts, as readers get them: one for each in each language, nothing of another, none too long."""

import csv
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[1] / "data" / "shenzhen-2021"
EDITION = "shenzhen-2021"
LANGUAGES = ("zh", "en")
TALLEST = 9000  # pixels of a page 1280 wide


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


AREAS = {row["id"]: row for row in rows("areas")}
CONTEXT = rows("context")
BRIEFS = [(lang, area) for lang in LANGUAGES for area in AREAS]


@pytest.fixture(scope="module")
def soup(site):
    """A function from a page's language and name to its content."""
    return lambda lang, name: BeautifulSoup((site / EDITION / lang / f"{name}.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def open_page(chromium, site):
    """A function that opens a page at a width and in a light."""
    opened = []

    def open_page(lang, name, width, light="light"):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=light)
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.goto((site / EDITION / lang / f"{name}.html").as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize(("lang", "area"), BRIEFS)
def test_every_district_has_its_page_under_its_name(soup, lang, area):
    page, name = soup(lang, f"20-district-{area}"), AREAS[area][f"name_{lang}"]
    assert page.h1.get_text() == name
    assert page.title.get_text().startswith(name)
    assert len(page.select("ul.cards > li")) == 5
    twins = [link["href"] for link in page.select("nav.languages a")]
    assert twins == [f"../{'en' if lang == 'zh' else 'zh'}/20-district-{area}.html"]


@pytest.mark.parametrize(("lang", "area"), BRIEFS)
def test_a_brief_lists_the_numbers_of_its_district_and_no_other(soup, lang, area):
    page = soup(lang, f"20-district-{area}")
    listed = [row["id"] for row in page.select("#cited tr[id]")]
    name = AREAS[area]["name_zh"]
    assert sorted(listed) == sorted(f"context.{row['id']}" for row in CONTEXT if row["printed"] and row["area"] == name)


@pytest.mark.parametrize(("lang", "area"), BRIEFS)
def test_a_brief_names_the_projects_and_rectifications_of_its_district_and_no_other(soup, lang, area):
    words = soup(lang, f"20-district-{area}").get_text(" ")
    named = [(row["area"], row[f"name_{lang}"]) for row in rows("projects") if row["area"]]
    named += [
        (row["area"], row[f"place_{lang}"] or row[f"problem_{lang}"]) for row in rows("rectifications") if row["area"]
    ]
    assert named
    for other, what in named:
        assert (what in words) == (other == area), what


@pytest.mark.parametrize(("lang", "area"), BRIEFS)
def test_the_numbers_of_a_brief_lead_to_rows_that_are_there(soup, lang, area):
    for link in soup(lang, f"20-district-{area}").select("a.figure"):
        page, _, row = link["href"].partition("#")
        target = soup(lang, page.removesuffix(".html") or f"20-district-{area}")
        assert target.find(id=row) is not None, link["href"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_districts_lead_to_their_briefs_and_each_brief_back(soup, lang):
    page = soup(lang, "21-districts")
    leads = {link["href"] for link in page.select("#districts-overview tbody th a")}
    assert leads == {f"20-district-{area}.html" for area in AREAS}
    for area in AREAS:
        assert soup(lang, f"20-district-{area}").select("article a[href='21-districts.html']"), area


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_item_of_the_navigation_stands_for_all_districts(soup, lang):
    for name in ("21-districts", "20-district-futian", "01-livelihood"):
        links = [link["href"] for link in soup(lang, name).select("nav a")]
        assert "21-districts.html" in links
        assert not [link for link in links if link.startswith("20-district")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_district_is_found_by_its_name(open_page, lang):
    for area in ("dapeng", "longhua"):
        page = open_page(lang, "search", 1280)
        page.locator("input[type=search]").first.fill(AREAS[area][f"name_{lang}"])
        page.wait_for_selector(f"a[href^='20-district-{area}.html']")


@pytest.mark.parametrize(
    ("lang", "name"),
    [*((lang, f"20-district-{area}") for lang, area in BRIEFS), ("zh", "21-districts"), ("en", "21-districts")],
)
def test_no_page_of_a_district_is_too_long_or_cut(open_page, lang, name):
    page = open_page(lang, name, 1280)
    assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.complaints


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("name", ["21-districts", "20-district-shenshan", "20-district-guangming"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_districts_are_accessible_with_all_of_them_open(open_page, lang, name, light):
    page = open_page(lang, name, 1280, light)
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    found = Axe().run(page).response["violations"]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_districts_are_sorted_by_any_column_and_what_is_missing_comes_last(open_page, lang):
    page = open_page(lang, "21-districts", 1280)
    table = page.locator("#districts-overview")
    for column in range(1, table.locator("thead th").count()):
        for way in ("ascending", "descending"):
            table.locator("thead th button").nth(column).click()
            assert table.locator("thead th").nth(column).get_attribute("aria-sort") == way
            cells = table.locator(f"tbody tr > :nth-child({column + 1})").evaluate_all(
                "cells => cells.map((cell) => cell.querySelector('data')?.value ?? '')"
            )
            there = [float(cell) for cell in cells if cell]
            assert there == sorted(there, reverse=way == "descending")
            assert cells == [*cells[: len(there)], *[""] * (len(cells) - len(there))]


def test_a_district_with_little_published_says_what_was_not_found(soup):
    for lang, says in (("zh", "没有查到"), ("en", "Not found")):
        headings = [heading.get_text() for heading in soup(lang, "20-district-shenshan").select("h2")]
        assert any(heading.startswith(says) for heading in headings)
        assert not re.search(r"\bNone\b|\bnan\b", soup(lang, "20-district-shenshan").get_text(" "))

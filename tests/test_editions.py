"""A new edition gets its pages with data and no code: printed by the command a user types, looked at in a real browser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bluebook.edition.rows import CONTEXT_COLUMNS

PAGES = ("10-edition", "11-editions", "figures")
HEAD = "id,chapter,printed,measure,period,base,area,paragraph,offset,label_zh,label_en,note,low,high\n"
ROWS = """\
volunteers.total,people,170万名,count,2019,,深圳市,1,3,志愿者,Volunteers,,,
schools.places,schools,4.3万个,count,2019,,深圳市,2,5,新增学位,New school places,,,
schools.primary,schools,31所,count,2019,,深圳市,2,15,新建小学,New primary schools,含九年一贯制学校 / Schools through the ninth year among them,,
schools.middle,schools,12所,count,2019,,深圳市,2,21,新建初中,New middle schools,,,
schools.share,schools,近六成,share,2019,,深圳市,2,30,公办学位占比,Public places,,,
"""
PACKAGE = {
    "name": "town-2020",
    "titles": {"zh": "某市报告（2020）", "en": "Town Report (2020)"},
    "issued": "2020",
    "sources": [{"title": "某市的一篇报道"}],
    "chapters": [
        {"id": "people", "title_zh": "人", "title_en": "People"},
        {"id": "schools", "title_zh": "学校", "title_en": "Schools"},
    ],
}


@pytest.fixture(scope="module")
def printed(root, tmp_path_factory):
    """The site of a new edition beside the real one, with nothing but its figures and a descriptor."""
    desk = tmp_path_factory.mktemp("desk")
    for folder in ("notebooks", "data/shenzhen-2021"):
        shutil.copytree(root / folder, desk / folder)
    shutil.copy(root / "requirements.lock", desk)
    new = desk / "data" / "town-2020"
    new.mkdir()
    (new / "figures.csv").write_text(HEAD + ROWS, encoding="utf-8")
    (new / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    press = Path(sys.executable).with_name("press")
    words = [press, "build", "-p", "edition=town-2020", "--format", "html"]
    done = subprocess.run(words, cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return desk / "reports" / "site"


def soup(printed, name):
    return BeautifulSoup((printed / "town-2020" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_gets_the_pages_that_are_for_any_edition(printed, lang):
    assert {page.stem for page in (printed / "town-2020" / lang).glob("[0-9f]*.html")} == set(PAGES)
    page = soup(printed, f"{lang}/10-edition")
    assert page.select(".site-title a")[-1].text == PACKAGE["titles"][lang]
    chapters = [link["href"] for link in page.select("nav.contents a")]
    assert chapters == ["#people", "#schools", "#notes", "#missing"]
    assert all(page.select_one(f"h2{anchor}") for anchor in chapters)
    assert [figure["id"] for figure in page.select("figure.chart")] == ["schools-primary", "schools-share"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_numbers_lead_to_their_rows(printed, lang):
    rows = {row["id"] for row in soup(printed, f"{lang}/figures").select("tr[id]")}
    for name in ("10-edition", "11-editions"):
        links = [link["href"] for link in soup(printed, f"{lang}/{name}").select("a.figure")]
        assert links
        assert {link.removeprefix("figures.html#") for link in links} <= rows


@pytest.mark.parametrize(
    ("cited", "rows"),
    [
        ("", {"cited-people": [], "cited-services": []}),
        (
            "lines.2020,transport.lines,2020,深圳市,12条,线路,Lines,某报 / A paper,https://example.org/,press,\n",
            {"cited-people": [], "cited-services": ["context.lines.2020"]},
        ),
    ],
)
def test_what_it_cites_has_its_row_where_its_links_lead(printed, tmp_path, cited, rows):
    shutil.copytree(
        printed.parents[1], tmp_path, ignore=shutil.ignore_patterns("reports", ".press"), dirs_exist_ok=True
    )
    head = ",".join(CONTEXT_COLUMNS)  # without reads_as and measure, which a file may leave out
    (tmp_path / "data" / "town-2020" / "context.csv").write_text(f"{head}\n{cited}", encoding="utf-8")
    press, only = Path(sys.executable).with_name("press"), [word for name in rows for word in ("--only", name)]
    words = [press, "build", "-p", "edition=town-2020", "--format", "html", "--lang", "en", *only]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {name: soup(tmp_path / "reports" / "site", f"en/{name}") for name in rows}
    assert {name: [row["id"] for row in page.select("tr[id]")] for name, page in pages.items()} == rows


def test_it_is_held_against_the_other_edition(printed):
    page = soup(printed, "en/11-editions")
    assert "Volunteers" in page.select_one("#changed-figures").text
    assert {"trends", "changed-figures", "added-figures", "gone-figures"} <= {t["id"] for t in page.select("table[id]")}


def test_the_front_page_calls_it_by_its_name(printed):
    front = BeautifulSoup((printed / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert {PACKAGE["titles"]["zh"], PACKAGE["titles"]["en"]} <= {link.text.strip() for link in front.select("a")}


@pytest.mark.parametrize("name", [f"{lang}/{page}" for lang in ("zh", "en") for page in PAGES])
def test_its_pages_open_cleanly_and_fit_every_width(printed, chromium, name):
    page, complaints = chromium.new_page(), []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((printed / "town-2020" / f"{name}.html").as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    assert complaints == []


def test_its_page_is_printed_again_when_its_context_appears(printed):
    desk = printed.parents[1]
    press = Path(sys.executable).with_name("press")
    words = [press, "build", "-p", "edition=town-2020", "--format", "html", "--only", "10-edition", "--lang", "en"]

    def built():
        subprocess.run(words, cwd=desk, check=True, capture_output=True)
        return json.loads((desk / "reports" / "build.json").read_text())["runs"][0]["status"]

    assert built() == "reused"
    shutil.copy(desk / "data" / "shenzhen-2021" / "context.csv", desk / "data" / "town-2020")
    try:
        assert built() == "ran"
        assert "numbers from elsewhere" not in soup(printed, "en/10-edition").text
    finally:
        (desk / "data" / "town-2020" / "context.csv").unlink()
    assert built() == "ran"
    assert "numbers from elsewhere" in soup(printed, "en/10-edition").text

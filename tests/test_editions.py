"""A new edition gets its pages with data and no code: printed by the command a user types, looked at in a real browser."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bluebook.edition.rows import CONTEXT_COLUMNS
from bluebook.edition.table import read_rows

pytestmark = pytest.mark.slow

PAGES = ("10-edition", "11-editions", "figures")
HEAD = "id,chapter,printed,measure,period,base,area,paragraph,offset,label_zh,label_en,note,low,high\n"
ROWS = """\
volunteers.total,people,170万名,count,2019,,深圳市,1,3,志愿者,Volunteers,,,
schools.places,schools,4.3万个,count,2019,,深圳市,2,5,新增学位,New school places,,,
schools.primary,schools,31所,count,2019,,深圳市,2,15,新建小学,New primary schools,含九年一贯制学校 / Schools through the ninth year among them,,
schools.middle,schools,12所,count,2019,,深圳市,2,21,新建初中,New middle schools,,,
schools.share,schools,近六成,share,2019,,深圳市,2,30,公办学位占比,Public places,,,
"""
OLD_ROWS = """\
volunteers.total,people,150万名,count,2018,,深圳市,1,3,志愿者,Volunteers,,,
volunteers.teams,people,31支,count,2018,,深圳市,1,9,志愿者队伍,Teams of volunteers,,,
"""
PACKAGE = {
    "name": "town-2020",
    "place": "town",
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
    """The site of a new edition beside the real one, with nothing but its figures and a descriptor; and the one before."""
    desk = tmp_path_factory.mktemp("desk")
    for folder in ("notebooks", "data/shenzhen-2021"):
        shutil.copytree(root / folder, desk / folder)
    shutil.copy(root / "requirements.lock", desk)
    new = desk / "data" / "town-2020"
    new.mkdir()
    (new / "figures.csv").write_text(HEAD + ROWS, encoding="utf-8")
    (new / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    old = desk / "data" / "town-2019"
    old.mkdir()
    (old / "figures.csv").write_text(HEAD + OLD_ROWS, encoding="utf-8")
    chapters = PACKAGE["chapters"][:1]
    (old / "datapackage.json").write_text(
        json.dumps({**PACKAGE, "name": "town-2019", "issued": "2019", "chapters": chapters}), encoding="utf-8"
    )
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
        ("", {}),
        (
            "lines.2020,transport.lines,2020,深圳市,12条,线路,Lines,某报 / A paper,https://example.org/,press,\n",
            {"cited-services": ["context.lines.2020"]},
        ),
    ],
)
def test_what_it_cites_has_its_row_where_its_links_lead_and_no_page_is_empty(printed, tmp_path, cited, rows):
    shutil.copytree(
        printed.parents[1], tmp_path, ignore=shutil.ignore_patterns("reports", ".press"), dirs_exist_ok=True
    )
    head = ",".join(CONTEXT_COLUMNS)  # without reads_as and measure, which a file may leave out
    (tmp_path / "data" / "town-2020" / "context.csv").write_text(f"{head}\n{cited}", encoding="utf-8")
    press = Path(sys.executable).with_name("press")
    words = [press, "build", "-p", "edition=town-2020", "--format", "html", "--lang", "en"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    there = {page.stem for page in (tmp_path / "reports/site/town-2020/en").glob("cited*.html")}
    pages = {name: soup(tmp_path / "reports" / "site", f"en/{name}") for name in there}
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


CITY = "lanting-2022"


@pytest.fixture(scope="module")
def other_city(printed, root):
    """The pages of an invented city's edition, drafted like that of Shenzhen: their words, by name."""
    desk = printed.parents[1]
    text = root / "tests" / "benchmarks" / "texts" / "lanting.txt"
    drafted = ["-m", "desk.cli", "new", CITY, str(text), "--like", "shenzhen-2021", "--root", str(desk)]
    subprocess.run([sys.executable, *drafted], check=True, capture_output=True)
    press = Path(sys.executable).with_name("press")
    words = [press, "build", "-p", f"edition={CITY}", "--format", "html"]
    done = subprocess.run(words, cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in (printed / CITY).rglob("*.html")
    }


def shenzhen_words(root):
    """What only Shenzhen's edition says: its terms, notes, labels, areas and units."""
    book = root / "data" / "shenzhen-2021"
    lists = {name: read_rows(book / f"{name}.csv") for name in ("glossary", "figures", "areas")}
    words = {"深圳", "Shenzhen"}
    for row in lists["glossary"]:
        words |= {row["term_zh"], row["text_zh"], row["text_en"]}
    for row in lists["figures"]:
        words |= {row["label_zh"], *row["note"].split(" / "), *re.findall(r"间次|宗|间|辆|件次|篇", row["printed"])}
    for row in lists["areas"]:
        words |= {row["name_zh"], row["name_en"]}
    return {word for word in words if len(word) > 1}


def test_no_word_of_shenzhen_is_on_the_pages_of_another_city(other_city, root):
    own = (root / "tests" / "benchmarks" / "texts" / "lanting.txt").read_text(encoding="utf-8")
    foreign = {word for word in shenzhen_words(root) if word not in own}
    taken_over = {"志愿者占常住人口", "志愿者", "社会组织", "Volunteers"}  # what the draft says it took over
    assert len(foreign) > 100
    assert len(other_city) >= 6
    for path, page in other_city.items():
        for hidden in page.select("script, style"):
            hidden.decompose()
        words = page.get_text(" ")
        assert len(words) > 100, path
        assert [word for word in foreign - taken_over if word in words] == [], path


def test_pages_of_another_city_show_what_there_is_and_compare_it_with_nobody(other_city):
    names = {path.stem for path in other_city if path.parent.name in ("zh", "en")}
    assert names == {"index", "search", "10-edition", "figures"}
    for path, page in other_city.items():
        if path.parent.name not in ("zh", "en") or path.stem == "search":
            continue  # a chart by itself
        targets = [link["href"] for link in page.select("nav a[href]")]
        assert targets
        assert not [target for target in targets if "cited" in target or "11-editions" in target or "checks" in target]


def charts_by_number(page):
    """Which chart has a number, by the text of its label and number."""
    return {figure["id"]: figure.get_text(" ") for figure in page.select("figure.chart")}


def test_percentages_that_belong_together_share_a_chart_and_a_forecast_looks_like_one(other_city):
    page = next(page for path, page in other_city.items() if path.parts[-2:] == ("zh", "10-edition.html"))
    charts = charts_by_number(page)
    pair = [words for words in charts.values() if "82%" in words]
    assert len(pair) == 1
    assert "94.5%" in pair[0]
    assert not [words for words in charts.values() if "94.5%" in words and "54.6%" in words]
    forecasts = page.find_all(string=re.compile("（预测）|（目标）"))
    assert len(forecasts) >= 4

"""The front page, homes and sections of a suite: named in suite.toml, filled in by the press, plain without."""

import re

import pytest
from bs4 import BeautifulSoup

SECTIONS = '[[section]]\nname = "chapters"\ntitle = { en = "Chapters", zh = "各章" }\n'
SECTIONS += '[[section]]\nname = "empty"\n[[section]]\nname = "data"\ntitle = { en = "Data", zh = "数据" }\n'
HEAD = 'title = { en = "The Book", zh = "书" }\nlanguages = ["zh", "en"]\n[press]\npreload = []\n'


def page(project, name):
    return BeautifulSoup((project.root / "reports/site" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def hrefs(soup, where):
    return [link["href"] for link in soup.select(f"{where} a")]


@pytest.fixture
def book(project):
    """Four pages in two sections and two languages, without a front page and a home of their own."""
    project.head = HEAD + SECTIONS
    project.add("start", "# Start\n\nIt begins here. And goes on.")
    project.add("growth", "# Growth\n\nIt grew by St. Nicholas. More follows.", section="chapters")
    project.add("fall", "# Fall\n\nIt fell.", section="chapters")
    project.add("rows", "# Rows", section="data")
    return project


@pytest.fixture
def fronted(book):
    """The same with a front page and a home."""
    book.head = HEAD + '[site]\nfront = "front"\nhome = "start"\n' + SECTIONS
    book.add("front", "# Welcome\n\nThree findings.")
    return book


def test_a_suite_without_front_and_home_has_plain_lists_by_section(book):
    book.build()
    front, home = page(book, "index"), page(book, "en/index")
    for soup, folder in ((front, "zh/"), (home, "")):
        lists = [
            [link["href"] for link in one.select("a") if "download" not in link.attrs]
            for one in soup.select("ol.listing")
        ]
        names = [["start"], ["growth", "fall"], ["rows"]]
        assert lists == [[f"{folder}{name}.html" for name in group] for group in names]
    assert [heading.text for heading in home.select("h2")] == ["Contents", "Chapters", "Data"]
    assert [heading.text for heading in front.select("h3")] == ["各章", "数据"]
    assert home.h1.text == "The Book"
    assert [paragraph.text for paragraph in home.select(".listing p")] == [
        "It begins here.", "It grew by St. Nicholas.", "It fell.",
    ]  # fmt: skip
    assert hrefs(front, ".editions") == ["zh/index.html", "en/index.html"]


def test_pages_show_their_sections_and_lead_to_the_next(book):
    book.build()
    growth = page(book, "en/growth")
    assert hrefs(growth, ".sections") == ["start.html", "growth.html", "rows.html", "growth.html", "fall.html"]
    assert growth.select_one(".sections [aria-current=page]")["href"] == "growth.html"
    assert hrefs(growth, ".neighbours") == ["start.html", "fall.html"]
    assert hrefs(growth, ".site-title") == ["../index.html"]


def test_a_front_page_beside_the_pages_that_it_lists_keeps_its_words(book):
    book.head = 'title = "One folder"\nlanguages = ["en"]\npath = "{name}"\n[site]\nfront = "front"\n' + SECTIONS
    book.add("front", "# Welcome\n\nThree findings.")
    book.build()
    front = page(book, "index")
    assert front.h1.text == "Welcome"
    assert {"start.html", "growth.html", "fall.html", "rows.html"} <= set(hrefs(front, "main"))


def test_front_and_home_are_what_their_reports_say_with_the_lists_filled_in(fronted):
    fronted.build()
    site = fronted.root / "reports/site"
    assert (site / "index.html").is_file()
    assert (site / "index.en.html").is_file()
    assert not (site / "en/start.html").exists()
    home = page(fronted, "en/index")
    assert home.h1.text == "Start"
    lists = [[link["href"] for link in one.select("a")] for one in home.select("ol.listing")]
    assert lists == [["growth.html", "fall.html"], ["rows.html"]]
    assert home.select_one(".sections [aria-current=page]").text == "Start"
    for name, lang in (("index", "zh"), ("index.en", "en")):
        front = page(fronted, name)
        assert front.h1.text == "Welcome"
        assert hrefs(front, ".editions")[0] == f"{lang}/index.html"
        other = {"index": "index.en.html", "index.en": "index.html"}[name]
        assert hrefs(front, ".languages") == [other]
    assert hrefs(page(fronted, "en/growth"), ".site-title") == ["../index.en.html"]
    assert hrefs(page(fronted, "zh/growth"), ".site-title") == ["../index.html"]


def test_what_is_filled_in_is_kept_and_follows_the_pages(fronted):
    fronted.build()
    whole = fronted.site()
    assert set(fronted.build().values()) == {"reused"}
    assert fronted.site() == whole
    fronted.build("--force")
    assert fronted.site() == whole
    fronted.add("growth", "# Slump\n\nIt shrank.", section="chapters")
    states = fronted.build()
    assert states["en/index"] == "printed"  # its navigation has the new title
    assert page(fronted, "en/index").select_one(".listing a").text == "Slump"
    assert set(fronted.build().values()) == {"reused"}
    fronted.add("growth", "# Growth\n\nIt grew by St. Nicholas. More follows.", section="chapters")
    fronted.build()
    assert fronted.site() == whole


@pytest.mark.parametrize("name", ["en/index.html", "index.html", "index.en.html"])
def test_a_damaged_front_or_home_is_mended(fronted, name):
    fronted.build()
    whole = fronted.site()
    (fronted.root / "reports/site" / name).write_text("x")
    fronted.build()
    assert fronted.site() == whole


def test_words_of_a_page_cannot_take_the_place_of_the_list(fronted):
    fronted.add("start", "# Start\n\nx <!--index--> y <!--/index--> z")
    fronted.build()
    home = page(fronted, "en/index")
    assert "x  y  z" in home.article.text
    assert len(home.select(".contents-list")) == 1


def test_a_front_that_is_gone_gives_way_to_the_list(fronted):
    fronted.build()
    del fronted.reports["front"]
    fronted.head = HEAD + '[site]\nhome = "start"\n' + SECTIONS
    fronted.write()
    fronted.build()
    assert page(fronted, "index").h1.text == "书"
    assert not (fronted.root / "reports/site/index.en.html").exists()
    assert hrefs(page(fronted, "en/growth"), ".site-title") == ["../index.html"]


def test_a_suite_in_one_language_shows_no_switch_anywhere(book):
    book.head = HEAD.replace('["zh", "en"]', '["en"]') + SECTIONS
    book.write()
    book.build()
    for path in sorted((book.root / "reports/site").rglob("*.html")):
        assert 'class="languages"' not in path.read_text(encoding="utf-8"), path
    assert page(book, "index").html["lang"] == "en"


def test_pages_at_the_root_have_their_home_there(book):
    book.head = HEAD.replace('["zh", "en"]', '["en"]\npath = "{name}"') + '[site]\nhome = "start"\n' + SECTIONS
    book.write()
    book.build()
    home = page(book, "index")
    assert home.h1.text == "Start"
    assert hrefs(home, "ol.listing") == ["growth.html", "fall.html", "rows.html"]
    assert hrefs(page(book, "growth"), ".site-title") == ["index.html"]


def test_the_published_front_leads_to_the_archive_in_each_language(fronted, tmp_path):
    fronted.build()
    code, _, err = fronted.press("publish", tmp_path / "www")
    assert code == 0, err
    for name, lang in (("index.html", "zh"), ("index.en.html", "en"), ("en/index.html", "en")):
        soup = BeautifulSoup((tmp_path / "www" / name).read_text(encoding="utf-8"), "html.parser")
        found = hrefs(soup, ".archive")
        assert [href.removeprefix("../") for href in found] == [f"archive/{lang}.html"]
    archive = BeautifulSoup((tmp_path / "www/archive/en.html").read_text(encoding="utf-8"), "html.parser")
    assert hrefs(archive, ".site-title") == ["../index.en.html"]


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ('front = "none"', r'\[site\] front: no report is named "none": expected one of start, growth'),
        ('home = "none"', r'\[site\] home: no report is named "none"'),
        ('home = "start"\nfront = "start"', 'front and home are both "start"'),
        ('licence = { url = "https://x" }', "licence: no title"),
        ('licence = { title = "X", url = "javascript:x" }', r'licence, url: found "javascript:x", expected the http'),
        ('corrections = "a@b.c"', r'corrections: found "a@b.c", expected an http\(s\) address, or mailto:'),
    ],
)
def test_a_wrong_front_home_or_foot_is_told(book, site, words):
    book.head = HEAD + f"[site]\n{site}\n" + SECTIONS
    book.write()
    code, _, err = book.press("build")
    assert code == 2
    assert re.search(words, err)
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("sections", "section", "words"),
    [
        (SECTIONS, "none", 'report "start", section: found "none", expected one of chapters, empty, data'),
        ("", "none", 'section: found "none", there is no [[section]]'),
        ("[[section]]\ntitle = 'A'\n", "", "section 1: no name"),
        ("[[section]]\nname = 'a'\n[[section]]\nname = 'a'\n", "", 'two sections are named "a"'),
        ("[[section]]\nname = 'a'\ncolour = 1\n", "", 'section 1: unknown key "colour"'),
    ],
)
def test_a_wrong_section_is_told(project, sections, section, words):
    project.head = HEAD + sections
    project.add("start", "# Start", **({"section": section} if section else {}))
    code, _, err = project.press("build")
    assert code == 2
    assert words in err


def test_a_front_page_with_several_values_is_told(fronted):
    fronted.head = fronted.head.replace("[site]", '[parameters.city]\ndefault = "*"\nchoices = ["a", "b"]\n[site]', 1)
    fronted.head = fronted.head.replace("[press]", 'path = "{lang}/{name}"\n[press]')
    fronted.add("front", ('lang = "en"\ncity = "a"', "parameters"), "# Welcome")
    code, _, err = fronted.press("build")
    assert code == 2
    assert '[site] front: report "front" has several pages for "index"' in err


def test_a_bar_of_many_pages_shows_the_one_that_is_read_and_folds_the_others(project):
    for number in range(14):
        project.add(f"a{number}", f"# Page {number}")
    project.build()
    bar = page(project, "en/a3").select_one(".sections")
    assert [link["href"] for link in bar.select("ul > li > a")] == ["a3.html"]
    assert bar.summary.text == "All 14 pages"
    assert len(bar.select("details a")) == 13

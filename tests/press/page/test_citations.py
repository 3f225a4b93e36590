"""Citations: every form of them leads to the list and the list back; what is none stays as it is written."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from tests.press.conftest import notebook

from press.page.beside import Beside
from press.page.bibliography import plain, read_bibliography
from press.page.citations import GROUP, parse_group, parse_role
from press.page.render import print_page
from press.records import Page

BIB = r"""
@article{smith2020, author={Smith, Anna and M{\"u}ller, J{\"o}rg}, title={On {DNA} \& more}, journal={Nature},
  year=2020, volume=5, number=2, pages={1--10}, doi={https://doi.org/10.1000/x_y}}
@book{doe1999, author={Doe, John and Roe, J. and Poe, E.}, title={Why?}, publisher={Wiley}, year={1999}}
@misc{ons, author={{Office for National Statistics}}, title={Labour <market>}, year={2024}, url={https://example.org/a?x=1&y=2}}
@online{li, author={李, 明}, title={社会治理报告}, date={2021-03-04}}
@misc{twin1, author={Twin, A.}, title={One}, year={2001}}
@misc{twin2, author={Twin, A.}, title={Two}, year={2001}}
@misc{evil, author={<b>X</b>}, title={<script>alert(1)</script>}, url={javascript:alert(1)}}
@misc{undated, author={Old, A.}, title={Undated}}
"""


@pytest.fixture
def printed(tmp_path):
    """A function that prints prose beside a bibliography: the page's soup and what it cannot show."""

    def printed(*cells, bib=BIB, lang="en", metadata=(), **fields):
        (tmp_path / "refs.bib").write_text(bib, encoding="utf-8")
        made = notebook(*cells)
        made.metadata |= dict(metadata)
        page = Page("a", lang, "A", f"{lang}/a", **{"bibliography": ("refs.bib",), **fields})
        found = print_page(made, page, beside=Beside(page, tmp_path / "a.ipynb", tmp_path))
        return BeautifulSoup(found.html, "html.parser"), found.lost

    return printed


def said(soup):
    """The text of the prose, without the list."""
    for section in soup.select("section.footnotes, nav"):
        section.extract()
    return re.sub(r"\s+", " ", soup.article.get_text()).strip()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[@smith2020]", "(Smith and Müller, 2020)"),
        ("[see @smith2020, p. 3; @doe1999]", "(see Smith and Müller, 2020, p. 3; Doe et al., 1999)"),
        ("[@smith2020 p. 3]", "(Smith and Müller, 2020, p. 3)"),
        ("[-@ons]", "(2024)"),
        ("@smith2020 says", "Smith and Müller (2020) says"),
        ("@smith2020 [p. 3] says", "Smith and Müller (2020, p. 3) says"),
        ("so @ons.", "so Office for National Statistics (2024)."),
        ("[@{ons}]", "(Office for National Statistics, 2024)"),
        ("{cite}`smith2020`", "(Smith and Müller, 2020)"),
        ("{cite:p}`smith2020,ons`", "(Smith and Müller, 2020; Office for National Statistics, 2024)"),
        ("{cite:t}`smith2020`", "Smith and Müller (2020)"),
        ("{cite:p}`{see}smith2020{p. 3}`", "(see Smith and Müller, 2020, p. 3)"),
        ("@li", "李明 (2021)"),
        ("[@undated]", "(Old, n.d.)"),
        ("[@twin1; @twin2]", "(Twin, 2001a; Twin, 2001b)"),
        ("[@twin2]", "(Twin, 2001)"),
    ],
)
def test_each_form_is_shown_as_its_reader_expects_and_leads_to_its_work_and_back(printed, written, shown):
    soup, lost = printed(f"# T\n\n{written}")
    assert not lost
    cites = soup.select("a.cite")
    entries = {entry["id"]: entry for entry in soup.select("section.footnotes li")}
    assert cites
    for cite in cites:
        assert f"#{cite['id']}" in [link["href"] for link in entries[cite["href"][1:]].select("a.footnote-backref")]
    backs = [link["href"] for link in soup.select("a.footnote-backref")]
    assert sorted(backs) == sorted(f"#{cite['id']}" for cite in cites)
    assert said(soup) == f"T {shown}"


@pytest.mark.parametrize(
    "written",
    [
        "`@smith2020` and ``[@smith2020]``",
        "    [@smith2020]",
        "```python\n@smith2020\ndef f(): ...\n```",
        "smith@smith2020.org and x@smith2020",
        "<me@smith2020.org>",
        "a @decorator and @property",
        r"\@smith2020 and \[@smith2020\]",
        "[text](https://example.org/@smith2020)",
        "[name@smith2020](https://example.org)",
        "https://example.org/@smith2020",
        "$@smith2020$",
    ],
)
def test_what_is_no_citation_stays_and_is_not_told(printed, written):
    soup, lost = printed(f"# T\n\n{written}")
    assert not soup.select("a.cite, section.footnotes")
    assert not [one for one in lost if "shown as it is written" in one]


def test_a_citation_in_the_words_of_a_link_is_no_link_in_a_link(printed):
    soup, _ = printed("# T\n\n[as @smith2020 says](https://example.org)")
    assert not soup.select("a a")
    assert "as @smith2020 says" in soup.article.get_text()


@pytest.mark.parametrize(
    ("written", "key"),
    [("[@none]", "none"), ("[@ons; @none]", "none"), ("@none2020", "none2020"), ("{cite}`none`", "none")],
)
def test_an_unknown_work_is_shown_as_written_and_told_once_with_its_cell(printed, written, key):
    soup, lost = printed("# T", f"# U\n\nA {written}.")
    assert not soup.select("a.cite")
    assert key in soup.article.get_text()
    assert len(lost) == 1
    assert lost[0].startswith("cell 2: ")
    assert f'called "{key}"' in lost[0]


def test_without_a_bibliography_nothing_is_cited_and_the_page_is_as_if_there_were_none(printed):
    soup, lost = printed("# T\n\n[@smith2020] and @smith2020", bibliography=())
    assert said(soup) == "T [@smith2020] and @smith2020"
    assert len(lost) == 1
    assert "there is no bibliography" in lost[0]


def test_a_page_that_cites_nothing_is_the_same_with_a_bibliography_and_without(printed):
    cells = ("# T\n\nPlain [text] with a@b.org, @name and `@smith2020`.", "# U\n\n[a](b.html)")
    assert printed(*cells)[0].encode() == printed(*cells, bibliography=())[0].encode()


def test_outputs_and_the_first_paragraph_are_cited_from_once(printed):
    cell = "# T\n\nFirst {cite}`ons` and [@doe1999]."
    soup, lost = printed(cell)
    assert not lost
    assert [cite["id"] for cite in soup.select("a.cite")] == ["cite-ons-1", "cite-doe1999-1"]
    assert soup.find("meta", {"name": "description"})["content"].startswith("First (Office for National")


def test_the_list_is_sorted_and_says_all_that_is_known(printed):
    soup, _ = printed("# T\n\n[@smith2020; @doe1999; @ons]")
    texts = [re.sub(r"\s*↩.*", "", entry.get_text()) for entry in soup.select("section.footnotes li")]
    assert texts == [
        "Doe, John; Roe, J.; Poe, E. (1999). Why? Wiley.",
        "Office for National Statistics (2024). Labour <market>. https://example.org/a?x=1&y=2",
        "Smith, Anna; Müller, Jörg (2020). On DNA & more. Nature, 5(2), 1–10. https://doi.org/10.1000/x_y",
    ]
    assert soup.select_one("section.footnotes h2").get_text() == "References"
    assert [link["href"] for link in soup.select("nav.contents a")] == []  # one heading is no contents


def test_the_authors_own_heading_stands_for_ours(printed):
    soup, _ = printed("# T\n\n[@ons]\n\n## References\n")
    assert [heading.get_text().rstrip("#") for heading in soup.select("article h2")] == ["References"]
    assert soup.select_one("section.footnotes")["aria-label"] == "References"


def test_a_bibliography_directive_is_where_authors_expect_a_list_and_shows_nothing(printed):
    soup, lost = printed("# T\n\n[@ons]\n\n```{bibliography}\n:style: plain\n```")
    assert not lost
    assert len(soup.select("section.footnotes")) == 1


def test_markup_in_a_bib_file_is_text_and_addresses_that_run_are_none(printed):
    soup, _ = printed("# T\n\n[@evil]")
    assert not soup.select("article script, article b")
    assert "<script>alert(1)</script>" in soup.select_one("section.footnotes").get_text()
    assert not [link for link in soup.select("a[href]") if "javascript" in link["href"]]


@pytest.mark.parametrize(("lang", "shown"), [("zh", "（Smith、Müller，2020）"), ("de", "(Smith und Müller, 2020)")])
def test_each_language_cites_in_its_own_way(printed, lang, shown):
    soup, _ = printed("# T\n\n[@smith2020]", lang=lang)
    assert shown in soup.article.get_text()


def test_a_notebooks_own_bibliography_is_read_and_a_missing_one_told(printed):
    soup, _ = printed("# T\n\n[@ons]", bibliography=(), metadata={"bibliography": "refs.bib"})
    assert soup.select("a.cite")
    soup, lost = printed("# T\n\n[@ons]", bibliography=(), metadata={"bibliography": ["../none.bib"]})
    assert not soup.select("a.cite")
    assert any('bibliography "../none.bib" is not found' in one for one in lost)


def test_what_of_a_file_cannot_be_read_is_told_and_the_rest_is_used(printed):
    soup, lost = printed("# T\n\n[@ons]", bib="@misc{bad, title={x}\n" + BIB + "@misc{ons, title={again}}")
    assert soup.select("a.cite")
    assert any("refs.bib: syntax error in line" in one for one in lost)
    assert any("repeated" in one for one in lost)


@given(st.text(alphabet="@[]{}-;, ab1\\`\n", max_size=40))
def test_no_text_breaks_the_parsers(text):
    for found in GROUP.finditer(text):
        parse_group(found[1])
    parse_role(text)
    assert isinstance(plain(text), str)
    read_bibliography("@misc{" + text)


def test_brackets_without_end_are_read_in_time():
    GROUP.search("[" * 20_000 + "@a")
    GROUP.search("[ @" * 20_000)
    parse_group("@a, " * 5_000)


CITED = "# T\n\n[@smith2020] and [@ons] and @doe1999."


def settle(project):
    project.head = 'title = "Book"\nlanguages = ["en"]\nbibliography = "../refs.bib"\n[press]\npreload = []\n'
    (project.root / "refs.bib").write_text(BIB, encoding="utf-8")
    project.add("a", CITED)


def test_a_change_of_the_bibliography_is_printed_again_and_not_run_and_explained(project):
    settle(project)
    project.build()
    (project.root / "refs.bib").write_text(BIB.replace("Smith, Anna", "Schmidt, Anna"), encoding="utf-8")
    assert re.search(r"changed +refs.bib \(beside\)", project.press("explain", "a")[1])
    assert list(project.build().values()) == ["printed"]
    assert "Schmidt" in project.site()["en/a.html"].decode()
    assert list(project.build().values()) == ["reused"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("none.bib", 'bibliography: found no file at "none.bib"'),
        ("/etc/hostname", "lies outside the suite"),
        (3, "found 3"),
    ],
)
def test_a_bibliography_that_cannot_be_is_refused_before_anything_runs(project, said, told):
    project.add("a", CITED, bibliography=said)
    code, out, err = project.press("build")
    assert code == 2
    assert told in out + err
    assert not (project.root / "reports").exists()


def test_a_reports_own_bibliography_counts_before_the_suites(project):
    settle(project)
    (project.root / "own.bib").write_text("@misc{own, author={Own, A.}, title={Mine}, year=2020}")
    project.add("b", "# T\n\n[@own] and [@ons]", bibliography=["../own.bib"])
    project.build()
    html = project.site()["en/b.html"].decode()
    assert "Own, 2020" in html
    assert "[@ons]" in html
    assert "warning: b (en), cell 2: [@ons]" in project.err


@pytest.mark.parametrize("light", ["light", "dark"])
def test_a_page_with_references_has_no_barriers(project, chromium, light):
    settle(project)
    project.build()
    for width in (1280, 390):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=light)
        page.goto((project.root / "reports/site/en/a.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not Axe().run(page).response["violations"]
        page.close()


def test_the_metadata_of_quarto_is_read(tmp_path):
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    made = json.loads(json.dumps(notebook("# T\n\n[@ons]")))
    made["cells"].insert(
        0, {"cell_type": "raw", "id": "r", "metadata": {}, "source": "---\ntitle: T\nbibliography: refs.bib\n---"}
    )
    import nbformat

    page = Page("a", "en", "A", "en/a")
    found = print_page(nbformat.from_dict(made), page, beside=Beside(page, tmp_path / "a.ipynb", tmp_path))
    assert 'class="cite"' in found.html

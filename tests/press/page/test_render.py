"""A page says what its notebook says, in its language, and nothing in it can break out."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from press.credits import Work
from press.page import render
from press.page.companions import companions
from press.page.outputs import MIME
from press.page.render import Page
from press.records import Link, Section

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u202eevil\u2066",
    "x" * 10_000,
    "{{ 7 * 7 }}{% raw %}",
]
EN = Page(
    "01-growth",
    "en",
    "Growth",
    "city/en/01-growth",
    site_title="The Book",
    figures={"": "figures"},
    languages=("zh", "en"),
)


def artist(draw):
    """Who draws charts, and sees no frame."""
    return SimpleNamespace(draw=draw, photograph=None)


def answer(expression, html, plain="?"):
    data = {"text/plain": plain} | ({"text/html": html} if html else {})
    return {"expression": expression, "result": {"status": "ok", "data": data, "metadata": {}}}


def markdown(text, *tags, answers=()):
    return new_markdown_cell(text, metadata={"tags": list(tags), "user_expressions": list(answers)})


def shown(data, *, metadata=None, tags=()):
    outputs = [new_output("display_data", data=data, metadata=metadata or {})]
    return new_code_cell("secret_code()", outputs=outputs, metadata={"tags": list(tags)})


def chart(id="growth", **said):
    figure = {
        "data": [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}],
        "layout": {"title": {"text": "Own title"}, "template": {"layout": {"colorway": ["#123456"]}}},
    }
    record = {"id": id, "title": "It grew", "alt": "Two bars", "data": {"columns": ["k", "v"], "rows": [["a", 1]]}}
    return shown({MIME: figure}, metadata={"press": {"chart": record | said}})


class Reader(HTMLParser):
    """Every element of a page, and the text outside of scripts."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self._inside = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data):
        if self._inside[-1:] != ["script"]:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def read(*cells, page=EN):
    return Reader(render.render(new_notebook(cells=list(cells)), page))


def test_a_page_keeps_the_cells_of_its_language_and_hides_code():
    cells = [markdown("# Growth", "en"), markdown("# 增长", "zh"), markdown("both"), shown({"text/plain": "42"})]
    english, chinese = read(*cells), read(*cells, page=Page("01", "zh", "增长", "city/zh/01", languages=("zh", "en")))
    assert "Growth" in english.text
    assert "增长" not in english.text
    assert "增长" in chinese.text
    assert all("both" in one.text and "42" in one.text and "secret_code" not in one.text for one in (english, chinese))
    assert english.all("html") == [{"lang": "en"}]
    assert chinese.all("html") == [{"lang": "zh-Hans"}]


@pytest.mark.parametrize("tag", ["parameters", "injected-parameters", "setup", "check"])
def test_cells_that_only_prepare_are_silent_where_the_suite_says_so(tag):
    cell = shown({"text/plain": "noise"}, tags=[tag])
    assert "noise" not in read(cell, page=replace(EN, silent=("setup", "check"))).text
    assert ("noise" in read(cell).text) == (tag in ("setup", "check"))


def test_a_page_says_its_parameters_that_are_words_or_numbers_to_machines_alone():
    params = {"city": "Shenzhen", "year": 2021, "names": {"zh": "深圳"}}
    page = read(markdown("# It grew"), page=Page("01", "en", "Growth", "city/en/01", params=params))
    assert {"name": "press.parameters", "content": "city = Shenzhen; year = 2021"} in page.all("meta")
    assert "Shenzhen" not in page.text
    assert not [one for one in page.all("meta") if "深圳" in one.get("content", "")]


def test_the_foot_says_when_under_which_licence_and_where_mistakes_go():
    said = {"date": "2021-05-01", "licence": ("CC BY 4.0", "https://x.org/by"), "corrections": "mailto:a@x.org"}
    page = read(markdown("# It grew"), page=Page("01", "en", "Growth", "city/en/01", author="Us", **said))
    assert " ".join(page.text.split()).endswith("By Us Date: 2021-05-01 Licence: CC BY 4.0 Corrections: a@x.org")
    assert [one["href"] for one in page.all("a")][-2:] == ["https://x.org/by", "mailto:a@x.org"]
    bare = read(markdown("# It grew"), page=Page("01", "en", "Growth", "city/en/01"))
    assert not any(word in bare.text for word in ("Date:", "Licence:", "Corrections:"))


def test_the_bar_shows_every_section_and_the_pages_of_the_one_that_is_read():
    a, b, c, d = (Link(name, name.upper(), f"{name}.html") for name in "abcd")
    beside = (Section("", (a,)), Section("Chapters", (b, c), is_here=True), Section("Data", (d,)))
    here = Page("c", "en", "C", "e/en/c", home="Overview", sections=beside)
    html = render.render(new_notebook(cells=[markdown("# It grew")]), here)
    bar = html.split('<nav class="sections"')[1].split("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>([^<]*)</a>', bar)
    assert links == [
        ("index.html", "", "Overview"),
        ("a.html", "", "A"),
        ("b.html", "true", "Chapters"),
        ("d.html", "", "Data"),
        ("b.html", "", "B"),
        ("c.html", "page", "C"),
    ]


@pytest.mark.parametrize(("langs", "there"), [((), False), (("en",), False), (("en", "zh"), True)])
def test_a_page_in_one_language_shows_no_switch(langs, there):
    here = Page("a", "en", "A", "en/a", alternates=tuple((lang, f"../{lang}/a.html") for lang in langs))
    html = render.render(new_notebook(cells=[markdown("# It grew")]), here)
    assert ('class="languages"' in html) == there


PLACE = "https://example.org/book"


def previews(page):
    """What a page says of its preview, by the name of what is said."""
    said = {
        meta.get("property") or meta.get("name", ""): meta["content"] for meta in page.all("meta") if "content" in meta
    }
    return {name: text for name, text in said.items() if "image" in name or name == "twitter:card"}


def test_a_page_without_charts_is_previewed_by_its_title():
    page = Page("01", "en", "Growth", "city/en/01", site_title="The Book", drawn=True, url=PLACE)
    drawings = []
    files = companions(new_notebook(), page, artist(lambda drawing: drawings.append(drawing) or {"card.png": b"png"}))
    assert drawings == [{"title": "Growth", "source": "The Book", "address": f"{PLACE}/city/en/01.html"}]
    said = previews(read(page=page))
    assert said["og:image"] == said["twitter:image"]
    assert files == {said["og:image"].removeprefix(f"{PLACE}/"): b"png"}


def test_a_page_with_charts_is_previewed_by_the_first():
    page = Page("01", "en", "Growth", "city/en/01", drawn=True, url=PLACE)
    notebook = new_notebook(cells=[chart("one"), chart("two")])
    cards = []
    companions(notebook, page, artist(lambda drawing: cards.append(drawing["has_card"]) or {}))
    assert cards == [True, False]
    said = previews(read(chart("one"), chart("two"), page=page))
    assert said["og:image"].startswith(f"{PLACE}/assets/charts/one.")
    assert said["og:image"].endswith("-card.png")


@pytest.mark.parametrize("cells", [[], [chart("one")]])
def test_where_the_address_of_the_site_is_not_known_no_preview_is_promised_and_none_is_drawn(cells):
    page = Page("01", "en", "Growth", "city/en/01", site_title="The Book", drawn=True)
    drawings = []
    companions(new_notebook(cells=cells), page, artist(lambda drawing: drawings.append(drawing) or {}))
    assert previews(read(*cells, page=page)) == {}
    assert [drawing["has_card"] for drawing in drawings] == [False] * len(cells)


def test_links_in_a_drawing_are_links_of_the_page_at_either_width_and_only_safe_ones():
    page = Page("01", "en", "Growth", "city/en/01", drawn=True)
    notebook = new_notebook(cells=[chart("one")])
    found = [{"href": href, "label": "A", "box": [1, 2, 3, 4]} for href in ("b.html#c", "javascript:alert(1)")]
    marks = json.dumps({"tips": [], "links": {"wide": found, "narrow": found}, "problems": ["it is odd"]})
    files = companions(notebook, page, artist(lambda _: {"marks.json": marks.encode()}))
    printed = render.print_page(notebook, page, files)
    read = Reader(printed.html)
    assert [link["href"] for link in read.all("a") if link.get("aria-label") == "A"] == ["b.html#c", "b.html#c"]
    assert [one["class"] for one in read.all("svg")] == ["links wide", "links narrow"]
    odd, unsafe = printed.lost
    assert odd == "cell 1: the chart “It grew”: it is odd"
    assert 'the link "javascript:alert(1)" leads nowhere' in unsafe
    assert [one.path for one in printed.references] == ["city/en/b.html"]


def test_spoken_answers_stand_in_prose_headings_and_tables():
    html = '<data class="figure" value="5" data-figure="tasks.all">5</data>'
    cell = markdown("# {eval}`n` tasks\n\nWe have {eval}`n`.\n\n|a|\n|-|\n|{eval}`n`|", answers=[answer("n", html)])
    page = read(cell)
    assert page.text.count("5") >= 3
    assert [link["href"] for link in page.all("a") if link.get("class") == "figure"] == ["figures.html#tasks.all"] * 3
    assert "{eval}" not in page.text


def test_a_plain_answer_is_escaped_and_code_is_left_alone():
    page = read(markdown("{eval}`n` and ``{eval}`n` ``", answers=[answer("n", None, "<b>5</b>")]))
    assert "<b>5</b> and {eval}`n`" in page.text


def test_an_answer_that_is_a_text_is_said_without_its_quotes():
    plains = ["'5 万'", '"it\'s"', "'a' + 'b", "''"]
    cell = markdown(
        "; ".join(f"{{eval}}`x{n}`" for n in range(4)), answers=[answer(f"x{n}", None, p) for n, p in enumerate(plains)]
    )
    assert "5 万; it's; 'a' + 'b; " in read(cell).text


def test_figures_are_no_links_where_there_is_no_table_and_on_the_table_itself():
    cell = markdown("{eval}`n`", answers=[answer("n", '<data class="figure" data-figure="a">5</data>')])
    for page in (Page("01", "en", "A", "en/01"), Page("figures", "en", "A", "en/figures", figures={"": "figures"})):
        assert not [link for link in read(cell, page=page).all("a") if link.get("class") == "figure"]


def test_headings_have_one_anchor_in_every_language():
    cells = [markdown("## What grew: {eval}`n`", "en"), markdown("## 增长了什么", "zh"), markdown("## 2", "zh", "en")]
    ids = [
        [h["id"] for h in read(*cells, page=Page("1", lang, "", "a", languages=("zh", "en"))).all("h2")]
        for lang in ("en", "zh")
    ]
    assert ids[0] == ids[1] == ["what-grew", "2"]


def test_a_chart_has_caption_drawing_table_and_link_and_no_title_of_its_own():
    page = read(chart(source="The source", note="A note"), chart())
    figures = [f["id"] for f in page.all("figure")]
    assert figures == ["growth", "growth-2"]
    assert all(words in page.text for words in ("Chart 1", "Chart 2", "It grew", "The source", "A note", "Data table"))
    assert {"href": "#growth", "class": "permalink"} in page.all("a")
    assert page.all("th") == [{"scope": "col"}, {"scope": "col"}] * 2
    assert [table["class"] for table in page.all("table")] == ["data-table n2"] * 2  # the second column holds numbers
    assert any(plot.get("aria-label") == "Two bars" for plot in page.all("div"))
    assert "Own title" not in render.render(new_notebook(cells=[chart()]), EN)


def test_a_layout_template_is_kept_once():
    html = render.render(new_notebook(cells=[chart("a"), chart("b")]), EN)
    assert html.count("#123456") == 1


def test_a_chart_of_anyone_is_shown_under_its_own_title():
    page = read(shown({MIME: {"data": [], "layout": {"title": {"text": "Own <i>title</i>"}}}}))
    assert "Own title" in page.text
    assert [f["id"] for f in page.all("figure")] == ["chart-1"]


def table(id="parts", rows=(["a", 1],), **said):
    record = {"id": id, "title": "Parts", "data": {"columns": ["k", "v"], "rows": list(rows)}} | said
    return shown({"text/html": "<table><tr><td>a</td></tr></table>"}, metadata={"press": {"table": record}})


@pytest.mark.parametrize("trusted", [True, False])
def test_a_table_that_brings_its_data_offers_it(trusted):
    page = Page("01-growth", "en", "Growth", "city/en/01-growth", trusted=trusted)
    notebook = new_notebook(cells=[chart("parts"), table(folder="city"), table(), table(rows=())])
    links = [link["href"] for link in read(*notebook.cells, page=page).all("a") if "download" in link]
    suffixes = ("csv", "xlsx", "json")
    ids = ("parts", "parts-2", "parts-3")
    offered = [f"01-growth/{id}.{suffix}" for id in ids for suffix in suffixes]
    assert links[:-1] == [*offered[:6], "01-growth/city.zip", *offered[6:]]
    made = companions(notebook, page)
    assert {f"city/en/{name}" for name in (*offered, "01-growth/parts-2.csv-metadata.json")} <= set(made)
    assert made["city/en/01-growth/parts-2.csv"].decode("utf-8-sig") == "k,v\r\na,1\r\n"
    linked = json.loads(render.render(notebook, page).split('ld+json">')[1].split("<")[0])
    assert [len(one["distribution"]) for one in linked["hasPart"]] == [1, 2, 1]


@pytest.mark.parametrize(
    "odd", ["x", 5, None, [], {"data": 5}, {"data": {"rows": 5}}, {"data": {"rows": [5, {}]}, "id": []}]
)
@pytest.mark.parametrize("kind", ["table", "chart"])
def test_metadata_that_is_no_record_is_survived(kind, odd):
    bundle = {"text/html": "<b>kept</b>"} if kind == "table" else {MIME: {"data": [], "layout": {"title": "kept"}}}
    notebook = new_notebook(
        cells=[shown(bundle, metadata={"press": {kind: odd}}), shown(bundle, metadata={"press": odd})]
    )
    assert read(*notebook.cells).text.count("kept") >= 2
    companions(notebook, EN)


def test_other_outputs_are_shown():
    error = new_output("error", ename="ZeroDivisionError", evalue="1 / <0>", traceback=[])
    cells = [
        shown({"image/png": "iVBORw0KGgo=\n"}),
        shown({"image/svg+xml": "<svg onload='x'/>"}),
        shown({"text/markdown": "*so*"}),
        shown({"text/html": "<p>frame</p>"}),
        new_code_cell("", outputs=[error, new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m<i>")]),
        new_code_cell("", outputs=[new_output("stream", name="stderr", text="warning")]),
        new_code_cell("", outputs=[new_output("execute_result", data={"text/plain": "'last'"}, execution_count=1)]),
    ]
    page = read(*cells)
    assert [img["src"][:26] for img in page.all("img")] == ["data:image/png;base64,iVBO", "data:image/svg+xml;base64,"]
    assert all(words in page.text for words in ("so", "frame", "ZeroDivisionError: 1 / <0>", "red<i>", "'last'"))
    assert "warning" not in page.text


def test_html_of_a_suite_that_is_not_trusted_stays_in_a_frame():
    page = read(shown({"text/html": "<b>a</b>"}), markdown("<u>x</u>"), page=Page("1", "en", "", "a", trusted=False))
    assert page.all("iframe")[0]["srcdoc"] == "<b>a</b>"
    assert "sandbox" in page.all("iframe")[0]
    assert not page.all("b")
    assert "<u>x</u>" in page.text


@pytest.mark.parametrize(
    ("html", "trusted", "allowed"),
    [
        ("<b class='style'>a</b>", True, False),
        ("<b STYLE='color: red'>a</b>", True, True),
        ("<style>td { color: red }</style>", True, True),
        ("<style>td { color: red }</style>", False, True),
        ("<b>style=</b>", False, False),
    ],
)
def test_inline_style_is_allowed_only_where_an_output_brings_it(html, trusted, allowed):
    page = read(shown({"text/html": html}), chart(), page=Page("1", "en", "", "a", trusted=trusted))
    [policy] = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv")]
    assert ("style-src 'self' 'unsafe-inline'" in policy) == allowed
    assert "style-src 'self'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("evil", HOSTILE)
def test_nothing_breaks_out(evil):
    said = {"title": evil, "alt": evil, "note": evil, "source": evil, "data": {"columns": [evil], "rows": [[evil]]}}
    cells = [
        markdown("{eval}`n` [a](<javascript:alert(1)>) ![b](data:text/html,x)", answers=[answer("n", None, evil)]),
        chart("a", **said),
        chart(evil, **said),
        shown({"text/plain": evil}),
        new_code_cell("", outputs=[new_output("stream", text=evil), new_output("error", ename=evil, evalue=evil)]),
    ]
    beside = (Section(evil, (Link("a", evil, "a.html"), Link("b", evil, "b.html")), is_here=True),)
    said = {"site_title": evil, "suite_title": f"{evil}!", "home": evil, "date": evil, "corrections": f"mailto:{evil}"}
    said |= {"sections": beside, "alternates": (("zh", "b.html"), ("en", "a.html")), "licence": (evil, "https://x.y")}
    page = Page("a", "en", evil, "a", {evil: evil}, **said)
    html = render.render(new_notebook(cells=cells), page)
    found = Reader(html)
    outside = {
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "div",
        "nav",
        "ul",
        "li",
        "main",
    }
    inside = {"article", "h1", "p", "img", "figure", "figcaption", "span", "details", "summary", "table", "thead"}
    assert {tag for tag, _ in found.elements} <= outside | inside | {
        "tr",
        "th",
        "tbody",
        "td",
        "pre",
        "footer",
        "code",
        "small",
        "time",
    }
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert not [a for _, a in found.elements for key in ("href", "src") if a.get(key, "").startswith("javascript:")]
    quiet = ("application/json", "application/ld+json")
    assert all(script.get("src") or script.get("type") in quiet for script in found.all("script"))
    assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_what_the_script_reads_is_what_the_notebook_said():
    html = render.render(new_notebook(cells=[chart(), markdown("x")]), EN)
    inside = html.split('class="plot-spec">')[1].split("</script>")[0]
    assert json.loads(inside)["data"] == [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}]


def test_a_page_is_the_same_each_time_and_leaves_the_notebook_alone():
    notebook = new_notebook(cells=[markdown("# A\n\n## B", "en"), chart(), shown({"text/html": "<table></table>"})])
    before = json.dumps(notebook, sort_keys=True)
    assert render.render(notebook, EN) == render.render(notebook, EN)
    assert json.dumps(notebook, sort_keys=True) == before


def test_a_page_knows_its_neighbours():
    a, b, c = (Link(name, name.upper(), f"{name}.html") for name in "abc")
    beside = (Section("", (a,)), Section("More", (b, c)))
    assert Page("b", "en", "", "", sections=beside).neighbours == (a, c)
    assert Page("a", "en", "", "", sections=beside).neighbours == (None, b)
    assert Page("x", "en", "", "", sections=beside).neighbours == (None, None)


def test_a_page_says_what_it_is_to_machines_and_where_it_is_only_if_that_is_known():
    said = {"site_title": "The Book", "alternates": (("zh", "../zh/01.html"),), "drawn": True}
    here, known = (Page("01", "en", "Growth", "city/en/01", url=url, **said) for url in ("", "https://example.org/x"))
    page = read(markdown("# It grew"), chart(), page=known)
    assert {"rel": "canonical", "href": "https://example.org/x/city/en/01.html"} in page.all("link")
    assert {"rel": "alternate", "hreflang": "zh-Hans", "href": "https://example.org/x/city/zh/01.html"} in page.all(
        "link"
    )
    images = [meta["content"] for meta in page.all("meta") if meta.get("property") == "og:image"]
    assert images[0].startswith("https://example.org/x/assets/charts/growth.")
    linked = json.loads(
        render.render(new_notebook(cells=[markdown("# It grew"), chart()]), known).split('ld+json">')[1].split("<")[0]
    )
    assert (linked["@type"], linked["name"], linked["hasPart"][0]["@type"]) == ("Report", "It grew", "Dataset")
    assert linked["hasPart"][0]["distribution"][0]["contentUrl"] == "https://example.org/x/city/en/01/growth.csv"
    assert "https://example" not in render.render(new_notebook(cells=[chart()]), here)


CREDITED = replace(EN, author="Us", based_on=(Work("A report", "A reporter", "A paper", reports_on=Work("A book")),))
LINE = "A reporter, “A report”, A paper; it reports on “A book”"


def test_a_page_names_its_author_and_what_it_is_based_on_each_as_what_it_is():
    html = render.render(new_notebook(cells=[markdown("# It grew"), chart()]), CREDITED)
    linked = json.loads(html.split('ld+json">')[1].split("<")[0])
    assert linked["author"] == {"@type": "Organization", "name": "Us"}
    assert [one["name"] for one in linked["isBasedOn"]] == ["A report"]
    assert linked["isBasedOn"][0]["about"]["name"] == "A book"
    page = BeautifulSoup(html, "html.parser")
    said = {meta["name"]: meta["content"] for meta in page.select("meta[name]")}
    assert (said["author"], said["dcterms.source"]) == ("Us", LINE)
    assert {line.get_text() for line in page.select(".byline")} == {f"By UsBased on: {LINE}"}
    reference, bibtex = (citation.get_text() for citation in page.select(".citation"))
    assert reference.startswith("Us. It grew[DB/OL]")
    assert reference.endswith(f"Based on: {LINE}.")
    assert "author={{Us}}" in bibtex
    assert f"note={{Based on: {LINE}}}" in bibtex


def test_a_page_that_is_told_neither_says_neither():
    html = render.render(new_notebook(cells=[markdown("# It grew"), chart()]), EN)
    for words in ("byline", "isBasedOn", "Based on", "dcterms", 'name="author"', "author="):
        assert words not in html


def test_what_is_taken_away_says_who_made_it_and_from_what():
    files = companions(new_notebook(cells=[markdown("# It grew"), chart()]), CREDITED)
    told = json.loads(files["city/en/01-growth/growth.json"])
    assert (told["author"], told["based_on"]) == ("Us", LINE)
    book = openpyxl.load_workbook(BytesIO(files["city/en/01-growth/growth.xlsx"]))
    assert (book.properties.creator, book.properties.subject) == ("Us", LINE)
    assert LINE in files["city/en/01-growth/growth.html"].decode()
    bare = json.loads(companions(new_notebook(cells=[chart()]), EN)["city/en/01-growth/growth.json"])
    assert not {"author", "based_on"} & set(bare)


@pytest.mark.parametrize("kind", ["markdown", "answer", "html"])
def test_a_link_to_another_notebook_leads_to_its_page(kind):
    sections = (Section("Chapters", (Link("b", "B", "../x/b.html"),)),)
    page = render.Page("a", "en", "A", "x/en/a", sections=sections)
    links = {"b.ipynb#some-part": "../x/b.html#some-part", "b.ipynb": "../x/b.html", "c.ipynb": "c.ipynb"}
    for target, wanted in links.items():
        link = f'<a href="{target}">B</a>'
        cell = new_markdown_cell(f"[B]({target})")
        if kind == "answer":
            cell = new_markdown_cell("{eval}`b`")
            result = {"status": "ok", "data": {"text/html": link}, "metadata": {}}
            cell.metadata["user_expressions"] = [{"expression": "b", "result": result}]
        if kind == "html":
            cell = new_code_cell("", outputs=[new_output("display_data", {"text/html": link})])
        assert f'href="{wanted}"' in render.render(new_notebook(cells=[cell]), page)

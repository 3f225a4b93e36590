"""Markdown as it is written in JupyterLab, MyST, Quarto and at GitHub; what is not understood is shown and told."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from press.page.markdown import expressions
from press.page.prose import Prose
from press.page.render import print_page
from press.records import Page


def page_of(*cells, **fields):
    made = [nbformat.v4.new_markdown_cell(one) if isinstance(one, str) else one for one in cells]
    return print_page(nbformat.v4.new_notebook(cells=made), Page("a", "en", "A", "en/a", **fields))


def soup_of(*cells, **fields):
    return BeautifulSoup(page_of(*cells, **fields).html, "html.parser").article


@pytest.mark.parametrize(
    ("source", "selector", "text"),
    [
        ("| a | b |\n|---|--:|\n| 1 | $x|y$ |", "td.right math", "x|y"),
        ("- [x] done\n- [ ] open", "li.task [role=img]", "☑"),
        ("see https://example.org/a_b_c now", "a[href='https://example.org/a_b_c']", "https://example.org/a_b_c"),
        ("Term\n: what it is", "dl dd", "what it is"),
        ("word[^1]\n\n[^1]: a note", ".footnotes li", "a note ↩︎"),
        ("~~gone~~", "s", "gone"),
        ("> [!WARNING]\n> Hot.", ".admonition.warning .admonition-title", "Warning"),
        ("```{note}\nMind *this*.\n```", ".admonition.note em", "this"),
        (":::{tip} Do\nThis.\n:::", ".admonition.tip .admonition-title", "Do"),
        ('::: {.callout-important title="Look"}\nHere.\n:::', ".admonition.important .admonition-title", "Look"),
        ("```{admonition} Own *title*\n:class: tip\nx\n```", ".admonition-title", "Own *title*"),
        ("```python\nx = 1\n```", "pre.code .mi", "1"),
        ("```{code-block} python\ny = 2\n```", "pre.code .mi", "2"),
        ("    x = $y$", "pre.code", "x = $y$"),
        ("H{sub}`2`O", "sub", "2"),
        ("{py:func}`f`", "p code", "f"),
        ("a line \\\nbroken", "br", ""),
        ("$$\ny\n$$", ".equation math", "y"),
        ("# A $x_1*y_2*$", "h1 math", "x1*y2*"),
        ("<b>bold $x$</b>", "b math", "x"),
    ],
)
def test_what_people_write_is_understood(source, selector, text):
    found = soup_of(source).select(selector)
    assert found
    assert found[0].get_text().strip() == text


def test_a_figure_has_a_number_and_is_referred_to_before_it_comes():
    article = soup_of(
        "See {numref}`fall` and [](#fall).",
        "```{figure} https://example.org/a.png\n:name: fall\n:alt: It fell\n:width: 50%\nHow it fell.\n```",
    )
    assert [link.get_text() for link in article.select('a[href="#fall"]')] == ["Figure 1", "Figure 1"]
    assert article.select_one("figure#fall img")["alt"] == "It fell"
    assert article.select_one("figure#fall img")["width"] == "50%"
    assert article.select_one("figcaption").get_text().split() == ["Figure", "1", "How", "it", "fell."]


def test_places_are_called_as_in_jupyter_and_as_in_myst():
    article = soup_of(
        "# Title\n\n[a](#Section-Two) [b](#section-two) {ref}`named` [](#own)",
        "(named)=\n## Section Two",
        "## Third {#own .unnumbered}",
    )
    links = {link.get_text(): link["href"] for link in article.select("p a")}
    assert links == {"a": "#section-two", "b": "#section-two", "Section Two": "#named", "Third": "#own"}
    assert all(article.find(id=href[1:]) for href in links.values())
    assert [heading.get_text() for heading in article.select("h2")] == ["Section Two#", "Third#"]


def test_sizes_of_pictures_are_kept_and_nothing_is_left_of_what_says_them():
    article = soup_of('![a](https://e.org/x.png){width=50%} ![b](https://e.org/y.png){width="200px" height=3}')
    assert [(image.get("width"), image.get("height")) for image in article.select("img")] == [
        ("50%", None),
        ("200", "3"),
    ]
    assert "{" not in article.get_text()


@pytest.mark.parametrize(
    ("source", "told", "seen"),
    [
        ("```{mystery} a\nwhat\n```", "directive {mystery}", "what"),
        ("{mystery}`what`", "role {mystery}", "what"),
        ("{cite:p}`key2020`", "there is no bibliography", "[key2020]"),
        ("{ref}`nowhere`", 'nothing on the page is called "nowhere"', "nowhere"),
        ("![](https://e.org/x.png)", "has no alternative text", ""),
        ("$a_b_c$", "the formula “a_b_c” cannot be read", "$a_b_c$"),
        ("![x](attachment:gone.png)", 'the attachment "gone.png" is not in the cell', ""),
    ],
)
def test_what_is_not_understood_is_shown_as_written_and_told(source, told, seen):
    printed = page_of(source)
    assert any(told in sentence and sentence.startswith("cell 1:") for sentence in printed.lost), printed.lost
    assert seen in BeautifulSoup(printed.html, "html.parser").article.get_text()


def test_footnotes_of_two_cells_have_names_of_their_own():
    article = soup_of("a[^1]\n\n[^1]: one", "b[^1]\n\n[^1]: two")
    names = [one["id"] for one in article.select("[id]")]
    assert len(names) == len(set(names))
    for link in article.select("a.footnote-backref, .footnote-ref a"):
        assert article.find(id=link["href"][1:])


def test_the_lead_is_a_paragraph_that_says_something():
    notice = "*This notebook is from [a book](https://e.org).*\n\n[![logo](https://e.org/l.png)](https://e.org)"
    assert '<meta name="description" content="It says this.">' in page_of(notice, "# T\n\nIt says *this*.").html
    assert '<meta name="description" content="First.">' in page_of("First.", "## no title").html


def test_boxes_are_called_what_they_are_in_the_page_s_language():
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("> [!NOTE]\n> x\n\n```{tip}\ny\n```")])
    html = print_page(made, Page("a", "zh", "A", "zh/a")).html
    assert re.findall(r'admonition-title">([^<]*)<', html) == ["注意", "提示"]


def test_nothing_of_a_suite_that_is_not_trusted_is_html():
    source = (
        '<img src=x onerror=alert(1)>\n\n```{note}\n<script>1</script>\n```\n\n[a](javascript:1){onclick="x" style="y"}'
    )
    article = soup_of(source, trusted=False)
    assert not article.select("img, script, [onclick], [style], [onerror]")
    assert [link["href"] for link in article.select("p a")] == ["#"]


MARKS = "$ $$ ` ``` ::: {note} {eval} [ ]( ) # { } x | - > [^1] \\ < ! (a)= :name:a * _ \\begin{align} \\end{align}"
PIECES = st.sampled_from([*MARKS.split(), "\n", "\n\n", " ", ": ", "- [ ] ", "[^1]: "])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_is_too_odd(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    html = Prose(notebook, Page("a", "en", "A", "en/a")).html(notebook.cells[0])
    assert "\ue000" not in html
    assert "\ue001" not in html


@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_expression_that_a_page_shows_was_asked_for(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    prose = Prose(notebook, Page("a", "en", "A", "en/a"))
    shown = []
    prose.answer = lambda expression: shown.append(expression) or ""
    prose.html(notebook.cells[0])
    assert set(shown) <= set(expressions(source))

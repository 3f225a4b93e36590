"""Code on a page: shown, folded or hidden as the suite says, and before it the cell."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from press.page.render import Page, print_page
from press.tags import CodeDisplay


def printed(source, display, tags=(), language="python"):
    cell = new_code_cell(source, metadata={"tags": list(tags)})
    cell.outputs = [new_output("stream", name="stdout", text="1\n")]
    notebook = new_notebook(cells=[new_markdown_cell("# A"), cell])
    notebook.metadata["kernelspec"] = {"language": language, "name": language}
    return print_page(notebook, Page("a", "en", "A", "en/a", code=display)).html


@pytest.mark.parametrize(
    ("display", "source", "tags", "seen"),
    [
        ("hide", "x = 1", (), "hide"),
        ("show", "x = 1", (), "show"),
        ("fold", "x = 1", (), "fold"),
        ("hide", "#| echo: true\nx = 1", (), "show"),
        ("show", "#| echo: false\nx = 1", (), "hide"),
        ("show", "#| code-fold: true\nx = 1", (), "fold"),
        ("fold", "#| code-fold: show\nx = 1", (), "show"),
        ("show", "x = 1", ("hide-input",), "fold"),
        ("hide", "x = 1", ("hide-input",), "hide"),
        ("show", "x = 1", ("remove-input",), "hide"),
        ("show", "#| include: false\nx = 1", (), "hide"),
    ],
)
def test_the_cell_counts_before_the_suite(display, source, tags, seen):
    html = printed(source, CodeDisplay(display), tags)
    has_code, is_folded = '<pre class="code"' in html, "<summary>Code</summary>" in html
    assert (has_code, is_folded) == {"hide": (False, False), "show": (True, False), "fold": (True, True)}[seen]
    assert "#|" not in html


def test_code_is_escaped_and_highlighted():
    html = printed("x = '<script>alert(1)</script>'  # a & b", CodeDisplay.SHOW)
    assert "<script>alert" not in html
    assert '<span class="s1">' in html
    assert '<span class="c1"># a &amp; b</span>' in html


def test_a_language_that_nobody_knows_is_shown_plain():
    assert "<code>a &lt; b</code>" in printed("a < b", CodeDisplay.SHOW, language="klingon")


def test_magics_are_code_too():
    assert "%time" in printed("%time 1", CodeDisplay.SHOW).replace('<span class="o">%</span><span class="k">', "%")

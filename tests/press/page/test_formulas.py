"""Formulas become MathML, money stays money, code stays code, and what cannot be read is shown as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.page.formulas import HELD, Formulas, of_output


def shown(source):
    formulas = Formulas()
    return formulas.html(formulas.hold(source)), formulas.unread


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("$x$", 1),
        ("$$x$$ and $$\ny\n$$", 2),
        (r"\(a\) and \[b\]", 2),
        ("\\begin{align}\na &= b \\\\\n-x &= c\n\\end{align}", 1),
        ("\\begin{pmatrix}1&2\\end{pmatrix}", 1),
        ("$a_1*b_1*c$, $x<y$, $\\$5$", 3),
        ("It costs $5 and $10, or $ 3 and 4 $.", 0),
        (r"\$x\$ and `$y$` and ``$z$``", 0),
        ("```\n$x$\n```\n$y$", 1),
        ("US$5 or US$10", 0),
        ("one $ alone", 0),
    ],
)
def test_formulas_are_found_and_nothing_else(source, count):
    html, unread = shown(source)
    assert html.count("<math") == count
    assert unread == []


def test_a_formula_that_cannot_be_read_is_shown_as_written_and_told():
    html, unread = shown(r"$a_b_c$ and $b$")
    assert unread == ["a_b_c"]
    assert "<code>a_b_c</code>" in html
    assert html.count("<math") == 1


def test_a_formula_alone_in_its_paragraph_stands_in_a_line_of_its_own():
    formulas = Formulas()
    assert formulas.html(f"<p>{formulas.hold('$$x$$')}</p>").startswith('<div class="formula"><math')


@given(st.text(alphabet="$\\`ab{}[]()_ \n\ue000\ue001", max_size=40))
def test_no_mark_is_left_whatever_is_written(source):
    html, _ = shown(source)
    assert not HELD.search(html)
    assert "\ue000" not in html


@pytest.mark.parametrize("latex", ["$x^2$", "$$x^2$$", r"\[x^2\]", "x^2", "$\\displaystyle x^{2}$"])
def test_outputs_of_latex_are_formulas(latex):
    assert of_output(latex).startswith("<math")

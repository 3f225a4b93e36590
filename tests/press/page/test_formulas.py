"""Formulas become MathML, money stays money, code stays code, and what cannot be read is shown as it was written."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.page.formulas import HELD, Formulas, mathml, of_output


def shown(source):
    formulas = Formulas()
    return formulas.shown(formulas.hold(source)), formulas.unread


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
    assert "<code>$a_b_c$</code>" in html
    assert html.count("<math") == 1


@pytest.mark.parametrize(
    "tex",
    [
        r"\ce{H_2O}",
        r"\nosuchcommand{x}",
        r"a & b",
        r"\begin{tikzpicture}\draw\end{tikzpicture}",
        r"\left( x",
    ],
)
def test_what_the_library_passes_over_is_no_formula(tex):
    assert mathml(tex, is_block=False) is None


@pytest.mark.parametrize(
    "tex", [r"\text{<script>}", r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\color{\"onclick=}{x}"]
)
def test_a_formula_brings_nothing_into_the_page_but_itself(tex):
    made = mathml(tex, is_block=False) or ""
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(made).iter()} if made else set()
    assert names <= {"math", "mrow", "mi", "mo", "mn", "mtext", "mstyle", "menclose"}
    assert "javascript" not in made
    assert "style=" not in made


@pytest.mark.parametrize(
    "source",
    [
        r"$\newcommand{\R}{\mathbb{R}}$ $\R$",
        r"$$\def\R{\mathbb{R}}$$ and $\R$",
        r"$\newcommand{\set}[1]{\mathbb{#1}} \newcommand\R{\set{R}}$ $\R$",
    ],
)
def test_macros_hold_in_what_follows(source):
    html, unread = shown(source)
    assert unread == []
    assert "ℝ" in html
    assert "newcommand" not in html


@pytest.mark.parametrize("tex", [r"\arg \min_{x} f", r"\operatorname*{argmax}_x", r"a \hfill b", r"\sgn(x)"])
def test_commands_that_the_library_does_not_know_are_said_in_others(tex):
    assert mathml(tex, is_block=True)


def test_operators_that_a_notebook_declares_are_upright():
    html, unread = shown(r"$\DeclareMathOperator*{\argmin}{arg\,min}$ $\argmin_x f$")
    assert unread == []
    assert "arg" in html.replace("</mi><mi>", "")


def test_equations_are_numbered_in_their_order_and_known_before_they_are_shown():
    sources = [
        "see $\\eqref{late}$ and \\begin{equation}a\\end{equation}",
        "\\begin{align}a&=\\begin{pmatrix}1\\\\2\\end{pmatrix}\\label{one}\\\\b&=c\\nonumber\\\\d&=e\\label{two}\\end{align}",
        "\\begin{align*}x\\end{align*} $$y$$ (named)\n```{math}\n:label: late\nz\n```\n$$t\\tag{A}$$",
    ]
    formulas = Formulas(sources)
    names = {name: formulas.number_of(name) for name in ("one", "two", "named", "late", "none")}
    assert names == {"one": "2", "two": "3", "named": "4", "late": "5", "none": ""}
    html = "".join(formulas.shown(formulas.hold(source)) for source in sources)
    assert re.findall(r">\((\w)\)<", html) == ["5", "1", "2", "3", "4", "5", "A"]


def test_in_code_and_in_tags_a_formula_is_what_was_written():
    formulas = Formulas()
    held = formulas.hold('<a title="$x$">$y$</a> \\begin{align}z\\end{align}')
    assert formulas.in_tags(held).startswith('<a title="$x$"><math')
    assert formulas.written(held) == '<a title="$x$">$y$</a> \\begin{align}z\\end{align}'


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>$x$ and \\(y\\)</p>", 2),
        ("<td>$5</td><td>$10</td>", 0),
        ("<pre>$x$</pre><code>$x$</code><script>$x$</script><style>$x$</style><!-- $x$ -->", 0),
        ('<a title="$x$">it</a>', 0),
        ("<p>$a &lt; b$</p>", 1),
    ],
)
def test_html_of_outputs_has_formulas_in_its_text_only(html, count):
    shown = Formulas().in_html(html)
    assert shown.count("<math") == count
    assert count or shown == html


@given(st.text(alphabet="$\\`ab{}[]()_ \n\ue000\ue001", max_size=40))
def test_no_mark_is_left_whatever_is_written(source):
    html, _ = shown(source)
    assert not HELD.search(html)
    assert "\ue000" not in html


@pytest.mark.parametrize("latex", ["$x^2$", "$$x^2$$", r"\[x^2\]", "x^2", "$\\displaystyle x^{2}$"])
def test_outputs_of_latex_are_formulas(latex):
    assert of_output(latex).startswith("<math")

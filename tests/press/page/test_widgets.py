"""Widgets are shown as they stood when the notebook had run."""

import ipywidgets
import nbformat.v4 as v4
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.embed import embed_data

from press.page.render import print_page
from press.page.unshown import WIDGET
from press.page.widgets import freeze_widgets
from press.records import Page
from press.tags import WIDGETS

PAGE = Page("a", "en", "A", "en/a")


def notebook(*widgets):
    """A notebook that shows widgets, with their states as ipywidgets keeps them."""
    data = embed_data(views=widgets)
    views = data["view_specs"]
    outputs = [v4.new_output("display_data", {"text/plain": "as text", WIDGET: view}) for view in views]
    made = v4.new_notebook(cells=[v4.new_code_cell("show", outputs=outputs)])
    made.metadata["widgets"] = {WIDGETS: data["manager_state"]}
    return made


def shown(*widgets):
    printed = print_page(notebook(*widgets), PAGE)
    page = printed.html
    return page[page.index("<article>") : page.index("</article>")], printed.lost


def bar(value):
    parts = [ipywidgets.HTML(f"{value * 10}%"), ipywidgets.FloatProgress(value, max=10), ipywidgets.HTML(f"{value}/10")]
    return ipywidgets.HBox(parts)


def test_a_bar_of_progress_stands_where_it_ended_and_nothing_is_lost():
    page, lost = shown(bar(10))
    assert "100%" in page
    assert '<progress max="1" value="1"' in page
    assert "10/10" in page
    assert "as text" not in page
    assert lost == ()


@pytest.mark.parametrize(
    ("widget", "words"),
    [
        (ipywidgets.IntSlider(5, description="Years"), "<span>Years</span> <strong>5</strong>"),
        (ipywidgets.FloatRangeSlider(value=(2.5, 7.5)), "<strong>2.5–7.5</strong>"),
        (ipywidgets.Dropdown(options=["north", "south"], value="south"), "<strong>south</strong>"),
        (ipywidgets.SelectMultiple(options=["a", "b", "c"], value=["a", "c"]), "<strong>a, c</strong>"),
        (ipywidgets.Text("<b>words</b>"), "<strong>&lt;b&gt;words&lt;/b&gt;</strong>"),
        (ipywidgets.Checkbox(True, description="Rounded"), "<span>Rounded</span> ✓"),
        (ipywidgets.Button(description="Run again"), "<span>Run again</span>"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, ipywidgets.Widget) else "",
)
def test_a_control_says_what_it_was_set_to_and_that_it_needs_a_kernel(widget, words):
    page, lost = shown(widget)
    assert words in page
    assert [line.partition(": ")[0] for line in lost] == ["cell 1"]
    assert "needs a kernel" in lost[0]


def test_boxes_tabs_and_caught_outputs_are_shown_with_their_titles():
    caught = ipywidgets.Output()
    caught.outputs = ({"output_type": "stream", "name": "stdout", "text": "1 < 2\n"},)
    tab = ipywidgets.Tab([ipywidgets.Label("a < b"), caught], titles=["First", "Second"])
    page, lost = shown(ipywidgets.VBox([tab, ipywidgets.HTML("<em>own</em>")]))
    for words in ("<strong>First</strong>", "a &lt; b", "<strong>Second</strong>", "1 &lt; 2", "<em>own</em>"):
        assert words in page
    assert lost == ()


def test_a_widget_of_an_unknown_kind_stays_its_text_and_is_told():
    page, lost = shown(ipywidgets.Controller())
    assert "as text" in page
    assert lost == ("cell 1: a widget is shown as its text only",)


def test_boxes_that_hold_each_other_end():
    made = notebook(ipywidgets.VBox([ipywidgets.Label("in")]))
    state = made.metadata["widgets"][WIDGETS]["state"]
    box = next(name for name, model in state.items() if model["model_name"] == "VBoxModel")
    state[box]["state"]["children"].append(f"IPY_MODEL_{box}")
    assert "in" in freeze_widgets(made).cells[0].outputs[0].data["text/html"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = "value children titles outputs index _options_labels min max description".split()
KINDS = "HBox Tab Label FloatProgress Dropdown Checkbox FloatRangeSlider DatePicker Output Unknown".split()


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_no_state_breaks_the_page(kind, state):
    made = v4.new_notebook(
        cells=[
            v4.new_code_cell(outputs=[v4.new_output("display_data", {"text/plain": "x", WIDGET: {"model_id": "m"}})])
        ]
    )
    made.metadata["widgets"] = {WIDGETS: {"state": {"m": {"model_name": f"{kind}Model", "state": state}}}}
    assert print_page(made, PAGE).html

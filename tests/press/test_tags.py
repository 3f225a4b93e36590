"""Tags and Quarto's options mean what they mean elsewhere: nbconvert and nbclient themselves say so, and Quarto's guide."""

import copy
import json
import re
from itertools import combinations

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from traitlets.config import Config

from press.page import render
from press.records import Page, Task
from press.run import execute
from press.run.client import Settings
from press.run.engine import Engine
from press.tags import CellRules, OptionError, Visibility, numbers, options_of, published, tags_of, treatment

REMOVE = ("remove-cell", "remove-input", "remove-output")
HIDE = ("hide-cell", "hide-input", "hide-output")
OTHER = ("qa", "ok", "setup", "check", "fr", "raises-exception", "skip-execution")
TAGS = (*REMOVE, *HIDE, *OTHER)
TAGGED = {
    "remove-cell": "remove_cell_tags",
    "remove-input": "remove_input_tags",
    "remove-output": "remove_all_outputs_tags",
}


def nbconverted(notebook):
    """The notebook as nbconvert's preprocessor leaves it when it is told of Jupyter Book's tags."""
    config = Config({"TagRemovePreprocessor": {"enabled": True} | {name: {tag} for tag, name in TAGGED.items()}})
    config.TagRemovePreprocessor.remove_single_output_tags = {"remove-single-output"}
    return TagRemovePreprocessor(config=config).preprocess(copy.deepcopy(notebook), {})[0]


outputs = st.lists(
    st.sampled_from(
        [
            new_output("stream", name="stdout", text="OUT-printed"),
            new_output("stream", name="stderr", text="ERR-warned"),
            new_output("execute_result", data={"text/plain": "OUT-result"}, execution_count=1),
            new_output("display_data", data={"text/html": "<b>OUT-html</b>"}),
            new_output("display_data", data={"text/plain": "ONE-tagged"}, metadata={"tags": ["remove-single-output"]}),
            new_output("error", ename="ValueError", evalue="OUT-error", traceback=["OUT-error"]),
        ]
    ),
    max_size=4,
)
tags = st.lists(st.sampled_from(TAGS), unique=True, max_size=4)
code = st.builds(lambda tags, outs: new_code_cell("SOURCE = 1", metadata={"tags": tags}, outputs=outs), tags, outputs)
texts = st.builds(lambda tags: new_markdown_cell("TEXT", metadata={"tags": tags}), tags)
raws = st.builds(lambda tags: new_raw_cell("RAW", metadata={"tags": tags}), tags)
notebooks = st.lists(st.one_of(code, texts, raws), max_size=6).map(lambda cells: new_notebook(cells=cells))


def is_blank(cell):
    return cell.metadata.get("transient", {}).get("remove_source", False)


@given(notebooks)
def test_what_is_published_is_what_nbconvert_leaves(notebook):
    before = copy.deepcopy(notebook)
    ours, theirs = published(notebook, CellRules()), nbconverted(notebook)
    assert notebook == before
    kept = [cell for cell in theirs.cells if cell.cell_type == "code" or not is_blank(cell)]
    assert [cell.id for cell in ours.cells] == [cell.id for cell in kept]
    for mine, stock in zip(ours.cells, kept, strict=True):
        assert mine.source == ("" if is_blank(stock) else stock.source)
        assert mine.get("outputs") == stock.get("outputs")


@given(notebooks)
def test_a_page_says_the_outputs_and_texts_that_nbconverts_page_says(notebook):
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbconverted(notebook))
    ours = render.render(notebook, Page("a", "en", "A", "en/a"))
    for word in ("OUT-printed", "OUT-result", "OUT-html", "OUT-error", "ONE-tagged", "TEXT", "RAW"):
        assert (word in ours) == (word in html), word
    assert render.render(published(notebook, CellRules()), Page("a", "en", "A", "en/a")) == ours
    assert "SOURCE" not in ours


@given(notebooks)
def test_cells_keep_their_numbers_when_others_are_removed(notebook):
    kept = published(notebook, CellRules())
    by_id = {cell.id: number for number, cell in enumerate(notebook.cells, 1)}
    assert numbers(kept) == [by_id[cell.id] for cell in kept.cells]
    again = published(nbformat.reads(json.dumps(kept), as_version=4), CellRules())
    assert (numbers(again), again.cells) == (numbers(kept), kept.cells)


def parts(*tags, source="1", rules=None, cell=new_code_cell):
    asked = treatment(cell(source, metadata={"tags": list(tags)}), rules or CellRules())
    return asked


@pytest.mark.parametrize("spell", [str, lambda tag: tag.replace("-", "_")])
@pytest.mark.parametrize(
    ("tag", "source", "outputs"),
    [
        ("hide-input", "hide", "show"),
        ("hide-output", "show", "hide"),
        ("hide-cell", "hide", "hide"),
        ("remove-input", "remove", "show"),
        ("remove-output", "show", "remove"),
        ("qa", "show", "show"),
    ],
)
def test_a_tag_hides_or_removes_its_part(spell, tag, source, outputs):
    asked = parts(spell(tag))
    assert (asked.source, asked.outputs, asked.is_removed) == (source, outputs, False)


@pytest.mark.parametrize(
    ("option", "source", "outputs"),
    [
        ("echo: false", "remove", "show"),
        ("echo: true", "show", "show"),
        ("echo: fenced", "show", "show"),
        ("echo: [1, -2]", "show", "show"),
        ("output: false", "show", "remove"),
        ("output: true", "show", "show"),
        ("output: asis", "show", "show"),
        ("include: false", "remove", "remove"),
        ("include: true", "show", "show"),
        ("code-fold: true", "hide", "show"),
        ("code-fold: show", "show", "show"),
        ("tags: [remove-output, hide-input]", "hide", "remove"),
        ("label: fig-a", "show", "show"),
    ],
)
@pytest.mark.parametrize(
    "form", ["#| {}\n1", "# | {}\n1", "#|{}\n1", "//| {}\n1", "#| label: a\n#| {}\n1", "#| export\n#| {}\n1"]
)
def test_an_option_shows_or_removes_its_part(option, source, outputs, form):
    asked = parts(source=form.format(option))
    assert (asked.source, asked.outputs) == (source, outputs)


def test_options_stand_at_the_head_of_a_code_cell_only():
    assert options_of(new_code_cell("x = 1\n#| output: false")) == {}
    assert options_of(new_markdown_cell("#| output: false")) == {}
    assert options_of(new_code_cell("#| fig-cap: >\n#|   Two\n#|   lines\n#| output: false"))["output"] is False


@pytest.mark.parametrize(
    "option",
    ["output: fales", "echo: 3", "eval: 1", "include: 'no'", "error: []", "warning: x", "code-fold: y", "output: ["],
)
def test_an_option_that_cannot_be_is_an_error_that_says_what_may_be(option):
    with pytest.raises(OptionError, match="expected"):
        parts(source=f"#| {option}\n1")


own = st.sampled_from([(), ("hide-output",), ("remove-output",), ("hide-cell", "remove-output")])
option = st.sampled_from(["", "#| output: true\n", "#| output: false\n", "#| include: false\n"])


@given(own, option, st.sampled_from(Visibility))
def test_a_cells_word_beats_the_settings_and_its_stricter_word_beats_the_other(tags, option, setting):
    found = parts(*tags, source=f"{option}1", rules=CellRules(outputs=setting)).outputs
    if "remove-output" in tags or "false" in option:
        assert found == "remove"
    elif tags:
        assert found == "hide"
    else:
        assert found == ("show" if "true" in option else setting)


@pytest.mark.parametrize(
    ("tags", "source", "rule", "shown", "removed"),
    [
        ((), "", False, False, False),
        ((), "", True, True, False),
        ((), "#| warning: true\n", False, True, False),
        ((), "#| warning: false\n", True, False, True),
        (("remove-stderr",), "", True, True, True),
        (("remove-stderr",), "#| warning: true\n", False, True, True),
    ],
)
def test_warnings_are_shown_where_cell_or_suite_asks_for_them(tags, source, rule, shown, removed):
    stream = new_output("stream", name="stderr", text="WARNED")
    cell = new_code_cell(f"{source}1", metadata={"tags": list(tags)}, outputs=[stream])
    notebook = new_notebook(cells=[cell])
    assert ("WARNED" in render.render(notebook, Page("a", "en", "A", "en/a", stderr=rule))) == (shown and not removed)
    assert ("WARNED" in str(published(notebook, CellRules(stderr=rule)))) != removed


def test_what_is_printed_as_it_is_is_markdown():
    printed = new_output("stream", name="stdout", text="- **bold**\n")
    page = render.render(
        new_notebook(cells=[new_code_cell("#| output: asis\n1", outputs=[printed])]), Page("a", "en", "A", "en/a")
    )
    assert "<li><strong>bold</strong></li>" in page


@given(st.lists(st.sampled_from(("zh", "en", "qa", "ok", "zh-Hans", "fr")), unique=True))
def test_only_a_tag_of_the_suites_languages_gives_a_cell_to_one_of_them(tags):
    page = Page("a", "en", "A", "en/a", languages=("zh", "en"))
    shown = "TEXT" in render.render(new_notebook(cells=[new_markdown_cell("TEXT", metadata={"tags": tags})]), page)
    assert shown == ("en" in tags or "zh" not in tags)


@pytest.mark.parametrize("tag", HIDE)
def test_what_is_hidden_is_folded_and_all_there(tag):
    charts = new_output("display_data", data={"text/html": "<h2 id='x'>Inside</h2>"})
    cell = new_code_cell("1", metadata={"tags": [tag]}, outputs=[charts])
    page = render.render(new_notebook(cells=[cell]), Page("a", "en", "A", "en/a"))
    inside = page.partition('<details class="fold">')[2].partition("</details>")[0]
    assert ("Inside" in inside) == (tag != "hide-input")
    assert "Inside" in page


def test_a_fold_holds_something():
    quiet = new_output("stream", name="stderr", text="WARNED")
    for outputs in ([], [quiet]):
        cell = new_code_cell("1", metadata={"tags": ["hide-output"]}, outputs=outputs)
        assert "<details" not in render.render(new_notebook(cells=[cell]), Page("a", "en", "A", "en/a"))


def test_tags_that_are_no_list_of_words_are_survived():
    cell = new_code_cell("#| tags: remove-cell\n1", metadata={"tags": []})
    assert tags_of(cell) == {"remove-cell"}
    assert published(new_notebook(cells=[cell]), CellRules()).cells == []


STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def test_the_state_of_a_removed_widget_is_removed_with_it():
    def slider(number, *tags):
        view = new_output("display_data", data={VIEW: {"model_id": f"{number:032x}"}})
        return new_code_cell("1", metadata={"tags": list(tags)}, outputs=[view])

    models = {f"{number:032x}": {"state": {"value": f"value-{number}"}} for number in range(4)}
    models[f"{1:032x}"]["state"]["layout"] = f"IPY_MODEL_{3:032x}"
    notebook = new_notebook(
        cells=[slider(1), slider(2, "remove-output")], metadata={"widgets": {STATE: {"state": models}}}
    )
    kept = published(notebook, CellRules()).metadata["widgets"][STATE]["state"]
    assert set(kept) == {f"{1:032x}", f"{3:032x}"}


SAYS = {
    "print": "print('OUT-{0}')",
    "value": "'OUT-{0}'",
    "html": "display({{'text/html': '<b>OUT-{0}</b>', 'text/plain': ''}}, raw=True)",
    "both": "print('OUT-{0}')\nprint('ERR-{0}', file=__import__('sys').stderr)\n'VALUE-{0}'",
    "error": "print('OUT-{0}')\nraise ValueError('FAIL-{0}')",
}


def every_combination():
    """A notebook of every two tags on cells that say something, print a warning, or fail where they may."""
    cells = []
    for tags in [(), *((tag,) for tag in TAGS), *combinations(TAGS, 2)]:
        may_fail = "raises-exception" in tags or "skip-execution" in tags
        for kind in ("print", "both", "html", "value", "error") if may_fail else ("both",):
            source = SAYS[kind].format(f"{len(cells)}.")
            cells.append(new_code_cell(source, metadata={"tags": list(tags)}))
        cells.append(new_markdown_cell(f"TEXT-{len(cells)}.", metadata={"tags": list(tags)}))
    kernel = {"name": "python3", "display_name": "", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.mark.slow
def test_every_two_tags_run_and_publish_what_nbclient_and_nbconvert_do(tmp_path):
    notebook = every_combination()
    theirs = NotebookClient(copy.deepcopy(notebook), record_timing=False).execute()
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbconverted(theirs))
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook))
    page = Page("a", "en", "A", "en/a", stderr=True)
    result = execute.run_task(Task(str(tmp_path / "a.ipynb"), str(tmp_path), str(tmp_path), {}, "en", page))
    assert result.error is None
    said = re.compile(r"(?:OUT|ERR|VALUE|FAIL|TEXT)-\d+\.")
    assert said.findall(result.files["en/a.html"].decode().partition("<article>")[2]) == said.findall(strip_tags(html))
    executed = json.loads(result.files["en/a.ipynb"])
    kept = [cell for cell in nbconverted(theirs).cells if cell.cell_type == "code"]
    ours = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    assert [said.findall(str(cell["outputs"])) for cell in ours] == [said.findall(str(cell.outputs)) for cell in kept]


def strip_tags(html):
    """What nbconvert's page says of errors once: their last line."""
    return re.sub(r"<pre>.*?</pre>", lambda found: re.sub(r"(?s).*(ValueError)", r"\1", found[0]), html, flags=re.S)


RUNS = [
    ("x = 1\nprint('one')", ()),
    ("print('skipped')", ("skip-execution",)),
    ("1 / 0", ("raises-exception",)),
    ("print('never'); 1 / 0", ("skip-execution", "raises-exception")),
    ("x + 1", ("remove-output", "qa")),
]


def test_what_is_run_skipped_and_allowed_to_fail_is_what_nbclient_does(tmp_path):
    stored = new_output("stream", text="stored before")
    cells = [new_code_cell(source, metadata={"tags": list(tags)}, outputs=[stored]) for source, tags in RUNS]
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    theirs = NotebookClient(copy.deepcopy(notebook), record_timing=False).execute()
    notebook.metadata["papermill"] = {"parameters": {}}
    for cell in notebook.cells:
        cell.metadata["papermill"] = {}
    settings = Settings(cwd=str(tmp_path))
    ours = Engine.execute_notebook(notebook, "python3", settings, progress_bar=False, autosave_cell_every=0)
    assert "error" not in settings.state
    for mine, stock in zip(ours.cells, theirs.cells, strict=True):
        assert [one.get("text") or one.get("ename") or one.data for one in mine.outputs] == [
            one.get("text") or one.get("ename") or one.data for one in stock.outputs
        ]

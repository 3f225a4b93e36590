"""The table of keys is what suites are checked by and what docs/suite.md says: each key in words, with an example."""

import json
import re
import shutil
from dataclasses import fields

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from press.build.cron import Cron
from press.build.schedule import Schedule, schedules
from press.errors import SuiteError
from press.suite import parse_suite, plan, reference
from press.suite.keys import check_table, keys_of, tables
from press.theme.theme import ROLES

ALL = [(name, key) for name, table in tables().items() for key in table.keys]
RAINFALL = '[[report]]\nname = "rainfall"\n'
OTHERS = (
    '[[report]]\nname = "overview"\n[[report]]\nname = "by-state"\nnotebook = "state.ipynb"\nmatrix.state = ["NY"]\n'
)
PARAMETERS = 'state = "NY"\nyear = 2024\nedition = "a"'


@pytest.fixture(scope="module")
def water(tmp_path_factory):
    """A folder with all that the examples name."""
    root = tmp_path_factory.mktemp("water")
    for name in ("rainfall", "overview", "state", "chapters/1"):
        path = root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [new_markdown_cell(f"# {name}"), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
        nbformat.write(new_notebook(cells=cells), path)
    for edition in ("a", "b", "draft"):
        (root / "data" / edition).mkdir(parents=True)
        (root / "data" / edition / "datapackage.json").write_text(json.dumps({"place": "x"}))
    (root / "data" / "states.csv").write_text("id,name_zh,name_en\nNY,纽约,New York\n", encoding="utf-8")
    (root / "notebooks" / "refs.bib").write_text("")
    (root / "notebooks" / "look" / "words").mkdir(parents=True)
    for name in ("logo", "dark"):
        (root / "notebooks" / "look" / f"{name}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (root / "notebooks" / "look" / "own.css").write_text("")
    return root / "notebooks"


def suite_with(name, key):
    """A suite with the example of a key in it."""
    table = tables()[name]
    example = table.keys[key].example.strip() + "\n"
    if name == "suite":
        head, rest = ("", example) if example.startswith("[") else (example, "")
        return f"{head}{OTHERS}{rest if key == 'report' else RAINFALL + rest}"
    opening = table.opening.strip().splitlines()
    given = {line.partition(" =")[0] for line in example.splitlines()}
    lines = [line for line in opening if line.partition(" =")[0] not in given]
    if key == "notebook":
        lines = ["[[report]]"]  # a pattern: each is called by its own heading
    inside = "\n".join(lines) + f"\n{example}"
    rainfall = "" if '"rainfall"' in inside and inside.startswith("[[report]]") else RAINFALL
    languages = 'languages = ["en", "zh"]\n'
    edition = '[parameters.edition]\nfolders = "../data/*/datapackage.json"\nabout = { series = "place" }\n'
    return (
        languages
        + OTHERS
        + rainfall
        + inside
        + ("" if "[parameters.edition" in inside else edition)
        + ('[[section]]\nname = "chapters"\n' if "section" not in name else "")
    )


@pytest.mark.parametrize(("name", "key"), ALL, ids=".".join)
def test_the_example_of_a_key_is_a_good_suite(water, name, key):
    text = suite_with(name, key)
    suite = parse_suite(text, water / "suite.toml")
    assert plan(suite)
    if suite.schedules:
        assert schedules(suite)
    assert re.search(rf"\b{key}\b", tables()[name].keys[key].example)


@pytest.mark.parametrize(("name", "key"), ALL, ids=".".join)
def test_a_key_says_what_it_is_and_what_holds_without_it(name, key):
    told = tables()[name].keys[key]
    assert re.fullmatch(r"[A-Z`].*[.)…]", told.words), told.words
    assert told.kinds
    assert told.otherwise or told.default not in (None, "", [], {}) or told.takes([]), (
        "what holds where it is not given?"
    )
    assert told.default is None or told.takes(told.default)


@pytest.mark.parametrize(("name", "key"), ALL, ids=".".join)
def test_a_value_of_another_kind_is_refused_in_the_words_of_the_table(name, key):
    told = tables()[name].keys[key]
    wrong = next((one for one in (3, "x", [], {}, 1.5, True) if not told.takes(one)), None)
    if wrong is None:
        assert told.kinds == ("any value",)
        return
    with pytest.raises(SuiteError, match=re.escape(f"here, {key}: found ")) as error:
        check_table({key: wrong}, name, "here")
    assert str(error.value).endswith(f"expected {' or '.join(told.kinds)}")


def test_the_page_of_keys_is_what_the_code_says(root):
    written = (root / "docs" / "suite.md").read_text(encoding="utf-8")
    assert written == reference.reference(), "docs/suite.md is not up to date: press keys > docs/suite.md"


def test_every_table_and_key_stands_on_the_page_once():
    page = reference.reference()
    for name, table in tables().items():
        assert page.count(f"\n## {name}\n") == 1
        rows = reference.section(name, table)
        for key in table.keys:
            assert rows.count(f"| `{key}` |") == 1
    anchors = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert anchors <= tables().keys()


def test_defaults_of_a_schedule_are_those_that_hold(water):
    text = RAINFALL + '[[schedule]]\nname = "s"\ncron = "0 3 * * *"\n'
    (bare,) = schedules(parse_suite(text, water / "suite.toml"))
    lines = [
        f"{key} = {json.dumps(told.default)}"
        for key, told in tables()["schedule"].keys.items()
        if told.default is not None
    ]
    (spelt,) = schedules(parse_suite(text + "\n".join(lines), water / "suite.toml"))
    assert isinstance(bare, Schedule)
    assert isinstance(bare.times, Cron)
    assert {one.name: getattr(bare, one.name) for one in fields(bare) if one.name != "times"} == {
        one.name: getattr(spelt, one.name) for one in fields(spelt) if one.name != "times"
    }


def test_fonts_are_for_what_the_theme_knows():
    assert tuple(tables()["fonts"].keys) == ROLES


def test_shared_keys_are_in_no_table_twice():
    for name, table in tables().items():
        for other in table.shares:
            assert not table.keys.keys() & tables()[other].keys.keys(), name
    assert "timeout" in keys_of("report")
    assert "timeout" in keys_of("press")


def test_the_command_says_one_table_and_which_there_are(project):
    code, out, _ = project.press("keys", "[[schedule]]")
    assert code == 0
    assert out.startswith("## schedule\n")
    code, _, err = project.press("keys", "sch")
    assert code == 2
    assert 'no table is named "sch": expected one of suite, report' in err


def test_the_command_needs_no_suite(project):
    shutil.rmtree(project.root / "notebooks")
    code, out, _ = project.press("keys")
    assert code == 0
    assert out == reference.reference()

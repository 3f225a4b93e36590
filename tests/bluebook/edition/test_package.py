"""The descriptor of an edition: whatever it holds, it is read or refused with place, found and wanted."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook import EditionError
from bluebook.edition.package import package_problems, read_package, shape_problems, unshowable

WHOLE = {
    "titles": {"zh": "一", "en": "One"},
    "sources": [{"title": "一"}],
    "chapters": [{"id": "a", "title_zh": "甲", "title_en": "A"}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WHOLE, "id", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def test_an_edition_needs_titles_a_source_and_chapters_and_no_more():
    assert shape_problems(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"titles": "One"}, ', titles: found "One", expected the edition\'s title in zh and en'),
        ({"titles": {"zh": "一"}}, ', titles: found no "en"; expected the edition\'s title in zh and en'),
        ({"titles": {"zh": 1, "en": "One"}}, ", titles, zh: found 1, expected some text"),
        ({"titles": {"zh": " ", "en": "One"}}, ', titles, zh: found " ", expected some text'),
        ({"chapters": [{"title_zh": "甲", "title_en": "A"}]}, ', chapters, item 1: found no "id"; expected a chapter with id, title_zh and title_en'),
        ({"chapters": WHOLE["chapters"] * 2}, ', chapters: id "a" is given 2 times, expected once'),
        ({"chapters": {"id": "a"}}, ", chapters: found an object, expected a list of chapters"),
        ({"chapters": ["a"]}, ', chapters, item 1: found "a", expected a chapter with id, title_zh and title_en'),
        ({"chapters": []}, ", chapters: found [], expected a list of chapters"),
        ({"sources": [{}]}, ', sources, item 1: found no "title"; expected a publication with its title'),
        ({"sources": ["x"]}, ', sources, item 1: found "x", expected a publication with its title'),
        ({"sources": [{"title": "x", "reports_on": "y"}]}, ', sources, item 1, reports_on: found "y", expected a publication with its title'),
        ({"todo": "licenses"}, ', todo: found "licenses", expected a list of what is still to be decided'),
        ({"resources": ["figures.csv"]}, ', resources, item 1: found "figures.csv", expected a table with name and path'),
        ({"resources": [{"name": "a", "path": "../a.csv"}]}, ', resources, item 1, path: found "../a.csv", expected the name of a file in the edition\'s folder'),
        ({"resources": [{"name": "a", "path": "http://x/a.csv"}]}, ', resources, item 1, path: found "http://x/a.csv", expected the name of a file'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{}]}}]}, ', resources, item 1, schema, fields, item 1: found no "name"; expected a column'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "n", "constraints": {"minimum": None}}]}}]}, ', resources, item 1, schema, fields, item 1, constraints, minimum: found null, expected a number'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "n", "constraints": {"maximum": "9"}}]}}]}, ', resources, item 1, schema, fields, item 1, constraints, maximum: found "9", expected a number'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "n", "constraints": {"pattern": "("}}]}}]}, ', resources, item 1, schema, fields, item 1, constraints, pattern: found "(", expected a regular expression'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "n", "constraints": {"enum": []}}]}}]}, ', resources, item 1, schema, fields, item 1, constraints, enum: found [], expected a list of the texts'),
        ({"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "n", "constraints": {"required": "yes"}}]}}]}, ', resources, item 1, schema, fields, item 1, constraints, required: found "yes", expected true or false'),
        ({"name": "a\x00b"}, ", name: found the character U+0000, expected text that can be shown"),
        ({"x": ["\ud800"]}, ", x, item 1: found the character U+D800"),
        ({"x": float("inf")}, ", x: found a number beyond all bounds"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(change, said):
    [problem] = shape_problems(WHOLE | change)
    assert problem.startswith(said)


def test_all_that_is_wrong_is_named_at_once():
    assert len(shape_problems({"titles": {"zh": 1}, "chapters": [{}]})) == 6


@given(JSON, st.sampled_from([None, *WHOLE]))
def test_any_document_is_read_or_refused_in_words(value, key):
    problems = shape_problems(value if key is None else WHOLE | {key: value})
    for problem in problems:
        assert problem.isprintable()
        assert ("found" in problem and "expected" in problem) or "is given" in problem


@pytest.mark.parametrize(
    "content",
    [b"", b"[", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"[" * 200_000, b'{"a":' * 200_000, b'{"a": NaN}', b'{"a": 1, "a": 2}', b"1" * 5000, b"\0", b"'x'"],
)  # fmt: skip
def test_what_is_no_json_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "datapackage.json"
    path.write_bytes(content)
    [problem] = package_problems(path)
    assert problem.startswith(f"{path}: cannot be read as JSON: ")
    with pytest.raises(EditionError, match="cannot be read as JSON"):
        read_package(path)


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / "datapackage.json").mkdir()
    assert len(package_problems(tmp_path / "datapackage.json")) == 1


@given(st.text())
def test_what_can_be_shown_can_be_written(text):
    if not unshowable(text):
        text.encode("utf-8")
        assert "\0" not in text


def test_the_real_editions_have_the_shape():
    for path in (Path(__file__).parents[3] / "data").glob("*/datapackage.json"):
        assert package_problems(path) == []
        assert read_package(path) == json.loads(path.read_text(encoding="utf-8"))

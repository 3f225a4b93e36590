"""The words of pages: in each language all of them, with the same gaps; what one leaves out is said in English."""

import json

import pytest

from press.site import assets


def leaves(words, above=""):
    for key, word in words.items():
        if isinstance(word, dict):
            yield from leaves(word, f"{above}{key}.")
        else:
            yield f"{above}{key}", word.count("{}")


@pytest.mark.parametrize("lang", sorted(assets.all_words()))
def test_a_language_says_everything_with_the_same_gaps(lang):
    file = assets.TEMPLATES / "words" / f"{lang}.json"
    assert list(leaves(json.loads(file.read_text(encoding="utf-8")))) == list(leaves(assets.words("en")))


def test_what_a_language_leaves_out_is_said_in_english(tmp_path, monkeypatch):
    (tmp_path / "words").mkdir()
    for name, content in (("en", {"a": "A", "b": {"c": "C", "d": "D"}}), ("xx", {"b": {"c": ""}})):
        (tmp_path / "words" / f"{name}.json").write_text(json.dumps(content))
    monkeypatch.setattr(assets, "TEMPLATES", tmp_path)
    told = assets.all_words.__wrapped__()
    assert told["xx"] == {"a": "A", "b": {"c": "", "d": "D"}}


def test_a_language_that_pages_do_not_speak_has_english_words():
    assert assets.words("tlh") == assets.words("en")

"""Who says it and what it is based on: each in its place, neither for the other, and nothing where nothing is known."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press import credits
from press.credits import Work, linked, named, works
from press.site.assets import words

REPORT = {
    "title": "市里的一篇报道", "title_en": "A report on the city", "author": {"zh": "某记者", "en": "A reporter"}, "publisher": "某网（转载）",
    "path": "https://example.org/a", "reports_on": {"title": "一本书", "title_en": "A book", "publisher": "某社"},
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "title_en", "author", "reports_on", "zh", "x"]), inner, max_size=3),
)  # fmt: skip


def line(told, lang):
    return named(works(told, lang), words(lang)["credit"])


def test_a_work_is_named_in_each_language():
    assert line([REPORT], "zh") == "某记者《市里的一篇报道》，某网（转载）；所报道的是《一本书》，某社"
    assert line([REPORT], "en") == "A reporter, “A report on the city”, 某网（转载）; it reports on “A book”, 某社"


@pytest.mark.parametrize("lang", ["zh", "en", "fr"])
@pytest.mark.parametrize("many", range(7))
def test_a_line_names_the_first_and_counts_the_rest_and_machines_are_told_all(lang, many):
    told = [{"title": f"T{n}T"} for n in range(many)]
    said = line(told, lang)
    assert [n for n in range(many) if f"T{n}T" in said] == list(range(min(many, credits.MOST)))
    more = words(lang)["credit"]["more"].format(many - credits.MOST)
    assert said.endswith(more) == (many > credits.MOST)
    assert [one["name"] for one in linked(works(told, lang))] == [one["title"] for one in told]
    assert bool(said) == bool(many)


@given(JSON, st.sampled_from(["zh", "en"]))
def test_whatever_a_folder_tells_is_read_and_a_work_has_a_title(told, lang):
    found = works(told, lang)
    assert all(isinstance(work, Work) and work.title for work in found)
    assert isinstance(line(told, lang), str)
    json.dumps(linked(found))


def test_machines_are_told_what_is_known_and_no_more():
    [one] = linked(works([REPORT], "en"))
    assert one == {
        "@type": "CreativeWork", "name": "A report on the city", "author": "A reporter", "publisher": "某网（转载）", "url": "https://example.org/a",
        "about": {"@type": "CreativeWork", "name": "A book", "publisher": "某社"},
    }  # fmt: skip

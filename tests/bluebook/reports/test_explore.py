"""Exploring an edition: filters, provenance, a chart of what is chosen, and the code that draws it."""

import json
import re
from html import unescape

import pytest

from bluebook import open_edition
from bluebook.charts import ChartError
from bluebook.reports.explore import KINDS, code, draw, select, unit_of

HAN = re.compile(r"[\u4e00-\u9fff]")


def words(explorer):
    """Every text the widgets offer or show."""
    choices = (explorer.chapter, explorer.area, explorer.unit, explorer.kind)
    labels = [label for one in choices for label, _ in one.options] + [label for label, _ in explorer.figures.options]
    return [*labels, *(one.description for one in (*choices, explorer.text)), explorer.table.value, explorer.code.value]


def drawn(explorer):
    return [output["metadata"]["press"]["chart"] for output in explorer.chart.outputs]


def test_each_filter_leaves_what_it_says_and_together_they_leave_what_all_say(book):
    frame = book.figures
    assert list(select(book).index) == list(frame.index)
    assert set(select(book, chapter="society")["chapter"]) == {"society"}
    assert set(select(book, area="罗湖区")["area"]) == {"罗湖区"}
    percent = select(book, unit="%")
    assert all(q.as_percent for q in percent["quantity"])
    assert len(percent) == sum(q.as_percent for q in frame["quantity"])
    both = select(book, chapter="society", unit="%")
    assert set(both.index) == set(percent.index) & set(select(book, chapter="society").index)


@pytest.mark.parametrize("text", ["volunteers.total", "208万", "VOLUNTEERS.TOTAL", " 208万 "])
def test_a_text_is_found_in_ids_and_printed_forms(book, text):
    assert "volunteers.total" in select(book, text=text).index


@pytest.mark.parametrize("text", ["(", "[", "a.b", ".*", "\\"])
def test_a_text_is_no_pattern(book, text):
    assert list(select(book, text=text).index) == []


def test_it_speaks_the_language_of_the_edition(book):
    explorer = book.explore()
    explorer.chapter.value = "safeguards"
    if book.lang == "en":
        assert [one for one in words(explorer) if HAN.search(re.sub("<[^>]*>", "", one))] == []
    else:
        assert explorer.chapter.description == "章"
        assert "全部" in [label for label, _ in explorer.unit.options]


def test_a_choice_shows_provenance_and_bounds_and_is_drawn(book):
    explorer = book.explore()
    explorer.figures.value = ("volunteers.total", "volunteers.safety")
    for q in book.volunteers.total, book.volunteers.safety:
        assert all(part in unescape(explorer.table.value) for part in (q.label, q.text, q.bounds_text, q.where))
    assert [record["figures"] for record in drawn(explorer)] == [["volunteers.total", "volunteers.safety"]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_shown_draws_the_chart_shown(book, kind):
    explorer = book.explore()
    explorer.unit.value = "%"
    explorer.kind.value = kind
    explorer.figures.value = ("volunteers.share",)
    shown = unescape(re.search(r"<textarea[^>]*>(.*)</textarea>", explorer.code.value, re.S)[1])
    *lines, last = shown.splitlines()
    names = {}
    exec("\n".join(lines), names)
    assert eval(last, names).record == drawn(explorer)[0]


def test_figures_of_unlike_units_are_refused_in_words(book):
    with pytest.raises(ChartError, match="one kind"):
        draw(book, ["volunteers.total", "volunteers.share"], "bars")
    explorer = book.explore()
    explorer.figures.value = ("volunteers.total", "volunteers.share")
    assert drawn(explorer) == []
    assert book.say("单位不同", "units differ") in explorer.code.value
    assert book.volunteers.share.text in explorer.table.value


def test_nothing_found_and_too_much_found_are_said(book):
    explorer = book.explore()
    assert book.say("最多", "takes") in explorer.code.value
    explorer.text.value = "no figure has this"
    assert drawn(explorer) == []
    assert explorer.figures.options == ()
    assert book.say("没有这样的数字", "no such figure") in explorer.table.value
    explorer.text.value = "volunteers.share"
    assert len(drawn(explorer)) == 1


def test_a_filter_forgets_what_was_chosen_before(book):
    explorer = book.explore()
    explorer.figures.value = ("volunteers.total",)
    explorer.chapter.value = "livelihood"
    assert explorer.figures.value == ()
    assert "volunteers.total" not in explorer.code.value


def test_words_of_the_data_are_text_in_the_code(edition_copy):
    path = edition_copy / "figures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",志愿者,Volunteers,", ',志愿者,"Vol"")\\""+x",'), encoding="utf-8"
    )
    book = open_edition("shenzhen-2021", lang="en", root=edition_copy.parents[1])
    assert draw(book, ["volunteers.total"], "bars").record["title"] == f"{book.volunteers.total.label}: 2.08 million"
    assert json.dumps(book.volunteers.total.label)[1:-1] in code(book, ["volunteers.total"], "bars")


def test_units_are_those_of_the_figures(book):
    assert unit_of(book.livelihood.spending) == book.say("元", "CNY")
    assert unit_of(book.volunteers.share) == "%"
    assert unit_of(book.services.waived) == book.say("项", "things counted")

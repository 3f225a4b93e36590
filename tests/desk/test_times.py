"""Periods and bases of a draft: from the sentence, else from its paragraph, else from the title of a report on a year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.documents import from_text
from desk.draft import draft
from desk.rows import row_of
from desk.scan import findings
from desk.times import date_rows, pairs

REPORT = "青禾区2022年统计公报\n"


def dated(text, title="青禾区2022年统计公报", year="2022"):
    whole = f"{title}\n{text}"
    rows = [row_of(one) for one in findings(whole) if one.reason is None]
    date_rows(rows, title, year, whole.splitlines())
    return rows


@pytest.mark.parametrize(
    ("text", "period", "base", "asked"),
    [
        ("2021年新增学校12所。", "2021", "", set()),
        ("全年新增学校12所。", "2022", "", set()),
        ("学校312所。", "2022", "", set()),  # of the year of the report, as one question about the edition says
        ("累计建成学校312所。", "", "", {"period"}),
        ("近三年新增学校12所。", "", "", {"period"}),
        ("上半年新增学校12所。", "2022", "", {"period"}),
        ("年末学校312所,增长5.1%。", "2022", "", {"base"}),
        ("学校比2019年增加12所。", "2022", "2019", set()),
    ],
)
def test_a_year_is_asked_about_unless_the_text_says_it(text, period, base, asked):
    row = dated(text)[-1]
    assert row.todo & {"period", "base"} == asked
    if "period" not in asked:
        assert row.period == period
        assert row.base == base


def test_what_a_sentence_compares_with_holds_for_its_paragraph():
    rows = dated("年末学校312所,比上年增长5.1%。医院27所,增长3.2%。\n工厂8家,增长2.5%。")
    assert [row.base for row in rows if row.measure == "growth"] == ["2021", "2021", ""]
    assert "base" in rows[-1].todo


@pytest.mark.parametrize("title", ["青禾区2022年社会治理工作报告", "在2022年大会上的讲话", "青禾区新闻"])
def test_the_year_of_a_title_that_is_no_report_on_a_year_is_no_period(title):
    [row] = dated("学校312所。", title=title, year="2022")
    assert row.period == ""
    assert "period" not in row.todo  # nothing says a time: one question about the edition


@pytest.mark.parametrize(
    "text", ["目前学校312所。", "截至目前,学校312所。", "近三年新建学校312所。", "学校增加312所。"]
)
def test_what_may_be_of_some_time_is_asked_about(text):
    [row] = dated(text, title="在大会上的讲话", year="")
    assert row.period == ""
    assert "period" in row.todo


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("预计2023年学校达到350所。", "forecast"),
        ("到2025年,学校达到350所。", "target"),
        ("力争学校达到350所。", "target"),
        ("2022年学校达到350所。", ""),
        ("完成年度计划的102%。", ""),
    ],
)
def test_what_is_still_to_come_says_so(text, status):
    assert dated(text)[-1].status == status


def test_before_and_after_are_one_thing_at_two_times():
    rows = dated("全年办结率由82%提高到94.5%,满意率由81%下降到79%,覆盖率98%。")
    assert [[one.finding.span.printed for one in pair] for pair in pairs(rows)] == [["82%", "94.5%"], ["81%", "79%"]]


@given(st.integers(2000, 2030), st.integers(2000, 2030))
def test_no_base_comes_after_its_period(one, other):
    made = draft("qinghe-2022", from_text(f"{REPORT}{one}年学校312所,比{other}年增长5.1%。{other}年以来增加12所。"))
    for line in made.files["figures.csv"].splitlines()[1:]:
        period, base = line.split(",")[8:10]
        assert not (period and base) or base < period

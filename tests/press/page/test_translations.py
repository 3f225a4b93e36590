"""A build tells what is said in one language and not in the other, and nothing where both say the same."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from press.page.outputs import MIME
from press.page.translations import missing, outline
from press.suite import Report, Run, Suite
from press.tags import CellRules

LANGS = ("zh", "en")
RULES = CellRules(languages=LANGS)


def markdown(text, *tags):
    return new_markdown_cell(text, metadata={"tags": list(tags)})


def output(kind, title, columns, rows, *tags, **said):
    """A chart or a table as a run in one language shows it."""
    record = {"id": "growth", "title": title, "data": {"columns": columns, "rows": rows}} | said
    data = {MIME: {"data": [], "layout": {}}} if kind == "chart" else {"text/html": "<table></table>"}
    shown = new_output("display_data", data=data, metadata={"press": {kind: record}})
    return new_code_cell("", outputs=[shown], metadata={"tags": list(tags)})


ZH = [
    markdown("# 增长\n\n## 教育", "zh"),
    output("chart", "支出增长", ["项目", "GDP"], [["教育", 1]], "zh", note="注"),
    output("table", "表", ["名"], [["a"]], "zh", id="parts"),
]
EN = [
    markdown("# Growth\n\n## Education", "en"),
    output("chart", "Spending grew", ["Item", "GDP"], [["Education", 1]], "en", note="A note"),
    output("table", "Table", ["Name"], [["a"]], "en", id="parts"),
]


def changed(number, cell):
    return [cell if at == number else old for at, old in enumerate(EN)]


def told(english, suite_langs=LANGS, **words):
    report = Report("a", Path("a.ipynb"), words.get("report", {"zh": "甲", "en": "A"}), languages=suite_langs)
    title = words.get("title", {"zh": "书", "en": "Book"})
    author = words.get("author", {"zh": "", "en": ""})
    based_on = words.get("based_on", ())
    suite = Suite(
        Path("suite.toml"), Path(), Path(), title, LANGS, ("html",), "", {}, (report,), author=author, based_on=based_on
    )
    notebook = new_notebook(cells=[*ZH, *english])
    twins = [(Run(report, lang, {}, f"{lang}/a"), outline(notebook, lang, RULES)) for lang in suite_langs]
    return missing(suite, [twins])


def test_pages_that_say_the_same_are_not_complained_of():
    assert told(EN) == []


@pytest.mark.parametrize(
    ("english", "complaint"),
    [
        (EN[1:], "cells of prose: 1 in zh, 0 in en"),
        (changed(0, markdown("# Growth", "en")), "headings of level 2: in zh, not in en"),
        (changed(0, markdown("# Growth\n\n## A\n\n## B", "en")), "headings of level 2: 1 in zh, 2 in en"),
        (EN[:1] + EN[2:], "chart growth: in zh, not in en"),
        (EN[:2], "table parts: in zh, not in en"),
        ([*EN, output("table", "Other", ["a"], [["b"]], "en", id="other")], "table other: in en, not in zh"),
        (changed(2, output("table", "T", ["Name", "N"], [["a", 1]], "en", id="parts")), "columns of table parts: 1 in zh, 2 in en"),
        (changed(2, output("table", "T", ["名"], [["a"]], "en", id="parts")), "columns of table parts: “名” in both zh and en"),
        (changed(1, output("chart", "支出增长", ["Item", "GDP"], [["E", 1]], "en", note="x")), "chart growth: “支出增长” in both zh and en"),
        (changed(1, output("chart", "S", ["Item", "GDP"], [["教育", 1]], "en", note="x")), "labels of chart growth: “教育” in both zh and en"),
        (changed(1, output("chart", "S", ["Item", "GDP"], [["E", 1]], "en")), "notes of chart growth: 1 in zh, 0 in en"),
        ([*EN, markdown("Words for everyone")], "cells of prose: “Words for everyone” in both zh and en"),
    ],
)  # fmt: skip
def test_what_only_one_language_says_is_named(english, complaint):
    assert f"zh/a and en/a: {complaint}" in told(english)


def test_a_chart_that_is_missing_is_told_once():
    assert told(EN[:1] + EN[2:]) == ["zh/a and en/a: chart growth: in zh, not in en"]


def test_words_of_the_suite_and_pages_in_one_language_are_named():
    assert told(EN, report={"zh": "甲"}) == ['suite.toml, report "a", title: none in en']
    assert told(EN, title={"en": "Book"}) == ["suite.toml, title: none in zh"]
    assert told(EN, author={"zh": "某"}) == ["suite.toml, [site] author: none in en"]
    assert told([], suite_langs=("zh",)) == ["a: no page in en"]


@pytest.mark.parametrize(
    ("work", "complaints"),
    [
        ({"title": "报告", "title_en": "A report", "author": "某", "author_en": "Somebody"}, []),
        ({"title": {"zh": "报告", "en": "A report"}, "publisher": "UN"}, []),
        ({"title": "报告", "title_en": "A report", "author": "某"}, ["author: “某” in both zh and en"]),
        ({"title": "报告"}, ["title: “报告” in both zh and en"]),
        ({"title": "报告", "title_en": "A report", "publisher_en": "A house"}, ["publisher: none in zh"]),
    ],
)
def test_works_named_in_one_language_only_are_named(work, complaints):
    expected = [f"based on “报告”, {complaint}" for complaint in complaints]
    assert told(EN, based_on=(work,)) == expected
    about = {"title": "报道", "title_en": "A story", "reports_on": work}
    assert told(EN, based_on=(about,)) == expected


def test_a_build_tells_it_and_records_it_whether_it_ran_or_not(project):
    project.head = project.head.replace('["en"]', '["zh", "en"]')
    project.add("a", ("# 甲", "zh"), ("# A", "en"), ("# 乙", "zh"), title={"zh": "甲", "en": "A"})
    for status in ("ran", "reused"):
        assert set(project.build().values()) == {status}
        assert "untranslated: zh/a and en/a: cells of prose: 2 in zh, 1 in en" in project.err
        assert "zh/a and en/a: headings of level 1: 2 in zh, 1 in en" in project.report()["untranslated"]

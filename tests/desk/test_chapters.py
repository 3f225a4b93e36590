"""Chapters of a draft: from what a file says is a heading, from numbering, from a column of a table; each has a figure."""

import docx
import pytest

from desk.chapters import chapters_of
from desk.documents import from_text, read_document
from desk.rows import row_of
from desk.scan import findings


def chapters(document):
    rows = [row_of(one) for one in findings(document.text) if one.reason is None]
    found = chapters_of(document, rows)
    assert {row.chapter for row in rows} == {chapter.id for chapter in found}
    return [chapter.title_zh for chapter in found], [row.chapter for row in rows]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("报告\n一、人口\n居民82人。\n二、企业\n企业27家。", ["人口", "企业"]),
        ("报告\n居民82人。\n一、空章\n二、企业\n企业27家。", ["概况", "企业"]),
        ("报告\n【人口】居民82人。\n【企业】企业27家。", ["人口", "企业"]),
        ("报告\n居民82人。企业27家。", ["全文"]),
        ("报告\n一、只有一章\n居民82人。", ["全文"]),
    ],
)
def test_headings_of_a_text(text, titles):
    assert chapters(from_text(text))[0] == titles


def test_headings_of_markdown_are_those_of_the_level_that_has_several(tmp_path):
    path = tmp_path / "report.md"
    path.write_text("# 报告\n\n## 人口\n居民82人。\n\n### 老人\n老人9人。\n\n## 企业\n企业27家。\n", encoding="utf-8")
    assert chapters(read_document(path)) == (["人口", "企业"], ["part1", "part1", "part2"])


def test_headings_of_word_and_html_need_no_numbers(tmp_path):
    document = docx.Document()
    document.add_heading("报告", 1)
    for title, text in (("人口情况", "居民82人。"), ("企业情况", "企业27家。")):
        document.add_heading(title, 2)
        document.add_paragraph(text)
    document.save(tmp_path / "report.docx")
    (tmp_path / "report.html").write_text(
        "<h1>报告</h1><h2>人口情况</h2><p>居民82人。</p><h2>企业情况</h2><p>企业27家。</p>", encoding="utf-8"
    )
    for name in ("report.docx", "report.html"):
        assert chapters(read_document(tmp_path / name))[0] == ["人口情况", "企业情况"]


def test_a_column_of_a_table_says_the_subject_of_its_rows():
    text = "报告\n类别\t指标\t数值（个）\n人口\t居民小组\t82\n\t老人之家\t9\n企业\t工厂\t27\n"
    assert chapters(from_text(text)) == (["人口", "企业"], ["part1", "part1", "part2"])


def test_the_same_heading_twice_is_two_chapters():
    text = "报告\n一、人口\n居民82人。\n二、人口\n老人27人。"
    document = from_text(text)
    rows = [row_of(one) for one in findings(text) if one.reason is None]
    found = chapters_of(document, rows, {"人口": ("people", "People")})
    assert [chapter.id for chapter in found] == ["people", "part1"]

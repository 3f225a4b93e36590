"""The document goes back to its author: comments at the numerals in Word, marked cells in Excel, a page of HTML."""

import re
import shutil
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree

from desk.cli import main

TEXT = "全市社会组织605家，比上年增加280家，上年为316家。"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def marked(source, out):
    result = CliRunner().invoke(main, ["proof", str(source), "--marked", str(out)])
    assert result.exit_code == 1, result.output
    return out


def commented(path):
    """What each comment of a Word file is anchored at, read from its XML."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        comments = etree.fromstring(archive.read("word/comments.xml"))
    told = {one.get(f"{W}id"): "".join(one.itertext()) for one in comments}
    found, open_now = {}, set()
    for node in root.iter():
        number = node.get(f"{W}id")
        if node.tag == f"{W}commentRangeStart":
            open_now.add(number)
        elif node.tag == f"{W}commentRangeEnd":
            open_now.discard(number)
        elif node.tag == f"{W}t":
            for one in open_now:
                found[one] = found.get(one, "") + node.text
    return [(found[number], told[number]) for number in found]


def test_comments_stand_at_the_numerals_whatever_runs_they_lie_in(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("全市社会组织6")
    paragraph.add_run("05").bold = True
    paragraph.add_run("家，比上年增加280家，上年为316家。")
    document.save(tmp_path / "a.docx")
    out = marked(tmp_path / "a.docx", tmp_path / "b.docx")
    found = commented(out)
    assert [text for text, _ in found] == ["605家", "280家", "316家"]
    assert "316家 + 280家 = 596家; printed: 605家" in found[0][1]
    assert docx.Document(out).paragraphs[0].text == TEXT


def test_numerals_in_tables_have_their_comments(tmp_path):
    document = docx.Document()
    document.add_paragraph("表1")
    table = document.add_table(4, 2)
    rows = [("地区", "企业（家）"), ("全市", "30"), ("东区", "12"), ("西区", "19")]
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(tmp_path / "a.docx")
    assert [text for text, _ in commented(marked(tmp_path / "a.docx", tmp_path / "b.docx"))] == ["30", "12", "19"]


def test_cells_are_marked_and_keep_their_values(tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", "企业（家）"], ["全市", 30], ["东区", 12], ["西区", 19]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(marked(tmp_path / "a.xlsx", tmp_path / "b.xlsx")).active
    assert [cell.value for cell in sheet["B"]] == ["企业（家）", 30, 12, 19]
    assert ["不可能" in (cell.comment.text if cell.comment else "") for cell in sheet["B"]] == [False, True, True, True]
    assert sheet["A2"].comment is None


def test_a_cell_with_two_findings_has_both_in_its_comment(tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", "2024年", "2023年", "增减"], ["东区", 12, 10, 3], ["西区", 19, 18, 1], ["合计", 33, 28, 5]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(marked(tmp_path / "a.xlsx", tmp_path / "b.xlsx")).active
    assert "12 + 19 = 31" in sheet["B2"].comment.text
    assert "12 − 10 = 2" in sheet["B2"].comment.text


def test_what_is_said_of_the_year_before_is_marked_too(tmp_path):
    old = tmp_path / "old.txt"
    old.write_text("2022年末，全市社会组织361家。", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("2023年末，全市社会组织605家，上年末为316家。")
    document.save(tmp_path / "a.docx")
    out = tmp_path / "b.docx"
    arguments = ["proof", str(tmp_path / "a.docx"), "--against", str(old), "--marked", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 1
    [(text, comment)] = commented(out)
    assert text == "316家"
    assert "new: 316家; old: 361家" in comment


def test_a_page_tells_what_agrees_with_its_arithmetic_and_what_is_in_no_check(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"{TEXT}\n社会团体12家，比上年增加2家，上年为10家。\n新建公园25个。", encoding="utf-8")
    page = marked(source, tmp_path / "b.html").read_text(encoding="utf-8")
    assert (
        '<a class="sum" href="#a1" title="10家 + 2家 = 12家; printed: 12家"><mark class="good">12家</mark></a>' in page
    )
    assert '<li id="a1">10家 + 2家 = 12家; printed: 12家' in page
    assert '<span class="none">25个</span>' in page


def test_a_text_becomes_a_page_without_script(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"<script>alert(1)</script>\n{TEXT}\n社会团体12家，比上年增加2家，上年为10家。", encoding="utf-8")
    page = marked(source, tmp_path / "b.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert re.findall(r'<mark class="bad">(.*?)</mark>', page) == ["605家", "280家", "316家"]
    assert re.findall(r'<mark class="good">(.*?)</mark>', page) == ["12家", "2家", "10家"]


@pytest.mark.parametrize("name", ["b.docx", "b.pdf", "b"])
def test_another_kind_of_file_is_refused_and_nothing_is_written(tmp_path, name):
    source = tmp_path / "a.txt"
    source.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["proof", str(source), "--marked", str(tmp_path / name)])
    assert result.exit_code == 2
    assert "expected a file that ends in .html" in result.output
    assert not (tmp_path / name).exists()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_comments_survive_libreoffice(tmp_path):
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.save(tmp_path / "a.docx")
    out = marked(tmp_path / "a.docx", tmp_path / "b.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "odt", "--outdir", str(tmp_path), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(tmp_path / "b.odt") as archive:
        content = archive.read("content.xml").decode()
    assert len(re.findall("<office:annotation ", content)) == 3
    result = CliRunner().invoke(main, ["proof", str(tmp_path / "b.odt")])
    assert result.exit_code == 1, result.output
    assert "316家 + 280家 = 596家" in result.output

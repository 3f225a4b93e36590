"""The document goes back to its author: comments at the numerals in Word, marked cells in Excel, a page of HTML."""

import re
import shutil
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
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


def test_a_text_becomes_a_page_without_script(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"<script>alert(1)</script>\n{TEXT}\n社会团体12家，比上年增加2家，上年为10家。", encoding="utf-8")
    page = marked(source, tmp_path / "b.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert re.findall(r'<mark class="bad">(.*?)</mark>', page) == ["605家", "280家", "316家"]
    assert re.findall(r'<mark class="good">(.*?)</mark>', page) == ["12家", "2家", "10家"]


def test_the_page_says_what_each_number_was_checked_against_and_which_were_in_no_check(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text(f"{TEXT}\n社会团体12家，比上年增加2家，上年为10家。新建公园25个。", encoding="utf-8")
    page = marked(source, tmp_path / "b.html").read_text(encoding="utf-8")
    assert re.findall(r'<mark class="none">(.*?)</mark>', page) == ["25个"]
    checks = re.findall(r"<details>.*?</details>", page)
    assert len(checks) == 2
    assert "✗ 316家 + 280家 = 596家; printed: 605家" in checks[0]
    assert "✓ 10家 + 2家 = 12家; printed: 12家" in checks[1]
    assert "7 numerals: 6 in a check, 1 in none" in page
    assert "共 7 个数，6 个核对过，1 个没有" in page


FOOTNOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="-1"><w:p/>'
    '</w:footnote><w:footnote w:id="7"><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def with_a_footnote(path, text):
    """A document whose one footnote is referred to behind the word 公报."""
    document = docx.Document()
    paragraph = document.add_paragraph("公报")
    reference = paragraph.add_run()
    reference._r.append(reference._r.makeelement(f"{W}footnoteReference", {f"{W}id": "7"}))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, (FOOTNOTES % text).encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(path)


def test_a_finding_in_a_footnote_is_commented_where_the_text_refers_to_it(tmp_path):
    with_a_footnote(tmp_path / "a.docx", TEXT)
    out = marked(tmp_path / "a.docx", tmp_path / "b.docx")
    with zipfile.ZipFile(out) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
        comments = etree.fromstring(archive.read("word/comments.xml"))
    assert "316家 + 280家 = 596家" in "".join(comments.itertext())
    [start, *_] = root.iter(f"{W}commentRangeStart")
    [reference] = root.iter(f"{W}footnoteReference")
    paragraph = start.getparent()
    order = list(paragraph)
    end = paragraph.find(f"{W}commentRangeEnd")
    assert order.index(start) < order.index(reference.getparent()) < order.index(end)


def test_two_findings_in_one_cell_share_its_comment(tmp_path):
    book = openpyxl.Workbook()
    for row in (["地区", "男", "女", "合计"], ["全市", 30, 40, 71], ["东区", 12, 20, 32], ["西区", 18, 20, 38]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(marked(tmp_path / "a.xlsx", tmp_path / "b.xlsx")).active
    assert "32 + 38 = 70" in sheet["D2"].comment.text
    assert "30 + 40 = 70" in sheet["D2"].comment.text


def test_what_an_earlier_report_contradicts_is_marked_too(tmp_path):
    (tmp_path / "old.txt").write_text("2022年末，全市社会组织361家。", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("2023年末，全市社会组织605家，上年末为316家。")
    document.save(tmp_path / "new.docx")
    command = ["proof", str(tmp_path / "new.docx"), "--against", str(tmp_path / "old.txt")]
    result = CliRunner().invoke(main, [*command, "--marked", str(tmp_path / "b.docx")])
    assert result.exit_code == 1, result.output
    [(text, told)] = commented(tmp_path / "b.docx")
    assert text == "316家"
    assert "new: 316家; old: 361家" in told
    CliRunner().invoke(main, [*command, "--marked", str(tmp_path / "b.html")])
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert re.findall(r'<mark class="bad">(.*?)</mark>', page) == ["316家"]


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

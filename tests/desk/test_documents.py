"""Documents of every kind are read as lines with their places; hostile and broken ones are refused in a sentence."""

import io
import os
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from bluebook.edition.package import EditionError
from desk.documents import read_document
from desk.proving import proof
from press.paper.browser import ARGUMENTS, find

TEXT = "全市社会组织605家，比上年增加280家，上年为316家。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(tmp_path, *paragraphs, rows=()):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    path = tmp_path / "report.docx"
    document.save(path)
    return path


def test_paragraphs_and_tables_of_word_have_their_places(tmp_path):
    path = word(
        tmp_path, "一、综合", TEXT, rows=[("地区", "企业（家）"), ("全市", "30"), ("东区", "12"), ("西区", "19")]
    )
    blocks = read_document(path).blocks
    assert [block.place for block in blocks[:3]] == ["paragraph 1", "paragraph 2", "table 1, row 1"]
    assert blocks[3].text == "全市\t30"
    assert {one.kind for one in proof(path).findings} == {"change", "total"}


def test_tracked_insertions_count_and_deletions_do_not(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("全市社会组织")
    change = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'
    paragraph._p.append(parse_xml(f"<w:del {W} {change}><w:r><w:delText>500</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {W} {change}><w:r><w:t>605</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:r {W}><w:t>家</w:t></w:r>"))
    document.save(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx").text == "全市社会组织605家"


def test_cells_of_excel_are_read_as_they_are_shown(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表1"
    for row in (["地区", "占比", "生产总值（亿元）", "年份"], ["全市", 0.155, 3864.27, 2021]):
        sheet.append(row)
    sheet["B2"].number_format = "0.0%"
    sheet["C2"].number_format = "#,##0.00"
    book.save(tmp_path / "a.xlsx")
    [_, row] = read_document(tmp_path / "a.xlsx").blocks
    assert row.text == "全市\t15.5%\t3864.27\t2021"
    assert row.place == "表1, row 2"


def test_a_page_is_read_without_its_scripts(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><script>var x = '99家';</script><div><p>{TEXT}</p></div>"
        "<table><tr><th>地区</th><th>企业（家）</th></tr><tr><td>全市</td><td>30</td></tr></table>",
        encoding="utf-8",
    )
    assert [block.text for block in read_document(path).blocks] == [TEXT, "地区\t企业（家）", "全市\t30"]
    assert not proof(path).is_clean


def test_a_pdf_with_text_is_read_page_by_page(tmp_path):
    page = tmp_path / "a.html"
    page.write_text(f"<meta charset=utf-8><p style='width: 12em'>{TEXT}</p>", encoding="utf-8")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    words = [find(), *ARGUMENTS, *sandbox, "--headless", f"--print-to-pdf={tmp_path / 'a.pdf'}", page.as_uri()]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    found = proof(tmp_path / "a.pdf")
    assert [one.arithmetic for one in found.findings] == ["316家 + 280家 = 596家; printed: 605家"]
    assert found.findings[0].places[0].block == "page 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_read_in_its_encoding(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes((TEXT * 8).encode(encoding))
    assert read_document(path).text == TEXT * 8


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 200_000_000)


def entities(path):
    """A Word file whose text is an entity that names a file of this machine."""
    plain = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("MARK")
    document.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                head, _, rest = content.decode().partition("?>")
                declared = f'{head}?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                content = (declared + rest.replace("MARK", "a&e;b")).encode()
            target.writestr(entry, content)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_what_unpacks_to_too_much_is_refused(tmp_path, name):
    bomb(tmp_path / name)
    with pytest.raises(EditionError, match="unpacks to"):
        read_document(tmp_path / name)


def test_entities_of_a_file_are_not_fetched(tmp_path):
    entities(tmp_path / "a.docx")
    try:
        text = read_document(tmp_path / "a.docx").text
    except EditionError as error:
        text = str(error)
    assert "root:" not in text


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf"])
@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, b"<x>"]
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EditionError) as told:
        read_document(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_with_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("desk.documents.MOST_CELLS", 20)
    book = openpyxl.Workbook()
    for _ in range(5):
        book.active.append(list(range(9)))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(EditionError, match="more than 20 cells"):
        read_document(tmp_path / "a.xlsx")


def test_what_needs_libreoffice_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(EditionError, match=r"read with LibreOffice, which is not here; install it, or save as \.docx"):
        read_document(tmp_path / "a.doc")


def test_a_page_whose_paragraphs_are_not_closed_or_stand_beside_others_loses_no_number(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        "<meta charset=utf-8>前1个<p>居民82人<p>企业27家<div>另有9家<p>工厂3家</p>共12家</div><table><tr><td>甲<td>5</table>后7个"
    )
    text = read_document(path).text
    for number in ("前1个", "居民82人", "企业27家", "另有9家", "工厂3家", "共12家", "甲\t5", "后7个"):
        assert text.count(number) == 1, number


def test_a_deep_page_is_read_in_time_that_grows_with_its_length(tmp_path):
    path = tmp_path / "deep.html"
    path.write_text("<div>3家" * 240 + "</div>" * 240 + "<p>企业27家" * 20_000, encoding="utf-8")
    document = read_document(path)
    assert document.text.count("企业27家") == 20_000
    assert document.text.count("3家") == 240


def test_markdown_with_html_is_read_and_all_that_is_no_tag_keeps_its_place(tmp_path):
    text = "# Births\n<p class='lead'>In 2012, İ <b>605</b> births<sup>2</sup>, 3 < 5.</p>\n<!-- 7\n8 -->\n<script>9</script>"
    path = tmp_path / "births.md"
    path.write_text(text, encoding="utf-8")
    blocks = read_document(path).blocks
    assert [one.text.split() for one in blocks[1:]] == [
        ["In", "2012,", "İ", "605", "births", ",", "3", "<", "5."],
        [],
        [],
        [],
    ]
    assert blocks[1].text.index("605") == text.split("\n")[1].index("605")


@pytest.mark.parametrize("piece", ["<!--", "<script>", "<sup>", "<a ", "<"])
def test_markdown_full_of_what_never_ends_is_read(piece, tmp_path):
    path = tmp_path / "hostile.md"
    path.write_text(piece * 100_000 + "\n605", encoding="utf-8")
    assert read_document(path).blocks[-1].text == "605"

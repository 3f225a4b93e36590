"""What readers take away equals what the chart shows, and no cell of it is ever run."""

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.downloads import data_files, to_csv, to_xlsx, zipped
from press.plots import MIME, plot_of

EVIL = ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd|x", "-2+3", "\t=1", "</t><f>1</f>", "a\x00b", "'", '"', "a,b\nc"]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
cells = st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e12, 1e12), st.text(max_size=20), st.none())


def cells_of(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        rows = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
        return [[(cell.findtext(f"{SHEET}v"), cell.findtext(f"{SHEET}is/{SHEET}t")) for cell in row] for row in rows]


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_workbook_holds_numbers_as_numbers_and_text_as_text(rows):
    for row, found in zip(rows, cells_of(to_xlsx(["a", "b"], rows, "s"))[1:], strict=True):
        for cell, (number, text) in zip(row, found, strict=True):
            if isinstance(cell, str):
                assert number is None
                lines = re.sub("\r\n?", "\n", cell)
                assert (text or "") == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", lines)
            else:
                assert (number and float(number)) == cell


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_cell_of_a_csv_begins_a_formula(rows):
    text = to_csv(["a", "b"], rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert all(not re.match(r"[=@\t\r]|[+-](?!\d|[\d.,\s]+[%‰]?$)", cell) for cell in row)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_cells_stay_text(evil):
    [row] = list(csv.reader(io.StringIO(to_csv([], [[evil]]).decode("utf-8-sig"), newline="")))[1:]
    assert row[0] in (evil, f"'{evil}")
    [(number, text)] = cells_of(to_xlsx([], [[evil]], evil))[1]
    assert number is None
    assert text == evil.replace("\x00", "\ufffd")


def test_a_chart_gives_its_data_three_ways_and_none_without_data():
    said = {"id": "a", "title": "A", "data": {"columns": ["k", "v"], "rows": [["x", 1.5], ["y", None]]}}
    plot = plot_of({"data": {MIME: {}}, "metadata": {"press": {"chart": said}}}, number=1)
    files = data_files(plot)
    assert set(files) == {"csv", "xlsx", "json"}
    assert files["csv"].startswith(b"\xef\xbb\xbfk,v\r\n")
    assert json.loads(files["json"])["rows"] == [["x", 1.5], ["y", None]]
    assert data_files(plot_of({"data": {MIME: {}}}, number=1)) == {}
    assert data_files(plot) == files


def test_a_zip_is_the_same_each_time():
    assert zipped({"a": b"1"}) == zipped({"a": b"1"})

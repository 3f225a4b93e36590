"""What readers take away equals what the chart shows, and no cell of it is ever run."""

import csv
import io
import json
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.page.downloads import data_files, to_csv, to_xlsx, zipped
from press.page.outputs import MIME, plot_of

EVIL = ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd|x", "-2+3", "\t=1", "</t><f>1</f>", "a\x00b", "'", '"', "a,b\nc"]
cells = st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e12, 1e12), st.text(max_size=20), st.none())


def cells_of(workbook, rows=None, columns=None):
    """The cells' values, row by row; none of them may be a formula."""
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(max_row=rows, max_col=columns))
    assert {cell.data_type for row in rows for cell in row} <= {"n", "s", "inlineStr"}
    return [[cell.value for cell in row] for row in rows]


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_workbook_holds_numbers_as_numbers_and_text_as_text(rows):
    found_rows = cells_of(to_xlsx(["a", "b"], rows, "s"), len(rows) + 1, 2)[1:]
    for row, found in zip(rows, found_rows, strict=True):
        for cell, kept in zip(row, found, strict=True):
            if isinstance(cell, str):
                lines = re.sub("\r\n?", "\n", cell)
                text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", lines)
                assert (kept or "") == text
            else:
                assert kept == (cell and pytest.approx(cell, rel=1e-15))


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_cell_of_a_csv_begins_a_formula(rows):
    text = to_csv(["a", "b"], rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert all(not re.match(r"[=@\t\r]|[+-](?!\d|[\d.,\s]+[%‰]?$)", cell) for cell in row)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_cells_stay_text(evil):
    [row] = list(csv.reader(io.StringIO(to_csv([], [[evil]]).decode("utf-8-sig"), newline="")))[1:]
    assert row[0] in (evil, f"'{evil}")
    assert cells_of(to_xlsx(["a"], [[evil]], evil))[1] == [evil.replace("\x00", "\ufffd")]


def test_a_number_no_sheet_can_hold_is_a_text():
    odd = [float("nan"), float("inf"), 10**400]
    assert cells_of(to_xlsx(["a"], [[number] for number in odd], "s"))[1:] == [[str(number)] for number in odd]


def test_a_chart_gives_its_data_three_ways_and_none_without_data():
    said = {"id": "a", "title": "A", "data": {"columns": ["k", "v"], "rows": [["x", 1.5], ["y", None]]}}
    plot = plot_of({"data": {MIME: {}}, "metadata": {"press": {"chart": said}}}, number=1)
    files = data_files(plot)
    assert set(files) == {"csv", "csv-metadata.json", "xlsx", "json"}
    assert files["csv"].startswith(b"\xef\xbb\xbfk,v\r\n")
    assert json.loads(files["json"])["rows"] == [["x", 1.5], ["y", None]]
    assert data_files(plot_of({"data": {MIME: {}}}, number=1)) == {}
    assert data_files(plot) == files
    assert cells_of(files["xlsx"]) == [["k", "v"], ["x", 1.5], ["y", None]]


def test_a_csv_file_has_its_author_and_sources_beside_it():
    """As CSV on the Web has it: in FILE-metadata.json, with the columns of the file in its order."""
    said = {"id": "a", "title": "A", "source": "S", "data": {"columns": ["k", "v"], "rows": [["x", 1.5]]}}
    plot = plot_of({"data": {MIME: {}}, "metadata": {"press": {"chart": said}}}, number=1)
    files = data_files(plot, author="Us", based_on="Them", lang="en")
    record = json.loads(files["csv-metadata.json"])
    assert (record["url"], record["dc:creator"], record["dc:source"]) == ("a.csv", "Us", "S; Them")
    assert record["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    header = files["csv"].decode("utf-8-sig").splitlines()[0].split(",")
    assert [column["titles"] for column in record["tableSchema"]["columns"]] == header
    assert "dc:creator" not in json.loads(data_files(plot)["csv-metadata.json"])


def test_a_workbook_is_the_same_whenever_it_is_made(monkeypatch):
    made = to_xlsx(["a"], [["x"]], "s")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert to_xlsx(["a"], [["x"]], "s") == made
    assert b"1980-01-01" in zipfile.ZipFile(io.BytesIO(made)).read("docProps/core.xml")


def test_a_zip_is_the_same_each_time():
    assert zipped({"a": b"1"}) == zipped({"a": b"1"})

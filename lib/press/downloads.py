"""What a reader takes away from a chart: its data as CSV, XLSX and JSON, and its words for a citation.

Spreadsheets get text as text: a cell that would be read as a formula is quoted in CSV and typed in XLSX. The bytes
depend on the data alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from press.plots import Plot

FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s]+[%‰]?$)")
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def data_files(plot: Plot) -> dict[str, bytes]:
    """The chart's data by suffix; nothing for a chart that says no data."""
    if not plot.rows:
        return {}
    return {
        "csv": to_csv(plot.columns, plot.rows),
        "xlsx": to_xlsx(plot.columns, plot.rows, sheet=plot.id),
        "json": to_json(plot),
    }


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it, lines as RFC 4180 has them.

    >>> to_csv(["a", "b"], [["=cmd|x", -1.5], ["-5%", None]])
    b"\\xef\\xbb\\xbfa,b\\r\\n'=cmd|x,-1.5\\r\\n-5%,\\r\\n"
    """
    text = io.StringIO()
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in (columns, *rows)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def to_json(plot: Plot) -> bytes:
    """The data with what the page says of it."""
    said = {"id": plot.id, "title": plot.title, "description": plot.alt, "note": plot.note, "source": plot.source}
    record = said | {"figures": plot.figures, "columns": plot.columns, "rows": plot.rows}
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def to_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str) -> bytes:
    """A workbook of one sheet: numbers as numbers, everything else as text."""
    name = re.sub(r"[\\/*?:\[\]']", "-", sheet)[:31] or "data"
    lines = [_row(1, columns), *(_row(number, row) for number, row in enumerate(rows, 2))]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + _part("workbook", "sheet.main")
        + _part("worksheets/sheet1", "worksheet")
        + "</Types>",
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations([("worksheet", "worksheets/sheet1.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{_attribute(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    return zipped({name: (HEAD + part).encode() for name, part in parts.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of files in the order given, without dates or owners."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _part(name: str, kind: str) -> str:
    content = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
    return f'<Override PartName="/xl/{name}.xml" ContentType="{content}"/>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _row(number: int, cells: Iterable[Any]) -> str:
    return f'<row r="{number}">' + "".join(_cell(cell) for cell in cells) + "</row>"


def _cell(cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e300:
        return f"<c><v>{cell!r}</v></c>"
    lines = "" if cell is None else re.sub("\r\n?", "\n", str(cell))
    text = UNPRINTABLE.sub("\ufffd", lines)[:32767]
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else "<c/>"


def _attribute(text: str) -> str:
    return escape(UNPRINTABLE.sub("\ufffd", text), {'"': "&quot;"})

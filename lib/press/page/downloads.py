"""What a reader takes away: the data of a chart or table as CSV, XLSX and JSON, and folders of data as a zip.

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
from datetime import datetime
from typing import Any

from press.page.outputs import Sheet

FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s]+[%‰]?$)")
UNPRINTABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_PROPERTY = 255  # characters
EPOCH = (1980, 1, 1, 0, 0, 0)


def data_files(sheet: Sheet, *, author: str = "", based_on: str = "", lang: str = "") -> dict[str, bytes]:
    """A chart's or table's data by suffix; nothing where there is none.

    JSON and XLSX say who made them and what they are based on. CSV has no place for it: the file beside it does, where
    CSV on the Web looks for it (growth.csv-metadata.json).
    """
    if not sheet.rows:
        return {}
    return {
        "csv": to_csv(sheet.columns, sheet.rows),
        "csv-metadata.json": csv_metadata(sheet, author=author, based_on=based_on, lang=lang),
        "xlsx": to_xlsx(sheet.columns, sheet.rows, name=sheet.id, author=author, based_on=based_on),
        "json": to_json(sheet, author=author, based_on=based_on),
    }


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it, lines as RFC 4180 has them.

    >>> to_csv(["a", "b"], [["=cmd|x", -1.5], ["-5%", None]])
    b"\\xef\\xbb\\xbfa,b\\r\\n'=cmd|x,-1.5\\r\\n-5%,\\r\\n"
    """
    text = io.StringIO()
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in (columns, *rows)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def csv_metadata(sheet: Sheet, *, author: str = "", based_on: str = "", lang: str = "") -> bytes:
    """What is known of a sheet's CSV file, in the W3C's vocabulary for tables: https://www.w3.org/TR/tabular-metadata/"""
    vocabulary = "http://www.w3.org/ns/csvw"
    sources = [source for source in (sheet.source, based_on) if source]
    known = {
        "dc:title": sheet.title,
        "dc:description": sheet.alt,
        "dc:creator": author,
        "dc:source": "; ".join(sources),
    }
    record: dict[str, Any] = {
        "@context": [vocabulary, {"@language": lang}] if lang else vocabulary,
        "url": f"{sheet.id}.csv",
    }
    record |= {name: words for name, words in known.items() if words}
    record["dialect"] = {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True}
    record["tableSchema"] = {"columns": [{"titles": str(column)} for column in sheet.columns]}
    return _json(record)


def _json(record: Any) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def to_json(sheet: Sheet, *, author: str = "", based_on: str = "") -> bytes:
    """The data with what the page says of it."""
    record: dict[str, Any] = {
        "id": sheet.id,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "description": sheet.alt,
        "note": sheet.note,
        "source": sheet.source,
    }
    if author:
        record["author"] = author
    if based_on:
        record["based_on"] = based_on
    record |= {"figures": sheet.figures, "columns": sheet.columns, "rows": sheet.rows}
    return _json(record)


def to_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str, *, author: str = "", based_on: str = ""
) -> bytes:
    """A workbook of one sheet: numbers as numbers, everything else as text, the first row kept in sight."""
    from xlsxwriter import Workbook

    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(*EPOCH), "author": author, "subject": based_on[:LONGEST_PROPERTY]})
        sheet = book.add_worksheet(re.sub(r"[^\w.-]", "-", name)[:31] or "data")
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate((columns, *rows)):
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e300:
                    sheet.write_number(row, column, cell)
                elif cell not in (None, ""):
                    text = re.sub("\r\n?", "\n", str(cell))
                    sheet.write_string(row, column, UNPRINTABLE.sub("\ufffd", text)[:32767])
    return packed.getvalue()


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

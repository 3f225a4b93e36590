"""A document as the editor's tools read it: lines of text, each with its place in the file.

A paragraph is a line, a row of a table is a line whose cells are parted by tabs; offsets count in those lines. Read are
text in any usual encoding, Markdown, Word (.docx: insertions that are tracked count, deletions do not), Excel (.xlsx),
HTML, and PDF with text in it; with LibreOffice also .doc, .wps, .odt and .xls. Nothing in a file is run or fetched.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bluebook.edition.package import EditionError
from desk.markup import without_tags

PIPES = re.compile(r"^\s*\|.*\|\s*$")  # a row of a Markdown table
RULE = re.compile(r"^[\s|:—-]+$")  # the line under its head
HASHES = re.compile(r"(#{1,6})\s")  # before a heading of Markdown
MARKDOWN = (".md", ".markdown", ".qmd")
LARGEST_BYTES = 100_000_000  # of a file, and of what is packed in one
MOST_CELLS = 300_000
CONVERT_TIMEOUT_S = 120
STOPS = "。！？；：:.!?;"
FULL_LINE = 0.8  # of the next line: a shorter one ends its paragraph
ROW = re.compile(r"(?:^|\s)[-−]?\d[\d,.]*%?\s+[-−]?\d[\d,.]*%?(?:\s|$)")  # of a table: numbers side by side
HEADING_STYLE = re.compile(r"(?:heading|标题) ?([1-6])$", re.IGNORECASE)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "tr", "div", "caption")
CONVERTED = dict.fromkeys((".doc", ".wps", ".odt", ".rtf"), ".docx") | dict.fromkeys((".xls", ".et", ".ods"), ".xlsx")


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a document: its text, and where it stands (`line 4`, `table 1, row 2`).

    `level` is that of a heading, from 1; 0 for any other line, and where the file does not say which are headings.
    """

    text: str
    place: str
    level: int = 0


@dataclass(frozen=True)
class Document:
    """The blocks of a file, in order."""

    name: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


def read_document(path: Path) -> Document:
    """The document in a file. Raises `EditionError` for one that cannot be read, and says what to do."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise EditionError(f"{path}: no such file") from None
    except OSError as error:
        raise EditionError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_BYTES:
        raise EditionError(f"{path}: {len(content):,} bytes; at most {LARGEST_BYTES:,} are read")
    suffix = path.suffix.lower()
    if suffix in CONVERTED:
        content, suffix = _converted(path, suffix), CONVERTED[suffix]
    read = READERS.get(suffix)
    if read is None:
        return from_text(decoded(content, path), path.name)
    blocks = tuple(replace(one, text=" ".join(one.text.splitlines())) for one in read(content, path))
    if not any(block.text.strip() for block in blocks):
        raise EditionError(f"{path}: no text in it; a scanned document must be read by OCR first")
    return Document(path.name, blocks)


def from_text(text: str, name: str = "text") -> Document:
    """The lines of a text; rows of a Markdown table have tabs between their cells, at the same offsets.

    Tags of HTML in Markdown are blanks.

    >>> from_text("| a | 1 |").blocks[0].text
    '\\t a \\t 1 \\t'
    >>> from_text("<b>605</b> births", "births.md").blocks[0].text
    '   605     births'
    """
    is_markdown = Path(name).suffix.lower() in MARKDOWN
    if is_markdown:
        text = without_tags(text)
    blocks = []
    for number, line in enumerate(text.splitlines(), 1):
        hashes = HASHES.match(line) if is_markdown else None
        blocks.append(Block(_with_tabs(line), f"line {number}", len(hashes[1]) if hashes else 0))
    return Document(name, tuple(blocks))


def decoded(content: bytes, path: Path) -> str:
    """The text of a file, in UTF-8, UTF-16 or what it looks like. Raises `EditionError` for what is no text."""
    text = _as_unicode(content)
    if text is None:
        from charset_normalizer import from_bytes

        best = from_bytes(content, cp_isolation=["gb18030", "big5", "big5hkscs"]).best()
        if best is None:
            raise EditionError(f"{path}: not a text in a known encoding; save it as UTF-8")
        text = str(best)
    if "\0" in text:
        raise EditionError(f"{path}: character {text.index(chr(0))} is NUL: not a text; save the text as UTF-8")
    return text


def _as_unicode(content: bytes) -> str | None:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            return None
    return None


def _with_tabs(line: str) -> str:
    if not PIPES.match(line):
        return line
    return " " * len(line) if RULE.match(line) else line.replace("|", "\t")


# Word and Excel


def _check_size(content: bytes, path: Path) -> None:
    """Raises `EditionError` for an archive that is none, or whose content is too large to be a document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise EditionError(
            f"{path}: not a {path.suffix} file, or protected by a password; save it anew without one"
        ) from None
    if size > LARGEST_BYTES:
        raise EditionError(f"{path}: unpacks to {size:,} bytes; at most {LARGEST_BYTES:,} are read")


def _word(content: bytes, path: Path) -> Iterator[Block]:
    import docx
    from docx.table import Table

    _check_size(content, path)
    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:  # whatever a broken or hostile file makes of the library
        raise EditionError(f"{path}: cannot be read as Word: {type(error).__name__}") from None
    paragraphs = tables = 0
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            tables += 1
            for number, row in enumerate(_word_rows(part._tbl), 1):
                yield Block("\t".join(row), f"table {tables}, row {number}")
            continue
        paragraphs += 1
        yield Block(_word_text(part._p), f"paragraph {paragraphs}", _word_level(part))
    for number, (_, note) in enumerate(footnotes(document), 1):
        yield Block(note, f"footnote {number}")


def _word_text(element: Any) -> str:
    """The text of a paragraph as it will stand: with tracked insertions, without deletions."""
    parts = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if not is_deleted(node):
            parts.append(_characters(node))
    return "".join(parts)


def is_deleted(node: Any) -> bool:
    """Whether a piece of a paragraph is tracked as taken out, or moved elsewhere."""
    return any(above.tag in (f"{W}del", f"{W}moveFrom") for above in node.iterancestors())


def _characters(node: Any) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return "-" if node.tag == f"{W}noBreakHyphen" else " "


def _word_level(paragraph: Any) -> int:
    """The level of a heading, by its style: Heading 2, 标题 2; 0 for other paragraphs."""
    style = paragraph.style
    named = HEADING_STYLE.match(style.name or "") if style is not None else None
    return int(named[1]) if named else 0


def _word_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table, each as the texts of its cells; those of a table in a cell are rows of their own."""
    for row in table.iter(f"{W}tr"):
        cells = []
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is row:
                cells.append(_word_cell(cell))
        yield cells


def _word_cell(cell: Any) -> str:
    paragraphs = [_word_text(paragraph) for paragraph in cell.iter(f"{W}p")]
    return " ".join(filter(None, paragraphs))


def footnotes(document: Any) -> Iterator[tuple[str, str]]:
    """The footnotes of a Word document that have text: the id by which the text refers to each, and its text."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            for note in root.iter(f"{W}footnote"):
                text = _word_text(note).strip()
                if text:
                    yield note.get(f"{W}id"), text


def _excel(content: bytes, path: Path) -> Iterator[Block]:
    import openpyxl

    _check_size(content, path)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a broken or hostile file makes of the library
        raise EditionError(f"{path}: cannot be read as Excel: {type(error).__name__}") from None
    count = 0
    for sheet in book.worksheets:
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_cell_text(cell) for cell in row]
            count += len(cells)
            if count > MOST_CELLS:
                raise EditionError(f"{path}: more than {MOST_CELLS:,} cells; give the sheets that are to be read alone")
            yield Block("\t".join(cells).rstrip("\t"), f"{sheet.title}, row {number}")


def _csv(content: bytes, path: Path) -> Iterator[Block]:
    """The rows of a CSV file; its cells are parted as its first line is, by commas, semicolons or tabs."""
    text = decoded(content, path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            cells = [" ".join(cell.split()) for cell in row]
            yield Block("\t".join(cells), f"row {number}")
    except csv.Error as error:
        raise EditionError(f"{path}: cannot be read as CSV: {error}") from None


def _cell_text(cell: Any) -> str:
    """A cell as its format shows it: 0.155 as 15.5%, 3864.27 with its decimals."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).strip()
    shown = re.search(r"0(?:\.(0+))?(%)?", cell.number_format or "")
    if shown and (shown[1] or shown[2]):
        number = value * 100 if shown[2] else value
        return f"{number:.{len(shown[1] or '')}f}{shown[2] or ''}"
    return f"{value:.10g}"


# pages


def _html(content: bytes, _: Path) -> Iterator[Block]:
    """The blocks of a page, in order; words that stand beside blocks in one come before them."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(content, "lxml")
    for silent in soup(["script", "style", "noscript", "template"]):
        silent.decompose()
    body = soup.body or soup
    own = _own_texts(body)
    tables = paragraphs = 0
    for node in body.find_all(BLOCKS):
        if node.name == "tr":
            tables += _begins_table(node)
            cells = [" ".join(cell.get_text().split()) for cell in node.find_all(["td", "th"], recursive=False)]
            yield Block("\t".join(cells), f"table {max(tables, 1)}")
            continue
        if node.find_parent("tr"):
            continue
        is_leaf = node.find(BLOCKS) is None
        text = " ".join((node.get_text() if is_leaf else own.get(id(node), "")).split())
        if text or is_leaf:
            paragraphs += 1
            level = int(node.name[1]) if re.fullmatch("h[1-6]", node.name) else 0
            yield Block(text, f"paragraph {paragraphs}", level)
    loose = own.get(id(body), "").splitlines()
    yield from (Block(line.strip(), "text") for line in loose if line.strip())


def _begins_table(row: Any) -> bool:
    """Whether a row is the first of its table."""
    parent = row.parent.name if row.parent is not None else ""
    return row.find_previous_sibling("tr") is None and parent in ("table", "thead")


def _own_texts(body: Any) -> dict[int, str]:
    """The text of each block, and of the body, that stands in no block or table inside it; by the node's identity."""
    own: dict[int, list[str]] = {}
    for string in body.find_all(string=True):
        above = string.find_parent([*BLOCKS, "table"]) or body
        own.setdefault(id(above), []).append(string)
    return {node: "".join(strings) for node, strings in own.items()}


def _pdf(content: bytes, path: Path) -> Iterator[Block]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        why = "protected by a password" if "password" in str(error).lower() else "no PDF that can be read"
        raise EditionError(f"{path}: {why}; save it anew") from None
    try:
        for number, page in enumerate(document, 1):
            lines = page.get_textpage().get_text_range().replace("\x02", "-").splitlines()
            yield from (Block(line, f"page {number}") for line in joined(lines))
    finally:
        document.close()


def joined(lines: list[str]) -> list[str]:
    """Lines of a printed page as paragraphs: a line without a stop, as wide as the next, goes on in it.

    >>> joined(["全市常住人口468.3万人,其中城镇常住", "人口331.9万人。", "二、工业"])
    ['全市常住人口468.3万人,其中城镇常住人口331.9万人。', '二、工业']
    """
    stripped = [line.strip() for line in lines]
    found: list[str] = []
    goes_on = False
    for line, following in zip(stripped, [*stripped[1:], ""], strict=True):
        if goes_on:
            apart = " " if found[-1][-1].isascii() and line[0].isascii() else ""
            found[-1] += apart + line
        elif line:
            found.append(line)
        is_full = bool(line and following) and _width(line) >= _width(following) * FULL_LINE
        goes_on = is_full and line[-1] not in STOPS and not ROW.search(line) and not ROW.search(following)
    return found


def _width(line: str) -> float:
    """How wide a line is, in Chinese characters; others are half as wide."""
    return sum(1 if character > "ÿ" else 0.5 for character in line.strip())


READERS: dict[str, Callable[[bytes, Path], Iterator[Block]]] = {
    ".docx": _word,
    ".docm": _word,
    ".csv": _csv,
    ".xlsx": _excel,
    ".xlsm": _excel,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}


def _converted(path: Path, suffix: str) -> bytes:
    """The file as LibreOffice saves it anew. Raises `EditionError` where there is none, and says what to do."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    wanted = CONVERTED[suffix]
    if office is None:
        raise EditionError(
            f"{path}: {suffix} files are read with LibreOffice, which is not here; install it, or save as {wanted}"
        )
    with tempfile.TemporaryDirectory() as folder:
        home = f"-env:UserInstallation=file://{folder}/home"
        words = [office, home, "--headless", "--norestore", "--convert-to", wanted[1:], "--outdir", folder, str(path)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=CONVERT_TIMEOUT_S)
            return next(Path(folder).glob(f"*{wanted}")).read_bytes()
        except (subprocess.SubprocessError, StopIteration, OSError):
            raise EditionError(f"{path}: LibreOffice cannot read it; save it as {wanted}") from None

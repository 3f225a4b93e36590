"""A PDF as it leaves the press: dated by its pages, its links fit to travel, and read back, character by character."""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

HYPHEN = "\x02"  # how PDFium gives one at the end of a line


def read_back(content: bytes) -> str:
    """All that a PDF shows as text. Raises `pypdfium2.PdfiumError` where it is no PDF that can be read."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(map(_text_of, document)).replace(HYPHEN, "-")
    finally:
        document.close()


def _text_of(page: Any) -> str:
    """The characters of a page, one by one: of a text asked for as a whole PDFium leaves some hyphens out."""
    from pypdfium2.raw import FPDFText_GetUnicode

    text = page.get_textpage()
    handle = text.raw  # asked for once, and not for each character
    units = [FPDFText_GetUnicode(handle, place) for place in range(text.count_chars())]
    return "".join(map(chr, units)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def lost(said: str, printed: str) -> list[str]:
    """The characters of a page that its print lacks, each as often as it lacks it; white space does not count.

    >>> lost("人口 ﬁve", "⼈口fie")
    ['v']
    """
    return sorted((_marks(said) - _marks(printed)).elements())


def _marks(text: str) -> Counter[str]:
    return Counter(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char)[0] in "LNPSM")


def finish(raw: bytes, *, page: Path, title: str, lang: str, author: str = "", subject: str = "") -> bytes:
    """The PDF with its own date, names and language, links that go with it wherever it is put, and no chance in it."""
    import pikepdf

    lang = "zh-Hans" if lang == "zh" else lang
    stamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "315532800")), UTC)
    with pikepdf.open(io.BytesIO(_renumbered(raw))) as pdf:
        for sheet in pdf.pages:
            for note in sheet.get("/Annots", ()):
                _relink(note, page)
        _sort_names(pdf)
        pdf.Root.Lang = pikepdf.String(lang)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        date = pikepdf.String(stamp.strftime("D:%Y%m%d%H%M%SZ"))
        named: dict[str, Any] = {"Title": title, "CreationDate": date, "ModDate": date}
        if author:
            named["Author"] = author
        if subject:
            named["Subject"] = subject
        pdf.docinfo = pdf.make_indirect(pikepdf.Dictionary(**named))
        with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"] = title
            about["dc:language"] = {lang}
            about["xmp:CreateDate"] = about["xmp:ModifyDate"] = stamp.isoformat()
            if author:
                about["dc:creator"] = [author]
            if subject:
                about["dc:description"] = about["dc:source"] = subject
        finished = io.BytesIO()
        pdf.save(finished, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return finished.getvalue()


def _renumbered(raw: bytes) -> bytes:
    """The PDF with its tags' names counted from 0, in the order the tags are written. No byte moves.

    Chromium counts on from page to page, and does not always name the cells of one page in the same order.

    >>> _renumbered(b"/ID (node00000041) /ID (node00000007) [(node00000007)]")
    b'/ID (node00000000) /ID (node00000001) [(node00000001)]'
    """
    given = re.findall(rb"/ID (\(node\d{8}\))", raw)
    used = re.findall(rb"\(node\d{8}\)", raw)
    names = {old: b"(node%08d)" % number for number, old in enumerate(dict.fromkeys(given + used))}
    return re.sub(rb"\(node\d{8}\)", lambda found: names[found[0]], raw)


def _sort_names(pdf: Any) -> None:
    """Put the index of the tags' names in the order of their new names, as the format wants it."""
    import pikepdf

    tags = pdf.Root.get("/StructTreeRoot", {})
    if "/IDTree" not in tags:
        return
    named = dict(pikepdf.NameTree(tags.IDTree).items())
    index = pikepdf.NameTree.new(pdf)
    for name in sorted(named):
        index[name] = named[name]
    tags.IDTree = index.obj


def _relink(note: Any, page: Path) -> None:
    """A link to a file beside the page becomes relative: the PDF lies where the page lies."""
    action = note.get("/A")
    if action is None or "/URI" not in action:
        return
    uri = str(action.URI)
    if uri.startswith("file:"):
        action.URI = relative_uri(uri, page)


def relative_uri(uri: str, page: Path) -> str:
    """A file's URI as seen from a page.

    >>> relative_uri("file:///site/zh/figures.html#a", Path("/site/zh/01.html"))
    'figures.html#a'
    """
    path, mark, fragment = uri.removeprefix("file://").partition("#")
    relative = os.path.relpath(unquote(path), page.parent).replace(os.sep, "/")
    return relative + mark + fragment

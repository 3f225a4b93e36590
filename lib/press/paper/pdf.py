"""A PDF as it leaves the press: dated by its pages, its links fit to travel, and read back, character by character.

Chromium names glyphs by what their shape may also mean (⼈, a radical, for 人, a word) and says the word beside; not
every reader looks there, so the names are set right. A glyph that no font has is drawn as an empty box: code 0.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

BOX = "\uffff"  # never a character
NAMED = re.compile(rb"<([0-9A-F]+)> (?:<([0-9A-F]+)> )?<([0-9A-F]+)>\n")
# What Chromium's drawing consists of, as far as it is text: a string is in hexadecimal, a word said beside may be not.
STEP = re.compile(
    rb"<(?P<shown>[0-9A-Fa-f]+)> Tj\n|/(?P<font>\w+) [\d.]+ Tf\n"
    rb"|/ActualText (?P<said><[0-9A-Fa-f]*>|\((?:[^\\()]|\\.)*\)) ?>> ?BDC\n"
    rb"|(?P<mark>BDC)\n|(?P<end>EMC)\n|/(?P<form>\w+) Do\n",
    re.S,
)
TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
    "1 begincodespacerange\n<{low}> <{high}>\nendcodespacerange\n{parts}endcmap\n"
    "CMapName currentdict /CMap defineresource pop end end"
)


class Font:
    """What the codes of a PDF's font mean; `learned` holds what its own table does not say."""

    def __init__(self, dictionary: Any) -> None:
        self.dictionary = dictionary
        self.digits = 4 if dictionary.Subtype == "/Type0" else 2
        self.words: dict[int, str] = {}
        self.learned: dict[int, str] = {}
        self.texts: dict[bytes, str] = {}
        table = dictionary.ToUnicode.read_bytes() if "/ToUnicode" in dictionary else b""
        for first, last, meaning in NAMED.findall(table.partition(b"endcodespacerange")[2]):
            text = bytes.fromhex(meaning.decode()).decode("utf-16-be")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                self.words[code] = text[:-1] + chr(ord(text[-1]) + code - int(first, 16))

    def codes(self, shown: bytes) -> list[int]:
        """The codes of a string, in hexadecimal, that is drawn in this font."""
        return [int(shown[at : at + self.digits], 16) for at in range(0, len(shown), self.digits)]

    def text(self, shown: bytes) -> str:
        """The characters of a string that is drawn in this font; a box where there is no glyph, or no telling."""
        if shown not in self.texts:
            self.texts[shown] = "".join(self.words.get(code, BOX) if code else BOX for code in self.codes(shown))
        return self.texts[shown]

    def set_right(self, pdf: Any) -> None:
        """Write what was learned into the font's own table."""
        if not self.learned:
            return
        words = sorted((self.words | self.learned).items())
        lines = [f"<{code:0{self.digits}X}> <{text.encode('utf-16-be').hex().upper()}>\n" for code, text in words]
        parts = [lines[at : at + 100] for at in range(0, len(lines), 100)]
        blocks = "".join(f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n" for part in parts)
        table = TO_UNICODE.format(low="0" * self.digits, high="F" * self.digits, parts=blocks)
        self.dictionary.ToUnicode = pdf.make_stream(table.encode())


def read_back(pdf: Any) -> str:
    """All that a PDF draws as text, in the order it is drawn, with BOX for every glyph that is none.

    Sets right the meaning of glyphs on the way. It reads what Chromium writes: a string that is written in another way
    is not read, and so is missed.
    """
    fonts: dict[Any, Font] = {}
    text = "".join(part for page in pdf.pages for part in _drawn(page.obj.Contents, page.Resources, fonts))
    for font in fonts.values():
        font.set_right(pdf)
    return text


def _drawn(content: Any, resources: Any, fonts: dict[Any, Font]) -> Iterator[str]:
    import pikepdf

    font: Any = None
    said: str | None = None
    held: list[int] = []
    for found in STEP.finditer(content.read_bytes()):
        step, shown = found.lastgroup, found["shown"]
        if shown is not None:
            if said is None:
                yield font.text(shown)
            else:
                held += font.codes(shown)
        elif step == "font":
            dictionary = resources.Font[f"/{found['font'].decode()}"]
            if dictionary.objgen not in fonts:
                fonts[dictionary.objgen] = Font(dictionary)
            font = fonts[dictionary.objgen]
        elif step == "said":
            said, held = str(pikepdf.Object.parse(found["said"])), []
        elif step == "mark":
            said = None
        elif step == "end" and said is not None:
            yield BOX if 0 in held else said
            if len(held) == 1:
                font.learned[held[0]] = said
            said = None
        elif step == "form" and resources.XObject[f"/{found['form'].decode()}"].Subtype == "/Form":
            form = resources.XObject[f"/{found['form'].decode()}"]
            yield from _drawn(form, form.get("/Resources", resources), fonts)


def lost(said: str, printed: str) -> list[str]:
    """The characters of a page that its print lacks, each as often as it lacks it; white space does not count.

    >>> lost("人口 ﬁve", "⼈口fie")
    ['v']
    """
    return sorted((_marks(said) - _marks(printed)).elements())


def _marks(text: str) -> Counter[str]:
    return Counter(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char)[0] in "LNPSM")


def settle(raw: bytes, *, page: Path, title: str, lang: str, author: str = "", subject: str = "") -> tuple[bytes, str]:
    """The PDF with its own date, names and language, links that go with it wherever it is put, and no chance in it.

    And the text it draws, see `read_back`.
    """
    import pikepdf

    lang = "zh-Hans" if lang == "zh" else lang
    stamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "315532800")), UTC)
    with pikepdf.open(io.BytesIO(_renumbered(raw))) as pdf:
        for sheet in pdf.pages:
            for note in sheet.get("/Annots", ()):
                _relink(note, page)
        _sort_names(pdf)
        text = read_back(pdf)
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
        settled = io.BytesIO()
        pdf.save(settled, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return settled.getvalue(), text


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

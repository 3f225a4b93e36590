"""The Han face of the system cut down to a page, for the page to bring along on its way to paper.

Chromium reads a Han face of 65 000 glyphs anew for every PDF, a tenth of a second each, and as its outlines are cubic
(CFF), it puts every glyph into the PDF as a font of its own (Type 3). A face of the page's own characters with
quadratic outlines (TrueType) costs next to nothing, and is one font in the PDF.
"""

from __future__ import annotations

import io
import re
import struct
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from html import unescape

HAN = "Noto Sans CJK SC"
WEIGHTS = {400: "regular", 700: "bold"}
KEPT = "ccmp rlig liga calt kern mark mkmk halt chws pwid lnum tnum"  # always on, closing up 。” and asked by style.css
LEFT_OUT = ("CFF ", "VORG", "vhea", "vmtx")
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "·•–—‘’“”…→（）"  # what style.css adds: numbers, marks of lists
ESCAPE = re.compile(r"\\([0-9a-f]{1,6}) ")
RULE = "@font-face {{ font-family: '{name}'; font-weight: {weight}; src: url(data:font/ttf;base64,{data}); }}\n"
TOLERANCE = 1.0  # how far a quadratic outline may be from the cubic one, in thousandths of the type's size


class Face:
    """A face in a font file; a glyph's outline is converted once."""

    def __init__(self, path: str, index: int) -> None:
        import uharfbuzz as hb

        self._face = hb.Face(hb.Blob.from_file_path(path), index)
        self._font = hb.Font(self._face)
        self._outlines: dict[int, tuple[bytes, int, int]] = {}

    @property
    def is_cubic(self) -> bool:
        """Whether its outlines are such as Chromium does not embed as a font."""
        return "CFF " in self._face.table_tags

    def cut(self, chars: Iterable[str]) -> bytes:
        """A TrueType font of these characters, as far as the face has them; the same bytes for the same characters."""
        import uharfbuzz as hb
        from fontTools.ttLib.sfnt import SFNTWriter

        wanted = hb.SubsetInput()
        wanted.unicode_set.update(set(map(ord, chars)))
        wanted.layout_feature_tag_set.clear()
        wanted.layout_feature_tag_set.update(map(_tag, KEPT.split()))
        wanted.drop_table_tag_set.update(map(_tag, LEFT_OUT))
        plan = hb.SubsetPlan(self._face, wanted)
        small = plan.execute()
        outlines = [self._outline(old) for _, old in sorted(plan.new_to_old_glyph_mapping.items())]
        ends = [0]
        for outline, _, _ in outlines:
            ends.append(ends[-1] + len(outline))
        tables = {tag: bytes(small.reference_table(tag).data) for tag in small.table_tags}
        tables["head"] = tables["head"][:50] + struct.pack(">h", 1) + tables["head"][52:]  # loca in 32 bits
        tables["loca"] = struct.pack(f">{len(ends)}I", *ends)
        tables["glyf"] = b"".join(outline for outline, _, _ in outlines)
        points, contours = (max(one[at] for one in outlines) for at in (1, 2))
        tables["maxp"] = struct.pack(">I14H", 0x10000, len(outlines), points, contours, 0, 0, 1, *[0] * 8)
        written = io.BytesIO()
        font = SFNTWriter(written, len(tables), sfntVersion="\0\1\0\0")
        for tag, table in sorted(tables.items()):
            font[tag] = table
        font.close()
        return written.getvalue()

    def _outline(self, glyph: int) -> tuple[bytes, int, int]:
        """A glyph's entry in `glyf`, and how many points and contours it has."""
        if glyph not in self._outlines:
            from fontTools.pens.cu2quPen import Cu2QuPen
            from fontTools.pens.ttGlyphPen import TTGlyphPen

            pen = TTGlyphPen(None)
            self._font.draw_glyph_with_pen(glyph, Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
            drawn = pen.glyph()
            entry = drawn.compile(None) if drawn.numberOfContours else b""
            points = len(drawn.coordinates) if entry else 0
            self._outlines[glyph] = entry + bytes(-len(entry) % 4), points, drawn.numberOfContours
        return self._outlines[glyph]


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


@cache
def installed(weight: int) -> Face | None:
    """The system's own face of a weight (400 or 700), or None: where there is none, or Chromium embeds it as it is."""
    ask = ["fc-match", "-f", "%{family}\n%{file}\n%{index}", f"{HAN}:{WEIGHTS[weight]}"]
    try:
        family, path, index = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split("\n")
        face = Face(path, int(index)) if HAN in family.split(",") else None
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return face if face and face.is_cubic else None


def rules(html: str) -> str:
    """The stylesheet that gives a page its own Han faces, under the name of the system's; empty where there are none.

    >>> rules("<p>人口</p>").count("@font-face") in (0, len(WEIGHTS))
    True
    """
    said = set(unescape(ESCAPE.sub(lambda found: chr(int(found[1], 16)), html)) + ALWAYS)
    faces = [(weight, installed(weight)) for weight in WEIGHTS]
    cuts = [(weight, b64encode(face.cut(said)).decode()) for weight, face in faces if face]
    return "".join(RULE.format(name=HAN, weight=weight, data=data) for weight, data in cuts)

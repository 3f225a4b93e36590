"""Numbers that run together: a table pressed into lines, as it comes out of some PDFs, 1,976.0043.431,821.0029.85.

Where one number ends and the next begins cannot be told there, so that none of them is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

REASON = "与其他数字连在一起，无法分开", "runs together with other numbers"
MOST_DECIMALS = 4  # that words without a stop have in a sentence
_RUN = re.compile(r"\d[\d.,]*\d")
_GROUPING = re.compile(r",(?=\d{3}(?!\d))")
_BROKEN_GROUP = re.compile(r"\d,\d{4,},\d{3}(?!\d)")
_DATE = re.compile(r"(?:\d\d)?\d\d\.\d{1,2}\.\d{1,2}")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){2,}")
_IN_BRACKETS = re.compile(r"(?:[(（][\d,.]+[)）]-?){2,}")  # a row of losses: (703,627)(635,226)
_STRETCH = re.compile(r"(?:[^\s,，、;；:：。!！?？()（）“”\"'/|~∶]|,(?=\d{3}))+")
_DECIMAL = re.compile(r"\d\.\d")
_BEFORE_WORDS = re.compile(r"\d,\d{3}\.\d\d(?![万亿千百元股美港欧日英人吨个户件平公])(?=[一-鿿])")  # that are no unit
MOST_BEFORE_WORDS = 2
_CHINESE = re.compile(r"[一-鿿]")


def squashed(line: str) -> Iterator[tuple[int, int]]:
    """Where numbers of a line run together, so that they cannot be parted.

    >>> list(squashed("西安筑路1,150.5025.291,150.5018.86"))
    [(4, 30)]
    >>> list(squashed("合计4,019,675.86其中：金融资产9,347,293.83投资差额9,592,985.78所得税"))
    [(0, 52)]
    >>> list(squashed("2020.12.31,3.2.1节,收入1,150.5万元,分别12.5,13.6"))
    []
    """
    if line.count(".") + line.count(",") < 2:
        return
    if len(_BEFORE_WORDS.findall(line)) > MOST_BEFORE_WORDS:
        yield (0, len(line))
        return
    for run in _RUN.finditer(line):
        if _has_several(run[0]):
            yield run.span()
    yield from (row.span() for row in _IN_BRACKETS.finditer(line))
    for stretch in _STRETCH.finditer(line):
        if _CHINESE.search(stretch[0]) and len(_DECIMAL.findall(stretch[0])) > MOST_DECIMALS:
            yield stretch.span()


def _has_several(run: str) -> bool:
    """Whether a run of digits, points and commas holds more than a list of numbers, a date or a section's number."""
    if _BROKEN_GROUP.search(run):
        return True
    for piece in _GROUPING.sub("", run).split(","):
        is_several = piece.count(".") > 1
        if is_several and not _DATE.fullmatch(piece) and not _SECTION.fullmatch(piece):
            return True
    return False

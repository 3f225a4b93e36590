"""The title of a text, and the year that it says the text is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bluebook.numbers.characters import is_traditional, normal

TOP = 5  # lines in which a title stands
MINGUO = r"(?<!\d)((?:1[0-2]|[89])\d)年"  # a year of the Republic of China


def first_line(lines: Iterable[str]) -> str:
    """The first line that says something, a remark in brackets left out: mostly the title.

    >>> first_line(["", "（草稿）", "云溪市2023年统计公报"])
    '云溪市2023年统计公报'
    """
    filled = [line.strip() for line in lines if line.strip()]
    plain = [line for line in filled[:TOP] if not re.fullmatch(r"[(（\[【][^()（）]*[)）\]】]", line)]
    return next(iter(plain or filled), "")


def title_year(text: str) -> str:
    """The year a text is about: the first it names in its first line, or nothing. A blue book and a yearbook of a year
    are about the one before.

    >>> title_year("云溪市2023年统计公报"), title_year("云溪蓝皮书：社会发展报告（2024）")
    ('2023', '2023')
    """
    first = normal(first_line(text.splitlines()))
    found = re.search(r"(?:19|20)\d\d", first)
    if found:
        is_about_before = re.search("[蓝绿]皮书|年鉴", first) is not None
        return str(int(found[0]) - 1) if is_about_before else found[0]
    minguo = re.search(MINGUO, first) if is_traditional(text[:2000]) else None
    return str(int(minguo[1]) + 1911) if minguo else ""

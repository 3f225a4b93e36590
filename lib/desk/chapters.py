"""The chapters of a draft: from the headings of a text, or the column of a table that says a row's subject."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bluebook.numbers.printed import normal
from desk.documents import Document
from desk.rows import Row
from desk.tables import parted_by_tabs
from desk.terms import UNTRANSLATED

_HEADINGS = (
    r"第[零一二三四五六七八九十百\d]+[章编篇部][分]?[\s、:]*(.+)",
    r"[一二三四五六七八九十]+[、..]\s*(.+)",
    r"【(.+?)】",
    r"[一二三四五六七八九十]+是(.+)",
    r"[(][一二三四五六七八九十]+[)]\s*(.+)",
    r"#+\s*(.+)",
    r"\d+[、..]\s*(?!\d)(.+)",
)
LONGEST_HEADING = 30  # characters
SUBJECT_HEADS = ("章", "章节", "类别", "分类", "领域", "板块", "主题", "chapter", "category", "subject", "section")
NUMBERING = re.compile(r"^(?:第[零一二三四五六七八九十百\d]+[章编篇部]分?|[一二三四五六七八九十\d]+[、..]|#+)[\s、:]*")
SUBJECTS = {  # the English of usual chapters
    "综合": "Overview",
    "概况": "Overview",
    "全文": "Full text",
    "总体规模": "Size",
    "经济": "Economy",
    "农业": "Agriculture",
    "工业": "Industry",
    "工业和建筑业": "Industry and construction",
    "服务业": "Services",
    "人口": "People",
    "人口与就业": "People and jobs",
    "就业": "Jobs",
    "教育": "Education",
    "教育和科学技术": "Education and science",
    "卫生": "Health",
    "民生": "Livelihood",
    "社会保障": "Social security",
    "人民生活和社会保障": "Living and social security",
    "财政": "Public budget",
    "财政金融": "Budget and finance",
    "对外经济": "Trade",
    "固定资产投资": "Investment",
    "国内贸易": "Retail trade",
    "交通": "Transport",
    "环境": "Environment",
    "资源、环境和应急管理": "Resources and environment",
    "城市建设": "City building",
    "文化": "Culture",
    "志愿服务": "Volunteering",
    "社区": "Communities",
    "企业": "Companies",
}


@dataclass
class Chapter:
    """A chapter of a draft: where it begins (its line, 0 for what stands before any heading), and what it is called."""

    id: str
    title_zh: str
    title_en: str
    start: int = 0

    def record(self) -> dict[str, str]:
        """The chapter as `datapackage.json` has it."""
        return {"id": self.id, "title_zh": self.title_zh, "title_en": self.title_en}


def chapters_of(
    document: Document, rows: Sequence[Row], known: Mapping[str, tuple[str, str]] | None = None
) -> list[Chapter]:
    """The chapters of a document, each with a figure; the rows are told which is theirs.

    `known` are those of an earlier edition, by their Chinese title: id and English title.
    """
    subjects = _subjects(document)
    heads = _headings(document)
    titles: dict[tuple[int, str], None] = {}
    of_row = []
    for row in rows:
        line = row.place[0]
        start, title = max((head for head in heads if head[0] <= line), default=(0, "概况"))
        if line in subjects:
            start, title = 0, subjects[line]
        titles[start, title] = None
        of_row.append((start, title))
    if len(titles) == 1 and not next(iter(titles))[0] and not subjects:
        titles = {(0, "全文"): None}
        of_row = [(0, "全文")] * len(rows)
    found = _named(list(titles), known or {})
    for row, key in zip(rows, of_row, strict=True):
        row.chapter = found[key].id
    return list(found.values())


def _named(heads: Sequence[tuple[int, str]], known: Mapping[str, tuple[str, str]]) -> dict[tuple[int, str], Chapter]:
    """The chapters that begin at headings, each with an id of its own: an earlier chapter's, or a new one."""
    earlier = _earlier_titles([title for _, title in heads], list(known))
    found: dict[tuple[int, str], Chapter] = {}
    used = {id for id, _ in known.values()}
    number = 0
    for start, title in heads:
        old_title = earlier.pop(title, "")
        if old_title:
            id, english = known[old_title]
        else:
            id, english = "", SUBJECTS.get(title, title + UNTRANSLATED)
        while not id or (id in used and not old_title):
            number += 1
            id = f"part{number}"
        used.add(id)
        found[start, title] = Chapter(id, title, english, start)
    return found


def _earlier_titles(titles: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """The earlier title of each that has one: the same, or the only one that it holds, 党委领导 in 坚持党委领导.

    >>> _earlier_titles(["人口", "坚持党委领导", "工业"], ["党委领导", "人口"])
    {'人口': '人口', '坚持党委领导': '党委领导'}
    """
    found = {title: title for title in titles if title in known}
    left = [title for title in known if title not in found]
    for title in titles:
        held = [old for old in left if len(old) > 1 and old in title]
        if title not in found and len(held) == 1:
            found[title] = held[0]
            left.remove(held[0])
    return found


def _headings(document: Document) -> list[tuple[int, str]]:
    """Lines that are headings, with their words: as the file says, else the first kind that at least two lines have."""
    marked = [number for number, block in enumerate(document.blocks, 1) if block.level]
    if marked:
        levels = [document.blocks[number - 1].level for number in marked]
        level = _level_of_chapters(levels)
        lines = [number for number in marked if document.blocks[number - 1].level == level]
        return [
            (number, _title(NUMBERING.sub("", normal(document.blocks[number - 1].text.strip())))) for number in lines
        ]
    plain = [normal(block.text.strip()) for block in document.blocks]
    for pattern in _HEADINGS:
        found = []
        for number, line in enumerate(plain, 1):
            match = re.match(pattern, line)
            if match and ("】" in line or len(line) <= LONGEST_HEADING):
                found.append((number, _title(match[1])))
        if len(found) > 1:
            return found
    return []


def _level_of_chapters(levels: Sequence[int]) -> int:
    """The highest level that several headings have: a single one at the top is the title."""
    for level in sorted(set(levels)):
        if levels.count(level) > 1:
            return level
    return max(levels)


def _title(words: str) -> str:
    return re.sub(r"[。,;，；:：!?\s]+$", "", words)


def _subjects(document: Document) -> dict[int, str]:
    """The subject of each row of a table that has a column for it, by line."""
    subjects: dict[int, str] = {}
    column = -1
    for number, block in enumerate(document.blocks, 1):
        cells = [text for _, text in parted_by_tabs(block.text)] if "\t" in block.text else []
        if len(cells) < 2:
            column = -1
            continue
        heads = [place for place, cell in enumerate(cells) if cell.lower() in SUBJECT_HEADS]
        if heads:
            column = heads[0]
        elif 0 <= column < len(cells):
            above = subjects.get(number - 1, "")
            subject = cells[column] or above
            if subject:
                subjects[number] = subject
    return subjects

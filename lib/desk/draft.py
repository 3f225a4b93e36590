"""A new edition from a text: its folder drafted from what a scan finds, what a person must decide marked `todo`."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from bluebook.edition.edition import EditionError
from bluebook.numbers.printed import normal
from desk.scan import Finding, findings

SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
LONGEST = 40
RESERVED = {"assets", "pagefind", "index", "context", "con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)
}
_LOOKALIKES = str.maketrans({"l": "1", "i": "1", "o": "0", "-": None})
UNTRANSLATED = " [zh]"  # after Chinese words that stand where English ones belong
# Kinds of numerals that a scan may well take for no figure although they are one.
_UNSURE = ("重复已列数据", "比例", "本文的结构", "统计口径", "体系名称", "名称中的数字", "年龄段")
_HEADINGS = (
    r"第[零一二三四五六七八九十百\d]+[章编篇部][分]?[\s、:]*(.+)",
    r"[一二三四五六七八九十]+[、..]\s*(.+)",
    r"【(.+?)】",
    r"[一二三四五六七八九十]+是(.+)",
    r"[(][一二三四五六七八九十]+[)]\s*(.+)",
    r"#+\s*(.+)",
    r"\d+[、..]\s*(?!\d)(.+)",
)
_HEADING = 30  # characters a heading has at most
_PLACE = r"[一-鿿]{2,6}?(?:自治区|自治州|特别行政区|新区|[省市区县州])"


def valid_name(name: str, taken: list[str]) -> str:
    """`name` if a new edition may have it; raises `EditionError` that says why not.

    >>> valid_name("qinghe-2022", ["shenzhen-2021"])
    'qinghe-2022'
    """
    if not re.fullmatch(SLUG, name) or len(name) > LONGEST:
        wanted = f"small letters, digits and single hyphens, at most {LONGEST}, a letter first, like shenzhen-2021"
        raise EditionError(
            f"edition {name[:LONGEST]!a}: cannot be the name of a folder and of a page: expected {wanted}"
        )
    if name in RESERVED:
        raise EditionError(f'edition "{name}": the site or an operating system uses this name; choose another')
    for other in taken:
        if name.translate(_LOOKALIKES) == other.translate(_LOOKALIKES):
            how = "exists already; nothing was changed" if name == other else f"looks like {other}; choose another name"
            raise EditionError(f'edition "{name}": {how}')
    return name


def create(name: str, text: str, data: Path) -> Path:
    """Write the folder `data/NAME`, whole or not at all. Raises `EditionError` for a bad name or no figures."""
    valid_name(name, [entry.name for entry in data.iterdir()])
    files = draft(name, text)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=data) as desk:
        folder = Path(desk) / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_text(content, encoding="utf-8", newline="")
        folder.rename(data / name)
    return data / name


def draft(name: str, text: str) -> dict[str, str]:
    """The files of a new edition, by name."""
    found = findings(text)
    figures = [f for f in found if f.reason is None]
    if not figures:
        raise EditionError(
            f"the text has {len(found)} numerals, and none that reads like a figure: nothing to make an edition of"
        )
    lines = [line.strip() for line in text.splitlines()]
    headed = _chapters(lines, figures)
    package = _package(name, text, lines, headed)
    area = re.search(_PLACE, next(filter(None, lines)))
    rows = _named([_figure(f, headed, area[0] if area else "待定") for f in figures])
    columns = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in package["resources"]}
    tables = {"figures": rows, "excluded": [_excluded(f) for f in found if f.reason], "context": [], "checks": []}
    files = {f"{table}.csv": to_csv(columns[table], tables[table]) for table in columns}
    return {"datapackage.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n"} | files


def to_csv(columns: list[str], rows: list[dict[str, Any]]) -> str:
    """Rows as CSV that Excel, too, reads as UTF-8: a byte order mark comes first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def figure_row(finding: Finding) -> dict[str, Any]:
    """The columns of `figures.csv` that a scan can guess."""
    doubted = ["label_zh", "measure", "period"]
    if finding.number and not finding.number.unit and finding.number.scale >= 1 and not finding.reads_as:
        doubted.insert(0, "printed")
    if finding.reads_as:
        doubted.insert(0, "reads_as")
    if finding.measure in ("growth", "increase", "annual_growth", "ratio"):
        doubted.append("base")
    label = re.sub(r"[^A-Za-z一-鿿]", "", finding.label) or "未命名"
    return {
        "todo": " ".join(doubted),
        "printed": finding.span.printed,
        "reads_as": finding.reads_as,
        "measure": finding.measure,
        "period": finding.period,
        "base": finding.base,
        "paragraph": finding.span.paragraph,
        "offset": finding.span.offset,
        "label_zh": label,
    }


def _figure(finding: Finding, headed: list[tuple[int, str]], area: str) -> dict[str, Any]:
    chapter = max(n for n, (start, _) in enumerate(headed, 1) if start <= finding.span.paragraph)
    row = figure_row(finding)
    return row | {"chapter": f"part{chapter}", "area": area, "todo": row["todo"] + (" area" if area == "待定" else "")}


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with an id each, and labels that differ: 支出, 支出之二."""
    labels: dict[str, int] = {}
    places: dict[str, int] = {}
    for row in rows:
        place = f"{row['chapter']}.p{row['paragraph']}"
        places[place] = places.get(place, 0) + 1
        label = row["label_zh"]
        labels[label] = labels.get(label, 0) + 1
        if labels[label] > 1:
            label = f"{label[:10]}之{_counted(labels[label])}"
        row |= {"id": f"{place}_{places[place]}", "label_zh": label, "label_en": label + UNTRANSLATED}
    return rows


def _counted(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


def _excluded(finding: Finding) -> dict[str, Any]:
    zh, en = finding.reason or ("", "")
    unsure = zh.split("：")[0] in _UNSURE or (zh.startswith("惯用语") and normal(finding.span.printed)[0].isdigit())
    return {
        "todo": "reason_zh" if unsure else "",
        "printed": finding.span.printed,
        "paragraph": finding.span.paragraph,
        "offset": finding.span.offset,
        "reason_zh": zh,
        "reason_en": en,
    }


def _chapters(lines: list[str], figures: list[Finding]) -> list[tuple[int, str]]:
    """Chapters as (first line, title): the first kind of heading that at least two lines have; each has a figure."""
    plain = [normal(line) for line in lines]
    for pattern in _HEADINGS:
        found = [(n, m[1]) for n, line in enumerate(plain, 1) if (m := re.match(pattern, line))]
        heads = [(n, title) for n, title in found if "】" in plain[n - 1] or len(plain[n - 1]) <= _HEADING]
        if len(heads) > 1:
            break
    else:
        heads = []
    heads = [(0, "概况"), *((n, re.sub(r"[。,;:!?\s]+$", "", title)) for n, title in heads)]
    ends = [start for start, _ in heads[1:]] + [len(lines) + 1]
    inside = zip(heads, ends, strict=True)
    kept = [head for head, end in inside if any(head[0] <= f.span.paragraph < end for f in figures)]
    return kept if len(kept) > 1 or kept[0][0] else [(0, "全文")]


def _package(name: str, text: str, lines: list[str], headed: list[tuple[int, str]]) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(Path(__file__).with_name("template.json").read_text(encoding="utf-8"))
    title = re.sub(r"\d{1,2}$", "", next(filter(None, lines)))[:60]
    source: dict[str, Any] = {"title": title, "author": "", "publisher": "", "date": "", "url": "", "encoding": "utf-8"}
    source |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "paragraphs": len(lines)}
    chapters = [
        {"id": f"part{n}", "title_zh": title_zh, "title_en": title_zh + UNTRANSLATED}
        for n, (_, title_zh) in enumerate(headed, 1)
    ]
    return package | {
        "name": name,
        "title": title,
        "titles": {"zh": title, "en": title + UNTRANSLATED},
        "description": f"The figures of {name}, each with the form it was printed in and its place in the text.",
        "todo": ["titles.zh", "chapters", "sources", "licenses"],
        "sources": [source],
        "chapters": chapters,
    }

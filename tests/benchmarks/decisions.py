"""How many decisions a person is left with, from a press text of about fifty numbers to an edition.

    python -m tests.benchmarks.decisions            # count
    python -m tests.benchmarks.decisions --publish  # and print the last of the drafts, and see that its pages stand

The text is invented (`texts/lanting.txt`), as is the year before it, whose edition is drafted and then decided by the
table below, as an editor would. Counted is each cell marked `todo`, each English name still to be written and each entry
of `datapackage.json` to be settled; and, against marks set by hand (`texts/lanting.csv`), how many of the cells that
nobody is asked about are wrong: fewer questions are worth nothing where the answers are.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bluebook.edition.package import read_package
from bluebook.edition.table import read_rows
from desk.documents import read_document
from desk.draft import create, to_csv
from desk.undecided import decisions_left

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEXT = HERE / "texts" / "lanting.txt"
TRUTH = HERE / "texts" / "lanting.csv"
BEFORE = 270  # decisions of a text of fifty numbers before drafts knew what a text says
CHECKED = ("measure", "period", "base", "status", "label_zh")
ENGLISH = {  # what an editor writes for the names that a draft leaves
    "澜汀市2021年国民经济和社会发展统计公报发布": "Lanting: statistical communiqué of 2021",
    "创新与产业": "Innovation and industry",
    "民生与社会治理": "Livelihood and governance",
    "下一步": "What comes next",
    "民生支出占一般公共预算支出": "Livelihood share of spending",
    "注册志愿者占常住人口": "Volunteers as a share of residents",
    "公办园在园儿童占比": "Children in public kindergartens",
}


@dataclass(frozen=True)
class Counted:
    """A draft counted: its figures, what is left to decide, and the cells that nobody is asked about."""

    figures: int
    decisions: int
    unmarked: int
    wrong: tuple[str, ...]


def counted(folder: Path) -> Counted:
    """What a draft leaves to a person, and how much of what it does not ask is wrong."""
    rows = read_rows(folder / "figures.csv")
    truth = {(row["paragraph"], row["offset"]): row for row in read_rows(TRUTH)}
    unmarked = 0
    wrong = []
    for row in rows:
        right = truth[row["paragraph"], row["offset"]]
        for column in CHECKED:
            if column in row["todo"].split():
                continue
            unmarked += 1
            if row[column] not in right[column].split("|"):
                wrong.append(f"{row['printed']}, {column}: {row[column] or 'nothing'}, not {right[column]}")
    decisions = decisions_left(folder, read_package(folder / "datapackage.json"))
    return Counted(len(rows), decisions, unmarked, tuple(wrong))


def year_before(text: str) -> str:
    """The invented text of the year before: every year one less, every other number another of its size."""
    earlier = re.sub(r"(?:19|20)\d\d(?=年)", lambda year: str(int(year[0]) - 1), text)
    return re.sub(r"(?<!\d)(\d+)(\d)(?=\.?\d*(?:亿|万|家|个|%|元))(?!\d*年)", _other, earlier)


def _other(number: re.Match[str]) -> str:
    return number[1] + str((int(number[2]) + 3) % 10)


def decide(folder: Path) -> None:
    """Decide all that a draft leaves, as an editor would who finds its guesses right."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["todo"] = []
    package["titles"]["en"] = _english(package["titles"]["zh"], package["titles"]["en"])
    for chapter in package["chapters"]:
        chapter["title_en"] = _english(chapter["title_zh"], chapter["title_en"])
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for name in ("figures.csv", "excluded.csv"):
        rows = list(_decided(read_rows(folder / name)))
        (folder / name).write_text(to_csv(list(rows[0]), rows), encoding="utf-8")


def _decided(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    for row in rows:
        row["todo"] = ""
        if "label_en" in row:
            row["label_en"] = _english(row["label_zh"], row["label_en"])
        yield row


def _english(chinese: str, drafted: str) -> str:
    return ENGLISH.get(chinese, drafted)


def measure(desk: Path) -> dict[str, Counted]:
    """The text drafted alone, like an edition of another city, and like that of the year before; counted."""
    data = desk / "data"
    data.mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "shenzhen-2021", data / "shenzhen-2021")
    last_year = desk / "lanting-2021.txt"
    last_year.write_text(year_before(TEXT.read_text(encoding="utf-8")), encoding="utf-8")
    create("lanting-2021", read_document(last_year), data)
    decide(data / "lanting-2021")
    drafts = {"alone": None, "like shenzhen-2021": "shenzhen-2021", "like the year before": "lanting-2021"}
    found = {}
    for name, like in drafts.items():
        create("lanting-2022", read_document(TEXT), data, data / like if like else None)
        found[name] = counted(data / "lanting-2022")
        if name != "like the year before":
            shutil.rmtree(data / "lanting-2022")
    return found


def publish(desk: Path) -> list[str]:
    """Print the edition that was drafted last beside the one before it; the pages that there are."""
    shutil.copytree(ROOT / "notebooks", desk / "notebooks")
    press = [sys.executable, "-m", "press.cli", "build", "-p", "edition=lanting-2022", "--format", "html"]
    subprocess.run(press, cwd=desk, check=True, stdout=subprocess.DEVNULL)
    site = desk / "reports" / "site"
    return sorted(path.relative_to(site).as_posix() for path in site.glob("lanting-2022/??/*.html"))


def main() -> None:
    """Print the counts and, where it is asked for, the pages."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
        if "--publish" in sys.argv[1:]:
            decide(Path(folder) / "data" / "lanting-2022")
            print("published:", ", ".join(publish(Path(folder))))
    for name, one in found.items():
        share = one.decisions / BEFORE
        print(f"{name}: {one.figures} figures, {one.decisions} decisions ({share:.0%} of {BEFORE})", end="; ")
        print(f"{one.unmarked} cells not asked about, {len(one.wrong)} of them wrong")
        for wrong in one.wrong:
            print(f"  {wrong}")
    if max(one.decisions for one in found.values()) > BEFORE / 2:
        sys.exit(1)


if __name__ == "__main__":
    main()

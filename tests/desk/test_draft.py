"""A new edition from a text: whole or not at all, open at once, and what is left of it listed."""

import csv
import json
import os
import shutil
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from click.testing import CliRunner

from bluebook import open_edition
from desk import draft
from desk.cli import main

TEXT = """青禾区2022年数字经济报告
一、总体规模
2022年全区数字经济增加值1026.4亿元,比上年增长6.1%,占生产总值的38.7%。
二、企业
上市公司27家,另有“小巨人”企业60余家。上市公司27家。
"""


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "qinghe.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(desk, command, name="qinghe-2022", source="qinghe.txt"):
    return CliRunner().invoke(main, [command, name, "--source", str(desk / source), "--root", str(desk)])


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_text_becomes_an_edition_that_opens_in_both_languages(desk):
    result = run(desk, "new")
    assert result.exit_code == 0, result.output
    book = open_edition("qinghe-2022", root=desk)
    assert book.title == "青禾区2022年数字经济报告"
    assert book.chapters == (("part1", "总体规模"), ("part2", "企业"))
    assert list(book.figures["printed"]) == ["1026.4亿元", "6.1%", "38.7%", "27家", "60余家", "27家"]
    assert list(book.figures["period"][:3]) == ["2022", "2022", "2022"]
    assert book["part1.p3_2.n1"].label == "数字经济增加值增长"
    english = open_edition("qinghe-2022", lang="en", root=desk)
    assert english["part1.p3_1.n1"].label == "Digital economy"
    assert english["part2.p5_1.n2"].label == "小巨人企业 [zh]"


def test_the_folder_holds_what_an_edition_needs_and_reads_in_spreadsheets(desk):
    run(desk, "new")
    folder = desk / "data" / "qinghe-2022"
    assert {path.name for path in folder.iterdir()} == {
        "datapackage.json", "figures.csv", "excluded.csv", "checks.csv", "context.csv",
    }  # fmt: skip
    for path in folder.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(open_edition("qinghe-2022", root=desk).table("context").columns[:2]) == ["id", "indicator"]
    frame = pd.read_csv(folder / "figures.csv")
    assert frame.columns[0] == "todo"
    assert frame["printed"][0] == "1026.4亿元"
    assert frictionless.validate(str(folder / "datapackage.json")).stats["errors"] == 0


def decided(folder):
    """The folder after a person has decided everything, with a text editor and a spreadsheet."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package |= {"todo": [], "titles": {"zh": package["titles"]["zh"], "en": "Digital economy of Qinghe, 2022"}}
    for chapter, title in zip(package["chapters"], ("Size", "Companies"), strict=True):
        chapter["title_en"] = title
    path.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    for file in ("figures.csv", "excluded.csv"):
        frame = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
        frame["todo"] = ""
        if "label_en" in frame:
            frame["label_en"] = [f"Label {chr(97 + n)}" for n in range(len(frame))]
        frame.to_csv(folder / file, index=False, encoding="utf-8-sig", lineterminator="\r\n")  # as Excel saves


def test_check_lists_what_is_left_until_nothing_is(desk):
    run(desk, "new")
    folder = desk / "data" / "qinghe-2022"
    result = run(desk, "check")
    assert result.exit_code == 1
    assert "numerals of the source covered exactly once: 100.0%" in result.output
    for said in (
        'qinghe-2022/datapackage.json, "todo", chapters: drafted from the text\'s headings',
        "qinghe-2022/datapackage.json, titles.en: found “青禾区2022年数字经济报告 [zh]”, wanted the English for",
        "qinghe-2022/figures.csv, row 6, columns label_zh, label_en (60余家): confirm or change label_zh",
        'qinghe-2022/datapackage.json, "todo", periods: years that a sentence leaves out',
        "label_en: write the English for “小巨人企业”; in: 上市公司27家,另有“小巨人”企业60余家",
    ):
        assert said in result.output
    marked = [row for row in rows(folder / "figures.csv") if row["todo"]]
    assert result.output.count("figures.csv, row ") == len(marked)
    decided(folder)
    result = run(desk, "check")
    assert result.exit_code == 0, result.output
    assert "6 figures in 2 chapters, 0 checks, no problems" in result.output
    frame = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    frame = frame.drop(columns=["todo", "sentence", "carried"])  # what must not be published
    frame.to_csv(folder / "figures.csv", index=False, encoding="utf-8")
    result = run(desk, "check")
    assert result.exit_code == 0, result.output


def test_nothing_is_overwritten(desk):
    run(desk, "new")
    before = {path: path.read_bytes() for path in (desk / "data").rglob("*.*")}
    result = run(desk, "new")
    assert result.exit_code == 2
    assert 'edition "qinghe-2022": exists already; nothing was changed' in result.output
    assert {path: path.read_bytes() for path in (desk / "data").rglob("*.*")} == before


@pytest.mark.parametrize(
    "name",
    ["", "../x", "/tmp/x", "a/b", "a\\b", "a b", "A", "a_b",  "a-", "a--b", ".", "..", ".a", "a\x00", "a\n", "con", "nul", "com1",
     "assets", "x" * 41, "x" * 5000, "shenzhеn", "深圳", "shenzhen-２０２１", "1a", "qinghe-2o22", "q1nghe-2022", "qinghe2022"],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(desk, name):
    (desk / "data" / "qinghe-2022").mkdir()
    result = run(desk, "new", name=name)
    assert result.exit_code == 2
    assert "edition" in result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert [path.name for path in (desk / "data").iterdir()] == ["qinghe-2022"]


@pytest.mark.parametrize("text", ["", "\n\n", "没有数字。", "进一步统一思想。"])
def test_a_text_without_figures_makes_no_edition(desk, text):
    (desk / "qinghe.txt").write_text(text, encoding="utf-8")
    result = run(desk, "new")
    assert result.exit_code == 1
    assert "none that reads like a figure" in result.output
    assert list((desk / "data").iterdir()) == []


def test_a_source_that_cannot_be_read_makes_no_edition(desk):
    (desk / "qinghe.txt").write_bytes("青禾区27家".encode() + b"\0")
    assert "is NUL: not a text" in run(desk, "new").output
    assert run(desk, "new", source="none.txt").exit_code == 2
    assert list((desk / "data").iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(desk, monkeypatch):
    written = []
    real = Path.write_text

    def full_disk(path, *args, **options):
        written.append(path)
        if len(written) == 3:
            raise OSError(28, os.strerror(28), str(path))
        return real(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", full_disk)
    result = run(desk, "new")
    assert result.exit_code == 2
    assert os.strerror(28) in result.output
    assert len(written) == 3
    assert list((desk / "data").iterdir()) == []


def test_hostile_text_stays_text(desk):
    hostile = (
        "=cmd|'/c calc'!A1区2022年<script>报告\n一、=1+1\n全区有=SUM(A1)企业27家,@志愿者+208万名。\n二、x\n-3.5%\n"
    )
    (desk / "qinghe.txt").write_text(hostile, encoding="utf-8")
    assert run(desk, "new").exit_code == 0
    for path in (desk / "data" / "qinghe-2022").glob("*.csv"):
        for row in rows(path):
            for column, cell in row.items():
                formula = cell.startswith(("=", "+", "@")) or (cell.startswith("-") and column != "printed")
                assert not formula, (path.name, column, cell)


def test_labels_and_ids_differ_however_often_a_thing_is_counted(desk):
    (desk / "qinghe.txt").write_text(
        "报告\n" + "".join(f"新建学校{n}所。\n" for n in range(100, 140)), encoding="utf-8"
    )
    run(desk, "new")
    frame = open_edition("qinghe-2022", root=desk).figures
    assert frame.index.is_unique
    assert frame["label"].is_unique
    assert len(frame) == 40
    assert not frame["label"].str.contains(r"\d").any()
    assert frame["label"].str.len().max() <= 14


def test_the_template_has_the_columns_of_the_real_edition():
    """So that what is drafted today is what the codebook describes."""
    real = json.loads((Path(__file__).parents[2] / "data/shenzhen-2021/datapackage.json").read_text(encoding="utf-8"))
    template = json.loads(Path(draft.__file__).with_name("template.json").read_text(encoding="utf-8"))
    known = {r["name"]: {f["name"] for f in r["schema"]["fields"]} for r in real["resources"]}
    for resource in template["resources"]:
        names = {field["name"] for field in resource["schema"]["fields"]}
        names -= {"todo", "status", "carried", "sentence"}  # of a draft, or of reports that look ahead
        assert names == known.get(resource["name"], names), resource["name"]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_real_edition_can_be_drafted_anew(desk, source_text):
    """With the source's text at hand: as many figures as were found by hand, in chapters of its own headings."""
    if source_text is None:
        pytest.skip("the source's text is not here")
    shutil.copy(source_text, desk / "qinghe.txt")
    assert run(desk, "new").exit_code == 0
    book = open_edition("qinghe-2022", root=desk)
    assert len(book.figures) == 71
    assert [title for _, title in book.chapters][1:] == [
        "坚持党委领导",
        "强化政府负责",
        "促进社会协同",
        "实施项目推进",
        "强化保障措施",
    ]


def test_a_draft_says_what_a_number_is_read_as_and_check_takes_the_printed_form(desk):
    (desk / "qinghe.txt").write_text(
        "青禾区2022年报告\n教育、卫生支出分别下降18.6%和22.0%。\n指标\t增加值（亿元）\n工业\t431.07\n", encoding="utf-8"
    )
    assert run(desk, "new").exit_code == 0
    frame = open_edition("qinghe-2022", root=desk).figures
    assert list(frame["printed"]) == ["下降18.6%", "22.0%", "431.07"]
    assert list(frame["reads_as"]) == ["", "下降22.0%", "431.07亿元"]
    assert [float(q.value) for q in frame["quantity"]] == [-0.186, -0.22, 43_107_000_000]
    output = run(desk, "check").output
    assert "numerals of the source covered exactly once: 100.0%" in output
    assert "reads_as “下降22.0%”" in output
    assert "missing-label" not in output


def test_what_cannot_be_read_in_reads_as_is_refused(desk):
    run(desk, "new")
    path = desk / "data" / "qinghe-2022" / "figures.csv"
    text = path.read_text(encoding="utf-8").replace("1026.4亿元,,", "1026.4亿元,很多,", 1)
    path.write_text(text, encoding="utf-8")
    result = run(desk, "check")
    assert result.exit_code == 1
    assert 'column reads_as: cannot read "很多" as a printed number' in result.output


def test_an_edition_without_the_column_is_read_as_before(desk):
    run(desk, "new")
    folder = desk / "data" / "qinghe-2022"
    frame = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    frame.drop(columns="reads_as").to_csv(folder / "figures.csv", index=False, encoding="utf-8")
    assert len(open_edition("qinghe-2022", root=desk).figures) == 6
    assert frictionless.validate(str(folder / "datapackage.json")).stats["errors"] == 0


def test_each_row_has_its_sentence_and_the_document_may_be_any(desk):
    import docx

    document = docx.Document()
    document.add_paragraph("青禾区2022年统计公报")
    document.add_heading("人口", 2)
    document.add_paragraph("年末常住人口82.9万人。")
    document.add_heading("企业", 2)
    document.add_paragraph("年末上市公司27家。")
    document.save(desk / "report.docx")
    page = "<h1>青禾区2022年统计公报</h1><h2>人口</h2><p>年末常住人口82.9万人。<h2>企业</h2><p>年末上市公司27家。"
    (desk / "report.html").write_text(page, encoding="utf-8")
    text = "# 青禾区2022年统计公报\n## 人口\n年末常住人口82.9万人。\n## 企业\n年末上市公司27家。\n"
    (desk / "report.md").write_text(text, encoding="utf-8")
    tables = []
    for number, name in enumerate(("report.docx", "report.html", "report.md")):
        edition = f"qinghe{'abc'[number]}-2022"
        words = ["new", edition, str(desk / name), "--root", str(desk)]
        assert CliRunner().invoke(main, words).exit_code == 0
        table = rows(desk / "data" / edition / "figures.csv")
        assert [row["sentence"] for row in table] == ["年末常住人口82.9万人", "年末上市公司27家"]
        assert [row["chapter"] for row in table] == ["part1", "part2"]
        tables.append([(row["printed"], row["label_zh"], row["period"], row["todo"]) for row in table])
        check = CliRunner().invoke(main, ["check", edition, "--source", str(desk / name), "--root", str(desk)])
        assert ": 100.0%" in check.output
    assert tables[0] == tables[1] == tables[2]


def test_new_without_a_document_or_with_an_unknown_model_says_what_to_do(desk):
    def output(*words):
        result = CliRunner().invoke(main, ["new", *words, "--root", str(desk)])
        assert result.exit_code == 2
        return result.output

    assert "no DOCUMENT: name the report" in output("qinghe-2022")
    assert 'unknown edition "qinghe-2021"' in output("qinghe-2022", str(desk / "qinghe.txt"), "--like", "qinghe-2021")
    assert list((desk / "data").iterdir()) == []


def test_check_says_what_is_wrong_before_what_is_to_be_decided_and_each_cell_once(desk):
    run(desk, "new")
    path = desk / "data" / "qinghe-2022" / "figures.csv"
    text = path.read_text(encoding="utf-8").replace("27家,,count", "27家族,,count", 1)
    path.write_text(text, encoding="utf-8")
    lines = run(desk, "check").output.splitlines()
    problems = [line for line in lines if line.startswith("qinghe-2022/")]
    wrong = [number for number, line in enumerate(problems) if "cannot read" in line]
    assert wrong == [0]
    assert any(", 1 problem, " in line for line in lines)
    assert len(problems) == len(set(problems))
    english = [number for number, line in enumerate(problems) if "titles.en" in line]
    periods = [number for number, line in enumerate(problems) if '"todo", periods' in line]
    assert max(periods) < min(english)


def test_what_the_real_edition_is_taken_over_for_is_what_it_is(desk, root, source_text):
    """With the source's text at hand: drafted like itself, each figure that is taken over is that figure."""
    if source_text is None:
        pytest.skip("the source's text is not here")
    shutil.copytree(root / "data" / "shenzhen-2021", desk / "data" / "shenzhen-2021")
    words = ["new", "shenzhen-2022", str(source_text), "--like", "shenzhen-2021", "--root", str(desk)]
    assert CliRunner().invoke(main, words).exit_code == 0
    old = rows(desk / "data" / "shenzhen-2021" / "figures.csv")
    known = {(row["paragraph"], row["offset"]): row for row in old}
    drafted = rows(desk / "data" / "shenzhen-2022" / "figures.csv")
    carried = [row for row in drafted if row["carried"]]
    assert len(carried) >= 30
    for row in carried:
        assert row["id"] == known[row["paragraph"], row["offset"]]["id"]
    unmarked = [row for row in drafted if "measure" not in row["todo"].split()]
    assert len(unmarked) >= 50
    for row in unmarked:
        assert row["measure"] == known[row["paragraph"], row["offset"]]["measure"]

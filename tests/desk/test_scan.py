"""The numerals of a text, measured: on the real source and on texts marked by hand."""

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bluebook import EditionError
from bluebook.edition.table import read_rows
from bluebook.numbers.printed import parse
from bluebook.numbers.words import UNITS
from desk.cli import main
from desk.scan import findings, numerals

TEXTS = sorted(Path(__file__).with_name("texts").glob("*.txt"))
MARK = re.compile(r"⟦([^|⟧]+)\|(\w+)⟧|⟨([^⟩]+)⟩")
WANTED = 0.98

TEXT = "全市208万名志愿者,占15.5%。\n分两批实施近七成,共１,３９６条,投入4.21亿元。"


def unmarked(marked):
    """A text without its marks, and what they say: measure ("" for no figure) by (paragraph, offset, printed)."""
    plain, truth = [], {}
    for number, line in enumerate(marked.splitlines(), 1):
        text, last = "", 0
        for mark in MARK.finditer(line):
            text += line[last : mark.start()]
            printed = mark[1] or mark[3]
            truth[number, len(text), printed] = mark[2] or ""
            text, last = text + printed, mark.end()
        plain.append(text + line[last:])
    return "\n".join(plain), truth


def measured(text, truth):
    """Precision and recall of the numerals found and of the figures among them, and how many are of the right class.

    A numeral is found when place and extent are right, hedge and unit included.
    """
    found = {(f.span.paragraph, f.span.offset, f.span.printed): f.measure for f in findings(text)}
    hits = truth.keys() & found.keys()
    figures, claimed = ({place for place, measure in one.items() if measure} for one in (truth, found))
    return {
        "found, precision": len(hits) / len(found),
        "found, recall": len(hits) / len(truth),
        "figures, precision": len(figures & claimed) / len(claimed),
        "figures, recall": len(figures & claimed) / len(figures),
        "class": sum(bool(truth[place]) == bool(found[place]) for place in hits) / len(truth),
    }


def wrong(scores):
    return {name: score for name, score in scores.items() if score < WANTED}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_texts_marked_by_hand_are_read_as_marked(path):
    text, truth = unmarked(path.read_text(encoding="utf-8"))
    assert wrong(measured(text, truth)) == {}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_marks_hold_every_numeral_once(path):
    text, truth = unmarked(path.read_text(encoding="utf-8"))
    places = [(line, at) for line, start, printed in truth for at in range(start, start + len(printed))]
    assert len(set(places)) == len(places)
    assert all((n.paragraph, n.offset) in places for n in numerals(text))


def test_a_worse_reading_would_be_noticed():
    text, truth = unmarked(TEXTS[0].read_text(encoding="utf-8"))
    for place in list(truth)[:2]:
        del truth[place]
    assert "found, precision" not in wrong(measured(*unmarked(TEXTS[0].read_text(encoding="utf-8"))))
    assert wrong(measured(text, truth))


def test_the_source_is_read_as_its_edition_has_it(root, source_text):
    """With the source's text at hand, against the 71 figures and 45 other numerals found by hand."""
    truth = {}
    for file in ("figures", "excluded"):
        for row in read_rows(root / f"data/shenzhen-2021/{file}.csv"):
            truth[int(row["paragraph"]), int(row["offset"]), row["printed"]] = row.get("measure", "")
    assert sum(map(bool, truth.values())) == 71
    if source_text is not None:
        assert wrong(measured(source_text.read_text(encoding="utf-8"), truth)) == {}


def test_most_measures_are_guessed_right():
    pairs = [
        (measure, found.measure)
        for path in TEXTS
        for text, truth in [unmarked(path.read_text(encoding="utf-8"))]
        for found in findings(text)
        if (measure := truth.get((found.span.paragraph, found.span.offset, found.span.printed)))
    ]
    assert len(pairs) > 150
    assert sum(wanted == guessed for wanted, guessed in pairs) / len(pairs) > 0.9


def test_numerals_are_found_whatever_their_script():
    assert [n.printed for n in numerals(TEXT)] == ["208万", "15.5", "两", "七", "1,396", "4.21亿"]


@pytest.mark.parametrize(
    ("line", "printed", "kind"),
    [
        ("自1998年以来", "1998", "calendar year"),
        ("2000多年历史", "2000多年", ""),
        ("第3批", "3", "ordinal"),
        ("“十四五”期间", "十四五", "name of a plan"),
        ("“1336”体系", "1336", "name of a system"),
        ("拨打12345热线", "12345", "code or telephone number"),
        ("三、总体要求", "三", "section number"),
        ("进一步完善", "一", "idiom or word"),
        ("5G网络", "5", "part of a name"),
        ("规模翻一番", "翻一番", ""),
        ("提高3至5个百分点", "3至5个百分点", ""),
        ("达“2000万”大关", "2000万", ""),
        ("用了两年半", "两年半", ""),
        ("COVID-19疫情", "19", "part of a name"),
        ("气温-5℃", "-5℃", ""),
        ("跌破-5%", "-5%", ""),
    ],
)
def test_what_a_numeral_is_follows_from_its_words(line, printed, kind):
    found = [f for f in findings(line) if f.span.printed == printed]
    assert [f.reason[1].split(":")[0] if f.reason else "" for f in found] == [kind]


HTML = "<html><body><p>全市208万名</p></body></html>"
PIECE = "<div>全市</div><p>208万名</p><p>占15.5%</p>"
PASTED = "类别\t2021\t2022\n医师\t16,204\t16,918\n护士\t19,877\t20,735\n药师\t2,015\t2,046\n"
CSV = "指标,2022,2023\n工业,431.07,440.2\n建筑业,71.1,72.3\n农业,5.1,5.2\n"


@pytest.mark.parametrize(
    ("text", "said"), [(HTML, "the text is HTML"), (PIECE, "the text is HTML"), (CSV, "row of a CSV table")]
)
@pytest.mark.parametrize("command", ["scan", "new"])
def test_what_is_no_prose_is_refused_with_what_to_do(tmp_path, text, said, command):
    (tmp_path / "data").mkdir()
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    path = str(tmp_path / "text.txt")
    options = [path] if command == "scan" else ["x", "--source", path, "--root", str(tmp_path)]
    result = CliRunner().invoke(main, [command, *options])
    assert result.exit_code == 2
    assert said in result.output
    assert "copy its text" in result.output or "paste its cells" in result.output
    assert "Traceback" not in result.output
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("text", ["全市,2022,2023,都有3家。", "a < b > c, 3家", "x<script>报告\n12家"])
def test_prose_with_commas_or_a_tag_is_read(text):
    assert findings(text)


def test_a_refusal_is_an_error_with_words():
    with pytest.raises(EditionError, match="line 1 is a row of a CSV table"):
        findings(CSV)


@pytest.mark.parametrize("text", [PASTED, PASTED.replace("\t", "  ")], ids=["tabs", "spaces"])
def test_a_pasted_table_whose_commas_group_digits_is_no_csv(text):
    assert [int(f.number.value) for f in findings(text) if f.number] == [16204, 16918, 19877, 20735, 2015, 2046]


CRAFTED = [
    "1", "一", "1-", "约", "(", "(1", ",", "1,", "“", "“1", "2001、", "一个", "1年", "约12,", "1至", "1 ", "1.", "一点", "百", "万", "下降",
    "5/", "A1", "１２，", "%", "1%、", "《", "每", "x", "2021-", "12345,", "12 abc ", "1\t", "分别为3、4、", "全市208万名占15.5%,", "over 900,000 people ",
    "<", "$1", "¥", "翻", "几分之", "半", "十四五", "第3", "a@", "http://1", "上年=100", "万元", "= ", "近近", "1:", "…",
]  # fmt: skip


@pytest.mark.parametrize("piece", CRAFTED)
def test_a_line_four_times_as_long_takes_about_four_times_the_steps(piece):
    """Steps are calls of functions, Python's and C's; `python -m tests.benchmarks.scanning` has the times."""

    def steps(length):
        calls = 0

        def count(_frame, event, _argument):
            nonlocal calls
            if event in ("call", "c_call"):
                calls += 1

        line = piece * (length // len(piece))
        sys.setprofile(count)
        try:
            findings(line)
        finally:
            sys.setprofile(None)
        return calls

    findings(piece)  # patterns are compiled once
    assert steps(8_000) < 6 * steps(2_000)


def test_endless_numerals_are_no_numbers():
    for run in ("9" * 20_000, "一" * 20_000):
        [found] = findings(f"共{run}个")
        assert (found.span.printed, found.number) == (run, None)


@given(st.text(alphabet="全市约超近第“”%年月日一两半十百万亿个元是至—-:.,。5２0 a", max_size=40))
def test_any_text_is_scanned_without_overlap_and_every_figure_can_be_read(text):
    found = findings(text)
    lines = text.splitlines()
    ends: dict[int, int] = {}
    for one in found:
        assert one.span.offset >= ends.get(one.span.paragraph, 0)
        ends[one.span.paragraph] = one.span.end
        assert lines[one.span.paragraph - 1][one.span.offset : one.span.end] == one.span.printed
        assert bool(one.reason) != bool(one.number)
        if one.number:
            assert parse(one.reads_as or one.span.printed).value == one.number.value
    assert all(sum(one.span.holds(n) for one in found) == 1 for n in numerals(text))


@given(st.text(alphabet="全市约万个十二０9.,%\n a", max_size=40))
def test_every_digit_lies_in_exactly_one_numeral(text):
    lines = text.splitlines()
    spans = [(n.paragraph - 1, i) for n in numerals(text) for i in range(n.offset, n.end)]
    assert len(spans) == len(set(spans))
    digits = {(row, m.start()) for row, line in enumerate(lines) for m in re.finditer(r"[0-9０-９十二万]", line)}
    assert digits <= set(spans)


def test_the_command_writes_a_draft_for_spreadsheets_and_for_machines(tmp_path):
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8-sig")
    result = CliRunner().invoke(main, ["scan", str(tmp_path / "text.txt")])
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"))))
    assert [row["printed"] for row in rows] == ["208万名", "15.5%", "两批", "近七成", "１,３９６条", "4.21亿元"]
    assert {row["reads_as"] for row in rows} == {""}
    assert rows[3]["hedge"] == "nearly"
    records = json.loads(CliRunner().invoke(main, ["scan", "--json", str(tmp_path / "text.txt")]).output)
    assert [record["low"] for record in records][:2] == [2_075_000, 0.1545]
    assert [record["measure"] for record in records] == ["count", "share", "count", "share", "count", "level"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        (bytes(range(128, 160)) * 9, "not a text in a known encoding; save"),
        (b"a\x00b", "character 1 is NUL"),
    ],
)
def test_what_is_no_text_is_refused_in_words(tmp_path, content, said):
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(main, ["scan", str(path)])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_draft_says_what_a_number_is_read_as(tmp_path):
    (tmp_path / "text.txt").write_text("分别下降18.6%和22.0%。", encoding="utf-8")
    records = json.loads(CliRunner().invoke(main, ["scan", "--json", str(tmp_path / "text.txt")]).output)
    assert [(record["printed"], record["reads_as"], record["value"]) for record in records] == [
        ("下降18.6%", "", -0.186),
        ("22.0%", "下降22.0%", -0.22),
    ]


def test_numerals_with_spaces_and_in_traditional_characters_stand_at_their_places():
    text = "共 2 184.6 平方公里，29.48萬所，廿八萬人，12.3 億元。"
    spans = numerals(text)
    assert [text[span.offset : span.end] for span in spans] == ["2 184.6", "29.48萬", "廿八萬", "12.3 億"]
    assert [f.span.printed for f in findings(text)] == ["2 184.6 平方公里", "29.48萬所", "廿八萬人", "12.3 億元"]


@pytest.mark.parametrize("unit", sorted(unit for unit in UNITS if len(unit) > 1))
def test_a_decimal_with_its_unit_begins_a_line_as_it_stands_in_one(unit):
    [alone] = [one for one in findings(f"3.5{unit}。") if one.number]
    [inside] = [one for one in findings(f"共3.5{unit}。") if one.number]
    assert (alone.span.printed, alone.number.low) == (inside.span.printed, inside.number.low)


@pytest.mark.parametrize(
    "line", ["15.5个百分点。", "1.5倍于上年。", "3.2米。", "4.5岁以上。", "6.8公里绿道建成。", "54.1分贝是昼间平均值。"]
)
def test_a_line_may_begin_with_a_figure(line):
    assert findings(line)[0].number is not None


@pytest.mark.parametrize(
    "line", ["1.2 总体情况", "3.1目标任务", "2.3.1工作原则", "2.1年度工作", "1.2人口发展", "1.3家庭建设", "3.10 项目"]
)
def test_the_number_of_a_section_is_no_figure(line):
    assert all(one.number is None for one in findings(line))

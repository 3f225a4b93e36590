"""What an editor sets aside: remembered by passage, taken back, lost when the passage changes, and never written over."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bluebook.edition.package import EditionError
from desk.cli import main
from desk.decisions import Decision, Passage, accept, read_decisions, take_back
from desk.proving import proof

WRONG = "全市社会组织605家，比上年增加280家，上年为316家。"
OTHER = "债务余额46亿元，控制在限额43亿元以内。"
ROWS = "地区\t人口（万人）\n全市\t468.4\n东区\t259.0\n西区\t217.5"


@pytest.fixture
def report(tmp_path):
    file = tmp_path / "report.txt"
    file.write_text(f"{WRONG}\n{OTHER}\n", encoding="utf-8")
    return file


def run(file, *words):
    return CliRunner().invoke(main, ["proof", str(file), *words])


def beside(file) -> Path:
    return file.with_name("report.txt.proof.toml")


def test_what_is_set_aside_no_longer_counts_and_is_listed_folded(report):
    result = run(report, "--accept", "1")
    assert result.exit_code == 1
    assert "0 to look at, 1 set aside" in result.output
    result = run(report, "--accept", "1")
    assert result.exit_code == 0
    assert "--unaccept N" in result.output
    assert result.output.count("\n  line") == 0
    assert run(report).exit_code == 0
    assert "605家" in beside(report).read_text(encoding="utf-8")


def test_several_are_set_aside_at_once_and_one_is_taken_back(report):
    assert run(report, "--accept", "2,1").exit_code == 0
    result = run(report, "--unaccept", "1")
    assert result.exit_code == 1
    assert "1 set aside" in result.output


@pytest.mark.parametrize("text", [WRONG, ROWS, OTHER])
def test_a_decision_moves_with_its_passage_and_ends_when_it_changes(report, text):
    report.write_text(text, encoding="utf-8")
    assert run(report, "--accept", "1").exit_code == 0
    report.write_text(f"一、概况\n先说几句。共有3人。\n{text}\n二、其他\n", encoding="utf-8")
    assert run(report).exit_code == 0
    changed = text.replace("280", "281").replace("259.0", "259.1").replace("46亿", "47亿")
    report.write_text(changed, encoding="utf-8")
    result = run(report)
    assert result.exit_code == 1
    assert "holds no more" in result.output


def test_a_sentence_keeps_its_decision_in_another_paragraph(report):
    report.write_text(f"{WRONG}{OTHER}", encoding="utf-8")
    assert run(report, "--accept", "1,2").exit_code == 0
    report.write_text(f"另有说明。{OTHER}\n另起一段。{WRONG}", encoding="utf-8")
    assert run(report).exit_code == 0


def test_one_decision_sets_one_finding_aside(report):
    report.write_text(f"一、东区\n{WRONG}\n二、西区\n{WRONG}\n", encoding="utf-8")
    before = len(proof(report.read_text(encoding="utf-8")).findings)
    run(report, "--accept", "1")
    assert len(proof(report).findings) == before - 1


def test_equal_numbers_of_a_row_are_told_apart(report):
    report.write_text("全市\t5\t7\n东区\t3\t3\n西区\t2\t2\n", encoding="utf-8")
    assert run(report, "--accept", "1").exit_code == 0
    report.write_text("全市\t7\t5\n东区\t3\t3\n西区\t2\t2\n", encoding="utf-8")
    assert run(report).exit_code == 1


def test_the_json_and_python_have_what_is_set_aside(report):
    run(report, "--accept", "1")
    told = json.loads(run(report, "--json").output)
    assert len(told["findings"]) == 1
    [aside] = told["accepted"]
    assert (aside["number"], aside["on"]) == (1, date.today().isoformat())
    assert aside["finding"]["kind"] == aside["kind"]
    assert [one["number"] for one in aside["passages"]] == [one["printed"] for one in aside["finding"]["places"]]
    assert len(proof(report).findings) == 1
    assert len(proof(report.read_text(encoding="utf-8")).findings) == 2


def test_a_marked_document_has_no_mark_of_what_is_set_aside(report, tmp_path):
    run(report, "--accept", "1,2", "--marked", str(tmp_path / "out.html"))
    assert '<mark class="bad"' not in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_what_an_editor_wrote_in_the_file_stays(report):
    run(report, "--accept", "1")
    file = beside(report)
    file.write_text(file.read_text(encoding="utf-8") + "\n# asked the bureau\n", encoding="utf-8")
    run(report, "--accept", "1")
    assert run(report, "--unaccept", "1").exit_code == 1
    assert "# asked the bureau" in file.read_text(encoding="utf-8")
    assert len(read_decisions(file)) == 1


@pytest.mark.parametrize("words", [("--accept", "3"), ("--accept", "0"), ("--unaccept", "1"), ("--accept", "1,x")])
def test_a_number_that_is_not_in_the_list_is_refused_and_nothing_written(report, words):
    result = run(report, *words)
    assert result.exit_code == 2
    assert words[1].split(",")[-1] in result.output
    assert not beside(report).exists()


def test_both_at_once_is_refused(report):
    assert run(report, "--accept", "1", "--unaccept", "1").exit_code == 2


ENTRY = '[[accepted]]\nkind = "limit"\npassages = [{ number = "1", text = "a" }]\n'
DAMAGED = [
    (ENTRY + "x", 4),
    (ENTRY + '\n[[accepted]]\nkind = "a"\n', 5),
    (ENTRY + "[[accepted]]\npassages = []\n", 4),
    (ENTRY + ENTRY.replace("number", "digits"), 4),
    (ENTRY + ENTRY.replace('"1"', "1"), 4),
    (ENTRY.replace("kind", "on = 3\nkind"), 1),
    (ENTRY + '[[acepted]]\nkind = "a"\n', 4),
    (ENTRY + 'kind = "unended', 4),
    ("accepted = 3\n", 1),
    ("accepted = [3]\n", 1),
]


@pytest.mark.parametrize(("content", "line"), DAMAGED)
def test_a_damaged_file_is_an_error_with_its_line_and_is_left_as_it_is(report, content, line):
    beside(report).write_text(content, encoding="utf-8")
    for words in ((), ("--accept", "1"), ("--unaccept", "1")):
        result = run(report, *words)
        assert result.exit_code == 2
        assert f"report.txt.proof.toml, line {line}: " in result.output
    assert beside(report).read_text(encoding="utf-8") == content


def test_a_file_in_another_encoding_is_an_error_with_its_line(report):
    beside(report).write_bytes(ENTRY.encode() + "# 说明".encode("gb18030"))
    assert "line 4: not UTF-8" in run(report).output


def test_entries_written_another_way_are_read_and_left_to_the_editor(tmp_path):
    path = tmp_path / "a.proof.toml"
    path.write_text('accepted = [{kind = "limit", passages = [{number = "1", text = "a"}]}]\n')
    before = path.read_bytes()
    [known] = read_decisions(path)
    for write in (lambda: accept(path, [known]), lambda: take_back(path, 1)):
        with pytest.raises(EditionError, match="by hand"):
            write()
    assert path.read_bytes() == before


def test_a_file_of_an_editor_of_windows_is_read(tmp_path):
    path = tmp_path / "a.proof.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (ENTRY + ENTRY).replace("\n", "\r\n").encode())
    take_back(path, 1)
    assert len(read_decisions(path)) == 1


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PASSAGES = st.builds(Passage, WORDS, WORDS, st.integers(1, 9))
DECISIONS = st.builds(
    Decision, WORDS, st.lists(PASSAGES, min_size=1, max_size=3).map(tuple), st.none() | st.dates(date(1970, 1, 1))
)


@given(st.lists(DECISIONS, min_size=1, max_size=4), st.data())
def test_what_is_written_is_read_again_and_each_can_be_taken_back(tmp_path_factory, decisions, data):
    path = tmp_path_factory.mktemp("decisions") / "a.proof.toml"
    for one in decisions:
        accept(path, [one])
    assert read_decisions(path) == tuple(decisions)
    number = data.draw(st.integers(1, len(decisions)))
    take_back(path, number)
    assert read_decisions(path) == tuple(decisions[: number - 1] + decisions[number:])

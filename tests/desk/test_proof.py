"""`bluebook proof`: what it prints, its exit codes, its JSON, and the benchmark with planted errors."""

import csv
import json
import re

import pytest
from click.testing import CliRunner

from desk.cli import main
from desk.proving import proof

WRONG = "全市社会组织605家，比上年增加280家，上年为316家。\n"
RIGHT = WRONG.replace("280", "289")


def run(tmp_path, text, *words, name="report.txt"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["proof", str(file), *words])


def test_what_cannot_be_right_is_told_with_place_and_arithmetic(tmp_path):
    result = run(tmp_path, WRONG)
    assert result.exit_code == 1
    assert "316家 + 280家 = 596家; printed: 605家" in result.output
    assert "line 1: 605家" in result.output
    assert "1 that cannot be right as printed" in result.output


def test_what_agrees_is_counted(tmp_path):
    result = run(tmp_path, RIGHT)
    assert result.exit_code == 0
    assert (
        "0 that cannot be right as printed, 0 to look at, 1 agree; 3 numerals: 3 in a check, 0 in none" in result.output
    )


def test_the_json_says_all(tmp_path):
    told = json.loads(run(tmp_path, WRONG, "--json").output)
    assert {"file", "numerals", "checked", "findings", "agreements", "accepted"} == told.keys()
    [finding] = told["findings"]
    assert {"tier", "kind", "places", "says", "arithmetic", "gap", "repair"} == finding.keys()
    assert [place["line"] for place in finding["places"]] == [1, 1, 1]
    assert [place["printed"] for place in finding["places"]] == ["605家", "316家", "280家"]


@pytest.mark.parametrize("name", ["tutorial.md", "tutorial.zh.md"])
def test_the_tutorial_says_what_the_command_says(tmp_path, root, name):
    blocks = re.findall(r"```\n(.*?)```", (root / "docs" / name).read_text(encoding="utf-8"), re.S)
    text, shown = blocks[0], blocks[1].strip().splitlines()[-1].strip()
    assert shown in run(tmp_path, text, name="qinghe.txt").output
    wrong = run(tmp_path, text.replace("22家", "32家"), name="qinghe.txt")
    assert wrong.exit_code == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\0b", b"\x00" * 100])
def test_what_is_no_text_is_refused_in_a_sentence(tmp_path, content):
    file = tmp_path / "report.txt"
    file.write_bytes(content)
    result = CliRunner().invoke(main, ["proof", str(file)])
    assert result.exit_code == 2
    assert result.output.count("\n") == 1


def test_a_long_report_is_proved_in_time_that_grows_with_its_length():
    """A report of a hundred times the sentences has a hundred times the relations, and each is found."""
    text = "".join(f"第{n}区社会组织605家，比上年增加289家，上年为316家。\n" for n in range(400))
    assert len(proof(text).agreements) >= 400


@pytest.fixture
def benchmark(shared):
    folder = shared / "proof"
    if not folder.is_dir():
        pytest.skip("the benchmark's documents are not here")
    return folder


def test_planted_errors_are_found_and_clean_documents_are_left_alone(benchmark):
    clean = {file.name: file.read_text(encoding="utf-8") for file in benchmark.glob("*.txt")}
    assert all(proof(text).is_clean for text in clean.values())
    with (benchmark / "truth.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = wanted = false = 0
    for row in rows:
        lines = clean[row["file"]].split("\n")
        at = int(row["line"]) - 1
        lines[at] = lines[at].replace(row["original"], row["planted"], 1)
        flagged = [one for one in proof("\n".join(lines)).findings if one.tier == 1]
        here = [one for one in flagged if any(place.line == at + 1 for place in one.places)]
        is_wanted = row["expected"] == "flag"
        wanted += is_wanted
        found += is_wanted and bool(here)
        false += len(flagged) - len(here) + (bool(here) and not is_wanted)
    assert found >= 0.8 * wanted
    assert false <= 0.05 * found

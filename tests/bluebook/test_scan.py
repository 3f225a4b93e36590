"""Numerals of a text, and whether an edition accounts for each."""

import hashlib
import json
import re

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bluebook import open_edition
from bluebook.cli import main
from bluebook.scan import numerals

TEXT = "全市208万名志愿者,占15.5%。\n分两批实施近七成,共１,３９６条,投入4.21亿元。"


@pytest.fixture
def small(tmp_path):
    """An edition of one chapter and five figures, and the text it was taken from."""
    printed = ["208万名", "15.5%", "两批", "近七成", "１,３９６条", "4.21亿元"]
    rows = [(p, n, line.index(p)) for p in printed for n, line in enumerate(TEXT.splitlines(), 1) if p in line]
    folder = tmp_path / "data" / "small"
    folder.mkdir(parents=True)
    figures = [
        {"id": f"all.n{i}", "chapter": "all", "printed": p, "measure": "count", "period": "", "base": "", "area": "",
         "paragraph": line, "offset": offset, "label_zh": "数", "label_en": "number", "note": ""}
        for i, (p, line, offset) in enumerate(rows)
    ]  # fmt: skip
    pd.DataFrame(figures).to_csv(folder / "figures.csv", index=False)
    pd.DataFrame(columns=["printed", "paragraph", "offset", "reason_zh", "reason_en"]).to_csv(
        folder / "excluded.csv", index=False
    )
    package = {
        "name": "small",
        "titles": {"zh": "小", "en": "Small"},
        "sources": [{"title": "小", "sha256": hashlib.sha256(TEXT.encode()).hexdigest()}],
        "chapters": [{"id": "all", "title_zh": "全", "title_en": "All"}],
        "resources": [{"name": name, "path": f"{name}.csv"} for name in ("figures", "excluded")],
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "source.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def check(root, *options):
    source = ("--source", str(root / "source.txt"))
    return CliRunner().invoke(main, ["check", "small", "--root", str(root), *(options or source)])


def test_numerals_are_found_whatever_their_script():
    assert [n.printed for n in numerals(TEXT)] == ["208万", "15.5", "两", "七", "1,396", "4.21亿"]


@given(st.text(alphabet="全市约万个十二０9.,%\n a", max_size=40))
def test_every_digit_lies_in_exactly_one_numeral(text):
    lines = text.splitlines()
    spans = [(n.paragraph - 1, i) for n in numerals(text) for i in range(n.offset, n.end)]
    assert len(spans) == len(set(spans))
    digits = {(row, m.start()) for row, line in enumerate(lines) for m in re.finditer(r"[0-9０-９十二万]", line)}
    assert digits <= set(spans)


def test_a_complete_edition_is_covered(small):
    result = check(small)
    assert result.exit_code == 0, result.output
    assert "6 of 6 numerals of the source covered exactly once: 100.0%" in result.output


def change(root, file, old, new):
    path = root / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "data/small/figures.csv",
            ",1,12,",
            ",1,11,",
            "small/figures.csv, row 3, column printed: found “占15.5” at paragraph 1, offset 11, "
            "wanted “15.5%”; it stands at paragraph 1, offset 12",
        ),
        (
            "data/small/figures.csv",
            "两批",
            "两类",
            "row 4, column printed: found “两批” at paragraph 2, offset 1, wanted “两类”; it stands nowhere",
        ),
        (
            "data/small/excluded.csv",
            "reason_en\n",
            "reason_en\n两,2,1,重复,twice\n",
            "paragraph 2, offset 1: 两 is covered 2 times",
        ),
        (
            "source.txt",
            "15.5%。",
            "15.5%。另12个",
            "offset 19: 12 is neither a figure nor excluded: …志愿者,占15.5%。另12个…",
        ),
        ("source.txt", "实施", "推行", "the source has SHA-256"),
    ],
)
def test_what_does_not_hold_is_named(small, file, old, new, said):
    change(small, file, old, new)
    result = check(small)
    assert result.exit_code == 1
    assert said in result.output


def test_a_missing_source_is_a_usage_error(small):
    result = check(small, "--source", "nowhere.txt")
    assert result.exit_code == 2
    assert "nowhere.txt: no such file; give the source's text with --source" in result.output


def test_an_invalid_package_is_told_in_the_words_of_frictionless(small):
    change(small, "data/small/datapackage.json", '"figures.csv"', '"figs.csv"')
    result = check(small)
    assert result.exit_code == 1
    assert "figs.csv" in result.output


def test_an_unknown_edition_and_a_broken_row_exit_differently(small):
    assert CliRunner().invoke(main, ["check", "nope", "--root", str(small)]).exit_code == 2
    change(small, "data/small/figures.csv", "15.5%", "fifteen")
    result = check(small)
    assert result.exit_code == 1
    assert 'cannot read "fifteen" as a printed number' in result.output
    assert "Traceback" not in result.output


def test_help_shows_an_example():
    for arguments in (["--help"], ["check", "--help"]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0
        assert "bluebook check shenzhen-2021 --source" in result.output


def test_the_real_edition_accounts_for_every_numeral_of_its_source(root, source_text):
    """With the source's text at hand, the whole check; without, that the edition names the text it came from."""
    if source_text is None:
        assert len(open_edition("shenzhen-2021", root=root).source["sha256"]) == 64
        return
    result = CliRunner().invoke(main, ["check", "shenzhen-2021", "--root", str(root), "--source", str(source_text)])
    assert result.exit_code == 0, result.output
    assert ": 100.0%" in result.output

"""What an edition lacks: all of it in one list; and whether it accounts for every numeral of its source."""

import hashlib
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from bluebook import open_edition
from desk.cli import main

TEXT = "全市208万名志愿者,占15.5%。\n分两批实施近七成,共１,３９６条,投入4.21亿元。"


@pytest.fixture
def small(tmp_path):
    """An edition of one chapter and five figures, and the text it was taken from."""
    printed = {
        "208万名": "count",
        "15.5%": "share",
        "两批": "count",
        "近七成": "share",
        "１,３９６条": "count",
        "4.21亿元": "level",
    }
    rows = [(p, n, line.index(p)) for p in printed for n, line in enumerate(TEXT.splitlines(), 1) if p in line]
    folder = tmp_path / "data" / "small"
    folder.mkdir(parents=True)
    figures = [
        {"id": f"all.n{i}", "chapter": "all", "printed": p, "measure": printed[p], "period": "", "base": "", "area": "",
         "paragraph": line, "offset": offset, "label_zh": "数" * (i + 1), "label_en": "number" * (i + 1), "note": ""}
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
            "data/small/figures.csv",
            "15.5%",
            "15.50%",
            "row 3, column printed: found “15.5%。” at paragraph 1, offset 12, "
            "wanted “15.50%”; the source prints “15.5%”: a spreadsheet may have rewritten it",
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


SHORT = "全年{}。"


@pytest.mark.parametrize(
    ("there", "printed", "measure", "wanted"),
    [
        ("有208万名志愿者", "208万", "count", "208万名"),
        ("近七成", "七成", "share", "近七成"),
        ("增长3—5年", "5年", "duration", "3—5年"),
        ("下降22.0%", "22.0%", "growth", "下降22.0%"),
        ("减少了1.5亿元", "1.5亿元", "increase", "减少了1.5亿元"),
        ("增速为-5.2%", "5.2%", "growth", "-5.2%"),
        ("负5.2%", "5.2%", "growth", "负5.2%"),
        ("下降约5%", "约5%", "growth", "下降约5%"),
        ("下降约5%", "5%", "growth", "下降约5%"),
        ("共12015.5%", "15.5%", "share", "12015.5%"),
        ("有7.2万余辆车", "7.2万", "count", "7.2万余辆"),
        ("花80亿元左右", "80亿元", "level", "80亿元左右"),
    ],
)
def test_a_number_that_is_cut_short_is_named_with_what_the_source_prints(tmp_path, there, printed, measure, wanted):
    result = checked_row(tmp_path, SHORT.format(there), printed, measure)
    assert result.exit_code == 1
    assert f"figures.csv, row 2, column printed: found “{printed}”, wanted “{wanted}”" in result.output
    decided = checked_row(tmp_path, SHORT.format(there), printed, measure, reads_as=printed)
    assert "column printed: found" not in decided.output


@pytest.mark.parametrize(
    ("there", "printed", "measure"),
    [
        ("有208万名志愿者", "208万名", "count"),
        ("达100%", "100%", "share"),
        ("下降22.0%", "下降22.0%", "growth"),
        ("GDP2019-5.2%", "5.2%", "share"),
        ("降低到50分钟", "50分钟", "duration"),
        ("由3年延至5年", "5年", "duration"),
        ("下降,占22.0%", "22.0%", "share"),
    ],
)
def test_a_number_that_is_whole_is_let_stand(tmp_path, there, printed, measure):
    result = checked_row(tmp_path, SHORT.format(there), printed, measure)
    assert "column printed: found" not in result.output


def checked_row(tmp_path, text, printed, measure, **more):
    """The check of an edition of one figure against a text of one line."""
    folder = tmp_path / "data" / "one"
    folder.mkdir(parents=True, exist_ok=True)
    row = {"id": "a.b", "chapter": "all", "printed": printed, "measure": measure, "period": "", "base": "", "area": "",
           "paragraph": 1, "offset": text.index(printed), "label_zh": "数", "label_en": "number", "note": ""}  # fmt: skip
    pd.DataFrame([row | more]).to_csv(folder / "figures.csv", index=False)
    (folder / "excluded.csv").write_text("printed,paragraph,offset,reason_zh,reason_en\n", encoding="utf-8")
    chapters = [{"id": "all", "title_zh": "全", "title_en": "All"}]
    package = {"titles": {"zh": "一", "en": "One"}, "sources": [{"title": "一"}], "chapters": chapters}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    words = ["check", "one", "--root", str(tmp_path), "--source", str(tmp_path / "one.txt")]
    return CliRunner().invoke(main, words)


def test_a_missing_source_is_a_usage_error(small):
    result = check(small, "--source", "nowhere.txt")
    assert result.exit_code == 2
    assert "nowhere.txt: no such file" in result.output


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


def test_all_problems_are_listed_at_once_each_where_it_is(small):
    change(small, "data/small/figures.csv", "208万名,count,,", "208万名字,count,,")
    change(small, "data/small/figures.csv", "all.n2,all", "all.n2,part9")
    change(small, "data/small/figures.csv", "4.21亿元,level", "4.21亿,count")
    change(small, "data/small/figures.csv", "数数数数数,", "数数数数,")
    change(small, "data/small/datapackage.json", '"Small"', '"小 [zh]"')
    change(small, "data/small/datapackage.json", '"name"', '"todo": ["licenses"], "name"')
    result = check(small)
    assert result.exit_code == 1
    for said in (
        'small/figures.csv, row 2, column printed: cannot read "208万名字"',
        "small/figures.csv, row 4, column chapter: found “part9”, wanted one of all",
        "small/figures.csv, row 6, column label_zh: found “数数数数” as in row 5, wanted labels that differ",
        "small/figures.csv, row 7, column printed: found “4.21亿”, wanted “4.21亿元”, as the source has it",
        "small/datapackage.json, titles.en: found “小 [zh]”, wanted the English for “小”",
        'small/datapackage.json, "todo", licenses: the licence of your labels',
    ):
        assert said in result.output
    assert "6 figures in 2 chapters, 0 checks, 4 problems, 2 decisions left in 2 places" in result.output
    assert result.output.count("row 2, column printed") == 1


def test_a_schema_that_is_not_met_is_told_by_row_and_column(edition_copy):
    for old, new in (
        ("livelihood.share,livelihood", "Livelihood share,livelihood"),
        (",2020,,深圳市,4,76", ",20,,深圳市,4,x"),
    ):
        text = (edition_copy / "figures.csv").read_text(encoding="utf-8")
        assert old in text
        (edition_copy / "figures.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "shenzhen-2021", "--root", str(edition_copy.parents[1])])
    assert result.exit_code == 1
    for said in (
        "shenzhen-2021/figures.csv, row 4, column id: found “Livelihood share”, wanted: Dotted slug",
        "shenzhen-2021/figures.csv, row 3, column period: found “20”, wanted: Year the number is about",
        "shenzhen-2021/figures.csv, row 3, column offset: found “x”, wanted: 0-based character offset",
    ):
        assert said in result.output, result.output


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

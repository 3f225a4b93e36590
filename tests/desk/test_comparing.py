"""One report against another: what changed between drafts, and what is said of last year against last year's own."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from desk.cli import main
from desk.documents import from_text
from desk.proving import decision_on, proof, set_aside


def against(new, old):
    return proof(new, against=old).against


TITLE = "海州市{}年国民经济和社会发展统计公报\n一、综合\n"


def of(year, text):
    return TITLE.format(year) + text


# what the new report says, what the old one has, and that with a slip
RESTATED = [
    (of(2023, "年末社会组织605家，上年末为316家。"), of(2022, "年末社会组织316家，上年末为300家。"), "316家", "361家"),
    (of(2023, "全市社会组织由2022年的316家增加到605家。"), of(2022, "年末全市社会组织316家。"), "316家", "361家"),
    ("2023年末，全市社会组织605家，上年末为316家。", "2022年末，全市社会组织316家。", "316家", "326家"),
    (of(2023, "病床使用率81.4%，上年为78.7%。"), of(2022, "病床使用率78.7%，上年为77.6%。"), "78.7%", "77.8%"),
    (of(2023, "社会消费品零售总额1427.6亿元，上年为1336.4亿元。"), of(2022, "社会消费品零售总额1336.4亿元。"), "1336.4亿", "1363.4亿"),
    (of(2024, "到年底，2020年社区书院已有316家，今年有605家。"), of(2023, "2020年社区书院316家。"), "316家", "361家"),
    ("Haizhou Port: Bulletin 2023\nThe port handled 186.4 million tonnes of cargo in 2023, up 4.8% from 177.9 million tonnes in 2022.", "Haizhou Port: Bulletin 2022\nThe port handled 177.9 million tonnes of cargo in 2022, up 1.3% from 175.6 million tonnes in 2021.", "177.9", "179.7"),
    ("Haizhou Port: Bulletin 2023\nThe authority recorded 34 incidents, a decrease of 9 from 43 a year earlier.", "Haizhou Port: Bulletin 2022\nThe authority recorded 43 incidents, an increase of 2 from 41 a year earlier.", "43", "34"),
    (of(2023, "| 项目 | 2023年 | 2022年 |\n|---|---|---|\n| 增值税 | 24317 | 22860 |"), of(2022, "| 项目 | 2022年 | 2021年 |\n|---|---|---|\n| 增值税 | 22860 | 21004 |"), "22860", "22806"),
    ("Haizhou Port: Bulletin 2023\nTerminal\t2022\t2023\nNorth\t64.2\t66.9\nSouth\t61.9\t64.9", "Haizhou Port: Bulletin 2022\nTerminal\t2021\t2022\nNorth\t60.1\t64.2\nSouth\t60.0\t61.9", "64.2", "62.4"),
]  # fmt: skip


@pytest.mark.parametrize(("new", "old", "printed", "slip"), RESTATED)
def test_what_is_said_of_last_year_is_held_against_last_years_own_number(new, old, printed, slip):
    assert against(new, old).findings == ()
    assert old.count(printed) == 1
    [finding] = against(new, old.replace(printed, slip)).findings
    assert (finding.tier, finding.kind) == (1, "restated")
    assert [place.side for place in finding.places] == ["new"] * (len(finding.places) - 1) + ["old"]
    assert not proof(new, against=old.replace(printed, slip)).is_clean


LOOK = [
    (of(2023, "年末社会组织605家，比上年增加289家。"), of(2022, "年末社会组织361家，比上年增加16家。")),
    (of(2023, "病床使用率81.4%，比上年提高2.7个百分点。"), of(2022, "病床使用率77.8%，比上年提高1.1个百分点。")),
    (of(2023, "社会消费品零售总额1427.6亿元，比上年增长6.8%。"), of(2022, "社会消费品零售总额1363.4亿元，比上年增长2.0%。")),
    (of(2023, "社会组织605家，上年为316家（按经济普查修订）。"), of(2022, "社会组织361家。")),
    (of(2023, "全年财政收入312亿元。"), of(2022, "全年财政收入300万元。")),
    (of(2023, "社会组织605家，上年为316家。"), of(2022, "社会组织361家。").replace("海州市", "临江区")),
]  # fmt: skip


@pytest.mark.parametrize(("new", "old"), LOOK)
def test_what_may_be_meant_otherwise_is_only_to_be_looked_at(new, old):
    found = proof(new, against=old)
    assert [one.tier for one in found.against.findings] == [2]
    assert found.is_clean


SILENT = [
    (of(2023, "年末社会组织605家，比上年增加289家。"), of(2022, "年末社会组织316家，比上年增加16家。")),
    (of(2023, "病床使用率81.4%，比上年提高2.7个百分点。"), of(2022, "病床使用率78.7%，比上年提高1.1个百分点。")),
    (of(2023, "社会组织605家，上年为316家。"), of(2021, "社会组织300家，上年为280家。")),  # two years apart
    (of(2023, "社会组织605家，比年初增加289家。"), of(2022, "社会组织361家，比年初增加3家。")),
    (of(2023, "社会组织605家，比2019年增加289家。"), of(2022, "社会组织361家，比2018年增加89家。")),
    (
        of(2023, "地区生产总值682.5亿元，比上年增长6.0%。"),
        of(2022, "地区生产总值600.0亿元，比上年增长3.0%。"),
    ),  # constant prices
    (of(2023, "1至10月社会组织605家，上年同期为316家。"), of(2022, "全年社会组织361家。")),  # ten months
    (of(2023, "床位3.13万张，上年为2.95万张。"), of(2022, "床位29512张。")),  # rounded
    (
        of(2023, "二、2024年主要目标\n新增学位9000个，比上年多12个。"),
        of(2022, "二、2023年主要目标\n新增学位8000个。"),
    ),  # aims
    (of(2023, "累计化解纠纷605件，上年为316件。"), of(2022, "累计化解纠纷361件。")),
    (of(2023, "一、海东区\n社会组织605家，上年为316家。"), of(2022, "二、临港区\n社会组织361家。")),
    (of(2023, "社会组织605家，上年为316家。"), of(2022, "社会组织361家。\n三、续\n社会组织316家。")),  # it has both
    ("社会组织605家，上年为316家。", "社会组织361家。"),  # of no year
]


@pytest.mark.parametrize(("new", "old"), SILENT)
def test_what_only_looks_like_last_years_number_is_left_alone(new, old):
    assert against(new, old).findings == ()


def test_a_changed_number_of_a_draft_is_a_change_and_no_error():
    old = of(2023, "年末社会组织605家，上年末为316家。\n新建公园25个。")
    new = of(2023, "年末社会组织606家，上年末为361家。\n新建书院31个。")
    found = proof(new, against=old)
    assert found.against.are_drafts
    assert found.is_clean
    changes = [(one.name, one.old.printed, one.new.printed) for one in found.against.changed]
    assert changes == [("社会组织", "605家", "606家"), ("社会组织 (上期 · earlier)", "316家", "361家")]
    assert [one.new.printed for one in found.against.added] == ["31个"]
    assert [one.old.printed for one in found.against.vanished] == ["25个"]


def test_a_sentence_that_was_reworded_keeps_its_numbers():
    old = of(2023, "截至年底，各区一共建成社区书院605家，其中市级32家。")
    new = of(2023, "先说一句。\n截至年底，各区已经建成社区书院608家，其中市级32家。")
    found = against(new, old)
    assert [(one.old.printed, one.new.printed) for one in found.changed] == [("605家", "608家")]
    assert (found.added, found.vanished) == ((), ())


def test_a_number_that_stands_elsewhere_has_not_vanished():
    old = of(2023, "全市社会组织605家。\n综上，605家社会组织各有所长。")
    new = of(2023, "605家社会组织各有所长。")
    assert against(new, old).vanished == ()


def test_two_periods_have_what_changed_is_new_and_vanished():
    found = against(
        of(2023, "年末社会组织605家。\n新建公园25个。"), of(2022, "年末社会组织316家。\n新增停车泊位1200个。")
    )
    assert (found.are_drafts, found.years) == (False, (2023, 2022))
    assert [(one.name, one.old.printed, one.new.printed) for one in found.changed] == [("社会组织", "316家", "605家")]
    assert [one.name for one in found.added] == ["新建公园"]
    assert [one.name for one in found.vanished] == ["新增停车泊位"]


@pytest.mark.parametrize("name", ["communique.txt", "flash.txt", "speech.txt", "whitepaper.txt", "yearbook.txt"])
def test_a_document_is_the_same_as_itself(root, name):
    text = (root / "tests/desk/texts" / name).read_text(encoding="utf-8")
    found = against(text, text)
    assert (found.findings, found.changed, found.added, found.vanished) == ((), (), (), ())
    assert found.same


def test_documents_of_a_benchmark_say_nothing_of_each_other(shared):
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "proof").glob("*.txt"))]
    for new in texts:
        for old in texts:
            assert against(new, old).findings == ()


@pytest.fixture
def files(tmp_path):
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    new.write_text(of(2023, "年末社会组织605家，上年末为316家。"), encoding="utf-8")
    old.write_text(of(2022, "年末社会组织361家，上年末为300家。"), encoding="utf-8")
    return new, old


def run(files, *words):
    return CliRunner().invoke(main, ["proof", str(files[0]), "--against", str(files[1]), *words])


def test_the_command_lists_it_and_says_so_by_its_exit_code(files):
    result = run(files)
    assert result.exit_code == 1
    assert "new: 316家; old: 361家" in result.output
    assert "two periods, 2023 and 2022" in result.output
    assert "社会组织: 361家 → 605家  (old line 3, new line 3)" in result.output


def test_the_json_has_it_under_against(files):
    told = json.loads(run(files, "--json").output)["against"]
    assert {"file", "drafts", "one_place", "years", "findings", "changed", "new", "vanished", "same"} == told.keys()
    assert told["years"] == {"new": 2023, "old": 2022}
    assert [place["side"] for place in told["findings"][0]["places"]] == ["new", "old"]
    assert told["changed"][0]["old"]["printed"] == "361家"


def test_a_restatement_is_set_aside_and_holds_for_both_passages(files):
    assert run(files, "--accept", "1").exit_code == 0
    assert run(files).exit_code == 0
    alone = CliRunner().invoke(main, ["proof", str(files[0])])
    assert "Set aside" not in alone.output
    files[1].write_text(files[1].read_text(encoding="utf-8").replace("361", "362"), encoding="utf-8")
    assert run(files).exit_code == 1


def test_an_old_document_that_cannot_be_read_is_an_error(files):
    files[1].unlink()
    result = run(files)
    assert result.exit_code == 2
    assert "no such file" in result.output


PIECES = (
    "全市 社会组织 605家 ， 。 比上年 增加 289家 上年为 316家 其中 分别为 、 占 15.5% 的 2023年 2022年末 为预算 103.1% 由 变为 个百分点 1.4 合计 "
    "| 0 0家 -3% 下降100% 城镇化率 城镇人口 常住人口 完成预算 预算数 决算数 三次产业结构为4.5∶43.5∶52.0 占比分别为 1,012 £3.2 million comprising "
    "up from and in 一、 第一产业 税收占比 𝟛"
).split()
TEXTS = st.lists(st.sampled_from([*PIECES, "\n", "\t", " "]), max_size=60).map("".join)


@given(TEXTS, TEXTS)
@example("0的103.1%，605家，0家的15.5%", "")
@example("社会组织0家，比上年减少3家，下降100%。", "社会组织0家。")
@example("-3%\n15.5%", "")
@example("社会组织0家，其中社会团体0家、社会服务机构0家、基金会0家，占比分别为0%、0%和0%。", "")
def test_no_text_breaks_it_and_all_of_it_can_be_set_aside(new, old):
    found = proof(new, against=old)
    found.as_json()
    assert set_aside(found, [decision_on(one) for one in found.listed]).listed == ()
    same = against(new, new)
    assert (same.findings, same.changed, same.added, same.vanished) == ((), (), (), ())


def test_a_document_without_numbers_is_compared_too():
    assert against("没有数。", of(2023, "社会组织605家。")).vanished[0].name == "社会组织"
    assert proof(from_text(""), against=from_text("")).is_clean

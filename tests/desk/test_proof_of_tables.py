"""Tables as publications print them: what makes up a total, what does not, and what cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.documents import read_document
from desk.proving import proof

NO_CSV = [
    "Population 9,174,390\nHouseholds 4,002,118\nDwellings 4,310,556\n",
    "- Women, girls, 4,310\n- Men, boys, 5,120\n- All, total, 9,430\n",
    "总数 2,513,738\n男 1,299,085\n女 1,214,653\n",
    "Sales were $1,284,000 in May.\nCosts were $1,062,500 in May.\nProfit was $221,500, as planned.\n",
    "存款 八、1,154,843\n拆出 八、3,269,597\n买入 八、5,147,394\n以上各项, 3, 4, 5, 详见附注\n",
]


@pytest.mark.parametrize("text", NO_CSV)
def test_commas_that_group_digits_or_part_clauses_make_no_csv(text):
    assert proof(text).numerals


def test_a_csv_file_is_read_as_the_table_it_is(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('项目,2023年,2022年,增减额\n"增值税","24,317","22,860","1,547"\n', encoding="utf-8-sig")
    assert [block.text for block in read_document(path).blocks][1] == "增值税\t24,317\t22,860\t1,547"
    assert [one.kind for one in proof(path).findings] == ["change"]


RUN_TOGETHER = [
    "西安筑路1,976.0043.431,821.0029.85西北1,150.5025.291,150.5018.86其余未列。",
    "贷款净增加额(703,627)(635,226)(694,783)(624,493)拆出净增加额(26,836)(4,216)-(29,818)",
    "现金存放1,154,8431,202,9351,154,843",
    "王忠平4.0036朱强卫0.1564王磊0.209朱秋萍2.0037张大治0.2065陈宁湖0.20",
]


@pytest.mark.parametrize("text", RUN_TOGETHER)
def test_numbers_that_run_together_are_in_no_check(text):
    assert proof(text).numerals == 0


def test_a_list_a_date_and_the_number_of_a_section_do_not_run_together():
    text = "3.2.1 截至2020.12.31，分别为12.5,13.6，比重由5.2:41.3:53.5变为5.0:41.0:54.0，收入1,150.5万元、2,345.6万元。"
    assert {"12.5", "13.6", "1,150.5万元", "2,345.6万元"} <= set(_printed(text))


def _printed(text):
    from desk.scan import findings

    return [one.span.printed for one in findings(text) if one.number is not None]


ZEROS = "| 项目一 | 否 | 6,000 | 6,000 | 0 | 6,000 | 100.00% |\n| 项目二 | 否 | 29,394.42 | 0 | 854.55 | 0 | 50.57% |\n"


def test_a_division_by_zero_says_nothing():
    assert proof(ZEROS).is_clean
    assert proof("| 项目 | 金额 | 占比 |\n|---|---|---|\n| 甲 | 15,057 | 70.51% |\n| 合计 | 0 | 100% |\n").is_clean


CELL = st.sampled_from(
    [
        "0",
        "0.00",
        "-",
        "",
        "—",
        "-5",
        "12",
        "1,204",
        "-37.64",
        "100%",
        "100.00%",
        "0%",
        "50.57%",
        "8.30",
        "6,000",
        "是",
        "$12",
    ]
)
LABEL = st.sampled_from(
    ["增值税", "合计", "小计", "总计", "其中：甲", "减：乙", "全市", "Total", "North", "全年", "净额", "1", ""]
)
HEAD = st.sampled_from(
    "2023年,2022年,增减额,增长(%),占比,预算数,决算数,完成预算%,合计,男,女,毛利率,营业收入,营业成本,金额,生师比,"
    "在校生数,专任教师数,Change,Share,2023,2022,".split(",")
)


@st.composite
def tables(draw):
    width = draw(st.integers(1, 6))
    rows = [["项目", *draw(st.lists(HEAD, min_size=width, max_size=width))]]
    for _ in range(draw(st.integers(1, 7))):
        rows.append([draw(LABEL), *draw(st.lists(CELL, min_size=max(0, width - 1), max_size=width + 1))])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


@given(tables())
@settings(deadline=None, max_examples=300)
def test_no_table_ends_the_proof(text):
    assert proof(text).numerals >= 0


AMOUNT = st.sampled_from(
    ["0", "0家", "0%", "-3万元", "12.5亿元", "605家", "100%", "0.0个百分点", "5.2%", "0人", "0万人", "1.5倍"]
)
WORDS = st.sampled_from(
    "比上年增加|，上年为|，占|的|，其中|增长|由|增加到|，平均每场|，为预算|，是|、|，合计|，城镇化率|，常住人口|，每千人口|"
    "，顺差|，出口|，进口|，毛利率|，营业收入|，营业成本|。|，办结|，办结率|，分别|，下降|，医护比为1∶|，占比分别为|"
    " up | from | of which | an average of |, or | fell by ".split("|")
)


@given(st.lists(st.tuples(WORDS, AMOUNT), min_size=1, max_size=7))
@settings(deadline=None, max_examples=300)
def test_no_sentence_ends_the_proof(pieces):
    assert proof("社会组织" + "".join(word + amount for word, amount in pieces) + "。").numerals >= 0


# what makes up a total

BALANCE = """| 项目 | 期末余额 | 期初余额 |
|---|---|---|
| 流动资产： | | |
| 货币资金 | 3,120.45 | 2,871.30 |
| 交易性金融资产 | - | - |
| 应收账款 | 1,204.11 | 988.27 |
| 流动资产合计 | 4,324.56 | 3,859.57 |
| 非流动资产： | | |
| 固定资产 | 5,410.02 | 5,377.91 |
| 商誉 | | |
| 无形资产 | 806.33 | 850.12 |
| 非流动资产合计 | 6,216.35 | 6,228.03 |
| 资产总计 | 10,540.91 | 10,087.60 |
| 负债合计 | 4,102.38 | 4,377.15 |
| 股本 | 2,000.00 | 2,000.00 |
| 未分配利润 | 3,905.17 | 3,241.06 |
| 归属于母公司所有者权益合计 | 5,905.17 | 5,241.06 |
| 少数股东权益 | 533.36 | 469.39 |
| 所有者权益合计 | 6,438.53 | 5,710.45 |
| 负债和所有者权益总计 | 10,540.91 | 10,087.60 |
"""
EXPENSES = """| 项目 | 2024年 | 2023年 |
|---|---|---|
| 利息支出 | 271.55 | 332.08 |
| 减：利息收入 | 86.69 | 33.40 |
| 汇兑损益 | 20.58 | 52.34 |
| 手续费 | 53.41 | 23.93 |
| 合计 | 258.85 | 374.95 |
"""
RATES = """| 种类 | 平均余额 | 利息 | 水平 | 平均余额 | 利息 | 水平 |
|---|---|---|---|---|---|---|
| 定期 | 376,395 | 8,529 | 2.27 | 383,964 | 8,122 | 2.12 |
| 活期 | 803,581 | 5,774 | 0.72 | 825,342 | 8,146 | 0.99 |
| 小计 | 1,179,976 | 14,303 | 1.21 | 1,209,306 | 16,268 | 1.35 |
"""
SALARIES = """| | 2019 | 2018 |
|---|---|---|
| Salaries | $8,471,278 | $5,823,057 |
| Travel | 305,114 | 298,406 |
| Rent | 612,900 | 588,250 |
| Total expenses | $9,389,292 | $6,709,713 |
"""
WHOLE = [BALANCE, EXPENSES, RATES, SALARIES]
NO_WHOLE = [
    # the rows above were on another page
    "| 盈余公积 | 44.19 | 44.90 |\n| 未分配利润 | 311.10 | 317.43 |\n| 所有者权益合计 | 858.44 | 865.48 |\n",
    # what was scrapped is to be subtracted, which only its meaning says
    "| 项目 | 2014年 | 2013年 |\n|---|---|---|\n| 以前年度已提足 | 274.58 | 198.13 |\n| 当年提足 | 351.64 | 78.55 |\n"
    "| 当年报废 | 61.92 | 2.10 |\n| 原值合计 | 564.30 | 274.58 |\n",
    # cells are shifted
    "| 序号 | | 姓名 | 2012年 | 2013年 | 2014年 |\n|---|---|---|---|---|---|\n| 1 | | 陈某 | 82.60 | 146.948 | 144.87 |\n"
    "| 2 | | 刘某 | 42.66 | 29.771 | 28.50 |\n| 合计 | 125.26 | 176.72 | 173.37 |\n",
    # a subtotal and what follows it
    "| 流入小计 | 2,657 | 900 | 420 |\n| 偿还债务 | 397 | 42 | 14 |\n| 分配股利 | 49 | 28 | 10 |\n| 流出小计 | 446 | 70 | 24 |\n",
]


@pytest.mark.parametrize("text", WHOLE + NO_WHOLE)
def test_a_total_over_rows_that_are_not_sure_to_be_its_own_says_nothing(text):
    assert proof(text).is_clean, proof(text).findings


@pytest.mark.parametrize(
    ("text", "printed", "slip"),
    [
        (BALANCE, "| 4,324.56", "| 4,342.56"),
        (BALANCE, "| 6,216.35", "| 6,261.35"),
        (BALANCE, "所有者权益合计 | 6,438.53", "所有者权益合计 | 6,483.53"),
        (BALANCE, "资产总计 | 10,540.91", "资产总计 | 15,040.91"),
        (EXPENSES, "20.58", "25.08"),
        (RATES, "14,303", "13,403"),
        (SALARIES, "612,900", "621,900"),
        (SALARIES, "$9,389,292", "$9,398,292"),
    ],
)
def test_a_slip_in_nested_signed_or_incomplete_rows_is_found(text, printed, slip):
    assert printed in text
    assert not proof(text.replace(printed, slip, 1)).is_clean


HALVES = "年份\t旅客（万人）\t货邮（万吨）\n一季度\t312.6\t3.91\n二季度\t338.9\t4.27\n三季度\t374.2\t4.38\n四季度\t329.7\t5.02\n全年\t1355.4\t17.58\n"
MACHINES = "| 环节 | 面积（万亩） | 机械作业面积（万亩） | 机械化率（%） |\n|---|---|---|---|\n| 机耕 | 86.4 | 84.1 | 97.3 |\n| 机播 | 86.4 | 71.9 | 83.2 |\n| 机收 | 85.7 | 80.6 | 94.0 |\n"
CATCH = "| Species | Thousand tonnes | £ million | £ per tonne |\n|---|---|---|---|\n| Cod | 12.4 | 31.7 | 2,556 |\n| Herring | 38.7 | 24.1 | 623 |\n| Mackerel | 61.5 | 68.4 | 1,112 |\n| Crab | 19.3 | 52.8 | 2,736 |\n"


@pytest.mark.parametrize(
    ("text", "printed", "slip"),
    [
        (HALVES, "338.9", "383.9"),
        (HALVES, "5.02", "5.20"),
        (MACHINES, "83.2", "82.3"),
        (MACHINES, "80.6", "86.0"),
        (CATCH, "623", "632"),
    ],
)
def test_a_year_of_quarters_and_rates_of_few_rows_or_other_units_are_held(text, printed, slip):
    assert proof(text).is_clean, proof(text).findings
    assert not proof(text.replace(printed, slip)).is_clean


REPAID = """| 客户 | 应收 | 现款 | 票据 | 已收 | 比例 |
|---|---|---|---|---|---|
| 甲 | 475.19 | 183.10 | 292.09 | 475.19 | 100.00% |
| 乙 | 346.43 | 342.90 | 3.53 | 346.43 | 100.00% |
| 丙 | 120.42 | 80.30 | 40.12 | 120.42 | 100.00% |
| 丁 | 243.08 | 162.73 | 80.28 | 232.51 | 95.65% |
"""
YIELDS = """| 种类 | 余额 | 利息 | 水平 |
|---|---|---|---|
| 甲 | 90,302 | 3,459 | 3.83 |
| 乙 | 75,911 | 3,059 | 4.03 |
| 丙 | 64,120 | 2,110 | 3.29 |
| 丁 | 51,333 | 2,246 | 4.38 |
| 戊 | 38,604 | 1,448 | 3.75 |
"""
TAXES = "| 税种 | 2014年 | 增长 | 2013年 |\n|---|---|---|---|\n| 所得税 | 595.51 | 6007.85 | -10.08 |\n| 增值税 | 1,492.81 | 12.40 | 1,328.12 |\n| 消费税 | 320.44 | 5.10 | 304.89 |\n| 房产税 | 210.07 | 3.30 | 203.36 |\n| 印花税 | 118.90 | 2.00 | 116.57 |\n"


@pytest.mark.parametrize("text", [REPAID, YIELDS, TAXES])
def test_columns_that_agree_because_they_are_equal_or_trivial_prove_nothing(text):
    assert proof(text).is_clean, proof(text).findings


PARTLY = "| | 2020 | 2019 | Change |\n|---|---|---|---|\n| Sales | 53,225 | 45,944 | 16% |\n| Earnings | | | |\n| EBITDA | 22,866 | 15,739 | 45 |\n| EBIT | 15,151 | 8,537 | 77 |\n"


def test_a_column_of_changes_with_a_percentage_in_it_has_no_differences():
    assert proof(PARTLY).is_clean


OTHER_WHOLE = "| 项目 | 金额 | 占比（%） |\n|---|---|---|\n| 甲 | 103 | 20.1 |\n| 乙 | 84 | 43.2 |\n| 丙 | 121 | 36.7 |\n| 合计 | 308 | 100.0 |\n"


def test_shares_that_most_rows_do_not_bear_out_are_of_another_whole():
    assert proof(OTHER_WHOLE).is_clean
    shares = OTHER_WHOLE.replace("20.1", "33.4").replace("43.2", "27.3").replace("36.7", "39.3")
    assert proof(shares).is_clean
    assert not proof(shares.replace("39.3", "93.3")).is_clean

"""What a figure probably is: measure, label, period, base."""

import pytest

from desk.scan import findings
from desk.titles import title_year


def guessed(text, printed):
    [finding] = [f for f in findings(text) if f.span.printed == printed]
    return finding


@pytest.mark.parametrize(
    ("text", "printed", "measure", "period", "base"),
    [
        ("2023年全年增速达5.3%。", "5.3%", "growth", "2023", ""),
        ("涨幅为2.1%。", "2.1%", "growth", "", ""),
        ("平均降幅为4.2%。", "4.2%", "growth", "", ""),
        ("2016年结案数是2012年的2.86倍。", "2.86倍", "ratio", "2016", "2012"),
        ("产值增长2.3倍。", "2.3倍", "growth", "", ""),
        ("销售提升一倍以上。", "一倍以上", "growth", "", ""),
        ("总量由2011年的1091亿元增加到2016年的1650亿元,年均增长9.3%。", "1091亿元", "level", "2011", ""),
        ("总量由2011年的1091亿元增加到2016年的1650亿元,年均增长9.3%。", "1650亿元", "level", "2016", ""),
        ("总量由2011年的1091亿元增加到2016年的1650亿元,年均增长9.3%。", "9.3%", "annual_growth", "2016", "2011"),
        ("2023年产值1.2亿元,三年年均增长8.1%。", "8.1%", "annual_growth", "2023", "2020"),
        ("PM2.5年均浓度为31微克/立方米。", "31微克/立方米", "level", "", ""),
        ("2023年比2020年末增加30家。", "30家", "increase", "2023", "2020"),
        ("2023年较2019年增长3.1%。", "3.1%", "growth", "2023", "2019"),
        ("减少13人。", "减少13人", "increase", "", ""),
        ("不良率降0.1个百分点。", "降0.1个百分点", "increase", "", ""),
    ],
)
def test_measure_period_and_base(text, printed, measure, period, base):
    finding = guessed("报告\n" + text, printed)
    assert (finding.measure, finding.period, finding.base) == (measure, period, base)


def test_each_number_of_a_list_has_its_year():
    found = [f for f in findings("报告\n2021年、2022年、2023年新增专利分别为12、35、48件。") if f.number]
    assert [(f.span.printed, f.period) for f in found] == [("12", "2021"), ("35", "2022"), ("48件", "2023")]


def test_a_list_of_another_length_has_no_years_of_its_own():
    found = [f for f in findings("报告\n2021年、2022年新增专利分别为12、35、48件。") if f.number]
    assert len({f.period for f in found}) == 1


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("教育、卫生支出分别增长9.7%和6.2%。", ["教育支出增长", "卫生支出增长"]),
        ("事故起数、伤亡人数分别下降18.6%和22.0%。", ["事故起数增长", "伤亡人数增长"]),
        (
            "化学需氧量、氨氮和氮氧化物排放量分别削减3.2%、2.9%和5.0%。",
            ["化学需氧量增长", "氨氮排放量增长", "氮氧化物排放量增长"],
        ),
    ],
)
def test_labels_of_a_list_come_in_order(text, labels):
    assert [f.label for f in findings("报告\n" + text) if f.number] == labels


def test_a_cell_of_a_table_is_named_by_its_row_and_column():
    text = "2023年公报\n指标\t增加值（亿元）\t比上年增长（%）\n工业\t431.07\t6.6"
    level, growth = [f for f in findings(text) if f.number]
    assert (level.measure, level.label, level.period) == ("level", "工业增加值", "2023")
    assert (growth.measure, growth.label, growth.base) == ("growth", "工业比上年增长", "2022")


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("云溪市2023年统计公报", "2023"),
        ("云溪蓝皮书：社会发展报告（2024）", "2023"),
        ("云溪年鉴2024", "2023"),
        ("青禾区数字经济白皮书（2022）", "2022"),
        ("雲港市112年度施政成果", "2023"),
        ("讲话", ""),
        ("", ""),
    ],
)
def test_the_year_a_text_is_about(title, year):
    assert title_year(title) == year


def test_in_a_blue_book_the_whole_year_is_the_one_before():
    assert guessed("云溪蓝皮书（2024）\n全年新增学校12所。", "12所").period == "2023"

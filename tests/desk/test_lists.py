"""What a number takes from its list, its lead word or its table's head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluebook.numbers.printed import parse
from desk.scan import findings


def read(text):
    """The figures of a text, printed and as what each is read."""
    return [(f.span.printed, f.reads_as) for f in findings(text) if f.number]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("分别下降18.6%和22.0%。", [("下降18.6%", ""), ("22.0%", "下降22.0%")]),
        ("分别下降1.1%、2.2%和3.3%。", [("下降1.1%", ""), ("2.2%", "下降2.2%"), ("3.3%", "下降3.3%")]),
        ("分别减少3家、5家。", [("减少3家", ""), ("5家", "减少5家")]),
        ("分别增长9.7%和6.2%。", [("9.7%", ""), ("6.2%", "")]),
        ("分别为-3.9%和2.1%。", [("-3.9%", ""), ("2.1%", "")]),
        ("下降2.0%、新增3家。", [("下降2.0%", ""), ("3家", "")]),
        ("下降2.0%,失业率5.1%。", [("下降2.0%", ""), ("5.1%", "")]),
        ("分别为11、24、59微克/立方米。", [("11", "11微克/立方米"), ("24", "24微克/立方米"), ("59微克/立方米", "")]),
        ("分别为120，135，150个。", [("120", "120个"), ("135", "135个"), ("150个", "")]),
        ("分别提高0.6和1.0个百分点。", [("0.6", "0.6个百分点"), ("1.0个百分点", "")]),
        ("分别达5000、1.2万人。", [("5000", "5000人"), ("1.2万人", "")]),
        ("由2.05提高到2.31万元。", [("2.05", "2.05万元"), ("2.31万元", "")]),
        ("价格指数为105.2,35家企业停产。", [("105.2", ""), ("35家", "")]),
        ("平均降幅为4.2%。", [("4.2%", "下降4.2%")]),
        ("降幅达13.9%和7.4%。", [("13.9%", "下降13.9%"), ("7.4%", "下降7.4%")]),
        ("降幅收窄0.3个百分点。", [("收窄0.3个百分点", "")]),
        ("跌幅超过5%。", [("超过5%", "下降超过5%")]),
        ("增幅为4.2%。", [("4.2%", "")]),
        ("比上年少12人。", [("12人", "下降12人")]),
        ("约有500人。", [("500人", "约500人")]),
        ("约有20来个社区。", [("20来个", "")]),
        ("约增7.1%。", [("7.1%", "约7.1%")]),
        ("约下降7.1%。", [("下降7.1%", "下降约7.1%")]),
    ],
)
def test_lists_and_lead_words(text, figures):
    assert read(text) == figures


TABLE = """表1 主要指标
指标\t绝对量（亿元）\t比上年增长（%）
工业增加值\t431.07\t-3.9
粮食产量（万吨）\t97.3\t1.2
"""


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (TABLE, [("431.07", "431.07亿元"), ("-3.9", "-3.9%"), ("97.3", "97.3万吨"), ("1.2", "1.2%")]),
        ("地区生产总值(亿元) 617.50 5.2", [("617.50", "617.50亿元"), ("5.2", "")]),
        ("单位：万元\n项目\t执行数\t为预算%\n税收\t862,340\t101.2", [("862,340", "862,340万元"), ("101.2", "101.2%")]),
        ("项目  人数（万人）  占比（%）\n城镇  241.3  69.3", [("241.3", "241.3万人"), ("69.3", "69.3%")]),
        ("产量（万吨）\t2022年\t2023年\n粮食\t118.3\t120.1", [("118.3", "118.3万吨"), ("120.1", "120.1万吨")]),
        ("名称\t说明\n甲\t12", [("12", "")]),
        ("名称\t数量（其他）\n甲\t12", [("12", "")]),
    ],
)
def test_heads_of_tables_give_units(text, figures):
    assert [pair for pair in read(text) if pair[0] not in ("1",)] == figures


def test_a_table_is_over_after_some_lines_of_prose():
    text = "单位：万元\n项目\t数\n甲\t5\n" + "以上是表。\n" * 5 + "乙\t7\n"
    assert read(text) == [("5", "5万元"), ("7", "")]


@given(
    st.lists(st.integers(1, 999), min_size=2, max_size=6),
    st.sampled_from(["家", "%", "亿元", "个百分点"]),
    st.sampled_from(["、", "和"]),
)
def test_every_member_of_a_list_is_read_as_if_it_had_the_unit(numbers, unit, last):
    text = "分别为" + "、".join(map(str, numbers[:-1])) + f"{last}{numbers[-1]}{unit}。"
    found = [f for f in findings(text) if f.number]
    if len({len(str(n)) for n in numbers}) > 1 or unit in ("家", "%"):
        assert [f.number.unit for f in found] == [parse(f"1{unit}").unit] * len(found)
    for one in found:
        assert parse(one.reads_as or one.span.printed).value == one.number.value


@given(st.lists(st.integers(1, 99), min_size=2, max_size=5), st.sampled_from(["下降", "减少", "降低", "削减"]))
def test_every_member_of_a_falling_list_falls(numbers, sign):
    text = f"分别{sign}" + "、".join(f"{n}%" for n in numbers) + "。"
    assert [float(f.number.value) for f in findings(text) if f.number and "%" in f.span.printed] == [
        -n / 100 for n in numbers
    ]

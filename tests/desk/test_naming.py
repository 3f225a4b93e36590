"""Names of a draft: taken from where they stand, without a mark only where they are known, and unlike where things are."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.documents import from_text
from desk.draft import draft
from desk.terms import LONGEST, english_label, usual_terms

REPORT = "青禾区2022年统计公报\n"


def rows(text, name="qinghe-2022"):
    made = draft(name, from_text(REPORT + text))
    return list(csv.DictReader(made.files["figures.csv"].lstrip("\ufeff").splitlines()))


def topic(row):
    return row["id"].rpartition(".")[0]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("年末常住人口82.9万人,比上年末增加1.2万人。", ["常住人口", "常住人口增加"]),
        ("年末常住人口82.9万人,比上年末减少1.2万人。", ["常住人口", "常住人口减少"]),
        ("地区生产总值98.6亿元,按可比价格计算,比上年增长6.1%。", ["地区生产总值", "地区生产总值增长"]),
        ("社会组织605个;注册志愿者12.6万名,占常住人口的15.2%。", ["社会组织", "注册志愿者", "注册志愿者占常住人口"]),
        ("全社会研发经费支出3.1亿元,是2017年的2.1倍。", ["全社会研发经费支出", "全社会研发经费支出倍数"]),
    ],
)
def test_what_is_told_of_a_number_is_called_by_it(text, labels):
    assert [row["label_zh"] for row in rows(text)] == labels


def test_a_known_indicator_whole_at_its_number_needs_no_look_and_anything_else_does():
    known, part, new = rows("年末常住人口82.9万人。\n流动常住人口2.9万人。\n雪亮点位312个。")
    assert known["label_en"] == "Residents"
    assert known["todo"] == ""
    assert {"label_zh", "label_en"} <= set(part["todo"].split())
    assert new["label_en"].endswith(" [zh]")


def test_percentages_of_one_thing_share_a_topic_and_unlike_ones_never_do():
    text = "全年办结率由82%提高到94.5%,绿化覆盖率45.1%,公办园占比54.6%。第一产业增长3.2%,第二产业增长5.9%。"
    by_printed = {row["printed"]: topic(row) for row in rows(text)}
    assert by_printed["82%"] == by_printed["94.5%"]
    assert by_printed["3.2%"] == by_printed["5.9%"]
    assert len({by_printed[one] for one in ("82%", "45.1%", "54.6%", "3.2%")}) == 4


def test_a_row_of_a_table_is_a_series_and_a_place_in_it_an_area():
    text = "指标（单位：万人）\t2020年\t2021年\n常住人口\t81.1\t82.2\n\n地区\t学校（所）\n东岭镇\t31\n西江镇\t27\n"
    first, second, east, west = rows(text)
    assert first["label_zh"] == second["label_zh"] == "常住人口"
    assert topic(first) == topic(second)
    assert (first["period"], second["period"]) == ("2020", "2021")
    assert (east["area"], west["area"]) == ("东岭镇", "西江镇")
    assert topic(east) == topic(west)
    assert east["label_zh"] == west["label_zh"]


def test_a_cell_that_repeats_a_number_of_the_text_is_no_second_figure():
    text = "年末常住人口82.9万人。\n指标（单位：万人）\t2021年\t2022年\n常住人口\t82.2\t82.9\n"
    made = draft("qinghe-2022", from_text(REPORT + text))
    assert made.figures == 2
    assert "重复已列数据：82.9" in made.files["excluded.csv"]
    now, before = rows(text)
    assert topic(now) == topic(before)


def test_terms_are_short_enough_in_each_form():
    terms = usual_terms()
    for chinese, english in terms.names.items():
        assert len(english_label("plain", english)) <= LONGEST, chinese
        assert english_label("growth", english), chinese
        assert not any(digit in english for digit in "0123456789"), chinese


@given(st.text(alphabet="常住人口学校医院占比增长新增由到为,，、。;；（）%亿万个家年0123456789\t\n ", max_size=120))
def test_labels_are_valid_and_what_is_named_alike_differs(text):
    drafted = rows(f"学校312所。\n{text}")
    for row in drafted:
        assert 0 < len(row["label_zh"]) <= 14
        assert not any(digit.isdecimal() for digit in row["label_zh"])
        assert len(row["label_en"]) > 0
    keys = [(row["label_zh"], row["area"], row["period"], row["status"]) for row in drafted]
    assert len(set(keys)) == len(keys)
    assert len({row["id"] for row in drafted}) == len(drafted)

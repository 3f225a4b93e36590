"""What a row must keep between its cells: no edition opens, and no audit is computed, on one that does not."""

import csv
import io
import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bluebook import EditionError, audit, open_edition
from bluebook.edition.measures import ALLOWED, breaches, fits, fitting, unit_kind
from bluebook.numbers.printed import parse
from desk.cli import main

UNITS = [
    "%",
    "‰",
    "成",
    "个百分点",
    "倍",
    "元",
    "亿元",
    "万人",
    "个",
    "家",
    "张",
    "名",
    "公里",
    "平方米",
    "年",
    "个月",
    "天",
    "小时",
    "张/家",
    "件/万人",
    "",
]
CANNOT = [
    ("share", "500张"), ("share", "2838.5亿元"), ("share", "3年"), ("share", "1.4倍"), ("share", "4.1个百分点"), ("share", "120%"), ("share", "-5%"),
    ("rate", "605个"), ("rate", "4.1个百分点"), ("rate", "38亿元"),
    ("growth", "2838.5亿元"), ("growth", "605个"), ("growth", "3年"), ("growth", "4.1个百分点"), ("growth", "11.1万个"),
    ("count", "15.5%"), ("count", "近七成"), ("count", "2838.5亿元"), ("count", "12公里"), ("count", "600张/家"), ("count", "4.1个百分点"),
    ("duration", "38亿元"), ("duration", "605个"), ("duration", "15.5%"), ("duration", "12公里"),
    ("level", "605个"), ("level", "15.5%"), ("level", "208万名"), ("level", "24小时"),
    ("increase", "18.8%"), ("increase", "2倍"), ("average", "15.5%"), ("average", "2倍"), ("norm", "2倍"),
    ("quantity", "605个"), ("", "605个"), ("Count", "605个"),
]  # fmt: skip
CAN = [
    ("share", "近七成"), ("share", "0.3‰"), ("share", "三分之二"), ("share", "100%"), ("rate", "106.5%"), ("rate", "48.2件/万人"), ("growth", "下降22.0%"),
    ("growth", "2.5倍"), ("growth", "翻一番"), ("count", "605个"), ("count", "340天"), ("count", "1.2万"), ("level", "31微克/立方米"), ("level", "85.3分"),
    ("level", "83.7岁"), ("increase", "4.1个百分点"), ("increase", "减少1.5亿元"), ("average", "3.8人"), ("average", "600张/家"), ("norm", "1件"),
    ("norm", "98%以上"), ("duration", "四年半"),
]  # fmt: skip


def columns(**row):
    return [breach.column for breach in breaches(row)]


@pytest.mark.parametrize(("measure", "printed"), CANNOT)
def test_a_measure_that_cannot_have_its_unit_is_named(measure, printed):
    found = list(breaches({"measure": measure, "printed": printed}))
    assert [breach.column for breach in found] in (["measure"], ["printed"])
    assert found[0].found in (measure, printed)


@pytest.mark.parametrize(("measure", "printed"), CAN)
def test_a_measure_that_can_is_let_stand(measure, printed):
    assert columns(measure=measure, printed=printed) == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_number_has_a_measure_and_a_guess_is_one_it_can_have(unit):
    for number in (parse("0.5" + unit), parse(("5" if unit == "成" else "125") + unit)):
        possible = [measure for measure in ALLOWED if fits(measure, number)]
        assert possible
        assert all(fitting(measure, number) in possible for measure in (*ALLOWED, "nope"))
        assert all(fitting(measure, number) == measure for measure in possible)


PLAIN = st.integers(0, 10**6)


LARGE = [unit for unit in UNITS if unit != "成"]  # tenths go up to ten


@given(PLAIN, st.sampled_from(LARGE), PLAIN | st.none(), PLAIN | st.none(), st.sampled_from(LARGE))
def test_bounds_hold_the_number_in_its_unit(value, unit, low, high, other):
    number = parse(f"{value}{unit}")
    measure = fitting("count", number)
    ends = {"low": low, "high": high}
    row = {name: "" if end is None else f"{end}{other}" for name, end in ends.items()}
    found = [column for column in columns(printed=f"{value}{unit}", measure=measure, **row) if column != "printed"]
    bound = parse(f"1{other}")
    if (bound.unit, unit_kind(bound)) != (number.unit, unit_kind(number)):
        assert found == [name for name, end in ends.items() if end is not None] or {"名", "万人"} >= {unit, other}
    elif unit == other:
        wrong = {"low": low is not None and low > value, "high": high is not None and high < value}
        assert found == [name for name, bad in wrong.items() if bad]


@pytest.mark.parametrize("bound", ["近七成", "约70%", "60%—70%", "70%以上"])
def test_a_bound_that_is_a_range_itself_bounds_nothing(bound):
    assert columns(printed="70%", measure="share", low=bound, high="") == ["low"]


@pytest.mark.parametrize(
    ("period", "base", "wrong"),
    [
        ("2020", "2019", []), ("2020", "", []), ("", "2015", []), ("2020-06", "2019-06", []), ("2016/2020", "2015", []), ("2020", "2020-06", []),
        ("2020", "2020", ["base"]), ("2020", "2021", ["base"]), ("2020-06", "2020", ["base"]), ("2020-06", "2020-07", ["base"]),
        ("2016/2020", "2020", ["base"]), ("20", "", ["period"]), ("2020", "last year", ["base"]), ("2020-13", "", ["period"]), ("２０２０", "", ["period"]),
        ("2020\n", "", ["period"]), ("2020年", "2021年", ["period", "base"]),
    ],
)  # fmt: skip
def test_a_base_comes_before_its_period(period, base, wrong):
    assert columns(printed="18.8%", measure="growth", period=period, base=base) == wrong


@pytest.mark.parametrize("printed", ["9" * 30 + "个", "9亿亿亿亿个", "0." + "0" * 40 + "1亿元"])
def test_a_number_nobody_counts_by_is_refused(printed):
    assert columns(printed=printed, measure="norm") == ["printed"]


BREACHES = [
    ("livelihood.spending", "low", "2800亿名", r"a number in the unit of 2838.5亿元"),
    ("livelihood.spending", "low", "28%", r"a number in the unit of 2838.5亿元"),
    ("livelihood.spending", "low", "2900亿元", r"a lower bound that is not above 2838.5亿元"),
    ("livelihood.spending", "high", "2800亿元", r"an upper bound that is not below 2838.5亿元"),
    (
        "livelihood.share",
        "measure",
        "count",
        r"a measure that 近七成 can have: share, rate, growth, annual_growth, ratio, norm",
    ),
    ("livelihood.spending", "measure", "growth", r"a measure that 2838.5亿元 can have: level, increase, average, norm"),
    ("livelihood.growth.education", "base", "2021", r"a time before the period, 2020"),
    ("livelihood.growth.education", "measure", "groth", r"one of count, level, share"),
]


@pytest.mark.parametrize(("figure", "column", "cell", "wanted"), BREACHES)
def test_no_edition_opens_with_such_a_row_and_the_check_names_it_once(edition_copy, figure, column, cell, wanted):
    path = edition_copy / "figures.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    number = next(n for n, row in enumerate(rows, 2) if row["id"] == figure)
    rows[number - 2][column] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    root = edition_copy.parents[1]
    with pytest.raises(
        EditionError, match=rf'row {number} \({figure}\), column {column}: found "{cell}", expected {wanted}'
    ):
        audit(open_edition("shenzhen-2021", root=root))
    result = CliRunner().invoke(main, ["check", "shenzhen-2021", "--root", str(root)])
    assert result.exit_code == 1
    assert result.output.count(f"row {number}, column {column}: found “{cell}”, wanted") == 1
    assert "1 problem\n" in result.output, result.output


def test_the_codebook_says_which_units_a_measure_can_have(request):
    book = (request.config.rootpath / "data" / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in book.splitlines() if line.startswith("| `")]
    rows = [row for row in rows if len(row) == 4 and row[1] != "meaning"]
    assert {row[0].strip("`") for row in rows} == set(ALLOWED)
    for name, _, words, example in rows:
        measure = name.strip("`")
        units = [] if "any but" in words else re.findall("[%‰\u4e00-\u9fff/]+", words)
        named = [f"0.5{unit}" for unit in units if unit != "番"] + re.findall("`(.+?)`", example)
        assert [printed for printed in named if not fits(measure, parse(printed))] == [], measure

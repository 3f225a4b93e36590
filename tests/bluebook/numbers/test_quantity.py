"""Quantities: what is shown keeps the promise of the bounds, units multiply, provenance stays."""

import copy
import json
import operator
import pickle
import re
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bluebook import read
from bluebook.numbers.frames import QuantityArray
from bluebook.numbers.intervals import Interval
from bluebook.numbers.quantity import Quantity, QuantityError, mean, published, total
from bluebook.numbers.text import bare, outward

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}

# printed numbers of every form

digits = st.integers(1, 99_999).map(str)
decimals = st.tuples(st.integers(0, 999), st.integers(0, 99)).filter(any).map(lambda n: f"{n[0]}.{n[1]:02d}")
counts = st.tuples(digits, st.sampled_from(["个", "家", "名", "人次"])).map("".join)
large = st.tuples(
    st.one_of(digits, decimals), st.sampled_from(["万", "亿"]), st.sampled_from(["元", "名", "个", "张"])
).map("".join)
measured = st.tuples(st.one_of(digits, decimals), st.sampled_from(["元", "公里", "吨", "平方米", "微克/立方米"])).map(
    "".join
)
percent = st.one_of(
    st.integers(1, 100).map(lambda n: f"{n}%"),
    st.integers(1, 1000).map(lambda n: f"{n / 10:.1f}%"),
    st.sampled_from(["七成", "近七成", "三成五", "一半", "三分之一", "4.1个百分点"]),
)
hedged = st.one_of(
    st.tuples(st.integers(2, 99), st.sampled_from(["多个", "余家", "万余名", "亿多元"])).map(
        lambda n: f"{n[0]}0{n[1]}"
    ),
    st.tuples(st.sampled_from(["近", "约", "超", "不足", "不到", "至少", "至多"]), st.one_of(counts, large)).map(
        "".join
    ),
    st.tuples(st.sampled_from(["近", "约", "超过", "不足"]), st.integers(1, 99)).map(lambda n: f"{n[0]}{n[1]}%"),
)
ranges = st.tuples(st.integers(1, 40), st.integers(41, 99), st.sampled_from(["年", "个", "%", "万元"])).map(
    lambda n: f"{n[0]}—{n[1]}{n[2]}"
)
falls = st.tuples(st.sampled_from(["下降", "减少"]), percent.filter(lambda p: p[0].isdigit())).map("".join)
printed_numbers = st.one_of(counts, large, measured, percent, hedged, ranges, falls)


@st.composite
def derived(draw, lang="zh"):
    """A number made by arithmetic on one to four printed ones; some occur twice."""
    found = [
        published(printed, figure=f"a.n{number}", lang=lang)
        for number, printed in enumerate(draw(st.lists(printed_numbers, min_size=1, max_size=3)))
    ]
    result = found[0]
    for other in draw(st.lists(st.sampled_from([*found, 1, 2, 100]), max_size=3)):
        op = draw(st.sampled_from("+-*/"))
        try:
            result = OPERATIONS[op](result, other)
        except QuantityError:
            assume(False)
    return result


def readable(quantity):
    """The same number in a unit that the reader knows: what is tried here are the numbers, not products of units."""
    return quantity if re.fullmatch(r"[^/·⁰¹²³⁴-⁹]*", quantity.unit) else replace(quantity, unit="")


@settings(max_examples=600)
@example(1 - published("近七成", figure="a.b"))
@example(published("近七成", figure="a.b") / published("50.85%", figure="a.c"))
@given(st.sampled_from(["zh", "en"]).flatmap(derived))
def test_what_is_shown_read_back_meets_the_bounds_and_is_at_most_twice_as_sharp(quantity):
    shown = readable(quantity)
    assume(10**-9 < abs(shown.value) < 10**15)
    again = read(shown.text, lang=shown.lang)
    assert again.bounds.meets(shown.bounds) or again.low <= shown.low <= again.high, shown.text
    assert again.bounds.width * 2 >= shown.bounds.width, shown.text
    if shown.derived and not shown.exact and not shown.is_range:
        assert shown.bounds.holds(again.value), shown.text


@settings(max_examples=300)
@given(st.sampled_from(["zh", "en"]).flatmap(derived))
def test_bounds_as_written_hold_the_bounds_and_their_open_ends_are_said(quantity):
    shown = readable(quantity)
    assume(not shown.exact and 10**-9 < abs(shown.value) < 10**15)
    again = read(shown.bounds_text, lang=shown.lang)
    assert again.low <= shown.low, shown.bounds_text
    assert shown.high <= again.high, shown.bounds_text
    assert (again.low_open, again.high_open) == (shown.low_open, shown.high_open), shown.bounds_text
    assert again.bounds.width <= shown.bounds.width * Fraction(3, 2), shown.bounds_text


steps = st.integers(-4, 4).map(lambda n: Fraction(10) ** n)


@given(st.fractions(-1000, 1000), st.fractions(0, 100), steps)
def test_rounding_outward_never_narrows_and_widens_by_less_than_a_step(low, width, step):
    below, above = (Fraction(end) for end in outward(low, low + width, step))
    assert below <= low < below + step
    assert above - step < low + width <= above


@given(st.sampled_from(["zh", "en"]).flatmap(derived))
def test_the_value_is_the_formulas_or_the_middle_where_an_input_is_one_sided(quantity):
    assert quantity.low <= quantity.value <= quantity.high
    if quantity.derived and quantity.one_sided:
        assert quantity.value == quantity.bounds.middle


# the right words for known numbers


CASES = {
    "208万名": ("208万名", "2.08 million"),
    "2838.5亿元": ("2838.5亿元", "CNY 283.85 billion"),
    "7.2万余辆": ("7.2万余辆", "over 72,000"),
    "近七成": ("近七成", "nearly 70%"),
    "不足三成": ("不足三成", "under 30%"),
    "不到50分钟": ("不到50分钟", "under 50 minutes"),
    "32009间次": ("32009间次", "32,009"),
    "十个": ("十个", "10"),
    "4.21亿元": ("4.21亿元", "CNY 421 million"),
    "3年": ("3年", "3 years"),
    "1年": ("1年", "1 year"),
    "50.85%": ("50.85%", "50.85%"),
    "50.0%": ("50.0%", "50.0%"),
    "11.1万个": ("11.1万个", "about 111,000"),  # 111,000 alone would be a count
    "4.1个百分点": ("4.1个百分点", "4.1 percentage points"),
    "48.2件/万人": ("48.2件/万人", "48.2 per 10,000 people"),
    "35人/千人": ("35人/千人", "35 per 1,000 people"),
    "1.5吨/日": ("1.5吨/日", "1.5 tonnes a day"),
    "31微克/立方米": ("31微克/立方米", "31 µg/m³"),
    "3.8亿元/公里": ("3.8亿元/公里", "about CNY 380 million per km"),
    "3—5年": ("3—5年", "3–5 years"),
    "下降0.8%": ("下降0.8%", "-0.8%"),
}


@pytest.mark.parametrize(("printed", "zh", "en"), [(printed, *both) for printed, both in CASES.items()])
def test_a_printed_number_in_both_languages(printed, zh, en):
    assert published(printed, figure="a.b").text == zh
    assert published(printed, figure="a.b", lang="en").text == en


def p(printed, figure="a.b", **more):
    return published(printed, figure=figure, **more)


@pytest.mark.parametrize(
    ("made", "zh", "en", "bounds"),
    [
        (lambda q: 1 - q("近七成", measure="share"), "30%至35%", "30–35%", "over 30% to 35%"),
        (lambda q: q("38亿元") / q("4.4万个", "c.d"), "8.4万至8.9万元/个", "CNY 84,000–89,000 each", "over CNY 84,200 to under 88,600 each"),
        (lambda q: q("208万名") / q("15.5%", "c.d"), "约1340万人", "13.4 million", "over 13.34 to under 13.5 million"),
        (lambda q: (q("759宗") / q("32009间次", "c.d")).percent, "2.37%", "2.37%", "exact"),
        (lambda q: q("605个") - q("289个", "c.d"), "316个", "316", "exact"),
        (lambda q: q("605个") / q("4个", "c.d"), "151.25", "151.25", "exact"),
        (lambda q: 1 - q("86.41%"), "13.59%", "13.59%", "over 13.585% to 13.595%"),
        (lambda q: q("1.2万张") / q("20家", "c.d"), "约600张/家", "about 600 each", "575 to under 625 each"),
        (lambda q: q("46人") / q("12个", "c.d"), "3.83人/个", "3.83 each", "exact"),
        (lambda q: 100 * (1 + q("50%")), "约150", "about 150", "149.5 to under 150.5"),
        (lambda q: q("100%", measure="rate"), "100%", "100%", "99.5% to 100%"),
        (lambda q: q("3亿元") - q("5亿元", "c.d"), "-2亿元", "down CNY 100–300 million", "down over CNY 100 to under 300 million"),
    ],
)  # fmt: skip
def test_a_derived_number_in_both_languages(made, zh, en, bounds):
    chinese = made(lambda printed, figure="a.b", **more: p(printed, figure, **more))
    english = made(lambda printed, figure="a.b", **more: p(printed, figure, lang="en", **more))
    assert (chinese.text, english.text, english.bounds_text) == (zh, en, bounds)


def test_percentage_points_are_ratios_with_their_own_bounds():
    points = p("4.1个百分点")
    assert (points.low, points.high) == (Fraction("0.0405"), Fraction("0.0415"))
    assert points.bounds_text == "4.05至不足4.15个百分点"
    assert (p("60%", "c.d") + points).text == "64%"
    assert (p("54%", "a.b") - p("50%", "c.d")).points.unit == "百分点"


# arithmetic


def test_a_number_that_occurs_twice_is_one_number():
    volunteers, safety = p("208万名", "v.total"), p("90万余名", "v.safety")
    assert (volunteers / volunteers).text == "1"
    assert (volunteers - volunteers) == 0
    rest = (volunteers - safety) / volunteers
    assert (round(float(rest.low), 3), round(float(rest.high), 3)) == (0.518, 0.568)


def test_two_readings_of_one_text_are_two_numbers():
    one, other = read("208万名"), read("208万名")
    assert not (one - other).exact
    assert (one - one).exact


def test_the_same_figure_of_two_times_is_two_numbers():
    from bluebook.numbers.quantity import Source

    years = [p("3万个", "a.b", source=Source(1, 2, period=year)) for year in ("2019", "2020")]
    assert not (years[1] - years[0]).exact


@pytest.mark.parametrize(
    ("made", "unit"),
    [
        (lambda q: q("5名") * q("5名", "c.d"), "人²"),
        (lambda q: q("5亿元") * q("5名", "c.d"), "元·人"),
        (lambda q: 1 / q("5名"), "/人"),
        (lambda q: q("200万元", per="个·年") * q("707个", "c.d") * q("3年", "e.f"), "元"),
        (lambda q: q("1件", per="家") * q("78家", "c.d"), "件"),
        (lambda q: q("5个") * q("15.5%", "c.d"), "个"),
        (lambda q: q("48.2件/万人") * q("5万人", "c.d"), "件"),
        (lambda q: q("5公里") ** 2, "公里²"),
        (lambda q: q("2.5倍") * q("5元", "c.d"), "元"),
    ],
)
def test_units_multiply(made, unit):
    assert made(p).full_unit == unit


def test_a_rate_for_so_many_people_is_reckoned_for_one():
    cases = p("48.2件/万人") * p("5万人", "c.d")
    assert cases.value == Fraction("241")
    assert p("48.2件/万人") + p("1.8件/万人", "c.d") == replace(p("48.2件/万人") + p("1.8件/万人", "c.d"))


def test_powers_signs_rounding_and_decimals():
    q = p("3.8人")
    assert (-q).bounds == -q.bounds
    assert abs(-q).bounds == q.bounds
    assert (p("5.0万元", "x.y") - p("8.0万元", "c.d")).__abs__().low == Fraction(29_000)
    assert (q**2).high == q.high**2
    assert (q**0).exact
    assert round(p("46人") / p("12个", "c.d"), 1) == Decimal("3.8")
    assert (q + Decimal("0.2")).value == 4
    assert (p("5个") * 1.5).value == Fraction(15, 2)
    assert f"{p('208万名'):.1f}" == "2080000.0"
    assert f"{p('208万名')}" == "208万名"
    assert f"{p('208万名'):>8}" == "   208万名"
    with pytest.raises(TypeError):
        q**0.5


@pytest.mark.parametrize("other", ["2", None, [], True, "一"])
@pytest.mark.parametrize("op", "+-*/")
def test_what_is_no_number_takes_no_part(other, op):
    with pytest.raises(TypeError):
        OPERATIONS[op](p("5个"), other)
    with pytest.raises(TypeError):
        OPERATIONS[op](other, p("5个"))


def test_order_is_decided_by_the_bounds_or_not_at_all():
    small, large_one, vague = p("605个", "a.b"), p("707个", "c.d"), p("600多个", "e.f")
    assert small < large_one
    assert large_one >= small
    assert max([small, large_one]) is large_one
    assert sorted([large_one, small]) == [small, large_one]
    assert vague < large_one
    assert small > 600
    with pytest.raises(QuantityError, match=re.escape(".low, .high")):
        _ = small < vague
    with pytest.raises(QuantityError, match=r"a\.b .* c\.d"):
        _ = p("近7个") >= p("7个以下", "c.d")
    with pytest.raises(QuantityError, match="units do not match"):
        _ = small < p("5元", "x.y")


def test_equality_with_a_number_is_of_an_exact_number_alone():
    assert p("605个") == 605
    assert p("605个") != 606
    assert p("208万名") != 2_080_000
    assert hash(p("605个")) == hash(605)
    assert p("605个") == p("605个")
    assert p("605个") != p("605个", "c.d")


def test_a_number_is_neither_true_nor_false():
    with pytest.raises(QuantityError, match="neither true nor false"):
        bool(p("605个"))


@pytest.mark.parametrize(
    "wrong", [(1, 2, 3), (4, 2, 3), (Fraction(5, 2), 3, 2), (2, 2, 2, True), (2, 2, 2, False, True)]
)
def test_bounds_lie_around_the_value(wrong):
    with pytest.raises(QuantityError, match="expected"):
        Quantity(*wrong)


@pytest.mark.parametrize(
    ("left", "right", "op", "said"),
    [
        ("5家", "5元", "+", "units do not match: a.b in 家 and c.d in 元"),
        ("5元", "5美元", "-", "units do not match"),
        ("5个", "0个", "/", "cannot divide by c.d: it is zero"),
        ("5个", "下降0.2%", "+", "units do not match"),
    ],
)
def test_meaningless_arithmetic_is_refused_in_words(left, right, op, said):
    with pytest.raises(QuantityError, match=re.escape(said)):
        OPERATIONS[op](p(left), p(right, "c.d"))


def test_a_measured_number_is_no_ratio():
    with pytest.raises(QuantityError, match="only a ratio of counts"):
        _ = p("5元").percent
    assert (p("42间次") / p("1宗", "c.d")).ratio.text == "42"
    assert (p("49项") / p("3年", "c.d")).amount.text == "16.3项"


@given(st.lists(st.tuples(printed_numbers, st.sampled_from("+-*")), min_size=1, max_size=6))
def test_provenance_is_never_lost(chain):
    result, names = p("2", "first.one"), ["first.one"]
    for number, (printed, op) in enumerate(chain):
        other = p(printed, f"figure.n{number}")
        try:
            result = OPERATIONS[op](result, other)
        except QuantityError:
            continue
        names.append(other.figure)
    assert set(result.inputs) == set(names)
    assert all(name in result.formula or name == result.figure for name in names)


def test_nothing_is_changed_by_arithmetic(book):
    before = book.volunteers.total
    _ = before / book.volunteers.share + 1
    assert book.volunteers.total == before


def test_a_quantity_can_be_copied_and_kept():
    for q in (p("208万名"), p("208万名") / p("15.5%", "c.d")):
        assert copy.deepcopy(q).bounds == q.bounds
        assert pickle.loads(pickle.dumps(q)).text == q.text


# sums and frames


def test_totals_and_means_keep_bounds():
    places = [p("30多项", "a.b"), p("9项", "a.c")]
    assert (total(places).low, total(places).high) == (39, 49)
    assert (mean(places).low, mean(places).high) == (Fraction(39, 2), Fraction(49, 2))
    assert total(iter(places)).inputs == ("a.b", "a.c")
    for wrong in ([], [p("5元"), p("5个", "c.d")]):
        with pytest.raises(QuantityError):
            total(wrong)


def test_a_frames_statistics_keep_bounds_or_refuse(book):
    growth = book.chapter("livelihood").query("measure == 'growth' and base == '2019'")["quantity"]
    assert growth.mean().bounds == mean(growth).bounds
    assert growth.sum().bounds == total(growth).bounds
    assert growth.max().figure == "livelihood.growth.transport"
    for statistic in ("median", "std", "var", "prod", "sem", "any"):
        with pytest.raises((QuantityError, TypeError), match=r"bounds|quantit"):
            getattr(growth, statistic)()
    with pytest.raises(TypeError, match="expected a quantity"):
        QuantityArray([1.5])


def test_a_column_of_quantities_is_a_column_like_any_other(book):
    frame = book.figures
    assert str(frame["quantity"].dtype) == "quantity"
    assert frame["quantity"].iloc[0].figure == frame.index[0]
    assert list(pd.concat([frame, frame])["quantity"])[-1].figure == frame.index[-1]
    assert len(book.cited().dropna(subset="quantity")) < len(book.cited())
    assert frame.sort_values("quantity")["value"].is_monotonic_increasing
    assert frame[frame["quantity"] == book.volunteers.total].index.tolist() == ["volunteers.total"]
    assert frame.copy().assign(other=frame["quantity"])["other"].tolist() == frame["quantity"].tolist()
    assert "208" in frame.to_string()


# as the world gets it


def test_a_record_is_json_and_says_which_ends_are_included():
    record = json.loads(json.dumps(p("近七成", measure="share").record(), allow_nan=False))
    assert (record["low"], record["low_included"], record["high"], record["high_included"]) == (0.65, True, 0.7, False)


def test_html_is_a_machine_readable_number_and_escapes_its_words():
    q = published("208万名", figure="volunteers.total", label='<b>"志愿者"')
    html = q._repr_html_()
    assert 'value="2080000"' in html
    assert 'data-figure="volunteers.total"' in html
    assert "<b>" not in html
    derived = q / published("15.5%", figure="volunteers.share")
    assert 'data-inputs="volunteers.total volunteers.share"' in derived._repr_html_()


def test_touching_bounds_overlap_only_when_both_ends_are_included():
    below, above = p("近7个"), p("7个", "c.d")
    assert not below.overlaps(above)
    assert below.gap(above) == 0
    assert p("7个").overlaps(above)
    assert p("5个").gap(above) == 2


def test_where_bounds_meet_only_as_they_are_written_the_gap_is_their_own():
    wide = replace(p("3.8万元"), low=Fraction(37_501), high=Fraction(38_499))
    near = replace(wide, value=Fraction(39_000), low=Fraction(38_499) + Fraction(1, 2), high=Fraction(39_500))
    assert wide.gap(near) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("printed", "measure", "bounds"),
    [
        ("100%", "rate", Interval(Fraction("0.995"), Fraction(1))),
        ("99.8%", "share", Interval(Fraction("0.9975"), Fraction("0.9985"), False, True)),
        ("0%", "share", Interval(Fraction(0), Fraction("0.005"), False, True)),
        ("100%", "growth", Interval(Fraction("0.995"), Fraction("1.005"), False, True)),
        ("103%", "rate", Interval(Fraction("1.025"), Fraction("1.035"), False, True)),
    ],
)
def test_a_part_of_a_whole_cannot_pass_none_and_all(printed, measure, bounds):
    assert p(printed, measure=measure).bounds == bounds


@pytest.mark.parametrize(
    ("printed", "lang", "text"),
    [
        ("约三成", "en", "25–35%"),  # “about 30%” would be 28.5 to 31.5 %
        ("约一半", "en", "about 50%"),
        ("约七成", "en", "about 70%"),
        ("约605.5公里", "en", "about 605.5 km"),
        ("0.5至100000000吨", "en", "0.5–100,000,000 tonnes"),  # not 0.5 million
        ("7至5000000名", "en", "7–5,000,000"),
        ("8400至12000名", "en", "8,400–12,000"),
        ("30万至120万名", "en", "300,000–1.2 million"),
    ],
)
def test_a_translation_reads_as_what_was_printed(printed, lang, text):
    assert p(printed, lang=lang).text == text
    assert read(text, lang=lang).bounds.width * 2 >= p(printed).bounds.width


@pytest.mark.parametrize("printed", ["7至5000000名", "27.63至60000000个", "0.00032至100000000吨", "0至5000000名"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_range_of_unlike_sizes_reads_as_its_two_ends(printed, lang):
    shown = p(printed, lang=lang)
    for words in (shown.bounds_text, shown.text):
        assert (read(words).low, read(words).high) == (shown.low, shown.high), words


@given(st.integers(0, 10**60), st.integers(0, 40), st.sampled_from(["zh", "en"]))
def test_no_digit_of_a_number_is_lost_however_many_it_has(digits, places, lang):
    value = Decimal(digits).scaleb(-places, context=Context(prec=200))
    words = bare(value, lang)
    for word, worth in {"万亿": 12, "亿": 8, "万": 4, " trillion": 12, " billion": 9, " million": 6}.items():
        words = re.sub(f"{word}$", f"E{worth}", words)
    assert Fraction(words.replace(",", "")) == Fraction(value)


def test_bounds_far_finer_than_their_number_are_not_rounded_inward():
    q = 10**9 + p("1609元", "a.b") / p("6331.282万倍", "a.c")
    again = read(q.bounds_text)
    assert again.low <= q.low < q.high <= again.high


@pytest.mark.parametrize("wrong", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity")])
@pytest.mark.parametrize("op", "+-*/")
def test_only_finite_numbers_take_part(wrong, op):
    for left, right in ((p("605个"), wrong), (wrong, p("605个"))):
        with pytest.raises(QuantityError, match="expected a finite number"):
            OPERATIONS[op](left, right)
    with pytest.raises(QuantityError, match="expected a finite number"):
        _ = p("605个") < wrong


def test_numbers_that_no_machine_holds_are_refused():
    large, small = p("2838.5亿元") ** 20, p("2838.5亿元") ** -20
    json.dumps([large.record(), small.record()], allow_nan=False)
    assert large.text
    assert small._repr_html_()
    for make in (lambda: large**2, lambda: small * small, lambda: p("605个") ** 101, lambda: p("605个") ** 10**9):
        with pytest.raises(QuantityError, match="expected one"):
            make()


def test_a_format_is_of_the_value_and_rounds_as_round_does():
    q = p("0.25", "a.b")
    assert f"{q:.1f}" == f"{float(round(q, 1).value)}" == "0.3"
    assert (f"{p('208万名'):.2}", f"{p('208万名'):>8}", f"{p('15.5%'):.1F}") == ("2.1E+6", "   208万名", "0.2")
    assert f"{p('605个') ** 12:,.0f}" == f"{605**12:,}"
    assert len(f"{p('605个') / 7:,}") < 40


@pytest.mark.parametrize("digits", [1.5, "1", 10**9])
def test_rounding_is_to_whole_decimals(digits):
    with pytest.raises(QuantityError, match=f"found {digits!r} decimals"):
        round(p("208万名"), digits)


@pytest.mark.parametrize("wrong", [None, "5个"])
def test_what_is_no_number_is_neither_summed_nor_compared(wrong):
    q = p("605个")
    for make in (lambda: total([q, wrong]), lambda: mean([wrong]), lambda: q.overlaps(wrong), lambda: q.gap(wrong)):
        with pytest.raises(QuantityError, match=f"found {wrong!r}, expected a quantity or a number"):
            make()
    assert (q.overlaps(605), q.gap(600), +q is q) == (True, 5, True)


@pytest.mark.parametrize(
    ("printed", "bounds"), [("约1个", "0.95至不足1.05个"), ("约3个", "2.85至不足3.15个"), ("近2个", "1.8至不足2个")]
)
def test_bounds_finer_than_the_last_printed_digit_are_written_out(printed, bounds):
    assert p(printed).bounds_text == bounds


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda: p("3000元/吨", lang="en"), "CNY 3,000 per tonne"),
        (lambda: p("5件/万元", lang="en"), "5 per CNY 10,000"),
        (lambda: 1 / p("2.00亿元", lang="en"), "0.000000005 per CNY"),
        (lambda: p("31微克/立方米", lang="en") ** 2, "930–1,000 µg² per m³²"),
        (lambda: p("600张/家", lang="en"), "600 each"),
        (lambda: 1 / p("10个", lang="en") ** 2, "0.01 per unit²"),
    ],
)
def test_only_a_number_per_thing_is_each(made, text):
    assert made().text == text


def test_a_column_takes_quantities_alone_and_has_no_statistic_of_nothing():
    column = pd.Series([p("3个"), None], dtype="quantity")
    for wrong in (0, 5.5, "5个"):
        with pytest.raises(TypeError, match="expected a quantity or None"):
            column.fillna(wrong)
    for name in ("sum", "mean", "min", "max"):
        with pytest.raises(QuantityError, match="of no quantities: expected one or more"):
            getattr(column[1:], name)()
    assert column.fillna(p("4个")).sum() == 7


def test_every_ratio_of_two_figures_reads_back_as_its_bounds_allow(book):
    figures = list(book.figures["quantity"])
    for above, below in product(figures, figures):
        ratio = above / below
        again = read(ratio.text, lang=book.lang)
        assert again.bounds.meets(ratio.bounds), (ratio.formula, ratio.text)
        assert again.bounds.width * 2 >= ratio.bounds.width, (ratio.formula, ratio.text)
        assert ratio.is_range or ratio.exact or ratio.bounds.holds(again.value), (ratio.formula, ratio.text)


@pytest.mark.parametrize("word", ["名", "位", "人"])
@pytest.mark.parametrize(
    "make",
    [
        lambda q, other: q / other, lambda q, other: q * other, lambda q, _: q + q, lambda q, _: q - 1,
        lambda q, _: -q, lambda q, _: abs(-q), lambda q, _: round(q, -4), lambda q, _: mean([q, q]),
    ],
)  # fmt: skip
def test_people_are_counted_in_one_word_once_a_number_is_derived(word, make):
    printed, share = published(f"208万{word}", figure="a.people"), published("15.5%", figure="a.share")
    assert printed.text.endswith(word)
    assert make(printed, share).text.endswith("人")
    assert make(printed, share).unit == "人"

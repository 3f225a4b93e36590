"""Charts: complete records, honest marks, words that neither collide nor leave the page, refusals that say why."""

import copy
import json
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import plotly
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from bluebook import audit, charts, open_edition
from bluebook.charts import ChartError, colours, lettering
from bluebook.charts.axes import ticks
from bluebook.numbers.quantity import Quantity, published

MIME = "application/vnd.plotly.v1+json"
WORDS = {"id": "a-chart", "title": "A finding"}


def figure(printed, name="a.b", label="Label", lang="en"):
    return published(printed, figure=name, label=label, lang=lang)


def growth(book):
    return list(book.livelihood.growth)


def kindergartens(book):
    k = book.kindergarten
    private = (k.inclusive - k.public).named("普惠性民办园", "Inclusive private kindergartens")
    return [k.public, private, (1 - k.inclusive).named("其他民办园", "Other private kindergartens")]


def implied(book):
    years = book.structure.communities * book.micro.allocation * book.micro.years
    return [book.micro.funds, years.named("按社区数推算", "Implied by the number of communities")]


def tiles(book, words):
    values = {"luohu": book.structure.districts, "shenshan": book.organisations.social, "baoan": book.structure.streets}
    return charts.tiles(book.table("areas"), values, texts={"luohu": "<script>"}, **words), list(values.values())


def residents(book, words):
    old, new = book.cited("population.resident"), book.cited("population.revised")
    names = book.say("旧口径", "Old series"), book.say("新口径", "Revised series")
    breaks = {"2020-11": book.say("人口普查", "Census")}
    chart = charts.trend(
        {names[0]: old, names[1]: [*zip(new["period"], new["quantity"], strict=True), ("2024", None)]},
        breaks=breaks,
        **words,
    )
    return chart, [*old["quantity"], *new["quantity"]]


def plain(draws, quantities, **options):
    """A kind of chart that takes a list: drawn with the quantities, which it must also tell."""
    return lambda book, words: (draws(quantities(book), **options, **words), quantities(book))


def decided(book):
    return [one for one in audit(book) if one.verdict != "cannot tell"]


def forest(book, words):
    checks = decided(book)
    return charts.forest(checks, **words), [side for one in checks for side in one.sides]


def multiples(book, words):
    named = {"spending.livelihood": "A", "health.beds": "B" * 60, "volunteers.share": "C"}
    frames = {name: book.cited(indicator) for indicator, name in named.items()}
    return charts.multiples(frames, **words), [q for frame in frames.values() for q in frame["quantity"]]


KINDS = {
    "bars": plain(charts.bars, growth),
    "bars of services": plain(charts.bars, lambda book: book.chapter("government")["quantity"].iloc[10:19]),
    "bars with wide bounds": plain(charts.bars, lambda book: [book.policy.documents, book.platform.levels]),
    "bars on either side": plain(charts.bars, lambda book: [book.micro.funds, -book.sharpeyes.funds]),
    "dots": plain(charts.dots, lambda book: [book.organisations.social, *book.community]),
    "dots by powers of ten": plain(charts.dots, lambda book: [book.organisations.social, *book.community], log=True),
    "share": plain(charts.share, kindergartens, rest=True),
    "waffle": plain(charts.waffle, kindergartens),
    "waffle of ten": plain(charts.waffle, lambda book: list(book.context.housing), cells=10, columns=10),
    "tiles": tiles,
    "intervals": plain(charts.intervals, implied),
    "forest": forest,
    "trend": residents,
    "trend of one": lambda book, words: (
        charts.trend({"": book.cited("volunteers.registered")}, reference={"X": book.volunteers.total}, **words),
        [*book.cited("volunteers.registered")["quantity"], book.volunteers.total],
    ),
    "multiples": multiples,
}


@pytest.fixture(scope="module", params=[f"{kind}, {lang}" for kind in KINDS for lang in ("zh", "en")])
def drawn(request):
    """A chart of each kind in each language, with the quantities it must tell."""
    kind, lang = request.param.split(", ")
    book = open_edition("shenzhen-2021", lang=lang, root=Path(__file__).parents[2])
    return *KINDS[kind](book, {"id": "a-chart", "title": book.say("一个发现", "A finding")}), book


# the record


def test_a_record_is_complete(drawn):
    chart, quantities, book = drawn
    record = chart.record
    wanted = {"id", "title", "subtitle", "alt", "note", "source", "figures", "data", "narrow", "room"}
    assert set(record) == wanted
    assert all(isinstance(record[key], str) for key in ("id", "title", "subtitle", "alt", "note", "source"))
    assert record["source"]
    assert record["alt"].count(book.say("一个发现", "A finding")) == 1
    assert set(record["figures"]) >= {figure for q in quantities for figure in q.inputs}
    assert len(set(record["figures"])) == len(record["figures"])
    assert bool(record["note"]) or all(q.exact for q in quantities)


@pytest.mark.parametrize(
    ("lang", "growth", "spending", "innovations"),
    [("zh", "2020年（比2019年）", "2020年", "2020–2021年"), ("en", "2020, on 2019", "2020", "2020–2021")],
)
def test_a_chart_says_of_what_time_its_numbers_are(lang, growth, spending, innovations):
    book = open_edition("shenzhen-2021", lang=lang, root=Path(__file__).parents[2])

    def subtitle(*quantities):
        return charts.bars(quantities, id="a", title="A").record["subtitle"]

    assert subtitle(*book.livelihood.growth) == growth
    assert subtitle(book.livelihood.spending) == spending
    assert subtitle(book.innovations.first, book.innovations.second) == innovations
    assert subtitle(book.volunteers.total) == ""  # the source gives no year


def test_the_table_holds_the_very_numbers(drawn):
    chart, quantities, _ = drawn
    columns, rows = chart.record["data"]["columns"], chart.record["data"]["rows"]
    assert all(len(row) == len(columns) for row in rows)
    for q in quantities:
        scale = 100 if q.as_percent else 1
        numbers = [pytest.approx(float(n * scale), rel=1e-8) for n in (q.value, q.low, q.high)]
        yes, no = ("是", "否") if q.lang == "zh" else ("yes", "no")
        included = [no if q.low_open else yes, no if q.high_open else yes]
        same = [row for row in rows if row[1] == q.text and row[2:5] == numbers and row[8] == q.where]
        assert same
        assert same[0][5:7] == included
        assert (same[0][7] == "%") == q.as_percent
    json.dumps(rows, allow_nan=False)


def test_alt_tells_the_numbers_in_the_language_of_the_page(drawn):
    chart, quantities, book = drawn
    alt, rows = chart.record["alt"], chart.record["data"]["rows"]
    if len(rows) <= 12:
        assert all(q.text in alt for q in quantities)
    else:
        assert all(row[1] in alt for row in rows[:10])
        assert str(len(rows) - 10) in alt.rpartition(book.say("；", "; "))[2]
        assert len(alt) < 1000
    assert book.lang == "zh" or not any("\u4e00" <= c <= "\u9fff" for c in alt)
    assert book.lang == "en" or alt.endswith("。")


def test_what_is_given_replaces_what_would_be_made():
    own = {"alt": "My alt", "note": "My note", "source": "My source"}
    assert (
        charts.bars([figure("30多项")], **WORDS, **own).record | own
        == charts.bars([figure("30多项")], **WORDS, **own).record
    )


def test_nothing_given_is_changed(book):
    frame, areas = book.chapter("livelihood"), book.table("areas")
    quantities = growth(book)[::-1]
    before = copy.deepcopy((frame, areas, quantities))
    charts.bars(quantities, **WORDS)
    charts.bars(frame[frame["measure"] == "growth"], **WORDS)
    charts.tiles(areas, values := {"luohu": quantities[0]}, **WORDS)
    pd.testing.assert_frame_equal(frame, before[0])
    pd.testing.assert_frame_equal(areas, before[1])
    assert quantities == before[2]
    assert values == {"luohu": quantities[0]}


def test_a_frame_is_read_by_its_quantities(book):
    frame = book.chapter("livelihood")
    shares = frame[frame["measure"] == "share"]
    assert charts.bars(shares, sort=False, **WORDS).record["figures"] == list(shares.index)


def test_a_chart_displays_as_plotly_with_its_record_and_nothing_else(drawn):
    chart, _, _ = drawn
    bundle, metadata = InteractiveShell.instance().display_formatter.format(chart)
    assert set(bundle) == {MIME, "text/plain"}
    assert metadata == {"press": {"chart": chart.record}}
    assert "meta" not in bundle[MIME]["layout"]
    assert chart.record["title"] in bundle[MIME]["layout"]["title"]["text"]
    json.dumps(bundle, allow_nan=False)


def test_copies_and_changes_keep_the_record():
    chart = charts.bars([figure("30多项")], **WORDS)
    assert copy.deepcopy(chart).update_layout(height=900).record == chart.record


def test_a_source_line_names_each_paragraph_once(book):
    chart = charts.bars(growth(book), **WORDS)
    assert chart.record["source"] == book.say("原文第4段", "source text, paragraph 4")
    two = charts.bars([book.health.beds, *growth(book)], **WORDS)
    assert two.record["source"] == book.say("原文第4、6段", "source text, paragraphs 4, 6")


def test_a_source_line_tells_what_is_cited_and_what_is_derived(book):
    cited = charts.waffle(book.context.housing, **WORDS).record["source"]
    assert cited == next(iter(book.context.housing)).where
    assert charts.share(kindergartens(book), **WORDS).record["source"].endswith(book.say("推算", "arithmetic"))


# the marks: on the axes stand the values themselves


def of(number, low=None, high=None, label="Label", name=""):
    value = Fraction(number)
    low, high = value if low is None else Fraction(low), value if high is None else Fraction(high)
    return Quantity(value, low, high, figure=name or f"n.n{abs(value.numerator)}", label=label, lang="en")


def trace(chart, name=None):
    return next(one for one in chart.data if one.name == name)


counts = st.lists(st.integers(1, 10**9), min_size=1, max_size=9)
numbers = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9)
ranges = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(numbers)
def test_bars_stand_at_their_values(values):
    chart = charts.bars([of(n) for n in values], sort=False, **WORDS)
    assert list(chart.data[0].x) == values
    assert list(chart.data[0].y) == list(range(len(values)))
    start, end = chart.layout.xaxis.range
    assert start == min(0, *values)
    assert end == (max(0, *values) or (1 if not any(values) else 0))


@settings(max_examples=40, deadline=None)
@given(ranges)
def test_pale_ends_whiskers_and_intervals_lie_between_the_bounds(told):
    quantities = [of(n, n - under, n + over) for n, under, over in told]
    ends = [(float(q.low), float(q.high)) for q in quantities]
    span = max(float(q.high) for q in quantities)
    bars = charts.bars(quantities, sort=False, **WORDS)
    drawn = [one for one in bars.data if one.name == "bounds"]
    for low, width, (least, most) in zip(drawn[0].base, drawn[0].x, ends, strict=True) if drawn else []:
        if most - least > span * 0.006 + 1e-9:
            assert (low, low + width) == pytest.approx((least, most))
    (dots,) = [one for one in charts.dots(quantities, sort=False, **WORDS).data if one.mode == "markers"]
    for x, below, above, (least, most) in zip(dots.x, dots.error_x.arrayminus, dots.error_x.array, ends, strict=True):
        assert (x - below, x + above) == pytest.approx((least, most))
    boxes = charts.intervals(quantities, **WORDS).data[0]
    lows = list(boxes.base)
    assert [(low, low + width) for low, width in zip(lows, boxes.x, strict=True)] == pytest.approx(ends)


def test_a_percentage_stands_at_its_fraction(book):
    chart = charts.bars(growth(book), **WORDS)
    assert chart.data[0].x[0] == pytest.approx(0.379)
    assert list(chart.layout.xaxis.ticktext)[:2] == ["0%", "10%"]


@given(counts)
@settings(max_examples=30, deadline=None)
def test_bars_stand_in_order_of_size(values):
    texts = [row[2] for row in charts.bars([of(n) for n in values], **WORDS).record["data"]["rows"]]
    assert texts == sorted(values, reverse=True)


def test_exact_numbers_have_no_pale_end_and_no_note():
    chart = charts.bars([figure("30项")], **WORDS)
    assert all(one.name != "bounds" for one in chart.data)
    assert chart.record["note"] == ""


def test_what_is_marked_is_blue_and_the_others_are_grey(book):
    chart = charts.bars(growth(book), marked=[growth(book)[0].label], sort=False, **WORDS)
    found = list(chart.data[0].marker.color)
    assert found == [colours.BLUE, *[colours.GREY] * (len(found) - 1)]


def test_a_frame_of_plain_numbers_is_drawn_with_its_bounds():
    frame = pd.DataFrame({"what": ["A", "B"], "part": [0.2, 0.35], "least": [0.15, 0.3], "most": [0.25, 0.4]})
    chart = charts.bars(frame, x="part", y="what", low="least", high="most", unit="%", **WORDS)
    assert list(chart.data[0].x) == [0.35, 0.2]
    assert list(trace(chart, "bounds").base) == [0.3, 0.15]
    assert chart.record["data"]["rows"][0][:5] == ["B", "30–40%", 35, 30, 40]


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 8))
def test_ticks_are_few_round_and_evenly_apart(one, other, most):
    low, high = Fraction(min(one, other), 1000), Fraction(max(one, other), 1000)
    found = ticks(low, high, most)
    assert len(found) <= most + 1
    assert all(low <= tick <= high for tick in found)
    steps = {after - before for before, after in pairwise(found)}
    assert len(steps) <= 1
    for step in steps:
        assert str(step.numerator).rstrip("0") in ("1", "2", "5")
        assert str(step.denominator).strip("0") in ("1", "2", "5")
        assert all((tick / step).denominator == 1 for tick in found)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=7))
@settings(max_examples=30, deadline=None)
def test_parts_stand_one_after_the_other_from_zero_to_the_whole(values):
    chart = charts.share([of(n) for n in values], **WORDS)
    assert list(chart.data[0].x) == values
    assert list(chart.data[0].base) == [sum(values[:place]) for place in range(len(values))]
    assert list(chart.layout.xaxis.range) == [0, sum(values)]


def test_a_part_that_is_not_sure_is_called_by_its_range(book):
    rest = (1 - book.livelihood.share).named("其余", "The rest")
    chart = charts.share([book.livelihood.share, rest], rest=True, **WORDS)
    wide = [note.text for note in chart.layout.annotations if note.name == "wide"]
    assert f"<b>{book.livelihood.share.bounds_text}</b>" in wide
    assert trace(chart, "bounds").base[0] == pytest.approx(0.65)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=5).filter(any), st.integers(1, 120), st.integers(1, 25))
@settings(max_examples=40, deadline=None)
def test_a_waffle_gives_each_part_its_share_of_the_cells(values, cells, columns):
    chart = charts.waffle([of(n) for n in values], cells=cells, columns=columns, **WORDS)
    drawn_parts = [sum(one.x) / 0.88 for one in chart.data]
    wanted = [n * cells / sum(values) for n in values if n]
    assert drawn_parts == pytest.approx(wanted)


def test_the_larger_the_number_the_darker_the_tile(book):
    chart, quantities = tiles(book, WORDS)
    fills = dict(zip(book.table("areas")["id"], chart.data[0].marker.color, strict=True))
    by_size = [fills[key] for key in ("luohu", "baoan", "shenshan")]
    assert [q.value for q in (quantities[0], quantities[2], quantities[1])] == sorted(q.value for q in quantities)
    assert [int(c[1:3], 16) for c in by_size] == sorted((int(c[1:3], 16) for c in by_size), reverse=True)
    assert list(fills.values()).count(colours.EMPTY) == 8


def test_tiles_stand_at_their_row_and_column(book):
    areas = book.table("areas")
    drawn = charts.tiles(areas, {"luohu": "named"}, **WORDS).data[0]
    places = [(round(base + length / 2), y) for base, length, y in zip(drawn.base, drawn.x, drawn.y, strict=True)]
    assert places == list(zip(areas["col"].astype(int), areas["row"].astype(int), strict=True))


def test_tiles_of_one_category_share_its_colour(book):
    chart = charts.tiles(book.table("areas"), {"luohu": "named", "baoan": "named", "futian": "other"}, **WORDS)
    fills = dict(zip(book.table("areas")["id"], chart.data[0].marker.color, strict=True))
    assert fills["luohu"] == fills["baoan"] != fills["futian"]


def test_the_name_of_a_tile_leads_where_it_is_told_to_and_nowhere_else(book):
    areas = book.table("areas")
    chart = charts.tiles(areas, {"luohu": "named"}, links={"luohu": "20-district-luohu.html"}, **WORDS)
    linked = [note.text for note in chart.layout.annotations if "<a " in note.text]
    assert len(linked) == 2
    assert all('href="20-district-luohu.html"' in text for text in linked)
    with pytest.raises(ChartError, match="wanted a page or an address"):
        charts.tiles(areas, {"luohu": "named"}, links={"luohu": "javascript:alert(1)"}, **WORDS)


def test_areas_without_a_place_on_the_grid_have_no_tile(book):
    areas = book.table("areas")
    city = pd.DataFrame([dict.fromkeys(areas.columns, "") | {"id": "city"}])
    chart = charts.tiles(pd.concat([areas, city]), {"luohu": "x"}, **WORDS)
    assert len(chart.data[0].x) == len(areas)


def test_intervals_show_what_they_share_or_the_gap_between_them():
    apart = charts.intervals([figure("30多项"), figure("50项", "c.d")], **WORDS)
    together = charts.intervals([figure("30多项"), figure("35项", "c.d")], **WORDS)
    touching = charts.intervals([figure("30多项"), figure("40项", "c.d")], **WORDS)
    fills = [chart.layout.shapes[0].fillcolor for chart in (apart, together, touching)]
    assert fills == [colours.GAP, colours.SHARED, colours.GAP]  # 30多 stays under 40
    assert (apart.layout.shapes[0].x0, apart.layout.shapes[0].x1) == (40, 50)
    assert any("at least 10" in note.text for note in apart.layout.annotations)


class Claim:
    """A check with both sides."""

    def __init__(self, statement, left, relation, right, verdict):
        self.statement, self.left, self.relation, self.right = statement, left, relation, right
        self.verdict = verdict


claims = st.lists(
    st.tuples(
        st.tuples(st.integers(1, 5000), st.integers(0, 400), st.integers(0, 400)),
        st.sampled_from(["=", "<", ">", "<=", ">="]),
        st.tuples(st.integers(500, 5000), st.integers(0, 400), st.integers(0, 400)),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(claims)
def test_a_forest_plot_stands_at_left_over_right_within_the_range_of_both(told):
    checks = []
    for place, ((n, under, over), relation, (m, less, more)) in enumerate(told):
        left = of(n, max(n - under, 0), n + over, name=f"left.n{place}")
        right = of(m, m - less, m + more, name=f"right.n{place}")
        verdict = "disagrees" if place % 2 else "agrees"
        checks.append(Claim(f"Claim {place}", left, relation, right, verdict))
    chart = charts.forest(checks, **WORDS)
    rows = [text.replace("<br>", " ").strip() for text in chart.layout.yaxis.ticktext]
    assert sorted(rows) == sorted(one.statement for one in checks)
    verdicts = [next(one.verdict for one in checks if one.statement == row) for row in rows]
    assert verdicts == sorted(verdicts, key=lambda verdict: verdict != "disagrees")  # those that fail first
    bounds = [one for one in chart.data if one.name == "bounds"]
    for place, row in enumerate(rows):
        check = next(one for one in checks if one.statement == row)
        left, right = check.left, check.right
        assert chart.data[0].x[place] == pytest.approx(float(left.value / right.value))
        assert list(bounds[place].x) == pytest.approx([float(left.low / right.high), float(left.high / right.low)])
        red = chart.data[0].marker.color[place] == colours.VERMILION
        assert red == (check.verdict == "disagrees")


def test_a_forest_plot_shades_the_side_on_which_a_claim_holds():
    sides = of(5), of(4)
    shapes = {}
    for relation in ("=", "<=", ">="):
        chart = charts.forest([Claim("A", sides[0], relation, sides[1], "agrees")], **WORDS)
        shapes[relation] = [(one.x0, one.x1) for one in chart.layout.shapes if one.type == "rect"]
    assert shapes["="] == []
    assert all(x1 == 1 and x0 < 1 for x0, x1 in shapes["<="])
    assert all(x0 == 1 and x1 > 1.25 for x0, x1 in shapes[">="])


def share(value, under, over, name):
    """A percentage of so many tenths of a per cent, and its bounds."""
    return replace(of(*(Fraction(n, 1000) for n in (value, value - under, value + over)), name=name), as_percent=True)


@settings(max_examples=40, deadline=None)
@given(claims)
def test_percentages_are_compared_by_their_difference_and_never_divided(told):
    checks = []
    for place, ((n, under, over), relation, (m, less, more)) in enumerate(told):
        sides = share(n, under, over, f"left.n{place}"), share(m, less, more, f"right.n{place}")
        checks.append(
            Claim(f"Claim {place}", sides[0], relation, sides[1], ["changed", "disagrees", "agrees"][place % 3])
        )
    chart = charts.forest(checks, **WORDS)
    rows = [text.replace("<br>", " ").strip() for text in chart.layout.yaxis.ticktext]
    for place, row in enumerate(rows):
        check = next(one for one in checks if one.statement == row)
        assert chart.data[0].x[place] == pytest.approx(float(check.left.value - check.right.value))
        wanted = {"changed": colours.BLUE, "disagrees": colours.VERMILION, "agrees": colours.SLATE}[check.verdict]
        assert chart.data[0].marker.color[place] == wanted
    even = [shape for shape in chart.layout.shapes if shape.line.color == colours.INK]
    assert {(shape.x0, shape.x1) for shape in even} == {(0, 0)}
    assert "percentage points" in chart.record["subtitle"]


ROWS = {  # kinds of charts whose labels stand above their marks on a phone
    "bars": lambda: charts.bars([of(3, 2, 4, name="a.b"), of(5, 4, 7, name="a.c")], labels=["A", "B"], **WORDS),
    "bars below zero": lambda: charts.bars([of(-3, name="a.b"), of(5, name="a.c")], labels=["A", "B"], **WORDS),
    "dots": lambda: charts.dots([of(3, name="a.b"), of(5, name="a.c")], labels=["A", "B"], **WORDS),
    "log": lambda: charts.dots([of(3, name="a.b"), of(900, name="a.c")], labels=["A", "B"], log=True, **WORDS),
    "intervals": lambda: charts.intervals(
        [of(3, 2, 4, name="a.b"), of(50, 40, 70, name="a.c")], labels=["A", "B"], **WORDS
    ),
    "forest": lambda: charts.forest(
        [Claim(name, of(n, name=f"a.{name}"), "<", of(4, name="a.d"), "agrees") for n, name in ((3, "b"), (5, "c"))],
        **WORDS,
    ),
}


@pytest.mark.parametrize("kind", ROWS)
def test_on_a_phone_no_line_or_shade_runs_through_a_label(kind):
    chart = ROWS[kind]()
    narrow = chart.record["narrow"]
    assert narrow["xaxis.showgrid"] is False
    pitch = (narrow["height"] - narrow["margin.t"] - narrow["margin.b"]) / abs(
        narrow["yaxis.range"][0] - narrow["yaxis.range"][1]
    )
    labels = [note for note in chart.layout.annotations if note.name == "narrow" and note.yanchor == "bottom"]
    assert len(labels) == 2
    boxes = []  # of labels, on the axis of rows
    for label in labels:
        bottom = label.y - label.yshift / pitch
        boxes.append((bottom - lettering.LINE * len(label.text.split("<br>")) / pitch, bottom))
    drawn = [shape for shape in chart.layout.shapes if shape.name != "wide"]
    assert drawn
    for shape in drawn:
        top, bottom = sorted((shape.y0, shape.y1))
        assert not [box for box in boxes if top < box[1] and bottom > box[0]], (kind, shape)
    starts_at_zero = chart.layout.xaxis.range[0] == 0 and chart.layout.xaxis.type != "log"
    assert starts_at_zero or not narrow["xaxis.zeroline"]


@given(st.floats(0, 1), st.sampled_from([(colours.BLUE, "#ffffff"), ("#d6e6f5", colours.BLUE), ("#000000", "#ffffff")]))
def test_words_on_any_fill_stand_out(part, ends):
    fill = colours.blend(*ends, part)
    assert colours.contrast(colours.ink(fill), fill) >= colours.LEGIBLE


def series(*told):
    return [(period, figure(printed, f"a.{period.replace('-', '_')}") if printed else None) for period, printed in told]


def segments(chart, dash=None):
    """The lines of a trend, solid or as asked: where each begins and ends."""
    found = []
    for one in chart.data:
        if one.mode == "lines" and (dash is None or one.line.dash == dash):
            xs = list(one.x)
            found += [(xs[n], xs[n + 1]) for n in range(0, len(xs), 3)]
    return found


def test_a_line_joins_neighbours_and_leaves_gaps_open():
    told = series(
        ("2015", "3个"), ("2017", "4个"), ("2018", "5个"), ("2018-06", "6个"), ("2019", None), ("2020", "7个")
    )
    chart = charts.trend({"A": told}, **WORDS)
    assert segments(chart) == [(2017, 2017.5), (2017.5, 2018)]
    assert ["2019", "not found"] in [row[:2] for row in chart.record["data"]["rows"]]
    assert "Dash: not found." in chart.record["note"]


def test_a_line_is_dotted_where_its_ends_may_be_equal():
    chart = charts.trend({"A": series(("2018", "30多个"), ("2019", "35个"), ("2020", "50个"))}, **WORDS)
    assert segments(chart, "dot") == [(2018, 2019)]
    assert segments(chart, "solid") == [(2019, 2020)]
    assert "Dotted" in chart.record["note"]


def test_no_line_crosses_a_break():
    told = series(("2019", "3个"), ("2020", "4个"), ("2021", "5个"))
    assert len(segments(charts.trend({"A": told}, **WORDS))) == 2
    cut = charts.trend({"A": told}, breaks={"2020-06": "New method"}, **WORDS)
    assert len(segments(cut)) == 1
    assert any("New method" in note.text for note in cut.layout.annotations)
    assert [shape.x0 for shape in cut.layout.shapes] == [2019.5]


def test_a_level_is_drawn_across_at_its_value():
    chart = charts.trend(
        {"A": series(("2019", "3个"), ("2020", "9个"))}, reference={"Goal": figure("5个", "g")}, **WORDS
    )
    assert [(shape.y0, shape.y1) for shape in chart.layout.shapes] == [(5, 5)]
    assert any("Goal" in note.text and "5" in note.text for note in chart.layout.annotations)
    assert "g" in chart.record["figures"]


def test_a_further_source_is_an_open_ring_beside_the_line():
    told = [*series(("2018", "3个"), ("2019", "4个")), ("2019", figure("9个", "c.d"))]
    chart = charts.trend({"A": told}, **WORDS)
    (ring,) = [t for t in chart.data if t.mode == "markers" and t.marker.symbol == "circle-open"]
    (dots,) = [t for t in chart.data if t.mode == "markers" and t.marker.symbol != "circle-open"]
    assert (list(ring.y), list(dots.y), len(segments(chart))) == ([9], [3, 4], 1)
    assert chart.record["figures"] == ["a.2018", "a.2019", "c.d"]
    assert "Open ring" in chart.record["note"]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 10**6)), min_size=2, max_size=12, unique_by=lambda t: t[0])
)
@settings(max_examples=30, deadline=None)
def test_a_trend_stands_at_its_periods_and_values(told):
    data = series(*((str(2010 + year), f"{number}个") for year, number in told))
    order = sorted(told)
    for chart in (charts.trend({"A": data}, **WORDS), charts.multiples({"A": data}, **WORDS)):
        (dots,) = [t for t in chart.data if t.mode == "markers"]
        assert list(dots.x) == [2010 + year for year, _ in order]
        assert list(dots.y) == [number for _, number in order]
        low, high = chart.layout.yaxis.range
        assert low == 0
        assert high >= max(number for _, number in order)


def test_a_whisker_spans_the_bounds():
    chart = charts.trend({"A": series(("2019", "30多个"), ("2020", "40个"))}, **WORDS)
    (dots,) = [t for t in chart.data if t.mode == "markers"]
    assert (dots.y[0] - dots.error_y.arrayminus[0], dots.y[0] + dots.error_y.array[0]) == (30, 40)


def test_a_trend_reads_frames_and_a_single_number(book):
    frame = book.cited("volunteers.registered")
    by_frame = charts.trend({"A": frame}, **WORDS)
    by_pairs = charts.trend({"A": zip(frame["period"], frame["quantity"], strict=True)}, **WORDS)
    assert by_frame.to_dict() == by_pairs.to_dict()
    assert charts.trend({"A": frame[:1]}, **WORDS).record["figures"] == list(frame.index[:1])


def test_alt_names_a_group_once():
    told = {"City": series(("2019", "3个"), ("2020", "4个")), "Town": series(("2019", "5个"))}
    alt = charts.multiples(told, **WORDS).record["alt"]
    assert alt.endswith(". City: 2019: 3; 2020: 4; Town: 2019: 5.")


# in JupyterLab, and away from it


def test_a_figure_says_title_subtitle_note_and_source_in_itself(drawn):
    chart, _, _ = drawn
    record, layout = chart.record, chart.layout
    said = layout.title.text + (layout.title.subtitle.text or "")
    (caption,) = [note.text for note in layout.annotations if note.name == "caption"]
    squeezed = "".join(lettering._TAG.sub("", said + caption).split())
    for name in ("title", "subtitle", "source"):
        words = "".join(record[name].split())
        assert words[:40] in squeezed.replace("&amp;", "&")
    room = record["room"]
    assert layout.height > room["top"] + room["bottom"]
    assert layout.margin.t >= room["top"]
    assert layout.margin.b >= room["bottom"]


def test_what_a_phone_changes_is_hidden_or_named(drawn):
    chart, _, _ = drawn
    narrow = chart.record["narrow"]
    assert narrow["height"] > 0
    for element in [*chart.layout.annotations, *chart.layout.shapes, *chart.data]:
        if element.name == "narrow":
            assert element.visible is False
    copy.deepcopy(chart).plotly_relayout(narrow)  # plotly knows every key


def test_a_chart_is_written_and_read_again_as_any_figure_of_plotly(drawn):
    chart, _, _ = drawn
    again = plotly.io.from_json(chart.to_json())
    assert again.layout.title.text == chart.layout.title.text
    assert len(again.data) == len(chart.data)


# words on the drawing


@given(st.text(alphabet="ab c社区-,。W", max_size=60), st.integers(3, 30))
def test_wrapping_keeps_every_character_and_the_width(words, width):
    lines = lettering.wrap(words, width)
    if len(lines) < 8:
        assert "".join("".join(lines).split()) == "".join(words.split())
    assert len(lines) <= 8
    assert all(lettering.ems(line.rstrip(",。")) <= width for line in lines)


HOSTILE = [
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "<b onload=x>",
    "%{x}</extra>",
    "W" * 10_000,
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_words_of_data_stay_words(words, book):
    q = figure("20项", label=words)
    drawings = [
        charts.bars([q], id="a", title=words),
        charts.share([q], **WORDS),
        charts.dots([q], id="a", title="T", subtitle=words, note=words),
        charts.intervals([q, q], labels=[words, "B"], **WORDS),
        charts.forest([Claim(words, q, "=", q, "agrees")], **WORDS),
        charts.multiples({words: [("2019", q)], "B": [("2020", q)]}, **WORDS),
        charts.trend({words[:60]: [("2019", q)], "B": [("2020", q)]}, breaks={"2020": words}, **WORDS),
        charts.tiles(
            book.table("areas").assign(short_zh=words, short_en=words, name_zh=words), {"luohu": words}, **WORDS
        ),
    ]
    for chart in drawings:
        drawing = json.dumps(chart.to_dict() | {"layout": chart.layout.to_plotly_json() | {"meta": None}})
        assert "<script" not in drawing
        assert "<a " not in drawing
        assert "<b o" not in drawing


def lightness(colour, matrix):
    """A colour as someone sees it whose vision is `matrix`: CIE lightness and chroma, roughly (OKLab)."""
    linear = [(int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5)]
    r, g, b = (max(0.0, sum(m * c for m, c in zip(row, linear, strict=True))) for row in matrix)
    cone = [
        (0.4122 * r + 0.5363 * g + 0.0514 * b) ** (1 / 3),
        (0.2119 * r + 0.6807 * g + 0.1074 * b) ** (1 / 3),
        (0.0883 * r + 0.2817 * g + 0.6300 * b) ** (1 / 3),
    ]
    lab = ((0.2105, 0.7936, -0.0041), (1.9780, -2.4286, 0.4506), (0.0259, 0.7828, -0.8087))
    return [sum(k * c for k, c in zip(row, cone, strict=True)) for row in lab]


# Machado, Oliveira & Fernandes (2009), severity 1.0
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


@pytest.mark.parametrize("palette", [(*colours.PARTS, colours.REST), colours.PALETTE], ids=["parts", "palette"])
@pytest.mark.parametrize("vision", VISIONS)
def test_the_colours_of_parts_stay_apart_in_every_vision(vision, palette):
    seen = [lightness(colour, VISIONS[vision]) for colour in palette]
    for one, other in combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.07


# refusals


MIXED = [figure("18.8%"), figure("38亿元", "c.d")]
ROW = {"x": "n", "y": "what"}


@pytest.mark.parametrize(
    ("draws", "said"),
    [
        (lambda: charts.bars([figure("3个")], id="a", title=" "), "no chart is shown without"),
        (lambda: charts.bars([figure("3个")], id="Two words", title="T"), "wanted a slug"),
        (lambda: charts.bars([], **WORDS), "a-chart.*no quantities: wanted at least one"),
        (lambda: charts.bars([3], **WORDS), "found 3: wanted quantities"),
        (lambda: charts.bars(MIXED, **WORDS), r"18\.8%.*3\.8 billion.*on one axis"),
        (lambda: charts.dots(MIXED, **WORDS), "on one axis"),
        (lambda: charts.intervals(MIXED, **WORDS), "on one axis"),
        (lambda: charts.share(MIXED, **WORDS), "on one axis"),
        (lambda: charts.forest([Claim("A", *MIXED[:1], "=", MIXED[1], "agrees")], **WORDS), "on one axis"),
        (lambda: charts.bars([figure("3个"), figure("3年", "c.d")], **WORDS), "on one axis"),
        (lambda: charts.bars([figure("3个"), figure("3个", lang="zh")], **WORDS), "en and zh: wanted one language"),
        (lambda: charts.bars([figure("3个")], labels=["A", "B"], **WORDS), "2 labels for 1 quantities"),
        (lambda: charts.bars([figure("3个")], marked=["B"], **WORDS), 'marked "B": wanted one of Label'),
        (lambda: charts.dots([figure("3个"), figure("0个", "c.d")], log=True, **WORDS), "wants numbers above zero"),
        (
            lambda: charts.share([figure("50%"), figure("30%", "c.d")], **WORDS),
            "parts .*50%.* wanted .* add up to 100%",
        ),
        (lambda: charts.waffle([figure("80%"), figure("30%", "c.d")], **WORDS), "add up to 100%"),
        (lambda: charts.share([figure("0个")], **WORDS), "wanted parts of a whole"),
        (lambda: charts.forest([], **WORDS), "no checks: wanted at least one"),
        (
            lambda: charts.forest([Claim("A", None, "=", of(3), "cannot tell")], **WORDS),
            '"A" has no number on one side',
        ),
        (lambda: charts.forest([Claim("A", of(3), "=", of(0), "disagrees")], **WORDS), '"A": 3 ÷ 0'),
        (lambda: charts.multiples({}, **WORDS), "no series: wanted at least one"),
        (lambda: charts.multiples({"A": [("2019", None)]}, **WORDS), '"A" has no quantities'),
        (lambda: charts.trend({}, **WORDS), "no quantities: wanted at least one"),
        (lambda: charts.trend({"A": [("2019", None)]}, **WORDS), "no quantities: wanted at least one"),
        (lambda: charts.trend({"A": [("2018/2035", figure("3个"))]}, **WORDS), 'period "2018/2035": wanted a year'),
        (lambda: charts.trend({"A": [("2019", figure("3个"))]}, breaks={"": "x"}, **WORDS), 'period "": wanted a year'),
        (lambda: charts.trend({"A": [("2019", figure("3个")), ("2020", figure("3%", "c.d"))]}, **WORDS), "on one axis"),
        (lambda: charts.trend({"A": [("2019", figure("3个"))]}, marked="B", **WORDS), 'marked "B": wanted one of A'),
        (
            lambda: charts.bars(pd.DataFrame({"what": ["A"], "n": ["many"]}), **ROW, **WORDS),
            "row 1, column n: found 'many': wanted a number",
        ),
        (
            lambda: charts.bars(pd.DataFrame({"what": ["A"], "n": [float("nan")]}), **ROW, **WORDS),
            "row 1, column n: found nan: wanted a number",
        ),
        (
            lambda: charts.bars(pd.DataFrame({"what": ["A"], "n": [5], "m": [6]}), **ROW, low="m", **WORDS),
            "row 1: 5 outside its bounds 6 to 5",
        ),
        (lambda: charts.bars(pd.DataFrame({"n": [5]}), x="nn", **WORDS), 'x="nn": no such column: wanted one of n'),
    ],
)
def test_what_cannot_be_drawn_honestly_is_refused_in_words(draws, said):
    with pytest.raises(ChartError, match=said):
        draws()


@pytest.mark.parametrize("name", [name for name in charts.__all__ if name[0].islower() and name != "kind"])
def test_unknown_keywords_are_refused(name):
    with pytest.raises(TypeError, match="soruce"):
        getattr(charts, name)([figure("3个")], **WORDS, soruce="x")


def test_tiles_refuse_unknown_areas_and_mixed_values(book):
    areas = book.table("areas")
    with pytest.raises(ChartError, match='no area "pudong": wanted one of futian'):
        charts.tiles(areas, {"pudong": "x"}, **WORDS)
    with pytest.raises(ChartError, match="1 categories and 1 quantities"):
        charts.tiles(areas, {"luohu": "x", "futian": book.structure.streets}, **WORDS)
    with pytest.raises(ChartError, match="6 categories"):
        charts.tiles(areas, dict(zip(areas["id"], "abcdef", strict=False)), **WORDS)

"""Charts: complete records, honest marks, words that neither collide nor leave the page, refusals that say why."""

import copy
import json
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import plotly
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from bluebook import charts, draw, open_edition
from bluebook.draw import ChartError
from bluebook.quantity import Quantity, QuantityError, published

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


def indices(book):
    beds = (100 * (1 + book.health.beds)).named("床位", "Hospital beds")
    return [beds, (100 * (1 + book.health.physicians)).named("执业医师", "Licensed physicians")]


def ratios(book):
    s = book.structure
    streets = (s.streets / s.districts).named("平均每区街道", "Streets a district, on average")
    return [streets, (s.communities / s.streets).named("平均每街道社区", "Communities a street, on average")]


def implied(book):
    years = book.structure.communities * book.micro.allocation * book.micro.years
    return [book.micro.funds, years.named("按社区数推算", "Implied by the number of communities")]


def tiles(book, words):
    values = {"luohu": book.structure.districts, "shenshan": book.organisations.social, "baoan": book.structure.streets}
    return charts.tiles(book.table("areas"), values, texts={"luohu": "<script>"}, **words), list(values.values())


def structure(book):
    return [book.structure.districts, book.structure.streets, book.structure.communities]


def medical(book):
    return [book.medical.inspections, book.medical.cases, book.medical.closures]


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


KINDS = {
    "bars": plain(charts.bars, growth),
    "bars of services": plain(charts.bars, lambda book: book.chapter("government")["quantity"].iloc[10:19]),
    "bars with wide bounds": plain(charts.bars, lambda book: [book.policy.documents, book.platform.levels]),
    "dots": plain(charts.bars, lambda book: [book.organisations.social, *book.community], log=True),
    "funnel": plain(charts.funnel, medical),
    "funnel of dots": plain(charts.funnel, lambda book: list(book.safety), log=True),
    "share": plain(charts.share, kindergartens, rest=True),
    "waffle": plain(charts.waffle, kindergartens),
    "waffle of ten": plain(charts.waffle, lambda book: list(book.context.housing), cells=10, columns=10),
    "slopes": plain(charts.slopes, indices, periods=("2015", "2020")),
    "levels": lambda book, words: (
        charts.levels(structure(book), rates=ratios(book), top=book.say("深圳市", "Shenzhen"), **words),
        [*structure(book), *ratios(book)],
    ),
    "tiles": tiles,
    "plan": lambda book, words: (charts.plan(book.plan.tasks, book.plan.years, **words), [*book.plan]),
    "pairs": lambda book, words: (
        charts.pairs(book.pairing.units, book.pairing.towns, each=book.consultation.meetings, **words),
        [book.pairing.units, book.pairing.towns, book.consultation.meetings],
    ),
    "intervals": plain(charts.intervals, implied),
    "trend": residents,
    "trend of one": lambda book, words: (
        charts.trend({"": book.cited("volunteers.registered")}, **words),
        list(book.cited("volunteers.registered")["quantity"]),
    ),
    "panels": lambda book, words: (
        charts.panels({"A": implied(book), "B" * 60: growth(book)}, apart=["B" * 60], **words),
        [*implied(book), *growth(book)],
    ),
    "arcs": lambda book, words: (
        charts.arcs([(a, b, n > 6) for n, (a, b) in enumerate(pairwise(book.chapter("society")["quantity"]))], **words),
        list(book.chapter("society")["quantity"]),
    ),
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
    assert set(record) == {"id", "title", "subtitle", "alt", "note", "source", "figures", "data"}
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
    by_label = {(row[0], row[1]): row for row in rows}
    for q in quantities:
        label = q.label if (q.label, q.text) in by_label else next(la for la, te in by_label if te == q.text)
        _, _, *numbers, low_included, high_included, unit, place = by_label[label, q.text]
        scale = 100 if q.as_percent else 1
        assert numbers == [pytest.approx(float(n * scale), rel=1e-8) for n in (q.value, q.low, q.high)]
        assert (unit == "%") == q.as_percent
        yes, no = ("是", "否") if q.lang == "zh" else ("yes", "no")
        assert (low_included, high_included) == (no if q.low_open else yes, no if q.high_open else yes)
        assert place == q.where
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


# the marks


counts = st.lists(st.integers(1, 10**9), min_size=1, max_size=9)


def of(number):
    return Quantity(
        Fraction(number), Fraction(number), Fraction(number), figure=f"n.n{abs(number)}", label="Label", lang="en"
    )


def blocks(chart):
    """(length, start, colour) of every filled rectangle."""
    found = [trace for trace in chart.data if trace.type == "bar"]
    return [b for t in found for b in zip(t.x, t.base, t.marker.color, strict=True)]


@settings(max_examples=40, deadline=None)
@given(counts)
def test_bars_are_as_long_as_their_numbers_and_leave_room_to_write_them(numbers):
    quantities = [of(n) for n in numbers]
    chart = charts.bars(quantities, sort=False, **WORDS)
    lengths = [length for length, _, _ in blocks(chart)]
    assert all(start == 0 for _, start, _ in blocks(chart))
    for (length, q), (other, r) in combinations(zip(lengths, quantities, strict=True), 2):
        assert length * float(r.value) == pytest.approx(other * float(q.value), rel=1e-6)
    for length, q in zip(lengths, quantities, strict=True):
        assert length + draw.ems(q.text) / draw.NARROW <= 1 + 1e-9


@given(st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_bars_below_zero_go_the_other_way(numbers):
    chart = charts.bars([of(n) for n in numbers], sort=False, **WORDS)
    found = blocks(chart)
    zero = {round(start if n > 0 else start + length, 9) for (length, start, _), n in zip(found, numbers, strict=True)}
    assert len(zero) == 1
    assert all(start >= 0 and start + length <= 1 for length, start, _ in found)


@given(counts)
@settings(max_examples=30, deadline=None)
def test_bars_stand_in_order_of_size(numbers):
    texts = [row[2] for row in charts.bars([of(n) for n in numbers], **WORDS).record["data"]["rows"]]
    assert texts == sorted(numbers, reverse=True)


def test_the_pale_end_of_a_bar_lies_between_the_bounds():
    (sure, _, _), (pale, start, colour) = blocks(charts.bars([figure("30多项")], **WORDS))
    assert colour == draw.PALE
    assert start == sure
    assert pale / sure == pytest.approx(1 / 3)


def test_a_number_that_may_be_on_either_side_of_zero_is_pale_on_both():
    difference = figure("30多项") - figure("35项", "c.d")
    sure, pale = blocks(charts.bars([difference], **WORDS))
    assert sure[0] == 0
    assert pale[1] < sure[1] < pale[1] + pale[0]


def test_exact_numbers_have_no_pale_end_and_no_note():
    chart = charts.bars([figure("30项")], **WORDS)
    assert len(blocks(chart)) == 1
    assert chart.record["note"] == ""


def test_a_logarithmic_scale_has_equal_steps_for_equal_ratios_and_says_so():
    chart = charts.bars([of(10), of(1000), of(100)], log=True, **WORDS)
    x = [t.x[0] for t in chart.data if t.type == "scatter" and t.mode == "markers"]
    steps = [a - b for a, b in pairwise(x)]
    assert steps[0] == pytest.approx(steps[1])
    assert any("Log scale" in a.text for a in chart.layout.annotations)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=7))
@settings(max_examples=30, deadline=None)
def test_shares_fill_the_bar_in_proportion(numbers):
    found = [b for b in blocks(charts.share([of(n) for n in numbers], **WORDS)) if b[2] != "rgba(255,255,255,0.5)"]
    starts = [start for _, start, _ in found]
    assert starts == pytest.approx([sum(numbers[:i]) / sum(numbers) for i in range(len(numbers))])


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=5).filter(any), st.integers(1, 120), st.integers(1, 25))
@settings(max_examples=40, deadline=None)
def test_a_waffle_gives_each_part_its_share_of_the_cells(numbers, cells, columns):
    chart = charts.waffle([of(n) for n in numbers], cells=cells, columns=columns, **WORDS)
    drawn_parts = [sum(t.x) / (1 / columns - 0.006) for t in chart.data]
    wanted = [n * cells / sum(numbers) for n in numbers if n]
    assert drawn_parts == pytest.approx(wanted)


def test_levels_and_pairs_draw_a_dot_for_each_unit(book):
    dots = [len(t.x) for t in charts.levels(structure(book), top="Shenzhen", **WORDS).data]
    assert dots == [1, 11, 78, 707]
    pairs = charts.pairs(book.pairing.units, book.pairing.towns, each=book.community.teams * 0 + 5, **WORDS)
    assert [len(t.x) for t in pairs.data if t.mode == "markers"] == [78, 78, 390]


def test_the_larger_the_number_the_darker_the_tile(book):
    chart, quantities = tiles(book, WORDS)
    colours = dict(zip(book.table("areas")["id"], chart.data[0].marker.color, strict=True))
    by_size = [colours[key] for key in ("luohu", "baoan", "shenshan")]
    assert [q.value for q in (quantities[0], quantities[2], quantities[1])] == sorted(q.value for q in quantities)
    assert [int(c[1:3], 16) for c in by_size] == sorted((int(c[1:3], 16) for c in by_size), reverse=True)
    assert list(colours.values()).count(draw.FAINT) == 8


def test_tiles_of_one_category_share_its_colour(book):
    chart = charts.tiles(book.table("areas"), {"luohu": "named", "baoan": "named", "futian": "other"}, **WORDS)
    colours = dict(zip(book.table("areas")["id"], chart.data[0].marker.color, strict=True))
    assert colours["luohu"] == colours["baoan"] != colours["futian"]


def test_areas_without_a_place_on_the_grid_have_no_tile(book):
    areas = book.table("areas")
    city = pd.DataFrame([dict.fromkeys(areas.columns, "") | {"id": "city"}])
    chart = charts.tiles(pd.concat([areas, city]), {"luohu": "x"}, **WORDS)
    assert len(chart.data[0].x) == len(areas)


def test_intervals_show_what_they_share_or_the_gap_between_them():
    apart = charts.intervals([figure("30多项"), figure("50项", "c.d")], **WORDS)
    together = charts.intervals([figure("30多项"), figure("35项", "c.d")], **WORDS)
    touching = charts.intervals([figure("30多项"), figure("40项", "c.d")], **WORDS)
    assert "gap" in apart.record["note"]
    assert "share" in together.record["note"]
    assert "gap" in touching.record["note"]  # 30多 stays under 40


def series(*told):
    return [(period, figure(printed, f"a.{period.replace('-', '_')}") if printed else None) for period, printed in told]


def lines(chart):
    """The lines of a trend that are not its axis or a break: where each begins and ends."""
    return [list(t.x) for t in chart.data if t.type == "scatter" and t.mode == "lines" and t.line.width == 2]


def test_a_line_joins_neighbours_and_leaves_gaps_open():
    told = series(
        ("2015", "3个"), ("2017", "4个"), ("2018", "5个"), ("2018-06", "6个"), ("2019", None), ("2020", "7个")
    )
    chart = charts.trend({"A": told}, **WORDS)
    assert len(lines(chart)) == 2  # 2017 to the middle of 2018, and on to its end
    assert lines(chart)[0][1] == lines(chart)[1][0]
    assert ["2019", "not found"] in [row[:2] for row in chart.record["data"]["rows"]]
    assert "Dash: not found." in chart.record["note"]


def test_no_line_crosses_a_break():
    told = series(("2019", "3个"), ("2020", "4个"), ("2021", "5个"))
    assert len(lines(charts.trend({"A": told}, **WORDS))) == 2
    cut = charts.trend({"A": told}, breaks={"2020-06": "New method"}, **WORDS)
    assert len(lines(cut)) == 1
    assert any(note.text == "New method" for note in cut.layout.annotations)


def test_a_further_source_is_an_open_ring_beside_the_line():
    told = [*series(("2018", "3个"), ("2019", "4个")), ("2019", figure("9个", "c.d"))]
    chart = charts.trend({"A": told}, **WORDS)
    (ring,) = [t for t in chart.data if t.mode == "markers" and t.marker.symbol == "circle-open"]
    (dots,) = [t for t in chart.data if t.mode == "markers" and t.marker.symbol != "circle-open"]
    assert (len(ring.x), len(dots.x), len(lines(chart))) == (1, 2, 1)
    assert ring.y[0] < dots.y[1] == min(dots.y)  # nine stands above four
    assert chart.record["figures"] == ["a.2018", "a.2019", "c.d"]
    assert "Open ring" in chart.record["note"]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 10**6)), min_size=2, max_size=12, unique_by=lambda t: t[0])
)
@settings(max_examples=30, deadline=None)
def test_a_trend_stands_at_its_periods_and_values(told):
    chart = charts.trend({"A": series(*((str(2010 + year), f"{number}个") for year, number in told))}, **WORDS)
    (dots,) = [t for t in chart.data if t.mode == "markers"]
    order = sorted(told)
    steps = [(x - dots.x[0]) * (order[-1][0] - order[0][0]) for x in dots.x]
    assert steps == pytest.approx([0.92 * (year - order[0][0]) for year, _ in order], abs=1e-3)
    zero = next(t.y[0] for t in chart.data if t.mode == "lines" and list(t.x) == [0, 1])
    top = max(number for _, number in told) or 1
    assert [(zero - y) / 210 for y in dots.y] == pytest.approx([number / top for _, number in order])


def test_a_whisker_spans_the_bounds():
    chart = charts.trend({"A": series(("2019", "30多个"), ("2020", "40个"))}, **WORDS)
    (whisker,) = [t for t in chart.data if t.type == "bar"]
    (dots,) = [t for t in chart.data if t.type == "scatter" and t.mode == "markers"]
    assert whisker.y[0] + whisker.width[0] / 2 == pytest.approx(dots.y[0])  # from 30
    assert whisker.y[0] - whisker.width[0] / 2 == pytest.approx(dots.y[1])  # to 40


def test_a_trend_reads_frames_and_a_single_number(book):
    frame = book.cited("volunteers.registered")
    by_frame = charts.trend({"A": frame}, **WORDS)
    by_pairs = charts.trend({"A": zip(frame["period"], frame["quantity"], strict=True)}, **WORDS)
    assert by_frame.to_dict() == by_pairs.to_dict()
    assert charts.trend({"A": frame[:1]}, **WORDS).record["figures"] == list(frame.index[:1])


def test_panels_shade_what_each_pair_shares_and_the_gap_only_where_it_counts():
    far, near = [figure("30多项"), figure("50项", "c.d")], [figure("30多项"), figure("35项", "c.d")]
    shades = [
        {str(colour) for trace in chart.data if trace.type == "bar" for colour in trace.marker.color}
        for chart in (
            charts.panels({"Near": near}, **WORDS),
            charts.panels({"Far": far}, apart=["Far"], **WORDS),
            charts.panels({"Far": far}, **WORDS),
        )
    ]
    blue, red = "rgba(31,94,168,0.14)", "rgba(184,69,42,0.22)"
    assert [(blue in shade, red in shade) for shade in shades] == [(True, False), (False, True), (False, False)]


def test_alt_names_a_group_once():
    pair = [figure("30多项", label="Tasks"), figure("50项", "c.d", label="Done")]
    alt = charts.panels({"City": pair, "Town": pair}, **WORDS).record["alt"]
    assert alt.endswith(". City: Tasks: over 30; Done: 50; Town: Tasks: over 30; Done: 50.")


def test_a_square_for_each_thing_in_the_colour_of_its_category():
    groups = {"Money": {"Total": "yes", "Share": "no"}, "People": {"Residents": "yes"}}
    chart = charts.marks(groups, {"yes": "#111111", "no": "#222222"}, **WORDS)
    squares = [list(trace.marker.color) for trace in chart.data if trace.type == "bar"]
    assert squares == [["#111111", "#222222"], ["#111111"]]
    assert [row[:2] for row in chart.record["data"]["rows"]] == [
        ["Money, Total", "yes"], ["Money, Share", "no"], ["People, Residents", "yes"],
    ]  # fmt: skip


def test_arcs_join_what_is_linked_and_mark_it():
    a, b, c = (figure("3个", f"x.{name}", label=name) for name in "abc")
    chart = charts.arcs([(a, b, False), (b, c, False), (a, b, True)], **WORDS)
    lines = [trace for trace in chart.data if trace.mode == "lines"]
    assert [line.line.color for line in lines] == ["#b8452a", "#1f5ea8"]
    dots = [trace.y[0] for trace in chart.data if trace.mode == "markers"]
    assert [(round(line.y[0], 3), round(line.y[-1], 3)) for line in lines] == [(dots[0], dots[1]), (dots[1], dots[2])]


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 80)), min_size=1, max_size=8),
)
def test_labels_pushed_apart_keep_their_order_and_do_not_overlap(boxes):
    places, heights = [p for p, _ in boxes], [h for _, h in boxes]
    moved = charts._apart(places, heights)
    order = sorted(range(len(boxes)), key=lambda i: places[i])
    assert all(after >= before for after, before in zip(moved, places, strict=True))
    for i, j in pairwise(order):
        assert moved[j] - moved[i] >= (heights[i] + heights[j]) / 2 - 1e-9


# words on the drawing


@given(st.text(alphabet="ab c社区-,。W", max_size=60), st.integers(3, 30))
def test_wrapping_keeps_every_character_and_the_width(words, width):
    lines = draw.wrap(words, width)
    if len(lines) < 8:
        assert "".join("".join(lines).split()) == "".join(words.split())
    assert len(lines) <= 8
    assert all(draw.ems(line.rstrip(",。")) <= width for line in lines)


HOSTILE = [
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "<b onload=x>",
    "%{x}</extra>",
    "W" * 10_000,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_data_stay_words(words, book):
    q = figure("20项", label=words)
    drawings = [
        charts.bars([q], id="a", title=words),
        charts.share([q], **WORDS),
        charts.levels([q], top=words, **WORDS),
        charts.plan(q, figure("3年"), periods=[words] * 3, **WORDS),
        charts.slopes([q], periods=(words, words), **WORDS),
        charts.cycle([words] * 3, **WORDS),
        charts.trend({words: [("2019", q)], "B": [("2020", q)]}, breaks={"2020": words}, **WORDS),
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


@pytest.mark.parametrize("vision", VISIONS)
def test_the_colours_of_parts_stay_apart_in_every_vision(vision):
    seen = [lightness(colour, VISIONS[vision]) for colour in (*draw.PALETTE, draw.REST)]
    for one, other in combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.07


DRAW = """async ([figure, width, numbers]) => {
  const stage = document.getElementById("stage");
  stage.style.cssText = `width: ${width}px; height: ${figure.layout.height}px`;
  await Plotly.newPlot(stage, figure.data, figure.layout, {responsive: false});
  const all = [...stage.querySelectorAll(".annotation-text, .gtitle, .bartext")];
  const boxes = all.map((e) => [e.getBoundingClientRect(), e.textContent]);
  const frame = stage.getBoundingClientRect();
  const out = boxes.filter(([b]) => b.left < frame.left - 1 || b.right > frame.right + 1 ||
    b.top < frame.top - 1 || b.bottom > frame.bottom + 1).map(([, text]) => "cut: " + text);
  boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, two]) => {
    const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (x > 2 && y > 4) out.push(`overlap: ${one} / ${two}`);
  }));
  const marks = stage.querySelectorAll(".point path, path.point, .js-line").length;
  const told = figure.data.findIndex((trace) => trace.hovertext);
  const facts = [figure.data[told].hovertext].flat();
  const pointNumber = Math.max(0, facts.findIndex((fact) => numbers.some((number) => fact.includes(number))));
  Plotly.Fx.hover(stage, [{ curveNumber: told, pointNumber }]);
  const hover = [...stage.querySelectorAll(".hoverlayer text")].map((e) => e.textContent).join("");
  Plotly.purge(stage);
  return { out, marks, hover };
}"""


@pytest.fixture(scope="module")
def stage(chromium, tmp_path_factory):
    """An empty page with plotly.js."""
    script = Path(plotly.__path__[0]) / "package_data" / "plotly.min.js"
    path = tmp_path_factory.mktemp("stage") / "stage.html"
    path.write_text(
        f'<meta charset="utf-8"><body style="margin:0"><div id="stage"></div><script src="{script.as_uri()}"></script>'
    )
    page = chromium.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("width", [358, 760, 1120])
def test_words_neither_collide_nor_leave_the_drawing(drawn, stage, width):
    chart, quantities, _ = drawn
    figure = chart._repr_mimebundle_()[0][MIME]
    found = stage.evaluate(DRAW, [figure, width, [q.text for q in quantities]])
    assert found["out"] == []
    assert found["marks"] > 0
    assert any(q.text in found["hover"] for q in quantities)


# refusals


MIXED = [figure("18.8%"), figure("38亿元", "c.d")]


@pytest.mark.parametrize(
    ("draws", "said"),
    [
        (lambda: charts.bars([figure("3个")], title="A finding"), "no chart is shown without an id and a title"),
        (lambda: charts.bars([figure("3个")], id="a"), "no chart is shown without an id and a title"),
        (lambda: charts.bars([figure("3个")], id="a", title=" "), "no chart is shown without"),
        (lambda: charts.bars([figure("3个")], id="Two words", title="T"), "wanted a slug"),
        (lambda: charts.bars([], **WORDS), "a-chart.*no quantities: wanted at least one"),
        (lambda: charts.bars([3], **WORDS), "found 3: wanted quantities"),
        (lambda: charts.bars(MIXED, **WORDS), r"18\.8%.*3\.8 billion.*on one axis"),
        (lambda: charts.bars([figure("3个"), figure("3年", "c.d")], **WORDS), "on one axis"),
        (lambda: charts.bars([figure("3个"), figure("3个", lang="zh")], **WORDS), "en and zh: wanted one language"),
        (lambda: charts.bars([figure("3个")], labels=["A", "B"], **WORDS), "2 labels for 1 quantities"),
        (lambda: charts.bars([figure("3个"), figure("0个", "c.d")], log=True, **WORDS), "wants numbers above zero"),
        (
            lambda: charts.funnel([figure("9个"), figure("3个")], rates=[], **WORDS),
            "0 rates between 2 numbers: wanted 1",
        ),
        (lambda: charts.funnel(MIXED, **WORDS), "on one axis"),
        (
            lambda: charts.share([figure("50%"), figure("30%", "c.d")], **WORDS),
            "parts .*50%.* wanted .* add up to 100%",
        ),
        (lambda: charts.waffle([figure("80%"), figure("30%", "c.d")], **WORDS), "add up to 100%"),
        (lambda: charts.share([figure("0个")], **WORDS), "wanted parts of a whole"),
        (lambda: charts.levels([figure("30多个")], **WORDS), "wanted an exact count"),
        (lambda: charts.levels([figure("9000个")], **WORDS), "exact count from 1 to 2000"),
        (lambda: charts.pairs(figure("78个"), figure("77个", "c.d"), **WORDS), "wanted two equal counts"),
        (
            lambda: charts.plan(figure("49项"), figure("3年"), periods=["2020"], **WORDS),
            "1 periods for 3 years: wanted 3",
        ),
        (lambda: charts.panels({}, **WORDS), "no groups: wanted at least one"),
        (lambda: charts.panels({"A": MIXED}, **WORDS), "on one axis"),
        (lambda: charts.arcs([], **WORDS), "no quantities: wanted at least one"),
        (
            lambda: charts.marks({"A": {"B": "maybe"}}, {"yes": "#1f5ea8"}, **WORDS),
            "1 groups of maybe: wanted .* each yes",
        ),
        (lambda: charts.marks({}, {"yes": "#1f5ea8"}, **WORDS), "0 groups"),
        (lambda: charts.cycle(["Once", "Twice"], **WORDS), "wanted three or more steps"),
        (lambda: charts.trend({}, **WORDS), "no quantities: wanted at least one"),
        (lambda: charts.trend({"A": [("2019", None)]}, **WORDS), "no quantities: wanted at least one"),
        (lambda: charts.trend({"A": [("2018/2035", figure("3个"))]}, **WORDS), 'period "2018/2035": wanted a year'),
        (lambda: charts.trend({"A": [("2019", figure("3个"))]}, breaks={"": "x"}, **WORDS), 'period "": wanted a year'),
        (lambda: charts.trend({"A": [("2019", figure("3个")), ("2020", figure("3%", "c.d"))]}, **WORDS), "on one axis"),
    ],
)
def test_what_cannot_be_drawn_honestly_is_refused_in_words(draws, said):
    with pytest.raises(ChartError, match=said):
        draws()


def test_tiles_refuse_unknown_areas_and_mixed_values(book):
    areas = book.table("areas")
    with pytest.raises(ChartError, match='no area "pudong": wanted one of futian'):
        charts.tiles(areas, {"pudong": "x"}, **WORDS)
    with pytest.raises(ChartError, match="1 categories and 1 quantities"):
        charts.tiles(areas, {"luohu": "x", "futian": book.structure.streets}, **WORDS)
    with pytest.raises(ChartError, match="6 categories"):
        charts.tiles(areas, dict(zip(areas["id"], "abcdef", strict=False)), **WORDS)


def test_rates_that_divide_by_zero_are_refused():
    with pytest.raises((ChartError, QuantityError), match="zero"):
        charts.funnel([figure("0个"), figure("0个", "c.d")], **WORDS)

"""Districts: places that the bounds decide, and briefs that say what is there, what is not, and nothing of another."""

import re
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bluebook import EditionError, charts, open_edition, read
from bluebook.edition.edition import Unfound
from bluebook.numbers.quantity import Quantity
from bluebook.reports.brief import COMPARED, District
from bluebook.reports.districts import Districts
from bluebook.reports.places import Place, listed, place_of, shortened

AREAS = "futian luohu yantian nanshan baoan longgang longhua pingshan guangming dapeng shenshan".split()
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module", params=LANGUAGES)
def districts(request) -> Districts:
    return Districts(open_edition("shenzhen-2021", lang=request.param))


@pytest.fixture(scope="module", params=AREAS)
def district(request, districts) -> District:
    return districts[request.param]


# places


def between(low, high):
    return Quantity(Fraction(low + high, 2), Fraction(low), Fraction(high))


RANGES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), min_size=1, max_size=7)


@given(RANGES)
def test_a_place_is_what_some_numbers_within_the_bounds_give_and_none_goes_beyond(ranges):
    values = {str(at): between(low, low + width) for at, (low, width) in enumerate(ranges)}
    for key, mine in values.items():
        others = [other for other in values.values() if other is not mine]
        place = place_of(key, values)
        best = 1 + sum(other.low > mine.high for other in others)
        worst = 1 + sum(other.high >= mine.low for other in others)
        ties = sum(other.low == mine.high for other in others)
        assert best <= place.first <= best + ties
        assert place.first <= place.last <= worst
        assert place.of == len(ranges)


@given(RANGES)
def test_a_place_that_the_bounds_decide_is_the_rank_of_the_value(ranges):
    values = {str(at): between(low, low + width) for at, (low, width) in enumerate(ranges)}
    for key, mine in values.items():
        place = place_of(key, values)
        above = sum(other.value > mine.value for other in values.values())
        assert place.first <= 1 + above <= place.last or any(
            other.value == mine.value for name, other in values.items() if name != key
        )


def test_ends_that_touch_decide_where_one_of_them_is_left_out():
    values = {"a": read("7万余辆"), "b": read("8万余辆")}  # 70 000 to under 80 000, and from 80 000
    assert (place_of("a", values), place_of("b", values)) == (Place(2, 2, 2), Place(1, 1, 2))
    assert place_of("a", {"a": read("7至8个"), "b": read("8个")}) == Place(1, 2, 2)


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (Place(1, 1, 11), "第1位", "1st"),
        (Place(2, 3, 11), "第2或第3位", "2nd or 3rd"),
        (Place(3, 5, 11), "第3至第5位", "3rd to 5th"),
        (Place(11, 13, 23), "第11至第13位", "11th to 13th"),
        (Place(21, 22, 22), "第21或第22位", "21st or 22nd"),
        (Place(111, 111, 200), "第111位", "111th"),
    ],
)
def test_a_place_in_words(place, zh, en):
    assert (place.text("zh"), place.text("en")) == (zh, en)


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_what_is_shortened_stays_within_one_part_in_a_hundred(above, below):
    number = read(f"{above}.5公里") / read(f"{below}.5小时")
    assert abs(shortened(number).value - number.value) * 100 <= abs(number.value)


@pytest.mark.parametrize(
    ("items", "zh", "en"),
    [([], "", ""), (["a"], "a", "a"), (["a", "b"], "a和b", "a and b"), (list("abc"), "a、b和c", "a, b and c")],
)
def test_a_list_in_words(items, zh, en):
    assert (str(listed(items, "zh")), str(listed(items, "en"))) == (zh, en)


# what is compared


def test_there_is_a_district_for_each_row_and_no_other(districts):
    assert [one.id for one in districts] == AREAS
    assert len(districts) == len(AREAS)
    with pytest.raises(EditionError, match='no district "macau": expected one of futian'):
        districts["macau"]


def test_derived_numbers_keep_the_bounds_of_what_they_come_from(districts):
    for area, density in districts.density.items():
        people, size = districts.residents[area], districts.series("district.area")[area]
        assert density.low == people.low / size.high
        assert density.high == people.high / size.low
    for area, change in districts.change.items():
        before = districts[area].before
        assert change.low <= (districts.residents[area].value - before.value) / before.value <= change.high


def test_the_change_since_2010_agrees_with_that_of_the_city(districts):
    """The increases of all districts cannot exceed that of the city; these are the largest, and others grew too."""
    book = districts.book
    city = book["context.population.census.2020"] - book["context.population.census.2010"]
    more = [districts.residents[area] - districts[area].before for area in districts.change]
    assert sum(one.low for one in more) <= city.high
    assert len(more) < len(districts)


def test_every_measure_compares_what_can_be_compared(districts):
    for measure in districts.measures():
        assert {number.full_unit for number in measure.values.values()} <= {"人", "元", ""}, measure.id
        assert set(measure.values) <= set(AREAS)
        for area in measure.values:
            place = measure.place(area)
            assert 1 <= place.first <= place.last <= place.of == len(measure.values)
    with pytest.raises(EditionError, match=r'no measure "weather" of districts: expected one of residents'):
        districts.measure("weather")


def test_gdp_is_compared_within_one_year(districts):
    years = {number.source.period for number in districts.measure("gdp").values.values()}
    assert years == {"2020"}


def test_the_preferred_source_is_the_one_compared(districts):
    assert districts.measure("gdp").values["guangming"].figure == "context.district.guangming.gdp.2020"
    assert districts.series("district.area")["dapeng"].figure == "context.district.dapeng.area.2022"


# a brief


def test_a_brief_has_five_headline_numbers_each_with_a_name_of_its_own(district):
    numbers = district.headline
    assert len(numbers) == 5
    assert len({number.label for number in numbers}) == 5
    assert all(number.label and number.text for number in numbers)
    assert district.cards("headline").html.count('class="card"') == 5


def test_a_brief_cites_its_district_alone(district):
    names = set(district.all.areas.set_index("id").loc[[district.id], "name_zh"])
    assert set(district.cited["area"]) == names
    assert set(district.numbers.index) == set(re.findall('<tr id="([^"]+)"', district.table().html))


def test_what_was_looked_for_and_not_found_is_told_with_its_place(district):
    for one in district.unfound():
        assert isinstance(one, Unfound)
        assert one.place
        assert one.url.startswith("http")
    shown = district.unfound_table("gaps")
    rows = shown.plain.splitlines()[1:] if shown else []
    assert [row.split(" | ")[0] for row in rows[: len(district.unfound())]] == [one.label for one in district.unfound()]
    assert len(rows) >= len(district.lacking)  # all that the heading names has a row, here or by its series


def test_conflicts_are_two_numbers_of_one_thing_that_cannot_both_be_right(district):
    for _, one, other in district.conflicts():
        assert not one.overlaps(other)
        assert one.figure.split(".")[:4] == other.figure.split(".")[:4]


def test_a_conflict_of_sources_is_seen(districts):
    guangming = [{one.figure, other.figure} for _, one, other in districts["guangming"].conflicts()]
    assert {"context.district.guangming.gdp.2020", "context.district.guangming.gdp.2020_wikipedia"} in guangming
    assert not any("longhua.gdp" in figure for pair in guangming for figure in pair)


@pytest.mark.parametrize(
    ("area", "projects", "rectifications"),
    [("luohu", 1, 3), ("longhua", 1, 1), ("guangming", 1, 0), ("baoan", 0, 1), ("dapeng", 0, 0)],
)
def test_what_the_book_names_is_named(districts, area, projects, rectifications):
    brief = districts[area]
    assert (len(brief.projects), len(brief.rectifications)) == (projects, rectifications)
    assert "0" not in brief.mention
    assert (brief.mentions("named") is None) == (projects + rectifications == 0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_district_of_which_nothing_but_its_census_is_cited_says_so(edition_copy, lang):
    path = edition_copy / "context.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = re.compile(r"(district|structure\.district|population\.district_resident)\.yantian\.")
    path.write_text("".join(row for row in rows if not gone.match(row)), encoding="utf-8")
    brief = Districts(open_edition("shenzhen-2021", lang=lang, root=edition_copy.parents[1]))["yantian"]
    assert len(brief.headline) == 1
    assert brief.place("density") == brief.rank("gdp") == ""
    assert len(brief.lacking) >= 6
    assert [brief.conflicts_table("b"), brief.mentions("c")] == [None, None]
    named = [row.split(" | ")[0].lower() for row in brief.unfound_table("a").plain.splitlines()[1:]]
    assert named == [words.lower() for words in brief.lacking]
    assert "0" not in brief.mention
    assert "None" not in f"{brief.lead}{brief.growth}{brief.ten_years}{brief.gaps}"
    assert brief.places("d").plain.count("—") == 2 * (len(COMPARED) - 1)


def test_the_overview_leads_to_every_brief(districts):
    html = districts.overview("all", "20-district-{}.html").html
    assert re.findall('href="(20-district-[a-z]+[.]html)"', html) == [f"20-district-{area}.html" for area in AREAS]


def test_the_strips_of_a_brief_hold_each_number_at_its_value_and_mark_the_district_alone(district):
    compared = district.compared()
    chart = charts.strips(compared, marked=district.short, id="compared", title="Compared")
    blue = [trace for trace in chart.data if trace.marker.size == 14]
    there = [numbers[district.short] for numbers in compared.values() if district.short in numbers]
    assert [list(trace.x) for trace in blue] == [[float(number.value)] for number in there]
    drawn = sorted(x for trace in chart.data for x in trace.x)
    assert drawn == sorted(float(number.value) for numbers in compared.values() for number in numbers.values())
    with pytest.raises(charts.ChartError, match='marked "Macau" has no number in'):
        charts.strips(compared, marked="Macau", id="compared", title="Compared")


def test_what_is_shortened_keeps_its_formula_and_its_bounds(districts):
    for name in ("density", "per_subdistrict", "change"):
        for area, number in districts.measure(name).values.items():
            short = districts.rounded(name)[area]
            assert (short.formula, short.bounds, short.value) == (number.formula, number.bounds, number.value)
            assert len(re.sub(r"[^1-9]|about", "", short.text)) <= 3


def test_the_briefs_are_beside_each_other_in_the_menu_of_each(district):
    menu = BeautifulSoup(district.menu("menu", "20-district-{}.html").html, "html.parser")
    names = [entry.get_text() for entry in menu.select("li")]
    assert names == [other.short for other in district.all]
    assert [entry.get_text() for entry in menu.select("b")] == [district.short]
    assert len(menu.select("a")) == len(names) - 1

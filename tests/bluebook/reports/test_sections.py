"""What the figures of any edition ask to be shown as; nothing unlike on one axis, and no edition that cannot be shown."""

import csv
import json
import re

import pytest

from bluebook import open_edition
from bluebook.charts import Chart
from bluebook.edition.edition import EditionError
from bluebook.reports import section_charts, sections

COLUMNS = "id chapter printed measure status period base area paragraph offset label_zh label_en note low high".split()
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def make(tmp_path):
    """A function that writes an edition of the rows it is given (id, printed, measure, more) and opens it."""

    def make(*rows, lang="en", areas=()):
        folder = tmp_path / "data" / "town-2024"
        folder.mkdir(parents=True, exist_ok=True)
        titles = {"zh": "小镇（2024）", "en": "Town (2024)"}
        package = {"titles": titles, "sources": [{"title": "报告"}], "chapters": []}
        written = []
        for n, (id, printed, measure, *more) in enumerate(rows):
            row = dict.fromkeys(COLUMNS, "") | {"id": id, "printed": printed, "measure": measure, "chapter": "all"}
            row |= {"paragraph": "1", "offset": str(n), "label_zh": f"事项{n}", "label_en": f"Thing {n}"}
            written.append(row | (more[0] if more else {}))
        for chapter in dict.fromkeys(row["chapter"] for row in written):
            package["chapters"].append({"id": chapter, "title_zh": f"章{chapter}", "title_en": f"Chapter {chapter}"})
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        tables = {"figures": written} | ({"areas": areas} if areas else {})
        for name, table in tables.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, list(table[0]))
                writer.writeheader()
                writer.writerows(table)
        return open_edition("town-2024", lang=lang, root=tmp_path)

    return make


def shown(book):
    """The charts of a book by the ids of their figures, and all that is shown besides."""
    parts = [*sections.chapters(book), *sections.audited(book), *sections.notes(book), *sections.missing(book)]
    charts = {tuple(part.record["figures"]): part.record for part in parts if isinstance(part, Chart)}
    return charts, [part for part in parts if not isinstance(part, Chart)]


def kind(record):
    return re.split(r"[。.]", record["alt"])[0]


def test_every_figure_of_the_real_edition_is_shown_and_only_like_ones_together(book):
    charts, others = shown(book)
    html = "".join(part.html for part in others)
    for figure, q in book.figures["quantity"].items():
        assert f'data-figure="{figure}"' in html, q.label
    for figures in (figures for figures, record in charts.items() if not record["id"].startswith("audit-")):
        assert len({section_charts.axis(book[figure]) for figure in figures}) == 1
        assert len({book.figures["measure"][figure] for figure in figures}) == 1


def test_the_page_is_in_the_language_of_the_edition(book):
    charts, others = shown(book)
    if book.lang == "en":
        texts = [re.sub("<[^>]*>", "", part.html) for part in others] + [record["title"] for record in charts.values()]
        assert [text for text in texts if HAN.search(text)] == []


def test_ids_on_a_page_are_unique_and_the_same_in_both_languages():
    ids = {
        lang: [
            part.record["id"] if isinstance(part, Chart) else re.search(r'id="([^"]*)"', part.html)[1]
            for part in sections.chapters(open_edition("shenzhen-2021", lang=lang))
        ]
        for lang in ("zh", "en")
    }
    assert ids["zh"] == ids["en"]
    assert len(set(ids["zh"])) == len(ids["zh"])


def test_unlike_units_never_share_an_axis(make):
    rows = [
        ("t.a", "5个", "count"),
        ("t.b", "7人", "count"),
        ("t.c", "9元", "level"),
        ("t.d", "3公里", "level"),
        ("t.e", "2%", "growth"),
    ]
    charts, (_, cards, table, *_) = shown(make(*rows))
    assert charts == {}
    assert cards.html.count('class="card"') == table.html.count("<tr>") - 1 == len(rows)


def test_measures_and_times_never_share_an_axis(make):
    later = {"period": "2021"}
    rows = [
        ("t.a", "5个", "count"),
        ("t.b", "7个", "increase"),
        ("t.c", "6个", "count", later),
        ("u.a", "5个", "count"),
    ]
    assert shown(make(*rows))[0] == {}


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("t.a", "5个", "count"), ("t.b", "7项", "count")], "Bar chart"),
        ([("t.a", "5个", "count"), ("t.b", "7000项", "count")], "Dot plot, logarithmic scale"),
        ([("t.a", "0个", "count"), ("t.b", "7000项", "count")], "Bar chart"),
        ([("t.a", "0个", "count"), ("t.b", "0个", "count")], "Bar chart"),
        ([("t.a", "5.1%", "growth"), ("t.b", "12.0%", "growth")], "Bar chart"),
        ([("t.a", "40%", "share"), ("t.b", "60%", "share")], "Stacked bar"),
        ([("t.a", "40%", "share"), ("t.b", "30%", "share")], "Bar chart"),
        ([("t.a", "40%", "share")], "Waffle chart"),
    ],
)
def test_the_chart_follows_from_what_is_measured(make, rows, wanted):
    charts, _ = shown(make(*rows))
    assert [kind(record) for record in charts.values()] == [wanted]


@pytest.mark.parametrize(
    "row", [("t.a", "0%", "share"), ("t.a", "100%", "rate"), ("t.a", "0个", "count"), ("t.a", "3年", "duration")]
)
def test_a_chapter_of_one_figure_is_one_card_without_a_table(make, row):
    charts, others = shown(make(row))
    assert charts == {}
    assert [re.match(r'<h2|<ul class="cards"', part.html)[0] for part in others[:2]] == ["<h2", '<ul class="cards"']
    assert not any("all-table" in part.html for part in others)


def test_norms_are_cards_however_alike(make):
    assert shown(make(("t.a", "1件", "norm"), ("t.b", "1件", "norm")))[0] == {}


def test_one_thing_at_several_times_is_one_chart_in_their_order(make):
    label = {"label_zh": "居民", "label_en": "Residents"}
    rows = [(f"t.y{year}", f"{year - 2000}人", "count", {**label, "period": str(year)}) for year in (2022, 2020, 2021)]
    (record,) = shown(make(*rows))[0].values()
    assert [row[0] for row in record["data"]["rows"]] == ["2020", "2021", "2022"]


AREAS = [
    {"id": f"a{n}", "name_zh": f"{name}区", "name_en": f"{en} District", "short_zh": name, "short_en": en, "row": str(n // 2), "col": str(n % 2)}
    for n, (name, en) in enumerate([("东", "East"), ("西", "West"), ("南", "South")])
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_number_for_each_area_is_a_map_of_tiles(make, lang):
    rows = [(f"t.{area['id']}", f"{n + 3}所", "count", {"area": area["name_zh"]}) for n, area in enumerate(AREAS)]
    (record,) = shown(make(*rows, areas=AREAS, lang=lang))[0].values()
    assert kind(record) == ("方格地图" if lang == "zh" else "Tile map")
    assert record["data"]["rows"][2][:2] == (["南区", "5所"] if lang == "zh" else ["South District", "5"])


def test_areas_that_no_list_knows_are_bars_without_foreign_words(make):
    same = {"label_zh": "学校", "label_en": "Schools"}
    rows = [
        (f"t.{area['id']}", f"{n + 3}所", "count", {**same, "area": area["name_zh"]}) for n, area in enumerate(AREAS)
    ]
    (record,) = shown(make(*rows))[0].values()
    assert {row[0] for row in record["data"]["rows"]} == {"a0", "a1", "a2"}


def test_long_labels_and_many_figures_are_drawn(make):
    long = {"label_zh": "很长的名称" * 20, "label_en": "A very long label without an end " * 8}
    rows = [(f"t.n{n}", f"{n + 1}个", "count", {"label_en": f"{long['label_en']}{n}"}) for n in range(60)]
    charts, others = shown(make(*rows))
    (record,) = charts.values()
    assert len(record["figures"]) == section_charts.MOST
    assert next(part for part in others if "table" in part.record).html.count("<tr>") == 61


@pytest.mark.parametrize("chapter", ["第一章", "Part 1", "_", "a/b"])
def test_any_chapter_id_makes_an_anchor(make, chapter):
    book = make(("t.a", "5个", "count", {"chapter": chapter}), ("t.b", "5人", "count", {"chapter": chapter}))
    heading, *_ = sections.chapters(book)
    assert re.match(r'<h2 id="[a-z0-9]+(-[a-z0-9]+)*">', heading.html)


def test_a_tie_is_not_called_a_lead(make):
    (record,) = shown(make(("t.a", "约80个", "count"), ("t.b", "82个", "count")))[0].values()
    assert record["title"] == "Thing 1 and Thing 0: neither is clearly higher"


def test_a_small_edition_says_what_it_lacks_and_has_no_audit(make):
    book = make(("t.a", "5个", "count"))
    assert list(sections.audited(book)) == list(sections.notes(book)) == []
    *_, lacking = sections.missing(book)
    assert "areas; numbers from elsewhere; checks" in lacking.html
    assert len(sections.excluded(book)) == 0
    assert list(sections.excluded_kinds(book)) == []
    assert sections.exceptions(book) == "none"
    assert sections.taken_from(book) == "报告"


def test_an_audit_shows_every_check_and_draws_the_disagreements(make):
    book = make(("t.a", "5个", "count"), ("t.b", "7个", "count"))
    head = "id,left,relation,right,statement_zh,statement_en,note\n"
    checks = "same,t.a,=,t.b,两数相等,Both are equal,\nless,t.a,<,t.b,前者较小,The first is smaller,\n"
    (book.folder / "checks.csv").write_text(head + checks, encoding="utf-8")
    heading, table, chart = sections.audited(book)
    assert heading.html.startswith('<h2 id="audit">')
    assert "disagrees 1" in table.html
    assert "agrees 1" in table.html
    assert chart.record["id"] == "audit-disagreements"
    assert list(chart.data[0].x) == [pytest.approx(5 / 7)]


def test_each_form_of_number_is_explained_by_an_example_of_the_edition(book):
    rows = [line.split(" | ") for line in sections.readings(book).plain.splitlines()[1:]]
    assert len(rows) >= 4
    assert {row[2] for row in rows} <= set(book.figures["printed"])


def test_what_is_wrong_with_an_edition_is_still_told(make):
    with pytest.raises(ValueError, match="cannot read"):
        make(("t.a", "many", "count"))


def of_one_thing(label, **more):
    return {"label_zh": label, "label_en": label, **more}


def test_one_thing_before_and_after_is_one_chart_and_unlike_percentages_are_not(make):
    before = of_one_thing("Completion", period="")
    after = of_one_thing("Completion", period="2024")
    charts, _ = shown(
        make(
            ("a.p1_1.n1", "82%", "rate", before),
            ("a.p1_1.n2", "94.5%", "rate", after),
            ("a.p1_2.n1", "45.1%", "rate", of_one_thing("Green", period="2024")),
            ("b.p1_1", "15%", "share", of_one_thing("Volunteers", period="2024")),  # as an older draft numbered them
            ("b.p1_2", "60%", "share", of_one_thing("Schools", period="2024")),
        )
    )
    together = [set(figures) for figures in charts]
    assert {"a.p1_1.n1", "a.p1_1.n2"} in together
    assert not [figures for figures in together if len(figures) > 1 and figures != {"a.p1_1.n1", "a.p1_1.n2"}]
    title = charts["a.p1_1.n1", "a.p1_1.n2"]["title"]
    assert title == "Completion: 82% → 94.5%"


def test_a_series_of_several_years_is_a_line(make):
    rows = [(f"a.people.y{year}", f"{year - 1900}万人", "count", of_one_thing("People", period=str(year)))
            for year in (2021, 2023, 2022)]  # fmt: skip
    [record] = shown(make(*rows))[0].values()
    assert kind(record) == "Line chart"
    assert record["alt"].index("2021") < record["alt"].index("2022") < record["alt"].index("2023")


def test_what_is_expected_says_so_everywhere_and_is_drawn_hollow(make):
    book = make(
        ("a.firms.now", "1268家", "count", of_one_thing("Firms", period="2024")),
        ("a.firms.later", "2000家", "count", of_one_thing("Firms", period="2027", status="target")),
        ("a.growth", "6%", "growth", of_one_thing("Growth", period="2025", status="forecast")),
        ("a.shops.old", "12家", "count", of_one_thing("Shops", period="2024")),
        ("a.shops.new", "15家", "count", of_one_thing("Malls", period="2024", status="forecast")),
    )
    charts, others = shown(book)
    assert book["a.growth"].label == "Growth (forecast)"
    assert "Growth (forecast)" in "".join(part.html for part in others)
    record = charts["a.firms.now", "a.firms.later"]
    assert "2027 (target)" in record["alt"]
    assert record["title"] == "Firms: 1,268 → 2,000 (target)"
    assert ("a.shops.old", "a.shops.new") not in charts
    [drawn] = [part for part in sections.chapters(book) if isinstance(part, Chart)]
    fills, edges = drawn.data[0].marker.color, drawn.data[0].marker.line.color
    assert fills[0] == edges[0]
    assert fills[1] != edges[1]


def test_a_headline_is_of_what_is_so_where_there_is_any(make):
    book = make(("a.plan", "900亿元", "level", of_one_thing("Plan", status="target")), ("a.now", "12家", "count"))
    assert sections._headline(book.chapter("all")).figure == "a.now"


def test_a_status_that_is_none_is_refused(make):
    with pytest.raises(EditionError, match='column status: found "planned", expected forecast, target or nothing'):
        make(("a.b", "12家", "count", {"status": "planned"}))

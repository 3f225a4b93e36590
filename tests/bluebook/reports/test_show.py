"""Cards and tables: every number with its provenance, every word escaped, every gap named, every figure with its row."""

import json
import re
from fractions import Fraction
from html.parser import HTMLParser

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell

from bluebook import open_edition
from bluebook.numbers.quantity import published
from bluebook.reports import show
from bluebook.reports.show import ShowError

VOID = {"br"}


class Reader(HTMLParser):
    """Elements with their attributes and text; complains of tags that do not close in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **wanted):
        return [e for e in self.elements if e["tag"] == tag and wanted.items() <= e.items()]


def figure(printed, name="a.b", label="Label", lang="en"):
    return published(printed, figure=name, label=label, lang=lang)


# cards


def test_cards_show_each_number_as_everywhere_else(book):
    quantities = [book.volunteers.total, book.volunteers.total / book.volunteers.share]
    shown = show.cards(quantities, id="headline", labels=["A", "B"])
    assert all(q._repr_html_() in shown.html for q in quantities)
    assert [e["text"] for e in Reader(shown.html).all("div", **{"class": "card-label"})] == ["A", "B"]


def test_a_card_tells_where_and_how_precisely(book):
    rounded, exact = (
        Reader(show.cards([q], id="headline").html).all("div", **{"class": "card-note"})[0]["text"]
        for q in (book.volunteers.total, book.structure.districts)
    )
    assert book.volunteers.total.bounds_text in rounded
    assert book.volunteers.total.where in rounded
    assert exact == book.structure.districts.where


def test_cards_need_numbers_and_words_for_each():
    with pytest.raises(ShowError, match='cards "headline": 0 numbers'):
        show.cards([], id="headline")
    with pytest.raises(ShowError, match="as many labels"):
        show.cards([figure("3个")], id="headline", labels=["A", "B"])
    with pytest.raises(ShowError, match="wanted a slug"):
        show.cards([figure("3个")], id="Two words")


# tables


ROWS = [{"name": "Rail", "role": "", "count": figure("3条")}, {"name": "Buses", "role": "network", "count": None}]


def test_a_table_has_caption_headers_and_scopes():
    reader = Reader(show.table(ROWS, id="parts", title="Parts").html)
    assert [e["text"] for e in reader.all("caption")] == ["Parts"]
    assert [e["text"] for e in reader.all("th", scope="col")] == ["name", "role", "count"]
    assert [e["text"] for e in reader.all("th", scope="row")] == ["Rail", "Buses"]
    assert len(reader.all("table", **{"class": "data-table", "id": "parts"})) == 1


def test_columns_are_chosen_named_and_ordered():
    reader = Reader(
        show.table(pd.DataFrame(ROWS), id="parts", title="Parts", columns={"count": "N", "name": "Name"}).html
    )
    assert [e["text"] for e in reader.all("th", scope="col")] == ["N", "Name"]
    assert [e["text"] for e in reader.all("td")] == ["Rail", "Buses"]


def test_columns_of_numbers_stand_right_and_others_do_not():
    reader = Reader(show.table(ROWS, id="parts", title="Parts").html)
    assert {e["text"] for e in reader.all("td", **{"class": "num"})} == {"3", "—"}
    assert all("class" not in e for e in reader.all("td") if e["text"] == "network")


@pytest.mark.parametrize("empty", ["", None, float("nan")])
@pytest.mark.parametrize(("title", "name"), [("Parts", "not published"), ("部分", "未公布")])
def test_an_empty_cell_reads_as_not_published(empty, title, name):
    reader = Reader(show.table([["Rail", empty]], id="parts", title=title, columns=["a", "b"]).html)
    (gap,) = reader.all("span", **{"class": "unpublished"})
    assert gap["aria-label"] == name
    assert gap["text"] == "—"


HOSTILE = ["<script>alert(1)</script>", '" onmouseover="alert(1)', "]]></td></table>", "<img src=x onerror=alert(1)>"]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words):
    q = figure("3个", label=words)
    tables = show.table([[words, (words, words)]], id="a", title=words, columns=[words, "b"])
    for shown in (tables, show.cards([q], id="a", title=words, notes=[words])):
        reader = Reader(shown.html)
        assert {e["tag"] for e in reader.elements} <= set(
            "table caption thead tbody tr th td ul li div strong data".split()
        )
        assert not any(key.startswith("on") for e in reader.elements for key in e)
        assert any(words in e["text"] for e in reader.elements)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.org", "http://x.org/ y", 'https://x"y']
)
def test_only_web_addresses_are_links(address):
    assert "<a" not in show.table([["x", address], ["y", ("z", address)]], id="a", title="A", columns=["a", "b"]).html


def test_web_addresses_are_links():
    rows = [["x", "https://example.org/?a=1&b=2"], ["y", ("words", "http://example.org")]]
    links = Reader(show.table(rows, id="a", title="A", columns=["a", "b"]).html).all("a")
    assert [e["href"] for e in links] == ["https://example.org/?a=1&b=2", "http://example.org"]
    assert [e["text"] for e in links] == ["https://example.org/?a=1&b=2", "words"]


@pytest.mark.parametrize(
    ("rows", "columns", "title", "said"),
    [
        ([], None, "Parts", "0 columns, 0 rows"),
        ([], ["a"], "Parts", "1 columns, 0 rows"),
        ([["x"]], None, "Parts", "found x"),
        ([["x"]], ["a"], " ", 'title " "'),
        ([["x"]], ["a", "b"], "Parts", "row 1: wanted 2 cells, found x"),
        ([["x", "y", "z"]], ["a", "b"], "Parts", "row 1: wanted 2 cells, found x, y, z"),
        (ROWS, {"nmae": "Name"}, "Parts", "wanted nmae, found name, role, count"),
    ],
)
def test_a_table_that_lacks_something_says_what(rows, columns, title, said):
    with pytest.raises(ShowError, match=re.escape(said)):
        show.table(rows, id="parts", title=title, columns=columns)


def test_nothing_given_is_changed(book):
    frame = book.table("systems")
    before = frame.copy(deep=True)
    show.table(frame, id="systems", title="Systems", columns={"name_zh": "名称"})
    pd.testing.assert_frame_equal(frame, before)


def test_what_is_shown_carries_its_record():
    bundle, metadata = InteractiveShell.instance().display_formatter.format(show.table(ROWS, id="parts", title="Parts"))
    assert set(bundle) == {"text/html", "text/plain"}
    columns = ["name", "role", "count", "count / Value", "count / Low", "count / High"]
    columns += ["count / Low included", "count / High included", "count / Unit"]
    rows = [["Rail", "", "3", 3, 3, 3, "yes", "yes", ""], ["Buses", "network", "", *[None] * 6]]
    record = {"id": "parts", "title": "Parts", "data": {"columns": columns, "rows": rows}}
    assert metadata == {"press": {"table": record}}
    _, metadata = InteractiveShell.instance().display_formatter.format(show.cards([figure("3个")], id="headline"))
    assert metadata == {}


# the table of all figures


def test_every_figure_has_its_row_once(book):
    reader = Reader(show.figures_table(book).html)
    assert [e["id"] for e in reader.all("tr") if "id" in e] == list(book.figures.index)
    reader = Reader(show.cited_table(book, book.cited().dropna(subset="quantity")).html)
    assert [e["id"] for e in reader.all("tr") if "id" in e] == [q.figure for q in book.context]


def test_a_figures_row_tells_all_that_is_known_of_it(book):
    rows = {e["id"]: e["text"] for e in Reader(show.figures_table(book).html).all("tr") if "id" in e}
    for figure, row in book.figures.iterrows():
        q = row["quantity"]
        for fact in (
            q.label,
            q.text,
            q.printed,
            q.bounds_text,
            q.where,
            row["note"],
            row["period"],
            row["base"],
            figure,
        ):
            assert fact in rows[figure]


def test_figures_stand_under_their_chapters(book):
    groups = [e["text"] for e in Reader(show.figures_table(book).html).all("th", scope="rowgroup")]
    assert groups == [title for _, title in book.chapters]


def test_figures_of_a_district_name_it(book):
    rows = {e["id"]: e["text"] for e in Reader(show.figures_table(book).html).all("tr") if "id" in e}
    assert book.say("龙岗区", "Longgang District") in rows["platform.levels"]
    assert "深圳市" not in rows["volunteers.total"]


def test_a_cited_figures_row_tells_where_it_was_found_and_how_far_that_can_be_trusted(book):
    reader = Reader(show.cited_table(book, book.cited().dropna(subset="quantity")).html)
    assert {e["href"] for e in reader.all("a")} == {q.source.url for q in book.context if q.source.url}
    rows = {e["id"]: e["text"] for e in reader.all("tr") if "id" in e}
    trust = {
        "official": book.say("官方", "Official"),
        "press": book.say("报刊", "Press"),
        "secondary": book.say("转引", "Secondary"),
    }
    for figure, row in book.cited().dropna(subset="quantity").iterrows():
        q = row["quantity"]
        for fact in (q.label, q.text, q.printed, q.bounds_text, row["source"], row["note"], figure):
            assert fact in rows[figure]
        assert rows[figure].endswith(trust[row["confidence"]])


def test_a_publication_is_marked_where_rows_above_have_it(book):
    links = Reader(show.cited_table(book, book.cited().dropna(subset="quantity")).html).all("a")
    first = [e["href"] for e in links if "class" not in e]
    assert len(first) == len(set(first)) == len({e["href"] for e in links}) < len(links)


def test_the_cited_figures_can_be_taken_away(book):
    data = show.cited_table(book, book.cited().dropna(subset="quantity")).record["table"]["data"]
    assert {len(row) for row in data["rows"]} == {len(data["columns"])}
    told = {row[0]: row for row in data["rows"]}
    q = book["context.population.census.2020"]
    assert told[q.figure][2:7] == [q.label, q.text, q.value, q.low, q.high]
    assert {q.source.url, q.where} <= set(told[q.figure])


def test_an_edition_of_figures_alone_has_its_table(edition_copy):
    for name in ("areas.csv", "context.csv"):
        (edition_copy / name).unlink()
    book = open_edition("shenzhen-2021", lang="en", root=edition_copy.parents[1])
    assert show.figures_table(book).html.count("<tr id=") == len(book.figures)
    assert book.cited().empty


def test_the_table_of_figures_brings_all_it_says_and_names_its_data_package(book):
    record = show.figures_table(book).record["table"]
    columns, rows = record["data"]["columns"], record["data"]["rows"]
    assert {len(row) for row in rows} == {len(columns)}
    assert record["folder"] == book.name
    told = {row[0]: row for row in rows}
    assert set(book.figures.index) <= set(told)
    q = book.volunteers.total
    row = dict(zip(columns, told["volunteers.total"], strict=True))
    numbers = [row[name] for name in book.say("数值 下界 上界", "Value Low High").split()]
    assert numbers == [q.value, q.low, q.high]
    assert [row[name] for name in book.say("含下界|含上界", "Low included|High included").split("|")] == book.say(
        "是 否", "yes no"
    ).split()
    assert {q.label, q.text, q.printed} <= set(row.values())
    assert q.where in told["volunteers.total"]
    assert json.loads(json.dumps(record, allow_nan=False)) == record


@pytest.mark.parametrize(
    ("printed", "lang", "worth", "step", "words"),
    [
        ("155.32万人", "zh", 10**4, 10**3, "155.3"),
        ("155.32万人", "en", 10**3, 10**3, "1,553"),
        ("397.9万人", "zh", 10**4, 10**3, "397.9"),
        ("2万人", "zh", 10**4, 10**3, "2"),  # no finer than it was printed
        ("340.35亿元", "en", 10**9, 10**8, "34.0"),
        ("约2400亿元", "en", 10**9, 10**8, "about 240"),
        ("65.02%", "en", Fraction(1, 100), Fraction(1, 1000), "65.0"),
        ("19745人", "en", 1, None, "19,700"),
        ("0.0123亿元", "zh", 10**8, None, "0.0123"),
    ],
)
def test_a_number_is_written_in_the_unit_of_its_column_and_kept_whole_for_who_takes_it_away(
    printed, lang, worth, step, words
):
    number = figure(printed, lang=lang)
    shown = show.table([["A", show.Scaled(number, worth, step)]], id="a", title="A", columns=["Name", "Number"])
    cell = BeautifulSoup(shown.html, "html.parser").select_one("td data")
    assert (cell.text, float(cell["value"])) == (words, float(number.value))
    assert number.text in shown.record["table"]["data"]["rows"][0]

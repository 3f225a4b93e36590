"""Blocks of a front page: what they say is what the data say, every word escaped, every bar as long as its number."""

import re
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bluebook import audit, open_edition
from bluebook.numbers.quantity import published
from bluebook.reports import blocks
from bluebook.reports.blocks import Finding
from bluebook.reports.show import ShowError
from bluebook.reports.stories import stories

EVIL = '<script>alert("1")</script> & "quotes"'
STATES = ["bad", "moved", "open", "good"]  # of squares, what is news first


def read(shown):
    return BeautifulSoup(shown.html, "html.parser")


def number(printed, figure="a.b"):
    return published(printed, figure=figure, lang="zh", label="数")


def finding(bars, **said):
    return Finding(**{"title": "标题", "text": "一句话。", "href": "a.html", "bars": bars} | said)


def lengths(shown):
    """For each bar, where it is sure and where it is pale, as shares of the longest."""
    found = []
    for bar in read(shown).select("svg.bar"):
        sure, pale = bar.select_one(".sure"), bar.select_one(".pale")
        start = float(sure["width"])
        found.append((start, start + float(pale["width"]) if pale else start))
    return found


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6))
def test_every_bar_is_as_long_as_its_number_on_one_axis_from_zero(values):
    bars = {f"行{n}": number(f"{value}个", f"a.b{n}") for n, value in enumerate(values)}
    drawn = lengths(blocks.findings([finding(bars)], id="news", title="News"))
    for value, (low, high) in zip(values, drawn, strict=True):
        assert low == high == pytest.approx(100 * value / max(values), abs=0.01)


@pytest.mark.parametrize("printed", ["208万名", "近七成", "约80亿元", "7.2万余辆"])
def test_the_pale_end_of_a_bar_is_what_lies_between_the_bounds(printed):
    q = number(printed)
    ((low, high),) = lengths(blocks.findings([finding({"数": q})], id="news", title="News"))
    assert low == pytest.approx(float(100 * q.low / q.high), abs=0.01)
    assert high == pytest.approx(100, abs=0.01)


def test_a_bar_of_nothing_has_no_length():
    assert lengths(blocks.findings([finding({"无": number("0个")})], id="news", title="News")) == [(0, 0)]


@pytest.mark.parametrize(
    ("bars", "words"),
    [
        ({"a": "5个", "b": "5亿元"}, "wanted one or more numbers of one kind"),
        ({"a": "5%", "b": "5个"}, "wanted one or more numbers of one kind"),
        ({"a": "下降0.7%"}, "none below zero"),
        ({}, "no bars"),
    ],
)
def test_numbers_that_share_no_axis_are_refused(bars, words):
    with pytest.raises(ShowError, match=words):
        blocks.findings([finding({label: number(printed) for label, printed in bars.items()})], id="a", title="A")


@pytest.mark.parametrize(
    "make",
    [
        lambda: blocks.findings([], id="a", title="A"),
        lambda: blocks.links([], id="a", title="A"),
        lambda: blocks.squares([], href="a.html", id="a", title="A"),
        lambda: blocks.checks_table(open_edition("shenzhen-2021"), [], id="a", title="A"),
        lambda: blocks.links([("a", "b", "c")], id="Not a slug", title="A"),
    ],
)
def test_nothing_to_show_and_an_id_that_is_none_are_refused(make):
    with pytest.raises(ShowError, match="wanted"):
        make()


def test_no_word_breaks_out():
    item = finding({EVIL: number("5个")}, title=EVIL, text=EVIL, href=EVIL, kicker=EVIL)
    for shown in (
        blocks.findings([item], id="a", title=EVIL),
        blocks.links([(EVIL, EVIL, EVIL)], id="a", title=EVIL),
    ):
        soup = read(shown)
        assert not soup.find("script")
        assert soup.find("ul")["aria-label"] == EVIL
        assert soup.find("a")["href"] == soup.find("a").text == EVIL
        assert EVIL in shown.plain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_squares_and_the_table_say_every_verdict_once_and_the_worst_first(lang):
    book = open_edition("shenzhen-2021", lang)
    verdicts = audit(book)
    squares = read(blocks.squares(verdicts, href="checks.html", id="a", title="A"))
    states = [link["class"][1] for link in squares.select("a.square")]
    assert states == sorted(states, key=STATES.index)
    counts = [int(re.search(r"\d+", entry.text)[0]) for entry in squares.select(".key span")]
    assert counts == [states.count(state) for state in STATES]
    assert sum(counts) == len(verdicts)
    rows = read(blocks.checks_table(book, verdicts, id="b", title="B")).select("tbody tr")
    assert [row["id"] for row in rows] == [one.id for one in verdicts]
    for row, one in zip(rows, verdicts, strict=True):
        assert all(words in row.text for words in (one.statement, one.word, one.sentence, one.note))
    targets = {link["href"] for link in squares.select("a.square")}
    assert targets == {f"checks.html#{row['id']}" for row in rows}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_of_a_check_has_its_sides_and_its_caution(lang):
    book = open_edition("shenzhen-2021", lang)
    for one in audit(book):
        if one.verdict == "cannot tell":
            with pytest.raises(ShowError, match="sides known"):
                blocks.finding(book, one, title="T", labels=["a", "b"], href="a.html")
            continue
        item = blocks.finding(book, one, title="T", labels=["a", "b"], href="a.html")
        assert list(item.bars.values()) == one.sides
        assert item.text.startswith(one.note or one.sentence)
        assert item.text.endswith(book.say("。", "."))
        assert item.kicker in dict(book.chapters).values()


def test_a_bar_is_drawn_to_a_hundredth_however_fine_the_number():
    assert Fraction(1, 3)  # a third has no end in decimals
    bars = {"一": number("三分之一"), "二": number("百分之百")}
    drawn = blocks.findings([finding(bars)], id="news", title="News").html
    assert not re.search(r'width="\d+\.\d{3,}"', drawn)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_stories_are_findings_that_lead_to_where_they_are_told(lang):
    book = open_edition("shenzhen-2021", lang)
    told = stories(book, audit(book))
    shown = read(blocks.stories(book, told, href="audit.html#audit-{}", id="a", title="A"))
    assert [link["href"] for link in shown.select("h3 a")] == [f"audit.html#audit-{story.id}" for story in told]
    assert [link.text for link in shown.select("h3 a")] == [story.title for story in told]

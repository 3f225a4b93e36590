"""What a notebook has read is noted: as finely as it was read, never finer."""

import pytest

from bluebook import open_edition
from bluebook.edition import reads


@pytest.fixture
def noted(monkeypatch, root):
    """A function from something done with the edition to what it noted."""
    monkeypatch.setattr(reads, "_noted", {})
    book = open_edition("shenzhen-2021", root=root)

    def noted(do):
        reads._noted.clear()
        do(book)
        entries = [
            {key: value for key, value in e.items() if key not in ("file", "reader")} for e in reads._noted.values()
        ]
        return sorted(entries, key=str)

    return noted


IDS = {"key": "id"}
TOPIC = {"key": "id", "any": "volunteers."}
ROW = {"key": "id", "value": "volunteers.total"}


def test_a_figure_is_one_row(noted):
    assert noted(lambda book: book["volunteers.total"] / 2) == [ROW]
    assert noted(lambda book: book.chapter_of("volunteers.total")) == [ROW]


def test_by_its_topic_a_figure_is_one_row_and_that_there_is_such_a_topic(noted):
    assert noted(lambda book: book.volunteers.total) == [TOPIC, ROW]


def test_a_topic_is_its_rows_and_which_rows_there_are(noted):
    values = [e.get("value") for e in noted(lambda book: list(book.livelihood.growth))]
    growth = [f"livelihood.growth.{name}" for name in ("education", "health", "housing", "transport")]
    assert sorted(values, key=str) == sorted([None, None, None, *growth], key=str)


def test_a_chapter_is_the_rows_of_that_chapter(noted):
    assert noted(lambda book: book.chapter("society")) == [{"key": "chapter", "value": "society"}]


def test_all_figures_are_the_whole_file(noted):
    assert noted(lambda book: book.figures) == [{"whole": True}]


def test_a_list_is_its_whole_file(noted):
    assert noted(lambda book: book.table("areas")) == [{"whole": True}]
    assert noted(lambda book: book.table("figures")) == [{"whole": True}]


def caught(do):
    def attempt(book):
        with pytest.raises((KeyError, AttributeError)):
            do(book)

    return attempt


@pytest.mark.parametrize(
    "do",
    [
        repr,
        dir,
        lambda book: dir(book.volunteers),
        lambda book: hasattr(book, "no_such_topic"),
        lambda book: hasattr(book.volunteers, "no_such_figure"),
        lambda book: list(book.volunteers),
        caught(lambda book: book["volunteers.no_such_figure"]),
        caught(lambda book: book.find("no.such.figure")),
        caught(lambda book: book.chapter_of("no.such.figure")),
        caught(lambda book: book.volunteers.no_such_figure),
    ],
)
def test_what_depends_on_which_figures_there_are_says_so(noted, do):
    assert IDS in noted(do)


@pytest.mark.parametrize(
    "do",
    [
        lambda book: hasattr(book.context, "no_such_topic"),
        lambda book: list(book.context.population),
        caught(lambda book: book["context.no.such.figure"]),
    ],
)
def test_cited_figures_are_there_when_they_have_a_number(noted, do):
    found = noted(do)
    assert IDS in found
    assert {"key": "printed"} in found


def test_a_topic_of_cited_figures_is_there_as_one_of_them_shows(noted):
    (entry,) = noted(lambda book: book.context.population)
    assert entry["value"].startswith("population.")


def test_a_table_of_the_edition_depends_on_the_chapters_of_its_figures(noted):
    assert {"key": "chapter"} in noted(lambda book: book._repr_html_())


def test_every_entry_names_the_package_that_read(monkeypatch, root):
    monkeypatch.setattr(reads, "_noted", {})
    open_edition("shenzhen-2021", root=root)["volunteers.total"]
    assert {entry["reader"] for entry in reads._noted.values()} == {"bluebook"}

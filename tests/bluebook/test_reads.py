"""What a notebook has read is noted: as finely as it was read, never finer."""

import pytest

from bluebook import open_edition, reads


@pytest.fixture
def noted(monkeypatch, root):
    """A function from something done with the edition to what it noted."""
    monkeypatch.setattr(reads, "_noted", {})
    book = open_edition("shenzhen-2021", root=root)

    def noted(do):
        reads._noted.clear()
        do(book)
        entries = [
            {key: value for key, value in e.items() if key not in ("file", "hash")} for e in reads._noted.values()
        ]
        return sorted(entries, key=str)

    return noted


def test_a_figure_is_one_row(noted):
    row = {"key": "id", "value": "volunteers.total"}
    assert noted(lambda book: book.volunteers.total) == [row]
    assert noted(lambda book: book["volunteers.total"] / 2) == [row]


def test_a_topic_is_its_rows_and_which_rows_there_are(noted):
    values = [e.get("value") for e in noted(lambda book: list(book.livelihood.growth))]
    growth = [f"livelihood.growth.{name}" for name in ("education", "health", "housing", "transport")]
    assert sorted(values, key=str) == sorted([None, *growth], key=str)


def test_a_chapter_is_the_rows_of_that_chapter(noted):
    assert noted(lambda book: book.chapter("society")) == [{"key": "chapter", "value": "society"}]


def test_all_figures_are_the_whole_file(noted):
    assert noted(lambda book: book.figures) == [{"whole": True}]


def test_completion_reads_nothing(noted):
    assert noted(lambda book: (dir(book), dir(book.volunteers))) == []

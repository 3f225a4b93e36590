"""A press text of about fifty numbers: half the decisions of before are left, and what is not asked is right."""

import pytest
from tests.benchmarks.decisions import BEFORE, CHECKED, TEXT, TRUTH, measure, year_before


@pytest.fixture(scope="module")
def counts(tmp_path_factory):
    return measure(tmp_path_factory.mktemp("counted"))


def test_half_the_decisions_are_left_and_fewer_with_an_earlier_edition(counts):
    for counted in counts.values():
        assert 45 <= counted.figures <= 60
        assert 0 < counted.decisions <= BEFORE / 2
    assert counts["like the year before"].decisions < counts["alone"].decisions / 2
    assert counts["like shenzhen-2021"].decisions <= counts["alone"].decisions


def test_what_nobody_is_asked_about_is_right(counts):
    for name, counted in counts.items():
        assert counted.unmarked > counted.figures * (len(CHECKED) - 1)
        assert len(counted.wrong) <= 0.01 * counted.unmarked, (name, counted.wrong)


def test_the_text_says_that_it_is_invented_and_the_marks_cover_it():
    text = TEXT.read_text(encoding="utf-8")
    assert "虚构" in text
    assert "Invented" in text
    assert len(TRUTH.read_text(encoding="utf-8").splitlines()) - 1 >= 50


def test_the_year_before_says_the_same_of_other_numbers():
    text, before = TEXT.read_text(encoding="utf-8"), year_before(TEXT.read_text(encoding="utf-8"))
    assert "2022年末" in text or "2022年全市" in text
    assert "2021年全市" in before
    letters = [character for character in text if not character.isdigit()]
    assert letters == [character for character in before if not character.isdigit()]
    assert text != before.replace("2021", "2022")

"""Stories: every check that does not hold belongs to one, each counts once, and what is wrong with one is said."""

import csv

import pytest

from bluebook import audit, open_edition
from bluebook.edition.audit import VERDICTS
from bluebook.edition.package import EditionError
from bluebook.reports.stories import count_stories, stories

CHECKS = "id left relation right over_time story statement_zh statement_en note".split()
STORIES = "id title_zh title_en left_zh left_en right_zh right_en".split()


@pytest.fixture
def told(edition_copy):
    """A function that audits the edition with these checks and stories, and tells the stories."""

    def write(name, header, rows):
        with (edition_copy / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])

    def told(checks, named, lang="en"):
        rows = [[f"c{n}", *check, "论断", "Claim", "甲 / A"] for n, check in enumerate(checks, 1)]
        write("checks.csv", CHECKS, rows)
        write("stories.csv", STORIES, [[id, title, title, "左", "left", "右", "right"] for id, title in named])
        book = open_edition("shenzhen-2021", lang, root=edition_copy.parents[1])
        verdicts = audit(book)
        return verdicts, stories(book, verdicts)

    return told


FAILS = ("medical.cases", ">", "medical.inspections")
HOLDS = ("medical.cases", "<", "medical.inspections")


def test_a_claim_over_time_that_does_not_hold_is_a_change_and_one_that_holds_agrees(told):
    verdicts, _ = told([(*FAILS, "yes", ""), (*HOLDS, "yes", ""), (*FAILS, "", "")], [])
    assert [one.verdict for one in verdicts] == ["changed", "agrees", "disagrees"]
    assert [one.holds for one in verdicts] == [False, True, False]
    assert verdicts[0].gap == verdicts[2].gap
    assert verdicts[0].sentence == verdicts[2].sentence


def test_what_is_not_known_is_no_change(told):
    (one,), _ = told([("liaison.points", "=", "context.liaison.points.2019", "yes", "")], [])
    assert (one.verdict, one.holds, one.gap) == ("cannot tell", None, None)


def test_a_story_counts_once_and_is_led_by_the_first_of_its_checks_that_does_not_hold(told):
    checks = [(*HOLDS, "", "a"), (*FAILS, "", "a"), (*FAILS, "yes", "a"), (*HOLDS, "", "b"), (*FAILS, "", "")]
    verdicts, found = told(checks, [("b", "B"), ("a", "A")])
    assert [(story.id, story.lead.id, len(story.checks)) for story in found] == [("a", "c2", 3)]
    assert count_stories(verdicts) == 2  # a, and the check that belongs to none


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_title_speaks_the_numbers_of_its_check(told, lang):
    (one,), (story,) = told([(*FAILS, "", "a")], [("a", "{left} {right} {gap}")], lang)
    assert story.title == f"{one.left} {one.right} {one.gap}"


@pytest.mark.parametrize(
    ("checks", "named", "said"),
    [
        ([(*FAILS, "", "b")], [("a", "A")], r'check c1, column story: found "b", expected one of a'),
        ([(*FAILS, "", "a")], [("a", "{low}")], r"stories.csv, row 2 \(a\), column title_en: found \{low\}, expected"),
        ([(*FAILS, "", "a")], [("A!", "A")], r"stories.csv, row 2 \(A!\), column id: .*slug"),
        ([(*FAILS, "", "a")], [("a", " ")], r"stories.csv, row 2 \(a\), column title_zh: .*some text"),
        ([(*FAILS, "no", "a")], [("a", "A")], r"checks.csv, row 2 \(c1\), column over_time: .*yes, or nothing"),
    ],
)
def test_a_story_that_is_wrong_says_where_and_what_was_wanted(told, checks, named, said):
    with pytest.raises(EditionError, match=said):
        told(checks, named)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_check_of_the_book_that_does_not_hold_belongs_to_a_story(lang):
    book = open_edition("shenzhen-2021", lang)
    verdicts = audit(book)
    found = stories(book, verdicts)
    apart = [one.id for one in verdicts if one.holds is False]
    assert set(apart) <= {one.id for story in found for one in story.checks}
    assert len(found) == count_stories(verdicts) < len(apart)
    assert {one.verdict for one in verdicts} == set(VERDICTS)

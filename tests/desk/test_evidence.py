"""What a text says of its numbers in so many words, held against measures that were marked by hand."""

from pathlib import Path

import pytest
from tests.desk.test_bounds_of_texts import unmarked

from desk.evidence import stated_measure
from desk.scan import findings

TEXTS = sorted(Path(__file__).with_name("texts").rglob("*.txt"))


def marked_measures():
    """The figures of the marked texts whose measure is marked, each with the one that is right."""
    for path in TEXTS:
        text, truth = unmarked(path.read_text(encoding="utf-8"))
        for finding in findings(text):
            said = truth.get((finding.span.paragraph, finding.span.offset), ("", []))[1]
            if finding.number is not None and said and said[0]:
                yield path.stem, finding, said[0]


def test_a_measure_that_needs_no_confirmation_is_right_and_most_need_none():
    figures = list(marked_measures())
    stated = [(name, one, right) for name, one, right in figures if stated_measure(one)]
    wrong = [(name, one.span.printed) for name, one, right in stated if stated_measure(one) != right]
    assert len(figures) > 400
    assert len(stated) > 0.7 * len(figures)
    assert len(wrong) <= 0.01 * len(stated), wrong


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("占预算支出的77.2%", "share"),  # although 预算 alone says a rate
        ("比上年提高0.8个百分点", "increase"),
        ("产业增加值是2017年的2.1倍", "ratio"),
        ("年均增长7.2%", "annual_growth"),
        ("增长率为7.2%", "growth"),
        ("增长到605个", ""),
        ("提高到94.5%", ""),
        ("人均支出2.1万元", "average"),
        ("每千人拥有床位5.5张", "average"),
        ("新建管网142公里", ""),
        ("任务量是91.5%", ""),
        ("3年内", ""),
    ],
)
def test_only_words_right_at_the_number_say_its_measure(text, measure):
    [figure] = [one for one in findings(f"{text}。") if one.number is not None]
    assert stated_measure(figure) == measure

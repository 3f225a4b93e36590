"""Numbers of one's own, read in either language and shown in either."""

import pytest

import bluebook
from bluebook import PrintedError, QuantityError
from bluebook.numbers.words import MEASURES


@pytest.mark.parametrize(
    ("text", "lang", "shown", "low", "high"),
    [
        ("208万名", "zh", "208万名", 2_075_000, 2_085_000),
        ("208万名", "en", "2.08 million", 2_075_000, 2_085_000),
        ("1.5 million", "en", "1.5 million", 1_450_000, 1_550_000),
        ("1.5 million", "zh", "约150万", 1_450_000, 1_550_000),
        ("CNY 2.3 billion", "zh", "23亿元", 2_250_000_000, 2_350_000_000),
        ("近七成", "en", "nearly 70%", 0.65, 0.7),
        ("54.1分贝", "en", "54.1 dB", 54.05, 54.15),
    ],
)
def test_a_number_is_read_in_its_language_and_shown_in_another(text, lang, shown, low, high):
    quantity = bluebook.read(text, lang=lang)
    assert (quantity.text, float(quantity.low), float(quantity.high)) == (shown, low, high)


def test_what_is_read_can_be_reckoned_with():
    assert (bluebook.read("208万名") / bluebook.read("15.5%")).unit == "人"


@pytest.mark.parametrize("text", ["", "abc", "208万名志愿", "近0个", "nearly 0"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(PrintedError, match="as a printed number"):
        bluebook.read(text)


def test_a_language_it_does_not_have_is_refused():
    with pytest.raises(QuantityError, match='unknown language "de": expected one of en, zh'):
        bluebook.read("208万名", lang="de")


@pytest.mark.parametrize("unit", MEASURES)
def test_every_unit_that_measures_is_read_back_from_its_english_words(unit):
    for printed in (f"3.5{unit}", f"2.4万{unit}"):
        quantity = bluebook.read(printed, "en")
        again = bluebook.read(quantity.text, "en")
        assert again.low <= quantity.low
        assert again.high >= quantity.high

"""Invented reports of many kinds, and single passages: nothing is flagged as printed, and each slip is found."""

import csv
import tomllib
from pathlib import Path

import pytest

from desk.proving import proof

TEXTS = Path(__file__).with_name("texts")
REPORTS = [
    report
    for name in ("reports.toml", "offices.toml", "issuers.toml")
    for report in tomllib.loads(TEXTS.joinpath(name).read_text(encoding="utf-8"))["report"]
]
with TEXTS.joinpath("passages.tsv").open(encoding="utf-8", newline="") as file:
    PASSAGES = [(row["text"], row["printed"], row["slip"]) for row in csv.DictReader(file, delimiter="\t")]
SLIPS = [(report["text"], printed, slip) for report in REPORTS for printed, slip in report.get("slips", ())]


def certain(text: str) -> list[str]:
    return [one.arithmetic for one in proof(text).findings if one.tier == 1]


@pytest.mark.parametrize("text", [report["text"] for report in REPORTS], ids=lambda text: text.split("\n")[0][:24])
def test_a_report_without_a_contradiction_is_not_flagged(text):
    assert certain(text) == []


@pytest.mark.parametrize(("text", "printed", "slip"), SLIPS, ids=lambda text: text[:16])
def test_a_slip_in_it_is_found(text, printed, slip):
    assert text.count(printed) == 1
    assert certain(text.replace(printed, slip))


@pytest.mark.parametrize(("text", "printed", "slip"), PASSAGES, ids=lambda text: text[:16])
def test_a_slip_in_a_passage_is_found_and_nothing_without_it(text, printed, slip):
    assert certain(text) == []
    assert certain(text.replace(printed, slip))

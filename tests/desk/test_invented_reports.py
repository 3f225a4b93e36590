"""Invented reports in wordings of many offices: each passes as it is, and each planted slip is found at its number."""

import re
from pathlib import Path

import pytest

from desk import proof
from desk.documents import read_document

SLIP = re.compile(r"\[\[([^|\]]*)\|([^\]]*)\]\]")
REPORTS = Path(__file__).with_name("invented_reports.txt")


def reports():
    """Each report by its name, with its slips marked."""
    named = {}
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("=== "):
            name = line.removeprefix("=== ")
            named[name] = []
        elif not line.startswith("# ") or named:
            named[name].append(line)
    return {name: "\n".join(lines) for name, lines in named.items()}


def with_slip(text, wanted):
    """A report with one of its slips, by place, or none; and the offset of that slip in it."""
    pieces, at, offset = [], 0, None
    for place, match in enumerate(SLIP.finditer(text)):
        pieces.append(text[at : match.start()])
        if place == wanted:
            offset = sum(map(len, pieces))
        pieces.append(match[2] if place == wanted else match[1])
        at = match.end()
    pieces.append(text[at:])
    return "".join(pieces), offset


def errors(text, folder):
    """The findings of a report that cannot be right as printed; one with tables of Markdown is read as such a file."""
    if "\n|" not in text:
        found = proof(text)
    else:
        path = folder / "report.md"
        path.write_text(text, encoding="utf-8")
        found = proof(read_document(path))
    return [one for one in found.findings if one.tier == 1]


@pytest.mark.parametrize("text", reports().values(), ids=reports())
def test_a_report_passes_as_it_is_and_each_slip_is_found_where_it_is(text, tmp_path):
    assert errors(with_slip(text, None)[0], tmp_path) == []
    for place, slip in enumerate(SLIP.finditer(text)):
        changed, offset = with_slip(text, place)
        line = changed.count("\n", 0, offset) + 1
        found = errors(changed, tmp_path)
        assert found, slip[0]
        lines = {each.line for one in found for each in one.places}
        is_told = any(slip[2] in each.printed or each.printed in slip[2] for one in found for each in one.places)
        assert is_told, slip[0]
        assert "\n|" in text or line in lines, slip[0]

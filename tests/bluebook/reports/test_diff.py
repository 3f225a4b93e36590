"""Two editions, or two releases of one, compared: each figure in one of five heaps, and no change that bounds do not show."""

import csv
import json
import re
import shutil

import pytest
from click.testing import CliRunner

from bluebook import EditionError, open_edition
from bluebook.charts import Chart
from bluebook.numbers.quantity import published
from bluebook.reports import diff
from desk.cli import main

HEAPS = ("added", "gone", "changed", "redefined", "same")
HAN = re.compile(r"[\u4e00-\u9fff]")


def edit(folder, changes, drop=(), name=None, year=None):
    """Change cells of an edition's figures, {id: {column: cell}}, leave some out, and give the edition another name."""
    path = folder / "figures.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["id"] not in drop]
    for row in rows:
        row |= changes.get(row["id"], {})
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    if name:
        package |= {"name": name, "issued": year, "titles": {"zh": f"报告（{year}）", "en": f"Report ({year})"}}
    path.write_text(json.dumps(package), encoding="utf-8")


@pytest.fixture
def beside(edition_copy):
    """A function that makes another edition, or a release of the same, beside the real one; returns its folder."""

    def beside(changes=None, *, drop=(), folder="shenzhen-2019", name=None, year=None):
        made = shutil.copytree(edition_copy, edition_copy.with_name(folder))
        for extra in ("checks.csv", "context.csv", "areas.csv"):
            (made / extra).unlink(missing_ok=True)
        edit(made, changes or {}, drop, name, year)
        return made

    return beside


CHANGES = {
    "volunteers.total": {"printed": "180万名"},
    "vehicles.monitored": {"printed": "7.25万辆"},
    "livelihood.spending": {"printed": "3013亿元", "period": "2019"},
    "livelihood.growth.education": {"printed": "12.0%", "period": "2019", "base": "2018"},
    "structure.districts": {"measure": "norm"},
    "structure.streets": {"printed": "78名"},
    "liaison.points": {"label_zh": "联络站", "label_en": "Liaison offices"},
}
YEAR = {"folder": "shenzhen-2019", "name": "shenzhen-2019", "year": "2019"}


@pytest.fixture
def other(beside):
    return beside(CHANGES, drop=["micro.projects"], **YEAR)


def ids(found):
    heaps = {name: {getattr(one, "id", None) or one.figure for one in getattr(found, name)} for name in HEAPS}
    return {name: heap for name, heap in heaps.items() if name != "same"}


def compared(one, two, lang="en"):
    return diff.compare(*(diff.read(str(folder), lang=lang) for folder in (one, two)))


def test_each_figure_is_in_one_heap(other, edition_copy):
    found = compared(other, edition_copy)
    listed = [getattr(one, "id", None) or one.figure for name in HEAPS for one in getattr(found, name)]
    assert sorted(listed) == sorted({*found.old.figures.index, *found.new.figures.index})
    assert ids(found) == {
        "added": {"micro.projects"},
        "gone": set(),
        "changed": {"volunteers.total", "vehicles.monitored", "livelihood.spending", "livelihood.growth.education"},
        "redefined": {"structure.districts", "structure.streets", "liaison.points"},
    }


def test_the_other_way_round_what_was_added_is_gone(other, edition_copy):
    there, back = ids(compared(other, edition_copy)), ids(compared(edition_copy, other))
    assert back == {**there, "added": there["gone"], "gone": there["added"]}


def test_a_later_year_is_no_redefinition_between_editions_but_is_one_between_releases(beside, edition_copy):
    later = {"livelihood.spending": {"period": "2019"}}
    assert ids(compared(beside(later, folder="release"), edition_copy))["redefined"] == {"livelihood.spending"}
    assert ids(compared(beside(later, **YEAR), edition_copy))["redefined"] == set()


def test_growth_over_more_years_is_another_thing(beside, edition_copy):
    found = compared(beside({"health.beds": {"base": "2019"}}, **YEAR), edition_copy)
    assert [one.redefined for one in found.redefined] == [{"span": ("1", "5")}]


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ("200个", "210个", "增加5%", "up 5%"),
        ("210个", "200个", "减少4.76%", "down 4.76%"),
        ("12.0%", "18.8%", "增加6.8个百分点", "up 6.8 percentage points"),
        ("0个", "5个", "增加5个", "up 5"),
        ("208万名", "2081000名", "范围重合，未必有变", "bounds overlap: perhaps none"),
        ("90万余名", "95万名", "范围重合，未必有变", "bounds overlap: perhaps none"),
    ],
)
def test_a_change_is_told_from_the_bounds(old, new, zh, en):
    for lang, words in (("zh", zh), ("en", en)):
        sides = (published(printed, figure="a.b", lang=lang) for printed in (old, new))
        assert diff.Shared("a.b", *sides, ("", ""), {}).change == words


def test_an_edition_is_found_by_name_or_folder(other, edition_copy):
    root = edition_copy.parents[1]
    assert diff.read("shenzhen-2019", root).title == diff.read(str(other)).title == "Report (2019)"


def test_the_command_tells_people_and_machines(other, edition_copy):
    run = CliRunner().invoke(main, ["diff", str(other), str(edition_copy)])
    assert run.exit_code == 0
    assert "~ volunteers.total  180万名 -> 208万名  Volunteers: up 16%" in run.output
    assert "! structure.districts  11个 -> 11个  measure norm -> count" in run.output
    assert run.output.splitlines()[-1].startswith(
        "shenzhen-2019 -> shenzhen-2021: 1 added, 0 gone, 4 changed, 3 redefined"
    )
    run = CliRunner().invoke(
        main, ["diff", "shenzhen-2019", "shenzhen-2021", "--json", "--root", str(edition_copy.parents[1])]
    )
    told = json.loads(run.output)
    assert {name: {one["id"] for one in told[name]} for name in HEAPS[:4]} == ids(compared(other, edition_copy))
    (one,) = (one for one in told["changed"] if one["id"] == "volunteers.total")
    assert (one["old"]["low"], one["new"]["value"], one["certain"]) == (1795000, 2080000, True)


@pytest.mark.parametrize("words", [["diff"], ["diff", "shenzhen-2021"], ["diff", "shenzhen-2021", "atlantis"]])
def test_what_there_is_not_is_wrong_usage(words):
    assert CliRunner().invoke(main, words).exit_code == 2


def test_an_edition_that_is_not_valid_is_named(other, edition_copy):
    edit(other, {"volunteers.total": {"printed": "many"}})
    run = CliRunner().invoke(main, ["diff", str(other), str(edition_copy)])
    assert run.exit_code == 1
    assert "figures.csv, row" in run.output
    assert "many" in run.output


# the page


def parts(book):
    found = diff.nearest(book)
    shown = [*diff.trends(book), *diff.tables(book, found)]
    return [part for part in shown if isinstance(part, Chart)], [part for part in shown if not isinstance(part, Chart)]


def anchor(part):
    """The id that a table or a heading has on the page."""
    return re.search(r'id="([^"]+)"', part.html)[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_draws_what_changed_and_lists_the_rest(other, lang):
    book = open_edition("shenzhen-2021", lang=lang, root=other.parents[1])
    charts, tables = parts(book)
    assert [chart.record["figures"] for chart in charts] == [
        ["livelihood.spending", "livelihood.growth.education", "vehicles.monitored"],
        ["volunteers.total"],  # of no year
    ]
    ids = [anchor(one) for one in tables]
    assert ids == ["trends", "changed", "changed-figures", "redefined", "redefined-figures", "added", "added-figures"]
    words = [re.sub("<[^>]*>", "", one.html) for one in tables] + [chart.record["title"] for chart in charts]
    assert lang == "zh" or not [text for text in words if HAN.search(text)]


def test_a_redefined_figure_is_never_drawn_beside_what_it_was(other):
    _, (trends, *_) = parts(open_edition("shenzhen-2021", root=other.parents[1]))
    assert "联系点</th>" not in trends.html
    assert "街道（镇）" not in trends.html


def test_only_numbers_of_the_pages_own_edition_lead_to_its_table(other):
    _, (trends, *_) = parts(open_edition("shenzhen-2021", root=other.parents[1]))
    (row,) = (row for row in trends.html.split("<tr>") if "180万名" in row)
    assert row.count("data-figure") == 1


def test_without_its_link_a_number_says_the_same(book):
    for q in book.figures["quantity"]:
        assert diff.linked_if_own(book, "elsewhere", q).text == q.text


def test_the_first_edition_is_compared_with_the_next(other):
    found = diff.nearest(open_edition("shenzhen-2019", root=other.parents[1]))
    assert (found.old.name, found.new.name) == ("shenzhen-2019", "shenzhen-2021")


def test_an_edition_that_cannot_be_opened_does_not_take_the_others_pages(other, beside):
    (beside(folder="broken") / "figures.csv").write_text("nonsense\n", encoding="utf-8")
    book = open_edition("shenzhen-2021", root=other.parents[1])
    assert [one.name for one in diff.editions(book)] == ["shenzhen-2019", "shenzhen-2021"]


def test_a_lone_edition_has_nothing_beside_it(edition_copy):
    book = open_edition("shenzhen-2021", root=edition_copy.parents[1])
    assert list(diff.trends(book)) == []
    with pytest.raises(EditionError, match="no other edition of its place beside it"):
        diff.nearest(book)


def test_an_edition_of_another_place_is_never_beside_it(other, beside):
    for folder, place in (("haizhou-2020", {"place": "haizhou"}), ("linjiang-2020", {})):  # said, and of its name
        path = beside(folder=folder) / "datapackage.json"
        package = json.loads(path.read_text(encoding="utf-8"))
        package.pop("place", None)
        path.write_text(json.dumps({**package, "name": folder, **place}), encoding="utf-8")
    book = open_edition("shenzhen-2021", root=other.parents[1])
    assert [one.name for one in diff.editions(book)] == ["shenzhen-2019", "shenzhen-2021"]
    alone = open_edition("linjiang-2020", root=other.parents[1])
    assert [one.name for one in diff.editions(alone)] == ["linjiang-2020"]


def test_editions_with_nothing_in_common_still_have_a_page(beside, edition_copy):
    other = beside(**YEAR)
    path = other / "figures.csv"
    path.write_text(re.sub(r"^([a-z]+)\.", r"old_\1.", path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    charts, tables = parts(open_edition("shenzhen-2021", root=edition_copy.parents[1]))
    assert charts == []
    assert [anchor(one) for one in tables] == [
        "added",
        "added-figures",
        "gone",
        "gone-figures",
    ]

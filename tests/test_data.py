"""The editions as data: well-formed, consistent in themselves, true to their sources, and in our own words."""

import csv
import hashlib
import json
import keyword
import re
import shutil
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from frictionless import Package

from bluebook import open_edition
from bluebook.numbers.printed import canonical
from bluebook.numbers.quantity import Quantity

RESERVED = set("chapter chapters figures table tables say title lang name source explore context checks".split())
SMALL = dict(zip("一两二三四五六七八九十", (1, 2, *range(2, 11)), strict=True))
COPIED = 20  # characters in a row that names and terms may share with the source; a sentence has more


DATA = Path(__file__).parents[1] / "data"
EDITIONS = sorted(path.parent.name for path in DATA.glob("*/datapackage.json"))
first_edition = pytest.mark.parametrize("folder", ["shenzhen-2021"], indirect=True)


@pytest.fixture(scope="module", params=EDITIONS)
def folder(request):
    return DATA / request.param


@pytest.fixture(scope="module")
def package(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows(folder):
    """The rows of every table, by its name, as the file has them."""

    def read(path):
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines, strict=True))

    return {path.stem: read(path) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def counts(rows):
    """A function from a figure id to the whole number its printed form begins with."""
    printed = {row["id"]: row["printed"] for row in rows["figures"]}

    def count(figure):
        digits = re.match(r"\d+", printed[figure])
        return int(digits[0]) if digits else SMALL[printed[figure][0]]

    return count


def words(resource, row):
    """The cells of a row that are words, without titles of documents, which are quoted as they are."""
    return [cell for column, cell in row.items() if (resource, column) != ("documents", "title_zh")]


# the package


def errors(path):
    report = Package(str(path)).validate()
    return [(task.name, error.type) for task in report.tasks for error in task.errors] + report.warnings


def test_frictionless_accepts_the_edition(folder):
    assert errors(folder / "datapackage.json") == []


@first_edition
@pytest.mark.parametrize(
    ("file", "found", "put", "error"),
    [
        ("figures.csv", "livelihood.share,", "livelihood.spending,", "unique-error"),
        ("figures.csv", "livelihood.share,", "Livelihood share,", "constraint-error"),
        ("figures.csv", ",share,", ",portion,", "constraint-error"),
        ("figures.csv", "民生支出类别", "9类民生支出", "constraint-error"),
        ("figures.csv", "id,chapter", "id,part", "extra-label"),
        ("excluded.csv", "2021,3,41", "2021,three,41", "type-error"),
        ("areas.csv", ",no,", ",maybe,", "constraint-error"),
        ("projects.csv", ",guangming,", ",nowhere,", "foreign-key"),
        ("checks.csv", ",=,", ",~,", "constraint-error"),
        ("system_parts.csv", "transport,1", "traffic,1", "foreign-key"),
        ("commitments.csv", "pairing.ideas", "pairing.idea", "foreign-key"),
    ],
)
def test_frictionless_rejects_a_broken_edition(folder, tmp_path, file, found, put, error):
    copy = shutil.copytree(folder, tmp_path / "edition")
    text = (copy / file).read_text(encoding="utf-8")
    assert found in text
    (copy / file).write_text(text.replace(found, put, 1), encoding="utf-8", newline="")
    assert (file.removesuffix(".csv"), error) in errors(copy / "datapackage.json")


def test_the_package_names_every_file_and_no_other(folder, package):
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in folder.glob("*.csv")}


def test_every_column_is_described(package):
    for resource in package["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"]), resource["name"]


def test_files_are_plain_utf8_with_one_line_end(folder):
    for path in folder.iterdir():
        content = path.read_bytes()
        assert content.decode("utf-8")
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name


# figures


def test_ids_can_be_attributes_and_none_is_the_beginning_of_another(rows):
    ids = [row["id"] for row in rows["figures"]]
    assert len(set(ids)) == len(ids)
    for figure in ids:
        assert not any(other.startswith(figure + ".") for other in ids), figure
        assert figure.split(".")[0] not in RESERVED, figure
        assert all(part.isidentifier() and not keyword.iskeyword(part) for part in figure.split(".")), figure


def test_every_chapter_has_figures_and_they_come_in_the_order_of_the_book(rows, package):
    chapters = [chapter["id"] for chapter in package["chapters"]]
    places = [
        (chapters.index(row["chapter"]), int(row.get("paragraph", 0)), int(row.get("offset", 0)))
        for row in rows["figures"]
    ]
    assert {chapter for chapter, _, _ in places} == set(range(len(chapters)))
    assert places == sorted(places)


def test_labels_differ_and_hold_no_digits(rows):
    for column in ("label_zh", "label_en"):
        labels = [row[column] for row in rows["figures"]]
        assert len(set(labels)) == len(labels), Counter(labels).most_common(1)
        assert not re.search(r"\d", "".join(labels))


def test_apostrophes_are_those_of_print(rows):
    for cell in (str(cell) for table in rows.values() for row in table for cell in row.values()):
        assert not re.search(r"[A-Za-z]'[a-z]|s' [a-z]", cell), cell


def test_a_comparison_says_with_what(rows):
    for row in rows["figures"]:
        if row["measure"] == "growth":
            assert row["base"], row["id"]
        if row["base"]:
            assert row["measure"] in ("growth", "increase"), row["id"]
            assert row["base"] < row["period"], row["id"]


def test_what_is_a_part_is_printed_as_a_ratio(rows):
    for row in rows["figures"]:
        ratio = row["printed"].endswith(("%", "成"))
        assert ratio == (row["measure"] in ("share", "growth", "rate")), row["id"]


def test_money_is_not_counted(rows):
    for row in rows["figures"]:
        assert (row["measure"] in ("level", "average")) == row["printed"].endswith("元"), row["id"]


def test_a_changed_bound_is_explained(rows, folder):
    changed = [row for row in rows["figures"] if row.get("low") or row.get("high")]
    assert all(row["note"] for row in changed), folder.name


def test_areas_of_figures_are_the_city_or_its_districts(rows):
    known = {"深圳市"} | {row["name_zh"] for row in rows["areas"]}
    assert {row["area"] for row in rows["figures"]} <= known


@first_edition
def test_places_in_the_source_do_not_overlap(rows):
    spans = sorted(
        (int(row["paragraph"]), int(row["offset"]), int(row["offset"]) + len(row["printed"]))
        for name in ("figures", "excluded")
        for row in rows[name]
    )
    for (line, _, end), (following, start, _) in pairwise(spans):
        assert line < following or end <= start, (line, start)


def test_a_figure_says_where_it_stands(folder):
    for lang in ("zh", "en"):
        for q in open_edition(folder.name, lang=lang, root=DATA.parent).figures["quantity"]:
            assert q.source.paragraph or q.source.url.startswith("http"), q.figure
            assert bool(re.search(r"[一-鿿]", q.where)) == (lang == "zh"), q.where


def test_there_are_editions_to_compare():
    assert len(EDITIONS) > 1


@pytest.mark.parametrize("pair", list(combinations(EDITIONS, 2)), ids="-".join)
def test_figures_that_share_an_id_are_of_one_kind(pair):
    one, other = (open_edition(name, root=DATA.parent).figures for name in pair)
    shared = one.index.intersection(other.index)
    assert list(one.loc[shared, "measure"]) == list(other.loc[shared, "measure"])
    assert [canonical(u) for u in one.loc[shared, "unit"]] == [canonical(u) for u in other.loc[shared, "unit"]]


def test_the_collection_of_2019_shares_figures_with_the_book():
    one, other = (open_edition(name, root=DATA.parent) for name in ("shenzhen-2019", "shenzhen-2021"))
    assert {"livelihood.spending", "livelihood.share", "volunteers.total"} <= {*one.figures.index} & {
        *other.figures.index
    }
    assert (one.livelihood.spending / one.livelihood.share).overlaps(one.budget.spending)
    assert (one.population.registered + one.population.unregistered).overlaps(one.population.residents)
    assert "collection" in open_edition("shenzhen-2019", lang="en", root=DATA.parent).title


# the lists agree with the figures


@first_edition
def test_there_are_as_many_districts_as_printed(rows, counts):
    assert len(rows["areas"]) == counts("structure.districts")


@first_edition
def test_a_district_the_source_names_says_where(rows):
    assert {row["id"] for row in rows["areas"] if row["named"] == "yes"} == {
        "luohu", "baoan", "longgang", "longhua", "guangming",
    }  # fmt: skip
    assert all((row["named"] == "yes") == bool(row["paragraph"]) for row in rows["areas"])


def test_tiles_lie_as_the_districts_do(rows):
    tile = {row["id"]: (int(row["row"]), int(row["col"])) for row in rows["areas"]}
    assert len(set(tile.values())) == len(tile)
    north = ["baoan", "guangming", "longhua", "longgang", "pingshan", "shenshan"]
    south = ["nanshan", "futian", "luohu", "yantian", "dapeng"]
    for band in (north, south):
        assert all(tile[west][1] < tile[east][1] for west, east in pairwise(band))
    assert max(tile[area][0] for area in north) < min(tile[area][0] for area in south)
    row, col = tile["shenshan"]
    assert not any((row + dr, col + dc) in tile.values() for dr, dc in ((0, 1), (0, -1), (1, 0), (-1, 0)))


@first_edition
def test_there_are_as_many_projects_as_printed(rows, counts):
    batches = Counter(row["batch"] for row in rows["projects"])
    assert batches == {"first": counts("innovations.first"), "second": counts("innovations.second")}


@first_edition
def test_projects_the_source_does_not_name_are_empty(rows):
    named = [row for row in rows["projects"] if row["name_zh"]]
    assert [row["area"] for row in named] == ["guangming", "luohu", "longhua"]
    assert all(bool(row["name_zh"]) == bool(row["name_en"]) == bool(row["area"]) for row in rows["projects"])


@first_edition
def test_there_are_as_many_rectifications_as_printed(rows, counts):
    objects = Counter((row["object"], row["measure_zh"]) for row in rows["rectifications"])
    assert objects == {
        ("kind", "挂牌整治"): counts("rectification.kinds"),
        ("street", "挂牌整治"): counts("rectification.streets"),
        ("street", "重点整治"): 2,
    }


@first_edition
def test_each_commitment_has_its_figure(rows, counts):
    pairing = [row["id"] for row in rows["figures"] if row["measure"] == "norm"]
    assert [row["figure"] for row in rows["commitments"]] == pairing
    assert len(pairing) == 5
    assert all(counts(figure) == 1 for figure in pairing)


@first_edition
def test_systems_and_their_parts_agree(rows, counts):
    parts = Counter(row["system"] for row in rows["system_parts"])
    for system in rows["systems"]:
        assert bool(parts[system["id"]]) == (system["parts_published"] != "no"), system["id"]
    assert parts["leadership"] == counts("structure.levels")
    assert parts["livelihood_categories"] < counts("livelihood.categories")
    assert parts["pairing"] == len(rows["commitments"])


@first_edition
def test_systems_point_to_figures_that_exist(rows):
    known = {row["id"] for row in rows["figures"]}
    for system in rows["systems"]:
        assert set(system["figures"].split()) <= known, system["id"]


@first_edition
def test_positions_count_from_one(rows):
    for name, group in (("system_parts", "system"), ("projects", "batch")):
        for key in {row[group] for row in rows[name]}:
            positions = [int(row["position"]) for row in rows[name] if row[group] == key]
            assert positions == list(range(1, len(positions) + 1)), key


# words


def test_what_is_said_is_said_in_both_languages(rows):
    for name, table in rows.items():
        for row in table:
            for column in (column for column in row if column.endswith("_zh")):
                assert bool(row[column]) == bool(row[column.removesuffix("_zh") + "_en"]), (name, row)


def test_each_language_is_where_it_belongs(rows):
    for name, table in rows.items():
        for row in table:
            for column, cell in row.items():
                if column.endswith("_en") and name != "excluded":  # there the English explains the Chinese word
                    assert not re.search(r"[一-鿿]", cell), (name, cell)
                if column.endswith("_zh"):
                    assert not re.search(r"[,:;()]", cell), (name, cell)


def test_a_note_is_chinese_then_english(rows):
    known = [row for name in ("figures", "context", "checks") for row in rows.get(name, [])]
    titles = [row["source_title"] for row in known if " / " in row.get("source_title", "")]
    notes = [row["note"] for row in known]
    for note in filter(None, notes + titles):
        chinese, english = note.split(" / ")
        assert re.search(r"[一-鿿]", chinese), note
        assert not re.search(r"[一-鿿]", english), note


# what is cited from elsewhere


@first_edition
def test_a_cited_figure_says_when_and_where_from(rows):
    for row in rows["context"]:
        dated = re.search(r"\.(19|20)\d\d(_[a-z0-9_]+)?$", row["id"]) or row["indicator"] == "housing.supply"
        undated = re.search(r"\.undated(_[a-z]+)?$", row["id"])
        assert bool(row["period"]) == bool(dated) == (not undated), row["id"]
        assert re.fullmatch(r"((\d{4})(-\d\d(-\d\d)?)?(/\d{4}(-\d\d(-\d\d)?)?)?)?", row["period"]), row["id"]
        assert row["source_url"].startswith("http") or "网址未取得" in row["note"], row["id"]


@first_edition
def test_a_share_that_is_cited_is_a_part_of_a_whole(rows, folder):
    book = open_edition(folder.name, root=folder.parents[1])
    parts = [
        row["id"] for row in rows["context"] if row["measure"] in ("share", "rate") and row["printed"].endswith("%")
    ]
    assert len(parts) > 20
    for figure in parts:
        assert 0 <= book[f"context.{figure}"].low < book[f"context.{figure}"].high <= 1, figure


@first_edition
def test_every_number_of_a_district_reads_in_both_languages(rows, folder):
    found = [row for row in rows["context"] if row["id"].startswith("district.")]
    known = {row["id"]: row["name_zh"] for row in rows["areas"]}
    assert {row["id"].split(".")[1] for row in found} == set(known)
    for lang in ("zh", "en"):
        book = open_edition(folder.name, lang=lang, root=folder.parents[1])
        for row in found:
            assert row["area"] == known[row["id"].split(".")[1]], row["id"]
            assert (
                row["indicator"].split(".")[1] == row["id"].split(".")[2].removesuffix("_half") or "_half" in row["id"]
            )
            assert bool(row["printed"]) == isinstance(book.find(f"context.{row['id']}"), Quantity), row["id"]


@first_edition
def test_a_second_source_stands_after_the_preferred_one_of_its_period(rows):
    trust = ["official", "press", "secondary"]
    found = {}
    for row in rows["context"]:
        if row["indicator"] != "housing.supply":
            found.setdefault((row["indicator"], row["period"], row["area"]), []).append(row)
    several = [group for group in found.values() if len(group) > 1]
    assert several
    for group in several:
        ranks = [trust.index(row["confidence"]) for row in group]
        assert ranks == sorted(ranks), group[0]["id"]


@first_edition
def test_residents_before_and_after_the_census_are_two_series(rows):
    years = {
        name: {int(row["period"]) for row in rows["context"] if row["indicator"] == f"population.{name}"}
        for name in ("resident", "revised")
    }
    assert max(years["resident"]) < 2020 <= min(years["revised"])


@first_edition
def test_the_districts_of_the_census_add_up_to_its_total(rows, folder):
    book = open_edition(folder.name, root=folder.parents[1])
    districts = list(book.context.population.district)
    assert [q.label for q in districts if q.unit != "人"] == []
    assert len(districts) == len(rows["areas"])
    assert sum(districts[1:], districts[0]).overlaps(book["context.population.census.2020"])


# the codebook


def test_the_codebook_names_every_file_column_and_measure(root, package):
    codebook = (root / "data" / "README.md").read_text(encoding="utf-8")
    figures = package["resources"][0]["schema"]["fields"]
    measures = next(field for field in figures if field["name"] == "measure")["constraints"]["enum"]
    wanted = [resource["path"] for resource in package["resources"]] + [field["name"] for field in figures] + measures
    assert [word for word in wanted if f"`{word}`" not in codebook] == []


# the source


@first_edition
def test_the_source_is_the_one_the_package_names(package, source_text):
    source = package["sources"][0]
    assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
    if source_text is None:
        return
    content = source_text.read_bytes()
    assert hashlib.sha256(content).hexdigest() == source["sha256"]
    assert len(content.decode("utf-8").splitlines()) == source["paragraphs"]


@first_edition
def test_every_row_stands_where_it_says(rows, package, source_text):
    if source_text is None:
        assert re.fullmatch(r"[0-9a-f]{64}", package["sources"][0]["sha256"])
        return
    lines = source_text.read_text(encoding="utf-8").splitlines()
    for row in rows["figures"] + rows["excluded"]:
        line, start = lines[int(row["paragraph"]) - 1], int(row["offset"])
        assert line[start : start + len(row["printed"])] == row["printed"], row


@first_edition
def test_every_digit_of_the_source_is_accounted_for(rows, package, source_text):
    if source_text is None:
        assert re.fullmatch(r"[0-9a-f]{64}", package["sources"][0]["sha256"])
        return
    told = {
        (int(row["paragraph"]), int(row["offset"]) + i)
        for row in rows["figures"] + rows["excluded"]
        for i in range(len(row["printed"]))
    }
    for number, line in enumerate(source_text.read_text(encoding="utf-8").splitlines(), 1):
        for offset, char in enumerate(line):
            if char in "0123456789〇零一二两三四五六七八九十百千万亿半":
                assert (number, offset) in told, (number, offset, line[max(0, offset - 5) : offset + 5])


@first_edition
def test_no_sentence_is_taken_from_the_source(rows, package, source_text):
    if source_text is None:
        assert re.fullmatch(r"[0-9a-f]{64}", package["sources"][0]["sha256"])
        return

    def runs(text):
        bare = re.sub(r"\W", "", text)
        return {bare[i : i + COPIED] for i in range(len(bare) - COPIED + 1)}

    source = runs(source_text.read_text(encoding="utf-8"))
    described = [json.dumps({**package, "sources": []}, ensure_ascii=False)]
    cells = [cell for name, table in rows.items() for row in table for cell in words(name, row)]
    assert [cell for cell in described + cells if runs(cell) & source] == []

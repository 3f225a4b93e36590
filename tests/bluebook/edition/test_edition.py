"""Opening an edition: what a researcher gets, and what a broken folder says."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from bluebook import open_edition
from bluebook.edition.package import EditionError
from bluebook.edition.table import read_rows
from desk.coverage import coverage


def test_a_figure_is_found_by_attribute_and_by_id(book):
    assert book.volunteers.total is book["volunteers.total"]
    assert book.volunteers.total.where == book.say("原文第18段", "source, paragraph 18")
    assert book.livelihood.growth.education.text == "18.8%"


def test_tab_completes_topics_and_figures(book):
    assert {"volunteers", "livelihood", "table", "chapter", "context"} <= set(dir(book))
    assert dir(book.livelihood.growth) == ["education", "health", "housing", "transport"]


def test_every_figure_is_labelled_in_the_books_language(book):
    han = re.compile(r"[\u4e00-\u9fff]")
    assert all(bool(han.search(label)) == (book.lang == "zh") for label in book.figures["label"])


def test_frames_hold_every_figure_once_with_bounds_in_order(book):
    frame = book.figures
    assert frame.index.is_unique
    assert (frame["low"] <= frame["value"]).all()
    assert (frame["value"] <= frame["high"]).all()
    parts = pd.concat([book.chapter(chapter) for chapter, _ in book.chapters])
    pd.testing.assert_frame_equal(parts.sort_index(), frame.sort_index())
    assert [q.figure for q in frame["quantity"]] == list(frame.index)


def test_a_topic_and_an_edition_show_themselves(book):
    shown = book.volunteers._repr_html_()
    for part in ("volunteers.share", "15.5%", "15.45%", book.say("第18段", "paragraph 18")):
        assert part in shown
    assert book.title in book._repr_html_()


def test_a_list_is_given_as_published(book):
    areas = book.table("areas")
    assert len(areas) == int(book.structure.districts.value)
    assert all(isinstance(cell, str) for cell in areas.to_numpy().ravel())


def test_a_series_of_cited_figures_has_its_sources_side_by_side(book):
    frame = book.cited("spending.livelihood", "volunteers.share")
    assert set(frame["indicator"]) == {"spending.livelihood", "volunteers.share"}
    assert [book[str(figure)] for figure in frame.index] == list(frame["quantity"])
    both = frame[frame["period"] == "2018"]
    assert [q.printed for q in both["quantity"]] == ["2772亿元", "2772.4亿元"]
    assert list(both["confidence"]) == ["official", "secondary"]
    assert all(url.startswith("http") for url in frame["url"])
    words = "".join([*frame["label"], *frame["source"], *frame["note"]])
    assert bool(re.search(r"[\u4e00-\u9fff]", words)) == (book.lang == "zh")


def test_a_series_nobody_cites_is_refused(book):
    with pytest.raises(EditionError, match=r'context.csv: no row has the indicator "weather"'):
        book.cited("spending.livelihood", "weather")


def test_an_edition_without_one_text_cites_each_figure():
    root = Path(__file__).parents[3]
    book = open_edition("shenzhen-2019", lang="en", root=root)
    assert book.livelihood.spending.where.startswith("cited from Shenzhen Daily")
    assert book.livelihood.spending.source.url.startswith("http")
    assert book.figures["paragraph"].isna().all()
    with pytest.raises(EditionError, match=r"figures.csv: its figures are cited one by one"):
        coverage(book.folder, "3013亿元")


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        (",official,", ",rumour,", r'column confidence: found "rumour", expected one of official, press, secondary'),
        (",http://", ",ftp://", r'column source_url: found "ftp://.*", expected an http\(s\) address'),
        ("source_url", "url", r"column source_url is missing"),
    ],
)
def test_a_citation_that_leads_nowhere_is_named(tmp_path, found, put, said):
    copy = shutil.copytree(Path(__file__).parents[3] / "data" / "shenzhen-2019", tmp_path / "data" / "shenzhen-2019")
    path = copy / "figures.csv"
    path.write_text(path.read_text("utf-8").replace(found, put, 1), encoding="utf-8")
    with pytest.raises(EditionError, match=said):
        open_edition("shenzhen-2019", root=tmp_path)


def test_a_cited_id_that_begins_another_is_named(edition_copy):
    path = edition_copy / "context.csv"
    path.write_text(path.read_text("utf-8").replace("spending.total.2019,", "spending.total,"), encoding="utf-8")
    with pytest.raises(EditionError, match=r"context.csv, row \d+, column id: spending.total is also the beginning of"):
        list(open_edition("shenzhen-2021", root=edition_copy.parents[1]).context)


def test_an_edited_row_shows_at_the_next_opening(edition_copy):
    path = edition_copy / "figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("208万名", "209万名"), encoding="utf-8")
    assert open_edition("shenzhen-2021", root=edition_copy.parents[1]).volunteers.total.text == "209万名"


def test_bounds_can_be_overridden_in_printed_form(book):
    assert float(book.scenic.rate.high) == 1
    assert not book.scenic.rate.high_open


@pytest.mark.parametrize("name", ["nope", "", "../data/shenzhen-2021", "shenzhen-2021/"])
def test_an_unknown_edition_says_which_there_are(name):
    with pytest.raises(EditionError, match=r"unknown edition .* has .*shenzhen-2021"):
        open_edition(name)


def test_an_unknown_language_says_which_there_are():
    with pytest.raises(EditionError, match=r'unknown language "fr": expected one of en, zh'):
        open_edition("shenzhen-2021", lang="fr")


def test_an_unknown_figure_says_what_is_near(book):
    with pytest.raises(KeyError, match=r"no figure volunteers.totl; close ids: volunteers.total"):
        book["volunteers.totl"]
    with pytest.raises(AttributeError, match="volunteers has no figure totl: it has"):
        _ = book.volunteers.totl
    with pytest.raises(EditionError, match=r'no chapter "nope": expected one of livelihood'):
        book.chapter("nope")
    with pytest.raises(EditionError, match=r'no table "\.\./areas"'):
        book.table("../areas")


def edited(row, column, value):
    """An edit of one cell: `row` as a spreadsheet counts, 1 being the header."""

    def edit(folder):
        rows = read_rows(folder / "figures.csv")
        rows[row - 2][column] = value
        pd.DataFrame(rows).to_csv(folder / "figures.csv", index=False)

    return edit


def rewritten(old, new, file="figures.csv"):
    def edit(folder):
        path = folder / file
        path.write_bytes(path.read_bytes().replace(old, new, 1))

    return edit


def without_chapter(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["chapters"].append({"id": "weather", "title_zh": "天气", "title_en": "Weather"})
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (edited(3, "printed", "208万名志愿"), r'figures.csv, row 3 \(livelihood.spending\), column printed: cannot read "208万名志愿"'),
        (edited(4, "id", "livelihood.spending"), r'figures.csv, row 4 .*column id: found "livelihood.spending", expected a value that no'),
        (edited(4, "id", "Livelihood Share"), r'row 4 .*column id: found "Livelihood Share", expected a dotted slug'),
        (edited(4, "id", "livelihood.growth"), r"row 4, column id: livelihood.growth is also the beginning of livelihood.growth"),
        (edited(5, "chapter", "weather"), r'row 5 .*column chapter: found "weather", expected one of livelihood, party'),
        (edited(5, "paragraph", "0"), r'row 5 .*column paragraph: found "0", expected a line number'),
        (edited(5, "offset", "-1"), r'row 5 .*column offset: found "-1", expected a number of characters'),
        (edited(5, "label_en", " "), r'row 5 .*column label_en: found " ", expected some text'),
        (edited(5, "high", "a lot"), r'row 5 .*column high: cannot read "a lot"'),
        (rewritten(b"printed,", b"prnted,"), r"figures.csv: column printed is missing; found id, chapter, prnted"),
        (rewritten(b"measure,per,", b"measure,measure,"), r"figures.csv, row 1: a column is named twice"),
        (rewritten("民生支出".encode(), "民生".encode("gb18030")), r"figures.csv, row \d+: byte 0x\w+ is not UTF-8"),
        (rewritten(b",livelihood,", b",livelihood,,,"), r"figures.csv, row 2 \(livelihood.categories\): found 17 cells, expected 15"),
        (rewritten(b",livelihood,", b',"liveli"hood,'), r"figures.csv, row 2: "),
        (lambda folder: (folder / "figures.csv").write_text(""), r"figures.csv: empty; expected a header row"),
        (lambda folder: (folder / "figures.csv").unlink(), r"figures.csv: no such file"),
        (lambda folder: (folder / "datapackage.json").write_text("{"), r"datapackage.json: cannot be read as JSON"),
        (rewritten(b'"chapters"', b'"chapter"', "datapackage.json"), r'datapackage.json: found no "chapters"'),
        (without_chapter, r'figures.csv: chapter "weather" has no figures'),
    ],
)  # fmt: skip
def test_a_broken_folder_names_file_row_column_value_and_what_was_wanted(edition_copy, edit, said):
    edit(edition_copy)
    with pytest.raises(EditionError, match=said):
        open_edition("shenzhen-2021", root=edition_copy.parents[1])

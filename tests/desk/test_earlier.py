"""What a draft takes over from an earlier edition: the same quantity and no other, and nothing that names its place."""

import csv
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.documents import from_text
from desk.draft import create, draft
from desk.earlier import carry_over, read_earlier
from desk.rows import row_of
from desk.scan import findings

REPORT = "青禾区2022年统计公报\n"
OLD = """\
volunteers.total,people,12.1万名,count,2021,,青禾区,志愿者,Volunteers
volunteers.share,people,15%,share,2021,,青禾区,志愿者占比,Volunteers as a share
social.organisations,people,590个,count,2021,,青禾区,社会组织,Social organisations
qinghe.parks,city,27个,count,2021,,青禾区,青禾公园,Parks of Qinghe
"""
HEAD = "id,chapter,printed,measure,period,base,area,label_zh,label_en,paragraph,offset,note,low,high\n"


@pytest.fixture
def old(tmp_path):
    """The edition before, with a glossary, as another folder of data has it."""
    folder = tmp_path / "data" / "qinghe-2021"
    folder.mkdir(parents=True)
    lines = [f"{line},{number},0,,,\n" for number, line in enumerate(OLD.splitlines(), 1)]
    (folder / "figures.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    (folder / "glossary.csv").write_text(
        "id,term_zh,term_en,text_zh,text_en\nyard,大院,yards,院,a yard\n", encoding="utf-8"
    )
    package = {
        "name": "qinghe-2021",
        "titles": {"zh": "青禾区2021年统计公报", "en": "Qinghe in 2021"},
        "sources": [{"title": "青禾区2021年统计公报"}],
        "licenses": [{"name": "CC-BY-SA-4.0"}],
        "chapters": [
            {"id": "people", "title_zh": "人口", "title_en": "Inhabitants"},
            {"id": "city", "title_zh": "城市", "title_en": "The city"},
        ],
    }
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


def drafted(text, old, name="qinghe-2022"):
    made = draft(name, from_text(text), read_earlier(old))
    rows = list(csv.DictReader(made.files["figures.csv"].lstrip("\ufeff").splitlines()))
    return rows, json.loads(made.files["datapackage.json"])


def test_the_same_quantity_keeps_its_id_names_and_chapter_and_says_so(old):
    rows, package = drafted(REPORT + "年末志愿者12.6万人。社会组织605个。医院27家。", old)
    volunteers, social, hospitals = rows
    assert (volunteers["id"], volunteers["label_en"], volunteers["chapter"]) == (
        "volunteers.total",
        "Volunteers",
        "people",
    )
    assert volunteers["carried"] == "volunteers.total of qinghe-2021"
    assert volunteers["todo"] == ""
    assert social["id"] == "social.organisations"
    assert hospitals["carried"] == ""
    assert {"id": "people", "title_zh": "人口", "title_en": "Inhabitants"} in package["chapters"]
    assert package["licenses"] == [{"name": "CC-BY-SA-4.0"}]
    assert "licenses" not in package["todo"]
    assert package["titles"]["en"] == "Qinghe in 2022"


@pytest.mark.parametrize(
    "text",
    [
        "年末志愿者12.6万元。",  # another unit
        "志愿者增长5.1%。",  # another measure
        "志愿者比上年增加312名。",
        "力争志愿者达到20万名。",  # a target
        "医院12家。",
        "志愿者12.6万名。另有志愿者3.1万名。",  # two of them
    ],
)
def test_what_is_another_quantity_is_not_taken_for_it(old, text):
    rows, _ = drafted(REPORT + text, old)
    assert not [row for row in rows if row["carried"]]
    assert not [row for row in rows if row["id"].startswith(("volunteers.", "social."))]


def test_a_label_that_holds_the_other_is_taken_over_to_be_confirmed(old):
    [row], _ = drafted(REPORT + "年末注册志愿者12.6万名。", old)
    assert row["id"] == "volunteers.total"
    assert row["carried"].endswith(": perhaps")
    assert {"id", "label_zh"} <= set(row["todo"].split())


def test_another_place_takes_names_and_terms_but_no_chapters_and_nothing_that_names_the_place(old):
    rows, package = drafted("海州市2022年统计公报\n年末志愿者12.6万名。青禾公园3个。社区大院8个。", old, "haizhou-2022")
    volunteers, park, yard = rows
    assert (volunteers["id"], volunteers["label_en"]) == ("volunteers.total", "Volunteers")
    assert volunteers["chapter"] == "part1"
    assert park["carried"] == ""
    assert "Qinghe" not in json.dumps([rows, package["chapters"], package["titles"]], ensure_ascii=False).replace(
        "qinghe-2021", ""
    )
    assert yard["label_en"] == "Community yards"
    assert {"label_zh", "label_en"} <= set(yard["todo"].split())
    assert package["place"] == "haizhou"


def test_chapters_of_the_same_title_keep_their_ids(old):
    _, package = drafted(REPORT + "一、人口\n常住人口82.9万人。\n二、城市\n公园12个。\n三、工业\n工厂8家。", old)
    assert [(one["id"], one["title_en"]) for one in package["chapters"]] == [
        ("people", "Inhabitants"),
        ("city", "The city"),
        ("part1", "Industry"),
    ]


def test_a_heading_that_holds_the_title_of_one_earlier_chapter_is_that_chapter(old):
    _, package = drafted(REPORT + "一、关于人口\n常住人口82.9万人。\n二、工业\n工厂8家。", old)
    assert [(one["id"], one["title_zh"]) for one in package["chapters"]] == [("people", "关于人口"), ("part1", "工业")]


def test_a_target_of_a_quantity_that_was_taken_over_stands_beside_it(old):
    rows, _ = drafted(REPORT + "年末志愿者12.6万名。\n到2025年,志愿者达到20万名。", old)
    assert [row["id"] for row in rows] == ["volunteers.total", "volunteers.total_target"]
    assert [row["status"] for row in rows] == ["", "target"]
    assert [row["chapter"] for row in rows] == ["people", "people"]


@given(
    st.lists(
        st.sampled_from(["志愿者12万名", "社会组织605个", "志愿者占比15%", "注册志愿者3万名", "公园27个"]), max_size=6
    )
)
def test_no_figure_is_taken_over_twice(tmp_path_factory, sentences):
    old = tmp_path_factory.mktemp("old") / "data" / "qinghe-2021"
    old.mkdir(parents=True)
    lines = [f"{line},{number},0,,,\n" for number, line in enumerate(OLD.splitlines(), 1)]
    (old / "figures.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    package = {"titles": {"zh": "一", "en": "One"}, "sources": [{"title": "一"}], "chapters": []}
    package["chapters"] = [{"id": id, "title_zh": id, "title_en": id} for id in ("people", "city")]
    (old / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    rows, _ = drafted(REPORT + "常住人口8万人。\n" + "。\n".join(sentences), old)
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert not [one for one in ids for other in ids if other.startswith(one + ".")]


def test_rows_of_no_edition_are_left_alone(old):
    earlier = read_earlier(old)
    rows = [row_of(one) for one in findings("医院27家。") if one.reason is None]
    before = [row.record() for row in rows]
    assert carry_over(rows, earlier, "qinghe") == 0
    assert [row.record() for row in rows] == before


def test_an_edition_that_was_drafted_like_another_opens(old):
    text = REPORT + "一、志愿服务\n年末志愿者12.6万名,占常住人口的15.2%。\n二、城市\n公园12个,社会组织605个。"
    create("qinghe-2022", from_text(text), old.parent, old)
    from bluebook import open_edition
    from bluebook.reports import diff

    book = open_edition("qinghe-2022", root=old.parents[1])
    assert "volunteers.total" in book.figures.index
    found = diff.nearest(book)
    assert {one.id for one in found.shared} == {"volunteers.total", "social.organisations"}
    assert not found.redefined
    assert re.search("2021", found.old.title)

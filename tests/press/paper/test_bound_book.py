"""A book is its pages bound: their words in order, their numbers of pages true, their links within it."""

import io
import re
import subprocess

import pikepdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from press.page import render
from press.page.companions import companions
from press.page.outputs import MIME
from press.page.record import read_page
from press.paper.bound_book import Cover, bind, page_numbers
from press.paper.browser import Browser
from press.site import assets

pytestmark = pytest.mark.slow

NAMES = {"00-start": "开始", "01-growth": "增长", "figures": "全部数字"}
FIGURE = '<data class="figure" data-figure="tasks.all" value="49">49项</data>'


def chapter(title):
    chart = {"data": [{"type": "bar", "x": ["甲"], "y": [1]}], "layout": {"title": {"text": f"{title}的图"}}}
    cells = [
        new_markdown_cell(f"# {title}\n\n{title}的第一句。见[开始](00-start.html)和[节](#s2)。"),
        new_markdown_cell("## 第一节\n\n" + "长段落。" * 400),
        new_code_cell("", outputs=[new_output("display_data", {MIME: chart})]),
        new_code_cell("", outputs=[new_output("display_data", {"text/html": f'{FIGURE}<p id="tasks.all">行</p>'})]),
    ]
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    assets.write_assets(root)
    with Browser() as browser:
        for name, title in NAMES.items():
            page = render.Page(name, "zh", title, f"e/zh/{name}", site_title="书", figures={"": "figures"}, drawn=True)
            files = companions(chapter(title), page, browser)
            files[f"{page.path}.html"] = render.render(chapter(title), page).encode()
            for path, content in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
        paths = [root / f"e/zh/{name}.html" for name in NAMES]
        pages = [(path, read_page(path.read_text(encoding="utf-8"))) for path in paths]
        cover = Cover(
            title="蓝皮书 “2021”",
            lang="zh",
            site_title="各年蓝皮书",
            summary="逐个核对的数字。",
            author="作者",
            date="2021",
            based_on="《报道》",
            licence="CC BY 4.0",
            parts=(("各章", tuple(list(NAMES)[1:])),),
        )
        books = [bind(pages, paths[0].parent, cover, assets="../../assets", browser=browser) for _ in range(2)]
    return root, books


@pytest.fixture(scope="module")
def sheets(printed, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "book.pdf"
    path.write_bytes(printed[1][0])
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    return [re.sub(r"\s", "", sheet) for sheet in text.split("\f")]


def test_a_book_has_cover_contents_and_every_chapter_with_its_charts(sheets):
    told = (
        "各年蓝皮书",
        "蓝皮书“2021”",
        "逐个核对的数字。",
        "依据：《报道》",
        "作者：作者",
        "日期：2021",
        "许可：CCBY4.0",
    )
    assert sheets[0] == "".join(told)
    assert "目录" in sheets[1]
    for title in NAMES.values():
        assert sum(f"{title}的第一句" in sheet for sheet in sheets) == 1
        assert sum(f"图1{title}的图" in sheet for sheet in sheets) == 1


def test_a_book_names_its_author_and_what_it_is_based_on_each_as_what_it_is(printed):
    with pikepdf.open(io.BytesIO(printed[1][0])) as book, book.open_metadata() as about:
        assert (book.docinfo.Author, book.docinfo.Subject) == ("作者", "《报道》")
        assert (about["dc:creator"], about["dc:source"]) == (["作者"], "《报道》")


def test_contents_say_the_true_pages_and_heads_the_chapter(printed, sheets, tmp_path):
    numbers = page_numbers(printed[1][0])
    (tmp_path / "book.pdf").write_bytes(printed[1][0])
    second = ["pdftotext", "-layout", "-f", "2", "-l", "2", tmp_path / "book.pdf", "-"]  # by lines, as a reader sees it
    lines = subprocess.run(second, capture_output=True, text=True, check=True).stdout.split("\n")
    contents = [re.sub(r"\s", "", line) for line in lines if line.strip()]
    told = [
        (f"{title}{numbers[f'c{number}']}", f"第一节{numbers[f'c{number}--s2']}")
        for number, title in enumerate(NAMES.values(), 1)
    ]
    start, *others = told
    assert contents[-8:-1] == [*start, "各章", *(line for chapter in others for line in chapter)]
    for number, title in enumerate(NAMES.values(), 1):
        at = numbers[f"c{number}"]
        assert f"{title}的第一句" in sheets[at - 1]
        assert f"蓝皮书“2021”{title}" in sheets[at]
        assert f"{at}/{len(sheets) - 1}" in sheets[at - 1]


def test_links_lead_through_the_book_and_bookmarks_to_its_sections(printed):
    with pikepdf.open(io.BytesIO(printed[1][0])) as book:
        with book.open_outline() as outline:
            assert [item.title for item in outline.root] == ["目录", *NAMES.values()]
            assert [item.title for item in outline.root[1].children] == ["第一节"]
        notes = [note for sheet in book.pages for note in sheet.get("/Annots", ())]
        assert not [note for note in notes if "/A" in note and "/URI" in note.A]
        assert {str(note.Dest) for note in notes} >= {"/c1", "/c3--tasks.all", "/c2--s2"}


def test_a_reference_says_its_page(printed, sheets):
    numbers = page_numbers(printed[1][0])
    assert f"见开始（第{numbers['c1']}页）和节（第{numbers['c2--s2']}页）。" in sheets[numbers["c2"] - 1]
    assert "49项（" not in "".join(sheets)


def test_a_book_is_the_same_each_time_and_leaves_no_draft(printed):
    root, books = printed
    assert books[0] == books[1]
    assert not list(root.rglob(".*"))

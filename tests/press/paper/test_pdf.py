"""On paper every character of the page is there, is the one it looks like, and says where its links lead."""

import io
import random
import re
import subprocess

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from press.paper import browser, fonts, pdf
from press.site import assets

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>x</title>{head}</head><body><main>
<article><h1>人口一页</h1><p>常住人口之一，见<a href="https://example.org/a?b=1">年鉴</a>与<a href="other.html#s">另页</a>。
“first” 1234 <b style="font-variant-numeric: tabular-nums">5678</b> <i>office ﬁne</i></p>
<p style="opacity: .5">半透明的车门见长龙</p><details><summary>收起</summary>不印的话</details>{body}</article></main></body></html>"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root = tmp_path_factory.mktemp("paper")
    assets.write_assets(root)
    return root


@pytest.fixture(scope="module")
def one():
    with browser.Browser() as opened:
        yield opened


@pytest.fixture
def write(desk):
    def write(body=""):
        page = desk / "page.html"
        style = f'<link rel="stylesheet" href="assets/{assets.asset_names()["style.css"]}">'
        page.write_text(PAGE.format(head=style, body=body), encoding="utf-8")
        return page

    return write


def test_what_is_drawn_is_read_back(one, write):
    text = pdf.read_back(one.pdf(write(), title="x", lang="zh"))
    for words in ("人口一页", "常住人口之一", "12345678", "半透明的车门见长龙", "收起"):
        assert words in text.replace(" ", "")
    assert "不印" not in text


def test_what_is_folded_is_open_on_paper(one, write):
    fold = '<details class="fold"><summary>展开</summary><p>要印的话</p></details>'
    text = pdf.read_back(one.pdf(write(fold), title="x", lang="zh"))
    assert "要印的话" in text
    assert "展开" not in text
    assert "不印" not in text


def test_other_readers_find_the_words_too(one, write, tmp_path):
    path = tmp_path / "page.pdf"
    with pikepdf.open(io.BytesIO(one.pdf(write(), title="x", lang="zh"))) as document:
        for sheet in document.pages:
            spoken = re.sub(rb"/Span<</ActualText [^>]*> >> BDC", b"/Span<<>> BDC", sheet.Contents.read_bytes())
            sheet.Contents = document.make_stream(spoken)
        document.save(path)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "人口一页" in text
    assert "常住人口之一" in text


def test_a_glyph_that_no_font_has_is_no_print(one, write, monkeypatch):
    page = write("<p>四\U00016a40类</p>")
    with pytest.raises(browser.GlyphError, match="no font here has \U00016a40 "):
        one.pdf(page, title="x", lang="zh")
    monkeypatch.setattr(browser.Browser, "_want_glyphs", lambda *_: None)
    with pytest.raises(browser.GlyphError, match=re.escape(str(page))):
        one.pdf(page, title="x", lang="zh")


def test_words_that_do_not_reach_the_paper_are_missed(one, write):
    with pytest.raises(browser.GlyphError, match="would lack"):
        one.pdf(write('<p style="position: absolute; left: -9000px">丢了的话</p>'), title="x", lang="zh")


def test_a_link_that_leads_out_says_where(one, write, tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(one.pdf(write(), title="x", lang="zh", author="作者"))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "年鉴 <https://example.org/a?b=1>" in text
    assert "other.html" not in text
    with pikepdf.open(path) as document:
        assert document.docinfo.Author == "作者"
        with document.open_metadata() as about:
            assert (about["dc:title"], about["dc:creator"], about["dc:language"]) == ("x", ["作者"], {"zh-Hans"})


def headed(columns):
    """A table whose cells refer to their headers."""
    rows = range(3)
    head = "".join(f'<th scope="col" id="c{column}">栏{column}</th>' for column in range(columns))
    cells = ["".join(f'<td headers="c{column} r{row}">{column}</td>' for column in range(columns)) for row in rows]
    body = "".join(f'<tr><th scope="row" id="r{row}">行{row}</th>{cells[row]}</tr>' for row in rows)
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"


@pytest.mark.parametrize("columns", [2, 60])
def test_the_order_in_which_chromium_names_header_cells_leaves_no_trace(one, write, monkeypatch, columns):
    page, raws = write(headed(columns)), []
    finish = browser.finish
    monkeypatch.setattr(browser, "finish", lambda raw, **given: finish(raws.append(raw) or raw, **given))
    pdf = one.pdf(page, title="x", lang="zh")
    names = sorted(set(re.findall(rb"\(node\d{8}\)", raws[0])))
    assert len(names) > columns
    for seed in range(3):
        other = random.Random(seed).sample(names, len(names))
        changed = dict(zip(names, other, strict=True))
        raw = re.sub(rb"\(node\d{8}\)", lambda found, changed=changed: changed[found[0]], raws[0])
        assert raw != raws[0]
        assert finish(raw, page=page, title="x", lang="zh") == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        index = pikepdf.NameTree(document.Root.StructTreeRoot.IDTree)
        assert len(index) == len(names)
        assert list(index) == sorted(index)
        assert all(str(tag.ID) == name for name, tag in index.items())
        assert all(index[name] for name in index)


def test_nothing_is_left_beside_the_page(one, write, desk):
    one.pdf(write(), title="x", lang="zh")
    assert sorted(path.name for path in desk.iterdir()) == ["assets", "page.html"]


def embedded(pdf):
    """The fonts of a PDF by their objects: the kind, or for a font of many bytes a glyph the kind of its outlines."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = {font.objgen: font for sheet in document.pages for font in sheet.Resources.Font.values()}
        return sorted(
            str(font.DescendantFonts[0].Subtype if "/DescendantFonts" in font else font.Subtype)
            for font in fonts.values()
        )


han = pytest.mark.skipif(not all(map(fonts.installed, fonts.WEIGHTS)), reason="no Han face here to cut")


@han
def test_a_page_is_set_in_one_font_a_weight_with_outlines_that_chromium_embeds(one, write):
    body = "<p><b>粗体“引文”——完</b></p><p lang='en'>“quoted”</p><svg><text font-family=\"Arial, 'Noto Sans CJK SC'\" y='20'>图中的字</text></svg>"
    assert embedded(one.pdf(write(body), title="x", lang="zh", running="页眉《甲》")) == ["/CIDFontType2"] * 2


@han
def test_a_cut_face_has_the_characters_of_the_page_and_is_the_same_each_time():
    face = fonts.installed(400)
    cut = face.cut("人口“—”1")
    assert cut == fonts.Face.cut(face, "1”—“口人") != face.cut("人")
    with TTFont(io.BytesIO(cut)) as font:
        assert set(font.getBestCmap()) == set(map(ord, "人口“—”1"))
        assert {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord} >= {"pwid"}
        assert {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord} >= {"halt"}
        for name in font.getGlyphOrder():  # a left side that differs would shift the glyph
            assert getattr(font["glyf"][name], "xMin", 0) == font["hmtx"][name][1]


def test_where_no_han_face_is_found_a_page_is_printed_with_what_there_is(one, write, monkeypatch):
    fonts.installed.cache_clear()
    monkeypatch.setattr(fonts, "HAN", "No Such Family")
    try:
        assert fonts.rules("人口") == ""
        assert one.pdf(write(), title="x", lang="zh")
    finally:
        fonts.installed.cache_clear()

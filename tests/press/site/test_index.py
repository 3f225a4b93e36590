"""What the pages share is written once and named by its content; index pages show the pages that are there."""

import errno
import hashlib
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from press import files
from press.page import render
from press.page.record import read_page
from press.site import assets, index
from press.site.assets import VARIANTS
from press.suite import Report, Run, Suite

NAMES = ("00-overview", "01-growth")


def suite(**titles):
    here = Path()
    return Suite(here, here, here, titles, tuple(titles), ("html",), "", {}, ())


def runs(*editions, langs=("zh", "en"), names=NAMES):
    reports = [Report(name, Path(), {"zh": f"报告{name}", "en": f"Report {name}"}) for name in names]
    return [Run(r, lang, {}, f"{edition}/{lang}/{r.name}") for edition in editions for lang in langs for r in reports]


def records(site):
    """What the reports' pages of a site say."""
    pages = (page for page in site.glob("*/*/*.html") if page.stem in NAMES)
    return {page.relative_to(site).with_suffix("").as_posix(): read_page(page.read_text()) for page in pages}


@pytest.fixture
def built(tmp_path):
    for run in runs("city-2021"):
        page = render.Page(run.report.name, run.lang, run.title, run.path)
        notebook = new_notebook(cells=[new_markdown_cell(f"# {run.title} & co\n\nFirst words of *{run.lang}*.")])
        path = tmp_path / f"{run.path}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render.render(notebook, page), encoding="utf-8")
    return tmp_path


def test_assets_are_named_by_content(tmp_path):
    written = {path.name: path for path in assets.write_assets(tmp_path)}
    assert set(written) == set(assets.asset_names().values())
    for name, path in written.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(name.split(".")[1])
    assert assets.asset_names()["plotly.js"].startswith("plotly.")


# Damage


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def in_place(make):
    """A damage that puts something else in a file's place."""

    def damage(path):
        path.unlink()
        make(path)

    return damage


DAMAGE = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "one bit": flip,
    "same size": lambda path: path.write_bytes(b"x" * path.stat().st_size),
    "binary": lambda path: path.write_bytes(bytes(range(256)) + b"\xff\xfe"),
    "a folder": in_place(lambda path: (path / "in it").mkdir(parents=True)),
    "a link to nowhere": in_place(lambda path: path.symlink_to("nowhere")),
    "a link to itself": in_place(lambda path: path.symlink_to(path.name)),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_asset_is_mended_and_a_good_one_left_alone(tmp_path, kind):
    first, *others = assets.write_assets(tmp_path)
    content = first.read_bytes()
    DAMAGE[kind](first)
    stamps = [path.stat().st_mtime_ns for path in others]
    assets.write_assets(tmp_path)
    assert first.read_bytes() == content
    assert not first.is_symlink()
    assert [path.stat().st_mtime_ns for path in others] == stamps


@pytest.mark.slow
@pytest.mark.parametrize("kind", DAMAGE)
def test_the_next_build_mends_a_site_of_which_every_file_is_damaged(book, kind):
    whole = book.site()
    for name in whole:
        DAMAGE[kind](book.root / "reports/site" / name)
    book.build()
    assert book.site() == whole
    assert not [path for path in (book.root / "reports/site").rglob("*") if path.is_symlink()]
    assert set(book.build().values()) == {"reused"}


@pytest.mark.slow
def test_any_single_damaged_file_is_mended(book):
    whole = book.site()
    for number, name in enumerate(sorted(whole)):
        DAMAGE[list(DAMAGE)[number % len(DAMAGE)]](book.root / "reports/site" / name)
        book.build()
        assert book.site() == whole, name


def test_files_in_the_place_of_folders_give_way(book):
    whole = book.site()
    for name in ("assets", "en", "zh/c"):
        shutil.rmtree(book.root / "reports/site" / name)
        (book.root / "reports/site" / name).write_text("a file")
    book.build()
    assert book.site() == whole


def test_a_build_of_one_report_survives_damage_of_the_others_and_names_it(book):
    whole = book.site()
    for number, name in enumerate(sorted(name for name in whole if name.startswith("en/a."))):
        DAMAGE[list(DAMAGE)[number + 4]](book.root / "reports/site" / name)
    book.build("--only", "b")
    assert "en/a.html: not as it was built" in book.err
    assert "en/b" not in book.err.partition("not as it was built")[0]
    book.build()
    assert book.site() == whole


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_a_picture_is_taken_from_the_site_only_if_it_is_as_it_was_built(project):
    cell = "import json\nfrom IPython.display import display\n"
    cell += "display({'application/vnd.plotly.v1+json': {'data': [{'y': [1, 2]}], 'layout': {}}}, raw=True, "
    cell += "metadata={'press': {'chart': {'id': 'x', 'title': 'X', 'alt': 'x', 'source': 's'}}})"
    project.add("a", "# A", cell)
    project.build()
    whole = project.site()
    pictures = [name for name in whole if name.startswith("assets/charts/")]
    assert pictures
    for name in pictures:
        flip(project.root / "reports/site" / name)
    project.build()
    assert project.site() == whole
    for name in pictures:
        flip(project.root / "reports/site" / name)
    shutil.rmtree(project.root / "reports/.cache")  # nothing says what they were
    project.build("--force")
    assert project.site() == whole


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    page = tmp_path / "a" / "page.html"
    files.replace_file(page, b"old", tmp_path)
    page.chmod(0o400)
    with monkeypatch.context() as patch:

        def fill(path, content):
            with path.open("wb") as file:
                file.write(content[:1])
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(Path, "write_bytes", fill)
        with pytest.raises(OSError, match="No space"):
            files.replace_file(page, b"new", tmp_path)
    assert page.read_bytes() == b"old"
    assert [path.name for path in page.parent.iterdir()] == ["page.html"]
    files.replace_file(page, b"new", tmp_path)
    assert page.read_bytes() == b"new"


def test_what_a_killed_process_was_writing_goes(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / f".x{files.HALF}").write_text("half")
    (tmp_path / "a" / "x").write_text("whole")
    files.sweep_halves(tmp_path)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x"]


def test_nothing_outside_the_site_gives_way(tmp_path):
    (tmp_path / "site").write_text("somebody's file")
    with pytest.raises(OSError, match="site"):
        files.replace_file(tmp_path / "site" / "en" / "a.html", b"x", tmp_path / "site")
    assert (tmp_path / "site").read_text() == "somebody's file"


@pytest.mark.slow
def test_a_full_disk_during_a_build_leaves_what_the_next_one_completes(book, small_disk):
    disk, _ = small_disk
    out = disk / "reports"
    book.build("--out", out)
    whole = {path.relative_to(out): path.read_bytes() for path in (out / "site").rglob("*") if path.is_file()}
    hog = disk / "hog"
    for spare in (0, 4096, 20_000, 60_000):
        hog.write_bytes(b"")
        hog.write_bytes(bytes(shutil.disk_usage(disk).free - spare))
        book.press("build", "--force", "--out", out, "--workers", 1)
        hog.unlink()
        book.build("--out", out)
        assert {
            path.relative_to(out): path.read_bytes() for path in (out / "site").rglob("*") if path.is_file()
        } == whole


def test_an_index_lists_the_pages_in_order_with_their_first_words(built):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    home = (built / "city-2021/en/index.html").read_text()
    assert home.index("00-overview.html") < home.index("01-growth.html")
    assert "Report 01-growth &amp; co" in home
    assert "First words of en." in home
    assert 'href="../zh/index.html"' in home
    assert 'lang="zh-Hans"' in (built / "city-2021/zh/index.html").read_text()


def test_a_home_says_where_it_is_only_if_that_is_known(built):
    here, there = suite(zh="书", en="Book"), "https://example.org/年"
    index.write_index(built, here, runs("city-2021"), records(built))
    home = (built / "city-2021/en/index.html").read_text()
    assert "canonical" not in home
    assert 'rel="alternate"' not in home
    index.write_index(built, here, runs("city-2021"), records(built), url=there)
    home = (built / "city-2021/en/index.html").read_text()
    place = "https://example.org/%E5%B9%B4/city-2021"
    assert f'<link rel="canonical" href="{place}/en/index.html">' in home
    assert f'<link rel="alternate" hreflang="zh-Hans" href="{place}/zh/index.html">' in home
    assert '<meta property="og:title" content="Book">' in home
    assert "<loc>https://example.org/%E5%B9%B4/index.html</loc>" in (built / "sitemap.xml").read_text()


def test_a_home_has_the_first_picture_of_its_pages(built):
    page = built / "city-2021/en/01-growth.html"
    picture = '<meta property="og:image" content="../x-card.png"><meta property="og:image:alt" content="A &amp; b">'
    page.write_text(page.read_text().replace("</head>", f"{picture}</head>"))
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    home = (built / "city-2021/en/index.html").read_text()
    assert '<meta property="og:image" content="../x-card.png">' in home
    assert 'content="A &amp; b"' in home
    assert "og:image" not in (built / "city-2021/zh/index.html").read_text()


def test_the_page_for_the_lost_stands_alone_and_leads_home(built):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built), url="https://example.org/a/")
    lost = (built / "404.html").read_text()
    assert 'href="https://example.org/a/"' in lost
    assert "<script" not in lost
    assert "noindex" in lost
    assert all(assets.words(lang)["lost"] in lost for lang in ("zh", "en"))
    assert "unsafe-inline" not in lost
    assert 'src="' not in lost


def test_the_page_for_the_lost_works_from_a_folder(built):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    assert 'href="index.html"' in (built / "404.html").read_text()


@pytest.mark.usefixtures("chromium")
def test_the_page_for_the_lost_leads_to_the_front_page_wherever_it_is_shown(built, chromium):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    page = chromium.new_page()
    page.goto((built / "404.html").as_uri())
    page.click("a")
    assert page.url == (built / "index.html").as_uri()
    lost = (built / "404.html").read_bytes()
    page.route("https://book.example/**", lambda route: route.fulfill(status=404, body=lost, content_type="text/html"))
    page.goto("https://book.example/city-2021/en/gone.html")
    assert {link.evaluate("link => link.href") for link in page.locator("a").all()} == {"https://book.example/"}
    page.close()


def test_an_index_leaves_out_what_is_not_there(built):
    (built / "city-2021/en/01-growth.html").unlink()
    written = index.write_index(built, suite(zh="书", en="Book"), runs("city-2021", "city-2022"), records(built))
    names = ("index.html", "search.html", "search.js")
    expected = [f"city-2021/{lang}/{name}" for lang in ("zh", "en") for name in names]
    assert [str(path.relative_to(built)) for path in written] == ["404.html", *expected, "index.html"]
    assert "01-growth.html" not in (built / "city-2021/en/index.html").read_text()


def test_the_front_page_leads_to_every_edition_in_every_language(built):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    front = (built / "index.html").read_text()
    assert 'href="city-2021/zh/index.html"' in front
    assert 'href="city-2021/en/index.html"' in front
    assert "city-2021</a>" in front
    assert '<meta name="description" content=' in front


def test_pictures_that_no_page_shows_are_swept(tmp_path):
    charts = tmp_path / "assets" / "charts"
    charts.mkdir(parents=True)
    for name in ("a-1.0123456789", "a.0123456789", "b.0123456789"):
        for variant in VARIANTS:
            (charts / f"{name}-{variant}").touch()
    shown = '<a href="../assets/charts/{}-share.svg">'
    for name in ("title.0", "title.1"):
        (charts / f"{name}-card.png").touch()
    preview = '<meta property="og:image" content="https://example.org/assets/charts/title.1-card.png">'
    (tmp_path / "x.html").write_text(preview + shown.format("a-1.0123456789") + shown.format("b.0123456789"))
    gone = {*(f"a.0123456789-{variant}" for variant in VARIANTS), "title.0-card.png"}
    assert {path.name for path in assets.sweep_charts(tmp_path)} == gone
    assert assets.sweep_charts(tmp_path) == []


def test_shared_assets_go_when_the_last_page_that_uses_them_is_gone(tmp_path):
    assets.write_assets(tmp_path)
    old, older = (tmp_path / "assets" / f"style.{digit * 8}.css" for digit in "01")
    old.touch()
    older.touch()
    (tmp_path / "kept.html").write_text(f'<link href="../assets/{old.name}">')
    assert assets.sweep_charts(tmp_path) == [older]


def test_a_map_of_the_site_is_made_where_its_address_is_known(built):
    index.write_index(built, suite(zh="书", en="Book"), runs("city-2021"), records(built))
    assert not (built / "sitemap.xml").exists()
    index.write_index(
        built, suite(zh="书", en="Book"), runs("city-2021"), records(built), url="https://example.org/a&b/"
    )
    tree = ElementTree.parse(built / "sitemap.xml").getroot()
    places = [place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "https://example.org/a&b/city-2021/zh/01-growth.html" in places
    assert not [place for place in places if "404" in place or "search" in place]

"""Two sites with a look of their own, as readers get them: an office's and a hospital's, in Chromium, light and dark."""

import io
import re
import shutil
import subprocess

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from press.theme import colours

pytestmark = pytest.mark.slow

PROSE = """# Waiting for a bed

Fewer people [waited](https://example.org) than a year before; `wait` counts days.

> [!NOTE]
> Counted at midnight.

## By ward

| Ward | Days |
|------|-----:|
| A    | 3    |
"""
TABLE = """
import pandas as pd
from IPython.display import HTML
HTML(pd.DataFrame({"ward": ["A", "B"], "days": [3, 4.5]}).to_html(index=False))  # as counted
"""
CHART = """
from IPython.display import display
figure = {"data": [{"type": "bar", "x": ["A", "B"], "y": [3, 4.5]}], "layout": {"title": {"text": "Days"}}}
display({"application/vnd.plotly.v1+json": figure, "text/plain": ""}, raw=True)
"""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">'
    '<rect width="40" height="40" fill="#206095"/></svg>'
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300050001ff"
    "a53b6a040000000049454e44ae426082"
)
OFFICE = {
    "look/logo.svg": LOGO,
    "look/templates/foot.html": '{% extends "press/foot.html" %}{% block before %}<p>Official statistics</p>{% endblock %}',
    "look/templates/head.html": '<meta name="office" content="{{ press.words.search }}">',
    "look/words/en.json": '{"search": "Find"}',
}
OFFICE_THEME = (
    '[theme]\ncolour = "#206095"\nlogo = "../look/logo.svg"\nfolder = "../look"\nfonts = { headings = "Georgia" }\n'
)
HOSPITAL = {
    "look/logo.svg": LOGO,
    "look/dark.svg": LOGO.replace("#206095", "#fff"),
    "look/own.css": ".masthead { background: url(dots.png) repeat; } h1 { letter-spacing: 0; }",
    "look/dots.png": PIXEL,
    "look/words/pt.json": '{"name": "Português", "search": "Busca", "contents": "Nesta página"}',
    "look/templates/masthead.html": '{% extends "press/masthead.html" %}{% block after %}<p class="wide">Wards</p>{% endblock %}',
}
HOSPITAL_THEME = (
    '[theme]\ncolour = "#ffcc00"\nlogo = "../look/logo.svg"\ndark_logo = "../look/dark.svg"\n'
    'stylesheet = "../look/own.css"\nfolder = "../look"\n'
)
SITES = {"office": (OFFICE, OFFICE_THEME, "en"), "hospital": (HOSPITAL, HOSPITAL_THEME, "pt")}


def write(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def settle(project, theme, lang="en", formats='["html"]'):
    project.head = (
        f'title = "Beds"\nlanguages = ["{lang}"]\nformats = {formats}\n{theme}[press]\npreload = []\ncode = "show"\n'
    )
    project.add("a", PROSE, TABLE, CHART)
    project.add("b", "# Another page")


def without_digests(html):
    """A page without the digests of its icon and of its frozen charts, which have the colour."""
    return re.sub(r"(icon|chart-1)\.\w+\.(svg|html)", r"\1.\2", html)


def states(project):
    """What becomes of the two reports in a build."""
    project.build()
    return [run["status"] for run in project.report()["runs"]]


@pytest.fixture(scope="module", params=SITES)
def printed(request, projects, tmp_path_factory):
    """Each of the sites, printed: its name, its project and the folder of its pages."""
    files, theme, lang = SITES[request.param]
    desk = projects(tmp_path_factory.mktemp(request.param), None)
    write(desk.root, files)
    settle(desk, theme, lang, '["html", "pdf"]')
    from tests.press.conftest import PRESS

    done = subprocess.run([PRESS, "build", "--workers", "1"], cwd=desk.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return request.param, desk, desk.root / "reports" / "site" / lang


@pytest.fixture
def open_page(chromium):
    """A function that opens a page and tells what went wrong on it."""
    opened = []

    def open_page(file, width, light):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=light)
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
        page.goto(file.as_uri())
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_each_page_opens_cleanly_fits_and_can_be_read_by_everybody(printed, open_page, width, light):
    _, _, pages = printed
    for name in ("a", "index", "search"):
        page = open_page(pages / f"{name}.html", width, light)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.complaints
        found = Axe().run(page).response
        assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert "color-contrast" in {one["id"] for one in found["passes"]}  # it was looked at


@pytest.mark.parametrize("light", ["light", "dark"])
def test_the_logo_leads_home_and_says_the_sites_title(printed, open_page, light):
    name, _, pages = printed
    page = open_page(pages / "a.html", 1280, light)
    logo = page.locator(".masthead .logo img")
    assert logo.get_attribute("alt") == "Beds"
    assert logo.evaluate("image => image.naturalWidth") == 120
    shown = logo.evaluate("image => image.currentSrc")
    assert ("dark." in shown) == (name == "hospital" and light == "dark")


@pytest.mark.parametrize("light", ["light", "dark"])
def test_links_and_the_bar_have_the_colour(printed, open_page, light):
    name, _, pages = printed
    page = open_page(pages / "a.html", 1280, light)
    colour = {"office": "#206095", "hospital": "#ffcc00"}[name]
    shades = colours.dark_shades(colour) if light == "dark" else colours.light_shades(colour)

    def seen(selector, what):
        value = page.locator(selector).first.evaluate(f"node => getComputedStyle(node).{what}")
        return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", value)[:3])

    assert seen("article p a", "color") == shades["link"]
    assert seen("body", "borderTopColor") == colour
    assert seen("html", "backgroundColor") == shades["paper"]


def test_words_and_parts_of_its_own_are_on_every_page(printed):
    name, _, pages = printed
    for page in ("a", "b", "index", "search"):
        html = (pages / f"{page}.html").read_text(encoding="utf-8")
        if name == "office":
            assert "<p>Official statistics</p>" in html
            assert '<meta name="office" content="Find">' in html
        else:
            assert '<p class="wide">Wards</p>' in html
            assert "Busca" in html
            assert '<html lang="pt">' in html


def test_the_book_has_the_logo_and_the_colour_on_its_cover(printed):
    _, _, pages = printed
    pdf = pages / "book.pdf"
    with pikepdf.open(io.BytesIO(pdf.read_bytes())) as book:
        assert len(book.pages) > 3
    shown = subprocess.run(["pdftoppm", "-r", "20", "-l", "1", pdf], capture_output=True, check=True).stdout
    pixels = shown.split(b"\n", 3)[3]
    corner = tuple(pixels[:3])
    name = printed[0]
    assert corner == {"office": (0x20, 0x60, 0x95), "hospital": (0xFF, 0xCC, 0x00)}[name]
    tags = subprocess.run(["pdfinfo", "-struct-text", pdf], capture_output=True, text=True, check=True).stdout
    assert "Figure" in tags.split("Contents")[0]


def test_a_page_differs_from_that_of_a_suite_without_a_theme_by_its_theme_alone(project, monkeypatch):
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    settle(project, "")
    project.build()
    plain = project.site()
    shutil.rmtree(project.root / "reports")
    settle(project, '[theme]\ncolour = "#206095"\n')
    project.build()
    themed = project.site()
    names = {name for name in plain if name.endswith(".html") and "assets" not in name and name != "404.html"}
    assert names
    for name in names:
        html = re.sub(r'\n<link rel="stylesheet" href="[./]*assets/theme\.\w+\.css">', "", themed[name].decode())
        assert without_digests(html) == without_digests(plain[name].decode())
    added = {name for name in themed if name not in plain and "/embeds/" not in name}
    assert all(re.fullmatch(r"assets/(theme|icon)\.\w+\.(css|svg)", name) for name in added)
    assert not [name for name in plain if "theme" in name]


def test_what_changes_in_a_theme_is_printed_again_and_not_run_and_explained(project, monkeypatch):
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    write(project.root, HOSPITAL)
    settle(project, HOSPITAL_THEME.replace('folder = "../look"', ""))
    project.build()
    assert states(project) == ["reused", "reused"]
    before = project.site()
    for name, content in (("own.css", "h1 { color: red; }"), ("logo.svg", LOGO.replace("120", "100"))):
        write(project.root, {f"look/{name}": content})
        told = project.press("explain", "a")[1]
        assert "to be printed again" in told
        assert re.search(rf"changed +look/{re.escape(name)} \(theme\)", told)
        assert states(project) == ["printed", "printed"]
        assert states(project) == ["reused", "reused"]
    gone = {name for name in before if re.match(r"assets/(own|logo|dots)", name)} - set(project.site())
    assert len(gone) == 3  # what no page shows any more is swept away


def test_a_template_that_cannot_be_filled_in_is_told_and_what_was_printed_stays(project, monkeypatch):
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    write(project.root, OFFICE)
    settle(project, OFFICE_THEME)
    project.build()
    page = project.site()["en/a.html"]
    write(project.root, {"look/templates/head.html": "{{ press.nothing.at_all }}"})
    _, out, err = project.press("build", "--workers", 1)
    assert "template of the theme cannot be filled in" in out + err
    assert "Traceback" not in out + err
    assert project.site()["en/a.html"] == page


def test_a_mistake_in_a_theme_ends_the_command_before_anything_runs(project):
    settle(project, '[theme]\nlogo = "none.svg"\n')
    code, out, err = project.press("build")
    assert code == 2
    assert '[theme] logo: found no file at "none.svg"' in out + err
    assert not (project.root / "reports").exists()


def test_what_a_stylesheet_would_fetch_is_warned_of(project, monkeypatch):
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    write(project.root, {"look/own.css": "i { background: url(https://example.org/a.png) }"})
    settle(project, '[theme]\nstylesheet = "../look/own.css"\n')
    project.build()
    assert 'warning: [theme] stylesheet: "https://example.org/a.png" is not fetched' in project.err
    assert project.report()["unfetched"] == ["https://example.org/a.png"]


def test_a_release_takes_its_theme_along(project, monkeypatch, tmp_path):
    monkeypatch.setenv("PRESS_CHROMIUM", "none")
    write(project.root, HOSPITAL)
    settle(project, HOSPITAL_THEME, "pt")
    project.build()
    target = tmp_path / "target"
    code, out, err = project.press("publish", target)
    assert code == 0, out + err
    published = {path.name for path in target.rglob("*") if path.is_file()}
    linked = set(re.findall(r'assets/(\w+\.\w{8}\.\w+)"', "".join(p.read_text() for p in target.rglob("*.html"))))
    assert {name.split(".")[0] for name in linked} >= {"own", "theme", "logo", "dark", "icon", "style"}
    assert linked <= published
    assert any(name.startswith("dots.") for name in published)
    write(project.root, {"look/own.css": "h1 { color: red }"})
    project.build()
    code, out, err = project.press("publish", target)
    assert code == 0, out + err
    assert linked <= {path.name for path in target.rglob("*") if path.is_file()}  # the first release is still whole

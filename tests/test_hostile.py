"""Whatever a text says, it is shown as text: in a real browser, from every column of an edition and every output."""

import csv
import io
import json
import re
import shutil

import nbformat
import openpyxl
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bluebook import charts, open_edition
from bluebook.reports import show
from press.page import render
from press.page.companions import companions
from press.page.outputs import MIME
from press.paper import browser
from press.records import Link, Section
from press.run.execute import to_bytes
from press.site import assets

pytestmark = pytest.mark.slow

MARK = "document.documentElement.dataset.broken=1"
EVIL = [
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f"</style><img src=x onerror={MARK}>",
    f'"><img src=x onerror="{MARK}">',
    f"' autofocus onfocus='{MARK}' x='",
    f"]]><svg onload={MARK}>",
    f"javascript:{MARK}",
    f"[a](javascript:{MARK}) ![b](data:text/html,x)",
    "\u202eevil\u2066\u200f",
    "x" * 10_000,
    "字" * 3_000,
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|x",
    "+1+cmd|x",
    "{{ 7 * 7 }}{% raw %}{eval}`1`",
    "${7*7}`",
    "\ud800 \x00\x07\ufffe",
]
SHORT = f"<svg onload={MARK}>"
FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d)")


@pytest.fixture(scope="module")
def edition(root, tmp_path_factory):
    """The real edition with a hostile text in every cell that may hold any text."""
    folder = tmp_path_factory.mktemp("evil") / "data" / "evil"
    shutil.copytree(root / "data" / "shenzhen-2021", folder)
    texts = (
        "note",
        "title",
        "issuer",
        "topic",
        "name",
        "detail",
        "reason",
        "source_title",
        "about",
        "problem",
        "promise",
    )
    evil = [text for text in EVIL if text.isprintable() or "\u202e" in text]
    for path in sorted(folder.glob("*.csv")):
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        free = [
            n
            for n, name in enumerate(header)
            if name.startswith(texts) and not (path.stem == "areas" and name == "name_zh")
        ]
        labels = [n for n, name in enumerate(header) if name == "label_en"]
        for number, row in enumerate(rows):
            for n in free:
                row[n] = evil[(number + n) % len(evil)]
            for n in labels:
                row[n] = SHORT[:34] if len(SHORT) <= 34 else "<img src=x onerror=print()>"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["titles"] = dict.fromkeys(("zh", "en"), EVIL[1])
    for chapter in package["chapters"]:
        chapter["title_en"] = EVIL[3]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return open_edition("evil", "en", root=folder.parents[1])


def displayed(thing):
    data, metadata = InteractiveShell.instance().display_formatter.format(thing)
    return new_code_cell("", outputs=[new_output("display_data", data=data, metadata=metadata)])


def of_the_edition(book):
    """Everything a notebook can show of an edition."""
    quantities = list(book.volunteers)
    cells = [displayed(show.figures_table(book)), displayed(book.volunteers), displayed(book)]
    for n, path in enumerate(sorted(book.folder.glob("*.csv"))):
        cells.append(displayed(show.table(book.table(path.stem), id=f"list-{n}", title=EVIL[n % 9] or "x")))
    for n, evil in enumerate(EVIL[:-1]):
        words = {"title": evil, "alt": evil, "note": evil, "source": evil}
        if n % 4 == 1:
            cells.append(displayed(charts.bars(book.livelihood.growth, id=f"bars-{n}", **words)))
        cells.append(
            displayed(show.cards(quantities, id=f"cards-{n}", title=evil, notes=[evil] * 3, labels=[evil] * 3))
        )
    answers = [{"expression": "q", "result": {"data": displayed(quantities[0]).outputs[0].data}}]
    return [*cells, new_markdown_cell("{eval}`q`", metadata={"user_expressions": answers})]


def of_anyone(evil):
    """Every kind of output, saying it in every field."""
    figure = {
        "data": [{"type": "bar", "x": [evil, "b"], "y": [1, 2], "text": [evil, evil], "name": evil, "hovertext": evil}],
        "layout": {
            "title": {"text": evil},
            "annotations": [{"text": evil, "x": 0, "y": 1}],
            "xaxis": {"title": {"text": evil}},
        },
    }
    record = dict.fromkeys(("id", "title", "subtitle", "alt", "note", "source"), evil) | {"figures": [evil]}
    record |= {"narrow": {evil: evil, "__proto__.broken": evil, "height": evil}, "room": {"top": evil}}
    rows = {"data": {"columns": [evil, "n"], "rows": [[evil, 1]]}}
    bundles = [
        ({"text/plain": evil}, {}),
        ({"text/latex": evil}, {}),
        ({"text/markdown": evil}, {}),
        ({"text/html": evil, "text/plain": ""}, {"press": {"table": record | rows}}),
        ({"image/svg+xml": evil}, {}),
        ({"image/png": evil}, {}),
        ({"image/jpeg": evil}, {}),
        ({"application/javascript": MARK}, {}),
        ({MIME: figure}, {"press": {"chart": record | rows}}),
        ({MIME: figure}, {}),
    ]
    outputs = [new_output("display_data", data=data, metadata=metadata) for data, metadata in bundles]
    outputs += [new_output("stream", text=evil), new_output("error", ename=evil, evalue=evil, traceback=[evil])]
    answers = [{"expression": "q", "result": {"data": {"text/plain": evil, "text/html": evil}}}]
    prose = new_markdown_cell(f"## {evil}\n\n{evil}\n\n{{eval}}`q`", metadata={"user_expressions": answers})
    return [prose, new_code_cell("", outputs=outputs)]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A function that prints cells as a page, with all that belongs to it, and returns its folder."""
    root = tmp_path_factory.mktemp("site")
    assets.write_assets(root)
    with browser.Browser() as one:

        def printed(name, cells, *, trusted, drawn):
            params = {f"p{n}": evil for n, evil in enumerate(EVIL[:-1])}
            told = {
                "params": params,
                "site_title": EVIL[1],
                "author": EVIL[3],
                "date": EVIL[4],
                "sections": (Section(EVIL[1], (Link(name, EVIL[1], "a.html"), Link("b", EVIL[1], "b.html")), True),),
            }
            page = render.Page(name, "en", EVIL[1], name, assets="assets", trusted=trusted, drawn=drawn, **told)
            notebook = nbformat.reads(to_bytes(new_notebook(cells=cells)).decode("utf-8", "replace"), as_version=4)
            files = companions(notebook, page, one if drawn else None)
            files[f"{name}.html"] = render.render(notebook, page).encode()
            for path, content in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
            return root

        yield printed


def look(chromium, path):
    """Open a page, use what it has, and hold it to what a hostile text must not do."""
    page = chromium.new_page(viewport={"width": 390, "height": 900})
    complaints = []
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: complaints.append(request.url) if not re.match("(file|data|blob):", request.url) else None,
    )
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    for chart in page.locator("figure.chart").all()[:4]:
        plot = chart.locator(".plot")
        plot.hover()
        plot.focus()
        page.keyboard.press("ArrowRight")
        for explore in chart.locator(".explore").all():
            explore.click()
        plot.locator(".main-svg").first.wait_for(state="attached")
    if page.locator("input[type=search]").count():
        page.locator("input[type=search]").first.fill(EVIL[3])
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for frame in page.frames:
        assert frame.evaluate("document.documentElement.dataset.broken") is None
    assert (
        page.evaluate("""() => [...document.querySelectorAll("*")].filter((one) =>
        [...one.attributes].some(({ name }) => name.startsWith("on")) ||
        /^\\s*(javascript|data:text|vbscript)/i.test(one.getAttribute("href") ?? one.getAttribute("src") ?? "") ||
        (one.localName === "script" && !one.src && !/json/.test(one.type))).map((one) => one.outerHTML)""")
        == []
    )
    assert not complaints
    frames = page.locator("iframe").evaluate_all("frames => frames.map((frame) => frame.getAttribute('sandbox'))")
    page.close()
    return frames


def sheets_are_text(folder):
    found = list(folder.rglob("*.xlsx"))
    for path in found:
        for row in openpyxl.load_workbook(path).active.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]
        rows = csv.reader(io.StringIO(path.with_suffix(".csv").read_text(encoding="utf-8-sig"), newline=""))
        assert not [cell for row in rows for cell in row if FORMULA.match(cell)]
        json.loads(path.with_suffix(".json").read_bytes())
    assert found


def test_a_hostile_edition_is_only_text(printed, edition, chromium):
    root = printed("edition", of_the_edition(edition), trusted=True, drawn=True)
    assert look(chromium, root / "edition.html") == []
    for embed in sorted((root / "edition").glob("*.html"))[::2]:
        look(chromium, embed)
    sheets_are_text(root / "edition")


@pytest.mark.parametrize(("drawn", "texts"), [(True, EVIL), (False, EVIL[1::4])])
def test_hostile_outputs_of_a_suite_not_trusted_stay_in_frames_without_scripts(printed, chromium, drawn, texts):
    cells = [cell for evil in texts for cell in of_anyone(evil)]
    root = printed(f"anyone-{drawn}", cells, trusted=False, drawn=drawn)
    assert look(chromium, root / f"anyone-{drawn}.html") == [""] * len(texts)
    sheets_are_text(root / f"anyone-{drawn}")


def test_even_what_a_trusted_output_brings_runs_no_script(printed, chromium):
    root = printed("trusted", [displayed_html(evil) for evil in EVIL], trusted=True, drawn=False)
    page = chromium.new_page()
    page.goto((root / "trusted.html").as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.documentElement.dataset.broken") is None
    page.close()


def displayed_html(html):
    return new_code_cell("", outputs=[new_output("display_data", data={"text/html": html})])

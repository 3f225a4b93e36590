"""A researcher's JupyterLab: a chapter opened in a real browser shows what its page shows, and follows the data."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

import press

pytestmark = pytest.mark.slow

CHAPTER, EXPLORED = "01-livelihood.ipynb", "explored.ipynb"
CONFIG = Path(press.__file__).with_name("jupyter_config.json")  # that `make` puts into the environment
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
PATIENCE = 120  # seconds: a first start of JupyterLab and its kernel on a busy machine
expect.set_options(timeout=PATIENCE * 1000)


def soon(ask):
    """What `ask` returns once it returns something."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
    return answer


@pytest.fixture(scope="module")
def desk(root, tmp_path_factory):
    """A researcher's own copy of the notebooks and the data; Lab keeps all cells in the page, to be read at once."""
    desk = tmp_path_factory.mktemp("desk")
    for folder in ("notebooks", "data"):
        shutil.copytree(root / folder, desk / folder)
    settings = desk / ".jupyter" / "SETTINGS" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}', encoding="utf-8")
    line = 'from bluebook import open_edition\n\nopen_edition("shenzhen-2021", lang="en").explore()'
    new = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(line)], metadata={"kernelspec": PYTHON})
    nbformat.write(new, desk / "notebooks" / EXPLORED)
    return desk


@pytest.fixture(scope="module")
def lab(desk):
    """The address of a running JupyterLab over the desk."""
    command = [Path(sys.executable).with_name("jupyter"), "lab", "--no-browser", "--allow-root", "--port=0"]
    (desk / ".jupyter" / "CONFIG").mkdir(parents=True)
    shutil.copy(CONFIG, desk / ".jupyter" / "CONFIG")
    options = ["--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--notebook-dir={desk}"]
    homes = {f"JUPYTER_{name}_DIR": str(desk / ".jupyter" / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    homes |= {f"JUPYTERLAB_{name}_DIR": str(desk / ".jupyter" / name) for name in ("SETTINGS", "WORKSPACES")}
    log = desk / "lab.log"
    with log.open("w") as lines:
        server = subprocess.Popen([*command, *options], cwd=desk, env=os.environ | homes, stderr=lines)
    try:
        yield soon(lambda: re.search(r"http://127\.0\.0\.1:\d+", log.read_text(encoding="utf-8")))[0]
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def page(lab, chromium, request):
    """The chapter in a Lab, or the notebook that a test asks for."""
    may = ["clipboard-read", "clipboard-write"]
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, permissions=may)
    page = context.new_page()
    desk = re.sub(r"\W", "-", request.node.name)  # a workspace for each test: Lab opens again what was open in it
    page.goto(f"{lab}/lab/workspaces/{desk}/tree/notebooks/{getattr(request, 'param', CHAPTER)}")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()
    yield page
    context.close()


def run_all(page):
    """Run all cells, asked for again should a page that was just opened not have heard it."""
    last, done = page.locator(".jp-CodeCell .jp-InputPrompt").last, re.compile(r"\[\d+\]:")
    for patience in (PATIENCE / 2, PATIENCE, PATIENCE):
        for dialog in page.locator("dialog.jp-Dialog .jp-mod-accept").all():  # they stand before the menu
            dialog.click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        with contextlib.suppress(AssertionError):
            return expect(last).to_have_text(done, timeout=patience * 1000)
    raise AssertionError(page.locator("body").aria_snapshot())


def numbers(page, scope):
    """Every number shown inside `scope`: what it is, and its text."""
    read = "all => all.map(e => [e.dataset.figure || e.dataset.formula, e.textContent.trim()])"
    return {tuple(pair) for pair in page.eval_on_selector_all(f"{scope} data.figure", read)}


def test_a_chapter_in_lab_shows_what_its_page_shows(page, chromium, site):
    printed = chromium.new_page()
    printed.goto((site / "shenzhen-2021" / "zh" / CHAPTER).with_suffix(".html").as_uri())
    wanted, charts = numbers(printed, "main"), printed.locator("figure.chart").count()
    printed.close()
    assert wanted
    assert charts
    run_all(page)
    soon(lambda: wanted <= numbers(page, ".jp-Notebook"))
    expect(page.locator(".jp-Notebook .js-plotly-plot")).to_have_count(charts)
    for chart in page.locator(".jp-Notebook .js-plotly-plot").all():
        expect(chart.locator(".main-svg").first).to_be_visible()


def visible(page, lang):
    """How many cells of a language there are, and how many of them are shown."""
    cells = page.locator(f".jp-Notebook .cell-tag-{lang}")
    return cells.count(), sum(cell.is_visible() for cell in cells.all())


def set_parameters(page, edition, lang):
    page.locator(".cell-tag-parameters .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f'edition = "{edition}"\nlang = "{lang}"')


def opacity(page):
    """That of a number in the prose."""
    numbers = page.locator(".myst-RenderedExpression:visible")
    return numbers.nth(3).evaluate("number => getComputedStyle(number).opacity")


def test_to_open_a_chapter_does_not_change_it(page):
    time.sleep(3)  # what Lab learns of the kernel it writes into the notebook a moment after
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)


def test_a_chapter_is_in_one_language_and_its_numbers_say_when_they_are_old(page):
    run_all(page)
    there, shown = visible(page, "zh")
    assert there == shown > 0
    assert visible(page, "en") == (there, 0)
    old = page.locator(".bluebook-outdated")
    expect(old).to_have_count(0)

    set_parameters(page, "shenzhen-2021", "en")
    page.keyboard.press("Shift+Enter")  # the parameters alone
    expect(old).to_have_count(1)
    soon(lambda: opacity(page) == "0.4")
    run_all(page)
    expect(old).to_have_count(0)
    soon(lambda: opacity(page) == "1")
    assert visible(page, "en") == (there, there)
    assert visible(page, "zh") == (there, 0)

    set_parameters(page, "no-such-edition", "en")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    expect(old).to_have_count(1)
    soon(lambda: opacity(page) == "0.4")


def test_an_edited_figure_shows_when_the_cells_run_again(page, desk):
    run_all(page)
    spending = page.locator("data[data-figure='livelihood.spending']").first
    expect(spending).to_have_text("2838.5亿元")
    path = desk / "data" / "shenzhen-2021" / "figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2838.5亿元", "2939.5亿元"), encoding="utf-8")
    run_all(page)
    expect(spending).to_have_text("2939.5亿元")


def job_state(lab, page):
    return page.request.get(f"{lab}/scheduler/jobs").json()["jobs"][0]


def test_a_notebook_job_is_done_by_the_press_and_given_back_as_pages(page, lab, desk, chromium):
    page.get_by_title("Create a job").first.click()
    panel = page.locator("#jp-main-dock-panel")
    panel.get_by_role("button", name="Add new parameter").click()
    for field, text in (("Name", "lang"), ("Value", "en")):
        panel.get_by_role("textbox", name=field, exact=True).press_sequentially(text, timeout=PATIENCE * 1000)
    page.keyboard.press("Tab")
    panel.get_by_role("button", name="Create", exact=True).click()
    expect(panel.get_by_role("row", name="01-livelihood")).to_be_visible()
    soon(lambda: job_state(lab, page)["status"] in ("COMPLETED", "FAILED"))
    assert job_state(lab, page)["status"] == "COMPLETED", job_state(lab, page)
    panel.get_by_role("button", name="Reload").click()
    panel.get_by_role("button", name="download").click()
    made = {
        kind: soon(lambda kind=kind: list((desk / "jobs").rglob(f"*.{kind}")))[0] for kind in ("html", "pdf", "ipynb")
    }
    soon(lambda: made["pdf"].read_bytes().rstrip().endswith(b"%%EOF") and "</html>" in made["html"].read_text("utf-8"))
    alone, asked = chromium.new_page(), []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(made["html"].as_uri())
    assert alone.get_attribute("html", "lang") == "en"
    assert alone.locator("figure.chart img").count() > 0
    assert (
        alone.locator("figure.chart img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    )
    assert alone.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily") != "serif"
    assert not [url for url in asked[1:] if not url.startswith("data:")]
    alone.close()


@pytest.mark.parametrize(
    ("notebook", "parameters", "told"),
    [
        ("notebooks/01-livelihood.ipynb", {"edition": "none"}, 'found "none", allowed: '),
        ("notebooks/01-livelihood.ipynb", {"citty": "x"}, 'no notebook has a parameter "citty"'),
        ("stray.ipynb", {}, "stray.ipynb is no report of "),
    ],
)
def test_a_job_that_cannot_be_done_says_why(page, lab, desk, notebook, parameters, told):
    shutil.copy(desk / "notebooks" / CHAPTER, desk / "stray.ipynb")
    job = {
        "input_uri": notebook,
        "name": "wrong",
        "runtime_environment_name": "press",
        "runtime_environment_parameters": {},
    }
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "_xsrf")
    answer = page.request.post(
        f"{lab}/scheduler/jobs",
        data=job | {"parameters": parameters, "output_formats": ["html"]},
        headers={"X-XSRFToken": token},
    )
    if answer.status != 200:
        assert told in answer.json()["message"]
        return
    soon(lambda: job_state(lab, page)["status"] == "FAILED")
    assert told in job_state(lab, page)["status_message"]


@pytest.mark.parametrize("page", [EXPLORED], indirect=True)
def test_an_edition_is_explored_in_lab(page):
    run_all(page)
    widget = page.locator(".jp-OutputArea-output .widget-vbox").first
    widget.get_by_label("Chapter").select_option(label="Society")
    widget.get_by_label("Text").fill("volunteers")
    figures = widget.locator("select[multiple]")
    offered = figures.locator("option")
    soon(lambda: 0 < offered.count() < 10)
    assert all("olunteer" in label for label in offered.all_text_contents())
    figures.select_option(label=["Volunteers: 2.08 million", "Safety volunteers: over 900,000"])
    table = widget.locator("table#explored")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table).to_contain_text("900,000 to under 1 million")
    expect(table).to_contain_text("source, paragraph 18")
    expect(widget.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    code = widget.locator("textarea")
    expect(code).to_contain_text('chosen = [book["volunteers.total"], book["volunteers.safety"]]')
    page.evaluate("navigator.clipboard.writeText('')")
    widget.get_by_role("button", name="Copy the code").click()
    assert page.evaluate("navigator.clipboard.readText()") == code.input_value()
    figures.select_option(label=["Volunteers: 2.08 million", "Volunteers as a share of residents: 15.5%"])
    expect(widget).to_contain_text("their units differ")
    expect(widget.locator(".js-plotly-plot")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nbconvert_shows_the_numbers_and_charts_of_a_chapter(lang, root, tmp_path, chromium, site):
    config = tmp_path / "config"
    config.mkdir()
    shutil.copy(CONFIG, config)
    source = (
        (root / "notebooks" / CHAPTER).read_text(encoding="utf-8").replace('lang = \\"zh\\"', f'lang = \\"{lang}\\"')
    )
    (tmp_path / CHAPTER).write_text(source, encoding="utf-8")
    shutil.copytree(root / "data", tmp_path / "data")
    command = [Path(sys.executable).with_name("jupyter"), "nbconvert", "--execute", "--to", "html", CHAPTER]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"JUPYTER_CONFIG_DIR": str(config)}, check=True)
    printed, stock = chromium.new_page(), chromium.new_page()
    printed.goto((site / "shenzhen-2021" / lang / CHAPTER).with_suffix(".html").as_uri())
    stock.goto((tmp_path / CHAPTER).with_suffix(".html").as_uri())
    assert numbers(printed, "main") <= numbers(stock, "body")
    expect(stock.locator(".plotly-graph-div .main-svg").first).to_be_visible()
    expect(stock.locator(".plotly-graph-div")).to_have_count(printed.locator("figure.chart").count())
    assert "{eval}" not in stock.locator("body").inner_text()
    expect(stock.locator(".celltag_en" if lang == "zh" else ".celltag_zh").first).to_be_hidden()

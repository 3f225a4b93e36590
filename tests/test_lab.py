"""A researcher's JupyterLab: a chapter opened in a real browser shows what its page shows, and follows the data."""

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect

CHAPTER = "01-livelihood.ipynb"
PATIENCE = 60_000  # milliseconds: a first start of JupyterLab and its kernel on a busy machine


@pytest.fixture(scope="module")
def desk(root, tmp_path_factory):
    """A researcher's own copy of the notebooks and the data."""
    desk = tmp_path_factory.mktemp("desk")
    for folder in ("notebooks", "data"):
        shutil.copytree(root / folder, desk / folder)
    return desk


@pytest.fixture(scope="module")
def lab(desk):
    """The address of a running JupyterLab over the desk."""
    command = [Path(sys.executable).with_name("jupyter"), "lab", "--no-browser", "--allow-root", "--port=0"]
    quiet = ["--ServerApp.port_retries=0", "--IdentityProvider.token=", "--LabApp.news_url=None", f"--notebook-dir={desk}"]
    homes = {f"JUPYTER{name}_DIR": str(desk / ".jupyter" / name) for name in ("_CONFIG", "_DATA", "_RUNTIME")}
    homes |= {"JUPYTERLAB_SETTINGS_DIR": str(desk / ".jupyter/s"), "JUPYTERLAB_WORKSPACES_DIR": str(desk / ".jupyter/w")}
    with subprocess.Popen([*command, *quiet], cwd=desk, env=os.environ | homes, stderr=subprocess.PIPE, text=True) as server:
        lines = iter(server.stderr)
        address = next(m[0] for line in lines if (m := re.search(r"http://127\.0\.0\.1:\d+", line)))
        threading.Thread(target=lambda: [None for _ in lines], daemon=True).start()
        yield address
        server.terminate()


@pytest.fixture
def page(lab, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab}/lab/tree/notebooks/{CHAPTER}")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=PATIENCE)
    yield page
    page.close()


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    expect(last).not_to_have_text(re.compile(r"\[[ *]\]:"), timeout=PATIENCE)
    page.wait_for_function("document.querySelectorAll('.jp-Notebook .myst-eval-error, .jp-mod-error').length == 0")


def numbers(page, scope):
    """Every number shown inside `scope`, as (what it is, its text), the prose of the page's own language only."""
    read = "all => all.map(e => [e.dataset.figure || e.dataset.formula, e.textContent.trim()])"
    return {tuple(pair) for pair in page.eval_on_selector_all(f"{scope} data.figure", read)}


def test_a_chapter_in_lab_shows_what_its_page_shows(page, site):
    run_all(page)
    page.locator(".jp-Notebook .js-plotly-plot .main-svg").first.wait_for(timeout=PATIENCE)
    assert page.locator(".jp-Notebook .jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    shown, drawn = numbers(page, ".jp-Notebook"), page.locator(".jp-Notebook .js-plotly-plot").count()
    page.goto((site / "shenzhen-2021" / "zh" / CHAPTER).with_suffix(".html").as_uri())
    printed = numbers(page, "main")
    assert printed
    assert printed <= shown
    assert drawn == page.locator("main figure").count() > 0


def test_an_edited_figure_shows_when_the_cells_run_again(page, desk):
    run_all(page)
    spending = page.locator("data[data-figure='livelihood.spending']").first
    expect(spending).to_have_text("2838.5亿元", timeout=PATIENCE)
    path = desk / "data" / "shenzhen-2021" / "figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2838.5亿元", "2939.5亿元"), encoding="utf-8")
    run_all(page)
    expect(spending).to_have_text("2939.5亿元", timeout=PATIENCE)

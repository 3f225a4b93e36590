"""What it costs to print a built page again in a warm process: as HTML with its charts, and as PDF.

`press build`, then `python -m tests.benchmarks.printing [PAGE…]`, a page being like `shenzhen-2021/zh/04-society`.
Each page is printed four times and the fastest of the last three counts. Run it when nothing else runs. Exits with 1
where a page takes more than 0.1 s as HTML with all the files of its charts, whose pictures are drawn already, or more
than 0.5 s as PDF. What it costs to draw all its charts anew is told beside.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import nbformat

from press.build.tasks import make_tasks
from press.page import render, sheets
from press.page.companions import companions
from press.paper.browser import Browser
from press.suite import plan, read_suite

ROOT = Path(__file__).parents[2]
SITE = ROOT / "reports" / "site"
LIMITS = {"html": 0.1, "pdf": 0.5}
ROUNDS = 4


def seconds(*steps):
    """How long it takes to do these things."""
    start = time.perf_counter()
    for step in steps:
        step()
    return time.perf_counter() - start


def printed(task, browser):
    """The page's charts, and seconds for its HTML, for that with its charts drawn anew, and for its PDF."""
    page = replace(render.Page(**task.page), drawn=True)
    notebook = nbformat.read(SITE / f"{page.path}.ipynb", as_version=4)
    told = {"title": page.title, "lang": page.lang, "running": page.site_title, "author": page.author}
    return (
        len(sheets.plots_of(notebook, page.lang, page.rules)),
        seconds(
            lambda: companions(notebook, page, browser, [SITE]),
            lambda: render.render(notebook, page),
        ),
        seconds(lambda: [browser.draw(plot.drawing) for plot in sheets.plots_of(notebook, page.lang, page.rules)]),
        seconds(lambda: browser.pdf(SITE / f"{page.path}.html", **told)),
    )


def main(names):
    """Print the pages, or all of them, and say how long that took."""
    suite = read_suite(ROOT / "notebooks" / "suite.toml")
    runs = plan(suite)
    tasks = [task for task in make_tasks(suite, runs, runs) if not names or task.path in names]
    print("page", "charts", "html s", "charts anew s", "pdf s", sep="\t", flush=True)
    slow = []
    with Browser() as browser:
        for task in tasks:
            rounds = [printed(task, browser) for _ in range(ROUNDS)][1:]
            charts, html, anew, pdf = (min(column) for column in zip(*rounds, strict=True))
            print(task.path, charts, *(f"{time:.2f}" for time in (html, anew, pdf)), sep="\t", flush=True)
            slow += [task.path] * (html > LIMITS["html"] or pdf > LIMITS["pdf"])
    if slow:
        sys.exit(f"{len(slow)} of {len(tasks)} pages too slow: {', '.join(slow)}")


if __name__ == "__main__":
    main(sys.argv[1:])

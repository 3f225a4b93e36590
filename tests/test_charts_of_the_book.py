"""Every chart of the book, drawn in Chromium as JupyterLab, a wide page and a phone draw it."""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import nbformat
import plotly
import pytest

from bluebook.charts import Chart

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
MIME = "application/vnd.plotly.v1+json"
WITH_CHARTS = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if "charts." in path.read_text(encoding="utf-8"))
GENERATED = [NOTEBOOKS / "10-edition.ipynb", NOTEBOOKS / "11-editions.ipynb"]
WIDTHS = {"lab": 900, "wide": 920, "narrow": 358}

# Draws a figure, and measures its words and the places of values on its axes.
DRAW = """async ([figure, width, relayout, lines]) => {
  const stage = document.getElementById("stage");
  stage.style.width = `${width}px`;
  stage.style.height = `${relayout.height ?? figure.layout.height}px`;
  await Plotly.newPlot(stage, figure.data, figure.layout, { responsive: false });
  await Plotly.relayout(stage, relayout);
  const frame = stage.getBoundingClientRect();
  const texts = [...stage.querySelectorAll(".annotation-text, .gtitle, .gtitle-subtitle, .bartext, .textpoint text, .xtick text, .ytick text")];
  const boxes = texts.map((text) => [text.getBoundingClientRect(), text.textContent]).filter(([box]) => box.width);
  const cut = boxes.filter(([box]) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  const faults = cut.map(([, text]) => `cut: ${text}`);
  boxes.forEach(([a, one], place) => boxes.slice(place + 1).forEach(([b, two]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 2 && down > 4) faults.push(`overlap: ${one} / ${two}`);
  }));
  const ruled = lines.map(({ axis, value }, place) => {
    const look = { type: "line", line: { color: `rgb(1, 2, ${place})`, width: 1 } };
    if (axis[0] === "x") return { ...look, x0: value, x1: value, xref: axis, y0: 0, y1: 1, yref: "paper" };
    return { ...look, y0: value, y1: value, yref: axis, x0: 0, x1: 1, xref: "paper" };
  });
  await Plotly.relayout(stage, { shapes: [...(figure.layout.shapes ?? []), ...ruled] });
  const missed = [];
  lines.forEach(({ axis, value, curve, point }, number) => {
    const added = [...stage.querySelectorAll(".shapelayer path")].find((path) => path.style.stroke === `rgb(1, 2, ${number})`);
    const at = added.getBoundingClientRect();
    const data = stage.calcdata[curve][point];
    const mark = [...stage.querySelectorAll(".point")].find((element) => element.__data__ === data);
    const box = (mark.querySelector("path") ?? mark).getBoundingClientRect();
    const [place, start, end] = axis[0] === "x" ? [at.left + at.width / 2, box.left, box.right] : [at.top + at.height / 2, box.top, box.bottom];
    if (place < start - 1.5 || place > end + 1.5) missed.push(`${axis} = ${value}: at ${place}, mark ${start} to ${end}`);
  });
  Plotly.purge(stage);
  return { faults, missed };
}"""


def charts_of(path: Path, lang: str) -> list[Chart]:
    """What a notebook draws in a language, run here: its cells one after the other."""
    found: list[Chart] = []

    def display(*shown: object) -> None:
        found.extend(one for one in shown if isinstance(one, Chart))

    names: dict[str, object] = {"display": display}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        if isinstance(last, ast.Expr):
            display(eval(compile(ast.Expression(last.value), path.name, "eval"), names))
        if "parameters" in cell.metadata.get("tags", []):
            names["lang"] = lang
    return found


@pytest.fixture(scope="module")
def stage(chromium, tmp_path_factory):
    """An empty page with plotly.js."""
    script = Path(plotly.__path__[0]) / "package_data" / "plotly.min.js"
    path = tmp_path_factory.mktemp("stage") / "stage.html"
    path.write_text(
        '<!doctype html><meta charset="utf-8"><body style="margin:0;font-variant-east-asian:proportional-width">'
        f'<div id="stage"></div><script src="{script.as_uri()}"></script>'
    )
    page = chromium.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def laid_out(chart: Chart, where: str) -> tuple[dict, dict]:
    """The figure as JupyterLab has it, or without title and caption as a page has it; and what a phone changes."""
    bundle, metadata = chart._repr_mimebundle_()
    figure, record = copy.deepcopy(bundle[MIME]), metadata["press"]["chart"]
    if where == "lab":
        return figure, {}
    layout, room = figure["layout"], record["room"]
    layout.pop("title")
    layout["annotations"] = [note for note in layout.get("annotations", []) if note.get("name") != "caption"]
    layout["margin"]["t"] -= room["top"]
    layout["margin"]["b"] -= room["bottom"]
    layout["height"] -= room["top"] + room["bottom"]
    if where == "wide":
        return figure, {}
    for element in [*layout["annotations"], *layout.get("shapes", []), *figure["data"]]:
        if element.get("name") in ("wide", "narrow"):
            element["visible"] = element["name"] == "narrow"
    return figure, record["narrow"]


def lines_through_marks(chart: Chart) -> list[dict]:
    """A line for each number that is drawn as a bar from zero or as a dot: its axis, its value and its mark."""
    found = []
    for curve, trace in enumerate(chart.data):
        is_series = trace.type == "scatter" and trace.error_y.array is not None
        is_bar = trace.type == "bar" and trace.base is None
        is_dot = trace.type == "scatter" and trace.mode == "markers"
        if not (is_bar or is_dot):
            continue
        axis, values = (trace.yaxis or "y", trace.y) if is_series else (trace.xaxis or "x", trace.x)
        for point in sorted({0, len(values) - 1}):
            found.append({"axis": axis, "value": values[point], "curve": curve, "point": point})
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", [*WITH_CHARTS, *GENERATED], ids=lambda path: path.stem)
def test_every_chart_of_the_book_is_drawn_true_and_whole(path, lang, stage):
    drawn = charts_of(path, lang)
    assert drawn or path.stem not in [one.stem for one in WITH_CHARTS]
    for chart in drawn:
        for where, width in WIDTHS.items():
            figure, relayout = laid_out(chart, where)
            lines = [] if where == "lab" else lines_through_marks(chart)
            found = stage.evaluate(DRAW, [figure, width, relayout, lines])
            assert found == {"faults": [], "missed": []}, (chart.record["id"], where)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", [*WITH_CHARTS, *GENERATED], ids=lambda path: path.stem)
def test_every_number_of_an_alternative_text_is_in_the_data(path, lang):
    for chart in charts_of(path, lang):
        rows, title = chart.record["data"]["rows"], chart.record["title"]
        spoken = chart.record["alt"].rstrip("。.").partition(title.rstrip("。."))[2].lstrip("。. ")
        said = spoken.split("；" if lang == "zh" else "; ")
        assert len(said) == len(rows) or (len(said) == 11 and str(len(rows) - 10) in said.pop())
        for words, (label, number, *_) in zip(said, rows, strict=False):
            assert words.endswith(number)
            assert label.endswith(words.removesuffix(number).rstrip("：: "))

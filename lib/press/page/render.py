"""A page: one executed notebook printed as HTML, with nothing of the notebook's machinery left to see.

What a notebook says travels in its outputs alone: Markdown (with the stored answers of `{eval}` roles), text/html,
plotly's MIME bundle and the metadata `press.chart` and `press.table`. No output is trusted to be text: everything that
is not HTML of a trusted suite is escaped, and the page's content policy lets no inline script run, and
inline style only where an output brings its own.
"""

from __future__ import annotations

import copy
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from press.page import text, unshown
from press.page.beside import Beside
from press.page.cells import as_text
from press.page.code import highlighted
from press.page.companions import asset_of, frozen_embed, title_card
from press.page.formulas import of_output
from press.page.frames import framed, join_scripts, needs_script, picture_of
from press.page.html import BIDI_CONTROLS, is_safe_url
from press.page.linked_data import credit_line, linked_data
from press.page.outputs import (
    MIME,
    DrawnLink,
    Marks,
    Plot,
    Sheet,
    read_marks,
)
from press.page.prose import Prose
from press.page.sheets import sheets_on, shown_outputs
from press.page.widgets import freeze_widgets
from press.records import Page, Picture, Reference
from press.site.assets import (
    CARD,
    FILTERS,
    MARKS,
    TEMPLATES,
    loader,
    page_context,
)
from press.tags import (
    CellRules,
    CodeDisplay,
    Treatment,
    Visibility,
    is_on_page,
    misspelt_options,
    numbers,
    treatment,
)
from press.theme.theme import Theme

HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)</h2>', re.S)
DOCUMENT = re.compile(r"\s*(?:<!doctype\b|<html\b|<head\b|<body\b)", re.I)
STYLED = re.compile(r"(?:<|&lt;)style\b|\sstyle\s*=", re.I)  # a frame inherits its page's policy


@dataclass(frozen=True)
class Printed:
    """A page as HTML, what it cannot show of its notebook, each with its cell, and what its cells refer to."""

    html: str
    lost: tuple[str, ...]
    references: tuple[Reference, ...]


def render(notebook: Any, page: Page) -> str:
    """The HTML of `print_page`."""
    return print_page(notebook, page).html


def print_page(
    notebook: Any, page: Page, files: Mapping[str, bytes] | None = None, beside: Beside | None = None
) -> Printed:
    """The page of an executed notebook; the same bytes for the same notebook, page and files.

    `files` are those of `companions`: where charts have been drawn, their links and what they lack are read there.
    `beside` is where the pictures and files are that the page takes along, and keeps them.
    Charts without metadata of ours are shown too, numbered like the others. Nothing is raised for an odd output: what
    cannot be shown is left out and told, what is only text is shown as text.
    """
    beside = beside or Beside(page)
    notebook = freeze_widgets(notebook)
    if page.frames:
        notebook = join_scripts(notebook)
    sheets = sheets_on(notebook, page)
    plots = [sheet for sheet in sheets.values() if isinstance(sheet, Plot)]
    prose = Prose(notebook, page, beside)
    shown = copy.copy(notebook)
    numbered = [*zip(numbers(notebook), notebook.cells, strict=True)]
    ours = [(number, cell) for number, cell in numbered if is_on_page(cell, page.rules, page.lang)]
    findings = Findings(page.path)
    marks = {plot.id: _marks_of(plot, files or {}) for plot in plots}
    shown.cells = []
    for number, cell in ours:
        shown.cells.append(_shown_cell(cell, prose, sheets, files or {}))
        findings.note(number, [*_lost_of(cell, page.rules), *prose.complaints()])
        for plot in _plots_in(cell, sheets):
            findings.note(number, [f"the chart “{plot.title}”: {lack}" for lack in marks[plot.id].problems])
            findings.read(number, "".join(f'<a href="{escape(link.href)}">' for link in marks[plot.id].wide))
    for (number, _), cell in zip(ours, shown.cells, strict=True):
        _speak_markdown(cell, prose)
        findings.note(number, prose.complaints())
        for html in _html_parts(cell):
            findings.read(number, html)
        findings.note(number, [f'"{path}" lies outside the suite: it stays behind' for path in beside.outside])
        beside.outside.clear()
    context = {"page": page, "prose": prose, "sheets": sheets, "plots": plots, "templates": _templates_once(plots)}
    context["frozen"] = {plot.id: frozen_embed(plot, page)[0].removeprefix("assets/") for plot in plots}
    context["links"] = {plot.id: _links_at(plot, marks[plot.id]) for plot in plots}
    context["alternates"] = [(lang, page.absolute(href)) for lang, href in page.alternates]
    context["references"] = prose.references()
    context["picture"] = _preview(notebook, page, plots)
    context["based_on"] = credit_line(page)
    context["linked"] = linked_data(page, prose, list(sheets.values()))
    resources = {"press": _Read(page_context(page.lang, page.assets, page.theme) | context)}
    html, _ = _exporter(page.theme).from_notebook_node(shown, resources)
    if STYLED.search(html):
        html = html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)
    return Printed(BIDI_CONTROLS.sub("", html), *findings.all())


class _Read(dict[str, Any]):
    """What the template reads: nbconvert copies its resources, all charts among them, unless told not to."""

    def __deepcopy__(self, _: Any) -> _Read:
        return self


class Findings:
    """What is found, while a page is printed, that it cannot show."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._unshown: dict[tuple[int, str], None] = {}
        self._references: dict[tuple[str, str], Reference] = {}

    def note(self, number: int, sentences: Iterable[str]) -> None:
        """Sentences about a cell."""
        for sentence in sentences:
            self._unshown[number, sentence] = None

    def read(self, number: int, html: str) -> None:
        """What a cell's HTML cannot do on a page, and what it refers to."""
        self.note(number, unshown.of_html(html))
        for one in unshown.references(html, number, self._path):
            self._references.setdefault((one.path, one.place), one)

    def all(self) -> tuple[tuple[str, ...], tuple[Reference, ...]]:
        """The sentences, by cell, and the references, each once."""
        said = sorted(self._unshown, key=lambda one: one[0])
        return tuple(f"cell {number}: {sentence}" for number, sentence in said), tuple(self._references.values())


def _lost_of(cell: Any, rules: CellRules) -> Iterator[str]:
    """What of a cell no page can show, by the types of its outputs and the words of its options."""
    for line in misspelt_options(cell):
        yield f'"{line}" is no option: expected "#| name: value"'
    for output in shown_outputs(cell, treatment(cell, rules)):
        if MIME not in output.get("data", {}):
            yield from unshown.of_output(output)


def _html_parts(shown: Any) -> Iterator[str]:
    """The HTML of a shown cell."""
    if shown.cell_type == "markdown":
        yield shown.source
    for output in shown.get("outputs", ()):
        yield output.get("html") or as_text(output.get("data", {}).get("text/html", ""))


def _plots_in(cell: Any, sheets: Mapping[int, Sheet]) -> Iterator[Plot]:
    """The charts that a cell's outputs show."""
    for output in cell.get("outputs", ()):
        sheet = sheets.get(id(output))
        if isinstance(sheet, Plot):
            yield sheet


def _marks_of(plot: Plot, files: Mapping[str, bytes]) -> Marks:
    """What the browser found in a chart, if it has drawn it."""
    return read_marks(files.get(asset_of(plot, MARKS), b""))


def _links_at(plot: Plot, marks: Marks) -> list[tuple[str, int, int, tuple[DrawnLink, ...]]]:
    """For each of its two layouts: its name, its size, and the links of the drawing that a page may have."""
    layouts = [
        ("wide", plot.wide, plot.height, marks.wide),
        ("narrow", plot.narrow, plot.narrow_height, marks.narrow),
    ]
    safe = []
    for name, width, height, links in layouts:
        kept = tuple(link for link in links if is_safe_url(link.href))
        if kept:
            safe.append((name, width, height, kept))
    return safe


def _preview(notebook: Any, page: Page, plots: list[Plot]) -> Picture | None:
    """The picture that stands for the page where a link to it is shown: its first chart, or its title.

    Who shows it fetches it from elsewhere: there is none where the page's address is not known.
    """
    if not page.drawn or not page.url:
        return None
    card = title_card(notebook, page)
    file = f"{page.assets}/charts/{(plots[0] if plots else card).key}-{CARD}"
    return Picture(page.absolute(file), plots[0].alt if plots else card.title)


def _shown_cell(cell: Any, prose: Prose, sheets: Mapping[int, Sheet], files: Mapping[str, bytes]) -> Any:
    shown = copy.copy(cell)
    shown.metadata = type(cell.metadata)()  # what it says has been read, and nbconvert copies everything twice
    if cell.cell_type == "markdown":
        shown.source = prose.html(cell)
    elif cell.cell_type == "code":
        asked = treatment(cell, prose.page.rules)
        outputs = shown_outputs(cell, asked)
        shown.outputs = [_shown_output(output, prose, sheets, asked, files) for output in outputs]
        shown.folded = asked.outputs is Visibility.HIDE
        if asked.code is not CodeDisplay.HIDE:
            shown.code = highlighted(as_text(cell.source), prose.language)
            shown.code_folded = asked.code is CodeDisplay.FOLD
    return shown


def _shown_output(
    output: Any, prose: Prose, sheets: Mapping[int, Sheet], asked: Treatment, files: Mapping[str, bytes]
) -> Any:
    """The output, with the key of the chart or data it brings, and its HTML as the page shows it."""
    if asked.as_markdown and output.output_type == "stream" and output.name == "stdout":
        return type(output)(output_type="display_data", data={"text/markdown": output.text}, metadata={})
    key = {"sheet": id(output)} if id(output) in sheets else {}
    bundle = output.get("data", {})
    if MIME in bundle:
        return type(output)(output_type="display_data", data={}, **key)
    if prose.page.frames and needs_script(bundle):
        html = _framed(as_text(bundle["text/html"]), prose, files)
        return type(output)(output_type="display_data", data={}, html=html, **key)
    if "text/html" in bundle and prose.page.trusted and not _is_a_world_of_its_own(output):
        html = prose.output(HEADING.sub(prose.section, as_text(bundle["text/html"])))
        return type(output)(output_type="display_data", data={}, html=html, **key)
    return type(output)(**output, **key)


def _framed(html: str, prose: Prose, files: Mapping[str, bytes]) -> str:
    """A frame with its picture, where the browser could draw one."""
    file = picture_of(html, prose.page)
    has_picture = file in files
    if prose.page.drawn and not has_picture:
        prose.complain("a frame asks the network, or shows nothing: on paper, and where no script runs, it is missing")
    picture = quote(f"{prose.page.stem}/{Path(file).name}") if has_picture else ""
    return framed(html, prose.words["external"], prose.beside, picture)


def _is_a_world_of_its_own(output: Any) -> bool:
    """Whether the HTML of an output asks to be kept from the page around it, or is a whole document."""
    told = output.get("metadata", {}).get("text/html", {})
    isolated = told.get("isolated") if isinstance(told, Mapping) else None
    return bool(isolated or output.metadata.get("isolated")) or bool(DOCUMENT.match(as_text(output.data["text/html"])))


def _speak_markdown(shown: Any, prose: Prose) -> None:
    """Turn the Markdown that a cell displayed into HTML; after all cells, whose headings have the anchors."""
    for output in shown.get("outputs", ()):
        bundle = output.get("data", {})
        if unshown.shown_type(bundle) == "text/markdown":
            output["html"] = prose.markdown(bundle["text/markdown"])


def _templates_once(plots: list[Plot]) -> dict[str, Any]:
    """Each distinct layout template of the page, by name."""
    return {plot.template_name: plot.template for plot in plots if plot.template}


@lru_cache
def _exporter(theme: Theme) -> Any:
    """nbconvert's exporter on its `base` template, escaping by default; made once a process and theme (0.5 s)."""
    from nbconvert.exporters import TemplateExporter

    class PageExporter(TemplateExporter):
        output_mimetype = "text/html"
        export_from_notebook = "Page"

        def _create_environment(self) -> Any:
            environment = super()._create_environment()
            environment.autoescape = True
            environment.loader = loader(theme, environment.loader)
            environment.filters.update(
                ansi=text.colored,
                lines=text.lines_of,
                **FILTERS,
                filter_data_type=lambda bundle: [unshown.shown_type(bundle)],
                text=as_text,
                formula=of_output,
                base64=lambda text: b64encode(text.encode()).decode(),
                bare=lambda text: re.sub(r"[^A-Za-z0-9+/=]", "", text),
            )
            return environment

    return PageExporter(
        template_name="page",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES)],
        exclude_input=True,
        default_preprocessors=[],
    )

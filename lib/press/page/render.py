"""A page: one executed notebook printed as HTML, with nothing of the notebook's machinery left to see.

What a notebook says travels in its outputs alone: Markdown (with the stored answers of `{eval}` roles), text/html,
plotly's MIME bundle and the metadata `press.chart` and `press.table`. No output is trusted to be text: everything that
is not HTML of a trusted suite is escaped, and the page's content policy lets no inline script run, and
inline style only where an output brings its own.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from press import credits
from press.page import text, unshown
from press.page.beside import Beside
from press.page.code import highlighted
from press.page.downloads import data_files
from press.page.formulas import of_output
from press.page.outputs import (
    MIME,
    DrawnLink,
    Marks,
    Plot,
    Sheet,
    TitleCard,
    Travel,
    plot_of,
    read_marks,
    table_of,
)
from press.page.prose import Prose, as_text, cells_of, is_safe_url
from press.page.widgets import freeze_widgets
from press.records import Page, Picture, Reference
from press.site.assets import (
    CARD,
    FILTERS,
    MARKS,
    TEMPLATES,
    loader,
    page_context,
    script_json,
    templates,
    words,
)
from press.tags import (
    CellRules,
    CodeDisplay,
    Treatment,
    Visibility,
    is_kept,
    is_on_page,
    misspelt_options,
    numbers,
    treatment,
)
from press.theme.theme import Theme

# Left-to-right overrides and their kin can turn a neighbour's text around; neither language needs them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
SHORT = 120  # characters of a description that a machine shows
CSV = "text/csv"  # the format that machines looking for data are given; the page offers more
HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)</h2>', re.S)
NEEDS_SCRIPT = re.compile(r"(?:<|&lt;)script\b(?![^>]*json)", re.I)
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
    notebook = freeze_widgets(notebook)
    sheets = _sheets_on(notebook, page)
    plots = [sheet for sheet in sheets.values() if isinstance(sheet, Plot)]
    beside = beside or Beside(page)
    prose = Prose(notebook, page, beside)
    shown = copy.copy(notebook)
    numbered = [*zip(numbers(notebook), notebook.cells, strict=True)]
    ours = [(number, cell) for number, cell in numbered if is_on_page(cell, page.rules, page.lang)]
    findings = Findings(page.path)
    marks = {plot.id: _marks_of(plot, files or {}) for plot in plots}
    shown.cells = []
    for number, cell in ours:
        shown.cells.append(_shown_cell(cell, prose, sheets))
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
    context["linked"] = _linked_data(page, prose, list(sheets.values()))
    resources = {"press": _Read(page_context(page.lang, page.assets, page.theme) | context)}
    html, _ = _exporter(page.theme).from_notebook_node(shown, resources)
    if STYLED.search(html):
        html = html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)
    return Printed(BIDI_CONTROLS.sub("", html), *findings.all())


class _Read(dict[str, Any]):
    """What the template reads: nbconvert copies its resources, all charts among them, unless told not to."""

    def __deepcopy__(self, _: Any) -> _Read:
        return self


def credit_line(page: Page) -> str:
    """What the page is based on, in one line of its language; "" where it says nothing of it."""
    return credits.named(page.based_on, words(page.lang, page.theme)["credit"])


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
    for output in _outputs(cell, treatment(cell, rules)):
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
    return read_marks(files.get(_asset(plot, MARKS), b""))


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
    card = _title_card(notebook, page)
    file = f"{page.assets}/charts/{(plots[0] if plots else card).key}-{CARD}"
    return Picture(page.absolute(file), plots[0].alt if plots else card.title)


def _title_card(notebook: Any, page: Page) -> TitleCard:
    return TitleCard(title_of(notebook, page), page.site_title, page.absolute(f"{page.stem}.html"))


def title_of(notebook: Any, page: Page) -> str:
    """What a page calls itself: its first heading, with the numbers in it spoken, else its report's title."""
    prose = Prose(notebook, page)
    for cell in cells_of(notebook, page.lang, page.rules):
        if cell.cell_type == "markdown" and not prose.title:
            prose.html(cell)
    return prose.title or page.title


def _linked_data(page: Page, prose: Prose, sheets: list[Sheet]) -> dict[str, Any]:
    """The page in schema.org's words: a report with a dataset for each chart or table that brings its data."""
    lang = page_context(page.lang, page.assets, page.theme)["html_lang"]
    about: dict[str, Any] = {
        "@type": "Report",
        "name": prose.title or page.title,
        "description": prose.lead,
        "inLanguage": lang,
    }
    about |= {"author": {"@type": "Organization", "name": page.author}} if page.author else {}
    about |= {"isBasedOn": credits.linked(page.based_on)} if page.based_on else {}
    about |= {"datePublished": page.date} if page.date else {}
    part = {"isPartOf": {"@type": "Book", "name": page.site_title}} if page.site_title else {}
    sets = [_dataset(page, sheet) for sheet in sheets if sheet.rows]
    return {"@context": "https://schema.org", **about, **part, **({"hasPart": sets} if sets else {})}


def _dataset(page: Page, sheet: Sheet) -> dict[str, Any]:
    files = [(CSV, f"{page.stem}/{sheet.id}.csv")]
    files += [("application/zip", f"{page.stem}/{sheet.archive}")] if sheet.folder else []
    downloads = [
        {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": page.absolute(file) or file}
        for kind, file in files
    ]
    short = sheet.alt if len(sheet.alt) <= SHORT else f"{sheet.alt[:SHORT].rpartition(' ')[0] or sheet.alt[:SHORT]}…"
    said = {"name": sheet.title, "description": short}
    return {
        "@type": "Dataset",
        **{key: text for key, text in said.items() if text},
        "url": page.absolute(f"{page.stem}.html#{sheet.id}") or f"#{sheet.id}",
        "distribution": downloads,
    }


def companions(
    notebook: Any,
    page: Page,
    draw: Callable[[Mapping[str, Any]], dict[str, bytes]] | None = None,
    sites: Iterable[Path] = (),
) -> dict[str, bytes]:
    """The files that belong to a page, by their path in the site: each chart's data, the chart to embed, its pictures.

    `draw` is `Browser.draw` for a page that is `drawn`. A picture's name says all that is drawn: one that is in one of
    `sites` already is taken from there.
    """
    files: dict[str, bytes] = {}
    sheets = _sheets_on(notebook, page).values()
    if draw and page.url and not any(isinstance(sheet, Plot) for sheet in sheets):
        files |= _pictures(_title_card(notebook, page), draw, sites)
    lang = page_context(page.lang, page.assets, page.theme)["html_lang"]
    for sheet in sheets:
        parts = data_files(sheet, author=page.author, based_on=credit_line(page), lang=lang)
        if isinstance(sheet, Plot):
            parts["html"] = render_embed(sheet, page).encode()
            files |= dict([frozen_embed(sheet, page)])
            files |= _pictures(sheet, draw, sites) if draw else {}
        files |= {f"{page.path}/{sheet.id}.{suffix}": content for suffix, content in parts.items()}
    return files


def _pictures(
    sheet: Plot | TitleCard, draw: Callable[[Mapping[str, Any]], dict[str, bytes]], sites: Iterable[Path]
) -> dict[str, bytes]:
    names = {variant: _asset(sheet, variant) for variant in sheet.variants}
    for site in sites:
        if all((site / name).is_file() for name in names.values()):
            return {name: (site / name).read_bytes() for name in names.values()}
    drawn = draw(sheet.drawing)
    if isinstance(sheet, Plot):
        drawn[MARKS] = _as_script("pressMarked", sheet.key, json.loads(drawn.pop("marks.json", b"{}")))
        drawn["plot.js"] = _as_script("pressPlots", sheet.key, sheet.spec)
    return {names[variant]: content for variant, content in drawn.items()}


def _asset(sheet: Plot | TitleCard, variant: str) -> str:
    """The path in the site of a file that a chart is drawn to."""
    return f"assets/charts/{sheet.key}-{variant}"


def _as_script(place: str, key: str, value: Any) -> bytes:
    """A value as a script that a page fetches when it wants it: that works in a folder too."""
    return f"(window.{place} ??= {{}})[{script_json(key)}] = {script_json(value)};\n".encode()


def render_embed(plot: Plot, page: Page, frozen: bool = False) -> str:
    """One chart as a page of its own, to stand in a frame on another site; its caption leads back.

    A frozen one lies in `assets/embeds` and never changes: it says so, and leads to the page as it is by then.
    """
    context = page_context(page.lang, ".." if frozen else f"../{page.assets}", page.theme)
    home = f"../../{page.path}.html#{plot.id}" if frozen else f"../{page.stem}.html#{plot.id}"
    template = templates(page.theme).get_template("embed.html.j2")
    return BIDI_CONTROLS.sub(
        "", template.render(press=context, page=page, plot=plot, home=home, frozen=frozen, based_on=credit_line(page))
    )


def frozen_embed(plot: Plot, page: Page) -> tuple[str, bytes]:
    """The path in the site, which says its content, and the content of a chart's frozen embed."""
    content = render_embed(plot, page, frozen=True).encode()
    return f"assets/embeds/{plot.id}.{hashlib.sha256(content).hexdigest()[:10]}.html", content


def sheets_of(notebook: Any, lang: str, rules: CellRules) -> dict[int, Sheet]:
    """The charts of a page in its language, and the tables that bring their data, by the `id()` of their outputs.

    Charts are numbered from 1; ids are unique on the page.
    """
    sheets: dict[int, Sheet] = {}
    cells = cells_of(notebook, lang, rules)
    for output in (output for cell in cells for output in _outputs(cell, treatment(cell, rules))):
        taken = {sheet.id for sheet in sheets.values()}
        number = 1 + sum(isinstance(sheet, Plot) for sheet in sheets.values())
        drawn = MIME in output.get("data", {})
        if sheet := plot_of(output, number, taken) if drawn else table_of(output, taken):
            sheets[id(output)] = sheet
    return sheets


def _sheets_on(notebook: Any, page: Page) -> dict[int, Sheet]:
    """The sheets of `sheets_of` with what the pictures that leave this page say."""
    sheets = sheets_of(notebook, page.lang, page.rules)
    said = words(page.lang, page.theme)
    for key, sheet in sheets.items():
        if isinstance(sheet, Plot):
            address = page.absolute(f"{page.stem}.html#{sheet.id}")
            sheets[key] = replace(sheet, travel=Travel(address, said["source"], said["undrawn"]))
    return sheets


def plots_of(notebook: Any, lang: str, rules: CellRules) -> list[Plot]:
    """The charts of a page, in order."""
    return [sheet for sheet in sheets_of(notebook, lang, rules).values() if isinstance(sheet, Plot)]


def _outputs(cell: Any, asked: Treatment) -> Iterator[Any]:
    """The outputs of a cell that the page shows, folded or not."""
    for output in cell.get("outputs", ()):
        is_stderr = output.output_type == "stream" and output.name == "stderr"
        if is_kept(output, asked) and (asked.shows_stderr or not is_stderr):
            yield output


def _shown_cell(cell: Any, prose: Prose, sheets: Mapping[int, Sheet]) -> Any:
    shown = copy.copy(cell)
    shown.metadata = type(cell.metadata)()  # what it says has been read, and nbconvert copies everything twice
    if cell.cell_type == "markdown":
        shown.source = prose.html(cell)
    elif cell.cell_type == "code":
        asked = treatment(cell, prose.page.rules)
        shown.outputs = [_shown_output(output, prose, sheets, asked) for output in _outputs(cell, asked)]
        shown.folded = asked.outputs is Visibility.HIDE
        if asked.code is not CodeDisplay.HIDE:
            shown.code = highlighted(as_text(cell.source), prose.language)
            shown.code_folded = asked.code is CodeDisplay.FOLD
    return shown


def _shown_output(output: Any, prose: Prose, sheets: Mapping[int, Sheet], asked: Treatment) -> Any:
    """The output, with the key of the chart or data it brings, and its HTML as the page shows it."""
    if asked.as_markdown and output.output_type == "stream" and output.name == "stdout":
        return type(output)(output_type="display_data", data={"text/markdown": output.text}, metadata={})
    key = {"sheet": id(output)} if id(output) in sheets else {}
    bundle = output.get("data", {})
    if MIME in bundle:
        return type(output)(output_type="display_data", data={}, **key)
    if "text/html" in bundle and prose.page.frames and NEEDS_SCRIPT.search(as_text(bundle["text/html"])):
        return type(output)(output_type="display_data", data={}, html=prose.framed(as_text(bundle["text/html"])), **key)
    if "text/html" in bundle and prose.page.trusted and not _is_a_world_of_its_own(output):
        html = prose.output(HEADING.sub(prose.section, as_text(bundle["text/html"])))
        return type(output)(output_type="display_data", data={}, html=html, **key)
    return type(output)(**output, **key)


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

"""A page: one executed notebook printed as HTML, with nothing of the notebook's machinery left to see.

What a notebook says travels in its outputs alone: Markdown (with the stored answers of `{eval}` roles), text/html,
plotly's MIME bundle and the metadata `press.chart` and `press.table`. No output is trusted to be text: everything that
is not HTML of a trusted suite is escaped, and the page's content policy lets no inline script run, and
inline style only where an output brings its own.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from press import credits
from press.credits import Work
from press.page import unshown
from press.page.code import highlighted, language_of
from press.page.downloads import data_files
from press.page.formulas import Formulas, of_output
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
from press.records import Reference
from press.site.assets import (
    CARD,
    FILTERS,
    MARKS,
    TEMPLATES,
    as_url,
    page_context,
    script_json,
    templates,
    words,
)
from press.site.navigation import Link, Section
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

# Left-to-right overrides and their kin can turn a neighbour's text around; neither language needs them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
DATA_FIGURE = re.compile(r'<data\b(?=[^>]*\bdata-figure="([^"]*)")[^>]*>.*?</data>', re.S)
DATA_TABLE = re.compile(r"<table\b.*?</table>", re.S)
SHORT = 120  # characters of a description that a machine shows
CSV = "text/csv"  # the format that machines looking for data are given; the page offers more
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.S)
NOTEBOOK_LINK = re.compile(r'href="([\w.-]+)\.ipynb(#[^"]*)?"')
HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)</h2>', re.S)
TAG = re.compile(r"<[^>]*>")
STYLED = re.compile(r"(?:<|&lt;)style\b|\sstyle\s*=", re.I)  # a frame inherits its page's policy


@dataclass(frozen=True)
class Page:
    """Where a report stands in its site: everything on its page that is not in its notebook.

    `path` has no suffix ("shenzhen-2021/zh/01-livelihood"). Every href is relative to the page; `url` is where the
    site is published, if that is known. `role` is "front", "home" or "", see `navigation.role`; `site_title` is the
    title of the pages around it, `suite_title` that of the whole site, `front` the address of its front page, `home`
    the title of the folder's home ("" where no report is that). `sections` are the pages around it.
    `figures` says which page has the row of a figure, by the beginning of its id.
    `author` says what is on the page, `based_on` are the works of others that it is based on. `licence` is a name and
    the address of its text, `corrections` where mistakes are to be sent to; "" where a suite does not say.
    `drawn` says that the charts' pictures are in the assets: see `companions`; `undrawn`, that the suite wants none and
    leaves charts to their reader's plotly.js, which a PDF overrules. `languages`, `silent`, `outputs`,
    `stderr` and `errors` are those of `tags.CellRules`.
    """

    name: str
    lang: str
    title: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    site_title: str = ""
    suite_title: str = ""
    front: str = ""
    home: str = ""
    sections: tuple[Section, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    assets: str = "../../assets"
    figures: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html",)
    url: str = ""
    author: str = ""
    based_on: tuple[Work, ...] = ()
    date: str = ""
    licence: tuple[str, str] = ("", "")
    corrections: str = ""
    trusted: bool = True
    drawn: bool = False
    undrawn: bool = False
    languages: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    outputs: str = Visibility.SHOW
    code: str = CodeDisplay.HIDE
    stderr: bool = False
    errors: bool = False

    @property
    def rules(self) -> CellRules:
        """What the suite and the report say of all cells."""
        return CellRules(
            languages=tuple(self.languages),
            silent=tuple(self.silent),
            outputs=self.outputs,
            code=self.code,
            stderr=self.stderr,
            errors=self.errors,
        )

    @property
    def neighbours(self) -> tuple[Link | None, Link | None]:
        """The pages before and after this one, or None at either end."""
        links = [link for section in self.sections for link in section.links]
        names = [link.name for link in links]
        if self.name not in names:
            return None, None
        at = names.index(self.name)
        before = links[at - 1] if at > 0 else None
        after = links[at + 1] if at + 1 < len(links) else None
        return before, after

    def absolute(self, href: str) -> str:
        """An href of the page as a URL; "" where the site's is not known.

        >>> Page("a", "en", "A", "book/en/a", url="https://example.org/").absolute("../zh/a.html")
        'https://example.org/book/zh/a.html'
        """
        return as_url(urljoin(f"{self.url.rstrip('/')}/{self.path}", href)) if self.url else ""

    def table_of(self, figure: str) -> str:
        """The page that has a figure's row; "" where there is none.

        >>> Page("a", "en", "A", "x/en/a", figures={"": "figures", "context.": "cited"}).table_of("context.a")
        'cited'
        """
        fitting = [start for start in self.figures if figure.startswith(start)]
        return self.figures[max(fitting, key=len)] if fitting else ""

    @property
    def stem(self) -> str:
        """The file's name without its suffix; the folder of what belongs to the page has the same name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Printed:
    """A page as HTML, what it cannot show of its notebook, each with its cell, and what its cells refer to."""

    html: str
    lost: tuple[str, ...]
    references: tuple[Reference, ...]


def render(notebook: Any, page: Page) -> str:
    """The HTML of `print_page`."""
    return print_page(notebook, page).html


def print_page(notebook: Any, page: Page, files: Mapping[str, bytes] | None = None) -> Printed:
    """The page of an executed notebook; the same bytes for the same notebook, page and files.

    `files` are those of `companions`: where charts have been drawn, their links and what they lack are read there.
    Charts without metadata of ours are shown too, numbered like the others. Nothing is raised for an odd output: what
    cannot be shown is left out and told, what is only text is shown as text.
    """
    sheets = _sheets_on(notebook, page)
    plots = [sheet for sheet in sheets.values() if isinstance(sheet, Plot)]
    prose = Prose(notebook, page)
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
    context = {"page": page, "prose": prose, "sheets": sheets, "plots": plots, "templates": _templates_once(plots)}
    context["frozen"] = {plot.id: frozen_embed(plot, page)[0].removeprefix("assets/") for plot in plots}
    context["links"] = {plot.id: _links_at(plot, marks[plot.id]) for plot in plots}
    context["alternates"] = [(lang, page.absolute(href)) for lang, href in page.alternates]
    context["picture"] = _preview(notebook, page, plots)
    context["based_on"] = credit_line(page)
    context["linked"] = _linked_data(page, prose, list(sheets.values()))
    resources = {"press": _Read(page_context(page.lang, page.assets) | context)}
    html, _ = _exporter().from_notebook_node(shown, resources)
    if STYLED.search(html):
        html = html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)
    return Printed(BIDI_CONTROLS.sub("", html), *findings.all())


class _Read(dict[str, Any]):
    """What the template reads: nbconvert copies its resources, all charts among them, unless told not to."""

    def __deepcopy__(self, _: Any) -> _Read:
        return self


def credit_line(page: Page) -> str:
    """What the page is based on, in one line of its language; "" where it says nothing of it."""
    return credits.named(page.based_on, words(page.lang)["credit"])


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
        yield output.get("html") or _text(output.get("data", {}).get("text/html", ""))


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


def _preview(notebook: Any, page: Page, plots: list[Plot]) -> dict[str, str]:
    """The picture that stands for the page where a link to it is shown: its first chart, or its title.

    Who shows it fetches it from elsewhere: there is none where the page's address is not known.
    """
    if not page.drawn or not page.url:
        return {}
    card = _title_card(notebook, page)
    file = f"{page.assets}/charts/{(plots[0] if plots else card).key}-{CARD}"
    return {"url": page.absolute(file), "alt": plots[0].alt if plots else card.title}


def _title_card(notebook: Any, page: Page) -> TitleCard:
    return TitleCard(title_of(notebook, page), page.site_title, page.absolute(f"{page.stem}.html"))


def title_of(notebook: Any, page: Page) -> str:
    """What a page calls itself: its first heading, with the numbers in it spoken, else its report's title."""
    prose = Prose(notebook, page)
    for cell in _cells(notebook, page.lang, page.rules):
        if cell.cell_type == "markdown" and not prose.title:
            prose.html(cell)
    return prose.title or page.title


def _linked_data(page: Page, prose: Prose, sheets: list[Sheet]) -> dict[str, Any]:
    """The page in schema.org's words: a report with a dataset for each chart or table that brings its data."""
    lang = page_context(page.lang, page.assets)["html_lang"]
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
    lang = page_context(page.lang, page.assets)["html_lang"]
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
        drawn[MARKS] = _kept("pressMarked", sheet.key, json.loads(drawn.pop("marks.json", b"{}")))
        drawn["plot.js"] = _kept("pressPlots", sheet.key, sheet.spec)
    return {names[variant]: content for variant, content in drawn.items()}


def _asset(sheet: Plot | TitleCard, variant: str) -> str:
    """The path in the site of a file that a chart is drawn to."""
    return f"assets/charts/{sheet.key}-{variant}"


def _kept(place: str, key: str, value: Any) -> bytes:
    """A value as a script that a page fetches when it wants it: that works in a folder too."""
    return f"(window.{place} ??= {{}})[{script_json(key)}] = {script_json(value)};\n".encode()


def render_embed(plot: Plot, page: Page, frozen: bool = False) -> str:
    """One chart as a page of its own, to stand in a frame on another site; its caption leads back.

    A frozen one lies in `assets/embeds` and never changes: it says so, and leads to the page as it is by then.
    """
    context = page_context(page.lang, ".." if frozen else f"../{page.assets}")
    home = f"../../{page.path}.html#{plot.id}" if frozen else f"../{page.stem}.html#{plot.id}"
    template = templates().get_template("embed.html.j2")
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
    cells = _cells(notebook, lang, rules)
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
    said = words(page.lang)
    for key, sheet in sheets.items():
        if isinstance(sheet, Plot):
            address = page.absolute(f"{page.stem}.html#{sheet.id}")
            sheets[key] = replace(sheet, travel=Travel(address, said["source"], said["undrawn"]))
    return sheets


def plots_of(notebook: Any, lang: str, rules: CellRules) -> list[Plot]:
    """The charts of a page, in order."""
    return [sheet for sheet in sheets_of(notebook, lang, rules).values() if isinstance(sheet, Plot)]


def _cells(notebook: Any, lang: str, rules: CellRules) -> Iterator[Any]:
    """The cells a page of this language shows: its own and those of no language, without the silent ones."""
    return (cell for cell in notebook.cells if is_on_page(cell, rules, lang))


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
            shown.code = highlighted(_text(cell.source), prose.language)
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
    if "text/html" in bundle and prose.page.trusted:
        html = finish_html(HEADING.sub(prose.section, _text(bundle["text/html"])), prose.page)
        return type(output)(output_type="display_data", data={}, html=html, **key)
    return type(output)(**output, **key)


def _speak_markdown(shown: Any, prose: Prose) -> None:
    """Turn the Markdown that a cell displayed into HTML; after all cells, whose headings have the anchors."""
    for output in shown.get("outputs", ()):
        bundle = output.get("data", {})
        if unshown.shown_type(bundle) == "text/markdown":
            output["html"] = prose.markdown(bundle["text/markdown"])


def finish_html(html: str, page: Page) -> str:
    """HTML of a notebook as this site shows it: figures linked to their table, tables in a frame that scrolls.

    A link to another notebook of the suite leads to the page that is printed from it.

    >>> page = Page("a", "en", "A", "x/en/a", figures={"": "figures"})
    >>> finish_html('<data class="figure" value="3" data-figure="tasks">3</data>', page)
    '<a class="figure" href="figures.html#tasks"><data class="figure" value="3" data-figure="tasks">3</data></a>'
    """
    if page.figures:
        html = DATA_FIGURE.sub(lambda found: _figure_link(found, page), html)
    if ".ipynb" in html:
        html = NOTEBOOK_LINK.sub(lambda found: _page_link(found, page), html)
    return DATA_TABLE.sub(_scrolling, html)


def _page_link(found: re.Match[str], page: Page) -> str:
    """A link to the page of a report around this one; as it was, where there is no report of that name."""
    pages = {link.name: link.href for section in page.sections for link in section.links}
    notebook, fragment = found[1], found[2] or ""
    return f'href="{escape(pages[notebook])}{fragment}"' if notebook in pages else found[0]


def _scrolling(table: re.Match[str]) -> str:
    caption = CAPTION.search(table[0])
    label = f' role="region" aria-label="{escape(_words(caption[1]))}"' if caption else ""
    return f'<div class="scroll" tabindex="0"{label}>{table[0]}</div>'


def _words(html: str) -> str:
    return unescape(TAG.sub("", html)).strip()


def _figure_link(found: re.Match[str], page: Page) -> str:
    figure = unescape(found[1])
    table = page.table_of(figure)
    return (
        f'<a class="figure" href="{table}.html#{escape(figure)}">{found[0]}</a>'
        if table not in ("", page.name)
        else found[0]
    )


class Prose:
    """The Markdown of one page: answers in place of `{eval}` roles, headings with anchors both languages share."""

    def __init__(self, notebook: Any, page: Page) -> None:
        self.page = page
        self.title = ""
        self.lead = ""
        self.contents: list[tuple[str, str]] = []
        self._slugs = iter(_anchors(notebook, page.lang, page.rules))
        self._answers: dict[str, Mapping[str, Any]] = {}
        self._complaints: list[str] = []
        self._parse = _markdown(self)
        self._formulas = Formulas()
        self.language = language_of(notebook)

    def html(self, cell: Any) -> str:
        """A Markdown cell as HTML."""
        self._answers = {one["expression"]: one["result"] for one in cell.metadata.get("user_expressions", ())}
        return self.markdown(cell.source)

    def markdown(self, source: str | Iterable[str]) -> str:
        """Markdown that a cell displayed, as HTML."""
        self._formulas = Formulas()
        html = self._formulas.html(str(self._parse(self._formulas.hold(_text(source)))))
        self._complaints += [f"the formula “{unshown.short(tex)}” cannot be read" for tex in self._formulas.unread]
        return finish_html(html, self.page)

    def answer(self, expression: str) -> str:
        """The stored answer to an expression, as HTML; the expression itself, marked, where there is none."""
        bundle = self._answers.get(expression, {}).get("data")
        if bundle is None:
            self._complaints.append(f"{{eval}}`{expression}` has no answer")
            return f'<code class="unanswered">{escape(expression)}</code>'
        if "text/html" in bundle and self.page.trusted:
            return _text(bundle["text/html"])
        if "text/plain" not in bundle:
            self._complaints.append(f"{{eval}}`{expression}` is answered by {', '.join(bundle)}, not by text")
        return escape(_spoken(_text(bundle.get("text/plain", ""))))

    def url(self, url: str) -> str:
        """The url where it may stand on a page, else "#"; see `is_safe_url`."""
        if is_safe_url(url):
            return url
        wanted = "expected a relative one, http, https, mailto or tel"
        self._complaints.append(f'the link or image "{unshown.short(url)}" leads nowhere: {wanted}')
        return "#"

    def complaints(self) -> list[str]:
        """What could not be shown since this was last asked."""
        said, self._complaints = self._complaints, []
        return said

    def heading(self, html: str, level: int) -> str:
        """A heading with its anchor; the first of level 1 is the page's title, those of level 2 its contents."""
        text = self._formulas.plain(_words(html))
        slug = next(self._slugs, f"s{len(self.contents)}")
        if level == 1 and not self.title:
            self.title = text
            return f'<h1 id="{slug}">{html}</h1>\n'
        if level == 2:
            self.contents.append((slug, text))
        return _heading(level, slug, html)

    def section(self, found: re.Match[str]) -> str:
        """A section that a cell's HTML opens, `<h2 id="…">`, as the headings of the prose."""
        self.contents.append((found[1], _words(found[2])))
        return _heading(2, found[1], found[2])

    def paragraph(self, html: str) -> str:
        """A paragraph; the first is the page's description."""
        self.lead = self.lead or self._formulas.plain(_words(html))
        return f"<p>{html}</p>\n"


def _heading(level: int, slug: str, html: str) -> str:
    mark = f'<a class="anchor" href="#{slug}" aria-label="{escape(_words(html))}">#</a>'
    return f'<h{level} id="{slug}">{html}{mark}</h{level}>\n'


def _spoken(plain: str) -> str:
    """The words of an answer that is a text: Python shows them in quotes, prose does not."""
    try:
        text = ast.literal_eval(plain) if plain[:1] in "'\"" else plain
    except (SyntaxError, ValueError):
        text = plain
    return text if isinstance(text, str) else plain


def _anchors(notebook: Any, lang: str, rules: CellRules) -> list[str]:
    """An anchor for each heading of a language: the English heading's words where both have the same headings."""
    ours, english = headings(notebook, lang, rules), headings(notebook, "en", rules)
    paired = [level for level, _ in ours] == [level for level, _ in english]
    slugs: list[str] = []
    for at in range(len(ours)):
        words = _slug(english[at][1]) if paired else ""
        slug = words or f"s{at + 1}"
        slugs.append(slug if slug not in slugs else f"{slug}-{at + 1}")
    return slugs


def prose(notebook: Any, lang: str, rules: CellRules) -> list[str]:
    """The Markdown of each cell of a language's page."""
    return [_text(cell.source) for cell in _cells(notebook, lang, rules) if cell.cell_type == "markdown"]


def headings(notebook: Any, lang: str, rules: CellRules) -> list[tuple[int, str]]:
    """(level, text) of each heading on a language's page; found by the parser, so `# ` in a code block is none."""
    found: list[tuple[int, str]] = []
    for source in prose(notebook, lang, rules):
        tokens: Any = _blocks()(source)
        found += [(token["attrs"]["level"], _plain(token)) for token in tokens if token["type"] == "heading"]
    return found


def _plain(token: Mapping[str, Any]) -> str:
    raw = " " if token["type"] == "eval_role" else token.get("raw", "")
    return raw + "".join(_plain(child) for child in token.get("children", ()))


def _slug(heading: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower()))[:60].strip("-")


@lru_cache
def _blocks() -> Any:
    import mistune

    return mistune.create_markdown(renderer="ast", plugins=[_eval_role])


def _markdown(prose: Prose) -> Any:
    """A CommonMark parser with tables and the `{eval}` role, and nothing else of MyST."""
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def heading(self, text: str, level: int, **_attrs: Any) -> str:
            return prose.heading(text, level)

        def paragraph(self, text: str) -> str:
            return prose.paragraph(text)

        def eval_role(self, text: str) -> str:
            return prose.answer(text)

        def sanitize_url(self, url: str) -> str:
            return prose.url(url)

    renderer = Renderer(escape=not prose.page.trusted)
    return mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough", "footnotes", _eval_role])


def _eval_role(md: Any) -> None:
    def parse(_inline: Any, found: re.Match[str], state: Any) -> int:
        state.append_token({"type": "eval_role", "raw": found["eval_expression"]})
        return found.end()

    md.inline.register("eval_role", r"\{eval\}`(?P<eval_expression>[^`]+)`", parse, before="codespan")


def is_safe_url(url: str) -> bool:
    """Whether a url is relative, http(s), mailto, tel or a picture itself: a page links to nothing that runs.

    >>> [is_safe_url(url) for url in ("figures.html#a", "JavaScript:alert(1)", "data:text/html,x", "data:image/png;x")]
    [True, False, False, True]
    """
    bare = re.sub(r"[\x00-\x20]", "", unescape(url)).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
    if not scheme or scheme[0] in ("http:", "https:", "mailto:", "tel:"):
        return True
    return re.match(r"data:image/(png|gif|jpeg|webp);", bare) is not None


def _text(source: str | Iterable[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _templates_once(plots: list[Plot]) -> dict[str, Any]:
    """Each distinct layout template of the page, by name."""
    return {plot.template_name: plot.template for plot in plots if plot.template}


@lru_cache
def _exporter() -> Any:
    """nbconvert's exporter on its `base` template, escaping by default; made once a process (0.5 s)."""
    from markupsafe import Markup
    from nbconvert.exporters import TemplateExporter
    from nbconvert.filters.ansi import ansi2html

    class PageExporter(TemplateExporter):
        output_mimetype = "text/html"
        export_from_notebook = "Page"

        def _create_environment(self) -> Any:
            environment = super()._create_environment()
            environment.autoescape = True
            environment.filters.update(
                ansi=lambda text: Markup(ansi2html(text)),
                **FILTERS,
                filter_data_type=lambda bundle: [unshown.shown_type(bundle)],
                text=_text,
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

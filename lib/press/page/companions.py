"""The files that belong to a page: its charts' data, pictures and embeds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from press.page.downloads import data_files
from press.page.frames import document_of, framed_html, picture_of
from press.page.html import BIDI_CONTROLS
from press.page.linked_data import credit_line
from press.page.outputs import (
    Plot,
    TitleCard,
)
from press.page.prose import page_title
from press.page.sheets import sheets_on
from press.records import Page
from press.site.assets import (
    MARKS,
    page_context,
    script_json,
    templates,
)


class Artist(Protocol):
    """Who draws what a page shows where no script runs; see `Browser`."""

    def draw(self, chart: Mapping[str, Any]) -> dict[str, bytes]: ...
    def photograph(self, document: str) -> bytes | None: ...


def companions(
    notebook: Any,
    page: Page,
    artist: Artist | None = None,
    sites: Sequence[Path] = (),
) -> dict[str, bytes]:
    """The files that belong to a page, by their path in the site: each chart's data, the chart to embed, its pictures.

    `artist` is a `Browser` for a page that is `drawn`. A picture's name says all that is drawn: one that is in one of
    `sites` already is taken from there.
    """
    files: dict[str, bytes] = {}
    draw = artist.draw if artist else None
    sheets = sheets_on(notebook, page).values()
    if draw and page.url and not any(isinstance(sheet, Plot) for sheet in sheets):
        files |= _pictures(title_card(notebook, page), draw, sites)
    lang = page_context(page.lang, page.assets, page.theme)["html_lang"]
    for sheet in sheets:
        parts = data_files(sheet, author=page.author, based_on=credit_line(page), lang=lang)
        if isinstance(sheet, Plot):
            parts["html"] = render_embed(sheet, page).encode()
            files |= dict([frozen_embed(sheet, page)])
            files |= _pictures(sheet, draw, sites) if draw else {}
        files |= {f"{page.path}/{sheet.id}.{suffix}": content for suffix, content in parts.items()}
    if artist:
        files |= _photographs(framed_html(notebook, page), page, artist, sites)
    return files


def _photographs(frames: Iterable[str], page: Page, artist: Artist, sites: Sequence[Path]) -> dict[str, bytes]:
    """A picture of each frame that shows something without a network."""
    files = {}
    for html in frames:
        name = picture_of(html, page)
        drawn = next((site / name for site in sites if (site / name).is_file()), None)
        content = drawn.read_bytes() if drawn else artist.photograph(document_of(html))
        if content is not None:
            files[name] = content
    return files


def _pictures(
    sheet: Plot | TitleCard, draw: Callable[[Mapping[str, Any]], dict[str, bytes]], sites: Iterable[Path]
) -> dict[str, bytes]:
    names = {variant: asset_of(sheet, variant) for variant in sheet.variants}
    for site in sites:
        if all((site / name).is_file() for name in names.values()):
            return {name: (site / name).read_bytes() for name in names.values()}
    drawn = draw(sheet.drawing)
    if isinstance(sheet, Plot):
        drawn[MARKS] = _as_script("pressMarked", sheet.key, json.loads(drawn.pop("marks.json", b"{}")))
        drawn["plot.js"] = _as_script("pressPlots", sheet.key, sheet.spec)
    return {names[variant]: content for variant, content in drawn.items()}


def asset_of(sheet: Plot | TitleCard, variant: str) -> str:
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


def title_card(notebook: Any, page: Page) -> TitleCard:
    return TitleCard(page_title(notebook, page), page.site_title, page.absolute(f"{page.stem}.html"))

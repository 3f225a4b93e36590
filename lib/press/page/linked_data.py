"""A page in the words of schema.org, for machines that look for reports and their data."""

from __future__ import annotations

from typing import Any

from press import credits
from press.page.outputs import (
    Sheet,
)
from press.page.prose import Prose
from press.records import Page
from press.site.assets import (
    page_context,
    words,
)

SHORT = 120  # characters of a description that a machine shows
CSV = "text/csv"  # the format that machines looking for data are given; the page offers more


def linked_data(page: Page, prose: Prose, sheets: list[Sheet]) -> dict[str, Any]:
    """The page in schema.org's words: a report with a dataset for each chart or table that brings its data."""
    lang = page_context(page.lang, page.assets, page.theme)["html_lang"]
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": prose.title or page.title,
        "description": prose.lead,
        "inLanguage": lang,
    }
    if page.author:
        about["author"] = {"@type": "Organization", "name": page.author}
    if page.based_on:
        about["isBasedOn"] = credits.linked(page.based_on)
    if page.date:
        about["datePublished"] = page.date
    if page.site_title:
        about["isPartOf"] = {"@type": "Book", "name": page.site_title}
    datasets = [_dataset(page, sheet) for sheet in sheets if sheet.rows]
    if datasets:
        about["hasPart"] = datasets
    return about


def _dataset(page: Page, sheet: Sheet) -> dict[str, Any]:
    dataset: dict[str, Any] = {"@type": "Dataset"}
    if sheet.title:
        dataset["name"] = sheet.title
    if sheet.alt:
        dataset["description"] = _short(sheet.alt)
    dataset["url"] = page.absolute(f"{page.stem}.html#{sheet.id}") or f"#{sheet.id}"
    downloads = [_download(page, CSV, f"{page.stem}/{sheet.id}.csv")]
    if sheet.folder:
        downloads.append(_download(page, "application/zip", f"{page.stem}/{sheet.archive}"))
    dataset["distribution"] = downloads
    return dataset


def _download(page: Page, kind: str, file: str) -> dict[str, str]:
    return {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": page.absolute(file) or file}


def _short(text: str) -> str:
    """A text cut at a word's end."""
    if len(text) <= SHORT:
        return text
    cut = text[:SHORT]
    words, _, _ = cut.rpartition(" ")
    return f"{words or cut}…"


def credit_line(page: Page) -> str:
    """What the page is based on, in one line of its language; "" where it says nothing of it."""
    return credits.named(page.based_on, words(page.lang, page.theme)["credit"])

"""What is said about releases: a page of what changed in each, the archive that lists them all, and its feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from press.page.downloads import UNPRINTABLE
from press.release.changes import Changed
from press.release.ledger import Release
from press.site import assets, navigation
from press.suite import Suite


def _page(suite: Suite, lang: str, template: str, **context: Any) -> str:
    title = suite.title_in(lang)
    return str(assets.templates(suite.theme).get_template(template).render(lang=lang, title=title, **context))


def _place(suite: Suite, lang: str, root: str) -> navigation.Place:
    """The place of a page that belongs to no edition; `root` leads from there to the root of the site."""
    return navigation.Place(
        lang,
        suite_title=suite.title_in(lang),
        front=f"{root}{navigation.front_page(suite, lang)}",
        author=suite.author.get(lang, ""),
        licence=navigation.licence(suite, lang),
        corrections=suite.corrections,
    )


# Here and below: one call with a value for each name that a template reads.
def changes_page(suite: Suite, release: Release, changed: Changed, kept: Mapping[str, str], lang: str) -> str:
    record = {"release": release.name, "published": release.published, "by": release.by, "previous": release.previous}
    return _page(
        suite,
        lang,
        "changes.html.j2",
        place=_place(suite, lang, ""),
        press=assets.page_context(lang, "../../assets", suite.theme),
        record=record,
        is_known=changed is not None,
        changes=[change for change in changed or () if change.lang == lang],
        kept=kept,
        alternates=[(other, f"changes.{other}.html") for other in suite.languages],
    )


def archive_page(suite: Suite, shown: Sequence[Release], current: str, lang: str) -> str:
    return _page(
        suite,
        lang,
        "archive.html.j2",
        place=_place(suite, lang, "../"),
        press=assets.page_context(lang, "../assets", suite.theme),
        releases=shown,
        current=current,
        alternates=[(other, f"{other}.html") for other in suite.languages],
    )


def feed(suite: Suite, shown: Sequence[Mapping[str, Any]], every: Sequence[Release], lang: str) -> str:
    def urn(*words: str) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join((every[0].name, lang, *words)))}"

    text = _page(
        suite,
        lang,
        "feed.xml.j2",
        url=suite.url,
        author=suite.author.get(lang) or suite.title.get(lang) or "press",
        releases=shown,
        urn=urn,
        base=f"{suite.url.rstrip('/')}/" if suite.url else "../",
        words=assets.words(lang, suite.theme),
        html_lang=assets.HTML_LANG.get(lang, lang),
    )
    return UNPRINTABLE.sub("\ufffd", text)

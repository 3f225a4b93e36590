"""A site: what its pages share, written once and named by content, and the index pages that lead to them."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from pathlib import Path
from posixpath import relpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import rcssmin
import rjsmin
from markupsafe import Markup

from press import credits, navigation
from press.files import read_text, remove, replace_file
from press.plots import VARIANTS

if TYPE_CHECKING:
    from press.suite import Run, Suite

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
CHART = re.compile(r"assets/charts/([^\"]+)-share[.]svg")
PREVIEW = re.compile(r"assets/(charts/[^\"]+-card[.]png)")
EMBED = re.compile(r"assets/(embeds/[^\"]+[.]html)")
SHARED = re.compile(r"assets/(\w+[.][0-9a-f]{8}[.]\w+)")
PICTURE = re.compile(r'<meta property="og:image" content="([^"]*)">.*?"og:image:alt" content="([^"]*)"', re.S)
BOOK = "book.pdf"
LOST = "404.html"
MAP = "sitemap.xml"
ROOT = "."  # the folder of pages that lie in none
LISTING, LISTING_END = "<!--index-->", "<!--/index-->"  # where the page of a report has what an index page lists
LISTED_FORMATS = ("pdf",)  # beside its page; the page itself leads to all that it has
FEW = 3  # editions: of more, the front page lists no pages
# Up to a full stop of Chinese, or to one in front of a space that does not end a short word, as in “St. Luke”.
SENTENCE = re.compile(r".*?(?:[。！？]|(?<!\b\w)(?<!\b\w\w)[.!?](?=\s))", re.S)
HTML_LANG = {"zh": "zh-Hans"}
LOCALE = {"zh": "zh_CN", "en": "en_GB"}  # as OpenGraph names them


@cache
def asset_sources() -> dict[str, Path]:
    """Where each shared asset comes from, by its plain name; plotly.js is the one in plotly's own package."""
    plotly = importlib.util.find_spec("plotly")
    if plotly is None or not plotly.submodule_search_locations:
        raise FileNotFoundError("the package plotly is not installed: it brings the script of the charts")
    bundle = Path(plotly.submodule_search_locations[0]) / "package_data" / "plotly.min.js"
    return {**{path.name: path for path in sorted(STATIC.iterdir())}, "plotly.js": bundle}


@cache
def asset_names() -> dict[str, str]:
    """The published name of each shared asset: {"style.css": "style.0a1b2c3d.css", …}."""
    return {name: _hashed(name, content) for name, content in asset_contents().items()}


@cache
def asset_contents() -> dict[str, bytes]:
    """Each shared asset as it is published, by its plain name: ours without comments and needless space."""
    return {name: _slim(path) for name, path in asset_sources().items()}


def _slim(path: Path) -> bytes:
    content = path.read_bytes()
    if path.parent != STATIC or path.suffix not in (".css", ".js"):
        return content
    shorten = rcssmin.cssmin if path.suffix == ".css" else rjsmin.jsmin
    return str(shorten(content.decode("utf-8"))).encode()


def _hashed(name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"


def write_assets(site: Path) -> list[Path]:
    """Write the shared assets into `site/assets`, unless they are there already; returns their paths."""
    written = []
    for name, content in asset_contents().items():
        path = site / "assets" / asset_names()[name]
        if not _holds(path, content):
            replace_file(path, content, site)
        written.append(path)
    return written


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


@cache
def words(lang: str) -> dict[str, Any]:
    """The page's own words in a language; English for one it does not speak."""
    return _all_words().get(lang, _all_words()["en"])


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    return json.loads((TEMPLATES / "words.json").read_text(encoding="utf-8"))


def page_context(lang: str, assets: str) -> dict[str, Any]:
    """What every template needs: the language, its words, and where each asset is."""
    return {
        "html_lang": HTML_LANG.get(lang, lang),
        "locale": LOCALE.get(lang, lang),
        "html_langs": HTML_LANG,
        "words": words(lang),
        "names": {other: said["name"] for other, said in _all_words().items()},
        "asset": {name: f"{assets}/{hashed}" for name, hashed in asset_names().items()}
        | {"charts": f"{assets}/charts", "": assets},
    }


def script_json(value: Any) -> Markup:
    """A value as JSON that cannot end the script element it stands in (marked as safe there).

    >>> script_json("</script>")
    Markup('"\\\\u003c/script\\\\u003e"')
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def tex(text: str) -> str:
    r"""Text as TeX reads it.

    >>> tex("5 % of {x}")
    '5 \\% of \\{x\\}'
    """
    return re.sub(r"[&%$#_{}]", r"\\\g<0>", text.replace("\\", ""))


def sha256(text: str) -> str:
    """A text's hash as a content policy writes it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


FILTERS: dict[str, Any] = {"json": script_json, "tex": tex, "sha256": sha256}


def sweep_charts(site: Path) -> list[Path]:
    """Remove the pictures, frozen embeds and shared assets that no page of the site uses any more; returns them."""
    folder = site / "assets"
    pages = [read_text(page) for page in site.rglob("*.html") if folder not in page.parents]
    kept = {f"charts/{key}-{variant}" for page in pages for key in CHART.findall(page) for variant in VARIANTS}
    kept |= {name for page in pages for name in SHARED.findall(page)} | set(asset_names().values())
    kept |= {name for page in pages for name in (*EMBED.findall(page), *PREVIEW.findall(page))}
    there = [*folder.glob("*.*"), *folder.glob("charts/*"), *folder.glob("embeds/*")]
    gone = [file for file in sorted(there) if file.relative_to(folder).as_posix() not in kept]
    for file in gone:
        remove(file)
    return gone


# Index pages: made from the pages that are there, whichever run made them. A report may be the index page of its
# folder (its home) or of the site (its front page); then what an index page lists is filled in below what it says.


@dataclass(frozen=True)
class Entry:
    """A page as an index lists it: its title, its first sentence, its address, and its other formats with theirs."""

    title: str
    lead: str
    href: str
    formats: tuple[tuple[str, str], ...]
    picture: Mapping[str, str]


@dataclass(frozen=True)
class Group:
    """A section of an index: its title, "" for pages of none, and the pages in it."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Listed:
    """An edition as the front page lists it.

    `titles` and `hrefs` are those of its home in each language; `based_on` is what it is based on, in that of the list.
    """

    titles: Mapping[str, str]
    hrefs: Mapping[str, str]
    based_on: str
    groups: tuple[Group, ...] = ()


def write_index(site: Path, suite: Suite, runs: Sequence[Run], url: str = "") -> list[Path]:
    """Write the site's front page, and for each folder of reports its home page and search; returns their paths.

    A folder is an edition in a language ("shenzhen-2021/zh"); runs whose page is not there (yet) are left out. With the
    site's address there is a map of it for search engines too.
    """
    there = [run for run in runs if (site / f"{run.path}.html").is_file()]
    fronts = [run for run in there if run.report.name == suite.front]
    folders: dict[str, list[Run]] = {}
    for run in there:
        if run not in fronts:
            folders.setdefault(run.folder, []).append(run)
    written = [_write_lost(site, suite, url)]
    for folder, mine in folders.items():
        written += [
            _write_home(site, folder, mine, suite, folders, url),
            *_write_search(site, folder, mine, suite, folders),
        ]
    if ROOT not in folders:
        written += _write_front(site, suite, fronts, folders, url)
    if url:
        pages = {f"{folder}/index.html" for folder in folders} | {f"{run.path}.html" for run in there}
        places = [_place(url, page) for page in ["index.html", *sorted(pages - {"index.html", "./index.html"})]]
        written.append(_write(site, MAP, "sitemap.xml.j2", places=places))
    return written


def _write_lost(site: Path, suite: Suite, url: str) -> Path:
    """The page for an address that is none: it stands alone, since it is shown at any depth."""
    told = [(HTML_LANG.get(lang, lang), words(lang), title) for lang, title in suite.title.items()]
    return _write(site, LOST, "lost.html.j2", absolute=bool(url), home=_place(url, "") or "index.html", told=told)


def _place(url: str, path: str) -> str:
    return as_url(f"{url.rstrip('/')}/{path}") if url else ""


def as_url(text: str) -> str:
    """An address as the web writes it.

    >>> as_url("https://example.org/年/a.html#b")
    'https://example.org/%E5%B9%B4/a.html#b'
    """
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~")


def _write_home(
    site: Path, folder: str, runs: Sequence[Run], suite: Suite, folders: Mapping[str, Sequence[Run]], url: str
) -> Path:
    """The index page of a folder: what its home says, if it has one, and all its pages by section."""
    lang = runs[0].lang
    context = page_context(lang, relpath("assets", folder))
    groups = _groups(site, suite, runs, folder)
    book = BOOK if (site / folder / BOOK).is_file() else ""
    home = [run for run in runs if run.report.name == suite.home]
    if home:
        listing = _macros().pages(context, groups, book)
        return _fill(site, f"{home[0].path}.html", str(listing))
    twins = _twins(folder, lang, folders)
    entries = [entry for group in groups for entry in group.entries]
    return _write(
        site,
        f"{folder}/index.html",
        "home.html.j2",
        press=context,
        place=navigation.index_place(suite, runs, role="home"),
        based_on=_credit(suite, runs[0]),
        groups=groups,
        lead=suite.description_of(runs[0]) or entries[0].lead,
        canonical=_place(url, f"{folder}/index.html"),
        located=[(other, _place(url, f"{twin}/index.html")) for other, twin in twins.items()],
        picture=next((entry.picture for entry in entries if entry.picture), {}),
        book=book,
        alternates=[(other, relpath(f"{twin}/index.html", folder)) for other, twin in twins.items()],
    )


def _credit(suite: Suite, run: Run) -> str:
    """What a run's pages are based on, in one line of its language."""
    return credits.named(suite.based_on_of(run), words(run.lang)["credit"])


def _groups(site: Path, suite: Suite, runs: Sequence[Run], folder: str) -> tuple[Group, ...]:
    """The pages of a folder by section, as they are listed in one of the folders of the site."""
    found = []
    for name, inside in navigation.by_section(suite, runs).items():
        entries = tuple(_entry(site, run, folder) for run in inside)
        found.append(Group(navigation.section_title(suite, name, runs[0].lang), entries))
    return tuple(found)


def _fill(site: Path, name: str, listing: str) -> Path:
    """Put what an index page lists into the page of the report that is that index page."""
    page = read_text(site / name)
    start, end = page.rfind(LISTING), page.rfind(LISTING_END)
    filled = page[: start + len(LISTING)] + listing + page[end:] if 0 <= start < end else page
    replace_file(site / name, filled.encode(), site)
    return site / name


def _macros() -> Any:
    return templates().get_template("listing.html.j2").module


def _write_search(
    site: Path, folder: str, runs: Sequence[Run], suite: Suite, folders: Mapping[str, Any]
) -> tuple[Path, Path]:
    from press.search import index

    lang = runs[0].lang
    content = index((site / f"{run.path}.html" for run in runs), suite.synonyms_of(runs[0])).encode()
    script = site / folder / "search.js"
    replace_file(script, content, site)
    page = _write(
        site,
        f"{folder}/search.html",
        "search.html.j2",
        press=page_context(lang, relpath("assets", folder)),
        place=navigation.index_place(suite, runs),
        index=f"search.js?{hashlib.sha256(content).hexdigest()[:8]}",
        alternates=[
            (other, relpath(f"{twin}/search.html", folder)) for other, twin in _twins(folder, lang, folders).items()
        ],
    )
    return page, script


def _twins(folder: str, lang: str, folders: Mapping[str, Sequence[Run]]) -> dict[str, str]:
    """The same folder in each language that has it, by language, in the order of the folders."""
    parts = folder.split("/")
    found = {}
    for other, runs in folders.items():
        twin = ["*" if part == runs[0].lang else part for part in other.split("/")]
        if twin == ["*" if part == lang else part for part in parts]:
            found[runs[0].lang] = other
    return found


def _write_front(
    site: Path, suite: Suite, fronts: Sequence[Run], folders: Mapping[str, Sequence[Run]], url: str
) -> list[Path]:
    """The front page: what its report says in each of its languages, or the suite's title; and every edition."""
    if fronts:
        return [_fill(site, f"{run.path}.html", _editions_of(suite, run.lang, folders)) for run in fronts]
    lang = next((runs[0].lang for runs in folders.values()), suite.languages[0])
    place = navigation.Place(
        lang,
        role="front",
        suite_title=suite.title_in(lang),
        front="index.html",
        author=suite.author.get(lang, ""),
        date=suite.date,
        licence=navigation.licence(suite, lang),
        corrections=suite.corrections,
    )
    written = _write(
        site,
        "index.html",
        "front.html.j2",
        press=page_context(lang, "assets"),
        place=place,
        canonical=_place(url, "index.html"),
        titles={one: suite.title[one] for one in suite.languages if one in suite.title},
        editions=_listed(suite, lang, folders, site),
    )
    return [written]


def _editions_of(suite: Suite, lang: str, folders: Mapping[str, Sequence[Run]]) -> str:
    return str(_macros().editions(page_context(lang, "assets"), lang, _listed(suite, lang, folders)))


def _listed(suite: Suite, lang: str, folders: Mapping[str, Sequence[Run]], site: Path | None = None) -> list[Listed]:
    """Every edition as the front page of a language lists it; with the pages of a site, if there are few editions."""
    found: dict[str, Listed] = {}
    for folder, runs in folders.items():
        twins = _twins(folder, runs[0].lang, folders)
        first = next(iter(twins.values()))
        mine = twins.get(lang, first)
        found[first] = Listed(
            titles={other: _edition_title(suite, folders[twin][0]) for other, twin in twins.items()},
            hrefs={other: f"{twin}/index.html" for other, twin in twins.items()},
            based_on=_credit(suite, folders[mine][0]),
            groups=_groups(site, suite, folders[mine], ROOT) if site else (),
        )
    if len(found) <= FEW:
        return list(found.values())
    return [replace(one, groups=()) for one in found.values()]


def _edition_title(suite: Suite, run: Run) -> str:
    """What an edition is called: its own title, or where it has none, what tells its folder from the others."""
    title = suite.about(run)["title"]
    return title if title not in suite.title.values() else _edition_name(run.folder) or title


def _edition_name(folder: str) -> str:
    return " / ".join(part for part in folder.split("/") if part not in _all_words())


def _entry(site: Path, run: Run, folder: str) -> Entry:
    """A run's page as it is listed in a folder."""
    page = read_text(site / f"{run.path}.html")
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    picture = PICTURE.search(page)
    address = relpath(run.path, folder)
    beside = [suffix for suffix in LISTED_FORMATS if (site / f"{run.path}.{suffix}").is_file()]
    return Entry(
        title=unescape(re.sub(r"<[^>]*>", "", title[1])).strip() if title else run.title,
        lead=first_sentence(description_of(page)),
        href=f"{address}.html",
        formats=tuple((suffix, f"{address}.{suffix}") for suffix in beside),
        picture={"url": picture[1], "alt": unescape(picture[2])} if picture else {},
    )


def description_of(page: str) -> str:
    """What a page says of itself to machines: its first paragraph."""
    found = re.search(r'<meta name="description" content="([^"]*)">', page)
    return unescape(found[1]) if found else ""


def first_sentence(text: str) -> str:
    """The first sentence of a text; an abbreviation or a number does not end it.

    >>> first_sentence("It fell by CNY 17.4 billion, as St. Luke said. Nobody knows why.")
    'It fell by CNY 17.4 billion, as St. Luke said.'
    >>> first_sentence("比上年少。原因不明。")
    '比上年少。'
    """
    found = SENTENCE.match(text)
    return found[0] if found else text


def _write(site: Path, name: str, template: str, **context: Any) -> Path:
    path = site / name
    replace_file(path, templates().get_template(template).render(**context).encode(), site)
    return path


@cache
def templates() -> Any:
    """The templates of pages that are not notebooks; they escape by default."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= FILTERS
    return environment

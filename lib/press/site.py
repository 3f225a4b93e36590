"""A site: what its pages share, written once and named by content, and the index pages that lead to them."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import chain
from pathlib import Path, PurePosixPath
from posixpath import relpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from press import credits
from press.files import read_text, remove, replace_file
from press.plots import VARIANTS

if TYPE_CHECKING:
    from press.suite import Run, Suite

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
CHART = re.compile(r"assets/charts/([^\"]+)-share[.]svg")
PREVIEW = re.compile(r"assets/(charts/[^\"]+-card[.]png)")
EMBED = re.compile(r"assets/(embeds/[^\"]+[.]html)")
CARDS = re.compile(r'<ul class="cards".*?</ul>', re.S)
SHARED = re.compile(r"assets/(\w+[.][0-9a-f]{8}[.]\w+)")
PICTURE = re.compile(r'<meta property="og:image" content="([^"]*)">.*?"og:image:alt" content="([^"]*)"', re.S)
BOOK = "book.pdf"
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
    return {name: _hashed(name, path.read_bytes()) for name, path in asset_sources().items()}


def _hashed(name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"


def write_assets(site: Path) -> list[Path]:
    """Write the shared assets into `site/assets`, unless they are there already; returns their paths."""
    written = []
    for name, source in asset_sources().items():
        path = site / "assets" / asset_names()[name]
        content = source.read_bytes()
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


# Index pages: made from the pages that are there, whichever run made them.


@dataclass(frozen=True)
class Entry:
    """A page as its index shows it: its title, first words, headline numbers, formats, and its picture."""

    name: str
    href: str
    title: str
    lead: str
    formats: tuple[str, ...]
    picture: Mapping[str, str]
    cards: str


def write_index(site: Path, suite: Suite, runs: Sequence[Run], url: str = "") -> list[Path]:
    """Write the site's front page, and for each folder of reports its home page and search; returns their paths.

    A folder is an edition in a language ("shenzhen-2021/zh"); runs whose page is not there (yet) are left out. With the
    site's address there is a map of it for search engines too.
    """
    folders: dict[str, list[Run]] = {}
    for run in runs:
        if (site / f"{run.path}.html").is_file():
            folders.setdefault(_folder(run), []).append(run)
    written = [_write_front(site, suite, folders, url), _write_lost(site, suite, url)]
    for folder, mine in folders.items():
        written += [
            _write_home(site, folder, mine, suite, folders, url),
            *_write_search(site, folder, mine, suite, folders),
        ]
    if url:
        pages = [
            *(f"{folder}/index.html" for folder in folders),
            *(f"{run.path}.html" for run in chain(*folders.values())),
        ]
        places = [_place(url, page) for page in ["index.html", *sorted(pages)]]
        written.append(_write(site, "sitemap.xml", "sitemap.xml.j2", places=places))
    return written


def _write_lost(site: Path, suite: Suite, url: str) -> Path:
    """The page for an address that is none: it stands alone, since it is shown at any depth."""
    home = f"{urlsplit(url).path.rstrip('/')}/"
    told = [(HTML_LANG.get(lang, lang), words(lang), title) for lang, title in suite.title.items()]
    return _write(site, "404.html", "lost.html.j2", home=home, told=told)


def _place(url: str, path: str) -> str:
    return as_url(f"{url.rstrip('/')}/{path}") if url else ""


def as_url(text: str) -> str:
    """An address as the web writes it.

    >>> as_url("https://example.org/年/a.html#b")
    'https://example.org/%E5%B9%B4/a.html#b'
    """
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~")


def _folder(run: Run) -> str:
    return str(PurePosixPath(run.path).parent)


def _write_home(
    site: Path, folder: str, runs: Sequence[Run], suite: Suite, folders: Mapping[str, Any], url: str
) -> Path:
    lang = runs[0].lang
    here = _twins(folder, lang, folders)
    entries = [_entry(site, run) for run in runs]
    return _write(
        site,
        f"{folder}/index.html",
        "home.html.j2",
        press=page_context(lang, relpath("assets", folder)),
        lang=lang,
        title=suite.about(runs[0])["title"],
        author=suite.about(runs[0])["author"],
        based_on=_credit(suite, runs[0]),
        entries=entries,
        canonical=_place(url, f"{folder}/index.html"),
        located=[(other, _place(url, f"{twin}/index.html")) for other, twin in here.items()],
        picture=next((entry.picture for entry in entries if entry.picture), {}),
        book=BOOK if (site / folder / BOOK).is_file() else "",
        alternates=[(other, relpath(f"{twin}/index.html", folder)) for other, twin in here.items()],
        front=relpath("index.html", folder),
    )


def _credit(suite: Suite, run: Run) -> str:
    """What a run's pages are based on, in one line of its language."""
    return credits.named(suite.based_on_of(run), words(run.lang)["credit"])


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
        lang=lang,
        title=suite.about(runs[0])["title"],
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


def _write_front(site: Path, suite: Suite, folders: Mapping[str, Sequence[Run]], url: str) -> Path:
    """The front page speaks the suite's first language, and leads to every edition in each of its own."""
    lang = next((runs[0].lang for runs in folders.values()), suite.languages[0])
    editions: dict[str, dict[str, tuple[str, str]]] = {}
    sources: dict[str, dict[str, str]] = {}
    for folder, runs in folders.items():
        twins = _twins(folder, runs[0].lang, folders)
        titles = {other: suite.about(folders[twin][0])["title"] for other, twin in twins.items()}
        hrefs = {other: (f"{twin}/index.html", _own(titles[other], suite)) for other, twin in twins.items()}
        first = next(iter(twins.values()))
        editions.setdefault(first, hrefs)
        sources.setdefault(
            _edition_name(first), {other: _credit(suite, folders[twin][0]) for other, twin in twins.items()}
        )
    return _write(
        site,
        "index.html",
        "front.html.j2",
        press=page_context(lang, "assets"),
        lang=lang,
        canonical=_place(url, "index.html"),
        titles={one: suite.title[one] for one in suite.languages if one in suite.title},
        editions={_edition_name(folder): hrefs for folder, hrefs in editions.items()},
        authors={one: suite.author[one] for one in suite.languages if suite.author.get(one)},
        sources=sources,
        credits={one: words(one)["credit"] for one in suite.languages},
    )


def _own(title: str, suite: Suite) -> str:
    return "" if title in suite.title.values() else title


def _edition_name(folder: str) -> str:
    return " / ".join(part for part in folder.split("/") if part not in _all_words())


def _entry(site: Path, run: Run) -> Entry:
    page = read_text(site / f"{run.path}.html")
    name = PurePosixPath(run.path).name
    beside = [suffix for suffix in ("pdf", "ipynb") if (site / f"{run.path}.{suffix}").is_file()]
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    lead = re.search(r'<meta name="description" content="([^"]*)">', page)
    picture = PICTURE.findall(page)
    return Entry(
        name=name,
        href=f"{name}.html",
        title=unescape(re.sub(r"<[^>]*>", "", title[1])).strip() if title else run.title,
        lead=unescape(lead[1]) if lead else "",
        formats=tuple(beside),
        picture={name: unescape(text) for name, text in zip(("url", "alt"), picture[0], strict=True)}
        if picture
        else {},
        cards=cards[0] if (cards := CARDS.search(page)) else "",
    )


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

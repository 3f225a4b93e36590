"""What all pages share: styles and scripts, named by content, templates, and words in each language."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import rcssmin
import rjsmin
from markupsafe import Markup

from press.files import read_text, remove, replace_file

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
CHART = re.compile(r"assets/charts/([^\"]+)-share[.]svg")
CARD = "card.png"  # the preview of a link
PICTURES = ("wide.svg", "wide-dark.svg", "narrow.svg", "narrow-dark.svg", "share.svg", "share.png", CARD)
MARKS = "marks.js"  # what a chart's marks say and where they are
VARIANTS = (*PICTURES, MARKS, "plot.js")  # the last is the chart itself, for a reader who explores it
PREVIEW = re.compile(r"assets/(charts/[^\"]+-card[.]png)")
EMBED = re.compile(r"assets/(embeds/[^\"]+[.]html)")
SHARED = re.compile(r"assets/(\w+[.][0-9a-f]{8}[.]\w+)")
BOOK = "book.pdf"
LOST = "404.html"
MAP = "sitemap.xml"
ROOT = "."  # the folder of pages that lie in none
# Up to a full stop of Chinese, or to one in front of a space that does not end a short word, as in “St. Luke”.
SENTENCE = re.compile(r".*?(?:[。！？]|(?<!\b\w)(?<!\b\w\w)[.!?](?=\s))", re.S)
HTML_LANG = {"zh": "zh-Hans"}
LOCALE = {"zh": "zh_CN", "en": "en_GB", "de": "de_DE", "fr": "fr_FR", "ja": "ja_JP"}  # as OpenGraph names them


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
    return all_words().get(lang, all_words()["en"])


@cache
def all_words() -> dict[str, dict[str, Any]]:
    """The words of each language, a file each in templates/words; what one leaves out is said in English."""
    files = sorted((TEMPLATES / "words").glob("*.json"))
    told = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {lang: _filled(said, told["en"]) for lang, said in told.items()}


def _filled(said: Mapping[str, Any], english: Mapping[str, Any]) -> dict[str, Any]:
    """Words, with those of English in the place of what is missing."""
    found: dict[str, Any] = {}
    for key, word in english.items():
        own = said.get(key)
        found[key] = _filled(own or {}, word) if isinstance(word, Mapping) else word if own is None else own
    return found


def page_context(lang: str, assets: str) -> dict[str, Any]:
    """What every template needs: the language, its words, and where each asset is."""
    return {
        "html_lang": HTML_LANG.get(lang, lang),
        "locale": LOCALE.get(lang, lang),
        "html_langs": HTML_LANG,
        "words": words(lang),
        "names": {other: said["name"] for other, said in all_words().items()},
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


def first_sentence(text: str) -> str:
    """The first sentence of a text; an abbreviation or a number does not end it.

    >>> first_sentence("It fell by CNY 17.4 billion, as St. Luke said. Nobody knows why.")
    'It fell by CNY 17.4 billion, as St. Luke said.'
    >>> first_sentence("比上年少。原因不明。")
    '比上年少。'
    """
    found = SENTENCE.match(text)
    return found[0] if found else text


@cache
def templates() -> Any:
    """The templates of pages that are not notebooks; they escape by default."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters |= FILTERS
    return environment

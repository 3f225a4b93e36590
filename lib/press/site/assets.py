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
from press.theme import colours
from press.theme.templates import OURS
from press.theme.theme import PLAIN, Theme

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
BESIDE = re.compile(r'"(\w+[.][0-9a-f]{8}[.]\w+)')  # what a theme's stylesheet names
BOOK = "book.pdf"
ICON = "icon.svg"
BLUE = "#14508c"  # the colour of a site that has none of its own
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


def published_assets(theme: Theme = PLAIN, root: Path = Path()) -> dict[str, bytes]:
    """What pages of a theme share, by its published name; `root` is the suite's, from where the theme names files."""
    published = {asset_names()[name]: content for name, content in asset_contents().items()}
    published |= {name: text.encode() for name, text in theme.sheets}
    published |= {name: (root / file).read_bytes() for name, file in theme.copies}
    if theme.colour:
        published |= dict([_icon(theme.colour)])
    return published


def theme_names(theme: Theme) -> set[str]:
    """The published names of what a theme adds to the shared assets."""
    names = {name for name, _ in (*theme.sheets, *theme.copies)}
    return names | {_icon(theme.colour)[0]} if theme.colour else names


@cache
def _icon(colour: str) -> tuple[str, bytes]:
    """The icon of a site in a theme's colour: its published name and content."""
    drawn = asset_contents()[ICON].decode().replace(BLUE, colour).replace('"#fff"', f'"{colours.on_colour(colour)}"')
    return _hashed(ICON, drawn.encode()), drawn.encode()


def are_there(site: Path, theme: Theme = PLAIN) -> bool:
    """Whether a site has all the shared assets of a theme; their names say what is in them."""
    names = {*asset_names().values(), *theme_names(theme)}
    return all((site / "assets" / name).is_file() for name in names)


def write_assets(site: Path, theme: Theme = PLAIN, root: Path = Path()) -> list[Path]:
    """Write the shared assets into `site/assets`, unless they are there already; returns their paths."""
    written = []
    for name, content in published_assets(theme, root).items():
        path = site / "assets" / name
        if not _holds(path, content):
            replace_file(path, content, site)
        written.append(path)
    return written


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def words(lang: str, theme: Theme = PLAIN) -> dict[str, Any]:
    """The page's own words in a language; English for one it does not speak."""
    spoken = words_of_theme(theme)
    return spoken.get(lang, spoken["en"])


@cache
def words_of_theme(theme: Theme) -> dict[str, dict[str, Any]]:
    """The words of each language as a theme has them: its own before ours."""
    ours = all_words()
    own = {lang: _filled(said, ours.get(lang, ours["en"])) for lang, said in theme.words_by_language.items()}
    return ours | own


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


# A value for each name that templates read.
def page_context(lang: str, assets: str, theme: Theme = PLAIN) -> dict[str, Any]:
    """What every template needs: the language, its words, and where each asset is."""
    names = {other: spoken["name"] for other, spoken in words_of_theme(theme).items()}
    return {
        "html_lang": HTML_LANG.get(lang, lang),
        "locale": LOCALE.get(lang, lang),
        "html_langs": HTML_LANG,
        "words": words(lang, theme),
        "names": names,
        "asset": _addresses(assets, theme),
        "stylesheets": [f"{assets}/{name}" for name in theme.linked],
        "logo": f"{assets}/{theme.logo}" if theme.logo else "",
        "dark_logo": f"{assets}/{theme.dark_logo}" if theme.dark_logo else "",
        "colour": theme.colour or BLUE,
    }


def _addresses(assets: str, theme: Theme) -> dict[str, str]:
    """Where each shared asset is, by its name in the press; "" is their folder, "charts" that of the pictures."""
    addresses = {"": assets, "charts": f"{assets}/charts"}
    for name, hashed in asset_names().items():
        addresses[name] = f"{assets}/{hashed}"
    if theme.colour:
        icon, _ = _icon(theme.colour)
        addresses[ICON] = f"{assets}/{icon}"
    return addresses


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


def sweep_charts(site: Path, theme: Theme = PLAIN) -> list[Path]:
    """Remove the pictures, frozen embeds and shared assets that no page of the site uses any more; returns them."""
    folder = site / "assets"
    pages = [read_text(page) for page in site.rglob("*.html") if folder not in page.parents]
    kept = {f"charts/{key}-{variant}" for page in pages for key in CHART.findall(page) for variant in VARIANTS}
    kept |= {name for page in pages for name in SHARED.findall(page)} | set(asset_names().values())
    kept |= {name for page in pages for name in (*EMBED.findall(page), *PREVIEW.findall(page))} | theme_names(theme)
    for sheet in sorted(name for name in kept if name.endswith(".css")):  # of a page that is kept from another time
        kept |= set(BESIDE.findall(read_text(folder / sheet)))
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
def templates(theme: Theme = PLAIN) -> Any:
    """The templates of pages that are not notebooks; they escape by default."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(loader=loader(theme), autoescape=True, undefined=StrictUndefined)
    environment.filters |= FILTERS
    return environment


def loader(theme: Theme, *others: Any) -> Any:
    """Where templates are looked for: a theme's own parts, ours, the others; "press/NAME" is always ours."""
    from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, PrefixLoader

    ours = FileSystemLoader(TEMPLATES)
    prefixed = PrefixLoader({OURS.rstrip("/"): FileSystemLoader(TEMPLATES / "parts")})
    parts = FileSystemLoader(TEMPLATES / "parts")
    return ChoiceLoader([DictLoader(dict(theme.templates)), prefixed, parts, ours, *others])

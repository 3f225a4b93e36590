"""One Chromium for everything that needs one: pages as PDF, and charts as pictures.

Started once and kept; it reads files only, asks no network, and waits for what the page says of itself
(`<html data-ready>`), never for a length of time.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import unicodedata
from base64 import b64decode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from press.site import TEMPLATES, asset_sources

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
READY_SECONDS = 60
FAMILY = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
SHEET = """
@page {{
  size: A4; margin: 22mm 20mm 20mm; font: 8pt {family}; color: #566273;
  @top-left {{ content: {running}; }}
  @top-right {{ content: {title}; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); }}
}}
"""
# Which of these characters no font here has: they all look like one that never will be a character.
MISSING = """chars => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "28px sans-serif";
  const look = (char) => {
    pen.clearRect(0, 0, 40, 40);
    pen.fillText(char, 4, 32);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const none = new Set(["\\u{10fffe}", "\\u{effff}", "\\uffff"].map(look));
  return chars.filter((char) => none.has(look(char)));
}"""
# An image becomes the drawing it shows, with ids that no other drawing of the page has.
INLINE = """(image, text) => {
  const name = image.closest("figure").id;
  const own = text.replace(/ id="c/g, ` id="${CSS.escape(name)}-c`).replace(/url\\(#c/g, `url(#${CSS.escape(name)}-c`);
  const svg = document.importNode(new DOMParser().parseFromString(own, "image/svg+xml").documentElement, true);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", image.alt);
  image.closest("picture").replaceWith(svg);
}"""


class BrowserError(RuntimeError):
    """No Chromium, or no font it could print Chinese with: pages can be read, but not printed."""


def find() -> str:
    """The path of the system's Chromium; $PRESS_CHROMIUM names another.

    Raises BrowserError, which says what to install.
    """
    named = os.environ.get("PRESS_CHROMIUM")
    for name in (named,) if named else NAMES:
        if path := shutil.which(name):
            return path
    looked = f"PRESS_CHROMIUM={named}" if named else ", ".join(NAMES)
    raise BrowserError(
        f"no Chromium found (looked for {looked}): PDFs and pre-drawn charts need one; "
        "on Debian or Ubuntu: apt-get install chromium fonts-noto-cjk"
    )


class Browser:
    """A Chromium that is started by `with` and serves any number of prints; raises BrowserError where there is none.

    It lives in a thread of its own, so that its caller may run an event loop or not, and any thread may call it.
    """

    def __init__(self) -> None:
        self._path = find()
        self._seen: set[str] = set()  # characters that can be drawn here
        self._easel: Any = None
        self._sheet: Any = None
        self._thread = ThreadPoolExecutor(1, "press-browser")

    def __enter__(self) -> Browser:
        try:
            self._thread.submit(self._start).result()
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _start(self) -> None:
        from playwright.sync_api import sync_playwright

        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        self._playwright = sync_playwright().start()
        try:
            self._chromium = self._playwright.chromium.launch(executable_path=self._path, args=[*ARGUMENTS, *root])
        except Exception as error:
            self._playwright.stop()
            raise BrowserError(f"{self._path} does not start: {str(error).splitlines()[0]}") from error

    def _stop(self) -> None:
        self._chromium.close()
        self._playwright.stop()

    def pdf(self, page: Path, *, title: str, lang: str, running: str = "", css: str = "") -> bytes:
        """A page of the site as a tagged PDF with bookmarks, running heads and page numbers.

        `running` is the head's left part (the site's title), `css` is for what only this print needs. The bytes depend
        on the page alone; their date is SOURCE_DATE_EPOCH, or 1980. Raises BrowserError for a character that no font
        here has: it would be printed as an empty box.
        """
        sheet = SHEET.format(family=FAMILY, running=css_string(running), title=css_string(title)) + css
        raw = self._thread.submit(self._print, page, sheet).result()
        return settle(raw, title=title, lang=lang, page=page.resolve())

    def draw(self, chart: Mapping[str, Any]) -> dict[str, bytes]:
        """The pictures of a chart (see `plots.Plot.drawing`) by variant; the same bytes for the same chart."""
        return self._thread.submit(self._draw, chart).result()

    def _draw(self, chart: Mapping[str, Any]) -> dict[str, bytes]:
        if self._easel is None:
            self._easel = self._chromium.new_page()
            for script in (asset_sources()["plotly.js"], asset_sources()["page.js"], TEMPLATES / "draw.js"):
                self._easel.add_script_tag(path=script)
        drawn = self._easel.evaluate("chart => pressDraw(chart)", dict(chart))
        return {name: text.encode() for name, text in drawn["texts"].items()} | {
            name: b64decode(drawn["pictures"][name]) for name in drawn["pictures"]
        }

    def _print(self, page: Path, css: str) -> bytes:
        if self._sheet is None:
            self._sheet = self._chromium.new_page(viewport={"width": 760, "height": 1000}, bypass_csp=True)
            self._sheet.emulate_media(media="print", color_scheme="light")
        self._sheet.goto(page.resolve().as_uri())
        self._sheet.wait_for_selector("html[data-ready]", state="attached", timeout=READY_SECONDS * 1000)
        self._sheet.add_style_tag(content=css)
        self._set_type_in_pictures()
        self._want_glyphs(page)
        options = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}
        return bytes(self._sheet.pdf(**options))

    def _set_type_in_pictures(self) -> None:
        """Put each picture's SVG into the page itself: words in an image are printed, but cannot be searched."""
        for picture in self._sheet.query_selector_all(".plot img"):
            svg = Path(unquote(urlsplit(picture.evaluate("image => image.src")).path))
            picture.evaluate(INLINE, svg.read_text(encoding="utf-8"))

    def _want_glyphs(self, page: Path) -> None:
        text = self._sheet.evaluate("() => document.body.textContent + document.title")
        new = {char for char in text if unicodedata.category(char)[0] in "LNPS"} - self._seen
        if missing := self._sheet.evaluate(MISSING, sorted(new)):
            raise BrowserError(
                f"{page}: no font here has {' '.join(missing[:20])} ({len(missing)} characters): they would be printed "
                "as empty boxes; for Chinese, on Debian or Ubuntu: apt-get install fonts-noto-cjk"
            )
        self._seen |= new


def css_string(text: str) -> str:
    r"""Text as a string of CSS.

    >>> print(css_string('2021 "x"\n</style>'))
    "2021\20 \22 x\22 \a \3c \2f style\3e "
    """
    return '"' + re.sub(r"[^\w]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def settle(raw: bytes, *, title: str, lang: str, page: Path) -> bytes:
    """The PDF with its own date, title and language, links that go with it wherever it is put, and no chance in it."""
    import pikepdf

    with pikepdf.open(io.BytesIO(_renumbered(raw))) as pdf:
        for sheet in pdf.pages:
            for note in sheet.get("/Annots", ()):
                _relink(note, page)
        pdf.Root.Lang = pikepdf.String("zh-Hans" if lang == "zh" else lang)
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        stamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "315532800")), UTC)
        date = pikepdf.String(stamp.strftime("D:%Y%m%d%H%M%SZ"))
        pdf.docinfo = pdf.make_indirect(pikepdf.Dictionary(Title=title, CreationDate=date, ModDate=date))
        settled = io.BytesIO()
        pdf.save(settled, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return settled.getvalue()


def _renumbered(raw: bytes) -> bytes:
    """The PDF with its tags' names counted from 0: Chromium counts on from page to page. No byte moves.

    >>> _renumbered(b"(node00000041) (node00000007)")
    b'(node00000001) (node00000000)'
    """
    names = sorted(set(re.findall(rb"\(node(\d{8})\)", raw)))
    numbers = {name: b"(node%08d)" % number for number, name in enumerate(names)}
    return re.sub(rb"\(node(\d{8})\)", lambda found: numbers[found[1]], raw)


def _relink(note: Any, page: Path) -> None:
    """A link to a file beside the page becomes relative: the PDF lies where the page lies."""
    action = note.get("/A")
    if action is None or "/URI" not in action:
        return
    uri = str(action.URI)
    if uri.startswith("file:"):
        action.URI = relative_uri(uri, page)


def relative_uri(uri: str, page: Path) -> str:
    """A file's URI as seen from a page.

    >>> relative_uri("file:///site/zh/figures.html#a", Path("/site/zh/01.html"))
    'figures.html#a'
    """
    path, mark, fragment = uri.removeprefix("file://").partition("#")
    relative = os.path.relpath(unquote(path), page.parent).replace(os.sep, "/")
    return relative + mark + fragment

"""One Chromium for everything that needs one: pages as PDF, and charts as pictures.

Started once and kept; it reads files only and asks no network. A page is printed as it is without JavaScript, so
there is nothing to wait for.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

from press.paper import fonts
from press.paper.pdf import finish, lost, read_back
from press.site.assets import TEMPLATES, asset_sources

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
FAMILY = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
SHEET = """
@page {{
  size: A4; margin: 22mm 20mm 20mm; font: 8pt {family}; color: #566273;
  @top-left {{ content: {running}; }}
  @top-right {{ content: {title}; }}
  @bottom-right {{ content: counter(page) " / " counter(pages); }}
}}
"""
MODULES = ("playwright.sync_api", "pikepdf", "pypdfium2", "pypdfium2.raw")  # which only printing needs
WIDTH, HEIGHT, MOST_HEIGHT = 800, 600, 4000  # px: of what is photographed
LOOK_EVERY, MOST_LOOKS = 150, 40  # ms: a script has drawn when two looks see the same, or never
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
# A web font is fetched when a line is set in it, and the running heads are set when it is too late.
SAID = "Promise.allSettled(Array.from(document.fonts, (face) => face.load())).then(() => document.body.innerText)"
FOLD = '<details class="fold">'
PICTURE = re.compile(r'<picture>.*?<img src="([^"]*)" alt="([^"]*)".*?</picture>', re.S)


class BrowserError(RuntimeError):
    """No Chromium: pages can be read, but not printed."""


class GlyphError(BrowserError):
    """Characters that would be printed as empty boxes, or not at all."""


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


def warm_up() -> None:
    """Import what printing a PDF takes, and find the faces of this system; nothing is started."""
    for name in MODULES:
        importlib.import_module(name)
    fonts.rules("")


class Browser:
    """A Chromium that is started by `with` and serves any number of prints; raises BrowserError where there is none.

    It lives in a thread of its own, so that its caller may run an event loop or not, and any thread may call it.
    """

    def __init__(self) -> None:
        self._path = find()
        self._seen: set[str] = set()  # characters that can be drawn here
        self._chromium: Any = None
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

        self._easel: Any = None
        self._sheet: Any = None
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        self._playwright = sync_playwright().start()
        try:
            self._chromium = self._playwright.chromium.launch(executable_path=self._path, args=[*ARGUMENTS, *root])
        except Exception as error:
            self._playwright.stop()
            raise BrowserError(f"{self._path} does not start: {str(error).splitlines()[0]}") from error

    def _stop(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium:
            with suppress(Exception):  # it may have crashed
                chromium.close()
                self._playwright.stop()

    def _ask(self, work: Callable[..., Any], *given: Any) -> Any:
        """What Chromium makes of it; where that fails, what a new one does, for Chromium may have crashed."""
        return self._thread.submit(self._try, work, given).result()

    def _try(self, work: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        from playwright.sync_api import Error

        try:
            if self._chromium:
                return work(*given)
        except Error:
            self._stop()
        self._start()
        try:
            return work(*given)
        except Error as error:
            raise BrowserError(f"{self._path} failed twice: {str(error).splitlines()[0]}") from error

    def pdf(
        self,
        page: Path,
        *,
        title: str,
        lang: str,
        running: str = "",
        author: str = "",
        subject: str = "",
        css: str = "",
    ) -> bytes:
        """A page of the site as a tagged PDF with bookmarks, running heads and page numbers.

        `subject` is what it is based on, `running` is the head's left part (the site's title), `css` is for what only
        this print needs. The bytes depend on the page alone; their date is SOURCE_DATE_EPOCH, or 1980.

        Raises GlyphError for a character that no font here has, and where the PDF, read back, lacks one that the page
        shows.
        """
        html = for_paper(page, _sheet(running, title, css))
        raw, said = self._ask(self._print, page, html, running + title)
        pdf = finish(raw, page=page.resolve(), title=title, lang=lang, author=author, subject=subject)
        if missing := lost(said, read_back(pdf)):
            what = f"{' '.join(missing[:20])} ({len(missing)} characters)"
            raise GlyphError(f"{page}: its PDF would lack {what}")
        return pdf

    def proof(self, page: Path, *, title: str, running: str = "", css: str = "") -> bytes:
        """The pages of `pdf` without what no reader of them sees: to learn what stands on which."""
        html = for_paper(page, _sheet(running, title, css))
        raw: bytes = self._ask(self._print, page, html, running + title, False)[0]
        return raw

    def draw(self, chart: Mapping[str, Any]) -> dict[str, bytes]:
        """The pictures of a chart (see `plots.Plot.drawing`) by variant; the same bytes for the same chart.

        "marks.json" is what its marks say and where they are, its links, and what could not be drawn.
        Raises GlyphError like `pdf`.
        """
        drawn: dict[str, bytes] = self._ask(self._draw, json.dumps(chart, ensure_ascii=False))
        return drawn

    def photograph(self, document: str) -> bytes | None:
        """A document as it looks when its scripts have run without a network: PNG of WIDTH × 2 pixels in width.

        None where it asks the network for something, or shows nothing.
        """
        drawn: bytes | None = self._ask(self._photograph, document)
        return drawn

    def _photograph(self, document: str) -> bytes | None:
        asked: list[str] = []
        with self._chromium.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, offline=True, color_scheme="light"
        ) as context:
            sheet = context.new_page()
            sheet.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
            blank = sheet.screenshot()
            sheet.set_content(document)
            before, now = b"", sheet.screenshot()
            for _ in range(MOST_LOOKS):
                if now == before != blank:
                    break
                sheet.wait_for_timeout(LOOK_EVERY)
                before, now = now, sheet.screenshot(animations="disabled")
            if asked or now == blank:
                return None
            height = sheet.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
            if height > 0:
                sheet.set_viewport_size({"width": WIDTH, "height": min(height, MOST_HEIGHT)})
            return bytes(sheet.screenshot(animations="disabled"))

    def _draw(self, chart: str) -> dict[str, bytes]:
        if self._easel is None:
            self._easel = self._chromium.new_page()
            ours = [asset_sources()["drawing.js"], TEMPLATES / "marks.js", TEMPLATES / "draw.js"]
            for script in (asset_sources()["plotly.js"], *ours):
                self._easel.add_script_tag(path=script)
        self._want_glyphs(self._easel, chart, "a chart")
        drawn = json.loads(self._easel.evaluate("text => pressDraw(JSON.parse(text)).then(JSON.stringify)", chart))
        files = {name: text.encode() for name, text in drawn["texts"].items()}
        files |= {name: b64decode(picture) for name, picture in drawn["pictures"].items()}
        if "marks" in drawn:
            files["marks.json"] = json.dumps(drawn["marks"], ensure_ascii=False).encode()
        return files

    def _print(self, page: Path, html: str, heads: str, is_tagged: bool = True) -> tuple[bytes, str]:
        """The PDF as Chromium makes it, and all that the page says on paper."""
        if self._sheet is None:
            size: Any = {"width": 760, "height": 10}  # nobody looks at it: the less there is, the less is painted
            self._sheet = self._chromium.new_page(viewport=size, java_script_enabled=False, bypass_csp=True)
            self._sheet.emulate_media(media="print", color_scheme="light")
        draft = page.resolve().with_name(f".{page.name}")
        draft.write_text(html, encoding="utf-8")
        try:
            self._sheet.goto(draft.as_uri())
        finally:
            draft.unlink()
        said = self._sheet.evaluate(SAID)
        self._want_glyphs(self._sheet, said + heads, page)
        pdf = self._sheet.pdf(prefer_css_page_size=True, print_background=True, tagged=is_tagged, outline=is_tagged)
        return bytes(pdf), said

    def _want_glyphs(self, canvas: Any, text: str, where: Any) -> None:
        new = {char for char in text if unicodedata.category(char)[0] in "LNPS"} - self._seen
        if missing := new and canvas.evaluate(MISSING, sorted(new)):
            raise GlyphError(
                f"{where}: no font here has {' '.join(missing[:20])} ({len(missing)} characters): they would be "
                "empty boxes; for Chinese, on Debian or Ubuntu: apt-get install fonts-noto-cjk"
            )
        self._seen |= new


def _sheet(running: str, title: str, css: str) -> str:
    """The stylesheet of a print, with its running heads."""
    return SHEET.format(family=FAMILY, running=css_string(running), title=css_string(title)) + css


def for_paper(page: Path, css: str) -> str:
    """A page's HTML with a stylesheet more, and its drawings in it: words in an image can be printed, but not searched.

    What is folded is open. Each drawing's ids get a number of its own. The Han faces that the page brings are cut to
    what it says.
    """
    count = iter(range(1, 10_000))

    def inlined(found: re.Match[str]) -> str:
        svg = (page.parent / unescape(found[1])).read_text(encoding="utf-8")
        own = re.sub(r'( id="|url\(#|href="#)c(?=\d)', rf"\g<1>p{next(count)}-c", svg)
        return own.replace("<svg ", f'<svg role="img" aria-label="{found[2]}" ', 1)

    html = PICTURE.sub(inlined, page.read_text(encoding="utf-8")).replace(FOLD, f"{FOLD[:-1]} open>")
    return html.replace("</head>", f"<style>{css}{fonts.rules(html + css)}</style>\n</head>", 1)


def css_string(text: str) -> str:
    r"""Text as a string of CSS.

    >>> print(css_string('2021 "x"\n</style>'))
    "2021\20 \22 x\22 \a \3c \2f style\3e "
    """
    return '"' + re.sub(r"[^\w]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'

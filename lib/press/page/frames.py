"""What needs its author's scripts, as a document in a frame of its own that reaches neither the page nor the site.

A chart of bokeh, holoviews or panel comes in parts: a library, which a cell loads once; HTML with a place for the
chart; and a script that draws it there. The document of a frame has all three.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from press.page.beside import Beside
from press.page.cells import as_text, cells_of
from press.page.outputs import MIME
from press.page.sheets import shown_outputs
from press.page.unshown import SCRIPT
from press.records import Page
from press.tags import treatment

LOADS = re.compile(r"application/vnd\.\w+_load\.v\d+\+json")  # a library, as its author sends it to JupyterLab
DRAWS = re.compile(r"application/vnd\.\w+_exec\.v\d+\+json")  # marks what needs the library
NEEDS_SCRIPT = re.compile(r"(?:<|&lt;)script\b(?![^>]*json)", re.I)
HEIGHT = re.compile(r"""\bheight\s*:\s*(\d{2,4})px|\bheight=["']?(\d{2,4})\b""")
MOST_READ = 20_000  # characters that are looked through for a height
LEAST_HEIGHT, MOST_HEIGHT = 450, 1200  # px
HEAD = '<!doctype html>\n<meta charset="utf-8">\n<style>body { margin: 0; font-family: sans-serif }</style>\n'
# Tells the page, also when asked, how high its content is: see `fitFrames` in page.js.
FOOT = """
<script>
  const tell = () => parent.postMessage({ height: document.body.getBoundingClientRect().height }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", tell);
</script>
"""


def join_scripts(notebook: Any) -> Any:
    """The notebook with each script joined to the output of HTML before it, and to the libraries loaded until then.

    Each frame has its libraries in it: from a folder on a disk, a frame may load nothing. A script with no HTML before
    it in its cell stays as it is.
    """
    libraries: list[str] = []
    joined = copy.copy(notebook)
    joined.cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell = copy.copy(cell)
            cell.outputs = list(_joined(cell.get("outputs", ()), libraries))
        joined.cells.append(cell)
    return joined


def _joined(outputs: Any, libraries: list[str]) -> Iterator[Any]:
    """The outputs of a cell; what it loads is added to `libraries`, and the notice of its loading goes."""
    html: Any = None  # the output that a script behind it may belong to
    for output in outputs:
        bundle = output.get("data", {})
        library = next((kind for kind in bundle if LOADS.fullmatch(kind)), "")
        if library:
            libraries.append(_script(bundle[library] or bundle.get(SCRIPT, "")))
            html = None
        elif SCRIPT in bundle and "text/html" not in bundle and html is not None:
            parts = [*libraries, as_text(html.data["text/html"]), _script(bundle[SCRIPT])]
            yield _with_html(html, "".join(parts))
            html = None
        else:
            if html is not None:
                yield html
            html = None
            if any(DRAWS.fullmatch(kind) for kind in bundle) and "text/html" in bundle:
                yield _with_html(output, "".join([*libraries, as_text(bundle["text/html"])]))
            elif "text/html" in bundle and MIME not in bundle:
                html = output
            else:
                yield output
    if html is not None:
        yield html


def _script(source: Any) -> str:
    """JavaScript as an element of HTML, which nothing in it ends."""
    text = as_text(source).replace("</script", "<\\/script")
    return f"<script>{text}</script>\n"


def _with_html(output: Any, html: str) -> Any:
    """An output that has nothing but HTML."""
    return type(output)(output_type="display_data", data={"text/html": html}, metadata={})


def needs_script(bundle: Mapping[str, Any]) -> bool:
    """Whether the HTML of an output shows nothing, or not all, without its scripts."""
    return "text/html" in bundle and bool(NEEDS_SCRIPT.search(as_text(bundle["text/html"])))


def framed_html(notebook: Any, page: Page) -> list[str]:
    """The HTML of each output that a page shows in a frame, in order."""
    if not page.frames:
        return []
    found = []
    for cell in cells_of(join_scripts(notebook), page.lang, page.rules):
        for output in shown_outputs(cell, treatment(cell, page.rules)):
            bundle = output.get("data", {})
            if MIME not in bundle and needs_script(bundle):
                found.append(as_text(bundle["text/html"]))
    return found


def document_of(html: str) -> str:
    """The HTML of an output as a document of its own."""
    return f"{HEAD}{html}{FOOT}"


def picture_of(html: str, page: Page) -> str:
    """The path in the site of the picture that stands for a frame where no script runs; it says the frame's content."""
    return f"{page.path}/{hashlib.sha256(html.encode()).hexdigest()[:10]}-frame.png"


def framed(html: str, title: str, beside: Beside, picture: str = "") -> str:
    """The frame, as HTML, of a document of its own, which is kept beside the page; `picture` stands for it on paper."""
    heights = [int(found[1] or found[2]) for found in HEIGHT.finditer(html[:MOST_READ])]
    height = min(max([*heights, LEAST_HEIGHT]), MOST_HEIGHT)
    file = beside.keep("frame.html", document_of(html).encode())
    drawn = " drawn" if picture else ""
    frame = (
        f'<iframe class="external{drawn}" sandbox="allow-scripts allow-popups" height="{height}" '
        f'title="{escape(title)}" src="{file}"></iframe>'
    )
    return f'{frame}<img class="still" alt="{escape(title)}" loading="lazy" src="{picture}">' if picture else frame

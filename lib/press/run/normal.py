"""An executed notebook, the same each time: no addresses in memory, no paths of a machine, no names at random."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from press.page.text import settled
from press.tags import WIDGETS

# What opens and closes the representation of an object, in HTML too, and the address in it: <lambda at 0x7f…>
MARK = re.compile(
    r"(?P<opening>(?:<|&lt;)(?=\w))|(?P<closing>(?<![-=])(?:>|&gt;))|(?P<address> at 0x[0-9a-fA-F]{6,})|(?P<line>\n)"
)
NOWHERE = " at 0x0"
# What a bar of tqdm says of time and speed: [00:02<00:07, 31.4it/s]; what an author has it say besides stays
_TIME = r"(?:\d+:)?\d\d:\d\d"
BAR_TIMES = re.compile(
    rf"\s\[{_TIME}(?:(?:<|&lt;)(?:\?|{_TIME}))?,\s*[\d.?][^,\]\n]*/[^,\]\n]+(?:,\s(?P<besides>[^\]\n]*))?\]"
)
SVG_DATE = re.compile(r"\s*<dc:date>[^<]*</dc:date>")
CELL_FILE = re.compile(re.escape(tempfile.gettempdir()) + r"/ipykernel_\d+/\d+\.py")


def normalise(executed: Any, root: Path) -> Any:
    """The notebook without what differs from run to run: timings, this machine's paths, addresses, random ids."""
    executed.metadata.pop("papermill", None)
    for number, cell in enumerate(executed.cells):
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", ()) or "id" not in cell:
            cell["id"] = f"cell-{number}"
        if "outputs" in cell:
            cell.outputs = list(_whole_streams(cell.outputs))
        for output in cell.get("outputs", ()):
            _plain_output(output, root)
        for answer in cell.metadata.get("user_expressions", ()):
            _plain_output(answer["result"], root)
    return _stable_models(executed)


def _whole_streams(outputs: list[Any]) -> Iterator[Any]:
    """The outputs with neighbouring streams joined, stdout first: how they were cut up was a matter of time."""
    for streams, some in groupby(outputs, lambda output: output.output_type == "stream"):
        if not streams:
            yield from some
            continue
        for _, parts in groupby(sorted(some, key=lambda part: part.name != "stdout"), lambda part: part.name):
            first, *rest = parts
            first.text = settled(first.text + "".join(part.text for part in rest))
            yield first


def _plain_output(output: Any, root: Path) -> None:
    def plain(text: str) -> str:
        return without_addresses(CELL_FILE.sub("cell.py", without_root(without_bar_times(text), root)))

    for key in ("text", "evalue"):
        if isinstance(output.get(key), str):
            output[key] = plain(output[key])
    if "traceback" in output:
        output["traceback"] = [plain(line) for line in output["traceback"]]
    for kind, content in output.get("data", {}).items():
        if kind.startswith("text/") and isinstance(content, str):
            output["data"][kind] = plain(content)
        elif kind == "image/svg+xml":
            output["data"][kind] = SVG_DATE.sub("", content)  # the time it was drawn at


def without_bar_times(text: str) -> str:
    """The text without what tqdm's bars say of time and speed.

    >>> without_bar_times("100%|██| 3/3 [00:00<00:00, 95.81it/s]"), without_bar_times("3it [01:02, 1.5s/it, loss=2]")
    ('100%|██| 3/3', '3it [loss=2]')
    """
    return BAR_TIMES.sub(lambda bar: f" [{bar['besides']}]" if bar["besides"] else "", text)


def without_root(text: str, root: Path) -> str:
    """The text with the paths below a folder as seen from there; an address of the web, or a link, is none.

    >>> without_root("/app/a.csv, https://example.org/app/a.csv", Path("/app"))
    'a.csv, https://example.org/app/a.csv'
    """
    if root == Path(root.anchor) or str(root) not in text:
        return text
    return _path_below(root).sub("", text)


@cache
def _path_below(root: Path) -> re.Pattern[str]:
    return re.compile(
        rf"""(?:(?<=file://)|(?<![\w.~/%-])(?<!href=["'])(?<!src=["'])){re.escape(str(root))}/(?=[^\s"'<>])"""
    )


def without_addresses(text: str) -> str:
    """The text with the address of every object it represents, <… at 0x7f…>, set to 0x0.

    >>> without_addresses("<map object at 0x7f00aa00bb00> at 0xdeadbeef")
    '<map object at 0x0> at 0xdeadbeef'
    """
    if " at 0x" not in text:
        return text
    found: list[re.Match[str]] = []
    open_ones: list[list[re.Match[str]]] = []
    for mark in MARK.finditer(text):
        if mark["line"]:
            open_ones.clear()
        elif mark["opening"]:
            open_ones.append([])
        elif open_ones and mark["address"]:
            open_ones[-1].append(mark)
        elif open_ones and mark["closing"]:
            found += open_ones.pop()
    for mark in sorted(found, key=lambda one: -one.start()):
        text = text[: mark.start()] + NOWHERE + text[mark.end() :]
    return text


def _stable_models(notebook: Any) -> Any:
    """Widgets' models are named at random: number them in their order."""
    import nbformat

    models = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    if not models:
        return notebook
    for model in models.values():
        value = model.get("state", {}).get("value")
        if isinstance(value, str):
            model["state"]["value"] = without_bar_times(value)
    text = nbformat.writes(notebook)
    for number, model in enumerate(models, 1):
        text = text.replace(model, f"{number:032x}")
    return nbformat.reads(text, as_version=4)

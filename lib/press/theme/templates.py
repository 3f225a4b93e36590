"""The parts of pages that a suite may write itself: files of Jinja templates, each with blocks that may be filled.

    theme/templates/foot.html
        {% extends "press/foot.html" %}
        {% block before %}<p>Official statistics</p>{% endblock %}

Only what is listed here can be written anew: what else pages consist of may change with any version of the press.
"""

from __future__ import annotations

from pathlib import Path

from press.theme.files import ThemeError

SUFFIX = ".html"
OURS = "press/"  # before the name of a part of ours, in `extends`
# The parts of pages, and the blocks of each.
PARTS: dict[str, tuple[str, ...]] = {
    "head.html": ("more",),
    "masthead.html": ("before", "brand", "tools", "after"),
    "foot.html": ("before", "terms", "after"),
    "cover.html": ("logo", "title", "foot"),
}


def read_templates(folder: Path) -> dict[str, str]:
    """The templates in a folder, by name. Raises ThemeError for one that is none of ours, or that has other blocks."""
    found = {}
    for file in sorted(folder.iterdir()):
        if file.name.startswith((".", "~")):
            continue
        if file.name not in PARTS:
            raise ThemeError(f'folder: unknown template "{file.name}": expected one of {", ".join(PARTS)}')
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise ThemeError(f'folder: "{file.name}" cannot be read: expected a template in UTF-8') from None
        _check(file.name, text)
        found[file.name] = text
    return found


def _check(name: str, text: str) -> None:
    from jinja2 import Environment, TemplateSyntaxError, nodes

    try:
        parsed = Environment().parse(text)
    except TemplateSyntaxError as error:
        raise ThemeError(f"folder: {name}, line {error.lineno}: {error.message}") from None
    parents = [node.template for node in parsed.find_all(nodes.Extends)]
    for parent in parents:
        if not isinstance(parent, nodes.Const) or parent.value != f"{OURS}{name}":
            raise ThemeError(f'folder: {name}: extends another template: expected "{OURS}{name}"')
    for block in parsed.find_all(nodes.Block):
        if parents and block.name not in PARTS[name]:
            known = ", ".join(PARTS[name])
            raise ThemeError(f'folder: {name}, line {block.lineno}: unknown block "{block.name}": expected {known}')

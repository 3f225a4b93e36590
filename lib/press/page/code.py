"""Code as a page shows it: highlighted, and folded or not, as the suite and the cell's own options say."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from press.tags import option_lines


def highlighted(source: str, language: str) -> str:
    """Code as HTML with Pygments' classes, without the lines of options at its head; "" for none.

    >>> highlighted("#| echo: true\\nx = 1", "python")
    '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>'
    """
    lines = source.splitlines()[len(option_lines(source)) :]
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        return ""
    return colored(text, "ipython3" if language == "python" else language)


def is_language(name: str) -> bool:
    """Whether code in a language of that name can be highlighted.

    >>> is_language("python"), is_language("figure")
    (True, False)
    """
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        get_lexer_by_name(name)
    except ClassNotFound:
        return False
    return True


@lru_cache(maxsize=1000)
def colored(text: str, language: str) -> str:
    """Code as HTML, highlighted where its language is known."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(text)
    return str(highlight(text, lexer, HtmlFormatter(nowrap=True))).rstrip("\n").replace('<span class="w"> </span>', " ")


def language_of(notebook: Any) -> str:
    """The language of a notebook's code, as its kernel names it."""
    metadata = notebook.metadata
    named = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    return str(named or "python").lower()

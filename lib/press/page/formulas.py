"""Formulas of a page: LaTeX in its prose and outputs, as MathML that needs no script and can be printed.

What is read as a formula: `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` and bare environments such as `align`. A dollar is money
where a space follows it, or where the one that would close it has a space before or a digit behind it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

ENVIRONMENTS = "align|alignat|aligned|equation|gather|multline|eqnarray|split|cases|array|[pbvBV]?matrix"
CODE = r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[^\n]*$|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
FORMULA = re.compile(
    rf"{CODE}"
    r"|(?<!\\)\$\$(?P<block>.+?)(?<!\\)\$\$"
    r"|\\\[(?P<bracket>.+?)\\\]"
    r"|\\\((?P<inline>.+?)\\\)"
    rf"|(?P<environment>\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}.+?\\end\{{(?P=name)\}})"
    r"|(?<![\\$\w])\$(?![\s$])(?P<dollar>(?:[^$\n\\]|\\.|\n(?!\n))+?)(?<![\s\\])\$(?![\d$])",
    re.S | re.M,
)
OPEN, CLOSE = "\ue000", "\ue001"  # around the number of a formula, while its prose is parsed; no letters of any script
HELD = re.compile(f"{OPEN}(\\d+){CLOSE}")
ALONE = re.compile(f"<p>{OPEN}(\\d+){CLOSE}</p>")
WRAPPED = re.compile(r"^\s*(?:\$\$(.+)\$\$|\$(?:\\displaystyle\s*)?(.+)\$|\\\[(.+)\\\]|(.+))\s*$", re.S)


class Formulas:
    """The formulas of one piece of Markdown, held out of it while it is parsed."""

    def __init__(self) -> None:
        self._held: list[tuple[str, bool]] = []  # LaTeX, and whether it stands in lines of its own
        self.unread: list[str] = []

    def hold(self, source: str) -> str:
        """The Markdown with a mark in the place of each formula; code is left alone.

        >>> formulas = Formulas()
        >>> held = formulas.hold("`$a$` costs $5 and $10, but $x_1$ is\\n$$-y$$")
        >>> formulas.html(held).count("<math")
        2
        """
        source = source.replace(OPEN, "").replace(CLOSE, "")
        return FORMULA.sub(self._hold, source)

    def _hold(self, found: re.Match[str]) -> str:
        inline = found["inline"] or found["dollar"]
        block = found["block"] or found["bracket"] or found["environment"]
        tex = inline or block
        if tex is None:
            return found[0]
        self._held.append((tex.strip(), block is not None))
        return f"{OPEN}{len(self._held) - 1}{CLOSE}"

    def html(self, html: str) -> str:
        """HTML with its formulas as MathML; one that cannot be read is shown as it was written."""
        html = ALONE.sub(lambda found: f'<div class="formula">{self._mathml(found)}</div>', html)
        return HELD.sub(self._mathml, html)

    def plain(self, text: str) -> str:
        """Text with its formulas as LaTeX, for titles and descriptions."""
        return HELD.sub(lambda found: self._held[int(found[1])][0], text)

    def _mathml(self, found: re.Match[str]) -> str:
        tex, is_block = self._held[int(found[1])]
        made = mathml(tex, is_block=is_block)
        if made is None:
            self.unread.append(tex)
            return f"<code>{escape(tex)}</code>"
        return made


@lru_cache(maxsize=1000)
def mathml(tex: str, *, is_block: bool) -> str | None:
    """A formula as MathML; None for one that cannot be read."""
    from latex2mathml.converter import convert

    try:
        return str(convert(tex, display="block" if is_block else "inline"))
    except Exception:  # whatever a formula makes of the library: it is shown as written, and told
        return None


def of_output(latex: str) -> str:
    """What an output of LaTeX shows: MathML, or its source where that cannot be read.

    >>> of_output("$\\\\displaystyle x^2$").startswith("<math")
    True
    """
    found = WRAPPED.match(latex)
    tex = next(filter(None, found.groups()), "") if found else latex
    return mathml(tex.strip(), is_block=True) or f'<pre class="output">{escape(latex)}</pre>'

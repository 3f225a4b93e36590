"""Formulas of a page: LaTeX in its prose and outputs, as MathML that needs no script and can be printed.

What is read as a formula: `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` and bare environments such as `align`. A dollar is money
where a space follows it, or where the one that would close it has a space before or a digit behind it. Macros that a
notebook defines in one formula hold in all that follow; environments without a star are numbered, as AMS's LaTeX does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any
from xml.etree import ElementTree

NUMBERED = "align|alignat|equation|gather|multline|eqnarray"  # those without a star
ENVIRONMENTS = rf"{NUMBERED}|aligned|alignedat|gathered|split|cases|array|[pbvBV]?matrix|smallmatrix"
CODE = (
    r"^[ \t]*(?P<fence>`{3,}|~{3,}).*?^[ \t]*(?P=fence)[^\n]*$"
    r"|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
)
DIRECTIVE = (
    r"^[ \t]*(?P<marks>`{3,})\{math\}[^\n]*\n"
    r"(?P<options>(?:[ \t]*:[^\n]*\n)*)(?P<directive>.*?)^[ \t]*(?P=marks)[ \t]*$"
)
FORMULA = re.compile(
    rf"{DIRECTIVE}|\{{math\}}`(?P<role>[^`\n]+)`|{CODE}"
    r"|(?<!\\)\$\$(?P<block>.+?)(?<!\\)\$\$(?:[ \t]*\((?P<name>[\w:.-]+)\)(?=[ \t]*$))?"
    r"|\\\[(?P<bracket>.+?)\\\]"
    r"|\\\((?P<inline>.+?)\\\)"
    rf"|(?P<environment>\\begin\{{(?P<kind>(?:{ENVIRONMENTS})\*?)\}}.+?\\end\{{(?P=kind)\}})"
    r"|(?<![\\$\w])\$(?![\s$])(?P<dollar>(?:[^$\n\\]|\\.|\n(?!\n))+?)(?<![\s\\])\$(?![\d$])",
    re.S | re.M,
)
OPTION_LABEL = re.compile(r":label:[ \t]*(\S+)")
INNER = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.S)  # an environment inside another
OPEN, CLOSE = "\ue000", "\ue001"  # around the number of a formula, while its prose is parsed; no letters of any script
HELD = re.compile(f"{OPEN}(\\d+){CLOSE}")
WRAPPED = re.compile(r"^\s*(?:\$\$(.+)\$\$|\$(?:\\displaystyle\s*)?(.+)\$|\\\[(.+)\\\]|(.+))\s*$", re.S)
BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"  # four levels deep
MACRO = re.compile(
    rf"\\(?:re|provide)?newcommand\*?\s*(?P<new>\{{\\[A-Za-z]+\}}|\\[A-Za-z]+)\s*(?P<arguments>\[\d\])?\s*(?P<body>{BRACES})"
    rf"|\\def\s*(?P<defined>\\[A-Za-z]+)(?P<parameters>(?:\#\d)*)\s*(?P<meaning>{BRACES})"
    rf"|\\DeclareMathOperator\*?\s*\{{(?P<operator>\\[A-Za-z]+)\}}\s*(?P<text>{BRACES})"
)
NUMBERED_ENVIRONMENT = re.compile(rf"\\begin\{{(?:{NUMBERED})\}}")
LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
REFERENCE = re.compile(r"\\(eqref|ref)\s*\{([^{}]*)\}")
TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
WITHOUT_NUMBER = re.compile(r"\\(?:nonumber|notag)\b")
ROW = re.compile(r"\\\\(?:\s*\[[^\]]*\])?")
COLUMNS = re.compile(r"\\begin\{(?P<kind>alignat|alignedat)(\*?)\}\s*\{\d+\}")
ALIGNED = re.compile(r"(?P<end>\\(?:begin|end))\{(?:align|alignat|aligned|alignedat|eqnarray|split)\*?\}")
GATHERED = re.compile(r"(?P<end>\\(?:begin|end))\{(?:gather|gathered|multline)\*?\}")
EQUATION = re.compile(r"\\(?:begin|end)\{equation\*?\}")
MATHML = re.compile(r"<math\b.*?</math>", re.S)
COMMAND = re.compile(r"\\[A-Za-z]+")
LETTERS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}
OTHER_WORDS = {  # commands that the library does not know, in those that it does
    r"\arg": r"\operatorname{arg}",
    r"\sgn": r"\operatorname{sgn}",
    r"\P": r"\text{¶}",
    r"\copyright": r"\text{©}",
    r"\hfill": r"\quad ",
    r"\ensuremath": "",
}
NO_ATTRIBUTES = ("href", "style", "class", "id")  # of MathML: a formula is no place for any of them


@dataclass(frozen=True)
class Formula:
    """A formula as it is written, its LaTeX, whether it stands in lines of its own, and its numbers and their names."""

    written: str
    tex: str
    is_block: bool
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Formulas:
    """The formulas of a page: held out of its Markdown while that is parsed, numbered in their order."""

    def __init__(self, sources: Iterable[str] = ()) -> None:
        """`sources` is all the page's Markdown: what it calls its equations is known before the first is shown."""
        self._formulas: list[Formula] = []
        self._macros: dict[str, str] = {}
        self._numbered = 0
        self._number_of: dict[str, str] = {}
        self.unread: list[str] = []
        self._tex_of: dict[str, str] = {}  # what has been shown
        for source in sources:
            self.hold(source)
        self._formulas.clear()
        self._numbered = 0

    def hold(self, source: str) -> str:
        """The Markdown with a mark in the place of each formula; code is left alone.

        >>> formulas = Formulas()
        >>> held = formulas.hold("`$a$` costs $5 and $10, but $x_1$ is\\n$$-y$$")
        >>> formulas.shown(held).count("<math")
        2
        """
        source = source.replace(OPEN, "").replace(CLOSE, "")
        return FORMULA.sub(self._hold, source)

    def _hold(self, found: re.Match[str]) -> str:
        inline = found["inline"] or found["dollar"] or found["role"]
        block = found["block"] or found["bracket"] or found["environment"] or found["directive"]
        tex = inline or block
        if tex is None:
            return found[0]
        label = OPTION_LABEL.search(found["options"] or "")
        name = label[1] if label else found["name"] or ""
        return self._keep(found[0], tex, is_block=block is not None, name=name)

    def _keep(self, written: str, tex: str, *, is_block: bool, name: str) -> str:
        for macro in MACRO.finditer(tex):
            self._define(macro)
        tex = MACRO.sub("", tex).strip()
        numbers, names = self._count(tex, name) if is_block else ((), ())
        self._formulas.append(Formula(written, tex, is_block, numbers, names))
        return f"{OPEN}{len(self._formulas) - 1}{CLOSE}"

    def _define(self, macro: re.Match[str]) -> None:
        """Keep a macro in the one form that the library reads."""
        if macro["new"]:
            name, arguments, body = macro["new"].strip("{}"), macro["arguments"] or "", macro["body"]
        elif macro["defined"]:
            count = macro["parameters"].count("#")
            name, arguments, body = macro["defined"], f"[{count}]" if count else "", macro["meaning"]
        else:
            name, arguments, body = macro["operator"], "", f"{{\\operatorname{macro['text']}}}"
        self._macros[name] = f"\\newcommand{{{name}}}{arguments}{body}"

    def _count(self, tex: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The numbers and the names of an equation's rows; none where it has neither."""
        if TAG.search(tex):
            rows, is_numbered = ROW.split(tex), False
        elif NUMBERED_ENVIRONMENT.match(tex):
            is_one = tex.startswith((r"\begin{equation}", r"\begin{multline}"))
            body = INNER.sub("", tex[len(r"\begin") :])
            rows, is_numbered = [tex] if is_one else ROW.split(body), True
        else:
            rows, is_numbered = [tex], bool(name or LABEL.search(tex))
        numbers, names = [], []
        for row in rows:
            label = LABEL.search(row)
            tag = TAG.search(row)
            if tag:
                number = tag[1]
            elif is_numbered and not WITHOUT_NUMBER.search(row) and not _is_end(row):
                self._numbered += 1
                number = str(self._numbered)
            else:
                number = ""
            called = label[1] if label else name
            if number and called:
                self._number_of.setdefault(called, number)
            numbers.append(number)
            names.append(called if number else "")
        return (tuple(numbers), tuple(names)) if any(numbers) else ((), ())

    def number_of(self, name: str) -> str:
        """The number of the equation of a name; "" where none has it."""
        return self._number_of.get(name, "")

    def shown(self, text: str) -> str:
        """Plain text as HTML, its formulas as MathML; one that cannot be read is shown as it was written."""
        parts = HELD.split(text)
        html = []
        for at, part in enumerate(parts):
            html.append(self._html(self._formulas[int(part)]) if at % 2 else escape(part))
        return "".join(html)

    def is_alone(self, text: str) -> bool:
        """Whether a text is one formula that stands in lines of its own, and nothing else."""
        found = HELD.fullmatch(text.strip())
        return found is not None and self._formulas[int(found[1])].is_block

    def written(self, text: str) -> str:
        """The text with its formulas as they were written: in code they are none."""
        return HELD.sub(lambda found: self._formulas[int(found[1])].written, text)

    def in_tags(self, html: str) -> str:
        """HTML as it is written, its formulas as MathML; inside of a tag they are as they were written."""
        return re.sub(f"<[^>]*>|{HELD.pattern}", self._in_tag, html)

    def _in_tag(self, found: re.Match[str]) -> str:
        number = found[1]
        if number is None:
            return self.written(found[0])
        return self._html(self._formulas[int(number)])

    def plain(self, text: str) -> str:
        """Text with its formulas as LaTeX, for titles and descriptions."""
        return HELD.sub(lambda found: self._formulas[int(found[1])].tex, text)

    def without_mathml(self, html: str) -> str:
        """HTML with its formulas as LaTeX, for what has the words of a heading and not its look."""
        return MATHML.sub(lambda found: escape(self._tex_of.get(found[0], "")), html)

    def in_html(self, html: str) -> str:
        """HTML of an output, whose text may have formulas too; what is code or script in it is left alone."""
        if "$" not in html and "\\" not in html:
            return html
        parts = re.split(
            r"(<!--.*?-->|<(script|style|pre|code|textarea|svg|math)\b.*?</\2\s*>|<[^>]*>)", html, flags=re.S | re.I
        )
        shown = []
        for at, part in enumerate(parts):
            if at % 3 == 0 and part and ("$" in part or "\\" in part):
                held = self.hold(unescape(part))
                shown.append(self.shown(held) if HELD.search(held) else part)
            elif at % 3 != 2 and part:
                shown.append(part)
        return "".join(shown)

    def _html(self, formula: Formula) -> str:
        if not formula.tex:  # it only defined macros
            return ""
        made = mathml(self._with_references(formula.tex), is_block=formula.is_block, macros=self._used_in(formula.tex))
        if made is None:
            self.unread.append(formula.tex)
            return f"<code>{escape(formula.written)}</code>"
        self._tex_of[made] = formula.tex
        if not formula.is_block:
            return made
        numbers = []
        for number, name in zip(formula.numbers, formula.names, strict=True):
            place = f' id="{escape(name)}"' if name and self._number_of.get(name) == number else ""
            numbers.append(f"<span{place}>({escape(number)})</span>" if number else "<span></span>")
        if not numbers:
            return f'<span class="formula">{made}</span>'
        return f'<span class="formula numbered">{made}<span class="numbers">{"".join(numbers)}</span></span>'

    def _with_references(self, tex: str) -> str:
        """A formula that only refers to an equation by its name says its number."""

        def number(found: re.Match[str]) -> str:
            number = self.number_of(found[2])
            if not number:
                return found[0]
            return rf"\text{{({number})}}" if found[1] == "eqref" else rf"\text{{{number}}}"

        return REFERENCE.sub(number, tex)

    def _used_in(self, tex: str) -> str:
        """The definitions of the macros that a formula uses, and of those that they use."""
        used: dict[str, str] = {}
        texts = [tex]
        while texts:
            for name in COMMAND.findall(texts.pop()):
                if name in self._macros and name not in used:
                    used[name] = self._macros[name]
                    texts.append(used[name])
        return "".join(reversed(used.values()))


def _is_end(row: str) -> bool:
    """Whether a row of an environment is only what closes it."""
    return not re.sub(r"\\end\{[^}]*\}", "", row).strip()


@lru_cache(maxsize=1000)
def mathml(tex: str, *, is_block: bool, macros: str = "") -> str | None:
    """A formula as MathML; None for one that cannot be read, also where the library did not know a command in it.

    >>> mathml(r"\\text{<b>}", is_block=False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mtext>&lt;b&gt;</mtext></mrow></math>'
    >>> mathml(r"\\nosuch{x}", is_block=False) is None
    True
    """
    from latex2mathml.converter import convert_to_element

    try:
        element: Any = convert_to_element(macros + _simpler(tex), display="block" if is_block else "inline")
    except Exception:  # whatever a formula makes of the library: it is shown as written, and told
        return None
    for one in element.iter():
        one.text = unescape(one.text) if one.text else one.text
        if one.tag == "mi" and one.text and (COMMAND.fullmatch(one.text) or one.text == "&"):
            return None
        for name in NO_ATTRIBUTES:
            one.attrib.pop(name, None)
        for name, value in one.attrib.items():
            one.set(name, unescape(value))
        _in_core(one)
    return ElementTree.tostring(element, encoding="unicode")


def _in_core(element: Any) -> None:
    """Say a letter's style as browsers read it: MathML Core has no `mathvariant` but "normal"."""
    variant = element.attrib.pop("mathvariant", "")
    if not variant:
        return
    if variant in LETTERS:
        element.text = "".join(_letter(one, LETTERS[variant]) for one in element.text or "")
        return
    if "italic" not in variant:
        element.set("mathvariant", "normal")
    if variant != "normal" and variant != "italic":
        element.set("class", variant.replace("bold-italic", "bold"))


def _letter(letter: str, style: str) -> str:
    """A letter in a style that Unicode has letters of its own for; as it is where there is none.

    >>> _letter("R", "DOUBLE-STRUCK"), _letter("x", "FRAKTUR"), _letter("+", "SCRIPT")
    ('ℝ', '𝔵', '+')
    """
    case = "CAPITAL" if letter.isupper() else "SMALL"
    old = style.replace("FRAKTUR", "BLACK-LETTER")
    for name in (f"{old} {case} {letter.upper()}", f"MATHEMATICAL {style} {case} {letter.upper()}"):
        with suppress(KeyError):
            return unicodedata.lookup(name)
    return letter


def _simpler(tex: str) -> str:
    """The formula in those environments that the library knows; its numbers are the page's to show."""
    for unwanted in (LABEL, TAG, WITHOUT_NUMBER, re.compile(r"\\require\s*\{[^{}]*\}")):
        tex = unwanted.sub("", tex)
    tex = tex.replace(r"\operatorname*", r"\operatorname")
    tex = COMMAND.sub(lambda found: OTHER_WORDS.get(found[0], found[0]), tex)
    if r"\begin{eqnarray" in tex:
        tex = re.sub(r"&\s*([^&\\]{1,9}?)\s*&", r"&\1 ", tex)
    tex = COLUMNS.sub(r"\\begin{align*}", tex)
    tex = ALIGNED.sub(r"\g<end>{align*}", tex)
    tex = GATHERED.sub(lambda found: f"{found['end']}{{array}}" + ("{c}" if found["end"] == r"\begin" else ""), tex)
    return EQUATION.sub("", tex)


def of_output(latex: str) -> str:
    """What an output of LaTeX shows: MathML, or its source where that cannot be read.

    >>> of_output("$\\\\displaystyle x^2$").startswith("<math")
    True
    """
    found = WRAPPED.match(latex)
    tex = next(filter(None, found.groups()), "") if found else latex
    return mathml(tex.strip(), is_block=True) or f'<pre class="output">{escape(latex)}</pre>'

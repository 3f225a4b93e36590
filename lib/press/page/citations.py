"""Citations of a page: `[@key]` and its kin of Quarto and pandoc, `{cite}` of MyST, and the list that they lead to.

Read as citations: `[@a]`, `[see @a, p. 3; @b]`, `[-@a]` (the year alone), `@a` and `@a [p. 3]` in a sentence. Code,
links, mail addresses and words behind `@` that no work is called are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Any

from press.page.bibliography import Publication

KEY = r"(?:\{[^{}\s]+\}|\w(?:[\w:.#$%&+?<>~/-]*[\w/])?)"
GROUP = re.compile(rf"\[([^\[\]`\n]*?(?<![\w.\\])@{KEY}[^\[\]`]*)\](?![(\[{{:])")
PART = re.compile(rf"(?P<before>[^@]*?)(?P<bare>-)?@(?P<key>{KEY})(?:\s*,?\s*(?P<behind>[^@]*))?", re.S)
NAMED = re.compile(rf"@(?P<key>{KEY})(?:[ \t]*\[(?P<behind>[^\[\]@`\n]+)\](?![(\[{{:]))?")
ROLE = re.compile(r"(?:\{(?P<before>[^{}]*)\})?\s*(?P<key>[^\s{},;]+)\s*(?:\{(?P<behind>[^{}]*)\})?")
YEAR_IN_KEY = re.compile(r"(?:19|20)\d\d")  # what tells the key of a work from another word behind an @
UNFIT = re.compile(r"[^\w-]+")
PLACE = "references"  # the anchor of the list
FEW = 2  # authors that a citation names


class Form(StrEnum):
    """How a work is cited: in brackets, as part of the sentence, or by its year alone."""

    GROUP = "group"
    NAMED = "named"
    YEAR = "year"


# What each of MyST's roles is; those that end in s name all authors in LaTeX, here as few as the others.
ROLES = {"cite": Form.GROUP, "cite:p": Form.GROUP, "cite:ps": Form.GROUP, "cite:t": Form.NAMED, "cite:ts": Form.NAMED}
ROLES |= {"citep": Form.GROUP, "citet": Form.NAMED, "cite:year": Form.YEAR, "cite:yearpar": Form.YEAR}


@dataclass(frozen=True)
class Cited:
    """A work as one place cites it, with the words before and behind, and the name of that place."""

    key: str
    before: str = ""
    behind: str = ""
    is_bare: bool = False
    place: str = ""


def parse_group(text: str) -> list[Cited]:
    """The works in a pair of brackets; none where they hold something else.

    >>> [(one.key, one.behind) for one in parse_group("see @a, p. 3; -@b")], parse_group("a; @b")
    ([('a', 'p. 3'), ('b', '')], [])
    """
    found = []
    for part in text.split(";"):
        match = PART.fullmatch(part.strip())
        if match is None or re.search(r"[\w.\\]$", match["before"]):
            return []
        behind = (match["behind"] or "").strip()
        found.append(Cited(match["key"].strip("{}"), match["before"].strip(), behind, match["bare"] is not None))
    return found


def parse_role(content: str) -> list[Cited]:
    """The works that the text of a `{cite}` role names.

    >>> [(one.key, one.before, one.behind) for one in parse_role("{see}a{p. 3},b")]
    [('a', 'see', 'p. 3'), ('b', '', '')]
    """
    found = []
    for part in re.split(r"[,;](?![^{]*\})", content):
        match = ROLE.fullmatch(part.strip())
        if match is None:
            return []
        found.append(Cited(match["key"], match["before"] or "", match["behind"] or ""))
    return found


class Citations:
    """What a page cites, of the works that its bibliography has."""

    def __init__(self, works: Mapping[str, Publication], texts: str, words: Mapping[str, Any]) -> None:
        """`texts` are all that the page says: two works of the same names and year get letters if it has both."""
        self._works = works
        self._words = {name: escape(word) for name, word in words["citation"].items()}
        self._years = _years({key: one for key, one in works.items() if key in texts})
        self._places: dict[str, list[str]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be cited."""
        return not self._works

    def unknown(self, cited: Collection[Cited]) -> list[str]:
        """The keys that no work has."""
        return [one.key for one in cited if one.key not in self._works]

    def placed(self, cited: Collection[Cited]) -> list[Cited]:
        """The citations, each with the name of its place, which the list leads back to."""
        found = []
        for one in cited:
            places = self._places.setdefault(one.key, [])
            place = f"cite-{_fit(one.key)}-{len(places) + 1}"
            places.append(place)
            found.append(Cited(one.key, one.before, one.behind, one.is_bare, place))
        return found

    def html(self, cited: Collection[Cited], form: Form, shown: Callable[[str], str]) -> str:
        """A citation as HTML; `shown` makes it of a text with formulas."""
        if form is Form.NAMED:
            return self._words["separator"].join(self._named(one, shown) for one in cited)
        inside = self._words["separator"].join(self._grouped(one, form, shown) for one in cited)
        return str(self._words["group"]).format(inside)

    def _grouped(self, one: Cited, form: Form, shown: Callable[[str], str]) -> str:
        text = escape(self._year(one.key))
        is_year_alone = one.is_bare or form is Form.YEAR
        if not is_year_alone:
            text = str(self._words["dated"]).format(self._by(one.key), text)
        before = f"{shown(one.before)} " if one.before else ""
        return before + self._link(one, text) + self._behind(one, shown)

    def _named(self, one: Cited, shown: Callable[[str], str]) -> str:
        dated = escape(self._year(one.key)) + self._behind(one, shown)
        year = str(self._words["group"]).format(dated)
        text = f"{self._by(one.key)}{self._words['space']}{year}"
        return self._link(one, text)

    def _behind(self, one: Cited, shown: Callable[[str], str]) -> str:
        """What is said behind a work, such as its page, as HTML."""
        return f"{self._words['comma']}{shown(one.behind)}" if one.behind else ""

    def _link(self, one: Cited, text: str) -> str:
        return f'<a class="cite" id="{one.place}" href="#ref-{_fit(one.key)}">{text}</a>'

    def _by(self, key: str) -> str:
        """The names in a sentence, as HTML: one, two, or the first of others; a title where there is none."""
        names = [escape(name.short) for name in self._works[key].names]
        if not names:
            return escape(self._works[key].title)
        if len(names) > FEW:
            return f"{names[0]}{self._words['others']}"
        return str(self._words["and"]).join(names)

    def _year(self, key: str) -> str:
        return self._years.get(key) or self._works[key].year or unescape(self._words["undated"])

    def references(self, *, has_heading: bool) -> str:
        """The list of all that the page cites, each with links back; "" where it cites nothing."""
        if not self._places:
            return ""
        title = self._words["references"]
        heading = "" if has_heading else f'<h2 id="{PLACE}">{title}</h2>\n'
        named = f'aria-label="{title}"' if has_heading else f'aria-labelledby="{PLACE}"'
        entries = "".join(self._entry(self._works[key]) for key in sorted(self._places, key=self._order))
        return f'<section class="footnotes" {named}>\n{heading}<ul class="changed">\n{entries}</ul>\n</section>\n'

    @property
    def title(self) -> str:
        """The heading of the list."""
        return unescape(self._words["references"])

    def _order(self, key: str) -> tuple[str, str, str]:
        return self._works[key].by.casefold(), self._year(key), key

    def _entry(self, work: Publication) -> str:
        places = self._places[work.key]
        back = "".join(self._back(number, place) for number, place in enumerate(places, 1))
        described = work.html(self._year(work.key))
        return f'<li id="ref-{_fit(work.key)}">{described}{back}</li>\n'

    def _back(self, number: int, place: str) -> str:
        label = f"{self._words['back']} {number}"
        return f' <a class="footnote-backref" href="#{place}" aria-label="{label}">↩</a>'


def _years(works: Mapping[str, Publication]) -> dict[str, str]:
    """The years of works, with letters where several have the same names and year."""
    alike: dict[tuple[str, str], list[str]] = {}
    for key, work in works.items():
        alike.setdefault((work.by, work.year), []).append(key)
    years = {}
    for (_, year), keys in alike.items():
        for number, key in enumerate(keys):
            letter = chr(ord("a") + number % 26) if len(keys) > 1 and year else ""
            years[key] = f"{year}{letter}"
    return years


def _fit(key: str) -> str:
    """A key as part of an anchor."""
    return UNFIT.sub("-", key)


def looks_like_a_work(key: str) -> bool:
    """Whether a word behind an @ is meant as a work's key, though no work has it: `@smith2020`, not `@property`."""
    return YEAR_IN_KEY.search(key) is not None


def citation_rule(state: Any, silent: bool) -> bool:
    """The parser's rule: citations where the page has works to cite; anything else is left to others."""
    prose = state.env.get("prose")
    if prose is None or state.linkLevel or state.src[state.pos] not in "[@":
        return False
    if state.src[state.pos] == "@" and state.pos and re.match(r"[\w.\\/]", state.src[state.pos - 1]):
        return False  # of a mail address
    for found, cited, form in _read(state):
        is_known = prose.can_cite(cited, found[0], form)
        if not is_known and (form is not Form.GROUP or prose.citations.is_empty):
            return False
        if not silent and not is_known:
            state.push("text", "", 0).content = found[0]
        elif not silent:
            token = state.push("citation", "", 0)
            token.meta = {"cited": prose.citations.placed(cited), "form": form}
            token.content = found[0]
        state.pos = found.end()
        return True
    return False


def _read(state: Any) -> Iterator[tuple[re.Match[str], list[Cited], Form]]:
    """What stands at the parser's place, if it has the form of a citation."""
    if found := GROUP.match(state.src, state.pos):
        if cited := parse_group(found[1]):
            yield found, cited, Form.GROUP
    elif found := NAMED.match(state.src, state.pos):
        yield found, [Cited(found["key"].strip("{}"), "", found["behind"] or "")], Form.NAMED

"""English for the labels of a draft: from an earlier edition, from a list of usual indicators, or pieced together.

Only what is found whole can stand without a person's look: a label of the earlier edition, or the name of an indicator
as statistics offices use it. What is pieced together from words is a draft.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LONGEST = 34  # characters of an English label
UNTRANSLATED = " [zh]"  # after Chinese words that stand where English ones belong
LONGEST_WORD = 16  # characters of a Chinese word that is looked up


TEMPLATES: dict[str, Sequence[str]] = {  # what a label says beside the name, by the kind of number; the first that fits
    "growth": ("Growth of {name}", "{Name}: growth"),
    "annual_growth": ("Yearly growth of {name}", "{Name}: yearly growth"),
    "increase": ("Increase of {name}", "{Name}: increase"),
    "new": ("New {name}", "{Name}: new"),
    "part": ("{Name}, share of {whole}", "{Name}: % of {whole}"),
    "share": ("Share of {name}", "{Name}: share"),
    "ratio": ("{Name}, times as much", "{Name}: multiple"),
    "plain": ("{Name}",),
}


@dataclass(frozen=True)
class English:
    """English words, and whether the whole of the Chinese was known as it stands."""

    words: str
    is_known: bool


@dataclass(frozen=True)
class Terms:
    """What is known of the English of an edition's words: whole `names`, and `words` to piece others together from.

    >>> terms = usual_terms()
    >>> terms.english("常住人口"), terms.english("建成社区食堂"), terms.english("雪亮")
    (English(words='Residents', is_known=True), English(words='Completed community canteens', is_known=False), None)
    """

    names: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether a name is one of those known as they stand."""
        return name in self.names

    def english(self, name: str) -> English | None:
        """The English of a name; None where a part of it is not known."""
        if name in self.names:
            return English(self.names[name], is_known=True)
        pieces = self._pieces(name)
        if not pieces:
            return None
        words = " ".join(pieces)
        return English(words[0].upper() + words[1:], is_known=False)

    def with_names(self, names: Mapping[str, str]) -> Terms:
        """These terms and further names, which come first."""
        return Terms({**self.names, **names}, self.words)

    def with_words(self, words: Mapping[str, str]) -> Terms:
        """These terms and further words, which come first."""
        return Terms(self.names, {**self.words, **words})

    def _pieces(self, name: str) -> list[str]:
        """The English of the longest known words that a name is made of, one after the other; none where one lacks."""
        pieces = []
        left = name
        while left:
            word = self._longest_word(left)
            if not word:
                return []
            known = self.words.get(word) or _lowered(self.names[word])
            pieces.append(known)
            left = left[len(word) :]
        return pieces

    def _longest_word(self, text: str) -> str:
        for length in range(min(len(text), LONGEST_WORD), 1, -1):
            word = text[:length]
            if word in self.words or word in self.names:
                return word
        return ""


@cache
def usual_terms() -> Terms:
    """The indicators that statistics offices publish, with their usual English."""
    listed = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
    return Terms(listed["names"], listed["words"])


def english_label(kind: str, name: str, whole: str = "") -> str:
    """The English label of a number of a kind; "" where no form of it is short enough.

    >>> english_label("growth", "Consumer prices"), english_label("part", "Volunteers", "Residents")
    ('Growth of consumer prices', 'Volunteers, share of residents')
    """
    for template in TEMPLATES[kind]:
        label = template.format(name=_lowered(name), Name=name, whole=_lowered(whole))
        if len(label) <= LONGEST:
            return label
    return ""


def _lowered(words: str) -> str:
    """Words in the middle of a sentence: GDP and R&D keep their capitals."""
    second = words[1:2]
    if second.isupper() or second == "&":
        return words
    return words[:1].lower() + words[1:]

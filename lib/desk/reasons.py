"""Why numerals of a line are no figures: dates, codes, names, idioms, by the words around them.

`numerals.toml` lists the words by kind; a kind's patterns see a window of the line at a time.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bluebook.numbers.numerals import NUMERALS
from bluebook.numbers.printed import UNITS, PrintedError, parse
from bluebook.numbers.words import CODES, LATIN_UNITS

CHINESE_NUMERALS = NUMERALS + "半"
LETTER = re.compile("[A-Za-z]")
_WINDOW = 400  # characters of a line that a pattern sees at a time
_MARGIN = 60  # characters more, so that what lies across two windows is seen whole
_CROWD = 50  # numerals that stand together, and
_CROWDED = 150  # characters in which they do, from where nobody can say what each is: 1-1-1-1- …
_TABLE = 1000  # numerals that a table squeezed onto one line has at most; in a line of more, _WINDOW is crowded
_AROUND = 16  # characters on either side of a numeral that decide which language it stands in
_HAN = re.compile("[一-鿿]")
_ENGLISH_TAIL = re.compile(r"[ -]?(?:hundred|thousand|million|billion|trillion|percent|per cent)(?![A-Za-z])")
_WORDS_APART = re.compile(r"[A-Za-z][,.;:]? (?=[A-Za-z\d$(])|[\d%.,)] (?=[A-Za-z])")
_YEAR = "日历年份"
_QUOTES = tuple('"“‘「『')
_ANY_LANGUAGE = ("号码", "位置", "日历年份")


def is_chinese(line: str, start: int, end: int) -> bool:
    """Whether what stands around a numeral is Chinese rather than English."""
    if _HAN.search(line[start:end]):
        return True
    if _ENGLISH_TAIL.match(line, end):
        return False
    around = line[max(0, start - _AROUND) : start] + " " + line[end : end + _AROUND]
    if not _WORDS_APART.search(around):
        return True
    letters = sum(map(len, re.findall("[A-Za-z]{2,}", around)))
    return letters < 3 or len(_HAN.findall(around)) * 2 > letters


@cache
def _kinds(section: str) -> tuple[tuple[str, str, re.Pattern[str], bool], ...]:
    listed = tomllib.loads(Path(__file__).with_name("numerals.toml").read_text(encoding="utf-8"))[section]
    units = "|".join(map(re.escape, sorted(UNITS, key=len, reverse=True)))
    latin = "|".join(map(re.escape, sorted(LATIN_UNITS, key=len, reverse=True)))
    words = {"{N}": rf"[\d{CHINESE_NUMERALS}]", "{C0}": CHINESE_NUMERALS}
    words |= {"{C}": f"[{CHINESE_NUMERALS}]", "{U}": f"(?:{units})"}
    words["{L}"] = f"(?:{latin})"
    words["{M}"] = "|".join(CODES)

    def spelled(pattern: str) -> str:
        for name, meant in words.items():
            pattern = pattern.replace(name, meant)
        return pattern

    return tuple(
        (kind["zh"], kind["en"], re.compile("|".join(map(spelled, kind["patterns"]))), kind.get("traditional", False))
        for kind in listed
    )


def _windows(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern, sought in one window of the line after the other."""
    begin, done = 0, 0
    while begin < len(line):
        end = begin + _WINDOW
        stop = len(line) if end + _MARGIN >= len(line) else end + _MARGIN
        for match in pattern.finditer(line, max(begin, done), stop):
            if match.start() >= end:
                break
            done = match.end()
            yield match
        begin = end


def is_year(reason: tuple[str, str] | None) -> bool:
    """Whether a reason is that a numeral is a calendar year."""
    return reason is not None and reason[0].startswith(_YEAR)


def reasons_of(
    line: str, spans: list[tuple[int, int]], *, is_traditional: bool
) -> dict[tuple[int, int], tuple[str, str]]:
    """Why numerals of a line are no figures, by their spans: the first kind with a pattern that holds them."""
    reasons = {span: ("号码：过长", "code or telephone number: too long") for span in spans if line[span[0]] == "…"}
    starts = [start for start, _ in spans]
    reasons.update(_crowded(spans))
    if len(reasons) == len(spans):
        return reasons
    has_letters = LETTER.search(line) is not None
    kinds = [(kind, True) for kind in _kinds("kind")]
    kinds += [(kind, False) for kind in _kinds("english")] if has_letters else []
    for (zh, en, pattern, is_regional), is_of_chinese in kinds:
        if is_regional and not is_traditional:
            continue
        for match in _windows(pattern, line):
            if match[0][:1] in _QUOTES and _quoted_figure(match[0]):
                continue
            for span in spans[bisect_left(starts, match.start()) : bisect_left(starts, match.end())]:
                if span[1] > match.end() or span in reasons:
                    continue
                if has_letters and is_chinese(line, *span) != is_of_chinese and zh not in _ANY_LANGUAGE:
                    continue
                reasons[span] = (f"{zh}：{match[0].strip()}", f"{en}: {match[0].strip()}")
    return reasons


def _crowded(spans: list[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """Numerals that stand so close that no words can say what they are: 1-1-1-1- …"""
    reasons: dict[tuple[int, int], tuple[str, str]] = {}
    if len(spans) <= _CROWD:
        return reasons
    crowded = _CROWDED if len(spans) <= _TABLE else _WINDOW
    for place in range(0, len(spans), _CROWD):
        group = spans[place : place + _CROWD]
        if len(group) == _CROWD and group[-1][1] - group[0][0] < crowded:
            reasons.update(
                dict.fromkeys(group, ("号码：数字过密", "code or telephone number: too many numerals together"))
            )
    return reasons


def _quoted_figure(words: str) -> bool:
    """Whether what stands in quotation marks is a number after all: “超2000万”."""
    try:
        number = parse(words.strip('"“”‘’「」『』'))
    except PrintedError:
        return False
    return number.scale != 1 or bool(number.hedge)


def word_reason(line: str, start: int, end: int) -> tuple[str, str]:
    """The reason of a numeral that is part of a word."""
    around = re.sub(r"[^\w]", "", line[max(0, start - 1) : end + 2])
    return f"惯用语或词语：{around}", f"idiom or word: {around}"

"""What there was at first, what came, what went, and what is left.

年初结转1862件，全年新收15730件，办结15904件，年末未结1688件。
At the start of the year 1,102 cases were open; 2,954 were opened and 2,718 closed, leaving 1,338.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk.numerals import Numeral, Reading
from desk.relations.clauses import Clause, clauses, is_hedged
from desk.relations.divisions import is_of_kind
from desk.relations.model import Relation, sum_of_signed
from desk.relations.slips import is_one_slip

FEWEST = 3  # numbers: at first, what came or went, at last
MOST = 6
START = re.compile(
    r"(?:年初|期初|月初|上年结转|上年末|上年底|上年结余|上年滚存|旧存|上期末|结转上年)[^,，;；\d]*$"
    r"|\b(?:at the (?:start|beginning|outset) of|opening|(?:brought|carried) (?:forward|over) from|on 1 [A-Z][a-z]+)\b"
    r"[^,;]*$",
    re.IGNORECASE,
)
START_BEHIND = re.compile(
    r"^[^,;.\d]{0,40}\b(?:at the (?:start|beginning|outset) of|on 1 (?:January|April|July|October)|brought forward)\b",
    re.IGNORECASE,
)
END = re.compile(
    r"(?:年末|年底|期末|月末|年终|未结|未办结|结转下年|滚存结余|累计结余|尚余|剩余)[^,，;；\d]*$"
    r"|\b(?:at (?:the |its )?(?:end of|year[- ]end)|closing|leaving|left|carried forward|ended the year with"
    r"|on 3[01] [A-Z][a-z]+)\b[^,;]*$",
    re.IGNORECASE,
)
END_BEHIND = re.compile(
    r"^[^,;.\d]{0,40}\b(?:at (?:the |its )?(?:end|year[- ]end|close)|remain\w*|carried forward|on 3[01] [A-Z]"
    r"|outstanding|pending)\b"
)
IN = re.compile(
    r"新增|新收|新建|新开|新签|新入|新办|开工|受理|收[入到治]|增加|转入|调入|迁入|出生|募集|入[院库住]"
    r"|\b(?:received|opened|registered|added|new|joined|starters|arrived|income|raised|issued|admitted|recruited|born|acquired"
    r"|commissioned|contributions|lodged|filed)\b",
    re.IGNORECASE,
)
OUT = re.compile(
    r"支[出付]|办结|审结|结案|竣工|完工|减少|注销|转出|退出|调出|迁出|死亡|出[院库]|核销|偿还|归还|还本|销售"
    r"|\b(?:closed|completed|drawn|paid|leavers?|left|spent|used|cancelled|redeemed|settled|resolved|repaid|discharged"
    r"|disposed|sold|died|retired|withdrawn|decided|determined|decommissioned)\b",
    re.IGNORECASE,
)
SAYS = ("期末数应等于期初数加增减", "what is left is what there was, with what came and went")


@dataclass(frozen=True)
class Flow:
    """What came, or went, as a number that is added (1) or subtracted (-1)."""

    numeral: Numeral
    sign: int


def flows(reading: Reading) -> Iterator[Relation]:
    """What is left of what there was, with what came and went.

    >>> from desk.documents import from_text
    >>> from desk.numerals import read_numerals
    >>> reading = read_numerals(from_text("年初结转1862件，全年新收15730件，办结15904件，年末未结1688件。"))
    >>> [one.arithmetic for one in flows(reading)]
    ['1862件 + 15730件 − 15904件']
    """
    for clause in clauses(reading, refers_back=False):
        amounts = clause.amounts
        if not FEWEST <= len(amounts) <= MOST or not all(is_of_kind(one, amounts[0]) for one in amounts):
            continue
        first = _only([one for one in amounts if START.search(one.before) or START_BEHIND.match(one.after)])
        last = _only([one for one in amounts if END.search(one.before) or END_BEHIND.match(one.after)])
        if first is None or last is None or first is last:
            continue
        moved = [_flow(one) for one in amounts if one not in (first, last)]
        if not all(moved):
            continue
        yield from _left(clause, first, [one for one in moved if one is not None], last)


def _only(found: list[Numeral]) -> Numeral | None:
    return found[0] if len(found) == 1 else None


def _flow(one: Numeral) -> Flow | None:
    """A number with its sign by the words around it; None where they say none, or both."""
    words = re.split(r"[,，;；、]| and ", one.before)[-1] + one.printed
    signs = _signs(words) or _signs(re.split(r"[,，;；、]| and ", one.after)[0])
    return Flow(one, signs.pop()) if len(signs) == 1 else None


def _signs(words: str) -> set[int]:
    signs = set()
    if IN.search(words):
        signs.add(1)
    if OUT.search(words):
        signs.add(-1)
    return signs


def _left(clause: Clause, first: Numeral, moved: list[Flow], last: Numeral) -> Iterator[Relation]:
    numerals = [first, *(one.numeral for one in moved)]
    signs = [1, *(one.sign for one in moved)]
    relation = Relation("change", last, sum_of_signed(numerals, signs), SAYS)
    if relation.can_hold or (not any(map(is_hedged, clause.amounts)) and _explains(relation, signs)):
        yield relation


def _explains(relation: Relation, signs: list[int]) -> bool:
    """Whether what is left would follow with one slip in one of the numbers set right."""
    if is_one_slip(relation.stated, relation.right):
        return True
    gap = relation.left - relation.right
    for one, sign in zip(relation.calculation.numerals, signs, strict=True):
        wanted = one.range + gap if sign > 0 else one.range - gap
        if is_one_slip(one, wanted):
            return True
    return False

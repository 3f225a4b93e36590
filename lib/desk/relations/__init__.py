"""The relations that a document itself states between its numbers, one small function a kind.

Evidence is wording or structure (其中, 比上年增加, 占…的, a row that says 合计), never a search for sums that happen to
fit. A relation says what must be equal, or which side must not be larger; whether that can be so is decided by the
ranges of what was printed, in exact interval arithmetic.

A new kind is a function in one of these modules, and its name in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable

from desk.numerals import Reading
from desk.relations.ages import ages
from desk.relations.averages import averages, daily, limits, limits_before, rates
from desk.relations.beside import shares_in_brackets, shares_listed_of_named
from desk.relations.changes import changes
from desk.relations.columns import columns
from desk.relations.confirmed import confirmed
from desk.relations.definitions import definitions
from desk.relations.each import each
from desk.relations.english_shares import english_shares
from desk.relations.few import few
from desk.relations.flows import flows
from desk.relations.listings import listings
from desk.relations.model import Relation
from desk.relations.parts import parts
from desk.relations.proportions import proportions, structures
from desk.relations.shares import parts_of_shares, performances, shares
from desk.relations.sums import sums, sums_in_english, sums_of_brackets
from desk.relations.tables import repeated_in_tables
from desk.relations.totals import totals
from desk.relations.twice import onwards, summaries, twice

KINDS = (
    changes,
    parts,
    listings,
    sums,
    sums_of_brackets,
    sums_in_english,
    shares,
    parts_of_shares,
    performances,
    proportions,
    definitions,
    english_shares,
    averages,
    each,
    daily,
    rates,
    limits,
    limits_before,
    onwards,
    twice,
    summaries,
    structures,
    shares_in_brackets,
    shares_listed_of_named,
    ages,
    totals,
    columns,
    confirmed,
    repeated_in_tables,
    few,
    flows,
)


def relations(reading: Reading) -> Iterable[Relation]:
    """All that a document states between its numbers."""
    for kind in KINDS:
        for relation in kind(reading):
            if relation.is_defined:
                yield relation

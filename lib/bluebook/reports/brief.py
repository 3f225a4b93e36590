"""One district: its numbers, its place among the others, what the book says of it, and what was not found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from bluebook.edition.edition import EditionError, Unfound
from bluebook.messages import in_language
from bluebook.numbers.quantity import Quantity
from bluebook.reports.blocks import menu
from bluebook.reports.places import Sentence, listed, sentence, shortened
from bluebook.reports.show import Shown, cards, cited_table, table

if TYPE_CHECKING:
    from bluebook.reports.districts import Districts, Measure

HEADLINES = 5
COMPARED = ("residents", "change", "density", "per_subdistrict", "gdp")
SHORT_NAMES = {
    "district.gdp": "measure.gdp",
    "district.area": "measure.area",
    "district.communities": "measure.communities",
    "district.revenue": "measure.revenue",
}


@dataclass(frozen=True)
class _Wanted:
    """What readers look for in a brief: the series that say it, and the key of its name."""

    name: str
    series: tuple[str, ...]

    @property
    def indicators(self) -> set[str]:
        """The series without the years that some are wanted of."""
        return {series.partition("@")[0] for series in self.series}


WANTED = (
    _Wanted("wanted.census_2010", ("district.census_increase", "district.census@2010")),
    _Wanted("wanted.ages", ("district.age_65",)),
    _Wanted("wanted.communities", ("district.communities",)),
    _Wanted("wanted.gdp", ("district.gdp@2020",)),
    _Wanted("wanted.revenue", ("district.revenue",)),
    _Wanted("wanted.livelihood", ("district.livelihood", "district.livelihood_safety")),
    _Wanted("wanted.schools", ("district.schools", "district.kindergartens")),
)


class District:
    """One district: its numbers, its place, what the book says of it, and what was not found."""

    def __init__(self, districts: Districts, area: str) -> None:
        self.all = districts
        self.book = districts.book
        self.id = area
        rows = {row["id"]: row for row in districts.areas.to_dict("records")}
        self.name = str(in_language(rows[area], "name", self.book.lang))
        self.short = str(in_language(rows[area], "short", self.book.lang))

    @cached_property
    def cited(self) -> pd.DataFrame:
        """What is cited of the district, found or not, as `Edition.cited` gives it."""
        return self.all.cited[self.all.cited["key"] == self.id].drop(columns="key")

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """The numbers that were found."""
        return self.cited.dropna(subset="quantity")

    def table(self) -> Shown:
        """All its numbers, each with source and confidence."""
        return cited_table(self.book, self.numbers)

    def number(self, measure: str) -> Quantity:
        """Its number of a measure, as it is shown. `EditionError` where it has none."""
        values = self.all.rounded(measure)
        if self.id not in values:
            raise EditionError(f"{self.id} has no number for {measure}: only {', '.join(values)} have one")
        return values[self.id]

    def menu(self, id: str, page: str) -> Shown:
        """Links to the briefs of all districts, at addresses like `20-district-{}.html`."""
        items = [(other.short, page.format(other.id)) for other in self.all]
        return menu(items, here=self.short, id=id, title=self.book.message("districts.title"))

    # the headline

    @property
    def headline(self) -> list[Quantity]:
        """The five numbers that a brief opens with: of those that are there the first, each with its label."""
        candidates = [self._of_measure(name) for name in COMPARED if self._is_in(name)]
        candidates += self._per_town()
        for indicator in SHORT_NAMES:
            candidates += self._latest(indicator)
        by_label = {number.label: number for number in candidates}
        return list(by_label.values())[:HEADLINES]

    def cards(self, id: str) -> Shown:
        """The headline numbers as cards, with the place of those that are compared."""
        numbers = self.headline
        names = {self._of_measure(name).label: name for name in COMPARED if self._is_in(name)}
        notes = [self._note(number, names.get(number.label, "")) for number in numbers]
        return cards(numbers, id=id, title=self.book.message("district.headline"), notes=notes)

    def _note(self, number: Quantity, measure: str) -> str:
        """What stands under a headline number: its place, where it is compared; and where it comes from."""
        origin = self.book.message("district.derived") if number.derived else number.where
        if not measure:
            return origin
        return self.book.message("join.clauses").join([self.rank(measure), origin])

    def _is_in(self, measure: str) -> bool:
        return self.id in self.all.measure(measure).values

    def _of_measure(self, name: str) -> Quantity:
        return self.number(name).labelled(self._title(self.all.measure(name)))

    def _title(self, measure: Measure) -> str:
        """A measure with what is counted and when."""
        return self.book.message("measure.title", name=measure.name, about=measure.about)

    def _per_town(self) -> list[Quantity]:
        """Residents per town, of a district that has towns in place of subdistricts."""
        towns = self.all.series("structure.towns").get(self.id)
        if towns is None:
            return []
        ratio = self.all.residents[self.id] / towns
        per_town = shortened(ratio.amount)
        return [per_town.labelled(self.book.message("district.per_town"))]

    def _latest(self, indicator: str) -> list[Quantity]:
        """The preferred number of a series that is nearest to 2020, if there is one, under a short name."""
        rows = self.numbers[self.numbers["indicator"] == indicator]
        if rows.empty:
            return []
        distances = [abs(int(period[:4] or 0) - 2020) for period in rows["period"]]
        row = rows.iloc[distances.index(min(distances))]
        (name,) = self.book.messages(SHORT_NAMES[indicator])
        year = row["period"][:4]
        if year and indicator != "district.area":
            name = self.book.message("measure.of_year", name=name, year=year)
        number: Quantity = row["quantity"]
        return [number.labelled(name)]

    # its place

    @property
    def lead(self) -> Sentence:
        """The finding: how many live there, the place that gives it, and the change since 2010 where it is known."""
        change = self.all.rounded("change").get(self.id)
        fields: dict[str, str | Quantity] = {"name": self.name, "residents": self.all.residents[self.id]}
        fields["place"] = self.place("residents")
        fields["districts"] = str(len(self.all))
        if change is None:
            return sentence(self.book.lang, "district.lead", **fields)
        fields["change"] = abs(change)
        if change.value < 0:
            return sentence(self.book.lang, "district.lead_with_fall", **fields)
        return sentence(self.book.lang, "district.lead_with_rise", **fields)

    def compared(self) -> dict[str, dict[str, Quantity]]:
        """All that is compared between districts, by measure and by their short names."""
        by_measure = {}
        for measure in self.all.measures():
            numbers = self.all.rounded(measure.id)
            by_measure[self._title(measure)] = {self.all[area].short: number for area, number in numbers.items()}
        return by_measure

    def place(self, measure: str) -> str:
        """Its place among the districts that have a number, in words; "" where it has none itself."""
        compared = self.all.measure(measure)
        return compared.place(self.id).text(self.book.lang) if self.id in compared.values else ""

    def rank(self, measure: str) -> str:
        """Its place and among how many: “6th of 11”; "" where it has no number."""
        place = self.place(measure)
        if not place:
            return ""
        count = len(self.all.measure(measure).values)
        return self.book.message("district.rank", place=place, count=count)

    def places(self, id: str) -> Shown:
        """A table of its places in all that is compared."""
        rows = []
        for measure in self.all.measures():
            number = self.all.rounded(measure.id).get(self.id)
            rows.append([self._title(measure), number, self.rank(measure.id)])
        title = self.book.message("district.places", name=self.name)
        heads = self.book.messages("column.measure", "column.here", "column.rank")
        return table(rows, id=id, title=title, columns=heads)

    # since 2010

    @property
    def growth(self) -> Sentence:
        """The finding: how the residents changed from the census of 2010 to that of 2020."""
        change = self.all.rounded("change").get(self.id)
        if change is None:
            return sentence(self.book.lang, "district.growth_unknown")
        if change.value < 0:
            return sentence(self.book.lang, "district.growth_down", change=abs(change))
        return sentence(self.book.lang, "district.growth_up", change=change)

    @property
    def ten_years(self) -> Sentence:
        """Both censuses and where the earlier number comes from, or what was looked for and not found."""
        if self.id not in self.all.change:
            return sentence(self.book.lang, "district.census_unknown")
        key = "district.censuses_derived" if self.before.derived else "district.censuses"
        return sentence(self.book.lang, key, before=self.before, after=self.all.residents[self.id])

    @property
    def before(self) -> Quantity:
        """The residents of the census of 2010, cited or what the increase leaves. `KeyError` where neither is known."""
        counted = self.all.series("district.census@2010")
        if self.id in counted:
            return counted[self.id]
        return self.all.residents[self.id] - self.all.series("district.census_increase")[self.id]

    # what the book says

    @cached_property
    def projects(self) -> list[str]:
        """The innovation projects that the book names for the district."""
        rows = self.book.table("projects")
        own = rows[rows["area"] == self.id].to_dict("records")
        return [in_language(row, "name", self.book.lang) for row in own]

    @cached_property
    def rectifications(self) -> list[tuple[str, str]]:
        """What the book says was put under rectification in the district: the measure, and the place or problem."""
        rows = self.book.table("rectifications")
        lang = self.book.lang
        named = []
        for row in rows[rows["area"] == self.id].to_dict("records"):
            subject = in_language(row, "place", lang) or in_language(row, "problem", lang)
            named.append((in_language(row, "measure", lang), subject))
        return named

    @property
    def mention(self) -> str:
        """The finding: how many projects and rectifications the book names in the district."""
        counts = []
        if self.projects:
            counts.append(self.book.message("district.projects", count=len(self.projects)))
        if self.rectifications:
            counts.append(self.book.message("district.rectifications", count=len(self.rectifications)))
        if not counts:
            return self.book.message("district.no_mention")
        return self.book.message("district.mention", counts=listed(counts, self.book.lang))

    def mentions(self, id: str) -> Shown | None:
        """A table of them; None where there are none."""
        project = self.book.message("district.project")
        rows = [(project, name) for name in self.projects]
        rows += self.rectifications
        if not rows:
            return None
        title = self.book.message("district.mentions", name=self.name, short=self.short)
        return table(rows, id=id, title=title, columns=self.book.messages("column.kind", "column.name"))

    # what is missing, and what conflicts

    def unfound(self) -> list[Unfound]:
        """The numbers that were looked for and not found."""
        gaps = self.cited[self.cited["quantity"].isna()]
        found = [self.book.find(str(figure)) for figure in gaps.index]
        return [one for one in found if isinstance(one, Unfound)]

    @cached_property
    def lacking(self) -> list[str]:
        """What a reader looks for in a brief and does not find, in words."""
        return self.book.messages(*(wanted.name for wanted in self._lacking))

    @cached_property
    def _lacking(self) -> list[_Wanted]:
        return [wanted for wanted in WANTED if not any(self._has(series) for series in wanted.series)]

    @property
    def gaps(self) -> str:
        """The finding: what was not found."""
        if not self.lacking:
            return self.book.message("district.no_gaps")
        return self.book.message("district.gaps", names=listed(self.lacking, self.book.lang))

    def unfound_table(self, id: str) -> Shown | None:
        """A table of what was looked for, where, and what it would tell; None where nothing was missed.

        All that the heading names has a row: what no note says where to look for was in none of the page's sources.
        """
        rows = []
        noted = set()
        for one in self.unfound():
            rows.append((one.label, (one.place, one.url), one.note))
            noted.add(str(self.cited.loc[one.figure, "indicator"]))
        everywhere = (self.book.message("district.all_sources"), "#all-numbers")
        for wanted in self._lacking:
            if not noted & wanted.indicators:
                (name,) = self.book.messages(wanted.name)
                rows.append((name[:1].upper() + name[1:], everywhere, ""))
        if not rows:
            return None
        heads = self.book.messages("column.number", "column.looked_in", "column.would_show")
        return table(rows, id=id, title=self.book.message("district.unfound"), columns=heads)

    def conflicts_table(self, id: str) -> Shown | None:
        """A table of what sources give differently; None where they agree."""
        conflicts = self.conflicts()
        if not conflicts:
            return None
        heads = self.book.messages("column.number", "column.preferred", "column.another_source")
        return table(conflicts, id=id, title=self.book.message("district.conflicts"), columns=heads)

    def _has(self, indicator: str) -> bool:
        return self.id in self.all.series(indicator)

    def conflicts(self) -> list[tuple[str, Quantity, Quantity]]:
        """The numbers of one series and one time, or of an area at any time, whose bounds do not overlap."""
        rows = self.numbers[self.numbers["indicator"].str.startswith("district.")]
        conflicts = []
        seen: list[tuple[str, set[str]]] = []
        for indicator, group in rows.groupby("indicator", sort=False):
            is_constant = indicator == "district.area"
            for one, other in combinations(group.to_dict("records"), 2):
                first: Quantity = one["quantity"]
                second: Quantity = other["quantity"]
                is_same_time = is_constant or (one["period"] and one["period"] == other["period"])
                texts = (str(indicator), {first.text, second.text})
                if is_same_time and texts not in seen and not first.overlaps(second):
                    seen.append(texts)
                    conflicts.append((one["label"], first, second))
        return conflicts

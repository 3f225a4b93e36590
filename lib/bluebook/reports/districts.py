"""The districts of the city: what is cited of each, what follows from it, and where each stands among the others.

    districts = Districts(open_edition("shenzhen-2021", lang="en"))
    futian = districts["futian"]
    futian.headline                # up to five numbers with their labels
    districts.measure("density")   # residents per square kilometre, by district

All numbers are cited from elsewhere (`context.csv`) or derived from such; derived ones keep their bounds. A place among
the districts follows from the bounds: where these overlap, it is "2nd or 3rd".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from bluebook.edition.edition import Edition, EditionError
from bluebook.messages import language
from bluebook.numbers.quantity import Quantity
from bluebook.reports.brief import COMPARED, District
from bluebook.reports.places import Place, place_of, shortened
from bluebook.reports.show import Scaled, Shown, table

MYRIAD = 10**4  # 万, and 亿 is its square
OVERVIEW_COLUMNS = (  # of what is compared, each with its unit
    "column.residents",
    "column.since_2010",
    "column.per_km2",
    "column.per_subdistrict",
    "column.gdp",
)
MEASURES = {  # what is compared: its name, and what is counted and when
    "residents": ("measure.residents", "measure.census"),
    "density": ("measure.density", "measure.census"),
    "per_subdistrict": ("measure.per_subdistrict", "measure.census"),
    "change": ("measure.change", "measure.ten_years"),
    "gdp": ("measure.gdp", "measure.gdp_year"),
}


@dataclass(frozen=True)
class Measure:
    """What is compared between districts: its name, what is counted and when, and a number for each that has one."""

    id: str
    name: str
    about: str
    values: Mapping[str, Quantity]

    def place(self, area: str) -> Place:
        """The place of a district among those that have a number. `KeyError` for one that has none."""
        return place_of(area, self.values)


class Districts:
    """The districts of an edition, in the order of `areas.csv`; `districts["futian"]` is one of them."""

    def __init__(self, book: Edition) -> None:
        self.book = book
        self.areas = book.table("areas")
        self.ids = list(self.areas["id"])

    def __getitem__(self, area: str) -> District:
        if area not in self.ids:
            known = ", ".join(self.ids)
            raise EditionError(f'{self.book.name} has no district "{area}": expected one of {known}')
        return District(self, area)

    def __iter__(self) -> Iterator[District]:
        return (self[area] for area in self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def shorts(self, areas: Iterable[str]) -> list[str]:
        """The short names of districts, as labels."""
        return [self[area].short for area in areas]

    @cached_property
    def cited(self) -> pd.DataFrame:
        """What is cited of the districts, found or not, with a column `key`: the id of the district."""
        frame = self.book.cited()
        keys = dict(zip(self.areas["name_zh"], self.areas["id"], strict=True))
        frame = frame[frame["area"].isin(list(keys))]
        return frame.assign(key=[keys[area] for area in frame["area"]])

    def series(self, indicator: str) -> dict[str, Quantity]:
        """The preferred number of each district in a series, by district; `indicator@2020`: of that year alone."""
        name, _, year = indicator.partition("@")
        is_of_series = self.cited["indicator"] == name
        is_of_year = self.cited["period"].str.startswith(year)
        rows = self.cited[is_of_series & is_of_year].dropna(subset="quantity")
        preferred = rows.drop_duplicates("key")
        numbers = dict(zip(preferred["key"], preferred["quantity"], strict=True))
        return {area: numbers[area] for area in self.ids if area in numbers}

    @cached_property
    def residents(self) -> dict[str, Quantity]:
        """The residents of the census of 2020."""
        return self.series("population.district")

    @cached_property
    def density(self) -> dict[str, Quantity]:
        """Residents per square kilometre, of the preferred area."""
        return _each(self.residents, self.series("district.area"))

    @cached_property
    def per_subdistrict(self) -> dict[str, Quantity]:
        """Residents per subdistrict; a district with towns instead has none."""
        return _each(self.residents, self.series("structure.district"))

    @cached_property
    def change(self) -> dict[str, Quantity]:
        """The change of residents from the census of 2010 to that of 2020, as a percentage.

        From the number of 2010 where it was found, else from the increase that the press release on the census gives.
        """
        increases = self.series("district.census_increase")
        changes = {}
        for area, increase in increases.items():
            before = self.residents[area] - increase
            changes[area] = (increase / before).percent
        for area, before in self.series("district.census@2010").items():
            growth = self.residents[area] / before - 1
            changes[area] = growth.percent
        return {area: changes[area] for area in self.ids if area in changes}

    def measure(self, name: str) -> Measure:
        """What is compared: residents, density, per_subdistrict, change, gdp. Raises `EditionError` for another."""
        if name not in MEASURES:
            known = ", ".join(MEASURES)
            raise EditionError(f'no measure "{name}" of districts: expected one of {known}')
        title, about = self.book.messages(*MEASURES[name])
        return Measure(name, title, about, self._values(name))

    def _values(self, measure: str) -> dict[str, Quantity]:
        if measure == "gdp":
            return self.series("district.gdp@2020")
        values: dict[str, Quantity] = getattr(self, measure)
        return values

    def rounded(self, measure: str) -> dict[str, Quantity]:
        """The numbers of a measure as they are shown: derived ranges in three digits."""
        return {area: shortened(number) for area, number in self.measure(measure).values.items()}

    def extremes(self, measure: str) -> tuple[District, District, Quantity]:
        """The districts with the largest and the smallest number of a measure, and the one divided by the other."""
        values = self.measure(measure).values
        ranked = sorted(values, key=lambda area: values[area].value)
        least, most = ranked[0], ranked[-1]
        times = values[most] / values[least]
        return self[most], self[least], shortened(times.ratio)

    def measures(self) -> list[Measure]:
        """All that is compared."""
        return [self.measure(name) for name in COMPARED]

    def links(self, page: str) -> dict[str, str]:
        """The address of each district's brief, by an address like `20-district-{}.html`."""
        return {area: page.format(area) for area in self.ids}

    def overview(self, id: str, page: str) -> Shown:
        """A table of all districts; each leads to its brief, at an address like `20-district-{}.html`."""
        rows = []
        for district in self:
            name = (district.short, page.format(district.id))
            numbers = [self._scaled(measure, district.id) for measure in COMPARED]
            rows.append([name, *numbers])
        heads = self.book.messages("column.district", *OVERVIEW_COLUMNS)
        return table(rows, id=id, title=self.book.message("districts.overview"), columns=heads)

    def _scaled(self, measure: str, area: str) -> Scaled | None:
        """A number of the overview, in the unit that the head of its column says; None where there is none."""
        number = self.measure(measure).values.get(area)
        if number is None:
            return None
        if measure == "change":
            return Scaled(number, Fraction(1, 100), Fraction(1, 1000))
        if measure == "density":
            return Scaled(number, 1)
        has_myriads = language(self.book.lang).numbers.compact_from == MYRIAD
        if measure == "gdp":
            return Scaled(number, MYRIAD**2 if has_myriads else 10**9, 10**8)
        step = 10**3 if measure == "residents" else 100
        return Scaled(number, MYRIAD if has_myriads else 10**3, step)


def _each(above: Mapping[str, Quantity], below: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """So many of the one for each of the other, for the districts that have both."""
    each = {}
    for area, number in above.items():
        if area in below:
            ratio = number / below[area]
            each[area] = ratio.amount
    return each

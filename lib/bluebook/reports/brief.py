"""One district: its numbers, its place among the others, what the book says of it, and what was not found."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from bluebook.edition.edition import EditionError, Unfound
from bluebook.numbers.quantity import Quantity
from bluebook.reports.blocks import menu
from bluebook.reports.places import Sentence, listed, shortened
from bluebook.reports.show import Shown, cards, cited_table, table

if TYPE_CHECKING:
    from bluebook.reports.districts import Districts

HEADLINES = 5
COMPARED = ("residents", "change", "density", "per_subdistrict", "gdp")
SHORT_NAMES = {
    "district.gdp": ("地区生产总值", "GDP"),
    "district.area": ("面积", "Area"),
    "district.communities": ("社区", "Communities"),
    "district.revenue": ("一般公共预算收入", "Budget revenue"),
}

# What readers look for in a brief: the series that say it, and its name.
WANTED = (
    (("district.census_increase", "district.census@2010"), "2010年普查人口", "residents in the census of 2010"),
    (("district.age_65",), "年龄构成", "ages"),
    (("district.communities",), "社区数", "number of communities"),
    (("district.gdp@2020",), "2020年地区生产总值", "GDP of 2020"),
    (("district.revenue",), "一般公共预算收入", "budget revenue"),
    (("district.livelihood", "district.livelihood_safety"), "民生支出", "spending on public services"),
    (("district.schools", "district.kindergartens"), "学校与幼儿园数", "number of schools and kindergartens"),
)


class District:
    """One district: its numbers, its place, what the book says of it, and what was not found."""

    def __init__(self, districts: Districts, area: str) -> None:
        self.all, self.book, self.id = districts, districts.book, area
        rows = {row["id"]: row for row in districts.areas.to_dict("records")}
        self.name = str(rows[area][f"name_{self.book.lang}"])
        self.short = str(rows[area][f"short_{self.book.lang}"])

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
        return menu(items, here=self.short, id=id, title=self.book.say("各区", "Districts"))

    # the headline

    @property
    def headline(self) -> list[Quantity]:
        """The five numbers that a brief opens with: of those that are there the first, each with its label."""
        found = [self._of_measure(name) for name in COMPARED if self._is_in(name)]
        found += [*self._per_town(), *self._latest("district.gdp"), *self._latest("district.area")]
        found += [*self._latest("district.communities"), *self._latest("district.revenue")]
        return list({number.label: number for number in found}.values())[:HEADLINES]

    def cards(self, id: str) -> Shown:
        """The headline numbers as cards, with the place of those that are compared."""
        say, numbers = self.book.say, self.headline
        names = {self._of_measure(name).label: name for name in COMPARED if self._is_in(name)}
        notes = [self._note(number, names.get(number.label, "")) for number in numbers]
        return cards(numbers, id=id, title=say("要点数字", "Headline numbers"), notes=notes)

    def _note(self, number: Quantity, measure: str) -> str:
        """What stands under a headline number: its place, where it is compared; and where it comes from."""
        origin = self.book.say("推算", "derived") if number.derived else number.where
        return f"{self.rank(measure)}{self.book.say('；', '; ')}{origin}" if measure else origin

    def _is_in(self, measure: str) -> bool:
        return self.id in self.all.measure(measure).values

    def _of_measure(self, name: str) -> Quantity:
        measure = self.all.measure(name)
        return _labelled(
            self.number(name), self.book.say(f"{measure.about}{measure.name}", f"{measure.name}, {measure.about}")
        )

    def _per_town(self) -> list[Quantity]:
        """Residents per town, of a district that has towns in place of subdistricts."""
        towns = self.all.series("structure.towns").get(self.id)
        if towns is None:
            return []
        each = shortened((self.all.residents[self.id] / towns).amount)
        return [_labelled(each, self.book.say("2020年普查平均每个镇常住人口", "Residents per town, census of 2020"))]

    def _latest(self, indicator: str) -> list[Quantity]:
        """The preferred number of a series that is nearest to 2020, if there is one, under a short name."""
        rows = self.numbers[self.numbers["indicator"] == indicator]
        if rows.empty:
            return []
        years = [abs(int(period[:4] or 0) - 2020) for period in rows["period"]]
        row = rows.iloc[years.index(min(years))]
        zh, en = SHORT_NAMES[indicator]
        year = row["period"][:4]
        if not year or indicator == "district.area":
            return [_labelled(row["quantity"], self.book.say(zh, en))]
        return [_labelled(row["quantity"], self.book.say(f"{year}年{zh}", f"{en}, {year}"))]

    # its place

    @property
    def lead(self) -> Sentence:
        """The finding: how many live there, the place that gives it, and the change since 2010 where it is known."""
        say, residents = self.book.say, self.all.residents[self.id]
        place = self.place("residents")
        parts: list[str | Quantity] = [say(f"2020年普查，{self.name}常住人口", f"{self.name} had "), residents]
        parts.append(
            say(f"，在{len(self.all)}个区中居{place}", f" residents in the census of 2020, {place} of {len(self.all)}")
        )
        change = self.all.rounded("change").get(self.id)
        if change is None:
            parts.append(say("；2010年的数没有查到。", "; no number for 2010 was found."))
        elif change.value < 0:
            parts += [say("，比2010年少", " and "), abs(change), say("。", " fewer than in 2010.")]
        else:
            parts += [say("，比2010年多", " and "), change, say("。", " more than in 2010.")]
        return Sentence(tuple(parts))

    def compared(self) -> dict[str, dict[str, Quantity]]:
        """All that is compared between districts, by measure and by their short names."""
        found = {}
        for measure in self.all.measures():
            numbers = self.all.rounded(measure.id)
            name = self.book.say(f"{measure.about}{measure.name}", f"{measure.name}, {measure.about}")
            found[name] = {self.all[area].short: number for area, number in numbers.items()}
        return found

    def place(self, measure: str) -> str:
        """Its place among the districts that have a number, in words; "" where it has none itself."""
        compared = self.all.measure(measure)
        return compared.place(self.id).text(self.book.lang) if self.id in compared.values else ""

    def rank(self, measure: str) -> str:
        """Its place and among how many: “6th of 11”; "" where it has no number."""
        place, number = self.place(measure), len(self.all.measure(measure).values)
        return self.book.say(f"{number}个区中{place}", f"{place} of {number}") if place else ""

    def places(self, id: str) -> Shown:
        """A table of its places in all that is compared."""
        say = self.book.say
        rows = []
        for measure in self.all.measures():
            number = self.all.rounded(measure.id).get(self.id)
            rows.append(
                [
                    say(f"{measure.about}{measure.name}", f"{measure.name}, {measure.about}"),
                    number,
                    self.rank(measure.id),
                ]
            )
        heads = say("指标|本区|位次", "Measure|Here|Rank").split("|")
        return table(
            rows, id=id, title=say(f"{self.name}在各区中的位次", f"{self.name} among the districts"), columns=heads
        )

    # since 2010

    @property
    def growth(self) -> Sentence:
        """The finding: how the residents changed from the census of 2010 to that of 2020."""
        say, change = self.book.say, self.all.rounded("change").get(self.id)
        if change is None:
            return Sentence((say("2010年以来的变化算不出来", "The change since 2010 cannot be calculated"),))
        if change.value < 0:
            return Sentence((say("十年减少", "Residents fell by "), abs(change), say("", " in ten years")))
        return Sentence((say("十年增长", "Residents grew by "), change, say("", " in ten years")))

    @property
    def ten_years(self) -> Sentence:
        """Both censuses and where the earlier number comes from, or what was looked for and not found."""
        say = self.book.say
        if self.id not in self.all.change:
            return Sentence(
                (
                    say(
                        "关于2010年普查，新闻稿只写了增加较多的五个区；本区2010年的人口没有查到，所以不作估算。",
                        "The press release on the census gives only the five largest increases since 2010. "
                        "The district’s number for 2010 was not found, and we do not estimate it.",
                    ),
                )
            )
        before, after = self.before, self.all.residents[self.id]
        origin = ""
        if before.derived:
            origin = say("（由新闻稿的增加数推算）", " (derived from the increase in the press release)")
        first, second = say("2010年普查", "The census of 2010 counted "), say("，2020年普查", ", that of 2020 ")
        return Sentence((first, before, f"{origin}{second}", after, say("。", ".")))

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
        return list(rows[rows["area"] == self.id][f"name_{self.book.lang}"])

    @cached_property
    def rectifications(self) -> list[tuple[str, str]]:
        """What the book says was put under rectification in the district: the measure, and the place or problem."""
        rows, lang = self.book.table("rectifications"), self.book.lang
        rows = rows[rows["area"] == self.id]
        subjects = [
            place or problem for place, problem in zip(rows[f"place_{lang}"], rows[f"problem_{lang}"], strict=True)
        ]
        return list(zip(rows[f"measure_{lang}"], subjects, strict=True))

    @property
    def mention(self) -> str:
        """The finding: how many projects and rectifications the book names in the district."""
        counts = [
            (len(self.projects), ("个项目", "project")),
            (len(self.rectifications), ("项整治", "rectification")),
        ]
        named = [self.book.say(f"{count}{zh}", _counted(count, en)) for count, (zh, en) in counts if count]
        if not named:
            return self.book.say("书中没有提到本区的项目或整治", "The book names no projects or rectifications here")
        return (
            self.book.say("书中点名", "The book names ")
            + str(listed(named, self.book.lang))
            + self.book.say("", " here")
        )

    def mentions(self, id: str) -> Shown | None:
        """A table of them; None where there are none."""
        say = self.book.say
        rows = [(say("创新项目", "innovation project"), project) for project in self.projects]
        rows += self.rectifications
        if not rows:
            return None
        heads = say("事项|内容", "Kind|Name").split("|")
        return table(
            rows, id=id, title=say(f"书中关于{self.name}的事项", f"What the book names in {self.short}"), columns=heads
        )

    # what is missing, and what conflicts

    def unfound(self) -> list[Unfound]:
        """The numbers that were looked for and not found."""
        gaps = self.cited[self.cited["quantity"].isna()]
        found = [self.book.find(str(figure)) for figure in gaps.index]
        return [one for one in found if isinstance(one, Unfound)]

    @cached_property
    def lacking(self) -> list[str]:
        """What a reader looks for in a brief and does not find, in words."""
        return [self.book.say(zh, en) for _, zh, en in self._lacking]

    @cached_property
    def _lacking(self) -> list[tuple[tuple[str, ...], str, str]]:
        return [wanted for wanted in WANTED if not any(map(self._has, wanted[0]))]

    @property
    def gaps(self) -> str:
        """The finding: what was not found."""
        if not self.lacking:
            return self.book.say("常看的数字都查到了", "All the usual numbers were found")
        return self.book.say("没有查到：", "Not found: ") + str(listed(self.lacking, self.book.lang))

    def unfound_table(self, id: str) -> Shown | None:
        """A table of what was looked for, where, and what it would tell; None where nothing was missed.

        All that the heading names has a row: what no note says where to look for was in none of the page's sources.
        """
        say = self.book.say
        rows = [(one.label, (one.place, one.url), one.note) for one in self.unfound()]
        noted = {str(self.cited.loc[one.figure, "indicator"]) for one in self.unfound()}
        everywhere = (say("本页列出的各个来源", "The sources listed on this page"), "#all-numbers")
        for series, zh, en in self._lacking:
            if not noted & {name.partition("@")[0] for name in series}:
                words = say(zh, en[:1].upper() + en[1:])
                rows.append((words, everywhere, ""))
        if not rows:
            return None
        heads = say("数字|查过的地方|有了它能知道什么", "Number|Where we looked|What it would show").split("|")
        return table(rows, id=id, title=say("查过而没有的数字", "Looked for and not found"), columns=heads)

    def conflicts_table(self, id: str) -> Shown | None:
        """A table of what sources give differently; None where they agree."""
        say = self.book.say
        if not self.conflicts():
            return None
        heads = say("数字|优先采用|另一来源", "Number|Preferred|Another source").split("|")
        return table(self.conflicts(), id=id, title=say("来源不一致的数字", "Conflicting sources"), columns=heads)

    def _has(self, indicator: str) -> bool:
        return self.id in self.all.series(indicator)

    def conflicts(self) -> list[tuple[str, Quantity, Quantity]]:
        """The numbers of one series and one time, or of an area at any time, whose bounds do not overlap."""
        rows = self.numbers[self.numbers["indicator"].str.startswith("district.")]
        found, pairs = [], list[tuple[str, set[str]]]()
        for indicator, group in rows.groupby("indicator", sort=False):
            stays = indicator == "district.area"
            for one, other in combinations(group.to_dict("records"), 2):
                same_time = stays or (one["period"] and one["period"] == other["period"])
                pair = (str(indicator), {one["quantity"].text, other["quantity"].text})
                if same_time and pair not in pairs and not one["quantity"].overlaps(other["quantity"]):
                    pairs.append(pair)
                    found.append((one["label"], one["quantity"], other["quantity"]))
        return found


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _labelled(number: Quantity, label: str) -> Quantity:
    return number.named(label, label)

"""The sections of a page about any edition: what its figures ask to be shown as, by chapter and by what they measure.

Figures of one topic (their ids but for the last part) that share measure, unit and period stand in one chart; what has
nothing to be compared with becomes a card, and all of it stands in a table. Units that differ never share an axis.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import Any

import pandas as pd

from bluebook import charts
from bluebook.charts import Chart
from bluebook.edition.audit import Verdict, audit
from bluebook.edition.edition import STATUS, Edition
from bluebook.numbers.printed import canonical
from bluebook.numbers.quantity import PART_OF_WHOLE, Quantity
from bluebook.reports import show
from bluebook.reports.show import Shown

ALONE = ("norm", "duration")  # numbers that say something of one thing each: a card rather than a bar
RANK = (
    "level",
    "count",
    "share",
    "increase",
    "growth",
    "annual_growth",
    "ratio",
    "rate",
    "average",
)  # what is worth a headline, best first
MOST = 20  # bars in a chart, or cards in a row; the table has the rest
LISTED = 8  # names in a cell
ITEMS = dict.fromkeys("个项件宗起", "个")  # measure words that a source uses for the same things
APART = 100  # times: from here on bars would hide the smaller numbers, and dots on a logarithmic scale do not


def heading(id: str, words: str) -> Shown:
    """A heading for what follows, with its anchor."""
    return Shown(f'<h2 id="{slug(id)}">{escape(words)}</h2>', words)


def slug(id: str) -> str:
    """An id as an anchor or a chart may have it.

    >>> slug("livelihood.growth"), slug("第一章")
    ('livelihood-growth', 'e7acace4b880e7aba0')
    """
    return re.sub(r"[^a-z0-9]+", "-", id.lower()).strip("-") or id.encode().hex()


def headlines(book: Edition) -> Shown:
    """The figure of each chapter that is most worth a headline, as cards."""
    found = [_headline(book.chapter(chapter)) for chapter, _ in book.chapters]
    return show.cards(found[:MOST], id="headlines", title=book.say("各章主要数字", "A number from each chapter"))


def _headline(frame: pd.DataFrame) -> Quantity:
    rank = {measure: n for n, measure in enumerate(RANK)}
    rows = frame[frame["status"] == ""] if (frame["status"] == "").any() else frame
    best = min(rows.to_dict("records"), key=lambda row: (rank.get(row["measure"], len(RANK)), -abs(row["value"])))
    quantity: Quantity = best["quantity"]
    return quantity


def chapters(book: Edition) -> Iterator[Shown | Chart]:
    """Every chapter: its heading, cards, charts and the table of its figures.

    >>> from bluebook import open_edition
    >>> next(chapters(open_edition("shenzhen-2021", lang="en"))).plain
    'Livelihood'
    """
    for chapter, title in book.chapters:
        frame = book.chapter(chapter)
        drawn, alone = sort_out(frame)
        yield heading(chapter, title)
        if alone:
            yield show.cards(alone[:MOST], id=f"{slug(chapter)}-cards", title=title)
        yield from (_chart(book, group) for group in drawn)
        if len(frame) > 1:
            yield _table(book, slug(chapter), title, frame)


def sort_out(frame: pd.DataFrame) -> tuple[list[pd.DataFrame], list[Quantity]]:
    """Groups of figures to draw, each on one axis, and the figures that stand alone; both in the order of the frame."""
    drawn = [group for group in groups(frame) if _is_drawn(group)]
    taken = {figure for group in drawn for figure in group.index}
    return drawn, [q for figure, q in frame["quantity"].items() if figure not in taken]


def groups(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The figures that can be compared: of one topic, measured alike, of one time; or one thing at several times.

    What is expected is compared with what is only where both are one thing.
    """
    if frame.empty:
        return []
    topics = pd.Index([_topic(str(figure)) for figure in frame.index])
    kinds = frame["measure"] + " " + [axis(q) for q in frame["quantity"]]
    things = _things(frame) + " " + frame["area"]
    series = frame.groupby([topics, kinds, things])["label"].transform("size") > 1  # one thing, many times
    times = (frame["period"] + " " + frame["base"] + " " + frame["status"]).where(~series, things)
    return [group for _, group in frame.groupby([topics, kinds, times], sort=False)]


def _topic(figure: str) -> str:
    """The topic of a figure: its id but for the last part; all of an id that only says a place in the text."""
    topic, _, last = figure.rpartition(".")
    return figure if re.fullmatch(r"p\d+_\d+", last) else topic


def _things(frame: pd.DataFrame) -> pd.Series:
    """What the figures are of: their labels without what says that one is a forecast."""
    things = [
        label.removesuffix(STATUS[status][0]).removesuffix(STATUS[status][1])
        for label, status in zip(frame["label"], frame["status"], strict=True)
    ]
    return pd.Series(things, frame.index)


def axis(quantity: Quantity) -> str:
    """What numbers must share to be compared in one picture: stricter than a chart, which lets all counts together."""
    return ITEMS.get(quantity.unit, canonical(quantity.unit)) or charts.kind(quantity)


def _is_drawn(group: pd.DataFrame) -> bool:
    first = group.iloc[0]
    if len(group) == 1:
        return bool(first["measure"] == "share" and 0 < first["value"] < 1)
    return first["measure"] not in ALONE


def _chart(book: Edition, group: pd.DataFrame) -> Chart:
    """The chart that a group asks for: parts of a whole, tiles for areas, bars or dots for the rest."""
    items, id = list(group["quantity"]), slug(str(group.index[0]))
    if len(items) == 1:
        rest = (1 - items[0]).named("其余", "The rest")
        return charts.waffle(
            [*items, rest], rest=True, title=f"{items[0].label}{book.say('：', ': ')}{items[0]}", id=id
        )
    places = _places(book, group)
    things = _things(group)
    is_series = len(group) > 1 and things.nunique() == 1 and group["area"].nunique() == 1
    if is_series:
        return _series_chart(book, group, str(things.iloc[0]), id)
    shown = group.assign(label=_labels(book, group))
    shown = shown.sort_values(["period", "value"], ascending=[True, False], kind="stable")[:MOST]
    items, labels = list(shown["quantity"]), list(shown["label"])
    title = finding(book, items, labels)
    if places is not None:
        return charts.tiles(places, dict(zip(places["id"], group["quantity"], strict=True)), title=title, id=id)
    if group["measure"].iloc[0] == "share" and sum(q.low for q in items) <= 1 <= sum(q.high for q in items):
        return charts.share(items, labels=labels, title=title, id=id)
    if 0 < min(q.low for q in items) * APART < max(q.high for q in items):
        return charts.dots(items, labels=labels, sort=False, log=True, title=title, id=id)
    return charts.bars(items, labels=labels, sort=False, title=title, id=id, expected=_expected(shown))


def _expected(shown: pd.DataFrame) -> list[str]:
    """The labels of forecasts and targets."""
    return list(shown["label"][shown["status"] != ""])


def _series_chart(book: Edition, group: pd.DataFrame, thing: str, id: str) -> Chart:
    """One thing at several times: a line where each has its year and has come, else bars in the order of time."""
    shown = group.sort_values("period", kind="stable")
    items, periods = list(shown["quantity"]), list(shown["period"])
    last = book.say(*STATUS[shown["status"].iloc[-1]])
    title = f"{thing}{book.say('：', ': ')}{items[0]} → {items[-1]}{last}"
    are_years = all(re.fullmatch("[0-9]{4}", period) for period in periods) and len(set(periods)) == len(periods)
    if len(items) > 2 and are_years and not (shown["status"] != "").any():
        return charts.trend({thing: list(zip(periods, items, strict=True))}, title=title, id=id)
    labels = [
        (period or book.say("此前", "Before")) + book.say(*STATUS[status])
        for period, status in zip(periods, shown["status"], strict=True)
    ]
    if len(set(labels)) < len(labels):
        labels = [f"{label} ({number})" for number, label in enumerate(labels, 1)]
    shown = shown.assign(label=labels)[:MOST]
    items, labels = items[:MOST], labels[:MOST]
    return charts.bars(items, labels=labels, sort=False, title=title, id=id, expected=_expected(shown))


def _labels(book: Edition, group: pd.DataFrame) -> list[str]:
    """The labels; where several figures share one, the area and the period that tell them apart."""
    if group["label"].is_unique:
        return list(group["label"])
    areas = show.area_names(book)
    tails = [str(figure).rpartition(".")[2] for figure in group.index]
    names = [areas.get(area) or book.say(area, tail) for area, tail in zip(group["area"], tails, strict=True)]
    columns = {"area": names, "period": list(group["period"])}
    told = [said for column, said in columns.items() if group[column].nunique() > 1]
    words = [" ".join(filter(None, row)) for row in zip(*told, strict=True)] or tails
    return [word or label for word, label in zip(words, group["label"], strict=True)]


def _places(book: Edition, group: pd.DataFrame) -> pd.DataFrame | None:
    """The edition's tiles for the areas of a group, in its order, if each figure is about another of them."""
    areas = book.table("areas") if book.has_table("areas") else pd.DataFrame()
    if "row" not in areas:
        return None
    areas = areas.set_index("name_zh", drop=False)
    known = set(group["area"]) <= set(areas.index[areas["row"] != ""]) and group["area"].is_unique
    if not known or len(group) < 3:
        return None
    places = areas.loc[list(group["area"])]
    corner = {side: places[side].astype(int) - places[side].astype(int).min() for side in ("row", "col")}
    return places.assign(**{side: numbers.astype(str) for side, numbers in corner.items()})


def finding(book: Edition, items: list[Quantity], labels: list[str]) -> str:
    """Which is the largest, if the bounds let that be said."""
    order = sorted(range(len(items)), key=lambda i: -items[i].value)
    (first, top), (second, next_) = ((labels[i], items[i]) for i in order[:2])
    if top.low > next_.high:
        return book.say(f"{first}居首：{top}", f"Highest: {first}, {top}")
    return book.say(f"{first}与{second}难分高下", f"{first} and {second}: neither is clearly higher")


def _table(book: Edition, id: str, title: str, frame: pd.DataFrame) -> Shown:
    areas = show.area_names(book)
    times = [" ".join(filter(None, (show.period(row), areas.get(row["area"], "")))) for _, row in frame.iterrows()]
    rows = [(q.label, q, q.bounds_text, time, q.where) for q, time in zip(frame["quantity"], times, strict=True)]
    head = book.say("数字 写法 范围 时期 出处", "Number Value Range Period Source").split()
    told = book.say(f"{title}：全部数字", f"{title}: all numbers")
    return show.table(rows, id=f"{id}-table", title=told, columns=head, explained=True)


def audited(book: Edition) -> Iterator[Shown | Chart]:
    """The edition's own checks, decided, and what each disagreement looks like; nothing for an edition without any."""
    verdicts, title = audit(book), book.say("核对", "Audit")
    if verdicts:
        counts = Counter(one.word for one in verdicts)
        told = book.say("，", ", ").join(f"{word}{book.say('', ' ')}{number}" for word, number in counts.items())
        head = book.say("核对什么 结论 为什么", "Check Verdict Why").split()
        yield heading("audit", title)
        yield show.table(
            [(one.statement, one.word, one.sentence) for one in verdicts],
            id="audit-table", title=f"{title}{book.say('：', ': ')}{told}", columns=head,
        )  # fmt: skip
    yield from _disagreements(book, [one for one in verdicts if one.verdict == "disagrees"][:MOST])


def _disagreements(book: Edition, found: list[Verdict]) -> Iterator[Chart]:
    """What does not fit: percentages on one axis, amounts on another, each alone where a right side may be zero."""
    percentages = [one for one in found if all(side.as_percent for side in one.sides)]
    amounts = [one for one in found if one not in percentages and not _may_be_zero(one.right)]
    for which, checks in (("", amounts), ("-of-percentages", percentages)):
        if checks:
            count = len(checks)
            english = f"{count} checks disagree" if count > 1 else "One check disagrees"
            title = book.say(f"{count}项核对不一致", english)
            yield charts.forest(checks, id=f"audit-disagreements{which}", title=title)
    for one in found:
        if one not in amounts + percentages:
            labels = [side.label or side.working for side in one.sides]
            about = f"{one.statement}{book.say('：', ': ')}{one.word}"
            yield charts.intervals(one.sides, labels=labels, id=f"audit-{slug(one.id)}", title=about)


def _may_be_zero(q: Quantity | None) -> bool:
    return q is None or q.low <= 0 <= q.high


def notes(book: Edition) -> Iterator[Shown]:
    """What the edition says must be known to read its figures; nothing where it says nothing."""
    frame = book.figures[book.figures["note"] != ""]
    if len(frame):
        title, count = book.say("读数须知", "How to read the numbers"), len(frame)
        head = book.say("数字 写法 说明", "Number Value Note").split()
        yield heading("notes", title)
        yield show.table(
            [(q.label, q, note) for q, note in zip(frame["quantity"], frame["note"], strict=True)],
            id="notes-table",
            title=book.say(f"{count}个数字的说明", f"Notes on {count} numbers"),
            columns=head,
        )


def missing(book: Edition) -> Iterator[Shown]:
    """What the source, or the edition, leaves open: how much, and what."""
    frame, areas = book.figures, show.area_names(book)
    lists = {
        "areas": ("区域", "areas"),
        "context": ("引自他处的数字", "numbers from elsewhere"),
        "checks": ("核对", "checks"),
    }
    loose = [not q.exact for q in frame["quantity"]]
    absent = [book.say(*words) for name, words in lists.items() if not book.has_table(name)]
    found = {
        book.say("没有写明时期的数字", "Numbers without a period"): list(frame["label"][frame["period"] == ""]),
        book.say("只确定一个范围的数字", "Numbers known only as a range"): list(frame["label"][loose]),
        book.say("没有数字的区域", "Areas without a number"): [areas[a] for a in areas if a not in set(frame["area"])],
        book.say("本版没有的附表", "Lists missing from this edition"): absent,
    }
    rows = [(what, len(which), _listed(book, which)) for what, which in found.items() if which]
    if rows:
        yield heading("missing", book.say("没有写明的", "What remains unpublished"))
        title = book.say("没有写明的，各有多少", "What remains unpublished, and how much")
        yield show.table(
            rows, id="missing-table", title=title, columns=book.say("事项 个数 内容", "Item Count Names").split()
        )


def _listed(book: Edition, names: list[str]) -> str:
    more = len(names) - LISTED
    listed = book.say("、", "; ").join(names[:LISTED])
    return listed + (book.say(f"，另有{more}个", f"; and {more} more") if more > 0 else "")


# for the table of all figures


FORMS = (  # how a number may be printed, and how that is read; the first that fits counts
    (lambda q: q.hedge == "over", "带“余”“多”等", "With 余, 多 and similar",
     "从该数起，末位非零数字加一为止（不含）", "From the number to under one more in its last non-zero digit"),
    (lambda q: q.hedge == "nearly", "带“近”等", "With 近 and similar",
     "比该数低半个单位（至多10%）起，到该数为止（不含）", "From half a unit (at most 10%) below it to just under it"),
    (lambda q: q.hedge == "under", "带“不足”“不到”", "With 不足 or 不到",
     "比该数低半个单位起，到该数为止（不含）", "From half a unit below it to just under it"),
    (lambda q: q.hedge == "about", "带“约”“左右”", "With 约 or 左右",
     "末位非零数字上下各半个单位，至多为该数的5%", "Half a unit of its last non-zero digit (at most 5%) either way"),
    (lambda q: q.exact, "逐一计数", "Counts written out", "就是这个数", "Exactly this number"),
    (lambda q: not q.hedge and q.high == 1 and q.measure in PART_OF_WHOLE, "占全部的百分数", "Percentages of the whole",
     "末位下半个单位起，到100%为止", "From half a unit of the last digit below, up to 100%"),
    (lambda q: q.as_percent, "百分数", "Percentages", "末位上下各半个单位", "Half a unit of the last digit either way"),
    (lambda q: not q.hedge, "小数，或以万、亿为单位", "Decimals, and large numbers in 万 or 亿",
     "末位上下各半个单位", "Half a unit of the last digit either way"),
)  # fmt: skip


def readings(book: Edition) -> Shown:
    """How the forms that an edition's numbers are printed in are read, each with its first number as an example."""
    frame = book.table("figures")
    plain = [book[id] for id in frame["id"][~_overridden(frame)]]
    first: dict[int, Quantity] = {}
    for q in plain:
        for n, (fits, *_) in enumerate(FORMS):
            if fits(q):
                first.setdefault(n, q)
                break
    rows = [
        (book.say(*FORMS[n][1:3]), book.say(*FORMS[n][3:]), q.printed, q.bounds_text) for n, q in sorted(first.items())
    ]
    head = book.say("写法|读法|例（原文）|范围", "Form|Reading|Example, as printed|Range").split("|")
    title = book.say("数字的写法与范围", "How numbers are written, and the range each form allows")
    return show.table(rows, id="rules-for-bounds", title=title, columns=head)


def exceptions(book: Edition) -> str:
    """The figures whose bounds are not those of their form, with those bounds."""
    frame = book.table("figures")
    found = [book[id] for id in frame["id"][_overridden(frame)]]
    told = [f"{q.label}{book.say('（', ' (')}{q.bounds_text}{book.say('）', ')')}" for q in found]
    return book.say("、", "; ").join(told) or book.say("没有", "none")


def _overridden(frame: pd.DataFrame) -> pd.Series:
    return (frame.get("low", "") != "") | (frame.get("high", "") != "") | pd.Series(False, frame.index)


def excluded(book: Edition) -> pd.DataFrame:
    """The numerals of the source that are no figures; an empty frame where the edition does not list them."""
    return book.table("excluded") if book.has_table("excluded") else pd.DataFrame()


def excluded_kinds(book: Edition) -> Iterator[Shown]:
    """How many there are of each kind: what stands before the colon of their reason."""
    frame = excluded(book)
    if len(frame):
        kinds = frame[f"reason_{book.lang}"].str.split("[：:]").str[0].value_counts()
        title = book.say("不作数据的数字，按种类", "Numerals that are not data, by kind")
        head = [book.say("种类", "Kind"), book.say("处数", "Numerals")]
        yield show.table(list(kinds.items()), id="numerals-not-figures", title=title, columns=head)


def taken_from(book: Edition) -> str:
    """The publication the figures were taken from, and what it reports on, as far as the edition says."""
    source = book.source
    told = _publication(book, source)
    if "reports_on" in source:
        subject = _publication(book, source["reports_on"])
        told += book.say(f"；所报道的是{subject}", f"; it reports on {subject}")
    return told


def _publication(book: Edition, work: dict[str, Any]) -> str:
    tail = "" if book.lang == "zh" else "_en"
    words = [work.get(f"{key}{tail}") or work.get(key) for key in ("title", "author", "publisher", "date")]
    return book.say("，", ", ").join(word for word in words if word)

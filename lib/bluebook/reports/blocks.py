"""Blocks of a front page: findings as cards, each with a small chart and a link, and the squares of the audit.

Plain HTML with the classes that `docs/front.md` describes; any page may dress them, and without a stylesheet they are
lists that read well. All text is escaped; numbers show themselves as everywhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from bluebook.edition.audit import VERDICTS, Verdict
from bluebook.edition.edition import Edition
from bluebook.messages import message
from bluebook.numbers.quantity import Quantity
from bluebook.reports.markup import element
from bluebook.reports.stories import Story
from bluebook.reports.tables import ShowError, Shown, slug_checked, table_html, table_record

STRONG, GREY = "#1f5ea8", "#9aa5b1"  # of the bars where no stylesheet says otherwise
WIDTH = 100  # of the longest bar, in the units of its drawing
COUNTED = {  # how many checks have a verdict
    "disagrees": "count.disagree",
    "changed": "count.changed",
    "cannot tell": "count.cannot_tell",
    "agrees": "count.agree",
}
STATES = {"disagrees": ("bad", "≠"), "changed": ("moved", "↕"), "cannot tell": ("open", "?"), "agrees": ("good", "=")}


@dataclass(frozen=True)
class Finding:
    """What was found: a title that says it, a sentence or two, where to read on, and the numbers it is about.

    `bars` are drawn on one axis from zero, under their labels; the first is the one the finding is about. `kicker` says
    in a word or two what it belongs to.
    """

    title: str
    text: str
    href: str
    bars: Mapping[str, Quantity]
    kicker: str = ""


def finding(book: Edition, check: Verdict, *, title: str, labels: Sequence[str], href: str) -> Finding:
    """What a check found, as a finding: its two sides as bars, and what the audit says the outcome may mean.

    `labels` name the left and the right side. Raises `ShowError` for a check that could not be judged.

    >>> from bluebook import audit, open_edition
    >>> book = open_edition("shenzhen-2021", "en")
    >>> checks = {check.id: check for check in audit(book)}
    >>> item = finding(book, checks["micro-total"], title="Sums differ", labels=["Product", "Total"], href="a.html")
    >>> item.kicker, list(item.bars)
    ('Safeguards', ['Product', 'Total'])
    """
    if len(check.sides) != len(labels) or check.left is None or check.right is None:
        known = f"{len(labels)} labels, {len(check.sides)} sides known"
        raise ShowError(f'finding "{check.id}": {known}; wanted two of each')
    text = check.sentence
    if check.note:
        full_stop = book.message("punctuation.full_stop")
        text = check.note.rstrip(full_stop) + full_stop
    bars = dict(zip(labels, check.sides, strict=True))
    chapter_names = dict(book.chapters)
    return Finding(title, text, href, bars, kicker=chapter_names.get(check.chapter, ""))


def findings(items: Sequence[Finding], *, id: str, title: str) -> Shown:
    """Findings as cards in a row.

    The end of a bar between the bounds of its number is pale. Raises `ShowError` where there is nothing to show, and
    for bars that share no unit or go below zero.

    >>> from bluebook.numbers.quantity import published
    >>> points = published("605个", figure="liaison.points", lang="en", label="Liaison points")
    >>> item = Finding("Points doubled", "There are 605 of them.", "society.html", {"2020": points})
    >>> print(findings([item], id="news", title="News").plain)
    Points doubled: There are 605 of them. 2020: 605
    """
    if not items:
        raise ShowError(f'findings "{id}": none; wanted one or more')
    cards = "".join(_finding(item, id) for item in items)
    plain = "\n".join(_plain(item) for item in items)
    return Shown(_list("findings", cards, id, title), plain)


def _list(kind: str, entries: str, id: str, title: str) -> str:
    return element("ul", entries, class_=kind, id=slug_checked(id), aria_label=title)


def stories(book: Edition, audited: Sequence[Story], *, href: str, id: str, title: str) -> Shown:
    """The stories of an audit as findings, each with a link to `href`, in which {} stands for its id.

    >>> from bluebook import audit, open_edition
    >>> from bluebook.reports.stories import stories as stories_of
    >>> book = open_edition("shenzhen-2021", "en")
    >>> shown = stories(book, stories_of(book, audit(book)), href="audit.html#{}", id="news", title="Stories")
    >>> 'href="audit.html#micro-projects"' in shown.html
    True
    """
    items = []
    for story in audited:
        address = href.format(story.id)
        items.append(finding(book, story.lead, title=story.title, labels=story.labels, href=address))
    return findings(items, id=id, title=title)


def _plain(item: Finding) -> str:
    numbers = "; ".join(f"{label}: {quantity.text}" for label, quantity in item.bars.items())
    return f"{item.title}: {item.text} {numbers}"


def _finding(item: Finding, id: str) -> str:
    parts = ""
    if item.kicker:
        parts += element("p", escape(item.kicker), class_="kicker")
    link = element("a", escape(item.title), href=item.href)
    parts += element("h3", link)
    parts += element("p", escape(item.text))
    parts += _bars(item, id)
    return element("li", parts, class_="finding")


def _bars(item: Finding, id: str) -> str:
    """The numbers of a finding as bars on one axis, each with its label and its value in words."""
    quantities = list(item.bars.values())
    kinds = {"%" if quantity.as_percent else quantity.kind for quantity in quantities}
    if len(kinds) != 1 or any(quantity.low < 0 for quantity in quantities):
        listed = ", ".join(sorted(kinds)) or "no bars"
        wanted = "wanted one or more numbers of one kind, none below zero"
        raise ShowError(f'findings "{id}", "{item.title}": {listed}; {wanted}')
    longest = max(quantity.high for quantity in quantities)
    rows = ""
    for label, quantity in item.bars.items():
        colour = STRONG if quantity is quantities[0] else GREY
        name = element("dt", escape(label))
        value = element("dd", _bar(quantity, longest, colour) + quantity._repr_html_())
        rows += element("div", name + value)
    return element("dl", rows, class_="bars")


def _bar(quantity: Quantity, longest: Fraction, colour: str) -> str:
    """A bar as long as the lower bound, and a pale one from there to the upper bound."""
    scale = WIDTH / longest if longest else Fraction(0)
    low = float(quantity.low * scale)
    high = float(quantity.high * scale)
    parts = f'<rect class="sure" width="{low:.2f}" height="8" fill="{colour}"/>'
    if high > low:
        between = f'x="{low:.2f}" width="{high - low:.2f}"'
        parts += f'<rect class="pale" {between} height="8" fill="{colour}" fill-opacity="0.4"/>'
    return element(
        "svg",
        parts,
        class_="bar",
        viewBox=f"0 0 {WIDTH} 8",
        preserveAspectRatio="none",
        width="100%",
        height="8",
        aria_hidden="true",
    )


def links(items: Iterable[tuple[str, str, str]], *, id: str, title: str) -> Shown:
    """Ways to read on: for each a name, where it leads, and what is there.

    >>> print(links([("All numbers", "figures.html", "Each with its range.")], id="ways", title="Read on").plain)
    All numbers (figures.html): Each with its range.
    """
    ways = list(items)
    if not ways:
        raise ShowError(f'links "{id}": none; wanted one or more')
    entries = ""
    lines = []
    for name, href, about in ways:
        link = element("a", escape(name), href=href)
        entries += element("li", link + element("span", escape(about)))
        lines.append(f"{name} ({href}): {about}")
    return Shown(_list("links", entries, id, title), "\n".join(lines))


def menu(items: Iterable[tuple[str, str]], *, here: str, id: str, title: str) -> Shown:
    """Pages beside each other on a line, by name and address; the one that is open, `here`, is no link.

    >>> menu([("Futian", "a.html"), ("Luohu", "b.html")], here="Luohu", id="districts", title="Districts").plain
    'Futian (a.html), Luohu'
    """
    pages = list(items)
    if not pages:
        raise ShowError(f'menu "{id}": none; wanted one or more')
    entries = ""
    names = []
    for name, href in pages:
        if name == here:
            entry = element("b", escape(name), aria_current="page")
            names.append(name)
        else:
            entry = element("a", escape(name), href=href)
            names.append(f"{name} ({href})")
        entries += element("li", entry)
    return Shown(_list("menu", entries, id, title), ", ".join(names))


def squares(verdicts: Sequence[Verdict], *, href: str, id: str, title: str) -> Shown:
    """A square for each check, what is news first, each a link to its row on the page at `href`.

    Raises `ShowError` where there is no check.

    >>> from bluebook import audit, open_edition
    >>> shown = squares(audit(open_edition("shenzhen-2021", "en")), href="checks.html", id="audit", title="Checks")
    >>> 'href="checks.html#micro-total"' in shown.html
    True
    """
    if not verdicts:
        raise ShowError(f'squares "{id}": no checks; wanted one or more')
    ordered = sorted(verdicts, key=lambda verdict: VERDICTS.index(verdict.verdict))
    entries = "".join(_square(verdict, href) for verdict in ordered)
    html = _key(ordered) + _list("squares", entries, id, title)
    lines = [f"{verdict.word}: {verdict.statement}" for verdict in ordered]
    return Shown(html, "\n".join(lines))


def _square(verdict: Verdict, page: str) -> str:
    state, mark = STATES[verdict.verdict]
    label = message(verdict.lang, "label.value", label=verdict.word, value=verdict.statement)
    address = f"{page}#{verdict.id}"
    link = element("a", mark, class_=f"square {state}", href=address, title=label, aria_label=label)
    return element("li", link)


def _key(verdicts: Sequence[Verdict]) -> str:
    """How many checks there are of each verdict, with the square that stands for it."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    lang = verdicts[0].lang
    entries = []
    for verdict, count in counts.items():
        counted = message(lang, COUNTED[verdict], count=count)
        entries.append(element("span", f"{_mark(verdict)} {counted}"))
    return element("p", " ".join(entries), class_="key")


def _mark(verdict: str) -> str:
    """The square that stands for a verdict."""
    state, mark = STATES[verdict]
    return element("i", mark, class_=f"square {state}", aria_hidden="true")


def checks_table(book: Edition, verdicts: Sequence[Verdict], *, id: str, title: str) -> Shown:
    """Every check with its verdict, why, and in small print what it means; each row's id is the check's.

    >>> from bluebook import audit, open_edition
    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> '<tr id="micro-total">' in checks_table(book, audit(book), id="checks", title="All checks").html
    True
    """
    head = book.messages("column.claim", "column.verdict", "column.reason")
    meaning = book.message("column.meaning")
    rows = [[verdict.statement, verdict.word, verdict.sentence, verdict.note] for verdict in verdicts]
    if not rows:
        raise ShowError(f'table "{id}": no checks; wanted one or more')
    rows_html = [_check_row(verdict) for verdict in verdicts]
    html = table_html(id, title, head, [False] * len(head), ["<tbody>", *rows_html, "</tbody>"])
    plain = "\n".join(" | ".join(row) for row in rows)
    record = table_record(id, title, [*head, meaning], rows, book.lang)
    return Shown(html, plain, {"table": record})


def _check_row(verdict: Verdict) -> str:
    statement = element("th", escape(verdict.statement), scope="row")
    word = element("td", f"{_mark(verdict.verdict)} {escape(verdict.word)}")
    reason = escape(verdict.sentence)
    if verdict.note:
        reason += element("small", escape(verdict.note))
    return element("tr", statement + word + element("td", reason), id=verdict.id)

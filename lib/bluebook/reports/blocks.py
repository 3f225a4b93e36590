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
from bluebook.reports.show import ShowError, Shown, slug_checked, table_html, table_record
from bluebook.reports.stories import Story

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
        raise ShowError(
            f'finding "{check.id}": {len(labels)} labels, {len(check.sides)} sides known; wanted two of each'
        )
    full_stop = book.message("punctuation.full_stop")
    text = f"{check.note.rstrip(full_stop)}{full_stop}" if check.note else check.sentence
    bars = dict(zip(labels, check.sides, strict=True))
    return Finding(title, text, href, bars, kicker=dict(book.chapters).get(check.chapter, ""))


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
    name = f'id="{slug_checked(id)}" aria-label="{escape(title)}"'
    plain = "\n".join(_plain(item) for item in items)
    return Shown(f'<ul class="findings" {name}>{cards}</ul>', plain)


def stories(book: Edition, told: Sequence[Story], *, href: str, id: str, title: str) -> Shown:
    """The stories of an audit as findings, each with a link to `href`, in which {} stands for its id.

    >>> from bluebook import audit, open_edition
    >>> from bluebook.reports.stories import stories as stories_of
    >>> book = open_edition("shenzhen-2021", "en")
    >>> shown = stories(book, stories_of(book, audit(book)), href="audit.html#{}", id="news", title="Stories")
    >>> 'href="audit.html#micro-projects"' in shown.html
    True
    """
    items = [
        finding(book, story.lead, title=story.title, labels=story.labels, href=href.format(story.id)) for story in told
    ]
    return findings(items, id=id, title=title)


def _plain(item: Finding) -> str:
    numbers = "; ".join(f"{label}: {quantity.text}" for label, quantity in item.bars.items())
    return f"{item.title}: {item.text} {numbers}"


def _finding(item: Finding, id: str) -> str:
    parts = []
    if item.kicker:
        parts.append(f'<p class="kicker">{escape(item.kicker)}</p>')
    parts.append(f'<h3><a href="{escape(item.href)}">{escape(item.title)}</a></h3>')
    parts.append(f"<p>{escape(item.text)}</p>")
    parts.append(_bars(item, id))
    return f'<li class="finding">{"".join(parts)}</li>'


def _bars(item: Finding, id: str) -> str:
    """The numbers of a finding as bars on one axis, each with its label and its value in words."""
    quantities = list(item.bars.values())
    kinds = {"%" if quantity.as_percent else quantity.kind for quantity in quantities}
    if len(kinds) != 1 or any(quantity.low < 0 for quantity in quantities):
        wanted = "wanted one or more numbers of one kind, none below zero"
        raise ShowError(f'findings "{id}", "{item.title}": {", ".join(sorted(kinds)) or "no bars"}; {wanted}')
    longest = max(quantity.high for quantity in quantities)
    rows = []
    for label, quantity in item.bars.items():
        colour = STRONG if quantity is quantities[0] else GREY
        bar = _bar(quantity, longest, colour)
        rows.append(f"<div><dt>{escape(label)}</dt><dd>{bar}{quantity._repr_html_()}</dd></div>")
    return f'<dl class="bars">{"".join(rows)}</dl>'


def _bar(quantity: Quantity, longest: Fraction, colour: str) -> str:
    """A bar as long as the lower bound, and a pale one from there to the upper bound."""
    scale = WIDTH / longest if longest else Fraction(0)
    low, high = float(quantity.low * scale), float(quantity.high * scale)
    sure = f'<rect class="sure" width="{low:.2f}" height="8" fill="{colour}"/>'
    pale = f'<rect class="pale" x="{low:.2f}" width="{high - low:.2f}" height="8" fill="{colour}" fill-opacity="0.4"/>'
    look = f'viewBox="0 0 {WIDTH} 8" preserveAspectRatio="none" width="100%" height="8" aria-hidden="true"'
    return f'<svg class="bar" {look}>{sure}{pale if high > low else ""}</svg>'


def links(items: Iterable[tuple[str, str, str]], *, id: str, title: str) -> Shown:
    """Ways to read on: for each a name, where it leads, and what is there.

    >>> print(links([("All numbers", "figures.html", "Each with its range.")], id="ways", title="Read on").plain)
    All numbers (figures.html): Each with its range.
    """
    found = list(items)
    if not found:
        raise ShowError(f'links "{id}": none; wanted one or more')
    rows = "".join(
        f'<li><a href="{escape(href)}">{escape(name)}</a><span>{escape(about)}</span></li>'
        for name, href, about in found
    )
    plain = "\n".join(f"{name} ({href}): {about}" for name, href, about in found)
    return Shown(f'<ul class="links" id="{slug_checked(id)}" aria-label="{escape(title)}">{rows}</ul>', plain)


def menu(items: Iterable[tuple[str, str]], *, here: str, id: str, title: str) -> Shown:
    """Pages beside each other on a line, by name and address; the one that is open, `here`, is no link.

    >>> menu([("Futian", "a.html"), ("Luohu", "b.html")], here="Luohu", id="districts", title="Districts").plain
    'Futian (a.html), Luohu'
    """
    found = list(items)
    if not found:
        raise ShowError(f'menu "{id}": none; wanted one or more')
    entries, told = [], []
    for name, href in found:
        is_open = name == here
        words = escape(name)
        entry = f'<b aria-current="page">{words}</b>' if is_open else f'<a href="{escape(href)}">{words}</a>'
        entries.append(f"<li>{entry}</li>")
        told.append(name if is_open else f"{name} ({href})")
    html = f'<ul class="menu" id="{slug_checked(id)}" aria-label="{escape(title)}">{"".join(entries)}</ul>'
    return Shown(html, ", ".join(told))


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
    ordered = sorted(verdicts, key=lambda one: VERDICTS.index(one.verdict))
    items = "".join(_square(one, href) for one in ordered)
    name = f'id="{slug_checked(id)}" aria-label="{escape(title)}"'
    html = f'{_key(ordered)}<ul class="squares" {name}>{items}</ul>'
    return Shown(html, "\n".join(f"{one.word}: {one.statement}" for one in ordered))


def _square(one: Verdict, href: str) -> str:
    state, mark = STATES[one.verdict]
    label = escape(message(one.lang, "label.value", label=one.word, value=one.statement))
    link = f'class="square {state}" href="{escape(href)}#{escape(one.id)}" title="{label}" aria-label="{label}"'
    return f"<li><a {link}>{mark}</a></li>"


def _key(verdicts: Sequence[Verdict]) -> str:
    """How many checks there are of each verdict, with the square that stands for it."""
    counts = Counter(one.verdict for one in verdicts)
    lang = verdicts[0].lang
    entries = []
    for verdict, count in counts.items():
        state, mark = STATES[verdict]
        counted = message(lang, COUNTED[verdict], count=count)
        entries.append(f'<span><i class="square {state}" aria-hidden="true">{mark}</i> {counted}</span>')
    return f'<p class="key">{" ".join(entries)}</p>'


def checks_table(book: Edition, verdicts: Sequence[Verdict], *, id: str, title: str) -> Shown:
    """Every check with its verdict, why, and in small print what it means; each row's id is the check's.

    >>> from bluebook import audit, open_edition
    >>> book = open_edition("shenzhen-2021", lang="en")
    >>> '<tr id="micro-total">' in checks_table(book, audit(book), id="checks", title="All checks").html
    True
    """
    head = book.messages("column.claim", "column.verdict", "column.reason")
    meaning = book.message("column.meaning")
    rows = [[one.statement, one.word, one.sentence, one.note] for one in verdicts]
    if not rows:
        raise ShowError(f'table "{id}": no checks; wanted one or more')
    body = ["<tbody>", *(_check_row(one) for one in verdicts), "</tbody>"]
    html = table_html(id, title, head, [False] * len(head), body)
    plain = "\n".join(" | ".join(row) for row in rows)
    return Shown(html, plain, {"table": table_record(id, title, [*head, meaning], rows, book.lang)})


def _check_row(one: Verdict) -> str:
    state, mark = STATES[one.verdict]
    verdict = f'<i class="square {state}" aria-hidden="true">{mark}</i> {escape(one.word)}'
    note = f"<small>{escape(one.note)}</small>" if one.note else ""
    cells = f"<td>{verdict}</td><td>{escape(one.sentence)}{note}</td>"
    return f'<tr id="{escape(one.id)}"><th scope="row">{escape(one.statement)}</th>{cells}</tr>'

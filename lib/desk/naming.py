"""Names for the rows of a draft, in Chinese and English, and which of them belong together.

A number takes its name from its own clause or, where the clause only says how another moved (比上年增长5.3%) or what
part it is (占常住人口的13.1%), from the number before it. A name that is a known indicator, whole and right at its
number, needs no confirmation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from desk.evidence import SIGNED, clause_of
from desk.rows import Row
from desk.terms import UNTRANSLATED, Terms, english_label
from desk.times import pairs

LONGEST = 14  # characters of a Chinese label
UNNAMED = "未命名"
MOST_IN_CHARACTERS = 99  # of a number behind a label
LIST = 40  # characters before a number in which 分别 says that it is one of a list
FALLS = ("下", "降", "减", "少", "回")  # how words begin that say that something fell
CHANGES = ("growth", "increase", "annual_growth")
MOVED = re.compile(
    r"^(?:按[^,]*计算|其中|名义|实际|扣除价格因素|并|且|(?:同比|环比)|(?:比|较|与)[^,]{0,10}?(?:年|月|期)(?:末|底|同期)?(?:相比)?)*"
    r"(?:名义|实际|又|再|分别|大幅|略|微|净|仅)*"
    r"(增长|增加|上升|上涨|提高|提升|净增|增产|多|下降|下跌|降低|减少|减产|回落|少|增|降)?了?(?:约|超过|超|近|达|为)?$"
)
PART = re.compile(
    r"^(?:其中|约|仅|各|合计|共)*(?P<name>[^占]*?)(?:的)?占(?P<whole>[^占]+?)(?:的)?(?:比重|比例|份额)?(?:的)?"
    r"(?:由|从|为|达到|达|约|近|超过|超|提高到|上升到|降到|至|到)*$"
)
TIMES = re.compile(r"^(?:约|相当于)?(?:是|为|达到?)[^,]*的$")
REPORTED = re.compile(r"^(?:按[^,]*计算|扣除[^,]*|其中|初步核算|据统计)$")
SHORT = (
    ("研究与试验发展经费", "研发经费"),
    ("增加值占", "占"),
    ("地区生产总值", "GDP"),
    ("国内生产总值", "GDP"),
    ("一般公共预算", "财政"),
    ("的比重", ""),
    ("全社会", ""),
)
FILLERS = re.compile(
    r"^(?:截至\w*?年?(?:末|底)|(?:19|20)\d\d年|初步核算|全年|年末|年底|年|末|底|全市|全省|全县|全区|全州|全国|我市|我区|我县|其中|现有|共有|拥有|另有|还有|有|完成|实现|"
    r"累计|共|地方|建成|预计|到|目前|,)+"
)
ENDS = re.compile(
    r"(?:[比较](?:上年|去年)(?:末|同期)?|同比|年均|总数|总量|人数|数量|合计|总计)*(?:达到|达|为|共有|共|有|约|超过|超|突破|近|至|到|由|从|提高|上升|增长|增加|下降|减少|上涨|提升)*$"
)
PLACE = re.compile(r"^[一-鿿]{2,10}(?:[区县市镇乡旗]|街道)$")
KINDS = {"growth": "增长", "annual_growth": "年均增长", "ratio": "之比"}


def name_rows(rows: Sequence[Row], terms: Terms, lines: Sequence[str]) -> None:
    """Give each row its labels, and its `group` where it may be compared with another; `lines` are the text's."""
    above: Row | None = None
    for row in rows:
        before = above if above is not None and _same_sentence(above, row) else None
        _name(row, before, terms)
        if row.measure not in (*CHANGES, "ratio"):
            above = row
    for first, second in pairs(rows):
        _as_pair(first, second)
    _group_tables(rows)
    _group_sentences(rows, lines)
    _join_expected(rows)


def _same_sentence(one: Row, other: Row) -> bool:
    """Whether two numbers stand in one sentence of prose."""
    if one.finding.cell is not None or other.finding.cell is not None or one.place[0] != other.place[0]:
        return False
    return other.finding.before.startswith(one.finding.before)


def _name(row: Row, above: Row | None, terms: Terms) -> None:
    """The name of a number from its own clause, or from the number `above` that it is told of."""
    finding = row.finding
    if finding.cell is not None:
        _name_of_cell(row, terms)
        return
    clause = clause_of(finding.before)
    moved, part = MOVED.match(clause), PART.match(clause)
    is_listed = re.search("分别|依次", finding.before[-LIST:]) is not None
    says_move = moved is not None and (moved[1] or finding.span.printed.startswith(SIGNED)) and not is_listed
    if above is not None and moved is not None and says_move and row.measure in CHANGES:
        _name_change(row, above, moved[1] or "", terms)
    elif above is not None and row.measure == "ratio" and TIMES.match(clause):
        _write(row, above.name, above.name + "倍数", "ratio", terms, is_whole=False)
    elif part and row.measure == "share":
        _name_part(row, above, part, terms)
    else:
        _name_itself(row, clause, terms)


def _name_change(row: Row, above: Row, word: str, terms: Terms) -> None:
    """How the number above moved."""
    is_whole = "label_zh" not in above.todo
    kind = row.measure
    if kind != "increase":
        ending = KINDS[kind]
    elif row.is_percent:
        ending = "变化"
    elif word[:1] in FALLS or row.finding.span.printed[:1] in FALLS:
        ending = "减少"
    else:
        ending = "增加"
    _write(row, above.name, above.name + ending, kind, terms, is_whole=is_whole)


def _name_part(row: Row, above: Row | None, part: re.Match[str], terms: Terms) -> None:
    """What part of a whole a thing is: 志愿者占常住人口."""
    name = _bare(part["name"]) or (above.name if above is not None else "")
    whole = _bare(part["whole"])
    if not name or not whole:
        _name_itself(row, clause_of(row.finding.before), terms)
        return
    is_named_here = bool(part["name"])
    is_known = terms.knows(name) if is_named_here else above is not None and "label_zh" not in above.todo
    row.name = name
    label = f"{name}占{whole}"
    for long, short in SHORT:
        if len(label) > LONGEST:
            label = label.replace(long, short)
    row.label_zh = label[:LONGEST]
    own, of = terms.english(name), terms.english(whole)
    row.label_en = english_label("part", own.words, of.words) if own and of else ""
    if is_known and terms.knows(whole) and len(label) <= LONGEST and row.label_en:
        row.confirm("label_zh", "label_en")
    row.label_en = row.label_en or row.label_zh + UNTRANSLATED


def _name_itself(row: Row, clause: str, terms: Terms) -> None:
    """The name that a clause has for its number, or the words behind it."""
    told = _letters(row.finding.label) or UNNAMED
    here = _bare(ENDS.sub("", clause))
    kind = row.measure if row.measure in KINDS else "plain"
    if terms.knows(here):
        name, is_whole = here, True
    else:
        told = _bare(told.removesuffix(KINDS.get(row.measure, ""))) or told
        name, is_whole = told, False
        is_new = row.measure == "increase" and re.search("新增|净增", clause) and not told.startswith(("新增", "净增"))
        if is_new:
            name = f"新增{name}"
    zh = name + KINDS.get(row.measure, "") if kind != "plain" else name
    _write(row, name, zh, kind, terms, is_whole=is_whole)


def _name_of_cell(row: Row, terms: Terms) -> None:
    """The name of a number in a table: of its row, or of its column where the row is a place."""
    cell = row.finding.cell
    assert cell is not None
    title = _letters(re.sub(r"(?:19|20)\d\d年?(?:度|末)?", "", cell.title))
    label = _letters(re.sub(r"(?:19|20)\d\d年?(?:度|末)?", "", cell.label))
    if PLACE.match(label) and title:
        row.area = label
        name = title
    elif re.fullmatch(r"(?:19|20)\d\d年?(?:度|末)?", cell.label.strip()) and title:
        row.period = cell.label.strip()[:4]
        name = title
    else:
        name = label + title
    kind = row.measure if row.measure in KINDS else "plain"
    zh = name if "增长" in name or kind == "plain" else name + KINDS[kind]
    _write(row, name, zh, kind, terms, is_whole=terms.knows(name))


def _write(row: Row, name: str, zh: str, kind: str, terms: Terms, *, is_whole: bool) -> None:
    """The two labels of a row; without a mark where the name is known as it stands."""
    row.name = name
    for long, short in SHORT:
        if len(zh) > LONGEST:
            zh = zh.replace(long, short)
    row.label_zh = zh[:LONGEST] or UNNAMED
    english = terms.english(name)
    own = terms.english(row.label_zh)
    if own is not None and own.is_known:
        row.label_en = own.words
    else:
        row.label_en = english_label(kind, english.words) if english else ""
        own = english
    if is_whole and own is not None and own.is_known and row.label_en and len(zh) <= LONGEST:
        row.confirm("label_zh", "label_en")
    row.label_en = row.label_en or row.label_zh + UNTRANSLATED


def _bare(words: str) -> str:
    """Words without what a sentence begins with: 2022年全市地区生产总值."""
    return _letters(FILLERS.sub("", words))


def _letters(words: str) -> str:
    return re.sub(r"[^一-鿿A-Za-z&]", "", words)


# what belongs together


def _as_pair(first: Row, second: Row) -> None:
    """One thing before and after: one name, two times; the first was named by the words at hand."""
    second.name = first.name
    second.label_zh, second.label_en = first.label_zh, first.label_en
    if not {"label_zh", "label_en"} & first.todo:
        second.confirm("label_zh", "label_en")
    else:
        second.todo |= {"label_zh", "label_en"} & first.todo
    if first.period == second.period:
        first.period = ""
        first.todo.add("period")
    first.group = second.group = f"pair {first.place}"
    second.measure = first.measure
    if "measure" not in first.todo:
        second.confirm("measure")


def _group_tables(rows: Sequence[Row]) -> None:
    """Cells of one row of a table are a series, those of one column of a table of places are compared."""
    for row in rows:
        cell = row.finding.cell
        if cell is not None:
            row.group = f"table {row.name} {row.measure}"


def _group_sentences(rows: Sequence[Row], lines: Sequence[str]) -> None:
    """Numbers of one sentence measured and named alike: shares of one whole, growth of several things."""
    for row in rows:
        line, offset = row.place
        if not row.group:
            sentence = lines[line - 1][:offset].count("。")
            row.group = f"line {line}, sentence {sentence}: {row.measure} {row.status} {_likeness(row)}"


def _join_expected(rows: Sequence[Row]) -> None:
    """A forecast or target stands with the number it is of, where that stands alone or in a series of its own.

    What is to be added by some year is no match for what was added in another.
    """
    by_group: dict[str, list[Row]] = {}
    for row in rows:
        by_group.setdefault(row.group, []).append(row)
    known: dict[tuple[str, str, str], str] = {}
    for group in by_group.values():
        things = {(row.name, row.measure, row.area) for row in group}
        if len(things) == 1 and not any(row.status for row in group):
            known.setdefault(things.pop(), group[0].group)
    for row in rows:
        if row.status and row.measure != "increase":
            row.group = known.get((row.name, row.measure, row.area), row.group)


def _likeness(row: Row) -> str:
    """What percentages must share beside their measure to be of one kind: the whole of a share, the name of a rate."""
    if row.measure == "share":
        whole = re.search("占(.+)$", row.label_zh)
        return whole[1] if whole else row.label_zh
    if row.measure == "rate" or (row.is_percent and row.measure not in ("growth", "annual_growth")):
        return row.label_zh
    number = row.finding.number
    unit = number.unit if number is not None else ""
    return f"{unit} {row.base}"


def tell_apart(rows: Sequence[Row]) -> None:
    """Labels of rows that share all that tells them apart get a number: 支出, 支出之二."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        key = (row.label_zh, row.area, row.period, row.status)
        seen[key] += 1
        if seen[key] > 1:
            row.label_zh = f"{row.label_zh[:10]}之{_counted(seen[key])}"
            row.label_en = row.label_zh + UNTRANSLATED
            row.todo |= {"label_zh", "label_en"}


def _counted(number: int) -> str:
    """A number in Chinese characters, from a hundred on in figures.

    >>> _counted(2), _counted(12), _counted(30), _counted(100)
    ('二', '十二', '三十', '100')
    """
    if number > MOST_IN_CHARACTERS:
        return str(number)
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    told = digits[tens] if tens > 1 else ""
    if tens:
        told += "十"
    return told + digits[ones] if ones or not tens else told


def take_repeats(rows: list[Row]) -> list[Row]:
    """Take out the rows that only repeat a number of another, a cell of a table mostly; they are returned.

    What they were compared with is compared with the other from now on.
    """
    seen: dict[tuple[str, str, str, str], Row] = {}
    repeats = []
    for row in list(rows):
        first = seen.setdefault((row.label_zh, row.area, row.period, row.status), row)
        is_same = first is not row and _value(first) == _value(row) and bool(row.period)
        if is_same and row.finding.cell is not None:
            first.group = row.group
            rows.remove(row)
            repeats.append(row)
    return repeats


def _value(row: Row) -> object:
    number = row.finding.number
    return (number.value, number.unit) if number is not None else None

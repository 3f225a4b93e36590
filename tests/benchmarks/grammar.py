"""Invented reports, put together by a small grammar: every place and number in them is drawn at random.

Each section draws its true values first and prints them rounded, so that what it says agrees with itself; the ties
between its numbers are written down beside it. Wordings are those of communiqués, government reports and budgets.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.benchmarks.ties import SCALES, Ranges, Slot, Text, Tie, may_be

from bluebook.numbers.intervals import Interval, point

FIRST, SECOND = "海青临东安平永清云石", "州江山阳宁川陵溪岭港"
ONE = point(Fraction(1))


@dataclass(frozen=True)
class Number:
    """A number to print: its true value, decimals, scale (万, 亿, %, million) and what stands behind it."""

    value: Fraction
    decimals: int = 0
    scale: str = ""
    unit: str = ""
    words: str = ""  # before it, with its sign: 增加, an increase of
    is_negative: bool = False
    is_rounded: bool = False
    factor: str = ""  # the scale that a table's head says

    def digits(self) -> str:
        value = abs(self.value) / SCALES.get(self.scale or self.factor, Fraction(1))
        return f"{float(round(value, self.decimals)):.{self.decimals}f}"


class Writer:
    """A report that is being written: lines with named numbers, and what ties them."""

    def __init__(self, name: str, draw: random.Random) -> None:
        self.text = Text(name)
        self.draw = draw

    def say(self, template: str, **numbers: Number) -> None:
        """A line; `{pop}` is where the number of that name is printed."""
        line, is_in_table = "", "\t" in template
        for words, name, _, _ in string.Formatter().parse(template):
            line += words
            if name is None:
                continue
            one = numbers[name]
            line += one.words
            digits = one.digits()
            self.text.slots[name] = Slot(
                len(self.text.lines),
                len(line),
                digits,
                SCALES.get(one.scale or one.factor, Fraction(1)),
                is_exact=not (one.decimals or one.scale or one.factor or one.is_rounded),
                is_negative=one.is_negative,
                is_in_table=is_in_table,
            )
            line += digits + one.scale + one.unit
        self.text.lines.append(line)

    def tie(self, names: str, holds: Callable[..., bool], percent: Callable[..., bool] | None = None) -> None:
        """What must hold between numbers, given their ranges in that order."""
        listed = tuple(names.split())

        def of(test: Callable[..., bool]) -> Callable[[Ranges], bool]:
            return lambda ranges: test(*(ranges[name] for name in listed))

        self.text.ties.append(Tie(listed, of(holds), of(percent) if percent else None))


# what ties numbers


def is_sum(total: Interval, *parts: Interval) -> bool:
    known = parts[0]
    for part in parts[1:]:
        known = known + part
    return may_be(total, known)


def is_share(share: Interval, part: Interval, whole: Interval) -> bool:
    return may_be(share, part / whole)


def is_growth(level: Interval, before: Interval, growth: Interval) -> bool:
    return may_be(growth, level / before - ONE)


def is_growth_of(level: Interval, change: Interval, growth: Interval) -> bool:
    return may_be(growth, ONE / (ONE - change / level) - ONE)


def is_moved(level: Interval, before: Interval, points: Interval) -> bool:
    return may_be(level, before + points)


def is_moved_in_percent(level: Interval, before: Interval, growth: Interval) -> bool:
    return may_be(level, before * (ONE + growth))


def are_equal(*ones: Interval) -> bool:
    return all(may_be(ones[0], other) for other in ones[1:])


# numbers


def count(draw: random.Random, low: int, high: int) -> Fraction:
    return Fraction(draw.randint(low, high))


def split(draw: random.Random, total: Fraction, parts: int) -> list[Fraction]:
    """A whole number as so many parts, none smaller than a twentieth of it."""
    weights = [draw.randint(10, 60) for _ in range(parts)]
    known = [Fraction(int(total * weight / sum(weights))) for weight in weights[:-1]]
    return [*known, total - sum(known)]


def of(known: Fraction | int, decimals: int, scale: str, unit: str = "", words: str = "") -> Number:
    return Number(Fraction(known), decimals, scale, unit, words)


def whole(known: Fraction, unit: str = "", words: str = "") -> Number:
    return Number(known, 0, "", unit, words)


def moved(known: Fraction, decimals: int, scale: str, unit: str, more: str, fewer: str) -> Number:
    """A change, with its sign in words; the change is drawn so that it is not zero."""
    return Number(known, decimals, scale, unit, more if known > 0 else fewer, is_negative=known < 0)


def before_of(draw: random.Random, level: Fraction) -> Fraction:
    """The level a year before, between 15 % less and 8 % more, and never the same."""
    times = Fraction(draw.choice([*range(860, 985), *range(1015, 1080)]), 1000)
    return Fraction(int(level * times))


# Chinese sections


def economy(w: Writer) -> None:
    total = count(w.draw, 6 * 10**10, 9 * 10**11)
    first, second, third = split(w.draw, total, 3)
    w.say(
        "初步核算，全年实现地区生产总值{gdp}，按不变价格计算，比上年增长{gdp_g}。其中，第一产业增加值{g1}，"
        "增长{g1_g}；第二产业增加值{g2}，增长{g2_g}；第三产业增加值{g3}，增长{g3_g}。三次产业结构为{s1}∶{s2}∶{s3}。",
        gdp=of(total, 2, "亿", "元"),
        gdp_g=of(Fraction(w.draw.randint(10, 90), 1000), 1, "%"),
        g1=of(first, 2, "亿", "元"),
        g1_g=of(Fraction(w.draw.randint(10, 50), 1000), 1, "%"),
        g2=of(second, 2, "亿", "元"),
        g2_g=of(Fraction(w.draw.randint(10, 90), 1000), 1, "%"),
        g3=of(third, 2, "亿", "元"),
        g3_g=of(Fraction(w.draw.randint(10, 90), 1000), 1, "%"),
        s1=Number(first / total, 1, factor="%"),
        s2=Number(second / total, 1, factor="%"),
        s3=Number(third / total, 1, factor="%"),
    )
    w.tie("gdp g1 g2 g3", is_sum)
    for share, part in (("s1", "g1"), ("s2", "g2"), ("s3", "g3")):
        w.tie(f"{share} {part} gdp", is_share)
    w.tie("s1 s2 s3", lambda *shares: is_sum(ONE, *shares))


def people(w: Writer) -> None:
    level = count(w.draw, 800_000, 9_000_000)
    before = before_of(w.draw, level)
    town = Fraction(int(level * w.draw.randint(500, 850) / 1000))
    w.say(
        w.draw.choice(
            (
                "年末全市常住人口{pop}，上年末为{pop0}，一年间{pop_d}。其中城镇常住人口{town}，城镇化率为{town_s}。",
                "年末常住人口{pop}，比上年末{pop_d}，上年末为{pop0}；其中城镇人口{town}，占常住人口的{town_s}。",
                "常住人口由上年末的{pop0}变为{pop}，{pop_d}。城镇人口{town}，占常住人口比重为{town_s}。",
            )
        )
        + "全年出生人口{born}，出生率为{birth}。",
        pop=of(level, 2, "万", "人"),
        pop0=of(before, 2, "万", "人"),
        pop_d=moved(level - before, 2, "万", "人", "增加", "减少"),
        town=of(town, 2, "万", "人"),
        town_s=of(town / level, 1, "%"),
        born=of(level / 140, 2, "万", "人"),
        birth=Number(Fraction(w.draw.randint(400, 900), 10**5), 2, "‰"),
    )
    w.tie("pop pop0 pop_d", is_sum)
    w.tie("town_s town pop", is_share)


def revenue(w: Writer) -> None:
    level = count(w.draw, 2 * 10**9, 9 * 10**10)
    before = before_of(w.draw, level)
    tax, other = split(w.draw, level, 2)
    w.say(
        w.draw.choice(
            (
                "全年一般公共预算收入{rev}，比上年{rev_g}，上年为{rev0}。其中税收收入{tax}，占{tax_s}；非税收入{other}。",
                "一般公共预算收入完成{rev}，上年完成{rev0}，{rev_g}。其中：税收收入{tax}，非税收入{other}，税收占比{tax_s}。",
                "一般公共预算收入{rev}，同比{rev_g}（上年为{rev0}），其中税收收入{tax}，占收入的{tax_s}，非税收入{other}。",
            )
        ),
        rev=of(level, 2, "亿", "元"),
        rev0=of(before, 2, "亿", "元"),
        rev_g=moved(level / before - 1, 1, "%", "", "增长", "下降"),
        tax=of(tax, 2, "亿", "元"),
        other=of(other, 2, "亿", "元"),
        tax_s=of(tax / level, 1, "%"),
    )
    w.tie("rev rev0 rev_g", is_growth)
    w.tie("rev tax other", is_sum)
    w.tie("tax_s tax rev", is_share)


def trade(w: Writer) -> None:
    level = count(w.draw, 2 * 10**9, 9 * 10**10)
    before = before_of(w.draw, level)
    sold, bought = split(w.draw, level, 2)
    w.say(
        w.draw.choice(
            (
                "全年货物进出口总额{ie}，比上年{ie_g}，上年为{ie0}。其中，出口{ex}，进口{im}。",
                "货物进出口总额{ie}，其中出口额{ex}，进口额{im}。上年进出口总额{ie0}，{ie_g}。",
            )
        ),
        ie=of(level, 1, "亿", "元"),
        ie0=of(before, 1, "亿", "元"),
        ie_g=moved(level / before - 1, 1, "%", "", "增长", "下降"),
        ex=of(sold, 1, "亿", "元"),
        im=of(bought, 1, "亿", "元"),
    )
    w.tie("ie ie0 ie_g", is_growth)
    w.tie("ie ex im", is_sum)


def retail(w: Writer) -> None:
    level = count(w.draw, 2 * 10**10, 4 * 10**11)
    town, country = split(w.draw, level, 2)
    online = Fraction(int(level * w.draw.randint(80, 300) / 1000))
    w.say(
        w.draw.choice(
            (
                "全年社会消费品零售总额{ret}。按经营地分，城镇{ret_t}，乡村{ret_c}。网上零售额{net}，占社会消费品零售总额的{net_s}。",
                "社会消费品零售总额{ret}，其中城镇消费品零售额{ret_t}，乡村消费品零售额{ret_c}。"
                "网上零售额{net}，占社会消费品零售总额的比重为{net_s}。",
            )
        ),
        ret=of(level, 1, "亿", "元"),
        ret_t=of(town, 1, "亿", "元"),
        ret_c=of(country, 1, "亿", "元"),
        net=of(online, 1, "亿", "元"),
        net_s=of(online / level, 1, "%"),
    )
    w.tie("ret ret_t ret_c", is_sum)
    w.tie("net_s net ret", is_share)


def societies(w: Writer) -> None:
    level = count(w.draw, 400, 6000)
    before = before_of(w.draw, level)
    a, b, c = split(w.draw, level, 3)
    w.say(
        "年末登记社会组织{soc}，比上年末{soc_d}，上年末为{soc0}。"
        + w.draw.choice(
            (
                "其中社会团体{so1}、社会服务机构{so2}、基金会{so3}，占比分别为{so1_s}、{so2_s}和{so3_s}。",
                "社会团体、社会服务机构、基金会分别为{so1}、{so2}和{so3}，占比分别为{so1_s}、{so2_s}和{so3_s}。",
                "其中，社会团体、社会服务机构和基金会分别有{so1}、{so2}、{so3}，分别占{so1_s}、{so2_s}、{so3_s}。",
            )
        ),
        soc=whole(level, "家"),
        soc0=whole(before, "家"),
        soc_d=moved(level - before, 0, "", "家", "增加", "减少"),
        so1=whole(a, "家"),
        so2=whole(b, "家"),
        so3=whole(c, "家"),
        so1_s=of(a / level, 1, "%"),
        so2_s=of(b / level, 1, "%"),
        so3_s=of(c / level, 1, "%"),
    )
    w.tie("soc soc0 soc_d", is_sum)
    w.tie("soc so1 so2 so3", is_sum)
    for share, part in (("so1_s", "so1"), ("so2_s", "so2"), ("so3_s", "so3")):
        w.tie(f"{share} {part} soc", is_share)
    w.tie("so1_s so2_s so3_s", lambda *shares: is_sum(ONE, *shares))
    w.text.lists += [("so1", "so2", "so3"), ("so1_s", "so2_s", "so3_s")]


def schools(w: Writer) -> None:
    level = count(w.draw, 200, 3000)
    a, b, c, rest = split(w.draw, level, 4)
    new, seats = count(w.draw, 5, 40), count(w.draw, 4000, 40000)
    w.say(
        w.draw.choice(
            (
                "全市共有各级各类学校{sch}，其中幼儿园{sc1}、小学{sc2}、中学{sc3}、其他{sc4}。",
                "各级各类学校{sch}。其中：幼儿园{sc1}，小学{sc2}，中学{sc3}，其他学校{sc4}。",
                "各级各类学校{sch}，包括幼儿园{sc1}、小学{sc2}、中学{sc3}、其他学校{sc4}。",
            )
        )
        + "全年新建改扩建学校{new}，新增学位{seat}，平均每所新增约{each}。",
        sch=whole(level, "所"),
        sc1=whole(a, "所"),
        sc2=whole(b, "所"),
        sc3=whole(c, "所"),
        sc4=whole(rest, "所"),
        new=whole(new, "所"),
        seat=whole(seats, "个"),
        each=Number(seats / new, 0, "", "个", is_rounded=True),
    )
    w.tie("sch sc1 sc2 sc3 sc4", is_sum)
    w.tie("each seat new", is_share)


def beds(w: Writer) -> None:
    use, before = Fraction(w.draw.randint(700, 880), 1000), Fraction(w.draw.randint(600, 690), 1000)
    level = count(w.draw, 8000, 60000)
    hospital = Fraction(int(level * w.draw.randint(600, 900) / 1000))
    if w.draw.random() < 0.3:
        use, before = before, use
    w.say(
        "年末医疗卫生机构床位{bed}，其中医院{bed_h}，占{bed_s}。"
        + w.draw.choice(
            (
                "医院病床使用率{use}，比上年{use_p}，上年为{use0}。",
                "医院病床使用率为{use}，上年为{use0}，{use_p}。",
                "医院病床使用率由上年的{use0}变为{use}，{use_p}。",
            )
        )
        + "出院者平均住院日{stay}。",
        bed=whole(level, "张"),
        bed_h=whole(hospital, "张"),
        bed_s=of(hospital / level, 1, "%"),
        use=of(use, 1, "%"),
        use0=of(before, 1, "%"),
        use_p=moved(use - before, 1, "个百分点", "", "提高", "下降"),
        stay=Number(Fraction(w.draw.randint(60, 99), 10), 1, "", "日"),
    )
    w.tie("bed_s bed_h bed", is_share)
    w.tie("use use0 use_p", is_moved, is_moved_in_percent)


def appeals(w: Writer) -> None:
    taken = count(w.draw, 20_000, 900_000)
    done = Fraction(int(taken * w.draw.randint(850, 995) / 1000))
    w.say(
        w.draw.choice(
            (
                "全年受理群众诉求{ask}，办结{done}，办结率{done_s}。",
                "全年共受理群众诉求{ask}，已办结{done}，办结率为{done_s}。",
                "12345热线受理诉求{ask}，其中办结{done}，办结率达{done_s}。",
            )
        )
        + "2019年以来累计办结{all}。",
        ask=of(taken, 2, "万", "件"),
        done=of(done, 2, "万", "件"),
        done_s=of(done / taken, 1, "%"),
        all=of(done * 4, 1, "万", "件"),
    )
    w.tie("done_s done ask", is_share)


def volunteers(w: Writer) -> None:
    level, before = count(w.draw, 400_000, 900_000), count(w.draw, 150_000, 380_000)
    events, hours = count(w.draw, 9000, 60000), count(w.draw, 2_000_000, 9_000_000)
    w.say(
        w.draw.choice(
            (
                "注册志愿者由{vol0}增加到{vol}，{vol_g}。",
                "注册志愿者从上年的{vol0}增至{vol}，{vol_g}。",
                "注册志愿者增至{vol}，上年为{vol0}，{vol_g}。",
            )
        )
        + "全年开展志愿服务活动{ev}，服务时长{hours}，平均每场{per}。",
        vol=of(level, 2, "万", "人"),
        vol0=of(before, 2, "万", "人"),
        vol_g=moved(level / before - 1, 1, "%", "", "增长", "下降"),
        ev=of(events, 2, "万", "场"),
        hours=of(hours, 1, "万", "小时"),
        per=Number(hours / events, 0, "", "小时", is_rounded=True),
    )
    w.tie("vol vol0 vol_g", is_growth)
    w.tie("per hours ev", is_share)


def works(w: Writer) -> None:
    begun, going, done = (count(w.draw, 20, 90) for _ in range(3))
    total, plan = count(w.draw, 10**10, 4 * 10**10), count(w.draw, 10**10, 4 * 10**10)
    w.say(
        w.draw.choice(
            (
                "新开工项目{w1}、续建项目{w2}、竣工项目{w3}，三类项目合计{w4}，完成投资{inv}，为年度计划{plan}的{inv_s}。",
                "新开工项目{w1}、续建项目{w2}和竣工项目{w3}，合计{w4}；完成投资{inv}，占年度计划{plan}的{inv_s}。",
            )
        )
        + "滨江大道项目总投资{p1}，全长{k1}公里；北环快速路项目总投资{p2}，全长{k2}公里。",
        w1=whole(begun, "个"),
        w2=whole(going, "个"),
        w3=whole(done, "个"),
        w4=whole(begun + going + done, "个"),
        inv=of(total, 1, "亿", "元"),
        plan=of(plan, 1, "亿", "元"),
        inv_s=of(total / plan, 1, "%"),
        p1=of(count(w.draw, 10**9, 9 * 10**9), 1, "亿", "元"),
        p2=of(count(w.draw, 10**9, 9 * 10**9), 1, "亿", "元"),
        k1=Number(count(w.draw, 50, 400) / 10, 1),
        k2=Number(count(w.draw, 50, 400) / 10, 1),
    )
    w.tie("w4 w1 w2 w3", is_sum)
    w.tie("inv_s inv plan", is_share)
    w.text.totals.append("w4")


def debts(w: Writer) -> None:
    limit = count(w.draw, 3 * 10**9, 9 * 10**9)
    debt = Fraction(int(limit * w.draw.randint(700, 980) / 1000))
    w.say(
        "年末政府债务余额{debt}，控制在限额{limit}以内。居民人均可支配收入{inc}，是2015年{inc0}的{times}倍。",
        debt=of(debt, 2, "亿", "元"),
        limit=of(limit, 2, "亿", "元"),
        inc=Number(count(w.draw, 40_000, 80_000), 0, "", "元", is_rounded=True),
        inc0=Number(count(w.draw, 15_000, 30_000), 0, "", "元", is_rounded=True),
        times=Number(Fraction(1), 2),
    )
    w.tie("debt limit", lambda debt, limit: debt.low <= limit.high)
    income = w.text.slots["inc"].range.middle / w.text.slots["inc0"].range.middle
    _set_digits(w.text, "times", f"{float(income):.2f}")
    w.tie("times inc inc0", is_share)


def _set_digits(text: Text, name: str, digits: str) -> None:
    """Print other digits, of the same length, for a number."""
    slot = text.slots[name]
    line = text.lines[slot.line]
    text.lines[slot.line] = line[: slot.start] + digits + line[slot.end :]
    text.slots[name] = Slot(slot.line, slot.start, digits, slot.scale, slot.is_exact, is_in_table=slot.is_in_table)


def summary(w: Writer) -> None:
    """What was said above, said again at the end."""
    slots = w.text.slots
    again = {}
    for name, noun, was in (
        ("pop", "常住人口", "pop0"),
        ("rev", "一般公共预算收入", "rev0"),
        ("soc", "社会组织", "soc0"),
    ):
        if name in slots:
            again[name] = (noun, was)
    if not again:
        return
    parts = [f"{noun}{{{name}_again}}" for name, (noun, _) in again.items()]
    units = {"pop": ("万", "人", 2), "rev": ("亿", "元", 2), "soc": ("", "家", 0)}
    numbers = {}
    for name in again:
        scale, unit, decimals = units[name]
        numbers[f"{name}_again"] = Number(slots[name].range.middle, decimals, scale, unit)
    start = w.draw.choice(("综上，全市", "总的来看，年末全市", "回顾这一年，全市"))
    w.say(start + "，".join(parts) + "。", **numbers)
    for name, (_, was) in again.items():
        w.tie(f"{name} {name}_again", are_equal)
        w.text.stale[f"{name}_again"] = was


def districts(w: Writer) -> None:
    """A table of districts, with a total above or below."""
    rows = w.draw.sample(["海东区", "临港区", "青屿区", "北塘县", "南溪县", "西川区"], w.draw.randint(3, 6))
    pops = [count(w.draw, 100_000, 900_000) for _ in rows]
    firms = [count(w.draw, 50, 900) for _ in rows]
    head, total = w.draw.choice((("地区", "全市"), ("地区", "合计"), ("区县", "总计")))
    is_below = w.draw.random() < 0.5
    w.say("表1　各区县主要指标")
    w.say(f"{head}\t年末户籍人口（万人）\t规模以上企业（家）\t人均绿地（平方米）")
    lines = [(row, f"t1_{place}", f"t2_{place}") for place, row in enumerate(rows)]
    whole_line = (total, "t1_all", "t2_all")
    for label, first, second in [*lines, whole_line] if is_below else [whole_line, *lines]:
        at = rows.index(label) if label in rows else None
        w.say(
            f"{label}\t{{{first}}}\t{{{second}}}\t{{{first}_g}}",
            **{
                first: Number(sum(pops) if at is None else pops[at], 2, factor="万"),
                second: whole(Fraction(sum(firms)) if at is None else firms[at]),
                f"{first}_g": Number(count(w.draw, 80, 200) / 10, 1),
            },
        )
    for column in ("t1", "t2"):
        w.tie(" ".join([f"{column}_all", *(f"{column}_{place}" for place in range(len(rows)))]), is_sum)
        w.text.totals.append(f"{column}_all")
    w.say("")


def budget(w: Writer) -> None:
    """A table of a budget: two years, the difference, and its growth."""
    rows = w.draw.sample(
        ["教育支出", "卫生健康支出", "社会保障支出", "农林水支出", "交通运输支出"], w.draw.randint(3, 5)
    )
    year = 2023
    has_growth = w.draw.random() < 0.5
    w.say("表2　一般公共预算支出（单位：万元）")
    w.say(f"项目\t{year}年\t{year - 1}年\t" + ("增长（%）" if has_growth else "增减额"))
    spent = [count(w.draw, 5000, 99999) for _ in rows]
    before = [before_of(w.draw, one) for one in spent]
    lines = [*zip(rows, spent, before, strict=True), ("合计", sum(spent, Fraction(0)), sum(before, Fraction(0)))]
    for place, (label, new, old) in enumerate(lines):
        names = [f"b{column}_{place}" for column in "123"]
        third = Number((new / old - 1) * 100, 1) if has_growth else Number(new - old)
        minus = "-" if new < old else ""
        third = Number(third.value, third.decimals, words=minus, is_negative=new < old)
        w.say(
            f"{label}\t{{{names[0]}}}\t{{{names[1]}}}\t{{{names[2]}}}",
            **{names[0]: _in_ten_thousands(new), names[1]: _in_ten_thousands(old), names[2]: third},
        )
        slot = w.text.slots[names[2]]
        scale = Fraction(1, 100) if has_growth else SCALES["万"]
        w.text.slots[names[2]] = Slot(
            slot.line, slot.start, slot.digits, scale, False, is_negative=slot.is_negative, is_in_table=True
        )
        if has_growth:
            w.tie(f"{names[0]} {names[1]} {names[2]}", is_growth)
        else:
            w.tie(f"{names[0]} {names[1]} {names[2]}", is_sum)
    last = len(rows)
    for column in "12":
        w.tie(" ".join([f"b{column}_{last}", *(f"b{column}_{place}" for place in range(last))]), is_sum)
        w.text.totals.append(f"b{column}_{last}")
    w.say("")


def _in_ten_thousands(known: Fraction) -> Number:
    return Number(known * 10**4, 0, factor="万")


# English sections


def cargo(w: Writer) -> None:
    level = count(w.draw, 4 * 10**7, 3 * 10**8)
    before = before_of(w.draw, level)
    abroad, home = split(w.draw, level, 2)
    up = level > before
    w.say(
        w.draw.choice(
            (
                "The port handled {c} of cargo in 2023, {c_g} from {c0} in 2022. Foreign trade accounted for "
                "{ab} ({ab_s}) and domestic trade for {ho}.",
                "Cargo throughput was {c}, compared with {c0} a year earlier, {c_g}. Of the total, foreign trade was "
                "{ab}, or {ab_s}, and domestic trade {ho}.",
            )
        ),
        c=of(level, 1, " million", " tonnes"),
        c0=of(before, 1, " million", " tonnes"),
        c_g=Number(level / before - 1, 1, "%", words="up " if up else "down ", is_negative=not up),
        ab=of(abroad, 1, " million", " tonnes"),
        ab_s=of(abroad / level, 1, "%"),
        ho=of(home, 1, " million", " tonnes"),
    )
    w.tie("c c0 c_g", is_growth)
    w.tie("ab_s ab c", is_share)
    w.tie("c ab ho", is_sum)


def ships(w: Writer) -> None:
    level = count(w.draw, 3000, 30000)
    before = before_of(w.draw, level)
    a, b, c, d = split(w.draw, count(w.draw, 80, 300), 4)
    more = level > before
    w.say(
        w.draw.choice(
            (
                "In all {sh} ships called, {sh_d} "
                + ("more" if more else "fewer")
                + " than in 2022, when there were {sh0}.",
                "The number of ship calls was {sh}, "
                + ("an increase" if more else "a decrease")
                + " of {sh_d} from {sh0}.",
            )
        )
        + " The port had {be} berths: {be1} for bulk cargo, {be2} for containers, {be3} for general cargo and {be4} for "
        "passengers.",
        sh=whole(level),
        sh0=whole(before),
        sh_d=Number(level - before, is_negative=not more),
        be=whole(a + b + c + d),
        be1=whole(a),
        be2=whole(b),
        be3=whole(c),
        be4=whole(d),
    )
    w.tie("sh sh0 sh_d", is_sum)
    w.tie("be be1 be2 be3 be4", is_sum)
    w.text.totals.append("be")


def boxes(w: Writer) -> None:
    full, before = Fraction(w.draw.randint(600, 800), 1000), Fraction(w.draw.randint(500, 590), 1000)
    trips, people_carried = count(w.draw, 1000, 9000), count(w.draw, 300_000, 2_000_000)
    w.say(
        w.draw.choice(
            (
                "The share of full boxes rose to {f}, {f_p} more than the {f0} of a year earlier.",
                "The share of full boxes was {f}, up {f_p} from {f0} in 2022.",
            )
        )
        + " Ferries made {tr} trips and carried {pa} passengers, an average of {av} a trip.",
        f=of(full, 1, "%"),
        f_p=Number(full - before, 1, " percentage points"),
        f0=of(before, 1, "%"),
        tr=whole(trips),
        pa=of(people_carried, 3, " million"),
        av=Number(people_carried / trips, is_rounded=True),
    )
    w.tie("f f0 f_p", is_moved, is_moved_in_percent)
    w.tie("av pa tr", is_share)


def terminals(w: Writer) -> None:
    rows = w.draw.sample(["North", "Central", "South", "Outer", "River"], w.draw.randint(3, 5))
    new = [count(w.draw, 10**7, 9 * 10**7) for _ in rows]
    old = [before_of(w.draw, one) for one in new]
    w.say("Table 1. Cargo by terminal (million tonnes)")
    w.say("Terminal\t2022\t2023\tChange")
    lines = [*zip(rows, new, old, strict=True), ("Total", sum(new, Fraction(0)), sum(old, Fraction(0)))]
    for place, (label, one, before) in enumerate(lines):
        less = one < before
        w.say(
            f"{label}\t{{e1_{place}}}\t{{e2_{place}}}\t{{e3_{place}}}",
            **{
                f"e1_{place}": Number(before, 1, factor="m"),
                f"e2_{place}": Number(one, 1, factor="m"),
                f"e3_{place}": Number(one - before, 1, factor="m", words="-" if less else "", is_negative=less),
            },
        )
        w.tie(f"e2_{place} e1_{place} e3_{place}", is_sum)
    last = len(rows)
    for column in "12":
        w.tie(" ".join([f"e{column}_{last}", *(f"e{column}_{place}" for place in range(last))]), is_sum)
        w.text.totals.append(f"e{column}_{last}")


CHINESE: Sequence[Callable[[Writer], None]] = (
    economy, people, revenue, trade, retail, societies, schools, beds, appeals, volunteers, works, debts,
)  # fmt: skip
ENGLISH: Sequence[Callable[[Writer], None]] = (cargo, ships, boxes, terminals)
NUMERALS = "一二三四五六七八九十"


def report(seed: int) -> Text:
    """An invented report; every fourth is in English.

    >>> report(3).lines[0]
    '(This text is invented for testing.)'
    >>> report(3).text == report(3).text
    True
    """
    draw = random.Random(f"report {seed}")
    if seed % 4 == 3:
        return _english(draw, seed)
    place = draw.choice(FIRST) + draw.choice(SECOND)
    w = Writer(f"grammar-{seed}", draw)
    w.say("（本文为测试用虚构文本）")
    w.say(f"{place}市2023年国民经济和社会发展统计公报")
    sections = draw.sample(CHINESE, draw.randint(5, 8))
    for number, section in enumerate(sections):
        w.say(f"{NUMERALS[number]}、主要情况")
        section(w)
    for table in draw.sample([districts, budget], draw.randint(1, 2)):
        table(w)
    summary(w)
    return w.text


def _english(draw: random.Random, seed: int) -> Text:
    w = Writer(f"grammar-{seed}", draw)
    w.say("(This text is invented for testing.)")
    w.say(f"{draw.choice(['Haizhou', 'Port Elden', 'Marrow Bay'])} Port Authority: Annual Bulletin 2023")
    for section in ENGLISH:
        section(w)
    return w.text

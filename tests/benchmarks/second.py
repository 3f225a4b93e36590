"""A second grammar, in other words than the first: written after the relations were mended by that one, and scored
before anything was changed for it. What it showed at first sight stands in docs/proof.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

from tests.benchmarks.grammar import (
    Number,
    Writer,
    are_equal,
    before_of,
    count,
    is_growth,
    is_growth_of,
    is_moved,
    is_moved_in_percent,
    is_share,
    is_sum,
    moved,
    of,
    split,
    whole,
)
from tests.benchmarks.ties import Text


def farming(w: Writer) -> None:
    level = count(w.draw, 400_000, 3_000_000)
    before = before_of(w.draw, level)
    summer, early, autumn = split(w.draw, level, 3)
    area = count(w.draw, 1_000_000, 4_000_000)
    w.say(
        "全年粮食总产量{gr}，较上年{gr_d}，{gr_g}。其中，夏粮{gr1}，早稻{gr2}，秋粮{gr3}。"
        "粮食播种面积{area}，平均亩产{yield_}。",
        gr=of(level, 2, "万", "吨"),
        gr_d=moved(level - before, 2, "万", "吨", "增产", "减产"),
        gr_g=moved(level / before - 1, 1, "%", "", "增长", "下降"),
        gr1=of(summer, 2, "万", "吨"),
        gr2=of(early, 2, "万", "吨"),
        gr3=of(autumn, 2, "万", "吨"),
        area=of(area, 1, "万", "亩"),
        yield_=Number(Fraction(w.draw.randint(350, 520)), 0, "", "公斤", is_rounded=True),
    )
    w.tie("gr gr_d gr_g", is_growth_of)
    w.tie("gr gr1 gr2 gr3", is_sum)


def tourism(w: Writer) -> None:
    level = count(w.draw, 10**7, 9 * 10**7)
    before = before_of(w.draw, level)
    home, abroad = split(w.draw, level, 2)
    money = count(w.draw, 10**10, 9 * 10**10)
    w.say(
        "全年接待游客{vis}，去年为{vis0}，同比{vis_g}；其中国内游客{vis1}，入境游客{vis2}。实现旅游总收入{money}，"
        "人均消费{each}。",
        vis=of(level, 1, "万", "人次"),
        vis0=of(before, 1, "万", "人次"),
        vis_g=moved(level / before - 1, 1, "%", "", "增长", "下降"),
        vis1=of(home, 1, "万", "人次"),
        vis2=of(abroad, 1, "万", "人次"),
        money=of(money, 1, "亿", "元"),
        each=Number(money / level, 0, "", "元", is_rounded=True),
    )
    w.tie("vis vis0 vis_g", is_growth)
    w.tie("vis vis1 vis2", is_sum)
    w.tie("each money vis", is_share)


def patents(w: Writer) -> None:
    level = count(w.draw, 3000, 40000)
    before = before_of(w.draw, level)
    a, b, c = split(w.draw, level, 3)
    w.say(
        "专利授权总量达{pat}，由上年的{pat0}{move}，其中发明专利{pa1}、实用新型专利{pa2}、外观设计专利{pa3}，"
        "发明专利占授权总量的{pa1_s}。",
        pat=whole(level, "件"),
        pat0=whole(before, "件"),
        move=moved(level - before, 0, "", "件", "增加", "减少"),
        pa1=whole(a, "件"),
        pa2=whole(b, "件"),
        pa3=whole(c, "件"),
        pa1_s=of(a / level, 1, "%"),
    )
    w.tie("pat pat0 move", is_sum)
    w.tie("pat pa1 pa2 pa3", is_sum)
    w.tie("pa1_s pa1 pat", is_share)


def savings(w: Writer) -> None:
    level = count(w.draw, 10**11, 9 * 10**11)
    before = before_of(w.draw, level)
    homes, firms, rest = split(w.draw, level, 3)
    w.say(
        "年末金融机构本外币各项存款余额{dep}，比年初{dep_d}，年初为{dep0}。住户存款、非金融企业存款和其他存款余额分别为"
        "{de1}、{de2}、{de3}，占各项存款的比重依次为{de1_s}、{de2_s}、{de3_s}。",
        dep=of(level, 1, "亿", "元"),
        dep0=of(before, 1, "亿", "元"),
        dep_d=moved(level - before, 1, "亿", "元", "增加", "减少"),
        de1=of(homes, 1, "亿", "元"),
        de2=of(firms, 1, "亿", "元"),
        de3=of(rest, 1, "亿", "元"),
        de1_s=of(homes / level, 1, "%"),
        de2_s=of(firms / level, 1, "%"),
        de3_s=of(rest / level, 1, "%"),
    )
    w.tie("dep dep0 dep_d", is_sum)
    w.tie("dep de1 de2 de3", is_sum)
    for share, part in (("de1_s", "de1"), ("de2_s", "de2"), ("de3_s", "de3")):
        w.tie(f"{share} {part} dep", is_share)
    w.text.lists += [("de1", "de2", "de3"), ("de1_s", "de2_s", "de3_s")]


def pensions(w: Writer) -> None:
    level = count(w.draw, 500_000, 4_000_000)
    workers = Fraction(int(level * w.draw.randint(300, 700) / 1000))
    rate, before = Fraction(w.draw.randint(930, 985), 1000), Fraction(w.draw.randint(850, 925), 1000)
    w.say(
        "参加基本养老保险{pen}，包括城镇职工{pe1}、城乡居民{pe2}；参保率{pr}，较上年{pr0}{pr_p}。"
        "全市现有养老机构{homes}，床位{beds}，平均每家{per}。",
        pen=of(level, 2, "万", "人"),
        pe1=of(workers, 2, "万", "人"),
        pe2=of(level - workers, 2, "万", "人"),
        pr=of(rate, 1, "%"),
        pr0=of(before, 1, "%"),
        pr_p=moved(rate - before, 1, "个百分点", "", "提高", "下降"),
        homes=whole(Fraction(60), "家"),
        beds=whole(Fraction(w.draw.randint(4000, 9000)), "张"),
        per=Number(Fraction(0), 0, "", "张", is_rounded=True),
    )
    beds = w.text.slots["beds"].range.low
    _reprint(w.text, "per", str(round(beds / 60)))
    w.tie("pr pr0 pr_p", is_moved, is_moved_in_percent)
    w.tie("pen pe1 pe2", is_sum)
    w.tie("per beds homes", is_share)


def _reprint(text: Text, name: str, digits: str) -> None:
    """Print other digits for a number that ends its line but for its unit."""
    slot = text.slots[name]
    line = text.lines[slot.line]
    text.lines[slot.line] = line[: slot.start] + digits + line[slot.end :]
    text.slots[name] = type(slot)(slot.line, slot.start, digits, slot.scale, False)


def police(w: Writer) -> None:
    level, before = count(w.draw, 3000, 9000), count(w.draw, 9100, 20000)
    w.say(
        "全年刑事立案{cr}，较上年同期的{cr0}减少{cr_d}，降幅{cr_g}。破案率{solved}，其中命案破案率100%。",
        cr=whole(level, "起"),
        cr0=whole(before, "起"),
        cr_d=Number(before - level, 0, "", "起", is_negative=True),
        cr_g=Number(1 - level / before, 1, "%", is_negative=True),
        solved=Number(Fraction(w.draw.randint(400, 900), 1000), 1, "%"),
    )
    w.tie("cr cr0 cr_d", is_sum)
    w.tie("cr cr0 cr_g", is_growth)


def housing(w: Writer) -> None:
    begun, done = count(w.draw, 30, 90), count(w.draw, 10, 29)
    homes, money = count(w.draw, 10_000, 60_000), count(w.draw, 3 * 10**8, 3 * 10**9)
    w.say(
        "列入计划的老旧小区改造项目{ho}，已完工{ho1}，完工率{ho_s}，惠及居民{fam}，投入资金{cost}，户均{home_each}元。"
        "安居家园项目总投资{p1}，建筑面积{k1}；康馨苑项目总投资{p2}，建筑面积{k2}。",
        ho=whole(begun, "个"),
        ho1=whole(done, "个"),
        ho_s=of(done / begun, 1, "%"),
        fam=of(homes, 2, "万", "户"),
        cost=of(money, 2, "亿", "元"),
        home_each=Number(Fraction(int(money / homes)), 0, is_rounded=True),
        p1=of(count(w.draw, 10**8, 9 * 10**8), 2, "亿", "元"),
        p2=of(count(w.draw, 10**8, 9 * 10**8), 2, "亿", "元"),
        k1=of(count(w.draw, 30_000, 99_000), 2, "万", "平方米"),
        k2=of(count(w.draw, 30_000, 99_000), 2, "万", "平方米"),
    )
    w.tie("ho_s ho1 ho", is_share)
    w.tie("home_each cost fam", is_share)


def climate(w: Writer) -> None:
    """Numbers that little ties."""
    w.say(
        "全年空气质量优良天数{days}天，其中一级{up}天。年平均气温{temp}℃，年降水量{rain}毫米，年日照{sun}小时。"
        "森林覆盖率{wood}，建成区绿化覆盖率{green}。",
        days=whole(count(w.draw, 290, 350)),
        up=whole(count(w.draw, 90, 150)),
        temp=Number(count(w.draw, 120, 220) / 10, 1),
        rain=Number(count(w.draw, 700, 1900), is_rounded=True),
        sun=Number(count(w.draw, 1100, 2300), is_rounded=True),
        wood=Number(count(w.draw, 300, 700) / 1000, 2, "%"),
        green=Number(count(w.draw, 350, 460) / 1000, 2, "%"),
    )
    w.tie("up days", lambda best, good: best.low <= good.high)


def opening(w: Writer) -> None:
    """The headline: what the sections say, before them."""
    level, money = count(w.draw, 10**7, 9 * 10**7), count(w.draw, 10**10, 9 * 10**10)
    w.say(
        "过去一年，财政民生支出达到{live}，新增市场主体{new}。",
        live=of(money, 2, "亿", "元"),
        new=of(level / 100, 2, "万", "户"),
    )
    w.say(
        "民生保障有力有效。财政民生支出{live2}，占一般公共预算支出{all}的{live_s}。新增市场主体{new2}，新设企业{firm}。",
        live2=of(money, 2, "亿", "元"),
        all=of(money * 5 / 4, 2, "亿", "元"),
        live_s=of(Fraction(4, 5), 1, "%"),
        new2=of(level / 100, 2, "万", "户"),
        firm=of(level / 400, 2, "万", "户"),
    )
    w.tie("live live2", are_equal)
    w.tie("new new2", are_equal)
    w.tie("live_s live2 all", is_share)


def accounts(w: Writer) -> None:
    """A table with sub-totals: taxes and other revenue, of which lines, a share."""
    taxes = [count(w.draw, 5000, 60000) for _ in range(3)]
    fees = [count(w.draw, 1000, 30000) for _ in range(2)]
    labels = [
        "增值税",
        "企业所得税",
        "城市维护建设税",
        "税收收入小计",
        "专项收入",
        "国有资源有偿使用收入",
        "非税收入小计",
    ]
    values = [*taxes, sum(taxes, Fraction(0)), *fees, sum(fees, Fraction(0))]
    w.say("表3　财政收入完成情况（单位：万元）")
    w.say("项目\t预算数\t决算数\t完成预算（%）")
    plans = [Fraction(int(value * w.draw.randint(900, 1100) / 1000)) for value in values]
    plans[3], plans[6] = sum(plans[:3], Fraction(0)), sum(plans[4:6], Fraction(0))
    for place, (label, value, plan) in enumerate(zip(labels, values, plans, strict=True)):
        w.say(
            f"{label}\t{{a{place}}}\t{{c{place}}}\t{{d{place}}}",
            **{
                f"a{place}": Number(plan * 10**4, factor="万"),
                f"c{place}": Number(value * 10**4, factor="万"),
                f"d{place}": Number(value / plan, 1, factor="%"),
            },
        )
        w.tie(f"d{place} c{place} a{place}", is_share)
    for column in "ac":
        w.tie(f"{column}3 {column}0 {column}1 {column}2", is_sum)
        w.tie(f"{column}6 {column}4 {column}5", is_sum)
    w.text.totals += ["c3", "c6"]
    w.say("")


def halves(w: Writer) -> None:
    """A table whose columns make up one another."""
    rows = ["小学", "初中", "高中"]
    w.say("表4　在校学生（人）")
    w.say("学段\t男\t女\t合计")
    sums = [Fraction(0), Fraction(0)]
    for place, label in enumerate([*rows, "总计"]):
        boys, girls = (count(w.draw, 9000, 60000) for _ in range(2)) if label in rows else sums
        sums = [sums[0] + boys, sums[1] + girls] if label in rows else sums
        w.say(
            f"{label}\t{{h1_{place}}}\t{{h2_{place}}}\t{{h3_{place}}}",
            **{
                f"h1_{place}": whole(boys),
                f"h2_{place}": whole(girls),
                f"h3_{place}": whole(boys + girls),
            },
        )
        w.tie(f"h3_{place} h1_{place} h2_{place}", is_sum)
    for column in "123":
        w.tie(f"h{column}_3 h{column}_0 h{column}_1 h{column}_2", is_sum)
        w.text.totals.append(f"h{column}_3")
    w.say("")


# English


def jobs(w: Writer) -> None:
    level = count(w.draw, 200_000, 900_000)
    before = before_of(w.draw, level)
    full, part = split(w.draw, level, 2)
    rate, was = Fraction(w.draw.randint(30, 60), 1000), Fraction(w.draw.randint(61, 90), 1000)
    w.say(
        "Employment in the county stood at {em} in 2023, against {em0} in 2022, a change of {em_g}. {fu} people worked full "
        "time and {pa} part time. The unemployment rate fell from {un0} to {un}, a drop of {un_p}.",
        em=whole(level),
        em0=whole(before),
        em_g=Number(level / before - 1, 1, "%", words="−" if level < before else "", is_negative=level < before),
        fu=whole(full),
        pa=whole(part),
        un0=of(was, 1, "%"),
        un=of(rate, 1, "%"),
        un_p=Number(was - rate, 1, " percentage points", is_negative=True),
    )
    w.tie("em em0 em_g", is_growth)
    w.tie("em fu pa", is_sum)
    w.tie("un un0 un_p", is_moved, is_moved_in_percent)


def homes(w: Writer) -> None:
    level = count(w.draw, 1000, 9000)
    a, b, c = split(w.draw, level, 3)
    w.say(
        "Builders completed {bu} homes, comprising {bu1} houses, {bu2} flats and {bu3} bungalows. Flats made up {bu2_s} of "
        "completions. Spending on roads was £{ro} million, of which £{ro1} million went on repairs.",
        bu=whole(level),
        bu1=whole(a),
        bu2=whole(b),
        bu3=whole(c),
        bu2_s=of(b / level, 1, "%"),
        ro=Number(count(w.draw, 500, 900) / 10, 1),
        ro1=Number(count(w.draw, 100, 490) / 10, 1),
    )
    w.tie("bu bu1 bu2 bu3", is_sum)
    w.tie("bu2_s bu2 bu", is_share)
    w.tie("ro ro1", lambda all_, repairs: repairs.low <= all_.high)


CHINESE: Sequence[Callable[[Writer], None]] = (
    farming, tourism, patents, savings, pensions, police, housing, climate,
)  # fmt: skip


def second_report(seed: int) -> Text:
    """An invented report in the words of this grammar; every fourth is in English.

    >>> second_report(3).lines[1]
    'Elden County: Review of 2023'
    """
    draw = random.Random(f"second {seed}")
    w = Writer(f"second-{seed}", draw)
    if seed % 4 == 3:
        w.say("(This text is invented for testing.)")
        w.say("Elden County: Review of 2023")
        jobs(w)
        homes(w)
        return w.text
    w.say("（本文为测试用虚构文本）")
    w.say("2023年度工作总结")
    opening(w)
    for section in draw.sample(CHINESE, draw.randint(4, 7)):
        section(w)
    for table in draw.sample([accounts, halves], draw.randint(1, 2)):
        table(w)
    return w.text

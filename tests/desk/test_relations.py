"""What a document states between its numbers: each kind of wording, right and wrong, and what must stay silent."""

import pytest

from desk.proving import proof

# what is printed, the kind of relation, and a slip of one number that cannot be right any more
STATED = [
    ("全市社会组织605家，比上年增加289家，上年为316家。", "change", "289家", "280家"),
    ("长者食堂96家，比上年末减少12家，上年末为108家。", "change", "减少12家", "减少21家"),
    ("社会组织由316家增加到605家，增加289家。", "change", "289家", "298家"),
    ("The port called 34 incidents, a decrease of 9 from 43.", "change", "9 from", "8 from"),
    ("In all 18,742 ships called, 615 more than in 2022, when there were 18,127.", "change", "615", "651"),
    ("财政收入312.8亿元，比上年增长4.3%，上年为299.9亿元。", "growth", "4.3%", "3.4%"),
    ("The port handled 186.4 million tonnes, up 4.8% from 177.9 million tonnes in 2022.", "growth", "4.8%", "8.4%"),
    ("注册志愿者90.6万人，比2020年增加21.9万人，增长31.9%。", "growth", "31.9%", "39.1%"),
    ("法院新收案件3.96万件，比上年同期下降8.1%，上年同期为4.31万件。", "growth", "下降8.1%", "增长8.1%"),
    ("病床使用率81.4%，比上年提高2.7个百分点，上年为78.7%。", "points", "2.7个百分点", "7.2个百分点"),
    ("群众安全感为98.12%，较上年97.85%上升0.27个百分点。", "points", "上升", "下降"),
    ("医疗卫生机构2764个。其中：医院96个，基层机构2613个，专业机构41个，其他机构14个。", "parts", "41个", "14个"),
    ("社会组织4128家，其中社会团体1537家、社会服务机构2486家、基金会105家。", "parts", "2486家", "2468家"),
    ("社会消费品零售总额1427.6亿元。按经营地分，城镇1189.3亿元，乡村238.3亿元。", "parts", "238.3", "283.3"),
    ("The port had 134 berths: 52 for bulk, 27 for containers, 39 for cargo and 16 for passengers.", "parts", "39", "93"),
    ("教育支出82亿元、医疗支出44亿元、社保支出61亿元，三项合计187亿元。", "parts", "187亿元", "178亿元"),
    ("规模以上企业1286家，其中高新技术企业517家。", "parts", "517家", "5170家"),
    ("床位31260张，其中医院24518张，占78.4%。", "share", "78.4%", "87.4%"),
    ("民生支出61.27亿元，占一般公共预算支出78.45亿元的78.1%。", "share", "78.1%", "81.7%"),
    ("收入完成98426万元，为预算95500万元的103.1%。", "share", "103.1%", "130.1%"),
    ("可支配收入52318元，是2018年35270元的1.48倍。", "ratio", "1.48倍", "1.84倍"),
    ("志愿者占常住人口的15.5%，常住人口为583.4万人。注册志愿者90.4万人，占常住人口的15.5%。", "share", "90.4万人", "94.0万人"),
    ("注册志愿者12.6万名，占常住人口的15.2%，常住人口82.9万人。", "share", "15.2%", "12.5%"),
    ("受理诉求148.2万件，办结146.9万件，办结率99.1%。", "share", "99.1%", "91.9%"),
    ("社会组织4128家，其中社会团体1537家、社会服务机构2486家、基金会105家，占比分别为37.2%、60.2%和2.5%。", "share", "37.2%、60.2%", "60.2%、37.2%"),
    ("执业医师14826人，注册护士17634人，医护比为1∶1.19。", "ratio", "17634", "16734"),
    ("开展活动3.85万场，服务时长1126万小时，平均每场292小时。", "average", "292小时", "229小时"),
    ("新建学校14所，新增学位12860个，平均每所新增约919个。", "average", "919", "991"),
    ("Ferries made 6,120 trips and carried 1.347 million passengers, an average of 220 a trip.", "average", "220", "202"),
    ("床位31260张。按常住人口468.3万人计算，每千人口床位数6.68张。", "rate", "6.68张", "6.86张"),
    ("债务余额41.62亿元，控制在限额43.5亿元以内。", "limit", "41.62", "46.12"),
    ("一、工作回顾\n民生支出61.27亿元。\n二、收支\n全年61.27亿元的民生支出办了实事。", "twice", "全年61.27", "全年67.21"),
    ("卫生机构总诊疗2847.6万人次。\n综上，全年提供诊疗服务2847.6万人次。", "twice", "服务2847.6", "服务2874.6"),
    ("生产总值3864.27亿元，其中第一产业增加值231.46亿元，第二产业增加值1612.85亿元，第三产业增加值2019.96亿元。三次产业结构为6.0∶41.7∶52.3。", "share", "41.7∶52.3", "52.3∶41.7"),
    ("地区\t人口（万人）\n全市\t468.4\n东区\t250.9\n西区\t217.5", "total", "250.9", "259.0"),
    ("| 项目 | 2023年 | 2022年 | 增减额 |\n|---|---|---|---|\n| 增值税 | 24317 | 22860 | 1457 |", "change", "1457", "1547"),
    ("注册志愿者从上年的22.18万人变为81.28万人，增长266.4%。", "growth", "266.4%", "226.4%"),
    ("收入完成98426万元，为预算95500万元的103.1%，比上年增长6.1%，上年完成92758万元。", "growth", "6.1%", "1.6%"),
    ("民生支出61.27亿元，占支出78.45亿元的78.1%，比上年提高1.4个百分点，上年为76.7%。", "points", "1.4个", "4.1个"),
    ("民生支出61.27亿元，占支出78.45亿元的78.1%，比上年提高1.8%，上年为76.7%。", "growth", "1.8%", "1.4%"),
    ("社会组织由316家增加到605家。\n综述\n全市社会组织605家。", "twice", "全市社会组织605家", "全市社会组织650家"),
    ("货物进出口总额599.3亿元，其中，出口193.3亿元，进口406.0亿元。", "parts", "406.0", "460.0"),
    ("新开工项目63个、续建项目85个、竣工项目37个，三类项目合计185个。", "parts", "185", "158"),
    ("收入803.3亿元，其中税收收入412.2亿元，非税收入391.1亿元，税收占比51.3%。", "share", "51.3%", "53.1%"),
    ("全市注册志愿者90.6万人，比2020年增加21.9万人；注册志愿者占常住人口的15.5%，常住人口为583.4万人。", "share", "15.5%", "51.5%"),
    ("常住人口468.3万人，其中城镇常住人口331.9万人，城镇化率为70.9%。", "share", "70.9%", "79.0%"),
    ("The port handled 186.4 million tonnes. Foreign trade accounted for 71.2 million tonnes (38.2%) and domestic trade for 115.2 million tonnes.", "share", "38.2%", "32.8%"),
    ("地区\t户数\t人口（人）\n全市\t\t4684\n东区\t\t2509\n西区\t31\t2175", "total", "2509", "2590"),
    ("项目\t预算数（万元）\t决算数（万元）\t完成预算（%）\n增值税\t58109\t54666\t94.1", "share", "94.1", "91.4"),
    ("学段\t男\t女\t合计\n小学\t24367\t22600\t46967\n初中\t20546\t21117\t41663", "total", "46967", "49667"),
    ("全年粮食总产量262.71万吨，较上年减产7.62万吨，下降2.8%。", "growth", "2.8%", "8.2%"),
    ("全年粮食总产量262.71万吨。其中，夏粮50.75万吨，早稻50.75万吨，秋粮161.21万吨。", "parts", "262.71", "226.71"),
    ("刑事立案5173起，较上年同期的17523起减少12350起，降幅70.5%。", "growth", "70.5%", "75.0%"),
    ("Builders completed 2483 homes, comprising 1105 houses, 1086 flats and 292 bungalows.", "parts", "1086", "1806"),
    ("Terminal\t2022\t2023\tChange\nNorth\t64.2\t66.9\t2.7\nSouth\t61.9\t64.9\t3.0\nTotal\t126.1\t131.8\t5.7", "total", "131.8", "138.1"),
    ("货物9214万吨。分品类看：煤炭4386万吨、粮食4333万吨、其余495万吨。", "parts", "4386", "4836"),
    ("全年发出预警1358条：蓝色512条、黄色604条、橙色203条、红色39条。", "parts", "512条", "521条"),
    ("资产总额31,426.57亿元。境内投资27,985.61亿元，境外投资3,440.96亿元。", "parts", "27,985.61", "29,785.61"),
    ("拖拉机9,764台，其中大型3,518台、其他6,246台；收割机1,286台。", "parts", "6,246", "6,426"),
    ("Of the 3,214 members, 1,870 were women and 1,344 men.", "parts", "1,344", "1,434"),
    ("Landings came to 8,412 tonnes: herring 3,905, cod 2,618 and other species 1,889.", "parts", "2,618", "2,816"),
    ("暑运62天累计发送3968.0万人，日均64.0万人。", "average", "日均64.0", "日均46.0"),
    ("发放救助金286.4万元，救助164人，人均1.75万元。", "average", "1.75", "1.57"),
    ("The service held 36 sessions and 1,872 people came, 52 a session.", "average", "52 a", "25 a"),
    ("法院审结36件，其中改判27件，采纳率75.0%。", "share", "75.0%", "57.0%"),
    ("发送旅客18642.7万人。动车组发送13796.4万人，占全部旅客发送量的74.0%。", "share", "74.0%", "47.0%"),
    ("结算余额684.2亿元，较月初657.9亿元增加26.3亿元，增幅4.0%。", "growth", "4.0%", "0.4%"),
    ("降水量986.4毫米，常年值为1096.0毫米，偏少10.0%。", "growth", "1096.0", "1069.0"),
    ("Income was £412,600, 4.5 per cent below the £432,040 of 2023.", "growth", "4.5", "5.4"),
    ("单票收入6.92元，上年同月为7.52元，下降0.60元。", "change", "下降", "上升"),
    ("Membership rose from 4,890 to 5,418 over the year.", "change", "4,890 to 5,418", "5,418 to 4,890"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "printed", "slip"), STATED)
def test_a_relation_is_found_agrees_as_printed_and_not_after_a_slip(text, kind, printed, slip):
    clean = proof(text)
    assert clean.is_clean, clean.findings
    assert kind in {one.kind for one in clean.agreements}
    assert text.count(printed) == 1
    broken = proof(text.replace(printed, slip))
    assert not broken.is_clean


SILENT = [
    "他先在1500米决赛中夺冠。男子500米由甲队夺冠；女子500米由乙队夺冠。",  # lengths of races
    "10月实际使用外资546.8亿元。1至10月，实际使用外资564.8亿元。",  # of a month and of several
    "全市有幼儿园565所。四县有幼儿园265所。",  # of places
    "遇难者中，消防人员75人，其他人员55人。失联者中，消防人员57人，其他人员3人。",  # of two lists
    "负债余额9671亿元，较上年末增加630亿元。其中存款较上年末增加686亿元。",  # moves are no parts of a level
    "债券余额较上年末增加282亿元，其中国债余额759亿元。",
    "上升43.7万手；其中法人持仓716.0万手，占63.5%。",
    "共有60人未参保，其中11人自行参保，15人在其他单位参保，3人已离职，31人因故未参保。",
    "首次献血31,037人次，重复献血55,177人次。男性献血50,866人次，女性35,348人次。",
    "11月轿车销售92.14万辆，占汽车销售总量的41.94%；前11月，轿车销售767.83万辆，占汽车销售总量的41.1%。",
    "受理诉求64,358件，其中报修28,470件、投诉11,752件；已办结64,101件，办结率99.6%。",
    "三元材料收入较上年增长69,585万元，上涨41.40%。",  # a material
    "保护率由43%提高到61%，提高了近两成。",
    "综合充足率241%，核心充足率193%，前者较年初的228%上升13个百分点。",
    "The list is kept current. 29 Public documents do not say, including the 31 of them. 30",  # notes
    "Output is about 100 400 units, comprising about 74 400 flats and about 26 000 houses.",
    "Revenue is $11.5 billion or 8.8 per cent less, while that from tax is $4 billion or 7.8 per cent higher.",
    "Costs rose by $28.7 million ($12.2 million of which for stock), a $14.9 million increase in finance costs.",
    "Sales were 1,038.9 million, an increase of 1.2 million dozen, compared to 1,037.7 million.",
    "Crews launched 1,284 times in 2024, 96 more often than in 2023 (1,188).",
    "地区生产总值682.5亿元，增长6.0%，上年为600.0亿元。",  # growth at constant prices
    "按可比价格计算，收入增长5.8%，为386亿元，上年为300亿元。",
    "医院1216.3万人次，入院86.3万人次，服务老年人3.2万人。",  # visits are not people
    "2020年以来累计化解纠纷21.4万件。今年化解纠纷5.37万件。",  # since, and this year's
    "二、2023年工作\n新增学位12860个。\n三、2024年主要目标\n新增学位9000个。",  # an aim
    "企业1286家，其中高新技术企业517家，专精特新企业900家。",  # groups may overlap
    "医院96个，按等级分，三级医院12个、二级医院34个。",  # the rest has no grade
    "The port handled 4.263 million TEU, of which 1.118 million TEU were transhipped. Full boxes numbered 2.9 million TEU.",
    "固定资产投资增长4.2%，其中基础设施投资增长7.9%，房地产开发投资下降8.7%。",  # growth of parts
    "刑事警情下降18.3%，其中诈骗警情下降近三成。",
    "志愿者超90万人。\n注册志愿者90.6万人。",
    "志愿者208万名，占常住人口的15.5%。",  # of what is not told
    "项目168个，完成投资214.6亿元，占年度计划200亿元的107.3%。",  # more than was planned
    "出生人口3.42万人，出生率为7.33‰；年末常住人口468.3万人。",  # of the average population
    "次均门诊费用268.5元，其中药费96.2元；次均住院费用9846元。",
    "审理天数平均缩短41天，其中刑事案件缩短8天。",
    "一、海东区\n常住人口142.6万人。\n二、临港区\n常住人口118.9万人。",  # of different places
    "供水管网120公里。\n供水管网95公里。\n供水管网88公里。",  # of more than one thing
    "社会组织由316家增加到605家。\n书店由20家增加到31家。",  # a verb is no name
    "在学研究生388.3万人，毕业生101.5万人。本专科在校生3775.0万人，毕业生1047.0万人。",  # of their subjects
    "The museum received 5.8 million visitors. Staff numbered 1,012, of whom 610 were women and 402 men.",  # of the staff
    "Visitors numbered 5.8 million (2022: 1.1 million), including 2.1 million from abroad.",
    "续建项目85个和竣工项目37个。",  # the words between are the second's
    "滨江大道项目总投资19.5亿元。\n北环快速路项目总投资58.1亿元。",  # of what stands before
    "户籍人口城镇化率51.3%。城镇常住人口33.1万人，常住人口46.8万人。",
    "收入803.3亿元，其中税收收入412.2亿元，非税收入391.1亿元，土地收入占比11.3%。",  # of what is not told
    "第一产业增加值152.40亿元，第二产业增加值1486.75亿元，第三产业增加值1779.47亿元。三次产业结构为4.5∶43.5∶52.0。",
    "项目\t2022年\t2023年\n合计\t\t30\n甲\t12\t10\n乙\t10\t20",  # an empty cell
    "全年粮食总产量262万吨，其中夏粮50万吨，秋粮161万吨。",  # there may be early rice
    "Of 1,000 people 600 worked full time and 300 part time.",
    "学段\t男\t女\t其他\t合计\n小学\t24\t22\t3\t49\n初中\t20\t21\t1\t42",  # not two halves
    "项目\t2023年预算数\t2024年预算数\t完成预算（%）\n增值税\t581\t546\t97.1",  # of which budget
    "财政收入312.8亿元，比2019年增长40.3%，上年为299.9亿元。",  # held against another year
    "代表队有112人，平均年龄24岁，其中年龄最大的是41岁的李某。",  # no part of an age
    "上半年炼化板块实现利润38.6亿元，其中炼油业务实现利润52.1亿元，化工业务亏损13.5亿元。",  # a loss is one part
    "销售收入9,412.60万元，占全年的34.4%，较2008年第四季度6,180.25万元增加3,232.35万元，增幅为52.3%。",  # of a quarter before
    "一次能源需求从2006年的98.4亿吨增长至2030年142.7亿吨，增长45%。",  # to a year without 的
    "合计\t出资比例\n甲\t40.00\n乙\t60.00\n合计\t100.00\n\n乙公司出资比例为95%。",  # the whole of shares
    "成交量22,600.0万手；环比9月（20,754.0万手）增加1,846.0万手，增长8.9%，与2023年10月的20,540.0万手相比增长10.0%。",  # two bases
    "We took 84,362 calls, an average of 2,721 a day; in September, with 30 days, 2,671 a day.",  # of another time
    "（1）第一次增资，增资到1,000万元。\n（2）第二次增资，增资到1,600万元。",  # two items of a list
    "Operating loss increased $52 million to $834 million, including $1.3 billion of amortisation.",  # moved by, to
    "It spells out the functions.99.We will help firms, including more than 100 small ones.",  # the number of a paragraph
    "The centre employs some 900 people, of which more than 16,000 hours were volunteers'.",  # far too many for a part
]  # fmt: skip


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_a_relation_is_left_alone(text):
    assert proof(text).findings == ()


def test_ranges_that_touch_may_be_right():
    assert proof("收入216.4亿元，占总额1427.6亿元的15.2%。").is_clean  # 15.158 % to 15.16 %, printed 15.15 to 15.25
    assert not proof("收入21.64亿元，占总额1427.6亿元的15.2%。").is_clean


def test_the_one_number_that_nothing_confirms_is_named():
    text = "社会组织605家，比上年增加298家，上年为316家。\n二、组织\n年末全市社会组织605家。"
    [finding] = proof(text).findings
    assert (finding.tier, finding.kind) == (1, "change")
    assert finding.gap > 0
    assert finding.arithmetic == "316家 + 298家 = 614家; printed: 605家"


@pytest.mark.parametrize(
    ("text", "arithmetic"),
    [
        (
            "The city has 605 organisations, an increase of 280; the year before it had 316.",
            "316 + 280 = 596; printed: 605",
        ),
        ("Organisations rose by 280 to 605 from 316.", "316 + 280 = 596; printed: 605"),
        ("Organisations fell by 280 to 615 from 885.", "885 − 280 = 605; printed: 615"),
        ("It spent 10.0 billion yuan, of which 4.0 billion, or 45%, on schools.", "39.3–40.8%; printed: 45%"),
        ("Revenue was 120 million yuan, including 130 million from taxes.", "130 million ≤ 120 million yuan"),
    ],
)
def test_english_says_changes_shares_and_parts_in_its_own_order(text, arithmetic):
    (found,) = [one for one in proof(text).findings if one.tier == 1]
    assert arithmetic in found.arithmetic


@pytest.mark.parametrize(
    "text",
    [
        "The city has 605 organisations. It spent 10.0 billion yuan, of which 4.0 billion on schools.",
        "Organisations fell by 280 to 605 from 885.",
        "Trade came to 45 million yuan, including 50 million passengers.",
        "It spent 10.0 billion yuan, or 45% of the budget.",
    ],
)
def test_english_that_says_something_else_is_left_alone(text):
    assert proof(text).is_clean

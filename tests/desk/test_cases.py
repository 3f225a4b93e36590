"""Numbers of a sentence, one of each kind that is easily misread: found in it, and with the right value, bounds and unit."""

import csv
from fractions import Fraction

import pytest

from bluebook.numbers.printed import canonical
from desk.scan import findings

CASES = """
职工中女性占五分之二。|五分之二||0.3|0.5|
逾四分之一的企业停产。|逾四分之一||0.25|0.5|
不良贷款率为百分之一点八。|百分之一点八||0.0175|0.0185|
筹集三亿四千万元。|三亿四千万元||335000000|345000000|元
共拨付两千多万元。|两千多万元||20000000|30000000|元
惠及群众二十多万人。|二十多万人||200000|300000|人
参保率由91%升至96.2%。|91%||0.905|0.915|
及格率从七成降至六成五。|七成||0.65|0.75|
立案数、结案数分别减少7.3%和5.1%。|5.1%|减少5.1%|-0.0515|-0.0505|
三项指标分别下降2.1%、3.4%和5.6%。|3.4%|下降3.4%|-0.0345|-0.0335|
三项指标分别下降2.1%、3.4%和5.6%。|5.6%|下降5.6%|-0.0565|-0.0555|
粮价同比略降1.3%。|降1.3%||-0.0135|-0.0125|
房价环比大跌4.7%。|跌4.7%||-0.0475|-0.0465|
税收减收6.2亿元。|减收6.2亿元||-625000000|-615000000|元
库存削减三成。|削减三成||-0.35|-0.25|
差距收窄0.6个百分点。|收窄0.6个百分点||-0.0065|-0.0055|百分点
人口减少了五成二。|减少了五成二||-0.525|-0.515|
出生率降0.4个千分点。|降0.4个千分点||-0.00045|-0.00035|千分点
利率下行15个基点。|下行15个基点||-0.00155|-0.00145|百分点
增速比上年加快2.3 个百分点。|2.3 个百分点||0.0225|0.0235|百分点
累计完成 45.6 亿元。|45.6 亿元||4555000000|4565000000|元
播种面积 1 234.5 万亩。|1 234.5 万亩||12344500|12345500|亩
婴儿死亡率为3.2/千。|3.2/千||0.00315|0.00325|
发病率每年约20.5/10万。|约20.5/10万||0.0002045|0.0002055|
约1/5的门店关闭。|约1/5||0.1|0.3|
两市降水分别为812、1020毫米。|812|812毫米|811.5|812.5|毫米
三类企业各有12、35和48家。|12|12家|12|12|家
分别完成5.2、6.8和7.1亿元。|6.8|6.8亿元|675000000|685000000|元
三年招生数分别为210，225，240名。|225|225名|225|225|名
财政收入(亿元) 88.20 3.5|88.20|88.20亿元|8819500000|8820500000|元
约有30来户搬迁。|30来户||30|40|户
注册用户达800+名。|800+名||800|900|名
空气优良率≥95%。|≥95%||0.95|0.96|
浓度≤35微克/立方米。|≤35微克/立方米||34.5|35|微克/立方米
出口US$12.4亿。|US$12.4亿||1235000000|1245000000|美元
募资HK$3,500万。|HK$3,500万||34995000|35005000|港元
中标价￥26.8万。|￥26.8万||267500|268500|元
吞吐量1,350万TEU。|1,350万TEU||13495000|13505000|标准箱
平均跌幅达3.8%。|3.8%|下降3.8%|-0.0385|-0.0375|
降幅分别为6.1%和7.4%。|7.4%|下降7.4%|-0.0745|-0.0735|
约占全省的12%。|12%|约12%|0.115|0.125|
噪声平均值52.6分贝。|52.6分贝||52.55|52.65|分贝
长江三五年内不再禁渔,历时三五年。|三五年|
受访者七八十人。|七八十人||70|80|人
过百户村民搬迁。|过百户||100|200|户
签约率几分之一。|几分之一||0.11111|0.5|
PM10浓度为48μg/m³。|48μg/m³||47.5|48.5|微克/立方米
人均用水量168升/日。|168升/日||167.5|168.5|升/日
全港學校1.05萬間。|1.05萬間||10450|10550|间
總經費2兆3,500億元。|2兆3,500億元||2349950000000|2350050000000|元
失業率下降0.3個百分點。|下降0.3個百分點||-0.0035|-0.0025|百分点
廿三萬名學生。|廿三萬名||225000|235000|名
約減2.4%。|減2.4%|减约2.4%|-0.0245|-0.0235|
Investment reached CNY 4.7 billion in total.|CNY 4.7 billion||4650000000|4750000000|元
The share was 12.5 percent of all.|12.5 percent||0.1245|0.1255|
It employs nearly 40 people there.|nearly 40||36|40|
Sales fell 2.4% in the year.|fell 2.4%||-0.0245|-0.0235|
罚没款壹佰贰拾万元。|壹佰贰拾万元||1150000|1250000|元
赔偿人民币叁拾伍万元。|人民币叁拾伍万元||345000|355000|元
罰款新台幣貳拾萬元。|新台幣貳拾萬元||150000|250000|元
预算为二亿零四百多万元。|二亿零四百多万元||204000000|205000000|元
投入2亿400多万元。|2亿400多万元||204000000|205000000|元
捐款十几万元。|十几万元||100000|200000|元
相差近半个百分点。|近半个百分点||0.0045|0.005|百分点
为企业减负1.3亿元。|1.3亿元||125000000|135000000|元
最大屏幕65英寸。|65英寸||64.5|65.5|英寸
失业率比上年末低0.3个百分点。|0.3个百分点|下降0.3个百分点|-0.0035|-0.0025|百分点
增速低于全省平均水平0.6个百分点。|0.6个百分点|下降0.6个百分点|-0.0065|-0.0055|百分点
增速高于全省平均水平0.6个百分点。|0.6个百分点||0.0055|0.0065|百分点
年降水量较常年偏少12.3%。|12.3%|下降12.3%|-0.1235|-0.1225|
同比少增125亿元。|125亿元|下降125亿元|-12550000000|-12450000000|元
比上年多收3.6亿元。|3.6亿元||355000000|365000000|元
票价比其他城市最低1.5元。|1.5元||1.45|1.55|元
每年節省約78億及156億元的開支。|約78億|約78億元|7750000000|7850000000|元
就业人数分别为3.2万、3.5万和3.8万人。|3.2万|3.2万人|31500|32500|人
存款、贷款余额分别为1.2万亿和9800亿元。|1.2万亿|1.2万亿元|1150000000000|1250000000000|元
The city built five schools and twelve clinics last year.|five||5|5|
The city built five schools and twelve clinics last year.|twelve||12|12|
Twenty-three people were injured in all.|Twenty-three||23|23|
More than forty villages were connected.|More than forty||40|50|
Work took nearly three years to finish.|nearly three years||2.7|3|年
About half of the firms were profitable.|About half||0.45|0.55|
A quarter of residents are over 60 now.|A quarter||0.125|0.375|
The rate was 15.1 per 100,000 people.|15.1 per 100,000 people||15.05|15.15|/10万人
全市GDP达到CNY 3.46 trillion (3.46万亿元)。|3.46万亿元||3455000000000|3465000000000|元
全市GDP达到CNY 3.46 trillion。|CNY 3.46 trillion||3455000000000|3465000000000|元
出口增长12 percent左右。|12 percent||0.115|0.125|
净息差收窄8BP。|收窄8BP||-0.00085|-0.00075|百分点
新建220kV变电站3座。|220kV||219.5|220.5|千伏
每人每天饮水2L。|2L||1.5|2.5|升
每人每天用水168L/(人·d)。|168L/(人·d)||167.5|168.5|升/人·天
博彩毛收入172.1億澳門元。|172.1億澳門元||17205000000|17215000000|澳门元
截获四十二种次。|四十二种次||42|42|种次
惠及一千一百多户。|一千一百多户||1100|1200|户
公务接待费减支38.6万元。|减支38.6万元||-386500|-385500|元
全年少查1200起。|1200起|下降1200起|-1200|-1200|起
同比少信访46件。|46件|下降46件|-46|-46|件
造成3死12傷。|3|3人|3|3|人
造成3死12傷。|12|12人|12|12|人
受理申请（件）：1 250|1 250|1 250件|1250|1250|件
恒指連跌三日。|三日||3|3|日
约三十几间店铺。|约三十几间||30|40|间
约200余家企业。|约200余家||200|300|家
超过50%以上的企业。|超过50%以上||0.5|0.6|
约80亿元左右。|约80亿元左右||7600000000|8400000000|元
仅完成8亿元，不足年初预算的六成。|六成|不足六成|0.55|0.6|
不到全国平均水平的三分之一。|三分之一|不到三分之一|0.166667|0.333333|
高于全国平均水平的35%。|35%||0.345|0.355|
香港每程最多貴$1.4。|$1.4|HK$1.4|1.35|1.45|港元
The rate was 0.3 percentage points lower.|0.3 percentage points|down 0.3 percentage points|-0.0035|-0.0025|百分点
It took 4.2 hours less than in 2022.|4.2 hours|down 4.2 hours|-4.25|-4.15|小时
There were 12 fewer deaths in the year.|12|down 12|-12|-12|
冬季平均气温5.1℃，偏低0.4℃。|0.4℃|下降0.4℃|-0.45|-0.35|℃
占合同金额的七成一。|七成一||0.705|0.715|
全年出超97.9億美元。|97.9億美元||9785000000|9795000000|美元
全年起降4.1万架次。|4.1万架次||40500|41500|架次
隧道8.9万延米。|8.9万延米||88500|89500|延米
派息每股4.5港仙。|4.5港仙||4.45|4.55|港仙
判处有期徒刑三年六个月。|三年六个月||42|42|个月
平均用时2小时05分。|2小时05分||124.5|125.5|分钟
最短间隔3分15秒。|3分15秒||194.5|195.5|秒
The trip now takes 1 hour 20 minutes by rail.|1 hour 20 minutes||79.5|80.5|分钟
年增率破3%。|破3%||0.03|0.04|
表层海水pH8.07左右。|8.07左右||8.06|8.08|
密度为1,240个/平方千米。|1,240个/平方千米||1239.5|1240.5|个/平方千米
微创手术占过四成。|过四成||0.4|0.5|
Research income was RMB 318 million, 科研经费增长。|RMB 318 million||317500000|318500000|元
They operated with four new surgical systems.|four||4|4|
樓宇買賣合約5,013份。|5,013份||5013|5013|份
折合约3亿元人民币。|约3亿元人民币||250000000|350000000|元
香港公司每股虧損23.6仙。|23.6仙||23.55|23.65|港仙
Flights served seven more than in 2022 did.|seven||7|7|
改判率、发回率同比分别下降0.6个和0.3个百分点。|下降0.6个|下降0.6个百分点|-0.0065|-0.0055|百分点
改判率、发回率同比分别下降0.6个和0.3个百分点。|0.3个百分点|下降0.3个百分点|-0.0035|-0.0025|百分点
"""

NO_FIGURES = """
最近三年新建桥梁8座。|三
近十年来新增林地。|十
巩固十二年制义务教育成果。|十二
2022-2023学年开课。|23
2021/22财年盈利。|22
72小时内答复率97%。|72
15个工作日内办结。|15
三年以上有期徒刑的41人。|三
年满18周岁的公民。|18
不满14岁的儿童。|14
指数为98.6(上年=100)。|100
价格指数(2020年=100)为103。|100
单位10万元产值能耗下降。|10
每百名学生拥有电脑。|百
民國111年統計。|111
110年度決算。|110
110警情下降。|110
〔2023〕15号文件|15
（2022）京02民初114号判决|114
党的二十大精神|二十
第三届第二次会议|二
5·12地震|12
拨打12345热线|12345
4A级景区|4
二审案件|二
“三去一降一补”|三
80后干部|80
The 3rd plan began.|3
In the year 2021 it grew.|2021
It is open 24/7 to all people.|24
See Table 4 for all of it.|4
近三年就业人数分别为3.2万、3.5万和3.8万人。|三
二○二一/二二年度的總收入。|二二
十五年免费教育全面落实。|十五
二十国集团峰会。|二十
中亚五国贸易额增长。|五
12英寸晶圆生产线投产。|12
Over the next 3 years it will grow more.|3
4K影视产业。|4
两年平均增长6.1%。|两
9710、9810模式占四成。|9710
9710、9810模式占四成。|9810
最大24小时降雨量213.5毫米。|24
至18日8时结束。|18
2小时到场率99%。|2
十年期以上占七成。|十
时间过半、任务过半。|半
65歲或以上長者。|65
A 24-hour hotline was opened for all.|24
Calls were answered within 30 seconds each.|30
国道、3号国道连环车祸。|3
縣道162線拓寬工程。|162
4、5、6月分别短收。|4
近三年劳动争议案件审理情况。|三
试用期不得超过六个月。|六
ESI前1‰学科2个。|1
信達地產（1258.HK）公布業績。|1258
創八個月新高。|八
首五年落成量料不多於14萬個。|五
46歲男會計師涉挪用公款。|46
平均每13分鐘一宗。|13
五年审结案件31.8万件。|五
标的额超亿元案件升13.6%。|亿
按4倍LPR即15.4%予以调整。|4
日最大8小时第90百分位浓度。|8
满意度4.87分（满分5分）。|5
56人以上大班额37个。|56
标的额1000万元以上的212件。|1000
IF≥10的论文143篇。|10
48小时内作出裁定的占九成。|48
前三年总和的2.1倍。|三
力争三年撬动社会资本百亿元。|三
状况白皮书（2021—2023）|2021
优良（一、二类）水质。|二
劣四类水质面积。|四
12350举报平台受理线索。|12350
不含12海里以外海域。|12
「黃金周」8天累計接待旅客93萬人次。|8
1小时最大雨强86.4毫米。|1
为近十年最少。|十
創下近一年新高。|一
收案数五年来首次下降。|五
寫下25年新低。|25
单价100万元（含）以上设备。|100
三、四级手术占六成。|四
1000吨级及以上泊位。|1000
一次死亡3人以上的事故。|3
股份代号：8927|8927
截至2023年6月30日止六个月的收入。|六
仓库（Phase 2）投产。|2
护病比1比12。|12
RMB1 to HK$1.08 was the rate used.|1
Revenue for the six months ended 30 June grew.|30
Payables aged over 90 days are few.|90
For enquiries call (852) 2810 6000 please.|2810
"""


def rows(table):
    return [line.split("|") for line in table.strip().splitlines()]


def found(text, printed):
    """The findings of a sentence that share a character with what is printed."""
    at = text.index(printed)
    return [f for f in findings(text) if f.span.offset < at + len(printed) and f.span.end > at]


def near(number, wanted):
    return abs(float(number) - float(wanted)) <= 1e-3 * abs(float(wanted)) + 1e-12


@pytest.mark.parametrize("row", [row for row in rows(CASES) if len(row) > 3], ids=lambda row: row[1])
def test_each_is_found_and_read_right(row):
    text, printed, reads_as, low, high, unit = row
    [finding] = found(text, printed)
    assert (finding.span.printed, finding.reads_as) == (printed, reads_as)
    assert finding.number is not None, finding.reason
    assert near(finding.number.low, low), float(finding.number.low)
    assert near(finding.number.high, high), float(finding.number.high)
    assert finding.number.unit == unit


@pytest.mark.parametrize(("text", "printed"), rows(NO_FIGURES), ids=lambda cell: cell)
def test_what_is_no_figure_is_not_taken_for_one(text, printed):
    here = found(text, printed)
    assert here
    assert [f.span.printed for f in here if f.number] == []


def test_the_shared_cases_are_read_right(root):
    """The table of cases that lies beside the repository, where it does."""
    path = root.parent / "shared" / "cases" / "numerals.tsv"
    if not path.is_file():
        pytest.skip("no shared cases beside the repository")
    wrong = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            here = found(row["text"], row["printed"])
            if row["figure"] != "figure":
                wrong += [row] if not here or any(f.number for f in here) else []
                continue
            [finding] = here
            number = finding.number
            said = [(end, row[end]) for end in ("value", "low", "high") if row[end] != "-"]
            is_right = (
                number is not None
                and finding.span.printed == row["printed"]
                and (finding.reads_as or finding.span.printed) == row["reads_as"]
                and all(near(getattr(number, end), wanted) for end, wanted in said)
                and canonical(number.unit) == canonical(row["unit"].replace("-", ""))
            )
            wrong += [] if is_right else [row]
    assert wrong == []


@pytest.mark.parametrize(
    ("table", "printed", "reads_as"),
    [
        ("指标\t单位\t绝对数\n粮食\t万吨\t56.32", "56.32", "56.32万吨"),
        ("指标\t计量单位\t2023年\t增长(%)\n生产总值\t亿元\t617.5\t5.2", "5.2", "5.2%"),
        ("指标  单位  2023年  2022年\n城镇化率  %  62.5  61.8", "61.8", "61.8%"),
        ("单位\t金额\t户数\n教育局\t12\t35", "12", ""),
    ],
    ids=["one year", "a column of growth", "two years", "offices, not units"],
)
def test_a_row_may_have_its_unit_in_a_cell_of_its_own(table, printed, reads_as):
    [finding] = [f for f in findings(table) if f.span.printed == printed]
    assert finding.number is not None
    assert finding.reads_as == reads_as


@pytest.mark.parametrize(
    "text",
    [
        "One of the largest ports in the world.",
        "Both of the two sides agreed on this.",
        "Those three areas were surveyed again.",
        "In the first half of the year it grew.",
        "The second half of 2023 was better.",
        "The airport opened a third runway in May.",
        "It came a quarter earlier than planned.",
        "Exports rose over the past five years.",
    ],
)
def test_an_english_word_that_only_points_is_no_figure(text):
    assert [finding.span.printed for finding in findings(text) if finding.number] == []


def test_a_table_squeezed_onto_one_line_is_read():
    row = "地区生产总值(亿元) " + " ".join(f"{100 + year}.{year % 10}" for year in range(70))
    read = [finding for finding in findings(row) if finding.number]
    assert len(read) == 70
    assert read[0].reads_as == "100.0亿元"


def test_a_third_is_told_to_a_third():
    [finding] = found("女性占三分之一。", "三分之一")
    assert (finding.number.low, finding.number.high) == (Fraction(1, 6), Fraction(1, 2))

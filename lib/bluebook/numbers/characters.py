"""The characters of a text as the reader sees them, each still at its place.

`normal` makes full-width digits, letters and signs narrow, traditional characters simplified and the digits of cheques
(叁拾伍万) plain, one for one, so that what is found in the result stands at the same offset in the text. `tight` also
takes out the spaces that stand inside a number or between it and its unit (`12.3 亿元`, `2 184.6 平方千米`), and says
where each character stood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bluebook.numbers.words import CODES, UNITS

# Traditional and simplified, side by side: the characters of numbers, units, hedges and of the words around them.
_PAIRS = (
    "萬万億亿點点個个兩两餘余幾几間间約约達达過过將将從从許许數数總总計计為为於于與与無无單单雙双種种項项類类級级層层"
    "門门輛辆棟栋條条張张塊块臺台隊队組组對对場场屆届戶户號号線线環环詞词頁页課课時时學学鎮镇鄉乡縣县區区國国勞劳務务"
    "員员頃顷價价產产業业財财稅税歲岁預预決决執执債债償偿貸贷貨货幣币匯汇銀银錢钱費费資资額额購购買买賣卖賺赚虧亏營营運运"
    "輸输載载車车電电話话網网聯联絡络機机鐵铁軌轨橋桥灣湾島岛嶼屿陽阳陰阴風风雲云氣气溫温濕湿塵尘煙烟廢废汙污淨净濁浊"
    "滅灭災灾傷伤殺杀搶抢竊窃詐诈騙骗審审訴诉訟讼檢检獄狱罰罚處处懲惩獎奖勵励評评議议會会選选舉举黨党團团體体織织構构"
    "關关係系統统報报導导記记錄录調调驗验測测試试標标準准規规劃划畫画圖图書书館馆劇剧藝艺術术樂乐戲戏動动靜静勢势強强"
    "進进遠远遲迟連连續续斷断繼继絕绝終终結结緒绪綠绿紅红黃黄藍蓝純纯細细緊紧縮缩減减漲涨擴扩擬拟據据擔担損损換换攤摊"
    "撥拨擁拥護护揮挥摺折築筑節节簡简範范籌筹糧粮糾纠紀纪納纳紙纸紐纽練练給给經经綜综維维緩缓編编績绩縱纵繳缴罷罢羅罗"
    "聖圣聲声職职聽听腦脑臨临舊旧艱艰莊庄華华萊莱葉叶蓋盖藥药蘇苏蘭兰虛虚蟲虫補补裝装製制複复覽览觀观覺觉觸触訂订訊讯"
    "討讨訓训設设訪访診诊証证詢询該该詳详認认語语誤误說说誰谁談谈請请諸诸謀谋講讲謝谢證证識识譯译變变讓让豐丰貝贝負负"
    "貢贡貧贫責责貴贵貿贸賀贺賃赁賓宾賠赔賴赖贈赠贊赞贏赢趕赶趙赵趨趋跡迹踐践躍跃軍军軟软較较輕轻輔辅輪轮輯辑轄辖轉转"
    "轟轰辦办辭辞農农迴回這这週周遊游違违遜逊遞递適适遷迁遺遗還还邊边郵邮鄰邻醫医釋释裡里針针鋼钢錯错錦锦鍵键鎖锁鐘钟"
    "鑑鉴長长閉闭開开閒闲閘闸闊阔闡阐陸陆陳陈階阶際际險险隨随隱隐雖虽雜杂離离難难霧雾靈灵頂顶順顺須须領领頭头頻频題题"
    "顏颜願愿顧顾顯显飛飞養养駐驻駕驾騎骑驅驱驚惊髒脏鬥斗魚鱼鮮鲜鳥鸟鳳凤鹽盐麗丽麥麦麵面齊齐齒齿龍龙龜龟佔占併并來来"
    "侖仑倉仓們们倖幸倫伦偉伟側侧傑杰備备傳传傾倾僅仅僑侨儀仪儉俭優优儲储兒儿內内兇凶冊册凍冻劑剂剛刚創创別别刪删劉刘"
    "勝胜勳勋勸劝協协卻却厭厌厲厉參参吳吴問问啟启喪丧嗎吗嘆叹嚴严囑嘱圍围園园圓圆堅坚墊垫墜坠墳坟壓压壞坏壯壮壽寿夠够"
    "夾夹奪夺奮奋妝妆姪侄婦妇媽妈孫孙宮宫實实寧宁寫写寬宽寶宝專专尋寻屬属崗岗嶺岭巖岩幹干帥帅師师帶带幫帮廠厂廣广廳厅"
    "廟庙庫库彈弹彎弯彙汇彥彦後后徑径復复徵征徹彻恆恒惡恶悶闷愛爱態态慘惨慣惯慮虑慶庆憂忧憐怜憑凭憲宪應应懷怀懸悬戀恋"
    "戰战拋抛挾挟捨舍掃扫採采揚扬搖摇撐撑撲扑擇择擊击擋挡擠挤擱搁擾扰攔拦攜携敗败敵敌斂敛斬斩晉晋晝昼暫暂曆历曉晓東东"
    "棄弃棗枣極极榮荣樁桩樓楼樞枢樣样橫横檔档櫃柜欄栏權权歐欧歡欢歷历歸归殘残殼壳毀毁氫氢沒没況况洩泄涼凉淚泪淺浅渦涡"
    "渾浑湊凑滬沪滯滞滿满漁渔潔洁潛潜潤润潰溃澤泽濃浓濟济濱滨瀏浏灘滩煉炼煩烦熱热燈灯燒烧爐炉爭争爺爷牆墙牽牵狀状獨独"
    "獲获獻献現现瑪玛瓊琼甌瓯畝亩畢毕異异當当疇畴疊叠痙痉瘋疯療疗發发皺皱盜盗盡尽監监盤盘眾众睏困矚瞩碼码磚砖礎础礙碍"
    "礦矿祿禄禍祸禮礼禪禅稱称穀谷積积穩稳窮穷竄窜競竞筆笔籃篮紛纷罵骂義义習习聞闻聰聪肅肃脅胁脈脉脫脱腫肿腳脚膚肤膠胶"
    "膽胆艦舰蔣蒋薦荐薩萨蘊蕴蝦虾蠟蜡衆众衛卫衝冲褲裤襲袭見见視视親亲誌志誇夸諮咨諾诺謂谓譜谱讚赞貪贪貫贯貼贴賊贼賞赏"
    "質质賬账賽赛贖赎輝辉輩辈輻辐轎轿辯辩醜丑釀酿鈔钞鈣钙銅铜銘铭銷销鋒锋鋪铺錘锤鍋锅鍛锻鎢钨鏈链鏡镜鑽钻閃闪閱阅隻只"
    "雞鸡頓顿頗颇頒颁頸颈顆颗餅饼餓饿飯饭飲饮飾饰駁驳駛驶騰腾驟骤噸吨舖铺鋁铝鉛铅鋅锌鎳镍鈷钴嚐尝哩里贓赃緝缉獵猎貳贰"
    "屜屉"
)
_DIFFERING = [pair for pair in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if pair[0] != pair[1]]
_SIMPLIFIED = dict(_DIFFERING)
_ALSO_SIMPLIFIED = "乾於幹併佔週遊"  # traditional characters that texts in simplified ones have, too
_TRADITIONAL_ONLY = sorted(set(_SIMPLIFIED) - set(_ALSO_SIMPLIFIED))
_TRADITIONAL = re.compile(f"[{''.join(_TRADITIONAL_ONLY)}]")
_HAN = re.compile("[一-鿿]")
_MOSTLY = 50  # one traditional character in so many makes a text one of traditional characters
_HAN_DIGITS = "零〇一二两三四五六七八九十廿卅"
_ZERO = re.compile(rf"(?<=[{_HAN_DIGITS}])[○◯]|[○◯](?=[{_HAN_DIGITS}○◯])")
_FORMAL_DIGITS = "壹贰叁肆伍陆柒捌玖"
_PLAIN_OF_FORMAL = str.maketrans(_FORMAL_DIGITS + "拾佰仟", "一二三四五六七八九十百千")
_FORMAL = re.compile(
    rf"(?<![队大收捡])(?:[{_FORMAL_DIGITS}](?=[拾佰仟万亿])|拾(?=[{_FORMAL_DIGITS}万亿]))[{_FORMAL_DIGITS}拾佰仟零〇万亿]*"
)  # the digits of cheques: 叁拾伍万
_LIST_COMMA = re.compile(r"(?<=[0-9])，(?=[0-9])")


@dataclass(frozen=True)
class Tight:
    """A line without the spaces inside its numbers; `places` has the offset of each character, and the end's."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the line of what stands at start:end here."""
        return self.places[start], self.places[end - 1] + 1


def narrow(text: str) -> str:
    """`text` with full-width digits, letters and signs made narrow; each character stays one character.

    A full-width comma between narrow digits stays as it is: it separates two numbers and never groups digits.

    >>> narrow("１２，３４５．６％"), narrow("120，135个")
    ('12,345.6%', '120，135个')
    """
    if text.isascii():
        return text
    plain = text.translate(_NARROW)
    if "，" not in text:
        return plain
    characters = list(plain)
    for match in _LIST_COMMA.finditer(text):
        characters[match.start()] = "，"
    return "".join(characters)


class _Narrow(dict[int, str]):
    """The narrow form of each character that has one of a single character, found when first asked for."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        compatible = unicodedata.normalize("NFKC", character)
        is_narrowed = len(compatible) == 1 and character not in "²³"
        self[code] = compatible if is_narrowed else character
        return self[code]


_NARROW = _Narrow()
_SIMPLER = str.maketrans(_SIMPLIFIED)


def normal(text: str) -> str:
    """`text` narrow and in simplified characters; each character stays one character.

    >>> normal("１２，３４５．６％"), normal("二○二四年29.48萬個"), normal("叁拾伍萬元")
    ('12,345.6%', '二〇二四年29.48万个', '三十五万元')
    """
    plain = narrow(text)
    if plain.isascii():
        return plain
    plain = _ZERO.sub("〇", plain.translate(_SIMPLER))
    return _FORMAL.sub(lambda run: run[0].translate(_PLAIN_OF_FORMAL), plain)


def is_traditional(text: str) -> bool:
    """Whether a text is in traditional characters: there 兆 is 10¹², elsewhere the mega- of 兆瓦 and 兆比特.

    >>> is_traditional("預算規模30兆元"), is_traditional("装机容量30兆瓦")
    (True, False)
    """
    traditional = len(_TRADITIONAL.findall(text))
    characters = len(_HAN.findall(text))
    return traditional > 0 and traditional * _MOSTLY >= characters


# A single space that stands inside a number, or between it and its unit, sign or hedge.
_LATIN = "km|cm|mm|m|hm|ha|kg|mg|g|t|[kMGT]?Wh?|kV|dB|TEU|teu|[μu]g|L|ml|mL|[kMG]?bps|kcal"
_GAP = re.compile(
    rf"(?<=\d) (?=[%‰℃°余多来]|[一-鿿](?<![和与及]))|(?<=\d) (?=(?:{_LATIN})(?![A-Za-z]))"
    rf"|(?<=[一-鿿]) (?=\d)|(?<=[$¥€£≥≤<>~]) (?=\d)|{'|'.join(f'(?<={code}) (?=[0-9])' for code in CODES)}"
    r"|(?<=[余多来万亿百千]) (?=[万亿元美人名个家吨亩平立千公])"
    rf"|(?<=[余多来万亿]) (?=(?:{_LATIN})(?![A-Za-z]))"
)
_COUNTABLE = f"[{''.join(sorted({*'万亿余多来', *(unit[0] for unit in UNITS)}))}]"
_GROUPED = re.compile(
    rf"(?<![\d.,，])(?<![\d.,，] )(?:\d{{1,2}}(?: \d{{3}})+(?:\.\d+)?(?= ?{_COUNTABLE}|[、和与及])"
    rf"|\d{{3}}(?: \d{{3}})+(?:\.\d+)?(?= ?{_COUNTABLE}))"
    r"|(?<=[)]:)\d{1,2}(?: \d{3})+(?=$|[,，。;])"  # 受理申请(件):1 250
)


def tight(line: str) -> Tight:
    """The line, in `normal` characters, without the spaces inside its numbers.

    A space groups digits only in threes, before a unit or in a list, and never among other numbers: `120 135` are two.

    >>> tight("共 2 184.6 平方千米，12.3 亿元").text, tight("120 135").text
    ('共2184.6平方千米,12.3亿元', '120 135')
    """
    plain = normal(line)
    dropped: set[int] = set()
    if " " in plain:
        dropped = {match.start() for match in _GAP.finditer(plain)}
        for match in _GROUPED.finditer(plain):
            inside = range(match.start(), match.end())
            dropped.update(place for place in inside if plain[place] == " ")
    places = [place for place in range(len(plain)) if place not in dropped]
    text = "".join(plain[place] for place in places)
    return Tight(text, (*places, len(plain)))

"""The words of printed numbers in Chinese: digits, powers, hedges, signs, currencies and units."""

from __future__ import annotations

import re
from fractions import Fraction

MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"廿": 20, "卅": 30}
RATIOS = {
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "‱": Fraction(1, 10**4),
    "成": Fraction(1, 10),
    "个百分点": Fraction(1, 100),
    "个千分点": Fraction(1, 1000),
    "个基点": Fraction(1, 10**4),
}
SIGNS = (
    "下降 下滑 下跌 下行 下调 下挫 回落 回调 滑落 降低 降 跌 减少 减产 减收 减支 减员 减退 减缓 减 "
    "缩减 缩短 缩小 缩水 压减 压缩 压降 "
    "削减 裁减 调减 核减 收窄 收缩 萎缩 放缓 衰退 贬值 短收 少收 负增长 负 - −"
).split()
HEDGES = {
    "over": ("余", "多", "来", "几", "超过", "超", "逾", "突破", "高于", "多于", "大于", "过", "破", ">"),
    "at least": ("以上", "至少", "不少于", "不低于", "不小于", "不下", "起码", "最少", "上", "≥", "+"),
    "nearly": ("近", "将近", "接近"),
    "under": ("不足", "不到", "未达", "未到", "不满", "低于", "少于", "小于", "<"),
    "at most": ("以下", "以内", "至多", "最多", "不超过", "不高于", "不多于", "不大于", "≤"),
    "about": ("约", "大约", "左右", "上下", "~"),
}

# Words a number is counted in. A classifier (个, 家, 名 …) counts things and has no dimension of its own.
MEASURES = tuple(
    "元 美元 港元 欧元 日元 英镑 澳元 加元 韩元 瑞士法郎 新加坡元 卢布 平方公里 平方千米 平方米 ㎡ 公里 千米 米 "
    "厘米 毫米 海里 英里 英尺 英寸 "
    "平方英尺 公顷 亩 坪 吨 吨标准煤 千克 公斤 斤 克 毫克 微克 纳克 盎司 桶 升 毫升 立方米 千瓦时 千瓦 兆瓦 吉瓦 "
    "千伏 千伏安 兆赫 澳门元 港仙 美分 泰铢 林吉特 越南盾 延米 车公里 英亩 平方英里 加仑 磅 "
    "瓦 伏 千帕 兆帕 兆焦 吉焦 "
    "焦耳 千卡 分贝 帕 百帕 吨公里 人公里 度 ℃ 摄氏度 小时 个小时 天 日 个工作日 工作日 分钟 秒 周 个星期 个月 月 "
    "个季度 年 周年 "
    "岁".split()
)
CLASSIFIERS = tuple(
    "个 名 人 人次 位 家 户 户次 项 项次 件 件次 宗 起 条 场 场次 次 间 间次 支 辆 辆次 批 批次 届 级 类 大类 门类 "
    "方面 "
    "所 座 栋 幢 套 台套 张 幅 片 块 处 台 台次 部 本 篇 份 册 卷 种 款 只 头 羽 匹 尾 株 棵 枚 颗 根 艘 艘次 架 "
    "架次 列 班 班次 趟 节 门 支队 支队伍 对 双 组 队 群 期 轮 步 点 倍 番 笔 单 票 例 例次 剂 剂次 盒 瓶 箱 标准箱 "
    "袋 首 口 眼 床 家次 车次 航次 标段 网格 社区 街道 镇 乡 村 区 县 市 省 国 号 线 站 环 层 词 字 页 分 学时 "
    "课时 股 席 盏 桩 道 面 通 人年 亩次 箱次 扇 人份 晚 夜 间夜 胎".split()
)
UNITS = (*MEASURES, *CLASSIFIERS)
TIME = tuple("年 周年 岁 个月 月 周 个星期 天 日 个工作日 工作日 小时 个小时 个季度".split())  # exact when whole

# Other names of units, and what they are here.
ALIASES = {
    "ft": "英尺", "ft²": "平方英尺", "kVA": "千伏安", "Pa": "帕", "hPa": "百帕", "kcal": "千卡",
    "km": "公里", "km2": "平方公里", "km²": "平方公里",
    "㎞": "公里", "m": "米", "m2": "平方米", "m²": "平方米",
    "m3": "立方米", "m³": "立方米",
    "cm": "厘米", "mm": "毫米", "ha": "公顷", "hm2": "公顷", "hm²": "公顷", "t": "吨", "kg": "千克", "g": "克",
    "mg": "毫克",
    "μg": "微克", "ug": "微克", "ng": "纳克", "L": "升", "ml": "毫升", "mL": "毫升", "kWh": "千瓦时",
    "kW·h": "千瓦时", "kW": "千瓦",
    "MW": "兆瓦", "GW": "吉瓦", "kV": "千伏", "MHz": "兆赫", "dB": "分贝", "dB(A)": "分贝", "分贝(A)": "分贝",
    "°C": "℃", "度电": "千瓦时",
    "TEU": "标准箱", "teu": "标准箱", "标箱": "标准箱", "国际标准箱": "标准箱", "个标准箱": "标准箱",
    "个标箱": "标准箱",
    "kPa": "千帕", "MPa": "兆帕", "MJ": "兆焦", "GJ": "吉焦", "V": "伏", "W": "瓦",
    "RMB": "元", "人民币": "元", "元人民币": "元", "块钱": "元", "美金": "美元", "港币": "港元",
    "澳门币": "澳门元", "葡币": "澳门元", "仙": "港仙",
    "公吨": "吨", "瓩": "千瓦", "万吨公里": "吨公里", "立方": "立方米", "平方": "平方米", "公尺": "米", "公分": "厘米",
    "平方公尺": "平方米", "呎": "英尺", "吋": "英寸", "圆": "元",
    "平方呎": "平方英尺", "个钟头": "小时", "年度": "年", "s": "秒", "h": "小时", "d": "天", "a": "年", "日圆": "日元",
}  # fmt: skip
SCALED = {
    "MWh": (1000, "千瓦时"),
    "GWh": (10**6, "千瓦时"),
    "TWh": (10**9, "千瓦时"),
    "kt": (1000, "吨"),
    "Mt": (10**6, "吨"),
}
_ONLY_BELOW = ("s", "h", "d", "a", "年度")
LATIN_UNITS = tuple(
    word
    for word in (*ALIASES, *SCALED, "BP", "BPs", "bp", "bps")
    if word[0] in "μ" or (word[0].isascii() and word not in (*_ONLY_BELOW, "RMB"))
)
CURRENCIES = {
    "人民币": "元", "RMB": "元", "CNY": "元",
    "澳门币": "澳门元", "MOP": "澳门元", "¥": "元", "￥": "元", "US$": "美元", "USD": "美元", "$": "美元",
    "美元": "美元",
    "HK$": "港元", "HKD": "港元", "港币": "港元", "NT$": "元", "新台币": "元", "€": "欧元", "EUR": "欧元",
    "£": "英镑", "GBP": "英镑",
    "JPY": "日元", "JP¥": "日元",
}  # fmt: skip
CODES = tuple(word for word in CURRENCIES if word.isascii() and word.isalpha())  # RMB, USD

# A unit that begins another word, and how that word goes on: 82%升至, 5家庭, 35节省.
NOT_BEFORE = {
    "升": "至到级为降值温幅高任入学格", "家": "庭长政电具居属乡", "人": "均民力", "户": "籍外均",
    "节": "省约能水假日目奏余", "部": "门分队署属",
    "场": "所地景面", "支": "持出付行援撑教", "只": "有能要占是", "道": "路德", "线": "上下路索", "点": "钟击",
    "首": "次批个先都", "期": "间末初货望限满",
    "口": "岸径碑罩", "轮": "船廓流", "班": "子级主", "天": "然津空", "日": "常均前益期", "年": "均末初底终龄轻代",
    "月": "均末初底",
    "国": "家内际有企民", "省": "份内级外", "市": "民场区级内", "区": "域间级内", "县": "级域内", "村": "民级",
    "个": "税", "起": "诉来步草源",
    "次": "月日年品级生序要", "分": "别布为之析散配钟类支", "位": "于置", "对": "比应外口象", "队": "伍", "群": "众体",
    "步": "伐行骤入", "级": "别联",
    "类": "型别似", "面": "积向临对", "通": "过知车报行", "股": "份权东", "单": "位", "票": "据房", "例": "如外",
    "组": "织成建", "门": "诊店户口",
    "头": "部", "种": "植", "批": "准发复", "环": "比保境节", "号": "召", "字": "体", "处": "理罚于置", "块": "状",
    "台": "风账湾", "本": "科级市省次年",
    "圆": "满形桌柱梦明通周弧盘珠心",
    "份": "额", "周": "边期转围", "秒": "杀", "克": "服", "米": "粉饭面", "元": "素旦月", "双": "方边",
    "列": "入为", "仙": "女境人子",
    "度": "过假",
}  # fmt: skip
_SAME = {
    "名": "人",
    "位": "人",
    "平方千米": "平方公里",
    "千米": "公里",
    "公斤": "千克",
    "个小时": "小时",
    "㎡": "平方米",
    "摄氏度": "℃",
    "日": "天",
    "月": "个月",
}


def canonical(unit: str) -> str:
    """The unit under which equal units compare equal: 名 and 位 are 人, 日 is 天."""
    return re.sub("[^/·]+", lambda word: _SAME.get(word[0], word[0]), unit)


def unit_name(word: str, *, below: bool = False) -> str:
    """What a word names as a unit, or nothing; some words name one only after a `/`.

    >>> unit_name("TEU"), unit_name("μg"), unit_name("家"), unit_name("的"), unit_name("a", below=True)
    ('标准箱', '微克', '家', '', '年')
    """
    if word in UNITS or (word.endswith("次") and word[:-1] in CLASSIFIERS):
        return word
    if word in _ONLY_BELOW and not below:
        return ""
    return ALIASES.get(word, "")


def is_counted(unit: str) -> bool:
    """Whether whole numbers of this unit are exact: things that are counted, whole years, months, days and hours.

    >>> is_counted("家"), is_counted("元"), is_counted("年"), is_counted("张/家"), is_counted("")
    (True, False, True, False, True)
    """
    if unit in TIME:
        return True
    return unit not in MEASURES and unit not in ("倍", "百分点", "千分点") and "/" not in unit and "·" not in unit

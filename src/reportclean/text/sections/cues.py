"""What a single line says: is it a title, a salutation, an opening, a closing?

Input is a line of the plain view without the space around it (simplified, half-width, lower case),
so each pattern is written once.
"""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.sections.page import folded

# What kinds of texts end their titles with.
GENRE = (
    "(?:总结|报告|汇报|计划|方案|体会|心得|讲话|讲稿|发言|发言稿|致辞|致词|贺词|演讲稿|演讲|演讲词|主持词|主持稿|串词|"
    "制度|办法|规定|细则|条例|规则|规程|规范|守则|章程|准则|公约|须知|合同|合同书|协议|协议书|契约|承诺书|保证书|责任书|"
    "申请书|申请|倡议书|倡议|建议书|意见|意见书|通知|通告|公告|通报|请示|批复|函|决定|决议|纪要|简报|材料|事迹|经验|"
    "述职|小结|鉴定|评语|自评|评价|感想|感悟|感言|反思|读后感|观后感|启示|收获|作文|日记|周记|范文|例文|随笔|散文|"
    "规划|要点|思路|预案|策划|策划书|提案|议案|教案|说课稿|论文|调研|调查|分析|案例|简介|介绍信|推荐信|自荐信|求职信|"
    "感谢信|慰问信|邀请函|检讨书|检讨|道歉信|辞职信|辞职报告|简历|职责|流程|书|稿|信)"
)

YEAR = r"(?:(?:19|20)[0-9x×*_○〇]{1,4}|_{2,6}|x{2,4}|[一二]九?[〇零○0-9一二三四五六七八九]{2,3})"
_DATE_ONLY = rf"(?:{YEAR} ?[年./-] ?)[0-9x*_一二三四五六七八九十]{{0,3}}(?: ?[月./-] ?[0-9x*_一二三四五六七八九十]{{0,3}} ?日?)?"
SENTENCE_END = "。!?;…:.！？；：」』”\"')）】》"


@cache
def _title() -> re.Pattern[str]:
    tail = r"(?: ?[(\[【][^()\[\]【】]{1,24}[)\]】])?(?: ?[0-9一二三四五六七八九十]{1,3})?"
    return folded(rf"[^。;!?:…,]{{0,44}}{GENRE}{tail}")


@cache
def _english_title() -> re.Pattern[str]:
    return folded(r"[a-z0-9][a-z0-9 '’,:&/()-]{2,70}[a-z0-9)]")


def title_strength(line: str, original: str = "") -> float:
    """How much a line looks like a title of its own: 0 not at all, 2 very much.

    A bare label such as 工作总结 is what a report calls its parts, so it says less than
    一个单位二十字的标题 does.

    Args:
        line: The line of the view.
        original: The same line as it was, for the capitals of English titles.

    >>> title_strength("物业一公司20xx年科技工作总结"), title_strength("工作总结")
    (2.0, 0.75)
    >>> title_strength("他做了一个总结。")
    0.0
    """
    if not 3 <= len(line) <= 70:
        return 0.0
    if line.isascii():
        return _english_strength(line, original)
    if _numbered().match(line) or _piece_of_structure().match(line):
        return 0.0
    bare = line.strip('《》"“”*#★【】 ')
    if not _title().fullmatch(bare):
        return 0.0
    return 2.0 if len(bare) >= 8 else 0.75


def stuck_title_strength(line: str) -> float:
    """The same for a line that begins with its title and goes on after a space.

    >>> stuck_title_strength("物业一公司20xx年科技工作总结 今年我公司做了三件事。")
    2.0
    """
    head, space, _ = line[:60].partition(" ")
    return 2.0 if space and title_strength(head) >= 2 else 0.0


@cache
def _numbered() -> re.Pattern[str]:
    return folded(
        r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[ivx]{1,5}) ?[、.,)]|[(〔]|第[一二三四五六七八九十百0-9]+[章节条部编款项]"
    )


@cache
def _piece_of_structure() -> re.Pattern[str]:
    """Lines that open a part of the running article, whatever they end in."""
    return folded(
        "附件|附录|附表|附图|附:|附则|总则|图[0-9]|表[0-9]|注:|备注|目录|参考文献|致谢|摘要|关键词|练习|习题|答案|问题|"
        "下一步|今后|明年|来年|下半年|下阶段|下年度|存在|主要|基本|总体|具体|appendix|annex|table|figure|exhibit|schedule"
    )


def is_piece_of_structure(line: str) -> bool:
    """Whether a line opens an appendix, a table or another part of the running article.

    >>> is_piece_of_structure("附件1:实施方案")
    True
    """
    return _piece_of_structure().match(line) is not None


def _english_strength(line: str, original: str) -> float:
    words = (original or line).split()
    if not 2 <= len(words) <= 12 or not _english_title().fullmatch(line) or line[-1] in ".,;:!?":
        return 0.0
    if _numbered().match(line) or _piece_of_structure().match(line):
        return 0.0
    heavy = [word for word in words if len(word) > 3 or word[0].isdigit()]
    return 1.0 if heavy and all(not word[0].islower() for word in heavy) else 0.0


@cache
def _salutation() -> re.Pattern[str]:
    people = "领导|同志|老师|同学|同事|来宾|朋友|女士|先生|家长|代表|委员|评委|嘉宾|党员|乡亲|员工|战友|校友|客户|单位|部门|公司|老板|经理|书记|主任|局长|校长|院长|法官|业主|伙伴|孩子|小朋友|组织|支部|们"
    return folded(
        rf"(?P<strong>(?:尊敬的|敬爱的|亲爱的)[^。;!?:,]{{1,24}}:$|(?:尊敬的|敬爱的|亲爱的|各位)[^。;!?:]{{0,30}}(?:{people})[^。;!?:]{{0,24}}(?:[:!,]|$)"
        rf"|dear [^.;!?:,]{{1,40}}[:,!]|ladies and gentlemen\b|to whom it may concern\b)"
        rf"|(?P<weak>[^。;!?:,的]{{0,12}}(?:{people})[^。;!?:,的]{{0,12}}[:!]$)"
    )


def salutation_strength(line: str) -> float:
    """How much a line greets an audience: 2.5 for 尊敬的各位领导:, 1 for 同志们:, else 0.

    A speaker says 同志们 again in the middle; nobody says 尊敬的 twice.

    >>> salutation_strength("尊敬的各位领导:"), salutation_strength("同志们:"), salutation_strength("同志们很高兴。")
    (2.5, 1.0, 0.0)
    """
    match = _salutation().match(line)
    if not match:
        return 0.0
    if match["weak"]:
        return 1.0
    return 2.5


@cache
def _opening() -> re.Pattern[str]:
    strong = (
        "时光|光阴|岁月|转眼|转瞬|一转眼|弹指|眨眼|不知不觉|日月如梭|白驹过隙|斗转星移|春去秋来|寒来暑往|忙碌的|紧张(?:而|的|又)|"
        "回首|回顾|回望|一年来|半年来|一年以来|半年以来|今年以来|近年来|几年来|多年来|一个?学期|一学年|本学期|本学年|这个?学期|"
        "本年度|本季度|本人(?:于|自|从)|我叫|我于|我自|作为一名|大家好|各位好|辞旧迎新|"
        rf"(?:过去的?|即将过去的?|刚刚过去的?)(?:一年|{YEAR})|(?:20)?[0-9x_]{{2,4}}年(?:即将|已经|就要|转眼)"
    )
    medium = (
        rf"{YEAR} ?年(?:度|初|上半年|下半年|是|以来|来|[,,我在])|在[^。;!?]{{2,34}}(?:领导|指导|关怀|关心|帮助|支持|带领|部署|努力)下|"
        "今年|去年|上半年|下半年|自[^。;,]{2,14}(?:以来|起)|根据|按照|遵照|依据|随着|为了?(?:进一步|认真|全面|深入|切实|加强|规范|贯彻|确保|提高|了解|更好|使)|"
        "今天|这次|通过(?:这|本|一)|经过|甲方|本制度|本办法|本合同|我(?:校|局|镇|乡|村|区|县|市|社区|公司|院|站|所|中心|班|部|单位|科|处|厂|行|队)|"
        "in this year|in the past year|over the past|during the (?:past|last)|this year|last year|as (?:a|an|the) |"
        "time flies|looking back|it is (?:my|a|an) |i am (?:writing|pleased|a|honou?red)|good (?:morning|afternoon|evening)|"
        "when i (?:was|first)|once upon a time|nowadays|in recent years|with the development"
    )
    return folded(rf"(?P<strong>{strong})|(?P<medium>{medium})")


@cache
def _sets_the_scene() -> re.Pattern[str]:
    """What follows 20xx年 or 根据 in the first sentence of a report."""
    return folded(
        "(?:领导|指导|部署|关心|支持|帮助|带领|配合)下|[以为][^。;]{1,30}(?:为(?:指导|主线|目标|重点|中心|契机|抓手)|指导)|紧紧围绕|(?:认真|全面|深入)贯彻"
    )


@cache
def _introduces() -> re.Pattern[str]:
    """The end of a paragraph that leads to the numbered part: 现将工作总结如下。"""
    return folded(
        "(?:如下|总结一下|汇报一下|以下几(?:点|个方面|方面)|下面[^。;]{2,24}(?:总结|汇报|报告)) ?[:。.!]?$|as follows ?[:.]$"
    )


def opening_strength(line: str) -> float:
    """How much a line sounds like the first sentence of a report: 0 to 3.

    >>> opening_strength("时光如梭,忙碌的一年过去了,现将工作汇报如下:")
    3.0
    >>> opening_strength("根据上级要求,我们开展了自查。"), opening_strength("小明去了学校。")
    (0.75, 0.0)
    """
    match = _opening().match(line)
    strength = 0.0
    if match:
        strength = 1.5 if match["strong"] or _sets_the_scene().search(line[:140], match.end()) else 0.75
    if _introduces().search(line[-40:]):
        strength += 1.5
    return strength


@cache
def _closing() -> re.Pattern[str]:
    return folded(
        r"(?P<strong>此致|敬礼|谢谢|感谢(?:大家|各位|聆听)|(?:我的)?(?:发言|汇报|演讲|讲话|述职|总结)(?:到此)?(?:完毕|结束|完了)"
        r"|(?:述职|汇报|报告|申请|总结|发言|倡议|承诺|检讨|演讲|落款|签|执笔)(?:人|单位|者)? ?:|thank you|thanks|(?:yours )?sincerely|yours (?:truly|faithfully)|best regards|(?:甲|乙)方(?:代表)?\s?\((?:签|盖))"
        rf"|(?P<date>[^,。;:]{{0,20}}{_DATE_ONLY}$)"
        r"|(?P<weak>总之|总的来说|综上|综上所述|以上(?:是|就是|为|几点|便是)|最后,|展望|今后|在(?:今后|以后|未来|新的)|"
        r"(?:我们?|本人|全[体所局校乡镇村县区市])(?:将|会|要|相信|希望|坚信)|(?:一年来|[^。;]{2,16}),?[^。;]{0,16}虽然[^。;]{2,40}(?:差距|不足|问题|困难)|"
        r"in conclusion|in summary|to sum up)"
    )


@cache
def _closing_end() -> re.Pattern[str]:
    return folded(
        r"(?:谢谢|[谢感]谢(?:大家|各位(?:领导|评委|老师|同学|同志)?|您|聆听|倾听)|敬礼|敬请批评指正|请(?:予以)?(?:审议|批评指正|领导批示)|thank you(?: (?:all|very much|for [a-z ]{3,30}))?)[!。.]*$"
        r"|(?P<rule>(?:自|从)[^。;]{1,20}(?:之日)?起(?:施行|执行|实施|生效)|(?:具有)?同等法律效力|负责解释|解释权归[^。;]{1,20})[。.]?$"
        r"|(?P<weak>(?:更上一个?(?:新)?(?:台阶|层楼)|新(?:的)?(?:台阶|水平|贡献|辉煌|篇章|局面)|更大(?:的)?贡献|应有(?:的)?贡献|不懈努力|而努力(?:奋斗|奋进)|共同努力)[!。.]?$)"
    )


def closing_strength(line: str) -> float:
    """How much a line sounds like the last of an article: 0 to 2.5.

    >>> closing_strength("谢谢大家!"), closing_strength("2015年12月3日"), closing_strength("总之,成绩是主要的。")
    (2.5, 1.75, 0.75)
    """
    strength = 0.0
    start = _closing().match(line)
    if start:
        strength = 1.75 if start["date"] or (start["strong"] and len(line) <= 40) else 0.75
    end = _closing_end().search(line[-48:])
    if end:
        strength = max(strength, 0.75 if end["weak"] else 1.5 if end["rule"] else 2.5)
    return strength


def is_signature(line: str) -> bool:
    """Whether a line belongs to the lines below a letter (此致, a name, a date), and opens nothing."""
    match = _closing().match(line)
    return match is not None and (
        match["date"] is not None or (match["strong"] is not None and len(line) <= 40)
    )


def is_unfinished(line: str) -> bool:
    """Whether the sentence goes on in the next line, as in a hard-wrapped text.

    >>> is_unfinished("其次,在教育培训内容方面,公司利用每周二政治学习,周"), is_unfinished("一、修旧利废方面")
    (True, False)
    """
    return len(line) >= 18 and line[-1] not in SENTENCE_END and not _numbered().match(line)


@cache
def _page_number() -> re.Pattern[str]:
    return folded(
        r"[-—–·. ]*(?:第? ?[0-9]{1,4} ?页?(?:[ /,]*共 ?[0-9]{1,4} ?页)?|page [0-9]{1,4}(?: of [0-9]{1,4})?)[-—–·. ]*"
    )


def is_page_number(line: str) -> bool:
    """Whether a line is nothing but a page number: ``- 1 -``, 第3页, 3/12."""
    return len(line) <= 24 and _page_number().fullmatch(line) is not None

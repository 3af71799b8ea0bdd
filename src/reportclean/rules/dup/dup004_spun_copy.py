"""A section repeats another with its words swapped.

What: a near-duplicate whose differences are consistent swaps of words (用心 for 积极 wherever it stands),
as a synonym spinner makes them. Swaps that spinners are known to make count more than others, and what
repeats more than what stands once. One finding for each section but the representative of its cluster,
which is the original where its wording tells.

Why: a spun copy is a copy, and it teaches a corpus words in places where nobody would write them.

Bad:

    街道团委积极开展志愿活动，通过走访了解居民情况，增强青年的责任感。文明楼院评选结束，特别优秀的三户受到表彰。团员积极参与清扫，通过学习提高能力，希望来年再创佳绩。社区图书室全年开放三百天，借阅图书一万两千册次，新办读书卡八百张，举办亲子共读十二场，邀请退休教师义务辅导小学生作业，家长普遍反映孩子们放学以后有了好去处。老年食堂每天供应午餐一百二十份，独居老人由网格员送餐上门，菜谱每周更换，账目逐月张榜公布。广场舞队与夜市摊主商定了收摊时间，噪声投诉比上年少了七成。物业公司补栽行道树六十棵，修好路灯二十一盏，雨水井盖逐个登记编号，由楼长每月巡查一遍。
    街道团委用心开展志愿活动，透过走访了解居民状况，增强青年的责任感。文明楼院评选结束，特别优秀的三户受到表彰。团员用心参与清扫，通过学习提高能力，希望来年再创佳绩。社区图书室全年开放三百天，借阅图书一万两千册次，新办读书卡八百张，举办亲子共读十二场，邀请退休教师义务辅导小学生作业，家长普遍反映孩子们放学以后有了好去处。老年食堂每天供应午餐一百二十份，独居老人由网格员送餐上门，菜谱每周更换，账目逐月张榜公布。广场舞队与夜市摊主商定了收摊时间，噪声投诉比上年少了七成。物业公司补栽行道树六十棵，修好路灯二十一盏，雨水井盖逐个登记编号，由楼长每月巡查一遍。

Good:

    街道团委积极开展志愿活动，通过走访了解居民情况，增强青年的责任感。文明楼院评选结束，特别优秀的三户受到表彰。
    供电所用心做好线路检修，透过窗口服务了解用户状况，职责明确，期望下半年潜力得到发挥，个性鲜明的班组受到表彰。
"""

from reportclean.rules.base import Phase, Rule, Scope, Severity

RULE = Rule(
    code="DUP004",
    name="spun-copy",
    summary="A section that repeats another with words swapped as a synonym spinner swaps them.",
    message="the section is a spun copy of {text}",
    phase=Phase.REPORT,
    finder=None,
    kinds=frozenset({"spun"}),
    scope=Scope.CORPUS,
    doc=__doc__,
    severity=Severity.ERROR,
)

"""Sentences in the register of reports, from a small grammar: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

WHO = (
    "各级工会 区妇联 街道办事处 县教育局 市水利局 全体教职工 乡镇卫生院 社区居委会 团委 财务科 信访办 供电所 林业站 "
    "质量监督站 图书馆 中心小学 老干部局 农机推广中心 环卫所 招商办 派出所 档案室 项目部 物业公司 "
    "气象台 博物馆 残联 科协 粮食储备库 交警大队"
).split()
WHEN = (
    "今年以来 上半年 去年底 “十三五”期间 2016年3月 2019年 第一季度 汛期到来之前 年初 近三年 国庆节前夕 5月中旬 一年来 "
    "入冬以后 暑假期间 本周 会议召开之后 截至11月30日"
).split()
HOW = (
    "认真 积极 扎实 稳步 有序 全面 深入 及时 逐步 严格 主动 持续 大力 切实 广泛 进一步 因地制宜地 分期分批 按时足额 "
    "统筹 多渠道 不折不扣地 创造性地"
).split()
DO = (
    "推进 开展 落实 加强 完善 组织 部署 检查 总结 规范 改造 修订 宣传 排查 整治 培训 发放 筹集 维护 建立 健全 督促 优化 "
    "巩固 研究 分析 解决 化解 收集 编制 验收"
).split()
WHAT = (
    "安全生产责任制 职工技能培训 困难群众帮扶工作 环境卫生整治 财务管理制度 扶贫贷款 师德师风建设 河道清淤工程 党风廉政建设 "
    "矛盾纠纷 图书借阅手续 疫苗接种 森林防火预案 食品安全隐患 农村公路养护 年度考核办法 文明城市创建 招商引资项目 低保金 "
    "信息公开目录 水库除险加固 节能减排措施 校园文化活动 档案数字化 垃圾分类 集体合同 应急演练 秸秆禁烧 危房鉴定 读书月活动 "
    "消防器材 内部审计 民主评议 法律援助 妇女儿童权益保护 群众来信来访 退休人员社会化管理 新品种示范田 绩效工资方案 "
    "青年志愿服务 医疗保险缴费基数 春季植树造林 专利申请 质量认证体系 出租房屋登记 饮用水源地保护"
).split()
RESULT = (
    "取得了明显成效 受到群众好评 完成计划的98.5% 较上年增长12% 累计投入36万元 共有1200余人参加 得到上级肯定 走在全市前列 "
    "为下一步工作打下了基础 仍存在一些薄弱环节 覆盖面达到九成以上 没有发生一起事故 节约经费近8000元 "
    "群众满意度显著提高 被评为先进单位 收回意见表243份 形成了长效机制 还有不少差距 参训率100% 切实减轻了基层负担"
).split()
LINK = "同时 此外 另一方面 在此基础上 与此同时 为此 具体来说 总的来看 从检查情况看 值得注意的是".split()
HEAD = "一、 二、 三、 （一） （二） 1. 2. 第三， 首先， 其次， 最后，".split()
END = "。；！"


def sentences(count: int, seed: int = 0) -> list[str]:
    """That many different sentences."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(_sentence(rng))] = None
    return list(found)


def _sentence(rng: random.Random) -> Iterator[str]:
    if rng.random() < 0.15:
        yield rng.choice(HEAD)
    if rng.random() < 0.5:
        yield rng.choice(WHEN) + rng.choice(("，", ""))
    yield from (rng.choice(WHO), rng.choice(HOW), rng.choice(DO), rng.choice(WHAT))
    if rng.random() < 0.5:
        yield from ("，", rng.choice(("", rng.choice(LINK))), rng.choice(DO), rng.choice(WHAT))
    if rng.random() < 0.2:
        yield from ("和《", rng.choice(WHAT), "实施办法》")
    if rng.random() < 0.7:
        yield from ("，", rng.choice(RESULT))
    yield rng.choice(END)

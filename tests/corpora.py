"""Made-up reports for tests: distinct by seed, in the register of real ones."""

import random

_WHO = "办公室 财务科 供电所 工会 图书馆 检修班 信息中心 后勤组 宣传科 调度室 人事科 档案室 水文站 质检组 团委".split()
_DID = "修订 完善 检查 整改 走访 组织 开展 落实 更换 建立 核对 编制 升级 巡视 培训 清理 申报 验收".split()
_WHAT = (
    "管理制度 值班记录 安全台账 设备档案 老旧线路 职工食堂 阅览环境 应急预案 考核办法 服务流程 用户回访 采购合同 "
    "帮扶对象 消防设施 信息系统 节能改造 汛期物资 志愿活动 年度预算 业务骨干 检测仪器 施工现场"
).split()
_HOW = "按月 逐项 会同街道 利用周末 克服人手不足 对照标准 在雨季之前 结合实际 邀请专家 分三批 提前两周 全员".split()
_SO = "受到好评 成效明显 未发生事故 满意率上升 隐患全部消除 节约开支 效率提高 基本达到目标 为明年打下基础".split()


def sentence(rng: random.Random) -> str:
    who, did, what = rng.choice(_WHO), rng.choice(_DID), rng.choice(_WHAT)
    return f"{who}{rng.choice(_HOW)}{did}{what}{rng.randint(2, 980)}项，{rng.choice(_SO)}。"


def paragraph(rng: random.Random, sentences: int = 6) -> str:
    return "".join(sentence(rng) for _ in range(sentences))


def report(seed: int, paragraphs: int = 4) -> str:
    """A report of about 150 characters a paragraph; reports of different seeds share next to nothing."""
    rng = random.Random(seed)
    return "\n".join(paragraph(rng) for _ in range(paragraphs)) + "\n"


def reworded(text: str, seed: int, times: int) -> str:
    """The text with some characters replaced at places of their own."""
    rng = random.Random(seed)
    characters = list(text)
    for position in rng.sample(range(len(characters)), times):
        if characters[position] not in "\n，。":
            characters[position] = rng.choice("甲乙丙丁戊己庚辛壬癸")
    return "".join(characters)

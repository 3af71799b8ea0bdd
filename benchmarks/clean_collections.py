"""Collections of clean text: what generators make, and what packages on the machine hold.

Each collection is a name and its strings. One that needs a package which is not there is passed over, and
said to be. What the packages are: PyPI's Faker, emoji, jieba, OpenCC, pypinyin; Debian's fortunes-zh,
manpages-zh, manpages-*, skkdic, edict, rime-data-*, libreoffice-help-*, and every gettext catalogue.
"""

from __future__ import annotations

import gettext
import gzip
import html
import importlib
import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import opencc

from sentences import sentences

SHARE = Path("/usr/share")
Strings = Iterable[str]


def collections(folders: list[Path], count: int) -> Iterator[tuple[str, Callable[[], Strings]]]:
    """Names and makers of all collections; a maker raises ImportError or OSError for what is not there."""
    to_traditional = opencc.OpenCC("s2t").convert
    yield "sentences", lambda: sentences(count, seed=3)
    yield "sentences, traditional", lambda: map(to_traditional, sentences(count, seed=3))
    yield "laws and notices", lambda: laws(count // 5)
    yield "tables, formulas, patterns", lambda: technical(count // 5)
    yield "verse forms and rows of signs", lambda: forms(count // 20)
    yield "every character, in Chinese", characters
    yield "emoji, in four languages", emoji_sentences
    for locale in FAKER_LOCALES:
        yield f"Faker, {locale}", lambda locale=locale: faked(locale, count // 20)
    yield "jieba's words", jieba_words
    yield "pypinyin's phrases", pypinyin_phrases
    yield "Python's own source", python_source
    yield (
        "verse and sayings (fortunes-zh)",
        lambda: lines_of(sorted((SHARE / "games/fortunes").glob("*[!t]"))),
    )
    yield (
        "Japanese words (skkdic, edict)",
        lambda: lines_of([SHARE / "skk/SKK-JISYO.L", SHARE / "edict/edict"], "euc_jp"),
    )
    yield "input methods' words (rime)", lambda: lines_of(sorted((SHARE / "rime-data").glob("*.dict.yaml")))
    for folder in sorted(p for p in (SHARE / "man").glob("*") if not p.name.startswith("man")):
        yield f"manual pages, {folder.name}", lambda folder=folder: manual_pages(folder)
    for folder in sorted((SHARE / "libreoffice/help").glob("[a-z][a-z]*/text")):
        yield f"office manual, {folder.parent.name}", lambda folder=folder: web_pages(folder)
    locales = sorted((SHARE / "locale").glob("*/LC_MESSAGES"))
    yield "catalogues, Chinese", lambda: catalogues(p for p in locales if p.parent.name[:2] in _CHINESE)
    yield (
        "catalogues, Japanese, Korean",
        lambda: catalogues(p for p in locales if p.parent.name[:2] in {"ja", "ko"}),
    )
    yield (
        "catalogues, other languages",
        lambda: catalogues(p for p in locales if p.parent.name[:2] not in {*_CHINESE, "ja", "ko"}),
    )
    for folder in folders:
        yield f"{folder.name} (given)", lambda folder=folder: lines_of(sorted(folder.rglob("*.txt")))


# --- made ---------------------------------------------------------------------------------------------------

_NUMERALS = "一二三四五六七八九十"
_ORGANS = "国务院 国办发 财税 人社部发 沪府规 京政办发 发改价格 法释 教基 国土资发 銀發 粤府函".split()


def numeral(number: int) -> str:
    """1 to 99 as Chinese writes it.

    >>> numeral(21)
    '二十一'
    """
    tens, ones = divmod(number, 10)
    head = (_NUMERALS[tens - 1] if tens > 1 else "") + "十" if tens else ""
    return head + (_NUMERALS[ones - 1] if ones else "")


def laws(count: int) -> Iterator[str]:
    """Articles, document numbers and signatures."""
    rng = random.Random(11)
    for text in sentences(count, seed=12):
        year, number = rng.randrange(1979, 2027), rng.randrange(1, 99)
        yield rng.choice(
            (
                f"第{numeral(number)}条　{text}",
                f"（{numeral(number)}）{text}",
                f"〔{year}〕{number}号　{text}",
                f"{rng.choice(_ORGANS)}〔{year}〕{number}号",
                f"第{numeral(number)}条之{numeral(number % 9 + 1)}　{text}",
                f"　　{text[:6]}\t（盖章）\t{year}年{number % 12 + 1}月{number % 28 + 1}日",
                f"《关于{text[:12]}的通知》（{rng.choice(_ORGANS)}[{year}]{number}號）",
                f"§{number}.{number % 7}　¶{text[:20]}①②③⑴⑵⒈Ⅳ㈠㊣№℃‰",
            )
        )


_BOXES = "┌─┬─┐ │ ├─┼─┤ └─┴─┘ ╔═╦═╗ ║ ╠═╬═╣ ╚═╩═╝ ┏━┳━┓ ┃ ▏▎▍▌▋▊▉█ ░▒▓ ╭─╮ ╰─╯".split()


@cache
def cases(*words: str) -> tuple[str, ...]:
    """The texts of the clean cases whose note holds one of the words; of all where none is given."""
    path = Path(__file__).parent.parent / "tests/cases/clean_text.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    return tuple(case["text"] for case in known if not words or any(word in case["note"] for word in words))


def technical(count: int) -> Iterator[str]:
    """Rows of tables in several notations, program text, formulas, figures drawn with signs."""
    rng = random.Random(13)
    cells = sentences(count, seed=14)
    code, drawings = cases("formula", "literal"), cases("drawing")
    yield from (*_BOXES, *code, *drawings)
    for i, text in enumerate(cells):
        name, value = text[:4], f"{rng.random() * 1000:,.2f}"
        yield rng.choice(
            (
                f"| {name} | {value} | {i}% |",
                f'{name},"{text}",{value},{i}',
                f"{name}\t{value}\t{i}\t\t{text}",
                f"│{name}│{value:>10}│",
                f"┃ {name} ┃ {value} ┃ {rng.choice(_BOXES)}",
                f"{name}\t：\t{value}",
                f"| `{rng.choice(code)}` | {text} |",
                f"{rng.choice(code)}",
                f"{text}{rng.choice(code)}",
                f"{rng.choice(drawings)}{name}",
                f"甲方：{name}\t乙方：{name}",
            )
        )


_VERSE = "仄仄平平仄仄平 平平仄仄仄平平 平平仄仄平平仄 仄仄平平仄仄平 中仄中平平仄仄".split()
_CIRCLES = "○●◎⊙☆★□■△▲〇◯◐◑"


def forms(count: int) -> Iterator[str]:
    """Tonal patterns, rows of circles, spaced titles, blanks, notation of melodies, characters that are meant."""
    rng = random.Random(15)
    yield from ("工尺谱：合四一上尺工凡六五乙", "上尺工凡六五乙，仩伬仜凣", "减字木兰花·平韵：中平中仄")
    yield from cases()
    yield from (word for text in cases() if "%" not in text and "\\u" not in text for word in text.split())
    for _ in range(count):
        line = rng.choice(_VERSE)
        signs = "".join(rng.choices(_CIRCLES, k=rng.randrange(4, 15)))
        yield rng.choice(
            (
                f"{line}，{rng.choice(_VERSE)}。",
                "".join(rng.choices("平仄中通", k=7)) + "（韵）",
                signs,
                line.replace("平", "○").replace("仄", "●"),
                f"{line}{signs}",
                " ".join("".join(rng.choices("通知公告目录前言附件", k=rng.randrange(2, 5)))),
                "".join(rng.choices("×XＸx*＊_＿□○", k=rng.randrange(2, 12))) + "区**局",
                "".join(rng.choices("1234567·|—-0 ", k=20)),
            )
        )


_FORMAT = {"Cc", "Cf", "Cs", "Co", "Cn"}


def characters() -> Iterator[str]:
    """Every assigned character between ideographs and as in a table; but what rules map by design."""
    for point in range(0xA0, sys.maxunicode + 1):
        char = chr(point)
        if unicodedata.category(char) in _FORMAT or is_equivalent(char) or is_selector(char):
            continue
        yield f"其中“{char}”字见于{char}文，又作{char}{char}。"
        yield f"U+{point:04X}\t{char}\t{unicodedata.name(char, '')}"


def is_equivalent(char: str) -> bool:
    """A radical or compatibility ideograph: a second code point for an ideograph."""
    return "\u2e80" <= char <= "\u2fd5" or unicodedata.name(char, "").startswith("CJK COMPATIBILITY IDEO")


def is_selector(char: str) -> bool:
    """A character that only varies or fills another, and does nothing alone."""
    return "VARIATION SELECTOR" in unicodedata.name(char, "") or char in "\u034f\u115f\u1160\u3164\uffa0"


# --- packages -------------------------------------------------------------------------------------------------

FAKER_LOCALES = (
    "zh_CN zh_TW ja_JP ko_KR en_US th_TH ar_SA fa_IR he_IL hi_IN bn_BD ta_IN ne_NP ka_GE hy_AM ru_RU uk_UA el_GR "
    "de_DE fr_FR es_ES pt_BR pl_PL cs_CZ hu_HU tr_TR vi_VN ro_RO fi_FI lt_LT"
).split()


def faked(locale: str, count: int) -> Iterator[str]:
    """Names, addresses, firms and nonsense of a language."""
    faker = importlib.import_module("faker").Faker(locale)
    faker.seed_instance(17)
    for _ in range(count // 5):
        yield f"{faker.name()}　{faker.address()}".replace("\n", " ")
        yield f"{faker.name()}\t{faker.phone_number()}\t{faker.company()}"
        yield faker.text(max_nb_chars=120).replace("\n", " ")
        yield faker.sentence()
        yield f"{faker.job()}：{faker.name()}、{faker.name()}（{faker.date()}）"


def emoji_sentences() -> Iterator[str]:
    """Every emoji sequence, fully qualified or not, inside and at the end of sentences."""
    for sequence in importlib.import_module("emoji").EMOJI_DATA:
        yield f"今天的会议{sequence}开得很好{sequence}"
        yield f"{sequence}工会{sequence}{sequence}，加油！"
        yield f"Great work {sequence}{sequence} team"
        yield f"今日は{sequence}楽しかった{sequence}です"
        yield f"오늘{sequence} 회의 {sequence}"


def jieba_words() -> Iterator[str]:
    """The words of jieba's dictionary, ten a line and alone."""
    path = Path(str(importlib.import_module("jieba").__file__)).with_name("dict.txt")
    words = [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines()]
    yield from words
    yield from ("、".join(words[i : i + 10]) for i in range(0, len(words), 10))


def pypinyin_phrases() -> Iterator[str]:
    """Phrases with their readings in letters with tone marks."""
    for phrase, readings in importlib.import_module("pypinyin.phrases_dict").phrases_dict.items():
        yield f"{phrase}（{' '.join(reading[0] for reading in readings)}）"


def python_source() -> Iterator[str]:
    """Lines of the standard library; its tests, which hold broken text on purpose, are left out."""
    root = Path(gettext.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if not {"test", "tests", "site-packages", "idle_test"}.intersection(parts):
            yield from unique(path.read_text(encoding="utf-8", errors="replace").splitlines())


def lines_of(paths: Iterable[Path], encoding: str = "utf-8-sig") -> Iterator[str]:
    """The different lines of files; a colour that a terminal is told is no text of the line."""
    for path in paths:
        text = path.read_bytes().decode(encoding, "replace")
        yield from unique(re.sub("\x1b\\[[0-9;]*m", "", text).split("\n"))


def manual_pages(folder: Path) -> Iterator[str]:
    """Lines of manual pages, as they are typeset from; those that are not UTF-8 are passed over."""
    for path in sorted(folder.glob("man*/*.gz")):
        try:
            text = gzip.decompress(path.read_bytes()).decode()
        except (UnicodeError, OSError):
            continue
        yield from unique(text.split("\n"))


def web_pages(folder: Path) -> Iterator[str]:
    """The text of web pages, unescaped as a browser does it."""
    for path in sorted(folder.rglob("*.html")):
        page = re.sub("(?s)<(script|style).*?</\\1>", "", path.read_text(encoding="utf-8"))
        page = re.sub("</?(?:a|abbr|b|code|em|i|literal|span|strong|var)\\b[^>]*>", "", page)
        yield from unique(html.unescape(re.sub("<[^>]*>", "\n", page)).split("\n"))


_CHINESE = ("zh", "yu")


def catalogues(folders: Iterable[Path]) -> Iterator[str]:
    """Translations of programs' messages."""
    for path in (path for folder in folders for path in sorted(folder.glob("*.mo"))):
        with path.open("rb") as file:
            try:
                catalogue = gettext.GNUTranslations(file)._catalog  # noqa: SLF001 - there is no other way
            except (UnicodeError, OSError, ValueError, IndexError):
                continue
        yield from unique(value for value in catalogue.values() if isinstance(value, str))


def unique(strings: Iterable[str]) -> Iterator[str]:
    """Different ones of two characters or more."""
    return iter(dict.fromkeys(text.rstrip("\r") for text in strings if len(text.strip()) > 1))

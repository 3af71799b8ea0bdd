"""Runs of signs that stand for a name: a person's, a place's, an organisation's, or a struck word's."""

from __future__ import annotations

import re
from functools import cache

from reportclean.text.placeholders.context import Run
from reportclean.text.placeholders.counts import Meaning
from reportclean.text.placeholders.signs import HAN, MASKS, SPACE
from reportclean.text.placeholders.words import any_of, none_of, words

PERSON = Meaning("person")
PLACE = Meaning("place")
ORGANISATION = Meaning("organisation")
CENSORED = Meaning("censored")

HAN_ONE = re.compile(f"[{HAN}]")


def is_han(character: str) -> bool:
    """Whether a character is an ideograph."""
    return HAN_ONE.match(character) is not None


@cache
def place_noun() -> re.Pattern[str]:
    """A place's noun right after the signs."""
    return re.compile(none_of(words("place", "unless")) + any_of(words("place", "words")))


@cache
def organisation_noun() -> re.Pattern[str]:
    """An organisation's noun right after the signs, or a telling one a few characters on."""
    word = none_of(words("organisation", "unless")) + any_of(words("organisation", "words"))
    immediate = none_of(words("organisation", "immediate_unless")) + any_of(
        words("organisation", "immediate")
    )
    no_clause = f"(?![的了在是和与與及由被对對把将將为為从從向到于於有问問])[{HAN}]"
    return re.compile(
        rf"{word}|{immediate}"
        rf"|{no_clause}(?:{no_clause}|[（）()]){{0,9}}?{word}"
        rf"|(?:{no_clause}){{2,6}}?[局厅廳院](?![面部限势長长有以士])"
    )


@cache
def title() -> re.Pattern[str]:
    """A person's title after the signs, perhaps after others of a list: ×××、×××同志."""
    several = f"等?(?:[0-9一二三四五六七八九十{MASKS}]{{1,2}}[名位])?"
    others = rf"[{SPACE}]?(?:[、，和与與及][{SPACE}]?[{MASKS}]{{2,4}}){{0,8}}{several}"
    return re.compile(
        rf"{others}(?:常务|常務)?[副老原]?"
        rf"{none_of(words('person', 'unless'))}{any_of(words('person', 'titles'))}"
    )


@cache
def _roles() -> tuple[str, ...]:
    return (*words("person", "roles"), *words("person", "titles"))


@cache
def surnames() -> frozenset[str]:
    """Common surnames of one character, in both scripts."""
    return frozenset("".join(words("person", "surnames")))


_ASIDE = re.compile(r"[（(][^（()）]{0,24}[)）]\Z")
_BEFORE_SURNAME = frozenset("由和与與请請任长長记記员員，、同人：:（( 　")


_NO_SPACE = str.maketrans("", "", " \t\u3000\xa0")


def _labelled_person(run: Run) -> bool | None:
    """Whether a role with a colon precedes the run (True), one without (False), or none (None)."""
    left = run.left.translate(_NO_SPACE)  # 书 记 员
    if not left:
        return None
    if left[-1] in "：:":
        left = left[:-1]
        if left.endswith((")", "）")):
            left = _ASIDE.sub("", left)
        return True if left.endswith((*_roles(), "人", "人员", "人員", "者")) else None
    return False if left.endswith(_roles()) else None


def _named(run: Run) -> bool:
    """Whether what follows is a name's noun, so that the signs are not a person's."""
    return bool(place_noun().match(run.right) or organisation_noun().match(run.right))


def person(run: Run) -> Meaning | None:
    """A person: before a title, after a role or a surname."""
    if run.length > 4 or (run.length == 1 and run.family != "cross"):
        return None
    surname = run.last in surnames()
    if title().match(run.right):
        return PERSON if run.length > 1 or surname else None
    if run.length < 2:
        return None
    role = _labelled_person(run)
    form_line = run.family == "line" and role  # after a colon, underscores are a line to write on
    if role is not None and not form_line and (role or not _named(run)):
        return PERSON
    if surname and run.length == 2 and run.family in {"cross", "hollow"} and not _named(run):
        previous = run.left[-2:-1] or "。"
        introduced = previous in _BEFORE_SURNAME or not is_han(previous) or run.left[:-1].endswith(_roles())
        if introduced and run.first not in "系型":
            return PERSON
    made = run.family == "star" and run.length in {2, 3} and run.left.endswith("由")
    # Two stars may also open Markdown's emphasis, three hardly ever.
    return Meaning("person", strong=run.length == 3) if made and is_han(run.first) else None


AFTER_NAME = re.compile(
    r"[的向在于於是对對与與和、，。；,;因任为為被说說指把將将從从]|指出|表示|强调|強調|介绍|出席|主持|设计|設計|提出|编写|撰写|负责|代表|担任|同意|不服"
    r"|诉|訴|申请|[（(]"
)
_SINGLE_PLACES = frozenset("省市县縣镇鎮乡鄉村区區") | {"街道"}
_SINGLE_ORGANISATIONS = frozenset({"公司", "大学", "学院", "医院", "银行", "局", "单位", "厂", "村委会"})
_RATED = ("酒店", "宾馆", "賓館", "饭店", "飯店")


def place_or_organisation(run: Run) -> Meaning | None:  # one form a line
    """A place or an organisation, by the noun that follows."""
    if run.family in {"hollow", "solid"} and not 2 <= run.length <= 6:
        return None
    if run.family == "star" and (run.length > 6 or (run.length > 2 and run.right.startswith(_RATED))):
        return None  # a rating: *****酒店
    if run.last.isascii() and run.last.isalnum():
        return None
    if run.length == 1:
        return _single_name(run)
    if place_noun().match(run.right):
        return PLACE
    found = organisation_noun().match(run.right)
    if found is None:
        return None
    noun = found.group()
    if run.family in {"star", "line"} and len(noun) > 4:
        telling = noun.endswith(("公司", "大学", "学院", "中学", "小学", "法院", "医院", "银行", "局", "厅"))
        return Meaning("organisation", strong=telling)
    return ORGANISATION


def _single_name(run: Run) -> Meaning | None:
    place = place_noun().match(run.right)
    if (
        run.family == "cross"
        and place
        and place.group() in _SINGLE_PLACES
        and run.last in "省市县縣区區镇鎮乡鄉州"
    ):
        return PLACE
    if run.family != "cross" or (is_han(run.last) and run.last not in "在于与和由从"):
        return None
    if place:
        return PLACE if place.group() in _SINGLE_PLACES and run.last not in "在于与和由从" else None
    found = organisation_noun().match(run.right)
    return ORGANISATION if found and found.group() in _SINGLE_ORGANISATIONS else None


@cache
def _after_struck() -> tuple[str, ...]:
    return tuple(words("censored", "words"))


@cache
def _before_struck() -> tuple[str, ...]:
    return tuple(words("censored", "before"))


def censored(run: Run) -> Meaning | None:  # one form a line
    """A word that a filter struck: 中国*基层, *总书记."""
    if run.family not in {"star", "cross"} or run.length > 4:
        return None
    if run.right.startswith(_after_struck()):
        return CENSORED if run.family == "star" or run.first in "总總" else None
    if run.family == "cross":
        return None
    struck = run.left.endswith(_before_struck())
    if run.length > 1:
        return CENSORED if struck and run.first in " 党黨的，。、领領" else None
    if struck and not run.first.isascii():
        return CENSORED
    if not is_han(run.last) or not is_han(run.first):
        return None
    if (
        run.last not in words("censored", "not_after")[0]
        and run.first not in words("censored", "not_before")[0]
    ):
        return Meaning("censored", strong=False)
    return None

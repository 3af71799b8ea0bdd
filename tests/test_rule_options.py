"""Options of rules: where the defaults stand, what another value does, what is refused."""

import re

import pytest

from reportclean.engines.checking import check
from reportclean.engines.stages import clean
from reportclean.errors import ConfigError
from reportclean.rules.options import CheckConfig, CleanConfig
from reportclean.rules.registry import own_rules
from reportclean.rules.selection import configured, select_rules

PROSE = "加强管理，做好规划、协调和服务工作，为科技进步营造良好的环境。\n"
TEASER = "今年以来，全县上下认真落实各项部署，坚持稳中求进，统筹推进各项工作"
# What is found with the first value and not with the second; one of the two is the default.
DIFFERENCES = {
    ("ART030", "min_tokens"): (5, 8, PROSE[:-1] + "6 z7 W. N) I/\n"),
    ("ART033", "min_notes"): (
        3,
        4,
        "对工(gōng)作进行评(píng)价，为今后的发(fā)展提供依据，认真落实各项部署，积累经验，不断改进。",
    ),
    ("ART040", "min_length"): (30, 50, f"总结\n{TEASER}...\n{TEASER}，取得了进步。"),
    ("ART040", "lines"): (12, 1, f"总结\n{TEASER}...\n{TEASER}，取得了进步。"),
    ("STR012", "largest_gap"): (2, 1, "一、概况\n五个科室。\n四、成绩\n任务完成。\n五、不足\n没有。"),
    ("STR014", "min_document"): (200, 300, PROSE * 8 + "（一）建设政"),
}
HAVING = {rule.code: rule for rule in own_rules() if rule.options is not None}


def found(code, text, **options):
    config = CleanConfig(select=(code,), rule_options={code: options})
    return {one.code for one in clean(text, config).findings}


def test_every_option_is_tried():
    assert {(rule.code, name) for rule in HAVING.values() for name in rule.option_names} == set(DIFFERENCES)


@pytest.mark.parametrize(("code", "name"), DIFFERENCES)
def test_an_option_decides_what_is_found(code, name):
    finding, silent, text = DIFFERENCES[code, name]
    assert found(code, text, **{name: finding}) == {code}
    assert found(code, text, **{name: silent}) == set()
    assert getattr(HAVING[code].options, name) in {finding, silent}
    report = check([text], config=CheckConfig(select=(code,), rule_options={code: {name: silent}}))
    assert report.findings == ()


@pytest.mark.parametrize("rule", HAVING.values(), ids=HAVING)
def test_the_documentation_names_each_option_with_its_default(rule):
    said = re.findall(r"^    ([a-z-]+) = (\d+) ", rule.doc.partition("Options:")[2], re.MULTILINE)
    assert said == [(name.replace("_", "-"), str(getattr(rule.options, name))) for name in rule.option_names]


def test_without_options_every_rule_is_as_it_was():
    assert configured({}) == configured({"ART040": {}}) == tuple(own_rules())


def test_hyphens_and_underscores_name_the_same_option():
    changed = [
        next(rule.options for rule in configured({"ART040": {name: 40}}) if rule.code == "ART040")
        for name in ("min-length", "min_length")
    ]
    assert changed[0] == changed[1] != HAVING["ART040"].options


def test_configurations_that_differ_in_options_select_other_rules():
    usual, other = CleanConfig(), CleanConfig(rule_options={"ART040": {"lines": 3}})
    assert usual != other
    assert select_rules(usual) != select_rules(other)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"ART041": {"lines": 3}},
            r"names 'ART041' \(did you mean .*ART040.*\); the rules with options are ART",
        ),
        ({"ART040": {"line": 3}}, r"rule_options\.ART040\.line is no option \(did you mean lines"),
        (
            {"ART040": {"lines": 0}},
            r"rule_options\.ART040\.lines is 0; it must be a whole number of at least 1",
        ),
        ({"ART040": {"lines": True}}, "is True; it must be"),
        ({"ART040": {"lines": "3"}}, "is '3'; it must be"),
    ],
)
def test_what_cannot_be_set_is_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        configured(options)

"""What a configuration may say, and what is said of one that cannot be used."""

import json
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportclean.config.files import ConfigFile, read
from reportclean.config.settings import _HOMES, TABLES, compose, from_file
from reportclean.engines.options import RunOptions
from reportclean.errors import ConfigError
from reportclean.formats.base import ReadOptions
from reportclean.formats.limits import Limits
from reportclean.near.options import DedupeConfig
from reportclean.rules.options import CheckConfig, CleanConfig

WHOLE = """
workers = 3
text-field = "body"
id-field = "key"
date-field = "day"
encoding = "gbk"
format = "jsonl"
to = "csv"
select = ["TPL", "junk"]
ignore = ["TPL001"]
rule-options = { ART040 = { min-length = 40 } }

[limits]
document-bytes = 1_000
line-bytes = 2_000
expanded-bytes = 3_000
expanded-ratio = 40
members = 5
nesting = 6
depth = 7
elements = 8
attributes = 9
document-seconds = 10

[clean]
select = ["ENC"]
ignore = []
drop = ["teaser", "boilerplate"]
unsafe-fixes = true
script = "simplified"
guess = true
boilerplate-min-documents = 3
rule-options = { STR014 = { min-document = 300 } }

[dedupe]
threshold = 1
shingle-size = 4
num-perm = 64
seed = 7
min-tokens = 0
unit = "document"
keep = "newest"
prefer = "trusted/*"
spun = false
spin-lexicon = "swaps.tsv"
keep-updates = true
mark = true
index = "old.duckdb"
against = ["test.duckdb"]
memory = "4GB"

[check]
select = ["DUP"]
extend-select = ["STR", "masked-year"]
ignore = ["STR001"]
severity = { TPL001 = "off", STR = "error" }
max-duplicate-ratio = 0.05
max-mojibake-ratio = 0
max-findings = { all = 10, "TPL001" = 0 }
per-file-ignores = { "old/*" = ["ENC"] }
exclude = ["drafts"]
boilerplate-min-documents = 2
rule-options = { ART040 = { lines = 3 } }
"""


@pytest.fixture
def composed(tmp_path, monkeypatch):
    """The settings of a file with this text, and of a command line with these options."""
    monkeypatch.chdir(tmp_path)

    def make(text, name="reportclean.toml", **given):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return compose(read(tmp_path / name), given)

    return make


def mistakes(composed, text, **given):
    with pytest.raises(ConfigError) as raised:
        composed(text, **given)
    first, *others = str(raised.value).split("\n  ")
    if not others:
        return [first]
    assert first == f"reportclean.toml: {len(others)} mistakes"
    return others


OF_RUNS = ("index", "against", "memory")  # in the table dedupe, too, but of the options of a run


def matching(dedupe):
    return {name: value for name, value in dedupe.items() if name not in OF_RUNS}


def values(settings, table):
    return {one.name: one.value for one in settings if one.table == table}


def test_every_option_of_the_library_can_be_set(composed):
    settings = composed(WHOLE)
    assert {one.source for one in settings} == {"file"}
    clean, dedupe, check, top = (values(settings, table) for table in ("clean", "dedupe", "check", ""))
    assert CleanConfig(**clean) == CleanConfig(
        select=("ENC",),
        ignore=(),
        drop=("teaser", "boilerplate"),
        unsafe_fixes=True,
        script="simplified",
        guess=True,
        boilerplate_min_documents=3,
        rule_options={"STR014": {"min-document": 300}},
    )
    assert set(dedupe) == {field.name for field in fields(DedupeConfig)} | set(OF_RUNS)
    assert DedupeConfig(**matching(dedupe)).prefer == "trusted/*"
    assert [dedupe[name] for name in OF_RUNS] == ["old.duckdb", ("test.duckdb",), "4GB"]
    assert set(check) == {field.name for field in fields(CheckConfig)} - {"dedupe"}
    assert CheckConfig(**check).max_findings == {"all": 10, "TPL001": 0}
    assert CheckConfig(**check).per_file_ignores == {"old/*": ("ENC",)}
    assert set(values(settings, "limits")) == {field.name for field in fields(Limits)}
    assert Limits(**values(settings, "limits")).members == 5
    assert set(top) == ({field.name for field in fields(ReadOptions)} - {"limits"}) | {
        "workers",
        "to",
        "select",
        "ignore",
        "rule_options",
    }
    defaults = {one.name: one.value for one in compose(None, {}) if one.table}
    for name, value in values(settings, "dedupe").items():
        assert value != defaults[name], f"{name} is set to its default, so this test says nothing of it"


def test_without_a_file_all_are_the_defaults_of_the_library():
    settings = compose(None, {})
    assert {one.source for one in settings} == {"default"}
    assert CleanConfig(**values(settings, "clean")) == CleanConfig()
    assert DedupeConfig(**matching(values(settings, "dedupe"))) == DedupeConfig()
    assert CheckConfig(**values(settings, "check")) == CheckConfig()
    assert values(settings, "")["workers"] == RunOptions().workers


@pytest.mark.parametrize("home", _HOMES, ids=lambda home: home.name)
def test_unknown_keys_are_refused_by_the_options_themselves(home):
    """Whoever validates them without the configuration's own look at the names is told as well."""
    options = getattr(import_module(f"reportclean.{home.module}"), home.name)
    assert options.__pydantic_config__ == {"extra": "forbid"}


def test_the_narrower_table_counts_and_the_shared_keys_reach_the_others(composed):
    settings = composed('select = ["TPL"]\nignore = ["TPL001"]\n[clean]\nselect = ["ENC"]\n')
    clean = {name: (one.value, one.place, one.key) for name, one in from_file(settings, "clean").items()}
    assert clean == {
        "select": (("ENC",), "reportclean.toml:4", "clean.select"),
        "ignore": (("TPL001",), "reportclean.toml:2", "ignore"),
    }
    assert {name: one.value for name, one in from_file(settings, "dedupe").items()} == {
        "select": ("ENC",),
        "ignore": ("TPL001",),
    }
    assert from_file(settings, "check")["select"].value == ("TPL",)


@pytest.mark.parametrize("command", TABLES)
def test_a_command_is_told_of_its_own_tables_only(composed, command):
    settings = composed("[dedupe]\nseed = 2\n[check]\nexclude = ['x']\n[clean]\nguess = true\n")
    expected = {"clean": {"guess"}, "dedupe": {"guess", "seed"}, "check": {"seed", "exclude"}}
    expected["compare"] = expected["dedupe"]
    assert set(from_file(settings, command)) == expected[command]


def test_the_command_line_goes_before_the_file(composed):
    settings = composed(
        '[dedupe]\nthreshold = 0.5\nseed = 3\n[clean]\nselect = ["ENC"]\n', threshold=0.9, select=()
    )
    by_name = {one.name: one for one in settings if one.table in {"dedupe", "clean"}}
    assert (by_name["threshold"].value, by_name["threshold"].source) == (0.9, "command line")
    assert (by_name["seed"].value, by_name["seed"].source) == (3, "file")
    assert (by_name["select"].value, by_name["select"].source) == ((), "command line")
    assert "threshold" not in from_file(settings, "dedupe")


def test_what_the_file_lacks_may_come_from_the_command_line(composed):
    text = "[clean]\ndrop = ['boilerplate']\n"
    (mistake,) = mistakes(composed, text)
    assert mistake.startswith("reportclean.toml:2: clean.drop names boilerplate; say from how many documents")
    settings = composed(text, boilerplate_min_documents=3)
    assert CleanConfig(**values(settings, "clean")).drop == ("boilerplate",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = []", "selct is no setting (did you mean select?)"),
        ("text_field = 'x'", "text_field is no setting (did you mean text-field?)"),
        ("zzz = 1", "zzz is no setting"),
        ("overwrite = true", "overwrite is no setting"),
        ("[chek]\nselect = []", "chek is no setting (did you mean check?)"),
        ("[check.dedupe]\nseed = 1", "check.dedupe is no setting"),
        ("threshold = 0.5", "threshold is no setting here; it belongs in dedupe"),
        ("[check]\nencoding = ''", "check.encoding is no setting here; it belongs in the top"),
        (
            "[dedupe]\nselect = []",
            "dedupe.select is no setting here; it belongs in the top or clean or check",
        ),
        ("treshold = 0.5", "treshold is no setting (did you mean dedupe.threshold?)"),
        ("check = 3", "check is 3; it must be a table"),
        ("select = 'TPL'", 'select is "TPL"; it must be a list'),
        ("select = ['TPL', 1]", "select[2] is 1; it must be a text"),
        ("select = ['TPL,DUP']", "select names 'TPL,DUP', which is no rule"),
        ("select = ['art02O']", "select names 'art02O', which is no rule (did you mean ART020 or"),
        ("ignore = ['jnk']", "ignore names 'jnk', which is no rule (did you mean junk?)"),
        ("ignore = ['AR']", "ignore names 'AR', which is no rule (did you mean ART?)"),
        ("workers = '2'", 'workers is "2"; it must be a whole number'),
        ("workers = 2.0", "workers is 2.0; it must be a whole number"),
        ("workers = true", "workers is true; it must be a whole number"),
        ("workers = 0", "workers is 0; it must be at least 1"),
        ("encoding = 'klingon'", "encoding 'klingon' is not the name of a text encoding"),
        ("encoding = 2020-01-01", 'encoding is "2020-01-01"; it must be a text'),
        ("[check]\nseverity = 2020-01-01", 'check.severity is "2020-01-01"'),
        ("[dedupe]\nthreshold = '0.5'", 'dedupe.threshold is "0.5"; it must be a number'),
        ("[dedupe]\nthreshold = nan", "dedupe.threshold is nan; it must be above 0 and at most 1"),
        ("[dedupe]\nthreshold = inf", "dedupe.threshold is inf; it must be above 0 and at most 1"),
        ("[dedupe]\nseed = 99999999999999999999999", "dedupe.seed is 99999999999999999999999; it must be"),
        ("[dedupe]\nmark = 1", "dedupe.mark is 1; it must be true or false"),
        (
            "[dedupe]\nkeep = 'worst'",
            "dedupe.keep is \"worst\"; it must be 'best', 'first', 'longest' or 'newest'",
        ),
        ("[dedupe]\nprefer = ['a']", 'dedupe.prefer is ["a"]; it must be a text'),
        ("[clean]\ndrop = ['symbol']", "clean.drop names 'symbol' (did you mean symbols?); the groups are"),
        (
            "[clean]\nboilerplate-min-documents = 1",
            "clean.boilerplate-min-documents is 1; it must be 0 or at",
        ),
        (
            "[check]\nseverity.TPL001 = 'of'",
            "check.severity.TPL001 is \"of\"; it must be 'error', 'warning' or 'off'",
        ),
        ("[check]\nseverity.TPL01 = 'off'", "check.severity.TPL01 is for no rule (did you mean TPL0"),
        ("[check]\nseverity.all = 'off'", "check.severity.all is for no rule"),
        ("[check]\nseverity = 'off'", 'check.severity is "off"; it must be a table'),
        ("[check]\nmax-findings = 3", "check.max-findings is 3; it must be a table"),
        (
            "[check]\nmax-findings.TPL001 = -1",
            "check.max-findings.TPL001 is -1; it must be a whole number from 0",
        ),
        ("[check]\nmax-findings.TPL001 = 0.5", "check.max-findings.TPL001 is 0.5; it must be a whole number"),
        (
            "[check]\nmax-duplicate-ratio = 1.5",
            "check.max-duplicate-ratio is 1.5; it must be a number from 0 to 1",
        ),
        ("[check]\nmax-duplicate-ratio = '5%'", 'check.max-duplicate-ratio is "5%"; it must be a number'),
        ("[check]\nper-file-ignores.'x/*' = 'ENC'", 'check.per-file-ignores.x/* is "ENC"; it must be a list'),
        ("[check]\nper-file-ignores.'x/*' = [3]", "check.per-file-ignores.x/*[1] is 3; it must be a text"),
        (
            "[check]\nper-file-ignores.'x/*' = ['EN']",
            "check.per-file-ignores.x/* names 'EN', which is no rule",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_would_do(composed, text, said):
    line = 1 + text.startswith("[") * (
        "is no setting (did you mean check" not in said and "check.dedupe" not in said
    )
    (mistake,) = mistakes(composed, text)
    assert mistake.startswith(f"reportclean.toml:{line}: {said}")


def test_all_mistakes_are_said_at_once_in_order_of_lines(composed):
    text = """
        select = ["TPL", "NOPE"]
        workers = "many"
        bogus = 1
        [dedupe]
        threshold = 2
        seed = -1
        unit = "page"
        [check]
        severity = { TPL001 = "of", NOPE = "off" }
        max-findings = { all = -1, NOPE = -2 }
        per-file-ignores = { a = ["NOPE", 3, "TPL", 4], b = 4 }
    """
    found = [
        mistake.removeprefix("reportclean.toml:").split(" is ")[0] for mistake in mistakes(composed, text)
    ]
    assert found == [
        "2: select names 'NOPE', which",
        "3: workers",
        "4: bogus",
        "6: dedupe.threshold",
        "7: dedupe.seed",
        "8: dedupe.unit",
        "10: check.severity.NOPE",
        "10: check.severity.TPL001",
        "11: check.max-findings.NOPE",
        "11: check.max-findings.all",
        "12: check.per-file-ignores.a names 'NOPE', which",
        "12: check.per-file-ignores.a[2]",
        "12: check.per-file-ignores.a[4]",
        "12: check.per-file-ignores.b",
    ]


def test_what_follows_from_another_mistake_is_not_said(composed):
    (mistake,) = mistakes(composed, "[clean]\ndrop = ['boilerplate']\nboilerplate-min-documents = '3'\n")
    assert mistake.startswith("reportclean.toml:3: clean.boilerplate-min-documents is")


def test_mistakes_of_the_command_line_stand_beside_those_of_the_file(composed):
    assert mistakes(composed, "[dedupe]\nseed = -1\nthreshold = 0.5", threshold=3.0, select=("NOPE",)) == [
        "--select names 'NOPE', which is no rule",
        "--threshold is 3.0; it must be above 0 and at most 1",
        "reportclean.toml:2: dedupe.seed is -1; it must be a whole number from 0 to 4294967295",
    ]


def test_long_values_are_cut(composed):
    (mistake,) = mistakes(composed, f"[dedupe]\nthreshold = '{'甲' * 500}'")
    assert len(mistake) < 160
    assert "…; it must be a number" in mistake


SCALARS = st.one_of(
    st.booleans(), st.integers(-9, 999), st.sampled_from(["", "TPL", "all", "gbk", "best", "x"]), st.floats()
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["TPL", "x/*"]), inner, max_size=2)
    ),
)
KEYS = st.sampled_from(
    [
        *sorted({name.replace("_", "-") for home in _HOMES for name in home.defaults()}),
        "clean",
        "check",
        "dedupe",
        "x",
    ]
)
TABLE = st.dictionaries(KEYS, ANYTHING, max_size=4)


@given(st.fixed_dictionaries({}, optional={"clean": TABLE, "dedupe": TABLE, "check": TABLE}), TABLE)
def test_whatever_a_file_says_it_is_taken_or_refused_by_name(tables, top):
    """Nothing else is raised, and what is taken makes options."""

    said, settings = "", ()
    try:
        settings = compose(ConfigFile(Path("f"), top | tables, (), ""), {})
    except ConfigError as error:
        said = str(error)
    assert bool(said) != bool(settings)
    assert said.startswith("f: ") or not said
    CheckConfig(**values(settings, "check"))
    CleanConfig(**values(settings, "clean"))
    DedupeConfig(**matching(values(settings, "dedupe")))
    json.dumps([one.value for one in settings])

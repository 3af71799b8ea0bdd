"""Every rule finds what its documentation and its cases say it finds, and nothing in what they call good.

The cases of the families ART, STR and TPL stand in files of their own, which other tests hold against the
finders; here each of them is only counted.
"""

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from reportclean.engines.checking import check, check_files
from reportclean.engines.stages import clean
from reportclean.rules.options import CheckConfig, CleanConfig
from reportclean.rules.registry import own_rules

ROOT = Path(__file__).resolve().parents[1]
spec = spec_from_file_location("build_rule_docs", ROOT / "tools/build_rule_docs.py")
docs = module_from_spec(spec)
spec.loader.exec_module(docs)

FOLDER = Path(__file__).parent / "cases"


def once(pairs):
    """A JSON object whose names are all different: of two cases of one name the first would be lost."""
    assert len(dict(pairs)) == len(pairs), [name for name, _ in pairs]
    return dict(pairs)


CASES = json.loads((FOLDER / "rules.json").read_text(encoding="utf-8"), object_pairs_hook=once)
LINES = {"ART019", "DUP001", "DUP002", "DUP004"}  # each line of an example is a document
RECORDS = {"STR002", "ENC030"}  # each line is a record
BYTES = {"ENC013", "ENC014"}  # the bytes of the file count
GUESSED = {"ENC003"}  # says nothing unless it is asked to guess


def characters(text):
    text = re.sub(r"\(U\+([0-9A-F]{4,6})\)", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\((\d+)×([^)]*)\)", lambda match: int(match[1]) * match[2], text)


def encoded(text):
    """The bytes of a file in UTF-8, but for what says that it is not."""
    lines = []
    for line in text.splitlines(keepends=True):
        if line.startswith("(gb18030) "):
            lines.append(line.removeprefix("(gb18030) ").encode("gb18030"))
        else:
            pieces = re.split(r"\(0x([0-9A-F]{2})\)", line)
            lines += [bytes.fromhex(piece) if n % 2 else piece.encode() for n, piece in enumerate(pieces)]
    return b"".join(lines)


def found(rule, example, folder):
    """Codes that the rule reports for an example."""
    config = CheckConfig(select=(rule.code,), boilerplate_min_documents=2)
    if rule.code in GUESSED:
        return {one.code for one in clean(example, CleanConfig(select=(rule.code,), guess=True)).findings}
    if rule.code in RECORDS | BYTES:
        file = folder / ("x.jsonl" if rule.code in RECORDS else "x.txt")
        file.write_bytes(encoded(example))
        report = check_files([file], config)
    else:
        report = check(example.splitlines() if rule.code in LINES else [characters(example)], config=config)
    return {one.code for one in report.findings}


@pytest.mark.parametrize("rule", own_rules(), ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_true(rule, tmp_path):
    bad, good = (docs.examples(rule.doc, part) for part in ("Bad", "Good"))
    assert bad
    assert good
    for example in bad:
        assert found(rule, example, tmp_path) == {rule.code}, example
    for example in good:
        assert found(rule, example, tmp_path) == set(), example


@pytest.mark.parametrize(
    "rule", [rule for rule in own_rules() if rule.code in CASES], ids=lambda rule: rule.code
)
def test_cases(rule, tmp_path):
    for case in CASES[rule.code]["wild"]:
        assert found(rule, case, tmp_path) == {rule.code}, case
    for case in CASES[rule.code]["negative"]:
        assert found(rule, case, tmp_path) == set(), case


@pytest.mark.parametrize("rule", own_rules(), ids=lambda rule: rule.code)
def test_every_rule_has_cases_that_pass_and_that_fail(rule):
    if rule.family == "TPL":
        cases = json.loads((FOLDER / "placeholders.json").read_text(encoding="utf-8"))
        wild = [case for case in cases["wild"] if rule.kinds & {kind for _, kind in case["marks"]}]
        negative = cases["negative"]
    else:
        file = FOLDER / f"artefacts/{rule.code}.json"
        cases = CASES.get(rule.code) or json.loads(file.read_text(encoding="utf-8"))
        wild, negative = cases["wild"], cases["negative"]
    assert min(len(wild), len(negative)) >= 2


def test_the_catalogue_is_fresh():
    assert docs.PAGE.read_text(encoding="utf-8") == docs.page(own_rules()), (
        "run python tools/build_rule_docs.py"
    )


def test_every_heading_of_the_catalogue_is_linked():
    text = docs.PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^### (\S+) (\S+)$", text, re.MULTILINE)
    assert [code for code, _ in headings] == [rule.code for rule in own_rules()]
    assert re.findall(r"\]\(#(\S+)\)", text) == [f"{code.lower()}-{name}" for code, name in headings]

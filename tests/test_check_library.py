"""`rc.check`: what it reports, where, and what makes it fail."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reportclean as rc
from corpora import report, reworded
from reportclean.engines import check_batch
from reportclean.engines.baseline import write_baseline
from reportclean.engines.findings import with_broken
from reportclean.errors import ConfigError
from reportclean.rules.registry import all_rules
from reportclean.rules.runner import run_batch
from reportclean.rules.selection import select_rules
from strategies import hostile, reports

PAGE = f"检修班工作总结（精选3篇）\n检修班工作总结 篇1\n{report(1)}检修班工作总结 篇2\n{report(2)}检修班工作总结 篇3\n{report(1)}"


def places(result, *names):
    return [tuple(getattr(f, name) for name in (*names, "code")) for f in result.findings]


def test_a_clean_corpus_passes():
    result = rc.check([report(1), report(2)])
    assert result.passed
    assert (result.findings, result.breaches, result.by_code) == ((), (), {})
    assert (result.documents, result.sections, result.quarantined) == (2, 2, 0)
    assert result.characters == len(report(1)) + len(report(2))


def test_everything_of_a_finding():
    text = "第一行\r\n全年，20xx年检修。。\n"
    found = rc.check([rc.Document("page", text, "in/page.txt")]).findings
    year, stop = found
    assert (year.path, year.line, year.column, year.end_line, year.end_column) == ("in/page.txt", 2, 4, 2, 8)
    assert (year.code, year.name, year.severity) == ("TPL001", "masked-year", "error")
    assert (year.document_id, year.section_id, year.fix, year.field) == ("page", "page#1", None, "")
    assert (year.excerpt, year.excerpt_start, year.excerpt_end) == ("全年，20xx年检修。。", 3, 7)
    assert (stop.code, stop.fix, stop.column, stop.end_column) == ("ART020", "safe", 11, 13)
    assert len(year.fingerprint) == 32


def test_a_record_counts_columns_in_its_field():
    text = "第一行\n20xx年检修"
    (found,) = rc.check([rc.Document("a", text, "in/a.jsonl", 17)]).findings
    assert (found.line, found.column, found.end_line, found.end_column) == (17, 5, 17, 9)
    assert (found.excerpt, found.excerpt_start) == ("20xx年检修", 0)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file(ending):
    text = ending.join(["甲\u2028乙", "\t20xx年\u0301", "", "202_年", ""])
    found = [f for f in rc.check([text]).findings if f.code == "TPL001"]
    assert [(f.line, f.column) for f in found] == [(2, 2), (4, 1)]


def test_findings_after_a_repair_stand_where_they_stood():
    """The masked year is seen when the mojibake is repaired; it is shown where the mojibake stands."""
    broken = "20xx年，工会走访用户".encode().decode("gb18030")
    found = rc.check([f"甲。\n{broken}。"]).findings
    assert {"ENC001", "TPL001"} <= {f.code for f in found}
    assert {f.line for f in found} == {2}
    assert all(f.end_column > f.column for f in found)


def test_what_a_repair_uncovers_is_shown_as_all_of_it():
    """The year is seen when the escapes are undone; it has no place of its own in the original."""
    text = "甲。" + "".join(f"\\u{ord(char):04x}" for char in "工会20xx年走访用户") + "。"
    found = [f for f in rc.check([text]).findings if f.code in {"ENC012", "TPL001"}]
    assert [(f.code, f.column, f.end_column) for f in found] == [("ENC012", 3, 69), ("TPL001", 3, 69)]


def test_a_safe_rule_that_changes_nothing_here_offers_no_fix():
    """Half of a surrogate pair is U+FFFD when it has been read: the record's bytes can be changed, no text."""
    hit = rc.Hit(4, 5, "surrogate")
    document = rc.Document("a", "好。。甲\ufffd乙", "a.jsonl", 1, {"decode_hits": (hit,)})
    assert {f.code: f.fix for f in rc.check([document]).findings} == {"ART020": "safe", "ENC021": None}


def test_a_section_begins_at_its_first_character():
    text = f"　　{report(1)}"
    (found,) = rc.check([report(1), text], select=["DUP"]).findings
    documents = {"0": 1, "1": 3}
    assert found.column == documents[found.path]
    both = rc.check([text, text], select=["DUP"]).findings
    assert [(f.line, f.column) for f in both] == [(1, 3)]


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("全年检修线路。。", "safe"),
        ("20xx年检修线路。", None),
        ("中词库 / www.zciku.com\n全年检修线路。\n", "unsafe"),
    ],
)
def test_fixes(kind, fix):
    assert {f.fix for f in rc.check([kind]).findings} == {fix}


@given(st.lists(reports(), max_size=4))
def test_findings_are_those_of_the_rules(texts):
    """The oracle: what the runner finds, whatever is asked for, at places counted by hand."""
    texts = [text for text in texts if text.strip()]
    codes = {rule.code for rule in all_rules()} - {"DUP001", "DUP002", "DUP003"}
    rules = select_rules(rc.CleanConfig())
    expected = []
    for name, (text, outcome) in enumerate(zip(texts, run_batch(texts, *rules), strict=True)):
        for f in outcome.findings:
            line = text[: f.start].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
            expected.append((str(name), line, f.code, f.message))
    found = rc.check(texts, ignore=["DUP"]).findings
    assert {f.code for f in found} <= codes
    assert sorted((f.path, f.line, f.code, f.message) for f in found) == sorted(expected)


@given(st.lists(hostile(), max_size=3))
def test_hostile_texts_are_reported_in_order_and_within_their_lines(texts):
    found = rc.check(texts).findings
    order = [(f.path, f.line, f.column, f.code) for f in found]
    assert order == sorted(order)
    for f in found:
        assert 0 <= f.excerpt_start <= f.excerpt_end <= len(f.excerpt)
        assert (f.end_line, f.end_column) >= (f.line, f.column) >= (1, 1)
    assert len({f.fingerprint for f in found}) == len(found)


@given(
    st.lists(reports(), min_size=1, max_size=4),
    st.sampled_from(["TPL", "ENC", "ART", "STR", "DUP", "DUP001"]),
)
def test_what_is_selected_makes_no_difference_to_what_is_found(texts, name):
    whole = [f for f in rc.check(texts).findings if f.code.startswith(name)]
    part = rc.check(texts, select=[name]).findings
    assert [(f.fingerprint, f.line, f.column, f.message) for f in part] == [
        (f.fingerprint, f.line, f.column, f.message) for f in whole
    ]


def test_duplicates():
    copy, near = report(1).replace("，", "、"), reworded(report(2), 3, 5)
    config = rc.CheckConfig(dedupe=rc.DedupeConfig(keep="first"))
    result = rc.check([report(1), report(2), copy, near], select=["DUP"], config=config)
    exact, alike = sorted(result.findings, key=lambda f: f.code)
    assert (exact.code, exact.path, exact.line, exact.column, exact.section_id) == (
        "DUP001",
        "2",
        1,
        1,
        "2#1",
    )
    assert exact.message == "the section repeats 0#1"
    assert (exact.end_line, exact.end_column) == (4, len(report(1).splitlines()[3]) + 1)
    assert alike.code == "DUP002"
    assert alike.message.startswith("the section nearly repeats ")
    assert "(Jaccard 0." in alike.message
    assert result.duplicate_ratio == 0.5


def test_a_page_that_repeats_itself():
    result = rc.check([rc.Document("page", PAGE)], select=["DUP"])
    (found,) = result.findings
    assert (found.code, found.section_id, found.severity) == ("DUP003", "page#3", "error")
    assert found.line == PAGE[: PAGE.rindex("检修班工作总结 篇3")].count("\n") + 1
    assert "page#1" in found.message
    assert result.sections == 3


def test_the_same_sections_as_dedupe_removes():
    texts = [PAGE, report(2), reworded(report(3), 1, 6), report(3), "短。"]
    removed = {section.section_id for section in rc.dedupe(texts).removed}
    assert {f.section_id for f in rc.check(texts, select=["DUP"]).findings} == removed
    updates = rc.DedupeConfig(keep_updates=True)
    texts = [f"{report(5)}2015年。", f"{report(5)}2016年。"]
    config = rc.CheckConfig(dedupe=updates, select=("DUP",))
    assert len(rc.check(texts, config=config).findings) == len(rc.dedupe(texts, updates).removed) == 0
    assert (
        len(
            rc.check(texts, config=rc.CheckConfig(dedupe=rc.DedupeConfig(mark=True)), select=["DUP"]).findings
        )
        == 1
    )


def test_against_what_is_there_already():
    there = [rc.Document("old", PAGE), rc.Document("older", report(7)), rc.Document("oldest", report(1))]
    batch = [
        rc.Document("new", reworded(report(2), 3, 5)),
        rc.Document("other", report(9)),
        report(1),
        report(9),
    ]
    result = rc.check(batch, select=["DUP"], against=there)
    assert [(f.document_id, f.code) for f in result.findings] == [
        ("2", "DUP001"),
        ("3", "DUP001"),
        ("new", "DUP002"),
    ]
    by_id = {f.document_id: f.message for f in result.findings}
    assert by_id["2"] == "the section repeats oldest#1"  # not the page's, which has a heading more
    assert "old#2 (Jaccard" in by_id["new"]
    assert "other#1" in by_id["3"]
    assert rc.check(batch, select=["TPL"], against=there).findings == ()


def test_repeated_ids():
    result = rc.check([rc.Document("a", report(1)), rc.Document("a", report(2), "b.jsonl", 3)])
    (found,) = result.findings
    assert (found.code, found.path, found.line, found.column) == ("STR002", "b.jsonl", 3, 1)
    assert found.document_id == "a@b.jsonl:3"
    assert found.severity == "warning"
    assert result.passed


def test_empty_documents_are_unreadable():
    result = rc.check(["", " \n", report(1)])
    assert [(f.path, f.code, f.message) for f in result.findings] == [
        ("0", "ENC030", "the record cannot be read: the text is empty"),
        ("1", "ENC030", "the record cannot be read: the text is empty"),
    ]
    assert (result.quarantined, result.documents) == (2, 1)
    assert rc.check(["", report(1)], ignore=["unreadable-record"]).passed


def test_a_text_of_which_cleaning_leaves_nothing_is_no_reason_to_stop():
    result = rc.check(["[bookmark: _Toc1]", report(1)])
    assert [f.code for f in result.findings] == ["ART001"]


def test_boilerplate_is_looked_for_on_request():
    texts = [f"全国公文写作交流平台专用范文\n{report(n)}" for n in range(4)]
    assert rc.check(texts, select=["ART019"]).findings == ()
    config = rc.CheckConfig(select=("ART019",), boilerplate_min_documents=3)
    assert [f.line for f in rc.check(texts, config=config).findings] == [1, 1, 1, 1]


def test_rules_on_request():
    texts = ["全年檢修線路一百二十公里，工會組織職工開展勞動競賽。"]
    assert rc.check(texts).findings == ()
    assert "SCR001" in rc.check(texts, select=["traditional-script"]).by_code
    assert "SCR001" in rc.check(texts, config=rc.CheckConfig(extend_select=("SCR001",))).by_code


def test_rules_are_left_out_by_file():
    documents = [
        rc.Document(name, "20xx年检修。。", f"in/{name}") for name in ("a.txt", "b.txt", "drafts/c.txt")
    ]
    config = rc.CheckConfig(per_file_ignores={"a.txt": ("TPL",), "drafts": ("doubled-stop", "TPL001")})
    result = rc.check(documents, config=config, ignore=["DUP"])
    assert places(result, "path") == [
        ("in/a.txt", "ART020"),
        ("in/b.txt", "TPL001"),
        ("in/b.txt", "ART020"),
    ]
    assert (
        rc.check(documents, config=rc.CheckConfig(exclude=("b.txt", "drafts")), ignore=["DUP"]).documents == 1
    )


def test_what_is_given_goes_together_with_the_configuration():
    assert set(rc.check(["20xx年检修。。"], config=rc.CheckConfig(select=("ART",))).by_code) == {"ART020"}
    config = rc.CheckConfig(select=("TPL", "ART"), ignore=("TPL",))
    assert set(rc.check(["20xx年检修。。"], config=config).by_code) == {"ART020"}
    assert set(rc.check(["20xx年检修。。"], ignore=["ART"], config=config).by_code) == set()
    assert set(rc.check(["20xx年检修。。"], select=["TPL"], config=config).by_code) == set()


def test_severities():
    config = rc.CheckConfig(severity={"TPL": "warning", "ART020": "off"})
    result = rc.check(["20xx年检修。。"], config=config)
    assert [(f.code, f.severity) for f in result.findings] == [("TPL001", "warning")]
    assert result.passed


def test_mojibake_is_counted_once_a_character():
    broken = "全年检修线路一百二十公里".encode().decode("gb18030", "replace")
    result = rc.check([f"{report(1)}{broken}"])
    assert 0 < result.mojibake_ratio <= len(broken) / (len(report(1)) + len(broken))
    limit = replace(rc.CheckConfig(), max_mojibake_ratio=0.5)
    assert rc.check([f"{report(1)}{broken}"], config=limit, select=["ENC"]).passed


def test_spans_that_overlap_count_once():
    rules = {rule.code: rule for rule in all_rules()}
    spans = [(0, 10, "ENC001"), (2, 5, "ENC002"), (4, 14, "ENC005"), (6, 9, "ART020"), (20, 22, "ENC009")]
    findings = [rc.Finding(start, end, code, "") for start, end, code in spans]
    assert [broken for _, broken in with_broken(findings, rules)] == [10, 0, 4, 0, 2]
    del rules["ENC001"]
    assert [broken for _, broken in with_broken(findings, rules)] == [3, 9, 0, 2]


def test_a_baseline(tmp_path):
    path = tmp_path / "b.json"
    texts = ["20xx年检修线路。", "全年检修。。"]
    write_baseline(path, rc.check(texts).findings)
    again = rc.check(texts, baseline=path)
    assert again.passed
    assert (len(again.findings), len(again.known), again.fixed, again.by_code) == (0, 2, (), {})
    moved = rc.check(["全年检修。。", "另一份报告。", "前一行。\n20xx年检修线路。"], baseline=str(path))
    assert (len(moved.findings), len(moved.known)) == (0, 2)
    more = rc.check(["20xx年检修线路。", "全年检修。。202_年"], baseline=path)
    assert [(f.path, f.column, f.code) for f in more.findings] == [("1", 7, "TPL001")]
    assert [breach.found for breach in more.breaches] == [1]
    fewer = rc.check(["本年检修线路。", "全年检修。。"], baseline=path)
    assert [(k.path, k.code) for k in fewer.fixed] == [("0", "TPL001")]
    assert rc.check(["全年检修。"], select=["ART"], baseline=path).fixed == ()  # text 1 is not there


def test_a_known_duplicate_stays_known_when_its_text_is_edited(tmp_path):
    path = tmp_path / "b.json"
    texts = [rc.Document("page", PAGE), rc.Document("copy", report(2))]
    write_baseline(path, rc.check(texts).findings)
    edited = [
        rc.Document("page", PAGE.replace("项，", "项、", 1)),
        rc.Document("copy", reworded(report(2), 1, 1)),
    ]
    result = rc.check(edited, baseline=path)
    assert (result.findings, len(result.known)) == ((), 2)
    new = rc.check([*edited, rc.Document("new", report(1))], baseline=path)
    assert [f.document_id for f in new.findings] == ["new"]


def test_limits_are_held_against_what_is_new(tmp_path):
    path = tmp_path / "b.json"
    config = rc.CheckConfig(max_duplicate_ratio=0.3, max_findings={"TPL": 0})
    texts = [report(1), report(1), report(2), report(2)]
    write_baseline(path, rc.check(texts, config=config).findings)
    assert [b.limit for b in rc.check(texts, config=config).breaches] == ["max-duplicate-ratio"]
    assert rc.check(texts, config=config, baseline=path).passed
    assert rc.check(texts, config=config, baseline=path).duplicate_ratio == 0.5


def test_a_batch_lists_a_bounded_number_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(check_batch, "MOST_LISTED", 5)
    texts = ["20xx年检修。。" * 4, "20xx年。" * 3]
    whole = {"ART020": 4, "TPL001": 7}
    result = rc.check(texts, ignore=["DUP", "STR"])
    assert result.by_code == whole
    assert len(result.findings) == 7
    said = {f.code: f.message for f in result.findings if "not listed" in f.message}
    assert said["TPL001"].endswith("(3 more from here on are not listed)")
    assert said["ART020"].endswith("(1 more from here on are not listed)")
    assert [breach.found for breach in result.breaches] == [11]


def test_what_is_not_listed_is_broken_all_the_same(monkeypatch):
    broken = "全年检修线路一百二十公里".encode().decode("gb18030", "replace")
    texts = [f"{report(n)}{broken}" for n in range(4)]
    whole = rc.check(texts, select=["ENC"])
    monkeypatch.setattr(check_batch, "MOST_LISTED", 1)
    part = rc.check(texts, select=["ENC"])
    assert len(part.findings) < len(whole.findings)
    assert (part.mojibake_ratio, part.by_code) == (whole.mojibake_ratio, whole.by_code)


@pytest.mark.parametrize("given_", ["text", b"bytes", rc.Document("a", "text")])
def test_one_text_is_refused(given_):
    with pytest.raises(ConfigError, match="documents is one text"):
        rc.check(given_)
    with pytest.raises(ConfigError, match="against is one text"):
        rc.check(["a"], against=given_)


@pytest.mark.parametrize(
    "settings",
    [
        {"select": ["TPL01"]},
        {"ignore": ["TPL01"]},
        {"config": rc.CheckConfig(extend_select=("TPL01",))},
        {"config": rc.CheckConfig(severity={"TPL01": "off"})},
        {"config": rc.CheckConfig(max_findings={"TPL01": 1})},
        {"config": rc.CheckConfig(per_file_ignores={"*": ("TPL01",)})},
    ],
)
def test_unknown_rules_are_refused_with_what_is_close(settings):
    with pytest.raises(ConfigError, match=r"names 'TPL01', which is no rule \(did you mean .*TPL001"):
        rc.check(["a"], **settings)


def test_plain_values():
    values = rc.check(["20xx年检修。"]).to_dict()
    assert json.loads(json.dumps(values))["findings"][0]["code"] == "TPL001"

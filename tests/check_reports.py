"""Reports as a check would make them, for the tests of what shows them."""

from hashlib import sha256
from xml.etree import ElementTree as ET

from hypothesis import settings
from hypothesis import strategies as st

from reportclean.results import Breach, CheckFinding, CheckReport, Known
from strategies import texts

# A report is a lot to draw, and several tests draw it: the profile's number between them.
few = settings(max_examples=settings().max_examples // 3)


def parsed_xml(text):
    return ET.fromstring(text)  # noqa: S314  # made by the function under test


def finding(
    code="TPL001", name="masked-year", severity="error", path="pages/union.txt", line=3, column=1, **other
):
    values = {
        "end_line": line,
        "end_column": column + 5,
        "message": "masked year '20xx年'",
        "document_id": path,
        "section_id": f"{path}#1",
        "fix": None,
        "excerpt": "",
    } | other
    if "fingerprint" not in values:
        values["fingerprint"] = sha256(repr((code, path, line, column, other)).encode()).hexdigest()[:32]
    return CheckFinding(path, line, column, code, name, severity, **values)


def report(findings=(), known=(), fixed=(), breaches=(), **other):
    counts = {}
    for one in findings:
        counts[one.code] = counts.get(one.code, 0) + 1
    values = {
        "documents": 3,
        "sections": 12,
        "characters": 4800,
        "quarantined": 0,
        "duplicate_ratio": 0.25,
        "mojibake_ratio": 0.0,
    } | other
    return CheckReport(tuple(findings), tuple(known), tuple(fixed), tuple(breaches), by_code=counts, **values)


def _at(line, text, found, **other):
    start = text.index(found) if found else len(text)
    column = other.pop("column", start + 1)
    values = {"end_column": column + len(found), "excerpt": text, "excerpt_start": start}
    return finding(line=line, column=column, excerpt_end=start + len(found), **(values | other))


def sample():
    """One of everything that a format has to show."""
    long = "全年共检修线路一百二十公里，" * 20 + "20xx年更换电表。" + "走访慰问困难家庭，" * 20
    control = "工\x1b[31m会\u202e\t组织"
    findings = [
        finding(
            "ENC013",
            "bad-byte",
            "error",
            "pages/[old] 100%,a:b.txt",
            1,
            1,
            end_column=1,
            message="the record cannot be read | <b>\x1b[0m\n",
            section_id="",
        ),
        _at(3, "　　20xx年，工会组织职工开展劳动竞赛。", "20xx年"),
        _at(4, "\t二、上海?科技", "?", code="ENC028", name="lost-mark", severity="warning", message="'?' stands where '·' may have been", fix="unsafe"),
        _at(9, long, "20xx年"),
        _at(12, control, "\x1b[31m", code="ENC020", name="control-character", severity="warning", message="control character '\\x1b[31m'", fix="safe"),
        _at(14, "e\u0301te\u0301。。后勤", "。。", code="ART020", name="doubled-stop", severity="warning", message="'。。' for '。'", fix="safe"),
        _at(15, "本院组织职工", "", code="ART010", name="hard-wrap", severity="warning", message="line end in mid-sentence (han)", fix="safe", end_line=16, end_column=1),
        _at(2, "安全生产责任制。", "安全生产责任制。", path="records.jsonl", column=214, code="DUP001", name="exact-duplicate", severity="warning", message="the section repeats pages/union.txt#3 word for word", document_id="union-traditional", section_id="union-traditional#1", field="text"),
        _at(7, "某公司的总结", "某公司", path="records.jsonl", code="ACME001", name="plug-in-rule", severity="warning", message="found by a rule that is not installed here", document_id="7", section_id="7#1", field="body.text"),
    ]  # fmt: skip
    known = [_at(30, "走访__年困难家庭", "__年", message="masked year '__年'")]
    fixed = [
        Known("0" * 31 + "1", "TPL001", "pages/gone.txt", "masked year '202_年'"),
        Known("0" * 31 + "2", "ART006", "pages/gone.txt", "page number '- 1 -'"),
    ]
    breaches = [Breach("max-duplicate-ratio", 0.05, 0.25), Breach("errors", 0, 3)]
    return report(findings, known, fixed, breaches, quarantined=1)


@st.composite
def reports(draw):
    """Any report: any text wherever text of a document may come through."""
    paths = st.one_of(st.just("pages/a.txt"), texts())

    def one():
        excerpt = draw(texts())
        start = draw(st.integers(0, len(excerpt)))
        line = draw(st.integers(1, 10**6))
        column = draw(st.integers(1, 10**6))
        return finding(
            draw(st.sampled_from(["TPL001", "ENC001", "DUP001", "ACME001"])),
            "some-rule",
            draw(st.sampled_from(["error", "warning"])),
            draw(paths),
            line,
            column,
            end_line=line + draw(st.integers(0, 2)),
            end_column=column + draw(st.integers(0, 9)),
            message=draw(texts()),
            document_id=draw(texts()),
            section_id=draw(texts()),
            fingerprint=f"{draw(st.integers(0, 9)):032x}",
            fix=draw(st.sampled_from(["safe", "unsafe", None])),
            field=draw(st.sampled_from(["", "text", "a\nb"])),
            excerpt=excerpt,
            excerpt_start=start,
            excerpt_end=draw(st.integers(start, len(excerpt))),
        )

    return report(
        [one() for _ in range(draw(st.integers(0, 3)))],
        [one() for _ in range(draw(st.integers(0, 1)))],
        [Known("1" * 32, "TPL001", draw(paths), draw(texts())) for _ in range(draw(st.integers(0, 1)))],
        draw(st.sampled_from([(), (Breach("errors", 0, 1),)])),
    )

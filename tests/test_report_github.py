import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from check_reports import few, finding, report, reports
from reportclean.report.github import SUMMARY_FINDINGS, github, github_summary, markdown
from reportclean.report.ranking import best
from reportclean.report.showing import escaped
from strategies import texts

MARKDOWN = MarkdownIt("commonmark").enable("table")


def parsed(line):
    """A workflow command as the runner reads it: properties split at signs, then unescaped."""
    head, _, data = line.removeprefix("::").partition("::")
    name, _, rest = head.partition(" ")
    values = dict(entry.split("=", 1) for entry in rest.split(","))
    return name, {key: unescaped(value) for key, value in values.items()}, unescaped(data)


def unescaped(text):
    for code, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def many(errors, warnings):
    found = [finding("TPL001", line=n) for n in range(1, errors + 1)]
    found += [finding("ENC028", severity="warning", line=n) for n in range(1, warnings + 1)]
    return found


def only(severity, findings):
    return [f for f in findings if f.severity == severity]


@few
@given(reports())
def test_every_line_is_one_command_that_reads_back(checked):
    *annotations, notice = github(checked)
    assert all(line.startswith(("::error file=", "::warning file=")) for line in annotations)
    chosen = [f for severity in ("error", "warning") for f in best(only(severity, checked.findings), 10)]
    for line, found in zip(annotations, chosen, strict=True):  # fewer than the caps
        name, properties, message = parsed(line)
        assert name == found.severity
        assert properties["file"] == escaped((found.path or found.document_id).removeprefix("./"))
        assert properties["line"] == str(found.line)
        assert ("col" in properties) == (found.line == found.end_line and not found.field)
        assert properties["title"] == f"{found.code} {found.name}"
        where = f" (field {escaped(found.field)}, column {found.column})" if found.field else ""
        assert message == escaped(found.message) + where
    assert parsed(notice)[:2] == ("notice", {"title": "reportclean"})


def test_ten_a_severity_and_the_true_totals():
    lines = list(github(report(many(24, 1300))))
    assert [line.split()[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    said = parsed(lines[-1])[2].split("\n")
    assert said[0] == "Found 1,324 findings (24 errors, 1,300 warnings) in 3 documents, 12 sections."
    assert said[1] == "Annotated: 10 of 24 errors, 10 of 1,300 warnings; a step takes no more."
    assert "Annotated" not in list(github(report(many(10, 10))))[-1]


def test_the_first_of_each_rule_before_the_second_of_any():
    common = [finding("TPL001", severity="warning", line=n) for n in range(1, 30)]
    some = [finding("ENC028", severity="warning", line=n) for n in range(1, 4)]
    rare = [finding("ENC006", severity="warning", line=77)]
    bad = [finding("DUP001", line=99)]
    found = best([*common, *some, *rare, *bad], 7)
    assert [(f.code, f.line) for f in found] == [
        ("DUP001", 99),
        ("ENC006", 77),
        ("ENC028", 1),
        ("TPL001", 1),
        ("ENC028", 2),
        ("TPL001", 2),
        ("ENC028", 3),
    ]
    assert len(best([*common, *bad], 100)) == 30
    assert best(common, 0) == []


def test_columns_are_given_on_one_line_of_a_file_alone():
    (one, two, three, _) = github(
        report(
            [
                finding(line=3, column=4, end_column=9),
                finding(line=3, end_line=5),
                finding(line=3, field="text", column=4),
            ]
        )
    )
    assert "line=3,col=4,endColumn=9," in one
    assert "line=3,endLine=5,title" in two
    assert "line=3,title" in three
    assert three.endswith("(field text, column 4)")


def test_no_text_of_a_document_is_read_as_a_command():
    hostile = "\n::add-mask::x\r\n##[error]x%0A::stop-commands::y"
    lines = list(github(report([finding(path=f"{hostile}.txt", message=hostile)])))
    assert [line[:9] for line in lines] == ["::error f", "::notice "]
    assert not any(re.search(r"[\r\n]", line) for line in lines)


@given(st.lists(st.tuples(texts(), texts()), min_size=1, max_size=4))
def test_cells_of_the_summary_show_the_text_as_it_stands(rows):
    found = [finding(path=f"a{path}", message=f"b{message}b") for path, message in rows]
    tokens = MARKDOWN.parse("\n".join(github_summary(report(found))))
    cells = ["".join(child.content for child in token.children) for token in tokens if token.type == "inline"]
    assert not any(token.type.startswith("html") for token in tokens)
    assert not any(child.type not in {"text", "text_special"} for t in tokens for child in t.children or [])
    wanted = [
        (f"{escaped(f.path)}:3:1", "TPL001", escaped(f.message)) for f in found if len(f.message) <= 500
    ]
    for row in wanted:
        assert all(cell in cells for cell in row), row


def test_the_summary_is_bounded():
    lines = list(github_summary(report(many(SUMMARY_FINDINGS, 900), breaches=())))
    assert sum(line.startswith("| pages") for line in lines) == SUMMARY_FINDINGS
    assert "and 900 more." in lines
    assert "| TPL001 | masked\\-year | error | 20 | 0 |" in lines
    long = finding(message="长" * 10**6)
    assert sum(map(len, github_summary(report([long] * 1000)))) < 20_000


def test_markdown_of_every_ascii_sign():
    signs = "".join(map(chr, range(33, 127)))
    assert MARKDOWN.render(markdown(signs)) == MARKDOWN.render(markdown("x")).replace(
        "x", signs.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )

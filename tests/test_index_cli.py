"""``reportclean index`` as a real process."""

import json

import pytest

from commands import reportclean

REPORT = "全年共检修线路一百二十公里，更换老旧电表三千余只，处理投诉四十件，走访用户两千户，组织培训十二次。"
OTHER = "读者服务部新办借书证八百张，接待到馆读者九万人次，举办讲座二十四场，更新馆藏目录三千余条。"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old/a.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "old/b.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "new.jsonl").write_text(
        "".join(
            json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n"
            for name, text in [
                ("near", REPORT.replace("十二次", "十三次")),
                ("new", "一份新的总结。"),
                ("empty", " "),
            ]
        ),
        encoding="utf-8",
    )
    return tmp_path


def answered(*arguments, cwd):
    done = reportclean("index", *arguments, "--output-format", "json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_added_is_found_and_what_was_removed_is_not(folder):
    added = answered("add", "it.duckdb", "old", cwd=folder)
    assert (added["documents"], added["added"], added["sections"], added["quarantined"]) == (2, 2, 2, 0)
    found = answered("query", "it.duckdb", "new.jsonl", cwd=folder)
    (match,) = found["matches"]
    assert (match["section_id"], match["match_id"], match["kind"], match["differs"]) == (
        "near#1",
        "a.txt#1",
        "near",
        "numbers",
    )
    assert (found["documents"], found["sections"], found["matched"]) == (3, 2, 1)
    assert [item["reason"] for item in found["quarantine"]] == ["empty"]
    assert answered("remove", "it.duckdb", "a.txt", cwd=folder)["sections"] == 1
    assert answered("query", "it.duckdb", "new.jsonl", cwd=folder)["matches"] == []
    assert answered("info", "it.duckdb", cwd=folder)["unused"] == 1
    assert answered("compact", "it.duckdb", cwd=folder)["dropped"] == 1
    assert "unused keys" not in reportclean("index", "info", "it.duckdb", cwd=folder).stdout


def test_a_query_says_what_it_found_and_what_it_could_not_read(folder):
    reportclean("index", "add", "it.duckdb", "old", cwd=folder)
    done = reportclean("index", "query", "it.duckdb", "new.jsonl", "--strict", cwd=folder)
    assert done.returncode == 1
    assert done.stdout == "near#1  a.txt#1  (near 0.905, numbers differ)\n"
    assert "1 of 2 sections are in the index" in done.stderr
    assert "quarantine new.jsonl:3" in done.stderr


def test_a_second_run_adds_what_the_first_did_not(folder):
    reportclean("index", "add", "it.duckdb", "old/a.txt", cwd=folder)
    done = reportclean("index", "add", "it.duckdb", "old", "--quiet", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "")
    again = answered("add", "it.duckdb", "old", cwd=folder)
    assert (again["added"], again["known"], again["sections"]) == (0, 2, 0)
    assert answered("info", "it.duckdb", cwd=folder)["documents"] == 2


def test_repeated_ids_are_told_apart(folder):
    lines = [json.dumps({"id": "x", "text": text}, ensure_ascii=False) for text in (REPORT, OTHER)]
    (folder / "twice.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for known in (0, 2):
        assert answered("add", "it.duckdb", "twice.jsonl", cwd=folder)["known"] == known
    found = answered("query", "it.duckdb", "old", cwd=folder)["matches"]
    assert [match["match_id"] for match in found] == ["x#1", "x@twice.jsonl:2#1"]


def test_the_same_documents_by_worker_processes(folder):
    text = "".join(json.dumps({"id": str(n), "text": f"第{n}份。{REPORT * 40}"}) + "\n" for n in range(800))
    (folder / "many.jsonl").write_text(text, encoding="utf-8")
    held = []
    for workers in ("1", "2"):
        name = f"{workers}.duckdb"
        answered("add", name, "many.jsonl", "--workers", workers, cwd=folder)
        held.append(answered("query", name, "many.jsonl", "--most", "2", cwd=folder)["matches"])
    assert held[0] == held[1]
    assert len(held[0]) >= 800


def test_texts_of_several_lines_are_split_as_dedupe_splits_them(folder):
    page = f"第一篇：工会总结\n{REPORT}\n第二篇：图书馆总结\n{OTHER}\n"
    (folder / "page.txt").write_text(page, encoding="utf-8")
    answered("add", "it.duckdb", "page.txt", cwd=folder)
    assert answered("info", "it.duckdb", cwd=folder)["sections"] == 2
    answered("add", "whole.duckdb", "page.txt", "--unit", "document", cwd=folder)
    assert answered("info", "whole.duckdb", cwd=folder)["sections"] == 1
    assert answered("query", "whole.duckdb", "page.txt", cwd=folder)["matches"][0]["kind"] == "exact"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["info", "none.duckdb"], "there is no index none.duckdb; reportclean index add makes one"),
        (["query", "none.duckdb", "old"], "there is no index none.duckdb"),
        (["add", "it.duckdb", "old", "--seed", "2"], "made with --seed 1, not 2"),
        (["query", "it.duckdb", "old", "--threshold", "0.5"], "use --threshold 0.8 or higher"),
        (["remove", "it.duckdb", "a.txt", "c.txt"], "no document and no section c.txt; nothing was removed"),
        (["info", "new.jsonl"], "new.jsonl is not an index"),
        (["add", "new.jsonl", "old"], "new.jsonl is not an index"),
        (["add", "old", "old"], "old is not an index"),
        (["add", "it.duckdb", "gone"], "gone"),
        (["add", "fresh.duckdb", "gone"], "gone"),
        (["add", "fresh.duckdb", "old", "--threshold", "2"], "threshold is 2.0"),
        (["add", "it.duckdb", "old", "--memory-limit", "much"], "--memory-limit is 'much'"),
        (["add", "nowhere/it.duckdb", "old"], "nowhere/it.duckdb cannot be opened"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(folder, arguments, said):
    reportclean("index", "add", "it.duckdb", "old", cwd=folder)
    done = reportclean("index", *arguments, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert answered("info", "it.duckdb", cwd=folder)["sections"] == 2
    assert not (folder / "fresh.duckdb").exists()

"""What docs/online-index.md says is so: its code is run, against a real server."""

import ast
import re
from pathlib import Path

import pytest

import reportclean as rc
from reportclean.near.bands import choose_bands

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/online-index.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def values_of(code, names):
    """Run a block; for each line that ends in a comment, the comment and what the line's expression gave."""
    found = []
    names["_said"] = lambda value: found.append(value) or value
    tree = ast.parse(code)
    comments = dict(re.findall(r"^( *\S[^\n]*?)  # (.+)$", code, re.MULTILINE))  # by the code before them
    told = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.Assign):
            line = code.splitlines()[node.lineno - 1].rpartition("  # ")[0]
            if line in comments and node.lineno == node.end_lineno:
                told.append((node.lineno, comments[line]))
                node.value = ast.Call(ast.Name("_said", ast.Load()), [node.value], [])
    exec(compile(ast.fix_missing_locations(tree), "docs/online-index.md", "exec"), names)  # noqa: S102
    return list(zip((comment for _, comment in sorted(told)), found, strict=True))


def test_the_code_of_the_page_gives_what_its_comments_say(redis_server):
    here = f"127.0.0.1:{redis_server.port}"
    names, told = {}, []
    for code in CODE:
        local = code.replace("localhost:6379", here).replace(
            '"host": "localhost", "port": 6379', f'"host": "127.0.0.1", "port": {redis_server.port}'
        )
        told += values_of(local, names)
    names["lsh"].keys._redis.connection_pool.disconnect()
    for table in names["lsh"].hashtables:
        table._redis.connection_pool.disconnect()
    assert len(told) == 7
    for comment, value in told:
        shown = comment.replace("localhost:6379", here)
        if shown.endswith(" ..."):
            assert str(value).startswith(shown.removesuffix(" ..."))
        else:
            assert repr(value) == shown


def test_the_bands_of_the_page_are_those_of_the_defaults():
    banding = choose_bands(rc.DedupeConfig())
    assert f"num_perm={banding.num_perm}" in PAGE
    assert f"params=({banding.bands}, {banding.rows})" in PAGE


def test_the_extra_of_the_page_is_one():
    (extra,) = set(re.findall(r"pip install 'reportclean\[(\w+)\]'", PAGE))
    assert f'\n{extra} = ["redis>=' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["IndexMismatchError", "StoreError", "SectionIndex", "DedupeConfig"])
def test_names_of_the_page_are_public(word):
    assert word in PAGE
    assert word in rc.__all__

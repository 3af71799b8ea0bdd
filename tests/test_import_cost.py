"""Heavy libraries load only when the work needs them; the timings are in benchmarks/startup.py."""

import subprocess
import sys

import pytest

HEAVY = {
    "charset_normalizer",
    "datasketch",
    "duckdb",
    "fsspec",
    "ftfy",
    "numba",
    "opencc",
    "pyarrow",
    "pydantic",
    "redis",
    "rich",
    "scipy",
}


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import reportclean", set()),
        ("import reportclean as rc; rc.fold('年'); rc.split('年'); rc.clean('一年来，工作顺利。')", set()),
        ("import reportclean as rc; rc.dedupe(['一年来，工作顺利。', '第二份。'])", set()),
        ("import reportclean.cli", set()),
        ("import reportclean.config.settings", set()),
        (
            "import reportclean as rc; rc.SectionIndex()",
            {"datasketch", "scipy", "charset_normalizer", "redis"},
        ),
    ],
)
def test_modules_loaded(code, allowed):
    script = f"import sys; {code}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert HEAVY & set(out.split()) <= allowed


def test_importing_the_package_loads_no_numpy():
    script = "import sys, reportclean; print('numpy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "False"

"""Imports that are spared: only inside, only where the process is ours, and nothing is broken behind it."""

import subprocess
import sys
import textwrap

import pytest


def told(code):
    """What a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("ours", [True, False])
def test_an_import_fails_inside_where_the_process_is_ours(ours):
    said = told(f"""
        from reportclean.engines.spared import is_ours, spared
        if {ours}:
            is_ours()
        with spared("tabnanny"):
            try:
                import tabnanny
                print("loaded")
            except ImportError:
                print("refused")
        import tabnanny
        print(tabnanny.__name__)
    """)
    assert said == (["refused", "tabnanny"] if ours else ["loaded", "tabnanny"])


def test_what_is_loaded_stays_loaded():
    said = told("""
        import tabnanny
        from reportclean.engines.spared import is_ours, spared
        is_ours()
        with spared("tabnanny"):
            import tabnanny
            print(tabnanny.__name__)
    """)
    assert said == ["tabnanny"]


def test_pandas_is_there_for_those_who_ask_for_it_later():
    pytest.importorskip("pandas")
    said = told("""
        import sys
        import pyarrow as pa
        from reportclean.engines.spared import is_ours, spared
        is_ours()
        with spared("pandas"):
            numbers = pa.array([1, 2])
        print("pandas" in sys.modules)
        print(*pa.table({"n": numbers}).to_pandas().n)
    """)
    assert said == ["False", "1", "2"]


def test_kernels_compute_without_scipy():
    pytest.importorskip("numba")
    said = told("""
        import sys
        from reportclean.engines import ready_kernels
        print("scipy.linalg" in sys.modules)
    """)
    assert said == ["False"]

"""Settings that every test runs under."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from redis_servers import running

# The same examples each time, so that nobody's change fails on what another left; the profile soak draws anew.
settings.register_profile(
    "suite", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", settings.get_profile("suite"), max_examples=2000, derandomize=False)
settings.load_profile("suite")


def pytest_addoption(parser):
    parser.addoption(
        "--refresh-golden", action="store_true", help="write tests/golden anew and compare nothing"
    )


@pytest.fixture
def golden(request):
    """A function that holds a text against a file of tests/golden, or writes the file where that is asked."""

    def compare(name, text):
        file = Path(__file__).parent / "golden" / name
        if request.config.getoption("--refresh-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        assert file.exists(), f"there is no {file}; pytest --refresh-golden writes it"
        assert text == file.read_bytes().decode()

    return compare


@pytest.fixture(scope="session")
def shared():
    """The folder of real pages and labelled cases beside the repository, where there is one."""
    folder = Path(__file__).resolve().parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"the real pages are not part of the repository, and there is no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def redis_server():
    """A Redis server for tests that leave it running; each uses an index of its own name."""
    with running() as server:
        yield server


@pytest.fixture
def redis_server_of_its_own():
    """One that may be killed; what it was told it has written to disk before it answers."""
    with running("--appendonly", "yes", "--appendfsync", "always") as server:
        yield server

"""Golden files: what every text gives, kept to be read; `--update-golden` writes them anew."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", default=False, help="write the golden files of letters")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name, or write it when asked to."""
    update = bool(request.config.getoption("update_golden", default=False))

    def compare(name: str, found: str) -> None:
        file = GOLDEN / name
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(found, encoding="utf-8", newline="\n")
        assert file.is_file(), f"{name} is not there: run with --update-golden, then read it"
        assert found == file.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def moment() -> datetime:
    """When the letters of the tests are frozen."""
    return datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

"""What every test of intake asks for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recouvrement.domain.records import FileReading
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read

Reader = Callable[..., FileReading]


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return Mappings.shipped()


@pytest.fixture(scope="session")
def reading(mappings: Mappings) -> Reader:
    """Reads bytes or a path with the shipped mappings."""

    def run(name: str, data: bytes | Path, limits: Limits | None = None) -> FileReading:
        return read(name, data, mappings, limits=limits)

    return run

"""What may stand in the repository: no secrets, no address of a package index, no path of one machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".pdf", ".png", ".ttf", ".zip", ".parquet", ".xlsx", ".ods", ".ico", ".p7m", ".gz", ".jpg"}
SECRETS = re.compile(
    r"-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY|\bgh[pousr]_\w{30,}|\bAKIA[0-9A-Z]{16}\b|\bxox[abp]-\w{10,}|\bglpat-[\w-]{20,}"
)
INDEXES = re.compile(
    r"--(?:extra-)?index-url[ =]\S|--find-links[ =]\S|https?://[^\s/@]+:[^\s/@]+@|https?://\S+/simple\b|https?://\S+\.whl\b"
)
PATHS = re.compile(r"(?<![\w.:/])/(?:root|home|work)/[\w.+-]+")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in found if path.is_file() and path.suffix not in BINARY]


def lines_that_match(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{n}"
        for path in files
        for n, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_secret_stands_in_a_tracked_file() -> None:
    assert lines_that_match(SECRETS, [p for p in tracked() if p != Path(__file__)]) == []


def test_no_address_of_a_package_index_stands_in_a_tracked_file() -> None:
    assert lines_that_match(INDEXES, [p for p in tracked() if p != Path(__file__)]) == []


def test_no_path_of_one_machine_stands_outside_the_tests() -> None:
    assert lines_that_match(PATHS, [p for p in tracked() if "tests" not in p.relative_to(ROOT).parts]) == []


# where the tool points and the code is right, with the reason
RIGHT = {
    "migrations/versions/0001_the_shape_of_the_ledger.py": "one migration makes every table; it is a list, not a room",
    "tests/architecture/test_tracked_files.py": "it names what must not stand",
    "tests/domain/test_law_commands.py": "its helpers assert",
    "tests/intake/samples.py": "samples of files, one after the other",
    "tests/letters/test_texts.py": "the golden fixture asserts",
}


def test_the_house_check_finds_nothing_that_is_not_explained(shared: Path) -> None:
    tool = shared / "tools" / "house-check"
    if not tool.is_file():
        pytest.skip("the house check is not beside this checkout")
    found = subprocess.run([sys.executable, str(tool), str(ROOT)], capture_output=True, text=True, check=False)

    lines = [line for line in found.stdout.splitlines() if not line.startswith("nothing to trip over")]
    assert [line for line in lines if line.partition(":")[0] not in RIGHT] == []

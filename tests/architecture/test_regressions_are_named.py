"""Each failure that users of other systems reported is a test with its name."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_every_reported_failure_has_a_test_of_its_name(shared: Path) -> None:
    rows = (shared / "reference" / "regressions.md").read_text(encoding="utf-8").splitlines()
    names = [name.strip() for row in rows if row.startswith("| ") for name in row.split("|")[1].split(";")]
    wanted = {name for name in names if re.fullmatch(r"[a-z]+(_[a-z]+)+", name)}
    written = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"def test_(\w+)\(", path.read_text(encoding="utf-8"))
    }

    assert len(wanted) > 30
    assert wanted - written == set()

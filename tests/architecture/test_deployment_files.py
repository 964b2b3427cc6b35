"""The compose file and the unit files load, hold no secret, bind to this machine, and name what exists."""

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "deployment"
UNITS = sorted(FOLDER.glob("*.service")) + sorted(FOLDER.glob("*.timer"))
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def test_two_workers_share_one_server_and_two_databases() -> None:
    services = COMPOSE["services"]

    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"], "only this machine"
    assert services["worker"]["environment"]["RECOUVREMENT_WORKERS"] == "2"
    assert "CREATE DATABASE prefect" in (FOLDER / "two-databases.sql").read_text(encoding="utf-8")


def test_no_secret_stands_in_them() -> None:
    for service in COMPOSE["services"].values():
        assert not [name for name in service.get("environment", {}) if "PASSWORD" in name or "AUTH" in name]
    for unit in UNITS:
        for line in unit.read_text(encoding="utf-8").splitlines():
            assert not (line.startswith("Environment=") and ("PASSWORD" in line or "AUTH" in line))


def test_what_the_image_installs_exists() -> None:
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]

    assert "-e '.[dask]'" in (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert "dask" in extras


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_a_unit_file_is_one(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(unit.read_text(encoding="utf-8"))

    assert "Unit" in read
    assert ("Service" in read) == (unit.suffix == ".service")


def test_systemd_itself_finds_the_timer_right() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze on this machine")
    hours = [
        line.partition("=")[2]
        for line in (FOLDER / "recouvrement-doctor.timer").read_text(encoding="utf-8").splitlines()
        if line.startswith("OnCalendar=")
    ]
    for hour in hours:
        done = subprocess.run(["systemd-analyze", "calendar", hour], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr

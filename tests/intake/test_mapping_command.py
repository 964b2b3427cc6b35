"""`recouvrement mapping guess FILE` as a person types it."""

import json
import tomllib
from pathlib import Path

import typer
from typer.testing import CliRunner

from recouvrement.cli.intake import register
from tests.intake import samples


def test_the_command_prints_toml_or_json(tmp_path: Path) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    path = tmp_path / "x.csv"
    path.write_bytes(samples.INVOICES)
    shown = CliRunner().invoke(app, ["mapping", "guess", str(path)])
    assert (shown.exit_code, tomllib.loads(shown.stdout)["target"]) == (0, "invoices")
    shown = CliRunner().invoke(app, ["mapping", "guess", str(path), "--json"])
    assert json.loads(shown.stdout)["columns"]["number"] == "invoice_number"
    path.write_text("nothing here")
    assert CliRunner().invoke(app, ["mapping", "guess", str(path)]).exit_code == 1

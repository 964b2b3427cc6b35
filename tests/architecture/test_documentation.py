"""The pages that list commands and settings are complete, and name nothing that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from recouvrement.cli import app
from recouvrement.settings import Settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMON = {"--json", "--on", "--operator", "--data", "--help"}


def commands(command: Any, name: str = "recouvrement") -> Iterator[tuple[str, Any]]:
    """Every command that can be typed, with its full name."""
    inner: dict[str, Any] = getattr(command, "commands", {})
    for word, one in inner.items():
        yield from commands(one, f"{name} {word}")
    if not inner:
        yield name, command


ALL = dict(commands(typer.main.get_command(app)))


def sections(page: str) -> dict[str, str]:
    """Texts under the headings that name a command."""
    parts = re.split(r"^### `(recouvrement [^`]+)`$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {_name(head): f"{head}\n{text}" for head, text in zip(parts[1::2], parts[2::2], strict=True)}


def _name(head: str) -> str:
    return re.match(r"recouvrement(?: [a-z-]+)+", head)[0]  # type: ignore[index]


def test_every_command_is_documented_and_no_other() -> None:
    assert set(sections("commands.md")) == {name for name, command in ALL.items() if not command.hidden}


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_option_is_documented(name: str) -> None:
    text = sections("commands.md")[name]
    options = [p for p in ALL[name].params if p.param_type_name == "option" and not getattr(p, "hidden", False)]
    missing = [
        p.opts[-1]
        for p in options
        if p.opts[-1] not in COMMON and not any(o in text for o in (*p.opts, *p.secondary_opts))
    ]

    assert missing == []
    assert ALL[name].help


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(
        re.findall(
            r"^\| `(RECOUVREMENT_\w+)` \| (.+?) \| ",
            (DOCS / "settings.md").read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
    )
    fields = {f"RECOUVREMENT_{name.upper()}": field.default for name, field in Settings.model_fields.items()}

    assert set(rows) == set(fields)
    for name, default in fields.items():
        if isinstance(default, bool):
            assert rows[name] == f"`{str(default).lower()}`"
        elif isinstance(default, int) or (isinstance(default, str) and default):
            assert rows[name] == f"`{default}`"


def test_no_page_names_a_command_that_does_not_exist() -> None:
    """`recouvrement word` in any page is one of the commands or groups."""
    words = {name.split(" ")[1] for name in ALL}
    for page in DOCS.glob("*.md"):
        named = set(re.findall(r"`recouvrement ([a-z][a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= words, page.name

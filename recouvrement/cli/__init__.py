"""The console script: every command prints for a person, or one JSON object a line with --json; exit 0, 1 or 2.

0: done. 1: done, and something was refused, set aside or wrong. 2: the command cannot run here (usage, no ledger). A part
is imported when one of its commands is called: the whole would take a second before the first word.
"""

import importlib
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from recouvrement.cli.names import PARTS
from recouvrement.cli.printing import Refused

PART_OF = {name: part for panel in PARTS.values() for name, (part, _) in panel.items()}


class Loaded(MutableMapping[str, Any]):
    """The commands by name, each imported with its part when it is looked up."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            part = typer.Typer()
            importlib.import_module(f"recouvrement.cli.{PART_OF[name]}").register(part)
            self._found |= typer.main.get_group(part).commands
        return self._found[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PART_OF)

    def __len__(self) -> int:
        return len(PART_OF)


class ByName(TyperGroup):
    """The commands of the house; its help is told from their names alone."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Loaded()

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show each command with its sentence, under what it is about."""
        told: dict[str, Any] = {
            name: TyperCommand(name, callback=None, help=sentence, rich_help_panel=panel)
            for panel, names in PARTS.items()
            for name, (_, sentence) in names.items()
        }
        TyperGroup(name=self.name, commands=told, help=self.help, params=self.params).format_help(ctx, formatter)


app = typer.Typer(
    name="recouvrement",
    cls=ByName,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Debt recovery for firms that are owed money in France.",
)


@app.callback()
def recouvrement() -> None:
    """Debt recovery for firms that are owed money in France."""


def main() -> None:
    """Run the command line; refusals become a line on the error output and an exit code."""
    try:
        app()
    except Refused as error:
        refused = error
    except Exception as error:
        from recouvrement.cli.failing import refusal_of  # what it names is imported by whatever failed

        found = refusal_of(error)
        if found is None:
            raise
        refused = found
    else:
        return
    print(f"recouvrement: {refused}", file=sys.stderr)
    sys.exit(refused.code)

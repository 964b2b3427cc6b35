"""The console script: every command prints for a person, or one JSON object a line with --json; exit 0, 1 or 2.

0: done. 1: done, and something was refused, set aside or wrong. 2: the command cannot run here (usage, no ledger).
"""

import sys

import typer

from recouvrement.cli import (
    acts,
    acts_agreed,
    acts_debtors,
    acts_house,
    cases,
    control,
    doctor,
    evidence,
    files,
    intake,
    law,
    listening,
    persons,
    policy,
    preview,
    reporting,
    review,
    running,
    showing,
    trying,
)
from recouvrement.cli.printing import Refused
from recouvrement.day.house import NoLedger
from recouvrement.policy.ladder import PolicyRefused

app = typer.Typer(
    name="recouvrement",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Debt recovery for firms that are owed money in France.",
)
for part in (
    files,
    running,
    showing,
    acts,
    law,
    policy,
    intake,
    review,
    doctor,
    listening,
    evidence,
    reporting,
    trying,
    control,
    cases,
    persons,
    acts_agreed,
    acts_debtors,
    acts_house,
    preview,
):
    part.register(app)


def main() -> None:
    """Run the command line; refusals become a line on the error output and an exit code."""
    try:
        app()
    except (NoLedger, PolicyRefused) as error:
        print(f"recouvrement: {error}", file=sys.stderr)
        sys.exit(2)
    except Refused as error:
        print(f"recouvrement: {error}", file=sys.stderr)
        sys.exit(error.code)

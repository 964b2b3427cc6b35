"""Commands about evidence: check the whole ledger, make the day's anchor sheet and have it witnessed."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.evidence import verify_evidence
from recouvrement.day.house import open_house
from recouvrement.day.refusals import meaning
from recouvrement.day.witnessing import witness_day
from recouvrement.settings import Settings

evidence = typer.Typer(no_args_is_help=True, help="The evidence of the whole ledger.")


def register(app: typer.Typer) -> None:
    """Add `evidence verify` and `evidence anchor`."""
    app.add_typer(evidence, name="evidence")


@evidence.command()
def verify(
    witness: Annotated[Path | None, typer.Option(help="An anchor sheet kept by a third party.")] = None,
    as_json: Json = False,
) -> None:
    """Check every chain, every anchor sheet and every stored byte; exit 1 when anything is wrong."""
    if witness is not None and not witness.is_file():
        raise Refused(f"no such file: {witness}", 2)
    found = verify_evidence(open_house(Settings()), witness=witness.read_bytes() if witness else None)
    told = found.as_json()
    counts = ("chains", "lines", "sheets", "tokens", "tokens_checked", "contents", "erased", "anchored_until")
    lines = ["evidence intact" if found.ok else "evidence NOT intact", *(f"  {name}: {told[name]}" for name in counts)]
    lines += [f"  FAULT {fault}" for fault in found.faults[:50]]
    lines += [f"  This check cannot promise {text}." for text in found.cannot_promise]
    answer(told, as_json=as_json, lines=lines)
    if not found.ok:
        raise typer.Exit(1)


@evidence.command()
def anchor(on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Make the anchor sheet of a day, once, with its time-stamp and the mail to the witness where they are set."""
    today = day_or_today(on)
    house = opened(on, operator)
    made = anchor_day(house, on=today, actor=operator)
    if made.refused:
        raise Refused(f"{made.refused}: {meaning(made.refused)}")
    outside = witness_day(house, on=today, actor=operator)
    told = {
        "on": made.on, "chains": made.chains, "sha256": made.sha256, "made": made.made, "token": outside.token, "mail": outside.mail,
    }  # fmt: skip
    answer(told, as_json=as_json, lines=[f"{key}: {value}" for key, value in told.items()])

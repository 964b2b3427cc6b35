"""Options that many commands share, with their words."""

from enum import StrEnum
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
On = Annotated[str | None, typer.Option("--on", help="The day, as 2026-11-20; today when absent.")]
Operator = Annotated[str, typer.Option(help="Operator code.")]
Note = Annotated[str, typer.Option(help="The id that `recouvrement note` gave.")]
Currency = Annotated[str, typer.Option(help="The currency of the amount.")]


class Language(StrEnum):
    """The language of a page."""

    FR = "fr"
    EN = "en"

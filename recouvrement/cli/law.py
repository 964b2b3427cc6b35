"""Commands about law: penalties of one invoice, rates, and the wording of templates."""

import typer

from recouvrement.cli.law_penalty import penalty
from recouvrement.cli.law_rates import rates
from recouvrement.cli.law_templates import lint_templates


def register(app: typer.Typer) -> None:
    """Add `penalty`, `rates check`, `rates add` and `lint-templates` to an application."""
    app.command("penalty")(penalty)
    app.add_typer(rates, name="rates")
    app.command("lint-templates")(lint_templates)

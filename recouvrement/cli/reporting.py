"""Commands that report: report, limit."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, Language, On
from recouvrement.cli.printing import amount_of, answer, day_or_today
from recouvrement.day.house import open_house
from recouvrement.day.limits import grant_limit
from recouvrement.day.weekly import write_report
from recouvrement.domain.money import plain
from recouvrement.settings import Settings


class LimitKind(StrEnum):
    """What a limit is: credit that the firm grants, or the amount that an insurer covers."""

    CREDIT = "credit"
    INSURED = "insured"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(report)
    app.command()(limit)


def report(
    on: On = None,
    lang: Annotated[Language, typer.Option(help="The language of the page.")] = Language.FR,
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Write the report of a day as one HTML page: balances over time, forecast, ladder, cases, data quality."""
    house = open_house(Settings())
    path, figures = write_report(house, on=day_or_today(on), language=lang.value, out=out)
    found = {
        "file": str(path), "on": figures.on.isoformat(), "currency": figures.currency, "open": plain(figures.open_cents),
        "overdue": plain(figures.overdue_cents), "disputed": plain(figures.disputed[1]), "promised": plain(figures.promised[1]),
        "expected_30_days": plain(sum(figures.forecast.soon.values())), "limits_passed": len(figures.limits),
    }  # fmt: skip
    answer(found, as_json=as_json, lines=[f"{key}: {value}" for key, value in found.items()])


def limit(
    debtor: Annotated[str, typer.Argument(help="A debtor code.")],
    amount: Annotated[str, typer.Argument(help="Like 15000.00; 0 takes the limit away.")],
    kind: Annotated[LimitKind, typer.Option(help="Credit granted, or the amount insured.")] = LimitKind.CREDIT,
    on: On = None,
    operator: Annotated[str, typer.Option(help="Operator code.")] = "owner",
    as_json: Json = False,
) -> None:
    """Record the credit granted to a debtor, or the amount insured; the report shows which are passed."""
    today, limit_cents = day_or_today(on), amount_of(amount) or 0
    done = grant_limit(opened(on, operator), debtor, kind=kind.value, cents=limit_cents, on=today, operator=operator)
    told(done, as_json=as_json)

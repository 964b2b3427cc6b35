"""Commands for receipts: review, match-payment, unmatch-payment, not-a-customer."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.day import reviewing
from recouvrement.day.house import open_house
from recouvrement.domain.money import cents, printed
from recouvrement.matching.grounds import grounds
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(review)
    app.command(name="match-payment")(match_payment)
    app.command(name="unmatch-payment")(unmatch_payment)
    app.command(name="not-a-customer")(not_a_customer)


def review(on: On = None, as_json: Json = False) -> None:
    """List the receipts that wait for a person, with what matching proposes."""
    rows = reviewing.waiting_lines(open_house(Settings()), on=day_or_today(on))
    answer(rows, as_json=as_json, lines=list(_lines(rows)) or ["No receipt waits."])


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Each receipt with its ranked proposals: what each invoice gets, what would be let go or left over, and why."""
    for row in rows:
        currency = row["currency"]
        yield f"{row['line']}  {row['on']}  {printed(row['cents'], currency)}  {row['label'][:50]}"
        for rank, p in enumerate(row["proposals"], 1):
            parts = [f"{number} {printed(cents_, currency)}" for number, cents_ in p["invoices"]]
            parts += [
                f"{number} {printed(cents_, currency)} let go as {why}" for number, cents_, why in p["written_off"]
            ]
            parts += [f"{printed(p['credit'], currency)} kept as credit"] if p["credit"] else []
            yield f"    {rank}. {', '.join(parts)}  (score {p['score']}: {grounds(p['reasons'], 'en')})"


def _parts(words: list[str]) -> list[tuple[str, int]]:
    try:
        return [(number, cents(amount)) for number, _, amount in (word.rpartition("=") for word in words)]
    except (ValueError, ArithmeticError):
        raise Refused("write each invoice as NUMBER=AMOUNT, like FA-12=1250.00", 2) from None


def match_payment(
    line: str,
    invoices: Annotated[list[str] | None, typer.Argument(help="NUMBER=AMOUNT, one or several.")] = None,
    proposal: Annotated[int | None, typer.Option(help="Take the proposal of this rank.")] = None,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Apply a receipt to invoices, by a proposal or by hand; the payer is remembered."""
    today, house = day_or_today(on), opened(on, operator)
    if proposal is not None:
        done = reviewing.confirm_proposal(house, line, proposal, on=today, operator=operator)
    else:
        done = reviewing.match_payment(house, line, _parts(invoices or []), on=today, operator=operator)
    told(done, as_json=as_json)


def unmatch_payment(line: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Undo what a receipt was applied to."""
    today, house = day_or_today(on), opened(on, operator)
    told(reviewing.unmatch_payment(house, line, on=today, operator=operator), as_json=as_json)


def not_a_customer(line: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Say that a receipt is no customer's payment."""
    today, house = day_or_today(on), opened(on, operator)
    told(reviewing.not_a_customer(house, line, on=today, operator=operator), as_json=as_json)

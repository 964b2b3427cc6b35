"""Commands of the accountant: control, explain-difference, write-off, undo-write-off, export."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, amount_of, answer, day, day_or_today
from recouvrement.day.control import ControlSheet
from recouvrement.day.control import control as checked
from recouvrement.day.control_acts import explain_difference as explain
from recouvrement.day.exporting import Export
from recouvrement.day.exporting import export as exported
from recouvrement.day.house import open_house
from recouvrement.day.write_offs import undo_write_off as undo
from recouvrement.day.write_offs import write_off as let_go
from recouvrement.domain.money import plain
from recouvrement.settings import Settings

CODE = re.compile(r"[a-z][a-z0-9_]{0,40}")
ReasonCode = Annotated[str, typer.Option("--reason", help="A reason code: lowercase letters, digits and _.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(control)
    app.command(name="explain-difference")(explain_difference)
    app.command(name="write-off")(write_off)
    app.command(name="undo-write-off")(undo_write_off)
    app.command()(export)


def control(on: On = None, as_json: Json = False) -> None:
    """Check that everything adds up: bank balances, receipts, the accounts; exit code 1 when something does not."""
    sheet = checked(open_house(Settings()), on=day_or_today(on))
    answer(sheet.as_json(), as_json=as_json, lines=_lines(sheet))
    if not sheet.adds_up:
        raise typer.Exit(1)


def _lines(sheet: ControlSheet) -> Iterator[str]:
    yield from _bank_lines(sheet)
    for r in sheet.receipts:
        yield (
            f"receipts {r.currency}: {plain(r.received_cents)} = allocated {plain(r.allocated_cents)} + credit "
            f"{plain(r.credit_cents)} + in doubt {plain(r.doubt_cents)} + returned {plain(r.returned_cents)} + no customer "
            f"{plain(r.no_customer_cents)}" + (f", LEFT {plain(r.left_cents)}" if r.left_cents else "")
        )
    if sheet.accounts_on:
        yield f"customers compared with the accounts of {sheet.accounts_on}: {sheet.compared}"
    else:
        yield "customers not compared with account 411: no FEC and no trial balance was taken in"
    for d in sheet.differences:
        b = d.balance
        state = (
            f"explained: {b.explained}" if b.explained else "ABOVE THE LIMIT" if d.above_limit else "within the limit"
        )
        yield f"  {b.code}: accounts {plain(b.accounts_cents)}, ledger {plain(b.ledger_cents)}, {state}"
        yield from (f"    {n}: accounts {plain(a)}, ledger {plain(c)}" for n, a, c in d.invoices)
    yield "Everything adds up." if sheet.adds_up else f"To explain: {', '.join(sheet.faults)}"


def _bank_lines(sheet: ControlSheet) -> Iterator[str]:
    for f in sheet.feeds:
        head = f"bank {f.number}: read up to {f.fresh_to}"
        if f.opening_cents is None or f.closing_cents is None:
            yield f"{head}, no balance stated"
            continue
        yield (
            f"{head}, opening {plain(f.opening_cents)} + movements {plain(f.movement_cents)} = "
            f"{plain(f.opening_cents + f.movement_cents)}, the bank says {plain(f.closing_cents)} on {f.closing_on}"
        )
        for fault in f.faults:
            what = "statement missing" if fault.gap else "lines differ"
            state = f"explained: {fault.explained}" if fault.explained else "to explain"
            yield f"  {what} after {fault.after_on} up to {fault.to_on}: {plain(fault.cents)} ({state})"


def explain_difference(
    subject: Annotated[str, typer.Argument(help="A customer's code, or the number of a bank account.")],
    reason: ReasonCode,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Explain what `control` shows of a customer or a bank account; good for that difference only."""
    today = day_or_today(on)
    done = explain(opened(on, operator), subject, reason=_code(reason), on=today, operator=operator)
    told(done, as_json=as_json)


def write_off(
    invoice: Annotated[str, typer.Argument(help="The invoice number.")],
    reason: ReasonCode,
    amount: Annotated[str | None, typer.Option(help="How much; all that is left when absent.")] = None,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Let a sum of an invoice go, with a reason of the policy; above the policy's limit the role `write_off` is needed."""
    today, house = day_or_today(on), opened(on, operator)
    done = let_go(house, invoice, cents=amount_of(amount), reason=_code(reason), on=today, operator=operator)
    told(done, as_json=as_json)


def undo_write_off(
    write_off_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `write-off` printed.")],
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Take a write-off back: the balance and the penalties are as if it had never been."""
    today, house = day_or_today(on), opened(on, operator)
    told(undo(house, write_off_id, on=today, operator=operator), as_json=as_json)


def export(
    what: Annotated[Export, typer.Argument(help="What to export.")],
    first: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")],
    last: Annotated[str, typer.Option("--to", help="Last day.")],
    out: Annotated[Path | None, typer.Option(help="The file to write; the output when absent.", dir_okay=False)] = None,
) -> None:
    """Write allocations or write-offs of a period as CSV (`;`, decimal comma, UTF-8)."""
    from_on, to_on = day(first), day(last)
    assert from_on is not None
    assert to_on is not None
    if to_on < from_on:
        raise Refused("the last day is before the first", 2)
    data = exported(open_house(Settings()), what, from_on, to_on)
    if out is None:
        typer.echo(data.decode("utf-8-sig"), nl=False)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Refused(f"{out}: {error.strerror}", 2) from error
    rows = data.count(b"\r\n") - 1
    typer.echo(f"{out.name}: {rows} rows")


def _code(reason: str) -> str:
    if not CODE.fullmatch(reason):
        raise Refused(f"{reason!r} is not a reason code: lowercase letters, digits and _", 2)
    return reason

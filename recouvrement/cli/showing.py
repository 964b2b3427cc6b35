"""Commands that show: status, why, dossier, verify."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.day.cases import seal_dossier
from recouvrement.day.house import House, open_house
from recouvrement.day.showing import balances, explain
from recouvrement.domain.lateness import buckets
from recouvrement.domain.money import printed
from recouvrement.dossier.verify import verify_zip
from recouvrement.ledger.cases import cases_of
from recouvrement.ledger.erasure import is_erased
from recouvrement.ledger.facts import find_debtor
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(status)
    app.command()(why)
    app.command()(dossier)
    app.command()(verify)


def status(on: On = None, as_json: Json = False) -> None:
    """Balances by debtor and lateness bucket, as of a day, known now."""
    today = day_or_today(on)
    house = open_house(Settings())
    rows = balances(house, on=today)
    names = buckets(house.policy.edges)
    lines = [
        f"{r['debtor']:<12} {r['name'][:28]:<28} {printed(r['total_cents'], r['currency']):>16}  "
        + "  ".join(f"{n} {printed(r['buckets'].get(n, 0), r['currency'])}" for n in names if r["buckets"].get(n))
        for r in rows
    ]
    totals: dict[str, int] = {}
    for r in rows:
        totals[r["currency"]] = totals.get(r["currency"], 0) + r["total_cents"]
    lines += [f"{'total':<41} {printed(cents, currency):>16}" for currency, cents in sorted(totals.items())]
    answer(rows, as_json=as_json, lines=lines or ["Nothing is open."])


def why(
    invoice: Annotated[str, typer.Argument(help="An invoice number.")], on: On = None, as_json: Json = False
) -> None:
    """Why an invoice is, or is not, chased on a day."""
    today = day_or_today(on)
    found = explain(open_house(Settings()), invoice, on=today)
    if not found:
        raise Refused(f"no invoice {invoice} in this ledger")
    answer(found, as_json=as_json, lines=[line for one in found for line in one["lines"]])


def _case_of(house: House, debtor: str) -> str:
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), debtor)
        found = cases_of(connection, debtor_id) if debtor_id else []
        gone = debtor_id is not None and is_erased(connection, debtor_id)
    if debtor_id is None:
        raise Refused(f"no debtor {debtor} in this ledger")
    if gone:
        raise Refused("nothing was made (person_erased): what the dossier would show was erased; earlier versions stay")
    if not found:
        raise Refused(f"{debtor} has no case: a case is proposed when a formal notice has expired")
    return str(found[-1].id)


def dossier(
    debtor: Annotated[str, typer.Argument(help="A debtor code.")],
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Make the next version of the dossier of a debtor's case."""
    today = day_or_today(on)
    house = opened(on, operator)
    made = seal_dossier(house, _case_of(house, debtor), on=today, actor=operator)
    found = {
        "case": made.case_code,
        "version": made.version,
        "file": made.path,
        "manifest_sha256": made.manifest_sha256,
    }
    answer(found, as_json=as_json, lines=[f"{made.path}", f"manifest {made.manifest_sha256}"])


def verify(
    file: Path,
    witness: Annotated[Path | None, typer.Option(help="An anchor sheet kept by a third party.")] = None,
    authority: Annotated[Path | None, typer.Option(help="PEM file of the time-stamping authority.")] = None,
    as_json: Json = False,
) -> None:
    """Check a dossier with nothing but itself."""
    if not file.is_file():
        raise Refused(f"no such file: {file}", 2)
    found = verify_zip(file, witness=witness.read_bytes() if witness else None, authority=authority)
    told = {
        "file": file.name,
        "ok": found.ok,
        "reasons": list(found.reasons),
        "manifest_sha256": found.manifest_sha256,
        "journal_lines": found.journal_lines,
        "anchored_until": found.anchored_until,
        "guaranteed_until": found.guaranteed_until,
        "proof": found.proof,
        "cannot_promise": list(found.cannot_promise),
    }
    verdict = "intact" if found.ok else "NOT intact"
    lines = [f"{file.name}: {verdict}", f"manifest {found.manifest_sha256}", *found.reasons, *found.cannot_promise]
    answer(told, as_json=as_json, lines=lines)
    if not found.ok:
        raise typer.Exit(1)

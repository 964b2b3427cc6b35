"""The claim of a case at the end of a day: each item as a row that can be added again, and the sums apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.claims import claim_ledger
from recouvrement.day.house import House
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.dossier.claims import item_row
from recouvrement.dossier.types import Amounts, CreditRow, ItemRow, PaymentRow
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.cases import case_items
from recouvrement.ledger.facts import open_facts
from recouvrement.ledger.item_details import applied_to, item_details
from recouvrement.ledger.waivers import waivers_of


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """The items of a case: rows of the ledger by id, what was applied to each, rows of the statement, and the sums."""

    details: dict[str, Any]
    applied: dict[str, list[Any]]
    items: tuple[ItemRow, ...]
    amounts: Amounts


def claim_of_case(house: House, connection: Connection, case: Any, kind: DebtorKind, as_of: AsOf) -> CaseClaim:
    """The claim balance of a case's items at the end of a day; interest stops at the opening of an insolvency."""
    ids = [row.open_item_id for row in case_items(connection, case.id)]
    details, applied = item_details(connection, ids, as_of), applied_to(connection, ids, as_of)
    waived = waivers_of(connection, ids, as_of)
    opened = [
        f.judgment_on for f in open_facts(connection, "insolvency", case.debtor_id, as_of) if f.judgment_on <= as_of.on
    ]
    insolvency = min(opened, default=None)
    items = tuple(_item_row(house, details[i], applied[i], kind, as_of.on, waived.get(i, ()), insolvency) for i in ids)
    return CaseClaim(details, applied, items, _amounts(items, details[ids[0]].currency))


def _item_row(
    house: House,
    detail: Any,
    applied: list[Any],
    kind: DebtorKind,
    on: date,
    waived: Sequence[Any] = (),
    insolvency: date | None = None,
) -> ItemRow:
    number = detail.number if detail.rank == 1 else f"{detail.number}/{detail.rank}"
    provisional, law = house.settings.provisional_rates, house.law.penalties
    found = claim_ledger(
        detail, applied, kind, law, until=on, provisional=provisional, waived=waived, insolvency=insolvency
    )
    if not isinstance(found, PenaltyLedger):
        return _without_penalties(detail, number, applied, str(getattr(found, "message", found)))
    return item_row(found, invoice=number, issued_on=detail.issue_on, delivered_on=detail.delivery_on)


def _without_penalties(detail: Any, number: str, applied: list[Any], note: str) -> ItemRow:
    """The item with its principal alone, when a figure of law is missing or refused: said, never guessed."""
    payments = tuple(
        PaymentRow(a.value_on, a.amount_cents, a.amount_cents, reference=a.id) for a in applied if a.kind == "payment"
    )
    credit = tuple(CreditRow(a.value_on, a.amount_cents, a.id) for a in applied if a.kind != "payment")
    left = detail.amount_cents - sum(p.cents for p in payments) - sum(c.cents for c in credit)
    return ItemRow(
        number,
        detail.issue_on,
        detail.due_on,
        detail.amount_cents,
        left,
        delivered_on=detail.delivery_on,
        payments=payments,
        credits=credit,
        note=note,
    )


def _amounts(items: Sequence[ItemRow], currency: str) -> Amounts:
    return Amounts(
        sum(i.principal for i in items),
        sum(i.penalties for i in items),
        sum(i.indemnity for i in items),
        interest=sum(i.interest for i in items),
        payments=sum(p.cents for i in items for p in i.payments),
        currency=currency,
    )

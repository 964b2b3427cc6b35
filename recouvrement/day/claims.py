"""The claim balance of items: what the law adds to the open principal, from what was applied to each."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from recouvrement.domain.claim import INTEREST_FIRST, Claim, CreditNote, Part, Payment, PenaltyTerms
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.domain.rates import MissingRate
from recouvrement.domain.refusals import Refused
from recouvrement.ledger.waivers import without_waived

Computed = PenaltyLedger | MissingRate | Refused


def claim_ledger(
    item: Any,
    applied: Iterable[Any],
    kind: DebtorKind,
    law: PenaltyLaw,
    *,
    until: date,
    provisional: bool,
    insolvency: date | None = None,
    order: tuple[Part, ...] = INTEREST_FIRST,
    waived: Sequence[Any] = (),
) -> Computed:
    """The penalty ledger of one item at the end of a day; rows are those of `item_details` and `applied_to`.

    Payments count on the day the funds were available; adjustments and write-offs reduce principal like credit notes.
    Money pays the parts of the claim in `order`: penalties first by default (Civil Code 1343-1). `waived` are the rows of
    `waivers_of`: what the creditor gave up of what is still due.
    """
    payments, notes = [], []
    for row in applied:
        if row.value_on > until:
            continue
        if row.kind == "payment":
            payments.append(Payment(row.value_on, row.amount_cents, row.id))
        else:
            notes.append(CreditNote(row.value_on, row.amount_cents, row.id))
    claim = Claim(item.amount_cents, item.due_on, kind, tuple(payments), tuple(notes), insolvency)
    found = penalty_ledger(claim, until, law, PenaltyTerms(order=order, provisional_rates=provisional))
    return without_waived(found, waived) if waived and isinstance(found, PenaltyLedger) else found

"""On which account assigned invoices are paid while the firm collects for the assignee."""

from collections.abc import Iterable

from sqlalchemy import Connection, or_, select

from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.facts import ended
from recouvrement.ledger.tables.facts import assignment, fact_event


def assignee_accounts(connection: Connection, invoice_ids: Iterable[str], as_of: AsOf) -> dict[str, str]:
    """The assignee's IBAN of those invoices that are assigned under mandate on a day; payment to anyone else may not
    discharge the debtor once it was told (CMF L313-28, C. civ. 1324).
    """
    a, ids = assignment, sorted(set(invoice_ids))
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        query = select(a.c.invoice_id, a.c.iban).where(
            a.c.invoice_id.in_(ids[start : start + 500]), a.c.under_mandate == 1, a.c.iban.is_not(None), seen(a, as_of),
            or_(a.c.until_on.is_(None), a.c.until_on >= as_of.on), a.c.id.not_in(ended().where(seen(fact_event, as_of))),
        )  # fmt: skip
        found |= {invoice: iban for invoice, iban in connection.execute(query.order_by(a.c.act_id, a.c.id))}
    return found

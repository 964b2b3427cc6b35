"""Invoices assigned to a factor or under a Dailly slip: no longer ours to chase, unless we collect under mandate."""

from datetime import date

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from recouvrement.day.acts_base import Done, Refusal, items_named, not_before, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import open_facts, record_fact
from recouvrement.ledger.notes import note_text

KINDS = ("factor", "dailly")


def assign(
    house: House, invoice: str, *, kind: str, under_mandate: bool, on: date, operator: str, iban: str = "",
    until: date | None = None,
) -> Done:  # fmt: skip
    """Record that an invoice was assigned (Dailly: CMF L313-23; factoring: C. civ. 1346-1), for good or until a day.

    Under mandate the firm goes on chasing, with the assignee's IBAN only: then the IBAN is asked for.
    """

    def write(act: Act) -> str:
        refuse_when(kind not in KINDS, "unknown_kind")
        refuse_when(under_mandate and not iban, "iban_missing")
        if until is not None:
            not_before(until, on)
        account = read_iban(iban) if iban else None
        items = items_named(act, house, invoice)
        standing = open_facts(act.connection, "assignment", items[0].debtor_id)
        refuse_when(
            any(r.invoice_id == items[0].invoice_id and (r.until_on is None or r.until_on >= on) for r in standing),
            "assigned_already",
        )
        told = {"invoice_id": items[0].invoice_id, "kind": kind, "under_mandate": int(under_mandate)}
        return record_fact(act, "assignment", items[0].debtor_id, effective_on=on, **told, iban=account, until_on=until)

    return perform(house, "assign", operator, write)


def read_iban(text: str) -> str:
    """An IBAN with right check digits, without spaces; Refusal otherwise."""
    try:
        return str(IBAN(text.replace(" ", "").upper()))
    except (SchwiftyException, ValueError):
        raise Refusal("iban_not_valid") from None


def iban_of_note(house: House, note_id: str) -> str | None:
    """The text of a note that holds an IBAN and nothing else (forms name it by the note), or None."""
    with house.ledger.reading() as connection:
        text = note_text(connection, note_id)
    return text.strip() if text else None

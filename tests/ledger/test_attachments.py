"""What travels with an e-mail: the invoices it demands, as they are on file, as far as a mailbox takes them."""

from pathlib import Path

import pytest

from recouvrement.day import acts
from recouvrement.day.house import House
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import MONDAY, bank, customers
from tests.ledger.mondays_mail import attached, the_one_email

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


def test_the_invoices_demanded_travel_with_their_bytes(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", "FA-0.pdf", PDF)
    on_file(firm, tmp_path, "FA-1", "FA-1.xml", b"<Invoice/>")
    on_file(firm, tmp_path, "FA-1", "bon.pdf", PDF + b"delivery", kind="delivery_note")

    message = the_one_email(firm, tmp_path)

    assert attached(message) == {"FA-0.pdf": PDF, "FA-1.xml": b"<Invoice/>"}
    assert [part.get_content_type() for part in message.iter_attachments()] == [
        "application/pdf",
        "application/octet-stream",
    ]


def test_a_file_too_large_stays_on_file_and_the_others_go(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", "FA-0.pdf", PDF + b"0" * 4_900_000)
    on_file(firm, tmp_path, "FA-1", "FA-1.pdf", PDF + b"1" * 400_000)
    on_file(firm, tmp_path, "FA-2", "FA-2.pdf", PDF)

    assert sorted(attached(the_one_email(firm, tmp_path))) == ["FA-0.pdf", "FA-2.pdf"]


def test_a_hostile_file_name_is_a_plain_one(firm: House, tmp_path: Path) -> None:
    on_file(firm, tmp_path, "FA-0", 'a"; x=y\r\nBcc: v@x.example .pdf', PDF)

    message = the_one_email(firm, tmp_path)

    (name,) = attached(message)
    assert message["Bcc"] is None
    assert not set(name) & set('"\r\n;@:')
    assert attached(message)[name] == PDF

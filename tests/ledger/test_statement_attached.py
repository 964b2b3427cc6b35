"""A firm e-mail about several invoices carries a statement of account, and says so; a first reminder does not."""

import io
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader

from recouvrement.day.house import House
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import bank, customers
from tests.ledger.mondays_mail import attached, body, the_one_email

NAME = "releve-de-compte-2026-03-02.pdf"
STEPS = (("friendly_reminder", "2026-02-13"), ("call", "2026-02-20"))


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def sent(house: House, take: Take, folder: Path, *, invoices: int, taken: bool) -> EmailMessage:
    """The one e-mail of Monday: of the firm reminder when the steps before it were taken."""
    rows = [f"FA-{n},invoice,C0,2026-01-20,2026-02-10,{100 + n}.00,EUR\n" for n in range(invoices)]
    take(house, "customers.csv", customers(1))
    take(house, "invoices.csv", "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n" + "".join(rows))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    past = [f"FA-{n},{step},{on},email\n" for n in range(invoices) for step, on in STEPS if taken]
    take(house, "history.csv", "invoice,step,date,channel\n" + "".join(past))
    return the_one_email(house, folder)


def test_a_firm_reminder_of_several_invoices_carries_their_statement(
    make_house: MakeHouse, take: Take, tmp_path: Path
) -> None:
    message = sent(make_house(), take, tmp_path, invoices=2, taken=True)

    assert "Le relevé de votre compte est joint" in body(message)
    statement = read(attached(message)[NAME])
    assert all(shown in statement for shown in ("FA-0", "FA-1", "100,00", "101,00"))
    assert "Ce relevé accompagne notre relance du 2 mars 2026" in statement
    assert "pas une relance" not in statement


@pytest.mark.parametrize(("invoices", "taken"), [(1, True), (2, False)])
def test_one_invoice_or_a_first_reminder_needs_none(
    make_house: MakeHouse, take: Take, tmp_path: Path, invoices: int, taken: bool
) -> None:
    message = sent(make_house(), take, tmp_path, invoices=invoices, taken=taken)

    assert attached(message) == {}
    assert "relevé de votre compte" not in body(message)

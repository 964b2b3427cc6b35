"""A firm e-mail about several invoices carries a statement of account, and says so; a first reminder does not."""

import io
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import MONDAY, bank, customers

NAME = "releve-de-compte-2026-03-02.pdf"
STEPS = (("friendly_reminder", "2026-02-13"), ("call", "2026-02-20"))


def sent(house: House, take: Take, folder: Path, *, invoices: int, taken: bool) -> EmailMessage:
    """The one e-mail of Monday: of the firm reminder when the steps before it were taken."""
    rows = [f"FA-{n},invoice,C0,2026-01-20,2026-02-10,{100 + n}.00,EUR\n" for n in range(invoices)]
    take(house, "customers.csv", customers(1))
    take(house, "invoices.csv", "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n" + "".join(rows))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    past = [f"FA-{n},{step},{on},email\n" for n in range(invoices) for step, on in STEPS if taken]
    take(house, "history.csv", "invoice,step,date,channel\n" + "".join(past))
    with Catcher(folder / "mail") as mail:
        there = open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)
        run_day(there, on=MONDAY, mode=Mode.LIVE)
        drain(there, on=MONDAY, pace=False)
        (octets,) = mail.messages()
    message = message_from_bytes(octets, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def words(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def files(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_a_firm_reminder_of_several_invoices_carries_their_statement(
    make_house: MakeHouse, take: Take, tmp_path: Path
) -> None:
    message = sent(make_house(), take, tmp_path, invoices=2, taken=True)

    assert "Le relevé de votre compte est joint" in words(message)
    statement = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(files(message)[NAME])).pages)
    assert all(shown in statement for shown in ("FA-0", "FA-1", "100,00", "101,00"))


@pytest.mark.parametrize(("invoices", "taken"), [(1, True), (2, False)])
def test_one_invoice_or_a_first_reminder_needs_none(
    make_house: MakeHouse, take: Take, tmp_path: Path, invoices: int, taken: bool
) -> None:
    message = sent(make_house(), take, tmp_path, invoices=invoices, taken=taken)

    assert files(message) == {}
    assert "relevé de votre compte" not in words(message)

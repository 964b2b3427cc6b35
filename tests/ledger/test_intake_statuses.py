"""E-invoice life-cycle statuses into facts, each once."""

from datetime import date

import pytest
from sqlalchemy import select

from recouvrement.day.house import House
from recouvrement.day.showing import explain
from recouvrement.ledger.facts import find_debtor, open_facts
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.tables.facts import lifecycle
from recouvrement.ledger.tables.invoices import document
from tests.intake import samples

MONDAY = date(2026, 3, 2)
INVOICE = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nFA-1,invoice,C1,2026-01-05,2026-02-04,1200.00,EUR\n"
BANK = "Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit\nFR7630006000011234567890189;01/03/2026;01/03/2026;FRAIS;;1,00;\n"


@pytest.fixture
def firm(house: House, take) -> House:
    take(house, "invoices.csv", INVOICE)
    take(house, "bank.csv", BANK)
    return house


def status(code: str, on: str = "2026-02-10") -> str:
    return f"invoice_number,status_code,date,reason_code\nFA-1,{code},{on},\n"


def facts(house: House, kind: str) -> list:
    with house.ledger.reading() as connection:
        debtor = find_debtor(connection, house.creditor(), "C1")
        return open_facts(connection, kind, debtor)


def reason(house: House) -> str:
    return explain(house, "FA-1", on=MONDAY)[0]["reason"]


@pytest.mark.parametrize("code", ["210", "213"])
def test_refused_or_rejected_is_not_received_as_due(firm: House, take, code: str) -> None:
    take(firm, "statuts.csv", status(code))

    assert reason(firm) == "not_received_as_due"


def test_disputed_opens_one_dispute(firm: House, take) -> None:
    take(firm, "one.csv", status("207"))
    take(firm, "two.csv", status("207") + "\n")
    take(firm, "three.csv", status("207", "2026-02-12"))

    assert [(d.category, d.owner, d.effective_on) for d in facts(firm, "dispute")] == [
        ("einvoice", "platform", date(2026, 2, 10))
    ]


def test_suspended_holds_the_item_until_completed(firm: House, take) -> None:
    take(firm, "one.csv", status("208"))
    held = [(h.reason, h.open_item_id is not None) for h in facts(firm, "hold")]
    take(firm, "two.csv", status("209", "2026-02-15"))

    assert held == [("documents_missing", True)]
    assert facts(firm, "hold") == []


def test_approval_is_kept_as_evidence_and_ends_the_platforms_dispute(firm: House, take) -> None:
    take(firm, "one.csv", status("207"))
    take(firm, "two.csv", status("205", "2026-02-15"))
    take(firm, "three.csv", status("205", "2026-02-15") + "\n")

    assert facts(firm, "dispute") == []
    with firm.ledger.reading() as connection:
        kinds = connection.scalars(select(document.c.kind)).all()
    assert kinds == ["invoice_status"]


@pytest.mark.parametrize("code", ["211", "212"])
def test_payments_announced_are_rows_that_matching_can_read(firm: House, take, code: str) -> None:
    result = take(firm, "statuts.csv", status(code))
    again = take(firm, "statuts-2.csv", status(code) + "\n")

    with firm.ledger.reading() as connection:
        assert connection.scalars(select(lifecycle.c.status)).all() == [code]
    assert (result.detail["lifecycle"], again.written) == (1, 0)


def test_a_message_of_the_platform_says_the_same_as_a_table(firm: House, tmp_path) -> None:
    from recouvrement.day.intake import take_files

    path = tmp_path / "message.xml"
    path.write_bytes(samples.cdar("207"))

    result = take_files(firm, [path], actor="test")[0]

    assert (result.kind, result.written) == ("cdar", 1)
    assert len(facts(firm, "dispute")) == 1


def test_a_status_that_comes_before_its_invoice_goes_in_with_the_same_file_later(house: House, take) -> None:
    early = take(house, "statuts.csv", status("207"))
    take(house, "invoices.csv", INVOICE)

    late = take(house, "statuts.csv", status("207"))

    assert any("unknown_invoice" in told for told in early.reasons)
    assert late.written == 1
    with house.ledger.reading() as connection:
        assert open_problems(connection) == []

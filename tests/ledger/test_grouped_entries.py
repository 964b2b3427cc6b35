"""An entry of the bank that groups several payments keeps what each of them said."""

from datetime import date

from sqlalchemy import select

from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing_list import waiting_lines
from recouvrement.day.showing import balances
from recouvrement.domain.records import BankDetail, BankLineRecord, StatementRecord
from recouvrement.ledger.statements import take_statement
from recouvrement.ledger.tables.bank import bank_line

MONDAY = date(2026, 3, 2)
ACCOUNT = "FR7630006000011234567890189"
INVOICES = (
    "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    "FA-2026-0001,invoice,C1,2026-01-05,2026-02-04,500.00,EUR\n"
    "FA-2026-0002,invoice,C1,2026-01-09,2026-02-08,80.00,EUR\n"
    "FA-2026-0003,invoice,C1,2026-01-10,2026-02-09,77.00,EUR\n"
)


def grouped(house: House, *details: BankDetail) -> str:
    """Take one entry that groups these payments; what the ledger keeps as its text."""
    cents = sum(detail.amount_cents for detail in details)
    line = BankLineRecord(ACCOUNT, MONDAY, MONDAY, cents, "EUR", "REMISE VIREMENTS", details=details)
    with house.ledger.act("take", "test") as act:
        record = StatementRecord(ACCOUNT, "EUR", MONDAY, MONDAY, None, None, lines=(line,))
        take_statement(act, house.creditor(), record, format_="camt", file="test.xml")
    with house.ledger.reading() as connection:
        return str(connection.scalar(select(bank_line.c.remittance)))


def test_each_payment_of_a_group_keeps_its_payer_its_words_and_its_amount(house: House) -> None:
    kept = grouped(
        house,
        BankDetail(50_000, "FA-2026-0001", "MENUISERIE ROY", structured_reference="RF18539007547034"),
        BankDetail(8_000, "solde", "HOTEL GRAND LARGE", documents=("FA-77",)),
    )

    assert kept == "MENUISERIE ROY FA-2026-0001 RF18539007547034 500.00 / HOTEL GRAND LARGE solde FA-77 80.00 /"


def test_what_the_payments_of_a_group_name_is_found(house: House, take) -> None:
    take(house, "customers.csv", "customer_id,name,kind\nC1,Menuiserie Roy,business\n")
    take(house, "invoices.csv", INVOICES)
    grouped(
        house, BankDetail(50_000, "FA-2026-0001", "MENUISERIE ROY"), BankDetail(8_000, "FA-2026-0002", "MENUISERIE ROY")
    )

    match(house, on=MONDAY)

    owed = balances(house, on=MONDAY)[0]["total_cents"]
    proposed = [p["invoices"] for line in waiting_lines(house, on=MONDAY) for p in line["proposals"][:1]]
    assert owed == 7_700 or proposed == [[["FA-2026-0001", 50_000], ["FA-2026-0002", 8_000]]]

"""A FEC into the ledger: open receivables, lettered history, unlettered receipts, balances; the same again changes nothing."""

from datetime import date

from sqlalchemy import func, select

from recouvrement.day.house import House
from recouvrement.day.intake_accounts import control_sheet
from recouvrement.day.intake_taking import How
from recouvrement.day.showing import balances
from recouvrement.ledger.tables import accounts, bank, invoices

COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib "
    "Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
)
HEAD = COLUMNS.replace(" ", "\t")
MONDAY = date(2026, 4, 6)


def row(
    journal: str, number: str, day: str, account: str, customer: str, piece: str, cents: int, letter: str = ""
) -> str:
    """One row; positive cents are debits."""
    amount = f"{abs(cents) // 100},{abs(cents) % 100:02d}"
    debit, credit = (amount, "0,00") if cents >= 0 else ("0,00", amount)
    name = f"Client {customer}" if customer else ""
    lettered = day if letter else ""
    return "\t".join(
        [journal, journal, number, day, account, "Compte", customer, name, piece, day, f"Piece {piece}", debit, credit, letter,
         lettered, day, "", ""]
    )  # fmt: skip


def sale(number: str, day: str, customer: str, piece: str, cents: int, letter: str = "") -> list[str]:
    return [
        row("VE", number, day, "411000", customer, piece, cents, letter),
        row("VE", number, day, "706000", "", piece, -cents),
    ]


def payment(number: str, day: str, customer: str, piece: str, cents: int, letter: str = "") -> list[str]:
    return [
        row("BQ", number, day, "512000", "", piece, cents),
        row("BQ", number, day, "411000", customer, piece, -cents, letter),
    ]


def book(*entries: list[str]) -> str:
    return "\n".join([HEAD, *(line for entry in entries for line in entry)]) + "\n"


JANUARY = (
    sale("1", "20260105", "C1", "F-1", 120_000, "A"),
    sale("2", "20260110", "C1", "F-2", 50_000),
    sale("3", "20260112", "C2", "F-3", 30_000),
    payment("4", "20260120", "C1", "B-1", 120_000, "A"),
)


def owed(house: House) -> dict[str, int]:
    return {row["debtor"]: row["total_cents"] for row in balances(house, on=MONDAY)}


def count(house: House, table) -> int:
    with house.ledger.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_open_receivables_are_chased_and_lettered_ones_are_history(house: House, take) -> None:
    result = take(house, "123456789FEC20261231.txt", book(*JANUARY))

    assert (result.kind, result.verdict) == ("fec", "read")
    assert owed(house) == {"C1": 50_000, "C2": 30_000}
    with house.ledger.reading() as connection:
        rows = connection.execute(
            select(bank.allocation.c.method, bank.allocation.c.amount_cents, bank.allocation.c.value_on)
        ).all()
    assert rows == [("lettering", 120_000, date(2026, 1, 20))]
    assert count(house, invoices.invoice) == 3


def test_an_invoice_of_a_fec_falls_due_after_the_legal_thirty_days(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))

    with house.ledger.reading() as connection:
        dues = connection.scalars(select(invoices.item_version.c.due_on).order_by(invoices.item_version.c.due_on)).all()
    assert dues == [date(2026, 2, 4), date(2026, 2, 9), date(2026, 2, 11)]


def test_the_balance_of_each_customer_stands_beside_the_ledger(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))

    sheet = {control.debtor: (control.accounts_cents, control.ledger_cents) for control in control_sheet(house)}

    assert sheet == {"C1": (50_000, 50_000), "C2": (30_000, 30_000)}


def test_the_same_entries_in_a_longer_file_add_only_what_is_new(house: House, take) -> None:
    take(house, "january.txt", book(*JANUARY))
    before = {
        table: count(house, table)
        for table in (invoices.invoice, bank.allocation, bank.receipt, accounts.account_balance)
    }

    again = take(house, "january-again.txt", book(*JANUARY) + "\n")
    later = take(house, "february.txt", book(*JANUARY, sale("9", "20260214", "C2", "F-9", 1_000)))

    assert again.written == 0
    assert {table: count(house, table) for table in before} != before
    assert later.detail["invoices_new"] == 1
    assert owed(house) == {"C1": 50_000, "C2": 31_000}


def test_a_payment_that_the_accountant_letters_later_settles_the_invoice_once(house: House, take) -> None:
    take(house, "january.txt", book(*JANUARY))
    lettered = (
        *JANUARY[:1],
        sale("2", "20260110", "C1", "F-2", 50_000, "B"),
        *JANUARY[2:],
        payment("5", "20260203", "C1", "B-2", 50_000, "B"),
    )

    take(house, "february.txt", book(*lettered))
    take(house, "february-2.txt", book(*lettered) + "\n")

    assert owed(house) == {"C2": 30_000}
    assert {c.debtor: c.difference_cents for c in control_sheet(house)} == {"C1": 0, "C2": 0}


def test_money_that_came_in_and_is_not_lettered_is_the_customers_credit(house: House, take) -> None:
    unlettered = (*JANUARY, payment("5", "20260203", "C2", "B-2", 30_000))

    take(house, "fec.txt", book(*unlettered))

    with house.ledger.reading() as connection:
        found = connection.execute(
            select(bank.allocation.c.kind, bank.allocation.c.amount_cents).where(
                bank.allocation.c.open_item_id.is_(None)
            )
        ).all()
    assert found == [("customer_credit", 30_000)]
    assert {c.debtor: c.difference_cents for c in control_sheet(house)} == {"C1": 0, "C2": 0}


def test_a_credit_goes_when_the_accountant_letters_it(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY, payment("5", "20260203", "C2", "B-2", 30_000)))
    lettered = (
        *JANUARY[:2],
        sale("3", "20260112", "C2", "F-3", 30_000, "Z"),
        JANUARY[3],
        payment("5", "20260203", "C2", "B-2", 30_000, "Z"),
    )

    take(house, "fec-2.txt", book(*lettered))

    with house.ledger.reading() as connection:
        left = connection.scalar(
            select(func.sum(bank.allocation.c.amount_cents)).where(bank.allocation.c.kind == "customer_credit")
        )
    assert left == 0
    assert owed(house) == {"C1": 50_000}


def test_a_lettering_in_part_leaves_the_rest_open(house: House, take) -> None:
    take(
        house,
        "fec.txt",
        book(sale("1", "20260105", "C1", "F-1", 100_000, "a"), payment("2", "20260120", "C1", "B", 40_000, "a")),
    )

    assert owed(house) == {"C1": 60_000}


def test_an_invoice_known_from_a_better_file_keeps_its_due_day(house: House, take) -> None:
    take(
        house,
        "i.csv",
        "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nF-2,invoice,C1,2026-01-10,2026-03-31,500.00,EUR\n",
    )

    take(house, "fec.txt", book(*JANUARY))

    with house.ledger.reading() as connection:
        dues = connection.scalars(select(invoices.item_version.c.due_on)).all()
    assert date(2026, 3, 31) in dues
    assert date(2026, 2, 9) not in dues


def test_a_piece_of_two_customers_is_set_aside_and_told(house: House, take) -> None:
    result = take(
        house, "fec.txt", book(sale("1", "20260105", "C1", "AN", 100), sale("2", "20260105", "C2", "AN", 200))
    )

    assert result.verdict == "warning"
    assert any("other_customer" in reason for reason in result.reasons)


def test_debits_and_credits_that_differ_hold_the_file(house: House, take) -> None:
    text = book(*JANUARY) + row("VE", "9", "20260131", "411000", "C1", "F-8", 700) + "\n"

    held = take(house, "fec.txt", text)
    confirmed = take(house, "fec.txt", text, how=How(confirmed=True))

    assert held.verdict == "rejected"
    assert owed(house)["C1"] == 50_700
    assert confirmed.written > 0

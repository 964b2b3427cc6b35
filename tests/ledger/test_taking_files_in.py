"""Files into the ledger: the same twice changes nothing, what changed is a correction, what is wrong is set aside."""

from sqlalchemy import func, select

from recouvrement.day.house import House
from recouvrement.day.intake_taking import How
from recouvrement.day.showing import balances, explain
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.tables import invoices
from recouvrement.ledger.tables.bank import bank_line
from tests.ledger.firm import MONDAY, bank

CUSTOMERS = (
    "customer_id,name,kind,email,phone,address,postcode,city,language\n"
    "C1,Menuiserie Roy,business,roy@client.example,0101010101,1 rue du Bois,35000,Rennes,fr\n"
    "C2,Hotel Grand Large,business,hotel@client.example,0101010102,2 quai du Port,29200,Brest,fr\n"
)
HEAD = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
ONE = HEAD + "F-1,invoice,C1,2026-01-05,2026-02-04,1200.00,EUR\n"


def test_the_same_file_twice_changes_nothing(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)
    first = take(house, "invoices.csv", ONE)
    known_to = house.ledger.known_to()

    again = take(house, "copy.csv", ONE)

    assert first.written == 1
    assert (again.written, again.reasons) == (0, ("already_taken_in",))
    assert house.ledger.known_to() == known_to


def test_the_same_content_in_another_file_changes_no_fact(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", ONE)

    again = take(house, "tomorrow.csv", ONE + "\n")

    assert again.written == 0
    assert again.detail["invoices_same"] == 1


def test_another_amount_tomorrow_is_a_correction(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", ONE)
    known_to = house.ledger.known_to()

    take(house, "tomorrow.csv", ONE.replace("1200.00", "1000.00"))

    assert balances(house, on=MONDAY)[0]["total_cents"] == 100_000
    with house.ledger.reading() as connection:
        amounts = connection.scalars(
            select(invoices.item_version.c.amount_cents).order_by(invoices.item_version.c.act_id)
        ).all()
    assert amounts == [120_000, 100_000]
    assert known_to < house.ledger.known_to()


def test_a_number_that_comes_back_with_another_customer_is_set_aside(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", ONE)

    result = take(house, "tomorrow.csv", ONE.replace(",C1,", ",C2,"))

    assert result.verdict == "warning"
    assert "other_customer" in result.reasons[0]
    assert balances(house, on=MONDAY)[0]["debtor"] == "C1"


def test_a_number_twice_in_one_file_keeps_the_first_and_tells(house: House, take) -> None:
    result = take(house, "invoices.csv", ONE + "F-1,invoice,C1,2026-01-05,2026-02-04,900.00,EUR\n")

    assert result.written == 1
    assert any("twice" in reason for reason in result.reasons)
    assert balances(house, on=MONDAY)[0]["total_cents"] == 120_000


def test_a_bad_line_is_set_aside_and_the_rest_goes_in(house: House, take) -> None:
    bad = (
        ONE
        + "F-2,invoice,C1,2026-01-05,2026-02-04,abc,EUR\nF-3,invoice,C1,2026-01-05,31/02/2026,10.00,EUR\nF-4,invoice,C1,2026-01-05,2026-02-04,5.00,EUR\n"
    )

    result = take(house, "invoices.csv", bad)

    assert result.written == 2
    with house.ledger.reading() as connection:
        problems = [(p.line, p.field, p.reason) for p in open_problems(connection)]
        told = [(p.message, p.remedy) for p in open_problems(connection)]
    assert problems == [(3, "gross", "invalid_amount"), (4, "due_on", "invalid_date")]
    assert all(message and remedy for message, remedy in told)


def test_a_corrected_file_clears_its_problems(house: House, take) -> None:
    take(house, "invoices.csv", HEAD + "F-2,invoice,C1,2026-01-05,2026-02-04,abc,EUR\n")

    take(house, "invoices.csv", HEAD + "F-2,invoice,C1,2026-01-05,2026-02-04,12.00,EUR\n")

    with house.ledger.reading() as connection:
        assert open_problems(connection) == []


def test_a_file_that_cannot_be_read_stops_no_other(house: House, take) -> None:
    empty = take(house, "empty.csv", "")
    truncated = take(
        house,
        "statement.xml",
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>',
    )
    missing = take(house, "columns.csv", ONE.replace(",amount", "").replace(",1200.00", ""))
    good = take(house, "invoices.csv", ONE)

    assert [r.verdict for r in (empty, truncated, missing, good)] == ["rejected", "rejected", "rejected", "read"]
    assert all(r.reasons for r in (empty, truncated, missing))


def test_invoices_of_an_unknown_customer_open_it_with_kind_unknown(house: House, take) -> None:
    take(house, "invoices.csv", ONE)

    found = explain(house, "F-1", on=MONDAY)[0]

    assert balances(house, on=MONDAY)[0]["debtor"] == "C1"
    assert found["action"] in {"hold", "ask"}


def test_what_leaves_a_complete_snapshot_is_held_and_listed(house: House, take) -> None:
    two = ONE + "F-2,invoice,C2,2026-01-05,2026-02-04,50.00,EUR\n"
    take(house, "customers.csv", CUSTOMERS)
    take(house, "open-items-1.csv", two)
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))

    gone = take(house, "open-items-2.csv", ONE, how=How(confirmed=True))
    cleared = explain(house, "F-2", on=MONDAY)[0]
    take(house, "open-items-3.csv", two + "\n")
    back = explain(house, "F-2", on=MONDAY)[0]

    assert gone.detail["cleared_in_accounts"] == 1
    assert (cleared["action"], cleared["reason"]) == ("ask", "cleared_in_accounts")
    assert back["reason"] != "cleared_in_accounts"


def test_a_snapshot_that_shrank_is_refused_until_confirmed(house: House, take) -> None:
    whole = HEAD + "".join(f"F-{n},invoice,C1,2026-01-05,2026-02-04,10.00,EUR\n" for n in range(10))
    take(house, "open-items-1.csv", whole)
    half = "\n".join(whole.splitlines()[:6]) + "\n"

    refused = take(house, "open-items-2.csv", half)
    confirmed = take(house, "open-items-2.csv", half, how=How(confirmed=True))

    assert refused.verdict == "rejected"
    assert "snapshot_shrunk" in refused.reasons[0]
    assert confirmed.detail["cleared_in_accounts"] == 5


def test_the_same_bank_period_in_another_format_adds_nothing(house: House, take, shared) -> None:
    folder = shared / "receivables" / "realistic" / "statements"
    from recouvrement.day.intake import take_files

    first = take_files(house, [folder / "camt053.xml"], actor="test")[0]
    others = take_files(
        house, [folder / name for name in ("cfonb120.txt", "mt940.sta", "ofx.ofx", "releve.csv")], actor="test"
    )

    with house.ledger.reading() as connection:
        lines = connection.scalar(select(func.count()).select_from(bank_line))
    assert lines == first.written
    assert [r.written for r in others] == [0, 0, 0, 0]


def test_two_equal_payments_of_one_day_are_two_lines(house: House, take) -> None:
    one = bank(("2026-02-10", "VIR ROY", "100,00"))
    two = bank(("2026-02-10", "VIR ROY", "100,00"), ("2026-02-10", "VIR ROY", "100,00"))

    assert take(house, "morning.csv", one).written == 1
    assert take(house, "evening.csv", two).written == 1
    assert take(house, "again.csv", two + "\n").written == 0


def test_facts_learned_later_do_not_change_what_was_known_then(house: House, take) -> None:
    from recouvrement.domain.policy import Policy
    from recouvrement.ledger.positions import debtor_ranges, read_positions

    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", ONE)
    then = house.ledger.known_to()
    take(house, "tomorrow.csv", ONE.replace("1200.00", "1000.00"))

    def amount(known_to: int) -> int:
        with house.ledger.reading() as connection:
            part = debtor_ranges(connection, house.creditor(), known_to, 100)[0]
            policy: Policy = house.policy
            return (
                next(read_positions(connection, house.creditor(), part, policy, AsOf(MONDAY, known_to)))
                .items[0]
                .amount_cents
            )

    assert amount(then) == 120_000
    assert amount(house.ledger.known_to()) == 100_000


def test_a_file_without_emails_does_not_erase_them(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)

    take(house, "names.csv", "customer_id,name\nC1,Menuiserie Roy et Fils\nC1,Menuiserie Roy & Fils\n")

    from recouvrement.ledger.facts import find_debtor
    from recouvrement.ledger.parties import debtor_rows

    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), "C1")
        row = debtor_rows(connection, [debtor_id], AsOf(MONDAY, house.ledger.known_to()))[debtor_id]
    assert row.email == "roy@client.example"
    assert row.name.startswith("Menuiserie Roy")

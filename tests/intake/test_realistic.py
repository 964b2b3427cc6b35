"""A real ledger and its statements in five formats: the same lines from each (skips where the folder is absent)."""

from pathlib import Path
from typing import Any

import pytest

from recouvrement.domain.records import BankLineRecord, FileReading
from recouvrement.intake.identifiers import resolved_account

SETS = ("realistic", "hard", "subscriptions")


def lines(found: FileReading) -> list[BankLineRecord]:
    return [line for statement in found.statements for line in statement.lines]


def identities(found: FileReading, known: tuple[str, ...]) -> list[Any]:
    return [(resolved_account(line.account, known), *line.identity[1:], line.value_on) for line in lines(found)]


@pytest.mark.parametrize("name", SETS)
def test_every_statement_file_gives_the_same_lines(reading: Any, shared: Path, name: str) -> None:
    folder = shared / "receivables" / name / "statements"
    found = {path.name: reading(path.name, path) for path in sorted(folder.iterdir())}
    assert {one.verdict for one in found.values()} == {"read"}
    reference = found.pop("camt053.xml")
    known = tuple(statement.account for statement in reference.statements)
    for file, one in found.items():
        ours = identities(one, known)
        if file == "ofx.ofx":  # OFX carries no value date
            assert [identity[:4] for identity in ours] == [identity[:4] for identity in identities(reference, known)]
        else:
            assert ours == identities(reference, known), file


def test_the_text_is_the_same_as_far_as_each_format_carries_it(reading: Any, shared: Path) -> None:
    folder = shared / "receivables" / "realistic" / "statements"
    reference = lines(reading("camt053.xml", folder / "camt053.xml"))
    for name in ("cfonb120.txt", "mt940.sta", "ofx.ofx", "releve.csv"):
        others = lines(reading(name, folder / name))
        for one, other in zip(reference, others, strict=True):
            words = "".join(f"{other.label}{other.remittance}".split())
            label = one.label[:31].replace("&", "") if name == "mt940.sta" else one.label[:31]  # SWIFT has no ampersand
            assert "".join(label.split()) in words, name
            if name in {"cfonb120.txt", "releve.csv"}:
                text = one.remittance.replace(";", ",") if name == "releve.csv" else one.remittance  # its separator
                assert "".join(text.split()) in words


@pytest.mark.parametrize("name", SETS)
def test_customers_and_invoices_go_in_whole(reading: Any, shared: Path, name: str) -> None:
    folder = shared / "receivables" / name
    customers = reading("customers.csv", folder / "customers.csv")
    invoices = reading("invoices.csv", folder / "invoices.csv")
    assert (customers.records, customers.set_aside) == (100, 0)
    assert {problem.reason for problem in customers.problems} == {"no_address"}
    assert all(customer.siren for customer in customers.customers)
    rows = sum(1 for _ in (folder / "invoices.csv").open()) - 1
    assert (invoices.verdict, invoices.records, invoices.complete) == ("read", rows, True)
    assert {invoice.customer_code for invoice in invoices.invoices} <= {
        customer.code for customer in customers.customers
    }


def test_the_lines_of_the_benchmark_are_those_of_the_statements(reading: Any, shared: Path) -> None:
    folder = shared / "receivables" / "realistic"
    table = lines(reading("bank_lines.csv", folder / "bank_lines.csv"))
    statement = lines(reading("camt053.xml", folder / "statements" / "camt053.xml"))
    facts = [sorted((line.booking_on, line.amount_cents, line.rank) for line in found) for found in (table, statement)]
    assert facts[0] == facts[1]

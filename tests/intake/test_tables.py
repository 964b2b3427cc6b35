"""CSV files of every habit; what cannot be read is set aside by line, the rest goes in (issue 2, bad input)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.records import Severity
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings, built
from recouvrement.intake.reading import batches, read, stream
from tests.intake import samples

HEAD = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
GOOD = "FA-1,invoice,C1,2026-01-15,2026-02-14,1200.00,EUR\n"


def only(found: Any) -> Any:
    assert len(found) == 1, found
    return found[0]


def test_the_same_table_in_french_habits_gives_the_same_invoices(reading: Any) -> None:
    french = (
        "N° de facture;Type;Code client;Date de facture;Date d'échéance;Montant TTC;Devise\r\n"
        "FA-1;Facture;C1;15/01/2026;14/02/2026;1 200,00;EUR\r\n"
        "FA-2;Facture;C2;20/01/2026;19/02/2026;55,50;\r\n"
        "AV-1;Avoir;C1;01/02/2026;01/02/2026;20,00;EUR\r\n"
    )
    expected = reading("invoices.csv", samples.INVOICES).invoices
    for encoding in ("utf-8", "cp1252", "utf-16", "utf-8-sig"):
        assert reading("factures.csv", french.encode(encoding)).invoices == expected


def test_an_empty_file_is_rejected_with_its_reason(reading: Any) -> None:
    for data in (b"", b"  \r\n \n", b"\xef\xbb\xbf"):
        found = reading("invoices.csv", data)
        assert (found.verdict, only(found.problems).reason) == ("rejected", "empty_file")


def test_a_missing_column_is_named_with_the_headings_that_would_do(reading: Any) -> None:
    found = reading(
        "invoices.csv", b"invoice_number,kind,customer_id,issue_date,amount\nFA-1,invoice,C1,2026-01-15,5\n"
    )
    problem = only(found.problems)
    assert (found.verdict, found.records, problem.reason) == ("rejected", 0, "missing_column")
    assert "due_on (due date" in problem.message
    assert "heading" in problem.remedy


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        ("FA-2,invoice,C1,2026-01-15,2026-02-14,abc,EUR", "invalid_amount", "gross"),
        ("FA-2,invoice,C1,2026-01-15,31/02/2026,5.00,EUR", "invalid_date", "due_on"),
        ("FA-2,invoice,C1,2026-01-15,,5.00,EUR", "missing_value", "due_on"),
        ("FA-2,invoice,,2026-01-15,2026-02-14,5.00,EUR", "missing_value", "customer_code"),
        (",invoice,C1,2026-01-15,2026-02-14,5.00,EUR", "missing_value", "number"),
        ("FA-2,invoice,C1,2026-01-15,2026-02-14,,EUR", "missing_value", "gross"),
        ("FA-2,invoice,C1,2026-01-15,2026-02-14,5.00,EURO5", "invalid_currency", "currency"),
        ("FA-2,sandwich,C1,2026-01-15,2026-02-14,5.00,EUR", "unknown_value", "kind"),
        ("FA-2,invoice,C1,2026-01-15,2026-02-14,1.234.5,EUR", "invalid_amount", "gross"),
        ('FA-2,invoice,C1,2026-01-15,2026-02-14,"1,234",EUR', "ambiguous_amount", "gross"),
        ("FA-1,invoice,C1,2026-01-15,2026-02-14,7.00,EUR", "duplicate", "number"),
        ("FA-2,invoice,C1,2026-01-15,2026-02-14", "missing_value", "gross"),
        ("FA-2,invoice,C1,2026-01-15,2026-02-14,5.00,EUR,more", "wrong_field_count", ""),
    ],
)
def test_a_bad_line_is_set_aside_and_the_rest_goes_in(reading: Any, line: str, reason: str, field: str) -> None:
    last = "FA-3,invoice,C1,2026-01-15,2026-02-14,9.99,EUR\n"
    found = reading("invoices.csv", f"{HEAD}{GOOD}{line}\n{last}".encode())
    problem = only(found.problems)
    assert (problem.reason, problem.field, problem.line) == (reason, field, 3)
    assert problem.severity is Severity.SET_ASIDE
    assert problem.remedy
    assert [invoice.number for invoice in found.invoices] == ["FA-1", "FA-3"]
    assert (found.verdict, found.records, found.set_aside, found.complete) == ("warning", 2, 1, False)


def test_a_problem_never_shows_the_value_and_names_the_invoice(reading: Any) -> None:
    found = reading("invoices.csv", (HEAD + "FA-2,invoice,C1,2026-01-15,2026-02-14,SECRET-VALUE,EUR\n").encode())
    problem = only(found.problems)
    assert problem.subject == "FA-2"
    assert problem.value_class == "amount"
    assert "SECRET-VALUE" not in repr(problem)


def test_a_last_line_cut_off_is_not_half_read(reading: Any) -> None:
    whole = HEAD + GOOD + "FA-2,invoice,C1,2026-01-15,2026-02-14,5.00"
    found = reading("invoices.csv", whole.encode())
    assert [invoice.number for invoice in found.invoices] == ["FA-1"]
    assert only(found.problems).reason == "wrong_field_count"


def test_an_open_quote_costs_its_own_line_only(reading: Any) -> None:
    broken = 'FA-2,invoice,"C1,2026-01-15,2026-02-14,5.00,EUR\n'
    rest = "".join(f"FA-{n},invoice,C1,2026-01-15,2026-02-14,9.99,EUR\n" for n in range(10, 400))
    found = reading("invoices.csv", (HEAD + GOOD + broken + rest).encode())
    assert len(found.invoices) == 391
    assert only(found.problems).reason == "broken_quotes"
    assert only(found.problems).line == 3


def test_a_quoted_cell_may_hold_separators_and_line_breaks(reading: Any) -> None:
    data = (
        'Code client;Nom;Adresse;Code postal;Ville\r\nC1;"Alpha; et fils";"Bâtiment A\r\n1 rue Haute";75001;Paris\r\n'
        "C2;Bêta;2 rue Basse;75002;Paris\r\n"
    )
    found = reading("clients.csv", data.encode())
    assert [customer.name for customer in found.customers] == ["Alpha; et fils", "Bêta"]
    assert found.customers[0].address_lines == ("Bâtiment A", "1 rue Haute")


def test_lines_above_the_heading_are_passed_over(reading: Any) -> None:
    data = "Ma Banque;;\r\nCompte courant 00000000001;;\r\n\r\nDate;Libellé;Montant\r\n02/03/2026;VIR ALPHA;12,50\r\n"
    found = reading("export.csv", data.encode("cp1252"))
    assert (found.kind, only(found.statements[0].lines).amount_cents) == ("bank_csv", 1250)


def test_a_table_that_says_nothing_to_us_is_refused_with_the_way_out(reading: Any) -> None:
    problem = only(reading("x.csv", b"colour;taste\nred;sweet\n").problems)
    assert problem.reason == "no_mapping"
    assert "mapping guess" in problem.remedy


def test_an_endless_line_is_refused_before_it_fills_the_memory(reading: Any) -> None:
    found = reading("x.csv", HEAD.encode() + b"a" * 5000, limits=Limits(line_characters=1000))
    assert found.verdict == "rejected"
    assert only(found.problems).reason == "unreadable"


CELL = st.text(st.characters(exclude_characters="\x00\r\n", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=0, max_size=9), max_size=12))
def test_every_row_is_read_set_aside_or_empty(rows: list[list[str]]) -> None:
    body = "".join(",".join(cell.replace(",", " ").replace('"', " ") for cell in row) + "\n" for row in rows)
    found = read("invoices.csv", (HEAD + body).encode(), Mappings.shipped())
    filled = [line for line in body.split("\n") if line.replace(",", "").strip()]
    assert found.records + found.set_aside == len(filled)


def test_rows_of_one_number_are_instalments_when_the_mapping_says_so(mappings: Mappings) -> None:
    parts = replace(mappings.named("recouvrement-invoices"), repeated="instalments")
    data = HEAD + GOOD + GOOD.replace("2026-02-14,1200.00", "2026-03-14,300.00") + GOOD.replace("FA-1", "FA-2")
    found = read("invoices.csv", data.encode(), Mappings((parts,)))
    first, second = found.invoices
    assert (first.gross_cents, [cents for _, cents in first.instalments]) == (150000, [120000, 30000])
    assert (second.instalments, found.problems) == ((), ())


def test_a_negative_invoice_becomes_a_credit_note_and_a_credit_note_is_negative(reading: Any) -> None:
    lines = "A1,invoice,C1,2026-01-15,2026-02-14,-5.00,EUR\nA2,credit_note,C1,2026-01-15,2026-02-14,5.00,EUR\n"
    found = reading("invoices.csv", (HEAD + lines).encode())
    assert [(one.kind, one.gross_cents) for one in found.invoices] == [("credit_note", -500), ("credit_note", -500)]
    assert only(found.problems).reason == "sign_corrected"


def test_the_open_items_of_the_day_are_a_snapshot_by_the_name_of_the_file(reading: Any) -> None:
    assert reading("invoices.csv", samples.INVOICES).content == "increment"
    assert reading("open-items-2026-03-02.csv", samples.INVOICES).content == "snapshot"


def test_what_the_mapping_says_of_the_writing_is_obeyed() -> None:
    table = {
        "name": "x",
        "target": "bank",
        "separator": "|",
        "encoding": "cp850",
        "decimal": ".",
        "dates": ["MM/DD/YYYY"],
        "sign": "reversed",
        "columns": {"booking_on": "when", "label": "what", "amount": "how much"},
        "constants": {"account": samples.IBAN, "currency": "EUR"},
    }
    data = "When|What|How much\n03/04/2026|Payé à la échéance|1,234\n".encode("cp850")
    found = read("x.csv", data, Mappings((built(table, "x"),)))
    (line,) = found.statements[0].lines
    assert (line.booking_on, line.label, line.amount_cents) == (date(2026, 3, 4), "Payé à la échéance", -123400)
    assert line.account == samples.IBAN


def test_a_progress_bar_can_follow_a_long_file(mappings: Mappings) -> None:
    rows = "".join(f"FA-{n},invoice,C1,2026-01-15,2026-02-14,{n}.00,EUR\n" for n in range(1, 20_001))
    flow = stream("invoices.csv", (HEAD + rows).encode(), mappings)
    seen = [flow.source.fraction_read for _ in batches(flow, 5000)]
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= 1


def test_problems_beyond_the_limit_are_counted_not_kept(mappings: Mappings) -> None:
    rows = "FA-1,invoice,C1,2026-01-15,2026-02-14,abc,EUR\n" * 50
    found = read("invoices.csv", (HEAD + rows).encode(), mappings, limits=Limits(kept_problems=10))
    assert (len(found.problems), found.set_aside) == (10, 50)


def test_a_list_of_five_columns_without_due_date_may_be_allowed_by_its_mapping() -> None:
    table = {
        "name": "x",
        "target": "invoices",
        "optional": ["due_on"],
        "columns": {"number": "n", "customer_code": "c", "issue_on": "d", "gross": "a"},
    }
    found = read("x.csv", b"n;c;d;a\nF1;C1;2026-01-15;5,00\n", Mappings((built(table, "x"),)))
    assert (found.verdict, found.invoices[0].due_on) == ("read", None)

"""Customers: numbers with their key, addresses that fit an envelope; what fails stays out of the field, not of the house."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.intake import identifiers
from recouvrement.typesetting import TEMPLATES
from tests.intake import samples

HEAD = "customer_id,name,siren,siret,vat_number,iban,email,address,postcode,city\n"


def read_one(reading: Any, line: str) -> Any:
    found = reading("customers.csv", (HEAD + line + "\n").encode())
    assert len(found.customers) == 1
    return found.customers[0], [problem.reason for problem in found.problems]


def test_a_whole_customer_has_no_problem(reading: Any) -> None:
    line = f"C1,Alpha,{samples.SIREN},,{samples.VAT},{samples.IBAN},a@alpha.example,1 rue Haute,75001,Paris"
    customer, reasons = read_one(reading, line)
    assert reasons == []
    assert (customer.siren, customer.vat_number, customer.ibans) == (samples.SIREN, samples.VAT, (samples.IBAN,))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("123456789,,,,", "invalid_identifier"),
        ("000000000,,,,", "invalid_identifier"),
        (",12345678901234,,,", "invalid_identifier"),
        (",,FR00123456789,,", "invalid_identifier"),
        (",,,FR7699999000010000000000116,", "invalid_iban"),
        (",,,FR0212345678901234567890123,", "invalid_iban"),
        (",,,,not an address", "invalid_email"),
    ],
)
def test_a_number_that_fails_its_check_costs_the_field_not_the_customer(reading: Any, cells: str, reason: str) -> None:
    customer, reasons = read_one(reading, f"C1,Alpha,{cells},1 rue Haute,75001,Paris")
    assert reasons == [reason]
    assert (customer.siren, customer.siret, customer.vat_number, customer.ibans, customer.email) == (None,) * 3 + (
        (),
        None,
    )


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_every_language_that_templates_speak_is_known(reading: Any, language: str) -> None:
    head = HEAD.replace("city\n", "city,language\n")
    found = reading("customers.csv", f"{head}C1,Alpha,,,,,,1 rue Haute,75001,Paris,{language}\n".encode())

    assert [customer.language for customer in found.customers] == [language]
    assert (TEMPLATES / language / "friendly_reminder.md.j2").is_file()


def test_leading_zeros_of_a_siren_are_kept_or_given_back(reading: Any) -> None:
    assert read_one(reading, "C1,Alpha,000542258,,,,,1 rue Haute,75001,Paris")[0].siren == "000542258"
    assert read_one(reading, "C1,Alpha,542258,,,,,1 rue Haute,75001,Paris")[0].siren == "000542258"


def test_the_siren_comes_from_siret_or_vat_number_when_it_is_not_stated(reading: Any) -> None:
    assert read_one(reading, f"C1,Alpha,,,{samples.VAT},,,1 rue Haute,75001,Paris")[0].siren == samples.SIREN


def test_a_customer_without_any_address_goes_in_with_a_warning(reading: Any) -> None:
    customer, reasons = read_one(reading, "C1,Alpha,,,,,,,,")
    assert (customer.address_lines, reasons) == ((), ["no_address"])


def test_a_code_met_twice_is_set_aside(reading: Any) -> None:
    found = reading("customers.csv", (HEAD + "C1,Alpha,,,,,,1 rue Haute,75001,Paris\n" * 2).encode())
    assert (len(found.customers), found.set_aside, found.problems[0].reason) == (1, 1, "duplicate")


@given(st.lists(st.text("abcdé -'", max_size=60), max_size=5))
def test_wrapped_address_lines_lose_no_word(lines: list[str]) -> None:
    wrapped, fits = identifiers.postal_lines(lines)
    assert " ".join(wrapped).split() == " ".join(lines).split()
    assert not fits or (len(wrapped) <= 6 and all(len(line) <= 38 for line in wrapped))


def test_a_too_long_address_is_cut_and_said(reading: Any) -> None:
    customer, reasons = read_one(reading, f"C1,Alpha,,,,,,{'x' * 50},75001,Paris")
    assert reasons == ["address_too_long"]
    assert customer.address_lines == ("x" * 38,)


def test_an_account_number_finds_its_iban_only_when_one_fits() -> None:
    known = (samples.IBAN, samples.OTHER_IBAN)
    assert identifiers.resolved_account("00000000001", known) == samples.IBAN
    assert identifiers.resolved_account("99999", known) == "99999"

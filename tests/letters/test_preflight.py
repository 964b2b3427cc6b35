"""Before a letter is frozen: data that would cut it or lose it go to a person, with the reason."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from recouvrement.domain.parties import DebtorKind
from recouvrement.letters import (
    Flaw,
    Letter,
    Message,
    MessageCode,
    ToCorrect,
    for_email,
    for_post,
    pages_of,
    ready_letter,
    specimen,
)

NOTICE = specimen(MessageCode.MISE_EN_DEMEURE)


def addressed(**changes: Any) -> Message:
    return replace(NOTICE, recipient=replace(NOTICE.recipient, **changes))


def flaws(message: Message) -> set[Flaw]:
    return {correction.flaw for correction in for_post(message)}


def test_a_good_letter_is_ready(moment: datetime) -> None:
    letter = ready_letter(NOTICE, moment)
    assert isinstance(letter, Letter)
    assert letter.pages == pages_of(letter.pdf) == 2
    assert letter.composed.stage.startswith("Mise en demeure")


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"name": "X" * 300}, Flaw.ADDRESS_TOO_WIDE),
        ({"address": ("a" * 39, "44000 Nantes")}, Flaw.ADDRESS_TOO_WIDE),
        ({"address": ("1", "2", "3", "4", "5", "44000 Nantes")}, Flaw.ADDRESS_TOO_TALL),
        ({"address": ()}, Flaw.ADDRESS_MISSING),
        ({"address": ("", "  ")}, Flaw.ADDRESS_MISSING),
        ({"name": "\u202e\u200b"}, Flaw.ADDRESS_MISSING),
        ({"address": ("3 quai de la Fosse", "Nantes")}, Flaw.POSTCODE_MISSING),
        ({"address": ("улица Мира 3", "44000 Nantes")}, Flaw.ADDRESS_NOT_LATIN),
    ],
)
def test_addresses_that_cannot_be_delivered(changes: dict[str, Any], flaw: Flaw) -> None:
    assert flaw in flaws(addressed(**changes))


def test_six_lines_of_thirty_eight_characters_pass() -> None:
    assert flaws(addressed(name="É" * 38, address=("a" * 38,) * 4 + ("44000 NANTES CEDEX 1",))) == set()


def test_name_repeated_as_first_address_line_counts_once() -> None:
    message = addressed(address=(NOTICE.recipient.name, "1", "2", "3", "4", "44000 Nantes"))
    assert flaws(message) == set()


def test_an_address_abroad_ends_with_its_country_once() -> None:
    """The French post sorts by the last line, in capitals and in French."""
    for lines in (("Hauptstraße 3", "10115 Berlin"), ("Hauptstraße 3", "10115 Berlin", "Allemagne")):
        window = addressed(country="DE", address=lines).recipient.window
        assert [line.upper() for line in window].count("ALLEMAGNE") == 1
        assert window[-1].upper() == "ALLEMAGNE"
    assert (
        addressed(country="MQ", address=("1 rue Haute", "97200 Fort-de-France")).recipient.window[-1]
        == "97200 Fort-de-France"
    )


def test_foreign_address_needs_no_french_postcode() -> None:
    assert flaws(addressed(country="DE", address=("Hauptstraße 3", "D-10115 Berlin", "ALLEMAGNE"))) == set()


def test_characters_no_font_draws_are_named(moment: datetime) -> None:
    refused = ready_letter(addressed(name="Café 😀"), moment)
    assert isinstance(refused, ToCorrect)
    assert [(c.flaw, c.detail) for c in refused.corrections] == [(Flaw.CHARACTERS, "U+1F600")]


def test_too_many_pages_is_said_never_cut(moment: datetime) -> None:
    base = specimen(MessageCode.STATEMENT)
    lines = tuple(replace(base.lines[0], invoice_number=f"FA-{rank:05d}") for rank in range(400))
    long = replace(base, lines=lines, totals=replace(base.totals, principal_cents=400 * lines[0].open_cents))
    refused = ready_letter(long, moment)
    assert isinstance(refused, ToCorrect)
    assert [correction.flaw for correction in refused.corrections] == [Flaw.TOO_MANY_PAGES]
    assert isinstance(ready_letter(long, moment, max_pages=45), Letter)


def test_wrong_iban_stops_letter_and_email(moment: datetime) -> None:
    account = replace(NOTICE.sender.account, iban="FR7630006000011234567890188")
    message = replace(NOTICE, sender=replace(NOTICE.sender, account=account))
    assert Flaw.IBAN_WRONG in flaws(message)
    assert [correction.flaw for correction in for_email(message)] == [Flaw.IBAN_WRONG]
    assert isinstance(ready_letter(message, moment), ToCorrect)


def test_formal_notice_needs_a_known_kind_and_the_companys_mentions() -> None:
    unknown = specimen(MessageCode.MISE_EN_DEMEURE, DebtorKind.UNKNOWN)
    assert Flaw.KIND_UNKNOWN in flaws(unknown)
    nameless = replace(NOTICE, sender=replace(NOTICE.sender, siren=None))
    assert Flaw.SENDER_INCOMPLETE in flaws(nameless)
    reminder = specimen(MessageCode.FRIENDLY_REMINDER, DebtorKind.UNKNOWN)
    assert flaws(replace(reminder, sender=nameless.sender)) == set()


def test_formal_notice_does_not_rest_on_a_rate_not_yet_published() -> None:
    segments = tuple(replace(segment, is_provisional=True) for segment in NOTICE.segments)
    assert flaws(replace(NOTICE, segments=segments)) == {Flaw.RATE_PROVISIONAL}
    reminder = specimen(MessageCode.FIRM_REMINDER)
    assert flaws(replace(reminder, segments=segments)) == set()


@pytest.mark.parametrize(
    ("address", "flaw"),
    [(None, Flaw.EMAIL_MISSING), ("", Flaw.EMAIL_MISSING), ("a@b", Flaw.EMAIL_WRONG), ("a@b.fr\r\n", Flaw.EMAIL_WRONG)],
)
def test_email_address_is_checked_before(address: str | None, flaw: Flaw) -> None:
    assert [correction.flaw for correction in for_email(addressed(email=address))] == [flaw]


def test_corrections_show_no_personal_data(moment: datetime) -> None:
    hostile = addressed(
        name="Odile Garçon-Secret 漢" + "x" * 40, address=("улица Тайная", "Nulle part"), email="odile@secret"
    )
    refused = ready_letter(hostile, moment)
    assert isinstance(refused, ToCorrect)
    shown = repr(refused) + repr(for_email(hostile))
    for secret in ("Odile", "Secret", "Тайная", "odile", "Nulle"):
        assert secret not in shown

"""Addresses that fail: bounces close them or not, a person corrects or vouches for them, and nothing leaves twice."""

from datetime import date

import pytest

from recouvrement.day.addresses import NewAddress, address_works, correct_address
from recouvrement.day.answers import Meaning, Said, mark_read
from recouvrement.ledger.addresses import Medium
from tests.channels.answers import bounce_in_free_words, bounce_of
from tests.channels.firm import (  # noqa: F401 (fixtures)
    CUSTOMERS,
    DAY,
    MONDAY,
    Firm,
    S,
    copied_firm,
    home_on_monday,
    mail_server,
    started,
)


def test_a_hard_bounce_closes_the_address_and_the_next_channel_goes(firm: Firm) -> None:
    assert firm.comes(bounce_of(firm.letter, "5.1.1")).taken == {"bounce": 1}

    firm.run(MONDAY + DAY)

    assert [(row.state, row.channel) for row in firm.contacts()] == [("bounced", "email"), ("sent", "letter")]
    assert firm.run(date(2026, 3, 20)).planned.planned == {"call": 1} or firm.contacts()[-1].channel == "letter"


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1"])
def test_a_bounce_that_blames_no_address_leaves_it_open(firm: Firm, status: str) -> None:
    """Gone for this time: a queue that gave up, a full mailbox, a filter. The step falls back, the address stays."""
    firm.comes(bounce_of(firm.letter, status))
    firm.run(MONDAY + DAY)

    assert [(row.state, row.channel) for row in firm.contacts()] == [("bounced", "email"), ("sent", "letter")]
    assert firm.closed_addresses() == {}


def test_on_trial_no_debtor_is_blamed_for_the_address_that_all_goes_to(firm: Firm) -> None:
    firm.under(redirect_all_to="essai@atelier.example").comes(bounce_of(firm.letter, "5.1.1"))

    assert firm.contacts()[0].state == "bounced"
    assert firm.closed_addresses() == {}


def test_a_delay_is_no_bounce(firm: Firm) -> None:
    firm.comes(bounce_of(firm.letter, "4.4.1", action="delayed"))

    assert [row.state for row in firm.contacts()] == ["sent"]


def test_a_bounce_without_message_id_is_found_by_the_address_it_names(firm: Firm) -> None:
    firm.comes(bounce_of(firm.letter, "5.1.1", quotes=False))

    assert [row.state for row in firm.contacts()] == ["bounced"]


def test_a_bounce_in_free_words_waits_for_a_person(firm: Firm) -> None:
    firm.comes(bounce_in_free_words(firm.letter))
    [waiting] = firm.waiting()
    assert (waiting["kind"], firm.contacts()[0].state) == ("bounce", "sent")

    mark_read(firm.house, waiting["reply"], Said(Meaning.UNDELIVERED), on=MONDAY + DAY, operator="owner")

    assert firm.contacts()[0].state == "bounced"


def test_a_receipt_says_delivered(firm: Firm) -> None:
    firm.comes(bounce_of(firm.letter, "2.0.0", action="delivered"))

    assert [row.state for row in firm.contacts()] == ["delivered"]
    assert firm.waiting() == []


def test_a_corrected_address_is_written_to_once_more(firm: Firm) -> None:
    """The same step, through the same channel, under another Message-ID: the first one reached nobody."""
    firm.take("noaddress.csv", CUSTOMERS.replace("1 rue du Bois,35000,Rennes", ",,"))
    firm.comes(bounce_of(firm.letter, "5.1.1"))

    done = correct_address(firm.house.on_day(MONDAY + DAY), "C1", NewAddress(email="neuf@roy.example"), on=MONDAY + DAY, operator="owner")  # fmt: skip
    assert done.refused == ""
    firm.run(MONDAY + DAY)

    first, second = firm.contacts()
    assert (first.state, second.state, second.recipient) == ("cancelled", "sent", "neuf@roy.example")
    assert (first.step, first.channel) == (second.step, second.channel)
    assert first.message_id != second.message_id
    assert ("bounced", "hard_bounce_5.1.1") in firm.events()


def test_a_person_vouches_for_an_address(firm: Firm) -> None:
    firm.comes(bounce_of(firm.letter, "5.1.1"))

    assert address_works(firm.house, "C1", Medium.EMAIL, on=MONDAY + DAY, operator="owner").refused == ""
    firm.run(MONDAY + DAY)

    assert [(row.state, row.channel) for row in firm.contacts()] == [("cancelled", "email"), ("sent", "email")]


def test_what_left_is_never_let_go_again(firm: Firm) -> None:
    address_works(firm.house, "C1", Medium.EMAIL, on=MONDAY + DAY, operator="owner")
    firm.run(MONDAY + DAY)

    assert [row.state for row in firm.contacts()] == ["sent"]


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (NewAddress(), "no_address"),
        (NewAddress(email="a@b.fr>\r\nDATA"), "not_an_email_address"),
        (NewAddress(phone="appelez-moi"), "not_a_telephone_number"),
        (NewAddress(lines=("x" * 39,)), "postal_line_too_long"),
        (NewAddress(email="a@b.fr"), "unknown_debtor"),
    ],
)
def test_what_cannot_be_an_address_is_refused(firm: Firm, new: NewAddress, refused: str) -> None:
    before = firm.house.ledger.known_to()

    assert correct_address(firm.house, "C9", new, on=MONDAY, operator="owner").refused == refused
    assert firm.house.ledger.known_to() == before

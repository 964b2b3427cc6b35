"""Text messages leave through the outbox: once, at their rate, and doubt stays doubt."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.ledger.book import Ledger
from tests.channels.firm import CUSTOMERS, DAY, MONDAY, Firm, firm_with
from tests.channels.http_server import Answer, HttpServer

OLD, NEW = 'channels = ["email", "letter"]', 'channels = ["sms", "letter"]'
IBAN = "FR7630006000011234567890189"
MOBILE = CUSTOMERS.replace("compta@roy.example,,", "compta@roy.example,06 12 34 56 78,")


def firm_at(folder: Path, url: str, customers: str = MOBILE) -> Firm:
    return firm_with(folder, OLD, NEW, customers=customers, sms_url=url, sms_key="jeton", sms_sender="ATELIER")


def test_a_step_by_text_message(tmp_path: Path) -> None:
    with HttpServer(lambda _: Answer(202, b'{"id": "g-1"}')) as gateway:
        firm = firm_at(tmp_path, gateway.url)
        firm.run(MONDAY)
        firm.run(MONDAY)
    [request] = gateway.requests
    [row] = firm.contacts()
    sent = json.loads(request.body)
    assert (row.state, row.channel, sent["to"], request.headers["Idempotency-Key"]) == (
        "sent",
        "sms",
        "+33612345678",
        row.id,
    )
    assert sent["text"] == "Atelier du Nord - Facture FA-1 échue le 20 février 2026 : 500,00 € - D-C1 - 0240000000"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(429), "ready"),
        (Answer(422), "failed"),
        (Answer(500), "unknown"),
        (None, "unknown"),
        (Answer(401), "ready"),
    ],
)
def test_the_answers_of_the_gateway_become_states(tmp_path: Path, answer: Answer | None, state: str) -> None:
    with HttpServer(lambda _: answer) as gateway:
        firm = firm_at(tmp_path, gateway.url)
        firm.run(MONDAY)
        drain(firm.house, on=MONDAY, pace=False)
    assert firm.contacts()[0].state == state
    assert len(gateway.requests) == (2 if answer == Answer(401) else 1)


def test_without_a_mobile_the_next_channel_goes(tmp_path: Path) -> None:
    firm = firm_at(tmp_path, "http://127.0.0.1:9", CUSTOMERS.replace("example,,1", "example,02 99 00 00 00,1"))
    firm.run(MONDAY)
    assert [row.channel for row in firm.contacts()] == ["letter"]


def test_without_a_gateway_it_is_set_aside_and_told(tmp_path: Path) -> None:
    firm = firm_at(tmp_path, "")
    report = firm.run(MONDAY)
    assert [reason for _, reason in report.planned.set_aside] == ["no_sms_gateway"]


@pytest.mark.parametrize(
    "settings", [{"sms_url": "https://gateway.example/sms"}, {"redirect_all_to": "essai@firme.example"}]
)
def test_a_trial_texts_nobody(tmp_path: Path, settings: dict[str, str]) -> None:
    with HttpServer(lambda _: Answer(202)) as gateway:
        firm = firm_at(tmp_path, gateway.url if "sms_url" not in settings else "https://gateway.example/sms")
        firm = firm.under(**settings)
        firm.run(MONDAY)
    reached = [request for request in gateway.requests if "redirect_all_to" in settings]
    assert len(reached) <= 1  # a gateway on this machine is a trial's own
    assert firm.contacts()[0].state == ("ready" if "sms_url" in settings else "sent")


def test_both_channels_of_a_step_are_needed(tmp_path: Path) -> None:
    with HttpServer(lambda _: Answer(202)) as gateway:
        both = NEW + "\nall_channels = true"
        firm = firm_with(tmp_path, OLD, both, customers=MOBILE, sms_url=gateway.url, sms_key="jeton")
        firm.run(MONDAY)
        firm.run(MONDAY + DAY)
    assert [(row.channel, row.step) for row in firm.contacts()] == [
        ("sms", "friendly_reminder"),
        ("letter", "friendly_reminder"),
    ]


def test_no_text_message_leaves_at_night_and_the_tally_says_so(tmp_path: Path) -> None:
    night = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    with HttpServer(lambda _: Answer(202, b'{"id": "g-1"}')) as gateway:
        firm = firm_at(tmp_path, gateway.url)
        firm.take(
            "bank.csv",
            f"Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit\n{IBAN};01/03/2026;01/03/2026;FRAIS;;1,00;\n",
        )
        run_day(firm.house, on=MONDAY, mode=Mode.LIVE)
        late = replace(firm.house, ledger=Ledger(firm.house.ledger.engine, lambda: night))

        told = drain(late, on=MONDAY, pace=False)
        assert (told.why, dict(told.outcomes), gateway.requests) == ("outside_sending_hours", {}, [])

        told = drain(firm.house.on_day(MONDAY), on=MONDAY, pace=False)
        assert (told.why, dict(told.outcomes)) == ("", {"accepted": 1})
        assert drain(late, on=MONDAY, pace=False).why == "", "nothing is left that waits for the morning"

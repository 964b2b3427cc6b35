"""Registered letters through a service: each leaves once, whatever fails, and what it proves comes back."""

from pathlib import Path

import pytest

from recouvrement.day.other_channels import gather_proofs
from recouvrement.day.sending import drain
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.proofs import proofs_of
from tests.channels.fake_maileva import FakeMaileva
from tests.channels.firm import DAY, MONDAY, Firm, firm_with

OLD, NEW = 'channels = ["email", "letter"]', 'channels = ["registered_letter"]'


def firm_at(folder: Path, url: str) -> Firm:
    account = {"maileva_client": "c", "maileva_secret": "s", "maileva_user": "u", "maileva_password": "bon"}
    return firm_with(folder, OLD, NEW, postal_carrier="maileva", maileva_api=url, maileva_login=url, **account)


def state(firm: Firm) -> str:
    return str(firm.contacts()[0].state)


def test_a_letter_is_submitted_once_and_its_proofs_come_back(tmp_path: Path) -> None:
    fake = FakeMaileva()
    with fake.serve() as server:
        firm = firm_at(tmp_path, server.url)
        firm.run(MONDAY)
        drain(firm.house, on=MONDAY, pace=False)
        assert (state(firm), fake.submissions) == ("sent", ["s1"])
        fake.recipients["s1"][0] |= {
            "registered_number": "1E00232062142", "deposit_proof_date": "2026-03-03T10:00:00.000Z", "deposit_proof_url": "x",
            "delivery_statuses": [{"code": "LP15", "date": "2026-03-05T10:00:00.000Z"}],
        }  # fmt: skip
        later = firm.house.on_day(MONDAY + 7 * DAY)
        found = gather_proofs(later, None, on=MONDAY + 7 * DAY, operator="owner")
        again = gather_proofs(later, None, on=MONDAY + 7 * DAY, operator="owner")
    assert (dict(found.recorded), found.scans) == ({"deposited": 1, "delivered": 1}, 1)
    assert (dict(again.recorded), again.scans, again.known) == ({}, 0, 3)
    with firm.house.ledger.reading() as connection:
        as_of = AsOf(MONDAY + 30 * DAY, 10**6)
        assert [row.registered_number for row in proofs_of(connection, firm.contacts()[0].id, as_of)] == [
            "1E00232062142"
        ] * 2
        assert [one.kind for one in documents_of(connection, firm.contacts()[0].debtor_id, as_of)] == ["deposit_proof"]


@pytest.mark.parametrize(("path", "trouble"), [("/sendings", 503), ("/documents", "drop"), ("/recipients", "lost")])
def test_an_outage_before_the_submission_is_for_later(tmp_path: Path, path: str, trouble: str | int) -> None:
    fake = FakeMaileva()
    with fake.serve() as server:
        firm = firm_at(tmp_path, server.url)
        fake.fail[("POST", path)] = trouble
        firm.run(MONDAY)
        assert (state(firm), fake.submissions) == ("ready", [])
        drain(firm.house, on=MONDAY, pace=False)
    assert (state(firm), fake.submissions, len(fake.sendings)) == ("sent", ["s1"], 1)


@pytest.mark.parametrize("trouble", ["drop", "lost"])
def test_a_submission_without_an_answer_is_unknown_until_the_service_says(tmp_path: Path, trouble: str) -> None:
    fake = FakeMaileva()
    with fake.serve() as server:
        firm = firm_at(tmp_path, server.url)
        fake.fail[("POST", "/submit")] = trouble
        firm.run(MONDAY)
        drain(firm.house, on=MONDAY, pace=False)
        assert state(firm) == "unknown"
        fake.sendings["s1"]["statuses"].append(
            {"code": fake.sendings["s1"]["status"], "date": "2026-03-02T09:30:00.000Z"}
        )
        gather_proofs(firm.house, None, on=MONDAY + DAY, operator="owner")
    assert state(firm) == ("sent" if trouble == "drop" else "unknown")  # never submitted again by itself
    assert len(fake.submissions) == (1 if trouble == "drop" else 0)


def test_what_the_service_refuses_fails_and_blames_no_address(tmp_path: Path) -> None:
    fake = FakeMaileva()
    with fake.serve() as server:
        firm = firm_at(tmp_path, server.url)
        fake.fail[("POST", "/recipients")] = 400
        firm.run(MONDAY)
    assert (state(firm), fake.submissions) == ("failed", [])
    assert firm.events()[-1] == ("failed", "refused_by_service")
    assert firm.closed_addresses() == {}


def test_a_trial_reaches_no_service(tmp_path: Path) -> None:
    """A ledger with a simulated clock prints its letters instead."""
    firm = firm_at(tmp_path, "https://api.maileva.com")
    firm.run(MONDAY)
    assert state(firm) == "sent"
    assert len(list((firm.house.settings.home / "out" / "post").iterdir())) == 1

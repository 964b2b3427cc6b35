"""The mailbox and its forms in Prefect: counts and codes only, refusals with nothing written."""

from pathlib import Path

import pytest
from sqlalchemy import select

from flows.daily import daily_recovery
from flows.forms_listening import address_works, attach_reply, correct_address, import_postal_proofs, mark_read
from flows.mailbox import mailbox
from recouvrement.channels.catcher import Catcher
from recouvrement.channels.maildir import deliver
from recouvrement.day.house import House
from recouvrement.day.to_read import to_read
from recouvrement.ledger.content import fetch
from recouvrement.ledger.tables.contacts import contact
from tests.channels.answers import reply_to
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, PERSON, POISON

SECRET = "Je suis malade et je ne peux pas payer."


def letter_to(house: House, recipient: str) -> bytes:
    with house.ledger.reading() as connection:
        name = connection.scalar(select(contact.c.frozen_sha256).where(contact.c.recipient == recipient))
        assert name is not None
        return fetch(connection, name)


def test_replies_are_read_shown_by_code_and_answered_by_forms(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = ledger()
    with Catcher(tmp_path / "sent") as catcher:
        monkeypatch.setenv("RECOUVREMENT_SMTP_PORT", str(catcher.port))
        day = daily_recovery(on=DAY, mode="live", return_state=True)
    assert day.is_completed()
    inbox = tmp_path / "inbox"
    monkeypatch.setenv("RECOUVREMENT_MAILDIR", str(inbox))
    deliver(inbox, reply_to(letter_to(house, POISON), SECRET, sender=POISON))
    deliver(inbox, f"From: {PERSON} <inconnu@ailleurs.example>\r\nSubject: bonjour\r\n\r\n{SECRET}\r\n".encode())

    state = mailbox(on=DAY, return_state=True)

    assert (state.name, "mail_of_nobody_known:1" in str(state.message)) == ("Partial", True)
    rows = {row["debtor"]: row["reply"] for row in to_read(house, on=DAY)}
    assert set(rows) == {"C2", ""}
    assert str(rows["C2"]) in server.artifacts()["replies-to-read"]

    before = count(house, "act")
    wrong = mark_read(reply=rows["C2"], meaning="promise", operator="owner", amount="10", on=DAY, return_state=True)
    assert (wrong.name, "until_missing" in str(wrong.message), count(house, "act")) == ("Refused", True, before)
    said = mark_read(
        reply=rows["C2"], meaning="promise", operator="owner", amount="340,50", until="2026-12-01", on=DAY, return_state=True
    )  # fmt: skip
    assert (said.is_completed(), count(house, "promise")) == (True, 1)
    assert attach_reply(reply=rows[""], debtor="C1", operator="owner", on=DAY, return_state=True).is_completed()

    notes = house.inbox / "notes"
    notes.mkdir(exist_ok=True)
    assert correct_address(debtor="C1", note="0" * 26, operator="owner", on=DAY, return_state=True).name == "Refused"
    assert address_works(debtor="C1", medium="email", operator="owner", on=DAY, return_state=True).is_completed()
    assert import_postal_proofs(file="absent.csv", operator="owner", on=DAY, return_state=True).name == "Refused"
    assert import_postal_proofs(file="all", operator="owner", on=DAY, return_state=True).is_completed()

    kept = server.kept()
    for personal in (POISON, PERSON, "malade", "ailleurs.example"):
        assert personal.encode() not in kept


def test_without_a_mailbox_the_flow_says_so(server: Server, ledger: MakeLedger) -> None:
    ledger()

    state = mailbox(on=DAY, return_state=True)

    assert (state.name, "No mailbox is set" in str(state.message)) == ("Completed", True)

"""Debtors answer: what they write stops the ladder, what a person makes of it moves it, and refusals blame the right one."""

from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from pydantic import SecretStr

from recouvrement.channels.maildir import deliver
from recouvrement.day.answers import Meaning, Said, mark_read
from recouvrement.day.listening import listen, mailbox_of
from tests.channels import dovecot
from tests.channels.answers import bounce_of, reply_to
from tests.channels.dovecot import imap_server  # noqa: F401 (a fixture)
from tests.channels.faults import Fault, FaultServer
from tests.channels.firm import (  # noqa: F401 (fixtures)
    DAY,
    MONDAY,
    Firm,
    copied_firm,
    home_on_monday,
    mail_server,
)
from tests.scenarios.conftest import Story
from tests.scenarios.openings import ROY


def test_a_reply_that_says_nothing_delays_and_no_more(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  reply F-17       Bien reçu.
        2026-02-16  run              -> nothing (reply_unread)
        2026-02-17  read nothing
        2026-02-18  run              -> call by call F-17
    """
    )


def test_a_reply_that_promises_waits_for_the_day_promised(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  reply F-17       Nous paierons le 25 février.
        2026-02-11  read promise  1200.00  2026-02-25
        2026-02-16  run              -> nothing (promised)
        2026-02-25  payment F-17     1200.00
        2026-02-26  run              -> nothing (nothing_open)
    """
    )


def test_a_reply_that_says_paid_waits_for_the_bank(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  reply F-17       Déjà réglé par virement.
        2026-02-11  read paid
        2026-02-16  run              -> nothing (on_hold)
        2026-02-23  run              -> call by call F-17
    """
    )


def test_a_letter_that_was_ready_does_not_leave_over_an_unread_reply(story: Story) -> None:
    """The reply comes between the decision and the sending: the claim reads the position again."""
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-16  run              -> call by call F-17
        2026-02-17  call F-17
        2026-02-23  plan             -> firm_reminder F-17
        2026-02-23  reply F-17       Attendez, je regarde.
        2026-02-23  send             -> 0 e-mails
        2026-02-24  run              -> nothing (reply_unread)
    """
    )


@pytest.mark.parametrize(
    ("reply", "blamed"),
    [
        ("550 5.1.1 unknown user", True),
        ("550 no such user here", True),
        ("550 5.7.1 rejected by policy", False),
        ("552 5.2.2 mailbox full", False),
        ("554 5.6.0 message looks like spam", False),
    ],
)
def test_only_a_refusal_of_the_address_marks_it(firm: Firm, reply: str, blamed: bool) -> None:
    """All of them fail, and the step goes by the next channel; a spam filter or a full mailbox says nothing of the address."""
    with FaultServer(Fault("rcpt", reply=reply)) as server:
        there = firm.under(smtp_port=server.port)
        there.comes(bounce_of(firm.letter, "4.4.7"))  # the first one did not arrive: the step goes on
        there.take(
            "c.csv",
            "customer_id,name,kind,email,address,postcode,city\nC2,Garnier,business,compta@garnier.example,,,\n",
        )
        there.take(
            "i.csv", "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nFA-2,invoice,C2,2026-01-20,2026-02-20,300.00,EUR\n",
        )  # fmt: skip
        there.run(MONDAY + DAY)
    failed = [row for row in there.contacts() if row.state == "failed"]
    assert [row.channel for row in failed] == ["email"]
    assert there.closed_addresses() == ({failed[0].debtor_id: frozenset({"compta@garnier.example"})} if blamed else {})


def the_whole_path(firm: Firm) -> None:
    """The reply came to the mailbox of the settings: paused, read, and the next step on its day."""
    source = mailbox_of(firm.house)
    assert source is not None
    assert listen(firm.house.on_day(MONDAY + DAY), MONDAY + DAY, source).taken == {"reply": 1}
    assert listen(firm.house.on_day(MONDAY + DAY), MONDAY + DAY, source).new == 0
    assert firm.run(MONDAY + 14 * DAY).tallies.reasons == {"reply_unread": 1}
    [waiting] = firm.waiting(MONDAY + 14 * DAY)
    mark_read(firm.house, waiting["reply"], Said(Meaning.NOTHING), on=MONDAY + 14 * DAY, operator="owner")
    assert firm.run(MONDAY + 15 * DAY).tallies.contacts == 1


def test_the_whole_path_through_a_maildir(firm: Firm, tmp_path: Path) -> None:
    deliver(tmp_path / "mail", reply_to(firm.letter, "Je regarde."))
    there = firm.under(maildir=tmp_path / "mail")

    the_whole_path(there)

    assert there.waiting(MONDAY + 15 * DAY) == []


def reading(server: dovecot.Dovecot, firm: Firm, **more: str) -> Firm:
    """The firm, whose mailbox is on that server."""
    return firm.under(
        imap_host="127.0.0.1", imap_port=server.port, imap_security="none", imap_user=dovecot.USER,
        imap_password=SecretStr(dovecot.PASSWORD), **more,
    )  # fmt: skip


def test_the_whole_path_through_a_real_imap_server(firm: Firm, server: dovecot.Dovecot) -> None:
    with MailBoxUnencrypted("127.0.0.1", server.port, 10).login(dovecot.USER, dovecot.PASSWORD) as client:
        client.append(reply_to(firm.letter, "Je regarde."))
    the_whole_path(reading(server, firm))
    assert "S" not in server.flags()  # still unseen for the people who read it


def test_a_mailbox_that_was_renumbered_doubles_nothing(firm: Firm, server: dovecot.Dovecot) -> None:
    """Another UIDVALIDITY: everything is read again, and known by its bytes."""
    source = mailbox_of(reading(server, firm, imap_folder="INBOX.relances").house)
    assert source is not None
    answer = reply_to(firm.letter, "Je regarde.")
    found = []
    for _ in range(2):
        with MailBoxUnencrypted("127.0.0.1", server.port, 10).login(dovecot.USER, dovecot.PASSWORD) as client:
            if client.folder.exists("INBOX.relances"):
                client.folder.delete("INBOX.relances")
            client.folder.create("INBOX.relances")
            client.append(answer, "INBOX.relances")
        found.append(listen(firm.house.on_day(MONDAY + DAY), MONDAY + DAY, source).as_json()["taken"])
    assert found[0] == {"reply": 1}
    assert found[1] in ({"known": 1}, {})  # a folder made again within a second may keep its number
    assert len(firm.waiting()) == 1

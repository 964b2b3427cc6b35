"""What comes back reaches the ledger once: replies stop, bounces close the address, absences change nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.channels.mailbox import Arrival, MaildirMailbox
from recouvrement.channels.maildir import deliver
from recouvrement.day import incoming_mail
from recouvrement.day.addresses import NewAddress, correct_address
from recouvrement.day.answers import Meaning, Said, attach_reply, mark_read
from recouvrement.day.house import House
from recouvrement.day.listening import listen
from recouvrement.domain.journal import Broken
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.content import fetch
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.facts import open_facts
from recouvrement.ledger.journal import chain_lines, verify_all
from recouvrement.ledger.replies import unread_debtors
from recouvrement.ledger.tables.replies import reply
from tests.channels.answers import absence_of, bounce_of, message_id, reply_to
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


def test_a_reply_is_evidence_and_stops_the_ladder_until_it_is_read(firm: Firm) -> None:
    answer = reply_to(firm.letter, "Bonjour, je regarde.")

    assert firm.comes(answer).as_json() == {"taken": {"reply": 1}, "found_sent": 0, "more": False}

    [row] = firm.contacts()
    [waiting] = firm.waiting()
    assert row.state == "replied"
    assert (waiting["debtor"], waiting["found_by"], waiting["wait_until"]) == ("C1", "quoted", "2026-03-05")
    with firm.house.ledger.reading() as connection:
        [paper] = documents_of(connection, row.debtor_id, AsOf(MONDAY + DAY, 10**6))
        assert (paper.kind, fetch(connection, paper.sha256)) == ("reply", answer)
        assert {v for v in verify_all(connection).values() if isinstance(v, Broken)} == set()
        assert not any("roy.example" in line or "regarde" in line for line in chain_lines(connection, row.debtor_id))
    assert firm.run(date(2026, 3, 20)).tallies.reasons == {"reply_unread": 1}
    assert firm.waiting(date(2026, 3, 20))[0]["overdue"]

    done = mark_read(firm.house, waiting["reply"], Said(Meaning.NOTHING), on=date(2026, 3, 20), operator="owner")

    assert done.refused == ""
    assert firm.waiting(date(2026, 3, 23)) == []
    assert firm.run(date(2026, 3, 23)).tallies.contacts == 1


def test_on_postgresql_too(
    make_house: Callable[..., House], fresh_postgresql: str, tmp_path: Path, sends: Catcher
) -> None:
    on_postgresql = started(make_house(database_url=fresh_postgresql), tmp_path / "inbox", sends)

    test_a_reply_is_evidence_and_stops_the_ladder_until_it_is_read(on_postgresql)

    assert [row.state for row in on_postgresql.contacts()][:1] == ["replied"]


def test_a_second_reply_stops_it_again(firm: Firm) -> None:
    letter = firm.letter
    firm.comes(reply_to(letter, "Un."))
    mark_read(firm.house, firm.waiting()[0]["reply"], Said(Meaning.NOTHING), on=MONDAY + DAY, operator="owner")

    firm.comes(reply_to(letter, "Deux."), on=MONDAY + 2 * DAY)

    assert len(firm.waiting(MONDAY + 2 * DAY)) == 1
    assert firm.run(date(2026, 3, 20)).tallies.reasons == {"reply_unread": 1}


def test_the_day_before_the_reply_was_read_still_says_unread(firm: Firm) -> None:
    """Both times count: a day is decided with what had happened by then."""
    firm.comes(reply_to(firm.letter, "Un."))
    mark_read(firm.house, firm.waiting()[0]["reply"], Said(Meaning.NOTHING), on=date(2026, 3, 10), operator="owner")

    assert len(firm.waiting(date(2026, 3, 9))) == 1
    assert firm.waiting(date(2026, 3, 10)) == []


def test_the_same_message_again_changes_nothing(firm: Firm) -> None:
    answer = reply_to(firm.letter, "Bonjour.")
    firm.comes(answer)
    before = firm.house.ledger.known_to()

    again = firm.comes(answer)  # a copy under another name, as after a change of UIDVALIDITY

    assert again.as_json()["taken"] == {"known": 2}
    assert len(firm.waiting()) == 1
    assert firm.house.ledger.known_to() - before <= 1  # nothing but where the reading stopped


@pytest.mark.parametrize("dies_at", ["record_reply", "_follow"])
def test_a_reader_that_dies_loses_nothing_and_doubles_nothing(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    answers = [reply_to(firm.letter, f"{n}") for n in range(3)]
    left = [1]
    real = getattr(incoming_mail, dies_at)

    def dying(*args: Any, **kwargs: Any) -> Any:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return real(*args, **kwargs)

    monkeypatch.setattr(incoming_mail, dies_at, dying)
    with pytest.raises(KeyboardInterrupt):
        firm.comes(*answers)
    monkeypatch.undo()

    firm.comes()

    assert len(firm.waiting()) == 3
    assert firm.events().count(("replied", "reply")) == 1


def test_two_readers_of_one_mailbox_take_each_message_once(firm: Firm) -> None:
    """The second finds the bytes when it looks again inside its act."""
    desk = incoming_mail.desk_of(firm.house, "main", MONDAY + DAY)
    arrival = Arrival("1:1", datetime(2026, 3, 3, 9, tzinfo=UTC), reply_to(firm.letter, "Oui."))
    known = incoming_mail.is_known
    seen: list[bool] = []

    def late(connection: Any, digest: str) -> bool:
        seen.append(True)
        if len(seen) == 1:
            incoming_mail.take_message(desk, arrival)  # the other reader, in between
            return False
        return known(connection, digest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incoming_mail, "is_known", late)
        assert incoming_mail.take_message(desk, arrival) is incoming_mail.Taken.KNOWN
    assert len(firm.waiting()) == 1


def test_an_absence_is_kept_and_changes_nothing(firm: Firm) -> None:
    assert firm.comes(absence_of(firm.letter)).taken == {"out_of_office": 1}

    assert [row.state for row in firm.contacts()] == ["sent"]
    assert firm.waiting() == []


@pytest.mark.parametrize(("make", "after"), [(bounce_of, "bounced"), (reply_to, "replied"), (absence_of, "sent")])
def test_whatever_quotes_a_message_of_unknown_fate_proves_that_it_left(
    firm: Firm, make: Callable[..., bytes], after: str
) -> None:
    firm.put(S.UNKNOWN)
    message = make(firm.letter) if make is absence_of else make(firm.letter, "5.1.1")

    firm.comes(message)

    assert [row.state for row in firm.contacts()] == [after]
    assert any(reason and reason.startswith("proved_by_") for _, reason in firm.events())


def test_the_folder_of_sent_messages_settles_what_was_unknown(firm: Firm, tmp_path: Path) -> None:
    firm.put(S.UNKNOWN)
    kept = tmp_path / "kept"
    deliver(kept, firm.letter)

    found = listen(firm.house.on_day(MONDAY), MONDAY, MaildirMailbox(firm.folder, sent=kept))

    assert found.found_sent == 1
    assert firm.contacts()[0].state == "sent"


def test_an_answer_that_overtakes_the_verdict_waits_for_it(firm: Firm) -> None:
    """A bounce may come while the row is still `sending`: it is read again next time, and nothing is lost."""
    firm.put(S.SENDING)
    assert firm.comes(bounce_of(firm.letter, "5.1.1")).taken == {"later": 1}
    firm.put(S.SENT)

    assert firm.comes().taken == {"bounce": 1}
    assert firm.contacts()[0].state == "bounced"


@pytest.mark.parametrize(
    ("head", "how"),
    [
        ("To: relances+D-C1@atelier.example\r\nSubject: bonjour", "plus_address"),
        ("To: compta@atelier.example\r\nSubject: RE: Atelier - votre compte, dossier D-C1", "subject"),
        ("To: compta@atelier.example\r\nFrom: X <COMPTA@roy.example>\r\nSubject: bonjour", "sender"),
        ("References: <x@y.example> {ours}\r\nSubject: RE: RE", "quoted"),
    ],
)
def test_whose_message_it_is(firm: Firm, head: str, how: str) -> None:
    firm.comes(f"{head.replace('{ours}', message_id(firm.letter))}\r\n\r\nBonjour\r\n".encode())

    assert [(row["debtor"], row["found_by"]) for row in firm.waiting()] == [("C1", how)]


def test_a_display_name_alone_attaches_nothing(firm: Firm) -> None:
    firm.comes(
        b'From: "Menuiserie Roy compta@roy.example" <inconnu@ailleurs.example>\r\nSubject: paiement\r\n\r\nOui\r\n'
    )

    [waiting] = firm.waiting()
    assert (waiting["debtor"], waiting["kind"]) == ("", "unclassified")
    assert firm.run(date(2026, 3, 20)).tallies.contacts == 1


def test_two_debtors_who_share_an_address_are_both_left_alone_until_it_is_known_who_wrote(firm: Firm) -> None:
    """Their accountant writes out of the blue for one of the two."""
    correct_address(firm.house, "C2", NewAddress(email="compta@roy.example"), on=MONDAY, operator="owner")
    assert firm.comes(b"From: compta@roy.example\r\nSubject: bonjour\r\n\r\nDeja paye.\r\n").taken == {"unattached": 1}
    [waiting] = firm.waiting()

    friday = date(2026, 3, 20)
    assert len(left_alone(firm, friday)) == 2
    assert firm.run(friday).tallies.reasons == {"reply_unread": 1}
    said = mark_read(firm.house, waiting["reply"], Said(Meaning.PAID), on=friday, operator="owner")
    assert said.refused == "attach_it_first"
    assert attach_reply(firm.house, waiting["reply"], "C2", on=friday, operator="owner").refused == ""
    assert len(left_alone(firm, friday)) == 1
    assert firm.run(date(2026, 3, 23)).tallies.reasons == {"step_due": 1}, "the other one is free"


def left_alone(firm: Firm, on: date) -> set[str]:
    """The debtors whose message nobody has read."""
    with firm.house.ledger.reading() as connection:
        return unread_debtors(connection, "", "~", AsOf(on, firm.house.ledger.known_to()))


def test_mail_of_nobody_known_waits_until_a_person_says_whose_it_is(firm: Firm) -> None:
    assert firm.comes(b"From: x@ailleurs.example\r\nSubject: FA-1\r\n\r\nDeja paye.\r\n").taken == {"unattached": 1}
    lost = firm.waiting()[0]["reply"]

    assert (
        mark_read(firm.house, lost, Said(Meaning.PAID), on=MONDAY + DAY, operator="owner").refused == "attach_it_first"
    )
    assert attach_reply(firm.house, lost, "C9", on=MONDAY + DAY, operator="owner").refused == "unknown_debtor"
    assert attach_reply(firm.house, lost, "C1", on=MONDAY + DAY, operator="owner").refused == ""
    assert firm.run(date(2026, 3, 20)).tallies.reasons == {"reply_unread": 1}
    assert attach_reply(firm.house, lost, "C2", on=date(2026, 3, 20), operator="owner").refused == ""
    assert firm.run(date(2026, 3, 23)).tallies.contacts == 1  # it was another's


def test_words_propose_and_decide_nothing(firm: Firm) -> None:
    firm.comes(reply_to(firm.letter, "Cette facture a été réglée le 27 février. Nous contestons la pénalité."))

    [waiting] = firm.waiting()
    assert waiting["proposed"] == "paid dispute"
    with firm.house.ledger.reading() as connection:
        debtor = firm.contacts()[0].debtor_id
        assert not open_facts(connection, "dispute", debtor)
        assert not open_facts(connection, "hold", debtor)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said(Meaning.PROMISE, cents=50_000, until=date(2026, 3, 20)), "promise"),
        (Said(Meaning.DISPUTE, invoice="FA-1", category="quality", until=date(2026, 3, 20)), "dispute"),
        (Said(Meaning.PAID), "hold"),
        (Said(Meaning.HOLD, until=date(2026, 3, 20), reason="talks", invoice="FA-1"), "hold"),
    ],
)
def test_the_meaning_makes_its_fact_in_the_same_act(firm: Firm, said: Said, kind: str) -> None:
    firm.comes(reply_to(firm.letter, "Bonjour."))
    waiting = firm.waiting()[0]["reply"]
    before = firm.house.ledger.known_to()

    done = mark_read(firm.house, waiting, said, on=MONDAY + DAY, operator="owner")

    assert firm.house.ledger.known_to() == before + 1
    with firm.house.ledger.reading() as connection:
        assert [row.id for row in open_facts(connection, kind, firm.contacts()[0].debtor_id)] == [done.id]
    assert mark_read(firm.house, waiting, said, on=MONDAY + DAY, operator="owner").refused == "already_read"


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (Said(Meaning.PROMISE, until=date(2026, 3, 20)), "amount_missing"),
        (Said(Meaning.PROMISE, cents=-1, until=date(2026, 3, 20)), "amount_not_positive"),
        (Said(Meaning.PROMISE, cents=1, until=date(2026, 3, 1)), "day_is_past"),
        (Said(Meaning.DISPUTE, category="price", until=date(2026, 3, 20)), "invoice_missing"),
        (Said(Meaning.DISPUTE, invoice="FA-9", category="price", until=date(2026, 3, 20)), "unknown_invoice"),
        (Said(Meaning.HOLD, until=date(2026, 3, 20)), "reason_missing"),
    ],
)
def test_a_meaning_without_what_it_needs_writes_nothing(firm: Firm, said: Said, refused: str) -> None:
    firm.comes(reply_to(firm.letter, "Bonjour."))
    before = firm.house.ledger.known_to()

    assert mark_read(firm.house, firm.waiting()[0]["reply"], said, on=MONDAY + DAY, operator="owner").refused == refused
    assert firm.house.ledger.known_to() == before
    assert len(firm.waiting()) == 1


def test_copies_of_our_own_messages_are_not_replies(firm: Firm) -> None:
    assert firm.comes(firm.letter).taken == {"ours": 1}
    assert firm.waiting() == []


HOSTILE = [
    b"",
    b"\0" * 50_000,
    b"Subject: =?utf-8?b?//8=?=\r\n\r\n\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 5_000,
    b"References: " + b" ".join(b"<%d@x>" % n for n in range(5_000)) + b"\r\n\r\nx",
    b"From: " + b"(" * 20_000 + b"\r\nIn-Reply-To: <a@b>\r\n\r\nx",
    b"Subject: D-' OR 1=1 --\r\nTo: +D-%00@x.example\r\n\r\nx",
    b"In-Reply-To: <a@b>\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
]


def test_hostile_mail_is_kept_and_stops_nothing(firm: Firm) -> None:
    found = firm.comes(*HOSTILE, reply_to(firm.letter, "Bonjour."))

    assert found.new == len(HOSTILE) + 1
    assert [row["debtor"] for row in firm.waiting() if row["debtor"]] == ["C1"]


def test_a_reading_has_an_end_and_the_next_one_goes_on(firm: Firm) -> None:
    small = firm.under(mailbox_batch=2)
    letter = firm.letter

    counts = [small.comes(*(reply_to(letter, str(n)) for n in range(5)))]
    counts += [small.comes(), small.comes()]

    assert [(found.new, found.more) for found in counts] == [(2, True), (2, True), (1, False)]
    assert len(firm.waiting()) == 5


def test_the_ledger_refuses_to_alter_what_was_received(firm: Firm) -> None:
    firm.comes(reply_to(firm.letter, "Bonjour."))

    with pytest.raises(Exception, match="append-only"), firm.house.ledger.engine.begin() as connection:
        connection.execute(reply.delete())

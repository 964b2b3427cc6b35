"""Every row of the exception table (letters.md §2), produced on a real socket, ends in the stated outcome."""

import asyncio
import socket
from dataclasses import dataclass

import pytest

from recouvrement.channels.outcomes import Accepted, AccountDown, Phase, Reason, Refused, TryLater, Unknown
from recouvrement.channels.smtp import Security, send_one
from tests.channels.faults import EXTENSIONS, Fault, FaultServer
from tests.channels.messages import BODY, account, outgoing, sent


@dataclass(frozen=True)
class Row:
    name: str
    fault: Fault
    kind: type
    phase: Phase
    code: int | None = None
    reason: Reason = Reason.REPLY
    data_was_announced: bool = False  # whether the caller had committed `sending`


ROWS = [
    Row("closed before greeting", Fault("greeting", drop=True), TryLater, Phase.CONNECT, None, Reason.NO_CONNECTION),
    Row("never greets", Fault("greeting", silent=True), TryLater, Phase.CONNECT, None, Reason.SILENT),
    Row("greeting 421", Fault("greeting", "421 4.3.2 busy", drop=True), TryLater, Phase.CONNECT, 421),
    Row("greeting 554", Fault("greeting", "554 5.3.2 no", drop=True), AccountDown, Phase.CONNECT, 554),
    Row("greeting garbage", Fault("greeting", "hello there"), TryLater, Phase.CONNECT, -1, Reason.GARBAGE),
    Row("EHLO 421", Fault("ehlo", "421 4.3.2 busy", drop=True), TryLater, Phase.CONNECT, 421),
    Row("drop at EHLO", Fault("ehlo", drop=True), TryLater, Phase.CONNECT, None, Reason.NO_CONNECTION),
    Row("EHLO and HELO 550", Fault("ehlo helo", "550 5.7.1 go away"), AccountDown, Phase.CONNECT, 550),
    Row("MAIL 451", Fault("mail", "451 4.3.0 later"), TryLater, Phase.MAIL, 451),
    Row("MAIL 421 and close", Fault("mail", "421 4.7.0 slow down", drop=True), TryLater, Phase.MAIL, 421),
    Row("MAIL 550", Fault("mail", "550 5.7.1 not your sender"), Refused, Phase.MAIL, 550),
    Row("MAIL 552 size", Fault("mail", "552 5.3.4 too big"), Refused, Phase.MAIL, 552),
    Row("MAIL 530", Fault("mail", "530 5.7.0 log in"), AccountDown, Phase.MAIL, 530, Reason.AUTH_REFUSED),
    Row("drop at MAIL", Fault("mail", drop=True), TryLater, Phase.MAIL, None, Reason.DROPPED),
    Row("silent at MAIL", Fault("mail", silent=True), TryLater, Phase.MAIL, None, Reason.SILENT),
    Row("RCPT 450", Fault("rcpt", "450 4.2.0 later"), TryLater, Phase.RCPT, 450),
    Row("RCPT 421", Fault("rcpt", "421 4.3.2 busy", drop=True), TryLater, Phase.RCPT, 421),
    Row("RCPT 550", Fault("rcpt", "550 5.1.1 <debiteur.nomme@client.example> unknown"), Refused, Phase.RCPT, 550),
    Row("drop at RCPT", Fault("rcpt", drop=True), TryLater, Phase.RCPT, None, Reason.DROPPED),
    Row("RCPT garbage", Fault("rcpt", "oops"), TryLater, Phase.RCPT, -1, Reason.GARBAGE),
    Row("RCPT asks back", Fault("rcpt", "354 go on"), TryLater, Phase.RCPT, 354, Reason.GARBAGE),
    Row("DATA 451", Fault("data", "451 4.3.0 later"), TryLater, Phase.DATA, 451, data_was_announced=True),
    Row("DATA 554", Fault("data", "554 5.5.1 no"), Refused, Phase.DATA, 554, data_was_announced=True),
    Row("drop after DATA", Fault("data", drop=True), TryLater, Phase.DATA, None, Reason.DROPPED, True),
    Row("silent after DATA", Fault("data", silent=True), TryLater, Phase.DATA, None, Reason.SILENT, True),
    Row("DATA garbage", Fault("data", "quoi"), TryLater, Phase.DATA, -1, Reason.GARBAGE, True),
    Row("DATA 250", Fault("data", "250 ok"), TryLater, Phase.DATA, 250, Reason.GARBAGE, True),
    Row("drop mid-body", Fault("mid_body"), Unknown, Phase.BODY, None, Reason.DROPPED, True),
    Row("body 451", Fault("body", "451 4.3.0 later"), TryLater, Phase.BODY, 451, data_was_announced=True),
    Row("body 552", Fault("body", "552 5.2.3 too big"), Refused, Phase.BODY, 552, data_was_announced=True),
    Row("body 554", Fault("body", "554 5.7.1 content"), Refused, Phase.BODY, 554, data_was_announced=True),
    Row("body, drop, stored", Fault("body", drop=True, store=True), Unknown, Phase.BODY, None, Reason.DROPPED, True),
    Row("body, drop, lost", Fault("body", drop=True), Unknown, Phase.BODY, None, Reason.DROPPED, True),
    Row("body, silent", Fault("body", silent=True, store=True), Unknown, Phase.BODY, None, Reason.SILENT, True),
    Row("body, garbage", Fault("body", "merci bien", store=True), Unknown, Phase.BODY, -1, Reason.GARBAGE, True),
    Row("body, 354 again", Fault("body", "354 go on", store=True), Unknown, Phase.BODY, 354, Reason.GARBAGE, True),
    Row(
        "body, half a reply", Fault("body", "250-2.0.0 and", drop=True), Unknown, Phase.BODY, None, Reason.DROPPED, True
    ),
    Row(
        "body, 421 and close", Fault("body", "421 4.3.2 bye", drop=True), TryLater, Phase.BODY, 421, Reason.REPLY, True
    ),
    Row("250 then QUIT drops", Fault("quit", drop=True), Accepted, Phase.BODY, 250, Reason.REPLY, True),
    Row("250 then QUIT garbage", Fault("quit", "zzz"), Accepted, Phase.BODY, 250, Reason.REPLY, True),
    Row(
        "250 and close",
        Fault("body", "250 2.0.0 ok", drop=True, store=True),
        Accepted,
        Phase.BODY,
        250,
        Reason.REPLY,
        True,
    ),
]


def impatient(row: Row) -> dict[str, float]:
    """A short wait in the one phase where the server says nothing."""
    waits = {Phase.CONNECT: "connect_timeout", Phase.BODY: "body_timeout"}
    return {waits.get(row.phase, "command_timeout"): 0.3} if row.fault.silent else {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_of_the_exception_table(row: Row) -> None:
    announced: list[bool] = []
    job = outgoing(on_data=lambda: announced.append(True) or True)
    with FaultServer(row.fault) as server:
        outcome = asyncio.run(send_one(account(server.port, **impatient(row)), job))
    assert (type(outcome), outcome.phase, outcome.code, outcome.reason) == (row.kind, row.phase, row.code, row.reason)
    assert announced == [True] * row.data_was_announced
    assert len(server.stored) == (row.fault.store or row.kind is Accepted)
    assert "@" not in str(outcome) + repr(outcome)


def test_connection_refused_is_for_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = asyncio.run(send_one(account(unused.getsockname()[1]), outgoing()))
    assert outcome == TryLater(Phase.CONNECT, Reason.NO_CONNECTION)


def test_a_name_that_does_not_resolve_is_for_later() -> None:
    outcome = asyncio.run(send_one(account(25, host="relais.invalid"), outgoing()))
    assert outcome == TryLater(Phase.CONNECT, Reason.NO_CONNECTION)


def test_wrong_password_stops_the_account_and_fails_no_message() -> None:
    with FaultServer(Fault("auth", "535 5.7.8 no"), extensions=("AUTH PLAIN LOGIN",)) as server:
        to = account(server.port, username="u", password="secret-word")
        recorder, end = sent(to, [outgoing(str(n)) for n in range(20)])
    assert end.stopped == AccountDown(Phase.AUTH, Reason.AUTH_REFUSED, 535, "5.7.8 no")
    assert [type(outcome) for _, outcome in recorder.reported] == [AccountDown]
    assert len(recorder.jobs) == 19
    assert [command.split()[0] for command in server.commands].count("AUTH") == 1


def test_login_busy_is_for_later_and_stops_the_batch() -> None:
    with FaultServer(Fault("auth", "454 4.7.0 later"), extensions=("AUTH LOGIN",)) as server:
        recorder, end = sent(account(server.port, username="u", password="p"), [outgoing("1"), outgoing("2")])
    assert end.stopped == TryLater(Phase.AUTH, Reason.REPLY, 454, "4.7.0 later")
    assert len(recorder.jobs) == 1


def test_login_not_offered() -> None:
    with FaultServer(extensions=()) as server:
        outcome = asyncio.run(send_one(account(server.port, username="u", password="p"), outgoing()))
    assert outcome == AccountDown(Phase.AUTH, Reason.AUTH_NOT_OFFERED)


def test_starttls_not_offered() -> None:
    with FaultServer(extensions=EXTENSIONS) as server:
        outcome = asyncio.run(send_one(account(server.port, security=Security.STARTTLS), outgoing()))
    assert outcome == AccountDown(Phase.TLS, Reason.STARTTLS_NOT_OFFERED)
    assert all("MAIL" not in command for command in server.commands)


def test_starttls_offered_and_refused() -> None:
    with FaultServer(extensions=("STARTTLS",)) as server:
        outcome = asyncio.run(send_one(account(server.port, security=Security.STARTTLS), outgoing()))
    assert (type(outcome), outcome.phase, outcome.code) == (TryLater, Phase.TLS, 454)


def test_two_recipients_cannot_be_said() -> None:
    with FaultServer() as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(recipient="a@b.example, c@d.example")))
    assert outcome == Refused(Phase.ADDRESS, Reason.NOT_AN_ADDRESS)
    assert server.connections == 0


def test_non_ascii_recipient_without_smtputf8_is_refused_for_good() -> None:
    with FaultServer(extensions=("8BITMIME",)) as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(recipient="jérôme@client.example")))
    assert outcome == Refused(Phase.RCPT, Reason.NEEDS_SMTPUTF8)
    assert outcome.blames_the_address


def test_helo_where_ehlo_is_not_known() -> None:
    with FaultServer(Fault("ehlo", "502 5.5.1 not implemented")) as server:
        outcome = asyncio.run(send_one(account(server.port), outgoing(message=BODY)))
    assert isinstance(outcome, Accepted)
    assert server.stored == [BODY]

"""A batch: claim, send, record, one message at a time on each connection."""

import asyncio
from itertools import count

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.channels.outcomes import Accepted, AccountDown, Phase, Reason, Refused, TryLater, Unknown, Withdrawn
from recouvrement.channels.smtp import Outgoing, Patience, deliver_all, send_batch
from tests.channels.faults import Fault, FaultServer, mixed
from tests.channels.messages import Recorder, account, outgoing, sent


def kinds(recorder: Recorder) -> list[type]:
    return [type(outcome) for _, outcome in sorted(recorder.reported, key=lambda row: row[0])]


def test_one_connection_carries_many_messages() -> None:
    with FaultServer() as server:
        _, end = sent(account(server.port, connections=1), [outgoing(str(n)) for n in range(10)])
    assert (end.counts, end.stopped) == ({"Accepted": 10}, None)
    assert (server.connections, len(server.stored)) == (1, 10)
    assert server.commands[-1] == "QUIT"


def test_a_connection_is_renewed_after_its_share() -> None:
    with FaultServer() as server:
        sent(account(server.port, connections=1, messages_per_connection=4), [outgoing(str(n)) for n in range(10)])
    assert (server.connections, len(server.stored)) == (3, 10)


def test_nothing_to_send_opens_no_connection() -> None:
    with FaultServer() as server:
        _, end = sent(account(server.port), [])
    assert (end.counts, server.connections) == ({}, 0)


def test_one_message_opens_one_connection() -> None:
    with FaultServer() as server:
        sent(account(server.port), [outgoing()])
    assert server.connections == 1


def test_at_most_one_message_per_connection_is_claimed_at_a_time() -> None:
    open_now, most, numbers = set[str](), [0], count()

    async def pull() -> Outgoing | None:
        number = next(numbers)
        if number >= 30:
            return None
        open_now.add(str(number))
        most[0] = max(most[0], len(open_now))
        await asyncio.sleep(0)
        return outgoing(str(number))

    async def report(job: Outgoing, _: object) -> None:
        await asyncio.sleep(0)
        open_now.remove(job.key)

    with FaultServer() as server:
        end = asyncio.run(send_batch(account(server.port, connections=3), pull, report))
    assert end.counts == {"Accepted": 30}
    assert 1 < most[0] <= 3
    assert server.connections == 3


def test_a_refused_recipient_leaves_the_connection_to_the_next_message() -> None:
    refuse_first = {0: Fault("rcpt", "550 5.1.1 unknown")}
    with FaultServer(refuse_first.get) as server:
        recorder, _ = sent(account(server.port, connections=1), [outgoing("1"), outgoing("2")])
    assert kinds(recorder) == [Refused, Accepted]
    assert server.connections == 1
    assert "RSET" in server.commands


def test_a_withdrawn_message_is_reset_before_data_and_the_next_goes() -> None:
    with FaultServer() as server:
        jobs = [outgoing("1", on_data=lambda: False), outgoing("2")]
        recorder, _ = sent(account(server.port, connections=1), jobs)
    assert kinds(recorder) == [Withdrawn, Accepted]
    assert [command.split(" ")[0].split(":")[0] for command in server.commands[1:5]] == ["MAIL", "RCPT", "RSET", "MAIL"]
    assert len(server.stored) == 1


def test_on_data_is_asked_after_rcpt_and_before_data() -> None:
    seen: list[list[str]] = []

    async def on_data() -> bool:
        seen.append([command[:4] for command in server.commands])
        return True

    with FaultServer() as server:
        sent(account(server.port), [outgoing(on_data=on_data)])
    assert seen == [["EHLO", "MAIL", "RCPT"]]


def test_an_outage_in_on_data_sends_nothing_and_is_raised_after_the_others_finished() -> None:
    def broken() -> bool:
        raise ConnectionResetError("the ledger is away")

    with FaultServer() as server:
        recorder = Recorder([outgoing("0"), *(outgoing(str(n), on_data=broken) for n in (1, 2)), outgoing("3")])
        with pytest.raises(ConnectionResetError, match="the ledger is away"):
            asyncio.run(send_batch(account(server.port, connections=2), recorder.pull, recorder.report))
    assert all(isinstance(outcome, Accepted) for _, outcome in recorder.reported)
    assert len(server.stored) == len(recorder.reported)


def test_a_reused_connection_found_dead_at_mail_is_renewed_once() -> None:
    hang_up_on_second = {1: Fault("mail", "421 4.4.2 idle too long", drop=True)}
    with FaultServer(hang_up_on_second.get) as server:
        recorder, _ = sent(account(server.port, connections=1), [outgoing("1"), outgoing("2")])
    assert kinds(recorder) == [Accepted, Accepted]
    assert server.connections == 2


def test_a_connection_lost_at_rcpt_is_not_tried_again_at_once() -> None:
    hang_up_on_second = {1: Fault("rcpt", drop=True)}
    with FaultServer(hang_up_on_second.get) as server:
        recorder, _ = sent(account(server.port, connections=1), [outgoing("1"), outgoing("2"), outgoing("3")])
    assert kinds(recorder) == [Accepted, TryLater, Accepted]


def test_an_unreachable_relay_stops_the_batch_after_one_message() -> None:
    with FaultServer(Fault("greeting", drop=True)) as server:
        recorder, end = sent(account(server.port), [outgoing(str(n)) for n in range(50)])
    assert end.stopped == TryLater(Phase.CONNECT, Reason.NO_CONNECTION)
    assert len(recorder.jobs) == 49


def test_a_sender_refused_three_times_running_is_the_accounts_trouble() -> None:
    with FaultServer(Fault("mail", "550 5.7.60 not your address")) as server:
        recorder, end = sent(account(server.port, connections=1), [outgoing(str(n)) for n in range(50)])
    assert kinds(recorder) == [Refused] * 3
    assert isinstance(end.stopped, AccountDown)
    assert end.stopped.reason is Reason.SENDER_REFUSED_AGAIN


@pytest.mark.parametrize(
    ("fault", "tried"),
    [
        (Fault("body", drop=True), 5),
        (Fault("rcpt", "432 4.3.2 too many at once"), 10),
        (Fault("body", "554 5.7.1 looks like spam"), 10),
    ],
)
def test_the_same_trouble_in_a_row_stops_the_batch(fault: Fault, tried: int) -> None:
    with FaultServer(fault) as server:
        recorder, end = sent(account(server.port, connections=1), [outgoing(str(n)) for n in range(50)])
    assert len(recorder.reported) == tried
    assert end.stopped == recorder.reported[-1][1]


def test_bad_addresses_in_a_row_stop_nothing() -> None:
    with FaultServer(Fault("rcpt", "550 5.1.1 unknown")) as server:
        recorder, end = sent(account(server.port), [outgoing(str(n)) for n in range(30)])
    assert (kinds(recorder), end.stopped) == ([Refused] * 30, None)


def test_a_success_between_begins_the_count_anew() -> None:
    with FaultServer(lambda number: None if number % 5 == 4 else Fault("body", drop=True)) as server:
        recorder, end = sent(account(server.port, connections=1), [outgoing(f"{n:02d}") for n in range(20)])
    assert (kinds(recorder), end.stopped) == ([*[Unknown] * 4, Accepted] * 4, None)


def test_cancelled_it_pulls_nothing_more_and_finishes_what_is_under_way() -> None:
    async def cancel_in_the_first_body() -> Recorder:
        begun = asyncio.Event()

        def on_data() -> bool:
            begun.set()
            return True

        recorder = Recorder([outgoing(str(n), on_data=on_data) for n in range(5)])
        batch = asyncio.create_task(send_batch(account(server.port, connections=1), recorder.pull, recorder.report))
        await begun.wait()
        batch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await batch
        return recorder

    with FaultServer() as server:
        recorder = asyncio.run(cancel_in_the_first_body())
    assert kinds(recorder) == [Accepted]
    assert (len(recorder.jobs), len(server.stored)) == (4, 1)


def test_deliver_all_needs_no_event_loop(tmp_path) -> None:
    reported: list[str] = []
    with Catcher(tmp_path) as catcher:
        end = deliver_all(
            account(catcher.port), [outgoing("1"), outgoing("2")], lambda job, _: reported.append(job.key)
        )
        assert len(catcher.messages()) == 2
    assert (end.counts, sorted(reported)) == ({"Accepted": 2}, ["1", "2"])


def test_a_mix_of_faults_never_calls_accepted_what_was_not_stored(tmp_path) -> None:
    """Accepted = stored once; TryLater and Refused = not stored; only Unknown may be either."""
    with FaultServer(mixed(7, before=0.1, after=0.1, later=0.1), maildir=tmp_path) as server:
        jobs = [outgoing(str(n), f"Subject: {n}\r\n\r\nx\r\n".encode()) for n in range(150)]
        recorder, _ = sent(account(server.port, patience=Patience(1000, 1000)), jobs)
    stored = [message.split(b"\r\n")[0].removeprefix(b"Subject: ").decode() for message in server.stored]
    by_kind = {
        kind: {key for key, out in recorder.reported if type(out) is kind} for kind in (Accepted, TryLater, Unknown)
    }
    assert len(stored) == len(set(stored))
    assert by_kind[Accepted] <= set(stored) <= by_kind[Accepted] | by_kind[Unknown]
    assert all(by_kind.values())
    assert sum(map(len, by_kind.values())) == 150
    assert by_kind[Unknown] & set(stored)
    assert by_kind[Unknown] - set(stored)

"""The restore witness: what it saw leave is not sent again, what it saw fail is not taken for sent."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from recouvrement.channels.catcher import Catcher
from recouvrement.day.going_live import resume
from recouvrement.day.house import House
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.witness import Witness
from tests.channels.faults import Fault, FaultServer
from tests.conftest import MakeHouse
from tests.ledger.conftest import Take
from tests.ledger.firm import MONDAY, bank, customers, invoices, sending_to

COUNT = 3


def firm_of(house: House, take: Take, port: int) -> House:
    take(house, "customers.csv", customers(COUNT))
    take(house, "invoices.csv", invoices(COUNT))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    return sending_to(house, port)


def test_a_message_put_off_until_its_day_was_over_is_sent_the_next_day(
    house: House, take: Take, tmp_path: Path
) -> None:
    """The relay said 451 after the body all Monday; on Tuesday the same message is no copy of one that left."""
    with FaultServer(Fault("body", "451 4.3.0 later")) as server:
        firm = firm_of(house, take, server.port)
        run_day(firm, on=MONDAY, mode=Mode.LIVE)
        monday = drain(firm, on=MONDAY, pace=False)
    tuesday = MONDAY + timedelta(days=1)
    take(firm, "bank-2.csv", bank(("2026-03-02", "FRAIS", "-1,00")))

    with Catcher(tmp_path / "mail") as mail:
        firm = sending_to(firm, mail.port, tuesday)
        report = run_day(firm, on=tuesday, mode=Mode.LIVE)
        drain(firm, on=tuesday, pace=False)

        assert dict(monday.outcomes) == {"trylater": COUNT}
        assert report.planned.seen_by_witness == 0
        assert len(mail.messages()) == COUNT
    with firm.ledger.reading() as connection:
        assert counts_by_state(connection, day=tuesday) == {"sent": COUNT}
        assert counts_by_state(connection, day=MONDAY) == {"expired": COUNT}


def test_a_message_that_the_relay_refused_did_not_leave(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "w")
    witness.record(1, "<a@x>")
    witness.record(2, "<b@x>")
    witness.take_back(1, "<a@x>")

    assert witness.attempts() == {"<b@x>": 2}
    assert witness.last() == 2


def test_a_later_attempt_stands_when_an_earlier_one_was_taken_back(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "w")
    witness.record(1, "<a@x>")
    witness.record(5, "<a@x>")
    witness.take_back(1, "<a@x>")

    assert witness.attempts() == {"<a@x>": 5}


def test_a_half_written_line_hides_no_other(tmp_path: Path) -> None:
    """A power cut in the middle of a line: the next one begins anew."""
    witness = Witness(tmp_path / "w")
    witness.record(1, "<a@x>")
    with witness.file.open("ab") as file:
        file.write(b"2 <b@")

    witness.record(3, "<c@x>")

    assert witness.attempts() == {"<a@x>": 1, "<b@": 2, "<c@x>": 3}
    assert witness.last() == 3


@given(st.lists(st.integers(min_value=1, max_value=99), max_size=30), st.lists(st.integers(0, 2), max_size=30))
def test_the_last_number_is_the_highest_whoever_wrote_it(numbers: list[int], readers: list[int]) -> None:
    """Three workers share a file; each reads on from where it stopped."""
    with tempfile.TemporaryDirectory() as folder:
        workers = [Witness(Path(folder) / "w") for _ in range(3)]
        for rank, number in enumerate(numbers):
            workers[rank % 3].record(number, f"<{rank}@x>")
            for reader in readers[rank : rank + 1]:
                assert workers[reader].last() == max(numbers[: rank + 1])
        assert all(worker.last() == max(numbers, default=0) for worker in workers)


def test_resume_leaves_alone_what_the_ledger_knows_itself(make_house: MakeHouse, take: Take) -> None:
    """Attempts in the ledger's own rows are settled there: only those after the backup are marked as sent."""
    house = make_house()
    with FaultServer(Fault("body", "451 4.3.0 later")) as server:
        firm = firm_of(house, take, server.port)
        run_day(firm, on=MONDAY, mode=Mode.LIVE)
        drain(firm, on=MONDAY, pace=False)
    firm.witness().record(1000, "<elsewhere@x>")

    assert resume(firm, operator="owner") == {"marked_sent": 0, "not_in_ledger": 1}
    with firm.ledger.reading() as connection:
        assert counts_by_state(connection) == {"ready": COUNT}

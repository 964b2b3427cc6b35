"""Letters that a person approved: printed once, for these amounts only, and not by a drain that leaves the post alone."""

from recouvrement.channels.catcher import Catcher
from recouvrement.day import acts
from recouvrement.day.house import House
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.ledger import approvals
from recouvrement.ledger.outbox import counts_by_state
from tests.ledger.firm import MONDAY, bank, customers, invoices, sending_to


def test_an_approval_lapses_when_the_balance_changes(house: House, take, mail: Catcher) -> None:
    firm = _with_a_notice(house, take, mail)
    _approve_all(firm)
    take(firm, "bank-2.csv", bank(("2026-03-01", "VIR MENUISERIE ROY FA-2026-0000", "40,00")))
    from recouvrement.day.matching import match

    match(firm, on=MONDAY)

    result = drain(firm, on=MONDAY, pace=False)

    assert result.letters == 0
    with firm.ledger.reading() as connection:
        assert counts_by_state(connection, day=MONDAY) == {"cancelled": 1}


def test_an_approved_notice_is_printed_once(house: House, take, mail: Catcher) -> None:
    firm = _with_a_notice(house, take, mail)
    _approve_all(firm)

    printed = [drain(firm, on=MONDAY, pace=False).letters for _ in range(2)]

    assert printed == [1, 0]
    batches = sorted((firm.settings.home / "out" / "post").iterdir())
    assert len(batches) == 1
    assert {p.suffix for p in batches[0].iterdir()} >= {".pdf", ".csv"}


def test_a_drain_without_the_post_leaves_letters_for_another(house: House, take, mail: Catcher) -> None:
    """What tries e-mails again in the day makes no batch of one letter."""
    firm = _with_a_notice(house, take, mail)
    _approve_all(firm)

    assert drain(firm, on=MONDAY, pace=False, post=False).letters == 0
    assert drain(firm, on=MONDAY, pace=False).letters == 1


def _approve_all(firm: House) -> None:
    with firm.ledger.act("approve", "owner") as act:
        for row in approvals.waiting(act.connection):
            assert approvals.approve(act, row.id, on=MONDAY, days=5) is None


def _with_a_notice(house: House, take, mail: Catcher) -> House:
    """One debtor whose every step but the notice was taken by hand, with the papers on file."""
    take(house, "customers.csv", customers(1))
    take(house, "invoices.csv", invoices(1, due="2026-01-10"))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    steps = "".join(
        f"FA-2026-0000,{step},2026-0{m}-{d:02d},email\n"
        for step, m, d in (
            ("friendly_reminder", 1, 13),
            ("call", 1, 20),
            ("firm_reminder", 1, 26),
            ("last_reminder", 2, 10),
        )
    )
    history = take(house, "history.csv", "invoice,step,date,channel\n" + steps)
    assert history.verdict == "read", history
    paper = house.settings.home / "paper.txt"
    paper.write_text("signed")
    for kind in ("order", "delivery_note", "invoice"):
        assert not acts.attach_document(
            house, "FA-2026-0000", paper, kind=kind, title=kind, on=MONDAY, operator="owner"
        ).refused
    firm = sending_to(house, mail.port)
    report = run_day(firm, on=MONDAY, mode=Mode.LIVE)
    assert report.planned.planned == {"registered_letter": 1}, report.as_json()
    return firm

"""What a person tells: each act does one thing, can be undone, and leaves nothing behind when it is refused."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text

from recouvrement.cli import acts as cli_acts
from recouvrement.cli import acts_agreed, acts_house
from recouvrement.cli import acts_debtors as acts_debtors_cli
from recouvrement.day import acts, acts_debtors, acts_receipts, acts_waiving
from recouvrement.day.acts_assignments import assign
from recouvrement.day.acts_base import Done
from recouvrement.day.acts_calls import record_other_call
from recouvrement.day.acts_creditor import change_iban, confirm_iban, refuse_iban
from recouvrement.day.acts_disputes import extend_dispute, settle_dispute
from recouvrement.day.acts_notes import record_note, take_notes
from recouvrement.day.acts_plans import record_plan
from recouvrement.day.claims import claim_ledger
from recouvrement.day.decisions import decided
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.sending import MayNotSend, drain
from recouvrement.day.waiting import waiting
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_items, mark_item
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.positions import debtor_ranges
from recouvrement.ledger.waivers import waivers_of

DAY = date(2026, 11, 20)
LATER = date(2026, 12, 1)
WHO: dict[str, Any] = {"on": DAY, "operator": "owner"}
IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "FR7612345987650123456789014"


@pytest.fixture
def firm(make_house: Callable[..., House], tmp_path: Path) -> House:
    """Two customers, three invoices, one of them of two instalments."""
    house = make_house(on=DAY)
    customers = tmp_path / "customers.csv"
    customers.write_text(
        "customer_id,name,kind,email\nC1,Bois SARL,business,a@bois.example\nC2,Fer SARL,,b@fer.example\n"
    )
    invoices = tmp_path / "invoices.csv"
    invoices.write_text(
        "invoice_number,customer_id,issue_date,due_date,amount,currency\n"
        "F-1,C1,2026-08-01,2026-09-01,1000.00,EUR\nF-2,C1,2026-08-01,2026-09-15,500.00,EUR\n"
        "F-3,C2,2026-08-01,2026-09-01,300.00,EUR\n"
    )
    results = take_files(house, [customers, invoices], actor="test")
    assert [r.records for r in results] == [2, 3]
    return house


def rows(house: House) -> dict[str, int]:
    """How many rows every table of the ledger holds, the acts among them."""
    with house.ledger.reading() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in list(names)}


def reason(house: House, number: str, on: date = DAY) -> str:
    """Why an invoice is, or is not, chased."""
    known = house.ledger.known_to()
    with house.ledger.reading() as connection:
        item = find_items(connection, house.creditor(), number)[0].id
        parts = debtor_ranges(connection, house.creditor(), known, 100)
    pairs = [p for part in parts for p in decided(house, house.creditor(), part, on=on, known_to=known)]
    return next((d.reason.value for _, decision in pairs for d in decision.items if d.item_id == item), "nothing_open")


Refused = tuple[str, Callable[[House], Done], str]
NO = "0" * 26
REFUSED: list[Refused] = [
    ("promise", lambda h: acts.record_promise(h, "C9", cents=1, due_on=LATER, **WHO), "unknown_debtor_or_invoice"),
    ("promise", lambda h: acts.record_promise(h, "C1", cents=0, due_on=LATER, **WHO), "amount_not_positive"),
    ("promise", lambda h: acts.record_promise(h, "C1", cents=1, due_on=date(2026, 1, 1), **WHO), "day_is_past"),
    ("promise", lambda h: acts.record_promise(h, "C1", cents=1, due_on=LATER, note_id=NO, **WHO), "unknown_note"),
    ("dispute", lambda h: acts.record_dispute(h, "F-9", category="price", wait_until=LATER, **WHO), "unknown_invoice"),
    (
        "dispute",
        lambda h: acts.record_dispute(h, "F-1", category="price", wait_until=LATER, cents=100001, **WHO),
        "more_than_is_open",
    ),
    ("hold", lambda h: acts.record_hold(h, "C9", until=LATER, reason="r", **WHO), "unknown_debtor_or_invoice"),
    ("end", lambda h: acts.end_fact(h, "promise", "C1", event="kept", reason="", **WHO), "nothing_to_end"),
    ("end", lambda h: acts.end_fact(h, "assignment", "F-1", event="bought_back", reason="", **WHO), "nothing_to_end"),
    ("call", lambda h: acts.record_call(h, NO, outcome="reached", **WHO), "not_a_call"),
    ("called", lambda h: record_other_call(h, "C9", outcome="reached", **WHO), "unknown_debtor"),
    ("attach", lambda h: acts.attach_document(h, "F-1", Path("/none"), kind="order", title="", **WHO), "no_such_file"),
    ("attach", lambda h: acts.attach_document(h, "F-1", Path(__file__), kind="x", title="", **WHO), "unknown_kind"),
    ("attach", lambda h: acts.attach_document(h, "F-9", Path(__file__), kind="order", title="", **WHO),
     "unknown_debtor_or_invoice"),
    ("proof", lambda h: acts.record_postal_proof(h, NO, kind="deposited", **WHO), "unknown_contact"),
    ("settle", lambda h: acts.settle_unknown(h, NO, sent=True, operator="owner"), "not_unknown"),
    ("note", lambda h: record_note(h, b"  ", operator="owner"), "empty_note"),
    ("note", lambda h: record_note(h, b"\xff\xfe", operator="owner"), "not_text"),
    ("note", lambda h: record_note(h, b"a" * 100_001, operator="owner"), "too_long"),
    ("note", lambda h: record_note(h, b"words", operator="owner", debtor="C9"), "unknown_debtor"),
    ("plan", lambda h: record_plan(h, ["F-1"], [(LATER, 1)], acceleration=True, **WHO), "sum_is_not_what_is_open"),
    ("plan", lambda h: record_plan(h, ["F-1", "F-3"], [(LATER, 130000)], acceleration=True, **WHO), "several_debtors"),
    ("settle_dispute", lambda h: settle_dispute(h, "F-1", outcome="rejected", **WHO), "not_disputed"),
    ("settle_dispute", lambda h: settle_dispute(h, "F-1", outcome="lost", **WHO), "unknown_outcome"),
    ("extend_dispute", lambda h: extend_dispute(h, "F-1", until=LATER, **WHO), "not_disputed"),
    ("receipt", lambda h: acts_receipts.record_receipt(h, "C9", kind="cash", cents=1, state="cleared", **WHO),
     "unknown_debtor_or_invoice"),
    ("receipt", lambda h: acts_receipts.record_receipt(h, "C1", kind="cheque", cents=1, state="cleared", **WHO),
     "a_bank_line_will_clear_it"),
    ("receipt", lambda h: acts_receipts.record_receipt(h, "C1", kind="gold", cents=1, state="banked", **WHO), "unknown_kind"),
    ("end_receipt", lambda h: acts_receipts.move_receipt(h, "C1", to="cleared", **WHO), "nothing_under_way"),
    ("end_receipt", lambda h: acts_receipts.move_receipt(h, "C1", to="returned", **WHO), "nothing_under_way"),
    ("waive", lambda h: acts_waiving.waive(h, "F-1", "no_step", reason="r", **WHO), "unknown_step"),
    ("restore_step", lambda h: acts_waiving.restore(h, "F-1", "call", reason="r", **WHO), "not_waived"),
    ("waive_penalties", lambda h: acts_waiving.waive_penalties(h, "F-1", part="half", reason="r", **WHO), "unknown_part"),
    ("waive_penalties", lambda h: acts_waiving.waive_penalties(h, "F-1", part="all", cents=1, reason="r", **WHO),
     "no_amount_expected"),
    ("restore_penalties", lambda h: acts_waiving.restore_penalties(h, "F-1", reason="r", **WHO), "not_waived"),
    ("still_owed", lambda h: acts_waiving.explain_cleared(h, "F-1", reason="r", **WHO), "not_cleared_in_accounts"),
    ("insolvent", lambda h: acts_debtors.mark_insolvent(
        h, "C1", procedure="liquidation", judgment_on=LATER, source="court", **WHO), "day_is_to_come"),
    ("insolvent", lambda h: acts_debtors.mark_insolvent(
        h, "C9", procedure="liquidation", judgment_on=DAY, source="court", **WHO), "unknown_debtor"),
    ("party_status", lambda h: acts_debtors.set_party_status(h, "C1", status="rich", source="other", **WHO), "unknown_kind"),
    ("debtor_kind", lambda h: acts_debtors.set_kind(h, "C1", kind="business", **WHO), "nothing_changes"),
    ("debtor_kind", lambda h: acts_debtors.set_kind(h, "C1", kind="unknown", **WHO), "unknown_kind"),
    ("direct_debit", lambda h: acts_debtors.set_direct_debit(h, "C1", mandate=False, **WHO), "nothing_changes"),
    ("assign", lambda h: assign(h, "F-1", kind="factor", under_mandate=True, **WHO), "iban_missing"),
    ("assign", lambda h: assign(h, "F-1", kind="factor", under_mandate=True, iban="FR00", **WHO), "iban_not_valid"),
    ("change_iban", lambda h: change_iban(h, "FR7600", **WHO), "iban_not_valid"),
    ("confirm_iban", lambda h: confirm_iban(h, last_four="2606", **WHO), "nothing_waits"),
    ("refuse_iban", lambda h: refuse_iban(h, **WHO), "nothing_waits"),
]  # fmt: skip


def test_every_refused_act_leaves_nothing(firm: House) -> None:
    """One ledger for all of them: not one row, not even that of the act, is there afterwards."""
    before = rows(firm)
    for name, act, code in REFUSED:
        assert act(firm).refused == code, name
        assert rows(firm) == before, (name, code)


def test_every_command_that_acts_has_a_refusal_here() -> None:
    app = typer.Typer()
    for part in (cli_acts, acts_agreed, acts_debtors_cli, acts_house):
        part.register(app)
    commands = {str(c.name or c.callback.__name__) for c in app.registered_commands if c.callback}
    assert {name.replace("_", "-") for name, _, _ in REFUSED} == commands - {"waits", "withdrawals"}


def test_a_dispute_of_an_amount_is_settled_in_part_and_waits_for_the_credit_note(firm: House) -> None:
    assert not acts.record_dispute(firm, "F-1", category="price", wait_until=LATER, cents=30000, **WHO).refused
    assert [(w.kind, w.cents, w.due_on) for w in waiting(firm, on=DAY) if w.kind == "dispute"] == [
        ("dispute", 30000, LATER)
    ]
    assert settle_dispute(firm, "F-1", outcome="part", cents=30000, credit_by=LATER, **WHO).refused == "part_not_usable"
    assert settle_dispute(firm, "F-1", outcome="part", cents=10000, **WHO).refused == "credit_note_day_missing"
    assert not settle_dispute(firm, "F-1", outcome="part", cents=10000, credit_by=LATER, **WHO).refused
    assert [(w.kind, w.cents) for w in waiting(firm, on=DAY) if "credit" in w.kind] == [("credit_note", 10000)]


def test_an_extended_dispute_is_another_persons_on_another_day(firm: House) -> None:
    acts.record_dispute(firm, "F-1", category="price", wait_until=DAY, **WHO)
    assert not extend_dispute(firm, "F-1", until=LATER, owner="pd", **WHO).refused
    assert [(w.owner, w.due_on, w.overdue) for w in waiting(firm, on=LATER) if w.kind == "dispute"] == [
        ("pd", LATER, False)
    ]


def test_overdue_waits_head_the_list_with_the_money_behind_them(firm: House) -> None:
    acts.record_dispute(firm, "F-2", category="price", wait_until=DAY, **WHO)
    acts.record_dispute(firm, "F-1", category="price", wait_until=DAY, **WHO)
    acts.record_dispute(firm, "F-3", category="price", wait_until=date(2027, 3, 1), **WHO)
    found = [w for w in waiting(firm, on=LATER) if w.kind == "dispute"]
    assert [(w.overdue, w.cents) for w in found] == [(True, 100000), (True, 50000), (False, 30000)]


@pytest.mark.parametrize(
    ("do", "held", "undo"),
    [
        (
            lambda h: acts_debtors.mark_insolvent(
                h, "C1", procedure="liquidation", judgment_on=DAY, source="court", **WHO
            ),
            "insolvent",
            lambda h: acts.end_fact(h, "insolvency", "C1", event="closed", reason="", **WHO),
        ),
        (
            lambda h: assign(h, "F-1", kind="dailly", under_mandate=False, **WHO),
            "assigned",
            lambda h: acts.end_fact(h, "assignment", "F-1", event="bought_back", reason="", **WHO),
        ),
        (
            lambda h: record_plan(h, ["F-1"], [(LATER, 100000)], acceleration=True, **WHO),
            "on_a_plan",
            lambda h: acts.end_fact(h, "plan", "F-1", event="withdrawn", reason="", **WHO),
        ),
        (
            lambda h: acts_receipts.record_receipt(h, "F-1", kind="cheque", cents=100000, state="announced", **WHO),
            "receipt_under_way",
            lambda h: acts_receipts.move_receipt(h, "F-1", to="withdrawn", **WHO),
        ),
    ],
    ids=["insolvent", "assigned", "plan", "receipt"],
)
def test_what_holds_an_invoice_lets_it_go_again(
    firm: House, do: Callable[[House], Done], held: str, undo: Callable[[House], Done]
) -> None:
    before = reason(firm, "F-1")
    assert do(firm).refused == ""
    assert reason(firm, "F-1") == held
    assert undo(firm).refused == ""
    assert reason(firm, "F-1") == before


@pytest.mark.parametrize("status", acts_debtors.STATUSES)
def test_a_status_that_forbids_chasing_holds_until_it_ends(firm: House, status: str) -> None:
    feed = "feed_absent"
    assert not acts_debtors.set_party_status(firm, "C1", status=status, source="registry", **WHO).refused
    assert reason(firm, "F-1") == "protected_party"
    assert (
        acts_debtors.set_party_status(firm, "C1", status=status, source="registry", **WHO).refused == "recorded_already"
    )
    assert not acts.end_fact(firm, "party_status", "C1", event="ended", reason="", **WHO).refused
    assert reason(firm, "F-1") == feed


def test_a_kind_given_by_a_person_stays_when_the_same_file_comes_again(firm: House, tmp_path: Path) -> None:
    assert not acts_debtors.set_kind(firm, "C2", kind="business", **WHO).refused
    assert not acts_debtors.set_direct_debit(firm, "C2", mandate=True, **WHO).refused
    again = tmp_path / "customers2.csv"
    again.write_text("customer_id,name,kind,email\nC2,Fer et Fils SARL,,b@fer.example\n")
    take_files(firm, [again], actor="test")
    with firm.ledger.reading() as connection:
        row = connection.execute(
            text("SELECT name, kind, pays_by_direct_debit FROM debtor_version v JOIN debtor d ON d.id = v.debtor_id "
                 "WHERE d.code = 'C2' ORDER BY v.act_id DESC LIMIT 1")
        ).one()  # fmt: skip
    assert tuple(row) == ("Fer et Fils SARL", "business", 1)


def penalties(house: House, on: date) -> PenaltyLedger:
    """The claim balance of F-1."""
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        item = find_items(connection, house.creditor(), "F-1")[0].id
        detail, waived = item_details(connection, [item], as_of)[item], waivers_of(connection, [item], as_of)
    found = claim_ledger(
        detail, [], DebtorKind.BUSINESS, house.law.penalties, until=on, provisional=True, waived=waived.get(item, ())
    )
    assert isinstance(found, PenaltyLedger)
    return found


def test_penalties_given_up_leave_the_claim_and_come_back_when_it_is_undone(firm: House) -> None:
    whole = penalties(firm, DAY)
    assert (whole.indemnity_cents, whole.waived_penalty_cents) == (4000, 0)
    assert not acts_waiving.waive_penalties(firm, "F-1", part="penalties", cents=500, reason="gesture", **WHO).refused
    part = penalties(firm, DAY)
    assert (part.penalty_cents, part.indemnity_cents) == (whole.penalty_cents - 500, 4000)
    assert acts_waiving.waive_penalties(firm, "F-1", part="all", reason="gesture", **WHO).refused == "waived_already"
    assert not acts_waiving.restore_penalties(firm, "F-1", reason="mistake", **WHO).refused
    assert penalties(firm, DAY) == whole
    assert not acts_waiving.waive_penalties(firm, "F-1", part="all", reason="gesture", **WHO).refused
    none = penalties(firm, DAY)
    assert none.total_cents == 100000
    assert none.penalty_accrued_cents == none.waived_penalty_cents


def test_a_step_left_out_is_not_the_next_one_until_it_is_put_back(firm: House) -> None:
    assert not acts_waiving.waive(firm, "F-1", "friendly_reminder", reason="spoke_to_them", **WHO).refused
    assert acts_waiving.waive(firm, "F-1", "friendly_reminder", reason="again", **WHO).refused == "waived_already"
    assert not acts_waiving.restore(firm, "F-1", "friendly_reminder", reason="mistake", **WHO).refused
    assert not acts_waiving.waive(firm, "F-1", "friendly_reminder", reason="spoke_to_them", **WHO).refused


def test_what_the_accounts_show_as_settled_is_owed_all_the_same(firm: House) -> None:
    with firm.ledger.act("probe", "test") as act:
        item = find_items(act.connection, firm.creditor(), "F-1")[0]
        mark_item(act, item.id, on=DAY, event="cleared_in_accounts", reason="open_is_less")
    assert reason(firm, "F-1") == "cleared_in_accounts"
    assert [w.cents for w in waiting(firm, on=DAY) if w.kind == "cleared_in_accounts"] == [100000]
    assert not acts_waiving.explain_cleared(firm, "F-1", reason="wrong_lettering", **WHO).refused
    assert reason(firm, "F-1") != "cleared_in_accounts"


def test_a_new_iban_needs_two_operators_and_stops_sending_until_then(firm: House) -> None:
    assert not change_iban(firm, IBAN, **WHO).refused
    with pytest.raises(MayNotSend, match="iban_not_confirmed"):
        drain(firm, on=DAY, pace=False)
    assert [w.kind for w in waiting(firm, on=DAY) if w.kind not in {"file_to_correct", "kind_unknown"}] == [
        "iban_change"
    ]
    assert change_iban(firm, OTHER_IBAN, **WHO).refused == "another_change_waits"
    assert confirm_iban(firm, last_four=IBAN[-4:], **WHO).refused == "needs_another_operator"
    assert confirm_iban(firm, last_four="9999", on=DAY, operator="pd").refused == "not_the_same_iban"
    assert not confirm_iban(firm, last_four=IBAN[-4:], on=DAY, operator="pd").refused
    with firm.ledger.reading() as connection:
        assert creditor_row(connection, firm.creditor(), AsOf(DAY, firm.ledger.known_to())).iban == IBAN
    assert drain(firm, on=DAY, pace=False).outcomes == {}


def test_a_new_iban_that_is_refused_changes_nothing(firm: House) -> None:
    with firm.ledger.reading() as connection:
        before = creditor_row(connection, firm.creditor(), AsOf(DAY, firm.ledger.known_to())).iban
    change_iban(firm, IBAN, **WHO)
    assert not refuse_iban(firm, on=DAY, operator="pd").refused
    with firm.ledger.reading() as connection:
        assert creditor_row(connection, firm.creditor(), AsOf(DAY, firm.ledger.known_to())).iban == before
    assert drain(firm, on=DAY, pace=False).outcomes == {}


def test_a_note_is_kept_once_and_named_by_its_id(firm: House) -> None:
    first = record_note(firm, "Le client a rappelé.".encode(), operator="owner", debtor="C1")
    assert first.id == record_note(firm, "Le client a rappelé.".encode(), operator="owner", debtor="C1").id
    assert not acts.record_promise(firm, "F-1", cents=1, due_on=LATER, note_id=first.id, **WHO).refused


def test_texts_of_the_folder_become_notes_and_bad_ones_are_told(firm: House) -> None:
    folder = firm.inbox / "notes"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.txt").write_text("Un mot.", encoding="utf-8")
    (folder / "b.txt").write_bytes(b"\xff\xff")
    (folder / "c.pdf").write_bytes(b"%PDF")
    found = take_notes(firm, operator="owner")
    assert [(n.file, n.done.refused) for n in found] == [("a.txt", ""), ("b.txt", "not_text")]
    assert take_notes(firm, operator="owner")[0].done.id == found[0].done.id

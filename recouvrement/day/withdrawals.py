"""Withdrawing a formal notice whose money was there before it: proposed the same day, by the same channel, to a person."""

from datetime import UTC, date, datetime, time
from typing import Any

from recouvrement.clock import PARIS
from recouvrement.day.contacts import message_id
from recouvrement.day.freezing import Frozen, freeze
from recouvrement.day.house import House
from recouvrement.day.messages import Scene, recipient_of, sender_of
from recouvrement.domain.case_states import OVER, CaseState
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.escalation import PlannedContact
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.policy import WITHDRAWAL
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.cases import case_items, cases_of, move_case
from recouvrement.ledger.content import keep
from recouvrement.ledger.day_report import case_states
from recouvrement.ledger.facts import mark_item
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.item_money import money_of
from recouvrement.ledger.outbox import AlreadyPlanned, NewContact, write_contact
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.positions import feed_read_to
from recouvrement.ledger.withdrawals import Early, early_paid
from recouvrement.letters.message import Message
from recouvrement.letters.types import Line, MessageCode, Receipt, totals_of


def propose_withdrawals(house: House, *, on: date, actor: str) -> dict[str, int]:
    """Propose a withdrawal for each notice that was paid before it left, recall its case; count both.

    The message waits for a person's approval. Doing it again proposes nothing twice. What is left open of an item that
    had been paid in part starts its ladder anew: the notice that demanded too much counts for nothing.
    """
    counts = {"withdrawals": 0, "cases_recalled": 0}
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        found = early_paid(connection, house.creditor(), as_of)
        scene = Scene(house, connection, creditor_row(connection, house.creditor(), as_of), on, as_of)
        ready = [(early, new) for early in found if (new := _frozen(scene, early)) is not None]
    for early, new in ready:
        _propose(house, early, *new, on, actor, counts)
    return counts


def _propose(
    house: House, early: Early, row: dict[str, object], frozen: Frozen, on: date, actor: str, counts: dict[str, int]
) -> None:
    try:
        with house.ledger.act("propose_withdrawal", actor) as act:
            digest = keep(act, frozen.data, frozen.media_type)
            write_contact(act, NewContact(**row, frozen_sha256=digest, state=ContactState.PLANNED))  # type: ignore[arg-type]
            _begin_anew(act, early, on)
            counts["cases_recalled"] += _recall(act, early, on)
    except AlreadyPlanned:
        return  # another letter goes to this debtor today: the next run proposes it
    counts["withdrawals"] += 1


def _begin_anew(act: Act, early: Early, on: date) -> None:
    ids = [item for item, _, _ in early.items]
    for item in money_of(act.connection, ids, AsOf(on, act.id)):
        if item.open_cents > 0:
            mark_item(act, item.id, on=on, event="reopened", reason="notice_withdrawn")
            told = {"kind": "notice", "fact": early.notice.id, "item": item.id, "event": "withdrawn"}
            journal.append(act, item.debtor_id, JournalEvent.FACT_CLOSED, told)


def _recall(act: Act, early: Early, on: date) -> int:
    """Take back the debtor's cases that hold one of the items; whoever has the file is told by a person."""
    ids, states, count = {item for item, _, _ in early.items}, case_states(act.connection), 0
    for case in cases_of(act.connection, early.notice.debtor_id):
        over = CaseState(states.get(case.id, CaseState.PROPOSED.value)) in OVER
        if not over and ids & {row.open_item_id for row in case_items(act.connection, case.id)}:
            move_case(act, case.id, case.debtor_id, CaseState.TAKEN_BACK, on=on, reason="notice_withdrawn")
            count += 1
    return count


def _frozen(scene: Scene, early: Early) -> tuple[dict[str, object], Frozen] | None:
    """The row and the bytes of the withdrawal; None when it cannot be written as it should be (the next run tries again)."""
    notice, house = early.notice, scene.house
    debtor = debtor_rows(scene.connection, [notice.debtor_id], scene.as_of)[notice.debtor_id]
    money = {m.id: m for m in money_of(scene.connection, [item for item, _, _ in early.items], scene.as_of)}
    details = item_details(scene.connection, list(money), scene.as_of)
    items = tuple((item, WITHDRAWAL, max(money[item].open_cents, 0)) for item, _, _ in early.items)
    channel = Channel(notice.channel)
    currency = details[items[0][0]].currency
    planned = PlannedContact(WITHDRAWAL, channel, currency, items, (), needs_approval=True, ladder=house.policy)
    keys = [(f"{details[i].number}/{details[i].rank}", WITHDRAWAL, cycle) for i, cycle, _ in early.items]
    name = message_id(house, scene.creditor.code, debtor.code, keys, channel)
    moment = datetime.combine(scene.on, time(9, 0), PARIS).astimezone(UTC)
    try:
        frozen = freeze(
            scene,
            _message(scene, early, debtor, details, {i: cents for i, _, cents in items}),
            planned,
            debtor,
            message_id=name,
            moment=moment,
        )
    except ValueError:
        return None
    if isinstance(frozen, str):
        return None
    row: dict[str, object] = {
        "creditor_id": notice.creditor_id, "debtor_id": notice.debtor_id, "business_day": scene.on, "channel": channel.value,
        "step": WITHDRAWAL, "template": WITHDRAWAL, "language": frozen.language, "policy_sha256": house.policy.sha256,
        "message_id": name, "recipient": frozen.recipient, "needs_approval": True,
        "items": tuple((i, cycle, WITHDRAWAL, max(money[i].open_cents, 0)) for i, cycle, _ in early.items),
    }  # fmt: skip
    return row, frozen


def _message(scene: Scene, early: Early, debtor: Any, details: dict[str, Any], left: dict[str, int]) -> Message:
    lines = tuple(_line(details[item], left[item]) for item, _, _ in early.items)
    first = early.items[0][0]
    return Message(
        code=MessageCode.WITHDRAWAL, on=scene.on, reference=f"D-{debtor.code}", sender=sender_of(scene.creditor),
        recipient=recipient_of(debtor), lines=lines, totals=totals_of(lines), notice_on=early.notice.business_day,
        feed_read_to=feed_read_to(scene.connection, early.notice.creditor_id, scene.as_of) or scene.on,
        receipt=Receipt(early.paid_on, sum(cents for _, _, cents in early.items)), currency=details[first].currency,
    )  # fmt: skip


def _line(d: Any, open_cents: int) -> Line:
    number = d.number if d.rank == 1 else f"{d.number}/{d.rank}"
    return Line(number, d.issue_on, d.due_on, d.amount_cents, open_cents, StepCode.MISE_EN_DEMEURE)

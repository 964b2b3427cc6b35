"""Decisions into the outbox: each message is frozen once, written under its keys, and only then may leave."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from recouvrement.clock import PARIS
from recouvrement.day.choosing import rules_digest
from recouvrement.day.freezing import Frozen, freeze
from recouvrement.day.house import House
from recouvrement.day.messages import Scene, deadline_of, message_for, post_by
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.escalation import Decision, PlannedContact
from recouvrement.domain.ladder import Channel
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.position import DebtorPosition
from recouvrement.ledger.addresses import times_released
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.asides import put_aside
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import keep
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.outbox import AlreadyPlanned, NewContact, write_contact
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.restore import left_unseen

BATCH = 100
Acting = list[tuple[DebtorPosition, Decision]]


@dataclass(slots=True)
class PlanTally:
    """Contacts planned by channel, those the keys refused, and those set aside with their reason (by debtor id)."""

    planned: dict[str, int] = field(default_factory=dict)
    already: int = 0
    seen_by_witness: int = 0
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    still_aside: int = 0  # tried again after some news, and no better

    def as_json(self) -> dict[str, object]:
        """Counts for a report or a run event."""
        return {
            "planned": dict(sorted(self.planned.items())),
            "already": self.already,
            "seen_by_witness": self.seen_by_witness,
            "set_aside": len(self.set_aside),
            "still_aside": self.still_aside,
        }


@dataclass(frozen=True, slots=True)
class Ready:
    """A frozen message with the row that will carry it."""

    row: dict[str, Any]
    frozen: Frozen


@dataclass(frozen=True, slots=True)
class Aside:
    """A message that could not be written whole, and why."""

    debtor_id: str
    step: str
    channel: str
    reason: str


def message_id(
    house: House,
    creditor_code: str,
    debtor_code: str,
    items: list[tuple[str, str, int]],
    channel: Channel,
    again: int = 0,
) -> str:
    """The Message-ID of a contact: from debtor, invoices, steps and cycles, so that a restored ledger makes the same one.

    `again` counts the messages of that channel that came back and that a person let go once more to another address.
    """
    keys = "|".join(
        [
            creditor_code,
            debtor_code,
            channel.value,
            *sorted(f"{number}#{step}#{cycle}" for number, step, cycle in items),
            *([f"again#{again}"] if again else []),
        ]
    )
    name = base64.b32encode(sha256(keys.encode()).digest()[:15]).decode().lower()
    return f"<r.{name}@{house.settings.message_domain}>"


def plan(house: House, acting: Acting, *, on: date, run_id: str, known_to: int, actor: str) -> PlanTally:
    """Freeze and write the contacts of a run, in batches of one act each; repeating it writes nothing twice."""
    tally = PlanTally()
    wanted = [(position, decision) for position, decision in acting if decision.contact is not None]
    seen, rules = house.witness().attempts(), rules_digest(house)
    for start in range(0, len(wanted), BATCH):
        ready, aside = _frozen(house, wanted[start : start + BATCH], on, known_to)
        with house.ledger.act("plan_contacts", actor) as act:
            for one in ready:
                _write(act, one, run_id, seen, tally)
            for left in aside:
                new = put_aside(
                    act, left.debtor_id, step=left.step, channel=left.channel, reason=left.reason, rules=rules, on=on
                )
                tally.set_aside += [(left.debtor_id, left.reason)] if new else []
                tally.still_aside += not new
    return tally


def _frozen(house: House, part: Acting, on: date, known_to: int) -> tuple[list[Ready], list[Aside]]:
    as_of = AsOf(on, known_to)
    found, aside = [], []
    with house.ledger.reading() as connection:
        creditor = creditor_row(connection, house.creditor(), as_of)
        scene = Scene(house, connection, creditor, on, as_of)
        debtors = debtor_rows(connection, [position.id for position, _ in part], as_of)
        for position, decision in part:
            assert decision.contact is not None
            try:
                found.append(_ready(scene, position, decision.contact, debtors[position.id]))
            except Unfit as unfit:
                aside.append(Aside(position.id, decision.contact.step, decision.contact.channel.value, unfit.reason))
    return found, aside


class Unfit(Exception):
    """A message that cannot be written as it should be; its case waits for corrected data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _ready(scene: Scene, position: DebtorPosition, contact: PlannedContact, debtor: Any) -> Ready:
    house = scene.house
    details = item_details(scene.connection, [item for item, _, _ in contact.items], scene.as_of)
    cycles = {item.id: item.cycle for item in position.items}
    keys = [(f"{details[item].number}/{details[item].rank}", step, cycles[item]) for item, step, _ in contact.items]
    again = times_released(scene.connection, position.id, contact.channel.value)
    name = message_id(house, scene.creditor.code, debtor.code, keys, contact.channel, again)
    moment = datetime.combine(scene.on, time(9, 0), PARIS).astimezone(UTC)
    try:
        message = message_for(scene, position, contact, debtor)
        frozen = freeze(scene, message, contact, debtor, message_id=name, moment=moment)
    except ValueError as error:
        raise Unfit("message_refused") from error
    if isinstance(frozen, str):
        raise Unfit(frozen)
    step = contact.ladder.step(contact.step)
    assert step is not None
    deadline = deadline_of(step, contact.ladder, DebtorKind(debtor.kind), on=scene.on)
    row = {
        "creditor_id": scene.creditor.creditor_id,
        "debtor_id": position.id,
        "business_day": scene.on,
        "channel": contact.channel.value,
        "step": contact.step,
        "template": message.code.value,
        "language": frozen.language,
        "policy_sha256": contact.ladder.sha256,
        "message_id": name,
        "items": tuple((item, cycles[item], own, cents) for item, own, cents in contact.items),
        "recipient": frozen.recipient,
        "needs_approval": contact.needs_approval,
        "deadline_on": deadline,
        "post_by": post_by(step, contact.ladder, DebtorKind(debtor.kind), deadline),
    }
    return Ready(row, frozen)


def _write(act: Act, ready: Ready, run_id: str, seen: dict[str, int], tally: PlanTally) -> None:
    digest = keep(act, ready.frozen.data, ready.frozen.media_type)
    state = ContactState.PLANNED if ready.row["needs_approval"] else ContactState.READY
    reason = None
    if left_unseen(act.connection, seen, ready.row["message_id"]):
        state, reason = ContactState.SENT, "seen_by_witness"
    new = NewContact(**ready.row, frozen_sha256=digest, state=state, run_id=run_id, reason=reason)
    try:
        write_contact(act, new)
    except AlreadyPlanned:
        tally.already += 1
        return
    if reason:
        tally.seen_by_witness += 1
    else:
        tally.planned[new.channel] = tally.planned.get(new.channel, 0) + 1

"""One message that came in becomes evidence, a link to its debtor, and what follows for the contact it answers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from recouvrement.channels.incoming import Incoming, Kind, read_incoming
from recouvrement.channels.mailbox import Arrival
from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import AccountsRefused, mail_accounts
from recouvrement.day.operators import operators
from recouvrement.day.threads import Thread, thread_of
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.ledger.addresses import mark_bad
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.outbox import Fence, contact_row, move
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.replies import NewReply, is_known, record_reply

S = ContactState
ACTOR = "mailbox"
READ_WITHIN = 2  # working days in which a person reads a reply
BLAME = ("5.1.", "5.2.1")  # RFC 3463: the address itself, or a mailbox that is closed


class Taken(StrEnum):
    """What was done with a message."""

    KNOWN = "known"  # these very bytes were taken before
    OURS = "ours"  # a copy of what we sent
    LATER = "later"  # the message it answers is being sent right now: read again next time
    REPLY = "reply"
    UNATTACHED = "unattached"
    OUT_OF_OFFICE = "out_of_office"
    BOUNCE = "bounce"
    RECEIPT = "receipt"


class _TakenMeanwhile(Exception):
    """Another reader of the same mailbox was faster: nothing is written."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every message of one reading shares: whose mailbox it is, who must read, the day."""

    house: House
    source: str
    on: date
    creditor_id: str
    ours: frozenset[str]
    owner: str


def desk_of(house: House, source: str, on: date) -> Desk:
    """The desk of this house on a day; NoLedger when it has not exactly one creditor."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        email = creditor_row(connection, creditor_id, AsOf.whenever(house.ledger.known_to())).email or ""
    try:
        senders = {account.sender or "" for account in mail_accounts(house.settings)}
    except AccountsRefused:
        senders = set()
    ours = frozenset(one.lower() for one in (email, *senders) if one)
    reader = next((code for code, roles in operators(house.settings).items() if "record" in roles), "owner")
    return Desk(house, source, on, creditor_id, ours, reader)


def take_message(desk: Desk, arrival: Arrival) -> Taken:
    """Take one message in, in one act; the same bytes again change nothing."""
    ledger = desk.house.ledger
    with ledger.reading() as connection:
        if is_known(connection, sha256(arrival.raw).hexdigest()):
            return Taken.KNOWN
        incoming = read_incoming(arrival.raw, arrival.received)
        thread = thread_of(connection, desk.creditor_id, desk.ours, incoming, desk.on)
    if thread.is_ours:
        return Taken.OURS
    if thread.contact is not None and thread.contact.state in {S.CLAIMED, S.SENDING}:
        return Taken.LATER
    try:
        with ledger.act("listen", ACTOR) as act:
            _not_yet(act, incoming.sha256)
            return _record(act, desk, arrival, incoming, thread)
    except _TakenMeanwhile:
        return Taken.KNOWN


def _not_yet(act: Act, digest: str) -> None:
    if is_known(act.connection, digest):
        raise _TakenMeanwhile


def _record(act: Act, desk: Desk, arrival: Arrival, incoming: Incoming, thread: Thread) -> Taken:
    asks = _asks(incoming)
    new = NewReply(
        received_at=arrival.received,
        effective_on=min(arrival.received.astimezone(PARIS).date(), desk.on),
        source=desk.source,
        data=arrival.raw,
        kind=incoming.kind.value,
        cut=arrival.cut,
        cues=tuple(sorted(cue.value for cue in incoming.suggestions)),
        asks=asks,
        status=incoming.status,
        permanent=incoming.permanent,
        owner=desk.owner if asks else None,
        wait_until=add_working_days(desk.on, READ_WITHIN) if asks else None,
    )
    record_reply(act, new, thread.link, perhaps=thread.perhaps)
    if thread.contact is not None:
        _follow(act, desk, incoming, thread.contact, on=new.effective_on)
    if asks and thread.link is None:
        return Taken.UNATTACHED
    return {Kind.BOUNCE: Taken.BOUNCE, Kind.RECEIPT: Taken.RECEIPT, Kind.OUT_OF_OFFICE: Taken.OUT_OF_OFFICE}.get(
        incoming.kind, Taken.REPLY
    )


def _asks(incoming: Incoming) -> bool:
    """Whether a person must read it: whatever a person may have written, and reports that say nothing sure."""
    if incoming.kind is Kind.BOUNCE:
        return incoming.permanent is None
    return incoming.kind in {Kind.REPLY, Kind.UNCLASSIFIED}


def _follow(act: Act, desk: Desk, incoming: Incoming, row: Any, *, on: date) -> None:
    """What a message means for the contact it quotes; whatever quotes it proves that it left."""
    _it_left(act, row, incoming)
    match incoming.kind:
        case Kind.REPLY | Kind.UNCLASSIFIED:
            _moved(act, row.id, S.REPLIED, (S.SENT, S.DELIVERED), "reply", incoming)
        case Kind.RECEIPT:
            if incoming.action in {"delivered", "displayed"}:
                _moved(act, row.id, S.DELIVERED, (S.SENT,), incoming.action, incoming)
        case Kind.BOUNCE:
            on_trial = bool(desk.house.settings.redirect_all_to)  # what came back is the trial's own address
            _bounced(act, row, incoming, on, blames=not on_trial)


def _it_left(act: Act, row: Any, incoming: Incoming) -> None:
    if row.state == S.UNKNOWN:
        changes: dict[str, object] = {"sent_at": act.at, "owner": None}
        proof = f"proved_by_{incoming.kind.value}"
        move(act, row.id, S.SENT, fence=Fence((S.UNKNOWN,)), reason=proof, changes=changes)


def _bounced(act: Act, row: Any, incoming: Incoming, on: date, *, blames: bool) -> None:
    """Only a final failure moves the contact; only one that says so blames the address."""
    if incoming.permanent is None or incoming.action == "delayed":
        return
    kind = "hard" if incoming.permanent else "soft"
    reason = f"{kind}_bounce_{incoming.status}" if incoming.status else f"{kind}_bounce"
    came_back = _moved(act, row.id, S.BOUNCED, (S.SENT, S.DELIVERED, S.REPLIED), reason, incoming)
    at_fault = incoming.permanent and (not incoming.status or incoming.status.startswith(BLAME))
    if came_back and at_fault and blames:
        mark_bad(act, row.id, reason=reason, on=on)


def _moved(
    act: Act, contact_id: str, to: ContactState, before: tuple[ContactState, ...], reason: str, incoming: Incoming
) -> bool:
    row = contact_row(act.connection, contact_id)
    if row.state not in before:
        return False
    return move(act, contact_id, to, fence=Fence((S(row.state),)), reason=reason, evidence=incoming.sha256)

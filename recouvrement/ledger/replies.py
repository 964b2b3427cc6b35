"""Messages that came in: recorded once by their bytes, attached to a debtor, waiting until a person has read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, insert, select

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch, keep
from recouvrement.ledger.documents import attach
from recouvrement.ledger.tables.facts import fact_event
from recouvrement.ledger.tables.replies import reply, reply_link

EML = "message/rfc822"
REPLY = "reply"
PERHAPS = "shared_address"  # how a link was found that only says who may have written


@dataclass(frozen=True, slots=True)
class NewReply:
    """A message to record; `cues` are codes, `asks` says whether a person must read it, by `wait_until`."""

    received_at: datetime
    effective_on: date
    source: str
    data: bytes
    kind: str
    cut: bool
    cues: tuple[str, ...]
    asks: bool
    status: str | None = None
    permanent: bool | None = None
    owner: str | None = None
    wait_until: date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The debtor, and the contact if known, that a message belongs to, and how that was found."""

    debtor_id: str
    contact_id: str | None
    how: str


def is_known(connection: Connection, sha256: str) -> bool:
    """Whether a message of these bytes was recorded before."""
    return connection.scalar(select(reply.c.id).where(reply.c.sha256 == sha256)) is not None


def record_reply(act: Act, new: NewReply, link: Link | None, *, perhaps: Sequence[str] = ()) -> str:
    """Record a message, its bytes as evidence and its debtor if known; return its id.

    `perhaps` are debtors one of whom wrote it: each is left alone until a person has said which.
    """
    reply_id, name = act.new_id(), keep(act, new.data, EML)
    row = {
        field: getattr(new, field)
        for field in ("received_at", "effective_on", "source", "kind", "status", "owner", "wait_until")
    }
    flags = {"cut": int(new.cut), "asks": int(new.asks), "cues": " ".join(new.cues)}
    final = None if new.permanent is None else int(new.permanent)
    act.connection.execute(
        insert(reply).values(id=reply_id, act_id=act.id, sha256=name, permanent=final, **row, **flags)
    )
    facts = {
        "reply": reply_id, "kind": new.kind, "on": new.effective_on.isoformat(), "cues": list(new.cues),
        "status": new.status, "contact": link.contact_id if link else None, "how": link.how if link else None,
        "payload": journal.refer(act, name),
    }  # fmt: skip
    journal.append(act, link.debtor_id if link else HOUSE, JournalEvent.MESSAGE_RECEIVED, facts)
    if link is not None:
        _link(act, reply_id, link, on=new.effective_on)
        if new.asks:
            _as_document(act, link.debtor_id, name, on=new.effective_on)
    for debtor_id in perhaps:
        _link(act, reply_id, Link(debtor_id, None, PERHAPS), on=new.effective_on)
    return reply_id


def _link(act: Act, reply_id: str, link: Link, *, on: date) -> None:
    row = {"reply_id": reply_id, "debtor_id": link.debtor_id, "contact_id": link.contact_id, "how": link.how}
    act.connection.execute(insert(reply_link).values(id=act.new_id(), act_id=act.id, effective_on=on, **row))


def _as_document(act: Act, debtor_id: str, name: str, *, on: date) -> None:
    attach(
        act, debtor_id=debtor_id, invoice_id=None, kind=EvidenceKind.REPLY.value, title=f"Réponse du {on:%d/%m/%Y}",
        file_name=f"reponse-{on.isoformat()}-{name[:8]}.eml", data=fetch(act.connection, name), media_type=EML, on=on,
    )  # fmt: skip


def attach_reply(act: Act, row: Any, debtor_id: str, *, on: date) -> None:
    """A person says whose message it is; `row` is that of `reply_row`. It counts from the day it came."""
    _link(act, row.id, Link(debtor_id, None, "operator"), on=row.effective_on)
    _as_document(act, debtor_id, row.sha256, on=row.effective_on)
    facts = {"reply": row.id, "on": on.isoformat(), "before": row.debtor_id}
    journal.append(act, debtor_id, JournalEvent.REPLY_ATTACHED, facts)


def read_reply(act: Act, row: Any, *, meaning: str, on: date) -> None:
    """A person has read a message and says what it means; its debtor is free from that day."""
    event = {"fact_kind": REPLY, "fact_id": row.id, "event": "read", "reason": meaning, "effective_on": on}
    act.connection.execute(insert(fact_event).values(id=act.new_id(), act_id=act.id, **event))
    facts = {"kind": REPLY, "fact": row.id, "event": "read", "reason": meaning, "on": on.isoformat()}
    journal.append(act, row.debtor_id or HOUSE, JournalEvent.FACT_CLOSED, facts)


def _unread(as_of: AsOf) -> ColumnElement[bool]:
    done = exists().where(fact_event.c.fact_kind == REPLY, fact_event.c.fact_id == reply.c.id, seen(fact_event, as_of))
    return and_(reply.c.asks == 1, seen(reply, as_of), ~done)


def unread_debtors(connection: Connection, first: str, last: str, as_of: AsOf) -> set[str]:
    """The debtors of a range who wrote something that nobody had read by then."""
    query = (
        select(reply_link.c.debtor_id)
        .join(reply, reply.c.id == reply_link.c.reply_id)
        .where(reply_link.c.debtor_id.between(first, last), newest(reply_link, "reply_id", as_of), _unread(as_of))
    )
    return set(connection.scalars(query))


def _with_link(as_of: AsOf) -> Select[Any]:
    held = and_(reply_link.c.reply_id == reply.c.id, reply_link.c.how != PERHAPS, newest(reply_link, "reply_id", as_of))
    columns = (reply_link.c.debtor_id, reply_link.c.contact_id, reply_link.c.how)
    return select(reply, *columns).select_from(reply.outerjoin(reply_link, held))


def unread_replies(connection: Connection, as_of: AsOf) -> list[Any]:
    """Messages that wait for a person, those with a debtor and those without, by the day they are due."""
    query = _with_link(as_of).where(_unread(as_of))
    return list(connection.execute(query.order_by(reply.c.wait_until, reply.c.id)))


def reply_row(connection: Connection, reply_id: str, as_of: AsOf) -> Any:
    """One message with the debtor it belongs to (None when nobody knows yet), or None."""
    return connection.execute(_with_link(as_of).where(reply.c.id == reply_id)).one_or_none()


def is_read(connection: Connection, reply_id: str) -> bool:
    """Whether a person has said what a message means."""
    e = fact_event
    query = select(e.c.id).where(e.c.fact_kind == REPLY, e.c.fact_id == reply_id, e.c.event == "read")
    return connection.scalar(query.limit(1)) is not None
